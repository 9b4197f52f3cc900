//! `demo`: a year of the protocol, told for a person.

use std::path::Path;

use crate::{
    node::{Node, NodeError, Person},
    protocol::{counterparts::SolidityArtifacts, suite::Terms},
    story::{
        books,
        cast::{Cast, Deployment},
        chart,
        play::Stage,
        terminal, Step,
    },
    units::thousands,
};

/// Deploys the world and the protocol on `node` and plays the story, writing to the terminal and to `target/demo/year.svg`.
///
/// # Errors
/// If anything is refused, or a book does not balance.
pub fn run(node: &mut dyn Node, target: &Path, admin: Person) -> Result<(), NodeError> {
    let cast = Cast::of(admin)?;
    let terms = if node.travels_in_time() { Terms::REAL } else { Terms::HURRIED };
    println!("Chain {}. Deploying tokens, Uniswap V3 and the protocol …", node.chain_id());
    if !node.travels_in_time() {
        println!(
            "This node cannot travel in time: a month lasts {} s, and interest is what half a minute earns.",
            terms.period
        );
    }
    let Deployment { world, suite, gas } = cast.deploy(node, target, &SolidityArtifacts::under(target), terms)?;
    let mut table = terminal::table(&["contract", "address", "deployed, activated and constructed for gas"]);
    for ((name, address), (_, gas)) in suite.contracts().iter().zip(&gas) {
        table.add_row([(*name).to_owned(), address.to_string(), thousands(gas)]);
    }
    println!("{table}");

    let mut teller = terminal::Teller::new(cast.names(&suite, &world), &suite, &world);
    let mut tell = |step: &Step| println!("{}", teller.tell(step));
    let mut stage = Stage::new(node, suite, world, cast.clone(), terms, &mut tell)?;
    let played = stage.play()?;
    let steps = std::mem::take(&mut stage.steps);

    let checks = books::check(node, &suite, &world, &cast, &[played.stack], &[played.loan])?;
    println!("\n{}", terminal::books(&checks));
    let picture = target.join("demo").join("year.svg");
    chart::draw(&steps, &picture)?;
    println!("\nThe year as a picture: {}", picture.display());
    if let Some(check) = checks.iter().find(|check| !check.holds) {
        return Err(NodeError::Other(format!("the books do not balance: {}", check.statement)));
    }
    println!("Every book balances to the wei.");
    Ok(())
}

//! The subcommands of people: the command line of [`usdai_cli::people`].

use anyhow::Result;
use usdai_cli::people::{desk::Desk, Actor};

pub(crate) fn run(actor: Actor) -> Result<()> {
    let access = actor.access().clone();
    let record = access.place.record()?;
    let who = access.key.holder()?;
    let mut node = access.place.reader()?;
    // Apart from what is asked for, so that a program can read that.
    let mut tell = |line: &str| eprintln!("{line}");
    let report = actor.run(&mut Desk::open(&mut node, &record, who, &mut tell)?)?;
    if access.json {
        println!("{}", serde_json::to_string_pretty(&report.json)?);
    } else {
        print!("{}", report.text);
    }
    Ok(())
}

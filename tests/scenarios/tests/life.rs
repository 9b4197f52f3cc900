//! The year that `scripts/demo` tells, on the chain without RPC: every book balances, and no price ever falls.

use scenarios::{
    usdai_cli::{
        protocol::suite::Terms,
        story::{books, play::Stage, Step},
    },
    Town,
};

#[test]
fn a_dollar_goes_all_the_way_round_and_every_book_balances() {
    let Town {
        mut node,
        suite,
        world,
        cast,
        stranger,
    } = Town::deployed();
    let mut steps: Vec<Step> = Vec::new();
    let mut hear = |step: &Step| steps.push(step.clone());
    let mut stage = Stage::new(&mut node, suite, world, cast.clone(), Terms::REAL, &mut hear).unwrap();
    let played = stage.play().unwrap();
    drop(stage);
    for check in books::check(&mut node, &suite, &world, &cast, &[played.stack], &[played.loan]).unwrap() {
        assert!(check.holds, "{}: {} and {}", check.statement, check.left, check.right);
    }
    for pair in steps.windows(2) {
        let (before, after) = (pair[0].vault, pair[1].vault);
        // V1: no loss is booked in this year.
        assert!(
            after.redemption_price >= before.redemption_price,
            "the price fell in: {}",
            pair[1].title
        );
        assert!(after.deposit_price >= before.deposit_price, "the price fell in: {}", pair[1].title);
    }
    let last = steps.last().unwrap().vault;
    assert!(last.redemption_price > steps[0].vault.redemption_price, "a year earns something");
    let mut town = Town {
        node,
        suite,
        world,
        cast,
        stranger,
    };
    assert!(town.events_rebuild_the_storage() > 100, "a year has events");
}

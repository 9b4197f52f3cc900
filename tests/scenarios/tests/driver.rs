//! The driver of walks itself: that it sees when contracts and WASM differ, and that what it makes of a long walk is short and the same.

use std::{any::Any, fs, panic::catch_unwind};

use scenarios::{
    abi::Erc20,
    driver::{drive, Act, Ground, Journey, Walk},
    target,
    usdai_cli::protocol::suite::Terms,
    walk::{Chronicle, Dice},
    Town,
};
use stylus_chain::{Chain, Machine};

/// What a panic said.
fn words(cause: &(dyn Any + Send)) -> String {
    cause.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn a_contract_that_does_something_else_natively_is_seen() {
    let mut town = Ground { machine: Machine::Both }.town(Chain::builder(), Terms::REAL);
    let (usdai, susdai) = (town.suite.usdai, town.suite.susdai);
    assert_eq!(town.read(usdai, &Erc20::symbolCall {}), "USDai");
    // sUSDai's native code in USDai's place.
    let codes = [usdai, susdai].map(|token| town.node.chain.code(token));
    town.node.chain.set_code(susdai, codes[0].clone());
    town.run_on(Machine::Both);
    town.node.chain.set_code(susdai, codes[1].clone());
    let cause = catch_unwind(std::panic::AssertUnwindSafe(|| town.read(usdai, &Erc20::symbolCall {}))).expect_err("they differ");
    assert!(words(&*cause).starts_with("WASM and native differ"), "{}", words(&*cause));
}

/// Counts what its dice show; comes to a bad end when it has seen a one, and then a two.
struct Toy {
    dice: Dice,
    log: Chronicle,
    one: bool,
}

impl Toy {
    fn show(&mut self) {
        let shown = self.dice.below(50);
        self.log.begin(format!("shows {shown}"));
        self.one |= shown == 1;
        assert!(!(self.one && shown == 2), "a two after a one, in step {}", self.log.step);
    }
}

impl Walk for Toy {
    const NAME: &'static str = "toy";
    const FULL_CHECK: u64 = 1;
    const ACTS: &'static [Act<Self>] = &[(1, Self::show)];
    type Variant = ();
    const VARIANTS: &'static [()] = &[()];

    fn begin((): (), _: Ground, dice: Dice) -> Self {
        Self {
            dice,
            log: Chronicle::default(),
            one: false,
        }
    }

    fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }

    fn log(&mut self) -> &mut Chronicle {
        &mut self.log
    }

    fn town(&mut self) -> Option<&mut Town> {
        None
    }

    fn check_everything(&mut self) {}

    fn missing(&self) -> Vec<(&'static str, &'static str)> {
        self.log.missing(&[("never", &["seen"])])
    }
}

#[test]
fn a_walk_that_ends_badly_is_made_a_short_story() {
    let seed = 0x0070_0701;
    let cause = catch_unwind(|| drive::<Toy>((), Journey::natively(seed, (1, 100_000)))).expect_err("it ends badly");
    assert!(words(&*cause).starts_with("a two after a one"), "{}", words(&*cause));
    let story = fs::read_to_string(target().join(format!("stories/toy-{seed:x}.story"))).expect("a story");
    let lines: Vec<_> = story.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines[0], format!("walk () {seed:x}"));
    assert_eq!(lines.len(), 5, "two steps and what they are: {story}");
    assert_eq!(lines[3..], ["- shows 1", "- shows 2"]);
}

#[test]
fn a_walk_that_does_not_reach_everything_fails() {
    // A length that shows no two after a one.
    let cause = catch_unwind(|| drive::<Toy>((), Journey::natively(0x0070_0702, (1, 3)))).expect_err("it has not seen everything");
    assert_eq!(words(&*cause), r#"never seen: [("never", "seen")]"#);
}

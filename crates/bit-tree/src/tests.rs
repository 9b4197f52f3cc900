use std::{collections::BTreeSet, vec::Vec};

use alloy_primitives::{Address, U256};
use motsu::prelude::*;
use proptest::{prelude::*, strategy::ValueTree};
use stylus_sdk::prelude::*;

use crate::{BitTree, Ordinal, Place, StoredBitTree, Words};

fn ordinal(number: u32) -> Ordinal {
    Ordinal::new(number).unwrap()
}

#[test]
fn an_empty_set_has_no_first() {
    let set = Words::default();
    assert_eq!(set.first(), None);
    assert_eq!(set.at_or_after(ordinal(0)), None);
    assert_eq!(set.at_or_after(Ordinal::MAX), None);
    assert!(!set.contains(ordinal(0)));
}

#[test]
fn ordinals_end_at_24_bits() {
    assert_eq!(Ordinal::new(1 << 24), None);
    assert_eq!(Ordinal::new((1 << 24) - 1), Some(Ordinal::MAX));
}

#[test]
fn the_edges_of_words_are_found_from_either_side() {
    let edges = [0, 63, 64, 255, 256, 65_535, 65_536, 65_536 * 255, Ordinal::MAX.get()];
    let mut set = Words::default();
    for edge in edges {
        assert!(set.insert(ordinal(edge)));
        assert!(!set.insert(ordinal(edge)), "a member is not inserted twice");
    }
    let mut found = Vec::new();
    let mut from = Some(ordinal(0));
    while let Some(next) = from.and_then(|from| set.at_or_after(from)) {
        found.push(next.get());
        from = Ordinal::new(next.get() + 1);
    }
    assert_eq!(found, edges);
    for edge in edges {
        assert!(set.remove(ordinal(edge)));
        assert!(!set.remove(ordinal(edge)), "what is no member is not removed");
    }
    assert_eq!(set.first(), None);
}

/// Words read and written.
#[derive(Default)]
struct Counted {
    words: Words,
    reads: core::cell::Cell<u32>,
    writes: u32,
}

impl BitTree for Counted {
    fn word(&self, place: Place) -> U256 {
        self.reads.set(self.reads.get() + 1);
        self.words.word(place)
    }

    fn set_word(&mut self, place: Place, word: U256) {
        self.writes += 1;
        self.words.set_word(place, word);
    }
}

#[test]
fn no_operation_touches_more_words_than_it_says() {
    let mut set = Counted::default();
    for (number, writes) in [(0, 3), (1, 1), (256, 2), (65_536, 3), (65_537, 1)] {
        set.writes = 0;
        set.insert(ordinal(number));
        assert_eq!(set.writes, writes, "insertion of {number}");
    }
    set.reads.set(0);
    assert_eq!(set.at_or_after(ordinal(257)), Some(ordinal(65_536)));
    assert_eq!(set.reads.get(), 5);
    for (number, writes) in [(65_537, 1), (65_536, 3), (256, 2), (0, 1), (1, 3)] {
        set.writes = 0;
        set.remove(ordinal(number));
        assert_eq!(set.writes, writes, "removal of {number}");
    }
}

#[derive(Clone, Copy, Debug)]
enum Op {
    Insert(u32),
    Remove(u32),
    AtOrAfter(u32),
}

/// Numbers that crowd in few words, and numbers from everywhere.
fn numbers() -> impl Strategy<Value = u32> {
    prop_oneof![0..600_u32, 65_000..66_200_u32, 0..=Ordinal::MAX.get()]
}

fn ops() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => numbers().prop_map(Op::Insert),
        2 => numbers().prop_map(Op::Remove),
        3 => numbers().prop_map(Op::AtOrAfter),
    ]
}

fn agrees_with_a_sorted_set(set: &mut impl BitTree, ops: &[Op]) {
    let mut sorted = BTreeSet::new();
    for op in ops {
        match *op {
            Op::Insert(number) => assert_eq!(set.insert(ordinal(number)), sorted.insert(number)),
            Op::Remove(number) => {
                // Half of the time something that is there.
                let number = sorted.range(number..).next().copied().filter(|_| number % 2 == 0).unwrap_or(number);
                assert_eq!(set.remove(ordinal(number)), sorted.remove(&number));
            }
            Op::AtOrAfter(number) => {
                assert_eq!(
                    set.at_or_after(ordinal(number)).map(Ordinal::get),
                    sorted.range(number..).next().copied()
                );
                assert_eq!(set.contains(ordinal(number)), sorted.contains(&number));
            }
        }
        assert_eq!(set.first().map(Ordinal::get), sorted.first().copied());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_set_in_memory_agrees_with_a_sorted_set(ops in proptest::collection::vec(ops(), 1..200)) {
        agrees_with_a_sorted_set(&mut Words::default(), &ops);
    }
}

#[storage]
struct Holder {
    set: StoredBitTree,
}

// SAFETY: the outermost storage struct of this test's contract.
unsafe impl TopLevelStorage for Holder {}

#[public]
impl Holder {}

#[motsu::test]
fn a_set_in_storage_agrees_with_a_sorted_set(contract: Contract<Holder>, alice: Address) {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let sequence = proptest::collection::vec(ops(), 600..601).new_tree(&mut runner).unwrap().current();
    agrees_with_a_sorted_set(&mut contract.sender(alice).set, &sequence);
}

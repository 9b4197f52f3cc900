//! A book in memory, to be walked a million times.

use std::{cell::Cell, collections::BTreeMap};

use fixed_point::{Checked, U256};

use crate::{
    book::{self, Settlements},
    clearing::{Clearing, Demand, Progress, Terms, Walk},
    units::{Rate, Shares, Tick},
    words::{Place, Words, VOIDS},
};

/// A lane's words, as a contract keeps them: what is walked is also how the book lies in them.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemoryLane {
    words: BTreeMap<(Option<U256>, bool), U256>,
    /// Nodes and voids read.
    pub(crate) reads: Cell<u64>,
}

/// Lanes and settlements.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemoryBook {
    pub(crate) lanes: BTreeMap<u8, MemoryLane>,
    pub(crate) settled: Rates,
}

/// The rates of settlements.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rates(pub(crate) Vec<Rate>);

/// The key in the mapping, or which of the lane's own words it is.
fn slot(place: Place) -> (Option<U256>, bool) {
    (place.key(), place == Place::Line)
}

impl Words for MemoryLane {
    fn get(&self, place: Place) -> U256 {
        if matches!(place, Place::Kept(kind, _) if kind >= VOIDS) {
            self.reads.set(self.reads.get() + 1);
        }
        self.words.get(&slot(place)).copied().unwrap_or_default()
    }

    fn set(&mut self, place: Place, word: U256) {
        let before = self.words.insert(slot(place), word);
        let is_fill = matches!(place, Place::Kept(kind, _) if kind < VOIDS);
        assert!(before.is_none() || !is_fill, "a fill is put on record once");
    }
}

impl Settlements for Rates {
    fn rate(&self, settlement: u32) -> Rate {
        self.0[settlement as usize - 1]
    }
}

impl Demand for MemoryBook {
    fn below(&self, tick: u16) -> Option<Tick> {
        (u16::from(Tick::RESERVE.0)..tick)
            .rev()
            .map(|tick| Tick(u8::try_from(tick).unwrap()))
            .find(|tick| !self.pending(*tick).unwrap().is_zero())
    }

    fn pending(&self, tick: Tick) -> Checked<Shares> {
        self.lanes.get(&tick.0).map_or(Ok(Shares::ZERO), book::pending)
    }
}

impl MemoryBook {
    pub(crate) fn lane(&mut self, tick: Tick) -> &mut MemoryLane {
        self.lanes.entry(tick.0).or_default()
    }

    /// A lane, to be changed, and what settlements paid.
    pub(crate) fn parts(&mut self, tick: Tick) -> (&mut MemoryLane, &Rates) {
        (self.lanes.entry(tick.0).or_default(), &self.settled)
    }

    /// A settlement as the contract makes it, in steps of `steps` lanes.
    pub(crate) fn settle(&mut self, terms: &Terms, steps: u64) -> Clearing {
        let mut walk = Walk::START;
        let clearing = loop {
            match terms.clear(self, walk, steps).unwrap() {
                Progress::Cleared(clearing) => break clearing,
                Progress::Unfinished(further) => {
                    assert_ne!(walk, further, "a step is progress");
                    walk = further;
                }
            }
        };
        self.apply(terms.price, &clearing);
        clearing
    }

    fn apply(&mut self, price: U256, clearing: &Clearing) {
        let rate = Rate::at(price, clearing.premium);
        self.settled.0.push(rate);
        let number = u32::try_from(self.settled.0.len()).unwrap();
        let mut from = 256;
        while let Some(tick) = self.below(from).filter(|tick| u16::from(tick.0) >= clearing.whole_from) {
            book::fill_all(self.lane(tick), number);
            from = u16::from(tick.0);
        }
        book::fill_part(self.lane(clearing.premium), clearing.part, rate).unwrap();
        book::fill_part(self.lane(Tick::PAR), clearing.par, Rate::at(price, Tick::PAR)).unwrap();
    }
}

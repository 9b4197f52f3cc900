//! A book in memory, to be walked a million times.

use std::{cell::Cell, collections::BTreeMap};

use fixed_point::{Checked, U256};

use crate::{
    book::{self, Fill, Front, Lane, Line, Settlements},
    clearing::{Clearing, Demand, Progress, Terms, Walk},
    units::{Exact, Rate, Shares, Tick},
    voids::{Node, Void, Voids},
};

/// A lane's words.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemoryLane {
    line: Line,
    front: Front,
    fills: Vec<(Fill, Exact)>,
    nodes: BTreeMap<(u8, u64), Node>,
    voids: BTreeMap<u64, Void>,
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

impl Voids for MemoryLane {
    fn node(&self, level: u8, number: u64) -> Node {
        self.reads.set(self.reads.get() + 1);
        self.nodes.get(&(level, number)).copied().unwrap_or_default()
    }

    fn set_node(&mut self, level: u8, number: u64, node: Node) {
        self.nodes.insert((level, number), node);
    }

    fn void(&self, ordinal: u64) -> Void {
        self.reads.set(self.reads.get() + 1);
        self.voids.get(&ordinal).copied().unwrap_or_default()
    }

    fn set_void(&mut self, ordinal: u64, void: Void) {
        self.voids.insert(ordinal, void);
    }
}

impl Lane for MemoryLane {
    fn line(&self) -> Line {
        self.line
    }

    fn set_line(&mut self, line: Line) {
        self.line = line;
    }

    fn front(&self) -> Front {
        self.front
    }

    fn set_front(&mut self, front: Front) {
        self.front = front;
    }

    fn fill(&self, index: u32) -> Fill {
        self.fills[index as usize].0
    }

    fn paid_up_to(&self, index: u32) -> Exact {
        self.fills[index as usize].1
    }

    fn record(&mut self, index: u32, fill: Fill, paid: Exact) {
        assert_eq!(index as usize, self.fills.len());
        self.fills.push((fill, paid));
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

//! How a lane lies in words of 256 bits: what is read and written together is one word.
//!
//! A lane has two words of its own, and a mapping for the rest: two words for each fill on record, and those of the tree over its voids.
//! Whoever keeps words ([`Words`]: a contract's storage, or a map) keeps a lane.

use fixed_point::U256;

use crate::{
    book::{Fill, Front, Lane, Line},
    units::{Exact, Rate, Shares},
    voids::{Node, Void, Voids},
};

/// Where a word of a lane is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The first of its own.
    Line,
    /// The second.
    Front,
    /// In its mapping, under what it is and its number.
    Kept(u64, u64),
}

/// Keeps the words of one lane; zero is a word that nobody wrote.
pub trait Words {
    /// The word at a place.
    fn get(&self, place: Place) -> U256;
    /// Replaces it.
    fn set(&mut self, place: Place, word: U256);
}

/// What a word in a lane's mapping is. Nodes of level `n` are `NODES + n`.
const FILLS: u64 = 1;
const PAID: u64 = 2;
pub(crate) const VOIDS: u64 = 3;
const NODES: u64 = 4;

impl Place {
    /// The key in the mapping: the number, and what it is in the limb above. `None` for the lane's own words.
    #[must_use]
    pub fn key(self) -> Option<U256> {
        match self {
            Self::Kept(kind, number) => Some(U256::from_limbs([number, kind, 0, 0])),
            Self::Line | Self::Front => None,
        }
    }
}

/// The bits of a word from `at` on, at most 128 of them.
#[inline(never)]
#[must_use]
#[allow(clippy::cast_possible_truncation, reason = "the caller says how many bits there are")]
pub fn bits(word: &U256, at: usize, count: u32) -> u128 {
    let [low, high, ..] = *(*word >> at).as_limbs();
    let value = u128::from(high) << 64 | u128::from(low);
    if count < 128 {
        value & ((1 << count) - 1)
    } else {
        value
    }
}

/// Fields side by side, each from the bit on that it is given with.
#[inline(never)]
#[must_use]
pub fn word(fields: &[(usize, u128)]) -> U256 {
    fields
        .iter()
        .fold(U256::ZERO, |word, (at, value)| word | Shares(*value).to_u256() << *at)
}

/// 32 bits of a word.
#[must_use]
#[allow(clippy::cast_possible_truncation, reason = "a field of 32 bits")]
pub fn bits_u32(word: &U256, at: usize) -> u32 {
    bits(word, at, 32) as u32
}

/// 64 bits of a word.
#[must_use]
#[allow(clippy::cast_possible_truncation, reason = "a field of 64 bits")]
pub fn bits_u64(word: &U256, at: usize) -> u64 {
    bits(word, at, 64) as u64
}

/// 8 bits of a word.
#[must_use]
#[allow(clippy::cast_possible_truncation, reason = "a field of 8 bits")]
pub fn bits_u8(word: &U256, at: usize) -> u8 {
    bits(word, at, 8) as u8
}

impl<T: Words> Voids for T {
    fn node(&self, level: u8, number: u64) -> Node {
        let word = self.get(Place::Kept(NODES + u64::from(level), number));
        Node {
            shares: Shares(bits(&word, 0, 128)),
            children: bits(&word, 128, 128),
        }
    }

    fn set_node(&mut self, level: u8, number: u64, node: Node) {
        let place = Place::Kept(NODES + u64::from(level), number);
        self.set(place, word(&[(0, node.shares.0), (128, node.children)]));
    }

    fn void(&self, ordinal: u64) -> Void {
        let word = self.get(Place::Kept(VOIDS, ordinal));
        Void {
            start: Shares(bits(&word, 0, 128)),
            length: Shares(bits(&word, 128, 128)),
        }
    }

    fn set_void(&mut self, ordinal: u64, void: Void) {
        self.set(Place::Kept(VOIDS, ordinal), word(&[(0, void.start.0), (128, void.length.0)]));
    }
}

impl<T: Words> Lane for T {
    fn line(&self) -> Line {
        let word = self.get(Place::Line);
        Line {
            tail: Shares(bits(&word, 0, 112)),
            live: Shares(bits(&word, 112, 112)),
            entries: bits_u32(&word, 224),
        }
    }

    fn set_line(&mut self, line: Line) {
        self.set(
            Place::Line,
            word(&[(0, line.tail.0), (112, line.live.0), (224, line.entries.into())]),
        );
    }

    fn front(&self) -> Front {
        let word = self.get(Place::Front);
        Front {
            filled: Shares(bits(&word, 0, 112)),
            cleared: bits_u32(&word, 112),
            fills: bits_u32(&word, 144),
            height: bits_u8(&word, 176),
        }
    }

    fn set_front(&mut self, front: Front) {
        let fields = [
            (0, front.filled.0),
            (112, front.cleared.into()),
            (144, front.fills.into()),
            (176, front.height.into()),
        ];
        self.set(Place::Front, word(&fields));
    }

    fn fill(&self, index: u32) -> Fill {
        let word = self.get(Place::Kept(FILLS, index.into()));
        Fill {
            end: Shares(bits(&word, 0, 112)),
            rate: Rate(word >> 112),
        }
    }

    fn paid_up_to(&self, index: u32) -> Exact {
        Exact(self.get(Place::Kept(PAID, index.into())))
    }

    fn record(&mut self, index: u32, fill: Fill, paid: Exact) {
        let rate = fill.rate.0 << 112;
        self.set(Place::Kept(FILLS, index.into()), rate | word(&[(0, fill.end.0)]));
        self.set(Place::Kept(PAID, index.into()), paid.0);
    }
}

//! Ordered sets of small numbers, as order books on chain keep their price levels: a bitmap of three levels with 256 bits a word.
//!
//! A leaf word has one bit for each of 256 ordinals, a branch word one bit for each of 256 leaves that is not empty, the root one for
//! each branch. So the next member at or after a place is found by reading at most five words (leaf, branch, root, and down again), and
//! an insertion or removal writes one word, and more only where a word was or becomes empty.
//!
//! ```
//! use bit_tree::{BitTree, Ordinal, Words};
//!
//! let mut days = Words::default();
//! let day = |number| Ordinal::new(number).unwrap();
//! assert!(days.insert(day(20_783)));
//! assert!(days.insert(day(20_799)));
//! assert_eq!(days.first(), Some(day(20_783)));
//! assert_eq!(days.at_or_after(day(20_784)), Some(day(20_799)));
//! assert!(days.remove(day(20_783)));
//! assert_eq!(days.first(), Some(day(20_799)));
//! ```
//!
//! On chain the words are a mapping ([`StoredBitTree`]), in tests and models any map ([`Words`]).

#![cfg_attr(not(test), no_std)]
extern crate alloc;

mod stored;
#[cfg(test)]
mod tests;

use alloc::collections::BTreeMap;

use alloy_primitives::U256;

pub use stored::StoredBitTree;

/// A number that can be a member: below 2^24.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ordinal(u32);

/// Where a word is: the root, a branch or a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(u32);

impl Ordinal {
    /// The largest.
    pub const MAX: Self = Self((1 << 24) - 1);

    /// `number`, if it is below 2^24.
    #[must_use]
    pub const fn new(number: u32) -> Option<Self> {
        if number <= Self::MAX.0 {
            Some(Self(number))
        } else {
            None
        }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl Place {
    /// The root: bit `i` is branch `i`.
    const ROOT: Self = Self(0);

    /// Bit `i` of branch `number` is leaf `256 × number + i`.
    const fn branch(number: u32) -> Self {
        Self(1 << 16 | number)
    }

    /// Bit `i` of leaf `number` is ordinal `256 × number + i`.
    const fn leaf(number: u32) -> Self {
        Self(2 << 16 | number)
    }

    /// The number that stands for it in a mapping.
    #[must_use]
    pub const fn key(self) -> u32 {
        self.0
    }
}

/// An ordered set of ordinals, over words that somebody keeps.
pub trait BitTree {
    /// The word at `place`; zero if it was never written.
    fn word(&self, place: Place) -> U256;

    /// Replaces the word at `place`.
    fn set_word(&mut self, place: Place, word: U256);

    /// Whether `ordinal` is a member.
    fn contains(&self, ordinal: Ordinal) -> bool {
        self.word(Place::leaf(ordinal.0 >> 8)).bit(low(ordinal.0))
    }

    /// Makes `ordinal` a member; returns whether it was none.
    fn insert(&mut self, ordinal: Ordinal) -> bool {
        let mut number = ordinal.0;
        for place in path(ordinal) {
            let mut word = self.word(place);
            let was_empty = word.is_zero();
            if word.bit(low(number)) {
                return false;
            }
            word.set_bit(low(number), true);
            self.set_word(place, word);
            if !was_empty {
                // The levels above know of this word.
                break;
            }
            number >>= 8;
        }
        true
    }

    /// Makes `ordinal` no member; returns whether it was one.
    fn remove(&mut self, ordinal: Ordinal) -> bool {
        let mut number = ordinal.0;
        for place in path(ordinal) {
            let mut word = self.word(place);
            if !word.bit(low(number)) {
                return false;
            }
            word.set_bit(low(number), false);
            self.set_word(place, word);
            if !word.is_zero() {
                break;
            }
            number >>= 8;
        }
        true
    }

    /// The smallest member that is not below `ordinal`.
    fn at_or_after(&self, ordinal: Ordinal) -> Option<Ordinal> {
        let leaf = ordinal.0 >> 8;
        if let Some(bit) = lowest_from(self.word(Place::leaf(leaf)), ordinal.0 & 255) {
            return Some(Ordinal(leaf << 8 | bit));
        }
        let branch = leaf >> 8;
        if let Some(bit) = lowest_from(self.word(Place::branch(branch)), (leaf & 255) + 1) {
            return self.first_of_leaf(branch << 8 | bit);
        }
        let branch = lowest_from(self.word(Place::ROOT), branch + 1)?;
        self.first_of_branch(branch)
    }

    /// The smallest member.
    fn first(&self) -> Option<Ordinal> {
        self.first_of_branch(lowest_from(self.word(Place::ROOT), 0)?)
    }

    #[doc(hidden)]
    fn first_of_branch(&self, branch: u32) -> Option<Ordinal> {
        let bit = lowest_from(self.word(Place::branch(branch)), 0)?;
        self.first_of_leaf(branch << 8 | bit)
    }

    #[doc(hidden)]
    fn first_of_leaf(&self, leaf: u32) -> Option<Ordinal> {
        Some(Ordinal(leaf << 8 | lowest_from(self.word(Place::leaf(leaf)), 0)?))
    }
}

/// The words from an ordinal's leaf up to the root.
const fn path(ordinal: Ordinal) -> [Place; 3] {
    [Place::leaf(ordinal.0 >> 8), Place::branch(ordinal.0 >> 16), Place::ROOT]
}

/// The bit of a number in its word.
const fn low(number: u32) -> usize {
    (number & 255) as usize
}

/// The lowest bit set at or above `from`, which may be 256.
#[inline(never)]
fn lowest_from(word: U256, from: u32) -> Option<u32> {
    let mut base = 0;
    for limb in word.as_limbs() {
        // How many bits of this limb are below `from`.
        let skipped = from.saturating_sub(base);
        if skipped < 64 {
            let rest = *limb >> skipped << skipped;
            if rest != 0 {
                return Some(base + rest.trailing_zeros());
            }
        }
        base += 64;
    }
    None
}

/// A set whose words are in a map in memory: for tests and models.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(BTreeMap<Place, U256>);

impl BitTree for Words {
    fn word(&self, place: Place) -> U256 {
        self.0.get(&place).copied().unwrap_or_default()
    }

    fn set_word(&mut self, place: Place, word: U256) {
        self.0.insert(place, word);
    }
}

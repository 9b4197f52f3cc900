//! The words in a contract's storage.

use alloc::{vec, vec::Vec};

use alloy_primitives::{B256, U256};
use lean_abi::{number, word, WordMap};
use stylus_sdk::prelude::*;

use crate::{BitTree, Place};

/// An ordered set of ordinals in one slot's mapping. Append-only, like every storage piece.
#[storage]
pub struct StoredBitTree {
    words: WordMap,
}

fn key(place: Place) -> B256 {
    word(&U256::from_limbs([place.key().into(), 0, 0, 0]))
}

impl BitTree for StoredBitTree {
    fn word(&self, place: Place) -> U256 {
        number(&self.words.get(&key(place), 0))
    }

    fn set_word(&mut self, place: Place, bits: U256) {
        self.words.set(&key(place), 0, &word(&bits));
    }
}

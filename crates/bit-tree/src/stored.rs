//! The words in a contract's storage.

use alloc::{vec, vec::Vec};

use alloy_primitives::U256;
use stylus_sdk::{
    prelude::*,
    storage::{StorageMap, StorageU256},
};

use crate::{BitTree, Place};

/// An ordered set of ordinals in one slot's mapping. Append-only, like every storage piece.
#[storage]
pub struct StoredBitTree {
    words: StorageMap<u32, StorageU256>,
}

impl BitTree for StoredBitTree {
    fn word(&self, place: Place) -> U256 {
        self.words.get(place.key())
    }

    fn set_word(&mut self, place: Place, word: U256) {
        self.words.setter(place.key()).set(word);
    }
}

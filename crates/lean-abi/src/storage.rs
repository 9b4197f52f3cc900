//! Storage for what everybody calls all the time, and for contracts that have much of it.
//!
//! Why not the SDK's: it makes a number of each hash and a hash of each number, byte by byte, in code that is generic over keys and types.
//! This takes some 300 gas off an ERC-20's transfer, and 1 kB off a contract with a dozen mappings. Everything lies where Solidity's and the
//! SDK's lies, so that it may stand where a `StorageMap` or a `StorageB256` stood.

use alloy_primitives::{Address, B256, U256};
use stylus_sdk::{
    host::VM,
    storage::{StorageMap, StorageType, StorageU256},
};

use crate::host::{keccak256, load, store};

/// A word: `bytes32` in Solidity, or whatever the contract packs into one.
pub struct Word(Slot);

/// A mapping from accounts, or from lists of accounts, to numbers: `mapping(address => uint256)`, and with two accounts
/// `mapping(address => mapping(address => uint256))`, in Solidity.
pub struct AccountMap(Slot);

/// A mapping from words to structs of words: `mapping(bytes32 => bytes32)`, or `mapping(uint256 => bytes32[N])`, in Solidity.
pub struct WordMap(Slot);

struct Slot {
    slot: U256,
    /// How the host is reached in a native build.
    map: StorageMap<Address, StorageU256>,
}

/// An entry, found once, to be read and written.
pub struct Entry<'a> {
    key: [u8; 32],
    /// Borrowed as long as it can be written.
    map: &'a mut AccountMap,
}

impl Word {
    /// What it is; zero if it was never set.
    #[must_use]
    #[inline(never)]
    pub fn get(&self) -> B256 {
        B256::new(load(&self.0.map, &word(&self.0.slot).0))
    }

    /// Replaces it.
    #[inline(never)]
    pub fn set(&mut self, value: &B256) {
        store(&self.0.map, &word(&self.0.slot).0, &value.0);
    }
}

impl AccountMap {
    /// The number of `accounts`; zero if none was ever set.
    #[must_use]
    pub fn get(&self, accounts: &[Address]) -> U256 {
        number(&B256::new(load(&self.0.map, &self.key(accounts))))
    }

    /// The entry of `accounts`.
    pub fn entry(&mut self, accounts: &[Address]) -> Entry<'_> {
        Entry {
            key: self.key(accounts),
            map: self,
        }
    }

    /// Where the entry of `accounts` is.
    #[inline(never)]
    fn key(&self, accounts: &[Address]) -> [u8; 32] {
        let mut key = word(&self.0.slot).0;
        for account in accounts {
            let mut preimage = [0; 64];
            preimage[12..32].copy_from_slice(account.as_slice());
            preimage[32..].copy_from_slice(&key);
            key = keccak256(&self.0.map, &preimage);
        }
        key
    }
}

impl Entry<'_> {
    /// The number.
    #[must_use]
    pub fn get(&self) -> U256 {
        number(&B256::new(load(&self.map.0.map, &self.key)))
    }

    /// Replaces the number.
    pub fn set(&mut self, number: &U256) {
        store(&self.map.0.map, &self.key, &word(number).0);
    }
}

impl WordMap {
    /// Word `index` of the struct of `key`; zero if it was never set.
    #[must_use]
    #[inline(never)]
    pub fn get(&self, key: &B256, index: usize) -> B256 {
        B256::new(load(&self.0.map, &self.place(key, index)))
    }

    /// Replaces word `index` of the struct of `key`.
    #[inline(never)]
    pub fn set(&mut self, key: &B256, index: usize, word: &B256) {
        store(&self.0.map, &self.place(key, index), &word.0);
    }

    /// Where word `index` of the struct of `key` is.
    #[inline(never)]
    fn place(&self, key: &B256, index: usize) -> [u8; 32] {
        let mut preimage = [0; 64];
        preimage[..32].copy_from_slice(key.as_slice());
        preimage[32..].copy_from_slice(word(&self.0.slot).as_slice());
        let place = keccak256(&self.0.map, &preimage);
        if index == 0 {
            return place;
        }
        word(&number(&place.into()).wrapping_add(U256::from(index))).0
    }
}

/// Implements the SDK's trait for what takes one slot, like the SDK's.
macro_rules! field {
    ($field:ident) => {
        impl StorageType for $field {
            type Wraps<'a>
                = &'a Self
            where
                Self: 'a;
            type WrapsMut<'a>
                = &'a mut Self
            where
                Self: 'a;

            unsafe fn new(slot: U256, offset: u8, host: VM) -> Self {
                Self(Slot {
                    slot,
                    // SAFETY: the two are one, of which only this one is read and written.
                    map: unsafe { StorageMap::new(slot, offset, host) },
                })
            }

            fn load<'s>(self) -> Self::Wraps<'s>
            where
                Self: 's,
            {
                unreachable!("it is a field, and never an element")
            }

            fn load_mut<'s>(self) -> Self::WrapsMut<'s>
            where
                Self: 's,
            {
                unreachable!("it is a field, and never an element")
            }
        }
    };
}

field!(Word);
field!(AccountMap);
field!(WordMap);

/// A number as a word, in code that is there once.
#[must_use]
#[inline(never)]
pub fn word(number: &U256) -> B256 {
    let mut word = B256::ZERO;
    for (place, limb) in word.chunks_exact_mut(8).zip(number.as_limbs().iter().rev()) {
        place.copy_from_slice(&limb.to_be_bytes());
    }
    word
}

/// A word as a number, in code that is there once.
#[must_use]
pub fn number(word: &B256) -> U256 {
    crate::reader::number(&word.0)
}

//! Mappings from accounts to numbers, for the few functions that everybody calls all the time.

use alloy_primitives::{Address, U256};
use stylus_sdk::{
    host::VM,
    storage::{StorageMap, StorageType, StorageU256},
};

use crate::host::{keccak256, load, store};

/// A mapping from accounts, or from lists of accounts, to numbers: `mapping(address => uint256)`, and with two accounts
/// `mapping(address => mapping(address => uint256))`, in Solidity's layout, so that it may stand where the SDK's `StorageMap` stood.
///
/// Why not that one: it makes a number of each hash and a hash of each number, byte by byte. This takes some 300 gas off an ERC-20's
/// transfer.
pub struct AccountMap {
    slot: U256,
    /// The same in the SDK's terms: how the host is reached in a native build.
    map: StorageMap<Address, StorageU256>,
}

/// An entry, found once, to be read and written.
pub struct Entry<'a> {
    key: [u8; 32],
    /// Borrowed as long as it can be written.
    map: &'a mut AccountMap,
}

impl AccountMap {
    /// The number of `accounts`; zero if none was ever set.
    #[must_use]
    pub fn get(&self, accounts: &[Address]) -> U256 {
        load(&self.map, &self.key(accounts))
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
        let mut key = bytes(&self.slot);
        for account in accounts {
            let mut preimage = [0; 64];
            preimage[12..32].copy_from_slice(account.as_slice());
            preimage[32..].copy_from_slice(&key);
            key = keccak256(&self.map, &preimage);
        }
        key
    }
}

impl Entry<'_> {
    /// The number.
    #[must_use]
    pub fn get(&self) -> U256 {
        load(&self.map.map, &self.key)
    }

    /// Replaces the number.
    pub fn set(&mut self, number: &U256) {
        store(&self.map.map, &self.key, &bytes(number));
    }
}

impl StorageType for AccountMap {
    type Wraps<'a>
        = &'a Self
    where
        Self: 'a;
    type WrapsMut<'a>
        = &'a mut Self
    where
        Self: 'a;

    unsafe fn new(slot: U256, offset: u8, host: VM) -> Self {
        Self {
            slot,
            // SAFETY: the two are one mapping, of which only this one is read and written.
            map: unsafe { StorageMap::new(slot, offset, host) },
        }
    }

    fn load<'s>(self) -> Self::Wraps<'s>
    where
        Self: 's,
    {
        unreachable!("a mapping is a field, and never an element")
    }

    fn load_mut<'s>(self) -> Self::WrapsMut<'s>
    where
        Self: 's,
    {
        unreachable!("a mapping is a field, and never an element")
    }
}

/// A number as a word.
#[inline(never)]
fn bytes(number: &U256) -> [u8; 32] {
    let mut word = [0; 32];
    for (place, limb) in word.chunks_exact_mut(8).zip(number.as_limbs().iter().rev()) {
        place.copy_from_slice(&limb.to_be_bytes());
    }
    word
}

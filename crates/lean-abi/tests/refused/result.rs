// error: `usize` has no type in the ABI
// error: `Result<bool, u64>` has no type in the ABI, or is a `Result` whose error is no `Into<Vec<u8>>`

#[macro_use]
extern crate alloc;
use alloc::vec::Vec;
use stylus_sdk::{alloy_primitives, alloy_primitives::*, prelude::*};

#[storage]
pub struct Box {
    number: stylus_sdk::storage::StorageU256,
}

unsafe impl TopLevelStorage for Box {}

#[lean_abi::contract]
impl Box {
    pub fn put(&self) -> usize {
        1
    }
    pub fn take(&mut self) -> Result<bool, u64> {
        Err(1)
    }
}

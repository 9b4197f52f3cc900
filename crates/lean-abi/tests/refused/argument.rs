// error: `usize` has no type in the ABI
// error: `f64` has no type in the ABI
// error: `Result<u8, u8>` has no type in the ABI

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
    pub fn put(&self, number: usize) {}
    pub fn wide(&mut self, number: f64) {}
    pub fn nested(&self, list: Vec<(Address, Result<u8, u8>)>) {}
}

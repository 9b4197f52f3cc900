// error: expected `errors(…)`, `events(…)`

#[macro_use]
extern crate alloc;
use alloc::vec::Vec;
use stylus_sdk::{alloy_primitives, alloy_primitives::*, prelude::*};

#[storage]
pub struct Box {
    number: stylus_sdk::storage::StorageU256,
}

unsafe impl TopLevelStorage for Box {}

#[lean_abi::contract(inherits(Box))]
impl Box {
    pub fn put(&mut self, number: U256) {}
}

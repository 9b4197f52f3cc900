// error: the selector 0x5585258d is reserved for the constructor

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
    #[selector(name = "stylus_constructor")]
    pub fn put(&mut self) {}
}

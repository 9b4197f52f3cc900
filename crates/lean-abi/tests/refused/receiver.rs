// error: external functions take `&self` or `&mut self`
// error: external functions are neither async, unsafe nor generic
// error: this name is reserved; mark the function as `#[receive]`, `#[fallback]` or `#[constructor]`, or rename it
// error: this function takes `&mut self`

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
    pub fn put(self, number: U256) {}
    pub fn put_boxed(self: alloc::boxed::Box<Self>, number: U256) {}
    pub fn generic<T>(&self, number: T) {}
    pub fn receive(&mut self) {}
    #[constructor]
    pub fn new(&self) {}
}

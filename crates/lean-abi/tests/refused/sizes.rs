// error: the ABI has no arrays of length zero
// error: the ABI has `bytes1` to `bytes32`
// error: the ABI's numbers have a multiple of 8 bits, at most 256

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
    pub fn array(&self, numbers: [U256; 0]) {}
    pub fn bytes(&self, bytes: FixedBytes<33>) {}
    pub fn bits(&self, number: Uint<9, 1>) {}
}

// error: `Box` has other results for the function `put` of `IBox`

#[macro_use]
extern crate alloc;
use alloc::vec::Vec;
use stylus_sdk::{alloy_primitives, alloy_primitives::*, prelude::*};

#[storage]
pub struct Box {
    number: stylus_sdk::storage::StorageU256,
}

unsafe impl TopLevelStorage for Box {}

lean_abi::interface! {
    interface IBox {
        function put(uint256 number) external returns (uint256);
    }
}

#[lean_abi::contract(interfaces(IBox))]
impl Box {
    pub fn put(&mut self, number: U256) {}
}

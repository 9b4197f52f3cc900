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
        function total() external returns (uint256);
    }
}

#[lean_abi::contract(interfaces(IBox))]
impl Box {
    #[constructor]
    pub fn constructor(&mut self, number: U256) {}
    pub fn put(&mut self, number: U256) -> Result<U256, Vec<u8>> {
        Ok(number)
    }
    pub fn total(&self) -> U256 {
        U256::ZERO
    }
    #[selector(name = "put")]
    pub fn put_list(&mut self, numbers: Vec<(U256, [bool; 2])>) {}
}

// error: `Box` has another mutability for the function `total` of `IViewed`
// error: `Box` has another mutability for the function `pay` of `IPaid`

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
    interface IViewed {
        function total() external view returns (uint256);
    }
    interface IPaid {
        function pay() external payable;
    }
}

#[lean_abi::contract(interfaces(IViewed, IPaid))]
impl Box {
    pub fn total(&mut self) -> U256 {
        U256::ZERO
    }
    pub fn pay(&mut self) {}
}

// error: functions `propagate` and `burn` have the same selector
// error: functions `put` and `put_again` have the same selector

#[macro_use]
extern crate alloc;
use alloc::vec::Vec;
use stylus_sdk::{alloy_primitives, alloy_primitives::*, prelude::*};

#[storage]
pub struct Box {
    number: stylus_sdk::storage::StorageU256,
}

unsafe impl TopLevelStorage for Box {}

// Two signatures of one hash.
#[lean_abi::contract]
impl Box {
    #[selector(name = "collate_propagate_storage")]
    pub fn propagate(&self, number: FixedBytes<16>) {}
    pub fn burn(&self, number: U256) {}
}

mod overloads {
    use super::*;

    #[storage]
    pub struct Other {
        number: stylus_sdk::storage::StorageU256,
    }

    unsafe impl TopLevelStorage for Other {}

    #[lean_abi::contract]
    impl Other {
        pub fn put(&self, number: U256) {}
        #[selector(name = "put")]
        pub fn put_again(&self, number: U256) {}
    }
}

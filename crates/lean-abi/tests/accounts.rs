//! The mapping of accounts against the SDK's.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]
#[macro_use]
extern crate alloc;

use alloy_primitives::{Address, U256};
use lean_abi::AccountMap;
// Whose Keccak the SDK calls in a native build.
use motsu as _;
use stylus_sdk::{
    prelude::*,
    storage::{StorageMap, StorageU256},
    testing::TestVM,
};

#[storage]
pub struct Ours {
    pub first: StorageU256,
    pub one: AccountMap,
    pub two: AccountMap,
    pub last: StorageU256,
}

#[storage]
pub struct Theirs {
    pub first: StorageU256,
    pub one: StorageMap<Address, StorageU256>,
    pub two: StorageMap<Address, StorageMap<Address, StorageU256>>,
    pub last: StorageU256,
}

#[test]
fn lies_where_the_sdks_lies() {
    let vm = TestVM::default();
    let (mut ours, mut theirs) = (Ours::from(&vm), Theirs::from(&vm));
    for index in 0..50_u8 {
        let (owner, spender) = (Address::repeat_byte(index), Address::with_last_byte(index));
        let number = U256::from(index) << (5 * usize::from(index));
        assert_eq!(ours.one.get(&[owner]), U256::ZERO);
        ours.one.entry(&[owner]).set(&number);
        assert_eq!(ours.one.entry(&[owner]).get(), number);
        assert_eq!(theirs.one.get(owner), number);
        theirs.two.setter(owner).insert(spender, number);
        assert_eq!(ours.two.get(&[owner, spender]), number);
        ours.two.entry(&[owner, spender]).set(&U256::MAX);
        assert_eq!(theirs.two.getter(owner).get(spender), U256::MAX);
        assert!(index == 0 || ours.two.get(&[spender, owner]).is_zero());
    }
    // A mapping takes one slot, like the SDK's.
    ours.last.set(U256::from(7));
    assert_eq!(theirs.last.get(), U256::from(7));
}

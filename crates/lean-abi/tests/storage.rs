//! Our storage against the SDK's.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]
#[macro_use]
extern crate alloc;

use alloy_primitives::{keccak256, Address, B256, U256};
use lean_abi::{AccountMap, Word, WordMap};
// Whose Keccak the SDK calls in a native build.
use motsu as _;
use stylus_sdk::{
    prelude::*,
    storage::{StorageArray, StorageB256, StorageMap, StorageU256},
    testing::TestVM,
};

#[storage]
pub struct Ours {
    pub first: StorageU256,
    pub one: AccountMap,
    pub two: AccountMap,
    pub words: WordMap,
    pub structs: WordMap,
    pub word: Word,
    pub last: StorageU256,
}

#[storage]
pub struct Theirs {
    pub first: StorageU256,
    pub one: StorageMap<Address, StorageU256>,
    pub two: StorageMap<Address, StorageMap<Address, StorageU256>>,
    pub words: StorageMap<B256, StorageB256>,
    pub structs: StorageMap<U256, StorageArray<StorageB256, 600>>,
    pub word: StorageB256,
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
    for index in 0..600_usize {
        let (key, word) = (keccak256(index.to_be_bytes()), keccak256((!index).to_be_bytes()));
        ours.words.set(&key, 0, &word);
        assert_eq!(theirs.words.get(key), word);
        let id = U256::from_be_bytes(key.0);
        assert_eq!((lean_abi::word(&id), lean_abi::number(&key)), (key, id));
        assert_eq!(ours.structs.get(&key, index), B256::ZERO);
        ours.structs.set(&key, index, &word);
        assert_eq!(theirs.structs.getter(id).get(index), Some(word));
    }
    assert_eq!(ours.word.get(), B256::ZERO);
    ours.word.set(&keccak256(b"word"));
    assert_eq!((ours.word.get(), theirs.word.get()), (keccak256(b"word"), keccak256(b"word")));
    // Each takes one slot, like the SDK's.
    ours.last.set(U256::from(7));
    assert_eq!(theirs.last.get(), U256::from(7));
}

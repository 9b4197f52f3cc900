//! EIP-712: what is signed, and for whom. The domain separator is computed when it is asked for: no storage to read, and right after a
//! fork of the chain too.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use lean_abi::constant;
use stylus_sdk::{keccak_const::Keccak256, prelude::*};

use crate::Token;

const DOMAIN_TYPE_HASH: [u8; 32] = hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

/// The hash of a text, at compile time: of a struct's type, for one.
pub(crate) const fn hash(text: &str) -> [u8; 32] {
    Keccak256::new().update(text.as_bytes()).finalize()
}

/// The EIP-712 domain separator of `T` on this chain.
#[must_use]
#[inline(never)]
pub(crate) fn separator<T: Token>(token: &T) -> B256 {
    let vm = token.vm();
    hash_words(
        vm,
        &[
            constant!(DOMAIN_TYPE_HASH),
            constant!(hash(T::NAME)),
            constant!(hash(T::VERSION)),
            U256::from_limbs([vm.chain_id(), 0, 0, 0]).into(),
            vm.contract_address().into_word(),
        ],
    )
}

/// What holders of `T` sign: a struct, as the words of its type's hash and of its members.
#[must_use]
#[inline(never)]
pub(crate) fn digest<T: Token>(token: &T, words: &[B256]) -> B256 {
    let vm = token.vm();
    let mut message = vec![0x19, 0x01];
    message.extend_from_slice(separator(token).as_slice());
    message.extend_from_slice(hash_words(vm, words).as_slice());
    vm.native_keccak256(&message)
}

#[inline(never)]
fn hash_words(vm: &dyn Host, words: &[B256]) -> B256 {
    vm.native_keccak256(&concat(words))
}

pub(crate) fn concat(words: &[B256]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(32 * words.len());
    for word in words {
        bytes.extend_from_slice(word.as_slice());
    }
    bytes
}

/// An address as a word.
pub(crate) fn word(address: Address) -> B256 {
    address.into_word()
}

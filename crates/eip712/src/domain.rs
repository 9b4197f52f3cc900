//! EIP-712: what is signed, and for whom. The domain separator is computed when it is asked for: no storage to read, and right after a
//! fork of the chain too.

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, FixedBytes, B256, U256};
use lean_abi::{constant, Caller};
use stylus_sdk::{keccak_const::Keccak256, prelude::*};

const DOMAIN_TYPE_HASH: [u8; 32] = hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

/// Which members a domain has: name, version, chain, contract.
const DOMAIN_FIELDS: u8 = 0b0_1111;

lean_abi::interface! {
    /// ERC-5267: the EIP-712 domain.
    interface IErc5267 {
        /// Name, version, chain and contract; no salt, no extensions.
        function eip712Domain() external view returns (
            bytes1 fields,
            string name,
            string version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] extensions
        );
    }
}

/// A contract for which is signed: it implements [`IErc5267Callee`].
pub trait Domain: Caller {
    /// The contract's name. A token's and its domain's are one.
    const NAME: &'static str;
    /// The version of what is signed.
    const VERSION: &'static str = "1";
}

impl<T: Domain> IErc5267Callee for T {
    type Error = Vec<u8>;

    fn eip712_domain(&self) -> Result<(FixedBytes<1>, String, String, U256, Address, B256, Vec<U256>), Vec<u8>> {
        let vm = self.vm();
        Ok((
            FixedBytes([DOMAIN_FIELDS]),
            T::NAME.into(),
            T::VERSION.into(),
            U256::from_limbs([vm.chain_id(), 0, 0, 0]),
            vm.contract_address(),
            B256::ZERO,
            Vec::new(),
        ))
    }
}

/// The hash of a text, at compile time: of a struct's type, for one.
#[must_use]
pub const fn hash(text: &str) -> [u8; 32] {
    Keccak256::new().update(text.as_bytes()).finalize()
}

/// The EIP-712 domain separator of `T` on this chain.
#[must_use]
#[inline(never)]
pub fn separator<T: Domain>(contract: &T) -> B256 {
    let vm = contract.vm();
    hash_words(
        vm,
        &[
            constant!(DOMAIN_TYPE_HASH),
            constant!(hash(T::NAME)),
            constant!(hash(T::VERSION)),
            lean_abi::word(&U256::from_limbs([vm.chain_id(), 0, 0, 0])),
            vm.contract_address().into_word(),
        ],
    )
}

/// What is signed for `T`: a struct, as the words of its type's hash and of its members.
#[must_use]
#[inline(never)]
pub fn digest<T: Domain>(contract: &T, words: &[B256]) -> B256 {
    let vm = contract.vm();
    let mut message = vec![0x19, 0x01];
    message.extend_from_slice(separator(contract).as_slice());
    message.extend_from_slice(hash_words(vm, words).as_slice());
    vm.native_keccak256(&message)
}

/// The hash of words, one behind the other.
#[must_use]
#[inline(never)]
pub fn hash_words(vm: &dyn Host, words: &[B256]) -> B256 {
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
#[must_use]
pub fn word(address: Address) -> B256 {
    address.into_word()
}

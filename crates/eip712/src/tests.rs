//! Domains of the smallest contract that has one. What signatures do is tested where they do it: in `erc20-ledger`.

use alloc::vec::Vec;

use alloy_primitives::{keccak256, Address, FixedBytes, B256, U256};
use alloy_sol_types::SolValue;
use motsu::prelude::*;
use stylus_sdk::prelude::*;

use crate::*;

#[storage]
struct Form {}

unsafe impl TopLevelStorage for Form {}

impl Domain for Form {
    const NAME: &'static str = "Form";
    const VERSION: &'static str = "7";
}

#[lean_abi::contract(implements(IErc5267))]
impl Form {}

/// The separator as EIP-712 writes it.
fn expected(chain: u64, contract: Address) -> B256 {
    let type_hash = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    keccak256((type_hash, keccak256("Form"), keccak256("7"), U256::from(chain), contract).abi_encode())
}

#[motsu::test]
fn a_domain_is_of_one_contract_on_one_chain(form: Contract<Form>, other: Contract<Form>, alice: Address) {
    let here = separator(&*form.sender(alice));
    assert_eq!(here, expected(form.sender(alice).vm().chain_id(), form.address()));
    assert_ne!(here, separator(&*other.sender(alice)));
    let (fields, name, version, chain, contract, salt, extensions) = form.sender(alice).eip712_domain().unwrap();
    assert_eq!((fields, salt, extensions), (FixedBytes([0x0f]), B256::ZERO, Vec::new()));
    assert_eq!((name.as_str(), version.as_str(), contract), ("Form", "7", form.address()));
    assert_eq!(expected(chain.to(), contract), here);
}

#[motsu::test]
fn what_is_signed_is_the_struct_behind_the_domain(form: Contract<Form>, alice: Address) {
    let words = [hash("Line(address of)").into(), word(alice)];
    let of_struct = keccak256((words[0], alice).abi_encode());
    let here = separator(&*form.sender(alice));
    let expected = keccak256([b"\x19\x01".as_slice(), here.as_slice(), of_struct.as_slice()].concat());
    assert_eq!(digest(&*form.sender(alice), &words), expected);
}

#[motsu::test]
fn nothing_is_signed_by_the_zero_address_or_by_half_a_signature(form: Contract<Form>, alice: Address) {
    let nothing = packed(27, &B256::ZERO, &B256::ZERO);
    assert_eq!(nothing.len(), 65);
    for signature in [nothing, Vec::new(), vec![1; 64], vec![1; 66]] {
        for signer in [Address::ZERO, alice] {
            let refused = require_signer(&*form.sender(alice), signer, B256::with_last_byte(1), signature.clone());
            assert_eq!(refused, Err(Address::ZERO));
        }
    }
}

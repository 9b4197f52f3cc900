//! A program, an EVM contract for each thing it can be called with, and their calldata.

// Every test binary uses its own part; and a test that cannot go on may panic.
#![allow(dead_code, clippy::unwrap_used)]

use stylus_chain::{
    alloy_primitives::{address, Address, U256},
    Chain, DEV_ACCOUNT,
};

/// Somebody without a key.
pub(crate) const ALICE: Address = address!("00000000000000000000000000000000000a11ce");

/// The program of `probe.wat`.
pub(crate) fn probe_wasm() -> Vec<u8> {
    wat::parse_str(include_str!("probe.wat")).unwrap()
}

/// A program of a text.
pub(crate) fn wasm(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

/// A fresh chain with two accounts that have the probe's code.
pub(crate) fn chain_with_probes() -> (Chain, Address, Address) {
    let mut chain = Chain::new();
    let first = chain.deploy_stylus(DEV_ACCOUNT, &probe_wasm()).unwrap().address;
    let second = chain.deploy_stylus(DEV_ACCOUNT, &probe_wasm()).unwrap().address;
    (chain, first, second)
}

pub(crate) fn word(value: u64) -> [u8; 32] {
    U256::from(value).to_be_bytes()
}

pub(crate) fn to_u64(word: &[u8]) -> u64 {
    U256::from_be_slice(word).to()
}

/// Calldata of the probe's operation `op`.
pub(crate) fn op(op: u8, parts: &[&[u8]]) -> Vec<u8> {
    [&[op][..], &parts.concat()].concat()
}

pub(crate) fn load(key: u64) -> Vec<u8> {
    op(0, &[&word(key)])
}

pub(crate) fn store(key: u64, value: u64) -> Vec<u8> {
    op(1, &[&word(key), &word(value)])
}

pub(crate) fn store_and_revert(key: u64, value: u64) -> Vec<u8> {
    op(4, &[&word(key), &word(value)])
}

/// What a host call tells of a callee that did not succeed.
pub(crate) const FAILED: u8 = 2;

pub(crate) const CALL: u8 = 0;
pub(crate) const DELEGATE: u8 = 1;
pub(crate) const STATIC: u8 = 2;

/// Calldata that makes the probe call on and end as its callee ends.
pub(crate) fn relay(kind: u8, to: Address, data: &[u8]) -> Vec<u8> {
    op(2, &[&[kind], to.as_slice(), &word(0), data])
}

/// Likewise, but the probe succeeds in any case and returns the status first.
pub(crate) fn try_relay(kind: u8, to: Address, data: &[u8]) -> Vec<u8> {
    op(3, &[&[kind], to.as_slice(), &word(0), data])
}

/// EVM code that calls the address in its calldata's first word with the rest, by `opcode`, and ends as the callee ends.
pub(crate) fn evm_relay(opcode: u8) -> Vec<u8> {
    let value: &[u8] = if opcode == 0xf1 { &[0x5f] } else { &[] };
    let mut code = vec![0x60, 0x20, 0x36, 0x03, 0x60, 0x20, 0x5f, 0x37];
    code.extend([0x5f, 0x5f, 0x60, 0x20, 0x36, 0x03, 0x5f]);
    code.extend(value);
    code.extend([0x5f, 0x35, 0x5a, opcode]);
    code.extend([0x3d, 0x5f, 0x5f, 0x3e, 0x15, 0x60]);
    let failed = u8::try_from(code.len()).unwrap() + 5;
    code.extend([failed, 0x57, 0x3d, 0x5f, 0xf3]);
    code.extend([0x5b, 0x3d, 0x5f, 0xfd]);
    code
}

/// Calldata of [`evm_relay`].
pub(crate) fn evm_call(to: Address, data: &[u8]) -> Vec<u8> {
    [to.into_word().as_slice(), data].concat()
}

/// EVM code that with two words of calldata stores the second at the first, and with one returns what is stored there.
pub(crate) const EVM_STORE: [u8; 24] = [
    0x36, 0x60, 0x40, 0x14, 0x60, 0x10, 0x57, 0x5f, 0x35, 0x54, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3, 0x5b, 0x60, 0x20, 0x35, 0x5f, 0x35,
    0x55, 0x00,
];

pub(crate) fn evm_store(key: u64, value: u64) -> Vec<u8> {
    [word(key), word(value)].concat()
}

//! Balances and code of accounts.

use super::host::{length_u32, overlap, Escape, Host};
use crate::price;
use alloy_primitives::{Address, Bytes};

/// Balance in wei.
pub(super) fn account_balance(host: &mut Host<'_, '_>, address: u32, dest: u32) -> Result<(), Escape> {
    host.buy_ink(price::HOST + 2 * price::POINTER + price::EVM)?;
    host.require_gas(price::COLD_ACCOUNT_GAS)?;
    let address = host.read_address(address)?;
    let (balance, gas) = host.frame().evm.balance(address);
    host.buy_gas(gas)?;
    host.write_u256(dest, balance)
}

/// Copies a part of an account's code; returns how many bytes there were to copy. The whole code is paid for.
pub(super) fn account_code(host: &mut Host<'_, '_>, address: u32, offset: u32, size: u32, dest: u32) -> Result<u32, Escape> {
    let code = load_code(host, address)?;
    host.buy_ink(price::write(code.len()))?;
    let part = overlap(&code, offset, size);
    host.write(dest, &part)?;
    Ok(length_u32(part.len()))
}

/// Length of an account's code.
pub(super) fn account_code_size(host: &mut Host<'_, '_>, address: u32) -> Result<u32, Escape> {
    Ok(length_u32(load_code(host, address)?.len()))
}

/// Keccak hash of an account's code.
pub(super) fn account_codehash(host: &mut Host<'_, '_>, address: u32, dest: u32) -> Result<(), Escape> {
    host.buy_ink(price::HOST + 2 * price::POINTER + price::EVM)?;
    host.require_gas(price::COLD_ACCOUNT_GAS)?;
    let address = host.read_address(address)?;
    let (hash, gas) = host.frame().evm.code_hash(address);
    host.buy_gas(gas)?;
    host.write(dest, hash.as_slice())
}

/// Loads an account's code and pays for it, unless it is the code last loaded.
fn load_code(host: &mut Host<'_, '_>, address: u32) -> Result<Bytes, Escape> {
    host.buy_ink(price::HOST + price::EVM)?;
    host.require_gas(price::COLD_ACCOUNT_GAS)?;
    let address = host.read_address(address)?;
    if let Some(code) = remembered(host, address) {
        return Ok(code);
    }
    let (code, gas) = host.frame().evm.code(address);
    if !code.is_empty() {
        host.frame().last_code = Some((address, code.clone()));
    }
    host.buy_gas(gas)?;
    Ok(code)
}

fn remembered(host: &mut Host<'_, '_>, address: Address) -> Option<Bytes> {
    let (known, code) = host.frame().last_code.as_ref()?;
    (*known == address).then(|| code.clone())
}

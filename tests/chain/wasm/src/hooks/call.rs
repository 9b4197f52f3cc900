//! Calls and creations.

use super::host::{Escape, Host};
use crate::{price, CallKind, CallStatus, Trap};
use alloy_primitives::{Address, Bytes, U256};

/// What a program reads as the status of a call that failed, whatever the reason.
const CALL_FAILED: u32 = 2;

/// Calls, with value.
pub(super) fn call_contract(
    host: &mut Host<'_, '_>,
    to: u32,
    data: u32,
    len: u32,
    value: u32,
    gas: u64,
    return_len: u32,
) -> Result<u32, Escape> {
    call(host, CallKind::Call, [to, data, len, return_len], Some(value), gas)
}

/// Runs another contract's code in this one's storage.
pub(super) fn delegate_call_contract(
    host: &mut Host<'_, '_>,
    to: u32,
    data: u32,
    len: u32,
    gas: u64,
    return_len: u32,
) -> Result<u32, Escape> {
    call(host, CallKind::Delegate, [to, data, len, return_len], None, gas)
}

/// Calls without permission to write.
pub(super) fn static_call_contract(
    host: &mut Host<'_, '_>,
    to: u32,
    data: u32,
    len: u32,
    gas: u64,
    return_len: u32,
) -> Result<u32, Escape> {
    call(host, CallKind::Static, [to, data, len, return_len], None, gas)
}

fn call(
    host: &mut Host<'_, '_>,
    kind: CallKind,
    [to, data, len, return_len]: [u32; 4],
    value: Option<u32>,
    gas: u64,
) -> Result<u32, Escape> {
    host.buy_ink(price::HOST + 3 * price::POINTER + price::EVM)?;
    host.pay_for_evm_input(len)?;
    let gas_left = host.gas_left();
    let to = host.read_address(to)?;
    let data = host.read(data, len)?;
    let value = value.map_or(Ok(U256::ZERO), |value| host.read_u256(value))?;
    let (status, return_data) = if host.data().is_static && !value.is_zero() {
        // As the EVM's CALL would, this fails before it costs anything; unlike it, the frame goes on.
        (CallStatus::Revert, Bytes::new())
    } else {
        let outcome = host.frame().evm.call(kind, to, &data, value, gas_left, gas.min(gas_left));
        host.buy_gas(outcome.gas_cost)?;
        (outcome.status, outcome.data)
    };
    host.write_length(return_len, return_data.len())?;
    host.frame().return_data = return_data;
    Ok(match status {
        CallStatus::Success => 0,
        CallStatus::Revert => CALL_FAILED,
    })
}

/// Creates a contract at an address derived from this one's nonce.
pub(super) fn create1(host: &mut Host<'_, '_>, code: u32, len: u32, endowment: u32, dest: u32, revert_len: u32) -> Result<(), Escape> {
    create(host, [code, len, endowment, dest, revert_len], None)
}

/// Creates a contract at an address derived from a salt and the code.
pub(super) fn create2(
    host: &mut Host<'_, '_>,
    code: u32,
    len: u32,
    endowment: u32,
    salt: u32,
    dest: u32,
    revert_len: u32,
) -> Result<(), Escape> {
    create(host, [code, len, endowment, dest, revert_len], Some(salt))
}

fn create(host: &mut Host<'_, '_>, [code, len, endowment, dest, revert_len]: [u32; 5], salt: Option<u32>) -> Result<(), Escape> {
    let pointers = if salt.is_some() { 4 } else { 3 };
    host.buy_ink(price::HOST + pointers * price::POINTER + price::EVM)?;
    host.pay_for_evm_input(len)?;
    let code = Bytes::from(host.read(code, len)?);
    let endowment = host.read_u256(endowment)?;
    let salt = salt.map(|salt| host.read_word(salt)).transpose()?;
    if host.data().is_static {
        return Err(Trap::WriteProtection.into());
    }
    let gas_left = host.gas_left();
    let outcome = host.frame().evm.create(code, endowment, salt, gas_left);
    host.buy_gas(outcome.gas_cost)?;
    host.write_length(revert_len, outcome.data.len())?;
    host.frame().return_data = outcome.data;
    host.write(dest, outcome.address.unwrap_or(Address::ZERO).as_slice())
}

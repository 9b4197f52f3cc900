//! Facts of the block, the transaction and the call.

use super::host::{Escape, Host};
use crate::price;
use alloy_primitives::{Address, U256};

/// A fact that comes back as a number.
fn number<'c, 'f, T>(host: &mut Host<'c, 'f>, fact: impl FnOnce(&Host<'c, 'f>) -> T) -> Result<T, Escape> {
    host.buy_ink(price::HOST)?;
    Ok(fact(host))
}

fn put_u256(host: &mut Host<'_, '_>, dest: u32, value: U256) -> Result<(), Escape> {
    host.buy_ink(price::HOST + price::POINTER)?;
    host.write_u256(dest, value)
}

fn put_address(host: &mut Host<'_, '_>, dest: u32, value: Address) -> Result<(), Escape> {
    host.buy_ink(price::HOST + price::POINTER)?;
    host.write(dest, value.as_slice())
}

/// Base fee in wei.
pub(super) fn block_basefee(host: &mut Host<'_, '_>, dest: u32) -> Result<(), Escape> {
    put_u256(host, dest, host.data().base_fee)
}

/// Fee recipient.
pub(super) fn block_coinbase(host: &mut Host<'_, '_>, dest: u32) -> Result<(), Escape> {
    put_address(host, dest, host.data().coinbase)
}

/// Gas limit.
pub(super) fn block_gas_limit(host: &mut Host<'_, '_>) -> Result<u64, Escape> {
    number(host, |host| host.data().block_gas_limit)
}

/// Estimate of the L1 block number.
pub(super) fn block_number(host: &mut Host<'_, '_>) -> Result<u64, Escape> {
    number(host, |host| host.data().block_number)
}

/// Seconds since 1970.
pub(super) fn block_timestamp(host: &mut Host<'_, '_>) -> Result<u64, Escape> {
    number(host, |host| host.data().timestamp)
}

/// EIP-155 chain id.
pub(super) fn chainid(host: &mut Host<'_, '_>) -> Result<u64, Escape> {
    number(host, |host| host.data().chain_id)
}

/// This contract.
pub(super) fn contract_address(host: &mut Host<'_, '_>, dest: u32) -> Result<(), Escape> {
    put_address(host, dest, host.data().contract)
}

/// Gas left behind this call.
pub(super) fn evm_gas_left(host: &mut Host<'_, '_>) -> Result<u64, Escape> {
    number(host, Host::gas_left)
}

/// Ink left behind this call.
pub(super) fn evm_ink_left(host: &mut Host<'_, '_>) -> Result<u64, Escape> {
    number(host, Host::ink_left)
}

/// Whether this contract is already running further up.
pub(super) fn msg_reentrant(host: &mut Host<'_, '_>) -> Result<u32, Escape> {
    number(host, |host| u32::from(host.data().reentrant))
}

/// Caller.
pub(super) fn msg_sender(host: &mut Host<'_, '_>, dest: u32) -> Result<(), Escape> {
    put_address(host, dest, host.data().sender)
}

/// Value in wei.
pub(super) fn msg_value(host: &mut Host<'_, '_>, dest: u32) -> Result<(), Escape> {
    put_u256(host, dest, host.data().value)
}

/// Gas price in wei.
pub(super) fn tx_gas_price(host: &mut Host<'_, '_>, dest: u32) -> Result<(), Escape> {
    put_u256(host, dest, host.data().gas_price)
}

/// Ink of one gas.
pub(super) fn tx_ink_price(host: &mut Host<'_, '_>) -> Result<u32, Escape> {
    const INK_PRICE: u32 = 10_000;
    const _: () = assert!(INK_PRICE as u64 == price::INK_PER_GAS);
    number(host, |_| INK_PRICE)
}

/// Sender of the transaction.
pub(super) fn tx_origin(host: &mut Host<'_, '_>, dest: u32) -> Result<(), Escape> {
    put_address(host, dest, host.data().origin)
}

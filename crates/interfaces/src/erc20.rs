//! Foreign ERC-20 tokens: some return nothing, some return false, some keep a fee. Nothing is assumed (PROTOCOL 2).

#![allow(
    deprecated,
    reason = "what `sol_interface!` generates returns the SDK's older error type and goes through its older call"
)]

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use alloy_sol_types::{sol, SolCall, SolError};
use stylus_sdk::{call::call, prelude::*};

use crate::{authority::revert_data, calls::IErc20};

sol! {
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
    function approve(address spender, uint256 value) external returns (bool);

    /// `token` refused the transfer or approval by returning false, or is not a contract.
    #[derive(Debug, PartialEq, Eq)]
    error TokenCallFailed(address token);
}

/// `token.transfer(to, value)`.
///
/// # Errors
/// What the token reverted with, or the encoded [`TokenCallFailed`].
pub fn safe_transfer<S: TopLevelStorage + HostAccess>(storage: &mut S, token: Address, to: Address, value: U256) -> Result<(), Vec<u8>> {
    call_token(storage, token, &transferCall { to, value }.abi_encode())
}

/// `token.transferFrom(from, to, value)`; says nothing about how much arrives: see [`balance_of`].
///
/// # Errors
/// As [`safe_transfer`].
pub fn safe_transfer_from<S: TopLevelStorage + HostAccess>(
    storage: &mut S,
    token: Address,
    from: Address,
    to: Address,
    value: U256,
) -> Result<(), Vec<u8>> {
    call_token(storage, token, &transferFromCall { from, to, value }.abi_encode())
}

/// `token.approve(spender, value)`. USDT refuses to change one non-zero allowance into another: approve what is spent at once.
///
/// # Errors
/// As [`safe_transfer`].
pub fn safe_approve<S: TopLevelStorage + HostAccess>(
    storage: &mut S,
    token: Address,
    spender: Address,
    value: U256,
) -> Result<(), Vec<u8>> {
    call_token(storage, token, &approveCall { spender, value }.abi_encode())
}

/// `token.balanceOf(account)`: to see what arrived, never to value anything (PROTOCOL 1).
///
/// # Errors
/// What the token reverted with.
pub fn balance_of(storage: &impl TopLevelStorage, token: Address, account: Address) -> Result<U256, Vec<u8>> {
    IErc20::new(token).balance_of(storage, account).map_err(revert_data)
}

/// One call, three acceptable answers: true, or nothing from an address that has code.
fn call_token<S: TopLevelStorage + HostAccess>(storage: &mut S, token: Address, data: &[u8]) -> Result<(), Vec<u8>> {
    let returned = call(&mut *storage, token, data).map_err(revert_data)?;
    let accepted = if returned.is_empty() {
        // A call to an address without code succeeds and returns nothing.
        storage.vm().code_size(token) != 0
    } else {
        returned.len() == 32 && returned[..31].iter().all(|byte| *byte == 0) && returned[31] == 1
    };
    if accepted {
        Ok(())
    } else {
        Err(TokenCallFailed { token }.abi_encode())
    }
}

//! Calls of tokens: some return nothing, some return false, some keep a fee. Nothing is assumed (PROTOCOL 2).

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use lean_abi::{call, sol, Caller};

use crate::IErc20;

sol! {
    /// `token` refused the transfer or approval by returning false, or is not a contract.
    #[derive(Debug, PartialEq, Eq)]
    error TokenCallFailed(address token);
}

/// `token.transfer(to, value)`.
///
/// # Errors
/// What the token reverted with, or the encoded [`TokenCallFailed`].
pub fn safe_transfer(storage: &mut impl Caller, token: Address, to: Address, value: U256) -> Result<(), Vec<u8>> {
    call_token(storage, token, &IErc20::encode_transfer(to, value))
}

/// `token.transferFrom(from, to, value)`; says nothing about how much arrives: see [`balance_of`].
///
/// # Errors
/// As [`safe_transfer`].
pub fn safe_transfer_from(storage: &mut impl Caller, token: Address, from: Address, to: Address, value: U256) -> Result<(), Vec<u8>> {
    call_token(storage, token, &IErc20::encode_transfer_from(from, to, value))
}

/// `token.approve(spender, value)`. USDT refuses to change one non-zero allowance into another: approve what is spent at once.
///
/// # Errors
/// As [`safe_transfer`].
pub fn safe_approve(storage: &mut impl Caller, token: Address, spender: Address, value: U256) -> Result<(), Vec<u8>> {
    call_token(storage, token, &IErc20::encode_approve(spender, value))
}

/// `token.balanceOf(account)`: to see what arrived, never to value anything (PROTOCOL 1).
///
/// # Errors
/// What the token reverted with.
pub fn balance_of(storage: &impl Caller, token: Address, account: Address) -> Result<U256, Vec<u8>> {
    IErc20::new(token).balance_of(storage, account)
}

/// One call, three acceptable answers: true, or nothing from an address that has code.
fn call_token(storage: &mut impl Caller, token: Address, data: &[u8]) -> Result<(), Vec<u8>> {
    let returned = call(storage, &token, data)?;
    let accepted = if returned.is_empty() {
        // A call to an address without code succeeds and returns nothing.
        storage.vm().code_size(token) != 0
    } else {
        returned.len() == 32 && returned[..31].iter().all(|byte| *byte == 0) && returned[31] == 1
    };
    if accepted {
        Ok(())
    } else {
        Err(TokenCallFailed { token }.into())
    }
}

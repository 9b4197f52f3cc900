//! Moving foreign tokens and seeing what arrived: the token's word for it is not taken (PROTOCOL 2).
//!
//! No more is counted than was sent. A yield-bearing token may pay a holder its yield whenever its balance moves: that is not part of the
//! transfer, and if it were credited to a depositor, it would be the stakers' yield.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use erc20_ledger::foreign;
use lean_abi::Caller;

/// Takes `amount` of `token` from `from`, who has approved it; returns what arrived.
///
/// # Errors
/// What the token reverts with, `TokenCallFailed`.
pub(crate) fn pull(storage: &mut impl Caller, token: Address, from: Address, amount: U256) -> Result<U256, Vec<u8>> {
    let here = storage.vm().contract_address();
    let before = foreign::balance_of(storage, token, here)?;
    foreign::safe_transfer_from(storage, token, from, here, amount)?;
    Ok(amount.min(arrived(storage, token, here, before)?))
}

/// Pays `amount` of `token` to `to`; returns what arrived. A recipient that passes it on at once has received nothing.
///
/// # Errors
/// As [`pull`].
pub(crate) fn push(storage: &mut impl Caller, token: Address, to: Address, amount: U256) -> Result<U256, Vec<u8>> {
    let before = foreign::balance_of(storage, token, to)?;
    foreign::safe_transfer(storage, token, to, amount)?;
    Ok(amount.min(arrived(storage, token, to, before)?))
}

/// By how much the balance of `account` is above `before`.
///
/// # Errors
/// What the token reverts with.
pub(crate) fn arrived(storage: &impl Caller, token: Address, account: Address, before: U256) -> Result<U256, Vec<u8>> {
    let after = foreign::balance_of(storage, token, account)?;
    Ok(after.saturating_sub(before))
}

//! The router as authority: contracts ask it in administrative calls only, so that users pay nothing for it (PROTOCOL 7).

#![allow(
    deprecated,
    reason = "what `sol_interface!` generates returns the SDK's older error type and goes through its older call"
)]

use alloc::vec::Vec;

use alloy_primitives::{Address, B256};
use alloy_sol_types::{sol, SolError};
use stylus_sdk::{call::Error, prelude::*};

use crate::calls::IRouter;

sol! {
    /// `account` lacks `role`.
    #[derive(Debug, PartialEq, Eq)]
    error Unauthorized(address account, bytes32 role);
    /// The router's address book has no entry `id`.
    #[derive(Debug, PartialEq, Eq)]
    error AddressNotSet(bytes32 id);
}

/// Succeeds if `router` says that `account` has `role`.
///
/// # Errors
/// The encoded [`Unauthorized`], or what the router reverted with.
pub fn require_role(storage: &impl TopLevelStorage, router: Address, role: B256, account: Address) -> Result<(), Vec<u8>> {
    if IRouter::new(router).has_role(storage, role, account).map_err(revert_data)? {
        Ok(())
    } else {
        Err(Unauthorized { account, role }.abi_encode())
    }
}

/// The address that `router` has under `id`, never zero.
///
/// # Errors
/// The encoded [`AddressNotSet`], or what the router reverted with.
pub fn address_of(storage: &impl TopLevelStorage, router: Address, id: B256) -> Result<Address, Vec<u8>> {
    let address = IRouter::new(router).address_of(storage, id).map_err(revert_data)?;
    if address.is_zero() {
        return Err(AddressNotSet { id }.abi_encode());
    }
    Ok(address)
}

/// What a failed call reverts with when the caller passes it on: the callee's own words.
#[must_use]
pub fn revert_data(error: Error) -> Vec<u8> {
    match error {
        Error::Revert(data) => data,
        // The callee returned something that its interface does not say.
        Error::AbiDecodingFailed(_) => MalformedReturn {}.abi_encode(),
    }
}

sol! {
    /// A callee returned data that does not decode as its interface says.
    #[derive(Debug, PartialEq, Eq)]
    error MalformedReturn();
}

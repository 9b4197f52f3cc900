//! The router as authority: contracts ask it in administrative calls only, so that users pay nothing for it (PROTOCOL 7).

use alloc::vec::Vec;

use alloy_primitives::Address;
use lean_abi::{sol, Caller};

use crate::{calls::IRouter, ids::Id};

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
pub fn require_role(storage: &impl Caller, router: Address, role: Id, account: Address) -> Result<(), Vec<u8>> {
    let role = role.word();
    if IRouter::new(router).has_role(storage, role, account)? {
        Ok(())
    } else {
        Err(Unauthorized { account, role }.into())
    }
}

/// The address that `router` has under `id`, never zero.
///
/// # Errors
/// The encoded [`AddressNotSet`], or what the router reverted with.
pub fn address_of(storage: &impl Caller, router: Address, id: Id) -> Result<Address, Vec<u8>> {
    let id = id.word();
    let address = IRouter::new(router).address_of(storage, id)?;
    if address.is_zero() {
        return Err(AddressNotSet { id }.into());
    }
    Ok(address)
}

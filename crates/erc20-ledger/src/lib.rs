//! The ERC-20 ledger that USDai and sUSDai embed as a piece of their storage, with ERC-2612 permits, and calls of other tokens.
//!
//! A contract that says where its [`Erc20Ledger`] is ([`Token`]) has the standards' functions: [`IErc20Callee`], [`IErc2612Callee`]. Values are in the token's smallest unit; the
//! ledger does not know whether that is a dollar or a share. Names and symbols are constants of the token, never storage. The ledger
//! calls no foreign contract; a permit calls the `ecrecover` precompile.
//!
//! - L1: the balances add up to the total supply.
//! - L2: an allowance falls by exactly what is spent of it, except the largest one, which stands for ever.
//! - L3: a permit and an authorization are good once: their nonce is spent by the call that accepts them.

#![cfg_attr(not(test), no_std)]
#[macro_use]
extern crate alloc;

mod authorization;
mod errors;
mod events;
pub mod foreign;
mod ledger;
mod permit;
mod token;

#[cfg(test)]
mod signed_tests;
#[cfg(test)]
mod tests;

pub use authorization::{
    AuthorizationCanceled, AuthorizationError, AuthorizationUsed, Authorizations, AuthorizedToken, ERC3009CallerNotPayee, ERC3009Expired,
    ERC3009InvalidSigner, ERC3009NonceSpent, ERC3009NotYetValid, IErc3009, IErc3009Callee, ERC3009_ID,
};
pub use errors::*;
pub use events::*;
pub use ledger::Erc20Ledger;
pub use permit::{IErc2612, IErc2612Callee};
pub use token::{IErc20, IErc20Callee, Token};

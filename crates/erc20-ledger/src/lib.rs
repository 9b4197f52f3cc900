//! The ERC-20 ledger that USDai and sUSDai embed as a piece of their storage, with ERC-2612 permits.
//!
//! [`Erc20Ledger`] has no ABI of its own: the token declares its functions and hands over. Values are in the token's smallest unit; the
//! ledger does not know whether that is a dollar or a share. Names and symbols are constants of the token, never storage. Nothing here
//! calls a foreign contract; a permit calls the `ecrecover` precompile.
//!
//! - L1: the balances add up to the total supply.
//! - L2: an allowance falls by exactly what is spent of it, except the largest one, which stands for ever.
//! - L3: a permit is good once: its nonce is spent by the call that accepts it.

#![cfg_attr(not(test), no_std)]
#[macro_use]
extern crate alloc;

mod errors;
mod events;
mod ledger;
mod permit;

#[cfg(test)]
mod tests;

pub use errors::*;
pub use events::*;
pub use ledger::Erc20Ledger;
pub use permit::{Domain, Permit, Signature};

//! USDai, the dollar (PROTOCOL 2), and the adapter through which it takes and gives other stablecoins.
//!
//! [`Usdai`] is an ERC-20 with permits and authorized transfers (ERC-3009), of accounts and of contracts (ERC-1271). Every USDai is
//! backed by base token, a tokenised treasury bill of 6 decimals whose yield accrues beside the balance: 10^12 wei of USDai for each base
//! unit, in and out, at any time. Other stablecoins are swapped on the way, through the contract that the router names `SWAP_ADAPTER`; the
//! shipped one is [`UniswapAdapter`].
//!
//! - U1: base token held × 10^12 ≥ total supply + bridged supply, always. Deposits mint what arrived, rounded down; withdrawals pay what
//!   they burn, rounded down to a whole base unit; yield is minted only above it.
//! - A withdrawal that is not a whole number of base units burns what it pays for; the remainder stays with the holder.
//! - Who asks for a minimum gets it or the call reverts: measured where the tokens arrive, whatever they or the adapter claim.
//!
//! Trusted: the base token (chosen at construction, for ever), and through the router its admin, who names the adapter, the vault and the
//! treasury, caps the supply and can pause deposits and withdrawals, the guardian, who can pause deposits, and the bridge role, which can
//! burn what crosses. The adapter holds a user's tokens only within a call: a bad one can cost that user its deposit down to the minimum
//! named, never the backing of others. Deposits and withdrawals of base token need neither the router nor the adapter.

#![cfg_attr(not(test), no_std)]
#[macro_use]
extern crate alloc;

mod backing;
mod errors;
mod events;
mod flows;
mod small;
mod token;
mod transfers;
pub mod uniswap_adapter;

#[cfg(test)]
mod stand_ins;
#[cfg(test)]
mod token_tests;

pub use backing::{BaseUnits, Harvest, Redemption, Supply, BASE_SCALE, MAX_ADMIN_FEE};
pub use errors::*;
pub use events::*;
pub use token::Usdai;
pub use uniswap_adapter::UniswapAdapter;

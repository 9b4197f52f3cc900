//! The front door: several steps in one transaction (PROTOCOL 7).
//!
//! | journey | what the caller brings | consent |
//! | --- | --- | --- |
//! | `depositAndStake` | a stablecoin, for sUSDai | approval or permit of the stablecoin |
//! | `requestAndBid` | sUSDai, for a place in the queue and a sealed bid | operator at the vault, by call or by signature (ERC-7741) |
//! | `claimTo` | what is settled, for a stablecoin | operator at the vault, by call or by signature |
//! | `drawTo` | an offer of a loan, for a stablecoin | operator at origination |
//! | `repayFrom` | a stablecoin, for a loan's payment | approval or permit of the stablecoin |
//!
//! Every journey has a slippage bound for each step that has a price, and a deadline. Beside them stand views: the system, a loan, a
//! position, each in one call and of one moment.
//!
//! # Nothing stays
//!
//! The gateway owns nothing. A journey compares its balances of every token it touched with those at the beginning, and reverts if they
//! differ; so tokens sent here by mistake are not spent by the next caller either, and neither a token that delivers less than it says, nor
//! an adapter that does not take all it was given, nor a return value that is not true gets through. It leaves no allowance behind, which a
//! USDT-like token would refuse to overwrite the next time.
//!
//! # Nobody is acted for
//!
//! Consents are given to this contract, and it acts for `msg.sender` alone: it pulls tokens of the caller only, and spends no other consent
//! than the caller's. It has no role and no power anywhere, and the router, which can make any call, is trusted with no consent: that is
//! why they are two contracts. A permit that somebody else has already used, to be in the way, does no harm: what counts is the allowance.

#![cfg_attr(not(test), no_std)]
#[macro_use]
extern crate alloc;

mod errors;
mod events;
mod gateway;
mod journeys;
mod quotes;

pub use errors::*;
pub use events::*;
pub use gateway::{Authorization, Gateway, Permit};
pub use quotes::{Instalment, LoanQuote, PositionQuote, QueueState, Snapshot, UsdaiState, VaultState};

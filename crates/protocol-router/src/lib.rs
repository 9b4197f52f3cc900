//! Address book, authority and front door of the protocol (PROTOCOL 7).
//!
//! * **Address book**: `addressOf(id)`; contracts copy what they need from it when anyone tells them to (`wire()`).
//! * **Authority**: `hasRole(role, account)`; contracts ask in administrative calls only, so users pay nothing for it. `ADMIN` is a
//!   single account which hands over in two steps; every other role is a set that `ADMIN` keeps.
//! * **Journeys**: several steps in one transaction, with a slippage bound for each and a deadline. The router owns nothing: a journey
//!   leaves its balances as it found them or reverts, so tokens sent here by mistake are not spent by the next caller either.
//!
//! Ids of roles and addresses are names in ASCII (`interfaces::ids`); the router takes any, so that a later contract needs no new router.

#![cfg_attr(not(test), no_std)]
#[macro_use]
extern crate alloc;

mod errors;
mod events;
mod journeys;
mod router;

pub use errors::*;
pub use events::*;
pub use router::Router;

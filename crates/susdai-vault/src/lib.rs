//! sUSDai, the vault share (PROTOCOL 3): ERC-4626 on the way in, ERC-7540 on the way out, with the loan book that FiLo moves.
//!
//! The core is pure: [`nav`] (what a share is worth), [`loan_book`] (what is lent and what it earns), [`vesting`] (income that must not
//! jump), [`till`] (cash and what of it may be lent), [`words`] (how they lie in storage). The shell is [`Vault`]: load, compute, book,
//! emit, call out.
//!
//! - V1: no price falls except by a booked loss. It holds as long as FiLo rounds the interest of a payment up against the accrual that
//!   the payment settles.
//! - V2: all claims together never exceed the assets.
//! - V3: the booked cash never exceeds the USDai held. What arrives unannounced is not booked and changes no price.
//!
//! Trusted: USDai to move exact amounts or revert; FiLo and the queue, as the router names them, to have moved the money they report.
//! No call comes back up: none of USDai, queue or router calls the vault while the vault calls it.

#![cfg_attr(not(test), no_std)]
#[macro_use]
extern crate alloc;

mod access;
mod books;
mod entry;
pub mod errors;
pub mod events;
mod exit;
mod lending;
pub mod loan_book;
pub mod nav;
mod operators;
pub mod till;
mod vault;
pub mod vesting;
pub mod words;

pub use operators::{IErc7741, IErc7741Callee, ERC7741_ID};
pub use vault::Vault;

//! QEV, the queue in which those wait who want to leave the vault (PROTOCOL 5). This version is the par lane alone: first come, first
//! served, no bids, no cancelling, no transfer.
//!
//! * [`book`]: a lane counts shares, not requests; a position is a piece of the lane; what it earned is the difference of one function.
//! * [`epochs`]: when a settlement may be, and who is in time for it.
//! * [`clearing`]: how far the vault's cash goes.
//! * [`Queue`]: the contract. Entering is O(1), settling is O(1) however many wait, a claim is O(log settlements).
//!
//! # Trust
//! The vault is trusted for two things: that `openPosition` follows a transfer of as many shares, with the controller's consent, and that
//! `fillRedemptions` burns and pays what it is told. Nobody else can change anything but the clock's consequences: settling is open to all
//! and has one outcome, and a claim is open to the position's controller. No role exists here, nothing can be paused.
//!
//! # Liveness
//! A settlement that nobody calls is made up for by the next, which then covers all epochs that passed. A vault without cash, or whose
//! shares are worth nothing, settles with nothing filled: everybody keeps their place.
//!
//! # Invariants
//! * Q1: sUSDai held = sum of pending shares.
//! * Q2: USDai held = sum of claimable assets.
//! * Q3: nobody is paid before somebody ahead in the lane.

#![cfg_attr(not(test), no_std)]
#[macro_use]
extern crate alloc;

pub mod book;
mod claims;
pub mod clearing;
pub mod epochs;
mod errors;
mod events;
mod opening;
mod queue;
mod settling;
mod store;
pub mod units;

pub use errors::*;
pub use events::*;
pub use queue::Queue;

//! sUSDai, the vault share (PROTOCOL 3).
#![cfg_attr(not(test), no_std)]
extern crate alloc;

pub mod errors;
pub mod loan_book;
pub mod nav;
pub mod till;
pub mod vesting;
pub mod words;

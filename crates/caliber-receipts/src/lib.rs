//! CALIBER warehouse receipts: documents of title over hardware, one ERC-721 token each (PROTOCOL 4).
//!
//! | letter | here |
//! | --- | --- |
//! | Collateralized Asset Ledger | [`CaliberReceipts`]: ERC-721, metadata, ERC-165 |
//! | Insurance | [`evaluation::Cover`], posted by an attestor |
//! | Bailment | custodian, agreement hash and URI, given at issue |
//! | Evaluation | [`evaluation::Valuation`], posted by an appraiser, decaying until the next one |
//! | Encumbrance | [`title::Title`], moved by the FiLo contract alone |
//!
//! Pure logic is in [`title`] and [`evaluation`], the layout in [`storage`]; [`CaliberReceipts`] loads, calls, commits, emits.
//!
//! Invariants, cited by the tests:
//! - **C1** every pledged receipt belongs to exactly one loan, cannot move, and is released by that loan only.
//! - **C2** no two live receipts have the same serial manifest.
//!
//! What is trusted: the router's roles (a tokenising agent can issue receipts over hardware that does not exist, an appraiser can
//! overvalue it), and the FiLo contract that the router's address book names.

#![cfg_attr(not(test), no_std)]
#[macro_use]
extern crate alloc;

pub mod errors;
pub mod evaluation;
pub mod events;
mod shell;
pub mod storage;
pub mod title;

pub use errors::CaliberError;
pub use shell::CaliberReceipts;

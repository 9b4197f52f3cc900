//! CALIBER warehouse receipts: documents of title over hardware, one ERC-721 token each (PROTOCOL 4).
//!
//! | letter | here |
//! | --- | --- |
//! | Collateralized Asset Ledger | [`CaliberReceipts`]: ERC-721 ([`erc721_ledger`]), metadata, ERC-4906, ERC-7572 |
//! | Insurance | [`evaluation::Cover`], posted by an attestor |
//! | Bailment | custodian and agreement, given at issue, handed over by proposal and acceptance; operating user (ERC-4907) |
//! | Evaluation | [`evaluation::Bench`]: the median of up to seven appraisals, each decaying, with an index for the whole class |
//! | Encumbrance | [`title::Lien`], moved by the FiLo contract alone |
//! | Redemption | handed in by the holder, confirmed by the custodian, burnt |
//!
//! Pure logic is in [`title`] and [`evaluation`], the layout in [`storage`]; [`CaliberReceipts`] loads, calls, commits, emits.
//!
//! Invariants, cited by the tests:
//! - **C1** every pledged receipt belongs to exactly one loan, cannot move, and is released by that loan only.
//! - **C2** no two live receipts have the same serial manifest.
//!
//! What is trusted: the router's roles (a tokenising agent can issue receipts over hardware that does not exist, a quorum of appraisers
//! can overvalue it), the custodian (who can deny a delivery), and the FiLo contract that the router's address book names. What each can do
//! is bounded: an agent's figure counts until the first appraiser speaks, one appraiser among several moves the median to its neighbour
//! at most, a class falls by a bounded step a week, and whoever loses the role loses every appraisal at once.

#![cfg_attr(not(test), no_std)]
#[macro_use]
extern crate alloc;

pub mod errors;
pub mod evaluation;
pub mod events;
mod records;
mod shell;
pub mod storage;
pub mod title;

pub use errors::CaliberError;
pub use records::{Goods, Lot, Receipt, Said};
pub use shell::CaliberReceipts;

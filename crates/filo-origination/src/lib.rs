//! How a loan comes about: a curator's offer, posted or signed, and a borrower who takes it (PROTOCOL 6).
//!
//! An offer is the whole of what both sides agree on ([`Offer`]), known by its EIP-712 digest. The curator of its stack posts it, at the
//! price of one word, or signs it, for nothing; the borrower it names, or an operator of theirs, hands it in once, until it expires or
//! the curator cancels it. What is handed in is what was agreed to the letter, so nothing of it needs to be kept.
//!
//! | who | calls | which |
//! | --- | --- | --- |
//! | curator | `post` | lets the borrower take the offer without a signature |
//! | curator | `cancel` | ends an offer, posted or signed |
//! | borrower | `draw` | takes the offer: receipts pledged, money paid out |
//! | borrower | `refinance` | takes the offer in place of a loan: that one is paid off with the new one's money, the receipts pass over and are free at no time |
//! | borrower | `topUp` | puts further receipts behind a loan |
//! | borrower | `setOperator` | lets another account do the three for them |
//!
//! Loans, stacks and money are FiLo's (`filo-stacks`), which lends when this contract says so, within its own limits: first loss, caps,
//! exposure, LTV, cover. FiLo never calls it, so no call comes back up the stack. Checked here is what two people agreed: that they did,
//! and that it lies within the bounds of [`filo_stacks::terms`].
//!
//! What is trusted: the router's roles and address book; FiLo and CALIBER, which the address book names.

#![cfg_attr(not(test), no_std)]
#[macro_use]
extern crate alloc;

pub mod errors;
pub mod events;
pub mod offer;
mod shell;
#[cfg(test)]
mod tests;

pub use errors::OriginationError;
pub use offer::Offer;
pub use shell::FiloOrigination;

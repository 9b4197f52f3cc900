//! The protocol said again, as simply as can be: reference models to compare the contracts with.
//!
//! They are written from `docs/PROTOCOL.md` and not from the contracts. They keep no index, pack no word and take no short cut: a queue is a list
//! that is walked from its front, a price is found by trying every one, and money is an exact integer or an exact fraction.

pub mod exact;
pub mod filo;
pub mod protocol;
pub mod qev;
pub mod vault;

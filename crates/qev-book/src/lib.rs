//! The book of QEV, a limit order book for time (PROTOCOL 5): state in, state out, no chain. `docs/QEV.md` explains the rules.
//!
//! * [`book`]: a lane is a line of shares, not of requests; a lot is a piece of it; what it earned is the difference of one function.
//! * [`voids`]: who left before being filled, counted so that any prefix of the line is summed in O(log entries).
//! * [`clearing`]: how far the vault's cash goes, and the one premium at which the bids clear.
//! * [`positions`]: a lot, what was taken out of it, and what its bid has at stake.
//! * [`words`]: how a lane lies in words of 256 bits, wherever they are kept.
//! * [`epochs`]: when a settlement may be, and who is in time for it.
//!
//! # Cost
//! Entering, leaving and bidding touch a bounded number of words. A settlement reads two words and writes one for each lane of bids that it
//! fills, at most 254, and looks up two places in trees of voids; how many positions wait, and how many left, is of no matter. What a
//! position earned is found in O(log settlements).
//!
//! # Invariants
//! The tests walk a million random operations beside a list of lots that a settlement sorts and fills one by one; it shares no line with
//! the book.
//!
//! * Q2: assets held, without any rounding, = sum of claimables + dust: what rounding left and what lost bonds had earned.
//! * Q3: nobody is paid before somebody ahead in the lane.
//! * Q4: nobody pays more than they bid.
//! * Q5: a settlement does what sorting every request and filling one by one would do, to the wei.
//! * Q6: the par lane gets its floor of the budget, as far as it has demand.

#![cfg_attr(not(test), no_std)]
extern crate alloc;

pub mod book;
pub mod clearing;
pub mod epochs;
pub mod positions;
pub mod units;
pub mod voids;
pub mod words;

#[cfg(test)]
mod memory;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;

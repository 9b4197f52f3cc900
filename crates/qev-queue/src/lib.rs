//! QEV, the queue in which those wait who want to leave the vault (PROTOCOL 5): patience is free, priority is auctioned with sealed bids,
//! and what is bid stays with those who stay. `docs/QEV.md` explains it with an example.
//!
//! The core, state in, state out, is the crate `qev-book`.
//!
//! The shell is [`Queue`], a file a feature: `opening`, `bidding` (with `sealed`, the seam of how a bid is opened), `leaving`, `settling`,
//! `claims`, `listing`, `quotes`, `metadata`; `store` is how the books lie in storage. It is two programs: [`Queue`] itself, which the vault
//! calls and bidders pay for, and [`Settlement`], to which it hands on the rest and which runs on its storage. [`INTERFACE`] is both.
//!
//! # Cost
//! Entering, leaving and bidding touch a bounded number of words: a request writes two new ones, the position and, for who never had one,
//! the count of its tokens, and changes two. A settlement reads two words and writes one for each lane of bids that it
//! fills, at most 254, and looks up two places in trees of voids; how many positions wait, and how many left, is of no matter. A claim is
//! O(log settlements). What the vault asks about a controller, and claims for it, is over seven positions at most.
//!
//! # Trust
//! The vault is trusted: that `openPosition` follows a transfer of as many shares, with the controller's consent; that `fillRedemptions` and
//! `burnForfeited` burn and pay what they are told; and for whom it bars. The router is trusted for who answers for due days (`DUE_DAYS`;
//! nobody, while it has no such entry), and whoever that is for the answer: a wrong one can stop settlements, and nothing else. Nobody else
//! can change anything but the clock's consequences: settling and taking bonds are open to all and have one outcome, the rest is open to
//! the position's holder. Nothing can be paused. One role exists: `ADMIN` can name another second program (`setSettlement`), which works on all of
//! this storage: it is trusted as whoever upgrades a proxy is, and in a deployment with a delay it is the router, two days after everybody saw it.
//!
//! # Liveness
//! A settlement that nobody calls is made up for by the next, which then covers all epochs that passed; until then no bids are sealed, so
//! none is overtaken. A vault without cash, or whose shares are worth nothing, settles with nothing filled: everybody keeps their place.
//! A loan that is overdue and not marked stops a settlement until anybody marks it.
//!
//! # Invariants
//! * Q1: sUSDai held = sum of pending shares + forfeited shares that are not yet burnt. Bonds are the last of the pending ones.
//! * Q2: USDai held, without any rounding, = sum of claimables + dust: what rounding left and what bonds had earned. Dust of a wei and more
//!   goes to the vault with the next settlement. It is negative by what settlements rounded off, and never falls to minus one wei: the wei
//!   that fractions come to is paid by the settlement that would bring it there. So what is held covers all that can be claimed.
//! * Q3: nobody is paid before somebody ahead in the lane.
//! * Q4: nobody pays more than they bid.
//! * Q5: a settlement does what sorting every request and filling one by one would do, to the wei.
//! * Q6: the par lane gets its floor of the budget, as far as it has demand.

#![cfg_attr(not(test), no_std)]
extern crate alloc;

mod bidding;
mod claims;
mod errors;
mod events;
mod leaving;
mod listing;
mod metadata;
mod opening;
mod queue;
mod quotes;
mod sealed;
mod settlement;
mod settling;
mod store;

pub use errors::*;
pub use events::*;
pub(crate) use qev_book::{book, clearing, epochs, positions, units, words};
pub use queue::Queue;
pub use sealed::seal;
pub use settlement::Settlement;

use lean_abi::describe::{joined, Described, Function, Interface};

/// What the queue answers at its address: its own functions, and those of the second program.
pub const INTERFACE: Interface = Interface {
    functions: &FUNCTIONS,
    ..Queue::INTERFACE
};

const FUNCTIONS: [&[Function]; Queue::INTERFACE.functions.len() + Settlement::INTERFACE.functions.len()] =
    joined(&Queue::INTERFACE, &Settlement::INTERFACE);

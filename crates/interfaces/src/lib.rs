//! What the contracts say to each other: typed calls, ids of roles and addresses, and the checks that every contract makes alike.
//!
//! One definition each. A contract that is called implements the functions of the `sol_interface!` block that bears its name; a
//! contract that calls uses the client that the same block generates.

#![cfg_attr(not(test), no_std)]
#[macro_use]
extern crate alloc;

pub mod authority;
pub mod calldata;
pub mod calls;
pub mod checks;
pub mod erc20;
pub mod ids;
pub mod words;

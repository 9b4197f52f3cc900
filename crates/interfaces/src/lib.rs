//! What the contracts say to each other: typed calls, ids of roles and addresses, and the checks that every contract makes alike.
//!
//! One definition each. A contract that is called implements the functions of the `interface!` block that bears its name, which the
//! compiler checks; a contract that calls uses the client that the same block generates.

#![cfg_attr(not(test), no_std)]
extern crate alloc;

pub mod authority;
pub mod calls;
pub mod checks;
pub mod ids;
pub mod views;

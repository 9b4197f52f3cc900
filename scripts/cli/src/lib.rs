//! The protocol from the outside: build it, deploy it, play it, measure it.
//!
//! A library so that the demo, the benchmark and the scenario tests are one piece of code; `main.rs` is its command line.

pub mod access;
pub mod bench;
pub mod demo;
pub mod deploy;
pub mod embedded;
pub mod files;
pub mod gate;
pub mod instalment;
pub mod keep;
pub mod node;
pub mod people;
pub mod protocol;
pub mod published;
pub mod rpc;
pub mod story;
pub mod transfer;
pub mod units;
pub mod upgrade;
pub mod watch;
pub mod wiring;

pub use alloy_signer_local;

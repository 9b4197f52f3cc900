//! The deployed FiLo contract: the entrypoint of [`filo_stacks`].
#![cfg_attr(not(test), no_std)]
#![allow(missing_docs, reason = "the macro's exported symbol has no place for a comment")]
extern crate alloc;

use alloc::vec::Vec;

use filo_stacks::FiloStacks;
use stylus_sdk::{abi::router_entrypoint, host::VM, prelude::*, ArbResult};

#[entrypoint]
fn main(input: Vec<u8>, vm: VM) -> ArbResult {
    router_entrypoint::<FiloStacks, FiloStacks>(input, vm)
}

//! Entrypoint of FiLo: see the crate `filo-stacks`.

#![allow(missing_docs, reason = "`#[entrypoint]` exports a function that nobody calls by name")]
#![allow(
    dead_code,
    reason = "and exports none where a unit test of another crate switches `stylus-test` on"
)]

use filo_stacks::FiloStacks;
use stylus_sdk::{abi::router_entrypoint, host::VM, prelude::*, ArbResult};

#[entrypoint]
fn main(input: Vec<u8>, vm: VM) -> ArbResult {
    router_entrypoint::<FiloStacks, FiloStacks>(input, vm)
}

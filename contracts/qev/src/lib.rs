//! Entrypoint of QEV: see the crate `qev-queue`.

#![allow(missing_docs, reason = "`#[entrypoint]` exports a function that nobody calls by name")]
#![allow(
    dead_code,
    reason = "and exports none where a unit test of another crate switches `stylus-test` on"
)]

use qev_queue::Queue;
use stylus_sdk::{abi::router_entrypoint, host::VM, prelude::*, ArbResult};

#[entrypoint]
fn main(input: Vec<u8>, vm: VM) -> ArbResult {
    router_entrypoint::<Queue, Queue>(input, vm)
}

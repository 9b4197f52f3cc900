//! Entrypoint of CALIBER: see the crate `caliber-receipts`.

#![allow(missing_docs, reason = "`#[entrypoint]` exports a function that nobody calls by name")]
#![allow(
    dead_code,
    reason = "and exports none where a unit test of another crate switches `stylus-test` on"
)]

use caliber_receipts::CaliberReceipts;
use stylus_sdk::{abi::router_entrypoint, host::VM, prelude::*, ArbResult};

#[entrypoint]
fn main(input: Vec<u8>, vm: VM) -> ArbResult {
    router_entrypoint::<CaliberReceipts, CaliberReceipts>(input, vm)
}

//! Entrypoint of sUSDai: see the crate `susdai-vault`.

#![allow(missing_docs, reason = "`#[entrypoint]` exports a function that nobody calls by name")]
#![allow(
    dead_code,
    reason = "and exports none where a unit test of another crate switches `stylus-test` on"
)]

use stylus_sdk::{abi::router_entrypoint, host::VM, prelude::*, ArbResult};
use susdai_vault::Vault;

#[entrypoint]
fn main(input: Vec<u8>, vm: VM) -> ArbResult {
    router_entrypoint::<Vault, Vault>(input, vm)
}

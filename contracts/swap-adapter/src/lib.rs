//! Entrypoint of the swap adapter: see the crate `usdai-token`.

#![allow(missing_docs, reason = "`#[entrypoint]` exports a function that nobody calls by name")]
#![allow(
    dead_code,
    reason = "and exports none where a unit test of another crate switches `stylus-test` on"
)]

use stylus_sdk::{abi::router_entrypoint, host::VM, prelude::*, ArbResult};
use usdai_token::UniswapAdapter;

#[entrypoint]
fn main(input: Vec<u8>, vm: VM) -> ArbResult {
    router_entrypoint::<UniswapAdapter, UniswapAdapter>(input, vm)
}

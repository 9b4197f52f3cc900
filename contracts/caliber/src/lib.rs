//! The deployed CALIBER contract: the entrypoint of [`caliber_receipts`].
#![cfg_attr(not(test), no_std)]
#![allow(missing_docs, reason = "the macro's exported symbol has no place for a comment")]
extern crate alloc;

use alloc::vec::Vec;

use caliber_receipts::CaliberReceipts;
use stylus_sdk::{abi::router_entrypoint, host::VM, prelude::*, ArbResult};

#[entrypoint]
fn main(input: Vec<u8>, vm: VM) -> ArbResult {
    router_entrypoint::<CaliberReceipts, CaliberReceipts>(input, vm)
}

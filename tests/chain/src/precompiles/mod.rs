//! Arbitrum's precompiles, as far as contracts and tools around Stylus use them.

mod arb_gas_info;
mod arb_owner_public;
mod arb_sys;
mod arb_wasm;
mod arb_wasm_cache;
mod call;

pub use abi::{ArbGasInfo, ArbOwnerPublic, ArbSys, ArbWasm, ArbWasmCache, NodeInterface};
pub(crate) use call::{Failure, PrecompileCall};

mod abi;

use crate::{
    arbos::Fault,
    evm::{ended, halted, Ctx},
};
use alloy_primitives::{address, Address, Bytes};
use revm::interpreter::{CallInputs, InstructionResult, InterpreterResult};

/// ArbSys: the chain about itself.
pub const ARB_SYS: Address = address!("0000000000000000000000000000000000000064");
/// ArbOwnerPublic: who owns the chain.
pub const ARB_OWNER_PUBLIC: Address = address!("000000000000000000000000000000000000006b");
/// ArbGasInfo: prices.
pub const ARB_GAS_INFO: Address = address!("000000000000000000000000000000000000006c");
/// ArbWasm: activation and facts of programs.
pub const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");
/// ArbWasmCache: which programs start at the cached price.
pub const ARB_WASM_CACHE: Address = address!("0000000000000000000000000000000000000072");
/// NodeInterface: answered by the RPC server only, as on Nitro.
pub const NODE_INTERFACE: Address = address!("00000000000000000000000000000000000000c8");

/// The addresses that the EVM answers.
pub(crate) const ADDRESSES: [Address; 5] = [ARB_SYS, ARB_OWNER_PUBLIC, ARB_GAS_INFO, ARB_WASM, ARB_WASM_CACHE];

/// Runs the precompile that `inputs` calls. Value has been transferred; the caller commits or rolls back.
pub(crate) fn run(ctx: &mut Ctx<'_>, inputs: &CallInputs, data: &[u8]) -> InterpreterResult {
    let mut call = PrecompileCall::new(ctx, inputs);
    let outcome = call.charge_input(data.len()).and_then(|()| match inputs.bytecode_address {
        ARB_WASM => arb_wasm::run(&mut call, data),
        ARB_WASM_CACHE => arb_wasm_cache::run(&mut call, data),
        ARB_SYS => arb_sys::run(&mut call, data),
        ARB_GAS_INFO => arb_gas_info::run(&mut call, data),
        ARB_OWNER_PUBLIC => arb_owner_public::run(&mut call, data),
        _ => Err(Failure::Revert(Bytes::new())),
    });
    let outcome = outcome.and_then(|output| call.charge_output(output.len()).map(|()| output));
    let left = call.gas_left();
    let limit = inputs.gas_limit;
    match outcome {
        Ok(output) => ended(InstructionResult::Return, output.into(), limit, left),
        Err(Failure::Revert(data)) => ended(InstructionResult::Revert, data, limit, left),
        Err(Failure::BurnOut(fault)) => {
            ctx.chain.fault = Some(fault);
            ended(InstructionResult::Revert, Bytes::new(), limit, 0)
        }
        Err(Failure::Unsupported(what)) => {
            ctx.chain.fault = Some(Fault::Unsupported { what });
            ended(InstructionResult::Revert, Bytes::new(), limit, left)
        }
        Err(Failure::OutOfGas) => halted(InstructionResult::PrecompileOOG, limit),
    }
}

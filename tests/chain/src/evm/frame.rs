//! Frames that are not EVM bytecode: programs and Arbitrum's precompiles.

use super::{PrecompileSet, StylusEvm};
use crate::precompiles;
use alloy_primitives::Bytes;
use revm::{
    context_interface::{ContextTr, JournalTr},
    handler::{EvmTr, FrameResult},
    interpreter::{
        interpreter_action::FrameInit, CallInputs, CallOutcome, CallValue, FrameInput, Gas, InstructionResult, InterpreterResult,
        SharedMemory,
    },
    primitives::constants::CALL_STACK_LIMIT,
};

/// A call on its way to a program or a precompile.
pub(super) struct HostCall<'a> {
    pub(super) inputs: &'a CallInputs,
    /// Calldata.
    pub(super) data: Bytes,
    /// Calls above this one.
    pub(super) depth: usize,
    /// The memory that EVM frames below this one start from.
    pub(super) memory: &'a mut SharedMemory,
}

impl StylusEvm<'_> {
    /// Runs a whole call in this place: depth, value transfer, the callee, and commit or rollback.
    pub(super) fn run_host_frame(&mut self, init: FrameInit) -> FrameResult {
        let FrameInit {
            depth,
            mut memory,
            frame_input,
        } = init;
        let FrameInput::Call(inputs) = frame_input else {
            unreachable!("only calls run outside the interpreter");
        };
        let data = inputs.input.bytes(self.ctx());
        let result = self.settle(HostCall {
            inputs: &inputs,
            data,
            depth,
            memory: &mut memory,
        });
        FrameResult::Call(CallOutcome::new(result, inputs.return_memory_offset.clone()))
    }

    fn settle(&mut self, call: HostCall<'_>) -> InterpreterResult {
        let inputs = call.inputs;
        if call.depth as u64 > CALL_STACK_LIMIT {
            return unspent(InstructionResult::CallTooDeep, inputs.gas_limit);
        }
        let journal = self.ctx_mut().journal_mut();
        let checkpoint = journal.checkpoint();
        if let CallValue::Transfer(value) = inputs.value {
            if let Some(error) = journal.transfer_loaded(inputs.caller, inputs.target_address, value) {
                journal.checkpoint_revert(checkpoint);
                return unspent(error.into(), inputs.gas_limit);
            }
        }
        let result = if PrecompileSet::is_arbitrum(inputs.bytecode_address) {
            precompiles::run(self.ctx_mut(), inputs, &call.data)
        } else {
            self.run_program(call)
        };
        let journal = self.ctx_mut().journal_mut();
        if result.is_ok() {
            journal.checkpoint_commit();
        } else {
            journal.checkpoint_revert(checkpoint);
        }
        result
    }
}

/// A result that leaves all gas.
fn unspent(result: InstructionResult, gas_limit: u64) -> InterpreterResult {
    InterpreterResult::new(result, Bytes::new(), Gas::new(gas_limit))
}

/// A result with `left` of `gas_limit` unspent.
pub(crate) fn ended(result: InstructionResult, output: Bytes, gas_limit: u64, left: u64) -> InterpreterResult {
    let mut gas = Gas::new(gas_limit);
    gas.set_remaining(left.min(gas_limit));
    InterpreterResult::new(result, output, gas)
}

/// A failure that takes all gas and returns nothing.
pub(crate) fn halted(result: InstructionResult, gas_limit: u64) -> InterpreterResult {
    ended(result, Bytes::new(), gas_limit, 0)
}

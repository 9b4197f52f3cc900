//! One frame of a Stylus program: what it pays to start, how it runs, how it ends.

use super::{
    acting_callee,
    frame::{ended, halted, HostCall},
    host::Host,
    StylusEvm,
};
use crate::{
    arbos::{Fault, Programs},
    native::Native,
    witness,
};
use alloy_primitives::{Address, Bytes, B256, U256};
use revm::{
    context_interface::{ContextTr, Transaction},
    handler::EvmTr,
    interpreter::{CallInputs, InstructionResult, InterpreterResult},
    state::Bytecode,
};
use std::sync::Arc;
use stylus_wasm::{return_data_gas, EvmData, Program, RunOutcome, RunStatus};

/// Stack that must be free before a program's frame starts, and how much more to take when it is not: a chain of calls may be
/// 1,024 frames deep, each a run of the WASM interpreter.
const STACK_RED_ZONE: usize = 512 << 10;
const STACK_STEP: usize = 8 << 20;

/// What a program's frame runs.
enum Executable {
    Wasm(Arc<Program>),
    Native(Native),
}

impl StylusEvm<'_> {
    /// Runs the program that `call` goes to. The caller has transferred the value and commits or reverts.
    pub(super) fn run_program(&mut self, call: HostCall<'_>) -> InterpreterResult {
        let inputs = call.inputs;
        let gas_limit = inputs.gas_limit;
        let address = inputs.bytecode_address;
        let (code_hash, code) = &inputs.known_bytecode;

        // On Nitro these errors are no reverts: they take all gas and say nothing.
        let record = match Programs::get_active(self.ctx_mut(), *code_hash) {
            Ok(record) => record,
            Err(reason) => return self.fault(Fault::NotRunnable { address, reason }, InstructionResult::OutOfGas, gas_limit),
        };
        let program = match self.executable(*code_hash, code) {
            Ok(program) => program,
            Err(reason) => return self.fault(Fault::Activation { address, reason }, InstructionResult::OutOfGas, gas_limit),
        };

        let chain = &mut self.ctx_mut().chain;
        let ran_in_block = chain.recent.insert(*code_hash, chain.params.block_cache_size);
        let cached = record.cached || ran_in_block;
        let init = if cached { 0 } else { record.init_gas(&chain.params) };
        let pages_before = chain.pages_open;
        let entry = chain
            .open_pages(record.footprint)
            .saturating_add(record.cached_gas(&chain.params) + init);
        let Some(gas) = gas_limit.checked_sub(entry) else {
            chain.pages_open = pages_before;
            let fault = Fault::Exhausted {
                address,
                what: "gas to enter",
            };
            return self.fault(fault, InstructionResult::OutOfGas, gas_limit);
        };

        let acting = acting_callee(inputs);
        if let Some(account) = acting {
            chain.enter(account);
        }
        let data = self.evm_data(inputs);
        let (outcome, refund) = stacker::maybe_grow(STACK_RED_ZONE, STACK_STEP, || {
            let mut host = Host::new(self, inputs, call.depth, call.memory);
            let outcome = match &program {
                Executable::Wasm(program) => {
                    let outcome = program.run(&call.data, &mut host, &data, gas);
                    witness::note(*code_hash, &call.data, &outcome);
                    outcome
                }
                Executable::Native(native) => native.run(&call.data, &mut host, &data, gas),
            };
            (outcome, host.refund())
        });
        let chain = &mut self.ctx_mut().chain;
        if let Some(account) = acting {
            chain.leave(account);
        }
        chain.pages_open = pages_before;
        self.end_program(address, gas_limit, outcome, refund)
    }

    /// Turns the WASM side's outcome into revm's, with Nitro's least price of return data.
    fn end_program(&mut self, address: Address, gas_limit: u64, outcome: RunOutcome, refund: i64) -> InterpreterResult {
        let result = match outcome.status {
            RunStatus::Success => InstructionResult::Return,
            RunStatus::Revert => InstructionResult::Revert,
            RunStatus::Trap(trap) => {
                self.ctx_mut().chain.fault = Some(Fault::Trap { address, trap });
                InstructionResult::Revert
            }
            RunStatus::OutOfInk => {
                return self.fault(Fault::Exhausted { address, what: "ink" }, InstructionResult::OutOfGas, gas_limit);
            }
            RunStatus::OutOfStack => {
                return self.fault(
                    Fault::Exhausted { address, what: "stack" },
                    InstructionResult::StackOverflow,
                    gas_limit,
                );
            }
        };
        let Some(most_left) = gas_limit.checked_sub(return_data_gas(outcome.output.len())) else {
            return halted(InstructionResult::OutOfGas, gas_limit);
        };
        let mut ended = ended(result, outcome.output, gas_limit, outcome.gas_left.min(most_left));
        if ended.is_ok() {
            ended.gas.record_refund(refund);
        }
        ended
    }

    fn fault(&mut self, fault: Fault, result: InstructionResult, gas_limit: u64) -> InterpreterResult {
        self.ctx_mut().chain.fault = Some(fault);
        halted(result, gas_limit)
    }

    /// What runs for `code` in this transaction.
    fn executable(&mut self, code_hash: B256, code: &Bytecode) -> Result<Executable, stylus_wasm::ActivationError> {
        let chain = &self.ctx_mut().chain;
        match chain.natives.get(&code_hash) {
            Some(native) if chain.natively => Ok(Executable::Native(*native)),
            _ => self.compiled(code_hash, code).map(Executable::Wasm),
        }
    }

    /// The compiled program of `code`, from memory if it has run or been activated before.
    fn compiled(&mut self, code_hash: B256, code: &Bytecode) -> Result<Arc<Program>, stylus_wasm::ActivationError> {
        let compiled = &mut self.ctx_mut().chain.compiled;
        if let Some(program) = compiled.get(&code_hash) {
            return Ok(Arc::clone(program));
        }
        let program = Arc::new(stylus_wasm::activate(code.original_byte_slice())?);
        compiled.insert(code_hash, Arc::clone(&program));
        Ok(program)
    }

    fn evm_data(&mut self, inputs: &CallInputs) -> EvmData {
        let ctx = self.ctx_mut();
        let base_fee = u128::from(ctx.block.basefee);
        EvmData {
            contract: inputs.target_address,
            sender: inputs.caller,
            value: inputs.value.get(),
            origin: ctx.tx.caller,
            gas_price: U256::from(ctx.tx().effective_gas_price(base_fee)),
            base_fee: U256::from(base_fee),
            coinbase: ctx.block.beneficiary,
            block_gas_limit: ctx.block.gas_limit,
            block_number: ctx.block.number.saturating_to(),
            timestamp: ctx.block.timestamp.saturating_to(),
            chain_id: ctx.cfg.chain_id,
            // In a delegate call this is about the account whose storage is used, as on Nitro.
            reentrant: ctx.chain.is_reentrant(inputs.target_address),
            is_static: inputs.is_static,
        }
    }
}

/// Gas that a finished frame hands back: none after a failure other than a revert.
pub(super) fn gas_returned(result: &InterpreterResult) -> u64 {
    if result.is_ok() || result.is_revert() {
        result.gas.remaining()
    } else {
        0
    }
}

/// Output that a caller may see: likewise.
pub(super) fn visible_output(result: InterpreterResult) -> Bytes {
    if result.is_ok() || result.is_revert() {
        result.output
    } else {
        Bytes::new()
    }
}

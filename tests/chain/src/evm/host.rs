//! The chain as a running program sees it: [`EvmApi`] on revm's journal.

use super::{
    known,
    program::{gas_returned, visible_output},
    Ctx, StylusEvm,
};
use alloy_primitives::{Address, Bytes, Log, B256, U256};
use revm::{
    context_interface::{Cfg, ContextTr, CreateScheme, JournalTr},
    handler::{EvmTr, FrameResult},
    interpreter::{interpreter_action::FrameInit, CallInput, CallInputs, CallScheme, CallValue, CreateInputs, FrameInput, SharedMemory},
    state::Bytecode,
};
use stylus_wasm::{CallKind, CallOutcome, CallStatus, CreateOutcome, EvmApi, WriteError};

/// Gas of touching an account or reading a slot the second time, and of the first time (EIP-2929).
const WARM: u64 = 100;
const COLD_ACCOUNT: u64 = 2_600;
const COLD_SLOT: u64 = 2_100;
/// Gas of sending value, of bringing an account into being by it, and what the receiver gets for free.
const CALL_VALUE: u64 = 9_000;
const NEW_ACCOUNT: u64 = 25_000;
const CALL_STIPEND: u64 = 2_300;
const CREATE: u64 = 32_000;
const KECCAK_WORD: u64 = 6;
/// Nitro's extra for reading code, by the largest code allowed.
const EXTCODE: u64 = 700;

/// One program frame's access to the chain.
pub(super) struct Host<'a, 'db> {
    evm: &'a mut StylusEvm<'db>,
    inputs: &'a CallInputs,
    depth: usize,
    memory: &'a mut SharedMemory,
    /// EIP-3529 refunds of this frame and of those below it that succeeded.
    refund: i64,
}

impl<'a, 'db> Host<'a, 'db> {
    pub(super) fn new(evm: &'a mut StylusEvm<'db>, inputs: &'a CallInputs, depth: usize, memory: &'a mut SharedMemory) -> Self {
        Self {
            evm,
            inputs,
            depth,
            memory,
            refund: 0,
        }
    }

    /// Refunds collected so far; they count if the frame succeeds.
    pub(super) fn refund(&self) -> i64 {
        self.refund
    }

    fn ctx(&mut self) -> &mut Ctx<'db> {
        self.evm.ctx_mut()
    }

    /// The account whose storage and balance this frame uses.
    fn contract(&self) -> Address {
        self.inputs.target_address
    }

    /// Runs a frame below this one.
    fn descend(&mut self, frame_input: FrameInput) -> Option<FrameResult> {
        let init = FrameInit {
            depth: self.depth + 1,
            memory: self.memory.new_child_context(),
            frame_input,
        };
        let result = self.evm.run_nested(init);
        self.memory.free_child_context();
        // Errors here are revm's own: there is no database that could fail. The frame counts as failed.
        result.ok()
    }

    /// Gas of calling `to`, before what is forwarded, and the code that will run.
    fn call_cost(&mut self, to: Address, value: U256) -> (u64, (B256, Bytecode)) {
        let journal = self.ctx().journal_mut();
        let account = known(journal.load_account_with_code(to));
        let mut cost = if account.is_cold { COLD_ACCOUNT } else { WARM };
        if !value.is_zero() {
            cost += CALL_VALUE;
            if account.is_empty() {
                cost += NEW_ACCOUNT;
            }
        }
        let mut code = (account.info.code_hash, account.info.code.clone().unwrap_or_default());
        if let Some(delegate) = code.1.eip7702_address() {
            let account = known(journal.load_account_with_code(delegate));
            cost += if account.is_cold { COLD_ACCOUNT } else { WARM };
            code = (account.info.code_hash, account.info.code.clone().unwrap_or_default());
        }
        (cost, code)
    }
}

impl EvmApi for Host<'_, '_> {
    fn storage(&mut self, key: B256) -> (B256, u64) {
        let contract = self.contract();
        let slot = known(self.ctx().journal_mut().sload(contract, key.into()));
        (slot.data.into(), if slot.is_cold { COLD_SLOT } else { WARM })
    }

    fn store(&mut self, slots: &[(B256, B256)], gas_left: u64) -> Result<u64, WriteError> {
        if self.inputs.is_static {
            return Err(WriteError::Static);
        }
        let contract = self.contract();
        let mut cost = 0_u64;
        for (key, value) in slots {
            let ctx = self.ctx();
            let change = known(ctx.journal_mut().sstore(contract, (*key).into(), (*value).into()));
            let prices = ctx.cfg.gas_params();
            cost += prices.sstore_static_gas() + prices.sstore_dynamic_gas(true, &change.data, change.is_cold);
            let refund = prices.sstore_refund(true, &change.data);
            if cost > gas_left {
                // The frame is out of gas: whatever was written goes with it.
                return Err(WriteError::OutOfGas);
            }
            self.refund += refund;
        }
        Ok(cost)
    }

    fn transient(&mut self, key: B256) -> B256 {
        let contract = self.contract();
        self.ctx().journal_mut().tload(contract, key.into()).into()
    }

    fn store_transient(&mut self, key: B256, value: B256) -> Result<(), WriteError> {
        if self.inputs.is_static {
            return Err(WriteError::Static);
        }
        let contract = self.contract();
        self.ctx().journal_mut().tstore(contract, key.into(), value.into());
        Ok(())
    }

    fn call(&mut self, kind: CallKind, to: Address, data: &[u8], value: U256, gas_left: u64, gas_limit: u64) -> CallOutcome {
        let failed = |gas_cost| CallOutcome {
            status: CallStatus::Revert,
            data: Bytes::new(),
            gas_cost,
        };
        let sends_value = kind == CallKind::Call && !value.is_zero();
        if self.inputs.is_static && sends_value {
            return failed(0);
        }
        let (base, known_bytecode) = self.call_cost(to, if sends_value { value } else { U256::ZERO });
        let Some(left) = gas_left.checked_sub(base) else {
            return failed(gas_left);
        };
        let mut forwarded = (left - left / 64).min(gas_limit);
        if sends_value {
            forwarded = forwarded.saturating_add(CALL_STIPEND);
        }
        let here = self.inputs;
        let (scheme, target_address, caller, value) = match kind {
            CallKind::Call => (CallScheme::Call, to, here.target_address, CallValue::Transfer(value)),
            CallKind::Static => (CallScheme::StaticCall, to, here.target_address, CallValue::Transfer(U256::ZERO)),
            CallKind::Delegate => (
                CallScheme::DelegateCall,
                here.target_address,
                here.caller,
                CallValue::Apparent(here.value.get()),
            ),
        };
        let inputs = CallInputs {
            input: CallInput::Bytes(Bytes::copy_from_slice(data)),
            return_memory_offset: 0..0,
            gas_limit: forwarded,
            reservoir: 0,
            bytecode_address: to,
            known_bytecode,
            target_address,
            caller,
            value,
            scheme,
            is_static: here.is_static || kind == CallKind::Static,
            charged_new_account_state_gas: false,
        };
        let Some(FrameResult::Call(outcome)) = self.descend(FrameInput::Call(Box::new(inputs))) else {
            return failed(base.saturating_add(forwarded));
        };
        let result = outcome.result;
        let status = if result.is_ok() { CallStatus::Success } else { CallStatus::Revert };
        if result.is_ok() {
            self.refund += result.gas.refunded();
        }
        let gas_cost = base.saturating_add(forwarded.saturating_sub(gas_returned(&result)));
        CallOutcome {
            status,
            data: visible_output(result),
            gas_cost,
        }
    }

    fn create(&mut self, code: Bytes, endowment: U256, salt: Option<B256>, gas_left: u64) -> CreateOutcome {
        let failed = |gas_cost| CreateOutcome {
            address: None,
            data: Bytes::new(),
            gas_cost,
        };
        if self.inputs.is_static {
            return failed(0);
        }
        let hashing = if salt.is_some() {
            KECCAK_WORD * (code.len() as u64).div_ceil(32)
        } else {
            0
        };
        let Some(left) = gas_left.checked_sub(CREATE + hashing) else {
            return failed(gas_left);
        };
        let kept = left / 64;
        let scheme = salt.map_or(CreateScheme::Create, |salt| CreateScheme::Create2 { salt: salt.into() });
        let inputs = CreateInputs::new(self.contract(), scheme, endowment, code, left - kept, 0);
        let Some(FrameResult::Create(outcome)) = self.descend(FrameInput::Create(Box::new(inputs))) else {
            return failed(gas_left - kept);
        };
        let result = outcome.result;
        let succeeded = result.is_ok();
        if succeeded {
            self.refund += result.gas.refunded();
        }
        let gas_cost = gas_left - kept - gas_returned(&result);
        // Only a revert leaves data behind, as in the EVM.
        let data = if result.is_revert() { result.output } else { Bytes::new() };
        CreateOutcome {
            address: outcome.address.filter(|_| succeeded),
            data,
            gas_cost,
        }
    }

    fn log(&mut self, topics: Vec<B256>, data: Bytes) -> Result<(), WriteError> {
        if self.inputs.is_static {
            return Err(WriteError::Static);
        }
        let address = self.contract();
        self.ctx().journal_mut().log(Log::new_unchecked(address, topics, data));
        Ok(())
    }

    fn balance(&mut self, account: Address) -> (U256, u64) {
        let account = known(self.ctx().journal_mut().load_account(account));
        (account.info.balance, if account.is_cold { COLD_ACCOUNT } else { WARM })
    }

    fn code(&mut self, account: Address) -> (Bytes, u64) {
        let code = known(self.ctx().journal_mut().code(account));
        (code.data, EXTCODE + if code.is_cold { COLD_ACCOUNT } else { WARM })
    }

    fn code_hash(&mut self, account: Address) -> (B256, u64) {
        let hash = known(self.ctx().journal_mut().code_hash(account));
        (hash.data, if hash.is_cold { COLD_ACCOUNT } else { WARM })
    }

    fn add_pages(&mut self, pages: u16) -> u64 {
        self.ctx().chain.open_pages(pages)
    }
}

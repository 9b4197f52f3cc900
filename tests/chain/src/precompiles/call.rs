//! What every precompile call shares: gas, the right to write, errors, events.

use crate::{
    arbos::Fault,
    evm::{known, Ctx},
};
use alloy_primitives::{Address, Bytes, Log, B256, U256};
use alloy_sol_types::{SolError, SolEvent};
use revm::{
    context_interface::{ContextTr, JournalTr},
    interpreter::CallInputs,
};

/// Gas of copying a word of arguments or results.
const COPY_WORD: u64 = 3;
/// Gas of reading and of writing a word of ArbOS' state.
const STATE_READ: u64 = 800;
const STATE_WRITE: u64 = 20_000;
/// Gas of reading the Stylus parameters, which are taken to be warm.
const PARAMS_READ: u64 = 100;
const LOG: u64 = 375;
const LOG_TOPIC: u64 = 375;
const LOG_BYTE: u64 = 8;

/// How a precompile fails.
#[derive(Debug)]
pub(crate) enum Failure {
    /// With data, keeping the gas that is left.
    Revert(Bytes),
    /// Without data, taking all gas: a refused activation.
    BurnOut(Fault),
    /// A function that this chain does not have.
    Unsupported(&'static str),
    /// The gas did not suffice.
    OutOfGas,
}

impl Failure {
    /// A revert with a custom error.
    pub(crate) fn error(error: &impl SolError) -> Self {
        Self::Revert(error.abi_encode().into())
    }

    /// A revert without data, as for a call that decodes to nothing.
    pub(crate) fn empty() -> Self {
        Self::Revert(Bytes::new())
    }
}

/// One call to a precompile.
pub(crate) struct PrecompileCall<'a, 'db> {
    pub(crate) ctx: &'a mut Ctx<'db>,
    /// Immediate caller.
    pub(crate) caller: Address,
    /// Value received, in wei.
    pub(crate) value: U256,
    /// The precompile.
    address: Address,
    may_write: bool,
    gas_left: u64,
}

impl<'a, 'db> PrecompileCall<'a, 'db> {
    pub(crate) fn new(ctx: &'a mut Ctx<'db>, inputs: &CallInputs) -> Self {
        Self {
            ctx,
            caller: inputs.caller,
            value: inputs.value.transfer().unwrap_or_default(),
            address: inputs.bytecode_address,
            // Neither in a static call nor with another contract's identity.
            may_write: !inputs.is_static && inputs.target_address == inputs.bytecode_address,
            gas_left: inputs.gas_limit,
        }
    }

    pub(crate) fn gas_left(&self) -> u64 {
        self.gas_left
    }

    /// Takes `gas`, or all there is.
    pub(crate) fn burn(&mut self, gas: u64) -> Result<(), Failure> {
        let left = self.gas_left.checked_sub(gas);
        self.gas_left = left.unwrap_or(0);
        left.map(|_| ()).ok_or(Failure::OutOfGas)
    }

    /// The price of a call's arguments and of opening ArbOS' state.
    pub(crate) fn charge_input(&mut self, len: usize) -> Result<(), Failure> {
        self.burn(COPY_WORD * words(len.saturating_sub(4)) + STATE_READ)
    }

    pub(crate) fn charge_output(&mut self, len: usize) -> Result<(), Failure> {
        self.burn(COPY_WORD * words(len))
    }

    pub(crate) fn charge_reads(&mut self, count: u64) -> Result<(), Failure> {
        self.burn(STATE_READ * count)
    }

    pub(crate) fn charge_writes(&mut self, count: u64) -> Result<(), Failure> {
        self.burn(STATE_WRITE * count)
    }

    pub(crate) fn charge_params(&mut self) -> Result<(), Failure> {
        self.burn(PARAMS_READ)
    }

    /// Refuses value sent to a function that is not payable.
    pub(crate) fn refuse_value(&self) -> Result<(), Failure> {
        if self.value.is_zero() {
            Ok(())
        } else {
            Err(Failure::empty())
        }
    }

    /// Refuses to write in static and delegate calls.
    pub(crate) fn require_write(&self) -> Result<(), Failure> {
        if self.may_write {
            Ok(())
        } else {
            Err(Failure::empty())
        }
    }

    /// Seconds since 1970.
    pub(crate) fn time(&self) -> u64 {
        self.ctx.block.timestamp.saturating_to()
    }

    /// Hash of the code at `account`.
    pub(crate) fn code_hash(&mut self, account: Address) -> Result<B256, Failure> {
        self.burn(2_600)?;
        Ok(known(self.ctx.journal_mut().code_hash(account)).data)
    }

    /// Moves `amount` wei from the precompile to `to`.
    pub(crate) fn pay(&mut self, to: Address, amount: U256) -> Result<(), Failure> {
        let from = self.address;
        let refused = known(self.ctx.journal_mut().transfer(from, to, amount));
        if refused.is_some() {
            Err(Failure::empty())
        } else {
            Ok(())
        }
    }

    /// Emits an event at Nitro's price.
    pub(crate) fn emit(&mut self, event: &impl SolEvent) -> Result<(), Failure> {
        let data = event.encode_log_data();
        let (topics, len) = (data.topics().len() as u64, data.data.len() as u64);
        self.burn(LOG + LOG_TOPIC * topics + LOG_BYTE * len)?;
        self.ctx.journal_mut().log(Log {
            address: self.address,
            data,
        });
        Ok(())
    }
}

fn words(len: usize) -> u64 {
    (len as u64).div_ceil(32)
}

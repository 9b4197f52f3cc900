//! One frame of a program.

use crate::{EvmApi, EvmData, Program, Trap};
use alloy_primitives::Bytes;

/// How a frame ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunStatus {
    /// `user_entrypoint` returned 0, or `exit_early(0)`.
    Success,
    /// `user_entrypoint` returned anything else; the output is revert data.
    Revert,
    /// The gas did not suffice; all of it is gone.
    OutOfInk,
    /// The WASM stack outgrew Nitro's limit; all gas is gone.
    OutOfStack,
    /// The program failed. To its caller that is a revert without data which keeps the remaining gas.
    Trap(Trap),
}

/// What a frame leaves behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunOutcome {
    /// How it ended.
    pub status: RunStatus,
    /// Return data, or revert data under [`RunStatus::Revert`], empty otherwise.
    pub output: Bytes,
    /// Gas to hand back to the caller, rounded down from ink.
    pub gas_left: u64,
    /// Ink used, host calls and their gas included.
    pub ink_used: u64,
}

impl Program {
    /// Runs the program with `args` as calldata and `gas` to spend.
    ///
    /// The caller has already paid for entry ([`ProgramInfo::entry_gas`](crate::ProgramInfo::entry_gas)) and for the footprint's
    /// pages, and rolls the state back unless the outcome is [`RunStatus::Success`].
    pub fn run(&self, args: &[u8], evm: &mut dyn EvmApi, data: &EvmData, gas: u64) -> RunOutcome {
        let _ = (args, evm, data);
        RunOutcome { status: RunStatus::Trap(Trap::Unreachable), output: Bytes::new(), gas_left: gas, ink_used: 0 }
    }
}

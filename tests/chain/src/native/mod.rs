//! Contracts compiled for this machine, from a library that `tests/native` builds, run in place of their WASM.
//!
//! Nothing is metered here but what the chain's own accesses cost, and a frame that may not write goes on to its end before it fails: gas is
//! what a native run says nothing about. Everything else is the contract's.

mod frame;
mod hooks;

use alloy_primitives::Bytes;
use frame::Frame;
use libloading::{Library, Symbol};
use native_hooks::{Ended, Program, Start, START};
use std::path::Path;
use stylus_wasm::{EvmApi, EvmData, RunOutcome, RunStatus, Trap};

/// A contract compiled for this machine.
#[derive(Clone, Copy, Debug)]
pub struct Native(Program);

impl Native {
    /// The contracts in the library at `path`, which stays loaded.
    ///
    /// # Errors
    /// If it is none.
    pub fn load(path: &Path) -> Result<Vec<Self>, libloading::Error> {
        // SAFETY: a library of this project's, whose initialisers are Rust's.
        let library = Box::leak(Box::new(unsafe { Library::new(path)? }));
        // SAFETY: both sides have the symbol's type from one crate.
        let start: Symbol<'_, Start> = unsafe { library.get(START)? };
        // SAFETY: the host functions are what the SDK says of them.
        let programs = unsafe { start(&hooks::HOOKS) };
        Ok(programs.all.iter().copied().map(Self).collect())
    }

    /// What a deployment calls it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.0.name
    }

    /// Runs one frame, as a program's WASM would.
    pub(crate) fn run(&self, args: &[u8], evm: &mut dyn EvmApi, data: &EvmData, gas: u64) -> RunOutcome {
        let mut frame = Frame::new(args, evm, data, gas);
        // SAFETY: a frame is running, for the host functions.
        let ended = frame::with(&mut frame, || unsafe { (self.0.enter)(args.len()) });
        let status = match (frame.failure, ended) {
            (Some(failure), _) => failure,
            (None, Ended::Success) => RunStatus::Success,
            (None, Ended::Revert) => RunStatus::Revert,
            (None, Ended::Panic) => RunStatus::Trap(Trap::Unreachable),
        };
        let output = match status {
            RunStatus::Success | RunStatus::Revert => Bytes::from(frame.output),
            _ => Bytes::new(),
        };
        RunOutcome {
            status,
            output,
            gas_left: frame.gas_left,
            ink_used: 0,
        }
    }
}

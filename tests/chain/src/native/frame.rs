//! The frame that is running, where host functions find it: the chain's own have no argument for it either.

use alloy_primitives::Bytes;
use std::{cell::Cell, ptr};
use stylus_wasm::{EvmApi, EvmData, RunStatus, StorageCache, Trap, WriteError};

/// State of one frame.
pub(super) struct Frame<'f> {
    pub(super) evm: &'f mut dyn EvmApi,
    pub(super) data: &'f EvmData,
    pub(super) args: &'f [u8],
    /// Return data of this frame.
    pub(super) output: Vec<u8>,
    /// Return data of the last call.
    pub(super) return_data: Bytes,
    pub(super) cache: StorageCache,
    pub(super) gas_left: u64,
    /// Why it has failed already: a host function that would not have returned. What the program does until its end is undone.
    pub(super) failure: Option<RunStatus>,
}

impl<'f> Frame<'f> {
    pub(super) fn new(args: &'f [u8], evm: &'f mut dyn EvmApi, data: &'f EvmData, gas_left: u64) -> Self {
        Self {
            evm,
            data,
            args,
            output: Vec::new(),
            return_data: Bytes::new(),
            cache: StorageCache::default(),
            gas_left,
            failure: None,
        }
    }

    /// Takes `gas`.
    pub(super) fn buy(&mut self, gas: u64) {
        match self.gas_left.checked_sub(gas) {
            Some(left) => self.gas_left = left,
            None => self.fail(RunStatus::OutOfInk),
        }
    }

    /// Fails, for the first reason there is.
    pub(super) fn fail(&mut self, status: RunStatus) {
        self.gas_left = if status == RunStatus::OutOfInk { 0 } else { self.gas_left };
        self.failure.get_or_insert(status);
    }

    /// Fails as a refused write makes a frame fail.
    pub(super) fn fail_write(&mut self, error: WriteError) {
        self.fail(match error {
            WriteError::Static => RunStatus::Trap(Trap::WriteProtection),
            WriteError::OutOfGas => RunStatus::OutOfInk,
        });
    }
}

thread_local! {
    static RUNNING: Cell<*mut Frame<'static>> = const { Cell::new(ptr::null_mut()) };
}

/// Makes `frame` the one that is running until `program` ends, and then the one before it again.
pub(super) fn with<T>(frame: &mut Frame<'_>, program: impl FnOnce() -> T) -> T {
    struct Before(*mut Frame<'static>);
    impl Drop for Before {
        fn drop(&mut self) {
            RUNNING.set(self.0);
        }
    }
    let _before = Before(RUNNING.get());
    RUNNING.set(ptr::from_mut(frame).cast());
    program()
}

/// The running frame, for as long as a host function takes.
///
/// # Safety
/// One at a time. A host function that calls into the chain does not touch the frame while the chain runs others, which have theirs.
///
/// # Panics
/// If none is running: a host function was called outside of a program.
pub(super) unsafe fn running<'a>() -> &'a mut Frame<'static> {
    let frame = RUNNING.get();
    assert!(!frame.is_null(), "a host function outside of a program");
    // SAFETY: `with` has set it and borrows the frame until it takes it away again; the caller keeps the reference alone.
    unsafe { &mut *frame }
}

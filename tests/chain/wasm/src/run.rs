//! One frame of a program.

use crate::{
    cache::StorageCache,
    hooks::{Escape, Frame, Handles, HostFunction},
    instrument::{INK_LEFT, INK_STATUS, STACK_LEFT},
    price::INK_PER_GAS,
    ActivationError, EvmApi, EvmData, Program, Trap,
};
use alloy_primitives::Bytes;
use std::sync::{Arc, LazyLock};
use wasmi::{Engine, Extern, Global, Instance, Module, Store, TrapCode, Val};

/// Wasm calls that may be open in one frame. Nitro's count of stack words ends a frame long before this: a call takes six at least.
const MAX_RECURSION: usize = 10_000;
/// Bytes of the runtime's value stack. A word of Nitro's count is at most one slot of it; parameters, which Nitro does not count,
/// are what the margin is for.
const MAX_STACK: usize = 4 << 20;
/// Stacks kept for reuse: one a frame open at a time.
const CACHED_STACKS: usize = 16;

/// One engine for all programs: a nested frame reuses the stacks of its siblings.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let mut config = wasmi::Config::default();
    config.set_max_recursion_depth(MAX_RECURSION);
    config.set_max_stack_height(MAX_STACK);
    config.set_max_cached_stacks(CACHED_STACKS);
    Engine::new(&config)
});

/// A module translated for the runtime, with the host functions it imports in order.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    module: Module,
    hooks: Arc<[&'static HostFunction]>,
}

impl Compiled {
    pub(crate) fn new(wasm: &[u8], hooks: Arc<[&'static HostFunction]>) -> Result<Self, ActivationError> {
        let module = Module::new(&ENGINE, wasm).map_err(|error| ActivationError::Runtime { reason: error.to_string() })?;
        Ok(Self { module, hooks })
    }
}

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
    ///
    /// Does not yet hold back what the return data costs at least: [`return_data_gas`](crate::return_data_gas), which Nitro measures
    /// against the gas before entry.
    pub gas_left: u64,
    /// Ink used, the gas of host calls included.
    pub ink_used: u64,
}

impl Program {
    /// Runs the program with `args` as calldata and `gas` to spend.
    ///
    /// The caller has already paid for entry ([`ProgramInfo::entry_gas`](crate::ProgramInfo::entry_gas)) and for the footprint's
    /// pages, and rolls the state back unless the outcome is [`RunStatus::Success`].
    ///
    /// Frames nest: [`EvmApi::call`] may run this or another program. Each takes some native stack beside what the EVM takes, so a
    /// thread that lets calls nest to the EVM's 1,024 needs a large one.
    pub fn run(&self, args: &[u8], evm: &mut dyn EvmApi, data: &EvmData, gas: u64) -> RunOutcome {
        let ink = gas.saturating_mul(INK_PER_GAS);
        let frame = Frame {
            evm,
            data,
            args,
            output: Vec::new(),
            return_data: Bytes::new(),
            cache: StorageCache::default(),
            last_code: None,
            handles: None,
        };
        let mut store = Store::new(&ENGINE, frame);
        let (status, ink_left) = match Running::start(&self.compiled, &mut store, ink) {
            Ok(running) => running.finish(&mut store, args.len()),
            Err(error) => (RunStatus::Trap(Trap::Runtime(error.to_string())), ink),
        };
        let output = match status {
            RunStatus::Success | RunStatus::Revert => store.into_data().output,
            _ => Vec::new(),
        };
        RunOutcome {
            status,
            output: output.into(),
            gas_left: ink_left / INK_PER_GAS,
            ink_used: ink - ink_left,
        }
    }
}

/// An instance ready to run.
struct Running {
    instance: Instance,
    ink_left: Global,
    ink_status: Global,
    stack_left: Global,
}

impl Running {
    fn start(compiled: &Compiled, store: &mut Store<Frame<'_>>, ink: u64) -> Result<Self, wasmi::Error> {
        let hooks: Vec<_> = compiled.hooks.iter().map(|hook| Extern::Func((hook.bind)(store))).collect();
        let instance = Instance::new(&mut *store, &compiled.module, &hooks)?;
        let missing = |what| wasmi::Error::new(format!("instrumented module without {what}"));
        let global = |name| instance.get_global(&*store, name).ok_or_else(|| missing(name));
        let (ink_left, ink_status, stack_left) = (global(INK_LEFT)?, global(INK_STATUS)?, global(STACK_LEFT)?);
        let memory = instance.get_memory(&*store, "memory").ok_or_else(|| missing("memory"))?;
        ink_left
            .set(&mut *store, Val::I64(ink.cast_signed()))
            .map_err(|error| wasmi::Error::new(error.to_string()))?;
        store.data_mut().handles = Some(Handles { memory, ink: ink_left });
        Ok(Self {
            instance,
            ink_left,
            ink_status,
            stack_left,
        })
    }

    /// Runs to the end; returns the status and the ink left.
    fn finish(self, store: &mut Store<Frame<'_>>, args_len: usize) -> (RunStatus, u64) {
        let args_len = u32::try_from(args_len).unwrap_or(u32::MAX);
        let result = self
            .instance
            .get_typed_func::<u32, u32>(&*store, "user_entrypoint")
            .and_then(|entrypoint| entrypoint.call(&mut *store, args_len));
        let status = match result {
            Ok(0) => RunStatus::Success,
            Ok(_) => RunStatus::Revert,
            Err(error) => self.failure(store, &error),
        };
        let ink_left = match status {
            RunStatus::OutOfInk | RunStatus::OutOfStack => 0,
            _ => match self.ink_left.get(&*store) {
                Val::I64(ink) => ink.cast_unsigned(),
                _ => 0,
            },
        };
        (status, ink_left)
    }

    /// Nitro looks at the stack first, then at the ink, then at the error.
    fn failure(&self, store: &Store<Frame<'_>>, error: &wasmi::Error) -> RunStatus {
        let is = |global: Global, mark| matches!(global.get(store), Val::I32(value) if value == mark);
        if is(self.stack_left, 0) {
            return RunStatus::OutOfStack;
        }
        if is(self.ink_status, 1) {
            return RunStatus::OutOfInk;
        }
        match error.downcast_ref::<Escape>() {
            Some(Escape::OutOfInk) => RunStatus::OutOfInk,
            Some(Escape::Exit(0)) => RunStatus::Success,
            Some(Escape::Exit(_)) => RunStatus::Revert,
            Some(Escape::Trap(trap)) => RunStatus::Trap(trap.clone()),
            None => match error.as_trap_code() {
                // Only if the runtime's own limit is lower than Nitro's for this program.
                Some(TrapCode::StackOverflow) => RunStatus::OutOfStack,
                code => RunStatus::Trap(trap(code, error)),
            },
        }
    }
}

fn trap(code: Option<TrapCode>, error: &wasmi::Error) -> Trap {
    match code {
        Some(TrapCode::UnreachableCodeReached) => Trap::Unreachable,
        Some(TrapCode::MemoryOutOfBounds) => Trap::MemoryAccess,
        Some(TrapCode::IntegerDivisionByZero | TrapCode::IntegerOverflow) => Trap::Arithmetic,
        Some(TrapCode::TableOutOfBounds | TrapCode::IndirectCallToNull | TrapCode::BadSignature) => Trap::IndirectCall,
        _ => Trap::Runtime(error.to_string()),
    }
}

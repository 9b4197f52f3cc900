//! What Nitro records of a program at activation.

use crate::{instrument::Instrumented, instrument::ADDED_GLOBALS, module::Module, ActivationError};

/// Gas that activation takes whatever the program.
const ACTIVATION_BASE_GAS: u64 = 1_659_168;
/// Gas of a microsecond that activation is reckoned to take.
const GAS_PER_MICROSECOND: u64 = 28;
/// Gas that entering a cached program takes at least.
const MIN_CACHED_GAS: u64 = 352;
/// Gas that entering a program which is not cached takes more, at least.
const MIN_INIT_GAS: u64 = 8_832;

/// Facts of an activated program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramInfo {
    /// Initial memory in pages of 64 KiB; each frame opens that many.
    pub footprint: u16,
    /// Length of the WASM in bytes.
    pub wasm_size: u32,
    /// Length of the code on chain in bytes, prefix included; 0 if activated from plain WASM.
    pub code_size: u32,
    /// Nitro's init cost in gas, the minimum not included; see [`ProgramInfo::init_gas`].
    pub init_cost: u16,
    /// Nitro's cached init cost in gas, the minimum not included; see [`ProgramInfo::cached_gas`].
    pub cached_cost: u16,
    /// Nitro's estimate of the native code's length in bytes, on which the data fee is based.
    pub asm_estimate: u32,
    /// Gas that activation takes, without the data fee.
    pub activation_gas: u64,
}

impl ProgramInfo {
    /// Nitro's estimates for a module: linear in what it consists of, with factors measured by Offchain Labs.
    pub(crate) fn new(code_size: usize, module: &Module<'_>, instrumented: &Instrumented) -> Result<Self, ActivationError> {
        let functions = module.bodies.len() as u64;
        let globals = (module.globals.len() + ADDED_GLOBALS) as u64;
        let wasm = module.wasm.len() as u64;
        let (_, data, data_content) = module.data;
        let segments = (data + module.elements.1) as u64;
        let pages = module.memory()?.initial;
        let mut signature_values = 0;
        for index in 0..module.functions.len() {
            let index = u32::try_from(module.imports.len() + index).unwrap_or(u32::MAX);
            let ty = module.type_of(index)?;
            signature_values += (ty.params().len() + ty.results().len()) as u64;
        }

        let cached = functions * 13_420 / 100_000
            + signature_values * 89 / 100_000
            + wasm * 122 / 100_000
            + globals * 1_628 / 1_000
            + segments * 75_244 / 100_000
            + pages * 5;
        let init = functions * 8_252 / 1_000 + signature_values * 1_059 / 1_000 + wasm * 1_286 / 10_000;
        let asm = 512_000 + functions * 996_829 / 1_000 + signature_values * 11_416 / 1_000 + wasm * 62_628 / 10_000;
        let activation_microseconds = [
            wasm * 31_733 / 100_000,
            functions * 17_263 / 100_000,
            data_content as u64 * 17_376 / 100_000,
            module.elements.1 as u64 * 17_376 / 100_000,
            pages * 2_217,
            instrumented.opcodes as u64 * 535 / 1_000,
        ];
        Ok(Self {
            footprint: narrow("memory footprint", pages)?,
            wasm_size: narrow("WASM size", wasm)?,
            code_size: narrow("code size", code_size as u64)?,
            init_cost: narrow("init cost", init)?,
            cached_cost: narrow("cached init cost", cached)?,
            asm_estimate: narrow("native code estimate", asm)?,
            activation_gas: ACTIVATION_BASE_GAS + activation_microseconds.iter().sum::<u64>() * GAS_PER_MICROSECOND,
        })
    }

    /// Gas of a call while the program is cached.
    #[must_use]
    pub fn cached_gas(&self) -> u64 {
        MIN_CACHED_GAS + u64::from(self.cached_cost)
    }

    /// Gas that a call pays on top of [`Self::cached_gas`] while the program is not cached.
    #[must_use]
    pub fn init_gas(&self) -> u64 {
        MIN_INIT_GAS + u64::from(self.init_cost)
    }

    /// Gas of entering the program, memory pages not included ([`page_gas`](crate::page_gas)).
    #[must_use]
    pub fn entry_gas(&self, cached: bool) -> u64 {
        if cached {
            self.cached_gas()
        } else {
            self.cached_gas() + self.init_gas()
        }
    }
}

/// Nitro stores these figures in few bits and refuses what does not fit.
fn narrow<T: TryFrom<u64>>(what: &'static str, value: u64) -> Result<T, ActivationError> {
    T::try_from(value).map_err(|_| ActivationError::CostTooHigh { what, value })
}

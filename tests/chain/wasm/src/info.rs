//! What Nitro records of a program at activation.

/// Facts of an activated program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProgramInfo {
    /// Initial memory in pages of 64 KiB; each frame opens that many.
    pub footprint: u16,
    /// Length of the WASM in bytes.
    pub wasm_size: u32,
    /// Length of the code on chain in bytes, prefix included; 0 if activated from plain WASM.
    pub code_size: u32,
    /// Nitro's raw init cost; see [`ProgramInfo::init_gas`].
    pub init_cost: u16,
    /// Nitro's raw cached init cost; see [`ProgramInfo::cached_gas`].
    pub cached_cost: u16,
    /// Nitro's estimate of the native code's length in bytes, on which the data fee is based.
    pub asm_estimate: u32,
    /// Gas that activation takes, without the data fee.
    pub activation_gas: u64,
}

impl ProgramInfo {
    /// Gas of a call while the program is cached.
    #[must_use]
    pub fn cached_gas(&self) -> u64 {
        352 + u64::from(self.cached_cost)
    }

    /// Gas that a call pays on top of [`Self::cached_gas`] while the program is not cached.
    #[must_use]
    pub fn init_gas(&self) -> u64 {
        8_832 + u64::from(self.init_cost)
    }

    /// Gas of entering the program, memory pages not included.
    #[must_use]
    pub fn entry_gas(&self, cached: bool) -> u64 {
        if cached {
            self.cached_gas()
        } else {
            self.cached_gas() + self.init_gas()
        }
    }
}

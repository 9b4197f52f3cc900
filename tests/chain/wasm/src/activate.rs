//! From code on chain to a program that can run.

use crate::{ActivationError, ProgramInfo};

/// An activated program: instrumented, compiled once, cheap to clone and to run.
#[derive(Clone, Debug)]
pub struct Program {
    info: ProgramInfo,
}

impl Program {
    /// What Nitro records of the program.
    #[must_use]
    pub fn info(&self) -> &ProgramInfo {
        &self.info
    }
}

/// Activates code as it lies on chain: `0xEFF00000` and brotli-compressed WASM.
///
/// # Errors
/// [`ActivationError`] names the rule that refuses it.
pub fn activate(code: &[u8]) -> Result<Program, ActivationError> {
    activate_wasm(code)
}

/// Activates plain WASM, every check but those of the compressed form.
///
/// # Errors
/// [`ActivationError`] names the rule that refuses it.
pub fn activate_wasm(wasm: &[u8]) -> Result<Program, ActivationError> {
    Err(ActivationError::NotStylus { start: wasm.iter().take(4).copied().collect() })
}

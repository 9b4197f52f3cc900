//! From code on chain to a program that can run.

use crate::{instrument::instrument, limits, module::Module, run, ActivationError, ProgramInfo};
use std::io::Read;

/// First two bytes of every form of Stylus code.
const MAGIC: [u8; 2] = [0xef, 0xf0];
/// Length of the prefix of a program in one piece.
const PREFIX: usize = 4;

/// An activated program: instrumented, compiled once, cheap to clone and to run.
#[derive(Clone, Debug)]
pub struct Program {
    info: ProgramInfo,
    pub(crate) compiled: run::Compiled,
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
    if code.len() > limits::CODE_SIZE {
        return Err(ActivationError::CodeTooLarge {
            size: code.len(),
            limit: limits::CODE_SIZE,
        });
    }
    let compressed = match code {
        [a, b, 0, 0, compressed @ ..] if [*a, *b] == MAGIC => compressed,
        [a, b, 0, id, ..] if [*a, *b] == MAGIC => return Err(ActivationError::UnsupportedDictionary { id: *id }),
        [a, b, variant @ 1..=2, ..] if [*a, *b] == MAGIC => return Err(ActivationError::UnsupportedVariant { variant: *variant }),
        _ => {
            return Err(ActivationError::NotStylus {
                start: code.iter().take(PREFIX).copied().collect(),
            })
        }
    };
    build(code.len(), &decompress(compressed)?)
}

/// Activates plain WASM: every check but those of the compressed form.
///
/// # Errors
/// [`ActivationError`] names the rule that refuses it.
pub fn activate_wasm(wasm: &[u8]) -> Result<Program, ActivationError> {
    if wasm.len() > limits::WASM_SIZE {
        return Err(ActivationError::WasmTooLarge { limit: limits::WASM_SIZE });
    }
    build(0, wasm)
}

fn build(code_size: usize, wasm: &[u8]) -> Result<Program, ActivationError> {
    let module = Module::parse(wasm)?;
    module.check()?;
    let instrumented = instrument(&module)?;
    let info = ProgramInfo::new(code_size, &module, &instrumented)?;
    let hooks = module.imports.iter().map(|(host, _)| *host).collect();
    let compiled = run::Compiled::new(&instrumented.wasm, hooks)?;
    Ok(Program { info, compiled })
}

/// Decompresses no further than one byte beyond the limit: a small stream may claim to be gigabytes.
fn decompress(compressed: &[u8]) -> Result<Vec<u8>, ActivationError> {
    const BUFFER: usize = 4096;
    let mut wasm = Vec::new();
    let mut reader = brotli_decompressor::Decompressor::new(compressed, BUFFER).take(limits::WASM_SIZE as u64 + 1);
    reader
        .read_to_end(&mut wasm)
        .map_err(|error| ActivationError::Brotli { reason: error.to_string() })?;
    if wasm.len() > limits::WASM_SIZE {
        return Err(ActivationError::WasmTooLarge { limit: limits::WASM_SIZE });
    }
    Ok(wasm)
}

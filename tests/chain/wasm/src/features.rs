//! WebAssembly extensions that Nitro takes and refuses.

use crate::ActivationError;
use wasmparser::{Validator, WasmFeatures};

/// WebAssembly 1.0 without floating point, with mutable globals, sign extension and bulk memory, of which the opcode table leaves
/// copy and fill. (`GC_TYPES` permits nothing by itself.)
pub(crate) const ACCEPTED: WasmFeatures = WasmFeatures::MUTABLE_GLOBAL
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::GC_TYPES);

/// Extensions by the name an error gives them.
const REFUSED: [(&str, WasmFeatures); 11] = [
    ("floating point", WasmFeatures::FLOATS.union(WasmFeatures::SATURATING_FLOAT_TO_INT)),
    ("SIMD", WasmFeatures::SIMD.union(WasmFeatures::RELAXED_SIMD)),
    ("threads", WasmFeatures::THREADS.union(WasmFeatures::SHARED_EVERYTHING_THREADS)),
    // LLVM writes table indices in five bytes unless built for `mvp`; only under this extension is that valid.
    (
        "reference types or an overlong table index",
        WasmFeatures::REFERENCE_TYPES
            .union(WasmFeatures::FUNCTION_REFERENCES)
            .union(WasmFeatures::GC),
    ),
    ("tail calls", WasmFeatures::TAIL_CALL),
    ("exceptions", WasmFeatures::EXCEPTIONS.union(WasmFeatures::LEGACY_EXCEPTIONS)),
    ("multi-value", WasmFeatures::MULTI_VALUE),
    ("multiple memories", WasmFeatures::MULTI_MEMORY),
    ("64-bit memory", WasmFeatures::MEMORY64),
    ("extended constants", WasmFeatures::EXTENDED_CONST),
    (
        "custom page sizes or wide arithmetic",
        WasmFeatures::CUSTOM_PAGE_SIZES.union(WasmFeatures::WIDE_ARITHMETIC),
    ),
];

/// Validates `wasm` under [`ACCEPTED`]; a refusal names the extensions that are to blame.
///
/// # Errors
/// [`ActivationError::UnsupportedFeatures`], or [`ActivationError::Malformed`] if no extension makes it valid.
pub(crate) fn validate(wasm: &[u8]) -> Result<(), ActivationError> {
    let Err(error) = run(wasm, ACCEPTED) else {
        return Ok(());
    };
    let all = REFUSED.iter().fold(ACCEPTED, |all, (_, feature)| all.union(*feature));
    run(wasm, all)?;
    // Valid with everything: whatever it cannot do without is what it uses.
    let features: Vec<_> = REFUSED
        .iter()
        .filter(|(_, feature)| run(wasm, all.difference(*feature)).is_err())
        .map(|(name, _)| *name)
        .collect();
    if features.is_empty() {
        return Err(error.into());
    }
    Err(ActivationError::UnsupportedFeatures { features })
}

fn run(wasm: &[u8], features: WasmFeatures) -> Result<(), wasmparser::BinaryReaderError> {
    Validator::new_with_features(features).validate_all(wasm).map(drop)
}

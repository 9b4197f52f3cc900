//! Nitro's limits on modules and frames.

/// Bytes of code in one account, prefix included (EIP-170).
pub(crate) const CODE_SIZE: usize = 24_576;
/// Bytes of decompressed WASM.
pub(crate) const WASM_SIZE: usize = 128 * 1024;
/// Pages of 64 KiB a program may start with.
pub(crate) const PAGES: u64 = 128;
/// Memories.
pub(crate) const MEMORIES: usize = 1;
/// Data segments.
pub(crate) const DATA_SEGMENTS: usize = 128;
/// Element segments.
pub(crate) const ELEMENT_SEGMENTS: usize = 128;
/// Exports.
pub(crate) const EXPORTS: usize = 1024;
/// The module's own functions.
pub(crate) const FUNCTIONS: usize = 4096;
/// Globals, those of the instrumentation included.
pub(crate) const GLOBALS: usize = 32_768;
/// Imports.
pub(crate) const IMPORTS: usize = 513;
/// Locals of a function, its parameters not included.
pub(crate) const LOCALS: usize = 348;
/// Opcodes of a function, those of the instrumentation included.
pub(crate) const OPCODES: usize = 65_536;
/// Table entries in all.
pub(crate) const TABLE_ENTRIES: usize = 4096;
/// Bytes of element segments in all (Nitro counts bytes though it says entries).
pub(crate) const ELEMENT_BYTES: usize = 4096;
/// Bytes of an export's name.
pub(crate) const NAME_LENGTH: usize = 512;
/// Words of one function's frame.
pub(crate) const FRAME_WORDS: usize = 10 * 1024;
/// Values on one function's operand stack.
pub(crate) const FRAME_VALUES: usize = 4096;
/// Words of the whole WASM stack of a frame, since ArbOS 50.
pub(crate) const STACK_WORDS: u32 = 22_000;

//! What can go wrong, with the figures that tell why.

/// Why code was refused at activation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ActivationError {
    /// The code does not start with `0xEFF000`.
    #[error("not a Stylus program: code starts with {start:02x?}")]
    NotStylus {
        /// The first bytes of the code, four at most.
        start: Vec<u8>,
    },
    /// A fragment or the root of a fragmented program (`0xEFF001`, `0xEFF002`); the chain's limit is one slot.
    #[error("Stylus code variant {variant:#04x} is not supported; only 0x00, a program in one piece")]
    UnsupportedVariant {
        /// Third byte of the code.
        variant: u8,
    },
    /// Compressed against a dictionary (`0xEFF00001`).
    #[error("Stylus code compressed with dictionary {id}; only 0, none, is supported")]
    UnsupportedDictionary {
        /// Fourth byte of the code.
        id: u8,
    },
    /// More code than fits in one account.
    #[error("code of {size} bytes exceeds {limit}")]
    CodeTooLarge {
        /// Bytes, prefix included.
        size: usize,
        /// EIP-170's limit.
        limit: usize,
    },
    /// What follows the prefix is no brotli stream.
    #[error("code does not decompress: {reason}")]
    Brotli {
        /// The decoder's words.
        reason: String,
    },
    /// The WASM is larger than Nitro decompresses.
    #[error("WASM of more than {limit} bytes")]
    WasmTooLarge {
        /// Nitro's limit in bytes.
        limit: usize,
    },
    /// Not valid WASM under any set of extensions.
    #[error("malformed WASM at offset {offset:#x}: {reason}")]
    Malformed {
        /// The parser's words.
        reason: String,
        /// Byte offset in the WASM.
        offset: usize,
    },
    /// Valid WASM that needs extensions Nitro refuses.
    #[error("WASM needs {}, which Nitro refuses", .features.join(", "))]
    UnsupportedFeatures {
        /// Names of the extensions.
        features: Vec<&'static str>,
    },
    /// An opcode Nitro has no price for.
    #[error("function {function} uses {opcode}, which Nitro refuses")]
    UnsupportedOpcode {
        /// The opcode.
        opcode: String,
        /// Index among the module's own functions.
        function: usize,
    },
    /// A section Nitro does not know, `DataCount` for one.
    #[error("WASM has a {name} section, which Nitro refuses")]
    UnsupportedSection {
        /// The section.
        name: &'static str,
    },
    /// A global whose initial value is not a constant.
    #[error("global {index} is not initialised by a constant")]
    NonConstantGlobal {
        /// Index among the module's globals.
        index: usize,
    },
    /// An import that is not a host function of Stylus.
    #[error("unknown import {module}.{name}")]
    UnknownImport {
        /// Module part of the name; Stylus has `vm_hooks` alone.
        module: String,
        /// Function part of the name.
        name: String,
    },
    /// A host function imported with the wrong type.
    #[error("import vm_hooks.{name} has type {found}, expected {expected}")]
    ImportSignature {
        /// Host function.
        name: String,
        /// Type of the host function.
        expected: String,
        /// Type or kind in the module.
        found: String,
    },
    /// The memory can grow, but what pays for growth is not imported.
    #[error("memory can grow but vm_hooks.pay_for_memory_grow is not imported")]
    MissingPayForMemoryGrow,
    /// A missing export.
    #[error("missing export {name}")]
    MissingExport {
        /// `memory` or `user_entrypoint`.
        name: &'static str,
    },
    /// `user_entrypoint` is not a function from i32 to i32.
    #[error("user_entrypoint is {found}, expected (i32) -> i32")]
    EntrypointType {
        /// Type or kind in the module.
        found: String,
    },
    /// An export named as an import, or as something Nitro adds.
    #[error("export or import name {name} is reserved")]
    ReservedName {
        /// The name.
        name: String,
    },
    /// A start function, which Nitro does not run.
    #[error("start functions are refused")]
    StartFunction,
    /// The initial memory exceeds Nitro's limit.
    #[error("initial memory of {pages} pages exceeds {limit}")]
    MemoryTooLarge {
        /// Pages of 64 KiB.
        pages: u64,
        /// Nitro's limit.
        limit: u64,
    },
    /// More of something than Nitro allows in a module.
    #[error("{count} {what} exceed {limit}")]
    TooMany {
        /// What was counted.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// More of something than Nitro allows in one function.
    #[error("{count} {what} in function {function} exceed {limit}")]
    TooManyInFunction {
        /// What was counted.
        what: &'static str,
        /// Index among the module's own functions.
        function: usize,
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// An export's name is too long.
    #[error("name of {length} bytes exceeds {limit}")]
    NameTooLong {
        /// Bytes.
        length: usize,
        /// Nitro's limit.
        limit: usize,
    },
    /// A derived cost does not fit where Nitro stores it.
    #[error("{what} of {value} is too high")]
    CostTooHigh {
        /// Which cost.
        what: &'static str,
        /// Its value.
        value: u64,
    },
    /// The runtime refused the instrumented module: a fault of this crate, not of the program.
    #[error("runtime refused the instrumented module: {reason}")]
    Runtime {
        /// The runtime's words.
        reason: String,
    },
}

impl From<wasmparser::BinaryReaderError> for ActivationError {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Self::Malformed {
            reason: error.message().to_owned(),
            offset: error.offset(),
        }
    }
}

/// Why a program stopped without returning.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Trap {
    /// The `unreachable` instruction: a Rust panic in most programs.
    #[error("unreachable executed")]
    Unreachable,
    /// A memory access of the program itself out of bounds.
    #[error("memory access out of bounds")]
    MemoryAccess,
    /// Division by zero or overflow of a signed division.
    #[error("integer division by zero or overflow")]
    Arithmetic,
    /// An indirect call outside the table, to an empty entry or to a function of another type.
    #[error("bad indirect call")]
    IndirectCall,
    /// A host function was given memory the program does not have.
    #[error("host function given [{pointer}, +{length}) of {memory} bytes of memory")]
    HostPointer {
        /// Start of the range.
        pointer: u32,
        /// Length of the range in bytes.
        length: usize,
        /// The program's memory in bytes.
        memory: usize,
    },
    /// More than four topics, or data too short to hold them.
    #[error("log of {length} bytes with {topics} topics")]
    BadLog {
        /// Length of topics and data in bytes.
        length: u32,
        /// Number of topics.
        topics: u32,
    },
    /// A write, log or creation in a static frame.
    #[error("write in a static frame")]
    WriteProtection,
    /// Anything else the runtime reports.
    #[error("{0}")]
    Runtime(String),
}

//! Rewrites a module so that it pays for itself.
//!
//! Four globals are added. At the head of each basic block the module takes the block's ink from one of them, or sets another and
//! stops; `memory.copy` and `memory.fill` pay by the byte; `memory.grow` calls `pay_for_memory_grow` first; each function gives up
//! its frame's words of stack and returns them. Instructions of the program are copied byte for byte: nothing it refers to moves,
//! because globals are added at the end and functions not at all.

use crate::{depth::Depth, limits, module::Module, opcode, ActivationError};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, Encode, ExportKind, ExportSection, GlobalSection, GlobalType, Instruction as I, RawSection,
    SectionId, ValType,
};
use wasmparser::{FunctionBody, Operator};

/// Exported name of the global that holds the ink left (i64).
pub(crate) const INK_LEFT: &str = "stylus_ink_left";
/// Exported name of the global that turns 1 when the ink runs out (i32).
pub(crate) const INK_STATUS: &str = "stylus_ink_status";
/// Exported name of the global that holds the words of stack left, 0 once they ran out (i32).
pub(crate) const STACK_LEFT: &str = "stylus_stack_left";
/// How many globals the instrumentation adds.
pub(crate) const ADDED_GLOBALS: usize = 4;

/// An instrumented module.
pub(crate) struct Instrumented {
    /// The module.
    pub(crate) wasm: Vec<u8>,
    /// Opcodes in all, on which part of the activation's gas depends.
    pub(crate) opcodes: usize,
}

/// Instruments `module`, enforcing the limits of functions on the way.
pub(crate) fn instrument(module: &Module<'_>) -> Result<Instrumented, ActivationError> {
    let globals = module.globals.len() + ADDED_GLOBALS;
    if globals > limits::GLOBALS {
        return Err(ActivationError::TooMany {
            what: "globals",
            count: globals,
            limit: limits::GLOBALS,
        });
    }
    let context = Context::new(module)?;
    let mut code = CodeSection::new();
    let mut opcodes = 0;
    for (index, body) in module.bodies.iter().enumerate() {
        let function = context.function(index, body)?;
        opcodes += function.count;
        code.raw(&function.bytes);
    }

    let mut out = wasm_encoder::Module::new();
    for id in SectionId::Type as u8..=SectionId::Data as u8 {
        if id == SectionId::Global as u8 {
            out.section(&context.globals());
        } else if id == SectionId::Export as u8 {
            out.section(&context.exports()?);
        } else if id == SectionId::Code as u8 {
            out.section(&code);
        } else if let Some((_, range)) = module.sections.iter().find(|(section, _)| *section == id) {
            out.section(&RawSection {
                id,
                data: &module.wasm[range.clone()],
            });
        }
    }
    Ok(Instrumented {
        wasm: out.finish(),
        opcodes,
    })
}

/// What all functions of a module share.
struct Context<'m, 'a> {
    module: &'m Module<'a>,
    ink: u32,
    status: u32,
    scratch: u32,
    stack: u32,
    /// Index of `pay_for_memory_grow`, unless the memory cannot grow.
    pay_for_grow: Option<u32>,
}

impl<'m, 'a> Context<'m, 'a> {
    fn new(module: &'m Module<'a>) -> Result<Self, ActivationError> {
        let memory = module.memory()?;
        let pay_for_grow = if memory.maximum == Some(memory.initial) {
            None
        } else {
            let import = module.import_index("pay_for_memory_grow");
            Some(import.ok_or(ActivationError::MissingPayForMemoryGrow)?)
        };
        // Below the limit on globals, checked by the caller.
        let first = u32::try_from(module.globals.len()).unwrap_or(u32::MAX - 3);
        Ok(Self {
            module,
            ink: first,
            status: first + 1,
            scratch: first + 2,
            stack: first + 3,
            pay_for_grow,
        })
    }

    fn globals(&self) -> GlobalSection {
        let mut section = GlobalSection::new();
        let mut add = |val_type, mutable, value: i64| {
            let init = match val_type {
                ValType::I64 => ConstExpr::i64_const(value),
                // The text of an i32 constant fits by construction.
                _ => ConstExpr::i32_const(i32::try_from(value).unwrap_or_default()),
            };
            section.global(
                GlobalType {
                    val_type,
                    mutable,
                    shared: false,
                },
                &init,
            );
        };
        for global in &self.module.globals {
            let ty = if global.ty.content_type == wasmparser::ValType::I64 {
                ValType::I64
            } else {
                ValType::I32
            };
            add(ty, global.ty.mutable, global.value);
        }
        add(ValType::I64, true, 0);
        add(ValType::I32, true, 0);
        add(ValType::I32, true, 0);
        add(ValType::I32, true, i64::from(limits::STACK_WORDS));
        section
    }

    fn exports(&self) -> Result<ExportSection, ActivationError> {
        let mut section = ExportSection::new();
        section.export("memory", ExportKind::Memory, 0);
        section.export("user_entrypoint", ExportKind::Func, self.module.entrypoint()?);
        section.export(INK_LEFT, ExportKind::Global, self.ink);
        section.export(INK_STATUS, ExportKind::Global, self.status);
        section.export(STACK_LEFT, ExportKind::Global, self.stack);
        Ok(section)
    }

    fn function(&self, index: usize, body: &FunctionBody<'_>) -> Result<Emitter, ActivationError> {
        let limit = |what, count, limit| {
            if count > limit {
                return Err(ActivationError::TooManyInFunction {
                    what,
                    function: index,
                    count,
                    limit,
                });
            }
            Ok(())
        };
        let mut locals = 0;
        for group in body.get_locals_reader()? {
            locals += group?.0 as usize;
        }
        limit("locals", locals, limits::LOCALS)?;

        let code = Code::read(index, body, self.module)?;
        let words = self.frame_words(&code, locals, &limit)?;
        let mut out = Emitter {
            bytes: code.locals.to_vec(),
            count: 0,
        };
        self.enter(words, &mut out);
        for (block, ink) in code.blocks() {
            self.charge_block(ink, &mut out);
            for (op, raw) in block {
                self.before(op, words, &mut out);
                out.copy(raw);
            }
        }
        limit("opcodes", out.count, limits::OPCODES)?;
        Ok(out)
    }

    /// The frame's words, which must be known before the first instruction is written.
    fn frame_words(
        &self,
        code: &Code<'_>,
        locals: usize,
        limit: &impl Fn(&'static str, usize, usize) -> Result<(), ActivationError>,
    ) -> Result<usize, ActivationError> {
        let mut depth = Depth::new();
        for (block, _) in code.blocks() {
            depth.borrow(2);
            for (op, _) in block {
                if matches!(op, Operator::MemoryCopy { .. } | Operator::MemoryFill { .. }) {
                    depth.borrow(3);
                }
                depth.step(op, self.module)?;
            }
        }
        limit("values on the stack", depth.values(), limits::FRAME_VALUES)?;
        let words = depth.words(locals);
        limit("words of stack", words, limits::FRAME_WORDS)?;
        Ok(words)
    }

    /// Takes the frame's words from the stack that is left, or stops with none left.
    fn enter(&self, words: usize, out: &mut Emitter) {
        let words = word_count(words);
        out.push(&I::GlobalGet(self.stack));
        out.push(&I::I32Const(words));
        out.push(&I::I32LeU);
        self.stop(self.stack, 0, out);
        out.push(&I::GlobalGet(self.stack));
        out.push(&I::I32Const(words));
        out.push(&I::I32Sub);
        out.push(&I::GlobalSet(self.stack));
    }

    /// Takes a basic block's ink, or stops with the status set.
    fn charge_block(&self, ink: i64, out: &mut Emitter) {
        out.push(&I::GlobalGet(self.ink));
        out.push(&I::I64Const(ink));
        out.push(&I::I64LtU);
        self.stop(self.status, 1, out);
        out.push(&I::GlobalGet(self.ink));
        out.push(&I::I64Const(ink));
        out.push(&I::I64Sub);
        out.push(&I::GlobalSet(self.ink));
    }

    /// Stops if the value on the stack is not zero, leaving a mark that tells why.
    fn stop(&self, global: u32, mark: i32, out: &mut Emitter) {
        out.push(&I::If(BlockType::Empty));
        out.push(&I::I32Const(mark));
        out.push(&I::GlobalSet(global));
        out.push(&I::Unreachable);
        out.push(&I::End);
    }

    /// What goes before one instruction of the program.
    fn before(&self, op: &Operator<'_>, words: usize, out: &mut Emitter) {
        match (op, self.pay_for_grow) {
            (Operator::Return, _) => self.leave(words, out),
            (Operator::MemoryCopy { .. } | Operator::MemoryFill { .. }, _) => self.charge_bytes(out),
            (Operator::MemoryGrow { .. }, Some(pay_for_grow)) => {
                out.push(&I::GlobalSet(self.scratch));
                out.push(&I::GlobalGet(self.scratch));
                out.push(&I::GlobalGet(self.scratch));
                out.push(&I::Call(pay_for_grow));
            }
            _ => {}
        }
    }

    /// Returns the frame's words. A branch to the function's own label skips this, here as in Nitro.
    fn leave(&self, words: usize, out: &mut Emitter) {
        out.push(&I::GlobalGet(self.stack));
        out.push(&I::I32Const(word_count(words)));
        out.push(&I::I32Add);
        out.push(&I::GlobalSet(self.stack));
    }

    /// Takes ink for as many bytes as the value on the stack says, and leaves that value there.
    fn charge_bytes(&self, out: &mut Emitter) {
        out.push(&I::GlobalSet(self.scratch));
        out.push(&I::GlobalGet(self.ink));
        out.push(&I::GlobalGet(self.ink));
        out.push(&I::GlobalGet(self.scratch));
        out.push(&I::I64ExtendI32U);
        // A 32-bit length times the price fits.
        out.push(&I::I64Const(opcode::BULK_BYTE));
        out.push(&I::I64Mul);
        out.push(&I::I64Sub);
        out.push(&I::GlobalSet(self.ink));
        out.push(&I::GlobalGet(self.ink));
        // More than before means that the subtraction wrapped.
        out.push(&I::I64LtU);
        self.stop(self.status, 1, out);
        out.push(&I::GlobalGet(self.scratch));
    }
}

/// At most [`limits::FRAME_WORDS`].
fn word_count(words: usize) -> i32 {
    i32::try_from(words).unwrap_or(i32::MAX)
}

/// A function's code, cut into instructions.
struct Code<'a> {
    /// The encoded declaration of the locals.
    locals: &'a [u8],
    /// Instructions with their bytes.
    ops: Vec<(Operator<'a>, &'a [u8])>,
    /// End (exclusive) and ink of each basic block, header included.
    ends: Vec<(usize, i64)>,
}

impl<'a> Code<'a> {
    fn read(function: usize, body: &FunctionBody<'a>, module: &Module<'_>) -> Result<Self, ActivationError> {
        let bytes = body.as_bytes();
        let start = body.range().start;
        let mut reader = body.get_operators_reader()?;
        let mut from = reader.original_position() - start;
        let mut code = Self {
            locals: &bytes[..from],
            ops: Vec::new(),
            ends: Vec::new(),
        };
        let mut ink = 0;
        while !reader.eof() {
            let op = reader.read()?;
            let to = reader.original_position() - start;
            ink += opcode::ink(&op, &module.types).ok_or_else(|| {
                // The debug form starts with the opcode's name.
                let name = format!("{op:?}");
                let opcode = name.split([' ', '{']).next().unwrap_or_default().to_owned();
                ActivationError::UnsupportedOpcode { opcode, function }
            })?;
            let ends = opcode::ends_block(&op);
            let last = reader.eof();
            if last {
                // Nitro writes a return at the end of each function, where the frame's words go back; it costs nothing.
                code.ops.push((Operator::Return, &[0x0f]));
            }
            code.ops.push((op, &bytes[from..to]));
            if ends {
                // An ink price of 2^63 would take more opcodes than a module has bytes.
                let price = ink.saturating_add(opcode::BLOCK_HEADER);
                code.ends.push((code.ops.len(), i64::try_from(price).unwrap_or(i64::MAX)));
                ink = 0;
            }
            from = to;
        }
        Ok(code)
    }

    /// Basic blocks with their ink.
    fn blocks(&self) -> impl Iterator<Item = (&[(Operator<'a>, &'a [u8])], i64)> {
        let mut from = 0;
        self.ends.iter().map(move |(to, ink)| {
            let block = &self.ops[from..*to];
            from = *to;
            (block, *ink)
        })
    }
}

/// Instructions of a function under construction.
struct Emitter {
    bytes: Vec<u8>,
    count: usize,
}

impl Emitter {
    fn push(&mut self, instruction: &I<'_>) {
        instruction.encode(&mut self.bytes);
        self.count += 1;
    }

    fn copy(&mut self, raw: &[u8]) {
        self.bytes.extend_from_slice(raw);
        self.count += 1;
    }
}

//! How many words of stack a function's frame takes by Nitro's reckoning.
//!
//! Nitro bounds the WASM stack by a count that comes out the same on every machine: each function gives up its frame's words on
//! entry and gets them back at each `return`. This is the frame's size: the highest its operand stack can get, the instrumentation's
//! own values included, its locals, and four words. The reckoning walks the code in a straight line, as Nitro's does: what follows a
//! jump is counted at the height before it.

use crate::{module::Module, ActivationError};
use wasmparser::{BlockType, Operator};

/// Words of a frame beside its values and locals.
const FRAME_BASE: usize = 4;

/// Height of the operand stack along a function's code.
pub(crate) struct Depth {
    height: usize,
    highest: usize,
    scopes: Vec<usize>,
}

impl Depth {
    /// At the start of a function.
    pub(crate) fn new() -> Self {
        Self {
            height: 0,
            highest: 0,
            scopes: vec![0],
        }
    }

    /// Most values on the stack at once.
    pub(crate) fn values(&self) -> usize {
        self.highest
    }

    /// Words of the frame with `locals` locals, parameters not counted.
    pub(crate) fn words(&self, locals: usize) -> usize {
        self.highest + locals + FRAME_BASE
    }

    /// Values that the instrumentation pushes at this point and takes away again.
    pub(crate) fn borrow(&mut self, values: usize) {
        self.highest = self.highest.max(self.height + values);
    }

    fn push(&mut self, values: usize) {
        self.height += values;
        self.highest = self.highest.max(self.height);
    }

    fn pop(&mut self, values: usize) {
        // Saturates because unreachable code may pop what was never pushed.
        self.height = self.height.saturating_sub(values);
    }

    /// Opens a block; its result, at most one value, is taken as there from the start.
    fn open(&mut self, ty: BlockType) {
        if ty != BlockType::Empty {
            self.push(1);
        }
        self.scopes.push(self.height);
    }

    /// Takes one instruction of the program into account.
    pub(crate) fn step(&mut self, op: &Operator<'_>, module: &Module<'_>) -> Result<(), ActivationError> {
        use Operator as O;
        match op {
            O::Block { blockty } | O::Loop { blockty } => self.open(*blockty),
            O::If { blockty } => {
                self.pop(1);
                self.open(*blockty);
            }
            O::Else => self.height = self.scopes.last().copied().unwrap_or(0),
            O::End => self.height = self.scopes.pop().unwrap_or(0),
            O::Call { function_index } => {
                let ty = module.type_of(*function_index)?;
                self.push(ty.results().len());
                self.pop(ty.params().len());
            }
            O::CallIndirect { type_index, .. } => {
                if let Some(ty) = module.types.get(*type_index as usize) {
                    self.push(ty.results().len());
                    self.pop(ty.params().len());
                }
                self.pop(1);
            }
            O::MemoryFill { .. } | O::MemoryCopy { .. } => self.pop(3),
            O::LocalGet { .. } | O::GlobalGet { .. } | O::MemorySize { .. } | O::I32Const { .. } | O::I64Const { .. } => self.push(1),
            O::Drop | O::BrIf { .. } | O::BrTable { .. } | O::LocalSet { .. } | O::GlobalSet { .. } => self.pop(1),
            O::Select => self.pop(2),
            _ if is_store(op) => self.pop(2),
            _ if is_binary(op) => self.pop(1),
            _ => {}
        }
        Ok(())
    }
}

fn is_store(op: &Operator<'_>) -> bool {
    use Operator as O;
    matches!(
        op,
        O::I32Store { .. }
            | O::I64Store { .. }
            | O::I32Store8 { .. }
            | O::I32Store16 { .. }
            | O::I64Store8 { .. }
            | O::I64Store16 { .. }
            | O::I64Store32 { .. }
    )
}

/// Two operands, one result.
fn is_binary(op: &Operator<'_>) -> bool {
    use Operator as O;
    let i32 = matches!(
        op,
        O::I32Eq | O::I32Ne | O::I32LtS | O::I32LtU | O::I32GtS | O::I32GtU | O::I32LeS | O::I32LeU | O::I32GeS | O::I32GeU
    ) || matches!(
        op,
        O::I32Add | O::I32Sub | O::I32Mul | O::I32DivS | O::I32DivU | O::I32RemS | O::I32RemU
    ) || matches!(
        op,
        O::I32And | O::I32Or | O::I32Xor | O::I32Shl | O::I32ShrS | O::I32ShrU | O::I32Rotl | O::I32Rotr
    );
    let i64 = matches!(
        op,
        O::I64Eq | O::I64Ne | O::I64LtS | O::I64LtU | O::I64GtS | O::I64GtU | O::I64LeS | O::I64LeU | O::I64GeS | O::I64GeU
    ) || matches!(
        op,
        O::I64Add | O::I64Sub | O::I64Mul | O::I64DivS | O::I64DivU | O::I64RemS | O::I64RemU
    ) || matches!(
        op,
        O::I64And | O::I64Or | O::I64Xor | O::I64Shl | O::I64ShrS | O::I64ShrU | O::I64Rotl | O::I64Rotr
    );
    i32 || i64
}

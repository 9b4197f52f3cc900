//! Ink of the program's own instructions.

// A price list: equal prices of different kinds of instructions stay apart.
#![allow(clippy::match_same_arms)]

use wasmparser::{FuncType, Operator};

/// Ink of the check at the head of each basic block.
pub(crate) const BLOCK_HEADER: u64 = 2_450;
/// Ink of a byte that `memory.copy` or `memory.fill` touches, charged when it runs.
pub(crate) const BULK_BYTE: i64 = 100;

/// Static ink of an instruction, `None` for one that Nitro refuses. `types` are the module's function types.
///
/// The figures are Nitro's; `memory.copy`, `memory.fill` and `memory.grow` pay for their operand when they run.
pub(crate) fn ink(op: &Operator<'_>, types: &[FuncType]) -> Option<u64> {
    use Operator as O;
    let ink = match op {
        O::Unreachable | O::Return | O::Nop | O::Block { .. } | O::Loop { .. } | O::Else | O::End => 1,
        O::I32Const { .. } | O::I64Const { .. } => 1,
        O::Drop => 9,
        O::Br { .. } | O::BrIf { .. } | O::If { .. } => 765,
        O::BrTable { targets } => 2_400 + 325 * u64::from(targets.len()),
        O::Select => 1_250,
        O::Call { .. } => 3_800,
        O::CallIndirect { type_index, .. } => {
            let parameters = types.get(*type_index as usize)?.params().len();
            13_610 + 650 * parameters as u64
        }
        O::LocalGet { .. } | O::LocalTee { .. } => 75,
        O::LocalSet { .. } => 210,
        O::GlobalGet { .. } => 225,
        O::GlobalSet { .. } => 575,
        O::MemorySize { .. } => 3_000,
        O::MemoryGrow { .. } => 8_050,
        O::MemoryCopy { .. } | O::MemoryFill { .. } => 950,
        _ => return memory_ink(op).or_else(|| i32_ink(op)).or_else(|| i64_ink(op)),
    };
    Some(ink)
}

fn memory_ink(op: &Operator<'_>) -> Option<u64> {
    use Operator as O;
    Some(match op {
        O::I32Load { .. } | O::I32Load8S { .. } | O::I32Load8U { .. } | O::I32Load16S { .. } | O::I32Load16U { .. } => 670,
        O::I64Load { .. }
        | O::I64Load8S { .. }
        | O::I64Load8U { .. }
        | O::I64Load16S { .. }
        | O::I64Load16U { .. }
        | O::I64Load32S { .. }
        | O::I64Load32U { .. } => 680,
        O::I32Store { .. } | O::I32Store8 { .. } | O::I32Store16 { .. } => 825,
        O::I64Store { .. } | O::I64Store8 { .. } | O::I64Store16 { .. } | O::I64Store32 { .. } => 950,
        _ => return None,
    })
}

fn i32_ink(op: &Operator<'_>) -> Option<u64> {
    use Operator as O;
    Some(match op {
        O::I32Add | O::I32Sub | O::I32And | O::I32Or | O::I32Xor => 70,
        O::I32Shl | O::I32ShrS | O::I32ShrU | O::I32Rotl | O::I32Rotr => 70,
        O::I32Mul => 160,
        O::I32DivS | O::I32DivU | O::I32RemS | O::I32RemU => 1_120,
        O::I32Eqz | O::I32Eq | O::I32Ne => 170,
        O::I32LtS | O::I32LtU | O::I32GtS | O::I32GtU | O::I32LeS | O::I32LeU | O::I32GeS | O::I32GeU => 170,
        O::I32Clz | O::I32Ctz => 210,
        O::I32Popcnt => 2_650,
        O::I32WrapI64 | O::I32Extend8S | O::I32Extend16S => 100,
        _ => return None,
    })
}

fn i64_ink(op: &Operator<'_>) -> Option<u64> {
    use Operator as O;
    Some(match op {
        O::I64Add | O::I64Sub | O::I64And | O::I64Or | O::I64Xor => 100,
        O::I64Shl | O::I64ShrS | O::I64ShrU | O::I64Rotl | O::I64Rotr => 100,
        O::I64Mul => 160,
        O::I64DivS | O::I64DivU | O::I64RemS | O::I64RemU => 1_270,
        O::I64Eqz | O::I64Eq | O::I64Ne => 225,
        O::I64LtS | O::I64LtU | O::I64GtS | O::I64GtU | O::I64LeS | O::I64LeU | O::I64GeS | O::I64GeU => 225,
        O::I64Clz | O::I64Ctz => 210,
        O::I64Popcnt => 6_000,
        O::I64ExtendI32S | O::I64ExtendI32U => 100,
        O::I64Extend8S | O::I64Extend16S | O::I64Extend32S => 100,
        _ => return None,
    })
}

/// Whether a basic block ends behind this instruction.
pub(crate) fn ends_block(op: &Operator<'_>) -> bool {
    use Operator as O;
    matches!(
        op,
        O::End
            | O::Else
            | O::Return
            | O::Loop { .. }
            | O::If { .. }
            | O::Br { .. }
            | O::BrIf { .. }
            | O::BrTable { .. }
            | O::Call { .. }
            | O::CallIndirect { .. }
    )
}

//! Ink of the program's own instructions, against the table of April 2026.
#![allow(clippy::unwrap_used)]

mod common;

use common::{run, wasm, HEADER};
use stylus_wasm::{activate_wasm, testing::MemoryEvm, EvmData, RunStatus};

/// Ink of a body that pushes a constant and ends.
const EMPTY: u64 = 1 + 1 + HEADER;

/// Ink that `code` adds to an empty program.
fn ink(code: &str) -> u64 {
    let outcome = run(&[], &format!("{code} i32.const 0"));
    assert_eq!(outcome.status, RunStatus::Success, "{code}");
    outcome.ink_used - EMPTY
}

/// Ink of a whole module without calldata.
fn module_ink(wat: &str) -> u64 {
    let program = activate_wasm(&wasm(wat)).unwrap();
    let outcome = program.run(&[], &mut MemoryEvm::default(), &EvmData::default(), 1_000_000);
    assert_eq!(outcome.status, RunStatus::Success);
    outcome.ink_used
}

#[test]
fn an_empty_program_pays_one_header_its_constant_and_its_end() {
    assert_eq!(run(&[], "i32.const 0").ink_used, 2_452);
}

#[test]
fn binary_instructions_cost_what_the_table_says() {
    for (ty, ops, price) in [
        ("i32", "add sub and or xor shl shr_s shr_u rotl rotr", 70),
        ("i64", "add sub and or xor shl shr_s shr_u rotl rotr", 100),
        ("i32", "mul", 160),
        ("i64", "mul", 160),
        ("i32", "div_s div_u rem_s rem_u", 1_120),
        ("i64", "div_s div_u rem_s rem_u", 1_270),
        ("i32", "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u", 170),
        ("i64", "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u", 225),
    ] {
        for op in ops.split(' ') {
            let code = format!("(drop ({ty}.{op} ({ty}.const 6) ({ty}.const 3)))");
            assert_eq!(ink(&code), 1 + 1 + price + 9, "{ty}.{op}");
        }
    }
}

#[test]
fn unary_instructions_cost_what_the_table_says() {
    for (ty, ops, price) in [
        ("i32", "i32.eqz", 170),
        ("i64", "i64.eqz", 225),
        ("i32", "i32.clz i32.ctz", 210),
        ("i64", "i64.clz i64.ctz", 210),
        ("i32", "i32.popcnt", 2_650),
        ("i64", "i64.popcnt", 6_000),
        ("i32", "i32.extend8_s i32.extend16_s i64.extend_i32_s i64.extend_i32_u", 100),
        ("i64", "i32.wrap_i64 i64.extend8_s i64.extend16_s i64.extend32_s", 100),
    ] {
        for op in ops.split(' ') {
            assert_eq!(ink(&format!("(drop ({op} ({ty}.const 6)))")), 1 + price + 9, "{op}");
        }
    }
}

#[test]
fn loads_and_stores_cost_what_the_table_says() {
    for (ops, price) in [
        ("i32.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u", 670),
        (
            "i64.load i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u",
            680,
        ),
    ] {
        for op in ops.split(' ') {
            assert_eq!(ink(&format!("(drop ({op} (i32.const 0)))")), 1 + price + 9, "{op}");
        }
    }
    for (ty, ops, price) in [("i32", "store store8 store16", 825), ("i64", "store store8 store16 store32", 950)] {
        for op in ops.split(' ') {
            assert_eq!(ink(&format!("({ty}.{op} (i32.const 0) ({ty}.const 0))")), 2 + price, "{ty}.{op}");
        }
    }
}

#[test]
fn variables_constants_and_the_rest_cost_what_the_table_says() {
    for (code, price) in [
        ("nop", 1),
        ("(drop (i32.const 0))", 1 + 9),
        ("(drop (i64.const 0))", 1 + 9),
        ("(drop (local.get 0))", 75 + 9),
        ("(drop (local.tee 0 (i32.const 0)))", 1 + 75 + 9),
        ("(local.set 0 (i32.const 0))", 1 + 210),
        ("(drop (global.get $g))", 225 + 9),
        ("(global.set $g (i32.const 0))", 1 + 575),
        ("(drop (select (i32.const 0) (i32.const 0) (i32.const 0)))", 3 + 1_250 + 9),
        ("(drop (memory.size))", 3_000 + 9),
        ("(drop (memory.grow (i32.const 0)))", 1 + 8_050 + 9),
    ] {
        assert_eq!(ink(code), price, "{code}");
    }
}

#[test]
fn copy_and_fill_cost_a_hundred_ink_a_byte_more() {
    assert_eq!(ink("(memory.fill (i32.const 0) (i32.const 1) (i32.const 0))"), 3 + 950);
    assert_eq!(ink("(memory.fill (i32.const 0) (i32.const 1) (i32.const 77))"), 3 + 950 + 7_700);
    assert_eq!(ink("(memory.copy (i32.const 0) (i32.const 1) (i32.const 1000))"), 3 + 950 + 100_000);
}

#[test]
fn each_basic_block_pays_its_header_when_it_is_entered() {
    for (code, price) in [
        // `end` closes a basic block.
        ("(block)", 1 + 1 + HEADER),
        // So does `loop`, so that a branch back pays for the body alone.
        ("(loop)", 1 + HEADER + 1 + HEADER),
        ("(if (i32.const 1) (then))", 1 + 765 + HEADER + 1 + HEADER),
        // The `end` of a branch not taken is not paid for.
        ("(if (i32.const 0) (then))", 1 + 765 + HEADER),
        ("(if (i32.const 1) (then) (else nop))", 1 + 765 + HEADER + 1 + HEADER),
        ("(if (i32.const 0) (then) (else nop))", 1 + 765 + HEADER + 1 + 1 + HEADER),
        ("(block (br 0))", 1 + 765 + HEADER),
        ("(block (br_if 0 (i32.const 1)))", 1 + 1 + 765 + HEADER),
        ("(block (br_if 0 (i32.const 0)))", 1 + 1 + 765 + HEADER + 1 + HEADER),
        ("(call $empty)", 3_800 + HEADER + 1 + HEADER),
    ] {
        assert_eq!(ink(code), price, "{code}");
    }
    assert_eq!(run(&[], "(return (i32.const 0))").ink_used, 1 + 1 + HEADER);
}

#[test]
fn a_branch_table_pays_for_each_target_but_the_default() {
    for targets in 0..4 {
        let code = format!("(block (br_table 0 {} (i32.const 9)))", "0 ".repeat(targets));
        assert_eq!(ink(&code), 1 + 1 + 2_400 + 325 * targets as u64 + HEADER);
    }
}

#[test]
fn an_indirect_call_pays_for_each_parameter() {
    for params in 0..4 {
        let types = "i32 ".repeat(params);
        let arguments = "(i32.const 0) ".repeat(params);
        let wat = format!(
            "(module (type $t (func (param {types}))) (table 1 1 funcref) (elem (i32.const 0) $f) (memory (export \"memory\") 1 1)
               (func $f (type $t))
               (func (export \"user_entrypoint\") (param i32) (result i32)
                 (call_indirect (type $t) {arguments} (i32.const 0)) i32.const 0))"
        );
        let params = params as u64;
        assert_eq!(module_ink(&wat), params + 1 + 13_610 + 650 * params + HEADER + 1 + HEADER + EMPTY);
    }
}

#[test]
fn a_loop_pays_for_every_turn() {
    let turns = |n: u64| {
        ink(&format!(
            "(local.set 0 (i32.const {n})) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
        ))
    };
    let turn = 75 + 1 + 70 + 75 + 765 + HEADER;
    assert_eq!(turns(10) - turns(9), turn);
    assert_eq!(turns(1), 1 + 210 + 1 + HEADER + turn + 1 + HEADER);
}

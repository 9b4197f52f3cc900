//! What activation takes and refuses.
#![allow(clippy::unwrap_used, clippy::format_collect)]

mod common;

use common::{program, refusal, text, wasm};
use std::io::Write;
use stylus_wasm::{activate, activate_wasm, ActivationError as E};

fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    brotli::CompressorWriter::new(&mut out, 4096, 11, 22).write_all(bytes).unwrap();
    out
}

fn on_chain(wasm: &[u8]) -> Vec<u8> {
    [&[0xef, 0xf0, 0, 0], compress(wasm).as_slice()].concat()
}

/// A module with `items` before the usual entry point.
fn with(items: &str) -> String {
    format!("(module {items} (memory (export \"memory\") 1 1) (func (export \"user_entrypoint\") (param i32) (result i32) i32.const 0))")
}

#[test]
fn code_on_chain_is_prefix_and_brotli() {
    let wasm = wasm(&text("i32.const 0"));
    let code = on_chain(&wasm);
    let info = *activate(&code).unwrap().info();
    assert_eq!(info.code_size as usize, code.len());
    assert_eq!(info.wasm_size as usize, wasm.len());
    assert_eq!(activate_wasm(&wasm).unwrap().info().code_size, 0);
}

#[test]
fn other_code_is_not_stylus() {
    assert_eq!(activate(&[]).unwrap_err(), E::NotStylus { start: vec![] });
    assert_eq!(
        activate(&[0x60, 0x80, 0x60, 0x40, 0x52]).unwrap_err(),
        E::NotStylus {
            start: vec![0x60, 0x80, 0x60, 0x40]
        }
    );
    assert_eq!(
        activate(&[0xef, 0xf0, 0]).unwrap_err(),
        E::NotStylus {
            start: vec![0xef, 0xf0, 0]
        }
    );
}

#[test]
fn dictionaries_and_fragments_are_named_and_refused() {
    assert_eq!(activate(&[0xef, 0xf0, 0, 1, 7]).unwrap_err(), E::UnsupportedDictionary { id: 1 });
    assert_eq!(activate(&[0xef, 0xf0, 1, 0, 7]).unwrap_err(), E::UnsupportedVariant { variant: 1 });
    assert_eq!(activate(&[0xef, 0xf0, 2, 0, 7]).unwrap_err(), E::UnsupportedVariant { variant: 2 });
}

#[test]
fn code_must_fit_one_account_prefix_included() {
    assert_eq!(
        activate(&vec![0xef; 24_577]).unwrap_err(),
        E::CodeTooLarge {
            size: 24_577,
            limit: 24_576
        }
    );
    assert!(matches!(activate(&vec![0xef; 24_576]).unwrap_err(), E::NotStylus { .. }));
}

#[test]
fn what_does_not_decompress_is_refused() {
    assert!(matches!(activate(&[0xef, 0xf0, 0, 0, 0xff, 0xff]).unwrap_err(), E::Brotli { .. }));
    let mut cut = on_chain(&wasm(&text("i32.const 0")));
    cut.truncate(cut.len() / 2);
    assert!(matches!(activate(&cut).unwrap_err(), E::Brotli { .. }));
}

#[test]
fn wasm_of_more_than_128_kib_is_refused_packed_or_not() {
    let zeros = vec![0; 128 * 1024 + 1];
    assert_eq!(activate(&on_chain(&zeros)).unwrap_err(), E::WasmTooLarge { limit: 131_072 });
    assert_eq!(activate_wasm(&zeros).unwrap_err(), E::WasmTooLarge { limit: 131_072 });
}

#[test]
fn what_is_not_wasm_is_refused_with_its_offset() {
    assert!(matches!(activate_wasm(b"hello, wasm").unwrap_err(), E::Malformed { offset: 0, .. }));
}

#[test]
fn extensions_are_refused_by_name() {
    for (feature, items) in [
        ("floating point", "(func (param f64))"),
        ("floating point", "(func (drop (f32.const 0)))"),
        ("SIMD", "(func (drop (v128.const i64x2 0 0)))"),
        ("threads", "(func (drop (i32.atomic.load (i32.const 0))))"),
        ("reference types or an overlong table index", "(func (param externref))"),
        ("tail calls", "(func $f (return_call $f))"),
        ("multi-value", "(func (result i32 i32) i32.const 0 i32.const 0)"),
        ("multi-value", "(func i32.const 0 (block (param i32) (result i32)) drop)"),
        ("extended constants", "(global i32 (i32.add (i32.const 1) (i32.const 1)))"),
    ] {
        assert_eq!(refusal(&with(items)), E::UnsupportedFeatures { features: vec![feature] }, "{items}");
    }
    let E::UnsupportedFeatures { features } = refusal(&with("(tag $t) (func (throw $t))")) else {
        panic!()
    };
    assert!(features.contains(&"exceptions"), "{features:?}");
    let memory64 = "(module (memory (export \"memory\") i64 1 1) (func (export \"user_entrypoint\") (param i32) (result i32) i32.const 0))";
    assert_eq!(
        refusal(memory64),
        E::UnsupportedFeatures {
            features: vec!["64-bit memory"]
        }
    );
}

#[test]
fn an_overlong_table_index_is_refused_as_nitro_does() {
    let wasm = wasm(&with(
        "(type $t (func)) (table 1 1 funcref) (func (call_indirect (type $t) (i32.const 0)))",
    ));
    // `i32.const 0; call_indirect 0 0; end` with the table index in two bytes: the body grows by one, the section too.
    let at = wasm.windows(6).position(|bytes| bytes == [0x41, 0, 0x11, 0, 0, 0x0b]).unwrap();
    let mut overlong = wasm.clone();
    overlong.splice(at + 4..=at + 4, [0x80, 0]);
    // Before the code: no locals, the body's length, the number of bodies, the section's length.
    overlong[at - 2] += 1;
    overlong[at - 4] += 1;
    let found = activate_wasm(&overlong).unwrap_err();
    assert_eq!(
        found,
        E::UnsupportedFeatures {
            features: vec!["reference types or an overlong table index"]
        }
    );
}

#[test]
fn sign_extension_mutable_globals_copy_and_fill_are_taken() {
    program(
        "(drop (i32.extend8_s (i32.const 1))) (global.set $g (i32.const 1))
         (memory.copy (i32.const 0) (i32.const 0) (i32.const 0)) (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)) i32.const 0",
    );
}

#[test]
fn the_rest_of_bulk_memory_is_refused() {
    let wat = with("(table 1 1 funcref) (elem func 0) (func (table.init 0 (i32.const 0) (i32.const 0) (i32.const 0)))");
    assert_eq!(
        refusal(&wat),
        E::UnsupportedOpcode {
            opcode: "TableInit".into(),
            function: 0
        }
    );
    let wat = with("(data \"x\") (func (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 0)))");
    assert_eq!(refusal(&wat), E::UnsupportedSection { name: "DataCount" });
}

#[test]
fn imports_must_be_host_functions_with_their_types() {
    let unknown = |module: &str, name: &str| E::UnknownImport {
        module: module.into(),
        name: name.into(),
    };
    assert_eq!(
        refusal(&with(r#"(import "vm_hooks" "block_hash" (func))"#)),
        unknown("vm_hooks", "block_hash")
    );
    assert_eq!(
        refusal(&with(r#"(import "env" "read_args" (func (param i32)))"#)),
        unknown("env", "read_args")
    );
    assert_eq!(
        refusal(&with(r#"(import "console" "log_txt" (func (param i32 i32)))"#)),
        unknown("console", "log_txt")
    );
    assert_eq!(
        refusal(&with(r#"(import "vm_hooks" "chainid" (func (result i32)))"#)),
        E::ImportSignature {
            name: "chainid".into(),
            expected: "() -> i64".into(),
            found: "() -> i32".into()
        }
    );
    let global = refusal(&with(r#"(import "vm_hooks" "chainid" (global i32))"#));
    assert!(matches!(global, E::ImportSignature { .. }), "{global}");
}

#[test]
fn memory_and_entrypoint_must_be_exported() {
    let entry = "(func (export \"user_entrypoint\") (param i32) (result i32) i32.const 0)";
    assert_eq!(refusal(&format!("(module {entry})")), E::MissingExport { name: "memory" });
    assert_eq!(
        refusal(&format!("(module (memory (export \"mem\") 1 1) {entry})")),
        E::MissingExport { name: "memory" }
    );
    assert_eq!(
        refusal("(module (memory (export \"memory\") 1 1))"),
        E::MissingExport { name: "user_entrypoint" }
    );
    assert_eq!(
        refusal("(module (memory (export \"memory\") 1 1) (func (export \"user_entrypoint\") (param i64)))"),
        E::EntrypointType {
            found: "(i64) -> ()".into()
        }
    );
    assert_eq!(
        refusal("(module (memory (export \"memory\") 1 1) (global (export \"user_entrypoint\") i32 (i32.const 0)))"),
        E::EntrypointType { found: "a Global".into() }
    );
}

#[test]
fn start_functions_are_refused() {
    assert_eq!(refusal(&with("(func $s) (start $s)")), E::StartFunction);
}

#[test]
fn names_of_the_instrumentation_and_of_imports_are_reserved() {
    let name = |name: &str| E::ReservedName { name: name.into() };
    assert_eq!(refusal(&with("(func (export \"stylus_ink_left\"))")), name("stylus_ink_left"));
    let shadow = r#"(import "vm_hooks" "chainid" (func (result i64))) (func (export "x__chainid"))"#;
    assert_eq!(refusal(&with(shadow)), name("x__chainid"));
}

#[test]
fn memory_of_more_than_128_pages_is_refused() {
    let pages = |n: u32| {
        format!("(module (memory (export \"memory\") {n} {n}) (func (export \"user_entrypoint\") (param i32) (result i32) i32.const 0))")
    };
    assert_eq!(refusal(&pages(129)), E::MemoryTooLarge { pages: 129, limit: 128 });
    assert_eq!(activate_wasm(&wasm(&pages(128))).unwrap().info().footprint, 128);
}

#[test]
fn memory_that_can_grow_needs_what_pays_for_it() {
    let growable = |import: &str| {
        format!("(module {import} (memory (export \"memory\") 1) (func (export \"user_entrypoint\") (param i32) (result i32) i32.const 0))")
    };
    assert_eq!(refusal(&growable("")), E::MissingPayForMemoryGrow);
    activate_wasm(&wasm(&growable(r#"(import "vm_hooks" "pay_for_memory_grow" (func (param i32)))"#))).unwrap();
}

#[test]
fn counts_are_limited() {
    let too_many = |what, count, limit| E::TooMany { what, count, limit };
    assert_eq!(refusal(&with(&"(func)".repeat(4_096))), too_many("functions", 4_097, 4_096));
    activate_wasm(&wasm(&with(&"(func)".repeat(4_095)))).unwrap();
    assert_eq!(
        refusal(&with(&"(data (i32.const 0) \"x\")".repeat(129))),
        too_many("data segments", 129, 128)
    );
    assert_eq!(refusal(&with("(table 4097 funcref)")), too_many("table entries", 4_097, 4_096));
    let elements = "(elem (i32.const 0))".repeat(129);
    assert_eq!(
        refusal(&with(&format!("(table 1 funcref) {elements}"))),
        too_many("element segments", 129, 128)
    );
    let exports: String = (0..1_023).map(|i| format!("(export \"e{i}\" (memory 0))")).collect();
    assert_eq!(refusal(&with(&exports)), too_many("exports", 1_025, 1_024));
    assert_eq!(
        refusal(&with(&format!("(func (export \"{}\"))", "n".repeat(513)))),
        E::NameTooLong { length: 513, limit: 512 }
    );
}

#[test]
fn locals_opcodes_and_frames_are_limited_per_function() {
    let locals = |n: usize| with(&format!("(func (local {}))", "i64 ".repeat(n)));
    assert_eq!(
        refusal(&locals(349)),
        E::TooManyInFunction {
            what: "locals",
            function: 0,
            count: 349,
            limit: 348
        }
    );
    activate_wasm(&wasm(&locals(348))).unwrap();
    let long = with(&format!("(func {})", "nop ".repeat(65_536)));
    assert!(matches!(
        refusal(&long),
        E::TooManyInFunction {
            what: "opcodes",
            function: 0,
            ..
        }
    ));
    let deep = with(&format!("(func {} {})", "i32.const 0 ".repeat(4_097), "drop ".repeat(4_097)));
    assert!(matches!(
        refusal(&deep),
        E::TooManyInFunction {
            what: "values on the stack",
            count: 4_097,
            ..
        }
    ));
}

#[test]
fn init_costs_follow_nitros_formula() {
    // 2 functions with 2 values in their types, 1 global and the 4 of the instrumentation, 1 page.
    let info = *program("i32.const 0").info();
    let wasm = u64::from(info.wasm_size);
    assert_eq!(u64::from(info.cached_cost), wasm * 122 / 100_000 + 5 * 1_628 / 1_000 + 5);
    assert_eq!(u64::from(info.init_cost), 16 + 2 + wasm * 1_286 / 10_000);
    assert_eq!(u64::from(info.asm_estimate), 512_000 + 1_993 + 22 + wasm * 62_628 / 10_000);
    assert_eq!(info.cached_gas(), 352 + u64::from(info.cached_cost));
    assert_eq!(info.entry_gas(true), info.cached_gas());
    assert_eq!(info.entry_gas(false), info.cached_gas() + 8_832 + u64::from(info.init_cost));
    assert!(info.activation_gas > 1_659_168 + 28 * 2_217);
}

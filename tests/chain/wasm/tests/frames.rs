//! How frames end, grow, nest and run dry.
#![allow(clippy::unwrap_used)]

mod common;

use alloy_primitives::{Address, Bytes, B256, U256};
use common::{program, run, run_on, wasm, GAS};
use stylus_wasm::{
    activate_wasm, testing::MemoryEvm, CallKind, CallOutcome, CallStatus, CreateOutcome, EvmApi, EvmData, Program, RunStatus, Trap,
    WriteError,
};

/// A program whose memory can grow.
fn growing(body: &str) -> Program {
    let wat = format!(
        "(module (import \"vm_hooks\" \"pay_for_memory_grow\" (func (param i32))) (memory (export \"memory\") 1)
           (func (export \"user_entrypoint\") (param $len i32) (result i32) {body}))"
    );
    activate_wasm(&wasm(&wat)).unwrap()
}

#[test]
fn any_status_but_zero_reverts() {
    assert_eq!(run(&[], "i32.const 0").status, RunStatus::Success);
    assert_eq!(run(&[], "i32.const 1").status, RunStatus::Revert);
    assert_eq!(run(&[], "i32.const -1").status, RunStatus::Revert);
}

#[test]
fn the_entry_point_is_given_the_length_of_the_calldata() {
    assert_eq!(run(&[7; 3], "(i32.ne (local.get $len) (i32.const 3))").status, RunStatus::Success);
}

#[test]
fn traps_say_why_and_keep_the_gas_that_is_left() {
    for (body, trap) in [
        ("unreachable", Trap::Unreachable),
        ("(i32.load (i32.const 65536))", Trap::MemoryAccess),
        ("(i32.div_u (i32.const 1) (i32.const 0))", Trap::Arithmetic),
        ("(i32.div_s (i32.const 0x80000000) (i32.const -1))", Trap::Arithmetic),
    ] {
        let outcome = run(&[], body);
        assert_eq!(outcome.status, RunStatus::Trap(trap), "{body}");
        assert!(outcome.output.is_empty());
        assert_eq!(outcome.gas_left, GAS - outcome.ink_used.div_ceil(10_000));
        assert!(outcome.gas_left > 0);
    }
}

#[test]
fn host_functions_check_their_pointers_behind_their_price() {
    for (body, pointer, length) in [
        (
            "(call $native_keccak256 (i32.const 65530) (i32.const 7) (i32.const 0)) i32.const 0",
            65_530,
            7,
        ),
        (
            "(call $native_keccak256 (i32.const 0) (i32.const 7) (i32.const 65505)) i32.const 0",
            65_505,
            32,
        ),
        ("(call $msg_sender (i32.const -1)) i32.const 0", u32::MAX, 20),
    ] {
        let outcome = run(&[], body);
        assert_eq!(
            outcome.status,
            RunStatus::Trap(Trap::HostPointer {
                pointer,
                length,
                memory: 65_536
            }),
            "{body}"
        );
        assert!(outcome.ink_used > 8_400);
    }
}

#[test]
fn ink_runs_out_at_the_block_it_does_not_cover() {
    // 2,452 ink are one gas at least; the next block needs another.
    let program = program("(loop (br 0)) i32.const 0");
    let outcome = program.run(&[], &mut MemoryEvm::default(), &EvmData::default(), 1_000);
    assert_eq!(outcome.status, RunStatus::OutOfInk);
    assert_eq!((outcome.gas_left, outcome.ink_used), (0, 10_000_000));
}

#[test]
fn a_program_may_use_its_last_ink_and_not_one_more() {
    // Four blocks: each header and a block's two instructions or the constant and the end, 9,808 of 10,000 ink.
    let fits = program("(block) (block) (block) i32.const 0");
    let outcome = fits.run(&[], &mut MemoryEvm::default(), &EvmData::default(), 1);
    assert_eq!((outcome.status, outcome.ink_used, outcome.gas_left), (RunStatus::Success, 9_808, 0));
    let does_not = program("(block) (block) (block) (block) i32.const 0");
    let outcome = does_not.run(&[], &mut MemoryEvm::default(), &EvmData::default(), 1);
    assert_eq!(
        (outcome.status, outcome.ink_used, outcome.gas_left),
        (RunStatus::OutOfInk, 10_000, 0)
    );
}

#[test]
fn host_functions_and_bulk_memory_run_out_too() {
    for body in [
        "(call $native_keccak256 (i32.const 0) (i32.const 4000) (i32.const 0)) i32.const 0",
        "(memory.fill (i32.const 0) (i32.const 0) (i32.const 4000)) i32.const 0",
        "(call $storage_load_bytes32 (i32.const 0) (i32.const 0)) i32.const 0",
    ] {
        let outcome = program(body).run(&[], &mut MemoryEvm::default(), &EvmData::default(), 20);
        assert_eq!((outcome.status, outcome.gas_left), (RunStatus::OutOfInk, 0), "{body}");
    }
}

#[test]
fn a_write_needs_more_than_the_sentry_of_2300_gas() {
    let body = "(call $storage_cache_bytes32 (i32.const 0) (i32.const 0)) i32.const 0";
    let with = |gas| program(body).run(&[], &mut MemoryEvm::default(), &EvmData::default(), gas).status;
    assert_eq!(with(2_312), RunStatus::OutOfInk);
    assert_eq!(with(2_313), RunStatus::Success);
}

#[test]
fn a_flush_that_the_gas_does_not_cover_takes_it_all() {
    let body = "(call $storage_cache_bytes32 (i32.const 0) (i32.const 0)) (call $storage_flush_cache (i32.const 0)) i32.const 0";
    let outcome = program(body).run(&[], &mut MemoryEvm::default(), &EvmData::default(), 19_000);
    assert_eq!((outcome.status, outcome.gas_left), (RunStatus::OutOfInk, 0));
}

#[test]
fn a_stack_too_deep_takes_all_gas() {
    let wat = "(module (memory (export \"memory\") 1 1)
        (func $deep (call $deep))
        (func (export \"user_entrypoint\") (param i32) (result i32) (call $deep) i32.const 0))";
    let program = activate_wasm(&wasm(wat)).unwrap();
    let outcome = program.run(&[], &mut MemoryEvm::default(), &EvmData::default(), GAS);
    assert_eq!((outcome.status, outcome.gas_left), (RunStatus::OutOfStack, 0));
}

#[test]
fn a_stack_of_22000_words_is_allowed() {
    // Each frame: two values at once, no locals, four words.
    let words = |calls: u32| {
        let wat = format!(
            "(module (memory (export \"memory\") 1 1) (global $n (mut i32) (i32.const {calls}))
               (func $down
                 (global.set $n (i32.sub (global.get $n) (i32.const 1)))
                 (if (global.get $n) (then (call $down))))
               (func (export \"user_entrypoint\") (param i32) (result i32) (call $down) i32.const 0))"
        );
        activate_wasm(&wasm(&wat))
            .unwrap()
            .run(&[], &mut MemoryEvm::default(), &EvmData::default(), GAS)
            .status
    };
    // 6 words of the entry point and of each call; what is left must stay above zero.
    assert_eq!(words(3_665), RunStatus::Success);
    assert_eq!(words(3_666), RunStatus::OutOfStack);
}

#[test]
fn growth_pays_for_its_pages_first() {
    let mut evm = MemoryEvm {
        pages: 2,
        ..MemoryEvm::default()
    };
    let grow = |pages: u32| growing(&format!("(drop (memory.grow (i32.const {pages}))) i32.const 0"));
    let ink = grow(3).run(&[], &mut evm, &EvmData::default(), GAS).ink_used;
    // The constant, the instruction, the value dropped; the price of pages; the rest of the program.
    assert_eq!(ink, 1 + 8_050 + 9 + 3_000 * 10_000 + 2_452);
    assert_eq!(evm.pages, 5);
    let none = grow(0).run(&[], &mut MemoryEvm::default(), &EvmData::default(), GAS).ink_used;
    assert_eq!(none, 1 + 8_050 + 9 + 8_400 + 2_452);
}

#[test]
fn memory_that_grew_is_there() {
    let body = "(drop (memory.grow (i32.const 1))) (i32.store (i32.const 65536) (i32.const 5)) (i32.ne (memory.size) (i32.const 2))";
    assert_eq!(
        growing(body).run(&[], &mut MemoryEvm::default(), &EvmData::default(), GAS).status,
        RunStatus::Success
    );
}

#[test]
fn growth_beyond_the_limit_takes_all_gas() {
    let outcome = growing("(memory.grow (i32.const 200))").run(&[], &mut MemoryEvm::default(), &EvmData::default(), GAS);
    assert_eq!(outcome.status, RunStatus::OutOfInk);
}

#[test]
fn each_run_starts_afresh() {
    let body = "(global.set $g (i32.add (global.get $g) (i32.const 1)))
                (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (global.get $g)))
                (i32.ne (i32.load (i32.const 0)) (i32.const 1))";
    let program = program(body);
    for _ in 0..3 {
        assert_eq!(
            program.run(&[], &mut MemoryEvm::default(), &EvmData::default(), GAS).status,
            RunStatus::Success
        );
    }
}

/// An EVM on which every call runs the same program with one byte of calldata less.
struct Nest<'p> {
    program: &'p Program,
    deepest: usize,
    depth: usize,
}

impl EvmApi for Nest<'_> {
    fn call(&mut self, _: CallKind, _: Address, data: &[u8], _: U256, _: u64, gas_limit: u64) -> CallOutcome {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        let program = self.program;
        let outcome = program.run(data, self, &EvmData::default(), gas_limit);
        self.depth -= 1;
        let status = if outcome.status == RunStatus::Success {
            CallStatus::Success
        } else {
            CallStatus::Revert
        };
        CallOutcome {
            status,
            data: outcome.output,
            gas_cost: gas_limit - outcome.gas_left,
        }
    }
    fn storage(&mut self, _: B256) -> (B256, u64) {
        (B256::ZERO, 0)
    }
    fn store(&mut self, _: &[(B256, B256)], _: u64) -> Result<u64, WriteError> {
        Ok(0)
    }
    fn transient(&mut self, _: B256) -> B256 {
        B256::ZERO
    }
    fn store_transient(&mut self, _: B256, _: B256) -> Result<(), WriteError> {
        Ok(())
    }
    fn create(&mut self, _: Bytes, _: U256, _: Option<B256>, _: u64) -> CreateOutcome {
        CreateOutcome {
            address: None,
            data: Bytes::new(),
            gas_cost: 0,
        }
    }
    fn log(&mut self, _: Vec<B256>, _: Bytes) -> Result<(), WriteError> {
        Ok(())
    }
    fn balance(&mut self, _: Address) -> (U256, u64) {
        (U256::ZERO, 0)
    }
    fn code(&mut self, _: Address) -> (Bytes, u64) {
        (Bytes::new(), 0)
    }
    fn code_hash(&mut self, _: Address) -> (B256, u64) {
        (B256::ZERO, 0)
    }
    fn add_pages(&mut self, _: u16) -> u64 {
        0
    }
}

#[test]
fn programs_nest_and_return_data_comes_back_up() {
    // Each frame adds one to what the frame below returns; the last returns nothing.
    let body = "(if (i32.eqz (local.get $len)) (then (call $exit_early (i32.const 0))))
        (call $read_args (i32.const 64))
        (drop (call $static_call_contract (i32.const 0) (i32.const 64) (i32.sub (local.get $len) (i32.const 1)) (i64.const -1) (i32.const 32)))
        (drop (call $read_return_data (i32.const 36) (i32.const 0) (i32.const 4)))
        (i32.store (i32.const 36) (i32.add (i32.load (i32.const 36)) (i32.const 1)))
        (call $write_result (i32.const 36) (i32.const 4)) i32.const 0";
    let program = program(body);
    let mut evm = Nest {
        program: &program,
        deepest: 0,
        depth: 0,
    };
    let outcome = program.run(&[0; 50], &mut evm, &EvmData::default(), GAS);
    assert_eq!(outcome.status, RunStatus::Success);
    assert_eq!(outcome.output.as_ref(), 50_u32.to_le_bytes());
    assert_eq!(evm.deepest, 50);
}

#[test]
fn a_frame_does_not_see_another_frames_cache() {
    let body = "(call $storage_cache_bytes32 (i32.const 0) (i32.const 0)) i32.const 0";
    let mut evm = MemoryEvm::default();
    run_on(&mut evm, &[], body);
    assert!(evm.writes.is_empty());
}

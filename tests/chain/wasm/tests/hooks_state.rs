//! What host functions for storage, logs and accounts do and cost.
#![allow(clippy::unwrap_used, clippy::format_collect)]

mod common;

use alloy_primitives::{keccak256, Address, Bytes, B256, U256};
use common::{account, eval_on, host_ink, host_ink_on, run, run_on, word, words};
use stylus_wasm::{
    testing::{MemoryEvm, STORE_GAS},
    RunStatus, Trap,
};

/// Ink of entering a host function, of a pointer, of entering the EVM, and of a gas.
const HOST: u64 = 8_400;
const POINTER: u64 = 5_040;
const EVM: u64 = 59_673;
const GAS: u64 = 10_000;

#[test]
fn a_storage_miss_pays_the_evm_a_hit_does_not() {
    let base = HOST + 2 * POINTER;
    // 5 gas for entering the EVM: its ink rounded down.
    assert_eq!(
        host_ink("i32.const 0 i32.const 0", "storage_load_bytes32"),
        base + (2_100 + 5) * GAS
    );
    let mut warm = MemoryEvm::default();
    warm.warm_slots.insert(B256::ZERO);
    assert_eq!(
        host_ink_on(&mut warm, &[], "i32.const 0 i32.const 0", "storage_load_bytes32"),
        base + (100 + 5) * GAS
    );
    let load = "(call $storage_load_bytes32 (i32.const 0) (i32.const 64))";
    let loads = |n: usize| run(&[], &format!("{} i32.const 0", load.repeat(n))).ink_used;
    let call = 2 + 3_800 + 2_450;
    for (nth, extra) in [(2, 0), (32, 0), (33, 2), (128, 2), (129, 10)] {
        assert_eq!(loads(nth) - loads(nth - 1), call + base + extra * GAS, "load {nth}");
    }
}

#[test]
fn a_cached_write_is_free_of_gas_at_first() {
    let write = "(call $storage_cache_bytes32 (i32.const 0) (i32.const 0))";
    let writes = |n: usize| run(&[], &format!("{} i32.const 0", write.repeat(n))).ink_used;
    let call = 2 + 3_800 + 2_450 + HOST + 2 * POINTER;
    for (nth, extra) in [(1, 0), (8, 0), (9, 7), (64, 7), (65, 10)] {
        assert_eq!(writes(nth) - writes(nth - 1), call + extra * GAS, "write {nth}");
    }
}

#[test]
fn the_cache_shows_its_own_writes_and_the_evm_sees_them_at_a_flush() {
    let key_value = words(&[U256::from(1), U256::from(42)]);
    let body = "(call $storage_cache_bytes32 (i32.const 0) (i32.const 32)) (call $storage_load_bytes32 (i32.const 0) (i32.const 64))";
    let mut evm = MemoryEvm::default();
    assert_eq!(eval_on(&mut evm, &key_value, body, 64, 32), word(42).as_slice());
    assert!(evm.writes.is_empty(), "nothing flushes but a flush");
    eval_on(
        &mut evm,
        &key_value,
        &format!("{body} (call $storage_flush_cache (i32.const 0))"),
        0,
        0,
    );
    assert_eq!(evm.writes, [(word(1), word(42))]);
}

#[test]
fn a_flush_writes_what_changed_in_the_order_of_keys() {
    let set = |key: u32, value: u32| format!("(call $storage_cache_bytes32 (i32.const {key}) (i32.const {value}))");
    let load = |key: u32| format!("(call $storage_load_bytes32 (i32.const {key}) (i32.const 256))");
    let memory = words(&[U256::from(9), U256::from(5), U256::from(7), U256::from(50)]);
    let mut evm = MemoryEvm::default();
    evm.storage.insert(word(7), word(50));
    let flush = "(call $storage_flush_cache (i32.const 0))";
    // Slot 7 is read and written with what it holds: no change.
    let body = format!("{} {} {} {} {flush} {flush}", set(0, 96), set(32, 96), load(64), set(64, 96));
    eval_on(&mut evm, &memory, &body, 0, 0);
    assert_eq!(evm.writes, [(word(5), word(50)), (word(9), word(50))]);
}

#[test]
fn a_flush_pays_the_evm_and_clears_if_asked() {
    assert_eq!(host_ink("i32.const 0", "storage_flush_cache"), HOST + EVM);
    let set = "(call $storage_cache_bytes32 (i32.const 0) (i32.const 0))";
    let ink = |clear: u32| run(&[], &format!("{set} (call $storage_flush_cache (i32.const {clear})) i32.const 0")).ink_used;
    let without = run(&[], &format!("{set} i32.const 0")).ink_used;
    assert_eq!(ink(0) - without, 1 + 3_800 + 2_450 + HOST + EVM + STORE_GAS * GAS);
    let mut evm = MemoryEvm::default();
    let load = "(call $storage_load_bytes32 (i32.const 0) (i32.const 32))";
    eval_on(
        &mut evm,
        &[],
        &format!("{set} (call $storage_flush_cache (i32.const 0)) {load}"),
        0,
        0,
    );
    assert!(evm.warm_slots.is_empty(), "still cached");
    eval_on(
        &mut evm,
        &[],
        &format!("{set} (call $storage_flush_cache (i32.const 1)) {load}"),
        0,
        0,
    );
    assert_eq!(evm.warm_slots.len(), 1);
}

#[test]
fn transient_storage_pays_a_hundred_gas() {
    for name in ["transient_load_bytes32", "transient_store_bytes32"] {
        assert_eq!(host_ink("i32.const 0 i32.const 0", name), HOST + 2 * POINTER + EVM + 100 * GAS);
    }
    let body = "(call $transient_store_bytes32 (i32.const 0) (i32.const 32)) (call $transient_load_bytes32 (i32.const 0) (i32.const 64))";
    let mut evm = MemoryEvm::default();
    assert_eq!(
        eval_on(&mut evm, &words(&[U256::from(1), U256::from(42)]), body, 64, 32),
        word(42).as_slice()
    );
    assert_eq!(evm.transient[&word(1)], word(42));
}

#[test]
fn logs_carry_topics_first_and_pay_as_in_the_evm() {
    let memory = [words(&[U256::from(1), U256::from(2)]), b"data".to_vec()].concat();
    let mut evm = MemoryEvm::default();
    eval_on(
        &mut evm,
        &memory,
        "(call $emit_log (i32.const 0) (i32.const 68) (i32.const 2))",
        0,
        0,
    );
    assert_eq!(evm.logs, [(vec![word(1), word(2)], Bytes::from_static(b"data"))]);
    let ink = host_ink("i32.const 0 i32.const 68 i32.const 2", "emit_log");
    assert_eq!(ink, HOST + EVM + 16_381 + 55 * 36 + (375 * 3 + 8 * 4) * GAS);
    for (length, topics) in [(200, 5), (63, 2)] {
        let outcome = run(
            &[],
            &format!("(call $emit_log (i32.const 0) (i32.const {length}) (i32.const {topics})) i32.const 0"),
        );
        assert_eq!(outcome.status, RunStatus::Trap(Trap::BadLog { length, topics }));
    }
}

#[test]
fn writes_in_a_static_frame_trap() {
    let set = "(call $storage_cache_bytes32 (i32.const 0) (i32.const 0))";
    for body in [
        format!("{set} (call $storage_flush_cache (i32.const 0))"),
        "(call $transient_store_bytes32 (i32.const 0) (i32.const 0))".into(),
        "(call $emit_log (i32.const 0) (i32.const 0) (i32.const 0))".into(),
        "(call $create1 (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))".into(),
    ] {
        let mut evm = MemoryEvm {
            is_static: true,
            ..MemoryEvm::default()
        };
        let outcome = run_on(&mut evm, &[], &format!("{body} i32.const 0"));
        assert_eq!(outcome.status, RunStatus::Trap(Trap::WriteProtection), "{body}");
        assert!(outcome.gas_left > 0, "a trap keeps the gas that is left");
    }
    let mut evm = MemoryEvm {
        is_static: true,
        ..MemoryEvm::default()
    };
    assert_eq!(
        run_on(&mut evm, &[], &format!("{set} i32.const 0")).status,
        RunStatus::Success,
        "the cache may be written"
    );
}

#[test]
fn accounts_show_balance_code_and_hash() {
    let mut evm = MemoryEvm::default();
    evm.accounts.insert(account(9), (U256::from(42), Bytes::from_static(b"0123456789")));
    let args = account(9).to_vec();
    let balance = eval_on(&mut evm, &args, "(call $account_balance (i32.const 0) (i32.const 32))", 32, 32);
    assert_eq!(balance, word(42).as_slice());
    let hash = eval_on(&mut evm, &args, "(call $account_codehash (i32.const 0) (i32.const 32))", 32, 32);
    assert_eq!(hash, keccak256(b"0123456789").as_slice());
    let size = eval_on(
        &mut evm,
        &args,
        "(i32.store (i32.const 32) (call $account_code_size (i32.const 0)))",
        32,
        4,
    );
    assert_eq!(size, [10, 0, 0, 0]);
    let code = "(i32.store (i32.const 32) (call $account_code (i32.const 0) (i32.const 8) (i32.const 9) (i32.const 36)))";
    assert_eq!(eval_on(&mut evm, &args, code, 32, 6), [2, 0, 0, 0, b'8', b'9']);
}

#[test]
fn accounts_pay_access_and_all_of_their_code() {
    let two = "i32.const 0 i32.const 0";
    for name in ["account_balance", "account_codehash"] {
        assert_eq!(host_ink(two, name), HOST + 2 * POINTER + EVM + 2_600 * GAS, "{name}");
    }
    assert_eq!(host_ink("i32.const 0", "account_code_size"), HOST + EVM + 2_600 * GAS);
    let mut evm = MemoryEvm::default();
    evm.accounts.insert(Address::ZERO, (U256::ZERO, vec![7; 1_032].into()));
    let four = "i32.const 0 i32.const 0 i32.const 1 i32.const 0";
    assert_eq!(
        host_ink_on(&mut evm, &[], four, "account_code"),
        HOST + EVM + 2_600 * GAS + 5_040 + 30 * 1_000
    );
}

#[test]
fn code_loaded_last_costs_no_gas_again() {
    let mut evm = MemoryEvm::default();
    evm.accounts.insert(Address::ZERO, (U256::ZERO, Bytes::from_static(b"code")));
    let size = "(drop (call $account_code_size (i32.const 0)))";
    let ink = |n: usize| run_on(&mut evm.clone(), &[], &format!("{} i32.const 0", size.repeat(n))).ink_used;
    assert_eq!(ink(2) - ink(1), 1 + 3_800 + 2_450 + 9 + HOST + EVM);
}

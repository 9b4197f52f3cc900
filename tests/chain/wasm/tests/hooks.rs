//! What host functions for data, calls and arithmetic do and cost.
#![allow(clippy::unwrap_used, clippy::format_collect)]

mod common;

use alloy_primitives::{hex, Address, Bytes, U256};
use common::{account, data, eval, eval_on, host_ink, host_ink_on, run, word, words};
use stylus_wasm::{
    testing::{Call, MemoryEvm},
    CallKind, CallOutcome, CallStatus, CreateOutcome, RunStatus,
};

/// Ink of entering a host function, of a pointer, of entering the EVM, and of a gas.
const HOST: u64 = 8_400;
const POINTER: u64 = 5_040;
const EVM: u64 = 59_673;
const GAS: u64 = 10_000;

#[test]
fn read_args_pays_by_the_byte_beyond_a_word() {
    for (length, price) in [(0, 5_040), (32, 5_040), (33, 5_070), (1_000, 5_040 + 30 * 968)] {
        let ink = host_ink_on(&mut MemoryEvm::default(), &vec![7; length], "i32.const 0", "read_args");
        assert_eq!(ink, HOST + price, "{length} bytes");
    }
}

#[test]
fn write_result_pays_for_reading_twice_and_the_last_one_counts() {
    for (length, price) in [(0, 16_381), (32, 16_381), (100, 16_381 + 55 * 68)] {
        assert_eq!(
            host_ink(&format!("i32.const 0 i32.const {length}"), "write_result"),
            HOST + 2 * price
        );
    }
    let body = "(call $read_args (i32.const 0)) (call $write_result (i32.const 0) (i32.const 2))
                (call $write_result (i32.const 1) (i32.const 3)) i32.const 0";
    assert_eq!(run(b"abcdef", body).output.as_ref(), b"bcd");
}

#[test]
fn exit_early_ends_the_frame_with_its_status() {
    let exit = |status: u32| {
        format!("(call $read_args (i32.const 0)) (call $write_result (i32.const 0) (i32.const 1)) (call $exit_early (i32.const {status})) unreachable")
    };
    let outcome = run(b"x", &exit(0));
    assert_eq!((outcome.status, outcome.output.as_ref()), (RunStatus::Success, b"x".as_slice()));
    let outcome = run(b"x", &exit(3));
    assert_eq!((outcome.status, outcome.output.as_ref()), (RunStatus::Revert, b"x".as_slice()));
}

#[test]
fn calls_pass_on_what_they_are_given_and_return_status_and_length() {
    // Target at 0, value at 32, data at 64; the length goes to 128, the status to 132.
    let mut memory = account(9).to_vec();
    memory.resize(32, 0);
    memory.extend(words(&[U256::from(5)]));
    memory.extend(b"data");
    for (kind, call) in [
        (
            CallKind::Call,
            "call $call_contract (i32.const 0) (i32.const 64) (i32.const 4) (i32.const 32) (i64.const 1000) (i32.const 128)",
        ),
        (
            CallKind::Delegate,
            "call $delegate_call_contract (i32.const 0) (i32.const 64) (i32.const 4) (i64.const 1000) (i32.const 128)",
        ),
        (
            CallKind::Static,
            "call $static_call_contract (i32.const 0) (i32.const 64) (i32.const 4) (i64.const 1000) (i32.const 128)",
        ),
    ] {
        for (status, byte) in [(CallStatus::Success, 0), (CallStatus::Revert, 2)] {
            let answer = CallOutcome {
                status,
                data: Bytes::from_static(b"answer"),
                gas_cost: 100,
            };
            let mut evm = MemoryEvm {
                call_answers: vec![answer],
                ..MemoryEvm::default()
            };
            let out = eval_on(&mut evm, &memory, &format!("(i32.store (i32.const 132) ({call}))"), 128, 8);
            assert_eq!(out, [6, 0, 0, 0, byte, 0, 0, 0]);
            let [made] = evm.calls.as_slice() else { panic!() };
            let value = if kind == CallKind::Call { U256::from(5) } else { U256::ZERO };
            let gas_left = made.gas_left;
            assert_eq!(
                *made,
                Call {
                    kind,
                    to: account(9),
                    data: b"data".to_vec(),
                    value,
                    gas_left,
                    gas_limit: 1_000
                }
            );
            assert!(gas_left < common::GAS && gas_left > common::GAS - 100);
        }
    }
}

#[test]
fn a_call_pays_three_pointers_its_data_twice_and_what_the_evm_takes() {
    let price = |length: u64| HOST + 3 * POINTER + EVM + 2 * (16_381 + 55 * length.saturating_sub(32));
    for (name, value) in [
        ("call_contract", "i32.const 0"),
        ("delegate_call_contract", ""),
        ("static_call_contract", ""),
    ] {
        let arguments = format!("i32.const 0 i32.const 0 i32.const 100 {value} i64.const -1 i32.const 0");
        let answer = CallOutcome {
            status: CallStatus::Success,
            data: Bytes::new(),
            gas_cost: 2_600,
        };
        let mut evm = MemoryEvm {
            call_answers: vec![answer],
            ..MemoryEvm::default()
        };
        assert_eq!(host_ink_on(&mut evm, &[], &arguments, name), price(100) + 2_600 * GAS, "{name}");
        assert_eq!(evm.calls[0].gas_limit, evm.calls[0].gas_left, "no more than there is");
    }
}

#[test]
fn value_from_a_static_frame_fails_without_a_call() {
    let mut evm = MemoryEvm {
        is_static: true,
        ..MemoryEvm::default()
    };
    let call = "call $call_contract (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i64.const 0) (i32.const 64)";
    let out = eval_on(
        &mut evm,
        &words(&[U256::from(1)]),
        &format!("(i32.store (i32.const 64) ({call}))"),
        64,
        4,
    );
    assert_eq!((out, evm.calls.len()), (vec![2, 0, 0, 0], 0));
    eval_on(&mut evm, &words(&[U256::ZERO]), &format!("(drop ({call}))"), 0, 0);
    assert_eq!(evm.calls.len(), 1);
}

#[test]
fn return_data_is_read_in_parts_as_far_as_it_goes() {
    let answer = CallOutcome {
        status: CallStatus::Success,
        data: Bytes::from_static(b"0123456789"),
        gas_cost: 0,
    };
    let call = "(drop (call $static_call_contract (i32.const 0) (i32.const 0) (i32.const 0) (i64.const 0) (i32.const 0)))";
    for (offset, size, part) in [(0, 4, "0123"), (8, 10, "89"), (10, 1, ""), (99, 1, "")] {
        let mut evm = MemoryEvm {
            call_answers: vec![answer.clone()],
            ..MemoryEvm::default()
        };
        let read = format!("(i32.store (i32.const 60) (call $read_return_data (i32.const 64) (i32.const {offset}) (i32.const {size})))");
        let size = "(i32.store (i32.const 56) (call $return_data_size))";
        let out = eval_on(&mut evm, &[], &format!("{call} {read} {size}"), 56, 8 + 10);
        assert_eq!(out[..8], [10, 0, 0, 0, u8::try_from(part.len()).unwrap(), 0, 0, 0]);
        assert_eq!(&out[8..8 + part.len()], part.as_bytes());
    }
    assert_eq!(
        host_ink("i32.const 0 i32.const 0 i32.const 9", "read_return_data"),
        HOST + EVM + 5_040
    );
    assert_eq!(host_ink("", "return_data_size"), HOST);
}

#[test]
fn creations_pass_on_code_endowment_and_salt() {
    // Code at 0, endowment at 32, salt at 64; the address goes to 96, the length to 116.
    let memory = [b"init".to_vec(), vec![0; 28], words(&[U256::from(5), U256::from(77)])].concat();
    let create1 = "(call $create1 (i32.const 0) (i32.const 4) (i32.const 32) (i32.const 96) (i32.const 116))";
    let create2 = "(call $create2 (i32.const 0) (i32.const 4) (i32.const 32) (i32.const 64) (i32.const 96) (i32.const 116))";
    for (create, salt) in [(create1, None), (create2, Some(word(77)))] {
        let answer = CreateOutcome {
            address: Some(account(9)),
            data: Bytes::new(),
            gas_cost: 32_000,
        };
        let mut evm = MemoryEvm {
            create_answers: vec![answer],
            ..MemoryEvm::default()
        };
        assert_eq!(eval_on(&mut evm, &memory, create, 96, 20), account(9).as_slice());
        let made = &evm.creates[0];
        assert_eq!(
            (made.code.as_ref(), made.endowment, made.salt),
            (b"init".as_slice(), U256::from(5), salt)
        );

        let answer = CreateOutcome {
            address: None,
            data: Bytes::from_static(b"no"),
            gas_cost: 32_000,
        };
        let mut evm = MemoryEvm {
            create_answers: vec![answer],
            ..MemoryEvm::default()
        };
        let out = eval_on(&mut evm, &memory, create, 96, 24);
        assert_eq!(out, [Address::ZERO.as_slice(), &[2, 0, 0, 0]].concat());
    }
    let price = |pointers: u64| HOST + pointers * POINTER + EVM + 2 * 16_381;
    assert_eq!(host_ink(&"i32.const 0 ".repeat(5), "create1"), price(3));
    assert_eq!(host_ink(&"i32.const 0 ".repeat(6), "create2"), price(4));
}

#[test]
fn facts_of_block_and_call_are_written_at_the_pointer() {
    let facts = data();
    for (name, expected) in [
        ("block_basefee", facts.base_fee.to_be_bytes_vec()),
        ("block_coinbase", facts.coinbase.to_vec()),
        ("contract_address", facts.contract.to_vec()),
        ("msg_sender", facts.sender.to_vec()),
        ("msg_value", facts.value.to_be_bytes_vec()),
        ("tx_gas_price", facts.gas_price.to_be_bytes_vec()),
        ("tx_origin", facts.origin.to_vec()),
    ] {
        let size = u32::try_from(expected.len()).unwrap();
        assert_eq!(eval(&[], &format!("(call ${name} (i32.const 64))"), 64, size), expected, "{name}");
        assert_eq!(host_ink("i32.const 0", name), HOST + POINTER, "{name}");
    }
}

#[test]
fn facts_that_are_numbers_are_returned() {
    for (name, expected) in [
        ("block_gas_limit", 32_000_000),
        ("block_number", 20_000_000),
        ("block_timestamp", 1_700_000_000),
        ("chainid", 42_161_u64),
    ] {
        assert_eq!(
            eval(&[], &format!("(i64.store (i32.const 64) (call ${name}))"), 64, 8),
            expected.to_le_bytes(),
            "{name}"
        );
        assert_eq!(host_ink("", name), HOST, "{name}");
    }
    for (name, expected) in [("msg_reentrant", 1_u32), ("tx_ink_price", 10_000)] {
        assert_eq!(
            eval(&[], &format!("(i32.store (i32.const 64) (call ${name}))"), 64, 4),
            expected.to_le_bytes(),
            "{name}"
        );
        assert_eq!(host_ink("", name), HOST, "{name}");
    }
}

#[test]
fn gas_and_ink_left_are_those_behind_the_call() {
    let paid = 3_800 + 2_450 + HOST;
    let read = |name: &str| {
        let body = format!("(i64.store (i32.const 0) (call ${name})) (call $write_result (i32.const 0) (i32.const 8)) i32.const 0");
        // The store's address comes before the call, in its block.
        u64::from_le_bytes(run(&[], &body).output.as_ref().try_into().unwrap())
    };
    assert_eq!(read("evm_ink_left"), common::GAS * GAS - paid - 1);
    assert_eq!(read("evm_gas_left"), (common::GAS * GAS - paid - 1) / GAS);
}

#[test]
fn keccak_pays_by_the_word_beyond_two() {
    for (length, price) in [(0, 121_800), (64, 121_800), (65, 142_800), (1_024, 121_800 + 30 * 21_000)] {
        assert_eq!(
            host_ink(&format!("i32.const 0 i32.const {length} i32.const 0"), "native_keccak256"),
            price,
            "{length} bytes"
        );
    }
    let hash = eval(
        b"abc",
        "(call $native_keccak256 (i32.const 0) (i32.const 3) (i32.const 32))",
        32,
        32,
    );
    assert_eq!(hash, hex!("4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"));
}

#[test]
fn arithmetic_is_the_evms() {
    let max = U256::MAX;
    let n = |value: u64| U256::from(value);
    for (name, operands, expected) in [
        ("math_div", vec![n(7), n(2)], n(3)),
        ("math_div", vec![n(7), n(0)], n(0)),
        ("math_mod", vec![n(7), n(4)], n(3)),
        ("math_mod", vec![n(7), n(0)], n(0)),
        ("math_pow", vec![n(3), n(5)], n(243)),
        ("math_pow", vec![n(2), n(256)], n(0)),
        ("math_add_mod", vec![max, max, n(10)], n(0)),
        ("math_add_mod", vec![max, n(2), n(10)], n(7)),
        ("math_add_mod", vec![n(1), n(1), n(0)], n(0)),
        ("math_mul_mod", vec![max, max, n(12)], n(9)),
        ("math_mul_mod", vec![n(1), n(1), n(0)], n(0)),
    ] {
        let pointers: String = (0..operands.len()).map(|i| format!("(i32.const {}) ", i * 32)).collect();
        let out = eval(&words(&operands), &format!("(call ${name} {pointers})"), 0, 32);
        assert_eq!(U256::from_be_slice(&out), expected, "{name} {operands:?}");
    }
}

#[test]
fn arithmetic_pays_pointers_and_its_own_price() {
    let two = "i32.const 0 i32.const 0";
    let three = "i32.const 0 i32.const 0 i32.const 0";
    assert_eq!(host_ink(two, "math_div"), HOST + 3 * POINTER + 20_000);
    assert_eq!(host_ink(two, "math_mod"), HOST + 3 * POINTER + 20_000);
    assert_eq!(host_ink(three, "math_add_mod"), HOST + 4 * POINTER + 21_000);
    assert_eq!(host_ink(three, "math_mul_mod"), HOST + 4 * POINTER + 24_100);
    // An exponent of zero has no significant byte; the pointers are to zeros.
    assert_eq!(host_ink(two, "math_pow"), HOST + 3 * POINTER + 3_000 + 17_500);
    let pow = |exponent: U256| {
        let body = "(call $read_args (i32.const 32)) (call $math_pow (i32.const 0) (i32.const 32)) i32.const 0";
        run(&words(&[exponent]), body).ink_used
    };
    assert_eq!(pow(U256::from(255)) - pow(U256::ZERO), 17_500);
    assert_eq!(pow(U256::from(256)) - pow(U256::ZERO), 35_000);
    assert_eq!(pow(U256::MAX) - pow(U256::ZERO), 32 * 17_500);
}

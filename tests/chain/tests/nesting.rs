//! Calls between programs and EVM contracts, both ways and several deep.

// Helpers of tests may panic as tests may.
#![allow(clippy::unwrap_used)]

mod common;

use common::{
    chain_with_probes, evm_call, evm_relay, evm_store as evm_store_data, load, op, relay, store, store_and_revert, to_u64, try_relay, word,
    ALICE, CALL, DELEGATE, EVM_STORE, FAILED, STATIC,
};
use stylus_chain::{
    alloy_primitives::{Address, Bytes, B256, U256},
    init_code, Chain, Fault, Tx,
};

const OP_CALL: u8 = 0xf1;
const OP_DELEGATECALL: u8 = 0xf4;
const OP_STATICCALL: u8 = 0xfa;

/// A chain, two probes, and EVM contracts: a store, and one relay for each kind of call.
struct World {
    chain: Chain,
    first: Address,
    second: Address,
    evm_store: Address,
    evm_calls: Address,
    evm_delegates: Address,
    evm_statics: Address,
}

fn world() -> World {
    let (mut chain, first, second) = chain_with_probes();
    let mut deploy = |code: &[u8]| chain.deploy_runtime(ALICE, code).unwrap().address;
    let evm_store = deploy(&EVM_STORE);
    let [evm_calls, evm_delegates, evm_statics] = [OP_CALL, OP_DELEGATECALL, OP_STATICCALL].map(|opcode| deploy(&evm_relay(opcode)));
    World {
        chain,
        first,
        second,
        evm_store,
        evm_calls,
        evm_delegates,
        evm_statics,
    }
}

#[test]
fn programs_keep_state() {
    let (mut chain, probe, other) = chain_with_probes();
    assert!(chain.call(ALICE, probe, store(7, 42)).success);
    assert_eq!(to_u64(&chain.view(ALICE, probe, load(7)).output), 42);
    assert_eq!(to_u64(&chain.view(ALICE, other, load(7)).output), 0, "same code, other account");
    assert_eq!(chain.storage(probe, U256::from(7)), U256::from(42));
}

#[test]
fn four_languages_deep_and_back() {
    let World {
        mut chain,
        first,
        second,
        evm_calls,
        evm_store,
        ..
    } = world();
    // program -> EVM -> program -> EVM, and the value comes all the way back.
    let write = relay(CALL, evm_calls, &evm_call(second, &relay(CALL, evm_store, &evm_store_data(3, 99))));
    assert!(chain.call(ALICE, first, write).success);
    assert_eq!(chain.storage(evm_store, U256::from(3)), U256::from(99));
    let read = relay(STATIC, evm_calls, &evm_call(second, &relay(CALL, evm_store, &word(3))));
    assert_eq!(to_u64(&chain.view(ALICE, first, read).output), 99);
}

#[test]
fn delegate_calls_use_the_callers_storage_sender_and_value() {
    let World {
        mut chain,
        first,
        second,
        evm_delegates,
        evm_store,
        ..
    } = world();
    // EVM -> program: a proxy.
    assert!(chain.call(ALICE, evm_delegates, evm_call(first, &store(1, 11))).success);
    assert_eq!(chain.storage(evm_delegates, U256::from(1)), U256::from(11));
    // program -> EVM.
    assert!(chain.call(ALICE, first, relay(DELEGATE, evm_store, &evm_store_data(2, 22))).success);
    assert_eq!(chain.storage(first, U256::from(2)), U256::from(22));
    // program -> program: who runs is the caller's contract, sender and value stay.
    chain.set_balance(ALICE, U256::from(5));
    let tx = Tx::call(ALICE, first, relay(DELEGATE, second, &op(9, &[]))).value(U256::from(5));
    let seen = chain.execute(tx).unwrap().output;
    assert_eq!(&seen[..20], first.as_slice());
    assert_eq!(&seen[20..40], ALICE.as_slice());
    assert_eq!(to_u64(&seen[40..72]), 5);
    assert_eq!(u64::from_le_bytes(seen[72..80].try_into().unwrap()), chain.timestamp());
}

#[test]
fn value_moves_with_calls() {
    let (mut chain, first, second) = chain_with_probes();
    chain.set_balance(ALICE, U256::from(10));
    let send_on = op(2, &[&[CALL], second.as_slice(), &word(3), &[99]]);
    assert!(
        chain
            .execute(Tx::call(ALICE, first, send_on.clone()).value(U256::from(10)))
            .unwrap()
            .success
    );
    assert_eq!(chain.balance(first), U256::from(7));
    assert_eq!(chain.balance(second), U256::from(3));
    // More than there is: the call fails, nothing moves.
    let too_much = op(3, &[&[CALL], second.as_slice(), &word(8), &[99]]);
    let receipt = chain.call(ALICE, first, too_much);
    assert_eq!(receipt.output[0], FAILED);
    assert_eq!(chain.balance(second), U256::from(3));
}

#[test]
fn reverts_take_back_state_logs_and_transient_storage_and_bubble_data() {
    let World {
        mut chain,
        first,
        second,
        evm_calls,
        ..
    } = world();
    let reverted = chain.call(ALICE, first, relay(CALL, evm_calls, &evm_call(second, &store_and_revert(1, 77))));
    assert!(!reverted.success);
    assert_eq!(to_u64(&reverted.output), 77, "revert data comes through EVM and program");
    assert_eq!(chain.storage(second, U256::from(1)), U256::ZERO);

    // A caller that goes on keeps its own changes only.
    let caught = chain.call(ALICE, first, try_relay(CALL, second, &store_and_revert(1, 77)));
    assert!(caught.success);
    assert_eq!((caught.output[0], to_u64(&caught.output[1..])), (FAILED, 77));
    assert_eq!(chain.storage(second, U256::from(1)), U256::ZERO);

    // Logs of a frame that succeeded under one that reverted are gone too.
    let log = op(5, &[&word(1), b"data"]);
    let kept = chain.call(ALICE, first, try_relay(CALL, second, &log));
    assert_eq!(kept.logs.len(), 1);
    assert_eq!(kept.logs[0].address, second);
    assert_eq!(kept.logs[0].topics(), &[B256::from(word(1))]);
    assert_eq!(kept.logs[0].data.data, Bytes::from_static(b"data"));
    let reverts = chain.deploy_runtime(ALICE, &calls_and_reverts(second)).unwrap().address;
    let lost = chain.call(ALICE, first, try_relay(CALL, reverts, &log));
    assert!(lost.success && lost.output[0] == FAILED && lost.logs.is_empty(), "{lost:?}");
    // So is what it wrote, for good or for the transaction only.
    chain.call(ALICE, first, try_relay(CALL, reverts, &store(5, 5)));
    assert_eq!(chain.storage(second, U256::from(5)), U256::ZERO);
    let twice = chain.deploy_runtime(ALICE, &two_calls(reverts, second)).unwrap().address;
    let transient = chain.call(ALICE, twice, [op(7, &[&word(1), &word(5)]), op(8, &[&word(1)])].concat());
    assert_eq!(to_u64(&transient.output), 0);
}

/// EVM code that calls `to` with its own calldata and then reverts, whatever came of it.
fn calls_and_reverts(to: Address) -> Vec<u8> {
    let mut code = vec![0x36, 0x5f, 0x5f, 0x37, 0x5f, 0x5f, 0x36, 0x5f, 0x5f, 0x73];
    code.extend(to.as_slice());
    code.extend([0x5a, 0xf1, 0x5f, 0x5f, 0xfd]);
    code
}

#[test]
fn a_trap_is_a_revert_without_data_that_keeps_gas() {
    let (mut chain, first, second) = chain_with_probes();
    let receipt = chain.call(ALICE, first, try_relay(CALL, second, &op(13, &[])));
    assert_eq!(receipt.output, Bytes::from_static(&[FAILED]));
    assert!(matches!(receipt.fault, Some(Fault::Trap { address, .. }) if address == second));
    let direct = chain.call(ALICE, first, op(13, &[]));
    assert!(!direct.success && direct.output.is_empty() && direct.halt.is_none());
    assert!(direct.gas_used < 100_000);
}

#[test]
fn running_out_of_ink_takes_all_gas_but_leaves_the_caller_a_64th() {
    let (mut chain, first, second) = chain_with_probes();
    let limit = 3_000_000;
    let direct = chain.execute(Tx::call(ALICE, first, op(14, &[])).gas_limit(limit)).unwrap();
    assert!(!direct.success && direct.halt.is_some());
    assert_eq!(direct.gas_used, limit);
    assert_eq!(
        direct.fault,
        Some(Fault::Exhausted {
            address: first,
            what: "ink"
        })
    );
    let nested = chain
        .execute(Tx::call(ALICE, first, try_relay(CALL, second, &op(14, &[]))).gas_limit(limit))
        .unwrap();
    assert!(nested.success, "{nested:?}");
    assert_eq!(nested.output[0], FAILED);
    assert!(nested.gas_used > limit * 62 / 64 && nested.gas_used < limit);
}

#[test]
fn static_calls_stop_every_write() {
    let World {
        mut chain,
        first,
        second,
        evm_statics,
        evm_store,
        ..
    } = world();
    let writes = [
        store(1, 1),
        op(5, &[&word(1)]),
        op(7, &[&word(1), &word(1)]),
        op(10, &[&init_code(&[0])]),
    ];
    for write in writes {
        let by_program = chain.call(ALICE, first, try_relay(STATIC, second, &write));
        assert!(by_program.success);
        let refused = by_program.output[0] == FAILED || by_program.output[1..] == [0; 20];
        assert!(refused, "{write:?}: {by_program:?}");
        let by_evm = chain.call(ALICE, evm_statics, evm_call(second, &write));
        assert!(!by_evm.success || by_evm.output[..] == [0; 20], "{write:?}: {by_evm:?}");
    }
    // The ban goes down through calls of any kind, in both languages.
    let deep = try_relay(STATIC, second, &relay(CALL, evm_store, &evm_store_data(1, 1)));
    assert_eq!(chain.call(ALICE, first, deep).output[0], FAILED);
    assert!(
        !chain
            .call(ALICE, evm_statics, evm_call(second, &relay(CALL, first, &store(1, 1))))
            .success
    );
    assert_eq!(chain.storage(first, U256::from(1)), U256::ZERO);
    // Reading is allowed.
    assert!(chain.call(ALICE, evm_statics, evm_call(second, &load(1))).success);
}

#[test]
fn reentrancy_is_about_the_account_that_acts() {
    let World {
        mut chain,
        first,
        second,
        evm_calls,
        evm_delegates,
        ..
    } = world();
    let flag = op(6, &[]);
    let mut seen = |to, data: Vec<u8>| chain.call(ALICE, to, data).output[0];
    assert_eq!(seen(first, flag.clone()), 0);
    assert_eq!(seen(first, relay(CALL, second, &flag)), 0, "another account of the same code");
    assert_eq!(seen(first, relay(CALL, first, &flag)), 1);
    assert_eq!(seen(first, relay(CALL, second, &relay(STATIC, first, &flag))), 1, "view calls too");
    assert_eq!(seen(first, relay(CALL, evm_calls, &evm_call(first, &flag))), 1, "through the EVM");
    assert_eq!(seen(first, relay(DELEGATE, second, &flag)), 0, "a delegate call is no re-entry");
    // A proxy that is entered twice makes its implementation re-entrant.
    assert_eq!(seen(evm_delegates, evm_call(first, &flag)), 0);
    let twice = evm_call(first, &relay(CALL, evm_delegates, &evm_call(first, &flag)));
    assert_eq!(seen(evm_delegates, twice), 1);
}

#[test]
fn a_failed_frame_does_not_count_as_open() {
    let (mut chain, first, second) = chain_with_probes();
    let receipt = chain.in_block(|chain| {
        chain.call(ALICE, first, relay(CALL, second, &op(13, &[])));
        chain.call(ALICE, second, op(6, &[]))
    });
    assert_eq!(receipt.output[0], 0);
}

#[test]
fn transient_storage_lives_for_the_transaction_and_by_account() {
    let (mut chain, first, second) = chain_with_probes();
    let put = op(7, &[&word(1), &word(5)]);
    let get = op(8, &[&word(1)]);
    assert!(chain.call(ALICE, first, put.clone()).success);
    assert_eq!(
        to_u64(&chain.call(ALICE, first, get.clone()).output),
        0,
        "gone in the next transaction"
    );
    // Two frames of one transaction, one after the other, share it.
    let twice = chain.deploy_runtime(ALICE, &two_calls(first, first)).unwrap().address;
    let receipt = chain.call(ALICE, twice, [put, get].concat());
    assert_eq!(to_u64(&receipt.output), 5);
    assert_eq!(to_u64(&chain.view(ALICE, second, op(8, &[&word(1)])).output), 0);
}

/// EVM code that calls `to` with bytes 0 to 64 of its calldata, then `then` with bytes 65 to 97, and returns the second's word.
fn two_calls(to: Address, then: Address) -> Vec<u8> {
    let mut code = vec![0x60, 65, 0x5f, 0x5f, 0x37, 0x5f, 0x5f, 0x60, 65, 0x5f, 0x5f, 0x73];
    code.extend(to.as_slice());
    code.extend([0x5a, 0xf1, 0x50]);
    code.extend([0x60, 33, 0x60, 65, 0x5f, 0x37, 0x60, 32, 0x5f, 0x60, 33, 0x5f, 0x5f, 0x73]);
    code.extend(then.as_slice());
    code.extend([0x5a, 0xf1, 0x50, 0x60, 32, 0x5f, 0xf3]);
    code
}

#[test]
fn an_unflushed_write_is_unseen_by_the_callee() {
    let (mut chain, first, second) = chain_with_probes();
    // 15: caches a write, calls, flushes. The callee reads the caller's storage in vain.
    let data = op(15, &[&[STATIC], second.as_slice(), &word(9), &relay(STATIC, first, &load(0))]);
    let receipt = chain.call(ALICE, first, data);
    assert!(receipt.success, "{receipt:?}");
    assert_eq!(to_u64(&receipt.output), 0);
    assert_eq!(to_u64(&chain.view(ALICE, first, load(0)).output), 9);
}

#[test]
fn programs_create_contracts_and_programs() {
    let (mut chain, probe, _) = chain_with_probes();
    let code = init_code(&EVM_STORE);
    let created = Address::from_slice(&chain.call(ALICE, probe, op(10, &[&code])).output);
    assert_eq!(chain.code(created), Bytes::copy_from_slice(&EVM_STORE));
    assert_eq!(created, probe.create(1));
    let salt = word(5);
    let salted = Address::from_slice(&chain.call(ALICE, probe, op(11, &[&salt, &code])).output);
    assert_eq!(salted, probe.create2_from_code(salt, &code));
    assert!(!chain.code(salted).is_empty());
    // The code of a program, which is active already, because activation is by code hash.
    let program = chain.code(probe);
    let clone = Address::from_slice(&chain.call(ALICE, probe, op(10, &[&init_code(&program)])).output);
    assert!(chain.call(ALICE, clone, store(1, 2)).success);
    // EIP-3541 holds for contracts created by programs.
    let refused = chain.call(ALICE, probe, op(10, &[&init_code(&[0xEF, 1])]));
    assert_eq!(refused.output[..], [0; 20]);
}

#[test]
fn calling_an_account_without_code_succeeds_with_nothing() {
    let (mut chain, probe, _) = chain_with_probes();
    let receipt = chain.call(ALICE, probe, try_relay(CALL, ALICE, b"anything"));
    assert_eq!(receipt.output, Bytes::from_static(&[0]));
}

#[test]
fn precompiles_answer_programs() {
    let (mut chain, probe, _) = chain_with_probes();
    let hash = chain.view(ALICE, probe, relay(STATIC, Address::with_last_byte(2), b"abc")).output;
    assert_eq!(hash[..4], [0xba, 0x78, 0x16, 0xbf], "SHA-256");
}

/// The deepest nesting that gas allows must not exhaust the native stack: every level keeps a 64th and pays its entry.
#[test]
fn a_program_may_call_itself_until_gas_ends() {
    let (mut chain, probe, _) = chain_with_probes();
    // Calldata without a copy of what follows: a contract that calls itself through the EVM with the same data.
    let loops = chain.deploy_runtime(ALICE, &self_relay(probe)).unwrap().address;
    let receipt = chain.call(ALICE, loops, []);
    assert!(receipt.gas_used > 1_000_000, "{receipt:?}");
}

/// EVM code that calls `probe` with a relay back to itself, whatever it is called with.
fn self_relay(probe: Address) -> Vec<u8> {
    // Memory: op 2, kind 0, this address, value 0: 54 bytes.
    let mut code = vec![0x60, 2, 0x5f, 0x53, 0x30, 0x60, 0x60, 0x1b, 0x60, 2, 0x52];
    code.extend([0x5f, 0x5f, 0x60, 54, 0x5f, 0x5f, 0x73]);
    code.extend(probe.as_slice());
    code.extend([0x5a, 0xf1, 0x00]);
    code
}

//! Activation, entry price, pages, cache, expiry: Nitro's rules of a program's life.

// Helpers of tests may panic as tests may.
#![allow(clippy::unwrap_used)]

mod common;

use common::{chain_with_probes, load, op, probe_wasm, relay, store, try_relay, wasm, ALICE, CALL};
use stylus_chain::{
    alloy_primitives::{Address, U256},
    alloy_sol_types::{SolCall, SolError},
    compress, ArbWasm, ArbWasmCache, Chain, DeployError, Fault, ProgramFault, Tx, ARB_WASM, ARB_WASM_CACHE, DEV_ACCOUNT,
    NETWORK_FEE_ACCOUNT,
};

const DAY: u64 = 24 * 3_600;

fn ether(wei: u64) -> U256 {
    U256::from(wei) * U256::from(10).pow(U256::from(18))
}

/// Deploys without activating.
fn deploy_inactive(chain: &mut Chain) -> Address {
    chain.deploy_runtime(DEV_ACCOUNT, &compress(&probe_wasm())).unwrap().address
}

#[test]
fn a_program_runs_only_once_activated() {
    let mut chain = Chain::new();
    let probe = deploy_inactive(&mut chain);
    let limit = 100_000;
    let refused = chain.execute(Tx::call(ALICE, probe, load(0)).gas_limit(limit)).unwrap();
    // As on Nitro: all gas gone, no data. The reason is for developers.
    assert!(!refused.success && refused.output.is_empty());
    assert_eq!(refused.gas_used, limit);
    assert_eq!(
        refused.fault,
        Some(Fault::NotRunnable {
            address: probe,
            reason: ProgramFault::NotActivated
        })
    );
    chain.activate(DEV_ACCOUNT, probe).unwrap();
    assert!(chain.call(ALICE, probe, load(0)).success);
}

#[test]
fn activation_is_by_code_hash_takes_its_fee_and_returns_the_rest() {
    let mut chain = Chain::new();
    let probe = deploy_inactive(&mut chain);
    let before = chain.balance(DEV_ACCOUNT);
    let (fee, receipt) = chain.activate(DEV_ACCOUNT, probe).unwrap();
    assert!(fee > U256::from(40_000_000_000_000_u64) && fee < ether(1), "{fee}");
    assert_eq!(before - chain.balance(DEV_ACCOUNT), fee);
    assert_eq!(chain.balance(NETWORK_FEE_ACCOUNT), fee);
    assert!(
        receipt.gas_used > 1_659_168 + 21_000 && receipt.gas_used < 3_000_000,
        "{}",
        receipt.gas_used
    );
    let events = receipt.events::<ArbWasm::ProgramActivated>(ARB_WASM);
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].program, events[0].dataFee, events[0].version), (probe, fee, 2));
    assert_eq!(events[0].codehash, chain.code_hash(probe));

    // The same code elsewhere is active already, and activating it again is refused.
    let twin = chain.deploy_stylus(DEV_ACCOUNT, &probe_wasm()).unwrap();
    assert_eq!(twin.activation_gas, 0);
    let DeployError::Activation(again) = chain.activate(DEV_ACCOUNT, twin.address).unwrap_err() else {
        panic!()
    };
    assert!(again.is::<ArbWasm::ProgramUpToDate>());
    assert_eq!(chain.balance(ARB_WASM), U256::ZERO);
}

#[test]
fn too_small_a_fee_changes_nothing() {
    let mut chain = Chain::new();
    let probe = deploy_inactive(&mut chain);
    let call = ArbWasm::activateProgramCall { program: probe };
    let revert = chain.send_value(DEV_ACCOUNT, ARB_WASM, &call, U256::from(1)).unwrap_err();
    let error = revert.error::<ArbWasm::ProgramInsufficientValue>().unwrap();
    assert_eq!(error.have, U256::from(1));
    assert!(chain.read(ARB_WASM, &ArbWasm::programVersionCall { program: probe }).is_err());
    let (fee, _) = chain.activate(DEV_ACCOUNT, probe).unwrap();
    assert_eq!(fee, error.want, "the failed attempt left no demand behind");
}

#[test]
fn what_is_no_program_is_not_activated() {
    let mut chain = Chain::new();
    let evm = chain.deploy_runtime(ALICE, &[0]).unwrap().address;
    let DeployError::Activation(revert) = chain.activate(DEV_ACCOUNT, evm).unwrap_err() else {
        panic!()
    };
    assert!(revert.is::<ArbWasm::ProgramNotWasm>());
    // Not a word from Nitro here, and all gas taken; the fault says which rule.
    let floats = wasm(
        r#"(module (import "vm_hooks" "pay_for_memory_grow" (func (param i32))) (memory (export "memory") 1)
            (func (export "user_entrypoint") (param i32) (result i32) (drop (f32.const 1)) (i32.const 0)))"#,
    );
    let DeployError::Activation(revert) = chain.deploy_stylus(DEV_ACCOUNT, &floats).unwrap_err() else {
        panic!()
    };
    assert!(revert.data().is_empty());
    assert_eq!(revert.receipt().gas_used, 32_000_000);
    assert!(matches!(revert.receipt().fault, Some(Fault::Activation { .. })));
}

#[test]
fn arb_wasm_writes_in_its_own_name_only() {
    let (mut chain, probe, _) = chain_with_probes();
    let inactive = chain.deploy_runtime(DEV_ACCOUNT, &compress(&wasm(EMPTY))).unwrap().address;
    let data = ArbWasm::activateProgramCall { program: inactive }.abi_encode();
    let by_static = op(3, &[&[common::STATIC], ARB_WASM.as_slice(), &[0; 32], &data]);
    assert_eq!(chain.call(ALICE, probe, by_static).output[0], common::FAILED);
    let by_delegate = op(3, &[&[common::DELEGATE], ARB_WASM.as_slice(), &[0; 32], &data]);
    assert_eq!(chain.call(ALICE, probe, by_delegate).output[0], common::FAILED);
}

const EMPTY: &str = r#"(module (import "vm_hooks" "pay_for_memory_grow" (func (param i32))) (memory (export "memory") 0)
    (func (export "user_entrypoint") (param i32) (result i32) (i32.const 0)))"#;

fn init_gas(chain: &mut Chain, program: Address) -> (u64, u64) {
    let gas = chain.read(ARB_WASM, &ArbWasm::programInitGasCall { program }).unwrap();
    (gas.gas, gas.gasWhenCached)
}

#[test]
fn entry_costs_less_when_cached_or_run_in_the_same_block() {
    let (mut chain, probe, twin) = chain_with_probes();
    let (uncached, cached) = init_gas(&mut chain, probe);
    assert!(uncached - cached > 8_832 && cached > 352);
    let nothing = op(255, &[]);
    let alone = chain.call(ALICE, probe, nothing.clone()).gas_used;
    assert_eq!(
        chain.call(ALICE, probe, nothing.clone()).gas_used,
        alone,
        "the next block knows nothing"
    );
    let [first, second, other] = chain.in_block(|chain| [probe, probe, twin].map(|to| chain.call(ALICE, to, nothing.clone()).gas_used));
    assert_eq!(first, alone);
    assert_eq!(first - second, uncached - cached);
    assert_eq!(second, other, "it is the code that counts");
    chain.cache_program(probe).unwrap();
    assert_eq!(chain.call(ALICE, twin, nothing).gas_used, second);
}

#[test]
fn only_managers_cache() {
    let (mut chain, probe, _) = chain_with_probes();
    let cache = ArbWasmCache::cacheProgramCall { program: probe };
    let code_hash = chain.code_hash(probe);
    let is_cached = ArbWasmCache::codehashIsCachedCall { codehash: code_hash };
    assert!(chain.send(ALICE, ARB_WASM_CACHE, &cache).is_err());
    assert!(!chain.read(ARB_WASM_CACHE, &is_cached).unwrap());
    let receipt = chain.cache_program(probe).unwrap();
    let events = receipt.events::<ArbWasmCache::UpdateProgramCache>(ARB_WASM_CACHE);
    assert_eq!(
        (events[0].manager, events[0].codehash, events[0].cached),
        (DEV_ACCOUNT, code_hash, true)
    );
    assert!(chain.read(ARB_WASM_CACHE, &is_cached).unwrap());
    chain
        .send(
            DEV_ACCOUNT,
            ARB_WASM_CACHE,
            &ArbWasmCache::evictCodehashCall { codehash: code_hash },
        )
        .unwrap();
    assert!(!chain.read(ARB_WASM_CACHE, &is_cached).unwrap());
    assert_eq!(
        chain.read(ARB_WASM_CACHE, &ArbWasmCache::allCacheManagersCall {}).unwrap(),
        [DEV_ACCOUNT]
    );
}

/// A program of `pages` pages that does nothing.
fn sized(pages: u16) -> Vec<u8> {
    wasm(&EMPTY.replace("\"memory\") 0", &format!("\"memory\") {pages}")))
}

#[test]
fn pages_cost_beyond_two_per_open_frame() {
    let mut chain = Chain::new();
    let entry = |chain: &mut Chain, pages| {
        let program = chain.deploy_stylus(DEV_ACCOUNT, &sized(pages)).unwrap().address;
        assert_eq!(
            chain.read(ARB_WASM, &ArbWasm::programMemoryFootprintCall { program }).unwrap(),
            pages
        );
        let gas = chain.call(ALICE, program, []).gas_used - 21_000 - init_gas(chain, program).0;
        (program, gas)
    };
    let (_, none) = entry(&mut chain, 0);
    let (two, for_two) = entry(&mut chain, 2);
    assert_eq!(for_two, none);
    let (_, for_three) = entry(&mut chain, 3);
    assert_eq!(for_three, none + 1_000);
    let (large, for_17) = entry(&mut chain, 17);
    assert_eq!(for_17, none + 15_000 + 8, "linear part and the ramp's first steps");

    // Under a frame that holds a page, 17 more cost 16,000.
    let probe = chain.deploy_stylus(DEV_ACCOUNT, &probe_wasm()).unwrap().address;
    let through = |chain: &mut Chain, to| {
        let data = relay(CALL, to, &[]);
        let calldata: u64 = data.iter().map(|byte| if *byte == 0 { 4 } else { 16 }).sum();
        chain.call(ALICE, probe, data).gas_used - calldata - init_gas(chain, to).0
    };
    assert_eq!(through(&mut chain, large) - through(&mut chain, two), 16_000 + 10 - 1_000);
}

#[test]
fn growing_memory_pays_the_same_price() {
    let (mut chain, probe, _) = chain_with_probes();
    let none = chain.call(ALICE, probe, op(12, &[&[0]])).gas_used;
    let one = chain.call(ALICE, probe, op(12, &[&[1]])).gas_used;
    assert!(one - none <= 20, "the second page is free: {none} {one}");
    let many = chain.call(ALICE, probe, op(12, &[&[16]])).gas_used;
    assert_eq!(many - one, 15_000 + 8);
    // More than 128 pages at once nobody can pay.
    let limit = 31_000_000;
    let refused = chain.execute(Tx::call(ALICE, probe, op(12, &[&[200]])).gas_limit(limit)).unwrap();
    assert_eq!(refused.gas_used, limit);
}

#[test]
fn programs_expire_after_a_year_unless_kept_alive() {
    let (mut chain, probe, _) = chain_with_probes();
    let start = chain.timestamp();
    let codehash = chain.code_hash(probe);
    let keepalive = ArbWasm::codehashKeepaliveCall { codehash };
    let time_left = ArbWasm::programTimeLeftCall { program: probe };
    let left = chain.read(ARB_WASM, &time_left).unwrap();
    assert!(left <= 365 * DAY && left > 365 * DAY - 3_600);

    chain.advance(30 * DAY);
    let early = chain.send_value(DEV_ACCOUNT, ARB_WASM, &keepalive, ether(1)).unwrap_err();
    assert!(early.is::<ArbWasm::ProgramKeepaliveTooSoon>());

    chain.warp_to(start + 364 * DAY);
    assert!(chain.call(ALICE, probe, store(1, 1)).success);
    let (_, kept) = chain.send_value(DEV_ACCOUNT, ARB_WASM, &keepalive, ether(1)).unwrap();
    assert_eq!(kept.events::<ArbWasm::ProgramLifetimeExtended>(ARB_WASM)[0].codehash, codehash);

    chain.warp_to(start + 700 * DAY);
    assert!(chain.call(ALICE, probe, load(1)).success);
    chain.warp_to(start + 730 * DAY);
    let expired = chain.call(ALICE, probe, load(1));
    assert!(!expired.success && expired.output.is_empty());
    assert!(matches!(
        expired.fault,
        Some(Fault::NotRunnable {
            reason: ProgramFault::Expired { .. },
            ..
        })
    ));
    let revert = chain.read(ARB_WASM, &time_left).unwrap_err();
    assert_eq!(revert.data()[..4], ArbWasm::ProgramExpired::SELECTOR);
    // Keepalive is too late; activation brings it back, with its storage.
    assert!(chain.send_value(DEV_ACCOUNT, ARB_WASM, &keepalive, ether(1)).is_err());
    chain.activate(DEV_ACCOUNT, probe).unwrap();
    assert_eq!(common::to_u64(&chain.call(ALICE, probe, load(1)).output), 1);
}

#[test]
fn expiry_can_be_switched_off() {
    let mut chain = Chain::builder().programs_expire(false).build();
    let probe = chain.deploy_stylus(DEV_ACCOUNT, &probe_wasm()).unwrap().address;
    chain.advance(3_650 * DAY);
    assert!(chain.call(ALICE, probe, load(1)).success);
}

#[test]
fn parameters_are_those_of_arbitrum() {
    let mut chain = Chain::new();
    let mut read = |call: &[u8]| common::to_u64(&chain.view(ALICE, ARB_WASM, call.to_vec()).output[..32]);
    assert_eq!(read(&ArbWasm::stylusVersionCall {}.abi_encode()), 2);
    assert_eq!(read(&ArbWasm::inkPriceCall {}.abi_encode()), 10_000);
    assert_eq!(read(&ArbWasm::freePagesCall {}.abi_encode()), 2);
    assert_eq!(read(&ArbWasm::pageGasCall {}.abi_encode()), 1_000);
    assert_eq!(read(&ArbWasm::pageLimitCall {}.abi_encode()), 128);
    assert_eq!(read(&ArbWasm::minInitGasCall {}.abi_encode()), 8_832);
    assert_eq!(read(&ArbWasm::expiryDaysCall {}.abi_encode()), 365);
    assert_eq!(read(&ArbWasm::keepaliveDaysCall {}.abi_encode()), 31);
}

#[test]
fn storage_costs_what_it_costs_in_the_evm() {
    let (mut chain, probe, _) = chain_with_probes();
    let gas = |chain: &mut Chain, data: Vec<u8>| chain.call(ALICE, probe, data).gas_used;
    let fresh = gas(&mut chain, store(1, 1));
    let changed = gas(&mut chain, store(1, 2));
    let same = gas(&mut chain, store(1, 2));
    assert_eq!(fresh - changed, 20_000 - 2_900);
    assert_eq!(changed - same, 2_900 - 100);
    // Clearing gives 4,800 back, and twelve gas a calldata byte that turns to zero.
    let cleared = gas(&mut chain, store(1, 0));
    assert_eq!(changed - cleared, 4_800 + 12);
    // A refund in a frame that reverted is none.
    let kept = chain.call(ALICE, probe, store(2, 1)).gas_used;
    assert!(kept > 20_000);
    let undone = chain.call(ALICE, probe, try_relay(CALL, probe, &common::store_and_revert(2, 0)));
    assert_eq!(undone.output[0], common::FAILED);
    assert_eq!(chain.storage(probe, U256::from(2)), U256::from(1));
}

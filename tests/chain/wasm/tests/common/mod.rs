//! Small programs in text form and what they are run with.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::format_collect
)]

use alloy_primitives::{address, Address, B256, U256};
use stylus_wasm::{activate_wasm, testing::MemoryEvm, ActivationError, EvmData, Program, RunOutcome, RunStatus};

/// Gas that every test starts with unless it says otherwise.
pub const GAS: u64 = 10_000_000;
/// Ink of a basic block's header.
pub const HEADER: u64 = 2_450;

/// WASM of a module in text form.
pub fn wasm(wat: &str) -> Vec<u8> {
    wat::parse_str(wat).unwrap()
}

/// Type of a host function in text form.
fn host_type(name: &str) -> &'static str {
    match name {
        "read_args"
        | "exit_early"
        | "storage_flush_cache"
        | "pay_for_memory_grow"
        | "block_basefee"
        | "block_coinbase"
        | "contract_address"
        | "msg_sender"
        | "msg_value"
        | "tx_gas_price"
        | "tx_origin" => "(param i32)",
        "write_result"
        | "storage_load_bytes32"
        | "storage_cache_bytes32"
        | "transient_load_bytes32"
        | "transient_store_bytes32"
        | "account_balance"
        | "account_codehash"
        | "math_div"
        | "math_mod"
        | "math_pow" => "(param i32 i32)",
        "emit_log" | "native_keccak256" | "math_add_mod" | "math_mul_mod" => "(param i32 i32 i32)",
        "read_return_data" => "(param i32 i32 i32) (result i32)",
        "return_data_size" | "msg_reentrant" | "tx_ink_price" => "(result i32)",
        "call_contract" => "(param i32 i32 i32 i32 i64 i32) (result i32)",
        "delegate_call_contract" | "static_call_contract" => "(param i32 i32 i32 i64 i32) (result i32)",
        "create1" => "(param i32 i32 i32 i32 i32)",
        "create2" => "(param i32 i32 i32 i32 i32 i32)",
        "account_code" => "(param i32 i32 i32 i32) (result i32)",
        "account_code_size" => "(param i32) (result i32)",
        "block_gas_limit" | "block_number" | "block_timestamp" | "chainid" | "evm_gas_left" | "evm_ink_left" => "(result i64)",
        other => panic!("no such host function: {other}"),
    }
}

/// A program that imports each host function its body calls and runs that body, which leaves the status on the stack.
///
/// It has one page of memory that cannot grow, a mutable global `$g`, and an empty function `$empty`.
pub fn text(body: &str) -> String {
    let mut names: Vec<_> = body
        .split("call $")
        .skip(1)
        .filter_map(|rest| rest.split([' ', ')', '\n']).next())
        .filter(|name| *name != "empty")
        .collect();
    names.sort_unstable();
    names.dedup();
    let imports: String = names
        .iter()
        .map(|name| format!("(import \"vm_hooks\" \"{name}\" (func ${name} {}))", host_type(name)))
        .collect();
    format!(
        "(module {imports} (memory (export \"memory\") 1 1) (global $g (mut i32) (i32.const 0)) (func $empty)
           (func (export \"user_entrypoint\") (param $len i32) (result i32) {body}))"
    )
}

/// The same, activated.
pub fn program(body: &str) -> Program {
    activate_wasm(&wasm(&text(body))).unwrap()
}

/// Why a module in text form is refused.
pub fn refusal(wat: &str) -> ActivationError {
    activate_wasm(&wasm(wat)).unwrap_err()
}

/// Facts that tests recognise.
pub fn data() -> EvmData {
    EvmData {
        contract: address!("00000000000000000000000000000000000000c0"),
        sender: address!("00000000000000000000000000000000000000a1"),
        value: U256::from(7),
        origin: address!("00000000000000000000000000000000000000a0"),
        gas_price: U256::from(100),
        base_fee: U256::from(99),
        coinbase: address!("00000000000000000000000000000000000000fe"),
        block_gas_limit: 32_000_000,
        block_number: 20_000_000,
        timestamp: 1_700_000_000,
        chain_id: 42_161,
        reentrant: true,
        is_static: false,
    }
}

/// Runs a body on a given EVM.
pub fn run_on(evm: &mut MemoryEvm, args: &[u8], body: &str) -> RunOutcome {
    let data = EvmData {
        is_static: evm.is_static,
        ..data()
    };
    program(body).run(args, evm, &data, GAS)
}

/// Runs a body on a fresh EVM.
pub fn run(args: &[u8], body: &str) -> RunOutcome {
    run_on(&mut MemoryEvm::default(), args, body)
}

/// Copies the calldata to 0, runs `body` and returns `size` bytes from `from` on.
pub fn eval_on(evm: &mut MemoryEvm, args: &[u8], body: &str, from: u32, size: u32) -> Vec<u8> {
    let body = format!(
        "(call $read_args (i32.const 0)) {body}
         (call $write_result (i32.const {from}) (i32.const {size})) i32.const 0"
    );
    let outcome = run_on(evm, args, &body);
    assert_eq!(outcome.status, RunStatus::Success);
    outcome.output.to_vec()
}

/// The same on a fresh EVM.
pub fn eval(args: &[u8], body: &str, from: u32, size: u32) -> Vec<u8> {
    eval_on(&mut MemoryEvm::default(), args, body, from, size)
}

/// Ink of one host call, given as constant arguments and its name, without what the program itself pays for calling it.
///
/// All of memory is zero, so pointers point at zeros.
pub fn host_ink_on(evm: &mut MemoryEvm, args: &[u8], arguments: &str, name: &str) -> u64 {
    let drop = if host_type(name).contains("result") { "drop" } else { "" };
    let outcome = run_on(evm, args, &format!("{arguments} call ${name} {drop} i32.const 0"));
    assert_eq!(outcome.status, RunStatus::Success, "{name}");
    let constants = arguments.matches(".const").count() as u64;
    let calling = constants + 3_800 + HEADER;
    let rest = if drop.is_empty() { 2 } else { 9 + 2 } + HEADER;
    outcome.ink_used - calling - rest
}

/// The same on a fresh EVM without calldata.
pub fn host_ink(arguments: &str, name: &str) -> u64 {
    host_ink_on(&mut MemoryEvm::default(), &[], arguments, name)
}

/// A word that holds a number.
pub fn word(value: u64) -> B256 {
    B256::from(U256::from(value))
}

/// Words one after the other.
pub fn words(values: &[U256]) -> Vec<u8> {
    values.iter().flat_map(U256::to_be_bytes::<32>).collect()
}

/// An address that ends in a byte.
pub fn account(last: u8) -> Address {
    Address::with_last_byte(last)
}

//! Small programs in text form and what they are run with.
#![allow(dead_code, clippy::unwrap_used)]

use alloy_primitives::{address, Address, B256, U256};
use stylus_wasm::{activate_wasm, testing::MemoryEvm, ActivationError, EvmData, Program, RunOutcome};

/// Gas that every test starts with unless it says otherwise.
pub const GAS: u64 = 10_000_000;

/// WASM of a module in text form.
pub fn wasm(wat: &str) -> Vec<u8> {
    wat::parse_str(wat).unwrap()
}

/// Type of each host function in text form.
pub fn import(name: &str) -> String {
    let ty = match name {
        "read_args" | "exit_early" | "storage_flush_cache" | "pay_for_memory_grow" | "block_basefee" | "block_coinbase"
        | "contract_address" | "msg_sender" | "msg_value" | "tx_gas_price" | "tx_origin" => "(param i32)",
        "write_result" | "storage_load_bytes32" | "storage_cache_bytes32" | "transient_load_bytes32" | "transient_store_bytes32"
        | "account_balance" | "account_codehash" | "math_div" | "math_mod" | "math_pow" => "(param i32 i32)",
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
    };
    format!("(import \"vm_hooks\" \"{name}\" (func ${name} {ty}))")
}

/// A program that imports `hooks` and runs `body`, which leaves the status on the stack. One page of memory that cannot grow.
pub fn program_text(hooks: &[&str], body: &str) -> String {
    let imports: String = hooks.iter().map(|name| import(name)).collect();
    format!(
        "(module {imports} (memory (export \"memory\") 1 1)
           (func (export \"user_entrypoint\") (param $len i32) (result i32) {body}))"
    )
}

/// The same, activated.
pub fn program(hooks: &[&str], body: &str) -> Program {
    activate_wasm(&wasm(&program_text(hooks, body))).unwrap()
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

/// Runs a program on a fresh EVM.
pub fn run(program: &Program, args: &[u8]) -> RunOutcome {
    run_on(program, args, &mut MemoryEvm::default())
}

/// Runs a program on a given EVM.
pub fn run_on(program: &Program, args: &[u8], evm: &mut MemoryEvm) -> RunOutcome {
    let data = EvmData { is_static: evm.is_static, ..data() };
    program.run(args, evm, &data, GAS)
}

/// A word that holds a number.
pub fn word(value: u64) -> B256 {
    B256::from(U256::from(value))
}

/// An address that ends in a byte.
pub fn account(last: u8) -> Address {
    Address::with_last_byte(last)
}

/// Ink that `call` takes beyond the same program without it. `setup` and the arguments in `call` are paid in both.
///
/// The call ends a block, so both programs end one there: the second through an exit that is not taken.
pub fn host_ink(hooks: &[&str], arguments: &str, hook: &str, drops: usize, args: &[u8], evm: &MemoryEvm) -> u64 {
    let drop = "drop ".repeat(drops);
    let with = program(hooks, &format!("{arguments} call ${hook} {drop} i32.const 0"));
    let outcome = run_on(&with, args, &mut evm.clone());
    assert_eq!(outcome.status, stylus_wasm::RunStatus::Success, "{hook}");
    // What remains: the arguments, the call at 3,800 and two headers.
    let constants = arguments.split_whitespace().filter(|token| token.ends_with(".const")).count() as u64;
    outcome.ink_used - (constants + 3_800 + 2_450) - (9 * drops as u64 + 1 + 1 + 2_450)
}

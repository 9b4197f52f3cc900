//! With real Solidity: the StylusDeployer, which creates, activates and initialises a program in one transaction.
//! `scripts/build` compiles it from npm's @arbitrum/nitro-contracts.

// Helpers of tests may panic as tests may.
#![allow(clippy::unwrap_used)]

mod common;

use common::{load, op, probe_wasm, store, to_u64, ALICE};
use std::{fs, path::Path};
use stylus_chain::{
    alloy_primitives::{hex, Bytes, B256, U256},
    compress, init_code, sol, Chain, Tx, DEV_ACCOUNT, STYLUS_DEPLOYER,
};

sol! {
    contract StylusDeployer {
        event ContractDeployed(address deployedContract);
        error ContractInitializationError(address newContract, bytes data);

        function deploy(bytes bytecode, bytes initData, uint256 initValue, bytes32 salt) external payable returns (address);
        function requiresActivation(address addr) external view returns (bool);
    }
}

/// A chain that has the deployer from the start, where cargo-stylus looks for it.
fn chain() -> Chain {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/solidity/StylusDeployer.json");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}; run scripts/build", file.display()));
    let artifact: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut chain = Chain::new();
    chain.set_code(
        STYLUS_DEPLOYER,
        hex::decode(artifact["deployedBytecode"].as_str().unwrap()).unwrap(),
    );
    chain
}

fn deploy(init_data: Vec<u8>) -> StylusDeployer::deployCall {
    StylusDeployer::deployCall {
        bytecode: init_code(&compress(&probe_wasm())).into(),
        initData: init_data.into(),
        initValue: U256::ZERO,
        salt: B256::ZERO,
    }
}

#[test]
#[ignore = "needs scripts/build for the Solidity"]
fn creates_activates_and_initialises_at_once() {
    let mut chain = chain();
    let before = chain.balance(DEV_ACCOUNT);
    let value = U256::from(10).pow(U256::from(18));
    let (program, receipt) = chain
        .send_value(DEV_ACCOUNT, STYLUS_DEPLOYER, &deploy(store(1, 42)), value)
        .unwrap();
    assert_eq!(
        receipt.events::<StylusDeployer::ContractDeployed>(STYLUS_DEPLOYER)[0].deployedContract,
        program
    );
    assert_eq!(to_u64(&chain.view(ALICE, program, load(1)).output), 42);
    let paid = before - chain.balance(DEV_ACCOUNT);
    assert!(
        !paid.is_zero() && paid < value / U256::from(100),
        "the rest of the data fee came back: {paid}"
    );

    // A second one of the same code needs no activation and no value.
    assert!(!chain
        .read(STYLUS_DEPLOYER, &StylusDeployer::requiresActivationCall { addr: program })
        .unwrap());
    let (twin, _) = chain.send(DEV_ACCOUNT, STYLUS_DEPLOYER, &deploy(store(1, 43))).unwrap();
    assert_ne!(program, twin);
    assert_eq!(to_u64(&chain.view(ALICE, twin, load(1)).output), 43);
}

#[test]
#[ignore = "needs scripts/build for the Solidity"]
fn a_constructor_that_reverts_takes_everything_with_it() {
    let mut chain = chain();
    let value = U256::from(10).pow(U256::from(18));
    let failing = op(4, &[&common::word(1), &common::word(77)]);
    let revert = chain.send_value(DEV_ACCOUNT, STYLUS_DEPLOYER, &deploy(failing), value).unwrap_err();
    let error = revert.error::<StylusDeployer::ContractInitializationError>().unwrap();
    assert_eq!(error.data, Bytes::from(common::word(77)));
    assert!(chain.code(error.newContract).is_empty());
    // Even the activation is gone: the same code must be activated anew.
    let program = chain.deploy_runtime(ALICE, &compress(&probe_wasm())).unwrap().address;
    assert!(!chain.execute(Tx::call(ALICE, program, load(1)).gas_limit(100_000)).unwrap().success);
}

//! What a transfer of an ERC-20 costs, measured alike for every token.

use std::path::Path;

use alloy_primitives::{keccak256, Address, U256};
use alloy_sol_types::SolValue;
use stylus_chain::Chain;

use crate::{
    bench,
    embedded::Embedded,
    node::{Node, NodeError, NodeExt, Person},
    protocol::{
        bindings::{IErc20, IMintable, Susdai, Usdai},
        counterparts::{dollars6, SolidityArtifacts},
        suite::{deploy_program, stylus_deployer},
    },
    units::wad,
};

/// Who transfers and who receives. The same two for every token, since calldata is paid by its bytes.
pub(crate) fn holders() -> Result<[Person; 2], NodeError> {
    let seed = keccak256("reference");
    Ok([Person::derived("a", seed)?, Person::derived("b", seed)?])
}

/// Gas of a transfer after which both ends still hold `token`, as they did before it.
pub(crate) fn between_holders(node: &mut dyn Node, token: Address, from: &Person, to: &Person) -> Result<u64, NodeError> {
    let transfer = |value| IErc20::transferCall {
        to: to.address(),
        value: U256::from(value),
    };
    node.perform(from, token, &transfer(1))?;
    Ok(node.perform(from, token, &transfer(1_000))?.1.gas_used)
}

/// OpenZeppelin's ERC-20 in Solidity, a million of it in the hands of `holder`.
pub(crate) fn reference_token(node: &mut dyn Node, artifacts: &SolidityArtifacts, holder: &Person) -> Result<Address, NodeError> {
    let token = artifacts.deploy(node, holder, "ReferenceERC20", &[])?;
    let mint = IMintable::mintCall {
        to: holder.address(),
        amount: wad(1_000_000),
    };
    node.perform(holder, token, &mint)?;
    Ok(token)
}

/// Gas of a transfer of OpenZeppelin's ERC-20 in Solidity.
///
/// # Errors
/// If the artifact is missing or the chain refuses.
pub fn of_reference(artifacts: &SolidityArtifacts) -> Result<u64, NodeError> {
    let mut node = Embedded::on(Chain::new());
    let [from, to] = holders()?;
    let token = reference_token(&mut node, artifacts, &from)?;
    between_holders(&mut node, token, &from, &to)
}

/// Gas of a transfer of the ERC-20 `target/contracts/NAME.wasm`, whose constructor gives its one argument, the supply, to whoever
/// deploys.
///
/// # Errors
/// If a file is missing or the chain refuses.
pub fn of_program(target: &Path, name: &str, cached: bool) -> Result<u64, NodeError> {
    let mut node = Embedded::on(Chain::new());
    let [from, to] = holders()?;
    node.fund(from.address(), wad(1_000))?;
    let deployer = stylus_deployer(&mut node, target, &from)?;
    let (token, _) = deploy_program(&mut node, target, &from, deployer, name, &(wad(1_000_000),).abi_encode_params())?;
    if cached {
        node.chain
            .cache_program(token)
            .map_err(|revert| NodeError::Other(revert.to_string()))?;
    }
    between_holders(&mut node, token, &from, &to)
}

/// Gas of a transfer of the protocol's tokens, by the names of their contracts, which lie under `target`.
///
/// # Errors
/// If a file is missing or the chain refuses, as it may contracts whose interface was another than today's.
pub fn of_protocol(target: &Path, artifacts: &SolidityArtifacts, cached: bool) -> Result<[(&'static str, u64); 2], NodeError> {
    let (mut node, cast, world, suite) = bench::deploy(target, artifacts, cached)?;
    let [from, to] = holders()?;
    bench::bring_dollars(&mut node, &suite, &world, &cast, &from)?;
    let deposit = Usdai::deposit_0Call {
        depositToken: world.wrapped_m,
        depositAmount: dollars6(10_000),
        usdaiAmountMinimum: U256::ZERO,
        recipient: from.address(),
    };
    node.perform(&from, suite.usdai, &deposit)?;
    let approve = IErc20::approveCall {
        spender: suite.susdai,
        value: U256::MAX,
    };
    node.perform(&from, suite.usdai, &approve)?;
    let stake = Susdai::deposit_0Call {
        assets: wad(1_000),
        receiver: from.address(),
    };
    node.perform(&from, suite.susdai, &stake)?;
    Ok([
        ("usdai", between_holders(&mut node, suite.usdai, &from, &to)?),
        ("susdai", between_holders(&mut node, suite.susdai, &from, &to)?),
    ])
}

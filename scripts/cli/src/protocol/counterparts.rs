//! The contracts that the protocol meets: stablecoins, the base token, Uniswap V3. Which of them are the real thing and which stand in
//! for it is said in tests/solidity/README.md.

use std::{fs, path::Path};

use alloy_primitives::{
    aliases::{I24, U160, U24},
    Address, Bytes, U256,
};
use alloy_sol_types::SolValue;

use super::bindings::{IErc20, IMintable, IPositionManager, IUniswapV3Factory, IWrappedM};
use crate::node::{Node, NodeError, NodeExt, Person};

/// Pool fee tier that stable pairs trade in: 0.01 %.
pub const STABLE_FEE: u16 = 100;

/// Bytecode of the Solidity contracts, as `scripts/build` leaves it in `target/solidity`.
#[derive(Clone, Debug)]
pub struct SolidityArtifacts {
    folder: std::path::PathBuf,
}

impl SolidityArtifacts {
    /// The artifacts under `target`.
    #[must_use]
    pub fn under(target: &Path) -> Self {
        Self {
            folder: target.join("solidity"),
        }
    }

    /// Creation code of `name` followed by its encoded constructor arguments.
    ///
    /// # Errors
    /// If the artifact is missing or malformed.
    pub fn creation_code(&self, name: &str, arguments: &[u8]) -> Result<Bytes, NodeError> {
        let path = self.folder.join(format!("{name}.json"));
        let text = fs::read_to_string(&path).map_err(|_| NodeError::Other(format!("{} is missing: run scripts/build", path.display())))?;
        let artifact: serde_json::Value =
            serde_json::from_str(&text).map_err(|error| NodeError::Other(format!("{}: {error}", path.display())))?;
        let code = artifact["bytecode"].as_str().unwrap_or_default();
        let mut code = alloy_primitives::hex::decode(code).map_err(|error| NodeError::Other(format!("{}: {error}", path.display())))?;
        code.extend_from_slice(arguments);
        Ok(code.into())
    }

    /// Deploys `name` and returns its address.
    ///
    /// # Errors
    /// If the artifact is missing or the creation fails.
    pub fn deploy(&self, node: &mut dyn Node, from: &Person, name: &str, arguments: &[u8]) -> Result<Address, NodeError> {
        let code = self.creation_code(name, arguments)?;
        let sent = node.send(from, None, U256::ZERO, code)?;
        sent.created
            .ok_or_else(|| NodeError::Other(format!("the node does not say where {name} was created")))
    }
}

/// The outside world of one deployment.
#[derive(Clone, Copy, Debug)]
pub struct Counterparts {
    /// 6 decimals, returns true.
    pub usdc: Address,
    /// 6 decimals, returns nothing.
    pub usdt: Address,
    /// The base token: 6 decimals, accrues yield.
    pub wrapped_m: Address,
    /// Uniswap's SwapRouter02.
    pub swap_router: Address,
    /// USDC/wM, fee 0.01 %.
    pub usdc_pool: Address,
    /// USDT/wM, fee 0.01 %.
    pub usdt_pool: Address,
}

impl Counterparts {
    /// Deploys tokens and Uniswap, opens both pools at 1:1 with `depth` whole dollars a side, and has the base token accrue
    /// `yield_bps` a year. `owner` owns all of it.
    ///
    /// # Errors
    /// If the node refuses any of it.
    pub fn deploy(
        node: &mut dyn Node,
        artifacts: &SolidityArtifacts,
        owner: &Person,
        depth: u64,
        yield_bps: u64,
    ) -> Result<Self, NodeError> {
        let weth = artifacts.deploy(node, owner, "WETH9", &("Wrapped Ether", "WETH").abi_encode_params())?;
        let factory = artifacts.deploy(node, owner, "UniswapV3Factory", &[])?;
        // v3-core knows 0.05 %, 0.3 % and 1 %; governance enabled 0.01 % later on the real chains.
        node.perform(
            owner,
            factory,
            &IUniswapV3Factory::enableFeeAmountCall {
                fee: U24::from(STABLE_FEE),
                tickSpacing: I24::ONE,
            },
        )?;
        let positions = artifacts.deploy(
            node,
            owner,
            "NonfungiblePositionManager",
            &(factory, weth, Address::ZERO).abi_encode_params(),
        )?;
        let swap_router = artifacts.deploy(
            node,
            owner,
            "SwapRouter02",
            &(Address::ZERO, factory, positions, weth).abi_encode_params(),
        )?;
        let usdc = artifacts.deploy(node, owner, "UsdcLike", &[])?;
        let usdt = artifacts.deploy(node, owner, "UsdtLike", &[])?;
        let wrapped_m = artifacts.deploy(node, owner, "WrappedM", &(owner.address(),).abi_encode_params())?;
        let mut pool = |stablecoin| open_pool(node, owner, positions, stablecoin, wrapped_m, depth);
        let usdc_pool = pool(usdc)?;
        let usdt_pool = pool(usdt)?;
        node.perform(
            owner,
            wrapped_m,
            &IWrappedM::setRateCall {
                rateBps: U256::from(yield_bps),
            },
        )?;
        Ok(Self {
            usdc,
            usdt,
            wrapped_m,
            swap_router,
            usdc_pool,
            usdt_pool,
        })
    }
}

/// Whole dollars in a token of six decimals.
#[must_use]
pub fn dollars6(amount: u64) -> U256 {
    U256::from(amount) * U256::from(1_000_000)
}

/// A pool of two tokens with six decimals at 1:1, `depth` dollars a side within one per cent of par.
fn open_pool(node: &mut dyn Node, owner: &Person, positions: Address, a: Address, b: Address, depth: u64) -> Result<Address, NodeError> {
    let (token0, token1) = if a < b { (a, b) } else { (b, a) };
    let fee = U24::from(STABLE_FEE);
    let par = U160::ONE << 96;
    let (pool, _) = node.perform(
        owner,
        positions,
        &IPositionManager::createAndInitializePoolIfNecessaryCall {
            token0,
            token1,
            fee,
            sqrtPriceX96: par,
        },
    )?;
    let amount = dollars6(depth);
    for token in [token0, token1] {
        node.perform(
            owner,
            token,
            &IMintable::mintCall {
                to: owner.address(),
                amount,
            },
        )?;
        // USDT returns nothing: the call goes out raw.
        let approve = IErc20::approveCall {
            spender: positions,
            value: amount,
        };
        node.send(
            owner,
            Some(token),
            U256::ZERO,
            alloy_sol_types::SolCall::abi_encode(&approve).into(),
        )?;
    }
    let hundred = I24::unchecked_from(100);
    let deadline = U256::from(node.now()? + 365 * 86_400);
    let params = IPositionManager::MintParams {
        token0,
        token1,
        fee,
        tickLower: -hundred,
        tickUpper: hundred,
        amount0Desired: amount,
        amount1Desired: amount,
        amount0Min: U256::ZERO,
        amount1Min: U256::ZERO,
        recipient: owner.address(),
        deadline,
    };
    node.perform(owner, positions, &IPositionManager::mintCall { params })?;
    Ok(pool)
}

//! Deployment and wiring of the seven programs.

use std::path::Path;

use alloy_primitives::{address, fixed_bytes, keccak256, Address, Bytes, FixedBytes, B256, U256};
use alloy_sol_types::SolValue;

use super::{
    bindings::{Filo, IArbWasm, IStylusDeployer, IWired, Router, SwapAdapter, Usdai},
    counterparts::{Counterparts, SolidityArtifacts},
};
use crate::node::{Node, NodeError, NodeExt, Person};

/// Where Arbitrum's chains have the StylusDeployer.
pub use stylus_chain::STYLUS_DEPLOYER;

/// The precompile that knows programs.
pub const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");
/// Selector of `stylus_constructor()`, which takes the constructor's arguments behind it.
const CONSTRUCTOR: FixedBytes<4> = fixed_bytes!("5585258d");
/// Offered for the activation's data fee; what is not taken comes back.
const ACTIVATION_VALUE: u64 = 100_000_000_000_000_000;

/// The id that stands for `name` in the router's books: the name itself, left-aligned.
#[must_use]
pub fn id(name: &str) -> B256 {
    B256::right_padding_from(name.as_bytes())
}

/// What a deployment chooses. Lengths are immutable; fees are parameters.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Length of a loan's period, seconds (30 days on a chain with real people).
    pub period: u64,
    /// Length of an epoch of the redemption queue, seconds.
    pub epoch: u64,
    /// Length of the reveal window at an epoch's end, seconds.
    pub reveal: u64,
    /// Part of the T-bill yield that goes to the treasury, basis points.
    pub yield_fee_bps: u64,
    /// Part of interest that goes to the treasury, basis points.
    pub protocol_fee_bps: u64,
    /// Part of interest that goes to the insurance reserve, basis points.
    pub reserve_bps: u64,
}

impl Terms {
    /// Months of 30 days, two days to reveal.
    pub const REAL: Self = Self {
        period: 30 * 86_400,
        epoch: 30 * 86_400,
        reveal: 2 * 86_400,
        yield_fee_bps: 1_000,
        protocol_fee_bps: 200,
        reserve_bps: 100,
    };
    /// The same life for a node that cannot travel in time: a month lasts half a minute.
    pub const HURRIED: Self = Self {
        period: 30,
        epoch: 30,
        reveal: 2,
        ..Self::REAL
    };
}

/// What each contract took to be deployed, activated and constructed, in the order of [`Suite::contracts`].
pub type DeploymentGas = Vec<(&'static str, u64)>;

/// Addresses of the protocol's contracts.
#[derive(Clone, Copy, Debug)]
pub struct Suite {
    /// Address book and authority.
    pub router: Address,
    /// The dollar.
    pub usdai: Address,
    /// The dollar's way to and from stablecoins.
    pub swap_adapter: Address,
    /// The vault.
    pub susdai: Address,
    /// Warehouse receipts.
    pub caliber: Address,
    /// The redemption queue.
    pub qev: Address,
    /// Stacks and loans.
    pub filo: Address,
}

impl Suite {
    /// The contracts with their names, in the order of deployment.
    #[must_use]
    pub fn contracts(&self) -> [(&'static str, Address); 7] {
        [
            ("router", self.router),
            ("usdai", self.usdai),
            ("swap-adapter", self.swap_adapter),
            ("susdai", self.susdai),
            ("caliber", self.caliber),
            ("qev", self.qev),
            ("filo", self.filo),
        ]
    }

    /// Deploys every contract with its constructor in one transaction, so that nobody can construct it first, then wires them.
    ///
    /// # Errors
    /// If a file is missing or the node refuses any of it.
    pub fn deploy(
        node: &mut dyn Node,
        target: &Path,
        admin: &Person,
        world: &Counterparts,
        treasury: Address,
        terms: Terms,
    ) -> Result<(Self, DeploymentGas), NodeError> {
        let deployer = stylus_deployer(node, target, admin)?;
        let mut gas = Vec::new();
        let mut program = |node: &mut dyn Node, name: &'static str, arguments: Vec<u8>| -> Result<Address, NodeError> {
            let (address, used) = deploy_program(node, target, admin, deployer, name, &arguments)?;
            gas.push((name, used));
            Ok(address)
        };
        let word = U256::from::<u64>;
        let router = program(node, "router", (admin.address(),).abi_encode_params())?;
        let usdai = program(node, "usdai", (router, world.wrapped_m).abi_encode_params())?;
        let swap_adapter = program(
            node,
            "swap-adapter",
            (router, world.wrapped_m, world.swap_router).abi_encode_params(),
        )?;
        let susdai = program(node, "susdai", (router, usdai).abi_encode_params())?;
        let caliber = program(node, "caliber", (router,).abi_encode_params())?;
        let qev = program(
            node,
            "qev",
            (router, susdai, usdai, word(terms.epoch), word(terms.reveal)).abi_encode_params(),
        )?;
        let filo = program(node, "filo", (router, word(terms.period)).abi_encode_params())?;
        let suite = Self {
            router,
            usdai,
            swap_adapter,
            susdai,
            caliber,
            qev,
            filo,
        };
        suite.wire(node, admin, world, treasury)?;
        node.perform(
            admin,
            usdai,
            &Usdai::setAdminFeeCall {
                bps: word(terms.yield_fee_bps),
            },
        )?;
        let fees = Filo::setFeesCall {
            protocolFeeBps: word(terms.protocol_fee_bps),
            reserveBps: word(terms.reserve_bps),
        };
        node.perform(admin, filo, &fees)?;
        Ok((suite, gas))
    }

    /// Enters the addresses in the router's book and has every contract copy what it needs.
    fn wire(&self, node: &mut dyn Node, admin: &Person, world: &Counterparts, treasury: Address) -> Result<(), NodeError> {
        let book = [
            ("USDAI", self.usdai),
            ("SUSDAI", self.susdai),
            ("CALIBER", self.caliber),
            ("FILO", self.filo),
            ("QEV", self.qev),
            ("SWAP_ADAPTER", self.swap_adapter),
            ("TREASURY", treasury),
        ];
        for (name, account) in book {
            node.perform(
                admin,
                self.router,
                &Router::setAddressCall {
                    id: id(name),
                    current: account,
                },
            )?;
        }
        for contract in [self.usdai, self.swap_adapter, self.susdai, self.caliber, self.filo] {
            node.perform(admin, contract, &IWired::wireCall {})?;
        }
        for token in [world.usdc, world.usdt] {
            node.perform(admin, self.swap_adapter, &SwapAdapter::setTokenAllowedCall { token, allowed: true })?;
        }
        Ok(())
    }
}

/// The StylusDeployer where the chains have it, or one of our own where they have not.
pub(crate) fn stylus_deployer(node: &mut dyn Node, target: &Path, from: &Person) -> Result<Address, NodeError> {
    if node.code(STYLUS_DEPLOYER)?.is_empty() {
        return SolidityArtifacts::under(target).deploy(node, from, "StylusDeployer", &[]);
    }
    Ok(STYLUS_DEPLOYER)
}

/// Deploys, activates and constructs `target/contracts/NAME.wasm` in one transaction; returns its address and the gas taken.
///
/// # Errors
/// If the file is missing, or the chain refuses the program or its constructor.
pub fn deploy_program(
    node: &mut dyn Node,
    target: &Path,
    from: &Person,
    deployer: Address,
    name: &str,
    arguments: &[u8],
) -> Result<(Address, u64), NodeError> {
    let path = target.join("contracts").join(format!("{name}.wasm"));
    let wasm = std::fs::read(&path).map_err(|_| NodeError::Other(format!("{} is missing: run scripts/build", path.display())))?;
    let code = Bytes::from(stylus_chain::compress(&wasm));
    let call = IStylusDeployer::deployCall {
        bytecode: stylus_chain::init_code(&code).into(),
        initData: [CONSTRUCTOR.as_slice(), arguments].concat().into(),
        initValue: U256::ZERO,
        salt: B256::ZERO,
    };
    let (address, sent) = node.perform_with_value(from, deployer, U256::from(ACTIVATION_VALUE), &call)?;
    let deployed = node.code(address)?;
    if deployed != code {
        return Err(NodeError::Other(format!("the code of {name} at {address} is not what was built")));
    }
    let version = node.read(
        ARB_WASM,
        &IArbWasm::codehashVersionCall {
            codehash: keccak256(&deployed),
        },
    )?;
    if version == 0 {
        return Err(NodeError::Other(format!("{name} at {address} is not activated")));
    }
    Ok((address, sent.gas_used))
}

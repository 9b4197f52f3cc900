//! Deployment and wiring of the eight programs.

use std::path::Path;

use alloy_primitives::{keccak256, Address, B256};

use super::{
    counterparts::Counterparts,
    plan::{proxy_factory, Call, Front, Journal, Outcome, Plan, Setup},
    program::Program,
};
use crate::node::{Node, NodeError, Person};

pub(crate) use super::program::stylus_deployer;
pub use super::program::{deploy_program, ARB_WASM, STYLUS_DEPLOYER};

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
    /// Whether the contracts are behind proxies, so that the timelock can give them another program at the same address.
    pub proxies: bool,
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
        proxies: false,
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
    /// The redemption queue's second program, which runs at the queue's address.
    pub qev_settlement: Address,
    /// The redemption queue.
    pub qev: Address,
    /// Stacks and loans.
    pub filo: Address,
    /// Offers of loans, and what borrowers do with them.
    pub origination: Address,
    /// What is done about loans that are not paid.
    pub defaults: Address,
    /// The front door: journeys.
    pub gateway: Address,
}

impl Suite {
    /// The contracts at the addresses that `address` knows by the names of [`Suite::contracts`].
    ///
    /// # Errors
    /// What `address` refuses with.
    pub fn named<E>(mut address: impl FnMut(&str) -> Result<Address, E>) -> Result<Self, E> {
        Ok(Self {
            router: address("router")?,
            usdai: address("usdai")?,
            swap_adapter: address("swap-adapter")?,
            susdai: address("susdai")?,
            caliber: address("caliber")?,
            qev_settlement: address("qev-settlement")?,
            qev: address("qev")?,
            filo: address("filo")?,
            origination: address("origination")?,
            defaults: address("defaults")?,
            gateway: address("gateway")?,
        })
    }

    /// The contracts with their names, in the order of deployment.
    #[must_use]
    pub fn contracts(&self) -> [(&'static str, Address); 11] {
        [
            ("router", self.router),
            ("usdai", self.usdai),
            ("swap-adapter", self.swap_adapter),
            ("susdai", self.susdai),
            ("caliber", self.caliber),
            ("qev-settlement", self.qev_settlement),
            ("qev", self.qev),
            ("filo", self.filo),
            ("origination", self.origination),
            ("defaults", self.defaults),
            ("gateway", self.gateway),
        ]
    }

    /// The router's address book: ids, and the contracts that they stand for.
    #[must_use]
    pub fn book(&self) -> [(&'static str, Address); 10] {
        [
            ("USDAI", self.usdai),
            ("SUSDAI", self.susdai),
            ("CALIBER", self.caliber),
            ("FILO", self.filo),
            ("ORIGINATION", self.origination),
            ("DEFAULTS", self.defaults),
            // Whose due days a settlement of the queue heeds.
            ("DUE_DAYS", self.filo),
            ("QEV", self.qev),
            ("SWAP_ADAPTER", self.swap_adapter),
            // No contract asks for it: people and integrators do.
            ("GATEWAY", self.gateway),
        ]
    }

    /// The contracts that copy addresses from the router's book, with their names.
    pub(crate) fn wired(&self) -> [(&'static str, Address); 9] {
        [
            ("usdai", self.usdai),
            ("swap-adapter", self.swap_adapter),
            ("susdai", self.susdai),
            ("caliber", self.caliber),
            ("qev", self.qev),
            ("filo", self.filo),
            ("origination", self.origination),
            ("defaults", self.defaults),
            ("gateway", self.gateway),
        ]
    }

    /// Deploys every contract with its constructor in one transaction, so that nobody can construct it first, then wires them
    /// ([`Plan`]).
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
        let setup = Setup {
            admin: admin.address(),
            base_token: world.wrapped_m,
            swap_router: world.swap_router,
            stablecoins: vec![world.usdc, world.usdt],
            treasury,
            terms,
            roles: Vec::new(),
            next_admin: None,
            delay: 0,
            proxy_factory: terms.proxies.then(|| proxy_factory(node, target, admin)).transpose()?,
            // A world is deployed anew for every deployment of this kind: its addresses set one apart from the next.
            release: keccak256([world.swap_router.as_slice(), world.wrapped_m.as_slice(), world.usdc.as_slice()].concat()),
        };
        let plan = Plan::new(target, stylus_deployer(node, target, admin)?, &setup)?;
        let mut gas = Vec::new();
        plan.carry_out(node, admin, &mut gas)?;
        Ok((plan.suite, gas))
    }
}

/// Gas is all that a deployment in one go leaves to be remembered.
impl Journal for DeploymentGas {
    fn remembers(&self, _: &str) -> bool {
        false
    }

    fn begins(&mut self, _: &str) {}

    fn program(&mut self, program: &Program, _: Address, outcome: Outcome<'_>) -> Result<(), NodeError> {
        if let Outcome::Sent(sent) = outcome {
            self.push((program.name, sent.gas_used));
        }
        Ok(())
    }

    fn front(&mut self, _: &Front, _: Outcome<'_>) -> Result<(), NodeError> {
        Ok(())
    }

    fn call(&mut self, _: &Call, _: Outcome<'_>) -> Result<(), NodeError> {
        Ok(())
    }
}

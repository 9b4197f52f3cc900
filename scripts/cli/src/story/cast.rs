//! Who plays.

use std::path::Path;

use alloy_primitives::{Address, B256, U256};

use crate::{
    node::{Node, NodeError, NodeExt, Person},
    protocol::{
        bindings::Router,
        counterparts::{Counterparts, SolidityArtifacts},
        suite::{id, DeploymentGas, Suite, Terms},
    },
};

/// Ether that everybody gets for gas: 0.2, enough for the story on any chain whose gas costs less than 1 gwei.
const GAS_MONEY: u64 = 200_000_000_000_000_000;

/// Depth of each Uniswap pool, whole dollars a side.
const POOL_DEPTH: u64 = 10_000_000;
/// What the T-bills behind the base token yield, basis points a year.
const YIELD_BPS: u64 = 420;

/// A protocol to be played with.
#[derive(Debug)]
pub struct Deployment {
    /// What its contracts meet.
    pub world: Counterparts,
    /// Its contracts, the people's roles granted.
    pub suite: Suite,
    /// What deploying them took.
    pub gas: DeploymentGas,
}

/// The people of the story.
#[derive(Clone, Debug)]
pub struct Cast {
    /// Deploys, grants roles.
    pub admin: Person,
    /// Has a million dollars.
    pub depositor: Person,
    /// Lends, and loses first.
    pub curator: Person,
    /// Operates GPUs.
    pub borrower: Person,
    /// Issues receipts.
    pub agent: Person,
    /// Says what hardware is worth.
    pub appraiser: Person,
    /// Says what is insured.
    pub attestor: Person,
    /// Anyone: settles, harvests.
    pub keeper: Person,
    /// Receives protocol fees.
    pub treasury: Person,
    /// The data centre that holds the hardware.
    pub custodian: Person,
}

impl Cast {
    /// The cast whose keys follow from the admin's: two stories on one chain with two keys do not meet.
    ///
    /// # Errors
    /// If a key cannot be derived.
    pub fn of(admin: Person) -> Result<Self, NodeError> {
        let seed = admin.signer.to_bytes();
        let person = |name| Person::derived(name, B256::from(seed));
        Ok(Self {
            depositor: person("depositor")?,
            curator: person("curator")?,
            borrower: person("borrower")?,
            agent: person("agent")?,
            appraiser: person("appraiser")?,
            attestor: person("attestor")?,
            keeper: person("keeper")?,
            treasury: person("treasury")?,
            custodian: person("custodian")?,
            admin,
        })
    }

    /// Everybody.
    #[must_use]
    pub fn everybody(&self) -> [&Person; 10] {
        [
            &self.admin,
            &self.depositor,
            &self.curator,
            &self.borrower,
            &self.agent,
            &self.appraiser,
            &self.attestor,
            &self.keeper,
            &self.treasury,
            &self.custodian,
        ]
    }

    /// Gives everybody ether for gas, deploys what the contracts meet, from `artifacts`, and the contracts that lie under `target`, and
    /// grants everybody their role. The admin, who deploys, brings ether of its own.
    ///
    /// # Errors
    /// If a file is missing or the node refuses any of it.
    pub fn deploy(&self, node: &mut dyn Node, target: &Path, artifacts: &SolidityArtifacts, terms: Terms) -> Result<Deployment, NodeError> {
        self.fund(node)?;
        let world = Counterparts::deploy(node, artifacts, &self.admin, POOL_DEPTH, YIELD_BPS)?;
        let (suite, gas) = Suite::deploy(node, target, &self.admin, &world, self.treasury.address(), terms)?;
        self.take_roles(node, &suite)?;
        Ok(Deployment { world, suite, gas })
    }

    /// Gives everybody who sends transactions ether for gas.
    fn fund(&self, node: &mut dyn Node) -> Result<(), NodeError> {
        let actors = [
            &self.depositor,
            &self.curator,
            &self.borrower,
            &self.agent,
            &self.appraiser,
            &self.attestor,
            &self.keeper,
        ];
        actors
            .iter()
            .try_for_each(|person| node.fund(person.address(), U256::from(GAS_MONEY)))
    }

    /// Grants everybody their role.
    fn take_roles(&self, node: &mut dyn Node, suite: &Suite) -> Result<(), NodeError> {
        let roles = [
            ("TOKENISING_AGENT", &self.agent),
            ("APPRAISER", &self.appraiser),
            ("ATTESTOR", &self.attestor),
            ("CURATOR", &self.curator),
        ];
        for (role, person) in roles {
            node.perform(
                &self.admin,
                suite.router,
                &Router::grantRoleCall {
                    role: id(role),
                    account: person.address(),
                },
            )?;
        }
        Ok(())
    }

    /// Everybody's and everything's name, for telling movements.
    #[must_use]
    pub fn names(&self, suite: &Suite, world: &Counterparts) -> Vec<(Address, &'static str)> {
        let mut names: Vec<_> = self.everybody().iter().map(|person| (person.address(), person.name)).collect();
        names.extend(suite.contracts().map(|(name, address)| (address, name)));
        names.extend([
            (world.usdc_pool, "USDC/wM pool"),
            (world.usdt_pool, "USDT/wM pool"),
            (world.swap_router, "SwapRouter02"),
            (Address::ZERO, "-"),
        ]);
        names
    }
}

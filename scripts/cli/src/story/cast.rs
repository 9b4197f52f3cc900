//! Who plays.

use alloy_primitives::{Address, B256, U256};

use crate::{
    node::{Node, NodeError, NodeExt, Person},
    protocol::{
        bindings::Router,
        counterparts::Counterparts,
        suite::{id, Suite},
    },
};

/// Ether that everybody gets for gas: 0.2, enough for the story on any chain whose gas costs less than 1 gwei.
const GAS_MONEY: u64 = 200_000_000_000_000_000;

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

    /// Gives everybody who sends transactions ether for gas.
    ///
    /// # Errors
    /// If whoever pays cannot.
    pub fn fund(&self, node: &mut dyn Node) -> Result<(), NodeError> {
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
    ///
    /// # Errors
    /// If the admin may not.
    pub fn take_roles(&self, node: &mut dyn Node, suite: &Suite) -> Result<(), NodeError> {
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

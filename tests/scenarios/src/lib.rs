//! The protocol deployed on the embedded chain, ready to be played with: the WASM that `scripts/build` left in `target/contracts`,
//! real Uniswap, real Solidity tokens. What the tests of this crate stand on.

pub mod abi;
pub mod driver;
pub mod erc20;
pub mod hands;
pub mod indexer;
pub mod lending;
pub mod loans;
pub mod refusals;
pub mod scenes;
pub mod shapes;
pub mod vault;
pub mod walk;

use std::{
    env::{self, consts},
    path::PathBuf,
    sync::LazyLock,
};

use alloy_primitives::{keccak256, Address, U256};
use alloy_sol_types::{SolCall, SolError};
use stylus_chain::{witness, Chain, Machine, Native};
use usdai_cli::{
    embedded::Embedded,
    node::{Node, NodeError, NodeExt, Person, Sent},
    protocol::{
        bindings::{IErc20, IMintable, IWrappedM},
        counterparts::{Counterparts, SolidityArtifacts},
        suite::{Suite, Terms},
    },
    story::cast::{Cast, Deployment},
};

pub use usdai_cli;

/// Names the contracts for this machine if they are not where cargo leaves them: `scripts/coverage` sets it. Every town then runs on both machines.
const PROGRAMS: &str = "NATIVE_PROGRAMS";

/// Where `scripts/build` leaves contracts and artifacts.
#[must_use]
pub fn target() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target"))
}

/// A deployed protocol with its people.
#[derive(Debug)]
pub struct Town {
    /// The chain.
    pub node: Embedded,
    /// The contracts.
    pub suite: Suite,
    /// What they meet.
    pub world: Counterparts,
    /// The people, roles granted.
    pub cast: Cast,
    /// Somebody without any role.
    pub stranger: Person,
}

impl Town {
    /// Deploys everything with months of 30 days.
    ///
    /// # Panics
    /// If anything is refused: then no scenario can begin.
    #[must_use]
    pub fn deployed() -> Self {
        Self::on(Terms::REAL)
    }

    /// Deploys everything on `terms`.
    ///
    /// # Panics
    /// As [`Self::deployed`].
    #[must_use]
    pub fn on(terms: Terms) -> Self {
        Self::deployed_on(Chain::new(), terms)
    }

    /// Deploys everything on `terms` on `chain`.
    ///
    /// # Panics
    /// As [`Self::deployed`].
    #[must_use]
    pub fn deployed_on(chain: Chain, terms: Terms) -> Self {
        Self::try_deployed(chain, terms).unwrap_or_else(|error| panic!("the protocol does not deploy: {error}"))
    }

    fn try_deployed(chain: Chain, terms: Terms) -> Result<Self, NodeError> {
        let mut node = Embedded::on(chain);
        let cast = Cast::of(Person::derived("admin", keccak256("scenarios"))?)?;
        let stranger = Person::derived("stranger", keccak256("scenarios"))?;
        let ether = U256::from(10).pow(U256::from(21));
        node.fund(cast.admin.address(), ether)?;
        node.fund(stranger.address(), ether)?;
        let Deployment { world, suite, .. } = cast.deploy(&mut node, &target(), &SolidityArtifacts::under(&target()), terms)?;
        for (name, contract) in suite.contracts() {
            witness::name(node.chain.code_hash(contract), name);
        }
        let mut town = Self {
            node,
            suite,
            world,
            cast,
            stranger,
        };
        if env::var_os(PROGRAMS).is_some() {
            town.run_on(Machine::Both);
        }
        Ok(town)
    }

    /// Has the contracts run on `machine` from now on: their WASM, or what `tests/native` makes of them.
    ///
    /// # Panics
    /// If they are not compiled for this machine.
    pub fn run_on(&mut self, machine: Machine) {
        static NATIVES: LazyLock<Vec<Native>> = LazyLock::new(|| {
            let library = format!("debug/{}native_programs{}", consts::DLL_PREFIX, consts::DLL_SUFFIX);
            let library = env::var_os(PROGRAMS).map_or_else(|| target().join(library), PathBuf::from);
            Native::load(&library).unwrap_or_else(|error| panic!("{error}; `cargo build --manifest-path tests/native/Cargo.toml` makes it"))
        });
        for (name, contract) in self.suite.contracts() {
            let native = NATIVES.iter().find(|native| native.name() == name);
            let native = native.unwrap_or_else(|| panic!("{name} is not compiled for this machine"));
            self.node.chain.stand_in(contract, *native);
        }
        self.node.chain.run_on(machine);
    }

    /// Has `who` do `call` on `to`.
    ///
    /// # Errors
    /// The refusal.
    pub fn act<C: SolCall>(&mut self, who: &Person, to: Address, call: &C) -> Result<(C::Return, Sent), NodeError> {
        self.node.perform(who, to, call)
    }

    /// Reads `call` from `to`.
    ///
    /// # Panics
    /// If the view refuses.
    pub fn read<C: SolCall>(&mut self, to: Address, call: &C) -> C::Return {
        self.node.read(to, call).unwrap_or_else(|error| panic!("{}: {error}", C::SIGNATURE))
    }

    /// Gives `who` an amount of USDC in its smallest unit.
    ///
    /// # Panics
    /// If the mint is refused.
    pub fn give_usdc(&mut self, who: Address, amount: U256) {
        let admin = self.cast.admin.clone();
        let usdc = self.world.usdc;
        self.act(&admin, usdc, &IMintable::mintCall { to: who, amount })
            .map(drop)
            .expect("anybody may mint");
    }

    /// Gives `who` an amount of the base token in its smallest unit.
    ///
    /// # Panics
    /// If the mint is refused.
    pub fn give_base(&mut self, who: Address, amount: U256) {
        let admin = self.cast.admin.clone();
        let base = self.world.wrapped_m;
        self.act(&admin, base, &IWrappedM::mintCall { to: who, amount })
            .map(drop)
            .expect("the admin owns it");
    }

    /// Lets `spender` take any amount of `token` from `who`.
    ///
    /// # Panics
    /// If the token refuses.
    pub fn approve(&mut self, who: &Person, token: Address, spender: Address) {
        self.act(who, token, &IErc20::approveCall { spender, value: U256::MAX })
            .map(drop)
            .expect("approvals are free");
    }

    /// Asserts that `who` doing `call` on `to` is refused with exactly `error`, and that nothing changed: no storage word, no
    /// balance, no nonce of any account but the sender's.
    ///
    /// # Panics
    /// If it is not.
    pub fn refuses<C: SolCall, E: SolError>(&mut self, who: &Person, to: Address, call: &C, error: &E) {
        let before = self.node.chain.fingerprint(&[who.address()]);
        let outcome = self.node.perform(who, to, call).map(|_| ());
        let refusal = outcome.expect_err(&format!("{} should be refused with {}", C::SIGNATURE, E::SIGNATURE));
        let expected = error.abi_encode();
        assert_eq!(
            refusal.revert_data().map(|data| data.to_vec()),
            Some(expected),
            "{} should be refused with {}, and was {refusal}",
            C::SIGNATURE,
            E::SIGNATURE
        );
        assert_eq!(
            before,
            self.node.chain.fingerprint(&[who.address()]),
            "{} changed something",
            C::SIGNATURE
        );
    }
}

//! An indexer: the state of every contract, rebuilt from nothing but logs and the times of their blocks, and compared with what is in the
//! contracts' storage, word for word.
//!
//! One file a contract: plain structs, `apply` for an event, and `image`, which says which words of storage follow from them. What no event
//! says and the image asks for is what a deployment's record says ([`Deployed`]): constructor arguments that never change. What no log can
//! say, and why, stands where it is left out: allowances that were spent, ERC-2612 nonces, the collection's URI (ERC-7572).
//!
//! What a reader of events needs to know is in docs/EVENTS.md.

mod caliber;
mod defaults;
mod erc20;
mod erc721;
mod filo;
mod front;
mod image;
mod origination;
mod qev;
mod router;
mod susdai;
mod usdai;

use alloy_primitives::{Address, Log, U256, U512};
use alloy_sol_types::SolEventInterface;
use usdai_cli::protocol::suite::Suite;

use crate::{
    abi::{Filo, Queue},
    Town,
};

pub use image::Image;

/// What the record of a deployment says beside the addresses: arguments of constructors that never change.
#[derive(Clone, Copy, Debug)]
pub struct Deployed {
    /// The contracts.
    pub suite: Suite,
    /// USDai's base token.
    pub base_token: Address,
    /// The adapter's way to other tokens.
    pub uniswap: Address,
    /// When the contracts were constructed, Unix seconds.
    pub at: u64,
    /// Seconds of a loan's period.
    pub period: u64,
    /// Seconds of an epoch of the queue.
    pub epoch: u32,
    /// Seconds of the window at its end in which bids are opened.
    pub reveal: u32,
}

/// The state of all contracts, as far as logs were read.
#[derive(Debug)]
pub struct Indexer {
    deployed: Deployed,
    router: router::Router,
    usdai: usdai::Usdai,
    adapter: front::Adapter,
    susdai: susdai::Susdai,
    caliber: caliber::Caliber,
    qev: qev::Qev,
    filo: filo::Filo,
    origination: origination::Origination,
    defaults: defaults::Defaults,
    gateway: front::Gateway,
    /// Events read.
    pub read: usize,
}

/// `log` as one of a contract's events.
fn event<E: SolEventInterface>(log: &Log) -> E {
    E::decode_log(log)
        .unwrap_or_else(|error| panic!("an event that the ABI does not have: {error}: {log:?}"))
        .data
}

impl Indexer {
    /// Before the first log.
    #[must_use]
    pub fn of(deployed: Deployed) -> Self {
        Self {
            router: router::Router::of(&deployed),
            usdai: usdai::Usdai::default(),
            adapter: front::Adapter::default(),
            susdai: susdai::Susdai::default(),
            caliber: caliber::Caliber::default(),
            qev: qev::Qev::of(&deployed),
            filo: filo::Filo::of(&deployed),
            origination: origination::Origination::default(),
            defaults: defaults::Defaults::of(&deployed),
            gateway: front::Gateway::default(),
            deployed,
            read: 0,
        }
    }

    /// Reads `log`, of a block at second `at`.
    ///
    /// # Panics
    /// If it is of one of the contracts and cannot be, after those before.
    pub fn apply(&mut self, log: &Log, at: u64) {
        let suite = self.deployed.suite;
        let from = log.address;
        if from == suite.router {
            self.router.apply(event(log));
        } else if from == suite.usdai {
            self.usdai.apply(event(log));
        } else if from == suite.swap_adapter {
            self.adapter.apply(event(log));
        } else if from == suite.susdai {
            self.susdai.apply(event(log), at);
        } else if from == suite.caliber {
            self.caliber.apply(event(log), at);
        } else if from == suite.qev {
            self.qev.apply(event(log), at);
        } else if from == suite.filo {
            let event = event(log);
            self.defaults.hear(&event, at);
            self.filo.apply(event, at, |receipt| self.caliber.class_of(receipt));
        } else if from == suite.origination {
            self.origination.apply(event(log));
        } else if from == suite.defaults {
            self.defaults.apply(event(log), at);
        } else if from == suite.gateway {
            self.gateway.apply(event(log));
        } else {
            assert_ne!(
                from, suite.qev_settlement,
                "the queue's second program speaks at the queue's address"
            );
            return;
        }
        self.read += 1;
    }

    /// What is in the storage of each contract, as the logs have it. The queue's second program has none of its own.
    #[must_use]
    pub fn images(&self) -> Vec<(Address, Image)> {
        let (deployed, suite) = (&self.deployed, &self.deployed.suite);
        vec![
            (suite.router, self.router.image()),
            (suite.usdai, self.usdai.image(deployed)),
            (suite.swap_adapter, self.adapter.image(deployed)),
            (suite.susdai, self.susdai.image(deployed)),
            (suite.caliber, self.caliber.image(deployed)),
            (suite.qev, self.qev.image(deployed)),
            (suite.qev_settlement, Image::empty("qev-settlement")),
            (suite.filo, self.filo.image(deployed)),
            (suite.origination, self.origination.image(deployed)),
            (suite.defaults, self.defaults.image(deployed)),
            (suite.gateway, self.gateway.image(deployed)),
        ]
    }
}

impl Town {
    /// Rebuilds the state of every contract from all logs of the chain, and finds it equal to what is in their storage; returns how many
    /// events that were.
    ///
    /// # Panics
    /// If it is not.
    pub fn events_rebuild_the_storage(&mut self) -> usize {
        let (suite, world) = (self.suite, self.world);
        let schedule = self.read(suite.qev, &Queue::scheduleCall {});
        let deployed = Deployed {
            suite,
            base_token: world.wrapped_m,
            uniswap: world.swap_router,
            at: schedule.genesis.to(),
            period: self.read(suite.filo, &Filo::parametersCall {}).periodSeconds.to(),
            epoch: schedule.epochSeconds.to(),
            reveal: schedule.revealSeconds.to(),
        };
        let mut indexer = Indexer::of(deployed);
        for (at, log) in self.node.chain.logs() {
            indexer.apply(log, at);
        }
        let mut differences = Vec::new();
        for (contract, image) in indexer.images() {
            differences.extend(image.differences(&self.node.chain.words(contract)));
        }
        let count = differences.len();
        differences.truncate(40);
        assert!(count == 0, "{count} words differ:\n{}", differences.join("\n"));
        println!("{} events rebuild the storage of every contract", indexer.read);
        indexer.read
    }
}

/// `a × b ÷ c`, rounded down.
fn mul_div(a: U256, b: U256, c: U256) -> U256 {
    (U512::from(a) * U512::from(b) / U512::from(c)).to()
}

/// `a × b ÷ c`, rounded up.
fn mul_div_up(a: U256, b: U256, c: U256) -> U256 {
    (U512::from(a) * U512::from(b)).div_ceil(U512::from(c)).to()
}

/// An address as a number.
fn account(address: Address) -> U256 {
    address.into_word().into()
}

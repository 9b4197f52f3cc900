//! The chain: state, blocks and time, and what can be done with them.

mod block;
mod builder;
mod deploy;
mod execute;
mod fingerprint;
mod machine;
mod receipt;
mod state;
mod tx;
mod typed;

pub use block::{Block, TxRecord};
pub use builder::{ChainBuilder, DEFAULT_CHAIN_ID, DEFAULT_TIMESTAMP};
pub use deploy::{compress, init_code, DeployError, Deployment, STYLUS_DEPLOYER};
pub use fingerprint::Fingerprint;
pub use machine::Machine;
pub use receipt::{Receipt, Revert};
pub use state::SnapshotId;
pub use tx::{Tx, TxInvalid, DEFAULT_GAS_LIMIT};

use crate::{arbos::ArbState, evm::Db};
use alloy_primitives::B256;
use block::OpenBlock;
use state::Snapshot;
use std::collections::HashMap;

/// An Arbitrum Stylus chain in memory.
///
/// Transactions that come through the library's methods name their sender, need no signature and pay no fee (their gas price is
/// zero), whoever the sender is, contracts included. Each gets a block of its own; see [`Chain::in_block`] for several in one.
///
/// Time stands still unless it is moved: [`Chain::advance`], [`Chain::warp_to`], or [`ChainBuilder::block_time`].
#[derive(Debug)]
pub struct Chain {
    db: Db,
    arb: ArbState,
    /// EIP-155 chain id.
    id: u64,
    /// Wei a gas.
    base_fee: u64,
    /// Seconds that time moves with each block.
    block_time: u64,
    /// Unix seconds of the next block.
    time: u64,
    /// Unix seconds of the first block.
    genesis_time: u64,
    /// The first is the genesis block.
    blocks: Vec<Block>,
    transactions: HashMap<B256, TxRecord>,
    /// Whether transactions are kept.
    records: bool,
    /// What runs programs.
    machine: Machine,
    /// Block being filled, if any.
    open: Option<OpenBlock>,
    snapshots: Vec<Snapshot>,
}

impl Default for Chain {
    fn default() -> Self {
        Self::new()
    }
}

impl Chain {
    /// A chain with the defaults of [`ChainBuilder`].
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// A chain with chosen id, start time and rules.
    pub fn builder() -> ChainBuilder {
        ChainBuilder::default()
    }

    /// EIP-155 chain id.
    #[must_use]
    pub fn chain_id(&self) -> u64 {
        self.id
    }

    /// Wei a gas: what transactions that come in over JSON-RPC pay.
    #[must_use]
    pub fn base_fee(&self) -> u64 {
        self.base_fee
    }
}

//! Settings of a new chain, and its first block.

use super::{block::Block, Chain, Machine};
use crate::{
    accounts::{DEV_ACCOUNT, DEV_ACCOUNTS},
    arbos::{ArbState, Params, ARBOS_STATE},
    evm::Db,
    precompiles,
};
use alloy_primitives::{Bytes, U256};
use std::collections::HashMap;

/// The id of Nitro's dev node.
pub const DEFAULT_CHAIN_ID: u64 = 412_346;
/// Where time starts unless chosen: 1 January 2026, 00:00 UTC, in Unix seconds.
pub const DEFAULT_TIMESTAMP: u64 = 1_767_225_600;
/// 0.1 gwei, the least price on Arbitrum's dev node.
const DEFAULT_BASE_FEE: u64 = 100_000_000;
/// Whole ether of each development account.
const DEV_ETHER: u64 = 1_000_000;

/// Settings of a new [`Chain`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct ChainBuilder {
    chain_id: u64,
    timestamp: u64,
    base_fee: u64,
    block_time: u64,
    programs_expire: bool,
    records: bool,
}

impl Default for ChainBuilder {
    fn default() -> Self {
        Self {
            chain_id: DEFAULT_CHAIN_ID,
            timestamp: DEFAULT_TIMESTAMP,
            base_fee: DEFAULT_BASE_FEE,
            block_time: 0,
            programs_expire: true,
            records: true,
        }
    }
}

impl ChainBuilder {
    /// EIP-155 chain id, by default [`DEFAULT_CHAIN_ID`].
    pub fn chain_id(mut self, chain_id: u64) -> Self {
        self.chain_id = chain_id;
        self
    }

    /// Where time starts, in Unix seconds, by default [`DEFAULT_TIMESTAMP`].
    pub fn timestamp(mut self, timestamp: u64) -> Self {
        self.timestamp = timestamp;
        self
    }

    /// Wei a gas, by default 0.1 gwei. It never moves.
    pub fn base_fee(mut self, base_fee: u64) -> Self {
        self.base_fee = base_fee;
        self
    }

    /// Seconds that time moves with each block, by default none.
    pub fn block_time(mut self, seconds: u64) -> Self {
        self.block_time = seconds;
        self
    }

    /// Whether programs expire 365 days after activation, as on Nitro (the default). Without, as if a keeper kept all alive.
    pub fn programs_expire(mut self, expire: bool) -> Self {
        self.programs_expire = expire;
        self
    }

    /// Whether transactions and their receipts can be looked up afterwards (the default). Without, a long run takes less memory.
    pub fn records(mut self, keep: bool) -> Self {
        self.records = keep;
        self
    }

    /// The chain, at its genesis block.
    #[must_use]
    pub fn build(self) -> Chain {
        let params = Params {
            programs_expire: self.programs_expire,
            ..Params::default()
        };
        let mut chain = Chain {
            db: Db::default(),
            arb: ArbState::new(params, vec![DEV_ACCOUNT]),
            id: self.chain_id,
            base_fee: self.base_fee,
            block_time: self.block_time,
            time: self.timestamp,
            genesis_time: self.timestamp,
            blocks: vec![Block::genesis(self.timestamp, self.base_fee)],
            transactions: HashMap::new(),
            records: self.records,
            machine: Machine::default(),
            open: None,
            snapshots: Vec::new(),
        };
        for account in DEV_ACCOUNTS {
            chain.set_balance(account.address, U256::from(DEV_ETHER) * U256::from(10).pow(U256::from(18)));
        }
        // An account with storage only would count as empty and be cleared away.
        chain.set_nonce(ARBOS_STATE, 1);
        // Solidity looks for code before it calls.
        for address in precompiles::ADDRESSES {
            chain.set_code(address, Bytes::from_static(&[0xfe]));
        }
        chain
    }
}

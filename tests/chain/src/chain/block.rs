//! Blocks: what a transaction sees of them, and what is kept of them.

use super::{Chain, Receipt};
use crate::arbos::SEQUENCER;
use alloy_consensus::Header;
use alloy_primitives::{keccak256, Address, Bytes, Log, B256, U256};
use revm::{context::BlockEnv, context_interface::block::BlobExcessGasAndPrice};

/// Gas limit that Nitro shows for every block.
const BLOCK_GAS_LIMIT: u64 = 1 << 50;
/// The EVM's block number estimates L1's: here an L1 block every twelve seconds from this one on.
const FIRST_L1_BLOCK: u64 = 24_000_000;
const L1_BLOCK_SECONDS: u64 = 12;
/// Hashes that `arbBlockHash` can be asked for.
const HASHES_KEPT: usize = 256;

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its header; the roots of tries are not computed and zero.
    pub header: Header,
    /// Keccak of the header.
    pub hash: B256,
    /// Hashes of its transactions.
    pub transactions: Vec<B256>,
}

/// A transaction in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TxRecord {
    /// What was asked.
    pub tx: super::Tx,
    /// The sender's nonce before it.
    pub nonce: u64,
    /// Place in its block.
    pub index: u64,
    /// What came of it.
    pub receipt: Receipt,
    /// The signed transaction as it came in; none for the library's own.
    pub raw: Option<Bytes>,
}

/// A block being filled.
#[derive(Clone, Debug, Default)]
pub(super) struct OpenBlock {
    pub(super) transactions: Vec<B256>,
    pub(super) gas_used: u64,
}

impl Block {
    pub(super) fn genesis(timestamp: u64, base_fee: u64) -> Self {
        Self::seal(
            Header {
                timestamp,
                gas_limit: BLOCK_GAS_LIMIT,
                base_fee_per_gas: Some(base_fee),
                beneficiary: SEQUENCER,
                ..Header::default()
            },
            Vec::new(),
        )
    }

    fn seal(header: Header, transactions: Vec<B256>) -> Self {
        Self {
            hash: header.hash_slow(),
            header,
            transactions,
        }
    }
}

impl Chain {
    /// Number of the last block.
    #[must_use]
    pub fn block_number(&self) -> u64 {
        self.blocks.len() as u64 - 1
    }

    /// The last block.
    #[must_use]
    pub fn head(&self) -> &Block {
        &self.blocks[self.blocks.len() - 1]
    }

    /// The block of a number.
    #[must_use]
    pub fn block(&self, number: u64) -> Option<&Block> {
        self.blocks.get(usize::try_from(number).ok()?)
    }

    /// The block of a hash.
    #[must_use]
    pub fn block_by_hash(&self, hash: B256) -> Option<&Block> {
        self.blocks.iter().rev().find(|block| block.hash == hash)
    }

    /// A transaction by its hash.
    #[must_use]
    pub fn transaction(&self, hash: B256) -> Option<&TxRecord> {
        self.transactions.get(&hash)
    }

    /// All logs so far, in order, each with the second of its block.
    pub fn logs(&self) -> impl Iterator<Item = (u64, &Log)> {
        let transactions = self
            .blocks
            .iter()
            .flat_map(|block| block.transactions.iter().map(|hash| (block.header.timestamp, hash)));
        let logs_of = |hash| {
            self.transactions
                .get(hash)
                .map(|record| record.receipt.logs.as_slice())
                .unwrap_or_default()
        };
        transactions.flat_map(move |(at, hash)| logs_of(hash).iter().map(move |log| (at, log)))
    }

    /// Runs `body` with all its transactions in one block, as a busy sequencer would have them.
    pub fn in_block<T>(&mut self, body: impl FnOnce(&mut Self) -> T) -> T {
        if self.open.is_some() {
            return body(self);
        }
        self.open_block();
        let result = body(self);
        self.close_block();
        result
    }

    /// Closes an empty block.
    pub fn mine(&mut self) {
        self.in_block(|_| ());
    }

    pub(super) fn open_block(&mut self) {
        self.arb.recent.clear();
        self.arb.l2_block = self.block_number() + 1;
        let first = self.blocks.len().saturating_sub(HASHES_KEPT);
        self.arb.block_hashes = self.blocks[first..].iter().map(|block| block.hash).collect();
        self.open = Some(OpenBlock::default());
    }

    pub(super) fn close_block(&mut self) {
        let OpenBlock { transactions, gas_used } = self.open.take().unwrap_or_default();
        let header = Header {
            parent_hash: self.head().hash,
            number: self.block_number() + 1,
            timestamp: self.time,
            gas_limit: BLOCK_GAS_LIMIT,
            gas_used,
            base_fee_per_gas: Some(self.base_fee),
            beneficiary: SEQUENCER,
            ..Header::default()
        };
        self.blocks.push(Block::seal(header, transactions));
        self.time += self.block_time;
    }

    /// Puts an executed transaction into the open block and completes its receipt.
    pub(super) fn record(&mut self, tx: super::Tx, nonce: u64, raw: Option<Bytes>, receipt: &mut Receipt) {
        let open = self.open.get_or_insert_default();
        let index = open.transactions.len() as u64;
        receipt.block_number = self.arb.l2_block;
        receipt.tx_hash = match &raw {
            Some(raw) => keccak256(raw),
            None => unsigned_hash(&tx.from, nonce, self.arb.l2_block, index),
        };
        open.gas_used += receipt.gas_used;
        if !self.records {
            return;
        }
        open.transactions.push(receipt.tx_hash);
        self.transactions.insert(
            receipt.tx_hash,
            TxRecord {
                tx,
                nonce,
                index,
                receipt: receipt.clone(),
                raw,
            },
        );
    }

    /// What contracts see of the block that is being filled, or would be next.
    pub(super) fn block_env(&self) -> BlockEnv {
        let l1_block = FIRST_L1_BLOCK + self.time.saturating_sub(self.genesis_time) / L1_BLOCK_SECONDS;
        BlockEnv {
            number: U256::from(l1_block),
            beneficiary: SEQUENCER,
            timestamp: U256::from(self.time),
            gas_limit: BLOCK_GAS_LIMIT,
            basefee: self.base_fee,
            difficulty: U256::from(1),
            // Nitro: always one.
            prevrandao: Some(B256::with_last_byte(1)),
            // No blobs, but revm wants a price.
            blob_excess_gas_and_price: Some(BlobExcessGasAndPrice {
                excess_blob_gas: 0,
                blob_gasprice: 1,
            }),
            ..BlockEnv::default()
        }
    }
}

/// A hash for a transaction that nobody signed.
fn unsigned_hash(from: &Address, nonce: u64, block: u64, index: u64) -> B256 {
    let mut bytes = from.to_vec();
    for number in [nonce, block, index] {
        bytes.extend_from_slice(&number.to_be_bytes());
    }
    keccak256(bytes)
}

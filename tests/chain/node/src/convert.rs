//! From the chain's records to the types that clients read.

use crate::{error, Answer};
use alloy_consensus::{
    transaction::Recovered, EthereumTxEnvelope, Receipt as ConsensusReceipt, ReceiptEnvelope, ReceiptWithBloom, Signed, Transaction as _,
    TxEip4844Variant, TxLegacy, Typed2718,
};
use alloy_eips::eip2718::Decodable2718;
use alloy_primitives::{logs_bloom, Signature, TxKind, U256};
use alloy_rpc_types_eth::{Block as RpcBlock, BlockTransactions, Header, Log, Transaction, TransactionReceipt};
use serde::Serialize;
use serde_json::Value;
use stylus_chain::{Block, Chain, TxRecord};

/// A signed transaction of any kind.
pub(crate) type Envelope = EthereumTxEnvelope<TxEip4844Variant>;

/// A method's answer as JSON.
pub(crate) fn to_json<T: Serialize>(value: T) -> Answer<Value> {
    serde_json::to_value(value).map_err(error::internal)
}

/// A block, with its transactions or their hashes.
pub(crate) fn block(chain: &Chain, block: &Block, full: bool) -> RpcBlock {
    let transactions = if full {
        let records = block.transactions.iter().filter_map(|hash| chain.transaction(*hash));
        BlockTransactions::Full(records.map(|record| transaction(chain, record)).collect())
    } else {
        BlockTransactions::Hashes(block.transactions.clone())
    };
    let header = Header {
        hash: block.hash,
        inner: block.header.clone(),
        total_difficulty: None,
        size: None,
    };
    RpcBlock {
        header,
        uncles: Vec::new(),
        transactions,
        withdrawals: None,
    }
}

/// A transaction of a block.
pub(crate) fn transaction(chain: &Chain, record: &TxRecord) -> Transaction {
    let block = chain.block(record.receipt.block_number);
    Transaction {
        inner: Recovered::new_unchecked(envelope(record), record.tx.from),
        block_hash: block.map(|block| block.hash),
        block_number: Some(record.receipt.block_number),
        transaction_index: Some(record.index),
        effective_gas_price: Some(record.tx.gas_price),
        block_timestamp: block.map(|block| block.header.timestamp),
    }
}

/// The signed form; for the library's own transactions, one with an empty signature.
fn envelope(record: &TxRecord) -> Envelope {
    if let Some(signed) = record.raw.as_ref().and_then(|raw| Envelope::decode_2718(&mut raw.as_ref()).ok()) {
        return signed;
    }
    let tx = &record.tx;
    let unsigned = TxLegacy {
        chain_id: None,
        nonce: record.nonce,
        gas_price: tx.gas_price,
        gas_limit: tx.gas_limit,
        to: tx.to.map_or(TxKind::Create, TxKind::Call),
        value: tx.value,
        input: tx.data.clone(),
    };
    let signature = Signature::new(U256::ZERO, U256::ZERO, false);
    Envelope::Legacy(Signed::new_unchecked(unsigned, signature, record.receipt.tx_hash))
}

/// A transaction's receipt.
pub(crate) fn receipt(chain: &Chain, record: &TxRecord) -> TransactionReceipt {
    let done = &record.receipt;
    let before = earlier(chain, record);
    let gas_before: u64 = before.iter().map(|earlier| earlier.receipt.gas_used).sum();
    let receipt = ReceiptWithBloom {
        logs_bloom: logs_bloom(done.logs.iter()),
        receipt: ConsensusReceipt {
            status: done.success.into(),
            cumulative_gas_used: gas_before + done.gas_used,
            logs: logs(chain, record),
        },
    };
    let envelope = envelope(record);
    let inner = match envelope.ty() {
        1 => ReceiptEnvelope::Eip2930(receipt),
        2 => ReceiptEnvelope::Eip1559(receipt),
        _ => ReceiptEnvelope::Legacy(receipt),
    };
    TransactionReceipt {
        inner,
        transaction_hash: done.tx_hash,
        transaction_index: Some(record.index),
        block_hash: chain.block(done.block_number).map(|block| block.hash),
        block_number: Some(done.block_number),
        gas_used: done.gas_used,
        effective_gas_price: record.tx.gas_price,
        blob_gas_used: None,
        blob_gas_price: None,
        from: record.tx.from,
        to: envelope.to(),
        contract_address: done.contract_address,
    }
}

/// A transaction's events, with their places.
pub(crate) fn logs(chain: &Chain, record: &TxRecord) -> Vec<Log> {
    let first: usize = earlier(chain, record).iter().map(|earlier| earlier.receipt.logs.len()).sum();
    let block = chain.block(record.receipt.block_number);
    let place = |(index, log): (usize, &alloy_primitives::Log)| Log {
        inner: log.clone(),
        block_hash: block.map(|block| block.hash),
        block_number: Some(record.receipt.block_number),
        block_timestamp: block.map(|block| block.header.timestamp),
        transaction_hash: Some(record.receipt.tx_hash),
        transaction_index: Some(record.index),
        log_index: Some((first + index) as u64),
        removed: false,
    };
    record.receipt.logs.iter().enumerate().map(place).collect()
}

/// The transactions before this one in its block.
fn earlier<'a>(chain: &'a Chain, record: &TxRecord) -> Vec<&'a TxRecord> {
    let block = chain.block(record.receipt.block_number);
    let hashes = block.map(|block| block.transactions.as_slice()).unwrap_or_default();
    hashes
        .iter()
        .take_while(|hash| **hash != record.receipt.tx_hash)
        .filter_map(|hash| chain.transaction(*hash))
        .collect()
}

//! Transactions coming in.

use crate::{
    convert::{self, Envelope},
    error, estimate,
    request::{self, Args},
    Answer, Module,
};
use alloy_consensus::{transaction::SignerRecoverable, SignableTransaction, Transaction, TxEip1559, Typed2718};
use alloy_eips::{
    eip2718::{Decodable2718, Encodable2718},
    eip2930::AccessList,
};
use alloy_primitives::{Bytes, TxKind, B256};
use alloy_rpc_types_eth::{TransactionReceipt, TransactionRequest};
use jsonrpsee::core::RegisterMethodError;
use stylus_chain::{
    accounts::{DevAccount, DEV_ACCOUNTS},
    Chain, Tx,
};

pub(crate) fn register(module: &mut Module) -> Result<(), RegisterMethodError> {
    module.add("eth_sendRawTransaction", |state, mut args| send_raw(&mut state.chain, args.next()?))?;
    module.add("eth_sendRawTransactionSync", |state, mut args| {
        let hash = send_raw(&mut state.chain, args.next()?)?;
        Ok(receipt(&state.chain, hash))
    })?;
    module.add("eth_sendTransaction", |state, args| send_unsigned(&mut state.chain, args))?;
    Ok(())
}

fn receipt(chain: &Chain, hash: B256) -> Option<TransactionReceipt> {
    chain.transaction(hash).map(|record| convert::receipt(chain, record))
}

fn send_raw(chain: &mut Chain, raw: Bytes) -> Answer<B256> {
    let signed = Envelope::decode_2718(&mut raw.as_ref()).map_err(error::undecodable)?;
    if signed.ty() > 2 {
        return Err(error::transaction_type(signed.ty()));
    }
    let from = signed.recover_signer().map_err(error::undecodable)?;
    if let Some(id) = signed.chain_id().filter(|id| *id != chain.chain_id()) {
        return Err(error::chain_id(id, chain.chain_id()));
    }
    let nonce = chain.nonce(from);
    if signed.nonce() != nonce {
        return Err(error::nonce(from, signed.nonce(), nonce));
    }
    if signed.max_fee_per_gas() < u128::from(chain.base_fee()) {
        return Err(error::fee_too_low(signed.max_fee_per_gas(), chain.base_fee()));
    }
    let list = signed.access_list().map(|list| list.0.as_slice()).unwrap_or_default();
    let tx = Tx {
        from,
        to: signed.to(),
        data: signed.input().clone(),
        value: signed.value(),
        gas_limit: signed.gas_limit(),
        // Arbitrum takes the base fee and no tip.
        gas_price: u128::from(chain.base_fee()),
        access_list: list.iter().map(|item| (item.address, item.storage_keys.clone())).collect(),
    };
    let receipt = chain.execute_signed(tx, raw).map_err(|invalid| error::invalid(&invalid))?;
    Ok(receipt.tx_hash)
}

/// Signs for a development account and sends.
fn send_unsigned(chain: &mut Chain, mut args: Args<'_>) -> Answer<B256> {
    let request: TransactionRequest = args.next()?;
    let nonce = request.nonce;
    let limit = request.gas;
    let tx = request::transaction(request);
    let account: &DevAccount = DEV_ACCOUNTS
        .iter()
        .find(|account| account.address == tx.from)
        .ok_or_else(|| error::unknown_account(tx.from))?;
    let gas_limit = match limit {
        Some(limit) => limit,
        None => estimate::gas(chain, &tx)?,
    };
    let unsigned = TxEip1559 {
        chain_id: chain.chain_id(),
        nonce: nonce.unwrap_or_else(|| chain.nonce(tx.from)),
        gas_limit,
        max_fee_per_gas: u128::from(chain.base_fee()),
        max_priority_fee_per_gas: 0,
        to: tx.to.map_or(TxKind::Create, TxKind::Call),
        value: tx.value,
        access_list: AccessList::default(),
        input: tx.data,
    };
    let signature = account.sign(unsigned.signature_hash()).map_err(error::internal)?;
    let signed = Envelope::from(unsigned.into_signed(signature));
    send_raw(chain, signed.encoded_2718().into())
}

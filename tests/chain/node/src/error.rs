//! Errors as clients know them from other nodes.

use alloy_primitives::{Address, B256};
use alloy_sol_types::{Revert, SolError};
use jsonrpsee::types::ErrorObjectOwned;
use stylus_chain::{Receipt, TxInvalid};

/// geth's code for a revert, with the revert data.
const REVERTED: i32 = 3;
/// The catch-all of Ethereum nodes.
const SERVER: i32 = -32_000;
const INVALID_PARAMS: i32 = -32_602;

fn server(message: impl Into<String>) -> ErrorObjectOwned {
    ErrorObjectOwned::owned(SERVER, message, None::<()>)
}

/// A call that did not succeed. Names what Stylus refused, where Nitro would leave one guessing.
pub(crate) fn failed(receipt: &Receipt) -> ErrorObjectOwned {
    let fault = receipt.fault.as_ref().map(|fault| format!(" ({fault})")).unwrap_or_default();
    if let Some(halt) = &receipt.halt {
        return server(format!("execution halted: {halt}{fault}"));
    }
    let reason = Revert::abi_decode(&receipt.output)
        .map(|revert| format!(": {}", revert.reason))
        .unwrap_or_default();
    ErrorObjectOwned::owned(REVERTED, format!("execution reverted{reason}{fault}"), Some(receipt.output.clone()))
}

/// A transaction that was not executed.
pub(crate) fn invalid(error: &TxInvalid) -> ErrorObjectOwned {
    match error {
        TxInvalid::InsufficientFunds { .. } => server(format!("insufficient funds for gas * price + value: {error}")),
        TxInvalid::IntrinsicGas { .. } => server(format!("intrinsic gas too low: {error}")),
        _ => server(error.to_string()),
    }
}

/// Bytes that are no signed transaction of a kind that is known here.
pub(crate) fn undecodable(why: impl std::fmt::Display) -> ErrorObjectOwned {
    ErrorObjectOwned::owned(INVALID_PARAMS, format!("not a signed transaction: {why}"), None::<()>)
}

/// A kind of transaction that Arbitrum or this chain does not have.
pub(crate) fn transaction_type(kind: u8) -> ErrorObjectOwned {
    server(format!("transaction type {kind} is not supported"))
}

/// A nonce out of order.
pub(crate) fn nonce(from: Address, have: u64, want: u64) -> ErrorObjectOwned {
    let word = if have < want { "low" } else { "high" };
    server(format!("nonce too {word}: address {from}, tx: {have} state: {want}"))
}

/// A transaction for another chain.
pub(crate) fn chain_id(have: u64, want: u64) -> ErrorObjectOwned {
    server(format!("invalid chain id for signer: have {have} want {want}"))
}

/// A price below the base fee, both in wei.
pub(crate) fn fee_too_low(have: u128, want: u64) -> ErrorObjectOwned {
    server(format!(
        "max fee per gas less than block base fee: maxFeePerGas: {have} baseFee: {want}"
    ))
}

/// A sender whose key is not known here.
pub(crate) fn unknown_account(account: Address) -> ErrorObjectOwned {
    server(format!(
        "unknown account {account}: sign the transaction, or use one of eth_accounts"
    ))
}

/// A block that does not exist.
pub(crate) fn unknown_block() -> ErrorObjectOwned {
    server("header not found")
}

/// A block whose state is gone.
pub(crate) fn state_not_kept(asked: u64, head: u64) -> ErrorObjectOwned {
    server(format!("state of block {asked} is not kept, only that of the latest, {head}"))
}

/// A snapshot that does not exist or has been used.
pub(crate) fn unknown_snapshot(id: B256) -> ErrorObjectOwned {
    server(format!("no snapshot {id}"))
}

/// A value that JSON cannot carry: a fault of this crate.
pub(crate) fn internal(why: impl std::fmt::Display) -> ErrorObjectOwned {
    server(format!("internal error: {why}"))
}

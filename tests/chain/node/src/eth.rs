//! Reading: chain, blocks, state, calls.

use crate::{
    convert, error, estimate,
    request::{self, Args},
    Answer, Module,
};
use alloy_eips::BlockNumberOrTag;
use alloy_primitives::{Address, Bytes, B256, U256, U64};
use alloy_rpc_types_eth::{state::StateOverride, FeeHistory, Index, TransactionRequest};
use alloy_sol_types::SolCall;
use jsonrpsee::core::RegisterMethodError;
use stylus_chain::{
    accounts::DEV_ACCOUNTS,
    Chain,
    NodeInterface::{gasEstimateComponentsCall, gasEstimateComponentsReturn},
    Tx, NODE_INTERFACE,
};

/// Blocks that one request may ask fees of.
const MAX_FEE_BLOCKS: u64 = 1_024;

pub(crate) fn register(module: &mut Module) -> Result<(), RegisterMethodError> {
    module.add("web3_clientVersion", |_, _| Ok(concat!("stylus-chain/", env!("CARGO_PKG_VERSION"))))?;
    module.add("net_version", |state, _| Ok(state.chain.chain_id().to_string()))?;
    module.add("eth_chainId", |state, _| Ok(U64::from(state.chain.chain_id())))?;
    module.add("eth_syncing", |_, _| Ok(false))?;
    module.add("eth_accounts", |_, _| Ok(DEV_ACCOUNTS.map(|account| account.address).to_vec()))?;
    module.add("eth_blockNumber", |state, _| Ok(U64::from(state.chain.block_number())))?;
    module.add("eth_gasPrice", |state, _| Ok(U64::from(state.chain.base_fee())))?;
    // Arbitrum ignores tips.
    module.add("eth_maxPriorityFeePerGas", |_, _| Ok(U64::ZERO))?;
    module.add("eth_feeHistory", |state, args| fee_history(&state.chain, args))?;

    module.add("eth_getBlockByNumber", |state, mut args| {
        let (tag, full) = (args.next()?, args.optional()?.unwrap_or(false));
        let found = state.chain.block(request::number_of_tag(&state.chain, tag));
        Ok(found.map(|block| convert::block(&state.chain, block, full)))
    })?;
    module.add("eth_getBlockByHash", |state, mut args| {
        let (hash, full) = (args.next()?, args.optional()?.unwrap_or(false));
        Ok(state
            .chain
            .block_by_hash(hash)
            .map(|block| convert::block(&state.chain, block, full)))
    })?;
    module.add("eth_getBlockTransactionCountByNumber", |state, mut args| {
        let found = state.chain.block(request::number_of_tag(&state.chain, args.next()?));
        Ok(found.map(|block| U64::from(block.transactions.len())))
    })?;
    module.add("eth_getTransactionByHash", |state, mut args| {
        Ok(state
            .chain
            .transaction(args.next()?)
            .map(|record| convert::transaction(&state.chain, record)))
    })?;
    module.add("eth_getTransactionByBlockNumberAndIndex", |state, mut args| {
        let (tag, index): (_, Index) = (args.next()?, args.next()?);
        let block = state.chain.block(request::number_of_tag(&state.chain, tag));
        let hash = block.and_then(|block| block.transactions.get(index.0));
        let record = hash.and_then(|hash| state.chain.transaction(*hash));
        Ok(record.map(|record| convert::transaction(&state.chain, record)))
    })?;
    module.add("eth_getTransactionReceipt", |state, mut args| {
        Ok(state
            .chain
            .transaction(args.next()?)
            .map(|record| convert::receipt(&state.chain, record)))
    })?;

    module.add("eth_getBalance", |state, mut args| {
        let account: Address = args.next()?;
        args.latest(state)?;
        Ok(state.chain.balance(account))
    })?;
    module.add("eth_getCode", |state, mut args| {
        let account: Address = args.next()?;
        args.latest(state)?;
        Ok(state.chain.code(account))
    })?;
    module.add("eth_getTransactionCount", |state, mut args| {
        let account: Address = args.next()?;
        args.latest(state)?;
        Ok(U64::from(state.chain.nonce(account)))
    })?;
    module.add("eth_getStorageAt", |state, mut args| {
        let (account, slot): (Address, U256) = (args.next()?, args.next()?);
        args.latest(state)?;
        Ok(B256::from(state.chain.storage(account, slot)))
    })?;
    module.add("eth_call", |state, mut args| {
        let request: TransactionRequest = args.next()?;
        args.latest(state)?;
        let overrides = args.optional()?.unwrap_or_default();
        call(&mut state.chain, request::transaction(request), overrides)
    })?;
    module.add("eth_estimateGas", |state, mut args| {
        let request: TransactionRequest = args.next()?;
        args.latest(state)?;
        let overrides = args.optional()?.unwrap_or_default();
        let tx = request::transaction(request);
        with_overrides(&mut state.chain, overrides, |chain| estimate::gas(chain, &tx)).map(U64::from)
    })?;
    Ok(())
}

fn call(chain: &mut Chain, tx: Tx, overrides: StateOverride) -> Answer<Bytes> {
    if tx.to == Some(NODE_INTERFACE) {
        return estimate_components(chain, &tx);
    }
    let receipt = with_overrides(chain, overrides, |chain| chain.simulate(&tx));
    let receipt = receipt.map_err(|invalid| error::invalid(&invalid))?;
    if receipt.success {
        Ok(receipt.output)
    } else {
        Err(error::failed(&receipt))
    }
}

/// NodeInterface's one function that tools use. There is no L1, so its part is zero.
fn estimate_components(chain: &mut Chain, tx: &Tx) -> Answer<Bytes> {
    let Ok(asked) = gasEstimateComponentsCall::abi_decode(&tx.data) else {
        return Err(error::failed(&stylus_chain::Receipt::default()));
    };
    let to = (!asked.contractCreation).then_some(asked.to);
    let inner = Tx {
        to,
        data: asked.data,
        ..tx.clone()
    };
    let components = gasEstimateComponentsReturn {
        gasEstimate: estimate::gas(chain, &inner)?,
        gasEstimateForL1: 0,
        baseFee: U256::from(chain.base_fee()),
        l1BaseFeeEstimate: U256::ZERO,
    };
    Ok(gasEstimateComponentsCall::abi_encode_returns(&components).into())
}

/// Runs `work` on a state with some accounts changed, and takes the changes back.
fn with_overrides<T>(chain: &mut Chain, overrides: StateOverride, work: impl FnOnce(&mut Chain) -> T) -> T {
    if overrides.is_empty() {
        return work(chain);
    }
    chain.in_fork(|chain| {
        for (account, change) in overrides {
            if let Some(balance) = change.balance {
                chain.set_balance(account, balance);
            }
            if let Some(nonce) = change.nonce {
                chain.set_nonce(account, nonce);
            }
            if let Some(code) = change.code {
                chain.set_code(account, code);
            }
            if let Some(state) = &change.state {
                chain.clear_storage(account);
                for (slot, value) in state {
                    chain.set_storage(account, (*slot).into(), (*value).into());
                }
            }
            for (slot, value) in change.state_diff.unwrap_or_default() {
                chain.set_storage(account, slot.into(), value.into());
            }
        }
        work(chain)
    })
}

fn fee_history(chain: &Chain, mut args: Args<'_>) -> Answer<FeeHistory> {
    let count: U64 = args.next()?;
    let newest = request::number_of_tag(chain, args.next::<BlockNumberOrTag>()?).min(chain.block_number());
    let percentiles: Option<Vec<f64>> = args.optional()?;
    let count = count.to::<u64>().clamp(1, MAX_FEE_BLOCKS).min(newest + 1);
    let blocks = usize::try_from(count).unwrap_or(usize::MAX);
    let fee = u128::from(chain.base_fee());
    Ok(FeeHistory {
        oldest_block: newest + 1 - count,
        base_fee_per_gas: vec![fee; blocks + 1],
        gas_used_ratio: vec![0.0; blocks],
        reward: percentiles.map(|percentiles| vec![vec![0; percentiles.len()]; blocks]),
        ..FeeHistory::default()
    })
}

//! Arguments of a request, in order.

use crate::{error, Answer, State};
use alloy_eips::{BlockId, BlockNumberOrTag};
use alloy_primitives::TxKind;
use alloy_rpc_types_eth::TransactionRequest;
use jsonrpsee::types::{Params, ParamsSequence};
use serde::de::DeserializeOwned;
use stylus_chain::{Chain, Tx, DEFAULT_GAS_LIMIT};

/// The arguments not yet read.
pub(crate) struct Args<'a>(ParamsSequence<'a>);

impl<'a> Args<'a> {
    pub(crate) fn new(params: &'a Params<'a>) -> Self {
        Self(params.sequence())
    }

    /// The next argument.
    pub(crate) fn next<T: DeserializeOwned>(&mut self) -> Answer<T> {
        self.0.next()
    }

    /// The next argument, if there is one that is not null.
    pub(crate) fn optional<T: DeserializeOwned>(&mut self) -> Answer<Option<T>> {
        self.0.optional_next()
    }

    /// A block argument that must mean the latest state, which is the only one kept.
    pub(crate) fn latest(&mut self, state: &State) -> Answer<()> {
        let Some(block) = self.optional::<BlockId>()? else { return Ok(()) };
        let head = state.chain.block_number();
        match number_of(&state.chain, block) {
            Some(number) if number >= head => Ok(()),
            Some(number) => Err(error::state_not_kept(number, head)),
            None => Err(error::unknown_block()),
        }
    }
}

/// The number that a block argument means; none if there is no such block.
pub(crate) fn number_of(chain: &Chain, block: BlockId) -> Option<u64> {
    match block {
        BlockId::Hash(hash) => chain.block_by_hash(hash.block_hash).map(|block| block.header.number),
        BlockId::Number(tag) => Some(number_of_tag(chain, tag)),
    }
}

/// The number that a block number or tag means.
pub(crate) fn number_of_tag(chain: &Chain, tag: BlockNumberOrTag) -> u64 {
    match tag {
        BlockNumberOrTag::Number(number) => number,
        BlockNumberOrTag::Earliest => 0,
        _ => chain.block_number(),
    }
}

/// What a request to call or to estimate asks for.
pub(crate) fn transaction(request: TransactionRequest) -> Tx {
    Tx {
        from: request.from.unwrap_or_default(),
        to: match request.to {
            Some(TxKind::Call(to)) => Some(to),
            Some(TxKind::Create) | None => None,
        },
        data: request.input.into_input().unwrap_or_default(),
        value: request.value.unwrap_or_default(),
        gas_limit: request.gas.unwrap_or(DEFAULT_GAS_LIMIT).min(DEFAULT_GAS_LIMIT),
        // As if free: whoever only asks need not be able to pay.
        gas_price: 0,
        access_list: request
            .access_list
            .map(|list| list.0.into_iter().map(|item| (item.address, item.storage_keys)))
            .into_iter()
            .flatten()
            .collect(),
    }
}

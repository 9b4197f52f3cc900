//! Events of past blocks.

use crate::{convert, error, request, Answer, Module};
use alloy_eips::BlockNumberOrTag;
use alloy_rpc_types_eth::{Filter, FilterBlockOption, Log};
use jsonrpsee::core::RegisterMethodError;
use stylus_chain::Chain;

pub(crate) fn register(module: &mut Module) -> Result<(), RegisterMethodError> {
    module.add("eth_getLogs", |state, mut args| get_logs(&state.chain, &args.next()?))
}

fn get_logs(chain: &Chain, filter: &Filter) -> Answer<Vec<Log>> {
    let range = match filter.block_option {
        FilterBlockOption::AtBlockHash(hash) => {
            let number = chain.block_by_hash(hash).ok_or_else(error::unknown_block)?.header.number;
            number..=number
        }
        FilterBlockOption::Range { from_block, to_block } => {
            let number = |tag: Option<BlockNumberOrTag>| request::number_of_tag(chain, tag.unwrap_or_default());
            number(from_block)..=number(to_block).min(chain.block_number())
        }
    };
    let records = range
        .filter_map(|number| chain.block(number))
        .flat_map(|block| &block.transactions)
        .filter_map(|hash| chain.transaction(*hash));
    let matches = |log: &Log| filter.matches_address(log.address()) && filter.matches_topics(log.topics());
    Ok(records.flat_map(|record| convert::logs(chain, record)).filter(matches).collect())
}

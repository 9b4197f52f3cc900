//! ArbSys: block numbers, chain id, versions. Messages to L1 are left out: there is no L1.

use super::{
    abi::ArbSys::{self, ArbSysCalls},
    Failure, PrecompileCall,
};
use alloy_primitives::{address, Address, B256, U256};
use alloy_sol_types::{SolCall, SolInterface};
use revm::context_interface::JournalTr;

/// Added to the ArbOS version, for history's sake.
const VERSION_OFFSET: u64 = 55;
/// Added to the address of an L1 contract to make its L2 alias.
const ALIAS_OFFSET: Address = address!("1111000000000000000000000000000000001111");
/// Blocks whose hash may be asked for.
const HASHES: u64 = 256;

/// Answers one call.
pub(super) fn run(call: &mut PrecompileCall<'_, '_>, data: &[u8]) -> Result<Vec<u8>, Failure> {
    call.refuse_value()?;
    let function = ArbSysCalls::abi_decode(data).map_err(|_| Failure::Unsupported("a function of ArbSys"))?;
    Ok(match function {
        ArbSysCalls::arbBlockNumber(_) => ArbSys::arbBlockNumberCall::abi_encode_returns(&U256::from(call.ctx.chain.l2_block)),
        ArbSysCalls::arbBlockHash(args) => ArbSys::arbBlockHashCall::abi_encode_returns(&block_hash(call, args.arbBlockNum)?),
        ArbSysCalls::arbChainID(_) => ArbSys::arbChainIDCall::abi_encode_returns(&U256::from(call.ctx.cfg.chain_id)),
        ArbSysCalls::arbOSVersion(_) => {
            let version = call.ctx.chain.params.arbos_version + VERSION_OFFSET;
            ArbSys::arbOSVersionCall::abi_encode_returns(&U256::from(version))
        }
        ArbSysCalls::getStorageGasAvailable(_) => ArbSys::getStorageGasAvailableCall::abi_encode_returns(&U256::ZERO),
        ArbSysCalls::isTopLevelCall(_) => {
            // Two checkpoints are open when the transaction's first contract calls.
            let top = call.ctx.journaled_state.depth() <= 2;
            ArbSys::isTopLevelCallCall::abi_encode_returns(&top)
        }
        ArbSysCalls::wasMyCallersAddressAliased(_) => ArbSys::wasMyCallersAddressAliasedCall::abi_encode_returns(&false),
        ArbSysCalls::mapL1SenderContractAddressToL2Alias(args) => {
            let offset = U256::from_be_bytes(ALIAS_OFFSET.into_word().0);
            let sum = U256::from_be_bytes(args.sender.into_word().0).wrapping_add(offset);
            ArbSys::mapL1SenderContractAddressToL2AliasCall::abi_encode_returns(&Address::from_word(sum.into()))
        }
    })
}

fn block_hash(call: &PrecompileCall<'_, '_>, number: U256) -> Result<B256, Failure> {
    let current = call.ctx.chain.l2_block;
    let invalid = || {
        Failure::error(&ArbSys::InvalidBlockNumber {
            requested: number,
            current: U256::from(current),
        })
    };
    let number = u64::try_from(number).map_err(|_| invalid())?;
    if number >= current || number + HASHES < current {
        return Err(invalid());
    }
    let hashes = &call.ctx.chain.block_hashes;
    let back = usize::try_from(current - number).map_err(|_| invalid())?;
    hashes
        .len()
        .checked_sub(back)
        .and_then(|index| hashes.get(index))
        .copied()
        .ok_or_else(invalid)
}

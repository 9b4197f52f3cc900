//! ArbOwnerPublic: the chain's owner is the development account.

use super::{
    abi::ArbOwnerPublic::{self, ArbOwnerPublicCalls},
    Failure, PrecompileCall,
};
use crate::{accounts::DEV_ACCOUNT, arbos::NETWORK_FEE_ACCOUNT};
use alloy_sol_types::{SolCall, SolInterface};

/// Nitro's default.
const BROTLI_LEVEL: u64 = 1;
/// One slot of 24,576 bytes: fragments are not implemented here.
const FRAGMENTS: u8 = 1;

/// Answers one call.
pub(super) fn run(call: &mut PrecompileCall<'_, '_>, data: &[u8]) -> Result<Vec<u8>, Failure> {
    call.refuse_value()?;
    call.charge_reads(1)?;
    let function = ArbOwnerPublicCalls::abi_decode(data).map_err(|_| Failure::Unsupported("a function of ArbOwnerPublic"))?;
    Ok(match function {
        ArbOwnerPublicCalls::isChainOwner(args) => ArbOwnerPublic::isChainOwnerCall::abi_encode_returns(&(args.addr == DEV_ACCOUNT)),
        ArbOwnerPublicCalls::getAllChainOwners(_) => ArbOwnerPublic::getAllChainOwnersCall::abi_encode_returns(&vec![DEV_ACCOUNT]),
        ArbOwnerPublicCalls::getNetworkFeeAccount(_) => ArbOwnerPublic::getNetworkFeeAccountCall::abi_encode_returns(&NETWORK_FEE_ACCOUNT),
        ArbOwnerPublicCalls::getInfraFeeAccount(_) => ArbOwnerPublic::getInfraFeeAccountCall::abi_encode_returns(&NETWORK_FEE_ACCOUNT),
        ArbOwnerPublicCalls::getBrotliCompressionLevel(_) => {
            ArbOwnerPublic::getBrotliCompressionLevelCall::abi_encode_returns(&BROTLI_LEVEL)
        }
        ArbOwnerPublicCalls::isCalldataPriceIncreaseEnabled(_) => {
            ArbOwnerPublic::isCalldataPriceIncreaseEnabledCall::abi_encode_returns(&false)
        }
        ArbOwnerPublicCalls::getMaxStylusContractFragments(_) => {
            ArbOwnerPublic::getMaxStylusContractFragmentsCall::abi_encode_returns(&FRAGMENTS)
        }
    })
}

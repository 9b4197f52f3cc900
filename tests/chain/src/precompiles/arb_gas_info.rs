//! ArbGasInfo: prices. There is no L1, so every L1 price is zero.

use super::{
    abi::ArbGasInfo::{self, ArbGasInfoCalls},
    Failure, PrecompileCall,
};
use alloy_primitives::U256;
use alloy_sol_types::{SolCall, SolInterface};

/// Gas of writing a word, which ArbGasInfo prices separately.
const STORAGE_GAS: u64 = 20_000;

/// Answers one call.
pub(super) fn run(call: &mut PrecompileCall<'_, '_>, data: &[u8]) -> Result<Vec<u8>, Failure> {
    call.refuse_value()?;
    call.charge_reads(1)?;
    let price = U256::from(call.ctx.block.basefee);
    let storage = U256::from(STORAGE_GAS);
    let zero = U256::ZERO;
    let function = ArbGasInfoCalls::abi_decode(data).map_err(|_| Failure::Unsupported("a function of ArbGasInfo"))?;
    Ok(match function {
        ArbGasInfoCalls::getPricesInWei(_) => {
            // L2 transaction, L1 byte, storage, base, congestion, total.
            let prices = (zero, zero, storage * price, price, zero, price).into();
            ArbGasInfo::getPricesInWeiCall::abi_encode_returns(&prices)
        }
        ArbGasInfoCalls::getPricesInArbGas(_) => ArbGasInfo::getPricesInArbGasCall::abi_encode_returns(&(zero, zero, storage).into()),
        ArbGasInfoCalls::getMinimumGasPrice(_) => ArbGasInfo::getMinimumGasPriceCall::abi_encode_returns(&price),
        ArbGasInfoCalls::getL1BaseFeeEstimate(_) => ArbGasInfo::getL1BaseFeeEstimateCall::abi_encode_returns(&zero),
        ArbGasInfoCalls::getL1GasPriceEstimate(_) => ArbGasInfo::getL1GasPriceEstimateCall::abi_encode_returns(&zero),
        ArbGasInfoCalls::getCurrentTxL1GasFees(_) => ArbGasInfo::getCurrentTxL1GasFeesCall::abi_encode_returns(&zero),
        ArbGasInfoCalls::getGasBacklog(_) => ArbGasInfo::getGasBacklogCall::abi_encode_returns(&0),
    })
}

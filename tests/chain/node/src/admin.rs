//! What only a development chain can do: time, snapshots, balances, code.

use crate::{error, Module};
use alloy_primitives::{Address, Bytes, B256, U256, U64};
use jsonrpsee::core::RegisterMethodError;
use serde::Deserialize;
use stylus_chain::SnapshotId;

/// A number as clients send it: hexadecimal, or plain.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Number {
    Plain(u64),
    Hex(U64),
}

impl From<Number> for u64 {
    fn from(number: Number) -> Self {
        match number {
            Number::Plain(number) => number,
            Number::Hex(number) => number.to(),
        }
    }
}

pub(crate) fn register(module: &mut Module) -> Result<(), RegisterMethodError> {
    module.add("evm_increaseTime", |state, mut args| {
        let seconds = args.next::<Number>()?.into();
        state.chain.advance(seconds);
        Ok(U64::from(seconds))
    })?;
    for name in ["evm_setNextBlockTimestamp", "anvil_setNextBlockTimestamp", "evm_setTime"] {
        module.add(name, |state, mut args| {
            state.chain.warp_to(args.next::<Number>()?.into());
            Ok(())
        })?;
    }
    module.add("evm_mine", |state, mut args| {
        if let Some(timestamp) = args.optional::<Number>()? {
            state.chain.warp_to(timestamp.into());
        }
        state.chain.mine();
        Ok("0x0")
    })?;
    module.add("evm_snapshot", |state, _| Ok(U64::from(state.chain.snapshot().0)))?;
    module.add("evm_revert", |state, mut args| {
        let id: U64 = args.next()?;
        if state.chain.revert_to(SnapshotId(id.to())) {
            Ok(true)
        } else {
            Err(error::unknown_snapshot(B256::from(U256::from(id))))
        }
    })?;
    for name in ["anvil_setBalance", "hardhat_setBalance"] {
        module.add(name, |state, mut args| {
            let (account, wei): (Address, U256) = (args.next()?, args.next()?);
            state.chain.set_balance(account, wei);
            Ok(true)
        })?;
    }
    for name in ["anvil_setCode", "hardhat_setCode"] {
        module.add(name, |state, mut args| {
            let (account, code): (Address, Bytes) = (args.next()?, args.next()?);
            state.chain.set_code(account, code);
            Ok(true)
        })?;
    }
    for name in ["anvil_setNonce", "hardhat_setNonce"] {
        module.add(name, |state, mut args| {
            let (account, nonce): (Address, Number) = (args.next()?, args.next()?);
            state.chain.set_nonce(account, nonce.into());
            Ok(true)
        })?;
    }
    for name in ["anvil_setStorageAt", "hardhat_setStorageAt"] {
        module.add(name, |state, mut args| {
            let (account, slot, value): (Address, U256, B256) = (args.next()?, args.next()?, args.next()?);
            state.chain.set_storage(account, slot, value.into());
            Ok(true)
        })?;
    }
    Ok(())
}

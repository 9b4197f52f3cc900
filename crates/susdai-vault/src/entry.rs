//! Deposits: synchronous, at the optimistic value.

#![allow(deprecated, reason = "the clients that `sol_interface!` generates go through the SDK's older call")]

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolEvent;
use fixed_point::{Assets, Shares};
use interfaces::{
    authority::revert_data,
    calls::IErc20,
    words::{emit, Word},
};
use stylus_sdk::prelude::*;

use crate::{
    errors::{Refusal, VaultError},
    events::Deposit,
    vault::Vault,
};

impl Vault {
    /// A deposit of exactly `assets`.
    pub(crate) fn enter_with_assets(&mut self, assets: Assets, receiver: Address, minimum: Shares) -> Result<U256, Refusal> {
        let shares = self.snapshot()?.entry()?.deposit(assets)?;
        if shares < minimum {
            return Err(VaultError::SharesBelowMinimum(shares, minimum).into());
        }
        self.enter(assets, shares, receiver)?;
        Ok(shares.0)
    }

    /// A deposit for exactly `shares`.
    pub(crate) fn enter_with_shares(&mut self, shares: Shares, receiver: Address, maximum: Assets) -> Result<U256, Refusal> {
        let assets = self.snapshot()?.entry()?.mint(shares)?;
        if assets > maximum {
            return Err(VaultError::AssetsAboveMaximum(assets, maximum).into());
        }
        self.enter(assets, shares, receiver)?;
        Ok(assets.0)
    }

    /// Books the exchange, then pulls the money: USDai pays exactly or reverts.
    fn enter(&mut self, assets: Assets, shares: Shares, receiver: Address) -> Result<(), Refusal> {
        let till = self.till_book().receive(assets)?;
        self.set_till(&till)?;
        self.shares.mint(receiver, shares.0)?;
        let sender = self.vm().msg_sender();
        let words = [
            Deposit::SIGNATURE_HASH,
            sender.word(),
            receiver.word(),
            assets.0.word(),
            shares.0.word(),
        ];
        emit(self.vm(), 3, &words);
        let vault = self.vm().contract_address();
        let usdai = IErc20::new(self.usdai.get());
        accepted(usdai.transfer_from(self, sender, vault, assets.0).map_err(revert_data)?)
    }

    /// Pays `assets` of the vault's cash, booked as spent before, to `to`.
    pub(crate) fn pay(&mut self, to: Address, assets: Assets) -> Result<(), Refusal> {
        let usdai = IErc20::new(self.usdai.get());
        accepted(usdai.transfer(self, to, assets.0).map_err(revert_data)?)
    }
}

/// What USDai answered.
fn accepted(answer: bool) -> Result<(), Refusal> {
    if answer {
        Ok(())
    } else {
        Err(VaultError::TransferRefused.into())
    }
}

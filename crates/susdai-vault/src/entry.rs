//! Deposits: synchronous, at the face value.

use alloy_primitives::{Address, U256};
use erc20_ledger::IErc20;
use fixed_point::{Assets, Shares};
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    errors::{AssetsAboveMaximum, DepositCapExceeded, SharesBelowMinimum, TransferRefused, VaultError},
    events::Deposit,
    nav::Exchange,
    vault::Vault,
};

impl Vault {
    /// A deposit of exactly `assets`.
    pub(crate) fn enter_with_assets(&mut self, assets: Assets, receiver: Address, minimum: Shares) -> Result<U256, VaultError> {
        self.require_entry(receiver)?;
        let entry = self.snapshot()?.entry()?;
        let shares = entry.deposit(assets)?;
        if shares < minimum {
            return Err(SharesBelowMinimum {
                shares: shares.0,
                minimum: minimum.0,
            }
            .into());
        }
        self.enter(&entry, assets, shares, receiver)?;
        Ok(shares.0)
    }

    /// A deposit for exactly `shares`.
    pub(crate) fn enter_with_shares(&mut self, shares: Shares, receiver: Address, maximum: Assets) -> Result<U256, VaultError> {
        self.require_entry(receiver)?;
        let entry = self.snapshot()?.entry()?;
        let assets = entry.mint(shares)?;
        if assets > maximum {
            return Err(AssetsAboveMaximum {
                assets: assets.0,
                maximum: maximum.0,
            }
            .into());
        }
        self.enter(&entry, assets, shares, receiver)?;
        Ok(assets.0)
    }

    /// Books the exchange, then pulls the money: USDai pays exactly or reverts.
    fn enter(&mut self, entry: &Exchange, assets: Assets, shares: Shares, receiver: Address) -> Result<(), VaultError> {
        let room = entry.room(self.limits_book().cap);
        if assets > room {
            return Err(DepositCapExceeded {
                assets: assets.0,
                room: room.0,
            }
            .into());
        }
        let till = self.till_book().receive(assets)?;
        self.set_till(&till)?;
        self.shares.mint(receiver, shares.0)?;
        let sender = self.vm().msg_sender();
        Deposit {
            sender,
            owner: receiver,
            assets: assets.0,
            shares: shares.0,
        }
        .emit(self.vm());
        let vault = self.vm().contract_address();
        let usdai = IErc20::new(self.usdai.get());
        accepted(usdai.transfer_from(self, sender, vault, assets.0)?)
    }

    /// Pays `assets` of the vault's cash, booked as spent before, to `to`.
    pub(crate) fn pay(&mut self, to: Address, assets: Assets) -> Result<(), VaultError> {
        let usdai = IErc20::new(self.usdai.get());
        accepted(usdai.transfer(self, to, assets.0)?)
    }
}

/// What USDai answered.
fn accepted(answer: bool) -> Result<(), VaultError> {
    if answer {
        Ok(())
    } else {
        Err(TransferRefused {}.into())
    }
}

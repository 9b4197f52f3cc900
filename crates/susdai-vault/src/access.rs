//! Who may come in, hold shares, and go: the pause, the cap on deposits, those who are barred, and what is kept out of the queue's account
//! (PROTOCOL 3, 3.4). None of it touches what is settled for somebody who is not barred.

use alloy_primitives::{Address, U256};
use fixed_point::{Assets, Shares};
use interfaces::{
    authority,
    ids::{role, Id},
};
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    errors::{EnforcedPause, InsufficientBridgedSupply, SharesOfQueue, VaultError, ZeroAmount},
    events::{Blacklisted, BridgedSupplySet, DepositCapSet, Paused, Unpaused},
    nav::MAX_BOOK,
    vault::{require_address, Vault},
    words::Limits,
};

impl Vault {
    /// Succeeds if the caller has `role`.
    pub(crate) fn require_role(&self, role: Id) -> Result<(), VaultError> {
        Ok(authority::require_role(self, self.router.get(), role, self.vm().msg_sender())?)
    }

    /// Stops entry and requests, or lets them go on. A guardian can stop them, only the admin lets them go on.
    pub(crate) fn store_pause(&mut self, paused: bool) -> Result<(), VaultError> {
        if !paused || self.require_role(role::GUARDIAN).is_err() {
            self.require_role(role::ADMIN)?;
        }
        self.paused.set(paused);
        let account = self.vm().msg_sender();
        if paused {
            Paused { account }.emit(self.vm());
        } else {
            Unpaused { account }.emit(self.vm());
        }
        Ok(())
    }

    /// Succeeds unless entry and requests are paused.
    pub(crate) fn require_unpaused(&self) -> Result<(), VaultError> {
        if self.paused.get() {
            return Err(EnforcedPause {}.into());
        }
        Ok(())
    }

    /// Bars `account`, or no longer. Never the queue: what waits there is others', and could not be given back to them.
    pub(crate) fn bar(&mut self, account: Address, barred: bool) -> Result<(), VaultError> {
        self.require_role(role::BLACKLIST)?;
        require_address(account)?;
        if barred {
            self.require_not_queue(account)?;
        }
        self.blacklist.insert(account, barred);
        Blacklisted {
            account,
            isBlacklisted: barred,
        }
        .emit(self.vm());
        Ok(())
    }

    /// Succeeds if `from` may give shares to `to` at the caller's word. The queue's shares are those of its positions: they come by requests
    /// alone.
    pub(crate) fn require_transferable(&self, from: Address, to: Address) -> Result<(), VaultError> {
        self.require_not_queue(to)?;
        self.require_allowed([from, to])?;
        let sender = self.vm().msg_sender();
        if sender == from {
            return Ok(());
        }
        self.require_allowed([sender, sender])
    }

    fn require_not_queue(&self, account: Address) -> Result<(), VaultError> {
        if self.is_queue(account) {
            return Err(SharesOfQueue { queue: account }.into());
        }
        Ok(())
    }

    /// Before there is a queue nobody is it, the zero address either.
    fn is_queue(&self, account: Address) -> bool {
        let queue = self.queue.get();
        account == queue && !queue.is_zero()
    }

    /// Succeeds if the caller may deposit for `receiver`.
    pub(crate) fn require_entry(&self, receiver: Address) -> Result<(), VaultError> {
        self.require_unpaused()?;
        let sender = self.vm().msg_sender();
        // The queue never deposits, so who deposits for himself need not be compared with it: a word less to read.
        if receiver != sender {
            self.require_not_queue(receiver)?;
        }
        self.require_allowed([sender, receiver])
    }

    /// Whether anybody may deposit for `receiver`.
    pub(crate) fn accepts(&self, receiver: Address) -> bool {
        !(receiver.is_zero() || self.paused.get() || self.is_queue(receiver) || self.blacklist.get(receiver))
    }

    pub(crate) fn limits_book(&self) -> Limits {
        Limits::from_word(self.limits.get())
    }

    pub(crate) fn set_limits(&mut self, limits: &Limits) -> Result<(), VaultError> {
        self.limits.set(limits.to_word()?);
        Ok(())
    }

    /// Caps the face value that deposits may lead to. More than the books have room for is no cap.
    pub(crate) fn store_deposit_cap(&mut self, cap: U256) -> Result<(), VaultError> {
        let limits = Limits {
            cap: Assets(cap.min(MAX_BOOK)),
            ..self.limits_book()
        };
        self.set_limits(&limits)?;
        DepositCapSet { depositCap: limits.cap.0 }.emit(self.vm());
        Ok(())
    }

    /// Brings `shares` of `to` back from another chain.
    pub(crate) fn bridge_in(&mut self, to: Address, shares: Shares) -> Result<(), VaultError> {
        let limits = self.require_bridge(to, shares)?;
        let Some(left) = limits.bridged.0.checked_sub(shares.0) else {
            return Err(InsufficientBridgedSupply {
                bridgedSupply: limits.bridged.0,
                amount: shares.0,
            }
            .into());
        };
        self.shares.mint(to, shares.0)?;
        self.set_bridged(Limits {
            bridged: Shares(left),
            ..limits
        })
    }

    /// Sends `shares` of `from` to another chain; their assets stay here.
    pub(crate) fn bridge_out(&mut self, from: Address, shares: Shares) -> Result<(), VaultError> {
        let limits = self.require_bridge(from, shares)?;
        self.shares.burn(from, shares.0)?;
        self.set_bridged(Limits {
            bridged: limits.bridged.plus(shares)?,
            ..limits
        })
    }

    /// The limits, if the bridge calls about some shares of `account`, who may have them and is not the queue.
    fn require_bridge(&self, account: Address, shares: Shares) -> Result<Limits, VaultError> {
        self.require_role(role::BRIDGE)?;
        if shares.is_zero() {
            return Err(ZeroAmount {}.into());
        }
        self.require_not_queue(account)?;
        self.require_allowed([account, account])?;
        Ok(self.limits_book())
    }

    fn set_bridged(&mut self, limits: Limits) -> Result<(), VaultError> {
        self.set_limits(&limits)?;
        BridgedSupplySet {
            bridgedSupply: limits.bridged.0,
        }
        .emit(self.vm());
        Ok(())
    }
}

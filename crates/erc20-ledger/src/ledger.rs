//! Balances, allowances, supply.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use lean_abi::{AccountMap, SolidityEvent};
use stylus_sdk::{
    prelude::*,
    storage::{StorageMap, StorageU256},
};

use crate::{
    errors::{
        ERC20InsufficientAllowance, ERC20InsufficientBalance, ERC20InvalidReceiver, ERC20InvalidSender, ERC20InvalidSpender,
        ERC20SupplyOverflow, LedgerError,
    },
    events::{Approval, Transfer},
};

/// The storage of an ERC-20 token with permits: four slots. Append-only, like every storage piece (fields have no gaps between them).
#[storage]
pub struct Erc20Ledger {
    /// account → tokens.
    balances: AccountMap,
    /// owner → spender → tokens.
    allowances: AccountMap,
    total_supply: StorageU256,
    pub(crate) nonces: StorageMap<Address, StorageU256>,
}

impl Erc20Ledger {
    /// What `account` has.
    #[must_use]
    pub fn balance_of(&self, account: Address) -> U256 {
        self.balances.get(&[account])
    }

    /// What all accounts have together.
    #[must_use]
    pub fn total_supply(&self) -> U256 {
        self.total_supply.get()
    }

    /// What `spender` may still move out of `owner`'s balance; the largest word means without limit.
    #[must_use]
    pub fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.allowances.get(&[owner, spender])
    }

    /// Moves `value`, which may be zero, from `from` to `to`, which may be the same. Authority is the caller's to check. Emits
    /// [`crate::Transfer`].
    ///
    /// # Errors
    /// [`ERC20InvalidSender`], [`ERC20InvalidReceiver`], [`ERC20InsufficientBalance`].
    pub fn transfer(&mut self, from: Address, to: Address, value: U256) -> Result<(), LedgerError> {
        require_receiver(to)?;
        self.debit(from, value)?;
        self.credit(to, value)?;
        self.emit_transfer(from, to, value);
        Ok(())
    }

    /// Moves `value` from `from` to `to` on `spender`'s allowance. Emits [`crate::Transfer`].
    ///
    /// # Errors
    /// As [`Self::spend_allowance`] and [`Self::transfer`]; the allowance is then unspent only if the call as a whole reverts.
    pub fn transfer_from(&mut self, spender: Address, from: Address, to: Address, value: U256) -> Result<(), LedgerError> {
        self.spend_allowance(from, spender, value)?;
        self.transfer(from, to, value)
    }

    /// Takes `value` off what `spender` may spend of `owner`, unless that is the largest word, which stands for ever. Emits nothing.
    ///
    /// # Errors
    /// [`ERC20InsufficientAllowance`].
    pub fn spend_allowance(&mut self, owner: Address, spender: Address, value: U256) -> Result<(), LedgerError> {
        let mut entry = self.allowances.entry(&[owner, spender]);
        let allowance = entry.get();
        // The largest word: no word of the program is spent on it.
        if (!allowance).is_zero() {
            return Ok(());
        }
        let Some(left) = allowance.checked_sub(value) else {
            return Err(ERC20InsufficientAllowance {
                spender,
                allowance,
                needed: value,
            }
            .into());
        };
        entry.set(&left);
        Ok(())
    }

    /// Lets `spender` spend `value` of `owner`, in place of what it could before. Authority is the caller's to check. Emits [`crate::Approval`].
    ///
    /// # Errors
    /// [`ERC20InvalidSpender`].
    pub fn approve(&mut self, owner: Address, spender: Address, value: U256) -> Result<(), LedgerError> {
        if spender.is_zero() {
            return Err(ERC20InvalidSpender { spender }.into());
        }
        self.allowances.entry(&[owner, spender]).set(&value);
        Approval { owner, spender, value }.emit(self.vm());
        Ok(())
    }

    /// Creates `value` and gives it to `to`. Emits [`crate::Transfer`] from the zero address.
    ///
    /// # Errors
    /// [`ERC20InvalidReceiver`], [`ERC20SupplyOverflow`].
    pub fn mint(&mut self, to: Address, value: U256) -> Result<(), LedgerError> {
        require_receiver(to)?;
        let supply = self.total_supply.get();
        let minted = supply.checked_add(value).ok_or_else(|| supply_overflow(supply, value))?;
        self.total_supply.set(minted);
        self.credit(to, value)?;
        self.emit_transfer(Address::ZERO, to, value);
        Ok(())
    }

    /// Destroys `value` of `from`'s. Authority is the caller's to check. Emits [`crate::Transfer`] to the zero address.
    ///
    /// # Errors
    /// [`ERC20InvalidSender`], [`ERC20InsufficientBalance`].
    pub fn burn(&mut self, from: Address, value: U256) -> Result<(), LedgerError> {
        self.debit(from, value)?;
        // No balance is larger than the supply (L1), so this takes off exactly `value`.
        let left = self.total_supply.get().saturating_sub(value);
        self.total_supply.set(left);
        self.emit_transfer(from, Address::ZERO, value);
        Ok(())
    }

    fn debit(&mut self, from: Address, value: U256) -> Result<(), LedgerError> {
        if from.is_zero() {
            // It never has anything, but moving nothing out of it would look like a mint in the logs.
            return Err(ERC20InvalidSender { sender: from }.into());
        }
        // An entry keeps its slot: its key is hashed once.
        let mut entry = self.balances.entry(&[from]);
        let balance = entry.get();
        let Some(left) = balance.checked_sub(value) else {
            return Err(ERC20InsufficientBalance {
                sender: from,
                balance,
                needed: value,
            }
            .into());
        };
        entry.set(&left);
        Ok(())
    }

    fn credit(&mut self, to: Address, value: U256) -> Result<(), LedgerError> {
        let mut entry = self.balances.entry(&[to]);
        let balance = entry.get();
        // No balance is larger than the supply, which fits (L1): this does not fail.
        let sum = balance.checked_add(value).ok_or_else(|| supply_overflow(balance, value))?;
        entry.set(&sum);
        Ok(())
    }

    fn emit_transfer(&self, from: Address, to: Address, value: U256) {
        Transfer { from, to, value }.emit(self.vm());
    }
}

fn require_receiver(to: Address) -> Result<(), LedgerError> {
    if to.is_zero() {
        return Err(ERC20InvalidReceiver { receiver: to }.into());
    }
    Ok(())
}

fn supply_overflow(supply: U256, value: U256) -> LedgerError {
    ERC20SupplyOverflow { supply, value }.into()
}

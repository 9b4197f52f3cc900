//! The shell: storage and external functions.

#![allow(clippy::must_use_candidate, reason = "external functions are called through the ABI")]

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use interfaces::{authority::Unauthorized, calls::IRouter, ids::role};
use lean_abi::SolidityEvent;
use stylus_sdk::{
    prelude::*,
    storage::{StorageAddress, StorageBool, StorageMap},
};

use crate::{
    AddressSet, AdminNotGrantable, AdminTransferStarted, AdminTransferred, DepositedAndStaked, NotPendingAdmin, RoleGranted, RoleRevoked,
    RouterError, ZeroAddress, ZeroId,
};

/// State of the router.
#[storage]
pub struct Router {
    admin: StorageAddress,
    pending_admin: StorageAddress,
    /// Members of every role but `ADMIN`.
    members: StorageMap<B256, StorageMap<Address, StorageBool>>,
    addresses: StorageMap<B256, StorageAddress>,
}

// SAFETY: `Router` is the contract's outermost storage struct; nothing else in the program starts at slot zero.
unsafe impl TopLevelStorage for Router {}

/// The protocol's address book, authority and front door.
#[lean_abi::contract(
    errors(RouterError),
    events(RoleGranted, RoleRevoked, AddressSet, AdminTransferStarted, AdminTransferred, DepositedAndStaked),
    interfaces(IRouter)
)]
impl Router {
    /// Makes `admin` the holder of `ADMIN`.
    ///
    /// # Errors
    /// `ZeroAddress`.
    ///
    /// # Events
    /// `AdminTransferred` from the zero address.
    #[constructor]
    pub fn constructor(&mut self, admin: Address) -> Result<(), RouterError> {
        non_zero(admin)?;
        self.admin.set(admin);
        AdminTransferred {
            previous: Address::ZERO,
            admin,
        }
        .emit(self.vm());
        Ok(())
    }

    /// The holder of `ADMIN`.
    pub fn admin(&self) -> Address {
        self.admin.get()
    }

    /// Who was offered `ADMIN` and has not accepted yet; zero if nobody.
    pub fn pending_admin(&self) -> Address {
        self.pending_admin.get()
    }

    /// Whether `account` has `role`.
    pub fn has_role(&self, role: B256, account: Address) -> bool {
        if role == role::ADMIN.word() {
            // The zero address stands for nobody, also before construction.
            return !account.is_zero() && self.admin.get() == account;
        }
        self.members.get(role).get(account)
    }

    /// Gives `role` to `account`; nothing happens if it has it already. By `ADMIN`.
    ///
    /// # Errors
    /// `Unauthorized`, `AdminNotGrantable`, `ZeroId`, `ZeroAddress`.
    ///
    /// # Events
    /// `RoleGranted` if that is news.
    pub fn grant_role(&mut self, role: B256, account: Address) -> Result<(), RouterError> {
        if self.set_member(role, account, true)? {
            RoleGranted { role, account }.emit(self.vm());
        }
        Ok(())
    }

    /// Takes `role` from `account`; nothing happens if it does not have it. By `ADMIN`.
    ///
    /// # Errors
    /// `Unauthorized`, `AdminNotGrantable`, `ZeroId`, `ZeroAddress`.
    ///
    /// # Events
    /// `RoleRevoked` if that is news.
    pub fn revoke_role(&mut self, role: B256, account: Address) -> Result<(), RouterError> {
        if self.set_member(role, account, false)? {
            RoleRevoked { role, account }.emit(self.vm());
        }
        Ok(())
    }

    /// Offers `ADMIN` to `account`, which has to accept. A new offer replaces the last one; offering it to oneself takes it back. By
    /// `ADMIN`.
    ///
    /// # Errors
    /// `Unauthorized`, `ZeroAddress`.
    ///
    /// # Events
    /// `AdminTransferStarted`.
    pub fn transfer_admin(&mut self, account: Address) -> Result<(), RouterError> {
        let admin = self.require_admin()?;
        non_zero(account)?;
        self.pending_admin.set(account);
        AdminTransferStarted { admin, pending: account }.emit(self.vm());
        Ok(())
    }

    /// Takes over `ADMIN`. By the pending admin.
    ///
    /// # Errors
    /// `NotPendingAdmin`.
    ///
    /// # Events
    /// `AdminTransferred`.
    pub fn accept_admin(&mut self) -> Result<(), RouterError> {
        let caller = self.vm().msg_sender();
        if caller != self.pending_admin.get() {
            return Err(NotPendingAdmin { caller }.into());
        }
        let previous = self.admin.get();
        self.admin.set(caller);
        self.pending_admin.set(Address::ZERO);
        AdminTransferred { previous, admin: caller }.emit(self.vm());
        Ok(())
    }

    /// The address book's entry `id`; zero if it is not set.
    pub fn address_of(&self, id: B256) -> Address {
        self.addresses.get(id)
    }

    /// Sets the address book's entry `id`; nothing happens if it is that already. By `ADMIN`.
    ///
    /// # Errors
    /// `Unauthorized`, `ZeroId`, `ZeroAddress`.
    ///
    /// # Events
    /// `AddressSet` if that is news.
    pub fn set_address(&mut self, id: B256, current: Address) -> Result<(), RouterError> {
        self.require_admin()?;
        if id.is_zero() {
            return Err(ZeroId {}.into());
        }
        non_zero(current)?;
        let previous = self.addresses.get(id);
        if previous != current {
            self.addresses.insert(id, current);
            AddressSet { id, previous, current }.emit(self.vm());
        }
        Ok(())
    }

    /// Stablecoin to sUSDai in one transaction: takes `amount` of `token` from the caller (what arrives counts), turns it into at least
    /// `min_usdai` USDai and stakes those for at least `min_shares` sUSDai of `receiver`. `deadline` in seconds, inclusive. Returns the
    /// shares. The caller approves the router for `amount` first.
    ///
    /// # Errors
    /// `DeadlineExpired`, `ZeroAmount`, `ZeroAddress` (token or receiver), `AddressNotSet` (USDai or vault), `NothingArrived`,
    /// `BalanceChanged`, `TokenCallFailed`, or what the token, USDai or the vault reverts with, slippage included.
    ///
    /// # Events
    /// `DepositedAndStaked`.
    pub fn deposit_and_stake(
        &mut self,
        token: Address,
        amount: U256,
        min_usdai: U256,
        min_shares: U256,
        receiver: Address,
        deadline: U256,
    ) -> Result<U256, RouterError> {
        self.run_deposit_and_stake(token, amount, min_usdai, min_shares, receiver, deadline)
    }
}

impl Router {
    /// The caller, if it is the admin.
    fn require_admin(&self) -> Result<Address, RouterError> {
        let caller = self.vm().msg_sender();
        if self.has_role(role::ADMIN.word(), caller) {
            Ok(caller)
        } else {
            Err(Unauthorized {
                account: caller,
                role: role::ADMIN.word(),
            }
            .into())
        }
    }

    /// Puts `account` into the set of `role` or takes it out; says whether that changed anything.
    fn set_member(&mut self, role: B256, account: Address, member: bool) -> Result<bool, RouterError> {
        self.require_admin()?;
        if role == role::ADMIN.word() {
            return Err(AdminNotGrantable {}.into());
        }
        if role.is_zero() {
            return Err(ZeroId {}.into());
        }
        non_zero(account)?;
        let mut members = self.members.setter(role);
        if members.get(account) == member {
            return Ok(false);
        }
        members.insert(account, member);
        Ok(true)
    }
}

/// Succeeds unless `account` is zero.
pub(crate) fn non_zero(account: Address) -> Result<(), RouterError> {
    if account.is_zero() {
        return Err(ZeroAddress {}.into());
    }
    Ok(())
}

#[cfg(test)]
#[path = "router_tests.rs"]
mod tests;

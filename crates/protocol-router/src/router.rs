//! The shell: storage and external functions.

#![allow(clippy::must_use_candidate, reason = "external functions are called through the ABI")]

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256, U64};
use interfaces::{authority::Unauthorized, calls::IRouter, ids::role};
use lean_abi::SolidityEvent;
use stylus_sdk::{
    prelude::*,
    storage::{StorageAddress, StorageBool, StorageMap, StorageU64},
};

use crate::{
    timelock::{checked_delay, Call, Operation},
    AddressSet, AdminNotGrantable, AdminTransferStarted, AdminTransferred, CallQueued, DelaySet, MustBeQueued, NotPendingAdmin,
    OperationCancelled, OperationExecuted, OperationQueued, RoleGranted, RoleRevoked, RouterError, ZeroAddress, ZeroId,
};

/// State of the router.
#[storage]
pub struct Router {
    pub(crate) admin: StorageAddress,
    /// Seconds; one slot with the admin: who asks for `ADMIN` needs both.
    pub(crate) delay: StorageU64,
    pending_admin: StorageAddress,
    /// Members of every role but `ADMIN`.
    members: StorageMap<B256, StorageMap<Address, StorageBool>>,
    addresses: StorageMap<B256, StorageAddress>,
    pub(crate) operations: StorageMap<B256, Operation>,
}

// SAFETY: `Router` is the contract's outermost storage struct; nothing else in the program starts at slot zero.
unsafe impl TopLevelStorage for Router {}

/// The protocol's address book and authority. What `ADMIN` may do, here and in every other contract, is queued, waits for the delay, and is
/// executed by the router itself; while the delay is zero the admin may also do it directly. Never approve this contract for anything.
#[lean_abi::contract(
    errors(RouterError),
    events(
        RoleGranted,
        RoleRevoked,
        AddressSet,
        AdminTransferStarted,
        AdminTransferred,
        DelaySet,
        CallQueued,
        OperationQueued,
        OperationExecuted,
        OperationCancelled
    ),
    interfaces(IRouter)
)]
impl Router {
    /// Makes `admin` the admin, whose operations wait `delay` seconds: from an hour to 30 days (2 days where people's money is), or zero,
    /// on a local chain and while a deployment is wired.
    ///
    /// # Errors
    /// `ZeroAddress`, `InvalidDelay`.
    ///
    /// # Events
    /// `AdminTransferred` from the zero address, `DelaySet`.
    #[constructor]
    pub fn constructor(&mut self, admin: Address, delay: U256) -> Result<(), RouterError> {
        non_zero(admin)?;
        self.admin.set(admin);
        AdminTransferred {
            previous: Address::ZERO,
            admin,
        }
        .emit(self.vm());
        if delay.is_zero() {
            DelaySet { delay }.emit(self.vm());
            return Ok(());
        }
        self.put_delay(delay)
    }

    /// Who queues and executes operations.
    pub fn admin(&self) -> Address {
        self.admin.get()
    }

    /// Who was offered the administration and has not accepted yet; zero if nobody.
    pub fn pending_admin(&self) -> Address {
        self.pending_admin.get()
    }

    /// How long an operation that is queued now waits (seconds). While it is zero the admin has `ADMIN`.
    pub fn delay(&self) -> U256 {
        U256::from(self.delay.get())
    }

    /// Whether `account` has `role`. `ADMIN` have this contract and, while the delay is zero, the admin; `GUARDIAN` the admin and those to
    /// whom it was granted.
    pub fn has_role(&self, role: B256, account: Address) -> bool {
        // The zero address stands for nobody, also before construction.
        let is_admin = !account.is_zero() && self.admin.get() == account;
        if role == role::ADMIN.word() {
            return account == self.vm().contract_address() || is_admin && self.delay.get().is_zero();
        }
        is_admin && role == role::GUARDIAN.word() || self.members.get(role).get(account)
    }

    /// The address book's entry `id`; zero if it is not set.
    pub fn address_of(&self, id: B256) -> Address {
        self.addresses.get(id)
    }

    /// Gives `role` to `account`; nothing happens if it has it already. By `ADMIN`.
    ///
    /// # Errors
    /// `Unauthorized`, `MustBeQueued`, `AdminNotGrantable`, `ZeroId`, `ZeroAddress`.
    ///
    /// # Events
    /// `RoleGranted` if that is news.
    pub fn grant_role(&mut self, role: B256, account: Address) -> Result<(), RouterError> {
        self.require_admin()?;
        self.put_member(role, account, true)
    }

    /// Takes `role` from `account`; nothing happens if it does not have it. By the admin at once, whatever the delay, for a thief
    /// of a role has to be stopped before anything else (what that costs is in docs/RISKS.md); but `GUARDIAN` by `ADMIN`, so that nobody is
    /// rid of the guardians before they see what is done next.
    ///
    /// # Errors
    /// `Unauthorized`, `MustBeQueued`, `AdminNotGrantable`, `ZeroId`, `ZeroAddress`.
    ///
    /// # Events
    /// `RoleRevoked` if that is news.
    pub fn revoke_role(&mut self, role: B256, account: Address) -> Result<(), RouterError> {
        if role == role::GUARDIAN.word() {
            self.require_admin()?;
        } else {
            self.require_admin_account()?;
        }
        self.put_member(role, account, false)
    }

    /// Sets the address book's entry `id`; nothing happens if it is that already. By `ADMIN`.
    ///
    /// # Errors
    /// `Unauthorized`, `MustBeQueued`, `ZeroId`, `ZeroAddress`.
    ///
    /// # Events
    /// `AddressSet` if that is news.
    pub fn set_address(&mut self, id: B256, current: Address) -> Result<(), RouterError> {
        self.require_admin()?;
        self.put_address(id, current)
    }

    /// Offers the administration to `account`, which has to accept. A new offer replaces the last one. By `ADMIN`; to the admin itself, which
    /// takes an offer back, by the admin at once.
    ///
    /// # Errors
    /// `Unauthorized`, `MustBeQueued`, `ZeroAddress`.
    ///
    /// # Events
    /// `AdminTransferStarted`.
    pub fn transfer_admin(&mut self, account: Address) -> Result<(), RouterError> {
        if account != self.require_admin_account()? {
            self.require_admin()?;
        }
        self.put_pending_admin(account)
    }

    /// Takes over the administration. By the pending admin.
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

    /// Has operations that are queued from now on wait `delay` seconds, from an hour to 30 days. By `ADMIN`.
    ///
    /// # Errors
    /// `Unauthorized`, `MustBeQueued`, `InvalidDelay`.
    ///
    /// # Events
    /// `DelaySet`.
    pub fn set_delay(&mut self, delay: U256) -> Result<(), RouterError> {
        self.require_admin()?;
        self.put_delay(delay)
    }

    /// Queues `calls`, which the router will make in this order, all or none. `salt` tells operations apart that are alike otherwise: one
    /// that was executed never is again. Calls of the router to itself can be `grantRole`, `revokeRole`, `setAddress`, `transferAdmin` and
    /// `setDelay`. Returns the operation's id. By the admin.
    ///
    /// # Errors
    /// `Unauthorized`, `EmptyOperation`, `ZeroAddress` for a target, `InvalidOwnCall`, `OperationPending`, `OperationDone`.
    ///
    /// # Events
    /// `CallQueued` for each call, `OperationQueued`.
    pub fn queue(&mut self, calls: Vec<Call>, salt: B256) -> Result<B256, RouterError> {
        self.run_queue(&calls, salt)
    }

    /// Makes the calls of an operation that has waited long enough. By the admin, so that nobody else chooses the moment.
    ///
    /// # Errors
    /// `Unauthorized`, `OperationUnknown`, `OperationDone`, `OperationNotReady`, `OperationExpired`, `CallFailed`, and what a call reverts
    /// with; a call to the router itself, what the function refuses.
    ///
    /// # Events
    /// `OperationExecuted`, and those of the calls.
    pub fn execute(&mut self, calls: Vec<Call>, salt: B256) -> Result<(), RouterError> {
        self.run_execute(&calls, salt)
    }

    /// Forgets an operation that waits, has expired, or is ready; it can be queued again. By `GUARDIAN`, but for its own dismissal: an
    /// operation that takes `GUARDIAN` from it and does nothing else.
    ///
    /// # Errors
    /// `Unauthorized`, `OperationUnknown`, `OperationDone`, `OwnDismissal`.
    ///
    /// # Events
    /// `OperationCancelled`.
    pub fn cancel(&mut self, id: B256) -> Result<(), RouterError> {
        self.run_cancel(id)
    }

    /// From when to when the operation can be executed (seconds, both included; zeros if it is not queued), and whether it was.
    #[returns(ready_at, expires_at, executed)]
    pub fn operation(&self, id: B256) -> (U256, U256, bool) {
        self.describe(id)
    }

    /// The id of an operation: `keccak256(abi.encode(calls, salt))`.
    pub fn hash_operation(&self, calls: Vec<Call>, salt: B256) -> B256 {
        self.id_of(&calls, salt)
    }
}

impl Router {
    /// The caller, if it is the admin, whatever the delay.
    pub(crate) fn require_admin_account(&self) -> Result<Address, RouterError> {
        let account = self.vm().msg_sender();
        if !account.is_zero() && account == self.admin.get() {
            return Ok(account);
        }
        let role = role::ADMIN.word();
        Err(Unauthorized { account, role }.into())
    }

    /// Succeeds if the caller has `ADMIN`. Operations do not come by here: the router does not call itself.
    fn require_admin(&self) -> Result<(), RouterError> {
        self.require_admin_account()?;
        let delay = self.delay();
        if delay.is_zero() {
            return Ok(());
        }
        Err(MustBeQueued { delay }.into())
    }

    /// Puts `account` into the set of `role` or takes it out.
    pub(crate) fn put_member(&mut self, role: B256, account: Address, member: bool) -> Result<(), RouterError> {
        if role == role::ADMIN.word() {
            return Err(AdminNotGrantable {}.into());
        }
        if role.is_zero() {
            return Err(ZeroId {}.into());
        }
        non_zero(account)?;
        let mut members = self.members.setter(role);
        if members.get(account) == member {
            return Ok(());
        }
        members.insert(account, member);
        if member {
            RoleGranted { role, account }.emit(self.vm());
        } else {
            RoleRevoked { role, account }.emit(self.vm());
        }
        Ok(())
    }

    /// Sets an entry of the address book.
    pub(crate) fn put_address(&mut self, id: B256, current: Address) -> Result<(), RouterError> {
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

    /// Offers the administration.
    pub(crate) fn put_pending_admin(&mut self, account: Address) -> Result<(), RouterError> {
        non_zero(account)?;
        self.pending_admin.set(account);
        let admin = self.admin.get();
        AdminTransferStarted { admin, pending: account }.emit(self.vm());
        Ok(())
    }

    /// Changes the delay.
    pub(crate) fn put_delay(&mut self, delay: U256) -> Result<(), RouterError> {
        let seconds = checked_delay(delay)?;
        self.delay.set(U64::from_limbs([seconds]));
        DelaySet { delay }.emit(self.vm());
        Ok(())
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

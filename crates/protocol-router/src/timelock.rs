//! Operations: calls that the router makes after they have waited (PROTOCOL 7).
//!
//! An operation is a list of calls and a salt, known by its hash. It is queued, waits as long as the delay was at that time, and can then
//! be executed, once and as a whole, until [`GRACE`] has passed. Its first mark is written before its calls are made, and a program cannot
//! be re-entered but for its views, so no call can reach into its own execution.
//!
//! What was queued while there was no delay has not waited, and expires when there is one: whoever reads that there is a delay knows that
//! nothing happens without it.
//!
//! Calls of the router to itself are made here, without a call: see [`OwnCall`].

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256, U64};
use interfaces::{authority::Unauthorized, ids::role};
use lean_abi::{decode, encode, Abi, AbiType, SolidityEvent};
use stylus_sdk::{
    abi::Bytes,
    prelude::*,
    storage::{StorageAddress, StorageBool, StorageU64},
};

use crate::{
    router::non_zero, CallFailed, CallQueued, EmptyOperation, InvalidDelay, InvalidOwnCall, OperationCancelled, OperationDone,
    OperationExecuted, OperationExpired, OperationNotReady, OperationPending, OperationQueued, OperationUnknown, OwnDismissal, Router,
    RouterError,
};

/// The shortest delay but none at all: an hour, in seconds.
pub const MIN_DELAY: u64 = 3_600;
/// The longest delay: 30 days, in seconds. A longer one could not be undone in time.
pub const MAX_DELAY: u64 = 30 * 86_400;
/// How long an operation that is ready can be executed: 14 days, in seconds. What was forgotten does not lie in wait.
pub const GRACE: u64 = 14 * 86_400;

/// A call that the router makes.
#[derive(AbiType, Debug, PartialEq, Eq)]
pub struct Call {
    /// Who is called.
    pub target: Address,
    /// What with: a selector and arguments.
    pub data: Bytes,
}

/// An operation as it is stored; all zeros while it is not queued.
#[storage]
pub struct Operation {
    /// The first second in which it can be executed.
    ready_at: StorageU64,
    executed: StorageBool,
    /// The guardian that it dismisses, if that is all it does.
    dismissed: StorageAddress,
    /// Whether it was queued while there was no delay.
    unwaited: StorageBool,
}

/// A call of the router to itself.
#[derive(Debug, PartialEq, Eq)]
enum OwnCall {
    GrantRole(B256, Address),
    RevokeRole(B256, Address),
    SetAddress(B256, Address),
    TransferAdmin(Address),
    SetDelay(U256),
}

impl OwnCall {
    /// The call that `data` encodes, if the router makes such calls.
    fn decode(data: &[u8]) -> Option<Self> {
        const fn named(name: &str, arguments: &[lean_abi::Name]) -> u32 {
            lean_abi::selector(name, arguments)
        }
        const ENTRY: &[lean_abi::Name] = &[B256::NAME, Address::NAME];
        const GRANT_ROLE: u32 = named("grantRole", ENTRY);
        const REVOKE_ROLE: u32 = named("revokeRole", ENTRY);
        const SET_ADDRESS: u32 = named("setAddress", ENTRY);
        const TRANSFER_ADMIN: u32 = named("transferAdmin", &[Address::NAME]);
        const SET_DELAY: u32 = named("setDelay", &[U256::NAME]);

        let (selector, arguments) = data.split_first_chunk()?;
        let selector = u32::from_be_bytes(*selector);
        match selector {
            TRANSFER_ADMIN => decode(arguments).map(Self::TransferAdmin),
            SET_DELAY => decode(arguments).map(Self::SetDelay),
            GRANT_ROLE | REVOKE_ROLE | SET_ADDRESS => {
                let (id, account) = decode(arguments)?;
                Some(match selector {
                    GRANT_ROLE => Self::GrantRole(id, account),
                    REVOKE_ROLE => Self::RevokeRole(id, account),
                    _ => Self::SetAddress(id, account),
                })
            }
            _ => None,
        }
    }
}

/// `delay` in seconds, if an operation may wait that long.
pub(crate) fn checked_delay(delay: U256) -> Result<u64, RouterError> {
    u64::try_from(delay)
        .ok()
        .filter(|delay| (MIN_DELAY..=MAX_DELAY).contains(delay))
        .ok_or_else(|| {
            InvalidDelay {
                delay,
                minimum: U256::from(MIN_DELAY),
                maximum: U256::from(MAX_DELAY),
            }
            .into()
        })
}

impl Router {
    /// The id of an operation.
    pub(crate) fn id_of(&self, calls: &[Call], salt: B256) -> B256 {
        self.vm().native_keccak256(&encode(&(calls, salt)))
    }

    /// See [`Router::queue`].
    pub(crate) fn run_queue(&mut self, calls: &[Call], salt: B256) -> Result<B256, RouterError> {
        self.require_admin_account()?;
        if calls.is_empty() {
            return Err(EmptyOperation {}.into());
        }
        let (id, now, delay) = (self.id_of(calls, salt), self.vm().block_timestamp(), self.delay.get().to::<u64>());
        self.require_queueable(id, now)?;

        let here = self.vm().contract_address();
        let mut dismissed = Address::ZERO;
        for (index, call) in calls.iter().enumerate() {
            let index = U256::from(index);
            non_zero(call.target)?;
            if call.target == here {
                let own = OwnCall::decode(&call.data).ok_or(InvalidOwnCall { index })?;
                if let (OwnCall::RevokeRole(role, account), 1) = (own, calls.len()) {
                    if role == role::GUARDIAN.word() {
                        dismissed = account;
                    }
                }
            }
            CallQueued {
                id,
                index,
                target: call.target,
                data: call.data.0.clone().into(),
            }
            .emit(self.vm());
        }
        let ready_at = now.saturating_add(delay);
        let mut operation = self.operations.setter(id);
        operation.ready_at.set(U64::from_limbs([ready_at]));
        operation.dismissed.set(dismissed);
        operation.unwaited.set(delay == 0);
        OperationQueued {
            id,
            salt,
            readyAt: U256::from(ready_at),
            expiresAt: U256::from(self.expiry(id, ready_at)),
        }
        .emit(self.vm());
        Ok(id)
    }

    /// Succeeds if the operation is not waiting and was never executed.
    fn require_queueable(&self, id: B256, now: u64) -> Result<(), RouterError> {
        let ready_at = self.ready_at(id)?;
        if ready_at != 0 && now <= self.expiry(id, ready_at) {
            let ready_at = U256::from(ready_at);
            return Err(OperationPending { id, readyAt: ready_at }.into());
        }
        Ok(())
    }

    /// See [`Router::execute`].
    pub(crate) fn run_execute(&mut self, calls: &[Call], salt: B256) -> Result<(), RouterError> {
        self.require_admin_account()?;
        let (id, now) = (self.id_of(calls, salt), self.vm().block_timestamp());
        let ready_at = self.require_waiting(id)?;
        let timestamp = U256::from(now);
        if now < ready_at {
            let ready_at = U256::from(ready_at);
            return Err(OperationNotReady {
                id,
                readyAt: ready_at,
                timestamp,
            }
            .into());
        }
        let expired_at = self.expiry(id, ready_at);
        if now > expired_at {
            return Err(OperationExpired {
                id,
                expiredAt: U256::from(expired_at),
                timestamp,
            }
            .into());
        }
        self.operations.setter(id).executed.set(true);
        for (index, call) in calls.iter().enumerate() {
            self.make(U256::from(index), call)?;
        }
        OperationExecuted { id }.emit(self.vm());
        Ok(())
    }

    /// See [`Router::cancel`].
    pub(crate) fn run_cancel(&mut self, id: B256) -> Result<(), RouterError> {
        let by = self.vm().msg_sender();
        let guardian = role::GUARDIAN.word();
        if !self.has_role(guardian, by) {
            return Err(Unauthorized {
                account: by,
                role: guardian,
            }
            .into());
        }
        self.require_waiting(id)?;
        let mut operation = self.operations.setter(id);
        if operation.dismissed.get() == by {
            return Err(OwnDismissal { guardian: by }.into());
        }
        operation.ready_at.erase();
        operation.dismissed.erase();
        operation.unwaited.erase();
        OperationCancelled { id, by }.emit(self.vm());
        Ok(())
    }

    /// See [`Router::operation`].
    pub(crate) fn describe(&self, id: B256) -> (U256, U256, bool) {
        let operation = self.operations.getter(id);
        let ready_at = operation.ready_at.get().to::<u64>();
        let expires_at = if ready_at == 0 { 0 } else { self.expiry(id, ready_at) };
        (U256::from(ready_at), U256::from(expires_at), operation.executed.get())
    }

    /// When the operation is ready, zero if it is not queued.
    fn ready_at(&self, id: B256) -> Result<u64, RouterError> {
        let operation = self.operations.getter(id);
        if operation.executed.get() {
            return Err(OperationDone { id }.into());
        }
        Ok(operation.ready_at.get().to())
    }

    /// The last second in which the operation `id`, ready at `ready_at`, can be executed.
    fn expiry(&self, id: B256, ready_at: u64) -> u64 {
        if self.operations.getter(id).unwaited.get() && !self.delay.get().is_zero() {
            return ready_at;
        }
        ready_at.saturating_add(GRACE)
    }

    /// When the operation is ready, if it is queued.
    fn require_waiting(&self, id: B256) -> Result<u64, RouterError> {
        match self.ready_at(id)? {
            0 => Err(OperationUnknown { id }.into()),
            ready_at => Ok(ready_at),
        }
    }

    /// Makes one call of an operation.
    fn make(&mut self, index: U256, call: &Call) -> Result<(), RouterError> {
        let target = call.target;
        if target == self.vm().contract_address() {
            return match OwnCall::decode(&call.data).ok_or(InvalidOwnCall { index })? {
                OwnCall::GrantRole(role, account) => self.put_member(role, account, true),
                OwnCall::RevokeRole(role, account) => self.put_member(role, account, false),
                OwnCall::SetAddress(id, current) => self.put_address(id, current),
                OwnCall::TransferAdmin(account) => self.put_pending_admin(account),
                OwnCall::SetDelay(delay) => self.put_delay(delay),
            };
        }
        let silent = || RouterError::from(CallFailed { index, target });
        // A call of an account without code succeeds. Motsu's accounts have none: on chain only.
        if lean_abi::ON_CHAIN && self.vm().code_size(target) == 0 {
            return Err(silent());
        }
        match lean_abi::call(self, &target, &call.data) {
            Ok(_) => Ok(()),
            Err(data) if data.is_empty() => Err(silent()),
            Err(data) => Err(data.into()),
        }
    }
}

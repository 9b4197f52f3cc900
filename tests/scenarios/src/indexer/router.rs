//! The router: who may what, and what waits.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, Bytes, B256, U256};
use alloy_sol_types::SolCall;
use usdai_cli::protocol::suite::id;

use super::{account, Deployed, Image};
use crate::abi::Router::{revokeRoleCall, RouterEvents as Event};

#[derive(Debug, Default)]
struct Operation {
    /// Zero, if it was cancelled.
    ready_at: U256,
    executed: bool,
    /// The guardian that it dismisses, if that is all it does.
    dismissed: Address,
    /// Whether it was queued while there was no delay.
    unwaited: bool,
}

/// The router, as its logs have it.
#[derive(Debug)]
pub(super) struct Router {
    here: Address,
    admin: Address,
    pending: Address,
    delay: U256,
    members: BTreeSet<(B256, Address)>,
    addresses: BTreeMap<B256, Address>,
    operations: BTreeMap<B256, Operation>,
    /// Calls of an operation that is being queued.
    queued: BTreeMap<B256, Vec<(Address, Bytes)>>,
}

impl Router {
    pub(super) fn of(deployed: &Deployed) -> Self {
        Self {
            here: deployed.suite.router,
            admin: Address::ZERO,
            pending: Address::ZERO,
            delay: U256::ZERO,
            members: BTreeSet::new(),
            addresses: BTreeMap::new(),
            operations: BTreeMap::new(),
            queued: BTreeMap::new(),
        }
    }

    pub(super) fn apply(&mut self, event: Event) {
        match event {
            Event::AdminTransferred(event) => {
                assert_eq!(self.admin, event.previous);
                (self.admin, self.pending) = (event.admin, Address::ZERO);
            }
            Event::AdminTransferStarted(event) => self.pending = event.pending,
            Event::DelaySet(event) => self.delay = event.delay,
            Event::RoleGranted(event) => assert!(self.members.insert((event.role, event.account))),
            Event::RoleRevoked(event) => assert!(self.members.remove(&(event.role, event.account))),
            Event::AddressSet(event) => {
                let previous = self.addresses.insert(event.id, event.current).unwrap_or_default();
                assert_eq!(previous, event.previous);
            }
            Event::CallQueued(event) => {
                let calls = self.queued.entry(event.id).or_default();
                assert_eq!(event.index, U256::from(calls.len()));
                calls.push((event.target, event.data));
            }
            Event::OperationQueued(event) => {
                let calls = self.queued.remove(&event.id).expect("an operation has calls");
                let operation = Operation {
                    ready_at: event.readyAt,
                    executed: false,
                    dismissed: self.dismissed(&calls).unwrap_or_default(),
                    unwaited: self.delay.is_zero(),
                };
                self.operations.insert(event.id, operation);
            }
            Event::OperationExecuted(event) => self.operations.get_mut(&event.id).expect("it was queued").executed = true,
            Event::OperationCancelled(event) => drop(self.operations.insert(event.id, Operation::default())),
        }
    }

    pub(super) fn image(&self) -> Image {
        let mut image = Image::of("Router");
        image.field("admin", account(self.admin));
        image.field("pending_admin", account(self.pending));
        image.field("delay", self.delay);
        let members = image.map("members");
        for (role, member) in &self.members {
            image.set(&members.at(*role).at(member.into_word()), U256::ONE);
        }
        let addresses = image.map("addresses");
        for (id, address) in &self.addresses {
            image.set(&addresses.at(*id), account(*address));
        }
        let operations = image.map("operations");
        for (id, operation) in &self.operations {
            let word = operation.ready_at
                | U256::from(operation.executed) << 64
                | account(operation.dismissed) << 72
                | U256::from(operation.unwaited) << 232;
            image.set(&operations.at(*id), word);
        }
        image
    }

    /// Whom `calls` dismiss as guardian, if they are one call that does nothing else.
    fn dismissed(&self, calls: &[(Address, Bytes)]) -> Option<Address> {
        let [(target, data)] = calls else { return None };
        let call = revokeRoleCall::abi_decode(data).ok().filter(|_| *target == self.here)?;
        (call.role == id("GUARDIAN")).then_some(call.account)
    }
}

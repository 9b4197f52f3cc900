//! An ERC-721 ledger, but for what the contracts keep beside an owner and a count.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, U256};

use super::{account, Image};

/// Whose each token is, and who may move it.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    owners: BTreeMap<U256, Address>,
    counts: BTreeMap<Address, u64>,
    approvals: BTreeMap<U256, Address>,
    operators: BTreeSet<(Address, Address)>,
}

impl Ledger {
    pub(super) fn transfer(&mut self, from: Address, to: Address, id: U256) {
        let before = if to.is_zero() {
            self.owners.remove(&id)
        } else {
            self.owners.insert(id, to)
        };
        assert_eq!(before.unwrap_or_default(), from, "whose {id} was");
        self.approvals.remove(&id);
        if !from.is_zero() {
            *self.counts.entry(from).or_default() -= 1;
        }
        if !to.is_zero() {
            *self.counts.entry(to).or_default() += 1;
        }
    }

    pub(super) fn approval(&mut self, approved: Address, id: U256) {
        self.approvals.insert(id, approved);
    }

    pub(super) fn approval_for_all(&mut self, owner: Address, operator: Address, approved: bool) {
        if approved {
            self.operators.insert((owner, operator));
        } else {
            self.operators.remove(&(owner, operator));
        }
    }

    /// Tokens and their owners.
    pub(super) fn owners(&self) -> impl Iterator<Item = (U256, Address)> + '_ {
        self.owners.iter().map(|(id, owner)| (*id, *owner))
    }

    /// Whose the token is, if there is one.
    pub(super) fn owner(&self, id: U256) -> Option<Address> {
        self.owners.get(&id).copied()
    }

    /// As the ledger lies in storage, with what `beside` says in the words of accounts, above the counts.
    pub(super) fn image(&self, image: &mut Image, mut beside: impl FnMut(Address) -> U256) {
        let approvals = image.map("ledger.approvals");
        for (id, approved) in &self.approvals {
            image.set(&approvals.at(*id), account(*approved));
        }
        let balances = image.map("ledger.balances");
        for (owner, count) in &self.counts {
            image.set(&balances.at(owner.into_word()), U256::from(*count) | beside(*owner));
        }
        let operators = image.map("ledger.operators");
        for (owner, operator) in &self.operators {
            image.set(&operators.at(owner.into_word()).at(operator.into_word()), U256::ONE);
        }
    }
}

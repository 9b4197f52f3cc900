//! An ERC-20 ledger.

use std::collections::BTreeMap;

use alloy_primitives::{Address, U256};

use super::Image;

/// Who has what, and what was approved.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    balances: BTreeMap<Address, U256>,
    supply: U256,
    approvals: BTreeMap<(Address, Address), U256>,
    /// How often each owner approved anything.
    approved: BTreeMap<Address, u64>,
}

impl Ledger {
    /// `value` moved; the zero address mints and burns.
    pub(super) fn transfer(&mut self, from: Address, to: Address, value: U256) {
        if from.is_zero() {
            self.supply += value;
        } else {
            let held = self.balances.entry(from).or_default();
            *held = held.checked_sub(value).expect("nobody moves more than they have");
        }
        if to.is_zero() {
            self.supply = self.supply.checked_sub(value).expect("nobody burns more than there is");
        } else {
            *self.balances.entry(to).or_default() += value;
        }
    }

    pub(super) fn approval(&mut self, owner: Address, spender: Address, value: U256) {
        self.approvals.insert((owner, spender), value);
        *self.approved.entry(owner).or_default() += 1;
    }

    /// What `account` has.
    pub(super) fn balance(&self, account: Address) -> U256 {
        self.balances.get(&account).copied().unwrap_or_default()
    }

    /// What all have.
    pub(super) fn supply(&self) -> U256 {
        self.supply
    }

    /// As the ledger lies under `prefix` in storage.
    ///
    /// ERC-20 has no event for an allowance that is spent, and a transfer does not say who made it: what is left is at most what was
    /// approved last, and exactly that if it was without limit. ERC-2612 has none for a permit beside the approval that it is: the nonce is at
    /// most the number of approvals.
    pub(super) fn image(&self, image: &mut Image, prefix: &str) {
        let balances = image.map(&format!("{prefix}.balances"));
        for (account, held) in &self.balances {
            image.set(&balances.at(account.into_word()), *held);
        }
        image.field(&format!("{prefix}.total_supply"), self.supply);
        let allowances = image.map(&format!("{prefix}.allowances"));
        for ((owner, spender), approved) in &self.approvals {
            let place = allowances.at(owner.into_word()).at(spender.into_word());
            if *approved == U256::MAX {
                image.set(&place, *approved);
            } else {
                image.at_most(&place, *approved);
            }
        }
        let nonces = image.map(&format!("{prefix}.nonces"));
        for (owner, times) in &self.approved {
            image.at_most(&nonces.at(owner.into_word()), U256::from(*times));
        }
    }
}

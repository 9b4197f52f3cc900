//! USDai.

use std::collections::BTreeSet;

use alloy_primitives::{Address, B256, U256};

use super::{account, erc20::Ledger, Deployed, Image};
use crate::abi::Usdai::UsdaiEvents as Event;

/// USDai, as its logs have it.
#[derive(Debug, Default)]
pub(super) struct Usdai {
    ledger: Ledger,
    /// Authorizations used or cancelled.
    spent: BTreeSet<(Address, B256)>,
    deposits_paused: bool,
    withdrawals_paused: bool,
    adapter: Address,
    vault: Address,
    treasury: Address,
    admin_fee: U256,
    bridged: U256,
    cap: U256,
}

impl Usdai {
    pub(super) fn apply(&mut self, event: Event) {
        match event {
            Event::Transfer(event) => self.ledger.transfer(event.from, event.to, event.value),
            Event::Approval(event) => self.ledger.approval(event.owner, event.spender, event.value),
            Event::AuthorizationUsed(event) => assert!(self.spent.insert((event.authorizer, event.nonce))),
            Event::AuthorizationCanceled(event) => assert!(self.spent.insert((event.authorizer, event.nonce))),
            Event::SupplyCapSet(event) => self.cap = event.supplyCap,
            Event::AdminFeeSet(event) => self.admin_fee = event.bps,
            Event::BridgedSupplySet(event) => self.bridged = event.bridgedSupply,
            Event::DepositsPauseSet(event) => self.deposits_paused = event.paused,
            Event::WithdrawalsPauseSet(event) => self.withdrawals_paused = event.paused,
            Event::Wired(event) => (self.adapter, self.vault, self.treasury) = (event.swapAdapter, event.vault, event.treasury),
            // What they change, the transfers beside them say.
            Event::Deposited(_) | Event::Withdrawn(_) | Event::Harvested(_) => {}
        }
    }

    pub(super) fn image(&self, deployed: &Deployed) -> Image {
        let mut image = Image::of("Usdai");
        self.ledger.image(&mut image, "ledger");
        let spent = image.map("authorizations.spent");
        for (authorizer, nonce) in &self.spent {
            image.set(&spent.at(authorizer.into_word()).at(*nonce), U256::ONE);
        }
        for (field, address) in [
            ("router", deployed.suite.router),
            ("base_token", deployed.base_token),
            ("swap_adapter", self.adapter),
            ("vault", self.vault),
            ("treasury", self.treasury),
        ] {
            image.field(field, account(address));
        }
        image.field("deposits_paused", U256::from(self.deposits_paused));
        image.field("withdrawals_paused", U256::from(self.withdrawals_paused));
        image.field("admin_fee", self.admin_fee);
        image.field("bridged_supply", self.bridged);
        image.field("supply_cap", self.cap);
        image
    }
}

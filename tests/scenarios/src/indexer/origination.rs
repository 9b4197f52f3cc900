//! Origination: offers and operators.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, B256, U256};

use super::{account, Deployed, Image};
use crate::abi::Origination::OriginationEvents as Event;

/// The contract of origination, as its logs have it.
#[derive(Debug, Default)]
pub(super) struct Origination {
    filo: Address,
    caliber: Address,
    period: U256,
    /// 1 posted, 2 cancelled, 3 taken.
    offers: BTreeMap<B256, u8>,
    operators: BTreeSet<(Address, Address)>,
}

impl Origination {
    pub(super) fn apply(&mut self, event: Event) {
        match event {
            Event::OfferPosted(event) => drop(self.offers.insert(event.offer, 1)),
            Event::OfferCancelled(event) => drop(self.offers.insert(event.offer, 2)),
            Event::OfferTaken(event) => drop(self.offers.insert(event.offer, 3)),
            Event::OperatorSet(event) if event.approved => drop(self.operators.insert((event.controller, event.operator))),
            Event::OperatorSet(event) => drop(self.operators.remove(&(event.controller, event.operator))),
            Event::Wired(event) => (self.filo, self.caliber, self.period) = (event.filo, event.caliber, event.periodSeconds),
        }
    }

    pub(super) fn image(&self, deployed: &Deployed) -> Image {
        let mut image = Image::of("Origination");
        image.field("router", account(deployed.suite.router));
        image.field("filo", account(self.filo));
        image.field("caliber", account(self.caliber));
        image.field("period", self.period);
        let offers = image.map("offers");
        for (offer, status) in &self.offers {
            image.set(&offers.at(*offer), U256::from(*status));
        }
        let operators = image.map("operators");
        for (controller, operator) in &self.operators {
            image.set(&operators.at(controller.into_word()).at(operator.into_word()), U256::ONE);
        }
        image
    }
}

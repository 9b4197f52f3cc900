//! The gateway and the swap adapter: what they work with. They hold nothing.

use std::collections::BTreeSet;

use alloy_primitives::{Address, U256};

use super::{account, Deployed, Image};
use crate::abi::{Adapter::SwapAdapterEvents, Gateway::GatewayEvents};

/// The gateway, as its logs have it.
#[derive(Debug, Default)]
pub(super) struct Gateway {
    wired: [Address; 5],
}

impl Gateway {
    pub(super) fn apply(&mut self, event: GatewayEvents) {
        if let GatewayEvents::Wired(event) = event {
            self.wired = [event.usdai, event.vault, event.queue, event.filo, event.origination];
        }
    }

    pub(super) fn image(&self, deployed: &Deployed) -> Image {
        let mut image = Image::of("Gateway");
        image.field("router", account(deployed.suite.router));
        for (field, address) in ["usdai", "vault", "queue", "filo", "origination"].into_iter().zip(self.wired) {
            image.field(field, account(address));
        }
        image
    }
}

/// The swap adapter, as its logs have it.
#[derive(Debug, Default)]
pub(super) struct Adapter {
    usdai: Address,
    allowed: BTreeSet<Address>,
}

impl Adapter {
    pub(super) fn apply(&mut self, event: SwapAdapterEvents) {
        match event {
            SwapAdapterEvents::Wired(event) => self.usdai = event.usdai,
            SwapAdapterEvents::TokenAllowed(event) if event.allowed => drop(self.allowed.insert(event.token)),
            SwapAdapterEvents::TokenAllowed(event) => drop(self.allowed.remove(&event.token)),
        }
    }

    pub(super) fn image(&self, deployed: &Deployed) -> Image {
        let mut image = Image::of("SwapAdapter");
        for (field, address) in [
            ("router", deployed.suite.router),
            ("base_token", deployed.base_token),
            ("uniswap_router", deployed.uniswap),
            ("usdai", self.usdai),
        ] {
            image.field(field, account(address));
        }
        let allowed = image.map("allowed");
        for token in &self.allowed {
            image.set(&allowed.at(token.into_word()), U256::ONE);
        }
        image
    }
}

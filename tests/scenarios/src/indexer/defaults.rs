//! Defaults and auctions. What a sale leaves of an auction's start follows from FiLo's event of it.

use std::collections::BTreeMap;

use alloy_primitives::{Address, U256};

use super::{account, mul_div, mul_div_up, Deployed, Image};
use crate::abi::{Defaults::DefaultsEvents as Event, Filo::FiloEvents};

/// Days that a round lasts.
const DAYS: u64 = 14;
const BPS: U256 = U256::from_limbs([10_000, 0, 0, 0]);

/// A loan in default.
#[derive(Debug, Default)]
struct Auction {
    declared_at: u64,
    started_at: u64,
    round: u64,
    start: U256,
}

/// The contract of defaults, as its logs and FiLo's have it.
#[derive(Debug)]
pub(super) struct Defaults {
    day: u64,
    liquidation_cost: U256,
    enforcement: U256,
    filo: Address,
    caliber: Address,
    auctions: BTreeMap<U256, Auction>,
}

impl Defaults {
    pub(super) fn of(deployed: &Deployed) -> Self {
        Self {
            day: (deployed.period / 30).max(1),
            // What the constructor sets, until `ParametersSet`.
            liquidation_cost: U256::from(3_000),
            enforcement: U256::from(200),
            filo: Address::ZERO,
            caliber: Address::ZERO,
            auctions: BTreeMap::new(),
        }
    }

    pub(super) fn apply(&mut self, event: Event, at: u64) {
        match event {
            Event::DefaultDeclared(event) => {
                let declared_at = event.redeemableUntil.to::<u64>() - DAYS * self.day;
                assert_eq!(declared_at, at);
                let auction = Auction {
                    declared_at,
                    ..Auction::default()
                };
                self.auctions.insert(event.loan, auction);
            }
            Event::AuctionStarted(event) => {
                let auction = self.auctions.get_mut(&event.loan).expect("it was declared in default");
                auction.started_at = event.endsAt.to::<u64>() - DAYS * self.day;
                auction.round = event.round.to();
                auction.start = event.startPrice;
                assert_eq!(auction.floor(), event.floorPrice);
            }
            Event::ParametersSet(event) => {
                (self.liquidation_cost, self.enforcement) = (event.liquidationCostBps, event.enforcementBps);
            }
            Event::Wired(event) => (self.filo, self.caliber) = (event.filo, event.caliber),
        }
    }

    /// What FiLo says: a sale takes its part out of the start.
    pub(super) fn hear(&mut self, event: &FiloEvents, at: u64) {
        if let FiloEvents::ReceiptsSold(event) = event {
            let auction = self.auctions.get_mut(&event.loan).expect("it is auctioned");
            let whole = auction.price(at, self.day);
            if !whole.is_zero() {
                let part = mul_div_up(auction.start, event.price, whole);
                auction.start = auction.start.saturating_sub(part);
            }
        }
    }

    pub(super) fn image(&self, deployed: &Deployed) -> Image {
        let mut image = Image::of("Defaults");
        image.field("router", account(deployed.suite.router));
        image.field("filo", account(self.filo));
        image.field("caliber", account(self.caliber));
        image.field("day", U256::from(self.day));
        image.field("liquidation_cost_bps", self.liquidation_cost);
        image.field("enforcement_bps", self.enforcement);
        let auctions = image.map("auctions");
        for (loan, auction) in &self.auctions {
            let word = U256::from(auction.declared_at) << 208
                | U256::from(auction.started_at) << 160
                | U256::from(auction.round) << 152
                | auction.start << 24;
            image.set(&auctions.at(*loan), word);
        }
        image
    }
}

impl Auction {
    fn floor(&self) -> U256 {
        let bps = match self.round {
            0 | 1 => 4_000,
            2 => 2_000,
            3 => 1_000,
            _ => 0,
        };
        mul_div_up(self.start, U256::from(bps), BPS)
    }

    fn price(&self, now: u64, day: u64) -> U256 {
        let length = day * DAYS;
        let elapsed = (now - self.started_at).min(length);
        self.start - mul_div(self.start - self.floor(), U256::from(elapsed), U256::from(length))
    }
}

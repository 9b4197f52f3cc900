//! A town that lends: a curated stack, receipts of a borrower, offers that the curator signs.

use std::borrow::Cow;

use alloy_primitives::{keccak256, Address, Bytes, U256};
use alloy_sol_types::{eip712_domain, SolError, SolStruct};
use usdai_cli::{node::Person, protocol::suite::id};

use crate::{
    abi::{Caliber, Filo, Origination},
    erc20::Signed,
    hands::{n, wad},
    scenes::scene,
    Town,
};
pub use Origination::Offer;

/// Seconds.
pub const DAY: u64 = 86_400;

/// A town with a stack that lends against H100s, and with somebody who has some.
pub struct Market {
    /// All contracts.
    pub town: Town,
    /// Whose stack it is.
    pub curator: Person,
    /// Whose receipts they are.
    pub borrower: Person,
    /// Its curator has allowed FiLo everything.
    pub stack: U256,
    /// H100 lots of the borrower's, insured for a year.
    pub receipts: Vec<U256>,
}

/// A stack of 10 % first loss, 70 % LTV, a call at 85 %, 1 % servicing, 5 % spread.
#[must_use]
pub fn open_call() -> Filo::openStackCall {
    Filo::openStackCall {
        firstLossBps: n(1_000),
        maxLtvBps: n(7_000),
        marginTriggerBps: n(8_500),
        seniorCap: wad(1_000_000),
        servicingFeeBps: n(100),
        juniorSpreadBps: n(500),
        hardwareClass: id("H100"),
    }
}

impl Market {
    /// 500,000 in the vault, 100,000 of junior capital, two lots appraised at 100,000.
    #[must_use]
    pub fn open() -> Self {
        Self::of(500_000, 100_000, &[("a", 100_000), ("b", 100_000)])
    }

    /// In whole dollars.
    #[must_use]
    pub fn of(lent: u64, junior: u64, lots: &[(&str, u64)]) -> Self {
        let mut town = Town::deployed();
        let (curator, borrower) = (town.cast.curator.clone(), town.cast.borrower.clone());
        let (filo, usdai, lender) = (town.suite.filo, town.suite.usdai, town.cast.depositor.address());
        town.give_susdai(lender, lent);
        let stack = town.does(curator.address(), filo, &open_call());
        town.approve(&curator, usdai, filo);
        let mut market = Self {
            town,
            curator,
            borrower,
            stack,
            receipts: Vec::new(),
        };
        market.deposit_junior(stack, junior);
        market.receipts = lots.iter().map(|(lot, whole)| market.issue(lot, "H100", *whole)).collect();
        market
    }

    /// The curator gets so much and pays it in.
    pub fn deposit_junior(&mut self, stack: U256, whole: u64) {
        let curator = self.curator.address();
        self.town.give_usdai(curator, whole);
        let deposit = Filo::depositJuniorCall { stack, assets: wad(whole) };
        self.town.does(curator, self.town.suite.filo, &deposit);
    }

    /// Issues a lot to the borrower, appraised and insured at so much.
    pub fn issue(&mut self, lot: &str, class: &str, whole: u64) -> U256 {
        let call = Caliber::issueCall {
            owner: self.borrower.address(),
            hardwareClass: id(class),
            units: n(8),
            manifestHash: keccak256(lot),
            agreementHash: keccak256("agreement"),
            agreementUri: String::new(),
            custodian: self.town.cast.custodian.address(),
            appraisal: wad(whole),
            insuredValue: wad(whole),
            insuredUntil: self.town.now() + U256::from(365 * DAY),
        };
        let (agent, caliber) = (self.town.cast.agent.address(), self.town.suite.caliber);
        self.town.does(agent, caliber, &call)
    }

    /// A good offer: 70,000 on the first receipt at 15 % over 36 level payments, for a day.
    #[must_use]
    pub fn offer(&self) -> Offer {
        Offer {
            stack: self.stack,
            borrower: self.borrower.address(),
            receipts: vec![self.receipts[0]],
            principal: wad(70_000),
            rate: wad(15) / n(100),
            periods: n(36),
            levelPayment: true,
            graceSeconds: U256::from(10 * DAY),
            lateFeeBps: n(500),
            expiry: self.town.now() + U256::from(DAY),
            salt: U256::ZERO,
        }
    }

    /// `who`'s signature of an offer.
    #[must_use]
    pub fn sign(&self, who: &Person, offer: &Offer) -> Bytes {
        let domain = eip712_domain! {
            name: Cow::Borrowed("FiLo Origination"),
            version: "1",
            chain_id: self.town.node.chain.chain_id(),
            verifying_contract: self.town.suite.origination,
        };
        Signed::by(who, offer.eip712_signing_hash(&domain)).bytes().into()
    }

    /// The borrower takes what the curator has signed.
    #[must_use]
    pub fn draw_call(&self, offer: &Offer) -> Origination::drawCall {
        Origination::drawCall {
            signature: self.sign(&self.curator, offer),
            offer: offer.clone(),
            receiver: self.borrower.address(),
        }
    }

    /// Lets `act` play and takes everything back that it did.
    ///
    /// # Panics
    /// As [`Town::scene`].
    pub fn scene<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        scene(self, |market| &mut market.town, act)
    }

    /// A loan on these terms, to the borrower.
    pub fn draw(&mut self, offer: &Offer) -> U256 {
        let (me, call): (Address, _) = (self.borrower.address(), self.draw_call(offer));
        self.town.does(me, self.town.suite.origination, &call)
    }

    /// The borrower does not get it.
    pub fn refuses_draw<E: SolError>(&mut self, offer: &Offer, error: &E) {
        let call = self.draw_call(offer);
        self.town.refuses(&self.borrower, self.town.suite.origination, &call, error);
    }
}

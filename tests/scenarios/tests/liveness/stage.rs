//! Ann, who wants to leave: she has shares, and places in the queue of every kind, in every state of the vault.

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolCall;
use scenarios::{
    abi::{Defaults, Filo, Queue, Router, Usdai, Vault, Wired},
    hands::{n, wad},
    lending::{Market, Offer, DAY},
    loans::{Loans, SILENT_ROUTER},
    refusals,
    scenes::Stage,
    usdai_cli::protocol::suite::id,
    Town,
};

/// Who wants to leave.
pub(super) const ANN: Address = Address::repeat_byte(0xa1);
/// Who leaves too, and bids.
pub(super) const BOB: Address = Address::repeat_byte(0xb0);
/// Who does what hurts others.
pub(super) const MALLORY: Address = Address::repeat_byte(0x66);
/// Who buys a place from Ann, and whom she has her money paid to.
pub(super) const HEIR: Address = Address::repeat_byte(0x4e);
/// Whom Ann has made her operator at the vault.
pub(super) const OPERATOR: Address = Address::repeat_byte(0x09);

/// The one disturbance that is about Ann herself: then nothing moves, and nothing is lost.
pub(super) const BARRED: &str = "she is barred herself";
/// What can be paused is.
pub(super) const PAUSED: &str = "all that can be paused is";
/// Others are barred, and the gateway, to whom she could sell or through which she could go.
pub(super) const OTHERS_BARRED: &str = "every other holder is barred, and the gateway";

/// The settlement's steps, and any number.
const ALL: U256 = U256::MAX;

/// What Ann seals a bid with.
pub(super) fn salt() -> B256 {
    B256::repeat_byte(0x5a)
}

/// The tick of the bid that Ann has sealed for the epoch.
pub(super) const TICK: u8 = 40;

/// Where the queue is in its epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Bids can be sealed and withdrawn.
    Bidding,
    /// Bids are opened.
    Revealing,
    /// An epoch has ended and is not settled.
    Unsettled,
}

/// Five places of Ann's, one of each kind, and three loans of the vault's money.
pub(super) struct Leaving {
    pub(super) loans: Loans,
    /// The largest loan.
    big: U256,
    pub(super) queue: Address,
    pub(super) vault: Address,
    pub(super) usdai: Address,
    /// In the par lane, paid in part.
    pub(super) par: U256,
    /// In a lane of bids, paid in part.
    pub(super) bidding: U256,
    /// Paid wholly.
    pub(super) filled: U256,
    /// In the par lane, with a bid sealed for this epoch.
    pub(super) sealed: U256,
    /// In the par lane, new.
    pub(super) fresh: U256,
    /// Bob's, with a small bid sealed for this epoch.
    bobs: U256,
}

impl Leaving {
    /// The second epoch has begun, instalments were paid.
    pub(super) fn set() -> Self {
        let lots = [("a", 60_000), ("b", 60_000), ("c", 60_000), ("d", 60_000), ("e", 700_000)];
        let market = Market::of(100_000, 60_000, &lots);
        let mut loans = Loans::on(market);
        for (who, whole) in [(ANN, 300_000), (BOB, 100_000), (MALLORY, 1_000)] {
            loans.town().give_susdai(who, whole);
        }
        let largest = Offer {
            receipts: vec![loans.market.receipts[4]],
            principal: wad(400_000),
            graceSeconds: U256::from(5 * DAY),
            ..loans.market.offer()
        };
        let big = loans.market.draw(&largest);
        // Ten years of interest and late fees are twice what was lent.
        for _ in 0..6 {
            let anybody = loans.anybody();
            loans.fund(anybody);
        }
        let suite = loans.market.town.suite;
        let mut stage = Self {
            loans,
            big,
            queue: suite.qev,
            vault: suite.susdai,
            usdai: suite.usdai,
            par: U256::ZERO,
            bidding: U256::ZERO,
            filled: U256::ZERO,
            sealed: U256::ZERO,
            fresh: U256::ZERO,
            bobs: U256::ZERO,
        };
        stage.first_epoch();
        for operator in [OPERATOR, suite.gateway] {
            let set = Vault::setOperatorCall { operator, approved: true };
            stage.town().does(ANN, suite.susdai, &set);
        }
        stage
    }

    /// 41,000 of 166,000 are paid: 11,000 of bids wholly, a bid of 50,000 in part, and the par lane its fifth.
    fn first_epoch(&mut self) {
        self.par = self.request(ANN, wad(100_000));
        let bids = [(ANN, 50_000, 4), (ANN, 1_000, 100), (BOB, 10_000, 6), (BOB, 5_000, 3)];
        let sealed = bids.map(|(who, whole, tick)| {
            let position = self.request(who, wad(whole));
            self.seal(who, position, tick);
            (who, position, tick)
        });
        (self.bidding, self.filled) = (sealed[0].1, sealed[1].1);
        self.wait_for_reveals();
        for (who, position, tick) in sealed {
            self.open(who, position, tick);
        }
        self.wait_for_epoch_end();
        self.settle(ALL);
        for (position, waits) in [(self.par, true), (self.bidding, true), (self.filled, false)] {
            let at = self.position(position);
            assert!(!at.claimableAssets.is_zero() && at.pending.is_zero() != waits);
        }
        let filo = self.loans.market.town.suite.filo;
        let due = self.town().read(filo, &Filo::earliestDueCall {}).due.to::<u64>() - DAY / 2;
        self.town().node.chain.warp_to(due);
        self.pay_instalments();
        self.sealed = self.request(ANN, wad(2_000));
        self.seal(ANN, self.sealed, TICK);
        self.fresh = self.request(ANN, wad(3_000));
        self.bobs = self.request(BOB, wad(500));
        self.seal(BOB, self.bobs, 9);
    }

    /// Ann's places.
    pub(super) fn hers(&self) -> [U256; 5] {
        [self.par, self.bidding, self.filled, self.sealed, self.fresh]
    }

    fn made(&self) -> [U256; 3] {
        [self.loans.loan, self.loans.other, self.big]
    }

    pub(super) fn position(&mut self, position: U256) -> Queue::positionReturn {
        let queue = self.queue;
        self.town().read(queue, &Queue::positionCall { position })
    }

    pub(super) fn request(&mut self, who: Address, shares: U256) -> U256 {
        let request = Vault::requestRedeemCall {
            shares,
            controller: who,
            owner: who,
        };
        let vault = self.vault;
        self.town().does(who, vault, &request)
    }

    fn seal(&mut self, who: Address, position: U256, tick: u8) {
        let of = Queue::commitmentOfCall {
            position,
            tick,
            salt: salt(),
        };
        let queue = self.queue;
        let commitment = self.town().read(queue, &of);
        self.town().does(who, queue, &Queue::commitBid_0Call { position, commitment });
    }

    fn open(&mut self, who: Address, position: U256, tick: u8) {
        let reveal = Queue::revealBidCall {
            position,
            tick,
            salt: salt(),
        };
        let queue = self.queue;
        self.town().does(who, queue, &reveal);
    }

    pub(super) fn epoch(&mut self) -> U256 {
        let queue = self.queue;
        self.town().read(queue, &Queue::epochCall {})
    }

    pub(super) fn epoch_end(&mut self) -> U256 {
        let queue = self.queue;
        self.town().read(queue, &Queue::epochEndCall {})
    }

    /// When the epoch's reveal window begins.
    pub(super) fn window(&mut self) -> U256 {
        let queue = self.queue;
        self.epoch_end() - self.town().read(queue, &Queue::scheduleCall {}).revealSeconds
    }

    pub(super) fn phase(&mut self) -> Phase {
        let queue = self.queue;
        let first_unsettled = self.town().read(queue, &Queue::scheduleCall {}).firstUnsettled;
        if first_unsettled < self.epoch() {
            Phase::Unsettled
        } else if self.town().now() < self.window() {
            Phase::Bidding
        } else {
            Phase::Revealing
        }
    }

    /// Whether Ann's bid is sealed for the epoch that is.
    pub(super) fn is_sealed(&mut self) -> bool {
        let queue = self.queue;
        let position = self.sealed;
        let bid = self.town().read(queue, &Queue::bidOfCall { position });
        !bid.commitment.is_zero() && bid.epoch == self.epoch()
    }

    fn wait_for_reveals(&mut self) {
        let second = self.epoch_end().to::<u64>() - 3_600;
        self.town().node.chain.warp_to(second);
    }

    pub(super) fn wait_for_epoch_end(&mut self) {
        let second = self.epoch_end().to();
        self.town().node.chain.warp_to(second);
    }

    fn settle(&mut self, steps: U256) {
        let queue = self.queue;
        self.town().does(MALLORY, queue, &Queue::settleCall { maxSteps: steps });
    }

    /// Anybody marks what is overdue.
    pub(super) fn mark_all(&mut self) {
        let filo = self.loans.market.town.suite.filo;
        loop {
            let first = self.town().read(filo, &Filo::earliestDueCall {});
            if first.loan.is_zero() || first.due >= self.town().now() {
                return;
            }
            self.loans.keep(&Defaults::markLateCall { loan: first.loan });
        }
    }

    /// Anybody settles what has ended, a lane at a time.
    pub(super) fn settle_all(&mut self) {
        self.mark_all();
        let mut calls = 0;
        while self.phase() == Phase::Unsettled {
            self.settle(U256::ONE);
            calls += 1;
            assert!(calls < 20, "it does not end");
        }
    }

    /// Until bids can be sealed and withdrawn again.
    pub(super) fn wait_for_bidding(&mut self) {
        for _ in 0..4 {
            match self.phase() {
                Phase::Bidding => return,
                Phase::Revealing => self.wait_for_epoch_end(),
                Phase::Unsettled => self.settle_all(),
            }
        }
        panic!("bidding does not begin again");
    }

    fn pay_instalments(&mut self) {
        let (filo, borrower) = (self.loans.market.town.suite.filo, self.loans.borrower());
        for loan in self.made() {
            let due = self.town().read(filo, &Filo::instalmentCall { loan });
            let most = due.interest + due.principal + due.lateFee;
            self.town().does(borrower, filo, &Filo::payCall { loan, maxAmount: most });
        }
    }

    /// Anybody pays every loan that is not over.
    pub(super) fn pay_all(&mut self) {
        let (filo, anybody) = (self.loans.market.town.suite.filo, self.loans.anybody());
        for loan in self.made() {
            if self.town().read(filo, &Filo::loanCall { loan }).status < n(4) {
                let most = U256::MAX;
                self.town().does(anybody, filo, &Filo::payCall { loan, maxAmount: most });
            }
        }
    }

    /// The last settlement took all the cash, the curator its capital, and what is pledged is worth nothing to anybody.
    fn lose_everything(&mut self) {
        self.wait_for_epoch_end();
        self.settle(ALL);
        let (filo, stack, curator) = (
            self.loans.market.town.suite.filo,
            self.loans.market.stack,
            self.loans.market.curator.address(),
        );
        let assets = self.town().read(filo, &Filo::juniorCashCall { stack });
        let receiver = curator;
        self.town()
            .does(curator, filo, &Filo::withdrawJuniorCall { stack, assets, receiver });
        let made = self.made();
        let past_grace = made.map(|loan| self.town().read(filo, &Filo::standingCall { loan }).graceUntil.to::<u64>());
        let second = past_grace.into_iter().max().unwrap_or_default() + 1;
        self.town().node.chain.warp_to(second);
        for loan in made {
            self.loans.keep(&Defaults::declareDefaultCall { loan });
        }
        for _ in 0..5 {
            self.town().node.chain.advance(14 * DAY + 1);
            for loan in made {
                self.loans.keep(&Defaults::startAuctionCall { loan });
            }
        }
        self.town().node.chain.advance(14 * DAY);
        for loan in made {
            let bid = Defaults::bidCall {
                loan,
                receipts: Vec::new(),
                maxPrice: U256::ZERO,
                receiver: MALLORY,
            };
            self.loans.keep(&bid);
        }
        let vault = self.vault;
        let price = self.town().read(vault, &Vault::redemptionSharePriceCall {});
        assert!(price < wad(1) / n(1_000), "{price}");
    }

    fn bar(&mut self, accounts: &[Address]) {
        let (router, vault, officer) = (self.loans.market.town.suite.router, self.vault, self.loans.anybody());
        let (role, account) = (id("BLACKLIST"), officer);
        self.loans.admin(router, &Router::grantRoleCall { role, account });
        for account in accounts.iter().copied() {
            self.set_barred(account, true);
        }
        // Whoever bars accounts one by one cannot bar all who wait at once.
        let queue = self.queue;
        let all = Vault::setBlacklistCall {
            account: queue,
            isBlacklisted: true,
        };
        self.town().refuses_as(officer, vault, &all, &refusals::SharesOfQueue { queue });
    }

    /// By whoever has the role since Ann was barred.
    pub(super) fn set_barred(&mut self, account: Address, barred: bool) {
        let (officer, vault) = (self.loans.anybody(), self.vault);
        let set = Vault::setBlacklistCall {
            account,
            isBlacklisted: barred,
        };
        self.town().does(officer, vault, &set);
    }

    /// Places of a wei: some are given to Ann, some leave a void, some wait.
    fn crowd(&mut self) {
        let queue = self.queue;
        for kind in (0..30).map(|index| index % 3) {
            let position = self.request(MALLORY, U256::ONE);
            if kind == 0 {
                let gift = Queue::transferFromCall {
                    from: MALLORY,
                    to: ANN,
                    tokenId: position,
                };
                self.town().does(MALLORY, queue, &gift);
            } else if kind == 1 {
                let cancel = Queue::cancelCall {
                    position,
                    shares: ALL,
                    receiver: MALLORY,
                };
                self.town().does(MALLORY, queue, &cancel);
            }
        }
    }

    /// What strangers may call, whatever comes of it.
    fn meddle(&mut self) {
        let (suite, positions) = (self.loans.market.town.suite, self.hers().to_vec());
        let loan = self.loans.loan;
        let mut calls = vec![
            (suite.qev, Queue::settleCall { maxSteps: U256::ONE }.abi_encode()),
            (suite.qev, Queue::forfeitBondsCall { positions }.abi_encode()),
            (suite.usdai, Usdai::harvestCall {}.abi_encode()),
            (suite.defaults, Defaults::callMarginCall { loan }.abi_encode()),
            (suite.defaults, Defaults::markCall { loan }.abi_encode()),
        ];
        let wired = [suite.usdai, suite.susdai, suite.qev, suite.filo, suite.caliber, suite.gateway];
        calls.extend(wired.map(|contract| (contract, Wired::wireCall {}.abi_encode())));
        for (to, data) in calls {
            self.town().raw(MALLORY, to, U256::ZERO, data);
        }
    }
}

impl Stage for Leaving {
    const STATES: &'static [&'static str] = &[
        "bids are sealed",
        "bids are opened",
        "the epoch has ended",
        "a settlement is half done",
        "the settlement took all the cash",
        "a payment is overdue and unmarked",
        "the loans are marked and little is expected",
        "a mark was made good",
        "everything is paid back",
        "everything is lost",
        "nobody did anything for ten years",
    ];
    const DISTURBANCES: &'static [&'static str] = &[
        "nothing",
        PAUSED,
        "the borrower, the curator and the treasury are barred from the vault",
        "the appraisals are struck and the cover has lapsed",
        "nobody has a role any more, and the admin is nobody",
        "the swap adapter is a contract that does nothing",
        "every contract was given money",
        SILENT_ROUTER,
        "the queue is crowded with places of a wei",
        "a stranger has called whatever strangers may",
        OTHERS_BARRED,
        BARRED,
    ];

    fn town(&mut self) -> &mut Town {
        self.loans.town()
    }

    fn bring(&mut self, state: &str) {
        match state {
            "bids are sealed" => self.town().node.chain.advance(2 * DAY),
            "bids are opened" => self.wait_for_reveals(),
            "the epoch has ended" => self.wait_for_epoch_end(),
            "a settlement is half done" => {
                self.wait_for_reveals();
                self.open(BOB, self.bobs, 9);
                self.wait_for_epoch_end();
                self.settle(U256::ONE);
                let queue = self.queue;
                let progress = self.town().read(queue, &Queue::progressCall {});
                assert!(progress.countedFrom < n(256) && self.phase() == Phase::Unsettled);
            }
            "the settlement took all the cash" => {
                self.wait_for_epoch_end();
                self.settle(ALL);
                let vault = self.vault;
                assert!(self.town().read(vault, &Vault::cashCall {}) < wad(1));
            }
            "a payment is overdue and unmarked" => self.loans.overdue(),
            "the loans are marked and little is expected" | "a mark was made good" => {
                self.loans.overdue();
                let receipts = self.loans.market.receipts.clone();
                self.loans.appraise(&receipts, 10_000);
                self.mark_all();
                let vault = self.vault;
                assert!(self.town().read(vault, &Vault::impairmentCall {}) > wad(300_000));
                if state == "a mark was made good" {
                    self.pay_instalments();
                    assert!(self.town().read(vault, &Vault::impairmentCall {}).is_zero());
                }
            }
            "everything is paid back" => self.pay_all(),
            "everything is lost" => self.lose_everything(),
            "nobody did anything for ten years" => {
                self.town().node.chain.advance(10 * 365 * DAY);
                self.town().reactivate();
            }
            _ => unreachable!("{state}"),
        }
    }

    fn disturb(&mut self, disturbance: &str) {
        match disturbance {
            "the queue is crowded with places of a wei" => self.crowd(),
            "a stranger has called whatever strangers may" => self.meddle(),
            OTHERS_BARRED => {
                let gateway = self.loans.market.town.suite.gateway;
                let lender = self.loans.market.town.cast.depositor.address();
                self.bar(&[BOB, MALLORY, lender, gateway]);
            }
            BARRED => self.bar(&[ANN]),
            _ => self.loans.disturb(disturbance),
        }
    }
}

//! Who may leave a loan can, whatever others did: a borrower can always pay, a closed loan always frees its receipts, an auction always ends,
//! and nobody's hook, token or receiver stops any of it. Every state of a loan, under every disturbance that others can make, on the WASM.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::SolCall;
use scenarios::{
    abi::{Caliber, Defaults, Erc20, Filo, Origination, Router, Usdai, Vault},
    hands::{n, wad},
    lending::{open_call, Market, Offer, DAY},
    refusals,
    usdai_cli::protocol::suite::id,
    Town,
};

/// How far the loan has come.
const STATES: [&str; 6] = ["live", "late", "called", "in default", "in auction", "half sold"];

/// What others have done.
const DISTURBANCES: [&str; 10] = [
    "nothing",
    "all that can be paused is",
    "the borrower, the curator and the treasury are barred from the vault",
    "the curator has lost its role, its stack is full, every limit is a wei",
    "the appraisals are struck and the cover has lapsed",
    "the class has been shocked",
    "another loan of the stack is in default",
    "a list of parties is on and the borrower is not on it",
    "the fees are the highest",
    "the treasury is another",
];

/// One loan on two receipts; everybody has enough and has allowed FiLo to take it.
struct Stage {
    market: Market,
    loan: U256,
    other: U256,
}

impl Stage {
    fn set() -> Self {
        let mut market = Market::of(500_000, 30_000, &[("a", 60_000), ("b", 60_000), ("c", 60_000), ("d", 60_000)]);
        let receipts = market.receipts.clone();
        let good = Offer {
            graceSeconds: U256::from(5 * DAY),
            ..market.offer()
        };
        let loan = market.draw(&Offer {
            receipts: receipts[..2].to_vec(),
            ..good.clone()
        });
        let other = market.draw(&Offer {
            receipts: receipts[2..3].to_vec(),
            principal: wad(40_000),
            ..good
        });
        let mut stage = Self { market, loan, other };
        for who in [stage.borrower(), stage.anybody()] {
            stage.fund(who);
        }
        stage
    }

    fn town(&mut self) -> &mut Town {
        &mut self.market.town
    }

    fn borrower(&self) -> Address {
        self.market.borrower.address()
    }

    fn anybody(&self) -> Address {
        self.market.town.stranger.address()
    }

    /// Gives `who` enough, all of it for FiLo to take.
    fn fund(&mut self, who: Address) {
        let (filo, usdai) = (self.market.town.suite.filo, self.market.town.suite.usdai);
        self.town().give_usdai(who, 300_000);
        let approve = Erc20::approveCall {
            spender: filo,
            value: U256::MAX,
        };
        self.town().does(who, usdai, &approve);
    }

    /// Anybody calls the contract of defaults.
    fn keep<C: SolCall>(&mut self, call: &C) -> C::Return {
        let (who, defaults) = (self.anybody(), self.market.town.suite.defaults);
        self.town().does(who, defaults, call)
    }

    fn admin<C: SolCall>(&mut self, to: Address, call: &C) {
        let admin = self.market.town.cast.admin.address();
        self.town().does(admin, to, call);
    }

    fn appraise(&mut self, receipts: &[U256], whole: u64) {
        let (appraiser, caliber) = (self.market.town.cast.appraiser.address(), self.market.town.suite.caliber);
        for receipt in receipts {
            let call = Caliber::appraiseCall {
                receipt: *receipt,
                value: wad(whole),
            };
            self.town().does(appraiser, caliber, &call);
        }
    }

    /// Past the end of the day on which the first payment was due.
    fn overdue(&mut self) {
        let filo = self.market.town.suite.filo;
        let last = self.town().read(filo, &Filo::earliestDueCall {}).due;
        self.town().node.chain.warp_to(last.to::<u64>() + 1);
    }

    fn in_default(&mut self, loan: U256) {
        self.overdue();
        self.town().node.chain.advance(5 * DAY);
        self.keep(&Defaults::declareDefaultCall { loan });
    }

    fn bring(&mut self, state: &str) {
        let loan = self.loan;
        match state {
            "live" => self.town().node.chain.advance(3 * DAY),
            "late" => {
                self.overdue();
                self.keep(&Defaults::markLateCall { loan });
            }
            "called" => {
                let receipts = self.market.receipts.clone();
                self.appraise(&receipts[..2], 30_000);
                self.keep(&Defaults::callMarginCall { loan });
            }
            "in default" => self.in_default(loan),
            "in auction" | "half sold" => {
                self.in_default(loan);
                self.town().node.chain.advance(14 * DAY + 1);
                self.keep(&Defaults::startAuctionCall { loan });
                if state == "half sold" {
                    self.town().node.chain.advance(13 * DAY);
                    let (receipts, receiver) = (self.market.receipts[..1].to_vec(), self.anybody());
                    let bid = Defaults::bidCall {
                        loan,
                        receipts,
                        maxPrice: U256::MAX,
                        receiver,
                    };
                    self.keep(&bid);
                }
            }
            _ => unreachable!("{state}"),
        }
    }

    fn disturb(&mut self, disturbance: &str) {
        let suite = self.market.town.suite;
        match disturbance {
            "nothing" => (),
            "all that can be paused is" => {
                self.admin(suite.usdai, &Usdai::pauseDepositsCall {});
                self.admin(suite.usdai, &Usdai::setWithdrawalsPausedCall { paused: true });
                self.admin(suite.susdai, &Vault::pauseCall {});
                self.admin(suite.caliber, &Caliber::pauseIssuesCall {});
            }
            "the borrower, the curator and the treasury are barred from the vault" => {
                let (role, account) = (id("BLACKLIST"), self.anybody());
                self.admin(suite.router, &Router::grantRoleCall { role, account });
                let treasury = self.market.town.cast.treasury.address();
                for account in [self.borrower(), self.market.curator.address(), treasury] {
                    let bar = Vault::setBlacklistCall {
                        account,
                        isBlacklisted: true,
                    };
                    let who = self.anybody();
                    self.town().does(who, suite.susdai, &bar);
                }
            }
            "the curator has lost its role, its stack is full, every limit is a wei" => {
                let (role, account) = (id("CURATOR"), self.market.curator.address());
                self.admin(suite.router, &Router::revokeRoleCall { role, account });
                let class = id("H100");
                for (kind, subject) in [(0, self.borrower().into_word()), (1, account.into_word()), (2, class)] {
                    let limit = U256::ONE;
                    let kind = n(kind);
                    self.admin(suite.filo, &Filo::setLimitCall { kind, subject, limit });
                }
            }
            "the appraisals are struck and the cover has lapsed" => {
                let (agent, appraiser, attestor) = {
                    let cast = &self.market.town.cast;
                    (cast.agent.address(), cast.appraiser.address(), cast.attestor.address())
                };
                let uninsured = Caliber::insureCall {
                    receipt: self.market.receipts[1],
                    insuredValue: U256::ZERO,
                    insuredUntil: U256::ZERO,
                };
                self.town().does(attestor, suite.caliber, &uninsured);
                for (role, account) in [(id("TOKENISING_AGENT"), agent), (id("APPRAISER"), appraiser)] {
                    self.admin(suite.router, &Router::revokeRoleCall { role, account });
                    // Refused if there is nothing of theirs to strike.
                    let who = self.anybody();
                    let _ = self.town().attempt(who, suite.caliber, &Caliber::strikeCall { role, account });
                }
                let receipts = vec![self.market.receipts[1]];
                let left = self.town().read(suite.caliber, &Caliber::collateralOfCall { receipts });
                assert_eq!((left.value, left.insuredUntil), (U256::ZERO, U256::ZERO));
            }
            "the class has been shocked" => {
                let shock = Caliber::shockClassCall {
                    hardwareClass: id("H100"),
                    bps: n(2_000),
                };
                let appraiser = self.market.town.cast.appraiser.address();
                self.town().does(appraiser, suite.caliber, &shock);
            }
            "another loan of the stack is in default" => {
                let loan = self.other;
                let late_after = self.town().read(suite.filo, &Filo::standingCall { loan }).graceUntil;
                let second = (late_after.to::<u64>() + 1).max(self.town().node.chain.timestamp());
                self.town().node.chain.warp_to(second);
                self.keep(&Defaults::declareDefaultCall { loan });
            }
            "a list of parties is on and the borrower is not on it" => {
                self.admin(suite.caliber, &Caliber::setAllowListCall { enabled: true });
            }
            "the fees are the highest" => {
                let fees = Filo::setFeesCall {
                    protocolFeeBps: n(1_000),
                    reserveBps: n(1_000),
                };
                self.admin(suite.filo, &fees);
            }
            "the treasury is another" => {
                let current = Address::repeat_byte(0x77);
                let id = id("TREASURY");
                self.admin(suite.router, &Router::setAddressCall { id, current });
                self.town().does(current, suite.filo, &Filo::wireCall {});
            }
            _ => unreachable!("{disturbance}"),
        }
    }

    /// Every state under every disturbance, each a scene of its own.
    fn in_each(mut self, mut act: impl FnMut(&mut Self, &str)) {
        for state in STATES {
            for disturbance in DISTURBANCES {
                let before = self.town().node.chain.snapshot();
                self.bring(state);
                self.disturb(disturbance);
                act(&mut self, &format!("{state}, and {disturbance}"));
                assert!(self.town().node.chain.revert_to(before), "the scene's beginning is gone");
            }
        }
        println!("tried {}", STATES.len() * DISTURBANCES.len());
    }

    fn pay(&mut self, who: Address, most: U256) -> Result<U256, String> {
        let (filo, loan) = (self.market.town.suite.filo, self.loan);
        let pay = Filo::payCall { loan, maxAmount: most };
        let receipt = self.town().attempt(who, filo, &pay).map_err(|refusal| refusal.to_string())?;
        Ok(Filo::payCall::abi_decode_returns(&receipt.output).expect("an amount"))
    }
}

#[test]
fn a_borrower_can_always_pay_and_a_closed_loan_always_frees_its_receipts() {
    let mut scenes = 0;
    Stage::set().in_each(|stage, scene| {
        let (borrower, anybody) = (stage.borrower(), stage.anybody());
        let (filo, caliber, loan) = (stage.market.town.suite.filo, stage.market.town.suite.caliber, stage.loan);
        let left = stage.town().read(filo, &Filo::receiptsOfCall { loan });
        // A wei, a part, all; by anybody, by the borrower.
        for (who, most) in [(anybody, U256::ONE), (borrower, wad(1_000)), (borrower, U256::MAX)] {
            let now = stage.town().now();
            let owed = stage.town().read(filo, &Filo::payoffCall { loan, time: now });
            let paid = stage.pay(who, most).unwrap_or_else(|refusal| panic!("{scene}: {refusal}"));
            assert_eq!(paid, most.min(owed), "{scene}");
        }
        let status = stage.town().read(filo, &Filo::loanCall { loan }).status;
        assert_eq!(status, n(4), "{scene}");
        assert!(!left.is_empty());
        for receipt in left {
            let it = stage.town().read(caliber, &Caliber::receiptOfCall { receipt });
            assert_eq!((it.owner, it.loan), (borrower, U256::ZERO), "{scene}");
            // The owner may ask the custodian for the machines, list of parties or not.
            stage.town().does(borrower, caliber, &Caliber::requestRedemptionCall { receipt });
        }
        scenes += 1;
    });
    assert_eq!(scenes, STATES.len() * DISTURBANCES.len());
}

/// Overdue, anybody marks; past grace, anybody declares; after fourteen days, anybody auctions; and what nobody wants at a price goes at none.
#[test]
fn a_loan_that_nobody_pays_always_ends() {
    Stage::set().in_each(|stage, scene| {
        let (filo, loan, receiver) = (stage.market.town.suite.filo, stage.loan, stage.anybody());
        let status = |stage: &mut Stage| stage.town().read(filo, &Filo::loanCall { loan }).status.to::<u8>();
        if status(stage) < 3 {
            let grace = stage.town().read(filo, &Filo::standingCall { loan }).graceUntil;
            let second = (grace.to::<u64>() + 1).max(stage.town().node.chain.timestamp());
            stage.town().node.chain.warp_to(second);
            stage.keep(&Defaults::declareDefaultCall { loan });
        }
        // Whoever is on the list of parties, where there is one.
        let caliber = stage.market.town.suite.caliber;
        if stage.town().read(caliber, &Caliber::allowListCall {}) {
            let bid = Defaults::bidCall {
                loan,
                receipts: Vec::new(),
                maxPrice: U256::MAX,
                receiver,
            };
            let (stranger, defaults) = (stage.market.town.stranger.clone(), stage.market.town.suite.defaults);
            stage.town().node.chain.advance(14 * DAY + 1);
            stage.keep(&Defaults::startAuctionCall { loan });
            let unlisted = refusals::NotListed { account: receiver };
            stage.town().refuses(&stranger, defaults, &bid, &unlisted);
            let list = Caliber::setPartiesCall {
                accounts: vec![receiver],
                listed: true,
            };
            stage.admin(caliber, &list);
        }
        for _ in 0..5 {
            stage.town().node.chain.advance(14 * DAY + 1);
            stage.keep(&Defaults::startAuctionCall { loan });
        }
        stage.town().node.chain.advance(14 * DAY);
        let bid = Defaults::bidCall {
            loan,
            receipts: Vec::new(),
            maxPrice: U256::ZERO,
            receiver,
        };
        assert_eq!(stage.keep(&bid), U256::ZERO, "{scene}");
        assert_eq!(status(stage), 5, "{scene}");
    });
}

/// A borrower, a curator, a treasury and a buyer that revert whatever they are asked: they are asked nothing.
#[test]
fn nobodys_hook_token_or_receiver_blocks_a_payment_a_default_or_an_auction() {
    let mut stage = Stage::set();
    let suite = stage.market.town.suite;
    // A contract of one function, which is not theirs: everything else reverts.
    let [hostile, buyer] = [(); 2].map(|()| stage.town().solidity("StylusDeployer", &[]));
    let (role, account) = (id("CURATOR"), hostile);
    stage.admin(suite.router, &Router::grantRoleCall { role, account });
    let treasury = Router::setAddressCall {
        id: id("TREASURY"),
        current: hostile,
    };
    stage.admin(suite.router, &treasury);
    for wired in [suite.filo, suite.usdai] {
        stage.admin(wired, &Filo::wireCall {});
    }
    stage.fund(hostile);
    stage.fund(buyer);
    let stack = stage.town().does(hostile, suite.filo, &open_call());
    let assets = wad(20_000);
    stage.town().does(hostile, suite.filo, &Filo::depositJuniorCall { stack, assets });
    let borrower = stage.borrower();
    let mut loans = Vec::new();
    for lot in ["e", "f"] {
        let receipt = stage.market.issue(lot, "H100", 60_000);
        let give = Caliber::transferFromCall {
            from: borrower,
            to: hostile,
            tokenId: receipt,
        };
        stage.town().does(borrower, suite.caliber, &give);
        let offer = Offer {
            stack,
            borrower: hostile,
            receipts: vec![receipt],
            principal: wad(30_000),
            graceSeconds: U256::ZERO,
            ..stage.market.offer()
        };
        let post = Origination::postCall { offer: offer.clone() };
        stage.town().does(hostile, suite.origination, &post);
        let draw = Origination::drawCall {
            offer,
            signature: Bytes::new(),
            receiver: hostile,
        };
        loans.push(stage.town().does(hostile, suite.origination, &draw));
    }
    let (loan, other) = (loans[0], loans[1]);
    stage.loan = loan;
    stage.town().node.chain.advance(20 * DAY);
    stage.pay(hostile, wad(100)).expect("the borrower pays");
    stage.town().node.chain.advance(14 * DAY);
    for loan in [loan, other] {
        stage.keep(&Defaults::markLateCall { loan });
        stage.keep(&Defaults::declareDefaultCall { loan });
    }
    let borrower = stage.borrower();
    stage.pay(borrower, wad(1_000)).expect("somebody pays");
    stage.town().node.chain.advance(14 * DAY + 1);
    for loan in [loan, other] {
        stage.keep(&Defaults::startAuctionCall { loan });
    }
    // Sold with a surplus, which goes to the borrower; sold to a contract that receives no tokens.
    let before = stage.town().balance(suite.usdai, hostile);
    let bid = Defaults::bidCall {
        loan,
        receipts: Vec::new(),
        maxPrice: U256::MAX,
        receiver: buyer,
    };
    let price = stage.town().does(buyer, suite.defaults, &bid);
    assert!(stage.town().balance(suite.usdai, hostile) > before, "{price}");
    let owned = stage.town().read(suite.caliber, &Caliber::balanceOfCall { owner: buyer });
    assert_eq!(owned, U256::ONE);
    stage.loan = other;
    stage.pay(hostile, U256::MAX).expect("the borrower redeems");
    // The curator takes out what is its own.
    let assets = stage.town().read(suite.filo, &Filo::juniorCashCall { stack });
    let out = Filo::withdrawJuniorCall {
        stack,
        assets,
        receiver: buyer,
    };
    // Other stacks' loans that are overdue are marked first, by anybody.
    loop {
        let first = stage.town().read(suite.filo, &Filo::earliestDueCall {});
        if first.loan.is_zero() || first.due >= stage.town().now() {
            break;
        }
        stage.keep(&Defaults::markLateCall { loan: first.loan });
    }
    stage.town().does(hostile, suite.filo, &out);
}

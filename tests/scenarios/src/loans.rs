//! Two loans of one stack: how far the first can have come, and what others can do to whoever has to do with it.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use usdai_cli::protocol::{counterparts::dollars6, suite::id};

use crate::{
    abi::{Caliber, Defaults, Erc20, Filo, Router, Usdai, Vault},
    hands::{n, wad},
    lending::{Market, Offer, DAY},
    scenes::Stage,
    Town,
};

/// Contracts ask the router in administrative calls alone, so nobody else misses it.
pub const SILENT_ROUTER: &str = "the router reverts whatever it is asked";

/// One loan on two receipts; everybody has enough and has allowed FiLo to take it.
pub struct Loans {
    /// Where they were made.
    pub market: Market,
    /// The one that is looked at, on the first two receipts.
    pub loan: U256,
    /// Another of the same stack, on the third receipt.
    pub other: U256,
}

impl Loans {
    /// 500,000 in the vault, of which 99,000 are lent; 30,000 of junior capital; a receipt of the borrower's that is pledged to none.
    #[must_use]
    pub fn set() -> Self {
        Self::on(Market::of(
            500_000,
            30_000,
            &[("a", 60_000), ("b", 60_000), ("c", 60_000), ("d", 60_000)],
        ))
    }

    /// On a market whose first three receipts are worth 60,000 each.
    #[must_use]
    pub fn on(mut market: Market) -> Self {
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
        // Ten years of interest and late fees are twice what was lent.
        for who in [stage.borrower(), stage.anybody(), stage.anybody()] {
            stage.fund(who);
        }
        stage
    }

    /// Whose loans they are.
    #[must_use]
    pub fn borrower(&self) -> Address {
        self.market.borrower.address()
    }

    /// Somebody without a role.
    #[must_use]
    pub fn anybody(&self) -> Address {
        self.market.town.stranger.address()
    }

    /// Gives `who` enough, all of it for FiLo to take.
    pub fn fund(&mut self, who: Address) {
        let (filo, usdai) = (self.market.town.suite.filo, self.market.town.suite.usdai);
        self.town().give_usdai(who, 300_000);
        let approve = Erc20::approveCall {
            spender: filo,
            value: U256::MAX,
        };
        self.town().does(who, usdai, &approve);
    }

    /// Anybody calls the contract of defaults.
    pub fn keep<C: SolCall>(&mut self, call: &C) -> C::Return {
        let (who, defaults) = (self.anybody(), self.market.town.suite.defaults);
        self.town().does(who, defaults, call)
    }

    /// The admin does `call`.
    pub fn admin<C: SolCall>(&mut self, to: Address, call: &C) {
        let admin = self.market.town.cast.admin.address();
        self.town().does(admin, to, call);
    }

    /// In whole dollars.
    pub fn appraise(&mut self, receipts: &[U256], whole: u64) {
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
    pub fn overdue(&mut self) {
        let filo = self.market.town.suite.filo;
        let last = self.town().read(filo, &Filo::earliestDueCall {}).due;
        self.town().node.chain.warp_to(last.to::<u64>() + 1);
    }

    /// Past grace; anybody declares the loan in default.
    pub fn in_default(&mut self, loan: U256) {
        self.overdue();
        self.town().node.chain.advance(5 * DAY);
        self.keep(&Defaults::declareDefaultCall { loan });
    }

    /// `who` pays on the loan, `most` at most.
    ///
    /// # Errors
    /// What FiLo refuses with.
    ///
    /// # Panics
    /// If FiLo does not say what was paid.
    pub fn pay(&mut self, who: Address, most: U256) -> Result<U256, String> {
        let (filo, loan) = (self.market.town.suite.filo, self.loan);
        let pay = Filo::payCall { loan, maxAmount: most };
        let receipt = self.town().attempt(who, filo, &pay).map_err(|refusal| refusal.to_string())?;
        Ok(Filo::payCall::abi_decode_returns(&receipt.output).expect("an amount"))
    }

    fn lose_power(&mut self) {
        let suite = self.market.town.suite;
        let cast = self.market.town.cast.clone();
        for (role, person) in [
            ("TOKENISING_AGENT", &cast.agent),
            ("APPRAISER", &cast.appraiser),
            ("ATTESTOR", &cast.attestor),
            ("CURATOR", &cast.curator),
        ] {
            let (role, account) = (id(role), person.address());
            self.admin(suite.router, &Router::revokeRoleCall { role, account });
        }
        let account = Address::repeat_byte(0xde);
        self.admin(suite.router, &Router::transferAdminCall { account });
        self.town().does(account, suite.router, &Router::acceptAdminCall {});
    }

    fn give_to_all(&mut self) {
        let suite = self.market.town.suite;
        let giver = Address::repeat_byte(0x91);
        let (base, susdai) = (self.market.town.world.wrapped_m, suite.susdai);
        self.town().give_susdai(giver, 1_000);
        self.town().give_usdai(giver, 1_000);
        self.town().give_base(giver, dollars6(1_000));
        for (_, to) in suite.contracts() {
            for (token, value) in [(suite.usdai, wad(7)), (base, dollars6(7)), (susdai, wad(7))] {
                // The vault takes no shares for the queue, nor do tokens take themselves.
                let _ = self.town().attempt(giver, token, &Erc20::transferCall { to, value });
            }
        }
    }
}

impl Stage for Loans {
    const STATES: &'static [&'static str] = &[
        "live",
        "late",
        "called",
        "in default",
        "in auction",
        "half sold",
        "forgotten for ten years",
    ];
    const DISTURBANCES: &'static [&'static str] = &[
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
        "nobody has a role any more, and the admin is nobody",
        "the swap adapter is a contract that does nothing",
        "the supply of USDai is at its cap",
        "every contract was given money",
        SILENT_ROUTER,
    ];

    fn town(&mut self) -> &mut Town {
        &mut self.market.town
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
            "forgotten for ten years" => {
                self.town().node.chain.advance(10 * 365 * DAY);
                self.town().reactivate();
            }
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
            "nobody has a role any more, and the admin is nobody" => self.lose_power(),
            "the swap adapter is a contract that does nothing" => {
                // A contract of one function, which is not the adapter's: everything else reverts.
                let current = self.town().solidity("StylusDeployer", &[]);
                let id = id("SWAP_ADAPTER");
                self.admin(suite.router, &Router::setAddressCall { id, current });
                self.admin(suite.usdai, &Usdai::wireCall {});
            }
            "the supply of USDai is at its cap" => self.admin(suite.usdai, &Usdai::setSupplyCapCall { supplyCap: U256::ONE }),
            "every contract was given money" => self.give_to_all(),
            SILENT_ROUTER => self.town().silence(suite.router),
            "the treasury is another" => {
                let current = Address::repeat_byte(0x77);
                let id = id("TREASURY");
                self.admin(suite.router, &Router::setAddressCall { id, current });
                self.town().does(current, suite.filo, &Filo::wireCall {});
            }
            _ => unreachable!("{disturbance}"),
        }
    }
}

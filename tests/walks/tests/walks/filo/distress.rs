//! Marks, margin calls, defaults, auctions.

use protocol_model::filo::{Loan, Losses, Sale};

use super::*;

impl Walk {
    /// Names what the model refuses about a loan.
    pub(super) fn loan_reasons(&self, why: &[Refusal], id: LoanId, loan: U256) -> Reasons {
        let mut reasons = Reasons::default();
        for refusal in why.iter().cloned() {
            match refusal {
                Refusal::UnknownLoan => reasons.add(true, &refusals::UnknownLoan { loan }),
                Refusal::Is(status) => {
                    let status = Self::status(status);
                    reasons.add(true, &refusals::WrongStatus { loan, status });
                }
                Refusal::Nothing => reasons.add_any::<refusals::OutOfRange>(true),
                Refusal::NotOverdue(after) => {
                    let after = U256::from(after);
                    reasons.add(true, &refusals::NotOverdue { loan, lateAfter: after });
                }
                Refusal::CallOpen(deadline) => {
                    let deadline = U256::from(deadline);
                    reasons.add(true, &refusals::CallOpen { loan, deadline });
                }
                Refusal::CallLapsed(deadline) => {
                    let deadline = U256::from(deadline);
                    reasons.add(true, &refusals::CallLapsed { loan, deadline });
                }
                Refusal::NoCall => reasons.add(true, &refusals::NoCall { loan }),
                Refusal::NotInDefault(until) => {
                    let call = self.model.loan(id).and_then(|loan| loan.call.as_ref());
                    let error = refusals::NotInDefault {
                        loan,
                        graceUntil: U256::from(until),
                        callDeadline: U256::from(call.map_or(0, |call| call.deadline)),
                    };
                    reasons.add(true, &error);
                }
                Refusal::Redeemable(until) => {
                    let until = U256::from(until);
                    reasons.add(true, &refusals::RedemptionOpen { loan, until });
                }
                Refusal::RoundOpen(until) => {
                    let until = U256::from(until);
                    reasons.add(true, &refusals::AuctionOpen { loan, until });
                }
                Refusal::NoAuction => reasons.add(true, &refusals::NoAuction { loan }),
                Refusal::UnknownReceipt(receipt) => {
                    let receipt = U256::from(receipt);
                    reasons.add(true, &refusals::UnknownReceipt { receipt });
                }
                other => panic!("{other:?} about a loan"),
            }
        }
        reasons
    }

    /// As [`Self::loan_reasons`], about what its receipts carry too.
    fn collateral_reasons(&self, why: &[Refusal], id: LoanId, insured_until: u64) -> Reasons {
        let (loan, covered) = (Self::number(id), U256::from(insured_until));
        let mut reasons = Reasons::default();
        for refusal in why {
            match refusal {
                Refusal::Suffices(limit) => {
                    let error = refusals::CollateralSuffices {
                        loan,
                        limit: word(limit),
                        coveredUntil: covered,
                    };
                    reasons.add(true, &error);
                }
                Refusal::Insufficient(limit) => {
                    let error = refusals::CollateralInsufficient {
                        loan,
                        limit: word(limit),
                        coveredUntil: covered,
                    };
                    reasons.add(true, &error);
                }
                other => reasons.extend(self.loan_reasons(std::slice::from_ref(other), id, loan)),
            }
        }
        reasons
    }

    /// Has anybody do `call` on the contract of defaults, of which the model made `outcome`.
    fn enforce<C: SolCall, T>(
        &mut self,
        kind: &'static str,
        id: LoanId,
        insured_until: u64,
        call: &C,
        outcome: Result<T, Vec<Refusal>>,
    ) -> Option<(T, C::Return)> {
        let reasons = outcome.as_ref().err().map(|why| self.collateral_reasons(why, id, insured_until));
        let who = self.person();
        let defaults = self.town.suite.defaults;
        let answer = self.play(kind, self.holders[who], defaults, call, &reasons.unwrap_or_default())?;
        self.look(id);
        Some((outcome.ok()?, answer))
    }

    fn look_at_mark(&mut self, id: LoanId) {
        let loan = self.model.loan(id).expect("marked");
        let nothing = Wei::default();
        let (junior, reserve, vault) = (loan.junior_cover > nothing, loan.reserve_cover > nothing, loan.impairment > nothing);
        let outcome = match (junior, reserve, vault) {
            (_, _, true) => "impaired",
            (_, true, false) => "covered by the reserve",
            (true, false, false) => "covered by junior capital",
            (false, false, false) => "covered by its receipts",
        };
        self.log.count("a mark", outcome);
    }

    pub(super) fn mark_late(&mut self) {
        let Some(id) = self.loan_that_is(|loan, now| loan.status == Status::Live && loan.late_after(PERIOD) < now) else {
            return self.pass_time();
        };
        let (value, until) = self.collateral_of(id, &[Status::Live]);
        let outcome = self.model.mark_late(id, &value);
        let call = Defaults::markLateCall { loan: Self::number(id) };
        if self.enforce("markLate", id, until, &call, outcome).is_some() {
            self.look_at_mark(id);
            // Of most loans that are not paid the hardware is not what it was said to be.
            if !id.is_multiple_of(2) && self.dice.chance(60) {
                self.crash(id);
            }
        }
    }

    pub(super) fn mark(&mut self) {
        let Some(id) = self.loan_that_is(|loan, _| loan.is_marked()) else {
            return self.pass_time();
        };
        let (value, until) = self.collateral_of(id, &[Status::Late, Status::Defaulted]);
        let outcome = self.model.mark(id, &value);
        let call = Defaults::markCall { loan: Self::number(id) };
        if self.enforce("mark", id, until, &call, outcome).is_some() {
            self.look_at_mark(id);
        }
    }

    pub(super) fn call_margin(&mut self) {
        let id = self.any_loan();
        let (value, until) = self.collateral_of(id, &[Status::Live, Status::Late]);
        let lapsed = self.model.loan(id).is_some_and(|loan| loan.call.is_some());
        let outcome = self.model.call_margin(id, &value, until);
        let call = Defaults::callMarginCall { loan: Self::number(id) };
        if self.enforce("callMargin", id, until, &call, outcome).is_some() && lapsed {
            self.log.count("callMargin", "made again");
        }
    }

    pub(super) fn release_call(&mut self) {
        let Some(id) = self.loan_that_is(|loan, _| loan.call.is_some()) else {
            return self.pass_time();
        };
        let (value, until) = self.collateral_of(id, &[Status::Live, Status::Late]);
        let outcome = self.model.release_call(id, &value, until);
        let call = Defaults::releaseCallCall { loan: Self::number(id) };
        self.enforce("releaseCall", id, until, &call, outcome);
    }

    pub(super) fn declare_default(&mut self) {
        let missed = |loan: &Loan, now| loan.call.as_ref().is_some_and(|call| call.deadline < now);
        let Some(id) = self.loan_that_is(|loan, now| {
            loan.status != Status::Defaulted && (missed(loan, now) || loan.late_after(PERIOD) + loan.terms.grace < now)
        }) else {
            return self.pass_time();
        };
        let before = self.model.loan(id).cloned();
        let now = self.model.now;
        if before.as_ref().is_some_and(|loan| missed(loan, now)) && self.dice.chance(30) {
            // The hardware is worth more again.
            self.recover(id);
        }
        let (value, until) = self.collateral_of(id, &[Status::Live, Status::Late]);
        let outcome = self.model.declare_default(id, &value, until);
        let call = Defaults::declareDefaultCall { loan: Self::number(id) };
        if self.enforce("declareDefault", id, until, &call, outcome).is_some() {
            let by_call = before.is_some_and(|loan| loan.late_after(PERIOD) + loan.terms.grace >= now);
            self.log.count("a default", if by_call { "for a call" } else { "for a payment" });
            self.look_at_mark(id);
        }
    }

    pub(super) fn start_auction(&mut self) {
        let Some(id) = self.loan_that_is(|loan, now| {
            let auction = &loan.auction;
            loan.status == Status::Defaulted && auction.declared_at + 14 * DAY < now && auction.started_at + 14 * DAY < now
        }) else {
            return self.pass_time();
        };
        let (value, until) = self.collateral_of(id, &[Status::Defaulted]);
        let outcome = self.model.start_auction(id, &value);
        let call = Defaults::startAuctionCall { loan: Self::number(id) };
        let Some((start, _)) = self.enforce("startAuction", id, until, &call, outcome) else {
            return;
        };
        let round = self.model.loan(id).map_or(0, |loan| loan.auction.round);
        let name = ["", "first", "second", "third"]
            .get(usize::try_from(round).unwrap_or(9))
            .unwrap_or(&"later");
        self.log.count("a round", name);
        let there = self
            .town
            .read(self.town.suite.defaults, &Defaults::auctionCall { loan: Self::number(id) });
        assert_eq!((wei(there.startPrice), there.round), (start, U256::from(round)));
    }

    pub(super) fn bid(&mut self) {
        let Some(id) = self.loan_that_is(|loan, _| loan.status == Status::Defaulted && loan.auction.round != 0) else {
            return self.pass_time();
        };
        let state = self.model.loan(id).cloned();
        let held = state.as_ref().map(|loan| loan.receipts.clone()).unwrap_or_default();
        let named = self.lots_of(state.as_ref());
        let lots: Vec<_> = named.iter().map(|receipt| (*receipt, self.collateral(&[*receipt]).0)).collect();
        let (total, _) = self.collateral_of(id, &[Status::Defaulted]);
        // Few pay more than the hardware is worth.
        let asked = self.model.price(id, &[], &total).map_or(Wei::default(), |(_, whole)| whole);
        if asked > total && self.dice.chance(93) {
            return self.pass_time();
        }
        let loan = Self::number(id);
        let to_words = |receipts: &[Receipt]| receipts.iter().map(|receipt| U256::from(*receipt)).collect::<Vec<_>>();
        let price = self.model.price(id, &lots, &total).map(|(price, _)| word(&price));
        let defaults = self.town.suite.defaults;
        if let (Ok(price), true) = (&price, self.dice.chance(30)) {
            let receipts = to_words(&named);
            assert_eq!(self.town.read(defaults, &Defaults::priceCall { loan, receipts }), *price, "a quote");
        }
        let most = match price {
            Ok(price) if self.dice.chance(60) => price,
            Ok(price) if self.dice.chance(20) && !price.is_zero() => price - U256::ONE,
            _ => U256::MAX,
        };
        let (buyer, receiver) = (self.person(), self.person());
        let outcome = self.model.bid(id, &lots, &total, &wei(most));
        let mut reasons = Reasons::default();
        match &outcome {
            Ok(sale) => self.provide(buyer, word(&sale.price)),
            Err(why) => {
                for refusal in why {
                    if let Refusal::Price(price) = refusal {
                        let price = word(price);
                        reasons.add(true, &refusals::PriceAboveMaximum { price, maximum: most });
                    } else {
                        reasons.extend(self.loan_reasons(std::slice::from_ref(refusal), id, loan));
                    }
                }
            }
        }
        let call = Defaults::bidCall {
            loan,
            receipts: to_words(&named),
            maxPrice: most,
            receiver: self.holders[receiver],
        };
        let kind = if named.is_empty() { "bid for all" } else { "bid for some" };
        let Some(price) = self.play(kind, self.holders[buyer], defaults, &call, &reasons) else {
            return;
        };
        let (sale, state) = (outcome.expect("done"), state.expect("a loan"));
        assert_eq!(wei(price), sale.price, "the price");
        self.book(buyer, state.stack, &sale.paid);
        for (to, amount) in [(TREASURY, &sale.costs), (state.borrower, &sale.surplus)] {
            self.dollars[buyer] -= word(amount);
            self.dollars[to] += word(amount);
        }
        if let Some(losses) = &sale.losses {
            self.bear(state.stack, losses);
        }
        let sold = if named.is_empty() { held } else { named };
        for receipt in &sold {
            self.receipts.get_mut(receipt).expect("sold").0 = receiver;
        }
        self.look_at_sale(id, &state, &sale);
        self.look(id);
    }

    /// What somebody bids for: nothing named, which is all that is left; some; some that the loan has not, or not twice.
    fn lots_of(&mut self, state: Option<&Loan>) -> Vec<Receipt> {
        let held = state.map(|loan| loan.receipts.clone()).unwrap_or_default();
        match self.dice.below(8) {
            _ if state.is_none_or(|loan| loan.status != Status::Defaulted) => Vec::new(),
            0 => held.clone(),
            1 => {
                let stranger = self.receipts.keys().copied().find(|receipt| !held.contains(receipt));
                [held[0], stranger.expect("many")].into()
            }
            2 => vec![held[0]; 2],
            3..=5 => vec![self.dice.one_of(&held)],
            _ => Vec::new(),
        }
    }

    /// The vault gets what the stack and the reserve bear of its losses.
    fn bear(&mut self, stack: StackId, losses: &Losses) {
        let nothing = Wei::default();
        let paid = word(&losses.to_vault());
        self.dollars[FILO] -= paid;
        self.dollars[VAULT] += paid;
        self.cash += paid;
        // F3: no senior principal is lost while the stack has junior capital at hand, or there is a reserve, and what it has lent is the senior
        // side's before it is the curator's: all of it, or as much as is lost.
        let filo = &self.model;
        let after = filo.stack(stack).expect("its stack");
        let (lent, owed) = (filo.junior_lent(stack), &after.owed_principal + &after.owed_interest);
        assert!(owed <= lent, "{owed} of {lent} are owed");
        if losses.lost > nothing {
            assert_eq!((&after.cash, &filo.reserve), (&nothing, &nothing), "F3");
            assert!(owed == lent || losses.recoverable >= losses.lost, "F3");
        }
        let said = [
            ("junior cash", losses.cash.0 > nothing),
            ("junior cash, interest", losses.cash.1 > nothing),
            ("claims", losses.claim.0 > nothing),
            ("claims, interest", losses.claim.1 > nothing),
            ("the reserve", losses.reserve.0 > nothing),
            ("the reserve, interest", losses.reserve.1 > nothing),
            ("the vault", losses.lost > nothing),
            ("the vault, for now", losses.recoverable > nothing),
            (
                "junior principal alone",
                losses.to_vault() == nothing && losses.lost == nothing && losses.junior > nothing,
            ),
        ];
        for (what, happened) in said {
            if happened {
                self.log.count("borne by", what);
            }
        }
    }

    /// What a sale has brought.
    fn look_at_sale(&mut self, id: LoanId, state: &Loan, sale: &Sale) {
        let nothing = Wei::default();
        let owed = state.payoff(self.model.now, PERIOD);
        let debt = self.model.loan(id).expect("a loan").payoff(self.model.now, PERIOD);
        let outcome = match (sale.losses.is_some(), debt == nothing) {
            (true, _) if sale.price == nothing => "for nothing",
            (true, _) => "below the debt",
            (false, true) if sale.price > &owed * 2u32 => "above twice the debt",
            (false, true) if sale.surplus > nothing => "with a surplus",
            (false, true) => "for the debt",
            (false, false) => "in part",
        };
        self.log.count("a sale", outcome);
        if !sale.released.is_empty() {
            self.log.count("a sale", "of enough");
        }
    }

    /// The admin counts on other costs of sales.
    pub(super) fn set_parameters(&mut self) {
        let (liquidation, enforcement) = (self.dice.one_of(&[0, 3_000, 3_000, 9_000]), self.dice.one_of(&[0, 200, 777, 1_000]));
        let call = Defaults::setParametersCall {
            liquidationCostBps: U256::from(liquidation),
            enforcementBps: U256::from(enforcement),
        };
        let admin = self.town.cast.admin.address();
        let defaults = self.town.suite.defaults;
        self.play("setParameters", admin, defaults, &call, &Reasons::default());
        (self.model.liquidation_bps, self.model.enforcement_bps) = (liquidation, enforcement);
    }
}

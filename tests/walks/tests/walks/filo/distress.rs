//! Marks, margin calls, defaults, auctions.

use protocol_model::filo::{Loan, Losses, Sale};

use super::*;

impl Walk {
    /// Has anybody do `call` on the contract of defaults, of which the model made `outcome`.
    fn enforce<C: SolCall, T>(
        &mut self,
        kind: &'static str,
        id: LoanId,
        insured_until: u64,
        call: &C,
        outcome: Result<T, Vec<Refusal>>,
    ) -> Option<(T, C::Return)> {
        let deal = Deal {
            loan: id,
            insured_until,
            ..Deal::default()
        };
        let reasons = self.reasons(&outcome, deal);
        let who = self.person();
        let defaults = self.town.suite.defaults;
        let answer = self.play(kind, self.holders[who], defaults, call, &reasons)?;
        self.look(id);
        Some((outcome.ok()?, answer))
    }

    fn look_at_mark(&mut self, id: LoanId) {
        let outcome = credit::covered_by(self.model.loan(id).expect("marked"));
        self.log.count("a mark", outcome);
        if self.model.claim_on(id) > Wei::default() {
            self.log.count("a mark", "of a claim too");
        }
    }

    pub(super) fn mark_late(&mut self) {
        let Some(id) = self.loan_that_is(|loan, now| loan.status == Status::Live && loan.late_after(PERIOD) < now) else {
            return self.pass_time();
        };
        let (value, until) = self.collateral_of(id, &[Status::Live]);
        let outcome = self.model.mark_late(id, &value);
        let call = Defaults::markLateCall { loan: U256::from(id) };
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
        let call = Defaults::markCall { loan: U256::from(id) };
        if self.enforce("mark", id, until, &call, outcome).is_some() {
            self.look_at_mark(id);
        }
    }

    pub(super) fn call_margin(&mut self) {
        let id = self.any_loan();
        let (value, until) = self.collateral_of(id, &[Status::Live, Status::Late]);
        let lapsed = self.model.loan(id).is_some_and(|loan| loan.call.is_some());
        let outcome = self.model.call_margin(id, &value, until);
        let call = Defaults::callMarginCall { loan: U256::from(id) };
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
        let call = Defaults::releaseCallCall { loan: U256::from(id) };
        self.enforce("releaseCall", id, until, &call, outcome);
    }

    pub(super) fn declare_default(&mut self) {
        let Some(id) = self.loan_that_is(credit::may_default) else {
            return self.pass_time();
        };
        let before = self.model.loan(id).cloned();
        let now = self.model.now;
        if before.as_ref().is_some_and(|loan| credit::missed(loan, now)) && self.dice.chance(30) {
            // The hardware is worth more again.
            self.recover(id);
        }
        let (value, until) = self.collateral_of(id, &[Status::Live, Status::Late]);
        let outcome = self.model.declare_default(id, &value, until);
        let call = Defaults::declareDefaultCall { loan: U256::from(id) };
        if self.enforce("declareDefault", id, until, &call, outcome).is_some() {
            let by_call = before.is_some_and(|loan| loan.late_after(PERIOD) + loan.terms.grace >= now);
            self.log.count("a default", if by_call { "for a call" } else { "for a payment" });
            self.look_at_mark(id);
        }
    }

    pub(super) fn start_auction(&mut self) {
        let Some(id) = self.loan_that_is(credit::may_be_sold) else {
            return self.pass_time();
        };
        let (value, until) = self.collateral_of(id, &[Status::Defaulted]);
        let outcome = self.model.start_auction(id, &value);
        let call = Defaults::startAuctionCall { loan: U256::from(id) };
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
            .read(self.town.suite.defaults, &Defaults::auctionCall { loan: U256::from(id) });
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
        // Few pay more than the hardware is worth, hardly anybody for what is worth nothing.
        let asked = self.model.price(id, &[], &total).map_or(Wei::default(), |(_, whole)| whole);
        let wary = if self.doomed.contains(&id) { 99 } else { 93 };
        if asked > total && self.dice.chance(wary) {
            return self.pass_time();
        }
        let loan = U256::from(id);
        let price = self.model.price(id, &lots, &total).map(|(price, _)| word(&price));
        let defaults = self.town.suite.defaults;
        if let (Ok(price), true) = (&price, self.dice.chance(30)) {
            let receipts = credit::numbers(&named);
            assert_eq!(self.town.read(defaults, &Defaults::priceCall { loan, receipts }), *price, "a quote");
        }
        let most = credit::most(&mut self.dice, &price);
        let (buyer, receiver) = (self.person(), self.person());
        let outcome = self.model.bid(id, &lots, &total, &wei(most));
        if let Ok(sale) = &outcome {
            self.provide(buyer, word(&sale.price));
        }
        let deal = Deal {
            loan: id,
            most,
            ..Deal::default()
        };
        let reasons = self.reasons(&outcome, deal);
        let call = Defaults::bidCall {
            loan,
            receipts: credit::numbers(&named),
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
            // What was lost is to come from the curator's other loans: which fail too.
            if losses.claim.0 > Wei::default() && self.dice.chance(60) {
                let others = self.model.open_loans().filter(|(_, loan)| loan.stack == state.stack);
                let others: Vec<_> = others.map(|(id, _)| id).collect();
                for other in others {
                    self.doom(other);
                }
            }
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
        credit::borne_in_order(&self.model, stack, losses);
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

//! Marks, margin calls, defaults, auctions.

use protocol_model::{
    filo::{Loan, Losses, Sale},
    protocol::Outcome,
};

use super::*;

impl Walk {
    /// Has anybody do `call` on the contract of defaults, of which the model made `outcome`.
    fn enforce<C: SolCall, T>(&mut self, kind: &'static str, id: LoanId, until: u64, call: &C, outcome: Outcome<T>) -> Option<T> {
        let case = Case {
            loan: id,
            insured_until: until,
            ..Case::default()
        };
        let reasons = outcome.as_ref().err().map(|why| self.reasons(why.clone(), case));
        let who = self.person();
        self.play(kind, who, self.town.suite.defaults, call, &reasons.unwrap_or_default())?;
        self.look_at_loan(id);
        outcome.ok()
    }

    fn look_at_mark(&mut self, id: LoanId) {
        let outcome = credit::covered_by(self.model.filo.loan(id).expect("marked"));
        self.log.count("a mark", outcome);
        if *self.model.waiting() > Wei::default() {
            self.log.count("together", "a mark between request and settlement");
        }
        if self.model.vault.is_wiped_out() {
            self.log.count("together", "nothing is behind the shares");
        }
    }

    pub(super) fn mark_late(&mut self) {
        let Some(id) = self.loan_that_is(|loan, now| loan.status == Status::Live && loan.late_after(PERIOD) < now) else {
            return self.pass_time();
        };
        self.mark_late_of(id);
    }

    pub(super) fn mark_late_of(&mut self, id: LoanId) {
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
        let outcome = self.model.filo.call_margin(id, &value, until);
        let outcome = outcome.map_err(|why| why.into_iter().map(Refusal::Filo).collect());
        let call = Defaults::callMarginCall { loan: U256::from(id) };
        self.enforce("callMargin", id, until, &call, outcome);
    }

    pub(super) fn release_call(&mut self) {
        let Some(id) = self.loan_that_is(|loan, _| loan.call.is_some()) else {
            return self.call_margin();
        };
        if self.dice.chance(30) && self.model.filo.loan(id).is_some_and(Loan::is_open) {
            self.recover(id);
        }
        let (value, until) = self.collateral_of(id, &[Status::Live, Status::Late]);
        let outcome = self.model.filo.release_call(id, &value, until);
        let outcome = outcome.map_err(|why| why.into_iter().map(Refusal::Filo).collect());
        let call = Defaults::releaseCallCall { loan: U256::from(id) };
        self.enforce("releaseCall", id, until, &call, outcome);
    }

    pub(super) fn declare_default(&mut self) {
        let Some(id) = self.loan_that_is(credit::may_default) else {
            return self.pass_time();
        };
        let (value, until) = self.collateral_of(id, &[Status::Live, Status::Late]);
        let outcome = self.model.declare_default(id, &value, until);
        let call = Defaults::declareDefaultCall { loan: U256::from(id) };
        if self.enforce("declareDefault", id, until, &call, outcome).is_some() {
            self.look_at_mark(id);
        }
    }

    pub(super) fn start_auction(&mut self) {
        let Some(id) = self.loan_that_is(credit::may_be_sold) else {
            return self.pass_time();
        };
        let (value, until) = self.collateral_of(id, &[Status::Defaulted]);
        let outcome = self.model.filo.start_auction(id, &value);
        let outcome = outcome.map_err(|why| why.into_iter().map(Refusal::Filo).collect());
        let loan = U256::from(id);
        let call = Defaults::startAuctionCall { loan };
        if let Some(start) = self.enforce("startAuction", id, until, &call, outcome) {
            let round = self.model.filo.loan(id).map_or(0, |loan| loan.auction.round);
            let there = self.town.read(self.town.suite.defaults, &Defaults::auctionCall { loan });
            assert_eq!((wei(there.startPrice), there.round), (start, U256::from(round)));
            self.log.count("a round", if round == 1 { "first" } else { "later" });
        }
    }

    pub(super) fn bid(&mut self) {
        let Some(id) = self.loan_that_is(|loan, _| loan.status == Status::Defaulted && loan.auction.round != 0) else {
            return self.start_auction();
        };
        let state = self.model.filo.loan(id).cloned();
        let held = state.as_ref().map(|loan| loan.receipts.clone()).unwrap_or_default();
        let named = self.lots_of(state.as_ref());
        let lots: Vec<_> = named.iter().map(|receipt| (*receipt, self.collateral(&[*receipt]).0)).collect();
        let (total, _) = self.collateral_of(id, &[Status::Defaulted]);
        // Few pay more than the hardware is worth.
        let asked = self.model.filo.price(id, &[], &total).map_or(Wei::default(), |(_, whole)| whole);
        if asked > total && self.dice.chance(90) {
            return self.pass_time();
        }
        let price = self.model.filo.price(id, &lots, &total).map(|(price, _)| word(&price));
        let most = credit::most(&mut self.dice, &price);
        let (buyer, receiver) = (self.person(), self.person());
        if let (Ok(price), true) = (&price, self.dice.chance(97)) {
            self.provide(buyer, *price);
        }
        let outcome = self.model.bid(id, buyer, &lots, &total, &wei(most));
        let case = Case {
            who: buyer,
            loan: id,
            amount: most,
            ..Case::default()
        };
        let reasons = outcome.as_ref().err().map(|why| self.reasons(why.clone(), case));
        let call = Defaults::bidCall {
            loan: U256::from(id),
            receipts: credit::numbers(&named),
            maxPrice: most,
            receiver: self.holders[receiver],
        };
        let kind = if named.is_empty() { "bid for all" } else { "bid for some" };
        let defaults = self.town.suite.defaults;
        let Some(price) = self.play(kind, buyer, defaults, &call, &reasons.unwrap_or_default()) else {
            return;
        };
        let (sale, state) = (outcome.expect("done"), state.expect("a loan"));
        assert_eq!(wei(price), sale.price, "the price");
        if let Some(losses) = &sale.losses {
            self.look_at_losses(state.stack, losses);
        }
        for receipt in if named.is_empty() { &held } else { &named } {
            self.receipts.get_mut(receipt).expect("sold").0 = receiver;
        }
        self.look_at_sale(&state, &sale);
        self.look_at_loan(id);
    }

    /// What somebody bids for: nothing named, which is all that is left; some; some that the loan has not, or not twice.
    fn lots_of(&mut self, state: Option<&Loan>) -> Vec<Receipt> {
        let held = state.map(|loan| loan.receipts.clone()).unwrap_or_default();
        match self.dice.below(8) {
            _ if state.is_none_or(|loan| loan.status != Status::Defaulted) => Vec::new(),
            0 => held,
            1 => {
                let stranger = self.receipts.keys().copied().find(|receipt| !held.contains(receipt));
                [held[0], stranger.expect("many")].into()
            }
            2 => vec![held[0]; 2],
            3 | 4 => vec![self.dice.one_of(&held)],
            _ => Vec::new(),
        }
    }

    fn look_at_losses(&mut self, stack: StackId, losses: &Losses) {
        let nothing = Wei::default();
        credit::borne_in_order(&self.model.filo, stack, losses);
        let waiting = *self.model.waiting() > nothing;
        let said = [
            ("junior cash", losses.cash.0 > nothing),
            ("claims", losses.claim.0 > nothing),
            ("the reserve", losses.reserve.0 > nothing),
            ("the vault", losses.lost > nothing),
            ("those who wait too", losses.lost > nothing && waiting),
        ];
        for (what, happened) in said {
            if happened {
                self.log.count("borne by", what);
            }
        }
    }

    /// What a sale has brought.
    fn look_at_sale(&mut self, state: &Loan, sale: &Sale) {
        let nothing = Wei::default();
        let outcome = match (sale.losses.is_some(), sale.paid.total() < state.payoff(self.now(), PERIOD)) {
            (true, _) if sale.price == nothing => "for nothing",
            (true, _) => "below the debt",
            (false, false) if sale.surplus > nothing => "with a surplus",
            (false, false) => "for the debt",
            (false, true) => "in part",
        };
        self.log.count("a sale", outcome);
    }

    /// The admin counts on other costs of sales.
    pub(super) fn set_parameters(&mut self) {
        let (liquidation, enforcement) = (self.dice.one_of(&[0, 3_000, 3_000, 9_000]), self.dice.one_of(&[0, 200, 777, 1_000]));
        let call = Defaults::setParametersCall {
            liquidationCostBps: U256::from(liquidation),
            enforcementBps: U256::from(enforcement),
        };
        let defaults = self.town.suite.defaults;
        self.play_as("setParameters", self.admin, defaults, &call, &Reasons::default());
        (self.model.filo.liquidation_bps, self.model.filo.enforcement_bps) = (liquidation, enforcement);
    }
}

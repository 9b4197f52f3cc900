//! Offers, draws, refinance, more receipts, limits.

use protocol_model::filo::{Drawn, Offer, Standing, Subject, Terms as Agreed};
use scenarios::erc20::Signed;

use super::*;

/// Loans at a time.
const LOANS: usize = 16;
/// Offers to choose from.
const OFFERS: usize = 12;

/// Offers.
impl Walk {
    pub(super) fn offer(&mut self) {
        let (stack, who) = self.about_stack();
        let borrower = CURATORS + usize::try_from(self.dice.below(3)).expect("few");
        let (free, any): (Vec<_>, Vec<_>) = self
            .receipts
            .iter()
            .map(|(receipt, (owner, _))| (*receipt, *owner))
            .partition(|(receipt, owner)| *owner == borrower && self.model.pledged_to(*receipt).is_none());
        let from = if free.is_empty() || self.dice.chance(6) { any } else { free };
        if from.is_empty() {
            return;
        }
        let mut receipts: Vec<_> = (0..=self.dice.below(3)).map(|_| self.dice.one_of(&from).0).collect();
        receipts.sort_unstable();
        receipts.dedup();
        if self.dice.chance(90) {
            self.freshen(&receipts);
        }
        let limit = self.carried(stack, &receipts);
        let principal = match self.dice.below(10) {
            0 => limit + n(1 + u128::from(self.dice.below(2))),
            1 => limit,
            2 | 3 => wad(1) + self.dice.up_to(limit - wad(1)),
            _ => (limit * U256::from(30 + self.dice.below(70)) / n(100)).max(wad(1)),
        };
        let terms = self.terms(principal);
        self.make(stack, who, borrower, receipts, terms);
    }

    /// Who wants a loan has its hardware appraised and insured.
    fn freshen(&mut self, receipts: &[Receipt]) {
        for receipt in receipts {
            if self.receipts[receipt].1 + credit::MAX_AGE < self.model.now {
                let value = self.value();
                self.appraise_at(*receipt, value);
            }
            if !self.insured.contains(receipt) {
                self.insure_until(*receipt, n(1 << 40));
            }
        }
    }

    fn carried(&mut self, stack: StackId, receipts: &[Receipt]) -> U256 {
        credit::carried(&mut self.town, &self.model, stack, receipts)
    }

    fn terms(&mut self, principal: U256) -> Agreed {
        Agreed {
            principal: wei(principal),
            rate: 10_000_000_000_000_000 * (1 + self.dice.below(40)) + self.dice.below(1_000),
            periods: self.dice.one_of(&[1, 2, 3, 6, 12, 36, 120_usize]),
            level: self.dice.chance(60),
            grace: self.dice.one_of(&[0, DAY, 10 * DAY, 40 * DAY]),
            late_fee_bps: self.dice.one_of(&[0, 500, 2_000]),
            expiry: self.model.now + self.dice.one_of(&[0, 20 * DAY, 90 * DAY, 90 * DAY]),
        }
    }

    /// Posts an offer, or has the curator sign it, which nobody learns of.
    fn make(&mut self, stack: StackId, who: usize, borrower: usize, receipts: Vec<Receipt>, terms: Agreed) -> Option<OfferId> {
        let offer = credit::offer(stack, self.holders[borrower], &receipts, &terms, self.log.step);
        let outcome = self.model.post(stack, who, borrower, receipts, terms);
        let origination = self.town.suite.origination;
        let (signature, digest) = if outcome.is_ok() && self.dice.chance(40) {
            let digest = self.town.read(origination, &Origination::hashOfferCall { offer: offer.clone() });
            self.log.begin(format!("{who} signs {digest}"));
            self.log.count("signature", "success");
            (Signed::by(&self.curators[who], digest).bytes().into(), digest)
        } else {
            let reasons = self.reasons(&outcome, Deal::of_stack(who, stack));
            let call = Origination::postCall { offer: offer.clone() };
            (Bytes::new(), self.play("post", self.holders[who], origination, &call, &reasons)?)
        };
        let id = outcome.expect("done");
        self.offers.insert(id, Posted { offer, signature, digest });
        Some(id)
    }

    fn any_offer(&mut self) -> Option<OfferId> {
        credit::any_offer(&self.model, &mut self.dice, OFFERS)
    }

    pub(super) fn cancel(&mut self) {
        let Some(id) = self.any_offer() else { return self.offer() };
        let stack = self.model.offer(id).expect("an offer").stack;
        let curator = self.model.stack(stack).expect("its stack").curator;
        let who = if self.dice.chance(80) { curator } else { self.person() };
        let outcome = self.model.cancel(id, who);
        let deal = Deal {
            who,
            offer: id,
            ..Deal::default()
        };
        let reasons = self.reasons(&outcome, deal);
        let call = Origination::cancelCall {
            offer: self.offers[&id].offer.clone(),
        };
        self.play("cancel", self.holders[who], self.town.suite.origination, &call, &reasons);
    }
}

/// Draws.
impl Walk {
    pub(super) fn draw(&mut self) {
        if self.cash < wad(5_000_000) {
            self.lend_more();
        }
        let Some(id) = self.any_offer() else { return self.offer() };
        let offer = self.model.offer(id).expect("an offer").clone();
        let open = offer.standing == Standing::Open;
        if open && self.model.open_loans().count() >= LOANS {
            return;
        }
        if open && self.dice.chance(60) {
            self.deposit_for(&offer);
        }
        let who = if self.dice.chance(95) { offer.borrower } else { self.person() };
        let receiver = self.person();
        let (value, insured_until) = self.collateral(&offer.receipts);
        let unpledgeable = if open {
            self.desk().unpledgeable(&offer.receipts, offer.borrower)
        } else {
            Reasons::default()
        };
        let before = (!unpledgeable.none()).then(|| self.model.clone());
        let outcome = self.model.draw(id, who, &value, insured_until, &wei(self.cash));
        if let Some(before) = before {
            self.model = before;
        }
        let deal = Deal {
            who,
            offer: id,
            insured_until,
            ..Deal::default()
        };
        let mut reasons = self.reasons(&outcome, deal);
        reasons.extend(unpledgeable);
        let posted = self.offers[&id].clone();
        let call = Origination::drawCall {
            offer: posted.offer,
            signature: posted.signature.clone(),
            receiver: self.holders[receiver],
        };
        let kind = if posted.signature.is_empty() { "draw" } else { "draw, signed" };
        let Some(loan) = self.play(kind, self.holders[who], self.town.suite.origination, &call, &reasons) else {
            return;
        };
        let drawn = outcome.expect("done");
        self.begin_loan(loan, &drawn);
        let (senior, junior) = (word(&drawn.senior), word(&drawn.junior));
        self.dollars[FILO] -= junior;
        self.dollars[receiver] += senior + junior;
    }

    /// The vault lends; what a payment is, is agreed.
    fn begin_loan(&mut self, loan: U256, drawn: &Drawn) {
        assert_eq!(loan, U256::from(drawn.loan));
        let there = self.town.read(self.holders[FILO], &Filo::loanCall { loan });
        self.model.agree(drawn.loan, &wei(there.instalment));
        let senior = word(&drawn.senior);
        self.cash -= senior;
        self.dollars[VAULT] -= senior;
        self.look(drawn.loan);
        self.check_schedule(drawn.loan);
    }

    /// A loan moves to other terms, of the same stack or another.
    pub(super) fn refinance(&mut self) {
        let old = self.any_loan();
        let Some(state) = self.model.loan(old).cloned().filter(|loan| !loan.receipts.is_empty()) else {
            return self.draw();
        };
        if self.doomed.contains(&old) || (!state.is_open() && self.dice.chance(80)) {
            return self.draw();
        }
        let stack = if self.dice.chance(50) {
            state.stack
        } else {
            1 + self.dice.below(self.model.stacks().count() as u64)
        };
        let curator = self.model.stack(stack).expect("a stack").curator;
        let receipts = if self.dice.chance(95) {
            state.receipts.clone()
        } else {
            vec![1 + self.dice.below(self.receipts.len() as u64)]
        };
        if self.dice.chance(80) {
            self.freshen(&receipts);
        }
        let owed = word(&state.payoff(self.model.now, PERIOD));
        let limit = self.carried(stack, &receipts);
        let principal = if self.dice.chance(80) {
            (owed * U256::from(50 + self.dice.below(100)) / n(100)).min(limit).max(wad(1))
        } else {
            limit
        };
        let terms = self.terms(principal);
        let Some(id) = self.make(stack, curator, state.borrower, receipts.clone(), terms) else {
            return;
        };
        let offer = self.model.offer(id).expect("made").clone();
        if self.dice.chance(70) {
            self.deposit_for(&offer);
        }
        let who = if self.dice.chance(95) || !state.is_open() {
            state.borrower
        } else {
            self.person()
        };
        let receiver = self.person();
        let (value, insured_until) = self.collateral(&receipts);
        let outcome = self.model.refinance(old, id, who, &value, insured_until, &wei(self.cash));
        let deal = Deal {
            who,
            offer: id,
            loan: old,
            insured_until,
            ..Deal::default()
        };
        let reasons = self.reasons(&outcome, deal);
        self.provide(state.borrower, owed.saturating_sub(principal));
        let posted = self.offers[&id].clone();
        let call = Origination::refinanceCall {
            loan: U256::from(old),
            offer: posted.offer,
            signature: posted.signature,
            receiver: self.holders[receiver],
        };
        let Some(loan) = self.play("refinance", self.holders[who], self.town.suite.origination, &call, &reasons) else {
            return;
        };
        let (paid, drawn) = outcome.expect("done");
        // The new principal comes to FiLo and pays the old loan; the borrower pays what lacks, the receiver gets what is left.
        self.dollars[FILO] += word(&drawn.senior);
        let lacking = owed.saturating_sub(principal);
        self.dollars[state.borrower] -= lacking;
        self.dollars[FILO] += lacking;
        self.book(FILO, state.stack, &paid);
        let left = principal.saturating_sub(owed);
        self.dollars[FILO] -= left;
        self.dollars[receiver] += left;
        self.begin_loan(loan, &drawn);
        self.log.count("refinance", credit::refinanced(&state, stack));
        self.log.count("refinance", if lacking.is_zero() { "for more" } else { "for less" });
        self.look(old);
    }

    /// Further receipts behind a loan.
    pub(super) fn top_up(&mut self) {
        let id = match self.loan_that_is(|loan, _| loan.call.is_some()) {
            Some(id) => id,
            None => self.any_loan(),
        };
        let borrower = self.model.loan(id).map_or(CURATORS, |loan| loan.borrower);
        let free = |receipt: &Receipt| self.receipts[receipt].0 == borrower && self.model.pledged_to(*receipt).is_none();
        let mut own: Vec<_> = self.receipts.keys().copied().filter(free).collect();
        if own.is_empty() || self.dice.chance(10) {
            own = self.receipts.keys().copied().collect();
        }
        let receipts = vec![self.dice.one_of(&own)];
        let who = if self.dice.chance(90) { borrower } else { self.person() };
        let unpledgeable = self.desk().unpledgeable(&receipts, borrower);
        let before = (!unpledgeable.none()).then(|| self.model.clone());
        let outcome = self.model.top_up(id, who, &receipts);
        if let Some(before) = before {
            self.model = before;
        }
        let deal = Deal {
            who,
            loan: id,
            ..Deal::default()
        };
        let mut reasons = self.reasons(&outcome, deal);
        reasons.extend(unpledgeable);
        let call = Origination::topUpCall {
            loan: U256::from(id),
            receipts: credit::numbers(&receipts),
        };
        let origination = self.town.suite.origination;
        if self.play("topUp", self.holders[who], origination, &call, &reasons).is_some() {
            self.look(id);
        }
    }

    /// The admin sets a limit near what is out, or takes it away.
    pub(super) fn set_limit(&mut self) {
        let of = match self.dice.below(3) {
            0 => Subject::Borrower(CURATORS + usize::try_from(self.dice.below(3)).expect("few")),
            1 => Subject::Curator(usize::try_from(self.dice.below(CURATORS as u64)).expect("few")),
            _ => Subject::Hardware,
        };
        let exposure = self.model.exposure(of);
        let limit = if self.dice.chance(88) {
            Wei::default()
        } else {
            &exposure + wei(self.dice.up_to(wad(300_000)))
        };
        let (kind, subject) = credit::subject(&self.holders, of);
        let call = Filo::setLimitCall {
            kind,
            subject,
            limit: word(&limit),
        };
        let (admin, filo) = (self.town.cast.admin.address(), self.holders[FILO]);
        self.play("setLimit", admin, filo, &call, &Reasons::default());
        let there = self.town.read(filo, &Filo::exposureCall { kind, subject });
        assert_eq!((wei(there.exposure), there.limit), (exposure, word(&limit)), "exposure of {of:?}");
        self.model.set_limit(of, limit);
    }

    /// The admin sets the fees of loans to come.
    pub(super) fn set_fees(&mut self) {
        let (protocol, reserve) = (self.dice.one_of(&[0, 500, 777, 1_000]), self.dice.one_of(&[0, 200, 333, 1_000]));
        let call = Filo::setFeesCall {
            protocolFeeBps: U256::from(protocol),
            reserveBps: U256::from(reserve),
        };
        let (admin, filo) = (self.town.cast.admin.address(), self.holders[FILO]);
        self.play("setFees", admin, filo, &call, &Reasons::default());
        (self.model.protocol_bps, self.model.reserve_bps) = (protocol, reserve);
    }

    /// One of the plan's payments, as the view has it: what the first ones leave is what the model's plan leaves.
    fn check_schedule(&mut self, id: LoanId) {
        let loan = self.model.loan(id).expect("drawn").clone();
        let number = 1 + self.dice.below(loan.terms.periods as u64);
        let call = Filo::scheduleCall {
            loan: U256::from(id),
            number: U256::from(number),
        };
        let there = self.town.read(self.holders[FILO], &call);
        let (due, interest, principal, outstanding) = loan.planned(usize::try_from(number).expect("few"), PERIOD);
        assert_eq!(
            (there.due, wei(there.interest), wei(there.principal), wei(there.outstanding)),
            (U256::from(due), interest, principal, outstanding),
            "payment {number} of {id}"
        );
    }

    /// The curator pays in what its stack lacks for a loan, and no more.
    fn deposit_for(&mut self, offer: &Offer) {
        let assets = credit::lacking(&self.model, offer);
        if assets.is_zero() || self.is_given_up(offer.stack) {
            return;
        }
        let curator = self.model.stack(offer.stack).expect("a stack").curator;
        self.provide(curator, assets);
        self.model.deposit_junior(offer.stack, curator, &wei(assets)).expect("its curator");
        let call = Filo::depositJuniorCall {
            stack: U256::from(offer.stack),
            assets,
        };
        self.play(
            "depositJunior",
            self.holders[curator],
            self.holders[FILO],
            &call,
            &Reasons::default(),
        );
        self.dollars[curator] -= assets;
        self.dollars[FILO] += assets;
    }

    /// Depositors come.
    fn lend_more(&mut self) {
        let admin = self.town.cast.admin.address();
        self.town.give_susdai(admin, 20_000_000);
        self.cash += wad(20_000_000);
        self.dollars[VAULT] += wad(20_000_000);
    }
}

//! Offers, draws, refinancing, more receipts.

use protocol_model::filo::{Drawn, Offer, Standing, Terms as Agreed};
use scenarios::erc20::Signed;

use super::*;

/// Loans at a time.
const LOANS: usize = 9;
/// Offers to choose from.
const OFFERS: usize = 8;

impl Walk {
    pub(super) fn offer(&mut self) {
        let (stack, who) = self.about_stack();
        let borrower = self.dice.one_of(&BORROWERS);
        let (free, any): (Vec<_>, Vec<_>) = self
            .receipts
            .iter()
            .map(|(receipt, (owner, _))| (*receipt, *owner))
            .partition(|(receipt, owner)| *owner == borrower && self.model.filo.pledged_to(*receipt).is_none());
        let from = if free.is_empty() || self.dice.chance(6) { any } else { free };
        if from.is_empty() {
            return self.hand_over();
        }
        let mut receipts: Vec<_> = (0..=self.dice.below(3)).map(|_| self.dice.one_of(&from).0).collect();
        receipts.sort_unstable();
        receipts.dedup();
        if self.dice.chance(90) {
            self.freshen(&receipts);
        }
        let limit = self.carried(stack, &receipts);
        let principal = match self.dice.below(10) {
            0 => limit + U256::ONE,
            1 => limit,
            2 => wad(1) + self.dice.up_to(limit - wad(1)),
            _ => (limit * U256::from(30 + self.dice.below(70)) / n(100)).max(wad(1)),
        };
        let terms = self.terms(principal);
        self.make(stack, who, borrower, receipts, terms);
    }

    fn carried(&mut self, stack: StackId, receipts: &[Receipt]) -> U256 {
        credit::carried(&mut self.town, &self.model.filo, stack, receipts)
    }

    fn terms(&mut self, principal: U256) -> Agreed {
        Agreed {
            principal: wei(principal),
            rate: 10_000_000_000_000_000 * (1 + self.dice.below(40)) + self.dice.below(1_000),
            periods: self.dice.one_of(&[1, 2, 3, 6, 12, 36_usize]),
            level: self.dice.chance(60),
            grace: self.dice.one_of(&[0, DAY, 10 * DAY]),
            late_fee_bps: self.dice.one_of(&[0, 500, 2_000]),
            expiry: self.now() + self.dice.one_of(&[0, 40 * DAY, 90 * DAY, 90 * DAY, 90 * DAY, 90 * DAY]),
        }
    }

    /// Posts an offer, or has the curator sign it, which nobody learns of.
    fn make(&mut self, stack: StackId, who: usize, borrower: usize, receipts: Vec<Receipt>, terms: Agreed) -> Option<OfferId> {
        let offer = credit::offer(stack, self.holders[borrower], &receipts, &terms, self.log.step);
        let outcome = self.model.filo.post(stack, who, borrower, receipts, terms);
        let origination = self.town.suite.origination;
        let (signature, digest) = if outcome.is_ok() && self.dice.chance(40) {
            let digest = self.town.read(origination, &Origination::hashOfferCall { offer: offer.clone() });
            let place = CURATORS.iter().position(|curator| *curator == who).expect("a curator");
            self.log.begin(format!("{who} signs {digest}"));
            self.log.count("sign", "success");
            (Signed::by(&self.keys[place], digest).bytes().into(), digest)
        } else {
            let case = Case {
                who,
                stack,
                ..Case::default()
            };
            let why = outcome.clone().err().map(|why| why.into_iter().map(Refusal::Filo).collect());
            let reasons = why.map_or_else(Reasons::default, |why| self.reasons(why, case));
            let call = Origination::postCall { offer: offer.clone() };
            (Bytes::new(), self.play("post", who, origination, &call, &reasons)?)
        };
        let id = outcome.expect("done");
        self.offers.insert(id, Posted { offer, signature, digest });
        Some(id)
    }

    fn any_offer(&mut self) -> Option<OfferId> {
        credit::any_offer(&self.model.filo, &mut self.dice, OFFERS)
    }

    pub(super) fn cancel_offer(&mut self) {
        let Some(id) = self.any_offer() else { return self.offer() };
        let stack = self.model.filo.offer(id).expect("an offer").stack;
        let curator = self.model.filo.stack(stack).expect("its stack").curator;
        let who = if self.dice.chance(80) { curator } else { self.person() };
        let case = Case {
            who,
            offer: id,
            ..Case::default()
        };
        let why = self.model.filo.cancel(id, who).err();
        let why = why.map(|why| why.into_iter().map(Refusal::Filo).collect());
        let reasons = why.map_or_else(Reasons::default, |why| self.reasons(why, case));
        let call = Origination::cancelCall {
            offer: self.offers[&id].offer.clone(),
        };
        self.play("cancel of an offer", who, self.town.suite.origination, &call, &reasons);
    }

    /// The curator pays in what its stack lacks for a loan, and no more.
    fn deposit_for(&mut self, offer: &Offer) {
        let assets = credit::lacking(&self.model.filo, offer);
        if !assets.is_zero() {
            let curator = self.model.filo.stack(offer.stack).expect("a stack").curator;
            self.deposit_junior_of(offer.stack, curator, assets);
        }
    }

    /// An offer to draw, with what its curator lacks for it.
    pub(super) fn drawable(&mut self) -> Option<(OfferId, Offer)> {
        let id = self.any_offer()?;
        let offer = self.model.filo.offer(id).expect("an offer").clone();
        if offer.standing == Standing::Open {
            if self.model.filo.open_loans().count() >= LOANS {
                return None;
            }
            if self.dice.chance(70) {
                self.deposit_for(&offer);
            }
        }
        Some((id, offer))
    }

    /// Nobody draws with a curator who has lost the role.
    fn add_unappointed(&self, reasons: &mut Reasons, curator: usize) {
        let error = refusals::Unauthorized {
            account: self.holders[curator],
            role: id("CURATOR"),
        };
        reasons.add(!self.curators.contains(&curator), &error);
    }

    /// What speaks against a draw; it is not played.
    pub(super) fn draw_reasons(&mut self, id: OfferId, offer: &Offer, who: usize) -> (Reasons, (Wei, u64)) {
        let (value, insured_until) = self.collateral(&offer.receipts);
        let mut reasons = if offer.standing == Standing::Open {
            self.desk().unpledgeable(&offer.receipts, offer.borrower)
        } else {
            Reasons::default()
        };
        let case = Case {
            who,
            offer: id,
            insured_until,
            ..Case::default()
        };
        let curator = self.model.filo.stack(offer.stack).expect("its stack").curator;
        self.add_unappointed(&mut reasons, curator);
        let lendable = self.model.lendable();
        if let Err(why) = self.model.filo.can_draw(id, who, &value, insured_until, &lendable) {
            reasons.extend(self.reasons(why.into_iter().map(Refusal::Filo).collect(), case));
        }
        (reasons, (value, insured_until))
    }

    pub(super) fn draw(&mut self) {
        if self.dice.chance(60) {
            self.offer();
        }
        let Some((id, offer)) = self.drawable() else {
            return self.offer();
        };
        let who = if self.dice.chance(95) { offer.borrower } else { self.person() };
        let to = self.person();
        let (reasons, (value, insured_until)) = self.draw_reasons(id, &offer, who);
        let posted = self.offers[&id].clone();
        let kind = if posted.signature.is_empty() { "draw" } else { "draw, signed" };
        let call = Origination::drawCall {
            offer: posted.offer,
            signature: posted.signature,
            receiver: self.holders[to],
        };
        if let Some(loan) = self.play(kind, who, self.town.suite.origination, &call, &reasons) {
            let drawn = self.model.draw(id, who, to, &value, insured_until).expect("done");
            self.begin_loan(loan, &drawn);
        }
    }

    /// What a payment is, is agreed.
    pub(super) fn begin_loan(&mut self, loan: U256, drawn: &Drawn) {
        assert_eq!(loan, U256::from(drawn.loan));
        let there = self.town.read(self.holders[FILO], &Filo::loanCall { loan });
        self.model.filo.agree(drawn.loan, &wei(there.instalment));
        self.look_at_loan(drawn.loan);
        if *self.model.waiting() > Wei::default() {
            self.log.count("together", "a draw while shares wait");
        }
        if self.model.paused {
            self.log.count("together", "a draw while the vault is paused");
        }
    }

    /// A loan moves to other terms, of the same stack or another.
    pub(super) fn refinance(&mut self) {
        let old = self.any_loan();
        let state = self.model.filo.loan(old).filter(|loan| loan.is_open() && !loan.receipts.is_empty());
        let Some(state) = state.cloned() else { return self.draw() };
        let stacks = self.model.filo.stacks().count() as u64;
        let stack = if self.dice.chance(50) {
            state.stack
        } else {
            1 + self.dice.below(stacks)
        };
        let curator = self.model.filo.stack(stack).expect("a stack").curator;
        let receipts = if self.dice.chance(95) {
            state.receipts.clone()
        } else {
            vec![1 + self.dice.below(self.receipts.len() as u64)]
        };
        if self.dice.chance(85) {
            self.freshen(&receipts);
        }
        let owed = word(&state.payoff(self.now(), PERIOD));
        let limit = self.carried(stack, &receipts);
        let principal = (owed * U256::from(50 + self.dice.below(100)) / n(100)).min(limit).max(wad(1));
        let terms = self.terms(principal);
        let Some(id) = self.make(stack, curator, state.borrower, receipts.clone(), terms) else {
            return;
        };
        let offer = self.model.filo.offer(id).expect("made").clone();
        if self.dice.chance(80) {
            self.deposit_for(&offer);
        }
        let who = if self.dice.chance(95) { state.borrower } else { self.person() };
        let to = self.person();
        let (value, insured_until) = self.collateral(&receipts);
        let lacking = owed.saturating_sub(principal);
        self.provide(state.borrower, lacking);
        let mut reasons = Reasons::default();
        self.add_unappointed(&mut reasons, curator);
        let before = (!reasons.none()).then(|| self.model.clone());
        let outcome = self.model.refinance(old, id, who, to, &value, insured_until);
        if let Some(before) = before {
            self.model = before;
        }
        let case = Case {
            who,
            offer: id,
            loan: old,
            insured_until,
            ..Case::default()
        };
        if let Err(why) = &outcome {
            reasons.extend(self.reasons(why.clone(), case));
        }
        let posted = self.offers[&id].clone();
        let call = Origination::refinanceCall {
            loan: U256::from(old),
            offer: posted.offer,
            signature: posted.signature,
            receiver: self.holders[to],
        };
        let origination = self.town.suite.origination;
        let Some(loan) = self.play("refinance", who, origination, &call, &reasons) else {
            return;
        };
        let (_, drawn) = outcome.expect("done");
        self.begin_loan(loan, &drawn);
        self.log.count("refinance", credit::refinanced(&state, stack));
    }

    /// Further receipts behind a loan.
    pub(super) fn top_up(&mut self) {
        let Some(id) = self.loan_that_is(|loan, _| loan.call.is_some()) else {
            return self.call_margin();
        };
        let borrower = self.model.filo.loan(id).map_or(BORROWERS[0], |loan| loan.borrower);
        let free = |receipt: &Receipt| self.receipts[receipt].0 == borrower && self.model.filo.pledged_to(*receipt).is_none();
        let mut own: Vec<_> = self.receipts.keys().copied().filter(free).collect();
        if own.is_empty() || self.dice.chance(10) {
            own = self.receipts.keys().copied().collect();
        }
        let receipts = vec![self.dice.one_of(&own)];
        let who = if self.dice.chance(90) { borrower } else { self.person() };
        let mut reasons = self.desk().unpledgeable(&receipts, borrower);
        let before = (!reasons.none()).then(|| self.model.filo.clone());
        let outcome = self.model.filo.top_up(id, who, &receipts);
        if let Some(before) = before {
            self.model.filo = before;
        }
        if let Err(why) = outcome {
            let case = Case {
                who,
                loan: id,
                ..Case::default()
            };
            reasons.extend(self.reasons(why.into_iter().map(Refusal::Filo).collect(), case));
        }
        let call = Origination::topUpCall {
            loan: U256::from(id),
            receipts: credit::numbers(&receipts),
        };
        if self.play("topUp", who, self.town.suite.origination, &call, &reasons).is_some() {
            self.look_at_loan(id);
        }
    }
}

//! Payments and time.

use protocol_model::filo::Loan;

use super::*;

/// Payments and time.
impl Walk {
    pub(super) fn pay(&mut self) {
        // Of every other loan hardly anything is paid.
        let good = self
            .model
            .open_loans()
            .filter(|(id, _)| id.is_multiple_of(2) && !self.doomed.contains(id));
        let soonest = good.min_by_key(|(_, loan)| loan.next_due(PERIOD)).map(|(id, _)| id);
        let id = match soonest {
            Some(loan) if self.dice.chance(85) => loan,
            _ => self.any_loan(),
        };
        let loan = U256::from(id);
        let filo = self.holders[FILO];
        let state = self.model.loan(id).cloned();
        let open = state.as_ref().is_some_and(Loan::is_open);
        if self.doomed.contains(&id) || (!open && self.dice.chance(75)) {
            return self.draw();
        }
        let called = state
            .as_ref()
            .and_then(|loan| loan.call.as_ref())
            .map(|call| call.cure_below.clone());
        let amount = match self.dice.below(40) {
            _ if !open => wad(1),
            10..=30 if called.is_some() => {
                let all = state.as_ref().expect("open").payoff(self.model.now, PERIOD);
                word(&all) - word(&called.expect("a call")).min(word(&state.as_ref().expect("open").outstanding))
            }
            0 => U256::ZERO,
            1 => U256::MAX,
            2 => {
                let time = U256::from(self.model.now);
                self.town.read(filo, &Filo::payoffCall { loan, time })
            }
            3 => U256::ONE,
            4..=9 => {
                let all = word(&state.as_ref().expect("open").payoff(self.model.now, PERIOD));
                self.dice.up_to(all)
            }
            _ => {
                let next = self.town.read(filo, &Filo::instalmentCall { loan });
                next.interest + next.principal + next.lateFee
            }
        };
        // Half of those who pay are the borrower; anybody may.
        let payer = match &state {
            Some(loan) if self.dice.chance(50) => loan.borrower,
            _ if self.dice.chance(2) => PAUPER,
            _ => self.person(),
        };
        let before = (payer == PAUPER).then(|| self.model.clone());
        let outcome = self.model.pay(id, &wei(amount));
        if let Some(before) = before {
            self.model = before;
        }
        let mut reasons = Reasons::default();
        match &outcome {
            Ok(paid) if payer != PAUPER => self.provide(payer, word(&paid.total())),
            Ok(_) => reasons.add_any::<refusals::ERC20InsufficientAllowance>(true),
            Err(why) => reasons.extend(self.desk().refused(why.clone(), Deal::of_loan(id))),
        }
        let kind = credit::payment(state.as_ref());
        let call = Filo::payCall { loan, maxAmount: amount };
        let Some(total) = self.play(kind, self.holders[payer], filo, &call, &reasons) else {
            return;
        };
        let (paid, state) = (outcome.expect("done"), state.expect("a loan"));
        assert_eq!(wei(total), paid.total(), "what is paid");
        self.book(payer, state.stack, &paid);
        self.look_at_payment(id, &state, &paid);
        self.look(id);
    }

    /// What the payment has shown.
    fn look_at_payment(&mut self, id: LoanId, before: &Loan, paid: &Paid) {
        let after = self.model.loan(id).expect("paid");
        let (status, steps) = (after.status, after.paid - before.paid);
        let nothing = Wei::default();
        let said = [
            ("closed", status == Status::Closed),
            ("cured", before.status == Status::Late && status == Status::Live),
            ("late fees", paid.late_fee != nothing),
            ("part of the interest", paid.principal() == nothing && paid.interest() != nothing),
            ("an instalment", steps == 1),
            ("several instalments", steps > 1),
            ("a prepayment", paid.principal() != nothing && steps == 0),
            ("owed principal", paid.owed_principal != nothing),
            ("owed interest", paid.owed_interest != nothing),
            ("a call is met", before.call.is_some() && after.call.is_none() && after.is_open()),
            (
                "senior first",
                before.status != Status::Defaulted
                    && paid.principal() > nothing
                    && paid.junior_principal == nothing
                    && after.junior() > nothing,
            ),
            (
                "less is impaired",
                before.impairment > after.impairment && after.impairment > nothing,
            ),
        ];
        for (what, happened) in said {
            if happened {
                self.log.count("payment", what);
            }
        }
    }

    /// To a moment at which something is due or ends, or a little later.
    pub(super) fn pass_time(&mut self) {
        let now = self.now();
        let id = self.any_loan();
        let moments = self.model.loan(id).filter(|loan| loan.is_open()).map(credit::moments);
        let chosen = moments.map_or(0, |moments| self.dice.one_of(&moments)) + self.dice.below(2);
        let far = 20 * DAY;
        if self.dice.chance(40) && chosen > now && chosen < now + far {
            self.town.node.chain.warp_to(chosen);
        } else {
            let longest = self.dice.one_of(&[3_600, 3 * DAY, 12 * DAY]);
            let seconds = self.dice.below(longest);
            self.town.node.chain.advance(seconds);
        }
        self.log.begin(format!("it is {}", self.now()));
        self.log.count("time passes", "success");
    }
}

//! Capital, payments, limits.

use protocol_model::filo::{Loan, Paid, Rules, Subject};

use super::*;

/// Which.
impl Walk {
    fn stack(&mut self) -> StackId {
        // One more than there are, now and then.
        1 + self.dice.below(self.model.filo.stacks().count() as u64) + u64::from(self.dice.chance(3))
    }

    pub(super) fn any_loan(&mut self) -> LoanId {
        credit::any_loan(&self.model.filo, &mut self.dice)
    }

    pub(super) fn loan_that_is(&mut self, fits: impl Fn(&Loan, u64) -> bool) -> Option<LoanId> {
        credit::loan_that_is(&self.model.filo, &mut self.dice, (8, 5), fits)
    }

    /// Mostly a stack's curator.
    pub(super) fn about_stack(&mut self) -> (StackId, usize) {
        let stack = self.stack();
        let curator = self.model.filo.stack(stack).map_or(0, |stack| stack.curator);
        let who = if self.dice.chance(94) { curator } else { self.person() };
        (stack, who)
    }
}

/// Capital.
impl Walk {
    pub(super) fn open_stack(&mut self) {
        let who = if self.dice.chance(80) {
            self.dice.one_of(&CURATORS)
        } else {
            self.person()
        };
        if self.model.filo.stacks().count() < 4 || !self.curators.contains(&who) {
            self.open_stack_of(who);
        }
    }

    pub(super) fn open_stack_of(&mut self, curator: usize) {
        let rules = Rules {
            first_loss_bps: [1_000, 1_000, 1_777, 3_000][self.model.filo.stacks().count() % 4],
            max_ltv_bps: self.dice.one_of(&[7_000, 7_000, 6_999, 4_321]),
            trigger_bps: self.dice.one_of(&[7_000, 8_500, 8_501, 9_500]),
            senior_cap: wei(wad(self.dice.one_of(&[150_000, 500_000, 1_000_000_000]))),
            servicing_bps: self.dice.one_of(&[0, 100, 333, 1_000]),
            spread_bps: self.dice.one_of(&[0, 500, 777, 3_000]),
        };
        let mut reasons = Reasons::default();
        let error = refusals::Unauthorized {
            account: self.holders[curator],
            role: id("CURATOR"),
        };
        reasons.add(!self.curators.contains(&curator), &error);
        let call = credit::open_stack(&rules);
        if let Some(stack) = self.play("openStack", curator, self.holders[FILO], &call, &reasons) {
            assert_eq!(stack, U256::from(self.model.filo.open_stack(curator, rules)));
        }
    }

    pub(super) fn deposit_junior(&mut self) {
        let (stack, who) = self.about_stack();
        let most = if stack.is_multiple_of(2) { 2_000 } else { 12_000 };
        let lean = self.model.filo.stack(stack).is_some_and(|stack| stack.cash < wei(wad(most)));
        let assets = if lean {
            wad(1 + self.dice.below(most))
        } else {
            self.dice.up_to(wad(2_000))
        };
        self.deposit_junior_of(stack, who, assets);
    }

    pub(super) fn deposit_junior_of(&mut self, stack: StackId, who: usize, assets: U256) {
        if self.dice.chance(95) {
            self.provide(who, assets);
        }
        let outcome = self.model.deposit_junior(stack, who, &wei(assets));
        let case = Case {
            who,
            stack,
            ..Case::default()
        };
        let reasons = outcome.err().map_or_else(Reasons::default, |why| self.reasons(why, case));
        let stack = U256::from(stack);
        let call = Filo::depositJuniorCall { stack, assets };
        self.play("depositJunior", who, self.holders[FILO], &call, &reasons);
    }

    pub(super) fn withdraw_junior(&mut self) {
        let (stack, who) = self.about_stack();
        let cash = self.model.filo.stack(stack).map_or(U256::ZERO, |stack| word(&stack.cash));
        let assets = match self.dice.below(8) {
            0 => cash + U256::ONE,
            1 | 2 => cash,
            _ => self.dice.up_to(cash),
        };
        self.withdraw_junior_of(stack, who, assets);
    }

    /// As much as the loans of a stack leave free.
    pub(super) fn withdraw_all_junior(&mut self, id: StackId) {
        let curator = self.model.filo.stack(id).expect("a stack").curator;
        self.withdraw_junior_of(id, curator, credit::free(&self.model.filo, id));
    }

    fn withdraw_junior_of(&mut self, stack: StackId, who: usize, assets: U256) {
        let to = self.person();
        let outcome = self.model.withdraw_junior(stack, who, &wei(assets), to);
        let case = Case {
            who,
            stack,
            ..Case::default()
        };
        let reasons = outcome.err().map_or_else(Reasons::default, |why| self.reasons(why, case));
        let call = Filo::withdrawJuniorCall {
            stack: U256::from(stack),
            assets,
            receiver: self.holders[to],
        };
        if self.play("withdrawJunior", who, self.holders[FILO], &call, &reasons).is_some()
            && self.model.filo.open_loans().any(|(_, loan)| loan.auction.round != 0)
        {
            self.log.count("together", "capital leaves while another stack's receipts are sold");
        }
    }
}

/// Payments.
impl Walk {
    /// What somebody pays on which loan: mostly the next instalment of one that is good.
    fn payment(&mut self) -> Option<(LoanId, U256)> {
        // Of every other loan hardly anything is paid.
        let good = self.model.filo.open_loans().filter(|(id, _)| id.is_multiple_of(2));
        let soonest = good.min_by_key(|(_, loan)| loan.next_due(PERIOD)).map(|(id, _)| id);
        let id = match soonest {
            Some(loan) if self.dice.chance(80) => loan,
            _ => self.any_loan(),
        };
        if !id.is_multiple_of(2) && self.dice.chance(60) {
            return None;
        }
        let Some(loan) = self.model.filo.loan(id).filter(|loan| loan.is_open()).cloned() else {
            return self.dice.chance(25).then(|| (id, wad(1)));
        };
        let all = word(&loan.payoff(self.now(), PERIOD));
        let amount = match self.dice.below(40) {
            0 => U256::ZERO,
            1 => U256::MAX,
            2 => all,
            3 => U256::ONE,
            4..=8 => self.dice.up_to(all),
            9..=20 if loan.call.is_some() => {
                let below = word(&loan.call.as_ref().expect("a call").cure_below);
                all - below.min(word(&loan.outstanding))
            }
            _ => {
                let (_, interest, principal, late_fee) = loan.instalment_due(self.now(), PERIOD);
                word(&(interest + principal + late_fee))
            }
        };
        Some((id, amount))
    }

    pub(super) fn pay(&mut self) {
        let Some((id, amount)) = self.payment() else {
            return self.draw();
        };
        let before = self.model.filo.loan(id).cloned();
        let payer = match &before {
            Some(loan) if self.dice.chance(50) => loan.borrower,
            _ => self.person(),
        };
        let all = before.as_ref().map_or(U256::ZERO, |loan| word(&loan.payoff(self.now(), PERIOD)));
        if self.dice.chance(97) {
            self.provide(payer, all.min(amount));
        }
        let outcome = self.model.pay_loan(id, payer, &wei(amount));
        let case = Case {
            who: payer,
            loan: id,
            ..Case::default()
        };
        let reasons = outcome.as_ref().err().map(|why| self.reasons(why.clone(), case));
        let kind = credit::payment(before.as_ref());
        let call = Filo::payCall {
            loan: U256::from(id),
            maxAmount: amount,
        };
        let filo = self.holders[FILO];
        if let Some(total) = self.play(kind, payer, filo, &call, &reasons.unwrap_or_default()) {
            let paid = outcome.expect("done");
            assert_eq!(wei(total), paid.total(), "what is paid");
            self.look_at_payment(id, &before.expect("a loan"), &paid);
        }
    }

    /// What the payment has shown.
    pub(super) fn look_at_payment(&mut self, id: LoanId, before: &Loan, paid: &Paid) {
        let after = self.model.filo.loan(id).expect("paid");
        let nothing = Wei::default();
        let (status, waiting) = (after.status, *self.model.waiting() > nothing);
        let said = [
            ("closed", status == Status::Closed),
            (
                "redeemed out of default",
                before.status == Status::Defaulted && status == Status::Closed,
            ),
            ("cured", before.status == Status::Late && status == Status::Live),
            ("late fees", paid.late_fee != nothing),
            ("a call is met", before.call.is_some() && after.call.is_none() && after.is_open()),
            ("reserved for those who wait", waiting && paid.to_vault() > nothing),
            ("less is impaired", before.impairment > after.impairment),
        ];
        for (what, happened) in said {
            if happened {
                self.log.count("payment", what);
            }
        }
        self.look_at_loan(id);
    }

    /// The admin sets a limit near what is out, or takes it away.
    pub(super) fn set_limit(&mut self) {
        let of = match self.dice.below(3) {
            0 => Subject::Borrower(self.dice.one_of(&BORROWERS)),
            1 => Subject::Curator(self.dice.one_of(&CURATORS)),
            _ => Subject::Hardware,
        };
        let limit = if self.dice.chance(92) {
            Wei::default()
        } else {
            self.model.filo.exposure(of) + wei(self.dice.up_to(wad(100_000)))
        };
        let (kind, subject) = credit::subject(&self.holders, of);
        let call = Filo::setLimitCall {
            kind,
            subject,
            limit: word(&limit),
        };
        self.play_as("setLimit", self.admin, self.holders[FILO], &call, &Reasons::default());
        self.model.filo.set_limit(of, limit);
    }

    /// The admin sets the fees of loans to come.
    pub(super) fn set_fees(&mut self) {
        let (protocol, reserve) = (self.dice.one_of(&[0, 500, 777, 1_000]), self.dice.one_of(&[0, 0, 200, 1_000]));
        let call = Filo::setFeesCall {
            protocolFeeBps: U256::from(protocol),
            reserveBps: U256::from(reserve),
        };
        self.play_as("setFees", self.admin, self.holders[FILO], &call, &Reasons::default());
        (self.model.filo.protocol_bps, self.model.filo.reserve_bps) = (protocol, reserve);
    }
}

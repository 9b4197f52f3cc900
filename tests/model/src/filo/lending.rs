//! What curators and borrowers do (PROTOCOL 6, Stack to Payment).

use num_traits::Zero;

use super::{
    Account, Against, Drawn, Fees, Filo, Instalment, Loan, LoanId, Offer, OfferId, Outcome, Paid, Receipt, Refusal, Rules, Stack, StackId,
    Standing, Status, Subject, Terms,
};
use crate::exact::{less, part_down, part_up, take, Wei, BPS};

/// What curators and borrowers do.
impl Filo {
    /// Opens a stack.
    pub fn open_stack(&mut self, curator: Account, rules: Rules) -> StackId {
        let id = self.stacks.len() as u64 + 1;
        let stack = Stack {
            curator,
            rules,
            cash: Wei::zero(),
            owed_principal: Wei::zero(),
            owed_interest: Wei::zero(),
        };
        self.stacks.insert(id, stack);
        id
    }

    /// Pays in junior capital.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn deposit_junior(&mut self, id: StackId, by: Account, amount: &Wei) -> Outcome<()> {
        self.curated(id, by, Against::nothing(amount))?.1.none()?;
        self.stack_mut(id).cash += amount;
        Ok(())
    }

    /// Takes out junior capital that is not lent, as far as the first-loss ratio of what is lent stays covered.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn withdraw_junior(&mut self, id: StackId, by: Account, amount: &Wei) -> Outcome<()> {
        let (stack, mut against) = self.curated(id, by, Against::nothing(amount))?;
        self.unsound(id, &mut against);
        let lent = self.junior_lent(id);
        let ratio = part_up(&(self.senior(id) + &lent), &stack.rules.first_loss_bps.into(), &BPS.into());
        let (needed, available) = (amount + less(&ratio, &lent), stack.cash.clone());
        against.when(needed > available, Refusal::Junior { needed, available });
        self.unmarked(&mut against);
        against.none()?;
        self.stack_mut(id).cash -= amount;
        Ok(())
    }

    /// Offers a loan.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn post(&mut self, stack: StackId, by: Account, borrower: Account, receipts: Vec<Receipt>, terms: Terms) -> Outcome<OfferId> {
        self.curated(stack, by, Against::default())?.1.none()?;
        let id = self.offers.len() as u64 + 1;
        let offer = Offer {
            stack,
            borrower,
            receipts,
            terms,
            standing: Standing::Open,
        };
        self.offers.insert(id, offer.into());
        Ok(id)
    }

    /// An offer, and whether it stands.
    fn standing_offer(&self, id: OfferId) -> Outcome<(&Offer, Against)> {
        let offer = self.offers.get(&id).ok_or_else(|| vec![Refusal::UnknownOffer])?;
        let mut against = Against::default();
        against.when(offer.standing != Standing::Open, Refusal::OfferIs(offer.standing));
        Ok((offer, against))
    }

    /// Takes an offer back.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn cancel(&mut self, id: OfferId, by: Account) -> Outcome<()> {
        let (offer, against) = self.standing_offer(id)?;
        self.curated(offer.stack, by, against)?.1.none()?;
        self.offer_mut(id).standing = Standing::Cancelled;
        Ok(())
    }

    /// What [`Filo::draw`] would take from the vault and from the stack.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn can_draw(&self, id: OfferId, by: Account, value: &Wei, insured_until: u64, lendable: &Wei) -> Outcome<(Wei, Wei)> {
        let (offer, mut against) = self.standing_offer(id)?;
        let (stack, principal) = (&self.stacks[&offer.stack], &offer.terms.principal);
        against.when(offer.borrower != by, Refusal::NotBorrower);
        against.when(self.now > offer.terms.expiry, Refusal::Expired(offer.terms.expiry));
        self.unsound(offer.stack, &mut against);
        self.unmarked(&mut against);
        let junior = part_up(principal, &stack.rules.first_loss_bps.into(), &BPS.into());
        let senior = principal - &junior;
        let (needed, available) = (junior.clone(), stack.cash.clone());
        against.when(needed > available, Refusal::Junior { needed, available });
        let total = self.senior(offer.stack) + &senior;
        against.when(total > stack.rules.senior_cap, Refusal::Cap(total));
        let limit = part_down(value, &stack.rules.max_ltv_bps.into(), &BPS.into());
        against.when(*principal > limit, Refusal::Ltv(limit));
        let first_due = self.now + self.period;
        against.when(insured_until < first_due, Refusal::Cover(first_due));
        against.when(senior > *lendable, Refusal::NotLendable(senior.clone()));
        for of in [
            Subject::Borrower(offer.borrower),
            Subject::Curator(stack.curator),
            Subject::Hardware,
        ] {
            let exposure = self.exposure(of) + principal;
            if let Some(limit) = self.limits.get(&of) {
                let limit = limit.clone();
                against.when(exposure > limit, Refusal::Limit { of, exposure, limit });
            }
        }
        against.none().map(|()| (senior, junior))
    }

    /// Draws an offer on receipts that are worth `value` and insured until `insured_until`, when the vault can lend `lendable`. The fees of this moment hold
    /// for the loan's life. What a payment is, is said afterwards: [`Filo::agree`].
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn draw(&mut self, id: OfferId, by: Account, value: &Wei, insured_until: u64, lendable: &Wei) -> Outcome<Drawn> {
        let (senior, junior) = self.can_draw(id, by, value, insured_until, lendable)?;
        let offer = Offer::clone(&self.offers[&id]);
        let (stack, first_due) = (&self.stacks[&offer.stack], self.now + self.period);
        let fees = Fees {
            servicing_bps: stack.rules.servicing_bps,
            protocol_bps: self.protocol_bps,
            reserve_bps: self.reserve_bps,
            spread_bps: stack.rules.spread_bps,
        };
        let loan = self.loans.len() as u64 + 1;
        self.offer_mut(id).standing = Standing::Drawn;
        self.stack_mut(offer.stack).cash -= &junior;
        let loans = &self.loans;
        self.opened.retain(|id| loans[id].is_open());
        self.opened.insert(loan);
        self.loans.insert(loan, Loan::drawn(offer, fees, &senior, self.now).into());
        Ok(Drawn {
            senior,
            junior,
            loan,
            first_due,
        })
    }

    /// What every payment of a loan but the last is agreed to be.
    ///
    /// # Panics
    /// If it is not the exact level payment, rounded as it may be.
    pub fn agree(&mut self, id: LoanId, instalment: &Wei) {
        let period = self.period;
        let loan = self.loan_mut(id);
        let exact = Instalment::exact(&loan.terms, period);
        assert!(exact.fits(instalment, loan.terms.level), "{instalment} is not {exact:?}");
        loan.instalment.clone_from(instalment);
    }

    /// Pays at most `most` on a loan.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn pay(&mut self, id: LoanId, most: &Wei) -> Outcome<Paid> {
        self.in_status(id, &[Status::Live, Status::Late, Status::Defaulted])?;
        Against::nothing(most).none()?;
        Ok(self.settle(id, most))
    }

    /// Books a payment, and hands out what the stack owes from before out of what its junior side gets.
    pub(super) fn settle(&mut self, id: LoanId, most: &Wei) -> Paid {
        let (now, period, stack) = (self.now, self.period, self.loans[&id].stack);
        let senior_first = self.loans_of(stack).any(|loan| loan.status == Status::Defaulted);
        let mut paid = self.loan_mut(id).pay(most, senior_first, now, period);
        self.reserve += paid.to_reserve();
        let stack = self.stack_mut(stack);
        let mut junior = &paid.junior_interest + &paid.junior_principal;
        paid.owed_principal = take(&mut stack.owed_principal, &junior);
        junior -= &paid.owed_principal;
        paid.owed_interest = take(&mut stack.owed_interest, &junior);
        stack.cash += paid.to_stack();
        paid
    }

    /// Draws an offer in place of a loan, which is paid off whole with the new one's money first.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn refinance(
        &mut self,
        old: LoanId,
        id: OfferId,
        by: Account,
        value: &Wei,
        insured_until: u64,
        lendable: &Wei,
    ) -> Outcome<(Paid, Drawn)> {
        let loan = self.loans.get(&old).ok_or_else(|| vec![Refusal::UnknownLoan])?;
        let (offer, mut against) = self.standing_offer(id)?;
        against.when(!loan.is_open(), Refusal::Is(loan.status));
        against.when(loan.borrower != offer.borrower, Refusal::NotBorrower);
        let same = loan.receipts.len() == offer.receipts.len() && loan.receipts.iter().all(|it| offer.receipts.contains(it));
        against.when(!same, Refusal::OtherReceipts);
        against.none()?;
        let mut after = self.clone();
        let all = loan.payoff(self.now, self.period);
        let paid = after.settle(old, &all);
        let drawn = after.draw(id, by, value, insured_until, lendable)?;
        *self = after;
        Ok((paid, drawn))
    }

    /// Adds receipts to a loan's.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn top_up(&mut self, id: LoanId, by: Account, receipts: &[Receipt]) -> Outcome<()> {
        let loan = self.loans.get(&id).ok_or_else(|| vec![Refusal::UnknownLoan])?;
        let mut against = Against::default();
        against.when(loan.borrower != by, Refusal::NotBorrower);
        against.when(!matches!(loan.status, Status::Live | Status::Late), Refusal::Is(loan.status));
        against.none()?;
        self.loan_mut(id).receipts.extend(receipts);
        Ok(())
    }

    /// Sets a limit, or takes it away with nothing.
    pub fn set_limit(&mut self, of: Subject, limit: Wei) {
        if limit.is_zero() {
            self.limits.remove(&of);
        } else {
            self.limits.insert(of, limit);
        }
    }
}

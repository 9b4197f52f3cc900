//! What anybody may read.

use alloc::vec::Vec;

use alloy_primitives::U256;

use super::FiloStacks;
use crate::{amount::Amount, errors::in_range, loan::Loan, stack::Stack, terms::LAST_SECOND, FiloError};

impl FiloStacks {
    /// A stack.
    ///
    /// # Errors
    /// `UnknownStack`.
    pub fn stack(&self, stack: U256) -> Result<Stack, FiloError> {
        Ok(self.known(stack)?.1)
    }

    /// A loan, and when its next payment is due (0 unless it is live).
    ///
    /// # Errors
    /// `UnknownLoan`.
    pub fn loan(&self, loan: U256) -> Result<(Loan, u64), FiloError> {
        let loan = self.existing(loan)?.1;
        Ok((loan, loan.next_due(self.period_seconds())?))
    }

    /// The next payment: when it is due, the interest owed by then (by now if it is overdue), and the principal that brings the loan down
    /// to its plan. Zeros unless the loan is live.
    ///
    /// # Errors
    /// `UnknownLoan`.
    pub fn instalment(&self, loan: U256) -> Result<(u64, Amount, Amount), FiloError> {
        let (_, loan) = self.existing(loan)?;
        Ok(loan.payment_due(self.now(), self.period_seconds())?)
    }

    /// All that is owed at `at`: to the wei what `pay` at that second takes at most, if nobody pays before. 0 unless the loan is live.
    ///
    /// # Errors
    /// `UnknownLoan`; `OutOfRange` before the last payment or beyond 2^48 − 1.
    pub fn payoff(&self, loan: U256, at: U256) -> Result<Amount, FiloError> {
        let (_, loan) = self.existing(loan)?;
        in_range("at", &at, loan.balance.touched.into(), LAST_SECOND)?;
        Ok(loan.payoff(at.to())?)
    }

    /// Instalment `number` (from 1) of the plan as agreed, whatever has been paid: when it is due (0 before the draw), interest, principal,
    /// and what it leaves outstanding.
    ///
    /// # Errors
    /// `UnknownLoan`; `OutOfRange` beyond the loan's periods.
    pub fn schedule(&self, loan: U256, number: U256) -> Result<(u64, Amount, Amount, Amount), FiloError> {
        let ((_, loan), period) = (self.existing(loan)?, self.period_seconds());
        in_range("number", &number, 1, loan.terms.periods.into())?;
        let number = number.to();
        let due = if loan.drawn_at == 0 { 0 } else { loan.due(number, period)? };
        let (interest, principal, outstanding) = loan.schedule(number, period)?;
        Ok((due, interest, principal, outstanding))
    }

    /// The receipts that secure a loan.
    ///
    /// # Errors
    /// `UnknownLoan`.
    pub fn receipts_of(&self, loan: U256) -> Result<Vec<U256>, FiloError> {
        let (loan_id, loan) = self.existing(loan)?;
        Ok(self.loans.receipts(loan_id, &loan))
    }

    /// A stack's junior capital that is not lent.
    ///
    /// # Errors
    /// `UnknownStack`.
    pub fn junior_cash(&self, stack: U256) -> Result<Amount, FiloError> {
        Ok(self.known(stack)?.1.junior_cash)
    }

    /// The insurance reserve of all stacks.
    pub fn reserve(&self) -> U256 {
        self.reserve.get()
    }

    /// The length of a period in seconds, the treasury's and the reserve's part of the interest of new loans.
    pub fn parameters(&self) -> [u64; 3] {
        [&self.period, &self.protocol_fee_bps, &self.reserve_bps].map(|number| number.get().to())
    }
}

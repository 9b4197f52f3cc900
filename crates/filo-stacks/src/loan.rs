//! A loan's life: offered, live, closed or cancelled (PROTOCOL 6, Loan).

use alloy_primitives::Address;
use fixed_point::{ArithmeticError, Checked};

use crate::{
    amount::Amount,
    balance::{Balance, Payment},
    terms::Terms,
};

/// Where a loan is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// There is no such loan.
    #[default]
    None = 0,
    /// The curator's word stands, the borrower has not taken it.
    Offered = 1,
    /// Money is lent.
    Live = 2,
    /// All is paid back.
    Closed = 3,
    /// The curator took the offer back.
    Cancelled = 4,
}

impl Status {
    /// From its number.
    #[must_use]
    pub fn from_byte(byte: u8) -> Self {
        match byte {
            1 => Self::Offered,
            2 => Self::Live,
            3 => Self::Closed,
            4 => Self::Cancelled,
            _ => Self::None,
        }
    }
}

/// A loan, whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loan {
    /// Where it is in its life.
    pub status: Status,
    /// The only one who can draw it; owner of the receipts.
    pub borrower: Address,
    /// The stack that stands behind it.
    pub stack: u64,
    /// How many receipts secure it.
    pub receipts: u8,
    /// Its place in the stack's list of live loans.
    pub position: u8,
    /// What was agreed.
    pub terms: Terms,
    /// Unix seconds at which it was drawn: period k ends k periods later.
    pub drawn_at: u64,
    /// What it owes.
    pub balance: Balance,
    /// What every instalment but the last is ([`Terms::instalment`]).
    pub instalment: Amount,
    /// What the plan leaves outstanding after the instalments that are paid.
    pub planned: Amount,
    /// How many instalments are paid.
    pub paid: u8,
}

impl Loan {
    /// Lends: `senior` of the principal is the vault's.
    ///
    /// # Errors
    /// An overflow of the arithmetic; never within the bounds of [`crate::terms`].
    pub fn draw(&mut self, senior: Amount, now: u64, period: u64) -> Checked<()> {
        self.status = Status::Live;
        self.drawn_at = now;
        self.balance = Balance::drawn(self.terms.principal, senior, now);
        self.instalment = self.terms.instalment(period)?;
        self.planned = self.terms.principal;
        self.paid = 0;
        Ok(())
    }

    /// Pays `amount` or what is owed, whichever is less, at `now`; moves the due date on and closes the loan as that allows.
    ///
    /// # Errors
    /// An overflow of the arithmetic; never within the bounds of [`crate::terms`].
    pub fn pay(&mut self, amount: Amount, now: u64, period: u64) -> Checked<Payment> {
        self.balance.accrue(&self.terms, now)?;
        let payment = self.balance.pay(&self.terms, amount)?;
        if self.balance.interest.is_zero() {
            if self.balance.outstanding.is_zero() {
                self.status = Status::Closed;
                self.planned = Amount::ZERO;
                self.paid = self.terms.periods;
            } else {
                self.advance(now, period)?;
            }
        }
        Ok(payment)
    }

    /// Counts as paid every instalment whose balance the loan has come down to and that is due less than one period from now. The limit
    /// keeps interest coming every period: whoever prepays half of the principal still owes the interest on the other half each month.
    /// At most [`crate::terms::MAX_PERIODS`] steps over a loan's life, usually one a payment.
    fn advance(&mut self, now: u64, period: u64) -> Checked<()> {
        let horizon = now.checked_add(period).ok_or(ArithmeticError::Overflow)?;
        while self.paid < self.terms.periods {
            let (next, planned) = self.next_instalment(period)?;
            if self.balance.outstanding > planned || next >= horizon {
                break;
            }
            self.planned = planned;
            self.paid += 1;
        }
        Ok(())
    }

    /// When the next instalment is due, and what the plan leaves outstanding then.
    fn next_instalment(&self, period: u64) -> Checked<(u64, Amount)> {
        let number = self.paid.saturating_add(1);
        let planned = self.terms.planned_after(number, self.planned, self.instalment, period)?;
        Ok((self.due(number, period)?, planned))
    }

    /// When instalment `number` is due, Unix seconds.
    ///
    /// # Errors
    /// An overflow; never for times that fit in storage.
    pub fn due(&self, number: u8, period: u64) -> Checked<u64> {
        u64::from(number)
            .checked_mul(period)
            .and_then(|after| after.checked_add(self.drawn_at))
            .ok_or(ArithmeticError::Overflow)
    }

    /// When the next payment is due; 0 unless the loan is live.
    ///
    /// # Errors
    /// As [`Loan::due`].
    pub fn next_due(&self, period: u64) -> Checked<u64> {
        if self.status != Status::Live {
            return Ok(0);
        }
        self.due(self.paid.saturating_add(1), period)
    }

    /// The next payment as of now: when it is due, the interest owed by then (by now if it is overdue), and the principal that brings
    /// the loan down to its plan. Paying it on that second moves the due date on. Zeros unless the loan is live.
    ///
    /// # Errors
    /// As [`Loan::pay`].
    pub fn payment_due(&self, now: u64, period: u64) -> Checked<(u64, Amount, Amount)> {
        if self.status != Status::Live {
            return Ok((0, Amount::ZERO, Amount::ZERO));
        }
        let (due, planned) = self.next_instalment(period)?;
        let mut balance = self.balance;
        balance.accrue(&self.terms, due.max(now))?;
        let principal = balance.outstanding.less(planned);
        Ok((due, balance.interest_owed()?, principal))
    }

    /// All that is owed at `at`: to the wei what a payment at that second takes at most.
    ///
    /// # Errors
    /// An overflow if `at` is before the last payment.
    pub fn payoff(&self, at: u64) -> Checked<Amount> {
        if self.status != Status::Live {
            return Ok(Amount::ZERO);
        }
        let mut balance = self.balance;
        balance.accrue(&self.terms, at)?;
        balance.payoff()
    }

    /// Instalment `number` (1-based) of the plan as agreed, whatever has been paid: interest, principal, and what it leaves outstanding.
    ///
    /// # Errors
    /// As [`Loan::pay`].
    pub fn schedule(&self, number: u8, period: u64) -> Checked<(Amount, Amount, Amount)> {
        let instalment = self.terms.instalment(period)?;
        let (mut before, mut after) = (self.terms.principal, self.terms.principal);
        for k in 1..=number {
            before = after;
            after = self.terms.planned_after(k, before, instalment, period)?;
        }
        Ok((self.terms.period_interest(before, period)?, before.minus(after)?, after))
    }
}

#[cfg(test)]
#[path = "loan_tests.rs"]
mod tests;

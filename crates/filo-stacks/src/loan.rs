//! A loan's life (PROTOCOL 6, Loan, Default and Marks):
//!
//! ```text
//! draw ─► live ◄─ pay up ─ late ─ default ─► defaulted ─ all receipts sold ─► liquidated
//!           └─ marked late ─►┘                    │
//!           └────────── all paid ─► closed ◄──────┘
//! ```
//!
//! A payment is due at a second and on time until the end of that second's day ([`last_second`]): loans that fall due on one day are
//! overdue together, so that the index of due days needs no order within a day ([`crate::dues`]).

use alloy_primitives::{Address, U256};
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
    /// Money is lent.
    Live = 1,
    /// A payment is overdue and somebody said so: it is no longer in the vault's accrual.
    Late = 2,
    /// In default: the borrower may still pay all, then the receipts are auctioned.
    Defaulted = 3,
    /// All is paid back.
    Closed = 4,
    /// All receipts are sold, what they did not pay is lost.
    Liquidated = 5,
}

impl Status {
    /// From its number.
    #[must_use]
    pub fn from_byte(byte: u8) -> Self {
        match byte {
            1 => Self::Live,
            2 => Self::Late,
            3 => Self::Defaulted,
            4 => Self::Closed,
            5 => Self::Liquidated,
            _ => Self::None,
        }
    }

    /// Whether money is owed.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Live | Self::Late | Self::Defaulted)
    }

    /// Whether the vault's book is impaired for it and does not accrue.
    #[must_use]
    pub const fn is_marked(self) -> bool {
        matches!(self, Self::Late | Self::Defaulted)
    }
}

/// Seconds of a due day: a thirtieth of a period, a day where periods have 30 days.
#[must_use]
pub const fn day(period: u64) -> u64 {
    let day = period / 30;
    if day == 0 {
        1
    } else {
        day
    }
}

/// The last second at which a payment due at `due` is on time: the end of its day.
///
/// # Errors
/// An overflow; never for times that fit in storage.
pub fn last_second(due: u64, period: u64) -> Checked<u64> {
    let day = day(period);
    (due / day)
        .checked_mul(day)
        .and_then(|start| start.checked_add(day - 1))
        .ok_or(ArithmeticError::Overflow)
}

/// What is remembered of a loan in trouble.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Distress {
    /// Expected senior loss that the vault holds against it.
    pub impairment: Amount,
    /// Junior capital of its stack that the last mark counted on.
    pub junior_cover: Amount,
    /// Of the insurance reserve, as much as the last mark counted on.
    pub reserve_cover: Amount,
    /// Until when a margin call can be met; 0 is no call.
    pub call_deadline: u64,
    /// The call is met when no more than this is outstanding.
    pub cure_below: Amount,
}

/// A loan, whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loan {
    /// Where it is in its life.
    pub status: Status,
    /// Who has drawn it; owner of the receipts.
    pub borrower: Address,
    /// The stack that stands behind it.
    pub stack: u64,
    /// How many receipts secure it.
    pub receipts: u8,
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
    /// Its place in the list of its due day ([`crate::dues`]).
    pub due_place: u32,
    /// Marks and margin call.
    pub distress: Distress,
}

impl Loan {
    /// Lends what `terms` say at `now`, to be paid back by `instalment` ([`Terms::instalment`]); `senior` of the principal is the vault's.
    #[must_use]
    pub fn draw(terms: Terms, instalment: Amount, senior: Amount, now: u64) -> Self {
        Self {
            status: Status::Live,
            drawn_at: now,
            balance: Balance::drawn(terms.principal, senior, now),
            instalment,
            planned: terms.principal,
            terms,
            ..Self::default()
        }
    }

    /// Counts interest and late fees to `now`.
    ///
    /// # Errors
    /// As [`Balance::accrue`].
    pub fn accrue(&mut self, now: u64, period: u64) -> Checked<()> {
        let late_after = self.late_after(period)?;
        self.balance.accrue(&self.terms, late_after, now)
    }

    /// Pays `amount` or what is owed, whichever is less, at `now`; moves the due date on, cures or closes the loan as that allows. In
    /// default it recovers in the absolute order; else principal goes to the senior side first if `senior_first`.
    ///
    /// # Errors
    /// An overflow of the arithmetic; never within the bounds of [`crate::terms`].
    pub fn pay(&mut self, amount: Amount, senior_first: bool, now: u64, period: u64) -> Checked<Payment> {
        self.accrue(now, period)?;
        let before = self.status;
        let mut payment = if before == Status::Defaulted {
            self.balance.recover(&self.terms, amount)?
        } else {
            self.balance.pay(&self.terms, amount, senior_first)?
        };
        if self.balance.payoff()?.is_zero() {
            self.status = Status::Closed;
            self.planned = Amount::ZERO;
            self.paid = self.terms.periods;
        } else if before != Status::Defaulted && self.balance.interest.is_zero() && self.balance.late_fees.is_zero() {
            self.advance(now, period)?;
            if !self.is_overdue(now, period)? {
                self.status = Status::Live;
            }
        }
        if before.is_marked() {
            // The vault does not count it: nothing is settled there, and cured it counts again from now on.
            payment.accrual = U256::ZERO;
            let rate = if self.status == Status::Live { payment.rates.1 } else { U256::ZERO };
            payment.rates = (U256::ZERO, rate);
            // What is expected to be lost of less is that much less.
            self.distress.impairment = self.distress.impairment.less(payment.senior_principal);
        }
        if self.balance.outstanding <= self.distress.cure_below || !self.status.is_open() {
            self.set_call(0, Amount::ZERO);
        }
        if !self.status.is_marked() {
            let Distress {
                call_deadline, cure_below, ..
            } = self.distress;
            self.distress = Distress {
                call_deadline,
                cure_below,
                ..Distress::default()
            };
        }
        Ok(payment)
    }

    /// Opens a margin call, or withdraws it with zeros.
    pub fn set_call(&mut self, deadline: u64, cure_below: Amount) {
        self.distress.call_deadline = deadline;
        self.distress.cure_below = cure_below;
    }

    /// Whether its stack's first-loss capital has to stay: marked, or called.
    #[must_use]
    pub fn is_troubled(&self) -> bool {
        self.status.is_marked() || self.status == Status::Live && self.distress.call_deadline != 0
    }

    /// The stack's principal in it.
    #[must_use]
    pub fn junior(&self) -> Amount {
        self.balance.outstanding.less(self.balance.senior)
    }

    /// Counts as paid every instalment whose balance the loan has come down to and that is due less than one period from now. So who pays a few
    /// days before a due day has paid for it, and the limit keeps interest coming: whoever prepays half of the principal still owes the interest
    /// on the other half. From such a payment to the next due day may be almost two periods: one made right after a due day counts for the next.
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

    /// When the next payment is due; 0 unless money is owed.
    ///
    /// # Errors
    /// As [`Loan::due`].
    pub fn next_due(&self, period: u64) -> Checked<u64> {
        if !self.status.is_open() {
            return Ok(0);
        }
        self.due(self.paid.saturating_add(1), period)
    }

    /// The last second at which the next payment is on time.
    ///
    /// # Errors
    /// As [`Loan::due`].
    pub fn late_after(&self, period: u64) -> Checked<u64> {
        last_second(self.next_due(period)?, period)
    }

    /// Whether the next payment is late at `now`.
    ///
    /// # Errors
    /// As [`Loan::due`].
    pub fn is_overdue(&self, now: u64, period: u64) -> Checked<bool> {
        Ok(self.status.is_open() && self.late_after(period)? < now)
    }

    /// The next payment as of now: when it is due, the interest owed by then (by now if it is overdue), the principal that brings
    /// the loan down to its plan, and the late fees. Paying it on that second moves the due date on. Zeros unless money is owed.
    ///
    /// # Errors
    /// As [`Loan::pay`].
    pub fn payment_due(&self, now: u64, period: u64) -> Checked<(u64, Amount, Amount, Amount)> {
        if !self.status.is_open() {
            return Ok(Default::default());
        }
        let (due, planned) = self.next_instalment(period)?;
        let mut loan = *self;
        loan.accrue(due.max(now), period)?;
        let balance = loan.balance;
        let principal = balance.outstanding.less(planned);
        Ok((due, balance.interest_owed()?, principal, balance.late_fees_owed()?))
    }

    /// All that is owed at `at`: to the wei what a payment at that second takes at most.
    ///
    /// # Errors
    /// An overflow if `at` is before the last payment.
    pub fn payoff(&self, at: u64, period: u64) -> Checked<Amount> {
        if !self.status.is_open() {
            return Ok(Amount::ZERO);
        }
        let mut loan = *self;
        loan.accrue(at, period)?;
        loan.balance.payoff()
    }

    /// Instalment `number` (1-based) of the plan as agreed, whatever has been paid: interest, principal, and what it leaves outstanding.
    ///
    /// # Errors
    /// As [`Loan::pay`].
    pub fn schedule(&self, number: u8, period: u64) -> Checked<(Amount, Amount, Amount)> {
        let (mut before, mut after) = (self.terms.principal, self.terms.principal);
        for k in 1..=number {
            before = after;
            after = self.terms.planned_after(k, before, self.instalment, period)?;
        }
        Ok((self.terms.period_interest(before, period)?, before.minus(after)?, after))
    }
}

#[cfg(test)]
#[path = "loan_tests.rs"]
mod tests;

//! What a live loan owes, counted by the second, and what a payment does to it (PROTOCOL 6, Payment).
//!
//! Interest is kept exactly, as wei × WAD × seconds of a year, and rounded up to the wei only when it is paid: however often a loan is
//! touched, the borrower loses less than one wei each time interest is paid in full, and the vault never does.
//!
//! The vault counts the senior side's interest as it accrues, at [`Balance::vault_rate`] for each loan, and is told by each payment how
//! much of that count the payment settles. Here is why it never counts more than it gets. Let `c` be what the senior side keeps of a
//! wei of interest, (1 − fees) × senior ÷ outstanding × (1 − spread). Principal is paid only after all interest, so `c` is constant
//! while any interest is owed.
//!
//! 1. `accrual ≤ c × interest`, in the same unit: the rate is rounded down, and a part payment of `x` takes `x ÷ interest` of the accrual,
//!    rounded up.
//! 2. A payment of `x` gives the senior side at least `c × x` ([`crate::split`]) and settles at most that: `x ÷ interest` of an accrual of
//!    at most `c × interest` if it is a part, all of at most `c × interest ≤ c × x` if it is all. It is whole wei, so rounding up is
//!    covered.
//! 3. Once no interest is owed, no accrual is left: when all loans are closed, the vault's count is exactly zero.
//!
//! A loan that is marked late is no longer in the vault's count; the loan goes on counting `accrual` for itself, because it is the senior
//! side's part of the interest owed, which ranks before the junior side once the loan is in default ([`Balance::recover`]).

use alloy_primitives::U256;
use fixed_point::{add, mul_div_down, mul_div_up, sub, ArithmeticError, Checked, WAD, YEAR};

use crate::{
    amount::{word, Amount},
    split::{junior_principal, split_interest, split_late_interest, InterestSplit},
    terms::{Terms, WEI_OF_INTEREST},
};

const ONE: U256 = U256::from_limbs([1, 0, 0, 0]);

/// The divisor of [`Balance::vault_rate`]: 10^8 parts × YEAR.
const SHARE_YEARS: U256 = U256::from_limbs([100_000_000 * YEAR, 0, 0, 0]);

/// `a × b`; through the division by one, which is there anyway, where another multiplication would be a kilobyte more.
fn product(a: U256, b: U256) -> Checked {
    mul_div_down(a, b, ONE)
}

/// What a live loan owes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Principal owed.
    pub outstanding: Amount,
    /// The vault's part of it; the stack's is the rest.
    pub senior: Amount,
    /// Interest owed as of `touched`, in wei × WAD × YEAR.
    pub interest: U256,
    /// The senior side's part of that interest, in wei × 10^18, rounded down: the vault's unsettled count while the loan performs.
    pub accrual: U256,
    /// Late fees owed as of `touched`, in the unit of `interest`.
    pub late_fees: U256,
    /// Unix seconds up to which interest is counted.
    pub touched: u64,
}

/// What a payment was, and where each wei of it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payment {
    /// Late fees paid; they go to the insurance reserve.
    pub late_fee: Amount,
    /// All interest paid.
    pub interest: Amount,
    /// All principal paid.
    pub principal: Amount,
    /// The parts of the interest.
    pub split: InterestSplit,
    /// The stack's part of the principal.
    pub junior_principal: Amount,
    /// The vault's part of the principal.
    pub senior_principal: Amount,
    /// What of the stack's part pays the senior side's claim on it instead: principal, then interest ([`crate::stack`]).
    pub diverted: (Amount, Amount),
    /// What it settles of the vault's count, wei × 10^18; at most 10^18 × the senior part of the interest.
    pub accrual: U256,
    /// The vault's rate before and after, wei × 10^18 a second.
    pub rates: (U256, U256),
}

impl Payment {
    /// All that was paid.
    ///
    /// # Errors
    /// An overflow of the sum.
    pub fn total(&self) -> Checked<Amount> {
        self.late_fee.plus(self.interest)?.plus(self.principal)
    }

    /// Principal that the vault gets back.
    ///
    /// # Errors
    /// As [`Payment::total`].
    pub fn vault_principal(&self) -> Checked<Amount> {
        self.senior_principal.plus(self.diverted.0)
    }

    /// Interest that the vault gets.
    ///
    /// # Errors
    /// As [`Payment::total`].
    pub fn vault_interest(&self) -> Checked<Amount> {
        self.split.senior.plus(self.diverted.1)
    }

    /// What goes to the stack's junior cash.
    ///
    /// # Errors
    /// As [`Payment::total`].
    pub fn to_stack(&self) -> Checked<Amount> {
        let junior = self.split.junior.plus(self.junior_principal)?;
        junior.minus(self.diverted.0)?.minus(self.diverted.1)
    }

    /// What goes to the insurance reserve.
    ///
    /// # Errors
    /// As [`Payment::total`].
    pub fn to_reserve(&self) -> Checked<Amount> {
        self.split.reserve.plus(self.late_fee)
    }
}

impl Balance {
    /// A loan just drawn.
    #[must_use]
    pub fn drawn(outstanding: Amount, senior: Amount, now: u64) -> Self {
        Self {
            outstanding,
            senior,
            touched: now,
            ..Self::default()
        }
    }

    /// Counts interest to `now`, and late fees from `late_after` on, the last second at which the next payment is on time.
    ///
    /// # Errors
    /// An overflow if `now` is before the last touch, or of the sums: not within 500 years.
    pub fn accrue(&mut self, terms: &Terms, late_after: u64, now: u64) -> Checked<()> {
        let elapsed = now.checked_sub(self.touched).ok_or(ArithmeticError::Overflow)?;
        if elapsed != 0 {
            let late = now.saturating_sub(late_after.max(self.touched));
            if late != 0 {
                let fees = product(self.outstanding.word(), terms.late_rate(late))?;
                self.late_fees = add(self.late_fees, fees)?;
            }
            let earned = product(self.outstanding.word(), terms.interest_rate(elapsed))?;
            self.interest = add(self.interest, earned)?;
            self.accrual = add(self.accrual, product(self.vault_rate(terms)?, word(elapsed))?)?;
            self.touched = now;
        }
        Ok(())
    }

    /// What the vault counts of this loan each second: senior × rate × (1 − fees) × (1 − spread) ÷ year, in wei × 10^18, rounded down.
    ///
    /// # Errors
    /// An overflow; not within the bounds of [`crate::terms`].
    pub fn vault_rate(&self, terms: &Terms) -> Checked {
        let kept = u128::from(terms.rate) * u128::from(terms.fees.senior_share());
        mul_div_down(self.senior.word(), Amount(kept).word(), SHARE_YEARS)
    }

    /// Interest owed as of the last touch, rounded up to the wei.
    ///
    /// # Errors
    /// An overflow; not within 500 years.
    pub fn interest_owed(&self) -> Checked<Amount> {
        Amount::from_word(mul_div_up(self.interest, ONE, WEI_OF_INTEREST)?)
    }

    /// Late fees owed as of the last touch, rounded up to the wei.
    ///
    /// # Errors
    /// An overflow; not within 500 years.
    pub fn late_fees_owed(&self) -> Checked<Amount> {
        Amount::from_word(mul_div_up(self.late_fees, ONE, WEI_OF_INTEREST)?)
    }

    /// All that is owed as of the last touch: what a payment takes at most.
    ///
    /// # Errors
    /// An overflow of the sum.
    pub fn payoff(&self) -> Checked<Amount> {
        self.outstanding.plus(self.interest_owed()?)?.plus(self.late_fees_owed()?)
    }

    /// Takes `paid` of the late fees `owed` off the books.
    fn settle_late_fees(&mut self, paid: Amount, owed: Amount) -> Checked<()> {
        self.late_fees = if paid == owed {
            U256::ZERO
        } else {
            sub(self.late_fees, product(paid.word(), WEI_OF_INTEREST)?)?
        };
        Ok(())
    }

    /// Pays `amount` or what is owed, whichever is less: late fees, interest, principal. Principal is shared pro rata, or all of it goes to
    /// the senior side first if `senior_first`. Interest must have been counted to now.
    ///
    /// # Errors
    /// An overflow; never within the bounds of [`crate::terms`].
    pub fn pay(&mut self, terms: &Terms, amount: Amount, senior_first: bool) -> Checked<Payment> {
        let fees_owed = self.late_fees_owed()?;
        let late_fee = amount.min(fees_owed);
        self.settle_late_fees(late_fee, fees_owed)?;
        let amount = amount.minus(late_fee)?;
        let owed = self.interest_owed()?;
        let interest = amount.min(owed);
        let principal = amount.minus(interest)?.min(self.outstanding);
        let old_rate = self.vault_rate(terms)?;
        let mut payment = Payment {
            late_fee,
            interest,
            principal,
            rates: (old_rate, old_rate),
            ..Payment::default()
        };
        let junior = self.outstanding.minus(self.senior)?;
        if !interest.is_zero() {
            payment.split = split_interest(interest, terms.fees, junior, self.outstanding)?;
            payment.accrual = self.settle(interest, owed)?;
        }
        if !principal.is_zero() {
            payment.junior_principal = if senior_first {
                principal.less(self.senior)
            } else {
                junior_principal(principal, junior, self.outstanding)?
            };
            payment.senior_principal = principal.minus(payment.junior_principal)?;
            self.outstanding = self.outstanding.minus(principal)?;
            self.senior = self.senior.minus(payment.senior_principal)?;
            payment.rates.1 = self.vault_rate(terms)?;
        }
        Ok(payment)
    }

    /// Recovers `amount` or what is owed, whichever is less, of a loan in default, in the absolute order: senior principal, senior interest,
    /// junior principal, and then what is left of the interest, late fees first. Of that rest the servicing fee, the protocol's and the
    /// reserve's part are taken as agreed and the junior side gets what remains: nobody takes a fee before the senior side is whole.
    ///
    /// # Errors
    /// An overflow; never within the bounds of [`crate::terms`].
    pub fn recover(&mut self, terms: &Terms, amount: Amount) -> Checked<Payment> {
        let (owed, fees_owed, junior) = (self.interest_owed()?, self.late_fees_owed()?, self.outstanding.minus(self.senior)?);
        let senior_interest = self.senior_interest()?.min(owed);
        let rest = owed.minus(senior_interest)?;
        let mut left = amount;
        let [senior_principal, to_senior, junior_principal, late_fee, to_others] =
            [self.senior, senior_interest, junior, fees_owed, rest].map(|claim| left.take(claim));

        self.senior = self.senior.minus(senior_principal)?;
        let principal = senior_principal.plus(junior_principal)?;
        self.outstanding = self.outstanding.minus(principal)?;
        self.settle_late_fees(late_fee, fees_owed)?;
        let interest = to_senior.plus(to_others)?;
        if interest == owed {
            (self.interest, self.accrual) = (U256::ZERO, U256::ZERO);
        } else {
            self.interest = sub(self.interest, product(interest.word(), WEI_OF_INTEREST)?)?;
            self.accrual = sub(self.accrual, product(to_senior.word(), WAD)?)?;
        }
        let mut split = split_late_interest(to_others, terms.fees)?;
        split.senior = to_senior;
        Ok(Payment {
            late_fee,
            interest,
            principal,
            split,
            junior_principal,
            senior_principal,
            ..Payment::default()
        })
    }

    /// The senior side's part of the interest owed as of the last touch, rounded down to the wei.
    ///
    /// # Errors
    /// An overflow; not within 500 years.
    pub fn senior_interest(&self) -> Checked<Amount> {
        Amount::from_word(mul_div_down(self.accrual, ONE, WAD)?)
    }

    /// Takes `paid` of the interest `owed` off the books; returns what that settles of the vault's count.
    fn settle(&mut self, paid: Amount, owed: Amount) -> Checked {
        if paid == owed {
            self.interest = U256::ZERO;
            return Ok(core::mem::take(&mut self.accrual));
        }
        // Below what is owed means at most the whole wei in `interest`: the differences are not negative.
        let taken = product(paid.word(), WEI_OF_INTEREST)?;
        let settled = mul_div_up(self.accrual, taken, self.interest)?;
        self.interest = sub(self.interest, taken)?;
        self.accrual = sub(self.accrual, settled)?;
        Ok(settled)
    }
}

#[cfg(test)]
#[path = "balance_tests.rs"]
mod tests;

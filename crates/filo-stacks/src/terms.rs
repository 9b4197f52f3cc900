//! What a loan is agreed on, and the plan by which it is paid back (PROTOCOL 6, Loan and Payment).
//!
//! The plan is the contract's yardstick: a payment is due when the plan says so, and an instalment counts as paid when what is
//! outstanding has come down to what the plan says. Interest itself is not planned, it is counted by the second ([`crate::balance`]).

use alloy_primitives::U256;
use fixed_point::{level_payment_up, mul_div_up, Bps, Checked, Rounding, YEAR};

use crate::amount::{word, Amount};

/// Longest loan, in periods.
pub const MAX_PERIODS: u8 = 120;
/// Smallest principal: one USDai, so that no rounding of a wei shows.
pub const MIN_PRINCIPAL: u128 = 1_000_000_000_000_000_000;
/// Largest principal: what 12 bytes of a storage word hold, about 79 billion USDai.
pub const MAX_PRINCIPAL: u128 = (1 << 96) - 1;
/// Highest yearly rate, WAD: 100 %.
pub const MAX_RATE: u128 = 1_000_000_000_000_000_000;
/// Highest late fee: 20 % a year.
pub const MAX_LATE_FEE_BPS: u128 = 2_000;
/// Longest grace: 90 days.
pub const MAX_GRACE_SECONDS: u128 = 90 * 86_400;
/// Last second that fits where times are kept, six bytes.
pub const LAST_SECOND: u128 = (1 << 48) - 1;
/// Longest period: 366 days.
pub const MAX_PERIOD_SECONDS: u128 = 366 * 86_400;

const ONE: U256 = U256::from_limbs([1, 0, 0, 0]);
const WAD_PER_BPS: u128 = 100_000_000_000_000;
/// One wei of interest in the unit in which interest is exact: WAD × YEAR.
pub const WEI_OF_INTEREST: U256 = U256::from_limbs([WEI_OF_INTEREST_LIMBS[0], WEI_OF_INTEREST_LIMBS[1], 0, 0]);
#[allow(clippy::cast_possible_truncation, reason = "the two halves of a word, on purpose")]
const WEI_OF_INTEREST_LIMBS: [u64; 2] = {
    let wei = MAX_RATE * YEAR as u128;
    [wei as u64, (wei >> 64) as u64]
};

/// How interest is shared, fixed for a loan when it is drawn: a later change of the protocol's fees changes no agreed loan, and the
/// vault's accrual stays what the loan will pay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fees {
    /// Of all interest, to the curator.
    pub servicing: Bps,
    /// Of all interest, to the treasury.
    pub protocol: Bps,
    /// Of all interest, to the insurance reserve.
    pub reserve: Bps,
    /// Of the senior side's interest, to the junior side, for standing first.
    pub spread: Bps,
}

impl Fees {
    /// What the senior side keeps of the interest on its principal, in parts of 10^8: (1 − fees) × (1 − spread). Nothing if the fees
    /// exceed 100 %; the shell bounds them to 30 %.
    #[must_use]
    pub fn senior_share(self) -> u32 {
        let fees = u32::from(self.servicing.get()) + u32::from(self.protocol.get()) + u32::from(self.reserve.get());
        u32::from(Bps::ONE.get()).saturating_sub(fees) * u32::from(self.spread.complement().get())
    }
}

/// What curator and borrower agree on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// USDai lent.
    pub principal: Amount,
    /// WAD per year.
    pub rate: u64,
    /// Number of instalments.
    pub periods: u8,
    /// Equal payments; else equal parts of principal.
    pub level: bool,
    /// How interest is shared.
    pub fees: Fees,
    /// How many seconds a payment may be late before the loan can be declared in default.
    pub grace: u32,
    /// Late fee in basis points of what is outstanding a year, counted by the second while a payment is late.
    pub late_fee: Bps,
}

impl Terms {
    /// The yearly rate as a word.
    #[must_use]
    pub fn rate(&self) -> U256 {
        word(self.rate)
    }

    /// What a wei of principal earns in `seconds`, in the unit of [`WEI_OF_INTEREST`]: rate × seconds, exact.
    #[must_use]
    pub fn interest_rate(&self, seconds: u64) -> U256 {
        Amount(u128::from(self.rate) * u128::from(seconds)).word()
    }

    /// What a wei of principal costs in late fees in `seconds`, in the unit of [`WEI_OF_INTEREST`].
    #[must_use]
    pub fn late_rate(&self, seconds: u64) -> U256 {
        Amount(u128::from(self.late_fee.get()) * WAD_PER_BPS * u128::from(seconds)).word()
    }

    /// What every instalment but the last is: the level payment, principal and interest, or the straight line's part of principal alone.
    ///
    /// The level payment is P·r/(1 − (1+r)^−n) rounded up, and one wei more: interest is rounded up to the wei, each period may cost one
    /// wei more than the formula knows, and the last payment must not be larger than the others.
    ///
    /// # Errors
    /// An overflow of the arithmetic; never within the bounds of this module.
    pub fn instalment(&self, period_seconds: u64) -> Checked<Amount> {
        let periods = u64::from(self.periods);
        if !self.level {
            return self.principal.scale(ONE, word(periods), Rounding::Up);
        }
        // From WAD to RAY.
        let per_year = u128::from(self.rate) * 1_000_000_000;
        let per_period = mul_div_up(Amount(per_year).word(), word(period_seconds), word(YEAR))?;
        Amount::from_word(level_payment_up(self.principal.word(), per_period, periods)?)?.plus(Amount(1))
    }

    /// Interest of one whole period on `balance`, rounded up as a payment of it is.
    ///
    /// # Errors
    /// As [`Terms::instalment`].
    pub fn period_interest(&self, balance: Amount, period_seconds: u64) -> Checked<Amount> {
        balance.scale(self.interest_rate(period_seconds), WEI_OF_INTEREST, Rounding::Up)
    }

    /// What the plan leaves outstanding after instalment `number` (1-based), from `balance`, what it left after the one before.
    ///
    /// # Errors
    /// As [`Terms::instalment`].
    pub fn planned_after(&self, number: u8, balance: Amount, instalment: Amount, period_seconds: u64) -> Checked<Amount> {
        if number >= self.periods {
            return Ok(Amount::ZERO);
        }
        let mut principal = instalment;
        if self.level {
            principal = principal.less(self.period_interest(balance, period_seconds)?);
        }
        Ok(balance.less(principal))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) const MONTH: u64 = 30 * 86_400;

    /// The loan of PROTOCOL 6: 416,500 at 15 % over 36 periods of 30 days.
    pub(crate) fn reference() -> Terms {
        Terms {
            principal: Amount(416_500 * MIN_PRINCIPAL),
            rate: 150_000_000_000_000_000,
            periods: 36,
            level: true,
            fees: Fees::default(),
            grace: 0,
            late_fee: Bps::default(),
        }
    }

    prop_compose! {
        /// Any terms that an offer may have.
        pub(crate) fn terms()(
            principal in prop_oneof![MIN_PRINCIPAL..=MAX_PRINCIPAL, MIN_PRINCIPAL..=MIN_PRINCIPAL * 1_000_000_000],
            rate in prop_oneof![1..=1_000_000_000_000_000_000_u64, 10_000_000_000_000_000..=300_000_000_000_000_000_u64],
            periods in 1..=MAX_PERIODS,
            level in any::<bool>(),
            fees in (0u16..=1_000, 0u16..=1_000, 0u16..=1_000, 0u16..=3_000),
            late_fee in 0u16..=2_000,
        ) -> Terms {
            let bps = |n| Bps::new(n).unwrap();
            Terms {
                principal: Amount(principal),
                rate,
                periods,
                level,
                fees: Fees { servicing: bps(fees.0), protocol: bps(fees.1), reserve: bps(fees.2), spread: bps(fees.3) },
                grace: 0,
                late_fee: bps(late_fee),
                }
        }
    }

    #[test]
    fn the_reference_loan_bears_5134_93_in_its_first_period() {
        let terms = reference();
        assert_eq!(
            terms.period_interest(terms.principal, MONTH).unwrap().0,
            5_134_931_506_849_315_068_494
        );
    }

    proptest! {
        /// Paying the instalment every period ends at exactly zero with the last, and the last is the smallest.
        #[test]
        fn amortises(terms in terms(), period in prop_oneof![60..=MONTH, Just(MONTH), MONTH..=366 * 86_400]) {
            let instalment = terms.instalment(period).unwrap();
            let mut balance = terms.principal;
            for number in 1..=terms.periods {
                let interest = terms.period_interest(balance, period).unwrap();
                let after = terms.planned_after(number, balance, instalment, period).unwrap();
                let principal = balance.minus(after).unwrap();
                prop_assert!(after <= balance);
                let payment = if terms.level { interest.plus(principal).unwrap() } else { principal };
                prop_assert!(payment <= instalment, "payment {number} is larger than the others: {payment:?} {instalment:?}");
                balance = after;
            }
            prop_assert!(balance.is_zero());
        }
    }
}

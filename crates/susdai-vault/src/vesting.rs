//! Income that must not make the price jump: harvested yield and auction premiums vest in a straight line (PROTOCOL 3.3).

use fixed_point::{mul_div_down, mul_div_up, ArithmeticError, Assets, Checked, U256};

/// How long income takes to vest, in seconds: 7 days.
pub const VESTING_PERIOD: u64 = 7 * 86_400;

/// `amount` at `start`, falling in a straight line to nothing at `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vesting {
    /// Unvested at `start`.
    pub amount: Assets,
    /// Second of the last addition.
    pub start: u64,
    /// Second from which all is vested.
    pub end: u64,
}

impl Vesting {
    /// Unvested at `now`, rounded up: a wei counts as the shareholders' once it is vested in full.
    ///
    /// # Errors
    /// Overflow, also if `now` lies before the last addition.
    pub fn unvested(&self, now: u64) -> Checked<Assets> {
        if now >= self.end {
            return Ok(Assets::ZERO);
        }
        if now < self.start {
            return Err(ArithmeticError::Overflow);
        }
        // Neither is negative: start ≤ now < end.
        let (left, length) = (self.end.wrapping_sub(now), self.end.wrapping_sub(self.start));
        mul_div_up(self.amount.0, word(left), word(length)).map(Assets)
    }

    /// Adds `income`: it vests together with what is left of earlier income, over the seconds that both would have taken, weighted by
    /// their amounts (`left` those that the earlier had left, `period` the new): rounded down, so never less than `left` and never more than
    /// `period`.
    ///
    /// Dust therefore delays nothing: to put off what vests by a second takes an addition of at least its `period`-th part, given to those
    /// who wait for it. The price does not jump: what is unvested grows by exactly `income`.
    ///
    /// # Errors
    /// Overflow.
    pub fn add(&self, income: Assets, period: u64, now: u64) -> Checked<Self> {
        let unvested = self.unvested(now)?;
        let amount = unvested.plus(income)?;
        if income.is_zero() {
            return Ok(*self);
        }
        // Nothing is left: the period of the new alone.
        let left = if unvested.is_zero() { 0 } else { self.end.saturating_sub(now) };
        let longer = mul_div_down(income.0, word(period.saturating_sub(left)), amount.0)?;
        // At most `period`: what is added is a part of it.
        let seconds = left.checked_add(longer.as_limbs()[0]).ok_or(ArithmeticError::Overflow)?;
        Ok(Self {
            amount,
            start: now,
            end: now.checked_add(seconds.max(1)).ok_or(ArithmeticError::Overflow)?,
        })
    }
}

fn word(seconds: u64) -> U256 {
    U256::from_limbs([seconds, 0, 0, 0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wei(n: u128) -> Assets {
        Assets(U256::from(n))
    }

    #[test]
    fn income_vests_in_a_straight_line_over_seven_days() {
        let vesting = Vesting::default().add(wei(700), VESTING_PERIOD, 1_000).unwrap();
        assert_eq!(vesting.unvested(1_000).unwrap(), wei(700));
        assert_eq!(vesting.unvested(1_000 + 86_400).unwrap(), wei(600));
        assert_eq!(vesting.unvested(1_000 + VESTING_PERIOD - 1).unwrap(), wei(1));
        assert_eq!(vesting.unvested(1_000 + VESTING_PERIOD).unwrap(), wei(0));
        assert_eq!(vesting.unvested(u64::MAX).unwrap(), wei(0));
    }

    #[test]
    fn new_income_and_what_is_left_vest_over_their_weighted_time() {
        let vesting = Vesting::default().add(wei(700), VESTING_PERIOD, 0).unwrap();
        let half = VESTING_PERIOD / 2;
        // 350 over half a period and 350 over a whole one: 700 over three quarters.
        let vesting = vesting.add(wei(350), VESTING_PERIOD, half).unwrap();
        let length = half + half / 2;
        assert_eq!(vesting.unvested(half).unwrap(), wei(700));
        assert_eq!(vesting.end, half + length);
        assert_eq!(vesting.unvested(half + length / 2).unwrap(), wei(350));
        assert_eq!(vesting.unvested(half + length).unwrap(), wei(0));
    }

    #[test]
    fn dust_does_not_hold_the_line() {
        let income = 10u128.pow(24);
        let mut vesting = Vesting::default().add(wei(income), VESTING_PERIOD, 0).unwrap();
        // A speck every hour of the week, and then nothing is left of the income.
        for hour in 1..7 * 24 {
            vesting = vesting.add(wei(1_000_000), VESTING_PERIOD, hour * 3_600).unwrap();
            assert_eq!(vesting.end, VESTING_PERIOD, "at hour {hour}");
        }
        assert_eq!(vesting.unvested(VESTING_PERIOD).unwrap(), wei(0));
    }

    #[test]
    fn an_addition_of_nothing_changes_nothing() {
        let vesting = Vesting::default().add(wei(700), VESTING_PERIOD, 0).unwrap();
        assert_eq!(vesting.add(wei(0), VESTING_PERIOD, 100).unwrap(), vesting);
    }

    #[test]
    fn the_end_of_time_is_an_error_and_not_a_wrap() {
        assert!(Vesting::default().add(wei(1), VESTING_PERIOD, u64::MAX).is_err());
        let vesting = Vesting::default().add(wei(1), VESTING_PERIOD, 10).unwrap();
        assert!(vesting.unvested(9).is_err());
    }

    proptest! {
        #[test]
        fn nothing_unvests_and_an_addition_adds_exactly_itself(
            first in any::<u128>(), second in any::<u128>(), t1 in 0u64..1 << 40, t2 in 0u64..1 << 40, t3 in 0u64..1 << 40
        ) {
            let vesting = Vesting::default().add(wei(first), VESTING_PERIOD, t1).unwrap();
            let now = t1 + t2;
            let left = vesting.unvested(now).unwrap();
            prop_assert!(left <= wei(first));
            let after = vesting.add(wei(second), VESTING_PERIOD, now).unwrap();
            prop_assert_eq!(after.unvested(now).unwrap(), left.plus(wei(second)).unwrap());
            prop_assert!(after.end <= now.max(vesting.end) + VESTING_PERIOD && after.end <= (now + VESTING_PERIOD).max(vesting.end));
            prop_assert!(left.is_zero() || after.end >= vesting.end, "nothing vests earlier than it would have");
            prop_assert!(after.unvested(now + t3).unwrap() <= after.amount);
            prop_assert!(after.unvested(now + t3 + 1).unwrap() <= after.unvested(now + t3).unwrap());
        }
    }
}

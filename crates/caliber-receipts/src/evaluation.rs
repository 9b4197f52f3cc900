//! What a receipt is worth and whether it is insured (PROTOCOL 4, Evaluation and Insurance).
//!
//! No algorithmic oracle: an appraiser posts a value; until the next one it decays exponentially at the yearly rate of the hardware
//! class; once older than the policy's maximum age it counts for nothing. Everything rounds down: collateral is never overstated.

use alloy_primitives::U256;
use fixed_point::{mul_div_down, pow_ray, Assets, Checked, Rounding, BPS, RAY};

/// Per-second factor (RAY) of a loss of 25 % a year: `0.75^(1/31,536,000)`, the default of every class.
pub const DEFAULT_DECAY: u128 = 999_999_990_877_661_366_704_265_486;
/// Per-second factor (RAY) of a loss of 50 % a year, the fastest decay an admin may set.
pub const FASTEST_DECAY: u128 = 999_999_978_020_447_331_861_593_082;
/// Default maximum age of an appraisal: 180 days, in seconds.
pub const DEFAULT_MAX_AGE: u64 = 180 * 86_400;
/// Default cover that makes a receipt insured: all of its appraisal, in basis points.
pub const DEFAULT_MIN_COVER_BPS: u16 = 10_000;

/// What the admin sets for all receipts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Age in seconds up to which an appraisal counts.
    pub max_age: u64,
    /// Cover that makes a receipt insured, in basis points of its appraisal; may exceed 10,000.
    pub min_cover_bps: u16,
}

/// An appraiser's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Valuation {
    /// USDai units.
    pub appraisal: Assets,
    /// Unix seconds.
    pub appraised_at: u64,
}

impl Valuation {
    /// Whether the appraisal is too old to count at `now`.
    #[must_use]
    pub fn is_stale(self, policy: Policy, now: u64) -> bool {
        now.saturating_sub(self.appraised_at) > policy.max_age
    }

    /// Appraisal × decay^(seconds since), rounded down; zero once stale. `decay` is a per-second factor in RAY.
    ///
    /// # Errors
    /// Never for a decay of at most RAY; an overflow of the arithmetic otherwise.
    pub fn value(self, policy: Policy, decay: U256, now: u64) -> Checked<Assets> {
        if self.is_stale(policy, now) {
            return Ok(Assets::ZERO);
        }
        let factor = pow_ray(decay, now.saturating_sub(self.appraised_at), Rounding::Down)?;
        self.appraisal.scale(factor, RAY, Rounding::Down)
    }
}

/// An attestor's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cover {
    /// Insured value, USDai units.
    pub value: Assets,
    /// Unix seconds; cover ends before this second.
    pub until: u64,
}

impl Cover {
    /// Until when a receipt appraised at `appraisal` is insured: 0 if it is not, because cover has ended or is below the policy's part of
    /// the appraisal (the appraisal as posted, not decayed: insured values are agreed against it).
    ///
    /// # Errors
    /// An overflow of the arithmetic; not for an appraisal below 2^240.
    pub fn insured_until(self, appraisal: Assets, policy: Policy, now: u64) -> Checked<u64> {
        let least = mul_div_down(appraisal.0, U256::from(policy.min_cover_bps), BPS)?;
        Ok(if self.until > now && self.value.0 >= least { self.until } else { 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fixed_point::{WAD, YEAR};
    use proptest::prelude::*;

    const POLICY: Policy = Policy {
        max_age: DEFAULT_MAX_AGE,
        min_cover_bps: DEFAULT_MIN_COVER_BPS,
    };

    fn valuation(appraisal: u128) -> Valuation {
        Valuation {
            appraisal: Assets(U256::from(appraisal)),
            appraised_at: 1_000,
        }
    }

    #[test]
    fn the_reference_hardware_loses_a_quarter_in_a_year() {
        let policy = Policy { max_age: YEAR, ..POLICY };
        let value = Valuation {
            appraisal: Assets(U256::from(595_000) * WAD),
            appraised_at: 0,
        }
        .value(policy, U256::from(DEFAULT_DECAY), YEAR)
        .unwrap();
        // 595,000 × 0.75 = 446,250, less what rounding the factor down costs.
        let exact = U256::from(446_250) * WAD;
        assert!(value.0 < exact && exact - value.0 < WAD / U256::from(1_000_000));
    }

    #[test]
    fn half_a_year_at_the_fastest_decay_leaves_the_root_of_a_half() {
        let value = valuation(1_000_000_000)
            .value(POLICY, U256::from(FASTEST_DECAY), 1_000 + DEFAULT_MAX_AGE)
            .unwrap();
        // 10^9 × 0.5^(180/365) = 710,464,… : between the bounds that 6 digits give.
        assert!(value.0 > U256::from(710_000_000) && value.0 < U256::from(711_000_000));
    }

    #[test]
    fn an_appraisal_counts_through_its_last_second_and_not_after() {
        let at_end = 1_000 + DEFAULT_MAX_AGE;
        assert!(!valuation(10).is_stale(POLICY, at_end));
        assert!(valuation(10).is_stale(POLICY, at_end + 1));
        assert_eq!(valuation(u128::MAX).value(POLICY, RAY, at_end), Ok(Assets(U256::from(u128::MAX))));
        assert_eq!(valuation(u128::MAX).value(POLICY, RAY, at_end + 1), Ok(Assets::ZERO));
    }

    #[test]
    fn cover_that_is_short_or_over_is_none() {
        let appraisal = Assets(U256::from(1_000));
        let cover = |value: u64, until| Cover {
            value: Assets(U256::from(value)),
            until,
        };
        assert_eq!(cover(1_000, 51).insured_until(appraisal, POLICY, 50), Ok(51));
        assert_eq!(cover(999, 51).insured_until(appraisal, POLICY, 50), Ok(0));
        assert_eq!(cover(1_000, 50).insured_until(appraisal, POLICY, 50), Ok(0));
    }

    proptest! {
        #[test]
        fn value_never_rises_with_time_and_never_exceeds_the_appraisal(
            appraisal in any::<u128>(),
            decay in FASTEST_DECAY..=1_000_000_000_000_000_000_000_000_000_u128,
            earlier in 0u64..DEFAULT_MAX_AGE,
            later in 0u64..DEFAULT_MAX_AGE,
        ) {
            let (earlier, later) = (earlier.min(later), earlier.max(later));
            let at = |age: u64| valuation(appraisal).value(POLICY, U256::from(decay), 1_000 + age).unwrap();
            // Squaring rounds every factor down; a later power may keep a few units of the last RAY digit that an earlier one lost.
            let slack = U256::from(appraisal) / U256::from(10u128.pow(18)) + U256::from(1);
            prop_assert!(at(later).0 <= at(earlier).0 + slack);
            prop_assert!(at(earlier).0 <= U256::from(appraisal));
        }
    }
}

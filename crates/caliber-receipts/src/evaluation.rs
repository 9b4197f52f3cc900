//! What a receipt is worth and whether it is insured (PROTOCOL 4, Evaluation and Insurance).
//!
//! No algorithmic oracle: up to [`MOST_APPRAISALS`] appraisers post values, and the median counts. Two protections make silence safe: an
//! appraisal decays exponentially at the yearly rate of the hardware class, and an appraiser can lower a whole class at once by its
//! index. Everything rounds down: collateral is never overstated, and without a new appraisal its value never rises, but back to where it
//! was by the admin's taking back a shock.
//!
//! - An appraisal is worth `appraised × decay^seconds × min(1, index now ÷ index then)`.
//! - Of an even number the lower of the two in the middle is the median: an appraiser who says too much moves nothing.
//! - Times are whole seconds and decay is either none or at least [`SLOWEST_DECAY`]: the power's rounding (some 10^-18) is then always
//!   smaller than what a second takes, so values fall strictly with time.

use alloy_primitives::U256;
use fixed_point::{mul_div_down, pow_ray, Assets, Checked, Rounding, BPS, RAY};

/// Per-second factor (RAY) of a loss of 25 % a year: `0.75^(1/31,536,000)`, the default of every class.
pub const DEFAULT_DECAY: u128 = 999_999_990_877_661_366_704_265_486;
/// Per-second factor (RAY) of a loss of 50 % a year, the fastest decay an admin may set.
pub const FASTEST_DECAY: u128 = 999_999_978_020_447_331_861_593_082;
/// Per-second factor (RAY) of a loss of 0.01 % a year, the slowest but none.
pub const SLOWEST_DECAY: u128 = 999_999_999_996_828_862_242_097_927;
/// Default maximum age of an appraisal: 180 days, in seconds.
pub const DEFAULT_MAX_AGE: u32 = 180 * 86_400;
/// Default cover that makes a receipt insured: all of its appraisal, in basis points.
pub const DEFAULT_MIN_COVER_BPS: u16 = 10_000;
/// Default of the most that one step of a class index takes or gives back, in basis points.
pub const DEFAULT_MAX_STEP_BPS: u16 = 2_000;
/// How many appraisers a receipt has at most.
pub const MOST_APPRAISALS: usize = 7;
/// Where every class index begins, and the most it can be (10^18).
pub const FULL_INDEX: u64 = 1_000_000_000_000_000_000;
/// The least a class index can be: a thousandth. What has lost more wants an appraisal.
pub const LEAST_INDEX: u64 = FULL_INDEX / 1_000;
/// Seconds between an appraiser's shock of a class and the step before: a week. One appraiser gone bad can then take a fifth a week, which
/// leaves time to strike it; an admin need not wait.
pub const SHOCK_INTERVAL: u64 = 7 * 86_400;

/// What the admin sets for all receipts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Age in seconds up to which an appraisal counts.
    pub max_age: u32,
    /// Cover that makes a receipt insured, in basis points of its appraisal; may exceed 10,000.
    pub min_cover_bps: u16,
    /// How many appraisals must count for a receipt to be worth anything.
    pub quorum: u8,
    /// The most that one step of a class index takes or gives back, in basis points.
    pub max_step_bps: u16,
}

/// A hardware class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    /// What is left of a value after each second, RAY.
    pub decay: u128,
    /// What is left of the class after all shocks, of [`FULL_INDEX`].
    pub index: u64,
    /// When the index was last changed, Unix seconds.
    pub stepped_at: u64,
}

impl Class {
    /// What a class is of which nobody has said anything.
    pub const NEW: Self = Self {
        decay: DEFAULT_DECAY,
        index: FULL_INDEX,
        stepped_at: 0,
    };

    /// The index after a step of `bps`, at most 10,000: down, or up and at most to [`FULL_INDEX`]. Rounded down.
    ///
    /// # Errors
    /// Never: an index is small.
    pub fn stepped(self, bps: u16, up: bool) -> Checked<u64> {
        let step = bps.min(10_000);
        let part = if up { 10_000 + step } else { 10_000 - step };
        let moved = mul_div_down(U256::from(self.index), U256::from(part), BPS)?;
        Ok(moved.min(U256::from(FULL_INDEX)).to())
    }
}

/// An appraiser's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appraisal {
    /// USDai units, below 2^128.
    pub value: Assets,
    /// Unix seconds.
    pub at: u64,
    /// The class index then.
    pub index: u64,
}

impl Appraisal {
    /// Whether it is too old to count at `now`.
    #[must_use]
    pub fn is_stale(&self, policy: &Policy, now: u64) -> bool {
        now.saturating_sub(self.at) > u64::from(policy.max_age)
    }

    /// What it is worth at `now`, rounded down.
    ///
    /// # Errors
    /// Never for a decay of at most RAY and an index that is not zero; an overflow of the arithmetic otherwise.
    pub fn value_at(&self, class: &Class, now: u64) -> Checked<Assets> {
        let factor = pow_ray(U256::from(class.decay), now.saturating_sub(self.at), Rounding::Down)?;
        let decayed = self.value.scale(factor, RAY, Rounding::Down)?;
        if class.index >= self.index {
            return Ok(decayed);
        }
        decayed.scale(U256::from(class.index), U256::from(self.index), Rounding::Down)
    }
}

/// The appraisals of a receipt that count, to be judged together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bench {
    appraised: Sorted,
    worth: Sorted,
}

/// Numbers in order, the smallest first.
#[derive(Clone, Copy, Debug, Default)]
struct Sorted {
    values: [U256; MOST_APPRAISALS],
    count: usize,
}

impl Sorted {
    fn insert(&mut self, value: &U256) {
        let mut at = self.count;
        if at == MOST_APPRAISALS {
            return;
        }
        while at > 0 && self.values[at - 1] > *value {
            self.values[at] = self.values[at - 1];
            at -= 1;
        }
        self.values[at] = *value;
        self.count += 1;
    }

    /// The one in the middle, the lower one of two; zero of none.
    fn median(&self) -> Assets {
        Assets(self.values[self.count.saturating_sub(1) / 2])
    }
}

impl Bench {
    /// Hears one more, if it is not stale.
    ///
    /// # Errors
    /// As [`Appraisal::value_at`].
    pub fn hear(&mut self, appraisal: &Appraisal, policy: &Policy, class: &Class, now: u64) -> Checked<()> {
        if appraisal.is_stale(policy, now) {
            return Ok(());
        }
        self.worth.insert(&appraisal.value_at(class, now)?.0);
        self.appraised.insert(&appraisal.value.0);
        Ok(())
    }

    /// How many count.
    #[must_use]
    pub fn count(&self) -> usize {
        self.worth.count
    }

    /// What the receipt is worth: the median of what the appraisals are worth; nothing below the quorum.
    #[must_use]
    pub fn value(&self, policy: &Policy) -> Assets {
        if self.count() < usize::from(policy.quorum) {
            return Assets::ZERO;
        }
        self.worth.median()
    }

    /// The median of what was appraised.
    #[must_use]
    pub fn appraisal(&self) -> Assets {
        self.appraised.median()
    }
}

/// An attestor's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cover {
    /// Insured value, USDai units, below 2^128.
    pub value: Assets,
    /// Unix seconds; cover ends before this second.
    pub until: u64,
    /// When this was attested, Unix seconds.
    pub attested_at: u64,
}

impl Cover {
    /// Until when a receipt appraised at `appraisal` is insured: 0 if it is not, because cover has ended, is nothing, or is below the
    /// policy's part of the appraisal (the median as posted, not decayed: insured values are agreed against it).
    ///
    /// # Errors
    /// An overflow of the arithmetic; not for an appraisal below 2^240.
    pub fn insured_until(&self, appraisal: Assets, policy: &Policy, now: u64) -> Checked<u64> {
        let least = mul_div_down(appraisal.0, U256::from(policy.min_cover_bps), BPS)?;
        let covered = self.until > now && !self.value.is_zero() && self.value.0 >= least;
        Ok(if covered { self.until } else { 0 })
    }
}

#[cfg(test)]
#[path = "evaluation_tests.rs"]
mod tests;

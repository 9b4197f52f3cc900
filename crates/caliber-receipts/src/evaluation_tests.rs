//! Values against naive references.

use fixed_point::{WAD, YEAR};
use proptest::prelude::*;

use super::*;

const POLICY: Policy = Policy {
    max_age: DEFAULT_MAX_AGE,
    min_cover_bps: DEFAULT_MIN_COVER_BPS,
    quorum: 1,
    max_step_bps: DEFAULT_MAX_STEP_BPS,
};
const START: u64 = 1_000;

fn appraisal(value: u128) -> Appraisal {
    Appraisal {
        value: Assets(U256::from(value)),
        at: START,
        index: FULL_INDEX,
    }
}

fn decaying(decay: u128) -> Class {
    Class { decay, ..Class::NEW }
}

/// `factor^exponent` of a RAY with a hundred binary digits more than the contract has, rounded down: multiplied out by squaring in numbers
/// of 2^-192.
fn reference_power(factor: u128, mut exponent: u64) -> ruint_wide::Wide {
    let mut square = ruint_wide::Wide::ratio(factor, 1_000_000_000_000_000_000_000_000_000);
    let mut power = ruint_wide::Wide::ONE;
    while exponent > 0 {
        if exponent & 1 == 1 {
            power = power.times(&square);
        }
        square = square.times(&square);
        exponent >>= 1;
    }
    power
}

/// Fractions of one in units of 2^-192, enough for ten years of seconds to 10^-48.
mod ruint_wide {
    use alloy_primitives::{U256, U512};

    #[derive(Clone, Copy)]
    pub(super) struct Wide(U256);

    impl Wide {
        pub(super) const ONE: Self = Self(U256::from_limbs([0, 0, 0, 1]));

        pub(super) fn ratio(numerator: u128, denominator: u128) -> Self {
            Self(
                (U512::from(numerator) << 192usize)
                    .wrapping_div(U512::from(denominator))
                    .to::<U256>(),
            )
        }

        pub(super) fn times(&self, other: &Self) -> Self {
            let product: U512 = self.0.widening_mul(other.0);
            Self((product >> 192usize).to::<U256>())
        }

        /// `⌊value × self⌋`.
        pub(super) fn of(&self, value: U256) -> U256 {
            let product: U512 = self.0.widening_mul(value);
            (product >> 192usize).to::<U256>()
        }
    }
}

#[test]
fn the_reference_hardware_loses_a_quarter_in_a_year() {
    let exact = U256::from(446_250) * WAD;
    let value = Appraisal {
        value: Assets(U256::from(595_000) * WAD),
        at: 0,
        index: FULL_INDEX,
    }
    .value_at(&Class::NEW, YEAR)
    .unwrap();
    assert!(value.0 < exact && exact - value.0 < WAD / U256::from(1_000_000));
}

#[test]
fn an_appraisal_counts_through_its_last_second_and_not_after() {
    let at_end = START + u64::from(DEFAULT_MAX_AGE);
    assert!(!appraisal(10).is_stale(&POLICY, at_end));
    assert!(appraisal(10).is_stale(&POLICY, at_end + 1));
    let still = decaying(RAY.to());
    for (now, expected) in [(at_end, u128::MAX), (at_end + 1, 0)] {
        let mut bench = Bench::default();
        bench.hear(&appraisal(u128::MAX), &POLICY, &still, now).unwrap();
        assert_eq!(bench.value(&POLICY), Assets(U256::from(expected)));
    }
}

#[test]
fn cover_that_is_short_or_over_or_nothing_is_none() {
    let cover = |value: u64, until| Cover {
        value: Assets(U256::from(value)),
        until,
        attested_at: 0,
    };
    let thousand = Assets(U256::from(1_000));
    assert_eq!(cover(1_000, 51).insured_until(thousand, &POLICY, 50), Ok(51));
    assert_eq!(cover(999, 51).insured_until(thousand, &POLICY, 50), Ok(0));
    assert_eq!(cover(1_000, 50).insured_until(thousand, &POLICY, 50), Ok(0));
    assert_eq!(cover(0, 51).insured_until(Assets::ZERO, &POLICY, 50), Ok(0));
}

#[test]
fn the_quorum_is_asked_before_the_median() {
    for quorum in 1..=7u8 {
        let policy = Policy { quorum, ..POLICY };
        let mut bench = Bench::default();
        for heard in 1..=7u8 {
            bench.hear(&appraisal(100), &policy, &Class::NEW, START).unwrap();
            let expected = if heard >= quorum { 100 } else { 0 };
            assert_eq!(bench.value(&policy), Assets(U256::from(expected)), "{heard} of {quorum}");
        }
    }
}

#[test]
fn one_hostile_appraiser_moves_the_median_no_further_than_its_neighbours() {
    // Two honest ones and one who says anything: what counts is between the honest ones.
    for lie in [1, 99, 100, 101, 105, 110, 111, u128::MAX] {
        let mut bench = Bench::default();
        for value in [lie, 110, 100] {
            bench.hear(&appraisal(value), &POLICY, &Class::NEW, START).unwrap();
        }
        let median = bench.value(&POLICY).0;
        assert!(median >= U256::from(100) && median <= U256::from(110), "{lie}: {median}");
    }
    // Of two, one who says too much moves nothing.
    let mut bench = Bench::default();
    bench.hear(&appraisal(u128::MAX), &POLICY, &Class::NEW, START).unwrap();
    bench.hear(&appraisal(100), &POLICY, &Class::NEW, START).unwrap();
    assert_eq!(bench.value(&POLICY), Assets(U256::from(100)));
}

#[test]
fn a_step_down_and_up_does_not_gain() {
    let mut class = Class::NEW;
    for bps in [1u16, 7, 333, 2_000, 5_000, 9_999] {
        let down = class.stepped(bps, false).unwrap();
        assert!(down < class.index);
        let up = Class { index: down, ..class }.stepped(bps, true).unwrap();
        assert!(up < class.index, "less than what was taken comes back");
        class.index = down;
    }
    assert_eq!(Class::NEW.stepped(2_000, true), Ok(FULL_INDEX), "no index is above its beginning");
}

#[test]
fn an_index_that_recovers_gives_back_and_no_more() {
    let low = Class {
        index: FULL_INDEX / 2,
        ..decaying(RAY.to())
    };
    let at_low = Appraisal {
        index: low.index,
        ..appraisal(100)
    };
    assert_eq!(appraisal(100).value_at(&low, START), Ok(Assets(U256::from(50))));
    assert_eq!(at_low.value_at(&low, START), Ok(Assets(U256::from(100))));
    assert_eq!(
        at_low.value_at(&Class { index: FULL_INDEX, ..low }, START),
        Ok(Assets(U256::from(100)))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Against a naive sort, for every number of appraisers and every quorum.
    #[test]
    fn the_median_is_that_of_a_sorted_list(values in proptest::collection::vec(1u128.., 1..=7), quorum in 1u8..=7) {
        let still = decaying(RAY.to());
        let policy = Policy { quorum, ..POLICY };
        let mut bench = Bench::default();
        for value in &values {
            bench.hear(&appraisal(*value), &policy, &still, START).unwrap();
        }
        let mut sorted = values.clone();
        sorted.sort_unstable();
        let middle = U256::from(sorted[(sorted.len() - 1) / 2]);
        let expected = if values.len() < usize::from(quorum) { U256::ZERO } else { middle };
        prop_assert_eq!(bench.value(&policy).0, expected);
        prop_assert_eq!(bench.appraisal().0, middle);
    }

    /// Exact to 10^-12 over ten years, and never above what is exact.
    #[test]
    fn decay_and_index_agree_with_a_wider_reference(
        value in 1_000_000_000_000_000_000u128..,
        decay in FASTEST_DECAY..=SLOWEST_DECAY,
        age in 0u64..=10 * YEAR,
        index in LEAST_INDEX..=FULL_INDEX,
    ) {
        let class = Class { index, ..decaying(decay) };
        let computed = appraisal(value).value_at(&class, START + age).unwrap().0;
        let decayed = reference_power(decay, age).of(U256::from(value));
        let exact = mul_div_down(decayed, U256::from(index), U256::from(FULL_INDEX)).unwrap();
        prop_assert!(computed <= exact);
        prop_assert!(exact - computed <= exact / U256::from(1_000_000_000_000u64) + U256::from(2), "{computed} of {exact}");
    }

    #[test]
    fn value_never_rises_with_time_nor_above_the_appraisal(
        value in any::<u128>(),
        decay in prop_oneof![FASTEST_DECAY..=SLOWEST_DECAY, Just(SLOWEST_DECAY), Just(RAY.to::<u128>())],
        age in 0u64..10 * YEAR,
        later in prop_oneof![Just(1u64), 1u64..YEAR],
        lower in LEAST_INDEX..=FULL_INDEX,
    ) {
        let at = |age: u64, index| appraisal(value).value_at(&Class { index, ..decaying(decay) }, START + age).unwrap().0;
        let before = at(age, FULL_INDEX);
        prop_assert!(before <= U256::from(value));
        prop_assert!(at(age + later, FULL_INDEX) <= before);
        prop_assert!(at(age, lower) <= before);
        prop_assert!(at(age + later, lower) <= at(age, lower));
    }
}

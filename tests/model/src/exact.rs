//! Exact numbers: wei as integers, everything else as fractions, and the two ways of making wei of a fraction.

use num_bigint::{BigInt, BigUint, Sign};
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

/// An amount in wei: shares, assets, or a price in WAD.
pub type Wei = BigUint;

/// One, in WAD.
pub(crate) const WAD: u64 = 1_000_000_000_000_000_000;
/// A hundred per cent, in basis points.
pub(crate) const BPS: u64 = 10_000;
/// Seconds of a year.
pub(crate) const YEAR: u64 = 31_536_000;

/// As a fraction.
#[must_use]
pub fn exact(amount: &Wei) -> BigRational {
    BigRational::from_integer(BigInt::from_biguint(Sign::Plus, amount.clone()))
}

/// `a ÷ b`.
pub(crate) fn ratio(a: u64, b: u64) -> BigRational {
    BigRational::new(a.into(), b.into())
}

/// Rounded down.
///
/// # Panics
/// If it is less than nothing.
#[must_use]
pub fn down(value: &BigRational) -> Wei {
    assert!(!value.is_negative(), "less than nothing");
    value.floor().to_integer().to_biguint().expect("not negative")
}

/// Rounded up.
///
/// # Panics
/// If it is less than nothing.
#[must_use]
pub fn up(value: &BigRational) -> Wei {
    let floor = down(value);
    if exact(&floor) == *value {
        floor
    } else {
        floor + Wei::one()
    }
}

/// `a × b ÷ c`, rounded down.
pub(crate) fn part_down(a: &Wei, b: &Wei, c: &Wei) -> Wei {
    a * b / c
}

/// `a × b ÷ c`, rounded up.
pub(crate) fn part_up(a: &Wei, b: &Wei, c: &Wei) -> Wei {
    (a * b + (c - 1u32)) / c
}

/// `a − b`, or nothing if there is less.
pub(crate) fn less(a: &Wei, b: &Wei) -> Wei {
    if a > b {
        a - b
    } else {
        Wei::zero()
    }
}

/// Takes up to `most` out of `from`; what was taken.
pub(crate) fn take(from: &mut Wei, most: &Wei) -> Wei {
    let taken = most.min(&*from).clone();
    *from -= &taken;
    taken
}

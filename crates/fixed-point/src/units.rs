//! Value types: amounts of different units do not mix without a conversion that names its rounding.

use alloy_primitives::U256;

use crate::{mul_div, ArithmeticError, Checked, Rounding, BPS};

/// Declares an amount with checked addition and subtraction and nothing else: no multiplication of money by money.
macro_rules! amount {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(transparent)]
        pub struct $name(pub U256);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(U256::ZERO);

            /// Whether there is nothing.
            #[inline]
            #[must_use]
            pub fn is_zero(self) -> bool {
                self.0.is_zero()
            }

            /// `self + other`.
            ///
            /// # Errors
            /// [`ArithmeticError::Overflow`] if the sum needs more than 256 bits.
            #[inline]
            pub fn plus(self, other: Self) -> Checked<Self> {
                crate::add(self.0, other.0).map(Self)
            }

            /// `self − other`.
            ///
            /// # Errors
            /// [`ArithmeticError::Overflow`] if `other > self`.
            #[inline]
            pub fn minus(self, other: Self) -> Checked<Self> {
                crate::sub(self.0, other.0).map(Self)
            }

            /// The smaller of the two.
            #[inline]
            #[must_use]
            pub fn min(self, other: Self) -> Self {
                if self.0 < other.0 { self } else { other }
            }

            /// `self × numerator ÷ denominator`, the ratio being of one unit.
            ///
            /// # Errors
            /// As [`mul_div`].
            #[inline]
            pub fn scale(self, numerator: U256, denominator: U256, rounding: Rounding) -> Checked<Self> {
                mul_div(self.0, numerator, denominator, rounding).map(Self)
            }

            /// The part of `self` that `bps` is.
            ///
            /// # Errors
            /// As [`mul_div`].
            #[inline]
            pub fn part(self, bps: Bps, rounding: Rounding) -> Checked<Self> {
                self.scale(bps.to_u256(), BPS, rounding)
            }
        }
    };
}

amount! {
    /// USDai, 18 decimals: cash, loan amounts, receipt values.
    Assets
}
amount! {
    /// sUSDai, 18 decimals.
    Shares
}

/// Basis points, at most 10,000 (100 %).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bps(u16);

impl Bps {
    /// 0 %.
    pub const ZERO: Self = Self(0);
    /// 100 %.
    pub const ONE: Self = Self(10_000);

    /// `bps` if it is at most 100 %.
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`] above 10,000.
    pub fn new(bps: u16) -> Checked<Self> {
        if bps > Self::ONE.0 {
            return Err(ArithmeticError::Overflow);
        }
        Ok(Self(bps))
    }

    /// The number of basis points.
    #[must_use]
    pub fn get(self) -> u16 {
        self.0
    }

    /// The number of basis points as a word.
    #[must_use]
    pub fn to_u256(self) -> U256 {
        U256::from_limbs([u64::from(self.0), 0, 0, 0])
    }

    /// 100 % less this.
    #[must_use]
    pub fn complement(self) -> Self {
        Self(Self::ONE.0 - self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bps_above_one_is_refused() {
        assert_eq!(Bps::new(10_000), Ok(Bps::ONE));
        assert_eq!(Bps::new(10_001), Err(ArithmeticError::Overflow));
        assert_eq!(Bps::new(2_500).unwrap().complement().get(), 7_500);
    }

    #[test]
    fn a_part_and_its_complement_rounded_opposite_ways_make_the_whole() {
        let whole = Assets(U256::from(1_000_001));
        let bps = Bps::new(333).unwrap();
        let part = whole.part(bps, Rounding::Down).unwrap();
        let rest = whole.part(bps.complement(), Rounding::Up).unwrap();
        assert_eq!(part.plus(rest), Ok(whole));
    }

    #[test]
    fn amounts_do_not_wrap() {
        assert_eq!(Assets::ZERO.minus(Assets(U256::from(1))), Err(ArithmeticError::Overflow));
        assert_eq!(Shares(U256::MAX).plus(Shares(U256::from(1))), Err(ArithmeticError::Overflow));
    }
}

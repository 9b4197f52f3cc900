//! USDai amounts in 128 bits.
//!
//! A loan is below 2^96 wei and a stack's books below 2^128; half the width of [`fixed_point::Assets`] is a fifth of the contract's code
//! and makes sums cheap. Products still go through 512 bits.

use alloy_primitives::U256;
use fixed_point::{mul_div, ArithmeticError, Bps, Checked, Rounding, BPS};

/// USDai, 18 decimals, below 2^128.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(pub u128);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Whether there is nothing.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// As a word.
    #[must_use]
    pub fn word(self) -> U256 {
        U256::from(self.0)
    }

    /// From a word.
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`] from 2^128 on.
    pub fn from_word(word: U256) -> Checked<Self> {
        u128::try_from(word).map(Self).map_err(|_| ArithmeticError::Overflow)
    }

    /// `self + other`.
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`] from 2^128 on.
    pub fn plus(self, other: Self) -> Checked<Self> {
        self.0.checked_add(other.0).map(Self).ok_or(ArithmeticError::Overflow)
    }

    /// `self − other`.
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`] if `other > self`.
    pub fn minus(self, other: Self) -> Checked<Self> {
        self.0.checked_sub(other.0).map(Self).ok_or(ArithmeticError::Overflow)
    }

    /// `self − other`, or nothing if `other > self`.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// `self × numerator ÷ denominator`.
    ///
    /// # Errors
    /// [`ArithmeticError::DivisionByZero`]; [`ArithmeticError::Overflow`] from 2^128 on.
    pub fn scale(self, numerator: U256, denominator: U256, rounding: Rounding) -> Checked<Self> {
        Self::from_word(mul_div(self.word(), numerator, denominator, rounding)?)
    }

    /// The part of `self` that `bps` is.
    ///
    /// # Errors
    /// Never.
    pub fn part(self, bps: Bps, rounding: Rounding) -> Checked<Self> {
        self.scale(bps.to_u256(), BPS, rounding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_an_error() {
        let (one, max) = (Amount(1), Amount(u128::MAX));
        assert_eq!(max.plus(one), Err(ArithmeticError::Overflow));
        assert_eq!(Amount::ZERO.minus(one), Err(ArithmeticError::Overflow));
        assert_eq!(Amount::ZERO.less(one), Amount::ZERO);
        assert_eq!(Amount::from_word(max.word()), Ok(max));
        assert_eq!(Amount::from_word(max.word() + U256::from(1)), Err(ArithmeticError::Overflow));
        assert_eq!(
            max.scale(U256::from(2), U256::from(1), Rounding::Down),
            Err(ArithmeticError::Overflow)
        );
        assert_eq!(
            one.scale(U256::from(1), U256::ZERO, Rounding::Down),
            Err(ArithmeticError::DivisionByZero)
        );
        assert_eq!(Amount(10_001).part(Bps::new(5_000).unwrap(), Rounding::Up), Ok(Amount(5_001)));
    }
}

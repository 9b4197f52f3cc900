//! USDai amounts in 128 bits.
//!
//! A loan is below 2^96 wei and a stack's books below 2^128; half the width of [`fixed_point::Assets`] is a fifth of the contract's code
//! and makes sums cheap. Products still go through 512 bits. What is used in many places is not inlined: a call is
//! shorter than four stores.

use alloy_primitives::U256;
use fixed_point::{mul_div, ArithmeticError, Bps, Checked, Rounding, BPS};
use lean_abi::{Abi, Encode, Name, Writer};

/// USDai, 18 decimals, below 2^128.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(pub u128);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The most there is.
    pub const MAX: Self = Self(u128::MAX);

    /// Whether there is nothing.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// As a word.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, reason = "the two halves")]
    #[inline(never)]
    pub fn word(self) -> U256 {
        U256::from_limbs([self.0 as u64, (self.0 >> 64) as u64, 0, 0])
    }

    /// From a word.
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`] from 2^128 on.
    pub fn from_word(word: U256) -> Checked<Self> {
        match *word.as_limbs() {
            [low, high, 0, 0] => Ok(Self(u128::from(high) << 64 | u128::from(low))),
            _ => Err(ArithmeticError::Overflow),
        }
    }

    /// From a word, or the most there is: of limits, and of values that appraisers say.
    #[must_use]
    pub fn saturated(word: U256) -> Self {
        Self::from_word(word).unwrap_or(Self::MAX)
    }

    /// `self + other`.
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`] from 2^128 on.
    #[inline(never)]
    pub fn plus(self, other: Self) -> Checked<Self> {
        self.0.checked_add(other.0).map(Self).ok_or(ArithmeticError::Overflow)
    }

    /// `self − other`.
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`] if `other > self`.
    #[inline(never)]
    pub fn minus(self, other: Self) -> Checked<Self> {
        self.0.checked_sub(other.0).map(Self).ok_or(ArithmeticError::Overflow)
    }

    /// `self − other`, or nothing if `other > self`.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Takes up to `most` out of `self`; returns what was taken.
    #[must_use]
    #[inline(never)]
    pub fn take(&mut self, most: Self) -> Self {
        let taken = most.min(*self);
        *self = self.less(taken);
        taken
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

/// A number as a word. `U256::from` does the same in a loop, wherever it is used.
#[must_use]
#[inline(never)]
pub const fn word(number: u64) -> U256 {
    U256::from_limbs([number, 0, 0, 0])
}

/// The low half of a word that is known to be less than 2^128: what [`in_range`](crate::errors) has let through.
#[must_use]
pub(crate) const fn low_half(word: &U256) -> Amount {
    let [low, high, ..] = *word.as_limbs();
    Amount((high as u128) << 64 | low as u128)
}

/// As [`low_half`], of what is less than 2^64.
#[must_use]
pub(crate) const fn low(word: &U256) -> u64 {
    word.as_limbs()[0]
}

/// As [`low_half`], of what is less than 2^32.
#[must_use]
#[allow(clippy::cast_possible_truncation, reason = "the caller knows that there is no more")]
pub(crate) const fn lowest(word: &U256) -> u32 {
    low(word) as u32
}

/// A number below 2^64, such as a time, an id or a ratio.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Small(pub u64);

impl From<Bps> for Small {
    fn from(ratio: Bps) -> Self {
        Self(ratio.get().into())
    }
}

// Integrators see words: what fits in less is this contract's own business.
impl Abi for Amount {
    const NAME: Name = <U256 as Abi>::NAME;
}

impl Encode for Amount {
    fn write(&self, writer: &mut Writer) {
        self.0.write(writer);
    }
}

impl Abi for Small {
    const NAME: Name = <U256 as Abi>::NAME;
}

impl Encode for Small {
    fn write(&self, writer: &mut Writer) {
        writer.small(self.0);
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

    #[test]
    fn what_is_less_wide_crosses_the_abi_as_a_word() {
        for small in [0, 1, u64::MAX] {
            assert_eq!(lean_abi::encode(&Small(small)), U256::from(small).to_be_bytes_vec());
        }
        for amount in [0, 1, 1 << 64, u128::MAX] {
            assert_eq!(lean_abi::encode(&Amount(amount)), U256::from(amount).to_be_bytes_vec());
        }
        assert_eq!((Amount::NAME_TEXT, Small::NAME_TEXT), ("uint256", "uint256"));
    }
}

//! The queue's own amounts and ids. Amounts have 128 bits, because two of them share a storage word; what the vault and the ABI say in
//! 256 bits is converted at the door and refused if it does not fit.

use fixed_point::{mul_div_down, ArithmeticError, Checked, U256};

/// Declares a 128-bit amount with checked addition and subtraction.
macro_rules! amount {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(transparent)]
        pub struct $name(pub u128);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);

            /// Whether there is nothing.
            #[inline]
            #[must_use]
            pub fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// `self + other`.
            ///
            /// # Errors
            /// [`ArithmeticError::Overflow`] if the sum needs more than 128 bits.
            #[inline]
            pub fn plus(self, other: Self) -> Checked<Self> {
                self.0.checked_add(other.0).map(Self).ok_or(ArithmeticError::Overflow)
            }

            /// `self − other`.
            ///
            /// # Errors
            /// [`ArithmeticError::Overflow`] if `other > self`.
            #[inline]
            pub fn minus(self, other: Self) -> Checked<Self> {
                self.0.checked_sub(other.0).map(Self).ok_or(ArithmeticError::Overflow)
            }

            /// `self − other`, or nothing if `other` is the larger.
            #[inline]
            #[must_use]
            pub fn less(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }

            /// The amount as the ABI says it.
            #[inline]
            #[must_use]
            pub fn to_u256(self) -> U256 {
                let [low, high] = halves(self.0);
                U256::from_limbs([low, high, 0, 0])
            }

            /// The amount that the ABI or a computation says.
            ///
            /// # Errors
            /// [`ArithmeticError::Overflow`] if it needs more than 128 bits.
            pub fn from_u256(value: U256) -> Checked<Self> {
                match value.as_limbs() {
                    [low, high, 0, 0] => Ok(Self(u128::from(*high) << 64 | u128::from(*low))),
                    _ => Err(ArithmeticError::Overflow),
                }
            }

            /// `self × numerator ÷ denominator`, the ratio being of one unit, rounded down.
            ///
            /// # Errors
            /// [`ArithmeticError::DivisionByZero`], or [`ArithmeticError::Overflow`] if the result needs more than 128 bits.
            pub fn scale_down(self, numerator: U256, denominator: U256) -> Checked<Self> {
                Self::from_u256(mul_div_down(self.to_u256(), numerator, denominator)?)
            }
        }
    };
}

amount! {
    /// sUSDai, 18 decimals. Also a place in a lane: the number of shares that entered it before.
    Shares
}
amount! {
    /// USDai, 18 decimals.
    Assets
}

/// Low and high 64 bits.
#[allow(clippy::cast_possible_truncation, reason = "the parts are what is wanted")]
fn halves(value: u128) -> [u64; 2] {
    [value as u64, (value >> 64) as u64]
}

/// A bid level in steps of 5 basis points; the lane of the same number holds those who bid it (PROTOCOL 1, 5.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tick(pub u8);

impl Tick {
    /// No bid: first come, first served.
    pub const PAR: Self = Self(0);
}

/// A position's number, from 1 on: ERC-7540 gives request 0 another meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PositionId(pub u64);

/// An epoch's number, from 0 on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct EpochId(pub u64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_trip_and_larger_ones_are_refused() {
        for value in [0, 1, u128::from(u64::MAX), 1 << 64, u128::MAX] {
            assert_eq!(Shares::from_u256(Shares(value).to_u256()), Ok(Shares(value)));
            assert_eq!(Shares(value).to_u256(), U256::from(value));
        }
        let too_large = U256::from(u128::MAX) + U256::from(1);
        assert_eq!(Assets::from_u256(too_large), Err(ArithmeticError::Overflow));
        assert_eq!(Assets::from_u256(U256::MAX), Err(ArithmeticError::Overflow));
    }

    #[test]
    fn amounts_do_not_wrap() {
        assert_eq!(Shares(u128::MAX).plus(Shares(1)), Err(ArithmeticError::Overflow));
        assert_eq!(Shares::ZERO.minus(Shares(1)), Err(ArithmeticError::Overflow));
        assert_eq!(Shares::ZERO.less(Shares(1)), Shares::ZERO);
        assert_eq!(
            Assets(u128::MAX).scale_down(U256::from(3), U256::from(2)),
            Err(ArithmeticError::Overflow)
        );
        assert_eq!(Assets(7).scale_down(U256::from(3), U256::from(2)), Ok(Assets(10)));
    }
}

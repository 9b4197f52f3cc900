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

impl Shares {
    /// The last place that a lane's line has: 112 bits, 5 × 10^15 whole shares that ever entered.
    pub const MAX_PLACE: Self = Self((1 << 112) - 1);
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
    /// The lowest bid: 10 basis points.
    pub const RESERVE: Self = Self(2);
    /// The highest bid: 1,275 basis points.
    pub const TOP: Self = Self(255);
    /// Ticks that are the whole of the proceeds.
    pub const WHOLE: u16 = 2_000;

    /// Basis points of the proceeds.
    #[must_use]
    pub fn bps(self) -> u16 {
        u16::from(self.0) * 5
    }

    /// Whether a position can stand in this lane.
    #[must_use]
    pub fn is_lane(self) -> bool {
        self == Self::PAR || self >= Self::RESERVE
    }
}

/// How many exact units a wei of USDai has: a price has 18 decimals, a premium is so many 2,000th.
pub const SCALE: U256 = U256::from_limbs([7_751_640_039_368_425_472, 108, 0, 0]);

/// What a share is paid: assets × 10^18 × 2,000 a share. At most 139 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate(pub U256);

impl Rate {
    /// The largest price (WAD) that has rates: 128 bits.
    #[must_use]
    pub fn is_price(price: U256) -> bool {
        price.bit_len() <= 128
    }

    /// What is left of `price` (WAD, at most 128 bits) after a premium of `tick`.
    #[must_use]
    pub fn at(price: U256, tick: Tick) -> Self {
        Self(price.wrapping_mul(U256::from_limbs([u64::from(Tick::WHOLE - u16::from(tick.0)), 0, 0, 0])))
    }

    /// What `shares` are paid. Exact for up to 112 bits of shares; beyond, modulo 2^256, which differences of [`Exact`] do not see.
    #[must_use]
    pub fn times(self, shares: Shares) -> Exact {
        Exact(self.0.wrapping_mul(shares.to_u256()))
    }
}

/// Assets without any rounding: wei × [`SCALE`]. Sums run modulo 2^256; what a lot earns or a settlement pays has fewer bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exact(pub U256);

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self(U256::ZERO);

    /// `assets`, exactly.
    #[must_use]
    pub fn of(assets: Assets) -> Self {
        Self(assets.to_u256().wrapping_mul(SCALE))
    }

    /// `self + other`, modulo 2^256.
    #[must_use]
    pub fn wrapping_plus(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }

    /// `self − other`, modulo 2^256.
    #[must_use]
    pub fn wrapping_minus(self, other: Self) -> Self {
        Self(self.0.wrapping_sub(other.0))
    }

    /// Whole wei, rounded down, and the fraction of a wei that is left.
    ///
    /// # Errors
    /// Overflow if the wei need more than 128 bits.
    pub fn split(self) -> Checked<(Assets, Self)> {
        let whole = Assets::from_u256(mul_div_down(self.0, U256::from_limbs([1, 0, 0, 0]), SCALE)?)?;
        Ok((whole, self.wrapping_minus(Self::of(whole))))
    }

    /// Brings dust back to less than a wei: returns whole wei that are owed to nobody, at most `limit`, and whole wei that are lacking,
    /// if it is negative (the upper half of the words are). One of the two is nothing.
    ///
    /// Each settlement pays in whole wei and owes fractions beside them; left to add up, the fractions of several would be a wei that the
    /// last to claim does not find.
    ///
    /// # Errors
    /// None.
    pub fn level(&mut self, limit: Assets) -> Checked<(Assets, Assets)> {
        let negative = self.0.bit(255);
        let size = if negative { Self::ZERO.wrapping_minus(*self) } else { *self };
        let (whole, _) = size.split()?;
        if negative {
            *self = self.wrapping_plus(Self::of(whole));
            return Ok((Assets::ZERO, whole));
        }
        let swept = whole.min(limit);
        *self = self.wrapping_minus(Self::of(swept));
        Ok((swept, Assets::ZERO))
    }

    /// How many shares this pays at `rate`, rounded down; as many as there can be if `rate` is nothing.
    ///
    /// # Errors
    /// None.
    pub fn shares_at(self, rate: Rate) -> Checked<U256> {
        if rate.0.is_zero() {
            return Ok(U256::MAX);
        }
        mul_div_down(self.0, U256::from_limbs([1, 0, 0, 0]), rate.0)
    }
}

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

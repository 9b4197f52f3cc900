//! Rounding-explicit 256-bit arithmetic with a 512-bit intermediate, and the protocol's units.
//!
//! Everything here is pure and total: an overflow or a zero divisor is an [`ArithmeticError`], never a panic and never a wrap
//! (alloy's `+ - *` on [`U256`] wrap silently, in debug builds too, so contracts do not use them on amounts).
//! Every operation that can lose a fraction takes a [`Rounding`] and every caller therefore says whom the fraction favours.
//! The rule of the protocol is: the vault and those who stay (PROTOCOL 1).
//!
//! | unit | scale | type |
//! | --- | --- | --- |
//! | USDai, receipt values, loan amounts | 10^18 | [`Assets`] |
//! | sUSDai | 10^18 | [`Shares`] |
//! | share prices, yearly rates | 10^18 ([`WAD`]) | [`U256`] |
//! | per-second factors | 10^27 ([`RAY`]) | [`U256`] |
//! | fees, ratios, LTV | 10^4 ([`BPS`]) | [`Bps`] |

#![cfg_attr(not(test), no_std)]

mod annuity;
mod mul_div;
mod units;

pub use alloy_primitives::U256;
pub use annuity::{level_payment_up, pow_ray};
pub use mul_div::{mul_div, mul_div_down, mul_div_up};
pub use units::{Assets, Bps, Shares};

/// One, in WAD: 10^18.
pub const WAD: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);
/// One, in RAY: 10^27.
pub const RAY: U256 = U256::from_limbs([11_515_845_246_265_065_472, 54_210_108, 0, 0]);
/// 100 %, in basis points.
pub const BPS: U256 = U256::from_limbs([10_000, 0, 0, 0]);
/// A year as every rate of the protocol counts it: 365 days of 86,400 s.
pub const YEAR: u64 = 31_536_000;

/// What to do with the fraction that an integer division leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
}

/// Why a computation has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithmeticError {
    /// The result is negative or needs more than 256 bits.
    Overflow,
    /// The divisor is zero.
    DivisionByZero,
}

/// Result of a checked computation.
pub type Checked<T = U256> = Result<T, ArithmeticError>;

/// `a + b`.
///
/// # Errors
/// [`ArithmeticError::Overflow`] if the sum needs more than 256 bits.
#[inline]
pub fn add(a: U256, b: U256) -> Checked {
    a.checked_add(b).ok_or(ArithmeticError::Overflow)
}

/// `a − b`.
///
/// # Errors
/// [`ArithmeticError::Overflow`] if `b > a`.
#[inline]
pub fn sub(a: U256, b: U256) -> Checked {
    a.checked_sub(b).ok_or(ArithmeticError::Overflow)
}

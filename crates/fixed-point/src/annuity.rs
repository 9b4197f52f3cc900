//! Powers of per-period and per-second factors, and what a loan's level payment is.

use alloy_primitives::U256;

use crate::{add, mul_div, mul_div_up, sub, ArithmeticError, Checked, Rounding, RAY};

/// `base^exponent` of a factor in RAY, by squaring; every product rounded as `rounding` says, so `Down` gives a lower and `Up` an upper
/// bound of the true power. The relative error is below `2 × exponent × 10^-27` for a base near one: 10^-18 over ten years of seconds.
///
/// # Errors
/// [`ArithmeticError::Overflow`] if a product leaves 256 bits.
pub fn pow_ray(base: U256, exponent: u64, rounding: Rounding) -> Checked {
    let (mut result, mut square, mut left) = (RAY, base, exponent);
    while left != 0 {
        if left & 1 == 1 {
            result = mul_div(result, square, RAY, rounding)?;
        }
        left >>= 1;
        // The last square is never used and could overflow where the result does not.
        if left != 0 {
            square = mul_div(square, square, RAY, rounding)?;
        }
    }
    Ok(result)
}

/// The level payment that amortises `principal` over `periods` at `rate` per period (RAY): `P·r·(1+r)^n ÷ ((1+r)^n − 1)`, rounded up, so
/// the last payment is never larger than the others. A rate of zero gives `⌈P ÷ n⌉`. Same unit as `principal`.
///
/// # Errors
/// [`ArithmeticError::DivisionByZero`] for zero periods, [`ArithmeticError::Overflow`] if `(1+r)^n` leaves 256 bits.
pub fn level_payment_up(principal: U256, rate: U256, periods: u64) -> Checked {
    if periods == 0 {
        return Err(ArithmeticError::DivisionByZero);
    }
    if rate.is_zero() {
        return mul_div_up(principal, U256::from_limbs([1, 0, 0, 0]), U256::from_limbs([periods, 0, 0, 0]));
    }
    // g/(g−1) falls as g rises, so the growth rounded down keeps the payment an upper bound.
    let growth = pow_ray(add(RAY, rate)?, periods, Rounding::Down)?;
    let growth_less_one = sub(growth, RAY)?;
    if growth_less_one.is_zero() {
        // A rate so small that (1+r)^n does not show in RAY: the interest is below one unit, the split is the zero-rate one.
        return mul_div_up(principal, U256::from_limbs([1, 0, 0, 0]), U256::from_limbs([periods, 0, 0, 0]));
    }
    let interest_and_growth = mul_div_up(rate, growth, growth_less_one)?;
    mul_div_up(principal, interest_and_growth, RAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{mul_div_down, WAD};

    #[test]
    fn power_bounds_bracket_the_true_value() {
        // 0.75 a year as a per-second factor, over ten years: 0.75^10 = 0.056313514709472656…
        let factor = U256::from_str_radix("999999990877661366704265486", 10).unwrap();
        let down = pow_ray(factor, 10 * crate::YEAR, Rounding::Down).unwrap();
        let up = pow_ray(factor, 10 * crate::YEAR, Rounding::Up).unwrap();
        assert!(down < up);
        let exact = U256::from(56_313_514_709_472_656_u128) * U256::from(1_000_000_000_u64);
        let error = if down > exact { down - exact } else { exact - down };
        assert!(
            error * U256::from(1_000_000_000_000_u64) < exact,
            "relative error above 1e-12: {error} of {exact}"
        );
    }

    #[test]
    fn power_of_anything_to_zero_is_one_and_to_one_is_itself() {
        assert_eq!(pow_ray(U256::from(5), 0, Rounding::Down), Ok(RAY));
        assert_eq!(pow_ray(U256::from(5) * RAY, 1, Rounding::Up), Ok(U256::from(5) * RAY));
        assert_eq!(pow_ray(U256::MAX, 2, Rounding::Down), Err(ArithmeticError::Overflow));
    }

    #[test]
    fn level_payment_amortises_to_zero_and_never_undershoots() {
        let principal = U256::from(416_500) * WAD;
        let rate = U256::from(15) * RAY / U256::from(100) * U256::from(30) / U256::from(365);
        let payment = level_payment_up(principal, rate, 36).unwrap();
        let mut outstanding = principal;
        for period in 1..=36 {
            let interest = mul_div_down(outstanding, rate, RAY).unwrap();
            let due = if period == 36 { outstanding } else { payment - interest };
            assert!(due <= payment, "the last payment is the smallest");
            outstanding = outstanding.checked_sub(due).expect("no period overpays");
        }
        assert_eq!(outstanding, U256::ZERO);
    }

    #[test]
    fn level_payment_without_interest_is_an_equal_split_rounded_up() {
        assert_eq!(level_payment_up(U256::from(100), U256::ZERO, 3), Ok(U256::from(34)));
        assert_eq!(
            level_payment_up(U256::from(100), U256::ZERO, 0),
            Err(ArithmeticError::DivisionByZero)
        );
        assert_eq!(level_payment_up(U256::from(100), U256::from(1), 3), Ok(U256::from(34)));
    }
}

//! `a × b ÷ c` with a 512-bit intermediate.

use alloy_primitives::{
    ruint::algorithms::{addmul, div},
    U256,
};

use crate::{ArithmeticError, Checked, Rounding};

/// `a × b ÷ c`, exact before the one rounding that `rounding` names.
///
/// Why limbs and not `U512`: ruint's slice division serves this function and `U256`'s own `/`, so a contract carries one copy of the
/// algorithm (about 4 kB of WASM) instead of two.
///
/// # Errors
/// [`ArithmeticError::DivisionByZero`] if `c` is zero, [`ArithmeticError::Overflow`] if the result needs more than 256 bits.
pub fn mul_div(a: U256, b: U256, c: U256, rounding: Rounding) -> Checked {
    if c.is_zero() {
        return Err(ArithmeticError::DivisionByZero);
    }
    let mut product = [0u64; 8];
    addmul(&mut product, a.as_limbs(), b.as_limbs());
    let mut divisor = *c.as_limbs();
    // Afterwards `product` holds the quotient and `divisor` the remainder.
    div(&mut product, &mut divisor);
    let [q0, q1, q2, q3, high @ ..] = product;
    if high != [0; 4] {
        return Err(ArithmeticError::Overflow);
    }
    let quotient = U256::from_limbs([q0, q1, q2, q3]);
    if rounding == Rounding::Up && divisor != [0; 4] {
        return crate::add(quotient, U256::from_limbs([1, 0, 0, 0]));
    }
    Ok(quotient)
}

/// `⌊a × b ÷ c⌋`.
///
/// # Errors
/// As [`mul_div`].
pub fn mul_div_down(a: U256, b: U256, c: U256) -> Checked {
    mul_div(a, b, c, Rounding::Down)
}

/// `⌈a × b ÷ c⌉`.
///
/// # Errors
/// As [`mul_div`].
pub fn mul_div_up(a: U256, b: U256, c: U256) -> Checked {
    mul_div(a, b, c, Rounding::Up)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::U512;
    use proptest::prelude::*;

    /// The definition, in 512 bits throughout.
    fn reference(a: U256, b: U256, c: U256, rounding: Rounding) -> Checked {
        if c.is_zero() {
            return Err(ArithmeticError::DivisionByZero);
        }
        let product = U512::from(a) * U512::from(b);
        let (mut quotient, remainder) = product.div_rem(U512::from(c));
        if rounding == Rounding::Up && !remainder.is_zero() {
            quotient += U512::from(1);
        }
        if quotient > U512::from(U256::MAX) {
            return Err(ArithmeticError::Overflow);
        }
        Ok(quotient.to())
    }

    /// Words of every magnitude: uniform ones alone would almost always overflow.
    fn word() -> impl Strategy<Value = U256> {
        (any::<[u64; 4]>(), 0usize..256).prop_map(|(limbs, shift)| U256::from_limbs(limbs) >> shift)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn equals_the_definition_in_512_bits(a in word(), b in word(), c in word()) {
            for rounding in [Rounding::Down, Rounding::Up] {
                prop_assert_eq!(mul_div(a, b, c, rounding), reference(a, b, c, rounding));
            }
        }

        #[test]
        fn up_minus_down_is_the_existence_of_a_remainder(a in word(), b in word(), c in word()) {
            if let (Ok(down), Ok(up)) = (mul_div_down(a, b, c), mul_div_up(a, b, c)) {
                let exact = U512::from(a) * U512::from(b) == U512::from(down) * U512::from(c);
                prop_assert_eq!(up - down, U256::from(u8::from(!exact)));
            }
        }
    }

    #[test]
    fn zero_divisor_is_an_error() {
        assert_eq!(
            mul_div_down(U256::from(1), U256::from(1), U256::ZERO),
            Err(ArithmeticError::DivisionByZero)
        );
        assert_eq!(mul_div_up(U256::ZERO, U256::ZERO, U256::ZERO), Err(ArithmeticError::DivisionByZero));
    }

    #[test]
    fn largest_values_do_not_wrap() {
        let max = U256::MAX;
        assert_eq!(mul_div_down(max, max, max), Ok(max));
        assert_eq!(mul_div_down(max, max, max - U256::from(1)), Err(ArithmeticError::Overflow));
        // The quotient is exactly 2^256 − 1 before rounding up pushes it out.
        assert_eq!(
            mul_div_up(max, max - U256::from(1), max - U256::from(2)),
            Err(ArithmeticError::Overflow)
        );
        assert_eq!(mul_div_up(max, U256::from(1), U256::from(1)), Ok(max));
    }
}

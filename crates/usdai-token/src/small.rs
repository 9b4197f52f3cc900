//! 256-bit words times and over numbers of 32 bits: all that USDai computes. The general division of `fixed-point` is a quarter of the
//! code of a contract that uses it; these are a hundred bytes each, and cheaper to run.

use alloy_primitives::U256;
use fixed_point::{ArithmeticError, Checked};

const LOW: u64 = 0xffff_ffff;

/// `value × factor`.
///
/// # Errors
/// [`ArithmeticError::Overflow`] if the product needs more than 256 bits.
pub(crate) fn times(value: U256, factor: u32) -> Checked {
    let factor = u64::from(factor);
    let mut limbs = *value.as_limbs();
    let mut carry = 0;
    // Half a limb at a time: a product of two halves and a carry fits into a whole one.
    for limb in &mut limbs {
        let low = (*limb & LOW) * factor + carry;
        let high = (*limb >> 32) * factor + (low >> 32);
        *limb = (high << 32) | (low & LOW);
        carry = high >> 32;
    }
    if carry == 0 {
        Ok(U256::from_limbs(limbs))
    } else {
        Err(ArithmeticError::Overflow)
    }
}

/// `⌊value ÷ divisor⌋`.
///
/// # Errors
/// [`ArithmeticError::DivisionByZero`].
pub(crate) fn over_down(value: U256, divisor: u32) -> Checked {
    if divisor == 0 {
        return Err(ArithmeticError::DivisionByZero);
    }
    let divisor = u64::from(divisor);
    let mut limbs = *value.as_limbs();
    let mut remainder = 0;
    // Long division with digits of 32 bits: the remainder is less than the divisor, so a digit brought down makes no more than a limb.
    for limb in limbs.iter_mut().rev() {
        let high = (remainder << 32) | (*limb >> 32);
        let low = ((high % divisor) << 32) | (*limb & LOW);
        *limb = ((high / divisor) << 32) | (low / divisor);
        remainder = low % divisor;
    }
    Ok(U256::from_limbs(limbs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Words of every magnitude.
    fn word() -> impl Strategy<Value = U256> {
        (any::<[u64; 4]>(), 0usize..256).prop_map(|(limbs, shift)| U256::from_limbs(limbs) >> shift)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn equal_the_general_operations(value in word(), small in any::<u32>(), shift in 0u32..32) {
            let small = small >> shift;
            prop_assert_eq!(times(value, small).ok(), value.checked_mul(U256::from(small)));
            prop_assert_eq!(over_down(value, small).ok(), value.checked_div(U256::from(small)));
        }
    }

    #[test]
    fn largest_values_do_not_wrap() {
        assert_eq!(times(U256::MAX, 1), Ok(U256::MAX));
        assert_eq!(times(U256::MAX, 2), Err(ArithmeticError::Overflow));
        assert_eq!(times(U256::MAX, u32::MAX), Err(ArithmeticError::Overflow));
        assert_eq!(over_down(U256::MAX, u32::MAX), Ok(U256::MAX / U256::from(u32::MAX)));
        assert_eq!(over_down(U256::MAX, 0), Err(ArithmeticError::DivisionByZero));
    }
}

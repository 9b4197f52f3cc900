//! `a × b ÷ c` with a 512-bit intermediate.
//!
//! The division is written here and not taken from ruint, whose division is made for processors that divide slowly: it multiplies by
//! reciprocals, which it looks up in a table of 512 bytes. A contract pays for each byte of such data in every call, for this table 385 gas,
//! whether the call divides or not; and a WASM division of 64 bits costs an eighth of a gas. Long division with digits of 32 bits (Knuth,
//! The Art of Computer Programming, 4.3.1, algorithm D) needs no table. For a contract that is 1,800 to 2,050 bytes less of compressed code
//! (5,300 of WASM), and a `mul_div` of amounts costs 54 to 87 gas instead of 109 to 147.

use core::num::NonZeroU64;

use alloy_primitives::U256;

use crate::{ArithmeticError, Checked, Rounding};

/// A digit of 32 bits where it lies in a word. WASM and every host that builds the contracts are little-endian, so a word is its digits.
type Digit = [u8; 4];

/// The low digit of a limb.
const LOW: u64 = 0xffff_ffff;

/// Digits of the product of two words, with a zero below them and a zero above.
const PRODUCT: usize = 18;

/// `a × b ÷ c`, exact before the one rounding that `rounding` names.
///
/// # Errors
/// [`ArithmeticError::DivisionByZero`] if `c` is zero, [`ArithmeticError::Overflow`] if the result needs more than 256 bits.
pub fn mul_div(a: U256, b: U256, c: U256, rounding: Rounding) -> Checked {
    let mut digits = [0; PRODUCT];
    let product = multiply(&a, &b, &mut digits);
    let mut quotient = [0; 4];
    let exact = divide(product, significant(&c), &mut quotient)?;
    if exact || rounding == Rounding::Down {
        return Ok(U256::from_limbs(quotient));
    }
    for limb in &mut quotient {
        *limb = limb.wrapping_add(1);
        // No carry into the next.
        if *limb != 0 {
            return Ok(U256::from_limbs(quotient));
        }
    }
    Err(ArithmeticError::Overflow)
}

/// The digits of `word` up to the highest that is not zero, the lowest first.
fn significant(word: &U256) -> &[Digit] {
    let (digits, _) = word.as_le_slice().as_chunks();
    &digits[..word.bit_len().div_ceil(32)]
}

fn pair(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

/// `a × b` between two zeros, in `digits`, which are zero before.
fn multiply<'a>(a: &U256, b: &U256, digits: &'a mut [u32; PRODUCT]) -> &'a mut [u32] {
    let row = significant(b);
    // Where the highest digit is: at most at 16, since the two factors have eight digits each.
    let mut top = 0;
    for (place, digit) in significant(a).iter().enumerate() {
        top = place + 1 + row.len();
        digits[top] = add_row(&mut digits[place + 1..], row, u32::from_le_bytes(*digit), 0);
    }
    // Often the highest digit is zero and is then the zero above.
    let length = top + 1 + usize::from(digits[top] != 0);
    &mut digits[..length]
}

/// Long division of a `dividend` that lies between two zeros: adds the quotient to `quotient`, which is zero before, and returns whether
/// there is no remainder.
fn divide(dividend: &mut [u32], divisor: &[Digit], quotient: &mut [u64; 4]) -> Checked<bool> {
    let (first, second) = match divisor {
        [] => (0, 0),
        [first] => (u32::from_le_bytes(*first), 0),
        [.., second, first] => (u32::from_le_bytes(*first), u32::from_le_bytes(*second)),
    };
    // Estimated with the first digit of a divisor whose highest bit is set, a digit of the quotient is at most two too large. What the
    // estimate reads is shifted for that, not the divisor and the dividend.
    let shift = first.leading_zeros();
    let top = NonZeroU64::new((pair(first, second) << shift) >> 32).ok_or(ArithmeticError::DivisionByZero)?;

    let mut left = dividend;
    while let Some(place) = left.len().checked_sub(divisor.len() + 2) {
        let [.., below, low, high] = *left else { break };
        let window = &mut left[place + 1..];
        // What is left is less than 2^32 divisors, as in every long division, and at first because its highest digit is zero. So its highest
        // `shift` bits are zero and none is lost. Under a divisor of one digit, `below` is not yet part of what is divided; fewer than `shift`
        // bits of it do not change the quotient.
        let estimate = (pair(high, low) << shift | (u64::from(below) << shift) >> 32) / top;
        let mut digit = u32::try_from(estimate).unwrap_or(u32::MAX);
        if digit != 0 {
            // Adding `digit` times 2^(32 n) − divisor is subtracting `digit` divisors and adding `digit` to the highest digit, from which it is
            // taken again: zero is left there, or, of a number below zero by up to two divisors, −1 or −2.
            let carry = add_row(window, divisor, digit, u32::MAX);
            let mut sign = high.wrapping_add(carry).wrapping_sub(digit);
            while sign != 0 {
                sign = sign.wrapping_add(add_row(window, divisor, 1, 0));
                digit = digit.wrapping_sub(1);
            }
        }
        match quotient.get_mut(place / 2) {
            Some(limb) => *limb |= u64::from(digit) << (place % 2 * 32),
            None if digit != 0 => return Err(ArithmeticError::Overflow),
            None => {}
        }
        // The highest digit is done with: what is left is less than the divisor.
        let shorter = left.len() - 1;
        left = &mut left[..shorter];
    }
    Ok(left.iter().all(|digit| *digit == 0))
}

/// Adds `factor` × `row` to as many digits of `sum` and returns the carry out of them; with all ones as `complement` it adds
/// `factor` × (2^(32 n) − `row`), n being the row's digits. One function, so that a contract has one such loop.
fn add_row(sum: &mut [u32], row: &[Digit], factor: u32, complement: u32) -> u32 {
    // 2^(32 n) − row is one more than the complement of each digit.
    let mut carry = factor & complement;
    for (sum, digit) in sum.iter_mut().zip(row) {
        // At most (2^32 − 1)² + 2 × (2^32 − 1) = 2^64 − 1.
        let step = (u64::from(factor) * u64::from(u32::from_le_bytes(*digit) ^ complement))
            .wrapping_add(u64::from(*sum))
            .wrapping_add(u64::from(carry));
        *sum = (step & LOW) as u32;
        carry = (step >> 32) as u32;
    }
    carry
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
    use num_bigint::BigUint;
    use proptest::{collection::vec, prelude::*};

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

    /// Digits about which long division errs, and any.
    fn digit() -> impl Strategy<Value = u32> {
        const HARD: [u32; 8] = [0, 0, 1, (1 << 31) - 1, 1 << 31, (1 << 31) + 1, u32::MAX - 1, u32::MAX];
        (any::<u32>(), any::<prop::sample::Index>(), any::<bool>())
            .prop_map(|(any, hard, is_hard)| if is_hard { *hard.get(&HARD) } else { any })
    }

    /// Up to `most` digits.
    fn number(most: usize) -> impl Strategy<Value = Vec<u32>> {
        vec(digit(), 0..=most)
    }

    fn to_word(digits: &[u32]) -> U256 {
        U256::from_le_slice(&digits.iter().flat_map(|digit| digit.to_le_bytes()).collect::<Vec<_>>())
    }

    /// `dividend ÷ divisor` by [`divide`]: the quotient, and whether there is no remainder.
    fn divided(dividend: &[u32], divisor: &[u32]) -> Checked<(U256, bool)> {
        let mut digits = [&[0], dividend, &[0]].concat();
        let mut quotient = [0; 4];
        let exact = divide(&mut digits, significant(&to_word(divisor)), &mut quotient)?;
        Ok((U256::from_limbs(quotient), exact))
    }

    /// The same by num-bigint.
    fn divided_by_num(dividend: &[u32], divisor: &[u32]) -> Checked<(U256, bool)> {
        let (dividend, divisor) = (BigUint::from_slice(dividend), BigUint::from_slice(divisor));
        if divisor == BigUint::ZERO {
            return Err(ArithmeticError::DivisionByZero);
        }
        let quotient = &dividend / &divisor;
        if quotient.bits() > 256 {
            return Err(ArithmeticError::Overflow);
        }
        let exact = &quotient * &divisor == dividend;
        Ok((to_word(&quotient.to_u32_digits()), exact))
    }

    /// The same by ruint.
    fn divided_by_ruint(dividend: &[u32], divisor: &[u32]) -> Checked<(U256, bool)> {
        let wide = |digits: &[u32]| U512::from_le_slice(&digits.iter().flat_map(|digit| digit.to_le_bytes()).collect::<Vec<_>>());
        let (dividend, divisor) = (wide(dividend), wide(divisor));
        if divisor.is_zero() {
            return Err(ArithmeticError::DivisionByZero);
        }
        let (quotient, remainder) = dividend.div_rem(divisor);
        if quotient > U512::from(U256::MAX) {
            return Err(ArithmeticError::Overflow);
        }
        Ok((quotient.to(), remainder.is_zero()))
    }

    /// Asserts that the three divisions agree, and returns the quotient.
    fn agree(dividend: &[u32], divisor: &[u32]) -> Checked<(U256, bool)> {
        let ours = divided(dividend, divisor);
        assert_eq!(
            ours,
            divided_by_num(dividend, divisor),
            "{dividend:x?} / {divisor:x?} by num-bigint"
        );
        assert_eq!(ours, divided_by_ruint(dividend, divisor), "{dividend:x?} / {divisor:x?} by ruint");
        ours
    }

    /// Knuth's estimate of the quotient, of one digit, before any correction: from the highest two digits of the dividend and the highest of
    /// the divisor, both shifted. The dividend has a digit more than the divisor.
    fn estimate(dividend: &BigUint, divisor: &BigUint) -> u64 {
        let length = divisor.to_u32_digits().len() as u64;
        let shift = 32 * length - divisor.bits();
        let high: BigUint = (dividend << shift) >> (32 * (length - 1));
        let top: BigUint = (divisor << shift) >> (32 * (length - 1));
        u64::try_from(high / top).unwrap().min(u64::from(u32::MAX))
    }

    /// `quotient` × `divisor` + `remainder`, whose division has an estimate `excess` too large.
    fn with_excess(excess: u64, quotient: u32, divisor: &[u32], remainder: &[u32]) -> Vec<u32> {
        let (divisor, remainder) = (BigUint::from_slice(divisor), BigUint::from_slice(remainder));
        assert!(remainder < divisor);
        let dividend = &divisor * quotient + remainder;
        assert_eq!(estimate(&dividend, &divisor) - u64::from(quotient), excess);
        dividend.to_u32_digits()
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

        #[test]
        fn hard_digits_equal_the_definition(a in number(8), b in number(8), c in number(8)) {
            let (a, b, c) = (to_word(&a), to_word(&b), to_word(&c));
            for rounding in [Rounding::Down, Rounding::Up] {
                prop_assert_eq!(mul_div(a, b, c, rounding), reference(a, b, c, rounding));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200_000))]

        #[test]
        fn division_agrees_with_two_others(dividend in number(16), divisor in number(8)) {
            let _ = agree(&dividend, &divisor);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// A remainder of zero, one below the divisor, and any: quotient × divisor + remainder comes apart again.
        #[test]
        fn division_undoes_multiplication(quotient in number(8), divisor in number(7), below in number(8)) {
            // A one below it, so that it is not zero.
            let divisor = [&[1], divisor.as_slice()].concat();
            let (q, d) = (BigUint::from_slice(&quotient), BigUint::from_slice(&divisor));
            for remainder in [BigUint::ZERO, &d - 1u32, BigUint::from_slice(&below) % &d] {
                let dividend = (&q * &d + &remainder).to_u32_digits();
                prop_assert_eq!(agree(&dividend, &divisor), Ok((to_word(&quotient), remainder == BigUint::ZERO)));
            }
        }
    }

    const MAX: u32 = u32::MAX;
    const HALF: u32 = 1 << 31;

    #[test]
    fn estimate_that_is_right() {
        let divisor = [7, 0, HALF];
        let dividend = with_excess(0, 5, &divisor, &[1]);
        assert_eq!(agree(&dividend, &divisor), Ok((U256::from(5), false)));
    }

    #[test]
    fn estimate_too_large_by_one_is_added_back_once() {
        for divisor in [vec![MAX, HALF], vec![0, MAX, HALF], vec![MAX, MAX, MAX, MAX, MAX, MAX, MAX, HALF]] {
            let dividend = with_excess(1, HALF + HALF / 2, &divisor, &[9]);
            assert_eq!(agree(&dividend, &divisor), Ok((U256::from(HALF + HALF / 2), false)));
        }
    }

    #[test]
    fn estimate_too_large_by_two_is_added_back_twice() {
        for divisor in [vec![MAX, HALF], vec![0, MAX, HALF], vec![MAX, MAX, MAX, MAX, MAX, MAX, MAX, HALF]] {
            // Cut to a digit, and not.
            for quotient in [MAX - 2, MAX - 9] {
                let remainder = (BigUint::from_slice(&divisor) - 1u32).to_u32_digits();
                let dividend = with_excess(2, quotient, &divisor, &remainder);
                assert_eq!(agree(&dividend, &divisor), Ok((U256::from(quotient), false)));
            }
        }
    }

    #[test]
    fn estimate_of_one_where_the_digit_is_zero() {
        // 2^31 × 2^32 is less than 2^31 × 2^32 + 1, though its highest digit is the same.
        for length in 2..=8 {
            let mut divisor = vec![0; length];
            (divisor[0], divisor[length - 1]) = (1, HALF);
            let mut dividend = vec![0; length];
            dividend[length - 1] = HALF;
            let dividend = with_excess(1, 0, &divisor, &dividend);
            assert_eq!(agree(&dividend, &divisor), Ok((U256::ZERO, false)));
        }
    }

    #[test]
    fn overestimate_above_256_bits_is_no_overflow() {
        // The digit at 2^256 is estimated at one and is zero.
        let divisor = [1, HALF];
        let dividend = [0, 0, 0, 0, 0, 0, 0, 0, 0, HALF];
        let (quotient, exact) = agree(&dividend, &divisor).unwrap();
        assert_eq!((quotient.bit_len(), exact), (256, false));
    }

    #[test]
    fn equal_leading_digits_are_cut_to_a_digit() {
        for lead in [1, HALF - 1, HALF, HALF + 1, MAX - 1, MAX] {
            for length in 1..=8 {
                // ⌊(divisor × 2^32 − 1) ÷ divisor⌋ = 2^32 − 1: as large as a digit can be.
                let mut divisor = vec![MAX; length];
                divisor[length - 1] = lead;
                let dividend = (BigUint::from_slice(&divisor) * (BigUint::from(1u32) << 32u32) - 1u32).to_u32_digits();
                assert_eq!(agree(&dividend, &divisor), Ok((U256::from(MAX), lead == 1 && length == 1)));
            }
        }
    }

    #[test]
    fn divisors_of_each_length_and_leading_digit() {
        for length in 1..=8 {
            for lead in [1, HALF - 1, HALF, HALF + 1, MAX] {
                for rest in [0, 1, HALF, MAX] {
                    let mut divisor = vec![rest; length];
                    divisor[length - 1] = lead;
                    for dividend_length in 0..=16 {
                        for fill in [0, 1, HALF - 1, HALF, MAX] {
                            let mut dividend = vec![fill; dividend_length];
                            let _ = agree(&dividend, &divisor);
                            dividend.extend(&divisor[..length.min(16 - dividend_length)]);
                            let _ = agree(&dividend, &divisor);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn dividend_smaller_than_the_divisor_is_all_remainder() {
        for length in 1..=8 {
            let divisor = vec![MAX; length];
            let mut dividend = divisor.clone();
            assert_eq!(agree(&dividend, &divisor), Ok((U256::from(1), true)));
            dividend[0] -= 1;
            assert_eq!(agree(&dividend, &divisor), Ok((U256::ZERO, false)));
            assert_eq!(agree(&dividend[..length - 1], &divisor), Ok((U256::ZERO, length == 1)));
            assert_eq!(agree(&[], &divisor), Ok((U256::ZERO, true)));
        }
    }

    #[test]
    fn quotient_of_257_bits_is_an_overflow() {
        let mut dividend = [0; 9];
        dividend[8] = 1;
        assert_eq!(agree(&dividend, &[1]), Err(ArithmeticError::Overflow));
        assert_eq!(agree(&[MAX; 8], &[1]), Ok((U256::MAX, true)));
        assert_eq!(agree(&[MAX; 16], &[MAX; 8]), Err(ArithmeticError::Overflow));
        // (2^256 − 1) × 2^256 + 2^256 − 2 over 2^256 − 1 is 2^256; one divisor less is the largest quotient.
        let divisor = BigUint::from_slice(&[MAX; 8]);
        let largest = (&divisor * &divisor + &divisor - 1u32).to_u32_digits();
        assert_eq!(agree(&largest, &[MAX; 8]), Ok((U256::MAX, false)));
    }

    #[test]
    fn products_of_every_pair_of_lengths() {
        for a_length in 0..=8 {
            for b_length in 0..=8 {
                let (a, b) = (vec![MAX; a_length], vec![MAX; b_length]);
                let mut digits = [0; PRODUCT];
                let product = multiply(&to_word(&a), &to_word(&b), &mut digits);
                assert_eq!((product.first(), product.last()), (Some(&0), Some(&0)));
                assert_eq!(
                    BigUint::from_slice(&product[1..]),
                    BigUint::from_slice(&a) * BigUint::from_slice(&b)
                );
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
        // Also where the quotient would be too large for any divisor.
        assert_eq!(mul_div_up(U256::MAX, U256::MAX, U256::ZERO), Err(ArithmeticError::DivisionByZero));
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

    #[test]
    fn rounding_up_carries_through_limbs() {
        for limbs in 1..4 {
            // (2^(64 n + 1) − 1) ÷ 2 is 2^(64 n) − 1 and a half.
            let one_less = (U256::from(1) << (64 * limbs + 1)) - U256::from(1);
            assert_eq!(
                mul_div_up(one_less, U256::from(1), U256::from(2)),
                Ok(U256::from(1) << (64 * limbs))
            );
        }
    }
}

//! Who gets which part of a payment (PROTOCOL 6, Payment).
//!
//! Every part but the senior side's is rounded down and the senior side takes what is left: rounding favours the vault, and the parts
//! add up to the payment to the wei.

use fixed_point::{Checked, Rounding};

use crate::{amount::Amount, terms::Fees};

/// The parts of an interest payment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InterestSplit {
    /// To the curator's account.
    pub servicing: Amount,
    /// To the treasury.
    pub protocol: Amount,
    /// To the insurance reserve.
    pub reserve: Amount,
    /// To the stack's junior cash: in proportion to its principal, and the spread.
    pub junior: Amount,
    /// To the vault.
    pub senior: Amount,
}

/// Splits `interest` on a loan of which `junior` out of `outstanding` is the stack's own.
///
/// # Errors
/// An overflow or a division by zero: never with fees of at most 100 % and `junior ≤ outstanding ≠ 0`.
pub fn split_interest(interest: Amount, fees: Fees, junior: Amount, outstanding: Amount) -> Checked<InterestSplit> {
    let servicing = interest.part(fees.servicing, Rounding::Down)?;
    let protocol = interest.part(fees.protocol, Rounding::Down)?;
    let reserve = interest.part(fees.reserve, Rounding::Down)?;
    let shared = interest.minus(servicing)?.minus(protocol)?.minus(reserve)?;

    let pro_rata = shared.scale(junior.word(), outstanding.word(), Rounding::Down)?;
    let spread = shared.minus(pro_rata)?.part(fees.spread, Rounding::Down)?;
    let junior = pro_rata.plus(spread)?;
    Ok(InterestSplit {
        servicing,
        protocol,
        reserve,
        junior,
        senior: shared.minus(junior)?,
    })
}

/// Splits interest of a loan in default that is paid after the senior side is whole: fees as agreed, rounded down, the rest is junior.
///
/// # Errors
/// As [`split_interest`].
pub fn split_late_interest(interest: Amount, fees: Fees) -> Checked<InterestSplit> {
    let mut left = interest;
    let servicing = left.take(interest.part(fees.servicing, Rounding::Down)?);
    let protocol = left.take(interest.part(fees.protocol, Rounding::Down)?);
    let reserve = left.take(interest.part(fees.reserve, Rounding::Down)?);
    Ok(InterestSplit {
        servicing,
        protocol,
        reserve,
        junior: left,
        senior: Amount::ZERO,
    })
}

/// The junior side's part of `principal` paid back on a loan of which `junior` out of `outstanding` is the stack's own: pro rata, rounded
/// down, so the senior side is paid back first by what rounding decides; all of it with the last payment.
///
/// # Errors
/// As [`split_interest`].
pub fn junior_principal(principal: Amount, junior: Amount, outstanding: Amount) -> Checked<Amount> {
    principal.scale(junior.word(), outstanding.word(), Rounding::Down)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::tests::terms;
    use alloy_primitives::U256;
    use fixed_point::{mul_div_up, BPS};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_make_the_whole_and_rounding_favours_the_senior_side(
            interest in 0..=u128::from(u64::MAX) * 1_000_000,
            terms in terms(),
            outstanding in 1..=u128::MAX >> 32,
            junior in any::<u128>(),
        ) {
            let fees = terms.fees;
            let (interest, outstanding) = (Amount(interest), Amount(outstanding));
            let junior = Amount(junior % (outstanding.0 + 1));
            let split = split_interest(interest, fees, junior, outstanding).unwrap();
            let sum = [split.servicing, split.protocol, split.reserve, split.junior, split.senior]
                .into_iter()
                .try_fold(Amount::ZERO, Amount::plus);
            prop_assert_eq!(sum, Ok(interest));

            // senior ≥ interest × (1 − fees) × senior ÷ outstanding × (1 − spread), exactly.
            let senior_principal = outstanding.minus(junior).unwrap();
            let kept = mul_div_up(
                interest.word() * senior_principal.word(),
                U256::from(fees.senior_share()),
                outstanding.word() * BPS * BPS,
            ).unwrap();
            prop_assert!(split.senior.word() >= kept);
            // And by no more than one wei for each part that was rounded down.
            prop_assert!(split.senior.word() <= kept + U256::from(5));
        }

        #[test]
        fn the_last_principal_clears_both_sides(outstanding in 1..=u128::MAX >> 32, junior in any::<u128>(), paid in any::<u128>()) {
            let total = Amount(outstanding);
            let junior = Amount(junior % (total.0 + 1));
            prop_assert_eq!(junior_principal(total, junior, total), Ok(junior));
            let paid = Amount(paid % (total.0 + 1));
            let part = junior_principal(paid, junior, total).unwrap();
            // Neither side is paid more than it is owed.
            prop_assert!(part <= junior && paid.minus(part).unwrap() <= total.minus(junior).unwrap());
        }
    }
}

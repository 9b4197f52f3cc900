//! How much of the queue the vault's cash pays for (PROTOCOL 5.3, par lane).

use fixed_point::{mul_div_down, Checked, U256, WAD};

use crate::{
    book::Claim,
    units::{Assets, Shares},
};

/// What the par lane gets: of `eligible` shares, as many as `cash` (USDai wei) pays at `price` (WAD, assets per share), rounded down, for
/// their value, rounded down. Both roundings leave what they leave in the vault.
///
/// At a price of zero, or so near it that everything that could be filled is worth less than one unit, nobody is filled: burning shares
/// for nothing would take from those who wait what the vault may still recover, and refusing would let a total loss stop the clock.
///
/// # Errors
/// Overflow if `cash × 10^18 ÷ price` needs more than 256 bits.
pub fn fill_par(eligible: Shares, price: U256, cash: U256) -> Checked<Claim> {
    if price.is_zero() {
        return Ok(Claim::default());
    }
    let affordable = mul_div_down(cash, WAD, price)?;
    let shares = affordable.min(eligible.to_u256());
    let assets = Assets::from_u256(mul_div_down(shares, price, WAD)?)?;
    if assets.is_zero() {
        return Ok(Claim::default());
    }
    Ok(Claim {
        shares: Shares::from_u256(shares)?,
        assets,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOTHING: Claim = Claim {
        shares: Shares::ZERO,
        assets: Assets::ZERO,
    };

    fn fill(eligible: u128, price: u64, cash: u64) -> Claim {
        fill_par(Shares(eligible), U256::from(price), U256::from(cash)).unwrap()
    }

    #[test]
    fn all_are_filled_when_cash_covers_them() {
        let price = 1_500_000_000_000_000_000;
        let all = Claim {
            shares: Shares(100),
            assets: Assets(150),
        };
        assert_eq!(fill(100, price, 150), all);
        assert_eq!(fill(100, price, 1_000), all);
    }

    #[test]
    fn cash_limits_the_fill_and_rounding_stays_in_the_vault() {
        let price = 1_500_000_000_000_000_000;
        // 149 ÷ 1.5 = 99.3…, and 99 × 1.5 = 148.5.
        assert_eq!(
            fill(100, price, 149),
            Claim {
                shares: Shares(99),
                assets: Assets(148)
            }
        );
        assert_eq!(fill(100, price, 0), NOTHING);
        assert_eq!(fill(0, price, 1_000), NOTHING);
    }

    #[test]
    fn nobody_is_burnt_for_nothing() {
        assert_eq!(fill(100, 0, 1_000), NOTHING);
        assert_eq!(fill(100, 1, 1_000), NOTHING);
    }

    #[test]
    fn maximal_values_are_an_error_or_right() {
        assert!(fill_par(Shares(u128::MAX), U256::from(1), U256::MAX).is_err());
        assert!(
            fill_par(Shares(u128::MAX), U256::MAX, U256::MAX).is_err(),
            "10^18 shares for 2^256 assets"
        );
        assert_eq!(fill_par(Shares(u128::MAX), U256::MAX, U256::from(u128::MAX)), Ok(NOTHING));
        assert_eq!(
            fill_par(Shares(u128::MAX), WAD, U256::from(u128::MAX)).unwrap(),
            Claim {
                shares: Shares(u128::MAX),
                assets: Assets(u128::MAX)
            }
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn a_fill_is_affordable_and_as_large_as_can_be(
            eligible in any::<u128>(), eligible_shift in 0u32..128,
            price in any::<u128>(), price_shift in 30u32..127,
            cash in any::<u128>(), cash_shift in 0u32..128,
        ) {
            let (eligible, price, cash) = (Shares(eligible >> eligible_shift), U256::from(price >> price_shift), U256::from(cash >> cash_shift));
            let filled = fill_par(eligible, price, cash).unwrap();
            prop_assert!(filled.shares <= eligible);
            prop_assert!(filled.assets.to_u256() <= cash);
            prop_assert!(filled.assets.to_u256() * WAD <= filled.shares.to_u256() * price, "no more than the shares are worth");
            if !filled.shares.is_zero() && filled.shares < eligible {
                prop_assert!((filled.shares.to_u256() + U256::from(1)) * price > cash * WAD, "one share more is too much");
            }
        }
    }
}

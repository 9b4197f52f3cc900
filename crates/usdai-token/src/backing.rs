//! What USDai is worth in base token and what may be minted: no chain, no storage.

use alloy_primitives::U256;
use fixed_point::{add, sub, Assets, Bps, Checked};

use crate::small::{over_down, times};

/// Wei of USDai (18 decimals) that one base unit (6 decimals) backs: 10^12.
pub const BASE_SCALE: U256 = U256::from_limbs([1_000_000_000_000, 0, 0, 0]);

/// The most that the admin can take of the yield: 20 %.
pub const MAX_ADMIN_FEE: u16 = 2_000;

/// The scale in two steps, each of which fits 32 bits; rounding down twice is rounding down once.
const ROOT_OF_SCALE: u32 = 1_000_000;
/// 100 %, in basis points.
const WHOLE: u32 = 10_000;
const ONE: U256 = U256::from_limbs([1, 0, 0, 0]);

/// An amount of base token, in its smallest unit (6 decimals).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct BaseUnits(pub U256);

impl BaseUnits {
    /// What these units back, exactly.
    ///
    /// # Errors
    /// [`fixed_point::ArithmeticError::Overflow`] if it needs more than 256 bits.
    pub fn to_assets(self) -> Checked<Assets> {
        times(times(self.0, ROOT_OF_SCALE)?, ROOT_OF_SCALE).map(Assets)
    }

    /// The whole units that `assets` pays for: rounded down, against who withdraws.
    ///
    /// # Errors
    /// None in practice: the scale is not zero.
    pub fn paid_by_down(assets: Assets) -> Checked<Self> {
        over_down(over_down(assets.0, ROOT_OF_SCALE)?, ROOT_OF_SCALE).map(Self)
    }

    /// The whole units that it takes to back `assets`, or to be worth at least as much: rounded up.
    ///
    /// # Errors
    /// None in practice: the scale is neither zero nor one.
    pub fn to_back_up(assets: Assets) -> Checked<Self> {
        let down = Self::paid_by_down(assets)?;
        if down.to_assets()? == assets {
            return Ok(down);
        }
        add(down.0, ONE).map(Self)
    }
}

/// What a withdrawal burns and what it is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redemption {
    /// Burnt: no more than was asked, a whole number of base units.
    pub burnt: Assets,
    /// Paid for it, or swapped for what is paid.
    pub base: BaseUnits,
}

impl Redemption {
    /// What a withdrawal of `amount` comes to. Less than one base unit comes to nothing.
    ///
    /// # Errors
    /// None in practice: `burnt` is at most `amount`.
    pub fn of(amount: Assets) -> Checked<Self> {
        let base = BaseUnits::paid_by_down(amount)?;
        Ok(Self {
            burnt: base.to_assets()?,
            base,
        })
    }
}

/// What exists and what may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supply {
    /// USDai on this chain.
    pub total: Assets,
    /// USDai that crossed a bridge and is backed here.
    pub bridged: Assets,
    /// The most that both together may be.
    pub cap: Assets,
}

impl Supply {
    /// All that the base token held here has to back.
    ///
    /// # Errors
    /// [`fixed_point::ArithmeticError::Overflow`] if it needs more than 256 bits.
    pub fn issued(&self) -> Checked<Assets> {
        self.total.plus(self.bridged)
    }

    /// What may still be minted under the cap; nothing if the cap is exceeded.
    ///
    /// # Errors
    /// As [`Self::issued`].
    pub fn room(&self) -> Checked<Assets> {
        let issued = self.issued()?;
        Ok(self.cap.minus(issued).unwrap_or(Assets::ZERO))
    }
}

/// How harvested yield is shared out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Harvest {
    /// Base token above what backs the supply that is now backing as well.
    pub base: BaseUnits,
    /// Minted to the vault.
    pub to_vault: Assets,
    /// Minted to the treasury.
    pub to_treasury: Assets,
}

impl Harvest {
    /// The yield in `held` base token above what `supply` needs, as far as the cap has room for it (the rest can be harvested later); `fee`
    /// of it, rounded down, for the treasury, the rest for the vault.
    ///
    /// # Errors
    /// [`fixed_point::ArithmeticError::Overflow`] if the yield needs more than 256 bits.
    pub fn of(supply: &Supply, held: BaseUnits, fee: Bps) -> Checked<Self> {
        let needed = BaseUnits::to_back_up(supply.issued()?)?;
        if held <= needed {
            return Ok(Self::default());
        }
        let surplus = BaseUnits(sub(held.0, needed.0)?);
        let base = surplus.min(BaseUnits::paid_by_down(supply.room()?)?);
        let minted = base.to_assets()?;
        let to_treasury = Assets(over_down(times(minted.0, fee.get().into())?, WHOLE)?);
        Ok(Self {
            base,
            to_vault: minted.minus(to_treasury)?,
            to_treasury,
        })
    }

    /// All that is minted.
    ///
    /// # Errors
    /// None in practice: it was one number before it was two.
    pub fn minted(&self) -> Checked<Assets> {
        self.to_vault.plus(self.to_treasury)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wei(amount: u128) -> Assets {
        Assets(U256::from(amount))
    }

    fn units(amount: u128) -> BaseUnits {
        BaseUnits(U256::from(amount))
    }

    #[test]
    fn a_withdrawal_burns_only_what_it_pays_for() {
        let dollar = 1_000_000_000_000_000_000;
        let exact = Redemption::of(wei(dollar)).unwrap();
        assert_eq!((exact.burnt, exact.base), (wei(dollar), units(1_000_000)));
        let odd = Redemption::of(wei(dollar + 999_999_999_999)).unwrap();
        assert_eq!(odd, exact);
        let dust = Redemption::of(wei(999_999_999_999)).unwrap();
        assert_eq!((dust.burnt, dust.base), (wei(0), units(0)));
        assert!(Redemption::of(Assets(U256::MAX)).unwrap().burnt < Assets(U256::MAX));
    }

    #[test]
    fn yield_is_what_exceeds_the_backing_rounded_up() {
        let supply = Supply {
            total: wei(5_000_000_000_001),
            bridged: wei(2_000_000_000_000),
            cap: Assets(U256::MAX),
        };
        // 7.000000000001 base units are issued, so 8 back them.
        assert_eq!(Harvest::of(&supply, units(8), Bps::ZERO), Ok(Harvest::default()));
        assert_eq!(Harvest::of(&supply, units(3), Bps::ZERO), Ok(Harvest::default()));
        let harvest = Harvest::of(&supply, units(11), Bps::new(1_000).unwrap()).unwrap();
        assert_eq!(harvest.base, units(3));
        assert_eq!(
            (harvest.to_vault, harvest.to_treasury),
            (wei(2_700_000_000_000), wei(300_000_000_000))
        );
    }

    #[test]
    fn yield_beyond_the_cap_stays_for_later() {
        let supply = Supply {
            total: wei(5_000_000_000_000),
            bridged: wei(0),
            cap: wei(6_900_000_000_000),
        };
        assert_eq!(Harvest::of(&supply, units(9), Bps::ZERO).unwrap().base, units(1));
        let full = Supply { cap: wei(1), ..supply };
        assert_eq!(Harvest::of(&full, units(9), Bps::ZERO), Ok(Harvest::default()));
    }

    #[test]
    fn a_base_unit_is_rounded_down_to_pay_and_up_to_back() {
        for (amount, down, up) in [
            (0, 0, 0),
            (1, 0, 1),
            (999_999_999_999, 0, 1),
            (1_000_000_000_000, 1, 1),
            (1_000_000_000_001, 1, 2),
        ] {
            assert_eq!(BaseUnits::paid_by_down(wei(amount)), Ok(units(down)));
            assert_eq!(BaseUnits::to_back_up(wei(amount)), Ok(units(up)));
        }
        assert_eq!(BaseUnits::paid_by_down(Assets(U256::MAX)), Ok(BaseUnits(U256::MAX / BASE_SCALE)));
        assert_eq!(
            BaseUnits::to_back_up(Assets(U256::MAX)),
            Ok(BaseUnits(U256::MAX / BASE_SCALE + ONE))
        );
    }

    #[test]
    fn largest_values_are_errors_and_not_wraps() {
        assert!(BaseUnits(U256::MAX).to_assets().is_err());
        let supply = Supply {
            total: Assets(U256::MAX),
            bridged: wei(1),
            cap: Assets(U256::MAX),
        };
        assert!(supply.issued().is_err());
        assert!(supply.room().is_err());
        let empty = Supply {
            total: wei(0),
            bridged: wei(0),
            cap: Assets(U256::MAX),
        };
        // As much as there is room for.
        let harvest = Harvest::of(&empty, BaseUnits(U256::MAX), Bps::ZERO).unwrap();
        assert_eq!(harvest.base, BaseUnits(U256::MAX / BASE_SCALE));
    }

    /// What can happen to the supply. Amounts are reduced to what is possible when the step is taken.
    #[derive(Clone, Debug)]
    enum Step {
        Deposit(u64),
        Withdraw(u128),
        BridgeOut(u128),
        BridgeIn(u128),
        Yield(u64),
        Harvest(u16),
    }

    fn step() -> impl Strategy<Value = Step> {
        // Large steps and steps of a few wei: the roundings are in the latter.
        let amount = (any::<u128>(), 30u32..128).prop_map(|(amount, shift)| amount >> shift);
        prop_oneof![
            (any::<u64>(), 0u32..64).prop_map(|(amount, shift)| Step::Deposit(amount >> shift)),
            amount.clone().prop_map(Step::Withdraw),
            amount.clone().prop_map(Step::BridgeOut),
            amount.prop_map(Step::BridgeIn),
            (any::<u64>(), 0u32..64).prop_map(|(amount, shift)| Step::Yield(amount >> shift)),
            (0..=MAX_ADMIN_FEE).prop_map(Step::Harvest),
        ]
    }

    proptest! {
        /// U1.
        #[test]
        fn base_token_held_backs_all_that_is_issued(steps in prop::collection::vec(step(), 1..60)) {
            let mut supply = Supply { total: wei(0), bridged: wei(0), cap: Assets(U256::MAX) };
            let mut held = units(0);
            for step in steps {
                match step {
                    Step::Deposit(arrived) => {
                        let arrived = BaseUnits(U256::from(arrived));
                        held = BaseUnits(held.0 + arrived.0);
                        supply.total = supply.total.plus(arrived.to_assets().unwrap()).unwrap();
                    }
                    Step::Withdraw(amount) => {
                        let amount = wei(amount).min(supply.total);
                        let redemption = Redemption::of(amount).unwrap();
                        prop_assert!(redemption.burnt <= amount);
                        prop_assert!(amount.minus(redemption.burnt).unwrap().0 < BASE_SCALE);
                        supply.total = supply.total.minus(redemption.burnt).unwrap();
                        held = BaseUnits(held.0.checked_sub(redemption.base.0).expect("U1: there is enough to pay"));
                    }
                    Step::BridgeOut(amount) => {
                        let amount = wei(amount).min(supply.total);
                        supply.total = supply.total.minus(amount).unwrap();
                        supply.bridged = supply.bridged.plus(amount).unwrap();
                    }
                    Step::BridgeIn(amount) => {
                        let amount = wei(amount).min(supply.bridged);
                        supply.bridged = supply.bridged.minus(amount).unwrap();
                        supply.total = supply.total.plus(amount).unwrap();
                    }
                    Step::Yield(amount) => held = BaseUnits(held.0 + U256::from(amount)),
                    Step::Harvest(fee) => {
                        let harvest = Harvest::of(&supply, held, Bps::new(fee).unwrap()).unwrap();
                        prop_assert_eq!(harvest.minted(), harvest.base.to_assets());
                        supply.total = supply.total.plus(harvest.minted().unwrap()).unwrap();
                        // Nothing is left to harvest.
                        prop_assert_eq!(Harvest::of(&supply, held, Bps::ZERO), Ok(Harvest::default()));
                    }
                }
                prop_assert!(held.to_assets().unwrap() >= supply.issued().unwrap());
            }
        }
    }
}

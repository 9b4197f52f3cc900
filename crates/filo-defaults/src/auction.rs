//! The Dutch auction of a loan's receipts: from 110 % of what is at stake down to a floor, linear over 14 days, and again with a lower
//! floor until somebody takes them (PROTOCOL 6, Default).
//!
//! From the fourth round on the floor is zero, so every default comes to an end, whatever the hardware is worth.

use alloy_primitives::U256;
use filo_stacks::amount::{word, Amount};
use fixed_point::{Bps, Checked, Rounding};

/// Days that the borrower has to meet a margin call, to redeem the receipts, and that a round of the auction lasts.
pub const DAYS: u64 = 14;
/// Where a round starts, in basis points of the larger of debt and value.
const START_BPS: U256 = U256::from_limbs([11_000, 0, 0, 0]);

/// A loan in default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Auction {
    /// When it was declared in default, Unix seconds; 0 is never.
    pub declared_at: u64,
    /// When the last round began; 0 is not yet.
    pub started_at: u64,
    /// Rounds begun.
    pub round: u8,
    /// Where the last round started, for what is left of the receipts.
    pub start: Amount,
}

impl Auction {
    /// Where a round starts that is about `debt` and receipts worth `value`, rounded up; at most 2^128 − 1.
    #[must_use]
    pub fn starting_price(debt: Amount, value: Amount) -> Amount {
        let start = debt.max(value).scale(START_BPS, fixed_point::BPS, Rounding::Up);
        start.unwrap_or(Amount::MAX)
    }

    /// Below which the price does not fall in this round, rounded up: 40 %, 20 %, 10 % of the start, then nothing.
    ///
    /// # Errors
    /// Never.
    pub fn floor(&self) -> Checked<Amount> {
        let bps = match self.round {
            0 | 1 => 4_000,
            2 => 2_000,
            3 => 1_000,
            _ => 0,
        };
        self.start.part(Bps::new(bps)?, Rounding::Up)
    }

    /// What all receipts that are left cost at `now`, rounded up.
    ///
    /// # Errors
    /// Never for a round that has begun.
    pub fn price(&self, now: u64, day: u64) -> Checked<Amount> {
        let length = day.saturating_mul(DAYS);
        let elapsed = now.saturating_sub(self.started_at).min(length);
        let fall = self.start.minus(self.floor()?)?;
        self.start.minus(fall.scale(word(elapsed), word(length), Rounding::Down)?)
    }

    /// Takes out of the start what its receipts were, which were sold at `paid` when all cost `price`.
    ///
    /// # Errors
    /// Never.
    pub fn sold(&mut self, paid: Amount, price: Amount) -> Checked<()> {
        if !price.is_zero() {
            let part = self.start.scale(paid.word(), price.word(), Rounding::Up)?;
            self.start = self.start.less(part);
        }
        Ok(())
    }
}

/// What a receipt worth `value` costs when all, worth `total` together, cost `price`: its part of the value, rounded up. Of one without a
/// value nobody knows that it is not the best: it costs as much as all, and so goes with them.
///
/// # Errors
/// An overflow; never for a value that is part of the total.
pub fn share(price: Amount, value: Amount, total: Amount) -> Checked<Amount> {
    if value.is_zero() {
        return Ok(price);
    }
    price.scale(value.word(), total.word(), Rounding::Up)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY: u64 = 86_400;

    fn round(round: u8, start: u128) -> Auction {
        Auction {
            declared_at: 1,
            started_at: 1_000,
            round,
            start: Amount(start),
        }
    }

    #[test]
    fn a_round_falls_in_a_line_from_110_percent_to_its_floor() {
        let start = Auction::starting_price(Amount(900), Amount(1_000));
        assert_eq!(start, Amount(1_100));
        assert_eq!(Auction::starting_price(Amount(1_001), Amount(1_000)), Amount(1_102));
        assert_eq!(Auction::starting_price(Amount(1_001), Amount::MAX), Amount::MAX);
        for (number, floor) in [(1, 440), (2, 220), (3, 110), (4, 0), (255, 0)] {
            let auction = round(number, 1_100);
            assert_eq!(auction.floor(), Ok(Amount(floor)));
            assert_eq!(auction.price(1_000, DAY), Ok(Amount(1_100)));
            assert_eq!(auction.price(1_000 + 7 * DAY, DAY), Ok(Amount(1_100 - (1_100 - floor) / 2)));
            assert_eq!(auction.price(1_000 + 14 * DAY, DAY), Ok(Amount(floor)));
            assert_eq!(auction.price(u64::MAX, DAY), Ok(Amount(floor)));
        }
    }

    #[test]
    fn what_is_sold_leaves_the_start_for_the_rest() {
        let mut auction = round(1, 1_100);
        auction.sold(Amount(330), Amount(1_000)).unwrap();
        assert_eq!(auction.start, Amount(737));
        // Rounded against what is left.
        auction.sold(Amount(1), Amount(1_000)).unwrap();
        assert_eq!(auction.start, Amount(736));
        // Given away: nothing tells what was sold.
        auction.sold(Amount::ZERO, Amount::ZERO).unwrap();
        assert_eq!(auction.start, Amount(736));
    }

    proptest! {
        /// The price never rises within a round, and the parts of a sale in parts are not less than the whole.
        #[test]
        fn parts_are_never_cheaper_than_all(
            start in 1u128..1 << 100,
            number in 1u8..6,
            values in proptest::collection::vec(0u128..1 << 96, 1..8),
            elapsed in 0u64..20 * DAY,
        ) {
            let auction = round(number, start);
            let price = auction.price(1_000 + elapsed, DAY).unwrap();
            prop_assert!(price <= auction.price(1_000 + elapsed / 2, DAY).unwrap());
            prop_assert!(price >= auction.floor().unwrap());
            let total = Amount(values.iter().sum());
            let parts = values.iter().map(|value| share(price, Amount(*value), total).unwrap().0).sum::<u128>();
            prop_assert!(parts >= price.0);
            prop_assert_eq!(share(price, Amount::ZERO, total), Ok(price));
        }
    }
}

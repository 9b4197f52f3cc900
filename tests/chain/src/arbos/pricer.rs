//! The data fee: what an activation pays, in wei, for the native code that every node must store.

use super::ARBOS_STATE;
use crate::evm::{known, Ctx};
use alloy_primitives::{keccak256, U256};
use revm::context_interface::{ContextTr, JournalTr};

/// Nitro's congestion price on bytes of native code: a least price that grows exponentially with the bytes recently activated.
pub(crate) struct DataPricer;

impl DataPricer {
    /// Bytes forgotten each second: four terabytes a year.
    const BYTES_PER_SECOND: u64 = 4 * (1 << 40) / (365 * 24) / 3_600;
    /// Wei a byte without congestion: 5 MB cost about a dollar.
    const MIN_PRICE: u64 = 82_928_201;
    /// Bytes that multiply the price by e.
    const INERTIA: u64 = 70_177_364;
    const BIPS: u64 = 10_000;

    /// Records `bytes` more of native code at `time` (Unix seconds) and returns their fee in wei.
    pub(crate) fn update(ctx: &mut Ctx<'_>, bytes: u32, time: u64) -> U256 {
        let slot = U256::from_be_bytes(keccak256("stylus data pricer").0);
        let journal = ctx.journal_mut();
        known(journal.load_account(ARBOS_STATE));
        let word = known(journal.sload(ARBOS_STATE, slot)).data;
        // Low half: demand in bytes; high half: when it was last updated.
        let demand = word.as_limbs()[0];
        let updated = word.as_limbs()[1];

        let credit = Self::BYTES_PER_SECOND.saturating_mul(time.saturating_sub(updated));
        let demand = demand
            .saturating_sub(credit)
            .saturating_add(u64::from(bytes))
            .min(u64::from(u32::MAX));
        known(journal.sstore(ARBOS_STATE, slot, U256::from_limbs([demand, time, 0, 0])));

        let multiplier = exp_bips(Self::BIPS * demand / Self::INERTIA);
        let price = Self::MIN_PRICE.saturating_mul(multiplier) / Self::BIPS;
        U256::from(price.saturating_mul(u64::from(bytes)))
    }
}

/// `e ^ (x / 10,000)` in basis points, by the first twelve terms as Nitro computes it.
fn exp_bips(x: u64) -> u64 {
    const TERMS: u64 = 12;
    let one = DataPricer::BIPS;
    (1..TERMS)
        .rev()
        .fold(one + x / TERMS, |sum, term| one + sum.saturating_mul(x) / (term * one))
}

#[cfg(test)]
mod tests {
    use super::exp_bips;

    #[test]
    fn exponential_in_basis_points() {
        assert_eq!(exp_bips(0), 10_000);
        assert_eq!(exp_bips(10_000), 27_182);
        // Twelve terms fall a little short here.
        assert_eq!(exp_bips(20_000) / 100, 738);
    }
}

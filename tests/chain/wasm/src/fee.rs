//! The data fee of activation.

/// Bytes a second that the model lets demand drain by: 4 TiB a year.
const BYTES_PER_SECOND: u32 = 139_461;
/// Wei a byte without demand.
const MIN_PRICE: u64 = 82_928_201;
/// Bytes of demand that multiply the price by e.
const INERTIA: u64 = 70_177_364;
/// When the model starts, in seconds since 1970.
const START: u64 = 1_421_388_000;
const BIPS: u64 = 10_000;

/// Nitro's price of storing native code: a minimum a byte, rising exponentially with recent demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataPricer {
    demand: u32,
    updated: u64,
}

impl Default for DataPricer {
    fn default() -> Self {
        Self { demand: 0, updated: START }
    }
}

impl DataPricer {
    /// Takes `bytes` more at `time` (seconds since 1970) into account and returns their price in wei.
    ///
    /// `bytes` is [`ProgramInfo::asm_estimate`](crate::ProgramInfo::asm_estimate).
    pub fn charge(&mut self, bytes: u32, time: u64) -> u64 {
        let elapsed = u32::try_from(time.saturating_sub(self.updated)).unwrap_or(u32::MAX);
        let drained = BYTES_PER_SECOND.saturating_mul(elapsed);
        self.demand = self.demand.saturating_sub(drained).saturating_add(bytes);
        self.updated = time;
        let multiplier = exp_bips(BIPS * u64::from(self.demand) / INERTIA);
        MIN_PRICE.saturating_mul(multiplier).saturating_mul(u64::from(bytes)) / BIPS
    }
}

/// e to the power of `x`, both in units of 1/10,000: twelve terms of the series, from the inside out.
fn exp_bips(x: u64) -> u64 {
    const TERMS: u64 = 12;
    (1..TERMS).rev().fold(BIPS + x / TERMS, |sum, term| {
        BIPS.saturating_add(sum.saturating_mul(x) / (term * BIPS))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_demand_a_byte_costs_the_minimum() {
        let mut pricer = DataPricer::default();
        // Demand right after the charge counts too, so the price is the minimum only for small programs.
        assert_eq!(pricer.charge(1_000, START + 1_000), MIN_PRICE * 1_000);
    }

    #[test]
    fn demand_drains_with_time() {
        let mut pricer = DataPricer::default();
        let first = pricer.charge(600_000, START + 1_000);
        let second = pricer.charge(600_000, START + 1_000);
        let third = pricer.charge(600_000, START + 1_060);
        assert!(second > first);
        assert_eq!(third, first);
    }

    #[test]
    fn the_exponential_is_e() {
        assert_eq!(exp_bips(BIPS), 27_182);
        assert_eq!(exp_bips(0), BIPS);
    }
}

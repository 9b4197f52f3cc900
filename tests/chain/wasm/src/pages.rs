//! Price of WASM memory.

/// Pages a transaction opens for nothing.
pub const FREE_PAGES: u16 = 2;
/// Gas of each further page, per frame that opens it.
pub const PAGE_GAS: u64 = 1_000;
/// Gas that the exponential part would reach at [`MAX_PAGES`] pages.
const RAMP: f64 = 31_874_000.0;
/// Pages that may be open at once in a transaction.
pub const MAX_PAGES: u16 = 128;

/// Gas of opening `new` pages while `open` are open and `ever` is the most that were open at once in this transaction.
///
/// Linear in what is open beyond [`FREE_PAGES`], exponential in the transaction's peak; `u64::MAX` beyond [`MAX_PAGES`].
#[must_use]
pub fn page_gas(new: u16, open: u16, ever: u16) -> u64 {
    let now = open.saturating_add(new);
    let peak = ever.max(now);
    if peak <= FREE_PAGES {
        return 0;
    }
    let beyond_free = |pages: u16| u64::from(pages.saturating_sub(FREE_PAGES));
    let linear = (beyond_free(now) - beyond_free(open)) * PAGE_GAS;
    if peak > MAX_PAGES {
        return u64::MAX;
    }
    linear.saturating_add(ramp(peak) - ramp(ever))
}

/// Nitro keeps this curve as a table; the table is this curve rounded down.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn ramp(pages: u16) -> u64 {
    let base = (RAMP.ln() / f64::from(MAX_PAGES)).exp();
    base.powf(f64::from(pages)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_pages_are_free_then_a_thousand_gas_each() {
        assert_eq!(page_gas(2, 0, 0), 0);
        assert_eq!(page_gas(3, 0, 0), 1_000);
        assert_eq!(page_gas(1, 2, 2), 1_000);
        assert_eq!(page_gas(17, 0, 0), 15_008);
    }

    #[test]
    fn reopening_pages_pays_the_linear_part_again() {
        assert_eq!(page_gas(15, 2, 17), 15_000);
    }

    #[test]
    fn all_pages_cost_what_nitro_publishes() {
        let total: u64 = (0..128).map(|open| page_gas(1, open, open)).sum();
        assert_eq!(total, 31_999_998);
        assert_eq!(page_gas(129, 0, 0), u64::MAX);
    }

    #[test]
    fn the_curve_meets_nitros_table() {
        for (pages, gas) in [(6, 2), (27, 38), (64, 5_645), (99, 635_973), (127, 27_849_408), (128, 31_873_999)] {
            assert_eq!(ramp(pages), gas, "{pages} pages");
        }
    }
}

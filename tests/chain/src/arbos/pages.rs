//! The page counters of a transaction. What pages cost is [`stylus_wasm::page_gas`].

use super::ArbState;

impl ArbState {
    /// Opens `new` pages and returns their gas; [`u64::MAX`] beyond the limit, which nobody can pay.
    pub(crate) fn open_pages(&mut self, new: u16) -> u64 {
        let cost = stylus_wasm::page_gas(new, self.pages_open, self.pages_ever);
        self.pages_open = self.pages_open.saturating_add(new);
        self.pages_ever = self.pages_ever.max(self.pages_open);
        cost
    }
}

#[cfg(test)]
mod tests {
    use crate::arbos::ArbState;

    #[test]
    fn frames_that_close_give_their_pages_back_but_the_peak_stays() {
        let mut state = ArbState::default();
        assert_eq!(state.open_pages(2), 0);
        let outer = state.pages_open;
        assert_eq!(state.open_pages(30), 30_000 + 74);
        state.pages_open = outer;
        // The second frame of the same size pays its pages, and no ramp: the transaction has been there.
        assert_eq!(state.open_pages(30), 30_000);
    }
}

//! Programs that ran earlier in the block and therefore start at the cached price (ArbOS 60).

use alloy_primitives::B256;
use std::collections::VecDeque;

/// Least-recently-used list of code hashes, emptied at every block.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecentPrograms {
    /// The latest at the back.
    hashes: VecDeque<B256>,
}

impl RecentPrograms {
    /// Notes a run of `code_hash`; tells whether it was in the list. `size` is how many the list may hold.
    pub(crate) fn insert(&mut self, code_hash: B256, size: u16) -> bool {
        let known = self.hashes.iter().position(|hash| *hash == code_hash);
        if let Some(index) = known {
            self.hashes.remove(index);
        }
        self.hashes.push_back(code_hash);
        while self.hashes.len() > usize::from(size) {
            self.hashes.pop_front();
        }
        known.is_some()
    }

    /// Forgets all: a new block begins.
    pub(crate) fn clear(&mut self) {
        self.hashes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::RecentPrograms;
    use alloy_primitives::B256;

    #[test]
    fn the_oldest_falls_out() {
        let mut recent = RecentPrograms::default();
        let hash = B256::with_last_byte;
        assert!(!recent.insert(hash(1), 2));
        assert!(!recent.insert(hash(2), 2));
        assert!(recent.insert(hash(1), 2));
        assert!(!recent.insert(hash(3), 2));
        assert!(!recent.insert(hash(2), 2));
        recent.clear();
        assert!(!recent.insert(hash(2), 2));
    }
}

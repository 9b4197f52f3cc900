//! Whether anything changed.

use super::Chain;
use alloy_primitives::Address;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What two moments of a chain are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(u64);

impl Chain {
    /// A hash over balance, nonce, code and every storage word of all accounts but `except`: two moments with the same fingerprint have
    /// the same state. For asserting that a refused call changed nothing (the sender's nonce moves all the same).
    ///
    /// The sum of what each part hashes to, so that they need no order. Nobody here looks for two states with one sum, and by chance there are
    /// none: a hash that withstands a search would be a tenth of what the random walks take.
    #[must_use]
    pub fn fingerprint(&self, except: &[Address]) -> Fingerprint {
        let mut sum = 0_u64;
        for (address, account) in &self.db.cache.accounts {
            if except.contains(address) {
                continue;
            }
            // A word that was only read is kept as zero, an account that was only looked at as empty: neither is state.
            let mut empty = account.info.is_empty();
            for (slot, word) in account.storage.iter().filter(|(_, word)| !word.is_zero()) {
                empty = false;
                sum = sum.wrapping_add(hash_of(&(address, slot, word)));
            }
            if !empty {
                let info = &account.info;
                sum = sum.wrapping_add(hash_of(&(address, info.balance, info.nonce, info.code_hash)));
            }
        }
        Fingerprint(sum)
    }
}

fn hash_of(part: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    part.hash(&mut hasher);
    hasher.finish()
}

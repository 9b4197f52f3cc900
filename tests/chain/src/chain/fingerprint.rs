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

#[cfg(test)]
mod tests {
    use super::Chain;
    use alloy_primitives::{Address, U256};

    const ONE: Address = Address::repeat_byte(1);
    const OTHER: Address = Address::repeat_byte(2);

    /// A chain with a contract whose every part is not zero.
    fn chain() -> Chain {
        let mut chain = Chain::new();
        chain.set_balance(ONE, U256::from(5));
        chain.set_nonce(ONE, 6);
        chain.set_code(ONE, vec![7]);
        chain.set_storage(ONE, U256::from(8), U256::from(9));
        chain
    }

    #[test]
    fn a_fingerprint_tells_every_part_of_the_state() {
        let changes: [fn(&mut Chain); 9] = [
            |chain| chain.set_balance(ONE, U256::from(6)),
            |chain| chain.set_nonce(ONE, 5),
            |chain| chain.set_code(ONE, vec![8]),
            |chain| chain.set_storage(ONE, U256::from(8), U256::from(10)),
            |chain| chain.set_storage(ONE, U256::from(9), U256::from(8)),
            |chain| chain.set_storage(ONE, U256::from(8), U256::ZERO),
            |chain| chain.set_storage(OTHER, U256::from(8), U256::from(9)),
            |chain| chain.set_balance(OTHER, U256::from(5)),
            |chain| chain.clear_storage(ONE),
        ];
        let before = chain().fingerprint(&[]);
        for (number, change) in changes.iter().enumerate() {
            let mut chain = chain();
            assert_eq!(chain.fingerprint(&[]), before);
            change(&mut chain);
            assert_ne!(chain.fingerprint(&[]), before, "change {number}");
            assert_eq!(chain.fingerprint(&[ONE, OTHER]), Chain::new().fingerprint(&[]), "of neither");
        }
    }

    #[test]
    fn what_was_only_looked_at_is_in_no_fingerprint() {
        let mut chain = chain();
        let before = chain.fingerprint(&[]);
        assert_eq!((chain.balance(OTHER), chain.storage(ONE, U256::ZERO)), (U256::ZERO, U256::ZERO));
        assert_eq!(chain.fingerprint(&[]), before);
        // There and back is where it was.
        chain.set_storage(OTHER, U256::from(8), U256::from(9));
        chain.set_storage(OTHER, U256::from(8), U256::ZERO);
        assert_eq!(chain.fingerprint(&[]), before);
    }
}

//! Whether anything changed.

use super::Chain;
use alloy_primitives::{keccak256, Address, B256, U256};

impl Chain {
    /// A hash over balance, nonce, code and every storage word of all accounts but `except`: two moments with the same fingerprint have
    /// the same state. For asserting that a refused call changed nothing (the sender's nonce moves all the same).
    #[must_use]
    pub fn fingerprint(&self, except: &[Address]) -> B256 {
        let mut accounts: Vec<_> = self
            .db
            .cache
            .accounts
            .iter()
            .filter(|(address, _)| !except.contains(address))
            .collect();
        accounts.sort_unstable_by_key(|(address, _)| **address);
        let mut bytes = Vec::new();
        for (address, account) in accounts {
            // A word that was only read is kept as zero, an account that was only looked at as empty: neither is state.
            let mut words: Vec<_> = account.storage.iter().filter(|(_, word)| !word.is_zero()).collect();
            if account.info.is_empty() && words.is_empty() {
                continue;
            }
            words.sort_unstable();
            bytes.extend_from_slice(address.as_slice());
            bytes.extend_from_slice(&account.info.balance.to_be_bytes::<32>());
            bytes.extend_from_slice(&account.info.nonce.to_be_bytes());
            bytes.extend_from_slice(account.info.code_hash.as_slice());
            for (slot, word) in words {
                bytes.extend_from_slice(&U256::to_be_bytes::<32>(slot));
                bytes.extend_from_slice(&U256::to_be_bytes::<32>(word));
            }
        }
        keccak256(bytes)
    }
}

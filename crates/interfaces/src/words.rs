//! Errors and events that are nothing but words, without alloy's generic encoder: a contract with fifteen of each saves some 2 kB of
//! compressed code. The `sol!` types stay the one definition of names, arguments and selectors; each crate's tests compare the two.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use stylus_sdk::prelude::Host;

/// What the ABI encodes in one word.
pub trait Word {
    /// The word.
    fn word(self) -> B256;
}

impl Word for U256 {
    fn word(self) -> B256 {
        B256::new(self.to_be_bytes())
    }
}

impl Word for B256 {
    fn word(self) -> B256 {
        self
    }
}

impl Word for Address {
    fn word(self) -> B256 {
        self.into_word()
    }
}

impl Word for bool {
    fn word(self) -> B256 {
        B256::with_last_byte(self.into())
    }
}

/// The revert data of an error: its selector and its arguments.
#[must_use]
pub fn revert(selector: [u8; 4], arguments: &[B256]) -> Vec<u8> {
    let mut data = Vec::with_capacity(4 + 32 * arguments.len());
    data.extend_from_slice(&selector);
    for argument in arguments {
        data.extend_from_slice(argument.as_slice());
    }
    data
}

/// Emits an event: its topics, the first `topics` of `words`, then its data.
pub fn emit(vm: &dyn Host, topics: usize, words: &[B256]) {
    let mut log = Vec::with_capacity(32 * words.len());
    for word in words {
        log.extend_from_slice(word.as_slice());
    }
    vm.emit_log(&log, topics);
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_sol_types::{sol, SolError};

    sol! {
        error Mixed(address account, bytes32 hash, uint256 amount, bool flag);
    }

    #[test]
    fn equals_the_generic_encoding() {
        let (account, hash, amount) = (Address::repeat_byte(7), B256::repeat_byte(9), U256::from(11));
        for flag in [false, true] {
            let generic = Mixed {
                account,
                hash,
                amount,
                flag,
            };
            assert_eq!(
                revert(Mixed::SELECTOR, &[account.word(), hash.word(), amount.word(), flag.word()]),
                generic.abi_encode()
            );
        }
    }
}

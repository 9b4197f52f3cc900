//! Calldata of words, and of words with bytes after them, without alloy's generic encoder (as `interfaces::words`, for the same reason).
//! The tests compare each with the generic one.

use alloc::vec::Vec;

use alloy_primitives::{B256, U256};
use interfaces::words::{revert, Word};

/// A number that the ABI puts in a word: an offset, a length, a small argument.
pub(crate) fn small(number: usize) -> B256 {
    U256::from_limbs([number as u64, 0, 0, 0]).word()
}

/// A call with `arguments`.
pub(crate) fn of_words(selector: [u8; 4], arguments: &[B256]) -> Vec<u8> {
    // An error and a call look the same.
    revert(selector, arguments)
}

/// A call whose encoding is `head`, which holds the offset of `bytes`, and then `bytes`.
pub(crate) fn with_bytes(selector: [u8; 4], head: &[B256], bytes: &[u8]) -> Vec<u8> {
    let mut data = of_words(selector, head);
    data.extend_from_slice(small(bytes.len()).as_slice());
    data.extend_from_slice(bytes);
    let partial = bytes.len() % 32;
    if partial != 0 {
        data.resize(data.len() + 32 - partial, 0);
    }
    data
}

/// The first word of what a call returned; zero if it returned less.
pub(crate) fn first_word(returned: &[u8]) -> U256 {
    U256::from_be_slice(returned.get(..32).unwrap_or_default())
}

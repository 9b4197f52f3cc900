//! Words that a program carries in its code instead of its data.
//!
//! Each byte of a program's data costs every call of it 0.75 gas on entry, each byte of its code a thousandth of a gas (Nitro's
//! estimate of what initialising takes). A topic of 32 bytes is 24 gas a call as data; as four numbers in the code, next to nothing.

use alloy_primitives::B256;

/// Part `index` of a word's four, from its beginning.
#[must_use]
pub const fn limb(word: [u8; 32], index: usize) -> u64 {
    let mut limb = 0;
    let mut at = 0;
    while at < 8 {
        limb = limb << 8 | word[8 * index + at] as u64;
        at += 1;
    }
    limb
}

/// The word of four parts. Not inlined: the parts would become data again.
#[must_use]
#[inline(never)]
pub fn word(a: u64, b: u64, c: u64, d: u64) -> B256 {
    let mut word = B256::ZERO;
    for (place, limb) in word.chunks_exact_mut(8).zip([a, b, c, d]) {
        place.copy_from_slice(&limb.to_be_bytes());
    }
    word
}

/// A constant `[u8; 32]` or what dereferences to one at compile time, as a [`B256`] that is made by code.
///
/// ```
/// const HASH: [u8; 32] = [7; 32];
/// assert_eq!(lean_abi::constant!(HASH), HASH);
/// ```
#[macro_export]
macro_rules! constant {
    ($word:expr) => {
        $crate::private::word(
            const { $crate::private::limb($word, 0) },
            const { $crate::private::limb($word, 1) },
            const { $crate::private::limb($word, 2) },
            const { $crate::private::limb($word, 3) },
        )
    };
}

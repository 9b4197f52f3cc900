//! Decoding. One cursor, in functions that are not generic: whatever a contract decodes, their code is there once.
//!
//! **Strict**: every value has exactly one encoding, and the reader takes nothing else. Bytes outside of a type's range must be zero (or
//! the sign), booleans 0 or 1, text UTF-8, padding zero; what is dynamic lies where an encoder puts it, in order, without gaps. So an
//! offset is not followed, it is compared with the place where its data has to be. No input can make the reader go back or read twice,
//! and a list is never longer than the data has words for its elements.
//!
//! **Behind it** there may be more: callers append what says who sent them, callees return more than an older interface knows, and
//! Solidity ignores both. Whoever decodes says at the end whether the data must be the encoding ([`Reader::complete`]) or begin with it
//! ([`Reader::valid`]). No encoding is the beginning of another of the same types, so the data still has one meaning.
//!
//! **Failing** is a flag, not a `Result`: after a failure what is read means nothing, and the verdict at the end says so once. That saves
//! a branch for each argument. Places saturate instead of overflowing, at any width of `usize`: beyond the data is no place anyway.

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, FixedBytes, U256};

/// A cursor over encoded values.
#[derive(Debug)]
pub struct Reader<'a> {
    data: &'a [u8],
    /// Where the next value of the current sequence is, or its offset.
    head: usize,
    /// Where the current sequence begins: offsets count from there.
    base: usize,
    /// Where the next dynamic value has to be.
    tail: usize,
    failed: bool,
}

/// The sequence that the reader left to read one inside of it.
#[derive(Debug)]
#[must_use]
pub struct Outer {
    head: usize,
    base: usize,
}

impl<'a> Reader<'a> {
    /// A cursor at the beginning of `data`, whose values take `words` words without what is dynamic.
    #[must_use]
    #[inline(never)]
    pub fn new(data: &'a [u8], words: usize) -> Self {
        Self {
            data,
            head: 0,
            base: 0,
            tail: words.saturating_mul(32),
            failed: false,
        }
    }

    /// Whether everything that was read is valid and nothing is left: the data is the encoding.
    #[must_use]
    #[inline(never)]
    pub fn complete(&self) -> bool {
        !self.failed && self.tail == self.data.len()
    }

    /// Whether everything that was read is valid: the data begins with the encoding, whatever comes behind it.
    #[must_use]
    #[inline(never)]
    pub fn valid(&self) -> bool {
        !self.failed && self.tail <= self.data.len()
    }

    /// Makes the input invalid: for types with rules of their own.
    pub fn fail(&mut self) {
        self.failed = true;
    }

    /// The next word; zeros if the data is at its end.
    #[inline(never)]
    pub fn word(&mut self) -> &'a [u8; 32] {
        let Some(word) = self.data.get(self.head..).and_then(<[u8]>::first_chunk) else {
            self.failed = true;
            return &[0; 32];
        };
        self.head += 32;
        word
    }

    /// The next word, of which only `len` bytes may be other than zero: the last ones.
    #[inline(never)]
    pub fn right(&mut self, len: usize) -> &'a [u8; 32] {
        let word = self.word();
        self.zeros(&word[..32 - len]);
        word
    }

    #[inline(never)]
    fn zeros(&mut self, bytes: &[u8]) {
        if bytes.iter().any(|byte| *byte != 0) {
            self.failed = true;
        }
    }

    /// The next word as an unsigned number of `bits` bits.
    #[inline(never)]
    pub fn number(&mut self, bits: usize) -> U256 {
        let word = self.right(bits / 8);
        number(word)
    }

    /// The next word as a signed number of `bits` bits, in two's complement over all 256.
    #[inline(never)]
    pub fn signed(&mut self, bits: usize) -> U256 {
        let word = self.word();
        let first = 32 - bits / 8;
        let extension = if word[first] & 0x80 == 0 { 0 } else { 0xff };
        if word[..first].iter().any(|byte| *byte != extension) {
            self.failed = true;
        }
        number(word)
    }

    /// The next word as an unsigned number of at most 64 bits.
    #[inline(never)]
    pub fn small(&mut self, bits: usize) -> u64 {
        let word = self.right(bits / 8);
        limb(word, 3)
    }

    /// The next word as a truth value.
    #[inline(never)]
    pub fn flag(&mut self) -> bool {
        let flag = self.small(8);
        if flag > 1 {
            self.failed = true;
        }
        flag == 1
    }

    /// The next word as an address.
    #[inline(never)]
    pub fn address(&mut self) -> Address {
        let word = self.right(20);
        let mut address = Address::ZERO;
        address.0.copy_from_slice(&word[12..]);
        address
    }

    /// The next word as `N` bytes.
    pub fn fixed_bytes<const N: usize>(&mut self) -> FixedBytes<N> {
        let word = self.word();
        if N < 32 {
            self.zeros(&word[N..]);
        }
        let mut bytes = FixedBytes::ZERO;
        bytes.copy_from_slice(&word[..N]);
        bytes
    }

    /// Goes to the next dynamic value.
    #[inline(never)]
    pub fn enter(&mut self) -> Outer {
        let offset = self.length();
        // Nothing is anywhere else than where the encoder puts it.
        if offset != self.tail - self.base {
            self.failed = true;
        }
        let outer = Outer {
            head: self.head,
            base: self.base,
        };
        self.head = self.tail;
        outer
    }

    /// Begins a sequence whose members take `words` words without what is dynamic.
    pub fn sequence(&mut self, words: usize) {
        self.base = self.head;
        self.tail = self.head.saturating_add(words.saturating_mul(32));
    }

    /// Begins a list whose elements take `words` words each without what is dynamic; gives its length.
    #[inline(never)]
    pub fn list(&mut self, words: usize) -> usize {
        let mut length = self.length();
        // A length beyond the data would reserve memory for nothing. Elements of no words, which no type has, fit never.
        let most = self.rest().len().checked_div(words.saturating_mul(32)).unwrap_or(0);
        if length > most {
            self.failed = true;
            length = 0;
        }
        self.sequence(length * words);
        length
    }

    /// Goes back to the sequence of which a dynamic value has been read.
    #[inline(never)]
    pub fn leave(&mut self, outer: &Outer) {
        self.head = outer.head;
        self.base = outer.base;
    }

    /// The next value as bytes of any number.
    #[inline(never)]
    pub fn bytes(&mut self) -> &'a [u8] {
        let outer = self.enter();
        let length = self.length();
        let rest = self.rest();
        let bytes: &[u8] = if length <= rest.len() {
            let (bytes, rest) = rest.split_at(length);
            let padding = length.wrapping_neg() % 32;
            match rest.get(..padding) {
                Some(padding) => self.zeros(padding),
                None => self.failed = true,
            }
            self.tail = self.head + length + padding;
            bytes
        } else {
            self.failed = true;
            &[]
        };
        self.leave(&outer);
        bytes
    }

    /// The next value as text.
    #[inline(never)]
    pub fn text(&mut self) -> String {
        text(self.bytes().to_vec()).unwrap_or_else(|| {
            self.failed = true;
            String::new()
        })
    }

    /// The next value as a list of what `read` reads, each `words` words without what is dynamic.
    pub fn elements<T>(&mut self, words: usize, read: impl Fn(&mut Self) -> T) -> Vec<T> {
        let outer = self.enter();
        let length = self.list(words);
        let mut list = Vec::with_capacity(length);
        for _ in 0..length {
            list.push(read(self));
        }
        self.leave(&outer);
        list
    }

    fn length(&mut self) -> usize {
        #[allow(clippy::cast_possible_truncation, reason = "32 bits are what an address space is wide on chain")]
        let length = self.small(32) as usize;
        length
    }

    fn rest(&self) -> &'a [u8] {
        self.data.get(self.head..).unwrap_or_default()
    }
}

/// Limb `index` from the top of a word.
fn limb(word: &[u8; 32], index: usize) -> u64 {
    let mut limb = [0; 8];
    limb.copy_from_slice(&word[8 * index..8 * index + 8]);
    u64::from_be_bytes(limb)
}

/// A word as a number.
#[inline(never)]
pub(crate) fn number(word: &[u8; 32]) -> U256 {
    let mut limbs = [0; 4];
    for (index, slot) in limbs.iter_mut().rev().enumerate() {
        *slot = limb(word, index);
    }
    U256::from_limbs(limbs)
}

/// Bytes as text, if they are UTF-8 (RFC 3629). The standard library's check has a table of 256 bytes, which every call would pay for.
#[must_use]
#[inline(never)]
pub fn text(bytes: Vec<u8>) -> Option<String> {
    let mut rest = bytes.as_slice();
    while let Some((first, behind)) = rest.split_first() {
        // How many bytes follow, and between what the next one must be: nothing longer than it needs to be, no surrogates, no end.
        let (more, low, high) = match first {
            0x00..=0x7f => (0, 0, 0),
            0xc2..=0xdf => (1, 0x80, 0xbf),
            0xe0 => (2, 0xa0, 0xbf),
            0xed => (2, 0x80, 0x9f),
            0xe1..=0xef => (2, 0x80, 0xbf),
            0xf0 => (3, 0x90, 0xbf),
            0xf1..=0xf3 => (3, 0x80, 0xbf),
            0xf4 => (3, 0x80, 0x8f),
            _ => return None,
        };
        let (following, behind) = behind.split_at_checked(more)?;
        let others = following.get(1..).unwrap_or_default();
        if following.first().is_some_and(|next| !(low..=high).contains(next)) || others.iter().any(|other| other & 0xc0 != 0x80) {
            return None;
        }
        rest = behind;
    }
    // SAFETY: that is what UTF-8 is; a test compares it with the standard library's verdict.
    Some(unsafe { String::from_utf8_unchecked(bytes) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever two bytes follow a byte that is not ASCII, and what is near the limits in sequences of four.
    #[test]
    fn text_is_what_the_standard_library_says() {
        const EDGES: [u8; 14] = [0, 0x7f, 0x80, 0x81, 0x8f, 0x90, 0x91, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xf4, 0xff];
        let mut texts = 0_u32;
        let mut check = |bytes: &[u8]| {
            let verdict = text(bytes.to_vec());
            assert_eq!(verdict.as_deref(), core::str::from_utf8(bytes).ok(), "{bytes:x?}");
            texts += u32::from(verdict.is_some());
        };
        check(&[]);
        check(b"ipfs://agreement");
        for number in 0..1_u32 << 16 {
            let [_, _, second, third] = number.to_be_bytes();
            check(&[b'a', second, third]);
            for first in 0x7e..=0xff {
                check(&[first, second, third]);
            }
        }
        for first in 0xe0..=0xff {
            for second in EDGES {
                for third in EDGES {
                    for fourth in EDGES {
                        check(&[first, second, third, fourth]);
                        check(&[first, second, third, fourth, b'a']);
                    }
                }
            }
        }
        assert!(texts > 100_000, "{texts}");
    }
}

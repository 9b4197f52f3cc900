//! Encoding: words into one buffer of the right size, in functions that are not generic.

use alloc::{vec, vec::Vec};

use alloy_primitives::{Address, U256};

/// A buffer of zeros, being filled.
#[derive(Debug)]
pub struct Writer {
    data: Vec<u8>,
    /// Where the next value of the current sequence goes, or its offset.
    head: usize,
    /// Where the current sequence begins: offsets count from there.
    base: usize,
    /// Where the next dynamic value goes.
    tail: usize,
}

/// The sequence that the writer left to write one inside of it.
#[derive(Debug)]
#[must_use]
pub struct Outer {
    head: usize,
    base: usize,
}

impl Writer {
    /// A buffer for `words` words and `tail` words more for what is dynamic.
    #[must_use]
    #[inline(never)]
    pub fn new(words: usize, tail: usize) -> Self {
        Self {
            data: vec![0; 32 * (words + tail)],
            head: 0,
            base: 0,
            tail: 32 * words,
        }
    }

    /// As [`Writer::new`], behind a selector: a call or an error.
    #[must_use]
    #[inline(never)]
    pub fn with_selector(selector: u32, words: usize, tail: usize) -> Self {
        let mut data = vec![0; 4 + 32 * (words + tail)];
        data[..4].copy_from_slice(&selector.to_be_bytes());
        Self {
            data,
            head: 4,
            base: 4,
            tail: 4 + 32 * words,
        }
    }

    /// As [`Writer::new`], behind an event's `topics` topics, of which the first is `signature`. The indexed values are written first,
    /// each a word; then comes [`Writer::data`].
    #[must_use]
    #[inline(never)]
    pub fn event(signature: &[u8; 32], topics: usize, words: usize, tail: usize) -> Self {
        let mut writer = Self::new(topics + words, tail);
        writer.left(signature);
        writer
    }

    /// Begins an event's data, whose values take `words` words without what is dynamic.
    pub fn data(&mut self, words: usize) {
        self.sequence(words);
    }

    /// What has been written.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.data
    }

    /// The place of the next word.
    #[inline(never)]
    pub fn word(&mut self) -> &mut [u8] {
        let at = self.head;
        self.head += 32;
        &mut self.data[at..at + 32]
    }

    /// Writes `bytes`, at most 32, at the end of the next word.
    #[inline(never)]
    pub fn right(&mut self, bytes: &[u8]) {
        self.word()[32 - bytes.len()..].copy_from_slice(bytes);
    }

    /// Writes `bytes`, at most 32, at the beginning of the next word.
    #[inline(never)]
    pub fn left(&mut self, bytes: &[u8]) {
        self.word()[..bytes.len()].copy_from_slice(bytes);
    }

    /// Writes a number.
    #[inline(never)]
    pub fn number(&mut self, number: &U256) {
        let word = self.word();
        for (place, limb) in word.chunks_exact_mut(8).zip(number.as_limbs().iter().rev()) {
            place.copy_from_slice(&limb.to_be_bytes());
        }
    }

    /// Writes a number of at most 64 bits.
    #[inline(never)]
    pub fn small(&mut self, number: u64) {
        self.right(&number.to_be_bytes());
    }

    /// Writes an address.
    #[inline(never)]
    pub fn address(&mut self, address: &Address) {
        self.right(address.as_slice());
    }

    /// Writes the offset of the next dynamic value and goes there.
    #[inline(never)]
    pub fn enter(&mut self) -> Outer {
        self.small((self.tail - self.base) as u64);
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
        self.tail = self.head + 32 * words;
    }

    /// Goes back to the sequence of which a dynamic value has been written.
    pub fn leave(&mut self, outer: &Outer) {
        self.head = outer.head;
        self.base = outer.base;
    }

    /// Writes bytes of any number.
    #[inline(never)]
    pub fn bytes(&mut self, bytes: &[u8]) {
        let outer = self.enter();
        self.small(bytes.len() as u64);
        let at = self.head;
        self.data[at..at + bytes.len()].copy_from_slice(bytes);
        self.tail = at + 32 * bytes.len().div_ceil(32);
        self.leave(&outer);
    }
}

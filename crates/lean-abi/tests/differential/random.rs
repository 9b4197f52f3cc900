//! Random values, and random damage to their encodings.

use alloy_primitives::{Address, FixedBytes, Signed, Uint};

/// A small generator (splitmix64): the same cases everywhere, at the cost of the cases themselves.
#[derive(Clone)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    /// Limbs of which some are at the edges of their range.
    pub(crate) fn limb(&mut self) -> u64 {
        match self.below(6) {
            0 => 0,
            1 => u64::MAX,
            2 => 1 << self.below(64),
            _ => self.next(),
        }
    }
}

/// Types of which there are random values.
pub(crate) trait Sample {
    fn sample(random: &mut Random) -> Self;
}

macro_rules! machine {
    ($($type:ty),+) => {$(
        impl Sample for $type {
            #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_lossless, reason = "any bits")]
            fn sample(random: &mut Random) -> Self {
                (random.limb() as u128 | (random.limb() as u128) << 64) as Self
            }
        }
    )+};
}
machine!(u8, u16, u32, u64, u128, i8, i16, i32, i64, i128);

impl Sample for bool {
    fn sample(random: &mut Random) -> Self {
        random.below(2) == 1
    }
}

impl<const B: usize, const L: usize> Sample for Uint<B, L> {
    fn sample(random: &mut Random) -> Self {
        let mut limbs = [0; L];
        limbs.fill_with(|| random.limb());
        limbs[L - 1] &= Self::MASK;
        Self::from_limbs(limbs)
    }
}

impl<const B: usize, const L: usize> Sample for Signed<B, L> {
    fn sample(random: &mut Random) -> Self {
        Self::from_raw(Sample::sample(random))
    }
}

impl<const N: usize> Sample for FixedBytes<N> {
    fn sample(random: &mut Random) -> Self {
        let mut bytes = Self::ZERO;
        bytes.fill_with(|| random.limb().to_le_bytes()[0]);
        bytes
    }
}

impl Sample for Address {
    fn sample(random: &mut Random) -> Self {
        Self(Sample::sample(random))
    }
}

impl Sample for alloy_primitives::Bytes {
    fn sample(random: &mut Random) -> Self {
        let len = if random.below(20) == 0 { 200 } else { random.below(70) };
        (0..len).map(|_| random.next().to_le_bytes()[0]).collect::<Vec<_>>().into()
    }
}

impl Sample for String {
    fn sample(random: &mut Random) -> Self {
        (0..random.below(40)).map(|_| ['a', 'ß', '€', '𝛑', '\0'][random.below(5)]).collect()
    }
}

/// A list that is not `bytes`.
impl<T: Sample> Sample for Vec<T> {
    fn sample(random: &mut Random) -> Self {
        (0..random.below(4)).map(|_| T::sample(random)).collect()
    }
}

impl<T: Sample, const N: usize> Sample for [T; N] {
    fn sample(random: &mut Random) -> Self {
        core::array::from_fn(|_| T::sample(random))
    }
}

macro_rules! tuples {
    ($(($($type:ident)+))+) => {$(
        impl<$($type: Sample),+> Sample for ($($type,)+) {
            fn sample(random: &mut Random) -> Self {
                ($($type::sample(random),)+)
            }
        }
    )+};
}
tuples!((A)(A B)(A B C)(A B C D)(A B C D E)(A B C D E F)(A B C D E F G)(A B C D E F G H));

/// Damages `data` in a way that sometimes leaves it valid.
pub(crate) fn damage(random: &mut Random, data: &mut Vec<u8>) {
    for _ in 0..=random.below(2) {
        let words = data.len() / 32;
        match random.below(8) {
            // A byte, most often one that says where or how long something is.
            0 if !data.is_empty() => {
                let at = random.below(data.len());
                data[at] ^= 1 << random.below(8);
            }
            1 if words > 0 => {
                let at = 32 * random.below(words) + 31;
                data[at] = random.limb().to_le_bytes()[0];
            }
            2 => data.truncate(random.below(data.len() + 1)),
            3 => data.truncate(32 * random.below(words + 1)),
            4 => data.extend((0..random.below(70)).map(|_| 0)),
            5 if words > 1 => {
                let (from, to) = (32 * random.below(words), 32 * random.below(words));
                data.copy_within(from..from + 32, to);
            }
            6 if words > 0 => {
                let at = 32 * random.below(words);
                let word = [0, 0xff][random.below(2)];
                let len = 1 + random.below(32);
                data[at..at + len].fill(word);
            }
            // A length or an offset at the edges of what some width holds.
            7 if words > 0 => {
                let at = 32 * random.below(words);
                let edge = [0, 1 << 31, 1 << 32, 1 << 59, 1 << 63][random.below(5)];
                let number = u64::wrapping_sub(edge, [0, 1, 31, 32, 33, 64][random.below(6)]);
                data[at..at + 24].fill(0);
                data[at + 24..at + 32].copy_from_slice(&number.to_be_bytes());
            }
            _ => {}
        }
    }
}

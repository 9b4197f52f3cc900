//! The traits of types that cross the ABI, and the types of one word.

use alloc::vec::Vec;

use alloy_primitives::{Address, FixedBytes, Signed, Uint, U256};

use crate::{
    describe::{Parameter, Structure},
    Name, Reader, Writer,
};

/// A Rust type that stands for one Solidity type.
///
/// | Rust | Solidity |
/// | --- | --- |
/// | `Uint<B, L>` (`U256`, …), `u8` … `u128` | `uintB` |
/// | `Signed<B, L>` (`I256`, …), `i8` … `i128` | `intB` |
/// | `bool`, `Address` | `bool`, `address` |
/// | `FixedBytes<N>` (`B256`, …) | `bytesN` |
/// | `Vec<u8>`, `[u8]`, the SDK's and alloy's `Bytes` | `bytes` |
/// | `String`, `str` | `string` |
/// | `Vec<T>`, `[T]` | `T[]` |
/// | `[T; N]` | `T[N]` |
/// | tuples of up to sixteen, `#[derive(AbiType)]` structs | `(…)`, a struct |
///
/// `Vec<u8>` is `bytes`, not `uint8[]` as in the SDK.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no type in the ABI",
    label = "not a type of the ABI",
    note = "the ABI has integers, `bool`, `Address`, `FixedBytes`, bytes, `String`, lists, arrays, tuples and `#[derive(AbiType)]` structs"
)]
pub trait Abi {
    /// The canonical name: what selectors are computed from.
    const NAME: Name;
    /// The same as text.
    const NAME_TEXT: &'static str = {
        // A constant's borrow lives as long as the constant.
        let name: &'static Name = &Self::NAME;
        name.text()
    };
    /// The canonical name of a list of these.
    const LIST: Name = Self::NAME.then("[]");
    /// Whether values have no fixed size, so that an offset stands for them.
    const DYNAMIC: bool = false;
    /// How many words a value takes in the sequence that it is in; one, for the offset, if it is dynamic.
    const WORDS: usize = 1;
    /// The same as arguments or results: a tuple is as many as it has members then.
    const FIELDS: usize = Self::WORDS;
    /// What the interface says of its tuples and structs: of a list or an array, of its elements.
    const STRUCTURE: Option<&'static Structure> = None;
}

/// What can be encoded.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no type in the ABI, or not as a result",
    label = "cannot be encoded",
    note = "the ABI has integers, `bool`, `Address`, `FixedBytes`, bytes, `String`, lists, arrays, tuples and `#[derive(AbiType)]` structs"
)]
pub trait Encode: Abi {
    /// What the interface says of it as a result; of a tuple, of its members.
    const RESULTS: &'static [Parameter] = &[Parameter {
        name: "",
        r#type: Self::NAME_TEXT,
        indexed: false,
        structure: Self::STRUCTURE,
    }];

    /// How many words the value takes besides [`Abi::WORDS`].
    fn tail_words(&self) -> usize {
        0
    }

    /// As [`Encode::tail_words`], besides [`Abi::FIELDS`].
    fn fields_tail_words(&self) -> usize {
        self.tail_words()
    }

    /// Writes the value.
    fn write(&self, writer: &mut Writer);

    /// Writes the value as arguments or results.
    fn write_fields(&self, writer: &mut Writer) {
        self.write(writer);
    }

    /// As [`Encode::tail_words`], of a list of these.
    fn list_tail_words(list: &[Self]) -> usize
    where
        Self: Sized,
    {
        1 + list.iter().map(|element| Self::WORDS + element.tail_words()).sum::<usize>()
    }

    /// Writes a list of these.
    fn write_list(list: &[Self], writer: &mut Writer)
    where
        Self: Sized,
    {
        let outer = writer.enter();
        writer.small(list.len() as u64);
        writer.sequence(Self::WORDS * list.len());
        for element in list {
            element.write(writer);
        }
        writer.leave(&outer);
    }
}

/// What can be decoded.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no type in the ABI, or not as an argument",
    label = "cannot be decoded",
    note = "the ABI has integers, `bool`, `Address`, `FixedBytes`, bytes, `String`, lists, arrays, tuples and `#[derive(AbiType)]` structs"
)]
pub trait Decode: Abi + Sized {
    /// Reads a value.
    fn read(reader: &mut Reader<'_>) -> Self;

    /// Reads arguments or results.
    fn read_fields(reader: &mut Reader<'_>) -> Self {
        Self::read(reader)
    }

    /// Reads a list of these.
    fn read_list(reader: &mut Reader<'_>) -> Vec<Self> {
        reader.elements(Self::WORDS, Self::read)
    }
}

/// `prefix` and `bits`, if the ABI has such a number.
const fn number_name(prefix: &str, bits: usize) -> Name {
    assert!(
        bits > 0 && bits <= 256 && bits.is_multiple_of(8),
        "the ABI's numbers have a multiple of 8 bits, at most 256"
    );
    Name::new(prefix).then_number(bits)
}

impl<const BITS: usize, const LIMBS: usize> Abi for Uint<BITS, LIMBS> {
    const NAME: Name = number_name("uint", BITS);
}

impl<const BITS: usize, const LIMBS: usize> Encode for Uint<BITS, LIMBS> {
    #[inline]
    fn write(&self, writer: &mut Writer) {
        let mut limbs = [0; 4];
        limbs[..LIMBS].copy_from_slice(self.as_limbs());
        writer.number(&U256::from_limbs(limbs));
    }
}

impl<const BITS: usize, const LIMBS: usize> Decode for Uint<BITS, LIMBS> {
    #[inline]
    fn read(reader: &mut Reader<'_>) -> Self {
        truncated(&reader.number(BITS))
    }
}

/// The low bits of `number`.
#[inline]
fn truncated<const BITS: usize, const LIMBS: usize>(number: &U256) -> Uint<BITS, LIMBS> {
    let mut limbs = [0; LIMBS];
    limbs.copy_from_slice(&number.as_limbs()[..LIMBS]);
    if let Some(top) = limbs.last_mut() {
        *top &= Uint::<BITS, LIMBS>::MASK;
    }
    Uint::from_limbs(limbs)
}

impl<const BITS: usize, const LIMBS: usize> Abi for Signed<BITS, LIMBS> {
    const NAME: Name = number_name("int", BITS);
}

impl<const BITS: usize, const LIMBS: usize> Encode for Signed<BITS, LIMBS> {
    fn write(&self, writer: &mut Writer) {
        let mut limbs = [if self.is_negative() { u64::MAX } else { 0 }; 4];
        limbs[..LIMBS].copy_from_slice(self.as_limbs());
        if let (true, Some(top)) = (self.is_negative(), limbs[..LIMBS].last_mut()) {
            *top |= !Uint::<BITS, LIMBS>::MASK;
        }
        writer.number(&U256::from_limbs(limbs));
    }
}

impl<const BITS: usize, const LIMBS: usize> Decode for Signed<BITS, LIMBS> {
    fn read(reader: &mut Reader<'_>) -> Self {
        Self::from_raw(truncated(&reader.signed(BITS)))
    }
}

/// Machine integers.
macro_rules! machine {
    ($($type:ty, $prefix:literal, $read:expr, $write:expr;)+) => {$(
        impl Abi for $type {
            const NAME: Name = number_name($prefix, <$type>::BITS as usize);
        }

        impl Encode for $type {
            #[inline]
            fn write(&self, writer: &mut Writer) {
                let write: fn(&mut Writer, $type) = $write;
                write(writer, *self);
            }
        }

        impl Decode for $type {
            #[inline]
            #[allow(clippy::cast_possible_truncation, reason = "the reader has checked the bits")]
            fn read(reader: &mut Reader<'_>) -> Self {
                let read: fn(&mut Reader<'_>) -> $type = $read;
                read(reader)
            }
        }
    )+};
}

/// A number of 128 bits in a word's low half.
fn write_wide(writer: &mut Writer, number: u128, sign: u64) {
    #[allow(clippy::cast_possible_truncation, reason = "the halves")]
    writer.number(&U256::from_limbs([number as u64, (number >> 64) as u64, sign, sign]));
}

/// The low half of a word.
fn low_half(number: &U256) -> u128 {
    let limbs = number.as_limbs();
    u128::from(limbs[1]) << 64 | u128::from(limbs[0])
}

/// What fills a signed number's word.
const fn sign(negative: bool) -> u64 {
    if negative {
        u64::MAX
    } else {
        0
    }
}

machine! {
    u16, "uint", |reader| reader.small(16) as Self, |writer, number| writer.small(u64::from(number));
    u32, "uint", |reader| reader.small(32) as Self, |writer, number| writer.small(u64::from(number));
    u64, "uint", |reader| reader.small(64), |writer, number| writer.small(number);
    u128, "uint", |reader| low_half(&reader.number(128)), |writer, number| write_wide(writer, number, 0);
    i8, "int", |reader| low_half(&reader.signed(8)) as Self,
        |writer, number| write_wide(writer, i128::from(number).cast_unsigned(), sign(number < 0));
    i16, "int", |reader| low_half(&reader.signed(16)) as Self,
        |writer, number| write_wide(writer, i128::from(number).cast_unsigned(), sign(number < 0));
    i32, "int", |reader| low_half(&reader.signed(32)) as Self,
        |writer, number| write_wide(writer, i128::from(number).cast_unsigned(), sign(number < 0));
    i64, "int", |reader| low_half(&reader.signed(64)) as Self,
        |writer, number| write_wide(writer, i128::from(number).cast_unsigned(), sign(number < 0));
    i128, "int", |reader| low_half(&reader.signed(128)).cast_signed(),
        |writer, number| write_wide(writer, number.cast_unsigned(), sign(number < 0));
}

// A list of these is `bytes`.
impl Abi for u8 {
    const NAME: Name = number_name("uint", 8);
    const LIST: Name = Name::new("bytes");
}

impl Encode for u8 {
    #[inline]
    fn write(&self, writer: &mut Writer) {
        writer.small(u64::from(*self));
    }

    fn list_tail_words(list: &[Self]) -> usize {
        1 + list.len().div_ceil(32)
    }

    fn write_list(list: &[Self], writer: &mut Writer) {
        writer.bytes(list);
    }
}

impl Decode for u8 {
    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "the reader has checked the bits")]
    fn read(reader: &mut Reader<'_>) -> Self {
        reader.small(8) as Self
    }

    fn read_list(reader: &mut Reader<'_>) -> Vec<Self> {
        reader.bytes().to_vec()
    }
}

impl Abi for bool {
    const NAME: Name = Name::new("bool");
}

impl Encode for bool {
    #[inline]
    fn write(&self, writer: &mut Writer) {
        writer.small(u64::from(*self));
    }
}

impl Decode for bool {
    #[inline]
    fn read(reader: &mut Reader<'_>) -> Self {
        reader.flag()
    }
}

impl Abi for Address {
    const NAME: Name = Name::new("address");
}

impl Encode for Address {
    #[inline]
    fn write(&self, writer: &mut Writer) {
        writer.address(self);
    }
}

impl Decode for Address {
    #[inline]
    fn read(reader: &mut Reader<'_>) -> Self {
        reader.address()
    }
}

impl<const N: usize> Abi for FixedBytes<N> {
    const NAME: Name = {
        assert!(N > 0 && N <= 32, "the ABI has `bytes1` to `bytes32`");
        Name::new("bytes").then_number(N)
    };
}

impl<const N: usize> Encode for FixedBytes<N> {
    #[inline]
    fn write(&self, writer: &mut Writer) {
        writer.left(self.as_slice());
    }
}

impl<const N: usize> Decode for FixedBytes<N> {
    #[inline]
    fn read(reader: &mut Reader<'_>) -> Self {
        reader.fixed_bytes()
    }
}

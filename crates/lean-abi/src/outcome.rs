//! What a function returns, and what it is called with.

use alloc::vec::Vec;

use stylus_sdk::ArbResult;

use crate::{Decode, Encode, Reader, Writer};

/// What an external function can return: a value, several as a tuple, nothing, or a `Result` of these with an error that becomes revert
/// data.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no type in the ABI, or is a `Result` whose error is no `Into<Vec<u8>>`",
    label = "cannot be returned"
)]
pub trait Outcome {
    /// The value's type.
    type Value: Encode;

    /// The encoded value or error.
    ///
    /// # Errors
    /// The function's.
    fn encode(self) -> ArbResult;
}

impl<T: Encode> Outcome for T {
    type Value = T;

    #[inline]
    fn encode(self) -> ArbResult {
        Ok(encode(&self))
    }
}

impl<T: Encode, E: Into<Vec<u8>>> Outcome for Result<T, E> {
    type Value = T;

    #[inline]
    fn encode(self) -> ArbResult {
        match self {
            Ok(value) => Ok(encode(&value)),
            Err(error) => Err(error.into()),
        }
    }
}

/// `value` as arguments or results: a tuple stands for as many as it has members.
#[must_use]
pub fn encode<T: Encode + ?Sized>(value: &T) -> Vec<u8> {
    if T::FIELDS == 0 {
        return Vec::new();
    }
    encode_fields(value)
}

#[inline(never)]
fn encode_fields<T: Encode + ?Sized>(value: &T) -> Vec<u8> {
    let mut writer = Writer::new(T::FIELDS, value.fields_tail_words());
    value.write_fields(&mut writer);
    writer.finish()
}

/// `arguments` behind a selector: a call, or an error's revert data.
#[must_use]
pub fn encode_with_selector<T: Encode>(selector: u32, arguments: &T) -> Vec<u8> {
    let mut writer = Writer::with_selector(selector, T::FIELDS, arguments.fields_tail_words());
    arguments.write_fields(&mut writer);
    writer.finish()
}

/// Arguments or results, if `data` is exactly their encoding.
#[must_use]
pub fn decode<T: Decode>(data: &[u8]) -> Option<T> {
    let mut reader = Reader::new(data, T::FIELDS);
    let value = T::read_fields(&mut reader);
    reader.complete().then_some(value)
}

/// Arguments or results, if `data` begins with their encoding; what is behind it is ignored, as Solidity does.
#[must_use]
pub fn decode_prefix<T: Decode>(data: &[u8]) -> Option<T> {
    let mut reader = Reader::new(data, T::FIELDS);
    let value = T::read_fields(&mut reader);
    reader.valid().then_some(value)
}

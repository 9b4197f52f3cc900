//! Checks of arguments that contracts make alike.

#![allow(missing_docs, reason = "`sol!` gives no way to document the fields it generates")]

use alloy_primitives::U256;
use lean_abi::sol;

use crate::ids::id;

sol! {
    /// `parameter`, named in ASCII, is the zero address or the zero hash.
    #[derive(Debug, PartialEq, Eq)]
    error ZeroValue(bytes32 parameter);
    /// `parameter`, named in ASCII, must lie in `[minimum, maximum]`.
    #[derive(Debug, PartialEq, Eq)]
    error OutOfRange(bytes32 parameter, uint256 value, uint256 minimum, uint256 maximum);
}

/// Refuses a `value` outside `[minimum, maximum]`. By reference and by name, for the size of the many calls.
///
/// # Errors
/// [`OutOfRange`] naming `parameter`.
#[inline(never)]
pub fn in_range<E: From<OutOfRange>>(parameter: &str, value: &U256, minimum: u128, maximum: u128) -> Result<(), E> {
    let (minimum, maximum) = (U256::from(minimum), U256::from(maximum));
    if *value < minimum || *value > maximum {
        return Err(OutOfRange {
            parameter: id(parameter),
            value: *value,
            minimum,
            maximum,
        }
        .into());
    }
    Ok(())
}

/// Refuses a zero address or hash, given as its bytes.
///
/// # Errors
/// [`ZeroValue`] naming `parameter`.
#[inline(never)]
pub fn non_zero<E: From<ZeroValue>>(parameter: &str, bytes: &[u8]) -> Result<(), E> {
    if bytes.iter().all(|byte| *byte == 0) {
        return Err(ZeroValue { parameter: id(parameter) }.into());
    }
    Ok(())
}

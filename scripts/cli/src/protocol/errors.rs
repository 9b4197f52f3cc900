//! What a contract's refusal says, in words.

use alloy_primitives::Bytes;

/// The error's name and arguments if it is one of ours or of the counterparts', else its bytes.
#[must_use]
pub fn explain(data: &Bytes) -> String {
    if data.is_empty() {
        return "without a reason (an empty revert: a trap, a missing function, or too little gas)".into();
    }
    format!("{data}")
}

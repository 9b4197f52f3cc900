//! Why CALIBER refuses. Every refusal leaves the state as it was.

#![allow(
    missing_docs,
    reason = "`sol!` documents the errors; it gives no way to document the fields it generates"
)]

use alloc::{boxed::Box, vec::Vec};

use alloy_primitives::{B256, U256};
use alloy_sol_types::{sol, SolError};
use fixed_point::ArithmeticError;
use interfaces::words::{revert, Word};

sol! {
    /// ERC-6093: the zero address owns nothing.
    #[derive(Debug, PartialEq, Eq)]
    error ERC721InvalidOwner(address owner);
    /// ERC-6093: no such receipt.
    #[derive(Debug, PartialEq, Eq)]
    error ERC721NonexistentToken(uint256 tokenId);
    /// ERC-6093: `sender` does not own the receipt, `owner` does.
    #[derive(Debug, PartialEq, Eq)]
    error ERC721IncorrectOwner(address sender, uint256 tokenId, address owner);
    /// ERC-6093: `receiver` cannot own receipts: it is zero, or a contract that does not say it takes them.
    #[derive(Debug, PartialEq, Eq)]
    error ERC721InvalidReceiver(address receiver);
    /// ERC-6093: `operator` may not move the receipt.
    #[derive(Debug, PartialEq, Eq)]
    error ERC721InsufficientApproval(address operator, uint256 tokenId);
    /// ERC-6093: `approver` may not approve others for the receipt.
    #[derive(Debug, PartialEq, Eq)]
    error ERC721InvalidApprover(address approver);
    /// ERC-6093: the zero address operates nothing.
    #[derive(Debug, PartialEq, Eq)]
    error ERC721InvalidOperator(address operator);

    /// `parameter`, named in ASCII, is the zero address or the zero hash.
    #[derive(Debug, PartialEq, Eq)]
    error ZeroValue(bytes32 parameter);
    /// `parameter`, named in ASCII, must lie in `[minimum, maximum]`.
    #[derive(Debug, PartialEq, Eq)]
    error OutOfRange(bytes32 parameter, uint256 value, uint256 minimum, uint256 maximum);
    /// The live receipt `receipt` already has this serial manifest (C2).
    #[derive(Debug, PartialEq, Eq)]
    error DuplicateManifest(bytes32 manifest, uint256 receipt);
    /// The receipt is encumbered by `loan` (C1).
    #[derive(Debug, PartialEq, Eq)]
    error ReceiptPledged(uint256 receipt, uint256 loan);
    /// The receipt is not pledged to `loan` (C1).
    #[derive(Debug, PartialEq, Eq)]
    error NotPledgedTo(uint256 receipt, uint256 loan);
    /// The receipt's appraisal of `appraisedAt` is older than the policy allows.
    #[derive(Debug, PartialEq, Eq)]
    error StaleAppraisal(uint256 receipt, uint256 appraisedAt);
    /// Only the FiLo contract pledges and releases.
    #[derive(Debug, PartialEq, Eq)]
    error OnlyFilo(address caller);
    /// A sum or product left 256 bits.
    #[derive(Debug, PartialEq, Eq)]
    error ArithmeticOverflow();
}

/// Everything a CALIBER call can fail with.
#[derive(Debug, PartialEq, Eq)]
pub enum CaliberError {
    /// See the error of the same name.
    InvalidOwner(ERC721InvalidOwner),
    /// See the error of the same name.
    NonexistentToken(ERC721NonexistentToken),
    /// See the error of the same name.
    IncorrectOwner(ERC721IncorrectOwner),
    /// See the error of the same name.
    InvalidReceiver(ERC721InvalidReceiver),
    /// See the error of the same name.
    InsufficientApproval(ERC721InsufficientApproval),
    /// See the error of the same name.
    InvalidApprover(ERC721InvalidApprover),
    /// See the error of the same name.
    InvalidOperator(ERC721InvalidOperator),
    /// See the error of the same name.
    ZeroValue(ZeroValue),
    /// See the error of the same name; boxed because it is twice the size of the others, and every result has room for the largest.
    OutOfRange(Box<OutOfRange>),
    /// See the error of the same name.
    DuplicateManifest(DuplicateManifest),
    /// See the error of the same name.
    Pledged(ReceiptPledged),
    /// See the error of the same name.
    NotPledgedTo(NotPledgedTo),
    /// See the error of the same name.
    Stale(StaleAppraisal),
    /// See the error of the same name.
    OnlyFilo(OnlyFilo),
    /// See the error of the same name.
    Overflow(ArithmeticOverflow),
    /// What a called contract reverted with, passed on.
    Call(Vec<u8>),
}

impl From<CaliberError> for Vec<u8> {
    fn from(error: CaliberError) -> Self {
        match error {
            CaliberError::InvalidOwner(e) => revert(ERC721InvalidOwner::SELECTOR, &[e.owner.word()]),
            CaliberError::NonexistentToken(e) => revert(ERC721NonexistentToken::SELECTOR, &[e.tokenId.word()]),
            CaliberError::IncorrectOwner(e) => revert(ERC721IncorrectOwner::SELECTOR, &[e.sender.word(), e.tokenId.word(), e.owner.word()]),
            CaliberError::InvalidReceiver(e) => revert(ERC721InvalidReceiver::SELECTOR, &[e.receiver.word()]),
            CaliberError::InsufficientApproval(e) => revert(ERC721InsufficientApproval::SELECTOR, &[e.operator.word(), e.tokenId.word()]),
            CaliberError::InvalidApprover(e) => revert(ERC721InvalidApprover::SELECTOR, &[e.approver.word()]),
            CaliberError::InvalidOperator(e) => revert(ERC721InvalidOperator::SELECTOR, &[e.operator.word()]),
            CaliberError::ZeroValue(e) => revert(ZeroValue::SELECTOR, &[e.parameter]),
            CaliberError::OutOfRange(e) => revert(
                OutOfRange::SELECTOR,
                &[e.parameter, e.value.word(), e.minimum.word(), e.maximum.word()],
            ),
            CaliberError::DuplicateManifest(e) => revert(DuplicateManifest::SELECTOR, &[e.manifest, e.receipt.word()]),
            CaliberError::Pledged(e) => revert(ReceiptPledged::SELECTOR, &[e.receipt.word(), e.loan.word()]),
            CaliberError::NotPledgedTo(e) => revert(NotPledgedTo::SELECTOR, &[e.receipt.word(), e.loan.word()]),
            CaliberError::Stale(e) => revert(StaleAppraisal::SELECTOR, &[e.receipt.word(), e.appraisedAt.word()]),
            CaliberError::OnlyFilo(e) => revert(OnlyFilo::SELECTOR, &[e.caller.word()]),
            CaliberError::Overflow(_) => revert(ArithmeticOverflow::SELECTOR, &[]),
            CaliberError::Call(data) => data,
        }
    }
}

impl From<ArithmeticError> for CaliberError {
    fn from(_: ArithmeticError) -> Self {
        Self::Overflow(ArithmeticOverflow {})
    }
}

impl From<Vec<u8>> for CaliberError {
    fn from(data: Vec<u8>) -> Self {
        Self::Call(data)
    }
}

/// `value` if it lies in `[minimum, maximum]`.
///
/// # Errors
/// [`OutOfRange`] naming `parameter`.
pub fn in_range(parameter: B256, value: U256, minimum: u128, maximum: u128) -> Result<U256, CaliberError> {
    let (minimum, maximum) = (U256::from(minimum), U256::from(maximum));
    if value < minimum || value > maximum {
        return Err(CaliberError::OutOfRange(Box::new(OutOfRange {
            parameter,
            value,
            minimum,
            maximum,
        })));
    }
    Ok(value)
}

/// Refuses a zero address or hash, given as its being zero.
///
/// # Errors
/// [`ZeroValue`] naming `parameter`.
pub fn non_zero(parameter: B256, is_zero: bool) -> Result<(), CaliberError> {
    if is_zero {
        return Err(CaliberError::ZeroValue(ZeroValue { parameter }));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::Address;

    /// The revert data are written by hand; alloy's encoder is the reference.
    #[test]
    fn revert_data_are_the_abi_encoding() {
        let (who, other) = (Address::repeat_byte(1), Address::repeat_byte(2));
        let (a, b, c, hash) = (U256::from(3), U256::from(4), U256::from(5), B256::repeat_byte(6));
        macro_rules! same {
            ($($variant:ident($error:expr)),* $(,)?) => {
                $(assert_eq!(Vec::from(CaliberError::$variant($error)), $error.abi_encode());)*
            };
        }
        same!(
            InvalidOwner(ERC721InvalidOwner { owner: who }),
            NonexistentToken(ERC721NonexistentToken { tokenId: a }),
            IncorrectOwner(ERC721IncorrectOwner {
                sender: who,
                tokenId: a,
                owner: other
            }),
            InvalidReceiver(ERC721InvalidReceiver { receiver: who }),
            InsufficientApproval(ERC721InsufficientApproval { operator: who, tokenId: a }),
            InvalidApprover(ERC721InvalidApprover { approver: who }),
            InvalidOperator(ERC721InvalidOperator { operator: who }),
            ZeroValue(ZeroValue { parameter: hash }),
            DuplicateManifest(DuplicateManifest {
                manifest: hash,
                receipt: a
            }),
            Pledged(ReceiptPledged { receipt: a, loan: b }),
            NotPledgedTo(NotPledgedTo { receipt: a, loan: b }),
            Stale(StaleAppraisal {
                receipt: a,
                appraisedAt: b
            }),
            OnlyFilo(OnlyFilo { caller: who }),
            Overflow(ArithmeticOverflow {}),
        );
        let range = OutOfRange {
            parameter: hash,
            value: a,
            minimum: b,
            maximum: c,
        };
        assert_eq!(Vec::from(CaliberError::OutOfRange(Box::new(range.clone()))), range.abi_encode());
    }
}

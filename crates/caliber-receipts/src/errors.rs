//! Why CALIBER refuses. Every refusal leaves the state as it was.

#![allow(
    missing_docs,
    reason = "`sol!` documents the errors; it gives no way to document the fields it generates"
)]

use alloc::vec::Vec;

use alloy_primitives::U256;
use alloy_sol_types::{sol, SolError};
use fixed_point::ArithmeticError;
pub use interfaces::checks::{OutOfRange, ZeroValue};
use interfaces::{checks, words::Words};

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

interfaces::error_enum! {
    /// Everything a CALIBER call can fail with.
    CaliberError: ERC721InvalidOwner, ERC721NonexistentToken, ERC721IncorrectOwner, ERC721InvalidReceiver, ERC721InsufficientApproval, ERC721InvalidApprover, ERC721InvalidOperator, ZeroValue, OutOfRange, DuplicateManifest, ReceiptPledged, NotPledgedTo, StaleAppraisal, OnlyFilo, ArithmeticOverflow,
}

impl From<CaliberError> for Vec<u8> {
    fn from(error: CaliberError) -> Self {
        match error {
            CaliberError::ERC721InvalidOwner(e) => Words::error(ERC721InvalidOwner::SELECTOR).with(&e.owner).data(),
            CaliberError::ERC721NonexistentToken(e) => Words::error(ERC721NonexistentToken::SELECTOR).with(&e.tokenId).data(),
            CaliberError::ERC721IncorrectOwner(e) => Words::error(ERC721IncorrectOwner::SELECTOR)
                .with(&e.sender)
                .with(&e.tokenId)
                .with(&e.owner)
                .data(),
            CaliberError::ERC721InvalidReceiver(e) => Words::error(ERC721InvalidReceiver::SELECTOR).with(&e.receiver).data(),
            CaliberError::ERC721InsufficientApproval(e) => Words::error(ERC721InsufficientApproval::SELECTOR)
                .with(&e.operator)
                .with(&e.tokenId)
                .data(),
            CaliberError::ERC721InvalidApprover(e) => Words::error(ERC721InvalidApprover::SELECTOR).with(&e.approver).data(),
            CaliberError::ERC721InvalidOperator(e) => Words::error(ERC721InvalidOperator::SELECTOR).with(&e.operator).data(),
            CaliberError::ZeroValue(e) => Words::error(ZeroValue::SELECTOR).with(&e.parameter).data(),
            CaliberError::OutOfRange(e) => Words::error(OutOfRange::SELECTOR)
                .with(&e.parameter)
                .with(&e.value)
                .with(&e.minimum)
                .with(&e.maximum)
                .data(),
            CaliberError::DuplicateManifest(e) => Words::error(DuplicateManifest::SELECTOR).with(&e.manifest).with(&e.receipt).data(),
            CaliberError::ReceiptPledged(e) => Words::error(ReceiptPledged::SELECTOR).with(&e.receipt).with(&e.loan).data(),
            CaliberError::NotPledgedTo(e) => Words::error(NotPledgedTo::SELECTOR).with(&e.receipt).with(&e.loan).data(),
            CaliberError::StaleAppraisal(e) => Words::error(StaleAppraisal::SELECTOR).with(&e.receipt).with(&e.appraisedAt).data(),
            CaliberError::OnlyFilo(e) => Words::error(OnlyFilo::SELECTOR).with(&e.caller).data(),
            CaliberError::ArithmeticOverflow(_) => Words::error(ArithmeticOverflow::SELECTOR).data(),
            CaliberError::Call(data) => data,
        }
    }
}

impl From<ArithmeticError> for CaliberError {
    fn from(_: ArithmeticError) -> Self {
        ArithmeticOverflow {}.into()
    }
}

/// [`checks::in_range`] with this crate's error, so that `?` knows which.
pub(crate) fn in_range(parameter: &str, value: &U256, minimum: u128, maximum: u128) -> Result<(), CaliberError> {
    checks::in_range(parameter, value, minimum, maximum)
}

/// [`checks::non_zero`] with this crate's error.
pub(crate) fn non_zero(parameter: &str, bytes: &[u8]) -> Result<(), CaliberError> {
    checks::non_zero(parameter, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::{Address, B256};

    /// The revert data are written by hand; alloy's encoder is the reference.
    #[test]
    fn revert_data_are_the_abi_encoding() {
        let (who, other) = (Address::repeat_byte(1), Address::repeat_byte(2));
        let (a, b, c, hash) = (U256::from(3), U256::from(4), U256::from(5), B256::repeat_byte(6));
        macro_rules! same {
            ($($error:expr),* $(,)?) => {
                $(assert_eq!(Vec::from(CaliberError::from($error)), $error.abi_encode());)*
            };
        }
        same!(
            ERC721InvalidOwner { owner: who },
            ERC721NonexistentToken { tokenId: a },
            ERC721IncorrectOwner {
                sender: who,
                tokenId: a,
                owner: other
            },
            ERC721InvalidReceiver { receiver: who },
            ERC721InsufficientApproval { operator: who, tokenId: a },
            ERC721InvalidApprover { approver: who },
            ERC721InvalidOperator { operator: who },
            ZeroValue { parameter: hash },
            OutOfRange {
                parameter: hash,
                value: a,
                minimum: b,
                maximum: c
            },
            DuplicateManifest {
                manifest: hash,
                receipt: a
            },
            ReceiptPledged { receipt: a, loan: b },
            NotPledgedTo { receipt: a, loan: b },
            StaleAppraisal {
                receipt: a,
                appraisedAt: b
            },
            OnlyFilo { caller: who },
            ArithmeticOverflow {},
        );
    }
}

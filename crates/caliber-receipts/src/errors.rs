//! Why CALIBER refuses. Every refusal leaves the state as it was.

#![allow(
    missing_docs,
    reason = "`sol!` documents the errors; it gives no way to document the fields it generates"
)]

use alloy_primitives::U256;
use fixed_point::ArithmeticError;
pub use interfaces::checks::{OutOfRange, ZeroValue};
use interfaces::{
    authority::{AddressNotSet, Unauthorized},
    checks,
};
use lean_abi::{sol, MalformedReturn};

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

lean_abi::errors! {
    /// Everything a CALIBER call can fail with.
    pub CaliberError:
        ERC721InvalidOwner,
        ERC721NonexistentToken,
        ERC721IncorrectOwner,
        ERC721InvalidReceiver,
        ERC721InsufficientApproval,
        ERC721InvalidApprover,
        ERC721InvalidOperator,
        ZeroValue,
        OutOfRange,
        DuplicateManifest,
        ReceiptPledged,
        NotPledgedTo,
        StaleAppraisal,
        OnlyFilo,
        ArithmeticOverflow,
        Unauthorized,
        AddressNotSet,
        MalformedReturn
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

//! Why CALIBER refuses. Every refusal leaves the state as it was.

#![allow(
    missing_docs,
    reason = "`sol!` documents the errors; it gives no way to document the fields it generates"
)]

use alloy_primitives::U256;
use erc721_ledger::Erc721Error;
pub use erc721_ledger::{
    ERC721IncorrectOwner, ERC721InsufficientApproval, ERC721InvalidApprover, ERC721InvalidOperator, ERC721InvalidOwner,
    ERC721InvalidReceiver, ERC721NonexistentToken,
};
use fixed_point::ArithmeticError;
pub use interfaces::checks::{OutOfRange, ZeroValue};
use interfaces::{
    authority::{AddressNotSet, Unauthorized},
    checks,
};
use lean_abi::{sol, MalformedReturn};

sol! {
    /// The live receipt `receipt` already has this serial manifest (C2).
    #[derive(Debug, PartialEq, Eq)]
    error DuplicateManifest(bytes32 manifest, uint256 receipt);
    /// The receipt is encumbered by `loan` (C1).
    #[derive(Debug, PartialEq, Eq)]
    error ReceiptPledged(uint256 receipt, uint256 loan);
    /// The receipt is not pledged to `loan` (C1).
    #[derive(Debug, PartialEq, Eq)]
    error NotPledgedTo(uint256 receipt, uint256 loan);
    /// The receipt is handed in for its machines.
    #[derive(Debug, PartialEq, Eq)]
    error ReceiptSurrendered(uint256 receipt);
    /// The receipt is not handed in.
    #[derive(Debug, PartialEq, Eq)]
    error NotSurrendered(uint256 receipt);
    /// Fewer appraisals of the receipt count than the quorum: the others are older than the policy allows, or their appraisers were
    /// struck. The latest of all is of `appraisedAt`.
    #[derive(Debug, PartialEq, Eq)]
    error StaleAppraisal(uint256 receipt, uint256 appraisedAt);
    /// The receipt has as many appraisers as it can have, and all of their appraisals count.
    #[derive(Debug, PartialEq, Eq)]
    error TooManyAppraisers(uint256 receipt, uint256 maximum);
    /// What was signed at `signedAt` is not later than what is known since `since`, or is of the future.
    #[derive(Debug, PartialEq, Eq)]
    error OutdatedNotice(uint256 receipt, uint256 signedAt, uint256 since);
    /// What was signed was good until `deadline`.
    #[derive(Debug, PartialEq, Eq)]
    error NoticeExpired(uint256 deadline);
    /// `signer` has spent this nonce, on a notice or to take one back.
    #[derive(Debug, PartialEq, Eq)]
    error NonceSpent(address signer, uint256 nonce);
    /// The notice of `expected` is signed by `signer`, or by nobody (zero): wrong words, wrong chain, malleable or no signature.
    #[derive(Debug, PartialEq, Eq)]
    error InvalidSigner(address signer, address expected);
    /// An appraiser can shock the class again at `earliest`.
    #[derive(Debug, PartialEq, Eq)]
    error ShockTooSoon(bytes32 hardwareClass, uint256 earliest);
    /// `account` has `role`, or never spoke in it.
    #[derive(Debug, PartialEq, Eq)]
    error NotToBeStruck(address account, bytes32 role);
    /// `custodian` was not offered this custody.
    #[derive(Debug, PartialEq, Eq)]
    error CustodyNotProposed(uint256 receipt, address custodian);
    /// Only the receipt's custodian confirms a delivery.
    #[derive(Debug, PartialEq, Eq)]
    error OnlyCustodian(address caller, uint256 receipt);
    /// Receipts go to listed parties only, and `account` is none.
    #[derive(Debug, PartialEq, Eq)]
    error NotListed(address account);
    /// Issues are paused.
    #[derive(Debug, PartialEq, Eq)]
    error IssuesPaused();
    /// Lists that belong together have different lengths.
    #[derive(Debug, PartialEq, Eq)]
    error LengthMismatch(uint256 first, uint256 second);
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
        Erc721Error,
        ZeroValue,
        OutOfRange,
        DuplicateManifest,
        ReceiptPledged,
        NotPledgedTo,
        ReceiptSurrendered,
        NotSurrendered,
        StaleAppraisal,
        TooManyAppraisers,
        OutdatedNotice,
        NoticeExpired,
        NonceSpent,
        InvalidSigner,
        ShockTooSoon,
        NotToBeStruck,
        CustodyNotProposed,
        OnlyCustodian,
        NotListed,
        IssuesPaused,
        LengthMismatch,
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

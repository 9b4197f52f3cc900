//! Why a call is refused. Every refusal leaves the state as it was.

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
    /// `caller` is not the curator of the offer's stack.
    #[derive(Debug, PartialEq, Eq)]
    error OnlyCurator(address caller, uint256 stack);
    /// The offer or the loan is `borrower`'s, and `caller` is neither they nor an operator of theirs.
    #[derive(Debug, PartialEq, Eq)]
    error OnlyBorrower(address caller, address borrower);
    /// The offer could be taken until `expiry`.
    #[derive(Debug, PartialEq, Eq)]
    error OfferExpired(bytes32 offer, uint256 expiry);
    /// The offer is posted already (1), cancelled (2) or taken (3).
    #[derive(Debug, PartialEq, Eq)]
    error OfferSpent(bytes32 offer, uint256 status);
    /// The offer is not posted, and it is signed by `signer`, or by nobody (zero), instead of by `curator`.
    #[derive(Debug, PartialEq, Eq)]
    error InvalidOfferSigner(address signer, address curator);
    /// Not all receipts are of the class that the stack lends against, or of one class.
    #[derive(Debug, PartialEq, Eq)]
    error WrongHardwareClass(uint256 receipt, bytes32 hardwareClass);
    /// The offer names other receipts than those that secure the loan.
    #[derive(Debug, PartialEq, Eq)]
    error OtherReceipts(uint256 loan);
    /// `wire()` has not been called.
    #[derive(Debug, PartialEq, Eq)]
    error NotWired();
    /// A sum or product left 256 bits.
    #[derive(Debug, PartialEq, Eq)]
    error ArithmeticOverflow();
}

lean_abi::errors! {
    /// Everything a call can fail with.
    pub OriginationError:
        ZeroValue,
        OutOfRange,
        OnlyCurator,
        OnlyBorrower,
        OfferExpired,
        OfferSpent,
        InvalidOfferSigner,
        WrongHardwareClass,
        OtherReceipts,
        NotWired,
        ArithmeticOverflow,
        Unauthorized,
        AddressNotSet,
        MalformedReturn
}

impl From<ArithmeticError> for OriginationError {
    fn from(_: ArithmeticError) -> Self {
        ArithmeticOverflow {}.into()
    }
}

/// [`checks::in_range`] with this crate's error, so that `?` knows which.
pub(crate) fn in_range(parameter: &str, value: &U256, minimum: u128, maximum: u128) -> Result<(), OriginationError> {
    checks::in_range(parameter, value, minimum, maximum)
}

/// [`checks::non_zero`] with this crate's error.
pub(crate) fn non_zero(parameter: &str, bytes: &[u8]) -> Result<(), OriginationError> {
    checks::non_zero(parameter, bytes)
}

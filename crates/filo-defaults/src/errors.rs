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
    /// The loan's status does not allow this: 1 live, 2 late, 3 in default, 4 closed, 5 liquidated.
    #[derive(Debug, PartialEq, Eq)]
    error WrongStatus(uint256 loan, uint256 status);
    /// The loan's next payment is on time until `lateAfter`.
    #[derive(Debug, PartialEq, Eq)]
    error NotOverdue(uint256 loan, uint256 lateAfter);
    /// The borrower could meet a call until `deadline`, and for 14 days more it counts as not met.
    #[derive(Debug, PartialEq, Eq)]
    error CallOpen(uint256 loan, uint256 deadline);
    /// A call had to be met by `deadline`, and nobody said within 14 days that it was not: it has to be made again.
    #[derive(Debug, PartialEq, Eq)]
    error CallLapsed(uint256 loan, uint256 deadline);
    /// No margin call is open.
    #[derive(Debug, PartialEq, Eq)]
    error NoCall(uint256 loan);
    /// The receipts carry up to `limit` and are insured until `coveredUntil`: nothing to call for.
    #[derive(Debug, PartialEq, Eq)]
    error CollateralSuffices(uint256 loan, uint256 limit, uint256 coveredUntil);
    /// The receipts carry up to `limit` and are insured until `coveredUntil` (0: not all of them are).
    #[derive(Debug, PartialEq, Eq)]
    error CollateralInsufficient(uint256 loan, uint256 limit, uint256 coveredUntil);
    /// The payment's grace lasts until `graceUntil`, and no call (`callDeadline`, 0: none) has been missed.
    #[derive(Debug, PartialEq, Eq)]
    error NotInDefault(uint256 loan, uint256 graceUntil, uint256 callDeadline);
    /// The borrower can redeem the receipts until `until`.
    #[derive(Debug, PartialEq, Eq)]
    error RedemptionOpen(uint256 loan, uint256 until);
    /// The auction's round lasts until `until`.
    #[derive(Debug, PartialEq, Eq)]
    error AuctionOpen(uint256 loan, uint256 until);
    /// No auction of the loan's receipts has begun.
    #[derive(Debug, PartialEq, Eq)]
    error NoAuction(uint256 loan);
    /// The loan has no such receipt.
    #[derive(Debug, PartialEq, Eq)]
    error UnknownReceipt(uint256 receipt);
    /// The price is above the buyer's `maximum`.
    #[derive(Debug, PartialEq, Eq)]
    error PriceAboveMaximum(uint256 price, uint256 maximum);
    /// `wire()` has not been called.
    #[derive(Debug, PartialEq, Eq)]
    error NotWired();
    /// A sum or product left 256 bits.
    #[derive(Debug, PartialEq, Eq)]
    error ArithmeticOverflow();
}

lean_abi::errors! {
    /// Everything a call can fail with.
    pub DefaultsError:
        ZeroValue,
        OutOfRange,
        WrongStatus,
        NotOverdue,
        CallOpen,
        CallLapsed,
        NoCall,
        CollateralSuffices,
        CollateralInsufficient,
        NotInDefault,
        RedemptionOpen,
        AuctionOpen,
        NoAuction,
        UnknownReceipt,
        PriceAboveMaximum,
        NotWired,
        ArithmeticOverflow,
        Unauthorized,
        AddressNotSet,
        MalformedReturn
}

impl From<ArithmeticError> for DefaultsError {
    fn from(_: ArithmeticError) -> Self {
        ArithmeticOverflow {}.into()
    }
}

/// [`checks::in_range`] with this crate's error, so that `?` knows which.
pub(crate) fn in_range(parameter: &str, value: &U256, minimum: u128, maximum: u128) -> Result<(), DefaultsError> {
    checks::in_range(parameter, value, minimum, maximum)
}

/// [`checks::non_zero`] with this crate's error.
pub(crate) fn non_zero(parameter: &str, bytes: &[u8]) -> Result<(), DefaultsError> {
    checks::non_zero(parameter, bytes)
}

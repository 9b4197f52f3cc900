//! Why FiLo refuses. Every refusal leaves the state as it was.

#![allow(
    missing_docs,
    reason = "`sol!` documents the errors; it gives no way to document the fields it generates"
)]

use alloy_primitives::U256;
use erc20_ledger::foreign::TokenCallFailed;
use fixed_point::ArithmeticError;
pub use interfaces::checks::{OutOfRange, ZeroValue};
use interfaces::{
    authority::{AddressNotSet, Unauthorized},
    checks,
};
use lean_abi::{sol, MalformedReturn};

sol! {
    /// No stack has this id.
    #[derive(Debug, PartialEq, Eq)]
    error UnknownStack(uint256 stack);
    /// No loan has this id.
    #[derive(Debug, PartialEq, Eq)]
    error UnknownLoan(uint256 loan);
    /// `caller` is not the stack's curator.
    #[derive(Debug, PartialEq, Eq)]
    error OnlyCurator(address caller, uint256 stack);
    /// The loan is `borrower`'s, not `caller`'s.
    #[derive(Debug, PartialEq, Eq)]
    error OnlyBorrower(address caller, address borrower);
    /// The loan's status does not allow this: 1 live, 2 late, 3 in default, 4 closed, 5 liquidated.
    #[derive(Debug, PartialEq, Eq)]
    error WrongStatus(uint256 loan, uint256 status);
    /// The stack has `available` junior cash, `needed` is more.
    #[derive(Debug, PartialEq, Eq)]
    error InsufficientJunior(uint256 stack, uint256 needed, uint256 available);
    /// The loan would bring the stack's senior principal to `senior`, above `cap`.
    #[derive(Debug, PartialEq, Eq)]
    error SeniorCapExceeded(uint256 stack, uint256 senior, uint256 cap);
    /// `loans` of the stack's loans are late, called or in default, or its junior side owes the senior side `owed`: its capital stays.
    #[derive(Debug, PartialEq, Eq)]
    error StackInTrouble(uint256 stack, uint256 loans, uint256 owed);
    /// The receipts carry at most `limit` of principal.
    #[derive(Debug, PartialEq, Eq)]
    error LtvExceeded(uint256 principal, uint256 limit);
    /// The receipts are insured until `coveredUntil` (0: one of them is not), the loan needs cover until `required`.
    #[derive(Debug, PartialEq, Eq)]
    error InsufficientCover(uint256 coveredUntil, uint256 required);
    /// The subject of a limit (kind 0 a borrower, 1 a curator, 2 a hardware class) would owe `exposure`, above `limit`.
    #[derive(Debug, PartialEq, Eq)]
    error LimitExceeded(uint256 kind, bytes32 subject, uint256 exposure, uint256 limit);
    /// A payment of `loan` was on time until `due`, and nobody has marked it late.
    #[derive(Debug, PartialEq, Eq)]
    error LoanOverdue(uint256 loan, uint256 due);
    /// The loan has no such receipt.
    #[derive(Debug, PartialEq, Eq)]
    error UnknownReceipt(uint256 receipt);
    /// `caller` is not the contract of defaults.
    #[derive(Debug, PartialEq, Eq)]
    error OnlyDefaults(address caller);
    /// `caller` is not the contract of origination.
    #[derive(Debug, PartialEq, Eq)]
    error OnlyOrigination(address caller);
    /// `wire()` has not been called.
    #[derive(Debug, PartialEq, Eq)]
    error NotWired();
    /// A sum or product left 256 bits.
    #[derive(Debug, PartialEq, Eq)]
    error ArithmeticOverflow();
}

lean_abi::errors! {
    /// Everything a FiLo call can fail with.
    pub FiloError:
        ZeroValue,
        OutOfRange,
        UnknownStack,
        UnknownLoan,
        OnlyCurator,
        OnlyBorrower,
        WrongStatus,
        InsufficientJunior,
        SeniorCapExceeded,
        StackInTrouble,
        UnknownReceipt,
        OnlyDefaults,
        OnlyOrigination,
        LtvExceeded,
        InsufficientCover,
        LimitExceeded,
        LoanOverdue,
        NotWired,
        ArithmeticOverflow,
        Unauthorized,
        AddressNotSet,
        TokenCallFailed,
        MalformedReturn
}

impl From<ArithmeticError> for FiloError {
    fn from(_: ArithmeticError) -> Self {
        ArithmeticOverflow {}.into()
    }
}

/// [`checks::in_range`] with this crate's error, so that `?` knows which.
pub(crate) fn in_range(parameter: &str, value: &U256, minimum: u128, maximum: u128) -> Result<(), FiloError> {
    checks::in_range(parameter, value, minimum, maximum)
}

/// [`checks::non_zero`] with this crate's error.
pub(crate) fn non_zero(parameter: &str, bytes: &[u8]) -> Result<(), FiloError> {
    checks::non_zero(parameter, bytes)
}

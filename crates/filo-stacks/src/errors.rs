//! Why FiLo refuses. Every refusal leaves the state as it was.

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
    /// No stack has this id.
    #[derive(Debug, PartialEq, Eq)]
    error UnknownStack(uint256 stack);
    /// No loan has this id.
    #[derive(Debug, PartialEq, Eq)]
    error UnknownLoan(uint256 loan);
    /// `caller` is not the stack's curator.
    #[derive(Debug, PartialEq, Eq)]
    error OnlyCurator(address caller, uint256 stack);
    /// `caller` is not the borrower whom the offer names.
    #[derive(Debug, PartialEq, Eq)]
    error OnlyBorrower(address caller, uint256 loan);
    /// The loan's status does not allow this: 1 offered, 2 live, 3 closed, 4 cancelled.
    #[derive(Debug, PartialEq, Eq)]
    error WrongStatus(uint256 loan, uint256 status);
    /// The offer could be drawn until `expiry`.
    #[derive(Debug, PartialEq, Eq)]
    error OfferExpired(uint256 loan, uint256 expiry);
    /// The stack has `available` junior cash, `needed` is more.
    #[derive(Debug, PartialEq, Eq)]
    error InsufficientJunior(uint256 stack, uint256 needed, uint256 available);
    /// The loan would bring the stack's senior principal to `senior`, above `cap`.
    #[derive(Debug, PartialEq, Eq)]
    error SeniorCapExceeded(uint256 stack, uint256 senior, uint256 cap);
    /// The stack has `limit` live loans, as many as it can.
    #[derive(Debug, PartialEq, Eq)]
    error TooManyLoans(uint256 stack, uint256 limit);
    /// The receipts carry at most `limit` of principal.
    #[derive(Debug, PartialEq, Eq)]
    error LtvExceeded(uint256 principal, uint256 limit);
    /// The receipts are insured until `coveredUntil` (0: one of them is not), the loan needs cover until `required`.
    #[derive(Debug, PartialEq, Eq)]
    error InsufficientCover(uint256 coveredUntil, uint256 required);
    /// The stack does not lend against hardware of this class.
    #[derive(Debug, PartialEq, Eq)]
    error WrongHardwareClass(uint256 receipt, bytes32 hardwareClass);
    /// A payment of the stack's loan `loan` was due at `due`: its first-loss capital stays.
    #[derive(Debug, PartialEq, Eq)]
    error LoanOverdue(uint256 loan, uint256 due);
    /// `wire()` has not been called.
    #[derive(Debug, PartialEq, Eq)]
    error NotWired();
    /// A sum or product left 256 bits.
    #[derive(Debug, PartialEq, Eq)]
    error ArithmeticOverflow();
}

interfaces::error_enum! {
    /// Everything a FiLo call can fail with.
    FiloError: ZeroValue, OutOfRange, UnknownStack, UnknownLoan, OnlyCurator, OnlyBorrower, WrongStatus, OfferExpired, InsufficientJunior, SeniorCapExceeded, TooManyLoans, LtvExceeded, InsufficientCover, WrongHardwareClass, LoanOverdue, NotWired, ArithmeticOverflow,
}

impl From<FiloError> for Vec<u8> {
    fn from(error: FiloError) -> Self {
        match error {
            FiloError::ZeroValue(e) => Words::error(ZeroValue::SELECTOR).with(&e.parameter).data(),
            FiloError::OutOfRange(e) => Words::error(OutOfRange::SELECTOR)
                .with(&e.parameter)
                .with(&e.value)
                .with(&e.minimum)
                .with(&e.maximum)
                .data(),
            FiloError::UnknownStack(e) => Words::error(UnknownStack::SELECTOR).with(&e.stack).data(),
            FiloError::UnknownLoan(e) => Words::error(UnknownLoan::SELECTOR).with(&e.loan).data(),
            FiloError::OnlyCurator(e) => Words::error(OnlyCurator::SELECTOR).with(&e.caller).with(&e.stack).data(),
            FiloError::OnlyBorrower(e) => Words::error(OnlyBorrower::SELECTOR).with(&e.caller).with(&e.loan).data(),
            FiloError::WrongStatus(e) => Words::error(WrongStatus::SELECTOR).with(&e.loan).with(&e.status).data(),
            FiloError::OfferExpired(e) => Words::error(OfferExpired::SELECTOR).with(&e.loan).with(&e.expiry).data(),
            FiloError::InsufficientJunior(e) => Words::error(InsufficientJunior::SELECTOR)
                .with(&e.stack)
                .with(&e.needed)
                .with(&e.available)
                .data(),
            FiloError::SeniorCapExceeded(e) => Words::error(SeniorCapExceeded::SELECTOR)
                .with(&e.stack)
                .with(&e.senior)
                .with(&e.cap)
                .data(),
            FiloError::TooManyLoans(e) => Words::error(TooManyLoans::SELECTOR).with(&e.stack).with(&e.limit).data(),
            FiloError::LtvExceeded(e) => Words::error(LtvExceeded::SELECTOR).with(&e.principal).with(&e.limit).data(),
            FiloError::InsufficientCover(e) => Words::error(InsufficientCover::SELECTOR)
                .with(&e.coveredUntil)
                .with(&e.required)
                .data(),
            FiloError::WrongHardwareClass(e) => Words::error(WrongHardwareClass::SELECTOR)
                .with(&e.receipt)
                .with(&e.hardwareClass)
                .data(),
            FiloError::LoanOverdue(e) => Words::error(LoanOverdue::SELECTOR).with(&e.loan).with(&e.due).data(),
            FiloError::NotWired(_) => Words::error(NotWired::SELECTOR).data(),
            FiloError::ArithmeticOverflow(_) => Words::error(ArithmeticOverflow::SELECTOR).data(),
            FiloError::Call(data) => data,
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::{Address, B256};

    /// The revert data are written by hand; alloy's encoder is the reference.
    #[test]
    fn revert_data_are_the_abi_encoding() {
        let (caller, hash) = (Address::repeat_byte(1), B256::repeat_byte(6));
        let (a, b, c) = (U256::from(3), U256::from(4), U256::from(5));
        macro_rules! same {
            ($($error:expr),* $(,)?) => {
                $(assert_eq!(Vec::from(FiloError::from($error)), $error.abi_encode());)*
            };
        }
        same!(
            ZeroValue { parameter: hash },
            OutOfRange {
                parameter: hash,
                value: a,
                minimum: b,
                maximum: c
            },
            UnknownStack { stack: a },
            UnknownLoan { loan: a },
            OnlyCurator { caller, stack: a },
            OnlyBorrower { caller, loan: a },
            WrongStatus { loan: a, status: b },
            OfferExpired { loan: a, expiry: b },
            InsufficientJunior {
                stack: a,
                needed: b,
                available: c
            },
            SeniorCapExceeded {
                stack: a,
                senior: b,
                cap: c
            },
            TooManyLoans { stack: a, limit: b },
            LtvExceeded { principal: a, limit: b },
            InsufficientCover {
                coveredUntil: a,
                required: b
            },
            WrongHardwareClass {
                receipt: a,
                hardwareClass: hash
            },
            LoanOverdue { loan: a, due: b },
            NotWired {},
            ArithmeticOverflow {},
        );
    }
}

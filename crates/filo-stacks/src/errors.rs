//! Why FiLo refuses. Every refusal leaves the state as it was.

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
    /// `parameter`, named in ASCII, is the zero address.
    #[derive(Debug, PartialEq, Eq)]
    error ZeroValue(bytes32 parameter);
    /// `parameter`, named in ASCII, must lie in `[minimum, maximum]`.
    #[derive(Debug, PartialEq, Eq)]
    error OutOfRange(bytes32 parameter, uint256 value, uint256 minimum, uint256 maximum);
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

/// Everything a FiLo call can fail with.
#[derive(Debug, PartialEq, Eq)]
pub enum FiloError {
    /// See the error of the same name.
    ZeroValue(ZeroValue),
    /// See the error of the same name; boxed because it is twice the size of the others, and every result has room for the largest.
    OutOfRange(Box<OutOfRange>),
    /// See the error of the same name.
    UnknownStack(UnknownStack),
    /// See the error of the same name.
    UnknownLoan(UnknownLoan),
    /// See the error of the same name.
    OnlyCurator(OnlyCurator),
    /// See the error of the same name.
    OnlyBorrower(OnlyBorrower),
    /// See the error of the same name.
    WrongStatus(WrongStatus),
    /// See the error of the same name.
    OfferExpired(OfferExpired),
    /// See the error of the same name.
    InsufficientJunior(Box<InsufficientJunior>),
    /// See the error of the same name.
    SeniorCapExceeded(Box<SeniorCapExceeded>),
    /// See the error of the same name.
    TooManyLoans(TooManyLoans),
    /// See the error of the same name.
    LtvExceeded(LtvExceeded),
    /// See the error of the same name.
    InsufficientCover(InsufficientCover),
    /// See the error of the same name.
    WrongHardwareClass(WrongHardwareClass),
    /// See the error of the same name.
    LoanOverdue(LoanOverdue),
    /// See the error of the same name.
    NotWired(NotWired),
    /// See the error of the same name.
    Overflow(ArithmeticOverflow),
    /// What a called contract reverted with, passed on.
    Call(Vec<u8>),
}

impl From<FiloError> for Vec<u8> {
    fn from(error: FiloError) -> Self {
        match error {
            FiloError::ZeroValue(e) => revert(ZeroValue::SELECTOR, &[e.parameter]),
            FiloError::OutOfRange(e) => revert(
                OutOfRange::SELECTOR,
                &[e.parameter, e.value.word(), e.minimum.word(), e.maximum.word()],
            ),
            FiloError::UnknownStack(e) => revert(UnknownStack::SELECTOR, &[e.stack.word()]),
            FiloError::UnknownLoan(e) => revert(UnknownLoan::SELECTOR, &[e.loan.word()]),
            FiloError::OnlyCurator(e) => revert(OnlyCurator::SELECTOR, &[e.caller.word(), e.stack.word()]),
            FiloError::OnlyBorrower(e) => revert(OnlyBorrower::SELECTOR, &[e.caller.word(), e.loan.word()]),
            FiloError::WrongStatus(e) => revert(WrongStatus::SELECTOR, &[e.loan.word(), e.status.word()]),
            FiloError::OfferExpired(e) => revert(OfferExpired::SELECTOR, &[e.loan.word(), e.expiry.word()]),
            FiloError::InsufficientJunior(e) => {
                revert(InsufficientJunior::SELECTOR, &[e.stack.word(), e.needed.word(), e.available.word()])
            }
            FiloError::SeniorCapExceeded(e) => revert(SeniorCapExceeded::SELECTOR, &[e.stack.word(), e.senior.word(), e.cap.word()]),
            FiloError::TooManyLoans(e) => revert(TooManyLoans::SELECTOR, &[e.stack.word(), e.limit.word()]),
            FiloError::LtvExceeded(e) => revert(LtvExceeded::SELECTOR, &[e.principal.word(), e.limit.word()]),
            FiloError::InsufficientCover(e) => revert(InsufficientCover::SELECTOR, &[e.coveredUntil.word(), e.required.word()]),
            FiloError::WrongHardwareClass(e) => revert(WrongHardwareClass::SELECTOR, &[e.receipt.word(), e.hardwareClass]),
            FiloError::LoanOverdue(e) => revert(LoanOverdue::SELECTOR, &[e.loan.word(), e.due.word()]),
            FiloError::NotWired(_) => revert(NotWired::SELECTOR, &[]),
            FiloError::Overflow(_) => revert(ArithmeticOverflow::SELECTOR, &[]),
            FiloError::Call(data) => data,
        }
    }
}

impl From<ArithmeticError> for FiloError {
    fn from(_: ArithmeticError) -> Self {
        Self::Overflow(ArithmeticOverflow {})
    }
}

impl From<Vec<u8>> for FiloError {
    fn from(data: Vec<u8>) -> Self {
        Self::Call(data)
    }
}

/// Refuses a `value` outside `[minimum, maximum]`.
///
/// # Errors
/// [`OutOfRange`] naming `parameter`.
pub fn in_range(parameter: B256, value: U256, minimum: u128, maximum: u128) -> Result<(), FiloError> {
    let (minimum, maximum) = (U256::from(minimum), U256::from(maximum));
    if value < minimum || value > maximum {
        return Err(FiloError::OutOfRange(Box::new(OutOfRange {
            parameter,
            value,
            minimum,
            maximum,
        })));
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
        let (caller, hash) = (Address::repeat_byte(1), B256::repeat_byte(6));
        let (a, b, c) = (U256::from(3), U256::from(4), U256::from(5));
        macro_rules! same {
            ($($variant:ident($error:expr)),* $(,)?) => {
                $(assert_eq!(Vec::from(FiloError::$variant($error.into())), $error.abi_encode());)*
            };
        }
        same!(
            ZeroValue(ZeroValue { parameter: hash }),
            OutOfRange(OutOfRange {
                parameter: hash,
                value: a,
                minimum: b,
                maximum: c
            }),
            UnknownStack(UnknownStack { stack: a }),
            UnknownLoan(UnknownLoan { loan: a }),
            OnlyCurator(OnlyCurator { caller, stack: a }),
            OnlyBorrower(OnlyBorrower { caller, loan: a }),
            WrongStatus(WrongStatus { loan: a, status: b }),
            OfferExpired(OfferExpired { loan: a, expiry: b }),
            InsufficientJunior(InsufficientJunior {
                stack: a,
                needed: b,
                available: c
            }),
            SeniorCapExceeded(SeniorCapExceeded {
                stack: a,
                senior: b,
                cap: c
            }),
            TooManyLoans(TooManyLoans { stack: a, limit: b }),
            LtvExceeded(LtvExceeded { principal: a, limit: b }),
            InsufficientCover(InsufficientCover {
                coveredUntil: a,
                required: b
            }),
            WrongHardwareClass(WrongHardwareClass {
                receipt: a,
                hardwareClass: hash
            }),
            LoanOverdue(LoanOverdue { loan: a, due: b }),
            NotWired(NotWired {}),
            Overflow(ArithmeticOverflow {}),
        );
    }
}

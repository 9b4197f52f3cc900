//! How much is out to one borrower, from one curator, against one hardware class (PROTOCOL 6): counted by the principal as drawn while a
//! loan is open, so that a payment, but for the last, has nothing to count.

use alloy_primitives::{Address, B256, U256};
use interfaces::ids::role;
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use super::FiloStacks;
use crate::{
    amount::{low, low_half, word},
    errors::{in_range, LimitExceeded},
    events::LimitSet,
    loan::Loan,
    storage::Kind,
    FiloError,
};

/// [`FiloStacks::set_limit`].
pub(super) fn set_limit(filo: &mut FiloStacks, kind: U256, subject: B256, limit: U256) -> Result<(), FiloError> {
    filo.require_role(role::ADMIN)?;
    let of = kind_of(&kind)?;
    in_range("limit", &limit, 0, u128::MAX)?;
    let (exposure, _) = filo.exposures.get(of, &subject);
    filo.exposures.set(of, &subject, exposure, low_half(&limit));
    LimitSet { kind, subject, limit }.emit(filo.vm());
    Ok(())
}

/// A kind from its number.
pub(super) fn kind_of(kind: &U256) -> Result<Kind, FiloError> {
    in_range("kind", kind, 0, Kind::Class as u128)?;
    Ok(Kind::of(low(kind)))
}

fn subjects(loan: &Loan, curator: Address, class: B256) -> [(Kind, B256); 3] {
    [
        (Kind::Borrower, loan.borrower.into_word()),
        (Kind::Curator, curator.into_word()),
        (Kind::Class, class),
    ]
}

/// Counts a loan that has just been drawn, within the limits.
pub(super) fn count(filo: &mut FiloStacks, loan: &Loan, curator: Address, class: B256) -> Result<(), FiloError> {
    for (kind, subject) in subjects(loan, curator, class) {
        let (exposure, limit) = filo.exposures.get(kind, &subject);
        let exposure = exposure.plus(loan.terms.principal)?;
        if !limit.is_zero() && exposure > limit {
            return Err(LimitExceeded {
                kind: word(kind as u64),
                subject,
                exposure: exposure.word(),
                limit: limit.word(),
            }
            .into());
        }
        filo.exposures.set(kind, &subject, exposure, limit);
    }
    Ok(())
}

/// Takes a loan that is over out of the count. `receipts` are some of those that secured it, all of one class.
pub(super) fn uncount(filo: &mut FiloStacks, loan: &Loan, curator: Address, receipts: &[U256]) -> Result<(), FiloError> {
    let Some(receipt) = receipts.first() else {
        return Ok(());
    };
    let class = filo.caliber().class_of(filo, *receipt)?;
    for (kind, subject) in subjects(loan, curator, class) {
        let (exposure, limit) = filo.exposures.get(kind, &subject);
        // It is in the count, so nothing saturates; and if it were not, that would be no reason to refuse a payment.
        filo.exposures.set(kind, &subject, exposure.less(loan.terms.principal), limit);
    }
    Ok(())
}

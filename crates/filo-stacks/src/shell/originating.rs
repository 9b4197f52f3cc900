//! What the contract of origination has done here: loans drawn, loans moved to new terms, receipts added.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use fixed_point::Rounding;
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use super::{
    exposure,
    lending::{announce, distribute, pull, restate, settle, Settled},
    ratio, wrong_status, FiloStacks, MAX_RECEIPTS,
};
use crate::{
    amount::{low, word, Amount},
    errors::{in_range, InsufficientCover, LtvExceeded, OnlyBorrower},
    events::{LoanDrawn, ReceiptsAdded},
    loan::{Loan, Status},
    storage::Seat,
    terms::{Fees, Terms},
    FiloError,
};

/// [`FiloStacks::originate`].
pub(super) fn originate(
    filo: &mut FiloStacks,
    replaces: U256,
    borrower: Address,
    receiver: Address,
    stack: U256,
    receipts: Vec<U256>,
    hardware_class: B256,
    terms: Terms,
    instalment: Amount,
) -> Result<U256, FiloError> {
    // What is replaced goes off the books first: what it took of its stack's capital and of the limits is free for the new loan.
    let old = if replaces.is_zero() {
        None
    } else {
        Some(pay_off(filo, replaces, borrower)?)
    };

    let (stack_id, mut stack) = filo.known(stack)?;
    filo.require_marked()?;
    let (now, period, principal) = (filo.now(), filo.period_seconds(), terms.principal);
    let senior = stack.lend(stack_id, principal)?;
    let junior = principal.minus(senior)?;
    let fees = Fees {
        servicing: stack.servicing,
        protocol: ratio(filo.seats.number(Seat::Caliber))?,
        reserve: ratio(filo.seats.number(Seat::Treasury))?,
        spread: stack.spread,
    };
    let mut state = Loan {
        borrower,
        stack: stack_id,
        ..Loan::draw(Terms { fees, ..terms }, instalment, senior, now)
    };
    let id = filo.next(Seat::Susdai);
    let loan = word(id);
    add(filo, id, &mut state, &receipts)?;
    filo.loans.write_terms(id, &state);
    filo.commit(id, &Loan::default(), &mut state, &mut stack)?;
    exposure::count(filo, &state, stack.curator, hardware_class)?;
    let due = word(state.next_due(period)?);
    LoanDrawn {
        loan,
        stack: word(stack_id),
        borrower,
        receiver,
        replaces,
        senior: senior.word(),
        junior: junior.word(),
        rate: terms.rate(),
        periods: word(terms.periods.into()),
        levelPayment: terms.level,
        graceSeconds: word(terms.grace.into()),
        lateFeeBps: terms.late_fee.to_u256(),
        instalment: state.instalment.word(),
        firstDue: due,
        receipts: receipts.clone(),
    }
    .emit(filo.vm());

    // What follows is undone with all of the above if the receipts are worth or insured too little.
    let (caliber, me) = (filo.caliber(), filo.vm().contract_address());
    let rate = state.balance.vault_rate(&state.terms)?;
    let lender = filo.vault();
    let ((value, covered_until), to_receiver) = if let Some((before, Settled { payment, after, stack })) = old {
        lender.draw_loan(filo, senior.word(), rate, me)?;
        let owed = payment.total()?;
        pull(filo, borrower, me, owed.less(principal))?;
        distribute(filo, me, &payment, stack.curator)?;
        restate(filo, &before, &after, U256::ZERO, U256::ZERO)?;
        caliber.repledge(filo, receipts.clone(), replaces, loan)?;
        (caliber.collateral_of(filo, receipts)?, principal.less(owed))
    } else {
        let collateral = caliber.pledge(filo, receipts, borrower, loan)?;
        lender.draw_loan(filo, senior.word(), rate, receiver)?;
        (collateral, junior)
    };
    let limit = Amount::saturated(value).part(stack.max_ltv, Rounding::Down)?;
    if principal > limit {
        return Err(LtvExceeded {
            principal: principal.word(),
            limit: limit.word(),
        }
        .into());
    }
    if covered_until < due {
        return Err(InsufficientCover {
            coveredUntil: covered_until,
            required: due,
        }
        .into());
    }
    pull(filo, me, receiver, to_receiver)?;
    Ok(loan)
}

/// Books all that is owed on a loan as paid by its borrower; the receipts stay pledged.
fn pay_off(filo: &mut FiloStacks, loan: U256, borrower: Address) -> Result<(Loan, Settled), FiloError> {
    let (id, before) = filo.open(loan)?;
    let settled = settle(filo, id, &before, Amount::MAX)?;
    announce(filo, loan, borrower, &settled.payment, before.status, settled.after.status);
    let receipts = filo.loans.receipts(id, &before);
    exposure::uncount(filo, &before, settled.stack.curator, &receipts)?;
    Ok((before, settled))
}

/// [`FiloStacks::add_receipts`].
pub(super) fn add_receipts(filo: &mut FiloStacks, loan: U256, receipts: Vec<U256>, owner: Address) -> Result<(), FiloError> {
    let (id, mut state) = filo.open(loan)?;
    if state.status == Status::Defaulted {
        return Err(wrong_status(loan, state.status));
    }
    if owner != state.borrower {
        let (caller, borrower) = (owner, state.borrower);
        return Err(OnlyBorrower { caller, borrower }.into());
    }
    add(filo, id, &mut state, &receipts)?;
    filo.loans.write(id, &state);
    ReceiptsAdded {
        loan,
        receipts: receipts.clone(),
    }
    .emit(filo.vm());
    filo.caliber().pledge(filo, receipts, owner, loan)?;
    Ok(())
}

/// Writes `receipts` behind those that the loan has.
fn add(filo: &mut FiloStacks, id: u64, loan: &mut Loan, receipts: &[U256]) -> Result<(), FiloError> {
    let count = u64::from(loan.receipts).saturating_add(receipts.len() as u64);
    in_range("receipts", &word(count), 1, MAX_RECEIPTS)?;
    for receipt in receipts {
        filo.loans.set_receipt(id, loan.receipts, low(receipt));
        loan.receipts = loan.receipts.saturating_add(1);
    }
    Ok(())
}

//! What the contract of defaults has done here: marks, margin calls, sales of receipts (PROTOCOL 6, Loss order and Marks).

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use super::{
    exposure,
    lending::{announce, distribute, pull, repay, restate, settle, Settled},
    wrong_status, FiloStacks,
};
use crate::{
    amount::{low, word, Amount},
    balance::Balance,
    errors::UnknownReceipt,
    events::{LoanLiquidated, LoanMarked, MarginCalled, ReceiptsSold},
    loan::{Distress, Loan, Status},
    stack::Stack,
    storage::Seat,
    FiloError,
};

/// [`FiloStacks::mark`].
pub(super) fn mark(filo: &mut FiloStacks, loan: U256, recoverable: U256, in_default: bool) -> Result<(), FiloError> {
    filo.require_seat(Seat::Defaults)?;
    let (id, before) = filo.open(loan)?;
    let (mut after, mut stack) = (before, filo.stacks.read(before.stack));
    after.accrue(filo.now(), filo.period_seconds())?;
    // What performs leaves the vault's accrual with all that it has counted and not been paid.
    let (mut accrual, mut rate) = (U256::ZERO, U256::ZERO);
    if before.status == Status::Live {
        (accrual, rate) = (after.balance.accrual, after.balance.vault_rate(&after.terms)?);
        after.status = Status::Late;
    }
    if in_default {
        after.status = Status::Defaulted;
        after.set_call(0, Amount::ZERO);
    }

    // The cover that is free without this loan's own mark and without its own junior principal.
    let free_reserve = filo.free_reserve(before.distress.reserve_cover);
    (after.distress.junior_cover, after.distress.reserve_cover) = (Amount::ZERO, Amount::ZERO);
    let mut without = stack;
    without.restate(&before, &after)?;
    // The receipts pay the senior side its principal, and then what it is owed out of the junior side's.
    let due = after.balance.senior.plus(without.claim_on(after.junior())?)?;
    let mut need = due.less(Amount::saturated(recoverable));
    after.distress.junior_cover = need.take(without.free_cover()?);
    after.distress.reserve_cover = need.take(free_reserve);
    after.distress.impairment = need;
    filo.commit(id, &before, &mut after, &mut stack)?;
    LoanMarked {
        loan,
        status: word(after.status as u64),
        impairment: need.word(),
        juniorCover: after.distress.junior_cover.word(),
        reserveCover: after.distress.reserve_cover.word(),
    }
    .emit(filo.vm());
    restate(filo, &before, &after, accrual, rate)
}

/// [`FiloStacks::set_call`].
pub(super) fn set_call(filo: &mut FiloStacks, loan: U256, deadline: U256, cure_below: U256) -> Result<(), FiloError> {
    filo.require_seat(Seat::Defaults)?;
    let (id, before) = filo.open(loan)?;
    let (mut after, mut stack) = (before, filo.stacks.read(before.stack));
    // Less than what is outstanding, so that it fits.
    let outstanding = before.balance.outstanding;
    let cure_below = Amount::saturated(cure_below).min(outstanding);
    after.set_call(low(&deadline), cure_below);
    filo.commit(id, &before, &mut after, &mut stack)?;
    MarginCalled {
        loan,
        deadline,
        cureBelow: cure_below.word(),
    }
    .emit(filo.vm());
    Ok(())
}

/// [`FiloStacks::sell`].
pub(super) fn sell(
    filo: &mut FiloStacks,
    loan: U256,
    receipts: Vec<U256>,
    buyer: Address,
    receiver: Address,
    price: U256,
    costs: U256,
) -> Result<bool, FiloError> {
    filo.require_seat(Seat::Defaults)?;
    let (id, mut before) = filo.open(loan)?;
    if before.status != Status::Defaulted {
        return Err(wrong_status(loan, before.status));
    }
    take_receipts(filo, id, &mut before, &receipts)?;
    let costs = Amount::from_word(costs)?;
    let proceeds = Amount::from_word(price)?.minus(costs)?;
    let Settled {
        payment,
        mut after,
        mut stack,
    } = settle(filo, id, &before, proceeds)?;
    let surplus = proceeds.minus(payment.total()?)?;
    ReceiptsSold {
        loan,
        buyer,
        receiver,
        price,
        costs: costs.word(),
        surplus: surplus.word(),
        receipts: receipts.clone(),
    }
    .emit(filo.vm());
    announce(filo, loan, buyer, &payment, before.status, after.status);

    pull(filo, buyer, filo.seats.address(Seat::Treasury), costs)?;
    distribute(filo, buyer, &payment, stack.curator)?;
    pull(filo, buyer, after.borrower, surplus)?;
    let closed = after.status == Status::Closed;
    let done = closed || after.receipts == 0;
    if closed || !done {
        restate(filo, &before, &after, U256::ZERO, U256::ZERO)?;
    } else {
        liquidate(filo, id, &mut after, &mut stack, before.distress.impairment)?;
    }
    if done {
        exposure::uncount(filo, &after, stack.curator, &receipts)?;
    }
    let caliber = filo.caliber();
    if closed && after.receipts != 0 {
        let left = filo.loans.receipts(id, &after);
        caliber.release(filo, left, loan)?;
    }
    caliber.deliver(filo, receipts, loan, receiver)?;
    Ok(done)
}

/// Takes `sold` out of the loan's receipts, or all of them if the list is theirs.
fn take_receipts(filo: &mut FiloStacks, id: u64, loan: &mut Loan, sold: &[U256]) -> Result<(), FiloError> {
    let mut left = filo.loans.receipts(id, loan);
    for receipt in sold {
        let Some(place) = left.iter().position(|held| held == receipt) else {
            return Err(UnknownReceipt { receipt: *receipt }.into());
        };
        left.swap_remove(place);
    }
    loan.receipts = 0;
    for receipt in left {
        filo.loans.set_receipt(id, loan.receipts, low(&receipt));
        loan.receipts = loan.receipts.saturating_add(1);
    }
    Ok(())
}

/// Ends a loan of which nothing is left to sell: what the senior side did not get is taken in the order of PROTOCOL 6. `impairment` is
/// what the vault holds against it.
fn liquidate(filo: &mut FiloStacks, id: u64, loan: &mut Loan, stack: &mut Stack, impairment: Amount) -> Result<(), FiloError> {
    let before = *loan;
    let (principal, interest) = (loan.balance.senior, loan.balance.senior_interest()?);
    let junior = loan.junior();
    loan.status = Status::Liquidated;
    loan.balance = Balance::drawn(Amount::ZERO, Amount::ZERO, loan.balance.touched);
    loan.distress = Distress::default();
    // First the mark and the junior principal go, then the rest of the stack's capital is looked at.
    filo.commit(id, &before, loan, stack)?;
    stack.forfeit(junior)?;
    let (mut reserve, earmarked) = filo.seats.reserve();
    let absorbed = stack.absorb(principal, interest, &mut reserve)?;
    filo.stacks.write(loan.stack, stack);
    filo.seats.set_reserve(reserve, earmarked);
    LoanLiquidated {
        loan: word(id),
        senior: principal.word(),
        seniorInterest: interest.word(),
        junior: junior.word(),
        cashPrincipal: absorbed.by_cash.0.word(),
        cashInterest: absorbed.by_cash.1.word(),
        owedPrincipal: absorbed.by_claim.0.word(),
        owedInterest: absorbed.by_claim.1.word(),
        reservePrincipal: absorbed.by_reserve.0.word(),
        reserveInterest: absorbed.by_reserve.1.word(),
        lost: absorbed.lost.word(),
    }
    .emit(filo.vm());

    let paid_principal = absorbed.by_cash.0.plus(absorbed.by_reserve.0)?;
    let paid_interest = absorbed.by_cash.1.plus(absorbed.by_reserve.1)?;
    let paid = paid_principal.plus(paid_interest)?;
    let (me, vault, zero) = (filo.vm().contract_address(), filo.seats.address(Seat::Susdai), U256::ZERO);
    pull(filo, me, vault, paid)?;
    repay(filo, paid_principal, paid_interest, zero, (zero, zero))?;
    if !absorbed.lost.is_zero() || !impairment.is_zero() {
        filo.vault().write_off(filo, absorbed.lost.word(), impairment.word())?;
    }
    Ok(())
}

impl FiloStacks {
    /// What of the reserve no mark counts on but the one that counts on `own`: nothing, if losses have used what marks count on.
    fn free_reserve(&self, own: Amount) -> Amount {
        let (reserve, earmarked) = self.seats.reserve();
        reserve.less(earmarked.less(own))
    }
}

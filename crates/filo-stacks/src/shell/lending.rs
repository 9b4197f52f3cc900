//! What borrowers do: draw and pay.

use alloy_primitives::{Address, U256};
use erc20_ledger::foreign::{safe_transfer, safe_transfer_from};
use fixed_point::Rounding;
use interfaces::calls::{ICaliber, IVaultBook};
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use super::FiloStacks;
use crate::{
    amount::{word, Amount},
    balance,
    errors::{in_range, non_zero, InsufficientCover, LtvExceeded, OfferExpired, OnlyBorrower},
    events::{LoanClosed, LoanCured, LoanDrawn, Payment},
    loan::{Loan, Status},
    stack::Stack,
    FiloError,
};

/// [`FiloStacks::draw`].
pub(super) fn draw(filo: &mut FiloStacks, loan: U256, receiver: Address) -> Result<(), FiloError> {
    non_zero("receiver", receiver.as_slice())?;
    let (loan_id, mut state) = filo.existing_as(Status::Offered, loan)?;
    let caller = filo.vm().msg_sender();
    if caller != state.borrower {
        return Err(OnlyBorrower { caller, loan }.into());
    }
    let (now, period, usdai) = (filo.now(), filo.period_seconds(), filo.usdai()?);
    if now > state.terms.expiry {
        let expiry = word(state.terms.expiry);
        return Err(OfferExpired { loan, expiry }.into());
    }
    let (stack_id, principal) = (state.stack, state.terms.principal);
    let mut stack = filo.stacks.read(stack_id);
    let senior = stack.lend(stack_id, principal)?;
    let junior = principal.minus(senior)?;
    let offered = state;
    state.draw(senior, now, period)?;
    filo.loans.write_terms(loan_id, &state);
    filo.commit(loan_id, &offered, &mut state, &mut stack)?;
    let (due, rate) = (state.next_due(period)?, state.balance.vault_rate(&state.terms)?);
    LoanDrawn {
        loan,
        stack: word(stack_id),
        receiver,
        senior: senior.word(),
        junior: junior.word(),
        instalment: state.instalment.word(),
        firstDue: word(due),
    }
    .emit(filo.vm());

    // What follows is undone with all of the above if the receipts are worth or insured too little.
    let (caliber, vault) = (ICaliber::new(filo.caliber.get()), IVaultBook::new(filo.susdai.get()));
    let receipts = filo.loans.receipts(loan_id, &state);
    let (value, covered_until) = caliber.pledge(filo, receipts, caller, loan)?;
    let limit = Amount::from_word(value)?.part(stack.max_ltv, Rounding::Down)?;
    if principal > limit {
        return Err(LtvExceeded {
            principal: principal.word(),
            limit: limit.word(),
        }
        .into());
    }
    let required = word(due);
    if covered_until < required {
        return Err(InsufficientCover {
            coveredUntil: covered_until,
            required,
        }
        .into());
    }
    vault.draw_loan(filo, senior.word(), rate, receiver)?;
    Ok(safe_transfer(filo, usdai, receiver, junior.word())?)
}

/// [`FiloStacks::pay`].
pub(super) fn pay(filo: &mut FiloStacks, loan: U256, max_amount: U256) -> Result<U256, FiloError> {
    // The largest number means all: nothing owed is beyond 128 bits.
    let amount = Amount::from_word(max_amount).unwrap_or(Amount(u128::MAX));
    in_range("maxAmount", &amount.word(), 1, u128::MAX)?;
    let (id, before) = filo.open(loan)?;
    let Settled { payment, after, stack } = settle(filo, id, &before, amount)?;
    let payer = filo.vm().msg_sender();
    announce(filo, loan, payer, &payment, before.status, after.status);

    distribute(filo, payer, &payment, stack.curator)?;
    restate(filo, &before, &after, U256::ZERO, U256::ZERO)?;
    if after.status == Status::Closed {
        let (caliber, receipts) = (ICaliber::new(filo.caliber.get()), filo.loans.receipts(id, &after));
        caliber.release(filo, receipts, loan)?;
    }
    Ok(payment.total()?.word())
}

/// What a payment has done to the books.
pub(super) struct Settled {
    pub(super) payment: balance::Payment,
    pub(super) after: Loan,
    pub(super) stack: Stack,
}

/// Books a payment of at most `amount` on loan `id`.
pub(super) fn settle(filo: &mut FiloStacks, id: u64, before: &Loan, amount: Amount) -> Result<Settled, FiloError> {
    let (mut after, mut stack) = (*before, filo.stacks.read(before.stack));
    let mut payment = after.pay(amount, stack.trouble.defaulted != 0, filo.now(), filo.period_seconds())?;
    stack.settle(&mut payment)?;
    filo.commit(id, before, &mut after, &mut stack)?;
    let to_reserve = payment.to_reserve()?;
    if !to_reserve.is_zero() {
        let reserve = fixed_point::add(filo.reserve.get(), to_reserve.word())?;
        filo.reserve.set(reserve);
    }
    Ok(Settled { payment, after, stack })
}

/// Tells indexers of a payment and of what it changes.
pub(super) fn announce(filo: &FiloStacks, loan: U256, payer: Address, payment: &balance::Payment, before: Status, after: Status) {
    emit_payment(filo, loan, payer, payment);
    if after == Status::Closed {
        LoanClosed { loan }.emit(filo.vm());
    } else if before != after {
        LoanCured { loan }.emit(filo.vm());
    }
}

/// Tells the vault if what it holds against a loan has changed, or that it has to take `accrual` and `rate` out of its count.
#[inline(never)]
pub(super) fn restate(filo: &mut FiloStacks, before: &Loan, after: &Loan, accrual: U256, rate: U256) -> Result<(), FiloError> {
    let (was, is) = (before.distress.impairment, after.distress.impairment);
    if was == is && rate.is_zero() && accrual.is_zero() {
        return Ok(());
    }
    Ok(IVaultBook::new(filo.susdai.get()).mark_loan(filo, accrual, rate, U256::ZERO, was.word(), is.word())?)
}

/// Tells the vault of principal and interest that have been moved to it, and what they change in its count.
#[inline(never)]
pub(super) fn repay(
    filo: &mut FiloStacks,
    principal: Amount,
    interest: Amount,
    accrual: U256,
    rates: (U256, U256),
) -> Result<(), FiloError> {
    if principal.is_zero() && interest.is_zero() && rates.0 == rates.1 && accrual.is_zero() {
        // The last wei of a loan can be all junior.
        return Ok(());
    }
    let vault = IVaultBook::new(filo.susdai.get());
    Ok(vault.repay_loan(filo, principal.word(), interest.word(), accrual, rates.0, rates.1)?)
}

fn emit_payment(filo: &FiloStacks, loan: U256, payer: Address, payment: &balance::Payment) {
    let balance::Payment {
        late_fee,
        interest,
        principal,
        split,
        ..
    } = payment;
    Payment {
        loan,
        payer,
        lateFee: late_fee.word(),
        interest: interest.word(),
        principal: principal.word(),
        seniorInterest: split.senior.word(),
        juniorInterest: split.junior.word(),
        servicingFee: split.servicing.word(),
        protocolFee: split.protocol.word(),
        toReserve: split.reserve.word(),
        seniorPrincipal: payment.senior_principal.word(),
        juniorPrincipal: payment.junior_principal.word(),
        divertedPrincipal: payment.diverted.0.word(),
        divertedInterest: payment.diverted.1.word(),
    }
    .emit(filo.vm());
}

/// Moves every part of a payment from `payer` to where it belongs, then tells the vault. Each part is pulled directly, so what is not
/// FiLo's never passes through it, and USDai has no receiver that could refuse it.
pub(super) fn distribute(filo: &mut FiloStacks, payer: Address, payment: &balance::Payment, curator: Address) -> Result<(), FiloError> {
    let (vault, principal, interest) = (filo.susdai.get(), payment.vault_principal()?, payment.vault_interest()?);
    let to_vault = principal.plus(interest)?;
    pull(filo, payer, vault, to_vault)?;
    pull(filo, payer, curator, payment.split.servicing)?;
    pull(filo, payer, filo.treasury.get(), payment.split.protocol)?;
    let kept = payment.to_stack()?.plus(payment.to_reserve()?)?;
    pull(filo, payer, filo.vm().contract_address(), kept)?;
    repay(filo, principal, interest, payment.accrual, payment.rates)
}

/// Pulls USDai from `payer`, which has allowed it, to `to`.
pub(super) fn pull(filo: &mut FiloStacks, payer: Address, to: Address, assets: Amount) -> Result<(), FiloError> {
    let usdai = filo.usdai()?;
    if assets.is_zero() {
        return Ok(());
    }
    Ok(safe_transfer_from(filo, usdai, payer, to, assets.word())?)
}

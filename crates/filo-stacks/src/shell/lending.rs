//! Payments: what is booked, who is told, where each wei goes.

use alloy_primitives::{Address, U256};
use erc20_ledger::foreign::{safe_transfer, safe_transfer_from};
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use super::{exposure, FiloStacks};
use crate::{
    amount::Amount,
    balance,
    errors::in_range,
    events::{LoanClosed, LoanCured, Payment},
    loan::{Loan, Status},
    stack::Stack,
    storage::Seat,
    FiloError,
};

/// [`FiloStacks::pay`].
pub(super) fn pay(filo: &mut FiloStacks, loan: U256, max_amount: U256) -> Result<U256, FiloError> {
    // The largest number means all: nothing owed is beyond 128 bits.
    let amount = Amount::saturated(max_amount);
    in_range("maxAmount", &amount.word(), 1, u128::MAX)?;
    let (id, before) = filo.open(loan)?;
    let Settled { payment, after, stack } = settle(filo, id, &before, amount)?;
    let payer = filo.vm().msg_sender();
    announce(filo, loan, payer, &payment, before.status, after.status);

    distribute(filo, payer, &payment, stack.curator)?;
    restate(filo, &before, &after, U256::ZERO, U256::ZERO)?;
    if after.status == Status::Closed {
        let receipts = filo.loans.receipts(id, &after);
        exposure::uncount(filo, &after, stack.curator, &receipts)?;
        filo.caliber().release(filo, receipts, loan)?;
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
        let (reserve, earmarked) = filo.seats.reserve();
        filo.seats.set_reserve(reserve.plus(to_reserve)?, earmarked);
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
    Ok(filo.vault().mark_loan(filo, accrual, rate, U256::ZERO, was.word(), is.word())?)
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
    let vault = filo.vault();
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
    let (vault, principal, interest) = (
        filo.seats.address(Seat::Susdai),
        payment.vault_principal()?,
        payment.vault_interest()?,
    );
    let to_vault = principal.plus(interest)?;
    pull(filo, payer, vault, to_vault)?;
    pull(filo, payer, curator, payment.split.servicing)?;
    pull(filo, payer, filo.seats.address(Seat::Treasury), payment.split.protocol)?;
    let kept = payment.to_stack()?.plus(payment.to_reserve()?)?;
    pull(filo, payer, filo.vm().contract_address(), kept)?;
    repay(filo, principal, interest, payment.accrual, payment.rates)
}

/// Moves USDai to `to` from `payer`, which has allowed it, or is FiLo itself.
pub(super) fn pull(filo: &mut FiloStacks, payer: Address, to: Address, assets: Amount) -> Result<(), FiloError> {
    let usdai = filo.usdai()?;
    if assets.is_zero() || payer == to {
        return Ok(());
    }
    Ok(if payer == filo.vm().contract_address() {
        safe_transfer(filo, usdai, to, assets.word())
    } else {
        safe_transfer_from(filo, usdai, payer, to, assets.word())
    }?)
}

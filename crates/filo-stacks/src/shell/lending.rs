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
    events::{LoanClosed, LoanDrawn, Payment},
    loan::Status,
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
    state.draw(senior, now, period)?;
    state.position = stack.live;
    stack.live = stack.live.saturating_add(1);

    filo.stacks.set_live_loan(stack_id, state.position, loan_id);
    filo.stacks.write(stack_id, &stack);
    filo.loans.write_head(loan_id, &state);
    filo.loans.write_state(loan_id, &state);
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
    let (loan_id, mut state) = filo.existing_as(Status::Live, loan)?;
    let payment = state.pay(amount, filo.now(), filo.period_seconds())?;
    let closed = state.status == Status::Closed;

    let mut stack = filo.stacks.read(state.stack);
    stack.settle(&payment)?;
    if closed {
        stack.live = stack.live.saturating_sub(1);
        filo.loans.write_head(loan_id, &state);
        // The last of the list takes the closed one's place.
        let last = filo.stacks.live_loan(state.stack, stack.live);
        filo.stacks.set_live_loan(state.stack, state.position, last);
        filo.loans.set_position(last, state.position);
    }
    filo.stacks.write(state.stack, &stack);
    filo.loans.write_state(loan_id, &state);
    if !payment.split.reserve.is_zero() {
        let reserve = fixed_point::add(filo.reserve.get(), payment.split.reserve.word())?;
        filo.reserve.set(reserve);
    }
    emit_payment(filo, loan, &payment);
    if closed {
        LoanClosed { loan }.emit(filo.vm());
    }

    distribute(filo, &payment, stack.curator)?;
    if closed {
        let (caliber, receipts) = (ICaliber::new(filo.caliber.get()), filo.loans.receipts(loan_id, &state));
        caliber.release(filo, receipts, loan)?;
    }
    Ok(payment.total()?.word())
}

fn emit_payment(filo: &FiloStacks, loan: U256, payment: &balance::Payment) {
    let balance::Payment {
        interest,
        principal,
        split,
        ..
    } = payment;
    Payment {
        loan,
        payer: filo.vm().msg_sender(),
        interest: interest.word(),
        principal: principal.word(),
        seniorInterest: split.senior.word(),
        juniorInterest: split.junior.word(),
        servicingFee: split.servicing.word(),
        protocolFee: split.protocol.word(),
        toReserve: split.reserve.word(),
        seniorPrincipal: payment.senior_principal.word(),
        juniorPrincipal: payment.junior_principal.word(),
    }
    .emit(filo.vm());
}

/// Moves every part of a payment from the caller to where it belongs, then tells the vault. Each part is pulled directly, so what is
/// not FiLo's never passes through it.
fn distribute(filo: &mut FiloStacks, payment: &balance::Payment, curator: Address) -> Result<(), FiloError> {
    let (vault, to_vault) = (filo.susdai.get(), payment.to_vault()?);
    pull(filo, vault, to_vault)?;
    pull(filo, curator, payment.split.servicing)?;
    pull(filo, filo.treasury.get(), payment.split.protocol)?;
    let kept = payment.to_stack()?.plus(payment.split.reserve)?;
    pull(filo, filo.vm().contract_address(), kept)?;
    let (old_rate, new_rate) = payment.rates;
    if to_vault.is_zero() && old_rate == new_rate && payment.accrual.is_zero() {
        // The last wei of a loan can be all junior.
        return Ok(());
    }
    let (principal, interest) = (payment.senior_principal.word(), payment.split.senior.word());
    Ok(IVaultBook::new(vault).repay_loan(filo, principal, interest, payment.accrual, old_rate, new_rate)?)
}

/// Pulls USDai from the caller to `to`.
pub(super) fn pull(filo: &mut FiloStacks, to: Address, assets: Amount) -> Result<(), FiloError> {
    if assets.is_zero() {
        return Ok(());
    }
    let (usdai, caller) = (filo.usdai()?, filo.vm().msg_sender());
    Ok(safe_transfer_from(filo, usdai, caller, to, assets.word())?)
}

//! What curators do: open a stack, stand in front with capital, offer loans.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use erc20_ledger::foreign::safe_transfer;
use interfaces::ids::role;
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use super::{bps, kept, lending::pull, next, ratio, views, FiloStacks, MAX_RECEIPTS};
use crate::{
    amount::{low, low_half, word, Amount, Small},
    balance::Balance,
    errors::{in_range, non_zero, LoanOverdue},
    events::{JuniorDeposited, JuniorWithdrawn, LoanOffered, OfferCancelled, StackOpened},
    loan::{Distress, Loan, Status},
    stack::{Stack, MAX_FEE_BPS, MAX_FIRST_LOSS_BPS, MAX_LTV_BPS, MAX_SENIOR, MAX_SPREAD_BPS, MAX_TRIGGER_BPS, MIN_FIRST_LOSS_BPS},
    terms::{Fees, Terms, LAST_SECOND, MAX_GRACE_SECONDS, MAX_LATE_FEE_BPS, MAX_PERIODS, MAX_PRINCIPAL, MAX_RATE, MIN_PRINCIPAL},
    FiloError,
};

/// [`FiloStacks::open_stack`].
pub(super) fn open_stack(
    filo: &mut FiloStacks,
    first_loss_bps: U256,
    max_ltv_bps: U256,
    margin_trigger_bps: U256,
    senior_cap: U256,
    servicing_fee_bps: U256,
    junior_spread_bps: U256,
    hardware_class: B256,
) -> Result<U256, FiloError> {
    let curator = filo.require_role(role::CURATOR)?;
    in_range("seniorCap", &senior_cap, 1, MAX_SENIOR)?;
    let max_ltv = bps("maxLtvBps", &max_ltv_bps, 1, MAX_LTV_BPS)?;
    let stack = Stack {
        curator,
        first_loss: bps("firstLossBps", &first_loss_bps, MIN_FIRST_LOSS_BPS, MAX_FIRST_LOSS_BPS)?,
        max_ltv,
        trigger: bps("marginTriggerBps", &margin_trigger_bps, max_ltv.get().into(), MAX_TRIGGER_BPS)?,
        servicing: bps("servicingFeeBps", &servicing_fee_bps, 0, MAX_FEE_BPS)?,
        spread: bps("juniorSpreadBps", &junior_spread_bps, 0, MAX_SPREAD_BPS)?,
        senior_cap: low_half(&senior_cap),
        hardware_class,
        ..Stack::default()
    };
    let stack_id = next(&mut filo.last_stack);
    filo.stacks.open(stack_id, &stack);
    let stack = word(stack_id);
    StackOpened {
        stack,
        curator,
        hardwareClass: hardware_class,
        firstLossBps: first_loss_bps,
        maxLtvBps: max_ltv_bps,
        marginTriggerBps: margin_trigger_bps,
        seniorCap: senior_cap,
        servicingFeeBps: servicing_fee_bps,
        juniorSpreadBps: junior_spread_bps,
    }
    .emit(filo.vm());
    Ok(stack)
}

/// [`FiloStacks::deposit_junior`].
pub(super) fn deposit_junior(filo: &mut FiloStacks, stack: U256, assets: U256) -> Result<(), FiloError> {
    in_range("assets", &assets, 1, u128::MAX)?;
    let (stack_id, mut state) = filo.curated(stack)?;
    state.deposit(low_half(&assets))?;
    filo.stacks.write(stack_id, &state);
    JuniorDeposited { stack, assets }.emit(filo.vm());
    pull(filo, filo.vm().msg_sender(), filo.vm().contract_address(), low_half(&assets))
}

/// [`FiloStacks::withdraw_junior`].
pub(super) fn withdraw_junior(filo: &mut FiloStacks, stack: U256, assets: U256, receiver: Address) -> Result<(), FiloError> {
    in_range("assets", &assets, 1, u128::MAX)?;
    non_zero("receiver", receiver.as_slice())?;
    let (stack_id, mut state) = filo.curated(stack)?;
    state.withdraw(stack_id, low_half(&assets))?;
    let (Small(due), Small(loan)) = views::earliest_due(filo)?;
    if loan != 0 && due < filo.now() {
        return Err(LoanOverdue {
            loan: word(loan),
            due: word(due),
        }
        .into());
    }
    filo.stacks.write(stack_id, &state);
    JuniorWithdrawn { stack, receiver, assets }.emit(filo.vm());
    let usdai = filo.usdai()?;
    Ok(safe_transfer(filo, usdai, receiver, assets)?)
}

/// [`FiloStacks::offer`].
pub(super) fn offer(
    filo: &mut FiloStacks,
    stack: U256,
    borrower: Address,
    receipts: Vec<U256>,
    principal: U256,
    rate: U256,
    periods: U256,
    level_payment: bool,
    grace_seconds: U256,
    late_fee_bps: U256,
    expiry: U256,
) -> Result<U256, FiloError> {
    non_zero("borrower", borrower.as_slice())?;
    in_range("receipts", &word(receipts.len() as u64), 1, MAX_RECEIPTS)?;
    in_range("principal", &principal, MIN_PRINCIPAL, MAX_PRINCIPAL)?;
    in_range("rate", &rate, 1, MAX_RATE)?;
    in_range("periods", &periods, 1, MAX_PERIODS.into())?;
    in_range("graceSeconds", &grace_seconds, 0, MAX_GRACE_SECONDS)?;
    let late_fee = bps("lateFeeBps", &late_fee_bps, 0, MAX_LATE_FEE_BPS)?;
    in_range("expiry", &expiry, filo.now().into(), LAST_SECOND)?;
    let (stack_id, state) = filo.curated(stack)?;
    filo.require_role(role::CURATOR)?;
    filo.check_receipts(&receipts, state.hardware_class)?;

    let loan = Loan {
        status: Status::Offered,
        borrower,
        stack: stack_id,
        receipts: receipts.len().try_into().unwrap_or_default(),
        terms: Terms {
            principal: low_half(&principal),
            rate: low(&rate),
            periods: periods.byte(0),
            level: level_payment,
            fees: Fees {
                servicing: state.servicing,
                protocol: ratio(kept(&filo.protocol_fee_bps))?,
                reserve: ratio(kept(&filo.reserve_bps))?,
                spread: state.spread,
            },
            grace: low(&grace_seconds).try_into().unwrap_or_default(),
            late_fee,
            expiry: low(&expiry),
        },
        drawn_at: 0,
        balance: Balance::default(),
        instalment: Amount::ZERO,
        planned: Amount::ZERO,
        paid: 0,
        due_place: 0,
        distress: Distress::default(),
    };
    let loan_id = next(&mut filo.last_loan);
    filo.loans.write_terms(loan_id, &loan);
    filo.loans.write(loan_id, &loan);
    for (index, receipt) in (0..loan.receipts).zip(&receipts) {
        filo.loans.set_receipt(loan_id, index, low(receipt));
    }
    let loan = word(loan_id);
    LoanOffered {
        loan,
        stack,
        borrower,
        principal,
        rate,
        periods,
        levelPayment: level_payment,
        graceSeconds: grace_seconds,
        lateFeeBps: late_fee_bps,
        expiry,
        receipts,
    }
    .emit(filo.vm());
    Ok(loan)
}

/// [`FiloStacks::cancel_offer`].
pub(super) fn cancel_offer(filo: &mut FiloStacks, loan: U256) -> Result<(), FiloError> {
    let (loan_id, mut state) = filo.existing_as(Status::Offered, loan)?;
    filo.curated(word(state.stack))?;
    state.status = Status::Cancelled;
    filo.loans.write(loan_id, &state);
    OfferCancelled { loan }.emit(filo.vm());
    Ok(())
}

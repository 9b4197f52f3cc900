//! What anybody may read.

use alloy_primitives::U256;

use super::{FiloStacks, LoanWords, StackWords, StandingWords};
use crate::{
    amount::{low, Amount, Small},
    errors::in_range,
    terms::LAST_SECOND,
    FiloError,
};

/// [`FiloStacks::stack`].
pub(super) fn stack(filo: &FiloStacks, stack: U256) -> Result<StackWords, FiloError> {
    let (_, stack) = filo.known(stack)?;
    Ok((
        stack.curator,
        stack.first_loss.into(),
        stack.max_ltv.into(),
        stack.servicing.into(),
        stack.spread.into(),
        stack.senior_cap,
        stack.senior,
        stack.junior_cash,
        stack.junior_lent,
        Small(stack.live.into()),
        stack.hardware_class,
    ))
}

/// [`FiloStacks::loan`].
pub(super) fn loan(filo: &FiloStacks, loan: U256) -> Result<LoanWords, FiloError> {
    let (_, loan) = filo.existing(loan)?;
    Ok((
        Small(loan.status as u64),
        loan.borrower,
        Small(loan.stack),
        loan.terms.principal,
        loan.balance.outstanding,
        loan.balance.senior,
        Small(loan.terms.rate),
        Small(loan.terms.periods.into()),
        Small(loan.paid.into()),
        Small(loan.next_due(filo.period_seconds())?),
        Small(loan.drawn_at),
        loan.instalment,
        loan.terms.level,
    ))
}

/// [`FiloStacks::instalment`].
pub(super) fn instalment(filo: &FiloStacks, loan: U256) -> Result<(Small, Amount, Amount, Amount), FiloError> {
    let (_, loan) = filo.existing(loan)?;
    let (due, interest, principal, late_fee) = loan.payment_due(filo.now(), filo.period_seconds())?;
    Ok((Small(due), interest, principal, late_fee))
}

/// [`FiloStacks::payoff`].
pub(super) fn payoff(filo: &FiloStacks, loan: U256, at: U256) -> Result<Amount, FiloError> {
    let (_, loan) = filo.existing(loan)?;
    in_range("at", &at, loan.balance.touched.into(), LAST_SECOND)?;
    Ok(loan.payoff(low(&at), filo.period_seconds())?)
}

/// [`FiloStacks::schedule`].
pub(super) fn schedule(filo: &FiloStacks, loan: U256, number: U256) -> Result<(Small, Amount, Amount, Amount), FiloError> {
    let ((_, loan), period) = (filo.existing(loan)?, filo.period_seconds());
    in_range("number", &number, 1, loan.terms.periods.into())?;
    let number = number.byte(0);
    let (interest, principal, outstanding) = loan.schedule(number, period)?;
    Ok((Small(loan.due(number, period)?), interest, principal, outstanding))
}

/// [`FiloStacks::earliest_due`].
pub(super) fn earliest_due(filo: &FiloStacks) -> Result<(Small, Small), FiloError> {
    let (due, loan) = filo.dues.earliest(filo.period_seconds(), |loan| filo.loans.read(loan))?;
    Ok((Small(due), Small(loan)))
}

/// [`FiloStacks::standing`].
pub(super) fn standing(filo: &FiloStacks, loan: U256) -> Result<StandingWords, FiloError> {
    let (_, loan) = filo.existing(loan)?;
    let late_after = if loan.status.is_open() {
        loan.late_after(filo.period_seconds())?
    } else {
        0
    };
    Ok((
        Small(loan.status as u64),
        loan.balance.outstanding,
        filo.stacks.read(loan.stack).trigger.into(),
        Small(late_after),
        Small(late_after.saturating_add(loan.terms.grace.into())),
        Small(loan.distress.call_deadline),
        loan.distress.cure_below,
        loan.distress.impairment,
    ))
}

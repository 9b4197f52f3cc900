//! What borrowers do: draw and pay.

use alloy_primitives::{Address, U256};
use fixed_point::Rounding;
use interfaces::{
    authority::revert_data,
    calls::{ICaliber, IVaultBook},
    erc20,
};
use stylus_sdk::prelude::*;

use super::FiloStacks;
use crate::{
    amount::Amount,
    balance::Payment,
    errors::{in_range, non_zero, InsufficientCover, LtvExceeded, OfferExpired, OnlyBorrower},
    events,
    loan::Status,
    FiloError,
};

impl FiloStacks {
    /// Draws the loan to `receiver`: the receipts are pledged, the stack pays its first-loss part and the vault the rest.
    ///
    /// # Errors
    /// `ZeroValue` for a zero receiver; `UnknownLoan`; `WrongStatus`; `OnlyBorrower`; `OfferExpired`; `TooManyLoans`;
    /// `InsufficientJunior`; `SeniorCapExceeded`; what CALIBER refuses (a receipt that is not the borrower's, is pledged, or has a stale
    /// appraisal); `LtvExceeded`; `InsufficientCover` unless the receipts are insured until the first instalment is due; what the vault
    /// refuses; `NotWired`.
    pub fn draw(&mut self, loan: U256, receiver: Address) -> Result<(), FiloError> {
        non_zero("receiver", receiver.as_slice())?;
        let (loan_id, mut state) = self.existing_as(Status::Offered, loan)?;
        let caller = self.vm().msg_sender();
        if caller != state.borrower {
            return Err(OnlyBorrower { caller, loan }.into());
        }
        let (now, period, usdai) = (self.now(), self.period_seconds(), self.usdai()?);
        if now > state.terms.expiry {
            let expiry = U256::from(state.terms.expiry);
            return Err(OfferExpired { loan, expiry }.into());
        }
        let (stack_id, principal) = (state.stack, state.terms.principal);
        let mut stack = self.stacks.read(stack_id);
        let senior = stack.lend(stack_id, principal)?;
        let junior = principal.minus(senior)?;
        state.draw(senior, now, period)?;
        state.position = stack.live;
        stack.live = stack.live.saturating_add(1);

        self.stacks.set_live_loan(stack_id, state.position, loan_id);
        self.stacks.write(stack_id, &stack);
        self.loans.write_head(loan_id, &state);
        self.loans.write_state(loan_id, &state);
        let (due, rate) = (state.next_due(period)?, state.balance.vault_rate(&state.terms)?);
        events::loan_drawn(self.vm(), loan_id, &state, receiver, junior, due);

        // What follows is undone with all of the above if the receipts are worth or insured too little.
        let (caliber, vault) = (ICaliber::new(self.caliber.get()), IVaultBook::new(self.susdai.get()));
        let receipts = self.loans.receipts(loan_id, &state);
        let (value, covered_until) = caliber.pledge(&mut *self, receipts, caller, loan).map_err(revert_data)?;
        let limit = Amount::from_word(value)?.part(stack.max_ltv, Rounding::Down)?;
        if principal > limit {
            return Err(LtvExceeded {
                principal: principal.word(),
                limit: limit.word(),
            }
            .into());
        }
        let required = U256::from(due);
        if covered_until < required {
            return Err(InsufficientCover {
                coveredUntil: covered_until,
                required,
            }
            .into());
        }
        vault.draw_loan(&mut *self, senior.word(), rate, receiver).map_err(revert_data)?;
        Ok(erc20::safe_transfer(self, usdai, receiver, junior.word())?)
    }

    /// Pays on a loan for its borrower, at most `max_amount` and at most what is owed: interest, then principal. USDai are pulled from the
    /// caller straight to those they belong to. Returns what was paid. Closes the loan and frees the receipts when nothing is owed.
    ///
    /// # Errors
    /// `OutOfRange` for nothing; `UnknownLoan`; `WrongStatus` unless it is live; what USDai reverts with; `NotWired`.
    pub fn pay(&mut self, loan: U256, max_amount: U256) -> Result<U256, FiloError> {
        // The largest number means all: nothing owed is beyond 128 bits.
        let amount = max_amount.min(U256::from(u128::MAX));
        in_range("maxAmount", &amount, 1, u128::MAX)?;
        let (loan_id, mut state) = self.existing_as(Status::Live, loan)?;
        let payment = state.pay(Amount(amount.to()), self.now(), self.period_seconds())?;
        let closed = state.status == Status::Closed;

        let mut stack = self.stacks.read(state.stack);
        stack.settle(&payment)?;
        if closed {
            stack.live = stack.live.saturating_sub(1);
            self.loans.write_head(loan_id, &state);
            // The last of the list takes the closed one's place.
            let last = self.stacks.live_loan(state.stack, stack.live);
            self.stacks.set_live_loan(state.stack, state.position, last);
            self.loans.set_position(last, state.position);
        }
        self.stacks.write(state.stack, &stack);
        self.loans.write_state(loan_id, &state);
        if !payment.split.reserve.is_zero() {
            let reserve = fixed_point::add(self.reserve.get(), payment.split.reserve.word())?;
            self.reserve.set(reserve);
        }
        events::payment(self.vm(), loan, self.vm().msg_sender(), &payment);
        if closed {
            events::loan_closed(self.vm(), loan);
        }

        self.distribute(&payment, stack.curator)?;
        if closed {
            let (caliber, receipts) = (ICaliber::new(self.caliber.get()), self.loans.receipts(loan_id, &state));
            caliber.release(&mut *self, receipts, loan).map_err(revert_data)?;
        }
        Ok(payment.total()?.word())
    }

    /// Moves every part of a payment from the caller to where it belongs, then tells the vault. Each part is pulled directly, so what is
    /// not FiLo's never passes through it.
    fn distribute(&mut self, payment: &Payment, curator: Address) -> Result<(), FiloError> {
        let (vault, to_vault) = (self.susdai.get(), payment.to_vault()?);
        self.pull(vault, to_vault)?;
        self.pull(curator, payment.split.servicing)?;
        self.pull(self.treasury.get(), payment.split.protocol)?;
        let kept = payment.to_stack()?.plus(payment.split.reserve)?;
        self.pull(self.vm().contract_address(), kept)?;
        let (old_rate, new_rate) = payment.rates;
        if to_vault.is_zero() && old_rate == new_rate && payment.accrual.is_zero() {
            // The last wei of a loan can be all junior.
            return Ok(());
        }
        let (principal, interest) = (payment.senior_principal.word(), payment.split.senior.word());
        Ok(IVaultBook::new(vault)
            .repay_loan(&mut *self, principal, interest, payment.accrual, old_rate, new_rate)
            .map_err(revert_data)?)
    }

    /// Pulls USDai from the caller to `to`.
    pub(super) fn pull(&mut self, to: Address, assets: Amount) -> Result<(), FiloError> {
        if assets.is_zero() {
            return Ok(());
        }
        let (usdai, caller) = (self.usdai()?, self.vm().msg_sender());
        Ok(erc20::safe_transfer_from(self, usdai, caller, to, assets.word())?)
    }
}

//! What curators do: open a stack, stand in front with capital, offer loans.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use fixed_point::Bps;
use interfaces::{erc20, ids::role};
use stylus_sdk::prelude::*;

use super::{bps, next, FiloStacks, MAX_RECEIPTS};
use crate::{
    amount::Amount,
    balance::Balance,
    errors::{in_range, non_zero, LoanOverdue},
    events,
    loan::{Loan, Status},
    stack::{Stack, MAX_FEE_BPS, MAX_FIRST_LOSS_BPS, MAX_LTV_BPS, MAX_SPREAD_BPS, MIN_FIRST_LOSS_BPS},
    terms::{Fees, Terms, LAST_SECOND, MAX_PERIODS, MAX_PRINCIPAL, MAX_RATE, MIN_PRINCIPAL},
    FiloError,
};

impl FiloStacks {
    /// Opens a stack, whose curator is the caller, and returns its id, counted from 1. First loss 10 % to 90 %, LTV at most 70 %, servicing
    /// fee at most 10 %, junior spread at most 30 %; a hardware class of zero allows any.
    ///
    /// # Errors
    /// `Unauthorized` without the role CURATOR; `OutOfRange`.
    pub fn open_stack(
        &mut self,
        first_loss_bps: U256,
        max_ltv_bps: U256,
        senior_cap: U256,
        servicing_fee_bps: U256,
        junior_spread_bps: U256,
        hardware_class: B256,
    ) -> Result<U256, FiloError> {
        let curator = self.require_role(role::CURATOR)?;
        in_range("seniorCap", &senior_cap, 1, u128::MAX)?;
        let stack = Stack {
            curator,
            first_loss: bps("firstLossBps", &first_loss_bps, MIN_FIRST_LOSS_BPS, MAX_FIRST_LOSS_BPS)?,
            max_ltv: bps("maxLtvBps", &max_ltv_bps, 1, MAX_LTV_BPS)?,
            servicing: bps("servicingFeeBps", &servicing_fee_bps, 0, MAX_FEE_BPS)?,
            spread: bps("juniorSpreadBps", &junior_spread_bps, 0, MAX_SPREAD_BPS)?,
            senior_cap: Amount(senior_cap.to()),
            hardware_class,
            ..Stack::default()
        };
        let stack_id = next(&mut self.last_stack);
        self.stacks.write(stack_id, &stack);
        self.stacks.set_class(stack_id, hardware_class);
        events::stack_opened(self.vm(), stack_id, &stack);
        Ok(U256::from(stack_id))
    }

    /// Pays in first-loss capital, pulled from the stack's curator.
    ///
    /// # Errors
    /// `OutOfRange` for nothing or more than 2^128 − 1; `UnknownStack`; `OnlyCurator`; `NotWired`; what USDai reverts with.
    pub fn deposit_junior(&mut self, stack: U256, assets: U256) -> Result<(), FiloError> {
        in_range("assets", &assets, 1, u128::MAX)?;
        let (stack_id, mut state) = self.curated(stack)?;
        state.deposit(Amount(assets.to()))?;
        self.stacks.write(stack_id, &state);
        events::junior_deposited(self.vm(), stack, assets);
        self.pull(self.vm().contract_address(), Amount(assets.to()))
    }

    /// Gives first-loss capital that is not lent to `receiver`, while no loan of the stack is overdue. Walks the stack's live loans, at
    /// most 64.
    ///
    /// # Errors
    /// `OutOfRange` for nothing or more than 2^128 − 1; `ZeroValue` for a zero receiver; `UnknownStack`; `OnlyCurator`;
    /// `InsufficientJunior`; `LoanOverdue`; `NotWired`.
    pub fn withdraw_junior(&mut self, stack: U256, assets: U256, receiver: Address) -> Result<(), FiloError> {
        in_range("assets", &assets, 1, u128::MAX)?;
        non_zero("receiver", receiver.as_slice())?;
        let (stack_id, mut state) = self.curated(stack)?;
        state.withdraw(stack_id, Amount(assets.to()))?;
        let (now, period) = (self.now(), self.period_seconds());
        for position in 0..state.live {
            let loan_id = self.stacks.live_loan(stack_id, position);
            let due = self.loans.read(loan_id).next_due(period)?;
            if due < now {
                return Err(LoanOverdue {
                    loan: U256::from(loan_id),
                    due: U256::from(due),
                }
                .into());
            }
        }
        self.stacks.write(stack_id, &state);
        events::junior_withdrawn(self.vm(), stack, receiver, assets);
        let usdai = self.usdai()?;
        Ok(erc20::safe_transfer(self, usdai, receiver, assets)?)
    }

    /// Offers a loan to `borrower` until `expiry`, and returns its id, counted from 1. The fees of this moment hold for the loan's life.
    /// Nothing is checked of the receipts but their class: they are pledged, and valued, when the loan is drawn.
    ///
    /// # Errors
    /// `ZeroValue` for a zero borrower; `OutOfRange` for 0 or more than 32 receipts or an id beyond 2^64 − 1, a principal outside 1 USDai
    /// to 2^96 − 1 wei, a rate outside 1 wei to 100 %, 0 or more than 120 periods, an expiry that is past or beyond 2^48 − 1;
    /// `UnknownStack`; `OnlyCurator`; `Unauthorized` if the curator has lost the role CURATOR; `WrongHardwareClass`; `NotWired`.
    pub fn offer(
        &mut self,
        stack: U256,
        borrower: Address,
        receipts: Vec<U256>,
        principal: U256,
        rate: U256,
        periods: U256,
        level_payment: bool,
        expiry: U256,
    ) -> Result<U256, FiloError> {
        non_zero("borrower", borrower.as_slice())?;
        in_range("receipts", &U256::from(receipts.len()), 1, MAX_RECEIPTS)?;
        in_range("principal", &principal, MIN_PRINCIPAL, MAX_PRINCIPAL)?;
        in_range("rate", &rate, 1, MAX_RATE)?;
        in_range("periods", &periods, 1, MAX_PERIODS.into())?;
        in_range("expiry", &expiry, self.now().into(), LAST_SECOND)?;
        let (stack_id, state) = self.curated(stack)?;
        self.require_role(role::CURATOR)?;
        self.check_receipts(&receipts, state.hardware_class)?;

        let loan = Loan {
            status: Status::Offered,
            borrower,
            stack: stack_id,
            receipts: receipts.len().try_into().unwrap_or_default(),
            position: 0,
            terms: Terms {
                principal: Amount(principal.to()),
                rate: rate.to(),
                periods: periods.to(),
                level: level_payment,
                fees: Fees {
                    servicing: state.servicing,
                    protocol: Bps::new(self.protocol_fee_bps.get().to())?,
                    reserve: Bps::new(self.reserve_bps.get().to())?,
                    spread: state.spread,
                },
                expiry: expiry.to(),
            },
            drawn_at: 0,
            balance: Balance::default(),
            instalment: Amount::ZERO,
            planned: Amount::ZERO,
            paid: 0,
        };
        let loan_id = next(&mut self.last_loan);
        self.loans.write_head(loan_id, &loan);
        self.loans.write_state(loan_id, &loan);
        for (index, receipt) in (0..loan.receipts).zip(&receipts) {
            self.loans.set_receipt(loan_id, index, receipt.to());
        }
        events::loan_offered(self.vm(), loan_id, &loan, &receipts);
        Ok(U256::from(loan_id))
    }

    /// Takes an offer back.
    ///
    /// # Errors
    /// `UnknownLoan`; `OnlyCurator`; `WrongStatus` unless it is on offer.
    pub fn cancel_offer(&mut self, loan: U256) -> Result<(), FiloError> {
        let (loan_id, mut state) = self.existing_as(Status::Offered, loan)?;
        self.curated(U256::from(state.stack))?;
        state.status = Status::Cancelled;
        self.loans.write_head(loan_id, &state);
        events::offer_cancelled(self.vm(), loan);
        Ok(())
    }
}

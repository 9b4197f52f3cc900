//! Storage and external functions: load, call the logic, commit, emit, call out last.

#![allow(
    deprecated,
    reason = "what `sol_interface!` generates returns the SDK's older error type and goes through its older call"
)]
#![allow(
    clippy::must_use_candidate,
    reason = "external functions are called through the ABI, where nothing is dropped by mistake"
)]
#![allow(
    clippy::too_many_arguments,
    clippy::type_complexity,
    reason = "structs in external signatures get wrong selectors from the SDK"
)]

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256, U64};
use fixed_point::{Bps, Rounding};
use interfaces::{
    authority::{self, revert_data},
    calls::{ICaliber, IVaultBook},
    erc20,
    ids::{address, role},
};
use stylus_sdk::{
    prelude::*,
    storage::{StorageAddress, StorageU256, StorageU64},
};

use crate::{
    amount::Amount,
    balance::{Balance, Payment},
    errors::{
        in_range, non_zero, InsufficientCover, LoanOverdue, LtvExceeded, NotWired, OfferExpired, OnlyBorrower, OnlyCurator, UnknownLoan,
        UnknownStack, WrongHardwareClass, WrongStatus,
    },
    events,
    loan::{Loan, Status},
    stack::{Stack, MAX_FEE_BPS, MAX_FIRST_LOSS_BPS, MAX_LTV_BPS, MAX_SPREAD_BPS, MIN_FIRST_LOSS_BPS},
    storage::{Loans, Stacks},
    terms::{Fees, Terms, LAST_SECOND, MAX_PERIODS, MAX_PERIOD_SECONDS, MAX_PRINCIPAL, MAX_RATE, MIN_PRINCIPAL},
    FiloError,
};

/// Most receipts that one loan can have: they are pledged and released in one call.
const MAX_RECEIPTS: u128 = 32;

/// The deployed contract.
#[storage]
pub struct FiloStacks {
    // An address and a number share a slot.
    router: StorageAddress,
    period: StorageU64,
    usdai: StorageAddress,
    last_stack: StorageU64,
    susdai: StorageAddress,
    last_loan: StorageU64,
    caliber: StorageAddress,
    protocol_fee_bps: StorageU64,
    treasury: StorageAddress,
    reserve_bps: StorageU64,
    reserve: StorageU256,
    stacks: Stacks,
    loans: Loans,
}

// SAFETY: it is the storage of the deployed contract, always at slot zero.
unsafe impl TopLevelStorage for FiloStacks {}

/// External functions. Amounts in USDai, ratios in basis points, rates in WAD per year, times in Unix seconds.
impl FiloStacks {
    /// Sets the authority and the length of a period: 2,592,000 (30 days) on real deployments, less where time cannot be moved and a
    /// year has to fit into a demonstration. Interest is always counted by the second of a real year.
    ///
    /// # Errors
    /// `ZeroValue` for a zero router; `OutOfRange` for a period of nothing or more than 366 days.
    pub fn constructor(&mut self, router: Address, period_seconds: U256) -> Result<(), FiloError> {
        non_zero("router", &router)?;
        in_range("periodSeconds", &period_seconds, 1, MAX_PERIOD_SECONDS)?;
        self.router.set(router);
        self.period.set(period_seconds.to());
        Ok(())
    }

    /// Copies USDai, the vault, CALIBER and the treasury from the router's address book; anybody may, the router is the authority.
    ///
    /// # Errors
    /// `AddressNotSet` from the router's books.
    pub fn wire(&mut self) -> Result<(), FiloError> {
        let mut addresses = [Address::ZERO; 4];
        for (slot, id) in addresses
            .iter_mut()
            .zip([address::USDAI, address::SUSDAI, address::CALIBER, address::TREASURY])
        {
            *slot = authority::address_of(self, self.router.get(), id)?;
        }
        let [usdai, susdai, caliber, treasury] = addresses;
        self.usdai.set(usdai);
        self.susdai.set(susdai);
        self.caliber.set(caliber);
        self.treasury.set(treasury);
        events::wired(self.vm(), addresses);
        Ok(())
    }

    /// Sets the treasury's and the reserve's part of the interest of loans offered from now on, each at most 10 %.
    ///
    /// # Errors
    /// `Unauthorized` without the role ADMIN; `OutOfRange`.
    pub fn set_fees(&mut self, protocol_fee_bps: U256, reserve_bps: U256) -> Result<(), FiloError> {
        self.require_role(role::ADMIN)?;
        in_range("protocolFeeBps", &protocol_fee_bps, 0, MAX_FEE_BPS)?;
        in_range("reserveBps", &reserve_bps, 0, MAX_FEE_BPS)?;
        self.protocol_fee_bps.set(protocol_fee_bps.to());
        self.reserve_bps.set(reserve_bps.to());
        events::parameters_set(self.vm(), protocol_fee_bps, reserve_bps);
        Ok(())
    }

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
        non_zero("receiver", &receiver)?;
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
        non_zero("borrower", &borrower)?;
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

    /// Draws the loan to `receiver`: the receipts are pledged, the stack pays its first-loss part and the vault the rest.
    ///
    /// # Errors
    /// `ZeroValue` for a zero receiver; `UnknownLoan`; `WrongStatus`; `OnlyBorrower`; `OfferExpired`; `TooManyLoans`;
    /// `InsufficientJunior`; `SeniorCapExceeded`; what CALIBER refuses (a receipt that is not the borrower's, is pledged, or has a stale
    /// appraisal); `LtvExceeded`; `InsufficientCover` unless the receipts are insured until the first instalment is due; what the vault
    /// refuses; `NotWired`.
    pub fn draw(&mut self, loan: U256, receiver: Address) -> Result<(), FiloError> {
        non_zero("receiver", &receiver)?;
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

    /// A stack.
    ///
    /// # Errors
    /// `UnknownStack`.
    pub fn stack(&self, stack: U256) -> Result<Stack, FiloError> {
        Ok(self.known(stack)?.1)
    }

    /// A loan, and when its next payment is due (0 unless it is live).
    ///
    /// # Errors
    /// `UnknownLoan`.
    pub fn loan(&self, loan: U256) -> Result<(Loan, u64), FiloError> {
        let loan = self.existing(loan)?.1;
        Ok((loan, loan.next_due(self.period_seconds())?))
    }

    /// The next payment: when it is due, the interest owed by then (by now if it is overdue), and the principal that brings the loan down
    /// to its plan. Zeros unless the loan is live.
    ///
    /// # Errors
    /// `UnknownLoan`.
    pub fn instalment(&self, loan: U256) -> Result<(u64, Amount, Amount), FiloError> {
        let (_, loan) = self.existing(loan)?;
        Ok(loan.payment_due(self.now(), self.period_seconds())?)
    }

    /// All that is owed at `at`: to the wei what `pay` at that second takes at most, if nobody pays before. 0 unless the loan is live.
    ///
    /// # Errors
    /// `UnknownLoan`; `OutOfRange` before the last payment or beyond 2^48 − 1.
    pub fn payoff(&self, loan: U256, at: U256) -> Result<Amount, FiloError> {
        let (_, loan) = self.existing(loan)?;
        in_range("at", &at, loan.balance.touched.into(), LAST_SECOND)?;
        Ok(loan.payoff(at.to())?)
    }

    /// Instalment `number` (from 1) of the plan as agreed, whatever has been paid: when it is due (0 before the draw), interest, principal,
    /// and what it leaves outstanding.
    ///
    /// # Errors
    /// `UnknownLoan`; `OutOfRange` beyond the loan's periods.
    pub fn schedule(&self, loan: U256, number: U256) -> Result<(u64, Amount, Amount, Amount), FiloError> {
        let ((_, loan), period) = (self.existing(loan)?, self.period_seconds());
        in_range("number", &number, 1, loan.terms.periods.into())?;
        let number = number.to();
        let due = if loan.drawn_at == 0 { 0 } else { loan.due(number, period)? };
        let (interest, principal, outstanding) = loan.schedule(number, period)?;
        Ok((due, interest, principal, outstanding))
    }

    /// The receipts that secure a loan.
    ///
    /// # Errors
    /// `UnknownLoan`.
    pub fn receipts_of(&self, loan: U256) -> Result<Vec<U256>, FiloError> {
        let (loan_id, loan) = self.existing(loan)?;
        Ok(self.loans.receipts(loan_id, &loan))
    }

    /// A stack's junior capital that is not lent.
    ///
    /// # Errors
    /// `UnknownStack`.
    pub fn junior_cash(&self, stack: U256) -> Result<Amount, FiloError> {
        Ok(self.known(stack)?.1.junior_cash)
    }

    /// The insurance reserve of all stacks.
    pub fn reserve(&self) -> U256 {
        self.reserve.get()
    }

    /// The length of a period in seconds, the treasury's and the reserve's part of the interest of new loans.
    pub fn parameters(&self) -> [u64; 3] {
        [&self.period, &self.protocol_fee_bps, &self.reserve_bps].map(|number| number.get().to())
    }
}

fn bps(parameter: &str, value: &U256, minimum: u128, maximum: u128) -> Result<Bps, FiloError> {
    in_range(parameter, value, minimum, maximum)?;
    Ok(Bps::new(value.to())?)
}

/// The next id of a counter.
fn next(counter: &mut StorageU64) -> u64 {
    // 2^56 ids, as many as a loan has room for in its stack's, outlast any chain.
    let id = counter.get().to::<u64>().saturating_add(1);
    counter.set(U64::from(id));
    id
}

impl FiloStacks {
    /// The caller, if it has `role`.
    fn require_role(&self, role: B256) -> Result<Address, FiloError> {
        let caller = self.vm().msg_sender();
        authority::require_role(self, self.router.get(), role, caller)?;
        Ok(caller)
    }

    /// A stack and its id, checked.
    fn known(&self, stack: U256) -> Result<(u64, Stack), FiloError> {
        let id = u64::try_from(stack).unwrap_or_default();
        let found = self.stacks.read(id);
        if found.curator.is_zero() {
            return Err(UnknownStack { stack }.into());
        }
        Ok((id, found))
    }

    /// The stack, if the caller is its curator.
    fn curated(&self, stack: U256) -> Result<(u64, Stack), FiloError> {
        let (found, caller) = (self.known(stack)?, self.vm().msg_sender());
        if found.1.curator != caller {
            return Err(OnlyCurator { caller, stack }.into());
        }
        Ok(found)
    }

    /// A loan and its id, checked.
    fn existing(&self, loan: U256) -> Result<(u64, Loan), FiloError> {
        let id = u64::try_from(loan).unwrap_or_default();
        let found = self.loans.read(id);
        if found.status == Status::None {
            return Err(UnknownLoan { loan }.into());
        }
        Ok((id, found))
    }

    /// A loan of a status and its id.
    fn existing_as(&self, status: Status, loan: U256) -> Result<(u64, Loan), FiloError> {
        let found = self.existing(loan)?;
        if found.1.status != status {
            let status = U256::from(found.1.status as u8);
            return Err(WrongStatus { loan, status }.into());
        }
        Ok(found)
    }

    /// Ids that can be stored, of the class that the stack allows.
    fn check_receipts(&self, receipts: &[U256], hardware_class: B256) -> Result<(), FiloError> {
        self.usdai()?;
        let caliber = ICaliber::new(self.caliber.get());
        for receipt in receipts {
            in_range("receipt", receipt, 1, u64::MAX.into())?;
            if !hardware_class.is_zero() && caliber.class_of(self, *receipt).map_err(revert_data)? != hardware_class {
                return Err(WrongHardwareClass {
                    receipt: *receipt,
                    hardwareClass: hardware_class,
                }
                .into());
            }
        }
        Ok(())
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
    fn pull(&mut self, to: Address, assets: Amount) -> Result<(), FiloError> {
        if assets.is_zero() {
            return Ok(());
        }
        let (usdai, caller) = (self.usdai()?, self.vm().msg_sender());
        Ok(erc20::safe_transfer_from(self, usdai, caller, to, assets.word())?)
    }

    /// USDai; wired means that all four addresses are.
    fn usdai(&self) -> Result<Address, FiloError> {
        let usdai = self.usdai.get();
        if usdai.is_zero() {
            return Err(NotWired {}.into());
        }
        Ok(usdai)
    }

    fn period_seconds(&self) -> u64 {
        self.period.get().to()
    }

    #[cfg(not(test))]
    fn now(&self) -> u64 {
        self.vm().block_timestamp()
    }

    /// motsu's clock stands still; the tests' own does not.
    #[cfg(test)]
    fn now(&self) -> u64 {
        tests::clock()
    }
}

#[cfg(test)]
#[path = "shell_tests.rs"]
pub(crate) mod tests;

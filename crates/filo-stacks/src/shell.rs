//! Storage and external functions: load, call the logic, commit, emit, call out last.

#![allow(
    clippy::must_use_candidate,
    reason = "external functions are called through the ABI, where nothing is dropped by mistake"
)]
#![allow(clippy::too_many_arguments, reason = "integrators pass and get words, not structs")]

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use fixed_point::Bps;
use interfaces::{
    authority,
    calls::{ICaliber, IFiloDues, IFiloLoans, IFiloOrigination, IFiloPayments, IVaultBook},
    ids::{address, role, Id},
    views::IFiloViews,
};
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    amount::{low, low_half, lowest, word, Amount, Small},
    dues::Dues,
    errors::{
        in_range, non_zero, LoanOverdue, NotWired, OnlyCurator, OnlyDefaults, OnlyOrigination, UnknownLoan, UnknownStack, WrongStatus,
    },
    events::{
        JuniorDeposited, JuniorWithdrawn, LimitSet, LoanClosed, LoanCured, LoanDrawn, LoanLiquidated, LoanMarked, MarginCalled,
        ParametersSet, Payment, ReceiptsAdded, ReceiptsSold, StackOpened, Wired,
    },
    loan::{day, Loan, Status},
    stack::{Stack, MAX_FEE_BPS},
    storage::{Clock, Exposures, Loans, Seat, Seats, Stacks},
    terms::{Fees, Terms, MAX_PERIOD_SECONDS},
    FiloError,
};

/// Most receipts that one loan can have: they are pledged and released in one call.
const MAX_RECEIPTS: u128 = 32;

mod curating;
mod distress;
mod exposure;
mod lending;
mod originating;
mod views;

/// The deployed contract.
#[storage]
pub struct FiloStacks {
    seats: Seats,
    stacks: Stacks,
    loans: Loans,
    dues: Dues,
    exposures: Exposures,
}

// SAFETY: it is the storage of the deployed contract, always at slot zero.
unsafe impl TopLevelStorage for FiloStacks {}

/// A stack for integrators.
type StackWords = (Address, Small, Small, Small, Small, Amount, Amount, Amount, Amount, Small, B256);
/// A loan for integrators.
type LoanWords = (
    Small,
    Address,
    Small,
    Amount,
    Amount,
    Amount,
    Small,
    Small,
    Small,
    Small,
    Small,
    Amount,
    bool,
);
/// A loan's standing.
type StandingWords = (Small, Amount, Small, Small, Small, Small, Amount, Amount);

/// FiLo stacks. Amounts in USDai, ratios in basis points, rates in WAD per year, times in Unix seconds.
#[lean_abi::contract(
    errors(FiloError),
    events(
        StackOpened,
        JuniorDeposited,
        JuniorWithdrawn,
        LoanDrawn,
        ReceiptsAdded,
        Payment,
        LoanCured,
        LoanClosed,
        LoanMarked,
        MarginCalled,
        ReceiptsSold,
        LoanLiquidated,
        ParametersSet,
        LimitSet,
        Wired
    ),
    interfaces(IFiloLoans, IFiloDues, IFiloOrigination, IFiloPayments, IFiloViews)
)]
impl FiloStacks {
    /// Sets the authority and the length of a period: 2,592,000 (30 days) on real deployments, less where time cannot be moved and a
    /// year has to fit into a demonstration. Interest is always counted by the second of a real year.
    ///
    /// # Errors
    /// `ZeroValue` for a zero router; `OutOfRange` for a period of nothing or more than 366 days.
    #[constructor]
    pub fn constructor(&mut self, router: Address, period_seconds: U256) -> Result<(), FiloError> {
        non_zero("router", router.as_slice())?;
        in_range("periodSeconds", &period_seconds, 1, MAX_PERIOD_SECONDS)?;
        let period = low(&period_seconds);
        self.seats.set_address(Seat::Router, router);
        let first_day = self.now() / day(period);
        self.seats.set_clock(Clock { period, first_day });
        Ok(())
    }

    /// Copies USDai, the vault, CALIBER, the treasury, the contracts of defaults and of origination from the router's address book; anybody
    /// may, the router is the authority.
    ///
    /// # Errors
    /// `AddressNotSet` from the router's books.
    pub fn wire(&mut self) -> Result<(), FiloError> {
        let mut addresses = [Address::ZERO; 6];
        for (found, (seat, id)) in addresses.iter_mut().zip([
            (Seat::Usdai, address::USDAI),
            (Seat::Susdai, address::SUSDAI),
            (Seat::Caliber, address::CALIBER),
            (Seat::Treasury, address::TREASURY),
            (Seat::Defaults, address::DEFAULTS),
            (Seat::Origination, address::ORIGINATION),
        ]) {
            *found = authority::address_of(self, self.seats.address(Seat::Router), id)?;
            self.seats.set_address(seat, *found);
        }
        let [usdai, susdai, caliber, treasury, defaults, origination] = addresses;
        Wired {
            usdai,
            susdai,
            caliber,
            treasury,
            defaults,
            origination,
        }
        .emit(self.vm());
        Ok(())
    }

    /// Sets the treasury's and the reserve's part of the interest of loans drawn from now on, each at most 10 %.
    ///
    /// # Errors
    /// `Unauthorized` without the role ADMIN; `OutOfRange`.
    pub fn set_fees(&mut self, protocol_fee_bps: U256, reserve_bps: U256) -> Result<(), FiloError> {
        self.require_role(role::ADMIN)?;
        in_range("protocolFeeBps", &protocol_fee_bps, 0, MAX_FEE_BPS)?;
        in_range("reserveBps", &reserve_bps, 0, MAX_FEE_BPS)?;
        self.seats.set_number(Seat::Caliber, low(&protocol_fee_bps));
        self.seats.set_number(Seat::Treasury, low(&reserve_bps));
        ParametersSet {
            protocolFeeBps: protocol_fee_bps,
            reserveBps: reserve_bps,
        }
        .emit(self.vm());
        Ok(())
    }

    /// Sets the most principal, as drawn, of open loans to a borrower (kind 0), of a curator's stacks (1) or against a hardware class (2); 0
    /// is no limit. What is out already is counted, and stays out. `subject` is an address, left-padded, or a class.
    ///
    /// # Errors
    /// `Unauthorized` without the role ADMIN; `OutOfRange`.
    pub fn set_limit(&mut self, kind: U256, subject: B256, limit: U256) -> Result<(), FiloError> {
        exposure::set_limit(self, kind, subject, limit)
    }

    /// Opens a stack, whose curator is the caller, and returns its id, counted from 1. First loss 10 % to 90 %, LTV at most 70 %, margin
    /// trigger from that LTV to 95 %, servicing fee at most 10 %, junior spread at most 30 %; a hardware class of zero allows any.
    ///
    /// # Errors
    /// `Unauthorized` without the role CURATOR; `OutOfRange`.
    #[returns(stack)]
    pub fn open_stack(
        &mut self,
        first_loss_bps: U256,
        max_ltv_bps: U256,
        margin_trigger_bps: U256,
        senior_cap: U256,
        servicing_fee_bps: U256,
        junior_spread_bps: U256,
        hardware_class: B256,
    ) -> Result<U256, FiloError> {
        curating::open_stack(
            self,
            first_loss_bps,
            max_ltv_bps,
            margin_trigger_bps,
            senior_cap,
            servicing_fee_bps,
            junior_spread_bps,
            hardware_class,
        )
    }

    /// Pays in first-loss capital, pulled from the stack's curator.
    ///
    /// # Errors
    /// `OutOfRange` for nothing or more than 2^128 − 1; `UnknownStack`; `OnlyCurator`; `NotWired`; what USDai reverts with.
    pub fn deposit_junior(&mut self, stack: U256, assets: U256) -> Result<(), FiloError> {
        curating::deposit_junior(self, stack, assets)
    }

    /// Gives first-loss capital that is not lent to `receiver`, while no loan of the stack is late, called or in default, and as far as the
    /// first-loss ratio holds. An overdue loan anywhere has to be marked first.
    ///
    /// # Errors
    /// `OutOfRange` for nothing or more than 2^128 − 1; `ZeroValue` for a zero receiver; `UnknownStack`; `OnlyCurator`;
    /// `StackInTrouble`; `InsufficientJunior`; `LoanOverdue`; `NotWired`.
    pub fn withdraw_junior(&mut self, stack: U256, assets: U256, receiver: Address) -> Result<(), FiloError> {
        curating::withdraw_junior(self, stack, assets, receiver)
    }

    /// For the contract of origination, which has checked what is agreed and that both sides did: lends to `receiver`. The receipts are
    /// pledged, the stack pays its first-loss part and the vault the rest. In place of the loan `replaces` (0: of none) that one is paid off
    /// with it: the borrower's allowance pays what is missing, `receiver` gets what is left, and the receipts, which must be that loan's, pass
    /// from one to the other. Returns the loan's id, counted from 1. The fees of this moment hold for the loan's life. An overdue loan
    /// anywhere, but the one that is replaced, has to be marked first.
    ///
    /// # Errors
    /// `OnlyOrigination`; `UnknownStack`; `LoanOverdue`; `StackInTrouble`; `InsufficientJunior`; `SeniorCapExceeded`; `LimitExceeded`; what CALIBER
    /// refuses (a receipt that is not the borrower's, is pledged, or has a stale appraisal); `LtvExceeded`; `InsufficientCover` unless the
    /// receipts are insured until the first instalment is due; what the vault refuses; `UnknownLoan`, `WrongStatus` for what is replaced and
    /// what USDai refuses when it is paid.
    #[returns(loan)]
    pub fn originate(
        &mut self,
        replaces: U256,
        borrower: Address,
        receiver: Address,
        stack: U256,
        receipts: Vec<U256>,
        hardware_class: B256,
        principal: U256,
        rate: U256,
        periods: U256,
        level_payment: bool,
        grace_seconds: U256,
        late_fee_bps: U256,
        instalment: U256,
    ) -> Result<U256, FiloError> {
        self.require_seat(Seat::Origination)?;
        let terms = Terms {
            principal: low_half(&principal),
            rate: low(&rate),
            periods: periods.byte(0),
            level: level_payment,
            fees: Fees::default(),
            grace: lowest(&grace_seconds),
            late_fee: ratio(low(&late_fee_bps))?,
        };
        originating::originate(
            self,
            replaces,
            borrower,
            receiver,
            stack,
            receipts,
            hardware_class,
            terms,
            low_half(&instalment),
        )
    }

    /// For the contract of origination: pledges further receipts of `owner`, the borrower, for a loan that performs or is late.
    ///
    /// # Errors
    /// `OnlyOrigination`; `UnknownLoan`; `WrongStatus`; `OnlyBorrower`; `OutOfRange` for more than 32 receipts of a loan; what CALIBER
    /// refuses.
    pub fn add_receipts(&mut self, loan: U256, receipts: Vec<U256>, owner: Address) -> Result<(), FiloError> {
        self.require_seat(Seat::Origination)?;
        originating::add_receipts(self, loan, receipts, owner)
    }

    /// Pays on a loan for its borrower, at most `max_amount` and at most what is owed: late fees, interest, then principal; in default in
    /// the absolute order. USDai are pulled from the caller straight to those they belong to. Returns what was paid. A late loan that has
    /// caught up is cured; when nothing is owed, the loan is closed and the receipts are free.
    ///
    /// # Errors
    /// `OutOfRange` for nothing; `UnknownLoan`; `WrongStatus` if nothing is owed; what USDai reverts with; `NotWired`.
    #[returns(paid)]
    pub fn pay(&mut self, loan: U256, max_amount: U256) -> Result<U256, FiloError> {
        lending::pay(self, loan, max_amount)
    }

    /// A stack.
    ///
    /// # Errors
    /// `UnknownStack`.
    #[returns(
        curator,
        first_loss_bps,
        max_ltv_bps,
        servicing_fee_bps,
        junior_spread_bps,
        senior_cap,
        senior,
        junior_cash,
        junior_lent,
        live_loans,
        hardware_class
    )]
    pub fn stack(&self, stack: U256) -> Result<StackWords, FiloError> {
        views::stack(self, stack)
    }

    /// A loan. Status: 1 live, 2 late, 3 in default, 4 closed, 5 liquidated. `next_due` is 0 unless money is owed. `instalment` is the level
    /// payment, or the straight line's part of principal.
    ///
    /// # Errors
    /// `UnknownLoan`.
    #[returns(
        status,
        borrower,
        stack,
        principal,
        outstanding,
        senior,
        rate,
        periods,
        periods_paid,
        next_due,
        drawn_at,
        instalment,
        level_payment
    )]
    pub fn loan(&self, loan: U256) -> Result<LoanWords, FiloError> {
        views::loan(self, loan)
    }

    /// The next payment: when it is due, the interest owed by then (by now if it is overdue), the principal that brings the loan down
    /// to its plan, and late fees. Zeros unless money is owed.
    ///
    /// # Errors
    /// `UnknownLoan`.
    #[returns(due, interest, principal, late_fee)]
    pub fn instalment(&self, loan: U256) -> Result<(Small, Amount, Amount, Amount), FiloError> {
        views::instalment(self, loan)
    }

    /// All that is owed at `time` (seconds): to the wei what `pay` at that second takes at most, if nobody pays before. 0 unless money
    /// is owed.
    ///
    /// # Errors
    /// `UnknownLoan`; `OutOfRange` before the last payment or beyond 2^48 − 1.
    #[returns(amount)]
    pub fn payoff(&self, loan: U256, time: U256) -> Result<Amount, FiloError> {
        views::payoff(self, loan, time)
    }

    /// Instalment `number` (from 1) of the plan as agreed, whatever has been paid: when it is due, interest, principal, and what it
    /// leaves outstanding.
    ///
    /// # Errors
    /// `UnknownLoan`; `OutOfRange` beyond the loan's periods.
    #[returns(due, interest, principal, outstanding)]
    pub fn schedule(&self, loan: U256, number: U256) -> Result<(Small, Amount, Amount, Amount), FiloError> {
        views::schedule(self, loan, number)
    }

    /// The receipts that secure a loan; of one that is closed, those that were freed with it (CALIBER says what a receipt secures now).
    ///
    /// # Errors
    /// `UnknownLoan`.
    #[returns(receipts)]
    pub fn receipts_of(&self, loan: U256) -> Result<Vec<U256>, FiloError> {
        let (loan_id, loan) = self.existing(loan)?;
        Ok(self.loans.receipts(loan_id, &loan))
    }

    /// The last second at which the earliest payment of all performing loans is on time, and one of the loans of which it is: one that is
    /// overdue is overdue here until somebody marks it. Zeros if no loan performs.
    ///
    /// # Errors
    /// Never for times that fit in storage.
    #[returns(due, loan)]
    pub fn earliest_due(&self) -> Result<(Small, Small), FiloError> {
        views::earliest_due(self)
    }

    /// A loan's standing: status as in `loan`, what is outstanding, the stack's margin trigger, the last second at which the next payment
    /// is on time, the last one of its grace, until when a margin call can be met and with how much outstanding (zeros: no call), and the
    /// expected senior loss that the vault holds against it.
    ///
    /// # Errors
    /// `UnknownLoan`.
    #[returns(status, outstanding, trigger_bps, late_after, grace_until, call_deadline, cure_below, impairment)]
    pub fn standing(&self, loan: U256) -> Result<StandingWords, FiloError> {
        views::standing(self, loan)
    }

    /// For the contract of defaults: marks a loan late or in default, or again, with what its receipts are expected to bring. The vault
    /// stops accruing it and holds the senior loss that is expected against it: what neither they, nor the stack's junior capital, nor
    /// the reserve would cover of its principal and of what the stack owes out of the loan's junior part.
    ///
    /// # Errors
    /// `OnlyDefaults`; `UnknownLoan`; `WrongStatus` if nothing is owed.
    pub fn mark(&mut self, loan: U256, recoverable: U256, in_default: bool) -> Result<(), FiloError> {
        distress::mark(self, loan, recoverable, in_default)
    }

    /// For the contract of defaults: opens a margin call, or withdraws it with zeros.
    ///
    /// # Errors
    /// `OnlyDefaults`; `UnknownLoan`; `WrongStatus` if nothing is owed.
    pub fn set_call(&mut self, loan: U256, deadline: U256, cure_below: U256) -> Result<(), FiloError> {
        distress::set_call(self, loan, deadline, cure_below)
    }

    /// For the contract of defaults: sells receipts of a loan in default to `buyer`, who pays `price` out of its allowance here: `costs` of
    /// it to the treasury, what is owed in the absolute order, a surplus to the borrower. The receipts go to `receiver`. When the last is
    /// sold, what is still owed is lost in the order of PROTOCOL 6. Returns whether the loan is over.
    ///
    /// # Errors
    /// `OnlyDefaults`; `UnknownLoan`; `WrongStatus` unless in default; `UnknownReceipt`; what USDai and CALIBER refuse.
    #[returns(done)]
    pub fn sell(
        &mut self,
        loan: U256,
        receipts: Vec<U256>,
        buyer: Address,
        receiver: Address,
        price: U256,
        costs: U256,
    ) -> Result<bool, FiloError> {
        distress::sell(self, loan, receipts, buyer, receiver, price, costs)
    }

    /// A stack's junior capital that is not lent.
    ///
    /// # Errors
    /// `UnknownStack`.
    pub fn junior_cash(&self, stack: U256) -> Result<Amount, FiloError> {
        Ok(self.known(stack)?.1.junior_cash)
    }

    /// The insurance reserve of all stacks.
    pub fn reserve(&self) -> Amount {
        self.seats.reserve().0
    }

    /// Principal, as drawn, of the open loans of a subject of limits, and its limit (0: none), as in `setLimit`.
    ///
    /// # Errors
    /// `OutOfRange` for an unknown kind.
    #[returns(exposure, limit)]
    pub fn exposure(&self, kind: U256, subject: B256) -> Result<(Amount, Amount), FiloError> {
        Ok(self.exposures.get(exposure::kind_of(&kind)?, &subject))
    }

    /// The length of a period in seconds, the treasury's and the reserve's part of the interest of new loans.
    #[returns(period_seconds, protocol_fee_bps, reserve_bps)]
    pub fn parameters(&self) -> (Small, Small, Small) {
        let [protocol_fee, reserve] = [Seat::Caliber, Seat::Treasury].map(|seat| Small(self.seats.number(seat)));
        (Small(self.period_seconds()), protocol_fee, reserve)
    }
}

fn bps(parameter: &str, value: &U256, minimum: u128, maximum: u128) -> Result<Bps, FiloError> {
    in_range(parameter, value, minimum, maximum)?;
    ratio(low(value))
}

/// An id as it is stored; 0, which nothing has, for what is too large to be one.
fn id_of(word: &U256) -> u64 {
    match *word.as_limbs() {
        [id, 0, 0, 0] => id,
        _ => 0,
    }
}

/// A number of basis points, at most 100 %.
fn ratio(bps: u64) -> Result<Bps, FiloError> {
    Ok(Bps::new(bps.try_into().unwrap_or(u16::MAX))?)
}

fn wrong_status(loan: U256, status: Status) -> FiloError {
    let status = word(status as u64);
    WrongStatus { loan, status }.into()
}

impl FiloStacks {
    /// The next id of a counter: 2^56, as many as a loan has room for in its stack's, outlast any chain.
    fn next(&mut self, counter: Seat) -> u64 {
        let id = self.seats.number(counter).saturating_add(1);
        self.seats.set_number(counter, id);
        id
    }

    /// The caller, if it has `role`.
    fn require_role(&self, role: Id) -> Result<Address, FiloError> {
        let caller = self.vm().msg_sender();
        authority::require_role(self, self.seats.address(Seat::Router), role, caller)?;
        Ok(caller)
    }

    /// The caller is FiLo's own other half.
    fn require_seat(&self, seat: Seat) -> Result<(), FiloError> {
        let caller = self.vm().msg_sender();
        if caller == self.seats.address(seat) {
            return Ok(());
        }
        Err(if seat == Seat::Defaults {
            OnlyDefaults { caller }.into()
        } else {
            OnlyOrigination { caller }.into()
        })
    }

    /// A stack and its id, checked.
    fn known(&self, stack: U256) -> Result<(u64, Stack), FiloError> {
        let id = id_of(&stack);
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
        let id = id_of(&loan);
        let found = self.loans.read(id);
        if found.status == Status::None {
            return Err(UnknownLoan { loan }.into());
        }
        Ok((id, found))
    }

    /// A loan on which money is owed and its id.
    fn open(&self, loan: U256) -> Result<(u64, Loan), FiloError> {
        let found = self.existing(loan)?;
        if !found.1.status.is_open() {
            return Err(wrong_status(loan, found.1.status));
        }
        Ok(found)
    }

    /// Nobody knows yet what first-loss capital has to stand before while a loan is overdue, whoever's: it has to be marked first.
    fn require_marked(&self) -> Result<(), FiloError> {
        let (Small(due), Small(loan)) = views::earliest_due(self)?;
        if loan != 0 && due < self.now() {
            return Err(LoanOverdue {
                loan: word(loan),
                due: word(due),
            }
            .into());
        }
        Ok(())
    }

    /// Writes that loan `id` of `stack` has come from `before` to `after`: itself, its place among the due days, what its stack and the
    /// reserve remember of it.
    fn commit(&mut self, id: u64, before: &Loan, after: &mut Loan, stack: &mut Stack) -> Result<(), FiloError> {
        stack.restate(before, after)?;
        let (was, is) = (before.distress.reserve_cover, after.distress.reserve_cover);
        if was != is {
            let (reserve, earmarked) = self.seats.reserve();
            self.seats.set_reserve(reserve, earmarked.minus(was)?.plus(is)?);
        }
        if let Some((moved, place)) = self.dues.shift(id, before, after, self.seats.clock())? {
            self.loans.set_due_place(moved, place);
        }
        self.stacks.write(after.stack, stack);
        self.loans.write(id, after);
        Ok(())
    }

    fn caliber(&self) -> ICaliber {
        ICaliber::new(self.seats.address(Seat::Caliber))
    }

    fn vault(&self) -> IVaultBook {
        IVaultBook::new(self.seats.address(Seat::Susdai))
    }

    /// USDai; wired means that all addresses are.
    fn usdai(&self) -> Result<Address, FiloError> {
        let usdai = self.seats.address(Seat::Usdai);
        if usdai.is_zero() {
            return Err(NotWired {}.into());
        }
        Ok(usdai)
    }

    fn period_seconds(&self) -> u64 {
        self.seats.clock().period
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

//! The shell under motsu, with the real CALIBER and stand-ins for the dollar, the vault's book and the router's books: wiring, money,
//! events, and every refusal by name.

use std::cell::Cell;

use alloy_primitives::{keccak256, Address, B256, U256};
use alloy_sol_types::{sol, SolError};
use caliber_receipts::{errors as caliber_errors, CaliberReceipts};
use fixed_point::WAD;
use interfaces::{
    authority::{AddressNotSet, Unauthorized},
    ids::{address, id, role},
};
use lean_abi::Refusal;
use motsu::prelude::*;
use stylus_sdk::{
    prelude::*,
    storage::{StorageAddress, StorageBool, StorageMap, StorageU256, StorageU64},
};

use crate::{
    amount::{Amount, Small},
    errors::*,
    events::*,
    loan::Distress,
    loan::{Loan, Status},
    stack::{Stack, Trouble},
    terms::{tests::MONTH, Terms, MAX_PRINCIPAL, MIN_PRINCIPAL},
    FiloError, FiloStacks,
};

/// The time of motsu's own clock, by which CALIBER goes.
pub(crate) const START: u64 = 1_735_689_600;

thread_local! {
    static CLOCK: Cell<u64> = const { Cell::new(START) };
}

pub(crate) fn clock() -> u64 {
    CLOCK.with(Cell::get)
}

pub(crate) fn set_clock(now: u64) {
    CLOCK.with(|clock| clock.set(now));
}

sol! {
    error InsufficientBalance();
    error NothingToLend();
}

/// The router's books, and nothing else of it.
#[storage]
pub(crate) struct Books {
    roles: StorageMap<B256, StorageMap<Address, StorageBool>>,
    addresses: StorageMap<B256, StorageAddress>,
}

unsafe impl TopLevelStorage for Books {}

#[public]
impl Books {
    fn has_role(&self, role: B256, account: Address) -> bool {
        self.roles.getter(role).get(account)
    }

    fn address_of(&self, id: B256) -> Address {
        self.addresses.get(id)
    }

    fn grant(&mut self, role: B256, account: Address, granted: bool) {
        self.roles.setter(role).insert(account, granted);
    }

    fn set(&mut self, id: B256, address: Address) {
        self.addresses.insert(id, address);
    }
}

/// A dollar: balances and allowances.
#[storage]
pub(crate) struct Dollar {
    balances: StorageMap<Address, StorageU256>,
    allowances: StorageMap<Address, StorageMap<Address, StorageU256>>,
}

unsafe impl TopLevelStorage for Dollar {}

#[public]
impl Dollar {
    fn balance_of(&self, account: Address) -> U256 {
        self.balances.get(account)
    }

    fn mint(&mut self, to: Address, value: U256) {
        let balance = self.balances.get(to);
        self.balances.insert(to, balance + value);
    }

    fn approve(&mut self, spender: Address, value: U256) -> bool {
        let owner = self.vm().msg_sender();
        self.allowances.setter(owner).insert(spender, value);
        true
    }

    fn transfer(&mut self, to: Address, value: U256) -> Result<bool, Vec<u8>> {
        let from = self.vm().msg_sender();
        self.shift(from, to, value)
    }

    fn transfer_from(&mut self, from: Address, to: Address, value: U256) -> Result<bool, Vec<u8>> {
        let spender = self.vm().msg_sender();
        let allowed = self.allowances.getter(from).get(spender);
        let left = allowed.checked_sub(value).ok_or_else(|| InsufficientBalance {}.abi_encode())?;
        self.allowances.setter(from).insert(spender, left);
        self.shift(from, to, value)
    }
}

impl Dollar {
    fn shift(&mut self, from: Address, to: Address, value: U256) -> Result<bool, Vec<u8>> {
        let left = self
            .balances
            .get(from)
            .checked_sub(value)
            .ok_or_else(|| InsufficientBalance {}.abi_encode())?;
        self.balances.insert(from, left);
        let balance = self.balances.get(to);
        self.balances.insert(to, balance + value);
        Ok(true)
    }
}

/// The vault's loan book as PROTOCOL 3.1 has it: principal, a linear accrual, booked cash.
#[storage]
pub(crate) struct Book {
    dollar: StorageAddress,
    cash: StorageU256,
    principal: StorageU256,
    accrued: StorageU256,
    rate: StorageU256,
    updated: StorageU64,
    impairment: StorageU256,
}

unsafe impl TopLevelStorage for Book {}

#[public]
impl Book {
    fn fund(&mut self, dollar: Address, cash: U256) {
        self.dollar.set(dollar);
        self.cash.set(cash);
    }

    fn draw_loan(&mut self, principal: U256, rate: U256, receiver: Address) -> Result<(), Vec<u8>> {
        self.accrue();
        let left = self
            .cash
            .get()
            .checked_sub(principal)
            .ok_or_else(|| NothingToLend {}.abi_encode())?;
        self.cash.set(left);
        let (total, rates) = (self.principal.get() + principal, self.rate.get() + rate);
        self.principal.set(total);
        self.rate.set(rates);
        let dollar = self.dollar.get();
        erc20_ledger::foreign::safe_transfer(self, dollar, receiver, principal)
    }

    fn repay_loan(&mut self, principal: U256, interest: U256, accrual: U256, old_rate: U256, new_rate: U256) {
        self.accrue();
        let left = self.principal.get().checked_sub(principal).expect("more principal than lent");
        let accrued = self.accrued.get().checked_sub(accrual).expect("more settled than accrued");
        let rate = self.rate.get().checked_sub(old_rate).expect("a rate that was not added") + new_rate;
        let cash = self.cash.get() + principal + interest;
        assert!(interest * WAD >= accrual, "less interest than accrued: the share price would fall");
        self.principal.set(left);
        self.accrued.set(accrued);
        self.rate.set(rate);
        self.cash.set(cash);
    }

    fn mark_loan(&mut self, accrual: U256, old_rate: U256, new_rate: U256, old_impairment: U256, new_impairment: U256) {
        self.accrue();
        let accrued = self.accrued.get().checked_sub(accrual).expect("more taken out than accrued");
        let rate = self.rate.get().checked_sub(old_rate).expect("a rate that was not added") + new_rate;
        self.accrued.set(accrued);
        self.rate.set(rate);
        self.impair(old_impairment, new_impairment);
    }

    fn write_off(&mut self, principal: U256, impairment: U256) {
        let left = self.principal.get().checked_sub(principal).expect("more lost than lent");
        self.principal.set(left);
        self.impair(impairment, U256::ZERO);
    }

    fn impairment(&self) -> U256 {
        self.impairment.get()
    }

    fn numbers(&self) -> (U256, U256, U256, U256) {
        (self.cash.get(), self.principal.get(), self.accrued.get(), self.rate.get())
    }
}

impl Book {
    fn impair(&mut self, old: U256, new: U256) {
        let left = self.impairment.get().checked_sub(old).expect("an impairment that was not held");
        self.impairment.set(left + new);
    }

    fn accrue(&mut self) {
        let elapsed = U256::from(clock() - self.updated.get().to::<u64>());
        let accrued = self.accrued.get() + self.rate.get() * elapsed;
        self.accrued.set(accrued);
        self.updated.set(clock().try_into().unwrap_or_default());
    }
}

/// Everything that a loan needs.
pub(crate) struct World {
    pub(crate) filo: Contract<FiloStacks>,
    pub(crate) caliber: Contract<CaliberReceipts>,
    pub(crate) dollar: Contract<Dollar>,
    pub(crate) vault: Contract<Book>,
    pub(crate) books: Contract<Books>,
    pub(crate) admin: Address,
    pub(crate) curator: Address,
    pub(crate) borrower: Address,
    pub(crate) stranger: Address,
    pub(crate) treasury: Address,
}

pub(crate) fn usd(units: u64) -> U256 {
    U256::from(units) * WAD
}

pub(crate) fn number(n: u64) -> U256 {
    U256::from(n)
}

const CLASS: B256 = id("H100-SXM5-80G");

impl World {
    /// Wired, funded, roles granted, fees set, the clock at the start; a million in the vault.
    pub(crate) fn new() -> Self {
        set_clock(START);
        let world = Self {
            filo: Contract::from_tag("filo"),
            caliber: Contract::from_tag("caliber"),
            dollar: Contract::from_tag("dollar"),
            vault: Contract::from_tag("vault"),
            books: Contract::from_tag("books"),
            admin: Address::from_tag("admin"),
            curator: Address::from_tag("curator"),
            borrower: Address::from_tag("borrower"),
            stranger: Address::from_tag("stranger"),
            treasury: Address::from_tag("treasury"),
        };
        let admin = world.admin;
        for (role, who) in [
            (role::ADMIN.word(), admin),
            (role::TOKENISING_AGENT.word(), admin),
            (role::APPRAISER.word(), admin),
            (role::ATTESTOR.word(), admin),
            (role::CURATOR.word(), world.curator),
        ] {
            world.books.sender(admin).grant(role, who, true);
        }
        for (id, address) in [
            (address::USDAI.word(), world.dollar.address()),
            (address::SUSDAI.word(), world.vault.address()),
            (address::CALIBER.word(), world.caliber.address()),
            (address::FILO.word(), world.filo.address()),
            (address::TREASURY.word(), world.treasury),
            (address::DEFAULTS.word(), world.defaults()),
            (address::ORIGINATION.word(), world.origination()),
        ] {
            world.books.sender(admin).set(id, address);
        }
        let router = world.books.address();
        world.caliber.sender(admin).constructor(router).motsu_unwrap();
        world.caliber.sender(admin).wire().motsu_unwrap();
        world.filo.sender(admin).constructor(router, number(MONTH)).motsu_unwrap();
        world.filo.sender(admin).wire().motsu_unwrap();
        world.filo.sender(admin).set_fees(number(200), number(100)).motsu_unwrap();
        world.dollar.sender(admin).mint(world.vault.address(), usd(1_000_000));
        world.vault.sender(admin).fund(world.dollar.address(), usd(1_000_000));
        for who in [world.curator, world.borrower, world.stranger] {
            world.dollar.sender(admin).mint(who, usd(1_000_000));
            world.dollar.sender(who).approve(world.filo.address(), U256::MAX);
        }
        world
    }

    /// Who may mark, call and sell.
    pub(crate) fn defaults(&self) -> Address {
        Address::from_tag("defaults")
    }

    /// Who may lend and add receipts.
    pub(crate) fn origination(&self) -> Address {
        Address::from_tag("origination")
    }

    /// A stack of the curator's: 10 % first loss, 70 % LTV, senior cap 900,000, 3 % servicing, 5 % spread.
    pub(crate) fn open_stack(&self, class: B256) -> U256 {
        self.filo
            .sender(self.curator)
            .open_stack(
                number(1_000),
                number(7_000),
                number(8_500),
                usd(900_000),
                number(300),
                number(500),
                class,
            )
            .motsu_unwrap()
    }

    pub(crate) fn deposit(&self, stack: U256, units: u64) {
        self.filo.sender(self.curator).deposit_junior(stack, usd(units)).motsu_unwrap();
    }

    /// A receipt of the borrower's, insured for a year.
    pub(crate) fn receipt(&self, manifest: &str, units: u64) -> U256 {
        self.caliber
            .sender(self.admin)
            .issue(
                self.borrower,
                CLASS,
                number(17),
                keccak256(manifest),
                keccak256("agreement"),
                String::from("ipfs://agreement"),
                self.stranger,
                usd(units),
                usd(units),
                number(START + 365 * 86_400),
            )
            .motsu_unwrap()
    }

    /// Lends 416,500 at 15 % over 36 level payments, to the borrower, as the contract of origination does.
    pub(crate) fn draw(&self, change: impl FnOnce(&mut Draw)) -> Result<U256, FiloError> {
        let mut draw = Draw {
            replaces: U256::ZERO,
            stack: number(1),
            borrower: self.borrower,
            receiver: self.borrower,
            receipts: vec![number(1)],
            principal: usd(416_500),
            periods: 36,
            level: true,
        };
        change(&mut draw);
        let terms = Terms {
            principal: Amount::from_word(draw.principal).unwrap(),
            rate: 150_000_000_000_000_000,
            periods: draw.periods,
            level: draw.level,
            ..Terms::default()
        };
        let instalment = terms.instalment(MONTH).unwrap().word();
        self.filo
            .sender(self.origination())
            .originate(
                draw.replaces,
                draw.borrower,
                draw.receiver,
                draw.stack,
                draw.receipts,
                CLASS,
                draw.principal,
                terms.rate(),
                number(draw.periods.into()),
                draw.level,
                number(10 * 86_400),
                number(500),
                instalment,
            )
            .motsu_res()
    }

    /// The reference case: a stack with 50,000 of junior capital, and a receipt worth 595,000.
    pub(crate) fn funded() -> Self {
        let world = Self::new();
        let stack = world.open_stack(CLASS);
        world.deposit(stack, 50_000);
        world.receipt("a", 595_000);
        world
    }

    /// The reference loan, drawn by the borrower to itself.
    pub(crate) fn reference_loan() -> Self {
        let world = Self::funded();
        world.draw(|_| ()).unwrap();
        world
    }

    pub(crate) fn balance(&self, who: Address) -> U256 {
        self.dollar.sender(who).balance_of(who)
    }

    /// A stack as it is stored.
    fn stack(&self, stack: U256) -> Stack {
        self.filo.sender(self.admin).known(stack).unwrap().1
    }

    /// A loan as it is stored, and what integrators are told of its next payment.
    fn loan(&self, loan: U256) -> (Loan, u64) {
        let filo = self.filo.sender(self.admin);
        (filo.existing(loan).unwrap().1, filo.loan(loan).unwrap().9 .0)
    }

    fn pay(&self, payer: Address, loan: U256, amount: U256) -> U256 {
        let paid = self.filo.sender(payer).pay(loan, amount).motsu_unwrap();
        self.check();
        paid
    }

    /// F1 and F2 on the chain's own numbers, for as many stacks and loans as there are.
    fn check(&self) {
        let (mut junior, mut senior, mut by_loan) = (U256::ZERO, U256::ZERO, U256::ZERO);
        for id in 1.. {
            let Ok((_, stack)) = self.filo.sender(self.admin).known(number(id)) else {
                break;
            };
            junior += stack.junior_cash.word();
            senior += stack.senior.word();
        }
        for id in 1.. {
            let Ok((_, loan)) = self.filo.sender(self.admin).existing(number(id)) else {
                break;
            };
            by_loan += loan.balance.senior.word();
        }
        let (cash, principal, _, _) = self.vault.sender(self.admin).numbers();
        assert_eq!((principal, by_loan), (senior, senior), "F1");
        let reserve = self.filo.sender(self.admin).reserve().word();
        assert_eq!(self.balance(self.filo.address()), junior + reserve, "F2");
        assert_eq!(self.balance(self.vault.address()), cash, "the vault got what it was told");
    }
}

/// What [`World::draw`] draws.
pub(crate) struct Draw {
    pub(crate) replaces: U256,
    pub(crate) stack: U256,
    pub(crate) borrower: Address,
    pub(crate) receiver: Address,
    pub(crate) receipts: Vec<U256>,
    pub(crate) principal: U256,
    pub(crate) periods: u8,
    pub(crate) level: bool,
}

fn unauthorized(account: Address, role: B256) -> FiloError {
    FiloError::from(Unauthorized { account, role }.abi_encode())
}

fn out_of_range(result: Result<impl core::fmt::Debug, FiloError>, name: &str) {
    let refusal = result.unwrap_err();
    let refused = refusal.get::<OutOfRange>().is_some_and(|e| e.parameter == id(name));
    assert!(refused, "{name}: {refusal:?}");
}

// ---- construction, wiring, parameters ----

#[motsu::test]
fn constructor_refuses_what_cannot_work(filo: Contract<FiloStacks>, alice: Address) {
    assert_eq!(
        filo.sender(alice).constructor(Address::ZERO, number(MONTH)).motsu_unwrap_err(),
        ZeroValue { parameter: id("router") }.into()
    );
    for period in [U256::ZERO, number(366 * 86_400 + 1), U256::MAX] {
        out_of_range(filo.sender(alice).constructor(alice, period).motsu_res(), "periodSeconds");
    }
    filo.sender(alice).constructor(alice, number(60)).motsu_unwrap();
    assert_eq!(filo.sender(alice).parameters(), (Small(60), Small(0), Small(0)));
}

#[motsu::test]
fn wire_copies_six_addresses_and_names_the_one_that_is_missing() {
    let world = World::new();
    let other = Contract::<Books>::new();
    let filo = Contract::<FiloStacks>::new();
    filo.sender(world.stranger)
        .constructor(other.address(), number(MONTH))
        .motsu_unwrap();
    let addresses = [
        (address::USDAI.word(), world.dollar.address()),
        (address::SUSDAI.word(), world.vault.address()),
        (address::CALIBER.word(), world.caliber.address()),
        (address::TREASURY.word(), world.treasury),
        (address::DEFAULTS.word(), world.defaults()),
        (address::ORIGINATION.word(), world.origination()),
    ];
    for (id, address) in addresses {
        assert_eq!(
            filo.sender(world.stranger).wire().motsu_unwrap_err(),
            FiloError::from(AddressNotSet { id }.abi_encode())
        );
        other.sender(world.admin).set(id, address);
    }
    filo.sender(world.stranger).wire().motsu_unwrap();
    filo.assert_emitted(&Wired {
        usdai: world.dollar.address(),
        susdai: world.vault.address(),
        caliber: world.caliber.address(),
        treasury: world.treasury,
        defaults: world.defaults(),
        origination: world.origination(),
    });
}

#[motsu::test]
fn fees_are_the_admins_and_bounded() {
    let world = World::new();
    assert_eq!(
        world.filo.sender(world.curator).set_fees(number(1), number(1)).motsu_unwrap_err(),
        unauthorized(world.curator, role::ADMIN.word())
    );
    let set = |protocol, reserve| {
        world
            .filo
            .sender(world.admin)
            .set_fees(number(protocol), number(reserve))
            .motsu_res()
    };
    out_of_range(set(1_001, 0), "protocolFeeBps");
    out_of_range(set(0, 1_001), "reserveBps");
    set(1_000, 1_000).unwrap();
    assert_eq!(
        world.filo.sender(world.admin).parameters(),
        (Small(MONTH), Small(1_000), Small(1_000))
    );
    world.filo.assert_emitted(&ParametersSet {
        protocolFeeBps: number(1_000),
        reserveBps: number(1_000),
    });
}

#[motsu::test]
fn nothing_moves_before_the_wiring(filo: Contract<FiloStacks>, books: Contract<Books>, curator: Address) {
    set_clock(START);
    filo.sender(curator).constructor(books.address(), number(MONTH)).motsu_unwrap();
    books.sender(curator).grant(role::CURATOR.word(), curator, true);
    filo.sender(curator)
        .open_stack(
            number(1_000),
            number(7_000),
            number(8_500),
            usd(1),
            number(0),
            number(0),
            B256::ZERO,
        )
        .motsu_unwrap();
    let not_wired = || FiloError::from(NotWired {});
    assert_eq!(
        filo.sender(curator).deposit_junior(number(1), usd(1)).motsu_unwrap_err(),
        not_wired()
    );
}

// ---- stacks ----

#[motsu::test]
fn a_stack_is_opened_by_a_curator_within_bounds() {
    let world = World::new();
    let open = |who, first_loss, ltv, cap, servicing, spread| {
        world
            .filo
            .sender(who)
            .open_stack(
                number(first_loss),
                number(ltv),
                number(9_500),
                cap,
                number(servicing),
                number(spread),
                CLASS,
            )
            .motsu_res()
    };
    assert_eq!(
        open(world.stranger, 1_000, 7_000, usd(1), 0, 0),
        Err(unauthorized(world.stranger, role::CURATOR.word()))
    );
    out_of_range(open(world.curator, 999, 7_000, usd(1), 0, 0), "firstLossBps");
    out_of_range(open(world.curator, 9_001, 7_000, usd(1), 0, 0), "firstLossBps");
    out_of_range(open(world.curator, 1_000, 0, usd(1), 0, 0), "maxLtvBps");
    out_of_range(open(world.curator, 1_000, 7_001, usd(1), 0, 0), "maxLtvBps");
    out_of_range(open(world.curator, 1_000, 7_000, U256::ZERO, 0, 0), "seniorCap");
    out_of_range(open(world.curator, 1_000, 7_000, U256::MAX, 0, 0), "seniorCap");
    out_of_range(open(world.curator, 1_000, 7_000, usd(1), 1_001, 0), "servicingFeeBps");
    out_of_range(open(world.curator, 1_000, 7_000, usd(1), 0, 3_001), "juniorSpreadBps");

    let stack = open(world.curator, 2_000, 6_000, usd(5), 300, 400).unwrap();
    assert_eq!(stack, number(1));
    let state = world.stack(stack);
    assert_eq!(state.curator, world.curator);
    assert_eq!((state.first_loss.get(), state.max_ltv.get()), (2_000, 6_000));
    assert_eq!((state.servicing.get(), state.spread.get()), (300, 400));
    assert_eq!((state.senior_cap.word(), state.hardware_class), (usd(5), CLASS));
    world.filo.assert_emitted(&StackOpened {
        stack,
        curator: world.curator,
        hardwareClass: CLASS,
        firstLossBps: number(2_000),
        maxLtvBps: number(6_000),
        seniorCap: usd(5),
        marginTriggerBps: number(9_500),
        servicingFeeBps: number(300),
        juniorSpreadBps: number(400),
    });
}

#[motsu::test]
fn junior_capital_comes_and_goes_with_its_curator() {
    let world = World::new();
    let stack = world.open_stack(B256::ZERO);
    let (filo, curator, stranger) = (&world.filo, world.curator, world.stranger);
    world.deposit(stack, 50_000);
    world.check();
    assert_eq!(filo.sender(stranger).junior_cash(stack).unwrap().word(), usd(50_000));
    filo.assert_emitted(&JuniorDeposited {
        stack,
        assets: usd(50_000),
    });
    filo.sender(curator).withdraw_junior(stack, usd(20_000), stranger).motsu_unwrap();
    world.check();
    assert_eq!(world.balance(stranger), usd(1_020_000));
    filo.assert_emitted(&JuniorWithdrawn {
        stack,
        receiver: stranger,
        assets: usd(20_000),
    });

    for assets in [U256::ZERO, U256::MAX] {
        out_of_range(filo.sender(curator).deposit_junior(stack, assets).motsu_res(), "assets");
        out_of_range(filo.sender(curator).withdraw_junior(stack, assets, curator).motsu_res(), "assets");
    }
    assert_eq!(
        filo.sender(curator)
            .withdraw_junior(stack, usd(1), Address::ZERO)
            .motsu_unwrap_err(),
        ZeroValue { parameter: id("receiver") }.into()
    );
    for unknown in [U256::ZERO, number(2), U256::MAX, (U256::from(1) << 64) + number(1)] {
        let missing = || FiloError::from(UnknownStack { stack: unknown });
        assert_eq!(filo.sender(curator).deposit_junior(unknown, usd(1)).motsu_unwrap_err(), missing());
        let withdrawn = filo.sender(curator).withdraw_junior(unknown, usd(1), curator);
        assert_eq!(withdrawn.motsu_unwrap_err(), missing());
        assert_eq!(filo.sender(curator).stack(unknown).unwrap_err(), missing());
        assert_eq!(filo.sender(curator).junior_cash(unknown).unwrap_err(), missing());
    }
    let only = || FiloError::from(OnlyCurator { caller: stranger, stack });
    assert_eq!(filo.sender(stranger).deposit_junior(stack, usd(1)).motsu_unwrap_err(), only());
    assert_eq!(
        filo.sender(stranger).withdraw_junior(stack, usd(1), stranger).motsu_unwrap_err(),
        only()
    );
    assert_eq!(
        filo.sender(curator).withdraw_junior(stack, usd(30_001), curator).motsu_unwrap_err(),
        InsufficientJunior {
            stack,
            needed: usd(30_001),
            available: usd(30_000),
        }
        .into()
    );
    // What USDai refuses, FiLo refuses, and nothing is booked.
    assert_eq!(
        filo.sender(curator).deposit_junior(stack, usd(2_000_000)).motsu_unwrap_err(),
        FiloError::from(InsufficientBalance {}.abi_encode())
    );
    world.check();
}

#[motsu::test]
fn junior_capital_stays_while_a_loan_is_overdue_or_late() {
    let world = World::reference_loan();
    let (stack, loan) = (number(1), number(1));
    let withdraw = || {
        world
            .filo
            .sender(world.curator)
            .withdraw_junior(stack, usd(1), world.curator)
            .motsu_res()
    };
    // Due at midnight of a day, on time until the next.
    let end = START + MONTH + 86_399;
    assert_eq!(world.filo.sender(world.stranger).earliest_due(), Ok((Small(end), Small(1))));
    set_clock(end);
    withdraw().unwrap();
    set_clock(end + 1);
    let overdue = || FiloError::from(LoanOverdue { loan, due: number(end) });
    assert_eq!(withdraw(), Err(overdue()));
    // Nor is it lent meanwhile, not by another stack either, unless in place of the loan that is overdue.
    let second = with_second_stack(&world);
    let receipt = world.receipt("b", 100_000);
    for stack in [stack, second] {
        let lent = world.draw(|draw| {
            draw.stack = stack;
            draw.receipts = vec![receipt];
            draw.principal = usd(1_000);
        });
        assert_eq!(lent, Err(overdue()));
    }
    world.filo.sender(world.defaults()).mark(loan, usd(1_000_000), false).motsu_unwrap();
    assert_eq!(world.filo.sender(world.stranger).earliest_due(), Ok((Small(0), Small(0))));
    let in_trouble = StackInTrouble {
        stack,
        loans: number(1),
        owed: U256::ZERO,
    };
    assert_eq!(withdraw(), Err(in_trouble.into()));
    world.pay(world.stranger, loan, usd(15_000));
    withdraw().unwrap();
    world.check();
}

#[motsu::test]
fn only_the_contract_of_origination_lends_and_adds_receipts() {
    let world = World::funded();
    for caller in [world.admin, world.curator, world.borrower, world.defaults()] {
        let only = || FiloError::from(OnlyOrigination { caller });
        let zero = U256::ZERO;
        let lent = world.filo.sender(caller).originate(
            zero,
            caller,
            caller,
            number(1),
            vec![number(1)],
            CLASS,
            usd(1),
            WAD,
            number(1),
            true,
            zero,
            zero,
            usd(1),
        );
        assert_eq!(lent.motsu_unwrap_err(), only());
        let added = world.filo.sender(caller).add_receipts(number(1), vec![number(1)], caller);
        assert_eq!(added.motsu_unwrap_err(), only());
    }
}

// ---- drawing ----

#[motsu::test]
fn drawing_pledges_and_pays_out_from_both_sides() {
    let world = World::funded();
    let (loan, receiver) = (number(1), Address::from_tag("exchange"));
    assert_eq!(world.draw(|draw| draw.receiver = receiver), Ok(loan));
    assert_eq!(world.balance(receiver), usd(416_500));
    assert_eq!(world.balance(world.vault.address()), usd(625_150));
    world.check();
    assert_eq!(world.caliber.sender(world.stranger).receipt_of(number(1)).unwrap().loan, loan);
    let (state, next_due) = world.loan(loan);
    assert_eq!((state.status, next_due, state.drawn_at), (Status::Live, START + MONTH, START));
    let stack = world.stack(number(1));
    assert_eq!((stack.junior_cash.word(), stack.junior_lent.word()), (usd(8_350), usd(41_650)));
    assert_eq!((stack.senior.word(), stack.live), (usd(374_850), 1));
    world.filo.assert_emitted(&LoanDrawn {
        loan,
        stack: number(1),
        borrower: world.borrower,
        receiver,
        replaces: U256::ZERO,
        senior: usd(374_850),
        junior: usd(41_650),
        rate: WAD * number(15) / number(100),
        periods: number(36),
        levelPayment: true,
        graceSeconds: number(10 * 86_400),
        lateFeeBps: number(500),
        instalment: state.instalment.word(),
        firstDue: number(START + MONTH),
        receipts: vec![number(1)],
    });
    assert_eq!(world.filo.sender(world.stranger).receipts_of(loan), Ok(vec![number(1)]));
    // Fees are those of the stack and of the moment.
    let fees = state.terms.fees;
    assert_eq!((fees.servicing.get(), fees.spread.get()), (300, 500));
    assert_eq!((fees.protocol.get(), fees.reserve.get()), (200, 100));
    // The plan, beside what has been paid.
    let (due, interest, principal, outstanding) = world.filo.sender(world.stranger).schedule(loan, number(1)).unwrap();
    assert_eq!((due, interest.0 / 10_000_000_000_000_000), (Small(START + MONTH), 513_493));
    assert_eq!(principal.plus(outstanding).unwrap().word(), usd(416_500));
    for wrong in [0, 37] {
        out_of_range(
            world.filo.sender(world.stranger).schedule(loan, number(wrong)).motsu_res(),
            "number",
        );
    }
    // 374,850 × 15 % × (1 − 6 %) × (1 − 5 %) a year, by the second, in wei × 10^18.
    let (_, _, _, rate) = world.vault.sender(world.stranger).numbers();
    let a_year = rate * number(31_536_000) / WAD;
    assert_eq!(a_year / (WAD / number(100)), number(5_021_115));
}

#[motsu::test]
fn a_stack_lends_no_more_than_its_capital_cap_and_ratio_allow() {
    let world = World::new();
    let stack = world.open_stack(B256::ZERO);
    world.receipt("a", 595_000);
    world.receipt("b", 2_000_000);
    world.deposit(stack, 41_649);
    assert_eq!(
        world.draw(|_| ()),
        Err(InsufficientJunior {
            stack,
            needed: usd(41_650),
            available: usd(41_649),
        }
        .into())
    );
    world.deposit(stack, 200_000);
    // A wei above 70 % of 595,000, and above the senior cap of 900,000.
    assert_eq!(
        world.draw(|draw| draw.principal += number(1)),
        Err(LtvExceeded {
            principal: usd(416_500) + number(1),
            limit: usd(416_500),
        }
        .into())
    );
    assert_eq!(
        world.draw(|draw| {
            draw.principal = usd(1_000_001);
            draw.receipts = vec![number(2)];
        }),
        Err(SeniorCapExceeded {
            stack,
            senior: usd(900_000) + WAD * number(9) / number(10),
            cap: usd(900_000),
        }
        .into())
    );
    out_of_range(world.draw(|draw| draw.receipts = vec![]), "receipts");
    out_of_range(world.draw(|draw| draw.receipts = vec![number(1); 33]), "receipts");
    let unknown = world.draw(|draw| draw.stack = number(9));
    assert_eq!(unknown, Err(UnknownStack { stack: number(9) }.into()));
    world.check();
    world.draw(|_| ()).unwrap();
    world.check();
}

#[motsu::test]
fn the_vault_and_caliber_are_heard() {
    let world = World::funded();
    // Not insured until the first instalment is due, then not at all.
    let due = number(START + MONTH);
    for (until, covered) in [(START + MONTH - 1, START + MONTH - 1), (START, 0)] {
        world
            .caliber
            .sender(world.admin)
            .insure(number(1), usd(595_000), number(until))
            .motsu_unwrap();
        assert_eq!(
            world.draw(|_| ()),
            Err(InsufficientCover {
                coveredUntil: number(covered),
                required: due,
            }
            .into())
        );
    }
    world
        .caliber
        .sender(world.admin)
        .insure(number(1), usd(595_000), due)
        .motsu_unwrap();

    // The receipt is somebody else's.
    let refused = world.draw(|draw| draw.borrower = world.stranger).unwrap_err();
    let expected = caliber_errors::ERC721IncorrectOwner {
        sender: world.stranger,
        tokenId: number(1),
        owner: world.borrower,
    };
    assert_eq!(refused, FiloError::from(expected.abi_encode()));

    // The vault has lent everything.
    world.vault.sender(world.admin).fund(world.dollar.address(), usd(374_849));
    assert_eq!(world.draw(|_| ()), Err(FiloError::from(NothingToLend {}.abi_encode())));
    world.vault.sender(world.admin).fund(world.dollar.address(), usd(1_000_000));
    world.draw(|_| ()).unwrap();

    // The receipt is pledged.
    world.deposit(number(1), 100_000);
    let expected = caliber_errors::ReceiptPledged {
        receipt: number(1),
        loan: number(1),
    };
    assert_eq!(world.draw(|_| ()), Err(FiloError::from(expected.abi_encode())));
    world.check();
}

#[motsu::test]
fn the_index_of_due_days_has_every_performing_loan_once() {
    let world = World::new();
    let stack = world.open_stack(B256::ZERO);
    world.deposit(stack, 50_000);
    let count = 24;
    for i in 0..count {
        // Eight on a day.
        set_clock(START + i / 8 * 86_400 + i);
        let receipt = world.receipt(&i.to_string(), 10_000);
        world
            .draw(|draw| {
                draw.principal = usd(1_000);
                draw.receipts = vec![receipt];
            })
            .unwrap();
    }
    let listed = || {
        let mut listed = world.filo.sender(world.admin).dues.listed();
        listed.sort_unstable();
        listed
    };
    assert_eq!(listed(), (1..=count).collect::<Vec<_>>());
    // Whatever is closed, marked or moved on, the others stay, and who is overdue is said until nobody is.
    set_clock(START + MONTH + 5 * 86_400);
    let mut left: std::collections::BTreeSet<u64> = (1..=count).collect();
    let mut moved = std::collections::BTreeSet::new();
    loop {
        let (due, Small(loan)) = world.filo.sender(world.stranger).earliest_due().unwrap();
        if loan == 0 || due.0 >= clock() {
            break;
        }
        assert!(left.remove(&loan), "{loan} twice");
        match loan % 3 {
            0 => world
                .filo
                .sender(world.defaults())
                .mark(number(loan), U256::MAX, false)
                .motsu_unwrap(),
            1 => drop(world.pay(world.borrower, number(loan), usd(2_000))),
            _ => {
                moved.insert(loan);
                let (_, interest, principal, late) = world.filo.sender(world.borrower).instalment(number(loan)).unwrap();
                let all = interest.plus(principal).unwrap().plus(late).unwrap();
                world.pay(world.borrower, number(loan), all.word());
            }
        }
        let expected: Vec<_> = left.union(&moved).copied().collect();
        assert_eq!(listed(), expected);
    }
    assert!(left.is_empty());
    assert_eq!(world.stack(stack).trouble.loans, 8);
}

// ---- marks, default, sale ----

/// The reference loan, never paid, a second after its first payment was due and on time.
fn overdue() -> World {
    let world = World::reference_loan();
    set_clock(START + MONTH + 86_400);
    world
}

#[motsu::test]
fn a_late_loan_leaves_the_vaults_accrual_and_comes_back_when_it_has_caught_up() {
    let world = overdue();
    let loan = number(1);
    let filo = &world.filo;
    let (_, _, _, rate) = world.vault.sender(world.admin).numbers();
    // 8,350 of junior cash and what the reserve has (nothing) cover part of what is missing of 374,850.
    filo.sender(world.defaults()).mark(loan, usd(300_000), false).motsu_unwrap();
    let missing = usd(374_850 - 300_000 - 8_350);
    let (_, _, accrued, now_rate) = world.vault.sender(world.admin).numbers();
    assert_eq!((accrued, now_rate), (U256::ZERO, U256::ZERO));
    assert_eq!(world.vault.sender(world.admin).impairment(), missing);
    filo.assert_emitted(&LoanMarked {
        loan,
        status: number(2),
        impairment: missing,
        juniorCover: usd(8_350),
        reserveCover: U256::ZERO,
    });
    world.check();
    // Again, with more.
    filo.sender(world.defaults()).mark(loan, usd(370_000), false).motsu_unwrap();
    assert_eq!(world.vault.sender(world.admin).impairment(), U256::ZERO);
    filo.sender(world.defaults()).mark(loan, usd(300_000), false).motsu_unwrap();
    // Part of the arrears changes neither the accrual nor, as it is interest, the mark.
    world.pay(world.stranger, loan, usd(1_000));
    assert_eq!(world.vault.sender(world.admin).impairment(), missing);
    assert_eq!(world.loan(loan).0.status, Status::Late);
    // Interest went on for the borrower, and late fees by the second.
    set_clock(START + MONTH + 2 * 86_400);
    let (_, interest, principal, late_fee) = filo.sender(world.borrower).instalment(loan).unwrap();
    // 416,500 × 5 % a year for the second day: 57.05 and what the first second of lateness cost.
    assert_eq!(late_fee.0 / (MIN_PRINCIPAL / 100), 5_705);
    let all = interest.plus(principal).unwrap().plus(late_fee).unwrap().word();
    let reserve = filo.sender(world.admin).reserve().word();
    world.pay(world.stranger, loan, all);
    assert!(
        filo.sender(world.admin).reserve().word() > reserve + late_fee.word(),
        "late fees go to the reserve"
    );
    filo.assert_emitted(&LoanCured { loan });
    let (_, _, accrued, back) = world.vault.sender(world.admin).numbers();
    assert_eq!((accrued, world.vault.sender(world.admin).impairment()), (U256::ZERO, U256::ZERO));
    assert!(
        back < rate && back > rate * number(97) / number(100),
        "of less principal: {back} of {rate}"
    );
    let state = world.loan(loan).0;
    assert_eq!((state.status, state.distress), (Status::Live, Distress::default()));
    assert_eq!(world.stack(number(1)).trouble, Trouble::default());
    assert_eq!(filo.sender(world.admin).dues.listed(), [1]);
    world.check();
}

#[motsu::test]
fn only_the_contract_of_defaults_marks_calls_and_sells() {
    let world = overdue();
    for caller in [world.admin, world.curator, world.borrower, world.stranger] {
        let only = || FiloError::from(OnlyDefaults { caller });
        let filo = &world.filo;
        assert_eq!(filo.sender(caller).mark(number(1), U256::ZERO, true).motsu_unwrap_err(), only());
        assert_eq!(
            filo.sender(caller).set_call(number(1), U256::ZERO, U256::ZERO).motsu_unwrap_err(),
            only()
        );
        let sale = filo.sender(caller).sell(number(1), vec![], caller, caller, U256::ZERO, U256::ZERO);
        assert_eq!(sale.motsu_unwrap_err(), only());
    }
}

/// Sells the receipt of the reference loan, which is in default, for `price`.
fn sold_for(world: &World, price: U256) -> bool {
    let (defaults, buyer) = (world.defaults(), world.stranger);
    let done = world
        .filo
        .sender(defaults)
        .sell(number(1), vec![number(1)], buyer, buyer, price, U256::ZERO)
        .motsu_unwrap();
    world.check();
    done
}

fn in_default() -> World {
    let world = overdue();
    world
        .filo
        .sender(world.defaults())
        .mark(number(1), usd(300_000), true)
        .motsu_unwrap();
    world
}

#[motsu::test]
fn only_receipts_of_a_loan_in_default_are_sold_each_once() {
    let world = overdue();
    let (defaults, buyer) = (world.defaults(), world.stranger);
    let sale = |receipts| {
        let sale = world
            .filo
            .sender(defaults)
            .sell(number(1), receipts, buyer, buyer, usd(1), U256::ZERO);
        sale.motsu_unwrap_err()
    };
    let performs = WrongStatus {
        loan: number(1),
        status: number(Status::Live as u64),
    };
    assert_eq!(sale(vec![number(1)]), FiloError::from(performs));
    world.filo.sender(defaults).mark(number(1), usd(300_000), true).motsu_unwrap();
    for receipts in [vec![number(2)], vec![number(1), number(2)]] {
        assert_eq!(sale(receipts), FiloError::from(UnknownReceipt { receipt: number(2) }));
    }
    assert_eq!(
        sale(vec![number(1), number(1)]),
        FiloError::from(UnknownReceipt { receipt: number(1) })
    );
    world.check();
}

#[motsu::test]
fn the_borrower_redeems_by_paying_all() {
    let world = in_default();
    let loan = number(1);
    let debt = world.filo.sender(world.borrower).payoff(loan, number(clock())).unwrap().word();
    let part = usd(20_000);
    world.pay(world.borrower, loan, part);
    assert_eq!(world.loan(loan).0.status, Status::Defaulted);
    // All of it was senior principal, and so much less is expected to be lost.
    assert_eq!(
        world.vault.sender(world.admin).impairment(),
        usd(374_850 - 300_000 - 8_350 - 20_000)
    );
    assert_eq!(world.pay(world.borrower, loan, U256::MAX), debt - part);
    assert_eq!(world.loan(loan).0.status, Status::Closed);
    assert_eq!(world.caliber.sender(world.borrower).receipt_of(number(1)).unwrap().loan, U256::ZERO);
    assert_eq!(world.vault.sender(world.admin).impairment(), U256::ZERO);
    assert_eq!(world.stack(number(1)).trouble, Trouble::default());
}

#[motsu::test]
fn a_surplus_goes_to_the_borrower() {
    let world = in_default();
    let debt = world.filo.sender(world.borrower).payoff(number(1), number(clock())).unwrap().word();
    let before = world.balance(world.borrower);
    assert!(sold_for(&world, usd(900_000)));
    assert_eq!(world.balance(world.borrower) - before, usd(900_000) - debt);
    assert_eq!(world.loan(number(1)).0.status, Status::Closed);
    assert_eq!(world.vault.sender(world.admin).impairment(), U256::ZERO);
    assert_eq!(
        world.caliber.sender(world.stranger).receipt_of(number(1)).unwrap().owner,
        world.stranger
    );
}

#[motsu::test]
fn a_shortfall_is_taken_from_the_junior_cash_and_then_lost() {
    let world = in_default();
    let interest = world.loan(number(1)).0.balance.senior_interest().unwrap().word();
    assert!(sold_for(&world, usd(300_000)));
    assert_eq!(world.loan(number(1)).0.status, Status::Liquidated);
    let (cash, principal, accrued, rate) = world.vault.sender(world.admin).numbers();
    // 300,000 of the buyer, 8,350 of the curator; 66,500 are lost. Interest gets nothing.
    assert!(interest > usd(4_000));
    assert_eq!(cash, usd(1_000_000 - 374_850 + 308_350));
    assert_eq!((principal, accrued, rate), (U256::ZERO, U256::ZERO, U256::ZERO));
    assert_eq!(world.vault.sender(world.admin).impairment(), U256::ZERO);
    let stack = world.stack(number(1));
    assert_eq!((stack.senior, stack.junior_cash, stack.junior_lent, stack.live), Default::default());
    assert_eq!(stack.trouble, Trouble::default());
}

/// A sister loan is marked a second before: its junior principal is no cover then, and the senior side's before it is the curator's again.
#[motsu::test]
fn junior_principal_of_a_marked_sister_loan_makes_good_the_loss() {
    let world = World::reference_loan();
    let (stack, first, sister) = (number(1), number(1), number(2));
    let receipt = world.receipt("b", 100_000);
    let small = world.draw(|draw| {
        draw.receipts = vec![receipt];
        draw.principal = usd(70_000);
    });
    assert_eq!(small, Ok(sister));
    set_clock(START + MONTH + 86_400);
    world.filo.sender(world.defaults()).mark(first, usd(1_000_000), true).motsu_unwrap();
    world
        .filo
        .sender(world.defaults())
        .mark(sister, usd(1_000_000), false)
        .motsu_unwrap();
    let interest = world.loan(first).0.balance.senior_interest().unwrap().word();
    // 1,350 are the curator's at hand, and the sister loan has 7,000 of its own.
    assert!(sold_for(&world, usd(374_850 - 5_000)));
    let lost = usd(5_000 - 1_350);
    let claim = lost + interest;
    assert!(claim > usd(7_000));
    let Trouble {
        owed_principal,
        owed_interest,
        ..
    } = world.stack(stack).trouble;
    assert_eq!((owed_principal.word(), owed_interest.word()), (U256::ZERO, usd(7_000)));
    let (cash, principal, _, _) = world.vault.sender(world.admin).numbers();
    assert_eq!(principal, usd(63_000));

    // It catches up, which ends the mark, and then pays back all.
    let (_, interest, principal, late_fee) = world.filo.sender(world.borrower).instalment(sister).unwrap();
    let due = interest.plus(principal).unwrap().plus(late_fee).unwrap().word();
    world.pay(world.borrower, sister, due);
    assert_eq!(world.loan(sister).0.status, Status::Live);
    let withdraw = |assets| {
        let withdrawn = world.filo.sender(world.curator).withdraw_junior(stack, assets, world.curator);
        withdrawn.motsu_res()
    };
    let Err(refusal) = withdraw(U256::ONE) else {
        panic!("the curator before the senior side")
    };
    let owed = world.stack(stack).trouble.owed_interest.word();
    let loans = U256::ZERO;
    assert_eq!(refusal, StackInTrouble { stack, loans, owed }.into());
    world.pay(world.borrower, sister, U256::MAX);
    let after = world.vault.sender(world.admin).numbers();
    assert!(after.0 > cash + usd(63_000 + 7_000));
    assert_eq!((after.1, after.2, after.3), Default::default());
    // What is left is the sister loan's junior interest and nothing else.
    assert_eq!(world.stack(stack).trouble, Trouble::default());
    let left = world.stack(stack).junior_cash.word();
    assert!(left < usd(200));
    withdraw(left).unwrap();
}

// ---- other terms, further receipts, limits ----

/// A second stack of the curator's, with its own capital.
fn with_second_stack(world: &World) -> U256 {
    let second = world.open_stack(CLASS);
    world.deposit(second, 60_000);
    second
}

#[motsu::test]
fn a_loan_moves_to_other_terms_and_its_receipt_with_it() {
    let world = World::reference_loan();
    let second = with_second_stack(&world);
    set_clock(START + 10 * 86_400);
    let owed = world.filo.sender(world.borrower).payoff(number(1), number(clock())).unwrap().word();
    assert!(owed > usd(418_000));
    let before = (world.balance(world.borrower), world.balance(world.curator));
    let exchange = Address::from_tag("exchange");
    let new = world
        .draw(|draw| {
            draw.replaces = number(1);
            draw.stack = second;
            draw.receiver = exchange;
            draw.principal = usd(400_000);
        })
        .unwrap();
    world.check();
    // The borrower has paid what the new loan does not, and the old curator's fee is among it.
    assert_eq!(before.0 - world.balance(world.borrower), owed - usd(400_000));
    assert!(world.balance(world.curator) > before.1);
    assert_eq!(world.balance(exchange), U256::ZERO);
    let (old, next_due) = world.loan(number(1));
    assert_eq!((old.status, next_due), (Status::Closed, 0));
    let (state, next_due) = world.loan(new);
    assert_eq!(
        (state.status, state.stack, next_due),
        (Status::Live, 2, START + 10 * 86_400 + MONTH)
    );
    assert_eq!(world.caliber.sender(world.borrower).receipt_of(number(1)).unwrap().loan, new);
    let (first, second) = (world.stack(number(1)), world.stack(second));
    assert_eq!((first.senior, first.junior_lent, first.live), Default::default());
    assert_eq!((second.senior.word(), second.junior_lent.word()), (usd(360_000), usd(40_000)));
    assert_eq!(world.filo.sender(world.admin).dues.listed(), [2]);
    // The vault counts the new loan only.
    let (_, principal, accrued, rate) = world.vault.sender(world.admin).numbers();
    assert_eq!((principal, accrued), (usd(360_000), U256::ZERO));
    assert_eq!(rate, state.balance.vault_rate(&state.terms).unwrap());
    for (kind, subject) in [(0, world.borrower.into_word()), (1, world.curator.into_word()), (2, CLASS)] {
        let (exposure, _) = world.filo.sender(world.admin).exposure(number(kind), subject).unwrap();
        assert_eq!(exposure.word(), usd(400_000));
    }
}

#[motsu::test]
fn what_a_larger_loan_leaves_goes_to_the_receiver() {
    let world = World::reference_loan();
    set_clock(START + 5 * 86_400);
    world.pay(world.borrower, number(1), usd(100_000));
    let owed = world.filo.sender(world.borrower).payoff(number(1), number(clock())).unwrap().word();
    let (borrower, exchange) = (world.balance(world.borrower), Address::from_tag("exchange"));
    let again = |principal| {
        world.draw(|draw| {
            draw.replaces = number(1);
            draw.receiver = exchange;
            draw.principal = principal;
        })
    };
    // All or nothing: what refuses the new loan leaves the old one as it was.
    let ltv = LtvExceeded {
        principal: usd(416_501),
        limit: usd(416_500),
    };
    assert_eq!(again(usd(416_501)), Err(ltv.into()));
    assert_eq!(world.loan(number(1)).0.status, Status::Live);
    world.check();
    assert_eq!(again(usd(416_500)), Ok(number(2)));
    world.check();
    assert_eq!(world.balance(exchange), usd(416_500) - owed);
    assert_eq!(world.balance(world.borrower), borrower);
    let status = number(4);
    assert_eq!(again(usd(100)), Err(WrongStatus { loan: number(1), status }.into()));
    // The vault has to have the new part before it gets the old one.
    world.vault.sender(world.admin).fund(world.dollar.address(), usd(89_999));
    let dry = world.draw(|draw| {
        draw.replaces = number(2);
        draw.principal = usd(100_000);
    });
    assert_eq!(dry, Err(FiloError::from(NothingToLend {}.abi_encode())));
}

#[motsu::test]
fn other_terms_end_lateness_and_default() {
    for in_default in [false, true] {
        let world = overdue();
        world
            .filo
            .sender(world.defaults())
            .mark(number(1), usd(300_000), in_default)
            .motsu_unwrap();
        assert_eq!(world.stack(number(1)).trouble.loans, 1);
        // The same stack lends again because the loan that troubled it is over.
        world
            .draw(|draw| {
                draw.replaces = number(1);
                draw.principal = usd(400_000);
            })
            .unwrap();
        world.check();
        assert_eq!(world.stack(number(1)).trouble, Trouble::default());
        assert_eq!(world.vault.sender(world.admin).impairment(), U256::ZERO);
        let (_, _, accrued, rate) = world.vault.sender(world.admin).numbers();
        let state = world.loan(number(2)).0;
        assert_eq!((accrued, rate), (U256::ZERO, state.balance.vault_rate(&state.terms).unwrap()));
    }
}

#[motsu::test]
fn receipts_are_added_until_default() {
    let world = World::reference_loan();
    let further = world.receipt("b", 100_000);
    let add = |loan, receipts, owner| {
        world
            .filo
            .sender(world.origination())
            .add_receipts(loan, receipts, owner)
            .motsu_res()
    };
    let (loan, borrower) = (number(1), world.borrower);
    assert_eq!(add(number(2), vec![further], borrower), Err(UnknownLoan { loan: number(2) }.into()));
    let only = OnlyBorrower {
        caller: world.stranger,
        borrower,
    };
    assert_eq!(add(loan, vec![further], world.stranger), Err(only.into()));
    out_of_range(add(loan, vec![further; 32], borrower), "receipts");
    add(loan, vec![further], borrower).unwrap();
    world.filo.assert_emitted(&ReceiptsAdded {
        loan,
        receipts: vec![further],
    });
    assert_eq!(world.filo.sender(borrower).receipts_of(loan), Ok(vec![number(1), further]));
    let pledged = caliber_errors::ReceiptPledged { receipt: further, loan };
    assert_eq!(add(loan, vec![further], borrower), Err(FiloError::from(pledged.abi_encode())));
    // A late loan takes more, one in default does not; what closes the loan frees them all.
    set_clock(START + MONTH + 86_400);
    world.filo.sender(world.defaults()).mark(loan, U256::MAX, false).motsu_unwrap();
    add(loan, vec![world.receipt("c", 1)], borrower).unwrap();
    world.filo.sender(world.defaults()).mark(loan, U256::MAX, true).motsu_unwrap();
    let status = number(3);
    assert_eq!(add(loan, vec![further], borrower), Err(WrongStatus { loan, status }.into()));
    world.pay(borrower, loan, U256::MAX);
    for receipt in 1..=3 {
        assert_eq!(world.caliber.sender(borrower).receipt_of(number(receipt)).unwrap().loan, U256::ZERO);
    }
}

#[motsu::test]
fn limits_hold_for_borrowers_curators_and_classes() {
    let world = World::funded();
    world.receipt("b", 595_000);
    world.deposit(number(1), 50_000);
    let (admin, curator) = (world.admin, world.curator);
    let set = |kind, subject, limit| world.filo.sender(admin).set_limit(kind, subject, limit).motsu_res();
    let second = || {
        world.draw(|draw| {
            draw.receipts = vec![number(2)];
            draw.principal = usd(100_000);
        })
    };
    assert_eq!(
        world.filo.sender(curator).set_limit(number(0), CLASS, usd(1)).motsu_unwrap_err(),
        unauthorized(curator, role::ADMIN.word())
    );
    out_of_range(set(number(3), CLASS, usd(1)), "kind");
    out_of_range(set(U256::MAX, CLASS, usd(1)), "kind");
    out_of_range(set(number(2), CLASS, U256::MAX), "limit");
    out_of_range(world.filo.sender(admin).exposure(number(3), CLASS), "kind");
    world.draw(|_| ()).unwrap();
    for (kind, subject) in [(0, world.borrower.into_word()), (1, curator.into_word()), (2, CLASS)] {
        let kind = number(kind);
        set(kind, subject, usd(516_500) - number(1)).unwrap();
        world.filo.assert_emitted(&LimitSet {
            kind,
            subject,
            limit: usd(516_500) - number(1),
        });
        let exceeded = LimitExceeded {
            kind,
            subject,
            exposure: usd(516_500),
            limit: usd(516_500) - number(1),
        };
        assert_eq!(second(), Err(exceeded.into()));
        // A subject of one kind is not one of another.
        for other in 0..3 {
            let (exposure, limit) = world.filo.sender(admin).exposure(number(other), subject).unwrap();
            let (expected, bound) = if number(other) == kind {
                (usd(416_500), usd(516_500) - number(1))
            } else {
                Default::default()
            };
            assert_eq!((exposure.word(), limit.word()), (expected, bound));
        }
        set(kind, subject, U256::ZERO).unwrap();
    }
    set(number(0), world.borrower.into_word(), usd(516_500)).unwrap();
    second().unwrap();
    // Paying down frees nothing, paying off does; so does the end of an auction.
    world.pay(world.borrower, number(1), usd(400_000));
    let exposure = || {
        let (exposure, _) = world.filo.sender(admin).exposure(number(2), CLASS).unwrap();
        exposure.word()
    };
    assert_eq!(exposure(), usd(516_500));
    world.pay(world.borrower, number(1), U256::MAX);
    assert_eq!(exposure(), usd(100_000));
    world.filo.sender(world.defaults()).mark(number(2), U256::ZERO, true).motsu_unwrap();
    let (defaults, buyer) = (world.defaults(), world.stranger);
    let price = usd(10);
    let sale = world
        .filo
        .sender(defaults)
        .sell(number(2), vec![number(2)], buyer, buyer, price, U256::ZERO);
    assert!(sale.motsu_unwrap());
    assert_eq!(exposure(), U256::ZERO);
}

// ---- paying ----

#[motsu::test]
fn the_first_payment_goes_where_it_belongs() {
    let world = World::reference_loan();
    let loan = number(1);
    set_clock(START + MONTH);
    let (due, interest, principal, _) = world.filo.sender(world.stranger).instalment(loan).unwrap();
    assert_eq!(due, Small(START + MONTH));
    // 416,500 × 15 % × 30 ÷ 365.
    assert_eq!(interest.0, 5_134_931_506_849_315_068_494);
    let total = interest.plus(principal).unwrap();
    let before = (world.balance(world.curator), world.balance(world.borrower));
    assert_eq!(world.pay(world.borrower, loan, total.word()), total.word());

    let cents = |amount: U256| amount / (WAD / number(100));
    assert_eq!(before.1 - world.balance(world.borrower), total.word());
    assert_eq!(cents(world.balance(world.curator) - before.0), number(15_404));
    assert_eq!(cents(world.balance(world.treasury)), number(10_269));
    assert_eq!(cents(world.filo.sender(world.admin).reserve().word()), number(5_134));
    let (state, next_due) = world.loan(loan);
    assert_eq!((state.paid, next_due), (1, START + 2 * MONTH));
    let split = crate::split::split_interest(interest, state.terms.fees, Amount(41_650 * MIN_PRINCIPAL), state.terms.principal).unwrap();
    let junior = crate::split::junior_principal(principal, Amount(41_650 * MIN_PRINCIPAL), state.terms.principal).unwrap();
    world.filo.assert_emitted(&Payment {
        loan,
        payer: world.borrower,
        lateFee: U256::ZERO,
        interest: interest.word(),
        principal: principal.word(),
        seniorInterest: split.senior.word(),
        juniorInterest: split.junior.word(),
        servicingFee: split.servicing.word(),
        protocolFee: split.protocol.word(),
        toReserve: split.reserve.word(),
        seniorPrincipal: principal.minus(junior).unwrap().word(),
        juniorPrincipal: junior.word(),
        divertedPrincipal: U256::ZERO,
        divertedInterest: U256::ZERO,
    });
    // All interest is paid, so the vault's count is settled to nothing.
    let (_, _, accrued, _) = world.vault.sender(world.admin).numbers();
    assert_eq!(accrued, U256::ZERO);
}

#[motsu::test]
fn thirty_six_payments_close_the_loan_and_free_the_receipt() {
    let world = World::reference_loan();
    let loan = number(1);
    let vault_before = usd(1_000_000) - usd(374_850);
    for period in 1..=36 {
        set_clock(START + period * MONTH);
        let (_, interest, principal, _) = world.filo.sender(world.borrower).instalment(loan).unwrap();
        let amount = interest.plus(principal).unwrap();
        let level = world.loan(loan).0.instalment;
        assert!(amount <= level);
        // Offering more than the last instalment takes no more than what is owed.
        let offered = if period == 36 { usd(20_000) } else { amount.word() };
        assert_eq!(world.pay(world.borrower, loan, offered), amount.word());
    }
    let (state, next_due) = world.loan(loan);
    assert_eq!((state.status, state.paid, next_due), (Status::Closed, 36, 0));
    assert_eq!((state.balance.outstanding, state.balance.senior), (Amount::ZERO, Amount::ZERO));
    world.filo.assert_emitted(&LoanClosed { loan });
    // F5.
    let receipt = world.caliber.sender(world.borrower).receipt_of(number(1)).unwrap();
    assert_eq!(receipt.loan, U256::ZERO);
    let (cash, principal, accrued, rate) = world.vault.sender(world.admin).numbers();
    assert_eq!((principal, accrued, rate), (U256::ZERO, U256::ZERO, U256::ZERO));
    assert!(cash > vault_before + usd(374_850));
    let stack = world.stack(number(1));
    assert_eq!((stack.senior, stack.junior_lent, stack.live), (Amount::ZERO, Amount::ZERO, 0));
    // The curator takes everything, the reserve stays.
    let all = stack.junior_cash.word();
    assert!(all > usd(50_000));
    world
        .filo
        .sender(world.curator)
        .withdraw_junior(number(1), all, world.curator)
        .motsu_unwrap();
    let reserve = world.filo.sender(world.admin).reserve().word();
    assert_eq!(world.balance(world.filo.address()), reserve);
    let status = number(4);
    assert_eq!(
        world.filo.sender(world.borrower).pay(loan, usd(1)).motsu_unwrap_err(),
        WrongStatus { loan, status }.into()
    );
}

#[motsu::test]
fn anybody_pays_in_parts_and_the_quote_closes_it() {
    let world = World::reference_loan();
    let loan = number(1);
    for (days, amount) in [(1, number(1)), (9, usd(700)), (10, usd(2_000)), (45, usd(100_000)), (46, number(3))] {
        set_clock(START + days * 86_400);
        assert_eq!(world.pay(world.stranger, loan, amount), amount);
    }
    let at = START + 60 * 86_400;
    let quote = world.filo.sender(world.stranger).payoff(loan, number(at)).unwrap().word();
    set_clock(at);
    assert_eq!(world.pay(world.stranger, loan, U256::MAX), quote);
    assert_eq!(world.filo.sender(world.stranger).payoff(loan, number(at)), Ok(Amount::ZERO));
    assert_eq!(world.caliber.sender(world.borrower).receipt_of(number(1)).unwrap().loan, U256::ZERO);
    let (_, principal, accrued, rate) = world.vault.sender(world.admin).numbers();
    assert_eq!((principal, accrued, rate), (U256::ZERO, U256::ZERO, U256::ZERO));
}

#[motsu::test]
fn payments_and_quotes_are_refused_by_name() {
    let world = World::reference_loan();
    let loan = number(1);
    out_of_range(world.filo.sender(world.borrower).pay(loan, U256::ZERO).motsu_res(), "maxAmount");
    let unknown = number(5);
    let missing = || FiloError::from(UnknownLoan { loan: unknown });
    assert_eq!(world.filo.sender(world.borrower).pay(unknown, usd(1)).motsu_unwrap_err(), missing());
    assert_eq!(world.filo.sender(world.borrower).loan(unknown).err(), Some(missing()));
    assert_eq!(world.filo.sender(world.borrower).instalment(unknown).unwrap_err(), missing());
    assert_eq!(
        world.filo.sender(world.borrower).payoff(unknown, number(START)).unwrap_err(),
        missing()
    );
    assert_eq!(
        world.filo.sender(world.borrower).schedule(unknown, number(1)).unwrap_err(),
        missing()
    );
    assert_eq!(world.filo.sender(world.borrower).receipts_of(unknown).unwrap_err(), missing());
    for at in [number(START - 1), U256::from(1) << 48] {
        out_of_range(world.filo.sender(world.borrower).payoff(loan, at).motsu_res(), "at");
    }
    // Without the dollars nothing is paid and nothing is booked.
    world.dollar.sender(world.borrower).approve(world.filo.address(), usd(10));
    set_clock(START + MONTH);
    assert_eq!(
        world.filo.sender(world.borrower).pay(loan, usd(11)).motsu_unwrap_err(),
        FiloError::from(InsufficientBalance {}.abi_encode())
    );
    assert_eq!(world.loan(loan).0.balance.touched, START);
    world.check();
}

#[motsu::test]
fn new_fees_change_no_agreed_loan() {
    let world = World::reference_loan();
    world.filo.sender(world.admin).set_fees(number(1_000), number(1_000)).motsu_unwrap();
    set_clock(START + MONTH);
    world.pay(world.borrower, number(1), usd(15_000));
    assert_eq!(world.balance(world.treasury) / (WAD / number(100)), number(10_269));
}

// ---- storage ----

#[motsu::test]
fn the_largest_stack_and_loan_come_back_as_written(filo: Contract<FiloStacks>, alice: Address) {
    let ratio = |n| fixed_point::Bps::new(n).unwrap();
    let stack = Stack {
        curator: Address::repeat_byte(0xff),
        first_loss: ratio(9_999),
        max_ltv: ratio(9_998),
        servicing: ratio(9_997),
        spread: ratio(9_996),
        hardware_class: B256::ZERO,
        trigger: ratio(9_995),
        live: u32::MAX,
        senior_cap: Amount(MAX_PRINCIPAL),
        senior: Amount(MAX_PRINCIPAL - 1),
        junior_cash: Amount(u128::MAX - 2),
        junior_lent: Amount(u128::MAX - 3),
        trouble: Trouble {
            loans: u32::MAX - 1,
            defaulted: u32::MAX - 2,
            owed_principal: Amount(MAX_PRINCIPAL - 2),
            owed_interest: Amount(MAX_PRINCIPAL - 3),
            earmarked: Amount(MAX_PRINCIPAL - 4),
            marked_junior: Amount(MAX_PRINCIPAL - 5),
        },
    };
    filo.sender(alice).stacks.open(u64::MAX, &stack);
    assert_eq!(filo.sender(alice).stacks.read(u64::MAX), stack);

    let wei = |less| Amount(MAX_PRINCIPAL - less);
    let mut loan = Loan {
        status: Status::Defaulted,
        borrower: Address::repeat_byte(0xfe),
        stack: (1 << 56) - 1,
        receipts: u8::MAX,
        terms: crate::terms::Terms {
            principal: wei(0),
            rate: u64::MAX,
            periods: u8::MAX - 2,
            level: true,
            fees: crate::terms::Fees {
                servicing: ratio(9_999),
                protocol: ratio(9_998),
                reserve: ratio(9_997),
                spread: ratio(9_996),
            },
            grace: u32::MAX,
            late_fee: ratio(9_994),
        },
        drawn_at: (1 << 48) - 2,
        balance: crate::balance::Balance {
            outstanding: wei(1),
            senior: wei(2),
            interest: U256::MAX,
            accrual: U256::MAX - number(1),
            late_fees: U256::MAX - number(2),
            touched: (1 << 48) + (1 << 32) - 3,
        },
        instalment: wei(3),
        planned: wei(4),
        paid: 127,
        due_place: (1 << 24) - 1,
        distress: Distress {
            impairment: wei(5),
            junior_cover: wei(6),
            reserve_cover: wei(7),
            call_deadline: (1 << 48) - 4,
            cure_below: wei(8),
        },
    };
    filo.sender(alice).loans.write_terms(u64::MAX, &loan);
    filo.sender(alice).loans.write(u64::MAX, &loan);
    assert_eq!(filo.sender(alice).loans.read(u64::MAX), loan);
    // What was carried is gone once it is paid, and so is the distress.
    let balance = &mut loan.balance;
    (balance.interest, balance.accrual, balance.late_fees) = (U256::ZERO, U256::ZERO, U256::ZERO);
    loan.distress = Distress::default();
    filo.sender(alice).loans.write(u64::MAX, &loan);
    filo.sender(alice).loans.set_due_place(u64::MAX, 7);
    loan.due_place = 7;
    assert_eq!(filo.sender(alice).loans.read(u64::MAX), loan);
}

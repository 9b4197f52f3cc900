//! FiLo: stacks, loans, the reserve, what is out to whom.
//!
//! Events say what was paid and who got it. What is owed between them follows: interest by the second on what is outstanding, the plan from
//! the terms. So the whole of a loan, its next due day included, is what its events and the clock make of it.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, B256, U256};

use super::{account, mul_div, mul_div_up, Deployed, Image};
use crate::abi::Filo::{FiloEvents as Event, LoanDrawn, LoanLiquidated, LoanMarked, Payment, StackOpened, Wired};

const WAD: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);
const BPS: U256 = U256::from_limbs([10_000, 0, 0, 0]);
const YEAR: u64 = 31_536_000;
/// WAD of a basis point.
const WAD_OF_BPS: u64 = 100_000_000_000_000;
/// The last number of a due day.
const LAST_DAY: u64 = (1 << 24) - 1;

const LIVE: u8 = 1;
const LATE: u8 = 2;
const DEFAULTED: u8 = 3;
const CLOSED: u8 = 4;
const LIQUIDATED: u8 = 5;

/// One wei of interest, where interest is exact: in wei × WAD × seconds of a year.
fn wei() -> U256 {
    WAD * U256::from(YEAR)
}

#[derive(Debug)]
struct Stack {
    opened: StackOpened,
    /// Senior principal, and what the senior side has a claim for.
    senior: U256,
    junior_cash: U256,
    junior_lent: U256,
    owed_principal: U256,
    owed_interest: U256,
}

#[derive(Debug)]
struct Loan {
    drawn: LoanDrawn,
    class: B256,
    drawn_at: u64,
    /// Servicing, protocol, reserve, spread: basis points.
    fees: [U256; 4],
    status: u8,
    receipts: Vec<U256>,
    /// The same in storage, where those that were sold are left behind the end.
    written: Vec<U256>,
    outstanding: U256,
    senior: U256,
    /// Owed, and the senior side's part of it in wei × 10^18, and late fees, as of `touched`.
    interest: U256,
    accrual: U256,
    late_fees: U256,
    touched: u64,
    planned: U256,
    paid: u64,
    due_place: usize,
    impairment: U256,
    junior_cover: U256,
    reserve_cover: U256,
    call_deadline: U256,
    cure_below: U256,
}

/// FiLo, as its logs have it.
#[derive(Debug)]
pub(super) struct Filo {
    period: u64,
    first_day: u64,
    wired: Option<Wired>,
    protocol_fee: U256,
    reserve_fee: U256,
    stacks: BTreeMap<U256, Stack>,
    loans: BTreeMap<U256, Loan>,
    reserve: U256,
    limits: BTreeMap<(U256, B256), U256>,
    /// Due days, and the loans that fall due on each, as the contract lists them.
    days: BTreeMap<u64, Vec<U256>>,
}

impl Filo {
    pub(super) fn of(deployed: &Deployed) -> Self {
        Self {
            period: deployed.period,
            first_day: deployed.at / day(deployed.period),
            wired: None,
            protocol_fee: U256::ZERO,
            reserve_fee: U256::ZERO,
            stacks: BTreeMap::new(),
            loans: BTreeMap::new(),
            reserve: U256::ZERO,
            limits: BTreeMap::new(),
            days: BTreeMap::new(),
        }
    }

    /// `class_of` knows the hardware class of a receipt, as CALIBER's logs have it.
    pub(super) fn apply(&mut self, event: Event, at: u64, class_of: impl Fn(U256) -> B256) {
        match event {
            Event::StackOpened(opened) => {
                let stack = Stack {
                    opened,
                    senior: U256::ZERO,
                    junior_cash: U256::ZERO,
                    junior_lent: U256::ZERO,
                    owed_principal: U256::ZERO,
                    owed_interest: U256::ZERO,
                };
                self.stacks.insert(stack.opened.stack, stack);
            }
            Event::JuniorDeposited(event) => self.stack(event.stack).junior_cash += event.assets,
            Event::JuniorWithdrawn(event) => self.stack(event.stack).junior_cash -= event.assets,
            Event::LoanDrawn(drawn) => self.draw(drawn, at, class_of),
            Event::ReceiptsAdded(event) => {
                let loan = self.loan(event.loan);
                loan.receipts.extend(event.receipts);
                loan.write();
            }
            Event::Payment(payment) => self.pay(&payment, at),
            // What the payment before made of it.
            Event::LoanCured(event) => assert_eq!(self.loan(event.loan).status, LIVE),
            Event::LoanClosed(event) => assert_eq!(self.loan(event.loan).status, CLOSED),
            Event::LoanMarked(marked) => self.mark(&marked, at),
            Event::MarginCalled(event) => {
                let loan = self.loan(event.loan);
                (loan.call_deadline, loan.cure_below) = (event.deadline, event.cureBelow);
            }
            Event::ReceiptsSold(event) => {
                let loan = self.loan(event.loan);
                for sold in event.receipts {
                    let place = loan
                        .receipts
                        .iter()
                        .position(|held| *held == sold)
                        .expect("what is sold was pledged");
                    loan.receipts.swap_remove(place);
                }
                loan.write();
            }
            Event::LoanLiquidated(event) => self.liquidate(&event),
            Event::ParametersSet(event) => (self.protocol_fee, self.reserve_fee) = (event.protocolFeeBps, event.reserveBps),
            Event::LimitSet(event) => drop(self.limits.insert((event.kind, event.subject), event.limit)),
            Event::Wired(event) => self.wired = Some(event),
        }
    }

    fn stack(&mut self, stack: U256) -> &mut Stack {
        self.stacks.get_mut(&stack).expect("it was opened")
    }

    fn loan(&mut self, loan: U256) -> &mut Loan {
        self.loans.get_mut(&loan).expect("it was drawn")
    }

    fn draw(&mut self, drawn: LoanDrawn, at: u64, class_of: impl Fn(U256) -> B256) {
        let fees = (self.protocol_fee, self.reserve_fee);
        let stack = self.stack(drawn.stack);
        stack.senior += drawn.senior;
        stack.junior_cash -= drawn.junior;
        stack.junior_lent += drawn.junior;
        let principal = drawn.senior + drawn.junior;
        let loan = Loan {
            class: class_of(drawn.receipts[0]),
            drawn_at: at,
            fees: [stack.opened.servicingFeeBps, fees.0, fees.1, stack.opened.juniorSpreadBps],
            status: LIVE,
            receipts: drawn.receipts.clone(),
            written: drawn.receipts.clone(),
            outstanding: principal,
            senior: drawn.senior,
            interest: U256::ZERO,
            accrual: U256::ZERO,
            late_fees: U256::ZERO,
            touched: at,
            planned: principal,
            paid: 0,
            due_place: 0,
            impairment: U256::ZERO,
            junior_cover: U256::ZERO,
            reserve_cover: U256::ZERO,
            call_deadline: U256::ZERO,
            cure_below: U256::ZERO,
            drawn,
        };
        assert_eq!(U256::from(loan.due(1, self.period)), loan.drawn.firstDue);
        let id = loan.drawn.loan;
        self.loans.insert(id, loan);
        self.shift(id, None);
    }

    fn pay(&mut self, payment: &Payment, at: u64) {
        let (period, day_before) = (self.period, self.day_of(payment.loan));
        let loan = self.loan(payment.loan);
        loan.pay(payment, at, period);
        let id = loan.drawn.stack;
        let stack = self.stack(id);
        stack.senior -= payment.seniorPrincipal + payment.divertedPrincipal;
        stack.junior_lent -= payment.juniorPrincipal;
        stack.owed_principal -= payment.divertedPrincipal;
        stack.owed_interest -= payment.divertedInterest;
        stack.junior_cash += payment.juniorInterest + payment.juniorPrincipal - payment.divertedPrincipal - payment.divertedInterest;
        self.reserve += payment.toReserve + payment.lateFee;
        self.shift(payment.loan, day_before);
    }

    fn mark(&mut self, marked: &LoanMarked, at: u64) {
        let (period, day_before) = (self.period, self.day_of(marked.loan));
        let loan = self.loan(marked.loan);
        loan.accrue(at, period);
        loan.status = marked.status.to();
        if loan.status == DEFAULTED {
            (loan.call_deadline, loan.cure_below) = (U256::ZERO, U256::ZERO);
        }
        (loan.impairment, loan.junior_cover, loan.reserve_cover) = (marked.impairment, marked.juniorCover, marked.reserveCover);
        self.shift(marked.loan, day_before);
    }

    fn liquidate(&mut self, event: &LoanLiquidated) {
        let loan = self.loan(event.loan);
        assert_eq!((loan.senior, loan.outstanding - loan.senior), (event.senior, event.junior));
        assert_eq!(loan.accrual / WAD, event.seniorInterest);
        loan.status = LIQUIDATED;
        (loan.outstanding, loan.senior) = (U256::ZERO, U256::ZERO);
        (loan.interest, loan.accrual, loan.late_fees) = (U256::ZERO, U256::ZERO, U256::ZERO);
        (loan.impairment, loan.junior_cover, loan.reserve_cover) = (U256::ZERO, U256::ZERO, U256::ZERO);
        (loan.call_deadline, loan.cure_below) = (U256::ZERO, U256::ZERO);
        let id = loan.drawn.stack;
        let stack = self.stack(id);
        stack.junior_lent -= event.junior;
        stack.junior_cash -= event.cashPrincipal + event.cashInterest;
        (stack.owed_principal, stack.owed_interest) = (event.owedPrincipal, event.owedInterest);
        stack.senior -= event.cashPrincipal + event.reservePrincipal + event.lost;
        self.reserve -= event.reservePrincipal + event.reserveInterest;
    }

    /// The day on which a loan falls due, counted from the contract's first, if it performs.
    fn day_of(&self, id: U256) -> Option<u64> {
        let loan = &self.loans[&id];
        let due = (loan.status == LIVE).then(|| loan.due(loan.paid + 1, self.period))?;
        Some((due / day(self.period)).saturating_sub(self.first_day).min(LAST_DAY))
    }

    /// Lists a loan under the day on which it falls due now: at the end; the last of the list that it leaves takes its place.
    fn shift(&mut self, id: U256, before: Option<u64>) {
        let after = self.day_of(id);
        if before == after {
            return;
        }
        let place_before = self.loans[&id].due_place;
        if let Some(day) = after {
            let list = self.days.entry(day).or_default();
            list.push(id);
            let place = list.len();
            self.loan(id).due_place = place;
        }
        if let Some(list) = before.and_then(|day| self.days.get_mut(&day)) {
            assert_eq!(list.swap_remove(place_before - 1), id);
            if let Some(mover) = list.get(place_before - 1).copied() {
                self.loan(mover).due_place = place_before;
            }
        }
    }

    pub(super) fn image(&self, deployed: &Deployed) -> Image {
        let mut image = Image::of("Filo");
        let seats = image.map("seats.words.words").at(U256::ZERO);
        let wired = |which: fn(&Wired) -> Address| self.wired.as_ref().map(which).unwrap_or_default();
        let clock = U256::from(self.period) << 48 | U256::from(self.first_day);
        image.set(&seats.word(1), account(wired(|wired| wired.usdai)) << 96 | clock);
        let mut seat = |index: usize, address: Address, number: U256| {
            image.set(&seats.word(index), account(address) << 96 | number << 32);
        };
        seat(0, deployed.suite.router, U256::from(self.stacks.len()));
        seat(2, wired(|wired| wired.susdai), U256::from(self.loans.len()));
        seat(3, wired(|wired| wired.caliber), self.protocol_fee);
        seat(4, wired(|wired| wired.treasury), self.reserve_fee);
        seat(5, wired(|wired| wired.defaults), U256::ZERO);
        seat(6, wired(|wired| wired.origination), U256::ZERO);
        let earmarked = self.loans.values().map(|loan| loan.reserve_cover).sum::<U256>();
        image.field("seats.reserve", self.reserve << 128 | earmarked);
        let stacks = image.map("stacks.words.words");
        for (id, stack) in &self.stacks {
            self.stack_image(&mut image, &stacks.at(*id), *id, stack);
        }
        let (loans, receipts) = (image.map("loans.words.words"), image.map("loans.receipts.words"));
        for (id, loan) in &self.loans {
            loan.image(&mut image, &loans.at(*id));
            let list = receipts.at(*id);
            for (index, word) in items(&loan.written).into_iter().enumerate() {
                image.set(&list.word(index), word);
            }
        }
        self.days_image(&mut image);
        self.exposures_image(&mut image);
        image
    }

    fn stack_image(&self, image: &mut Image, place: &super::image::Place, id: U256, stack: &Stack) {
        let opened = &stack.opened;
        let loans: Vec<&Loan> = self.loans.values().filter(|loan| loan.drawn.stack == id).collect();
        let count = |is: fn(&Loan) -> bool| U256::from(loans.iter().filter(|loan| is(loan)).count());
        let sum = |of: fn(&Loan) -> U256| loans.iter().map(|loan| of(loan)).sum::<U256>();
        let troubled = count(|loan| loan.is_marked() || loan.status == LIVE && !loan.call_deadline.is_zero());
        let defaulted = count(|loan| loan.status == DEFAULTED);
        let earmarked = sum(|loan| loan.junior_cover);
        let marked_junior = sum(|loan| {
            if loan.is_marked() {
                loan.outstanding - loan.senior
            } else {
                U256::ZERO
            }
        });
        let counts: U256 = troubled << 224 | defaulted << 192 | stack.owed_principal << 96 | stack.owed_interest;
        let marks: U256 = earmarked << 160 | marked_junior << 64;
        let in_trouble = !counts.is_zero() || !marks.is_zero();
        image.set(
            place,
            account(opened.curator) << 96
                | opened.firstLossBps << 80
                | opened.maxLtvBps << 64
                | opened.servicingFeeBps << 48
                | opened.juniorSpreadBps << 32
                | opened.marginTriggerBps << 16,
        );
        let live = count(Loan::is_open);
        image.set(
            &place.word(1),
            opened.seniorCap << 160 | stack.senior << 64 | live << 32 | U256::from(in_trouble) << 24,
        );
        image.set(&place.word(2), stack.junior_cash << 128 | stack.junior_lent);
        image.set(&place.word(3), U256::from_be_bytes(opened.hardwareClass.0));
        for (index, word) in [(4, counts), (5, marks)] {
            if in_trouble {
                image.set(&place.word(index), word);
            } else {
                image.unread(&place.word(index));
            }
        }
    }

    /// The tree over due days, and the list of each.
    fn days_image(&self, image: &mut Image) {
        let (days, lists) = (image.map("dues.days.words"), image.map("dues.loans.words"));
        let mut tree = BTreeMap::<u64, U256>::new();
        for (day, list) in self.days.iter().filter(|(_, list)| !list.is_empty()) {
            for (key, bit) in [
                (2 << 16 | day >> 8, day & 255),
                (1 << 16 | day >> 16, day >> 8 & 255),
                (0, day >> 16),
            ] {
                *tree.entry(key).or_default() |= U256::ONE << bit;
            }
            let mut all = vec![U256::from(list.len())];
            all.extend(list);
            for (index, word) in items(&all).into_iter().enumerate() {
                image.set(&lists.at(U256::from(*day)).word(index), word);
            }
        }
        for (key, word) in tree {
            image.set(&days.at(U256::from(key)), word);
        }
    }

    /// Principal as drawn of open loans, by borrower, curator and class.
    fn exposures_image(&self, image: &mut Image) {
        let mut exposures = BTreeMap::<(U256, B256), U256>::new();
        for loan in self.loans.values().filter(|loan| loan.is_open()) {
            let curator = self.stacks[&loan.drawn.stack].opened.curator;
            for (kind, subject) in (0..).zip([loan.drawn.borrower.into_word(), curator.into_word(), loan.class]) {
                *exposures.entry((U256::from(kind), subject)).or_default() += loan.principal();
            }
        }
        let words = image.map("exposures.words");
        let subjects: BTreeSet<_> = exposures.keys().chain(self.limits.keys()).copied().collect();
        for subject in subjects {
            let of = |all: &BTreeMap<(U256, B256), U256>| all.get(&subject).copied().unwrap_or_default();
            let place = words.at(subject.1).word(subject.0.to());
            image.set(&place, of(&exposures) << 128 | of(&self.limits));
        }
    }
}

impl Loan {
    fn principal(&self) -> U256 {
        self.drawn.senior + self.drawn.junior
    }

    fn periods(&self) -> u64 {
        self.drawn.periods.to()
    }

    fn is_open(&self) -> bool {
        matches!(self.status, LIVE | LATE | DEFAULTED)
    }

    fn is_marked(&self) -> bool {
        matches!(self.status, LATE | DEFAULTED)
    }

    /// When instalment `number` is due.
    fn due(&self, number: u64, period: u64) -> u64 {
        self.drawn_at + number * period
    }

    /// The last second at which the next payment is on time.
    fn late_after(&self, period: u64) -> u64 {
        let due = if self.is_open() { self.due(self.paid + 1, period) } else { 0 };
        due / day(period) * day(period) + day(period) - 1
    }

    /// What the vault counts of it each second, wei × 10^18.
    fn vault_rate(&self) -> U256 {
        let [servicing, protocol, reserve, spread] = self.fees;
        let kept = (BPS - servicing - protocol - reserve) * (BPS - spread);
        mul_div(self.senior, self.drawn.rate * kept, BPS * BPS * U256::from(YEAR))
    }

    fn accrue(&mut self, at: u64, period: u64) {
        let elapsed = at - self.touched;
        if elapsed == 0 {
            return;
        }
        let late = at.saturating_sub(self.late_after(period).max(self.touched));
        self.late_fees += self.outstanding * self.drawn.lateFeeBps * U256::from(WAD_OF_BPS) * U256::from(late);
        self.interest += self.outstanding * self.drawn.rate * U256::from(elapsed);
        self.accrual += self.vault_rate() * U256::from(elapsed);
        self.touched = at;
    }

    fn pay(&mut self, payment: &Payment, at: u64, period: u64) {
        self.accrue(at, period);
        let (owed, fees_owed) = (self.interest.div_ceil(wei()), self.late_fees.div_ceil(wei()));
        if payment.lateFee == fees_owed {
            self.late_fees = U256::ZERO;
        } else {
            self.late_fees -= payment.lateFee * wei();
        }
        let before = self.status;
        if payment.interest == owed {
            if before == DEFAULTED || !owed.is_zero() {
                (self.interest, self.accrual) = (U256::ZERO, U256::ZERO);
            }
        } else {
            let taken = payment.interest * wei();
            self.accrual -= if before == DEFAULTED {
                payment.seniorInterest * WAD
            } else {
                mul_div_up(self.accrual, taken, self.interest)
            };
            self.interest -= taken;
        }
        self.outstanding -= payment.principal;
        self.senior -= payment.seniorPrincipal;
        let settled = self.interest.is_zero() && self.late_fees.is_zero();
        if settled && self.outstanding.is_zero() {
            self.status = CLOSED;
            self.planned = U256::ZERO;
            self.paid = self.periods();
        } else if before != DEFAULTED && settled {
            self.advance(at, period);
            if self.late_after(period) >= at {
                self.status = LIVE;
            }
        }
        if matches!(before, LATE | DEFAULTED) {
            self.impairment = self.impairment.saturating_sub(payment.seniorPrincipal);
        }
        if self.outstanding <= self.cure_below || !self.is_open() {
            (self.call_deadline, self.cure_below) = (U256::ZERO, U256::ZERO);
        }
        if !self.is_marked() {
            (self.impairment, self.junior_cover, self.reserve_cover) = (U256::ZERO, U256::ZERO, U256::ZERO);
        }
    }

    /// Counts as paid every instalment to whose balance the loan has come down and that is due within a period.
    fn advance(&mut self, at: u64, period: u64) {
        while self.paid < self.periods() {
            let number = self.paid + 1;
            let planned = self.planned_after(number, period);
            if self.outstanding > planned || self.due(number, period) >= at + period {
                break;
            }
            (self.planned, self.paid) = (planned, number);
        }
    }

    fn planned_after(&self, number: u64, period: u64) -> U256 {
        if number >= self.periods() {
            return U256::ZERO;
        }
        let mut principal = self.drawn.instalment;
        if self.drawn.levelPayment {
            let interest = mul_div_up(self.planned, self.drawn.rate * U256::from(period), wei());
            principal = principal.saturating_sub(interest);
        }
        self.planned.saturating_sub(principal)
    }

    /// Writes the receipts over those that were there.
    fn write(&mut self) {
        let behind = self.written.split_off(self.written.len().min(self.receipts.len()));
        self.written.clone_from(&self.receipts);
        self.written.extend(behind);
    }

    fn image(&self, image: &mut Image, place: &super::image::Place) {
        let drawn = &self.drawn;
        let distress = [
            self.impairment,
            self.junior_cover,
            self.reserve_cover,
            self.call_deadline,
            self.cure_below,
        ];
        let in_distress = distress.iter().any(|word| !word.is_zero());
        let carried = [self.interest, self.accrual, self.late_fees];
        let is_carried = carried.iter().any(|word| !word.is_zero());
        image.set(
            place,
            account(drawn.borrower) << 96
                | drawn.stack << 40
                | U256::from(self.status) << 32
                | U256::from(drawn.levelPayment) << 24
                | drawn.periods << 16
                | U256::from(self.receipts.len()) << 8
                | U256::from(in_distress),
        );
        let [servicing, protocol, reserve, spread] = self.fees;
        image.set(
            &place.word(1),
            self.principal() << 160
                | servicing << 144
                | protocol << 128
                | reserve << 112
                | spread << 96
                | U256::from(self.drawn_at) << 48
                | drawn.graceSeconds << 16
                | drawn.lateFeeBps,
        );
        image.set(&place.word(2), self.outstanding << 160 | self.senior << 64 | drawn.rate);
        image.set(
            &place.word(3),
            drawn.instalment << 160
                | self.planned << 64
                | U256::from(self.paid | if is_carried { 0x80 } else { 0 }) << 56
                | U256::from(self.touched - self.drawn_at) << 24
                | U256::from(self.due_place),
        );
        let [impairment, junior, reserve, deadline, cure_below] = distress;
        let mark: U256 = impairment << 160 | deadline << 112 | cure_below << 16;
        let cover: U256 = junior << 160 | reserve << 64;
        for (index, word, is_read) in [
            (4, carried[0], is_carried),
            (5, carried[1], is_carried),
            (6, carried[2], is_carried),
            (7, mark, in_distress),
            (8, cover, in_distress),
        ] {
            if is_read {
                image.set(&place.word(index), word);
            } else {
                // What it was when it was read last.
                image.unread(&place.word(index));
            }
        }
    }
}

/// Numbers of 8 bytes, four in a word, from the left.
fn items(numbers: &[U256]) -> Vec<U256> {
    let words = numbers.chunks(4).map(|chunk| {
        let placed = chunk.iter().zip([192usize, 128, 64, 0]).map(|(number, shift)| *number << shift);
        placed.fold(U256::ZERO, |word, number| word | number)
    });
    words.collect()
}

/// Seconds of a due day.
fn day(period: u64) -> u64 {
    (period / 30).max(1)
}

//! How stacks and loans lie in storage. Widths in bytes, from the left of a word.
//!
//! | stack word | |
//! | --- | --- |
//! | 0 | curator 20, first loss 2, max LTV 2, servicing 2, spread 2, trigger 2 |
//! | 1 | senior cap 12, senior principal 12, open loans 4, in trouble 1 |
//! | 2 | junior cash 16, junior lent 16 |
//! | 3 | hardware class |
//! | 4 | loans in trouble 4, in default 4, owed principal 12, owed interest 12: only while `in trouble` |
//! | 5 | earmarked 12, marked junior 12: likewise |
//!
//! | loan word | |
//! | --- | --- |
//! | 0 | borrower 20, stack 7, status 1, level 1, periods 1, receipts 1, in distress 1 |
//! | 1 | principal 12, servicing 2, protocol 2, reserve 2, spread 2, drawn at 6, grace 4, late fee 2 |
//! | 2 | outstanding 12, senior 12, rate 8 |
//! | 3 | instalment 12, planned 12, carried and paid 1, seconds from the draw to the last touch 4, due place 3 |
//! | 4, 5, 6 | interest, accrual, late fees, only while `carried`: after a payment of part of the interest |
//! | 7 | impairment 12, call deadline 6, cure below 12, only while `in distress` |
//! | 8 | junior cover 12, reserve cover 12, likewise |
//!
//! What is there once is an address and a number in a word each ([`Seat`]), and the reserve. A subject of limits has a word for each
//! [`Kind`] of them: exposure 16, limit 16.
//!
//! So an ordinary payment reads four words of the loan and writes two. Lists (a day's loans, a loan's receipts) have four items of 8
//! bytes in a word. Words that are read only under a flag keep what was in them when the flag falls: nobody reads it, and writing over it
//! later costs less.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use fixed_point::Bps;
use lean_abi::{Word, WordMap};
use stylus_sdk::prelude::*;

use crate::{
    amount::{word, Amount},
    balance::Balance,
    loan::{Distress, Loan, Status},
    stack::{Stack, Trouble},
    terms::{Fees, Terms},
};

/// Set in a loan's word 3 beside the number of instalments paid, which is below.
const CARRIED: u8 = 0x80;

/// Words by id and index.
#[storage]
pub struct Words {
    words: WordMap,
}

impl Words {
    #[inline(never)]
    fn get(&self, id: u64, index: u32) -> B256 {
        self.words.get(&key(id), index as usize)
    }

    #[inline(never)]
    fn set(&mut self, id: u64, index: u32, word: &B256) {
        self.words.set(&key(id), index as usize, word);
    }

    /// Item `index` of a list of 8-byte items, four in a word.
    pub(crate) fn item(&self, id: u64, index: u32) -> u64 {
        number(&self.get(id, index / 4), place(index), 8)
    }

    pub(crate) fn set_item(&mut self, id: u64, index: u32, item: u64) {
        let mut word = self.get(id, index / 4);
        put(&mut word, place(index), 8, item.into());
        self.set(id, index / 4, &word);
    }
}

fn key(id: u64) -> B256 {
    let mut key = B256::ZERO;
    put(&mut key, 24, 8, id.into());
    key
}

const fn place(index: u32) -> usize {
    (index % 4) as usize * 8
}

/// What is there once, a word each: an address, and a number beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Seat {
    /// The router; how many stacks there are.
    Router,
    /// USDai; the [`Clock`], because every payment reads both.
    Usdai,
    /// The vault; how many loans there are.
    Susdai,
    /// CALIBER; the treasury's part of interest, basis points.
    Caliber,
    /// The treasury; the reserve's part.
    Treasury,
    /// The contract of defaults, which may mark, call and sell.
    Defaults,
    /// The contract of origination, which may lend and add receipts.
    Origination,
}

/// By what time is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Seconds of a period.
    pub period: u64,
    /// The day that is the first of [`crate::dues`].
    pub first_day: u64,
}

/// The words of all seats, and the insurance reserve.
#[storage]
pub struct Seats {
    words: Words,
    reserve: Word,
}

impl Seats {
    /// The seat's address.
    #[must_use]
    pub fn address(&self, seat: Seat) -> Address {
        address(&self.words.get(0, seat as u32))
    }

    /// The number beside it.
    #[must_use]
    pub fn number(&self, seat: Seat) -> u64 {
        number(&self.words.get(0, seat as u32), 20, 8)
    }

    /// Writes the address.
    pub fn set_address(&mut self, seat: Seat, address: Address) {
        let mut word = self.words.get(0, seat as u32);
        put_address(&mut word, address);
        self.words.set(0, seat as u32, &word);
    }

    /// Writes the number.
    pub fn set_number(&mut self, seat: Seat, number: u64) {
        let mut word = self.words.get(0, seat as u32);
        put(&mut word, 20, 8, number.into());
        self.words.set(0, seat as u32, &word);
    }

    /// By what time is counted.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let word = self.words.get(0, Seat::Usdai as u32);
        Clock {
            period: number(&word, 20, 6),
            first_day: number(&word, 26, 6),
        }
    }

    /// Writes it, once.
    pub fn set_clock(&mut self, clock: Clock) {
        let mut word = self.words.get(0, Seat::Usdai as u32);
        put(&mut word, 20, 6, clock.period.into());
        put(&mut word, 26, 6, clock.first_day.into());
        self.words.set(0, Seat::Usdai as u32, &word);
    }

    /// The insurance reserve of all stacks, and what of it the marks of loans count on.
    #[must_use]
    pub fn reserve(&self) -> (Amount, Amount) {
        let word = self.reserve.get();
        (amount(&word, 0, 16), amount(&word, 16, 16))
    }

    /// Writes both.
    pub fn set_reserve(&mut self, reserve: Amount, earmarked: Amount) {
        self.reserve.set(&pair(reserve, earmarked));
    }
}

/// What a limit is a limit of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Kind {
    /// Loans to one borrower.
    Borrower,
    /// Loans of all stacks of one curator.
    Curator,
    /// Loans against one hardware class.
    Class,
}

impl Kind {
    /// From its number, the last one if there is none of it.
    #[must_use]
    pub const fn of(number: u64) -> Self {
        match number {
            0 => Self::Borrower,
            1 => Self::Curator,
            _ => Self::Class,
        }
    }
}

/// Principal, as drawn, of the open loans of every subject, and the most that it may be; 0 is no limit.
#[storage]
pub struct Exposures {
    words: WordMap,
}

impl Exposures {
    /// Exposure and limit.
    #[must_use]
    pub fn get(&self, kind: Kind, subject: &B256) -> (Amount, Amount) {
        let word = self.words.get(subject, kind as usize);
        (amount(&word, 0, 16), amount(&word, 16, 16))
    }

    /// Writes both.
    pub fn set(&mut self, kind: Kind, subject: &B256, exposure: Amount, limit: Amount) {
        self.words.set(subject, kind as usize, &pair(exposure, limit));
    }
}

fn pair(first: Amount, second: Amount) -> B256 {
    let mut word = B256::ZERO;
    put(&mut word, 0, 16, first.0);
    put(&mut word, 16, 16, second.0);
    word
}

/// All stacks by id, from 1.
#[storage]
pub struct Stacks {
    words: Words,
}

/// All loans by id, from 1, and the receipts that secure each.
#[storage]
pub struct Loans {
    words: Words,
    receipts: Words,
}

impl Stacks {
    /// A stack; one with a zero curator does not exist.
    #[must_use]
    pub fn read(&self, id: u64) -> Stack {
        let (head, senior, junior) = (self.words.get(id, 0), self.words.get(id, 1), self.words.get(id, 2));
        let mut trouble = Trouble::default();
        if senior[28] != 0 {
            let (counts, marks) = (self.words.get(id, 4), self.words.get(id, 5));
            trouble = Trouble {
                loans: number_32(&counts, 0),
                defaulted: number_32(&counts, 4),
                owed_principal: amount(&counts, 8, 12),
                owed_interest: amount(&counts, 20, 12),
                earmarked: amount(&marks, 0, 12),
                marked_junior: amount(&marks, 12, 12),
            };
        }
        Stack {
            curator: address(&head),
            first_loss: bps(&head, 20),
            max_ltv: bps(&head, 22),
            servicing: bps(&head, 24),
            spread: bps(&head, 26),
            trigger: bps(&head, 28),
            senior_cap: amount(&senior, 0, 12),
            senior: amount(&senior, 12, 12),
            live: number_32(&senior, 24),
            junior_cash: amount(&junior, 0, 16),
            junior_lent: amount(&junior, 16, 16),
            hardware_class: self.words.get(id, 3),
            trouble,
        }
    }

    /// Writes what is agreed when a stack is opened.
    pub fn open(&mut self, id: u64, stack: &Stack) {
        let mut head = B256::ZERO;
        put_address(&mut head, stack.curator);
        put_bps(&mut head, 20, stack.first_loss);
        put_bps(&mut head, 22, stack.max_ltv);
        put_bps(&mut head, 24, stack.servicing);
        put_bps(&mut head, 26, stack.spread);
        put_bps(&mut head, 28, stack.trigger);
        self.words.set(id, 0, &head);
        self.words.set(id, 3, &stack.hardware_class);
        self.write(id, stack);
    }

    /// Writes what changes; words that have not changed cost next to nothing.
    pub fn write(&mut self, id: u64, stack: &Stack) {
        let mut senior = B256::ZERO;
        let Trouble {
            loans,
            defaulted,
            owed_principal,
            owed_interest,
            earmarked,
            marked_junior,
        } = stack.trouble;
        let in_trouble = stack.trouble != Trouble::default();
        put(&mut senior, 0, 12, stack.senior_cap.0);
        put(&mut senior, 12, 12, stack.senior.0);
        put(&mut senior, 24, 4, stack.live.into());
        senior[28] = in_trouble.into();
        self.words.set(id, 1, &senior);
        self.words.set(id, 2, &pair(stack.junior_cash, stack.junior_lent));
        if in_trouble {
            let (mut counts, mut marks) = (B256::ZERO, B256::ZERO);
            put(&mut counts, 0, 4, loans.into());
            put(&mut counts, 4, 4, defaulted.into());
            put(&mut counts, 8, 12, owed_principal.0);
            put(&mut counts, 20, 12, owed_interest.0);
            put(&mut marks, 0, 12, earmarked.0);
            put(&mut marks, 12, 12, marked_junior.0);
            self.words.set(id, 4, &counts);
            self.words.set(id, 5, &marks);
        }
    }
}

impl Loans {
    /// A loan; one of status `None` does not exist.
    #[must_use]
    pub fn read(&self, id: u64) -> Loan {
        let [head, terms, debt, plan] = [0, 1, 2, 3].map(|index| self.words.get(id, index));
        let [mut interest, mut accrual, mut late_fees] = [U256::ZERO; 3];
        if plan[24] & CARRIED != 0 {
            [interest, accrual, late_fees] = [4, 5, 6].map(|index| lean_abi::number(&self.words.get(id, index)));
        }
        let mut distress = Distress::default();
        if head[31] != 0 {
            let (mark, cover) = (self.words.get(id, 7), self.words.get(id, 8));
            distress = Distress {
                impairment: amount(&mark, 0, 12),
                call_deadline: number(&mark, 12, 6),
                cure_below: amount(&mark, 18, 12),
                junior_cover: amount(&cover, 0, 12),
                reserve_cover: amount(&cover, 12, 12),
            };
        }
        let status = Status::from_byte(head[27]);
        let drawn_at = number(&terms, 20, 6);
        Loan {
            borrower: address(&head),
            stack: number(&head, 20, 7),
            status,
            receipts: head[30],
            terms: Terms {
                principal: amount(&terms, 0, 12),
                rate: number(&debt, 24, 8),
                periods: head[29],
                level: head[28] != 0,
                fees: Fees {
                    servicing: bps(&terms, 12),
                    protocol: bps(&terms, 14),
                    reserve: bps(&terms, 16),
                    spread: bps(&terms, 18),
                },
                grace: number_32(&terms, 26),
                late_fee: bps(&terms, 30),
            },
            drawn_at,
            balance: Balance {
                outstanding: amount(&debt, 0, 12),
                senior: amount(&debt, 12, 12),
                interest,
                accrual,
                late_fees,
                touched: number(&plan, 25, 4).saturating_add(drawn_at),
            },
            instalment: amount(&plan, 0, 12),
            planned: amount(&plan, 12, 12),
            paid: plan[24] & !CARRIED,
            due_place: number_32(&plan, 28) & 0x00ff_ffff,
            distress,
        }
    }

    /// Writes what is agreed, once.
    pub fn write_terms(&mut self, id: u64, loan: &Loan) {
        let mut terms = B256::ZERO;
        put(&mut terms, 0, 12, loan.terms.principal.0);
        put_bps(&mut terms, 12, loan.terms.fees.servicing);
        put_bps(&mut terms, 14, loan.terms.fees.protocol);
        put_bps(&mut terms, 16, loan.terms.fees.reserve);
        put_bps(&mut terms, 18, loan.terms.fees.spread);
        put(&mut terms, 20, 6, loan.drawn_at.into());
        put(&mut terms, 26, 4, loan.terms.grace.into());
        put_bps(&mut terms, 30, loan.terms.late_fee);
        self.words.set(id, 1, &terms);
    }

    /// Writes what changes with every payment.
    pub fn write(&mut self, id: u64, loan: &Loan) {
        let Balance {
            outstanding,
            senior,
            interest,
            accrual,
            late_fees,
            touched,
        } = loan.balance;
        let carried = !interest.is_zero() || !accrual.is_zero() || !late_fees.is_zero();
        let in_distress = loan.distress != Distress::default();
        let [mut head, mut debt, mut plan] = [B256::ZERO; 3];
        put_address(&mut head, loan.borrower);
        put(&mut head, 20, 7, loan.stack.into());
        head[27] = loan.status as u8;
        head[28] = loan.terms.level.into();
        head[29] = loan.terms.periods;
        head[30] = loan.receipts;
        head[31] = in_distress.into();
        put(&mut debt, 0, 12, outstanding.0);
        put(&mut debt, 12, 12, senior.0);
        put(&mut debt, 24, 8, loan.terms.rate.into());
        put(&mut plan, 0, 12, loan.instalment.0);
        put(&mut plan, 12, 12, loan.planned.0);
        plan[24] = loan.paid | if carried { CARRIED } else { 0 };
        put(&mut plan, 25, 4, touched.saturating_sub(loan.drawn_at).into());
        put(&mut plan, 29, 3, loan.due_place.into());
        self.words.set(id, 0, &head);
        self.words.set(id, 2, &debt);
        self.words.set(id, 3, &plan);
        if carried {
            for (index, exact) in (4..).zip([interest, accrual, late_fees]) {
                self.words.set(id, index, &lean_abi::word(&exact));
            }
        }
        if in_distress {
            let Distress {
                impairment,
                junior_cover,
                reserve_cover,
                call_deadline,
                cure_below,
            } = loan.distress;
            let [mut mark, mut cover] = [B256::ZERO; 2];
            put(&mut mark, 0, 12, impairment.0);
            put(&mut mark, 12, 6, call_deadline.into());
            put(&mut mark, 18, 12, cure_below.0);
            put(&mut cover, 0, 12, junior_cover.0);
            put(&mut cover, 12, 12, reserve_cover.0);
            self.words.set(id, 7, &mark);
            self.words.set(id, 8, &cover);
        }
    }

    /// Moves a loan to another place in the list of its due day.
    pub fn set_due_place(&mut self, id: u64, place: u32) {
        let mut plan = self.words.get(id, 3);
        put(&mut plan, 29, 3, place.into());
        self.words.set(id, 3, &plan);
    }

    /// The receipts that secure a loan, in the order in which they were pledged.
    #[must_use]
    pub fn receipts(&self, id: u64, loan: &Loan) -> Vec<U256> {
        (0..loan.receipts).map(|index| word(self.receipts.item(id, index.into()))).collect()
    }

    /// The receipt at `index` of those of a loan.
    pub fn set_receipt(&mut self, id: u64, index: u8, receipt: u64) {
        self.receipts.set_item(id, index.into(), receipt);
    }
}

pub(crate) fn address(word: &B256) -> Address {
    Address::from_slice(&word[..20])
}

pub(crate) fn put_address(word: &mut B256, address: Address) {
    word[..20].copy_from_slice(address.as_slice());
}

/// The number in `width ≤ 16` bytes from `at`.
#[inline(never)]
pub(crate) fn amount(word: &B256, at: usize, width: usize) -> Amount {
    let mut bytes = [0; 16];
    bytes[16 - width..].copy_from_slice(&word[at..at + width]);
    Amount(u128::from_be_bytes(bytes))
}

/// As [`amount`], of `width ≤ 8`.
#[allow(clippy::cast_possible_truncation, reason = "that many bytes fit")]
pub(crate) fn number(word: &B256, at: usize, width: usize) -> u64 {
    amount(word, at, width).0 as u64
}

/// As [`amount`], of four bytes.
#[allow(clippy::cast_possible_truncation, reason = "that many bytes fit")]
fn number_32(word: &B256, at: usize) -> u32 {
    amount(word, at, 4).0 as u32
}

/// Keeps the low `width` bytes: callers bound what they store.
#[inline(never)]
pub(crate) fn put(word: &mut B256, at: usize, width: usize, value: u128) {
    word[at..at + width].copy_from_slice(&value.to_be_bytes()[16 - width..]);
}

pub(crate) fn bps(word: &B256, at: usize) -> Bps {
    // Only valid ratios are written.
    Bps::new(u16::from_be_bytes([word[at], word[at + 1]])).unwrap_or_default()
}

pub(crate) fn put_bps(word: &mut B256, at: usize, bps: Bps) {
    word[at..at + 2].copy_from_slice(&bps.get().to_be_bytes());
}

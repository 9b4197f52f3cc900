//! How stacks and loans lie in storage. Widths in bytes, from the left of a word.
//!
//! | stack word | |
//! | --- | --- |
//! | 0 | curator 20, first loss 2, max LTV 2, servicing 2, spread 2, live loans 1 |
//! | 1 | senior cap 16, senior principal 16 |
//! | 2 | junior cash 16, junior lent 16 |
//! | 3 | hardware class |
//!
//! | loan word | |
//! | --- | --- |
//! | 0 | borrower 20, stack 7, status 1, level 1, periods 1, receipts 1, position 1 |
//! | 1 | principal 12, servicing 2, protocol 2, reserve 2, spread 2, drawn at 6, expiry 6 |
//! | 2 | outstanding 12, senior 12, rate 8 |
//! | 3 | instalment 12, planned 12, paid 1, carried 1, touched 6 |
//! | 4, 5 | interest and accrual, only while `carried`: after a payment of part of the interest |
//!
//! So an ordinary payment reads four words of the loan and writes two. Lists (a stack's live loans, a loan's receipts) have four items
//! of 8 bytes in a word; their lengths are in word 0.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use fixed_point::Bps;
use stylus_sdk::{
    prelude::*,
    storage::{StorageB256, StorageMap},
};

use crate::{
    amount::{word, Amount},
    balance::Balance,
    loan::{Loan, Status},
    stack::Stack,
    terms::{Fees, Terms},
};

/// Words by id and index.
#[storage]
pub struct Words {
    words: StorageMap<U256, StorageB256>,
}

impl Words {
    fn get(&self, id: u64, index: u8) -> B256 {
        self.words.get(key(id, index))
    }

    fn set(&mut self, id: u64, index: u8, word: B256) {
        self.words.insert(key(id, index), word);
    }

    /// Item `index` of a list of 8-byte items, four in a word.
    fn item(&self, id: u64, index: u8) -> u64 {
        number(&self.get(id, index / 4), place(index), 8)
    }

    fn set_item(&mut self, id: u64, index: u8, item: u64) {
        let mut word = self.get(id, index / 4);
        put(&mut word, place(index), 8, item.into());
        self.set(id, index / 4, word);
    }
}

/// No two pairs have the same key.
fn key(id: u64, index: u8) -> U256 {
    U256::from_limbs([index.into(), id, 0, 0])
}

fn place(index: u8) -> usize {
    usize::from(index % 4) * 8
}

/// All stacks by id, from 1, and the live loans of each.
#[storage]
pub struct Stacks {
    words: Words,
    live: Words,
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
        Stack {
            curator: address(&head),
            first_loss: bps(&head, 20),
            max_ltv: bps(&head, 22),
            servicing: bps(&head, 24),
            spread: bps(&head, 26),
            live: head[28],
            senior_cap: amount(&senior, 0, 16),
            senior: amount(&senior, 16, 16),
            junior_cash: amount(&junior, 0, 16),
            junior_lent: amount(&junior, 16, 16),
            hardware_class: self.words.get(id, 3),
        }
    }

    /// Writes all but the hardware class; words that have not changed cost next to nothing.
    pub fn write(&mut self, id: u64, stack: &Stack) {
        let (mut head, mut senior, mut junior) = (B256::ZERO, B256::ZERO, B256::ZERO);
        put_address(&mut head, stack.curator);
        put_bps(&mut head, 20, stack.first_loss);
        put_bps(&mut head, 22, stack.max_ltv);
        put_bps(&mut head, 24, stack.servicing);
        put_bps(&mut head, 26, stack.spread);
        head[28] = stack.live;
        put(&mut senior, 0, 16, stack.senior_cap.0);
        put(&mut senior, 16, 16, stack.senior.0);
        put(&mut junior, 0, 16, stack.junior_cash.0);
        put(&mut junior, 16, 16, stack.junior_lent.0);
        self.words.set(id, 0, head);
        self.words.set(id, 1, senior);
        self.words.set(id, 2, junior);
    }

    /// Writes the hardware class, once.
    pub fn set_class(&mut self, id: u64, class: B256) {
        self.words.set(id, 3, class);
    }

    /// The live loan at `position` of the stack's list.
    #[must_use]
    pub fn live_loan(&self, id: u64, position: u8) -> u64 {
        self.live.item(id, position)
    }

    /// Puts a loan in the stack's list.
    pub fn set_live_loan(&mut self, id: u64, position: u8, loan: u64) {
        self.live.set_item(id, position, loan);
    }
}

impl Loans {
    /// A loan; one of status `None` does not exist.
    #[must_use]
    pub fn read(&self, id: u64) -> Loan {
        let (head, terms, debt, plan) = (
            self.words.get(id, 0),
            self.words.get(id, 1),
            self.words.get(id, 2),
            self.words.get(id, 3),
        );
        let (interest, accrual) = if plan[25] == 0 {
            (U256::ZERO, U256::ZERO)
        } else {
            (self.words.get(id, 4).into(), self.words.get(id, 5).into())
        };
        Loan {
            borrower: address(&head),
            stack: number(&head, 20, 7),
            status: Status::from_byte(head[27]),
            receipts: head[30],
            position: head[31],
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
                expiry: number(&terms, 26, 6),
            },
            drawn_at: number(&terms, 20, 6),
            balance: Balance {
                outstanding: amount(&debt, 0, 12),
                senior: amount(&debt, 12, 12),
                interest,
                accrual,
                touched: number(&plan, 26, 6),
            },
            instalment: amount(&plan, 0, 12),
            planned: amount(&plan, 12, 12),
            paid: plan[24],
        }
    }

    /// Writes what changes when a loan is offered, drawn, cancelled or closed.
    pub fn write_head(&mut self, id: u64, loan: &Loan) {
        let (mut head, mut terms) = (B256::ZERO, B256::ZERO);
        put_address(&mut head, loan.borrower);
        put(&mut head, 20, 7, loan.stack.into());
        head[27] = loan.status as u8;
        head[28] = loan.terms.level.into();
        head[29] = loan.terms.periods;
        head[30] = loan.receipts;
        head[31] = loan.position;
        put(&mut terms, 0, 12, loan.terms.principal.0);
        put_bps(&mut terms, 12, loan.terms.fees.servicing);
        put_bps(&mut terms, 14, loan.terms.fees.protocol);
        put_bps(&mut terms, 16, loan.terms.fees.reserve);
        put_bps(&mut terms, 18, loan.terms.fees.spread);
        put(&mut terms, 20, 6, loan.drawn_at.into());
        put(&mut terms, 26, 6, loan.terms.expiry.into());
        self.words.set(id, 0, head);
        self.words.set(id, 1, terms);
    }

    /// Writes what changes with every payment.
    pub fn write_state(&mut self, id: u64, loan: &Loan) {
        let Balance {
            outstanding,
            senior,
            interest,
            accrual,
            touched,
        } = loan.balance;
        let carried = !interest.is_zero() || !accrual.is_zero();
        let (mut debt, mut plan) = (B256::ZERO, B256::ZERO);
        put(&mut debt, 0, 12, outstanding.0);
        put(&mut debt, 12, 12, senior.0);
        put(&mut debt, 24, 8, loan.terms.rate.into());
        put(&mut plan, 0, 12, loan.instalment.0);
        put(&mut plan, 12, 12, loan.planned.0);
        plan[24] = loan.paid;
        plan[25] = carried.into();
        put(&mut plan, 26, 6, touched.into());
        self.words.set(id, 2, debt);
        self.words.set(id, 3, plan);
        // Stale words of an earlier part payment stay: nobody reads them, and the next part payment writes over them for less.
        if carried {
            self.words.set(id, 4, interest.into());
            self.words.set(id, 5, accrual.into());
        }
    }

    /// Moves a live loan to another place in its stack's list.
    pub fn set_position(&mut self, id: u64, position: u8) {
        let mut head = self.words.get(id, 0);
        head[31] = position;
        self.words.set(id, 0, head);
    }

    /// The receipts that secure a loan, in the order of the offer.
    #[must_use]
    pub fn receipts(&self, id: u64, loan: &Loan) -> Vec<U256> {
        (0..loan.receipts).map(|index| word(self.receipts.item(id, index))).collect()
    }

    /// The receipt at `index` of those of a loan.
    pub fn set_receipt(&mut self, id: u64, index: u8, receipt: u64) {
        self.receipts.set_item(id, index, receipt);
    }
}

fn address(word: &B256) -> Address {
    Address::from_slice(&word[..20])
}

fn put_address(word: &mut B256, address: Address) {
    word[..20].copy_from_slice(address.as_slice());
}

/// The number in `width ≤ 16` bytes from `at`.
#[inline(never)]
fn amount(word: &B256, at: usize, width: usize) -> Amount {
    let mut bytes = [0; 16];
    bytes[16 - width..].copy_from_slice(&word[at..at + width]);
    Amount(u128::from_be_bytes(bytes))
}

/// As [`amount`], of `width ≤ 8`.
#[allow(clippy::cast_possible_truncation, reason = "that many bytes fit")]
fn number(word: &B256, at: usize, width: usize) -> u64 {
    amount(word, at, width).0 as u64
}

/// Keeps the low `width` bytes: callers bound what they store.
#[inline(never)]
fn put(word: &mut B256, at: usize, width: usize, value: u128) {
    word[at..at + width].copy_from_slice(&value.to_be_bytes()[16 - width..]);
}

fn bps(word: &B256, at: usize) -> Bps {
    // Only valid ratios are written.
    Bps::new(u16::from_be_bytes([word[at], word[at + 1]])).unwrap_or_default()
}

fn put_bps(word: &mut B256, at: usize, bps: Bps) {
    word[at..at + 2].copy_from_slice(&bps.get().to_be_bytes());
}

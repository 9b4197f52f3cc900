//! One stack's books, and F1 and F2 over several stacks.

use alloy_primitives::U256;

use super::*;
use crate::{
    balance::Balance,
    errors::OutOfRange,
    loan::{Loan, Status},
    terms::{tests::MONTH, Fees, Terms, MIN_PRINCIPAL},
};
use fixed_point::{ArithmeticError, WAD};
use proptest::prelude::*;

const ID: u64 = 7;

fn usd(units: u64) -> Amount {
    Amount(u128::from(units) * MIN_PRINCIPAL)
}

fn stack() -> Stack {
    Stack {
        first_loss: Bps::new(1_000).unwrap(),
        senior_cap: usd(1_000_000),
        ..Stack::default()
    }
}

#[test]
fn a_tenth_of_the_reference_loan_is_the_curators() {
    let mut stack = stack();
    stack.deposit(usd(50_000)).unwrap();
    assert_eq!(stack.lend(ID, usd(416_500)), Ok(usd(374_850)));
    assert_eq!(stack.junior_cash, usd(8_350));
    assert_eq!(stack.junior_lent, usd(41_650));
    assert_eq!(stack.senior, usd(374_850));
}

#[test]
fn lending_and_withdrawing_refuse_by_name() {
    let mut stack = stack();
    stack.deposit(usd(100)).unwrap();
    let short = |needed: Amount, available: Amount| {
        FiloError::from(InsufficientJunior {
            stack: U256::from(ID),
            needed: needed.word(),
            available: available.word(),
        })
    };
    assert_eq!(stack.withdraw(ID, usd(101)), Err(short(usd(101), usd(100))));
    // One wei of principal too many needs one wei of junior capital too many: the first loss is rounded up.
    let principal = Amount(usd(1_000).0 + 1);
    let needed = Amount(usd(100).0 + 1);
    assert_eq!(stack.lend(ID, principal), Err(short(needed, usd(100))));
    stack.withdraw(ID, usd(100)).unwrap();
    assert_eq!(stack.junior_cash, Amount::ZERO);

    stack.deposit(usd(1_000_000)).unwrap();
    stack.senior = usd(999_999);
    assert_eq!(
        stack.lend(ID, usd(2)),
        Err(FiloError::from(SeniorCapExceeded {
            stack: U256::from(ID),
            senior: usd(999_999).word() + WAD * U256::from(18) / U256::from(10),
            cap: usd(1_000_000).word(),
        }))
    );
    stack.live = MAX_LOANS;
    assert_eq!(
        stack.lend(ID, usd(1)),
        Err(FiloError::from(TooManyLoans {
            stack: U256::from(ID),
            limit: U256::from(64),
        }))
    );
    let overflow = FiloError::from(ArithmeticError::Overflow);
    assert_eq!(stack.deposit(Amount(u128::MAX)), Err(overflow));
}

#[test]
fn a_range_is_closed_at_both_ends() {
    use crate::errors::in_range;
    let name = "x";
    for value in [2u8, 9] {
        assert_eq!(in_range(name, &U256::from(value), 2, 9), Ok(()));
    }
    for value in [1u8, 10] {
        assert_eq!(
            in_range(name, &U256::from(value), 2, 9),
            Err(FiloError::from(OutOfRange {
                parameter: interfaces::ids::id(name),
                value: U256::from(value),
                minimum: U256::from(2),
                maximum: U256::from(9),
            }))
        );
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Deposit(usize, u64),
    Withdraw(usize, u64),
    Lend(usize, u64, u16),
    Pay(usize, u64),
    PayAll(usize),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0usize..3, 1u64..100_000).prop_map(|(s, n)| Step::Deposit(s, n)),
        (0usize..3, 1u64..100_000).prop_map(|(s, n)| Step::Withdraw(s, n)),
        (0usize..3, 1u64..300_000, 1u16..=4_000).prop_map(|(s, n, r)| Step::Lend(s, n, r)),
        (0usize..8, 1u64..50_000).prop_map(|(l, n)| Step::Pay(l, n)),
        (0usize..8).prop_map(Step::PayAll),
        (1u64..90 * 86_400).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// F1: the vault's principal is the sum over loans, and its count of interest the sum over loans of theirs, never more than it was
    /// paid; F2: what all stacks and the reserve have booked is what came in less what went out; no stack's books move with another's.
    #[test]
    fn books_agree_over_stacks_and_loans(steps in proptest::collection::vec(step(), 1..80)) {
        let fees = Fees {
            servicing: Bps::new(333).unwrap(),
            protocol: Bps::new(217).unwrap(),
            reserve: Bps::new(101).unwrap(),
            spread: Bps::new(777).unwrap(),
        };
        let mut stacks = [stack(), stack(), stack()];
        stacks[1].first_loss = Bps::new(3_333).unwrap();
        let mut loans: Vec<Loan> = Vec::new();
        // What this contract holds, and the vault's book: principal, scaled accrual, rate, interest received.
        let (mut held, mut reserve) = (0, 0);
        let (mut principal, mut accrual, mut rate) = (0, U256::ZERO, U256::ZERO);
        let (mut settled, mut received) = (U256::ZERO, U256::ZERO);
        let mut now = 1_000_000;

        for step in steps {
            let before = stacks;
            let mut touched = 3;
            match step {
                Step::Wait(seconds) => {
                    now += seconds;
                    accrual += rate * U256::from(seconds);
                }
                Step::Deposit(s, n) => {
                    stacks[s].deposit(usd(n)).unwrap();
                    held += usd(n).0;
                    touched = s;
                }
                Step::Withdraw(s, n) => {
                    if stacks[s].withdraw(ID, usd(n)).is_ok() {
                        held -= usd(n).0;
                    }
                    touched = s;
                }
                Step::Lend(s, n, r) => {
                    touched = s;
                    if let Ok(senior) = stacks[s].lend(ID, usd(n)) {
                        let terms = Terms {
                            principal: usd(n),
                            rate: u64::from(r) * 100_000_000_000_000,
                            periods: 36,
                            level: n % 2 == 0,
                            fees,
                            expiry: 0,
                        };
                        let mut loan = Loan {
                            status: Status::Offered,
                            borrower: Address::ZERO,
                            stack: s as u64,
                            receipts: 1,
                            position: 0,
                            terms,
                            drawn_at: 0,
                            balance: Balance::default(),
                            instalment: Amount::ZERO,
                            planned: Amount::ZERO,
                            paid: 0,
                        };
                        loan.draw(senior, now, MONTH).unwrap();
                        held -= usd(n).0 - senior.0;
                        principal += senior.0;
                        rate += loan.balance.vault_rate(&terms).unwrap();
                        loans.push(loan);
                    }
                }
                Step::Pay(l, _) | Step::PayAll(l) => {
                    if let Some(loan) = loans.get_mut(l).filter(|loan| loan.status == Status::Live) {
                        let amount = match step {
                            Step::Pay(_, n) => usd(n),
                            _ => loan.payoff(now).unwrap(),
                        };
                        let payment = loan.pay(amount, now, MONTH).unwrap();
                        touched = usize::try_from(loan.stack).unwrap();
                        stacks[touched].settle(&payment).unwrap();
                        held += payment.to_stack().unwrap().0 + payment.split.reserve.0;
                        reserve += payment.split.reserve.0;
                        principal -= payment.senior_principal.0;
                        received += payment.split.senior.word();
                        prop_assert!(accrual >= payment.accrual, "the vault's count would go negative");
                        accrual -= payment.accrual;
                        settled += payment.accrual;
                        rate = rate - payment.rates.0 + payment.rates.1;
                    }
                }
            }
            for (s, stack) in stacks.iter().enumerate() {
                prop_assert!(s == touched || *stack == before[s], "stack {s} moved with stack {touched}");
            }
            let live = || loans.iter().filter(|loan| loan.status == Status::Live);
            let senior = live().map(|loan| loan.balance.senior.0).sum::<u128>();
            prop_assert_eq!(senior, principal, "F1");
            let by_stack = stacks.iter().map(|stack| stack.senior.0).sum::<u128>();
            prop_assert_eq!(by_stack, principal, "F1");
            let booked = stacks.iter().map(|stack| stack.junior_cash.0).sum::<u128>() + reserve;
            prop_assert_eq!(booked, held, "F2");
            let lent = stacks.iter().map(|stack| stack.junior_lent.0).sum::<u128>() + principal;
            let outstanding = live().map(|loan| loan.balance.outstanding.0).sum::<u128>();
            prop_assert_eq!(lent, outstanding);
            prop_assert!(received * WAD >= settled);
            let counted = live().map(|loan| {
                let mut balance = loan.balance;
                balance.accrue(&loan.terms, now).unwrap();
                balance.accrual
            });
            prop_assert_eq!(counted.fold(U256::ZERO, |a, b| a + b), accrual);
        }
        // F5: with every loan paid off, nothing is owed and the vault's count is exactly zero.
        for loan in loans.iter_mut().filter(|loan| loan.status == Status::Live) {
            let payment = loan.pay(Amount(u128::MAX), now, MONTH).unwrap();
            principal -= payment.senior_principal.0;
            accrual -= payment.accrual;
            rate = rate - payment.rates.0 + payment.rates.1;
            prop_assert_eq!(loan.status, Status::Closed);
        }
        prop_assert_eq!((principal, accrual, rate), (0, U256::ZERO, U256::ZERO), "F5");
    }
}

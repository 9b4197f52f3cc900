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
    // Up to the cap, to the wei.
    let mut full = stack;
    full.senior = Amount(usd(1_000_000).0 - usd(18).0 / 10);
    assert_eq!(full.lend(ID, usd(2)), Ok(Amount(usd(18).0 / 10)));
    assert_eq!(full.senior, usd(1_000_000));
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
                            grace: 0,
                            late_fee: Bps::default(),
                        };
                        let loan = Loan {
                            stack: s as u64,
                            ..Loan::draw(terms, terms.instalment(MONTH).unwrap(), senior, now)
                        };
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
                            _ => loan.payoff(now, MONTH).unwrap(),
                        };
                        let mut payment = loan.pay(amount, false, now, MONTH).unwrap();
                        touched = usize::try_from(loan.stack).unwrap();
                        stacks[touched].settle(&mut payment).unwrap();
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
                balance.accrue(&loan.terms, u64::MAX, now).unwrap();
                balance.accrual
            });
            prop_assert_eq!(counted.fold(U256::ZERO, |a, b| a + b), accrual);
        }
        // F5: with every loan paid off, nothing is owed and the vault's count is exactly zero.
        for loan in loans.iter_mut().filter(|loan| loan.status == Status::Live) {
            let payment = loan.pay(Amount(u128::MAX), false, now, MONTH).unwrap();
            principal -= payment.senior_principal.0;
            accrual -= payment.accrual;
            rate = rate - payment.rates.0 + payment.rates.1;
            prop_assert_eq!(loan.status, Status::Closed);
        }
        prop_assert_eq!((principal, accrual, rate), (0, U256::ZERO, U256::ZERO), "F5");
    }
}

/// What a sale of all receipts brings, and who gets or loses what of it; in USDai.
struct Case {
    proceeds: u64,
    /// To the senior side out of the proceeds: principal, interest.
    senior: (u64, u64),
    /// To the stack: junior principal and junior interest.
    junior: (u64, u64),
    surplus: u64,
    /// What the senior side gets beyond: principal and interest out of the junior cash, as a claim on the share of other loans, out of the
    /// reserve.
    cash: (u64, u64),
    claim: (u64, u64),
    reserve: (u64, u64),
    /// The vault's loss of principal.
    lost: u64,
}

/// Worked out by hand: a loan of 1,000, of which 900 are senior, with 20 of interest, of which 15 are senior's; 50 of junior cash, 40 of
/// junior principal in other loans, 30 in the reserve.
const LOSS_ORDER: [Case; 10] = [
    case(1_100, (900, 15), (100, 5), 80, (0, 0), (0, 0), (0, 0), 0),
    case(1_020, (900, 15), (100, 5), 0, (0, 0), (0, 0), (0, 0), 0),
    case(1_018, (900, 15), (100, 3), 0, (0, 0), (0, 0), (0, 0), 0),
    case(1_000, (900, 15), (85, 0), 0, (0, 0), (0, 0), (0, 0), 0),
    case(915, (900, 15), (0, 0), 0, (0, 0), (0, 0), (0, 0), 0),
    case(910, (900, 10), (0, 0), 0, (0, 5), (0, 0), (0, 0), 0),
    case(850, (850, 0), (0, 0), 0, (50, 0), (0, 15), (0, 0), 0),
    case(800, (800, 0), (0, 0), 0, (50, 0), (40, 0), (10, 15), 0),
    case(775, (775, 0), (0, 0), 0, (50, 0), (40, 0), (30, 0), 5),
    case(0, (0, 0), (0, 0), 0, (50, 0), (40, 0), (30, 0), 780),
];

#[allow(clippy::too_many_arguments, reason = "a line of a table")]
const fn case(
    proceeds: u64,
    senior: (u64, u64),
    junior: (u64, u64),
    surplus: u64,
    cash: (u64, u64),
    claim: (u64, u64),
    reserve: (u64, u64),
    lost: u64,
) -> Case {
    Case {
        proceeds,
        senior,
        junior,
        surplus,
        cash,
        claim,
        reserve,
        lost,
    }
}

#[test]
fn losses_fall_in_the_absolute_order() {
    let both = |(principal, interest)| (usd(principal), usd(interest));
    for case in LOSS_ORDER {
        let proceeds = case.proceeds;
        let terms = crate::terms::tests::reference();
        let mut balance = Balance {
            outstanding: usd(1_000),
            senior: usd(900),
            interest: usd(20).word() * crate::terms::WEI_OF_INTEREST,
            accrual: usd(15).word() * WAD,
            ..Balance::default()
        };
        let mut stack = Stack {
            senior: usd(900 + 360),
            junior_cash: usd(50),
            junior_lent: usd(100 + 40),
            ..stack()
        };
        let mut reserve = usd(30);

        let mut payment = balance.recover(&terms, usd(proceeds)).unwrap();
        assert_eq!((payment.senior_principal, payment.split.senior), both(case.senior), "{proceeds}");
        assert_eq!((payment.junior_principal, payment.split.junior), both(case.junior), "{proceeds}");
        assert_eq!(usd(proceeds).minus(payment.total().unwrap()), Ok(usd(case.surplus)), "{proceeds}");
        stack.settle(&mut payment).unwrap();
        stack.forfeit(balance.outstanding.minus(balance.senior).unwrap()).unwrap();
        let interest = balance.senior_interest().unwrap();
        let absorbed = stack.absorb(balance.senior, interest, &mut reserve).unwrap();
        assert_eq!(absorbed.by_cash, both(case.cash), "{proceeds}");
        assert_eq!(absorbed.by_claim, both(case.claim), "{proceeds}");
        assert_eq!(absorbed.by_reserve, both(case.reserve), "{proceeds}");
        assert_eq!(absorbed.lost, usd(case.lost), "{proceeds}");
        // What is left: the other loans' senior side, and the claim; F3: nothing is lost while there is junior capital or reserve.
        assert_eq!(stack.senior, usd(360 + case.claim.0), "F1");
        let cash = 50 + case.junior.0 + case.junior.1 - case.cash.0 - case.cash.1;
        assert_eq!(stack.junior_cash, usd(cash), "F2");
        assert_eq!(stack.junior_lent, usd(40));
        assert_eq!(reserve, usd(30 - case.reserve.0 - case.reserve.1));
        let free = usd(cash).plus(usd(40 - case.claim.0)).unwrap().plus(reserve).unwrap();
        assert!(case.lost == 0 || free.is_zero(), "F3");
    }
}

#[test]
fn what_the_junior_side_owes_is_taken_out_of_what_it_gets() {
    let mut stack = Stack {
        senior: usd(360 + 40),
        junior_lent: usd(40),
        trouble: Trouble {
            owed_principal: usd(40),
            owed_interest: usd(3),
            ..Trouble::default()
        },
        ..stack()
    };
    let pay = |stack: &mut Stack, junior, interest| {
        let mut payment = Payment {
            junior_principal: usd(junior),
            principal: usd(junior),
            interest: usd(interest),
            ..Payment::default()
        };
        payment.split.junior = usd(interest);
        stack.settle(&mut payment).unwrap();
        payment.diverted
    };
    assert_eq!(pay(&mut stack, 30, 2), (usd(32), Amount::ZERO));
    assert_eq!(
        stack.withdraw(ID, Amount(1)).unwrap_err(),
        StackInTrouble {
            stack: U256::from(ID),
            loans: U256::ZERO,
            owed: usd(11).word(),
        }
        .into()
    );
    assert_eq!(pay(&mut stack, 10, 2), (usd(8), usd(3)));
    assert_eq!(
        (stack.junior_cash, stack.junior_lent, stack.senior),
        (usd(1), Amount::ZERO, usd(360))
    );
    assert_eq!(stack.trouble, Trouble::default());
}

#[test]
fn a_second_loss_takes_the_first_ones_claim_through_the_same_order() {
    let mut stack = Stack {
        senior: usd(1_800),
        junior_lent: usd(200),
        ..stack()
    };
    let mut reserve = usd(10);
    // The first of two loans of 1,000 brings 850: 50 are owed out of the second one's 100 of junior principal.
    stack.forfeit(usd(100)).unwrap();
    stack.senior = usd(950);
    let first = stack.absorb(usd(50), Amount::ZERO, &mut reserve).unwrap();
    assert_eq!((first.by_claim.0, first.lost, stack.senior), (usd(50), Amount::ZERO, usd(950)));
    // The second brings 880: 20 of its own, and the 50 for which nothing is left but the reserve.
    stack.forfeit(usd(100)).unwrap();
    stack.senior = usd(70);
    let second = stack.absorb(usd(20), Amount::ZERO, &mut reserve).unwrap();
    assert_eq!((second.by_reserve.0, second.lost), (usd(10), usd(60)));
    assert_eq!(
        (stack.senior, stack.trouble, reserve),
        (Amount::ZERO, Trouble::default(), Amount::ZERO)
    );
}

/// Two loans of 1,000, each 900 senior; the second is marked when the first one's last receipt is sold, which leaves it `short` of senior
/// principal and 15 of senior interest. 10 are in the reserve.
fn sold_beside_a_marked_loan(short: u64) -> (Stack, Absorbed) {
    let mut stack = Stack {
        senior: usd(900 + short),
        junior_lent: usd(200),
        trouble: Trouble {
            loans: 1,
            marked_junior: usd(100),
            ..Trouble::default()
        },
        ..stack()
    };
    stack.forfeit(usd(100)).unwrap();
    let mut reserve = usd(10);
    let absorbed = stack.absorb(usd(short), usd(15), &mut reserve).unwrap();
    assert!(reserve.is_zero());
    (stack, absorbed)
}

#[test]
fn what_comes_back_in_a_marked_loan_makes_good_a_loss_before_the_curator_gets_a_unit() {
    let (mut stack, absorbed) = sold_beside_a_marked_loan(60);
    // 50 are lost to the book at once, and owed with the interest out of what the marked loan may still bring; none of it is in `senior`.
    assert_eq!((absorbed.by_reserve.0, absorbed.lost), (usd(10), usd(50)));
    assert_eq!((absorbed.by_claim, stack.senior), ((Amount::ZERO, usd(65)), usd(900)));
    // It catches up, and pays back all: the curator has what is left, and only then.
    (stack.trouble.loans, stack.trouble.marked_junior) = (0, Amount::ZERO);
    let withdrawn = |stack: &mut Stack, assets| stack.withdraw(ID, assets).map(|()| stack.junior_cash);
    stack.deposit(usd(1)).unwrap();
    let owes = StackInTrouble {
        stack: U256::from(ID),
        loans: U256::ZERO,
        owed: usd(65).word(),
    };
    assert_eq!(withdrawn(&mut stack, usd(1)), Err(owes.into()));
    let mut payment = Payment {
        principal: usd(1_000),
        senior_principal: usd(900),
        junior_principal: usd(100),
        ..Payment::default()
    };
    stack.settle(&mut payment).unwrap();
    assert_eq!(payment.diverted, (Amount::ZERO, usd(65)));
    assert_eq!((stack.senior, stack.junior_lent, stack.trouble), Default::default());
    assert_eq!(withdrawn(&mut stack, usd(36)), Ok(Amount::ZERO));
}

#[test]
fn a_claim_on_a_marked_loan_is_no_more_than_it_can_give_and_ends_with_it() {
    let (mut stack, absorbed) = sold_beside_a_marked_loan(500);
    assert_eq!((absorbed.lost, absorbed.by_claim), (usd(490), (Amount::ZERO, usd(100))));
    // It is sold too, for 900: its own 100 are gone, and nothing is left of which anything could be owed.
    stack.trouble = Trouble {
        owed_interest: usd(100),
        ..Trouble::default()
    };
    stack.forfeit(usd(100)).unwrap();
    stack.senior = Amount::ZERO;
    let absorbed = stack.absorb(Amount::ZERO, Amount::ZERO, &mut Amount::default()).unwrap();
    assert_eq!(absorbed, Absorbed::default());
    assert_eq!((stack.trouble, stack.junior_lent), Default::default());
    stack.deposit(usd(1)).unwrap();
    assert_eq!(stack.withdraw(ID, usd(1)), Ok(()));
}

#[test]
fn a_claim_that_only_marked_loans_can_bring_falls_to_them_by_their_junior_principal() {
    let mut stack = Stack {
        junior_cash: usd(5),
        junior_lent: usd(100),
        ..stack()
    };
    stack.trouble.owed_principal = usd(50);
    // 45 perform: with the cash that is all that is owed.
    stack.trouble.marked_junior = usd(55);
    assert_eq!(stack.claim_on(usd(55)), Ok(Amount::ZERO));
    // 40 perform: 5 have to come out of the 60 that do not, 2 of the one's 24, 3 of the other's 36.
    stack.trouble.marked_junior = usd(60);
    assert_eq!(stack.claim_on(usd(24)), Ok(usd(2)));
    assert_eq!(stack.claim_on(usd(36)), Ok(usd(3)));
    // Together never less than it is, by rounding.
    assert_eq!(stack.claim_on(Amount(1)), Ok(Amount(1)));
    // Nothing performs: what the cash does not cover, all of it in one loan.
    stack.trouble.marked_junior = usd(100);
    assert_eq!(stack.claim_on(usd(100)), Ok(usd(45)));
}

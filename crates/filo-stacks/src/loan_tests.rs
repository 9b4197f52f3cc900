//! Due dates, closing, quotes.

use super::*;
use crate::terms::{
    tests::{reference, terms, MONTH},
    MIN_PRINCIPAL,
};
use proptest::prelude::*;

const START: u64 = 1_735_689_600;

fn drawn(terms: Terms) -> Loan {
    let senior = Amount(terms.principal.0 - terms.principal.0 / 10);
    Loan::draw(terms, terms.instalment(MONTH).unwrap(), senior, START)
}

fn usd(units: u64) -> Amount {
    Amount(u128::from(units) * MIN_PRINCIPAL)
}

#[test]
fn the_reference_loan_is_paid_in_36_payments_of_at_most_14396_23() {
    let mut loan = drawn(reference());
    let mut total = Amount::ZERO;
    for number in 1..=36u8 {
        let due = START + u64::from(number) * MONTH;
        assert_eq!(loan.next_due(MONTH), Ok(due));
        let quoted = loan.payment_due(START, MONTH).unwrap();
        assert_eq!(quoted.0, due);
        let amount = quoted.1.plus(quoted.2).unwrap();
        assert!(amount <= loan.instalment);
        let payment = loan.pay(amount, false, due, MONTH).unwrap();
        assert_eq!((payment.interest, payment.principal), (quoted.1, quoted.2));
        if number == 1 {
            assert_eq!(payment.interest.0 / (MIN_PRINCIPAL / 100), 513_493);
        }
        assert_eq!(loan.paid, number);
        total = total.plus(amount).unwrap();
    }
    assert_eq!(loan.status, Status::Closed);
    assert_eq!(loan.next_due(MONTH), Ok(0));
    assert_eq!(loan.balance.payoff(), Ok(Amount::ZERO));
    // 36 × 14,396.2345924… = 518,264.4453…: 416,500 and 101,764.45 of interest.
    assert_eq!(total.0 / (MIN_PRINCIPAL / 100), 51_826_444);
}

#[test]
fn a_straight_line_pays_equal_principal() {
    let mut terms = reference();
    terms.level = false;
    let mut loan = drawn(terms);
    for number in 1..=36u8 {
        let due = START + u64::from(number) * MONTH;
        let (_, interest, principal, _) = loan.payment_due(due, MONTH).unwrap();
        assert!(principal <= loan.instalment && loan.instalment.0 - principal.0 < 36);
        loan.pay(interest.plus(principal).unwrap(), false, due, MONTH).unwrap();
        assert_eq!(loan.paid, number);
    }
    assert_eq!(loan.status, Status::Closed);
}

#[test]
fn a_wei_less_than_the_instalment_does_not_move_the_due_date() {
    let mut loan = drawn(reference());
    let (due, interest, principal, _) = loan.payment_due(START, MONTH).unwrap();
    loan.pay(interest.plus(principal).unwrap().minus(Amount(1)).unwrap(), false, due, MONTH)
        .unwrap();
    assert_eq!(loan.next_due(MONTH), Ok(due));
    let (_, interest, principal, _) = loan.payment_due(due, MONTH).unwrap();
    assert_eq!((interest, principal), (Amount::ZERO, Amount(1)));
    loan.pay(Amount(1), false, due, MONTH).unwrap();
    assert_eq!(loan.next_due(MONTH), Ok(due + MONTH));
}

#[test]
fn a_large_prepayment_leaves_interest_to_pay_each_period() {
    let mut loan = drawn(reference());
    // Half of the principal on the first day, which the plan comes down to between instalments 19 and 20.
    loan.pay(usd(208_250), false, START, MONTH).unwrap();
    for number in 1..=19u64 {
        assert_eq!(loan.next_due(MONTH), Ok(START + number * MONTH));
        let (due, interest, principal, _) = loan.payment_due(START, MONTH).unwrap();
        assert_eq!(principal, Amount::ZERO);
        assert!(!interest.is_zero());
        loan.pay(interest, false, due, MONTH).unwrap();
    }
    // Early within the period counts, twice does not.
    let (due, interest, principal, _) = loan.payment_due(START, MONTH).unwrap();
    for next in [due + MONTH, due + MONTH] {
        loan.pay(interest.plus(principal).unwrap(), false, due - MONTH / 2, MONTH).unwrap();
        assert_eq!(loan.next_due(MONTH), Ok(next));
    }
}

#[test]
fn a_payment_right_after_a_due_day_counts_for_the_next_one_and_for_no_more() {
    let mut loan = drawn(reference());
    loan.pay(usd(208_250), false, START, MONTH).unwrap();
    for number in [2, 4, 6] {
        let second = START + (number - 1) * MONTH + 1;
        let (_, interest, ..) = loan.payment_due(second, MONTH).unwrap();
        assert!(!interest.is_zero());
        for _ in 0..2 {
            loan.pay(interest.plus(Amount(1)).unwrap(), false, second, MONTH).unwrap();
            assert_eq!(loan.next_due(MONTH), Ok(START + (number + 1) * MONTH));
        }
    }
}

#[test]
fn an_overdue_loan_catches_up_instalment_by_instalment() {
    let mut loan = drawn(reference());
    let late = START + 3 * MONTH + 5;
    let (due, interest, principal, _) = loan.payment_due(late, MONTH).unwrap();
    assert_eq!(due, START + MONTH);
    loan.pay(interest.plus(principal).unwrap(), false, late, MONTH).unwrap();
    assert_eq!(loan.next_due(MONTH), Ok(START + 2 * MONTH));
    for number in [3, 4] {
        let (_, interest, principal, _) = loan.payment_due(late, MONTH).unwrap();
        assert_eq!(interest, Amount::ZERO);
        loan.pay(principal, false, late, MONTH).unwrap();
        assert_eq!(loan.next_due(MONTH), Ok(START + number * MONTH));
    }
}

#[test]
fn who_prepaid_and_owes_a_wei_of_interest_is_not_on_plan() {
    let mut loan = drawn(reference());
    loan.pay(usd(208_250), false, START, MONTH).unwrap();
    let (due, interest, _, _) = loan.payment_due(START, MONTH).unwrap();
    loan.pay(interest.minus(Amount(1)).unwrap(), false, due, MONTH).unwrap();
    assert_eq!(loan.next_due(MONTH), Ok(due));
    loan.pay(Amount(1), false, due, MONTH).unwrap();
    assert_eq!(loan.next_due(MONTH), Ok(due + MONTH));
}

#[test]
fn a_loan_in_default_is_not_cured_by_a_payment() {
    let mut loan = drawn(reference());
    loan.pay(usd(208_250), false, START, MONTH).unwrap();
    loan.status = Status::Defaulted;
    // No time has passed: no interest is owed, and it is ahead of its plan.
    loan.pay(usd(1), false, START, MONTH).unwrap();
    assert_eq!((loan.status, loan.paid), (Status::Defaulted, 0));
}

#[test]
fn a_payment_is_overdue_from_the_second_after_its_last() {
    let mut loan = drawn(reference());
    let last = loan.late_after(MONTH).unwrap();
    for (now, overdue) in [(last - 1, false), (last, false), (last + 1, true), (last + MONTH, true)] {
        assert_eq!(loan.is_overdue(now, MONTH), Ok(overdue));
    }
    // A late loan that pays in that second what was due performs again; a second later the next has to be paid too.
    loan.status = Status::Late;
    let (_, interest, principal, late_fees) = loan.payment_due(last, MONTH).unwrap();
    loan.pay(interest.plus(principal).unwrap().plus(late_fees).unwrap(), false, last, MONTH)
        .unwrap();
    assert_eq!(loan.status, Status::Live);
}

#[test]
fn a_margin_call_lasts_until_the_loan_is_paid_down_to_what_it_names() {
    let mut loan = drawn(reference());
    assert!(!loan.is_troubled());
    loan.set_call(START + 5, usd(400_000));
    let call = |loan: &Loan| (loan.distress.call_deadline, loan.distress.cure_below, loan.is_troubled());
    assert_eq!(call(&loan), (START + 5, usd(400_000), true));
    loan.pay(Amount(usd(16_500).0 - 1), false, START, MONTH).unwrap();
    assert_eq!(call(&loan), (START + 5, usd(400_000), true));
    loan.pay(Amount(1), false, START, MONTH).unwrap();
    assert_eq!(call(&loan), (0, Amount::ZERO, false));
    // A call that paying down does not end ends with the loan.
    loan.set_call(START + 5, Amount::ZERO);
    loan.pay(usd(1), false, START, MONTH).unwrap();
    assert_eq!(call(&loan), (START + 5, Amount::ZERO, true));
    loan.pay(usd(400_000), false, START, MONTH).unwrap();
    assert_eq!((loan.status, call(&loan)), (Status::Closed, (0, Amount::ZERO, false)));
    loan.set_call(START + 5, Amount::ZERO);
    assert!(!loan.is_troubled());
    for status in [Status::Late, Status::Defaulted] {
        loan.status = status;
        assert!(loan.is_troubled());
    }
}

#[test]
fn a_closed_loan_owes_nothing() {
    let mut loan = drawn(reference());
    loan.status = Status::Closed;
    assert_eq!(loan.next_due(MONTH), Ok(0));
    assert_eq!(loan.payoff(START + 10, MONTH), Ok(Amount::ZERO));
    assert_eq!(loan.payment_due(START, MONTH), Ok((0, Amount::ZERO, Amount::ZERO, Amount::ZERO)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// The quote is what a payment takes, and a payment of more takes no more.
    #[test]
    fn payoff_is_to_the_wei_what_closes_the_loan(
        terms in terms(),
        first in (0u64..3 * MONTH, 0u128..=1 << 90),
        later in 0u64..40 * MONTH,
        beyond in 0u128..=1 << 90,
    ) {
        let mut loan = drawn(terms);
        loan.pay(Amount(first.1), false, START + first.0, MONTH).unwrap();
        prop_assume!(loan.status == Status::Live);
        let at = START + first.0 + later;
        let quote = loan.payoff(at, MONTH).unwrap();
        let payment = loan.pay(Amount(quote.0 + beyond), false, at, MONTH).unwrap();
        prop_assert_eq!(payment.total(), Ok(quote));
        prop_assert_eq!(loan.status, Status::Closed);
        prop_assert_eq!(loan.balance, Balance { touched: at, ..Balance::default() });
    }

    /// Paying what is due when it is due follows the plan to the wei and closes with the last instalment; none is larger than the rest.
    #[test]
    fn a_loan_paid_on_time_follows_its_schedule(terms in terms()) {
        let mut loan = drawn(terms);
        for number in 1..=terms.periods {
            let (interest, principal, after) = loan.schedule(number, MONTH).unwrap();
            let (due, owed, to_plan, _) = loan.payment_due(START, MONTH).unwrap();
            prop_assert_eq!(due, loan.due(number, MONTH).unwrap());
            prop_assert_eq!((owed, to_plan), (interest, principal));
            if terms.level {
                prop_assert!(interest.plus(principal).unwrap() <= loan.instalment);
            }
            loan.pay(interest.plus(principal).unwrap(), false, due, MONTH).unwrap();
            prop_assert_eq!(loan.balance.outstanding, after);
            if loan.status == Status::Closed {
                // A straight line of few wei per period may end early.
                prop_assert!(after.is_zero());
                break;
            }
            prop_assert_eq!(loan.paid, number);
        }
        prop_assert_eq!(loan.status, Status::Closed);
    }
}

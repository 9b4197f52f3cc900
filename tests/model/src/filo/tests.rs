use num_traits::Zero;

use super::*;
use crate::exact::part_up;

const PERIOD: u64 = 30 * 86_400;

fn units(whole: u64) -> Wei {
    Wei::from(whole) * 10u64.pow(18)
}

/// A stack with 10,000 of junior capital, of which 10 % stand in every loan.
fn stack(filo: &mut Filo) -> StackId {
    let rules = Rules {
        first_loss_bps: 1_000,
        max_ltv_bps: 7_000,
        trigger_bps: 8_500,
        senior_cap: units(1_000_000),
        servicing_bps: 100,
        spread_bps: 500,
    };
    let stack = filo.open_stack(0, rules);
    filo.deposit_junior(stack, 0, &units(10_000)).unwrap();
    stack
}

fn terms(principal: u64) -> Terms {
    Terms {
        principal: units(principal),
        rate: 150_000_000_000_000_000,
        periods: 36,
        level: false,
        grace: 0,
        late_fee_bps: 500,
        expiry: u64::MAX,
    }
}

/// Draws `principal` on a receipt of the same number, worth enough.
fn lend(filo: &mut Filo, stack: StackId, principal: u64, receipt: Receipt) -> LoanId {
    let offer = filo.post(stack, 0, 1, vec![receipt], terms(principal)).unwrap();
    let drawn = filo.draw(offer, 1, &units(principal * 2), u64::MAX, &units(1_000_000)).unwrap();
    filo.agree(drawn.loan, &part_up(&units(principal), &1u32.into(), &36u32.into()));
    drawn.loan
}

/// Puts a loan that was never paid into default and sells its receipt for what `value` makes of it.
fn sold(filo: &mut Filo, loan: LoanId, value: u64) -> Sale {
    filo.now = filo.loan(loan).unwrap().late_after(filo.period) + 1;
    filo.declare_default(loan, &units(value), u64::MAX).unwrap();
    filo.now += 14 * 86_400 + 1;
    filo.start_auction(loan, &units(value)).unwrap();
    filo.now += 14 * 86_400;
    for _ in 0..3 {
        filo.now += 1;
        filo.start_auction(loan, &units(value)).unwrap();
        filo.now += 14 * 86_400;
    }
    // The fourth round has fallen to nothing.
    filo.bid(loan, &[], &units(value), &Wei::zero()).unwrap()
}

#[test]
fn the_reference_loan_owes_what_the_documents_say() {
    let mut filo = Filo::at(0, PERIOD);
    let stack = stack(&mut filo);
    filo.deposit_junior(stack, 0, &units(90_000)).unwrap();
    let loan = lend(&mut filo, stack, 416_500, 1);
    filo.now = PERIOD;
    // S003: 5,134.93 for the first 30 days.
    let (due, interest, principal, late) = filo.loan(loan).unwrap().instalment_due(PERIOD, PERIOD);
    assert_eq!((due, late), (PERIOD, Wei::zero()));
    assert_eq!(&interest / 10u64.pow(16), Wei::from(513_493u32));
    let paid = filo.pay(loan, &(&interest + &principal)).unwrap();
    assert_eq!((paid.interest(), paid.principal()), (interest, principal));
    assert_eq!(filo.loan(loan).unwrap().paid, 1);
    // Level, 14,396.234592465982122997531…
    let level = Terms {
        level: true,
        ..terms(416_500)
    };
    let exact = Instalment::exact(&level, PERIOD);
    for (wei, fits) in [(997, false), (998, true), (999, true), (1_000, false)] {
        let agreed = Wei::from(14_396_234_592_465_982_122_000_u128 + wei);
        assert_eq!(exact.fits(&agreed, true), fits, "{wei}");
    }
}

#[test]
fn a_loss_is_borne_by_junior_cash_then_by_its_share_of_other_loans_then_by_the_reserve_then_by_the_vault() {
    let mut filo = Filo::at(0, PERIOD);
    let stack = stack(&mut filo);
    let (bad, _good) = (lend(&mut filo, stack, 50_000, 1), lend(&mut filo, stack, 20_000, 2));
    filo.reserve = units(4_000);
    // 45,000 of senior principal, and what it earned; nothing comes in.
    let losses = sold(&mut filo, bad, 0).losses.unwrap();
    assert_eq!(losses.junior, units(5_000));
    assert_eq!(losses.cash, (units(3_000), Wei::zero()));
    assert_eq!(losses.claim, (units(2_000), Wei::zero()));
    assert_eq!(losses.reserve, (units(4_000), Wei::zero()));
    assert_eq!(losses.lost, units(45_000 - 3_000 - 2_000 - 4_000));
    // F1: what is lent, and what is owed.
    assert_eq!(filo.book().principal, units(18_000 + 2_000));
    assert_eq!(filo.held(), Wei::zero());
}

#[test]
fn what_is_owed_comes_out_of_what_the_junior_side_gets() {
    let mut filo = Filo::at(0, PERIOD);
    let stack = stack(&mut filo);
    let (bad, good) = (lend(&mut filo, stack, 50_000, 1), lend(&mut filo, stack, 20_000, 2));
    sold(&mut filo, bad, 0);
    assert_eq!(filo.stack(stack).unwrap().owed_principal, units(2_000));
    let trouble = filo.withdraw_junior(stack, 0, &units(1)).unwrap_err();
    assert!(trouble.contains(&Refusal::Trouble(0, units(2_000))));
    let all = filo.loan(good).unwrap().payoff(filo.now, PERIOD);
    let paid = filo.pay(good, &all).unwrap();
    assert_eq!(paid.owed_principal, units(2_000));
    assert_eq!(paid.owed_interest, Wei::zero());
    assert_eq!(paid.to_vault() + paid.to_stack() + paid.to_reserve() + &paid.servicing, all);
    assert_eq!(filo.book(), Book::default());
}

/// 45,000 are missing; the sister loan has 2,000 of junior capital and is marked a second before.
#[test]
fn what_a_marked_loan_brings_makes_good_what_was_lost() {
    let mut filo = Filo::at(0, PERIOD);
    let stack = stack(&mut filo);
    let (bad, sister) = (lend(&mut filo, stack, 50_000, 1), lend(&mut filo, stack, 20_000, 2));
    filo.now = filo.loan(sister).unwrap().late_after(PERIOD) + 1;
    filo.mark_late(sister, &units(40_000)).unwrap();
    let losses = sold(&mut filo, bad, 0).losses.unwrap();
    assert_eq!((losses.claim, losses.recoverable), (Default::default(), units(2_000)));
    assert_eq!(losses.lost, units(45_000 - 3_000));
    // F1: what is owed for it is not lent.
    assert_eq!(filo.book().principal, units(18_000));
    // Caught up, it performs; the capital stays until the claim is paid.
    let (_, interest, principal, late) = filo.loan(sister).unwrap().instalment_due(filo.now, PERIOD);
    filo.pay(sister, &(interest + principal + late)).unwrap();
    let owed = filo.stack(stack).unwrap().owed_interest.clone();
    assert!(owed > units(1_800) && owed < units(2_000));
    let trouble = filo.withdraw_junior(stack, 0, &units(1)).unwrap_err();
    assert!(trouble.iter().any(|why| matches!(why, Refusal::Trouble(..))));
    let paid = filo.pay(sister, &units(100_000)).unwrap();
    assert_eq!(paid.owed_interest, owed);
    assert!(filo.stack(stack).unwrap().owed_interest.is_zero());
}

#[test]
fn one_stacks_default_is_nothing_to_another() {
    let mut filo = Filo::at(0, PERIOD);
    let (first, second) = (stack(&mut filo), stack(&mut filo));
    let bad = lend(&mut filo, first, 50_000, 1);
    lend(&mut filo, second, 50_000, 2);
    let before = (
        filo.stack(second).unwrap().cash.clone(),
        filo.senior(second),
        filo.junior_lent(second),
    );
    sold(&mut filo, bad, 0);
    let after = (
        filo.stack(second).unwrap().cash.clone(),
        filo.senior(second),
        filo.junior_lent(second),
    );
    assert_eq!(before, after);
}

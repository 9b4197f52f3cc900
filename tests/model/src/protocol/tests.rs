//! By hand.

use super::*;
use crate::filo::{Rules, Terms};

const DAY: u64 = 86_400;
const PERIOD: u64 = 30 * DAY;
const SEATS: Seats = Seats {
    vault: 4,
    queue: 5,
    filo: 6,
    treasury: 7,
};
const LENDER: Account = 0;
const CURATOR: Account = 1;
const BORROWER: Account = 2;
const BUYER: Account = 3;

fn wad(whole: u64) -> Wei {
    Wei::from(whole) * WAD
}

/// 1,000 staked, 100 of junior capital, 500 lent at 10 % to who has one receipt.
fn lent() -> (Protocol, LoanId) {
    let mut it = Protocol::new(0, PERIOD, qev::Rules::default(), 8, SEATS);
    for (who, whole) in [(LENDER, 1_000), (CURATOR, 100), (BORROWER, 100), (BUYER, 1_000)] {
        it.issue_dollars(who, &wad(whole));
    }
    assert_eq!(it.deposit(LENDER, LENDER, &wad(1_000)), Ok(wad(1_000)));
    let stack = it.filo.open_stack(
        CURATOR,
        Rules {
            first_loss_bps: 1_000,
            max_ltv_bps: 7_000,
            trigger_bps: 8_500,
            senior_cap: wad(10_000),
            servicing_bps: 0,
            spread_bps: 0,
        },
    );
    it.deposit_junior(stack, CURATOR, &wad(100)).unwrap();
    let terms = Terms {
        principal: wad(500),
        rate: WAD / 10,
        periods: 1,
        level: false,
        grace: 0,
        late_fee_bps: 0,
        expiry: DAY,
    };
    let offer = it.filo.post(stack, CURATOR, BORROWER, vec![1], terms).unwrap();
    let drawn = it.draw(offer, BORROWER, BORROWER, &wad(1_000), u64::MAX).unwrap();
    it.filo.agree(drawn.loan, &wad(500));
    it.check();
    assert_eq!((it.vault.cash.clone(), it.dollars[BORROWER].clone()), (wad(550), wad(600)));
    (it, drawn.loan)
}

#[test]
fn a_payment_reaches_all_who_have_a_part() {
    let (mut it, loan) = lent();
    it.pass_to(PERIOD);
    let paid = it.pay_loan(loan, BORROWER, &wad(1_000)).unwrap();
    it.check();
    // 500 × 10 % × 30/365.
    assert_eq!(paid.total(), wad(500) + Wei::from(4_109_589_041_095_890_411u64));
    assert_eq!(it.dollars[BORROWER], wad(600) - paid.total());
    assert!(it.exit_price() > wad(1) && it.vault.principal().is_zero());
    assert_eq!(it.vault.unvested(), Wei::zero());
}

#[test]
fn who_leaves_waits_until_what_is_overdue_is_marked_and_bears_the_mark() {
    let (mut it, loan) = lent();
    it.request(LENDER, &wad(1_000)).unwrap();
    it.pass_to(PERIOD + 2 * DAY);
    let late = it.filo.loan(loan).unwrap().late_after(PERIOD);
    assert_eq!(it.settle(), Err(vec![Refusal::Filo(filo::Refusal::Overdue(late, vec![loan]))]));
    it.mark_late(loan, &Wei::zero()).unwrap();
    it.check();
    // 450 of senior principal, before which 50 of junior cash stand: 600 for 1,000 shares, of which 550 are there.
    assert_eq!(it.vault.exit().assets, wad(600));
    let settlement = it.settle().unwrap();
    it.check();
    assert_eq!(settlement.lanes.len(), 1);
    assert!(it.vault.cash < Wei::from(2u8));
    assert_eq!(it.dollars[SEATS.queue], wad(550) - &it.vault.cash);
}

#[test]
fn what_nobody_pays_is_borne_in_order() {
    let (mut it, loan) = lent();
    it.pass_to(PERIOD + 2 * DAY);
    it.declare_default(loan, &wad(300), u64::MAX).unwrap();
    it.check();
    it.pass_to(PERIOD + 20 * DAY);
    it.filo.start_auction(loan, &wad(300)).unwrap();
    it.pass_to(PERIOD + 40 * DAY);
    let sale = it.bid(loan, BUYER, &[], &wad(300), &wad(1_000)).unwrap();
    it.check();
    let losses = sale.losses.unwrap();
    assert_eq!(losses.cash.0, wad(50));
    assert_eq!(losses.lost, wad(450) - sale.paid.to_vault() - wad(50));
    assert!(it.vault.principal().is_zero() && it.vault.impairment().is_zero());
    assert_eq!(it.vault.exit().assets, wad(1_000) - losses.lost);
}

#[test]
fn a_request_reserves_what_was_paid_back() {
    let (mut it, loan) = lent();
    it.pay_loan(loan, BORROWER, &wad(100)).unwrap();
    let free = it.lendable();
    it.request(LENDER, &wad(10)).unwrap();
    assert_eq!(it.lendable(), free - wad(10));
    it.paused = true;
    it.barred.insert(LENDER);
    let why = it.request(LENDER, &wad(1)).unwrap_err();
    assert_eq!(why, [Refusal::Barred(LENDER), Refusal::Paused]);
    it.check();
}

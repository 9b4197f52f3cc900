use super::*;

fn wei(amount: u64) -> Wei {
    Wei::from(amount)
}

fn units(whole: u64) -> Wei {
    wei(WAD) * whole
}

#[test]
fn the_reference_case_earns_what_the_documents_say() {
    let mut vault = Vault::default();
    assert_eq!(vault.deposit(&units(500_000)), Ok(units(500_000)));
    // 416,500 at 15 %: 5,134.93 for the first 30 days (S003).
    let rate = units(416_500) * wei(WAD) * 15u64 / 100u64 / 31_536_000u64;
    let loan = vault.draw(&units(416_500), &rate, &wei(0)).unwrap();
    vault.now = 30 * 86_400;
    assert_eq!(vault.accrued() / wei(10u64.pow(16)), wei(513_493));
    // Paid with two wei to spare: nothing vests, and nothing is left.
    let interest = vault.accrued() + 3u64;
    vault.repay(loan, &units(416_500), &interest, &wei(0));
    assert_eq!((vault.principal(), vault.accrued(), vault.unvested()), (wei(0), wei(0), wei(0)));
    assert_eq!(vault.cash, units(500_000) + interest);
}

#[test]
fn a_mark_lowers_the_way_out_and_not_the_way_in() {
    let mut vault = Vault::default();
    vault.deposit(&units(1_000)).unwrap();
    let loan = vault.draw(&units(600), &wei(0), &wei(0)).unwrap();
    vault.mark(loan, &units(450), &wei(0));
    assert_eq!(vault.exit().assets, units(550));
    assert_eq!(vault.deposit(&units(100)), Ok(units(100)));
    vault.write_off(loan, &units(600));
    vault.fill(&units(500), &units(200), &wei(0)).unwrap();
    assert_eq!(vault.cash, units(300));
    assert_eq!(vault.fill(&units(1), &units(301), &wei(0)), Err(Refusal::NoCash));
}

#[test]
fn income_vests_along_a_line() {
    let mut vault = Vault::default();
    vault.deposit(&units(1_000)).unwrap();
    vault.income(&units(7));
    assert_eq!((vault.exit().assets, vault.entry().assets), (units(1_000), units(1_007)));
    vault.now = 86_400;
    assert_eq!(vault.unvested(), units(6));
    // Weighted: (6 × 6 days + 6 × 7 days) ÷ 12 = 6.5 days.
    vault.income(&units(6));
    vault.now += 13 * 43_200 / 2;
    assert_eq!(vault.unvested(), units(6));
    vault.now += 13 * 43_200 / 2;
    assert!(vault.unvested().is_zero());
}

#[test]
fn what_is_nothing_is_refused() {
    let mut vault = Vault::default();
    assert_eq!(vault.deposit(&wei(0)), Err(Refusal::Zero));
    vault.deposit(&units(10)).unwrap();
    vault.cap = Some(units(11));
    assert_eq!(vault.deposit(&units(2)), Err(Refusal::AboveCap));
    assert_eq!(vault.draw(&units(11), &wei(0), &wei(0)), Err(Refusal::NotLendable));
    let loan = vault.draw(&units(10), &wei(0), &wei(0)).unwrap();
    vault.mark(loan, &units(10), &wei(0));
    assert_eq!(vault.deposit(&units(1)), Err(Refusal::NothingBehind));
}

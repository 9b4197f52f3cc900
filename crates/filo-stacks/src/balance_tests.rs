//! The accounting against a reference in exact rationals.

use super::*;
use crate::terms::{
    tests::{reference, terms, MONTH},
    Fees, MIN_PRINCIPAL,
};
use fixed_point::{Bps, WAD};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use proptest::prelude::*;

fn wei(amount: Amount) -> BigRational {
    BigRational::from(BigInt::from(amount.0))
}

fn exact(word: U256) -> BigRational {
    BigRational::from(BigInt::from_bytes_be(num_bigint::Sign::Plus, &word.to_be_bytes::<32>()))
}

/// How much of what is owed is paid, in 10^6 of the interest and then of the principal.
#[derive(Clone, Copy, Debug)]
enum Paid {
    Wei,
    SomeInterest(u32),
    Interest,
    InterestAndSome(u32),
    Everything,
}

fn amount() -> impl Strategy<Value = Paid> {
    prop_oneof![
        1 => Just(Paid::Wei),
        3 => (0u32..1_000_000).prop_map(Paid::SomeInterest),
        2 => Just(Paid::Interest),
        3 => (0u32..1_000_000).prop_map(Paid::InterestAndSome),
        1 => Just(Paid::Everything),
    ]
}

fn wei_of(amount: Paid, balance: &Balance) -> Amount {
    let owed = balance.interest_owed().unwrap().0;
    let million = 1_000_000;
    Amount(match amount {
        Paid::Wei => 1,
        Paid::SomeInterest(part) => owed / million * u128::from(part),
        Paid::Interest => owed,
        Paid::InterestAndSome(part) => owed + balance.outstanding.0 / million * u128::from(part),
        Paid::Everything => balance.payoff().unwrap().0,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// F1, F2 and F5 for one loan: whatever is paid whenever, every wei is accounted for, the interest owed is the exact one rounded up,
    /// the vault's count is matched and settled by what it gets, and nothing is left at the end.
    #[test]
    fn any_life_of_a_loan_is_accounted_for_to_the_wei(
        terms in terms(),
        first_loss in 1_000u16..=9_000,
        steps in proptest::collection::vec((0u64..400 * 86_400, amount()), 0..24),
    ) {
        let junior = terms.principal.part(Bps::new(first_loss).unwrap(), fixed_point::Rounding::Up).unwrap();
        let mut balance = Balance::drawn(terms.principal, terms.principal.minus(junior).unwrap(), 0);
        let year = BigRational::from(BigInt::from(YEAR));
        let rate = exact(terms.rate()) / exact(WAD);
        // What the reference knows: interest owed, earned and paid; the vault's own count; principal of both sides.
        let mut owed = BigRational::zero();
        let (mut earned, mut paid, mut full_payments) = (BigRational::zero(), BigRational::zero(), 0u32);
        let mut vault_count = U256::ZERO;
        let (mut senior_back, mut junior_back) = (0, 0);

        let mut now = 0;
        for (elapsed, amount) in steps.into_iter().chain([(1, Paid::Everything)]) {
            now += elapsed;
            let interest = wei(balance.outstanding) * &rate * BigRational::from(BigInt::from(elapsed)) / &year;
            owed += &interest;
            earned += interest;
            vault_count += balance.vault_rate(&terms).unwrap() * U256::from(elapsed);
            balance.accrue(&terms, u64::MAX, now).unwrap();
            let owed_wei = balance.interest_owed().unwrap();
            prop_assert_eq!(wei(owed_wei), owed.ceil());

            let before = balance;
            let offered = wei_of(amount, &balance);
            let payment = balance.pay(&terms, offered, false).unwrap();

            // At most what was offered and what is owed; interest before principal.
            prop_assert_eq!(payment.total().unwrap(), offered.min(before.payoff().unwrap()));
            prop_assert!(payment.interest == owed_wei || payment.principal.is_zero());
            // Conservation.
            let parts = [
                payment.split.servicing,
                payment.split.protocol,
                payment.split.reserve,
                payment.to_stack().unwrap(),
                payment.vault_principal().unwrap(),
                payment.vault_interest().unwrap(),
            ];
            prop_assert_eq!(parts.into_iter().try_fold(Amount::ZERO, Amount::plus), payment.total());
            prop_assert_eq!(balance.outstanding.plus(payment.principal), Ok(before.outstanding));
            prop_assert_eq!(balance.senior.plus(payment.senior_principal), Ok(before.senior));
            prop_assert!(balance.senior <= balance.outstanding);
            senior_back += payment.senior_principal.0;
            junior_back += payment.junior_principal.0;
            // The vault gets at least what it counted for this interest, and its count is the loan's.
            prop_assert!(wei(payment.split.senior) * exact(WAD) >= exact(payment.accrual));
            vault_count -= payment.accrual;
            prop_assert_eq!(vault_count, balance.accrual);
            prop_assert_eq!(payment.rates, (before.vault_rate(&terms).unwrap(), balance.vault_rate(&terms).unwrap()));

            paid += wei(payment.interest);
            owed -= wei(payment.interest);
            if payment.interest == owed_wei {
                full_payments += 1;
                owed = BigRational::zero();
                prop_assert_eq!(balance.accrual, U256::ZERO);
            }
        }
        prop_assert_eq!(balance, Balance { touched: now, ..Balance::default() });
        prop_assert_eq!(vault_count, U256::ZERO);
        prop_assert_eq!(senior_back + junior_back, terms.principal.0);
        prop_assert_eq!(junior_back, junior.0);
        // The borrower paid the exact interest, and less than a wei more each time it was paid in full.
        prop_assert!(paid >= earned && paid < earned + BigRational::from(BigInt::from(full_payments)));
    }

    /// Splitting a stretch of time changes nothing: interest is counted exactly.
    #[test]
    fn touching_a_loan_costs_nothing(terms in terms(), stretches in proptest::collection::vec(0u64..10_000_000, 1..10)) {
        let mut often = Balance::drawn(terms.principal, terms.principal, 0);
        let mut once = often;
        let mut now = 0;
        for stretch in stretches {
            now += stretch;
            often.accrue(&terms, u64::MAX, now).unwrap();
        }
        once.accrue(&terms, u64::MAX, now).unwrap();
        prop_assert_eq!(often, once);
    }
}

#[test]
fn the_reference_loan_owes_5134_93_after_thirty_days() {
    let terms = reference();
    let mut balance = Balance::drawn(terms.principal, terms.principal, 1_000);
    balance.accrue(&terms, u64::MAX, 1_000 + MONTH).unwrap();
    // 416,500 × 15 % × 30 ÷ 365 = 5,134.931506849315068493…, rounded up to the wei.
    assert_eq!(balance.interest_owed().unwrap().0, 5_134_931_506_849_315_068_494);
}

#[test]
fn the_reference_interest_is_shared_as_agreed() {
    let mut terms = reference();
    terms.fees = Fees {
        servicing: Bps::new(300).unwrap(),
        protocol: Bps::new(200).unwrap(),
        reserve: Bps::new(100).unwrap(),
        spread: Bps::new(500).unwrap(),
    };
    let junior = 41_650 * MIN_PRINCIPAL;
    let mut balance = Balance::drawn(terms.principal, Amount(terms.principal.0 - junior), 0);
    balance.accrue(&terms, u64::MAX, MONTH).unwrap();
    let split = balance.pay(&terms, Amount(5_135 * MIN_PRINCIPAL), false).unwrap().split;
    let cents = |amount: Amount| amount.0 / (MIN_PRINCIPAL / 100);
    assert_eq!(cents(split.servicing), 15_404); // 3 % of 5,134.93
    assert_eq!(cents(split.protocol), 10_269); // 2 %
    assert_eq!(cents(split.reserve), 5_134); // 1 %
                                             // The rest is 4,826.83…: a tenth of it and 5 % of the other nine tenths are junior.
    assert_eq!(cents(split.junior), 69_989);
    assert_eq!(cents(split.senior), 412_694);
}

#[test]
fn time_does_not_run_backwards() {
    let mut balance = Balance::drawn(Amount(MIN_PRINCIPAL), Amount(MIN_PRINCIPAL), 10);
    assert_eq!(balance.accrue(&reference(), u64::MAX, 9), Err(ArithmeticError::Overflow));
}

//! Attacks on the sUSDai vault's price, played on its WASM over ranges of what the attacker brings and of what he attacks: being first,
//! donating, and standing on both sides of a harvest, of a premium, of a repayment and of a late loan's cure. His profit is never above
//! nothing.
//!
//! The fastest way through is to enter, to request at once, and to be settled in the very second of the event that is to be sandwiched.
//! Whoever stays longer than that holds shares as everybody does; the last test compares him with them.

use alloy_primitives::{Address, U256};
use scenarios::{
    abi::{Erc20, Vault},
    hands::{n, wad},
    usdai_cli::protocol::counterparts::dollars6,
    vault::{cases_in_each, floor_div, rate_of, Stage, State, WAD},
};

/// Cases of an attack in a state.
const CASES: u64 = 16;
/// States in which nothing vests, so that all that an attacker gains comes from what he attacks.
const STILL: [State; 4] = [State::Par, State::Risen, State::Accruing, State::Fallen];

/// An amount from `least` to `most`, of any magnitude.
fn between(stage: &mut Stage, least: U256, most: U256) -> U256 {
    least + stage.dice.up_to(most - least)
}

/// `who` gives the vault `value` of USDai, past its books.
fn give(stage: &mut Stage, who: Address, value: U256) {
    let (usdai, vault) = (stage.usdai, stage.vault);
    stage.town.does(who, usdai, &Erc20::transferCall { to: vault, value });
}

/// The attacker enters with `assets`, asks to leave at once, `event` happens in the last second before the settlement, and he claims.
/// What he has more than before. The events' own costs are not his.
fn sandwich(stage: &mut Stage, attacker: Address, assets: U256, event: impl FnOnce(&mut Stage)) -> Outcome {
    // Early in an epoch, so that the next settlement is his.
    stage.settle();
    let before = stage.pocket(attacker);
    let shares = stage.deposit(attacker, assets);
    stage.request(attacker, shares);
    stage.end_epoch();
    event(stage);
    stage.settle_now();
    assert_eq!(stage.max_redeem(attacker), shares, "he is settled");
    stage.redeem(attacker, shares);
    Outcome {
        before,
        after: stage.pocket(attacker),
    }
}

#[derive(Clone, Copy, Debug)]
struct Outcome {
    before: U256,
    after: U256,
}

impl Outcome {
    fn is_no_profit(self) {
        assert!(self.after <= self.before, "profit: {}", self.after - self.before);
    }
}

/// Who is first with a little and makes a gift of a lot to the vault, to round the next one's shares away, loses his gift; the next one
/// loses nothing.
#[test]
fn the_first_depositor_gains_nothing() {
    cases_in_each(&[State::Fresh], 1, 4 * CASES, |stage, _| {
        let [attacker, victim, _] = stage.three();
        let first = between(stage, U256::ONE, wad(1_000));
        let gift = between(stage, U256::ONE, wad(900_000));
        let deposit = between(stage, U256::ONE, wad(900_000));
        let before = stage.pocket(attacker);
        let shares = stage.deposit(attacker, first);
        give(stage, attacker, gift);
        let bought = stage.deposit(victim, deposit);
        stage.settle();
        let ids = [(attacker, shares), (victim, bought)].map(|(who, shares)| stage.request(who, shares));
        stage.settle();
        assert_eq!(
            (stage.claimable(ids[0], attacker), stage.claimable(ids[1], victim)),
            (shares, bought)
        );
        stage.redeem(attacker, shares);
        let after = stage.pocket(attacker);
        assert!(after <= before - gift, "gained {} on {gift}", after + gift - before);
        assert_eq!(stage.redeem(victim, bought), deposit);
    });
}

/// Nor if the gift goes through the front door, as income of USDai that is harvested and vests: the virtual wei take nearly all of it from
/// a vault that is nearly empty, and what the victim loses to rounding is not the attacker's.
#[test]
fn the_first_depositor_gains_nothing_by_income() {
    cases_in_each(&[State::Fresh], 2, 2 * CASES, |stage, _| {
        let [attacker, victim, _] = stage.three();
        let first = between(stage, U256::ONE, wad(1));
        let whole = 1 + stage.dice.below(900_000);
        let before = stage.pocket(attacker);
        let shares = stage.deposit(attacker, first);
        stage.income(whole);
        stage.advance(8 * 86_400);
        // At least what the income has made of a share.
        let price = stage.number(&Vault::depositSharePriceCall {});
        let deposit = between(stage, (price / WAD + U256::ONE).min(wad(500_000)), wad(900_000));
        let bought = stage.number(&Vault::previewDepositCall { assets: deposit });
        if !bought.is_zero() {
            stage.deposit(victim, deposit);
        }
        stage.settle();
        stage.request(attacker, shares);
        stage.settle();
        let most = stage.max_redeem(attacker);
        if !most.is_zero() {
            stage.redeem(attacker, most);
        }
        // The income cost him `whole`.
        let after = stage.pocket(attacker);
        assert!(after <= before + wad(whole), "gained {}", after - before - wad(whole));
        // And the victim has what he paid, but for a share's rounding.
        let worth = stage.number(&Vault::convertToAssetsCall { shares: bought });
        assert!(
            worth + price / WAD + U256::from(2) >= deposit || bought.is_zero(),
            "{worth} of {deposit}"
        );
    });
}

/// A gift to the vault, however large, changes no price and comes back to nobody: it is not in the books.
#[test]
fn a_donation_gains_nothing_and_moves_no_price() {
    cases_in_each(&STILL, 3, CASES, |stage, _| {
        let attacker = stage.anybody();
        let assets = between(stage, n(1_000), wad(400_000));
        let gift = between(stage, U256::ONE, wad(500_000));
        let outcome = sandwich(stage, attacker, assets, |stage| {
            let prices = |stage: &mut Stage| (stage.price(), stage.number(&Vault::depositSharePriceCall {}), stage.nav());
            let before = prices(stage);
            give(stage, attacker, gift);
            assert_eq!(prices(stage), before);
        });
        assert!(outcome.after + gift <= outcome.before, "{outcome:?}");
    });
}

/// A donation through income: of what the attacker gives he gets back his part, late, and less than all.
#[test]
fn donated_income_gains_nothing() {
    cases_in_each(&STILL, 4, CASES, |stage, _| {
        let attacker = stage.anybody();
        let assets = between(stage, n(1_000), wad(900_000));
        let whole = 1 + stage.dice.below(100_000);
        stage.settle();
        let before = stage.pocket(attacker);
        let shares = stage.deposit(attacker, assets);
        stage.income(whole);
        stage.request_and_settle(attacker, shares);
        stage.redeem(attacker, shares);
        let after = stage.pocket(attacker);
        assert!(after <= before + wad(whole), "gained {}", after - before - wad(whole));
    });
}

/// Entering before a harvest and being settled right after it: nothing of it has vested.
#[test]
fn a_harvest_cannot_be_sandwiched() {
    cases_in_each(&STILL, 5, CASES, |stage, _| {
        let attacker = stage.anybody();
        let assets = between(stage, n(1_000), wad(900_000));
        let whole = 1 + stage.dice.below(500_000);
        sandwich(stage, attacker, assets, |stage| stage.income(whole)).is_no_profit();
    });
}

/// Income that nobody has harvested yet is no price's: the attacker who sees it coming, and harvests it himself, gets nothing of it either.
#[test]
fn unharvested_income_cannot_be_taken() {
    cases_in_each(&STILL, 6, CASES, |stage, _| {
        let attacker = stage.anybody();
        let assets = between(stage, n(1_000), wad(900_000));
        let whole = 1 + stage.dice.below(500_000);
        let usdai = stage.usdai;
        stage.town.give_base(usdai, dollars6(whole));
        let outcome = sandwich(stage, attacker, assets, |stage| {
            let call = scenarios::abi::Usdai::harvestCall {};
            stage.town.does(attacker, usdai, &call);
        });
        outcome.is_no_profit();
    });
}

/// A premium that a settlement keeps does not jump the price: who entered before it could leave with no more than he paid. Here the queue
/// fills others' shares at a premium in the attacker's second.
#[test]
fn a_premium_cannot_be_sandwiched() {
    cases_in_each(&STILL, 7, CASES, |stage, _| {
        let ([attacker, leaver, _], vault, queue) = (stage.three(), stage.vault, stage.queue);
        let leaving = between(stage, wad(1), wad(50_000));
        stage.settle();
        stage.request(leaver, leaving);
        let assets = between(stage, n(1_000), wad(900_000));
        let price = stage.price();
        let shares = stage.deposit(attacker, assets);
        // Up to the highest bid there can be: 12.75 %.
        let worth = floor_div(leaving, price, WAD);
        let premium = floor_div(worth, n(1 + u128::from(stage.dice.below(1_275))), n(10_000));
        let fill = Vault::fillRedemptionsCall {
            shares: leaving,
            assets: worth - premium,
            premium,
        };
        stage.town.does(queue, vault, &fill);
        let back = floor_div(shares, stage.price(), WAD);
        assert!(back <= assets, "{back} of {assets}");
        // It is those who stay who have it, in the end.
        let before = stage.nav();
        stage.advance(7 * 86_400);
        assert_eq!(stage.nav(), before + premium);
    });
}

/// Interest that is paid was in the price that the attacker entered at: entering before a repayment gains nothing, whatever part of the
/// principal comes with it.
#[test]
fn a_repayment_cannot_be_sandwiched() {
    cases_in_each(&[State::Par, State::Risen, State::Fallen], 8, CASES, |stage, _| {
        let attacker = stage.anybody();
        let principal = between(stage, wad(1_000), wad(400_000));
        let percent = 1 + stage.dice.below(60);
        let rate = rate_of(principal, percent);
        stage.settle();
        stage.lend(principal, percent);
        let seconds = 1 + stage.dice.below(29 * 86_400);
        stage.advance(seconds);
        let assets = between(stage, n(1_000), wad(900_000));
        let before = stage.pocket(attacker);
        let shares = stage.deposit(attacker, assets);
        // The loan pays what it has earned, and earns nothing from here on: what comes later is not what he sandwiched.
        let accrual = rate * U256::from(seconds);
        let back = stage.dice.up_to(principal);
        stage.repay(back, accrual / WAD, accrual, (rate, U256::ZERO));
        stage.request_and_settle(attacker, shares);
        stage.redeem(attacker, shares);
        let after = stage.pocket(attacker);
        assert!(after <= before, "profit: {}", after - before);
    });
}

/// Late fees, and interest of a loan whose accrual had stopped, were in no price: they vest.
#[test]
fn late_fees_cannot_be_sandwiched() {
    cases_in_each(&STILL, 9, CASES, |stage, _| {
        let attacker = stage.anybody();
        let assets = between(stage, n(1_000), wad(900_000));
        let fee = between(stage, n(2_000_000), wad(100_000));
        let outcome = sandwich(stage, attacker, assets, |stage| {
            stage.repay(U256::ZERO, fee, U256::ZERO, (U256::ZERO, U256::ZERO));
        });
        outcome.is_no_profit();
    });
}

/// A late loan is marked down; the attacker, the borrower himself perhaps, enters and cures it: in the second in which he is settled, or
/// early enough to wait for all that vests. Entry is at face, so what the mark gives back is theirs who lost it; all that he can wait for is
/// his part of the interest that the loan owed, which was in no price.
#[test]
fn the_cure_of_a_late_loan_cannot_be_sandwiched() {
    cases_in_each(&[State::Par, State::Risen, State::Fallen], 10, CASES, |stage, _| {
        let attacker = stage.anybody();
        let principal = between(stage, wad(1_000), wad(400_000));
        let percent = 1 + stage.dice.below(60);
        let rate = rate_of(principal, percent);
        stage.settle();
        stage.lend(principal, percent);
        let seconds = 1 + stage.dice.below(40 * 86_400);
        stage.advance(seconds);
        let impairment = between(stage, wad(1), principal);
        let accrual = rate * U256::from(seconds);
        stage.mark(accrual, (rate, U256::ZERO), (U256::ZERO, impairment));
        let assets = between(stage, n(1_000), wad(900_000));
        let (kind, lost, waits) = (stage.dice.below(3), stage.dice.up_to(impairment), stage.dice.below(2) == 1);
        let event = |stage: &mut Stage| match kind {
            // Cured, and the interest paid.
            0 => {
                stage.mark(U256::ZERO, (U256::ZERO, rate), (impairment, U256::ZERO));
                stage.repay(U256::ZERO, accrual / WAD, U256::ZERO, (rate, rate));
            }
            // Marked better.
            1 => stage.mark(U256::ZERO, (U256::ZERO, U256::ZERO), (impairment, lost)),
            // Sold for more than was expected: less is lost than was marked.
            _ => {
                stage.repay(principal - lost, U256::ZERO, U256::ZERO, (U256::ZERO, U256::ZERO));
                let (filo, vault) = (stage.town.suite.filo, stage.vault);
                let loss = Vault::writeOffCall {
                    principal: lost,
                    impairment,
                };
                stage.town.does(filo, vault, &loss);
            }
        };
        if !waits {
            sandwich(stage, attacker, assets, event).is_no_profit();
            return;
        }
        let before = stage.pocket(attacker);
        let shares = stage.deposit(attacker, assets);
        let parts = stage.supply();
        event(stage);
        stage.advance(8 * 86_400);
        // The loan earns on after a cure; what comes from there on is not the mark's.
        let interest = if kind == 0 {
            let earned = rate * U256::from(8 * 86_400);
            stage.repay(principal, earned / WAD, earned, (rate, U256::ZERO));
            accrual / WAD + earned / WAD
        } else {
            U256::ZERO
        };
        stage.request_and_settle(attacker, shares);
        stage.redeem(attacker, shares);
        let (after, part) = (stage.pocket(attacker), interest * shares / parts);
        assert!(after <= before + part + U256::ONE, "profit: {}", after - before);
    });
}

/// Who enters before income and stays until it vests earns no more a share than those who were there: he pays no less for a share than
/// they could have left with.
#[test]
fn latecomers_earn_no_more_a_share_than_those_who_were_there() {
    cases_in_each(&State::HELD, 11, CASES, |stage, _| {
        let [late, early, _] = stage.three();
        stage.settle();
        let (price, assets) = (stage.price(), between(stage, n(1_000), wad(900_000)));
        let shares = stage.deposit(late, assets);
        assert!(assets * WAD >= shares * price, "{shares} shares for {assets} at {price}");
        let whole = 1 + stage.dice.below(100_000);
        stage.income(whole);
        let kept = between(stage, wad(1), wad(40_000));
        let worth = floor_div(kept, price, WAD);
        stage.request(early, kept);
        stage.request(late, shares);
        stage.settle();
        let (gets, had) = (stage.redeem(late, shares), stage.redeem(early, kept));
        assert!(had >= worth, "those who were there lose nothing");
        // Gains a share, with a wei for each rounding: (gets − assets) ÷ shares ≤ (had − worth) ÷ kept.
        let gain = (gets * kept).saturating_sub((assets + U256::ONE) * kept);
        assert!(
            gain <= (had + U256::from(2) - worth) * shares,
            "{gets} for {assets}, {had} for {worth}"
        );
    });
}

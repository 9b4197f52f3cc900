//! What a loss costs whom, on the vault's WASM: whoever leaves after a payment was missed and whoever stays lose the same share; a vault
//! that lost everything lets nobody in at nothing, and belongs to those who were in when something comes back. FiLo's part, the marks,
//! is played by its address.

use alloy_primitives::{Address, U256};
use scenarios::{
    abi::Vault,
    hands::{n, wad},
    refusals,
    vault::{cases_in_each, floor_div, in_each, rate_of, Stage, State, SETTLE, WAD},
};

const DAY: u64 = 86_400;

/// What `who` got for each share, in WAD.
fn claims(stage: &mut Stage, who: Address, shares: U256) -> U256 {
    assert_eq!(stage.max_redeem(who), shares, "all of it is settled");
    floor_div(stage.redeem(who, shares), WAD, shares)
}

/// Four have a quarter of the vault each, `lent` of ten thousand of it is lent, a payment is missed, `recovered` of ten thousand of the loan come
/// back. One asked to leave before the payment was missed, one after, one after the loss was booked; one stays.
fn play_a_default(stage: &mut Stage, lent: u64, recovered: u64) {
    let people = stage.people;
    for who in people {
        stage.deposit(who, wad(250_000));
    }
    stage.settle();
    // The payment falls due in the middle of the next epoch.
    stage.advance(15 * DAY);
    let (all, bps) = (wad(1_000_000), n(10_000));
    let principal = all * U256::from(lent) / bps;
    let rate = rate_of(principal, 15);
    stage.lend(principal, 15);
    let (filo, drawn) = (stage.town.suite.filo, stage.town.now());
    let loss = principal * (bps - U256::from(recovered)) / bps;
    // Each has a tenth of what he holds in the queue at a time: there is cash for three of them whatever is lent.
    let shares = wad(25_000);

    stage.settle();
    let [before, after, last, stays] = people;
    stage.request(before, shares);
    let due = U256::from(30 * DAY) + drawn;
    stage.town.node.chain.warp_to(due.to());
    // Due, and not paid. Marked before anybody is settled, as the queue asks (PROTOCOL 6).
    stage.mark(rate * U256::from(30 * DAY), (rate, U256::ZERO), (U256::ZERO, loss));
    stage.request(after, shares);
    stage.settle();
    let mut got = vec![claims(stage, before, shares), claims(stage, after, shares)];
    // Right of redemption, auction: what was expected came in, and the rest is booked as lost.
    stage.advance(20 * DAY);
    let zero = U256::ZERO;
    stage.repay(principal - loss, zero, zero, (zero, zero));
    let vault = stage.vault;
    let write_off = Vault::writeOffCall {
        principal: loss,
        impairment: loss,
    };
    stage.town.does(filo, vault, &write_off);
    stage.request(last, shares);
    stage.settle();
    got.push(claims(stage, last, shares));
    // Who stayed could leave with this.
    got.push(stage.price());
    let held = stage.held(stays);
    got.push(floor_div(stage.number(&Vault::convertToAssetsCall { shares: held }), WAD, held));

    let fair = WAD * (all - loss) / all;
    for price in got {
        let off = price.max(fair) - price.min(fair);
        // Rounding of prices, of claims, and of three exits at rounded prices: wei, of 10^18.
        assert!(off <= n(100), "{price} a share, and not {fair}: lent {lent}, recovered {recovered}");
    }
}

/// 60 % lent, a default, 25 % recovered: 0.55 a share for everybody.
#[test]
fn whoever_leaves_after_a_missed_payment_and_whoever_stays_lose_the_same() {
    in_each(&[State::Fresh], 301, |stage, _| play_a_default(stage, 6_000, 2_500));
}

/// The same over what is lent and what comes back.
#[test]
fn nobody_is_first_out_of_any_loss() {
    cases_in_each(&[State::Fresh], 302, 24, |stage, _| {
        let (lent, recovered) = (1 + stage.dice.below(9_000), stage.dice.below(10_001));
        play_a_default(stage, lent, recovered);
    });
}

/// All of the vault is lent and marked down to nothing. Nobody gets in at nothing; whoever was in is whole again when the loan pays after
/// all, and the newcomer who entered while it was not sure yet has paid what the others' shares are worth then.
#[test]
fn a_total_loss_that_comes_back_is_theirs_who_had_it() {
    cases_in_each(&[State::Fresh], 303, 8, |stage, _| {
        let [holder, newcomer, waits] = stage.three();
        for who in [holder, waits] {
            stage.deposit(who, wad(400_000));
        }
        let (principal, zero) = (wad(800_000), U256::ZERO);
        stage.lend(principal, 0);
        stage.mark(zero, (zero, zero), (zero, principal));
        assert_eq!((stage.price(), stage.nav(), stage.total_assets()), (zero, zero, zero));
        let lost = refusals::NoAssetsBehindShares { totalShares: wad(800_000) };
        let (vault, most) = (stage.vault, wad(1_000));
        let enter = Vault::deposit_0Call {
            assets: most,
            receiver: newcomer,
        };
        stage.town.refuses_as(newcomer, vault, &enter, &lost);
        assert_eq!(stage.number(&Vault::maxDepositCall { receiver: newcomer }), zero);
        // Who wants to leave may wait.
        stage.request(waits, wad(400_000));

        // First a part is expected again, from a wei to nearly all; he enters at face, and is not given what the others lost.
        let hope = U256::ONE + stage.dice.up_to(principal - n(2));
        stage.mark(zero, (zero, zero), (principal, principal - hope));
        let bought = stage.deposit(newcomer, most);
        assert!(bought <= most, "at face, or dearer");
        // Then all of it comes back.
        stage.mark(zero, (zero, zero), (principal - hope, zero));
        stage.repay(principal, zero, zero, (zero, zero));
        stage.settle();
        let back = stage.redeem(waits, wad(400_000));
        assert!(back + U256::ONE >= wad(400_000), "{back}");
        for (who, paid) in [(holder, wad(400_000)), (newcomer, most)] {
            let shares = stage.held(who);
            let worth = floor_div(shares, stage.price(), WAD);
            assert!(worth <= paid && worth + n(2_000_000) >= paid, "{worth} of {paid}");
        }
    });
}

/// All is lost for good. Then income arrives: it belongs to the shares there are, from the first wei that vests, and who enters then pays
/// for all of it.
#[test]
fn income_after_a_total_loss_belongs_to_those_who_lost() {
    cases_in_each(&[State::Lost], 304, 8, |stage, _| {
        let newcomer = stage.anybody();
        let zero = U256::ZERO;
        let whole = 1 + stage.dice.below(100_000);
        stage.income(whole);
        assert_eq!(
            stage.number(&Vault::maxDepositCall { receiver: newcomer }),
            zero,
            "nothing has vested"
        );
        let wait = 1 + stage.dice.below(7 * DAY);
        stage.advance(wait);
        let (supply, income) = (stage.supply(), stage.number(&Vault::cashCall {}));
        let assets = n(1_000_000_000) + stage.dice.up_to(wad(500_000));
        let bought = stage.deposit(newcomer, assets);
        stage.advance(7 * DAY);
        // All that was there is the others', to the wei that virtual shares round away.
        let theirs = floor_div(supply, stage.price(), WAD);
        let dust = income / n(10).pow(n(12)) + n(2_000_000);
        assert!(theirs + dust >= income, "{theirs} of {income}");
        let his = floor_div(bought, stage.price(), WAD);
        assert!(his <= assets, "{his} for {assets}");
    });
}

/// Who waits in the queue while a share is worth nothing is not paid nothing for it: nothing is settled at no price, and he may still
/// cancel, or wait for what comes back.
#[test]
fn nobody_in_the_queue_is_burnt_for_nothing() {
    in_each(&[State::Lost], 305, |stage, _| {
        let [waits, other, _] = stage.three();
        let (half, supply) = (stage.held(waits) / n(2), stage.supply());
        let id = stage.request(waits, half);
        stage.end_epoch();
        let (queue, anybody) = (stage.queue, stage.town.stranger.address());
        // Whether it refuses or settles nobody: no share is gone.
        drop(stage.town.attempt(anybody, queue, &SETTLE));
        assert_eq!((stage.pending(id, waits), stage.supply()), (half, supply));
        // What comes back is paid to him as to everybody.
        let whole = 50_000;
        stage.income(whole);
        stage.advance(8 * DAY);
        let price = stage.price();
        assert!(!price.is_zero());
        stage.settle();
        assert_eq!(stage.claimable(id, waits), half);
        let paid = stage.redeem(waits, half);
        assert!(paid >= floor_div(half, price, WAD) - U256::ONE, "{paid}");
        assert!(!stage.held(other).is_zero());
    });
}

//! What the queue costs on its WASM: a place, a bid, its opening, a claim, and a settlement whatever the number of those who wait. Each with
//! its program in the chain's cache and without.

use std::time::Instant;

use alloy_primitives::{Address, B256, U256};
use scenarios::{
    abi::{Erc20, Queue, Vault},
    hands::{n, wad},
    usdai_cli::protocol::suite::Terms,
    vault::{in_each, Stage, State, SETTLE},
    Town,
};

const HOUR: u64 = 3_600;

fn request(who: Address, shares: U256) -> Vault::requestRedeemCall {
    Vault::requestRedeemCall {
        shares,
        controller: who,
        owner: who,
    }
}

fn cache(town: &mut Town) {
    for (_, program) in town.suite.contracts() {
        town.node.chain.cache_program(program).expect("a program");
    }
}

/// A life of a bid; what each step of it cost.
fn life_of_a_bid(stage: &mut Stage) -> [(&'static str, u64); 6] {
    let ([who, other, _], vault, queue) = (stage.three(), stage.vault, stage.queue);
    let by = stage.town.stranger.address();
    // More is wanted than there is: the rest is lent.
    let rest = stage.number(&Vault::lendableCall {}) - wad(60_000);
    stage.lend(rest, 0);
    let another = stage.request(other, wad(90_000));
    let asked = stage.gas(who, vault, &request(who, wad(40_000)));
    let position = stage.town.read(
        queue,
        &Queue::positionAtCall {
            controller: who,
            index: U256::ZERO,
        },
    );
    assert_ne!(position, another);
    let (tick, salt) = (40, B256::repeat_byte(9));
    let commitment = stage.town.read(queue, &Queue::commitmentOfCall { position, tick, salt });
    let commit = Queue::commitBid_0Call { position, commitment };
    let committed = stage.gas(who, queue, &commit);
    let end = stage.epoch_end();
    stage.town.node.chain.warp_to(end - HOUR);
    let revealed = stage.gas(who, queue, &Queue::revealBidCall { position, tick, salt });
    stage.end_epoch();
    let settled = stage.gas(by, queue, &SETTLE);
    let redeem = Vault::redeemCall {
        shares: stage.max_redeem(who),
        receiver: who,
        controller: who,
    };
    let redeemed = stage.scene(|stage| stage.gas(who, vault, &redeem));
    let claimed = stage.gas(who, queue, &Queue::claimCall { position, receiver: who });
    [
        ("requestRedeem", asked),
        ("commitBid", committed),
        ("revealBid", revealed),
        ("settle", settled),
        ("redeem, through the vault", redeemed),
        ("claim", claimed),
    ]
}

#[test]
fn a_bids_life_has_a_price() {
    in_each(&[State::Par], 501, |stage, _| {
        for cached in [false, true] {
            stage.scene(|stage| {
                if cached {
                    cache(&mut stage.town);
                }
                println!("cached {cached}: {:?}", life_of_a_bid(stage));
            });
        }
    });
}

/// 10, 1,000 and 10,000 requests wait at par: to settle them costs the same to within a per cent.
#[test]
fn a_settlement_costs_the_same_however_many_wait() {
    in_each(&[State::Par], 502, |stage, _| {
        let ([who, ..], vault, queue) = (stage.three(), stage.vault, stage.queue);
        let by = stage.town.stranger.address();
        stage.settle();
        let begun = Instant::now();
        let mut waiting = 0;
        let mut costs = Vec::new();
        for wanted in [10, 1_000, 10_000] {
            while waiting < wanted {
                stage.town.does(who, vault, &request(who, wad(1) + n(waiting)));
                waiting += 1;
            }
            // Not all of them can be paid, so the lane's front moves to its middle.
            let cost = stage.scene(|stage| {
                let cash = stage.number(&Vault::lendableCall {});
                stage.lend(cash - wad(5), 0);
                stage.end_epoch();
                stage.gas(by, queue, &SETTLE)
            });
            println!("{wanted} waiting: {cost} ({:.1?})", begun.elapsed());
            costs.push(cost);
        }
        let first = costs[0];
        assert!(costs.iter().all(|cost| cost.abs_diff(first) * 100 <= first), "{costs:?}");
    });
}

/// Every lane of bids there can be, each with a void before the one who bids, filled in one call.
#[test]
fn the_worst_settlement_fits_a_call() {
    in_each(&[State::Par], 503, |stage, _| {
        let ([who, other, _], queue) = (stage.three(), stage.queue);
        let by = stage.town.stranger.address();
        stage.settle();
        stage.request(other, wad(90_000));
        let salt = B256::repeat_byte(9);
        let mut bids = Vec::new();
        for tick in 2..=255_u8 {
            for _ in 0..2 {
                let position = stage.request(who, wad(10));
                let commitment = stage.town.read(queue, &Queue::commitmentOfCall { position, tick, salt });
                stage.town.does(who, queue, &Queue::commitBid_0Call { position, commitment });
                bids.push((position, tick));
            }
        }
        let end = stage.epoch_end();
        stage.town.node.chain.warp_to(end - HOUR);
        for (position, tick) in &bids {
            let reveal = Queue::revealBidCall {
                position: *position,
                tick: *tick,
                salt,
            };
            stage.town.does(who, queue, &reveal);
        }
        // There is no money in this epoch. In the next, of each lane's two the first leaves.
        let cash = stage.number(&Vault::lendableCall {});
        stage.lend(cash, 0);
        stage.end_epoch();
        stage.town.does(by, queue, &SETTLE);
        for (position, _) in bids.iter().step_by(2) {
            let cancel = Queue::cancelCall {
                position: *position,
                shares: wad(10),
                receiver: who,
            };
            stage.town.does(who, queue, &cancel);
        }
        stage.deposit(other, wad(10_000));
        stage.end_epoch();
        let cost = stage.gas(by, queue, &SETTLE);
        println!("254 lanes, a void in each: {cost}");
        let (last, _) = bids[bids.len() - 1];
        assert_eq!(stage.claimable(last, who), wad(10));
        let (lowest, _) = bids[1];
        assert_eq!(stage.claimable(lowest, who), wad(10), "all bids are filled");
        assert!(cost < 6_000_000, "{cost}");
    });
}

/// A place at par that a thousand settlements have filled bit by bit is claimed at once, for a search more than after ten.
#[test]
fn a_claim_after_a_thousand_settlements_costs_a_search_more() {
    let terms = Terms {
        epoch: 2 * HOUR,
        reveal: 600,
        ..Terms::REAL
    };
    let mut town = Town::on(terms);
    let (who, other, by) = (town.cast.depositor.address(), town.cast.curator.address(), town.stranger.address());
    let (vault, queue, usdai, filo) = (town.suite.susdai, town.suite.qev, town.suite.usdai, town.suite.filo);
    town.give_susdai(who, 100_000);
    town.give_usdai(other, 100_000);
    let approve = Erc20::approveCall {
        spender: vault,
        value: U256::MAX,
    };
    town.does(other, usdai, &approve);
    let draw = Vault::drawLoanCall {
        principal: wad(100_000),
        rate: U256::ZERO,
        receiver: other,
    };
    town.does(filo, vault, &draw);
    let position = town.does(who, vault, &request(who, wad(100_000)));
    cache(&mut town);
    let claim = Queue::claimCall { position, receiver: who };
    let mut costs = Vec::new();
    for settlement in 1..=1_000_u64 {
        let deposit = Vault::deposit_0Call {
            assets: wad(7) + n(settlement.into()),
            receiver: other,
        };
        town.does(other, vault, &deposit);
        let end = town.read(queue, &Queue::epochEndCall {});
        town.node.chain.warp_to(end.to());
        town.does(by, queue, &SETTLE);
        if matches!(settlement, 10 | 100 | 1_000) {
            costs.push(town.scene(|town| town.attempt(who, queue, &claim).expect("a claim").gas_used));
        }
    }
    println!("a claim after 10, 100 and 1,000 settlements: {costs:?}");
    let progress = town.read(queue, &Queue::progressCall {});
    assert_eq!(progress.settlements, n(1_000));
    let before = town.balance(usdai, who);
    town.does(who, queue, &claim);
    let paid = town.balance(usdai, who) - before;
    assert!(paid > wad(6_999) && paid < wad(7_001), "{paid}");
    // A tenfold number is some three steps of a binary search more, each of two words.
    for pair in costs.windows(2) {
        assert!(pair[1] < pair[0] + 20_000, "{costs:?}");
    }
}

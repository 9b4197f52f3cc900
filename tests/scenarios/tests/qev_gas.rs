//! What the queue costs on its WASM: a place, a bid, its opening, a claim, and a settlement whatever the number of those who wait. Each with
//! its program in the chain's cache and without.

use std::time::Instant;

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolCall;
use scenarios::{
    abi::{Queue, Vault},
    hands::{n, wad},
    vault::{in_each, Stage, State},
};

const HOUR: u64 = 3_600;

/// Gas of `call` on `to`, done.
fn gas<C: SolCall>(stage: &mut Stage, who: Address, to: Address, call: &C) -> u64 {
    let receipt = stage.town.attempt(who, to, call);
    receipt.unwrap_or_else(|refusal| panic!("{}: {refusal}", C::SIGNATURE)).gas_used
}

fn request(who: Address, shares: U256) -> Vault::requestRedeemCall {
    Vault::requestRedeemCall {
        shares,
        controller: who,
        owner: who,
    }
}

fn settle() -> Queue::settleCall {
    Queue::settleCall { maxSteps: n(1_000) }
}

fn cache(stage: &mut Stage) {
    for (_, program) in stage.town.suite.contracts() {
        stage.town.node.chain.cache_program(program).expect("a program");
    }
}

/// To the end of the epoch that runs.
fn end_epoch(stage: &mut Stage) {
    let end = stage.town.read(stage.queue, &Queue::epochEndCall {});
    stage.town.node.chain.warp_to(end.to());
}

/// A life of a bid; what each step of it cost.
fn life_of_a_bid(stage: &mut Stage) -> [(&'static str, u64); 6] {
    let ([who, other, _], vault, queue) = (stage.three(), stage.vault, stage.queue);
    let by = stage.town.stranger.address();
    // More is wanted than there is: the rest is lent.
    let rest = stage.number(&Vault::lendableCall {}) - wad(60_000);
    stage.lend(rest, 0);
    let another = stage.request(other, wad(90_000));
    let asked = gas(stage, who, vault, &request(who, wad(40_000)));
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
    let committed = gas(stage, who, queue, &commit);
    let end = stage.town.read(queue, &Queue::epochEndCall {}).to::<u64>();
    stage.town.node.chain.warp_to(end - HOUR);
    let revealed = gas(stage, who, queue, &Queue::revealBidCall { position, tick, salt });
    end_epoch(stage);
    let settled = gas(stage, by, queue, &settle());
    let redeem = Vault::redeemCall {
        shares: stage.max_redeem(who),
        receiver: who,
        controller: who,
    };
    let redeemed = stage.scene(|stage| gas(stage, who, vault, &redeem));
    let claimed = gas(stage, who, queue, &Queue::claimCall { position, receiver: who });
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
                    cache(stage);
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
                end_epoch(stage);
                gas(stage, by, queue, &settle())
            });
            println!("{wanted} waiting: {cost} ({:.1?})", begun.elapsed());
            costs.push(cost);
        }
        let first = costs[0];
        assert!(costs.iter().all(|cost| cost.abs_diff(first) * 100 <= first), "{costs:?}");
    });
}

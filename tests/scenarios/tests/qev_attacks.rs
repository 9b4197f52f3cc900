//! Attacks on the queue, by name, on its WASM: floods of places, of dust and of voids; bids sealed to be chosen from, opened by others, or
//! replayed; prices that go stale between the steps of a settlement; holders that refuse what they are given. Nobody else loses by them,
//! and nobody else's calls cost more.

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{SolCall, SolValue};
use scenarios::{
    abi::{Consumer, Queue, Vault},
    hands::{kept_of, n, wad},
    refusals,
    vault::{floor_div, in_each, Stage, State, SETTLE, WAD},
};

const HOUR: u64 = 3_600;
const TICK: u8 = 40;

fn salt() -> B256 {
    B256::repeat_byte(0x5a)
}

/// Gas of `call` on `to`, which changes nothing in the end.
fn gas<C: SolCall>(stage: &mut Stage, who: Address, to: Address, call: &C) -> u64 {
    stage.scene(|stage| stage.gas(who, to, call))
}

fn within_a_per_cent(name: &str, before: u64, after: u64) {
    assert!(
        after.abs_diff(before) * 100 <= before,
        "{name}: {before} gas, and {after} under attack"
    );
}

/// Leaves `kept` whole USDai in the vault.
fn make_money_short(stage: &mut Stage, kept: u64) {
    let lendable = stage.number(&Vault::lendableCall {});
    stage.lend(lendable - wad(kept), 0);
}

fn to_reveals(stage: &mut Stage) {
    let end = stage.epoch_end();
    stage.town.node.chain.warp_to(end - HOUR);
}

/// What `who` seals to bid `tick` for `position`.
fn seal(stage: &mut Stage, who: Address, position: U256, tick: u8) {
    let queue = stage.queue;
    let of = Queue::commitmentOfCall {
        position,
        tick,
        salt: salt(),
    };
    let commitment = stage.town.read(queue, &of);
    stage.town.does(who, queue, &Queue::commitBid_0Call { position, commitment });
}

fn opening(position: U256, tick: u8) -> Queue::revealBidCall {
    Queue::revealBidCall {
        position,
        tick,
        salt: salt(),
    }
}

/// Nobody opens positions for another, and what is sent to him makes none of his claims dearer.
#[test]
fn a_victims_slots_cannot_be_filled() {
    in_each(&[State::Par], 601, |stage, _| {
        let [victim, attacker, _] = stage.three();
        let (vault, queue) = (stage.vault, stage.queue);
        let forced = Vault::requestRedeemCall {
            shares: n(1),
            controller: victim,
            owner: attacker,
        };
        let refused = refusals::NotControllerOrOperator {
            caller: attacker,
            controller: victim,
        };
        stage.town.refuses_as(attacker, vault, &forced, &refused);
        stage.request(victim, wad(1_000));
        let gifts: Vec<_> = (0..200).map(|_| stage.request(attacker, wad(1))).collect();
        stage.settle();
        let redeem = Vault::redeemCall {
            shares: wad(1_000),
            receiver: victim,
            controller: victim,
        };
        let mut costs = Vec::new();
        for gift in gifts {
            let gift = Queue::transferFromCall {
                from: attacker,
                to: victim,
                tokenId: gift,
            };
            stage.town.does(attacker, queue, &gift);
            costs.push(gas(stage, victim, vault, &redeem));
        }
        assert_eq!(
            stage.max_redeem(victim),
            wad(1_000),
            "gifts are claimed by their number, or when he lists them"
        );
        within_a_per_cent("redeem", costs[0], costs[199]);
    });
}

/// A thousand positions of a wei each: neither a settlement nor anybody's request or claim costs more; and who made them gets out, too.
#[test]
fn a_dust_flood_makes_nothing_dearer() {
    in_each(&[State::Par], 602, |stage, _| {
        let [victim, attacker, other] = stage.three();
        let (vault, queue, by) = (stage.vault, stage.queue, stage.town.stranger.address());
        stage.settle();
        stage.request(attacker, n(1));
        stage.request(other, wad(1));
        let request = Vault::requestRedeemCall {
            shares: wad(1_000),
            controller: victim,
            owner: victim,
        };
        let measure = |stage: &mut Stage| {
            let asked = gas(stage, victim, vault, &request);
            stage.scene(|stage| {
                stage.town.does(victim, vault, &request);
                make_money_short(stage, 500);
                stage.end_epoch();
                let settled = gas(stage, by, queue, &SETTLE);
                stage.town.does(by, queue, &SETTLE);
                let shares = stage.max_redeem(victim);
                let redeem = Vault::redeemCall {
                    shares,
                    receiver: victim,
                    controller: victim,
                };
                [asked, settled, gas(stage, victim, vault, &redeem)]
            })
        };
        let before = measure(stage);
        for _ in 0..1_000 {
            stage.request(attacker, n(1));
        }
        let after = measure(stage);
        for (name, (before, after)) in ["request", "settle", "redeem"].iter().zip(before.into_iter().zip(after)) {
            within_a_per_cent(name, before, after);
        }
        stage.settle();
        let shares = stage.max_redeem(attacker);
        assert_eq!(shares, n(7), "the vault claims over seven positions");
        let redeem = Vault::redeemCall {
            shares,
            receiver: attacker,
            controller: attacker,
        };
        let cost = gas(stage, attacker, vault, &redeem);
        println!("seven of a thousand positions are redeemed for {cost}");
        assert!(cost < 300_000, "{cost}");
    });
}

/// Thousands of positions that are cancelled before the victim's turn: a settlement reads a path of a tree, not every void.
#[test]
fn a_void_flood_costs_a_settlement_a_path() {
    in_each(&[State::Par], 603, |stage, _| {
        let [victim, attacker, _] = stage.three();
        let (queue, by) = (stage.queue, stage.town.stranger.address());
        stage.settle();
        let cost_after = |stage: &mut Stage, voids: u64| {
            stage.scene(|stage| {
                for _ in 0..voids {
                    let position = stage.request(attacker, wad(1));
                    let cancel = Queue::cancelCall {
                        position,
                        shares: wad(1),
                        receiver: attacker,
                    };
                    stage.town.does(attacker, queue, &cancel);
                }
                let id = stage.request(victim, wad(1_000));
                make_money_short(stage, 500);
                stage.end_epoch();
                let cost = gas(stage, by, queue, &SETTLE);
                stage.town.does(by, queue, &SETTLE);
                assert_eq!(stage.claimable(id, victim), wad(500), "the voids are skipped");
                cost
            })
        };
        let costs = [10, 500, 1_000, 2_000, 4_000].map(|voids| cost_after(stage, voids));
        println!("10, 500, 1,000, 2,000 and 4,000 voids: {costs:?}");
        assert!(costs[4] <= costs[2] + costs[2] / 100, "four times the voids: {costs:?}");
        assert!(costs[4] < 1_000_000, "{costs:?}");
    });
}

/// Sealing ten bids to open the one that suits: each of the others loses its bond, and all who stay have it.
#[test]
fn committing_many_and_revealing_few_costs_a_bond_each() {
    in_each(&[State::Par], 604, |stage, _| {
        let [attacker, other, _] = stage.three();
        let queue = stage.queue;
        stage.settle();
        stage.request(other, wad(90_000));
        let positions: Vec<_> = (0..10).map(|_| stage.request(attacker, wad(1_000))).collect();
        for (position, tick) in positions.iter().zip(10..) {
            seal(stage, attacker, *position, tick);
        }
        make_money_short(stage, 60_000);
        to_reveals(stage);
        stage.town.does(attacker, queue, &opening(positions[9], 19));
        stage.end_epoch();
        stage.settle_now();
        // Half a per cent of each of nine, whenever somebody asks for it.
        let unopened = positions[..9].to_vec();
        let by = stage.town.stranger.address();
        stage.town.does(
            by,
            queue,
            &Queue::forfeitBondsCall {
                positions: unopened.clone(),
            },
        );
        for position in unopened {
            let left = stage.pending(position, attacker) + stage.claimable(position, attacker);
            assert_eq!(left, wad(995), "a bond of 5 is gone");
        }
        assert_eq!(stage.town.read(queue, &Queue::progressCall {}).forfeited, wad(45), "to be burnt");
        let supply = stage.supply();
        stage.end_epoch();
        let filled = stage.scene(|stage| {
            stage.settle_now();
            stage.held(queue)
        });
        let waiting = stage.held(queue);
        stage.settle_now();
        assert_eq!(stage.supply(), supply - (waiting - filled), "burnt with the next settlement");
    });
}

/// A place of which almost all is settled and not claimed: whoever has a bid sealed for it and not opened (its seller, an operator) takes half a
/// per cent of what waits, and nothing of what is settled. Of one that is settled whole there is nothing to bid for.
#[test]
fn a_seal_puts_no_settled_money_at_stake() {
    in_each(&[State::Par], 610, |stage, _| {
        let [holder, other, _] = stage.three();
        let queue = stage.queue;
        stage.settle();
        let (whole, place) = (stage.request(other, wad(1_000)), stage.request(holder, wad(100_000)));
        // All but 100 of the place; a price just above one would fill a share less.
        make_money_short(stage, 100_900);
        stage.settle();
        assert_eq!(stage.pending(whole, other), U256::ZERO);
        let there = stage.town.read(queue, &Queue::positionCall { position: place });
        assert!(!there.pending.is_zero() && there.pending < wad(500), "{} wait", there.pending);
        seal(stage, holder, place, TICK);
        let bond = there.pending.div_ceil(n(200));
        assert_eq!(stage.town.read(queue, &Queue::bidOfCall { position: place }).bond, bond);
        let commitment = B256::repeat_byte(1);
        let nothing = Queue::commitBid_0Call {
            position: whole,
            commitment,
        };
        stage.town.refuses_as(other, queue, &nothing, &refusals::ZeroAmount {});
        stage.end_epoch();
        let lapsed = stage.town.read(queue, &Queue::bidOfCall { position: place });
        assert_eq!((lapsed.commitment, lapsed.bond), (B256::ZERO, U256::ZERO), "the bid is no more");
        let by = stage.town.stranger.address();
        let seen = |stage: &mut Stage| {
            let seen = stage.town.read(queue, &Queue::positionCall { position: place });
            (seen.pending, seen.claimableShares, seen.claimableAssets)
        };
        let expected = (there.pending - bond, there.claimableShares, there.claimableAssets);
        assert_eq!(seen(stage), expected);
        stage.town.does(by, queue, &Queue::forfeitBondsCall { positions: vec![place] });
        assert_eq!(seen(stage), expected);
        let claim = Queue::claimCall {
            position: place,
            receiver: holder,
        };
        assert_eq!(stage.town.does(holder, queue, &claim), there.claimableAssets);
    });
}

/// A settlement begun at one price and ended at another pays the last one: a mark between its steps counts.
#[test]
fn a_settlement_cannot_be_ended_at_a_stale_price() {
    in_each(&[State::Par], 605, |stage, _| {
        let [first, second, third] = stage.three();
        let (queue, by) = (stage.queue, stage.town.stranger.address());
        stage.settle();
        let bidders = [(first, 60), (second, 30), (third, 10)];
        let mut positions = Vec::new();
        for (who, tick) in bidders {
            let position = stage.request(who, wad(40_000));
            seal(stage, who, position, tick);
            positions.push(position);
        }
        make_money_short(stage, 50_000);
        to_reveals(stage);
        for ((who, tick), position) in bidders.into_iter().zip(&positions) {
            stage.town.does(who, queue, &opening(*position, tick));
        }
        stage.end_epoch();
        let before = stage.price();
        stage.town.does(by, queue, &Queue::settleCall { maxSteps: n(1) });
        assert_eq!(stage.max_redeem(first), U256::ZERO, "not ended yet");
        let principal = stage.town.read(stage.vault, &Vault::loanBookCall {}).principal;
        let zero = U256::ZERO;
        stage.mark(zero, (zero, zero), (zero, principal / n(2)));
        let price = stage.price();
        assert!(price < before);
        stage.settle_now();
        let (shares, assets) = (stage.max_redeem(first), stage.max_withdraw(first));
        assert_eq!(shares, wad(40_000));
        assert!(assets <= floor_div(shares, price, WAD), "{assets} at {price}");
    });
}

/// Only the holder opens a bid, with what he sealed: not another, not for another position, another epoch, or another chain.
#[test]
fn a_bid_is_opened_by_its_holder_as_it_was_sealed() {
    in_each(&[State::Par], 606, |stage, _| {
        let [bidder, thief, _] = stage.three();
        let queue = stage.queue;
        stage.settle();
        let (position, other) = (stage.request(bidder, wad(1_000)), stage.request(bidder, wad(1_000)));
        seal(stage, bidder, position, TICK);
        let commitment = stage.town.read(
            queue,
            &Queue::commitmentOfCall {
                position,
                tick: TICK,
                salt: salt(),
            },
        );
        // The same words for another position, and words of another chain.
        stage.town.does(
            bidder,
            queue,
            &Queue::commitBid_0Call {
                position: other,
                commitment,
            },
        );
        let epoch = stage.town.read(queue, &Queue::epochCall {});
        let chain = U256::from(stage.town.node.chain.chain_id());
        let elsewhere = (chain + U256::ONE, queue, epoch, other, U256::from(TICK), salt()).abi_encode();
        let elsewhere = alloy_primitives::keccak256(elsewhere);
        let third = stage.request(bidder, wad(1_000));
        stage.town.does(
            bidder,
            queue,
            &Queue::commitBid_0Call {
                position: third,
                commitment: elsewhere,
            },
        );
        to_reveals(stage);
        let stranger = refusals::NotController { position, caller: thief };
        stage.town.refuses_as(thief, queue, &opening(position, TICK), &stranger);
        for (replayed, sealed) in [(other, commitment), (third, elsewhere)] {
            let of = Queue::commitmentOfCall {
                position: replayed,
                tick: TICK,
                salt: salt(),
            };
            let wrong = refusals::WrongOpening {
                position: replayed,
                opened: stage.town.read(queue, &of),
                commitment: kept_of(sealed),
            };
            stage.town.refuses_as(bidder, queue, &opening(replayed, TICK), &wrong);
        }
        // In the next epoch the same opening opens nothing: the bid was for this one.
        stage.end_epoch();
        make_money_short(stage, 10);
        stage.settle_now();
        to_reveals(stage);
        let said = stage.town.refuses_somehow(
            bidder,
            queue,
            U256::ZERO,
            opening(position, TICK).abi_encode(),
            "a bid of another epoch",
        );
        assert!(said.len() >= 4);
    });
}

/// A holder that is a contract and takes no token: settlements, others' claims and what it is owed go on.
#[test]
fn a_refusing_receiver_blocks_nothing() {
    in_each(&[State::Par], 607, |stage, _| {
        let [giver, other, _] = stage.three();
        let (queue, usdai) = (stage.queue, stage.usdai);
        let contract = stage.town.solidity("Consumer", &[]);
        stage.settle();
        let (given, own) = (stage.request(giver, wad(1_000)), stage.request(other, wad(1_000)));
        let safely = Queue::safeTransferFrom_0Call {
            from: giver,
            to: contract,
            tokenId: given,
        };
        let refused = refusals::ERC721InvalidReceiver { receiver: contract };
        stage.town.refuses_as(giver, queue, &safely, &refused);
        let plainly = Queue::transferFromCall {
            from: giver,
            to: contract,
            tokenId: given,
        };
        stage.town.does(giver, queue, &plainly);
        stage.end_epoch();
        stage.settle_now();
        assert_eq!(stage.redeem(other, wad(1_000)), stage.max_withdraw(other) + wad(1_000));
        assert_eq!(stage.claimable(own, other), U256::ZERO);
        // The contract claims as anybody: USDai asks no receiver.
        let claim = Queue::claimCall {
            position: given,
            receiver: contract,
        };
        let run = Consumer::runCall {
            kind: 0,
            target: queue,
            data: claim.abi_encode().into(),
        };
        stage.town.does(giver, contract, &run);
        assert_eq!(stage.town.balance(usdai, contract), wad(1_000));
    });
}

//! What the queue costs on its WASM: a place, a bid, its opening, a claim, and a settlement whatever the number of those who wait. Each with
//! its program in the chain's cache and without.

use std::{collections::BTreeMap, time::Instant};

use alloy_primitives::{keccak256, Address, B256, U256};
use alloy_sol_types::SolValue;
use qev_book::{
    book::{self, Front, Lane, Line, Lot},
    units::{Rate, Shares},
    words::{Place, Words},
};
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

/// A life of a bid; what each step of it cost.
fn life_of_a_bid(stage: &mut Stage) -> [(&'static str, u64); 8] {
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
    // What is filled is read before a bid is sealed, and what of the position is filled is set aside.
    let behind = stage.request(who, wad(1_000));
    let commitment = B256::repeat_byte(8);
    let mut seal = |who, position| stage.scene(|stage| stage.gas(who, queue, &Queue::commitBid_0Call { position, commitment }));
    let committed_behind = seal(who, behind);
    let committed_in_part = seal(other, another);
    [
        ("requestRedeem", asked),
        ("commitBid", committed),
        ("revealBid", revealed),
        ("settle", settled),
        ("redeem, through the vault", redeemed),
        ("claim", claimed),
        ("commitBid, behind a fill", committed_behind),
        ("commitBid, filled in part", committed_in_part),
    ]
}

/// The most that who waits and bids may pay, with the programs in the chain's cache. Claims: what one costs in production.
const MOST: [(&str, u64); 7] = [
    ("requestRedeem", 120_000),
    ("commitBid", 60_000),
    ("revealBid", 130_000),
    ("redeem, through the vault", 79_671),
    ("claim", 79_671),
    ("commitBid, behind a fill", 60_000),
    ("commitBid, filled in part", 90_000),
];

#[test]
fn a_bids_life_has_a_price() {
    in_each(&[State::Par], 501, |stage, _| {
        for cached in [false, true] {
            stage.scene(|stage| {
                if cached {
                    stage.town.cache_programs();
                }
                let life = life_of_a_bid(stage);
                println!("cached {cached}: {life:?}");
                for (step, most) in MOST.into_iter().filter(|_| cached) {
                    let (_, cost) = life.into_iter().find(|(name, _)| *name == step).expect("a step of a life");
                    assert!(cost <= most, "{step}: {cost}");
                }
            });
        }
    });
}

/// The par lane's words, kept natively by the book's own code.
#[derive(Clone, Default)]
struct Native(BTreeMap<Place, U256>);

impl Words for Native {
    fn get(&self, place: Place) -> U256 {
        self.0.get(&place).copied().unwrap_or_default()
    }

    fn set(&mut self, place: Place, word: U256) {
        self.0.insert(place, word);
    }
}

impl Native {
    /// The lane as the queue's constructor leaves it.
    fn new() -> Self {
        let mut lane = Self::default();
        lane.set_line(Line {
            entries: 1,
            ..Line::default()
        });
        lane.set_front(Front {
            height: 1,
            ..Front::default()
        });
        lane
    }

    /// `count` requests, of `shares` and a bit more each; if `some_leave`, every third of them does, when two have come behind.
    fn enter_all(&mut self, count: u64, shares: u128, some_leave: bool) {
        let mut last: [Option<Lot>; 3] = [None; 3];
        for number in 0..count {
            let lot = book::append(self, Shares(shares + u128::from(number)));
            let lot = lot.expect("a lane in order").expect("a lane with room");
            last.rotate_left(1);
            last[2] = Some(lot);
            if let (Some(mut lot), 2, true) = (last[0], number % 3, some_leave) {
                let length = lot.length;
                book::leave(self, &mut lot, length).expect("a lane in order");
            }
        }
    }

    fn live(&self) -> U256 {
        n(self.line().live.0)
    }

    /// Where the chain has a word of the lane whose first is at `base`.
    fn slot(base: U256, place: Place) -> U256 {
        match place.key() {
            None => base + U256::from(u8::from(place == Place::Front)),
            Some(key) => keccak256((key, base + U256::from(2)).abi_encode()).into(),
        }
    }

    /// What of this the chain has otherwise.
    fn differences(&self, stage: &mut Stage, base: U256) -> Vec<Place> {
        let (chain, queue) = (&mut stage.town.node.chain, stage.queue);
        let differs = |(place, word): (&Place, &U256)| (chain.storage(queue, Self::slot(base, *place)) != *word).then_some(*place);
        self.0.iter().filter_map(differs).collect()
    }

    fn put(&self, stage: &mut Stage, base: U256) {
        for (place, word) in &self.0 {
            stage.town.node.chain.set_storage(stage.queue, Self::slot(base, *place), *word);
        }
    }
}

/// Where the par lane begins: the slot of the lanes' mapping, found by the word that the lane has.
fn par_lane(stage: &mut Stage, line: U256) -> U256 {
    let (chain, queue) = (&mut stage.town.node.chain, stage.queue);
    let base = |slot: u64| keccak256((U256::ZERO, U256::from(slot)).abi_encode()).into();
    let found = (0..32).map(base).find(|base| chain.storage(queue, *base) == line);
    found.expect("the queue keeps lanes")
}

/// 10, 1,000, 100,000 and 1,000,000 requests wait at par: to settle them costs the same to within a per cent. Where a third have left it costs
/// paths of the tree of voids, of which each level has 128 sums at most.
///
/// Their book is written by the book's own code, natively; that the WASM writes the same words is seen first, with ten real requests. Then
/// somebody asks to leave with as many shares as all of them together, that one's lane is replaced by theirs, and the WASM settles it: to the
/// words that the native book settles to.
#[test]
fn a_settlement_costs_the_same_with_a_million_waiting() {
    in_each(&[State::Par], 505, |stage, _| {
        let ([who, ..], vault, queue, by) = (stage.three(), stage.vault, stage.queue, stage.town.stranger.address());
        let mut ten = Native::new();
        ten.enter_all(10, wad(1).to(), true);
        let base = stage.scene(|stage| {
            let mut ids = Vec::new();
            for number in 0..10_u64 {
                ids.push(stage.town.does(who, vault, &request(who, wad(1) + n(number.into()))));
                if number % 3 == 2 {
                    let position = ids[ids.len() - 3];
                    let cancel = Queue::cancelCall {
                        position,
                        shares: U256::MAX,
                        receiver: who,
                    };
                    stage.town.does(who, queue, &cancel);
                }
            }
            let base = par_lane(stage, ten.get(Place::Line));
            assert_eq!(ten.differences(stage, base), []);
            base
        });
        let mut cost_of = |waiting: u64, some_leave| {
            let mut lane = Native::new();
            lane.enter_all(waiting, wad(60_000).to::<u128>() / u128::from(waiting), some_leave);
            stage.scene(|stage| {
                stage.town.does(who, vault, &request(who, lane.live()));
                lane.put(stage, base);
                let cash = stage.number(&Vault::lendableCall {});
                stage.lend(cash - wad(20_000), 0);
                stage.end_epoch();
                let cost = stage.gas(by, queue, &SETTLE);
                let filled = stage.town.read(queue, &Queue::laneCall { tick: 0 }).filled;
                assert!(filled > wad(10_000) && filled < lane.live(), "the front is in the middle: {filled}");
                // The same natively.
                let price = stage.town.node.chain.storage(queue, Native::slot(base, Place::Kept(1, 0))) >> 112;
                book::fill_part(&mut lane, Shares(filled.to()), Rate(price)).unwrap();
                assert_eq!(lane.differences(stage, base), []);
                cost
            })
        };
        let begun = Instant::now();
        let costs = [10, 1_000, 100_000, 1_000_000].map(|waiting| [false, true].map(|some_leave| cost_of(waiting, some_leave)));
        println!(
            "10, 1,000, 100,000, 1,000,000 waiting, nobody or a third having left: {costs:?} ({:.1?})",
            begun.elapsed()
        );
        let [[first, _], ..] = costs;
        assert!(costs.iter().all(|[cost, _]| cost.abs_diff(first) * 100 <= first), "{costs:?}");
        assert!(costs.iter().all(|[_, cost]| *cost < 1_000_000), "{costs:?}");
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
    // Who is paid has a dollar already, as after any claim. The first two places are filled by some four hundred settlements and by a hundred
    // and forty after them, the third in part by all that follow.
    town.give_usdai(who, 1);
    let positions = [3_000, 1_000, 96_000].map(|whole| town.does(who, vault, &request(who, wad(whole))));
    let [first, _, last] = positions;
    town.cache_programs();
    let claim = |position| Queue::claimCall { position, receiver: who };
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
        if let Some(position) = [(10, first), (100, first), (1_000, last)]
            .into_iter()
            .find_map(|(at, position)| (at == settlement).then_some(position))
        {
            costs.push(town.scene(|town| town.attempt(who, queue, &claim(position)).expect("a claim").gas_used));
        }
    }
    let progress = town.read(queue, &Queue::progressCall {});
    assert_eq!(progress.settlements, n(1_000));
    println!("a claim after 10, 100 and 1,000 settlements: {costs:?}");
    // Who was filled from here to there within a thousand searches for both ends, or brings a hint.
    let before = town.balance(usdai, who);
    let hinted = positions.map(|position| {
        let hint = town.read(queue, &Queue::claimHintCall { position });
        let call = Queue::claimWithHintCall {
            position,
            receiver: who,
            hint,
        };
        let searched = town.scene(|town| town.attempt(who, queue, &claim(position)).expect("a claim").gas_used);
        let cost = town.attempt(who, queue, &call).expect("a claim").gas_used;
        println!("each of three, by a search and with a hint: {searched}, {cost}");
        cost
    });
    assert!(costs.iter().chain(&hinted).all(|cost| *cost < 100_000), "{costs:?}, {hinted:?}");
    let paid = town.balance(usdai, who) - before;
    assert!(paid > wad(6_999) && paid < wad(7_001), "{paid}");
}

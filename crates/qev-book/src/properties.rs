//! What a bidder can and cannot gain, by name.

use fixed_point::U256;
use proptest::prelude::*;

use crate::{
    book::{self, Hint, Lane},
    clearing::{Clearing, Progress, Terms, Walk},
    memory::MemoryBook,
    positions::Position,
    units::{Assets, Exact, Rate, Shares, Tick},
};

const WAD: u128 = 1_000_000_000_000_000_000;

/// A bid: lane and shares. Lane 0 is par.
type Bid = (u8, u128);

/// A settlement of `bids`, in the order of their arrival.
struct Outcome {
    clearing: Clearing,
    /// Shares filled and whole wei earned, bid for bid.
    results: Vec<(u128, u128)>,
}

fn settle(bids: &[Bid], price: u128, budget: u128, steps: u64) -> Outcome {
    let mut book = MemoryBook::default();
    let positions: Vec<_> = bids
        .iter()
        .map(|(tick, shares)| {
            let (lane, settled) = book.parts(Tick(*tick));
            let lot = book::enter(lane, settled, Shares(*shares)).unwrap().unwrap();
            Position {
                lane: Tick(*tick),
                lot,
                ..Position::default()
            }
        })
        .collect();
    let terms = Terms {
        price: U256::from(price),
        budget: Assets(budget),
        par: book::pending(book.lane(Tick::PAR)).unwrap(),
    };
    let clearing = book.settle(&terms, steps);
    let results = positions
        .iter()
        .map(|position| {
            let (lane, settled) = book.parts(position.lane);
            let (claim, _) = position.claimable(lane, settled, Hint::NONE).unwrap();
            (claim.shares.0, claim.assets.0)
        })
        .collect();
    Outcome { clearing, results }
}

fn bid() -> impl Strategy<Value = Bid> {
    let tick = prop_oneof![2 => Just(0_u8), 5 => 2..12_u8, 1 => 2..=255_u8];
    (tick, prop_oneof![1 => 1..100_u128, 6 => WAD..1_000_000 * WAD])
}

/// Bids, a price, and a budget that seldom covers everything.
fn markets() -> impl Strategy<Value = (Vec<Bid>, u128, u128)> {
    (prop::collection::vec(bid(), 1..25), WAD..2 * WAD, 0..1_100_u128).prop_map(|(bids, price, part)| {
        let shares: u128 = bids.iter().map(|(_, shares)| shares).sum();
        // 10^24 shares at 2 × 10^18 leave room.
        let value = shares / 1_000_000 * (price / 1_000_000) / 1_000_000;
        (bids, price, value / 1_000 * part + part)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, max_global_rejects: 1_000_000, ..ProptestConfig::default() })]

    #[test]
    fn nobody_pays_more_than_they_bid((bids, price, budget) in markets()) {
        let outcome = settle(&bids, price, budget, 255);
        for ((tick, _), (shares, assets)) in bids.iter().zip(&outcome.results) {
            if *shares != 0 {
                prop_assert!(*tick == 0 || outcome.clearing.premium.0 <= *tick);
                let least = Rate::at(U256::from(price), Tick(*tick)).times(Shares(*shares)).split().unwrap().0;
                prop_assert!(*assets >= least.0);
            }
        }
        prop_assert!(outcome.clearing.assets.0 <= budget);
    }

    #[test]
    fn a_losing_bid_changes_nobodys_result((bids, price, budget) in markets(), at in any::<prop::sample::Index>(), shares in 1..1_000_000 * WAD) {
        let before = settle(&bids, price, budget, 255);
        prop_assume!(before.clearing.premium.0 > 2);
        let tick = 2 + u8::try_from(at.index(usize::from(before.clearing.premium.0) - 2)).unwrap();
        let mut more = bids.clone();
        let place = at.index(bids.len() + 1);
        more.insert(place, (tick, shares));
        let mut after = settle(&more, price, budget, 255);
        prop_assert_eq!(after.results.remove(place), (0, 0));
        prop_assert_eq!(after.clearing, before.clearing);
        prop_assert_eq!(after.results, before.results);
    }

    #[test]
    fn bidding_more_never_fills_less((bids, price, budget) in markets(), who in any::<prop::sample::Index>(), by in 1..40_u8) {
        let who = who.index(bids.len());
        let before = settle(&bids, price, budget, 255);
        let mut higher = bids.clone();
        // The one who raises goes behind all who stand in the higher lane already.
        let (tick, shares) = higher.remove(who);
        prop_assume!(tick != 0);
        higher.push((tick.saturating_add(by), shares));
        let after = settle(&higher, price, budget, 255);
        prop_assert!(after.results[bids.len() - 1].0 >= before.results[who].0);
    }

    #[test]
    fn a_dust_bid_in_a_low_lane_never_lowers_the_premium((bids, price, budget) in markets(), tick in 2..=255_u8, dust in 1..1_000_u128) {
        let before = settle(&bids, price, budget, 255).clearing;
        prop_assume!(!before.whole.is_zero() && before.premium.0 != 0);
        let mut more = bids.clone();
        more.push((tick.min(before.premium.0.max(2)), dust));
        prop_assert!(settle(&more, price, budget, 255).clearing.premium >= before.premium);
    }

    #[test]
    fn splitting_a_position_never_improves_its_total((bids, price, budget) in markets(), who in any::<prop::sample::Index>(), pieces in 2..16_u128) {
        let who = who.index(bids.len());
        let before = settle(&bids, price, budget, 255).results[who];
        let (tick, shares) = bids[who];
        prop_assume!(shares >= pieces);
        let mut cut = bids.clone();
        cut.splice(who..=who, (0..pieces).map(|piece| (tick, shares / pieces + u128::from(piece < shares % pieces))));
        let pieces = usize::try_from(pieces).unwrap();
        let after = &settle(&cut, price, budget, 255).results[who..who + pieces];
        prop_assert_eq!(after.iter().map(|(shares, _)| shares).sum::<u128>(), before.0);
        prop_assert!(after.iter().map(|(_, assets)| assets).sum::<u128>() <= before.1);
    }

    #[test]
    fn settling_in_steps_is_settling_at_once((bids, price, budget) in markets(), steps in 1..5_u64) {
        let (at_once, in_steps) = (settle(&bids, price, budget, 255), settle(&bids, price, budget, steps));
        prop_assert_eq!(at_once.clearing, in_steps.clearing);
        prop_assert_eq!(at_once.results, in_steps.results);
    }

    #[test]
    fn a_walk_begun_at_another_price_ends_where_a_new_one_does((bids, price, budget) in markets(), other in WAD..2 * WAD, steps in 1..5_u64) {
        let mut book = MemoryBook::default();
        for (tick, shares) in &bids {
            let (lane, settled) = book.parts(Tick(*tick));
            book::enter(lane, settled, Shares(*shares)).unwrap().unwrap();
        }
        let par = book::pending(book.lane(Tick::PAR)).unwrap();
        let terms = |price, budget| Terms { price: U256::from(price), budget: Assets(budget), par };
        let stale = match terms(other, budget / 2 + budget).clear(&book, Walk::START, steps).unwrap() {
            Progress::Unfinished(walk) => walk,
            Progress::Cleared(_) => Walk::START,
        };
        let fresh = terms(price, budget);
        prop_assert_eq!(fresh.clear(&book, stale, 255).unwrap(), fresh.clear(&book, Walk::START, 255).unwrap());
    }

    /// Q6, and its other half: who is patient is not starved, and who bids is not starved by par.
    #[test]
    fn the_par_lane_moves_by_its_floor((bids, price, budget) in markets()) {
        let clearing = settle(&bids, price, budget, 255).clearing;
        let par: u128 = bids.iter().filter(|(tick, _)| *tick == 0).map(|(_, shares)| shares).sum();
        let floor = Exact::of(Assets(budget / 5)).shares_at(Rate::at(U256::from(price), Tick::PAR)).unwrap();
        prop_assume!(!clearing.assets.is_zero());
        prop_assert!(U256::from(clearing.par.0) >= floor.min(U256::from(par)));
    }

    /// Q3 in one lane, and price before time over all.
    #[test]
    fn nobody_is_filled_before_somebody_ahead((bids, price, budget) in markets()) {
        let outcome = settle(&bids, price, budget, 255);
        for (first, (one, shares)) in bids.iter().enumerate() {
            for (second, (other, _)) in bids.iter().enumerate() {
                let ahead = one == other && first < second || *other != 0 && one > other;
                if ahead && outcome.results[first].0 < *shares {
                    prop_assert_eq!(outcome.results[second].0, 0);
                }
            }
        }
    }

    /// In whatever order claims are made, and whoever harvests before whom, each gets the same, and never more than was set aside.
    #[test]
    fn claims_in_any_order_give_the_same_sums((bids, price, budget) in markets(), order in prop::collection::vec(any::<prop::sample::Index>(), 25)) {
        let outcome = settle(&bids, price, budget, 255);
        let mut left: Vec<_> = outcome.results.clone();
        let mut held = outcome.clearing.assets.0;
        for index in order {
            if !left.is_empty() {
                let (_, assets) = left.remove(index.index(left.len()));
                held = held.checked_sub(assets).expect("what was set aside covers everybody");
            }
        }
        let rest: u128 = left.iter().map(|(_, assets)| assets).sum();
        prop_assert!(held >= rest && held - rest < 26, "less than a wei for each");
    }
}

#[test]
fn everybody_is_paid_at_par_when_the_cash_covers_all() {
    let bids = [(0, 100 * WAD), (40, 50 * WAD), (3, WAD)];
    let outcome = settle(&bids, WAD, 151 * WAD, 255);
    assert_eq!(outcome.clearing.premium, Tick::PAR);
    assert!(bids
        .iter()
        .zip(&outcome.results)
        .all(|((_, shares), result)| *result == (*shares, *shares)));
    // A wei less, and the lowest bid that can be pays the reserve.
    assert_eq!(settle(&bids, WAD, 151 * WAD - 1, 255).clearing.premium, Tick::RESERVE);
}

/// What is left for the bids is just what the winners cost at the loser's tick: 9,950.
#[test]
fn a_losing_bid_whose_tick_just_fits_changes_nothing() {
    let bids = [(0, 20_000 * WAD), (40, 10_000 * WAD)];
    let budget = 9_950 * WAD / 4 * 5;
    let alone = settle(&bids, WAD, budget, 255);
    let besides = settle(&[bids[0], bids[1], (10, 10_000 * WAD)], WAD, budget, 255);
    assert_eq!(besides.results, [alone.results[0], (10_000 * WAD, 9_950 * WAD), (0, 0)]);
    assert_eq!(besides.clearing, alone.clearing);
    assert_eq!((alone.clearing.premium, alone.clearing.whole_from), (Tick(10), 40));
}

#[test]
fn a_price_of_nothing_fills_nobody() {
    for (price, budget) in [(0, WAD), (1, 1), (WAD, 0)] {
        assert_eq!(settle(&[(0, 10), (5, 10)], price, budget, 255).clearing, Clearing::NOBODY);
    }
}

/// The example of docs/QEV.md.
#[test]
fn the_example_of_the_documentation_holds() {
    let bids = [(0, 600 * WAD), (40, 100 * WAD), (20, 300 * WAD), (20, 200 * WAD), (4, 400 * WAD)];
    let outcome = settle(&bids, WAD, 600 * WAD, 255);
    let clearing = outcome.clearing;
    assert_eq!((clearing.premium.bps(), clearing.whole_from), (100, 40));
    assert_eq!(outcome.results[1], (100 * WAD, 99 * WAD));
    assert_eq!(outcome.results[2], (300 * WAD, 297 * WAD));
    assert_eq!(outcome.results[0].0 / WAD, 120);
    assert_eq!(outcome.results[4], (0, 0));
    assert_eq!(outcome.results[3].0 / (WAD / 1_000), 84_848);
}

/// A void flood: leaving costs those who leave, and nobody else; a settlement reads one path of the tree.
#[test]
fn a_void_flood_costs_a_settlement_nothing() {
    let reads = |leavers: u32| {
        let mut book = MemoryBook::default();
        let mut lots = Vec::new();
        for _ in 0..leavers {
            let (lane, settled) = book.parts(Tick::PAR);
            lots.push(book::enter(lane, settled, Shares(2)).unwrap().unwrap());
        }
        let lane = book.lane(Tick::PAR);
        for lot in lots.iter_mut().step_by(2) {
            book::leave(lane, lot, Shares(2)).unwrap();
        }
        lane.reads.set(0);
        let waiting = book::pending(lane).unwrap();
        book::fill_part(lane, Shares(waiting.0 / 2), Rate::default()).unwrap();
        // Every other lot of two left: the place behind n shares has n void ones before it, but for those right behind.
        let end = lane.fill(0).end;
        assert!(end.0 == waiting.0 || end.0 == waiting.0 + 2, "{end:?} for {waiting:?}");
        lane.reads.get()
    };
    let (few, many) = (reads(2_000), reads(200_000));
    assert!(many < 2_000, "{few} reads in a lane of 2,000, {many} in one of 200,000");
}

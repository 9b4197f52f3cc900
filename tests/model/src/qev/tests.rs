//! Examples worked out by hand, and what must be true of every settlement.

use proptest::{collection::vec, prelude::*};

use super::{clear, Clearing, Measure, Queue, Refusal, Rules, Settlement, Tick, Wei, TOP};

const TOKEN: u64 = 1_000_000_000_000_000_000;
const DAY: u64 = 86_400;
/// When epoch 0 has ended.
const END: u64 = 30 * DAY;

fn wei(amount: u64) -> Wei {
    Wei::from(amount)
}

fn book(lanes: &[(Tick, u64)]) -> Vec<Wei> {
    let mut demand = vec![Wei::default(); usize::from(TOP) + 1];
    for (tick, shares) in lanes {
        demand[usize::from(*tick)] += *shares;
    }
    demand
}

/// At a price of one.
fn cleared(lanes: &[(Tick, u64)], budget: u64) -> Clearing {
    clear(&Rules::default(), &book(lanes), &wei(TOKEN), &wei(budget))
}

/// Shares of a lane, and what they are paid, rounded down, at a price of one.
fn paid(clearing: &Clearing, tick: Tick) -> (u64, u64) {
    let shares: u64 = (&clearing.lanes[usize::from(tick)]).try_into().unwrap();
    let premium = if tick == 0 { 0 } else { clearing.premium };
    (shares, shares * (10_000 - 5 * u64::from(premium)) / 10_000)
}

#[test]
fn a_budget_for_everybody_pays_everybody_at_par() {
    let clearing = cleared(&[(0, 50), (20, 50)], 100);
    assert_eq!((clearing.premium, paid(&clearing, 0), paid(&clearing, 20)), (0, (50, 50), (50, 50)));
}

/// 20,000 to share: 4,000 for the par lane, 16,000 for bids. At 1 % the higher lane costs 9,900; 6,100 are left for the lower, 6,161 shares.
#[test]
fn the_lowest_lane_that_wins_is_filled_in_part_and_sets_the_premium() {
    let clearing = cleared(&[(0, 10_000), (20, 10_000), (40, 10_000)], 20_000);
    assert_eq!(clearing.premium, 20);
    assert_eq!(paid(&clearing, 40), (10_000, 9_900));
    assert_eq!(paid(&clearing, 20), (6_161, 6_099));
    assert_eq!(paid(&clearing, 0), (4_000, 4_000));
}

/// 10,000 for bids, which cost 9,990 at 10 basis points: what they bid more, they keep.
#[test]
fn bids_that_all_fit_pay_the_reserve() {
    let clearing = cleared(&[(0, 20_000), (40, 10_000)], 12_500);
    assert_eq!(
        (clearing.premium, paid(&clearing, 40), paid(&clearing, 0)),
        (2, (10_000, 9_990), (2_510, 2_510))
    );
}

/// 9,900 for bids: at tick 19 the higher lane costs 9,905, at tick 20 it fits.
#[test]
fn between_two_lanes_the_premium_is_the_lowest_at_which_those_above_fit() {
    let clearing = cleared(&[(0, 20_000), (10, 10_000), (40, 10_000)], 12_375);
    assert_eq!(
        (clearing.premium, paid(&clearing, 40), paid(&clearing, 10)),
        (20, (10_000, 9_900), (0, 0))
    );
}

/// 9,950 for bids, exactly what the higher lane costs at the lower lane's tick. Filled "if it costs less", as the specification has said, the
/// premium would be 11 with the losing bid and 10 without it.
#[test]
fn a_losing_bid_whose_tick_just_fits_changes_nothing() {
    let (with, without) = (
        cleared(&[(0, 20_000), (10, 10_000), (40, 10_000)], 12_438),
        cleared(&[(0, 20_000), (40, 10_000)], 12_438),
    );
    assert_eq!((with.premium, paid(&with, 40), paid(&with, 10)), (10, (10_000, 9_950), (0, 0)));
    assert_eq!(with, without);
}

/// 800 for bids, and at the highest tick a share costs 0.8725: 916 of them.
#[test]
fn the_highest_lane_can_be_filled_in_part() {
    let clearing = cleared(&[(0, 1_000), (TOP, 1_000)], 1_000);
    assert_eq!(
        (clearing.premium, paid(&clearing, TOP), paid(&clearing, 0)),
        (TOP, (916, 799), (200, 200))
    );
}

#[test]
fn without_a_price_or_a_budget_nobody_is_filled() {
    let demand = book(&[(0, 10), (9, 10)]);
    for (price, budget) in [(0, 1_000), (TOKEN, 0), (1, 5)] {
        let clearing = clear(&Rules::default(), &demand, &wei(price), &wei(budget));
        assert!(clearing.lanes.iter().all(|shares| *shares == wei(0)));
    }
}

/// Opens, seals and reveals every bid of `bids` in epoch 0, in this order, and settles.
fn auction(bids: &[(Tick, u64)], price: u64, budget: u64) -> (Queue, Settlement) {
    let mut queue = Queue::new(Rules::default());
    let ids: Vec<_> = bids.iter().map(|(_, shares)| queue.request(0, wei(*shares)).unwrap()).collect();
    for (id, (tick, _)) in ids.iter().zip(bids).filter(|(_, (tick, _))| *tick > 0) {
        queue.commit(DAY, *id).unwrap();
        queue.reveal(28 * DAY, *id, *tick).unwrap();
    }
    let settlement = queue.settle(30 * DAY, &wei(price), &wei(budget)).unwrap();
    (queue, settlement)
}

#[test]
fn a_lane_is_filled_first_come_first_served() {
    let (queue, _) = auction(&[(0, 300), (0, 300), (0, 300)], TOKEN, 450);
    let shares = [1, 2, 3].map(|id| queue.claimable(END, id).unwrap().0);
    assert_eq!(shares, [wei(300), wei(150), wei(0)]);
}

/// 6 shares at 0.75 are 4.5, for which the vault pays 4: 2.25, 1.5 and 0.75 are 2, 1 and nothing, and one is left over.
#[test]
fn claims_are_rounded_down_once_and_the_rest_is_dust() {
    let (mut queue, settlement) = auction(&[(0, 3), (0, 2), (0, 2)], 750_000_000_000_000_000, 5);
    assert_eq!(settlement.totals(), (wei(6), wei(4)));
    let assets = [1, 2, 3].map(|id| queue.claimable(END, id).unwrap().1);
    assert_eq!(assets, [wei(2), wei(1), wei(0)]);
    assert_eq!(queue.claim_part(END, 1, Measure::Shares, &wei(2)), Ok((wei(2), wei(1))));
    assert_eq!(queue.claim(END, 1), Ok((wei(1), wei(1))));
    assert_eq!(queue.claim(END, 1), Err(Refusal::Unknown));
    assert_eq!(queue.claim_part(END, 2, Measure::Assets, &wei(1)), Ok((wei(2), wei(1))));
    assert_eq!(queue.claim(END, 3), Ok((wei(1), wei(0))));
    assert_eq!(queue.held(), (wei(1), wei(1)));
    // The wei stays in the vault.
    let next = queue.settle(60 * DAY, &wei(TOKEN), &wei(5)).unwrap();
    assert_eq!((next.assets, next.swept, next.kept), (wei(1), wei(1), wei(1)));
    assert_eq!(queue.held(), (wei(0), wei(1)));
}

#[test]
fn who_opens_in_the_window_waits_for_the_next_settlement() {
    let mut queue = Queue::new(Rules::default());
    let early = queue.request(28 * DAY - 1, wei(10)).unwrap();
    let late = queue.request(28 * DAY, wei(10)).unwrap();
    queue.settle(31 * DAY, &wei(TOKEN), &wei(100)).unwrap();
    assert_eq!((queue.pending(END, early), queue.pending(END, late)), (Ok(wei(0)), Ok(wei(10))));
    assert_eq!(queue.settle(31 * DAY, &wei(TOKEN), &wei(100)), Err(Refusal::NotDue));
    queue.settle(60 * DAY, &wei(TOKEN), &wei(100)).unwrap();
    assert_eq!(queue.pending(END, late), Ok(wei(0)));
}

#[test]
fn a_bid_is_sealed_before_the_window_and_revealed_in_it() {
    let mut queue = Queue::new(Rules::default());
    let id = queue.request(0, wei(10_000)).unwrap();
    assert_eq!(queue.reveal(28 * DAY, id, 9), Err(Refusal::NoBid));
    assert_eq!(queue.commit(28 * DAY, id), Err(Refusal::NotNow));
    assert_eq!(queue.commit(27 * DAY, id), Ok(wei(50)));
    assert_eq!(queue.pending(27 * DAY, id), Ok(wei(10_000)));
    assert_eq!(queue.commit(27 * DAY, id), Ok(wei(50)));
    assert_eq!(queue.cancel(27 * DAY, id, None), Err(Refusal::Sealed));
    assert_eq!(queue.reveal(27 * DAY, id, 9), Err(Refusal::NotNow));
    assert_eq!(queue.reveal(28 * DAY, id, 1), Err(Refusal::BelowReserve));
    assert_eq!(queue.reveal(28 * DAY, id, 9), Ok(()));
    assert_eq!(queue.pending(28 * DAY, id), Ok(wei(10_000)));
    assert_eq!(queue.reveal(28 * DAY, id, 10), Err(Refusal::NoBid));
    assert_eq!(queue.cancel(28 * DAY, id, None), Err(Refusal::NotNow));
    assert_eq!(queue.commit(31 * DAY, id), Err(Refusal::Unsettled));
}

/// Nobody has taken the bond when the settlement comes: what its last shares are paid is dust.
#[test]
fn a_bid_that_is_not_revealed_loses_its_bond_and_keeps_its_place() {
    let mut queue = Queue::new(Rules::default());
    let (silent, next) = (queue.request(0, wei(10_000)).unwrap(), queue.request(0, wei(10_000)).unwrap());
    queue.commit(DAY, silent).unwrap();
    let mut in_time = queue.clone();
    in_time.take_bonds(END, &[silent]);
    let settlement = in_time.settle(END, &wei(TOKEN), &wei(9_960)).unwrap();
    assert_eq!(settlement.forfeited, wei(50));
    let claimable = |queue: &Queue| [silent, next].map(|id| queue.claimable(END, id).unwrap().0);
    assert_eq!(claimable(&in_time), [wei(9_950), wei(10)]);
    let settlement = queue.settle(END, &wei(TOKEN), &wei(9_960)).unwrap();
    assert_eq!(settlement.forfeited, wei(0));
    assert_eq!(claimable(&queue), [wei(9_950), wei(0)]);
    queue.take_bonds(END, &[silent]);
    assert_eq!(queue.pending(END, silent), Ok(wei(0)), "40 waited, and 50 are lost");
    assert_eq!(queue.held(), (wei(10_040), wei(9_960)));
}

/// 999 of a position's 1,000 are filled and nobody has claimed them: a bid is for the one that waits.
#[test]
fn a_bond_is_of_what_waits_when_a_bid_is_sealed() {
    let mut queue = Queue::new(Rules::default());
    let id = queue.request(0, wei(1_000_000)).unwrap();
    queue.settle(END, &wei(TOKEN), &wei(999_000)).unwrap();
    assert_eq!(queue.claimable(END, id), Ok((wei(999_000), wei(999_000))));
    assert_eq!(queue.commit(END, id), Ok(wei(5)));
    assert_eq!(queue.bid(END, id), Ok(Some((1, wei(5)))));
    let lost = 2 * END;
    assert_eq!((queue.bid(lost, id), queue.pending(lost, id)), (Ok(None), Ok(wei(995))));
    assert_eq!(queue.claim(lost, id), Ok((wei(999_000), wei(999_000))));
    queue.settle(lost, &wei(TOKEN), &wei(1_000)).unwrap();
    assert_eq!(queue.commit(lost, id), Err(Refusal::Zero), "nothing waits");
}

#[test]
fn parts_keep_their_place_and_can_be_put_together_again() {
    let mut queue = Queue::new(Rules::default());
    let (first, other) = (queue.request(0, wei(100)).unwrap(), queue.request(0, wei(100)).unwrap());
    let part = queue.split(0, first, &wei(40)).unwrap();
    let ahead = |queue: &Queue, id| queue.ahead(id).unwrap().0;
    assert_eq!((ahead(&queue, part), ahead(&queue, other)), (wei(60), wei(100)));
    assert_eq!(queue.merge(0, first, other), Err(Refusal::NotAdjacent));
    assert_eq!(queue.split(0, first, &wei(60)), Err(Refusal::TooMuch));
    queue.merge(0, first, part).unwrap();
    assert_eq!(
        (queue.pending(0, first), queue.pending(0, part)),
        (Ok(wei(100)), Err(Refusal::Unknown))
    );
    assert_eq!(queue.cancel(0, first, Some(&wei(30))), Ok(wei(30)));
    assert_eq!(queue.merge(0, first, other), Err(Refusal::NotAdjacent), "a gap");
    assert_eq!(queue.cancel(0, first, None), Ok(wei(70)));
    assert_eq!(ahead(&queue, other), wei(0));
}

const TICKS: [Tick; 8] = [0, 2, 3, 4, 20, 21, 40, TOP];

/// Bids of whole tokens, at a price near one.
fn bids() -> impl Strategy<Value = Vec<(Tick, u64)>> {
    vec(
        (
            prop::sample::select(TICKS.to_vec()),
            (1..16_u64).prop_map(|tokens| tokens * 1_000_000),
        ),
        1..9,
    )
}

/// A budget: anything, or what the lanes from one tick upwards cost at it, to the wei.
fn budgets() -> impl Strategy<Value = (u64, Option<Tick>)> {
    (0..150_u64, prop::option::of(2..60_u8))
}

fn budget(bids: &[(Tick, u64)], (millions, exact): (u64, Option<Tick>)) -> u64 {
    match exact {
        None => millions * 1_000_000,
        Some(tick) => {
            let above: u64 = bids.iter().filter(|(bid, _)| *bid > tick).map(|(_, shares)| shares).sum();
            above * (10_000 - 5 * u64::from(tick)) / 10_000 * 5 / 4
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn nobody_pays_more_than_bid(bids in bids(), money in budgets()) {
        let clearing = cleared(&bids, budget(&bids, money));
        for tick in 1..=TOP {
            prop_assert!(paid(&clearing, tick).0 == 0 || clearing.premium <= tick);
        }
    }

    #[test]
    fn a_losing_bid_changes_nobodys_result(bids in bids(), money in budgets()) {
        let budget = budget(&bids, money);
        let clearing = cleared(&bids, budget);
        for lost in (0..bids.len()).filter(|lost| bids[*lost].0 > 0 && paid(&clearing, bids[*lost].0).0 == 0) {
            let mut fewer = bids.clone();
            fewer.remove(lost);
            prop_assert_eq!(&cleared(&fewer, budget), &clearing);
        }
    }

    #[test]
    fn a_bid_in_a_low_lane_never_lowers_the_premium(bids in bids(), money in budgets(), tick in 2..=TOP, shares in 1..40_000_000_u64) {
        let budget = budget(&bids, money);
        let mut more = bids.clone();
        more.push((tick, shares));
        prop_assert!(cleared(&more, budget).premium >= cleared(&bids, budget).premium);
    }

    #[test]
    fn the_par_lane_gets_its_floor(bids in bids(), money in budgets()) {
        let budget = budget(&bids, money);
        let (shares, assets) = paid(&cleared(&bids, budget), 0);
        let demand: u64 = bids.iter().filter(|(tick, _)| *tick == 0).map(|(_, shares)| shares).sum();
        prop_assert!(shares >= demand.min(budget / 5) && assets == shares);
    }

    #[test]
    fn no_more_is_paid_than_there_is(bids in bids(), money in budgets()) {
        let budget = budget(&bids, money);
        let clearing = cleared(&bids, budget);
        let total: u64 = (0..=TOP).map(|tick| paid(&clearing, tick).1).sum();
        prop_assert!(total <= budget);
    }

    #[test]
    fn bidding_more_never_fills_less(bids in bids(), money in budgets(), who in any::<prop::sample::Index>(), raise in 1..40_u8) {
        let (who, budget) = (who.index(bids.len()), budget(&bids, money));
        prop_assume!(bids[who].0 > 0);
        let mut raised = bids.clone();
        raised[who].0 = raised[who].0.saturating_add(raise);
        let filled = |bids: &[(Tick, u64)]| auction(bids, TOKEN, budget).0.claimable(END, who as u64 + 1).unwrap().0;
        prop_assert!(filled(&raised) >= filled(&bids));
    }

    #[test]
    fn splitting_never_gains(bids in bids(), money in budgets(), who in any::<prop::sample::Index>(), part in 1..1_000_000_u64, price in 1..2 * TOKEN) {
        let (who, budget) = (who.index(bids.len()), budget(&bids, money));
        let (whole, _) = auction(&bids, price, budget);
        let mut parts = bids.clone();
        parts[who].1 -= part;
        parts.insert(who + 1, (bids[who].0, part));
        let (split, _) = auction(&parts, price, budget);
        let (id, one) = (who as u64 + 1, whole.claimable(END, who as u64 + 1).unwrap());
        let two = (split.claimable(END, id).unwrap(), split.claimable(END, id + 1).unwrap());
        prop_assert_eq!(two.0.0 + two.1.0, one.0);
        prop_assert!(two.0.1 + two.1.1 <= one.1);
    }

    #[test]
    fn claims_in_any_order_give_the_same_sums(bids in bids(), money in budgets(), price in 1..2 * TOKEN, order in vec(any::<prop::sample::Index>(), 20)) {
        let (mut queue, settlement) = auction(&bids, price, budget(&bids, money));
        let due: Vec<_> = queue.ids().map(|id| queue.claimable(END, id).unwrap()).collect();
        let mut paid = wei(0);
        for who in order {
            let who = who.index(bids.len());
            if let Ok(claimed) = queue.claim(END, who as u64 + 1) {
                prop_assert_eq!(&claimed, &due[who]);
                paid += claimed.1;
            }
        }
        let left: Wei = queue.ids().map(|id| queue.claimable(END, id).unwrap().1).sum();
        prop_assert!(paid + left <= settlement.totals().1);
        let waiting: Wei = bids.iter().map(|(_, shares)| wei(*shares)).sum();
        prop_assert_eq!(queue.held().0 + settlement.totals().0, waiting);
    }
}

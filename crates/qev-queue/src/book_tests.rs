//! The book by itself, and the whole par lane (book, cut, settlement) against a reference that fills request by request.

use fixed_point::{ArithmeticError, U256, WAD};
use proptest::prelude::*;

use super::*;
use crate::{
    clearing::fill_par,
    epochs::{Cut, Schedule},
    units::EpochId,
};

impl Checkpoints for Vec<Checkpoint> {
    fn count(&self) -> usize {
        self.len()
    }

    fn at(&self, index: usize) -> Checkpoint {
        self[index]
    }
}

fn checkpoints(pairs: &[(u128, u128)]) -> Vec<Checkpoint> {
    pairs
        .iter()
        .map(|(head, assets)| Checkpoint {
            head: Shares(*head),
            cumulative_assets: Assets(*assets),
        })
        .collect()
}

fn claim(shares: u128, assets: u128) -> Claim {
    Claim {
        shares: Shares(shares),
        assets: Assets(assets),
    }
}

#[test]
fn f_goes_through_its_checkpoints_and_is_linear_between_them() {
    let line = checkpoints(&[(10, 20), (13, 21), (100, 21)]);
    let at = |x| assets_before(&line, Shares(x)).unwrap().0;
    assert_eq!([at(0), at(1), at(5), at(10)], [0, 2, 10, 20]);
    assert_eq!([at(11), at(12), at(13)], [20, 20, 21]);
    assert_eq!([at(50), at(100)], [21, 21]);
    assert_eq!(assets_before(&line, Shares(101)), Err(ArithmeticError::Overflow));
    assert_eq!(assets_before(&Vec::new(), Shares(1)), Err(ArithmeticError::Overflow));
    assert_eq!(assets_before(&Vec::new(), Shares(0)), Ok(Assets::ZERO));
}

#[test]
fn f_of_maximal_values_does_not_overflow() {
    let line = checkpoints(&[(u128::MAX, u128::MAX)]);
    assert_eq!(assets_before(&line, Shares(u128::MAX - 1)), Ok(Assets(u128::MAX - 1)));
}

#[test]
fn a_lane_never_fills_more_than_waits() {
    let mut lane = Lane::default();
    assert_eq!(lane.enter(Shares(5)), Ok(Shares(0)));
    assert_eq!(lane.enter(Shares(7)), Ok(Shares(5)));
    let before = lane;
    assert_eq!(
        lane.fill(Checkpoint::default(), Shares(13), Assets(1)),
        Err(ArithmeticError::Overflow)
    );
    assert_eq!(lane, before);
    let checkpoint = lane.fill(Checkpoint::default(), Shares(12), Assets(3)).unwrap();
    assert_eq!((checkpoint.head, checkpoint.cumulative_assets), (Shares(12), Assets(3)));
    assert_eq!(lane.enter(Shares(u128::MAX)), Err(ArithmeticError::Overflow));
}

#[test]
fn part_claims_round_against_the_claimer_and_the_last_share_takes_the_rest() {
    let all = claim(3, 10);
    let mut position = Position {
        length: Shares(3),
        ..Position::default()
    };
    assert_eq!(position.take(all, Measure::ByShares, 1), Ok(claim(1, 3)));
    assert_eq!(position.take(claim(2, 7), Measure::ByShares, 1), Ok(claim(1, 3)));
    assert_eq!(position.take(claim(1, 4), Measure::ByShares, 9), Ok(claim(1, 4)));
    assert!(position.is_finished());

    let mut position = Position {
        length: Shares(3),
        ..Position::default()
    };
    assert_eq!(position.take(all, Measure::ByAssets, 1), Ok(claim(1, 1)));
    assert_eq!(
        position.take(claim(2, 9), Measure::ByAssets, 8),
        Ok(claim(1, 8)),
        "two rounded up, but one stays"
    );
    assert_eq!(position.take(claim(1, 1), Measure::ByAssets, 1), Ok(claim(1, 1)));
    assert!(position.is_finished());
    assert_eq!(position.paid, Assets(10));
}

const SCHEDULE: Schedule = Schedule {
    genesis: 1_000,
    epoch_seconds: 100,
    reveal_seconds: 20,
};

/// The par lane, put together from the core exactly as the shell does it, with the two balances that the shell's calls move.
#[derive(Clone, Debug)]
struct Queue {
    now: u64,
    settled: u64,
    lane: Lane,
    line: Vec<Checkpoint>,
    cut: Cut,
    positions: Vec<Position>,
    shares_held: u128,
    assets_held: u128,
}

impl Queue {
    fn new() -> Self {
        Self {
            now: SCHEDULE.genesis,
            settled: 0,
            lane: Lane::default(),
            line: Vec::new(),
            cut: Cut::default(),
            positions: Vec::new(),
            shares_held: 0,
            assets_held: 0,
        }
    }

    fn open(&mut self, shares: u128) {
        self.cut.advance(SCHEDULE.windows_begun(self.now).unwrap(), self.lane.tail);
        let start = self.lane.enter(Shares(shares)).unwrap();
        self.positions.push(Position {
            start,
            length: Shares(shares),
            ..Position::default()
        });
        self.shares_held += shares;
    }

    fn settle(&mut self, price: U256, cash: U256) -> Option<Claim> {
        let EpochId(ended) = SCHEDULE.epoch(self.now).unwrap();
        if ended <= self.settled {
            return None;
        }
        self.settled = ended;
        let eligible = self.cut.tail_at(ended, self.lane.tail).less(self.lane.head);
        let filled = fill_par(eligible, price, cash).unwrap();
        if !filled.shares.is_zero() {
            let checkpoint = self.lane.fill(self.line.last(), filled.shares, filled.assets).unwrap();
            self.line.push(checkpoint);
        }
        self.shares_held -= filled.shares.0;
        self.assets_held += filled.assets.0;
        Some(filled)
    }

    fn claimable(&self, index: usize) -> Claim {
        self.positions[index].claimable(&self.lane, &self.line).unwrap()
    }

    fn claim(&mut self, index: usize, measure: Measure, amount: u128) -> Claim {
        let claimable = self.claimable(index);
        let taken = self.positions[index].take(claimable, measure, amount).unwrap();
        self.assets_held -= taken.assets.0;
        taken
    }
}

/// A request as a person would keep it: how much waits, how much it was ever paid.
#[derive(Clone, Debug)]
struct Request {
    time: u64,
    waiting: u128,
    earned: u128,
}

/// The reference: one list, walked from the front, paying each request by its place in the fill.
#[derive(Clone, Debug, Default)]
struct Naive {
    requests: Vec<Request>,
}

impl Naive {
    fn settle(&mut self, now: u64, price: U256, cash: U256) -> (u128, u128) {
        let (length, reveal) = (u64::from(SCHEDULE.epoch_seconds), u64::from(SCHEDULE.reveal_seconds));
        let last_end = now - (now - SCHEDULE.genesis) % length;
        let in_time = |request: &Request| request.time < last_end - reveal;
        let waiting: u128 = self.requests.iter().filter(|r| in_time(r)).map(|r| r.waiting).sum();
        let affordable = if price.is_zero() { U256::ZERO } else { cash * WAD / price };
        let mut shares = affordable.min(U256::from(waiting)).to::<u128>();
        let assets = (U256::from(shares) * price / WAD).to::<u128>();
        if assets == 0 {
            shares = 0;
        }
        let mut done = 0;
        for request in self.requests.iter_mut().filter(|r| in_time(r)) {
            let part = request.waiting.min(shares - done);
            if part == 0 {
                continue;
            }
            let share_of = |x: u128| (U256::from(assets) * U256::from(x) / U256::from(shares)).to::<u128>();
            request.waiting -= part;
            request.earned += share_of(done + part) - share_of(done);
            done += part;
        }
        (done, assets)
    }
}

#[derive(Clone, Debug)]
enum Operation {
    Open(u128),
    Wait(u64),
    Settle { price: u128, cash: u128 },
    Claim { index: usize, measure: Measure, amount: u128 },
}

/// Amounts of every magnitude up to 2^96: from one wei to far more than there are dollars.
fn amount() -> impl Strategy<Value = u128> {
    (any::<u128>(), 32u32..128).prop_map(|(value, shift)| value >> shift)
}

fn measure() -> impl Strategy<Value = Measure> {
    prop_oneof![Just(Measure::ByShares), Just(Measure::ByAssets)]
}

fn operation() -> impl Strategy<Value = Operation> {
    let price = prop_oneof![
        8 => 900_000_000_000_000_000u128..2_000_000_000_000_000_000,
        1 => amount().prop_map(|value| value >> 16),
        1 => Just(0u128),
    ];
    prop_oneof![
        4 => amount().prop_map(|shares| Operation::Open(shares.max(1))),
        3 => (0u64..140).prop_map(Operation::Wait),
        3 => (price, amount()).prop_map(|(price, cash)| Operation::Settle { price, cash }),
        4 => (any::<usize>(), measure(), amount()).prop_map(|(index, measure, amount)| Operation::Claim { index, measure, amount }),
    ]
}

/// Plays `operations` on both, checking Q1 to Q3 and equality to the wei after each one.
fn play(operations: &[Operation]) -> Result<Queue, TestCaseError> {
    let (mut queue, mut naive) = (Queue::new(), Naive::default());
    for operation in operations {
        match *operation {
            Operation::Open(shares) => {
                queue.open(shares);
                naive.requests.push(Request {
                    time: queue.now,
                    waiting: shares,
                    earned: 0,
                });
            }
            Operation::Wait(seconds) => queue.now += seconds,
            Operation::Settle { price, cash } => {
                let (price, cash) = (U256::from(price), U256::from(cash));
                if let Some(filled) = queue.settle(price, cash) {
                    prop_assert_eq!((filled.shares.0, filled.assets.0), naive.settle(queue.now, price, cash));
                }
            }
            Operation::Claim { index, measure, amount } => {
                if let Some(index) = index.checked_rem(queue.positions.len()) {
                    let before = queue.claimable(index);
                    let taken = queue.claim(index, measure, amount);
                    match measure {
                        Measure::ByShares => prop_assert_eq!(taken.shares.0, amount.min(before.shares.0)),
                        Measure::ByAssets => prop_assert_eq!(taken.assets.0, amount.min(before.assets.0)),
                    }
                    if taken != before {
                        let fair = taken.assets.to_u256() * before.shares.to_u256() <= before.assets.to_u256() * taken.shares.to_u256();
                        prop_assert!(
                            fair || before.shares.minus(taken.shares) == Ok(Shares(1)),
                            "rounded against the claimer"
                        );
                    }
                    let left = queue.claimable(index);
                    prop_assert_eq!(left.assets.plus(taken.assets), Ok(before.assets), "a claim changes no value");
                }
            }
        }
        check(&queue, &naive)?;
    }
    Ok(queue)
}

fn check(queue: &Queue, naive: &Naive) -> Result<(), TestCaseError> {
    let (mut pending, mut claimable) = (0, 0);
    let mut somebody_waits = false;
    for (index, (position, request)) in queue.positions.iter().zip(&naive.requests).enumerate() {
        let claim = queue.claimable(index);
        let waits = position.pending(&queue.lane).0;
        prop_assert_eq!(waits, request.waiting);
        prop_assert_eq!(position.paid.0 + claim.assets.0, request.earned, "to the wei");
        prop_assert!(!somebody_waits || position.filled(&queue.lane).is_zero(), "Q3: first in, first out");
        prop_assert!(
            !claim.shares.is_zero() || claim.assets.is_zero(),
            "no assets without a share to claim them by"
        );
        somebody_waits |= waits > 0;
        pending += waits;
        claimable += claim.assets.0;
    }
    prop_assert_eq!(queue.shares_held, pending, "Q1: shares held = shares that wait");
    prop_assert_eq!(queue.assets_held, claimable, "Q2: assets held = assets to claim");
    Ok(())
}

/// Claims everything, position by position in `order`, each in portions that `portions` says, and returns what each was paid in all.
fn drain(mut queue: Queue, order: &[usize], portions: &[(Measure, u128)]) -> Vec<Assets> {
    let mut portions = portions.iter().cycle();
    for &index in order {
        for _ in 0..8 {
            let (measure, amount) = portions.next().copied().unwrap_or((Measure::ByShares, 1));
            queue.claim(index, measure, amount);
        }
        queue.claim(index, Measure::ByShares, u128::MAX);
        assert!(queue.claimable(index) == Claim::default());
    }
    assert_eq!(queue.assets_held, 0, "Q2: nothing is held once all is claimed");
    queue.positions.iter().map(|position| position.paid).collect()
}

proptest! {
    // 2,000 × 250 = 500,000 operations, the books compared after each.
    #![proptest_config(ProptestConfig { cases: 2_000, max_shrink_iters: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn q1_q2_q3_hold_and_every_wei_is_where_the_naive_queue_puts_it(operations in proptest::collection::vec(operation(), 250)) {
        play(&operations)?;
    }

    #[test]
    fn the_order_and_size_of_claims_changes_nobodys_total(
        operations in proptest::collection::vec(operation(), 80),
        portions in proptest::collection::vec((measure(), amount()), 1..20),
        seed in any::<u64>(),
    ) {
        let queue = play(&operations)?;
        let forward: Vec<usize> = (0..queue.positions.len()).collect();
        let mut shuffled = forward.clone();
        let mut state = seed | 1;
        for i in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(i, usize::try_from(state >> 33).unwrap() % (i + 1));
        }
        let at_once = drain(queue.clone(), &forward, &[(Measure::ByShares, u128::MAX)]);
        prop_assert_eq!(drain(queue, &shuffled, &portions), at_once);
    }
}

#[test]
fn a_late_settlement_leaves_out_who_came_in_its_own_window_and_later() {
    let price = WAD;
    let mut queue = Queue::new();
    queue.open(10); // Epoch 0, in time for it.
    queue.now += 85;
    queue.open(20); // Its reveal window.
    queue.now += 50;
    queue.open(30); // Epoch 1.
    queue.now += 50;
    queue.open(40); // Epoch 1's reveal window, epoch 0 still unsettled.
    assert_eq!(queue.settle(price, U256::from(1_000)), Some(claim(10, 10)));
    assert_eq!(queue.settle(price, U256::from(1_000)), None, "once per epoch");
    queue.now += 500;
    assert_eq!(
        queue.settle(price, U256::from(1_000)),
        Some(claim(90, 90)),
        "one settlement for all epochs that passed"
    );
}

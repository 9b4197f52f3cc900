//! The book walked at random beside a list of lots that a settlement sorts ([`crate::reference`]).
//!
//! `WALK_STEPS` chooses another length.

use std::collections::BTreeMap;

use fixed_point::U256;
use num_bigint::BigUint;

use crate::{
    book::{self, Hint, Line, Lot},
    clearing::{Clearing, Progress, Terms, Walk as ClearingWalk},
    epochs::Mark,
    memory::{MemoryBook, MemoryLane},
    positions::{Claim, Measure, Position},
    reference::{self as model, Id},
    units::{Assets, Exact, Shares, Tick},
    words::{bits, bits_u32, bits_u64, bits_u8, word},
};

/// Positions there are at most at a time.
const CROWD: usize = 60;
/// Operations of each walk; ten times as many in a long run.
const STEPS: u64 = 250_000;
/// A whole share or USDai.
const WAD: u128 = 1_000_000_000_000_000_000;

/// Dice: SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.roll() % bound
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// From 1 to `limit`, every magnitude as likely as another, and often all or one.
    fn part_of(&mut self, limit: u128) -> u128 {
        if limit < 2 || self.chance(20) {
            return limit;
        }
        let bound = limit >> self.below(u64::from(128 - limit.leading_zeros()));
        (u128::from(self.roll()) << 64 | u128::from(self.roll())) % bound.max(1) + 1
    }
}

/// The book, and the list beside it.
struct Walk {
    dice: Dice,
    book: MemoryBook,
    positions: BTreeMap<Id, Position>,
    model: model::Queue,
    /// Assets held.
    held: u128,
    dust: Exact,
    /// When the window began, and where the par lane ended then.
    window: Option<(u64, Mark)>,
    now: u64,
    last: Id,
    counts: BTreeMap<&'static str, u64>,
}

impl Walk {
    fn new(seed: u64) -> Self {
        Self {
            dice: Dice(seed),
            book: MemoryBook::default(),
            positions: BTreeMap::new(),
            model: model::Queue::default(),
            held: 0,
            dust: Exact::ZERO,
            window: None,
            now: 0,
            last: 0,
            counts: BTreeMap::new(),
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    fn run(&mut self, operations: u64) {
        for operation in 0..operations {
            self.now += 1;
            self.step();
            if operation % 97 == 0 {
                self.check_all();
            }
        }
        self.check_all();
        self.drain();
        println!("tried {operations}");
        for what in [
            "open",
            "leave",
            "leave all",
            "switch",
            "split",
            "split refused",
            "join",
            "join refused",
            "claim",
            "claim part",
            "forfeit",
            "forfeit filled",
            "window",
            "all covered",
            "bids cleared",
            "part of a lane",
            "between lanes",
            "par moved",
            "nobody",
            "swept",
            "made up",
        ] {
            assert!(
                self.counts.get(what).copied().unwrap_or_default() > operations / 20_000,
                "{what}: {:?}",
                self.counts
            );
        }
    }

    fn step(&mut self) {
        let kind = self.dice.below(100);
        let Some(id) = self.any_position() else {
            return self.open();
        };
        match kind {
            0..=19 if self.positions.len() < CROWD => self.open(),
            0..=29 => self.leave(id),
            30..=49 => self.switch(id),
            50..=57 if self.positions.len() < CROWD => self.split(id),
            50..=64 => self.join(id),
            65..=80 => self.claim(id),
            81..=87 => self.claim_part(id),
            88..=90 => self.forfeit(id),
            91..=94 => self.begin_window(),
            _ => self.settle(),
        }
    }

    fn any_position(&mut self) -> Option<Id> {
        let count = self.positions.len() as u64;
        if count == 0 {
            return None;
        }
        let nth = usize::try_from(self.dice.below(count)).unwrap();
        self.positions.keys().nth(nth).copied()
    }

    fn open(&mut self) {
        let limit = if self.dice.chance(20) { 10 } else { 1_000_000_000 * WAD };
        let shares = self.dice.part_of(limit);
        let lot = {
            let (lane, settled) = self.book.parts(Tick::PAR);
            book::enter(lane, settled, Shares(shares))
        }
        .unwrap()
        .unwrap();
        self.last += 1;
        self.positions.insert(
            self.last,
            Position {
                lot,
                ..Position::default()
            },
        );
        self.model.open(self.last, shares, self.now);
        self.count("open");
        self.check(self.last);
    }

    /// The position, its lane, and the rates.
    fn harvested(&mut self, id: Id) -> Position {
        let mut position = self.positions[&id];
        let (lane, settled) = self.book.parts(position.lane);
        let fraction = position.harvest(lane, settled, Hint::NONE).unwrap();
        self.dust = self.dust.wrapping_plus(fraction);
        self.positions.insert(id, position);
        self.model.harvest(id);
        position
    }

    fn leave(&mut self, id: Id) {
        let mut position = self.harvested(id);
        let waiting = position.lot.length.0;
        if waiting == 0 {
            return self.close(id);
        }
        let shares = self.dice.part_of(waiting);
        book::leave(self.book.lane(position.lane), &mut position.lot, Shares(shares)).unwrap();
        self.positions.insert(id, position);
        self.model.leave(id, shares);
        self.count(if shares == waiting { "leave all" } else { "leave" });
        self.check(id);
        self.close(id);
    }

    /// Forgets a position of which nothing is left.
    fn close(&mut self, id: Id) {
        if self.positions[&id].is_finished() {
            self.positions.remove(&id);
            self.model.close(id);
        }
    }

    fn switch(&mut self, id: Id) {
        let mut position = self.harvested(id);
        let waiting = position.lot.length;
        if waiting.is_zero() {
            return;
        }
        // Few lanes, so that they fill; sometimes any.
        let tick = match self.dice.below(10) {
            0 => 0,
            1 => 2 + self.dice.below(254),
            2 => 255,
            _ => 2 + self.dice.below(8),
        };
        let lane = Tick(u8::try_from(tick).unwrap());
        book::leave(self.book.lane(position.lane), &mut position.lot, waiting).unwrap();
        let (entered, settled) = self.book.parts(lane);
        position.lot = book::enter(entered, settled, waiting).unwrap().unwrap();
        position.lane = lane;
        self.positions.insert(id, position);
        self.model.switch(id, tick.try_into().unwrap(), self.now);
        self.count("switch");
        self.check(id);
    }

    fn split(&mut self, id: Id) {
        let mut position = self.harvested(id);
        let waiting = position.lot.length.0;
        let shares = self.dice.part_of(waiting.max(1));
        let width = position.lot.width;
        if let Ok(behind) = position.split(Shares(shares)) {
            self.last += 1;
            self.positions.insert(id, position);
            self.positions.insert(self.last, behind);
            self.model.split(id, self.last, shares);
            self.count("split");
            self.check(self.last);
        } else {
            assert!(shares >= waiting || width == 1);
            self.count("split refused");
        }
        self.check(id);
    }

    fn join(&mut self, id: Id) {
        let mut position = self.harvested(id);
        let end = position.lot.end().unwrap();
        let neighbour = self
            .positions
            .iter()
            .find(|(other, one)| **other != id && one.lane == position.lane && !one.lot.length.is_zero() && one.lot.start == end)
            .map(|(other, _)| *other);
        // Who was in time stays apart from who was not, as in the contract.
        let parted = position.lane == Tick::PAR && self.window.is_some_and(|(_, mark)| mark.tail == end);
        let Some(other) = neighbour.filter(|_| !position.lot.length.is_zero() && !parted) else {
            if let Some(other) = self.any_position().filter(|other| *other != id) {
                let behind = self.harvested(other);
                if behind.lane == position.lane && behind.lot.start != end {
                    assert!(position.lot.join(&behind.lot).is_err());
                    self.count("join refused");
                }
            }
            return;
        };
        let behind = self.harvested(other);
        // What is filled of one behind was filled after all of this one was.
        position.lot.join(&behind.lot).unwrap();
        position.bank = position.bank.plus(behind.bank).unwrap();
        self.positions.remove(&other);
        self.positions.insert(id, position);
        self.model.join(id, other);
        self.count("join");
        self.check(id);
    }

    fn claim(&mut self, id: Id) {
        let mut position = self.harvested(id);
        let bank = std::mem::take(&mut position.bank);
        self.positions.insert(id, position);
        let (shares, assets) = self.model.claim(id);
        assert_eq!((bank.shares.0, bank.assets.0), (shares, assets));
        self.held -= assets;
        if shares != 0 {
            self.count("claim");
        }
        self.check(id);
        self.close(id);
    }

    fn claim_part(&mut self, id: Id) {
        let mut position = self.harvested(id);
        if position.bank.shares.is_zero() {
            return;
        }
        let shares = self.dice.part_of(position.bank.shares.0);
        let taken = position.bank.take(Measure::ByShares, shares).unwrap();
        self.positions.insert(id, position);
        assert_eq!(taken.shares.0, shares);
        assert_eq!(taken.assets.0, self.model.claim_part(id, shares));
        self.held -= taken.assets.0;
        self.count("claim part");
        self.check(id);
        self.close(id);
    }

    fn forfeit(&mut self, id: Id) {
        let mut position = self.positions[&id];
        let length = position.lot.length.0;
        if length == 0 {
            return;
        }
        let (lane, settled) = self.book.parts(position.lane);
        let forfeit = position.forfeit(lane, settled).unwrap();
        self.positions.insert(id, position);
        let bond = length.div_ceil(200);
        assert_eq!(forfeit.shares.0, self.model.forfeit(id, bond));
        self.dust = self.dust.wrapping_plus(forfeit.earned);
        self.count(if forfeit.shares.0 == bond { "forfeit" } else { "forfeit filled" });
        self.check(id);
        self.close(id);
    }

    fn begin_window(&mut self) {
        if self.window.is_none() {
            let line = book::Lane::line(self.book.lane(Tick::PAR));
            self.window = Some((
                self.now,
                Mark {
                    tail: line.tail,
                    entries: line.entries,
                },
            ));
            self.count("window");
        }
    }

    fn settle(&mut self) {
        let price = match self.dice.below(40) {
            0 => 0,
            1 => 1,
            2 => self.dice.part_of(1 << 75),
            3..=9 => WAD,
            _ => WAD + self.dice.part_of(WAD),
        };
        let demand = BigUint::from(self.model.total_waiting()) * price / WAD;
        let demand = u128::try_from(demand).unwrap_or(u128::MAX).min(1 << 115);
        let budget = match self.dice.below(12) {
            0 => 0,
            1 => self.dice.part_of(1_000),
            2 => demand / 100 * 120,
            3 => demand,
            _ => demand / 1_000 * u128::from(self.dice.below(1_000)) + u128::from(self.dice.below(1_000)),
        };
        let par = match self.window {
            Some((_, mark)) => book::pending_before(self.book.lane(Tick::PAR), mark.tail, mark.entries).unwrap(),
            None => book::pending(self.book.lane(Tick::PAR)).unwrap(),
        };
        let terms = Terms {
            price: U256::from(price),
            budget: Assets(budget),
            par,
        };
        let steps = 1 + self.dice.below(6);
        let clearing = self.book.settle(&terms, steps);
        let window = self.window.take().map_or(u64::MAX, |(began, _)| began + 1);
        let settled = self.model.settle(price, budget, window);
        let expected = model::Settled {
            premium: clearing.premium.0.into(),
            shares: clearing.shares().unwrap().0,
            par: clearing.par.0,
            assets: clearing.assets.0,
            kept: clearing.kept.0,
        };
        assert_eq!(expected, settled, "{terms:?}");
        self.dust = self.dust.wrapping_minus(clearing.fraction);
        let (swept, lacking) = self.dust.level(clearing.assets).unwrap();
        assert_eq!((swept.0, lacking.0), self.model.level(clearing.assets.0));
        assert!(clearing.assets.0 + lacking.0 <= terms.budget.0, "there is cash for it");
        self.held += clearing.assets.0 + lacking.0 - swept.0;
        let bids = settled.shares - settled.par;
        for (happened, what) in [
            (settled.shares == 0, "nobody"),
            (settled.premium == 0 && bids != 0, "all covered"),
            (settled.premium != 0 && !clearing.whole.is_zero(), "bids cleared"),
            (!clearing.part.is_zero(), "part of a lane"),
            (settled.premium > 2 && clearing.part.is_zero() && bids != 0, "between lanes"),
            (settled.par != 0, "par moved"),
            (!swept.is_zero(), "swept"),
            (!lacking.is_zero(), "made up"),
        ] {
            if happened {
                self.count(what);
            }
        }
    }

    /// One position is what the list says.
    fn check(&mut self, id: Id) {
        let position = self.positions[&id];
        let (lane, settled) = self.book.parts(position.lane);
        let lane: &MemoryLane = lane;
        let filled = book::filled_of(lane, &position.lot);
        assert_eq!(position.lot.length.minus(filled).unwrap().0, self.model.waiting(id));
        // Right or wrong, a hint changes nothing.
        let wrong = Hint {
            first: u32::try_from(self.dice.0 % 30).unwrap(),
            last: u32::try_from(self.dice.0 / 30 % 30).unwrap(),
        };
        let right = match filled {
            Shares::ZERO => Hint::NONE,
            _ => Hint::find(lane, settled, position.lot.start, filled).unwrap(),
        };
        for hint in [wrong, right] {
            let (claim, _) = position.claimable(lane, settled, hint).unwrap();
            assert_eq!((claim.shares.0, claim.assets.0), self.model.claimable(id));
        }
        assert_eq!(u16::from(position.lane.0), self.model.lane(id));
        if self.model.waiting(id) != 0 {
            assert_eq!(book::ahead(lane, &position.lot).unwrap().0, self.model.ahead(id));
        }
    }

    /// Everything is: every position, every lane's depth (Q1), and what is held is what is owed (Q2), to the last fraction of a wei.
    fn check_all(&mut self) {
        for id in self.positions.keys().copied().collect::<Vec<_>>() {
            self.check(id);
        }
        for (tick, lane) in &self.book.lanes {
            assert_eq!(book::pending(lane).unwrap().0, self.model.depth((*tick).into()));
        }
        let dust = self.dust.0;
        let (dust, sign) = if dust.bit(255) { (dust.wrapping_neg(), -1) } else { (dust, 1) };
        let dust = num_bigint::BigInt::from_bytes_be(num_bigint::Sign::Plus, &dust.to_be_bytes::<32>()) * sign;
        let unit = BigUint::from(WAD) * 2_000_u32;
        assert_eq!(
            num_bigint::BigInt::from(unit * self.held),
            num_bigint::BigInt::from(self.model.owed()) + dust
        );
        // Everybody could claim now.
        let claims: u128 = self.positions.keys().map(|id| self.model.claimable(*id).1).sum();
        assert!(claims <= self.held, "claims of {claims} with {}", self.held);
    }

    /// Everybody leaves or is paid; what is left is less than a wei for each rounding, and goes with the last settlement.
    fn drain(&mut self) {
        for id in self.positions.keys().copied().collect::<Vec<_>>() {
            self.claim(id);
        }
        for id in self.positions.keys().copied().collect::<Vec<_>>() {
            let mut position = self.positions[&id];
            let waiting = position.lot.length;
            book::leave(self.book.lane(position.lane), &mut position.lot, waiting).unwrap();
            self.positions.insert(id, position);
            self.model.leave(id, waiting.0);
            self.close(id);
        }
        assert!(self.positions.is_empty());
        self.check_all();
        let (swept, _) = self.dust.level(Assets(u128::MAX)).unwrap();
        assert_eq!(swept.0, self.held, "everything that is left is the vault's, and nothing is lost");
        assert_eq!(self.dust, Exact::ZERO);
    }
}

fn walk(seed: u64) {
    let long = std::env::var_os("USDAI_LONG").is_some();
    let steps = match std::env::var("WALK_STEPS") {
        Ok(steps) => steps.parse().expect("a number of steps"),
        Err(_) if long => 10 * STEPS,
        Err(_) => STEPS,
    };
    Walk::new(seed).run(steps);
}

#[test]
fn a_quarter_of_a_million_operations_agree_with_a_sorted_list() {
    walk(1);
}

#[test]
fn another_quarter_of_a_million_operations_agree() {
    walk(2);
}

#[test]
fn a_third_quarter_of_a_million_operations_agree() {
    walk(3);
}

#[test]
fn a_last_quarter_of_a_million_operations_agree() {
    walk(4);
}

#[test]
fn a_claim_is_taken_in_parts_of_either_measure_and_whole_when_it_is_less() {
    let claim = Claim {
        shares: Shares(10),
        assets: Assets(25),
    };
    let taken = |measure, amount| {
        let mut left = claim;
        let taken = left.take(measure, amount).unwrap();
        assert_eq!(left.plus(taken), Ok(claim));
        (taken.shares.0, taken.assets.0)
    };
    // Assets for shares rounded down; shares for assets rounded up, but for the last.
    for (amount, expected) in [(0, (0, 0)), (1, (1, 2)), (9, (9, 22)), (10, (10, 25)), (11, (10, 25))] {
        assert_eq!(taken(Measure::ByShares, amount), expected);
    }
    for (amount, expected) in [(1, (1, 1)), (3, (2, 3)), (24, (9, 24)), (25, (10, 25)), (26, (10, 25))] {
        assert_eq!(taken(Measure::ByAssets, amount), expected);
    }
    // Wei whose shares were taken before.
    let mut dust = Claim {
        shares: Shares::ZERO,
        assets: Assets(2),
    };
    assert_eq!(dust.take(Measure::ByShares, 0).map(|taken| taken.assets), Ok(Assets(2)));
    assert!(dust.is_nothing());
}

#[test]
fn a_lot_is_cut_only_where_both_sides_have_shares_and_an_ordinal() {
    let lot = Lot {
        start: Shares(100),
        length: Shares(10),
        last: 7,
        width: 2,
    };
    let (mut front, mut narrow) = (lot, Lot { width: 1, ..lot });
    for length in [0, 10, 11] {
        assert!(front.split(Shares(length)).is_err());
        assert_eq!(front, lot);
    }
    assert!(narrow.split(Shares(3)).is_err());
    let behind = front.split(Shares(3)).unwrap();
    assert_eq!((front.start.0, front.length.0, front.last, front.width), (100, 7, 6, 1));
    assert_eq!((behind.start.0, behind.length.0, behind.last, behind.width), (107, 3, 7, 1));
}

#[test]
fn a_lane_is_full_at_its_last_place() {
    let mut book = MemoryBook::default();
    let lane = book.lane(Tick::PAR);
    let nearly_full = Line {
        tail: Shares(Shares::MAX_PLACE.0 - 5),
        ..book::Lane::line(lane)
    };
    book::Lane::set_line(lane, nearly_full);
    assert_eq!(book::append(lane, Shares(6)), Ok(None));
    assert!(book::append(lane, Shares(5)).unwrap().is_some());
    assert_eq!(book::append(lane, Shares(1)), Ok(None));
}

/// Lanes with bids, in the order given.
fn bids(lanes: &[(u8, u128)]) -> MemoryBook {
    let mut book = MemoryBook::default();
    for (tick, shares) in lanes {
        let (lane, settled) = book.parts(Tick(*tick));
        book::enter(lane, settled, Shares(*shares)).unwrap().unwrap();
    }
    book
}

fn at_par(budget: u128) -> Terms {
    Terms {
        price: U256::from(WAD),
        budget: Assets(budget),
        par: Shares::ZERO,
    }
}

#[test]
fn the_share_behind_the_last_filled_one_is_in_no_fill() {
    let mut book = bids(&[(40, 100 * WAD)]);
    assert_eq!(book.settle(&at_par(200 * WAD), 255).shares(), Ok(Shares(100 * WAD)));
    let (lane, settled) = book.parts(Tick(40));
    let front = book::Lane::front(&*lane);
    let fill = |place| book::fill_after(&*lane, settled, &front, Shares(place), 0);
    assert!(fill(100 * WAD - 1).is_ok());
    assert!(fill(100 * WAD).is_err());
}

#[test]
fn a_walk_that_spends_everything_is_taken_over_as_it_is() {
    // 100 shares at 2 % off are 98, and the lane below would clear at 1.95 %.
    let (book, terms) = (bids(&[(40, 100 * WAD), (39, 100 * WAD)]), at_par(98 * WAD));
    let Progress::Unfinished(walk) = terms.clear(&book, ClearingWalk::START, 1).unwrap() else {
        panic!("it ends with the first lane");
    };
    let Progress::Cleared(clearing) = terms.clear(&book, walk, 1).unwrap() else {
        panic!("it begins again");
    };
    assert_eq!(
        (clearing.premium, clearing.shares(), clearing.assets),
        (Tick(40), Ok(Shares(100 * WAD)), Assets(98 * WAD))
    );
}

#[test]
fn what_is_left_for_a_lane_is_filled_though_it_is_less_than_a_tick() {
    // 9,900 for the bid above, 5 less than it would be a tick below: 1.98 are left, for two shares.
    let mut book = bids(&[(40, 10_000 * WAD), (20, 10_000 * WAD)]);
    let budget = 9_900 * WAD + WAD / 100 * 198;
    let clearing = book.settle(&at_par(budget), 255);
    assert_eq!((clearing.premium, clearing.assets), (Tick(20), Assets(budget)));
    assert_eq!(clearing.shares(), Ok(Shares(10_002 * WAD)));
}

#[test]
fn a_price_beyond_128_bits_fills_nobody() {
    let mut book = bids(&[(40, 100 * WAD)]);
    let terms = Terms {
        price: U256::from(1) << 128,
        ..at_par(u128::MAX)
    };
    assert_eq!(book.settle(&terms, 255), Clearing::NOBODY);
}

#[test]
fn no_lane_lies_between_par_and_the_reserve() {
    assert_eq!([0, 1, 2, 3, 255].map(|tick| Tick(tick).is_lane()), [true, false, true, true, true]);
}

#[test]
fn fields_side_by_side_are_read_as_they_were_written() {
    // Alternating bits, and the outermost of each field: what strays into a neighbour, or stays behind, shows.
    let (wide, long, short, byte) = (1 << 111 | 0x5555, 1 << 63 | 0xaaaa, 1 << 31 | 0x55, 0x81);
    let fields = word(&[(0, wide), (112, long), (176, short), (208, byte)]);
    assert_eq!(bits(&fields, 0, 112), wide);
    assert_eq!(u128::from(bits_u64(&fields, 112)), long);
    assert_eq!(u128::from(bits_u32(&fields, 176)), short);
    assert_eq!(u128::from(bits_u8(&fields, 208)), byte);
    assert_eq!(bits(&fields, 216, 40), 0);
    assert_eq!(bits(&word(&[(128, u128::MAX)]), 128, 128), u128::MAX);
}

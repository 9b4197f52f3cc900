//! The queue: lanes, positions, bids, settlements.
//!
//! Events say who enters which lane where, who leaves, and how far a settlement fills; what a position has earned follows, to the fraction of
//! a wei, by the arithmetic of the book (`crates/qev-book`), which is pure and which an indexer can use as it is.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, U256};
use qev_book::{
    book::{self, Front, Hint, Lane as _, Line, Settlements},
    clearing::Walk,
    epochs::{Cut, Mark, Schedule},
    positions::Position,
    units::{Assets, Exact, Rate, Shares, Tick},
    words::{Place as LanePlace, Words},
};

use super::{account, erc721::Ledger, image::Place, Deployed, Image};
use crate::{abi::Queue::QevEvents as Event, hands::kept_of};

/// So many positions of a controller the vault claims over.
const ROOM: usize = 7;

/// A lane's words.
#[derive(Debug, Default)]
struct Lane {
    line: U256,
    front: U256,
    kept: BTreeMap<U256, U256>,
}

impl Words for Lane {
    fn get(&self, place: LanePlace) -> U256 {
        match place.key() {
            Some(key) => self.kept.get(&key).copied().unwrap_or_default(),
            None if place == LanePlace::Line => self.line,
            None => self.front,
        }
    }

    fn set(&mut self, place: LanePlace, word: U256) {
        match place.key() {
            Some(key) => drop(self.kept.insert(key, word)),
            None if place == LanePlace::Line => self.line = word,
            None => self.front = word,
        }
    }
}

/// What each settlement paid for the bids that it filled, and their premium.
#[derive(Debug, Default)]
struct Paid(BTreeMap<u32, (Rate, Tick)>);

impl Settlements for Paid {
    fn rate(&self, settlement: u32) -> Rate {
        self.0.get(&settlement).map(|paid| paid.0).unwrap_or_default()
    }
}

#[derive(Debug)]
struct Held {
    position: Position,
    commitment: B256,
    /// Whether it was ever sold: then its holder is written down.
    titled: bool,
}

/// The queue, as its logs have it.
#[derive(Debug)]
pub(super) struct Qev {
    schedule: Schedule,
    settlement: Address,
    due_days: Address,
    ledger: Ledger,
    /// Those that are no more, too.
    positions: BTreeMap<U256, Held>,
    last: u64,
    listed: BTreeMap<Address, Vec<u64>>,
    births: BTreeMap<u64, Address>,
    lanes: BTreeMap<u8, Lane>,
    occupied: U256,
    paid: Paid,
    settlements: u32,
    forfeited: Shares,
    walk: Walk,
    dust: Exact,
    first_unsettled: u64,
    cut: Cut,
    /// Price and premium of the settlement of which `LanesFilled` is to come.
    settled: Option<(U256, Tick, Assets)>,
}

fn shares(word: U256) -> Shares {
    Shares::from_u256(word).expect("shares")
}

/// The number in a position's id, which no two have.
fn number(id: U256) -> u64 {
    id.as_limbs()[0]
}

/// For whom a position was opened: its id says it.
fn born_to(id: U256) -> Address {
    Address::from_word((id >> 96usize).into())
}

impl Qev {
    pub(super) fn of(deployed: &Deployed) -> Self {
        // Every lane begins with the words that the first to enter would have to pay for.
        let mut lanes = BTreeMap::new();
        for tick in 0..=Tick::TOP.0 {
            let mut lane = Lane::default();
            lane.set_line(Line {
                entries: 1,
                ..Line::default()
            });
            if Tick(tick) == Tick::PAR {
                lane.set_front(Front {
                    height: 1,
                    ..Front::default()
                });
            }
            lanes.insert(tick, lane);
        }
        Self {
            schedule: Schedule {
                genesis: deployed.at,
                epoch_seconds: deployed.epoch,
                reveal_seconds: deployed.reveal,
            },
            settlement: deployed.suite.qev_settlement,
            due_days: Address::ZERO,
            ledger: Ledger::default(),
            positions: BTreeMap::new(),
            last: 0,
            listed: BTreeMap::new(),
            births: BTreeMap::new(),
            lanes,
            occupied: U256::ONE,
            paid: Paid::default(),
            settlements: 0,
            forfeited: Shares::ZERO,
            walk: Walk::START,
            dust: Exact::ZERO,
            first_unsettled: 0,
            cut: Cut::default(),
            settled: None,
        }
    }

    pub(super) fn apply(&mut self, event: Event, at: u64) {
        match event {
            Event::Transfer(event) => self.transfer(event.from, event.to, event.tokenId),
            Event::Approval(event) => self.ledger.approval(event.approved, event.tokenId),
            Event::ApprovalForAll(event) => self.ledger.approval_for_all(event.owner, event.operator, event.approved),
            Event::PositionOpened(event) => {
                let position = self.enter(Tick(event.lane), shares(event.shares), event.start, at);
                self.put(event.position, position);
            }
            Event::PositionMoved(event) => {
                self.harvest(event.position);
                if event.shares.is_zero() {
                    // All of it was filled: it stays where it was.
                    return;
                }
                self.leave(event.position, shares(event.shares));
                let entered = self.enter(Tick(event.lane), shares(event.shares), event.start, at);
                let held = self.held(event.position);
                assert!(held.position.lot.length.is_zero(), "all that waits moves");
                (held.position.lane, held.position.lot) = (entered.lane, entered.lot);
            }
            Event::BidCommitted(event) => {
                self.harvest(event.position);
                let held = self.held(event.position);
                held.commitment = kept_of(event.commitment);
                held.position.committed = event.epoch.to::<u32>() + 1;
                held.position.max_tick = Tick(event.maxTick);
            }
            Event::BidRevealed(event) => self.unseal(event.position),
            Event::BidAbandoned(event) => self.unseal(event.position),
            Event::BondForfeited(event) => {
                let held = self.positions.get_mut(&event.position).expect("it was opened");
                let tick = held.position.lane;
                let lane = self.lanes.get_mut(&tick.0).expect("a lane");
                let lost = held.position.forfeit(lane, &self.paid).expect("a book in order");
                assert_eq!(lost.shares, shares(event.shares));
                self.dust = self.dust.wrapping_plus(lost.earned);
                self.forfeited = self.forfeited.plus(lost.shares).expect("shares");
                self.left(tick);
            }
            Event::Cancelled(event) => {
                self.harvest(event.position);
                self.leave(event.position, shares(event.shares));
            }
            Event::PositionSplit(event) => {
                self.harvest(event.position);
                let behind = self.held(event.position).position.split(shares(event.shares));
                self.put(event.behind, behind.expect("it can be cut"));
            }
            Event::PositionsMerged(event) => {
                self.harvest(event.position);
                self.harvest(event.behind);
                let behind = std::mem::take(&mut self.held(event.behind).position);
                let position = &mut self.held(event.position).position;
                position.lot.join(&behind.lot).expect("it stands right behind");
                position.bank = position.bank.plus(behind.bank).expect("claims");
            }
            Event::Claimed(event) => {
                self.harvest(event.position);
                let bank = &mut self.held(event.position).position.bank;
                bank.shares = bank.shares.minus(shares(event.shares)).expect("no more than there is");
                let assets = Assets::from_u256(event.assets).expect("assets");
                bank.assets = bank.assets.minus(assets).expect("no more than there is");
            }
            Event::PositionListed(event) if event.listed => {
                self.list(event.controller, event.position);
                if born_to(event.position) != event.controller {
                    self.births.insert(number(event.position), born_to(event.position));
                }
            }
            Event::PositionListed(event) => self.unlist(event.controller, event.position),
            Event::SettlementAdvanced(event) => {
                self.walk = Walk {
                    from: event.tick.to(),
                    above: shares(event.shares),
                };
            }
            Event::EpochSettled(event) => {
                self.first_unsettled = event.epoch.to::<u64>() + 1;
                // Ticks are steps of 5 basis points.
                let tick = Tick((event.premium.to::<u64>() / 5).try_into().expect("a tick"));
                self.settled = Some((event.price, tick, Assets::from_u256(event.assets).expect("assets")));
            }
            Event::LanesFilled(event) => {
                self.settlements = event.settlement.to();
                let filled = [event.wholeShares, event.partShares, event.parShares].map(shares);
                self.settle(event.wholeFrom.to(), filled);
                assert_eq!(std::mem::take(&mut self.forfeited), shares(event.burnt));
            }
            Event::Wired(event) => self.due_days = event.dueDays,
            Event::SettlementSet(event) => {
                assert_eq!(event.previous, self.settlement);
                self.settlement = event.current;
            }
        }
    }

    fn held(&mut self, id: U256) -> &mut Held {
        self.positions.get_mut(&id).expect("it was opened")
    }

    fn put(&mut self, id: U256, position: Position) {
        self.last = self.last.max(number(id));
        let held = Held {
            position,
            commitment: B256::ZERO,
            titled: false,
        };
        assert!(self.positions.insert(id, held).is_none());
    }

    fn unseal(&mut self, id: U256) {
        let held = self.held(id);
        (held.commitment, held.position.committed, held.position.max_tick) = (B256::ZERO, 0, Tick::PAR);
    }

    fn transfer(&mut self, from: Address, to: Address, id: U256) {
        self.ledger.transfer(from, to, id);
        if from.is_zero() {
            // What is opened is listed, if there is room.
            if self.listed.get(&to).is_none_or(|list| list.len() < ROOM) {
                self.list(to, id);
            }
            return;
        }
        if from != to {
            self.unlist(from, id);
        }
        if !to.is_zero() {
            self.held(id).titled = true;
        }
    }

    fn list(&mut self, controller: Address, id: U256) {
        self.listed.entry(controller).or_default().push(number(id));
    }

    fn unlist(&mut self, controller: Address, id: U256) {
        if let Some(list) = self.listed.get_mut(&controller) {
            if let Some(place) = list.iter().position(|listed| *listed == number(id)) {
                list.swap_remove(place);
            }
        }
    }

    /// Lets so many in at the end of a lane.
    fn enter(&mut self, tick: Tick, length: Shares, start: U256, at: u64) -> Position {
        let lane = self.lanes.get_mut(&tick.0).expect("a lane");
        let lot = if tick == Tick::PAR {
            let line = lane.line();
            let windows = self.schedule.windows_begun(at).expect("time goes on");
            let end = Mark {
                tail: line.tail,
                entries: line.entries,
            };
            self.cut.advance(windows, end);
            book::append(lane, length)
        } else {
            self.occupied.set_bit(tick.0.into(), true);
            book::enter(lane, &self.paid, length)
        };
        let lot = lot.expect("a book in order").expect("there is room");
        assert_eq!(lot.start.to_u256(), start, "where it entered");
        Position {
            lane: tick,
            lot,
            ..Position::default()
        }
    }

    /// Takes what is filled of a position out of its lane.
    fn harvest(&mut self, id: U256) {
        let held = self.positions.get_mut(&id).expect("it was opened");
        let lane = &self.lanes[&held.position.lane.0];
        let fraction = held.position.harvest(lane, &self.paid, Hint::NONE).expect("a book in order");
        self.dust = self.dust.wrapping_plus(fraction);
    }

    fn leave(&mut self, id: U256, length: Shares) {
        let held = self.positions.get_mut(&id).expect("it was opened");
        let tick = held.position.lane;
        let lane = self.lanes.get_mut(&tick.0).expect("a lane");
        book::leave(lane, &mut held.position.lot, length).expect("a book in order");
        self.left(tick);
    }

    /// Somebody left a lane: a settlement that has counted bids begins anew.
    fn left(&mut self, tick: Tick) {
        if tick != Tick::PAR {
            let waits = !book::pending(&self.lanes[&tick.0]).expect("a book in order").is_zero();
            self.occupied.set_bit(tick.0.into(), waits);
            self.walk = Walk::START;
        }
    }

    fn settle(&mut self, whole_from: u16, [whole, part, par]: [Shares; 3]) {
        let (price, premium, assets) = self.settled.take().expect("the epoch was settled");
        let (rate, at_par) = (Rate::at(price, premium), Rate::at(price, Tick::PAR));
        if !whole.is_zero() {
            self.paid.0.insert(self.settlements, (rate, premium));
            for (tick, lane) in &mut self.lanes {
                if u16::from(*tick) >= whole_from && self.occupied.bit((*tick).into()) && Tick(*tick) != Tick::PAR {
                    book::fill_all(lane, self.settlements);
                    self.occupied.set_bit((*tick).into(), false);
                }
            }
        }
        for (tick, shares, rate) in [(premium, part, rate), (Tick::PAR, par, at_par)] {
            if !shares.is_zero() {
                let lane = self.lanes.get_mut(&tick.0).expect("a lane");
                book::fill_part(lane, shares, rate).expect("as many wait");
            }
        }
        let paid = rate.times(whole).wrapping_plus(rate.times(part)).wrapping_plus(at_par.times(par));
        let (rounded, fraction) = paid.split().expect("assets");
        assert_eq!(rounded, assets, "what was paid");
        let mut dust = self.dust.wrapping_minus(fraction);
        dust.level(assets).expect("dust");
        self.dust = dust;
        self.walk = Walk::START;
    }

    pub(super) fn image(&self, deployed: &Deployed) -> Image {
        let mut image = Image::of("Qev");
        for (field, address) in [
            ("vault", deployed.suite.susdai),
            ("usdai", deployed.suite.usdai),
            ("settlement", self.settlement),
            ("router", deployed.suite.router),
            ("due_days", self.due_days),
        ] {
            image.field(field, account(address));
        }
        image.field("last_position", U256::from(self.last));
        let clock = U256::from(self.schedule.genesis)
            | U256::from(self.schedule.epoch_seconds) << 64
            | U256::from(self.schedule.reveal_seconds) << 96
            | U256::from(self.first_unsettled) << 128
            | U256::from(self.cut.windows) << 192;
        image.field("clock.clock", clock);
        let mark = |mark: Mark| mark.tail.to_u256() | U256::from(mark.entries) << 112;
        image.field("clock.latest", mark(self.cut.latest));
        image.field("clock.previous", mark(self.cut.previous));
        self.ledger.image(&mut image, |controller| {
            let list = self.listed.get(&controller).map(Vec::as_slice).unwrap_or_default();
            let placed = list.iter().zip(1usize..).map(|(number, place)| U256::from(*number) << (32 * place));
            placed.fold(U256::ZERO, |word, number| word | number)
        });
        let titles = image.map("ledger.titles");
        for (id, owner) in self.ledger.owners().filter(|(id, _)| self.positions[id].titled) {
            image.set(&titles.at(id), account(owner));
        }
        let positions = image.map("positions");
        for (id, held) in &self.positions {
            let place = positions.at(*id);
            if self.ledger.owner(*id).is_some() {
                held.image(&mut image, &place);
            } else {
                assert!(held.position.is_finished(), "{id} was burnt with {held:?}");
                // What was sealed when all of it was claimed.
                image.unread(&place.word(2));
            }
        }
        let births = image.map("births");
        for (number, born_to) in &self.births {
            image.set(&births.at(U256::from(*number)), account(*born_to));
        }
        let lanes = image.map("book.lanes");
        for (tick, lane) in &self.lanes {
            let place = lanes.at(U256::from(*tick));
            image.set(&place, lane.line);
            image.set(&place.word(1), lane.front);
            for (key, word) in &lane.kept {
                image.set(&place.word(2).at(*key), *word);
            }
        }
        image.field("book.occupied", self.occupied);
        let records = image.map("book.settlements.records");
        for (settlement, (rate, premium)) in &self.paid.0 {
            image.set(&records.at(U256::from(*settlement)), rate.0 | U256::from(premium.0) << 144);
        }
        let desk = self.forfeited.to_u256()
            | U256::from(self.settlements) << 96
            | U256::from(256 - self.walk.from) << 144
            | self.walk.above.to_u256() << 160;
        image.field("book.desk", desk);
        image.field("book.dust", self.dust.0);
        image
    }
}

impl Held {
    fn image(&self, image: &mut Image, place: &Place) {
        let Position {
            lane,
            lot,
            bank,
            committed,
            max_tick,
        } = self.position;
        let pieces = u64::from(book::PIECES);
        // The whole is 1, its halves 2 and 3, its quarters 4 to 7, and so on.
        let piece = (pieces + lot.last % pieces + 1) / u64::from(lot.width) - 1;
        let word = lot.start.to_u256()
            | lot.length.to_u256() << 112
            | U256::from(lane.0) << 208
            | U256::from(lot.last / pieces) << 216
            | U256::from(piece) << 248
            | U256::from(committed != 0) << 253
            | U256::from(!bank.is_nothing()) << 254
            | U256::from(self.titled) << 255;
        image.set(place, word);
        image.set(&place.word(1), bank.shares.to_u256() | U256::from(bank.assets.0) << 128);
        if committed != 0 {
            let terms = U256::from(max_tick.0) | U256::from(committed) << 8;
            image.set(&place.word(2), U256::from_be_bytes(self.commitment.0) | terms);
        }
    }
}

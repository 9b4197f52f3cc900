//! Where the books are kept: what is read and written together is one word here.

use alloc::{vec, vec::Vec};

use alloy_primitives::{Address, B256, U256};
use fixed_point::Checked;
use stylus_sdk::{
    prelude::*,
    storage::{StorageMap, StorageU256},
};

use crate::{
    book::{self, Front, Lane, Line, Lot, Settlements},
    clearing::{Demand, Walk},
    epochs::{Cut, Mark, Schedule},
    positions::{Claim, Position},
    units::{Assets, Exact, Rate, Shares, Tick},
    words::{bits, bits_u32, bits_u64, bits_u8, word, Place, Words},
};

/// The schedule, what is settled, and the latest window that the cut knows of: one word, which every entry reads. The cut: two more.
#[storage]
pub struct StoredClock {
    clock: StorageU256,
    latest: StorageU256,
    previous: StorageU256,
}

/// What every entry reads, and every settlement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clock {
    pub(crate) schedule: Schedule,
    /// The first epoch that is not settled.
    pub(crate) first_unsettled: u64,
    /// How many windows the cut knows of.
    pub(crate) cut_windows: u64,
}

/// The lanes, and what settlements paid.
#[storage]
pub struct StoredBook {
    lanes: StorageMap<U256, StoredLane>,
    /// A bit for each lane of bids in which anybody waits, and always the lowest.
    occupied: StorageU256,
    settlements: StoredSettlements,
    desk: StorageU256,
    /// Exact assets that the queue holds and owes nobody; negative (in two's complement) by what settlements rounded off.
    dust: StorageU256,
}

/// Counts, and a settlement that is under way: one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Desk {
    /// How many settlements there were.
    pub(crate) settlements: u32,
    /// Forfeited shares that are still to be burnt.
    pub(crate) forfeited: Shares,
    /// How far a settlement has walked.
    pub(crate) walk: Walk,
}

/// What settlements paid for the bids that they filled.
#[storage]
pub struct StoredSettlements {
    records: StorageMap<U256, StorageU256>,
}

/// A lane, as [`qev_book::words`] lays it out.
#[storage]
pub struct StoredLane {
    line: StorageU256,
    front: StorageU256,
    /// The rest, under the keys that [`Place`] has.
    words: StorageMap<U256, StorageU256>,
}

/// A position: its place in one word; and while there is any, what was taken out and not paid, and the bid that it has sealed.
#[storage]
pub struct StoredPosition {
    place: StorageU256,
    bank: StorageU256,
    bid: StorageU256,
}

/// A position with who holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Holding {
    pub(crate) id: U256,
    /// The controller; never zero.
    pub(crate) owner: Address,
    /// Whether the ledger knows that; if not, the id says it.
    pub(crate) titled: bool,
    /// Whether there is anything in the bank in storage.
    banked: bool,
    pub(crate) position: Position,
}

impl Holding {
    /// One that is not in storage yet.
    pub(crate) fn new(id: U256, owner: Address, position: Position) -> Self {
        Self {
            id,
            owner,
            titled: false,
            banked: false,
            position,
        }
    }
}

/// The id of position `number`, opened for `controller`: the address, and 96 bits of number. So a position need not say whose it is before
/// it is sold.
pub(crate) fn id_of(controller: Address, number: u64) -> U256 {
    let born = U256::from_be_bytes(controller.into_word().0);
    born << 96_usize | small(number)
}

/// For whom the position was opened.
pub(crate) fn born_to(id: &U256) -> Address {
    Address::from_word((*id >> 96_usize).to_be_bytes::<32>().into())
}

/// The number of a position, which no two have.
pub(crate) fn number_of(id: &U256) -> u64 {
    id.as_limbs()[0]
}

/// A number as a word.
fn small(number: u64) -> U256 {
    U256::from_limbs([number, 0, 0, 0])
}

fn pack_mark(mark: Mark) -> U256 {
    word(&[(0, mark.tail.0), (112, mark.entries.into())])
}

fn unpack_mark(word: &U256) -> Mark {
    Mark {
        tail: Shares(bits(word, 0, 112)),
        entries: bits_u32(word, 112),
    }
}

impl StoredClock {
    pub(crate) fn read(&self) -> Clock {
        let word = self.clock.get();
        Clock {
            schedule: Schedule {
                genesis: bits_u64(&word, 0),
                epoch_seconds: bits_u32(&word, 64),
                reveal_seconds: bits_u32(&word, 96),
            },
            first_unsettled: bits_u64(&word, 128),
            cut_windows: bits_u64(&word, 192),
        }
    }

    pub(crate) fn write(&mut self, clock: &Clock) {
        self.clock.set(word(&[
            (0, clock.schedule.genesis.into()),
            (64, clock.schedule.epoch_seconds.into()),
            (96, clock.schedule.reveal_seconds.into()),
            (128, clock.first_unsettled.into()),
            (192, clock.cut_windows.into()),
        ]));
    }

    pub(crate) fn cut(&self, clock: &Clock) -> Cut {
        Cut {
            windows: clock.cut_windows,
            latest: unpack_mark(&self.latest.get()),
            previous: unpack_mark(&self.previous.get()),
        }
    }

    /// Replaces the cut, and the clock's note of it.
    pub(crate) fn set_cut(&mut self, clock: &mut Clock, cut: Cut) {
        clock.cut_windows = cut.windows;
        self.write(clock);
        self.latest.set(pack_mark(cut.latest));
        self.previous.set(pack_mark(cut.previous));
    }
}

impl Settlements for StoredSettlements {
    fn rate(&self, settlement: u32) -> Rate {
        // The premium stands in the eight bits above.
        Rate(self.records.get(small(settlement.into())) << 112 >> 112)
    }
}

impl StoredSettlements {
    pub(crate) fn record(&mut self, settlement: u32, rate: Rate, premium: Tick) {
        self.records
            .setter(small(settlement.into()))
            .set(rate.0 | word(&[(144, premium.0.into())]));
    }
}

impl StoredBook {
    pub(crate) fn lane(&self, tick: Tick) -> impl core::ops::Deref<Target = StoredLane> + '_ {
        self.lanes.getter(small(tick.0.into()))
    }

    /// A lane, to be changed, and what settlements paid.
    pub(crate) fn parts(&mut self, tick: Tick) -> (impl core::ops::DerefMut<Target = StoredLane> + '_, &StoredSettlements) {
        (self.lanes.setter(small(tick.0.into())), &self.settlements)
    }

    pub(crate) fn settlements(&self) -> &StoredSettlements {
        &self.settlements
    }

    pub(crate) fn record(&mut self, settlement: u32, rate: Rate, premium: Tick) {
        self.settlements.record(settlement, rate, premium);
    }

    pub(crate) fn desk(&self) -> Desk {
        let word = self.desk.get();
        // How far below 256 it is: a desk of zeros has a walk that has not begun.
        let walked = bits(&word, 144, 16);
        Desk {
            settlements: bits_u32(&word, 96),
            forfeited: Shares(bits(&word, 0, 96)),
            walk: Walk {
                from: 256 - u16::try_from(walked).unwrap_or(0),
                above: Shares(bits(&word, 160, 96)),
            },
        }
    }

    /// # Errors
    /// Overflow if more than 96 bits of shares wait or are forfeited.
    pub(crate) fn set_desk(&mut self, desk: &Desk) -> Checked<()> {
        let narrow = |shares: Shares| Shares((1 << 96) - 1).minus(shares).map(|_| shares.0);
        let walked = u128::from(256 - desk.walk.from);
        self.desk.set(word(&[
            (0, narrow(desk.forfeited)?),
            (96, desk.settlements.into()),
            (144, walked),
            (160, narrow(desk.walk.above)?),
        ]));
        Ok(())
    }

    pub(crate) fn dust(&self) -> Exact {
        Exact(self.dust.get())
    }

    pub(crate) fn set_dust(&mut self, dust: Exact) {
        if dust != self.dust() {
            self.dust.set(dust.0);
        }
    }

    /// `gained` is owed to nobody any more.
    pub(crate) fn add_dust(&mut self, gained: Exact) {
        if gained != Exact::ZERO {
            self.set_dust(self.dust().wrapping_plus(gained));
        }
    }

    /// Makes the words that every lane has, which the first to enter it would have to pay for: to change one that is not zero costs less
    /// than a quarter. An entry that nobody made is of no matter, and a tree has a level as soon as it has a void.
    pub(crate) fn prepare(&mut self) {
        self.occupied.set(small(1));
        for tick in 0..=Tick::TOP.0 {
            self.lanes.setter(small(tick.into())).set_line(Line {
                entries: 1,
                ..Line::default()
            });
        }
        self.lanes.setter(small(Tick::PAR.0.into())).set_front(Front {
            height: 1,
            ..Front::default()
        });
    }

    /// Notes whether anybody waits in a lane of bids.
    pub(crate) fn note_occupied(&mut self, tick: Tick, waits: bool) {
        if tick == Tick::PAR {
            return;
        }
        let mut occupied = self.occupied.get();
        if occupied.bit(tick.0.into()) != waits {
            occupied.set_bit(tick.0.into(), waits);
            self.occupied.set(occupied);
        }
    }

    /// Fills all lanes from `whole_from` on.
    pub(crate) fn fill_from(&mut self, whole_from: u16, settlement: u32) {
        let mut occupied = self.occupied.get();
        let mut from = 256;
        while let Some(tick) = highest_below(&occupied, from).filter(|tick| u16::from(tick.0) >= whole_from) {
            book::fill_all(&mut *self.lanes.setter(small(tick.0.into())), settlement);
            occupied.set_bit(tick.0.into(), false);
            from = tick.0.into();
        }
        if from != 256 {
            self.occupied.set(occupied);
        }
    }
}

/// The highest lane of bids below `tick` whose bit is set.
fn highest_below(occupied: &U256, tick: u16) -> Option<Tick> {
    let below = match usize::from(256 - tick) {
        0 => *occupied,
        above => *occupied << above >> above,
    };
    let tick = u8::try_from(below.bit_len().checked_sub(1)?).ok().map(Tick);
    tick.filter(|tick| *tick != Tick::PAR)
}

impl Demand for StoredBook {
    fn below(&self, tick: u16) -> Option<Tick> {
        highest_below(&self.occupied.get(), tick)
    }

    fn pending(&self, tick: Tick) -> Checked<Shares> {
        book::pending(&*self.lane(tick))
    }
}

impl Words for StoredLane {
    #[inline(never)]
    fn get(&self, place: Place) -> U256 {
        match place.key() {
            Some(key) => self.words.get(key),
            None if place == Place::Line => self.line.get(),
            None => self.front.get(),
        }
    }

    #[inline(never)]
    fn set(&mut self, place: Place, word: U256) {
        match place.key() {
            Some(key) => self.words.setter(key).set(word),
            None if place == Place::Line => self.line.set(word),
            None => self.front.set(word),
        }
    }
}

/// Where the fields of a position's place begin in its word. It fills all 256 bits.
mod place {
    pub(super) const START: usize = 0;
    pub(super) const LENGTH: usize = 112;
    pub(super) const LANE: usize = 208;
    pub(super) const ENTRY: usize = 216;
    pub(super) const PIECE: usize = 248;
    pub(super) const COMMITTED: usize = 253;
    pub(super) const BANKED: usize = 254;
    pub(super) const TITLED: usize = 255;
}

/// Bits of a word with a sealed bid that are not the commitment's: the epoch plus one, and the highest tick.
const BID_TERMS: usize = 40;

/// The largest lot: 96 bits, 7 × 10^10 whole shares.
pub(crate) const MAX_LOT: Shares = Shares((1 << 96) - 1);

impl StoredPosition {
    /// The position `id`, if there is one. Of one that has a title `holder` finds it.
    pub(crate) fn read(&self, id: U256, holder: impl FnOnce() -> Option<Address>) -> Option<Holding> {
        let word = self.place.get();
        if word.is_zero() {
            return None;
        }
        let (titled, banked) = (word.bit(place::TITLED), word.bit(place::BANKED));
        let owner = if titled { holder()? } else { born_to(&id) };
        let bank = if banked {
            let word = self.bank.get();
            Claim {
                shares: Shares(bits(&word, 0, 128)),
                assets: Assets(bits(&word, 128, 128)),
            }
        } else {
            Claim::default()
        };
        let bid = if word.bit(place::COMMITTED) { self.bid.get() } else { U256::ZERO };
        let (last, width) = ordinals(bits_u32(&word, place::ENTRY), bits(&word, place::PIECE, 5));
        Some(Holding {
            id,
            owner,
            titled,
            banked,
            position: Position {
                lane: Tick(bits_u8(&word, place::LANE)),
                lot: Lot {
                    start: Shares(bits(&word, place::START, 112)),
                    length: Shares(bits(&word, place::LENGTH, 96)),
                    last,
                    width,
                },
                bank,
                committed: bits_u32(&bid, 8),
                max_tick: Tick(bits_u8(&bid, 0)),
            },
        })
    }

    /// Whether there is such a position.
    pub(crate) fn exists(&self) -> bool {
        !self.place.get().is_zero()
    }

    /// Writes a position's place and bank.
    pub(crate) fn write(&mut self, holding: &mut Holding) {
        let Position { lane, lot, bank, .. } = holding.position;
        let was_banked = core::mem::replace(&mut holding.banked, !bank.is_nothing());
        if was_banked || holding.banked {
            self.bank.set(word(&[(0, bank.shares.0), (128, bank.assets.0)]));
        }
        self.place.set(word(&[
            (place::START, lot.start.0),
            (place::LENGTH, lot.length.0),
            (place::LANE, lane.0.into()),
            (place::ENTRY, (lot.last / u64::from(book::PIECES)).into()),
            (place::PIECE, piece(&lot)),
            (place::COMMITTED, (holding.position.committed != 0).into()),
            (place::BANKED, holding.banked.into()),
            (place::TITLED, holding.titled.into()),
        ]));
    }

    /// Forgets everything.
    pub(crate) fn erase(&mut self, holding: &Holding) {
        self.place.set(U256::ZERO);
        if holding.banked {
            self.bank.set(U256::ZERO);
        }
    }

    /// Seals a bid on the terms that the position has; of the commitment the first 27 bytes are kept.
    pub(crate) fn seal(&mut self, position: &Position, commitment: B256) {
        let terms = word(&[(0, position.max_tick.0.into()), (8, position.committed.into())]);
        self.bid.set(U256::from_be_bytes(kept_of(commitment).0) | terms);
    }

    /// What is kept of the commitment of a bid that is sealed.
    pub(crate) fn commitment(&self) -> B256 {
        kept_of(B256::from(self.bid.get()))
    }

    /// The bid that was sealed is no more.
    pub(crate) fn unseal(&mut self) {
        self.bid.set(U256::ZERO);
    }
}

/// The first 27 bytes: to find two openings that share them takes 2^108 tries.
pub(crate) fn kept_of(mut commitment: B256) -> B256 {
    commitment[32 - BID_TERMS / 8..].fill(0);
    commitment
}

/// Which of the pieces that an entry can be cut into a lot is: 1 is the whole, 2 and 3 are its halves, 4 to 7 its quarters, and so on.
fn piece(lot: &Lot) -> u128 {
    let pieces = u64::from(book::PIECES);
    let width = u64::from(lot.width).max(1);
    ((pieces + lot.last % pieces + 1) / width - 1).into()
}

/// The last ordinal, and the number of ordinals, of a piece of an entry.
#[allow(clippy::cast_possible_truncation, reason = "a piece has five bits")]
fn ordinals(entry: u32, piece: u128) -> (u64, u8) {
    let (pieces, piece) = (u64::from(book::PIECES), piece as u64);
    let width = pieces >> (piece | 1).ilog2();
    let behind = (piece + 1) * width - pieces;
    (book::first_ordinal(entry) + behind - 1, width as u8)
}

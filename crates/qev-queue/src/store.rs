//! Where the books are kept: what is read and written together is one word here.

use alloc::{vec, vec::Vec};

use alloy_primitives::{Address, U256};
use erc721_ledger::{Spare, Title};
use fixed_point::Checked;
use stylus_sdk::{
    prelude::*,
    storage::{StorageMap, StorageU256},
};

use crate::{
    book::{self, Fill, Front, Lane, Line, Lot, Settlements},
    clearing::{Demand, Walk},
    epochs::{Cut, Mark, Schedule},
    positions::{Claim, Position},
    units::{Assets, Exact, Rate, Shares, Tick},
    voids::{Node, Void, Voids},
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
    /// A bit for each lane of bids in which anybody waits.
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

/// A lane: two words, the fills on record, two words each, and the tree over its voids.
#[storage]
pub struct StoredLane {
    line: StorageU256,
    front: StorageU256,
    /// Fills, what was paid up to them, nodes and voids: under their numbers, with what they are in the limb above.
    words: StorageMap<U256, StorageU256>,
}

/// What a word in a lane's mapping is. Nodes of level `n` are `NODES + n`.
const FILLS: u64 = 1;
const PAID: u64 = 2;
const VOIDS: u64 = 3;
const NODES: u64 = 4;

/// A position: its piece of the line and its promise in one word; what was taken out and not paid; and the sealed bid.
#[storage]
pub struct StoredPosition {
    range: StorageU256,
    bank: StorageU256,
    pub(crate) commitment: StorageU256,
}

/// A position with who holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Holding {
    pub(crate) id: U256,
    /// The controller; never zero.
    pub(crate) owner: Address,
    /// Its index in the list of those its controller consented to, plus one; 0 if it is not there.
    pub(crate) listed: u32,
    pub(crate) position: Position,
}

/// The bits of a word from `at` on, at most 128 of them.
#[inline(never)]
#[allow(clippy::cast_possible_truncation, reason = "the caller says how many bits there are")]
fn bits(word: &U256, at: usize, count: u32) -> u128 {
    let [low, high, ..] = *(*word >> at).as_limbs();
    let value = u128::from(high) << 64 | u128::from(low);
    if count < 128 {
        value & ((1 << count) - 1)
    } else {
        value
    }
}

/// Fields side by side, each from the bit on that it is given with.
#[inline(never)]
fn word(fields: &[(usize, u128)]) -> U256 {
    fields
        .iter()
        .fold(U256::ZERO, |word, (at, value)| word | Shares(*value).to_u256() << *at)
}

#[allow(clippy::cast_possible_truncation, reason = "a field of 32 bits")]
fn bits_u32(word: &U256, at: usize) -> u32 {
    bits(word, at, 32) as u32
}

#[allow(clippy::cast_possible_truncation, reason = "a field of 64 bits")]
fn bits_u64(word: &U256, at: usize) -> u64 {
    bits(word, at, 64) as u64
}

#[allow(clippy::cast_possible_truncation, reason = "a field of 8 bits")]
fn bits_u8(word: &U256, at: usize) -> u8 {
    bits(word, at, 8) as u8
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
        let walked = bits_u32(&word, 128) >> 16;
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
        self.set_dust(self.dust().wrapping_plus(gained));
    }

    /// Notes whether anybody waits in a lane of bids.
    pub(crate) fn note_occupied(&mut self, tick: Tick, waits: bool) {
        let mut occupied = self.occupied.get();
        if tick != Tick::PAR && occupied.bit(tick.0.into()) != waits {
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

/// The highest lane below `tick` whose bit is set.
fn highest_below(occupied: &U256, tick: u16) -> Option<Tick> {
    let below = match usize::from(256 - tick) {
        0 => *occupied,
        above => *occupied << above >> above,
    };
    u8::try_from(below.bit_len().checked_sub(1)?).ok().map(Tick)
}

impl Demand for StoredBook {
    fn below(&self, tick: u16) -> Option<Tick> {
        highest_below(&self.occupied.get(), tick)
    }

    fn pending(&self, tick: Tick) -> Checked<Shares> {
        book::pending(&*self.lane(tick))
    }
}

impl StoredLane {
    #[inline(never)]
    fn word(&self, kind: u64, number: u64) -> U256 {
        self.words.get(U256::from_limbs([number, kind, 0, 0]))
    }

    #[inline(never)]
    fn set_word(&mut self, kind: u64, number: u64, word: U256) {
        self.words.setter(U256::from_limbs([number, kind, 0, 0])).set(word);
    }
}

impl Voids for StoredLane {
    fn node(&self, level: u8, number: u64) -> Node {
        let word = self.word(NODES + u64::from(level), number);
        Node {
            shares: Shares(bits(&word, 0, 128)),
            children: bits(&word, 128, 128),
        }
    }

    fn set_node(&mut self, level: u8, number: u64, node: Node) {
        self.set_word(NODES + u64::from(level), number, word(&[(0, node.shares.0), (128, node.children)]));
    }

    fn void(&self, ordinal: u64) -> Void {
        let word = self.word(VOIDS, ordinal);
        Void {
            start: Shares(bits(&word, 0, 128)),
            length: Shares(bits(&word, 128, 128)),
        }
    }

    fn set_void(&mut self, ordinal: u64, void: Void) {
        self.set_word(VOIDS, ordinal, word(&[(0, void.start.0), (128, void.length.0)]));
    }
}

impl Lane for StoredLane {
    fn line(&self) -> Line {
        let word = self.line.get();
        Line {
            tail: Shares(bits(&word, 0, 112)),
            live: Shares(bits(&word, 112, 112)),
            entries: bits_u32(&word, 224),
        }
    }

    fn set_line(&mut self, line: Line) {
        self.line
            .set(word(&[(0, line.tail.0), (112, line.live.0), (224, line.entries.into())]));
    }

    fn front(&self) -> Front {
        let word = self.front.get();
        Front {
            filled: Shares(bits(&word, 0, 112)),
            cleared: bits_u32(&word, 112),
            fills: bits_u32(&word, 144),
            height: bits_u8(&word, 176),
        }
    }

    fn set_front(&mut self, front: Front) {
        self.front.set(word(&[
            (0, front.filled.0),
            (112, front.cleared.into()),
            (144, front.fills.into()),
            (176, front.height.into()),
        ]));
    }

    fn fill(&self, index: u32) -> Fill {
        let word = self.word(FILLS, index.into());
        Fill {
            end: Shares(bits(&word, 0, 112)),
            rate: Rate(word >> 112),
        }
    }

    fn paid_up_to(&self, index: u32) -> Exact {
        Exact(self.word(PAID, index.into()))
    }

    fn record(&mut self, index: u32, fill: Fill, paid: Exact) {
        self.set_word(FILLS, index.into(), fill.rate.0 << 112 | word(&[(0, fill.end.0)]));
        self.set_word(PAID, index.into(), paid.0);
    }
}

/// Set in the byte of the width: something is in the bank.
const BANKED: u8 = 128;

impl StoredPosition {
    /// The position, whose title in the ledger is `title`.
    pub(crate) fn read(&self, id: U256, title: &Title) -> Holding {
        let spare = title.spare;
        let [lane, width, last @ .., a, b, c, d] = spare;
        let range = self.range.get();
        let bank = if width & BANKED == 0 {
            Claim::default()
        } else {
            let word = self.bank.get();
            Claim {
                shares: Shares(bits(&word, 0, 128)),
                assets: Assets(bits(&word, 128, 128)),
            }
        };
        Holding {
            id,
            owner: title.owner,
            listed: u32::from_be_bytes([a, b, c, d]),
            position: Position {
                lane: Tick(lane),
                lot: Lot {
                    start: Shares(bits(&range, 0, 112)),
                    length: Shares(bits(&range, 112, 104)),
                    last: last.iter().fold(0, |last, byte| last << 8 | u64::from(*byte)),
                    width: width & !BANKED,
                },
                bank,
                committed: bits_u32(&range, 216),
                max_tick: Tick(bits_u8(&range, 248)),
            },
        }
    }

    /// Writes what is not beside the owner.
    pub(crate) fn write(&mut self, position: &Position, was_banked: bool) {
        self.range.set(word(&[
            (0, position.lot.start.0),
            (112, position.lot.length.0),
            (216, position.committed.into()),
            (248, position.max_tick.0.into()),
        ]));
        if was_banked || !position.bank.is_nothing() {
            self.bank.set(word(&[(0, position.bank.shares.0), (128, position.bank.assets.0)]));
        }
    }

    /// Forgets everything.
    pub(crate) fn erase(&mut self, was_banked: bool) {
        self.range.set(U256::ZERO);
        if was_banked {
            self.bank.set(U256::ZERO);
        }
    }
}

/// The largest lot: 104 bits, 2 × 10^13 whole shares.
pub(crate) const MAX_LOT: Shares = Shares((1 << 104) - 1);

impl Holding {
    /// What is kept beside the owner.
    pub(crate) fn spare(&self) -> Spare {
        let Position { lane, lot, bank, .. } = self.position;
        let banked = if bank.is_nothing() { 0 } else { BANKED };
        let [_, _, last @ ..] = lot.last.to_be_bytes();
        let mut spare = [0; 12];
        spare[0] = lane.0;
        spare[1] = lot.width | banked;
        spare[2..8].copy_from_slice(&last);
        spare[8..].copy_from_slice(&self.listed.to_be_bytes());
        spare
    }
}

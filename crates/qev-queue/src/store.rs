//! Where the books are kept: what shares a word is written side by side here.

use alloc::vec::Vec;

use alloy_primitives::{Address, U128, U32, U64, U8};
use fixed_point::Checked;
use stylus_sdk::{
    prelude::*,
    storage::{StorageAddress, StorageMap, StorageU128, StorageU32, StorageU64, StorageU8, StorageVec},
};

use crate::{
    book::{Checkpoint, Checkpoints, Claim, Lane, Position},
    epochs::{Cut, Schedule},
    units::{Assets, PositionId, Shares, Tick},
};

/// The schedule, what is settled, and the window that the cut knows: one word, which every entry and settlement reads.
#[storage]
pub struct StoredClock {
    genesis: StorageU64,
    epoch_seconds: StorageU32,
    reveal_seconds: StorageU32,
    /// The first epoch that is not settled.
    first_unsettled: StorageU64,
    cut_windows: StorageU64,
    // The next word.
    cut_latest: StorageU128,
    cut_previous: StorageU128,
}

/// A lane and its checkpoints.
#[storage]
pub struct StoredLane {
    tail: StorageU128,
    head: StorageU128,
    checkpoints: StorageVec<StoredCheckpoint>,
}

/// A checkpoint: one word.
#[storage]
pub struct StoredCheckpoint {
    head: StorageU128,
    cumulative_assets: StorageU128,
}

/// A position: three words, of which opening writes two.
#[storage]
pub struct StoredPosition {
    controller: StorageAddress,
    lane: StorageU8,
    opened: StorageU64,
    start: StorageU128,
    length: StorageU128,
    claimed: StorageU128,
    paid: StorageU128,
}

/// A controller's positions in the order of opening.
#[storage]
pub struct StoredOwner {
    /// All before this index are finished.
    pub(crate) first_unfinished: StorageU64,
    pub(crate) positions: StorageVec<StorageU64>,
}

/// Whose a position is and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Who may claim; never zero.
    pub(crate) controller: Address,
    /// The lane it is in.
    pub(crate) lane: Tick,
    /// When it was opened, in seconds.
    pub(crate) opened: u64,
    /// Its piece of the lane.
    pub(crate) position: Position,
}

fn shares(word: &StorageU128) -> Shares {
    Shares(to_u128(word.get()))
}

fn assets(word: &StorageU128) -> Assets {
    Assets(to_u128(word.get()))
}

fn to_u128(value: U128) -> u128 {
    let [low, high] = value.into_limbs();
    u128::from(high) << 64 | u128::from(low)
}

#[allow(clippy::cast_possible_truncation, reason = "the two halves are what is wanted")]
fn to_word(value: u128) -> U128 {
    U128::from_limbs([value as u64, (value >> 64) as u64])
}

pub(crate) fn to_u64(value: U64) -> u64 {
    value.into_limbs()[0]
}

impl StoredClock {
    /// Sets the schedule, once and for all.
    pub(crate) fn start(&mut self, schedule: Schedule) {
        self.genesis.set(U64::from_limbs([schedule.genesis]));
        self.epoch_seconds.set(U32::from_limbs([u64::from(schedule.epoch_seconds)]));
        self.reveal_seconds.set(U32::from_limbs([u64::from(schedule.reveal_seconds)]));
    }

    pub(crate) fn schedule(&self) -> Schedule {
        Schedule {
            genesis: to_u64(self.genesis.get()),
            epoch_seconds: low_half(self.epoch_seconds.get().into_limbs()[0]),
            reveal_seconds: low_half(self.reveal_seconds.get().into_limbs()[0]),
        }
    }

    pub(crate) fn first_unsettled(&self) -> u64 {
        to_u64(self.first_unsettled.get())
    }

    pub(crate) fn set_first_unsettled(&mut self, epoch: u64) {
        self.first_unsettled.set(U64::from_limbs([epoch]));
    }

    /// How many windows the cut knows of, without reading the cut's own word.
    pub(crate) fn cut_windows(&self) -> u64 {
        to_u64(self.cut_windows.get())
    }

    pub(crate) fn cut(&self) -> Cut {
        Cut {
            windows: self.cut_windows(),
            latest: shares(&self.cut_latest),
            previous: shares(&self.cut_previous),
        }
    }

    pub(crate) fn set_cut(&mut self, cut: Cut) {
        self.cut_windows.set(U64::from_limbs([cut.windows]));
        self.cut_latest.set(to_word(cut.latest.0));
        self.cut_previous.set(to_word(cut.previous.0));
    }
}

#[allow(clippy::cast_possible_truncation, reason = "a 32-bit word's only limb")]
fn low_half(limb: u64) -> u32 {
    limb as u32
}

impl StoredLane {
    pub(crate) fn totals(&self) -> Lane {
        Lane {
            tail: shares(&self.tail),
            head: shares(&self.head),
        }
    }

    pub(crate) fn set_tail(&mut self, tail: Shares) {
        self.tail.set(to_word(tail.0));
    }

    /// Lets `filled` out at the front.
    pub(crate) fn fill(&mut self, filled: Claim) -> Checked<()> {
        let next = self.totals().fill(self.checkpoints.last(), filled.shares, filled.assets)?;
        self.head.set(to_word(next.head.0));
        let mut checkpoint = self.checkpoints.grow();
        checkpoint.head.set(to_word(next.head.0));
        checkpoint.cumulative_assets.set(to_word(next.cumulative_assets.0));
        Ok(())
    }

    pub(crate) fn claimable(&self, position: &Position) -> Checked<Claim> {
        position.claimable(&self.totals(), &self.checkpoints)
    }
}

impl Checkpoints for StorageVec<StoredCheckpoint> {
    fn count(&self) -> usize {
        self.len()
    }

    fn at(&self, index: usize) -> Checkpoint {
        match self.getter(index) {
            Some(checkpoint) => Checkpoint {
                head: shares(&checkpoint.head),
                cumulative_assets: assets(&checkpoint.cumulative_assets),
            },
            None => Checkpoint::default(),
        }
    }
}

impl StoredPosition {
    pub(crate) fn open(&mut self, entry: &Entry) {
        self.controller.set(entry.controller);
        self.lane.set(U8::from_limbs([u64::from(entry.lane.0)]));
        self.opened.set(U64::from_limbs([entry.opened]));
        self.start.set(to_word(entry.position.start.0));
        self.length.set(to_word(entry.position.length.0));
    }

    pub(crate) fn set_claimed(&mut self, position: &Position) {
        self.claimed.set(to_word(position.claimed.0));
        self.paid.set(to_word(position.paid.0));
    }
}

/// The position `id`, if there is one.
pub(crate) fn load_position(positions: &StorageMap<u64, StoredPosition>, id: PositionId) -> Option<Entry> {
    let stored = positions.getter(id.0);
    let controller = stored.controller.get();
    if controller.is_zero() {
        return None;
    }
    Some(Entry {
        controller,
        lane: Tick(stored.lane.get().to_le_bytes::<1>()[0]),
        opened: to_u64(stored.opened.get()),
        position: Position {
            start: shares(&stored.start),
            length: shares(&stored.length),
            claimed: shares(&stored.claimed),
            paid: assets(&stored.paid),
        },
    })
}

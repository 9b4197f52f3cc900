//! The storage cache of a frame.

use alloy_primitives::B256;
use std::collections::BTreeMap;

/// Gas that must be left before an access, whatever it will cost.
pub(crate) const REQUIRED_GAS: u64 = 10;

/// A cached word: what the program sees and what the EVM holds, if that is known.
#[derive(Clone, Copy, Debug)]
struct Slot {
    value: B256,
    known: Option<B256>,
}

/// Words that a frame has read or will write.
///
/// A frame sees its own writes at once; the EVM, and with it every other frame, sees them at a flush. Nothing else flushes: not a
/// call, not the end of the frame. The cache does not learn of writes by other frames of the same contract either.
#[derive(Clone, Debug, Default)]
pub struct StorageCache {
    slots: BTreeMap<B256, Slot>,
    reads: u32,
    writes: u32,
}

impl StorageCache {
    /// Counts a read and returns its gas beside that of a miss: 0 up to the 32nd, 2 up to the 128th, then 10.
    pub(crate) fn read_gas(&mut self) -> u64 {
        self.reads = self.reads.saturating_add(1);
        match self.reads {
            0..=32 => 0,
            33..=128 => 2,
            _ => 10,
        }
    }

    /// Counts a write and returns its gas: 0 up to the 8th, 7 up to the 64th, then 10.
    pub(crate) fn write_gas(&mut self) -> u64 {
        self.writes = self.writes.saturating_add(1);
        match self.writes {
            0..=8 => 0,
            9..=64 => 7,
            _ => 10,
        }
    }

    /// The cached word at `key`.
    #[must_use]
    pub fn get(&self, key: B256) -> Option<B256> {
        self.slots.get(&key).map(|slot| slot.value)
    }

    /// Remembers what the EVM holds at `key`.
    pub fn learn(&mut self, key: B256, value: B256) {
        self.slots.insert(key, Slot { value, known: Some(value) });
    }

    /// Writes a word into the cache.
    pub fn set(&mut self, key: B256, value: B256) {
        self.slots
            .entry(key)
            .and_modify(|slot| slot.value = value)
            .or_insert(Slot { value, known: None });
    }

    /// Words that differ from what the EVM is known to hold, in ascending order of keys. They count as written from now on; with
    /// `clear` everything is forgotten.
    pub fn flush(&mut self, clear: bool) -> Vec<(B256, B256)> {
        let changed = |slot: &Slot| slot.known != Some(slot.value);
        let written = self
            .slots
            .iter()
            .filter(|(_, slot)| changed(slot))
            .map(|(key, slot)| (*key, slot.value))
            .collect();
        if clear {
            self.slots.clear();
        }
        for slot in self.slots.values_mut() {
            slot.known = Some(slot.value);
        }
        written
    }
}

//! Epochs, and who is in time for a settlement (PROTOCOL 5.2).

use fixed_point::{ArithmeticError, Checked};

use crate::units::{EpochId, Shares};

/// Epochs of equal length from `genesis` on, the last part of each being its reveal window. Seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// Beginning of epoch 0.
    pub genesis: u64,
    /// Length of an epoch.
    pub epoch_seconds: u32,
    /// Length of its reveal window: more than nothing, less than the epoch.
    pub reveal_seconds: u32,
}

impl Schedule {
    /// Whether the lengths make sense: `0 < reveal < epoch`.
    #[must_use]
    pub fn is_valid(epoch_seconds: u32, reveal_seconds: u32) -> bool {
        0 < reveal_seconds && reveal_seconds < epoch_seconds
    }

    /// The epoch in which `now` lies. Its number is also how many epochs have ended.
    ///
    /// # Errors
    /// Overflow before genesis.
    pub fn epoch(&self, now: u64) -> Checked<EpochId> {
        self.periods(self.since_genesis(now)?).map(EpochId)
    }

    /// When `epoch` ends and the next one begins.
    ///
    /// # Errors
    /// Overflow beyond the end of time.
    pub fn end(&self, epoch: EpochId) -> Checked<u64> {
        let ended = epoch.0.checked_add(1).ok_or(ArithmeticError::Overflow)?;
        let length = ended.checked_mul(u64::from(self.epoch_seconds)).ok_or(ArithmeticError::Overflow)?;
        self.genesis.checked_add(length).ok_or(ArithmeticError::Overflow)
    }

    /// When the reveal window of `epoch` begins, in whose last seconds it is.
    ///
    /// # Errors
    /// As [`Self::end`].
    pub fn reveal_from(&self, epoch: EpochId) -> Checked<u64> {
        self.end(epoch)?
            .checked_sub(u64::from(self.reveal_seconds))
            .ok_or(ArithmeticError::Overflow)
    }

    /// How many reveal windows have begun by `now`: as many as epochs have ended, and one more while a window is open.
    ///
    /// # Errors
    /// Overflow before genesis.
    pub fn windows_begun(&self, now: u64) -> Checked<u64> {
        let shifted = self
            .since_genesis(now)?
            .checked_add(u64::from(self.reveal_seconds))
            .ok_or(ArithmeticError::Overflow)?;
        self.periods(shifted)
    }

    /// Whether the epoch in which `now` lies is in its reveal window: then more windows have begun than epochs have ended.
    ///
    /// # Errors
    /// Overflow before genesis.
    pub fn is_revealing(&self, now: u64) -> Checked<bool> {
        Ok(self.windows_begun(now)? > self.epoch(now)?.0)
    }

    fn since_genesis(&self, now: u64) -> Checked<u64> {
        now.checked_sub(self.genesis).ok_or(ArithmeticError::Overflow)
    }

    fn periods(&self, seconds: u64) -> Checked<u64> {
        seconds
            .checked_div(u64::from(self.epoch_seconds))
            .ok_or(ArithmeticError::DivisionByZero)
    }
}

/// Where a lane's line ended at some moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Shares that had entered.
    pub tail: Shares,
    /// How often anything had.
    pub entries: u32,
}

/// Where the par lane's line ended when the latest two reveal windows began: who entered later waits for the next settlement.
///
/// Nothing happens on chain when a window begins, so the first entry afterwards records it. Two are needed: when an epoch's settlement is
/// so late that the next window has begun, it still goes by its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// How many windows had begun at the latest entry.
    pub windows: u64,
    /// The line when the latest of them began.
    pub latest: Mark,
    /// The line when the one before began.
    pub previous: Mark,
}

impl Cut {
    /// Records that `windows` have begun, before anything is added to the line, which ends at `end`.
    pub fn advance(&mut self, windows: u64, end: Mark) {
        if windows <= self.windows {
            return;
        }
        // A window that nobody recorded began after the latest entry, so the line ended then where it ends now.
        let previous_recorded = self.windows.checked_add(1) == Some(windows);
        self.previous = if previous_recorded { self.latest } else { end };
        self.latest = end;
        self.windows = windows;
    }

    /// Where the line ended when the `windows`-th window began; `None` if where it ends now. Exact for the two latest windows; a
    /// settlement never asks for an earlier one, because at most one window begins between an epoch's end and the next one's.
    #[must_use]
    pub fn at(&self, windows: u64) -> Option<Mark> {
        match windows.cmp(&self.windows) {
            core::cmp::Ordering::Greater => None,
            core::cmp::Ordering::Equal => Some(self.latest),
            core::cmp::Ordering::Less => Some(self.previous),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SCHEDULE: Schedule = Schedule {
        genesis: 1_000,
        epoch_seconds: 100,
        reveal_seconds: 10,
    };

    #[test]
    fn epochs_begin_at_genesis_and_abut() {
        assert_eq!(SCHEDULE.epoch(999), Err(ArithmeticError::Overflow));
        assert_eq!(SCHEDULE.epoch(1_000), Ok(EpochId(0)));
        assert_eq!(SCHEDULE.epoch(1_099), Ok(EpochId(0)));
        assert_eq!(SCHEDULE.epoch(1_100), Ok(EpochId(1)));
        assert_eq!(SCHEDULE.end(EpochId(0)), Ok(1_100));
        assert_eq!(SCHEDULE.end(EpochId(4)), Ok(1_500));
        assert_eq!(SCHEDULE.end(EpochId(u64::MAX)), Err(ArithmeticError::Overflow));
        assert_eq!(SCHEDULE.end(EpochId(u64::MAX - 1)), Err(ArithmeticError::Overflow));
    }

    #[test]
    fn a_window_begins_before_its_epoch_ends() {
        assert_eq!(SCHEDULE.windows_begun(1_000), Ok(0));
        assert_eq!(SCHEDULE.windows_begun(1_089), Ok(0));
        assert_eq!(SCHEDULE.windows_begun(1_090), Ok(1));
        assert_eq!(SCHEDULE.windows_begun(1_189), Ok(1));
        assert_eq!(SCHEDULE.windows_begun(1_190), Ok(2));
        assert_eq!([0, 4].map(|epoch| SCHEDULE.reveal_from(EpochId(epoch))), [Ok(1_090), Ok(1_490)]);
        assert_eq!(SCHEDULE.is_revealing(1_089), Ok(false));
        assert_eq!(SCHEDULE.is_revealing(1_090), Ok(true));
        assert_eq!(SCHEDULE.is_revealing(1_099), Ok(true));
        assert_eq!(SCHEDULE.is_revealing(1_100), Ok(false));
        assert_eq!(SCHEDULE.windows_begun(999), Err(ArithmeticError::Overflow));
    }

    #[test]
    fn lengths_have_to_make_sense() {
        assert!(Schedule::is_valid(2, 1));
        assert!(!Schedule::is_valid(2, 0));
        assert!(!Schedule::is_valid(2, 2));
        assert!(!Schedule::is_valid(0, 0));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// At any time, the tail at the latest ended epoch's window is the sum of what entered before that window.
        #[test]
        fn the_cut_is_what_entered_before_the_window(entries in proptest::collection::vec((0u64..150, 1u128..50), 1..60)) {
            let (mut now, mut cut, mut end) = (SCHEDULE.genesis, Cut::default(), Mark::default());
            let mut log = Vec::new();
            for (wait, shares) in entries {
                now += wait;
                let ended = SCHEDULE.epoch(now).unwrap();
                if let Some(latest) = ended.0.checked_sub(1) {
                    let window = SCHEDULE.end(EpochId(latest)).unwrap() - u64::from(SCHEDULE.reveal_seconds);
                    let expected = log.iter().filter(|(time, _)| *time < window).map(|(_, shares)| *shares).sum();
                    prop_assert_eq!(cut.at(ended.0).unwrap_or(end).tail, Shares(expected));
                    prop_assert_eq!(cut.at(ended.0).unwrap_or(end).entries as usize, log.iter().filter(|(time, _)| *time < window).count());
                }
                cut.advance(SCHEDULE.windows_begun(now).unwrap(), end);
                end.tail = end.tail.plus(Shares(shares)).unwrap();
                end.entries += 1;
                log.push((now, shares));
            }
        }
    }
}

//! What people and programs want to know before they act.

use alloc::vec::Vec;

use alloy_primitives::U256;

use crate::{
    book,
    clearing::{Clearing, Demand, Progress, Walk},
    positions::Position,
    queue::Queue,
    store::Holding,
    units::{Shares, Tick},
    QueueError,
};

impl Queue {
    /// The position as it is once a bond that is lost has been taken off.
    pub(crate) fn after_forfeit(&self, holding: &Holding) -> Result<Position, QueueError> {
        let mut position = holding.position;
        if position.committed == 0 || u64::from(position.committed) > self.epoch_of(&self.clock.read())? {
            return Ok(position);
        }
        position.lot.length = position.lot.length.minus(position.bond()?)?;
        position.committed = 0;
        Ok(position)
    }

    /// Shares of the position that wait.
    pub(crate) fn pending(&self, holding: &Holding) -> Result<Shares, QueueError> {
        let position = self.after_forfeit(holding)?;
        let filled = book::filled_of(&*self.book.lane(position.lane), &position.lot);
        Ok(position.lot.length.minus(filled)?)
    }

    /// Shares before the position in its lane, and in all lanes above.
    pub(crate) fn before(&self, holding: &Holding) -> Result<(Shares, Shares), QueueError> {
        let Position { lane, lot, .. } = holding.position;
        let in_lane = book::ahead(&*self.book.lane(lane), &lot)?;
        let (mut above, mut from) = (Shares::ZERO, 256);
        while let Some(tick) = self.book.below(from).filter(|tick| *tick > lane) {
            above = above.plus(self.book.pending(tick)?)?;
            from = tick.0.into();
        }
        Ok((in_lane, above))
    }

    /// The lanes in which anybody waits, highest first, and the shares that wait there.
    pub(crate) fn depths(&self) -> Result<(Vec<U256>, Vec<U256>), QueueError> {
        let (mut ticks, mut shares, mut from) = (Vec::new(), Vec::new(), 256);
        loop {
            let tick = self.book.below(from).unwrap_or(Tick::PAR);
            let pending = book::pending(&*self.book.lane(tick))?;
            if !pending.is_zero() {
                ticks.push(U256::from(tick.0));
                shares.push(pending.to_u256());
            }
            if tick == Tick::PAR {
                return Ok((ticks, shares));
            }
            from = tick.0.into();
        }
    }

    /// What a settlement would do if the epoch closed now.
    pub(crate) fn estimate(&self) -> Result<Clearing, QueueError> {
        let clock = self.clock.read();
        let epoch = self.epoch_of(&clock)?;
        // The next settlement is of an epoch that has ended, or else of this one.
        let ended = if clock.first_unsettled < epoch { epoch } else { epoch + 1 };
        let terms = self.terms(&clock, ended)?;
        match terms.clear(&self.book, Walk::START, u64::MAX)? {
            Progress::Cleared(clearing) => Ok(clearing),
            Progress::Unfinished(_) => Ok(Clearing::NOBODY),
        }
    }
}

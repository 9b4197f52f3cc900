//! Bids: sealing, opening, abandoning, withdrawing (PROTOCOL 5.2).

use alloy_primitives::{B256, U256};
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    book,
    queue::Queue,
    store::{kept_of, Clock, Holding},
    units::{EpochId, Tick},
    BidAbandoned, BidCommitted, BidRevealed, BidSealed, BiddingEnded, EpochNotSettled, InvalidTick, LengthMismatch, NoBid, NotBidding,
    PositionMoved, QueueError, RevealNotBegun, TickAboveMaximum, WrongOpening, ZeroAmount,
};

impl Queue {
    /// See [`Queue::commit_bid`].
    pub(crate) fn run_commit(&mut self, position: U256, commitment: B256, max_tick: u8) -> Result<(), QueueError> {
        if commitment.is_zero() {
            return Err(ZeroAmount {}.into());
        }
        let mut holding = self.own(position)?;
        let clock = self.clock.read();
        let epoch = self.require_bidding(&clock)?;
        // What is filled is owed already. A bid is for what waits, and so is its bond, which is a part of what is left in the lane.
        self.harvest(&mut holding)?;
        if holding.position.lot.length.is_zero() {
            return Err(ZeroAmount {}.into());
        }
        holding.position.committed = promised_for(epoch)?;
        holding.position.max_tick = Tick(max_tick);
        self.positions.setter(position).seal(&holding.position, commitment);
        self.save(&mut holding)?;
        BidCommitted {
            position,
            epoch: U256::from(epoch),
            commitment,
            maxTick: max_tick,
        }
        .emit(self.vm());
        Ok(())
    }

    /// See [`Queue::abandon_bid`].
    pub(crate) fn run_abandon(&mut self, position: U256) -> Result<(), QueueError> {
        let mut holding = self.own(position)?;
        let clock = self.clock.read();
        let epoch = self.epoch_of(&clock)?;
        if holding.position.committed == 0 {
            return Err(no_bid(position, epoch));
        }
        if clock.schedule.is_revealing(self.vm().block_timestamp())? {
            self.take_bond(&mut holding)?;
        } else {
            holding.position.committed = 0;
            holding.position.max_tick = Tick::PAR;
            self.positions.setter(position).unseal();
            self.save(&mut holding)?;
        }
        BidAbandoned { position }.emit(self.vm());
        Ok(())
    }

    /// See [`Queue::reveal_bid`].
    pub(crate) fn run_reveal(&mut self, position: U256, tick: u8, salt: B256) -> Result<(), QueueError> {
        let mut holding = self.own(position)?;
        let mut clock = self.clock.read();
        let (epoch, now) = (self.epoch_of(&clock)?, self.vm().block_timestamp());
        if !clock.schedule.is_revealing(now)? {
            return Err(RevealNotBegun {
                epoch: U256::from(epoch),
                beginsAt: U256::from(clock.schedule.reveal_from(EpochId(epoch))?),
                timestamp: U256::from(now),
            }
            .into());
        }
        if holding.position.committed != promised_for(epoch)? {
            return Err(no_bid(position, epoch));
        }
        let commitment = self.positions.getter(position).commitment();
        let opened = self.sealed(epoch, position, Tick(tick), salt);
        if kept_of(opened) != commitment {
            return Err(WrongOpening {
                position,
                opened,
                commitment,
            }
            .into());
        }
        self.place_bid(&mut holding, Tick(tick), &mut clock)?;
        BidRevealed {
            position,
            epoch: U256::from(epoch),
            tick,
        }
        .emit(self.vm());
        Ok(())
    }

    /// What follows the opening of a bid, however it was opened: the promise is kept, and what waits goes to its lane.
    fn place_bid(&mut self, holding: &mut Holding, tick: Tick, clock: &mut Clock) -> Result<(), QueueError> {
        require_lane(tick)?;
        let highest = holding.position.max_tick;
        if highest != Tick::PAR && tick > highest {
            return Err(TickAboveMaximum {
                position: holding.id,
                tick: U256::from(tick.0),
                maxTick: U256::from(highest.0),
            }
            .into());
        }
        holding.position.committed = 0;
        holding.position.max_tick = Tick::PAR;
        self.positions.setter(holding.id).unseal();
        self.go(holding, tick, clock)
    }

    /// See [`Queue::withdraw_bid`].
    pub(crate) fn run_withdraw(&mut self, position: U256) -> Result<(), QueueError> {
        let mut holding = self.own(position)?;
        if holding.position.lane == Tick::PAR {
            return Err(NotBidding { position }.into());
        }
        self.require_free(&holding)?;
        let mut clock = self.clock.read();
        self.go(&mut holding, Tick::PAR, &mut clock)
    }

    /// All that waits of the position goes to the end of a lane, or stays if it is there already.
    fn go(&mut self, holding: &mut Holding, tick: Tick, clock: &mut Clock) -> Result<(), QueueError> {
        let from = holding.position.lane;
        if from != tick {
            self.harvest(holding)?;
            let waiting = holding.position.lot.length;
            if !waiting.is_zero() {
                let (mut lane, _) = self.book.parts(from);
                book::leave(&mut *lane, &mut holding.position.lot, waiting)?;
                drop(lane);
                self.left(from)?;
                holding.position.lot = self.enter(tick, waiting, clock)?;
                holding.position.lane = tick;
            }
            // Also if nothing waited: what was filled is out of the lane, and whoever rebuilds the books has to know.
            PositionMoved {
                position: holding.id,
                lane: holding.position.lane.0,
                start: holding.position.lot.start.to_u256(),
                shares: waiting.to_u256(),
            }
            .emit(self.vm());
        }
        self.save(holding)
    }

    /// See [`Queue::reveal_bids`].
    pub(crate) fn run_reveal_many(&mut self, positions: &[U256], ticks: &[u8], salts: &[B256]) -> Result<(), QueueError> {
        if positions.len() != ticks.len() || positions.len() != salts.len() {
            return Err(LengthMismatch {}.into());
        }
        for ((position, tick), salt) in positions.iter().zip(ticks).zip(salts) {
            self.run_reveal(*position, *tick, *salt)?;
        }
        Ok(())
    }

    /// See [`Queue::forfeit_bonds`].
    pub(crate) fn run_forfeit(&mut self, positions: &[U256]) -> Result<(), QueueError> {
        for position in positions {
            if let Some(mut holding) = self.find(*position) {
                self.resolve(&mut holding)?;
            }
        }
        Ok(())
    }

    /// The epoch, if bids can be sealed and withdrawn: all that ended are settled, and the reveal window has not begun. So nothing is
    /// filled between the sealing of a bid and the end of its epoch, and nobody withdraws a bid knowing what others bid. Who waits in the par
    /// lane has bid nothing and can leave it at any time, also then: docs/QEV.md says what that does to the premium.
    pub(crate) fn require_bidding(&self, clock: &Clock) -> Result<u64, QueueError> {
        let (epoch, now) = (self.epoch_of(clock)?, self.vm().block_timestamp());
        if clock.first_unsettled < epoch {
            return Err(EpochNotSettled {
                epoch: U256::from(epoch.saturating_sub(1)),
            }
            .into());
        }
        if clock.schedule.is_revealing(now)? {
            return Err(BiddingEnded {
                epoch: U256::from(epoch),
                endedAt: U256::from(clock.schedule.reveal_from(EpochId(epoch))?),
                timestamp: U256::from(now),
            }
            .into());
        }
        Ok(epoch)
    }

    /// Refuses to change where a position stands while it has sealed a bid; one that stands in a lane of bids is bound until what it bids
    /// for is settled, and while others open theirs.
    pub(crate) fn require_free(&self, holding: &Holding) -> Result<(), QueueError> {
        if holding.position.committed != 0 {
            return Err(BidSealed { position: holding.id }.into());
        }
        if holding.position.lane != Tick::PAR {
            self.require_bidding(&self.clock.read())?;
        }
        Ok(())
    }
}

/// Refuses a tick of which there is no lane.
pub(crate) fn require_lane(tick: Tick) -> Result<(), QueueError> {
    if !tick.is_lane() {
        return Err(InvalidTick {
            tick: U256::from(tick.0),
            reserve: U256::from(Tick::RESERVE.0),
        }
        .into());
    }
    Ok(())
}

/// How a position notes that it has sealed a bid for `epoch`.
fn promised_for(epoch: u64) -> Result<u32, QueueError> {
    let next = epoch.checked_add(1).and_then(|next| u32::try_from(next).ok());
    Ok(next.ok_or(fixed_point::ArithmeticError::Overflow)?)
}

fn no_bid(position: U256, epoch: u64) -> QueueError {
    NoBid {
        position,
        epoch: U256::from(epoch),
    }
    .into()
}

//! Positions: reading and writing them, and the list of those that their controller consented to.
//!
//! What a controller can claim through the vault adds up over its list. A position is listed when it is opened, which its controller
//! agreed to, and when its holder says so; not when somebody sends it. So nobody's claims cost more because of what others sent.

use alloy_primitives::{Address, U256, U64};
use interfaces::calls::IVaultRedemptions;
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    queue::Queue,
    store::{Clock, Holding},
    BondForfeited, NotController, PositionListed, QueueError, UnknownPosition,
};

impl Queue {
    /// The position, if there is one.
    pub(crate) fn find(&self, id: U256) -> Option<Holding> {
        let title = self.ledger.find(id)?;
        Some(self.positions.getter(id).read(id, &title))
    }

    pub(crate) fn known(&self, position: U256) -> Result<Holding, QueueError> {
        self.find(position).ok_or_else(|| UnknownPosition { position }.into())
    }

    /// The position, of which the caller may dispose: its holder, who is ERC-721's approved or operator, or the holder's ERC-7540 operator.
    /// A bond that was forfeited is taken off it.
    pub(crate) fn own(&mut self, position: U256) -> Result<Holding, QueueError> {
        let mut holding = self.known(position)?;
        let caller = self.vm().msg_sender();
        // The vault is asked where it would be refused otherwise: nobody else pays for the question.
        if !self.ledger.may_move(caller, holding.owner, position)
            && !IVaultRedemptions::new(self.vault.get()).is_operator(self, holding.owner, caller)?
        {
            return Err(NotController { position, caller }.into());
        }
        self.resolve(&mut holding)?;
        Ok(holding)
    }

    /// Takes off the bond of a bid that was not opened in its epoch; returns whether there was one.
    pub(crate) fn resolve(&mut self, holding: &mut Holding) -> Result<bool, QueueError> {
        if holding.position.committed == 0 {
            return Ok(false);
        }
        let clock = self.clock.read();
        let epoch = self.epoch_of(&clock)?;
        // The epoch of the commitment, plus one, is at most the epoch that is: then it has ended.
        if u64::from(holding.position.committed) > epoch {
            return Ok(false);
        }
        self.take_bond(holding)?;
        Ok(true)
    }

    /// The bond of a position is lost.
    pub(crate) fn take_bond(&mut self, holding: &mut Holding) -> Result<(), QueueError> {
        let tick = holding.position.lane;
        let (mut lane, settlements) = self.book.parts(tick);
        let lost = holding.position.forfeit(&mut *lane, settlements)?;
        drop(lane);
        self.left(tick)?;
        self.book.add_dust(lost.earned);
        let mut desk = self.book.desk();
        desk.forfeited = desk.forfeited.plus(lost.shares)?;
        self.book.set_desk(&desk)?;
        self.positions.setter(holding.id).commitment.set(U256::ZERO);
        self.save(holding)?;
        let (assets, _) = lost.earned.split()?;
        BondForfeited {
            position: holding.id,
            shares: lost.shares.to_u256(),
            assets: assets.to_u256(),
        }
        .emit(self.vm());
        Ok(())
    }

    /// Takes what is filled out of the lane.
    pub(crate) fn harvest(&mut self, holding: &mut Holding) -> Result<(), QueueError> {
        let position = &mut holding.position;
        let fraction = position.harvest(&*self.book.lane(position.lane), self.book.settlements())?;
        self.book.add_dust(fraction);
        Ok(())
    }

    /// Writes the position; one of which nothing is left is burnt.
    pub(crate) fn save(&mut self, holding: &Holding) -> Result<(), QueueError> {
        let id = holding.id;
        let before = self.known(id)?;
        let was_banked = !before.position.bank.is_nothing();
        if holding.position.is_finished() {
            self.unlist(holding)?;
            self.positions.setter(id).erase(was_banked);
            self.ledger.burn(id)?;
            return Ok(());
        }
        self.positions.setter(id).write(&holding.position, was_banked);
        let spare = holding.spare();
        if spare != before.spare() {
            self.ledger.set_spare(id, spare)?;
        }
        Ok(())
    }

    /// Appends a position to its controller's list; returns its index plus one.
    pub(crate) fn list(&mut self, controller: Address, id: U256) -> u32 {
        let mut list = self.lists.setter(controller.into_word().into());
        list.push(U64::from_limbs([id.as_limbs()[0]]));
        u32::try_from(list.len()).unwrap_or(0)
    }

    /// Takes a position off its controller's list; the last one takes its place.
    pub(crate) fn unlist(&mut self, holding: &Holding) -> Result<(), QueueError> {
        let Some(index) = holding.listed.checked_sub(1) else {
            return Ok(());
        };
        let mut list = self.lists.setter(holding.owner.into_word().into());
        let Some(hindmost) = list.pop() else {
            return Ok(());
        };
        let moved = U256::from_limbs([hindmost.into_limbs()[0], 0, 0, 0]);
        if moved != holding.id {
            if let Some(mut place) = list.setter(index) {
                place.set(hindmost);
            }
            drop(list);
            let mut other = self.known(moved)?;
            other.listed = holding.listed;
            self.ledger.set_spare(moved, other.spare())?;
        }
        Ok(())
    }

    /// See [`Queue::set_listed`].
    pub(crate) fn run_set_listed(&mut self, position: U256, listed: bool) -> Result<(), QueueError> {
        let mut holding = self.own(position)?;
        if listed == (holding.listed != 0) || holding.position.is_finished() {
            return Ok(());
        }
        if listed {
            holding.listed = self.list(holding.owner, position);
        } else {
            self.unlist(&holding)?;
            holding.listed = 0;
        }
        self.ledger.set_spare(position, holding.spare())?;
        PositionListed {
            position,
            controller: holding.owner,
            listed,
        }
        .emit(self.vm());
        Ok(())
    }

    /// The `index`-th position in the list of `controller`, from 0 on.
    pub(crate) fn nth(&self, controller: Address, index: usize) -> Option<Holding> {
        let id = self.lists.getter(controller.into_word().into()).get(index)?;
        self.find(U256::from_limbs([id.into_limbs()[0], 0, 0, 0]))
    }

    /// The epoch that is.
    pub(crate) fn epoch_of(&self, clock: &Clock) -> Result<u64, QueueError> {
        Ok(clock.schedule.epoch(self.vm().block_timestamp())?.0)
    }
}

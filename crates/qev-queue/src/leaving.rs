//! Taking shares back, cutting a position in two, and putting two together.

use alloy_primitives::{Address, U256};
use erc20_ledger::foreign::safe_transfer;
use interfaces::calls::IVaultRedemptions;
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    book,
    queue::Queue,
    store::{Holding, MAX_LOT},
    units::{Shares, Tick},
    Cancelled, ExceedsPending, InvalidReceiver, NotAdjacent, PositionSplit, PositionsMerged, QueueError, SharesOutOfRange, TooManyPieces,
    ZeroAmount,
};

impl Queue {
    /// See [`Queue::cancel`].
    pub(crate) fn run_cancel(&mut self, position: U256, shares: U256, receiver: Address) -> Result<U256, QueueError> {
        self.require_receiver(receiver)?;
        let mut holding = self.own(position)?;
        self.require_free(&holding)?;
        self.require_allowed(holding.owner, receiver)?;
        self.harvest(&mut holding)?;
        let pending = holding.position.lot.length;
        let leaving = if shares == U256::MAX {
            pending
        } else {
            waiting_part(position, shares, pending)?
        };
        if leaving.is_zero() {
            return Err(ZeroAmount {}.into());
        }
        let tick = holding.position.lane;
        let (mut lane, _) = self.book.parts(tick);
        book::leave(&mut *lane, &mut holding.position.lot, leaving)?;
        drop(lane);
        self.left(tick)?;
        self.save(&mut holding)?;
        let shares = leaving.to_u256();
        Cancelled {
            position,
            receiver,
            shares,
        }
        .emit(self.vm());
        let vault = self.vault.get();
        safe_transfer(self, vault, receiver, shares)?;
        Ok(shares)
    }

    /// See [`Queue::split`].
    pub(crate) fn run_split(&mut self, position: U256, shares: U256) -> Result<U256, QueueError> {
        let mut holding = self.own(position)?;
        self.require_uncommitted(&holding)?;
        self.harvest(&mut holding)?;
        let pending = holding.position.lot.length;
        let cut = waiting_part(position, shares, pending)?;
        if cut.is_zero() {
            return Err(ZeroAmount {}.into());
        }
        if cut == pending {
            return Err(exceeds(position, shares, pending));
        }
        if holding.position.lot.width < 2 {
            return Err(TooManyPieces { position }.into());
        }
        let behind = holding.position.split(cut)?;
        self.save(&mut holding)?;
        let id = self.mint(holding.owner, behind);
        PositionSplit {
            position,
            behind: id,
            shares,
        }
        .emit(self.vm());
        Ok(id)
    }

    /// See [`Queue::merge`].
    pub(crate) fn run_merge(&mut self, position: U256, behind: U256) -> Result<(), QueueError> {
        let mut holding = self.own(position)?;
        let mut other = self.own(behind)?;
        self.require_uncommitted(&holding)?;
        self.require_uncommitted(&other)?;
        self.harvest(&mut holding)?;
        self.harvest(&mut other)?;
        let (front, back) = (holding.position, other.position);
        let place = back.lot.start;
        let adjacent = holding.owner == other.owner
            && front.lane == back.lane
            && !front.lot.length.is_zero()
            && !back.lot.length.is_zero()
            && front.lot.end()? == place
            && !(front.lane == Tick::PAR && self.is_cut(place));
        if !adjacent {
            return Err(NotAdjacent { position, behind }.into());
        }
        holding.position.lot.join(&back.lot)?;
        let joined = holding.position.lot.length;
        if joined > MAX_LOT {
            return Err(SharesOutOfRange { shares: joined.to_u256() }.into());
        }
        holding.position.bank = front.bank.plus(back.bank)?;
        other.position.lot.length = Shares::ZERO;
        other.position.bank = crate::positions::Claim::default();
        self.save(&mut other)?;
        self.save(&mut holding)?;
        PositionsMerged { position, behind }.emit(self.vm());
        Ok(())
    }

    /// Whether one of the latest two reveal windows began when the par lane ended at `place`.
    fn is_cut(&self, place: Shares) -> bool {
        let cut = self.clock.cut(&self.clock.read());
        cut.latest.tail == place || cut.previous.tail == place
    }

    fn require_uncommitted(&self, holding: &Holding) -> Result<(), QueueError> {
        if holding.position.committed == 0 {
            return Ok(());
        }
        Err(crate::BidSealed { position: holding.id }.into())
    }

    /// Somebody left a lane: it may be empty, and what a settlement has counted of it is wrong.
    pub(crate) fn left(&mut self, tick: Tick) -> Result<(), QueueError> {
        if tick == Tick::PAR {
            return Ok(());
        }
        let waits = !book::pending(&*self.book.lane(tick))?.is_zero();
        self.book.note_occupied(tick, waits);
        let mut desk = self.book.desk();
        if desk.walk != crate::clearing::Walk::START {
            desk.walk = crate::clearing::Walk::START;
            self.book.set_desk(&desk)?;
        }
        Ok(())
    }

    /// Refuses to move anything from `owner` to `other` at the caller's word if the vault has barred one of the three.
    pub(crate) fn require_allowed(&self, owner: Address, other: Address) -> Result<(), QueueError> {
        let (vault, caller) = (IVaultRedemptions::new(self.vault.get()), self.vm().msg_sender());
        vault.check_allowed(self, owner, other)?;
        if caller != owner && caller != other {
            vault.check_allowed(self, caller, caller)?;
        }
        Ok(())
    }

    /// Refuses receivers that book only what they are told of, and so could never use what they get.
    pub(crate) fn require_receiver(&self, receiver: Address) -> Result<(), QueueError> {
        if receiver.is_zero() || receiver == self.vm().contract_address() || receiver == self.vault.get() {
            return Err(InvalidReceiver { receiver }.into());
        }
        Ok(())
    }
}

/// `requested` shares, if so many wait.
fn waiting_part(position: U256, requested: U256, pending: Shares) -> Result<Shares, QueueError> {
    Shares::from_u256(requested)
        .ok()
        .filter(|shares| *shares <= pending)
        .ok_or_else(|| exceeds(position, requested, pending))
}

fn exceeds(position: U256, requested: U256, pending: Shares) -> QueueError {
    ExceedsPending {
        position,
        requested,
        pending: pending.to_u256(),
    }
    .into()
}

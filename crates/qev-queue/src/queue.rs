//! The shell: storage and external functions.

#![allow(clippy::must_use_candidate, reason = "external functions are called through the ABI")]

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use interfaces::calls::IQueue;
use stylus_sdk::{
    prelude::*,
    storage::{StorageAddress, StorageMap, StorageU64},
};

use crate::{
    book::{Claim, Measure, Position},
    epochs::Schedule,
    store::{load_position, to_u64, Entry, StoredClock, StoredLane, StoredOwner, StoredPosition},
    units::{EpochId, PositionId},
    Claimed, EpochSettled, InvalidEpoch, NoPositionAt, OnlyVault, PositionOpened, QueueError, UnknownPosition, ZeroAddress,
};

/// State of the queue.
#[storage]
pub struct Queue {
    pub(crate) vault: StorageAddress,
    /// The latest position's number; beside the vault, because opening reads that too.
    pub(crate) last_position: StorageU64,
    pub(crate) usdai: StorageAddress,
    router: StorageAddress,
    pub(crate) clock: StoredClock,
    pub(crate) lanes: StorageMap<u8, StoredLane>,
    pub(crate) positions: StorageMap<u64, StoredPosition>,
    pub(crate) owners: StorageMap<Address, StoredOwner>,
}

// SAFETY: `Queue` is the contract's outermost storage struct; nothing else in the program starts at slot zero.
unsafe impl TopLevelStorage for Queue {}

/// The queue in which those wait who want to leave the vault.
#[lean_abi::contract(errors(QueueError), events(PositionOpened, EpochSettled, Claimed), interfaces(IQueue))]
impl Queue {
    /// Starts epoch 0 now. `router` is the authority, `vault` sUSDai, `usdai` what claims are paid in; `epoch_seconds` (30 days) and
    /// `reveal_seconds` (2 days), the last part of each epoch, are the deployer's choice. Nothing of it can be changed.
    ///
    /// # Errors
    /// `ZeroAddress`, `InvalidEpoch`.
    #[constructor]
    pub fn constructor(
        &mut self,
        router: Address,
        vault: Address,
        usdai: Address,
        epoch_seconds: U256,
        reveal_seconds: U256,
    ) -> Result<(), QueueError> {
        if router.is_zero() || vault.is_zero() || usdai.is_zero() {
            return Err(ZeroAddress {}.into());
        }
        let (Some(epoch), Some(reveal)) = (seconds(epoch_seconds), seconds(reveal_seconds)) else {
            return Err(invalid_epoch(epoch_seconds, reveal_seconds));
        };
        if !Schedule::is_valid(epoch, reveal) {
            return Err(invalid_epoch(epoch_seconds, reveal_seconds));
        }
        self.router.set(router);
        self.vault.set(vault);
        self.usdai.set(usdai);
        let genesis = self.vm().block_timestamp();
        self.clock.start(Schedule {
            genesis,
            epoch_seconds: epoch,
            reveal_seconds: reveal,
        });
        Ok(())
    }

    /// The authority.
    pub fn router(&self) -> Address {
        self.router.get()
    }

    /// The vault, sUSDai.
    pub fn vault(&self) -> Address {
        self.vault.get()
    }

    /// What claims are paid in.
    pub fn usdai(&self) -> Address {
        self.usdai.get()
    }

    /// Genesis, length of an epoch, length of its reveal window (seconds), and the first epoch that is not settled.
    #[returns(genesis, epoch_seconds, reveal_seconds, first_unsettled)]
    pub fn schedule(&self) -> (U256, U256, U256, U256) {
        let schedule = self.clock.schedule();
        (
            U256::from(schedule.genesis),
            U256::from(schedule.epoch_seconds),
            U256::from(schedule.reveal_seconds),
            U256::from(self.clock.first_unsettled()),
        )
    }

    /// The current epoch, from 0 on.
    ///
    /// # Errors
    /// `ArithmeticFailed` if the clock stood before genesis, as in every function that asks for the epoch.
    pub fn epoch(&self) -> Result<U256, QueueError> {
        Ok(U256::from(self.current_epoch()?.0))
    }

    /// When the current epoch ends, in seconds.
    ///
    /// # Errors
    /// As `epoch`.
    pub fn epoch_end(&self) -> Result<U256, QueueError> {
        Ok(U256::from(self.clock.schedule().end(self.current_epoch()?)?))
    }

    /// Opens a position of `controller` over `shares`, which the vault has just moved here, at the end of the par lane. Returns its
    /// number. It is filled from the next settlement on, or from the one after if the current epoch's reveal window has begun.
    ///
    /// That `controller` agrees is the vault's to see to (PROTOCOL 5.4). By the vault.
    ///
    /// # Errors
    /// `OnlyVault`, `ZeroAddress`, `ZeroAmount`, `SharesOutOfRange`.
    ///
    /// # Events
    /// `PositionOpened`.
    pub fn open_position(&mut self, controller: Address, shares: U256) -> Result<U256, QueueError> {
        self.run_open(controller, shares)
    }

    /// Settles every epoch that has ended and is not settled, by anyone: fills the par lane from its front, as far as the vault's cash
    /// goes at its redemption price, with what entered before the latest ended epoch's reveal window began. At most `max_steps` steps of
    /// work; all that there can be is one.
    ///
    /// The vault is told also when nothing is filled: its redemption reserve is per settlement (PROTOCOL 3.2).
    ///
    /// # Errors
    /// `ZeroSteps`, `EpochNotEnded`, or what the vault reverts with.
    ///
    /// # Events
    /// `EpochSettled`.
    pub fn settle(&mut self, max_steps: U256) -> Result<(), QueueError> {
        self.run_settle(max_steps)
    }

    /// Pays all that is claimable of `position` to `receiver`; returns the assets. By its controller.
    ///
    /// # Errors
    /// `InvalidReceiver`, `UnknownPosition`, `NotController`, `NothingToClaim`.
    ///
    /// # Events
    /// `Claimed`.
    pub fn claim(&mut self, position: U256, receiver: Address) -> Result<U256, QueueError> {
        self.claim_one(position, receiver).map(|taken| taken.assets.to_u256())
    }

    /// Pays `receiver` what `shares` of the claimable shares of `controller` are worth, oldest positions first, and returns that, rounded
    /// down where a position is claimed in part. By the vault.
    ///
    /// # Errors
    /// `OnlyVault`, `InvalidReceiver`, `ZeroAmount`, `ExceedsClaimable`.
    ///
    /// # Events
    /// `Claimed` for each position touched.
    pub fn claim_shares(&mut self, controller: Address, shares: U256, receiver: Address) -> Result<U256, QueueError> {
        let taken = self.claim_many(controller, Measure::ByShares, shares, receiver)?;
        Ok(taken.assets.to_u256())
    }

    /// Pays `receiver` `assets` of what `controller` can claim, oldest positions first, and returns the shares that takes, rounded up
    /// where a position is claimed in part. By the vault.
    ///
    /// # Errors
    /// `OnlyVault`, `InvalidReceiver`, `ZeroAmount`, `ExceedsClaimable`.
    ///
    /// # Events
    /// `Claimed` for each position touched.
    pub fn claim_assets(&mut self, controller: Address, assets: U256, receiver: Address) -> Result<U256, QueueError> {
        let taken = self.claim_many(controller, Measure::ByAssets, assets, receiver)?;
        Ok(taken.shares.to_u256())
    }

    /// Claimable shares of `controller` over all its positions, and the assets they are worth.
    ///
    /// # Errors
    /// None that a queue in order has: its totals fit 128 bits.
    #[returns(shares, assets)]
    pub fn claimable_of(&self, controller: Address) -> Result<(U256, U256), QueueError> {
        let Claim { shares, assets } = self.claimable_of_all(controller)?;
        Ok((shares.to_u256(), assets.to_u256()))
    }

    /// Shares of `position` that wait; 0 if it is not `controller`'s.
    pub fn pending_shares(&self, position: U256, controller: Address) -> U256 {
        match self.position_of(position, controller) {
            Some(entry) => entry.position.pending(&self.lanes.get(entry.lane.0).totals()).to_u256(),
            None => U256::ZERO,
        }
    }

    /// Shares of `position` that are filled and not claimed; 0 if it is not `controller`'s.
    ///
    /// # Errors
    /// None that a queue in order has, as `claimableOf`.
    pub fn claimable_shares(&self, position: U256, controller: Address) -> Result<U256, QueueError> {
        match self.position_of(position, controller) {
            Some(entry) => Ok(self.claimable_of_entry(&entry)?.shares.to_u256()),
            None => Ok(U256::ZERO),
        }
    }

    /// Controller, lane, start, length, claimed shares, paid assets, and time of opening (seconds) of `position`.
    ///
    /// # Errors
    /// `UnknownPosition`.
    #[allow(clippy::type_complexity, reason = "words of an ABI, named above")]
    #[returns(controller, lane, start, length, claimed, paid, opened)]
    pub fn position(&self, position: U256) -> Result<(Address, u8, U256, U256, U256, U256, U256), QueueError> {
        let (_, entry) = self.known_position(position)?;
        let Position {
            start,
            length,
            claimed,
            paid,
        } = entry.position;
        Ok((
            entry.controller,
            entry.lane.0,
            start.to_u256(),
            length.to_u256(),
            claimed.to_u256(),
            paid.to_u256(),
            U256::from(entry.opened),
        ))
    }

    /// Shares that ever entered lane `tick`, and how many of them were filled.
    #[returns(entered, filled)]
    pub fn lane(&self, tick: u8) -> (U256, U256) {
        let lane = self.lanes.get(tick).totals();
        (lane.tail.to_u256(), lane.head.to_u256())
    }

    /// Shares that have to be filled before the first of `position` is.
    ///
    /// # Errors
    /// `UnknownPosition`.
    pub fn shares_ahead(&self, position: U256) -> Result<U256, QueueError> {
        let (_, entry) = self.known_position(position)?;
        Ok(entry.position.ahead(&self.lanes.get(entry.lane.0).totals()).to_u256())
    }

    /// How many positions `controller` ever opened.
    pub fn position_count(&self, controller: Address) -> U256 {
        U256::from(self.owners.get(controller).positions.len())
    }

    /// The number of the `index`-th position that `controller` opened, from 0 on.
    ///
    /// # Errors
    /// `NoPositionAt`.
    pub fn position_at(&self, controller: Address, index: U256) -> Result<U256, QueueError> {
        u64::try_from(index)
            .ok()
            .and_then(|index| self.owners.get(controller).positions.get(index))
            .map(|id| U256::from(to_u64(id)))
            .ok_or_else(|| NoPositionAt { controller, index }.into())
    }
}

impl Queue {
    pub(crate) fn current_epoch(&self) -> Result<EpochId, QueueError> {
        Ok(self.clock.schedule().epoch(self.vm().block_timestamp())?)
    }

    pub(crate) fn require_vault(&self) -> Result<(), QueueError> {
        let caller = self.vm().msg_sender();
        if caller == self.vault.get() {
            Ok(())
        } else {
            Err(OnlyVault { caller }.into())
        }
    }

    pub(crate) fn known_position(&self, position: U256) -> Result<(PositionId, Entry), QueueError> {
        u64::try_from(position)
            .ok()
            .and_then(|id| Some((PositionId(id), load_position(&self.positions, PositionId(id))?)))
            .ok_or_else(|| UnknownPosition { position }.into())
    }

    /// The position, if there is one and it is `controller`'s.
    fn position_of(&self, position: U256, controller: Address) -> Option<Entry> {
        let (_, entry) = self.known_position(position).ok()?;
        (entry.controller == controller).then_some(entry)
    }
}

/// A length of time, if 32 bits hold it (136 years).
fn seconds(value: U256) -> Option<u32> {
    u32::try_from(value).ok()
}

fn invalid_epoch(epoch: U256, reveal: U256) -> QueueError {
    InvalidEpoch {
        epochSeconds: epoch,
        revealSeconds: reveal,
    }
    .into()
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;

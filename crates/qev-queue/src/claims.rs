//! Claims: what a controller is owed, and paying it.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256, U64};
use erc20_ledger::foreign::safe_transfer;
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    book::{Claim, Measure},
    queue::Queue,
    store::{load_position, to_u64, Entry},
    units::{Assets, PositionId, Shares},
    Claimed, ExceedsClaimable, InvalidReceiver, NotController, NothingToClaim, QueueError, ZeroAmount,
};

impl Queue {
    /// Everything claimable of the position, paid to `receiver`.
    pub(crate) fn claim_one(&mut self, position: U256, receiver: Address) -> Result<Claim, QueueError> {
        self.require_receiver(receiver)?;
        let (id, mut entry) = self.known_position(position)?;
        let caller = self.vm().msg_sender();
        if entry.controller != caller {
            return Err(NotController { position, caller }.into());
        }
        let claimable = self.claimable_of_entry(&entry)?;
        if claimable.shares.is_zero() {
            return Err(NothingToClaim { position }.into());
        }
        let taken = self.take(id, &mut entry, claimable, Measure::ByShares, claimable.shares.0, receiver)?;
        self.pay(receiver, taken.assets)?;
        Ok(taken)
    }

    /// `requested` of what `controller` can claim, over its positions from the oldest on, paid to `receiver` at once.
    ///
    /// The walk ends at the first position that is not finished: there is one lane, so whoever entered later stands behind it. It starts
    /// behind those that are known to be finished, so each is passed once.
    pub(crate) fn claim_many(
        &mut self,
        controller: Address,
        measure: Measure,
        requested: U256,
        receiver: Address,
    ) -> Result<Claim, QueueError> {
        self.require_vault()?;
        self.require_receiver(receiver)?;
        if requested.is_zero() {
            return Err(ZeroAmount {}.into());
        }
        // More than 128 bits are more than there can be.
        let wanted = Shares::from_u256(requested).map_or(u128::MAX, |wanted| wanted.0);
        let (mut total, mut left) = (Claim::default(), wanted);
        let mut index = to_u64(self.owners.get(controller).first_unfinished.get());
        while left != 0 {
            let Some((id, mut entry)) = self.nth_position(controller, index) else {
                break;
            };
            let claimable = self.claimable_of_entry(&entry)?;
            if !claimable.shares.is_zero() {
                let taken = self.take(id, &mut entry, claimable, measure, left, receiver)?;
                // No more is taken than is left to take.
                left = left.saturating_sub(match measure {
                    Measure::ByShares => taken.shares.0,
                    Measure::ByAssets => taken.assets.0,
                });
                total.shares = total.shares.plus(taken.shares)?;
                total.assets = total.assets.plus(taken.assets)?;
            }
            if !entry.position.is_finished() {
                break;
            }
            index += 1;
        }
        let claimed = match measure {
            Measure::ByShares => total.shares.to_u256(),
            Measure::ByAssets => total.assets.to_u256(),
        };
        if claimed != requested {
            return Err(ExceedsClaimable {
                controller,
                requested,
                claimable: claimed,
            }
            .into());
        }
        self.owners.setter(controller).first_unfinished.set(U64::from_limbs([index]));
        self.pay(receiver, total.assets)?;
        Ok(total)
    }

    /// All that `controller` can claim.
    pub(crate) fn claimable_of_all(&self, controller: Address) -> Result<Claim, QueueError> {
        let mut total = Claim::default();
        let mut index = to_u64(self.owners.get(controller).first_unfinished.get());
        while let Some((_, entry)) = self.nth_position(controller, index) {
            let claimable = self.claimable_of_entry(&entry)?;
            total.shares = total.shares.plus(claimable.shares)?;
            total.assets = total.assets.plus(claimable.assets)?;
            // Whoever entered later stands behind: see `claim_many`.
            if entry.position.claimed.plus(claimable.shares)? != entry.position.length {
                break;
            }
            index += 1;
        }
        Ok(total)
    }

    pub(crate) fn claimable_of_entry(&self, entry: &Entry) -> Result<Claim, QueueError> {
        Ok(self.lanes.get(entry.lane.0).claimable(&entry.position)?)
    }

    /// The `index`-th position of `controller`, from 0 on.
    pub(crate) fn nth_position(&self, controller: Address, index: u64) -> Option<(PositionId, Entry)> {
        let id = PositionId(to_u64(self.owners.get(controller).positions.get(index)?));
        Some((id, load_position(&self.positions, id)?))
    }

    /// Books a claim of up to `amount` out of `claimable` and tells of it.
    fn take(
        &mut self,
        id: PositionId,
        entry: &mut Entry,
        claimable: Claim,
        measure: Measure,
        amount: u128,
        receiver: Address,
    ) -> Result<Claim, QueueError> {
        let taken = entry.position.take(claimable, measure, amount)?;
        self.positions.setter(id.0).set_claimed(&entry.position);
        Claimed {
            position: U256::from(id.0),
            controller: entry.controller,
            receiver,
            shares: taken.shares.to_u256(),
            assets: taken.assets.to_u256(),
        }
        .emit(self.vm());
        Ok(taken)
    }

    fn pay(&mut self, receiver: Address, assets: Assets) -> Result<(), Vec<u8>> {
        if assets.is_zero() {
            return Ok(());
        }
        let usdai = self.usdai.get();
        safe_transfer(self, usdai, receiver, assets.to_u256())
    }

    /// Refuses receivers that book only what they are told of, and so could never use the money.
    fn require_receiver(&self, receiver: Address) -> Result<(), QueueError> {
        if receiver.is_zero() || receiver == self.vm().contract_address() || receiver == self.vault.get() {
            return Err(InvalidReceiver { receiver }.into());
        }
        Ok(())
    }
}

//! Claims: what is owed, and paying it.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use erc20_ledger::foreign::safe_transfer;
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    book::Hint,
    positions::{Claim, Measure},
    queue::Queue,
    store::Holding,
    units::{Assets, Shares},
    BelowMinimum, Claimed, ExceedsClaimable, NothingToClaim, QueueError, ZeroAmount,
};

impl Queue {
    /// Everything claimable of the position, paid to `receiver`; see [`Queue::claim`].
    pub(crate) fn run_claim(&mut self, position: U256, receiver: Address, hint: Hint) -> Result<U256, QueueError> {
        self.require_receiver(receiver)?;
        let mut allowed = Address::ZERO;
        let assets = self.book_claim(position, receiver, &mut allowed, hint)?;
        self.pay(receiver, assets)?;
        Ok(assets.to_u256())
    }

    /// See [`Queue::claim_many`].
    pub(crate) fn run_claim_many(&mut self, positions: &[U256], receiver: Address, minimum: U256) -> Result<U256, QueueError> {
        self.require_receiver(receiver)?;
        let (mut total, mut allowed) = (Assets::ZERO, Address::ZERO);
        for position in positions {
            total = total.plus(self.book_claim(*position, receiver, &mut allowed, Hint::NONE)?)?;
        }
        let assets = total.to_u256();
        if assets < minimum {
            return Err(BelowMinimum { assets, minimum }.into());
        }
        self.pay(receiver, total)?;
        Ok(assets)
    }

    /// Books that all of the position is claimed for `receiver`; returns the assets, which are still to be paid. The vault is asked whether
    /// its holder may, unless that is `allowed`, of whom it was asked last.
    fn book_claim(&mut self, position: U256, receiver: Address, allowed: &mut Address, hint: Hint) -> Result<Assets, QueueError> {
        let mut holding = self.own(position)?;
        if holding.owner != *allowed {
            self.require_allowed(holding.owner, receiver)?;
            *allowed = holding.owner;
        }
        self.harvest_at(&mut holding, hint)?;
        let claimed = core::mem::take(&mut holding.position.bank);
        if claimed.shares.is_zero() {
            return Err(NothingToClaim { position }.into());
        }
        self.save(&mut holding)?;
        self.tell(&holding, receiver, claimed);
        Ok(claimed.assets)
    }

    /// `requested` of what `controller` can claim, over the positions of its list, paid to `receiver` at once. By the vault, which has
    /// asked whether anybody is barred.
    pub(crate) fn run_claim_listed(
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
        let mut left = Shares::from_u256(requested).map_or(u128::MAX, |wanted| wanted.0);
        let mut total = Claim::default();
        // The order of the list, in which the last takes the place of one that is finished.
        let (mut list, mut index) = (self.listed(controller), 0);
        while let Some(id) = list.get(index).filter(|_| left != 0) {
            let mut holding = self.known(*id)?;
            self.resolve(&mut holding)?;
            self.harvest(&mut holding)?;
            let taken = holding.position.bank.take(measure, left)?;
            // Assets short of all leave one share behind, so they can be assets for no share.
            if !taken.is_nothing() {
                // No more is taken than is left to take.
                left = left.saturating_sub(measured(measure, taken));
                total = total.plus(taken)?;
                self.save(&mut holding)?;
                self.tell(&holding, receiver, taken);
            }
            if holding.position.is_finished() {
                list.swap_remove(index);
            } else {
                index += 1;
            }
        }
        let claimed = Shares(measured(measure, total)).to_u256();
        if claimed != requested {
            return Err(ExceedsClaimable {
                controller,
                requested,
                claimable: claimed,
            }
            .into());
        }
        self.pay(receiver, total.assets)?;
        Ok(total)
    }

    /// All that `controller` can claim of the positions in its list.
    pub(crate) fn claimable_of_listed(&self, controller: Address) -> Result<Claim, QueueError> {
        let mut total = Claim::default();
        for id in self.listed(controller) {
            total = total.plus(self.claimable(&self.known(id)?)?)?;
        }
        Ok(total)
    }

    /// What could be claimed of a position, a bond that is lost taken off.
    pub(crate) fn claimable(&self, holding: &Holding) -> Result<Claim, QueueError> {
        let position = self.after_forfeit(holding)?;
        let (claim, _) = position.claimable(&*self.book.lane(position.lane), self.book.settlements(), Hint::NONE)?;
        Ok(claim)
    }

    fn tell(&self, holding: &Holding, receiver: Address, claimed: Claim) {
        Claimed {
            position: holding.id,
            controller: holding.owner,
            receiver,
            shares: claimed.shares.to_u256(),
            assets: claimed.assets.to_u256(),
        }
        .emit(self.vm());
    }

    fn pay(&mut self, receiver: Address, assets: Assets) -> Result<(), Vec<u8>> {
        if assets.is_zero() {
            return Ok(());
        }
        let usdai = self.usdai.get();
        safe_transfer(self, usdai, receiver, assets.to_u256())
    }
}

/// The claim in the unit that it is measured in.
fn measured(measure: Measure, claim: Claim) -> u128 {
    match measure {
        Measure::ByShares => claim.shares.0,
        Measure::ByAssets => claim.assets.0,
    }
}

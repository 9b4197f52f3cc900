//! Settling an epoch: what the vault has, how far it goes, who gets it.

use alloy_primitives::U256;
use interfaces::calls::IVaultRedemptions;
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    clearing::fill_par,
    queue::Queue,
    units::{EpochId, Tick},
    EpochNotEnded, EpochSettled, QueueError, ZeroSteps,
};

impl Queue {
    /// See [`Queue::settle`].
    pub(crate) fn run_settle(&mut self, max_steps: U256) -> Result<(), QueueError> {
        if max_steps.is_zero() {
            return Err(ZeroSteps {}.into());
        }
        let EpochId(ended) = self.current_epoch()?;
        let first = self.clock.first_unsettled();
        if ended <= first {
            return Err(EpochNotEnded {
                epoch: U256::from(first),
                endsAt: U256::from(self.clock.schedule().end(EpochId(first))?),
                timestamp: U256::from(self.vm().block_timestamp()),
            }
            .into());
        }
        let vault = IVaultRedemptions::new(self.vault.get());
        let price = vault.redemption_share_price(self)?;
        let cash = vault.cash(self)?;

        let lane = self.lanes.get(Tick::PAR.0).totals();
        let eligible = self.clock.cut().tail_at(ended, lane.tail).less(lane.head);
        let filled = fill_par(eligible, price, cash)?;
        if !filled.shares.is_zero() {
            self.lanes.setter(Tick::PAR.0).fill(filled)?;
        }
        self.clock.set_first_unsettled(ended);
        let (shares, assets) = (filled.shares.to_u256(), filled.assets.to_u256());
        EpochSettled {
            // More epochs have ended than were settled, so at least one has.
            epoch: U256::from(ended - 1),
            shares,
            assets,
            price,
            premium: U256::ZERO,
        }
        .emit(self.vm());
        Ok(vault.fill_redemptions(self, shares, assets, U256::ZERO)?)
    }
}

//! Opening a position.

use alloy_primitives::{Address, U256, U64};
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    book::Position,
    queue::Queue,
    store::{to_u64, Entry},
    units::{PositionId, Shares, Tick},
    PositionOpened, QueueError, SharesOutOfRange, ZeroAddress, ZeroAmount,
};

impl Queue {
    /// See [`Queue::open_position`].
    pub(crate) fn run_open(&mut self, controller: Address, shares: U256) -> Result<U256, QueueError> {
        self.require_vault()?;
        if controller.is_zero() {
            return Err(ZeroAddress {}.into());
        }
        if shares.is_zero() {
            return Err(ZeroAmount {}.into());
        }
        let now = self.vm().block_timestamp();
        let mut lane = self.lanes.get(Tick::PAR.0).totals();
        let before = lane.tail;
        let too_many = |_| QueueError::from(SharesOutOfRange { shares });
        let length = Shares::from_u256(shares).map_err(too_many)?;
        let start = lane.enter(length).map_err(too_many)?;

        let windows = self.clock.schedule().windows_begun(now)?;
        if windows > self.clock.cut_windows() {
            let mut cut = self.clock.cut();
            cut.advance(windows, before);
            self.clock.set_cut(cut);
        }
        self.lanes.setter(Tick::PAR.0).set_tail(lane.tail);
        // A 64-bit count of transactions does not overflow.
        let id = PositionId(to_u64(self.last_position.get()).wrapping_add(1));
        self.last_position.set(U64::from_limbs([id.0]));
        self.positions.setter(id.0).open(&Entry {
            controller,
            lane: Tick::PAR,
            opened: now,
            position: Position {
                start,
                length,
                ..Position::default()
            },
        });
        self.owners.setter(controller).positions.push(U64::from_limbs([id.0]));
        let position = U256::from(id.0);
        PositionOpened {
            position,
            controller,
            lane: Tick::PAR.0,
            start: start.to_u256(),
            shares,
        }
        .emit(self.vm());
        Ok(position)
    }
}

//! Entering a lane: opening a position.

use alloy_primitives::{Address, U256, U64};
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    book::{self, Lane, Lot},
    epochs::Mark,
    positions::Position,
    queue::Queue,
    store::{Clock, Holding, MAX_LOT},
    units::{Shares, Tick},
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
        let length = Shares::from_u256(shares).ok().filter(|length| *length <= MAX_LOT);
        let Some(length) = length else {
            return Err(SharesOutOfRange { shares }.into());
        };
        let mut clock = self.clock.read();
        let lot = self.enter(Tick::PAR, length, &mut clock)?;
        let id = self.next_id();
        self.mint(&Holding {
            id,
            owner: controller,
            listed: 0,
            position: Position {
                lot,
                ..Position::default()
            },
        })?;
        PositionOpened {
            position: id,
            controller,
            lane: Tick::PAR.0,
            start: lot.start.to_u256(),
            shares,
        }
        .emit(self.vm());
        Ok(id)
    }

    /// Puts a new position into the books and into its controller's list.
    pub(crate) fn mint(&mut self, holding: &Holding) -> Result<(), QueueError> {
        let listed = self.list(holding.owner, holding.id);
        let holding = Holding { listed, ..*holding };
        self.ledger.mint(holding.owner, holding.id, holding.spare())?;
        self.positions.setter(holding.id).write(&holding.position, false);
        Ok(())
    }

    pub(crate) fn next_id(&mut self) -> U256 {
        // A 64-bit count of transactions does not overflow.
        let id = self.last_position.get().wrapping_add(U64::from_limbs([1]));
        self.last_position.set(id);
        U256::from_limbs([id.into_limbs()[0], 0, 0, 0])
    }

    /// Lets `length` shares in at the end of a lane.
    pub(crate) fn enter(&mut self, tick: Tick, length: Shares, clock: &mut Clock) -> Result<Lot, QueueError> {
        if tick == Tick::PAR {
            let windows = clock.schedule.windows_begun(self.vm().block_timestamp())?;
            if windows > clock.cut_windows {
                let line = self.book.lane(Tick::PAR).line();
                let mut cut = self.clock.cut(clock);
                cut.advance(
                    windows,
                    Mark {
                        tail: line.tail,
                        entries: line.entries,
                    },
                );
                self.clock.set_cut(clock, cut);
            }
        }
        let (mut lane, settlements) = self.book.parts(tick);
        let entered = book::enter(&mut *lane, settlements, length)?;
        drop(lane);
        self.book.note_occupied(tick, true);
        entered.ok_or_else(|| SharesOutOfRange { shares: length.to_u256() }.into())
    }
}

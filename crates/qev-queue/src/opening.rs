//! Entering a lane: opening a position.

use alloy_primitives::{Address, U256, U64};
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    book::{self, Lane, Lot},
    epochs::Mark,
    positions::Position,
    queue::Queue,
    store::{id_of, Clock, Holding, MAX_LOT},
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
        let position = Position {
            lot,
            ..Position::default()
        };
        let id = self.mint(controller, position);
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

    /// Puts a new position into the books and, if there is room, into its controller's list; its id.
    pub(crate) fn mint(&mut self, controller: Address, position: Position) -> U256 {
        // A 64-bit count of transactions does not overflow.
        let number = self.last_position.get().wrapping_add(U64::from_limbs([1]));
        self.last_position.set(number);
        let id = id_of(controller, number.into_limbs()[0]);
        self.positions.setter(id).write(&mut Holding::new(id, controller, position));
        self.ledger.mint_untitled(controller, id);
        self.list(controller, id);
        id
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
        let entered = if tick == Tick::PAR {
            book::append(&mut *lane, length)?
        } else {
            book::enter(&mut *lane, settlements, length)?
        };
        drop(lane);
        self.book.note_occupied(tick, true);
        entered.ok_or_else(|| SharesOutOfRange { shares: length.to_u256() }.into())
    }
}

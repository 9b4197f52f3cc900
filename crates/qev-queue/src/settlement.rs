//! The second program of the queue: what is asked seldom, and what reads only. It runs on the queue's storage.
//!
//! A program has 24,576 bytes, and the whole queue has more. [`Queue`] is what the vault calls and what everybody pays for; whatever else is
//! asked of it, it hands on by a delegate call to this one, which so has the queue's storage, its address, and its caller. Both know one
//! storage, [`Queue`] itself: there is no second layout that could differ.

use alloc::{string::String, vec, vec::Vec};

use alloy_primitives::{Address, B256, I256, U256};
use erc721_ledger::{Collection, Erc721Ledger, IErc721Metadata, Title, Transfer};
use interfaces::views::IQueueViews;
use stylus_sdk::prelude::*;

use crate::{
    bidding::require_lane,
    book::{self, Hint, Lane},
    positions::Position,
    queue::Queue,
    units::Tick,
    words::word,
    BondForfeited, EpochSettled, LanesFilled, NoPositionAt, PositionSplit, PositionsMerged, QueueError, SettlementAdvanced, Wired,
};

/// The queue's storage, seen from the second program.
#[storage]
pub struct Settlement {
    queue: Queue,
}

// SAFETY: `Settlement` is the program's outermost storage struct, and its only field, which starts where it does, is the queue.
unsafe impl TopLevelStorage for Settlement {}

impl Settlement {
    /// The queue, if this is its storage: a call to this program's own address finds none.
    fn queue(&self) -> Result<&Queue, QueueError> {
        self.queue.require_constructed()?;
        Ok(&self.queue)
    }

    /// As the other, to be changed.
    fn queue_mut(&mut self) -> Result<&mut Queue, QueueError> {
        self.queue.require_constructed()?;
        Ok(&mut self.queue)
    }
}

impl Collection for Settlement {
    type Error = QueueError;
    const NAME: &'static str = Queue::NAME;
    const SYMBOL: &'static str = Queue::SYMBOL;

    fn ledger(&self) -> &Erc721Ledger {
        self.queue.ledger()
    }

    fn ledger_mut(&mut self) -> &mut Erc721Ledger {
        self.queue.ledger_mut()
    }

    fn uri(&self, id: U256) -> Result<String, QueueError> {
        self.queue()?.uri(id)
    }

    fn title(&self, id: U256) -> Result<Title, QueueError> {
        self.queue()?.title_of(id)
    }
}

/// What the queue hands on to its second program; to be called at the queue's address.
#[lean_abi::contract(
    errors(QueueError),
    events(
        BondForfeited,
        PositionSplit,
        PositionsMerged,
        SettlementAdvanced,
        EpochSettled,
        LanesFilled,
        Wired,
        Transfer
    ),
    interfaces(IQueueViews),
    implements(IErc721Metadata)
)]
impl Settlement {
    /// There is nothing to construct: the storage is the queue's.
    #[constructor]
    pub fn constructor(&mut self) {}

    /// Takes the source of due days, which a settlement heeds, over from the router's address book (`DUE_DAYS`); without an entry there is
    /// none. By anybody: the router is the authority.
    ///
    /// # Errors
    /// What the router reverts with.
    ///
    /// # Events
    /// `Wired`.
    pub fn wire(&mut self) -> Result<(), QueueError> {
        self.queue_mut()?.run_wire()
    }

    /// The authority.
    ///
    /// # Errors
    /// `OnlyThroughQueue` at the second program's own address, as in every function here.
    pub fn router(&self) -> Result<Address, QueueError> {
        Ok(self.queue()?.router.get())
    }

    /// The vault, sUSDai.
    ///
    /// # Errors
    /// As `router`.
    pub fn vault(&self) -> Result<Address, QueueError> {
        Ok(self.queue()?.vault.get())
    }

    /// What claims are paid in.
    ///
    /// # Errors
    /// As `router`.
    pub fn usdai(&self) -> Result<Address, QueueError> {
        Ok(self.queue()?.usdai.get())
    }

    /// Who answers for the loans' due days, which a settlement heeds; zero if nobody does.
    ///
    /// # Errors
    /// As `router`.
    pub fn due_days(&self) -> Result<Address, QueueError> {
        Ok(self.queue()?.due_days.get())
    }

    /// Genesis, length of an epoch, length of its reveal window, and the first epoch that is not settled.
    ///
    /// # Errors
    /// As `router`.
    #[returns(genesis, epoch_seconds, reveal_seconds, first_unsettled)]
    pub fn schedule(&self) -> Result<(U256, U256, U256, U256), QueueError> {
        let clock = self.queue()?.clock.read();
        Ok((
            U256::from(clock.schedule.genesis),
            U256::from(clock.schedule.epoch_seconds),
            U256::from(clock.schedule.reveal_seconds),
            U256::from(clock.first_unsettled),
        ))
    }

    /// The current epoch, from 0 on.
    ///
    /// # Errors
    /// `ArithmeticFailed` if the clock stood before genesis, as in every function that asks for the epoch.
    pub fn epoch(&self) -> Result<U256, QueueError> {
        let queue = self.queue()?;
        Ok(U256::from(queue.epoch_of(&queue.clock.read())?))
    }

    /// Cuts the last `shares` that wait of `position` off: a new position of the same holder, right behind. Returns its number. A place
    /// can be cut into sixteen pieces, by halves.
    ///
    /// # Errors
    /// `UnknownPosition`, `NotController`, `BidSealed`, `ExceedsPending`, `ZeroAmount`, `TooManyPieces`.
    ///
    /// # Events
    /// `PositionSplit`, `Transfer`.
    pub fn split(&mut self, position: U256, shares: U256) -> Result<U256, QueueError> {
        self.queue_mut()?.run_split(position, shares)
    }

    /// Makes `behind`, which stands right behind `position` and has the same holder, a part of it.
    ///
    /// # Errors
    /// `UnknownPosition`, `NotController`, `BidSealed`, `NotAdjacent`, `SharesOutOfRange`.
    ///
    /// # Events
    /// `PositionsMerged`, `Transfer`.
    pub fn merge(&mut self, position: U256, behind: U256) -> Result<(), QueueError> {
        self.queue_mut()?.run_merge(position, behind)
    }

    /// Settles every epoch that has ended and is not settled, by anyone: fills bids, at one premium for all, and the par lane, as far as
    /// the vault's cash goes at its redemption price. The par lane with what entered before the latest ended epoch's reveal window began.
    ///
    /// A step is a lane counted. If `max_steps` are not enough, the next call goes on from there; price and cash are those of the call that
    /// ends it, and nothing is paid before. The vault is told also when nothing is filled: its redemption reserve is per settlement.
    ///
    /// # Errors
    /// `ZeroSteps`, `EpochNotEnded`, `LoanOverdue`, or what the vault reverts with.
    ///
    /// # Events
    /// `SettlementAdvanced`, or `EpochSettled` and `LanesFilled`.
    pub fn settle(&mut self, max_steps: U256) -> Result<(), QueueError> {
        self.queue_mut()?.run_settle(max_steps)
    }

    /// Holder and lane of `position`, the shares that wait, and what can be claimed: shares, and the assets they are worth.
    ///
    /// # Errors
    /// `UnknownPosition`.
    #[returns(controller, lane, pending, claimable_shares, claimable_assets)]
    pub fn position(&self, position: U256) -> Result<(Address, u8, U256, U256, U256), QueueError> {
        let queue = self.queue()?;
        let holding = queue.known(position)?;
        let claim = queue.claimable(&holding)?;
        Ok((
            holding.owner,
            holding.position.lane.0,
            queue.pending(&holding)?.to_u256(),
            claim.shares.to_u256(),
            claim.assets.to_u256(),
        ))
    }

    /// What to claim `position` with (`claimWithHint`): by which of its lane's fills on record its first and its last filled share were
    /// paid, in 32 bits each, the first one lowest. 0 if nothing of it is filled.
    ///
    /// # Errors
    /// `UnknownPosition`.
    pub fn claim_hint(&self, position: U256) -> Result<U256, QueueError> {
        let queue = self.queue()?;
        let holding = queue.known(position)?;
        let Position { lane, lot, .. } = queue.after_forfeit(&holding)?;
        let lane = queue.book.lane(lane);
        let filled = book::filled_of(&*lane, &lot);
        if filled.is_zero() {
            return Ok(U256::ZERO);
        }
        let hint = Hint::find(&*lane, queue.book.settlements(), lot.start, filled)?;
        Ok(word(&[(0, hint.first.into()), (32, hint.last.into())]))
    }

    /// The bid that `position` has sealed (its first 27 bytes), the epoch it is for, the highest tick that may be revealed (0 is any), and
    /// the shares that answer for it, which are among those that wait. Zeros if there is none, and once its epoch has ended and it was not
    /// opened: then its bond is lost, and `position` counts it no more, whether or not anybody has taken it.
    ///
    /// # Errors
    /// `UnknownPosition`.
    #[returns(commitment, epoch, max_tick, bond)]
    pub fn bid_of(&self, position: U256) -> Result<(B256, U256, u8, U256), QueueError> {
        let queue = self.queue()?;
        let bidder = queue.after_forfeit(&queue.known(position)?)?;
        let Some(epoch) = bidder.committed.checked_sub(1) else {
            return Ok((B256::ZERO, U256::ZERO, 0, U256::ZERO));
        };
        Ok((
            queue.positions.getter(position).commitment(),
            U256::from(epoch),
            bidder.max_tick.0,
            bidder.bond()?.to_u256(),
        ))
    }

    /// What a bid of `tick` for `position` in the current epoch is sealed with. Ask your own node: whoever answers learns the bid.
    ///
    /// # Errors
    /// `InvalidTick` for one of which there is no lane, so that it could not be opened; as `epoch`.
    pub fn commitment_of(&self, position: U256, tick: u8, salt: B256) -> Result<B256, QueueError> {
        require_lane(Tick(tick))?;
        let queue = self.queue()?;
        Ok(queue.sealed(queue.epoch_of(&queue.clock.read())?, position, Tick(tick), salt))
    }

    /// Shares that ever entered lane `tick` and did not leave it, how many of them were filled, and how many wait.
    ///
    /// # Errors
    /// None that a queue in order has.
    #[returns(entered, filled, pending)]
    pub fn lane(&self, tick: u8) -> Result<(U256, U256, U256), QueueError> {
        let queue = self.queue()?;
        let lane = queue.book.lane(Tick(tick));
        Ok((
            lane.line().live.to_u256(),
            lane.front().filled.to_u256(),
            book::pending(&*lane)?.to_u256(),
        ))
    }

    /// The lanes in which anybody waits, highest first, and how many shares wait there.
    ///
    /// # Errors
    /// None that a queue in order has.
    #[returns(ticks, shares)]
    pub fn depth(&self) -> Result<(Vec<U256>, Vec<U256>), QueueError> {
        self.queue()?.depths()
    }

    /// Shares that have to be filled before the first of `position` is: in its lane, exactly, and in all lanes above.
    ///
    /// # Errors
    /// `UnknownPosition`.
    #[returns(in_lane, in_lanes_above)]
    pub fn shares_ahead(&self, position: U256) -> Result<(U256, U256), QueueError> {
        let queue = self.queue()?;
        let (in_lane, above) = queue.before(&queue.known(position)?)?;
        Ok((in_lane.to_u256(), above.to_u256()))
    }

    /// What the next settlement would do if it were now, the bids being those that are open: the premium (basis points), the lowest lane
    /// that is filled wholly (256: none), shares of bids and of the par lane, and what is paid for them.
    ///
    /// # Errors
    /// What the vault reverts with.
    #[returns(premium, whole_from, bid_shares, par_shares, assets)]
    pub fn clearing_estimate(&self) -> Result<(U256, U256, U256, U256, U256), QueueError> {
        let clearing = self.queue()?.estimate()?;
        Ok((
            U256::from(clearing.premium.bps()),
            U256::from(clearing.whole_from),
            clearing.whole.plus(clearing.part)?.to_u256(),
            clearing.par.to_u256(),
            clearing.assets.to_u256(),
        ))
    }

    /// Settlements so far, forfeited shares that are still to be burnt, and how far a settlement that is under way has counted the lanes:
    /// down to this tick (256: none is under way), and their shares.
    ///
    /// # Errors
    /// As `router`.
    #[returns(settlements, forfeited, counted_from, counted_shares)]
    pub fn progress(&self) -> Result<(U256, U256, U256, U256), QueueError> {
        let desk = self.queue()?.book.desk();
        Ok((
            U256::from(desk.settlements),
            desk.forfeited.to_u256(),
            U256::from(desk.walk.from),
            desk.walk.above.to_u256(),
        ))
    }

    /// What the queue holds and owes nobody, in wei of USDai × 2 × 10^21, at which nothing is rounded; negative by what settlements rounded
    /// off. Whole wei of it stay in the vault with the next settlement.
    ///
    /// # Errors
    /// As `router`.
    pub fn dust(&self) -> Result<I256, QueueError> {
        Ok(I256::from_raw(self.queue()?.book.dust().0))
    }

    /// The number that the next position gets: behind the address that it is opened for, it is the position's id, which a bid is sealed
    /// for that is to come with the request.
    ///
    /// # Errors
    /// As `router`.
    pub fn next_position(&self) -> Result<U256, QueueError> {
        let next = self.queue()?.last_position.get().into_limbs()[0].wrapping_add(1);
        Ok(U256::from_limbs([next, 0, 0, 0]))
    }

    /// How many positions the list of `controller` has: seven at most.
    ///
    /// # Errors
    /// As `router`.
    pub fn position_count(&self, controller: Address) -> Result<U256, QueueError> {
        Ok(U256::from(self.queue()?.listed(controller).len()))
    }

    /// The number of the `index`-th position in the list of `controller`, from 0 on.
    ///
    /// # Errors
    /// `NoPositionAt`.
    pub fn position_at(&self, controller: Address, index: U256) -> Result<U256, QueueError> {
        let list = self.queue()?.listed(controller);
        let found = usize::try_from(index).ok().and_then(|index| list.get(index).copied());
        found.ok_or_else(|| NoPositionAt { controller, index }.into())
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::uint;
    use motsu::prelude::*;

    use super::*;
    use crate::UnknownPosition;

    /// motsu's clock stands still.
    const GENESIS: U256 = uint!(1_735_689_600_U256);
    const EPOCH: U256 = uint!(2_592_000_U256);
    const REVEAL: U256 = uint!(172_800_U256);
    const TEN: U256 = uint!(10_U256);

    /// As it runs at the queue's address, where the storage is the queue's.
    #[motsu::test]
    fn the_second_program_reads_the_queues_books(settlement: Contract<Settlement>, a: Address) {
        let [router, vault, usdai, second] = [1, 2, 3, 4].map(Address::with_last_byte);
        let by = |who| settlement.sender(who);
        by(a).queue.constructor(router, vault, usdai, EPOCH, REVEAL, second).motsu_unwrap();
        assert_eq!(
            [by(a).router(), by(a).vault(), by(a).usdai(), by(a).due_days()].map(Result::unwrap),
            [router, vault, usdai, Address::ZERO]
        );
        assert_eq!(by(a).schedule().unwrap(), (GENESIS, EPOCH, REVEAL, U256::ZERO));
        let id = by(vault).queue.open_position(a, TEN).motsu_unwrap();
        assert_eq!(by(a).position(id).unwrap(), (a, 0, TEN, U256::ZERO, U256::ZERO));
        assert_eq!(by(a).bid_of(id).unwrap(), (B256::ZERO, U256::ZERO, 0, U256::ZERO));
        assert_eq!(by(a).claim_hint(id).unwrap(), U256::ZERO, "nothing of it is filled");
        let unknown = QueueError::from(UnknownPosition { position: U256::MAX });
        assert_eq!(by(a).bid_of(U256::MAX).unwrap_err(), unknown);
        assert_eq!(by(a).claim_hint(U256::MAX).unwrap_err(), unknown);
    }

    /// Whoever adds up what waits, what is claimable and the bond's part of it counts no share that is lost.
    #[motsu::test]
    fn a_bid_that_lapsed_is_none(settlement: Contract<Settlement>, a: Address) {
        let [router, vault, usdai, second] = [1, 2, 3, 4].map(Address::with_last_byte);
        let by = |who| settlement.sender(who);
        by(a).queue.constructor(router, vault, usdai, EPOCH, REVEAL, second).motsu_unwrap();
        let id = by(vault).queue.open_position(a, uint!(1_001_U256)).motsu_unwrap();
        let pass = |seconds: U256| {
            let mut clock = by(a).queue.clock.read();
            clock.schedule.genesis -= seconds.to::<u64>();
            by(a).queue.clock.write(&clock);
        };
        let commitment = B256::repeat_byte(0xab);
        by(a).queue.commit_bid_below(id, commitment, 9).motsu_unwrap();
        let sealed = (crate::store::kept_of(commitment), U256::ZERO, 9, uint!(6_U256));
        pass(EPOCH - REVEAL);
        assert_eq!(by(a).bid_of(id).unwrap(), sealed);
        assert_eq!(by(a).position(id).unwrap().2, uint!(1_001_U256), "the bond is among what waits");
        pass(REVEAL - uint!(1_U256));
        assert_eq!(by(a).bid_of(id).unwrap(), sealed);
        pass(uint!(1_U256));
        let none = (B256::ZERO, U256::ZERO, 0, U256::ZERO);
        assert_eq!((by(a).bid_of(id).unwrap(), by(a).position(id).unwrap().2), (none, uint!(995_U256)));
        by(a).queue.forfeit_bonds(vec![id]).motsu_unwrap();
        assert_eq!((by(a).bid_of(id).unwrap(), by(a).position(id).unwrap().2), (none, uint!(995_U256)));
    }
}

//! The shell: storage and external functions.

#![allow(clippy::must_use_candidate, reason = "external functions are called through the ABI")]

use alloc::{string::String, vec, vec::Vec};

use alloy_primitives::{Address, FixedBytes, B256, U256};
use erc721_ledger::{
    Approval, ApprovalForAll, Collection, Erc721Ledger, IErc721, Spare, Title, Transfer, ERC165_ID, ERC721_ID, ERC721_METADATA_ID,
};
use interfaces::{
    authority,
    calls::{IQueue, IQueueBids},
    ids::role,
};
use lean_abi::SolidityEvent;
use stylus_sdk::{
    prelude::*,
    storage::{StorageAddress, StorageMap, StorageU64},
    ArbResult,
};

use crate::{
    book::Hint,
    epochs::Schedule,
    positions::Measure,
    store::{Clock, StoredBook, StoredClock, StoredPosition},
    units::EpochId,
    words::bits_u32,
    BidAbandoned, BidCommitted, BidRevealed, BondForfeited, Cancelled, Claimed, EpochSettled, InvalidEpoch, LanesFilled, OnlyThroughQueue,
    OnlyVault, PositionListed, PositionMoved, PositionOpened, PositionSplit, PositionsMerged, QueueError, SettlementAdvanced,
    SettlementSet, Wired, ZeroAddress,
};

/// State of the queue.
#[storage]
pub struct Queue {
    pub(crate) vault: StorageAddress,
    /// The latest position's number; beside the vault, because opening reads that too.
    pub(crate) last_position: StorageU64,
    pub(crate) usdai: StorageAddress,
    /// The second program.
    settlement: StorageAddress,
    pub(crate) router: StorageAddress,
    /// Who answers for the loans' due days; zero: nobody.
    pub(crate) due_days: StorageAddress,
    pub(crate) clock: StoredClock,
    pub(crate) ledger: Erc721Ledger,
    pub(crate) positions: StorageMap<U256, StoredPosition>,
    /// For whom positions were opened that are in a list of another's, by their numbers.
    pub(crate) births: StorageMap<U256, StorageAddress>,
    pub(crate) book: StoredBook,
}

// SAFETY: `Queue` is the contract's outermost storage struct; nothing else in the program starts at slot zero.
unsafe impl TopLevelStorage for Queue {}

impl Collection for Queue {
    type Error = QueueError;
    const NAME: &'static str = "QEV position";
    const SYMBOL: &'static str = "QEV";

    fn ledger(&self) -> &Erc721Ledger {
        &self.ledger
    }

    fn ledger_mut(&mut self) -> &mut Erc721Ledger {
        &mut self.ledger
    }

    fn uri(&self, id: U256) -> Result<String, QueueError> {
        self.describe(id)
    }

    fn check_transfer(&self, from: Address, to: Address, _: U256, _: Spare) -> Result<(), QueueError> {
        self.require_receiver(to)?;
        self.require_allowed(from, to)
    }

    fn title(&self, id: U256) -> Result<Title, QueueError> {
        self.title_of(id)
    }

    fn entitle(&mut self, id: U256) -> Result<(), QueueError> {
        self.write_title(id)
    }

    /// A position that is sent is not on its receiver's list.
    fn transferred(&mut self, from: Address, to: Address, id: U256) -> Result<(), QueueError> {
        if from != to {
            self.unlist(from, id);
        }
        Ok(())
    }
}

/// The queue in which those wait who want to leave the vault: first come, first served, or by what they bid. A position is an ERC-721
/// token, its holder the controller of ERC-7540; who is approved for it may do what the holder may, and so, but for transfers, may the
/// holder's operator at the vault. A transfer fails with `InvalidReceiver` if it is to the queue or the vault, and with the vault's
/// `AccountBlacklisted` if giver, receiver or caller is barred. Shares and assets in wei, times in seconds, ticks in steps of 5 basis points
/// of the proceeds.
#[lean_abi::contract(
    errors(QueueError),
    events(
        PositionOpened,
        BidCommitted,
        BidAbandoned,
        BidRevealed,
        PositionMoved,
        BondForfeited,
        Cancelled,
        PositionSplit,
        PositionsMerged,
        PositionListed,
        SettlementAdvanced,
        EpochSettled,
        LanesFilled,
        Claimed,
        Wired,
        SettlementSet,
        Transfer,
        Approval,
        ApprovalForAll
    ),
    interfaces(IQueue, IQueueBids),
    implements(IErc721)
)]
impl Queue {
    /// Starts epoch 0 now, and makes a word for each lane (5.7 million gas), so that no bidder has to. `router` is the authority, `vault`
    /// sUSDai, `usdai` what claims are paid in; `epoch_seconds` (30 days) and `reveal_seconds` (2 days), the last part of each epoch, are
    /// the deployer's choice; `settlement` is the second program, which has what is not here. Of these only `settlement` can be changed,
    /// by `ADMIN` (`setSettlement`).
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
        settlement: Address,
    ) -> Result<(), QueueError> {
        if router.is_zero() || vault.is_zero() || usdai.is_zero() || settlement.is_zero() {
            return Err(ZeroAddress {}.into());
        }
        let lengths = (u32::try_from(epoch_seconds), u32::try_from(reveal_seconds));
        let (Ok(epoch), Ok(reveal)) = lengths else {
            return Err(invalid_epoch(epoch_seconds, reveal_seconds));
        };
        if !Schedule::is_valid(epoch, reveal) {
            return Err(invalid_epoch(epoch_seconds, reveal_seconds));
        }
        self.router.set(router);
        self.vault.set(vault);
        self.usdai.set(usdai);
        self.settlement.set(settlement);
        let genesis = self.vm().block_timestamp();
        self.clock.write(&Clock {
            schedule: Schedule {
                genesis,
                epoch_seconds: epoch,
                reveal_seconds: reveal,
            },
            ..Clock::default()
        });
        self.book.prepare();
        Ok(())
    }

    /// Hands everything else on to the second program, which works on this storage.
    ///
    /// # Errors
    /// The other's.
    #[fallback]
    pub fn fallback(&mut self, input: &[u8]) -> ArbResult {
        let settlement = self.settlement.get();
        // SAFETY: the program is the constructor's choice or an upgrade's, and has this very struct as its storage.
        unsafe { lean_abi::delegate_call(self, &settlement, input) }
    }

    /// Has `settlement` be the second program from now on: the other half of an upgrade of the queue. Both know one storage, so where it or
    /// what one does for the other changes, both halves belong into one operation of the router, which nothing here enforces. By `ADMIN`.
    ///
    /// # Errors
    /// `ZeroAddress`, `Unauthorized`.
    ///
    /// # Events
    /// `SettlementSet`.
    pub fn set_settlement(&mut self, settlement: Address) -> Result<(), QueueError> {
        if settlement.is_zero() {
            return Err(ZeroAddress {}.into());
        }
        authority::require_role(self, self.router.get(), role::ADMIN, self.vm().msg_sender())?;
        let previous = self.settlement.get();
        self.settlement.set(settlement);
        SettlementSet {
            previous,
            current: settlement,
        }
        .emit(self.vm());
        Ok(())
    }

    /// When the current epoch ends.
    ///
    /// # Errors
    /// As `epoch`.
    pub fn epoch_end(&self) -> Result<U256, QueueError> {
        let clock = self.clock.read();
        Ok(U256::from(clock.schedule.end(EpochId(self.epoch_of(&clock)?))?))
    }

    /// Second from which the next settlement can be made: the end of the first epoch that is not settled, which may have passed.
    ///
    /// # Errors
    /// As `epoch`.
    pub fn next_settlement(&self) -> Result<U256, QueueError> {
        let clock = self.clock.read();
        Ok(U256::from(clock.schedule.end(EpochId(clock.first_unsettled))?))
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
    /// `PositionOpened`, `Transfer`.
    pub fn open_position(&mut self, controller: Address, shares: U256) -> Result<U256, QueueError> {
        self.run_open(controller, shares)
    }

    /// Seals a bid of `position` for this epoch, in the place of one it may have sealed before: `commitment` is
    /// `keccak256(abi.encode(chainId, queue, epoch, position, tick, salt))`, of which the first 27 bytes count. A bid of
    /// tick 1, which has no lane, can be sealed and never opened. Who does not open it in the epoch's reveal window loses the last half per cent of the shares that wait now; what is claimable now is not at stake.
    ///
    /// # Errors
    /// `ZeroAmount` for no commitment or if nothing waits, `UnknownPosition`, `NotController`, `EpochNotSettled`, `BiddingEnded`.
    ///
    /// # Events
    /// `BidCommitted`.
    pub fn commit_bid(&mut self, position: U256, commitment: B256) -> Result<(), QueueError> {
        self.run_commit(position, commitment, 0)
    }

    /// As the other, and no tick above `max_tick` can be revealed for the position in this epoch, whoever does it. 0 is no limit.
    ///
    /// # Errors
    /// As the other.
    ///
    /// # Events
    /// `BidCommitted`.
    #[selector(name = "commitBid")]
    pub fn commit_bid_below(&mut self, position: U256, commitment: B256, max_tick: u8) -> Result<(), QueueError> {
        self.run_commit(position, commitment, max_tick)
    }

    /// Takes back the bid that `position` has sealed: for nothing while bids can be sealed, at the price of the bond in the reveal window.
    ///
    /// # Errors
    /// `UnknownPosition`, `NotController`, `NoBid`.
    ///
    /// # Events
    /// `BidAbandoned`; `BondForfeited`.
    pub fn abandon_bid(&mut self, position: U256) -> Result<(), QueueError> {
        self.run_abandon(position)
    }

    /// Opens the bid that `position` has sealed, in the reveal window: all that waits of it goes to the end of lane `tick`, or stays where
    /// it is if that is its lane. A bid stands until it is filled, or moved or withdrawn in a later epoch.
    ///
    /// # Errors
    /// `UnknownPosition`, `NotController`, `RevealNotBegun`, `NoBid`, `WrongOpening`, `InvalidTick`, `TickAboveMaximum`.
    ///
    /// # Events
    /// `PositionMoved`, `BidRevealed`.
    pub fn reveal_bid(&mut self, position: U256, tick: u8, salt: B256) -> Result<(), QueueError> {
        self.run_reveal(position, tick, salt)
    }

    /// Opens several bids, all or none; `ticks` has a byte for each.
    ///
    /// # Errors
    /// `LengthMismatch`, and as `revealBid`.
    ///
    /// # Events
    /// As `revealBid`.
    pub fn reveal_bids(&mut self, positions: Vec<U256>, ticks: Vec<u8>, salts: Vec<B256>) -> Result<(), QueueError> {
        self.run_reveal_many(&positions, &ticks, &salts)
    }

    /// Takes a bid that stands back, while bids can be sealed: all that waits of `position` goes to the end of the par lane.
    ///
    /// # Errors
    /// `UnknownPosition`, `NotController`, `NotBidding`, `BidSealed`, `EpochNotSettled`, `BiddingEnded`.
    ///
    /// # Events
    /// `PositionMoved`.
    pub fn withdraw_bid(&mut self, position: U256) -> Result<(), QueueError> {
        self.run_withdraw(position)
    }

    /// Takes the bonds of those of `positions` whose bids were not opened in their epoch. By anybody; a bond that nobody takes
    /// is taken when anything else is done with its position. What waited of it is burnt by the next settlement.
    ///
    /// # Errors
    /// None of its own.
    ///
    /// # Events
    /// `BondForfeited`.
    pub fn forfeit_bonds(&mut self, positions: Vec<U256>) -> Result<(), QueueError> {
        self.run_forfeit(&positions)
    }

    /// Gives `shares` of `position` that wait, its last ones, to `receiver`; the largest number stands for all of them. Returns how many.
    /// Out of a lane of bids only while bids can be sealed.
    ///
    /// # Errors
    /// `InvalidReceiver`, `UnknownPosition`, `NotController`, `BidSealed`, `EpochNotSettled`, `BiddingEnded`, `AccountBlacklisted`,
    /// `ExceedsPending`, `ZeroAmount`.
    ///
    /// # Events
    /// `Cancelled`.
    pub fn cancel(&mut self, position: U256, shares: U256, receiver: Address) -> Result<U256, QueueError> {
        self.run_cancel(position, shares, receiver)
    }

    /// Pays all that is claimable of `position` to `receiver`; returns the assets. A position of which nothing is left is burnt.
    ///
    /// # Errors
    /// `InvalidReceiver`, `UnknownPosition`, `NotController`, `AccountBlacklisted`, `NothingToClaim`.
    ///
    /// # Events
    /// `Claimed`, `Transfer` if the position is burnt.
    pub fn claim(&mut self, position: U256, receiver: Address) -> Result<U256, QueueError> {
        self.run_claim(position, receiver, Hint::NONE)
    }

    /// As `claim`, with `claimHint` of the position, which saves the search for the settlements that filled it. A wrong one costs what the
    /// search does, and changes nothing.
    ///
    /// # Errors
    /// `InvalidReceiver`, `UnknownPosition`, `NotController`, `AccountBlacklisted`, `NothingToClaim`.
    ///
    /// # Events
    /// `Claimed`, `Transfer` if the position is burnt.
    pub fn claim_with_hint(&mut self, position: U256, receiver: Address, hint: U256) -> Result<U256, QueueError> {
        let hint = Hint {
            first: bits_u32(&hint, 0),
            last: bits_u32(&hint, 32),
        };
        self.run_claim(position, receiver, hint)
    }

    /// Pays all that is claimable of `positions` to `receiver`, in one transfer; returns the assets, which are at least `min_assets`.
    ///
    /// # Errors
    /// `BelowMinimum`, and as `claim`.
    ///
    /// # Events
    /// As `claim`, for each.
    pub fn claim_many(&mut self, positions: Vec<U256>, receiver: Address, min_assets: U256) -> Result<U256, QueueError> {
        self.run_claim_many(&positions, receiver, min_assets)
    }

    /// Pays `receiver` what `shares` of the claimable shares of `controller` are worth, over the positions of its list, and returns that,
    /// rounded down where a position is claimed in part. By the vault.
    ///
    /// # Errors
    /// `OnlyVault`, `InvalidReceiver`, `ZeroAmount`, `ExceedsClaimable`.
    ///
    /// # Events
    /// `Claimed` for each position touched.
    pub fn claim_shares(&mut self, controller: Address, shares: U256, receiver: Address) -> Result<U256, QueueError> {
        let taken = self.run_claim_listed(controller, Measure::ByShares, shares, receiver)?;
        Ok(taken.assets.to_u256())
    }

    /// Pays `receiver` `assets` of what `controller` can claim, over the positions of its list, and returns the shares that takes, rounded
    /// up where a position is claimed in part. By the vault.
    ///
    /// # Errors
    /// `OnlyVault`, `InvalidReceiver`, `ZeroAmount`, `ExceedsClaimable`.
    ///
    /// # Events
    /// `Claimed` for each position touched.
    pub fn claim_assets(&mut self, controller: Address, assets: U256, receiver: Address) -> Result<U256, QueueError> {
        let taken = self.run_claim_listed(controller, Measure::ByAssets, assets, receiver)?;
        Ok(taken.shares.to_u256())
    }

    /// Counts `position` among those that its holder claims through the vault, or no longer: seven at most. Positions are listed when they
    /// are opened, if there is room; those that were sent are not.
    ///
    /// # Errors
    /// `UnknownPosition`, `NotController`, `ListFull`.
    ///
    /// # Events
    /// `PositionListed`.
    pub fn set_listed(&mut self, position: U256, listed: bool) -> Result<(), QueueError> {
        self.run_set_listed(position, listed)
    }

    /// Claimable shares of `controller` over the positions of its list, and the assets they are worth.
    ///
    /// # Errors
    /// None that a queue in order has: its totals fit 128 bits.
    #[returns(shares, assets)]
    pub fn claimable_of(&self, controller: Address) -> Result<(U256, U256), QueueError> {
        let claim = self.claimable_of_listed(controller)?;
        Ok((claim.shares.to_u256(), claim.assets.to_u256()))
    }

    /// Shares of `position` that wait; 0 if it is not `controller`'s.
    ///
    /// # Errors
    /// None that a queue in order has, as `claimableOf`.
    pub fn pending_shares(&self, position: U256, controller: Address) -> Result<U256, QueueError> {
        match self.find(position).filter(|holding| holding.owner == controller) {
            Some(holding) => Ok(self.pending(&holding)?.to_u256()),
            None => Ok(U256::ZERO),
        }
    }

    /// Shares of `position` that are filled and not claimed; 0 if it is not `controller`'s.
    ///
    /// # Errors
    /// None that a queue in order has, as `claimableOf`.
    pub fn claimable_shares(&self, position: U256, controller: Address) -> Result<U256, QueueError> {
        match self.find(position).filter(|holding| holding.owner == controller) {
            Some(holding) => Ok(self.claimable(&holding)?.shares.to_u256()),
            None => Ok(U256::ZERO),
        }
    }

    /// ERC-165: itself, ERC-721, its metadata.
    pub fn supports_interface(&self, interface_id: FixedBytes<4>) -> bool {
        let id = u32::from_be_bytes(interface_id.0);
        id == ERC165_ID || id == ERC721_ID || id == ERC721_METADATA_ID
    }
}

impl Queue {
    /// Refuses to work on a storage that no constructor has seen.
    pub(crate) fn require_constructed(&self) -> Result<(), QueueError> {
        if self.vault.get().is_zero() {
            return Err(OnlyThroughQueue {}.into());
        }
        Ok(())
    }

    pub(crate) fn require_vault(&self) -> Result<(), QueueError> {
        let caller = self.vm().msg_sender();
        if caller == self.vault.get() {
            Ok(())
        } else {
            Err(OnlyVault { caller }.into())
        }
    }
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

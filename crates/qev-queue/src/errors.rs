//! Why the queue refuses.

use erc20_ledger::foreign::TokenCallFailed;
use erc721_ledger::Erc721Error;
use fixed_point::ArithmeticError;
use interfaces::authority::Unauthorized;
use lean_abi::{sol, MalformedReturn};

sol! {
    /// The zero address was given where somebody or something has to be named.
    #[derive(Debug, PartialEq, Eq)]
    error ZeroAddress();
    /// Nothing was to be queued, moved or claimed.
    #[derive(Debug, PartialEq, Eq)]
    error ZeroAmount();
    /// No step of work was allowed.
    #[derive(Debug, PartialEq, Eq)]
    error ZeroSteps();
    /// Not `0 < revealSeconds < epochSeconds < 2^32`.
    #[derive(Debug, PartialEq, Eq)]
    error InvalidEpoch(uint256 epochSeconds, uint256 revealSeconds);
    /// `caller` is not the vault, which alone opens positions and passes claims on.
    #[derive(Debug, PartialEq, Eq)]
    error OnlyVault(address caller);
    /// The second program has no books of its own: call the queue.
    #[derive(Debug, PartialEq, Eq)]
    error OnlyThroughQueue();
    /// `shares` are more than a position or a lane can count.
    #[derive(Debug, PartialEq, Eq)]
    error SharesOutOfRange(uint256 shares);
    /// Sent to `receiver` (zero, the queue or the vault) it would be nobody's.
    #[derive(Debug, PartialEq, Eq)]
    error InvalidReceiver(address receiver);
    /// There is no such position, or nothing of it is left.
    #[derive(Debug, PartialEq, Eq)]
    error UnknownPosition(uint256 position);
    /// `controller` has no position number `index` in its list, counted from 0.
    #[derive(Debug, PartialEq, Eq)]
    error NoPositionAt(address controller, uint256 index);
    /// The list of `controller` has seven positions, which are all it can have.
    #[derive(Debug, PartialEq, Eq)]
    error ListFull(address controller);
    /// `caller` neither holds `position` nor is approved for it.
    #[derive(Debug, PartialEq, Eq)]
    error NotController(uint256 position, address caller);
    /// Nothing of `position` is filled and unclaimed.
    #[derive(Debug, PartialEq, Eq)]
    error NothingToClaim(uint256 position);
    /// The claim comes to `assets`, less than `minimum`.
    #[derive(Debug, PartialEq, Eq)]
    error BelowMinimum(uint256 assets, uint256 minimum);
    /// All positions in the list of `controller` have `claimable` to claim, in the unit of `requested`, which is more.
    #[derive(Debug, PartialEq, Eq)]
    error ExceedsClaimable(address controller, uint256 requested, uint256 claimable);
    /// Of `position`, `pending` shares wait; `requested` are more, or leave nothing where something has to stay.
    #[derive(Debug, PartialEq, Eq)]
    error ExceedsPending(uint256 position, uint256 requested, uint256 pending);
    /// The place of `position` is cut as finely as can be: sixteen pieces.
    #[derive(Debug, PartialEq, Eq)]
    error TooManyPieces(uint256 position);
    /// `behind` does not stand right behind `position`, or only one of them was in time for the next settlement.
    #[derive(Debug, PartialEq, Eq)]
    error NotAdjacent(uint256 position, uint256 behind);
    /// `tick` is neither 0, for par, nor in `[reserve, 255]`.
    #[derive(Debug, PartialEq, Eq)]
    error InvalidTick(uint256 tick, uint256 reserve);
    /// For `position` no tick above `maxTick` may be revealed.
    #[derive(Debug, PartialEq, Eq)]
    error TickAboveMaximum(uint256 position, uint256 tick, uint256 maxTick);
    /// Bids of `epoch` can be sealed and withdrawn until `endedAt` (seconds); it is `timestamp`.
    #[derive(Debug, PartialEq, Eq)]
    error BiddingEnded(uint256 epoch, uint256 endedAt, uint256 timestamp);
    /// Bids of `epoch` can be opened from `beginsAt` (seconds) on; it is `timestamp`.
    #[derive(Debug, PartialEq, Eq)]
    error RevealNotBegun(uint256 epoch, uint256 beginsAt, uint256 timestamp);
    /// `epoch` has ended and has to be settled first, which anybody can do.
    #[derive(Debug, PartialEq, Eq)]
    error EpochNotSettled(uint256 epoch);
    /// `position` has sealed a bid: open or abandon it first.
    #[derive(Debug, PartialEq, Eq)]
    error BidSealed(uint256 position);
    /// `position` has no bid sealed for `epoch`.
    #[derive(Debug, PartialEq, Eq)]
    error NoBid(uint256 position, uint256 epoch);
    /// Tick and salt are not what `position` has sealed: they give `opened`, and it was `commitment`.
    #[derive(Debug, PartialEq, Eq)]
    error WrongOpening(uint256 position, bytes32 opened, bytes32 commitment);
    /// `position` stands in the par lane: there is no bid to withdraw.
    #[derive(Debug, PartialEq, Eq)]
    error NotBidding(uint256 position);
    /// Lists that belong together are of different lengths.
    #[derive(Debug, PartialEq, Eq)]
    error LengthMismatch();
    /// `epoch` is the next to be settled and ends at `endsAt` (seconds); it is `timestamp`.
    #[derive(Debug, PartialEq, Eq)]
    error EpochNotEnded(uint256 epoch, uint256 endsAt, uint256 timestamp);
    /// A payment of `loan` was due at `due` (seconds) and the loan is not marked late, which anybody can do: nobody leaves at a price that
    /// does not know of it.
    #[derive(Debug, PartialEq, Eq)]
    error LoanOverdue(uint256 loan, uint256 due);
    /// The vault's price and cash, or the clock, are out of every range that can be computed with.
    #[derive(Debug, PartialEq, Eq)]
    error ArithmeticFailed();
}

lean_abi::errors! {
    /// Everything that a call to the queue can fail with.
    pub QueueError:
        Unauthorized,
        ZeroAddress,
        ZeroAmount,
        ZeroSteps,
        InvalidEpoch,
        OnlyVault,
        OnlyThroughQueue,
        SharesOutOfRange,
        InvalidReceiver,
        UnknownPosition,
        NoPositionAt,
        ListFull,
        NotController,
        NothingToClaim,
        BelowMinimum,
        ExceedsClaimable,
        ExceedsPending,
        TooManyPieces,
        NotAdjacent,
        InvalidTick,
        TickAboveMaximum,
        BiddingEnded,
        RevealNotBegun,
        EpochNotSettled,
        BidSealed,
        NoBid,
        WrongOpening,
        NotBidding,
        LengthMismatch,
        EpochNotEnded,
        LoanOverdue,
        ArithmeticFailed,
        Erc721Error,
        TokenCallFailed,
        MalformedReturn
}

impl From<ArithmeticError> for QueueError {
    #[cold]
    #[inline(never)]
    fn from(_: ArithmeticError) -> Self {
        ArithmeticFailed {}.into()
    }
}

//! Why the queue refuses.

use erc20_ledger::foreign::TokenCallFailed;
use fixed_point::ArithmeticError;
use lean_abi::{sol, MalformedReturn};

sol! {
    /// The zero address was given where somebody or something has to be named.
    #[derive(Debug, PartialEq, Eq)]
    error ZeroAddress();
    /// Nothing was to be queued or claimed.
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
    /// `shares` are more than a lane can count in 128 bits.
    #[derive(Debug, PartialEq, Eq)]
    error SharesOutOfRange(uint256 shares);
    /// Money sent to `receiver` (zero, the queue or the vault) would be nobody's.
    #[derive(Debug, PartialEq, Eq)]
    error InvalidReceiver(address receiver);
    /// There is no such position.
    #[derive(Debug, PartialEq, Eq)]
    error UnknownPosition(uint256 position);
    /// `controller` has no position number `index`, counted from 0.
    #[derive(Debug, PartialEq, Eq)]
    error NoPositionAt(address controller, uint256 index);
    /// `caller` does not control `position`.
    #[derive(Debug, PartialEq, Eq)]
    error NotController(uint256 position, address caller);
    /// Nothing of `position` is filled and unclaimed.
    #[derive(Debug, PartialEq, Eq)]
    error NothingToClaim(uint256 position);
    /// All positions of `controller` have `claimable` to claim, in the unit of `requested`, which is more.
    #[derive(Debug, PartialEq, Eq)]
    error ExceedsClaimable(address controller, uint256 requested, uint256 claimable);
    /// `epoch` is the next to be settled and ends at `endsAt` (seconds); it is `timestamp`.
    #[derive(Debug, PartialEq, Eq)]
    error EpochNotEnded(uint256 epoch, uint256 endsAt, uint256 timestamp);
    /// The vault's price and cash, or the clock, are out of every range that can be computed with.
    #[derive(Debug, PartialEq, Eq)]
    error ArithmeticFailed();
}

lean_abi::errors! {
    /// Everything that a call to the queue can fail with.
    pub QueueError:
        ZeroAddress,
        ZeroAmount,
        ZeroSteps,
        InvalidEpoch,
        OnlyVault,
        SharesOutOfRange,
        InvalidReceiver,
        UnknownPosition,
        NoPositionAt,
        NotController,
        NothingToClaim,
        ExceedsClaimable,
        EpochNotEnded,
        ArithmeticFailed,
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

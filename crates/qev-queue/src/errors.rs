//! Why the queue refuses.

use alloc::vec::Vec;

use alloy_sol_types::{sol, SolError};
use fixed_point::ArithmeticError;

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

/// Everything that a call to the queue can revert with.
#[derive(Debug, PartialEq, Eq)]
pub enum QueueError {
    /// The zero address where an address is needed.
    ZeroAddress(ZeroAddress),
    /// Nothing to queue or claim.
    ZeroAmount(ZeroAmount),
    /// No step of work allowed.
    ZeroSteps(ZeroSteps),
    /// Lengths of time that make no schedule.
    InvalidEpoch(InvalidEpoch),
    /// A call reserved to the vault.
    OnlyVault(OnlyVault),
    /// Too many shares.
    SharesOutOfRange(SharesOutOfRange),
    /// A receiver that could not use the money.
    InvalidReceiver(InvalidReceiver),
    /// No such position.
    UnknownPosition(UnknownPosition),
    /// No such entry in a controller's list.
    NoPositionAt(NoPositionAt),
    /// Somebody else's position.
    NotController(NotController),
    /// Nothing filled and unclaimed.
    NothingToClaim(NothingToClaim),
    /// More than is claimable.
    ExceedsClaimable(ExceedsClaimable),
    /// Too early.
    EpochNotEnded(EpochNotEnded),
    /// A number out of range.
    ArithmeticFailed(ArithmeticFailed),
    /// A called contract reverted; its own words.
    Call(Vec<u8>),
}

impl From<QueueError> for Vec<u8> {
    fn from(error: QueueError) -> Self {
        match error {
            QueueError::ZeroAddress(error) => error.abi_encode(),
            QueueError::ZeroAmount(error) => error.abi_encode(),
            QueueError::ZeroSteps(error) => error.abi_encode(),
            QueueError::InvalidEpoch(error) => error.abi_encode(),
            QueueError::OnlyVault(error) => error.abi_encode(),
            QueueError::SharesOutOfRange(error) => error.abi_encode(),
            QueueError::InvalidReceiver(error) => error.abi_encode(),
            QueueError::UnknownPosition(error) => error.abi_encode(),
            QueueError::NoPositionAt(error) => error.abi_encode(),
            QueueError::NotController(error) => error.abi_encode(),
            QueueError::NothingToClaim(error) => error.abi_encode(),
            QueueError::ExceedsClaimable(error) => error.abi_encode(),
            QueueError::EpochNotEnded(error) => error.abi_encode(),
            QueueError::ArithmeticFailed(error) => error.abi_encode(),
            QueueError::Call(data) => data,
        }
    }
}

impl From<ArithmeticError> for QueueError {
    fn from(_: ArithmeticError) -> Self {
        Self::ArithmeticFailed(ArithmeticFailed {})
    }
}

impl From<Vec<u8>> for QueueError {
    fn from(data: Vec<u8>) -> Self {
        Self::Call(data)
    }
}

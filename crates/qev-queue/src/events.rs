//! What the queue tells indexers. Shares and assets in wei.

use lean_abi::sol;

sol! {
    /// `controller` waits in `lane` with `shares`, behind the `start` shares that entered it before.
    #[derive(Debug, PartialEq, Eq)]
    event PositionOpened(uint256 indexed position, address indexed controller, uint8 lane, uint256 start, uint256 shares);
    /// Every epoch up to and including `epoch` is settled: the par lane's first `shares` were filled for `assets` at `price` (WAD), less
    /// `premium` (basis points of the proceeds; nobody bids yet, so it is 0). All three can be 0: then nobody was in time, or the vault
    /// had no cash or no value.
    #[derive(Debug, PartialEq, Eq)]
    event EpochSettled(uint256 indexed epoch, uint256 shares, uint256 assets, uint256 price, uint256 premium);
    /// `receiver` was paid `assets` for `shares` of `position`.
    #[derive(Debug, PartialEq, Eq)]
    event Claimed(uint256 indexed position, address indexed controller, address receiver, uint256 shares, uint256 assets);
}

// SPDX-License-Identifier: MIT
pragma solidity >=0.8.4;

/// @notice The queue in which those wait who want to leave the vault.
/// @custom:constructor constructor(address router, address vault, address usdai, uint256 epochSeconds, uint256 revealSeconds)
interface IQev {
    /// @notice `controller` waits in `lane` with `shares`, behind the `start` shares that entered it before.
    event PositionOpened(uint256 indexed position, address indexed controller, uint8 lane, uint256 start, uint256 shares);
    /// @notice Every epoch up to and including `epoch` is settled: the par lane's first `shares` were filled for `assets` at `price` (WAD), less
    /// `premium` (basis points of the proceeds; nobody bids yet, so it is 0). All three can be 0: then nobody was in time, or the vault
    /// had no cash or no value.
    event EpochSettled(uint256 indexed epoch, uint256 shares, uint256 assets, uint256 price, uint256 premium);
    /// @notice `receiver` was paid `assets` for `shares` of `position`.
    event Claimed(uint256 indexed position, address indexed controller, address receiver, uint256 shares, uint256 assets);

    /// @notice The zero address was given where somebody or something has to be named.
    error ZeroAddress();
    /// @notice Nothing was to be queued or claimed.
    error ZeroAmount();
    /// @notice No step of work was allowed.
    error ZeroSteps();
    /// @notice Not `0 < revealSeconds < epochSeconds < 2^32`.
    error InvalidEpoch(uint256 epochSeconds, uint256 revealSeconds);
    /// @notice `caller` is not the vault, which alone opens positions and passes claims on.
    error OnlyVault(address caller);
    /// @notice `shares` are more than a lane can count in 128 bits.
    error SharesOutOfRange(uint256 shares);
    /// @notice Money sent to `receiver` (zero, the queue or the vault) would be nobody's.
    error InvalidReceiver(address receiver);
    /// @notice There is no such position.
    error UnknownPosition(uint256 position);
    /// @notice `controller` has no position number `index`, counted from 0.
    error NoPositionAt(address controller, uint256 index);
    /// @notice `caller` does not control `position`.
    error NotController(uint256 position, address caller);
    /// @notice Nothing of `position` is filled and unclaimed.
    error NothingToClaim(uint256 position);
    /// @notice All positions of `controller` have `claimable` to claim, in the unit of `requested`, which is more.
    error ExceedsClaimable(address controller, uint256 requested, uint256 claimable);
    /// @notice `epoch` is the next to be settled and ends at `endsAt` (seconds); it is `timestamp`.
    error EpochNotEnded(uint256 epoch, uint256 endsAt, uint256 timestamp);
    /// @notice The vault's price and cash, or the clock, are out of every range that can be computed with.
    error ArithmeticFailed();
    /// @notice `token` refused the transfer or approval by returning false, or is not a contract.
    error TokenCallFailed(address token);
    /// @notice A callee is no contract, or returned data that does not begin with what its interface says.
    error MalformedReturn();

    /// @notice The authority.
    function router() external view returns (address);
    /// @notice The vault, sUSDai.
    function vault() external view returns (address);
    /// @notice What claims are paid in.
    function usdai() external view returns (address);
    /// @notice Genesis, length of an epoch, length of its reveal window (seconds), and the first epoch that is not settled.
    function schedule() external view returns (uint256 genesis, uint256 epochSeconds, uint256 revealSeconds, uint256 firstUnsettled);
    /// @notice The current epoch, from 0 on.
    /// @dev Errors: `ArithmeticFailed` if the clock stood before genesis, as in every function that asks for the epoch.
    function epoch() external view returns (uint256);
    /// @notice When the current epoch ends, in seconds.
    /// @dev Errors: As `epoch`.
    function epochEnd() external view returns (uint256);
    /// @notice Opens a position of `controller` over `shares`, which the vault has just moved here, at the end of the par lane. Returns its
    /// number. It is filled from the next settlement on, or from the one after if the current epoch's reveal window has begun.
    /// @dev That `controller` agrees is the vault's to see to (PROTOCOL 5.4). By the vault.
    /// @dev Errors: `OnlyVault`, `ZeroAddress`, `ZeroAmount`, `SharesOutOfRange`.
    /// @dev Events: `PositionOpened`.
    function openPosition(address controller, uint256 shares) external returns (uint256);
    /// @notice Settles every epoch that has ended and is not settled, by anyone: fills the par lane from its front, as far as the vault's cash
    /// goes at its redemption price, with what entered before the latest ended epoch's reveal window began. At most `maxSteps` steps of
    /// work; all that there can be is one.
    /// @dev The vault is told also when nothing is filled: its redemption reserve is per settlement (PROTOCOL 3.2).
    /// @dev Errors: `ZeroSteps`, `EpochNotEnded`, or what the vault reverts with.
    /// @dev Events: `EpochSettled`.
    function settle(uint256 maxSteps) external;
    /// @notice Pays all that is claimable of `position` to `receiver`; returns the assets. By its controller.
    /// @dev Errors: `InvalidReceiver`, `UnknownPosition`, `NotController`, `NothingToClaim`.
    /// @dev Events: `Claimed`.
    function claim(uint256 position, address receiver) external returns (uint256);
    /// @notice Pays `receiver` what `shares` of the claimable shares of `controller` are worth, oldest positions first, and returns that, rounded
    /// down where a position is claimed in part. By the vault.
    /// @dev Errors: `OnlyVault`, `InvalidReceiver`, `ZeroAmount`, `ExceedsClaimable`.
    /// @dev Events: `Claimed` for each position touched.
    function claimShares(address controller, uint256 shares, address receiver) external returns (uint256);
    /// @notice Pays `receiver` `assets` of what `controller` can claim, oldest positions first, and returns the shares that takes, rounded up
    /// where a position is claimed in part. By the vault.
    /// @dev Errors: `OnlyVault`, `InvalidReceiver`, `ZeroAmount`, `ExceedsClaimable`.
    /// @dev Events: `Claimed` for each position touched.
    function claimAssets(address controller, uint256 assets, address receiver) external returns (uint256);
    /// @notice Claimable shares of `controller` over all its positions, and the assets they are worth.
    /// @dev Errors: None that a queue in order has: its totals fit 128 bits.
    function claimableOf(address controller) external view returns (uint256 shares, uint256 assets);
    /// @notice Shares of `position` that wait; 0 if it is not `controller`'s.
    function pendingShares(uint256 position, address controller) external view returns (uint256);
    /// @notice Shares of `position` that are filled and not claimed; 0 if it is not `controller`'s.
    /// @dev Errors: None that a queue in order has, as `claimableOf`.
    function claimableShares(uint256 position, address controller) external view returns (uint256);
    /// @notice Controller, lane, start, length, claimed shares, paid assets, and time of opening (seconds) of `position`.
    /// @dev Errors: `UnknownPosition`.
    function position(uint256 position) external view returns (address controller, uint8 lane, uint256 start, uint256 length, uint256 claimed, uint256 paid, uint256 opened);
    /// @notice Shares that ever entered lane `tick`, and how many of them were filled.
    function lane(uint8 tick) external view returns (uint256 entered, uint256 filled);
    /// @notice Shares that have to be filled before the first of `position` is.
    /// @dev Errors: `UnknownPosition`.
    function sharesAhead(uint256 position) external view returns (uint256);
    /// @notice How many positions `controller` ever opened.
    function positionCount(address controller) external view returns (uint256);
    /// @notice The number of the `index`-th position that `controller` opened, from 0 on.
    /// @dev Errors: `NoPositionAt`.
    function positionAt(address controller, uint256 index) external view returns (uint256);
}

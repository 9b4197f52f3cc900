// SPDX-License-Identifier: MIT
pragma solidity >=0.8.4;

/// @notice The protocol's address book, authority and front door.
/// @custom:constructor constructor(address admin)
interface IRouter {
    /// @notice `account` has `role` from now on.
    event RoleGranted(bytes32 indexed role, address indexed account);
    /// @notice `account` has `role` no longer.
    event RoleRevoked(bytes32 indexed role, address indexed account);
    /// @notice The address book's entry `id` changed from `previous` (zero: it was not set) to `current`.
    event AddressSet(bytes32 indexed id, address indexed previous, address indexed current);
    /// @notice `admin` offered the administration to `pending`, who has to accept it.
    event AdminTransferStarted(address indexed admin, address indexed pending);
    /// @notice The administration went from `previous` (zero: at construction) to `admin`.
    event AdminTransferred(address indexed previous, address indexed admin);
    /// @notice `caller` turned `deposited` of `token` into `usdai` USDai and those into `shares` sUSDai of `receiver`.
    event DepositedAndStaked(address indexed caller, address indexed receiver, address indexed token, uint256 deposited, uint256 usdai, uint256 shares);

    /// @notice `account` lacks `role`.
    error Unauthorized(address account, bytes32 role);
    /// @notice The router's address book has no entry `id`.
    error AddressNotSet(bytes32 id);
    /// @notice The zero address was given where somebody or something has to be named.
    error ZeroAddress();
    /// @notice The zero word was given as the id of a role or of an address.
    error ZeroId();
    /// @notice Nothing was to be moved.
    error ZeroAmount();
    /// @notice `ADMIN` is one account and changes hands by `transferAdmin` and `acceptAdmin` only.
    error AdminNotGrantable();
    /// @notice `caller` was not offered the administration.
    error NotPendingAdmin(address caller);
    /// @notice The transaction came at `timestamp`, after the caller's `deadline` (seconds).
    error DeadlineExpired(uint256 deadline, uint256 timestamp);
    /// @notice A transfer of `token` to the router succeeded and moved nothing.
    error NothingArrived(address token);
    /// @notice A journey would have left the router with another balance of `token` than it found.
    error BalanceChanged(address token, uint256 before, uint256 afterwards);
    /// @notice `token` refused the transfer or approval by returning false, or is not a contract.
    error TokenCallFailed(address token);
    /// @notice A callee is no contract, or returned data that does not begin with what its interface says.
    error MalformedReturn();

    /// @notice The holder of `ADMIN`.
    function admin() external view returns (address);
    /// @notice Who was offered `ADMIN` and has not accepted yet; zero if nobody.
    function pendingAdmin() external view returns (address);
    /// @notice Whether `account` has `role`.
    function hasRole(bytes32 role, address account) external view returns (bool);
    /// @notice Gives `role` to `account`; nothing happens if it has it already. By `ADMIN`.
    /// @dev Errors: `Unauthorized`, `AdminNotGrantable`, `ZeroId`, `ZeroAddress`.
    /// @dev Events: `RoleGranted` if that is news.
    function grantRole(bytes32 role, address account) external;
    /// @notice Takes `role` from `account`; nothing happens if it does not have it. By `ADMIN`.
    /// @dev Errors: `Unauthorized`, `AdminNotGrantable`, `ZeroId`, `ZeroAddress`.
    /// @dev Events: `RoleRevoked` if that is news.
    function revokeRole(bytes32 role, address account) external;
    /// @notice Offers `ADMIN` to `account`, which has to accept. A new offer replaces the last one; offering it to oneself takes it back. By
    /// `ADMIN`.
    /// @dev Errors: `Unauthorized`, `ZeroAddress`.
    /// @dev Events: `AdminTransferStarted`.
    function transferAdmin(address account) external;
    /// @notice Takes over `ADMIN`. By the pending admin.
    /// @dev Errors: `NotPendingAdmin`.
    /// @dev Events: `AdminTransferred`.
    function acceptAdmin() external;
    /// @notice The address book's entry `id`; zero if it is not set.
    function addressOf(bytes32 id) external view returns (address);
    /// @notice Sets the address book's entry `id`; nothing happens if it is that already. By `ADMIN`.
    /// @dev Errors: `Unauthorized`, `ZeroId`, `ZeroAddress`.
    /// @dev Events: `AddressSet` if that is news.
    function setAddress(bytes32 id, address current) external;
    /// @notice Stablecoin to sUSDai in one transaction: takes `amount` of `token` from the caller (what arrives counts), turns it into at least
    /// `minUsdai` USDai and stakes those for at least `minShares` sUSDai of `receiver`. `deadline` in seconds, inclusive. Returns the
    /// shares. The caller approves the router for `amount` first.
    /// @dev Errors: `DeadlineExpired`, `ZeroAmount`, `ZeroAddress` (token or receiver), `AddressNotSet` (USDai or vault), `NothingArrived`,
    /// `BalanceChanged`, `TokenCallFailed`, or what the token, USDai or the vault reverts with, slippage included.
    /// @dev Events: `DepositedAndStaked`.
    function depositAndStake(address token, uint256 amount, uint256 minUsdai, uint256 minShares, address receiver, uint256 deadline) external returns (uint256);
}

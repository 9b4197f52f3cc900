// SPDX-License-Identifier: MIT
pragma solidity >=0.8.4;

/// @notice The protocol's address book and authority. What `ADMIN` may do, here and in every other contract, is queued, waits for the delay, and is
/// executed by the router itself; while the delay is zero the admin may also do it directly. Never approve this contract for anything.
/// @custom:constructor constructor(address admin, uint256 delay)
interface IRouter {
    /// @notice A call that the router makes.
    struct Call {
        address target;
        bytes data;
    }

    /// @notice `account` has `role` from now on.
    event RoleGranted(bytes32 indexed role, address indexed account);
    /// @notice `account` has `role` no longer.
    event RoleRevoked(bytes32 indexed role, address indexed account);
    /// @notice The address book's entry `id` changed from `previous` (zero: it was not set) to `current`.
    event AddressSet(bytes32 indexed id, address indexed previous, address indexed current);
    /// @notice `admin` offered the administration to `pending`, who has to accept it; to itself: the offer is taken back.
    event AdminTransferStarted(address indexed admin, address indexed pending);
    /// @notice The administration went from `previous` (zero: at construction) to `admin`.
    event AdminTransferred(address indexed previous, address indexed admin);
    /// @notice What is queued from now on waits `delay` seconds.
    event DelaySet(uint256 delay);
    /// @notice Call `index` of the operation `id`: the router calls `target` with `data`. Before `OperationQueued`, one for each call.
    event CallQueued(bytes32 indexed id, uint256 indexed index, address indexed target, bytes data);
    /// @notice The operation `id` can be executed from `readyAt` to `expiresAt`, both included (seconds); what was queued without a delay, no longer
    /// than there is none.
    event OperationQueued(bytes32 indexed id, bytes32 salt, uint256 readyAt, uint256 expiresAt);
    /// @notice Every call of the operation was made.
    event OperationExecuted(bytes32 indexed id);
    /// @notice `by` cancelled the operation, which can be queued again.
    event OperationCancelled(bytes32 indexed id, address indexed by);

    /// @notice `account` lacks `role`.
    error Unauthorized(address account, bytes32 role);
    /// @notice The zero address was given where somebody or something has to be named.
    error ZeroAddress();
    /// @notice The zero word was given as the id of a role or of an address.
    error ZeroId();
    /// @notice `ADMIN` is one account and changes hands by `transferAdmin` and `acceptAdmin` only.
    error AdminNotGrantable();
    /// @notice `caller` was not offered the administration.
    error NotPendingAdmin(address caller);
    /// @notice The admin has to queue this: it takes `delay` seconds.
    error MustBeQueued(uint256 delay);
    /// @notice A delay is from `minimum` to `maximum` seconds; zero can only be what the constructor is given.
    error InvalidDelay(uint256 delay, uint256 minimum, uint256 maximum);
    /// @notice The operation has no calls.
    error EmptyOperation();
    /// @notice Call `index` of an operation is to the router and is not one that it makes to itself.
    error InvalidOwnCall(uint256 index);
    /// @notice The operation waits already, until `readyAt` (seconds).
    error OperationPending(bytes32 id, uint256 readyAt);
    /// @notice The operation was executed, which happens once.
    error OperationDone(bytes32 id);
    /// @notice The operation was not queued, or was cancelled.
    error OperationUnknown(bytes32 id);
    /// @notice The operation can be executed from `readyAt` on, and it is `timestamp` (seconds).
    error OperationNotReady(bytes32 id, uint256 readyAt, uint256 timestamp);
    /// @notice The operation could be executed until `expiredAt`, and it is `timestamp` (seconds).
    error OperationExpired(bytes32 id, uint256 expiredAt, uint256 timestamp);
    /// @notice Nobody cancels their own dismissal.
    error OwnDismissal(address guardian);
    /// @notice Call `index` of an operation failed and said nothing, or `target` is no contract.
    error CallFailed(uint256 index, address target);

    /// @notice Who queues and executes operations.
    function admin() external view returns (address);
    /// @notice Who was offered the administration and has not accepted yet; zero if nobody.
    function pendingAdmin() external view returns (address);
    /// @notice How long an operation that is queued now waits (seconds). While it is zero the admin has `ADMIN`.
    function delay() external view returns (uint256);
    /// @notice Whether `account` has `role`. `ADMIN` have this contract and, while the delay is zero, the admin; `GUARDIAN` the admin and those to
    /// whom it was granted.
    function hasRole(bytes32 role, address account) external view returns (bool);
    /// @notice The address book's entry `id`; zero if it is not set.
    function addressOf(bytes32 id) external view returns (address);
    /// @notice Gives `role` to `account`; nothing happens if it has it already. By `ADMIN`.
    /// @dev Errors: `Unauthorized`, `MustBeQueued`, `AdminNotGrantable`, `ZeroId`, `ZeroAddress`.
    /// @dev Events: `RoleGranted` if that is news.
    function grantRole(bytes32 role, address account) external;
    /// @notice Takes `role` from `account`; nothing happens if it does not have it. By the admin at once, whatever the delay, for a thief
    /// of a role has to be stopped before anything else (what that costs is in docs/RISKS.md); but `GUARDIAN` by `ADMIN`, so that nobody is
    /// rid of the guardians before they see what is done next.
    /// @dev Errors: `Unauthorized`, `MustBeQueued`, `AdminNotGrantable`, `ZeroId`, `ZeroAddress`.
    /// @dev Events: `RoleRevoked` if that is news.
    function revokeRole(bytes32 role, address account) external;
    /// @notice Sets the address book's entry `id`; nothing happens if it is that already. By `ADMIN`.
    /// @dev Errors: `Unauthorized`, `MustBeQueued`, `ZeroId`, `ZeroAddress`.
    /// @dev Events: `AddressSet` if that is news.
    function setAddress(bytes32 id, address current) external;
    /// @notice Offers the administration to `account`, which has to accept. A new offer replaces the last one. By `ADMIN`; to the admin itself, which
    /// takes an offer back, by the admin at once.
    /// @dev Errors: `Unauthorized`, `MustBeQueued`, `ZeroAddress`.
    /// @dev Events: `AdminTransferStarted`.
    function transferAdmin(address account) external;
    /// @notice Takes over the administration. By the pending admin.
    /// @dev Errors: `NotPendingAdmin`.
    /// @dev Events: `AdminTransferred`.
    function acceptAdmin() external;
    /// @notice Has operations that are queued from now on wait `delay` seconds, from an hour to 30 days. By `ADMIN`.
    /// @dev Errors: `Unauthorized`, `MustBeQueued`, `InvalidDelay`.
    /// @dev Events: `DelaySet`.
    function setDelay(uint256 delay) external;
    /// @notice Queues `calls`, which the router will make in this order, all or none. `salt` tells operations apart that are alike otherwise: one
    /// that was executed never is again. Calls of the router to itself can be `grantRole`, `revokeRole`, `setAddress`, `transferAdmin` and
    /// `setDelay`. Returns the operation's id. By the admin.
    /// @dev Errors: `Unauthorized`, `EmptyOperation`, `ZeroAddress` for a target, `InvalidOwnCall`, `OperationPending`, `OperationDone`.
    /// @dev Events: `CallQueued` for each call, `OperationQueued`.
    function queue(Call[] calldata calls, bytes32 salt) external returns (bytes32);
    /// @notice Makes the calls of an operation that has waited long enough. By the admin, so that nobody else chooses the moment.
    /// @dev Errors: `Unauthorized`, `OperationUnknown`, `OperationDone`, `OperationNotReady`, `OperationExpired`, `CallFailed`, and what a call reverts
    /// with; a call to the router itself, what the function refuses.
    /// @dev Events: `OperationExecuted`, and those of the calls.
    function execute(Call[] calldata calls, bytes32 salt) external;
    /// @notice Forgets an operation that waits, has expired, or is ready; it can be queued again. By `GUARDIAN`, but for its own dismissal: an
    /// operation that takes `GUARDIAN` from it and does nothing else.
    /// @dev Errors: `Unauthorized`, `OperationUnknown`, `OperationDone`, `OwnDismissal`.
    /// @dev Events: `OperationCancelled`.
    function cancel(bytes32 id) external;
    /// @notice From when to when the operation can be executed (seconds, both included; zeros if it is not queued), and whether it was.
    function operation(bytes32 id) external view returns (uint256 readyAt, uint256 expiresAt, bool executed);
    /// @notice The id of an operation: `keccak256(abi.encode(calls, salt))`.
    function hashOperation(Call[] calldata calls, bytes32 salt) external view returns (bytes32);
}

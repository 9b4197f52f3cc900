//! What the router tells indexers.

use lean_abi::sol;

sol! {
    /// `account` has `role` from now on.
    #[derive(Debug, PartialEq, Eq)]
    event RoleGranted(bytes32 indexed role, address indexed account);
    /// `account` has `role` no longer.
    #[derive(Debug, PartialEq, Eq)]
    event RoleRevoked(bytes32 indexed role, address indexed account);
    /// The address book's entry `id` changed from `previous` (zero: it was not set) to `current`.
    #[derive(Debug, PartialEq, Eq)]
    event AddressSet(bytes32 indexed id, address indexed previous, address indexed current);
    /// `admin` offered the administration to `pending`, who has to accept it; to itself: the offer is taken back.
    #[derive(Debug, PartialEq, Eq)]
    event AdminTransferStarted(address indexed admin, address indexed pending);
    /// The administration went from `previous` (zero: at construction) to `admin`.
    #[derive(Debug, PartialEq, Eq)]
    event AdminTransferred(address indexed previous, address indexed admin);
    /// What is queued from now on waits `delay` seconds.
    #[derive(Debug, PartialEq, Eq)]
    event DelaySet(uint256 delay);
    /// Call `index` of the operation `id`: the router calls `target` with `data`. Before `OperationQueued`, one for each call.
    #[derive(Debug, PartialEq, Eq)]
    event CallQueued(bytes32 indexed id, uint256 indexed index, address indexed target, bytes data);
    /// The operation `id` can be executed from `readyAt` to `expiresAt`, both included (seconds); what was queued without a delay, no longer
    /// than there is none.
    #[derive(Debug, PartialEq, Eq)]
    event OperationQueued(bytes32 indexed id, bytes32 salt, uint256 readyAt, uint256 expiresAt);
    /// Every call of the operation was made.
    #[derive(Debug, PartialEq, Eq)]
    event OperationExecuted(bytes32 indexed id);
    /// `by` cancelled the operation, which can be queued again.
    #[derive(Debug, PartialEq, Eq)]
    event OperationCancelled(bytes32 indexed id, address indexed by);
}

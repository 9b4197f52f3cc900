//! Why the router refuses.

use interfaces::authority::Unauthorized;
use lean_abi::sol;

sol! {
    /// The zero address was given where somebody or something has to be named.
    #[derive(Debug, PartialEq, Eq)]
    error ZeroAddress();
    /// The zero word was given as the id of a role or of an address.
    #[derive(Debug, PartialEq, Eq)]
    error ZeroId();
    /// `ADMIN` is one account and changes hands by `transferAdmin` and `acceptAdmin` only.
    #[derive(Debug, PartialEq, Eq)]
    error AdminNotGrantable();
    /// `caller` was not offered the administration.
    #[derive(Debug, PartialEq, Eq)]
    error NotPendingAdmin(address caller);
    /// The admin has to queue this: it takes `delay` seconds.
    #[derive(Debug, PartialEq, Eq)]
    error MustBeQueued(uint256 delay);
    /// A delay is from `minimum` to `maximum` seconds; zero can only be what the constructor is given.
    #[derive(Debug, PartialEq, Eq)]
    error InvalidDelay(uint256 delay, uint256 minimum, uint256 maximum);
    /// The operation has no calls.
    #[derive(Debug, PartialEq, Eq)]
    error EmptyOperation();
    /// Call `index` of an operation is to the router and is not one that it makes to itself.
    #[derive(Debug, PartialEq, Eq)]
    error InvalidOwnCall(uint256 index);
    /// The operation waits already, until `readyAt` (seconds).
    #[derive(Debug, PartialEq, Eq)]
    error OperationPending(bytes32 id, uint256 readyAt);
    /// The operation was executed, which happens once.
    #[derive(Debug, PartialEq, Eq)]
    error OperationDone(bytes32 id);
    /// The operation was not queued, or was cancelled.
    #[derive(Debug, PartialEq, Eq)]
    error OperationUnknown(bytes32 id);
    /// The operation can be executed from `readyAt` on, and it is `timestamp` (seconds).
    #[derive(Debug, PartialEq, Eq)]
    error OperationNotReady(bytes32 id, uint256 readyAt, uint256 timestamp);
    /// The operation could be executed until `expiredAt`, and it is `timestamp` (seconds).
    #[derive(Debug, PartialEq, Eq)]
    error OperationExpired(bytes32 id, uint256 expiredAt, uint256 timestamp);
    /// Nobody cancels their own dismissal.
    #[derive(Debug, PartialEq, Eq)]
    error OwnDismissal(address guardian);
    /// Call `index` of an operation failed and said nothing, or `target` is no contract.
    #[derive(Debug, PartialEq, Eq)]
    error CallFailed(uint256 index, address target);
}

lean_abi::errors! {
    /// Everything that a call to the router can fail with.
    pub RouterError:
        Unauthorized,
        ZeroAddress,
        ZeroId,
        AdminNotGrantable,
        NotPendingAdmin,
        MustBeQueued,
        InvalidDelay,
        EmptyOperation,
        InvalidOwnCall,
        OperationPending,
        OperationDone,
        OperationUnknown,
        OperationNotReady,
        OperationExpired,
        OwnDismissal,
        CallFailed
}

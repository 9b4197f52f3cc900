//! Why the router refuses.

use alloc::vec::Vec;

use alloy_sol_types::{sol, SolError};
use interfaces::authority::Unauthorized;

sol! {
    /// The zero address was given where somebody or something has to be named.
    #[derive(Debug, PartialEq, Eq)]
    error ZeroAddress();
    /// The zero word was given as the id of a role or of an address.
    #[derive(Debug, PartialEq, Eq)]
    error ZeroId();
    /// Nothing was to be moved.
    #[derive(Debug, PartialEq, Eq)]
    error ZeroAmount();
    /// `ADMIN` is one account and changes hands by `transferAdmin` and `acceptAdmin` only.
    #[derive(Debug, PartialEq, Eq)]
    error AdminNotGrantable();
    /// `caller` was not offered the administration.
    #[derive(Debug, PartialEq, Eq)]
    error NotPendingAdmin(address caller);
    /// The transaction came at `timestamp`, after the caller's `deadline` (seconds).
    #[derive(Debug, PartialEq, Eq)]
    error DeadlineExpired(uint256 deadline, uint256 timestamp);
    /// A transfer of `token` to the router succeeded and moved nothing.
    #[derive(Debug, PartialEq, Eq)]
    error NothingArrived(address token);
    /// A journey would have left the router with another balance of `token` than it found.
    #[derive(Debug, PartialEq, Eq)]
    error BalanceChanged(address token, uint256 before, uint256 afterwards);
}

/// Everything that a call to the router can revert with.
#[derive(Debug, PartialEq, Eq)]
pub enum RouterError {
    /// The caller lacks the role.
    Unauthorized(Unauthorized),
    /// The zero address where an address is needed.
    ZeroAddress(ZeroAddress),
    /// The zero word where an id is needed.
    ZeroId(ZeroId),
    /// Nothing to move.
    ZeroAmount(ZeroAmount),
    /// `ADMIN` given to `grantRole` or `revokeRole`.
    AdminNotGrantable(AdminNotGrantable),
    /// `acceptAdmin` by somebody else than the pending admin.
    NotPendingAdmin(NotPendingAdmin),
    /// Too late.
    DeadlineExpired(DeadlineExpired),
    /// The token moved nothing.
    NothingArrived(NothingArrived),
    /// Something would have stayed behind.
    BalanceChanged(BalanceChanged),
    /// A called contract reverted; its own words.
    Call(Vec<u8>),
}

impl From<RouterError> for Vec<u8> {
    fn from(error: RouterError) -> Self {
        match error {
            RouterError::Unauthorized(error) => error.abi_encode(),
            RouterError::ZeroAddress(error) => error.abi_encode(),
            RouterError::ZeroId(error) => error.abi_encode(),
            RouterError::ZeroAmount(error) => error.abi_encode(),
            RouterError::AdminNotGrantable(error) => error.abi_encode(),
            RouterError::NotPendingAdmin(error) => error.abi_encode(),
            RouterError::DeadlineExpired(error) => error.abi_encode(),
            RouterError::NothingArrived(error) => error.abi_encode(),
            RouterError::BalanceChanged(error) => error.abi_encode(),
            RouterError::Call(data) => data,
        }
    }
}

impl From<Vec<u8>> for RouterError {
    fn from(data: Vec<u8>) -> Self {
        Self::Call(data)
    }
}

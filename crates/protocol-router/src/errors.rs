//! Why the router refuses.

use erc20_ledger::foreign::TokenCallFailed;
use interfaces::authority::{AddressNotSet, Unauthorized};
use lean_abi::{sol, MalformedReturn};

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

lean_abi::errors! {
    /// Everything that a call to the router can fail with.
    pub RouterError:
        Unauthorized,
        AddressNotSet,
        ZeroAddress,
        ZeroId,
        ZeroAmount,
        AdminNotGrantable,
        NotPendingAdmin,
        DeadlineExpired,
        NothingArrived,
        BalanceChanged,
        TokenCallFailed,
        MalformedReturn
}

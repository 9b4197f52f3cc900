//! Why the gateway refuses.

use erc20_ledger::foreign::TokenCallFailed;
use filo_origination::errors::OnlyBorrower;
use interfaces::authority::AddressNotSet;
use lean_abi::{sol, MalformedReturn};

sol! {
    /// The zero address was given where somebody or something has to be named.
    #[derive(Debug, PartialEq, Eq)]
    error ZeroAddress();
    /// What a journey brings would stay with the gateway, which has no way to send it on.
    #[derive(Debug, PartialEq, Eq)]
    error InvalidReceiver(address receiver);
    /// Nothing was to be moved.
    #[derive(Debug, PartialEq, Eq)]
    error ZeroAmount();
    /// `wire()` was not called yet.
    #[derive(Debug, PartialEq, Eq)]
    error NotWired();
    /// The transaction came at `timestamp`, after the caller's `deadline` (seconds).
    #[derive(Debug, PartialEq, Eq)]
    error DeadlineExpired(uint256 deadline, uint256 timestamp);
    /// A transfer of `token` to the gateway succeeded and moved nothing.
    #[derive(Debug, PartialEq, Eq)]
    error NothingArrived(address token);
    /// A journey would have left the gateway with another balance of `token` than it found.
    #[derive(Debug, PartialEq, Eq)]
    error BalanceChanged(address token, uint256 before, uint256 afterwards);
    /// The request became position `opened`, and the bid was sealed for `expected`.
    #[derive(Debug, PartialEq, Eq)]
    error OtherPosition(uint256 expected, uint256 opened);
    /// A sum or product left 256 bits.
    #[derive(Debug, PartialEq, Eq)]
    error ArithmeticOverflow();
}

lean_abi::errors! {
    /// Everything that a call to the gateway can fail with.
    pub GatewayError:
        AddressNotSet,
        ZeroAddress,
        InvalidReceiver,
        ZeroAmount,
        NotWired,
        DeadlineExpired,
        NothingArrived,
        BalanceChanged,
        OtherPosition,
        OnlyBorrower,
        ArithmeticOverflow,
        TokenCallFailed,
        MalformedReturn
}

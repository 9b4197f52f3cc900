//! Why USDai and its swap adapter refuse. The first three are the production system's, without arguments because integrators know them so.

use alloc::vec::Vec;

use alloy_primitives::U256;
use erc20_ledger::{foreign::TokenCallFailed, AuthorizationError, LedgerError};
use fixed_point::ArithmeticError;
use interfaces::authority::{AddressNotSet, Unauthorized};
use lean_abi::{sol, MalformedReturn};

sol! {
    /// The zero address, or USDai itself where another is needed.
    #[derive(Debug, PartialEq, Eq)]
    error InvalidAddress();
    /// Nothing is to be moved, nothing arrived, or a withdrawal is worth less than one base unit.
    #[derive(Debug, PartialEq, Eq)]
    error InvalidAmount();
    /// The deposit would take the supply, bridged included, beyond the cap.
    #[derive(Debug, PartialEq, Eq)]
    error SupplyCapExceeded();

    /// `amount` would be credited or has arrived, less than the caller's `minimum`.
    #[derive(Debug, PartialEq, Eq)]
    error InsufficientOutput(uint256 amount, uint256 minimum);
    /// `token` cannot be the base token: it does not say that it has 6 decimals.
    #[derive(Debug, PartialEq, Eq)]
    error InvalidBaseToken(address token);
    /// A fee of `bps` basis points was asked for, `maximum` is allowed.
    #[derive(Debug, PartialEq, Eq)]
    error AdminFeeTooHigh(uint256 bps, uint256 maximum);
    /// The bridge wants to bring back `amount`; `bridgedSupply` is out there.
    #[derive(Debug, PartialEq, Eq)]
    error InsufficientBridgedSupply(uint256 bridgedSupply, uint256 amount);
    /// `wire()` has not been called since the router got its addresses.
    #[derive(Debug, PartialEq, Eq)]
    error NotWired();
    /// Deposits are paused.
    #[derive(Debug, PartialEq, Eq)]
    error DepositsPaused();
    /// Withdrawals are paused.
    #[derive(Debug, PartialEq, Eq)]
    error WithdrawalsPaused();
    /// A result needs more than 256 bits.
    #[derive(Debug, PartialEq, Eq)]
    error ArithmeticOverflow();

    /// The adapter serves USDai alone, not `caller`.
    #[derive(Debug, PartialEq, Eq)]
    error OnlyUsdai(address caller);
    /// `token` is not on the adapter's list.
    #[derive(Debug, PartialEq, Eq)]
    error TokenNotAllowed(address token);
    /// `data` is not a Uniswap V3 path (token, fee, token, …) from `tokenIn` to `tokenOut`.
    #[derive(Debug, PartialEq, Eq)]
    error InvalidPath(address tokenIn, address tokenOut);
    /// The pools are too shallow: the swap left `unspent` of `token`.
    #[derive(Debug, PartialEq, Eq)]
    error IncompleteSwap(address token, uint256 unspent);
}

lean_abi::errors! {
    /// Everything that a call to USDai can fail with.
    pub UsdaiError:
        InvalidAddress,
        InvalidAmount,
        SupplyCapExceeded,
        InsufficientOutput,
        InvalidBaseToken,
        AdminFeeTooHigh,
        InsufficientBridgedSupply,
        NotWired,
        DepositsPaused,
        WithdrawalsPaused,
        ArithmeticOverflow,
        Unauthorized,
        AddressNotSet,
        TokenCallFailed,
        MalformedReturn,
        AuthorizationError
}

lean_abi::errors! {
    /// Everything that a call to the swap adapter can fail with.
    pub AdapterError:
        InvalidAddress,
        InvalidAmount,
        OnlyUsdai,
        TokenNotAllowed,
        InvalidPath,
        IncompleteSwap,
        InsufficientOutput,
        Unauthorized,
        AddressNotSet,
        TokenCallFailed,
        MalformedReturn
}

impl From<LedgerError> for UsdaiError {
    fn from(error: LedgerError) -> Self {
        AuthorizationError::from(error).into()
    }
}

impl From<ArithmeticError> for UsdaiError {
    fn from(_: ArithmeticError) -> Self {
        ArithmeticOverflow {}.into()
    }
}

/// Succeeds if `amount` is something and reaches `minimum`.
///
/// # Errors
/// The encoded [`InsufficientOutput`], [`InvalidAmount`].
pub(crate) fn require_output(amount: U256, minimum: U256) -> Result<(), Vec<u8>> {
    if amount < minimum {
        return Err(InsufficientOutput { amount, minimum }.into());
    }
    if amount.is_zero() {
        return Err(InvalidAmount {}.into());
    }
    Ok(())
}

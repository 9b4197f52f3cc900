//! Why USDai and its swap adapter refuse. The first three are the production system's, without arguments because integrators know them so.

use alloc::vec::Vec;

use alloy_primitives::U256;
use alloy_sol_types::{sol, SolError};
use erc20_ledger::LedgerError;
use fixed_point::ArithmeticError;

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
    /// `token` cannot be the base token: it has `decimals`, not 6.
    #[derive(Debug, PartialEq, Eq)]
    error InvalidBaseToken(address token, uint8 decimals);
    /// A fee of `bps` basis points was asked for, `maximum` is allowed.
    #[derive(Debug, PartialEq, Eq)]
    error AdminFeeTooHigh(uint256 bps, uint256 maximum);
    /// The bridge wants to bring back `amount`; `bridgedSupply` is out there.
    #[derive(Debug, PartialEq, Eq)]
    error InsufficientBridgedSupply(uint256 bridgedSupply, uint256 amount);
    /// `wire()` has not been called since the router got its addresses.
    #[derive(Debug, PartialEq, Eq)]
    error NotWired();
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

/// Everything that a call to USDai or to the adapter can revert with.
#[derive(Debug, PartialEq, Eq)]
pub enum UsdaiError {
    /// A wrong address.
    InvalidAddress(InvalidAddress),
    /// No amount.
    InvalidAmount(InvalidAmount),
    /// Beyond the cap.
    SupplyCapExceeded(SupplyCapExceeded),
    /// Below the caller's minimum.
    InsufficientOutput(InsufficientOutput),
    /// Not 6 decimals.
    InvalidBaseToken(InvalidBaseToken),
    /// Above 20 %.
    AdminFeeTooHigh(AdminFeeTooHigh),
    /// More than crossed the bridge.
    InsufficientBridgedSupply(InsufficientBridgedSupply),
    /// Not wired yet.
    NotWired(NotWired),
    /// Too large.
    ArithmeticOverflow(ArithmeticOverflow),
    /// Adapter: not called by USDai.
    OnlyUsdai(OnlyUsdai),
    /// Adapter: not on the list.
    TokenNotAllowed(TokenNotAllowed),
    /// Adapter: not a path between the two tokens.
    InvalidPath(InvalidPath),
    /// Adapter: not all was swapped.
    IncompleteSwap(IncompleteSwap),
    /// The ledger refused.
    Ledger(LedgerError),
    /// A called contract reverted, or the router refused the caller; its own words.
    Call(Vec<u8>),
}

impl From<UsdaiError> for Vec<u8> {
    fn from(error: UsdaiError) -> Self {
        match error {
            UsdaiError::InvalidAddress(e) => e.abi_encode(),
            UsdaiError::InvalidAmount(e) => e.abi_encode(),
            UsdaiError::SupplyCapExceeded(e) => e.abi_encode(),
            UsdaiError::InsufficientOutput(e) => e.abi_encode(),
            UsdaiError::InvalidBaseToken(e) => e.abi_encode(),
            UsdaiError::AdminFeeTooHigh(e) => e.abi_encode(),
            UsdaiError::InsufficientBridgedSupply(e) => e.abi_encode(),
            UsdaiError::NotWired(e) => e.abi_encode(),
            UsdaiError::ArithmeticOverflow(e) => e.abi_encode(),
            UsdaiError::OnlyUsdai(e) => e.abi_encode(),
            UsdaiError::TokenNotAllowed(e) => e.abi_encode(),
            UsdaiError::InvalidPath(e) => e.abi_encode(),
            UsdaiError::IncompleteSwap(e) => e.abi_encode(),
            UsdaiError::Ledger(e) => e.into(),
            UsdaiError::Call(data) => data,
        }
    }
}

impl From<LedgerError> for UsdaiError {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

impl From<ArithmeticError> for UsdaiError {
    fn from(_: ArithmeticError) -> Self {
        Self::ArithmeticOverflow(ArithmeticOverflow {})
    }
}

impl From<Vec<u8>> for UsdaiError {
    fn from(data: Vec<u8>) -> Self {
        Self::Call(data)
    }
}

/// [`InvalidAddress`].
pub(crate) fn invalid_address() -> UsdaiError {
    UsdaiError::InvalidAddress(InvalidAddress {})
}

/// [`InvalidAmount`].
pub(crate) fn invalid_amount() -> UsdaiError {
    UsdaiError::InvalidAmount(InvalidAmount {})
}

/// Succeeds if `amount` is something and reaches `minimum`.
pub(crate) fn require_output(amount: U256, minimum: U256) -> Result<(), UsdaiError> {
    if amount < minimum {
        return Err(UsdaiError::InsufficientOutput(InsufficientOutput { amount, minimum }));
    }
    if amount.is_zero() {
        return Err(invalid_amount());
    }
    Ok(())
}

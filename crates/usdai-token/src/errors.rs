//! Why USDai and its swap adapter refuse. The first three are the production system's, without arguments because integrators know them so.

use alloc::vec::Vec;

use alloy_primitives::U256;
use alloy_sol_types::{sol, SolError};
use erc20_ledger::LedgerError;
use fixed_point::ArithmeticError;
use interfaces::words::{revert, Word};

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
            UsdaiError::InvalidAddress(_) => revert(InvalidAddress::SELECTOR, &[]),
            UsdaiError::InvalidAmount(_) => revert(InvalidAmount::SELECTOR, &[]),
            UsdaiError::SupplyCapExceeded(_) => revert(SupplyCapExceeded::SELECTOR, &[]),
            UsdaiError::InsufficientOutput(e) => revert(InsufficientOutput::SELECTOR, &[e.amount.word(), e.minimum.word()]),
            UsdaiError::InvalidBaseToken(e) => revert(InvalidBaseToken::SELECTOR, &[e.token.word()]),
            UsdaiError::AdminFeeTooHigh(e) => revert(AdminFeeTooHigh::SELECTOR, &[e.bps.word(), e.maximum.word()]),
            UsdaiError::InsufficientBridgedSupply(e) => {
                revert(InsufficientBridgedSupply::SELECTOR, &[e.bridgedSupply.word(), e.amount.word()])
            }
            UsdaiError::NotWired(_) => revert(NotWired::SELECTOR, &[]),
            UsdaiError::ArithmeticOverflow(_) => revert(ArithmeticOverflow::SELECTOR, &[]),
            UsdaiError::OnlyUsdai(e) => revert(OnlyUsdai::SELECTOR, &[e.caller.word()]),
            UsdaiError::TokenNotAllowed(e) => revert(TokenNotAllowed::SELECTOR, &[e.token.word()]),
            UsdaiError::InvalidPath(e) => revert(InvalidPath::SELECTOR, &[e.tokenIn.word(), e.tokenOut.word()]),
            UsdaiError::IncompleteSwap(e) => revert(IncompleteSwap::SELECTOR, &[e.token.word(), e.unspent.word()]),
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

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::Address;
    use erc20_ledger::ERC20InvalidSpender;

    #[test]
    fn errors_encode_as_their_definitions_say() {
        let (a, b) = (Address::repeat_byte(0xa1), Address::repeat_byte(0xb2));
        let (m, n) = (U256::from(3), U256::MAX);
        macro_rules! same {
            ($($variant:ident { $($field:ident: $value:expr),* })*) => {$(
                let error = $variant { $($field: $value),* };
                assert_eq!(Vec::from(UsdaiError::$variant(error.clone())), error.abi_encode());
            )*};
        }
        same! {
            InvalidAddress {}
            InvalidAmount {}
            SupplyCapExceeded {}
            InsufficientOutput { amount: m, minimum: n }
            InvalidBaseToken { token: a }
            AdminFeeTooHigh { bps: n, maximum: m }
            InsufficientBridgedSupply { bridgedSupply: m, amount: n }
            NotWired {}
            ArithmeticOverflow {}
            OnlyUsdai { caller: a }
            TokenNotAllowed { token: b }
            InvalidPath { tokenIn: a, tokenOut: b }
            IncompleteSwap { token: b, unspent: m }
        }
        let ledger = ERC20InvalidSpender { spender: a };
        let error = UsdaiError::Ledger(LedgerError::InvalidSpender(ledger.clone()));
        assert_eq!(Vec::from(error), ledger.abi_encode());
        assert_eq!(Vec::from(UsdaiError::Call(vec![1, 2])), vec![1, 2]);
    }
}

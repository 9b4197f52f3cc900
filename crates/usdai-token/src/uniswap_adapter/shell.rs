//! The adapter's shell: storage, the ABI, calls out.

#![allow(clippy::must_use_candidate, reason = "external functions are called through the ABI")]

use alloc::vec::Vec;

use alloy_primitives::{
    aliases::{U160, U24},
    Address, U256,
};
use erc20_ledger::foreign;
use interfaces::{
    authority,
    calls::ISwapAdapter,
    ids::{address, role},
};
use lean_abi::{AbiType, SolidityEvent};
use stylus_sdk::{
    abi::Bytes,
    prelude::*,
    storage::{StorageAddress, StorageBool, StorageMap},
};

use super::{path, TokenAllowed, Wired};
use crate::{
    errors::require_output, transfers, AdapterError, IncompleteSwap, InvalidAddress, InvalidAmount, InvalidPath, OnlyUsdai, TokenNotAllowed,
};

/// The fee of the pool that a swap without a path takes, in hundredths of a basis point: 0.01 %, the tier of stablecoin pairs.
const POOL_FEE: U24 = U24::from_limbs([100]);

/// A swap in one pool.
#[derive(AbiType)]
struct ExactInputSingleParams {
    token_in: Address,
    token_out: Address,
    fee: U24,
    recipient: Address,
    amount_in: U256,
    amount_out_minimum: U256,
    /// Zero: none.
    sqrt_price_limit: U160,
}

/// A swap along a path.
#[derive(AbiType)]
struct ExactInputParams {
    path: Vec<u8>,
    recipient: Address,
    amount_in: U256,
    amount_out_minimum: U256,
}

lean_abi::interface! {
    /// SwapRouter02, whose structs have no deadline (the first SwapRouter's have).
    pub(self) interface ISwapRouter {
        /// Swaps in one pool; returns what came out.
        function exactInputSingle(ExactInputSingleParams params) external returns (uint256);
        /// Swaps along a path; returns what the last pool paid.
        function exactInput(ExactInputParams params) external returns (uint256);
    }
}

/// State of the adapter. It holds no tokens and no allowances between calls.
#[storage]
pub struct UniswapAdapter {
    router: StorageAddress,
    base_token: StorageAddress,
    uniswap_router: StorageAddress,
    usdai: StorageAddress,
    allowed: StorageMap<Address, StorageBool>,
}

// SAFETY: `UniswapAdapter` is the contract's outermost storage struct; nothing else in the program starts at slot zero.
unsafe impl TopLevelStorage for UniswapAdapter {}

/// The way between USDai's base token and other stablecoins, on Uniswap V3. Amounts in the tokens' own units. For USDai alone; it holds
/// nothing between calls.
#[lean_abi::contract(errors(AdapterError), events(TokenAllowed, Wired), interfaces(ISwapAdapter))]
impl UniswapAdapter {
    /// Fixes the authority, USDai's base token and Uniswap's SwapRouter02.
    ///
    /// # Errors
    /// [`crate::InvalidAddress`].
    #[constructor]
    pub fn constructor(&mut self, router: Address, base_token: Address, uniswap_router: Address) -> Result<(), AdapterError> {
        if router.is_zero() || base_token.is_zero() || uniswap_router.is_zero() {
            return Err(InvalidAddress {}.into());
        }
        self.router.set(router);
        self.base_token.set(base_token);
        self.uniswap_router.set(uniswap_router);
        Ok(())
    }

    /// Takes USDai's address over from the router. By anybody: the router is the authority.
    ///
    /// # Errors
    /// `AddressNotSet` if the router lacks it.
    ///
    /// # Events
    /// [`super::Wired`].
    pub fn wire(&mut self) -> Result<(), AdapterError> {
        let usdai = authority::address_of(self, self.router.get(), address::USDAI)?;
        self.usdai.set(usdai);
        Wired { usdai }.emit(self.vm());
        Ok(())
    }

    /// Lets `token` be swapped, or no longer. By `ADMIN`.
    ///
    /// # Errors
    /// `Unauthorized`; [`crate::InvalidAddress`] for zero and for the base token, which needs no swap.
    ///
    /// # Events
    /// [`super::TokenAllowed`].
    pub fn set_token_allowed(&mut self, token: Address, allowed: bool) -> Result<(), AdapterError> {
        authority::require_role(self, self.router.get(), role::ADMIN, self.vm().msg_sender())?;
        if token.is_zero() || token == self.base_token.get() {
            return Err(InvalidAddress {}.into());
        }
        self.allowed.insert(token, allowed);
        TokenAllowed { token, allowed }.emit(self.vm());
        Ok(())
    }

    /// Swaps `input_amount` of `input_token`, pulled from USDai, into base token, paid to USDai; returns how much (base units). `data`
    /// is empty, for the pool of the two with a fee of 0.01 %, or a Uniswap V3 path. By USDai.
    ///
    /// # Errors
    /// [`OnlyUsdai`], [`TokenNotAllowed`], [`crate::InvalidAmount`] if the amount is zero or nothing arrived, [`InvalidPath`],
    /// [`IncompleteSwap`], [`crate::InsufficientOutput`] below `min_base_amount` (base units), and what the token or Uniswap reverts
    /// with.
    pub fn swap_in(&mut self, input_token: Address, input_amount: U256, min_base_amount: U256, data: Bytes) -> Result<U256, AdapterError> {
        self.require_swappable(input_token)?;
        self.swap(input_token, self.base_token.get(), input_amount, min_base_amount, data.0)
    }

    /// Swaps `base_amount` of base token, pulled from USDai, into `output_token`, paid to USDai; returns how much (its units). `data` as
    /// for [`Self::swap_in`], in this direction. By USDai.
    ///
    /// # Errors
    /// As [`Self::swap_in`]; the minimum is in `output_token`'s units.
    pub fn swap_out(
        &mut self,
        output_token: Address,
        base_amount: U256,
        min_output_amount: U256,
        data: Bytes,
    ) -> Result<U256, AdapterError> {
        self.require_swappable(output_token)?;
        self.swap(self.base_token.get(), output_token, base_amount, min_output_amount, data.0)
    }

    /// Whether `token` can be swapped.
    pub fn token_allowed(&self, token: Address) -> bool {
        self.allowed.get(token)
    }

    /// USDai's base token.
    pub fn base_token(&self) -> Address {
        self.base_token.get()
    }

    /// USDai, once wired.
    pub fn usdai(&self) -> Address {
        self.usdai.get()
    }

    /// Uniswap's SwapRouter02.
    pub fn uniswap_router(&self) -> Address {
        self.uniswap_router.get()
    }
}

impl UniswapAdapter {
    fn require_swappable(&self, token: Address) -> Result<(), AdapterError> {
        let caller = self.vm().msg_sender();
        if caller != self.usdai.get() {
            return Err(OnlyUsdai { caller }.into());
        }
        if !self.allowed.get(token) {
            return Err(TokenNotAllowed { token }.into());
        }
        Ok(())
    }

    /// `amount` of `input` from USDai becomes `output` at USDai.
    fn swap(&mut self, input: Address, output: Address, amount: U256, minimum: U256, path: Vec<u8>) -> Result<U256, AdapterError> {
        if amount.is_zero() {
            return Err(InvalidAmount {}.into());
        }
        let (uniswap, usdai, here) = (self.uniswap_router.get(), self.vm().msg_sender(), self.vm().contract_address());
        if !path.is_empty() && !path::leads(&path, input, output) {
            return Err(InvalidPath {
                tokenIn: input,
                tokenOut: output,
            }
            .into());
        }
        let arrived = transfers::pull(self, input, usdai, amount)?;
        if arrived.is_zero() {
            // To SwapRouter02 an amount of zero means all that it holds itself.
            return Err(InvalidAmount {}.into());
        }
        // What lies here and is not this swap's: gifts, and the yield on them that a token pays when a balance moves.
        let idle = foreign::balance_of(self, input, here)?.saturating_sub(arrived);
        foreign::safe_approve(self, input, uniswap, arrived)?;
        let before = foreign::balance_of(self, output, usdai)?;
        let router = ISwapRouter::new(uniswap);
        let paid = if path.is_empty() {
            router.exact_input_single(
                self,
                ExactInputSingleParams {
                    token_in: input,
                    token_out: output,
                    fee: POOL_FEE,
                    recipient: usdai,
                    amount_in: arrived,
                    amount_out_minimum: minimum,
                    sqrt_price_limit: U160::ZERO,
                },
            )?
        } else {
            router.exact_input(
                self,
                ExactInputParams {
                    path,
                    recipient: usdai,
                    amount_in: arrived,
                    amount_out_minimum: minimum,
                },
            )?
        };
        // Where the pools run dry, Uniswap takes less than it was offered; the rest of the allowance would stand, the rest of the tokens
        // would lie here.
        let unspent = transfers::arrived(self, input, here, idle)?;
        if !unspent.is_zero() {
            return Err(IncompleteSwap { token: input, unspent }.into());
        }
        // What the last pool paid, but no more than what came: during the swap, a token on the path can make other output arrive.
        let brought = paid.min(transfers::arrived(self, output, usdai, before)?);
        require_output(brought, minimum)?;
        Ok(brought)
    }
}

#[cfg(test)]
mod encoding {
    use super::*;
    use alloy_primitives::hex;

    /// The selectors of the deployed SwapRouter02.
    #[test]
    fn the_exchange_is_called_by_its_selectors() {
        let selectors = ISwapRouter::FUNCTIONS.iter().map(|function| function.selector.to_be_bytes());
        assert_eq!(selectors.collect::<Vec<_>>(), [hex!("04e45aaf"), hex!("b858183f")]);
    }
}

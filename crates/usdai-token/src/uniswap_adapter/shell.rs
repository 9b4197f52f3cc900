//! The adapter's shell: storage, the ABI, calls out.

#![allow(clippy::must_use_candidate, reason = "external functions are called through the ABI")]
#![allow(
    deprecated,
    reason = "the interfaces between the contracts go through the SDK's older call, and so does this"
)]

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{sol, SolCall};
use interfaces::{
    authority::{self, revert_data},
    erc20,
    ids::{address, role},
    words::Word,
};
use stylus_sdk::{
    abi::Bytes,
    call::call,
    prelude::*,
    storage::{StorageAddress, StorageBool, StorageMap},
};

use super::{events, path};
use crate::{
    calldata,
    errors::{invalid_address, invalid_amount, require_output},
    transfers, IncompleteSwap, InvalidPath, OnlyUsdai, TokenNotAllowed, UsdaiError,
};

/// The fee of the pool that a swap without a path takes, in hundredths of a basis point: 0.01 %, the tier of stablecoin pairs.
const POOL_FEE: usize = 100;

sol! {
    struct ExactInputSingleParams {
        address tokenIn;
        address tokenOut;
        uint24 fee;
        address recipient;
        uint256 amountIn;
        uint256 amountOutMinimum;
        uint160 sqrtPriceLimitX96;
    }

    struct ExactInputParams {
        bytes path;
        address recipient;
        uint256 amountIn;
        uint256 amountOutMinimum;
    }

    /// SwapRouter02, whose structs have no deadline (the first SwapRouter's have).
    function exactInputSingle(ExactInputSingleParams params) external payable returns (uint256 amountOut);
    function exactInput(ExactInputParams params) external payable returns (uint256 amountOut);
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

#[public]
impl UniswapAdapter {
    /// Fixes the authority, USDai's base token and Uniswap's SwapRouter02.
    ///
    /// # Errors
    /// [`crate::InvalidAddress`].
    #[constructor]
    pub fn constructor(&mut self, router: Address, base_token: Address, uniswap_router: Address) -> Result<(), UsdaiError> {
        if router.is_zero() || base_token.is_zero() || uniswap_router.is_zero() {
            return Err(invalid_address());
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
    pub fn wire(&mut self) -> Result<(), UsdaiError> {
        let usdai = authority::address_of(&*self, self.router.get(), address::USDAI)?;
        self.usdai.set(usdai);
        events::wired(self.vm(), usdai);
        Ok(())
    }

    /// Lets `token` be swapped, or no longer. By `ADMIN`.
    ///
    /// # Errors
    /// `Unauthorized`; [`crate::InvalidAddress`] for zero and for the base token, which needs no swap.
    ///
    /// # Events
    /// [`super::TokenAllowed`].
    pub fn set_token_allowed(&mut self, token: Address, allowed: bool) -> Result<(), UsdaiError> {
        authority::require_role(&*self, self.router.get(), role::ADMIN, self.vm().msg_sender())?;
        if token.is_zero() || token == self.base_token.get() {
            return Err(invalid_address());
        }
        self.allowed.insert(token, allowed);
        events::token_allowed(self.vm(), token, allowed);
        Ok(())
    }

    /// Swaps `input_amount` of `input_token`, pulled from USDai, into base token, paid to USDai; returns how much (base units). `data`
    /// is empty, for the pool of the two with a fee of 0.01 %, or a Uniswap V3 path. By USDai.
    ///
    /// # Errors
    /// [`OnlyUsdai`], [`TokenNotAllowed`], [`crate::InvalidAmount`] if the amount is zero or nothing arrived, [`InvalidPath`],
    /// [`IncompleteSwap`], [`crate::InsufficientOutput`] below `min_base_amount` (base units), and what the token or Uniswap reverts
    /// with.
    pub fn swap_in(&mut self, input_token: Address, input_amount: U256, min_base_amount: U256, data: Bytes) -> Result<U256, UsdaiError> {
        self.require_swappable(input_token)?;
        self.swap(input_token, self.base_token.get(), input_amount, min_base_amount, data.0)
    }

    /// Swaps `base_amount` of base token, pulled from USDai, into `output_token`, paid to USDai; returns how much (its units). `data` as
    /// for [`Self::swap_in`], in this direction. By USDai.
    ///
    /// # Errors
    /// As [`Self::swap_in`]; the minimum is in `output_token`'s units.
    pub fn swap_out(&mut self, output_token: Address, base_amount: U256, min_output_amount: U256, data: Bytes) -> Result<U256, UsdaiError> {
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
    fn require_swappable(&self, token: Address) -> Result<(), UsdaiError> {
        let caller = self.vm().msg_sender();
        if caller != self.usdai.get() {
            return Err(UsdaiError::OnlyUsdai(OnlyUsdai { caller }));
        }
        if !self.allowed.get(token) {
            return Err(UsdaiError::TokenNotAllowed(TokenNotAllowed { token }));
        }
        Ok(())
    }

    /// `amount` of `input` from USDai becomes `output` at USDai.
    fn swap(&mut self, input: Address, output: Address, amount: U256, minimum: U256, path: Vec<u8>) -> Result<U256, UsdaiError> {
        if amount.is_zero() {
            return Err(invalid_amount());
        }
        let (uniswap, usdai, here) = (self.uniswap_router.get(), self.vm().msg_sender(), self.vm().contract_address());
        if !path.is_empty() && !path::leads(&path, input, output) {
            return Err(UsdaiError::InvalidPath(InvalidPath {
                tokenIn: input,
                tokenOut: output,
            }));
        }
        let idle = erc20::balance_of(&*self, input, here)?;
        let arrived = transfers::pull(self, input, usdai, amount)?;
        if arrived.is_zero() {
            // To SwapRouter02 an amount of zero means all that it holds itself.
            return Err(invalid_amount());
        }
        erc20::safe_approve(self, input, uniswap, arrived)?;
        let before = erc20::balance_of(&*self, output, usdai)?;
        let order = Order {
            input,
            output,
            recipient: usdai,
            amount: arrived,
            minimum,
        };
        let answer = call(&mut *self, uniswap, &order.calldata(&path)).map_err(revert_data)?;
        // Where the pools run dry, Uniswap takes less than it was offered; the rest of the allowance would stand, the rest of the tokens
        // would lie here.
        let unspent = transfers::arrived(self, input, here, idle)?;
        if !unspent.is_zero() {
            return Err(UsdaiError::IncompleteSwap(IncompleteSwap { token: input, unspent }));
        }
        // What the last pool paid, but no more than what came: during the swap, a token on the path can make other output arrive.
        let brought = calldata::first_word(&answer).min(transfers::arrived(self, output, usdai, before)?);
        require_output(brought, minimum)?;
        Ok(brought)
    }
}

/// What SwapRouter02 is asked.
struct Order {
    input: Address,
    output: Address,
    recipient: Address,
    amount: U256,
    minimum: U256,
}

impl Order {
    /// `exactInput` along `path`, `exactInputSingle` if there is none.
    fn calldata(&self, path: &[u8]) -> Vec<u8> {
        let (recipient, amount, minimum) = (self.recipient.word(), self.amount.word(), self.minimum.word());
        if path.is_empty() {
            let (input, output, fee) = (self.input.word(), self.output.word(), calldata::small(POOL_FEE));
            let no_price_limit = B256::ZERO;
            return calldata::of_words(
                exactInputSingleCall::SELECTOR,
                &[input, output, fee, recipient, amount, minimum, no_price_limit],
            );
        }
        let (to_struct, to_path) = (calldata::small(32), calldata::small(4 * 32));
        calldata::with_bytes(exactInputCall::SELECTOR, &[to_struct, to_path, recipient, amount, minimum], path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::{
        aliases::{U160, U24},
        hex,
    };
    use proptest::prelude::*;

    const ORDER: Order = Order {
        input: Address::repeat_byte(1),
        output: Address::repeat_byte(2),
        recipient: Address::repeat_byte(3),
        amount: U256::MAX,
        minimum: U256::from_limbs([7, 0, 0, 0]),
    };

    #[test]
    fn a_single_swap_encodes_as_uniswap_defines_it() {
        let params = ExactInputSingleParams {
            tokenIn: ORDER.input,
            tokenOut: ORDER.output,
            fee: U24::from(100),
            recipient: ORDER.recipient,
            amountIn: ORDER.amount,
            amountOutMinimum: ORDER.minimum,
            sqrtPriceLimitX96: U160::ZERO,
        };
        let calldata = ORDER.calldata(&[]);
        assert_eq!(calldata, exactInputSingleCall { params }.abi_encode());
        // The selectors of the deployed SwapRouter02.
        assert_eq!(calldata[..4], hex!("04e45aaf"));
        assert_eq!(exactInputCall::SELECTOR, hex!("b858183f"));
    }

    proptest! {
        #[test]
        fn a_swap_along_a_path_encodes_as_uniswap_defines_it(path in prop::collection::vec(any::<u8>(), 1..100)) {
            let params = ExactInputParams {
                path: path.clone().into(),
                recipient: ORDER.recipient,
                amountIn: ORDER.amount,
                amountOutMinimum: ORDER.minimum,
            };
            prop_assert_eq!(ORDER.calldata(&path), exactInputCall { params }.abi_encode());
        }
    }
}

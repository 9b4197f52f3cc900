//! How USDai takes and pays: what the external functions share.

#![allow(
    deprecated,
    reason = "what `sol_interface!` generates returns the SDK's older error type and goes through its older call"
)]

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{sol, SolCall};
use fixed_point::Assets;
use interfaces::{
    authority::{self, revert_data},
    erc20,
    ids::role,
    words::Word,
};
use stylus_sdk::{call::call, prelude::*};

use crate::{
    calldata,
    errors::{invalid_address, invalid_amount, require_output},
    events::{self, Exchanged},
    transfers, BaseUnits, NotWired, Redemption, Supply, SupplyCapExceeded, Usdai, UsdaiError,
};

sol! {
    // `interfaces::calls::ISwapAdapter`, for its selectors.
    function swapIn(address token, uint256 amount, uint256 minimum, bytes data) external returns (uint256);
    function swapOut(address token, uint256 amount, uint256 minimum, bytes data) external returns (uint256);
}

/// What the swap adapter is asked: `selector` says in which direction.
struct Swap {
    selector: [u8; 4],
    /// The token that is not the base token.
    token: Address,
    amount: U256,
    minimum: U256,
    data: Vec<u8>,
}

impl Usdai {
    /// `deposit` of both forms.
    pub(crate) fn deposit_via(
        &mut self,
        token: Address,
        amount: U256,
        minimum: U256,
        recipient: Address,
        data: Vec<u8>,
    ) -> Result<U256, UsdaiError> {
        self.require_parties(token, recipient)?;
        if amount.is_zero() {
            return Err(invalid_amount());
        }
        let (base_token, caller) = (self.base_token.get(), self.vm().msg_sender());
        let mut arrived = transfers::pull(self, token, caller, amount)?;
        if arrived.is_zero() {
            return Err(invalid_amount());
        }
        if token != base_token {
            let swap = Swap {
                selector: swapInCall::SELECTOR,
                token,
                amount: arrived,
                minimum: BaseUnits::to_back_up(Assets(minimum))?.0,
                data,
            };
            arrived = self.swap(token, base_token, &swap)?;
        }
        let minted = BaseUnits(arrived).to_assets()?;
        require_output(minted.0, minimum)?;
        if minted > self.supply().room()? {
            // Asked only here: everybody else's deposit does not pay for the question.
            self.require_role(role::DEPOSIT_ADMIN)
                .map_err(|_| UsdaiError::SupplyCapExceeded(SupplyCapExceeded {}))?;
        }
        self.ledger.mint(recipient, minted.0)?;
        let deposit = Exchanged {
            caller,
            recipient,
            token,
            given: amount,
            got: minted.0,
        };
        events::deposited(self.vm(), &deposit);
        Ok(minted.0)
    }

    /// `withdraw` of both forms.
    pub(crate) fn withdraw_via(
        &mut self,
        token: Address,
        amount: U256,
        minimum: U256,
        recipient: Address,
        data: Vec<u8>,
    ) -> Result<U256, UsdaiError> {
        self.require_parties(token, recipient)?;
        let redemption = Redemption::of(Assets(amount))?;
        if redemption.burnt.is_zero() {
            return Err(invalid_amount());
        }
        let (base_token, caller) = (self.base_token.get(), self.vm().msg_sender());
        self.ledger.burn(caller, redemption.burnt.0)?;
        let mut paid = redemption.base.0;
        if token != base_token {
            let swap = Swap {
                selector: swapOutCall::SELECTOR,
                token,
                amount: paid,
                minimum,
                data,
            };
            paid = self.swap(base_token, token, &swap)?;
        }
        let arrived = transfers::push(self, token, recipient, paid)?;
        require_output(arrived, minimum)?;
        let withdrawal = Exchanged {
            caller,
            recipient,
            token,
            given: redemption.burnt.0,
            got: arrived,
        };
        events::withdrawn(self.vm(), &withdrawal);
        Ok(arrived)
    }

    /// Has the adapter swap `input`, held here and approved exactly, for `output`; returns what that brought here.
    fn swap(&mut self, input: Address, output: Address, swap: &Swap) -> Result<U256, UsdaiError> {
        let (adapter, here) = (self.swap_adapter.get(), self.vm().contract_address());
        if adapter.is_zero() {
            return Err(UsdaiError::NotWired(NotWired {}));
        }
        erc20::safe_approve(self, input, adapter, swap.amount)?;
        let before = erc20::balance_of(&*self, output, here)?;
        let head = [swap.token.word(), swap.amount.word(), swap.minimum.word(), calldata::small(4 * 32)];
        let answer = call(&mut *self, adapter, &calldata::with_bytes(swap.selector, &head, &swap.data)).map_err(revert_data)?;
        // Both: a token on the caller's path could claim USDai's own yield during the swap, and it would look as if it had been brought.
        Ok(calldata::first_word(&answer).min(transfers::arrived(self, output, here, before)?))
    }

    /// What exists and what may.
    pub(crate) fn supply(&self) -> Supply {
        Supply {
            total: Assets(self.ledger.total_supply()),
            bridged: Assets(self.bridged_supply.get()),
            cap: Assets(self.supply_cap.get()),
        }
    }

    pub(crate) fn store_supply_cap(&mut self, supply_cap: U256) {
        self.supply_cap.set(supply_cap);
        events::supply_cap_set(self.vm(), supply_cap);
    }

    pub(crate) fn store_bridged_supply(&mut self, bridged_supply: U256) {
        self.bridged_supply.set(bridged_supply);
        events::bridged_supply_set(self.vm(), bridged_supply);
    }

    pub(crate) fn require_role(&self, role: B256) -> Result<(), UsdaiError> {
        Ok(authority::require_role(self, self.router.get(), role, self.vm().msg_sender())?)
    }

    /// The bridged supply, if the bridge calls about something.
    pub(crate) fn require_bridge(&self, amount: U256) -> Result<U256, UsdaiError> {
        self.require_role(role::BRIDGE)?;
        if amount.is_zero() {
            return Err(invalid_amount());
        }
        Ok(self.bridged_supply.get())
    }

    /// USDai cannot be its own deposit, and what it sent itself nobody could get out again.
    fn require_parties(&self, token: Address, recipient: Address) -> Result<(), UsdaiError> {
        let here = self.vm().contract_address();
        for party in [token, recipient] {
            if party.is_zero() || party == here {
                return Err(invalid_address());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use stylus_sdk::{abi::Bytes, function_selector};

    proptest! {
        #[test]
        fn a_swap_encodes_as_its_definition_says(data in prop::collection::vec(any::<u8>(), 0..100)) {
            let (token, amount, minimum) = (Address::repeat_byte(7), U256::MAX, U256::from(3));
            let generic = swapInCall { token, amount, minimum, data: data.clone().into() }.abi_encode();
            let head = [token.word(), amount.word(), minimum.word(), calldata::small(128)];
            prop_assert_eq!(calldata::with_bytes(swapInCall::SELECTOR, &head, &data), generic);
        }
    }

    #[test]
    fn the_adapters_functions_have_these_selectors() {
        assert_eq!(swapInCall::SELECTOR, function_selector!("swapIn", Address, U256, U256, Bytes));
        assert_eq!(swapOutCall::SELECTOR, function_selector!("swapOut", Address, U256, U256, Bytes));
    }
}

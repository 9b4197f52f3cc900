//! How USDai takes and pays: what the external functions share.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use erc20_ledger::foreign;
use fixed_point::Assets;
use interfaces::{
    authority,
    calls::ISwapAdapter,
    ids::{role, Id},
};
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    errors::require_output, transfers, BaseUnits, BridgedSupplySet, Deposited, DepositsPauseSet, DepositsPaused, InvalidAddress,
    InvalidAmount, NotWired, Redemption, Supply, SupplyCapExceeded, SupplyCapSet, Usdai, UsdaiError, WithdrawalsPaused, Withdrawn,
};

/// Which way the swap adapter is asked to swap.
enum Way {
    /// Into base token.
    In,
    /// Out of base token.
    Out,
}

/// What the swap adapter is asked.
struct Swap {
    way: Way,
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
        if self.deposits_paused.get() {
            return Err(DepositsPaused {}.into());
        }
        self.require_parties(token, recipient)?;
        if amount.is_zero() {
            return Err(InvalidAmount {}.into());
        }
        let (base_token, caller) = (self.base_token.get(), self.vm().msg_sender());
        let mut arrived = transfers::pull(self, token, caller, amount)?;
        if arrived.is_zero() {
            return Err(InvalidAmount {}.into());
        }
        if token != base_token {
            let swap = Swap {
                way: Way::In,
                token,
                amount: arrived,
                minimum: BaseUnits::to_back_up(Assets(minimum))?.0,
                data,
            };
            arrived = self.swap(token, base_token, swap)?;
        }
        let minted = BaseUnits(arrived).to_assets()?;
        require_output(minted.0, minimum)?;
        if minted > self.supply().room()? {
            // Asked only here: everybody else's deposit does not pay for the question.
            self.require_role(role::DEPOSIT_ADMIN).map_err(|_| SupplyCapExceeded {})?;
        }
        self.ledger.mint(recipient, minted.0)?;
        Deposited {
            caller,
            recipient,
            depositToken: token,
            depositAmount: amount,
            usdaiAmount: minted.0,
        }
        .emit(self.vm());
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
        if self.withdrawals_paused.get() {
            return Err(WithdrawalsPaused {}.into());
        }
        self.require_parties(token, recipient)?;
        let redemption = Redemption::of(Assets(amount))?;
        if redemption.burnt.is_zero() {
            return Err(InvalidAmount {}.into());
        }
        let (base_token, caller) = (self.base_token.get(), self.vm().msg_sender());
        self.ledger.burn(caller, redemption.burnt.0)?;
        let mut paid = redemption.base.0;
        if token != base_token {
            let swap = Swap {
                way: Way::Out,
                token,
                amount: paid,
                minimum,
                data,
            };
            paid = self.swap(base_token, token, swap)?;
        }
        let arrived = transfers::push(self, token, recipient, paid)?;
        require_output(arrived, minimum)?;
        Withdrawn {
            caller,
            recipient,
            withdrawToken: token,
            usdaiAmount: redemption.burnt.0,
            withdrawAmount: arrived,
        }
        .emit(self.vm());
        Ok(arrived)
    }

    /// Has the adapter swap `input`, held here and approved exactly, for `output`; returns what that brought here.
    fn swap(&mut self, input: Address, output: Address, swap: Swap) -> Result<U256, UsdaiError> {
        let (adapter, here) = (self.swap_adapter.get(), self.vm().contract_address());
        if adapter.is_zero() {
            return Err(NotWired {}.into());
        }
        foreign::safe_approve(self, input, adapter, swap.amount)?;
        let before = foreign::balance_of(self, output, here)?;
        let adapter = ISwapAdapter::new(adapter);
        let brought = match swap.way {
            Way::In => adapter.swap_in(self, swap.token, swap.amount, swap.minimum, swap.data)?,
            Way::Out => adapter.swap_out(self, swap.token, swap.amount, swap.minimum, swap.data)?,
        };
        // Both: a token on the caller's path could claim USDai's own yield during the swap, and it would look as if it had been brought.
        Ok(brought.min(transfers::arrived(self, output, here, before)?))
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
        SupplyCapSet { supplyCap: supply_cap }.emit(self.vm());
    }

    pub(crate) fn store_deposits_paused(&mut self, paused: bool) {
        self.deposits_paused.set(paused);
        let account = self.vm().msg_sender();
        DepositsPauseSet { account, paused }.emit(self.vm());
    }

    pub(crate) fn store_bridged_supply(&mut self, bridged_supply: U256) {
        self.bridged_supply.set(bridged_supply);
        BridgedSupplySet {
            bridgedSupply: bridged_supply,
        }
        .emit(self.vm());
    }

    pub(crate) fn require_role(&self, role: Id) -> Result<(), UsdaiError> {
        Ok(authority::require_role(self, self.router.get(), role, self.vm().msg_sender())?)
    }

    /// The bridged supply, if the bridge calls about something.
    pub(crate) fn require_bridge(&self, amount: U256) -> Result<U256, UsdaiError> {
        self.require_role(role::BRIDGE)?;
        if amount.is_zero() {
            return Err(InvalidAmount {}.into());
        }
        Ok(self.bridged_supply.get())
    }

    /// USDai cannot be its own deposit, and what it sent itself nobody could get out again.
    fn require_parties(&self, token: Address, recipient: Address) -> Result<(), UsdaiError> {
        let here = self.vm().contract_address();
        for party in [token, recipient] {
            if party.is_zero() || party == here {
                return Err(InvalidAddress {}.into());
            }
        }
        Ok(())
    }
}

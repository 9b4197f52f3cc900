//! USDai's shell: storage, the ABI, calls out.

#![allow(clippy::must_use_candidate, reason = "external functions are called through the ABI")]

use alloc::vec::Vec;

use alloy_primitives::{Address, FixedBytes, U256};
use eip712::{Domain, IErc5267};
use erc20_ledger::{
    foreign, Approval, AuthorizationCanceled, AuthorizationUsed, Authorizations, AuthorizedToken, Erc20Ledger, IErc20, IErc2612, IErc3009,
    Token, Transfer, ERC3009_ID,
};
use fixed_point::Bps;
use interfaces::{
    authority,
    calls::{IUsdai, IVaultIncome},
    ids::{address, role},
    views::IUsdaiViews,
};
use lean_abi::SolidityEvent;
use stylus_sdk::{
    abi::Bytes,
    prelude::*,
    storage::{StorageAddress, StorageBool, StorageU16, StorageU256},
};

use crate::{
    AdminFeeSet, AdminFeeTooHigh, BaseUnits, BridgedSupplySet, Deposited, DepositsPauseSet, Harvest, Harvested, InsufficientBridgedSupply,
    InvalidAddress, InvalidBaseToken, NotWired, SupplyCapSet, UsdaiError, Wired, WithdrawalsPauseSet, Withdrawn, MAX_ADMIN_FEE,
};

/// What the base token must have for 10^12 to be the scale.
const BASE_DECIMALS: u8 = 6;

lean_abi::interface! {
    /// A base token: an ERC-20 whose yield accrues beside the balance.
    interface IBaseToken {
        /// How many decimals a whole token has.
        function decimals() external view returns (uint8);
        /// Pays `account` its yield. How much that was, the balance says.
        function claimFor(address account) external;
    }
}

/// State of USDai.
#[storage]
pub struct Usdai {
    pub(crate) ledger: Erc20Ledger,
    pub(crate) router: StorageAddress,
    /// One slot with the two below: who deposits or withdraws reads all three.
    pub(crate) base_token: StorageAddress,
    pub(crate) deposits_paused: StorageBool,
    pub(crate) withdrawals_paused: StorageBool,
    pub(crate) swap_adapter: StorageAddress,
    vault: StorageAddress,
    /// One slot with the fee: both are needed when yield is harvested.
    treasury: StorageAddress,
    admin_fee: StorageU16,
    pub(crate) bridged_supply: StorageU256,
    pub(crate) supply_cap: StorageU256,
    authorizations: Authorizations,
}

// SAFETY: `Usdai` is the contract's outermost storage struct; nothing else in the program starts at slot zero.
unsafe impl TopLevelStorage for Usdai {}

impl Domain for Usdai {
    const NAME: &'static str = "USDai";
}

impl Token for Usdai {
    type Error = UsdaiError;
    const SYMBOL: &'static str = "USDai";

    fn ledger(&self) -> &Erc20Ledger {
        &self.ledger
    }

    fn ledger_mut(&mut self) -> &mut Erc20Ledger {
        &mut self.ledger
    }
}

impl AuthorizedToken for Usdai {
    fn authorizations(&self) -> &Authorizations {
        &self.authorizations
    }

    fn authorizations_mut(&mut self) -> &mut Authorizations {
        &mut self.authorizations
    }
}

/// USDai, the dollar: base token in and out 1:1, other stablecoins through the swap adapter. Amounts in wei unless another unit is named.
#[lean_abi::contract(
    errors(UsdaiError),
    events(
        Deposited,
        Withdrawn,
        Harvested,
        SupplyCapSet,
        AdminFeeSet,
        BridgedSupplySet,
        DepositsPauseSet,
        WithdrawalsPauseSet,
        Wired,
        Transfer,
        Approval,
        AuthorizationUsed,
        AuthorizationCanceled
    ),
    interfaces(IUsdai, IUsdaiViews),
    implements(IErc20, IErc2612, IErc5267, IErc3009)
)]
impl Usdai {
    /// Fixes the authority and the base token. There is no cap and no fee until `ADMIN` sets them.
    ///
    /// # Errors
    /// [`crate::InvalidAddress`]; [`InvalidBaseToken`] if it does not say that it has 6 decimals.
    ///
    /// # Events
    /// [`crate::SupplyCapSet`].
    #[constructor]
    pub fn constructor(&mut self, router: Address, base_token: Address) -> Result<(), UsdaiError> {
        if router.is_zero() || base_token.is_zero() {
            return Err(InvalidAddress {}.into());
        }
        if IBaseToken::new(base_token).decimals(self) != Ok(BASE_DECIMALS) {
            return Err(InvalidBaseToken { token: base_token }.into());
        }
        self.router.set(router);
        self.base_token.set(base_token);
        self.store_supply_cap(unlimited());
        Ok(())
    }

    /// Takes the addresses of the swap adapter, the vault and the treasury over from the router. By anybody: the router is the authority.
    ///
    /// # Errors
    /// `AddressNotSet` if the router lacks one.
    ///
    /// # Events
    /// [`crate::Wired`].
    pub fn wire(&mut self) -> Result<(), UsdaiError> {
        let router = self.router.get();
        let adapter = authority::address_of(self, router, address::SWAP_ADAPTER)?;
        let vault = authority::address_of(self, router, address::SUSDAI)?;
        let treasury = authority::address_of(self, router, address::TREASURY)?;
        self.swap_adapter.set(adapter);
        self.vault.set(vault);
        self.treasury.set(treasury);
        Wired {
            swapAdapter: adapter,
            vault,
            treasury,
        }
        .emit(self.vm());
        Ok(())
    }

    /// Takes `deposit_amount` of `deposit_token` (its units) from the caller and mints USDai for the base token that arrived, or that the
    /// swap of what arrived brought, 10^12 wei a unit, to `recipient`. Returns the USDai minted (wei). A swap takes the adapter's default
    /// route.
    ///
    /// # Errors
    /// [`crate::DepositsPaused`], [`crate::InvalidAddress`] if token or recipient is zero or USDai, [`crate::InvalidAmount`] if the amount is
    /// zero or nothing arrived, [`crate::InsufficientOutput`] below `usdai_amount_minimum` (wei), [`crate::SupplyCapExceeded`], [`NotWired`],
    /// `TokenCallFailed`, and what the token or the adapter reverts with.
    ///
    /// # Events
    /// [`crate::Deposited`].
    pub fn deposit(
        &mut self,
        deposit_token: Address,
        deposit_amount: U256,
        usdai_amount_minimum: U256,
        recipient: Address,
    ) -> Result<U256, UsdaiError> {
        self.deposit_via(deposit_token, deposit_amount, usdai_amount_minimum, recipient, Vec::new())
    }

    /// As [`Self::deposit`], with `data` for the swap adapter: the shipped one takes a Uniswap V3 path.
    ///
    /// # Errors
    /// As [`Self::deposit`].
    #[selector(name = "deposit")]
    pub fn deposit_with_data(
        &mut self,
        deposit_token: Address,
        deposit_amount: U256,
        usdai_amount_minimum: U256,
        recipient: Address,
        data: Bytes,
    ) -> Result<U256, UsdaiError> {
        self.deposit_via(deposit_token, deposit_amount, usdai_amount_minimum, recipient, data.0)
    }

    /// Burns the whole base units in `usdai_amount` (wei) of the caller's and pays them to `recipient`, or what the swap of them brings
    /// in `withdraw_token`. What is less than a base unit stays with the caller. Returns what arrived (the token's units).
    ///
    /// # Errors
    /// [`crate::WithdrawalsPaused`], [`crate::InvalidAddress`] if token or recipient is zero or USDai, [`crate::InvalidAmount`] if that is not
    /// one base unit or nothing arrives, [`crate::InsufficientOutput`] if less than `withdraw_amount_minimum` (the token's units) arrives,
    /// `ERC20InsufficientBalance`, [`NotWired`], `TokenCallFailed`, and what the token or the adapter reverts with.
    ///
    /// # Events
    /// [`crate::Withdrawn`].
    pub fn withdraw(
        &mut self,
        withdraw_token: Address,
        usdai_amount: U256,
        withdraw_amount_minimum: U256,
        recipient: Address,
    ) -> Result<U256, UsdaiError> {
        self.withdraw_via(withdraw_token, usdai_amount, withdraw_amount_minimum, recipient, Vec::new())
    }

    /// As [`Self::withdraw`], with `data` for the swap adapter: the shipped one takes a Uniswap V3 path.
    ///
    /// # Errors
    /// As [`Self::withdraw`].
    #[selector(name = "withdraw")]
    pub fn withdraw_with_data(
        &mut self,
        withdraw_token: Address,
        usdai_amount: U256,
        withdraw_amount_minimum: U256,
        recipient: Address,
        data: Bytes,
    ) -> Result<U256, UsdaiError> {
        self.withdraw_via(withdraw_token, usdai_amount, withdraw_amount_minimum, recipient, data.0)
    }

    /// Claims the base token's yield and mints USDai for all base token above what backs the supply: the admin fee to the treasury, the
    /// rest to the vault, where it vests. By anybody. Base token that somebody gave away counts as yield, and so does what was claimed
    /// for USDai by another. Returns the USDai minted (wei); zero, and no event, if there is no whole base unit to harvest or no room
    /// under the cap.
    ///
    /// # Errors
    /// [`NotWired`], and what the base token or the vault reverts with.
    ///
    /// # Events
    /// [`crate::Harvested`].
    pub fn harvest(&mut self) -> Result<U256, UsdaiError> {
        let (base_token, here) = (self.base_token.get(), self.vm().contract_address());
        let (vault, treasury) = (self.vault.get(), self.treasury.get());
        if vault.is_zero() {
            return Err(NotWired {}.into());
        }
        IBaseToken::new(base_token).claim_for(self, here)?;
        let held = BaseUnits(foreign::balance_of(self, base_token, here)?);
        let harvest = Harvest::of(&self.supply(), held, Bps::new(self.admin_fee.get().to())?)?;
        let minted = harvest.minted()?;
        if minted.is_zero() {
            return Ok(U256::ZERO);
        }
        if !harvest.to_treasury.is_zero() {
            self.ledger.mint(treasury, harvest.to_treasury.0)?;
        }
        self.ledger.mint(vault, harvest.to_vault.0)?;
        Harvested {
            baseClaimed: harvest.base.0,
            toVault: harvest.to_vault.0,
            toTreasury: harvest.to_treasury.0,
        }
        .emit(self.vm());
        IVaultIncome::new(vault).notify_yield(self, harvest.to_vault.0)?;
        Ok(minted.0)
    }

    /// Brings `amount` (wei) back from another chain, to `to`. By `BRIDGE`. The cap does not apply: it counts bridged supply already.
    ///
    /// # Errors
    /// `Unauthorized`, [`crate::InvalidAmount`] for zero, [`InsufficientBridgedSupply`], `ERC20InvalidReceiver`.
    ///
    /// # Events
    /// [`crate::BridgedSupplySet`], `Transfer`.
    pub fn mint(&mut self, to: Address, amount: U256) -> Result<(), UsdaiError> {
        let bridged = self.require_bridge(amount)?;
        let Some(left) = bridged.checked_sub(amount) else {
            return Err(InsufficientBridgedSupply {
                bridgedSupply: bridged,
                amount,
            }
            .into());
        };
        self.ledger.mint(to, amount)?;
        self.store_bridged_supply(left);
        Ok(())
    }

    /// Sends `amount` (wei) of `from`'s to another chain; its backing stays here. By `BRIDGE`, which is trusted to have the owner's word.
    ///
    /// # Errors
    /// `Unauthorized`, [`crate::InvalidAmount`] for zero, `ERC20InsufficientBalance`, `ERC20InvalidSender`.
    ///
    /// # Events
    /// [`crate::BridgedSupplySet`], `Transfer`.
    pub fn burn(&mut self, from: Address, amount: U256) -> Result<(), UsdaiError> {
        let bridged = self.require_bridge(amount)?;
        self.ledger.burn(from, amount)?;
        self.store_bridged_supply(fixed_point::add(bridged, amount)?);
        Ok(())
    }

    /// Caps supply and bridged supply together at `supply_cap` (wei); a cap below what exists stops deposits. By `ADMIN`.
    ///
    /// # Errors
    /// `Unauthorized`.
    ///
    /// # Events
    /// [`crate::SupplyCapSet`].
    pub fn set_supply_cap(&mut self, supply_cap: U256) -> Result<(), UsdaiError> {
        self.require_role(role::ADMIN)?;
        self.store_supply_cap(supply_cap);
        Ok(())
    }

    /// Gives the treasury `bps` basis points of yields harvested from now on, at most 2,000. By `ADMIN`.
    ///
    /// # Errors
    /// `Unauthorized`, [`AdminFeeTooHigh`].
    ///
    /// # Events
    /// [`crate::AdminFeeSet`].
    pub fn set_admin_fee(&mut self, bps: U256) -> Result<(), UsdaiError> {
        self.require_role(role::ADMIN)?;
        let maximum = U256::from(MAX_ADMIN_FEE);
        if bps > maximum {
            return Err(AdminFeeTooHigh { bps, maximum }.into());
        }
        self.admin_fee.set(bps.to());
        AdminFeeSet { bps }.emit(self.vm());
        Ok(())
    }

    /// Stops deposits. By `GUARDIAN` or `ADMIN`. Transfers, withdrawals and harvests go on.
    ///
    /// # Errors
    /// `Unauthorized`.
    ///
    /// # Events
    /// [`DepositsPauseSet`].
    pub fn pause_deposits(&mut self) -> Result<(), UsdaiError> {
        if self.require_role(role::GUARDIAN).is_err() {
            self.require_role(role::ADMIN)?;
        }
        self.store_deposits_paused(true);
        Ok(())
    }

    /// Lets deposits go on. By `ADMIN`.
    ///
    /// # Errors
    /// `Unauthorized`.
    ///
    /// # Events
    /// [`DepositsPauseSet`].
    pub fn unpause_deposits(&mut self) -> Result<(), UsdaiError> {
        self.require_role(role::ADMIN)?;
        self.store_deposits_paused(false);
        Ok(())
    }

    /// Stops withdrawals, or lets them go on. By `ADMIN`: a guardian stops nobody from leaving.
    ///
    /// # Errors
    /// `Unauthorized`.
    ///
    /// # Events
    /// [`WithdrawalsPauseSet`].
    pub fn set_withdrawals_paused(&mut self, paused: bool) -> Result<(), UsdaiError> {
        self.require_role(role::ADMIN)?;
        self.withdrawals_paused.set(paused);
        let account = self.vm().msg_sender();
        WithdrawalsPauseSet { account, paused }.emit(self.vm());
        Ok(())
    }

    /// Whether deposits are paused.
    pub fn deposits_paused(&self) -> bool {
        self.deposits_paused.get()
    }

    /// Whether withdrawals are paused.
    pub fn withdrawals_paused(&self) -> bool {
        self.withdrawals_paused.get()
    }

    /// The contract through which other tokens than the base token are taken and given.
    pub fn swap_adapter(&self) -> Address {
        self.swap_adapter.get()
    }

    /// What backs USDai.
    pub fn base_token(&self) -> Address {
        self.base_token.get()
    }

    /// USDai on other chains (wei), backed here.
    pub fn bridged_supply(&self) -> U256 {
        self.bridged_supply.get()
    }

    /// The most that supply and bridged supply may be (wei).
    pub fn supply_cap(&self) -> U256 {
        self.supply_cap.get()
    }

    /// The treasury's part of harvested yield (basis points).
    pub fn admin_fee(&self) -> U256 {
        U256::from(self.admin_fee.get())
    }

    /// ERC-165: itself, ERC-20, its metadata, ERC-2612, ERC-5267, ERC-3009.
    pub fn supports_interface(&self, interface_id: FixedBytes<4>) -> bool {
        matches!(
            u32::from_be_bytes(interface_id.0),
            0x01ff_c9a7 | 0x3637_2b07 | 0xa219_a025 | 0x9d8f_f7da | 0x84b0_196e | ERC3009_ID
        )
    }
}

/// The largest number. Made by code: as a constant it would be data, of which each byte costs every call gas.
#[inline(never)]
fn unlimited() -> U256 {
    !U256::ZERO
}

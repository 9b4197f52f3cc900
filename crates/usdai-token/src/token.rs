//! USDai's shell: storage, the ABI, calls out.

#![allow(clippy::must_use_candidate, reason = "external functions are called through the ABI")]
#![allow(
    deprecated,
    reason = "what `sol_interface!` generates returns the SDK's older error type and goes through its older call"
)]

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, FixedBytes, B256, U256};
use alloy_sol_types::{sol, SolCall};
use erc20_ledger::{Domain, Erc20Ledger, Permit, Signature};
use fixed_point::Bps;
use interfaces::{
    authority::{self, revert_data},
    calls::IVaultIncome,
    erc20,
    ids::{address, role},
    words::Word,
};
use stylus_sdk::{
    abi::Bytes,
    call::{call, static_call},
    prelude::*,
    storage::{StorageAddress, StorageU16, StorageU256},
};

use crate::{
    calldata, errors::invalid_address, events, AdminFeeTooHigh, BaseUnits, Harvest, InsufficientBridgedSupply, InvalidBaseToken, NotWired,
    UsdaiError, MAX_ADMIN_FEE,
};

const NAME: &str = "USDai";
const DOMAIN: Domain = Domain::new(NAME, "1");
/// What the base token must have for 10^12 to be the scale.
const BASE_DECIMALS: usize = 6;

/// ERC-165 itself, ERC-20, its metadata, ERC-2612.
const INTERFACES: [[u8; 4]; 4] = [
    [0x01, 0xff, 0xc9, 0xa7],
    [0x36, 0x37, 0x2b, 0x07],
    [0xa2, 0x19, 0xa0, 0x25],
    [0x9d, 0x8f, 0xf7, 0xda],
];

sol! {
    function decimals() external view returns (uint8);
    function claimFor(address account) external returns (uint240);
}

/// State of USDai.
#[storage]
pub struct Usdai {
    pub(crate) ledger: Erc20Ledger,
    pub(crate) router: StorageAddress,
    pub(crate) base_token: StorageAddress,
    pub(crate) swap_adapter: StorageAddress,
    vault: StorageAddress,
    /// One slot with the fee: both are needed when yield is harvested.
    treasury: StorageAddress,
    admin_fee: StorageU16,
    pub(crate) bridged_supply: StorageU256,
    pub(crate) supply_cap: StorageU256,
}

// SAFETY: `Usdai` is the contract's outermost storage struct; nothing else in the program starts at slot zero.
unsafe impl TopLevelStorage for Usdai {}

#[public]
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
            return Err(invalid_address());
        }
        let decimals = static_call(&*self, base_token, &decimalsCall::SELECTOR).map_err(revert_data)?;
        if decimals != calldata::small(BASE_DECIMALS).as_slice() {
            return Err(UsdaiError::InvalidBaseToken(InvalidBaseToken { token: base_token }));
        }
        self.router.set(router);
        self.base_token.set(base_token);
        self.store_supply_cap(U256::MAX);
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
        let adapter = authority::address_of(&*self, router, address::SWAP_ADAPTER)?;
        let vault = authority::address_of(&*self, router, address::SUSDAI)?;
        let treasury = authority::address_of(&*self, router, address::TREASURY)?;
        self.swap_adapter.set(adapter);
        self.vault.set(vault);
        self.treasury.set(treasury);
        events::wired(self.vm(), adapter, vault, treasury);
        Ok(())
    }

    /// Takes `deposit_amount` of `deposit_token` (its units) from the caller and mints USDai for the base token that arrived, or that the
    /// swap of what arrived brought, 10^12 wei a unit, to `recipient`. Returns the USDai minted (wei). A swap takes the adapter's default
    /// route.
    ///
    /// # Errors
    /// [`crate::InvalidAmount`] if the amount is zero or nothing arrived, [`crate::InvalidAddress`] if token or recipient is zero or
    /// USDai, [`crate::InsufficientOutput`] below `usdai_amount_minimum` (wei), [`crate::SupplyCapExceeded`], [`NotWired`], and what the token
    /// or the adapter reverts with.
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
    /// [`crate::InvalidAmount`] if that is not one base unit or nothing arrives, [`crate::InvalidAddress`] if token or recipient is zero
    /// or USDai, [`crate::InsufficientOutput`] if less than `withdraw_amount_minimum` (the token's units) arrives,
    /// `ERC20InsufficientBalance`, [`NotWired`], and what the token or the adapter reverts with.
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
            return Err(UsdaiError::NotWired(NotWired {}));
        }
        call(&mut *self, base_token, &calldata::of_words(claimForCall::SELECTOR, &[here.word()])).map_err(revert_data)?;
        let held = BaseUnits(erc20::balance_of(&*self, base_token, here)?);
        let harvest = Harvest::of(&self.supply(), held, Bps::new(self.admin_fee.get().to())?)?;
        let minted = harvest.minted()?;
        if minted.is_zero() {
            return Ok(U256::ZERO);
        }
        if !harvest.to_treasury.is_zero() {
            self.ledger.mint(treasury, harvest.to_treasury.0)?;
        }
        self.ledger.mint(vault, harvest.to_vault.0)?;
        events::harvested(self.vm(), &harvest);
        IVaultIncome::new(vault)
            .notify_yield(&mut *self, harvest.to_vault.0)
            .map_err(revert_data)?;
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
        let left = bridged
            .checked_sub(amount)
            .ok_or(UsdaiError::InsufficientBridgedSupply(InsufficientBridgedSupply {
                bridgedSupply: bridged,
                amount,
            }))?;
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
            return Err(UsdaiError::AdminFeeTooHigh(AdminFeeTooHigh { bps, maximum }));
        }
        self.admin_fee.set(bps.to());
        events::admin_fee_set(self.vm(), bps);
        Ok(())
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

    /// ERC-20.
    pub fn name(&self) -> String {
        String::from(NAME)
    }

    /// ERC-20.
    pub fn symbol(&self) -> String {
        String::from(NAME)
    }

    /// ERC-20.
    pub fn decimals(&self) -> u8 {
        18
    }

    /// ERC-20: USDai on this chain (wei).
    pub fn total_supply(&self) -> U256 {
        self.ledger.total_supply()
    }

    /// ERC-20.
    pub fn balance_of(&self, account: Address) -> U256 {
        self.ledger.balance_of(account)
    }

    /// ERC-20.
    pub fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.ledger.allowance(owner, spender)
    }

    /// ERC-20.
    ///
    /// # Errors
    /// `ERC20InsufficientBalance`, `ERC20InvalidReceiver`.
    pub fn transfer(&mut self, to: Address, value: U256) -> Result<bool, UsdaiError> {
        let from = self.vm().msg_sender();
        self.ledger.transfer(from, to, value)?;
        Ok(true)
    }

    /// ERC-20. The largest allowance is not used up.
    ///
    /// # Errors
    /// `ERC20InsufficientAllowance`, `ERC20InsufficientBalance`, `ERC20InvalidReceiver`, `ERC20InvalidSender`.
    pub fn transfer_from(&mut self, from: Address, to: Address, value: U256) -> Result<bool, UsdaiError> {
        let spender = self.vm().msg_sender();
        self.ledger.transfer_from(spender, from, to, value)?;
        Ok(true)
    }

    /// ERC-20.
    ///
    /// # Errors
    /// `ERC20InvalidSpender`.
    pub fn approve(&mut self, spender: Address, value: U256) -> Result<bool, UsdaiError> {
        let owner = self.vm().msg_sender();
        self.ledger.approve(owner, spender, value)?;
        Ok(true)
    }

    /// ERC-2612.
    ///
    /// # Errors
    /// `ERC2612ExpiredSignature`, `ERC2612InvalidSigner`, `ERC20InvalidSpender`.
    #[allow(clippy::too_many_arguments, reason = "the standard's")]
    pub fn permit(
        &mut self,
        owner: Address,
        spender: Address,
        value: U256,
        deadline: U256,
        v: u8,
        r: B256,
        s: B256,
    ) -> Result<(), UsdaiError> {
        let permit = Permit {
            owner,
            spender,
            value,
            deadline,
        };
        Ok(self.ledger.permit(&DOMAIN, &permit, &Signature { v, r, s })?)
    }

    /// ERC-2612.
    pub fn nonces(&self, owner: Address) -> U256 {
        self.ledger.nonces(owner)
    }

    /// ERC-2612.
    #[selector(name = "DOMAIN_SEPARATOR")]
    pub fn domain_separator(&self) -> B256 {
        self.ledger.domain_separator(&DOMAIN)
    }

    /// ERC-165.
    pub fn supports_interface(&self, interface_id: FixedBytes<4>) -> bool {
        INTERFACES.contains(&interface_id.0)
    }
}

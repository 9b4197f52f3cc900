//! The shell: storage and external functions.

#![allow(clippy::must_use_candidate, reason = "external functions are called through the ABI")]

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use interfaces::{authority, ids::address};
use lean_abi::{AbiType, SolidityEvent};
use stylus_sdk::{prelude::*, storage::StorageAddress};

use crate::{DepositedAndStaked, GatewayError, RepaidFrom, Wired, ZeroAddress};

/// An ERC-2612 approval of exactly what a journey takes, by signature of the caller.
#[derive(AbiType, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    /// Until when the signature counts (seconds).
    pub deadline: U256,
    /// Its parity.
    pub v: u8,
    /// Its first half.
    pub r: B256,
    /// Its second half.
    pub s: B256,
}

/// State of the gateway: where everything is.
#[storage]
pub struct Gateway {
    router: StorageAddress,
    pub(crate) usdai: StorageAddress,
    pub(crate) vault: StorageAddress,
    pub(crate) filo: StorageAddress,
}

// SAFETY: `Gateway` is the contract's outermost storage struct; nothing else in the program starts at slot zero.
unsafe impl TopLevelStorage for Gateway {}

/// The protocol's front door: several steps in one transaction. It owns nothing, has no power, and acts for the caller alone.
#[lean_abi::contract(errors(GatewayError), events(Wired, DepositedAndStaked, RepaidFrom))]
impl Gateway {
    /// The front door of the protocol whose address book is at `router`.
    ///
    /// # Errors
    /// `ZeroAddress`.
    #[constructor]
    pub fn constructor(&mut self, router: Address) -> Result<(), GatewayError> {
        non_zero(router)?;
        self.router.set(router);
        Ok(())
    }

    /// Takes the addresses of USDai, the vault and FiLo over from the router. By anybody: the router is the authority.
    ///
    /// # Errors
    /// `AddressNotSet` if the router lacks one.
    ///
    /// # Events
    /// `Wired`.
    pub fn wire(&mut self) -> Result<(), GatewayError> {
        let router = self.router.get();
        let usdai = authority::address_of(self, router, address::USDAI)?;
        let vault = authority::address_of(self, router, address::SUSDAI)?;
        let filo = authority::address_of(self, router, address::FILO)?;
        self.usdai.set(usdai);
        self.vault.set(vault);
        self.filo.set(filo);
        Wired { usdai, vault, filo }.emit(self.vm());
        Ok(())
    }

    /// The address book.
    pub fn router(&self) -> Address {
        self.router.get()
    }

    /// Stablecoin to sUSDai: takes `amount` of `token` from the caller (what arrives counts), turns it into at least `min_usdai` USDai and
    /// stakes those for at least `min_shares` sUSDai of `receiver`. `deadline` in seconds, inclusive. Returns the shares. The caller approves
    /// this contract for `amount` first.
    ///
    /// # Errors
    /// `DeadlineExpired`, `ZeroAmount`, `ZeroAddress` (token or receiver), `NotWired`, `NothingArrived`, `BalanceChanged`,
    /// `TokenCallFailed`, or what the token, USDai or the vault reverts with, slippage included.
    ///
    /// # Events
    /// `DepositedAndStaked`.
    pub fn deposit_and_stake(
        &mut self,
        token: Address,
        amount: U256,
        min_usdai: U256,
        min_shares: U256,
        receiver: Address,
        deadline: U256,
    ) -> Result<U256, GatewayError> {
        self.run_deposit_and_stake(token, amount, min_usdai, min_shares, receiver, deadline, None)
    }

    /// As `depositAndStake`, with the approval that it needs.
    ///
    /// # Errors
    /// As `depositAndStake`. A permit that the token refuses is none: then the allowance decides.
    ///
    /// # Events
    /// `DepositedAndStaked`.
    #[allow(clippy::too_many_arguments, reason = "as many as the journey has bounds")]
    pub fn deposit_and_stake_with_permit(
        &mut self,
        token: Address,
        amount: U256,
        min_usdai: U256,
        min_shares: U256,
        receiver: Address,
        deadline: U256,
        permit: Permit,
    ) -> Result<U256, GatewayError> {
        self.run_deposit_and_stake(token, amount, min_usdai, min_shares, receiver, deadline, Some(&permit))
    }

    /// Repays a loan from a stablecoin: takes `amount` of `token` from the caller (what arrives counts), turns it into at least `min_usdai`
    /// USDai, pays with them what `loan` owes, and gives the caller what is left. Anybody may pay for a borrower. `deadline` in seconds,
    /// inclusive. Returns the USDai paid. The caller approves this contract for `amount` first.
    ///
    /// # Errors
    /// `DeadlineExpired`, `ZeroAmount`, `ZeroAddress` (token), `NotWired`, `NothingArrived`, `BalanceChanged`, `TokenCallFailed`, or what
    /// the token, USDai or FiLo reverts with, slippage included.
    ///
    /// # Events
    /// `RepaidFrom`.
    pub fn repay_from(&mut self, token: Address, amount: U256, min_usdai: U256, loan: U256, deadline: U256) -> Result<U256, GatewayError> {
        self.run_repay_from(token, amount, min_usdai, loan, deadline, None)
    }

    /// As `repayFrom`, with the approval that it needs.
    ///
    /// # Errors
    /// As `repayFrom`. A permit that the token refuses is none: then the allowance decides.
    ///
    /// # Events
    /// `RepaidFrom`.
    pub fn repay_from_with_permit(
        &mut self,
        token: Address,
        amount: U256,
        min_usdai: U256,
        loan: U256,
        deadline: U256,
        permit: Permit,
    ) -> Result<U256, GatewayError> {
        self.run_repay_from(token, amount, min_usdai, loan, deadline, Some(&permit))
    }
}

/// Succeeds unless `account` is zero.
pub(crate) fn non_zero(account: Address) -> Result<(), GatewayError> {
    if account.is_zero() {
        return Err(ZeroAddress {}.into());
    }
    Ok(())
}

#[cfg(test)]
#[path = "gateway_tests.rs"]
mod tests;

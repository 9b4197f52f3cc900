//! Several steps in one transaction.
//!
//! Every journey checks its balances of what it touched at the end against the beginning. That one comparison covers a token that
//! delivers less than it says, an adapter that does not take all it was given, and a return value that is not true; it would also leave
//! no allowance behind, which a USDT-like token would refuse to overwrite the next time.

use alloy_primitives::{Address, B256, U256};
use erc20_ledger::foreign::{balance_of, safe_approve, safe_transfer_from};
use interfaces::{
    authority::AddressNotSet,
    calls::{IUsdai, IVault},
    ids::address,
};
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    router::{non_zero, Router},
    BalanceChanged, DeadlineExpired, DepositedAndStaked, NothingArrived, RouterError, ZeroAmount,
};

impl Router {
    /// See [`Router::deposit_and_stake`].
    pub(crate) fn run_deposit_and_stake(
        &mut self,
        token: Address,
        amount: U256,
        min_usdai: U256,
        min_shares: U256,
        receiver: Address,
        deadline: U256,
    ) -> Result<U256, RouterError> {
        self.require_in_time(deadline)?;
        if amount.is_zero() {
            return Err(ZeroAmount {}.into());
        }
        non_zero(token)?;
        non_zero(receiver)?;
        let usdai = self.book_entry(address::USDAI.word())?;
        let vault = self.book_entry(address::SUSDAI.word())?;
        let (caller, here) = (self.vm().msg_sender(), self.vm().contract_address());

        let usdai_before = balance_of(self, usdai, here)?;
        let token_before = balance_of(self, token, here)?;
        safe_transfer_from(self, token, caller, here, amount)?;
        let arrived = balance_of(self, token, here)?
            .checked_sub(token_before)
            .filter(|arrived| !arrived.is_zero())
            .ok_or_else(|| RouterError::from(NothingArrived { token }))?;

        safe_approve(self, token, usdai, arrived)?;
        let minted = IUsdai::new(usdai).deposit(self, token, arrived, min_usdai, here)?;
        safe_approve(self, usdai, vault, minted)?;
        let shares = IVault::new(vault).deposit(self, minted, receiver, min_shares)?;

        self.require_balance(token, here, token_before)?;
        self.require_balance(usdai, here, usdai_before)?;
        DepositedAndStaked {
            caller,
            receiver,
            token,
            deposited: arrived,
            usdai: minted,
            shares,
        }
        .emit(self.vm());
        Ok(shares)
    }

    /// The address book's entry `id`, which has to be set.
    fn book_entry(&self, id: B256) -> Result<Address, RouterError> {
        let entry = self.address_of(id);
        if entry.is_zero() {
            return Err(AddressNotSet { id }.into());
        }
        Ok(entry)
    }

    fn require_in_time(&self, deadline: U256) -> Result<(), RouterError> {
        let timestamp = U256::from(self.vm().block_timestamp());
        if timestamp > deadline {
            return Err(DeadlineExpired { deadline, timestamp }.into());
        }
        Ok(())
    }

    fn require_balance(&self, token: Address, here: Address, before: U256) -> Result<(), RouterError> {
        let afterwards = balance_of(self, token, here)?;
        if afterwards != before {
            return Err(BalanceChanged { token, before, afterwards }.into());
        }
        Ok(())
    }
}

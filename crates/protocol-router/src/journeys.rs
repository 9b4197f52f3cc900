//! Several steps in one transaction.
//!
//! Every journey checks its balances of what it touched at the end against the beginning. That one comparison covers a token that
//! delivers less than it says, an adapter that does not take all it was given, and a return value that is not true; it would also leave
//! no allowance behind, which a USDT-like token would refuse to overwrite the next time.

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolError;
use interfaces::{
    authority::{revert_data, AddressNotSet},
    calls::{IUsdai, IVault},
    erc20::{balance_of, safe_approve, safe_transfer_from},
    ids::address,
};
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
            return Err(RouterError::ZeroAmount(ZeroAmount {}));
        }
        non_zero(token)?;
        non_zero(receiver)?;
        let usdai = self.book_entry(address::USDAI)?;
        let vault = self.book_entry(address::SUSDAI)?;
        let (caller, here) = (self.vm().msg_sender(), self.vm().contract_address());

        let usdai_before = balance_of(self, usdai, here)?;
        let token_before = balance_of(self, token, here)?;
        safe_transfer_from(self, token, caller, here, amount)?;
        let arrived = balance_of(self, token, here)?
            .checked_sub(token_before)
            .filter(|arrived| !arrived.is_zero())
            .ok_or(RouterError::NothingArrived(NothingArrived { token }))?;

        safe_approve(self, token, usdai, arrived)?;
        let minted = IUsdai::new(usdai)
            .deposit(&mut *self, token, arrived, min_usdai, here)
            .map_err(revert_data)?;
        safe_approve(self, usdai, vault, minted)?;
        let shares = IVault::new(vault)
            .deposit(&mut *self, minted, receiver, min_shares)
            .map_err(revert_data)?;

        self.require_balance(token, here, token_before)?;
        self.require_balance(usdai, here, usdai_before)?;
        self.emit(DepositedAndStaked {
            caller,
            receiver,
            token,
            deposited: arrived,
            usdai: minted,
            shares,
        });
        Ok(shares)
    }

    /// The address book's entry `id`, which has to be set.
    fn book_entry(&self, id: B256) -> Result<Address, RouterError> {
        let entry = self.address_of(id);
        if entry.is_zero() {
            return Err(RouterError::Call(AddressNotSet { id }.abi_encode()));
        }
        Ok(entry)
    }

    fn require_in_time(&self, deadline: U256) -> Result<(), RouterError> {
        let timestamp = U256::from(self.vm().block_timestamp());
        if timestamp > deadline {
            return Err(RouterError::DeadlineExpired(DeadlineExpired { deadline, timestamp }));
        }
        Ok(())
    }

    fn require_balance(&self, token: Address, here: Address, before: U256) -> Result<(), RouterError> {
        let afterwards = balance_of(self, token, here)?;
        if afterwards != before {
            return Err(RouterError::BalanceChanged(BalanceChanged { token, before, afterwards }));
        }
        Ok(())
    }
}

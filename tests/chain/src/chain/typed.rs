//! Calls by their Solidity types.

use super::{Chain, Receipt, Revert, Tx};
use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;

impl Chain {
    /// Sends a call and decodes what it returns.
    ///
    /// # Errors
    /// [`Revert`] if it does not succeed, or if what it returns is not what `C` returns.
    pub fn send<C: SolCall>(&mut self, from: Address, to: Address, call: &C) -> Result<(C::Return, Receipt), Revert> {
        self.send_value(from, to, call, U256::ZERO)
    }

    /// As [`Self::send`], with `value` wei.
    ///
    /// # Errors
    /// As [`Self::send`].
    ///
    /// # Panics
    /// If `from` does not have `value`.
    pub fn send_value<C: SolCall>(&mut self, from: Address, to: Address, call: &C, value: U256) -> Result<(C::Return, Receipt), Revert> {
        self.send_tx::<C>(Tx::call(from, to, call.abi_encode()).value(value))
    }

    /// As [`Self::send`], for a transaction with gas limit and value of choice; its data must be a call of `C`.
    ///
    /// # Errors
    /// As [`Self::send`].
    ///
    /// # Panics
    /// If the transaction is invalid.
    pub fn send_tx<C: SolCall>(&mut self, tx: Tx) -> Result<(C::Return, Receipt), Revert> {
        let receipt = self.execute(tx).unwrap_or_else(|invalid| panic!("{invalid}")).ok()?;
        decode::<C>(receipt)
    }

    /// Reads what a call returns, without keeping anything. The sender is the zero address.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub fn read<C: SolCall>(&mut self, to: Address, call: &C) -> Result<C::Return, Revert> {
        let receipt = self.view(Address::ZERO, to, call.abi_encode()).ok()?;
        decode::<C>(receipt).map(|(value, _)| value)
    }
}

fn decode<C: SolCall>(receipt: Receipt) -> Result<(C::Return, Receipt), Revert> {
    match C::abi_decode_returns(&receipt.output) {
        Ok(value) => Ok((value, receipt)),
        Err(error) => {
            let halt = Some(format!("output is not what {} returns: {error}", C::SIGNATURE));
            Err(Receipt {
                success: false,
                halt,
                ..receipt
            }
            .into_revert())
        }
    }
}

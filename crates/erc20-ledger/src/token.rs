//! The standards' functions, for every contract that keeps an [`Erc20Ledger`].

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, U256};
use eip712::Domain;

use crate::{Erc20Ledger, LedgerError};

lean_abi::interface! {
    /// ERC-20 with metadata.
    interface IErc20 {
        /// The token's name.
        function name() external view returns (string);
        /// Its symbol.
        function symbol() external view returns (string);
        /// How many decimals a whole token has.
        function decimals() external view returns (uint8);
        /// All tokens.
        function totalSupply() external view returns (uint256);
        /// Tokens of `account`.
        function balanceOf(address account) external view returns (uint256);
        /// Tokens of `owner` that `spender` may move; the largest word is without limit.
        function allowance(address owner, address spender) external view returns (uint256);
        /// Moves `value` of the caller's to `to`. Always true, or it reverts: a token of ours says nothing else. Errors: `ERC20InvalidReceiver`,
        /// `ERC20InsufficientBalance`, and those that a token of its own has, which its contract's description names.
        function transfer(address to, uint256 value) external returns (bool);
        /// Moves `value` of `from` to `to` on the caller's allowance. Errors: `ERC20InsufficientAllowance`, `ERC20InvalidSender`, and as
        /// `transfer`.
        function transferFrom(address from, address to, uint256 value) external returns (bool);
        /// Lets `spender` move `value` of the caller's, in place of what it could before. Errors: `ERC20InvalidSpender`.
        function approve(address spender, uint256 value) external returns (bool);
    }
}

/// A contract that is a token by keeping a ledger: it implements [`IErc20Callee`] and [`crate::IErc2612Callee`]. Its name is its
/// domain's.
pub trait Token: Domain {
    /// What its functions fail with.
    type Error: From<LedgerError> + Into<Vec<u8>>;
    /// Its symbol.
    const SYMBOL: &'static str;

    /// Succeeds if `from` may give tokens to `to`: what a token has to say before a transfer. Minting and burning do not ask.
    ///
    /// # Errors
    /// The token's.
    fn check_transfer(&self, _from: Address, _to: Address) -> Result<(), Self::Error> {
        Ok(())
    }

    /// The ledger.
    fn ledger(&self) -> &Erc20Ledger;

    /// The ledger, to be changed.
    fn ledger_mut(&mut self) -> &mut Erc20Ledger;
}

impl<T: Token> IErc20Callee for T {
    type Error = T::Error;

    fn name(&self) -> Result<String, T::Error> {
        Ok(T::NAME.into())
    }

    fn symbol(&self) -> Result<String, T::Error> {
        Ok(T::SYMBOL.into())
    }

    fn decimals(&self) -> Result<u8, T::Error> {
        Ok(18)
    }

    fn total_supply(&self) -> Result<U256, T::Error> {
        Ok(self.ledger().total_supply())
    }

    fn balance_of(&self, account: Address) -> Result<U256, T::Error> {
        Ok(self.ledger().balance_of(account))
    }

    fn allowance(&self, owner: Address, spender: Address) -> Result<U256, T::Error> {
        Ok(self.ledger().allowance(owner, spender))
    }

    fn transfer(&mut self, to: Address, value: U256) -> Result<bool, T::Error> {
        let from = self.vm().msg_sender();
        self.check_transfer(from, to)?;
        self.ledger_mut().transfer(from, to, value)?;
        Ok(true)
    }

    fn transfer_from(&mut self, from: Address, to: Address, value: U256) -> Result<bool, T::Error> {
        let spender = self.vm().msg_sender();
        self.check_transfer(from, to)?;
        self.ledger_mut().transfer_from(spender, from, to, value)?;
        Ok(true)
    }

    fn approve(&mut self, spender: Address, value: U256) -> Result<bool, T::Error> {
        let owner = self.vm().msg_sender();
        self.ledger_mut().approve(owner, spender, value)?;
        Ok(true)
    }
}

//! An ERC-20 with name and symbol, ERC-6093's errors and the standard's events; under the SDK's ABI layer with the feature `sdk`.

#![allow(missing_docs, clippy::must_use_candidate, clippy::missing_errors_doc, reason = "a measure")]
#![allow(clippy::useless_conversion, reason = "`Text` is a `String` under the SDK's layer")]
#![allow(dead_code, reason = "`#[entrypoint]` exports nothing in the native build of a test")]
#![cfg_attr(target_arch = "wasm32", no_std)]
#[macro_use]
extern crate alloc;

#[cfg(feature = "sdk")]
use alloc::string::String;
use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
#[cfg(feature = "sdk")]
use alloy_sol_types::{sol, SolError};
#[cfg(not(feature = "sdk"))]
use lean_abi::{sol, SolidityError, SolidityEvent};
use stylus_sdk::{
    abi::router_entrypoint,
    host::VM,
    prelude::*,
    storage::{StorageMap, StorageU256},
    ArbResult,
};

sol! {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
    error ERC20InvalidSender(address sender);
    error ERC20InvalidReceiver(address receiver);
    error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
    error ERC20InvalidSpender(address spender);
}

#[storage]
pub struct Token {
    balances: StorageMap<Address, StorageU256>,
    allowances: StorageMap<Address, StorageMap<Address, StorageU256>>,
    total_supply: StorageU256,
}

// SAFETY: the outermost storage struct.
unsafe impl TopLevelStorage for Token {}

#[cfg(feature = "sdk")]
type Text = String;
#[cfg(not(feature = "sdk"))]
type Text = &'static str;

#[cfg(feature = "sdk")]
fn refuse(error: impl SolError) -> Vec<u8> {
    error.abi_encode()
}
#[cfg(not(feature = "sdk"))]
fn refuse(error: impl SolidityError) -> Vec<u8> {
    error.revert_data()
}

// `#[public]` exports a function whatever its `#[cfg]` says, so the whole block is there without the ten and with them.
macro_rules! with_or_without {
    ([$($layer:tt)*] { $($functions:tt)* } { $($ten_more:tt)* }) => {
        #[cfg(not(feature = "ten-more"))]
        $($layer)*
        impl Token { $($functions)* }

        #[cfg(feature = "ten-more")]
        $($layer)*
        impl Token { $($functions)* $($ten_more)* }
    };
}

with_or_without! {
    [
        #[cfg_attr(feature = "sdk", public)]
        #[cfg_attr(not(feature = "sdk"), lean_abi::contract)]
    ]
    {
        #[constructor]
        pub fn constructor(&mut self, supply: U256) -> Result<(), Vec<u8>> {
            let owner = self.vm().tx_origin();
            self.total_supply.set(supply);
            self.balances.insert(owner, supply);
            self.emit_transfer(Address::ZERO, owner, supply);
            Ok(())
        }

        pub fn name(&self) -> Text {
            "Measured Token".into()
        }

        pub fn symbol(&self) -> Text {
            "MSR".into()
        }

        pub fn decimals(&self) -> u8 {
            18
        }

        pub fn total_supply(&self) -> U256 {
            self.total_supply.get()
        }

        pub fn balance_of(&self, account: Address) -> U256 {
            self.balances.get(account)
        }

        pub fn allowance(&self, owner: Address, spender: Address) -> U256 {
            self.allowances.getter(owner).get(spender)
        }

        pub fn transfer(&mut self, to: Address, value: U256) -> Result<bool, Vec<u8>> {
            let from = self.vm().msg_sender();
            self.move_tokens(from, to, value)?;
            Ok(true)
        }

        pub fn approve(&mut self, spender: Address, value: U256) -> Result<bool, Vec<u8>> {
            if spender.is_zero() {
                return Err(refuse(ERC20InvalidSpender { spender }));
            }
            let owner = self.vm().msg_sender();
            self.allowances.setter(owner).insert(spender, value);
            self.emit_approval(owner, spender, value);
            Ok(true)
        }

        pub fn transfer_from(&mut self, from: Address, to: Address, value: U256) -> Result<bool, Vec<u8>> {
            let spender = self.vm().msg_sender();
            let mut allowances = self.allowances.setter(from);
            let mut left = allowances.setter(spender);
            let allowance = left.get();
            if allowance != U256::MAX {
                let Some(difference) = allowance.checked_sub(value) else {
                    return Err(refuse(ERC20InsufficientAllowance {
                        spender,
                        allowance,
                        needed: value,
                    }));
                };
                left.set(difference);
            }
            self.move_tokens(from, to, value)?;
            Ok(true)
        }
    }
    // Plain functions: two arguments, one result, a body of a line.
    {
        pub fn holds_at_least(&self, account: Address, value: U256) -> bool {
            self.balances.get(account) >= value
        }

        pub fn lacking(&self, account: Address, value: U256) -> U256 {
            value.saturating_sub(self.balances.get(account))
        }

        pub fn exceeding(&self, account: Address, value: U256) -> U256 {
            self.balances.get(account).saturating_sub(value)
        }

        pub fn richer_of(&self, one: Address, other: Address) -> Address {
            if self.balances.get(one) < self.balances.get(other) { other } else { one }
        }

        pub fn held_by_both(&self, one: Address, other: Address) -> U256 {
            self.balances.get(one).wrapping_add(self.balances.get(other))
        }

        pub fn held_by_others(&self, one: Address, other: Address) -> U256 {
            self.total_supply.get().wrapping_sub(self.held_by_both(one, other))
        }

        pub fn may_spend(&self, owner: Address, spender: Address) -> bool {
            !self.allowances.getter(owner).get(spender).is_zero()
        }

        pub fn may_spend_without_limit(&self, owner: Address, spender: Address) -> bool {
            self.allowances.getter(owner).get(spender) == U256::MAX
        }

        pub fn spendable(&self, owner: Address, spender: Address) -> U256 {
            self.allowances.getter(owner).get(spender).min(self.balances.get(owner))
        }

        pub fn supply_after(&self, minted: U256, burnt: U256) -> U256 {
            self.total_supply.get().wrapping_add(minted).wrapping_sub(burnt)
        }
    }
}

impl Token {
    fn move_tokens(&mut self, from: Address, to: Address, value: U256) -> Result<(), Vec<u8>> {
        if from.is_zero() {
            return Err(refuse(ERC20InvalidSender { sender: from }));
        }
        if to.is_zero() {
            return Err(refuse(ERC20InvalidReceiver { receiver: to }));
        }
        // A setter keeps its slot: its key is hashed once.
        let mut debited = self.balances.setter(from);
        let balance = debited.get();
        let Some(left) = balance.checked_sub(value) else {
            return Err(refuse(ERC20InsufficientBalance {
                sender: from,
                balance,
                needed: value,
            }));
        };
        debited.set(left);
        let mut credited = self.balances.setter(to);
        let sum = credited.get().wrapping_add(value);
        credited.set(sum);
        self.emit_transfer(from, to, value);
        Ok(())
    }

    fn emit_transfer(&self, from: Address, to: Address, value: U256) {
        self.emit(Transfer { from, to, value });
    }

    fn emit_approval(&self, owner: Address, spender: Address, value: U256) {
        self.emit(Approval { owner, spender, value });
    }

    #[cfg(feature = "sdk")]
    fn emit(&self, event: impl alloy_sol_types::SolEvent) {
        log(self.vm(), event);
    }

    #[cfg(not(feature = "sdk"))]
    fn emit(&self, event: impl SolidityEvent) {
        event.emit(self.vm());
    }
}

#[entrypoint]
fn main(input: Vec<u8>, vm: VM) -> ArbResult {
    router_entrypoint::<Token, Token>(input, vm)
}

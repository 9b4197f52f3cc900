//! What USDai and the adapter talk to, as small as it can be: tokens of every temper, the router's books, a vault, an exchange.

use alloc::vec::Vec;

use alloy_primitives::{keccak256, Address, B256, U256};
use alloy_sol_types::{sol, SolCall, SolValue};
use erc20_ledger::foreign;
use lean_abi::call;
use stylus_sdk::{
    prelude::*,
    storage::{StorageAddress, StorageBool, StorageMap, StorageU256, StorageU8},
    ArbResult,
};

/// A token of 6 decimals whose yield accrues beside the balance. Its manners can be spoilt.
#[storage]
pub(crate) struct Token {
    pub(crate) balances: StorageMap<Address, StorageU256>,
    pub(crate) allowances: StorageMap<Address, StorageMap<Address, StorageU256>>,
    pub(crate) accrued: StorageMap<Address, StorageU256>,
    /// What each transfer loses.
    pub(crate) fee: StorageU256,
    /// How far from 6 the decimals are.
    pub(crate) extra_decimals: StorageU8,
    /// Transfers do nothing and answer false.
    pub(crate) answers_false: StorageBool,
    /// Transfers do nothing and answer true.
    pub(crate) lies: StorageBool,
    /// Transfers pay the recipient its yield first.
    pub(crate) claims: StorageBool,
}

unsafe impl TopLevelStorage for Token {}

#[lean_abi::contract]
impl Token {
    fn decimals(&self) -> u8 {
        6 + self.extra_decimals.get().to::<u8>()
    }

    fn balance_of(&self, account: Address) -> U256 {
        self.balances.get(account)
    }

    /// Like USDT: from or to zero only.
    fn approve(&mut self, spender: Address, value: U256) -> Result<bool, Vec<u8>> {
        let owner = self.vm().msg_sender();
        let mut allowances = self.allowances.setter(owner);
        if !value.is_zero() && !allowances.get(spender).is_zero() {
            return Err(b"allowance is not zero".to_vec());
        }
        allowances.insert(spender, value);
        Ok(true)
    }

    fn transfer(&mut self, to: Address, value: U256) -> Result<bool, Vec<u8>> {
        let from = self.vm().msg_sender();
        self.shift(from, to, value)
    }

    fn transfer_from(&mut self, from: Address, to: Address, value: U256) -> Result<bool, Vec<u8>> {
        let spender = self.vm().msg_sender();
        let allowance = self.allowances.get(from).get(spender);
        let left = allowance.checked_sub(value).ok_or(b"allowance".to_vec())?;
        self.allowances.setter(from).insert(spender, left);
        self.shift(from, to, value)
    }

    fn claim_for(&mut self, account: Address) -> U256 {
        let accrued = self.accrued.get(account);
        self.accrued.insert(account, U256::ZERO);
        self.give(account, accrued);
        accrued
    }
}

impl Token {
    pub(crate) fn give(&mut self, to: Address, value: U256) {
        let balance = self.balances.get(to);
        self.balances.insert(to, balance + value);
    }

    fn shift(&mut self, from: Address, to: Address, value: U256) -> Result<bool, Vec<u8>> {
        if self.answers_false.get() || self.lies.get() {
            return Ok(self.lies.get());
        }
        if self.claims.get() {
            self.claim_for(to);
        }
        let left = self.balances.get(from).checked_sub(value).ok_or(b"balance".to_vec())?;
        self.balances.insert(from, left);
        let arrives = value.saturating_sub(self.fee.get());
        self.give(to, arrives);
        Ok(true)
    }
}

/// The router's books.
#[storage]
pub(crate) struct Books {
    pub(crate) addresses: StorageMap<B256, StorageAddress>,
    pub(crate) members: StorageMap<B256, StorageMap<Address, StorageBool>>,
}

unsafe impl TopLevelStorage for Books {}

#[lean_abi::contract]
impl Books {
    fn has_role(&self, role: B256, account: Address) -> bool {
        self.members.get(role).get(account)
    }

    fn address_of(&self, id: B256) -> Address {
        self.addresses.get(id)
    }
}

/// A vault that remembers what it was told.
#[storage]
pub(crate) struct Vault {
    pub(crate) notified: StorageU256,
    pub(crate) calls: StorageU256,
}

unsafe impl TopLevelStorage for Vault {}

#[lean_abi::contract]
impl Vault {
    fn notify_yield(&mut self, assets: U256) {
        let (notified, calls) = (self.notified.get(), self.calls.get());
        self.notified.set(notified + assets);
        self.calls.set(calls + U256::from(1));
    }
}

sol! {
    struct Single { address tokenIn; address tokenOut; uint24 fee; address recipient; uint256 amountIn; uint256 minimum; uint160 limit; }
    struct Path { bytes hops; address recipient; uint256 amountIn; uint256 minimum; }
    function claimFor(address account) external returns (uint240);
}

/// SwapRouter02 with one price: what comes in, less `cost`, comes out of what the exchange holds.
#[storage]
pub(crate) struct Exchange {
    pub(crate) cost: StorageU256,
    /// What it leaves with the caller.
    pub(crate) leaves: StorageU256,
    /// It does not check the minimum.
    pub(crate) careless: StorageBool,
    /// It claims more than it paid.
    pub(crate) boasts: StorageBool,
    /// During a swap, has this token pay the recipient its yield.
    pub(crate) claims: StorageAddress,
    /// The fee of the last pool named, or the number of pools of the last path.
    pub(crate) fee: StorageU256,
}

unsafe impl TopLevelStorage for Exchange {}

#[lean_abi::contract]
impl Exchange {
    #[fallback]
    fn fallback(&mut self, calldata: &[u8]) -> ArbResult {
        let selector = |signature: &str| keccak256(signature)[..4] == calldata[..4];
        let (input, output, recipient, amount, minimum) =
            if selector("exactInputSingle((address,address,uint24,address,uint256,uint256,uint160))") {
                let order = Single::abi_decode(&calldata[4..], true).map_err(|_| b"malformed".to_vec())?;
                assert!(order.limit.is_zero());
                self.fee.set(order.fee.to());
                (order.tokenIn, order.tokenOut, order.recipient, order.amountIn, order.minimum)
            } else if selector("exactInput((bytes,address,uint256,uint256))") {
                let order = Path::abi_decode(&calldata[4..], true).map_err(|_| b"malformed".to_vec())?;
                let pools = order.hops.len() / 23;
                self.fee.set(U256::from(pools));
                let (input, output) = (&order.hops[..20], &order.hops[23 * pools..]);
                (
                    Address::from_slice(input),
                    Address::from_slice(output),
                    order.recipient,
                    order.amountIn,
                    order.minimum,
                )
            } else {
                return Err(b"no such function".to_vec());
            };
        let (caller, here) = (self.vm().msg_sender(), self.vm().contract_address());
        foreign::safe_transfer_from(self, input, caller, here, amount - self.leaves.get())?;
        if !self.claims.get().is_zero() {
            let token = self.claims.get();
            call(self, &token, &claimForCall { account: recipient }.abi_encode())?;
        }
        let paid = amount - self.cost.get();
        if paid < minimum && !self.careless.get() {
            return Err(b"Too little received".to_vec());
        }
        foreign::safe_transfer(self, output, recipient, paid)?;
        let boast = if self.boasts.get() { amount } else { U256::ZERO };
        Ok((paid + boast).abi_encode())
    }
}

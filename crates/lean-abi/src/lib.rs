//! A small and strict ABI layer for Stylus contracts, written as one writes with the SDK's `#[public]`.
//!
//! ```
//! # extern crate alloc;
//! # use alloc::vec::Vec;
//! # use alloc::vec;
//! use lean_abi::{sol, SolidityEvent};
//! use stylus_sdk::{
//!     alloy_primitives::{self, Address, FixedBytes, U256},
//!     prelude::*,
//!     storage::{StorageMap, StorageU256},
//! };
//!
//! // Errors and events: alloy's types, encoded by this crate.
//! sol! {
//!     /// `account` has `balance`, `needed` was asked of it.
//!     error InsufficientBalance(address account, uint256 balance, uint256 needed);
//!     /// The zero address receives nothing.
//!     error InvalidReceiver();
//!     /// `value` moved.
//!     event Transfer(address indexed from, address indexed to, uint256 value);
//! }
//!
//! lean_abi::errors! {
//!     /// Why a call of the token fails.
//!     pub TokenError: InsufficientBalance, InvalidReceiver
//! }
//!
//! // What others call. The contract below is checked against the first when it is compiled, and implements the second as a trait.
//! lean_abi::interface! {
//!     interface IToken {
//!         function balanceOf(address account) external view returns (uint256);
//!         function transfer(address to, uint256 value) external returns (bool);
//!     }
//!
//!     /// ERC-165.
//!     interface IErc165 {
//!         /// Whether the contract has the interface `id`.
//!         function supportsInterface(bytes4 id) external view returns (bool);
//!     }
//! }
//!
//! #[storage]
//! pub struct Token {
//!     balances: StorageMap<Address, StorageU256>,
//! }
//!
//! // SAFETY: `Token` is the contract's outermost storage struct.
//! unsafe impl TopLevelStorage for Token {}
//!
//! /// A token.
//! #[lean_abi::contract(errors(TokenError), events(Transfer), interfaces(IToken), implements(IErc165))]
//! impl Token {
//!     /// Gives `supply` to `owner`.
//!     #[constructor]
//!     pub fn constructor(&mut self, owner: Address, supply: U256) {
//!         self.balances.insert(owner, supply);
//!     }
//!
//!     pub fn symbol(&self) -> &'static str {
//!         "TOKEN"
//!     }
//!
//!     pub fn balance_of(&self, account: Address) -> U256 {
//!         self.balances.get(account)
//!     }
//!
//!     /// Moves `value` of the caller's to `to`.
//!     pub fn transfer(&mut self, to: Address, value: U256) -> Result<bool, TokenError> {
//!         if to.is_zero() {
//!             return Err(InvalidReceiver {}.into());
//!         }
//!         let account = self.vm().msg_sender();
//!         let balance = self.balances.get(account);
//!         let Some(left) = balance.checked_sub(value) else {
//!             return Err(InsufficientBalance { account, balance, needed: value }.into());
//!         };
//!         self.balances.insert(account, left);
//!         self.balances.insert(to, self.balances.get(to) + value);
//!         Transfer { from: account, to, value }.emit(self.vm());
//!         Ok(true)
//!     }
//! }
//!
//! impl IErc165Callee for Token {
//!     type Error = TokenError;
//!
//!     fn supports_interface(&self, id: FixedBytes<4>) -> Result<bool, TokenError> {
//!         Ok(id == 0x01ff_c9a7_u32.to_be_bytes())
//!     }
//! }
//!
//! // The program: the only line of a contract's own crate, a cdylib.
//! lean_abi::entrypoint!(Token);
//!
//! /// Another contract's function, which calls a token.
//! fn pay(storage: &mut Token, token: Address, to: Address) -> Result<bool, Vec<u8>> {
//!     IToken::new(token).transfer(storage, to, U256::from(1))
//! }
//!
//! # #[cfg(not(target_arch = "wasm32"))]
//! # fn main() {
//! use lean_abi::{describe::Described, emit};
//!
//! let solidity = emit::solidity(&Token::INTERFACE, "MIT", "^0.8.23");
//! assert!(solidity.contains("function transfer(address to, uint256 value) external returns (bool);"));
//! # assert!(solidity.contains("function supportsInterface(bytes4 id) external view returns (bool);"));
//! # assert!(solidity.contains("error InsufficientBalance(address account, uint256 balance, uint256 needed);"));
//! # let _ = pay;
//! # }
//! ```
//!
//! # Programs
//!
//! [`entrypoint!`] exports what the chain calls: as the SDK's `#[entrypoint]`, which works too (`router_entrypoint::<Token, Token>`), for
//! the macro implements the SDK's `Router`; so motsu and whatever else knows contracts by it know these.
//!
//! [`emit::solidity`] and [`emit::json`] print what a contract consists of, documentation included: [`describe::Described`] has it as a
//! constant, so a native build of the contract's crate is all that they need, and they print the same bytes everywhere.
//!
//! # Functions
//!
//! * `&self` is view, `&mut self` changes the state, none of them is pure; `#[payable]` takes value, everything else refuses it.
//! * Names become camel case at underscores, and nowhere else: `mul_u128x2` is `mulU128x2` (the SDK makes `mulU128X2` of it).
//!   `#[selector(name = "…")]` gives another name: for overloads, and for `DOMAIN_SEPARATOR`.
//! * `#[constructor]` runs once, through the SDK's selector (0x5585258d) and flag: its deployer and cargo-stylus work. `#[receive]` and
//!   `#[fallback]` are the SDK's too. In the place of `#[inherit]` and `#[implements]` is `implements(…)`: traits that [`interface!`] made.
//! * They return a value, several as a tuple, nothing, or a `Result` of these with an error that becomes revert data: `Vec<u8>`, an error
//!   of [`sol!`], or a contract's error type ([`errors!`]). `#[returns(shares, assets)]` gives the results of a tuple names.
//! * [`Abi`] lists the types. Structs derive [`AbiType`](macro@AbiType).
//! * Two functions with one selector, a type that is not of the ABI, an interface of which a function is missing: errors of compilation,
//!   which name them.
//!
//! # What is refused
//!
//! Every value has one encoding, and nothing else is decoded: see [`Reader`]. The verdicts are those of alloy's validating decoder, but
//! for four: 2 is no boolean here; lengths that overflow alloy's arithmetic are refused; nesting deeper than its 16 levels is decoded; and
//! what lies behind a call's arguments, or behind what a callee returned, is ignored, as Solidity ignores it (wallets and forwarders append
//! their marks there). A call that does not decode, and one with value for a function that is not payable, reverts with no data.
//!
//! # Gas
//!
//! Each byte of a program's data costs every call of it 0.75 gas, each byte of its code a thousandth: [`constant!`] makes a word in the code.
//! [`AccountMap`], [`WordMap`] and [`Word`] are storage for what everybody calls all the time. [`call`] and [`static_call`] are for callees
//! that keep to no interface.
//!
//! # Size
//!
//! Everything that decodes or encodes words is one function for all contracts' types; a further function of two arguments costs 60 to 100
//! compressed bytes. Put this into the workspace's profile; where size is tuned by `opt-level = "z"`, this crate is smaller and cheaper
//! without:
//!
//! ```toml
//! [profile.release.package.lean-abi]
//! opt-level = 3
//! ```

#![no_std]
extern crate alloc;
extern crate self as lean_abi;
#[cfg(test)]
extern crate std;

/// The host behind `$vm`. On chain there is one, of a type without members, and calling it by name instead of through `dyn Host` is what
/// lets the compiler drop the host functions that a contract does not use: their tables are in a program's data, which every call pays.
#[cfg(any(target_arch = "wasm32", feature = "native"))]
macro_rules! concrete {
    ($vm:expr) => {{
        let _ = $vm;
        let vm: &dyn stylus_core::Host = &stylus_sdk::host::VM(stylus_sdk::host::WasmVM {});
        vm
    }};
}
#[cfg(not(any(target_arch = "wasm32", feature = "native")))]
macro_rules! concrete {
    ($vm:expr) => {
        $vm
    };
}

/// Whether this is a program, with a chain around it: not so in unit tests, whose accounts have no code.
pub const ON_CHAIN: bool = cfg!(any(target_arch = "wasm32", feature = "native"));

mod client;
mod composite;
mod constant;
mod declared;
pub mod describe;
#[cfg(not(target_arch = "wasm32"))]
pub mod emit;
mod entry;
mod host;
mod name;
mod outcome;
mod reader;
mod storage;
mod types;
mod writer;

pub use client::{call, delegate_call, static_call, Caller, MalformedReturn};
pub use declared::{Errors, Refusal, SolidityError, SolidityEvent};
pub use lean_abi_macros::{contract, interface, sol, AbiType};
pub use name::{selector, signature_hash, Name};
pub use outcome::{decode, decode_prefix, encode, encode_with_selector, Outcome};
pub use reader::{text, Reader};
pub use storage::{number, word, AccountMap, Entry, Word, WordMap};
pub use types::{Abi, Decode, Encode};
pub use writer::Writer;

/// What the macros' output refers to.
#[doc(hidden)]
pub mod private {
    pub use alloc::{boxed::Box, string::String, vec::Vec};
    pub use core::{
        borrow::BorrowMut,
        option::Option::{self, None, Some},
        result::Result::{self, Err, Ok},
    };

    pub use alloy_primitives::{Address, FixedBytes, Signed, Uint, U256};
    pub use stylus_core::{ConstructorGuard, Host, HostAccess, TopLevelStorage, ValueDenier};
    pub use stylus_sdk::{abi::Router, ArbResult};

    pub use crate::client::{call_contract, returned, CallKind};
    pub use crate::constant::{limb, word};
    pub use crate::declared::{debug_error, emit};
    #[cfg(not(target_arch = "wasm32"))]
    pub use crate::entry::assert_contract;
    pub use crate::entry::views;
    #[cfg(any(target_arch = "wasm32", feature = "native"))]
    pub use crate::entry::{answer, Contract};
    pub use crate::host::{check_constructor, sends_value};
    pub use crate::name::assert_unique;
}

//! FiLo stacks: loans against warehouse receipts, with a curator's first-loss capital in front of the vault (PROTOCOL 6).
//!
//! A curator opens a stack and pays in junior capital. It offers a loan to a named borrower, who draws it (`filo-origination`): the
//! receipts are pledged, the stack pays its first-loss part, the vault the rest. The loan is paid back by instalments; every payment is split at once between the
//! curator, the treasury, the insurance reserve, the vault and the stack. When nothing is owed, the receipts are free.
//!
//! | module | what it says |
//! | --- | --- |
//! | [`amount`] | USDai in 128 bits, and how numbers less wide than a word cross the ABI |
//! | [`terms`] | what is agreed, and the plan of instalments |
//! | [`balance`] | what is owed, by the second; what a payment settles |
//! | [`split`] | who gets which part of a payment |
//! | [`loan`] | a loan's life and due dates |
//! | [`stack`] | one curator's capital, what it covers, what it owes |
//! | [`dues`] | which performing loan falls due first |
//! | [`storage`] | how all that lies in words |
//! | [`FiloStacks`] | storage and external functions |
//!
//! Invariants, cited by the tests:
//! - **F1** the senior principal in the vault's book is the sum over loans, and what the senior side has a claim for on stacks.
//! - **F2** the USDai this contract holds are at least the junior cash of all stacks and the reserve; equal unless somebody donates.
//! - **F3** no senior principal is lost while its stack has junior capital or there is a reserve.
//! - **F4** one stack's default changes no other stack's numbers.
//! - **F5** after full repayment every receipt is free and nothing is owed to the wei, in this contract and in the vault's accrual.
//!
//! What is trusted: the router's roles and address book; USDai, the vault and CALIBER, which the address book names; a curator within
//! the bounds of [`stack`]; the contract of origination (`filo-origination`), which alone may lend and add receipts, and has checked that
//! what it lends lies within the bounds of [`terms`]; the contract of defaults (`filo-defaults`), which alone may mark loans, open margin
//! calls and sell receipts.
//!
//! A borrower can always pay: a payment calls USDai, whose transfers no receiver can refuse, the vault, and, when it closes the loan,
//! CALIBER.

#![cfg_attr(not(test), no_std)]
#[macro_use]
extern crate alloc;

pub mod amount;
pub mod balance;
pub mod dues;
pub mod errors;
pub mod events;
pub mod loan;
mod shell;
pub mod split;
pub mod stack;
pub mod storage;
pub mod terms;

#[cfg(test)]
mod abi_tests;
#[cfg(test)]
mod plan_tests;

pub use errors::FiloError;
pub use shell::FiloStacks;

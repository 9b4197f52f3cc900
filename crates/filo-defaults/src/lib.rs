//! What is done about loans that are not paid: marks, margin calls, default, the auction of the receipts (PROTOCOL 6).
//!
//! Everything here may be called by anybody; what is right is found in FiLo's and CALIBER's own books. Loans, stacks and money stay in FiLo,
//! which lets this contract alone mark a loan, open a margin call and sell receipts. FiLo never calls it, so no call comes back up the
//! stack.
//!
//! | who finds that | calls | which |
//! | --- | --- | --- |
//! | a payment is overdue | `markLate` | takes the loan out of the vault's accrual and impairs its book by the expected senior loss |
//! | values have moved since | `mark` | does so again |
//! | LTV exceeds the trigger, or cover has lapsed | `callMargin` | gives the borrower 14 days |
//! | the receipts suffice again | `releaseCall` | ends that |
//! | grace has passed, or a call was not met within the last 14 days | `declareDefault` | gives the borrower 14 days to pay all |
//! | these have passed, or an auction found nobody | `startAuction` | begins, or begins again with a lower floor |
//! | the price is right | `bid` | buys one receipt, some, or all |
//!
//! A day is a thirtieth of FiLo's period: 86,400 s where periods have 30 days.
//!
//! What is trusted: the router's address book, FiLo, CALIBER. A buyer allows FiLo, not this contract, to take its USDai, and names the
//! most it pays.

#![cfg_attr(not(test), no_std)]
#[macro_use]
extern crate alloc;

pub mod auction;
pub mod errors;
pub mod events;
mod shell;

pub use errors::DefaultsError;
pub use shell::FiloDefaults;

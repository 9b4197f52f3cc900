//! The protocol's life in one year, played on any node: who does what, what moved, what it cost, what a share is worth.
//!
//! Every figure that is told is read back from the chain after the fact: movements from the logs, prices and books from views.

pub mod books;
pub mod cast;
pub mod chart;
pub mod play;
pub mod terminal;

use alloy_primitives::{Address, U256};

/// Money that changed hands, as a log says it.
#[derive(Clone, Copy, Debug)]
pub struct Movement {
    /// The token.
    pub token: Address,
    /// Who had it; zero for minted.
    pub from: Address,
    /// Who has it; zero for burnt.
    pub to: Address,
    /// In the token's own unit.
    pub amount: U256,
}

/// One transaction of the story.
#[derive(Clone, Debug)]
pub struct Action {
    /// Contract that was called.
    pub contract: &'static str,
    /// Its function.
    pub call: &'static str,
    /// Gas taken.
    pub gas: u64,
}

/// What a step left behind.
#[derive(Clone, Debug)]
pub struct Step {
    /// Title, in the words of somebody who was there.
    pub title: String,
    /// Days since the story began.
    pub day: u64,
    /// The transactions.
    pub actions: Vec<Action>,
    /// The money.
    pub movements: Vec<Movement>,
    /// Facts worth telling, each with its value as read from the chain.
    pub facts: Vec<(String, String)>,
    /// The vault afterwards.
    pub vault: VaultState,
}

/// The vault at a moment, read from it.
#[derive(Clone, Copy, Debug, Default)]
pub struct VaultState {
    /// Timestamp, seconds.
    pub at: u64,
    /// What a share costs, WAD.
    pub deposit_price: U256,
    /// What a share is paid out at, WAD.
    pub redemption_price: U256,
    /// Booked cash, wei.
    pub cash: U256,
    /// Lent out, wei.
    pub principal: U256,
}

/// A statement about the books at the end, and whether it holds.
#[derive(Clone, Debug)]
pub struct Check {
    /// The statement.
    pub statement: String,
    /// Left side, as read.
    pub left: U256,
    /// Right side, as read.
    pub right: U256,
    /// Whether it holds.
    pub holds: bool,
}

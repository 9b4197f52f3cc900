//! The story told on a terminal.

use std::fmt::Write as _;

use alloy_primitives::{Address, U256};
use comfy_table::{presets::UTF8_FULL_CONDENSED, Cell, CellAlignment, Table};

use super::{Check, Movement, Step};
use crate::{
    protocol::{counterparts::Counterparts, suite::Suite},
    units::{thousands, units6, whole},
};

/// Tells steps as tables.
#[derive(Debug)]
pub struct Teller {
    names: Vec<(Address, &'static str)>,
    /// Symbol and decimals of the tokens.
    tokens: [(Address, &'static str, u8); 5],
    told: usize,
}

impl Teller {
    /// A teller who knows everybody by `names`.
    #[must_use]
    pub fn new(names: Vec<(Address, &'static str)>, suite: &Suite, world: &Counterparts) -> Self {
        let tokens = [
            (world.usdc, "USDC", 6),
            (world.usdt, "USDT", 6),
            (world.wrapped_m, "wM", 6),
            (suite.usdai, "USDai", 18),
            (suite.susdai, "sUSDai", 18),
        ];
        Self { names, tokens, told: 0 }
    }

    /// The step as text: title, money, facts, calls with their gas, the vault afterwards.
    #[must_use]
    pub fn tell(&mut self, step: &Step) -> String {
        self.told += 1;
        let mut text = format!("\n{}. Day {}: {}\n", self.told, step.day, step.title);
        let mut table = table(&["what moved", "from", "to", "amount"]);
        for movement in &step.movements {
            let (symbol, amount) = self.amount(movement);
            table.add_row([
                Cell::new(symbol),
                Cell::new(self.name(movement.from)),
                Cell::new(self.name(movement.to)),
                right(amount),
            ]);
        }
        for (what, value) in &step.facts {
            table.add_row([Cell::new(what), Cell::new(""), Cell::new(""), right(value)]);
        }
        text += &table.to_string();
        let calls: Vec<_> = step
            .actions
            .iter()
            .map(|a| format!("{}.{} {}", a.contract, a.call, thousands(a.gas)))
            .collect();
        let gas = step.actions.iter().map(|a| a.gas).sum::<u64>();
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "\n   gas: {} in all ({})\n   a share costs {} and is paid out at {}; the vault has {} in cash and {} lent\n",
            thousands(gas),
            calls.join(", "),
            whole(step.vault.deposit_price),
            whole(step.vault.redemption_price),
            whole(step.vault.cash),
            whole(step.vault.principal),
        );
        text
    }

    fn name(&self, account: Address) -> String {
        self.names
            .iter()
            .find(|(address, _)| *address == account)
            .map_or_else(|| account.to_string(), |(_, name)| (*name).to_owned())
    }

    fn amount(&self, movement: &Movement) -> (&'static str, String) {
        match self.tokens.iter().find(|(address, _, _)| *address == movement.token) {
            Some((_, symbol, 18)) => (symbol, whole(movement.amount)),
            Some((_, symbol, _)) => (symbol, units6(movement.amount)),
            None => ("?", movement.amount.to_string()),
        }
    }
}

/// The books as a table.
#[must_use]
pub fn books(checks: &[Check]) -> String {
    let mut table = table(&["the books", "left, smallest units", "right", ""]);
    for check in checks {
        let verdict = if check.holds { "✓" } else { "✗ DOES NOT HOLD" };
        table.add_row([
            Cell::new(&check.statement),
            number(check.left),
            number(check.right),
            Cell::new(verdict),
        ]);
    }
    table.to_string()
}

/// An empty table with these columns.
#[must_use]
pub fn table(columns: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_header(columns);
    table
}

/// A cell whose text ends at the right.
#[must_use]
pub fn right(text: impl ToString) -> Cell {
    Cell::new(text.to_string()).set_alignment(CellAlignment::Right)
}

fn number(amount: U256) -> Cell {
    right(thousands(amount))
}

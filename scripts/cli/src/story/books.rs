//! Whether every book balances to the wei.

use alloy_primitives::{Address, U256};

use super::{cast::Cast, Check};
use crate::{
    node::{Node, NodeError, NodeExt},
    protocol::{
        bindings::{Filo, IErc20, Qev, Susdai, Usdai},
        counterparts::Counterparts,
        suite::Suite,
    },
};

/// Parts of a wei that QEV counts dust in.
const DUST_SCALE: u128 = 2_000_000_000_000_000_000_000;
/// Base units of USDai in one of the base token.
const BASE_SCALE: u64 = 1_000_000_000_000;

/// Reads both sides of every equation that PROTOCOL.md promises. `stacks` and `loans` are all that exist, and
/// nobody has donated anything, so that what is booked is what is held.
///
/// # Errors
/// If the node does not answer.
pub fn check(
    node: &mut dyn Node,
    suite: &Suite,
    world: &Counterparts,
    cast: &Cast,
    stacks: &[U256],
    loans: &[U256],
) -> Result<Vec<Check>, NodeError> {
    let mut books = Books { node, checks: Vec::new() };
    let held = |books: &mut Books<'_>, token, account| books.balance(token, account);

    let base = held(&mut books, world.wrapped_m, suite.usdai)?;
    let supply = books.node.read(suite.usdai, &Usdai::totalSupplyCall {})?;
    let bridged = books.node.read(suite.usdai, &Usdai::bridgedSupplyCall {})?;
    books.at_least(
        "U1: base token held backs every USDai",
        base * U256::from(BASE_SCALE),
        supply + bridged,
    );

    let cash = books.node.read(suite.susdai, &Susdai::cashCall {})?;
    let vault_holds = held(&mut books, suite.usdai, suite.susdai)?;
    books.equal("V3: the vault's booked cash is its USDai", cash, vault_holds);

    let queue_shares = held(&mut books, suite.susdai, suite.qev)?;
    let waiting: U256 = books.node.read(suite.qev, &Qev::depthCall {})?.shares.into_iter().sum();
    let forfeited = books.node.read(suite.qev, &Qev::progressCall {})?.forfeited;
    books.equal("Q1: sUSDai in the queue is what is pending", queue_shares, waiting + forfeited);
    let queue_holds = held(&mut books, suite.usdai, suite.qev)?;
    let dust = books.node.read(suite.qev, &Qev::dustCall {})?;
    books.equal(
        "Q2: all claimed, the queue holds its dust",
        queue_holds * U256::from(DUST_SCALE),
        dust.into_raw(),
    );

    let principal = books.node.read(suite.susdai, &Susdai::loanBookCall {})?.principal;
    let mut senior = U256::ZERO;
    for loan in loans {
        senior += books.node.read(suite.filo, &Filo::loanCall { loan: *loan })?.senior;
    }
    books.equal("F1: the vault's principal is the sum of the loans' senior parts", principal, senior);
    let mut booked = books.node.read(suite.filo, &Filo::reserveCall {})?;
    for stack in stacks {
        booked += books.node.read(suite.filo, &Filo::juniorCashCall { stack: *stack })?;
    }
    let filo_holds = held(&mut books, suite.usdai, suite.filo)?;
    books.equal("F2: junior cash and reserve are the stacks' USDai", booked, filo_holds);

    let mut holders: Vec<Address> = cast.everybody().iter().map(|person| person.address()).collect();
    holders.extend(suite.contracts().map(|(_, address)| address));
    holders.extend([world.usdc_pool, world.usdt_pool, world.swap_router]);
    for (name, token) in [
        ("USDC", world.usdc),
        ("wM", world.wrapped_m),
        ("USDai", suite.usdai),
        ("sUSDai", suite.susdai),
    ] {
        let mut sum = U256::ZERO;
        for holder in &holders {
            sum += held(&mut books, token, *holder)?;
        }
        let total = books.node.read(token, &IErc20::totalSupplyCall {})?;
        books.equal(&format!("every {name} is somebody's"), sum, total);
    }
    for (name, contract) in [("gateway", suite.gateway), ("swap adapter", suite.swap_adapter)] {
        let mut left = U256::ZERO;
        for token in [world.usdc, world.usdt, world.wrapped_m, suite.usdai, suite.susdai] {
            left += held(&mut books, token, contract)?;
        }
        books.equal(&format!("the {name} keeps nothing"), left, U256::ZERO);
    }
    Ok(books.checks)
}

struct Books<'a> {
    node: &'a mut dyn Node,
    checks: Vec<Check>,
}

impl Books<'_> {
    fn balance(&mut self, token: Address, account: Address) -> Result<U256, NodeError> {
        self.node.read(token, &IErc20::balanceOfCall { account })
    }

    fn equal(&mut self, statement: &str, left: U256, right: U256) {
        self.checks.push(Check {
            statement: statement.to_owned(),
            left,
            right,
            holds: left == right,
        });
    }

    fn at_least(&mut self, statement: &str, left: U256, right: U256) {
        self.checks.push(Check {
            statement: statement.to_owned(),
            left,
            right,
            holds: left >= right,
        });
    }
}

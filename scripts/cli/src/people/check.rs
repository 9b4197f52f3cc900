//! The invariants of PROTOCOL.md that the chain's state shows, on a live deployment.
//!
//! What holds is held against balances that anybody can raise by a gift, so equalities of a tidy chain are inequalities here.

use alloy_primitives::U256;

use super::status;
use crate::{
    deploy::record::Record,
    node::{Node, NodeError, NodeExt},
    protocol::bindings::{Filo, IErc20, Qev, Router, Susdai, Usdai},
    protocol::suite::id,
    story::Check,
};

/// Base units of USDai in one of the base token.
const BASE_SCALE: u64 = 1_000_000_000_000;

/// Reads both sides of every invariant.
///
/// # Errors
/// If the node does not answer.
pub fn run(node: &mut dyn Node, record: &Record) -> Result<Vec<Check>, NodeError> {
    let suite = record.suite()?;
    let mut checks = Vec::new();
    let mut add = |statement: &str, left: U256, right: U256, holds: bool| {
        checks.push(Check {
            statement: statement.to_owned(),
            left,
            right,
            holds,
        });
    };
    let balance = |node: &mut dyn Node, token, account| node.read(token, &IErc20::balanceOfCall { account });

    let backing = balance(node, record.counterparts.base_token, suite.usdai)? * U256::from(BASE_SCALE);
    let supply = node.read(suite.usdai, &Usdai::totalSupplyCall {})? + node.read(suite.usdai, &Usdai::bridgedSupplyCall {})?;
    add("U1: base token held backs every USDai", backing, supply, backing >= supply);

    let cash = node.read(suite.susdai, &Susdai::cashCall {})?;
    let held = balance(node, suite.usdai, suite.susdai)?;
    add("V3: the vault holds its booked cash", held, cash, held >= cash);
    let conservative = node.read(suite.susdai, &Susdai::redemptionSharePriceCall {})?;
    let optimistic = node.read(suite.susdai, &Susdai::depositSharePriceCall {})?;
    add(
        "3.1: a share is not paid out at more than it costs",
        optimistic,
        conservative,
        optimistic >= conservative,
    );

    let lane = node.read(suite.qev, &Qev::laneCall { tick: 0 })?;
    let pending = lane.entered - lane.filled;
    let queued = balance(node, suite.susdai, suite.qev)?;
    add("Q1: the queue holds the shares that wait in it", queued, pending, queued >= pending);

    let now = node.now()?;
    let loans = status::loans(node, suite.filo, now)?;
    let senior: U256 = loans.iter().filter(|loan| loan.live).map(|loan| loan.senior).sum();
    let principal = node.read(suite.susdai, &Susdai::loanBookCall {})?.principal;
    add(
        "F1: the vault's principal is the senior part of the loans",
        principal,
        senior,
        principal == senior,
    );
    let mut booked = node.read(suite.filo, &Filo::reserveCall {})?;
    for stack in 1_u64.. {
        match node.read(suite.filo, &Filo::juniorCashCall { stack: U256::from(stack) }) {
            Ok(junior) if exists(node, &suite, stack)? => booked += junior,
            Ok(_) => break,
            Err(error) if error.revert_data().is_some() => break,
            Err(error) => return Err(error),
        }
    }
    let filo = balance(node, suite.usdai, suite.filo)?;
    add("F2: FiLo holds its booked cash", filo, booked, filo >= booked);

    for (name, contract) in [("router", suite.router), ("swap adapter", suite.swap_adapter)] {
        let mut left = U256::ZERO;
        for token in [suite.usdai, suite.susdai, record.counterparts.base_token] {
            left += balance(node, token, contract)?;
        }
        add(&format!("7: the {name} keeps nothing"), left, U256::ZERO, left.is_zero());
    }

    let book = [
        ("USDAI", suite.usdai),
        ("SUSDAI", suite.susdai),
        ("CALIBER", suite.caliber),
        ("FILO", suite.filo),
        ("QEV", suite.qev),
        ("SWAP_ADAPTER", suite.swap_adapter),
    ];
    for (name, address) in book {
        let entered = node.read(suite.router, &Router::addressOfCall { id: id(name) })?;
        let number = |address: alloy_primitives::Address| U256::from_be_bytes(address.into_word().0);
        add(
            &format!("7: {name} in the router's book is the one deployed"),
            number(entered),
            number(address),
            entered == address,
        );
    }
    for (name, contract) in &record.contracts {
        let there = node.code(contract.address)?;
        let hash = alloy_primitives::keccak256(&there);
        add(
            &format!("the code of {name} is what was deployed"),
            hash.into(),
            contract.code_hash.into(),
            hash == contract.code_hash,
        );
    }
    Ok(checks)
}

/// Whether FiLo has a stack of this number: one without a curator was never opened.
fn exists(node: &mut dyn Node, suite: &crate::protocol::suite::Suite, stack: u64) -> Result<bool, NodeError> {
    let stack = Filo::stackCall { stack: U256::from(stack) };
    Ok(!node.read(suite.filo, &stack)?.curator.is_zero())
}

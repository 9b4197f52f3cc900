//! `keep`: programs expire 365 days after their activation; anybody may keep one alive from its 31st day on.

use std::collections::BTreeSet;

use alloy_primitives::{keccak256, Address, U256};
use serde::Serialize;

use crate::{
    node::{Node, NodeError, NodeExt, Person},
    protocol::{bindings::IArbWasm, program::ACTIVATION_VALUE, suite::ARB_WASM},
    story::terminal,
};

const DAY: u64 = 86_400;

/// How long a program has to live, and what can be done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Life {
    /// The contract's name.
    pub contract: String,
    /// Its address.
    pub address: Address,
    /// When it expires, Unix seconds; zero if it has.
    pub expires_at: u64,
    /// Whole days until then.
    pub days_left: u64,
    /// From when on it can be kept alive, Unix seconds.
    pub renewable_at: u64,
    /// What is to be done.
    pub state: State,
}

/// What a program needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// Nothing: it has long to live.
    Fresh,
    /// Nothing yet, though it could be kept alive.
    Renewable,
    /// To be kept alive now.
    Due,
    /// It has expired, and every call of it fails until it is activated again. Its state and its money stay.
    Expired,
    /// The chain has a newer Stylus than it was activated for; it needs activation again.
    Outdated,
}

/// How long each of `contracts` has to live. One is due when it has less than `margin_days` left.
///
/// # Errors
/// If the node does not answer, or knows no programs.
pub fn lives(node: &mut dyn Node, contracts: &[(&str, Address)], margin_days: u64) -> Result<Vec<Life>, NodeError> {
    let now = node.now()?;
    let life_days = u64::from(node.read(ARB_WASM, &IArbWasm::expiryDaysCall {})?);
    let young_days = u64::from(node.read(ARB_WASM, &IArbWasm::keepaliveDaysCall {})?);
    let mut lives = Vec::new();
    for (name, address) in contracts {
        let mut life = Life {
            contract: (*name).to_owned(),
            address: *address,
            expires_at: 0,
            days_left: 0,
            renewable_at: 0,
            state: State::Expired,
        };
        match node.read(ARB_WASM, &IArbWasm::programTimeLeftCall { program: *address }) {
            Ok(left) => {
                life.expires_at = now + left;
                life.days_left = left / DAY;
                life.renewable_at = life.expires_at.saturating_sub((life_days - young_days) * DAY);
                life.state = match (now >= life.renewable_at, life.days_left < margin_days) {
                    (false, _) => State::Fresh,
                    (true, false) => State::Renewable,
                    (true, true) => State::Due,
                };
            }
            Err(error) if refused_as::<IArbWasm::ProgramExpired>(&error) => {}
            Err(error) if refused_as::<IArbWasm::ProgramNeedsUpgrade>(&error) => life.state = State::Outdated,
            Err(error) if refused_as::<IArbWasm::ProgramNotActivated>(&error) => {
                return Err(NodeError::Other(format!(
                    "there is no program of the name {name} at {address} on chain {}: is this the right deployment?",
                    node.chain_id()
                )));
            }
            Err(error) => return Err(error),
        }
        lives.push(life);
    }
    Ok(lives)
}

fn refused_as<E: alloy_sol_types::SolError>(error: &NodeError) -> bool {
    error.revert_data().is_some_and(|data| E::abi_decode(data).is_ok())
}

/// Gives those of `lives` that need it another year, `keeper` paying; returns the names of those.
///
/// # Errors
/// If the chain refuses, or `keeper` cannot pay.
pub fn renew(node: &mut dyn Node, keeper: &Person, lives: &[Life], tell: &mut dyn FnMut(&str)) -> Result<Vec<String>, NodeError> {
    let (mut renewed, mut codes) = (Vec::new(), BTreeSet::new());
    for life in lives.iter().filter(|life| life.state >= State::Due) {
        renewed.push(life.contract.clone());
        // Programs of the same code live together, and the chain refuses to renew one a second time.
        let codehash = keccak256(node.code(life.address)?);
        if !codes.insert(codehash) {
            continue;
        }
        tell(&format!("renewing {} …", life.contract));
        // What is offered above the fee comes back with the transaction.
        let offer = U256::from(ACTIVATION_VALUE).min(node.balance(keeper.address())? / U256::from(2));
        if life.state == State::Due {
            node.perform_with_value(keeper, ARB_WASM, offer, &IArbWasm::codehashKeepaliveCall { codehash })?;
        } else {
            node.perform_with_value(keeper, ARB_WASM, offer, &IArbWasm::activateProgramCall { program: life.address })?;
        }
    }
    Ok(renewed)
}

/// The lives as a table for people.
#[must_use]
pub fn table(lives: &[Life]) -> String {
    let mut table = terminal::table(&["contract", "address", "days left", "expires", "can be kept alive from", ""]);
    for life in lives {
        let (days, expires, from) = match life.state {
            State::Expired | State::Outdated => ("–".into(), "–".into(), "–".into()),
            _ => (
                life.days_left.to_string(),
                crate::units::date(life.expires_at),
                crate::units::date(life.renewable_at),
            ),
        };
        let state = match life.state {
            State::Fresh => "nothing to do",
            State::Renewable => "nothing to do yet",
            State::Due => "DUE",
            State::Expired => "EXPIRED: activate again",
            State::Outdated => "OUTDATED: activate again",
        };
        table.add_row([
            life.contract.clone().into(),
            life.address.to_string().into(),
            terminal::right(days),
            expires.into(),
            from.into(),
            comfy_table::Cell::new(state),
        ]);
    }
    table.to_string()
}

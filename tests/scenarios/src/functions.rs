//! Every function that changes state, as `contracts/abi` lists them, with a call of it.

use std::fs;

use alloy_primitives::{keccak256, Address, U256};
use serde_json::{json, Value};

use crate::Town;

/// A function's signature and a call of it.
pub type Named = (String, Vec<u8>);

/// The canonical type of a parameter.
fn canonical(parameter: &Value) -> String {
    let kind = parameter["type"].as_str().expect("a parameter has a type");
    match kind.strip_prefix("tuple") {
        None => kind.to_owned(),
        Some(list) => {
            let members = parameter["components"].as_array().expect("a tuple has components");
            format!("({}){list}", members.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
    }
}

/// How many words a parameter that is zero has in the head; none if it is dynamic: then it is an offset to an empty one.
fn words(parameter: &Value) -> Option<usize> {
    match parameter["type"].as_str().expect("a parameter has a type") {
        "bytes" | "string" => None,
        kind if kind.ends_with("[]") => None,
        "tuple" => {
            let members = parameter["components"].as_array().expect("a tuple has components");
            Some(members.iter().map(|member| words(member).expect("no dynamic structs")).sum())
        }
        _ => Some(1),
    }
}

/// A call of the function in which every argument is zero or empty.
fn zeros(name: &str, parameters: &[Value]) -> Named {
    let head: usize = parameters.iter().map(|parameter| words(parameter).unwrap_or(1)).sum();
    let (mut data, mut tail) = (Vec::new(), 0);
    for parameter in parameters {
        if let Some(words) = words(parameter) {
            data.resize(data.len() + words, U256::ZERO);
        } else {
            data.push(U256::from(32 * (head + tail)));
            tail += 1;
        }
    }
    data.resize(head + tail, U256::ZERO);
    let types: Vec<_> = parameters.iter().map(canonical).collect();
    let signature = format!("{name}({})", types.join(","));
    let words: Vec<u8> = data.iter().flat_map(U256::to_be_bytes::<32>).collect();
    let call = [&keccak256(&signature)[..4], &words].concat();
    (signature, call)
}

/// A call of the function `signature`, which takes no structs, in which every argument is zero or empty.
///
/// # Panics
/// If that is no signature.
#[must_use]
pub fn zeros_of(signature: &str) -> Named {
    let (name, types) = signature
        .trim_end_matches(')')
        .split_once('(')
        .expect("a signature has parentheses");
    let types = types.split(',').filter(|kind| !kind.is_empty());
    let parameters: Vec<_> = types.map(|kind| json!({ "type": kind })).collect();
    zeros(name, &parameters)
}

/// The contracts under the names of `contracts/abi`.
#[must_use]
pub fn contracts(town: &Town) -> [(&'static str, Address); 8] {
    let suite = town.suite;
    [
        ("Router", suite.router),
        ("Usdai", suite.usdai),
        ("SwapAdapter", suite.swap_adapter),
        ("Susdai", suite.susdai),
        ("Caliber", suite.caliber),
        ("Qev", suite.qev),
        ("Filo", suite.filo),
        ("Gateway", suite.gateway),
    ]
}

/// Every function that changes state, by contract.
#[must_use]
pub fn changing(town: &Town) -> Vec<(Address, Vec<Named>)> {
    contracts(town).map(|(name, address)| (address, changing_functions(name))).into()
}

/// Every function of `contract` that changes state.
///
/// # Panics
/// If `scripts/abi` did not write its interface.
#[must_use]
pub fn changing_functions(contract: &str) -> Vec<Named> {
    let path = format!("{}/../../contracts/abi/{contract}.json", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).expect("scripts/abi writes it");
    let abi: Value = serde_json::from_str(&text).expect("scripts/abi writes JSON");
    let entries = abi.as_array().expect("an ABI is a list").iter();
    let changing = entries.filter(|entry| entry["type"] == "function" && entry["stateMutability"] == "nonpayable");
    let calls: Vec<_> = changing
        .map(|function| {
            let inputs = function["inputs"].as_array().expect("a function has inputs");
            zeros(function["name"].as_str().expect("a function has a name"), inputs)
        })
        .collect();
    assert!(calls.len() > 3, "{contract} has {} functions that change state", calls.len());
    calls
}

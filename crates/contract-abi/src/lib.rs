//! The contracts' interfaces as files: `contracts/abi/I….sol` for Solidity, `contracts/abi/….json` for everybody else, and
//! `packages/usdai-abi` for npm, with the addresses of `deployments/`.
//!
//! Made of the contracts themselves (`lean_abi::describe`), so nobody keeps them up to date by hand: `scripts/abi` writes them, and a test
//! fails while they are stale. Everything off chain that calls a contract of this project reads them.

pub mod npm;

use std::{io, path::PathBuf};

use lean_abi::{
    describe::{Described, Interface},
    emit,
};

const LICENSE: &str = "MIT";
/// The first compiler that takes what the interfaces say.
const PRAGMA: &str = ">=0.8.4";

/// The deployed contracts, under the names that callers know.
pub const CONTRACTS: [Interface; 7] = [
    named("Caliber", caliber_receipts::CaliberReceipts::INTERFACE),
    named("Filo", filo_stacks::FiloStacks::INTERFACE),
    named("Qev", qev_queue::Queue::INTERFACE),
    named("Router", protocol_router::Router::INTERFACE),
    named("Susdai", susdai_vault::Vault::INTERFACE),
    named("SwapAdapter", usdai_token::UniswapAdapter::INTERFACE),
    named("Usdai", usdai_token::Usdai::INTERFACE),
];

const fn named(name: &'static str, interface: Interface) -> Interface {
    Interface { name, ..interface }
}

/// Every file of `contracts/abi`: its name and its text.
#[must_use]
pub fn files() -> Vec<(String, String)> {
    CONTRACTS
        .iter()
        .flat_map(|contract| {
            [
                (format!("I{}.sol", contract.name), emit::solidity(contract, LICENSE, PRAGMA)),
                (format!("{}.json", contract.name), emit::json(contract)),
            ]
        })
        .collect()
}

/// Every folder that is generated: its path in the project, and its files by name and text.
///
/// # Errors
/// If the record of a deployment cannot be read.
pub fn folders() -> io::Result<[(&'static str, Vec<(String, String)>); 2]> {
    let addresses = npm::addresses(&root().join("deployments"))?;
    Ok([
        ("contracts/abi", files()),
        ("packages/usdai-abi", npm::files(&CONTRACTS, &addresses)),
    ])
}

/// The project's folder.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The folder that the interfaces are in.
#[must_use]
pub fn folder() -> &'static std::path::Path {
    std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts/abi"))
}

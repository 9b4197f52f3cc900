//! The contracts' interfaces as files: `contracts/abi/I….sol` for Solidity, `contracts/abi/….json` for everybody else, and
//! `packages/usdai-abi` for npm, with the addresses of `deployments`.
//!
//! Made of the contracts themselves (`lean_abi::describe`), so nobody keeps them up to date by hand: `scripts/abi` writes them, and a test
//! fails while they are stale. Everything off chain that calls a contract of this project reads them.

pub mod layout;
pub mod npm;

use lean_abi::{
    describe::{Described, Interface},
    emit,
};

const LICENSE: &str = "MIT";
/// The first compiler that takes what the interfaces say.
const PRAGMA: &str = ">=0.8.4";

/// The deployed contracts, under the names that callers know. A static: the compiler takes its time over them, and takes it once.
pub static CONTRACTS: [Interface; 10] = [
    named("Caliber", caliber_receipts::CaliberReceipts::INTERFACE),
    named("Defaults", filo_defaults::FiloDefaults::INTERFACE),
    named("Filo", filo_stacks::FiloStacks::INTERFACE),
    named("Gateway", gateway_journeys::Gateway::INTERFACE),
    named("Origination", filo_origination::FiloOrigination::INTERFACE),
    named("Qev", qev_queue::INTERFACE),
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

/// The folder that the files are in.
#[must_use]
pub fn folder() -> &'static std::path::Path {
    std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts/abi"))
}

/// The outermost storage struct of each contract, with its crate.
const STORAGE: [(&str, &str, &str); 10] = [
    ("Caliber", "caliber-receipts", "CaliberReceipts"),
    ("Defaults", "filo-defaults", "FiloDefaults"),
    ("Filo", "filo-stacks", "FiloStacks"),
    ("Gateway", "gateway-journeys", "Gateway"),
    ("Origination", "filo-origination", "FiloOrigination"),
    ("Qev", "qev-queue", "Queue"),
    ("Router", "protocol-router", "Router"),
    ("Susdai", "susdai-vault", "Vault"),
    ("SwapAdapter", "usdai-token", "UniswapAdapter"),
    ("Usdai", "usdai-token", "Usdai"),
];

/// Every file of `contracts/layout`: its name and its text.
#[must_use]
pub fn layouts() -> Vec<(String, String)> {
    let structs = layout::Structs::of(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")));
    STORAGE
        .iter()
        .map(|(contract, home, name)| (format!("{contract}.txt"), layout::file(&structs.layout(home, name))))
        .collect()
}

/// The folder that the layouts are in; those of the last release are in `released` there.
#[must_use]
pub fn layout_folder() -> &'static std::path::Path {
    std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts/layout"))
}

/// Every file of `packages/usdai-abi`: its name and its text.
///
/// # Errors
/// If the record of a deployment cannot be read.
pub fn package() -> std::io::Result<Vec<(String, String)>> {
    let deployments = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deployments"));
    Ok(npm::files(&CONTRACTS, &npm::addresses(deployments)?))
}

/// The folder of the package for npm.
#[must_use]
pub fn package_folder() -> &'static std::path::Path {
    std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packages/usdai-abi"))
}

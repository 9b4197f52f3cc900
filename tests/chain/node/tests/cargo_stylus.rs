//! The real cargo-stylus against the JSON-RPC server.

#[path = "../../tests/common/mod.rs"]
mod common;

use common::{load, probe_wasm, store, to_u64, ALICE};
use std::{
    env, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};
use stylus_chain::{accounts::DEV_ACCOUNTS, alloy_primitives::Address, Chain};
use stylus_node::{serve, Clock};

/// The tool: `$CARGO_STYLUS`, or where `tools.sh` installs it.
fn tool() -> PathBuf {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../target/tools/bin/cargo-stylus");
    env::var_os("CARGO_STYLUS").map_or(installed, PathBuf::from)
}

/// Runs `cargo stylus` and returns what it says, without colours.
fn cargo_stylus(folder: &Path, args: &[&str]) -> String {
    let output = Command::new(tool()).arg("stylus").args(args).current_dir(folder).output();
    let output = output.unwrap_or_else(|error| panic!("{}: {error}", tool().display()));
    let said = [output.stdout, output.stderr]
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .concat();
    assert!(output.status.success(), "cargo stylus {args:?}: {said}");
    said.split('\u{1b}')
        .enumerate()
        .map(|(index, part)| {
            if index == 0 {
                part
            } else {
                part.split_once('m').map_or("", |cut| cut.1)
            }
        })
        .collect()
}

#[test]
#[ignore = "needs cargo-stylus: run tests/chain/node/tools.sh first"]
fn checks_and_deploys_a_wasm_file() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime
        .block_on(serve(Chain::new(), SocketAddr::from(([127, 0, 0, 1], 0)), Clock::Manual))
        .unwrap();
    let url = server.url();

    // It wants to stand in a Stylus workspace, which may be empty.
    let folder = env::temp_dir().join(format!("stylus-chain-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("Cargo.toml"), "[workspace]\nresolver = \"2\"\n").unwrap();
    fs::write(folder.join("Stylus.toml"), "[workspace]\n\n[workspace.networks]\n").unwrap();
    let wasm = folder.join("probe.wasm");
    fs::write(&wasm, probe_wasm()).unwrap();
    let wasm = wasm.to_str().unwrap();

    let check = ["check", "--endpoint", &url, "--wasm-file", wasm];
    assert!(cargo_stylus(&folder, &check).contains("wasm data fee"));
    let key = DEV_ACCOUNTS[0].key.to_string();
    let said = cargo_stylus(
        &folder,
        &[
            "deploy",
            "--no-verify",
            "--endpoint",
            &url,
            "--private-key",
            &key,
            "--wasm-file",
            wasm,
        ],
    );
    let address = said
        .split("deployed code at address: ")
        .nth(1)
        .and_then(|rest| rest.get(..42))
        .unwrap();
    let program: Address = address.parse().unwrap();
    // Active by now, so a second check has no fee to name.
    assert!(!cargo_stylus(&folder, &check).contains("wasm data fee"));
    fs::remove_dir_all(&folder).unwrap();

    server.with_chain(|chain| {
        assert!(chain.call(ALICE, program, store(1, 42)).success);
        assert_eq!(to_u64(&chain.view(ALICE, program, load(1)).output), 42);
    });
}

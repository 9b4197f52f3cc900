//! What the tool says when it is asked for something that cannot be.

use std::process::{Command, Output};

/// A valid key whose account is empty everywhere.
const POOR_KEY: &str = "0xb6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520658";

fn tool(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_usdai-cli"))
        .args(arguments)
        .env_remove("USDAI_WASM_CARGO")
        .env_remove("USDAI_PRIVATE_KEY")
        .output()
        .expect("the tool was built before its tests")
}

/// Runs the tool, which must fail with one line that contains each of `words` and no stack trace.
fn refuses(arguments: &[&str], words: &[&str]) {
    let output = tool(arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{arguments:?} succeeded");
    for word in words {
        assert!(said.contains(word), "{arguments:?} said: {said}");
    }
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn an_unreachable_node_is_named_with_what_to_do() {
    refuses(
        &["demo", "--rpc-url", "http://127.0.0.1:1", "--private-key", POOR_KEY],
        &["no node answers at http://127.0.0.1:1", "check the URL"],
    );
}

#[test]
fn a_url_that_is_none_is_shown_beside_one_that_is() {
    refuses(
        &["demo", "--rpc-url", "nonsense", "--private-key", POOR_KEY],
        &["'nonsense' is not a URL", "http://127.0.0.1:8547"],
    );
}

#[test]
fn a_missing_key_is_asked_for() {
    refuses(
        &["demo", "--rpc-url", "http://127.0.0.1:1"],
        &["somebody has to pay for gas", "USDAI_PRIVATE_KEY"],
    );
}

#[test]
fn a_malformed_key_is_told_from_a_wrong_one() {
    refuses(
        &["demo", "--rpc-url", "http://127.0.0.1:1", "--private-key", "0xzz"],
        &["not a private key", "64 hexadecimal digits"],
    );
}

#[test]
fn a_key_without_ether_is_told_its_address() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let clock = stylus_node::Clock::Manual;
    let server = runtime
        .block_on(stylus_node::serve(stylus_chain::Chain::new(), address, clock))
        .unwrap();
    refuses(
        &["demo", "--rpc-url", &server.url(), "--private-key", POOR_KEY],
        &["has no ether on chain 412346", "send it some"],
    );
}

#[test]
fn a_build_without_its_toolchain_says_which_script_finds_it() {
    refuses(&["build"], &["USDAI_WASM_CARGO is not set", "scripts/build"]);
}

#[test]
fn an_unknown_command_is_refused_with_the_known_ones() {
    refuses(&["fly"], &["unrecognized subcommand 'fly'", "--help"]);
}

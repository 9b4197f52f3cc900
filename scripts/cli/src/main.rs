//! The tool behind the scripts: each of them is a subcommand.

mod acting;
mod build_contracts;
mod deploying;
mod functions;
mod keeping;
mod play;
mod sizes;
mod upgrading;
mod watching;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use usdai_cli::{access::target, bench, people::Actor};

#[derive(Parser)]
#[command(
    name = "usdai",
    about = "USD.AI on Stylus: build, deploy, watch, and act as anybody who takes part",
    version
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the contracts to WASM and hold them to the chain's limits
    Build(build_contracts::Build),
    /// Play a year of the protocol's life on the embedded chain or on any node
    Demo(play::Demo),
    /// Deploy the protocol to a network, or go on with a deployment that was interrupted
    Deploy(deploying::Deploy),
    /// Say when each contract's program expires, and keep alive those that are due
    Keep(keeping::Keep),
    /// Show a deployment: prices, books, the epoch and its lanes, loans
    Status(watching::Watch),
    /// Hold a deployment's invariants; fails if one does not hold
    Check(watching::Watch),
    #[command(flatten)]
    People(Actor),
    /// Give a contract another program at the same address, through the timelock
    Upgrade(upgrading::Upgrading),
    /// Measure the gas of every user-facing call
    Bench,
    /// Say which functions and refusals the tests have reached, and fail if any is missing
    Functions(functions::Functions),
    /// Measure contracts and an ERC-20 under both ABI layers
    Sizes(sizes::Sizes),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Build(build) => build.run(),
        Command::Demo(demo) => demo.run(),
        Command::Deploy(deploy) => deploy.run(),
        Command::Keep(keep) => keep.run(),
        Command::Status(watch) => watch.status(),
        Command::Check(watch) => watch.check(),
        Command::People(actor) => acting::run(actor),
        Command::Upgrade(upgrading) => upgrading.run(),
        Command::Bench => bench::run(&target()).map_err(Into::into),
        Command::Functions(functions) => functions.run(),
        Command::Sizes(sizes) => sizes.run(),
    };
    // For users, not for programmers: causes in one line, no backtrace whatever the environment says.
    outcome.map_or_else(
        |error| {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

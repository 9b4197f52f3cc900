//! The tool behind the scripts: each of them is a subcommand.

mod build_contracts;
mod gate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "usdai", about = "USD.AI on Stylus: what the scripts call", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the contracts to WASM and hold them to the chain's limits
    Build(build_contracts::Build),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Build(build) => build.run(),
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

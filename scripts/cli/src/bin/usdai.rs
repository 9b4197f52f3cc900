//! `usdai`: the protocol for people at a terminal.

use std::process::ExitCode;

use alloy_primitives::{Address, U256};
use anyhow::{bail, Result};
use clap::{Parser, Subcommand};
use serde_json::json;
use usdai_cli::{
    access::{self, Where},
    deploy::record::Record,
    node::{NodeExt, Person},
    people::{acts, check, status},
    protocol::bindings::IErc20,
    rpc::RpcNode,
    story::terminal,
    units::{parse, thousands, whole},
};

#[derive(Parser)]
#[command(name = "usdai", about = "USD.AI on Stylus, from a terminal", version)]
struct Cli {
    #[command(flatten)]
    place: Where,
    /// Key of the account that acts; better in the environment variable USDAI_PRIVATE_KEY
    #[arg(long, global = true)]
    private_key: Option<String>,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Prices, book, queue and loans
    Status,
    /// Evaluate the protocol's invariants; fails if one does not hold
    Check,
    /// Turn a stablecoin into USDai
    Deposit {
        /// The stablecoin's address
        token: Address,
        /// How much, as in 1000.50
        amount: String,
        /// Least USDai to accept for each 100 dollars
        #[arg(long, default_value = "99.9")]
        least: String,
    },
    /// Stake USDai into the vault
    Stake {
        /// How much USDai
        amount: String,
    },
    /// Put shares of the vault into the redemption queue
    Request {
        /// How many shares
        shares: String,
    },
    /// Claim what settlements have made claimable
    Claim,
    /// Settle every epoch of the queue that has ended
    Settle,
    /// Bring the base token's yield into the vault
    Harvest,
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    let record = cli.place.record()?;
    match cli.command {
        Command::Status => {
            let status = status::read(&mut cli.place.reader()?, &record)?;
            if cli.json {
                println!("{}", serde_json::to_string_pretty(&status)?);
            } else {
                print!("{}", status.text());
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Check => checked(&cli.place, &record, cli.json),
        command => {
            let who = access::person(cli.private_key)?;
            let mut node = RpcNode::connect(&cli.place.url()?, who.clone())?;
            let (what, amount) = act(&mut node, &record, &who, command)?;
            if cli.json {
                println!("{}", json!({ what: amount }));
            } else {
                println!("{what}: {amount}");
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn checked(place: &Where, record: &Record, as_json: bool) -> Result<ExitCode> {
    let checks = check::run(&mut place.reader()?, record)?;
    if as_json {
        let lines: Vec<_> = checks
            .iter()
            .map(|check| json!({ "statement": check.statement, "left": check.left, "right": check.right, "holds": check.holds }))
            .collect();
        println!("{}", serde_json::to_string_pretty(&lines)?);
    } else {
        let mut table = terminal::table(&["invariant", "left", "right", ""]);
        for check in &checks {
            let number = |amount: U256| {
                if amount >> 128 == U256::ZERO {
                    thousands(amount)
                } else {
                    format!("{amount:#x}")
                }
            };
            table.add_row([
                comfy_table::Cell::new(&check.statement),
                terminal::right(number(check.left)),
                terminal::right(number(check.right)),
                comfy_table::Cell::new(if check.holds { "✓" } else { "✗ DOES NOT HOLD" }),
            ]);
        }
        println!("{table}");
    }
    let broken = checks.iter().filter(|check| !check.holds).count();
    if broken > 0 {
        eprintln!("error: {broken} of {} invariants do not hold", checks.len());
    }
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Does what is asked; returns what came of it and how much.
fn act(node: &mut RpcNode, record: &Record, who: &Person, command: Command) -> Result<(&'static str, String)> {
    let dollars = |text: &str| parse(text, 18).map_err(anyhow::Error::msg);
    Ok(match command {
        Command::Deposit { token, amount, least } => {
            let decimals = node.read(token, &IErc20::decimalsCall {})?;
            let amount = parse(&amount, decimals.into()).map_err(anyhow::Error::msg)?;
            let scale = U256::from(10).pow(U256::from(18_u8.saturating_sub(decimals)));
            let least = amount * scale / U256::from(100) * dollars(&least)? / usdai_cli::units::wad(1);
            eprintln!("depositing …");
            ("USDai", whole(acts::deposit(node, record, who, token, amount, least)?))
        }
        Command::Stake { amount } => {
            eprintln!("staking …");
            ("shares", whole(acts::stake(node, record, who, dollars(&amount)?)?))
        }
        Command::Request { shares } => {
            eprintln!("entering the queue …");
            ("position", acts::request(node, record, who, dollars(&shares)?)?.to_string())
        }
        Command::Claim => ("USDai", whole(acts::claim(node, record, who)?)),
        Command::Settle => {
            let settled = acts::settle(node, record, who, &mut |line| eprintln!("{line}"))?;
            ("epochs settled", settled.to_string())
        }
        Command::Harvest => ("USDai harvested", whole(acts::harvest(node, record, who)?)),
        Command::Status | Command::Check => bail!("that reads"),
    })
}

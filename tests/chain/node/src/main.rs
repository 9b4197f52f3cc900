//! The embedded chain behind a JSON-RPC port.

use clap::Parser;
use std::{
    error::Error,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::ExitCode,
};
use stylus_chain::{
    accounts::DEV_ACCOUNTS,
    alloy_primitives::{hex, Address},
    Chain, DEFAULT_CHAIN_ID, DEFAULT_TIMESTAMP,
};
use stylus_node::{serve, Clock};

/// An Arbitrum Stylus chain in memory, for development and tests.
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    /// Where to listen.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Port to listen on; 0 lets the system choose.
    #[arg(long, default_value_t = 8547)]
    port: u16,
    /// EIP-155 chain id.
    #[arg(long, default_value_t = DEFAULT_CHAIN_ID)]
    chain_id: u64,
    /// Where time starts, in Unix seconds.
    #[arg(long, default_value_t = DEFAULT_TIMESTAMP)]
    timestamp: u64,
    /// Seconds that time moves with each block.
    #[arg(long, default_value_t = 0)]
    block_time: u64,
    /// Let time run with the machine's clock.
    #[arg(long)]
    realtime: bool,
    /// Let programs live on after 365 days, as if a keeper kept them alive.
    #[arg(long)]
    no_expiry: bool,
    /// Code to have from the start: ADDRESS=FILE, the file holding runtime code in hexadecimal, or a compiler's
    /// JSON with a field deployedBytecode. May be repeated.
    #[arg(long, value_name = "ADDRESS=FILE", value_parser = parse_code)]
    code: Vec<(Address, PathBuf)>,
}

fn parse_code(text: &str) -> Result<(Address, PathBuf), String> {
    let (address, file) = text.split_once('=').ok_or("expected ADDRESS=FILE")?;
    let address = address.parse().map_err(|error| format!("{address}: {error}"))?;
    Ok((address, file.into()))
}

/// Runtime code from a file of hexadecimal, or from a compiler's JSON with the field `deployedBytecode`.
fn read_code(file: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let text = std::fs::read_to_string(file)?;
    let text = text.trim();
    if !text.starts_with('{') {
        return Ok(hex::decode(text)?);
    }
    let artifact: serde_json::Value = serde_json::from_str(text)?;
    let code = artifact["deployedBytecode"].as_str().ok_or("no deployedBytecode in it")?;
    Ok(hex::decode(code)?)
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("stylus-chain: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let mut chain = Chain::builder()
        .chain_id(options.chain_id)
        .timestamp(options.timestamp)
        .block_time(options.block_time)
        .programs_expire(!options.no_expiry)
        .build();
    for (address, file) in &options.code {
        let code = read_code(file).map_err(|error| format!("{}: {error}", file.display()))?;
        chain.set_code(*address, code);
    }
    let clock = if options.realtime { Clock::Running } else { Clock::Manual };
    let server = serve(chain, SocketAddr::new(options.host, options.port), clock).await?;
    println!("listening on {}, chain id {}", server.url(), options.chain_id);
    for account in DEV_ACCOUNTS {
        println!("account {} key {}", account.address, account.key);
    }
    tokio::select! {
        () = server.stopped() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(())
}

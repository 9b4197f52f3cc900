//! `usdai-cli deploy`: the command line of [`usdai_cli::deploy`].

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use alloy_primitives::Address;
use anyhow::{bail, Context, Result};
use usdai_cli::{
    access::{records, root, target, Key, LocalChain},
    deploy::{
        self,
        networks::{network, Network},
        Order,
    },
    node::Person,
    rpc::RpcNode,
};

#[derive(clap::Args)]
pub(crate) struct Deploy {
    /// Where to: embedded (without --rpc-url a rehearsal on a chain of its own), nitro-dev, arbitrum-sepolia or arbitrum-one
    #[arg(long)]
    network: String,
    /// Node to use instead of the network's own
    #[arg(long)]
    rpc_url: Option<String>,
    #[command(flatten)]
    key: Key,
    /// Name of the release; another name deploys another set of contracts beside the first
    #[arg(long, default_value = "v1")]
    release: String,
    /// Who is offered the admin's place when all is done: a multisig, which then calls acceptAdmin()
    #[arg(long)]
    admin: Option<Address>,
    /// Receiver of protocol fees, by default whoever deploys
    #[arg(long)]
    treasury: Option<Address>,
    /// A role and who gets it, as in GUARDIAN=0x…; may be repeated
    #[arg(long = "grant", value_name = "ROLE=ADDRESS", value_parser = parse_role)]
    roles: Vec<(String, Address)>,
    /// Deploy stand-ins for the tokens and Uniswap first: for test networks that have none
    #[arg(long)]
    stand_ins: bool,
    /// Folder of the records, by default the project's deployments
    #[arg(long)]
    records: Option<PathBuf>,
}

fn parse_role(text: &str) -> Result<(String, Address), String> {
    let (role, account) = text.split_once('=').ok_or("expected ROLE=ADDRESS, as in GUARDIAN=0x…")?;
    let account = account.parse().map_err(|error| format!("{account}: {error}"))?;
    Ok((role.to_owned(), account))
}

impl Deploy {
    pub(crate) fn run(self) -> Result<()> {
        let network = network(&self.network).map_err(anyhow::Error::msg)?;
        let url = self.rpc_url.clone().or_else(|| network.rpc.map(str::to_owned));
        let Some(url) = url else {
            println!("A rehearsal: the chain, and the record in target/rehearsal, end with it.");
            let chain = LocalChain::start()?;
            return self.on(network, &chain.url(), &LocalChain::rich()?, &target().join("rehearsal"));
        };
        let records = self.records.clone().unwrap_or_else(records);
        self.on(network, &url, &self.key.person()?, &records)
    }

    fn on(&self, network: Network, url: &str, admin: &Person, records: &Path) -> Result<()> {
        let mut node = RpcNode::connect(url, admin.clone())?;
        let order = Order {
            network,
            release: self.release.clone(),
            commit: commit()?,
            treasury: self.treasury,
            next_admin: self.admin,
            roles: self.roles.clone(),
            stand_ins: self.stand_ins || network.rpc.is_none(),
        };
        deploy::run(&mut node, &target(), records, admin, &order, &mut |line| {
            println!("{line}");
        })?;
        Ok(())
    }
}

/// The commit of the tree, `-dirty` behind it if the tree has changes.
fn commit() -> Result<String> {
    let git = |arguments: &[&str]| -> Result<String> {
        let output = Command::new("git")
            .args(arguments)
            .current_dir(root())
            .output()
            .context("git is needed to record the commit")?;
        if !output.status.success() {
            bail!("this is not a git repository: the record of a deployment says which commit was built");
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let commit = git(&["rev-parse", "HEAD"])?;
    // The record itself is being written.
    let changes = git(&["status", "--porcelain", "--untracked-files=no", "--", ".", ":!deployments"])?;
    Ok(if changes.is_empty() { commit } else { commit + "-dirty" })
}

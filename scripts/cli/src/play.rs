//! `usdai demo`: where the story plays.

use std::{net::SocketAddr, path::Path};

use anyhow::{bail, Context, Result};
use stylus_chain::{
    accounts::DEV_ACCOUNTS,
    rpc::{serve, Clock},
    Chain,
};
use usdai_cli::{alloy_signer_local::PrivateKeySigner, demo, node::Person, rpc::RpcNode};

#[derive(clap::Args)]
pub(crate) struct Demo {
    /// Node to play on, for example http://127.0.0.1:8547; without it an embedded chain is started
    #[arg(long)]
    rpc_url: Option<String>,
    /// Key of the account that deploys and pays for everybody's gas, in hexadecimal
    #[arg(long, requires = "rpc_url")]
    private_key: Option<String>,
    /// Wait for the node's own clock, a month lasting half a minute, as on a node that cannot travel in time
    #[arg(long, requires = "rpc_url")]
    wait: bool,
}

impl Demo {
    pub(crate) fn run(self) -> Result<()> {
        let target = Path::new(crate::TARGET);
        match (self.rpc_url, self.private_key) {
            (Some(url), Some(key)) => {
                let signer: PrivateKeySigner = key
                    .parse()
                    .context("--private-key is not a key: it takes 64 hexadecimal digits, with or without 0x")?;
                let admin = Person { name: "admin", signer };
                let mut node = RpcNode::connect(&url, admin.clone())?;
                if self.wait {
                    node.stay_in_the_present();
                }
                Ok(demo::run(&mut node, target, admin)?)
            }
            (Some(_), None) => bail!("--rpc-url needs --private-key: somebody has to deploy and to pay for gas there"),
            (None, _) => on_embedded_chain(target),
        }
    }
}

/// The same way as to any node, by JSON-RPC, with a chain behind it that lives as long as the story.
fn on_embedded_chain(target: &Path) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    // The system chooses the port, so none can be busy.
    let server = runtime.block_on(serve(Chain::new(), SocketAddr::from(([127, 0, 0, 1], 0)), Clock::Manual))?;
    let signer = PrivateKeySigner::from_bytes(&DEV_ACCOUNTS[0].key)?;
    let admin = Person { name: "admin", signer };
    let mut node = RpcNode::connect(&server.url(), admin.clone())?;
    Ok(demo::run(&mut node, target, admin)?)
}

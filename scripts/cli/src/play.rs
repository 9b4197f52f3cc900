//! `usdai demo`: where the story plays.

use std::path::Path;

use anyhow::{bail, Result};
use usdai_cli::{
    access::{self, LocalChain},
    demo,
    node::Person,
    rpc::RpcNode,
};

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
                let admin = Person {
                    name: "admin",
                    ..access::person(Some(key))?
                };
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
    let chain = LocalChain::start()?;
    let admin = LocalChain::rich()?;
    let mut node = RpcNode::connect(&chain.url(), admin.clone())?;
    Ok(demo::run(&mut node, target, admin)?)
}

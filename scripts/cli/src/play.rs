//! `usdai demo`: where the story plays.

use std::path::Path;

use anyhow::Result;
use usdai_cli::{
    access::{target, Key, LocalChain},
    demo,
    node::Person,
    rpc::RpcNode,
};

#[derive(clap::Args)]
pub(crate) struct Demo {
    /// Node to play on, for example http://127.0.0.1:8547; without it an embedded chain is started
    #[arg(long)]
    rpc_url: Option<String>,
    #[command(flatten)]
    key: Key,
    /// Wait for the node's own clock, a month lasting half a minute, as on a node that cannot travel in time
    #[arg(long, requires = "rpc_url")]
    wait: bool,
}

impl Demo {
    pub(crate) fn run(self) -> Result<()> {
        let target = target();
        match self.rpc_url {
            Some(url) => {
                let admin = Person {
                    name: "admin",
                    ..self.key.person()?
                };
                let mut node = RpcNode::connect(&url, admin.clone())?;
                if self.wait {
                    node.stay_in_the_present();
                }
                Ok(demo::run(&mut node, &target, admin)?)
            }
            None => on_embedded_chain(&target),
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

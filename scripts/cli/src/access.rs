//! How the tool comes to a node and to a key, the same in every subcommand.

use std::{net::SocketAddr, path::PathBuf};

use alloy_signer_local::PrivateKeySigner;
use anyhow::{bail, Context, Result};
use stylus_chain::{
    accounts::DEV_ACCOUNTS,
    rpc::{serve, Clock, Server},
    Chain,
};
use tokio::runtime::Runtime;

use crate::{
    deploy::{
        networks::{network, Network},
        record::Record,
    },
    node::Person,
    rpc::RpcNode,
};

/// Where a key is looked for besides the command line, which other users of the machine can read.
const KEY_VARIABLE: &str = "USDAI_PRIVATE_KEY";

/// An embedded chain behind JSON-RPC, as long as this lives.
#[derive(Debug)]
pub struct LocalChain {
    server: Server,
    _runtime: Runtime,
}

impl LocalChain {
    /// Starts one at a port that the system chooses, so none can be busy.
    ///
    /// # Errors
    /// If the machine refuses.
    pub fn start() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let server = runtime.block_on(serve(Chain::new(), SocketAddr::from(([127, 0, 0, 1], 0)), Clock::Manual))?;
        Ok(Self { server, _runtime: runtime })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The chain's first funded account.
    ///
    /// # Errors
    /// None: its key is a constant.
    pub fn rich() -> Result<Person> {
        let signer = PrivateKeySigner::from_bytes(&DEV_ACCOUNTS[0].key)?;
        Ok(Person { name: "admin", signer })
    }
}

/// The person whose key is `key`, or else in the environment.
///
/// # Errors
/// If there is none, or it is not a key.
pub fn person(key: Option<String>) -> Result<Person> {
    let Some(key) = key.or_else(|| std::env::var(KEY_VARIABLE).ok()) else {
        bail!("somebody has to pay for gas: put a key into the environment variable {KEY_VARIABLE}, or pass --private-key");
    };
    let signer: PrivateKeySigner = key
        .trim()
        .parse()
        .context("that is not a private key: it takes 64 hexadecimal digits, with or without 0x")?;
    Ok(Person { name: "you", signer })
}

/// A deployment, found by its network.
#[derive(Clone, Debug, clap::Args)]
pub struct Where {
    /// Network: embedded, nitro-dev, arbitrum-sepolia or arbitrum-one
    #[arg(long, global = true, default_value = "nitro-dev")]
    network: String,
    /// Node to ask instead of the network's own
    #[arg(long, global = true)]
    rpc_url: Option<String>,
    /// Record of the deployment, by default deployments/CHAIN_ID.json
    #[arg(long, global = true)]
    deployment: Option<PathBuf>,
}

impl Where {
    /// The network.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn network(&self) -> Result<Network> {
        network(&self.network).map_err(anyhow::Error::msg)
    }

    /// URL of the node.
    ///
    /// # Errors
    /// If neither the network nor the command line names one.
    pub fn url(&self) -> Result<String> {
        let network = self.network()?;
        self.rpc_url.clone().or_else(|| network.rpc.map(str::to_owned)).with_context(|| {
            format!(
                "where is the node? Pass --rpc-url for {}, for example http://127.0.0.1:8547",
                network.name
            )
        })
    }

    /// The node, to read from.
    ///
    /// # Errors
    /// If nothing answers there.
    pub fn reader(&self) -> Result<RpcNode> {
        Ok(RpcNode::reader(&self.url()?)?)
    }

    /// The record of the deployment there.
    ///
    /// # Errors
    /// If there is none.
    pub fn record(&self) -> Result<Record> {
        let chain_id = self.network()?.chain_id;
        let path = self
            .deployment
            .clone()
            .unwrap_or_else(|| Record::path("deployments".as_ref(), chain_id));
        Record::read(&path)?.with_context(|| {
            format!(
                "{} is not there: scripts/deploy --network {} writes it, or pass --deployment FILE",
                path.display(),
                self.network
            )
        })
    }
}

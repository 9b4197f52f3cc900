//! How the tool comes to a node and to a key, the same in every subcommand.

use std::{env, net::SocketAddr, path::PathBuf};

use alloy_signer_local::PrivateKeySigner;
use anyhow::{Context, Result};
use stylus_chain::{accounts::DEV_ACCOUNTS, Chain};
use stylus_node::{serve, Clock, Server};
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
pub const KEY_VARIABLE: &str = "USDAI_PRIVATE_KEY";

/// Where the scripts say that the project's root is: they start the tool where the caller stands.
const ROOT_VARIABLE: &str = "USDAI_ROOT";

/// The project's root, where builds and records are kept. What somebody names is looked for where they stand, and not here.
#[must_use]
pub fn root() -> PathBuf {
    env::var_os(ROOT_VARIABLE).map_or_else(|| ".".into(), PathBuf::from)
}

/// Where the build leaves contracts and artifacts.
#[must_use]
pub fn target() -> PathBuf {
    root().join("target")
}

/// Where the records of deployments are kept.
#[must_use]
pub fn records() -> PathBuf {
    root().join("deployments")
}

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

/// The key of whoever acts and pays for gas.
#[derive(Clone, Debug, clap::Args)]
pub struct Key {
    /// Key of the account that acts and pays; better in the environment variable USDAI_PRIVATE_KEY, or in a file
    #[arg(long, global = true)]
    private_key: Option<String>,
    /// File with that key
    #[arg(long, global = true, conflicts_with = "private_key")]
    key_file: Option<PathBuf>,
}

impl Key {
    /// Whose key it is; nobody, if there is none on the command line or in the environment.
    ///
    /// # Errors
    /// If it is not a key.
    pub fn holder(&self) -> Result<Option<Person>> {
        let key = match (&self.private_key, &self.key_file) {
            (Some(key), _) => Some(key.clone()),
            (None, Some(file)) => Some(std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?),
            (None, None) => env::var(KEY_VARIABLE).ok(),
        };
        let Some(key) = key else { return Ok(None) };
        let signer: PrivateKeySigner = key
            .trim()
            .parse()
            .context("that is not a private key: it takes 64 hexadecimal digits, with or without 0x")?;
        Ok(Some(Person { name: "you", signer }))
    }

    /// Whose key it is.
    ///
    /// # Errors
    /// If there is none, or it is not a key.
    pub fn person(&self) -> Result<Person> {
        let nobody =
            || format!("somebody has to pay for gas: put a key into the environment variable {KEY_VARIABLE}, or pass --private-key");
        self.holder()?.with_context(nobody)
    }
}

/// What acting on a deployment takes.
#[derive(Clone, Debug, clap::Args)]
pub struct Access {
    /// The deployment.
    #[command(flatten)]
    pub place: Where,
    /// Who acts.
    #[command(flatten)]
    pub key: Key,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
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
    /// Record of the deployment, by default the project's deployments/CHAIN_ID.json
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

    /// Where the record of the deployment is.
    ///
    /// # Errors
    /// If there is no such network.
    pub fn path(&self) -> Result<PathBuf> {
        let chain_id = self.network()?.chain_id;
        let usual = || Record::path(&records(), chain_id);
        Ok(self.deployment.clone().unwrap_or_else(usual))
    }

    /// The record of the deployment there.
    ///
    /// # Errors
    /// If there is none.
    pub fn record(&self) -> Result<Record> {
        let path = self.path()?;
        Record::read(&path)?.with_context(|| {
            format!(
                "{} is not there: scripts/deploy --network {} writes it, or pass --deployment FILE",
                path.display(),
                self.network
            )
        })
    }
}

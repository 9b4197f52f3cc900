//! JSON-RPC in front of a [`Chain`]: what alloy, viem, cast and cargo-stylus ask of a node.
//!
//! Only the latest state is kept. Queries about an older block's state are refused rather than answered from the wrong one.

mod admin;
mod convert;
mod error;
mod estimate;
mod eth;
mod logs;
mod request;
mod send;

use jsonrpsee::{
    server::{Server as HttpServer, ServerHandle},
    types::ErrorObjectOwned,
    RpcModule,
};
use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};
use stylus_chain::Chain;
use tower_http::cors::CorsLayer;

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Another process listens there already.
    #[error("{0} is in use by another process: choose another port")]
    AddressInUse(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// Where to.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// Two methods have one name: a fault of this crate.
    #[error("{0}")]
    Methods(#[from] jsonrpsee::core::RegisterMethodError),
}

/// How time moves on a served chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// Only when told: `evm_increaseTime` and its relatives, and the chain's own block time.
    #[default]
    Manual,
    /// With the machine's clock, from the chain's timestamp on; `evm_increaseTime` moves it further.
    Running,
}

/// A running server. Dropping it stops it.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    handle: ServerHandle,
    node: Arc<Node>,
}

impl Server {
    /// Where it listens: the port that was found if 0 was asked for.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL for clients.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Works on the chain directly, between requests.
    pub fn with_chain<T>(&self, work: impl FnOnce(&mut Chain) -> T) -> T {
        work(&mut self.node.lock().chain)
    }

    /// Waits until the server has stopped.
    pub async fn stopped(self) {
        self.handle.clone().stopped().await;
    }
}

/// Serves `chain` at `address`; port 0 lets the system choose one.
///
/// # Errors
/// [`ServeError`] if the address cannot be listened on.
pub async fn serve(chain: Chain, address: SocketAddr, clock: Clock) -> Result<Server, ServeError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => ServeError::AddressInUse(address),
        _ => ServeError::Bind { address, source },
    };
    let middleware = tower::ServiceBuilder::new().layer(CorsLayer::permissive());
    let server = HttpServer::builder()
        .set_http_middleware(middleware)
        .build(address)
        .await
        .map_err(failed)?;
    let address = server.local_addr().map_err(failed)?;
    let node = Arc::new(Node(Mutex::new(State::new(chain, clock))));
    let mut module = Module(RpcModule::from_arc(Arc::clone(&node)));
    eth::register(&mut module)?;
    send::register(&mut module)?;
    logs::register(&mut module)?;
    admin::register(&mut module)?;
    Ok(Server {
        address,
        handle: server.start(module.0),
        node,
    })
}

/// What the methods share.
struct Node(Mutex<State>);

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Node")
    }
}

impl Node {
    /// The state, with its time brought up to date. A request that panicked left the committed state as it was.
    fn lock(&self) -> MutexGuard<'_, State> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.tick();
        state
    }
}

/// A chain and its clock.
struct State {
    chain: Chain,
    clock: Clock,
    /// Machine time of the last look, in Unix seconds.
    seen: u64,
}

impl State {
    fn new(chain: Chain, clock: Clock) -> Self {
        Self {
            chain,
            clock,
            seen: machine_time(),
        }
    }

    /// Lets the chain's time follow the machine's.
    fn tick(&mut self) {
        let now = machine_time();
        if self.clock == Clock::Running {
            self.chain.advance(now.saturating_sub(self.seen));
        }
        self.seen = now;
    }
}

fn machine_time() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// What a method answers.
type Answer<T> = Result<T, ErrorObjectOwned>;

/// The methods, each with the state locked while it runs.
struct Module(RpcModule<Node>);

impl Module {
    /// Adds a method. Executing WASM may take a while, so every one runs where it may block.
    fn add<T, F>(&mut self, name: &'static str, method: F) -> Result<(), jsonrpsee::core::RegisterMethodError>
    where
        T: serde::Serialize + Clone + Send + 'static,
        F: Fn(&mut State, request::Args<'_>) -> Answer<T> + Clone + Send + Sync + 'static,
    {
        self.0.register_blocking_method(name, move |params, node, _| {
            method(&mut node.lock(), request::Args::new(&params)).and_then(convert::to_json)
        })?;
        Ok(())
    }
}

//! A keeper: does what is due and what anybody may do, once, and says what it did. Run it every hour.
//!
//! `RPC_URL`, `PRIVATE_KEY` and `ROUTER` are in the environment: the router's address book has everything else.

#![allow(clippy::too_many_arguments, reason = "the signatures are the contracts'")]

use alloy_network::{EthereumWallet, TransactionBuilder};
use alloy_primitives::{Address, B256, U256};
use alloy_provider::{DynProvider, Provider, ProviderBuilder};
use alloy_rpc_types_eth::TransactionRequest;
use alloy_signer_local::PrivateKeySigner;
use alloy_sol_types::{sol, SolCall};
use anyhow::{anyhow, ensure, Context, Result};

// Relative to Cargo.toml; take the files along.
sol!(Router, "../../contracts/abi/Router.json");
sol!(Filo, "../../contracts/abi/Filo.json");
sol!(
    #[derive(Debug)]
    Defaults,
    "../../contracts/abi/Defaults.json"
);
sol!(
    #[derive(Debug)]
    Qev,
    "../../contracts/abi/Qev.json"
);
sol!(Usdai, "../../contracts/abi/Usdai.json");

/// Lanes that one transaction counts: all of them fit into a block.
const STEPS: u64 = 256;

struct Keeper {
    node: DynProvider,
    me: Address,
    router: Address,
}

impl Keeper {
    fn new(url: &str, key: PrivateKeySigner, router: Address) -> Result<Self> {
        let me = key.address();
        let node = ProviderBuilder::new()
            .wallet(EthereumWallet::from(key))
            .connect_http(url.parse()?)
            .erased();
        Ok(Self { node, me, router })
    }

    /// Marks every loan whose payment is overdue: the vault's price must know of it before anybody is paid at that price, and the queue
    /// settles for nobody until it does.
    async fn mark_late_loans(&self) -> Result<()> {
        let (filo, defaults) = (self.address_of("FILO").await?, self.address_of("DEFAULTS").await?);
        loop {
            let Filo::earliestDueReturn { due, loan } = self.read(filo, &Filo::earliestDueCall {}).await?;
            if due.is_zero() || self.now().await? <= due {
                return Ok(());
            }
            self.send(defaults, &Defaults::markLateCall { loan }).await?;
            println!("loan {loan} is late");
        }
    }

    /// Settles every epoch that has ended, in as many transactions as it takes.
    async fn settle(&self) -> Result<()> {
        let qev = self.address_of("QEV").await?;
        loop {
            let schedule = self.read(qev, &Qev::scheduleCall {}).await?;
            let epoch = self.read(qev, &Qev::epochCall {}).await?;
            if schedule.firstUnsettled >= epoch {
                return Ok(());
            }
            let settle = Qev::settleCall {
                maxSteps: U256::from(STEPS),
            };
            self.send(qev, &settle).await?;
            println!("settled what had ended before epoch {epoch}, or some of it");
        }
    }

    /// Brings the base token's yield in, for the vault's holders, if there is any.
    async fn harvest(&self) -> Result<()> {
        let usdai = self.address_of("USDAI").await?;
        let harvested = self.read(usdai, &Usdai::harvestCall {}).await?;
        if !harvested.is_zero() {
            self.send(usdai, &Usdai::harvestCall {}).await?;
            println!("harvested {harvested} wei of USDai");
        }
        Ok(())
    }

    async fn address_of(&self, name: &str) -> Result<Address> {
        let id = B256::right_padding_from(name.as_bytes());
        self.read(self.router, &Router::addressOfCall { id }).await
    }

    /// As the newest block has it, which the next one is not before.
    async fn now(&self) -> Result<U256> {
        let block = self.node.get_block_by_number(alloy_rpc_types_eth::BlockNumberOrTag::Latest).await?;
        Ok(U256::from(block.context("the node has no block")?.header.timestamp))
    }

    /// What the call would return now. Of a refusal the name and the arguments, if it is of one of these contracts.
    async fn read<C: SolCall>(&self, to: Address, call: &C) -> Result<C::Return> {
        let request = TransactionRequest::default()
            .with_from(self.me)
            .with_to(to)
            .with_input(call.abi_encode());
        let output = self.node.call(request).await.map_err(|error| {
            let named = error.as_error_resp().and_then(|refusal| {
                let queue = refusal.as_decoded_interface_error::<Qev::QevErrors>();
                let defaults = refusal.as_decoded_interface_error::<Defaults::DefaultsErrors>();
                let queue = queue.map(|named| format!("{named:?}"));
                queue.or_else(|| defaults.map(|named| format!("{named:?}")))
            });
            anyhow!("{} is refused: {}", C::SIGNATURE, named.unwrap_or_else(|| error.to_string()))
        })?;
        Ok(C::abi_decode_returns(&output)?)
    }

    /// Asks first, so that a refusal comes with its name and costs nothing; then sends, and waits.
    async fn send<C: SolCall>(&self, to: Address, call: &C) -> Result<()> {
        self.read(to, call).await?;
        let request = TransactionRequest::default().with_to(to).with_input(call.abi_encode());
        let receipt = self.node.send_transaction(request).await?.get_receipt().await?;
        ensure!(receipt.status(), "{} failed in {}", C::SIGNATURE, receipt.transaction_hash);
        Ok(())
    }
}

fn main() -> Result<()> {
    // For endpoints behind TLS.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let variable = |name: &str| std::env::var(name).with_context(|| format!("{name} is not set"));
    let keeper = Keeper::new(
        &variable("RPC_URL")?,
        variable("PRIVATE_KEY")?.parse().context("PRIVATE_KEY is no key")?,
        variable("ROUTER")?.parse().context("ROUTER is no address")?,
    )?;
    tokio::runtime::Runtime::new()?.block_on(async {
        keeper.mark_late_loans().await?;
        keeper.settle().await?;
        keeper.harvest().await
    })
}

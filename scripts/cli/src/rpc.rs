//! A node behind an RPC URL, by alloy.

use std::time::{Duration, Instant};

use alloy_network::{EthereumWallet, NetworkTransactionBuilder, TransactionBuilder};
use alloy_primitives::{Address, Bytes, Log, B256, U256};
use alloy_provider::{DynProvider, Provider, ProviderBuilder};
use alloy_rpc_types_eth::{
    state::{AccountOverride, StateOverride},
    Filter, TransactionReceipt, TransactionRequest,
};
use alloy_transport::{RpcError, TransportErrorKind};
use tokio::runtime::Runtime;

use crate::node::{Node, NodeError, Person, Sent};

/// How long a transaction may take to get into a block.
const PATIENCE: Duration = Duration::from_mins(2);

/// A node behind RPC, and the key that pays for everybody's gas.
pub struct RpcNode {
    url: String,
    runtime: Runtime,
    provider: DynProvider,
    payer: Option<Person>,
    chain_id: u64,
    travels_in_time: bool,
    patience: Duration,
}

impl RpcNode {
    /// Connects to `url`; `payer` funds whoever needs ether.
    ///
    /// # Errors
    /// If the URL is malformed, nothing answers, or the payer has no ether there.
    pub fn connect(url: &str, payer: Person) -> Result<Self, NodeError> {
        let mut node = Self::reader(url)?;
        let address = payer.address();
        node.payer = Some(payer);
        if node.balance(address)?.is_zero() {
            return Err(NodeError::Other(format!(
                "{address} has no ether on chain {}: send it some, or take another key",
                node.chain_id
            )));
        }
        Ok(node)
    }

    /// Connects to `url` to read: nobody pays for anything.
    ///
    /// # Errors
    /// If the URL is malformed or nothing answers.
    pub fn reader(url: &str) -> Result<Self, NodeError> {
        // TLS by ring; a second call finds it installed, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| NodeError::Other(format!("no runtime for the RPC client: {error}")))?;
        let parsed = url
            .parse()
            .map_err(|error| NodeError::Other(format!("'{url}' is not a URL ({error}); it looks like http://127.0.0.1:8547")))?;
        let provider = ProviderBuilder::new().disable_recommended_fillers().connect_http(parsed).erased();
        let mut node = Self {
            url: url.to_owned(),
            runtime,
            provider,
            payer: None,
            chain_id: 0,
            travels_in_time: false,
            patience: PATIENCE,
        };
        node.chain_id = node.ask(node.provider.get_chain_id())?;
        // Asking to move by nothing tells whether the node can move at all.
        node.travels_in_time = node
            .ask(
                node.provider
                    .raw_request::<_, serde_json::Value>("evm_increaseTime".into(), (0_u64,)),
            )
            .is_ok();
        Ok(node)
    }

    /// Waits for time to pass from now on, even if the node could travel.
    pub fn stay_in_the_present(&mut self) {
        self.travels_in_time = false;
    }

    /// Waits `patience` at most for a transaction to get into a block, instead of two minutes.
    pub fn wait_at_most(&mut self, patience: Duration) {
        self.patience = patience;
    }

    fn payer(&self) -> Result<Person, NodeError> {
        let nobody = || NodeError::Other("nobody pays for gas here: a node to read from sends nothing".into());
        self.payer.clone().ok_or_else(nobody)
    }

    fn ask<T>(&self, question: impl std::future::IntoFuture<Output = Result<T, RpcError<TransportErrorKind>>>) -> Result<T, NodeError> {
        self.runtime.block_on(question.into_future()).map_err(|error| self.explain(error))
    }

    /// A revert with its data, a node that is not there, or whatever else the node said.
    fn explain(&self, error: RpcError<TransportErrorKind>) -> NodeError {
        match error {
            RpcError::ErrorResp(payload) => match payload.as_revert_data() {
                Some(data) => NodeError::Reverted(data),
                None => NodeError::Other(format!("{} says: {}", self.url, payload.message)),
            },
            RpcError::Transport(reason) => NodeError::Unreachable {
                url: self.url.clone(),
                reason: reason.to_string(),
            },
            other => NodeError::Other(other.to_string()),
        }
    }

    fn knows(&self, hash: B256) -> bool {
        self.ask(self.provider.get_transaction_by_hash(hash))
            .is_ok_and(|found| found.is_some())
    }

    /// The receipt of a transaction that was sent, or may have been. An answer that does not come says nothing of the transaction: as long
    /// as there is patience, it is asked for again.
    fn receipt(&self, hash: B256, mut trouble: Option<NodeError>) -> Result<TransactionReceipt, NodeError> {
        let begun = Instant::now();
        loop {
            match self.ask(self.provider.get_transaction_receipt(hash)) {
                Ok(Some(receipt)) => return Ok(receipt),
                Ok(None) => {}
                Err(error) => trouble = Some(error),
            }
            if begun.elapsed() > self.patience {
                let last = trouble.map_or_else(String::new, |error| format!(" (the last that went wrong: {error})"));
                return Err(NodeError::Other(format!(
                    "transaction {hash} was sent, and after {} s no block is known to have it{last}. It may still get into one: look it up \
                     before you do this again",
                    self.patience.as_secs()
                )));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn request(from: Address, to: Option<Address>, value: U256, data: Bytes) -> TransactionRequest {
        let request = TransactionRequest::default().with_from(from).with_value(value).with_input(data);
        match to {
            Some(to) => request.with_to(to),
            None => request.into_create(),
        }
    }
}

impl Node for RpcNode {
    fn chain_id(&self) -> u64 {
        self.chain_id
    }

    fn now(&mut self) -> Result<u64, NodeError> {
        let block = self.ask(self.provider.get_block_by_number(alloy_rpc_types_eth::BlockNumberOrTag::Latest))?;
        block
            .map(|block| block.header.timestamp)
            .ok_or_else(|| NodeError::Other(format!("{} has no block", self.url)))
    }

    fn send(&mut self, from: &Person, to: Option<Address>, value: U256, data: Bytes) -> Result<Sent, NodeError> {
        let sender = from.address();
        let request = Self::request(sender, to, value, data.clone());
        // The estimate runs the call: a refusal comes back here with its reason and costs nobody anything.
        let gas = self.ask(self.provider.estimate_gas(request.clone()))?;
        let nonce = self.ask(self.provider.get_transaction_count(sender).pending())?;
        let price = self.ask(self.provider.get_gas_price())?;
        let request = request
            .with_nonce(nonce)
            .with_chain_id(self.chain_id)
            // The state may move between estimate and block (interest by the second): a tenth more.
            .with_gas_limit(gas + gas / 10)
            .with_max_fee_per_gas(price * 2)
            .with_max_priority_fee_per_gas(0);
        let wallet = EthereumWallet::from(from.signer.clone());
        let envelope = self
            .runtime
            .block_on(request.build(&wallet))
            .map_err(|error| NodeError::Other(format!("the transaction cannot be signed: {error}")))?;
        // Known before it is sent: whatever becomes of the answer, the transaction can be found.
        let hash = *envelope.tx_hash();
        let trouble = match self.runtime.block_on(self.provider.send_tx_envelope(envelope)) {
            Ok(_) => None,
            // The node says why it does not take it, unless it was heard of there all the same.
            Err(error @ RpcError::ErrorResp(_)) if !self.knows(hash) => return Err(self.explain(error)),
            // No answer says nothing of the transaction.
            Err(error) => Some(self.explain(error)),
        };
        let receipt = self.receipt(hash, trouble)?;
        if !receipt.status() {
            // Why it failed, from running it again on the state after it.
            return Err(match self.view(sender, to.unwrap_or_default(), value, data) {
                Err(refusal @ NodeError::Reverted(_)) => refusal,
                Err(error) => NodeError::Other(format!("transaction {hash} failed, and why cannot be asked: {error}")),
                Ok(_) => NodeError::Other(format!("transaction {hash} failed; the same call succeeds now")),
            });
        }
        let logs = receipt
            .logs()
            .iter()
            .map(|log| Log {
                address: log.address(),
                data: log.data().clone(),
            })
            .collect();
        Ok(Sent {
            gas_used: receipt.gas_used,
            logs,
            output: None,
            created: receipt.contract_address,
            hash,
        })
    }

    fn view(&mut self, from: Address, to: Address, value: U256, data: Bytes) -> Result<Bytes, NodeError> {
        self.ask(self.provider.call(Self::request(from, Some(to), value, data)))
    }

    fn balance(&mut self, account: Address) -> Result<U256, NodeError> {
        self.ask(self.provider.get_balance(account))
    }

    fn nonce(&mut self, account: Address) -> Result<u64, NodeError> {
        self.ask(self.provider.get_transaction_count(account))
    }

    fn code(&mut self, account: Address) -> Result<Bytes, NodeError> {
        self.ask(self.provider.get_code_at(account))
    }

    fn storage(&mut self, account: Address, slot: U256) -> Result<U256, NodeError> {
        self.ask(self.provider.get_storage_at(account, slot))
    }

    fn view_with_code(&mut self, account: Address, code: Bytes, to: Address, value: U256, data: Bytes) -> Result<Bytes, NodeError> {
        let change = AccountOverride::default().with_code(code).with_balance(value);
        let overrides = StateOverride::from_iter([(account, change)]);
        self.ask(
            self.provider
                .call(Self::request(account, Some(to), value, data))
                .overrides(overrides),
        )
    }

    fn estimate(&mut self, from: Address, to: Address, value: U256, data: Bytes) -> Result<u64, NodeError> {
        self.ask(self.provider.estimate_gas(Self::request(from, Some(to), value, data)))
    }

    fn gas_price(&mut self) -> Result<u128, NodeError> {
        self.ask(self.provider.get_gas_price())
    }

    fn block(&mut self) -> Result<u64, NodeError> {
        self.ask(self.provider.get_block_number())
    }

    fn logs(&mut self, account: Address, topic: B256, since: u64) -> Result<Vec<(Log, B256)>, NodeError> {
        let filter = Filter::new().address(account).event_signature(topic).from_block(since);
        let logs = self.ask(self.provider.get_logs(&filter))?;
        Ok(logs
            .into_iter()
            .filter_map(|log| log.transaction_hash.map(|hash| (log.inner, hash)))
            .collect())
    }

    fn settle(&mut self, account: Address) -> Result<(), NodeError> {
        let begun = Instant::now();
        loop {
            let mined = self.ask(self.provider.get_transaction_count(account))?;
            let sent = self.ask(self.provider.get_transaction_count(account).pending())?;
            if mined >= sent {
                return Ok(());
            }
            if begun.elapsed() > self.patience {
                return Err(NodeError::Other(format!(
                    "{} transactions of {account} are still on their way after {} s. Wait for them, or replace them, then run this again",
                    sent - mined,
                    self.patience.as_secs()
                )));
            }
            std::thread::sleep(Duration::from_millis(500));
        }
    }

    fn fund(&mut self, account: Address, wei: U256) -> Result<(), NodeError> {
        let held = self.balance(account)?;
        if held >= wei {
            return Ok(());
        }
        let payer = self.payer()?;
        if account == payer.address() {
            return Err(NodeError::Other(format!(
                "{account} has {held} wei of ether and needs {wei}: send it some"
            )));
        }
        self.send(&payer, Some(account), wei - held, Bytes::new()).map(drop)
    }

    fn pass_time_until(&mut self, timestamp: u64) -> Result<(), NodeError> {
        loop {
            let now = self.now()?;
            if now >= timestamp {
                return Ok(());
            }
            if self.travels_in_time {
                self.ask(
                    self.provider
                        .raw_request::<_, serde_json::Value>("evm_setNextBlockTimestamp".into(), (timestamp,)),
                )?;
                self.ask(self.provider.raw_request::<_, serde_json::Value>("evm_mine".into(), ()))?;
            } else {
                // A node that makes blocks only for transactions has a clock that stands still otherwise: send one.
                std::thread::sleep(Duration::from_secs((timestamp - now).min(2)));
                let payer = self.payer()?;
                self.send(&payer, Some(payer.address()), U256::ZERO, Bytes::new())?;
            }
        }
    }

    fn travels_in_time(&self) -> bool {
        self.travels_in_time
    }

    fn keeps_return_data(&self) -> bool {
        false
    }
}

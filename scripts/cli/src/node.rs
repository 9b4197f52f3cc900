//! A chain to play on: the embedded one in this process, or any node behind an RPC URL.
//!
//! Everything that deploys, plays or measures the protocol is written against [`Node`], so the demo, the benchmark and the scenario
//! tests are one piece of code, and what the tests pass on the embedded chain is what an operator runs against Arbitrum.

use alloy_primitives::{keccak256, Address, Bytes, Log, B256, U256};
use alloy_signer_local::PrivateKeySigner;
use alloy_sol_types::SolCall;

use crate::protocol::errors;

/// Somebody with a key.
#[derive(Clone, Debug)]
pub struct Person {
    /// What the story calls them.
    pub name: &'static str,
    /// Their key.
    pub signer: PrivateKeySigner,
}

impl Person {
    /// The person `name` whose key follows from `seed`: the same people on every run with one seed, and nobody else's keys.
    ///
    /// # Errors
    /// If the derived word is not a valid secp256k1 key (probability 2^-128).
    pub fn derived(name: &'static str, seed: B256) -> Result<Self, NodeError> {
        let secret = keccak256([seed.as_slice(), name.as_bytes()].concat());
        let signer = PrivateKeySigner::from_bytes(&secret).map_err(|error| NodeError::Other(error.to_string()))?;
        Ok(Self { name, signer })
    }

    /// Their address.
    #[must_use]
    pub fn address(&self) -> Address {
        self.signer.address()
    }
}

/// A transaction that succeeded.
#[derive(Clone, Debug)]
pub struct Sent {
    /// L2 execution gas, the 21,000 and calldata included.
    pub gas_used: u64,
    /// Logs in order.
    pub logs: Vec<Log>,
    /// What the call returned, where the node tells (a node behind RPC does not).
    pub output: Option<Bytes>,
    /// The contract that was created, if the transaction created one.
    pub created: Option<Address>,
    /// The transaction's hash.
    pub hash: B256,
}

/// Why something asked of a node did not happen.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NodeError {
    /// The contract refused; the chain is unchanged.
    #[error("the contract refused: {}", errors::sentence(.0))]
    Reverted(Bytes),
    /// The node cannot be reached.
    #[error("no node answers at {url}: {reason}. Start one (scripts/demo without --rpc-url brings its own) or check the URL")]
    Unreachable {
        /// Where it was looked for.
        url: String,
        /// What the transport said.
        reason: String,
    },
    /// The node answered something that cannot be used.
    #[error("{0}")]
    Other(String),
}

impl NodeError {
    /// The revert data, if the contract refused.
    #[must_use]
    pub fn revert_data(&self) -> Option<&Bytes> {
        match self {
            Self::Reverted(data) => Some(data),
            _ => None,
        }
    }
}

/// What playing the protocol needs of a chain.
pub trait Node {
    /// EIP-155 chain id.
    fn chain_id(&self) -> u64;
    /// Timestamp of the newest block, seconds.
    ///
    /// # Errors
    /// If the node does not answer.
    fn now(&mut self) -> Result<u64, NodeError>;
    /// Sends a transaction and waits until it is in a block.
    ///
    /// # Errors
    /// [`NodeError::Reverted`] if it failed.
    fn send(&mut self, from: &Person, to: Option<Address>, value: U256, data: Bytes) -> Result<Sent, NodeError>;
    /// Calls without a transaction.
    ///
    /// # Errors
    /// [`NodeError::Reverted`] if the call failed.
    fn view(&mut self, from: Address, to: Address, value: U256, data: Bytes) -> Result<Bytes, NodeError>;
    /// Ether of `account` in wei.
    ///
    /// # Errors
    /// If the node does not answer.
    fn balance(&mut self, account: Address) -> Result<U256, NodeError>;
    /// How many transactions of `account` are in blocks.
    ///
    /// # Errors
    /// If the node does not answer.
    fn nonce(&mut self, account: Address) -> Result<u64, NodeError>;
    /// Code at `account`.
    ///
    /// # Errors
    /// If the node does not answer.
    fn code(&mut self, account: Address) -> Result<Bytes, NodeError>;
    /// A word of storage.
    ///
    /// # Errors
    /// If the node does not answer.
    fn storage(&mut self, account: Address, slot: U256) -> Result<U256, NodeError>;
    /// Calls without a transaction and as if `account` had `code`.
    ///
    /// # Errors
    /// As [`Node::view`].
    fn view_with_code(&mut self, account: Address, code: Bytes, to: Address, value: U256, data: Bytes) -> Result<Bytes, NodeError>;
    /// Gas that a transaction would take.
    ///
    /// # Errors
    /// [`NodeError::Reverted`] if it would fail.
    fn estimate(&mut self, from: Address, to: Address, value: U256, data: Bytes) -> Result<u64, NodeError>;
    /// Price of gas now, wei.
    ///
    /// # Errors
    /// If the node does not answer.
    fn gas_price(&mut self) -> Result<u128, NodeError>;
    /// Number of the newest block.
    ///
    /// # Errors
    /// If the node does not answer.
    fn block(&mut self) -> Result<u64, NodeError>;
    /// Logs of `account` whose first topic is `topic`, from block `since` on, each with its transaction's hash.
    ///
    /// # Errors
    /// If the node does not answer.
    fn logs(&mut self, account: Address, topic: B256, since: u64) -> Result<Vec<(Log, B256)>, NodeError>;
    /// Waits until no transaction of `account` is on its way into a block.
    ///
    /// # Errors
    /// If that takes too long.
    fn settle(&mut self, account: Address) -> Result<(), NodeError>;
    /// Gives `account` at least `wei` of ether for gas.
    ///
    /// # Errors
    /// If whoever pays for it cannot.
    fn fund(&mut self, account: Address, wei: U256) -> Result<(), NodeError>;
    /// Lets the time come at which the newest block is not older than `timestamp`: by time travel, or by waiting.
    ///
    /// # Errors
    /// If the node does not answer.
    fn pass_time_until(&mut self, timestamp: u64) -> Result<(), NodeError>;
    /// Whether months pass in no time.
    fn travels_in_time(&self) -> bool;
    /// Whether [`Sent::output`] is told.
    fn keeps_return_data(&self) -> bool;
}

/// Typed calls on any node.
pub trait NodeExt: Node {
    /// Reads `call` from `to`.
    ///
    /// # Errors
    /// As [`Node::view`], or if the answer does not decode.
    fn read<C: SolCall>(&mut self, to: Address, call: &C) -> Result<C::Return, NodeError> {
        let output = self.view(Address::ZERO, to, U256::ZERO, call.abi_encode().into())?;
        C::abi_decode_returns(&output).map_err(|_| undecodable::<C>(&output))
    }

    /// Has `from` do `call` on `to`; returns what the call returned.
    ///
    /// # Errors
    /// As [`Node::send`], or if the answer does not decode.
    fn perform<C: SolCall>(&mut self, from: &Person, to: Address, call: &C) -> Result<(C::Return, Sent), NodeError> {
        self.perform_with_value(from, to, U256::ZERO, call)
    }

    /// [`NodeExt::perform`] with `value` wei.
    ///
    /// # Errors
    /// As [`NodeExt::perform`].
    fn perform_with_value<C: SolCall>(
        &mut self,
        from: &Person,
        to: Address,
        value: U256,
        call: &C,
    ) -> Result<(C::Return, Sent), NodeError> {
        let data = Bytes::from(call.abi_encode());
        // A node behind RPC keeps no return data: ask what the call would return on the state that it then runs on.
        let foreseen = if self.keeps_return_data() {
            None
        } else {
            Some(self.view(from.address(), to, value, data.clone())?)
        };
        let sent = self.send(from, Some(to), value, data)?;
        let output = sent.output.clone().or(foreseen).unwrap_or_default();
        let returned = C::abi_decode_returns(&output).map_err(|_| undecodable::<C>(&output))?;
        Ok((returned, sent))
    }
}

impl<N: Node + ?Sized> NodeExt for N {}

fn undecodable<C: SolCall>(output: &Bytes) -> NodeError {
    NodeError::Other(format!(
        "{} returned {output}, which is not what its interface says; is the right contract at this address?",
        C::SIGNATURE
    ))
}

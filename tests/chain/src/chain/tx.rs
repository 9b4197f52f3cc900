//! What is asked of the chain.

use alloy_primitives::{Address, Bytes, B256, U256};

/// Gas limit of transactions that name none: the most that Arbitrum lets one transaction have.
pub const DEFAULT_GAS_LIMIT: u64 = 32_000_000;

/// A transaction or a call to simulate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a transaction does nothing until it is executed or simulated"]
pub struct Tx {
    /// Sender.
    pub from: Address,
    /// Callee; none creates a contract.
    pub to: Option<Address>,
    /// Calldata or init code.
    pub data: Bytes,
    /// Wei sent along.
    pub value: U256,
    /// Most gas to use.
    pub gas_limit: u64,
    /// Wei a gas; zero is always allowed.
    pub gas_price: u128,
    /// Accounts and slots to warm up beforehand.
    pub access_list: Vec<(Address, Vec<B256>)>,
}

impl Tx {
    /// A call without value and with [`DEFAULT_GAS_LIMIT`].
    pub fn call(from: Address, to: Address, data: impl Into<Bytes>) -> Self {
        Self {
            from,
            to: Some(to),
            data: data.into(),
            gas_limit: DEFAULT_GAS_LIMIT,
            ..Self::default()
        }
    }

    /// A contract's creation, likewise.
    pub fn create(from: Address, init_code: impl Into<Bytes>) -> Self {
        Self {
            from,
            to: None,
            data: init_code.into(),
            gas_limit: DEFAULT_GAS_LIMIT,
            ..Self::default()
        }
    }

    /// Sends `wei` along.
    pub fn value(mut self, wei: U256) -> Self {
        self.value = wei;
        self
    }

    /// Allows at most `gas`.
    pub fn gas_limit(mut self, gas: u64) -> Self {
        self.gas_limit = gas;
        self
    }
}

/// Why a transaction was not even executed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TxInvalid {
    /// The sender cannot pay value and gas.
    #[error("{from} has {have} wei, the transaction needs {want}")]
    InsufficientFunds {
        /// Sender.
        from: Address,
        /// Its balance in wei.
        have: U256,
        /// Value and the most that gas may cost, in wei.
        want: U256,
    },
    /// The gas limit is below what every such transaction costs.
    #[error("gas limit {limit} is below the intrinsic {intrinsic}")]
    IntrinsicGas {
        /// Gas limit.
        limit: u64,
        /// 21,000, calldata and creation.
        intrinsic: u64,
    },
    /// Another rule of the EVM.
    #[error("invalid transaction: {0}")]
    Other(String),
}

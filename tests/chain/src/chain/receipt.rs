//! What came of a transaction.

use crate::arbos::Fault;
use alloy_primitives::{Address, Bytes, Log, B256};
use alloy_sol_types::{Revert as SolRevert, SolError, SolEvent};
use std::fmt;

/// Outcome of a transaction or of a simulated call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Whether it succeeded; otherwise all its changes but the fee are gone.
    pub success: bool,
    /// Return data, or revert data. Of a creation: the deployed code.
    pub output: Bytes,
    /// L2 gas: 21,000, calldata and execution, refunds taken off.
    pub gas_used: u64,
    /// Events of all contracts, in order.
    pub logs: Vec<Log>,
    /// Contract created, if that was asked for and succeeded.
    pub contract_address: Option<Address>,
    /// Block it is in; of a simulation, the block it would be in.
    pub block_number: u64,
    /// Hash of the transaction; zero for a simulation.
    pub tx_hash: B256,
    /// Why it ended without success other than by a revert: the EVM's word.
    pub halt: Option<String>,
    /// What Stylus' machinery last refused in it, at any depth, even if a caller went on regardless.
    pub fault: Option<Fault>,
}

impl Receipt {
    /// Events of type `E` that `emitter` emitted.
    pub fn events<E: SolEvent>(&self, emitter: Address) -> Vec<E> {
        let own = self.logs.iter().filter(|log| log.address == emitter);
        own.filter_map(|log| E::decode_log_data(&log.data).ok()).collect()
    }

    pub(super) fn into_revert(self) -> Revert {
        Revert(Box::new(self))
    }

    /// The receipt if it succeeded.
    ///
    /// # Errors
    /// [`Revert`] otherwise.
    pub fn ok(self) -> Result<Self, Revert> {
        if self.success {
            Ok(self)
        } else {
            Err(self.into_revert())
        }
    }
}

/// A transaction that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revert(Box<Receipt>);

impl Revert {
    /// The whole receipt.
    #[must_use]
    pub fn receipt(&self) -> &Receipt {
        &self.0
    }

    /// Revert data.
    #[must_use]
    pub fn data(&self) -> &Bytes {
        &self.0.output
    }

    /// The custom error, if it is an `E`.
    #[must_use]
    pub fn error<E: SolError>(&self) -> Option<E> {
        E::abi_decode(self.data()).ok()
    }

    /// Whether the error is an `E`.
    #[must_use]
    pub fn is<E: SolError>(&self) -> bool {
        self.error::<E>().is_some()
    }
}

impl fmt::Display for Revert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.0.halt, self.error::<SolRevert>()) {
            (Some(reason), _) => write!(f, "halted: {reason}")?,
            (None, Some(SolRevert { reason })) => write!(f, "reverted: {reason}")?,
            (None, None) => write!(f, "reverted with {}", self.data())?,
        }
        if let Some(fault) = &self.0.fault {
            write!(f, " ({fault})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Revert {}

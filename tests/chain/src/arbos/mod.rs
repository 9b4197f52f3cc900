//! What ArbOS keeps beside the EVM's own state: its parameters, the programs, the page counters.

mod pages;
mod pricer;
mod programs;
mod recent;

pub(crate) use pricer::DataPricer;
pub use programs::ProgramFault;
pub(crate) use programs::{ProgramRecord, Programs};
pub(crate) use recent::RecentPrograms;

use crate::native::Native;
use alloy_primitives::{address, Address, B256};
use std::{collections::HashMap, sync::Arc};
use stylus_wasm::Program;

/// Code of a Stylus program starts with this. The third byte is the "end of features" zero, the fourth selects the dictionary.
pub const PROGRAM_PREFIX: [u8; 3] = [0xEF, 0xF0, 0x00];
/// Holds the state of ArbOS, as on Nitro.
pub const ARBOS_STATE: Address = address!("A4B05FffffFffFFFFfFFfffFfffFFfffFfFfFFFf");
/// Fee recipient of every block: Nitro's sequencer address.
pub const SEQUENCER: Address = address!("A4b000000000000000000073657175656e636572");
/// Where activation's data fee goes: an account of its own, so that tests can watch it.
pub const NETWORK_FEE_ACCOUNT: Address = address!("00000000000000000000000000000000000fee50");

/// Parameters of ArbOS 60 as Arbitrum sets them.
#[derive(Clone, Debug)]
pub(crate) struct Params {
    /// ArbOS version without the 55 that `arbOSVersion()` adds.
    pub(crate) arbos_version: u64,
    pub(crate) stylus_version: u16,
    pub(crate) ink_price: u32,
    pub(crate) max_stack_depth: u32,
    pub(crate) free_pages: u16,
    /// Gas a page.
    pub(crate) page_gas: u16,
    pub(crate) page_ramp: u64,
    pub(crate) page_limit: u16,
    /// In units of 128 gas.
    pub(crate) min_init_gas: u8,
    /// In units of 32 gas.
    pub(crate) min_cached_init_gas: u8,
    /// Percent.
    pub(crate) init_cost_scalar: u64,
    pub(crate) expiry_days: u16,
    pub(crate) keepalive_days: u16,
    /// Programs that count as cached because they ran earlier in the block.
    pub(crate) block_cache_size: u16,
    /// Gas taken at the start of every activation.
    pub(crate) activation_gas: u64,
    /// Whether programs expire after [`Self::expiry_days`].
    pub(crate) programs_expire: bool,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            arbos_version: 60,
            stylus_version: 2,
            ink_price: 10_000,
            max_stack_depth: 22_000,
            free_pages: 2,
            page_gas: 1_000,
            page_ramp: 620_674_314,
            page_limit: 128,
            min_init_gas: 69,
            min_cached_init_gas: 11,
            init_cost_scalar: 100,
            expiry_days: 365,
            keepalive_days: 31,
            block_cache_size: 32,
            activation_gas: 1_659_168,
            programs_expire: true,
        }
    }
}

/// The part of a running transaction that revm does not know. Lives in the EVM's context; the chain moves it in and out.
#[derive(Debug, Default)]
pub(crate) struct ArbState {
    pub(crate) params: Params,
    /// L2 block number; the EVM's `NUMBER` is the L1 estimate.
    pub(crate) l2_block: u64,
    /// Hashes of the last 256 L2 blocks, the oldest first.
    pub(crate) block_hashes: Vec<B256>,
    /// Accounts that may put programs into the cache.
    pub(crate) cache_managers: Vec<Address>,
    /// Pages that open frames hold now.
    pub(crate) pages_open: u16,
    /// The most pages that were open at once in this transaction.
    pub(crate) pages_ever: u16,
    /// How often each account is executing on the call stack, delegate calls left out.
    acting: HashMap<Address, u32>,
    /// Programs run in this block.
    pub(crate) recent: RecentPrograms,
    /// Compiled programs by code hash. Only a memory of work done: whether one is active stands in the state.
    pub(crate) compiled: HashMap<B256, Arc<Program>>,
    /// Programs compiled for this machine, by the code hash of those they stand for.
    pub(crate) natives: HashMap<B256, Native>,
    /// Whether they run, in this transaction.
    pub(crate) natively: bool,
    /// Why Stylus' machinery last failed in this transaction. Nitro tells its caller nothing; a developer wants to know.
    pub(crate) fault: Option<Fault>,
}

impl ArbState {
    /// State of a chain that has run nothing yet.
    pub(crate) fn new(params: Params, cache_managers: Vec<Address>) -> Self {
        Self {
            params,
            cache_managers,
            ..Self::default()
        }
    }

    /// Forgets what belongs to one transaction.
    pub(crate) fn start_transaction(&mut self) {
        self.pages_open = 0;
        self.pages_ever = 0;
        self.acting.clear();
        self.fault = None;
    }

    /// Notes that `account` starts to execute; tells whether it already was, which is Nitro's meaning of re-entrant.
    pub(crate) fn enter(&mut self, account: Address) -> bool {
        let count = self.acting.entry(account).or_default();
        *count += 1;
        *count > 1
    }

    /// Notes that one execution of `account` ended.
    pub(crate) fn leave(&mut self, account: Address) {
        if let Some(count) = self.acting.get_mut(&account) {
            *count = count.saturating_sub(1);
        }
    }

    /// Whether `account` executes more than once on the call stack.
    pub(crate) fn is_reentrant(&self, account: Address) -> bool {
        self.acting.get(&account).is_some_and(|count| *count > 1)
    }
}

/// Why a program could not run or be activated, in words. Contracts see what Nitro shows them: nothing, or an empty revert.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The program is not active.
    #[error("program {address}: {reason}")]
    NotRunnable {
        /// Account whose code was to run.
        address: Address,
        /// Nitro's rule that stands in the way.
        reason: ProgramFault,
    },
    /// Activation refused the code.
    #[error("activation of {address} failed: {reason}")]
    Activation {
        /// Account whose code was to be activated.
        address: Address,
        /// The rule it breaks.
        reason: stylus_wasm::ActivationError,
    },
    /// A program trapped; its caller saw a revert without data.
    #[error("program {address} trapped: {trap}")]
    Trap {
        /// Account whose code trapped.
        address: Address,
        /// What it did.
        trap: stylus_wasm::Trap,
    },
    /// A program ran out of ink or of WASM stack; all its gas is gone.
    #[error("program {address} ran out of {what}")]
    Exhausted {
        /// Account whose code ran.
        address: Address,
        /// "ink", "stack" or "gas to enter".
        what: &'static str,
    },
    /// Something that Nitro has and this chain has not.
    #[error("not supported by the embedded chain: {what}")]
    Unsupported {
        /// The function or feature.
        what: &'static str,
    },
}

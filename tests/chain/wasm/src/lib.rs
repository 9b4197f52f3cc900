//! Nitro's rules for Stylus programs: activation, ink, host functions.
//!
//! Three steps, each a module:
//!
//! 1. [`activate`] takes the code as it lies on chain, checks it as Nitro does and instruments it so that every basic block pays
//!    its ink before it runs;
//! 2. [`Program`] is the result: facts that Nitro stores at activation ([`ProgramInfo`]) and a module compiled once;
//! 3. [`Program::run`] runs one frame against an [`EvmApi`].
//!
//! Prices and limits are those of Nitro in April 2026 (Stylus version 3, ArbOS 60 rules), each where it is used.
//! Nothing here knows revm: `stylus-chain` brings the state.

mod activate;
mod api;
mod cache;
mod depth;
mod error;
mod features;
mod hooks;
mod info;
mod instrument;
mod limits;
mod module;
mod opcode;
mod pages;
mod price;
mod run;
pub mod testing;

pub use activate::{activate, activate_wasm, Program};
pub use api::{CallKind, CallOutcome, CallStatus, CreateOutcome, EvmApi, EvmData, WriteError};
pub use cache::StorageCache;
pub use error::{ActivationError, Trap};
pub use info::ProgramInfo;
pub use pages::{page_gas, FREE_PAGES, MAX_PAGES, PAGE_GAS};
pub use price::{return_data_gas, INK_PER_GAS};
pub use run::{RunOutcome, RunStatus};

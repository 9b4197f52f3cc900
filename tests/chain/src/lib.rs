//! An Arbitrum Stylus chain in one process: EVM contracts and WASM programs on one state, without Docker or a network.
//!
//! [`Chain`]: deploy, call, move time, look at state. The crate `stylus-node` puts JSON-RPC in front of it. The EVM is revm; programs run in `stylus-wasm`; the rules between them are Nitro's
//! (ArbOS 60): code prefix, activation, entry price, page price, expiry, the ArbWasm, ArbWasmCache, ArbSys, ArbGasInfo and
//! ArbOwnerPublic precompiles.
//!
//! ```
//! use stylus_chain::{Chain, DEV_ACCOUNT};
//! let mut chain = Chain::new();
//! // PUSH1 42, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN
//! let contract = chain.deploy_runtime(DEV_ACCOUNT, &[0x60, 42, 0x5f, 0x52, 0x60, 32, 0x5f, 0xf3]).expect("fits");
//! assert_eq!(chain.view(DEV_ACCOUNT, contract.address, []).output[31], 42);
//! ```
//!
//! Gas is the L2 component alone: 21,000, calldata and execution. What Arbitrum adds for posting to L1 is not part of it, and
//! neither is EIP-7623's floor, which Arbitrum has switched off.
//!
//! What Nitro has and this chain has not: L1 and messages to it, retryable tickets, ArbOwner, program fragments, blobs.

pub mod accounts;
mod arbos;
mod chain;
mod evm;
mod native;
mod precompiles;
pub mod witness;

pub use accounts::{DevAccount, DEV_ACCOUNT};
pub use alloy_primitives;
pub use alloy_sol_types::{self, sol};
pub use arbos::{Fault, ProgramFault, ARBOS_STATE, NETWORK_FEE_ACCOUNT, PROGRAM_PREFIX, SEQUENCER};
pub use chain::{
    compress, init_code, Block, Chain, ChainBuilder, DeployError, Deployment, Fingerprint, Machine, Receipt, Revert, SnapshotId, Tx,
    TxInvalid, TxRecord, DEFAULT_CHAIN_ID, DEFAULT_GAS_LIMIT, DEFAULT_TIMESTAMP, STYLUS_DEPLOYER,
};
pub use native::Native;
pub use precompiles::{
    ArbGasInfo, ArbOwnerPublic, ArbSys, ArbWasm, ArbWasmCache, NodeInterface, ARB_GAS_INFO, ARB_OWNER_PUBLIC, ARB_SYS, ARB_WASM,
    ARB_WASM_CACHE, NODE_INTERFACE,
};
pub use stylus_wasm;

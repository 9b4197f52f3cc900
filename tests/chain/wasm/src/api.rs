//! What a running Stylus program may ask of the chain around it.
//!
//! The split follows Nitro's: the WASM side owns ink, memory and the argument checks of every host function; the EVM side owns
//! state, gas prices of state access, calls, logs and rollback. `stylus-chain` implements [`EvmApi`] on revm.

use alloy_primitives::{Address, Bytes, B256, U256};

/// How a call made by a program came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallStatus {
    /// The callee returned; its state changes stand.
    Success,
    /// The callee reverted or failed in any other way; its state changes are gone.
    Revert,
}

/// Outcome of a call or a creation made by a program.
#[derive(Clone, Debug)]
pub struct CallOutcome {
    /// Success or revert.
    pub status: CallStatus,
    /// Return or revert data.
    pub data: Bytes,
    /// Gas taken from the caller, everything included (access, value transfer, what the callee burnt).
    pub gas_cost: u64,
}

/// Outcome of a creation made by a program.
#[derive(Clone, Debug)]
pub struct CreateOutcome {
    /// Address of the new contract, `None` if the creation failed.
    pub address: Option<Address>,
    /// Revert data of a failed creation, empty otherwise.
    pub data: Bytes,
    /// Gas taken from the creator, everything included.
    pub gas_cost: u64,
}

/// The three ways a program calls another account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// Ordinary call, may carry value.
    Call,
    /// Runs the target's code in the caller's storage.
    Delegate,
    /// Read-only call.
    Static,
}

/// Why a write was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// The frame is static.
    Static,
    /// The gas offered does not pay for it.
    OutOfGas,
}

/// The chain as one frame of a program sees it.
///
/// Gas figures are EVM gas; the caller turns them into ink. Methods that write return an error in a static frame and change nothing.
pub trait EvmApi {
    /// Storage word at `key` and the gas of this access (2,100 cold, 100 warm).
    fn storage(&mut self, key: B256) -> (B256, u64);
    /// Writes words in order with the EVM's SSTORE prices; returns the gas taken.
    ///
    /// # Errors
    /// [`WriteError::Static`] in a static frame; [`WriteError::OutOfGas`] if `gas_left` does not cover a write.
    fn store(&mut self, slots: &[(B256, B256)], gas_left: u64) -> Result<u64, WriteError>;
    /// Transient storage word at `key`.
    fn transient(&mut self, key: B256) -> B256;
    /// Writes a transient word.
    ///
    /// # Errors
    /// [`WriteError::Static`] in a static frame.
    fn store_transient(&mut self, key: B256, value: B256) -> Result<(), WriteError>;
    /// Calls `to`. `gas_left` is what the program has, `gas_limit` what it asked to forward at most; the 63/64 rule is applied here.
    fn call(&mut self, kind: CallKind, to: Address, data: &[u8], value: U256, gas_left: u64, gas_limit: u64) -> CallOutcome;
    /// Creates a contract; `salt` selects CREATE2.
    fn create(&mut self, code: Bytes, endowment: U256, salt: Option<B256>, gas_left: u64) -> CreateOutcome;
    /// Emits a log (its gas is charged by the caller).
    ///
    /// # Errors
    /// [`WriteError::Static`] in a static frame.
    fn log(&mut self, topics: Vec<B256>, data: Bytes) -> Result<(), WriteError>;
    /// Balance of `account` and the gas of the access.
    fn balance(&mut self, account: Address) -> (U256, u64);
    /// Code of `account` and the gas of the access.
    fn code(&mut self, account: Address) -> (Bytes, u64);
    /// Code hash of `account` and the gas of the access.
    fn code_hash(&mut self, account: Address) -> (B256, u64);
    /// Opens `pages` more WASM pages in this transaction; returns the gas they cost by Nitro's page price.
    fn add_pages(&mut self, pages: u16) -> u64;
}

/// Facts of the frame and the block that do not change while a program runs.
#[derive(Clone, Debug, Default)]
pub struct EvmData {
    /// This contract's address (the storage owner).
    pub contract: Address,
    /// Immediate caller.
    pub sender: Address,
    /// Value of the call in wei.
    pub value: U256,
    /// Sender of the transaction.
    pub origin: Address,
    /// Gas price of the transaction in wei.
    pub gas_price: U256,
    /// Base fee of the block in wei.
    pub base_fee: U256,
    /// Fee recipient of the block.
    pub coinbase: Address,
    /// Gas limit of the block.
    pub block_gas_limit: u64,
    /// Block number as programs see it (on Arbitrum an estimate of the L1 block).
    pub block_number: u64,
    /// Seconds since 1970.
    pub timestamp: u64,
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// Whether this contract is already executing further up the call stack.
    pub reentrant: bool,
    /// Whether the frame is static.
    pub is_static: bool,
}

//! Nitro's host functions as a table: what the embedded chain hands to contracts that are compiled for this machine. Two workspaces meet here
//! that have to build their dependencies apart, so it has none.

#![no_std]

/// Gives `$callback` the declaration of every host function that a contract can import, by the names and signatures of the SDK's `hostio`.
#[macro_export]
macro_rules! for_each_hook {
    ($callback:ident) => {
        $callback! {
            fn read_args(dest: *mut u8);
            fn write_result(data: *const u8, len: usize);
            fn storage_load_bytes32(key: *const u8, dest: *mut u8);
            fn storage_cache_bytes32(key: *const u8, value: *const u8);
            fn storage_flush_cache(clear: bool);
            fn call_contract(to: *const u8, data: *const u8, len: usize, value: *const u8, gas: u64, outs_len: *mut usize) -> u8;
            fn static_call_contract(to: *const u8, data: *const u8, len: usize, gas: u64, outs_len: *mut usize) -> u8;
            fn delegate_call_contract(to: *const u8, data: *const u8, len: usize, gas: u64, outs_len: *mut usize) -> u8;
            fn create1(code: *const u8, len: usize, endowment: *const u8, contract: *mut u8, revert_len: *mut usize);
            fn create2(code: *const u8, len: usize, endowment: *const u8, salt: *const u8, contract: *mut u8, revert_len: *mut usize);
            fn read_return_data(dest: *mut u8, offset: usize, size: usize) -> usize;
            fn return_data_size() -> usize;
            fn emit_log(data: *const u8, len: usize, topics: usize);
            fn account_balance(address: *const u8, dest: *mut u8);
            fn account_code(address: *const u8, offset: usize, size: usize, dest: *mut u8) -> usize;
            fn account_code_size(address: *const u8) -> usize;
            fn account_codehash(address: *const u8, dest: *mut u8);
            fn block_basefee(dest: *mut u8);
            fn block_coinbase(dest: *mut u8);
            fn block_gas_limit() -> u64;
            fn block_number() -> u64;
            fn block_timestamp() -> u64;
            fn chainid() -> u64;
            fn contract_address(dest: *mut u8);
            fn evm_gas_left() -> u64;
            fn evm_ink_left() -> u64;
            fn msg_reentrant() -> bool;
            fn msg_sender(dest: *mut u8);
            fn msg_value(dest: *mut u8);
            fn tx_gas_price(dest: *mut u8);
            fn tx_origin(dest: *mut u8);
            fn pay_for_memory_grow(pages: u16);
            fn tx_ink_price() -> u32;
            fn native_keccak256(bytes: *const u8, len: usize, output: *mut u8);
        }
    };
}

macro_rules! table {
    ($(fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?;)*) => {
        /// The host functions.
        #[repr(C)]
        #[derive(Clone, Copy, Debug)]
        pub struct Hooks {
            $(
                #[doc = concat!("`", stringify!($name), "`")]
                pub $name: unsafe extern "C" fn($($type),*) $(-> $result)?,
            )*
        }
    };
}

for_each_hook!(table);

/// How a program ended.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With what it has written as its result.
    Success,
    /// Likewise, as its refusal.
    Revert,
    /// By a panic: on chain, a trap.
    Panic,
}

/// A contract that can be entered.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// What a deployment calls it.
    pub name: &'static str,
    /// Runs one frame, with so many bytes of calldata.
    pub enter: unsafe extern "C" fn(usize) -> Ended,
}

/// The symbol of the function that takes the host functions and returns the contracts: a [`Start`].
pub const START: &[u8] = b"native_programs";

/// What [`START`] is.
pub type Start = unsafe extern "C" fn(&'static Hooks) -> &'static Programs;

/// All contracts.
#[repr(C)]
#[derive(Debug)]
pub struct Programs {
    /// Each of them.
    pub all: &'static [Program],
}

//! The host functions of `vm_hooks`.
//!
//! Each is a function of a [`Host`] in one of the modules below. [`HOST_FUNCTIONS`] lists them with their types; what is not in
//! that list is refused at activation. Where a function pays before it checks its pointers, so does Nitro.

mod account;
mod block;
mod call;
mod host;
mod io;
mod math;
mod storage;

pub(crate) use host::{Escape, Frame, Handles};

use host::Host;
use wasmi::{Caller, Func, Store};
use wasmparser::ValType;

/// A host function as a module imports it.
pub(crate) struct HostFunction {
    /// Name in `vm_hooks`.
    pub(crate) name: &'static str,
    /// Types of its parameters.
    pub(crate) params: &'static [ValType],
    /// Type of its result, if it has one.
    pub(crate) results: &'static [ValType],
    /// Makes it available to a store.
    pub(crate) bind: for<'f> fn(&mut Store<Frame<'f>>) -> Func,
}

impl std::fmt::Debug for HostFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// A type that host functions take or return.
trait Abi {
    const TYPE: ValType;
}

impl Abi for u32 {
    const TYPE: ValType = ValType::I32;
}

impl Abi for u64 {
    const TYPE: ValType = ValType::I64;
}

macro_rules! host_functions {
    ($($module:ident::$name:ident($($arg:ident: $ty:ty),*) $(-> $result:ty)?;)*) => {
        /// All host functions a program may import.
        pub(crate) static HOST_FUNCTIONS: &[HostFunction] = &[$(HostFunction {
            name: stringify!($name),
            params: &[$(<$ty as Abi>::TYPE),*],
            results: &[$(<$result as Abi>::TYPE)?],
            bind: |store| {
                Func::wrap(store, |caller: Caller<'_, Frame<'_>>, $($arg: $ty),*| {
                    $module::$name(&mut Host::new(caller)?, $($arg),*).map_err(wasmi::Error::host)
                })
            },
        }),*];
    };
}

host_functions! {
    io::read_args(dest: u32);
    io::write_result(data: u32, len: u32);
    io::exit_early(status: u32);
    io::read_return_data(dest: u32, offset: u32, size: u32) -> u32;
    io::return_data_size() -> u32;
    io::emit_log(data: u32, len: u32, topics: u32);
    io::native_keccak256(data: u32, len: u32, dest: u32);
    io::pay_for_memory_grow(pages: u32);
    storage::storage_load_bytes32(key: u32, dest: u32);
    storage::storage_cache_bytes32(key: u32, value: u32);
    storage::storage_flush_cache(clear: u32);
    storage::transient_load_bytes32(key: u32, dest: u32);
    storage::transient_store_bytes32(key: u32, value: u32);
    call::call_contract(to: u32, data: u32, len: u32, value: u32, gas: u64, return_len: u32) -> u32;
    call::delegate_call_contract(to: u32, data: u32, len: u32, gas: u64, return_len: u32) -> u32;
    call::static_call_contract(to: u32, data: u32, len: u32, gas: u64, return_len: u32) -> u32;
    call::create1(code: u32, len: u32, endowment: u32, dest: u32, revert_len: u32);
    call::create2(code: u32, len: u32, endowment: u32, salt: u32, dest: u32, revert_len: u32);
    account::account_balance(address: u32, dest: u32);
    account::account_code(address: u32, offset: u32, size: u32, dest: u32) -> u32;
    account::account_code_size(address: u32) -> u32;
    account::account_codehash(address: u32, dest: u32);
    block::block_basefee(dest: u32);
    block::block_coinbase(dest: u32);
    block::block_gas_limit() -> u64;
    block::block_number() -> u64;
    block::block_timestamp() -> u64;
    block::chainid() -> u64;
    block::contract_address(dest: u32);
    block::evm_gas_left() -> u64;
    block::evm_ink_left() -> u64;
    block::msg_reentrant() -> u32;
    block::msg_sender(dest: u32);
    block::msg_value(dest: u32);
    block::tx_gas_price(dest: u32);
    block::tx_ink_price() -> u32;
    block::tx_origin(dest: u32);
    math::math_div(value: u32, divisor: u32);
    math::math_mod(value: u32, modulus: u32);
    math::math_pow(value: u32, exponent: u32);
    math::math_add_mod(value: u32, addend: u32, modulus: u32);
    math::math_mul_mod(value: u32, multiplier: u32, modulus: u32);
}

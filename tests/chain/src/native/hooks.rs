//! Nitro's host functions on the running frame, as the SDK's `hostio` describes them and without what `stylus-wasm` takes for them.

use super::frame::{running, Frame};
use alloy_primitives::{keccak256, Address, Bytes, B256, U256};
use native_hooks::{for_each_hook, Hooks};
use std::slice;
use stylus_wasm::{CallKind, CallStatus, RunStatus, Trap, INK_PER_GAS};

/// What a program reads as the status of a call that failed.
const CALL_FAILED: u8 = 2;

/// The frame and what a pointer of the program's says.
///
/// # Safety
/// As the SDK's declaration of the function that uses it: `pointer` is good for what is read or written there.
mod memory {
    use super::{slice, Address, B256, U256};

    pub(super) unsafe fn bytes<'a>(pointer: *const u8, length: usize) -> &'a [u8] {
        if length == 0 {
            return &[];
        }
        // SAFETY: the caller's.
        unsafe { slice::from_raw_parts(pointer, length) }
    }

    pub(super) unsafe fn word(pointer: *const u8) -> B256 {
        // SAFETY: the caller's.
        B256::from_slice(unsafe { bytes(pointer, 32) })
    }

    pub(super) unsafe fn number(pointer: *const u8) -> U256 {
        // SAFETY: the caller's.
        unsafe { word(pointer) }.into()
    }

    pub(super) unsafe fn address(pointer: *const u8) -> Address {
        // SAFETY: the caller's.
        Address::from_slice(unsafe { bytes(pointer, 20) })
    }

    pub(super) unsafe fn put(pointer: *mut u8, bytes: &[u8]) {
        // SAFETY: the caller's; what a program asks to be written to is its own, and never the chain's.
        unsafe { pointer.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    }
}

/// Defines host functions, which all find the frame first.
macro_rules! hooks {
    ($(fn $name:ident($frame:ident $(, $argument:ident: $type:ty)*) $(-> $result:ty)? $body:block)*) => {
        $(
            unsafe extern "C" fn $name($($argument: $type),*) $(-> $result)? {
                // SAFETY: the frame is kept within this function, and the pointers are what the SDK's declaration says they are.
                unsafe {
                    let $frame = running();
                    $body
                }
            }
        )*
    };
}

hooks! {
    fn read_args(frame, dest: *mut u8) {
        memory::put(dest, frame.args);
    }

    fn write_result(frame, data: *const u8, len: usize) {
        frame.output = memory::bytes(data, len).to_vec();
    }

    fn storage_load_bytes32(frame, key: *const u8, dest: *mut u8) {
        let key = memory::word(key);
        let value = frame.cache.get(key).unwrap_or_else(|| {
            let (value, gas) = frame.evm.storage(key);
            frame.cache.learn(key, value);
            frame.buy(gas);
            value
        });
        memory::put(dest, value.as_slice());
    }

    fn storage_cache_bytes32(frame, key: *const u8, value: *const u8) {
        frame.cache.set(memory::word(key), memory::word(value));
    }

    fn storage_flush_cache(frame, clear: bool) {
        let changed = frame.cache.flush(clear);
        if !changed.is_empty() {
            match frame.evm.store(&changed, frame.gas_left) {
                Ok(gas) => frame.buy(gas),
                Err(error) => frame.fail_write(error),
            }
        }
    }

    fn call_contract(frame, to: *const u8, data: *const u8, len: usize, value: *const u8, gas: u64, outs_len: *mut usize) -> u8 {
        let value = memory::number(value);
        call(frame, CallKind::Call, memory::address(to), memory::bytes(data, len), value, gas, outs_len)
    }

    fn static_call_contract(frame, to: *const u8, data: *const u8, len: usize, gas: u64, outs_len: *mut usize) -> u8 {
        call(frame, CallKind::Static, memory::address(to), memory::bytes(data, len), U256::ZERO, gas, outs_len)
    }

    fn delegate_call_contract(frame, to: *const u8, data: *const u8, len: usize, gas: u64, outs_len: *mut usize) -> u8 {
        call(frame, CallKind::Delegate, memory::address(to), memory::bytes(data, len), U256::ZERO, gas, outs_len)
    }

    fn create1(frame, _code: *const u8, _len: usize, _endowment: *const u8, _contract: *mut u8, _revert_len: *mut usize) {
        frame.fail(RunStatus::Trap(Trap::Runtime("the contracts create none".into())));
    }

    fn create2(frame, _code: *const u8, _len: usize, _endowment: *const u8, _salt: *const u8, _contract: *mut u8, _revert_len: *mut usize) {
        frame.fail(RunStatus::Trap(Trap::Runtime("the contracts create none".into())));
    }

    fn read_return_data(frame, dest: *mut u8, offset: usize, size: usize) -> usize {
        let rest = frame.return_data.get(offset..).unwrap_or_default();
        let part = &rest[..size.min(rest.len())];
        memory::put(dest, part);
        part.len()
    }

    fn return_data_size(frame) -> usize {
        frame.return_data.len()
    }

    fn emit_log(frame, data: *const u8, len: usize, topics: usize) {
        let bytes = Bytes::copy_from_slice(memory::bytes(data, len));
        if topics > 4 || len < topics * 32 {
            return frame.fail(RunStatus::Trap(Trap::BadLog {
                length: u32::try_from(len).unwrap_or(u32::MAX),
                topics: u32::try_from(topics).unwrap_or(u32::MAX),
            }));
        }
        let split = topics * 32;
        let topics = bytes[..split].chunks_exact(32).map(B256::from_slice).collect();
        if let Err(error) = frame.evm.log(topics, bytes.slice(split..)) {
            frame.fail_write(error);
        }
    }

    fn account_balance(frame, address: *const u8, dest: *mut u8) {
        let (balance, gas) = frame.evm.balance(memory::address(address));
        frame.buy(gas);
        memory::put(dest, &balance.to_be_bytes::<32>());
    }

    fn account_code(frame, address: *const u8, offset: usize, size: usize, dest: *mut u8) -> usize {
        let (code, gas) = frame.evm.code(memory::address(address));
        frame.buy(gas);
        let rest = code.get(offset..).unwrap_or_default();
        let part = &rest[..size.min(rest.len())];
        memory::put(dest, part);
        part.len()
    }

    fn account_code_size(frame, address: *const u8) -> usize {
        let (code, gas) = frame.evm.code(memory::address(address));
        frame.buy(gas);
        code.len()
    }

    fn account_codehash(frame, address: *const u8, dest: *mut u8) {
        let (hash, gas) = frame.evm.code_hash(memory::address(address));
        frame.buy(gas);
        memory::put(dest, hash.as_slice());
    }

    fn block_basefee(frame, dest: *mut u8) {
        memory::put(dest, &frame.data.base_fee.to_be_bytes::<32>());
    }

    fn block_coinbase(frame, dest: *mut u8) {
        memory::put(dest, frame.data.coinbase.as_slice());
    }

    fn block_gas_limit(frame) -> u64 {
        frame.data.block_gas_limit
    }

    fn block_number(frame) -> u64 {
        frame.data.block_number
    }

    fn block_timestamp(frame) -> u64 {
        frame.data.timestamp
    }

    fn chainid(frame) -> u64 {
        frame.data.chain_id
    }

    fn contract_address(frame, dest: *mut u8) {
        memory::put(dest, frame.data.contract.as_slice());
    }

    fn evm_gas_left(frame) -> u64 {
        frame.gas_left
    }

    fn evm_ink_left(frame) -> u64 {
        frame.gas_left.saturating_mul(INK_PER_GAS)
    }

    fn msg_reentrant(frame) -> bool {
        frame.data.reentrant
    }

    fn msg_sender(frame, dest: *mut u8) {
        memory::put(dest, frame.data.sender.as_slice());
    }

    fn msg_value(frame, dest: *mut u8) {
        memory::put(dest, &frame.data.value.to_be_bytes::<32>());
    }

    fn tx_gas_price(frame, dest: *mut u8) {
        memory::put(dest, &frame.data.gas_price.to_be_bytes::<32>());
    }

    fn tx_origin(frame, dest: *mut u8) {
        memory::put(dest, frame.data.origin.as_slice());
    }
}

/// Memory is this machine's.
unsafe extern "C" fn pay_for_memory_grow(_pages: u16) {}

/// Ink of one gas, ten thousandths.
unsafe extern "C" fn tx_ink_price() -> u32 {
    u32::try_from(INK_PER_GAS).unwrap_or(u32::MAX)
}

/// Needs no frame.
unsafe extern "C" fn native_keccak256(bytes: *const u8, len: usize, output: *mut u8) {
    // SAFETY: as the SDK's declaration says.
    unsafe {
        let hash = keccak256(memory::bytes(bytes, len));
        memory::put(output, hash.as_slice());
    }
}

/// Calls. The frame is not touched while the chain runs the callee, whose frame is the running one meanwhile.
unsafe fn call(frame: &mut Frame<'static>, kind: CallKind, to: Address, data: &[u8], value: U256, gas: u64, outs_len: *mut usize) -> u8 {
    let (status, returned) = if frame.data.is_static && !value.is_zero() {
        (CallStatus::Revert, Bytes::new())
    } else {
        let outcome = frame.evm.call(kind, to, data, value, frame.gas_left, gas.min(frame.gas_left));
        frame.buy(outcome.gas_cost);
        (outcome.status, outcome.data)
    };
    // SAFETY: the SDK hands in a place for the length.
    unsafe { *outs_len = returned.len() };
    frame.return_data = returned;
    match status {
        CallStatus::Success => 0,
        CallStatus::Revert => CALL_FAILED,
    }
}

macro_rules! all {
    ($(fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?;)*) => {
        Hooks { $($name),* }
    };
}

/// All of them.
pub(super) static HOOKS: Hooks = for_each_hook!(all);

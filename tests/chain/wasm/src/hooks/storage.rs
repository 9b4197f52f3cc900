//! Storage, its cache, and transient storage.

use super::host::{Escape, Host};
use crate::{cache, price};

/// Gas of entering the EVM, which a load pays only if the cache misses.
const EVM_GAS: u64 = price::EVM / price::INK_PER_GAS;

/// Loads a word: from the cache if it is there.
pub(super) fn storage_load_bytes32(host: &mut Host<'_, '_>, key: u32, dest: u32) -> Result<(), Escape> {
    host.buy_ink(price::HOST + 2 * price::POINTER)?;
    host.require_gas(price::COLD_SLOT_GAS + cache::REQUIRED_GAS + EVM_GAS)?;
    let key = host.read_word(key)?;
    let frame = host.frame();
    let mut gas = frame.cache.read_gas();
    let value = if let Some(value) = frame.cache.get(key) {
        value
    } else {
        let (value, access) = frame.evm.storage(key);
        frame.cache.learn(key, value);
        gas += access + EVM_GAS;
        value
    };
    host.buy_gas(gas)?;
    host.write(dest, value.as_slice())
}

/// Writes a word into the cache.
pub(super) fn storage_cache_bytes32(host: &mut Host<'_, '_>, key: u32, value: u32) -> Result<(), Escape> {
    host.buy_ink(price::HOST + 2 * price::POINTER)?;
    host.require_gas(price::STORE_SENTRY_GAS + cache::REQUIRED_GAS)?;
    let key = host.read_word(key)?;
    let value = host.read_word(value)?;
    let cache = &mut host.frame().cache;
    let gas = cache.write_gas();
    cache.set(key, value);
    host.buy_gas(gas)
}

/// Hands changed words to the EVM.
pub(super) fn storage_flush_cache(host: &mut Host<'_, '_>, clear: u32) -> Result<(), Escape> {
    host.buy_ink(price::HOST + price::EVM)?;
    host.require_gas(price::STORE_SENTRY_GAS)?;
    let gas_left = host.gas_left();
    let frame = host.frame();
    let changed = frame.cache.flush(clear != 0);
    if changed.is_empty() {
        return Ok(());
    }
    let gas = frame.evm.store(&changed, gas_left)?;
    host.buy_gas(gas)
}

/// Loads a transient word.
pub(super) fn transient_load_bytes32(host: &mut Host<'_, '_>, key: u32, dest: u32) -> Result<(), Escape> {
    host.buy_ink(price::HOST + 2 * price::POINTER + price::EVM)?;
    host.buy_gas(price::TRANSIENT_GAS)?;
    let key = host.read_word(key)?;
    let value = host.frame().evm.transient(key);
    host.write(dest, value.as_slice())
}

/// Writes a transient word.
pub(super) fn transient_store_bytes32(host: &mut Host<'_, '_>, key: u32, value: u32) -> Result<(), Escape> {
    host.buy_ink(price::HOST + 2 * price::POINTER + price::EVM)?;
    host.buy_gas(price::TRANSIENT_GAS)?;
    let key = host.read_word(key)?;
    let value = host.read_word(value)?;
    host.frame().evm.store_transient(key, value)?;
    Ok(())
}

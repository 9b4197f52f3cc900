//! ArbWasmCache: cache managers decide which programs start at the cached price.

use super::{
    abi::ArbWasmCache::{self, ArbWasmCacheCalls},
    arb_wasm::inactive,
    Failure, PrecompileCall,
};
use crate::arbos::Programs;
use alloy_primitives::B256;
use alloy_sol_types::{SolCall, SolInterface};

/// Answers one call.
pub(super) fn run(call: &mut PrecompileCall<'_, '_>, data: &[u8]) -> Result<Vec<u8>, Failure> {
    call.refuse_value()?;
    match ArbWasmCacheCalls::abi_decode(data).map_err(|_| Failure::empty())? {
        ArbWasmCacheCalls::isCacheManager(args) => {
            call.charge_reads(1)?;
            let is_manager = call.ctx.chain.cache_managers.contains(&args.manager);
            Ok(ArbWasmCache::isCacheManagerCall::abi_encode_returns(&is_manager))
        }
        ArbWasmCacheCalls::allCacheManagers(_) => {
            let managers = call.ctx.chain.cache_managers.clone();
            call.charge_reads(1 + managers.len() as u64)?;
            Ok(ArbWasmCache::allCacheManagersCall::abi_encode_returns(&managers))
        }
        ArbWasmCacheCalls::codehashIsCached(args) => {
            call.charge_reads(1)?;
            let cached = Programs::get(call.ctx, args.codehash).cached;
            Ok(ArbWasmCache::codehashIsCachedCall::abi_encode_returns(&cached))
        }
        ArbWasmCacheCalls::cacheProgram(args) => {
            let code_hash = call.code_hash(args.program)?;
            set_cached(call, code_hash, true)
        }
        ArbWasmCacheCalls::cacheCodehash(args) => set_cached(call, args.codehash, true),
        ArbWasmCacheCalls::evictCodehash(args) => set_cached(call, args.codehash, false),
    }
}

fn set_cached(call: &mut PrecompileCall<'_, '_>, code_hash: B256, cached: bool) -> Result<Vec<u8>, Failure> {
    call.require_write()?;
    call.charge_params()?;
    call.charge_reads(1)?;
    let manager = call.caller;
    if !call.ctx.chain.cache_managers.contains(&manager) {
        return Err(Failure::empty());
    }
    let mut record = Programs::get(call.ctx, code_hash);
    if cached {
        record.check_active(&call.ctx.chain.params, call.time()).map_err(inactive)?;
    }
    if record.cached == cached {
        return Ok(Vec::new());
    }
    call.emit(&ArbWasmCache::UpdateProgramCache {
        manager,
        codehash: code_hash,
        cached,
    })?;
    call.burn(u64::from(record.init_cost))?;
    call.charge_writes(1)?;
    record.cached = cached;
    Programs::set(call.ctx, code_hash, record);
    Ok(Vec::new())
}

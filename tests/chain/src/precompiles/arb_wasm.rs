//! ArbWasm: activation, keepalive, and what the chain knows of programs.

use super::{
    abi::ArbWasm::{self, ArbWasmCalls},
    Failure, PrecompileCall,
};
use crate::{
    arbos::{DataPricer, Fault, ProgramFault, ProgramRecord, Programs, NETWORK_FEE_ACCOUNT, PROGRAM_PREFIX},
    evm::known,
};
use alloy_primitives::{keccak256, Address, B256, U256};
use alloy_sol_types::{SolCall, SolInterface};
use revm::context_interface::JournalTr;
use std::sync::Arc;

/// Words of state that the data fee's price reads and writes.
const PRICER_READS: u64 = 5;
const PRICER_WRITES: u64 = 2;

/// A custom error of ArbWasm for a program that is not active.
pub(super) fn inactive(fault: ProgramFault) -> Failure {
    match fault {
        ProgramFault::NotActivated => Failure::error(&ArbWasm::ProgramNotActivated {}),
        ProgramFault::NeedsUpgrade { version, current } => Failure::error(&ArbWasm::ProgramNeedsUpgrade {
            version,
            stylusVersion: current,
        }),
        ProgramFault::Expired { age } => Failure::error(&ArbWasm::ProgramExpired { ageInSeconds: age }),
    }
}

/// Answers one call.
pub(super) fn run(call: &mut PrecompileCall<'_, '_>, data: &[u8]) -> Result<Vec<u8>, Failure> {
    let function = ArbWasmCalls::abi_decode(data).map_err(|_| Failure::empty())?;
    match function {
        ArbWasmCalls::activateProgram(args) => return activate(call, args.program),
        ArbWasmCalls::codehashKeepalive(args) => return keepalive(call, args.codehash),
        _ => call.refuse_value()?,
    }
    call.charge_params()?;
    if let Some(output) = parameter(call, &function) {
        return Ok(output);
    }
    of_program(call, &function)
}

/// The chain's parameters.
fn parameter(call: &PrecompileCall<'_, '_>, function: &ArbWasmCalls) -> Option<Vec<u8>> {
    let params = &call.ctx.chain.params;
    Some(match function {
        ArbWasmCalls::stylusVersion(_) => ArbWasm::stylusVersionCall::abi_encode_returns(&params.stylus_version),
        ArbWasmCalls::inkPrice(_) => ArbWasm::inkPriceCall::abi_encode_returns(&params.ink_price),
        ArbWasmCalls::maxStackDepth(_) => ArbWasm::maxStackDepthCall::abi_encode_returns(&params.max_stack_depth),
        ArbWasmCalls::freePages(_) => ArbWasm::freePagesCall::abi_encode_returns(&params.free_pages),
        ArbWasmCalls::pageGas(_) => ArbWasm::pageGasCall::abi_encode_returns(&params.page_gas),
        ArbWasmCalls::pageRamp(_) => ArbWasm::pageRampCall::abi_encode_returns(&params.page_ramp),
        ArbWasmCalls::pageLimit(_) => ArbWasm::pageLimitCall::abi_encode_returns(&params.page_limit),
        ArbWasmCalls::minInitGas(_) => {
            let none = ProgramRecord::default();
            let (gas, cached) = (none.init_gas(params), none.cached_gas(params));
            ArbWasm::minInitGasCall::abi_encode_returns(&ArbWasm::minInitGasReturn { gas, cached })
        }
        ArbWasmCalls::initCostScalar(_) => ArbWasm::initCostScalarCall::abi_encode_returns(&params.init_cost_scalar),
        ArbWasmCalls::expiryDays(_) => ArbWasm::expiryDaysCall::abi_encode_returns(&params.expiry_days),
        ArbWasmCalls::keepaliveDays(_) => ArbWasm::keepaliveDaysCall::abi_encode_returns(&params.keepalive_days),
        ArbWasmCalls::blockCacheSize(_) => ArbWasm::blockCacheSizeCall::abi_encode_returns(&params.block_cache_size),
        ArbWasmCalls::activationGas(_) => ArbWasm::activationGasCall::abi_encode_returns(&params.activation_gas),
        _ => return None,
    })
}

/// Facts of one program.
fn of_program(call: &mut PrecompileCall<'_, '_>, function: &ArbWasmCalls) -> Result<Vec<u8>, Failure> {
    let code_hash = match function {
        ArbWasmCalls::codehashVersion(args) => args.codehash,
        ArbWasmCalls::codehashAsmSize(args) => args.codehash,
        ArbWasmCalls::programVersion(args) => call.code_hash(args.program)?,
        ArbWasmCalls::programInitGas(args) => call.code_hash(args.program)?,
        ArbWasmCalls::programMemoryFootprint(args) => call.code_hash(args.program)?,
        ArbWasmCalls::programTimeLeft(args) => call.code_hash(args.program)?,
        _ => return Err(Failure::empty()),
    };
    call.charge_reads(1)?;
    let record = Programs::get_active(call.ctx, code_hash).map_err(inactive)?;
    let params = &call.ctx.chain.params;
    Ok(match function {
        ArbWasmCalls::codehashAsmSize(_) => ArbWasm::codehashAsmSizeCall::abi_encode_returns(&record.asm_size()),
        ArbWasmCalls::programInitGas(_) => {
            let when_cached = record.cached_gas(params);
            let gas = record.init_gas(params) + when_cached;
            ArbWasm::programInitGasCall::abi_encode_returns(&ArbWasm::programInitGasReturn {
                gas,
                gasWhenCached: when_cached,
            })
        }
        ArbWasmCalls::programMemoryFootprint(_) => ArbWasm::programMemoryFootprintCall::abi_encode_returns(&record.footprint),
        ArbWasmCalls::programTimeLeft(_) => ArbWasm::programTimeLeftCall::abi_encode_returns(&record.time_left(params, call.time())),
        _ => ArbWasm::programVersionCall::abi_encode_returns(&record.version),
    })
}

fn activate(call: &mut PrecompileCall<'_, '_>, address: Address) -> Result<Vec<u8>, Failure> {
    call.require_write()?;
    let base_gas = call.ctx.chain.params.activation_gas;
    call.burn(base_gas)?;
    call.charge_params()?;
    call.charge_reads(1)?;

    let code_hash = known(call.ctx.journaled_state.code_hash(address)).data;
    let code = known(call.ctx.journaled_state.code(address)).data;
    let time = call.time();
    let version = call.ctx.chain.params.stylus_version;
    let previous = Programs::get(call.ctx, code_hash);
    if previous.check_active(&call.ctx.chain.params, time).is_ok() {
        return Err(Failure::error(&ArbWasm::ProgramUpToDate {}));
    }
    if !code.starts_with(&PROGRAM_PREFIX) {
        return Err(Failure::error(&ArbWasm::ProgramNotWasm {}));
    }
    let program = stylus_wasm::activate(&code).map_err(|reason| Failure::BurnOut(Fault::Activation { address, reason }))?;
    let info = *program.info();
    call.burn(info.activation_gas.saturating_sub(base_gas))?;
    // Module hash, price model, record.
    call.charge_writes(1)?;
    let data_fee = data_fee(call, info.asm_estimate)?;
    call.charge_writes(1)?;
    Programs::set(call.ctx, code_hash, ProgramRecord::new(&info, version, time, previous.cached));
    call.ctx.chain.compiled.insert(code_hash, Arc::new(program));

    pay_data_fee(call, data_fee)?;
    // Nitro hashes its native module here; this chain has none, so the value only stands for "this code".
    let module_hash = keccak256(code_hash);
    call.emit(&ArbWasm::ProgramActivated {
        codehash: code_hash,
        moduleHash: module_hash,
        program: address,
        dataFee: data_fee,
        version,
    })?;
    Ok(ArbWasm::activateProgramCall::abi_encode_returns(&ArbWasm::activateProgramReturn {
        version,
        dataFee: data_fee,
    }))
}

fn keepalive(call: &mut PrecompileCall<'_, '_>, code_hash: B256) -> Result<Vec<u8>, Failure> {
    call.require_write()?;
    call.charge_params()?;
    call.charge_reads(1)?;
    let time = call.time();
    let mut record = Programs::get_active(call.ctx, code_hash).map_err(inactive)?;
    if !record.may_be_kept_alive(&call.ctx.chain.params, time) {
        return Err(Failure::error(&ArbWasm::ProgramKeepaliveTooSoon {
            ageInSeconds: record.age(time),
        }));
    }
    let data_fee = data_fee(call, record.asm_size())?;
    record.renew(time);
    call.charge_writes(1)?;
    Programs::set(call.ctx, code_hash, record);
    pay_data_fee(call, data_fee)?;
    call.emit(&ArbWasm::ProgramLifetimeExtended {
        codehash: code_hash,
        dataFee: data_fee,
    })?;
    Ok(Vec::new())
}

/// The fee in wei for `bytes` of native code.
fn data_fee(call: &mut PrecompileCall<'_, '_>, bytes: u32) -> Result<U256, Failure> {
    call.charge_reads(PRICER_READS)?;
    call.charge_writes(PRICER_WRITES)?;
    let time = call.time();
    Ok(DataPricer::update(call.ctx, bytes, time))
}

/// Takes the fee from the value that came with the call and returns the rest.
fn pay_data_fee(call: &mut PrecompileCall<'_, '_>, fee: U256) -> Result<(), Failure> {
    let Some(rest) = call.value.checked_sub(fee) else {
        return Err(Failure::error(&ArbWasm::ProgramInsufficientValue {
            have: call.value,
            want: fee,
        }));
    };
    call.charge_reads(1)?;
    call.pay(NETWORK_FEE_ACCOUNT, fee)?;
    let caller = call.caller;
    call.pay(caller, rest)
}

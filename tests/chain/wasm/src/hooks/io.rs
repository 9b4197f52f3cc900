//! Arguments, results, return data of calls, logs, keccak and memory growth.

use super::host::{length_u32, overlap, Escape, Host};
use crate::{price, Trap};
use alloy_primitives::{keccak256, Bytes, B256};

/// Writes the calldata.
pub(super) fn read_args(host: &mut Host<'_, '_>, dest: u32) -> Result<(), Escape> {
    host.buy_ink(price::HOST)?;
    let length = host.frame().args.len();
    host.buy_ink(price::write(length))?;
    host.write_args(dest)
}

/// Sets the frame's return data; the frame goes on.
pub(super) fn write_result(host: &mut Host<'_, '_>, data: u32, len: u32) -> Result<(), Escape> {
    host.buy_ink(price::HOST)?;
    host.pay_for_evm_input(len)?;
    host.frame().output = host.read(data, len)?;
    Ok(())
}

/// Ends the frame as if `user_entrypoint` had returned `status`.
pub(super) fn exit_early(_: &mut Host<'_, '_>, status: u32) -> Result<(), Escape> {
    Err(Escape::Exit(status))
}

/// Copies a part of the last call's return data; returns how many bytes there were to copy.
pub(super) fn read_return_data(host: &mut Host<'_, '_>, dest: u32, offset: u32, size: u32) -> Result<u32, Escape> {
    host.buy_ink(price::HOST + price::EVM)?;
    let part = overlap(&host.frame().return_data, offset, size);
    host.buy_ink(price::write(part.len()))?;
    if !part.is_empty() {
        host.write(dest, &part)?;
    }
    Ok(length_u32(part.len()))
}

/// Length of the last call's return data.
pub(super) fn return_data_size(host: &mut Host<'_, '_>) -> Result<u32, Escape> {
    host.buy_ink(price::HOST)?;
    Ok(length_u32(host.frame().return_data.len()))
}

/// Emits a log; the topics come first in its data.
pub(super) fn emit_log(host: &mut Host<'_, '_>, data: u32, len: u32, topics: u32) -> Result<(), Escape> {
    host.buy_ink(price::HOST + price::EVM)?;
    if topics > 4 || len < topics * 32 {
        return Err(Trap::BadLog { length: len, topics }.into());
    }
    let split = topics * 32;
    host.buy_ink(price::read(len))?;
    host.buy_gas(price::log_gas(topics, len - split))?;
    let bytes = Bytes::from(host.read(data, len)?);
    let split = split as usize;
    let topics = bytes[..split].chunks_exact(32).map(B256::from_slice).collect();
    host.frame().evm.log(topics, bytes.slice(split..))?;
    Ok(())
}

/// Hashes a range of memory.
pub(super) fn native_keccak256(host: &mut Host<'_, '_>, data: u32, len: u32, dest: u32) -> Result<(), Escape> {
    host.buy_ink(price::keccak(len))?;
    let hash = keccak256(host.read(data, len)?);
    host.write(dest, hash.as_slice())
}

/// Pays for pages before `memory.grow`; the instrumentation calls this.
pub(super) fn pay_for_memory_grow(host: &mut Host<'_, '_>, pages: u32) -> Result<(), Escape> {
    // Nitro takes the low 16 bits. No growth of 65,536 pages can succeed, so nothing goes unpaid.
    let pages = u16::try_from(pages & 0xffff).unwrap_or_default();
    if pages == 0 {
        return host.buy_ink(price::HOST);
    }
    let gas = host.frame().evm.add_pages(pages);
    host.buy_gas(gas)
}

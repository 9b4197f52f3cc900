//! 256-bit arithmetic with the EVM's semantics; results replace the first operand.

use super::host::{Escape, Host};
use crate::price;
use alloy_primitives::U256;

/// DIV: 0 for a divisor of 0.
pub(super) fn math_div(host: &mut Host<'_, '_>, value: u32, divisor: u32) -> Result<(), Escape> {
    let (a, b) = operands(host, price::DIV, value, divisor)?;
    host.write_u256(value, a.checked_div(b).unwrap_or_default())
}

/// MOD: 0 for a modulus of 0.
pub(super) fn math_mod(host: &mut Host<'_, '_>, value: u32, modulus: u32) -> Result<(), Escape> {
    let (a, b) = operands(host, price::DIV, value, modulus)?;
    host.write_u256(value, a.checked_rem(b).unwrap_or_default())
}

/// EXP: wraps.
pub(super) fn math_pow(host: &mut Host<'_, '_>, value: u32, exponent: u32) -> Result<(), Escape> {
    let (a, b) = operands(host, 0, value, exponent)?;
    host.buy_ink(price::pow(b))?;
    host.write_u256(value, a.wrapping_pow(b))
}

/// ADDMOD: 0 for a modulus of 0; the sum does not wrap.
pub(super) fn math_add_mod(host: &mut Host<'_, '_>, value: u32, addend: u32, modulus: u32) -> Result<(), Escape> {
    let (a, b) = operands(host, price::POINTER + price::ADD_MOD, value, addend)?;
    let modulus = host.read_u256(modulus)?;
    host.write_u256(value, a.add_mod(b, modulus))
}

/// MULMOD: 0 for a modulus of 0; the product does not wrap.
pub(super) fn math_mul_mod(host: &mut Host<'_, '_>, value: u32, multiplier: u32, modulus: u32) -> Result<(), Escape> {
    let (a, b) = operands(host, price::POINTER + price::MUL_MOD, value, multiplier)?;
    let modulus = host.read_u256(modulus)?;
    host.write_u256(value, a.mul_mod(b, modulus))
}

/// Pays for the call, its three pointers (the result counts as one) and `ink`, and reads two numbers.
fn operands(host: &mut Host<'_, '_>, ink: u64, a: u32, b: u32) -> Result<(U256, U256), Escape> {
    host.buy_ink(price::HOST + 3 * price::POINTER + ink)?;
    Ok((host.read_u256(a)?, host.read_u256(b)?))
}

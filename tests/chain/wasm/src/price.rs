//! Prices of host functions in ink.

use alloy_primitives::U256;

/// Ink of one EVM gas.
pub const INK_PER_GAS: u64 = 10_000;
/// Ink of entering any host function but keccak and the exit.
pub(crate) const HOST: u64 = 8_400;
/// Ink of a pointer to a value of fixed size.
pub(crate) const POINTER: u64 = 5_040;
/// Ink of entering the EVM.
pub(crate) const EVM: u64 = 59_673;
/// Ink of a 256-bit division or remainder, the call not included.
pub(crate) const DIV: u64 = 20_000;
/// Ink of an addition under a modulus, the call not included.
pub(crate) const ADD_MOD: u64 = 21_000;
/// Ink of a multiplication under a modulus, the call not included.
pub(crate) const MUL_MOD: u64 = 24_100;

/// Gas of a cold account (EIP-2929).
pub(crate) const COLD_ACCOUNT_GAS: u64 = 2_600;
/// Gas of a cold storage slot (EIP-2929).
pub(crate) const COLD_SLOT_GAS: u64 = 2_100;
/// Gas of a transient load or store (EIP-1153).
pub(crate) const TRANSIENT_GAS: u64 = 100;
/// Gas that must be left for a storage write (EIP-2200).
pub(crate) const STORE_SENTRY_GAS: u64 = 2_300;

/// Ink of writing `bytes` into the program's memory.
pub(crate) fn write(bytes: usize) -> u64 {
    5_040 + 30 * beyond_word(bytes)
}

/// Ink of reading `bytes` from the program's memory.
pub(crate) fn read(bytes: u32) -> u64 {
    16_381 + 55 * beyond_word(bytes as usize)
}

fn beyond_word(bytes: usize) -> u64 {
    bytes.saturating_sub(32) as u64
}

/// Ink of a keccak over `bytes`, everything included.
pub(crate) fn keccak(bytes: u32) -> u64 {
    121_800 + 21_000 * u64::from(bytes.div_ceil(32).saturating_sub(2))
}

/// Ink of an exponentiation, the call not included: by the exponent's significant bytes and one more.
pub(crate) fn pow(exponent: U256) -> u64 {
    3_000 + 17_500 * (exponent.byte_len() as u64 + 1)
}

/// Gas of a log with `topics` topics and `data` bytes beside them.
pub(crate) fn log_gas(topics: u32, data: u32) -> u64 {
    375 * (1 + u64::from(topics)) + 8 * u64::from(data)
}

/// Gas that return data of `bytes` costs at least: that of EVM memory of its length.
#[must_use]
pub fn return_data_gas(bytes: usize) -> u64 {
    let words = bytes.div_ceil(32) as u64;
    3 * words + words * words / 512
}

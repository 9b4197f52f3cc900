//! ERC-20's events.

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{sol, SolEvent};
use interfaces::words::{emit, Word};
use stylus_sdk::prelude::Host;

sol! {
    /// `value` moved; from the zero address it was minted, to the zero address it was burnt.
    #[derive(Debug, PartialEq, Eq)]
    event Transfer(address indexed from, address indexed to, uint256 value);
    /// `spender` may spend `value` of `owner` from now on. Spending an allowance emits nothing.
    #[derive(Debug, PartialEq, Eq)]
    event Approval(address indexed owner, address indexed spender, uint256 value);
}

/// [`Transfer`].
pub(crate) fn transfer(vm: &dyn Host, from: Address, to: Address, value: U256) {
    moved(vm, Transfer::SIGNATURE_HASH, from, to, value);
}

/// [`Approval`].
pub(crate) fn approval(vm: &dyn Host, owner: Address, spender: Address, value: U256) {
    moved(vm, Approval::SIGNATURE_HASH, owner, spender, value);
}

fn moved(vm: &dyn Host, signature: B256, from: Address, to: Address, value: U256) {
    emit(vm, 3, &[signature, from.word(), to.word(), value.word()]);
}

//! What an indexer needs. Swaps are Uniswap's own events and USDai's `Deposited` and `Withdrawn`.

use alloy_primitives::Address;
use alloy_sol_types::{sol, SolEvent};
use interfaces::words::{emit, Word};
use stylus_sdk::prelude::Host;

sol! {
    /// `token` can (or can no longer) be swapped into USDai and out of it.
    #[derive(Debug, PartialEq, Eq)]
    event TokenAllowed(address indexed token, bool allowed);
    /// The adapter took USDai's address over from the router.
    #[derive(Debug, PartialEq, Eq)]
    event Wired(address usdai);
}

/// [`TokenAllowed`].
pub(super) fn token_allowed(vm: &dyn Host, token: Address, allowed: bool) {
    emit(vm, 2, &[TokenAllowed::SIGNATURE_HASH, token.word(), allowed.word()]);
}

/// [`Wired`].
pub(super) fn wired(vm: &dyn Host, usdai: Address) {
    emit(vm, 1, &[Wired::SIGNATURE_HASH, usdai.word()]);
}

//! What an indexer needs. Swaps are Uniswap's own events and USDai's `Deposited` and `Withdrawn`.

use lean_abi::sol;

sol! {
    /// `token` can (or can no longer) be swapped into USDai and out of it.
    #[derive(Debug, PartialEq, Eq)]
    event TokenAllowed(address indexed token, bool allowed);
    /// The adapter took USDai's address over from the router.
    #[derive(Debug, PartialEq, Eq)]
    event Wired(address usdai);
}

//! Entrypoint of the swap adapter: see the crate `usdai-token`.

lean_abi::entrypoint!(usdai_token::UniswapAdapter);

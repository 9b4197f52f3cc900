//! Entrypoint of USDai: see the crate `usdai-token`.

lean_abi::entrypoint!(usdai_token::Usdai);

//! Entrypoint of sUSDai: see the crate `susdai-vault`.

lean_abi::entrypoint!(susdai_vault::Vault);

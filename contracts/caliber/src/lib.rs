//! Entrypoint of CALIBER: see the crate `caliber-receipts`.

lean_abi::entrypoint!(caliber_receipts::CaliberReceipts);

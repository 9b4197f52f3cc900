//! Ids of roles and of addresses in the router's books.
//!
//! An id is its name in ASCII, left-aligned in a word: readable in an explorer, free to compute, the same in every language
//! (`encodeBytes32String("ADMIN")`).

use alloy_primitives::B256;

/// The word that stands for `name`.
///
/// # Panics
/// If `name` is longer than 32 bytes; every use is a constant, so that is a compile error.
#[must_use]
pub const fn id(name: &str) -> B256 {
    let bytes = name.as_bytes();
    assert!(bytes.len() <= 32, "an id has at most 32 bytes");
    let mut word = [0u8; 32];
    let mut i = 0;
    while i < bytes.len() {
        word[i] = bytes[i];
        i += 1;
    }
    B256::new(word)
}

/// Who may do what (PROTOCOL 7).
pub mod role {
    use super::{id, B256};

    /// Sets parameters and wiring, grants roles.
    pub const ADMIN: B256 = id("ADMIN");
    /// Pauses entry.
    pub const GUARDIAN: B256 = id("GUARDIAN");
    /// Issues warehouse receipts.
    pub const TOKENISING_AGENT: B256 = id("TOKENISING_AGENT");
    /// Attests insurance cover.
    pub const ATTESTOR: B256 = id("ATTESTOR");
    /// Posts appraisals.
    pub const APPRAISER: B256 = id("APPRAISER");
    /// Opens stacks and offers loans.
    pub const CURATOR: B256 = id("CURATOR");
    /// Mints and burns what crosses a bridge.
    pub const BRIDGE: B256 = id("BRIDGE");
    /// Bars an address from the vault.
    pub const BLACKLIST: B256 = id("BLACKLIST");
    /// Deposits beyond the supply cap.
    pub const DEPOSIT_ADMIN: B256 = id("DEPOSIT_ADMIN");
}

/// Entries of the address book (PROTOCOL 7).
pub mod address {
    use super::{id, B256};

    /// The dollar.
    pub const USDAI: B256 = id("USDAI");
    /// The vault.
    pub const SUSDAI: B256 = id("SUSDAI");
    /// Warehouse receipts.
    pub const CALIBER: B256 = id("CALIBER");
    /// Stacks and loans.
    pub const FILO: B256 = id("FILO");
    /// The redemption queue.
    pub const QEV: B256 = id("QEV");
    /// Uniswap adapter of the dollar.
    pub const SWAP_ADAPTER: B256 = id("SWAP_ADAPTER");
    /// Receiver of protocol fees.
    pub const TREASURY: B256 = id("TREASURY");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_as_its_name() {
        assert!(role::ADMIN.starts_with(b"ADMIN\0"));
        assert_eq!(role::TOKENISING_AGENT.iter().filter(|b| **b != 0).count(), "TOKENISING_AGENT".len());
    }
}

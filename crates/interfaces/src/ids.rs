//! Ids of roles and of addresses in the router's books.
//!
//! An id is its name in ASCII, left-aligned in a word: readable in an explorer, free to compute, the same in every language
//! (`encodeBytes32String("ADMIN")`). In a program it is a number, because numbers are code and words are data, of which each byte costs
//! every call gas.

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

/// The id of a role or an address: a name of at most sixteen letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id(u128);

impl Id {
    /// The id `name`.
    ///
    /// # Panics
    /// If `name` is longer than sixteen letters; every use is a constant, so that is a compile error.
    #[must_use]
    pub const fn new(name: &str) -> Self {
        assert!(name.len() <= 16, "an id has at most 16 letters");
        let word = id(name).0;
        let mut number = 0;
        let mut at = 0;
        while at < 16 {
            number = number << 8 | word[at] as u128;
            at += 1;
        }
        Self(number)
    }

    /// The word that the router's books have it under.
    #[must_use]
    #[inline(never)]
    pub fn word(self) -> B256 {
        let mut word = B256::ZERO;
        word[..16].copy_from_slice(&self.0.to_be_bytes());
        word
    }
}

/// Who may do what (PROTOCOL 7).
pub mod role {
    use super::Id;

    /// Sets parameters and wiring, grants roles.
    pub const ADMIN: Id = Id::new("ADMIN");
    /// Pauses entry.
    pub const GUARDIAN: Id = Id::new("GUARDIAN");
    /// Issues warehouse receipts.
    pub const TOKENISING_AGENT: Id = Id::new("TOKENISING_AGENT");
    /// Attests insurance cover.
    pub const ATTESTOR: Id = Id::new("ATTESTOR");
    /// Posts appraisals.
    pub const APPRAISER: Id = Id::new("APPRAISER");
    /// Opens stacks and offers loans.
    pub const CURATOR: Id = Id::new("CURATOR");
    /// Mints and burns what crosses a bridge.
    pub const BRIDGE: Id = Id::new("BRIDGE");
    /// Bars an address from the vault.
    pub const BLACKLIST: Id = Id::new("BLACKLIST");
    /// Deposits beyond the supply cap.
    pub const DEPOSIT_ADMIN: Id = Id::new("DEPOSIT_ADMIN");
}

/// Entries of the address book (PROTOCOL 7).
pub mod address {
    use super::Id;

    /// The dollar.
    pub const USDAI: Id = Id::new("USDAI");
    /// The vault.
    pub const SUSDAI: Id = Id::new("SUSDAI");
    /// Warehouse receipts.
    pub const CALIBER: Id = Id::new("CALIBER");
    /// Stacks and loans.
    pub const FILO: Id = Id::new("FILO");
    /// Defaults and auctions of loans.
    pub const DEFAULTS: Id = Id::new("DEFAULTS");
    /// Offers of loans, and what borrowers do with them.
    pub const ORIGINATION: Id = Id::new("ORIGINATION");
    /// The redemption queue.
    pub const QEV: Id = Id::new("QEV");
    /// Who answers for the loans' due days (`earliestDue`); optional.
    pub const DUE_DAYS: Id = Id::new("DUE_DAYS");
    /// Uniswap adapter of the dollar.
    pub const SWAP_ADAPTER: Id = Id::new("SWAP_ADAPTER");
    /// The front door: whom people may consent to (docs/INTEGRATING.md).
    pub const GATEWAY: Id = Id::new("GATEWAY");
    /// Receiver of protocol fees.
    pub const TREASURY: Id = Id::new("TREASURY");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_as_its_name() {
        assert_eq!(role::ADMIN.word(), id("ADMIN"));
        assert!(role::ADMIN.word().starts_with(b"ADMIN\0"));
        assert_eq!(role::TOKENISING_AGENT.word(), id("TOKENISING_AGENT"));
        // As the compiler makes them.
        for name in ["", "A", "sixteen letters_"] {
            assert_eq!(Id::new(name).word(), id(name));
        }
    }

    #[test]
    #[should_panic(expected = "an id has at most 16 letters")]
    fn seventeen_letters_are_no_id() {
        let _ = Id::new("seventeen letters");
    }
}

//! Which addresses each contract has copied, read from its storage: a copy stays what it was when it was made, whatever the router's book
//! says now, and few of them have a view.
//!
//! Where they lie is told by `contracts/layout`. Three contracts keep addresses in words of their own making, which [`COPIES`] explains.

use alloy_primitives::{keccak256, Address, U256};

use crate::{
    deploy::record::Record,
    node::{Node, NodeError},
};

/// Whom an address belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// A contract, by its name in the record.
    Contract(&'static str),
    /// The token that backs the dollar.
    BaseToken,
    /// Uniswap's router.
    SwapRouter,
    /// Who gets the protocol's fees.
    Treasury,
}

use Whose::{BaseToken, Contract, SwapRouter, Treasury};

/// Where an address lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In the field of its name.
    Field,
    /// In the first 20 bytes of another field's word.
    Head(&'static str),
    /// In the first 20 bytes of a word of the entry of key zero of a map of words, the field named.
    Seat(&'static str, u8),
}

use Place::{Field, Head, Seat};

/// The layouts, by contract, as `scripts/abi` writes them.
const LAYOUTS: [(&str, &str); 9] = [
    ("usdai", include_str!("../../../contracts/layout/Usdai.txt")),
    ("swap-adapter", include_str!("../../../contracts/layout/SwapAdapter.txt")),
    ("susdai", include_str!("../../../contracts/layout/Susdai.txt")),
    ("caliber", include_str!("../../../contracts/layout/Caliber.txt")),
    ("qev", include_str!("../../../contracts/layout/Qev.txt")),
    ("filo", include_str!("../../../contracts/layout/Filo.txt")),
    ("origination", include_str!("../../../contracts/layout/Origination.txt")),
    ("defaults", include_str!("../../../contracts/layout/Defaults.txt")),
    ("gateway", include_str!("../../../contracts/layout/Gateway.txt")),
];

/// Which contract keeps whose address under which name, and where.
const COPIES: [(&str, &str, Place, Whose); 39] = [
    ("usdai", "router", Field, Contract("router")),
    ("usdai", "base_token", Field, BaseToken),
    ("usdai", "swap_adapter", Field, Contract("swap-adapter")),
    ("usdai", "vault", Field, Contract("susdai")),
    ("usdai", "treasury", Field, Treasury),
    ("swap-adapter", "router", Field, Contract("router")),
    ("swap-adapter", "base_token", Field, BaseToken),
    ("swap-adapter", "uniswap_router", Field, SwapRouter),
    ("swap-adapter", "usdai", Field, Contract("usdai")),
    ("susdai", "router", Field, Contract("router")),
    ("susdai", "usdai", Field, Contract("usdai")),
    ("susdai", "queue", Field, Contract("qev")),
    ("susdai", "filo", Field, Contract("filo")),
    ("caliber", "router", Field, Contract("router")),
    // caliber-receipts: `Settings`.
    ("caliber", "filo", Head("settings"), Contract("filo")),
    ("qev", "router", Field, Contract("router")),
    ("qev", "vault", Field, Contract("susdai")),
    ("qev", "usdai", Field, Contract("usdai")),
    ("qev", "settlement", Field, Contract("qev-settlement")),
    ("qev", "due_days", Field, Contract("filo")),
    // filo-stacks: `Seat`.
    ("filo", "router", Seat("seats.words.words", 0), Contract("router")),
    ("filo", "usdai", Seat("seats.words.words", 1), Contract("usdai")),
    ("filo", "susdai", Seat("seats.words.words", 2), Contract("susdai")),
    ("filo", "caliber", Seat("seats.words.words", 3), Contract("caliber")),
    ("filo", "treasury", Seat("seats.words.words", 4), Treasury),
    ("filo", "defaults", Seat("seats.words.words", 5), Contract("defaults")),
    ("filo", "origination", Seat("seats.words.words", 6), Contract("origination")),
    ("origination", "router", Field, Contract("router")),
    ("origination", "filo", Field, Contract("filo")),
    ("origination", "caliber", Field, Contract("caliber")),
    ("defaults", "router", Field, Contract("router")),
    ("defaults", "filo", Field, Contract("filo")),
    ("defaults", "caliber", Field, Contract("caliber")),
    ("gateway", "router", Field, Contract("router")),
    ("gateway", "usdai", Field, Contract("usdai")),
    ("gateway", "vault", Field, Contract("susdai")),
    ("gateway", "queue", Field, Contract("qev")),
    ("gateway", "filo", Field, Contract("filo")),
    ("gateway", "origination", Field, Contract("origination")),
];

/// An address that a contract has copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The contract that has it.
    pub contract: &'static str,
    /// What it calls it.
    pub name: &'static str,
    /// What it has.
    pub found: Address,
    /// What the deployment has.
    pub expected: Address,
}

/// Every address that the contracts of `record` have copied; `treasury` is the one that they should have.
///
/// # Errors
/// If the node does not answer, or a layout is not the one that this was written for.
pub fn copies(node: &mut dyn Node, record: &Record, treasury: Address) -> Result<Vec<Copied>, NodeError> {
    let contracts = record.suite()?.contracts();
    let deployed = |name: &str| contracts.iter().find(|(known, _)| *known == name).map(|(_, address)| *address);
    let copied = COPIES.into_iter().map(|(contract, name, place, whose)| {
        let (Some(at), Some((slot, first))) = (deployed(contract), find(contract, name, place)) else {
            return Err(NodeError::Other(format!(
                "contracts/layout has no {name} of {contract}: scripts/abi writes it"
            )));
        };
        let word = node.storage(at, slot)?.to_be_bytes::<32>();
        Ok(Copied {
            contract,
            name,
            found: word.get(first..first + 20).map(Address::from_slice).unwrap_or_default(),
            expected: match whose {
                Contract(name) => deployed(name).unwrap_or_default(),
                BaseToken => record.counterparts.base_token,
                SwapRouter => record.counterparts.swap_router,
                Treasury => treasury,
            },
        })
    });
    copied.collect()
}

/// The slot of an address, and its first byte there.
fn find(contract: &str, name: &str, place: Place) -> Option<(U256, usize)> {
    let layout = LAYOUTS.iter().find(|(known, _)| *known == contract)?.1;
    match place {
        // An address alone in a word is at its end.
        Field => field(layout, name).map(|(slot, first, bytes)| (slot, first + bytes.saturating_sub(20))),
        Head(word) => field(layout, word).map(|(slot, first, _)| (slot, first)),
        Seat(map, index) => field(layout, map).map(|(slot, _, _)| {
            let entry = keccak256([[0; 32], slot.to_be_bytes::<32>()].concat());
            (U256::from_be_bytes(entry.0).wrapping_add(U256::from(index)), 0)
        }),
    }
}

/// Slot, first byte and length of a field.
fn field(layout: &str, name: &str) -> Option<(U256, usize, usize)> {
    layout.lines().find_map(|line| {
        let (place, described) = line.split_once(&format!(" {name}: "))?;
        let mut numbers = place.split_whitespace().map(str::parse);
        let (slot, first, bytes) = (numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?);
        (!described.is_empty()).then_some((U256::from(slot), first, bytes))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::suite::Suite;

    /// An address that is added to a contract has to be added here: those that the layouts show are all there, and none is there twice.
    #[test]
    fn every_address_in_the_layouts_is_compared() {
        let suite = Suite::named(|_| Ok::<_, ()>(Address::ZERO)).unwrap();
        assert_eq!(LAYOUTS.map(|(name, _)| name), suite.wired().map(|(name, _)| name));
        let mut places = std::collections::BTreeSet::new();
        for (contract, name, place, _) in COPIES {
            let found = find(contract, name, place);
            assert!(found.is_some(), "{contract} has no {name}");
            assert!(places.insert((contract, found)), "{name} of {contract} is where another is");
        }
        for (contract, layout) in LAYOUTS {
            for line in layout.lines().filter(|line| line.ends_with(": StorageAddress")) {
                let name = line.trim_end_matches(": StorageAddress").rsplit(' ').next().unwrap();
                let compared = COPIES.iter().any(|copy| (copy.0, copy.1, copy.2) == (contract, name, Field));
                assert!(compared, "{name} of {contract} is compared with nothing");
            }
        }
    }

    #[test]
    fn fields_are_found_where_the_layout_has_them() {
        let layout = "# slot, first byte\n  0 12 20 router: StorageAddress\n  0  4  8 day: StorageU64\n 10  0 32 a.filo: Word\n";
        assert_eq!(field(layout, "router"), Some((U256::ZERO, 12, 20)));
        assert_eq!(field(layout, "a.filo"), Some((U256::from(10), 0, 32)));
        assert_eq!(field(layout, "filo"), None);
    }
}

//! What is in a contract's storage, by its layout in `contracts/layout`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    path::Path,
};

use alloy_primitives::{keccak256, B256, U256};

/// The words of a contract, as somebody has it.
#[derive(Debug)]
pub struct Image {
    contract: &'static str,
    /// By name: slot, first byte, how many.
    fields: BTreeMap<String, (U256, usize, usize)>,
    /// Fields of which something was said.
    told: BTreeSet<String>,
    words: BTreeMap<U256, (U256, String)>,
    /// Words that are known within bounds only.
    bounded: BTreeMap<U256, (U256, String)>,
    /// Words that the contract does not read as things stand: what was in them when they were read last.
    unread: BTreeSet<U256>,
}

/// Where a word is, and what it is called.
#[derive(Clone, Debug)]
pub struct Place {
    slot: U256,
    name: String,
}

impl Place {
    /// The entry under `key` of the mapping that is here, by its Solidity rule.
    #[must_use]
    pub fn at(&self, key: impl Into<B256>) -> Self {
        let key: B256 = key.into();
        Self {
            slot: keccak256([key.0, self.slot.to_be_bytes()].concat()).into(),
            name: format!("{}[{key}]", self.name),
        }
    }

    /// The word `index` behind.
    #[must_use]
    pub fn word(&self, index: usize) -> Self {
        Self {
            slot: self.slot + U256::from(index),
            name: format!("{}+{index}", self.name),
        }
    }
}

impl Image {
    /// Nothing yet, of `contract` as its file in `contracts/layout` is called.
    ///
    /// # Panics
    /// If there is no such file.
    #[must_use]
    pub fn of(contract: &'static str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../contracts/layout/{contract}.txt"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let fields = lines.map(|line| {
            let mut parts = line.split_whitespace();
            let mut number = || parts.next().and_then(|part| part.parse::<usize>().ok()).expect("a number");
            let place = (U256::from(number()), number(), number());
            let name = parts.next().and_then(|name| name.strip_suffix(':')).expect("a field's name");
            (name.to_owned(), place)
        });
        Self {
            contract,
            fields: fields.collect(),
            ..Self::empty(contract)
        }
    }

    /// Of a contract that has no storage of its own.
    #[must_use]
    pub fn empty(contract: &'static str) -> Self {
        // Its constructor has run: the word that the SDK keeps.
        let constructed = (U256::ONE, "constructed".to_owned());
        Self {
            contract,
            fields: BTreeMap::new(),
            told: BTreeSet::new(),
            words: BTreeMap::from([(keccak256("stylus_constructor").into(), constructed)]),
            bounded: BTreeMap::new(),
            unread: BTreeSet::new(),
        }
    }

    fn known(&mut self, field: &str) -> (U256, usize, usize) {
        self.told.insert(field.to_owned());
        *self
            .fields
            .get(field)
            .unwrap_or_else(|| panic!("{} has no field {field}", self.contract))
    }

    /// The field is `value`.
    ///
    /// # Panics
    /// If it does not fit, or there is no such field.
    pub fn field(&mut self, field: &str, value: U256) {
        let (slot, first, bytes) = self.known(field);
        assert!(value.bit_len() <= 8 * bytes, "{field} of {value}");
        let word = self.words.entry(slot).or_default();
        word.0 |= value << (8 * (32 - first - bytes));
        word.1.push_str(field);
        word.1.push(' ');
    }

    /// The mapping that is the field.
    pub fn map(&mut self, field: &str) -> Place {
        let (slot, ..) = self.known(field);
        Place {
            slot,
            name: field.to_owned(),
        }
    }

    /// The word at `place`.
    ///
    /// # Panics
    /// If something was said of it before.
    pub fn set(&mut self, place: &Place, word: U256) {
        let there = self.words.insert(place.slot, (word, place.name.clone()));
        assert!(there.is_none(), "said twice: {}", place.name);
    }

    /// The word at `place` is at most `most`, which is all that logs say of it.
    pub fn at_most(&mut self, place: &Place, most: U256) {
        self.bounded.insert(place.slot, (most, place.name.clone()));
    }

    /// The contract does not read the word at `place` before it writes it.
    pub fn unread(&mut self, place: &Place) {
        self.unread.insert(place.slot);
    }

    /// What of `there`, all words of the contract that are not zero, is not as this has it; nothing if all is.
    ///
    /// # Panics
    /// If this says nothing of a field of the layout.
    #[must_use]
    pub fn differences(&self, there: &BTreeMap<U256, U256>) -> Vec<String> {
        let silent: Vec<_> = self.fields.keys().filter(|field| !self.told.contains(*field)).collect();
        assert!(silent.is_empty(), "nothing was said of {silent:?} of {}", self.contract);
        let (contract, mut differences) = (self.contract, Vec::new());
        let mut differ = |name: &dyn Display, expected: U256, found: U256| {
            differences.push(format!(
                "{contract}: {name}: {expected:#066x} by its logs and {found:#066x} in storage"
            ));
        };
        for (slot, (word, name)) in &self.words {
            let found = there.get(slot).copied().unwrap_or_default();
            if found != *word {
                differ(name, *word, found);
            }
        }
        for (slot, found) in there {
            if self.words.contains_key(slot) || self.unread.contains(slot) {
                continue;
            }
            match self.bounded.get(slot) {
                Some((most, _)) if found <= most => {}
                Some((most, name)) => differ(name, *most, *found),
                None => differ(&format!("slot {slot:#x}, of which no log says anything"), U256::ZERO, *found),
            }
        }
        differences
    }
}

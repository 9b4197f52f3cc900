//! Text at compile time: type names, signatures, and the messages about them.

use stylus_sdk::keccak_const::Keccak256;

/// The longest name of a type, in bytes; a struct of sixteen words has some 150.
const CAPACITY: usize = 512;

/// A type's canonical name, such as `(address,uint256)[]`. Exists at compile time only: selectors are computed from it.
#[derive(Clone, Copy)]
pub struct Name {
    bytes: [u8; CAPACITY],
    length: usize,
}

impl Name {
    /// `text` as a name.
    #[must_use]
    pub const fn new(text: &str) -> Self {
        Self {
            bytes: [0; CAPACITY],
            length: 0,
        }
        .then(text)
    }

    /// This name and then `text`.
    ///
    /// # Panics
    /// At compile time, if that is longer than any name may be.
    #[must_use]
    pub const fn then(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        assert!(self.length + text.len() <= CAPACITY, "the type's name is too long");
        let mut at = 0;
        while at < text.len() {
            self.bytes[self.length] = text[at];
            self.length += 1;
            at += 1;
        }
        self
    }

    /// This name and then `number` in decimals.
    #[must_use]
    pub const fn then_number(self, number: usize) -> Self {
        const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        let high = if number < 10 { self } else { self.then_number(number / 10) };
        high.then(DIGITS[number % 10])
    }

    /// The name of a tuple of `members`.
    #[must_use]
    pub const fn tuple(members: &[Self]) -> Self {
        let mut name = Self::new("(");
        let mut at = 0;
        while at < members.len() {
            if at > 0 {
                name = name.then(",");
            }
            name = name.then(members[at].text());
            at += 1;
        }
        name.then(")")
    }

    /// The name as text.
    ///
    /// # Panics
    /// Never: a name is made of text.
    #[must_use]
    pub const fn text(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => panic!("names are made of text"),
        }
    }
}

/// The Keccak hash of the signature of `name` with `arguments`: an event's topic, and in its first bytes a function's selector.
#[must_use]
pub const fn signature_hash(name: &str, arguments: &[Name]) -> [u8; 32] {
    Keccak256::new()
        .update(name.as_bytes())
        .update(Name::tuple(arguments).text().as_bytes())
        .finalize()
}

/// The selector of the function or error `name` with `arguments`.
#[must_use]
pub const fn selector(name: &str, arguments: &[Name]) -> u32 {
    let hash = signature_hash(name, arguments);
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}

/// Fails the build where two functions of a contract have the same selector, or one has the constructor's. Each list holds one block's
/// functions.
///
/// # Panics
/// At compile time, then.
pub const fn assert_unique(lists: &[&[(u32, &str)]]) {
    let mut list = 0;
    while list < lists.len() {
        let mut at = 0;
        while at < lists[list].len() {
            assert_first(lists, list, at);
            at += 1;
        }
        list += 1;
    }
}

/// Fails unless the function at `last` of `lists[until]` has a selector of its own among those before.
const fn assert_first(lists: &[&[(u32, &str)]], until: usize, last: usize) {
    let (selector, name) = lists[until][last];
    assert!(
        selector != stylus_sdk::abi::CONSTRUCTOR_SELECTOR,
        "the selector 0x5585258d is reserved for the constructor"
    );
    let mut block = 0;
    while block <= until {
        let mut at = 0;
        while at < lists[block].len() && !(block == until && at == last) {
            if lists[block][at].0 == selector {
                let message = Name::new("functions `")
                    .then(lists[block][at].1)
                    .then("` and `")
                    .then(name)
                    .then("` have the same selector");
                panic!("{}", message.text());
            }
            at += 1;
        }
        block += 1;
    }
}

//! What a contract's interface consists of.

use crate::Name;

/// A parameter of a function, an error or an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, which may be empty.
    pub name: &'static str,
    /// Its type's canonical name.
    pub r#type: &'static str,
    /// Whether it is a topic of an event.
    pub indexed: bool,
    /// What its tuples consist of: of a list or an array, its elements.
    pub structure: Option<&'static Structure>,
}

/// A struct, or a tuple, which has no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Structure {
    /// Its name, empty for a tuple.
    pub name: &'static str,
    /// Its members; those of a tuple have no names.
    pub members: &'static [Parameter],
    /// Its documentation, a line each.
    pub documentation: &'static [&'static str],
}

/// An error or an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its name.
    pub name: &'static str,
    /// The hash of its signature: an event's topic, and in its first bytes an error's selector.
    pub hash: [u8; 32],
    /// Its parameters.
    pub parameters: &'static [Parameter],
    /// Its documentation, a line each.
    pub documentation: &'static [&'static str],
}

impl Item {
    /// The selector of an error.
    #[must_use]
    pub const fn selector(&self) -> u32 {
        let [a, b, c, d, ..] = self.hash;
        u32::from_be_bytes([a, b, c, d])
    }
}

/// An error, or several: what a function can revert with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Items {
    /// One.
    One(&'static Item),
    /// Those of several types.
    Several(&'static [Items]),
}

/// What a function may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutability {
    /// Nothing with the state.
    Pure,
    /// Read the state.
    View,
    /// Change the state.
    NonPayable,
    /// Change the state, and take value.
    Payable,
}

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// The first four bytes of its signature's hash.
    pub selector: u32,
    /// What it is called with.
    pub parameters: &'static [Parameter],
    /// What it returns.
    pub results: &'static [Parameter],
    /// What it may do.
    pub mutability: Mutability,
    /// Its documentation, a line each.
    pub documentation: &'static [&'static str],
}

/// A contract or an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Its name.
    pub name: &'static str,
    /// Its documentation, a line each.
    pub documentation: &'static [&'static str],
    /// Its functions: its own, and those of each interface that it implements as a trait.
    pub functions: &'static [&'static [Function]],
    /// Its errors. Types may share some.
    pub errors: &'static [Items],
    /// Its events.
    pub events: &'static [Item],
    /// Its constructor.
    pub constructor: Option<Function>,
}

/// A contract that says what it consists of: what [`macro@crate::contract`] makes of it.
pub trait Described {
    /// The interface.
    const INTERFACE: Interface;
}

impl Interface {
    /// The function with `selector`.
    #[must_use]
    pub const fn function(&self, selector: u32) -> Option<&'static Function> {
        let mut list = 0;
        while list < self.functions.len() {
            let mut at = 0;
            while at < self.functions[list].len() {
                if self.functions[list][at].selector == selector {
                    return Some(&self.functions[list][at]);
                }
                at += 1;
            }
            list += 1;
        }
        None
    }
}

/// `results` under `names`.
///
/// # Panics
/// At compile time, if they are not as many.
#[must_use]
pub const fn named<const N: usize>(function: &str, results: &[Parameter], names: [&'static str; N]) -> [Parameter; N] {
    if results.len() != N {
        let message = Name::new("`")
            .then(function)
            .then("` returns ")
            .then_number(results.len())
            .then(" values and names ")
            .then_number(N);
        panic!("{}", message.text());
    }
    let mut parameters = [Parameter {
        name: "",
        r#type: "",
        indexed: false,
        structure: None,
    }; N];
    let mut at = 0;
    while at < N {
        parameters[at] = results[at];
        parameters[at].name = names[at];
        at += 1;
    }
    parameters
}

/// The lists of functions of two contracts, as one has them that hands on to the other what it does not know itself.
///
/// # Panics
/// At compile time, if both have a function, or `N` is not the number of lists.
#[must_use]
pub const fn joined<const N: usize>(one: &Interface, other: &Interface) -> [&'static [Function]; N] {
    let mut lists: [&'static [Function]; N] = [&[]; N];
    let mut list = 0;
    while list < one.functions.len() {
        lists[list] = one.functions[list];
        list += 1;
    }
    let mut more = 0;
    while more < other.functions.len() {
        let mut at = 0;
        while at < other.functions[more].len() {
            if one.function(other.functions[more][at].selector).is_some() {
                let message = Name::new("both contracts have the function `")
                    .then(other.functions[more][at].name)
                    .then("`");
                panic!("{}", message.text());
            }
            at += 1;
        }
        lists[list] = other.functions[more];
        (list, more) = (list + 1, more + 1);
    }
    assert!(list == N, "not as many lists");
    lists
}

/// Fails the build unless `contract` has each function of `interface`, with the same results and mutability.
pub const fn assert_implements(contract: &Interface, interface: &Interface) {
    let mut list = 0;
    while list < interface.functions.len() {
        let mut at = 0;
        while at < interface.functions[list].len() {
            assert_has(contract, interface, &interface.functions[list][at]);
            at += 1;
        }
        list += 1;
    }
}

const fn assert_has(contract: &Interface, interface: &Interface, wanted: &Function) {
    let Some(function) = contract.function(wanted.selector) else {
        disagree(contract, interface, wanted, "` does not have the function `");
    };
    // A function that changes nothing may stand for one that could, and not the other way round.
    if function.mutability as u8 > wanted.mutability as u8
        || matches!(wanted.mutability, Mutability::Payable) != matches!(function.mutability, Mutability::Payable)
    {
        disagree(contract, interface, wanted, "` has another mutability for the function `");
    }
    let mut result = 0;
    while result < wanted.results.len() || result < function.results.len() {
        if wanted.results.len() != function.results.len() || !same(wanted.results[result].r#type, function.results[result].r#type) {
            disagree(contract, interface, wanted, "` has other results for the function `");
        }
        result += 1;
    }
}

const fn disagree(contract: &Interface, interface: &Interface, function: &Function, how: &str) -> ! {
    let message = Name::new("`")
        .then(contract.name)
        .then(how)
        .then(function.name)
        .then("` of `")
        .then(interface.name)
        .then("`");
    panic!("{}", message.text())
}

const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

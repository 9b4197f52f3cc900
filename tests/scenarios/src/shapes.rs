//! The contracts' functions as `contracts/abi` lists them, and calldata for any of them, whatever its arguments look like.

use std::path::Path;

use alloy_primitives::{Address, U256};
use serde_json::Value;
use usdai_cli::{
    protocol::suite::Suite,
    published::{self, Kind},
};

/// The project's.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A type of the ABI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// What takes one word, by its name.
    Word(String),
    /// `bytes` and `string`.
    Bytes,
    /// A list of any length.
    List(Box<Shape>),
    /// A struct.
    Tuple(Vec<Shape>),
}

/// Fills arguments.
pub trait Filler {
    /// A word of this type.
    fn word(&mut self, kind: &str) -> U256;
    /// How long a list or a text is.
    fn length(&mut self) -> usize;
}

/// Zeros and nothing.
pub struct Zeros;

impl Filler for Zeros {
    fn word(&mut self, _: &str) -> U256 {
        U256::ZERO
    }

    fn length(&mut self) -> usize {
        0
    }
}

/// A function of a contract.
#[derive(Clone, Debug)]
pub struct Function {
    /// With the canonical names of its arguments' types.
    pub signature: String,
    /// Its arguments.
    pub arguments: Vec<Shape>,
    /// Whether it may change state.
    pub changes: bool,
}

impl Function {
    /// A function that others call, by its signature; one whose arguments are no structs.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn named(signature: &str) -> Self {
        let arguments = signature
            .split_once('(')
            .and_then(|(_, rest)| rest.strip_suffix(')'))
            .expect("a signature");
        assert!(!arguments.contains('('), "teach `named` structs: {signature}");
        Self {
            signature: signature.to_owned(),
            arguments: arguments.split(',').filter(|kind| !kind.is_empty()).map(Shape::named).collect(),
            changes: true,
        }
    }

    /// The first four bytes of its signature's hash.
    #[must_use]
    pub fn selector(&self) -> [u8; 4] {
        published::selector_of(&self.signature)
    }

    /// Calldata.
    pub fn call(&self, filler: &mut impl Filler) -> Vec<u8> {
        [self.selector().as_slice(), &encode(&self.arguments, filler)].concat()
    }
}

impl Shape {
    fn of(parameter: &Value) -> Self {
        let kind = parameter["type"].as_str().expect("a type");
        match kind.strip_prefix("tuple") {
            Some("") => Self::Tuple(Self::all(&parameter["components"])),
            Some("[]") => Self::List(Box::new(Self::Tuple(Self::all(&parameter["components"])))),
            Some(_) => panic!("teach shapes arrays of a fixed length: {kind}"),
            None => Self::named(kind),
        }
    }

    /// What is no struct.
    fn named(kind: &str) -> Self {
        if let Some(element) = kind.strip_suffix("[]") {
            return Self::List(Box::new(Self::named(element)));
        }
        assert!(!kind.ends_with(']'), "teach shapes arrays of a fixed length: {kind}");
        match kind {
            "bytes" | "string" => Self::Bytes,
            word => Self::Word(word.to_owned()),
        }
    }

    fn all(parameters: &Value) -> Vec<Self> {
        parameters.as_array().expect("parameters").iter().map(Self::of).collect()
    }

    fn is_dynamic(&self) -> bool {
        match self {
            Self::Word(_) => false,
            Self::Bytes | Self::List(_) => true,
            Self::Tuple(members) => members.iter().any(Self::is_dynamic),
        }
    }

    fn write(&self, filler: &mut impl Filler) -> Vec<u8> {
        match self {
            Self::Word(kind) => filler.word(kind).to_be_bytes::<32>().into(),
            Self::Bytes => {
                let length = filler.length();
                let mut bytes = word(length);
                for _ in 0..length.div_ceil(32) {
                    bytes.extend(filler.word("bytes32").to_be_bytes::<32>());
                }
                // What pads the last word is zero.
                let end = 32 + length;
                if let Some(padding) = bytes.get_mut(end..) {
                    padding.fill(0);
                }
                bytes
            }
            Self::List(element) => {
                let length = filler.length();
                let elements = vec![(**element).clone(); length];
                [word(length), encode(&elements, filler)].concat()
            }
            Self::Tuple(members) => encode(members, filler),
        }
    }
}

fn word(number: usize) -> Vec<u8> {
    U256::from(number).to_be_bytes::<32>().into()
}

/// Values one after the other: those of fixed size where they stand, the others behind, with their offsets in their places.
fn encode(shapes: &[Shape], filler: &mut impl Filler) -> Vec<u8> {
    let written: Vec<_> = shapes.iter().map(|shape| (shape.is_dynamic(), shape.write(filler))).collect();
    let head: usize = written.iter().map(|(dynamic, bytes)| if *dynamic { 32 } else { bytes.len() }).sum();
    let (mut heads, mut tails) = (Vec::new(), Vec::new());
    for (dynamic, bytes) in written {
        if dynamic {
            heads.extend(word(head + tails.len()));
            tails.extend(bytes);
        } else {
            heads.extend(bytes);
        }
    }
    [heads, tails].concat()
}

/// The functions of a contract of `contracts/abi`.
///
/// # Panics
/// If there is none of that name.
#[must_use]
pub fn functions(contract: &str) -> Vec<Function> {
    let entries = published::entries(Path::new(ROOT), contract).unwrap_or_else(|error| panic!("{error}"));
    let functions: Vec<_> = entries
        .into_iter()
        .filter(|entry| entry.kind != Kind::Error)
        .map(|entry| Function {
            arguments: Shape::all(&entry.inputs),
            changes: entry.kind == Kind::Call,
            signature: entry.signature,
        })
        .collect();
    assert!(!functions.is_empty(), "{contract} has no functions");
    functions
}

/// The contracts of a suite that callers know, by the names of their files in `contracts/abi`.
#[must_use]
pub fn contracts(suite: &Suite) -> Vec<(String, Address)> {
    let contracts = suite.contracts().into_iter();
    contracts
        .filter(|(name, _)| *name != "qev-settlement")
        .map(|(name, address)| (published::name_of(name), address))
        .collect()
}

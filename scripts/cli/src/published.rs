//! The interfaces in `contracts/abi`, as others read them.

use std::{fs, path::Path};

use alloy_primitives::keccak256;
use serde_json::Value;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A function that may change state.
    Call,
    /// A function that does not.
    View,
    /// What a function can be refused with.
    Error,
}

/// A function or an error.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// With the canonical names of its arguments' types.
    pub signature: String,
    /// Its arguments, as the file has them.
    pub inputs: Value,
}

impl Entry {
    /// The first four bytes of its signature's hash.
    #[must_use]
    pub fn selector(&self) -> [u8; 4] {
        selector_of(&self.signature)
    }
}

/// The first four bytes of a signature's hash.
#[must_use]
pub fn selector_of(signature: &str) -> [u8; 4] {
    let [a, b, c, d, ..] = keccak256(signature).0;
    [a, b, c, d]
}

/// The canonical name of a parameter's type, in which a struct is what it consists of.
fn canonical(parameter: &Value) -> String {
    let kind = parameter["type"].as_str().unwrap_or_default();
    kind.strip_prefix("tuple")
        .map_or_else(|| kind.to_owned(), |list| format!("({}){list}", names(&parameter["components"])))
}

fn names(parameters: &Value) -> String {
    let parameters = parameters.as_array().map(Vec::as_slice).unwrap_or_default();
    parameters.iter().map(canonical).collect::<Vec<_>>().join(",")
}

/// Functions and errors of a contract, by its name there, in the order of the file; `root` is the project's.
///
/// # Errors
/// A sentence, if the file is missing or is none of those that `scripts/abi` writes.
pub fn entries(root: &Path, contract: &str) -> Result<Vec<Entry>, String> {
    let path = root.join("contracts/abi").join(format!("{contract}.json"));
    let told = |error: String| format!("{}: {error}; scripts/abi writes it", path.display());
    let text = fs::read_to_string(&path).map_err(|error| told(error.to_string()))?;
    let abi: Value = serde_json::from_str(&text).map_err(|error| told(error.to_string()))?;
    let all = abi.as_array().ok_or_else(|| told("it is no list".into()))?;
    let kind = |entry: &Value| match (entry["type"].as_str(), entry["stateMutability"].as_str()) {
        (Some("error"), _) => Some(Kind::Error),
        (Some("function"), Some("view" | "pure")) => Some(Kind::View),
        (Some("function"), _) => Some(Kind::Call),
        _ => None,
    };
    let entries = all.iter().filter_map(|entry| {
        Some(Entry {
            kind: kind(entry)?,
            signature: format!("{}({})", entry["name"].as_str()?, names(&entry["inputs"])),
            inputs: entry["inputs"].clone(),
        })
    });
    Ok(entries.collect())
}

/// The name in `contracts/abi` of what a deployment calls `name`: `SwapAdapter` for `swap-adapter`.
#[must_use]
pub fn name_of(name: &str) -> String {
    let parts = name.split('-').map(|part| {
        let (first, rest) = part.split_at(part.len().min(1));
        first.to_uppercase() + rest
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelt_as_files_are() {
        for (name, file) in [("filo", "Filo"), ("swap-adapter", "SwapAdapter"), ("", "")] {
            assert_eq!(name_of(name), file);
        }
    }

    #[test]
    fn structs_are_what_they_consist_of() {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        let entries = entries(root, "Origination").unwrap();
        let post = entries.iter().find(|entry| entry.signature.starts_with("post(")).unwrap();
        let offer = "(uint256,address,uint256[],uint256,uint256,uint256,bool,uint256,uint256,uint256,uint256)";
        assert_eq!((post.kind, post.signature.clone()), (Kind::Call, format!("post({offer})")));
        // As published in bytes.
        let usdai = super::entries(root, "Usdai").unwrap();
        for (signature, kind, selector) in [
            ("transfer(address,uint256)", Kind::Call, [0xa9, 0x05, 0x9c, 0xbb]),
            ("balanceOf(address)", Kind::View, [0x70, 0xa0, 0x82, 0x31]),
            (
                "ERC20InsufficientBalance(address,uint256,uint256)",
                Kind::Error,
                [0xe4, 0x50, 0xd3, 0x8c],
            ),
        ] {
            let entry = usdai.iter().find(|entry| entry.signature == signature).unwrap();
            assert_eq!((entry.kind, entry.selector()), (kind, selector));
        }
        assert!(super::entries(root, "Nothing").unwrap_err().contains("scripts/abi"));
    }
}

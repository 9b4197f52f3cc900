//! What `contracts/abi` says in JSON is what a Solidity compiler reads from its interfaces.

#![allow(clippy::unwrap_used, reason = "tests")]
use std::{fs, path::Path};

use serde_json::Value;

const CONTRACTS: [&str; 8] = ["Caliber", "Defaults", "Filo", "Qev", "Router", "Susdai", "SwapAdapter", "Usdai"];

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}; scripts/build makes it", path.display()));
    serde_json::from_str(&text).unwrap()
}

/// Without what only the compiler says, or only we: names of types in its own terms, constructors. In one order.
fn entries(abi: &Value) -> Vec<String> {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.remove("internalType");
                fields.values_mut().for_each(strip);
            }
            Value::Array(values) => values.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut entries: Vec<_> = abi
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["type"] != "constructor")
        .map(|entry| {
            let mut entry = entry.clone();
            strip(&mut entry);
            entry.to_string()
        })
        .collect();
    entries.sort();
    entries
}

#[test]
fn solc_reads_the_same_abi() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    for name in CONTRACTS {
        let ours = entries(&read(&root.join(format!("contracts/abi/{name}.json"))));
        let compiled = read(&root.join(format!("target/solidity/I{name}.json")));
        assert!(ours.len() > 5, "{name} has {} entries", ours.len());
        let theirs = entries(&compiled["abi"]);
        for (our, their) in ours.iter().zip(&theirs) {
            assert_eq!(our, their, "{name}");
        }
        assert_eq!(ours.len(), theirs.len(), "{name}");
        // Every function says what it does, in words that wallets show.
        let notices = compiled["userdoc"]["methods"].as_object().unwrap();
        let functions = ours.iter().filter(|entry| entry.contains(r#""type":"function""#)).count();
        let told = notices.values().filter(|method| method["notice"].is_string()).count();
        assert_eq!(told, functions, "{name}: functions without a sentence");
    }
}

//! The README's table of contracts is the build's.

use std::{collections::BTreeMap, fs, path::Path};

/// Compilers differ by a patch release between machines: a table that is off by more than this is out of date, not unlucky.
const TOLERANCE_PERCENT: u64 = 3;

#[test]
fn the_readmes_sizes_are_those_of_the_build() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let built = fs::read_to_string(root.join("target/contracts/sizes.json")).expect("scripts/build writes it");
    let built: Vec<serde_json::Value> = serde_json::from_str(&built).unwrap();
    let built: BTreeMap<&str, u64> = built
        .iter()
        .map(|line| (line["contract"].as_str().unwrap(), line["compressed"].as_u64().unwrap()))
        .collect();
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let told: BTreeMap<&str, u64> = readme
        .lines()
        .filter_map(|line| {
            let mut cells = line.split('|').map(str::trim).skip(1);
            let name = cells.next()?.strip_prefix("[`")?.split_once('`')?.0;
            let size = cells.nth(1)?.replace(',', "").parse().ok()?;
            Some((name, size))
        })
        .collect();
    assert_eq!(
        told.keys().collect::<Vec<_>>(),
        built.keys().collect::<Vec<_>>(),
        "contracts in the README's table, and built"
    );
    for (name, size) in &told {
        let difference = size.abs_diff(built[name]);
        assert!(
            difference * 100 <= built[name] * TOLERANCE_PERCENT,
            "{name}: README {size}, built {}",
            built[name]
        );
    }
}

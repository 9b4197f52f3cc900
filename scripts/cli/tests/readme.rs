//! The tables of contracts in the documentation are the build's.

use std::{collections::BTreeMap, fs, path::Path};

/// Compilers differ by a patch release between machines: a table that is off by more than this is out of date, not unlucky.
const TOLERANCE_PERCENT: u64 = 3;

/// Compares the third column of the table in `page` whose first one links the contracts with what was built.
fn tells_what_was_built(page: &str) {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let built = fs::read_to_string(root.join("target/contracts/sizes.json")).expect("scripts/build writes it");
    let built: Vec<serde_json::Value> = serde_json::from_str(&built).expect("scripts/build writes JSON");
    let built: BTreeMap<&str, u64> = built
        .iter()
        .filter_map(|line| Some((line["contract"].as_str()?, line["compressed"].as_u64()?)))
        .collect();
    let text = fs::read_to_string(root.join(page)).expect("the page is part of the project");
    let told: BTreeMap<&str, u64> = text
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
        "contracts in the table of {page}, and built"
    );
    for (name, size) in &told {
        let difference = size.abs_diff(built[name]);
        assert!(
            difference * 100 <= built[name] * TOLERANCE_PERCENT,
            "{name}: {page} {size}, built {}",
            built[name]
        );
    }
}

#[test]
fn the_readmes_sizes_are_those_of_the_build() {
    tells_what_was_built("README.md");
}

/// If this fails, `scripts/sizes --write` measures again.
#[test]
fn the_sizes_after_are_those_of_the_build() {
    tells_what_was_built("docs/SIZES.md");
}

//! The files in the tree are those of the contracts, and nothing that the contracts declare is missing from them.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::{collections::BTreeSet, fs, path::Path};

use lean_abi::describe::{Interface, Items};

#[test]
fn the_files_are_those_of_the_contracts() {
    for (folder, files) in [
        (contract_abi::folder(), contract_abi::files()),
        (contract_abi::package_folder(), contract_abi::package().unwrap()),
    ] {
        for (name, text) in &files {
            let there = fs::read_to_string(folder.join(name)).unwrap_or_default();
            assert!(there == *text, "{name} of {} is stale: run scripts/abi", folder.display());
        }
        let there = fs::read_dir(folder).unwrap();
        let there: BTreeSet<_> = there.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        let made: BTreeSet<_> = files.into_iter().map(|(name, _)| name).collect();
        assert_eq!(there, made);
    }
}

/// What a contract of the last release has stored is found where it was by the next one, which runs on it ([`contract_abi::layout`]).
#[test]
fn a_new_program_finds_the_state_of_the_released_one() {
    let folder = contract_abi::layout_folder();
    let (mut texts, released) = (Vec::new(), folder.join("released"));
    for (name, text) in contract_abi::layouts() {
        let there = fs::read_to_string(folder.join(&name)).unwrap_or_default();
        assert!(there == text, "contracts/layout/{name} is stale: run scripts/abi");
        // Before the first release there is nothing to be found.
        if let Ok(old) = fs::read_to_string(released.join(&name)) {
            let moved = contract_abi::layout::moved(&old, &text);
            assert!(moved.is_empty(), "{name}: an upgrade would lose or misread {moved:#?}");
        }
        texts.push(name);
    }
    for entry in fs::read_dir(&released).into_iter().flatten() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(texts.contains(&name), "{name} was released and is no contract any more");
    }
}

/// Every file of Rust below `folder`, tests left out.
fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && name != "tests" {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !name.contains("test") {
            into.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

/// What the sources of the contracts' crates declare with `keyword`, an error or an event.
fn declared(keyword: &str) -> BTreeSet<String> {
    let crates = contract_abi::folder().join("../../crates");
    let mut text = String::new();
    for name in [
        "caliber-receipts",
        "erc20-ledger",
        "erc721-ledger",
        "filo-defaults",
        "filo-origination",
        "filo-stacks",
        "gateway-journeys",
        "interfaces",
        "lean-abi",
        "protocol-router",
        "qev-queue",
        "susdai-vault",
        "usdai-token",
    ] {
        sources(&crates.join(name).join("src"), &mut text);
    }
    let names = text.lines().filter_map(|line| {
        let rest = line.trim_start().strip_prefix(keyword)?.strip_prefix(' ')?;
        let (name, _) = rest.split_once('(')?;
        name.chars().all(char::is_alphanumeric).then(|| name.to_owned())
    });
    names.collect()
}

fn error_names(items: &Items, names: &mut BTreeSet<String>) {
    match items {
        Items::One(item) => {
            names.insert(item.name.to_owned());
        }
        Items::Several(several) => several.iter().for_each(|items| error_names(items, names)),
    }
}

#[test]
fn no_error_and_no_event_is_forgotten() {
    let (mut errors, mut events) = (BTreeSet::new(), BTreeSet::new());
    for Interface {
        errors: items,
        events: list,
        ..
    } in &contract_abi::CONTRACTS
    {
        items.iter().for_each(|items| error_names(items, &mut errors));
        events.extend(list.iter().map(|item| item.name.to_owned()));
    }
    let (declared_errors, declared_events) = (declared("error"), declared("event"));
    assert!(
        declared_errors.len() > 50 && declared_events.len() > 20,
        "the sources are not where they were"
    );
    assert_eq!(declared_errors, errors);
    assert_eq!(declared_events, events);
}

//! Which functions of the contracts a run of the tests has seen succeed, and which refusals of each: complete, or the run fails.
//!
//! The embedded chain writes down what was called and how it ended (`stylus_chain::witness`); what there is to be called stands in
//! `contracts/abi`. A function that never succeeded, or an error that its contract never refused with, has no test.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use alloy_primitives::Address;
use anyhow::{bail, ensure, Context, Result};
use usdai_cli::{
    protocol::suite::Suite,
    published::{entries, name_of, Entry, Kind},
};

#[derive(clap::Args)]
pub(crate) struct Functions {
    /// What the embedded chain has written: the folder that `STYLUS_CHAIN_WITNESS` named during the tests
    #[arg(long, default_value = "target/calls")]
    calls: PathBuf,
    /// Write the page for readers here
    #[arg(long)]
    write: Option<PathBuf>,
}

/// What no run on the WASM can reach, and what holds it instead.
const ELSEWHERE: [(&str, &str, &str); 16] = [
    (
        "caliber",
        "ERC721InvalidSender(address)",
        "a number is issued once: erc721-ledger's tests",
    ),
    (
        "caliber",
        "ArithmeticOverflow()",
        "values are below 2^128 and factors at most one: evaluation_tests",
    ),
    ("defaults", "ArithmeticOverflow()", "prices of loans below 2^96: auction's tests"),
    (
        "filo",
        "TokenCallFailed(address)",
        "USDai answers true or reverts: erc20-ledger's tests",
    ),
    (
        "origination",
        "ArithmeticOverflow()",
        "offers within the bounds of `check`: its tests",
    ),
    ("qev", "ArithmeticFailed()", "a clock before genesis: queue_tests"),
    (
        "qev",
        "ERC721InvalidSender(address)",
        "a number is issued once: erc721-ledger's tests",
    ),
    ("qev", "TokenCallFailed(address)", "USDai answers true or reverts: queue_tests"),
    ("gateway", "NothingArrived(address)", "a token that lies: gateway_tests"),
    (
        "gateway",
        "BalanceChanged(address,uint256,uint256)",
        "a token that lies: gateway_tests",
    ),
    (
        "gateway",
        "ArithmeticOverflow()",
        "amounts and times near 2^256, which no contract of the protocol tells it",
    ),
    (
        "susdai",
        "ERC20SupplyOverflow(uint256,uint256)",
        "the books end at 2^128: erc20-ledger's tests",
    ),
    ("susdai", "TransferRefused()", "USDai answers true or reverts: vault_tests"),
    (
        "swap-adapter",
        "TokenCallFailed(address)",
        "such a token has refused the dollar before: token_tests",
    ),
    ("usdai", "ArithmeticOverflow()", "amounts near 2^256: token_tests"),
    (
        "usdai",
        "ERC20SupplyOverflow(uint256,uint256)",
        "amounts near 2^256: erc20-ledger's tests",
    ),
];

/// What ERC-7540 wants refused whatever is asked.
const NEVER: [(&str, &str); 2] = [("susdai", "previewRedeem(uint256)"), ("susdai", "previewWithdraw(uint256)")];

/// How calls ended, by contract and selector: `ok`, `silent`, or an error's selector in hexadecimal.
type Seen = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

impl Functions {
    pub(crate) fn run(self) -> Result<()> {
        let report = Report::of(&read(&self.calls)?, Path::new("."))?;
        println!("{} functions, {} refusals of theirs met", report.rows, report.refusals);
        if let Some(path) = self.write {
            fs::write(&path, report.page).with_context(|| format!("cannot write {}", path.display()))?;
        }
        ensure!(
            report.missing.is_empty(),
            "what no test has reached:\n  {}",
            report.missing.join("\n  ")
        );
        Ok(())
    }
}

/// What the tests have seen.
struct Report {
    /// For readers.
    page: String,
    /// What they have not.
    missing: Vec<String>,
    rows: usize,
    refusals: usize,
}

impl Report {
    /// Of every contract that there is, whether or not a test has called it; `root` is the project's.
    fn of(seen: &Seen, root: &Path) -> Result<Self> {
        let (nothing, mut contracts) = (BTreeMap::new(), Vec::new());
        let suite = Suite::named(|_| Ok::<_, anyhow::Error>(Address::ZERO))?;
        let names: BTreeSet<_> = suite
            .contracts()
            .into_iter()
            .map(|(name, _)| name)
            .filter(|name| *name != SECOND)
            .collect();
        for name in names {
            let entries = entries(root, &name_of(name)).map_err(anyhow::Error::msg)?;
            contracts.push((name, entries, seen.get(name).unwrap_or(&nothing)));
        }
        let errors: BTreeMap<_, _> = contracts
            .iter()
            .flat_map(|(_, entries, _)| entries)
            .filter(|entry| entry.kind == Kind::Error)
            .map(|entry| (hexadecimal(entry), bare(entry).to_owned()))
            .collect();
        let (mut page, mut missing, mut rows, mut refusals) = (HEAD.to_owned(), Vec::new(), 0, 0);
        for (name, entries, calls) in contracts {
            writeln!(
                page,
                "\n## `{name}`\n\n| function | succeeds | refused with |\n| --- | :---: | --- |"
            )?;
            let met: BTreeSet<_> = calls.values().flatten().collect();
            for function in entries.iter().filter(|entry| entry.kind != Kind::Error) {
                let none = BTreeSet::new();
                let ended = calls.get(&hexadecimal(function)).unwrap_or(&none);
                let succeeds = ended.contains("ok");
                if !succeeds && !NEVER.contains(&(name, &function.signature)) {
                    missing.push(format!("{name}: {} never succeeded", function.signature));
                }
                let names: BTreeSet<_> = ended.iter().filter_map(|selector| errors.get(selector)).collect();
                let named: Vec<_> = names.iter().map(|error| format!("`{error}`")).collect();
                rows += 1;
                refusals += names.len();
                let mark = if succeeds { "✓" } else { "–" };
                writeln!(page, "| `{}` | {mark} | {} |", function.signature, named.join(", "))?;
            }
            for error in entries.iter().filter(|entry| entry.kind == Kind::Error) {
                let elsewhere = ELSEWHERE
                    .iter()
                    .find(|(contract, signature, _)| (*contract, *signature) == (name, &*error.signature));
                let reached = met.contains(&hexadecimal(error));
                if let Some((_, _, reason)) = elsewhere {
                    writeln!(page, "\n`{}` is met elsewhere: {reason}.", bare(error))?;
                    ensure!(
                        !reached,
                        "{name} was refused with {}: take it from the list of what is held elsewhere",
                        error.signature
                    );
                } else if !reached {
                    missing.push(format!("{name}: nothing was ever refused with {}", error.signature));
                }
            }
        }
        Ok(Self {
            page,
            missing,
            rows,
            refusals,
        })
    }
}

/// The queue's second program, which runs at the queue's address: its functions are the queue's.
const SECOND: &str = "qev-settlement";

const HEAD: &str = "# Functions and refusals

What the tests have seen every exported function do on the contracts' WASM: succeed, and be refused with which errors, its own and those of
contracts that it calls. Made by `scripts/functions` from a run of `scripts/test`, which fails if a function never succeeded or if a contract never
refused with one of its errors.
";

fn hexadecimal(entry: &Entry) -> String {
    alloy_primitives::hex::encode(entry.selector())
}

fn bare(entry: &Entry) -> &str {
    entry.signature.split_once('(').map_or(&*entry.signature, |(name, _)| name)
}

/// What all processes have written.
fn read(folder: &Path) -> Result<Seen> {
    let (mut names, mut calls) = (BTreeMap::new(), Vec::new());
    let files = fs::read_dir(folder).with_context(|| format!("{} is not there: run scripts/test first", folder.display()))?;
    for file in files {
        let path = file?.path();
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        for line in text.lines() {
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["name", code, name] => {
                    // What the second program does, the queue does.
                    let name = if name == SECOND { "qev" } else { name };
                    names.insert(code.to_owned(), name.to_owned());
                }
                ["call", code, selector, ended] => calls.push((code.to_owned(), selector.to_owned(), ended.to_owned())),
                _ => bail!("{} has a line that is not the chain's: {line}", path.display()),
            }
        }
    }
    let mut seen = Seen::new();
    for (code, selector, ended) in calls {
        if let Some(name) = names.get(&code) {
            seen.entry(name.clone()).or_default().entry(selector).or_default().insert(ended);
        }
    }
    ensure!(
        !seen.is_empty(),
        "{} says nothing of the contracts: run scripts/test first",
        folder.display()
    );
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contract that no test has ever called is the one that has to be heard of most.
    #[test]
    fn a_contract_that_nobody_called_is_missing_as_a_whole() {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        let called = BTreeMap::from([("00000000".to_owned(), BTreeSet::from(["ok".to_owned()]))]);
        let report = Report::of(&Seen::from([("filo".to_owned(), called)]), root).unwrap();
        for name in ["gateway", "swap-adapter", "usdai"] {
            let published = entries(root, &name_of(name)).unwrap();
            let elsewhere = ELSEWHERE.iter().filter(|(contract, ..)| *contract == name).count();
            let said = report.missing.iter().filter(|line| line.starts_with(&format!("{name}: "))).count();
            assert_eq!(said, published.len() - elsewhere, "{name}");
            assert!(report.page.contains(&format!("## `{name}`")));
        }
        assert!(!report.page.contains(SECOND), "its functions are the queue's");
    }
}

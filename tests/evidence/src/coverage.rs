//! `docs/COVERAGE.md`: which lines of the core crates their tests run.
//!
//! What llvm-cov exports counts the lines of a file that have code, tests among them. Those would flatter, so they are taken out here: a file
//! that a crate declares under `#[cfg(test)]`, and an item under it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::{Path, PathBuf},
};

use crate::page::{gauge, grouped};

/// The crates of which at least [`LEAST`] percent of the lines are run: arithmetic, ledgers, contracts and what lies under them.
pub const CORE: [&str; 17] = [
    "bit-tree",
    "caliber-receipts",
    "eip712",
    "erc20-ledger",
    "erc721-ledger",
    "filo-defaults",
    "filo-origination",
    "filo-stacks",
    "fixed-point",
    "gateway-journeys",
    "interfaces",
    "lean-abi",
    "protocol-router",
    "qev-book",
    "qev-queue",
    "susdai-vault",
    "usdai-token",
];

/// Percent of a crate's lines that its tests have to run.
pub const LEAST: usize = 95;

/// The lines of a file that have code, and whether they were run.
type Lines = BTreeMap<usize, bool>;

/// A crate's files, from its folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// Those that have code, without their tests.
    pub files: BTreeMap<String, Lines>,
}

impl Covered {
    fn total(&self) -> usize {
        self.files.values().map(BTreeMap::len).sum()
    }

    fn run(&self) -> usize {
        self.files.values().flat_map(BTreeMap::values).filter(|run| **run).count()
    }

    fn enough(&self) -> bool {
        self.total() != 0 && 100 * self.run() >= LEAST * self.total()
    }
}

/// The lines of every core crate, by its name.
pub type Coverage = BTreeMap<String, Covered>;

/// Reads what llvm-cov exported as `lcov` about the project at `root`.
///
/// # Errors
/// If a file that it names cannot be read.
pub fn read(lcov: &str, root: &Path) -> std::io::Result<Coverage> {
    let mut coverage: Coverage = CORE.iter().map(|name| ((*name).to_owned(), Covered::default())).collect();
    let mut tests: BTreeMap<String, BTreeSet<PathBuf>> = BTreeMap::new();
    for (file, mut lines) in files(lcov) {
        let Some((name, inner)) = Path::new(&file).strip_prefix(root.join("crates")).ok().and_then(part) else {
            continue;
        };
        let Some(covered) = coverage.get_mut(&name) else {
            continue;
        };
        let folder = root.join("crates").join(&name);
        if !tests.contains_key(&name) {
            tests.insert(name.clone(), test_files(&folder.join("src"))?);
        }
        if tests[&name].contains(&folder.join(&inner)) {
            continue;
        }
        let text = std::fs::read_to_string(&file)?;
        for block in test_items(&text) {
            lines.retain(|line, _| !block.lines.contains(line));
        }
        if !lines.is_empty() {
            covered.files.insert(inner, lines);
        }
    }
    Ok(coverage)
}

/// A path under `crates` as a crate and a file of its sources.
fn part(path: &Path) -> Option<(String, String)> {
    let (name, inner) = path.to_str()?.split_once('/')?;
    inner.starts_with("src/").then(|| (name.to_owned(), inner.to_owned()))
}

/// The files of an export, each once.
fn files(lcov: &str) -> BTreeMap<String, Lines> {
    let mut files: BTreeMap<String, Lines> = BTreeMap::new();
    let mut file = None;
    for line in lcov.lines() {
        if let Some(name) = line.strip_prefix("SF:") {
            file = Some(name.to_owned());
        } else if let (Some(file), Some((line, count))) = (&file, line.strip_prefix("DA:").and_then(|data| data.split_once(','))) {
            if let Ok(line) = line.parse() {
                *files.entry(file.clone()).or_default().entry(line).or_default() |= count != "0";
            }
        }
    }
    files
}

/// An item under `#[cfg(test)]`.
#[derive(Debug, PartialEq, Eq)]
struct TestItem {
    lines: std::ops::RangeInclusive<usize>,
    /// The module that it declares, if its text is in a file of its own: name, and `#[path]` if there is one.
    module: Option<(String, Option<String>)>,
}

/// The items of `text`, as rustfmt leaves it, that are there for tests only.
fn test_items(text: &str) -> Vec<TestItem> {
    let lines: Vec<_> = text.lines().collect();
    let mut items = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let indent = lines[at].len() - lines[at].trim_start().len();
        if lines[at].trim() != "#[cfg(test)]" {
            at += 1;
            continue;
        }
        let begin = at;
        let mut path = None;
        while at < lines.len() && lines[at].trim_start().starts_with(['#', '/']) {
            let attribute = lines[at].trim().strip_prefix("#[path = \"");
            path = attribute.and_then(|path| path.strip_suffix("\"]")).map(str::to_owned).or(path);
            at += 1;
        }
        let first = lines.get(at).map_or("", |line| line.trim());
        let module = first.strip_suffix(';').and_then(|first| first.split_once("mod "));
        let module = module.map(|(_, name)| (name.to_owned(), path));
        let end = format!("{}}}", " ".repeat(indent));
        while at < lines.len() && !(lines[at] == end || lines[at].ends_with([';', '}']) && lines[at].trim() == first) {
            at += 1;
        }
        items.push(TestItem {
            lines: begin + 1..=at + 1,
            module,
        });
        at += 1;
    }
    items
}

/// The files under `folder` that are there for tests only.
fn test_files(folder: &Path) -> std::io::Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder)? {
        let file = entry?.path();
        if file.is_dir() {
            found.extend(test_files(&file)?);
        } else if file.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&file)?;
            let stem = file.file_stem().unwrap_or_default();
            let inner = if stem == "lib" || stem == "mod" || stem == "main" {
                folder.to_owned()
            } else {
                folder.join(stem)
            };
            for (name, path) in test_items(&text).into_iter().filter_map(|item| item.module) {
                found.insert(path.map_or_else(|| inner.join(name + ".rs"), |path| folder.join(path)));
            }
        }
    }
    Ok(found)
}

/// The page, of the run that `of` names.
#[must_use]
pub fn render(coverage: &Coverage, of: &str) -> String {
    let mut page = format!("{HEAD}Measured: {of}.\n\n| crate | lines | run | | |\n| --- | ---: | ---: | ---: | --- |\n");
    let mut all = (0, 0);
    for (name, covered) in coverage {
        let (total, run) = (covered.total(), covered.run());
        let _ = writeln!(page, "| [`{name}`](../crates/{name}) | {}", cells(total, run));
        all = (all.0 + total, all.1 + run);
    }
    let _ = writeln!(page, "| all | {}", cells(all.0, all.1));
    page.push_str("\n## Lines that no test runs\n\n");
    for (name, covered) in coverage {
        for (file, lines) in &covered.files {
            let left = ranges(lines);
            if !left.is_empty() {
                let _ = writeln!(page, "- [`{name}/{file}`](../crates/{name}/{file}): {left}");
            }
        }
    }
    page
}

const HEAD: &str = "# Lines that tests run

Written by `scripts/coverage`, which fails if one of these crates has less than 95 % of its lines run, by

- the tests in `crates`, and
- scenarios on the deployed contracts, each call on the WASM and, beside it and compared with it, on the same contract compiled for this machine
  ([tests/native](../tests/native)), which is what counts the lines.

Counted are the lines that have code on the host, without tests and what is there for tests alone. What a crate has for WASM alone is no code on the host.
Random walks are not counted: they go everywhere that is asked for without them.

";

fn cells(total: usize, run: usize) -> String {
    // Tenths of a percent, rounded down: nothing is shown as reached that is not.
    let part = (1_000 * run).checked_div(total).unwrap_or_default();
    format!(
        "{} | {} | {}.{} % | {} |",
        grouped(total as u64),
        grouped(run as u64),
        part / 10,
        part % 10,
        gauge(part)
    )
}

/// Lines that were not run, neighbours together.
fn ranges(lines: &Lines) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    let mut open = false;
    for (line, run) in lines {
        match ranges.last_mut() {
            Some((_, last)) if open && !run => *last = *line,
            _ if !run => ranges.push((*line, *line)),
            _ => {}
        }
        open = !run;
    }
    let ranges = ranges.iter().map(|(first, last)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}–{last}")
        }
    });
    ranges.collect::<Vec<_>>().join(", ")
}

/// What is wrong with `coverage`.
#[must_use]
pub fn faults(coverage: &Coverage) -> Vec<String> {
    let poor = coverage.iter().filter(|(_, covered)| !covered.enough());
    poor.map(|(name, covered)| {
        let (total, run) = (covered.total(), covered.run());
        format!("{name}: tests run {run} of {total} lines, less than {LEAST} %. docs/COVERAGE.md has those that are left.")
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "fn a() {\n}\n\n#[cfg(test)]\nmod elsewhere;\n#[cfg(test)]\n#[path = \"x_tests.rs\"]\npub(crate) mod tests;\n\
        impl A {\n    #[cfg(test)]\n    fn b() {\n        c();\n    }\n\n    fn d() {}\n}\n#[cfg(test)]\nuse e::f;\n#[cfg(test)]\nmod tests {\n    fn g() {}\n}\n";

    #[test]
    fn what_is_there_for_tests_is_known() {
        let items = test_items(TEXT);
        let lines: Vec<_> = items.iter().map(|item| item.lines.clone()).collect();
        assert_eq!(lines, [4..=5, 6..=8, 10..=13, 17..=18, 19..=22]);
        let modules: Vec<_> = items.into_iter().filter_map(|item| item.module).collect();
        assert_eq!(
            modules,
            [("elsewhere".to_owned(), None), ("tests".to_owned(), Some("x_tests.rs".to_owned()))]
        );
    }

    #[test]
    fn an_export_is_read_without_tests() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .canonicalize()
            .expect("the project");
        let at = |file: &str| root.join("crates").join(file).display().to_string();
        let lcov = format!(
            "SF:{}\nDA:1,3\nDA:2,0\nend_of_record\nSF:{0}\nDA:2,1\nDA:3,0\nDA:9000,1\nend_of_record\nSF:{}\nDA:1,1\nend_of_record\n\
            SF:{}\nDA:1,1\nend_of_record\nSF:/elsewhere/lib.rs\nDA:1,1\n",
            at("qev-book/src/book.rs"),
            at("qev-book/src/reference.rs"),
            at("qev-book/tests/none.rs"),
        );
        let coverage = read(&lcov, &root).expect("files");
        let lines = BTreeMap::from([(1, true), (2, true), (3, false), (9_000, true)]);
        assert_eq!(coverage["qev-book"].files, BTreeMap::from([("src/book.rs".to_owned(), lines)]));
        assert!(coverage["filo-stacks"].files.is_empty());
    }

    #[test]
    fn a_crate_below_the_least_and_one_without_lines_are_faults() {
        let covered = |run: usize, total: usize| Covered {
            files: BTreeMap::from([("src/a.rs".to_owned(), (1..=total).map(|line| (line, line <= run)).collect())]),
        };
        let coverage = BTreeMap::from([
            ("fine".to_owned(), covered(19, 20)),
            ("none".to_owned(), Covered::default()),
            ("poor".to_owned(), covered(94, 100)),
        ]);
        let faults = faults(&coverage);
        assert_eq!(faults.len(), 2);
        assert!(faults[0].starts_with("none: tests run 0 of 0 lines"), "{}", faults[0]);
        assert!(faults[1].starts_with("poor: tests run 94 of 100 lines"), "{}", faults[1]);
        let page = render(&coverage, "today, abc");
        assert!(page.contains("Measured: today, abc.\n"));
        assert!(page.contains("| [`poor`](../crates/poor) | 100 | 94 | 94.0 % | ██████████████████░░ |\n"));
        assert!(page.contains("| all | 120 | 113 | 94.1 % |"));
        assert!(page.contains("- [`poor/src/a.rs`](../crates/poor/src/a.rs): 95–100\n"));
        assert!(page.contains("- [`fine/src/a.rs`](../crates/fine/src/a.rs): 20\n"));
    }
}

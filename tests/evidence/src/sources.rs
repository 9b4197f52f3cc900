//! Where tests are written, and how many cases proptest tries there.

use std::{
    fs,
    path::{Path, PathBuf},
};

use toml_edit::{Document, Item};

use crate::pattern::Pattern;

/// How many cases proptest tries where nothing else is said.
const PROPTEST_CASES: u64 = 256;

/// A package with its Rust files.
#[derive(Clone, Debug)]
struct Package {
    /// As in `use`.
    name: String,
    /// From the project's root, with `/`.
    folder: String,
    /// File, from the project's root, and what is in it.
    files: Vec<(String, String)>,
}

impl Package {
    /// The file with the tests of a module, by the names that the project gives such files.
    fn module(&self, modules: &str) -> Option<&String> {
        let path = modules.trim_end_matches("::tests").replace("::", "/");
        let named = ["_tests.rs", "/tests.rs", ".rs"].map(|end| format!("{}/src/{path}{end}", self.folder));
        let mut there = named.iter().filter_map(|name| self.files.iter().find(|(file, _)| file == name));
        there.next().map(|(file, _)| file)
    }
}

/// The project's Rust files.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    packages: Vec<Package>,
}

impl Sources {
    /// The files of the project at `root`.
    ///
    /// # Errors
    /// If a folder or a file cannot be read.
    pub fn read(root: &Path) -> std::io::Result<Self> {
        let mut packages = Vec::new();
        find(root, root, &mut packages)?;
        packages.sort_by(|a, b| a.folder.cmp(&b.folder));
        Ok(Self { packages })
    }

    /// The file or folder, from the project's root, where the tests that `pattern` means are written.
    ///
    /// It depends on the pattern alone, not on what it matches: so the page does not change with a new test.
    #[must_use]
    pub fn place(&self, pattern: &Pattern) -> Option<String> {
        let binary = pattern.binary();
        if let Some((file, _)) = self.integration(binary) {
            return Some(file.to_owned());
        }
        let package = self.packages.iter().find(|package| package.name == binary)?;
        let mut files = package.files.iter().filter(|(_, text)| defines(text, pattern.name()));
        let place = match (files.next(), files.next()) {
            (Some((file, _)), None) => Some(file),
            _ => package.module(pattern.modules()),
        };
        Some(place.cloned().unwrap_or_else(|| format!("{}/src", package.folder)))
    }

    /// How many cases proptest tries in the test of this name; `None` if it is not proptest's.
    #[must_use]
    pub fn cases(&self, test: &str) -> Option<u64> {
        let binary = test.split("::").next()?;
        let name = test.rsplit("::").next()?;
        if let Some((_, text)) = self.integration(binary) {
            return cases(text, name);
        }
        let package = self.packages.iter().find(|package| package.name == binary)?;
        let mut found = package.files.iter().filter(|(_, text)| defines(text, name));
        let (_, text) = found.next()?;
        found.next().is_none().then(|| cases(text, name))?
    }

    /// The file of the integration test `binary`.
    fn integration(&self, binary: &str) -> Option<(&str, &str)> {
        self.packages.iter().find_map(|package| {
            let ends = [
                format!("{}/tests/{binary}.rs", package.folder),
                format!("{}/tests/{binary}/main.rs", package.folder),
            ];
            let file = package.files.iter().find(|(file, _)| ends.contains(file));
            file.map(|(file, text)| (file.as_str(), text.as_str()))
        })
    }
}

/// Reads the packages under `folder`.
fn find(root: &Path, folder: &Path, packages: &mut Vec<Package>) -> std::io::Result<()> {
    if let Some(name) = package_name(&folder.join("Cargo.toml")) {
        let mut files = Vec::new();
        for part in ["src", "tests"] {
            rust_files(root, &folder.join(part), &mut files)?;
        }
        files.sort();
        packages.push(Package {
            name: name.replace('-', "_"),
            folder: relative(root, folder),
            files,
        });
    }
    for entry in folders(folder)? {
        find(root, &entry, packages)?;
    }
    Ok(())
}

fn package_name(manifest: &Path) -> Option<String> {
    let document = Document::parse(fs::read_to_string(manifest).ok()?).ok()?;
    document.get("package")?.get("name").and_then(Item::as_str).map(str::to_owned)
}

fn rust_files(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> std::io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            // A package of its own, a crate for a test to build.
            if !path.join("Cargo.toml").exists() {
                rust_files(root, &path, files)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push((relative(root, &path), fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

/// The folders in `folder` that may have packages.
fn folders(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let skipped = name.starts_with('.') || ["target", "node_modules", "src"].contains(&&*name);
        if path.is_dir() && !path.is_symlink() && !skipped {
            folders.push(path);
        }
    }
    Ok(folders)
}

fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// Whether `text` defines a function of this name.
fn defines(text: &str, name: &str) -> bool {
    position(text, name).is_some()
}

fn position(text: &str, name: &str) -> Option<usize> {
    text.find(&format!("fn {name}("))
}

/// The cases of the `proptest!` block in `text` in which `name` is defined.
fn cases(text: &str, name: &str) -> Option<u64> {
    let at = position(text, name)?;
    let start = text[..at].rfind("proptest! {")?;
    let mut depth = 0;
    for character in text[start..at].chars() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    let block = &text[start..at];
    if depth < 1 {
        return None;
    }
    let written = ["with_cases(", "cases: "].iter().find_map(|before| block.split_once(before));
    let Some((_, number)) = written else {
        return Some(PROPTEST_CASES);
    };
    let digits: String = number.chars().take_while(|digit| digit.is_ascii_digit() || *digit == '_').collect();
    digits.replace('_', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "#[test]\nfn plain() {}\nproptest! {\n    #![proptest_config(ProptestConfig::with_cases(2_000))]\n\
        #[test]\nfn first(a in 0..1) { if a == 0 {} }\n#[test]\nfn second(a in 0..1) {}\n}\nproptest! {\n#[test]\nfn third(a in 0..1) {}\n}\n\
        #[test]\nfn last() {}\nproptest! {\n#![proptest_config(ProptestConfig { cases: 30, ..d() })]\nfn fourth(a in 0..1) {}\n}\n";

    #[test]
    fn cases_are_those_of_the_block_around_a_test() {
        let said = ["plain", "first", "second", "third", "last", "fourth", "fifth"].map(|name| cases(TEXT, name));
        assert_eq!(said, [None, Some(2_000), Some(2_000), Some(256), None, Some(30), None]);
    }

    #[test]
    fn a_place_is_a_file_where_there_is_one_and_a_folder_where_not() {
        let package = |name: &str, folder: &str, files: &[(&str, &str)]| Package {
            name: name.to_owned(),
            folder: folder.to_owned(),
            files: files
                .iter()
                .map(|(file, text)| (format!("{folder}/{file}"), (*text).to_owned()))
                .collect(),
        };
        let sources = Sources {
            packages: vec![
                package(
                    "a_b",
                    "crates/a-b",
                    &[
                        ("src/x.rs", TEXT),
                        ("src/y.rs", "fn plain() {} fn other() {}"),
                        ("src/m_tests.rs", ""),
                    ],
                ),
                package("c", "tests/c", &[("tests/story.rs", TEXT), ("tests/long/main.rs", "")]),
            ],
        };
        let place = |pattern: &str| sources.place(&Pattern::new(pattern));
        assert_eq!(place("a_b::m::first").as_deref(), Some("crates/a-b/src/x.rs"));
        assert_eq!(place("a_b::n::plain").as_deref(), Some("crates/a-b/src"));
        assert_eq!(place("a_b::y::tests::plain").as_deref(), Some("crates/a-b/src/y.rs"));
        assert_eq!(place("a_b::m::tests::pl*").as_deref(), Some("crates/a-b/src/m_tests.rs"));
        assert_eq!(place("a_b::*").as_deref(), Some("crates/a-b/src"));
        assert_eq!(place("story::*").as_deref(), Some("tests/c/tests/story.rs"));
        assert_eq!(place("long::x").as_deref(), Some("tests/c/tests/long/main.rs"));
        assert_eq!(place("nothing::x"), None);
        assert_eq!(sources.cases("a_b::m::first"), Some(2_000));
        assert_eq!(sources.cases("story::third"), Some(256));
        assert_eq!(sources.cases("a_b::m::plain"), None);
    }

    #[test]
    fn this_crate_is_found_where_it_is() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let sources = Sources::read(&root).expect("the project's files");
        let here = Pattern::new("evidence::sources::tests::this_crate_is_found_where_it_is");
        assert_eq!(sources.place(&here).as_deref(), Some("tests/evidence/src/sources.rs"));
    }
}

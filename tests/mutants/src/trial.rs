//! Building and running what is woven.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    list::Mutant,
    weave::{around, weave, CHOICE},
};

/// A number that no mutant has: the tests as they are, under the same rules.
const NONE: u32 = u32::MAX;
/// Kilobytes of memory that a run may have: a mutant may want all there is.
const MEMORY: u32 = 4_000_000;
/// Times that what does not compile is taken out.
const ATTEMPTS: usize = 12;

/// What came of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// A test failed.
    Caught,
    /// The tests did not end.
    Timeout,
    /// No test failed.
    Missed,
    /// It does not compile.
    Unviable,
}

/// A crate in a copy of the project whose sources may be written over.
#[derive(Clone, Copy, Debug)]
pub struct Crate<'a> {
    /// The copy's root.
    pub tree: &'a Path,
    /// The crate's name, and its folder under `crates`.
    pub name: &'a str,
}

impl Crate<'_> {
    /// Tells what comes of each mutant of the crate, as it is known.
    ///
    /// # Errors
    /// If the crate cannot be built, if its tests fail as they are, and what `tell` says.
    pub fn tried(&self, mutants: &[Mutant], tell: &mut dyn FnMut(&Mutant, Verdict) -> Result<(), String>) -> Result<(), String> {
        let numbered: BTreeMap<u32, &Mutant> = (1..).zip(mutants).collect();
        let (tests, unviable) = self.built(&numbered)?;
        let begun = Instant::now();
        if self.verdict(&tests, NONE, Duration::from_mins(20))? != Verdict::Missed {
            return Err(format!("The tests of {} fail as they are.", self.name));
        }
        // A test that a mutant makes slower is given time; one that it makes endless is not given much.
        let patience = begun.elapsed() * 4 + Duration::from_secs(5);
        for (number, mutant) in numbered {
            let verdict = if unviable.contains(&number) {
                Verdict::Unviable
            } else {
                self.verdict(&tests, number, patience)?
            };
            tell(mutant, verdict)?;
        }
        Ok(())
    }

    /// Builds the tests with all mutants that compile: the binary, and the numbers of the others.
    fn built(&self, mutants: &BTreeMap<u32, &Mutant>) -> Result<(PathBuf, BTreeSet<u32>), String> {
        let mut originals: BTreeMap<String, String> = BTreeMap::new();
        for file in mutants.values().map(|mutant| mutant.file.clone()).chain([self.library()]) {
            let text = fs::read_to_string(self.tree.join(&file)).map_err(|error| format!("{file} cannot be read: {error}."))?;
            originals.insert(file, text);
        }
        let mut unviable = BTreeSet::new();
        for _ in 0..ATTEMPTS {
            let mut woven = BTreeMap::new();
            for (file, text) in &originals {
                let here = mutants
                    .iter()
                    .filter(|(number, mutant)| mutant.file == *file && !unviable.contains(*number));
                let here: Vec<_> = here.map(|(number, mutant)| (*number, *mutant)).collect();
                let (mut text, homeless) = weave(text, &here);
                if let Some(number) = homeless.first() {
                    return Err(format!("{} has no place in the text.", mutants[number].name));
                }
                if *file == self.library() {
                    text.push_str(CHOICE);
                }
                fs::write(self.tree.join(file), &text).map_err(|error| format!("{file} cannot be written: {error}."))?;
                woven.insert(file.clone(), text);
            }
            let built = self.build(&woven);
            for (file, text) in &originals {
                fs::write(self.tree.join(file), text).map_err(|error| format!("{file} cannot be written: {error}."))?;
            }
            match built? {
                Built::Tests(tests) => return Ok((tests, unviable)),
                Built::Without(more) => unviable.extend(more),
            }
        }
        Err(format!("{} does not compile, whatever is left out.", self.name))
    }

    fn library(&self) -> String {
        format!("crates/{}/src/lib.rs", self.name)
    }

    fn build(&self, woven: &BTreeMap<String, String>) -> Result<Built, String> {
        let output = Command::new("cargo")
            .args([
                "test",
                "--locked",
                "--lib",
                "--no-run",
                "--message-format=json",
                "--package",
                self.name,
            ])
            .current_dir(self.tree)
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cargo does not run: {error}."))?;
        let messages = String::from_utf8_lossy(&output.stdout);
        built(&messages, woven)
    }

    /// What the tests say with the mutant `number`.
    fn verdict(&self, tests: &Path, number: u32, patience: Duration) -> Result<Verdict, String> {
        let mut run = Command::new("sh")
            .args(["-c", &format!("ulimit -v {MEMORY}; exec \"$0\" --quiet")])
            .arg(tests)
            .current_dir(self.tree.join("crates").join(self.name))
            .env("MUTANT", number.to_string())
            // A failure is enough: it need not be made small, nor be kept.
            .env("PROPTEST_MAX_SHRINK_ITERS", "0")
            .env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("The tests do not run: {error}."))?;
        let begun = Instant::now();
        loop {
            match run
                .try_wait()
                .map_err(|error| format!("The tests cannot be waited for: {error}."))?
            {
                Some(status) if status.success() => return Ok(Verdict::Missed),
                Some(_) => return Ok(Verdict::Caught),
                None if begun.elapsed() > patience => {
                    let ended = run.kill().and_then(|()| run.wait());
                    return ended
                        .map(|_| Verdict::Timeout)
                        .map_err(|error| format!("The tests do not end: {error}."));
                }
                None => thread::sleep(Duration::from_millis(5)),
            }
        }
    }
}

/// What came of a build.
#[derive(Debug, PartialEq, Eq)]
enum Built {
    /// The tests.
    Tests(PathBuf),
    /// Nothing; these mutants do not compile.
    Without(BTreeSet<u32>),
}

/// Reads what cargo said of a build of `woven` texts.
fn built(messages: &str, woven: &BTreeMap<String, String>) -> Result<Built, String> {
    let mut guilty = BTreeSet::new();
    let mut strange = None;
    for message in messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        if let Some(tests) = message.get("executable").and_then(Value::as_str) {
            return Ok(Built::Tests(tests.into()));
        }
        let Some(error) = message.get("message").filter(|error| error["level"] == "error") else {
            continue;
        };
        let spans = error["spans"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|span| span["is_primary"] == true);
        let found: Vec<_> = spans.filter_map(|span| culprit(span, woven)).collect();
        if found.is_empty() && !error["spans"].as_array().is_none_or(Vec::is_empty) {
            strange = error["rendered"].as_str().map(str::to_owned);
        }
        guilty.extend(found);
    }
    match (guilty.is_empty(), strange) {
        (false, _) => Ok(Built::Without(guilty)),
        (true, strange) => Err(strange.unwrap_or_else(|| "cargo built no tests, and says no error.".to_owned())),
    }
}

/// The mutant that an error's place lies in.
fn culprit(span: &Value, woven: &BTreeMap<String, String>) -> Option<u32> {
    let text = woven.get(span["file_name"].as_str()?)?;
    around(text, usize::try_from(span["byte_start"].as_u64()?).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_mutants_and_a_build_names_its_tests() {
        let woven = BTreeMap::from([("a.rs".to_owned(), "/*m3*/x/*m3.*/ y".to_owned())]);
        let error = |byte: usize, file: &str| {
            format!(
                "{{\"reason\":\"compiler-message\",\"message\":{{\"level\":\"error\",\"rendered\":\"no y\",\"spans\":[{{\"is_primary\":true,\
                \"byte_start\":{byte},\"file_name\":\"{file}\"}}]}}}}\n"
            )
        };
        let warning = error(6, "a.rs").replace("\"error\"", "\"warning\"");
        assert_eq!(built(&error(6, "a.rs"), &woven), Ok(Built::Without(BTreeSet::from([3]))));
        assert_eq!(built(&error(15, "a.rs"), &woven), Err("no y".to_owned()));
        assert_eq!(built(&error(6, "b.rs"), &woven), Err("no y".to_owned()));
        let tests = format!("{warning}{{\"executable\":null}}\n{{\"executable\":\"/t\"}}\n");
        assert_eq!(built(&tests, &woven), Ok(Built::Tests("/t".into())));
        assert_eq!(built(&warning, &woven), Err("cargo built no tests, and says no error.".to_owned()));
    }
}

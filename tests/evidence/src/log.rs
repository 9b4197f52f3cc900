//! What a run of the tests printed.

use std::collections::BTreeMap;

/// What came of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It passed.
    Passed,
    /// It was not run.
    Ignored,
    /// It failed.
    Failed,
}

/// A test that was run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial {
    /// What came of it.
    pub verdict: Verdict,
    /// How often it says that it tried.
    pub tried: Option<u64>,
}

/// A run of the tests.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// When, and of what, as `scripts/test` says it.
    pub of: Option<String>,
    /// If it was a long one: when, of what, how long and how it ended.
    pub long: Option<String>,
    /// By `binary::module::name`. Where two have a name, the worse of them.
    pub trials: BTreeMap<String, Trial>,
}

/// A log that does not say what was run.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Garbled {
    /// Names and count differ.
    #[error("the log names {named} tests of {binary} and counts {counted}: run scripts/test again, and see what prints between them.")]
    Count {
        /// Whose tests.
        binary: String,
        /// Lines with a name.
        named: u64,
        /// The number in the last line.
        counted: u64,
    },
    /// Tests of nothing.
    #[error("the log has a test before any `Running` line: {line}")]
    NoBinary {
        /// The test's line.
        line: String,
    },
    /// No end.
    #[error("the log ends before the tests of {binary} do: they were killed, or did not compile.")]
    NoEnd {
        /// Whose tests.
        binary: String,
    },
}

/// How `scripts/test` begins a log.
const OF: &str = "full run: ";
/// How `scripts/test --long` ends one.
const LONG: &str = "long run: ";

impl Run {
    /// The run that cargo and `scripts/test` printed as `log`.
    ///
    /// # Errors
    /// [`Garbled`].
    pub fn read(log: &str) -> Result<Self, Garbled> {
        let mut reader = Reader::default();
        for line in log.lines() {
            reader.line(line)?;
        }
        reader.end()?;
        Ok(reader.run)
    }
}

#[derive(Default)]
struct Reader {
    run: Run,
    binary: Option<String>,
    /// Between a binary's list of tests and its last line: outputs of tests.
    outputs: bool,
    /// The test whose output is read.
    speaker: Option<String>,
    /// A test whose name was printed and whose verdict was not yet.
    pending: Option<String>,
    named: u64,
    /// Between a binary's first line and its last.
    running: bool,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), Garbled> {
        if let Some(of) = line.strip_prefix(OF) {
            self.run.of = Some(of.to_owned());
        } else if let Some(long) = line.strip_prefix(LONG) {
            self.run.long = Some(long.to_owned());
        } else if let Some(binary) = binary(line) {
            self.end()?;
            self.binary = Some(binary);
        } else if let Some(result) = line.strip_prefix("test result:") {
            self.result(result)?;
        } else if line.starts_with("running ") && !self.outputs {
            self.running = true;
        } else if line == "successes:" || line == "failures:" {
            (self.outputs, self.speaker) = (true, None);
        } else if self.outputs {
            self.output(line);
        } else if let Some((name, rest)) = line.strip_prefix("test ").and_then(|line| line.split_once(" ... ")) {
            let Some(binary) = &self.binary else {
                return Err(Garbled::NoBinary { line: line.to_owned() });
            };
            let name = full(binary, name);
            match verdict(rest) {
                Some(verdict) => self.name(name, verdict),
                None => self.pending = Some(name),
            }
        } else if self.pending.is_some() {
            if let (Some(verdict), Some(name)) = (verdict(line), self.pending.clone()) {
                self.name(name, verdict);
            }
        }
        Ok(())
    }

    fn output(&mut self, line: &str) {
        let Some(binary) = &self.binary else {
            return;
        };
        if let Some(name) = line.strip_prefix("---- ").and_then(|line| line.strip_suffix(" stdout ----")) {
            self.speaker = Some(full(binary, name));
        } else if let (Some(speaker), Some(tried)) = (&self.speaker, line.strip_prefix("tried ")) {
            if let (Some(trial), Ok(tried)) = (self.run.trials.get_mut(speaker), tried.trim().parse::<u64>()) {
                trial.tried = Some(trial.tried.unwrap_or_default() + tried);
            }
        }
    }

    fn name(&mut self, name: String, verdict: Verdict) {
        (self.pending, self.named) = (None, self.named + 1);
        let trial = self.run.trials.entry(name).or_insert(Trial { verdict, tried: None });
        trial.verdict = trial.verdict.max(verdict);
    }

    fn result(&mut self, line: &str) -> Result<(), Garbled> {
        let binary = self.binary.clone().unwrap_or_default();
        let words: Vec<_> = line.split_whitespace().collect();
        let counted = words
            .windows(2)
            .filter(|pair| ["passed;", "failed;", "ignored;"].contains(&pair[1]))
            .filter_map(|pair| pair[0].parse::<u64>().ok())
            .sum();
        let named = self.named;
        if named != counted {
            return Err(Garbled::Count { binary, named, counted });
        }
        // A crate's documentation is tested in more than one binary.
        (self.named, self.outputs, self.running) = (0, false, false);
        (self.speaker, self.pending) = (None, None);
        Ok(())
    }

    fn end(&mut self) -> Result<(), Garbled> {
        match &self.binary {
            Some(binary) if self.running => Err(Garbled::NoEnd { binary: binary.clone() }),
            _ => Ok(()),
        }
    }
}

/// The name of the binary that cargo says it runs.
fn binary(line: &str) -> Option<String> {
    let line = line.trim_start();
    if let Some(documented) = line.strip_prefix("Doc-tests ") {
        return Some(format!("{documented}::doc"));
    }
    let (_, path) = line.strip_prefix("Running ")?.split_once(" (")?;
    let file = path.strip_suffix(')')?.rsplit('/').next()?;
    let (name, hash) = file.rsplit_once('-')?;
    (hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| name.to_owned())
}

fn full(binary: &str, name: &str) -> String {
    let name = ["should panic", "compile fail", "compile"].iter().fold(name, |name, kind| {
        name.strip_suffix(kind).and_then(|name| name.strip_suffix(" - ")).unwrap_or(name)
    });
    format!("{binary}::{name}")
}

/// The verdict that a line ends with; whatever was printed in between stands before it.
fn verdict(rest: &str) -> Option<Verdict> {
    let rest = rest.trim_end();
    if rest.ends_with("FAILED") {
        Some(Verdict::Failed)
    } else if rest.starts_with("ignored") {
        Some(Verdict::Ignored)
    } else if rest.ends_with("ok") {
        Some(Verdict::Passed)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "full run: 2026-11-26, abc\n   Compiling a v0.1.0\n     Running unittests src/lib.rs (target/debug/deps/a_b-0123456789abcdef)\n\n\
        running 3 tests\ntest m::one ... ok\ntest m::two - should panic ... ok\ntest three has been running for over 60 seconds\n\
        test three ... ignored, for a reason\n\nsuccesses:\n\n---- m::one stdout ----\ntest nonsense ... ok\ntried 40\ntried 2\ntried hard\n\n\n\
        successes:\n    m::one\n    m::two\n\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s\n\n\
        \u{20}    Running tests/c.rs (/elsewhere/debug/deps/c-0123456789abcdef)\n\nrunning 2 tests\ntest x ... a child speaks\nok\ntest y ... FAILED\n\n\
        failures:\n\n---- y stdout ----\ntried 7\n\nfailures:\n    y\n\ntest result: FAILED. 1 passed; 1 failed; 0 ignored;\n\
        \u{20}  Doc-tests a_b\n\nrunning 1 test\ntest crates/a/src/lib.rs - m (line 7) - compile fail ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored;\n";

    #[test]
    fn names_verdicts_and_tries_are_read() {
        let run = Run::read(LOG).expect("a log");
        assert_eq!((run.of.as_deref(), run.long), (Some("2026-11-26, abc"), None));
        let long = Run::read(&format!("{LOG}long run: 2026-11-26, abc, 9 s: ok\n"))
            .expect("a log")
            .long;
        assert_eq!(long.as_deref(), Some("2026-11-26, abc, 9 s: ok"));
        let said: Vec<_> = run
            .trials
            .iter()
            .map(|(name, trial)| (name.as_str(), trial.verdict, trial.tried))
            .collect();
        let expected = [
            ("a_b::doc::crates/a/src/lib.rs - m (line 7)", Verdict::Passed, None),
            ("a_b::m::one", Verdict::Passed, Some(42)),
            ("a_b::m::two", Verdict::Passed, None),
            ("a_b::three", Verdict::Ignored, None),
            ("c::x", Verdict::Passed, None),
            ("c::y", Verdict::Failed, Some(7)),
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn of_two_with_one_name_the_worse_counts() {
        let twice = format!("{LOG}{}", LOG.replace("m::one ... ok", "m::one ... FAILED"));
        let run = Run::read(&twice).expect("a log");
        assert_eq!(run.trials["a_b::m::one"].verdict, Verdict::Failed);
    }

    #[test]
    fn a_log_that_is_not_whole_is_refused() {
        let cases = [
            (LOG.replace("test m::one ... ok\n", ""), "the log names 2 tests of a_b and counts 3"),
            (
                LOG[..LOG.find("test result: FAILED").expect("there")].to_owned(),
                "the log ends before the tests of c do",
            ),
            (
                LOG[LOG.find("running 3").expect("there")..].to_owned(),
                "the log has a test before any `Running` line",
            ),
        ];
        for (log, fault) in cases {
            let said = Run::read(&log).expect_err(fault).to_string();
            assert!(said.starts_with(fault), "{said}");
        }
    }
}

//! Promises and tests held against each other.

use std::collections::BTreeSet;

use crate::{
    book::Book,
    log::{Run, Verdict},
    pattern::Pattern,
};

/// How many promises there are at least: as many as there were when this was last raised. It is never lowered.
pub const LEAST: usize = 429;

/// What is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Two promises of one number.
    #[error("Two promises have the id {id}: give one of them another.")]
    Duplicate {
        /// The number.
        id: String,
    },
    /// Fewer promises than there have to be.
    #[error("There are {count} promises and there have to be {LEAST}: none may be dropped without another in its place.")]
    TooFew {
        /// How many there are.
        count: usize,
    },
    /// A promise without a test.
    #[error(
        "Promise {id} names {pattern}, and no such test was run: the test was renamed or removed. Name the test that holds the promise \
        now, or list the promise under [[open]] with what is missing."
    )]
    NoTest {
        /// Whose.
        id: String,
        /// The name that means nothing.
        pattern: Pattern,
    },
    /// A reason for tests that are not there.
    #[error("[[supporting]] names {pattern}, and no such test was run: take the name out.")]
    NoSupport {
        /// The name that means nothing.
        pattern: Pattern,
    },
    /// Tests without a promise.
    #[error(
        "{} of {module} without a promise: {}. Add each to the promise that it holds, or write that promise, in {}/*.toml; tests of tools and \
        helpers go under [[supporting]] with the reason.", counted(names), names.join(", "), crate::PROMISES
    )]
    NoPromise {
        /// The module that they are in.
        module: String,
        /// Their names.
        names: Vec<String>,
    },
    /// A promise that is broken.
    #[error("Promise {id} is broken: {test} failed.")]
    Broken {
        /// Which.
        id: String,
        /// What noticed.
        test: String,
    },
    /// A promise that nobody looked after.
    #[error("Promise {id} was not tried: {test} is ignored. Run the tests as scripts/test does.")]
    NotTried {
        /// Which.
        id: String,
        /// What was not run.
        test: String,
    },
}

fn counted(names: &[String]) -> String {
    match names.len() {
        1 => "1 test".to_owned(),
        count => format!("{count} tests"),
    }
}

/// Everything that is wrong between `book` and `run`.
#[must_use]
pub fn check(book: &Book, run: &Run) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut ids = BTreeSet::new();
    for promise in book.promises() {
        if !ids.insert(&promise.id) {
            faults.push(Fault::Duplicate { id: promise.id.clone() });
        }
    }
    if ids.len() < LEAST {
        faults.push(Fault::TooFew { count: ids.len() });
    }
    for promise in book.promises() {
        let id = &promise.id;
        for pattern in &promise.tests {
            let mut tests = matching(run, pattern).peekable();
            if tests.peek().is_none() {
                let (id, pattern) = (id.clone(), pattern.clone());
                faults.push(Fault::NoTest { id, pattern });
            }
            for (test, verdict) in tests {
                let (id, test) = (id.clone(), test.to_owned());
                match verdict {
                    Verdict::Passed => {}
                    Verdict::Failed => faults.push(Fault::Broken { id, test }),
                    Verdict::Ignored => faults.push(Fault::NotTried { id, test }),
                }
            }
        }
    }
    for pattern in book.supporting().flat_map(|supporting| &supporting.tests) {
        if matching(run, pattern).next().is_none() {
            faults.push(Fault::NoSupport { pattern: pattern.clone() });
        }
    }
    faults.extend(without_promise(book, run));
    faults
}

/// The tests that `pattern` means, with what came of them.
pub fn matching<'a>(run: &'a Run, pattern: &'a Pattern) -> impl Iterator<Item = (&'a str, Verdict)> {
    let trials = run.trials.iter().filter(|(test, _)| pattern.matches(test));
    trials.map(|(test, trial)| (test.as_str(), trial.verdict))
}

/// The tests that nothing in `book` means, by module.
fn without_promise(book: &Book, run: &Run) -> Vec<Fault> {
    let promised = book.promises().flat_map(|promise| &promise.tests);
    let patterns: Vec<_> = promised.chain(book.supporting().flat_map(|supporting| &supporting.tests)).collect();
    let mut modules: Vec<(String, Vec<String>)> = Vec::new();
    let strays = run
        .trials
        .keys()
        .filter(|test| !patterns.iter().any(|pattern| pattern.matches(test)));
    for test in strays {
        let (module, name) = test.rsplit_once("::").unwrap_or(("", test));
        match modules.last_mut() {
            Some((last, names)) if last == module => names.push(name.to_owned()),
            _ => modules.push((module.to_owned(), vec![name.to_owned()])),
        }
    }
    modules
        .into_iter()
        .map(|(module, names)| Fault::NoPromise { module, names })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        book::{Chapter, Promise, Supporting},
        log::Trial,
    };

    fn run(tests: &[(&str, Verdict)]) -> Run {
        let trial = |verdict| Trial { verdict, tried: None };
        Run {
            of: None,
            long: None,
            trials: tests.iter().map(|(test, verdict)| ((*test).to_owned(), trial(*verdict))).collect(),
        }
    }

    /// Enough promises, all held by `a::*`, and one of `tests` for each of `more`.
    fn book(more: &[(&str, &str)]) -> Book {
        let promise = |id: &str, test: &str| Promise {
            id: id.to_owned(),
            says: "It holds.".to_owned(),
            from: "S 1".to_owned(),
            tests: vec![Pattern::new(test)],
        };
        let mut promises: Vec<_> = (0..LEAST).map(|number| promise(&format!("A{number}"), "a::*")).collect();
        promises.extend(more.iter().map(|(id, test)| promise(id, test)));
        let chapter = Chapter {
            title: "A".to_owned(),
            promises,
            open: Vec::new(),
            supporting: vec![Supporting {
                reason: "a tool".to_owned(),
                tests: vec![Pattern::new("tool::*")],
            }],
        };
        Book { chapters: vec![chapter] }
    }

    const FINE: [(&str, Verdict); 2] = [("a::one", Verdict::Passed), ("tool::one", Verdict::Passed)];

    fn said(book: &Book, more: &[(&str, Verdict)]) -> Vec<String> {
        let tests: Vec<_> = FINE.iter().chain(more).copied().collect();
        check(book, &run(&tests)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn promises_with_tests_and_tests_with_promises_are_fine() {
        assert_eq!(said(&book(&[]), &[]), [""; 0]);
    }

    #[test]
    fn a_number_is_given_once() {
        let said = said(&book(&[("A7", "a::one")]), &[]);
        assert_eq!(said, ["Two promises have the id A7: give one of them another."]);
    }

    #[test]
    fn promises_do_not_become_fewer() {
        let mut book = book(&[]);
        book.chapters[0].promises.pop();
        let said = said(&book, &[]);
        assert_eq!(said.len(), 1);
        assert!(
            said[0].starts_with(&format!("There are {} promises and there have to be {LEAST}", LEAST - 1)),
            "{}",
            said[0]
        );
    }

    #[test]
    fn a_promise_needs_a_test_that_was_run() {
        let said = said(&book(&[("B1", "a::renamed")]), &[]);
        assert_eq!(said.len(), 1);
        assert!(
            said[0].starts_with("Promise B1 names a::renamed, and no such test was run"),
            "{}",
            said[0]
        );
    }

    #[test]
    fn a_reason_needs_a_test_that_was_run() {
        let faults = check(&book(&[]), &run(&FINE[..1]));
        assert_eq!(
            faults,
            [Fault::NoSupport {
                pattern: Pattern::new("tool::*")
            }]
        );
    }

    #[test]
    fn a_test_needs_a_promise_or_a_reason() {
        let said = said(
            &book(&[]),
            &[
                ("new::m::one", Verdict::Passed),
                ("new::m::two", Verdict::Passed),
                ("new::x", Verdict::Failed),
            ],
        );
        assert_eq!(said.len(), 2);
        assert!(
            said[0].starts_with("2 tests of new::m without a promise: one, two. Add each"),
            "{}",
            said[0]
        );
        assert!(said[1].starts_with("1 test of new without a promise: x."), "{}", said[1]);
    }

    #[test]
    fn a_promise_is_broken_by_any_of_its_tests() {
        let said = said(
            &book(&[("B1", "b::*")]),
            &[("b::one", Verdict::Passed), ("b::two", Verdict::Failed)],
        );
        assert_eq!(said, ["Promise B1 is broken: b::two failed."]);
    }

    #[test]
    fn a_promise_is_tried() {
        let said = said(&book(&[("B1", "b::*")]), &[("b::one", Verdict::Ignored)]);
        assert_eq!(
            said,
            ["Promise B1 was not tried: b::one is ignored. Run the tests as scripts/test does."]
        );
    }
}

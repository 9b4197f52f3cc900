//! `docs/INVARIANTS.md`: the promises for readers.

use std::{collections::BTreeSet, fmt::Write};

use crate::{
    book::{Book, Chapter, Promise},
    log::{Run, Verdict},
    sources::Sources,
};

/// Promises that one block of a chapter's bar stands for.
const BLOCK: usize = 2;
/// How the line begins that says which run the results are of.
const RUN: &str = "Last full run: ";
/// How the row begins that says what the last long run did.
const LONG: &str = "| all, in the last long run: ";

/// What a run says about some promises.
#[derive(Clone, Debug, Default)]
struct Result {
    tests: BTreeSet<String>,
    tried: u64,
    failed: bool,
    /// A test is missing or was not run.
    untried: bool,
}

impl Result {
    fn of(promise: &Promise, run: &Run, sources: &Sources) -> Self {
        let mut result = Self::default();
        for pattern in &promise.tests {
            let before = result.tests.len();
            for (test, trial) in run.trials.iter().filter(|(test, _)| pattern.matches(test)) {
                result.failed |= trial.verdict == Verdict::Failed;
                if trial.verdict != Verdict::Ignored && result.tests.insert(test.clone()) {
                    result.tried += trial.tried.or_else(|| sources.cases(test)).unwrap_or(1);
                }
            }
            let nothing = result.tests.len() == before && !result.tests.iter().any(|test| pattern.matches(test));
            result.untried |= nothing;
        }
        result
    }

    fn verdict(&self) -> &'static str {
        match self {
            Self { failed: true, .. } => "**broken**",
            Self { untried: true, .. } => "not tried",
            _ => "held",
        }
    }
}

/// The page for `book`, with what `run` says, and what `before`, the page as it was, says of the last long run.
#[must_use]
pub fn render(book: &Book, run: &Run, sources: &Sources, before: &str) -> String {
    let mut page = String::from(HEAD);
    let _ = writeln!(
        page,
        "{RUN}{}.\n",
        run.of.as_deref().unwrap_or("none yet, so what the last columns say is of parts")
    );
    summary(&mut page, book, run, sources, before);
    for chapter in &book.chapters {
        if chapter.promises.is_empty() {
            continue;
        }
        let _ = writeln!(page, "\n## {}\n", chapter.title);
        page.push_str("| | promise | asked for by | tests | tried | |\n| --- | --- | --- | --- | ---: | --- |\n");
        for promise in &chapter.promises {
            row(&mut page, promise, &Result::of(promise, run, sources), sources);
        }
    }
    open(&mut page, book);
    supporting(&mut page, book);
    page
}

const HEAD: &str = "# What is promised, and what holds it

Written by `scripts/evidence` from [tests/evidence/promises](../tests/evidence/promises) and the last run of `scripts/test`, which fails if a promise has
no test, if a test has no promise, if a promise is broken, or if this page is not what the promises say.

Numbers are those of [PROTOCOL.md](PROTOCOL.md) where it has one. A test is named by its crate or file, its module and its own name; `*` stands for all
that are there. *Tried* counts what its tests did in that run: operations of a random walk, cases of a property, or once.

";

fn summary(page: &mut String, book: &Book, run: &Run, sources: &Sources, before: &str) {
    page.push_str("| | promises | | tried | held |\n| --- | ---: | --- | ---: | ---: |\n");
    let mut all = (0, 0, 0);
    for chapter in book.chapters.iter().filter(|chapter| !chapter.promises.is_empty()) {
        let results: Vec<_> = chapter.promises.iter().map(|promise| Result::of(promise, run, sources)).collect();
        let held = results.iter().filter(|result| result.verdict() == "held").count();
        let count = results.len();
        let tried = once(chapter, run, sources);
        let bar = "█".repeat(count.div_ceil(BLOCK));
        let _ = writeln!(
            page,
            "| [{0}](#{1}) | {count} | {bar} | {2} | {held} |",
            chapter.title,
            anchor(&chapter.title),
            grouped(tried)
        );
        all = (all.0 + count, all.1 + tried, all.2 + held);
    }
    let numbers = format!("{} | | {} | {} |", all.0, grouped(all.1), all.2);
    let _ = writeln!(page, "| all | {numbers}");
    let kept = before.lines().find(|line| line.starts_with(LONG)).map(str::to_owned);
    if let Some(row) = run.long.as_ref().map(|long| format!("{LONG}{long} | {numbers}")).or(kept) {
        let _ = writeln!(page, "{row}");
    }
}

/// How often a chapter's tests tried, each test counted once.
fn once(chapter: &Chapter, run: &Run, sources: &Sources) -> u64 {
    let patterns: Vec<_> = chapter.promises.iter().flat_map(|promise| &promise.tests).collect();
    let trials = run.trials.iter().filter(|(test, trial)| {
        let run = trial.verdict != Verdict::Ignored;
        run && patterns.iter().any(|pattern| pattern.matches(test))
    });
    trials
        .map(|(test, trial)| trial.tried.or_else(|| sources.cases(test)).unwrap_or(1))
        .sum()
}

fn row(page: &mut String, promise: &Promise, result: &Result, sources: &Sources) {
    let tests: Vec<_> = promise
        .tests
        .iter()
        .map(|pattern| match sources.place(pattern) {
            Some(place) => format!("[`{pattern}`](../{place})"),
            None => format!("`{pattern}`"),
        })
        .collect();
    let Promise { id, says, from, .. } = promise;
    let (tests, tried) = (tests.join("<br>"), grouped(result.tried));
    let _ = writeln!(page, "| **{id}** | {says} | {from} | {tests} | {tried} | {} |", result.verdict());
}

fn open(page: &mut String, book: &Book) {
    let open: Vec<_> = book
        .chapters
        .iter()
        .flat_map(|chapter| chapter.open.iter().map(move |open| (chapter, open)))
        .collect();
    if open.is_empty() {
        return;
    }
    page.push_str("\n## Open\n\nPromised, and held by no test yet.\n\n");
    for (chapter, open) in open {
        let _ = writeln!(page, "- {}: {} ({}) Missing: {}", chapter.title, open.says, open.from, open.missing);
    }
}

fn supporting(page: &mut String, book: &Book) {
    page.push_str("\n## Tests of other things\n\nThey hold no promise of the protocol: they hold what the other tests stand on.\n\n");
    for supporting in book.supporting() {
        let tests: Vec<_> = supporting.tests.iter().map(|pattern| format!("`{pattern}`")).collect();
        let _ = writeln!(page, "- {}: {}", supporting.reason, tests.join(", "));
    }
}

/// A bar of twenty blocks for a part of 1,000.
pub(crate) fn gauge(part: usize) -> String {
    let full = part.min(1_000) / 50;
    "█".repeat(full) + &"░".repeat(20 - full)
}

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// What a heading is linked by.
fn anchor(title: &str) -> String {
    let kept = title.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// A page without what a run says: the last two cells of every row, the line that names the run, and the row of the last long one.
#[must_use]
pub fn without_results(page: &str) -> String {
    let mut kept = String::new();
    for line in page.lines().filter(|line| !line.starts_with(RUN) && !line.starts_with(LONG)) {
        let cells: Vec<_> = line.split(" | ").collect();
        let fixed = if line.starts_with('|') && cells.len() > 2 {
            &cells[..cells.len() - 2]
        } else {
            &cells[..]
        };
        kept.push_str(&fixed.join(" | "));
        kept.push('\n');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Trial;

    const BOOK: &str = "title = 'A Token'\n[[promise]]\nid = 'A1'\nsays = 'It holds.'\nfrom = 'S 1'\ntests = ['a::b', 'a::c::*']\n\
        [[promise]]\nid = 'A2'\nsays = 'It stays.'\nfrom = 'S 2'\ntests = ['a::b']\n\
        [[open]]\nsays = 'It flies.'\nfrom = 'S 3'\nmissing = 'wings.'\n[[supporting]]\nreason = 'a tool'\ntests = ['t::*']\n";

    fn page(tests: &[(&str, Verdict, Option<u64>)]) -> String {
        page_after(tests, None, "")
    }

    fn page_after(tests: &[(&str, Verdict, Option<u64>)], long: Option<&str>, before: &str) -> String {
        let chapter = Chapter::parse("a.toml", BOOK).expect("a chapter");
        let trials = tests.iter().map(|(test, verdict, tried)| {
            let (verdict, tried) = (*verdict, *tried);
            ((*test).to_owned(), Trial { verdict, tried })
        });
        let run = Run {
            of: Some("today".to_owned()),
            long: long.map(str::to_owned),
            trials: trials.collect(),
        };
        render(&Book { chapters: vec![chapter] }, &run, &Sources::default(), before)
    }

    #[test]
    fn a_page_says_what_was_tried_and_what_came_of_it() {
        let page = page(&[
            ("a::b", Verdict::Passed, Some(1_000)),
            ("a::c::d", Verdict::Passed, Some(234_567)),
            ("a::c::e", Verdict::Failed, None),
        ]);
        assert!(page.contains("Last full run: today.\n"));
        assert!(page.contains("| [A Token](#a-token) | 2 | █ | 235,568 | 1 |\n"));
        assert!(page.contains("| **A1** | It holds. | S 1 | `a::b`<br>`a::c::*` | 235,568 | **broken** |\n"));
        assert!(page.contains("| **A2** | It stays. | S 2 | `a::b` | 1,000 | held |\n"));
        assert!(page.contains("- A Token: It flies. (S 3) Missing: wings.\n"));
        assert!(page.contains("- a tool: `t::*`\n"));
    }

    #[test]
    fn what_was_not_run_was_not_tried() {
        let page = page(&[("a::b", Verdict::Passed, None), ("a::c::d", Verdict::Ignored, None)]);
        assert!(page.contains("| `a::b`<br>`a::c::*` | 1 | not tried |\n"));
    }

    #[test]
    fn the_last_long_run_stays_until_the_next() {
        let tests = [("a::b", Verdict::Passed, Some(7_000)), ("a::c::d", Verdict::Passed, None)];
        let row = "| all, in the last long run: today, abc | 2 | | 7,001 | 2 |\n";
        let long = page_after(&tests, Some("today, abc"), "");
        assert!(long.contains(row));
        let after = page_after(&[("a::b", Verdict::Failed, None)], None, &long);
        assert!(after.contains(row));
        assert_eq!(without_results(&after), without_results(&page(&tests)));
        assert!(page_after(&tests, Some("later, def"), &long).contains("| all, in the last long run: later, def | 2 |"));
    }

    #[test]
    fn results_do_not_make_a_page_stale_and_words_do() {
        let one = page(&[("a::b", Verdict::Passed, Some(7))]);
        let other = page(&[("a::b", Verdict::Failed, None), ("a::c::new", Verdict::Passed, None)]).replace("today", "tomorrow");
        assert_ne!(one, other);
        assert_eq!(without_results(&one), without_results(&other));
        assert_ne!(without_results(&one), without_results(&one.replace("It stays", "It went")));
        assert_ne!(without_results(&one), without_results(&one.replace("wings", "legs")));
    }
}

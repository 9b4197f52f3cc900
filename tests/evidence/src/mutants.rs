//! `docs/MUTANTS.md`: what happens to the tests when the code is made wrong.
//!
//! cargo-mutants changes one thing at a time, a comparison, an operator, a function's result, and runs the tests of the crate. A mutant that they let
//! pass survives. Each survivor needs its reason in `tests/evidence/mutants.toml`: that it changes nothing that anybody can see, or why the tests of
//! another crate, and not its own, would see it.

use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

use toml_edit::{Document, Item};

use crate::page::{gauge, grouped};

/// What is mutated: a crate, its files if not all, and the percent of its mutants that its tests have to kill at least.
pub const MUTATED: [(&str, usize); 5] = [
    ("fixed-point", 100),
    ("qev-book", 90),
    ("filo-stacks", 90),
    ("filo-defaults", 90),
    ("susdai-vault", 90),
];

/// The survivors that have a reason, from the project's root.
pub const REASONS: &str = "tests/evidence/mutants.toml";

/// Why a mutant may survive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// File and change, without line and column, which move.
    pub mutant: String,
    /// How many of that description there are.
    pub count: usize,
    /// Whether nothing can tell it from the code as it is.
    pub equivalent: bool,
    /// Why.
    pub says: String,
}

/// Reads [`REASONS`].
///
/// # Errors
/// What is wrong with `text`.
pub fn reasons(text: &str) -> Result<Vec<Reason>, String> {
    let document = Document::parse(text.to_owned()).map_err(|error| format!("{REASONS} is no TOML: {error}"))?;
    let Some(tables) = document.get("survivor").map(Item::as_array_of_tables) else {
        return Ok(Vec::new());
    };
    let tables = tables.ok_or_else(|| format!("{REASONS}: `survivor` has to be tables in double brackets."))?;
    let read = |table: &toml_edit::Table| {
        let text = |key: &str| table.get(key).and_then(Item::as_str).filter(|text| !text.is_empty());
        let count = table
            .get("count")
            .map_or(Some(1), |count| count.as_integer().and_then(|count| usize::try_from(count).ok()));
        let (mutant, equivalent) = (text("mutant")?, text("equivalent"));
        let says = equivalent.or_else(|| text("reason"))?;
        Some(Reason {
            mutant: mutant.to_owned(),
            count: count?,
            equivalent: equivalent.is_some(),
            says: says.to_owned(),
        })
    };
    let fault = |number| format!("{REASONS}: survivor number {number} needs `mutant`, and `equivalent` or `reason`; `count` is a number.");
    let numbered = (1..).zip(tables.iter());
    numbered.map(|(number, table)| read(table).ok_or_else(|| fault(number))).collect()
}

/// What came of a crate's mutants: their names, as cargo-mutants has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many there are.
    pub listed: usize,
    /// A test failed.
    pub caught: Vec<String>,
    /// The tests did not end.
    pub timeout: Vec<String>,
    /// No test failed.
    pub missed: Vec<String>,
    /// It did not compile.
    pub unviable: Vec<String>,
}

impl Outcome {
    /// What cargo-mutants wrote into `folder`, and `scripts/mutants` beside it.
    ///
    /// # Errors
    /// If there is none.
    pub fn read(folder: &Path) -> std::io::Result<Self> {
        let lines = |name: &str| -> std::io::Result<Vec<String>> {
            let text = fs::read_to_string(folder.join(name))?;
            Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
        };
        Ok(Self {
            listed: lines("listed.txt")?.len(),
            caught: lines("caught.txt")?,
            timeout: lines("timeout.txt")?,
            missed: lines("missed.txt")?,
            unviable: lines("unviable.txt")?,
        })
    }

    fn killed(&self) -> usize {
        self.caught.len() + self.timeout.len()
    }

    fn tried(&self) -> usize {
        self.killed() + self.missed.len() + self.unviable.len()
    }
}

/// `crates/a/src/b.rs:12:5: replace …` as `crates/a/src/b.rs: replace …`.
fn described(mutant: &str) -> String {
    match mutant.splitn(4, ':').collect::<Vec<_>>()[..] {
        [file, _, _, change] => format!("{file}:{change}"),
        _ => mutant.to_owned(),
    }
}

/// The survivors of one description: how many there are, and how many are said to be equivalent.
fn survivors(outcome: &Outcome) -> BTreeMap<String, Vec<&String>> {
    let mut survivors: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for mutant in &outcome.missed {
        survivors.entry(described(mutant)).or_default().push(mutant);
    }
    survivors
}

/// How many of a crate's survivors nothing could tell from the code.
fn equivalents(outcome: &Outcome, reasons: &[Reason]) -> usize {
    let of = |mutant: &String, there: usize| {
        reasons
            .iter()
            .find(|reason| reason.equivalent && reason.mutant == *mutant)
            .map_or(0, |reason| reason.count.min(there))
    };
    survivors(outcome).iter().map(|(mutant, there)| of(mutant, there.len())).sum()
}

/// What came of every crate's mutants, by its name.
pub type Outcomes = BTreeMap<String, Outcome>;

/// What is wrong.
#[must_use]
pub fn faults(outcomes: &Outcomes, reasons: &[Reason]) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, least) in MUTATED {
        let Some(outcome) = outcomes.get(name) else {
            faults.push(format!("{name}: its mutants were not tried. Run scripts/mutants {name}."));
            continue;
        };
        let distinct = outcome.killed() + outcome.missed.len() - equivalents(outcome, reasons);
        if 100 * outcome.killed() < least * distinct {
            let killed = outcome.killed();
            faults.push(format!("{name}: {killed} of {distinct} mutants killed, less than {least} %."));
        }
        for (mutant, there) in survivors(outcome) {
            let known = reasons
                .iter()
                .find(|reason| reason.mutant == mutant)
                .map_or(0, |reason| reason.count);
            if known < there.len() {
                let which = there.iter().map(|mutant| mutant.as_str()).collect::<Vec<_>>().join("\n  ");
                faults.push(format!(
                    "{mutant}: {} of these survive, and {REASONS} has a reason for {known}. Write the test that kills it, or the reason:\n  {which}",
                    there.len()
                ));
            }
        }
    }
    let all: Vec<_> = outcomes.values().map(survivors).collect();
    for reason in reasons {
        let there = all.iter().find_map(|survivors| survivors.get(&reason.mutant)).map_or(0, Vec::len);
        if outcomes.len() == MUTATED.len() && there < reason.count {
            faults.push(format!(
                "{REASONS} has a reason for {} of `{}`, and {there} survive.",
                reason.count, reason.mutant
            ));
        }
    }
    faults
}

/// The page, of the run that `of` names.
#[must_use]
pub fn render(outcomes: &Outcomes, reasons: &[Reason], of: &str) -> String {
    let mut page = format!("{HEAD}Last run: {of}.\n\n");
    page.push_str("| crate | mutants | tried | do not compile | killed | survive | equivalent | killed of the rest | |\n");
    page.push_str("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n");
    for (name, _) in MUTATED {
        let Some(outcome) = outcomes.get(name) else {
            let _ = writeln!(page, "| [`{name}`](../crates/{name}) | | none | | | | | | |");
            continue;
        };
        let equivalent = equivalents(outcome, reasons);
        let (killed, survive) = (outcome.killed(), outcome.missed.len());
        let part = (1_000 * killed).checked_div(killed + survive - equivalent).unwrap_or_default();
        let _ = writeln!(
            page,
            "| [`{name}`](../crates/{name}) | {} | {} | {} | {killed} | {survive} | {equivalent} | {}.{} % | {} |",
            grouped(outcome.listed as u64),
            grouped(outcome.tried() as u64),
            outcome.unviable.len(),
            part / 10,
            part % 10,
            gauge(part)
        );
    }
    page.push_str("\n## Survivors\n\n| mutant | | why no test of its crate fails |\n| --- | ---: | --- |\n");
    for outcome in outcomes.values() {
        for (mutant, there) in survivors(outcome) {
            let reason = reasons.iter().find(|reason| reason.mutant == mutant);
            let says = match reason {
                Some(Reason {
                    equivalent: true, says, ..
                }) => format!("Equivalent: {says}"),
                Some(reason) => reason.says.clone(),
                None => "**No reason yet.**".to_owned(),
            };
            // A table's cells are divided by bars.
            let _ = writeln!(page, "| `{}` | {} | {says} |", mutant.replace('|', "\\|"), there.len());
        }
    }
    page
}

const HEAD: &str = "# Mutants

Written by `scripts/mutants`: the code is made wrong in one place at a time, and the tests of that crate are run. What no test notices survives. The script fails
if less than 90 % are killed, if less than all of `fixed-point`'s are, or if a survivor has no reason in
[tests/evidence/mutants.toml](../tests/evidence/mutants.toml).

- cargo-mutants lists the mutants. [tests/mutants](../tests/mutants) builds all of a crate's into one test binary and switches on one at a time.
- Mutated is the arithmetic, the book and how it lies in storage, the waterfall and the vault's accounting, as [.cargo/mutants.toml](../.cargo/mutants.toml) names
  their files: not the shells around them, whose tests are the scenarios on the deployed WASM, and not what macros write.
- *Tried* are all but results of functions that return `impl Trait`: code and mutant have to be of one type to be in one build.
- *Do not compile*: most of these put a result in a function's place that is none of its type, a `Default` for instance of what has none.
- *Killed*: a test fails, or the tests do not end.
- *Equivalent*: a survivor that nobody can tell from the code as it is. It is not counted in the last column.
- The book's walks are 50,000 operations here, of 250,000.

";

#[cfg(test)]
mod tests {
    use super::*;

    const REASONED: &str =
        "[[survivor]]\nmutant = 'crates/qev-book/src/a.rs: replace < with <= in f'\ncount = 2\nequivalent = 'f is continuous.'\n\
        [[survivor]]\nmutant = 'crates/qev-book/src/a.rs: replace g with ()'\nreason = 'The queue sees it.'\n";

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn outcomes(missed: &[&str]) -> Outcomes {
        let outcome = |missed: &[&str]| Outcome {
            listed: 21 + missed.len(),
            caught: names(&["x"; 19]),
            timeout: names(&["y"]),
            missed: names(missed),
            unviable: names(&["z"]),
        };
        let mut outcomes: Outcomes = MUTATED.iter().map(|(name, _)| ((*name).to_owned(), outcome(&[]))).collect();
        outcomes.insert("qev-book".to_owned(), outcome(missed));
        outcomes
    }

    const MISSED: [&str; 3] = [
        "crates/qev-book/src/a.rs:7:5: replace < with <= in f",
        "crates/qev-book/src/a.rs:9:5: replace < with <= in f",
        "crates/qev-book/src/a.rs:12:1: replace g with ()",
    ];

    #[test]
    fn survivors_with_a_reason_are_fine_and_shown() {
        let reasons = reasons(REASONED).expect("reasons");
        let outcomes = outcomes(&MISSED);
        assert_eq!(faults(&outcomes, &reasons), [""; 0]);
        let page = render(&outcomes, &reasons, "today, abc");
        assert!(page.contains("| [`qev-book`](../crates/qev-book) | 24 | 24 | 1 | 20 | 3 | 2 | 95.2 % | ███████████████████░ |\n"));
        assert!(page.contains("| `crates/qev-book/src/a.rs: replace < with <= in f` | 2 | Equivalent: f is continuous. |\n"));
        assert!(page.contains("| `crates/qev-book/src/a.rs: replace g with ()` | 1 | The queue sees it. |\n"));
    }

    #[test]
    fn a_survivor_without_a_reason_is_a_fault_and_so_is_a_reason_without_one() {
        let reasons = reasons(REASONED).expect("reasons");
        let more = [
            MISSED[0],
            MISSED[1],
            MISSED[2],
            "crates/qev-book/src/a.rs:20:1: replace < with <= in f",
        ];
        let said = faults(&outcomes(&more), &reasons);
        assert_eq!(said.len(), 1);
        assert!(
            said[0].starts_with("crates/qev-book/src/a.rs: replace < with <= in f: 3 of these survive, and"),
            "{}",
            said[0]
        );
        let said = faults(&outcomes(&MISSED[..2]), &reasons);
        assert!(said[0].ends_with("has a reason for 1 of `crates/qev-book/src/a.rs: replace g with ()`, and 0 survive."));
    }

    #[test]
    fn too_few_killed_and_nothing_tried_are_faults() {
        let reasons = [Reason {
            mutant: "a.rs: b".to_owned(),
            count: 3,
            equivalent: false,
            says: "c".to_owned(),
        }];
        let mut outcomes = outcomes(&["a.rs:1:1: b"; 3]);
        outcomes.remove("fixed-point");
        let said = faults(&outcomes, &reasons);
        assert_eq!(
            said,
            [
                "fixed-point: its mutants were not tried. Run scripts/mutants fixed-point.",
                "qev-book: 20 of 23 mutants killed, less than 90 %."
            ]
        );
    }

    #[test]
    fn reasons_are_given() {
        assert_eq!(reasons(""), Ok(Vec::new()));
        for text in [
            "[[survivor]]\nmutant = 'a'\n",
            "[[survivor]]\nreason = 'a'\n",
            "[[survivor]]\nmutant = 'a'\nreason = 'b'\ncount = 'c'\n",
            "survivor = 1\n",
            "=",
        ] {
            assert!(reasons(text).is_err(), "{text}");
        }
    }
}

//! From the project's root: `evidence write` writes the page of promises, `evidence check` says what is wrong with them; `evidence coverage` and
//! `evidence mutants` write the pages of lines and mutants, and say what is wrong there.

use std::{env, fs, io::ErrorKind, path::Path, process::ExitCode};

use evidence::{
    coverage,
    mutants::{self, Outcome, Outcomes},
    page, Book, Run, Sources, PAGE, PROMISES,
};

const USAGE: &str = "From the project's root:
  evidence write|check LOG       LOG is what scripts/test wrote, target/test.log
  evidence coverage LCOV RUN     what scripts/coverage measured, and when and of what
  evidence mutants FOLDER RUN    what scripts/mutants found, and when and of what";
/// Pages, from the project's root.
const COVERAGE: &str = "docs/COVERAGE.md";
const MUTANTS: &str = "docs/MUTANTS.md";

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["write", log] => write(log),
        ["check", log] => check(log),
        ["coverage", lcov, run] => covered(lcov, run),
        ["mutants", folder, run] => mutated(folder, run),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

/// What all is read from.
fn read(log: &str) -> Result<(Book, Run, Sources), String> {
    let text = fs::read_to_string(log).map_err(|error| format!("{log} cannot be read: {error}. scripts/test writes it."))?;
    let run = Run::read(&text).map_err(|garbled| garbled.to_string())?;
    let book = Book::read(Path::new(PROMISES)).map_err(|unreadable| unreadable.to_string())?;
    let sources = Sources::read(Path::new(".")).map_err(|error| format!("The sources cannot be read: {error}."))?;
    Ok((book, run, sources))
}

fn write(log: &str) -> Result<String, String> {
    let (book, run, sources) = read(log)?;
    let before = fs::read_to_string(PAGE).unwrap_or_default();
    put(PAGE, &page::render(&book, &run, &sources, &before))?;
    Ok(format!("{PAGE}: {} promises", book.promises().count()))
}

fn check(log: &str) -> Result<String, String> {
    let (book, run, sources) = read(log)?;
    let mut faults: Vec<_> = evidence::check(&book, &run).iter().map(ToString::to_string).collect();
    let is = fs::read_to_string(PAGE).unwrap_or_default();
    if page::without_results(&is) != page::without_results(&page::render(&book, &run, &sources, &is)) {
        faults.push(format!("{PAGE} is not what the promises say: run scripts/evidence and commit it."));
    }
    unless(&faults, format!("{} promises, {} tests", book.promises().count(), run.trials.len()))
}

fn covered(lcov: &str, run: &str) -> Result<String, String> {
    let text = fs::read_to_string(lcov).map_err(|error| format!("{lcov} cannot be read: {error}. scripts/coverage writes it."))?;
    let root = env::current_dir().map_err(|error| format!("Where is this: {error}."))?;
    let coverage = coverage::read(&text, &root).map_err(|error| format!("The sources cannot be read: {error}."))?;
    let page = coverage::render(&coverage, run);
    put(COVERAGE, &page)?;
    unless(&coverage::faults(&coverage), table(&page))
}

fn mutated(folder: &str, run: &str) -> Result<String, String> {
    let text = fs::read_to_string(mutants::REASONS).map_err(|error| format!("{} cannot be read: {error}.", mutants::REASONS))?;
    let reasons = mutants::reasons(&text)?;
    let mut outcomes = Outcomes::new();
    for (name, _) in mutants::MUTATED {
        match Outcome::read(&Path::new(folder).join(name)) {
            Ok(outcome) => drop(outcomes.insert(name.to_owned(), outcome)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(format!("{folder}/{name} cannot be read: {error}.")),
        }
    }
    let page = mutants::render(&outcomes, &reasons, run);
    put(MUTANTS, &page)?;
    unless(&mutants::faults(&outcomes, &reasons), table(&page))
}

fn put(file: &str, page: &str) -> Result<(), String> {
    fs::write(file, page).map_err(|error| format!("{file} cannot be written: {error}."))
}

/// The first table of a page.
fn table(page: &str) -> String {
    let rows = page.lines().skip_while(|line| !line.starts_with('|'));
    rows.take_while(|line| line.starts_with('|')).collect::<Vec<_>>().join("\n")
}

fn unless(faults: &[String], said: String) -> Result<String, String> {
    if faults.is_empty() {
        Ok(said)
    } else {
        Err(format!("{said}\n{}", faults.join("\n")))
    }
}

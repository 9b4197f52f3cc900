//! `evidence write` writes the page of promises, `evidence check` says what is wrong with them; from the project's root.

use std::{env, fs, path::Path, process::ExitCode};

use evidence::{page, Book, Run, Sources, PAGE, PROMISES};

const USAGE: &str = "evidence write|check LOG, from the project's root; LOG is what scripts/test wrote, target/test.log";

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["write", log] => write(log),
        ["check", log] => check(log),
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
    fs::write(PAGE, page::render(&book, &run, &sources)).map_err(|error| format!("{PAGE} cannot be written: {error}."))?;
    Ok(format!("{PAGE}: {} promises", book.promises().count()))
}

fn check(log: &str) -> Result<String, String> {
    let (book, run, sources) = read(log)?;
    let mut faults: Vec<_> = evidence::check(&book, &run).iter().map(ToString::to_string).collect();
    let is = fs::read_to_string(PAGE).unwrap_or_default();
    if page::without_results(&is) != page::without_results(&page::render(&book, &run, &sources)) {
        faults.push(format!("{PAGE} is not what the promises say: run scripts/evidence and commit it."));
    }
    if faults.is_empty() {
        Ok(format!("{} promises, {} tests", book.promises().count(), run.trials.len()))
    } else {
        Err(faults.join("\n"))
    }
}

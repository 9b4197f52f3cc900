//! `mutants CRATE TREE LIST FOLDER`: tries the mutants of a crate that cargo-mutants lists in LIST (JSON), in the copy TREE of the project, and
//! writes their names by what came of them into FOLDER.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use mutants::trial::{Crate, Verdict};

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        [name, tree, list, folder] => tried(name, Path::new(tree), Path::new(list), Path::new(folder)),
        _ => Err("mutants CRATE TREE LIST FOLDER; scripts/mutants runs it".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

fn tried(name: &str, tree: &Path, list: &Path, folder: &Path) -> Result<(), String> {
    let text = fs::read_to_string(list).map_err(|error| format!("{} cannot be read: {error}.", list.display()))?;
    let listed = mutants::list::read(&text)?;
    let mutants: Vec<_> = listed.iter().filter(|mutant| mutant.can_be_chosen()).cloned().collect();
    let all: String = listed.iter().map(|mutant| mutant.name.clone() + "\n").collect();
    put(folder, "listed", &all)?;
    for verdict in [Verdict::Caught, Verdict::Timeout, Verdict::Missed, Verdict::Unviable] {
        put(folder, file(verdict), "")?;
    }
    let (count, mut done) = (mutants.len(), 0);
    Crate { tree, name }.tried(&mutants, &mut |mutant, verdict| {
        done += 1;
        if verdict == Verdict::Missed {
            println!("{done} of {count}, missed: {}", mutant.name);
        } else if done % 50 == 0 {
            println!("{done} of {count}");
        }
        // As they are known: a run that is stopped leaves what it found.
        let before = fs::read_to_string(path(folder, file(verdict))).unwrap_or_default();
        put(folder, file(verdict), &format!("{before}{}\n", mutant.name))
    })
}

const fn file(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Caught => "caught",
        Verdict::Timeout => "timeout",
        Verdict::Missed => "missed",
        Verdict::Unviable => "unviable",
    }
}

fn path(folder: &Path, name: &str) -> PathBuf {
    folder.join(name).with_extension("txt")
}

fn put(folder: &Path, name: &str, text: &str) -> Result<(), String> {
    let file = path(folder, name);
    fs::write(&file, text).map_err(|error| format!("{} cannot be written: {error}.", file.display()))
}

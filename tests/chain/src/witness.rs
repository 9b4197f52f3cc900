//! What programs were asked for, and how that ended: for whoever wants to know afterwards which functions and which refusals a run of tests has
//! reached. Off unless `STYLUS_CHAIN_WITNESS` names a folder, in which every process then leaves a file of lines
//!
//! ```text
//! name CODE_HASH NAME                 what somebody calls that program
//! call CODE_HASH SELECTOR OUTCOME     `ok`, `silent` (a revert with less than four bytes), or the first four bytes of what it reverted with
//! ```
//!
//! each once, calls between contracts included.

use std::{
    collections::HashSet,
    env,
    fs::{self, File},
    io::Write,
    path::Path,
    process,
    sync::{Mutex, OnceLock, PoisonError},
};

use alloy_primitives::{hex, B256};
use stylus_wasm::{RunOutcome, RunStatus};

struct Witness {
    file: File,
    told: HashSet<String>,
}

static WITNESS: OnceLock<Option<Mutex<Witness>>> = OnceLock::new();

/// Writes a line that was not written yet.
fn tell(line: impl FnOnce() -> String) {
    let Some(witness) = WITNESS.get_or_init(begin) else {
        return;
    };
    let line = line();
    let mut witness = witness.lock().unwrap_or_else(PoisonError::into_inner);
    if witness.told.contains(&line) {
        return;
    }
    writeln!(witness.file, "{line}").unwrap_or_else(|error| panic!("the witness cannot write: {error}"));
    witness.told.insert(line);
}

fn begin() -> Option<Mutex<Witness>> {
    let folder = env::var_os("STYLUS_CHAIN_WITNESS")?;
    let file = Path::new(&folder).join(format!("{}.txt", process::id()));
    let file = fs::create_dir_all(&folder)
        .and_then(|()| File::create(&file))
        .unwrap_or_else(|error| panic!("STYLUS_CHAIN_WITNESS: {} cannot be written: {error}", file.display()));
    Some(Mutex::new(Witness {
        file,
        told: HashSet::new(),
    }))
}

/// Says what people call the program with this code.
///
/// # Panics
/// If there is a witness, and it cannot write.
pub fn name(code_hash: B256, name: &str) {
    tell(|| format!("name {code_hash} {name}"));
}

/// A program has run.
pub(crate) fn note(code_hash: B256, data: &[u8], outcome: &RunOutcome) {
    let Some(selector) = data.get(..4) else {
        return;
    };
    tell(|| {
        let ended = match (&outcome.status, outcome.output.get(..4)) {
            (RunStatus::Success, _) => "ok".to_owned(),
            (_, Some(error)) => hex::encode(error),
            (_, None) => "silent".to_owned(),
        };
        format!("call {code_hash} {} {ended}", hex::encode(selector))
    });
}

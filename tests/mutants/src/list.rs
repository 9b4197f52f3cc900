//! What cargo-mutants lists.

use serde_json::Value;

/// A line and a column, both from one; columns are characters.
pub type Place = (usize, usize);

/// One way to make the code wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// As cargo-mutants calls it: file, line, column and change.
    pub name: String,
    /// From the project's root.
    pub file: String,
    /// What kind of change it is.
    pub genre: String,
    /// What is changed.
    pub from: Place,
    /// Where that ends.
    pub to: Place,
    /// What is put in its place.
    pub replacement: String,
    /// The result of the function that it is in, as it is written.
    pub result: String,
}

impl Mutant {
    /// Whether the code and this can be in one build: not where a function's result is `impl Trait`, which is one type, the code's.
    #[must_use]
    pub fn can_be_chosen(&self) -> bool {
        self.genre != "FnValue" || !self.result.contains("impl ")
    }
}

/// Reads what `cargo mutants --list --json` printed.
///
/// # Errors
/// What is wrong with it.
pub fn read(text: &str) -> Result<Vec<Mutant>, String> {
    let list: Value = serde_json::from_str(text).map_err(|error| format!("The list of mutants is no JSON: {error}."))?;
    let list = list.as_array().ok_or("The list of mutants is no list.")?;
    list.iter()
        .map(|entry| mutant(entry).ok_or_else(|| format!("A mutant lacks a member: {entry}")))
        .collect()
}

fn mutant(entry: &Value) -> Option<Mutant> {
    let text = |key: &str| entry.get(key)?.as_str().map(str::to_owned);
    let number = |end: &str, key: &str| usize::try_from(entry.pointer(&format!("/span/{end}/{key}"))?.as_u64()?).ok();
    let place = |end: &str| Some((number(end, "line")?, number(end, "column")?));
    Some(Mutant {
        name: text("name")?,
        file: text("file")?,
        genre: text("genre")?,
        from: place("start")?,
        to: place("end")?,
        replacement: text("replacement")?,
        result: entry
            .pointer("/function/return_type")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"{"file":"a.rs","function":{"return_type":"-> impl Iterator"},"genre":"FnValue","name":"a.rs:1:2: b","replacement":"c",
        "span":{"start":{"line":1,"column":2},"end":{"line":3,"column":4}}}"#;

    #[test]
    fn a_list_is_read_whole_or_not_at_all() {
        let mutants = read(&format!("[{ENTRY},{}]", ENTRY.replace("impl Iterator", "u8"))).expect("a list");
        assert_eq!((mutants[0].from, mutants[0].to), ((1, 2), (3, 4)));
        let chosen: Vec<_> = mutants.iter().map(Mutant::can_be_chosen).collect();
        assert_eq!(chosen, [false, true]);
        for wrong in ["", "{}", &format!("[{ENTRY},{}]", ENTRY.replace("genre", "kind"))] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}

//! The promises as they are written: one file for each chapter.

use std::{fs, path::Path};

use toml_edit::{Document, Item, Table};

use crate::pattern::Pattern;

/// A sentence that can be broken, and what would notice.
#[derive(Clone, Debug)]
pub struct Promise {
    /// Its number, as PROTOCOL.md has it where it has one.
    pub id: String,
    /// What is promised.
    pub says: String,
    /// Who asks for it: a section of PROTOCOL.md or an ERC.
    pub from: String,
    /// The tests that hold it.
    pub tests: Vec<Pattern>,
}

/// What is promised and held by no test yet.
#[derive(Clone, Debug)]
pub struct Open {
    /// What is promised.
    pub says: String,
    /// Who asks for it.
    pub from: String,
    /// What is missing.
    pub missing: String,
}

/// Tests that hold no promise of the protocol.
#[derive(Clone, Debug)]
pub struct Supporting {
    /// What they hold instead.
    pub reason: String,
    /// The tests.
    pub tests: Vec<Pattern>,
}

/// What one contract or standard promises.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// What is promised about.
    pub title: String,
    /// Its promises, in order.
    pub promises: Vec<Promise>,
    /// What no test holds yet.
    pub open: Vec<Open>,
    /// Tests that are about something else.
    pub supporting: Vec<Supporting>,
}

/// Every promise.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// In the order of their files' names.
    pub chapters: Vec<Chapter>,
}

/// A book that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// A file or folder that is not there.
    #[error("{file} cannot be read: {source}.")]
    File {
        /// Which.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// Text that is no TOML.
    #[error("{file} is no TOML: {source}")]
    Toml {
        /// Which.
        file: String,
        /// Why.
        source: toml_edit::TomlError,
    },
    /// A table without one of its members.
    #[error("{file}: {table} needs `{key}`, {what}.")]
    Missing {
        /// Which.
        file: String,
        /// The table.
        table: String,
        /// The member.
        key: &'static str,
        /// What it has to be.
        what: &'static str,
    },
    /// A member that nobody knows.
    #[error("{file}: {table} has an unknown member `{key}`.")]
    Unknown {
        /// Which.
        file: String,
        /// The table.
        table: String,
        /// The member.
        key: String,
    },
}

impl Book {
    /// The book in the folder `at`.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read(at: &Path) -> Result<Self, Unreadable> {
        let unreadable = |at: &Path, source| Unreadable::File {
            file: at.display().to_string(),
            source,
        };
        let mut files = fs::read_dir(at)
            .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>())
            .map_err(|source| unreadable(at, source))?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
        files.sort();
        let mut chapters = Vec::new();
        for file in files {
            let text = fs::read_to_string(&file).map_err(|source| unreadable(&file, source))?;
            chapters.push(Chapter::parse(&file.display().to_string(), &text)?);
        }
        Ok(Self { chapters })
    }

    /// All promises.
    pub fn promises(&self) -> impl Iterator<Item = &Promise> {
        self.chapters.iter().flat_map(|chapter| &chapter.promises)
    }

    /// All that is about something else.
    pub fn supporting(&self) -> impl Iterator<Item = &Supporting> {
        self.chapters.iter().flat_map(|chapter| &chapter.supporting)
    }
}

impl Chapter {
    /// The chapter that `text`, the content of `file`, writes.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn parse(file: &str, text: &str) -> Result<Self, Unreadable> {
        let document = Document::parse(text.to_owned()).map_err(|source| Unreadable::Toml {
            file: file.to_owned(),
            source,
        })?;
        let whole = Members {
            file,
            name: "the file".to_owned(),
            table: document.as_table(),
        };
        whole.only(&["title", "promise", "open", "supporting"])?;
        let promises = whole.tables("promise", |members| {
            members.only(&["id", "says", "from", "tests"])?;
            Ok(Promise {
                id: members.text("id")?,
                says: members.text("says")?,
                from: members.text("from")?,
                tests: members.patterns()?,
            })
        })?;
        let open = whole.tables("open", |members| {
            members.only(&["says", "from", "missing"])?;
            Ok(Open {
                says: members.text("says")?,
                from: members.text("from")?,
                missing: members.text("missing")?,
            })
        })?;
        let supporting = whole.tables("supporting", |members| {
            members.only(&["reason", "tests"])?;
            Ok(Supporting {
                reason: members.text("reason")?,
                tests: members.patterns()?,
            })
        })?;
        Ok(Self {
            title: whole.text("title")?,
            promises,
            open,
            supporting,
        })
    }
}

/// A table, and how to speak of it.
struct Members<'a> {
    file: &'a str,
    name: String,
    table: &'a Table,
}

impl Members<'_> {
    fn missing(&self, key: &'static str, what: &'static str) -> Unreadable {
        Unreadable::Missing {
            file: self.file.to_owned(),
            table: self.name.clone(),
            key,
            what,
        }
    }

    fn only(&self, known: &[&str]) -> Result<(), Unreadable> {
        match self.table.iter().find(|(key, _)| !known.contains(key)) {
            None => Ok(()),
            Some((key, _)) => Err(Unreadable::Unknown {
                file: self.file.to_owned(),
                table: self.name.clone(),
                key: key.to_owned(),
            }),
        }
    }

    fn text(&self, key: &'static str) -> Result<String, Unreadable> {
        let text = self.table.get(key).and_then(Item::as_str).filter(|text| !text.is_empty());
        text.map(str::to_owned).ok_or_else(|| self.missing(key, "a text"))
    }

    fn patterns(&self) -> Result<Vec<Pattern>, Unreadable> {
        let fault = || self.missing("tests", "a list of names of tests");
        let tests = self.table.get("tests").and_then(Item::as_array).ok_or_else(fault)?;
        let tests: Option<Vec<_>> = tests.iter().map(|test| test.as_str().map(Pattern::new)).collect();
        tests.filter(|tests| !tests.is_empty()).ok_or_else(fault)
    }

    fn tables<T>(&self, key: &'static str, read: impl Fn(&Members<'_>) -> Result<T, Unreadable>) -> Result<Vec<T>, Unreadable> {
        let Some(item) = self.table.get(key) else {
            return Ok(Vec::new());
        };
        let tables = item
            .as_array_of_tables()
            .ok_or_else(|| self.missing(key, "tables in double brackets"))?;
        let members = tables.iter().enumerate().map(|(number, table)| {
            let id = table.get("id").and_then(Item::as_str);
            let name = id.map_or_else(|| format!("{key} number {}", number + 1), |id| format!("{key} {id}"));
            read(&Members {
                file: self.file,
                name,
                table,
            })
        });
        members.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_is_read_in_order() {
        let text = "title = 'A'\n[[promise]]\nid = 'A1'\nsays = 'It holds.'\nfrom = 'S 1'\ntests = ['a::b', 'a::c::*']\n\
            [[promise]]\nid = 'A0'\nsays = 'So does this.'\nfrom = 'S 2'\ntests = ['a::d']\n\
            [[open]]\nsays = 'It flies.'\nfrom = 'S 3'\nmissing = 'wings'\n[[supporting]]\nreason = 'a tool'\ntests = ['t::*']\n";
        let chapter = Chapter::parse("a.toml", text).expect("a chapter");
        assert_eq!(chapter.title, "A");
        let ids: Vec<_> = chapter.promises.iter().map(|promise| promise.id.as_str()).collect();
        assert_eq!(ids, ["A1", "A0"]);
        assert_eq!(chapter.promises[0].tests[1], Pattern::new("a::c::*"));
        assert_eq!((chapter.open.len(), chapter.supporting.len()), (1, 1));
    }

    #[test]
    fn what_is_missing_or_unknown_is_named() {
        let promise = "title = 'A'\n[[promise]]\nid = 'A1'\nsays = 'It holds.'\nfrom = 'S 1'\n";
        let cases = [
            ("title = ", "a.toml is no TOML"),
            ("", "a.toml: the file needs `title`, a text."),
            (promise, "a.toml: promise A1 needs `tests`, a list of names of tests."),
            (&format!("{promise}tests = []"), "a.toml: promise A1 needs `tests`"),
            (&format!("{promise}tests = [1]"), "a.toml: promise A1 needs `tests`"),
            (
                &format!("{promise}test = ['a']"),
                "a.toml: promise A1 has an unknown member `test`.",
            ),
            ("title = 'A'\n[open]\n", "a.toml: the file needs `open`, tables in double brackets."),
            ("title = 'A'\n[[open]]\nsays = 'x'\n", "a.toml: open number 1 needs `from`, a text."),
        ];
        for (text, fault) in cases {
            let said = Chapter::parse("a.toml", text).expect_err(text).to_string();
            assert!(said.starts_with(fault), "{said}");
        }
    }
}

//! Where each contract keeps what in its storage, read from the sources: `contracts/layout`, a file each.
//!
//! A contract that is upgraded finds the state of the one before it. `#[storage]` has no gaps and no names, so inserting a field moves
//! what follows: the files are there to be looked at in a review, and [`moved`] says what an old state would be misread as.
//!
//! The rules are those of the SDK's `#[storage]`: what is shorter than a word goes into the word of the field before it as far as it fits,
//! from the right; everything else begins a word.

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use quote::ToTokens;
use syn::{Fields, Item, ItemStruct, Type};

/// A field of a contract's storage, structs taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its path, such as `ledger.total_supply`.
    pub path: String,
    /// Its type, with the fields of what a mapping or a list holds.
    pub kind: String,
    /// Its word, from 0 on.
    pub slot: usize,
    /// Its first byte in the word, counted from the left: the word is big-endian.
    pub offset: usize,
    /// How many bytes of the word it has; a mapping or a list has all of them.
    pub bytes: usize,
}

/// A type's place in a word or in several.
#[derive(Clone, Copy)]
enum Size {
    Bytes(usize),
    Words(usize),
}

/// Every `#[storage]` struct of the project's crates, by name and crate.
pub struct Structs(BTreeMap<String, BTreeMap<String, ItemStruct>>);

/// A struct, and the crate whose names it uses.
#[derive(Clone, Copy)]
struct Found<'a> {
    home: &'a str,
    item: &'a ItemStruct,
}

impl Structs {
    /// Those of the sources below `crates`.
    ///
    /// # Panics
    /// If a source does not parse, or two structs have one name.
    #[must_use]
    pub fn of(crates: &Path) -> Self {
        let mut structs: BTreeMap<String, BTreeMap<String, ItemStruct>> = BTreeMap::new();
        for source in sources(crates) {
            let text = fs::read_to_string(&source).unwrap_or_default();
            if !text.contains("#[storage]") {
                continue;
            }
            let home = source.strip_prefix(crates).ok().and_then(|path| path.components().next());
            let home = home.map(|home| home.as_os_str().to_string_lossy().into_owned()).unwrap_or_default();
            let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", source.display()));
            for item in file.items {
                let Item::Struct(item) = item else { continue };
                if !item.attrs.iter().any(|attribute| attribute.path().is_ident("storage")) {
                    continue;
                }
                let name = item.ident.to_string();
                let twice = structs.entry(name.clone()).or_default().insert(home.clone(), item).is_some();
                assert!(!twice, "two storage structs of {home} are called {name}");
            }
        }
        Self(structs)
    }

    /// The struct that `home` calls `name`: its own, or the only other one.
    fn find<'a>(&'a self, home: &str, name: &str) -> Option<Found<'a>> {
        let named = self.0.get(name)?;
        let (home, item) = match named.get_key_value(home) {
            Some(own) => own,
            None if named.len() == 1 => named.first_key_value()?,
            None => panic!("{home} uses one of several storage structs that are called {name}"),
        };
        Some(Found { home, item })
    }

    /// The storage of the contract whose outermost struct is `name` of the crate `home`.
    ///
    /// # Panics
    /// If there is no such struct, a field's type is not known here, or two fields would share a byte: the SDK counts a word too few for a
    /// struct in which a struct follows a field that is none, and puts what comes behind it into its last word.
    #[must_use]
    pub fn layout(&self, home: &str, name: &str) -> Vec<Field> {
        let found = self
            .find(home, name)
            .unwrap_or_else(|| panic!("no storage struct is called {name}"));
        let mut fields = Vec::new();
        self.walk(found, "", 0, &mut fields);
        let mut taken = BTreeMap::new();
        for field in &fields {
            for byte in field.offset..field.offset + field.bytes {
                let other = taken.insert((field.slot, byte), &field.path);
                assert!(
                    other.is_none(),
                    "{name}: {} lies on {}",
                    field.path,
                    other.map_or("", String::as_str)
                );
            }
        }
        fields
    }

    /// Adds the fields of a struct that begins at word `base`, where the SDK puts them.
    fn walk(&self, found: Found<'_>, prefix: &str, base: usize, into: &mut Vec<Field>) {
        let (mut word, mut space) = (base, 32);
        for (field, kind) in members(found.item) {
            let path = format!("{prefix}{field}");
            let size = self.size(found.home, &kind);
            let bytes = if let Size::Bytes(bytes) = size { bytes } else { 32 };
            if space < bytes {
                (word, space) = (word + 1, 32);
            }
            space -= bytes;
            if let Some(inner) = self.find(found.home, &parts(&kind).0) {
                self.walk(inner, &format!("{path}."), word, into);
            } else {
                into.push(Field {
                    path,
                    kind: self.described(found.home, &kind),
                    slot: word,
                    offset: space,
                    bytes,
                });
            }
            if let Size::Words(words) = size {
                (word, space) = (word + words, 32);
            }
        }
    }

    /// How many words the SDK says that the struct has.
    fn required_slots(&self, found: Found<'_>) -> usize {
        let (mut total, mut space) = (0, 32);
        for (_, kind) in members(found.item) {
            match self.size(found.home, &kind) {
                Size::Words(words) => (total, space) = (total + words, 32),
                Size::Bytes(bytes) => {
                    if space < bytes {
                        (total, space) = (total + 1, 32);
                    }
                    space -= bytes;
                }
            }
        }
        total + usize::from(space != 32 || total == 0)
    }

    fn size(&self, home: &str, kind: &Type) -> Size {
        let (name, arguments) = parts(kind);
        let number = |prefix: &str| name.strip_prefix(prefix).and_then(|rest| rest.parse::<usize>().ok());
        if let Some(bits) = number("StorageU").or_else(|| number("StorageI")) {
            return Size::Bytes(bits / 8);
        }
        if let Some(bytes) = number("StorageB") {
            return Size::Bytes(bytes / 8);
        }
        match name.as_str() {
            "StorageBool" => Size::Bytes(1),
            "StorageAddress" => Size::Bytes(20),
            "Word" | "WordMap" | "AccountMap" | "StorageMap" | "StorageVec" | "StorageBytes" | "StorageString" => Size::Bytes(32),
            "StorageArray" => {
                let count = arguments.get(1).map(text).and_then(|count| count.parse().ok()).unwrap_or(0);
                assert!(count > 0, "the length of {} is no number", text(kind));
                let element = arguments.first().map_or(Size::Bytes(32), |element| self.size(home, element));
                Size::Words(match element {
                    Size::Bytes(bytes) => usize::div_ceil(count, 32 / bytes),
                    Size::Words(words) => words * count,
                })
            }
            _ => match self.find(home, &name) {
                Some(found) => Size::Words(self.required_slots(found)),
                None => panic!("{home}: how long a {} is, is not known here", text(kind)),
            },
        }
    }

    /// The type's text, and behind it what a mapping or a list of structs holds.
    fn described(&self, home: &str, kind: &Type) -> String {
        let mut described = text(kind);
        let mut inner = kind.clone();
        loop {
            let (name, mut arguments) = parts(&inner);
            if let Some(found) = self.find(home, &name) {
                let members: Vec<_> = members(found.item)
                    .iter()
                    .map(|(field, kind)| format!("{field}: {}", self.described(found.home, kind)))
                    .collect();
                let _ = write!(described, " {{ {} }}", members.join(", "));
                return described;
            }
            if name == "StorageArray" {
                arguments.truncate(1);
            }
            match arguments.pop() {
                Some(last) => inner = last,
                None => return described,
            }
        }
    }
}

fn members(item: &ItemStruct) -> Vec<(String, Type)> {
    let Fields::Named(fields) = &item.fields else {
        panic!("{} has no named fields", item.ident);
    };
    let named = fields.named.iter();
    named
        .map(|field| (field.ident.as_ref().map(ToString::to_string).unwrap_or_default(), field.ty.clone()))
        .collect()
}

/// A type's last name and its arguments.
fn parts(kind: &Type) -> (String, Vec<Type>) {
    let Type::Path(path) = kind else {
        return (text(kind), Vec::new());
    };
    let Some(last) = path.path.segments.last() else {
        return (text(kind), Vec::new());
    };
    let mut types = Vec::new();
    if let syn::PathArguments::AngleBracketed(arguments) = &last.arguments {
        for argument in &arguments.args {
            match argument {
                syn::GenericArgument::Type(kind) => types.push(kind.clone()),
                // A length: kept as a type, which it looks like.
                syn::GenericArgument::Const(length) => types.push(Type::Verbatim(length.to_token_stream())),
                _ => {}
            }
        }
    }
    (last.ident.to_string(), types)
}

fn text(kind: &Type) -> String {
    let spaced = kind.to_token_stream().to_string();
    spaced.replace(' ', "").replace(',', ", ")
}

/// Every file of Rust below `folder`, tests left out, in order.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if path.is_dir() && !matches!(name.as_str(), "tests" | "sizes") {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !name.contains("test") && name != "stand_ins.rs" {
            found.push(path);
        }
    }
    found
}

/// A layout as it is written to a file: a line a field, `slot offset bytes path: type`.
#[must_use]
pub fn file(fields: &[Field]) -> String {
    let mut text = String::from("# slot, first byte (big-endian), bytes, field: type. Made by scripts/abi.\n");
    for Field {
        path,
        kind,
        slot,
        offset,
        bytes,
    } in fields
    {
        let _ = writeln!(text, "{slot:>3} {offset:>2} {bytes:>2} {path}: {kind}");
    }
    text
}

/// The lines of an old layout that the new one does not have: state that would be lost or misread. Fields may be added, behind.
#[must_use]
pub fn moved<'a>(old: &'a str, new: &str) -> Vec<&'a str> {
    let kept: std::collections::BTreeSet<_> = new.lines().collect();
    old.lines().filter(|line| !line.starts_with('#') && !kept.contains(line)).collect()
}

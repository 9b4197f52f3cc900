//! The Solidity interface and the JSON ABI of what is described.
//!
//! Both are functions of the description alone, in its order: the same bytes on every machine.

use alloc::{format, string::String, vec::Vec};
use core::fmt::Write;

use crate::describe::{Function, Interface, Item, Items, Mutability, Parameter, Structure};

impl Mutability {
    /// Solidity's word for it; empty for what is neither of the others.
    const fn word(self) -> &'static str {
        match self {
            Self::Pure => "pure",
            Self::View => "view",
            Self::NonPayable => "nonpayable",
            Self::Payable => "payable",
        }
    }
}

/// The Solidity interface `I…` of a contract, or of an interface under its own name: a whole file.
#[must_use]
pub fn solidity(interface: &Interface, license: &str, pragma: &str) -> String {
    let structs = Structs::of(interface);
    let mut file = format!("// SPDX-License-Identifier: {license}\npragma solidity {pragma};\n\n");
    natspec(&mut file, "", interface.documentation);
    if let Some(constructor) = &interface.constructor {
        let parameters = list(&structs, constructor.parameters, Place::Nowhere);
        line(&mut file, format_args!("/// @custom:constructor constructor({parameters})"));
    }
    let prefix = if is_interface_name(interface.name) { "" } else { "I" };
    line(&mut file, format_args!("interface {prefix}{} {{", interface.name));
    for (name, structure) in &structs.0 {
        natspec(&mut file, "    ", structure.documentation);
        line(&mut file, format_args!("    struct {name} {{"));
        for (index, member) in structure.members.iter().enumerate() {
            let text = structs.named(member);
            line(&mut file, format_args!("        {text} {};", escaped(&member_name(member, index))));
        }
        line(&mut file, format_args!("    }}\n"));
    }
    let errors = errors(interface);
    for item in interface.events {
        natspec(&mut file, "    ", item.documentation);
        let parameters = list(&structs, item.parameters, Place::Nowhere);
        line(&mut file, format_args!("    event {}({parameters});", item.name));
    }
    if !interface.events.is_empty() {
        file.push('\n');
    }
    for item in &errors {
        natspec(&mut file, "    ", item.documentation);
        let parameters = list(&structs, item.parameters, Place::Nowhere);
        line(&mut file, format_args!("    error {}({parameters});", item.name));
    }
    if !errors.is_empty() {
        file.push('\n');
    }
    for function in functions(interface) {
        natspec(&mut file, "    ", function.documentation);
        let mutability = match function.mutability {
            Mutability::NonPayable => String::new(),
            other => format!(" {}", other.word()),
        };
        let results = if function.results.is_empty() {
            String::new()
        } else {
            format!(" returns ({})", list(&structs, function.results, Place::Memory))
        };
        let parameters = list(&structs, function.parameters, Place::Calldata);
        line(
            &mut file,
            format_args!("    function {}({parameters}) external{mutability}{results};", function.name),
        );
    }
    file.push_str("}\n");
    file
}

/// The JSON ABI, one entry a line.
#[must_use]
pub fn json(interface: &Interface) -> String {
    let mut entries = Vec::new();
    if let Some(constructor) = &interface.constructor {
        entries.push(format!(
            r#"{{"type":"constructor","inputs":{},"stateMutability":"{}"}}"#,
            json_list(constructor.parameters, false),
            constructor.mutability.word(),
        ));
    }
    entries.extend(functions(interface).map(json_function));
    for item in interface.events {
        entries.push(format!(
            r#"{{"type":"event","name":"{}","inputs":{},"anonymous":false}}"#,
            item.name,
            json_list(item.parameters, true),
        ));
    }
    entries.extend(errors(interface).into_iter().map(json_error));
    format!("[\n{}\n]\n", entries.join(",\n"))
}

fn json_function(function: &Function) -> String {
    format!(
        r#"{{"type":"function","name":"{}","inputs":{},"outputs":{},"stateMutability":"{}"}}"#,
        function.name,
        json_list(function.parameters, false),
        json_list(function.results, false),
        function.mutability.word(),
    )
}

fn json_error(item: &Item) -> String {
    format!(
        r#"{{"type":"error","name":"{}","inputs":{}}}"#,
        item.name,
        json_list(item.parameters, false)
    )
}

fn json_list(parameters: &[Parameter], event: bool) -> String {
    let parameters: Vec<_> = parameters
        .iter()
        .map(|parameter| json_parameter(parameter, &escaped(parameter.name), event.then_some(parameter.indexed)))
        .collect();
    format!("[{}]", parameters.join(","))
}

fn json_parameter(parameter: &Parameter, name: &str, indexed: Option<bool>) -> String {
    let indexed = indexed.map_or(String::new(), |indexed| format!(r#","indexed":{indexed}"#));
    let r#type = parameter.r#type;
    let Some(structure) = parameter.structure else {
        return format!(r#"{{"name":"{name}","type":"{type}"{indexed}}}"#);
    };
    let components: Vec<_> = structure
        .members
        .iter()
        .enumerate()
        .map(|(index, member)| json_parameter(member, &escaped(&member_name(member, index)), None))
        .collect();
    let suffix = suffix(r#type);
    // As the compiler says it: what makes bindings from JSON gives structs their names by it.
    let internal = if structure.name.is_empty() {
        String::new()
    } else {
        format!(r#""internalType":"struct {}{suffix}","#, structure.name)
    };
    format!(
        r#"{{"name":"{name}","type":"tuple{suffix}",{internal}"components":[{}]{indexed}}}"#,
        components.join(",")
    )
}

fn functions(interface: &Interface) -> impl Iterator<Item = &'static Function> {
    interface.functions.iter().flat_map(|list| list.iter())
}

/// Every error once.
fn errors(interface: &Interface) -> Vec<&'static Item> {
    fn collect(items: &Items, errors: &mut Vec<&'static Item>) {
        match items {
            Items::One(item) => {
                let same = |other: &&Item| other.name == item.name && other.parameters == item.parameters;
                if !errors.iter().any(same) {
                    errors.push(item);
                }
            }
            Items::Several(several) => several.iter().for_each(|items| collect(items, errors)),
        }
    }
    let mut errors = Vec::new();
    interface.errors.iter().for_each(|items| collect(items, &mut errors));
    errors
}

/// What makes lists and arrays of a tuple: all that is behind it in a canonical name.
fn suffix(r#type: &str) -> &str {
    r#type.rsplit(')').next().unwrap_or_default()
}

/// A member's name; those of tuples have none, and are numbered.
fn member_name(member: &Parameter, index: usize) -> String {
    if member.name.is_empty() {
        format!("field{index}")
    } else {
        String::from(member.name)
    }
}

/// Structs and tuples of an interface with their names in Solidity, in the order in which they are met, the inner ones first.
struct Structs(Vec<(String, &'static Structure)>);

impl Structs {
    fn of(interface: &Interface) -> Self {
        let mut structs = Self(Vec::new());
        let mut add = |parameters: &[Parameter]| parameters.iter().for_each(|parameter| structs.add(parameter));
        if let Some(constructor) = &interface.constructor {
            add(constructor.parameters);
        }
        for function in functions(interface) {
            add(function.parameters);
            add(function.results);
        }
        interface.events.iter().for_each(|item| add(item.parameters));
        for item in errors(interface) {
            add(item.parameters);
        }
        structs
    }

    fn add(&mut self, parameter: &Parameter) {
        let Some(structure) = parameter.structure else {
            return;
        };
        structure.members.iter().for_each(|member| self.add(member));
        if !self.0.iter().any(|(_, known)| *known == structure) {
            let name = if structure.name.is_empty() {
                format!("Tuple{}", self.0.len())
            } else {
                String::from(structure.name)
            };
            self.0.push((name, structure));
        }
    }

    /// A parameter's type in Solidity.
    fn named(&self, parameter: &Parameter) -> String {
        let Some(structure) = parameter.structure else {
            return String::from(parameter.r#type);
        };
        let name = self.0.iter().find(|(_, known)| *known == structure).map_or("", |(name, _)| name);
        format!("{name}{}", suffix(parameter.r#type))
    }
}

/// Where values lie that are more than a word.
#[derive(Clone, Copy)]
enum Place {
    /// It is not said.
    Nowhere,
    Memory,
    Calldata,
}

/// Parameters in Solidity.
fn list(structs: &Structs, parameters: &[Parameter], place: Place) -> String {
    let parameters: Vec<_> = parameters
        .iter()
        .map(|parameter| {
            let mut text = structs.named(parameter);
            if text.ends_with(']') || text == "bytes" || text == "string" || parameter.structure.is_some() {
                text.push_str(match place {
                    Place::Nowhere => "",
                    Place::Memory => " memory",
                    Place::Calldata => " calldata",
                });
            }
            if parameter.indexed {
                text.push_str(" indexed");
            }
            if !parameter.name.is_empty() {
                text.push(' ');
                text.push_str(&escaped(parameter.name));
            }
            text
        })
        .collect();
    parameters.join(", ")
}

/// A name that is none of Solidity's words, in JSON too: bindings made of either agree.
fn escaped(name: &str) -> String {
    const WORDS: &[&str] = &[
        "address",
        "after",
        "alias",
        "apply",
        "at",
        "auto",
        "bool",
        "byte",
        "bytes",
        "case",
        "constant",
        "contract",
        "copyof",
        "days",
        "default",
        "define",
        "delete",
        "else",
        "enum",
        "ether",
        "event",
        "external",
        "final",
        "function",
        "hours",
        "immutable",
        "implements",
        "in",
        "indexed",
        "inline",
        "interface",
        "internal",
        "is",
        "let",
        "library",
        "macro",
        "mapping",
        "match",
        "memory",
        "minutes",
        "modifier",
        "mutable",
        "new",
        "null",
        "of",
        "override",
        "partial",
        "payable",
        "private",
        "promise",
        "public",
        "pure",
        "reference",
        "relocatable",
        "return",
        "returns",
        "sealed",
        "seconds",
        "sizeof",
        "static",
        "storage",
        "string",
        "struct",
        "supports",
        "switch",
        "typedef",
        "typeof",
        "unchecked",
        "using",
        "var",
        "view",
        "virtual",
        "weeks",
        "wei",
        "while",
        "years",
    ];
    if WORDS.contains(&name) {
        format!("{name}_")
    } else {
        String::from(name)
    }
}

/// `IVault`, and not `Income`.
fn is_interface_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next() == Some('I') && letters.next().is_some_and(char::is_uppercase)
}

/// Documentation as NatSpec: the first paragraph is the notice, each other one a detail; a heading begins the paragraph below it.
fn natspec(file: &mut String, indent: &str, documentation: &[&str]) {
    let mut tag = "@notice ";
    let mut heading = None;
    for text in documentation {
        let text = text.trim();
        if text.is_empty() {
            if tag.is_empty() {
                tag = "@dev ";
            }
        } else if text.starts_with('#') {
            heading = Some(plain(text.trim_start_matches(['#', ' '])));
            tag = "@dev ";
        } else {
            let heading = heading.take().map_or(String::new(), |heading| format!("{heading}: "));
            line(file, format_args!("{indent}/// {tag}{heading}{}", plain(text)));
            tag = "";
        }
    }
}

/// Text without rustdoc's links and paths, and without what NatSpec would take for a tag.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['[', ']', '@', '`']) {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        rest = from.get(1..).unwrap_or_default();
        if from.starts_with("](") {
            // The target of a link.
            rest = rest.find(')').and_then(|end| rest.get(end + 1..)).unwrap_or_default();
        } else if let (true, Some((code, after))) = (from.starts_with('`'), rest.split_once('`')) {
            let name = code.rsplit("::").next().unwrap_or_default();
            plain.extend(["`", &camel_case(name.trim_start_matches("struct@")), "`"]);
            rest = after;
        }
    }
    plain.push_str(rest);
    plain
}

/// A name of Rust's as the interface has it; anything else as it is.
fn camel_case(code: &str) -> String {
    let is_name = code.starts_with(char::is_alphabetic)
        && code
            .chars()
            .all(|letter| letter == '_' || letter.is_lowercase() || letter.is_ascii_digit());
    if !is_name {
        return String::from(code);
    }
    let mut camel = String::new();
    for (index, word) in code.split('_').enumerate() {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if index > 0 => camel.extend(first.to_uppercase()),
            Some(first) => camel.push(first),
            None => {}
        }
        camel.push_str(letters.as_str());
    }
    camel
}

fn line(file: &mut String, text: core::fmt::Arguments<'_>) {
    // Writing to text does not fail.
    let _ = writeln!(file, "{text}");
}

//! Mutants in a source text, each behind its number.
//!
//! `a < b` becomes `(if crate::mutated(7) { a <= b } else { a < b })`. Comments mark where a mutant begins and ends, by which an error of the
//! compiler is known to be its.

use std::{cmp::Reverse, collections::BTreeMap, ops::Range};

use proc_macro2::{LineColumn, Span};
use syn::{spanned::Spanned, visit::Visit};

use crate::list::{Mutant, Place};

/// What a woven crate is given at its end: which mutant is chosen. A test that fails then ends everything.
pub const CHOICE: &str = "
#[cfg(test)]
pub(crate) fn mutated(number: u32) -> bool {
    static CHOSEN: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    let chosen = CHOSEN.get_or_init(|| {
        std::panic::set_hook(Box::new(|_| std::process::exit(101)));
        std::env::var(\"MUTANT\").map_or(0, |number| number.parse().expect(\"a number\"))
    });
    *chosen == number
}
#[cfg(not(test))]
pub(crate) const fn mutated(_: u32) -> bool {
    false
}
";

/// A part of the text that is written otherwise.
#[derive(Debug)]
enum Change {
    /// An operator between two operands; what each mutant has in its place.
    Binary {
        left: Range<usize>,
        operator: Range<usize>,
        right: Range<usize>,
        others: Vec<(u32, String)>,
    },
    /// An operator before an operand, which a mutant leaves out.
    Unary { operand: Range<usize>, number: u32 },
    /// A condition, and what each mutant has in its place.
    Condition { others: Vec<(u32, String)> },
    /// A condition that a mutant makes false.
    Never { number: u32 },
    /// A member of a struct, which a mutant takes from the base. Without a value it is a variable's name.
    Member {
        name: String,
        value: Option<Range<usize>>,
        base: Range<usize>,
        number: u32,
    },
    /// Before what follows: text.
    Before(String),
}

/// The text of a file with mutants in it, by their numbers, and the numbers of those that have no place.
#[must_use]
pub fn weave(text: &str, mutants: &[(u32, &Mutant)]) -> (String, Vec<u32>) {
    let Ok(file) = syn::parse_file(text) else {
        return (text.to_owned(), mutants.iter().map(|(number, _)| *number).collect());
    };
    let mut nodes = Nodes {
        lines: Lines::of(text),
        ..Nodes::default()
    };
    nodes.visit_file(&file);
    // What stands before a place comes before the place, and the outer before the inner.
    let mut changes: BTreeMap<(usize, bool, Reverse<usize>), Vec<Change>> = BTreeMap::new();
    let mut homeless = Vec::new();
    for (number, mutant) in mutants {
        match nodes.change(text, *number, mutant) {
            Some((at, change)) => {
                let there = changes.entry((at.start, !at.is_empty(), Reverse(at.end))).or_default();
                add(there, change);
            }
            None => homeless.push(*number),
        }
    }
    let changes: Vec<_> = changes
        .into_iter()
        .map(|((start, _, end), changes)| (start..end.0, changes))
        .collect();
    (render(text, &changes, 0..text.len()), homeless)
}

/// Adds a change of a place to others of the same: to the one of its kind, and a whole condition before what is in it.
fn add(there: &mut Vec<Change>, change: Change) {
    for known in there.iter_mut() {
        match (known, &change) {
            (Change::Binary { others, .. }, Change::Binary { others: more, .. })
            | (Change::Condition { others }, Change::Condition { others: more }) => return others.extend(more.iter().cloned()),
            _ => {}
        }
    }
    if matches!(change, Change::Condition { .. } | Change::Never { .. }) {
        there.insert(0, change);
    } else {
        there.push(change);
    }
}

/// The number of the mutant around the byte `at` of a woven text, the innermost.
#[must_use]
pub fn around(woven: &str, at: usize) -> Option<u32> {
    let mut open = Vec::new();
    let mut from = 0;
    while let Some(found) = woven[from..at].find("/*m") {
        let begin = from + found + 3;
        let end = begin + woven[begin..].find("*/")?;
        match woven[begin..end].strip_suffix('.') {
            Some(_) => drop(open.pop()),
            None => open.push(woven[begin..end].parse().ok()?),
        }
        from = (end + 2).min(at);
    }
    open.pop()
}

/// `range` of the text with those of `changes` in it.
fn render(text: &str, changes: &[(Range<usize>, Vec<Change>)], range: Range<usize>) -> String {
    let mut woven = String::new();
    let mut at = range.start;
    for (index, (place, here)) in changes.iter().enumerate() {
        if place.start < at || place.end > range.end {
            continue;
        }
        woven.push_str(&text[at..place.start]);
        let inner = |range: Range<usize>| render(text, &changes[index + 1..], range);
        woven.push_str(&written(text, here, place, &inner));
        at = place.end;
    }
    woven.push_str(&text[at..range.end]);
    woven
}

fn written(text: &str, changes: &[Change], place: &Range<usize>, inner: &dyn Fn(Range<usize>) -> String) -> String {
    let Some((change, rest)) = changes.split_first() else {
        return inner(place.clone());
    };
    let as_is = || written(text, rest, place, inner);
    match change {
        Change::Before(before) => before.clone() + &as_is(),
        Change::Condition { others } => choice(others.iter().cloned(), &as_is()),
        Change::Never { number } => choice([(*number, "false".to_owned())].into_iter(), &as_is()),
        Change::Binary {
            left,
            operator,
            right,
            others,
        } => {
            let (left, right) = (inner(left.clone()), inner(right.clone()));
            let others = others.iter().map(|(number, other)| (*number, format!("{left} {other} {right}")));
            choice(others, &format!("{left} {} {right}", &text[operator.clone()]))
        }
        Change::Unary { operand, number } => {
            let operator = &text[place.start..operand.start];
            let operand = inner(operand.clone());
            let whole = format!("{operator}{operand}");
            choice([(*number, operand)].into_iter(), &whole)
        }
        Change::Member { name, value, base, number } => {
            let value = value.clone().map_or_else(|| name.clone(), inner);
            let other = format!("({}).{name}", &text[base.clone()]);
            format!("{name}: {}", choice([(*number, other)].into_iter(), &value))
        }
    }
}

fn choice(others: impl Iterator<Item = (u32, String)>, as_is: &str) -> String {
    let others: Vec<_> = others.map(|(number, other)| marked(number, &format!("{{ {other} }}"))).collect();
    format!("({} else {{ {as_is} }})", others.join(" else "))
}

/// What is done if a mutant is chosen.
fn marked(number: u32, then: &str) -> String {
    format!("/*m{number}*/if crate::mutated({number}) {then}/*m{number}.*/")
}

/// Where lines begin.
#[derive(Default)]
struct Lines {
    text: String,
    starts: Vec<usize>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self {
            text: text.to_owned(),
            starts,
        }
    }

    /// The byte at a line, from one, and a column, from zero.
    fn byte(&self, line: usize, column: usize) -> usize {
        let start = self.starts[line - 1];
        let rest = &self.text[start..];
        start + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at)
    }

    fn place(&self, (line, column): Place) -> usize {
        self.byte(line, column - 1)
    }

    fn range(&self, span: Span) -> Range<usize> {
        let at = |LineColumn { line, column }| self.byte(line, column);
        at(span.start())..at(span.end())
    }
}

/// What can be changed, by where the part begins that a mutant names.
#[derive(Default)]
struct Nodes {
    lines: Lines,
    /// By the operator: the expression, left, operator, right.
    binaries: BTreeMap<usize, [Range<usize>; 4]>,
    /// By the operator: the expression, and its operand.
    unaries: BTreeMap<usize, [Range<usize>; 2]>,
    /// By the arm: its pattern, and its guard.
    arms: BTreeMap<usize, (Range<usize>, Option<Range<usize>>)>,
    /// By where they begin.
    members: BTreeMap<usize, Member>,
}

/// A member of a struct with a base.
#[derive(Clone)]
struct Member {
    whole: Range<usize>,
    name: String,
    /// None where it is a variable's name.
    value: Option<Range<usize>>,
    base: Range<usize>,
}

impl Nodes {
    fn change(&self, text: &str, number: u32, mutant: &Mutant) -> Option<(Range<usize>, Change)> {
        let from = self.lines.place(mutant.from);
        let other = (number, mutant.replacement.clone());
        match mutant.genre.as_str() {
            "FnValue" => {
                let then = marked(number, &format!("{{ return {}; }}", mutant.replacement));
                Some((from..from, Change::Before(then + "\n")))
            }
            "BinaryOperator" => {
                let [whole, left, operator, right] = self.binaries.get(&from)?.clone();
                let others = vec![other];
                Some((
                    whole,
                    Change::Binary {
                        left,
                        operator,
                        right,
                        others,
                    },
                ))
            }
            "UnaryOperator" => {
                let [whole, operand] = self.unaries.get(&from)?.clone();
                Some((whole, Change::Unary { operand, number }))
            }
            "MatchArmGuard" => Some((from..self.lines.place(mutant.to), Change::Condition { others: vec![other] })),
            "MatchArm" => match self.arms.get(&from)?.clone() {
                (_, Some(guard)) => Some((guard, Change::Never { number })),
                (pattern, None) => {
                    let guard = format!(" if {}", choice([(number, "false".to_owned())].into_iter(), "true"));
                    Some((pattern.end..pattern.end, Change::Before(guard)))
                }
            },
            "StructField" => {
                let Member { whole, name, value, base } = self.members.get(&from)?.clone();
                debug_assert!(text[whole.clone()].starts_with(&name));
                Some((whole, Change::Member { name, value, base, number }))
            }
            _ => None,
        }
    }
}

impl<'a> Visit<'a> for Nodes {
    fn visit_expr_binary(&mut self, node: &'a syn::ExprBinary) {
        let parts = [node.span(), node.left.span(), node.op.span(), node.right.span()].map(|span| self.lines.range(span));
        self.binaries.insert(parts[2].start, parts);
        syn::visit::visit_expr_binary(self, node);
    }

    fn visit_expr_unary(&mut self, node: &'a syn::ExprUnary) {
        let parts = [node.span(), node.expr.span()].map(|span| self.lines.range(span));
        self.unaries.insert(parts[0].start, parts);
        syn::visit::visit_expr_unary(self, node);
    }

    fn visit_arm(&mut self, node: &'a syn::Arm) {
        let pattern = self.lines.range(node.pat.span());
        let guard = node.guard.as_ref().map(|(_, guard)| self.lines.range(guard.span()));
        self.arms.insert(pattern.start, (pattern, guard));
        syn::visit::visit_arm(self, node);
    }

    fn visit_expr_struct(&mut self, node: &'a syn::ExprStruct) {
        if let Some(base) = &node.rest {
            let base = self.lines.range(base.span());
            for field in &node.fields {
                let (whole, name) = (self.lines.range(field.span()), self.lines.range(field.member.span()));
                let value = field.colon_token.map(|_| self.lines.range(field.expr.span()));
                let name = self.lines.text[name].to_owned();
                let base = base.clone();
                self.members.insert(whole.start, Member { whole, name, value, base });
            }
        }
        syn::visit::visit_expr_struct(self, node);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mutant(genre: &str, from: Place, to: Place, replacement: &str) -> Mutant {
        Mutant {
            name: String::new(),
            file: String::new(),
            genre: genre.to_owned(),
            from,
            to,
            replacement: replacement.to_owned(),
            result: String::new(),
        }
    }

    fn woven(text: &str, mutants: &[Mutant]) -> String {
        let numbered: Vec<_> = (1..).zip(mutants).collect();
        let (woven, homeless) = weave(text, &numbered);
        assert!(homeless.is_empty(), "{homeless:?}");
        syn::parse_file(&woven).unwrap_or_else(|error| panic!("{error}: {woven}"));
        woven
    }

    /// Without what only marks.
    fn bare(woven: &str) -> String {
        let mut text = woven.replace("crate::mutated", "");
        while let Some(from) = text.find("/*") {
            let to = text[from..].find("*/").expect("an end") + from + 2;
            text.replace_range(from..to, "");
        }
        text
    }

    #[test]
    fn operators_are_chosen_and_may_lie_in_each_other() {
        let text = "fn f() -> bool { a + 1 < b }";
        let mutants = [
            mutant("BinaryOperator", (1, 24), (1, 25), "<="),
            mutant("BinaryOperator", (1, 20), (1, 21), "-"),
            mutant("BinaryOperator", (1, 24), (1, 25), ">"),
        ];
        let sum = "(if (2) { a - 1 } else { a + 1 })";
        assert_eq!(
            bare(&woven(text, &mutants)),
            format!("fn f() -> bool {{ (if (1) {{ {sum} <= b }} else if (3) {{ {sum} > b }} else {{ {sum} < b }}) }}")
        );
    }

    #[test]
    fn results_arms_guards_members_and_negations_are_chosen() {
        // A character of more than a byte before it: columns are characters.
        let text = "fn f() -> u8 {\n    /* ä */ match x {\n        1 => 2,\n        n if !n.odd() => T { a: n + 1, b, ..c }.a,\n        _ => 3,\n    }\n}\n";
        let mutants = [
            mutant("FnValue", (2, 13), (6, 6), "0"),
            mutant("MatchArm", (3, 9), (3, 15), ""),
            mutant("MatchArmGuard", (4, 14), (4, 22), "true"),
            mutant("UnaryOperator", (4, 14), (4, 15), ""),
            mutant("StructField", (4, 30), (4, 38), ""),
            mutant("StructField", (4, 40), (4, 41), ""),
            mutant("BinaryOperator", (4, 35), (4, 36), "*"),
        ];
        let woven = bare(&woven(text, &mutants));
        for part in [
            "if (1) { return 0; }\nmatch x {",
            "1 if (if (2) { false } else { true }) => 2,",
            "n if (if (3) { true } else { (if (4) { n.odd() } else { !n.odd() }) }) =>",
            "a: (if (5) { (c).a } else { (if (7) { n * 1 } else { n + 1 }) })",
            "b: (if (6) { (c).b } else { b }), ..c",
        ] {
            assert!(woven.contains(part), "{part}: {woven}");
        }
    }

    #[test]
    fn an_error_is_the_innermost_mutants() {
        let mutants = [
            mutant("BinaryOperator", (1, 24), (1, 25), "<="),
            mutant("BinaryOperator", (1, 20), (1, 21), "-"),
        ];
        let woven = woven("fn f() -> bool { a + 1 < b }", &mutants);
        assert_eq!(around(&woven, woven.find("a - 1").expect("there")), Some(2));
        assert_eq!(around(&woven, woven.find("<= b").expect("there")), Some(1));
        assert_eq!(around(&woven, woven.find("fn f").expect("there")), None);
        assert_eq!(around(&woven, woven.rfind("< b").expect("there")), None);
    }

    #[test]
    fn what_has_no_place_is_said() {
        let lost = mutant("BinaryOperator", (1, 1), (1, 2), "<");
        assert_eq!(weave("fn f() {}", &[(9, &lost)]), ("fn f() {}".to_owned(), vec![9]));
        assert_eq!(weave("fn f() {", &[(9, &lost)]).1, [9]);
    }
}

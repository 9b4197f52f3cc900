//! Names of tests, with `*` for whatever may stand there.

use std::fmt;

/// `binary::module::name`; a `*` stands for any characters, none included.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pattern(String);

impl Pattern {
    /// The pattern that `text` writes.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether it means the test of this name.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let Some((first, rest)) = self.0.split_once('*') else {
            return self.0 == name;
        };
        let Some(mut name) = name.strip_prefix(first) else {
            return false;
        };
        let (between, last) = rest.rsplit_once('*').unwrap_or(("", rest));
        for part in between.split('*') {
            let Some(at) = name.find(part) else {
                return false;
            };
            name = &name[at + part.len()..];
        }
        name.ends_with(last)
    }

    /// The binary that its tests are in.
    #[must_use]
    pub fn binary(&self) -> &str {
        self.0.split("::").next().unwrap_or(&self.0)
    }

    /// The modules that its tests are in, binary and name left out.
    #[must_use]
    pub fn modules(&self) -> &str {
        let inner = self.0.rsplit_once("::").and_then(|(outer, _)| outer.split_once("::"));
        inner.map_or("", |(_, modules)| modules)
    }

    /// The last name in it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit("::").next().unwrap_or(&self.0)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_anything_and_the_rest_is_itself() {
        let cases: [(&str, &[&str], &[&str]); 6] = [
            ("a::b", &["a::b"], &["a::bc", "xa::b", "a"]),
            ("a::*", &["a::b", "a::b::c", "a::"], &["a", "b::a::c"]),
            ("a::*::d", &["a::b::d", "a::b::c::d"], &["a::d", "a::b::dd"]),
            ("a::b_*_d", &["a::b_c_d", "a::b__d"], &["a::b_d"]),
            ("a::*b*c", &["a::bc", "a::xbyc", "a::bbcc"], &["a::cb", "a::b"]),
            ("*", &["", "a"], &[]),
        ];
        for (pattern, means, does_not) in cases {
            let pattern = Pattern::new(pattern);
            for name in means {
                assert!(pattern.matches(name), "{pattern} {name}");
            }
            for name in does_not {
                assert!(!pattern.matches(name), "{pattern} {name}");
            }
        }
    }
}

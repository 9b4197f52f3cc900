//! Promises and the tests that hold them.
//!
//! A promise is a sentence in `tests/evidence/promises/*.toml` with the names of the tests that would fail if it were broken. What a run of
//! `scripts/test` printed says which tests there are, what came of them and how often they tried. [`check()`] holds one against the other, both
//! ways; [`page::render`] writes `docs/INVARIANTS.md`.
//!
//! A test is named `binary::module::name`: the crate of a unit test, the file of an integration test. In a pattern `*` is anything.
//! How often a test tried is what it says (a line `tried 50000` on its standard output), else the number of its proptest cases, else 1.

//!
//! Two more pages say how good the tests are: [`coverage`], which lines they run, and [`mutants`], which errors they notice.

pub mod book;
pub mod check;
pub mod coverage;
pub mod log;
pub mod mutants;
pub mod page;
pub mod pattern;
pub mod sources;

pub use book::Book;
pub use check::{check, Fault};
pub use log::Run;
pub use sources::Sources;

/// The folder of promises, from the project's root.
pub const PROMISES: &str = "tests/evidence/promises";
/// The page, from the project's root.
pub const PAGE: &str = "docs/INVARIANTS.md";

//! Every mutant of a crate, built once.
//!
//! cargo-mutants builds a crate anew for each mutant, which for a thousand of them is half a day. Here its list of mutants is taken, all of them are
//! [woven](weave) into the sources, each behind a number, and a run of the tests chooses one by the environment variable `MUTANT`. A test that
//! fails ends the run at once. What does not compile is left out, and the rest is built again.

pub mod list;
pub mod trial;
pub mod weave;

pub use list::Mutant;

//! The protocol for people at a terminal: what `usdai` reads, checks and does.

pub mod acts;
pub mod check;
pub mod status;

//! The protocol from outside: bindings, deployment, the counterparts it needs.

pub mod bindings;
pub mod counterparts;
pub mod errors;
pub mod plan;
pub mod program;
pub mod suite;

//! What can go wrong, with the figures that tell why.

/// Why code was refused at activation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ActivationError {
    /// The code does not start with `0xEFF000`.
    #[error("not a Stylus program: code starts with {start:02x?}")]
    NotStylus {
        /// The first bytes of the code, four at most.
        start: Vec<u8>,
    },
}

/// Why a program stopped without returning.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Trap {
    /// The `unreachable` instruction: a Rust panic in most programs.
    #[error("unreachable executed")]
    Unreachable,
}

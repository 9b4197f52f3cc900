//! Entrypoint.

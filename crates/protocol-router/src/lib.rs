//! protocol-router

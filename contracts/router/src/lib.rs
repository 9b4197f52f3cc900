//! Entrypoint of the router: see the crate `protocol-router`.

lean_abi::entrypoint!(protocol_router::Router);

//! Entrypoint of the router: see the crate `protocol-router`.

// What the router executes asks it for roles and addresses while it is at work.
lean_abi::entrypoint!(protocol_router::Router, reentrant(protocol_router::IRouter));

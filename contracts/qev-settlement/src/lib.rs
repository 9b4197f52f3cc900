//! Entrypoint of the second program of QEV: see the crate `qev-queue`.

lean_abi::entrypoint!(qev_queue::Settlement);

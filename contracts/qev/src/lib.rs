//! Entrypoint of QEV: see the crate `qev-queue`.

lean_abi::entrypoint!(qev_queue::Queue);

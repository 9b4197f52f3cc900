//! Entrypoint of FiLo: see the crate `filo-stacks`.

lean_abi::entrypoint!(filo_stacks::FiloStacks);

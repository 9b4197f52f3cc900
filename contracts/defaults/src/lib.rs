//! Entrypoint of FiLo's defaults: see the crate `filo-defaults`.

lean_abi::entrypoint!(filo_defaults::FiloDefaults);

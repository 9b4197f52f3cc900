//! Entrypoint of FiLo's origination: see the crate `filo-origination`.

lean_abi::entrypoint!(filo_origination::FiloOrigination);

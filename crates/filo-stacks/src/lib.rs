//! filo-stacks

//! Whoever may leave can, whatever others did: every exit, in every state, under every disturbance that others can make, on the WASM. Where an
//! exit must not be open, it says so by its named error.

mod dollars;
mod loans;
mod places;
mod stage;

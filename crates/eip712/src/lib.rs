//! EIP-712: what accounts and contracts sign for a contract, and whether they did.
//!
//! A contract that says its name ([`Domain`]) has a domain, which it publishes through ERC-5267 ([`IErc5267Callee`]). What is signed is a
//! struct: the hash of its type ([`hash`], at compile time) and its members, a word each ([`digest`]). Who signed is an account by its
//! key, or a contract by its own word, ERC-1271 ([`require_signer`]). Nonces and deadlines are the struct's, so they are its contract's.
//!
//! - S1: a signature is good for one contract on one chain.
//! - S2: of a signature and its mirror image only one counts, and nothing is the zero address's.

#![cfg_attr(not(test), no_std)]
#[macro_use]
extern crate alloc;

mod domain;
mod signature;

pub use domain::{digest, hash, hash_words, separator, word, Domain, IErc5267, IErc5267Callee};
pub use signature::{packed, require_signer};

#[cfg(test)]
mod tests;

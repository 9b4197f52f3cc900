//! The ERC-721 ledger that CALIBER's receipts and QEV's positions embed as a piece of their storage.
//!
//! A contract that says where its [`Erc721Ledger`] is ([`Collection`]) has the standard's functions, [`IErc721Callee`] and
//! [`IErc721MetadataCallee`], with a seam before a holder's transfer, where it can refuse it ([`Collection::check_transfer`]), and one
//! after it, where it can follow it ([`Collection::transferred`]). What the contract itself does (issue, burn, hand over) it does on the
//! ledger, which asks nobody.
//!
//! The word that has a token's owner has twelve bytes to [`Spare`], which belong to the contract: a transfer reads and writes them for
//! nothing, and keeps them. The word that counts an account's tokens has 28 more.
//!
//! A contract whose tokens say by themselves whose they are when they are minted, by their ids say, need not write that word: it mints
//! without a title, answers for it ([`Collection::title`]), and writes it when the token first changes hands ([`Collection::entitle`]).
//!
//! - N1: a token has one owner or does not exist; the balance of an account is the number of tokens it owns.
//! - N2: an approval is good for one token of one owner: a transfer and a burn clear it.
//! - N3: only the owner, an operator of the owner's, and who is approved for the token can have it transferred.
//! - N4: a contract that does not say that it takes tokens receives none by a safe transfer.

#![cfg_attr(not(test), no_std)]
#[macro_use]
extern crate alloc;

mod collection;
mod errors;
mod events;
mod ledger;
mod receiver;

#[cfg(test)]
mod tests;

pub use collection::{
    Collection, IErc721, IErc721Callee, IErc721Metadata, IErc721MetadataCallee, ERC165_ID, ERC721_ID, ERC721_METADATA_ID,
};
pub use errors::*;
pub use events::*;
pub use ledger::{Erc721Ledger, Spare, Title};
pub use receiver::{check_receiver, IErc721Receiver};

//! What CALIBER tells indexers: enough to rebuild its state from logs alone.

#![allow(
    missing_docs,
    reason = "`sol!` documents the events; it gives no way to document the fields it generates"
)]

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{sol, SolEvent};
use interfaces::words::Words;
use stylus_sdk::prelude::Host;

use crate::storage::Lot;

sol! {
    /// ERC-721; from zero: issued.
    #[derive(Debug, PartialEq, Eq)]
    event Transfer(address indexed from, address indexed to, uint256 indexed tokenId);
    /// ERC-721.
    #[derive(Debug, PartialEq, Eq)]
    event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId);
    /// ERC-721.
    #[derive(Debug, PartialEq, Eq)]
    event ApprovalForAll(address indexed owner, address indexed operator, bool approved);

    /// A document of title over `units` of `hardwareClass` was issued. Its agreement's URI is `tokenURI`; its first appraisal and cover
    /// follow as [`Appraised`] and [`Insured`].
    #[derive(Debug, PartialEq, Eq)]
    event Issued(
        uint256 indexed receipt,
        bytes32 indexed hardwareClass,
        address indexed custodian,
        uint256 units,
        bytes32 manifestHash,
        bytes32 agreementHash
    );
    /// `value` in USDai units, as of this block.
    #[derive(Debug, PartialEq, Eq)]
    event Appraised(uint256 indexed receipt, address indexed appraiser, uint256 value);
    /// Cover of `value` USDai units until `until`; an `until` that is past withdraws it.
    #[derive(Debug, PartialEq, Eq)]
    event Insured(uint256 indexed receipt, address indexed attestor, uint256 value, uint256 until);
    /// The receipt is encumbered by `loan`.
    #[derive(Debug, PartialEq, Eq)]
    event Pledged(uint256 indexed receipt, uint256 indexed loan);
    /// The receipt is free again.
    #[derive(Debug, PartialEq, Eq)]
    event Released(uint256 indexed receipt, uint256 indexed loan);

    /// Receipts of the class keep `factor` (RAY) of their value each second after an appraisal.
    #[derive(Debug, PartialEq, Eq)]
    event DecaySet(bytes32 indexed hardwareClass, uint256 factor);
    /// Appraisals are worth nothing after `maxAge` seconds; cover must reach `minCoverBps` of the appraisal.
    #[derive(Debug, PartialEq, Eq)]
    event PolicySet(uint256 maxAge, uint256 minCoverBps);
    /// The FiLo contract was copied from the router's address book.
    #[derive(Debug, PartialEq, Eq)]
    event Wired(address filo);
}

pub(crate) fn transfer(vm: &dyn Host, from: Address, to: Address, receipt: U256) {
    Words::event(&Transfer::SIGNATURE_HASH)
        .with(&from)
        .with(&to)
        .with(&receipt)
        .emit(vm, 4);
}

pub(crate) fn approval(vm: &dyn Host, owner: Address, approved: Address, receipt: U256) {
    Words::event(&Approval::SIGNATURE_HASH)
        .with(&owner)
        .with(&approved)
        .with(&receipt)
        .emit(vm, 4);
}

pub(crate) fn approval_for_all(vm: &dyn Host, owner: Address, operator: Address, approved: bool) {
    Words::event(&ApprovalForAll::SIGNATURE_HASH)
        .with(&owner)
        .with(&operator)
        .with(&approved)
        .emit(vm, 3);
}

pub(crate) fn issued(vm: &dyn Host, receipt: &U256, lot: &Lot) {
    let mut words = Words::event(&Issued::SIGNATURE_HASH);
    words.with(receipt).with(&lot.hardware_class).with(&lot.custodian);
    words.with(&u64::from(lot.units)).with(&lot.manifest).with(&lot.agreement);
    words.emit(vm, 4);
}

pub(crate) fn appraised(vm: &dyn Host, receipt: U256, appraiser: Address, value: U256) {
    Words::event(&Appraised::SIGNATURE_HASH)
        .with(&receipt)
        .with(&appraiser)
        .with(&value)
        .emit(vm, 3);
}

pub(crate) fn insured(vm: &dyn Host, receipt: U256, attestor: Address, value: U256, until: U256) {
    Words::event(&Insured::SIGNATURE_HASH)
        .with(&receipt)
        .with(&attestor)
        .with(&value)
        .with(&until)
        .emit(vm, 3);
}

pub(crate) fn pledged(vm: &dyn Host, receipt: U256, loan: U256) {
    Words::event(&Pledged::SIGNATURE_HASH).with(&receipt).with(&loan).emit(vm, 3);
}

pub(crate) fn released(vm: &dyn Host, receipt: U256, loan: U256) {
    Words::event(&Released::SIGNATURE_HASH).with(&receipt).with(&loan).emit(vm, 3);
}

pub(crate) fn decay_set(vm: &dyn Host, class: B256, factor: U256) {
    Words::event(&DecaySet::SIGNATURE_HASH).with(&class).with(&factor).emit(vm, 2);
}

pub(crate) fn policy_set(vm: &dyn Host, max_age: U256, min_cover_bps: U256) {
    Words::event(&PolicySet::SIGNATURE_HASH)
        .with(&max_age)
        .with(&min_cover_bps)
        .emit(vm, 1);
}

pub(crate) fn wired(vm: &dyn Host, filo: Address) {
    Words::event(&Wired::SIGNATURE_HASH).with(&filo).emit(vm, 1);
}

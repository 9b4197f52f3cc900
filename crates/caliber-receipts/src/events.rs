//! What CALIBER tells indexers: enough to rebuild its state from logs alone.

#![allow(
    missing_docs,
    reason = "`sol!` documents the events; it gives no way to document the fields it generates"
)]

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{sol, SolEvent};
use interfaces::words::{emit, Word};
use stylus_sdk::prelude::Host;

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
    emit(vm, 4, &[Transfer::SIGNATURE_HASH, from.word(), to.word(), receipt.word()]);
}

pub(crate) fn approval(vm: &dyn Host, owner: Address, approved: Address, receipt: U256) {
    emit(vm, 4, &[Approval::SIGNATURE_HASH, owner.word(), approved.word(), receipt.word()]);
}

pub(crate) fn approval_for_all(vm: &dyn Host, owner: Address, operator: Address, approved: bool) {
    let words = [ApprovalForAll::SIGNATURE_HASH, owner.word(), operator.word(), approved.word()];
    emit(vm, 3, &words);
}

/// `lot`: units, manifest hash, agreement hash.
pub(crate) fn issued(vm: &dyn Host, receipt: U256, class: B256, custodian: Address, lot: [B256; 3]) {
    let [units, manifest, agreement] = lot;
    let words = [
        Issued::SIGNATURE_HASH,
        receipt.word(),
        class,
        custodian.word(),
        units,
        manifest,
        agreement,
    ];
    emit(vm, 4, &words);
}

pub(crate) fn appraised(vm: &dyn Host, receipt: U256, appraiser: Address, value: U256) {
    emit(vm, 3, &[Appraised::SIGNATURE_HASH, receipt.word(), appraiser.word(), value.word()]);
}

pub(crate) fn insured(vm: &dyn Host, receipt: U256, attestor: Address, value: U256, until: U256) {
    let words = [Insured::SIGNATURE_HASH, receipt.word(), attestor.word(), value.word(), until.word()];
    emit(vm, 3, &words);
}

pub(crate) fn pledged(vm: &dyn Host, receipt: U256, loan: U256) {
    emit(vm, 3, &[Pledged::SIGNATURE_HASH, receipt.word(), loan.word()]);
}

pub(crate) fn released(vm: &dyn Host, receipt: U256, loan: U256) {
    emit(vm, 3, &[Released::SIGNATURE_HASH, receipt.word(), loan.word()]);
}

pub(crate) fn decay_set(vm: &dyn Host, class: B256, factor: U256) {
    emit(vm, 2, &[DecaySet::SIGNATURE_HASH, class, factor.word()]);
}

pub(crate) fn policy_set(vm: &dyn Host, max_age: U256, min_cover_bps: U256) {
    emit(vm, 1, &[PolicySet::SIGNATURE_HASH, max_age.word(), min_cover_bps.word()]);
}

pub(crate) fn wired(vm: &dyn Host, filo: Address) {
    emit(vm, 1, &[Wired::SIGNATURE_HASH, filo.word()]);
}

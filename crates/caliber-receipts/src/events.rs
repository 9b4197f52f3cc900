//! What CALIBER tells indexers: enough to rebuild its state from logs alone.

#![allow(
    missing_docs,
    reason = "`sol!` documents the events; it gives no way to document the fields it generates"
)]

use lean_abi::sol;

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

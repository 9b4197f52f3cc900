//! What CALIBER tells indexers: enough to rebuild its state from logs alone.

#![allow(
    missing_docs,
    reason = "`sol!` documents the events; it gives no way to document the fields it generates"
)]

use lean_abi::sol;

sol! {
    /// A document of title over `units` of `hardwareClass` was issued. Its first appraisal and cover follow as [`Appraised`] and
    /// [`Insured`].
    #[derive(Debug, PartialEq, Eq)]
    event Issued(
        uint256 indexed receipt,
        bytes32 indexed hardwareClass,
        address indexed custodian,
        uint256 units,
        bytes32 manifestHash,
        bytes32 agreementHash,
        string agreementUri
    );
    /// `value` in USDai units, as of `appraisedAt`. By the agent at an issue: it counts until the first appraiser speaks.
    #[derive(Debug, PartialEq, Eq)]
    event Appraised(uint256 indexed receipt, address indexed appraiser, uint256 value, uint256 appraisedAt);
    /// `account` lost `role` (APPRAISER, or TOKENISING_AGENT for the figures of issues): no appraisal of its counts any more.
    #[derive(Debug, PartialEq, Eq)]
    event Struck(address indexed account, bytes32 role);
    /// Cover of `value` USDai units until `until`, as of `attestedAt`; an `until` that is past withdraws it.
    #[derive(Debug, PartialEq, Eq)]
    event Insured(uint256 indexed receipt, address indexed attestor, uint256 value, uint256 until, uint256 attestedAt);
    /// `signer` has spent the nonces of `mask`'s bits, from 256 × `word` on: by a notice, or to take notices back.
    #[derive(Debug, PartialEq, Eq)]
    event NoncesSpent(address indexed signer, uint256 word, uint256 mask);
    /// The receipt is encumbered by `loan`.
    #[derive(Debug, PartialEq, Eq)]
    event Pledged(uint256 indexed receipt, uint256 indexed loan);
    /// `loan` encumbers the receipt no longer: it is free, unless [`Pledged`] follows for another loan.
    #[derive(Debug, PartialEq, Eq)]
    event Released(uint256 indexed receipt, uint256 indexed loan);

    /// The agent proposes that `custodian` takes the machines over, under a new agreement; the zero address takes a proposal back.
    #[derive(Debug, PartialEq, Eq)]
    event CustodyProposed(uint256 indexed receipt, address indexed custodian, bytes32 agreementHash, string agreementUri);
    /// `custodian` has the machines, under the agreement that was proposed.
    #[derive(Debug, PartialEq, Eq)]
    event CustodyAccepted(uint256 indexed receipt, address indexed custodian, bytes32 agreementHash);
    /// `holder` hands the receipt in for the machines.
    #[derive(Debug, PartialEq, Eq)]
    event RedemptionRequested(uint256 indexed receipt, address indexed holder);
    /// `holder` keeps the receipt.
    #[derive(Debug, PartialEq, Eq)]
    event RedemptionWithdrawn(uint256 indexed receipt, address indexed holder);
    /// `custodian` has delivered; the receipt is burnt, and its manifest can be issued again.
    #[derive(Debug, PartialEq, Eq)]
    event Redeemed(uint256 indexed receipt, address indexed custodian, bytes32 manifestHash);
    /// ERC-4907: `user` operates the machines through second `expires`, or until the receipt is transferred.
    #[derive(Debug, PartialEq, Eq)]
    event UpdateUser(uint256 indexed tokenId, address indexed user, uint64 expires);
    /// ERC-4906: `tokenURI` has changed.
    #[derive(Debug, PartialEq, Eq)]
    event MetadataUpdate(uint256 _tokenId);
    /// ERC-7572: `contractURI` has changed.
    #[derive(Debug, PartialEq, Eq)]
    event ContractURIUpdated();

    /// Receipts of the class keep `factor` (RAY) of their value each second after an appraisal.
    #[derive(Debug, PartialEq, Eq)]
    event DecaySet(bytes32 indexed hardwareClass, uint256 factor);
    /// `index` of 10^18 is left of the class, by `account`.
    #[derive(Debug, PartialEq, Eq)]
    event ClassIndexSet(bytes32 indexed hardwareClass, address indexed account, uint256 index);
    /// Appraisals are worth nothing after `maxAge` seconds, or when fewer than `quorum` count; cover must reach `minCoverBps` of the
    /// appraisal; a class index moves by `maxStepBps` at most.
    #[derive(Debug, PartialEq, Eq)]
    event PolicySet(uint256 maxAge, uint256 minCoverBps, uint256 quorum, uint256 maxStepBps);
    /// Receipts go to listed parties only, or to anybody.
    #[derive(Debug, PartialEq, Eq)]
    event AllowListSet(bool enabled);
    /// `account` is a listed party, or no longer.
    #[derive(Debug, PartialEq, Eq)]
    event PartySet(address indexed account, bool listed);
    /// `account` has paused issues, or let them go on.
    #[derive(Debug, PartialEq, Eq)]
    event IssuesPauseSet(address indexed account, bool paused);
    /// The FiLo contract was copied from the router's address book.
    #[derive(Debug, PartialEq, Eq)]
    event Wired(address filo);
}

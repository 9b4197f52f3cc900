//! What indexers are told. What becomes of an offer as a loan is FiLo's to tell.

#![allow(
    missing_docs,
    reason = "`sol!` documents the events; it gives no way to document the fields it generates"
)]

use lean_abi::sol;

sol! {
    /// The stack's curator offers a loan to `borrower` until `expiry`; `rate` is WAD a year, `offer` the digest of all of it.
    #[derive(Debug, PartialEq, Eq)]
    event OfferPosted(
        bytes32 indexed offer,
        uint256 indexed stack,
        address indexed borrower,
        uint256[] receipts,
        uint256 principal,
        uint256 rate,
        uint256 periods,
        bool levelPayment,
        uint256 graceSeconds,
        uint256 lateFeeBps,
        uint256 expiry,
        uint256 salt
    );
    /// The stack's curator took the offer back.
    #[derive(Debug, PartialEq, Eq)]
    event OfferCancelled(bytes32 indexed offer, uint256 indexed stack);
    /// The borrower took the offer: `loan` is on its terms.
    #[derive(Debug, PartialEq, Eq)]
    event OfferTaken(bytes32 indexed offer, uint256 indexed loan);
    /// `operator` may, or may no longer, take offers and add receipts for `controller`.
    #[derive(Debug, PartialEq, Eq)]
    event OperatorSet(address indexed controller, address indexed operator, bool approved);
    /// Addresses were copied from the router's address book, and FiLo's length of a period from FiLo.
    #[derive(Debug, PartialEq, Eq)]
    event Wired(address filo, address caliber, uint256 periodSeconds);
}

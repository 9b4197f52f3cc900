//! What indexers are told beside FiLo's own `LoanMarked`, `MarginCalled`, `ReceiptsSold` and `LoanLiquidated`.

#![allow(
    missing_docs,
    reason = "`sol!` documents the events; it gives no way to document the fields it generates"
)]

use lean_abi::sol;

sol! {
    /// The loan is in default; the borrower can pay all and have the receipts back at least until `redeemableUntil`.
    #[derive(Debug, PartialEq, Eq)]
    event DefaultDeclared(uint256 indexed loan, uint256 redeemableUntil);
    /// A round of the auction of all receipts began: from `startPrice` down to `floorPrice` at `endsAt`.
    #[derive(Debug, PartialEq, Eq)]
    event AuctionStarted(uint256 indexed loan, uint256 round, uint256 startPrice, uint256 floorPrice, uint256 endsAt);
    /// The part of value that a sale is expected to cost, and the part of a price that pays for enforcement.
    #[derive(Debug, PartialEq, Eq)]
    event ParametersSet(uint256 liquidationCostBps, uint256 enforcementBps);
    /// Addresses were copied from the router's address book.
    #[derive(Debug, PartialEq, Eq)]
    event Wired(address filo, address caliber);
}

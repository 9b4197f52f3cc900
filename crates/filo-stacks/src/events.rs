//! What FiLo tells indexers: enough to rebuild its state from logs alone.

#![allow(
    missing_docs,
    reason = "`sol!` documents the events; it gives no way to document the fields it generates"
)]

use lean_abi::sol;

sol! {
    /// A curator opened a stack. Ratios in basis points; a zero class is any.
    #[derive(Debug, PartialEq, Eq)]
    event StackOpened(
        uint256 indexed stack,
        address indexed curator,
        bytes32 indexed hardwareClass,
        uint256 firstLossBps,
        uint256 maxLtvBps,
        uint256 seniorCap,
        uint256 servicingFeeBps,
        uint256 juniorSpreadBps
    );
    /// The stack's curator paid in first-loss capital.
    #[derive(Debug, PartialEq, Eq)]
    event JuniorDeposited(uint256 indexed stack, uint256 assets);
    /// The stack's curator took out first-loss capital that was not lent.
    #[derive(Debug, PartialEq, Eq)]
    event JuniorWithdrawn(uint256 indexed stack, address indexed receiver, uint256 assets);
    /// A loan is on offer to `borrower` until `expiry`; `rate` is WAD per year.
    #[derive(Debug, PartialEq, Eq)]
    event LoanOffered(
        uint256 indexed loan,
        uint256 indexed stack,
        address indexed borrower,
        uint256 principal,
        uint256 rate,
        uint256 periods,
        bool levelPayment,
        uint256 expiry,
        uint256[] receipts
    );
    /// The curator took the offer back.
    #[derive(Debug, PartialEq, Eq)]
    event OfferCancelled(uint256 indexed loan);
    /// `senior` was lent by the vault and `junior` by the stack; `instalment` is due each period, first at `firstDue`.
    #[derive(Debug, PartialEq, Eq)]
    event LoanDrawn(
        uint256 indexed loan,
        uint256 indexed stack,
        address indexed receiver,
        uint256 senior,
        uint256 junior,
        uint256 instalment,
        uint256 firstDue
    );
    /// `payer` paid `interest` and `principal`; the other amounts say where each wei of them went.
    #[derive(Debug, PartialEq, Eq)]
    event Payment(
        uint256 indexed loan,
        address indexed payer,
        uint256 interest,
        uint256 principal,
        uint256 seniorInterest,
        uint256 juniorInterest,
        uint256 servicingFee,
        uint256 protocolFee,
        uint256 toReserve,
        uint256 seniorPrincipal,
        uint256 juniorPrincipal
    );
    /// Nothing is owed; the receipts are free.
    #[derive(Debug, PartialEq, Eq)]
    event LoanClosed(uint256 indexed loan);
    /// Fees on interest of loans offered from now on.
    #[derive(Debug, PartialEq, Eq)]
    event ParametersSet(uint256 protocolFeeBps, uint256 reserveBps);
    /// Addresses were copied from the router's address book.
    #[derive(Debug, PartialEq, Eq)]
    event Wired(address usdai, address susdai, address caliber, address treasury);
}

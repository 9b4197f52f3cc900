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
        uint256 marginTriggerBps,
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
    /// `borrower` has drawn a loan: `senior` was lent by the vault and `junior` by the stack, at `rate` (WAD a year); `instalment` is due
    /// each period, first at `firstDue`. The fees on interest are those of its stack and of this moment. It takes the place of the loan
    /// `replaces`, which it has paid off (0: of none).
    #[derive(Debug, PartialEq, Eq)]
    event LoanDrawn(
        uint256 indexed loan,
        uint256 indexed stack,
        address indexed borrower,
        address receiver,
        uint256 replaces,
        uint256 senior,
        uint256 junior,
        uint256 rate,
        uint256 periods,
        bool levelPayment,
        uint256 graceSeconds,
        uint256 lateFeeBps,
        uint256 instalment,
        uint256 firstDue,
        uint256[] receipts
    );
    /// The borrower put further receipts behind the loan.
    #[derive(Debug, PartialEq, Eq)]
    event ReceiptsAdded(uint256 indexed loan, uint256[] receipts);
    /// `payer` paid a late fee, `interest` and `principal`; the other amounts say where each wei of them went. The late fee goes to the
    /// reserve; what is diverted goes to the vault out of the junior interest and principal.
    #[derive(Debug, PartialEq, Eq)]
    event Payment(
        uint256 indexed loan,
        address indexed payer,
        uint256 lateFee,
        uint256 interest,
        uint256 principal,
        uint256 seniorInterest,
        uint256 juniorInterest,
        uint256 servicingFee,
        uint256 protocolFee,
        uint256 toReserve,
        uint256 seniorPrincipal,
        uint256 juniorPrincipal,
        uint256 divertedPrincipal,
        uint256 divertedInterest
    );
    /// The loan was late and has caught up: it performs again.
    #[derive(Debug, PartialEq, Eq)]
    event LoanCured(uint256 indexed loan);
    /// The loan is late (status 2) or in default (3): the vault holds `impairment` against it, having counted on so much of its stack's
    /// junior capital and of the insurance reserve.
    #[derive(Debug, PartialEq, Eq)]
    event LoanMarked(uint256 indexed loan, uint256 status, uint256 impairment, uint256 juniorCover, uint256 reserveCover);
    /// The borrower has until `deadline` to add receipts or to bring the loan down to `cureBelow`; zeros: the call is met.
    #[derive(Debug, PartialEq, Eq)]
    event MarginCalled(uint256 indexed loan, uint256 deadline, uint256 cureBelow);
    /// Receipts were sold for `price`: `costs` to the treasury, `surplus` to the borrower, the rest is the payment that follows.
    #[derive(Debug, PartialEq, Eq)]
    event ReceiptsSold(
        uint256 indexed loan,
        address indexed buyer,
        address indexed receiver,
        uint256 price,
        uint256 costs,
        uint256 surplus,
        uint256[] receipts
    );
    /// Nothing is left to sell. The senior side was owed `senior` and `seniorInterest`, the stack loses `junior` in this loan. What was owed
    /// to the senior side, from before included, was paid out of the junior cash, is owed out of the junior side's share of other loans,
    /// was paid out of the reserve, and is lost. Of what is lost, and of interest, so much as marked loans of the stack may still bring is
    /// in `owedInterest`.
    #[derive(Debug, PartialEq, Eq)]
    event LoanLiquidated(
        uint256 indexed loan,
        uint256 senior,
        uint256 seniorInterest,
        uint256 junior,
        uint256 cashPrincipal,
        uint256 cashInterest,
        uint256 owedPrincipal,
        uint256 owedInterest,
        uint256 reservePrincipal,
        uint256 reserveInterest,
        uint256 lost
    );
    /// Nothing is owed. What becomes of its receipts CALIBER's events say: they are released, or pledged to the loan that replaced it.
    #[derive(Debug, PartialEq, Eq)]
    event LoanClosed(uint256 indexed loan);
    /// Fees on interest of loans drawn from now on.
    #[derive(Debug, PartialEq, Eq)]
    event ParametersSet(uint256 protocolFeeBps, uint256 reserveBps);
    /// The most principal that may be out to a borrower (kind 0), from a curator (1), or against a hardware class (2); 0 is any.
    #[derive(Debug, PartialEq, Eq)]
    event LimitSet(uint256 indexed kind, bytes32 indexed subject, uint256 limit);
    /// Addresses were copied from the router's address book.
    #[derive(Debug, PartialEq, Eq)]
    event Wired(address usdai, address susdai, address caliber, address treasury, address defaults, address origination);
}

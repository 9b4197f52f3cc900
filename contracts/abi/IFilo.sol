// SPDX-License-Identifier: MIT
pragma solidity >=0.8.4;

/// @notice FiLo stacks. Amounts in USDai, ratios in basis points, rates in WAD per year, times in Unix seconds.
/// @custom:constructor constructor(address router, uint256 periodSeconds)
interface IFilo {
    /// @notice A curator opened a stack. Ratios in basis points; a zero class is any.
    event StackOpened(uint256 indexed stack, address indexed curator, bytes32 indexed hardwareClass, uint256 firstLossBps, uint256 maxLtvBps, uint256 seniorCap, uint256 servicingFeeBps, uint256 juniorSpreadBps);
    /// @notice The stack's curator paid in first-loss capital.
    event JuniorDeposited(uint256 indexed stack, uint256 assets);
    /// @notice The stack's curator took out first-loss capital that was not lent.
    event JuniorWithdrawn(uint256 indexed stack, address indexed receiver, uint256 assets);
    /// @notice A loan is on offer to `borrower` until `expiry`; `rate` is WAD per year.
    event LoanOffered(uint256 indexed loan, uint256 indexed stack, address indexed borrower, uint256 principal, uint256 rate, uint256 periods, bool levelPayment, uint256 expiry, uint256[] receipts);
    /// @notice The curator took the offer back.
    event OfferCancelled(uint256 indexed loan);
    /// @notice `senior` was lent by the vault and `junior` by the stack; `instalment` is due each period, first at `firstDue`.
    event LoanDrawn(uint256 indexed loan, uint256 indexed stack, address indexed receiver, uint256 senior, uint256 junior, uint256 instalment, uint256 firstDue);
    /// @notice `payer` paid `interest` and `principal`; the other amounts say where each wei of them went.
    event Payment(uint256 indexed loan, address indexed payer, uint256 interest, uint256 principal, uint256 seniorInterest, uint256 juniorInterest, uint256 servicingFee, uint256 protocolFee, uint256 toReserve, uint256 seniorPrincipal, uint256 juniorPrincipal);
    /// @notice Nothing is owed; the receipts are free.
    event LoanClosed(uint256 indexed loan);
    /// @notice Fees on interest of loans offered from now on.
    event ParametersSet(uint256 protocolFeeBps, uint256 reserveBps);
    /// @notice Addresses were copied from the router's address book.
    event Wired(address usdai, address susdai, address caliber, address treasury);

    /// @notice `parameter`, named in ASCII, is the zero address or the zero hash.
    error ZeroValue(bytes32 parameter);
    /// @notice `parameter`, named in ASCII, must lie in `[minimum, maximum]`.
    error OutOfRange(bytes32 parameter, uint256 value, uint256 minimum, uint256 maximum);
    /// @notice No stack has this id.
    error UnknownStack(uint256 stack);
    /// @notice No loan has this id.
    error UnknownLoan(uint256 loan);
    /// @notice `caller` is not the stack's curator.
    error OnlyCurator(address caller, uint256 stack);
    /// @notice `caller` is not the borrower whom the offer names.
    error OnlyBorrower(address caller, uint256 loan);
    /// @notice The loan's status does not allow this: 1 offered, 2 live, 3 closed, 4 cancelled.
    error WrongStatus(uint256 loan, uint256 status);
    /// @notice The offer could be drawn until `expiry`.
    error OfferExpired(uint256 loan, uint256 expiry);
    /// @notice The stack has `available` junior cash, `needed` is more.
    error InsufficientJunior(uint256 stack, uint256 needed, uint256 available);
    /// @notice The loan would bring the stack's senior principal to `senior`, above `cap`.
    error SeniorCapExceeded(uint256 stack, uint256 senior, uint256 cap);
    /// @notice The stack has `limit` live loans, as many as it can.
    error TooManyLoans(uint256 stack, uint256 limit);
    /// @notice The receipts carry at most `limit` of principal.
    error LtvExceeded(uint256 principal, uint256 limit);
    /// @notice The receipts are insured until `coveredUntil` (0: one of them is not), the loan needs cover until `required`.
    error InsufficientCover(uint256 coveredUntil, uint256 required);
    /// @notice The stack does not lend against hardware of this class.
    error WrongHardwareClass(uint256 receipt, bytes32 hardwareClass);
    /// @notice A payment of the stack's loan `loan` was due at `due`: its first-loss capital stays.
    error LoanOverdue(uint256 loan, uint256 due);
    /// @notice `wire()` has not been called.
    error NotWired();
    /// @notice A sum or product left 256 bits.
    error ArithmeticOverflow();
    /// @notice `account` lacks `role`.
    error Unauthorized(address account, bytes32 role);
    /// @notice The router's address book has no entry `id`.
    error AddressNotSet(bytes32 id);
    /// @notice `token` refused the transfer or approval by returning false, or is not a contract.
    error TokenCallFailed(address token);
    /// @notice A callee is no contract, or returned data that does not begin with what its interface says.
    error MalformedReturn();

    /// @notice Copies USDai, the vault, CALIBER and the treasury from the router's address book; anybody may, the router is the authority.
    /// @dev Errors: `AddressNotSet` from the router's books.
    function wire() external;
    /// @notice Sets the treasury's and the reserve's part of the interest of loans offered from now on, each at most 10 %.
    /// @dev Errors: `Unauthorized` without the role ADMIN; `OutOfRange`.
    function setFees(uint256 protocolFeeBps, uint256 reserveBps) external;
    /// @notice Opens a stack, whose curator is the caller, and returns its id, counted from 1. First loss 10 % to 90 %, LTV at most 70 %, servicing
    /// fee at most 10 %, junior spread at most 30 %; a hardware class of zero allows any.
    /// @dev Errors: `Unauthorized` without the role CURATOR; `OutOfRange`.
    function openStack(uint256 firstLossBps, uint256 maxLtvBps, uint256 seniorCap, uint256 servicingFeeBps, uint256 juniorSpreadBps, bytes32 hardwareClass) external returns (uint256 stack);
    /// @notice Pays in first-loss capital, pulled from the stack's curator.
    /// @dev Errors: `OutOfRange` for nothing or more than 2^128 − 1; `UnknownStack`; `OnlyCurator`; `NotWired`; what USDai reverts with.
    function depositJunior(uint256 stack, uint256 assets) external;
    /// @notice Gives first-loss capital that is not lent to `receiver`, while no loan of the stack is overdue. Walks the stack's live loans, at
    /// most 64.
    /// @dev Errors: `OutOfRange` for nothing or more than 2^128 − 1; `ZeroValue` for a zero receiver; `UnknownStack`; `OnlyCurator`;
    /// `InsufficientJunior`; `LoanOverdue`; `NotWired`.
    function withdrawJunior(uint256 stack, uint256 assets, address receiver) external;
    /// @notice Offers a loan to `borrower` until `expiry`, and returns its id, counted from 1. The fees of this moment hold for the loan's life.
    /// Nothing is checked of the receipts but their class: they are pledged, and valued, when the loan is drawn.
    /// @dev Errors: `ZeroValue` for a zero borrower; `OutOfRange` for 0 or more than 32 receipts or an id beyond 2^64 − 1, a principal outside 1 USDai
    /// to 2^96 − 1 wei, a rate outside 1 wei to 100 %, 0 or more than 120 periods, an expiry that is past or beyond 2^48 − 1;
    /// `UnknownStack`; `OnlyCurator`; `Unauthorized` if the curator has lost the role CURATOR; `WrongHardwareClass`; `NotWired`.
    function offer(uint256 stack, address borrower, uint256[] calldata receipts, uint256 principal, uint256 rate, uint256 periods, bool levelPayment, uint256 expiry) external returns (uint256 loan);
    /// @notice Takes an offer back.
    /// @dev Errors: `UnknownLoan`; `OnlyCurator`; `WrongStatus` unless it is on offer.
    function cancelOffer(uint256 loan) external;
    /// @notice Draws the loan to `receiver`: the receipts are pledged, the stack pays its first-loss part and the vault the rest.
    /// @dev Errors: `ZeroValue` for a zero receiver; `UnknownLoan`; `WrongStatus`; `OnlyBorrower`; `OfferExpired`; `TooManyLoans`;
    /// `InsufficientJunior`; `SeniorCapExceeded`; what CALIBER refuses (a receipt that is not the borrower's, is pledged, or has a stale
    /// appraisal); `LtvExceeded`; `InsufficientCover` unless the receipts are insured until the first instalment is due; what the vault
    /// refuses; `NotWired`.
    function draw(uint256 loan, address receiver) external;
    /// @notice Pays on a loan for its borrower, at most `maxAmount` and at most what is owed: interest, then principal. USDai are pulled from the
    /// caller straight to those they belong to. Returns what was paid. Closes the loan and frees the receipts when nothing is owed.
    /// @dev Errors: `OutOfRange` for nothing; `UnknownLoan`; `WrongStatus` unless it is live; what USDai reverts with; `NotWired`.
    function pay(uint256 loan, uint256 maxAmount) external returns (uint256 paid);
    /// @notice A stack.
    /// @dev Errors: `UnknownStack`.
    function stack(uint256 stack) external view returns (address curator, uint256 firstLossBps, uint256 maxLtvBps, uint256 servicingFeeBps, uint256 juniorSpreadBps, uint256 seniorCap, uint256 senior, uint256 juniorCash, uint256 juniorLent, uint256 liveLoans, bytes32 hardwareClass);
    /// @notice A loan. Status: 1 offered, 2 live, 3 closed, 4 cancelled. `nextDue` is 0 unless it is live. `instalment` is the level payment, or
    /// the straight line's part of principal.
    /// @dev Errors: `UnknownLoan`.
    function loan(uint256 loan) external view returns (uint256 status, address borrower, uint256 stack, uint256 principal, uint256 outstanding, uint256 senior, uint256 rate, uint256 periods, uint256 periodsPaid, uint256 nextDue, uint256 drawnAt, uint256 instalment, bool levelPayment);
    /// @notice The next payment: when it is due, the interest owed by then (by now if it is overdue), and the principal that brings the loan down
    /// to its plan. Zeros unless the loan is live.
    /// @dev Errors: `UnknownLoan`.
    function instalment(uint256 loan) external view returns (uint256 due, uint256 interest, uint256 principal);
    /// @notice All that is owed at `time` (seconds): to the wei what `pay` at that second takes at most, if nobody pays before. 0 unless the loan is live.
    /// @dev Errors: `UnknownLoan`; `OutOfRange` before the last payment or beyond 2^48 − 1.
    function payoff(uint256 loan, uint256 time) external view returns (uint256 amount);
    /// @notice Instalment `number` (from 1) of the plan as agreed, whatever has been paid: when it is due (0 before the draw), interest, principal,
    /// and what it leaves outstanding.
    /// @dev Errors: `UnknownLoan`; `OutOfRange` beyond the loan's periods.
    function schedule(uint256 loan, uint256 number) external view returns (uint256 due, uint256 interest, uint256 principal, uint256 outstanding);
    /// @notice The receipts that secure a loan.
    /// @dev Errors: `UnknownLoan`.
    function receiptsOf(uint256 loan) external view returns (uint256[] memory receipts);
    /// @notice A stack's junior capital that is not lent.
    /// @dev Errors: `UnknownStack`.
    function juniorCash(uint256 stack) external view returns (uint256);
    /// @notice The insurance reserve of all stacks.
    function reserve() external view returns (uint256);
    /// @notice The length of a period in seconds, the treasury's and the reserve's part of the interest of new loans.
    function parameters() external view returns (uint256 periodSeconds, uint256 protocolFeeBps, uint256 reserveBps);
}

// SPDX-License-Identifier: MIT
pragma solidity >=0.8.4;

/// @notice FiLo stacks. Amounts in USDai, ratios in basis points, rates in WAD per year, times in Unix seconds.
/// @custom:constructor constructor(address router, uint256 periodSeconds)
interface IFilo {
    /// @notice A curator opened a stack. Ratios in basis points; a zero class is any.
    event StackOpened(uint256 indexed stack, address indexed curator, bytes32 indexed hardwareClass, uint256 firstLossBps, uint256 maxLtvBps, uint256 marginTriggerBps, uint256 seniorCap, uint256 servicingFeeBps, uint256 juniorSpreadBps);
    /// @notice The stack's curator paid in first-loss capital.
    event JuniorDeposited(uint256 indexed stack, uint256 assets);
    /// @notice The stack's curator took out first-loss capital that was not lent.
    event JuniorWithdrawn(uint256 indexed stack, address indexed receiver, uint256 assets);
    /// @notice `borrower` has drawn a loan: `senior` was lent by the vault and `junior` by the stack, at `rate` (WAD a year); `instalment` is due
    /// each period, first at `firstDue`. The fees on interest are those of its stack and of this moment. It takes the place of the loan
    /// `replaces`, which it has paid off (0: of none).
    event LoanDrawn(uint256 indexed loan, uint256 indexed stack, address indexed borrower, address receiver, uint256 replaces, uint256 senior, uint256 junior, uint256 rate, uint256 periods, bool levelPayment, uint256 graceSeconds, uint256 lateFeeBps, uint256 instalment, uint256 firstDue, uint256[] receipts);
    /// @notice The borrower put further receipts behind the loan.
    event ReceiptsAdded(uint256 indexed loan, uint256[] receipts);
    /// @notice `payer` paid a late fee, `interest` and `principal`; the other amounts say where each wei of them went. The late fee goes to the
    /// reserve; what is diverted goes to the vault out of the junior interest and principal.
    event Payment(uint256 indexed loan, address indexed payer, uint256 lateFee, uint256 interest, uint256 principal, uint256 seniorInterest, uint256 juniorInterest, uint256 servicingFee, uint256 protocolFee, uint256 toReserve, uint256 seniorPrincipal, uint256 juniorPrincipal, uint256 divertedPrincipal, uint256 divertedInterest);
    /// @notice The loan was late and has caught up: it performs again.
    event LoanCured(uint256 indexed loan);
    /// @notice Nothing is owed. What becomes of its receipts CALIBER's events say: they are released, or pledged to the loan that replaced it.
    event LoanClosed(uint256 indexed loan);
    /// @notice The loan is late (status 2) or in default (3): the vault holds `impairment` against it, having counted on so much of its stack's
    /// junior capital and of the insurance reserve.
    event LoanMarked(uint256 indexed loan, uint256 status, uint256 impairment, uint256 juniorCover, uint256 reserveCover);
    /// @notice The borrower has until `deadline` to add receipts or to bring the loan down to `cureBelow`; zeros: the call is met.
    event MarginCalled(uint256 indexed loan, uint256 deadline, uint256 cureBelow);
    /// @notice Receipts were sold for `price`: `costs` to the treasury, `surplus` to the borrower, the rest is the payment that follows.
    event ReceiptsSold(uint256 indexed loan, address indexed buyer, address indexed receiver, uint256 price, uint256 costs, uint256 surplus, uint256[] receipts);
    /// @notice Nothing is left to sell. The senior side was owed `senior` and `seniorInterest`, the stack loses `junior` in this loan. What was owed
    /// to the senior side, from before included, was paid out of the junior cash, is owed out of the junior side's share of other loans,
    /// was paid out of the reserve, and is lost. Of what is lost, and of interest, so much as marked loans of the stack may still bring is
    /// in `owedInterest`.
    event LoanLiquidated(uint256 indexed loan, uint256 senior, uint256 seniorInterest, uint256 junior, uint256 cashPrincipal, uint256 cashInterest, uint256 owedPrincipal, uint256 owedInterest, uint256 reservePrincipal, uint256 reserveInterest, uint256 lost);
    /// @notice Fees on interest of loans drawn from now on.
    event ParametersSet(uint256 protocolFeeBps, uint256 reserveBps);
    /// @notice The most principal that may be out to a borrower (kind 0), from a curator (1), or against a hardware class (2); 0 is any.
    event LimitSet(uint256 indexed kind, bytes32 indexed subject, uint256 limit);
    /// @notice Addresses were copied from the router's address book.
    event Wired(address usdai, address susdai, address caliber, address treasury, address defaults, address origination);

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
    /// @notice The loan is `borrower`'s, not `caller`'s.
    error OnlyBorrower(address caller, address borrower);
    /// @notice The loan's status does not allow this: 1 live, 2 late, 3 in default, 4 closed, 5 liquidated.
    error WrongStatus(uint256 loan, uint256 status);
    /// @notice The stack has `available` junior cash, `needed` is more.
    error InsufficientJunior(uint256 stack, uint256 needed, uint256 available);
    /// @notice The loan would bring the stack's senior principal to `senior`, above `cap`.
    error SeniorCapExceeded(uint256 stack, uint256 senior, uint256 cap);
    /// @notice `loans` of the stack's loans are late, called or in default, or its junior side owes the senior side `owed`: its capital stays.
    error StackInTrouble(uint256 stack, uint256 loans, uint256 owed);
    /// @notice The loan has no such receipt.
    error UnknownReceipt(uint256 receipt);
    /// @notice `caller` is not the contract of defaults.
    error OnlyDefaults(address caller);
    /// @notice `caller` is not the contract of origination.
    error OnlyOrigination(address caller);
    /// @notice The receipts carry at most `limit` of principal.
    error LtvExceeded(uint256 principal, uint256 limit);
    /// @notice The receipts are insured until `coveredUntil` (0: one of them is not), the loan needs cover until `required`.
    error InsufficientCover(uint256 coveredUntil, uint256 required);
    /// @notice The subject of a limit (kind 0 a borrower, 1 a curator, 2 a hardware class) would owe `exposure`, above `limit`.
    error LimitExceeded(uint256 kind, bytes32 subject, uint256 exposure, uint256 limit);
    /// @notice A payment of `loan` was on time until `due`, and nobody has marked it late.
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

    /// @notice Copies USDai, the vault, CALIBER, the treasury, the contracts of defaults and of origination from the router's address book; anybody
    /// may, the router is the authority.
    /// @dev Errors: `AddressNotSet` from the router's books.
    function wire() external;
    /// @notice Sets the treasury's and the reserve's part of the interest of loans drawn from now on, each at most 10 %.
    /// @dev Errors: `Unauthorized` without the role ADMIN; `OutOfRange`.
    function setFees(uint256 protocolFeeBps, uint256 reserveBps) external;
    /// @notice Sets the most principal, as drawn, of open loans to a borrower (kind 0), of a curator's stacks (1) or against a hardware class (2); 0
    /// is no limit. What is out already is counted, and stays out. `subject` is an address, left-padded, or a class.
    /// @dev Errors: `Unauthorized` without the role ADMIN; `OutOfRange`.
    function setLimit(uint256 kind, bytes32 subject, uint256 limit) external;
    /// @notice Opens a stack, whose curator is the caller, and returns its id, counted from 1. First loss 10 % to 90 %, LTV at most 70 %, margin
    /// trigger from that LTV to 95 %, servicing fee at most 10 %, junior spread at most 30 %; a hardware class of zero allows any.
    /// @dev Errors: `Unauthorized` without the role CURATOR; `OutOfRange`.
    function openStack(uint256 firstLossBps, uint256 maxLtvBps, uint256 marginTriggerBps, uint256 seniorCap, uint256 servicingFeeBps, uint256 juniorSpreadBps, bytes32 hardwareClass) external returns (uint256 stack);
    /// @notice Pays in first-loss capital, pulled from the stack's curator.
    /// @dev Errors: `OutOfRange` for nothing or more than 2^128 − 1; `UnknownStack`; `OnlyCurator`; `NotWired`; what USDai reverts with.
    function depositJunior(uint256 stack, uint256 assets) external;
    /// @notice Gives first-loss capital that is not lent to `receiver`, while no loan of the stack is late, called or in default, and as far as the
    /// first-loss ratio holds. An overdue loan anywhere has to be marked first.
    /// @dev Errors: `OutOfRange` for nothing or more than 2^128 − 1; `ZeroValue` for a zero receiver; `UnknownStack`; `OnlyCurator`;
    /// `StackInTrouble`; `InsufficientJunior`; `LoanOverdue`; `NotWired`.
    function withdrawJunior(uint256 stack, uint256 assets, address receiver) external;
    /// @notice For the contract of origination, which has checked what is agreed and that both sides did: lends to `receiver`. The receipts are
    /// pledged, the stack pays its first-loss part and the vault the rest. In place of the loan `replaces` (0: of none) that one is paid off
    /// with it: the borrower's allowance pays what is missing, `receiver` gets what is left, and the receipts, which must be that loan's, pass
    /// from one to the other. Returns the loan's id, counted from 1. The fees of this moment hold for the loan's life. An overdue loan
    /// anywhere, but the one that is replaced, has to be marked first.
    /// @dev Errors: `OnlyOrigination`; `UnknownStack`; `LoanOverdue`; `StackInTrouble`; `InsufficientJunior`; `SeniorCapExceeded`; `LimitExceeded`; what CALIBER
    /// refuses (a receipt that is not the borrower's, is pledged, or has a stale appraisal); `LtvExceeded`; `InsufficientCover` unless the
    /// receipts are insured until the first instalment is due; what the vault refuses; `UnknownLoan`, `WrongStatus` for what is replaced and
    /// what USDai refuses when it is paid.
    function originate(uint256 replaces, address borrower, address receiver, uint256 stack, uint256[] calldata receipts, bytes32 hardwareClass, uint256 principal, uint256 rate, uint256 periods, bool levelPayment, uint256 graceSeconds, uint256 lateFeeBps, uint256 instalment) external returns (uint256 loan);
    /// @notice For the contract of origination: pledges further receipts of `owner`, the borrower, for a loan that performs or is late.
    /// @dev Errors: `OnlyOrigination`; `UnknownLoan`; `WrongStatus`; `OnlyBorrower`; `OutOfRange` for more than 32 receipts of a loan; what CALIBER
    /// refuses.
    function addReceipts(uint256 loan, uint256[] calldata receipts, address owner) external;
    /// @notice Pays on a loan for its borrower, at most `maxAmount` and at most what is owed: late fees, interest, then principal; in default in
    /// the absolute order. USDai are pulled from the caller straight to those they belong to. Returns what was paid. A late loan that has
    /// caught up is cured; when nothing is owed, the loan is closed and the receipts are free.
    /// @dev Errors: `OutOfRange` for nothing; `UnknownLoan`; `WrongStatus` if nothing is owed; what USDai reverts with; `NotWired`.
    function pay(uint256 loan, uint256 maxAmount) external returns (uint256 paid);
    /// @notice A stack.
    /// @dev Errors: `UnknownStack`.
    function stack(uint256 stack) external view returns (address curator, uint256 firstLossBps, uint256 maxLtvBps, uint256 servicingFeeBps, uint256 juniorSpreadBps, uint256 seniorCap, uint256 senior, uint256 juniorCash, uint256 juniorLent, uint256 liveLoans, bytes32 hardwareClass);
    /// @notice A loan. Status: 1 live, 2 late, 3 in default, 4 closed, 5 liquidated. `nextDue` is 0 unless money is owed. `instalment` is the level
    /// payment, or the straight line's part of principal.
    /// @dev Errors: `UnknownLoan`.
    function loan(uint256 loan) external view returns (uint256 status, address borrower, uint256 stack, uint256 principal, uint256 outstanding, uint256 senior, uint256 rate, uint256 periods, uint256 periodsPaid, uint256 nextDue, uint256 drawnAt, uint256 instalment, bool levelPayment);
    /// @notice The next payment: when it is due, the interest owed by then (by now if it is overdue), the principal that brings the loan down
    /// to its plan, and late fees. Zeros unless money is owed.
    /// @dev Errors: `UnknownLoan`.
    function instalment(uint256 loan) external view returns (uint256 due, uint256 interest, uint256 principal, uint256 lateFee);
    /// @notice All that is owed at `time` (seconds): to the wei what `pay` at that second takes at most, if nobody pays before. 0 unless money
    /// is owed.
    /// @dev Errors: `UnknownLoan`; `OutOfRange` before the last payment or beyond 2^48 − 1.
    function payoff(uint256 loan, uint256 time) external view returns (uint256 amount);
    /// @notice Instalment `number` (from 1) of the plan as agreed, whatever has been paid: when it is due, interest, principal, and what it
    /// leaves outstanding.
    /// @dev Errors: `UnknownLoan`; `OutOfRange` beyond the loan's periods.
    function schedule(uint256 loan, uint256 number) external view returns (uint256 due, uint256 interest, uint256 principal, uint256 outstanding);
    /// @notice The receipts that secure a loan; of one that is closed, those that were freed with it (CALIBER says what a receipt secures now).
    /// @dev Errors: `UnknownLoan`.
    function receiptsOf(uint256 loan) external view returns (uint256[] memory receipts);
    /// @notice The last second at which the earliest payment of all performing loans is on time, and one of the loans of which it is: one that is
    /// overdue is overdue here until somebody marks it. Zeros if no loan performs.
    /// @dev Errors: Never for times that fit in storage.
    function earliestDue() external view returns (uint256 due, uint256 loan);
    /// @notice A loan's standing: status as in `loan`, what is outstanding, the stack's margin trigger, the last second at which the next payment
    /// is on time, the last one of its grace, until when a margin call can be met and with how much outstanding (zeros: no call), and the
    /// expected senior loss that the vault holds against it.
    /// @dev Errors: `UnknownLoan`.
    function standing(uint256 loan) external view returns (uint256 status, uint256 outstanding, uint256 triggerBps, uint256 lateAfter, uint256 graceUntil, uint256 callDeadline, uint256 cureBelow, uint256 impairment);
    /// @notice For the contract of defaults: marks a loan late or in default, or again, with what its receipts are expected to bring. The vault
    /// stops accruing it and holds the senior loss that is expected against it: what neither they, nor the stack's junior capital, nor
    /// the reserve would cover of its principal and of what the stack owes out of the loan's junior part.
    /// @dev Errors: `OnlyDefaults`; `UnknownLoan`; `WrongStatus` if nothing is owed.
    function mark(uint256 loan, uint256 recoverable, bool inDefault) external;
    /// @notice For the contract of defaults: opens a margin call, or withdraws it with zeros.
    /// @dev Errors: `OnlyDefaults`; `UnknownLoan`; `WrongStatus` if nothing is owed.
    function setCall(uint256 loan, uint256 deadline, uint256 cureBelow) external;
    /// @notice For the contract of defaults: sells receipts of a loan in default to `buyer`, who pays `price` out of its allowance here: `costs` of
    /// it to the treasury, what is owed in the absolute order, a surplus to the borrower. The receipts go to `receiver`. When the last is
    /// sold, what is still owed is lost in the order of PROTOCOL 6. Returns whether the loan is over.
    /// @dev Errors: `OnlyDefaults`; `UnknownLoan`; `WrongStatus` unless in default; `UnknownReceipt`; what USDai and CALIBER refuse.
    function sell(uint256 loan, uint256[] calldata receipts, address buyer, address receiver, uint256 price, uint256 costs) external returns (bool done);
    /// @notice A stack's junior capital that is not lent.
    /// @dev Errors: `UnknownStack`.
    function juniorCash(uint256 stack) external view returns (uint256);
    /// @notice The insurance reserve of all stacks.
    function reserve() external view returns (uint256);
    /// @notice Principal, as drawn, of the open loans of a subject of limits, and its limit (0: none), as in `setLimit`.
    /// @dev Errors: `OutOfRange` for an unknown kind.
    function exposure(uint256 kind, bytes32 subject) external view returns (uint256 exposure, uint256 limit);
    /// @notice The length of a period in seconds, the treasury's and the reserve's part of the interest of new loans.
    function parameters() external view returns (uint256 periodSeconds, uint256 protocolFeeBps, uint256 reserveBps);
}

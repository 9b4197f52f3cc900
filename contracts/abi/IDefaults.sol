// SPDX-License-Identifier: MIT
pragma solidity >=0.8.4;

/// @notice Late loans, margin calls, defaults and auctions. Amounts in USDai, ratios in basis points, times in Unix seconds.
/// @custom:constructor constructor(address router, uint256 periodSeconds)
interface IDefaults {
    /// @notice The loan is in default; the borrower can pay all and have the receipts back at least until `redeemableUntil`.
    event DefaultDeclared(uint256 indexed loan, uint256 redeemableUntil);
    /// @notice A round of the auction of all receipts began: from `startPrice` down to `floorPrice` at `endsAt`.
    event AuctionStarted(uint256 indexed loan, uint256 round, uint256 startPrice, uint256 floorPrice, uint256 endsAt);
    /// @notice The part of value that a sale is expected to cost, and the part of a price that pays for enforcement.
    event ParametersSet(uint256 liquidationCostBps, uint256 enforcementBps);
    /// @notice Addresses were copied from the router's address book.
    event Wired(address filo, address caliber);

    /// @notice `parameter`, named in ASCII, is the zero address or the zero hash.
    error ZeroValue(bytes32 parameter);
    /// @notice `parameter`, named in ASCII, must lie in `[minimum, maximum]`.
    error OutOfRange(bytes32 parameter, uint256 value, uint256 minimum, uint256 maximum);
    /// @notice The loan's status does not allow this: 1 live, 2 late, 3 in default, 4 closed, 5 liquidated.
    error WrongStatus(uint256 loan, uint256 status);
    /// @notice The loan's next payment is on time until `lateAfter`.
    error NotOverdue(uint256 loan, uint256 lateAfter);
    /// @notice The borrower could meet a call until `deadline`, and for 14 days more it counts as not met.
    error CallOpen(uint256 loan, uint256 deadline);
    /// @notice A call had to be met by `deadline`, and nobody said within 14 days that it was not: it has to be made again.
    error CallLapsed(uint256 loan, uint256 deadline);
    /// @notice No margin call is open.
    error NoCall(uint256 loan);
    /// @notice The receipts carry up to `limit` and are insured until `coveredUntil`: nothing to call for.
    error CollateralSuffices(uint256 loan, uint256 limit, uint256 coveredUntil);
    /// @notice The receipts carry up to `limit` and are insured until `coveredUntil` (0: not all of them are).
    error CollateralInsufficient(uint256 loan, uint256 limit, uint256 coveredUntil);
    /// @notice The payment's grace lasts until `graceUntil`, and no call (`callDeadline`, 0: none) has been missed.
    error NotInDefault(uint256 loan, uint256 graceUntil, uint256 callDeadline);
    /// @notice The borrower can redeem the receipts until `until`.
    error RedemptionOpen(uint256 loan, uint256 until);
    /// @notice The auction's round lasts until `until`.
    error AuctionOpen(uint256 loan, uint256 until);
    /// @notice No auction of the loan's receipts has begun.
    error NoAuction(uint256 loan);
    /// @notice The loan has no such receipt.
    error UnknownReceipt(uint256 receipt);
    /// @notice The price is above the buyer's `maximum`.
    error PriceAboveMaximum(uint256 price, uint256 maximum);
    /// @notice `wire()` has not been called.
    error NotWired();
    /// @notice A sum or product left 256 bits.
    error ArithmeticOverflow();
    /// @notice `account` lacks `role`.
    error Unauthorized(address account, bytes32 role);
    /// @notice The router's address book has no entry `id`.
    error AddressNotSet(bytes32 id);
    /// @notice A callee is no contract, or returned data that does not begin with what its interface says.
    error MalformedReturn();

    /// @notice Copies FiLo and CALIBER from the router's address book; anybody may, the router is the authority.
    /// @dev Errors: `AddressNotSet` from the router's books.
    function wire() external;
    /// @notice Sets the part of the receipts' value that a sale is expected to cost (at most 90 %), and the part of a price that goes to the
    /// treasury for enforcement (at most 10 %).
    /// @dev Errors: `Unauthorized` without the role ADMIN; `OutOfRange`.
    function setParameters(uint256 liquidationCostBps, uint256 enforcementBps) external;
    /// @notice Marks a performing loan whose payment is overdue: the vault stops accruing it and holds the expected senior loss against it.
    /// @dev Errors: `WrongStatus` unless it performs; `NotOverdue`; FiLo's `UnknownLoan`; `NotWired`.
    function markLate(uint256 loan) external;
    /// @notice Marks a loan that is late or in default again, by what its receipts are worth and what covers it now.
    /// @dev Errors: `WrongStatus` unless it is late or in default; FiLo's `UnknownLoan`; `NotWired`.
    function mark(uint256 loan) external;
    /// @notice Gives the borrower 14 days to add receipts or to pay down, because more is outstanding than the stack's trigger allows for what the
    /// receipts are worth, or because one of them is not insured. A call that was not met counts for 14 days more; then it has lapsed, and can
    /// be made again.
    /// @dev Errors: `WrongStatus` unless it performs or is late; `CallOpen` until it has lapsed; `CollateralSuffices`; FiLo's `UnknownLoan`; `NotWired`.
    function callMargin(uint256 loan) external;
    /// @notice Ends a margin call, because the receipts suffice and are insured again. Paying down ends it without this.
    /// @dev Errors: `WrongStatus` unless it performs or is late; `NoCall`; `CollateralInsufficient`; FiLo's `UnknownLoan`; `NotWired`.
    function releaseCall(uint256 loan) external;
    /// @notice Declares a loan in default: its payment is past grace, or a margin call was not met in time and still is not, which has to be said
    /// within 14 days: nobody tells a call that was met and never released from one that was not. From now on what comes in goes to the
    /// senior side first, and the borrower has 14 days to pay all.
    /// @dev Errors: `WrongStatus` unless it performs or is late; `NotInDefault`; `CallLapsed`; `CollateralSuffices`; FiLo's `UnknownLoan`; `NotWired`.
    function declareDefault(uint256 loan) external;
    /// @notice Begins the auction of a loan's receipts once the borrower's 14 days are over, or begins it again when a round has found nobody: from
    /// 110 % of the larger of debt and value, over 14 days, to a floor of 40 %, 20 %, 10 %, and then nothing.
    /// @dev Errors: `WrongStatus` unless in default; `RedemptionOpen`; `AuctionOpen`; FiLo's `UnknownLoan`; `NotWired`.
    function startAuction(uint256 loan) external;
    /// @notice Buys receipts of a loan, all that are left if the list is empty, for at most `maxPrice`, which FiLo takes out of the caller's
    /// allowance; they go to `receiver`. Each costs its part of the value of all, one without a valid appraisal as much as all. Returns the
    /// price.
    /// @dev Errors: `ZeroValue` for a zero receiver; `NoAuction`; `UnknownReceipt`; `PriceAboveMaximum`; FiLo's `UnknownLoan` and `WrongStatus`; what USDai
    /// and CALIBER refuse.
    function bid(uint256 loan, uint256[] calldata receipts, uint256 maxPrice, address receiver) external returns (uint256 price);
    /// @notice What `bid` takes for the receipts now, all that are left if the list is empty.
    /// @dev Errors: `NoAuction`; `UnknownReceipt`; FiLo's `UnknownLoan`.
    function price(uint256 loan, uint256[] calldata receipts) external view returns (uint256);
    /// @notice A loan's default: when it was declared, when the last round of its auction began, which it is, and where it started. Zeros for what
    /// has not been.
    function auction(uint256 loan) external view returns (uint256 declaredAt, uint256 startedAt, uint256 round, uint256 startPrice);
    /// @notice Seconds of a day, the expected cost of a sale, and the part of a price for enforcement.
    function parameters() external view returns (uint256 daySeconds, uint256 liquidationCostBps, uint256 enforcementBps);
}

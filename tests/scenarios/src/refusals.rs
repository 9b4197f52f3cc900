//! Every named error that a contract of the protocol, or a contract it meets, refuses with. One list for all contracts: an error of the
//! same name and arguments is the same four bytes whoever says it.

#![allow(missing_docs, reason = "the contracts document their errors")]

use alloy_sol_types::sol;

// ERC-6093 and ERC-2612: USDai, sUSDai, and OpenZeppelin's tokens.
sol! {
    #[derive(Debug)]
    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
    #[derive(Debug)]
    error ERC20InvalidSender(address sender);
    #[derive(Debug)]
    error ERC20InvalidReceiver(address receiver);
    #[derive(Debug)]
    error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
    #[derive(Debug)]
    error ERC20InvalidSpender(address spender);
    #[derive(Debug)]
    error ERC20SupplyOverflow(uint256 supply, uint256 value);
    #[derive(Debug)]
    error ERC2612ExpiredSignature(uint256 deadline);
    #[derive(Debug)]
    error ERC2612InvalidSigner(address signer, address owner);
}

// Authority and calls between contracts.
sol! {
    #[derive(Debug)]
    error Unauthorized(address account, bytes32 role);
    #[derive(Debug)]
    error AddressNotSet(bytes32 id);
    #[derive(Debug)]
    error MalformedReturn();
    #[derive(Debug)]
    error TokenCallFailed(address token);
    #[derive(Debug)]
    error NotWired();
    #[derive(Debug)]
    error ArithmeticOverflow();
    #[derive(Debug)]
    error OnlyUsdai(address caller);
    #[derive(Debug)]
    error OnlyFilo(address caller);
    #[derive(Debug)]
    error OnlyQueue(address caller);
    #[derive(Debug)]
    error OnlyVault(address caller);
    #[derive(Debug)]
    error ZeroAmount();
    #[derive(Debug)]
    error ZeroAddress();
    #[derive(Debug)]
    error ZeroValue(bytes32 parameter);
    #[derive(Debug)]
    error OutOfRange(bytes32 parameter, uint256 value, uint256 minimum, uint256 maximum);
}

// USDai and its adapter.
sol! {
    #[derive(Debug)]
    error InvalidAddress();
    #[derive(Debug)]
    error InvalidAmount();
    #[derive(Debug)]
    error SupplyCapExceeded();
    #[derive(Debug)]
    error InsufficientOutput(uint256 amount, uint256 minimum);
    #[derive(Debug)]
    error InvalidBaseToken(address token);
    #[derive(Debug)]
    error AdminFeeTooHigh(uint256 bps, uint256 maximum);
    #[derive(Debug)]
    error InsufficientBridgedSupply(uint256 bridgedSupply, uint256 amount);
    #[derive(Debug)]
    error TokenNotAllowed(address token);
    #[derive(Debug)]
    error InvalidPath(address tokenIn, address tokenOut);
    #[derive(Debug)]
    error IncompleteSwap(address token, uint256 unspent);
}

// The vault.
sol! {
    #[derive(Debug)]
    error AboveMaximum(uint256 value, uint256 maximum);
    #[derive(Debug)]
    error ZeroShares(uint256 assets);
    #[derive(Debug)]
    error SharesBelowMinimum(uint256 shares, uint256 minimum);
    #[derive(Debug)]
    error AssetsAboveMaximum(uint256 assets, uint256 maximum);
    #[derive(Debug)]
    error NoAssetsBehindShares(uint256 totalShares);
    #[derive(Debug)]
    error PreviewUnsupported();
    #[derive(Debug)]
    error NotControllerOrOperator(address caller, address controller);
    #[derive(Debug)]
    error ExceedsLendable(uint256 principal, uint256 lendable);
    #[derive(Debug)]
    error ExceedsCash(uint256 assets, uint256 cash);
    #[derive(Debug)]
    error ExceedsLoanBook(uint256 amount, uint256 booked);
    #[derive(Debug)]
    error AccountBlacklisted(address account);
    #[derive(Debug)]
    error EnforcedPause();
    #[derive(Debug)]
    error DepositCapExceeded(uint256 assets, uint256 room);
    #[derive(Debug)]
    error SharesOfQueue(address queue);
    #[derive(Debug)]
    error AuthorizationExpired(uint256 deadline);
    #[derive(Debug)]
    error AuthorizationNonceUsed(address controller, bytes32 nonce);
    #[derive(Debug)]
    error InvalidAuthorizationSigner(address signer, address controller);
}

// The queue.
sol! {
    #[derive(Debug)]
    error OnlyThroughQueue();
    #[derive(Debug)]
    error BelowMinimum(uint256 assets, uint256 minimum);
    #[derive(Debug)]
    error ExceedsPending(uint256 position, uint256 requested, uint256 pending);
    #[derive(Debug)]
    error TooManyPieces(uint256 position);
    #[derive(Debug)]
    error NotAdjacent(uint256 position, uint256 behind);
    #[derive(Debug)]
    error InvalidTick(uint256 tick, uint256 reserve);
    #[derive(Debug)]
    error TickAboveMaximum(uint256 position, uint256 tick, uint256 maxTick);
    #[derive(Debug)]
    error BiddingEnded(uint256 epoch, uint256 endedAt, uint256 timestamp);
    #[derive(Debug)]
    error RevealNotBegun(uint256 epoch, uint256 beginsAt, uint256 timestamp);
    #[derive(Debug)]
    error EpochNotSettled(uint256 epoch);
    #[derive(Debug)]
    error BidSealed(uint256 position);
    #[derive(Debug)]
    error NoBid(uint256 position, uint256 epoch);
    #[derive(Debug)]
    error WrongOpening(uint256 position, bytes32 opened, bytes32 commitment);
    #[derive(Debug)]
    error NotBidding(uint256 position);
    #[derive(Debug)]
    error LengthMismatch();
    #[derive(Debug)]
    error ArithmeticFailed();
    #[derive(Debug)]
    error ZeroSteps();
    #[derive(Debug)]
    error InvalidEpoch(uint256 epochSeconds, uint256 revealSeconds);
    #[derive(Debug)]
    error SharesOutOfRange(uint256 shares);
    #[derive(Debug)]
    error InvalidReceiver(address receiver);
    #[derive(Debug)]
    error UnknownPosition(uint256 position);
    #[derive(Debug)]
    error NoPositionAt(address controller, uint256 index);
    #[derive(Debug)]
    error ListFull(address controller);
    #[derive(Debug)]
    error NotController(uint256 position, address caller);
    #[derive(Debug)]
    error NothingToClaim(uint256 position);
    #[derive(Debug)]
    error ExceedsClaimable(address controller, uint256 requested, uint256 claimable);
    #[derive(Debug)]
    error EpochNotEnded(uint256 epoch, uint256 endsAt, uint256 timestamp);
}

// The router.
sol! {
    #[derive(Debug)]
    error ZeroId();
    #[derive(Debug)]
    error AdminNotGrantable();
    #[derive(Debug)]
    error NotPendingAdmin(address caller);
    #[derive(Debug)]
    error MustBeQueued(uint256 delay);
    #[derive(Debug)]
    error InvalidDelay(uint256 delay, uint256 minimum, uint256 maximum);
    #[derive(Debug)]
    error EmptyOperation();
    #[derive(Debug)]
    error InvalidOwnCall(uint256 index);
    #[derive(Debug)]
    error OperationPending(bytes32 id, uint256 readyAt);
    #[derive(Debug)]
    error OperationDone(bytes32 id);
    #[derive(Debug)]
    error OperationUnknown(bytes32 id);
    #[derive(Debug)]
    error OperationNotReady(bytes32 id, uint256 readyAt, uint256 timestamp);
    #[derive(Debug)]
    error OperationExpired(bytes32 id, uint256 expiredAt, uint256 timestamp);
    #[derive(Debug)]
    error OwnDismissal(address guardian);
    #[derive(Debug)]
    error CallFailed(uint256 index, address target);
}

// The gateway.
sol! {
    #[derive(Debug)]
    error DeadlineExpired(uint256 deadline, uint256 timestamp);
    #[derive(Debug)]
    error NothingArrived(address token);
    #[derive(Debug)]
    error BalanceChanged(address token, uint256 before, uint256 afterwards);
    #[derive(Debug)]
    error OtherPosition(uint256 expected, uint256 opened);
}

// CALIBER.
sol! {
    #[derive(Debug)]
    error ERC721InvalidOwner(address owner);
    #[derive(Debug)]
    error ERC721NonexistentToken(uint256 tokenId);
    #[derive(Debug)]
    error ERC721IncorrectOwner(address sender, uint256 tokenId, address owner);
    #[derive(Debug)]
    error ERC721InvalidReceiver(address receiver);
    #[derive(Debug)]
    error ERC721InsufficientApproval(address operator, uint256 tokenId);
    #[derive(Debug)]
    error ERC721InvalidApprover(address approver);
    #[derive(Debug)]
    error ERC721InvalidOperator(address operator);
    #[derive(Debug)]
    error DuplicateManifest(bytes32 manifest, uint256 receipt);
    #[derive(Debug)]
    error ReceiptPledged(uint256 receipt, uint256 loan);
    #[derive(Debug)]
    error NotPledgedTo(uint256 receipt, uint256 loan);
    #[derive(Debug)]
    error StaleAppraisal(uint256 receipt, uint256 appraisedAt);
    #[derive(Debug)]
    error ReceiptSurrendered(uint256 receipt);
    #[derive(Debug)]
    error NotSurrendered(uint256 receipt);
    #[derive(Debug)]
    error TooManyAppraisers(uint256 receipt, uint256 maximum);
    #[derive(Debug)]
    error OutdatedNotice(uint256 receipt, uint256 signedAt, uint256 since);
    #[derive(Debug)]
    error NoticeExpired(uint256 deadline);
    #[derive(Debug)]
    error NonceSpent(address signer, uint256 nonce);
    #[derive(Debug)]
    error InvalidSigner(address signer, address expected);
    #[derive(Debug)]
    error ShockTooSoon(bytes32 hardwareClass, uint256 earliest);
    #[derive(Debug)]
    error NotToBeStruck(address account, bytes32 role);
    #[derive(Debug)]
    error CustodyNotProposed(uint256 receipt, address custodian);
    #[derive(Debug)]
    error OnlyCustodian(address caller, uint256 receipt);
    #[derive(Debug)]
    error NotListed(address account);
    #[derive(Debug)]
    error IssuesPaused();
}

// FiLo.
sol! {
    #[derive(Debug)]
    error UnknownStack(uint256 stack);
    #[derive(Debug)]
    error UnknownLoan(uint256 loan);
    #[derive(Debug)]
    error OnlyCurator(address caller, uint256 stack);
    #[derive(Debug)]
    error OnlyBorrower(address caller, address borrower);
    #[derive(Debug)]
    error WrongStatus(uint256 loan, uint256 status);
    #[derive(Debug)]
    error InsufficientJunior(uint256 stack, uint256 needed, uint256 available);
    #[derive(Debug)]
    error SeniorCapExceeded(uint256 stack, uint256 senior, uint256 cap);
    #[derive(Debug)]
    error StackInTrouble(uint256 stack, uint256 loans, uint256 owed);
    #[derive(Debug)]
    error LtvExceeded(uint256 principal, uint256 limit);
    #[derive(Debug)]
    error InsufficientCover(uint256 coveredUntil, uint256 required);
    #[derive(Debug)]
    error LimitExceeded(uint256 kind, bytes32 subject, uint256 exposure, uint256 limit);
    #[derive(Debug)]
    error OnlyOrigination(address caller);
    #[derive(Debug)]
    error LoanOverdue(uint256 loan, uint256 due);
    #[derive(Debug)]
    error OnlyDefaults(address caller);
    #[derive(Debug)]
    error UnknownReceipt(uint256 receipt);
}

// What FiLo's contract of origination says.
sol! {
    #[derive(Debug)]
    error OfferExpired(bytes32 offer, uint256 expiry);
    #[derive(Debug)]
    error OfferSpent(bytes32 offer, uint256 status);
    #[derive(Debug)]
    error InvalidOfferSigner(address signer, address curator);
    #[derive(Debug)]
    error WrongHardwareClass(uint256 receipt, bytes32 hardwareClass);
    #[derive(Debug)]
    error OtherReceipts(uint256 loan);
}

// What FiLo's contract of defaults says.
sol! {
    #[derive(Debug)]
    error NotOverdue(uint256 loan, uint256 lateAfter);
    #[derive(Debug)]
    error CallOpen(uint256 loan, uint256 deadline);
    #[derive(Debug)]
    error CallLapsed(uint256 loan, uint256 deadline);
    #[derive(Debug)]
    error NoCall(uint256 loan);
    #[derive(Debug)]
    error CollateralSuffices(uint256 loan, uint256 limit, uint256 coveredUntil);
    #[derive(Debug)]
    error CollateralInsufficient(uint256 loan, uint256 limit, uint256 coveredUntil);
    #[derive(Debug)]
    error NotInDefault(uint256 loan, uint256 graceUntil, uint256 callDeadline);
    #[derive(Debug)]
    error RedemptionOpen(uint256 loan, uint256 until);
    #[derive(Debug)]
    error AuctionOpen(uint256 loan, uint256 until);
    #[derive(Debug)]
    error NoAuction(uint256 loan);
    #[derive(Debug)]
    error PriceAboveMaximum(uint256 price, uint256 maximum);
}

// What the counterparts say.
sol! {
    /// `HostileToken` and `HostileReceiver`.
    #[derive(Debug)]
    error Hostile();
    /// Solidity's `revert("…")`: Uniswap.
    #[derive(Debug)]
    error Error(string reason);
    /// Solidity's arithmetic: the USDT-like token.
    #[derive(Debug)]
    error Panic(uint256 code);
}

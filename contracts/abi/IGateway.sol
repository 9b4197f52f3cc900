// SPDX-License-Identifier: MIT
pragma solidity >=0.8.4;

/// @notice The protocol's front door: several steps in one transaction, and what a dashboard shows in one call. It owns nothing, has no power, and
/// acts for the caller alone. USDai and sUSDai in wei, times in seconds, deadlines inclusive.
/// @custom:constructor constructor(address router)
interface IGateway {
    /// @notice An ERC-2612 approval of exactly what a journey takes, by signature of the caller.
    struct Permit {
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @notice An ERC-7741 authorization of the gateway as the caller's operator at the vault, by the caller's signature.
    struct Authorization {
        bytes32 nonce;
        uint256 deadline;
        bytes signature;
    }

    /// @notice An offer of a loan by the curator of a stack.
    struct Offer {
        uint256 stack;
        address borrower;
        uint256[] receipts;
        uint256 principal;
        uint256 rate;
        uint256 periods;
        bool levelPayment;
        uint256 graceSeconds;
        uint256 lateFeeBps;
        uint256 expiry;
        uint256 salt;
    }

    /// @notice USDai at one moment, in wei.
    struct UsdaiState {
        uint256 supply;
        uint256 bridged;
        uint256 cap;
    }

    /// @notice The vault at one moment. Amounts in wei, prices WAD.
    struct VaultState {
        uint256 totalShares;
        uint256 totalAssets;
        uint256 depositSharePrice;
        uint256 redemptionSharePrice;
        uint256 cash;
        uint256 lendable;
        uint256 principal;
        uint256 impairment;
        uint256 unvested;
    }

    /// @notice The queue at one moment. Times in seconds, shares in wei.
    struct QueueState {
        uint256 epoch;
        uint256 revealFrom;
        uint256 epochEnd;
        uint256 firstUnsettled;
        uint256 nextPosition;
        uint256[] lanes;
        uint256[] laneShares;
    }

    /// @notice The system at one moment.
    struct Snapshot {
        uint256 timestamp;
        UsdaiState usdai;
        VaultState vault;
        QueueState queue;
    }

    /// @notice One payment of a loan's plan, as agreed.
    struct Instalment {
        uint256 due;
        uint256 interest;
        uint256 principal;
        uint256 outstanding;
    }

    /// @notice A loan. Amounts in wei of USDai, rates WAD a year, times in seconds.
    struct LoanQuote {
        uint256 status;
        address borrower;
        uint256 stack;
        uint256 principal;
        uint256 outstanding;
        uint256 rate;
        uint256 periods;
        uint256 periodsPaid;
        uint256 nextDue;
        uint256 dueInterest;
        uint256 duePrincipal;
        uint256 lateFee;
        uint256 payoff;
        Instalment[] plan;
    }

    /// @notice A position in the queue. Shares and assets in wei.
    struct PositionQuote {
        address controller;
        uint256 lane;
        uint256 pending;
        uint256 claimableShares;
        uint256 claimableAssets;
        uint256 aheadInLane;
        uint256 aheadAbove;
        uint256 filledNow;
        uint256 payoutNow;
        uint256 premiumNow;
    }

    /// @notice The contracts' addresses were taken over from the router.
    event Wired(address usdai, address vault, address queue, address filo, address origination);
    /// @notice `caller` turned `deposited` of `token` into `usdai` USDai and those into `shares` sUSDai of `receiver`.
    event DepositedAndStaked(address indexed caller, address indexed receiver, address indexed token, uint256 deposited, uint256 usdai, uint256 shares);
    /// @notice `caller` requested the redemption of `shares`, which became `position`, and sealed a bid for it.
    event RequestedAndBid(address indexed caller, uint256 indexed position, uint256 shares, bytes32 commitment);
    /// @notice `caller` claimed `claimed` USDai for `shares`, of which `receiver` got `paid` of `token` and the `remainder` in USDai.
    event ClaimedTo(address indexed caller, address indexed receiver, address indexed token, uint256 shares, uint256 claimed, uint256 paid, uint256 remainder);
    /// @notice `caller` took an offer, which became `loan`, and `receiver` got `paid` of `token` for its `principal`, and the `remainder` in USDai.
    event DrawnTo(address indexed caller, uint256 indexed loan, address indexed token, address receiver, uint256 principal, uint256 paid, uint256 remainder);
    /// @notice `caller` turned `deposited` of `token` into USDai, paid `paid` of it for `loan`, and got `refunded` of it.
    event RepaidFrom(address indexed caller, uint256 indexed loan, address indexed token, uint256 deposited, uint256 paid, uint256 refunded);

    /// @notice The router's address book has no entry `id`.
    error AddressNotSet(bytes32 id);
    /// @notice The zero address was given where somebody or something has to be named.
    error ZeroAddress();
    /// @notice What a journey brings would stay with the gateway, which has no way to send it on.
    error InvalidReceiver(address receiver);
    /// @notice Nothing was to be moved.
    error ZeroAmount();
    /// @notice `wire()` was not called yet.
    error NotWired();
    /// @notice The transaction came at `timestamp`, after the caller's `deadline` (seconds).
    error DeadlineExpired(uint256 deadline, uint256 timestamp);
    /// @notice A transfer of `token` to the gateway succeeded and moved nothing.
    error NothingArrived(address token);
    /// @notice A journey would have left the gateway with another balance of `token` than it found.
    error BalanceChanged(address token, uint256 before, uint256 afterwards);
    /// @notice The request became position `opened`, and the bid was sealed for `expected`.
    error OtherPosition(uint256 expected, uint256 opened);
    /// @notice The offer or the loan is `borrower`'s, and `caller` is neither they nor an operator of theirs.
    error OnlyBorrower(address caller, address borrower);
    /// @notice A sum or product left 256 bits.
    error ArithmeticOverflow();
    /// @notice `token` refused the transfer or approval by returning false, or is not a contract.
    error TokenCallFailed(address token);
    /// @notice A callee is no contract, or returned data that does not begin with what its interface says.
    error MalformedReturn();

    /// @notice Takes the addresses of USDai, the vault, the queue, FiLo and its originations over from the router. By anybody: the router is the authority.
    /// @dev Errors: `AddressNotSet` if the router lacks one.
    /// @dev Events: `Wired`.
    function wire() external;
    /// @notice The address book.
    function router() external view returns (address);
    /// @notice Stablecoin to sUSDai: takes `amount` of `token` from the caller (what arrives counts), turns it into at least `minUsdai` USDai and
    /// stakes those for at least `minShares` sUSDai of `receiver`. Returns the shares. The caller approves this contract for `amount` first.
    /// @dev Errors: `DeadlineExpired`, `ZeroAmount`, `ZeroAddress` (token or receiver), `InvalidReceiver` for the gateway, `NotWired`, `NothingArrived`, `BalanceChanged`,
    /// `TokenCallFailed`, or what the token, USDai or the vault reverts with, slippage included.
    /// @dev Events: `DepositedAndStaked`.
    function depositAndStake(address token, uint256 amount, uint256 minUsdai, uint256 minShares, address receiver, uint256 deadline) external returns (uint256);
    /// @notice As `depositAndStake`, with the approval that it needs.
    /// @dev Errors: As `depositAndStake`. A permit that the token refuses is none: then the allowance decides.
    /// @dev Events: `DepositedAndStaked`.
    function depositAndStakeWithPermit(address token, uint256 amount, uint256 minUsdai, uint256 minShares, address receiver, uint256 deadline, Permit calldata permit) external returns (uint256);
    /// @notice Requests the redemption of `shares` of the caller and seals a bid for the new position, of at most `maxTick` (0 is any). A commitment
    /// contains the position, so the caller says which one it reckons with: its own address, and `nextPosition` of the queue. Returns it. The caller
    /// makes this contract its operator at the vault first.
    /// @dev Errors: `DeadlineExpired`, `NotWired`, `OtherPosition` if somebody else was faster, or what the vault or the queue reverts with.
    /// @dev Events: `RequestedAndBid`.
    function requestAndBid(uint256 shares, uint256 position, bytes32 commitment, uint8 maxTick, uint256 deadline) external returns (uint256);
    /// @notice As `requestAndBid`, with the consent that it needs.
    /// @dev Errors: As `requestAndBid`. An authorization that the vault refuses is none: then it decides by those it knows.
    /// @dev Events: `RequestedAndBid`.
    function requestAndBidWithAuthorization(uint256 shares, uint256 position, bytes32 commitment, uint8 maxTick, uint256 deadline, Authorization calldata authorization) external returns (uint256);
    /// @notice Settled redemption to stablecoin: claims what `shares` of the caller's claimable shares are worth (the largest number stands for
    /// the vault's `maxRedeem`: those of the positions on the caller's list) and pays it to `receiver` in `token`, at least `minAmount` of it. What is less than a unit of the base token goes to
    /// the receiver in USDai. Returns what it was paid. The caller makes this contract its operator at the vault first.
    /// @dev Errors: `DeadlineExpired`, `ZeroAddress` (token or receiver), `InvalidReceiver` for the gateway, `NotWired`, `BalanceChanged`, `TokenCallFailed`, or what the vault, the queue or
    /// USDai reverts with, slippage included.
    /// @dev Events: `ClaimedTo`.
    function claimTo(uint256 shares, address token, uint256 minAmount, address receiver, uint256 deadline) external returns (uint256);
    /// @notice As `claimTo`, with the consent that it needs.
    /// @dev Errors: As `claimTo`. An authorization that the vault refuses is none: then it decides by those it knows.
    /// @dev Events: `ClaimedTo`.
    function claimToWithAuthorization(uint256 shares, address token, uint256 minAmount, address receiver, uint256 deadline, Authorization calldata authorization) external returns (uint256);
    /// @notice Loan to stablecoin: takes the caller's `offer` (`signature` is its curator's, nothing if it is posted) and pays `receiver` the loan's
    /// principal in `token`, at least `minAmount` of it. What is less than a unit of the base token goes to the receiver in USDai. Returns
    /// the loan's id and what was paid. The caller makes this contract its operator at origination first.
    /// @dev Errors: `DeadlineExpired`, `ZeroAddress` (token or receiver), `InvalidReceiver` for the gateway, `NotWired`, `OnlyBorrower`, `BalanceChanged`, `TokenCallFailed`, or what
    /// origination, FiLo or USDai reverts with, slippage included.
    /// @dev Events: `DrawnTo`.
    function drawTo(Offer calldata offer, bytes calldata signature, address token, uint256 minAmount, address receiver, uint256 deadline) external returns (uint256 loan, uint256 paid);
    /// @notice Repays a loan from a stablecoin: takes `amount` of `token` from the caller (what arrives counts), turns it into at least `minUsdai`
    /// USDai, pays with them what `loan` owes, and gives the caller what is left. Anybody may pay for a borrower. Returns the USDai paid.
    /// The caller approves this contract for `amount` first.
    /// @dev Errors: `DeadlineExpired`, `ZeroAmount`, `ZeroAddress` (token), `NotWired`, `NothingArrived`, `BalanceChanged`, `TokenCallFailed`, or what
    /// the token, USDai or FiLo reverts with, slippage included.
    /// @dev Events: `RepaidFrom`.
    function repayFrom(address token, uint256 amount, uint256 minUsdai, uint256 loan, uint256 deadline) external returns (uint256);
    /// @notice As `repayFrom`, with the approval that it needs.
    /// @dev Errors: As `repayFrom`. A permit that the token refuses is none: then the allowance decides.
    /// @dev Events: `RepaidFrom`.
    function repayFromWithPermit(address token, uint256 amount, uint256 minUsdai, uint256 loan, uint256 deadline, Permit calldata permit) external returns (uint256);
    /// @notice Prices, supply, loan book, epoch and lanes, all of this moment.
    /// @dev Errors: `NotWired`, or what a view reverts with.
    function snapshot() external view returns (Snapshot memory);
    /// @notice A loan: where it stands, what is due, what pays it off at `time`, and its plan.
    /// @dev Errors: `NotWired`, or what FiLo reverts with: `UnknownLoan`, a `time` that has passed.
    function loanQuote(uint256 loan, uint256 time) external view returns (LoanQuote memory);
    /// @notice A position: its place, and what it would be paid if the epoch were settled now.
    /// @dev Errors: `NotWired`, or what the queue reverts with: `UnknownPosition`.
    function positionQuote(uint256 position) external view returns (PositionQuote memory);
}

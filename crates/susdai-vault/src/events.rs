//! What an indexer needs to rebuild the vault from its logs alone. The ledger's `Transfer` and `Approval` come from `erc20-ledger`.

use lean_abi::sol;

sol! {
    /// `sender` paid `assets` for `shares` of `owner` (ERC-4626).
    #[derive(Debug, PartialEq, Eq)]
    event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares);
    /// `sender` claimed `assets` for `receiver` against `shares` of the controller `owner`, settled earlier (ERC-4626, ERC-7540).
    #[derive(Debug, PartialEq, Eq)]
    event Withdraw(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares);
    /// `sender` put `shares` of `owner` into the queue as position `requestId` of `controller` (ERC-7540).
    #[derive(Debug, PartialEq, Eq)]
    event RedeemRequest(address indexed controller, address indexed owner, uint256 indexed requestId, address sender, uint256 shares);
    /// `controller` made `operator` its operator, or no longer (ERC-7540).
    #[derive(Debug, PartialEq, Eq)]
    event OperatorSet(address indexed controller, address indexed operator, bool approved);
    /// The vault lent `principal`, paid to `receiver`; it earns `rate` (wei × 10^18 per second).
    #[derive(Debug, PartialEq, Eq)]
    event LoanDrawn(address indexed receiver, uint256 principal, uint256 rate);
    /// A loan paid `principal` and `interest`, which settles `accrual` (wei × 10^18); from now on it earns `newRate` instead of `oldRate`.
    #[derive(Debug, PartialEq, Eq)]
    event LoanRepaid(uint256 principal, uint256 interest, uint256 accrual, uint256 oldRate, uint256 newRate);
    /// A loan was marked anew: `accrual` (wei × 10^18) left the book, its rate and what of it is not expected back changed. No money moved.
    #[derive(Debug, PartialEq, Eq)]
    event LoanMarked(uint256 accrual, uint256 oldRate, uint256 newRate, uint256 oldImpairment, uint256 newImpairment);
    /// `principal` is lost for good; the `impairment` held against it is released.
    #[derive(Debug, PartialEq, Eq)]
    event LoanWrittenOff(uint256 principal, uint256 impairment);
    /// Bonds of `shares` were forfeited in the queue and burnt.
    #[derive(Debug, PartialEq, Eq)]
    event SharesForfeited(uint256 shares);
    /// `account` is barred from the vault, or no longer.
    #[derive(Debug, PartialEq, Eq)]
    event Blacklisted(address indexed account, bool isBlacklisted);
    /// The queue settled: `shares` burnt, `assets` paid to it, `premium` kept and vesting.
    #[derive(Debug, PartialEq, Eq)]
    event RedemptionsFilled(uint256 shares, uint256 assets, uint256 premium);
    /// `account` paused deposits and requests.
    #[derive(Debug, PartialEq, Eq)]
    event Paused(address account);
    /// `account` let deposits and requests go on.
    #[derive(Debug, PartialEq, Eq)]
    event Unpaused(address account);
    /// Deposits may take the face value to `depositCap`.
    #[derive(Debug, PartialEq, Eq)]
    event DepositCapSet(uint256 depositCap);
    /// `bridgedSupply` shares are on other chains.
    #[derive(Debug, PartialEq, Eq)]
    event BridgedSupplySet(uint256 bridgedSupply);
    /// `controller` has spent `nonce`, on an operator or on nothing (ERC-7741).
    #[derive(Debug, PartialEq, Eq)]
    event AuthorizationNonceSpent(address indexed controller, bytes32 indexed nonce);
    /// Income of `assets` came in and vests.
    #[derive(Debug, PartialEq, Eq)]
    event YieldReceived(uint256 assets);
    /// From `wire()` on the vault works with these contracts.
    #[derive(Debug, PartialEq, Eq)]
    event Wired(address indexed queue, address indexed filo);
}

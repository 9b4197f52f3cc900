// SPDX-License-Identifier: MIT
pragma solidity >=0.8.4;

/// @notice sUSDai, the vault share.
/// @dev Any function that computes can fail with `ArithmeticOverflow` on amounts near 2^256, and any that books with `AboveMaximum` on amounts
/// near 2^128. One that calls USDai, the queue or the router passes on what they revert with. A transfer of shares fails with
/// `AccountBlacklisted` if giver, receiver or caller is barred, and with `SharesOfQueue` if it is to the queue. Further errors are named at
/// each function.
/// @custom:constructor constructor(address router, address usdai)
interface ISusdai {
    /// @notice `value` moved; from the zero address it was minted, to the zero address it was burnt.
    event Transfer(address indexed from, address indexed to, uint256 value);
    /// @notice `spender` may spend `value` of `owner` from now on. Spending an allowance emits nothing.
    event Approval(address indexed owner, address indexed spender, uint256 value);
    /// @notice `sender` paid `assets` for `shares` of `owner` (ERC-4626).
    event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares);
    /// @notice `sender` claimed `assets` for `receiver` against `shares` of the controller `owner`, settled earlier (ERC-4626, ERC-7540).
    event Withdraw(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares);
    /// @notice `sender` put `shares` of `owner` into the queue as position `requestId` of `controller` (ERC-7540).
    event RedeemRequest(address indexed controller, address indexed owner, uint256 indexed requestId, address sender, uint256 shares);
    /// @notice `controller` made `operator` its operator, or no longer (ERC-7540).
    event OperatorSet(address indexed controller, address indexed operator, bool approved);
    /// @notice The vault lent `principal`, paid to `receiver`; it earns `rate` (wei × 10^18 per second).
    event LoanDrawn(address indexed receiver, uint256 principal, uint256 rate);
    /// @notice A loan paid `principal` and `interest`, which settles `accrual` (wei × 10^18); from now on it earns `newRate` instead of `oldRate`.
    event LoanRepaid(uint256 principal, uint256 interest, uint256 accrual, uint256 oldRate, uint256 newRate);
    /// @notice A loan was marked anew: `accrual` (wei × 10^18) left the book, its rate and what of it is not expected back changed. No money moved.
    event LoanMarked(uint256 accrual, uint256 oldRate, uint256 newRate, uint256 oldImpairment, uint256 newImpairment);
    /// @notice `principal` is lost for good; the `impairment` held against it is released.
    event LoanWrittenOff(uint256 principal, uint256 impairment);
    /// @notice The queue settled: `shares` burnt, `assets` paid to it, `premium` kept and vesting.
    event RedemptionsFilled(uint256 shares, uint256 assets, uint256 premium);
    /// @notice Bonds of `shares` were forfeited in the queue and burnt.
    event SharesForfeited(uint256 shares);
    /// @notice `account` is barred from the vault, or no longer.
    event Blacklisted(address indexed account, bool isBlacklisted);
    /// @notice Income of `assets` came in and vests.
    event YieldReceived(uint256 assets);
    /// @notice `account` paused deposits and requests.
    event Paused(address account);
    /// @notice `account` let deposits and requests go on.
    event Unpaused(address account);
    /// @notice Deposits may take the face value to `depositCap`.
    event DepositCapSet(uint256 depositCap);
    /// @notice `bridgedSupply` shares are on other chains.
    event BridgedSupplySet(uint256 bridgedSupply);
    /// @notice `controller` has spent `nonce`, on an operator or on nothing (ERC-7741).
    event AuthorizationNonceSpent(address indexed controller, bytes32 indexed nonce);
    /// @notice From `wire()` on the vault works with these contracts.
    event Wired(address indexed queue, address indexed filo);

    /// @notice `sender` has `balance`, `needed` was asked of it.
    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
    /// @notice Nothing can be moved from `sender`: the zero address.
    error ERC20InvalidSender(address sender);
    /// @notice Nothing can be moved to `receiver`: the zero address.
    error ERC20InvalidReceiver(address receiver);
    /// @notice `spender` may still spend `allowance`, `needed` was asked.
    error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
    /// @notice `spender` cannot be approved: the zero address.
    error ERC20InvalidSpender(address spender);
    /// @notice `value` more than `supply` does not fit in a word.
    error ERC20SupplyOverflow(uint256 supply, uint256 value);
    /// @notice The permit was good until `deadline`.
    error ERC2612ExpiredSignature(uint256 deadline);
    /// @notice The permit of `owner` is signed by `signer`, or by nobody (zero): wrong words, wrong nonce, wrong chain, malleable or no signature.
    error ERC2612InvalidSigner(address signer, address owner);
    /// @notice The router's address book has no entry `id`.
    error AddressNotSet(bytes32 id);
    /// @notice `account` lacks `role`.
    error Unauthorized(address account, bytes32 role);
    /// @notice A callee is no contract, or returned data that does not begin with what its interface says.
    error MalformedReturn();
    /// @notice An amount is zero where that would do nothing.
    error ZeroAmount();
    /// @notice An address is zero.
    error ZeroAddress();
    /// @notice A computation left its range: the amount is too large for the state of the vault.
    error ArithmeticOverflow();
    /// @notice A book would hold more than it has room for.
    error AboveMaximum(uint256 value, uint256 maximum);
    /// @notice `assets` are worth less than one wei of shares.
    error ZeroShares(uint256 assets);
    /// @notice The deposit would mint fewer shares than the caller accepts.
    error SharesBelowMinimum(uint256 shares, uint256 minimum);
    /// @notice The mint would cost more assets than the caller accepts.
    error AssetsAboveMaximum(uint256 assets, uint256 maximum);
    /// @notice Everything is lost: shares exist, assets do not, so a share has no price to be sold at (PROTOCOL 3.4).
    error NoAssetsBehindShares(uint256 totalShares);
    /// @notice The redeem side is asynchronous: what a request will yield is not known in advance (ERC-7540).
    error PreviewUnsupported();
    /// @notice `caller` is neither the controller nor its operator.
    error NotControllerOrOperator(address caller, address controller);
    /// @notice Only the loan contract may call this.
    error OnlyFilo(address caller);
    /// @notice Only the redemption queue may call this.
    error OnlyQueue(address caller);
    /// @notice Only the dollar may call this.
    error OnlyUsdai(address caller);
    /// @notice The vault does not know the queue yet: `wire()` has not been called.
    error NotWired();
    /// @notice A loan asks for more than the vault may lend.
    error ExceedsLendable(uint256 principal, uint256 lendable);
    /// @notice A redemption asks for more than the vault has.
    error ExceedsCash(uint256 assets, uint256 cash);
    /// @notice A repayment takes more out of the loan book than stands in it.
    error ExceedsLoanBook(uint256 amount, uint256 booked);
    /// @notice `account` is barred from the vault.
    error AccountBlacklisted(address account);
    /// @notice Deposits and requests are paused.
    error EnforcedPause();
    /// @notice A deposit of `assets` is more than the `room` that the cap leaves.
    error DepositCapExceeded(uint256 assets, uint256 room);
    /// @notice The queue's shares are those of its positions: they come by requests alone.
    error SharesOfQueue(address queue);
    /// @notice The bridge wants to bring back `amount`; `bridgedSupply` is out there.
    error InsufficientBridgedSupply(uint256 bridgedSupply, uint256 amount);
    /// @notice The signed authorisation was good until `deadline` (second).
    error AuthorizationExpired(uint256 deadline);
    /// @notice `controller` has spent `nonce`.
    error AuthorizationNonceUsed(address controller, bytes32 nonce);
    /// @notice The authorisation of `controller` is signed by `signer`, or by nobody (zero).
    error InvalidAuthorizationSigner(address signer, address controller);
    /// @notice USDai answered a transfer with false.
    error TransferRefused();

    /// @notice Takes the queue's and the loan contract's addresses from the router. By anyone: the router is the authority. Errors:
    /// `AddressNotSet`. Event: `Wired`.
    function wire() external;
    /// @notice USDai.
    function asset() external view returns (address);
    /// @notice The vault is its own share token (ERC-7575).
    function share() external view returns (address);
    /// @notice The optimistic value: what the vault has, and the interest earned and not yet paid.
    function totalAssets() external view returns (uint256);
    /// @notice Shares for `assets` at the optimistic value, rounded down.
    function convertToShares(uint256 assets) external view returns (uint256);
    /// @notice Assets for `shares` at the optimistic value, rounded down.
    function convertToAssets(uint256 shares) external view returns (uint256);
    /// @notice The largest deposit accepted: what books and cap have room for; nothing after a total loss, while paused, or for a `receiver` that is
    /// barred, the queue or zero.
    function maxDeposit(address receiver) external view returns (uint256);
    /// @notice The largest mint accepted; nothing where `maxDeposit` is nothing.
    function maxMint(address receiver) external view returns (uint256);
    /// @notice Shares that a deposit of `assets` mints at the face value, rounded down. Errors: `NoAssetsBehindShares`.
    function previewDeposit(uint256 assets) external view returns (uint256);
    /// @notice Assets that minting `shares` costs at the face value, rounded up. Errors: `NoAssetsBehindShares`.
    function previewMint(uint256 shares) external view returns (uint256);
    /// @notice Always `PreviewUnsupported`, as ERC-7540 asks.
    function previewRedeem(uint256 shares) external view returns (uint256);
    /// @notice Always `PreviewUnsupported`, as ERC-7540 asks.
    function previewWithdraw(uint256 assets) external view returns (uint256);
    /// @notice Shares that `controller` can claim the assets of.
    function maxRedeem(address controller) external view returns (uint256);
    /// @notice Assets that `controller` can claim.
    function maxWithdraw(address controller) external view returns (uint256);
    /// @notice Takes `assets` from the caller and mints `receiver` the shares they are worth, rounded down; returns the shares. Errors:
    /// `EnforcedPause`, `SharesOfQueue` for the queue, `AccountBlacklisted` if caller or receiver is barred, `ZeroAmount`,
    /// `NoAssetsBehindShares`, `ZeroShares`, `DepositCapExceeded`, `ERC20InvalidReceiver`. Event: `Deposit`.
    function deposit(uint256 assets, address receiver) external returns (uint256);
    /// @notice As the other, if it mints at least `minShares`. Errors also: `SharesBelowMinimum`.
    function deposit(uint256 assets, address receiver, uint256 minShares) external returns (uint256);
    /// @notice Mints `receiver` exactly `shares` and takes what they cost, rounded up, from the caller; returns the cost. Errors: `EnforcedPause`,
    /// `SharesOfQueue` for the queue, `AccountBlacklisted` if caller or receiver is barred, `ZeroAmount`, `NoAssetsBehindShares`,
    /// `DepositCapExceeded`, `ERC20InvalidReceiver`. Event: `Deposit`.
    function mint(uint256 shares, address receiver) external returns (uint256);
    /// @notice As the other, if it costs at most `maxAssets`. Errors also: `AssetsAboveMaximum`.
    function mint(uint256 shares, address receiver, uint256 maxAssets) external returns (uint256);
    /// @notice Puts `shares` of `owner` into the queue as a position of `controller`; returns its id. By the controller or its operator, who must
    /// be the owner, or its operator, or spends its allowance of the caller. Errors: `ZeroAmount`, `EnforcedPause`, `NotControllerOrOperator`,
    /// `AccountBlacklisted` if owner, controller or caller is barred, `NotWired`, `ERC20InsufficientAllowance`, `ERC20InsufficientBalance`.
    /// Event: `RedeemRequest`.
    function requestRedeem(uint256 shares, address controller, address owner) external returns (uint256);
    /// @notice Shares of the position that wait.
    function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256);
    /// @notice Shares of the position that are settled and not claimed.
    function claimableRedeemRequest(uint256 requestId, address controller) external view returns (uint256);
    /// @notice Pays `receiver` the assets of `shares` of `controller` that are settled; returns the assets. By the controller or its operator.
    /// Errors: `ZeroAmount`, `ZeroAddress`, `NotControllerOrOperator`, `AccountBlacklisted` if controller, receiver or caller is barred,
    /// `NotWired`, and `ExceedsClaimable` or `InvalidReceiver` of the queue. Event: `Withdraw`.
    function redeem(uint256 shares, address receiver, address controller) external returns (uint256);
    /// @notice Pays `receiver` exactly `assets` of what is settled for `controller`; returns the shares they were settled for. By the controller
    /// or its operator. Errors: as `redeem`. Event: `Withdraw`.
    function withdraw(uint256 assets, address receiver, address controller) external returns (uint256);
    /// @notice Makes `operator` the caller's operator, or no longer. Errors: `ZeroAddress`. Event: `OperatorSet`.
    function setOperator(address operator, bool approved) external returns (bool);
    /// @notice Whether `operator` may act for `controller`.
    function isOperator(address controller, address operator) external view returns (bool);
    /// @notice ERC-165: itself, ERC-7540 redeem and operator, ERC-7575, ERC-7741, ERC-20, its metadata, ERC-2612, ERC-5267.
    function supportsInterface(bytes4 interfaceId) external view returns (bool);
    /// @notice The conservative value in wei: cash and principal, less what is impaired and what has not vested. Redemptions are paid from it.
    function nav() external view returns (uint256);
    /// @notice Assets that a share costs, in WAD: the face value per share, rounded up: cash, loans at face and their interest. For show: deposits
    /// compute with the totals.
    function depositSharePrice() external view returns (uint256);
    /// @notice Assets that a share pays who leaves, in WAD: the conservative value per share, rounded down.
    function redemptionSharePrice() external view returns (uint256);
    /// @notice All shares there are, those on other chains included.
    function totalShares() external view returns (uint256);
    /// @notice Shares on other chains; their assets are here.
    function bridgedSupply() external view returns (uint256);
    /// @notice The most that a deposit may bring the face value to; 2^128 − 1: no cap.
    function depositCap() external view returns (uint256);
    /// @notice Whether deposits and requests are paused.
    function paused() external view returns (bool);
    /// @notice Second from which the next redemptions can be settled, passed if nobody has yet; 0 before there is a queue.
    function redemptionTimestamp() external view returns (uint256);
    /// @notice Stops deposits and requests; transfers and claims go on. By `GUARDIAN` or `ADMIN`. Errors: `Unauthorized`. Event: `Paused`.
    function pause() external;
    /// @notice Lets deposits and requests go on. By `ADMIN`. Errors: `Unauthorized`. Event: `Unpaused`.
    function unpause() external;
    /// @notice Caps the face value that deposits may lead to; a cap below what there is stops them; 2^128 − 1 or more is no cap. By `ADMIN`.
    /// Errors: `Unauthorized`. Event: `DepositCapSet`.
    function setDepositCap(uint256 depositCap) external;
    /// @notice Brings `shares` back from another chain, to `to`. By `BRIDGE`. Errors: `Unauthorized`, `ZeroAmount`, `InsufficientBridgedSupply`,
    /// `AccountBlacklisted`, `SharesOfQueue`, `ERC20InvalidReceiver`. Events: `BridgedSupplySet`, `Transfer`.
    function mint(address to, uint256 shares) external;
    /// @notice Sends `shares` of `from` to another chain; their assets stay here, and they count on. By `BRIDGE`, which is trusted to have the owner's
    /// word. Errors: `Unauthorized`, `ZeroAmount`, `AccountBlacklisted`, `SharesOfQueue`, `ERC20InsufficientBalance`. Events:
    /// `BridgedSupplySet`, `Transfer`.
    function burn(address from, uint256 shares) external;
    /// @notice USDai that the vault holds, as booked.
    function cash() external view returns (uint256);
    /// @notice What the vault may lend: cash less the reserve for those who wait in the queue.
    function lendable() external view returns (uint256);
    /// @notice What of the principal is not expected back, over all loans that are late or in default.
    function impairment() external view returns (uint256);
    /// @notice Income that has not vested yet, rounded up.
    function unvested() external view returns (uint256);
    /// @notice Principal (wei), rate (wei × 10^18 per second), accrued (wei × 10^18) at `updatedAt` (second).
    function loanBook() external view returns (uint256 principal, uint256 rate, uint256 accrued, uint256 updatedAt);
    /// @notice Lends `principal`, paid to `receiver`, at `rate` (wei × 10^18 per second). By FiLo. Errors: `OnlyFilo`, `ZeroAmount`, `ZeroAddress`,
    /// `ExceedsLendable`. Event: `LoanDrawn`.
    function drawLoan(uint256 principal, uint256 rate, address receiver) external;
    /// @notice Books money that FiLo has moved to the vault: principal back, interest, the accrual (wei × 10^18) that it settles, the change of the
    /// loan's rate. Any of them may be zero. By FiLo. Errors: `OnlyFilo`, `ExceedsLoanBook`. Event: `LoanRepaid`.
    function repayLoan(uint256 principal, uint256 interest, uint256 accrual, uint256 oldRate, uint256 newRate) external;
    /// @notice Marks a loan anew without money: takes `accrual` (wei × 10^18) out of the book, exchanges the loan's rate and what of it is not expected
    /// back. Counts at once, up as down: entry is at face, so nobody buys what a mark gives back. By FiLo. Errors: `OnlyFilo`,
    /// `ExceedsLoanBook`. Event: `LoanMarked`.
    function markLoan(uint256 accrual, uint256 oldRate, uint256 newRate, uint256 oldImpairment, uint256 newImpairment) external;
    /// @notice Takes lost `principal` out of the book for good and releases the `impairment` that was held against it. By FiLo. Errors:
    /// `OnlyFilo`, `ExceedsLoanBook`. Event: `LoanWrittenOff`.
    function writeOff(uint256 principal, uint256 impairment) external;
    /// @notice What a settlement needs to know: the redemption share price (WAD) and the cash, as `redemptionSharePrice` and `cash` say.
    function settlementTerms() external view returns (uint256 price, uint256 cash);
    /// @notice Burns `shares` held by the queue that a bidder has forfeited; what they were worth vests for all who stay. By the queue. Errors:
    /// `OnlyQueue`, `ZeroAmount`, `ERC20InsufficientBalance`. Event: `SharesForfeited`.
    function burnForfeited(uint256 shares) external;
    /// @notice Succeeds unless one of the two is barred. Errors: `AccountBlacklisted`.
    function checkAllowed(address first, address second) external view;
    /// @notice Bars `account`, or no longer; the queue, whose shares are others', is never barred. By the role BLACKLIST. Errors: `Unauthorized`,
    /// `ZeroAddress`, `SharesOfQueue`. Event: `Blacklisted`.
    function setBlacklist(address account, bool isBlacklisted) external;
    /// @notice Whether `account` is barred.
    function isBlacklisted(address account) external view returns (bool);
    /// @notice Burns `shares` held by the queue, pays it `assets` for them, and lets `premium`, which stays, vest; what borrowers paid back before
    /// is no longer reserved. All zeros: a settlement that filled nobody. By the queue. Errors: `OnlyQueue`, `ZeroAmount` (no shares for
    /// assets or a premium), `ExceedsCash`, `ERC20InsufficientBalance`. Event: `RedemptionsFilled`.
    function fillRedemptions(uint256 shares, uint256 assets, uint256 premium) external;
    /// @notice Books `assets` that USDai has just minted to the vault; they vest. By USDai. Errors: `OnlyUsdai`,
    /// `ZeroAmount`. Event: `YieldReceived`.
    function notifyYield(uint256 assets) external;
    /// @notice The token's name.
    function name() external view returns (string memory);
    /// @notice Its symbol.
    function symbol() external view returns (string memory);
    /// @notice How many decimals a whole token has.
    function decimals() external view returns (uint8);
    /// @notice All tokens.
    function totalSupply() external view returns (uint256);
    /// @notice Tokens of `account`.
    function balanceOf(address account) external view returns (uint256);
    /// @notice Tokens of `owner` that `spender` may move; the largest word is without limit.
    function allowance(address owner, address spender) external view returns (uint256);
    /// @notice Moves `value` of the caller's to `to`. Always true, or it reverts: a token of ours says nothing else. Errors: `ERC20InvalidReceiver`,
    /// `ERC20InsufficientBalance`, and those that a token of its own has, which its contract's description names.
    function transfer(address to, uint256 value) external returns (bool);
    /// @notice Moves `value` of `from` to `to` on the caller's allowance. Errors: `ERC20InsufficientAllowance`, `ERC20InvalidSender`, and as
    /// `transfer`.
    function transferFrom(address from, address to, uint256 value) external returns (bool);
    /// @notice Lets `spender` move `value` of the caller's, in place of what it could before. Errors: `ERC20InvalidSpender`.
    function approve(address spender, uint256 value) external returns (bool);
    /// @notice Approves as `owner` signed, until `deadline` (second, inclusive). By anybody. Errors: `ERC2612ExpiredSignature`,
    /// `ERC2612InvalidSigner`, `ERC20InvalidSpender`.
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;
    /// @notice As the other, with a signature of any length: r, s and v of an account, or what a contract takes for its own.
    function permit(address owner, address spender, uint256 value, uint256 deadline, bytes calldata signature) external;
    /// @notice The nonce of `owner`'s next permit.
    function nonces(address owner) external view returns (uint256);
    /// @notice The EIP-712 domain's separator.
    function DOMAIN_SEPARATOR() external view returns (bytes32);
    /// @notice Name, version, chain and contract; no salt, no extensions.
    function eip712Domain() external view returns (bytes1 fields, string memory name, string memory version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] memory extensions);
    /// @notice Makes `operator` the operator of `controller`, who signed it, or no longer, until `deadline` (second, inclusive). By anybody. Errors:
    /// `AuthorizationExpired`, `AuthorizationNonceUsed`, `InvalidAuthorizationSigner`, `ZeroAddress`. Events: `AuthorizationNonceSpent`,
    /// `OperatorSet`.
    function authorizeOperator(address controller, address operator, bool approved, bytes32 nonce, uint256 deadline, bytes calldata signature) external returns (bool);
    /// @notice Spends a nonce of the caller's: what it signed with it is void. Errors: `AuthorizationNonceUsed`. Event: `AuthorizationNonceSpent`.
    function invalidateNonce(bytes32 nonce) external;
    /// @notice Whether `controller` has spent `nonce`.
    function authorizations(address controller, bytes32 nonce) external view returns (bool);
}

// SPDX-License-Identifier: MIT
pragma solidity >=0.8.4;

/// @notice USDai, the dollar: base token in and out 1:1, other stablecoins through the swap adapter. Amounts in wei unless another unit is named.
/// @custom:constructor constructor(address router, address baseToken)
interface IUsdai {
    /// @notice `caller` put in `depositAmount` of `depositToken` (its own units), `recipient` got `usdaiAmount` (wei).
    event Deposited(address indexed caller, address indexed recipient, address depositToken, uint256 depositAmount, uint256 usdaiAmount);
    /// @notice `caller` gave back `usdaiAmount` (wei), `recipient` got `withdrawAmount` of `withdrawToken` (its own units).
    event Withdrawn(address indexed caller, address indexed recipient, address withdrawToken, uint256 usdaiAmount, uint256 withdrawAmount);
    /// @notice `baseClaimed` base units of yield now back `toVault` and `toTreasury` (wei).
    event Harvested(uint256 baseClaimed, uint256 toVault, uint256 toTreasury);
    /// @notice Supply and bridged supply may together be `supplyCap` (wei).
    event SupplyCapSet(uint256 supplyCap);
    /// @notice `bps` basis points of harvested yield go to the treasury.
    event AdminFeeSet(uint256 bps);
    /// @notice `bridgedSupply` (wei) is now on other chains. The transfer to or from the zero address beside it says whose it was or is.
    event BridgedSupplySet(uint256 bridgedSupply);
    /// @notice `account` paused deposits, or let them go on.
    event DepositsPauseSet(address indexed account, bool paused);
    /// @notice `account` paused withdrawals, or let them go on.
    event WithdrawalsPauseSet(address indexed account, bool paused);
    /// @notice USDai took these addresses over from the router.
    event Wired(address swapAdapter, address vault, address treasury);
    /// @notice `value` moved; from the zero address it was minted, to the zero address it was burnt.
    event Transfer(address indexed from, address indexed to, uint256 value);
    /// @notice `spender` may spend `value` of `owner` from now on. Spending an allowance emits nothing.
    event Approval(address indexed owner, address indexed spender, uint256 value);
    /// @notice The authorization `nonce` of `authorizer` was used.
    event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce);
    /// @notice The authorization `nonce` of `authorizer` was cancelled.
    event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce);

    /// @notice The zero address, or USDai itself where another is needed.
    error InvalidAddress();
    /// @notice Nothing is to be moved, nothing arrived, or a withdrawal is worth less than one base unit.
    error InvalidAmount();
    /// @notice The deposit would take the supply, bridged included, beyond the cap.
    error SupplyCapExceeded();
    /// @notice `amount` would be credited or has arrived, less than the caller's `minimum`.
    error InsufficientOutput(uint256 amount, uint256 minimum);
    /// @notice `token` cannot be the base token: it does not say that it has 6 decimals.
    error InvalidBaseToken(address token);
    /// @notice A fee of `bps` basis points was asked for, `maximum` is allowed.
    error AdminFeeTooHigh(uint256 bps, uint256 maximum);
    /// @notice The bridge wants to bring back `amount`; `bridgedSupply` is out there.
    error InsufficientBridgedSupply(uint256 bridgedSupply, uint256 amount);
    /// @notice `wire()` has not been called since the router got its addresses.
    error NotWired();
    /// @notice Deposits are paused.
    error DepositsPaused();
    /// @notice Withdrawals are paused.
    error WithdrawalsPaused();
    /// @notice A result needs more than 256 bits.
    error ArithmeticOverflow();
    /// @notice `account` lacks `role`.
    error Unauthorized(address account, bytes32 role);
    /// @notice The router's address book has no entry `id`.
    error AddressNotSet(bytes32 id);
    /// @notice `token` refused the transfer or approval by returning false, or is not a contract.
    error TokenCallFailed(address token);
    /// @notice A callee is no contract, or returned data that does not begin with what its interface says.
    error MalformedReturn();
    /// @notice The authorization is good only after `validAfter` (second).
    error ERC3009NotYetValid(uint256 validAfter);
    /// @notice The authorization was good before `validBefore` (second).
    error ERC3009Expired(uint256 validBefore);
    /// @notice `authorizer` has used or cancelled `nonce`.
    error ERC3009NonceSpent(address authorizer, bytes32 nonce);
    /// @notice The authorization of `authorizer` is signed by `signer`, or by nobody (zero): wrong words, wrong chain, malleable or no signature.
    error ERC3009InvalidSigner(address signer, address authorizer);
    /// @notice Only `payee` may hand in what it receives, not `caller`.
    error ERC3009CallerNotPayee(address caller, address payee);
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

    /// @notice Takes the addresses of the swap adapter, the vault and the treasury over from the router. By anybody: the router is the authority.
    /// @dev Errors: `AddressNotSet` if the router lacks one.
    /// @dev Events: `Wired`.
    function wire() external;
    /// @notice Takes `depositAmount` of `depositToken` (its units) from the caller and mints USDai for the base token that arrived, or that the
    /// swap of what arrived brought, 10^12 wei a unit, to `recipient`. Returns the USDai minted (wei). A swap takes the adapter's default
    /// route.
    /// @dev Errors: `DepositsPaused`, `InvalidAddress` if token or recipient is zero or USDai, `InvalidAmount` if the amount is
    /// zero or nothing arrived, `InsufficientOutput` below `usdaiAmountMinimum` (wei), `SupplyCapExceeded`, `NotWired`,
    /// `TokenCallFailed`, and what the token or the adapter reverts with.
    /// @dev Events: `Deposited`.
    function deposit(address depositToken, uint256 depositAmount, uint256 usdaiAmountMinimum, address recipient) external returns (uint256);
    /// @notice As `deposit`, with `data` for the swap adapter: the shipped one takes a Uniswap V3 path.
    /// @dev Errors: As `deposit`.
    function deposit(address depositToken, uint256 depositAmount, uint256 usdaiAmountMinimum, address recipient, bytes calldata data) external returns (uint256);
    /// @notice Burns the whole base units in `usdaiAmount` (wei) of the caller's and pays them to `recipient`, or what the swap of them brings
    /// in `withdrawToken`. What is less than a base unit stays with the caller. Returns what arrived (the token's units).
    /// @dev Errors: `WithdrawalsPaused`, `InvalidAddress` if token or recipient is zero or USDai, `InvalidAmount` if that is not
    /// one base unit or nothing arrives, `InsufficientOutput` if less than `withdrawAmountMinimum` (the token's units) arrives,
    /// `ERC20InsufficientBalance`, `NotWired`, `TokenCallFailed`, and what the token or the adapter reverts with.
    /// @dev Events: `Withdrawn`.
    function withdraw(address withdrawToken, uint256 usdaiAmount, uint256 withdrawAmountMinimum, address recipient) external returns (uint256);
    /// @notice As `withdraw`, with `data` for the swap adapter: the shipped one takes a Uniswap V3 path.
    /// @dev Errors: As `withdraw`.
    function withdraw(address withdrawToken, uint256 usdaiAmount, uint256 withdrawAmountMinimum, address recipient, bytes calldata data) external returns (uint256);
    /// @notice Claims the base token's yield and mints USDai for all base token above what backs the supply: the admin fee to the treasury, the
    /// rest to the vault, where it vests. By anybody. Base token that somebody gave away counts as yield, and so does what was claimed
    /// for USDai by another. Returns the USDai minted (wei); zero, and no event, if there is no whole base unit to harvest or no room
    /// under the cap.
    /// @dev Errors: `NotWired`, and what the base token or the vault reverts with.
    /// @dev Events: `Harvested`.
    function harvest() external returns (uint256);
    /// @notice Brings `amount` (wei) back from another chain, to `to`. By `BRIDGE`. The cap does not apply: it counts bridged supply already.
    /// @dev Errors: `Unauthorized`, `InvalidAmount` for zero, `InsufficientBridgedSupply`, `ERC20InvalidReceiver`.
    /// @dev Events: `BridgedSupplySet`, `Transfer`.
    function mint(address to, uint256 amount) external;
    /// @notice Sends `amount` (wei) of `from`'s to another chain; its backing stays here. By `BRIDGE`, which is trusted to have the owner's word.
    /// @dev Errors: `Unauthorized`, `InvalidAmount` for zero, `ERC20InsufficientBalance`, `ERC20InvalidSender`.
    /// @dev Events: `BridgedSupplySet`, `Transfer`.
    function burn(address from, uint256 amount) external;
    /// @notice Caps supply and bridged supply together at `supplyCap` (wei); a cap below what exists stops deposits. By `ADMIN`.
    /// @dev Errors: `Unauthorized`.
    /// @dev Events: `SupplyCapSet`.
    function setSupplyCap(uint256 supplyCap) external;
    /// @notice Gives the treasury `bps` basis points of yields harvested from now on, at most 2,000. By `ADMIN`.
    /// @dev Errors: `Unauthorized`, `AdminFeeTooHigh`.
    /// @dev Events: `AdminFeeSet`.
    function setAdminFee(uint256 bps) external;
    /// @notice Stops deposits. By `GUARDIAN` or `ADMIN`. Transfers, withdrawals and harvests go on.
    /// @dev Errors: `Unauthorized`.
    /// @dev Events: `DepositsPauseSet`.
    function pauseDeposits() external;
    /// @notice Lets deposits go on. By `ADMIN`.
    /// @dev Errors: `Unauthorized`.
    /// @dev Events: `DepositsPauseSet`.
    function unpauseDeposits() external;
    /// @notice Stops withdrawals, or lets them go on. By `ADMIN`: a guardian stops nobody from leaving.
    /// @dev Errors: `Unauthorized`.
    /// @dev Events: `WithdrawalsPauseSet`.
    function setWithdrawalsPaused(bool paused) external;
    /// @notice Whether deposits are paused.
    function depositsPaused() external view returns (bool);
    /// @notice Whether withdrawals are paused.
    function withdrawalsPaused() external view returns (bool);
    /// @notice The contract through which other tokens than the base token are taken and given.
    function swapAdapter() external view returns (address);
    /// @notice What backs USDai.
    function baseToken() external view returns (address);
    /// @notice USDai on other chains (wei), backed here.
    function bridgedSupply() external view returns (uint256);
    /// @notice The most that supply and bridged supply may be (wei).
    function supplyCap() external view returns (uint256);
    /// @notice The treasury's part of harvested yield (basis points).
    function adminFee() external view returns (uint256);
    /// @notice ERC-165: itself, ERC-20, its metadata, ERC-2612, ERC-5267, ERC-3009.
    function supportsInterface(bytes4 interfaceId) external view returns (bool);
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
    /// @notice Moves `value` from `from`, who signed it, to `to`. By anybody. Errors: `ERC3009NotYetValid`, `ERC3009Expired`, `ERC3009NonceSpent`,
    /// `ERC3009InvalidSigner`, and as `transfer`.
    function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external;
    /// @notice As the other, with a signature of any length.
    function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes calldata signature) external;
    /// @notice Moves `value` from `from`, who signed it, to `to`. By `to`, so that nobody can hand it in before a contract that counts on it. Errors:
    /// `ERC3009CallerNotPayee`, and as `transferWithAuthorization`.
    function receiveWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external;
    /// @notice As the other, with a signature of any length.
    function receiveWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes calldata signature) external;
    /// @notice Spends the nonce, which `authorizer` signed: what was authorized under it is void. By anybody. Errors: `ERC3009NonceSpent`,
    /// `ERC3009InvalidSigner`.
    function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external;
    /// @notice As the other, with a signature of any length.
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external;
    /// @notice Whether the nonce is spent: used or cancelled.
    function authorizationState(address authorizer, bytes32 nonce) external view returns (bool);
    /// @notice The EIP-712 type of what `transferWithAuthorization` takes, hashed.
    function TRANSFER_WITH_AUTHORIZATION_TYPEHASH() external view returns (bytes32);
    /// @notice The EIP-712 type of what `receiveWithAuthorization` takes, hashed.
    function RECEIVE_WITH_AUTHORIZATION_TYPEHASH() external view returns (bytes32);
    /// @notice The EIP-712 type of what `cancelAuthorization` takes, hashed.
    function CANCEL_AUTHORIZATION_TYPEHASH() external view returns (bytes32);
}

// SPDX-License-Identifier: MIT
pragma solidity >=0.8.4;

/// @notice The way between USDai's base token and other stablecoins, on Uniswap V3. Amounts in the tokens' own units. For USDai alone; it holds
/// nothing between calls.
/// @custom:constructor constructor(address router, address baseToken, address uniswapRouter)
interface ISwapAdapter {
    /// @notice `token` can (or can no longer) be swapped into USDai and out of it.
    event TokenAllowed(address indexed token, bool allowed);
    /// @notice The adapter took USDai's address over from the router.
    event Wired(address usdai);

    /// @notice The zero address, or USDai itself where another is needed.
    error InvalidAddress();
    /// @notice Nothing is to be moved, nothing arrived, or a withdrawal is worth less than one base unit.
    error InvalidAmount();
    /// @notice The adapter serves USDai alone, not `caller`.
    error OnlyUsdai(address caller);
    /// @notice `token` is not on the adapter's list.
    error TokenNotAllowed(address token);
    /// @notice `data` is not a Uniswap V3 path (token, fee, token, …) from `tokenIn` to `tokenOut`.
    error InvalidPath(address tokenIn, address tokenOut);
    /// @notice The pools are too shallow: the swap left `unspent` of `token`.
    error IncompleteSwap(address token, uint256 unspent);
    /// @notice `amount` would be credited or has arrived, less than the caller's `minimum`.
    error InsufficientOutput(uint256 amount, uint256 minimum);
    /// @notice `account` lacks `role`.
    error Unauthorized(address account, bytes32 role);
    /// @notice The router's address book has no entry `id`.
    error AddressNotSet(bytes32 id);
    /// @notice `token` refused the transfer or approval by returning false, or is not a contract.
    error TokenCallFailed(address token);
    /// @notice A callee is no contract, or returned data that does not begin with what its interface says.
    error MalformedReturn();

    /// @notice Takes USDai's address over from the router. By anybody: the router is the authority.
    /// @dev Errors: `AddressNotSet` if the router lacks it.
    /// @dev Events: `Wired`.
    function wire() external;
    /// @notice Lets `token` be swapped, or no longer. By `ADMIN`.
    /// @dev Errors: `Unauthorized`; `InvalidAddress` for zero and for the base token, which needs no swap.
    /// @dev Events: `TokenAllowed`.
    function setTokenAllowed(address token, bool allowed) external;
    /// @notice Swaps `inputAmount` of `inputToken`, pulled from USDai, into base token, paid to USDai; returns how much (base units). `data`
    /// is empty, for the pool of the two with a fee of 0.01 %, or a Uniswap V3 path. By USDai.
    /// @dev Errors: `OnlyUsdai`, `TokenNotAllowed`, `InvalidAmount` if the amount is zero or nothing arrived, `InvalidPath`,
    /// `IncompleteSwap`, `InsufficientOutput` below `minBaseAmount` (base units), and what the token or Uniswap reverts
    /// with.
    function swapIn(address inputToken, uint256 inputAmount, uint256 minBaseAmount, bytes calldata data) external returns (uint256);
    /// @notice Swaps `baseAmount` of base token, pulled from USDai, into `outputToken`, paid to USDai; returns how much (its units). `data` as
    /// for `swapIn`, in this direction. By USDai.
    /// @dev Errors: As `swapIn`; the minimum is in `outputToken`'s units.
    function swapOut(address outputToken, uint256 baseAmount, uint256 minOutputAmount, bytes calldata data) external returns (uint256);
    /// @notice Whether `token` can be swapped.
    function tokenAllowed(address token) external view returns (bool);
    /// @notice USDai's base token.
    function baseToken() external view returns (address);
    /// @notice USDai, once wired.
    function usdai() external view returns (address);
    /// @notice Uniswap's SwapRouter02.
    function uniswapRouter() external view returns (address);
}

// SPDX-License-Identifier: MIT
pragma solidity >=0.8.4;

/// @notice The protocol's front door: several steps in one transaction. It owns nothing, has no power, and acts for the caller alone.
/// @custom:constructor constructor(address router)
interface IGateway {
    /// @notice An ERC-2612 approval of exactly what a journey takes, by signature of the caller.
    struct Permit {
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @notice The contracts' addresses were taken over from the router.
    event Wired(address indexed usdai, address indexed vault, address indexed filo);
    /// @notice `caller` turned `deposited` of `token` into `usdai` USDai and those into `shares` sUSDai of `receiver`.
    event DepositedAndStaked(address indexed caller, address indexed receiver, address indexed token, uint256 deposited, uint256 usdai, uint256 shares);
    /// @notice `caller` turned `deposited` of `token` into USDai, paid `paid` of it for `loan`, and got `refunded` of it.
    event RepaidFrom(address indexed caller, uint256 indexed loan, address indexed token, uint256 deposited, uint256 paid, uint256 refunded);

    /// @notice The router's address book has no entry `id`.
    error AddressNotSet(bytes32 id);
    /// @notice The zero address was given where somebody or something has to be named.
    error ZeroAddress();
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
    /// @notice `token` refused the transfer or approval by returning false, or is not a contract.
    error TokenCallFailed(address token);
    /// @notice A callee is no contract, or returned data that does not begin with what its interface says.
    error MalformedReturn();

    /// @notice Takes the addresses of USDai, the vault and FiLo over from the router. By anybody: the router is the authority.
    /// @dev Errors: `AddressNotSet` if the router lacks one.
    /// @dev Events: `Wired`.
    function wire() external;
    /// @notice The address book.
    function router() external view returns (address);
    /// @notice Stablecoin to sUSDai: takes `amount` of `token` from the caller (what arrives counts), turns it into at least `minUsdai` USDai and
    /// stakes those for at least `minShares` sUSDai of `receiver`. `deadline` in seconds, inclusive. Returns the shares. The caller approves
    /// this contract for `amount` first.
    /// @dev Errors: `DeadlineExpired`, `ZeroAmount`, `ZeroAddress` (token or receiver), `NotWired`, `NothingArrived`, `BalanceChanged`,
    /// `TokenCallFailed`, or what the token, USDai or the vault reverts with, slippage included.
    /// @dev Events: `DepositedAndStaked`.
    function depositAndStake(address token, uint256 amount, uint256 minUsdai, uint256 minShares, address receiver, uint256 deadline) external returns (uint256);
    /// @notice As `depositAndStake`, with the approval that it needs.
    /// @dev Errors: As `depositAndStake`. A permit that the token refuses is none: then the allowance decides.
    /// @dev Events: `DepositedAndStaked`.
    function depositAndStakeWithPermit(address token, uint256 amount, uint256 minUsdai, uint256 minShares, address receiver, uint256 deadline, Permit calldata permit) external returns (uint256);
    /// @notice Repays a loan from a stablecoin: takes `amount` of `token` from the caller (what arrives counts), turns it into at least `minUsdai`
    /// USDai, pays with them what `loan` owes, and gives the caller what is left. Anybody may pay for a borrower. `deadline` in seconds,
    /// inclusive. Returns the USDai paid. The caller approves this contract for `amount` first.
    /// @dev Errors: `DeadlineExpired`, `ZeroAmount`, `ZeroAddress` (token), `NotWired`, `NothingArrived`, `BalanceChanged`, `TokenCallFailed`, or what
    /// the token, USDai or FiLo reverts with, slippage included.
    /// @dev Events: `RepaidFrom`.
    function repayFrom(address token, uint256 amount, uint256 minUsdai, uint256 loan, uint256 deadline) external returns (uint256);
    /// @notice As `repayFrom`, with the approval that it needs.
    /// @dev Errors: As `repayFrom`. A permit that the token refuses is none: then the allowance decides.
    /// @dev Events: `RepaidFrom`.
    function repayFromWithPermit(address token, uint256 amount, uint256 minUsdai, uint256 loan, uint256 deadline, Permit calldata permit) external returns (uint256);
}

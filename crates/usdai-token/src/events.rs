//! What an indexer needs. Transfers and approvals are the ledger's events.

use lean_abi::sol;

sol! {
    /// `caller` put in `depositAmount` of `depositToken` (its own units), `recipient` got `usdaiAmount` (wei).
    #[derive(Debug, PartialEq, Eq)]
    event Deposited(address indexed caller, address indexed recipient, address depositToken, uint256 depositAmount, uint256 usdaiAmount);
    /// `caller` gave back `usdaiAmount` (wei), `recipient` got `withdrawAmount` of `withdrawToken` (its own units).
    #[derive(Debug, PartialEq, Eq)]
    event Withdrawn(address indexed caller, address indexed recipient, address withdrawToken, uint256 usdaiAmount, uint256 withdrawAmount);
    /// Supply and bridged supply may together be `supplyCap` (wei).
    #[derive(Debug, PartialEq, Eq)]
    event SupplyCapSet(uint256 supplyCap);
    /// `bps` basis points of harvested yield go to the treasury.
    #[derive(Debug, PartialEq, Eq)]
    event AdminFeeSet(uint256 bps);
    /// `bridgedSupply` (wei) is now on other chains. The transfer to or from the zero address beside it says whose it was or is.
    #[derive(Debug, PartialEq, Eq)]
    event BridgedSupplySet(uint256 bridgedSupply);
    /// `baseClaimed` base units of yield now back `toVault` and `toTreasury` (wei).
    #[derive(Debug, PartialEq, Eq)]
    event Harvested(uint256 baseClaimed, uint256 toVault, uint256 toTreasury);
    /// `account` paused deposits, or let them go on.
    #[derive(Debug, PartialEq, Eq)]
    event DepositsPauseSet(address indexed account, bool paused);
    /// `account` paused withdrawals, or let them go on.
    #[derive(Debug, PartialEq, Eq)]
    event WithdrawalsPauseSet(address indexed account, bool paused);
    /// USDai took these addresses over from the router.
    #[derive(Debug, PartialEq, Eq)]
    event Wired(address swapAdapter, address vault, address treasury);
}

//! What the gateway tells indexers. What moved, the contracts behind it tell.

use lean_abi::sol;

sol! {
    /// The contracts' addresses were taken over from the router.
    #[derive(Debug, PartialEq, Eq)]
    event Wired(address indexed usdai, address indexed vault, address indexed filo);
    /// `caller` turned `deposited` of `token` into `usdai` USDai and those into `shares` sUSDai of `receiver`.
    #[derive(Debug, PartialEq, Eq)]
    event DepositedAndStaked(
        address indexed caller, address indexed receiver, address indexed token, uint256 deposited, uint256 usdai, uint256 shares
    );
    /// `caller` turned `deposited` of `token` into USDai, paid `paid` of it for `loan`, and got `refunded` of it.
    #[derive(Debug, PartialEq, Eq)]
    event RepaidFrom(
        address indexed caller, uint256 indexed loan, address indexed token, uint256 deposited, uint256 paid, uint256 refunded
    );
}

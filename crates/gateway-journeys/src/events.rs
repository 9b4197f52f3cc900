//! What the gateway tells indexers. What moved, the contracts behind it tell.

use lean_abi::sol;

sol! {
    /// The contracts' addresses were taken over from the router.
    #[derive(Debug, PartialEq, Eq)]
    event Wired(address usdai, address vault, address queue, address filo, address origination);
    /// `caller` turned `deposited` of `token` into `usdai` USDai and those into `shares` sUSDai of `receiver`.
    #[derive(Debug, PartialEq, Eq)]
    event DepositedAndStaked(
        address indexed caller, address indexed receiver, address indexed token, uint256 deposited, uint256 usdai, uint256 shares
    );
    /// `caller` requested the redemption of `shares`, which became `position`, and sealed a bid for it.
    #[derive(Debug, PartialEq, Eq)]
    event RequestedAndBid(address indexed caller, uint256 indexed position, uint256 shares, bytes32 commitment);
    /// `caller` claimed `claimed` USDai for `shares`, of which `receiver` got `paid` of `token` and the `remainder` in USDai.
    #[derive(Debug, PartialEq, Eq)]
    event ClaimedTo(
        address indexed caller,
        address indexed receiver,
        address indexed token,
        uint256 shares,
        uint256 claimed,
        uint256 paid,
        uint256 remainder
    );
    /// `caller` took an offer, which became `loan`, and `receiver` got `paid` of `token` for its `principal`, and the `remainder` in USDai.
    #[derive(Debug, PartialEq, Eq)]
    event DrawnTo(
        address indexed caller,
        uint256 indexed loan,
        address indexed token,
        address receiver,
        uint256 principal,
        uint256 paid,
        uint256 remainder
    );
    /// `caller` turned `deposited` of `token` into USDai, paid `paid` of it for `loan`, and got `refunded` of it.
    #[derive(Debug, PartialEq, Eq)]
    event RepaidFrom(
        address indexed caller, uint256 indexed loan, address indexed token, uint256 deposited, uint256 paid, uint256 refunded
    );
}

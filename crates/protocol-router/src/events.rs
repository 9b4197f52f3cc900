//! What the router tells indexers.

use lean_abi::sol;

sol! {
    /// `account` has `role` from now on.
    #[derive(Debug, PartialEq, Eq)]
    event RoleGranted(bytes32 indexed role, address indexed account);
    /// `account` has `role` no longer.
    #[derive(Debug, PartialEq, Eq)]
    event RoleRevoked(bytes32 indexed role, address indexed account);
    /// The address book's entry `id` changed from `previous` (zero: it was not set) to `current`.
    #[derive(Debug, PartialEq, Eq)]
    event AddressSet(bytes32 indexed id, address indexed previous, address indexed current);
    /// `admin` offered the administration to `pending`, who has to accept it.
    #[derive(Debug, PartialEq, Eq)]
    event AdminTransferStarted(address indexed admin, address indexed pending);
    /// The administration went from `previous` (zero: at construction) to `admin`.
    #[derive(Debug, PartialEq, Eq)]
    event AdminTransferred(address indexed previous, address indexed admin);
    /// `caller` turned `deposited` of `token` into `usdai` USDai and those into `shares` sUSDai of `receiver`.
    #[derive(Debug, PartialEq, Eq)]
    event DepositedAndStaked(
        address indexed caller, address indexed receiver, address indexed token, uint256 deposited, uint256 usdai, uint256 shares
    );
}

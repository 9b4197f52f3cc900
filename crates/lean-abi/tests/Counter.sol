// SPDX-License-Identifier: MIT
pragma solidity ^0.8.23;

/// @notice A box that counts what is put in.
/// @custom:constructor constructor(address owner)
interface ICounter {
    /// @notice What a maker offers.
    struct Order {
        address maker;
        uint256 amount;
    }

    /// @notice `who` put `amount` in.
    event Put(address indexed who, uint64 indexed tag, uint256 amount, string memo);

    /// @notice Nothing was put in.
    error Nothing(address who, string why, uint256[] list);
    /// @notice It holds no more.
    error Full();

    /// @notice Puts `amount` in, which is not zero.
    /// @dev Errors: `Nothing`.
    function put(uint256 amount) external;
    function put(uint256 amount, string calldata memo, bytes calldata data) external;
    function total() external view returns (uint256);
    function get() external view returns (uint256 total, string memory label);
    function settle(Order[] calldata orders) external returns (uint256);
    function pay() external payable returns (uint256);
    function twice(uint8 number) external pure returns (uint16);
    /// @notice Whether it is open.
    function isOpen() external view returns (bool);
    function open(Order[] calldata orders, bytes calldata data) external returns (uint256 amount);
}

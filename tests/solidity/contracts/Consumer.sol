// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A contract on the EVM side that does what it is told, to nest calls between Solidity and Stylus.
contract Consumer {
    enum Kind {
        Call,
        StaticCall,
        DelegateCall
    }

    event Noted(bytes32 indexed topic, bytes data);

    receive() external payable {}

    /// @notice Calls `target` with the value sent along; bubbles a revert.
    function run(Kind kind, address target, bytes calldata data) public payable returns (bytes memory) {
        (bool ok, bytes memory result) = tryRun(kind, target, data);
        if (!ok) fail(result);
        return result;
    }

    /// @notice Calls `target` and survives its revert.
    function tryRun(Kind kind, address target, bytes calldata data) public payable returns (bool, bytes memory) {
        if (kind == Kind.StaticCall) return target.staticcall(data);
        if (kind == Kind.DelegateCall) return target.delegatecall(data);
        return target.call{value: msg.value}(data);
    }

    /// @notice Calls `target`, which must succeed, and then reverts with `reason`: everything below has to be undone.
    function runThenFail(Kind kind, address target, bytes calldata data, bytes calldata reason) external payable {
        run(kind, target, data);
        fail(reason);
    }

    /// @notice Reverts with exactly these bytes.
    function fail(bytes memory reason) public pure {
        assembly {
            revert(add(reason, 32), mload(reason))
        }
    }

    /// @notice Burns all the gas it is given.
    function burn() external pure {
        assembly {
            invalid()
        }
    }

    function note(bytes32 topic, bytes calldata data) external {
        emit Noted(topic, data);
    }

    function store(uint256 slot, uint256 value) external {
        assembly {
            sstore(slot, value)
        }
    }

    function load(uint256 slot) external view returns (uint256 value) {
        assembly {
            value := sload(slot)
        }
    }

    function storeTransient(uint256 slot, uint256 value) external {
        assembly {
            tstore(slot, value)
        }
    }

    function loadTransient(uint256 slot) external view returns (uint256 value) {
        assembly {
            value := tload(slot)
        }
    }

    /// @notice Whom this frame takes itself, its caller and its value to be.
    function context() external payable returns (address self, address sender, address origin, uint256 value) {
        return (address(this), msg.sender, tx.origin, msg.value);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The address of one of the protocol's programs, whatever code it has
/// @notice An ERC-1967 proxy whose only administrator is the router, for ever: an upgrade is a call of the router's, so it waits for the
///         timelock like everything else that `ADMIN` does. Everything but that one call is the program's.
/// @dev The administrator is in the code and not in storage: no storage of the program can reach it, no call reads it for 2,100 gas. Nitro
///      counts frames for its re-entrancy flag by account and leaves delegate calls out, so a program behind a proxy is guarded as before.
contract Proxy {
    /// @notice The proxy runs `implementation` from now on (ERC-1967).
    event Upgraded(address indexed implementation);

    /// @notice There is no code at `implementation`.
    error NoCode(address implementation);

    /// @dev keccak256("eip1967.proxy.implementation") - 1
    bytes32 private constant IMPLEMENTATION = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
    /// @dev upgradeToAndCall(address,bytes), as other ERC-1967 proxies have it.
    bytes4 private constant UPGRADE = 0x4f1ef286;

    address private immutable _router;

    /// @param router The administrator.
    /// @param implementation A program that is activated.
    /// @param construction What the program is called with, here and now: its constructor and arguments, so that nobody else constructs it.
    constructor(address router, address implementation, bytes memory construction) payable {
        _router = router;
        _upgrade(implementation, construction);
    }

    fallback() external payable {
        if (msg.sender == _router && msg.sig == UPGRADE) {
            (address implementation, bytes memory data) = abi.decode(msg.data[4:], (address, bytes));
            return _upgrade(implementation, data);
        }
        _run();
    }

    receive() external payable {
        _run();
    }

    /// @dev Runs `implementation` from now on, and `data` at once if there is any: what fails there undoes the upgrade.
    function _upgrade(address implementation, bytes memory data) private {
        if (implementation.code.length == 0) revert NoCode(implementation);
        assembly ("memory-safe") {
            sstore(IMPLEMENTATION, implementation)
        }
        emit Upgraded(implementation);
        if (data.length == 0) return;
        (bool success, bytes memory said) = implementation.delegatecall(data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(said, 32), mload(said))
        }
    }

    function _run() private {
        assembly {
            calldatacopy(0, 0, calldatasize())
            let success := delegatecall(gas(), sload(IMPLEMENTATION), 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if success { return(0, returndatasize()) }
            revert(0, returndatasize())
        }
    }
}

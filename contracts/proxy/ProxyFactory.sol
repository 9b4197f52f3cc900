// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Proxy} from "./Proxy.sol";

/// @title Where a deployment's proxies come from
/// @notice Creates proxies at addresses that follow from what they are: the router, the first program, and how it is constructed. Whoever
///         sends the transaction, there is this proxy at that address, or none.
contract ProxyFactory {
    /// @notice `proxy` runs `implementation` and obeys `router`.
    event ProxyDeployed(address indexed proxy, address indexed implementation, address indexed router);

    /// @notice Creates a proxy and has it construct its program.
    /// @param router The only one who upgrades it.
    /// @param implementation Its first program.
    /// @param construction The program's constructor and arguments.
    /// @param salt Sets alike proxies apart.
    /// @return proxy Where it is.
    function deploy(address router, address implementation, bytes calldata construction, bytes32 salt) external returns (address proxy) {
        proxy = address(new Proxy{salt: salt}(router, implementation, construction));
        emit ProxyDeployed(proxy, implementation, router);
    }
}

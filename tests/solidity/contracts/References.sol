// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626, IERC20} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

// OpenZeppelin's contracts with nothing added but an open mint: what the benchmarks compare with.

contract ReferenceERC20 is ERC20("Reference", "REF") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

contract ReferenceERC4626 is ERC4626 {
    constructor(IERC20 asset) ERC20("Reference Vault", "vREF") ERC4626(asset) {}
}

contract ReferenceERC721 is ERC721("Reference", "REF") {
    function mint(address to, uint256 id) external {
        _mint(to, id);
    }
}

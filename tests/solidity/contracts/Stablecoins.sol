// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @notice Stands in for USDC: a well-behaved token of 6 decimals with permit. Anybody may mint.
contract UsdcLike is ERC20Permit {
    constructor() ERC20("USD Coin", "USDC") ERC20Permit("USD Coin") {}

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @notice A token of 6 decimals with an issuer's powers, as USDC has them: it can be paused, and it can block an account, which then
/// neither sends, receives, approves nor spends. Here anybody has them, and anybody may mint.
contract RegulatedDollar is ERC20 {
    bool public paused;
    mapping(address account => bool) public blocked;

    error Paused();
    error Blocked(address account);

    constructor() ERC20("Regulated Dollar", "REGD") {}

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setPaused(bool paused_) external {
        paused = paused_;
    }

    function setBlocked(address account, bool blocked_) external {
        blocked[account] = blocked_;
    }

    /// @notice As a base token has it. There is no yield but what is given away.
    function claimFor(address) external view {
        if (paused) revert Paused();
    }

    function approve(address spender, uint256 amount) public override returns (bool) {
        _requireFree(msg.sender);
        _requireFree(spender);
        return super.approve(spender, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        _requireFree(msg.sender);
        return super.transferFrom(from, to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        _requireFree(from);
        _requireFree(to);
        super._update(from, to, amount);
    }

    function _requireFree(address account) private view {
        if (paused) revert Paused();
        if (blocked[account]) revert Blocked(account);
    }
}

/// @notice Stands in for Ethereum's USDT, which predates the final ERC-20: nothing is returned, and an allowance changes only
/// from or to zero. Anybody may mint.
contract UsdtLike {
    string public constant name = "Tether USD";
    string public constant symbol = "USDT";
    uint8 public constant decimals = 6;

    uint256 public totalSupply;
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    error AllowanceNotZeroFirst();

    function mint(address to, uint256 amount) external {
        totalSupply += amount;
        balanceOf[to] += amount;
        emit Transfer(address(0), to, amount);
    }

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed != type(uint256).max) allowance[from][msg.sender] = allowed - amount;
        _move(from, to, amount);
    }

    function approve(address spender, uint256 amount) external {
        if (amount != 0 && allowance[msg.sender][spender] != 0) revert AllowanceNotZeroFirst();
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
    }

    function _move(address from, address to, uint256 amount) private {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {Consumer} from "./Consumer.sol";

/// @notice One call to make at the worst moment, and what came of it. It is made once, so it cannot recurse.
abstract contract Ambush {
    address private _target;
    bytes private _data;
    uint64 private _patience;

    bool public ambushed;
    bool public ambushSucceeded;
    bytes public ambushResult;

    function setAmbush(address target, bytes calldata data) external {
        (_target, _data, ambushed) = (target, data, false);
    }

    /// @dev So many occasions are let pass before the next ambush.
    function setPatience(uint64 moves) external {
        _patience = moves;
    }

    function _ambush() internal {
        if (ambushed) return;
        if (_patience != 0) {
            --_patience;
            return;
        }
        ambushed = true;
        (ambushSucceeded, ambushResult) = _target.call(_data);
    }
}

/// @notice A token that turns on its users when told to. Anybody may mint.
contract HostileToken is ERC20, Ambush {
    enum Mode {
        Honest,
        TakeFee, // burns 1 % of what is moved
        ReturnFalse, // moves nothing
        Revert,
        Reenter // makes the ambush's call before it moves anything
    }

    Mode public mode;
    uint8 private immutable _decimals;

    error Hostile();

    constructor(uint8 decimals_) ERC20("Hostile", "HOST") {
        _decimals = decimals_;
    }

    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setMode(Mode mode_) external {
        mode = mode_;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return _strike() && super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return _strike() && super.transferFrom(from, to, amount);
    }

    /// @notice ERC-2612, which whoever takes the token may call first; changes nothing of the token's own.
    function permit(address, address, uint256, uint256, uint8, bytes32, bytes32) external {
        _strike();
    }

    function _strike() private returns (bool) {
        if (mode == Mode.Revert) revert Hostile();
        if (mode == Mode.Reenter) _ambush();
        return mode != Mode.ReturnFalse;
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        bool moved = from != address(0) && to != address(0);
        if (moved && mode == Mode.TakeFee) super._update(to, address(0), amount / 100);
    }
}

/// @notice Receives ERC-721 tokens the wrong way when told to; as a `Consumer` it can act for itself too.
contract HostileReceiver is Consumer, Ambush, IERC721Receiver {
    enum Mode {
        Accept,
        Refuse, // answers with a wrong value
        Revert,
        Reenter // makes the ambush's call, then accepts
    }

    Mode public mode;

    error Hostile();

    function setMode(Mode mode_) external {
        mode = mode_;
    }

    function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4) {
        if (mode == Mode.Revert) revert Hostile();
        if (mode == Mode.Reenter) _ambush();
        return mode == Mode.Refuse ? bytes4(0) : IERC721Receiver.onERC721Received.selector;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice Stands in for USDai's base token, an extension of M: treasury-bill yield accrues beside the balance until claimed.
/// @dev Not M. The functions that USDai calls have M's signatures; behind them, every holder earns (M has a list of earners),
/// yield comes from nowhere, the owner mints, and interest is simple until the account is next touched.
contract WrappedM is ERC20, Ownable {
    uint256 private constant ONE = 1e18;

    /// @notice Yearly rate in basis points.
    uint256 public rateBps;

    uint256 private _index = ONE;
    uint256 private _indexTime = block.timestamp;
    mapping(address account => uint256) private _indexOf;
    mapping(address account => uint256) private _settledYieldOf;

    event RateSet(uint256 rateBps);
    event Claimed(address indexed account, uint240 yield);

    constructor(address owner) ERC20("Wrapped M", "wM") Ownable(owner) {}

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function mint(address to, uint256 amount) external onlyOwner {
        _mint(to, amount);
    }

    function setRate(uint256 rateBps_) external onlyOwner {
        (_index, _indexTime) = (index(), block.timestamp);
        rateBps = rateBps_;
        emit RateSet(rateBps_);
    }

    /// @notice What one unit held since deployment is worth with its yield, scaled by 1e18.
    function index() public view returns (uint256) {
        return _index + _index * rateBps * (block.timestamp - _indexTime) / (10_000 * 365 days);
    }

    function accruedYieldOf(address account) public view returns (uint240) {
        uint256 since = _indexOf[account];
        uint256 unsettled = since == 0 ? 0 : balanceOf(account) * (index() - since) / since;
        return SafeCast.toUint240(_settledYieldOf[account] + unsettled);
    }

    /// @notice Mints an account's yield to it; open to everybody, as M's is.
    function claimFor(address account) external returns (uint240 yield) {
        _settle(account);
        yield = uint240(_settledYieldOf[account]);
        _settledYieldOf[account] = 0;
        _mint(account, yield);
        emit Claimed(account, yield);
    }

    function _update(address from, address to, uint256 amount) internal override {
        _settle(from);
        _settle(to);
        super._update(from, to, amount);
    }

    function _settle(address account) private {
        _settledYieldOf[account] = accruedYieldOf(account);
        _indexOf[account] = index();
    }
}

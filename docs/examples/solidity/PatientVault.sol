// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IQev} from "./IQev.sol";
import {ISusdai} from "./ISusdai.sol";
import {IUsdai} from "./IUsdai.sol";

/// Holds sUSDai for one owner and leaves by the queue: in at once (ERC-4626), out by request, settlement, claim (ERC-7540). A request is a
/// position, an ERC-721 of the queue: this vault keeps a list of its own, sells them, and takes those that it is sent.
contract PatientVault {
    /// What a tick of a bid gives up, of 10,000.
    uint256 private constant TICK_BPS = 5;

    IUsdai public immutable usdai;
    ISusdai public immutable susdai;
    IQev public immutable queue;
    address public immutable owner;

    /// Places in the queue that this vault has, in no order.
    uint256[] private _positions;

    error OnlyOwner(address caller);
    error OnlyPositions(address token);
    error NotHeld(uint256 position);
    error ForeignQueue(address vault);
    error TransferFailed();

    modifier onlyOwner() {
        if (msg.sender != owner) revert OnlyOwner(msg.sender);
        _;
    }

    constructor(ISusdai vault, IQev queue_) {
        if (queue_.vault() != address(vault)) revert ForeignQueue(queue_.vault());
        susdai = vault;
        queue = queue_;
        usdai = IUsdai(vault.asset());
        owner = msg.sender;
    }

    /// Takes USDai from the owner, who has approved it, and stakes it: at least `minShares`, or nothing happens.
    function stake(uint256 assets, uint256 minShares) external onlyOwner returns (uint256 shares) {
        if (!usdai.transferFrom(owner, address(this), assets)) revert TransferFailed();
        if (!usdai.approve(address(susdai), assets)) revert TransferFailed();
        shares = susdai.deposit(assets, address(this), minShares);
    }

    /// Puts `shares` into the queue. This vault is the controller, so the position is its own; no callback tells it so.
    function requestExit(uint256 shares) external onlyOwner returns (uint256 position) {
        position = susdai.requestRedeem(shares, address(this), address(this));
        _positions.push(position);
    }

    /// Pays the owner all that settlements have made claimable so far, and forgets positions of which nothing is left: the queue burns them.
    /// By position and not through the vault's `redeem`, which knows seven positions of a controller and none that were sent to it.
    function collect() external onlyOwner returns (uint256 assets) {
        for (uint256 i = _positions.length; i > 0; i--) {
            uint256 position = _positions[i - 1];
            (, , uint256 pending, , uint256 claimable) = queue.position(position);
            if (claimable == 0) continue;
            assets += queue.claim(position, owner);
            if (pending == 0) _forget(i - 1);
        }
    }

    /// Gives a place in the queue away, what it has earned included: to a buyer, or to the owner's own account.
    function handOver(uint256 position, address to) external onlyOwner {
        _forget(_indexOf(position));
        queue.safeTransferFrom(address(this), to, position);
    }

    /// Takes a position into the books that came by plain `transferFrom`, of which nothing tells a receiver.
    function adopt(uint256 position) external onlyOwner {
        if (queue.ownerOf(position) != address(this)) revert NotHeld(position);
        for (uint256 i = 0; i < _positions.length; i++) if (_positions[i] == position) return;
        _positions.push(position);
    }

    /// Takes positions that are sent safely, the owner's purchases. The queue is at work while it calls this, and refuses to be asked anything:
    /// write down the number, nothing else. From anybody else they would make the list long, at the owner's expense.
    function onERC721Received(address, address from, uint256 position, bytes calldata) external returns (bytes4) {
        if (msg.sender != address(queue)) revert OnlyPositions(msg.sender);
        if (from != owner) revert OnlyOwner(from);
        _positions.push(position);
        return this.onERC721Received.selector;
    }

    /// What a share costs now, and what it brings: USDai with 18 decimals. The first counts interest as it accrues; the second counts what has
    /// been paid, less what is not expected back. The second is never above the first.
    function prices() external view returns (uint256 deposit, uint256 redemption) {
        return (susdai.depositSharePrice(), susdai.redemptionSharePrice());
    }

    /// What to book this vault at, in USDai: what is claimable; everything else at the lower price, less what its bid may cost, open or
    /// sealed. Not a promise: what waits is paid at the price of its settlement.
    function value() external view returns (uint256 assets) {
        uint256 price = susdai.redemptionSharePrice();
        uint256 epoch = queue.epoch();
        assets = (susdai.balanceOf(address(this)) * price) / 1e18;
        for (uint256 i = 0; i < _positions.length; i++) assets += _valueOf(_positions[i], price, epoch);
    }

    function positions() external view returns (uint256[] memory) {
        return _positions;
    }

    /// A bid that whoever sent the position had sealed is opened by nobody here, so its bond is lost as the bid's epoch ends: the last shares
    /// of those that wait, and if these are fewer, of those that are filled and not claimed, here at their average. From then on `position` is
    /// without it, and `bidOf` goes on telling it until the queue has taken it.
    function _valueOf(uint256 position, uint256 price, uint256 epoch) private view returns (uint256) {
        (, uint8 lane, uint256 pending, uint256 filled, uint256 claimable) = queue.position(position);
        (, uint256 bidEpoch, , uint256 bond) = queue.bidOf(position);
        if (bond > 0 && bidEpoch >= epoch) {
            uint256 waiting = bond < pending ? bond : pending;
            pending -= waiting;
            bond -= waiting;
            if (bond > 0) claimable -= (claimable * bond + filled - 1) / filled;
        }
        uint256 proceeds = (pending * price) / 1e18;
        return claimable + (proceeds * (10_000 - lane * TICK_BPS)) / 10_000;
    }

    function _indexOf(uint256 position) private view returns (uint256) {
        for (uint256 i = 0; i < _positions.length; i++) if (_positions[i] == position) return i;
        revert NotHeld(position);
    }

    function _forget(uint256 index) private {
        _positions[index] = _positions[_positions.length - 1];
        _positions.pop();
    }
}

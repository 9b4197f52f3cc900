// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ISusdai} from "./ISusdai.sol";
import {IUsdai} from "./IUsdai.sol";

/// A vault for one owner that holds sUSDai and leaves by the queue. ERC-4626 on the way in is synchronous; on the way out it is ERC-7540:
/// request, wait for a settlement, claim. Whatever is claimable stays claimable, whether or not the protocol is paused.
contract PatientVault {
    IUsdai public immutable usdai;
    ISusdai public immutable susdai;
    address public immutable owner;

    error OnlyOwner(address caller);
    error TransferFailed();

    modifier onlyOwner() {
        if (msg.sender != owner) revert OnlyOwner(msg.sender);
        _;
    }

    constructor(ISusdai vault) {
        susdai = vault;
        usdai = IUsdai(vault.asset());
        owner = msg.sender;
    }

    /// Takes USDai from the owner, who has approved it, and stakes it: at least `minShares`, or nothing happens.
    function stake(uint256 assets, uint256 minShares) external onlyOwner returns (uint256 shares) {
        if (!usdai.transferFrom(owner, address(this), assets)) revert TransferFailed();
        usdai.approve(address(susdai), assets);
        shares = susdai.deposit(assets, address(this), minShares);
    }

    /// Puts `shares` into the queue. This vault is the controller: the position, an NFT of the queue, is its own.
    function requestExit(uint256 shares) external onlyOwner returns (uint256 requestId) {
        requestId = susdai.requestRedeem(shares, address(this), address(this));
    }

    /// Pays the owner everything that settlements have made claimable so far; nothing if there is nothing.
    function collect() external onlyOwner returns (uint256 assets) {
        uint256 claimable = susdai.maxRedeem(address(this));
        if (claimable != 0) assets = susdai.redeem(claimable, owner, address(this));
    }

    /// What to book this vault at, in USDai: what is claimable, and all other shares at the conservative price. Shares in the queue are
    /// paid at the conservative price of their settlement, so this is an estimate for them until then.
    function value(uint256[] calldata requests) external view returns (uint256) {
        uint256 shares = susdai.balanceOf(address(this));
        for (uint256 i = 0; i < requests.length; i++) {
            shares += susdai.pendingRedeemRequest(requests[i], address(this));
        }
        return (shares * susdai.redemptionSharePrice()) / 1e18 + susdai.maxWithdraw(address(this));
    }

    /// Positions are NFTs, and may be bought: take those that are sent safely.
    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        return this.onERC721Received.selector;
    }
}

//! The contracts' whole interfaces, as callers see them: what the tests call, and what the production interface says must be there.

#![allow(missing_docs, reason = "the contracts document their functions; these are their signatures")]
#![allow(clippy::too_many_arguments, reason = "the signatures are the contracts'")]

use alloy_sol_types::sol;

sol! {
    #[derive(Debug)]
    interface Router {
        function admin() external view returns (address);
        function pendingAdmin() external view returns (address);
        function hasRole(bytes32 role, address account) external view returns (bool);
        function grantRole(bytes32 role, address account) external;
        function revokeRole(bytes32 role, address account) external;
        function transferAdmin(address account) external;
        function acceptAdmin() external;
        function addressOf(bytes32 id) external view returns (address);
        function setAddress(bytes32 id, address account) external;
        function depositAndStake(address token, uint256 amount, uint256 minUsdai, uint256 minShares, address receiver, uint256 deadline) external returns (uint256);
    }

    #[derive(Debug)]
    interface Wired {
        function wire() external;
    }

    #[derive(Debug)]
    interface Erc165 {
        function supportsInterface(bytes4 id) external view returns (bool);
    }

    /// ERC-20, its metadata and ERC-2612: USDai, sUSDai, and the counterparts' tokens as far as they have it.
    #[derive(Debug)]
    interface Erc20 {
        function name() external view returns (string);
        function symbol() external view returns (string);
        function decimals() external view returns (uint8);
        function totalSupply() external view returns (uint256);
        function balanceOf(address account) external view returns (uint256);
        function allowance(address owner, address spender) external view returns (uint256);
        function transfer(address to, uint256 value) external returns (bool);
        function transferFrom(address from, address to, uint256 value) external returns (bool);
        function approve(address spender, uint256 value) external returns (bool);
        function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;
        function nonces(address owner) external view returns (uint256);
        function DOMAIN_SEPARATOR() external view returns (bytes32);
    }

    /// What the owner of a token signs.
    #[derive(Debug)]
    struct Permit {
        address owner;
        address spender;
        uint256 value;
        uint256 nonce;
        uint256 deadline;
    }

    #[derive(Debug)]
    interface Usdai {
        function deposit(address depositToken, uint256 depositAmount, uint256 usdaiAmountMinimum, address recipient) external returns (uint256);
        function deposit(address depositToken, uint256 depositAmount, uint256 usdaiAmountMinimum, address recipient, bytes data) external returns (uint256);
        function withdraw(address withdrawToken, uint256 usdaiAmount, uint256 withdrawAmountMinimum, address recipient) external returns (uint256);
        function withdraw(address withdrawToken, uint256 usdaiAmount, uint256 withdrawAmountMinimum, address recipient, bytes data) external returns (uint256);
        function harvest() external returns (uint256);
        function mint(address to, uint256 amount) external;
        function burn(address from, uint256 amount) external;
        function setSupplyCap(uint256 supplyCap) external;
        function setAdminFee(uint256 bps) external;
        function swapAdapter() external view returns (address);
        function baseToken() external view returns (address);
        function bridgedSupply() external view returns (uint256);
        function supplyCap() external view returns (uint256);
        function adminFee() external view returns (uint256);
    }

    #[derive(Debug)]
    interface Adapter {
        function swapIn(address inputToken, uint256 inputAmount, uint256 minBaseAmount, bytes data) external returns (uint256);
        function swapOut(address outputToken, uint256 baseAmount, uint256 minOutputAmount, bytes data) external returns (uint256);
        function setTokenAllowed(address token, bool allowed) external;
        function tokenAllowed(address token) external view returns (bool);
        function baseToken() external view returns (address);
        function usdai() external view returns (address);
        function uniswapRouter() external view returns (address);
    }

    #[derive(Debug)]
    interface Vault {
        function asset() external view returns (address);
        function share() external view returns (address);
        function totalAssets() external view returns (uint256);
        function convertToShares(uint256 assets) external view returns (uint256);
        function convertToAssets(uint256 shares) external view returns (uint256);
        function maxDeposit(address receiver) external view returns (uint256);
        function maxMint(address receiver) external view returns (uint256);
        function maxRedeem(address controller) external view returns (uint256);
        function maxWithdraw(address controller) external view returns (uint256);
        function previewDeposit(uint256 assets) external view returns (uint256);
        function previewMint(uint256 shares) external view returns (uint256);
        function previewRedeem(uint256 shares) external view returns (uint256);
        function previewWithdraw(uint256 assets) external view returns (uint256);
        function deposit(uint256 assets, address receiver) external returns (uint256);
        function deposit(uint256 assets, address receiver, uint256 minShares) external returns (uint256);
        function mint(uint256 shares, address receiver) external returns (uint256);
        function mint(uint256 shares, address receiver, uint256 maxAmount) external returns (uint256);
        function requestRedeem(uint256 shares, address controller, address owner) external returns (uint256);
        function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256);
        function claimableRedeemRequest(uint256 requestId, address controller) external view returns (uint256);
        function redeem(uint256 shares, address receiver, address controller) external returns (uint256);
        function withdraw(uint256 assets, address receiver, address controller) external returns (uint256);
        function setOperator(address operator, bool approved) external returns (bool);
        function isOperator(address controller, address operator) external view returns (bool);
        function nav() external view returns (uint256);
        function depositSharePrice() external view returns (uint256);
        function redemptionSharePrice() external view returns (uint256);
        function totalShares() external view returns (uint256);
        function cash() external view returns (uint256);
        function lendable() external view returns (uint256);
        function unvested() external view returns (uint256);
        function loanBook() external view returns (uint256 principal, uint256 rate, uint256 accrued, uint256 updatedAt);
        function drawLoan(uint256 principal, uint256 rate, address receiver) external;
        function repayLoan(uint256 principal, uint256 interest, uint256 accrual, uint256 oldRate, uint256 newRate) external;
        function fillRedemptions(uint256 shares, uint256 assets, uint256 premium) external;
        function notifyYield(uint256 assets) external;
    }

    #[derive(Debug)]
    interface Queue {
        function openPosition(address controller, uint256 shares) external returns (uint256);
        function settle(uint256 maxSteps) external;
        function claim(uint256 position, address receiver) external returns (uint256);
        function claimShares(address controller, uint256 shares, address receiver) external returns (uint256);
        function claimAssets(address controller, uint256 assets, address receiver) external returns (uint256);
        function claimableOf(address controller) external view returns (uint256 shares, uint256 assets);
        function schedule() external view returns (uint256 genesis, uint256 epochSeconds, uint256 revealSeconds, uint256 firstUnsettled);
        function epoch() external view returns (uint256);
        function epochEnd() external view returns (uint256);
        function lane(uint8 tick) external view returns (uint256 tail, uint256 head);
        function positionCount(address controller) external view returns (uint256);
        function positionAt(address controller, uint256 index) external view returns (uint256);
        function sharesAhead(uint256 position) external view returns (uint256);
    }

    #[derive(Debug)]
    interface Caliber {
        function issue(address owner, bytes32 hardwareClass, uint256 units, bytes32 manifestHash, bytes32 agreementHash, string agreementUri, address custodian, uint256 appraisal, uint256 insuredValue, uint256 insuredUntil) external returns (uint256);
        function appraise(uint256 id, uint256 value) external;
        function insure(uint256 id, uint256 insuredValue, uint256 insuredUntil) external;
        function setDecay(bytes32 hardwareClass, uint256 factor) external;
        function setPolicy(uint256 maxAge, uint256 minCoverBps) external;
        function policyOf() external view returns (uint256 maxAge, uint256 minCoverBps);
        function pledge(uint256[] receipts, address owner, uint256 loan) external returns (uint256 value, uint256 insuredUntil);
        function release(uint256[] receipts, uint256 loan) external;
        function valueOf(uint256 id) external view returns (uint256);
        function insuredUntil(uint256 id) external view returns (uint256);
        function classOf(uint256 id) external view returns (bytes32);
        function name() external view returns (string);
        function symbol() external view returns (string);
        function tokenURI(uint256 id) external view returns (string);
        function balanceOf(address owner) external view returns (uint256);
        function ownerOf(uint256 id) external view returns (address);
        function approve(address to, uint256 id) external;
        function getApproved(uint256 id) external view returns (address);
        function setApprovalForAll(address operator, bool approved) external;
        function isApprovedForAll(address owner, address operator) external view returns (bool);
        function transferFrom(address from, address to, uint256 id) external;
        function safeTransferFrom(address from, address to, uint256 id) external;
        function safeTransferFrom(address from, address to, uint256 id, bytes data) external;
    }

    #[derive(Debug)]
    interface Filo {
        function setFees(uint256 protocolFeeBps, uint256 reserveBps) external;
        function openStack(uint256 firstLossBps, uint256 maxLtvBps, uint256 seniorCap, uint256 servicingFeeBps, uint256 juniorSpreadBps, bytes32 hardwareClass) external returns (uint256);
        function depositJunior(uint256 stack, uint256 assets) external;
        function withdrawJunior(uint256 stack, uint256 assets, address receiver) external;
        function offer(uint256 stack, address borrower, uint256[] receipts, uint256 principal, uint256 rate, uint256 periods, bool levelPayment, uint256 expiry) external returns (uint256);
        function cancelOffer(uint256 loan) external;
        function draw(uint256 loan, address receiver) external;
        function pay(uint256 loan, uint256 maxAmount) external returns (uint256);
        function payoff(uint256 loan, uint256 at) external view returns (uint256);
        function juniorCash(uint256 stack) external view returns (uint256);
        function reserve() external view returns (uint256);
        function instalment(uint256 loan) external view returns (uint256 due, uint256 interest, uint256 principal);
        function receiptsOf(uint256 loan) external view returns (uint256[]);
    }
}

// The counterparts.
sol! {
    #[derive(Debug)]
    interface HostileToken {
        function mint(address to, uint256 amount) external;
        function setMode(uint8 mode) external;
        function setAmbush(address target, bytes data) external;
        function ambushed() external view returns (bool);
        function ambushSucceeded() external view returns (bool);
        function ambushResult() external view returns (bytes);
    }

    #[derive(Debug)]
    interface Consumer {
        function run(uint8 kind, address target, bytes data) external payable returns (bytes);
    }

    #[derive(Debug)]
    interface BaseToken {
        function claimFor(address account) external returns (uint240);
        function accruedYieldOf(address account) external view returns (uint240);
        function setRate(uint256 rateBps) external;
    }

    #[derive(Debug)]
    interface SwapRouter {
        struct ExactInputSingleParams {
            address tokenIn;
            address tokenOut;
            uint24 fee;
            address recipient;
            uint256 amountIn;
            uint256 amountOutMinimum;
            uint160 sqrtPriceLimitX96;
        }
        function exactInputSingle(ExactInputSingleParams params) external payable returns (uint256 amountOut);
        function positionManager() external view returns (address);
    }
}

/// `Mode` of `HostileToken`.
pub mod token_mode {
    pub const HONEST: u8 = 0;
    pub const TAKE_FEE: u8 = 1;
    pub const RETURN_FALSE: u8 = 2;
    pub const REVERT: u8 = 3;
    pub const REENTER: u8 = 4;
}

/// `Mode` of `HostileReceiver`.
pub mod receiver_mode {
    pub const ACCEPT: u8 = 0;
    pub const REFUSE: u8 = 1;
    pub const REVERT: u8 = 2;
    pub const REENTER: u8 = 3;
}

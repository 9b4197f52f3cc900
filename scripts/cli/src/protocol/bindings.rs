//! The contracts' interfaces as callers see them, and those of the counterparts.

#![allow(missing_docs, reason = "the contracts document their functions; these are their signatures")]
#![allow(clippy::too_many_arguments, reason = "the signatures are the contracts'")]

use alloy_sol_types::sol;

sol! {
    #[derive(Debug)]
    interface IRouter {
        function hasRole(bytes32 role, address account) external view returns (bool);
        function grantRole(bytes32 role, address account) external;
        function setAddress(bytes32 id, address account) external;
        function addressOf(bytes32 id) external view returns (address);
        function depositAndStake(address token, uint256 amount, uint256 minUsdai, uint256 minShares, address receiver, uint256 deadline) external returns (uint256);
    }

    #[derive(Debug)]
    interface IWired {
        function wire() external;
    }

    #[derive(Debug)]
    interface IErc20 {
        event Transfer(address indexed from, address indexed to, uint256 value);
        event Approval(address indexed owner, address indexed spender, uint256 value);
        function name() external view returns (string);
        function symbol() external view returns (string);
        function decimals() external view returns (uint8);
        function totalSupply() external view returns (uint256);
        function balanceOf(address account) external view returns (uint256);
        function allowance(address owner, address spender) external view returns (uint256);
        function transfer(address to, uint256 value) external returns (bool);
        function transferFrom(address from, address to, uint256 value) external returns (bool);
        function approve(address spender, uint256 value) external returns (bool);
    }

    #[derive(Debug)]
    interface IUsdai {
        function deposit(address depositToken, uint256 depositAmount, uint256 usdaiAmountMinimum, address recipient) external returns (uint256);
        function withdraw(address withdrawToken, uint256 usdaiAmount, uint256 withdrawAmountMinimum, address recipient) external returns (uint256);
        function harvest() external returns (uint256);
        function setSupplyCap(uint256 supplyCap) external;
        function setAdminFee(uint256 bps) external;
        function supplyCap() external view returns (uint256);
        function bridgedSupply() external view returns (uint256);
        function baseToken() external view returns (address);
        function swapAdapter() external view returns (address);
        function totalSupply() external view returns (uint256);
        function balanceOf(address account) external view returns (uint256);
    }

    #[derive(Debug)]
    interface ISwapAdapter {
        function setTokenAllowed(address token, bool allowed) external;
    }

    #[derive(Debug)]
    interface IVault {
        function deposit(uint256 assets, address receiver) external returns (uint256);
        function mint(uint256 shares, address receiver) external returns (uint256);
        function requestRedeem(uint256 shares, address controller, address owner) external returns (uint256);
        function redeem(uint256 shares, address receiver, address controller) external returns (uint256);
        function maxRedeem(address controller) external view returns (uint256);
        function claimableRedeemRequest(uint256 requestId, address controller) external view returns (uint256);
        function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256);
        function balanceOf(address account) external view returns (uint256);
        function totalSupply() external view returns (uint256);
        function totalAssets() external view returns (uint256);
        function convertToAssets(uint256 shares) external view returns (uint256);
        function depositSharePrice() external view returns (uint256);
        function redemptionSharePrice() external view returns (uint256);
        function cash() external view returns (uint256);
        function lendable() external view returns (uint256);
        function unvested() external view returns (uint256);
        function loanBook() external view returns (uint256 principal, uint256 rate, uint256 accrued, uint256 updatedAt);
    }

    #[derive(Debug)]
    interface ICaliber {
        function issue(address owner, bytes32 hardwareClass, uint256 units, bytes32 manifestHash, bytes32 agreementHash, string agreementUri, address custodian, uint256 appraisal, uint256 insuredValue, uint256 insuredUntil) external returns (uint256);
        function appraise(uint256 id, uint256 value) external;
        function insure(uint256 id, uint256 insuredValue, uint256 insuredUntil) external;
        function valueOf(uint256 id) external view returns (uint256);
        function ownerOf(uint256 id) external view returns (address);
        function transferFrom(address from, address to, uint256 id) external;
    }

    #[derive(Debug)]
    interface IFilo {
        function openStack(uint256 firstLossBps, uint256 maxLtvBps, uint256 seniorCap, uint256 servicingFeeBps, uint256 juniorSpreadBps, bytes32 hardwareClass) external returns (uint256);
        function depositJunior(uint256 stack, uint256 assets) external;
        function withdrawJunior(uint256 stack, uint256 assets, address receiver) external;
        function offer(uint256 stack, address borrower, uint256[] receipts, uint256 principal, uint256 rate, uint256 periods, bool levelPayment, uint256 expiry) external returns (uint256);
        function draw(uint256 loan, address receiver) external;
        function pay(uint256 loan, uint256 maxAmount) external returns (uint256);
        function payoff(uint256 loan, uint256 at) external view returns (uint256);
        function juniorCash(uint256 stack) external view returns (uint256);
        function reserve() external view returns (uint256);
        function instalment(uint256 loan) external view returns (uint256 due, uint256 interest, uint256 principal);
        function loan(uint256 loan) external view returns (uint256 status, address borrower, uint256 stack, uint256 principal, uint256 outstanding, uint256 senior, uint256 rate, uint256 periods, uint256 paid, uint256 nextDue, uint256 drawnAt, uint256 instalment, bool levelPayment);
        function setFees(uint256 protocolFeeBps, uint256 reserveBps) external;
        function cancelOffer(uint256 loan) external;
        event Payment(uint256 indexed loan, address indexed payer, uint256 interest, uint256 principal, uint256 seniorInterest, uint256 juniorInterest, uint256 servicingFee, uint256 protocolFee, uint256 toReserve, uint256 seniorPrincipal, uint256 juniorPrincipal);
    }

    #[derive(Debug)]
    interface IQueue {
        function settle(uint256 maxSteps) external;
        function claim(uint256 position, address receiver) external returns (uint256);
        function epoch() external view returns (uint256);
        function epochEnd() external view returns (uint256);
        function lane(uint8 index) external view returns (uint256 tail, uint256 head);
        event EpochSettled(uint256 indexed epoch, uint256 shares, uint256 assets, uint256 price, uint256 premium);
    }

    #[derive(Debug)]
    interface IErc4626 {
        function deposit(uint256 assets, address receiver) external returns (uint256);
    }

    #[derive(Debug)]
    interface IErc721 {
        function ownerOf(uint256 tokenId) external view returns (address);
        function transferFrom(address from, address to, uint256 tokenId) external;
    }

    #[derive(Debug)]
    interface IMintable {
        function mint(address to, uint256 amount) external;
    }

    #[derive(Debug)]
    interface IWrappedM {
        function mint(address to, uint256 amount) external;
        function setRate(uint256 rateBps) external;
        function accruedYieldOf(address account) external view returns (uint240);
    }

    #[derive(Debug)]
    interface IStylusDeployer {
        function deploy(bytes bytecode, bytes initData, uint256 initValue, bytes32 salt) external payable returns (address);
    }

    #[derive(Debug)]
    interface IArbWasm {
        function stylusVersion() external view returns (uint16);
        function codehashVersion(bytes32 codehash) external view returns (uint16);
        function programTimeLeft(address program) external view returns (uint64);
        function codehashKeepalive(bytes32 codehash) external payable;
    }

    #[derive(Debug)]
    interface IUniswapV3Factory {
        function enableFeeAmount(uint24 fee, int24 tickSpacing) external;
        function getPool(address tokenA, address tokenB, uint24 fee) external view returns (address);
    }

    #[derive(Debug)]
    interface IPositionManager {
        struct MintParams {
            address token0;
            address token1;
            uint24 fee;
            int24 tickLower;
            int24 tickUpper;
            uint256 amount0Desired;
            uint256 amount1Desired;
            uint256 amount0Min;
            uint256 amount1Min;
            address recipient;
            uint256 deadline;
        }
        function createAndInitializePoolIfNecessary(address token0, address token1, uint24 fee, uint160 sqrtPriceX96) external payable returns (address);
        function mint(MintParams params) external payable returns (uint256 tokenId, uint128 liquidity, uint256 amount0, uint256 amount1);
    }
}

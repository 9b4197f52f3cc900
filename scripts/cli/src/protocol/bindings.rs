//! The contracts' interfaces as callers see them, and those of the counterparts.

#![allow(missing_docs, reason = "the contracts document their functions; these are their signatures")]
#![allow(clippy::too_many_arguments, reason = "the signatures are the contracts'")]

use alloy_sol_types::sol;

// Ours, from what scripts/abi prints of them.
sol!(
    #[derive(Debug)]
    Caliber,
    "../../contracts/abi/Caliber.json"
);
sol!(
    #[derive(Debug)]
    Defaults,
    "../../contracts/abi/Defaults.json"
);
sol!(
    #[derive(Debug)]
    Filo,
    "../../contracts/abi/Filo.json"
);
sol!(
    #[derive(Debug)]
    Origination,
    "../../contracts/abi/Origination.json"
);
sol!(
    #[derive(Debug)]
    Gateway,
    "../../contracts/abi/Gateway.json"
);
sol!(
    #[derive(Debug)]
    Qev,
    "../../contracts/abi/Qev.json"
);
sol!(
    #[derive(Debug)]
    Router,
    "../../contracts/abi/Router.json"
);
sol!(
    #[derive(Debug)]
    Susdai,
    "../../contracts/abi/Susdai.json"
);
sol!(
    #[derive(Debug)]
    SwapAdapter,
    "../../contracts/abi/SwapAdapter.json"
);
sol!(
    #[derive(Debug)]
    Usdai,
    "../../contracts/abi/Usdai.json"
);

sol! {
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
        event ContractDeployed(address deployedContract);
        function deploy(bytes bytecode, bytes initData, uint256 initValue, bytes32 salt) external payable returns (address);
    }

    #[derive(Debug)]
    interface IProxyFactory {
        function deploy(address router, address implementation, bytes construction, bytes32 salt) external returns (address proxy);
    }

    #[derive(Debug)]
    interface IProxy {
        event Upgraded(address indexed implementation);
        error NoCode(address implementation);
        function upgradeToAndCall(address implementation, bytes data) external;
    }

    #[derive(Debug)]
    interface IArbWasm {
        function stylusVersion() external view returns (uint16);
        function codehashVersion(bytes32 codehash) external view returns (uint16);
        function programTimeLeft(address program) external view returns (uint64);
        function codehashKeepalive(bytes32 codehash) external payable;
        function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
        function expiryDays() external view returns (uint16);
        function keepaliveDays() external view returns (uint16);

        error ProgramNotActivated();
        error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion);
        error ProgramExpired(uint64 ageInSeconds);
        error ProgramKeepaliveTooSoon(uint64 ageInSeconds);
        error ProgramInsufficientValue(uint256 have, uint256 want);
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

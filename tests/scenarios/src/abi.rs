//! The contracts' interfaces, as `contracts/abi` has them, and those of the counterparts.

#![allow(missing_docs, reason = "the contracts document their functions; these are their signatures")]
#![allow(clippy::too_many_arguments, reason = "the signatures are the contracts'")]

use alloy_sol_types::sol;
pub use usdai_cli::protocol::bindings::{
    Caliber, Defaults, Filo, Gateway, Origination, Qev as Queue, Router, Susdai as Vault, SwapAdapter as Adapter, Usdai,
};

sol! {
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

    /// What a controller signs (ERC-7741).
    #[derive(Debug)]
    struct AuthorizeOperator {
        address controller;
        address operator;
        bool approved;
        bytes32 nonce;
        uint256 deadline;
    }

    /// What the owner of USDai signs (ERC-3009): for anybody to hand in, for the payee, and to take one of them back.
    #[derive(Debug)]
    struct TransferWithAuthorization {
        address from;
        address to;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }

    #[derive(Debug)]
    struct ReceiveWithAuthorization {
        address from;
        address to;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }

    #[derive(Debug)]
    struct CancelAuthorization {
        address authorizer;
        bytes32 nonce;
    }

}

// The counterparts.
sol! {
    #[derive(Debug)]
    interface HostileToken {
        function mint(address to, uint256 amount) external;
        function setMode(uint8 mode) external;
        function setAmbush(address target, bytes data) external;
        function setPatience(uint64 moves) external;
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

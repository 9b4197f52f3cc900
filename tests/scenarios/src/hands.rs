//! What tests do again and again: acting as anybody, contracts included; refusals of any shape; money; hostile tokens and their pools.

use alloy_primitives::{
    aliases::{I24, U160, U24},
    Address, Bytes, B256, U256,
};
use alloy_sol_types::{SolCall, SolError};
use stylus_chain::{Receipt, Revert, Tx};
use usdai_cli::{
    keep,
    protocol::{
        bindings::{IMintable, IPositionManager},
        counterparts::{dollars6, SolidityArtifacts, STABLE_FEE},
    },
};

use crate::{
    abi::{Erc20, SwapRouter, Usdai, Vault},
    scenes::scene,
    target, Town,
};

/// A whole USDai or sUSDai, in wei.
#[must_use]
pub fn wad(whole: u64) -> U256 {
    U256::from(whole) * U256::from(10u64).pow(U256::from(18))
}

/// What the queue keeps of a bid's commitment: the first 27 bytes.
#[must_use]
pub fn kept_of(mut commitment: B256) -> B256 {
    commitment[27..].fill(0);
    commitment
}

/// A word of a small number.
#[must_use]
pub fn n(value: u128) -> U256 {
    U256::from(value)
}

/// Base units (6 decimals) in USDai wei.
#[must_use]
pub fn scaled(base: U256) -> U256 {
    base * U256::from(1_000_000_000_000u64)
}

impl Town {
    /// Deploys one of the Solidity contracts of `target/solidity`.
    ///
    /// # Panics
    /// If it does not deploy.
    pub fn solidity(&mut self, name: &str, arguments: &[u8]) -> Address {
        let admin = self.cast.admin.clone();
        SolidityArtifacts::under(&target())
            .deploy(&mut self.node, &admin, name, arguments)
            .unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// A raw transaction from any address, contracts included.
    ///
    /// # Panics
    /// If it is invalid, which is no refusal by a contract.
    pub fn raw(&mut self, from: Address, to: Address, value: U256, data: impl Into<Bytes>) -> Receipt {
        self.node
            .chain
            .execute(Tx::call(from, to, data).value(value))
            .unwrap_or_else(|invalid| panic!("{invalid}"))
    }

    /// Has `from` do `call` on `to`.
    ///
    /// # Errors
    /// The refusal.
    pub fn attempt<C: SolCall>(&mut self, from: Address, to: Address, call: &C) -> Result<Receipt, Revert> {
        self.raw(from, to, U256::ZERO, call.abi_encode()).ok()
    }

    /// Has `from` do `call` on `to`, which must succeed; returns what the call returned.
    ///
    /// # Panics
    /// If it is refused.
    pub fn does<C: SolCall>(&mut self, from: Address, to: Address, call: &C) -> C::Return {
        let receipt = self
            .attempt(from, to, call)
            .unwrap_or_else(|refusal| panic!("{}: {refusal}", C::SIGNATURE));
        C::abi_decode_returns(&receipt.output).unwrap_or_else(|error| panic!("{}: {error}", C::SIGNATURE))
    }

    /// As [`Self::does`], for tokens that return nothing.
    ///
    /// # Panics
    /// If it is refused.
    pub fn does_silently<C: SolCall>(&mut self, from: Address, to: Address, call: &C) {
        self.attempt(from, to, call)
            .unwrap_or_else(|refusal| panic!("{}: {refusal}", C::SIGNATURE));
    }

    /// As [`Town::refuses`], for any address: contracts are callers too.
    ///
    /// # Panics
    /// If it is not refused with exactly `error`, or something changed.
    pub fn refuses_as<C: SolCall, E: SolError>(&mut self, from: Address, to: Address, call: &C, error: &E) {
        let what = format!("{} with {}", C::SIGNATURE, E::SIGNATURE);
        self.refuses_raw(from, to, U256::ZERO, call.abi_encode(), &error.abi_encode(), &what);
    }

    /// Asserts that a raw transaction is reverted with exactly `expected` and changes nothing but its sender's nonce.
    ///
    /// # Panics
    /// If not.
    pub fn refuses_raw(&mut self, from: Address, to: Address, value: U256, data: impl Into<Bytes>, expected: &[u8], what: &str) {
        let said = self.refuses_somehow(from, to, value, data, what);
        assert_eq!(said, Bytes::copy_from_slice(expected), "should be refused in other words: {what}");
    }

    /// Asserts that a raw transaction is reverted and changes nothing but its sender's nonce; returns what the refusal says.
    ///
    /// # Panics
    /// If not.
    pub fn refuses_somehow(&mut self, from: Address, to: Address, value: U256, data: impl Into<Bytes>, what: &str) -> Bytes {
        let before = self.node.chain.fingerprint(&[from]);
        let held = self.node.chain.balance(from);
        let receipt = self.raw(from, to, value, data);
        assert!(!receipt.success, "should be refused: {what}");
        assert_eq!(receipt.halt, None, "no refusal but a crash: {what}");
        assert_eq!(before, self.node.chain.fingerprint(&[from]), "changed something: {what}");
        assert_eq!(held, self.node.chain.balance(from), "kept the ether: {what}");
        receipt.output
    }

    /// Anybody makes the programs run again that have expired.
    ///
    /// # Panics
    /// If the chain refuses, or some had not expired.
    pub fn reactivate(&mut self) {
        let (contracts, keeper) = (self.suite.contracts(), self.stranger.clone());
        let lives = keep::lives(&mut self.node, &contracts, 30).expect("their lives");
        let renewed = keep::renew(&mut self.node, &keeper, &lives, &mut |_| ()).expect("anybody may");
        assert_eq!(renewed.len(), contracts.len());
    }

    /// From now on `contract` reverts whatever it is asked.
    pub fn silence(&mut self, contract: Address) {
        // PUSH1 0, PUSH1 0, REVERT.
        self.node.chain.set_code(contract, vec![0x60, 0, 0x60, 0, 0xfd]);
    }

    /// Lets `act` play and takes everything back that it did.
    ///
    /// # Panics
    /// If `act` reverts to an earlier snapshot itself.
    pub fn scene<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        scene(self, |town| town, act)
    }

    /// Puts every program into the chain's cache, where those that are called much are kept.
    ///
    /// # Panics
    /// If one of them is no program.
    pub fn cache_programs(&mut self) {
        for (_, program) in self.suite.contracts() {
            self.node.chain.cache_program(program).expect("a program");
        }
    }

    /// Balance of `account` in `token`.
    pub fn balance(&mut self, token: Address, account: Address) -> U256 {
        self.read(token, &Erc20::balanceOfCall { account })
    }

    /// Seconds, as the next transaction will see them.
    #[must_use]
    pub fn now(&self) -> U256 {
        U256::from(self.node.chain.timestamp())
    }

    /// Gives `who` USDai for new base token, 1:1.
    ///
    /// # Panics
    /// If USDai refuses.
    pub fn give_usdai(&mut self, who: Address, whole: u64) {
        let (admin, base, usdai) = (self.cast.admin.address(), self.world.wrapped_m, self.suite.usdai);
        self.give_base(admin, dollars6(whole));
        self.does(
            admin,
            base,
            &Erc20::approveCall {
                spender: usdai,
                value: U256::MAX,
            },
        );
        let deposit = Usdai::deposit_0Call {
            depositToken: base,
            depositAmount: dollars6(whole),
            usdaiAmountMinimum: wad(whole),
            recipient: who,
        };
        assert_eq!(self.does(admin, usdai, &deposit), wad(whole));
    }

    /// Gives `who` new USDai and has them staked; returns the shares.
    pub fn give_susdai(&mut self, who: Address, whole: u64) -> U256 {
        let (usdai, susdai) = (self.suite.usdai, self.suite.susdai);
        self.give_usdai(who, whole);
        self.does(
            who,
            usdai,
            &Erc20::approveCall {
                spender: susdai,
                value: wad(whole),
            },
        );
        self.does(
            who,
            susdai,
            &Vault::deposit_0Call {
                assets: wad(whole),
                receiver: who,
            },
        )
    }

    /// Swaps on Uniswap, directly.
    pub fn swap(&mut self, who: Address, token_in: Address, token_out: Address, amount: U256) -> U256 {
        let uniswap = self.world.swap_router;
        self.does_silently(
            who,
            token_in,
            &Erc20::approveCall {
                spender: uniswap,
                value: amount,
            },
        );
        let params = SwapRouter::ExactInputSingleParams {
            tokenIn: token_in,
            tokenOut: token_out,
            fee: U24::from(STABLE_FEE),
            recipient: who,
            amountIn: amount,
            amountOutMinimum: U256::ZERO,
            sqrtPriceLimitX96: U160::ZERO,
        };
        self.does(who, uniswap, &SwapRouter::exactInputSingleCall { params })
    }

    /// A token of six decimals that is honest until told otherwise, with Uniswap pools at par to USDC and to the base token, `depth`
    /// dollars a side each, and allowed by the adapter.
    pub fn hostile_token(&mut self, depth: u64) -> Address {
        let token = self.solidity("HostileToken", U256::from(6).to_be_bytes::<32>().as_slice());
        self.list(token, depth);
        token
    }

    /// Opens pools of `token`, which has six decimals, at par to USDC and to the base token, `depth` dollars a side each, and has the
    /// adapter allow it.
    pub fn list(&mut self, token: Address, depth: u64) {
        let (usdc, base) = (self.world.usdc, self.world.wrapped_m);
        self.pool(token, base, depth);
        self.pool(token, usdc, depth);
        let (admin, adapter) = (self.cast.admin.address(), self.suite.swap_adapter);
        self.does(admin, adapter, &crate::abi::Adapter::setTokenAllowedCall { token, allowed: true });
    }

    /// Opens a pool of two tokens of six decimals at par, `depth` dollars a side within one per cent of it.
    pub fn pool(&mut self, a: Address, b: Address, depth: u64) {
        let (admin, uniswap) = (self.cast.admin.address(), self.world.swap_router);
        let positions = self.read(uniswap, &SwapRouter::positionManagerCall {});
        let (token0, token1) = if a < b { (a, b) } else { (b, a) };
        let fee = U24::from(STABLE_FEE);
        self.does(
            admin,
            positions,
            &IPositionManager::createAndInitializePoolIfNecessaryCall {
                token0,
                token1,
                fee,
                sqrtPriceX96: U160::ONE << 96,
            },
        );
        let amount = dollars6(depth);
        for token in [token0, token1] {
            self.does(admin, token, &IMintable::mintCall { to: admin, amount });
            self.does_silently(
                admin,
                token,
                &Erc20::approveCall {
                    spender: positions,
                    value: amount,
                },
            );
        }
        let hundred = I24::unchecked_from(100);
        let params = IPositionManager::MintParams {
            token0,
            token1,
            fee,
            tickLower: -hundred,
            tickUpper: hundred,
            amount0Desired: amount,
            amount1Desired: amount,
            amount0Min: U256::ZERO,
            amount1Min: U256::ZERO,
            recipient: admin,
            deadline: U256::MAX,
        };
        self.does(admin, positions, &IPositionManager::mintCall { params });
    }
}

//! Stablecoins whose issuer pauses them or blocks an account, as USDC's can, at USDai on its WASM: what fails, in whose words, and that
//! whoever is not blocked comes and goes as before. Once as a token behind the swap adapter, once as the base token itself.

use alloy_primitives::{Address, U256};
use alloy_sol_types::{sol, SolCall, SolError};
use scenarios::{
    abi::{Erc20, Router, SwapRouter, Usdai},
    hands::{scaled, wad},
    refusals, target,
    usdai_cli::protocol::{
        bindings::IMintable,
        counterparts::dollars6,
        suite::{id, Suite, Terms},
    },
    Town,
};

sol! {
    #[derive(Debug)]
    interface RegulatedDollar {
        error Paused();
        error Blocked(address account);
        function setPaused(bool paused) external;
        function setBlocked(address account, bool blocked) external;
    }
    #[derive(Debug)]
    interface Pools {
        function factory() external view returns (address);
        function getPool(address a, address b, uint24 fee) external view returns (address);
    }
}

/// What comes of a call.
#[derive(Clone)]
enum Outcome {
    Accepted,
    /// In these words.
    Refused(Vec<u8>),
}

/// The token's word for a blocked account.
fn blocked(account: Address) -> Outcome {
    Outcome::Refused(RegulatedDollar::Blocked { account }.abi_encode())
}

/// The token's word while it is paused.
fn paused() -> Outcome {
    Outcome::Refused(RegulatedDollar::Paused {}.abi_encode())
}

/// Uniswap's word for a token that did not move: it keeps the token's own to itself.
fn uniswap(reason: &str) -> Outcome {
    Outcome::Refused(refusals::Error { reason: reason.into() }.abi_encode())
}

fn deposit(token: Address, recipient: Address) -> Vec<u8> {
    Usdai::deposit_0Call {
        depositToken: token,
        depositAmount: dollars6(10),
        usdaiAmountMinimum: U256::ZERO,
        recipient,
    }
    .abi_encode()
}

fn withdraw(token: Address, recipient: Address) -> Vec<u8> {
    Usdai::withdraw_0Call {
        withdrawToken: token,
        usdaiAmount: wad(10),
        withdrawAmountMinimum: U256::ZERO,
        recipient,
    }
    .abi_encode()
}

/// A town with a regulated token, Alice and Bob with 1,000 dollars of everything.
struct Stage {
    town: Town,
    /// What is regulated.
    token: Address,
    alice: Address,
    bob: Address,
    /// Where the regulated token is swapped for the other.
    pool: Address,
}

impl Stage {
    /// The regulated token stands behind the adapter, beside USDC.
    fn behind_the_adapter() -> Self {
        let mut town = Town::deployed();
        let token = town.solidity("RegulatedDollar", &[]);
        town.list(token, 1_000_000);
        let base = town.world.wrapped_m;
        Self::with(town, token, base)
    }

    /// The regulated token is the base token of a protocol of its own.
    fn as_base_token() -> Self {
        let mut town = Town::deployed();
        let token = town.solidity("RegulatedDollar", &[]);
        town.world.wrapped_m = token;
        let (admin, treasury, usdc) = (town.cast.admin.clone(), town.cast.treasury.address(), town.world.usdc);
        let deployed = Suite::deploy(&mut town.node, &target(), &admin, &town.world, treasury, Terms::REAL);
        town.suite = deployed.expect("a second protocol").0;
        town.pool(usdc, token, 1_000_000);
        Self::with(town, token, usdc)
    }

    fn with(mut town: Town, token: Address, other: Address) -> Self {
        let (alice, bob) = (town.cast.depositor.address(), town.stranger.address());
        let (usdai, base, usdc, admin) = (town.suite.usdai, town.world.wrapped_m, town.world.usdc, town.cast.admin.address());
        for who in [alice, bob] {
            town.give_usdai(who, 1_000);
            for held in [token, base, usdc] {
                let mint = IMintable::mintCall {
                    to: who,
                    amount: dollars6(1_000),
                };
                town.does(admin, held, &mint);
                let approval = Erc20::approveCall {
                    spender: usdai,
                    value: U256::MAX,
                };
                town.does(who, held, &approval);
            }
        }
        let factory = {
            let positions = town.read(town.world.swap_router, &SwapRouter::positionManagerCall {});
            town.read(positions, &Pools::factoryCall {})
        };
        let pool = Pools::getPoolCall {
            a: token,
            b: other,
            fee: alloy_primitives::aliases::U24::from(100),
        };
        let pool = town.read(factory, &pool);
        assert_ne!(pool, Address::ZERO);
        Self {
            town,
            token,
            alice,
            bob,
            pool,
        }
    }

    fn set_blocked(&mut self, account: Address, blocked: bool) {
        let (bob, token) = (self.bob, self.token);
        self.town.does(bob, token, &RegulatedDollar::setBlockedCall { account, blocked });
    }

    fn set_paused(&mut self, paused: bool) {
        let (bob, token) = (self.bob, self.token);
        self.town.does(bob, token, &RegulatedDollar::setPausedCall { paused });
    }

    /// Has `who` call USDai, which accepts, or refuses with exactly the outcome's bytes and without any change. What it did is taken back.
    fn comes_to(&mut self, who: Address, call: Vec<u8>, outcome: Outcome, what: &str) {
        let (usdai, town) = (self.town.suite.usdai, &mut self.town);
        match outcome {
            Outcome::Refused(words) => town.refuses_raw(who, usdai, U256::ZERO, call, &words, what),
            Outcome::Accepted => town.scene(|town| {
                let receipt = town.raw(who, usdai, U256::ZERO, call);
                assert!(receipt.success, "{what}: {receipt:?}");
                is_backed(town);
            }),
        }
    }

    /// As [`Self::comes_to`], in and out of `token` for oneself.
    fn both_ways(&mut self, who: Address, token: Address, outcomes: [Outcome; 2], what: &str) {
        let [entry, exit] = outcomes;
        self.comes_to(who, deposit(token, who), entry, &format!("in: {what}"));
        self.comes_to(who, withdraw(token, who), exit, &format!("out: {what}"));
    }

    /// Sees that `who` comes and goes in each of `tokens`.
    fn is_free(&mut self, who: Address, tokens: &[Address], what: &str) {
        for token in tokens {
            self.both_ways(who, *token, [Outcome::Accepted, Outcome::Accepted], what);
        }
    }

    /// Sees that USDai moves as ever, between people and over the bridge.
    fn usdai_moves(&mut self) {
        let (alice, bob, usdai) = (self.alice, self.bob, self.town.suite.usdai);
        self.town.scene(|town| {
            let (admin, router) = (town.cast.admin.address(), town.suite.router);
            let (to, value) = (bob, wad(5));
            town.does(alice, usdai, &Erc20::transferCall { to, value });
            town.does(alice, usdai, &Erc20::approveCall { spender: bob, value });
            town.does(bob, usdai, &Erc20::transferFromCall { from: alice, to, value });
            let role = id("BRIDGE");
            town.does(admin, router, &Router::grantRoleCall { role, account: admin });
            town.does(
                admin,
                usdai,
                &Usdai::burnCall {
                    from: alice,
                    amount: value,
                },
            );
            town.does(admin, usdai, &Usdai::mintCall { to: alice, amount: value });
            is_backed(town);
        });
    }

    /// Everybody's blocks and the pause are gone: everything works, and the last wei of USDai leaves 1:1.
    fn ends_well(&mut self) {
        let (alice, bob, usdai, base, usdc) = (
            self.alice,
            self.bob,
            self.town.suite.usdai,
            self.town.world.wrapped_m,
            self.town.world.usdc,
        );
        for who in [alice, bob] {
            self.is_free(who, &[self.token, base, usdc], "all is over");
        }
        for who in [alice, bob] {
            let held = self.town.balance(base, who);
            let leave = Usdai::withdraw_0Call {
                withdrawToken: base,
                usdaiAmount: wad(1_000),
                withdrawAmountMinimum: dollars6(1_000),
                recipient: who,
            };
            self.town.does(who, usdai, &leave);
            assert_eq!(self.town.balance(base, who) - held, dollars6(1_000));
        }
        assert_eq!(self.town.read(usdai, &Erc20::totalSupplyCall {}), U256::ZERO);
        assert_eq!(self.town.balance(base, usdai), U256::ZERO);
    }
}

/// U1.
fn is_backed(town: &mut Town) {
    let (usdai, base) = (town.suite.usdai, town.world.wrapped_m);
    let held = town.balance(base, usdai);
    let issued = town.read(usdai, &Erc20::totalSupplyCall {}) + town.read(usdai, &Usdai::bridgedSupplyCall {});
    assert!(scaled(held) >= issued, "{held} base units do not back {issued}");
}

#[test]
fn a_blocked_holder_is_refused_by_the_token_and_leaves_in_another() {
    let mut stage = Stage::behind_the_adapter();
    let (alice, bob, token) = (stage.alice, stage.bob, stage.token);
    let (base, usdc) = (stage.town.world.wrapped_m, stage.town.world.usdc);
    stage.set_blocked(alice, true);
    stage.both_ways(alice, token, [blocked(alice), blocked(alice)], "Alice is blocked");
    stage.is_free(alice, &[base, usdc], "Alice in other tokens");
    stage.is_free(bob, &[token, base, usdc], "Bob");
    // It is the account that is blocked, and not its USDai.
    stage.comes_to(alice, withdraw(token, bob), Outcome::Accepted, "Alice pays Bob");
    stage.comes_to(bob, deposit(token, alice), Outcome::Accepted, "Bob's deposit for Alice");
    stage.comes_to(bob, withdraw(token, alice), blocked(alice), "Bob pays Alice");
    stage.usdai_moves();
    stage.set_blocked(alice, false);
    stage.ends_well();
}

/// Whichever contract on the way is blocked: that way is closed, and no other. A pool pays USDai directly, so that the adapter and
/// Uniswap's router are on the way in alone.
#[test]
fn a_token_that_blocks_the_way_closes_its_own_way_only() {
    let mut stage = Stage::behind_the_adapter();
    let (alice, bob, token, pool) = (stage.alice, stage.bob, stage.token, stage.pool);
    let (suite, world) = (stage.town.suite, stage.town.world);
    for (account, what, outcomes) in [
        (suite.usdai, "USDai", [blocked(suite.usdai), uniswap("TF")]),
        (suite.swap_adapter, "the adapter", [blocked(suite.swap_adapter), Outcome::Accepted]),
        (
            world.swap_router,
            "Uniswap's router",
            [blocked(world.swap_router), Outcome::Accepted],
        ),
        (pool, "the pool", [uniswap("STF"), uniswap("TF")]),
    ] {
        stage.set_blocked(account, true);
        for who in [alice, bob] {
            stage.both_ways(who, token, outcomes.clone(), what);
            stage.is_free(who, &[world.wrapped_m, world.usdc], what);
        }
        stage.usdai_moves();
        stage.set_blocked(account, false);
    }
    stage.ends_well();
}

#[test]
fn a_paused_token_is_refused_and_everybody_leaves_in_another() {
    let mut stage = Stage::behind_the_adapter();
    let (alice, bob, token) = (stage.alice, stage.bob, stage.token);
    let (base, usdc) = (stage.town.world.wrapped_m, stage.town.world.usdc);
    stage.set_paused(true);
    for who in [alice, bob] {
        stage.both_ways(who, token, [paused(), uniswap("TF")], "the token is paused");
        stage.is_free(who, &[base, usdc], "other tokens");
    }
    stage.usdai_moves();
    stage.set_paused(false);
    stage.ends_well();
}

#[test]
fn a_base_token_that_blocks_a_holder_stops_nobody_else() {
    let mut stage = Stage::as_base_token();
    let (alice, bob, base, usdc) = (stage.alice, stage.bob, stage.token, stage.town.world.usdc);
    stage.set_blocked(alice, true);
    stage.both_ways(alice, base, [blocked(alice), blocked(alice)], "Alice is blocked");
    // Through the adapter she does not touch it, and to another it is paid.
    stage.is_free(alice, &[usdc], "Alice in USDC");
    stage.comes_to(alice, withdraw(base, bob), Outcome::Accepted, "Alice pays Bob");
    stage.comes_to(bob, deposit(base, alice), Outcome::Accepted, "Bob's deposit for Alice");
    stage.comes_to(bob, withdraw(base, alice), blocked(alice), "Bob pays Alice");
    stage.is_free(bob, &[base, usdc], "Bob");
    stage.usdai_moves();
    stage.comes_to(bob, Usdai::harvestCall {}.abi_encode(), Outcome::Accepted, "the harvest");
    stage.set_blocked(alice, false);
    stage.ends_well();
}

/// The issuer's power over the backing itself: nobody enters or leaves, USDai still moves, and afterwards everybody leaves 1:1.
#[test]
fn a_base_token_that_blocks_usdai_or_is_paused_closes_entry_and_exit_and_nothing_else() {
    let mut stage = Stage::as_base_token();
    let (alice, bob, base, usdc) = (stage.alice, stage.bob, stage.token, stage.town.world.usdc);
    let usdai = stage.town.suite.usdai;
    stage.set_blocked(usdai, true);
    for who in [alice, bob] {
        stage.both_ways(who, base, [blocked(usdai), blocked(usdai)], "USDai is blocked");
        stage.both_ways(who, usdc, [uniswap("TF"), blocked(usdai)], "USDai is blocked, by the adapter");
    }
    stage.usdai_moves();
    stage.comes_to(bob, Usdai::harvestCall {}.abi_encode(), Outcome::Accepted, "the harvest");
    stage.set_blocked(usdai, false);

    stage.set_paused(true);
    for who in [alice, bob] {
        stage.both_ways(who, base, [paused(), paused()], "the base token is paused");
        stage.both_ways(who, usdc, [uniswap("TF"), paused()], "the base token is paused, by the adapter");
    }
    stage.usdai_moves();
    stage.comes_to(bob, Usdai::harvestCall {}.abi_encode(), paused(), "the harvest");
    stage.set_paused(false);
    stage.ends_well();
}

/// As above, the other way round: the base token comes to the adapter and to Uniswap's router on the way out alone.
#[test]
fn a_base_token_that_blocks_the_adapter_or_a_pool_closes_the_swaps_only() {
    let mut stage = Stage::as_base_token();
    let (alice, bob, base, usdc, pool) = (stage.alice, stage.bob, stage.token, stage.town.world.usdc, stage.pool);
    let (adapter, router) = (stage.town.suite.swap_adapter, stage.town.world.swap_router);
    for (account, what, outcomes) in [
        (adapter, "the adapter", [Outcome::Accepted, blocked(adapter)]),
        (router, "Uniswap's router", [Outcome::Accepted, blocked(router)]),
        (pool, "the pool", [uniswap("TF"), uniswap("STF")]),
    ] {
        stage.set_blocked(account, true);
        for who in [alice, bob] {
            stage.both_ways(who, usdc, outcomes.clone(), what);
            stage.is_free(who, &[base], what);
        }
        stage.usdai_moves();
        stage.set_blocked(account, false);
    }
    stage.ends_well();
}

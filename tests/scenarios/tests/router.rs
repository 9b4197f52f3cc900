//! The router on its WASM: authority, address book, and the journey that holds nothing.

#![allow(clippy::too_many_lines, reason = "a list of refusals is as long as what can go wrong")]

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolCall;
use scenarios::{
    abi::{token_mode, Erc20, HostileToken, Router, Usdai, Vault},
    hands::{n, wad},
    refusals,
    usdai_cli::{
        node::Person,
        protocol::{counterparts::dollars6, suite::id},
    },
    Town,
};

const ZERO: Address = Address::ZERO;

fn journey(token: Address, amount: U256, receiver: Address) -> Router::depositAndStakeCall {
    Router::depositAndStakeCall {
        token,
        amount,
        minUsdai: U256::ZERO,
        minShares: U256::ZERO,
        receiver,
        deadline: U256::MAX,
    }
}

/// Alice with 1,000 USDC and wM, approved to the router.
fn town_with_alice() -> (Town, Person) {
    let mut town = Town::deployed();
    let alice = town.cast.depositor.clone();
    town.give_usdc(alice.address(), dollars6(1_000));
    town.give_base(alice.address(), dollars6(1_000));
    for token in [town.world.usdc, town.world.wrapped_m] {
        town.approve(&alice, token, town.suite.router);
    }
    (town, alice)
}

/// Neither a token nor an allowance.
fn holds_nothing(town: &mut Town, more: &[Address]) {
    let router = town.suite.router;
    let tokens = [
        town.world.usdc,
        town.world.usdt,
        town.world.wrapped_m,
        town.suite.usdai,
        town.suite.susdai,
    ];
    for token in tokens.iter().chain(more) {
        assert_eq!(town.balance(*token, router), U256::ZERO);
        for spender in [town.suite.usdai, town.suite.susdai] {
            assert_eq!(town.read(*token, &Erc20::allowanceCall { owner: router, spender }), U256::ZERO);
        }
    }
}

#[test]
fn roles_refuse_by_name() {
    let mut town = Town::deployed();
    let (router, admin, stranger) = (town.suite.router, town.cast.admin.clone(), town.stranger.clone());
    let other = stranger.address();
    let grant = |role, account| Router::grantRoleCall { role, account };
    let revoke = |role, account| Router::revokeRoleCall { role, account };
    for who in [&stranger, &town.cast.curator.clone()] {
        let refusal = refusals::Unauthorized {
            account: who.address(),
            role: id("ADMIN"),
        };
        for role in [id("CURATOR"), id("ADMIN"), B256::ZERO] {
            town.refuses(who, router, &grant(role, other), &refusal);
            town.refuses(who, router, &revoke(role, other), &refusal);
        }
        town.refuses(
            who,
            router,
            &Router::setAddressCall {
                id: id("USDAI"),
                current: other,
            },
            &refusal,
        );
        town.refuses(who, router, &Router::transferAdminCall { account: other }, &refusal);
        town.refuses(
            who,
            router,
            &Router::acceptAdminCall {},
            &refusals::NotPendingAdmin { caller: who.address() },
        );
    }
    for account in [other, admin.address(), ZERO] {
        town.refuses(&admin, router, &grant(id("ADMIN"), account), &refusals::AdminNotGrantable {});
        town.refuses(&admin, router, &revoke(id("ADMIN"), account), &refusals::AdminNotGrantable {});
    }
    town.refuses(&admin, router, &grant(B256::ZERO, other), &refusals::ZeroId {});
    town.refuses(&admin, router, &revoke(B256::ZERO, other), &refusals::ZeroId {});
    town.refuses(&admin, router, &grant(id("CURATOR"), ZERO), &refusals::ZeroAddress {});
    town.refuses(&admin, router, &revoke(id("CURATOR"), ZERO), &refusals::ZeroAddress {});
    town.refuses(
        &admin,
        router,
        &Router::setAddressCall {
            id: B256::ZERO,
            current: other,
        },
        &refusals::ZeroId {},
    );
    town.refuses(
        &admin,
        router,
        &Router::setAddressCall {
            id: id("USDAI"),
            current: ZERO,
        },
        &refusals::ZeroAddress {},
    );
    town.refuses(
        &admin,
        router,
        &Router::transferAdminCall { account: ZERO },
        &refusals::ZeroAddress {},
    );
    // What is so already is no news: nothing changes, nobody is told.
    let before = town.node.chain.fingerprint(&[admin.address()]);
    let curator = town.cast.curator.address();
    for call in [
        grant(id("CURATOR"), curator).abi_encode(),
        revoke(id("CURATOR"), other).abi_encode(),
    ] {
        let receipt = town.raw(admin.address(), router, U256::ZERO, call);
        assert!(receipt.success && receipt.logs.is_empty());
    }
    assert_eq!(before, town.node.chain.fingerprint(&[admin.address()]));
}

#[test]
fn the_administration_changes_hands_in_two_steps() {
    let mut town = Town::deployed();
    let (router, admin, next, stranger) = (
        town.suite.router,
        town.cast.admin.clone(),
        town.cast.keeper.clone(),
        town.stranger.clone(),
    );
    let offer = |who: &Person| Router::transferAdminCall { account: who.address() };
    town.does(admin.address(), router, &offer(&stranger));
    town.does(admin.address(), router, &offer(&next));
    for who in [&stranger, &admin] {
        town.refuses(
            who,
            router,
            &Router::acceptAdminCall {},
            &refusals::NotPendingAdmin { caller: who.address() },
        );
    }
    town.does(next.address(), router, &Router::acceptAdminCall {});
    town.refuses(
        &next,
        router,
        &Router::acceptAdminCall {},
        &refusals::NotPendingAdmin { caller: next.address() },
    );
    let refusal = refusals::Unauthorized {
        account: admin.address(),
        role: id("ADMIN"),
    };
    town.refuses(&admin, router, &offer(&admin), &refusal);
    // Every contract asks the router, so all of them have changed hands.
    let call = Usdai::setSupplyCapCall { supplyCap: U256::ZERO };
    town.refuses(&admin, town.suite.usdai, &call, &refusal);
    town.does(next.address(), town.suite.usdai, &call);
    // An offer to oneself takes the offer back.
    town.does(next.address(), router, &offer(&stranger));
    town.does(next.address(), router, &offer(&next));
    town.refuses(
        &stranger,
        router,
        &Router::acceptAdminCall {},
        &refusals::NotPendingAdmin {
            caller: stranger.address(),
        },
    );
}

#[test]
fn the_journey_refuses_by_name() {
    let (mut town, alice) = town_with_alice();
    let (router, me, usdc, base) = (town.suite.router, alice.address(), town.world.usdc, town.world.wrapped_m);
    let good = journey(usdc, dollars6(100), me);
    let timestamp = town.now();
    for deadline in [U256::ZERO, timestamp - U256::ONE] {
        let late = Router::depositAndStakeCall { deadline, ..good.clone() };
        town.refuses(&alice, router, &late, &refusals::DeadlineExpired { deadline, timestamp });
    }
    town.refuses(&alice, router, &journey(usdc, U256::ZERO, me), &refusals::ZeroAmount {});
    town.refuses(&alice, router, &journey(ZERO, dollars6(1), me), &refusals::ZeroAddress {});
    town.refuses(&alice, router, &journey(usdc, dollars6(1), ZERO), &refusals::ZeroAddress {});
    let usdai = town.suite.usdai;
    for token in [usdc, base] {
        // Slippage at either step.
        let minted = town.scene(|town| {
            town.does(
                me,
                token,
                &Erc20::approveCall {
                    spender: usdai,
                    value: U256::MAX,
                },
            );
            let call = Usdai::deposit_0Call {
                depositToken: token,
                depositAmount: dollars6(100),
                usdaiAmountMinimum: U256::ZERO,
                recipient: me,
            };
            town.does(me, usdai, &call)
        });
        let good = journey(token, dollars6(100), me);
        for minimum in [minted + U256::ONE, U256::MAX] {
            let call = Router::depositAndStakeCall {
                minUsdai: minimum,
                ..good.clone()
            };
            if token == base {
                town.refuses(&alice, router, &call, &refusals::InsufficientOutput { amount: minted, minimum });
            } else {
                town.refuses(
                    &alice,
                    router,
                    &call,
                    &refusals::Error {
                        reason: "Too little received".into(),
                    },
                );
            }
            let call = Router::depositAndStakeCall {
                minUsdai: minted,
                minShares: minimum,
                ..good.clone()
            };
            town.refuses(&alice, router, &call, &refusals::SharesBelowMinimum { shares: minted, minimum });
        }
        let held = town.balance(token, me);
        for needed in [held + U256::ONE, U256::MAX] {
            let short = refusals::ERC20InsufficientBalance {
                sender: me,
                balance: held,
                needed,
            };
            town.refuses(&alice, router, &journey(token, needed, me), &short);
        }
    }
    let stranger = town.stranger.clone();
    let unallowed = refusals::ERC20InsufficientAllowance {
        spender: router,
        allowance: U256::ZERO,
        needed: dollars6(1),
    };
    town.refuses(&stranger, router, &journey(usdc, dollars6(1), stranger.address()), &unallowed);
    // USDai is not its own deposit, a share is none, and an account without code is no token.
    town.give_susdai(me, 10);
    town.give_usdai(me, 10);
    for token in [usdai, town.suite.susdai] {
        town.approve(&alice, token, router);
    }
    town.refuses(&alice, router, &journey(usdai, wad(1), me), &refusals::InvalidAddress {});
    let susdai = town.suite.susdai;
    town.refuses(
        &alice,
        router,
        &journey(susdai, wad(1), me),
        &refusals::TokenNotAllowed { token: susdai },
    );
    town.refuses(
        &alice,
        router,
        &journey(stranger.address(), wad(1), me),
        &refusals::MalformedReturn {},
    );
    let admin = town.cast.admin.address();
    town.scene(|town| {
        town.does(admin, usdai, &Usdai::setSupplyCapCall { supplyCap: U256::ZERO });
        town.refuses(&alice, router, &good, &refusals::SupplyCapExceeded {});
    });
    // In its last second it goes through.
    town.does(
        me,
        router,
        &Router::depositAndStakeCall {
            deadline: timestamp,
            ..good
        },
    );
    holds_nothing(&mut town, &[]);
}

#[test]
fn hostile_tokens_leave_nothing_behind() {
    let (mut town, alice) = town_with_alice();
    let (router, me) = (town.suite.router, alice.address());
    let token = town.hostile_token(1_000_000);
    town.does(
        me,
        token,
        &HostileToken::mintCall {
            to: me,
            amount: dollars6(1_000),
        },
    );
    town.approve(&alice, token, router);
    let call = journey(token, dollars6(100), me);
    let mode = |mode| HostileToken::setModeCall { mode };
    let honest = town.scene(|town| town.does(me, router, &call));
    town.does(me, token, &mode(token_mode::RETURN_FALSE));
    town.refuses(&alice, router, &call, &refusals::TokenCallFailed { token });
    town.does(me, token, &mode(token_mode::REVERT));
    town.refuses(&alice, router, &call, &refusals::Hostile {});
    town.does(me, token, &mode(token_mode::TAKE_FEE));
    town.refuses(&alice, router, &call, &refusals::Error { reason: "IIA".into() });

    // Re-entrant: with money of its own, and every right that it could have.
    town.give_usdc(token, dollars6(100));
    town.give_susdai(token, 10);
    town.does(
        token,
        town.world.usdc,
        &Erc20::approveCall {
            spender: router,
            value: U256::MAX,
        },
    );
    let admin = town.cast.admin.address();
    let attempts = [
        journey(town.world.usdc, dollars6(1), token).abi_encode(),
        Router::acceptAdminCall {}.abi_encode(),
    ];
    town.does(admin, router, &Router::transferAdminCall { account: token });
    for data in attempts {
        town.scene(|town| {
            town.does(
                me,
                token,
                &HostileToken::setAmbushCall {
                    target: router,
                    data: data.into(),
                },
            );
            town.does(me, token, &mode(token_mode::REENTER));
            assert_eq!(town.does(me, router, &call), honest);
            assert!(town.read(token, &HostileToken::ambushedCall {}));
            assert!(!town.read(token, &HostileToken::ambushSucceededCall {}));
            assert_eq!(town.read(router, &Router::adminCall {}), admin);
            assert_eq!(town.balance(town.suite.susdai, me), honest);
            holds_nothing(town, &[token]);
        });
    }
    // It may stake on its own account in the middle of somebody else's journey, at the same price.
    let redeem = Vault::requestRedeemCall {
        shares: wad(10),
        controller: token,
        owner: token,
    }
    .abi_encode();
    town.does(
        me,
        token,
        &HostileToken::setAmbushCall {
            target: town.suite.susdai,
            data: redeem.into(),
        },
    );
    town.does(me, token, &mode(token_mode::REENTER));
    assert_eq!(town.does(me, router, &call), honest);
    assert!(town.read(token, &HostileToken::ambushSucceededCall {}));
    holds_nothing(&mut town, &[token]);
}

/// What lies at the router is nobody's: a journey neither takes it nor stumbles over it.
#[test]
fn a_donation_to_the_router_changes_no_journey() {
    let (mut town, alice) = town_with_alice();
    let (router, me, usdc) = (town.suite.router, alice.address(), town.world.usdc);
    let call = journey(usdc, dollars6(100), me);
    let honest = town.scene(|town| town.does(me, router, &call));
    town.give_usdc(router, dollars6(7));
    town.give_usdai(router, 7);
    assert_eq!(town.does(me, router, &call), honest);
    assert_eq!(
        (town.balance(usdc, router), town.balance(town.suite.usdai, router)),
        (dollars6(7), wad(7))
    );
}

#[test]
fn a_sandwich_around_the_journey_is_bounded_by_its_minima() {
    let (mut town, alice) = town_with_alice();
    let (router, me, usdc, base) = (town.suite.router, alice.address(), town.world.usdc, town.world.wrapped_m);
    let attacker = town.stranger.address();
    town.give_usdc(me, dollars6(500_000));
    town.give_usdc(attacker, dollars6(8_000_000));
    let call = journey(usdc, dollars6(500_000), me);
    let fair = town.scene(|town| town.does(me, router, &call));
    let least = fair - fair / n(1_000);
    let bounded = Router::depositAndStakeCall {
        minUsdai: least,
        minShares: least,
        ..call
    };
    for front in [10_000, 500_000] {
        town.scene(|town| {
            town.swap(attacker, usdc, base, dollars6(front));
            assert!(town.does(me, router, &bounded) >= least);
        });
    }
    town.swap(attacker, usdc, base, dollars6(8_000_000));
    town.refuses(
        &alice,
        router,
        &bounded,
        &refusals::Error {
            reason: "Too little received".into(),
        },
    );
}

//! The gateway on its WASM: journeys that hold nothing, and act for nobody but the caller.

#![allow(clippy::too_many_lines, reason = "a list of refusals is as long as what can go wrong")]

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolCall;
use scenarios::{
    abi::{token_mode, Erc20, Gateway, HostileToken, Permit, Usdai, Vault},
    hands::{n, wad},
    refusals,
    usdai_cli::{node::Person, protocol::counterparts::dollars6},
    Town,
};

const ZERO: Address = Address::ZERO;

fn journey(token: Address, amount: U256, receiver: Address) -> Gateway::depositAndStakeCall {
    Gateway::depositAndStakeCall {
        token,
        amount,
        minUsdai: U256::ZERO,
        minShares: U256::ZERO,
        receiver,
        deadline: U256::MAX,
    }
}

/// Alice with 1,000 USDC and wM, approved to the gateway.
fn town_with_alice() -> (Town, Person) {
    let mut town = Town::deployed();
    let alice = town.cast.depositor.clone();
    town.give_usdc(alice.address(), dollars6(1_000));
    town.give_base(alice.address(), dollars6(1_000));
    for token in [town.world.usdc, town.world.wrapped_m] {
        town.approve(&alice, token, town.suite.gateway);
    }
    (town, alice)
}

/// Neither a token nor an allowance.
fn holds_nothing(town: &mut Town, more: &[Address]) {
    let gateway = town.suite.gateway;
    let tokens = [
        town.world.usdc,
        town.world.usdt,
        town.world.wrapped_m,
        town.suite.usdai,
        town.suite.susdai,
    ];
    for token in tokens.iter().chain(more) {
        assert_eq!(town.balance(*token, gateway), U256::ZERO);
        for spender in [town.suite.usdai, town.suite.susdai] {
            assert_eq!(town.read(*token, &Erc20::allowanceCall { owner: gateway, spender }), U256::ZERO);
        }
    }
}

#[test]
fn the_journey_refuses_by_name() {
    let (mut town, alice) = town_with_alice();
    let (gateway, me, usdc, base) = (town.suite.gateway, alice.address(), town.world.usdc, town.world.wrapped_m);
    let good = journey(usdc, dollars6(100), me);
    let timestamp = town.now();
    for deadline in [U256::ZERO, timestamp - U256::ONE] {
        let late = Gateway::depositAndStakeCall { deadline, ..good.clone() };
        town.refuses(&alice, gateway, &late, &refusals::DeadlineExpired { deadline, timestamp });
    }
    town.refuses(&alice, gateway, &journey(usdc, U256::ZERO, me), &refusals::ZeroAmount {});
    town.refuses(&alice, gateway, &journey(ZERO, dollars6(1), me), &refusals::ZeroAddress {});
    town.refuses(&alice, gateway, &journey(usdc, dollars6(1), ZERO), &refusals::ZeroAddress {});
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
            let call = Gateway::depositAndStakeCall {
                minUsdai: minimum,
                ..good.clone()
            };
            if token == base {
                town.refuses(&alice, gateway, &call, &refusals::InsufficientOutput { amount: minted, minimum });
            } else {
                town.refuses(
                    &alice,
                    gateway,
                    &call,
                    &refusals::Error {
                        reason: "Too little received".into(),
                    },
                );
            }
            let call = Gateway::depositAndStakeCall {
                minUsdai: minted,
                minShares: minimum,
                ..good.clone()
            };
            town.refuses(&alice, gateway, &call, &refusals::SharesBelowMinimum { shares: minted, minimum });
        }
        let held = town.balance(token, me);
        for needed in [held + U256::ONE, U256::MAX] {
            let short = refusals::ERC20InsufficientBalance {
                sender: me,
                balance: held,
                needed,
            };
            town.refuses(&alice, gateway, &journey(token, needed, me), &short);
        }
    }
    let stranger = town.stranger.clone();
    let unallowed = refusals::ERC20InsufficientAllowance {
        spender: gateway,
        allowance: U256::ZERO,
        needed: dollars6(1),
    };
    town.refuses(&stranger, gateway, &journey(usdc, dollars6(1), stranger.address()), &unallowed);
    // USDai is not its own deposit, a share is none, and an account without code is no token.
    town.give_susdai(me, 10);
    town.give_usdai(me, 10);
    for token in [usdai, town.suite.susdai] {
        town.approve(&alice, token, gateway);
    }
    town.refuses(&alice, gateway, &journey(usdai, wad(1), me), &refusals::InvalidAddress {});
    let susdai = town.suite.susdai;
    town.refuses(
        &alice,
        gateway,
        &journey(susdai, wad(1), me),
        &refusals::TokenNotAllowed { token: susdai },
    );
    town.refuses(
        &alice,
        gateway,
        &journey(stranger.address(), wad(1), me),
        &refusals::MalformedReturn {},
    );
    let admin = town.cast.admin.address();
    town.scene(|town| {
        town.does(admin, usdai, &Usdai::setSupplyCapCall { supplyCap: U256::ZERO });
        town.refuses(&alice, gateway, &good, &refusals::SupplyCapExceeded {});
    });
    // In its last second it goes through.
    town.does(
        me,
        gateway,
        &Gateway::depositAndStakeCall {
            deadline: timestamp,
            ..good
        },
    );
    holds_nothing(&mut town, &[]);
}

#[test]
fn hostile_tokens_leave_nothing_behind() {
    let (mut town, alice) = town_with_alice();
    let (gateway, me) = (town.suite.gateway, alice.address());
    let token = town.hostile_token(1_000_000);
    town.does(
        me,
        token,
        &HostileToken::mintCall {
            to: me,
            amount: dollars6(1_000),
        },
    );
    town.approve(&alice, token, gateway);
    let call = journey(token, dollars6(100), me);
    let mode = |mode| HostileToken::setModeCall { mode };
    let honest = town.scene(|town| town.does(me, gateway, &call));
    town.does(me, token, &mode(token_mode::RETURN_FALSE));
    town.refuses(&alice, gateway, &call, &refusals::TokenCallFailed { token });
    town.does(me, token, &mode(token_mode::REVERT));
    town.refuses(&alice, gateway, &call, &refusals::Hostile {});
    town.does(me, token, &mode(token_mode::TAKE_FEE));
    town.refuses(&alice, gateway, &call, &refusals::Error { reason: "IIA".into() });

    // Re-entrant: with money of its own, and every right that it could have.
    town.give_usdc(token, dollars6(100));
    town.give_susdai(token, 10);
    town.does(
        token,
        town.world.usdc,
        &Erc20::approveCall {
            spender: gateway,
            value: U256::MAX,
        },
    );
    let ambush = |target, data: Vec<u8>| HostileToken::setAmbushCall { target, data: data.into() };
    town.does(me, token, &mode(token_mode::REENTER));
    let again = journey(town.world.usdc, dollars6(1), token).abi_encode();
    town.scene(|town| {
        town.does(me, token, &ambush(gateway, again));
        assert_eq!(town.does(me, gateway, &call), honest);
        assert!(town.read(token, &HostileToken::ambushedCall {}));
        assert!(!town.read(token, &HostileToken::ambushSucceededCall {}));
        assert_eq!(town.balance(town.suite.susdai, me), honest);
        holds_nothing(town, &[token]);
    });
    // It may stake on its own account in the middle of somebody else's journey, at the same price.
    let redeem = Vault::requestRedeemCall {
        shares: wad(10),
        controller: token,
        owner: token,
    }
    .abi_encode();
    town.does(me, token, &ambush(town.suite.susdai, redeem));
    assert_eq!(town.does(me, gateway, &call), honest);
    assert!(town.read(token, &HostileToken::ambushSucceededCall {}));
    holds_nothing(&mut town, &[token]);
}

/// What lies at the gateway is nobody's: a journey neither takes it nor stumbles over it.
#[test]
fn a_donation_to_the_gateway_changes_no_journey() {
    let (mut town, alice) = town_with_alice();
    let (gateway, me, usdc) = (town.suite.gateway, alice.address(), town.world.usdc);
    let call = journey(usdc, dollars6(100), me);
    let honest = town.scene(|town| town.does(me, gateway, &call));
    town.give_usdc(gateway, dollars6(7));
    town.give_usdai(gateway, 7);
    assert_eq!(town.does(me, gateway, &call), honest);
    assert_eq!(
        (town.balance(usdc, gateway), town.balance(town.suite.usdai, gateway)),
        (dollars6(7), wad(7))
    );
}

#[test]
fn a_sandwich_around_the_journey_is_bounded_by_its_minima() {
    let (mut town, alice) = town_with_alice();
    let (gateway, me, usdc, base) = (town.suite.gateway, alice.address(), town.world.usdc, town.world.wrapped_m);
    let attacker = town.stranger.address();
    town.give_usdc(me, dollars6(500_000));
    town.give_usdc(attacker, dollars6(8_000_000));
    let call = journey(usdc, dollars6(500_000), me);
    let fair = town.scene(|town| town.does(me, gateway, &call));
    let least = fair - fair / n(1_000);
    let bounded = Gateway::depositAndStakeCall {
        minUsdai: least,
        minShares: least,
        ..call
    };
    for front in [10_000, 500_000] {
        town.scene(|town| {
            town.swap(attacker, usdc, base, dollars6(front));
            assert!(town.does(me, gateway, &bounded) >= least);
        });
    }
    town.swap(attacker, usdc, base, dollars6(8_000_000));
    town.refuses(
        &alice,
        gateway,
        &bounded,
        &refusals::Error {
            reason: "Too little received".into(),
        },
    );
}

/// A permit of `amount` of `token` for `spender`, signed by `who`, as the gateway takes it.
fn permit(town: &mut Town, who: &Person, token: Address, spender: Address, amount: U256) -> (U256, u8, B256, B256) {
    let owner = who.address();
    let message = Permit {
        owner,
        spender,
        value: amount,
        nonce: town.read(token, &Erc20::noncesCall { owner }),
        deadline: U256::MAX,
    };
    let signed = town.sign(who, token, &message);
    (U256::MAX, signed.v, signed.r, signed.s)
}

#[test]
fn a_permit_saves_the_approval_and_serves_nobody_else() {
    let mut town = Town::deployed();
    let (alice, mallory) = (town.cast.depositor.clone(), town.stranger.clone());
    let (gateway, me, usdc, amount) = (town.suite.gateway, alice.address(), town.world.usdc, dollars6(100));
    town.give_usdc(me, dollars6(1_000));
    let signed = permit(&mut town, &alice, usdc, gateway, amount);
    let with = |permit, receiver| Gateway::depositAndStakeWithPermitCall {
        token: usdc,
        amount,
        minUsdai: U256::ZERO,
        minShares: U256::ZERO,
        receiver,
        deadline: U256::MAX,
        permit,
    };
    let unallowed = |allowance| refusals::ERC20InsufficientAllowance {
        spender: gateway,
        allowance,
        needed: amount,
    };
    // The gateway takes from its caller only, whoever's permit it is shown, and whoever is to receive.
    town.give_usdc(mallory.address(), amount);
    town.refuses(&mallory, gateway, &with(signed, mallory.address()), &unallowed(U256::ZERO));
    // A permit that does not say what is taken is none.
    for wrong in [
        permit(&mut town, &alice, usdc, gateway, amount - U256::ONE),
        permit(&mut town, &alice, usdc, me, amount),
        permit(&mut town, &mallory, usdc, gateway, amount),
    ] {
        town.refuses(&alice, gateway, &with(wrong, me), &unallowed(U256::ZERO));
    }
    // Used by somebody who is in the way, it has done its work.
    let honest = town.scene(|town| town.does(me, gateway, &with(signed, me)));
    let (deadline, v, r, s) = signed;
    let front_run = Erc20::permitCall {
        owner: me,
        spender: gateway,
        value: amount,
        deadline,
        v,
        r,
        s,
    };
    town.does(mallory.address(), usdc, &front_run);
    // Neither can anybody else spend the approval that lies there now.
    let journey = journey(usdc, amount, mallory.address());
    town.refuses(&mallory, gateway, &journey, &unallowed(U256::ZERO));
    assert_eq!(town.does(me, gateway, &with(signed, me)), honest);
    town.refuses(&alice, gateway, &with(signed, me), &unallowed(U256::ZERO));
    holds_nothing(&mut town, &[]);
}

#[test]
fn a_repayment_of_nothing_refuses_by_name() {
    let (mut town, alice) = town_with_alice();
    let (gateway, usdc) = (town.suite.gateway, town.world.usdc);
    let repay = Gateway::repayFromCall {
        token: usdc,
        amount: dollars6(100),
        minUsdai: U256::ZERO,
        loan: n(7),
        deadline: U256::MAX,
    };
    let deadline = town.now() - U256::ONE;
    let late = Gateway::repayFromCall { deadline, ..repay.clone() };
    let timestamp = town.now();
    town.refuses(&alice, gateway, &late, &refusals::DeadlineExpired { deadline, timestamp });
    let nothing = Gateway::repayFromCall {
        amount: U256::ZERO,
        ..repay.clone()
    };
    town.refuses(&alice, gateway, &nothing, &refusals::ZeroAmount {});
    let nobody = Gateway::repayFromCall {
        token: ZERO,
        ..repay.clone()
    };
    town.refuses(&alice, gateway, &nobody, &refusals::ZeroAddress {});
    let costly = Gateway::repayFromCall {
        minUsdai: U256::MAX,
        ..repay.clone()
    };
    let slippage = refusals::Error {
        reason: "Too little received".into(),
    };
    town.refuses(&alice, gateway, &costly, &slippage);
    // A loan that does not exist: what was taken and swapped is undone.
    town.refuses_somehow(alice.address(), gateway, U256::ZERO, repay.abi_encode(), "no loan");
    holds_nothing(&mut town, &[]);
}

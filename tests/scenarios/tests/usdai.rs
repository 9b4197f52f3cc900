//! USDai on its WASM: what it refuses, what a deposit and a withdrawal come to whatever the token and the market do.

#![allow(clippy::too_many_lines, reason = "a list of refusals is as long as what can go wrong")]

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolError, SolValue};
use scenarios::{
    abi::{token_mode, Adapter, BaseToken, Erc20, HostileToken, Permit, Usdai, Vault, Wired},
    hands::{n, scaled, wad},
    refusals, target,
    usdai_cli::{
        node::Person,
        protocol::{
            counterparts::dollars6,
            suite::{deploy_program, id},
        },
    },
    Town,
};

const ZERO: Address = Address::ZERO;

fn deposit(token: Address, amount: U256, minimum: U256, recipient: Address) -> Usdai::deposit_0Call {
    Usdai::deposit_0Call {
        depositToken: token,
        depositAmount: amount,
        usdaiAmountMinimum: minimum,
        recipient,
    }
}

fn deposit_with(token: Address, amount: U256, minimum: U256, recipient: Address, data: Vec<u8>) -> Usdai::deposit_1Call {
    Usdai::deposit_1Call {
        depositToken: token,
        depositAmount: amount,
        usdaiAmountMinimum: minimum,
        recipient,
        data: data.into(),
    }
}

fn withdraw(token: Address, amount: U256, minimum: U256, recipient: Address) -> Usdai::withdraw_0Call {
    Usdai::withdraw_0Call {
        withdrawToken: token,
        usdaiAmount: amount,
        withdrawAmountMinimum: minimum,
        recipient,
    }
}

fn withdraw_with(token: Address, amount: U256, minimum: U256, recipient: Address, data: Vec<u8>) -> Usdai::withdraw_1Call {
    Usdai::withdraw_1Call {
        withdrawToken: token,
        usdaiAmount: amount,
        withdrawAmountMinimum: minimum,
        recipient,
        data: data.into(),
    }
}

/// The path over pools of 0.01 %.
fn path(tokens: &[Address]) -> Vec<u8> {
    tokens
        .iter()
        .map(|token| token.to_vec())
        .collect::<Vec<_>>()
        .join([0, 0, 100].as_slice())
}

/// What `HostileToken` lets arrive when it takes its fee. No closure: rustc up to 1.96 can compile two calls of one closure with the same
/// large argument wrongly (rust-lang/rust#155241), and did so here.
fn less_fee(amount: U256) -> U256 {
    amount - amount / n(100)
}

/// Alice with 1,000 dollars of everything, and all of it approved to USDai.
fn town_with_alice() -> (Town, Person) {
    let mut town = Town::deployed();
    let alice = town.cast.depositor.clone();
    let (me, usdai) = (alice.address(), town.suite.usdai);
    town.give_usdai(me, 1_000);
    town.give_base(me, dollars6(1_000));
    town.give_usdc(me, dollars6(1_000));
    let (usdt, usdc, base) = (town.world.usdt, town.world.usdc, town.world.wrapped_m);
    town.does_silently(
        me,
        usdt,
        &HostileToken::mintCall {
            to: me,
            amount: dollars6(1_000),
        },
    );
    for token in [usdt, usdc, base] {
        town.does_silently(
            me,
            token,
            &Erc20::approveCall {
                spender: usdai,
                value: U256::MAX,
            },
        );
    }
    (town, alice)
}

/// U1.
fn is_backed(town: &mut Town) {
    let (usdai, base) = (town.suite.usdai, town.world.wrapped_m);
    let held = town.balance(base, usdai);
    let issued = town.read(usdai, &Erc20::totalSupplyCall {}) + town.read(usdai, &Usdai::bridgedSupplyCall {});
    assert!(scaled(held) >= issued, "{held} base units do not back {issued}");
}

#[test]
fn a_deposit_refuses_by_name() {
    let (mut town, alice) = town_with_alice();
    let (usdai, me, one) = (town.suite.usdai, alice.address(), dollars6(1));
    let (base, usdc, usdt) = (town.world.wrapped_m, town.world.usdc, town.world.usdt);
    for token in [base, usdc, usdt] {
        town.refuses(
            &alice,
            usdai,
            &deposit(token, U256::ZERO, U256::ZERO, me),
            &refusals::InvalidAmount {},
        );
        town.refuses(
            &alice,
            usdai,
            &deposit_with(token, U256::ZERO, U256::ZERO, me, vec![]),
            &refusals::InvalidAmount {},
        );
        for recipient in [ZERO, usdai] {
            town.refuses(
                &alice,
                usdai,
                &deposit(token, one, U256::ZERO, recipient),
                &refusals::InvalidAddress {},
            );
        }
    }
    for token in [ZERO, usdai] {
        town.refuses(&alice, usdai, &deposit(token, one, U256::ZERO, me), &refusals::InvalidAddress {});
        town.refuses(
            &alice,
            usdai,
            &deposit_with(token, one, U256::ZERO, me, vec![1]),
            &refusals::InvalidAddress {},
        );
    }

    // Tokens that nobody allowed, and what is no token at all.
    let stray = town.solidity("UsdcLike", &[]);
    town.does(me, stray, &HostileToken::mintCall { to: me, amount: one });
    town.does(
        me,
        stray,
        &Erc20::approveCall {
            spender: usdai,
            value: one,
        },
    );
    town.refuses(
        &alice,
        usdai,
        &deposit(stray, one, U256::ZERO, me),
        &refusals::TokenNotAllowed { token: stray },
    );
    town.refuses(
        &alice,
        usdai,
        &deposit(town.cast.keeper.address(), one, U256::ZERO, me),
        &refusals::MalformedReturn {},
    );

    // The caller's minimum: one wei too many.
    let low = |amount, minimum| refusals::InsufficientOutput { amount, minimum };
    for minimum in [wad(1) + U256::ONE, U256::MAX] {
        town.refuses(&alice, usdai, &deposit(base, one, minimum, me), &low(wad(1), minimum));
        town.refuses(&alice, usdai, &deposit_with(base, one, minimum, me, vec![9]), &low(wad(1), minimum));
    }
    let little = refusals::Error {
        reason: "Too little received".into(),
    };
    for token in [usdc, usdt] {
        let brought = town.scene(|town| town.does(me, usdai, &deposit(token, one, U256::ZERO, me)));
        for minimum in [brought + U256::ONE, wad(1), U256::MAX] {
            town.refuses(&alice, usdai, &deposit(token, one, minimum, me), &little);
        }
        assert_eq!(town.scene(|town| town.does(me, usdai, &deposit(token, one, brought, me))), brought);
    }

    // More than there is, more than is allowed: in the token's words.
    let held = town.balance(base, me);
    for needed in [held + U256::ONE, U256::MAX] {
        let short = refusals::ERC20InsufficientBalance {
            sender: me,
            balance: held,
            needed,
        };
        town.refuses(&alice, usdai, &deposit(base, needed, U256::ZERO, me), &short);
    }
    let held = town.balance(usdc, me);
    let short = refusals::ERC20InsufficientBalance {
        sender: me,
        balance: held,
        needed: U256::MAX,
    };
    town.refuses(&alice, usdai, &deposit(usdc, U256::MAX, U256::ZERO, me), &short);
    let underflow = refusals::Panic { code: U256::from(0x11) };
    town.refuses(&alice, usdai, &deposit(usdt, U256::MAX, U256::ZERO, me), &underflow);
    let stranger = town.stranger.clone();
    let other = stranger.address();
    for token in [base, usdc] {
        let unallowed = refusals::ERC20InsufficientAllowance {
            spender: usdai,
            allowance: U256::ZERO,
            needed: one,
        };
        town.refuses(&stranger, usdai, &deposit(token, one, U256::ZERO, other), &unallowed);
    }
    town.refuses(&stranger, usdai, &deposit(usdt, one, U256::ZERO, other), &underflow);

    // A path that does not lead from the token to the base token.
    let wrong = refusals::InvalidPath {
        tokenIn: usdc,
        tokenOut: base,
    };
    let good = path(&[usdc, base]);
    let mut long = good.clone();
    long.push(0);
    for data in [
        vec![1],
        path(&[base, usdc]),
        path(&[usdc, usdt]),
        path(&[usdt, base]),
        usdc.to_vec(),
        long,
        good[..42].to_vec(),
    ] {
        town.refuses(&alice, usdai, &deposit_with(usdc, one, U256::ZERO, me, data), &wrong);
    }
    assert!(!town.does(me, usdai, &deposit_with(usdc, one, U256::ZERO, me, good)).is_zero());
    is_backed(&mut town);
}

#[test]
fn a_withdrawal_refuses_by_name() {
    let (mut town, alice) = town_with_alice();
    let (usdai, me, one) = (town.suite.usdai, alice.address(), wad(1));
    let (base, usdc, usdt) = (town.world.wrapped_m, town.world.usdc, town.world.usdt);
    for token in [base, usdc, usdt] {
        for amount in [U256::ZERO, U256::ONE, n(999_999_999_999)] {
            town.refuses(&alice, usdai, &withdraw(token, amount, U256::ZERO, me), &refusals::InvalidAmount {});
            town.refuses(
                &alice,
                usdai,
                &withdraw_with(token, amount, U256::ZERO, me, vec![]),
                &refusals::InvalidAmount {},
            );
        }
        for recipient in [ZERO, usdai] {
            town.refuses(
                &alice,
                usdai,
                &withdraw(token, one, U256::ZERO, recipient),
                &refusals::InvalidAddress {},
            );
        }
        // What is burnt is a whole number of base units.
        let whole = U256::MAX / n(1_000_000_000_000) * n(1_000_000_000_000);
        for (amount, needed) in [(wad(1_001), wad(1_001)), (U256::MAX, whole)] {
            let short = refusals::ERC20InsufficientBalance {
                sender: me,
                balance: wad(1_000),
                needed,
            };
            town.refuses(&alice, usdai, &withdraw(token, amount, U256::ZERO, me), &short);
        }
    }
    for token in [ZERO, usdai] {
        town.refuses(&alice, usdai, &withdraw(token, one, U256::ZERO, me), &refusals::InvalidAddress {});
    }
    let stray = town.solidity("UsdcLike", &[]);
    town.refuses(
        &alice,
        usdai,
        &withdraw(stray, one, U256::ZERO, me),
        &refusals::TokenNotAllowed { token: stray },
    );

    for minimum in [dollars6(1) + U256::ONE, U256::MAX] {
        let low = refusals::InsufficientOutput {
            amount: dollars6(1),
            minimum,
        };
        town.refuses(&alice, usdai, &withdraw(base, one, minimum, me), &low);
        town.refuses(&alice, usdai, &withdraw_with(base, one, minimum, me, vec![9]), &low);
    }
    let little = refusals::Error {
        reason: "Too little received".into(),
    };
    for token in [usdc, usdt] {
        let brought = town.scene(|town| town.does(me, usdai, &withdraw(token, one, U256::ZERO, me)));
        for minimum in [brought + U256::ONE, U256::MAX] {
            town.refuses(&alice, usdai, &withdraw(token, one, minimum, me), &little);
        }
        assert_eq!(town.scene(|town| town.does(me, usdai, &withdraw(token, one, brought, me))), brought);
    }
    let wrong = refusals::InvalidPath {
        tokenIn: base,
        tokenOut: usdc,
    };
    for data in [vec![1], path(&[usdc, base]), path(&[base, usdt])] {
        town.refuses(&alice, usdai, &withdraw_with(usdc, one, U256::ZERO, me, data), &wrong);
    }
    assert!(!town
        .does(me, usdai, &withdraw_with(usdc, one, U256::ZERO, me, path(&[base, usdc])))
        .is_zero());
    is_backed(&mut town);
}

#[test]
fn what_is_less_than_a_base_unit_stays_with_the_holder() {
    let (mut town, alice) = town_with_alice();
    let (usdai, me, base) = (town.suite.usdai, alice.address(), town.world.wrapped_m);
    let dust = n(999_999_999_999);
    let before = town.balance(base, me);
    assert_eq!(town.does(me, usdai, &withdraw(base, wad(1) + dust, dollars6(1), me)), dollars6(1));
    assert_eq!(town.balance(base, me) - before, dollars6(1));
    assert_eq!(town.balance(usdai, me), wad(999));
}

#[test]
fn the_cap_stops_deposits_and_not_the_deposit_admin() {
    let (mut town, alice) = town_with_alice();
    let (usdai, me, admin, base) = (town.suite.usdai, alice.address(), town.cast.admin.clone(), town.world.wrapped_m);
    let supply = town.read(usdai, &Erc20::totalSupplyCall {});
    town.does(
        admin.address(),
        usdai,
        &Usdai::setSupplyCapCall {
            supplyCap: supply + wad(5),
        },
    );
    let full = refusals::SupplyCapExceeded {};
    town.refuses(&alice, usdai, &deposit(base, dollars6(5) + U256::ONE, U256::ZERO, me), &full);
    town.refuses(&alice, usdai, &deposit(town.world.usdc, dollars6(6), U256::ZERO, me), &full);
    town.does(me, usdai, &deposit(base, dollars6(5), wad(5), me));
    town.refuses(&alice, usdai, &deposit(base, U256::ONE, U256::ZERO, me), &full);
    // What crossed a bridge still counts.
    let grant = |account| scenarios::abi::Router::grantRoleCall {
        role: id("BRIDGE"),
        account,
    };
    town.does(admin.address(), town.suite.router, &grant(admin.address()));
    town.does(
        admin.address(),
        usdai,
        &Usdai::burnCall {
            from: me,
            amount: wad(100),
        },
    );
    town.refuses(&alice, usdai, &deposit(base, U256::ONE, U256::ZERO, me), &full);
    // A cap below what exists refuses deposits, and nothing else.
    town.does(admin.address(), usdai, &Usdai::setSupplyCapCall { supplyCap: U256::ZERO });
    town.refuses(&alice, usdai, &deposit(base, U256::ONE, U256::ZERO, me), &full);
    town.does(me, usdai, &withdraw(base, wad(1), dollars6(1), me));
    let role = scenarios::abi::Router::grantRoleCall {
        role: id("DEPOSIT_ADMIN"),
        account: me,
    };
    town.does(admin.address(), town.suite.router, &role);
    assert_eq!(town.does(me, usdai, &deposit(base, dollars6(1), wad(1), me)), wad(1));
    is_backed(&mut town);
}

#[test]
fn bridge_and_parameters_refuse_by_name() {
    let (mut town, alice) = town_with_alice();
    let (usdai, me, admin) = (town.suite.usdai, alice.address(), town.cast.admin.clone());
    let stranger = town.stranger.clone();
    let no_role = |account: Address, role| refusals::Unauthorized { account, role: id(role) };
    for who in [&stranger, &admin, &alice] {
        let refusal = no_role(who.address(), "BRIDGE");
        town.refuses(who, usdai, &Usdai::mintCall { to: me, amount: wad(1) }, &refusal);
        town.refuses(who, usdai, &Usdai::burnCall { from: me, amount: wad(1) }, &refusal);
    }
    for who in [&stranger, &alice] {
        let refusal = no_role(who.address(), "ADMIN");
        town.refuses(who, usdai, &Usdai::setSupplyCapCall { supplyCap: U256::ZERO }, &refusal);
        town.refuses(who, usdai, &Usdai::setAdminFeeCall { bps: U256::ZERO }, &refusal);
    }
    for bps in [n(2_001), n(65_536 + 1), U256::MAX] {
        let refusal = refusals::AdminFeeTooHigh { bps, maximum: n(2_000) };
        town.refuses(&admin, usdai, &Usdai::setAdminFeeCall { bps }, &refusal);
    }
    town.does(admin.address(), usdai, &Usdai::setAdminFeeCall { bps: n(2_000) });
    assert_eq!(town.read(usdai, &Usdai::adminFeeCall {}), n(2_000));

    let bridge = town.cast.keeper.clone();
    let grant = scenarios::abi::Router::grantRoleCall {
        role: id("BRIDGE"),
        account: bridge.address(),
    };
    town.does(admin.address(), town.suite.router, &grant);
    town.refuses(
        &bridge,
        usdai,
        &Usdai::mintCall {
            to: me,
            amount: U256::ZERO,
        },
        &refusals::InvalidAmount {},
    );
    town.refuses(
        &bridge,
        usdai,
        &Usdai::burnCall {
            from: me,
            amount: U256::ZERO,
        },
        &refusals::InvalidAmount {},
    );
    for amount in [U256::ONE, U256::MAX] {
        let more = refusals::InsufficientBridgedSupply {
            bridgedSupply: U256::ZERO,
            amount,
        };
        town.refuses(&bridge, usdai, &Usdai::mintCall { to: me, amount }, &more);
    }
    for amount in [wad(1_000) + U256::ONE, U256::MAX] {
        let short = refusals::ERC20InsufficientBalance {
            sender: me,
            balance: wad(1_000),
            needed: amount,
        };
        town.refuses(&bridge, usdai, &Usdai::burnCall { from: me, amount }, &short);
    }
    let nobody = refusals::ERC20InvalidSender { sender: ZERO };
    town.refuses(
        &bridge,
        usdai,
        &Usdai::burnCall {
            from: ZERO,
            amount: U256::ONE,
        },
        &nobody,
    );
    town.does(
        bridge.address(),
        usdai,
        &Usdai::burnCall {
            from: me,
            amount: wad(400),
        },
    );
    assert_eq!(town.read(usdai, &Usdai::bridgedSupplyCall {}), wad(400));
    is_backed(&mut town);
    let nobody = refusals::ERC20InvalidReceiver { receiver: ZERO };
    town.refuses(&bridge, usdai, &Usdai::mintCall { to: ZERO, amount: wad(1) }, &nobody);
    let more = refusals::InsufficientBridgedSupply {
        bridgedSupply: wad(400),
        amount: wad(400) + U256::ONE,
    };
    town.refuses(
        &bridge,
        usdai,
        &Usdai::mintCall {
            to: me,
            amount: wad(400) + U256::ONE,
        },
        &more,
    );
    town.does(bridge.address(), usdai, &Usdai::mintCall { to: me, amount: wad(400) });
    assert_eq!(town.balance(usdai, me), wad(1_000));
    is_backed(&mut town);
}

#[test]
fn transfers_allowances_and_permits_refuse_by_name() {
    let (mut town, alice) = town_with_alice();
    let usdai = town.suite.usdai;
    town.refuses_bad_erc20_calls(usdai, &alice);
    town.refuses_bad_permits(usdai, &alice);
}

#[test]
fn a_permit_pays_for_a_stake_in_another_transaction() {
    let (mut town, alice) = town_with_alice();
    let (usdai, susdai, me) = (town.suite.usdai, town.suite.susdai, alice.address());
    let permit = Permit {
        owner: me,
        spender: susdai,
        value: wad(3),
        nonce: U256::ZERO,
        deadline: U256::MAX,
    };
    let signature = town.sign(&alice, usdai, &permit);
    let call = Erc20::permitCall {
        owner: me,
        spender: susdai,
        value: wad(3),
        deadline: U256::MAX,
        v: signature.v,
        r: signature.r,
        s: signature.s,
    };
    let stranger = town.stranger.address();
    town.does(stranger, usdai, &call);
    town.does(
        me,
        susdai,
        &Vault::deposit_0Call {
            assets: wad(3),
            receiver: me,
        },
    );
    assert_eq!(
        town.read(
            usdai,
            &Erc20::allowanceCall {
                owner: me,
                spender: susdai
            }
        ),
        U256::ZERO
    );
}

#[test]
fn harvest_is_anybodys_and_mints_no_more_than_arrived() {
    let (mut town, _) = town_with_alice();
    let (usdai, susdai, base, stranger) = (town.suite.usdai, town.suite.susdai, town.world.wrapped_m, town.stranger.address());
    // Nothing has accrued: nothing happens.
    let before = town.node.chain.fingerprint(&[stranger]);
    let claimed = town.does(stranger, usdai, &Usdai::harvestCall {});
    assert_eq!(claimed, U256::ZERO);
    assert_eq!(before, town.node.chain.fingerprint(&[stranger]));
    town.node.chain.advance(86_400 * 30);
    let earned = town.read(base, &BaseToken::accruedYieldOfCall { account: usdai });
    assert!(!earned.is_zero());
    let minted = town.scene(|town| town.does(stranger, usdai, &Usdai::harvestCall {}));
    assert_eq!(minted, scaled(U256::from(earned)));
    // It makes no difference who claims it for USDai first; a second harvest brings nothing.
    town.does(stranger, base, &BaseToken::claimForCall { account: usdai });
    let supply = town.read(usdai, &Erc20::totalSupplyCall {});
    assert_eq!(town.does(stranger, usdai, &Usdai::harvestCall {}), minted);
    assert_eq!(town.does(stranger, usdai, &Usdai::harvestCall {}), U256::ZERO);
    assert_eq!(town.read(usdai, &Erc20::totalSupplyCall {}), supply + minted);
    // The treasury's part is rounded down; the rest is the vault's and vests.
    let fee = minted * town.read(usdai, &Usdai::adminFeeCall {}) / n(10_000);
    let treasury = town.cast.treasury.address();
    assert_eq!(town.balance(usdai, treasury), fee);
    assert_eq!(town.balance(usdai, susdai), minted - fee);
    assert_eq!(town.read(susdai, &Vault::unvestedCall {}), minted - fee);
    is_backed(&mut town);
}

#[test]
fn usdt_returns_nothing_and_is_taken_and_given_again_and_again() {
    let (mut town, alice) = town_with_alice();
    let (usdai, me, usdt, adapter) = (town.suite.usdai, alice.address(), town.world.usdt, town.suite.swap_adapter);
    for _ in 0..2 {
        let minted = town.does(me, usdai, &deposit(usdt, dollars6(100), wad(99), me));
        assert!(minted > wad(99) && minted < wad(100));
        let before = town.balance(usdt, me);
        let paid = town.does(me, usdai, &withdraw(usdt, minted, dollars6(99), me));
        assert_eq!(town.balance(usdt, me) - before, paid);
    }
    // An allowance that stayed would be refused the next time.
    for (owner, spender) in [(usdai, adapter), (adapter, town.world.swap_router)] {
        assert_eq!(town.read(usdt, &Erc20::allowanceCall { owner, spender }), U256::ZERO);
    }
    is_backed(&mut town);
}

#[test]
fn a_hostile_token_gets_what_it_is_worth() {
    let (mut town, alice) = town_with_alice();
    let (usdai, me) = (town.suite.usdai, alice.address());
    let token = town.hostile_token(1_000_000);
    town.does(
        me,
        token,
        &HostileToken::mintCall {
            to: me,
            amount: dollars6(1_000),
        },
    );
    town.does(
        me,
        token,
        &Erc20::approveCall {
            spender: usdai,
            value: U256::MAX,
        },
    );
    let mode = |mode| HostileToken::setModeCall { mode };
    town.does(me, usdai, &deposit(token, dollars6(100), wad(99), me));
    let (given, asked) = (dollars6(10), wad(10));

    // Returning false: refused by the adapter's or USDai's own word, on the way out by the pool's.
    town.does(me, token, &mode(token_mode::RETURN_FALSE));
    town.refuses(
        &alice,
        usdai,
        &deposit(token, given, U256::ZERO, me),
        &refusals::TokenCallFailed { token },
    );
    let pool = refusals::Error { reason: "TF".into() };
    town.refuses(&alice, usdai, &withdraw(token, asked, U256::ZERO, me), &pool);
    // Reverting: its own words, or the pool's.
    town.does(me, token, &mode(token_mode::REVERT));
    town.refuses(&alice, usdai, &deposit(token, given, U256::ZERO, me), &refusals::Hostile {});
    town.refuses(&alice, usdai, &withdraw(token, asked, U256::ZERO, me), &pool);
    // A fee on transfer: the pool gets less than it asked for and refuses; on the way out what arrives counts.
    town.does(me, token, &mode(token_mode::TAKE_FEE));
    let short = refusals::Error { reason: "IIA".into() };
    town.refuses(&alice, usdai, &deposit(token, given, U256::ZERO, me), &short);
    let honest = town.scene(|town| {
        town.does(me, token, &mode(token_mode::HONEST));
        town.does(me, usdai, &withdraw(token, asked, U256::ZERO, me))
    });
    let here = less_fee(honest);
    let there = less_fee(here);
    // Less than the minimum reaches USDai; enough reaches USDai, and too little the recipient.
    for (minimum, amount) in [(honest, here), (here, there), (there + U256::ONE, there)] {
        town.refuses(
            &alice,
            usdai,
            &withdraw(token, asked, minimum, me),
            &refusals::InsufficientOutput { amount, minimum },
        );
    }
    let before = town.balance(token, me);
    assert_eq!(town.does(me, usdai, &withdraw(token, asked, there, me)), there);
    assert_eq!(town.balance(token, me) - before, there);
    is_backed(&mut town);
}

/// A re-entrant token strikes wherever it is moved: while USDai takes it, and in the middle of a swap.
#[test]
fn a_reentrant_token_changes_nothing_twice() {
    let (mut town, alice) = town_with_alice();
    let (usdai, me, usdc, base) = (town.suite.usdai, alice.address(), town.world.usdc, town.world.wrapped_m);
    let token = town.hostile_token(1_000_000);
    town.does(
        me,
        token,
        &HostileToken::mintCall {
            to: me,
            amount: dollars6(1_000),
        },
    );
    town.does(
        me,
        token,
        &Erc20::approveCall {
            spender: usdai,
            value: U256::MAX,
        },
    );
    // The token has money of its own, so that what it tries would work at any other moment.
    town.give_usdai(token, 100);
    town.give_usdc(token, dollars6(100));
    for spend in [usdc, token, base] {
        town.does(
            token,
            spend,
            &Erc20::approveCall {
                spender: usdai,
                value: U256::MAX,
            },
        );
    }
    town.give_base(token, dollars6(100));
    town.does(
        token,
        usdai,
        &Erc20::approveCall {
            spender: town.suite.susdai,
            value: U256::MAX,
        },
    );
    town.does(
        token,
        usdc,
        &Erc20::approveCall {
            spender: town.suite.gateway,
            value: U256::MAX,
        },
    );

    let (susdai, gateway, adapter) = (town.suite.susdai, town.suite.gateway, town.suite.swap_adapter);
    let stake = Vault::deposit_0Call {
        assets: wad(1),
        receiver: token,
    }
    .abi_encode();
    let journey = scenarios::abi::Gateway::depositAndStakeCall {
        token: usdc,
        amount: dollars6(1),
        minUsdai: U256::ZERO,
        minShares: U256::ZERO,
        receiver: token,
        deadline: U256::MAX,
    };
    let ambushes: Vec<(Address, Vec<u8>)> = vec![
        (usdai, deposit(base, dollars6(1), U256::ZERO, token).abi_encode()),
        (usdai, deposit(usdc, dollars6(1), U256::ZERO, token).abi_encode()),
        (usdai, withdraw(base, wad(1), U256::ZERO, token).abi_encode()),
        (usdai, Usdai::harvestCall {}.abi_encode()),
        (usdai, Erc20::transferCall { to: me, value: wad(1) }.abi_encode()),
        (
            usdai,
            Erc20::approveCall {
                spender: me,
                value: wad(1),
            }
            .abi_encode(),
        ),
        (susdai, stake),
        (gateway, journey.abi_encode()),
        (
            adapter,
            Adapter::swapInCall {
                inputToken: usdc,
                inputAmount: dollars6(1),
                minBaseAmount: U256::ZERO,
                data: Bytes::new(),
            }
            .abi_encode(),
        ),
    ];
    // Where it strikes: taken by USDai; crossed by the swap of another token in; paid out by a pool.
    let over = |from: Address| path(&[from, token, if from == usdc { base } else { usdc }]);
    let strikes: Vec<Vec<u8>> = vec![
        deposit(token, dollars6(10), U256::ZERO, me).abi_encode(),
        deposit_with(usdc, dollars6(10), U256::ZERO, me, over(usdc)).abi_encode(),
        withdraw(token, wad(10), U256::ZERO, me).abi_encode(),
        withdraw_with(usdc, wad(10), U256::ZERO, me, over(base)).abi_encode(),
    ];
    let play = |town: &mut Town, mode: u8, strike: &[u8], (target, data): &(Address, Vec<u8>)| {
        town.scene(|town| {
            town.does(
                me,
                token,
                &HostileToken::setAmbushCall {
                    target: *target,
                    data: data.clone().into(),
                },
            );
            town.does(me, token, &HostileToken::setModeCall { mode });
            let receipt = town.raw(me, usdai, U256::ZERO, strike.to_vec());
            assert!(receipt.success, "{receipt:?}");
            let struck = town.read(token, &HostileToken::ambushedCall {});
            let won = town.read(token, &HostileToken::ambushSucceededCall {});
            let state = [usdai, susdai, usdc, base].map(|of| [me, token, usdai, susdai].map(|who| town.balance(of, who)));
            is_backed(town);
            (struck, won, receipt.output, state)
        })
    };
    for ambush in &ambushes {
        // At any other moment it works: it is the moment that is refused. The adapter's functions are USDai's alone.
        let data = ambush.1.clone();
        let alone = town.scene(|town| town.raw(token, ambush.0, U256::ZERO, data));
        assert_eq!(alone.success, ambush.0 != adapter, "{alone:?}");
        for strike in &strikes {
            let (_, _, output, state) = play(&mut town, token_mode::HONEST, strike, ambush);
            let attacked = play(&mut town, token_mode::REENTER, strike, ambush);
            assert_eq!(attacked, (true, false, output, state), "{:?}", Bytes::from(ambush.1.clone()));
        }
    }
}

/// USDai's own yield, claimed in the middle of a swap by a token that the path crosses, is the stakers' and not the depositor's.
#[test]
fn yield_claimed_during_a_swap_is_not_the_depositors() {
    let (mut town, alice) = town_with_alice();
    let (usdai, me, usdc, base) = (town.suite.usdai, alice.address(), town.world.usdc, town.world.wrapped_m);
    let token = town.hostile_token(1_000_000);
    town.node.chain.advance(86_400 * 365 / 2);
    let earned = U256::from(town.read(base, &BaseToken::accruedYieldOfCall { account: usdai }));
    assert!(earned > dollars6(1));
    let call = deposit_with(usdc, dollars6(10), U256::ZERO, me, path(&[usdc, token, base]));
    let honest = town.scene(|town| town.does(me, usdai, &call));
    let claim = BaseToken::claimForCall { account: usdai }.abi_encode();
    town.does(
        me,
        token,
        &HostileToken::setAmbushCall {
            target: base,
            data: claim.into(),
        },
    );
    town.does(me, token, &HostileToken::setModeCall { mode: token_mode::REENTER });
    assert_eq!(town.does(me, usdai, &call), honest);
    assert!(town.read(token, &HostileToken::ambushSucceededCall {}), "the yield was claimed");
    let harvested = town.does(me, usdai, &Usdai::harvestCall {});
    assert!(harvested >= scaled(earned), "{harvested} of {earned}");
    is_backed(&mut town);
}

#[test]
fn a_sandwich_costs_no_more_than_the_minimum_allows() {
    let (mut town, alice) = town_with_alice();
    let (usdai, me, usdc, base) = (town.suite.usdai, alice.address(), town.world.usdc, town.world.wrapped_m);
    let attacker = town.stranger.address();
    town.give_usdc(me, dollars6(1_000_000));
    town.give_usdc(attacker, dollars6(8_000_000));
    town.give_base(attacker, dollars6(8_000_000));
    let amount = dollars6(1_000_000);
    let fair = town.scene(|town| town.does(me, usdai, &deposit(usdc, amount, U256::ZERO, me)));
    let least = fair - fair / n(1_000);
    let little = refusals::Error {
        reason: "Too little received".into(),
    };
    for front in [100_000u64, 1_000_000, 5_000_000, 8_000_000] {
        town.scene(|town| {
            town.swap(attacker, usdc, base, dollars6(front));
            match town.attempt(me, usdai, &deposit(usdc, amount, least, me)) {
                Ok(receipt) => assert!(U256::from_be_slice(&receipt.output) >= least),
                Err(refusal) => assert_eq!(refusal.data().to_vec(), little.abi_encode()),
            }
            is_backed(town);
        });
    }
    // The large ones are refused, so this is no empty promise.
    town.swap(attacker, usdc, base, dollars6(8_000_000));
    town.refuses(&alice, usdai, &deposit(usdc, amount, least, me), &little);
    // The same out: dollars for USDai while the pool is tilted the other way.
    town.swap(attacker, base, usdc, dollars6(8_000_000));
    town.give_usdai(me, 1_000_000);
    let fair = town.scene(|town| town.does(me, usdai, &withdraw(usdc, wad(1_000_000), U256::ZERO, me)));
    let least = fair - fair / n(1_000);
    town.swap(attacker, base, usdc, dollars6(7_000_000));
    town.refuses(&alice, usdai, &withdraw(usdc, wad(1_000_000), least, me), &little);
}

/// The real base token is none of these; a USDai on a base token that turns hostile still credits what arrives and moves once.
#[test]
fn a_hostile_base_token_gets_what_it_is_worth() {
    let (mut town, alice) = town_with_alice();
    let (me, admin) = (alice.address(), town.cast.admin.clone());
    let token = town.solidity("HostileToken", n(6).to_be_bytes::<32>().as_slice());
    let deployer = town.solidity("StylusDeployer", &[]);
    let arguments = (town.suite.router, token).abi_encode_params();
    let usdai = deploy_program(&mut town.node, &target(), &admin, deployer, "usdai", &arguments)
        .unwrap()
        .0;
    town.does(me, usdai, &Wired::wireCall {});
    for who in [me, token] {
        town.does(
            me,
            token,
            &HostileToken::mintCall {
                to: who,
                amount: dollars6(1_000),
            },
        );
        town.does(
            who,
            token,
            &Erc20::approveCall {
                spender: usdai,
                value: U256::MAX,
            },
        );
        town.does(who, usdai, &deposit(token, dollars6(100), wad(100), who));
    }
    let mode = |mode| HostileToken::setModeCall { mode };
    let (put, take) = (
        deposit(token, dollars6(10), U256::ZERO, me),
        withdraw(token, wad(10), U256::ZERO, me),
    );

    for (turn, error) in [
        (token_mode::RETURN_FALSE, refusals::TokenCallFailed { token }.abi_encode()),
        (token_mode::REVERT, refusals::Hostile {}.abi_encode()),
    ] {
        town.does(me, token, &mode(turn));
        town.refuses_raw(me, usdai, U256::ZERO, put.abi_encode(), &error, "a deposit");
        town.refuses_raw(me, usdai, U256::ZERO, take.abi_encode(), &error, "a withdrawal");
    }
    town.does(me, token, &mode(token_mode::TAKE_FEE));
    let arrives = less_fee(dollars6(10));
    for (minimum, amount) in [(wad(10), scaled(arrives)), (scaled(arrives) + U256::ONE, scaled(arrives))] {
        let low = refusals::InsufficientOutput { amount, minimum };
        town.refuses(&alice, usdai, &deposit(token, dollars6(10), minimum, me), &low);
    }
    for minimum in [dollars6(10), arrives + U256::ONE] {
        let low = refusals::InsufficientOutput { amount: arrives, minimum };
        town.refuses(&alice, usdai, &withdraw(token, wad(10), minimum, me), &low);
    }
    assert_eq!(town.scene(|town| town.does(me, usdai, &put)), scaled(arrives));
    assert_eq!(town.scene(|town| town.does(me, usdai, &take)), arrives);

    let attempts = [
        deposit(token, dollars6(1), U256::ZERO, token).abi_encode(),
        withdraw(token, wad(1), U256::ZERO, token).abi_encode(),
        Erc20::transferCall { to: me, value: wad(1) }.abi_encode(),
        Wired::wireCall {}.abi_encode(),
    ];
    let play = |town: &mut Town, turn: u8, strike: Vec<u8>, attempt: Vec<u8>| {
        town.scene(|town| {
            town.does(
                me,
                token,
                &HostileToken::setAmbushCall {
                    target: usdai,
                    data: attempt.into(),
                },
            );
            town.does(me, token, &mode(turn));
            let receipt = town.raw(me, usdai, U256::ZERO, strike);
            assert!(receipt.success, "{receipt:?}");
            let won = town.read(token, &HostileToken::ambushSucceededCall {});
            let balances = [usdai, token].map(|of| [me, token, usdai].map(|who| town.balance(of, who)));
            let supply = town.read(usdai, &Erc20::totalSupplyCall {});
            assert!(scaled(town.balance(token, usdai)) >= supply, "U1");
            (won, receipt.output, balances, supply)
        })
    };
    for attempt in &attempts {
        for strike in [put.abi_encode(), take.abi_encode()] {
            let honest = play(&mut town, token_mode::HONEST, strike.clone(), attempt.clone());
            assert_eq!(play(&mut town, token_mode::REENTER, strike, attempt.clone()), honest);
        }
    }
}

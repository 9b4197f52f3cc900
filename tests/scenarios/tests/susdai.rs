//! The sUSDai vault on its WASM: what it refuses, and what nobody can do to its price.

#![allow(clippy::too_many_lines, reason = "a list of refusals is as long as what can go wrong")]

use alloy_primitives::{Address, U256};
use scenarios::{
    abi::{Erc20, Queue, Usdai, Vault},
    hands::{n, wad},
    refusals,
    usdai_cli::{node::Person, protocol::counterparts::dollars6},
    Town,
};

const ZERO: Address = Address::ZERO;

fn deposit(assets: U256, receiver: Address) -> Vault::deposit_0Call {
    Vault::deposit_0Call { assets, receiver }
}

fn request(shares: U256, controller: Address, owner: Address) -> Vault::requestRedeemCall {
    Vault::requestRedeemCall { shares, controller, owner }
}

fn redeem(shares: U256, receiver: Address, controller: Address) -> Vault::redeemCall {
    Vault::redeemCall {
        shares,
        receiver,
        controller,
    }
}

fn withdraw(assets: U256, receiver: Address, controller: Address) -> Vault::withdrawCall {
    Vault::withdrawCall {
        assets,
        receiver,
        controller,
    }
}

/// Alice with 1,000 sUSDai and 1,000 USDai, all of it approved to the vault.
fn town_with_alice() -> (Town, Person) {
    let mut town = Town::deployed();
    let alice = town.cast.depositor.clone();
    let (me, usdai, susdai) = (alice.address(), town.suite.usdai, town.suite.susdai);
    town.give_susdai(me, 1_000);
    town.give_usdai(me, 1_000);
    town.approve(&alice, usdai, susdai);
    (town, alice)
}

/// Income that has vested, so that a share is worth more than 1.
fn income(town: &mut Town, whole: u64) {
    let (base, usdai, anybody) = (town.world.wrapped_m, town.suite.usdai, town.stranger.address());
    town.give_base(usdai, dollars6(whole));
    town.does(anybody, usdai, &Usdai::harvestCall {});
    town.node.chain.advance(7 * 86_400);
    assert!(town.balance(base, usdai) > U256::ZERO);
    let price = town.read(town.suite.susdai, &Vault::redemptionSharePriceCall {});
    assert!(price > wad(1));
}

#[test]
fn entry_refuses_by_name() {
    let (mut town, alice) = town_with_alice();
    let (susdai, me) = (town.suite.susdai, alice.address());
    income(&mut town, 100);
    town.refuses(&alice, susdai, &deposit(U256::ZERO, me), &refusals::ZeroAmount {});
    town.refuses(
        &alice,
        susdai,
        &Vault::mint_0Call {
            shares: U256::ZERO,
            receiver: me,
        },
        &refusals::ZeroAmount {},
    );
    let nobody = refusals::ERC20InvalidReceiver { receiver: ZERO };
    town.refuses(&alice, susdai, &deposit(wad(1), ZERO), &nobody);
    town.refuses(
        &alice,
        susdai,
        &Vault::mint_0Call {
            shares: wad(1),
            receiver: ZERO,
        },
        &nobody,
    );
    // A wei buys no share now.
    town.refuses(&alice, susdai, &deposit(U256::ONE, me), &refusals::ZeroShares { assets: U256::ONE });

    let shares = town.read(susdai, &Vault::previewDepositCall { assets: wad(10) });
    for minimum in [shares + U256::ONE, U256::MAX] {
        let low = refusals::SharesBelowMinimum { shares, minimum };
        town.refuses(
            &alice,
            susdai,
            &Vault::deposit_1Call {
                assets: wad(10),
                receiver: me,
                minShares: minimum,
            },
            &low,
        );
    }
    let enough = Vault::deposit_1Call {
        assets: wad(10),
        receiver: me,
        minShares: shares,
    };
    assert_eq!(town.scene(|town| town.does(me, susdai, &enough)), shares);
    let assets = town.read(susdai, &Vault::previewMintCall { shares: wad(10) });
    for maximum in [assets - U256::ONE, U256::ZERO] {
        let high = refusals::AssetsAboveMaximum { assets, maximum };
        town.refuses(
            &alice,
            susdai,
            &Vault::mint_1Call {
                shares: wad(10),
                receiver: me,
                maxAssets: maximum,
            },
            &high,
        );
    }
    let enough = Vault::mint_1Call {
        shares: wad(10),
        receiver: me,
        maxAssets: assets,
    };
    assert_eq!(town.scene(|town| town.does(me, susdai, &enough)), assets);

    // More than there is, more than is allowed, more than can be counted.
    let held = wad(1_000);
    let short = refusals::ERC20InsufficientBalance {
        sender: me,
        balance: held,
        needed: held + U256::ONE,
    };
    town.refuses(&alice, susdai, &deposit(held + U256::ONE, me), &short);
    let stranger = town.stranger.clone();
    let unallowed = refusals::ERC20InsufficientAllowance {
        spender: susdai,
        allowance: U256::ZERO,
        needed: wad(1),
    };
    town.refuses(&stranger, susdai, &deposit(wad(1), stranger.address()), &unallowed);
    town.refuses(
        &alice,
        susdai,
        &Vault::mint_0Call {
            shares: U256::MAX,
            receiver: me,
        },
        &refusals::ArithmeticOverflow {},
    );
    let book = n(u128::MAX);
    let supply = town.read(susdai, &Erc20::totalSupplyCall {});
    let shares = town.read(susdai, &Vault::convertToSharesCall { assets: U256::MAX });
    let beyond = refusals::AboveMaximum {
        value: supply + shares,
        maximum: book,
    };
    town.refuses(&alice, susdai, &deposit(U256::MAX, me), &beyond);
    let beyond = refusals::AboveMaximum {
        value: supply + book,
        maximum: book,
    };
    town.refuses(
        &alice,
        susdai,
        &Vault::mint_0Call {
            shares: book,
            receiver: me,
        },
        &beyond,
    );
    // And what `maxDeposit` and `maxMint` say is not too much to ask, only to pay.
    let most = town.read(susdai, &Vault::maxDepositCall { receiver: me });
    let short = refusals::ERC20InsufficientBalance {
        sender: me,
        balance: held,
        needed: most,
    };
    town.refuses(&alice, susdai, &deposit(most, me), &short);

    town.refuses(
        &alice,
        susdai,
        &Vault::previewRedeemCall { shares: wad(1) },
        &refusals::PreviewUnsupported {},
    );
    town.refuses(
        &alice,
        susdai,
        &Vault::previewWithdrawCall { assets: wad(1) },
        &refusals::PreviewUnsupported {},
    );
}

/// As FiLo books it: all that is there is lent, expected not to come back, and then lost.
#[test]
fn after_a_total_loss_the_vault_refuses_entry_and_stays_usable() {
    let (mut town, alice) = town_with_alice();
    let (susdai, filo, me) = (town.suite.susdai, town.suite.filo, alice.address());
    let all = wad(1_000);
    let draw = Vault::drawLoanCall {
        principal: all,
        rate: U256::ZERO,
        receiver: filo,
    };
    town.does(filo, susdai, &draw);
    let mark = Vault::markLoanCall {
        accrual: U256::ZERO,
        oldRate: U256::ZERO,
        newRate: U256::ZERO,
        oldImpairment: U256::ZERO,
        newImpairment: all,
    };
    town.does(filo, susdai, &mark);
    // Nobody can enter; what is there has its face value all the same, until it is lost for good.
    let price = |town: &mut Town| town.read(susdai, &Vault::depositSharePriceCall {});
    assert_eq!(price(&mut town), wad(1));
    let write_off = Vault::writeOffCall {
        principal: all,
        impairment: all,
    };
    town.does(filo, susdai, &write_off);
    assert!(price(&mut town) < n(1_001));
    let lost = refusals::NoAssetsBehindShares { totalShares: wad(1_000) };
    town.refuses(&alice, susdai, &deposit(wad(1), me), &lost);
    town.refuses(
        &alice,
        susdai,
        &Vault::mint_0Call {
            shares: wad(1),
            receiver: me,
        },
        &lost,
    );
    assert_eq!(town.read(susdai, &Vault::maxDepositCall { receiver: me }), U256::ZERO);
    assert_eq!(town.read(susdai, &Vault::maxMintCall { receiver: me }), U256::ZERO);
    town.does(me, susdai, &request(wad(500), me, me));
    town.does(me, susdai, &Erc20::transferCall { to: susdai, value: wad(1) });
    // There is value again.
    let usdai = town.suite.usdai;
    town.give_usdai(susdai, 100);
    town.does(usdai, susdai, &Vault::notifyYieldCall { assets: wad(100) });
    town.node.chain.advance(86_400);
    assert!(!town.does(me, susdai, &deposit(wad(1), me)).is_zero());
}

#[test]
fn requests_and_claims_refuse_by_name() {
    let (mut town, alice) = town_with_alice();
    let (susdai, me, stranger) = (town.suite.susdai, alice.address(), town.stranger.clone());
    let other = stranger.address();
    town.refuses(&alice, susdai, &request(U256::ZERO, me, me), &refusals::ZeroAmount {});
    for shares in [wad(1_000) + U256::ONE, U256::MAX] {
        let short = refusals::ERC20InsufficientBalance {
            sender: me,
            balance: wad(1_000),
            needed: shares,
        };
        town.refuses(&alice, susdai, &request(shares, me, me), &short);
    }
    // Nobody opens a position for another.
    for controller in [other, ZERO, town.suite.qev] {
        let refusal = refusals::NotControllerOrOperator { caller: me, controller };
        town.refuses(&alice, susdai, &request(wad(1), controller, me), &refusal);
    }
    // Nor of another's shares.
    for owner in [me, ZERO] {
        let refusal = refusals::ERC20InsufficientAllowance {
            spender: other,
            allowance: U256::ZERO,
            needed: wad(1),
        };
        town.refuses(&stranger, susdai, &request(wad(1), other, owner), &refusal);
    }
    town.refuses(
        &alice,
        susdai,
        &Vault::setOperatorCall {
            operator: ZERO,
            approved: true,
        },
        &refusals::ZeroAddress {},
    );
    town.refuses(
        &alice,
        susdai,
        &Vault::setOperatorCall {
            operator: ZERO,
            approved: false,
        },
        &refusals::ZeroAddress {},
    );

    let id = town.does(me, susdai, &request(wad(400), me, me));
    assert_eq!(
        town.read(
            susdai,
            &Vault::pendingRedeemRequestCall {
                requestId: id,
                controller: me
            }
        ),
        wad(400)
    );
    let refuses_claims = |town: &mut Town, shares: U256, assets: U256| {
        town.refuses(&alice, susdai, &redeem(U256::ZERO, me, me), &refusals::ZeroAmount {});
        town.refuses(&alice, susdai, &withdraw(U256::ZERO, me, me), &refusals::ZeroAmount {});
        for more in [U256::ONE, wad(1_000), U256::MAX - shares] {
            let requested = shares + more;
            let refusal = refusals::ExceedsClaimable {
                controller: me,
                requested,
                claimable: shares,
            };
            town.refuses(&alice, susdai, &redeem(requested, me, me), &refusal);
        }
        for more in [U256::ONE, wad(1_000), U256::MAX - assets] {
            let requested = assets + more;
            let refusal = refusals::ExceedsClaimable {
                controller: me,
                requested,
                claimable: assets,
            };
            town.refuses(&alice, susdai, &withdraw(requested, me, me), &refusal);
        }
    };
    refuses_claims(&mut town, U256::ZERO, U256::ZERO);
    let end = town.read(town.suite.qev, &Queue::epochEndCall {});
    town.node.chain.warp_to(end.to());
    town.does(other, town.suite.qev, &Queue::settleCall { maxSteps: U256::ONE });
    refuses_claims(&mut town, wad(400), wad(400));
    town.refuses(&alice, susdai, &redeem(wad(1), ZERO, me), &refusals::ZeroAddress {});
    town.refuses(&alice, susdai, &withdraw(wad(1), ZERO, me), &refusals::ZeroAddress {});
    for receiver in [susdai, town.suite.qev] {
        town.refuses(
            &alice,
            susdai,
            &redeem(wad(1), receiver, me),
            &refusals::InvalidReceiver { receiver },
        );
        town.refuses(
            &alice,
            susdai,
            &withdraw(wad(1), receiver, me),
            &refusals::InvalidReceiver { receiver },
        );
    }
    let thief = refusals::NotControllerOrOperator {
        caller: other,
        controller: me,
    };
    town.refuses(&stranger, susdai, &redeem(wad(1), other, me), &thief);
    town.refuses(&stranger, susdai, &withdraw(wad(1), other, me), &thief);
    // An operator may, until it may not.
    let set = |approved| Vault::setOperatorCall { operator: other, approved };
    town.does(me, susdai, &set(true));
    assert_eq!(town.does(other, susdai, &redeem(wad(100), me, me)), wad(100));
    town.does(me, susdai, &set(false));
    town.refuses(&stranger, susdai, &redeem(wad(1), other, me), &thief);
    // Claimed is claimed.
    assert_eq!(town.does(me, susdai, &withdraw(wad(300), me, me)), wad(300));
    refuses_claims(&mut town, U256::ZERO, U256::ZERO);
    assert_eq!(town.balance(town.suite.usdai, me), wad(1_400));
}

#[test]
fn hooks_are_their_callers_alone() {
    let (mut town, alice) = town_with_alice();
    let (susdai, me, filo, qev, usdai) = (
        town.suite.susdai,
        alice.address(),
        town.suite.filo,
        town.suite.qev,
        town.suite.usdai,
    );
    let draw = |principal, receiver| Vault::drawLoanCall {
        principal,
        rate: U256::ONE,
        receiver,
    };
    let repay = |principal, interest, accrual, old, new| Vault::repayLoanCall {
        principal,
        interest,
        accrual,
        oldRate: old,
        newRate: new,
    };
    let fill = |shares, assets, premium| Vault::fillRedemptionsCall { shares, assets, premium };
    let notify = |assets| Vault::notifyYieldCall { assets };
    let mark = |accrual, old_rate, old, new| Vault::markLoanCall {
        accrual,
        oldRate: old_rate,
        newRate: U256::ZERO,
        oldImpairment: old,
        newImpairment: new,
    };
    let write_off = |principal, impairment| Vault::writeOffCall { principal, impairment };
    let forfeit = |shares| Vault::burnForfeitedCall { shares };
    let none = U256::ZERO;
    for caller in [me, town.cast.admin.address(), town.suite.router, susdai, filo, qev, usdai] {
        if caller != filo {
            town.refuses_as(caller, susdai, &mark(none, none, none, none), &refusals::OnlyFilo { caller });
            town.refuses_as(caller, susdai, &write_off(none, none), &refusals::OnlyFilo { caller });
            town.refuses_as(caller, susdai, &draw(wad(1), caller), &refusals::OnlyFilo { caller });
            town.refuses_as(caller, susdai, &repay(none, none, none, none, none), &refusals::OnlyFilo { caller });
        }
        if caller != qev {
            town.refuses_as(caller, susdai, &fill(wad(1), wad(1), none), &refusals::OnlyQueue { caller });
            town.refuses_as(caller, susdai, &forfeit(wad(1)), &refusals::OnlyQueue { caller });
        }
        if caller != usdai {
            town.refuses_as(caller, susdai, &notify(wad(1)), &refusals::OnlyUsdai { caller });
        }
    }
    town.refuses_as(filo, susdai, &draw(none, me), &refusals::ZeroAmount {});
    town.refuses_as(filo, susdai, &draw(wad(1), ZERO), &refusals::ZeroAddress {});
    for principal in [wad(1_000) + U256::ONE, U256::MAX] {
        let refusal = refusals::ExceedsLendable {
            principal,
            lendable: wad(1_000),
        };
        town.refuses_as(filo, susdai, &draw(principal, me), &refusal);
    }
    let beyond = refusals::AboveMaximum {
        value: n(1) << 128,
        maximum: n(u128::MAX),
    };
    let huge = Vault::drawLoanCall {
        principal: wad(1),
        rate: n(1) << 128,
        receiver: me,
    };
    town.refuses_as(filo, susdai, &huge, &beyond);
    let books = |amount| refusals::ExceedsLoanBook { amount, booked: none };
    town.refuses_as(filo, susdai, &repay(U256::ONE, none, none, none, none), &books(U256::ONE));
    town.refuses_as(filo, susdai, &repay(none, none, U256::ONE, none, none), &books(U256::ONE));
    town.refuses_as(filo, susdai, &repay(none, none, none, U256::MAX, none), &books(U256::MAX));
    town.refuses_as(
        filo,
        susdai,
        &repay(none, U256::MAX, none, none, none),
        &refusals::ArithmeticOverflow {},
    );
    town.does(filo, susdai, &draw(wad(600), me));
    let refusal = refusals::ExceedsLendable {
        principal: wad(401),
        lendable: wad(400),
    };
    town.refuses_as(filo, susdai, &draw(wad(401), me), &refusal);
    let booked = refusals::ExceedsLoanBook {
        amount: wad(601),
        booked: wad(600),
    };
    town.refuses_as(filo, susdai, &repay(wad(601), none, none, none, none), &booked);
    town.refuses_as(filo, susdai, &write_off(wad(601), none), &booked);
    town.refuses_as(filo, susdai, &write_off(none, U256::ONE), &books(U256::ONE));
    town.refuses_as(filo, susdai, &mark(none, none, U256::ONE, none), &books(U256::ONE));
    let rate = refusals::ExceedsLoanBook {
        amount: n(2),
        booked: n(1),
    };
    town.refuses_as(filo, susdai, &mark(none, n(2), none, none), &rate);
    town.refuses_as(filo, susdai, &mark(none, none, none, U256::MAX), &{
        refusals::AboveMaximum {
            value: U256::MAX,
            maximum: n(u128::MAX),
        }
    });
    town.does(filo, susdai, &mark(none, none, none, wad(100)));
    town.refuses_as(filo, susdai, &mark(none, none, none, U256::MAX), &refusals::ArithmeticOverflow {});
    town.does(filo, susdai, &mark(none, none, wad(100), none));

    town.refuses_as(qev, susdai, &fill(none, wad(1), none), &refusals::ZeroAmount {});
    town.refuses_as(qev, susdai, &fill(none, none, wad(1)), &refusals::ZeroAmount {});
    for assets in [wad(400) + U256::ONE, U256::MAX] {
        town.refuses_as(
            qev,
            susdai,
            &fill(wad(1), assets, none),
            &refusals::ExceedsCash { assets, cash: wad(400) },
        );
    }
    let short = refusals::ERC20InsufficientBalance {
        sender: qev,
        balance: none,
        needed: wad(1),
    };
    town.refuses_as(qev, susdai, &fill(wad(1), wad(1), none), &short);
    town.refuses_as(qev, susdai, &forfeit(wad(1)), &short);
    town.refuses_as(qev, susdai, &forfeit(none), &refusals::ZeroAmount {});
    town.refuses_as(usdai, susdai, &notify(none), &refusals::ZeroAmount {});
    town.refuses_as(usdai, susdai, &notify(U256::MAX), &refusals::ArithmeticOverflow {});
    let value = n(u128::MAX) + wad(400);
    let beyond = refusals::AboveMaximum {
        value,
        maximum: n(u128::MAX),
    };
    town.refuses_as(usdai, susdai, &notify(n(u128::MAX)), &beyond);
}

#[test]
fn money_paid_back_is_kept_for_those_who_wait() {
    let (mut town, alice) = town_with_alice();
    let (susdai, me, filo) = (town.suite.susdai, alice.address(), town.suite.filo);
    town.does(
        filo,
        susdai,
        &Vault::drawLoanCall {
            principal: wad(600),
            rate: U256::ZERO,
            receiver: filo,
        },
    );
    town.does(
        filo,
        town.suite.usdai,
        &Erc20::transferCall {
            to: susdai,
            value: wad(100),
        },
    );
    let repay = Vault::repayLoanCall {
        principal: wad(100),
        interest: U256::ZERO,
        accrual: U256::ZERO,
        oldRate: U256::ZERO,
        newRate: U256::ZERO,
    };
    town.does(filo, susdai, &repay);
    assert_eq!(town.read(susdai, &Vault::lendableCall {}), wad(500));
    town.does(me, susdai, &request(wad(1_000), me, me));
    let refusal = refusals::ExceedsLendable {
        principal: wad(400) + U256::ONE,
        lendable: wad(400),
    };
    let draw = Vault::drawLoanCall {
        principal: wad(400) + U256::ONE,
        rate: U256::ZERO,
        receiver: filo,
    };
    town.refuses_as(filo, susdai, &draw, &refusal);
}

#[test]
fn transfers_allowances_and_permits_refuse_by_name() {
    let (mut town, alice) = town_with_alice();
    let susdai = town.suite.susdai;
    town.refuses_bad_erc20_calls(susdai, &alice);
    town.refuses_bad_permits(susdai, &alice);
}

#[test]
fn the_first_depositor_cannot_steal_from_the_second() {
    let mut town = Town::deployed();
    let (susdai, usdai) = (town.suite.susdai, town.suite.usdai);
    let (thief, victim) = (town.stranger.address(), town.cast.depositor.address());
    town.give_usdai(thief, 2_000_000);
    for assets in [U256::ONE, n(1_000), wad(1)] {
        town.scene(|town| {
            town.does(
                thief,
                usdai,
                &Erc20::approveCall {
                    spender: susdai,
                    value: U256::MAX,
                },
            );
            town.does(thief, susdai, &deposit(assets, thief));
            town.does(
                thief,
                usdai,
                &Erc20::transferCall {
                    to: susdai,
                    value: wad(1_000_000),
                },
            );
            assert_eq!(town.give_susdai(victim, 1_000), wad(1_000));
            assert_eq!(town.read(susdai, &Vault::convertToAssetsCall { shares: wad(1_000) }), wad(1_000));
        });
    }
    // Income on a vault with a wei of shares: the virtual wei take nearly all of it, so it is no lever either.
    town.does(
        thief,
        usdai,
        &Erc20::approveCall {
            spender: susdai,
            value: U256::MAX,
        },
    );
    town.does(thief, susdai, &deposit(U256::ONE, thief));
    town.give_base(usdai, dollars6(1_000_000));
    town.does(thief, usdai, &Usdai::harvestCall {});
    town.node.chain.advance(8 * 86_400);
    let shares = town.give_susdai(victim, 1_000_000);
    let worth = town.read(susdai, &Vault::convertToAssetsCall { shares });
    assert!(worth > wad(999_998), "{worth}");
}

//! The Uniswap adapter on its WASM, called as USDai calls it.

use alloy_primitives::{Address, Bytes, U256};
use scenarios::{
    abi::{Adapter, Erc20},
    refusals,
    usdai_cli::protocol::{counterparts::dollars6, suite::id},
    Town,
};

fn swap_in(token: Address, amount: U256, minimum: U256, data: &[u8]) -> Adapter::swapInCall {
    Adapter::swapInCall {
        inputToken: token,
        inputAmount: amount,
        minBaseAmount: minimum,
        data: Bytes::copy_from_slice(data),
    }
}

fn swap_out(token: Address, amount: U256, minimum: U256, data: &[u8]) -> Adapter::swapOutCall {
    Adapter::swapOutCall {
        outputToken: token,
        baseAmount: amount,
        minOutputAmount: minimum,
        data: Bytes::copy_from_slice(data),
    }
}

/// The adapter may take all that USDai has, and USDai has a million of both.
fn rich_town() -> Town {
    let mut town = Town::deployed();
    let (usdai, adapter) = (town.suite.usdai, town.suite.swap_adapter);
    town.give_base(usdai, dollars6(50_000_000));
    town.give_usdc(usdai, dollars6(50_000_000));
    for token in [town.world.usdc, town.world.wrapped_m] {
        town.does(
            usdai,
            token,
            &Erc20::approveCall {
                spender: adapter,
                value: U256::MAX,
            },
        );
    }
    town
}

#[test]
fn only_usdai_swaps() {
    let mut town = rich_town();
    let (adapter, usdc) = (town.suite.swap_adapter, town.world.usdc);
    for who in [town.stranger.clone(), town.cast.admin.clone()] {
        let refusal = refusals::OnlyUsdai { caller: who.address() };
        for amount in [U256::ZERO, dollars6(1), U256::MAX] {
            town.refuses(&who, adapter, &swap_in(usdc, amount, U256::ZERO, &[]), &refusal);
            town.refuses(&who, adapter, &swap_out(usdc, amount, U256::ZERO, &[]), &refusal);
        }
    }
    for contract in [town.suite.router, town.suite.susdai, adapter] {
        town.refuses_as(
            contract,
            adapter,
            &swap_in(usdc, dollars6(1), U256::ZERO, &[]),
            &refusals::OnlyUsdai { caller: contract },
        );
    }
}

#[test]
fn a_swap_refuses_by_name() {
    let mut town = rich_town();
    let (adapter, usdai, usdc, base) = (town.suite.swap_adapter, town.suite.usdai, town.world.usdc, town.world.wrapped_m);
    let one = dollars6(1);
    for token in [Address::ZERO, base, usdai, town.stranger.address()] {
        let refusal = refusals::TokenNotAllowed { token };
        town.refuses_as(usdai, adapter, &swap_in(token, one, U256::ZERO, &[]), &refusal);
        town.refuses_as(usdai, adapter, &swap_out(token, one, U256::ZERO, &[]), &refusal);
    }
    town.refuses_as(
        usdai,
        adapter,
        &swap_in(usdc, U256::ZERO, U256::ZERO, &[]),
        &refusals::InvalidAmount {},
    );
    town.refuses_as(
        usdai,
        adapter,
        &swap_out(usdc, U256::ZERO, U256::ZERO, &[]),
        &refusals::InvalidAmount {},
    );
    let (there, back) = (
        refusals::InvalidPath {
            tokenIn: usdc,
            tokenOut: base,
        },
        refusals::InvalidPath {
            tokenIn: base,
            tokenOut: usdc,
        },
    );
    town.refuses_as(usdai, adapter, &swap_in(usdc, one, U256::ZERO, &[0]), &there);
    town.refuses_as(usdai, adapter, &swap_out(usdc, one, U256::ZERO, &[0; 43]), &back);
    let little = refusals::Error {
        reason: "Too little received".into(),
    };
    town.refuses_as(usdai, adapter, &swap_in(usdc, one, one, &[]), &little);
    town.refuses_as(usdai, adapter, &swap_out(usdc, one, U256::MAX, &[]), &little);
    for (token, call) in [(usdc, true), (base, false)] {
        let held = town.balance(token, usdai);
        let needed = held + U256::ONE;
        let short = refusals::ERC20InsufficientBalance {
            sender: usdai,
            balance: held,
            needed,
        };
        if call {
            town.refuses_as(usdai, adapter, &swap_in(usdc, needed, U256::ZERO, &[]), &short);
        } else {
            town.refuses_as(usdai, adapter, &swap_out(usdc, needed, U256::ZERO, &[]), &short);
        }
        town.does(
            usdai,
            token,
            &Erc20::approveCall {
                spender: adapter,
                value: U256::ONE,
            },
        );
        let unallowed = refusals::ERC20InsufficientAllowance {
            spender: adapter,
            allowance: U256::ONE,
            needed: one,
        };
        if call {
            town.refuses_as(usdai, adapter, &swap_in(usdc, one, U256::ZERO, &[]), &unallowed);
        } else {
            town.refuses_as(usdai, adapter, &swap_out(usdc, one, U256::ZERO, &[]), &unallowed);
        }
    }
}

/// Uniswap takes what the pool can give and no more; the rest would lie with the adapter, so the swap is refused, to the wei.
#[test]
fn a_pool_that_runs_dry_refuses_the_swap() {
    let mut town = rich_town();
    let (adapter, usdai, usdc, base) = (town.suite.swap_adapter, town.suite.usdai, town.world.usdc, town.world.wrapped_m);
    let amount = dollars6(30_000_000);
    for (from, to) in [(usdc, base), (base, usdc)] {
        let taken = town.scene(|town| {
            let before = town.balance(from, usdai);
            town.swap(usdai, from, to, amount);
            before - town.balance(from, usdai)
        });
        assert!(taken < amount, "the pool is not that deep");
        let refusal = refusals::IncompleteSwap {
            token: from,
            unspent: amount - taken,
        };
        if from == usdc {
            town.refuses_as(usdai, adapter, &swap_in(usdc, amount, U256::ZERO, &[]), &refusal);
        } else {
            town.refuses_as(usdai, adapter, &swap_out(usdc, amount, U256::ZERO, &[]), &refusal);
        }
    }
}

#[test]
fn the_list_of_tokens_is_the_admins() {
    let mut town = Town::deployed();
    let (adapter, usdc, base) = (town.suite.swap_adapter, town.world.usdc, town.world.wrapped_m);
    let (admin, stranger) = (town.cast.admin.clone(), town.stranger.clone());
    let set = |token, allowed| Adapter::setTokenAllowedCall { token, allowed };
    let refusal = refusals::Unauthorized {
        account: stranger.address(),
        role: id("ADMIN"),
    };
    for allowed in [true, false] {
        town.refuses(&stranger, adapter, &set(usdc, allowed), &refusal);
        for token in [Address::ZERO, base] {
            town.refuses(&admin, adapter, &set(token, allowed), &refusals::InvalidAddress {});
        }
    }
    town.does(admin.address(), adapter, &set(usdc, false));
    let (usdai, me) = (town.suite.usdai, stranger.address());
    town.give_usdc(me, dollars6(1));
    town.does(
        me,
        usdc,
        &Erc20::approveCall {
            spender: usdai,
            value: dollars6(1),
        },
    );
    let deposit = scenarios::abi::Usdai::deposit_0Call {
        depositToken: usdc,
        depositAmount: dollars6(1),
        usdaiAmountMinimum: U256::ZERO,
        recipient: me,
    };
    town.refuses(&stranger, usdai, &deposit, &refusals::TokenNotAllowed { token: usdc });
}

/// Whatever lies at the adapter is not used, not lost to the next swap, and changes no result.
#[test]
fn what_lies_there_stays_there() {
    let mut town = rich_town();
    let (adapter, usdai, usdc, base) = (town.suite.swap_adapter, town.suite.usdai, town.world.usdc, town.world.wrapped_m);
    let call = swap_in(usdc, dollars6(100), U256::ZERO, &[]);
    let brought = town.scene(|town| town.does(usdai, adapter, &call));
    town.give_usdc(adapter, dollars6(7));
    town.give_base(adapter, dollars6(7));
    assert_eq!(town.does(usdai, adapter, &call), brought);
    assert_eq!(
        (town.balance(usdc, adapter), town.balance(base, adapter)),
        (dollars6(7), dollars6(7))
    );
    assert_eq!(
        town.read(
            usdc,
            &Erc20::allowanceCall {
                owner: adapter,
                spender: town.world.swap_router
            }
        ),
        U256::ZERO
    );
}

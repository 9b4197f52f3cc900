//! Programs behind proxies: what a proxy costs, who upgrades, and a queue that is upgraded while people wait in it.

use alloy_primitives::{keccak256, Address, Bytes, B256, U256};
use alloy_sol_types::{sol, SolCall, SolError, SolValue};
use scenarios::{
    abi::{Erc20, Queue, Router, Vault, Wired},
    hands::{n, wad},
    refusals, target,
    usdai_cli::protocol::suite::{id, Suite},
    Town,
};

sol! {
    interface IProxy {
        event Upgraded(address indexed implementation);
        error NoCode(address implementation);
        function upgradeToAndCall(address implementation, bytes data) external;
    }
}

/// A call of an operation: who, and what with.
type Call = (Address, Bytes);

const CONSTRUCTOR: [u8; 4] = [0x55, 0x85, 0x25, 0x8d];
const DAY: u64 = 86_400;

fn wasm(name: &str) -> Vec<u8> {
    std::fs::read(target().join("contracts").join(format!("{name}.wasm"))).expect("scripts/build")
}

fn implementation(town: &mut Town, wasm: &[u8]) -> Address {
    let admin = town.cast.admin.address();
    town.node
        .chain
        .deploy_stylus(admin, wasm)
        .expect("a program that is fit to deploy")
        .address
}

/// `name` behind a proxy, constructed in the proxy's own construction.
fn proxied(town: &mut Town, name: &str, arguments: Vec<u8>) -> Address {
    let (router, program) = (town.suite.router, implementation(town, &wasm(name)));
    let construction = Bytes::from([CONSTRUCTOR.to_vec(), arguments].concat());
    town.solidity("Proxy", &(router, program, construction).abi_encode_params())
}

/// The protocol with all its programs but the router behind proxies, under the router of the other one.
fn behind_proxies() -> Town {
    let mut town = Town::deployed();
    let (router, world, treasury) = (town.suite.router, town.world, town.cast.treasury.address());
    let usdai = proxied(&mut town, "usdai", (router, world.wrapped_m).abi_encode_params());
    let swap_adapter = proxied(
        &mut town,
        "swap-adapter",
        (router, world.wrapped_m, world.swap_router).abi_encode_params(),
    );
    let susdai = proxied(&mut town, "susdai", (router, usdai).abi_encode_params());
    let caliber = proxied(&mut town, "caliber", (router,).abi_encode_params());
    let epoch = (router, susdai, usdai, U256::from(30 * DAY), U256::from(2 * DAY)).abi_encode_params();
    let qev = proxied(&mut town, "qev", epoch);
    let filo = proxied(&mut town, "filo", (router, U256::from(30 * DAY)).abi_encode_params());
    let gateway = proxied(&mut town, "gateway", (router,).abi_encode_params());
    town.suite = Suite {
        router,
        usdai,
        swap_adapter,
        susdai,
        caliber,
        qev,
        filo,
        gateway,
    };
    // One operation wires them all, also without a delay.
    let entry = |name: &str, current| call(router, &Router::setAddressCall { id: id(name), current });
    let mut calls = vec![
        entry("USDAI", usdai),
        entry("SUSDAI", susdai),
        entry("CALIBER", caliber),
        entry("FILO", filo),
        entry("QEV", qev),
        entry("SWAP_ADAPTER", swap_adapter),
        entry("TREASURY", treasury),
    ];
    for contract in [usdai, swap_adapter, susdai, caliber, filo, gateway] {
        calls.push(call(contract, &Wired::wireCall {}));
    }
    carry_out(&mut town, &calls, 0);
    town
}

fn call<C: SolCall>(target: Address, call: &C) -> Call {
    (target, call.abi_encode().into())
}

/// Queues, waits and executes by the admin.
fn carry_out(town: &mut Town, calls: &[Call], delay: u64) {
    let (admin, router) = (town.cast.admin.address(), town.suite.router);
    let (calls, salt) = (calls.to_vec(), B256::ZERO);
    town.does(
        admin,
        router,
        &Router::queueCall {
            calls: calls.clone(),
            salt,
        },
    );
    town.node.chain.advance(delay);
    town.does(admin, router, &Router::executeCall { calls, salt });
}

fn upgrade(proxy: Address, implementation: Address, data: impl Into<Bytes>) -> Call {
    let data = data.into();
    call(proxy, &IProxy::upgradeToAndCallCall { implementation, data })
}

/// The same program as another build: a section that no one reads makes another code of it.
fn next_build(name: &str) -> Vec<u8> {
    let mut wasm = wasm(name);
    wasm.extend([0, 5, 4, b'n', b'e', b'x', b't']);
    wasm
}

/// What `act` takes, on warm programs, in a transaction of its own.
fn gas<C: SolCall>(town: &mut Town, who: Address, to: Address, call: &C) -> u64 {
    town.scene(|town| town.attempt(who, to, call).expect("what is measured succeeds").gas_used)
}

/// What the hop costs: printed for DECISIONS.md, and held to it.
#[test]
fn a_proxy_costs_what_the_decision_says() {
    let (mut direct, mut behind) = (Town::deployed(), behind_proxies());
    let mut figures = Vec::new();
    for town in [&mut direct, &mut behind] {
        let (alice, bob) = (town.cast.depositor.address(), town.stranger.address());
        town.give_susdai(alice, 1_000);
        town.give_usdai(alice, 1_000);
        town.give_usdai(bob, 1);
        let (usdai, susdai) = (town.suite.usdai, town.suite.susdai);
        town.does(
            alice,
            usdai,
            &Erc20::approveCall {
                spender: susdai,
                value: U256::MAX,
            },
        );
        let transfer = gas(town, alice, usdai, &Erc20::transferCall { to: bob, value: wad(1) });
        let deposit = gas(
            town,
            alice,
            susdai,
            &Vault::deposit_0Call {
                assets: wad(10),
                receiver: alice,
            },
        );
        let request = Vault::requestRedeemCall {
            shares: wad(10),
            controller: alice,
            owner: alice,
        };
        figures.push([transfer, deposit, gas(town, alice, susdai, &request)]);
    }
    let hops = [1, 2, 2];
    for (at, name) in ["USDai transfer", "vault deposit", "requestRedeem"].iter().enumerate() {
        let (before, after) = (figures[0][at], figures[1][at]);
        println!(
            "{name}: {before} direct, {after} behind proxies, {} a hop",
            (after - before) / hops[at]
        );
        let extra = (after - before) / hops[at];
        assert!((4_500..6_500).contains(&extra), "{name}: {extra} gas a hop");
    }
}

#[test]
fn nobody_but_the_router_upgrades() {
    let mut town = behind_proxies();
    let (admin, stranger, router) = (town.cast.admin.address(), town.stranger.address(), town.suite.router);
    for (name, proxy) in town.suite.contracts() {
        if name == "router" {
            continue;
        }
        let next = implementation(&mut town, &next_build(name));
        let call = IProxy::upgradeToAndCallCall {
            implementation: next,
            data: Bytes::new(),
        };
        // It is the program that they reach, and it has no such function.
        for who in [admin, stranger, proxy, next] {
            town.refuses_raw(who, proxy, U256::ZERO, call.abi_encode(), &[], name);
        }
        // Nor is it constructed again, before an upgrade or after it, through the proxy.
        let again = [
            CONSTRUCTOR.to_vec(),
            (stranger, stranger, stranger, n(1_000), n(100)).abi_encode_params(),
        ]
        .concat();
        town.refuses_somehow(stranger, proxy, U256::ZERO, again.clone(), name);
        carry_out(&mut town, &[upgrade(proxy, next, Bytes::new())], 0);
        town.refuses_somehow(stranger, proxy, U256::ZERO, again, name);
    }
    // What fails in an upgrade undoes it.
    let proxy = town.suite.usdai;
    let next = implementation(&mut town, &next_build("usdai"));
    for (calls, error) in [
        (
            vec![upgrade(proxy, stranger, Bytes::new())],
            IProxy::NoCode { implementation: stranger }.abi_encode(),
        ),
        (
            vec![upgrade(proxy, next, Erc20::transferCall { to: admin, value: wad(1) }.abi_encode())],
            refusals::ERC20InsufficientBalance {
                sender: router,
                balance: U256::ZERO,
                needed: wad(1),
            }
            .abi_encode(),
        ),
    ] {
        let salt = keccak256("again");
        town.does(
            admin,
            router,
            &Router::queueCall {
                calls: calls.clone(),
                salt,
            },
        );
        let execute = Router::executeCall { calls, salt }.abi_encode();
        town.refuses_raw(admin, router, U256::ZERO, execute, &error, "a failing upgrade");
    }
}

/// Requests wait, the timelock runs, the queue gets another program, the epoch ends: everybody gets what they would have got.
#[test]
fn a_queue_is_upgraded_in_the_middle_of_an_epoch() {
    let mut town = behind_proxies();
    let (alice, bob, keeper) = (town.cast.depositor.address(), town.stranger.address(), town.cast.keeper.address());
    let (admin, router, qev, susdai, usdai) = (
        town.cast.admin.address(),
        town.suite.router,
        town.suite.qev,
        town.suite.susdai,
        town.suite.usdai,
    );
    for (who, shares) in [(alice, 1_000), (bob, 500)] {
        town.give_susdai(who, shares);
        let request = Vault::requestRedeemCall {
            shares: wad(shares / 2),
            controller: who,
            owner: who,
        };
        town.does(who, susdai, &request);
    }
    town.does(
        admin,
        router,
        &Router::setDelayCall {
            delay: U256::from(2 * DAY),
        },
    );
    town.node.chain.advance(5 * DAY);
    let finish = |town: &mut Town| {
        town.node.chain.advance(25 * DAY);
        town.does(keeper, qev, &Queue::settleCall { maxSteps: n(1_000) });
        [alice, bob].map(|who| {
            let shares = town.read(susdai, &Vault::maxRedeemCall { controller: who });
            town.does(
                who,
                susdai,
                &Vault::redeemCall {
                    shares,
                    receiver: who,
                    controller: who,
                },
            );
            town.balance(usdai, who)
        })
    };
    let without = town.scene(|town| {
        town.node.chain.advance(2 * DAY);
        finish(town)
    });
    let pending = |town: &mut Town| {
        [(1, alice), (2, bob)].map(|(position, controller)| {
            town.read(
                susdai,
                &Vault::pendingRedeemRequestCall {
                    requestId: n(position),
                    controller,
                },
            )
        })
    };
    let before = pending(&mut town);
    assert_eq!(before, [wad(500), wad(250)]);
    let next = implementation(&mut town, &next_build("qev"));
    carry_out(&mut town, &[upgrade(qev, next, Bytes::new())], 2 * DAY);
    let slot = U256::from_be_bytes(keccak256("eip1967.proxy.implementation").0) - U256::ONE;
    assert_eq!(town.node.chain.storage(qev, slot), U256::from_be_bytes(next.into_word().0));
    assert_eq!(pending(&mut town), before);
    // The queue's guard against re-entry and its caller's identity are those of before: the vault is still the only one that opens.
    let open = Queue::openPositionCall {
        controller: bob,
        shares: wad(1),
    };
    town.refuses_as(bob, qev, &open, &refusals::OnlyVault { caller: bob });
    assert_eq!(finish(&mut town), without);
    assert!(without[0] > wad(400) && without[1] > wad(200));
}

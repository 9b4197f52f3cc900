//! Programs behind proxies: what a proxy costs, who upgrades, and a queue that is upgraded while people wait and bid in it.

use alloy_primitives::{keccak256, Address, Bytes, B256, U256};
use alloy_sol_types::{SolCall, SolError, SolValue};
use scenarios::{
    abi::{
        Erc20, Filo, Queue,
        Router::{self, Call},
        Vault,
    },
    hands::{n, wad},
    refusals, target,
    usdai_cli::protocol::{
        bindings::IProxy,
        suite::{id, Terms},
    },
    Town,
};

/// Selector of `stylus_constructor()`.
const CONSTRUCTOR: [u8; 4] = [0x55, 0x85, 0x25, 0x8d];
const DAY: u64 = 86_400;
const TICK: u8 = 20;
const SALT: B256 = B256::repeat_byte(9);

/// The protocol as it is deployed for others: behind proxies.
fn behind_proxies() -> Town {
    Town::on(Terms {
        proxies: true,
        ..Terms::REAL
    })
}

/// The same program as another build: a section that no one reads makes another code of it.
fn next_build(town: &mut Town, name: &str) -> Address {
    let mut wasm = std::fs::read(target().join("contracts").join(format!("{name}.wasm"))).expect("scripts/build");
    wasm.extend([0, 5, 4, b'n', b'e', b'x', b't']);
    let admin = town.cast.admin.address();
    let deployed = town.node.chain.deploy_stylus(admin, &wasm);
    deployed.expect("a program that is fit to deploy").address
}

fn call<C: SolCall>(target: Address, call: &C) -> Call {
    Call {
        target,
        data: call.abi_encode().into(),
    }
}

fn upgrade(proxy: Address, implementation: Address, data: impl Into<Bytes>) -> Call {
    let data = data.into();
    call(proxy, &IProxy::upgradeToAndCallCall { implementation, data })
}

/// Queues, waits and executes by the admin.
fn carry_out(town: &mut Town, calls: &[Call], delay: u64) {
    let (admin, router) = (town.cast.admin.address(), town.suite.router);
    let (calls, salt) = (calls.to_vec(), B256::ZERO);
    let queue = Router::queueCall {
        calls: calls.clone(),
        salt,
    };
    town.does(admin, router, &queue);
    town.node.chain.advance(delay);
    town.does(admin, router, &Router::executeCall { calls, salt });
}

fn implementation_of(town: &mut Town, proxy: Address) -> Address {
    let slot = U256::from_be_bytes(keccak256("eip1967.proxy.implementation").0) - U256::ONE;
    Address::from_word(town.node.chain.storage(proxy, slot).into())
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
        let deposit = Vault::deposit_0Call {
            assets: wad(10),
            receiver: alice,
        };
        let deposit = gas(town, alice, susdai, &deposit);
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
        let extra = (after - before) / hops[at];
        println!("{name}: {before} direct, {after} behind proxies, {extra} a hop");
        assert!((4_500..6_500).contains(&extra), "{name}: {extra} gas a hop");
    }
}

/// It has users' consents, and the router has all power: nothing that the router calls makes it another program.
#[test]
fn not_even_the_router_upgrades_the_gateway() {
    let mut town = behind_proxies();
    let (router, gateway) = (town.suite.router, town.suite.gateway);
    let implementation = next_build(&mut town, "gateway");
    let data = Bytes::new();
    let call = IProxy::upgradeToAndCallCall { implementation, data };
    town.refuses_somehow(router, gateway, U256::ZERO, call.abi_encode(), "the gateway");
    // What is there is the program, and no proxy.
    let mut direct = Town::deployed();
    let program = direct.node.chain.code_hash(direct.suite.gateway);
    assert_eq!(town.node.chain.code_hash(gateway), program);
}

#[test]
fn nobody_but_the_router_upgrades() {
    let mut town = behind_proxies();
    let (admin, stranger, router) = (town.cast.admin.address(), town.stranger.address(), town.suite.router);
    for (name, proxy) in town.suite.contracts() {
        if ["router", "qev-settlement", "gateway"].contains(&name) {
            continue;
        }
        let next = next_build(&mut town, name);
        let call = IProxy::upgradeToAndCallCall {
            implementation: next,
            data: Bytes::new(),
        };
        // It is the program that they reach, and it has no such function.
        for who in [admin, stranger, proxy, next] {
            town.refuses_somehow(who, proxy, U256::ZERO, call.abi_encode(), name);
        }
        // Nor is it constructed again, before an upgrade or after it, through the proxy or behind it.
        let again = (stranger, stranger, stranger, n(1_000), n(100), stranger).abi_encode_params();
        let again = [CONSTRUCTOR.to_vec(), again].concat();
        let behind = implementation_of(&mut town, proxy);
        for at in [proxy, behind] {
            town.refuses_somehow(stranger, at, U256::ZERO, again.clone(), name);
        }
        let words = |town: &mut Town| {
            (0..128)
                .map(|slot| town.node.chain.storage(proxy, U256::from(slot)))
                .collect::<Vec<_>>()
        };
        let before = words(&mut town);
        // FiLo keeps everything under hashes.
        assert!(
            before.iter().any(|word| !word.is_zero()) || name == "filo",
            "{name} keeps something"
        );
        carry_out(&mut town, &[upgrade(proxy, next, Bytes::new())], 0);
        assert_eq!(implementation_of(&mut town, proxy), next);
        assert_eq!(words(&mut town), before, "{name}");
        town.refuses_somehow(stranger, proxy, U256::ZERO, again, name);
    }
    let parameters = town.read(town.suite.filo, &Filo::parametersCall {});
    assert_eq!(parameters.periodSeconds, U256::from(Terms::REAL.period));
    // What fails in an upgrade undoes it.
    let proxy = town.suite.usdai;
    let next = next_build(&mut town, "susdai");
    let short = refusals::ERC20InsufficientBalance {
        sender: router,
        balance: U256::ZERO,
        needed: wad(1),
    };
    let transfer = Erc20::transferCall { to: admin, value: wad(1) }.abi_encode();
    for (calls, error) in [
        (
            vec![upgrade(proxy, stranger, Bytes::new())],
            IProxy::NoCode { implementation: stranger }.abi_encode(),
        ),
        (
            vec![upgrade(proxy, implementation_of(&mut town, proxy), transfer)],
            short.abi_encode(),
        ),
        (
            vec![upgrade(proxy, next, Bytes::new()), upgrade(proxy, stranger, Bytes::new())],
            IProxy::NoCode { implementation: stranger }.abi_encode(),
        ),
    ] {
        let salt = keccak256("again");
        let queue = Router::queueCall {
            calls: calls.clone(),
            salt,
        };
        town.does(admin, router, &queue);
        let execute = Router::executeCall { calls, salt }.abi_encode();
        town.refuses_raw(admin, router, U256::ZERO, execute, &error, "a failing upgrade");
    }
}

/// `contracts/layout` says where things lie, and there they lie.
#[test]
fn layouts_are_what_the_chain_has() {
    let mut town = behind_proxies();
    let suite = town.suite;
    let expected = [
        ("router", suite.router),
        ("usdai", suite.usdai),
        ("vault", suite.susdai),
        ("queue", suite.qev),
        ("filo", suite.filo),
        ("caliber", suite.caliber),
        ("settlement", suite.qev_settlement),
        ("swap_adapter", suite.swap_adapter),
    ];
    let mut found = 0;
    for (name, contract) in scenarios::shapes::contracts(&suite) {
        let path = format!("{}/../../contracts/layout/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("scripts/abi writes it");
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (place, kind) = line.split_once(": ").expect("a field has a type");
            let place: Vec<_> = place.split_whitespace().collect();
            let [slot, first, _, field] = place[..] else {
                panic!("not four words: {line}")
            };
            let Some((_, address)) = expected.iter().find(|(known, _)| *known == field) else {
                continue;
            };
            // A word that holds an address has it at its end.
            let first = if kind == "Word" { 12 } else { first.parse().expect("a number") };
            let word = town
                .node
                .chain
                .storage(contract, slot.parse().expect("a number"))
                .to_be_bytes::<32>();
            assert_eq!(Address::from_slice(&word[first..first + 20]), *address, "{name}: {line}");
            found += 1;
        }
    }
    assert!(found > 15, "{found} fields");
}

/// People wait and have bids sealed and open, the timelock runs, the queue gets other programs, both of them, in the reveal window; the
/// epoch ends: everybody gets what they would have got.
#[test]
#[allow(clippy::too_many_lines, reason = "one story")]
fn a_queue_is_upgraded_in_the_middle_of_an_epoch() {
    let mut town = behind_proxies();
    let (alice, bob, carol, keeper) = (
        town.cast.depositor.address(),
        town.stranger.address(),
        town.cast.borrower.address(),
        town.cast.keeper.address(),
    );
    let (admin, router, qev, susdai, usdai) = (
        town.cast.admin.address(),
        town.suite.router,
        town.suite.qev,
        town.suite.susdai,
        town.suite.usdai,
    );
    let (filo, everybody) = (town.suite.filo, [alice, bob, carol]);
    let places = [(alice, 1_000), (bob, 500), (carol, 800)].map(|(who, shares)| {
        town.give_susdai(who, shares);
        let request = Vault::requestRedeemCall {
            shares: wad(shares / 2),
            controller: who,
            owner: who,
        };
        town.does(who, susdai, &request)
    });
    // Less cash than they want: the bids decide.
    let lent = Vault::drawLoanCall {
        principal: wad(1_700),
        rate: U256::ZERO,
        receiver: filo,
    };
    town.does(filo, susdai, &lent);
    let seal = |town: &mut Town, who, position, tick| {
        let sealed = Queue::commitmentOfCall {
            position,
            tick,
            salt: SALT,
        };
        let commitment = town.read(qev, &sealed);
        let commit = Queue::commitBid_0Call { position, commitment };
        town.does(who, qev, &commit);
    };
    seal(&mut town, alice, places[0], TICK);
    seal(&mut town, bob, places[1], 2 * TICK);
    let two_days = U256::from(2 * DAY);
    town.does(admin, router, &Router::setDelayCall { delay: two_days });
    let reveal = |town: &mut Town, who, position, tick| {
        let call = Queue::revealBidCall {
            position,
            tick,
            salt: SALT,
        };
        town.does(who, qev, &call);
    };
    // From the upgrade on.
    let finish = |town: &mut Town| {
        reveal(town, bob, places[1], 2 * TICK);
        let end = town.read(qev, &Queue::epochEndCall {});
        town.node.chain.warp_to(end.to());
        // In two steps, so that a settlement goes on where it stopped.
        town.does(keeper, qev, &Queue::settleCall { maxSteps: U256::ONE });
        town.does(keeper, qev, &Queue::settleCall { maxSteps: n(1_000) });
        everybody.map(|who| {
            let shares = town.read(susdai, &Vault::maxRedeemCall { controller: who });
            let redeem = Vault::redeemCall {
                shares,
                receiver: who,
                controller: who,
            };
            if shares != U256::ZERO {
                town.does(who, susdai, &redeem);
            }
            town.balance(usdai, who)
        })
    };
    let pending = |town: &mut Town| {
        [(0, alice), (1, bob), (2, carol)].map(|(place, controller)| {
            let position = places[place];
            let call = Vault::pendingRedeemRequestCall {
                requestId: position,
                controller,
            };
            let bid = town.read(qev, &Queue::bidOfCall { position });
            (town.read(susdai, &call), bid.commitment)
        })
    };
    let (next, second) = (next_build(&mut town, "qev"), next_build(&mut town, "qev-settlement"));
    let set = |settlement| Queue::setSettlementCall { settlement };
    let calls = [upgrade(qev, next, Bytes::new()), call(qev, &set(second))];
    let (calls, salt) = (calls.to_vec(), B256::ZERO);
    let queue = Router::queueCall {
        calls: calls.clone(),
        salt,
    };
    let execute = Router::executeCall { calls, salt };
    // The window to reveal has begun, Alice's bid is open and Bob's is not, when the operation is ready.
    town.node.chain.advance(26 * DAY + DAY / 2);
    town.does(admin, router, &queue);
    town.node.chain.advance(2 * DAY);
    reveal(&mut town, alice, places[0], TICK);
    let without = town.scene(|town| finish(town));
    let before = pending(&mut town);
    assert_eq!(before.map(|(shares, _)| shares), [wad(500), wad(250), wad(400)]);
    assert!(before[0].1.is_zero() && !before[1].1.is_zero());
    town.does(admin, router, &execute);
    assert_eq!(implementation_of(&mut town, qev), next);
    assert_eq!(pending(&mut town), before);
    // Its caller's identity is that of before: the vault is still the only one that opens, the router alone exchanges halves.
    let open = Queue::openPositionCall {
        controller: bob,
        shares: wad(1),
    };
    town.refuses_as(bob, qev, &open, &refusals::OnlyVault { caller: bob });
    for account in [admin, bob, second] {
        let role = id("ADMIN");
        town.refuses_as(account, qev, &set(bob), &refusals::Unauthorized { account, role });
    }
    town.refuses_as(router, qev, &set(Address::ZERO), &refusals::ZeroAddress {});
    assert_eq!(finish(&mut town), without);
    // Bob bid more than Alice and is paid whole; both pay one premium; Carol, who did not bid, has the par lane's part.
    assert!(without.iter().all(|paid| *paid > wad(50)), "{without:?}");
}

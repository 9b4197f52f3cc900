//! What holds of every contract: ether, nonsense, constructors, wiring, interfaces, donations.

#![allow(clippy::too_many_lines, reason = "a list is as long as what there is")]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::{collections::BTreeMap, fmt::Write};

use alloy_primitives::{fixed_bytes, Address, FixedBytes, B256, U256};
use alloy_sol_types::{SolCall, SolError, SolValue};
use scenarios::{
    abi::{Caliber, Defaults, Erc165, Erc20, Filo, Gateway, HostileToken, Origination, Queue, Router, Usdai, Vault, Wired},
    hands::{n, wad},
    lending::open_call,
    refusals,
    shapes::{self, Filler, Function, Zeros},
    target,
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
/// Selector of `stylus_constructor()`.
const CONSTRUCTOR: [u8; 4] = [0x55, 0x85, 0x25, 0x8d];

/// A function's signature and a call of it.
type Named = (String, Vec<u8>);

/// Every function that changes state, by contract, as `contracts/abi` lists them, and a call of it in which everything is zero or empty.
fn changing(town: &Town) -> Vec<(Address, Vec<Named>)> {
    let mut all = Vec::new();
    for (name, address) in shapes::contracts(&town.suite) {
        let functions = shapes::functions(&name);
        let changing = functions.into_iter().filter(|function| function.changes);
        let calls: Vec<_> = changing
            .map(|function| {
                let call = function.call(&mut Zeros);
                (function.signature, call)
            })
            .collect();
        assert!(calls.len() > 3, "{name} has {} functions that change state", calls.len());
        all.push((address, calls));
    }
    all
}

#[test]
fn no_function_takes_ether() {
    let mut town = Town::deployed();
    let admin = town.cast.admin.address();
    for (contract, calls) in changing(&town) {
        for (name, call) in calls {
            // The function is there: without ether it does something, or says why not.
            let without = town.scene(|town| town.raw(admin, contract, U256::ZERO, call.clone()));
            assert!(without.success || without.output.len() >= 4, "{name}: {without:?}");
            town.refuses_raw(admin, contract, U256::ONE, call.clone(), &[], &name);
        }
        town.refuses_raw(admin, contract, U256::ONE, vec![], &[], "ether and nothing else");
        town.refuses_raw(
            admin,
            contract,
            U256::ONE,
            [CONSTRUCTOR.as_slice(), &[1; 160]].concat(),
            &[],
            "ether for a constructor",
        );
    }
}

#[test]
fn nonsense_is_refused() {
    let mut town = Town::deployed();
    let admin = town.cast.admin.address();
    for (contract, calls) in changing(&town) {
        for length in 0..4 {
            town.refuses_raw(
                admin,
                contract,
                U256::ZERO,
                vec![0xab; length],
                &[],
                "calldata shorter than a selector",
            );
        }
        for selector in [[0; 4], [0xff; 4], [0xde, 0xad, 0xbe, 0xef], [0x16, 0x26, 0xba, 0x7e]] {
            town.refuses_raw(admin, contract, U256::ZERO, selector.to_vec(), &[], "no such function");
            town.refuses_raw(
                admin,
                contract,
                U256::ZERO,
                [selector.as_slice(), &[0; 320]].concat(),
                &[],
                "no such function",
            );
        }
        for (name, call) in calls {
            if name.ends_with("()") {
                continue;
            }
            // Arguments cut off, and every bit set: addresses with dirty upper bytes, lists beyond the data, truth beyond 1.
            town.refuses_raw(admin, contract, U256::ZERO, call[..4].to_vec(), &[], &name);
            town.refuses_raw(admin, contract, U256::ZERO, call[..35].to_vec(), &[], &name);
            if ["address", "bool", "[]", "bytes,", "bytes)", "string", "uint8"]
                .iter()
                .any(|r#type| name.contains(r#type))
            {
                let dirty = [&call[..4], &[0xff; 32 * 12]].concat();
                town.refuses_raw(admin, contract, U256::ZERO, dirty, &[], &name);
            }
        }
    }
    // A list that claims to be longer than the data, one that lies outside of it, one of the greatest length.
    let (filo, caliber) = (town.suite.filo, town.suite.caliber);
    let lend = Filo::originateCall {
        replaces: U256::ZERO,
        borrower: admin,
        receiver: admin,
        stack: U256::ONE,
        receipts: vec![U256::ONE],
        hardwareClass: B256::ZERO,
        principal: wad(1),
        rate: U256::ONE,
        periods: U256::ONE,
        levelPayment: true,
        graceSeconds: U256::ZERO,
        lateFeeBps: U256::ZERO,
        instalment: U256::ONE,
    };
    let pledge = Caliber::pledgeCall {
        receipts: vec![U256::ONE],
        owner: admin,
        loan: U256::ONE,
    };
    for (contract, good, offset, length) in [(filo, lend.abi_encode(), 4, 13), (caliber, pledge.abi_encode(), 0, 3)] {
        for bad in [n(2), n(1_000_000), n(u128::from(u32::MAX)), n(u128::from(u64::MAX)), U256::MAX] {
            for index in [offset, length] {
                let mut data = good.clone();
                data[4 + 32 * index..36 + 32 * index].copy_from_slice(&bad.to_be_bytes::<32>());
                let before = town.node.chain.fingerprint(&[admin]);
                let receipt = town.raw(admin, contract, U256::ZERO, data);
                assert!(!receipt.success && receipt.output.is_empty(), "{receipt:?}");
                assert_eq!(before, town.node.chain.fingerprint(&[admin]));
                // The SDK's decoder, CALIBER's, reserves memory for what a list claims before it looks whether it is there; that can cost
                // the caller all the gas, and nobody anything else. FiLo's looks first.
                assert!(receipt.halt.is_none() || contract == caliber, "{receipt:?}");
            }
        }
    }
}

/// Arguments with which each contract was constructed, and some that are as good.
fn constructions(town: &Town) -> Vec<(&'static str, Address, Vec<u8>)> {
    let (suite, world) = (town.suite, town.world);
    vec![
        ("router", suite.router, (town.stranger.address(), U256::ZERO).abi_encode_params()),
        ("usdai", suite.usdai, (suite.router, world.wrapped_m).abi_encode_params()),
        (
            "swap-adapter",
            suite.swap_adapter,
            (suite.router, world.wrapped_m, world.swap_router).abi_encode_params(),
        ),
        ("susdai", suite.susdai, (suite.router, suite.usdai).abi_encode_params()),
        ("caliber", suite.caliber, (suite.router,).abi_encode_params()),
        (
            "qev",
            suite.qev,
            (suite.router, suite.susdai, suite.usdai, n(1_000), n(100), suite.qev_settlement).abi_encode_params(),
        ),
        ("qev-settlement", suite.qev_settlement, vec![]),
        ("filo", suite.filo, (suite.router, n(1_000)).abi_encode_params()),
        ("origination", suite.origination, (suite.router,).abi_encode_params()),
        ("defaults", suite.defaults, (suite.router, n(1_000)).abi_encode_params()),
        ("gateway", suite.gateway, (suite.router,).abi_encode_params()),
    ]
}

#[test]
fn no_constructor_runs_twice() {
    let mut town = Town::deployed();
    for (name, contract, arguments) in constructions(&town) {
        for caller in [town.stranger.address(), town.cast.admin.address(), contract] {
            let data = [CONSTRUCTOR.as_slice(), &arguments].concat();
            town.refuses_somehow(caller, contract, U256::ZERO, data, name);
        }
    }
}

/// Whose router is an account without code: what it answers is no answer.
#[test]
fn a_router_that_answers_nothing_is_refused_by_name() {
    let mut town = Town::deployed();
    let (admin, nobody, suite, world) = (town.cast.admin.address(), town.stranger.address(), town.suite, town.world);
    let books = [
        ("usdai", (nobody, world.wrapped_m).abi_encode_params()),
        ("swap-adapter", (nobody, world.wrapped_m, world.swap_router).abi_encode_params()),
        ("susdai", (nobody, suite.usdai).abi_encode_params()),
        ("caliber", (nobody,).abi_encode_params()),
        ("filo", (nobody, n(1_000)).abi_encode_params()),
        ("origination", (nobody,).abi_encode_params()),
        ("defaults", (nobody, n(1_000)).abi_encode_params()),
    ];
    for (name, arguments) in books {
        let wasm = std::fs::read(target().join("contracts").join(format!("{name}.wasm"))).unwrap();
        let contract = town.node.chain.deploy_stylus(admin, &wasm).unwrap().address;
        let data = [CONSTRUCTOR.as_slice(), &arguments].concat();
        assert!(town.raw(admin, contract, U256::ZERO, data).success, "{name}");
        town.refuses_as(admin, contract, &Wired::wireCall {}, &refusals::MalformedReturn {});
    }
    // The queue asks its vault, and is wired by its second program.
    let wasm = std::fs::read(target().join("contracts/qev.wasm")).unwrap();
    let queue = town.node.chain.deploy_stylus(admin, &wasm).unwrap().address;
    let arguments = (nobody, suite.susdai, suite.usdai, n(1_000), n(100), suite.qev_settlement).abi_encode_params();
    let data = [CONSTRUCTOR.as_slice(), &arguments].concat();
    assert!(town.raw(admin, queue, U256::ZERO, data).success);
    town.refuses_as(admin, queue, &Wired::wireCall {}, &refusals::MalformedReturn {});
    // At its own address the second program is nobody.
    let settle = Queue::settleCall { maxSteps: U256::ONE };
    town.refuses_as(admin, suite.qev_settlement, &settle, &refusals::OnlyThroughQueue {});
}

/// Deployment, activation and construction are one transaction: who copies it beforehand gets a contract of their own.
#[test]
fn a_front_run_deployment_is_a_stranger_to_the_real_one() {
    let mut town = Town::deployed();
    let (admin, stranger) = (town.cast.admin.clone(), town.stranger.clone());
    let deployer = town.solidity("StylusDeployer", &[]);
    let mut deploy = |who: &scenarios::usdai_cli::node::Person, owner: Address| {
        let arguments = (owner, U256::ZERO).abi_encode_params();
        deploy_program(&mut town.node, &target(), who, deployer, "router", &arguments)
            .unwrap()
            .0
    };
    let theirs = deploy(&stranger, stranger.address());
    let copied = deploy(&stranger, admin.address());
    let ours = deploy(&admin, admin.address());
    assert!(theirs != ours && copied != ours);
    assert_eq!(town.read(theirs, &Router::adminCall {}), stranger.address());
    assert_eq!(town.read(ours, &Router::adminCall {}), admin.address());
    for router in [theirs, copied, ours] {
        let data = [CONSTRUCTOR.to_vec(), (stranger.address(), U256::ZERO).abi_encode_params()].concat();
        town.refuses_somehow(stranger.address(), router, U256::ZERO, data, "constructor");
    }
}

#[test]
fn constructors_refuse_by_name_and_what_is_not_wired_says_so() {
    let mut town = Town::deployed();
    let (admin, world, suite) = (town.cast.admin.address(), town.world, town.suite);
    let mut bare = |name: &str| {
        let wasm = std::fs::read(target().join("contracts").join(format!("{name}.wasm"))).unwrap();
        town.node.chain.deploy_stylus(admin, &wasm).unwrap().address
    };
    let [router, usdai, adapter, susdai, caliber, settlement, qev, filo, origination, defaults, gateway] = [
        "router",
        "usdai",
        "swap-adapter",
        "susdai",
        "caliber",
        "qev-settlement",
        "qev",
        "filo",
        "origination",
        "defaults",
        "gateway",
    ]
    .map(&mut bare);
    let data = |arguments: Vec<u8>| [CONSTRUCTOR.as_slice(), &arguments].concat();
    let refuses = |town: &mut Town, contract, arguments: Vec<u8>, error: Vec<u8>| {
        town.refuses_raw(admin, contract, U256::ZERO, data(arguments), &error, "constructor");
    };
    let constructs = |town: &mut Town, contract, arguments: Vec<u8>| {
        let receipt = town.raw(admin, contract, U256::ZERO, data(arguments));
        assert!(receipt.success, "{receipt:?}");
    };
    refuses(
        &mut town,
        router,
        (ZERO, U256::ZERO).abi_encode_params(),
        refusals::ZeroAddress {}.abi_encode(),
    );
    let (delay, minimum, maximum) = (U256::ONE, n(3_600), n(30 * 86_400));
    refuses(
        &mut town,
        router,
        (admin, delay).abi_encode_params(),
        refusals::InvalidDelay { delay, minimum, maximum }.abi_encode(),
    );
    refuses(
        &mut town,
        gateway,
        (ZERO,).abi_encode_params(),
        refusals::ZeroAddress {}.abi_encode(),
    );
    let invalid = refusals::InvalidAddress {}.abi_encode();
    refuses(&mut town, usdai, (ZERO, world.wrapped_m).abi_encode_params(), invalid.clone());
    refuses(&mut town, usdai, (router, ZERO).abi_encode_params(), invalid.clone());
    // 18 decimals, no decimals, no code.
    for token in [suite.usdai, suite.router, admin] {
        let error = refusals::InvalidBaseToken { token }.abi_encode();
        refuses(&mut town, usdai, (router, token).abi_encode_params(), error);
    }
    for wrong in [
        (ZERO, world.wrapped_m, world.swap_router),
        (router, ZERO, world.swap_router),
        (router, world.wrapped_m, ZERO),
    ] {
        refuses(&mut town, adapter, wrong.abi_encode_params(), invalid.clone());
    }
    let zero = refusals::ZeroAddress {}.abi_encode();
    for wrong in [(ZERO, usdai), (router, ZERO)] {
        refuses(&mut town, susdai, wrong.abi_encode_params(), zero.clone());
    }
    let no_router = refusals::ZeroValue { parameter: id("router") }.abi_encode();
    refuses(&mut town, caliber, (ZERO,).abi_encode_params(), no_router.clone());
    for wrong in [
        (ZERO, susdai, usdai, settlement),
        (router, ZERO, usdai, settlement),
        (router, susdai, ZERO, settlement),
        (router, susdai, usdai, ZERO),
    ] {
        refuses(
            &mut town,
            qev,
            (wrong.0, wrong.1, wrong.2, n(1_000), n(100), wrong.3).abi_encode_params(),
            zero.clone(),
        );
    }
    for (epoch, reveal) in [(0, 0), (1_000, 0), (1_000, 1_000), (1_000, 1_001), (1 << 32, 100), (u128::MAX, 1)] {
        let error = refusals::InvalidEpoch {
            epochSeconds: n(epoch),
            revealSeconds: n(reveal),
        };
        refuses(
            &mut town,
            qev,
            (router, susdai, usdai, n(epoch), n(reveal), settlement).abi_encode_params(),
            error.abi_encode(),
        );
    }
    refuses(&mut town, origination, (ZERO,).abi_encode_params(), no_router.clone());
    for contract in [filo, defaults] {
        refuses(&mut town, contract, (ZERO, n(1_000)).abi_encode_params(), no_router.clone());
    }
    for period in [U256::ZERO, n(366 * 86_400 + 1), U256::MAX] {
        let error = refusals::OutOfRange {
            parameter: id("periodSeconds"),
            value: period,
            minimum: U256::ONE,
            maximum: n(366 * 86_400),
        };
        for contract in [filo, defaults] {
            refuses(&mut town, contract, (router, period).abi_encode_params(), error.abi_encode());
        }
    }

    constructs(&mut town, router, (admin, U256::ZERO).abi_encode_params());
    constructs(&mut town, gateway, (router,).abi_encode_params());
    constructs(&mut town, usdai, (router, world.wrapped_m).abi_encode_params());
    constructs(&mut town, adapter, (router, world.wrapped_m, world.swap_router).abi_encode_params());
    constructs(&mut town, susdai, (router, usdai).abi_encode_params());
    constructs(&mut town, caliber, (router,).abi_encode_params());
    constructs(&mut town, filo, (router, n(1_000)).abi_encode_params());
    constructs(&mut town, origination, (router,).abi_encode_params());
    constructs(&mut town, defaults, (router, n(1_000)).abi_encode_params());
    // An empty book wires nothing, half a book wires nothing by halves.
    for (contract, first) in [
        (usdai, "SWAP_ADAPTER"),
        (adapter, "USDAI"),
        (susdai, "QEV"),
        (caliber, "FILO"),
        (filo, "USDAI"),
        (origination, "FILO"),
        (defaults, "FILO"),
        (gateway, "USDAI"),
    ] {
        town.refuses_as(admin, contract, &Wired::wireCall {}, &refusals::AddressNotSet { id: id(first) });
    }
    town.does(
        admin,
        router,
        &Router::setAddressCall {
            id: id("QEV"),
            current: qev,
        },
    );
    town.refuses_as(admin, susdai, &Wired::wireCall {}, &refusals::AddressNotSet { id: id("FILO") });
    town.does(
        admin,
        router,
        &Router::setAddressCall {
            id: id("USDAI"),
            current: usdai,
        },
    );
    for contract in [filo, gateway] {
        town.refuses_as(admin, contract, &Wired::wireCall {}, &refusals::AddressNotSet { id: id("SUSDAI") });
    }
    // What is not wired says so.
    town.give_usdc(admin, dollars6(10));
    town.does(
        admin,
        world.usdc,
        &Erc20::approveCall {
            spender: usdai,
            value: U256::MAX,
        },
    );
    town.refuses_as(admin, usdai, &Usdai::harvestCall {}, &refusals::NotWired {});
    let loan = U256::ONE;
    town.refuses_as(admin, defaults, &Defaults::markLateCall { loan }, &refusals::NotWired {});
    let receipts = vec![U256::ONE];
    town.refuses_as(
        admin,
        origination,
        &Origination::topUpCall { loan, receipts },
        &refusals::NotWired {},
    );
    let (role, account) = (id("CURATOR"), admin);
    town.does(admin, router, &Router::grantRoleCall { role, account });
    let stack = town.does(admin, filo, &open_call());
    let assets = U256::ONE;
    town.refuses_as(admin, filo, &Filo::depositJuniorCall { stack, assets }, &refusals::NotWired {});
    let deposit = Usdai::deposit_0Call {
        depositToken: world.usdc,
        depositAmount: dollars6(1),
        usdaiAmountMinimum: U256::ZERO,
        recipient: admin,
    };
    town.refuses_as(admin, usdai, &deposit, &refusals::NotWired {});
    let request = Vault::requestRedeemCall {
        shares: U256::ONE,
        controller: admin,
        owner: admin,
    };
    town.refuses_as(admin, susdai, &request, &refusals::NotWired {});
    town.refuses_as(
        admin,
        susdai,
        &Vault::redeemCall {
            shares: U256::ONE,
            receiver: admin,
            controller: admin,
        },
        &refusals::NotWired {},
    );
    assert_eq!(town.read(susdai, &Vault::maxRedeemCall { controller: admin }), U256::ZERO);
    let journey = Gateway::depositAndStakeCall {
        token: world.usdc,
        amount: dollars6(1),
        minUsdai: U256::ZERO,
        minShares: U256::ZERO,
        receiver: admin,
        deadline: U256::MAX,
    };
    town.refuses_as(admin, gateway, &journey, &refusals::NotWired {});
}

#[test]
fn wiring_by_a_stranger_changes_nothing() {
    let mut town = Town::deployed();
    let stranger = town.stranger.address();
    for contract in [
        town.suite.usdai,
        town.suite.swap_adapter,
        town.suite.susdai,
        town.suite.caliber,
        town.suite.filo,
        town.suite.gateway,
    ] {
        let before = town.node.chain.fingerprint(&[stranger]);
        town.does(stranger, contract, &Wired::wireCall {});
        assert_eq!(before, town.node.chain.fingerprint(&[stranger]));
    }
}

#[test]
fn interfaces_are_told_by_their_ids() {
    let mut town = Town::deployed();
    let erc20: [FixedBytes<4>; 4] = [
        fixed_bytes!("01ffc9a7"),
        fixed_bytes!("36372b07"),
        fixed_bytes!("a219a025"),
        fixed_bytes!("9d8ff7da"),
    ];
    let vault: [FixedBytes<4>; 4] = [
        fixed_bytes!("620ee8e4"),
        fixed_bytes!("e3bc4e65"),
        fixed_bytes!("2f0a18c5"),
        fixed_bytes!("a9e50872"),
    ];
    let erc721: [FixedBytes<4>; 2] = [fixed_bytes!("80ac58cd"), fixed_bytes!("5b5e139f")];
    // Metadata updates, users.
    let receipts: [FixedBytes<4>; 2] = [fixed_bytes!("49064906"), fixed_bytes!("ad092b5c")];
    let all: Vec<FixedBytes<4>> = [erc20.as_slice(), &vault, &erc721, &receipts].concat();
    let has = [
        (town.suite.usdai, erc20.to_vec()),
        (town.suite.susdai, [erc20.as_slice(), &vault].concat()),
        (town.suite.caliber, [&erc20[..1], &erc721, &receipts].concat()),
        (town.suite.qev, [&erc20[..1], &erc721].concat()),
    ];
    for (contract, interfaces) in has {
        for interface in &all {
            assert_eq!(
                town.read(contract, &Erc165::supportsInterfaceCall { id: *interface }),
                interfaces.contains(interface),
                "{interface}"
            );
        }
        for interface in [FixedBytes([0xff; 4]), FixedBytes([0; 4])] {
            assert!(!town.read(contract, &Erc165::supportsInterfaceCall { id: interface }));
        }
    }
}

/// The production interface.
#[test]
fn every_function_that_integrators_know_is_there() {
    let mut town = Town::deployed();
    let erc20 = || {
        vec![
            "name()",
            "symbol()",
            "decimals()",
            "totalSupply()",
            "balanceOf(address)",
            "allowance(address,address)",
            "transfer(address,uint256)",
            "transferFrom(address,address,uint256)",
            "approve(address,uint256)",
            "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
            "nonces(address)",
            "DOMAIN_SEPARATOR()",
            "supportsInterface(bytes4)",
        ]
    };
    let usdai = vec![
        "deposit(address,uint256,uint256,address)",
        "deposit(address,uint256,uint256,address,bytes)",
        "withdraw(address,uint256,uint256,address)",
        "withdraw(address,uint256,uint256,address,bytes)",
        "swapAdapter()",
        "baseToken()",
        "bridgedSupply()",
        "supplyCap()",
        "setSupplyCap(uint256)",
        "mint(address,uint256)",
        "burn(address,uint256)",
    ];
    let adapter = vec![
        "swapIn(address,uint256,uint256,bytes)",
        "swapOut(address,uint256,uint256,bytes)",
        "baseToken()",
    ];
    let vault = vec![
        "asset()",
        "share()",
        "totalAssets()",
        "convertToShares(uint256)",
        "convertToAssets(uint256)",
        "maxDeposit(address)",
        "maxMint(address)",
        "maxRedeem(address)",
        "maxWithdraw(address)",
        "previewDeposit(uint256)",
        "previewMint(uint256)",
        "previewRedeem(uint256)",
        "previewWithdraw(uint256)",
        "deposit(uint256,address)",
        "deposit(uint256,address,uint256)",
        "mint(uint256,address)",
        "mint(uint256,address,uint256)",
        "requestRedeem(uint256,address,address)",
        "pendingRedeemRequest(uint256,address)",
        "claimableRedeemRequest(uint256,address)",
        "redeem(uint256,address,address)",
        "withdraw(uint256,address,address)",
        "setOperator(address,bool)",
        "isOperator(address,address)",
        "nav()",
        "depositSharePrice()",
        "redemptionSharePrice()",
        "totalShares()",
        "bridgedSupply()",
        "redemptionTimestamp()",
        "setBlacklist(address,bool)",
        "pause()",
        "unpause()",
        "mint(address,uint256)",
        "burn(address,uint256)",
    ];
    let suite = town.suite;
    let tables = [
        (suite.usdai, erc20()),
        (suite.usdai, usdai),
        (suite.swap_adapter, adapter),
        (suite.susdai, erc20()),
        (suite.susdai, vault),
    ];
    for (contract, functions) in tables {
        for name in functions {
            let call = Function::named(name).call(&mut Zeros);
            let receipt = town.node.chain.view(ZERO, contract, call);
            assert!(receipt.success || receipt.output.len() >= 4, "{name} is not there: {receipt:?}");
        }
    }
    // As published, in bytes.
    assert_eq!(Vault::requestRedeemCall::SELECTOR, [0x7d, 0x41, 0xc8, 0x6e]);
    assert_eq!(Vault::redeemCall::SELECTOR, [0xba, 0x08, 0x76, 0x52]);
    assert_eq!(Vault::deposit_0Call::SELECTOR, [0x6e, 0x55, 0x3f, 0x65]);
    assert_eq!(Erc20::permitCall::SELECTOR, [0xd5, 0x05, 0xac, 0xcf]);
}

/// Everything that the contracts say about money.
fn books(town: &mut Town, alice: Address, position: U256) -> Vec<U256> {
    let (usdai, susdai, qev, filo) = (town.suite.usdai, town.suite.susdai, town.suite.qev, town.suite.filo);
    let loans = town.read(susdai, &Vault::loanBookCall {});
    let lane = town.read(qev, &Queue::laneCall { tick: 0 });
    let claimable = town.read(qev, &Queue::claimableOfCall { controller: alice });
    vec![
        town.read(usdai, &Erc20::totalSupplyCall {}),
        town.read(usdai, &Usdai::bridgedSupplyCall {}),
        town.read(susdai, &Vault::navCall {}),
        town.read(susdai, &Vault::totalAssetsCall {}),
        town.read(susdai, &Vault::totalSharesCall {}),
        town.read(susdai, &Vault::depositSharePriceCall {}),
        town.read(susdai, &Vault::redemptionSharePriceCall {}),
        town.read(susdai, &Vault::cashCall {}),
        town.read(susdai, &Vault::lendableCall {}),
        town.read(susdai, &Vault::unvestedCall {}),
        town.read(susdai, &Vault::previewDepositCall { assets: wad(1) }),
        town.read(susdai, &Vault::previewMintCall { shares: wad(1) }),
        town.read(
            susdai,
            &Vault::pendingRedeemRequestCall {
                requestId: position,
                controller: alice,
            },
        ),
        loans.principal,
        loans.rate,
        loans.accrued,
        lane.entered,
        lane.filled,
        claimable.shares,
        claimable.assets,
        town.read(filo, &Filo::juniorCashCall { stack: U256::ONE }),
        town.read(filo, &Filo::reserveCall {}),
    ]
}

#[test]
fn donations_change_no_price_and_no_book() {
    let mut town = Town::deployed();
    let (alice, donor, curator) = (town.cast.depositor.address(), town.stranger.address(), town.cast.curator.address());
    let (usdai, susdai, filo) = (town.suite.usdai, town.suite.susdai, town.suite.filo);
    town.give_susdai(alice, 1_000);
    let request = Vault::requestRedeemCall {
        shares: wad(100),
        controller: alice,
        owner: alice,
    };
    let position = town.does(alice, susdai, &request);
    let open = Filo::openStackCall {
        firstLossBps: n(1_000),
        maxLtvBps: n(7_000),
        marginTriggerBps: n(8_500),
        seniorCap: wad(1_000),
        servicingFeeBps: n(100),
        juniorSpreadBps: n(500),
        hardwareClass: FixedBytes::ZERO,
    };
    town.does(curator, filo, &open);
    town.give_usdai(curator, 100);
    town.does(
        curator,
        usdai,
        &Erc20::approveCall {
            spender: filo,
            value: U256::MAX,
        },
    );
    town.does(
        curator,
        filo,
        &Filo::depositJuniorCall {
            stack: U256::ONE,
            assets: wad(100),
        },
    );
    // Everything has something in it, and the donor a lot of everything.
    let usdt = town.world.usdt;
    town.give_usdai(donor, 100_000);
    town.give_susdai(donor, 100_000);
    town.give_usdc(donor, dollars6(100_000));
    town.give_base(donor, dollars6(100_000));
    town.does_silently(
        donor,
        usdt,
        &HostileToken::mintCall {
            to: donor,
            amount: dollars6(100_000),
        },
    );
    let before = books(&mut town, alice, position);
    let contracts = town.suite.contracts();
    for token in [town.world.usdc, usdt, town.world.wrapped_m, usdai, susdai] {
        let amount = town.balance(token, donor) / n(20);
        for (name, contract) in contracts {
            if (token, contract) == (susdai, town.suite.qev) {
                // The queue's shares are its positions' alone.
                let refusal = refusals::SharesOfQueue { queue: contract };
                town.refuses_as(
                    donor,
                    token,
                    &Erc20::transferCall {
                        to: contract,
                        value: amount,
                    },
                    &refusal,
                );
                continue;
            }
            town.does_silently(
                donor,
                token,
                &Erc20::transferCall {
                    to: contract,
                    value: amount,
                },
            );
            assert_eq!(before, books(&mut town, alice, position), "a donation to {name}");
        }
    }
    // Nor does the settlement pay anybody out of it.
    let end = town.read(town.suite.qev, &Queue::epochEndCall {});
    town.node.chain.warp_to(end.to());
    town.does(donor, town.suite.qev, &Queue::settleCall { maxSteps: U256::ONE });
    assert_eq!(
        town.does(alice, town.suite.qev, &Queue::claimCall { position, receiver: alice }),
        wad(100)
    );
    let withdraw = Filo::withdrawJuniorCall {
        stack: U256::ONE,
        assets: wad(100) + U256::ONE,
        receiver: curator,
    };
    let refusal = refusals::InsufficientJunior {
        stack: U256::ONE,
        needed: wad(100) + U256::ONE,
        available: wad(100),
    };
    town.refuses_as(curator, filo, &withdraw, &refusal);
}

/// Roles of the router's books.
const ROLES: [&str; 9] = [
    "ADMIN",
    "GUARDIAN",
    "TOKENISING_AGENT",
    "ATTESTOR",
    "APPRAISER",
    "CURATOR",
    "BRIDGE",
    "BLACKLIST",
    "DEPOSIT_ADMIN",
];

/// Arguments that are something: accounts that are somebody, lists of one, numbers that are one.
struct Ones;

impl Filler for Ones {
    fn word(&mut self, kind: &str) -> U256 {
        match kind {
            "address" => U256::from_be_bytes(Address::repeat_byte(0xa1).into_word().0),
            _ => U256::ONE,
        }
    }

    fn length(&mut self) -> usize {
        1
    }
}

/// Whether a refusal is of the caller and not of what it asks for.
fn is_of_the_caller(said: &[u8]) -> bool {
    [
        refusals::Unauthorized::SELECTOR,
        refusals::OnlyUsdai::SELECTOR,
        refusals::OnlyFilo::SELECTOR,
        refusals::OnlyQueue::SELECTOR,
        refusals::OnlyVault::SELECTOR,
        Filo::OnlyDefaults::SELECTOR,
        Filo::OnlyOrigination::SELECTOR,
    ]
    .iter()
    .any(|selector| said.starts_with(selector))
}

/// What `contracts/abi` says of a contract's functions, by signature; structs under their names.
fn documentation(contract: &str) -> BTreeMap<String, String> {
    let path = format!("{}/../../contracts/abi/I{contract}.sol", env!("CARGO_MANIFEST_DIR"));
    let (mut said, mut all) = (String::new(), BTreeMap::new());
    for line in std::fs::read_to_string(path).unwrap().lines().map(str::trim) {
        if let Some(words) = line.strip_prefix("///") {
            said.push_str(words);
            continue;
        }
        if let Some((name, rest)) = line.strip_prefix("function ").and_then(|rest| rest.split_once('(')) {
            let arguments = rest.split(')').next().unwrap().split(',');
            let types: Vec<_> = arguments.filter_map(|argument| argument.split_whitespace().next()).collect();
            all.insert(format!("{name}({})", types.join(",")), said.clone());
        }
        said.clear();
    }
    all
}

/// What is said of the function `signature`: by its signature or, where structs have names, by its name alone.
fn said_of<'a>(documented: &'a BTreeMap<String, String>, signature: &str) -> &'a str {
    let name = format!("{}(", signature.split('(').next().unwrap());
    let by_name = || documented.iter().find(|(other, _)| other.starts_with(&name)).map(|(_, said)| said);
    documented
        .get(signature)
        .or_else(by_name)
        .expect("what the ABI has, the interface has")
}

/// Every role, every contract and a stranger call every function: who is not turned away is in docs/ROLES.md, and whoever is, by an error
/// that the function's documentation names. `ROLES=write` writes the page.
#[test]
fn who_may_call_what_is_documented() {
    let mut town = Town::deployed();
    let (admin, router, suite) = (town.cast.admin.address(), town.suite.router, town.suite);
    let mut callers = Vec::new();
    for name in ROLES {
        let account = if name == "ADMIN" {
            admin
        } else {
            let account = Person::derived(name, B256::ZERO).unwrap().address();
            town.does(admin, router, &Router::grantRoleCall { role: id(name), account });
            account
        };
        callers.push((format!("`{name}`"), account));
    }
    let contracts = shapes::contracts(&suite);
    callers.extend(contracts.iter().map(|(name, address)| (name.clone(), *address)));
    let stranger = town.stranger.address();
    let mut page = String::from(
        "# Who may call what\n\n\
         Written by the test `who_may_call_what_is_documented` (`ROLES=write`), which calls every function that changes state as every role, as every\n\
         contract and as a stranger. What everybody may call asks what is the caller's own: shares, positions, stacks, loans, receipts. With a\n\
         delay, `ADMIN` is the router itself; the admin is a guardian.\n",
    );
    let mut disagreements = Vec::new();
    for (contract, address) in &contracts {
        let _ = write!(page, "\n## {contract}\n\n| function | who |\n| --- | --- |\n");
        let documented = documentation(contract);
        for function in shapes::functions(contract).into_iter().filter(|function| function.changes) {
            let calls = [function.call(&mut Zeros), function.call(&mut Ones)];
            let may = |town: &mut Town, who: Address| {
                calls.iter().all(|call| {
                    let receipt = town.scene(|town| town.raw(who, *address, U256::ZERO, call.clone()));
                    receipt.success || !is_of_the_caller(&receipt.output)
                })
            };
            let who = if may(&mut town, stranger) {
                "anybody".to_owned()
            } else {
                let those: Vec<_> = callers.iter().filter(|(_, account)| may(&mut town, *account)).collect();
                those.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
            };
            let name = function.signature.split('(').next().unwrap();
            let own = said_of(&documented, &function.signature);
            // "As `other`": what that says holds of it too.
            let others = documented
                .iter()
                .filter(|(other, _)| own.contains(&format!("As `{}`", other.split('(').next().unwrap())));
            let said = others.fold(own.to_owned(), |said, (_, more)| said + more);
            let told = CALLER_ERRORS.iter().any(|error| said.contains(error));
            let turned_away = who != "anybody";
            if who.is_empty() || told != (turned_away || ASKS_SOMEBODY_ELSE.contains(&name)) {
                disagreements.push(format!("{contract}.{name} by {who}:{said}"));
            }
            let _ = writeln!(page, "| `{}` | {who} |", function.signature);
        }
    }
    assert!(disagreements.is_empty(), "{disagreements:#?}");
    let path = format!("{}/../../docs/ROLES.md", env!("CARGO_MANIFEST_DIR"));
    if std::env::var("ROLES").is_ok_and(|word| word == "write") {
        std::fs::write(&path, &page).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == page, "docs/ROLES.md is stale: run this test with ROLES=write");
}

/// What turns a caller away for who it is.
const CALLER_ERRORS: [&str; 7] = [
    "Unauthorized",
    "OnlyUsdai",
    "OnlyFilo",
    "OnlyQueue",
    "OnlyVault",
    "OnlyDefaults",
    "OnlyOrigination",
];

/// Functions that anybody may call and that ask for a role of somebody else: of who signed what is handed in, of a loan's curator.
const ASKS_SOMEBODY_ELSE: [&str; 4] = ["postAppraisal", "postInsurance", "draw", "refinance"];

/// A place in the queue is a token like any other: it is sent, plainly and with words, to whoever takes it, and to nobody.
#[test]
fn a_place_in_the_queue_is_sent_safely() {
    let mut town = Town::deployed();
    let (me, susdai, qev) = (town.cast.depositor.address(), town.suite.susdai, town.suite.qev);
    town.give_susdai(me, 1_000);
    let request = Vault::requestRedeemCall {
        shares: wad(100),
        controller: me,
        owner: me,
    };
    let (first, second) = (town.does(me, susdai, &request), town.does(me, susdai, &request));
    let taker = town.solidity("HostileReceiver", &[]);
    assert_eq!(town.read(qev, &Queue::ownerOfCall { tokenId: first }), me);
    assert_eq!(town.read(qev, &Queue::getApprovedCall { tokenId: first }), ZERO);
    let told = town.read(qev, &Queue::tokenURICall { tokenId: first });
    assert!(told.starts_with("data:application/json"), "{told}");
    let of_another = Queue::transferFromCall {
        from: taker,
        to: me,
        tokenId: first,
    };
    let wrong = refusals::ERC721IncorrectOwner {
        sender: taker,
        tokenId: first,
        owner: me,
    };
    town.refuses_as(me, qev, &of_another, &wrong);
    let plainly = Queue::safeTransferFrom_0Call {
        from: me,
        to: taker,
        tokenId: first,
    };
    town.does(me, qev, &plainly);
    let with_words = Queue::safeTransferFrom_1Call {
        from: me,
        to: taker,
        tokenId: second,
        data: vec![7].into(),
    };
    town.does(me, qev, &with_words);
    assert_eq!(town.read(qev, &Queue::balanceOfCall { owner: taker }), n(2));
    let nobody = refusals::ERC721InvalidOwner { owner: ZERO };
    town.refuses_as(me, qev, &Queue::balanceOfCall { owner: ZERO }, &nobody);
}

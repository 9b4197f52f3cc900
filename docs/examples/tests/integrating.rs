//! The worked examples of docs/INTEGRATING.md: each is run as it stands there, against the deployed programs, through a whole epoch.
//! They need what `scripts/build` leaves in `target`, and the npm packages that `scripts/setup` installs.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use alloy_primitives::{Address, Bytes, B256, U256};
use alloy_sol_types::{sol, SolCall, SolValue};
use scenarios::{
    abi::{Erc20, Filo, Queue, Usdai, Vault},
    hands::wad,
    lending::{Market, DAY},
    target,
    usdai_cli::{node::Person, protocol::counterparts::dollars6},
    Town,
};
use stylus_chain::Chain;
use stylus_node::{serve, Clock, Server};
use tokio::runtime::Runtime;

sol!(
    #[derive(Debug)]
    interface PatientVault {
        function stake(uint256 assets, uint256 minShares) external returns (uint256 shares);
        function requestExit(uint256 shares) external returns (uint256 position);
        function collect() external returns (uint256 assets);
        function handOver(uint256 position, address to) external;
        function adopt(uint256 position) external;
        function prices() external view returns (uint256 deposit, uint256 redemption);
        function value() external view returns (uint256 assets);
        function positions() external view returns (uint256[] memory);
        error OnlyOwner(address caller);
    }
);

/// What rounding may take of an amount that goes in and comes out again, wei.
const DUST: u64 = 10;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// As much as `expected`, or what rounding leaves of it.
fn about(amount: U256, expected: U256) -> bool {
    amount <= expected && expected - amount <= U256::from(DUST)
}

/// Lets the epoch end and settles it.
fn settle(town: &mut Town) {
    let (qev, keeper) = (town.suite.qev, town.cast.keeper.address());
    let end: u64 = town.read(qev, &Queue::epochEndCall {}).to();
    town.node.chain.warp_to(end);
    let settle = Queue::settleCall {
        maxSteps: U256::from(1_000),
    };
    town.does(keeper, qev, &settle);
}

#[test]
#[ignore = "needs scripts/build"]
fn the_solidity_vault_stakes_waits_and_collects_for_its_owner() {
    let mut town = Town::deployed();
    let (usdai, susdai, qev) = (town.suite.usdai, town.suite.susdai, town.suite.qev);
    // Solidity's deployer is its owner.
    let owner = town.cast.admin.address();
    let (stranger, seller) = (town.stranger.clone(), town.cast.depositor.address());
    let vault = town.solidity("PatientVault", &(susdai, qev).abi_encode_params());
    let positions = |town: &mut Town| town.read(vault, &PatientVault::positionsCall {});
    let value = |town: &mut Town| town.read(vault, &PatientVault::valueCall {});

    let held = wad(10_000);
    town.give_usdai(owner, 10_000);
    let approve = Erc20::approveCall {
        spender: vault,
        value: held,
    };
    town.does(owner, usdai, &approve);
    let stake = PatientVault::stakeCall {
        assets: held,
        minShares: U256::ZERO,
    };
    let shares = town.does(owner, vault, &stake);
    assert_eq!(town.balance(susdai, vault), shares);
    let prices = town.read(vault, &PatientVault::pricesCall {});
    assert_eq!(prices.deposit, town.read(susdai, &Vault::depositSharePriceCall {}));
    assert_eq!(prices.redemption, town.read(susdai, &Vault::redemptionSharePriceCall {}));
    assert!(about(value(&mut town), held));

    // Half of it leaves, and nobody else can make it.
    let half = PatientVault::requestExitCall {
        shares: shares / U256::from(2),
    };
    let only_owner = PatientVault::OnlyOwner {
        caller: stranger.address(),
    };
    town.refuses(&stranger, vault, &half, &only_owner);
    let position = town.does(owner, vault, &half);
    assert_eq!(town.read(qev, &Queue::ownerOfCall { tokenId: position }), vault);
    assert_eq!(
        town.does(owner, vault, &PatientVault::collectCall {}),
        U256::ZERO,
        "nothing is settled"
    );
    assert!(about(value(&mut town), held), "a place in the queue is worth what it holds");

    // The owner buys another's place and sends it in; a stranger's gift is not taken, and one without a callback has to be adopted.
    let bought = buy_place(&mut town, seller, owner);
    let send = Queue::safeTransferFrom_0Call {
        from: owner,
        to: vault,
        tokenId: bought,
    };
    town.does(owner, qev, &send);
    let gift = buy_place(&mut town, seller, stranger.address());
    let unwanted = Queue::safeTransferFrom_0Call {
        from: stranger.address(),
        to: vault,
        tokenId: gift,
    };
    assert!(town.attempt(stranger.address(), qev, &unwanted).is_err());
    let silent = Queue::transferFromCall {
        from: stranger.address(),
        to: vault,
        tokenId: gift,
    };
    town.does(stranger.address(), qev, &silent);
    assert_eq!(positions(&mut town), [position, bought]);
    town.does(owner, vault, &PatientVault::adoptCall { position: gift });
    assert_eq!(positions(&mut town), [position, bought, gift]);
    let worth = held + wad(100) + wad(100);
    let booked = value(&mut town);
    assert!(booked <= worth && worth - booked <= U256::from(3 * DUST), "{booked}");

    // One is sold again; the rest is settled, collected, and gone from the books.
    let sell = PatientVault::handOverCall {
        position: gift,
        to: stranger.address(),
    };
    town.does(owner, vault, &sell);
    assert_eq!(town.read(qev, &Queue::ownerOfCall { tokenId: gift }), stranger.address());
    settle(&mut town);
    let booked = value(&mut town);
    let before = town.balance(usdai, owner);
    let collected = town.does(owner, vault, &PatientVault::collectCall {});
    assert_eq!(town.balance(usdai, owner) - before, collected);
    assert!(about(collected, held / U256::from(2) + wad(100)), "{collected}");
    assert_eq!(positions(&mut town), Vec::<U256>::new());
    assert_eq!(value(&mut town) + collected, booked, "collecting changes nobody's wealth");
}

/// Places come with bids that their seller sealed: the vault books what will be left of them, also where the bond is more than what waits, and
/// takes nothing off twice once the epoch has ended.
#[test]
#[ignore = "needs scripts/build"]
fn the_solidity_vault_books_what_a_sealed_bid_will_leave() {
    let mut market = Market::open();
    let offer = market.offer();
    market.draw(&offer);
    let mut town = market.town;
    let (susdai, qev) = (town.suite.susdai, town.suite.qev);
    let (owner, seller) = (town.cast.admin.address(), town.cast.depositor.address());
    let vault = town.solidity("PatientVault", &(susdai, qev).abi_encode_params());
    let request = |town: &mut Town, shares| {
        let request = Vault::requestRedeemCall {
            shares,
            controller: seller,
            owner: seller,
        };
        town.does(seller, susdai, &request)
    };

    // One is filled wholly, one but for three thousandths, one is new: a bid is sealed where something waits, and only now.
    let (whole, cash) = (wad(1_000), town.read(susdai, &Vault::cashCall {}));
    let filled = request(&mut town, whole);
    let nearly = request(&mut town, (cash - whole) * U256::from(1_000) / U256::from(997));
    settle(&mut town);
    let new = request(&mut town, whole);
    let sealed = [nearly, new];
    for position in [filled, nearly, new] {
        if sealed.contains(&position) {
            let commit = Queue::commitBid_0Call {
                position,
                commitment: B256::repeat_byte(1),
            };
            town.does(seller, qev, &commit);
        }
        let send = Queue::transferFromCall {
            from: seller,
            to: vault,
            tokenId: position,
        };
        town.does(seller, qev, &send);
        town.does(owner, vault, &PatientVault::adoptCall { position });
    }
    let place = |town: &mut Town, position| town.read(qev, &Queue::positionCall { position });
    let bond = |town: &mut Town, position| town.read(qev, &Queue::bidOfCall { position }).bond;
    assert!(place(&mut town, filled).pending.is_zero());
    for position in sealed {
        let (bond, waits) = (bond(&mut town, position), place(&mut town, position).pending);
        assert!(!bond.is_zero() && bond < waits, "{bond} of {waits}");
    }

    // What it books while the bonds are at stake is what there is when they are lost.
    let value = |town: &mut Town| town.read(vault, &PatientVault::valueCall {});
    let booked = value(&mut town);
    let end: u64 = town.read(qev, &Queue::epochEndCall {}).to();
    town.node.chain.warp_to(end);
    let price = town.read(susdai, &Vault::redemptionSharePriceCall {});
    let (mut claimable, mut left) = (U256::ZERO, U256::ZERO);
    for position in [filled, nearly, new] {
        let place = place(&mut town, position);
        claimable += place.claimableAssets;
        left += place.pending * price / wad(1);
    }
    assert!(about(booked, claimable + left), "{booked}, and there is {claimable} + {left}");
    assert!(bond(&mut town, new).is_zero(), "told no longer than it is at stake");
    assert_eq!(value(&mut town), claimable + left);
    let forfeit = Queue::forfeitBondsCall {
        positions: sealed.to_vec(),
    };
    town.does(seller, qev, &forfeit);
    assert_eq!(value(&mut town), claimable + left, "and taking it changes nothing");
    assert_eq!(town.does(owner, vault, &PatientVault::collectCall {}), claimable);
    assert_eq!(town.read(vault, &PatientVault::positionsCall {}), [new, nearly]);
    assert_eq!(value(&mut town), left);
}

/// A place of 100 dollars' shares that `seller` opens and `buyer` gets.
fn buy_place(town: &mut Town, seller: Address, buyer: Address) -> U256 {
    let shares = town.give_susdai(seller, 100);
    let request = Vault::requestRedeemCall {
        shares,
        controller: seller,
        owner: seller,
    };
    let (susdai, qev) = (town.suite.susdai, town.suite.qev);
    let position = town.does(seller, susdai, &request);
    let sell = Queue::transferFromCall {
        from: seller,
        to: buyer,
        tokenId: position,
    };
    town.does(seller, qev, &sell);
    position
}

/// A chain behind JSON-RPC, as the scripts meet it, and in between in the hands of the test.
struct Served {
    server: Server,
    _runtime: Runtime,
}

impl Served {
    fn new(chain: Chain) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let server = runtime
            .block_on(serve(chain, SocketAddr::from(([127, 0, 0, 1], 0)), Clock::Manual))
            .unwrap();
        Self { server, _runtime: runtime }
    }

    fn read<C: SolCall>(&self, to: Address, call: &C) -> C::Return {
        let view = stylus_chain::Tx::call(Address::ZERO, to, call.abi_encode());
        let output: Bytes = self.server.with_chain(|chain| chain.simulate(&view).unwrap().ok().unwrap().output);
        C::abi_decode_returns(&output).unwrap()
    }

    /// Lets time pass: the newest block is of `timestamp`.
    fn warp_to(&self, timestamp: u64) {
        self.server.with_chain(|chain| {
            chain.warp_to(timestamp);
            chain.mine();
        });
    }

    /// Runs a program, which must succeed; what it said.
    fn runs(&self, program: &mut Command, who: &Person) -> String {
        let (succeeded, said) = self.tries(program, who);
        assert!(succeeded, "{said}");
        said
    }

    fn tries(&self, program: &mut Command, who: &Person) -> (bool, String) {
        let output = program
            .env("RPC_URL", self.server.url())
            .env("PRIVATE_KEY", who.signer.to_bytes().to_string())
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }
}

#[test]
#[ignore = "needs scripts/build and npm packages"]
fn the_viem_script_enters_bids_reveals_and_claims() {
    let mut town = Town::deployed();
    let who = town.cast.depositor.clone();
    let (me, suite, usdc) = (who.address(), town.suite, town.world.usdc);
    town.give_usdc(me, dollars6(2_000));
    let chain = Served::new(town.node.chain);
    let folder = target().join("tmp").join(format!("viem-bids-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let addresses = serde_json::json!({ "gateway": suite.gateway, "susdai": suite.susdai, "qev": suite.qev });
    let script = |arguments: &[&str]| {
        let mut node = Command::new("node");
        node.arg("exit.js").args(arguments).current_dir(here("viem"));
        node.env("USDC", usdc.to_string())
            .env("ADDRESSES", addresses.to_string())
            .env("BID_FOLDER", &folder);
        node
    };

    chain.runs(&mut script(&["enter", "1000"]), &who);
    let shares = chain.read(suite.susdai, &Vault::balanceOfCall { account: me });
    assert!(shares > wad(999), "{shares}");
    let bid = |chain: &Served| {
        let before: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        let said = chain.runs(&mut script(&["bid", "20"]), &who);
        let mut files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let secret = files.find(|file| !before.contains(file)).unwrap();
        assert!(said.contains(secret.file_name().unwrap().to_str().unwrap()), "{said}");
        let kept: serde_json::Value = serde_json::from_str(&fs::read_to_string(&secret).unwrap()).unwrap();
        let position: U256 = kept["position"].as_str().unwrap().parse().unwrap();
        (secret.to_str().unwrap().to_owned(), position)
    };
    let (secret, position) = bid(&chain);
    // A second bid has a secret of its own, and the first one's stays.
    chain.runs(&mut script(&["enter", "1000"]), &who);
    let (_, second) = bid(&chain);
    assert_ne!(position, second);
    let place = |chain: &Served| chain.read(suite.qev, &Queue::positionCall { position });
    assert_eq!(
        (place(&chain).controller, place(&chain).lane, place(&chain).pending),
        (me, 0, shares)
    );
    let sealed = chain.read(suite.qev, &Queue::bidOfCall { position });
    assert!(!sealed.commitment.is_zero() && !sealed.bond.is_zero());

    // Too early, and told so by name.
    let (succeeded, said) = chain.tries(&mut script(&["reveal", &secret]), &who);
    assert!(!succeeded && said.contains("RevealNotBegun"), "{said}");
    let end: u64 = chain.read(suite.qev, &Queue::epochEndCall {}).to();
    chain.warp_to(end - DAY);
    chain.runs(&mut script(&["reveal", &secret]), &who);
    assert_eq!(
        (place(&chain).lane, place(&chain).pending),
        (20, shares),
        "all of it, the bond included"
    );

    let said = chain.runs(&mut script(&["claim", &secret]), &who);
    assert!(said.starts_with("0 USDai paid"), "{said}");
    chain.warp_to(end);
    let mut keeper = Command::new(env!("CARGO_BIN_EXE_keeper"));
    chain.runs(keeper.env("ROUTER", suite.router.to_string()), &who);
    let worth = place(&chain).claimableAssets;
    chain.runs(&mut script(&["claim", &secret]), &who);
    assert_eq!(chain.read(suite.usdai, &Usdai::balanceOfCall { account: me }), worth);
    // Everybody could be paid, so the bid cost nothing.
    assert!(worth > wad(998), "{worth}");
    fs::remove_dir_all(&folder).unwrap();
}

/// A loan is overdue, so the queue would settle for nobody: the keeper marks it, settles, harvests, and has nothing to do a second time.
#[test]
#[ignore = "needs scripts/build"]
fn the_alloy_keeper_marks_settles_and_harvests() {
    let mut market = Market::open();
    let offer = market.offer();
    let loan = market.draw(&offer);
    let Town { node, suite, cast, .. } = market.town;
    let chain = Served::new(node.chain);
    let due: u64 = chain.read(suite.filo, &Filo::instalmentCall { loan }).due.to();
    let end: u64 = chain.read(suite.qev, &Queue::epochEndCall {}).to();
    chain.warp_to(due.max(end) + 2 * DAY);
    let unsettled = chain.read(suite.qev, &Queue::scheduleCall {}).firstUnsettled;
    let cash = chain.read(suite.susdai, &Vault::cashCall {});

    let run = |router: Address| {
        let mut keeper = Command::new(env!("CARGO_BIN_EXE_keeper"));
        keeper.env("ROUTER", router.to_string());
        keeper
    };
    let said = chain.runs(&mut run(suite.router), &cast.keeper);
    for what in [format!("loan {loan} is late"), "settled".into(), "harvested".into()] {
        assert!(said.contains(&what), "{said}");
    }
    assert_eq!(chain.read(suite.filo, &Filo::loanCall { loan }).status, U256::from(2));
    let schedule = chain.read(suite.qev, &Queue::scheduleCall {});
    assert!(schedule.firstUnsettled > unsettled);
    assert_eq!(schedule.firstUnsettled, chain.read(suite.qev, &Queue::epochCall {}));
    assert!(chain.read(suite.susdai, &Vault::cashCall {}) > cash, "the vault has its yield");
    let again = chain.runs(&mut run(suite.router), &cast.keeper);
    assert!(!again.contains("late") && !again.contains("settled"), "{again}");
    // What is wrong is said in a line.
    let (succeeded, said) = chain.tries(&mut run(cast.keeper.address()), &cast.keeper);
    assert!(!succeeded && said.contains("addressOf"), "{said}");
}

/// What the compiler must find it finds: the script agrees with the package, and what does not agree is an error.
#[test]
#[ignore = "needs npm packages"]
fn the_packages_types_hold_and_hold_the_script_to_them() {
    let tsc = |arguments: &[&str]| {
        let output = Command::new(here("viem/node_modules/.bin/tsc"))
            .args(arguments)
            .current_dir(here("viem"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    };
    tsc(&["--project", "tsconfig.json"]);
    // The package's declarations alone, which a user's compiler skips.
    let declarations = "../../../packages/usdai-abi/index.d.ts";
    tsc(&[
        "--noEmit",
        "--strict",
        "--ignoreConfig",
        "--module",
        "nodenext",
        "--types",
        "",
        declarations,
    ]);
}

/// What the page shows is what ran above: the very files.
#[test]
fn the_page_shows_the_examples_as_they_are() {
    let page = fs::read_to_string(here("../INTEGRATING.md")).unwrap();
    let examples = [
        ("solidity", "solidity/PatientVault.sol"),
        ("js", "viem/exit.js"),
        ("rust", "alloy/keeper.rs"),
    ];
    for (language, file) in examples {
        let text = fs::read_to_string(here(file)).unwrap();
        assert!(
            page.contains(&format!("```{language}\n{text}```\n")),
            "docs/INTEGRATING.md does not show docs/examples/{file} as it is"
        );
        assert!(
            page.contains(&format!("(examples/{file})")),
            "docs/INTEGRATING.md does not link docs/examples/{file}"
        );
    }
}

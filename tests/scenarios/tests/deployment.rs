//! Deploying as an operator does: interrupted anywhere, checked beforehand, recorded; and keeping it alive.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "tests")]

use std::path::PathBuf;

use alloy_primitives::{keccak256, Address, Bytes, Log, B256, U256};
use alloy_sol_types::SolCall;
use scenarios::{
    target,
    usdai_cli::{
        deploy::{
            self,
            networks::network,
            record::{Record, World},
            Order,
        },
        embedded::Embedded,
        keep::{self, Life, State},
        node::{Node, NodeError, NodeExt, Person, Sent},
        protocol::{
            bindings::{Gateway, IErc20, IMintable, IWired, Qev, Router, Susdai},
            counterparts::{Counterparts, SolidityArtifacts},
            suite::id,
        },
        watch,
    },
};
use stylus_chain::{Chain, Tx};

/// When a [`Mortal`] dies: with its last transaction unsent, or sent but unheard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Death {
    Before,
    After,
}

/// A node whose client is killed after so many transactions.
struct Mortal<'a> {
    node: &'a mut Embedded,
    left: usize,
    death: Death,
    sent: usize,
}

impl Node for Mortal<'_> {
    fn send(&mut self, from: &Person, to: Option<Address>, value: U256, data: Bytes) -> Result<Sent, NodeError> {
        let killed = || Err(NodeError::Other("killed".into()));
        if self.left == 0 && self.death == Death::Before {
            return killed();
        }
        let sent = self.node.send(from, to, value, data)?;
        self.sent += 1;
        if self.left == 0 {
            return killed();
        }
        self.left -= 1;
        Ok(sent)
    }

    fn chain_id(&self) -> u64 {
        self.node.chain_id()
    }
    fn now(&mut self) -> Result<u64, NodeError> {
        self.node.now()
    }
    fn view(&mut self, from: Address, to: Address, value: U256, data: Bytes) -> Result<Bytes, NodeError> {
        self.node.view(from, to, value, data)
    }
    fn view_with_code(&mut self, account: Address, code: Bytes, to: Address, value: U256, data: Bytes) -> Result<Bytes, NodeError> {
        self.node.view_with_code(account, code, to, value, data)
    }
    fn estimate(&mut self, from: Address, to: Address, value: U256, data: Bytes) -> Result<u64, NodeError> {
        self.node.estimate(from, to, value, data)
    }
    fn gas_price(&mut self) -> Result<u128, NodeError> {
        self.node.gas_price()
    }
    fn block(&mut self) -> Result<u64, NodeError> {
        self.node.block()
    }
    fn logs(&mut self, account: Address, topic: B256, since: u64) -> Result<Vec<(Log, B256)>, NodeError> {
        self.node.logs(account, topic, since)
    }
    fn settle(&mut self, account: Address) -> Result<(), NodeError> {
        self.node.settle(account)
    }
    fn balance(&mut self, account: Address) -> Result<U256, NodeError> {
        self.node.balance(account)
    }
    fn nonce(&mut self, account: Address) -> Result<u64, NodeError> {
        self.node.nonce(account)
    }
    fn code(&mut self, account: Address) -> Result<Bytes, NodeError> {
        self.node.code(account)
    }
    fn storage(&mut self, account: Address, slot: U256) -> Result<U256, NodeError> {
        self.node.storage(account, slot)
    }
    fn fund(&mut self, account: Address, wei: U256) -> Result<(), NodeError> {
        self.node.fund(account, wei)
    }
    fn pass_time_until(&mut self, timestamp: u64) -> Result<(), NodeError> {
        self.node.pass_time_until(timestamp)
    }
    fn travels_in_time(&self) -> bool {
        true
    }
    fn keeps_return_data(&self) -> bool {
        true
    }
}

/// A chain with tokens and Uniswap but without the protocol, as a real one is.
struct Site {
    node: Embedded,
    admin: Person,
    world: Counterparts,
    folder: PathBuf,
}

impl Site {
    fn new(test: &str) -> Self {
        let mut node = Embedded::on(Chain::new());
        let admin = Person::derived("admin", keccak256("deployment")).unwrap();
        node.fund(admin.address(), U256::from(10).pow(U256::from(21))).unwrap();
        let world = Counterparts::deploy(&mut node, &SolidityArtifacts::under(&target()), &admin, 1_000, 420).unwrap();
        let folder = target().join("tmp").join(format!("deployment-{test}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        Self {
            node,
            admin,
            world,
            folder,
        }
    }

    fn path(&self) -> PathBuf {
        Record::path(&self.folder, self.node.chain_id())
    }

    fn order(&self) -> Order {
        let mut network = network("embedded").unwrap();
        network.base_token = Some(self.world.wrapped_m);
        network.swap_router = Some(self.world.swap_router);
        network.delay = 2 * 86_400;
        network.stablecoins = Vec::leak(vec![self.world.usdc, self.world.usdt]);
        Order {
            network,
            release: "test".into(),
            commit: "c0ffee".into(),
            treasury: Some(Address::repeat_byte(7)),
            next_admin: Some(Address::repeat_byte(8)),
            roles: vec![("GUARDIAN".into(), Address::repeat_byte(9))],
            stand_ins: false,
        }
    }

    fn deploy(&mut self, order: &Order) -> Result<Record, NodeError> {
        deploy::run(&mut self.node, &target(), &self.folder, &self.admin, order, &mut |_| ())
    }

    /// One run that is killed at its transaction number `left`, counted from zero; how many it sent, and what came of it.
    fn killed(&mut self, order: &Order, left: usize, death: Death) -> (usize, Result<Record, NodeError>) {
        let mut mortal = Mortal {
            node: &mut self.node,
            left,
            death,
            sent: 0,
        };
        let outcome = deploy::run(&mut mortal, &target(), &self.folder, &self.admin, order, &mut |_| ());
        (mortal.sent, outcome)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn says(outcome: Result<Record, NodeError>, words: &[&str]) {
    let sentence = outcome.expect_err("it should be refused").to_string();
    for word in words {
        assert!(sentence.contains(word), "'{word}' is not in: {sentence}");
    }
}

/// A run that dies at every transaction and is started again, until nothing is left to do, sends what an undisturbed run sends, and
/// nothing twice: the chain is the same to the last word of storage, and so is the record.
#[test]
fn killed_at_every_transaction_it_still_deploys_once() {
    let mut whole = Site::new("whole");
    let order = whole.order();
    let (steps, outcome) = whole.killed(&order, usize::MAX, Death::After);
    let undisturbed = outcome.unwrap();
    assert!(undisturbed.complete && steps > 20, "{steps}");
    assert!(undisturbed.contracts.values().all(|contract| contract.transaction.is_some()));
    let state = whole.node.chain.fingerprint(&[]);

    for death in [Death::Before, Death::After] {
        let mut site = Site::new(&format!("killed-{death:?}"));
        let order = site.order();
        let (mut sent, mut runs) = (0, 0);
        let record = loop {
            let (more, outcome) = site.killed(&order, 1, death);
            sent += more;
            runs += 1;
            assert!(runs <= steps + 2, "it does not get on");
            match outcome {
                Ok(record) => break record,
                Err(error) => assert_eq!(error.to_string(), "killed"),
            }
        };
        assert!(runs > steps / 2, "{runs} runs");
        // What no view shows (wire) may be done again after a death that left no word of it; it changes nothing.
        let unseen = record.steps.iter().filter(|step| step.title.starts_with("wire")).count();
        let most = if death == Death::Before { steps } else { steps + unseen };
        assert!(sent >= steps && sent <= most, "{sent} transactions instead of {steps}");
        let addresses = |record: &Record| record.contracts.values().map(|contract| contract.address).collect::<Vec<_>>();
        assert_eq!(addresses(&record), addresses(&undisturbed));
        assert!(record.complete && record.contracts.values().all(|contract| contract.transaction.is_some()));
        assert_eq!(record.steps.len(), undisturbed.steps.len());
        if death == Death::Before {
            assert_eq!(record, undisturbed);
            assert_eq!(site.node.chain.fingerprint(&[]), state);
        }
        assert_eq!(
            site.killed(&order, 0, Death::Before).1.unwrap(),
            record,
            "a further run sends nothing"
        );
    }
}

#[test]
fn the_record_says_what_is_there_and_power_is_handed_on() {
    let mut site = Site::new("record");
    let order = site.order();
    let record = site.deploy(&order).unwrap();
    assert_eq!(Record::read(&site.path()).unwrap().unwrap(), record);
    assert_eq!(
        (record.chain_id, record.commit.as_str(), record.network.as_str()),
        (412_346, "c0ffee", "embedded")
    );
    let expected = World {
        base_token: site.world.wrapped_m,
        swap_router: site.world.swap_router,
        stablecoins: vec![site.world.usdc, site.world.usdt],
        stand_ins: false,
    };
    assert_eq!(record.counterparts, expected);
    for contract in record.contracts.values() {
        assert_eq!(site.node.chain.code_hash(contract.address), contract.code_hash);
    }
    let suite = record.suite().unwrap();
    assert_eq!(record.contracts.len(), suite.contracts().len());
    for (name, address) in suite.contracts() {
        assert_eq!(record.address(name).unwrap(), address);
        let implementation = record.contracts[name].address;
        let proxy = record.proxies.get(name).map(|proxy| (proxy.address, proxy.implementation));
        let bare = ["router", "qev-settlement", "gateway"].contains(&name);
        assert_eq!(proxy, (!bare).then_some((address, implementation)), "the proxy of {name}");
    }
    let constructed: Vec<_> = record.contracts["qev"]
        .arguments
        .iter()
        .map(|argument| (argument.name.as_str(), argument.value.clone()))
        .collect();
    let expected = [
        ("router", suite.router.to_string()),
        ("vault", suite.susdai.to_string()),
        ("usdai", suite.usdai.to_string()),
        ("epochSeconds", "2592000".into()),
        ("revealSeconds", "172800".into()),
        ("settlement", suite.qev_settlement.to_string()),
    ];
    assert_eq!(constructed, expected);
    let node = &mut site.node;
    assert_eq!(
        node.read(suite.router, &Router::pendingAdminCall {}).unwrap(),
        Address::repeat_byte(8)
    );
    let guardian = Router::hasRoleCall {
        role: id("GUARDIAN"),
        account: Address::repeat_byte(9),
    };
    assert!(node.read(suite.router, &guardian).unwrap());
    assert_eq!(node.read(suite.susdai, &Susdai::assetCall {}).unwrap(), suite.usdai);
    // The last call of all starts the timelock: from then on the deployer's key is no admin.
    assert_eq!(record.steps.last().unwrap().title, "start the timelock");
    assert_eq!(node.read(suite.router, &Router::delayCall {}).unwrap(), U256::from(2 * 86_400));
    let admin = Router::hasRoleCall {
        role: id("ADMIN"),
        account: site.admin.address(),
    };
    assert!(!node.read(suite.router, &admin).unwrap());

    // Another release is another set of contracts; the first one's record is kept beside it.
    let second = Order {
        release: "second".into(),
        ..site.order()
    };
    let other = site.deploy(&second).unwrap();
    assert_ne!(other.suite().unwrap().router, suite.router);
    assert_eq!(Record::read(&site.path().with_extension("test.json")).unwrap().unwrap(), record);
}

/// What does not hold.
fn names(findings: Vec<watch::Finding>) -> Vec<String> {
    let broken = findings.into_iter().filter(|finding| !finding.holds);
    broken.map(|finding| finding.says).collect()
}

/// An address that is entered in the book, copied, and taken out of the book again stays where it was copied to: every such copy is named.
fn copies_are_compared(node: &mut Embedded, record: &Record, admin: &Person) {
    let (suite, strange) = (record.suite().unwrap(), Address::repeat_byte(0xee));
    // Origination asks FiLo something when it copies it: what stands in for FiLo has its program.
    let program = node.chain.code(record.contracts["filo"].address);
    node.chain.set_code(strange, program);
    // The timelock runs: what the admin does is an operation of the router.
    let operate = |node: &mut Embedded, calls: Vec<Router::Call>| {
        let salt = B256::from(U256::from(node.chain.block_number()));
        let queue = Router::queueCall {
            calls: calls.clone(),
            salt,
        };
        node.perform(admin, suite.router, &queue).unwrap();
        node.chain.advance(2 * 86_400);
        node.perform(admin, suite.router, &Router::executeCall { calls, salt }).unwrap();
    };
    let call = |target, data: Vec<u8>| Router::Call { target, data: data.into() };
    let enter = |name, current| call(suite.router, Router::setAddressCall { id: id(name), current }.abi_encode());
    let wires = || {
        let wired = suite
            .contracts()
            .into_iter()
            .filter(|(name, _)| !["router", "qev-settlement"].contains(name));
        wired.map(|(_, contract)| call(contract, IWired::wireCall {}.abi_encode()))
    };
    let says = |name: &str, contract: &str| format!("7: the {name} that {contract} has copied is the one deployed");
    let copies: [(&str, &[(&str, &str)]); 11] = [
        ("USDAI", &[("usdai", "swap-adapter"), ("usdai", "filo"), ("usdai", "gateway")]),
        ("SUSDAI", &[("vault", "usdai"), ("susdai", "filo"), ("vault", "gateway")]),
        (
            "CALIBER",
            &[("caliber", "filo"), ("caliber", "origination"), ("caliber", "defaults")],
        ),
        (
            "FILO",
            &[
                ("filo", "susdai"),
                ("filo", "caliber"),
                ("filo", "origination"),
                ("filo", "defaults"),
                ("filo", "gateway"),
            ],
        ),
        ("ORIGINATION", &[("origination", "filo"), ("origination", "gateway")]),
        ("DEFAULTS", &[("defaults", "filo")]),
        ("DUE_DAYS", &[("due_days", "qev")]),
        ("QEV", &[("queue", "susdai"), ("queue", "gateway")]),
        ("SWAP_ADAPTER", &[("swap_adapter", "usdai")]),
        // Whom people consent to: no contract asks for it.
        ("GATEWAY", &[]),
        ("TREASURY", &[("treasury", "usdai"), ("treasury", "filo")]),
    ];
    let book: Vec<_> = suite.book().into_iter().chain([("TREASURY", record.treasury.unwrap())]).collect();
    assert_eq!(
        copies.map(|(entry, _)| entry),
        *book.iter().map(|(entry, _)| *entry).collect::<Vec<_>>()
    );
    for ((entry, expected), (_, deployed)) in copies.into_iter().zip(book) {
        let mut calls = vec![enter(entry, strange)];
        calls.extend(wires());
        calls.push(enter(entry, deployed));
        operate(node, calls);
        let mut found = names(watch::check(node, record).unwrap());
        // The front door reads the books for everybody, and knows three of those that keep them.
        let unread = found
            .iter()
            .position(|says| says == "the books can be read")
            .map(|place| found.remove(place));
        assert_eq!(unread.is_some(), ["USDAI", "SUSDAI", "QEV"].contains(&entry), "{entry}");
        let expected: Vec<_> = expected.iter().map(|(name, contract)| says(name, contract)).collect();
        assert_eq!(found, expected, "{entry}");
        operate(node, wires().collect());
    }
    let settle_by = |settlement| vec![call(suite.qev, Qev::setSettlementCall { settlement }.abi_encode())];
    operate(node, settle_by(strange));
    let expected = ["the books can be read".into(), says("settlement", "qev")];
    assert_eq!(names(watch::check(node, record).unwrap()), expected);
    operate(node, settle_by(suite.qev_settlement));
    assert_eq!(names(watch::check(node, record).unwrap()), [""; 0]);
    // A record of before the treasury was written down: the copies have to be what the book has.
    let older = Record {
        treasury: None,
        ..record.clone()
    };
    assert_eq!(names(watch::check(node, &older).unwrap()), [""; 0]);
    operate(node, vec![enter("TREASURY", strange)]);
    assert_eq!(
        names(watch::check(node, &older).unwrap()),
        [says("treasury", "usdai"), says("treasury", "filo")]
    );
}

/// Who the admin is and how long it waits is told; what a public network wants of both is held.
fn power_is_told(node: &mut Embedded, record: &Record) {
    let router = record.address("router").unwrap();
    let on = |network: &str| Record {
        network: network.into(),
        ..record.clone()
    };
    let findings = watch::check(node, record).unwrap();
    let found = |word: &str| &findings.iter().find(|finding| finding.says.contains(word)).unwrap().found;
    assert_eq!(*found("there is an admin"), record.deployer.to_string());
    assert_eq!(found("what the admin does waits"), "2 d 0 h");
    assert_eq!(names(watch::check(node, &on("arbitrum-sepolia")).unwrap()), [""; 0]);
    // The place was offered to somebody else, who has not taken it.
    let still = "7: there is an admin, and where money is real it is not who deployed";
    assert_eq!(names(watch::check(node, &on("arbitrum-one")).unwrap()), [still]);
    // The admin's address shares its word with the delay.
    let word = node.chain.storage(router, U256::ZERO);
    node.chain.set_storage(router, U256::ZERO, word & U256::from_be_slice(&[0xff; 20]));
    let waits = "7: what the admin does waits, where the network has it so";
    assert_eq!(names(watch::check(node, &on("arbitrum-sepolia")).unwrap()), [waits]);
    assert_eq!(names(watch::check(node, record).unwrap()), [""; 0], "a local chain may have none");
    node.chain.set_storage(router, U256::ZERO, word);
}

/// A deployment in order passes every check, in use too; what is not in order is named, and nothing else.
#[test]
fn a_check_names_what_does_not_hold() {
    let mut site = Site::new("check");
    let record = site.deploy(&site.order()).unwrap();
    let (suite, node) = (record.suite().unwrap(), &mut site.node);
    let broken = |node: &mut Embedded| -> Vec<String> {
        let findings = watch::check(node, &record).unwrap();
        assert!(findings.len() > 75, "{}", findings.len());
        names(findings)
    };
    assert_eq!(broken(node), [""; 0]);
    // Somebody stakes, somebody leaves.
    let me = site.admin.address();
    let amount = U256::from(1_000_000_000);
    node.perform(&site.admin, site.world.wrapped_m, &IMintable::mintCall { to: me, amount })
        .unwrap();
    node.perform(
        &site.admin,
        site.world.wrapped_m,
        &IErc20::approveCall {
            spender: suite.gateway,
            value: amount,
        },
    )
    .unwrap();
    let journey = Gateway::depositAndStakeCall {
        token: site.world.wrapped_m,
        amount,
        minUsdai: U256::ZERO,
        minShares: U256::ZERO,
        receiver: me,
        deadline: U256::MAX,
    };
    node.perform(&site.admin, suite.gateway, &journey).unwrap();
    let request = Susdai::requestRedeemCall {
        shares: U256::from(10).pow(U256::from(20)),
        controller: me,
        owner: me,
    };
    node.perform(&site.admin, suite.susdai, &request).unwrap();
    assert_eq!(broken(node), [""; 0]);
    let status = watch::status(node, &record).unwrap();
    let (json, text) = (status.json(), status.text());
    assert_eq!(json["queue"]["lanes"][0]["shares"], "100000000000000000000");
    assert_eq!(json["susdai"]["cash"], "1000000000000000000000");
    assert!(text.contains("par ██████████████████████████████ 100"), "{text}");
    let before = node.chain.snapshot();
    copies_are_compared(node, &record, &site.admin);
    node.chain.revert_to(before);
    power_is_told(node, &record);
    // Base token that is gone, and a contract that is not the one recorded.
    let theft = IErc20::transferCall { to: me, value: U256::ONE };
    let receipt = node
        .chain
        .execute(Tx::call(suite.usdai, site.world.wrapped_m, theft.abi_encode()))
        .unwrap();
    assert!(receipt.success);
    assert_eq!(broken(node), ["U1: base token backs every USDai"]);
    let mut other = record.clone();
    other.contracts.get_mut("filo").unwrap().code_hash = B256::repeat_byte(1);
    let findings = watch::check(node, &other).unwrap();
    assert!(findings
        .iter()
        .any(|finding| !finding.holds && finding.says == "the program of filo is what was deployed"));
    assert!(watch::table(&findings).contains("DOES NOT HOLD"));
    other.chain_id = 1;
    assert!(watch::check(node, &other)
        .unwrap_err()
        .to_string()
        .contains("deployment is on chain 1"));
}

#[test]
fn what_is_wrong_is_said_before_anything_is_paid() {
    let mut site = Site::new("wrong");
    let order = site.order();
    let mut elsewhere = order.clone();
    elsewhere.network = network("arbitrum-one").unwrap();
    says(
        site.deploy(&elsewhere),
        &["chain 412346", "arbitrum-one is chain 42161", "--rpc-url"],
    );
    // What holds on a chain where money is real.
    let mut real = order.clone();
    real.network.real_money = true;
    real.treasury = None;
    says(site.deploy(&real), &["--treasury", "--admin"]);
    real.commit += "-dirty";
    says(site.deploy(&real), &["commit them"]);
    real.stand_ins = true;
    says(site.deploy(&real), &["--stand-ins"]);

    let mut bare = order.clone();
    bare.network.base_token = None;
    says(site.deploy(&bare), &["--stand-ins"]);
    bare.network.base_token = Some(Address::repeat_byte(1));
    says(site.deploy(&bare), &["no base token at", "0x0101"]);
    let mut small = order.clone();
    small.network.code_limit = 15_000;
    says(site.deploy(&small), &["15,000", "make it smaller"]);
    assert!(Record::read(&site.path()).unwrap().unwrap().contracts.is_empty());

    // Enough for some of the contracts: none is begun.
    let poor = Person::derived("poor", keccak256("deployment")).unwrap();
    site.admin = poor;
    std::fs::remove_file(site.path()).unwrap();
    site.node.fund(site.admin.address(), U256::from(1_000_000_000_000_000_u64)).unwrap();
    says(site.deploy(&order), &["ether more", "send it some"]);
    assert!(Record::read(&site.path()).unwrap().unwrap().contracts.is_empty());
}

#[test]
fn a_deployment_is_not_gone_on_with_from_another_build_or_by_another_key() {
    let mut site = Site::new("another");
    let order = site.order();
    let (_, outcome) = site.killed(&order, 5, Death::After);
    outcome.unwrap_err();
    // Other contracts than those begun with: here by another constructor argument of the queue, which was not deployed yet, and by
    // another base token, which was.
    let mut changed = order.clone();
    changed.network.base_token = Some(site.world.usdc);
    let kept = Record::read(&site.path()).unwrap().unwrap();
    let mut record = kept.clone();
    record.counterparts.base_token = site.world.usdc;
    record.write(&site.path()).unwrap();
    says(site.deploy(&changed), &["c0ffee", "--release"]);
    kept.write(&site.path()).unwrap();
    let other = Person::derived("other", keccak256("deployment")).unwrap();
    let first = std::mem::replace(&mut site.admin, other);
    says(site.deploy(&order), &[&first.address().to_string(), "--release"]);
    site.admin = first;
    assert!(site.deploy(&order).unwrap().complete);
    std::fs::write(site.path(), "{").unwrap();
    says(site.deploy(&order), &["not the record", "version control"]);
}

#[test]
fn a_keeper_renews_what_is_due_and_nothing_else() {
    const DAY: u64 = 86_400;
    let mut site = Site::new("keep");
    let record = site.deploy(&site.order()).unwrap();
    let (suite, contracts) = (record.suite().unwrap(), record.programs());
    let (node, keeper) = (&mut site.node, &site.admin);
    let begun = node.chain.timestamp();
    let states = |node: &mut Embedded, margin| -> Vec<State> {
        let lives = keep::lives(node, &contracts, margin).unwrap();
        lives.iter().map(|life| life.state).collect()
    };
    let all = |state| vec![state; contracts.len()];
    assert_eq!(states(node, 365), all(State::Fresh), "none can be kept alive before day 31");
    let lives = keep::lives(node, &contracts, 90).unwrap();
    assert!(lives
        .iter()
        .all(|life| life.days_left >= 364 && life.expires_at.abs_diff(begun + 365 * DAY) <= 3_600));
    assert!(lives.iter().all(|life| life.renewable_at.abs_diff(begun + 31 * DAY) <= 3_600));
    assert!(keep::renew(node, keeper, &lives, &mut |_| ()).unwrap().is_empty());

    node.chain.warp_to(begun + 32 * DAY);
    assert_eq!(states(node, 90), all(State::Renewable));
    node.chain.warp_to(begun + 300 * DAY);
    assert_eq!(states(node, 90), all(State::Due));
    let lives = keep::lives(node, &contracts, 90).unwrap();
    // One is renewed by somebody else: it is left alone.
    keep::renew(node, keeper, &lives[..1], &mut |_| ()).unwrap();
    let lives = keep::lives(node, &contracts, 90).unwrap();
    assert_eq!(lives[0].state, State::Fresh);
    // Another of the same code lives and is renewed with it: a second renewal would be refused.
    let (twin, code) = (Address::repeat_byte(4), node.chain.code(lives[1].address));
    node.chain.set_code(twin, code);
    let with_twin = |mut lives: Vec<Life>| {
        lives.push(Life {
            contract: "twin".into(),
            address: twin,
            ..lives[1].clone()
        });
        lives
    };
    let mut told = Vec::new();
    let renewed = keep::renew(node, keeper, &with_twin(lives), &mut |line| told.push(line.to_owned())).unwrap();
    assert_eq!((renewed.len(), told.len()), (contracts.len(), contracts.len() - 1));
    assert_eq!(keep::lives(node, &[("twin", twin)], 90).unwrap()[0].state, State::Fresh);
    assert_eq!(states(node, 90), all(State::Fresh));

    // Nobody came for a year and more: calls fail, and activation brings everything back.
    node.chain.warp_to(begun + 700 * DAY);
    assert_eq!(states(node, 90), all(State::Expired));
    node.read(suite.susdai, &Susdai::assetCall {}).unwrap_err();
    let lives = keep::lives(node, &contracts, 90).unwrap();
    assert!(keep::table(&lives).contains("EXPIRED"));
    let renewed = keep::renew(node, keeper, &with_twin(lives), &mut |_| ()).unwrap();
    assert_eq!(renewed.len(), contracts.len() + 1);
    assert_eq!(states(node, 90), all(State::Fresh));
    assert_eq!(node.read(suite.susdai, &Susdai::assetCall {}).unwrap(), suite.usdai);

    let nowhere = [("susdai", Address::repeat_byte(3))];
    let sentence = keep::lives(node, &nowhere, 90).unwrap_err().to_string();
    assert!(sentence.contains("no program of the name susdai"), "{sentence}");
}

//! What people do through the tool: every actor's errands as typed, on the embedded chain, by what they change there.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use alloy_primitives::{keccak256, Address, U256};
use clap::Parser;
use serde_json::Value;
use stylus_chain::{
    rpc::{serve, Clock},
    Chain,
};
use usdai_cli::{
    deploy::{
        self,
        networks::{network, Network},
        record::Record,
        Order,
    },
    embedded::Embedded,
    node::{Node, NodeError, NodeExt, Person},
    people::{
        desk::{Desk, Report},
        Actor,
    },
    protocol::{
        bindings::{Caliber, Filo, IErc20, IErc721, IMintable, Qev, Susdai},
        counterparts::dollars6,
    },
    units::{date, wad},
    upgrade::{Layouts, Outcome, Upgrade},
    watch,
};

const DAY: u64 = 86_400;
const CLASS: &str = "H100-SXM5-80G";

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    actor: Actor,
}

/// A deployment as `scripts/deploy` makes it, the people's roles granted.
struct Site {
    node: Embedded,
    record: Record,
    folder: PathBuf,
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target")
}

fn person(name: &'static str) -> Person {
    Person::derived(name, keccak256("people")).unwrap()
}

impl Site {
    fn new(test: &str) -> Self {
        Self::on(test, 0)
    }

    /// One whose admin waits `delay` seconds.
    fn on(test: &str, delay: u64) -> Self {
        let folder = target().join("tmp").join(format!("people-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let mut node = Embedded::on(Chain::new());
        let roles = [
            ("TOKENISING_AGENT", "agent"),
            ("APPRAISER", "appraiser"),
            ("ATTESTOR", "attestor"),
            ("CURATOR", "curator"),
        ];
        for name in [
            "admin",
            "agent",
            "appraiser",
            "attestor",
            "curator",
            "borrower",
            "depositor",
            "keeper",
            "custodian",
        ] {
            node.fund(person(name).address(), wad(1_000)).unwrap();
        }
        let order = Order {
            network: Network {
                delay,
                ..network("embedded").unwrap()
            },
            release: "people".into(),
            commit: "none".into(),
            treasury: None,
            next_admin: None,
            roles: roles.map(|(role, name)| (role.to_owned(), person(name).address())).into(),
            stand_ins: true,
        };
        let record = deploy::run(&mut node, &target(), &folder, &person("admin"), &order, &mut |_| {}).unwrap();
        Self { node, record, folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn file(&self, name: &str, text: &str) -> String {
        fs::write(self.folder.join(name), text).unwrap();
        self.path(name)
    }

    /// Has `who` type `line`.
    fn tries(&mut self, who: Option<&Person>, line: &[&str]) -> Result<Report, String> {
        let typed = ["usdai"].iter().chain(line);
        let actor = Line::try_parse_from(typed).map_err(|error| error.to_string())?.actor;
        let mut tell = |_: &str| {};
        let mut desk = Desk::open(&mut self.node, &self.record, who.cloned(), &mut tell).map_err(|error| format!("{error:#}"))?;
        actor.run(&mut desk).map_err(|error| format!("{error:#}"))
    }

    fn does(&mut self, who: &'static str, line: &[&str]) -> Value {
        let report = self.tries(Some(&person(who)), line);
        report.unwrap_or_else(|said| panic!("{line:?}: {said}")).json
    }

    fn read<C: alloy_sol_types::SolCall>(&mut self, name: &str, call: &C) -> C::Return {
        let contract = self.record.address(name).unwrap();
        self.node.read(contract, call).unwrap()
    }

    fn usdc(&self) -> Address {
        self.record.counterparts.stablecoins[0]
    }

    fn give_usdc(&mut self, name: &'static str, dollars: u64) {
        let (usdc, to) = (self.usdc(), person(name).address());
        let mint = IMintable::mintCall {
            to,
            amount: dollars6(dollars),
        };
        self.node.perform(&person("admin"), usdc, &mint).unwrap();
    }

    fn held(&mut self, token: Address, name: &'static str) -> U256 {
        let account = person(name).address();
        self.node.read(token, &IErc20::balanceOfCall { account }).unwrap()
    }

    fn warp(&mut self, timestamp: U256) {
        self.node.chain.warp_to(timestamp.to());
    }

    /// A receipt of the borrower's, appraised and insured at 600,000, issued, valued and covered by the tool.
    fn receipt(&mut self, name: &str) -> String {
        let (manifest, agreement) = (self.file(&format!("{name}.csv"), name), self.file("agreement.txt", "form 7"));
        let (borrower, custodian) = (person("borrower").address().to_string(), person("custodian").address().to_string());
        let issue = [
            "agent",
            "issue",
            "--owner",
            &borrower,
            "--class",
            CLASS,
            "--units",
            "8",
            "--manifest",
            &manifest,
            "--agreement",
            &agreement,
            "--custodian",
            &custodian,
            "--appraisal",
            "595,000USD",
            "--insured",
            "595000USD",
            "--insured-until",
            "2028-01-01",
        ];
        let receipt = fact(&self.does("agent", &issue), "receipt");
        let values = self.file("values.csv", &format!("{receipt},600000USD\n"));
        self.does("appraiser", &["appraiser", "batch", &values]);
        self.does("attestor", &["appraiser", "insure", &receipt, "620000USD", "2030-01-01"]);
        receipt
    }

    /// The curator's stack with 41,650 of first-loss capital.
    fn stack(&mut self) -> String {
        self.give_usdc("curator", 42_000);
        self.does("curator", &["depositor", "deposit", "allUSDC", "--slippage", "1%"]);
        let opened = self.does(
            "curator",
            &["curator", "open-stack", "--senior-cap", "5000000USDai", "--class", CLASS],
        );
        let stack = fact(&opened, "stack");
        self.does("curator", &["curator", "fund", &stack, "41650USDai"]);
        stack
    }

    /// A loan of 416,500 against `receipt`; the file that its offer came in, and its number.
    fn loan(&mut self, stack: &str, receipt: &str, periods: &str) -> (String, String) {
        let (file, borrower) = (
            self.path(&format!("offer-{receipt}.json")),
            person("borrower").address().to_string(),
        );
        let offer = [
            "curator",
            "offer",
            &file,
            "--stack",
            stack,
            "--borrower",
            &borrower,
            "--receipts",
            receipt,
            "--principal",
            "416,500USDai",
            "--rate",
            "15%",
            "--periods",
            periods,
        ];
        self.does("curator", &offer);
        let drawn = self.does("borrower", &["borrower", "draw", &file, "--into", "USDC", "--slippage", "1%"]);
        (file, fact(&drawn, "loan"))
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn fact(report: &Value, name: &str) -> String {
    report["facts"][name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {report}"))
        .to_owned()
}

fn number(text: &str) -> U256 {
    text.parse().unwrap()
}

/// Out: a place in the queue, a sealed bid whose secret stays here, opened in time. The position, and when the epoch ends.
fn bid_is_open(site: &mut Site) -> (String, U256) {
    let position = fact(&site.does("depositor", &["depositor", "request", "allsUSDai"]), "position");
    let secrets = site.path("bids");
    let bid = ["depositor", "bid", &position, "1%", "--secrets", &secrets];
    let kept = fact(&site.does("depositor", &bid), "secret kept in");
    let first = fs::read_to_string(&kept).unwrap();
    // Another in its place: both secrets are kept, and the right one is found.
    let bid = ["depositor", "bid", &position, "1.50%", "--secrets", &secrets];
    site.does("depositor", &bid);
    assert!(fs::read_to_string(&kept).unwrap().len() > first.len());
    let reveal = ["depositor", "reveal", &position, "--secrets", &secrets];
    let said = site.tries(Some(&person("depositor")), &reveal).unwrap_err();
    assert!(said.contains("RevealNotBegun") && said.contains("usdai status"), "{said}");
    let end = site.read("qev", &Qev::epochEndCall {});
    site.warp(end - U256::from(DAY));
    let elsewhere = site.path("elsewhere");
    let lost = ["depositor", "reveal", &position, "--secrets", &elsewhere];
    let said = site.tries(Some(&person("depositor")), &lost).unwrap_err();
    assert!(said.contains("has no secret"), "{said}");
    site.does("depositor", &reveal);
    let listed = site.does("depositor", &["depositor", "positions"]);
    assert_eq!(listed["positions"][0]["bidBps"], 150, "{listed}");
    (position, end)
}

#[test]
#[ignore = "needs scripts/build"]
fn a_loan_lives_and_a_depositor_leaves_by_the_tools_own_words() {
    let mut site = Site::new("life");
    let susdai = site.record.address("susdai").unwrap();
    let usdai = site.record.address("usdai").unwrap();

    // In: stablecoin to staked, in one transaction, and what it took and brought is told.
    site.give_usdc("depositor", 1_000_000);
    let told = site.does("depositor", &["depositor", "deposit", "1,000,000USDC", "--stake"]);
    let shares = site.held(susdai, "depositor");
    assert!(shares > wad(999_000), "{shares}");
    assert_eq!(
        told["transactions"].as_array().unwrap().len(),
        2,
        "an approval and the journey: {told}"
    );
    let moved: Vec<_> = told["balances"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["token"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(moved, ["sUSDai", "USDC"], "{told}");

    // Lent: title, value, cover, first loss, an offer that is signed in a file, money in USDC.
    let receipt = site.receipt("rack-A");
    let shown = site.does("agent", &["agent", "receipt", &receipt]);
    assert_eq!(
        (shown["value"].as_str().unwrap(), shown["loan"].as_str().unwrap()),
        (wad(600_000).to_string().as_str(), "0")
    );
    let stack = site.stack();
    let (offer, loan) = site.loan(&stack, &receipt, "2");
    let said = site.tries(Some(&person("borrower")), &["borrower", "draw", &offer]).unwrap_err();
    assert!(said.contains("OfferSpent") && said.contains("ask the curator"), "{said}");
    let state = site.read("filo", &Filo::loanCall { loan: number(&loan) });
    assert_eq!((state.status, state.outstanding), (U256::from(1), wad(416_500)));
    let usdc = site.usdc();
    assert!(site.held(usdc, "borrower") > dollars6(416_000));
    let shown = watch::status(&mut site.node, &site.record).unwrap();
    let listed = &shown.json()["loans"][0];
    assert_eq!(
        (&listed["loan"], &listed["nextDue"]),
        (&Value::from(1), &Value::from(state.nextDue.to::<u64>()))
    );
    for word in ["performs", "416,500.000000", "15.000000 %", &date(state.nextDue.to())] {
        assert!(shown.text().contains(word), "{}", shown.text());
    }

    let (position, end) = bid_is_open(&mut site);

    // The first instalment in time, whose amount the tool finds; then the settlement pays what it can.
    let due = site.does("borrower", &["borrower", "due", &loan]);
    site.warp(U256::from(due["nextDue"].as_u64().unwrap().max(end.to())));
    site.give_usdc("borrower", 20_000);
    site.does("borrower", &["depositor", "deposit", "allUSDC", "--slippage", "1%"]);
    site.does("borrower", &["borrower", "pay", &loan]);
    let state = site.read("filo", &Filo::loanCall { loan: number(&loan) });
    assert_eq!(state.periodsPaid, U256::from(1));
    let ran = site.does("keeper", &["keeper", "run"]);
    assert_eq!(
        (fact(&ran, "epochs settled"), fact(&ran, "loans marked late")),
        ("1".into(), "none".into())
    );
    assert!(
        fact(&ran, "harvested, USDai").starts_with(|digit: char| digit.is_ascii_digit()),
        "{ran}"
    );
    let claimable = site
        .read(
            "qev",
            &Qev::positionCall {
                position: number(&position),
            },
        )
        .claimableAssets;
    assert!(!claimable.is_zero());
    site.does("depositor", &["depositor", "claim"]);
    assert_eq!(site.held(usdai, "depositor"), claimable);
    site.does(
        "depositor",
        &["depositor", "withdraw", "allUSDai", "--into", "USDC", "--slippage", "1%"],
    );
    assert!(site.held(usdc, "depositor") > dollars6(600_000));
    // What still waits: its bid taken back, and out of the queue.
    site.does("depositor", &["depositor", "withdraw-bid", &position]);
    site.does("depositor", &["depositor", "cancel", &position]);
    assert!(site.held(susdai, "depositor") > wad(100_000));

    // The last payment, the machines back, the curator's money out.
    site.does("borrower", &["borrower", "pay", &loan, "--off"]);
    let state = site.read("filo", &Filo::loanCall { loan: number(&loan) });
    assert_eq!((state.status, state.outstanding), (U256::from(4), U256::ZERO));
    let before = site.held(usdai, "curator");
    site.does("curator", &["curator", "withdraw", &stack, "allUSDai"]);
    assert!(site.held(usdai, "curator") > before + wad(41_650), "with what it has earned");
    site.does("borrower", &["borrower", "redeem", &receipt]);
    site.does("custodian", &["agent", "confirm-delivery", &receipt]);
    let caliber = site.record.address("caliber").unwrap();
    let gone = site.node.read(caliber, &IErc721::ownerOfCall { tokenId: number(&receipt) });
    assert!(gone.is_err(), "it is burnt");

    // And every invariant that the chain shows holds.
    let findings = watch::check(&mut site.node, &site.record).unwrap();
    let broken: Vec<_> = findings.iter().filter(|finding| !finding.holds).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

#[test]
#[ignore = "needs scripts/build"]
fn a_loan_is_called_and_another_auctioned_by_the_tools_own_words() {
    let mut site = Site::new("default");
    site.give_usdc("depositor", 1_000_000);
    site.does("depositor", &["depositor", "deposit", "allUSDC", "--slippage", "1%"]);
    site.does("depositor", &["depositor", "stake", "allUSDai"]);
    let receipt = site.receipt("rack-B");
    let spare = site.receipt("rack-C");
    let stack = site.stack();
    let (_, loan) = site.loan(&stack, &receipt, "36");
    let standing = |site: &mut Site| site.read("filo", &Filo::standingCall { loan: number(&loan) });

    // The class falls: a call, met by paying down; again: met by a further receipt.
    site.does("appraiser", &["appraiser", "shock", CLASS, "20%"]);
    site.does("keeper", &["keeper", "call-margin", &loan]);
    assert!(!standing(&mut site).callDeadline.is_zero());
    site.give_usdc("borrower", 200_000);
    site.does("borrower", &["depositor", "deposit", "allUSDC", "--slippage", "1%"]);
    site.does("borrower", &["borrower", "meet-call", &loan]);
    assert!(standing(&mut site).callDeadline.is_zero(), "paid down");
    site.warp(U256::from(site.node.chain.timestamp() + 7 * DAY));
    site.does("appraiser", &["appraiser", "shock", CLASS, "20%"]);
    site.does("keeper", &["keeper", "call-margin", &loan]);
    site.does("borrower", &["borrower", "top-up", &loan, &spare]);
    site.does("keeper", &["keeper", "release-call", &loan]);
    assert!(standing(&mut site).callDeadline.is_zero(), "covered again");

    // Nobody pays: marked, in default, auctioned, bought.
    let grace = standing(&mut site).graceUntil;
    site.warp(grace + U256::from(1));
    site.does("keeper", &["keeper", "mark-late"]);
    assert_eq!(standing(&mut site).status, U256::from(2));
    site.does("keeper", &["keeper", "mark", &loan]);
    site.does("keeper", &["keeper", "declare-default", &loan]);
    let said = site
        .tries(Some(&person("keeper")), &["keeper", "start-auction", &loan])
        .unwrap_err();
    assert!(said.contains("RedemptionOpen"), "{said}");
    site.warp(grace + U256::from(15 * DAY));
    site.does("keeper", &["keeper", "start-auction", &loan]);
    let price = |site: &mut Site| number(site.does("keeper", &["keeper", "price", &loan])["price"].as_str().unwrap());
    let asked = price(&mut site);
    site.give_usdc("keeper", 1_000_000);
    site.does("keeper", &["depositor", "deposit", "allUSDC", "--slippage", "1%"]);
    let said = site
        .tries(Some(&person("keeper")), &["keeper", "bid", &loan, "1USDai"])
        .unwrap_err();
    assert!(said.contains("more than 1.000000"), "{said}");
    site.warp(U256::from(site.node.chain.timestamp() + DAY));
    assert!(price(&mut site) < asked, "it falls");
    site.does("keeper", &["keeper", "bid", &loan, "allUSDai"]);
    let owner = site.read("caliber", &Caliber::ownerOfCall { tokenId: number(&receipt) });
    assert_eq!(owner, person("keeper").address());
    assert_eq!(standing(&mut site).status, U256::from(4), "the price has paid all that was owed");
    // The senior side is whole: receipts were worth more than was owed.
    assert_eq!(site.read("susdai", &Susdai::impairmentCall {}), U256::ZERO);
}

#[test]
#[ignore = "needs scripts/build"]
fn what_cannot_be_is_refused_in_a_sentence_and_changes_nothing() {
    let mut site = Site::new("refusals");
    site.give_usdc("depositor", 100);
    let missing = site.path("missing.json");
    let broken = site.file("broken.json", "{");
    let depositor = person("depositor");
    let before = site.node.chain.fingerprint(&[depositor.address()]);
    let poor = Person::derived("poor", keccak256("people")).unwrap();
    let typed: [(&[&str], &[&str]); 13] = [
        (&["depositor", "deposit", "1000"], &["1000 of what?"]),
        (&["depositor", "deposit", "1.0.0USDC"], &["not an amount"]),
        (&["depositor", "deposit", "10EUR"], &["there is no EUR here", "USDai", "USDC"]),
        (&["depositor", "deposit", "10USDai"], &["takes a stablecoin"]),
        (&["depositor", "deposit", "0USDC"], &["nothing is no amount"]),
        (&["depositor", "stake", "10USDC"], &["this takes USDai"]),
        (&["depositor", "stake", "allUSDai"], &["has no USDai"]),
        (&["depositor", "bid", "1", "0.07%"], &["steps of 0.05%"]),
        (&["depositor", "bid", "1", "7"], &["not a percentage"]),
        (&["depositor", "reveal", "1"], &["UnknownPosition"]),
        (&["borrower", "draw", &missing], &["cannot be read"]),
        (&["borrower", "draw", &broken], &["is not an offer"]),
        (
            &["appraiser", "appraise", "1", "600000USD"],
            &["Unauthorized", "the admin grants it"],
        ),
    ];
    for (line, words) in typed {
        let said = site.tries(Some(&depositor), line).map(|report| report.text).unwrap_err();
        for word in words {
            assert!(said.contains(word), "{line:?} said: {said}");
        }
    }
    let withdraw = ["depositor", "deposit", "10USDC"];
    let said = site.tries(None, &withdraw).unwrap_err();
    assert!(said.contains("who are you?") && said.contains("USDAI_PRIVATE_KEY"), "{said}");
    let said = site.tries(Some(&poor), &withdraw).unwrap_err();
    assert!(said.contains("has no ether"), "{said}");
    assert_eq!(before, site.node.chain.fingerprint(&[depositor.address()]), "nothing changed");
}

/// The binary itself: over JSON-RPC, with the key in the environment.
#[test]
#[ignore = "needs scripts/build"]
fn the_binary_reads_writes_and_tells_programs_in_json() {
    let mut site = Site::new("binary");
    site.give_usdc("depositor", 100);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let chain = std::mem::take(&mut site.node.chain);
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let server = runtime.block_on(serve(chain, address, Clock::Manual)).unwrap();
    let record = Record::path(&site.folder, site.record.chain_id);
    let run = |line: &[&str], key: Option<&Person>| {
        let mut tool = Command::new(env!("CARGO_BIN_EXE_usdai-cli"));
        tool.args(line)
            .args(["--network", "embedded", "--rpc-url", &server.url(), "--deployment"])
            .arg(&record);
        tool.env_remove("USDAI_PRIVATE_KEY");
        if let Some(key) = key {
            tool.env("USDAI_PRIVATE_KEY", key.signer.to_bytes().to_string());
        }
        let output = tool.output().unwrap();
        let (said, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.success(), said.into_owned(), wrong.into_owned())
    };
    let (succeeded, said, progress) = run(&["depositor", "deposit", "100USDC", "--stake"], Some(&person("depositor")));
    assert!(succeeded, "{said}{progress}");
    for word in ["before", "after", "sUSDai", "transaction", "gas"] {
        assert!(said.contains(word), "{said}");
    }
    assert!(progress.contains("turn 100.000000 USDC into sUSDai …"), "{progress}");
    let owner = person("depositor").address().to_string();
    for line in [
        &["status", "--json"][..],
        &["check", "--json"],
        &["depositor", "positions", &owner, "--json"],
    ] {
        let (succeeded, said, wrong) = run(line, None);
        assert!(succeeded, "{line:?}: {said}{wrong}");
        serde_json::from_str::<Value>(&said).unwrap_or_else(|error| panic!("{line:?} is no JSON: {error}"));
    }
    let (_, shown, _) = run(&["status"], None);
    for word in ["a share costs", "a share brings", "epoch 0: bids are sealed for"] {
        assert!(shown.contains(word), "{shown}");
    }
    let (succeeded, _, wrong) = run(&["depositor", "claim"], None);
    assert!(!succeeded && wrong.starts_with("error: who are you?"), "{wrong}");
}

/// A fixed program is deployed as the first one was, waits out the delay, and runs; the record follows, and nothing is done twice.
#[test]
#[ignore = "needs scripts/build"]
fn an_upgrade_is_checked_queued_executed_and_recorded() {
    let mut site = Site::on("upgrade", 2 * DAY);
    let (mut record, mut tell, admin) = (site.record.clone(), |_: &str| {}, person("admin"));
    let node = &mut site.node;
    // The same program as another build: a section that no one reads makes another code of it.
    let next = site.folder.join("contracts");
    std::fs::create_dir_all(&next).unwrap();
    for name in ["usdai", "qev-settlement"] {
        let mut wasm = std::fs::read(target().join("contracts").join(format!("{name}.wasm"))).unwrap();
        wasm.extend([0, 5, 4, b'n', b'e', b'x', b't']);
        std::fs::write(next.join(format!("{name}.wasm")), wasm).unwrap();
    }
    let said = |outcome: Result<Outcome, NodeError>| match outcome {
        Ok(Outcome::Done(said)) => said,
        Ok(other) => format!("{other:?}"),
        Err(error) => error.to_string(),
    };
    let layouts = Layouts {
        deployed: "  0  0 32 a: Word",
        built: "  0  0 32 a: Word\n  1  0 32 b: Word",
    };
    assert!(Upgrade::of(&target(), &record, "usdai")
        .unwrap_err()
        .to_string()
        .contains("nothing to upgrade"));
    assert!(Upgrade::of(&target(), &record, "usdc")
        .unwrap_err()
        .to_string()
        .contains("there are router, usdai"));
    let stranger = person("keeper");
    for name in ["usdai", "qev-settlement"] {
        let upgrade = Upgrade::of(&site.folder, &record, name).unwrap();
        let lost = Layouts {
            deployed: layouts.built,
            built: layouts.deployed,
        };
        let lost = said(upgrade.propose(node, &record, lost, &admin, &mut tell));
        assert!(
            lost.contains("1  0 32 b: Word") && node.code(upgrade.implementation).unwrap().is_empty(),
            "{lost}"
        );
        assert!(said(upgrade.execute(node, &mut record, &admin, &mut tell)).contains("propose it first"));
        // Anybody may deploy it; what to queue is the admin's, and told.
        let outcome = upgrade.propose(node, &record, layouts, &stranger, &mut tell).unwrap();
        assert!(
            matches!(outcome, Outcome::ForAdmin { admin: who, .. } if who == admin.address()),
            "{outcome:?}"
        );
        assert!(said(upgrade.propose(node, &record, layouts, &admin, &mut tell)).contains("is queued as operation"));
        assert!(said(upgrade.propose(node, &record, layouts, &admin, &mut tell)).contains("queued already"));
        let before = record.clone();
        assert!(said(upgrade.execute(node, &mut record, &admin, &mut tell)).contains("can be executed from"));
        assert_eq!(record, before);
        node.chain.advance(2 * DAY);
        assert!(said(upgrade.execute(node, &mut record, &admin, &mut tell)).contains("runs the program at"));
        assert_eq!(record.contracts[name].address, upgrade.implementation);
        assert!(record.steps.last().unwrap().title.starts_with(&format!("upgrade {name} to")));
        assert!(Upgrade::of(&site.folder, &record, name).is_err(), "what runs is what is built");
    }
    // What runs is what is recorded, and holds; what was recorded before does not any more.
    let broken = |node: &mut Embedded, record: &Record| -> Vec<String> {
        let findings = watch::check(node, record).unwrap().into_iter();
        findings.filter(|finding| !finding.holds).map(|finding| finding.says).collect()
    };
    assert_eq!(broken(node, &record), [""; 0]);
    record.proxies.get_mut("usdai").unwrap().implementation = Address::repeat_byte(1);
    assert_eq!(broken(node, &record), ["the proxy of usdai runs the program that is recorded"]);
}

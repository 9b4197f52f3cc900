//! What people do through the tool: every actor's errands as typed, on the embedded chain, by what they change there.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use alloy_primitives::{keccak256, Address, Bytes, U256};
use alloy_sol_types::SolEvent;
use clap::{CommandFactory, Parser};
use serde_json::Value;
use stylus_chain::Chain;
use stylus_node::{serve, Clock};
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
        offers::OfferFile,
        Actor,
    },
    protocol::{
        bindings::{Caliber, Filo, Gateway, IErc20, IErc721, IMintable, Origination, Qev, Susdai, Usdai},
        counterparts::dollars6,
    },
    units::{date, decimal, wad, whole},
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
        Self::begun(test, delay, Chain::new())
    }

    fn begun(test: &str, delay: u64, chain: Chain) -> Self {
        let folder = target().join("tmp").join(format!("people-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let mut node = Embedded::on(chain);
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
            "warehouse",
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

    /// Puts other builds of these contracts into the folder: a section more that no one reads makes another code of one.
    fn builds_again(&self, names: &[&str]) {
        let next = self.folder.join("contracts");
        fs::create_dir_all(&next).unwrap();
        for name in names {
            let file = next.join(format!("{name}.wasm"));
            let built = fs::read(&file).or_else(|_| fs::read(target().join("contracts").join(format!("{name}.wasm"))));
            let mut wasm = built.unwrap();
            wasm.extend([0, 5, 4, b'n', b'e', b'x', b't']);
            fs::write(file, wasm).unwrap();
        }
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

    /// Has `who` type `line`, which has to be refused in a sentence that has `words`. Of `nobody` there is no key.
    fn refuses(&mut self, who: &'static str, line: &[&str], words: &[&str]) {
        let key = (who != "nobody").then(|| person(who));
        let said = self.tries(key.as_ref(), line).map(|report| report.text).unwrap_err();
        for word in words {
            assert!(said.contains(word), "{line:?} said: {said}");
        }
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

    /// The file of an offer to the borrower, signed: of which stack, against which receipts, how much, in how many instalments.
    fn offer(&mut self, name: &str, [stack, receipts, principal, periods]: [&str; 4]) -> String {
        let (file, borrower) = (self.path(&format!("offer-{name}.json")), person("borrower").address().to_string());
        let offer = [
            "curator",
            "offer",
            &file,
            "--stack",
            stack,
            "--borrower",
            &borrower,
            "--receipts",
            receipts,
            "--principal",
            principal,
            "--rate",
            "15%",
            "--periods",
            periods,
        ];
        self.does("curator", &offer);
        file
    }

    /// What has become of the offer in `file`: 0 nothing, 1 posted, 2 cancelled, 3 taken.
    fn offer_status(&mut self, file: &str) -> U256 {
        let file: OfferFile = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let offer = self.read("origination", &Origination::hashOfferCall { offer: file.offer() });
        self.read("origination", &Origination::offerStatusCall { offer })
    }

    /// A loan of 416,500 against `receipt`; the file that its offer came in, and its number.
    fn loan(&mut self, stack: &str, receipt: &str, periods: &str) -> (String, String) {
        let file = self.offer(receipt, [stack, receipt, "416,500USDai", periods]);
        let drawn = self.does("borrower", &["borrower", "draw", &file, "--into", "USDC", "--slippage", "1%"]);
        (file, fact(&drawn, "loan"))
    }

    /// What pays `loan` off now.
    fn owed(&mut self, loan: &str) -> U256 {
        let time = U256::from(self.node.chain.timestamp());
        self.read("filo", &Filo::payoffCall { loan: number(loan), time })
    }

    /// What the newest journey with a stablecoin to a loan paid, and what of it came back.
    fn repaid(&mut self) -> Gateway::RepaidFrom {
        let (gateway, since) = (self.record.address("gateway").unwrap(), self.record.since_block);
        let logs = self.node.logs(gateway, Gateway::RepaidFrom::SIGNATURE_HASH, since).unwrap();
        Gateway::RepaidFrom::decode_log(&logs.last().unwrap().0).unwrap().data
    }

    fn receipt_of(&mut self, receipt: &str) -> Caliber::Receipt {
        self.read("caliber", &Caliber::receiptOfCall { receipt: number(receipt) })
    }

    /// A place in the queue for `amount`.
    fn queued(&mut self, amount: &str) -> String {
        fact(&self.does("depositor", &["depositor", "request", amount]), "position")
    }

    /// What waits of `position`, and what answers for the bid that it has sealed.
    fn waits(&mut self, position: &str) -> (U256, U256) {
        let position = number(position);
        let pending = self.read("qev", &Qev::positionCall { position }).pending;
        (pending, self.read("qev", &Qev::bidOfCall { position }).bond)
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
    site.refuses("depositor", &reveal, &["RevealNotBegun", "usdai status"]);
    let end = site.read("qev", &Qev::epochEndCall {});
    site.warp(end - U256::from(DAY));
    let elsewhere = site.path("elsewhere");
    site.refuses(
        "depositor",
        &["depositor", "reveal", &position, "--secrets", &elsewhere],
        &["has no secret"],
    );
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
    site.refuses("borrower", &["borrower", "draw", &offer], &["OfferSpent", "ask the curator"]);
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
    // The pool takes more than nothing. What was sent before it said so is told, with its hash.
    let dear = ["depositor", "deposit", "allUSDC", "--slippage", "0%"];
    site.refuses(
        "depositor",
        &dear,
        &[
            "done so far",
            "take your USDC, as much as it needs (0x",
            "; then: the contract refused",
        ],
    );
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
    site.refuses("keeper", &["keeper", "release-call", &loan], &["CollateralInsufficient"]);
    site.does("borrower", &["borrower", "top-up", &loan, &spare]);
    assert!(standing(&mut site).callDeadline.is_zero(), "covered again, and released");
    // An appraisal is the reason of a third, and another one ends it.
    for lot in [&receipt, &spare] {
        site.does("appraiser", &["appraiser", "appraise", lot, "100,000USD"]);
    }
    site.does("keeper", &["keeper", "call-margin", &loan]);
    site.does("appraiser", &["appraiser", "appraise", &receipt, "590,000USD"]);
    site.does("keeper", &["keeper", "release-call", &loan]);
    assert!(standing(&mut site).callDeadline.is_zero(), "worth enough again");

    // Nobody pays: marked, in default, auctioned, bought.
    let grace = standing(&mut site).graceUntil;
    site.warp(grace + U256::from(1));
    site.does("keeper", &["keeper", "mark-late"]);
    assert_eq!(standing(&mut site).status, U256::from(2));
    site.does("keeper", &["keeper", "mark", &loan]);
    site.does("keeper", &["keeper", "declare-default", &loan]);
    site.refuses("keeper", &["keeper", "start-auction", &loan], &["RedemptionOpen", "after it"]);
    site.warp(grace + U256::from(15 * DAY));
    site.does("keeper", &["keeper", "start-auction", &loan]);
    let price = |site: &mut Site| number(site.does("keeper", &["keeper", "price", &loan])["price"].as_str().unwrap());
    let asked = price(&mut site);
    site.give_usdc("keeper", 1_000_000);
    site.does("keeper", &["depositor", "deposit", "allUSDC", "--slippage", "1%"]);
    site.refuses("keeper", &["keeper", "bid", &loan, "1USDai"], &["more than 1.000000"]);
    site.warp(U256::from(site.node.chain.timestamp() + DAY));
    assert!(price(&mut site) < asked, "it falls");
    site.does("keeper", &["keeper", "bid", &loan, "allUSDai"]);
    let owner = site.read("caliber", &Caliber::ownerOfCall { tokenId: number(&receipt) });
    assert_eq!(owner, person("keeper").address());
    assert_eq!(standing(&mut site).status, U256::from(4), "the price has paid all that was owed");
    // The senior side is whole: receipts were worth more than was owed.
    assert_eq!(site.read("susdai", &Susdai::impairmentCall {}), U256::ZERO);
}

/// Whoever leaves is paid at the price of the settlement: what receipts have lost since a loan was marked is in it before a keeper settles.
#[test]
#[ignore = "needs scripts/build"]
fn a_keeper_marks_again_what_has_fallen_before_it_settles_by_the_tools_own_words() {
    let mut site = Site::new("falling");
    site.give_usdc("depositor", 1_000_000);
    site.does("depositor", &["depositor", "deposit", "allUSDC", "--stake", "--slippage", "1%"]);
    let (receipt, stack) = (site.receipt("rack-F"), site.stack());
    let (_, loan) = site.loan(&stack, &receipt, "36");
    let standing = |site: &mut Site| site.read("filo", &Filo::standingCall { loan: number(&loan) });
    let impairment = |site: &mut Site| site.read("susdai", &Susdai::impairmentCall {});

    let grace = standing(&mut site).graceUntil;
    site.warp(grace + U256::ONE);
    let ran = site.does("keeper", &["keeper", "run"]);
    let told = |ran: &Value| [fact(ran, "loans marked late"), fact(ran, "loans marked again")];
    assert_eq!(
        told(&ran),
        [loan.clone(), "none".into()],
        "once is enough for what is marked just now"
    );
    let marked = impairment(&mut site);

    // Not by the mark, which is as old as it was: by the keeper, and only where there is something to settle.
    site.does("appraiser", &["appraiser", "appraise", &receipt, "100,000USD"]);
    assert_eq!(impairment(&mut site), marked);
    let ran = site.does("keeper", &["keeper", "run"]);
    assert_eq!(
        (told(&ran), fact(&ran, "epochs settled")),
        (["none", "none"].map(String::from), "0".into())
    );
    assert_eq!(impairment(&mut site), marked);

    site.does("depositor", &["depositor", "request", "100sUSDai"]);
    let end = site.read("qev", &Qev::epochEndCall {});
    site.warp(end);
    let ran = site.does("keeper", &["keeper", "run"]);
    assert_eq!(told(&ran), ["none".into(), loan.clone()]);
    assert_ne!(fact(&ran, "epochs settled"), "0");
    let fallen = impairment(&mut site);
    assert!(
        fallen > marked && fallen == standing(&mut site).impairment,
        "{fallen} after {marked}"
    );
}

/// Where each transaction takes a second, interest has run on by the time that a payment is in a block: what is due is paid all the same.
#[test]
#[ignore = "needs scripts/build"]
fn an_instalment_is_paid_while_the_clock_runs_by_the_tools_own_words() {
    let mut site = Site::begun("running", 0, Chain::builder().block_time(1).build());
    site.give_usdc("depositor", 1_000_000);
    site.does("depositor", &["depositor", "deposit", "allUSDC", "--stake", "--slippage", "1%"]);
    let (receipt, stack) = (site.receipt("rack-R"), site.stack());
    let (_, loan) = site.loan(&stack, &receipt, "36");
    site.give_usdc("borrower", 60_000);
    site.does("borrower", &["depositor", "deposit", "allUSDC", "--slippage", "1%"]);
    let state = |site: &mut Site| {
        let state = site.read("filo", &Filo::loanCall { loan: number(&loan) });
        (state.status, state.periodsPaid, state.nextDue)
    };
    let (due, next) = (state(&mut site).2, |due: U256| due + U256::from(30 * DAY));
    site.warp(due + U256::from(3 * DAY));
    site.does("keeper", &["keeper", "mark-late", &loan]);
    let late = (U256::from(2), U256::ZERO, due);
    assert_eq!(state(&mut site), late);

    // What is due in one block falls short in the next ones, by interest and late fees that come first.
    let before = site.node.chain.snapshot();
    let owed = site.read("filo", &Filo::instalmentCall { loan: number(&loan) });
    assert!(!owed.lateFee.is_zero());
    let as_of_now = format!("{}USDai", decimal(owed.interest + owed.principal + owed.lateFee, 18));
    site.does("borrower", &["borrower", "pay", &loan, &as_of_now]);
    assert_eq!(state(&mut site), late, "paid, and not counted");
    site.node.chain.revert_to(before);

    // What the tool pays counts, and cures.
    site.does("borrower", &["borrower", "pay", &loan]);
    assert_eq!(state(&mut site), (U256::ONE, U256::ONE, next(due)));
    // So it does on the due day, and before it, when nothing runs yet.
    site.warp(next(due) + U256::from(3_600));
    site.does("borrower", &["borrower", "pay", &loan]);
    assert_eq!(state(&mut site), (U256::ONE, U256::from(2), next(next(due))));
    site.warp(next(next(due)) - U256::from(DAY));
    site.does("borrower", &["borrower", "pay", &loan]);
    assert_eq!(state(&mut site), (U256::ONE, U256::from(3), next(next(next(due)))));
    let usdai = site.record.address("usdai").unwrap();
    let (owner, spender) = (person("borrower").address(), site.record.address("filo").unwrap());
    let left = site.node.read(usdai, &IErc20::allowanceCall { owner, spender }).unwrap();
    assert_eq!(left, U256::ZERO, "what was allowed was taken");
}

#[test]
#[ignore = "needs scripts/build"]
fn a_loan_moves_to_other_terms_and_is_paid_in_stablecoins_by_the_tools_own_words() {
    let mut site = Site::new("refinanced");
    site.give_usdc("depositor", 1_000_000);
    site.does("depositor", &["depositor", "deposit", "allUSDC", "--stake", "--slippage", "1%"]);
    let receipt = site.receipt("rack-D");
    let stack = site.stack();

    let first = an_offer_is_posted_and_another_ended(&mut site, &stack, &receipt);

    // What the stack has lent, shown as the chain has it.
    let shown = site.does("curator", &["curator", "stack", &stack]);
    let state = site.read("filo", &Filo::stackCall { stack: number(&stack) });
    for (key, is, should) in [
        ("juniorCash", state.juniorCash, U256::ZERO),
        ("juniorLent", state.juniorLent, wad(41_650)),
        ("senior", state.senior, wad(374_850)),
        ("seniorCap", state.seniorCap, wad(5_000_000)),
        ("loans", state.liveLoans, U256::from(1)),
    ] {
        assert_eq!((is, shown[key].as_str().unwrap()), (should, should.to_string().as_str()), "{key}");
    }

    let third = a_loan_is_refinanced(&mut site, &stack, &receipt, &first);
    a_loan_is_paid_from_a_stablecoin(&mut site, &third);
    machines_change_hands(&mut site, &receipt);
}

/// Posted: then the borrower's file needs no signature. Returns the loan.
fn an_offer_is_posted_and_another_ended(site: &mut Site, stack: &str, receipt: &str) -> String {
    let usdai = site.record.address("usdai").unwrap();
    let posted = site.offer("posted", [stack, receipt, "416,500USDai", "36"]);
    site.refuses(
        "borrower",
        &["curator", "post", &posted],
        &["OnlyCurator", "use the key that opened it"],
    );
    assert_eq!(site.offer_status(&posted), U256::ZERO);
    let mut file: OfferFile = serde_json::from_str(&fs::read_to_string(&posted).unwrap()).unwrap();
    file.signature = Bytes::new();
    let unsigned = site.path("unsigned.json");
    file.write(Path::new(&unsigned)).unwrap();
    // What is signed is not written over, not by the tool's own hand either.
    let signed = fs::read(&posted).unwrap();
    let said = file.write(Path::new(&posted)).unwrap_err().to_string();
    assert!(said.contains("is there already") && fs::read(&posted).unwrap() == signed, "{said}");
    site.refuses(
        "borrower",
        &["borrower", "draw", &unsigned],
        &["InvalidOfferSigner", "ask the curator"],
    );
    site.does("curator", &["curator", "post", &posted]);
    assert_eq!(site.offer_status(&posted), U256::from(1));
    site.refuses("curator", &["curator", "post", &posted], &["OfferSpent", "a new offer"]);
    let first = fact(&site.does("borrower", &["borrower", "draw", &unsigned]), "loan");
    assert_eq!(site.held(usdai, "borrower"), wad(416_500));
    assert_eq!(site.offer_status(&posted), U256::from(3));

    // Ended before it was taken, though it is signed.
    let ended = site.offer("ended", [stack, receipt, "400,000USDai", "36"]);
    site.refuses(
        "borrower",
        &["curator", "cancel", &ended],
        &["OnlyCurator", "use the key that opened it"],
    );
    site.does("curator", &["curator", "cancel", &ended]);
    assert_eq!(site.offer_status(&ended), U256::from(2));
    site.refuses(
        "borrower",
        &["borrower", "refinance", &first, &ended],
        &["OfferSpent", "ask the curator"],
    );
    site.refuses("curator", &["curator", "cancel", &ended], &["OfferSpent"]);
    let again = site.offer("again", [stack, receipt, "400,000USDai", "36"]);
    assert_eq!(
        site.offer_status(&again),
        U256::ZERO,
        "the same terms in the same second are another offer"
    );
    first
}

/// To less, whose rest the borrower pays; then to more. Returns the last loan.
fn a_loan_is_refinanced(site: &mut Site, stack: &str, receipt: &str, first: &str) -> String {
    let usdai = site.record.address("usdai").unwrap();
    site.warp(U256::from(site.node.chain.timestamp() + 10 * DAY));
    let owed = site.owed(first);
    assert!(owed > wad(416_500), "interest has run");
    let other = site.offer("other", [stack, "77", "400,000USDai", "36"]);
    site.refuses(
        "borrower",
        &["borrower", "refinance", first, &other],
        &["OtherReceipts", "the loan's receipts, all and no others"],
    );
    let less = site.offer("less", [stack, receipt, "400,000USDai", "36"]);
    let second = fact(&site.does("borrower", &["borrower", "refinance", first, &less]), "loan");
    assert_eq!(site.held(usdai, "borrower"), wad(416_500) - (owed - wad(400_000)));
    let old = site.read("filo", &Filo::loanCall { loan: number(first) });
    assert_eq!((old.status, old.outstanding), (U256::from(4), U256::ZERO));
    let new = site.read("filo", &Filo::loanCall { loan: number(&second) });
    assert_eq!(
        (new.status, new.outstanding, new.senior),
        (U256::from(1), wad(400_000), wad(360_000))
    );
    assert_eq!(site.receipt_of(receipt).loan, number(&second), "free at no time");
    // To more, of which the rest is the borrower's.
    let before = site.held(usdai, "borrower");
    let more = site.offer("more", [stack, receipt, "410,000USDai", "36"]);
    let third = fact(&site.does("borrower", &["borrower", "refinance", &second, &more]), "loan");
    assert_eq!(site.held(usdai, "borrower"), before + wad(10_000));
    assert_eq!(site.receipt_of(receipt).loan, number(&third));
    third
}

/// With less than what is owed, then with more than that.
fn a_loan_is_paid_from_a_stablecoin(site: &mut Site, loan: &str) {
    let (usdai, usdc) = (site.record.address("usdai").unwrap(), site.usdc());
    site.give_usdc("borrower", 520_000);
    site.refuses("borrower", &["borrower", "pay", loan, "10sUSDai"], &["takes a stablecoin"]);
    let before = site.held(usdai, "borrower");
    site.does("borrower", &["borrower", "pay", loan, "20,000USDC", "--slippage", "1%"]);
    let part = site.repaid();
    assert_eq!((site.held(usdc, "borrower"), part.deposited), (dollars6(500_000), dollars6(20_000)));
    assert!(part.paid > wad(19_900) && part.refunded.is_zero(), "{part:?}");
    assert_eq!(site.held(usdai, "borrower"), before);
    assert_eq!(site.owed(loan), wad(410_000) - part.paid);
    site.warp(U256::from(site.node.chain.timestamp() + 3 * DAY));
    let owed = site.owed(loan);
    site.does("borrower", &["borrower", "pay", loan, "allUSDC", "--slippage", "1%"]);
    let rest = site.repaid();
    assert_eq!((site.held(usdc, "borrower"), rest.paid), (U256::ZERO, owed));
    assert!(rest.refunded > wad(100_000), "{rest:?}");
    assert_eq!(site.held(usdai, "borrower"), before + rest.refunded);
    let paid = site.read("filo", &Filo::loanCall { loan: number(loan) });
    assert_eq!((paid.status, paid.outstanding), (U256::from(4), U256::ZERO));
    site.refuses(
        "borrower",
        &["borrower", "pay", loan, "10USDai"],
        &["WrongStatus", "usdai borrower due"],
    );
    let gateway = site.record.address("gateway").unwrap();
    for token in [usdai, usdc] {
        let left = site.node.read(token, &IErc20::balanceOfCall { account: gateway }).unwrap();
        assert_eq!(left, U256::ZERO, "the gateway keeps nothing");
    }
}

/// Handed in and kept; then to another custodian, under another agreement; and worth something else.
fn machines_change_hands(site: &mut Site, receipt: &str) {
    site.does("borrower", &["borrower", "redeem", receipt]);
    assert!(site.receipt_of(receipt).surrendered);
    site.refuses(
        "borrower",
        &["borrower", "redeem", receipt],
        &["ReceiptSurrendered", "usdai borrower keep"],
    );
    site.does("borrower", &["borrower", "keep", receipt]);
    let kept = site.receipt_of(receipt);
    assert_eq!((kept.surrendered, kept.owner), (false, person("borrower").address()));
    site.refuses(
        "borrower",
        &["borrower", "keep", receipt],
        &["NotSurrendered", "usdai borrower redeem"],
    );

    let (old, new) = (person("custodian").address(), person("warehouse").address());
    let (agreement, uri) = (site.file("moved.txt", "form 8"), "https://example.org/form-8");
    let accept = [
        "agent",
        "accept-custody",
        receipt,
        "--agreement",
        &agreement,
        "--agreement-uri",
        uri,
    ];
    let proposed = new.to_string();
    site.refuses(
        "custodian",
        &["agent", "propose-custodian", receipt, &proposed, "--agreement", &agreement],
        &["Unauthorized", "the admin grants it"],
    );
    site.does(
        "agent",
        &[
            "agent",
            "propose-custodian",
            receipt,
            &proposed,
            "--agreement",
            &agreement,
            "--agreement-uri",
            uri,
        ],
    );
    assert_eq!(site.receipt_of(receipt).goods.custodian, old, "until it is accepted");
    site.refuses("custodian", &accept, &["CustodyNotProposed", "ask them"]);
    site.refuses(
        "warehouse",
        &["agent", "accept-custody", receipt, "--agreement", &agreement],
        &["CustodyNotProposed", "this very agreement and URI"],
    );
    site.does("warehouse", &accept);
    let goods = site.receipt_of(receipt).goods;
    assert_eq!(
        (goods.custodian, goods.agreementHash, goods.agreementUri.as_str()),
        (new, keccak256("form 8"), uri)
    );
    let shown = site.does("agent", &["agent", "receipt", receipt]);
    assert_eq!(shown["custodian"].as_str().unwrap().parse(), Ok(new));

    site.does("appraiser", &["appraiser", "appraise", receipt, "590,000USD"]);
    let worth = site.receipt_of(receipt);
    assert_eq!((worth.appraisal, worth.value), (wad(590_000), wad(590_000)));

    site.does("borrower", &["borrower", "redeem", receipt]);
    site.refuses(
        "custodian",
        &["agent", "confirm-delivery", receipt],
        &["OnlyCustodian", "usdai agent receipt"],
    );
}

#[test]
#[ignore = "needs scripts/build"]
fn bids_are_taken_back_or_cost_their_bond_and_a_keeper_settles_by_the_tools_own_words() {
    let mut site = Site::new("bonds");
    let (susdai, usdai) = (site.record.address("susdai").unwrap(), site.record.address("usdai").unwrap());
    site.give_usdc("depositor", 10_000);
    site.does("depositor", &["depositor", "deposit", "allUSDC", "--stake", "--slippage", "1%"]);
    let [early, late, never] = ["1,000sUSDai", "1,000.000000000000000001sUSDai", "2,000sUSDai"].map(|amount| site.queued(amount));
    let secrets = site.path("bids");

    // Half a per cent of the shares answers for a bid, rounded up; taken back in time it costs nothing.
    site.refuses(
        "depositor",
        &["depositor", "abandon", &early],
        &["NoBid", "usdai depositor positions"],
    );
    site.refuses(
        "depositor",
        &["depositor", "withdraw-bid", &early],
        &["NotBidding", "usdai depositor positions"],
    );
    for position in [&early, &late, &never] {
        site.does("depositor", &["depositor", "bid", position, "1%", "--secrets", &secrets]);
    }
    let bond = wad(5) + U256::from(1);
    assert_eq!(site.waits(&early), (wad(1_000), wad(5)));
    assert_eq!(site.waits(&late), (wad(1_000) + U256::from(1), bond));
    site.refuses(
        "keeper",
        &["depositor", "abandon", &early],
        &["NotController", "usdai depositor positions"],
    );
    site.refuses("depositor", &["depositor", "cancel", &early], &["BidSealed", "`abandon`"]);
    site.does("depositor", &["depositor", "abandon", &early]);
    assert_eq!(site.waits(&early), (wad(1_000), U256::ZERO));

    // While bids are opened it costs the bond, which is said first.
    let end = site.read("qev", &Qev::epochEndCall {});
    site.warp(end - U256::from(DAY));
    site.refuses(
        "depositor",
        &["depositor", "abandon", &late],
        &["costs its bond, 5.000000 sUSDai", "--lose-bond"],
    );
    assert_eq!(site.waits(&late), (wad(1_000) + U256::from(1), bond), "nothing has happened");
    site.does("depositor", &["depositor", "abandon", &late, "--lose-bond"]);
    assert_eq!(site.waits(&late), (wad(995), U256::ZERO));
    site.refuses(
        "keeper",
        &["keeper", "forfeit", &never],
        &["no bond is lost", "before its epoch ended"],
    );
    let told = site.does("keeper", &["keeper", "forfeit", &never, &late]);
    assert_eq!(fact(&told, "lost theirs"), "none");

    // Not opened at all: anybody has it forfeited. The settlement burns both, and pays the rest out of the vault's cash.
    site.warp(end);
    let told = site.does("keeper", &["keeper", "forfeit", &early, &never]);
    assert_eq!(
        (fact(&told, "lost theirs"), fact(&told, "bonds, sUSDai")),
        (never.clone(), "10.000000".into())
    );
    assert_eq!(site.waits(&never), (wad(1_990), U256::ZERO));
    let (queue, supply) = (site.record.address("qev").unwrap(), IErc20::totalSupplyCall {});
    let in_queue = site.node.read(susdai, &IErc20::balanceOfCall { account: queue }).unwrap();
    assert_eq!(in_queue, wad(4_000) + U256::from(1), "bonds are the queue's until they are burnt");
    let before = site.node.read(susdai, &supply).unwrap();
    site.refuses("nobody", &["keeper", "settle"], &["who are you?", "USDAI_PRIVATE_KEY"]);
    site.refuses("nobody", &["keeper", "run"], &["who are you?", "USDAI_PRIVATE_KEY"]);
    let settled = site.does("keeper", &["keeper", "settle"]);
    assert_eq!(fact(&settled, "epochs settled"), "1");
    assert_eq!(
        site.node.read(susdai, &supply).unwrap(),
        before - in_queue,
        "filled or burnt, to the last share"
    );
    let mut claimable = U256::ZERO;
    for (position, waited) in [(&early, 1_000), (&late, 995), (&never, 1_990)] {
        let position = site.read(
            "qev",
            &Qev::positionCall {
                position: number(position),
            },
        );
        assert_eq!((position.pending, position.claimableShares), (U256::ZERO, wad(waited)));
        claimable += position.claimableAssets;
    }
    site.does("depositor", &["depositor", "claim"]);
    assert_eq!(site.held(usdai, "depositor"), claimable);
    let again = site.does("keeper", &["keeper", "settle"]);
    assert_eq!(
        (fact(&again, "epochs settled"), again["transactions"].as_array().unwrap().len()),
        ("0".into(), 0)
    );

    // The base token's yield, which anybody brings in: as much as was told, and nothing is left.
    let accrued = site.read("usdai", &Usdai::harvestCall {});
    assert!(!accrued.is_zero());
    let before = site.node.read(usdai, &supply).unwrap();
    site.refuses("nobody", &["keeper", "harvest"], &["who are you?", "USDAI_PRIVATE_KEY"]);
    let told = site.does("keeper", &["keeper", "harvest"]);
    assert_eq!(fact(&told, "harvested, USDai"), whole(accrued));
    assert_eq!(site.node.read(usdai, &supply).unwrap(), before + accrued);
    assert_eq!(site.read("usdai", &Usdai::harvestCall {}), U256::ZERO);
}

/// Of the tool's own list of what people can ask for, nothing is left out of the stories above, nor of what is refused in them.
#[test]
fn every_errand_of_everybody_is_done_in_a_story_and_refused_in_one() {
    // As rustfmt leaves it, without white space: a line is an argument of `does` or `refuses`, has a name, or is in the table of refusals.
    let stories: String = include_str!("people.rs").split_whitespace().collect();
    let (mut errands, mut missing) = (0, Vec::new());
    for actor in Line::command().get_subcommands() {
        for errand in actor.get_subcommands().filter(|errand| errand.get_name() != "help") {
            let typed = format!("[\"{}\",\"{}\"", actor.get_name(), errand.get_name());
            let (mut done, mut refused) = (false, false);
            for (at, _) in stories.match_indices(&typed) {
                let before = stories[..at].trim_end_matches('&');
                let call = before.rsplit_once('(').and_then(|(call, _)| call.rsplit('.').next());
                let (has_a_name, in_the_table) = (before.ends_with('='), before.ends_with(",(") || before.ends_with("[("));
                done |= has_a_name || call == Some("does");
                refused |= in_the_table || !has_a_name && call == Some("refuses");
            }
            errands += 1;
            if !done || !refused {
                missing.push(format!("{typed}]: done {done}, refused {refused}"));
            }
        }
    }
    assert!(errands > 40, "{errands}");
    assert_eq!(missing, [""; 0], "scripts/cli/tests/people.rs has no story of these");
}

#[test]
#[ignore = "needs scripts/build"]
#[allow(clippy::too_many_lines, reason = "a table of what is typed and what is said")]
fn what_cannot_be_is_refused_in_a_sentence_and_changes_nothing() {
    let mut site = Site::new("refusals");
    site.give_usdc("depositor", 100);
    let missing = site.path("missing.json");
    let broken = site.file("broken.json", "{");
    let depositor = person("depositor");
    let before = site.node.chain.fingerprint(&[depositor.address()]);
    let poor = Person::derived("poor", keccak256("people")).unwrap();
    let somebody = depositor.address().to_string();
    let known: &[&str] = &["UnknownLoan", "`usdai status`"];
    let (place, receipt): (&[&str], &[&str]) = (
        &["UnknownPosition", "`usdai depositor positions`"],
        &["ERC721NonexistentToken", "its agent knows the number"],
    );
    let typed: &[(&[&str], &[&str])] = &[
        (&["depositor", "deposit", "1000"], &["1000 of what?"]),
        (&["depositor", "deposit", "1.0.0USDC"], &["not an amount"]),
        (&["depositor", "deposit", "10EUR"], &["there is no EUR here", "USDai", "USDC"]),
        (&["depositor", "deposit", "10USDai"], &["takes a stablecoin"]),
        (&["depositor", "deposit", "0USDC"], &["nothing is no amount"]),
        (&["depositor", "withdraw", "10USDC"], &["this takes USDai"]),
        (&["depositor", "withdraw", "10USDai", "--into", "EUR"], &["there is no EUR here"]),
        (&["depositor", "stake", "10USDC"], &["this takes USDai"]),
        (&["depositor", "stake", "allUSDai"], &["has no USDai"]),
        (&["depositor", "request", "10USDai"], &["this takes sUSDai"]),
        (&["depositor", "bid", "1", "0.07%"], &["steps of 0.05%"]),
        (&["depositor", "bid", "1", "7"], &["not a percentage"]),
        (&["depositor", "reveal", "1"], place),
        (&["depositor", "abandon", "1"], place),
        (&["depositor", "withdraw-bid", "1"], place),
        (&["depositor", "cancel", "1"], place),
        (&["depositor", "cancel", "1", "5USDai"], &["this takes sUSDai"]),
        (&["depositor", "claim", "1"], place),
        (&["depositor", "positions", "me"], &["invalid value 'me'", "--help"]),
        (&["borrower", "draw", &missing], &["cannot be read"]),
        (&["borrower", "draw", &broken], &["is not an offer"]),
        (&["borrower", "refinance", "1", &missing], &["cannot be read"]),
        (&["borrower", "due", "1"], known),
        (&["borrower", "pay", "1"], known),
        (&["borrower", "pay", "1", "10sUSDai"], &["takes a stablecoin"]),
        (&["borrower", "pay", "1", "10USDC", "--off"], &["cannot be used with", "--help"]),
        (&["borrower", "top-up", "1", "1"], known),
        (&["borrower", "meet-call", "1"], known),
        (&["borrower", "redeem", "1"], receipt),
        (&["borrower", "keep", "1"], receipt),
        (&["curator", "open-stack", "--senior-cap", "5USDC"], &["this takes USDai"]),
        (
            &["curator", "open-stack", "--senior-cap", "5USDai"],
            &["Unauthorized", "the admin grants it"],
        ),
        (&["curator", "fund", "1", "5USDC"], &["this takes USDai"]),
        (&["curator", "withdraw", "1", "5USDC"], &["this takes USDai"]),
        (&["curator", "stack", "1"], &["UnknownStack", "open-stack"]),
        (&["curator", "offer", &missing], &["required arguments", "--stack"]),
        (&["curator", "post", &missing], &["cannot be read"]),
        (&["curator", "cancel", &broken], &["is not an offer"]),
        (&["agent", "issue", "--units", "many"], &["invalid value 'many'"]),
        (
            &["agent", "propose-custodian", "1", &somebody, "--agreement", &missing],
            &["cannot be read"],
        ),
        (&["agent", "accept-custody", "1", "--agreement", &broken], receipt),
        (&["agent", "confirm-delivery", "1"], receipt),
        (&["agent", "receipt", "1"], receipt),
        (
            &["appraiser", "appraise", "1", "600000USD"],
            &["Unauthorized", "the admin grants it"],
        ),
        (&["appraiser", "batch", &broken], &["line 1 is '{'", "1,600000USD"]),
        (&["appraiser", "shock", CLASS, "20"], &["not a percentage"]),
        (&["appraiser", "insure", "1", "5USDC", "2030-01-01"], &["a value is in dollars"]),
        (&["appraiser", "insure", "1", "5USD", "tomorrow"], &["not a day"]),
        (&["keeper", "mark-late", "1"], known),
        (&["keeper", "mark", "1"], known),
        (&["keeper", "call-margin", "1"], known),
        (&["keeper", "release-call", "1"], known),
        (&["keeper", "declare-default", "1"], known),
        (&["keeper", "start-auction", "1"], known),
        (&["keeper", "price", "1"], known),
        (&["keeper", "bid", "1", "5USDC"], &["this takes USDai"]),
        (&["keeper", "forfeit", "1"], place),
    ];
    for (line, words) in typed {
        site.refuses("depositor", line, words);
    }
    let withdraw = ["depositor", "deposit", "10USDC"];
    site.refuses("nobody", &withdraw, &["who are you?", "USDAI_PRIVATE_KEY"]);
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

/// Two contracts of which each can be given another program: one behind a proxy, one that another contract has the address of.
const UPGRADED: [&str; 2] = ["usdai", "qev-settlement"];
/// Nothing moves from one of these to the other.
const LAYOUTS: Layouts<'_> = Layouts {
    deployed: "  0  0 32 a: Word",
    built: "  0  0 32 a: Word\n  1  0 32 b: Word",
};

fn said(outcome: Result<Outcome, NodeError>) -> String {
    match outcome {
        Ok(Outcome::Done(said)) => said,
        Ok(other) => format!("{other:?}"),
        Err(error) => error.to_string(),
    }
}

/// What a check finds that does not hold.
fn broken(node: &mut Embedded, record: &Record) -> Vec<String> {
    let findings = watch::check(node, record).unwrap().into_iter();
    findings.filter(|finding| !finding.holds).map(|finding| finding.says).collect()
}

/// What is proposed together is executed together: one upgrade leaves the other's operation what it was. And again, to another program.
#[test]
#[ignore = "needs scripts/build"]
fn upgrades_that_are_proposed_together_are_all_executed() {
    let mut site = Site::on("together", 2 * DAY);
    let (mut record, mut tell, admin) = (site.record.clone(), |_: &str| {}, person("admin"));
    for _ in 0..2 {
        site.builds_again(&UPGRADED);
        let upgrades = UPGRADED.map(|name| Upgrade::of(&site.folder, &record, name).unwrap());
        for upgrade in &upgrades {
            assert!(said(upgrade.propose(&mut site.node, &record, LAYOUTS, &admin, &mut tell)).contains("is queued as operation"));
        }
        site.node.chain.advance(2 * DAY);
        for (name, proposed) in UPGRADED.into_iter().zip(upgrades) {
            // Found anew, as the next day's run of the tool finds it.
            let upgrade = Upgrade::of(&site.folder, &record, name).unwrap();
            assert_eq!(upgrade.implementation, proposed.implementation);
            assert!(said(upgrade.execute(&mut site.node, &mut record, &admin, &mut tell)).contains("runs the program at"));
        }
        assert_eq!(broken(&mut site.node, &record), [""; 0]);
    }
}

/// A fixed program is deployed as the first one was, waits out the delay, and runs; the record follows, and nothing is done twice.
#[test]
#[ignore = "needs scripts/build"]
fn an_upgrade_is_checked_queued_executed_and_recorded() {
    let mut site = Site::on("upgrade", 2 * DAY);
    let (mut record, mut tell, admin) = (site.record.clone(), |_: &str| {}, person("admin"));
    site.builds_again(&UPGRADED);
    let (node, layouts) = (&mut site.node, LAYOUTS);
    assert!(Upgrade::of(&target(), &record, "usdai")
        .unwrap_err()
        .to_string()
        .contains("nothing to upgrade"));
    assert!(Upgrade::of(&target(), &record, "usdc")
        .unwrap_err()
        .to_string()
        .contains("there are router, usdai"));
    let stranger = person("keeper");
    for name in UPGRADED {
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
    assert_eq!(broken(node, &record), [""; 0]);
    record.proxies.get_mut("usdai").unwrap().implementation = Address::repeat_byte(1);
    assert_eq!(broken(node, &record), ["the proxy of usdai runs the program that is recorded"]);
}

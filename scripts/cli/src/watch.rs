//! A deployment as it is now, for people and for monitors: its state in one picture, and every invariant that the chain shows.

use std::fmt::Write as _;

use alloy_primitives::{keccak256, Address, U256};
use serde_json::{json, Value};

use crate::{
    deploy::{networks::network, record::Record},
    keep,
    node::{Node, NodeError, NodeExt},
    protocol::{
        bindings::{Filo, Gateway, IErc20, Qev, Router, Usdai},
        suite::id,
    },
    story::terminal,
    units::{date, duration, thousands, whole},
    upgrade, wiring,
};

/// Width of the longest bar.
const BAR: u128 = 30;
/// Wei of USDai in a unit of the base token.
const BASE_UNIT: u64 = 1_000_000_000_000;
/// FiLo's numbers for loans of which money is owed: they perform, are late, are in default.
const OWED: [&str; 3] = ["performs", "LATE", "IN DEFAULT"];

/// A deployment at one moment.
#[derive(Debug)]
pub struct Status {
    chain_id: u64,
    snapshot: Gateway::Snapshot,
    /// Loans of which money is owed, with their numbers.
    loans: Vec<(u64, Filo::loanReturn)>,
}

/// An invariant and both its sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What has to hold; with its number in PROTOCOL.md where it has one.
    pub says: String,
    /// What was read.
    pub found: String,
    /// Whether it holds.
    pub holds: bool,
}

/// Calls `read` with 1, 2, 3, … until the contract knows no such thing.
fn each<T>(mut read: impl FnMut(U256) -> Result<T, NodeError>) -> Result<Vec<(u64, T)>, NodeError> {
    let mut all = Vec::new();
    for number in 1_u64.. {
        match read(U256::from(number)) {
            Ok(found) => all.push((number, found)),
            Err(error) if error.revert_data().is_some() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

/// Reads the deployment of `record`.
///
/// # Errors
/// If the node does not answer, or is on another chain.
pub fn status(node: &mut dyn Node, record: &Record) -> Result<Status, NodeError> {
    record.require_chain(node)?;
    let suite = record.suite()?;
    let snapshot = node.read(suite.gateway, &Gateway::snapshotCall {})?;
    let mut loans = each(|loan| node.read(suite.filo, &Filo::loanCall { loan }))?;
    loans.retain(|(_, loan)| standing(loan).is_some());
    Ok(Status {
        chain_id: record.chain_id,
        snapshot,
        loans,
    })
}

/// How a loan stands, if money is owed.
fn standing(loan: &Filo::loanReturn) -> Option<&'static str> {
    let status: usize = loan.status.saturating_to();
    OWED.get(status.checked_sub(1)?).copied()
}

impl Status {
    /// For programs: amounts in wei and prices WAD as decimal text, times in seconds.
    #[must_use]
    pub fn json(&self) -> Value {
        let Gateway::Snapshot {
            timestamp,
            usdai,
            vault,
            queue,
        } = &self.snapshot;
        let text = |number: &U256| number.to_string();
        let small = |number: &U256| number.saturating_to::<u64>();
        let lanes = queue.lanes.iter().zip(&queue.laneShares);
        let lanes: Vec<_> = lanes
            .map(|(tick, shares)| json!({ "bps": 5 * small(tick), "shares": text(shares) }))
            .collect();
        let loans = self.loans.iter().map(|(number, loan)| {
            json!({
                "loan": number, "status": standing(loan), "borrower": loan.borrower, "stack": small(&loan.stack),
                "outstanding": text(&loan.outstanding), "rate": text(&loan.rate), "nextDue": small(&loan.nextDue),
            })
        });
        json!({
            "chainId": self.chain_id,
            "timestamp": small(timestamp),
            "usdai": { "supply": text(&usdai.supply), "bridged": text(&usdai.bridged), "cap": text(&usdai.cap) },
            "susdai": {
                "depositSharePrice": text(&vault.depositSharePrice), "redemptionSharePrice": text(&vault.redemptionSharePrice),
                "totalShares": text(&vault.totalShares), "totalAssets": text(&vault.totalAssets), "cash": text(&vault.cash),
                "lendable": text(&vault.lendable), "principal": text(&vault.principal), "impairment": text(&vault.impairment),
                "unvested": text(&vault.unvested),
            },
            "queue": {
                "epoch": small(&queue.epoch), "revealFrom": small(&queue.revealFrom), "epochEnd": small(&queue.epochEnd),
                "firstUnsettled": small(&queue.firstUnsettled), "lanes": lanes,
            },
            "loans": loans.collect::<Vec<_>>(),
        })
    }

    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let Gateway::Snapshot {
            timestamp,
            usdai,
            vault,
            queue,
        } = &self.snapshot;
        let now: u64 = timestamp.saturating_to();
        let mut text = String::new();
        let _ = writeln!(text, "chain {} at {}\n", self.chain_id, date(now));
        let lines = [
            ("USDai", usdai.supply),
            ("  elsewhere", usdai.bridged),
            ("sUSDai", vault.totalShares),
            ("  a share costs", vault.depositSharePrice),
            ("  a share brings", vault.redemptionSharePrice),
            ("vault's cash", vault.cash),
            ("  to be lent", vault.lendable),
            ("lent", vault.principal),
            ("  not expected back", vault.impairment),
            ("vesting", vault.unvested),
        ];
        for (name, amount) in lines {
            let _ = writeln!(text, "{name:<20} {:>24}", whole(amount));
        }
        let until = |second: &U256| second.saturating_to::<u64>().saturating_sub(now);
        let _ = match (until(&queue.revealFrom), until(&queue.epochEnd)) {
            (0, 0) => writeln!(text, "\nepoch {}: it can be settled", queue.epoch),
            (0, end) => writeln!(text, "\nepoch {}: bids are opened, settled in {}", queue.epoch, duration(end)),
            (bids, end) => writeln!(
                text,
                "\nepoch {}: bids are sealed for {}, settled in {}",
                queue.epoch,
                duration(bids),
                duration(end)
            ),
        };
        if queue.firstUnsettled < queue.epoch {
            let _ = writeln!(
                text,
                "epochs from {} on are over and not settled: anybody may settle them",
                queue.firstUnsettled
            );
        }
        let most = queue.laneShares.iter().max().copied().unwrap_or_default();
        for (tick, shares) in queue.lanes.iter().zip(&queue.laneShares) {
            let cells = (*shares * U256::from(BAR)).checked_div(most).unwrap_or_default();
            let bar = "█".repeat(cells.saturating_to::<usize>().max(1));
            let bps = 5 * tick.saturating_to::<u64>();
            let lane = if bps == 0 {
                "par".to_owned()
            } else {
                format!("{}.{:02} %", bps / 100, bps % 100)
            };
            let _ = writeln!(text, "{lane:>8} {bar:<30} {}", whole(*shares));
        }
        if !self.loans.is_empty() {
            let mut table = terminal::table(&["loan", "borrower", "outstanding", "rate", "next due", ""]);
            for (number, loan) in &self.loans {
                table.add_row([
                    terminal::right(number),
                    loan.borrower.to_string().into(),
                    terminal::right(whole(loan.outstanding)),
                    terminal::right(format!("{} %", whole(loan.rate * U256::from(100)))),
                    date(loan.nextDue.saturating_to()).into(),
                    standing(loan).unwrap_or_default().into(),
                ]);
            }
            let _ = writeln!(text, "\n{table}");
        }
        text
    }
}

/// Holds every invariant that can be seen on chain against the deployment of `record`. Balances can be raised by anybody's gift: what is
/// booked is held, and may be less.
///
/// # Errors
/// If the node does not answer, or is on another chain. What a contract refuses to tell is a finding.
pub fn check(node: &mut dyn Node, record: &Record) -> Result<Vec<Finding>, NodeError> {
    record.require_chain(node)?;
    let mut findings = Vec::new();
    // Contracts that know wrong addresses may refuse to tell what they hold: that says less than which addresses those are.
    match money(node, record, &mut findings) {
        Err(error) if !matches!(error, NodeError::Unreachable { .. }) => findings.push(Finding {
            says: "the books can be read".into(),
            found: error.to_string(),
            holds: false,
        }),
        read => read?,
    }
    wired(node, record, &mut findings)?;
    power(node, record, &mut findings)?;
    programs(node, record, &mut findings)?;
    Ok(findings)
}

fn money(node: &mut dyn Node, record: &Record, findings: &mut Vec<Finding>) -> Result<(), NodeError> {
    let suite = record.suite()?;
    let mut holds = |says: &str, (left, right): (U256, U256), holds: bool| {
        findings.push(Finding {
            says: says.to_owned(),
            found: format!("{} / {}", thousands(left), thousands(right)),
            holds,
        });
    };
    let balance = |node: &mut dyn Node, token, account| node.read(token, &IErc20::balanceOfCall { account });
    let base = balance(node, record.counterparts.base_token, suite.usdai)?;
    let backing = base.saturating_mul(U256::from(BASE_UNIT));
    let supply = node.read(suite.usdai, &Usdai::totalSupplyCall {})?;
    let dollars = supply.saturating_add(node.read(suite.usdai, &Usdai::bridgedSupplyCall {})?);
    holds("U1: base token backs every USDai", (backing, dollars), backing >= dollars);

    let state = node.read(suite.gateway, &Gateway::snapshotCall {})?;
    let held = balance(node, suite.usdai, suite.susdai)?;
    holds(
        "V3: the vault holds its booked cash",
        (held, state.vault.cash),
        held >= state.vault.cash,
    );
    let prices = (state.vault.depositSharePrice, state.vault.redemptionSharePrice);
    holds("3.1: no share brings more than it costs", prices, prices.0 >= prices.1);

    let in_lanes = state
        .queue
        .laneShares
        .iter()
        .fold(U256::ZERO, |sum, shares| sum.saturating_add(*shares));
    // Bonds that were lost wait for nobody until the next settlement burns them.
    let waiting = in_lanes.saturating_add(node.read(suite.qev, &Qev::progressCall {})?.forfeited);
    let shares = balance(node, suite.susdai, suite.qev)?;
    holds("Q1: the queue holds the shares that wait", (shares, waiting), shares >= waiting);

    let stacks = each(|stack| node.read(suite.filo, &Filo::stackCall { stack }))?;
    let total =
        |amount: fn(&Filo::stackReturn) -> U256| stacks.iter().fold(U256::ZERO, |sum, (_, stack)| sum.saturating_add(amount(stack)));
    let senior = total(|stack| stack.senior);
    holds(
        "F1: what the vault has lent is the stacks' senior side",
        (state.vault.principal, senior),
        state.vault.principal == senior,
    );
    let booked = total(|stack| stack.juniorCash).saturating_add(node.read(suite.filo, &Filo::reserveCall {})?);
    let held = balance(node, suite.usdai, suite.filo)?;
    holds("F2: FiLo holds its booked cash", (held, booked), held >= booked);
    Ok(())
}

fn wired(node: &mut dyn Node, record: &Record, findings: &mut Vec<Finding>) -> Result<(), NodeError> {
    let suite = record.suite()?;
    let mut same = |says: String, found: Address, expected: Address| {
        findings.push(Finding {
            says,
            found: found.to_string(),
            holds: found == expected,
        });
    };
    let mut entered = |name| node.read(suite.router, &Router::addressOfCall { id: id(name) });
    for (name, expected) in suite.book() {
        same(
            format!("7: {name} in the address book is the one deployed"),
            entered(name)?,
            expected,
        );
    }
    let treasury = entered("TREASURY")?;
    // What an older record does not know, the book has to.
    let expected = record.treasury.unwrap_or(treasury);
    same("7: TREASURY in the address book is the one recorded".into(), treasury, expected);
    for copied in wiring::copies(node, record, expected)? {
        let says = format!("7: the {} that {} has copied is the one deployed", copied.name, copied.contract);
        same(says, copied.found, copied.expected);
    }
    Ok(())
}

/// Who the admin is, and how long what the admin does waits.
fn power(node: &mut dyn Node, record: &Record, findings: &mut Vec<Finding>) -> Result<(), NodeError> {
    let router = record.address("router")?;
    let network = network(&record.network).ok();
    let admin = node.read(router, &Router::adminCall {})?;
    let handed_on = admin != record.deployer || !network.is_some_and(|network| network.real_money);
    findings.push(Finding {
        says: "7: there is an admin, and where money is real it is not who deployed".into(),
        found: admin.to_string(),
        holds: handed_on && !admin.is_zero(),
    });
    let delay = node.read(router, &Router::delayCall {})?;
    findings.push(Finding {
        says: "7: what the admin does waits, where the network has it so".into(),
        found: duration(delay.saturating_to()),
        holds: !delay.is_zero() || network.is_none_or(|network| network.delay == 0),
    });
    Ok(())
}

fn programs(node: &mut dyn Node, record: &Record, findings: &mut Vec<Finding>) -> Result<(), NodeError> {
    for (name, contract) in &record.contracts {
        let hash = keccak256(node.code(contract.address)?);
        findings.push(Finding {
            says: format!("the program of {name} is what was deployed"),
            found: hash.to_string(),
            holds: hash == contract.code_hash,
        });
    }
    for (name, proxy) in &record.proxies {
        let runs = upgrade::behind(node, proxy.address)?;
        findings.push(Finding {
            says: format!("the proxy of {name} runs the program that is recorded"),
            found: runs.to_string(),
            holds: runs == proxy.implementation,
        });
    }
    for life in keep::lives(node, &record.programs(), 0)? {
        findings.push(Finding {
            says: format!("the program of {} is alive", life.contract),
            found: format!("{} days left", life.days_left),
            holds: life.state < keep::State::Expired,
        });
    }
    Ok(())
}

/// What was found as a table for people, what does not hold last.
#[must_use]
pub fn table(findings: &[Finding]) -> String {
    let mut table = terminal::table(&["invariant", "found", ""]);
    let (good, bad): (Vec<_>, Vec<_>) = findings.iter().partition(|finding| finding.holds);
    for finding in good.into_iter().chain(bad) {
        let verdict = if finding.holds { "holds" } else { "DOES NOT HOLD" };
        table.add_row([finding.says.as_str(), finding.found.as_str(), verdict]);
    }
    table.to_string()
}

/// What was found, for programs.
#[must_use]
pub fn json(findings: &[Finding]) -> Value {
    let line = |finding: &Finding| json!({ "invariant": finding.says, "found": finding.found, "holds": finding.holds });
    findings.iter().map(line).collect()
}

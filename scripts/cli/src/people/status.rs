//! Prices, book, queue and loans of a deployment, as one picture.

use std::fmt::Write as _;

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolError;
use serde::Serialize;

use crate::{
    deploy::record::Record,
    node::{Node, NodeError, NodeExt},
    protocol::bindings::{Filo, IErc20, Qev, Susdai, Usdai},
    story::terminal,
    units::{date, duration, whole},
};

/// Width of the longest bar.
const BAR: usize = 30;
/// FiLo's number for a loan that there is not.
const NONE: u64 = 0;
/// FiLo's number for a loan that is drawn and not paid back.
const LIVE: u64 = 2;
/// FiLo's number for an offer.
const OFFERED: u64 = 1;

/// A deployment at a moment. Amounts are in wei.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// Timestamp of the newest block, seconds.
    pub at: u64,
    /// The dollar.
    pub usdai: Dollar,
    /// The vault.
    pub susdai: Vault,
    /// The queue.
    pub queue: Queue,
    /// Loans that are offered or live.
    pub loans: Vec<Loan>,
}

/// USDai.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dollar {
    /// What there is of it here.
    pub supply: U256,
    /// What has crossed a bridge.
    pub bridged: U256,
    /// What may be, at most.
    pub cap: U256,
    /// Base token held, in its unit.
    pub backing: U256,
    /// Whether deposits are paused.
    pub deposits_paused: bool,
    /// Whether withdrawals are paused.
    pub withdrawals_paused: bool,
}

/// sUSDai.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Vault {
    /// What a share costs, WAD.
    pub deposit_price: U256,
    /// What a share is paid out at, WAD.
    pub redemption_price: U256,
    /// Shares, those in the queue included.
    pub shares: U256,
    /// Booked cash.
    pub cash: U256,
    /// What of it can be lent.
    pub lendable: U256,
    /// Yield that has not vested.
    pub unvested: U256,
    /// Senior principal that is lent.
    pub principal: U256,
}

/// The redemption queue.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Queue {
    /// The epoch that runs.
    pub epoch: u64,
    /// When it ends, Unix seconds.
    pub ends_at: u64,
    /// When bids are revealed from, Unix seconds.
    pub reveals_from: u64,
    /// The first epoch that nobody has settled; the running one if all are.
    pub first_unsettled: u64,
    /// Lanes with somebody in them.
    pub lanes: Vec<Lane>,
}

/// A lane of the queue.
#[derive(Clone, Debug, Serialize)]
pub struct Lane {
    /// Premium that those in it bid, basis points.
    pub bps: u64,
    /// Shares that wait in it.
    pub shares: U256,
}

/// A loan.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Loan {
    /// Its id.
    pub loan: u64,
    /// Whether it is drawn.
    pub live: bool,
    /// Who owes it.
    pub borrower: Address,
    /// Its stack.
    pub stack: u64,
    /// Principal still owed.
    pub outstanding: U256,
    /// The vault's part of that.
    pub senior: U256,
    /// Yearly rate, WAD.
    pub rate: U256,
    /// When the next payment is due, Unix seconds; zero for an offer.
    pub next_due: u64,
    /// Whether that is over.
    pub overdue: bool,
}

/// Reads the deployment of `record`.
///
/// # Errors
/// If the node does not answer, or the record is another chain's.
pub fn read(node: &mut dyn Node, record: &Record) -> Result<Status, NodeError> {
    if node.chain_id() != record.chain_id {
        return Err(NodeError::Other(format!(
            "this node is on chain {}, and the deployment is on chain {}: pass another --rpc-url or --network",
            node.chain_id(),
            record.chain_id
        )));
    }
    let suite = record.suite()?;
    let at = node.now()?;
    let usdai = Dollar {
        supply: node.read(suite.usdai, &Usdai::totalSupplyCall {})?,
        bridged: node.read(suite.usdai, &Usdai::bridgedSupplyCall {})?,
        cap: node.read(suite.usdai, &Usdai::supplyCapCall {})?,
        backing: node.read(record.counterparts.base_token, &IErc20::balanceOfCall { account: suite.usdai })?,
        deposits_paused: node.read(suite.usdai, &Usdai::depositsPausedCall {})?,
        withdrawals_paused: node.read(suite.usdai, &Usdai::withdrawalsPausedCall {})?,
    };
    let susdai = Vault {
        deposit_price: node.read(suite.susdai, &Susdai::depositSharePriceCall {})?,
        redemption_price: node.read(suite.susdai, &Susdai::redemptionSharePriceCall {})?,
        shares: node.read(suite.susdai, &Susdai::totalSharesCall {})?,
        cash: node.read(suite.susdai, &Susdai::cashCall {})?,
        lendable: node.read(suite.susdai, &Susdai::lendableCall {})?,
        unvested: node.read(suite.susdai, &Susdai::unvestedCall {})?,
        principal: node.read(suite.susdai, &Susdai::loanBookCall {})?.principal,
    };
    let schedule = node.read(suite.qev, &Qev::scheduleCall {})?;
    let ends_at = number(node.read(suite.qev, &Qev::epochEndCall {})?);
    let queue = Queue {
        epoch: number(node.read(suite.qev, &Qev::epochCall {})?),
        ends_at,
        reveals_from: ends_at.saturating_sub(number(schedule.revealSeconds)),
        first_unsettled: number(schedule.firstUnsettled),
        lanes: lanes(node, suite.qev)?,
    };
    Ok(Status {
        chain_id: record.chain_id,
        at,
        usdai,
        susdai,
        queue,
        loans: loans(node, suite.filo, at)?,
    })
}

/// Lanes with somebody in them, by premium.
fn lanes(node: &mut dyn Node, qev: Address) -> Result<Vec<Lane>, NodeError> {
    let par = node.read(qev, &Qev::laneCall { tick: 0 })?;
    let shares = par.entered - par.filled;
    Ok(if shares.is_zero() {
        Vec::new()
    } else {
        vec![Lane { bps: 0, shares }]
    })
}

/// Loans that are offered or live, found by counting up to the first that there is none of.
pub(super) fn loans(node: &mut dyn Node, filo: Address, at: u64) -> Result<Vec<Loan>, NodeError> {
    let mut loans = Vec::new();
    for id in 1_u64.. {
        let loan = match node.read(filo, &Filo::loanCall { loan: U256::from(id) }) {
            Ok(loan) => loan,
            Err(error)
                if error
                    .revert_data()
                    .is_some_and(|data| data.starts_with(&Filo::UnknownLoan::SELECTOR)) =>
            {
                break
            }
            Err(error) => return Err(error),
        };
        let status = number(loan.status);
        if status == NONE {
            break;
        }
        if status != LIVE && status != OFFERED {
            continue;
        }
        let next_due = if status == LIVE { number(loan.nextDue) } else { 0 };
        loans.push(Loan {
            loan: id,
            live: status == LIVE,
            borrower: loan.borrower,
            stack: number(loan.stack),
            outstanding: loan.outstanding,
            senior: loan.senior,
            rate: loan.rate,
            next_due,
            overdue: status == LIVE && next_due < at,
        });
    }
    Ok(loans)
}

fn number(word: U256) -> u64 {
    word.saturating_to()
}

impl Status {
    /// The status for a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("Chain {}, {}\n", self.chain_id, date(self.at));
        let mut table = terminal::table(&["", "USDai"]);
        let dollar = &self.usdai;
        let vault = &self.susdai;
        let lines = [
            ("USDai in circulation", dollar.supply + dollar.bridged),
            ("  base token behind it", dollar.backing * U256::from(1_000_000_000_000_u64)),
            ("a share of sUSDai costs", vault.deposit_price),
            ("  and is paid out at", vault.redemption_price),
            ("shares", vault.shares),
            ("the vault's cash", vault.cash),
            ("  of it to be lent", vault.lendable),
            ("lent to borrowers", vault.principal),
            ("yield that vests", vault.unvested),
        ];
        for (what, amount) in lines {
            table.add_row([comfy_table::Cell::new(what), terminal::right(whole(amount))]);
        }
        // Writing to a string does not fail.
        let _ = writeln!(text, "{table}");
        for (paused, what) in [
            (dollar.deposits_paused, "Deposits of USDai are PAUSED."),
            (dollar.withdrawals_paused, "Withdrawals of USDai are PAUSED."),
        ] {
            if paused {
                let _ = writeln!(text, "{what}");
            }
        }
        text += &self.queue.text(self.at);
        text += &self.loans_text();
        text
    }

    fn loans_text(&self) -> String {
        if self.loans.is_empty() {
            return "No loan is offered or live.\n".into();
        }
        let mut table = terminal::table(&["loan", "borrower", "outstanding", "the vault's part", "a year", "next due"]);
        for loan in &self.loans {
            let due = match (loan.live, loan.overdue) {
                (false, _) => "offered".into(),
                (true, false) => format!("{}, in {}", date(loan.next_due), duration(loan.next_due - self.at)),
                (true, true) => format!("OVERDUE since {}", date(loan.next_due)),
            };
            table.add_row([
                comfy_table::Cell::new(loan.loan),
                comfy_table::Cell::new(loan.borrower),
                terminal::right(whole(loan.outstanding)),
                terminal::right(whole(loan.senior)),
                terminal::right(format!(
                    "{} %",
                    whole(loan.rate * U256::from(100)).trim_end_matches('0').trim_end_matches('.')
                )),
                comfy_table::Cell::new(due),
            ]);
        }
        format!("{table}\n")
    }
}

impl Queue {
    fn text(&self, at: u64) -> String {
        let mut text = if self.first_unsettled < self.epoch {
            format!(
                "Epoch {} has ended and waits for anybody to settle it: usdai settle.\n",
                self.first_unsettled
            )
        } else {
            String::new()
        };
        let bids = if at < self.reveals_from {
            format!("bids are taken for another {}", duration(self.reveals_from - at))
        } else {
            "bids are revealed".into()
        };
        let left = duration(self.ends_at.saturating_sub(at));
        let _ = writeln!(text, "Epoch {} ends on {}, in {left}; {bids}.", self.epoch, date(self.ends_at));
        let most = self.lanes.iter().map(|lane| lane.shares).max().unwrap_or_default();
        if most.is_zero() {
            text += "Nobody waits in the queue.\n";
        }
        for lane in &self.lanes {
            let cells = (lane.shares * U256::from(BAR)).div_ceil(most).saturating_to::<usize>();
            let name = if lane.bps == 0 { "par".into() } else { format!("{} bps", lane.bps) };
            let _ = writeln!(text, "  {name:>9} {:<BAR$} {} shares", "█".repeat(cells), whole(lane.shares));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::wad;

    #[test]
    fn lanes_are_bars_beside_the_longest() {
        let lane = |bps, shares| Lane { bps, shares: wad(shares) };
        let mut queue = Queue {
            epoch: 3,
            ends_at: 2_000_000,
            reveals_from: 1_900_000,
            first_unsettled: 3,
            lanes: vec![lane(0, 300), lane(10, 1)],
        };
        let text = queue.text(1_800_000);
        assert!(
            text.contains("Epoch 3 ends on 1970-01-24, in 2 d 7 h; bids are taken for another 1 d 3 h."),
            "{text}"
        );
        assert!(text.contains(&format!("par {} 300.000000", "█".repeat(BAR))), "{text}");
        assert!(text.contains(&format!("10 bps █{} 1.000000", " ".repeat(BAR - 1))), "{text}");
        assert!(!text.contains("settle"));
        queue.first_unsettled = 2;
        queue.lanes.clear();
        let text = queue.text(1_950_000);
        assert!(
            text.contains("Epoch 2 has ended") && text.contains("bids are revealed") && text.contains("Nobody waits"),
            "{text}"
        );
    }
}

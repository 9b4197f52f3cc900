//! What anybody may do, and somebody should: settlements, harvests, marks, margin calls, defaults, auctions.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolEvent;
use anyhow::{bail, Result};
use clap::Subcommand;
use serde_json::json;

use super::{
    arguments::Amount,
    borrower::filo_takes,
    desk::{Desk, Report},
};
use crate::{
    node::NodeError,
    protocol::bindings::{Caliber, Defaults, Filo, Qev, Usdai},
    units::whole,
};

/// Lanes that one transaction of a settlement counts: all there are.
const STEPS: u64 = 256;
/// FiLo's numbers for loans that are marked: late, in default.
const MARKED: [U256; 2] = [U256::from_limbs([2, 0, 0, 0]), U256::from_limbs([3, 0, 0, 0])];
const BPS: u64 = 10_000;

/// An errand of a keeper.
#[derive(Clone, Debug, Subcommand)]
pub enum Errand {
    /// Everything that is due: marks late loans, and before a settlement marks again what is late or in default; settles, harvests
    Run,
    /// Settle the epochs that have ended
    Settle,
    /// Bring the base token's yield in
    Harvest,
    /// Mark loans whose payment is overdue
    MarkLate {
        /// The loan; every one that is overdue if not said
        loan: Option<U256>,
    },
    /// Mark a loan that is late or in default again, by what its receipts are worth now
    Mark {
        /// The loan
        loan: U256,
    },
    /// Call for margin: too much is outstanding, or cover has lapsed
    CallMargin {
        /// The loan
        loan: U256,
    },
    /// End a margin call whose reason is gone
    ReleaseCall {
        /// The loan
        loan: U256,
    },
    /// Declare a loan in default that is past grace, or whose call was not met
    DeclareDefault {
        /// The loan
        loan: U256,
    },
    /// Begin the auction of a loan's receipts, or its next round
    StartAuction {
        /// The loan
        loan: U256,
    },
    /// Say what receipts in an auction cost now
    Price {
        /// The loan
        loan: U256,
        /// Which receipts, as in 1,2; all that are left if not said
        #[arg(long, value_delimiter = ',')]
        receipts: Vec<U256>,
    },
    /// Buy receipts in an auction
    Bid {
        /// The loan
        loan: U256,
        /// What is paid at most, USDai
        at_most: Amount,
        /// Which receipts, as in 1,2; all that are left if not said
        #[arg(long, value_delimiter = ',')]
        receipts: Vec<U256>,
        /// Who gets them; oneself if not said
        #[arg(long)]
        receiver: Option<Address>,
    },
    /// Forfeit the bonds of bids that were not opened in time
    Forfeit {
        /// The positions
        #[arg(required = true)]
        positions: Vec<U256>,
    },
}

/// Does it.
///
/// # Errors
/// A sentence that says what to do.
pub fn run(errand: Errand, desk: &mut Desk<'_>) -> Result<Report> {
    let defaults = desk.suite.defaults;
    match errand {
        Errand::Run => {
            let marked = mark_late(desk)?;
            let again = if settlement_is_due(desk)? {
                mark_again(desk, &marked)?
            } else {
                Vec::new()
            };
            let settled = settle(desk)?;
            let harvested = harvest(desk)?;
            desk.report(&[
                ("loans marked late", super::list(&marked)),
                ("loans marked again", super::list(&again)),
                ("epochs settled", settled.to_string()),
                ("harvested, USDai", whole(harvested)),
            ])
        }
        Errand::Settle => {
            let settled = settle(desk)?;
            desk.report(&[("epochs settled", settled.to_string())])
        }
        Errand::Harvest => {
            let harvested = harvest(desk)?;
            desk.report(&[("harvested, USDai", whole(harvested))])
        }
        Errand::MarkLate { loan: None } => {
            let marked = mark_late(desk)?;
            desk.report(&[("loans marked late", super::list(&marked))])
        }
        Errand::MarkLate { loan: Some(loan) } => desk.simply(&format!("mark loan {loan} late"), defaults, &Defaults::markLateCall { loan }),
        Errand::Mark { loan } => desk.simply(&format!("mark loan {loan} again"), defaults, &Defaults::markCall { loan }),
        Errand::CallMargin { loan } => desk.simply(
            &format!("call for margin of loan {loan}"),
            defaults,
            &Defaults::callMarginCall { loan },
        ),
        Errand::ReleaseCall { loan } => desk.simply(
            &format!("end the call of loan {loan}"),
            defaults,
            &Defaults::releaseCallCall { loan },
        ),
        Errand::DeclareDefault { loan } => desk.simply(
            &format!("declare loan {loan} in default"),
            defaults,
            &Defaults::declareDefaultCall { loan },
        ),
        Errand::StartAuction { loan } => desk.simply(
            &format!("begin the auction of loan {loan}"),
            defaults,
            &Defaults::startAuctionCall { loan },
        ),
        Errand::Price { loan, receipts } => {
            let price = desk.read(defaults, &Defaults::priceCall { loan, receipts })?;
            Ok(Report {
                text: format!("{} USDai\n", whole(price)),
                json: json!({ "loan": loan.to_string(), "price": price.to_string() }),
            })
        }
        Errand::Bid {
            loan,
            at_most,
            receipts,
            receiver,
        } => {
            let most = desk.amount(&at_most, "USDai")?;
            let price = desk.read(
                defaults,
                &Defaults::priceCall {
                    loan,
                    receipts: receipts.clone(),
                },
            )?;
            if price > most {
                bail!("they cost {} USDai now, which is more than {}", whole(price), whole(most));
            }
            let bid = Defaults::bidCall {
                loan,
                receipts,
                maxPrice: most,
                receiver: receiver.map_or_else(|| desk.me(), Ok)?,
            };
            let what = format!("buy receipts of loan {loan} for {} USDai or less", whole(price));
            desk.act(&what, defaults, &bid, &[filo_takes(desk, price)])?;
            desk.report(&[])
        }
        Errand::Forfeit { positions } => forfeit(desk, positions),
    }
}

/// Marks every loan that is overdue; the queue settles for nobody before that.
fn mark_late(desk: &mut Desk<'_>) -> Result<Vec<U256>> {
    let mut marked = Vec::new();
    loop {
        let earliest = desk.read(desk.suite.filo, &Filo::earliestDueCall {})?;
        if earliest.due.is_zero() || U256::from(desk.now()?) <= earliest.due {
            return Ok(marked);
        }
        let loan = earliest.loan;
        desk.act(
            &format!("mark loan {loan} late"),
            desk.suite.defaults,
            &Defaults::markLateCall { loan },
            &[],
        )?;
        marked.push(loan);
    }
}

/// Marks the loans that are late or in default again, but for those `just` marked: the queue settles at a price that has their marks as they
/// are, and what their receipts are worth falls by the second. Left out is a loan of which nothing was lost when it was marked, and whose receipts bring
/// all of it now: the vault's part, and the curator's, out of which the vault may have something to get.
fn mark_again(desk: &mut Desk<'_>, just: &[U256]) -> Result<Vec<U256>> {
    let (filo, defaults, caliber) = (desk.suite.filo, desk.suite.defaults, desk.suite.caliber);
    let costs = desk.read(defaults, &Defaults::parametersCall {})?.liquidationCostBps;
    let mut marked = Vec::new();
    for number in 1_u64.. {
        let loan = U256::from(number);
        let state = match desk.read(filo, &Filo::loanCall { loan }) {
            Ok(state) => state,
            // The last one was the one before.
            Err(error) if error.downcast_ref().is_some_and(|error: &NodeError| error.revert_data().is_some()) => break,
            Err(error) => return Err(error),
        };
        if !MARKED.contains(&state.status) || just.contains(&loan) {
            continue;
        }
        let impairment = desk.read(filo, &Filo::standingCall { loan })?.impairment;
        let receipts = desk.read(filo, &Filo::receiptsOfCall { loan })?;
        let value = desk.read(caliber, &Caliber::collateralOfCall { receipts })?.value;
        let recoverable = value.saturating_mul(U256::from(BPS).saturating_sub(costs)) / U256::from(BPS);
        if impairment.is_zero() && state.outstanding <= recoverable {
            continue;
        }
        desk.act(&format!("mark loan {loan} again"), defaults, &Defaults::markCall { loan }, &[])?;
        marked.push(loan);
    }
    Ok(marked)
}

/// Whether an epoch has ended that is not settled.
fn settlement_is_due(desk: &mut Desk<'_>) -> Result<bool> {
    let qev = desk.suite.qev;
    Ok(desk.read(qev, &Qev::scheduleCall {})?.firstUnsettled < desk.read(qev, &Qev::epochCall {})?)
}

/// Settles every epoch that has ended, in as many transactions as it takes; how many epochs.
fn settle(desk: &mut Desk<'_>) -> Result<u64> {
    let qev = desk.suite.qev;
    let mut unsettled = || -> Result<u64> { Ok(desk.read(qev, &Qev::scheduleCall {})?.firstUnsettled.saturating_to()) };
    let first = unsettled()?;
    loop {
        let (next, epoch) = (
            desk.read(qev, &Qev::scheduleCall {})?.firstUnsettled,
            desk.read(qev, &Qev::epochCall {})?,
        );
        if next >= epoch {
            return Ok(next.saturating_to::<u64>() - first);
        }
        let settle = Qev::settleCall {
            maxSteps: U256::from(STEPS),
        };
        desk.act(&format!("settle what ended before epoch {epoch}"), qev, &settle, &[])?;
    }
}

/// Forfeits the bonds of those positions that have lost theirs; the queue passes over the others without a word. A bid that lapsed is none to
/// the queue's views, whether or not its bond was taken: only the call finds out.
fn forfeit(desk: &mut Desk<'_>, named: Vec<U256>) -> Result<Report> {
    let qev = desk.suite.qev;
    let mut positions = Vec::new();
    for position in &named {
        if desk.read(qev, &Qev::bidOfCall { position: *position })?.commitment.is_zero() {
            positions.push(*position);
        }
    }
    if positions.is_empty() {
        bail!(
            "of positions {} no bond is lost: that takes a bid that was sealed and not opened before its epoch ended",
            super::list(&named)
        );
    }
    let what = format!("forfeit the bonds of {}", super::list(&positions));
    let sent = desk.act(&what, qev, &Qev::forfeitBondsCall { positions }, &[])?;
    let forfeited: Vec<_> = sent
        .logs
        .iter()
        .filter_map(|log| Qev::BondForfeited::decode_log(log).ok())
        .collect();
    let lost: Vec<U256> = forfeited.iter().map(|bond| bond.position).collect();
    let shares = forfeited.iter().fold(U256::ZERO, |sum, bond| sum + bond.shares);
    desk.report(&[("lost theirs", super::list(&lost)), ("bonds, sUSDai", whole(shares))])
}

/// Harvests if there is anything; how much.
fn harvest(desk: &mut Desk<'_>) -> Result<U256> {
    let usdai = desk.suite.usdai;
    let yielded = desk.read(usdai, &Usdai::harvestCall {})?;
    if !yielded.is_zero() {
        desk.act(&format!("harvest {} USDai", whole(yielded)), usdai, &Usdai::harvestCall {}, &[])?;
    }
    Ok(yielded)
}

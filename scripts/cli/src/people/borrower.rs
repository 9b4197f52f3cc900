//! What a borrower does: draws, pays, meets margin calls, and takes the machines back.

use std::{fmt::Write as _, path::PathBuf};

use alloy_primitives::U256;
use anyhow::{bail, Context, Result};
use clap::Subcommand;
use serde_json::json;

use super::{
    arguments::{Amount, Slippage},
    depositor,
    desk::{event, Allowance, Desk, Report},
    offers::OfferFile,
};
use crate::{
    instalment::{self, ON_ITS_WAY},
    protocol::bindings::{Caliber, Defaults, Filo, Gateway, Origination},
    story::terminal,
    units::{date, whole},
};

/// An errand of a borrower.
#[derive(Clone, Debug, Subcommand)]
pub enum Errand {
    /// Take an offer: pledges its receipts and draws its principal
    Draw {
        /// File of the offer, as the curator sent it
        offer: PathBuf,
        /// Turn the money into this stablecoin
        #[arg(long)]
        into: Option<String>,
        /// What that may cost.
        #[command(flatten)]
        slippage: Slippage,
    },
    /// Take an offer in place of a loan with the same receipts
    Refinance {
        /// The loan that is paid off
        loan: U256,
        /// File of the offer
        offer: PathBuf,
    },
    /// Say what is due of a loan, what pays it off, whether it is called
    Due {
        /// The loan
        loan: U256,
        /// Show all instalments to come
        #[arg(long)]
        plan: bool,
    },
    /// Pay on a loan: the instalment that is due unless said otherwise; anybody may, for any borrower
    Pay {
        /// The loan
        loan: U256,
        /// How much, in USDai or in a stablecoin
        amount: Option<Amount>,
        /// Pay off all of it
        #[arg(long, conflicts_with = "amount")]
        off: bool,
        /// What the swap may cost.
        #[command(flatten)]
        slippage: Slippage,
    },
    /// Put further receipts behind a loan, and end its margin call if they meet it
    TopUp {
        /// The loan
        loan: U256,
        /// The receipts
        #[arg(required = true)]
        receipts: Vec<U256>,
    },
    /// Pay down as much as ends a margin call
    MeetCall {
        /// The loan
        loan: U256,
    },
    /// Hand a free receipt in for the machines; their custodian confirms
    Redeem {
        /// The receipt
        receipt: U256,
    },
    /// Keep a receipt that was handed in
    Keep {
        /// The receipt
        receipt: U256,
    },
}

/// Does it.
///
/// # Errors
/// A sentence that says what to do.
pub fn run(errand: Errand, desk: &mut Desk<'_>) -> Result<Report> {
    let caliber = desk.suite.caliber;
    match errand {
        Errand::Draw { offer, into, slippage } => draw(desk, &OfferFile::read(&offer, desk)?, into, slippage),
        Errand::Refinance { loan, offer } => refinance(desk, loan, &OfferFile::read(&offer, desk)?),
        Errand::Due { loan, plan } => due(desk, loan, plan),
        Errand::Pay {
            loan,
            amount,
            off,
            slippage,
        } => pay(desk, loan, amount, off, slippage),
        Errand::TopUp { loan, receipts } => top_up(desk, loan, receipts),
        Errand::MeetCall { loan } => meet_call(desk, loan),
        Errand::Redeem { receipt } => {
            let what = format!("hand receipt {receipt} in for the machines");
            desk.simply(&what, caliber, &Caliber::requestRedemptionCall { receipt })
        }
        Errand::Keep { receipt } => desk.simply(
            &format!("keep receipt {receipt}"),
            caliber,
            &Caliber::withdrawRedemptionCall { receipt },
        ),
    }
}

fn draw(desk: &mut Desk<'_>, file: &OfferFile, into: Option<String>, swap: Slippage) -> Result<Report> {
    let into = into.map(|symbol| desk.token(&symbol)).transpose()?;
    let draw = Origination::drawCall {
        offer: file.offer(),
        signature: file.signature.clone(),
        receiver: desk.me()?,
    };
    let sent = desk.act(&format!("draw {}", file.says()), desk.suite.origination, &draw, &[])?;
    let loan = event::<Filo::LoanDrawn>(&sent)?.loan;
    if let Some(token) = into {
        let drawn = || format!("loan {loan} is drawn, its money is USDai still: turn it with `depositor withdraw`");
        depositor::withdraw(desk, file.principal, &token, swap.slippage).with_context(drawn)?;
    }
    desk.report(&[("loan", loan.to_string())])
}

fn refinance(desk: &mut Desk<'_>, loan: U256, file: &OfferFile) -> Result<Report> {
    let missing = payoff_soon(desk, loan)?.saturating_sub(file.principal);
    let refinance = Origination::refinanceCall {
        loan,
        offer: file.offer(),
        signature: file.signature.clone(),
        receiver: desk.me()?,
    };
    let what = format!("pay loan {loan} off with {}", file.says());
    let sent = desk.act(&what, desk.suite.origination, &refinance, &[filo_takes(desk, missing)])?;
    let loan = event::<Filo::LoanDrawn>(&sent)?.loan;
    desk.report(&[("loan", loan.to_string())])
}

/// FiLo pulls every payment, whoever asks for it.
pub(super) fn filo_takes(desk: &Desk<'_>, amount: U256) -> Allowance {
    Allowance {
        token: desk.suite.usdai,
        spender: desk.suite.filo,
        amount,
    }
}

/// What pays a loan off by the time that the payment is in a block. What is not owed then is not taken.
fn payoff_soon(desk: &mut Desk<'_>, loan: U256) -> Result<U256> {
    let time = U256::from(desk.now()? + ON_ITS_WAY);
    desk.read(desk.suite.filo, &Filo::payoffCall { loan, time })
}

fn pay(desk: &mut Desk<'_>, loan: U256, amount: Option<Amount>, off: bool, swap: Slippage) -> Result<Report> {
    let most = match amount {
        Some(amount) if !amount.unit.eq_ignore_ascii_case("USDai") => return pay_from(desk, loan, &amount, swap),
        Some(amount) => desk.amount(&amount, "USDai")?,
        None if off => payoff_soon(desk, loan)?,
        None => instalment::soon(desk.node, desk.suite.filo, loan)?,
    };
    pay_at_most(desk, loan, most)
}

fn pay_at_most(desk: &mut Desk<'_>, loan: U256, most: U256) -> Result<Report> {
    if most.is_zero() {
        bail!("nothing is owed of loan {loan}");
    }
    let what = format!("pay {} USDai on loan {loan} at most", whole(most));
    let pay = Filo::payCall { loan, maxAmount: most };
    desk.act(&what, desk.suite.filo, &pay, &[filo_takes(desk, most)])?;
    after_payment(desk, loan)
}

fn pay_from(desk: &mut Desk<'_>, loan: U256, amount: &Amount, swap: Slippage) -> Result<Report> {
    let (token, amount) = desk.stablecoin(amount)?;
    let gateway = desk.suite.gateway;
    let repay = Gateway::repayFromCall {
        token: token.address,
        amount,
        minUsdai: swap.slippage.off(token.in_dollars(amount)),
        loan,
        deadline: desk.deadline()?,
    };
    let allowance = Allowance {
        token: token.address,
        spender: gateway,
        amount,
    };
    desk.act(&format!("pay {} on loan {loan}", token.show(amount)), gateway, &repay, &[allowance])?;
    after_payment(desk, loan)
}

fn after_payment(desk: &mut Desk<'_>, loan: U256) -> Result<Report> {
    let left = desk.read(desk.suite.filo, &Filo::loanCall { loan })?;
    let next = match left.nextDue.saturating_to() {
        0 => "nothing: its receipts are free".into(),
        due => format!("due {}", date(due)),
    };
    desk.report(&[("outstanding", whole(left.outstanding)), ("next payment", next)])
}

fn meet_call(desk: &mut Desk<'_>, loan: U256) -> Result<Report> {
    let standing = desk.read(desk.suite.filo, &Filo::standingCall { loan })?;
    if standing.callDeadline.is_zero() {
        bail!("loan {loan} is not called: there is nothing to meet");
    }
    // Late fees and interest come before principal.
    let owed = payoff_soon(desk, loan)?;
    pay_at_most(desk, loan, owed.saturating_sub(standing.cureBelow))
}

/// A call that receipts meet is open until somebody says that they do.
fn top_up(desk: &mut Desk<'_>, loan: U256, receipts: Vec<U256>) -> Result<Report> {
    let what = format!("put receipts {} behind loan {loan}", super::list(&receipts));
    desk.act(&what, desk.suite.origination, &Origination::topUpCall { loan, receipts }, &[])?;
    let standing = desk.read(desk.suite.filo, &Filo::standingCall { loan })?;
    let (defaults, release) = (desk.suite.defaults, Defaults::releaseCallCall { loan });
    let call = if standing.callDeadline.is_zero() {
        "none"
    } else if desk.read(defaults, &release).is_ok() {
        desk.act(&format!("end the call of loan {loan}"), defaults, &release, &[])?;
        "met"
    } else {
        "still open: more has to be paid or added"
    };
    desk.report(&[("margin call", call.into())])
}

fn due(desk: &mut Desk<'_>, loan: U256, plan: bool) -> Result<Report> {
    let time = U256::from(desk.now()?);
    let quote = desk.read(desk.suite.gateway, &Gateway::loanQuoteCall { loan, time })?;
    let standing = desk.read(desk.suite.filo, &Filo::standingCall { loan })?;
    let names = ["performs", "is late", "is in default", "is paid off", "was liquidated"];
    let status = names
        .get(quote.status.saturating_to::<usize>().wrapping_sub(1))
        .copied()
        .unwrap_or("unknown");
    let due = quote.dueInterest + quote.duePrincipal + quote.lateFee;
    let mut text = format!("loan {loan} of {} {status}\n", quote.borrower);
    if !quote.nextDue.is_zero() {
        let mut table = terminal::table(&["", "USDai"]);
        for (name, amount) in [
            (format!("due {}", date(quote.nextDue.saturating_to())), due),
            ("  interest".into(), quote.dueInterest),
            ("  principal".into(), quote.duePrincipal),
            ("  late fees".into(), quote.lateFee),
            ("outstanding principal".into(), quote.outstanding),
            ("pays it off now".into(), quote.payoff),
        ] {
            table.add_row([name.into(), terminal::right(whole(amount))]);
        }
        let _ = writeln!(text, "{table}");
    }
    if !standing.callDeadline.is_zero() {
        let _ = writeln!(
            text,
            "CALLED: by {} pay down to {} (`meet-call`), or `top-up`",
            date(standing.callDeadline.saturating_to()),
            whole(standing.cureBelow)
        );
    }
    let paid: usize = quote.periodsPaid.saturating_to();
    let to_come = quote.plan.get(paid..).unwrap_or_default();
    if plan && !to_come.is_empty() {
        let mut table = terminal::table(&["instalment", "due", "interest", "principal", "leaves"]);
        for (number, row) in (paid + 1..).zip(to_come) {
            table.add_row([
                terminal::right(number),
                date(row.due.saturating_to()).into(),
                terminal::right(whole(row.interest)),
                terminal::right(whole(row.principal)),
                terminal::right(whole(row.outstanding)),
            ]);
        }
        let _ = writeln!(text, "{table}");
    }
    let plan: Vec<_> = to_come
        .iter()
        .map(|row| {
            json!({
                "due": row.due.saturating_to::<u64>(), "interest": row.interest.to_string(), "principal": row.principal.to_string(),
                "outstanding": row.outstanding.to_string(),
            })
        })
        .collect();
    let json = json!({
        "loan": loan.to_string(), "borrower": quote.borrower, "status": status, "nextDue": quote.nextDue.saturating_to::<u64>(),
        "due": due.to_string(), "interest": quote.dueInterest.to_string(), "principal": quote.duePrincipal.to_string(),
        "lateFee": quote.lateFee.to_string(), "outstanding": quote.outstanding.to_string(), "payoff": quote.payoff.to_string(),
        "callDeadline": standing.callDeadline.saturating_to::<u64>(), "cureBelow": standing.cureBelow.to_string(), "plan": plan,
    });
    Ok(Report { text, json })
}

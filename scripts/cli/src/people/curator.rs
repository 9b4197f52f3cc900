//! What a curator does: opens stacks, stands in front with capital, offers loans.

use std::{fmt::Write as _, path::PathBuf};

use alloy_primitives::{Address, B256, U256};
use anyhow::Result;
use clap::Subcommand;
use serde_json::json;

use super::{
    arguments::{Amount, Day, Percent},
    borrower::filo_takes,
    depositor::percent,
    desk::{event, Desk, Report},
    offers::OfferFile,
};
use crate::{
    protocol::bindings::{Filo, Origination},
    units::{rate, whole},
};

/// A day, seconds.
const DAY: u64 = 86_400;

/// An errand of a curator.
#[derive(Clone, Debug, Subcommand)]
pub enum Errand {
    /// Open a stack
    OpenStack {
        /// Part of every loan that the curator stands for
        #[arg(long, default_value = "10%")]
        first_loss: Percent,
        /// Most that is lent of what receipts are worth
        #[arg(long, default_value = "70%")]
        max_ltv: Percent,
        /// From how much on there is a margin call
        #[arg(long, default_value = "85%")]
        margin_trigger: Percent,
        /// Most that the vault lends through it, USDai
        #[arg(long)]
        senior_cap: Amount,
        /// Part of interest for servicing
        #[arg(long, default_value = "1%")]
        servicing_fee: Percent,
        /// Part of the vault's interest for standing in front
        #[arg(long, default_value = "5%")]
        junior_spread: Percent,
        /// The only class of hardware that it lends on; any if not said
        #[arg(long, value_parser = super::class)]
        class: Option<B256>,
    },
    /// Pay first-loss capital in
    Fund {
        /// The stack
        stack: U256,
        /// How much USDai
        amount: Amount,
    },
    /// Take first-loss capital out that is not lent
    Withdraw {
        /// The stack
        stack: U256,
        /// How much USDai
        amount: Amount,
        /// To whom; oneself if not said
        #[arg(long)]
        to: Option<Address>,
    },
    /// Show a stack
    Stack {
        /// The stack
        stack: U256,
    },
    /// Sign an offer of a loan and write it into a file, for its borrower
    Offer(Terms),
    /// Post the offer of a file on chain: its borrower needs no signature then
    Post {
        /// The file
        file: PathBuf,
    },
    /// End the offer of a file, posted or only signed
    Cancel {
        /// The file
        file: PathBuf,
    },
}

/// Terms of a loan.
#[derive(Clone, Debug, clap::Args)]
pub struct Terms {
    /// The file that is written
    file: PathBuf,
    /// The stack that lends
    #[arg(long)]
    stack: U256,
    /// Who may take it
    #[arg(long)]
    borrower: Address,
    /// What is pledged, as in 1,2
    #[arg(long, value_delimiter = ',', required = true)]
    receipts: Vec<U256>,
    /// What is lent, USDai
    #[arg(long)]
    principal: Amount,
    /// Interest a year
    #[arg(long)]
    rate: Percent,
    /// Instalments
    #[arg(long, default_value_t = 36)]
    periods: u64,
    /// Pay principal down in a straight line, instead of level instalments
    #[arg(long)]
    straight_line: bool,
    /// Days after a due day until which a payment is no default
    #[arg(long, default_value_t = 10)]
    grace_days: u64,
    /// What lateness costs a year
    #[arg(long, default_value = "5%")]
    late_fee: Percent,
    /// Until when it can be taken; a day from now if not said
    #[arg(long)]
    until: Option<Day>,
}

/// Does it.
///
/// # Errors
/// A sentence that says what to do.
pub fn run(errand: Errand, desk: &mut Desk<'_>) -> Result<Report> {
    let (filo, origination) = (desk.suite.filo, desk.suite.origination);
    match errand {
        Errand::OpenStack {
            first_loss,
            max_ltv,
            margin_trigger,
            senior_cap,
            servicing_fee,
            junior_spread,
            class,
        } => {
            let open = Filo::openStackCall {
                firstLossBps: first_loss.bps(),
                maxLtvBps: max_ltv.bps(),
                marginTriggerBps: margin_trigger.bps(),
                seniorCap: desk.amount(&senior_cap, "USDai")?,
                servicingFeeBps: servicing_fee.bps(),
                juniorSpreadBps: junior_spread.bps(),
                hardwareClass: class.unwrap_or_default(),
            };
            let what = format!(
                "open a stack of {} first loss, up to {} LTV",
                percent(first_loss.0),
                percent(max_ltv.0)
            );
            let sent = desk.act(&what, filo, &open, &[])?;
            let stack = event::<Filo::StackOpened>(&sent)?.stack;
            desk.report(&[("stack", stack.to_string())])
        }
        Errand::Fund { stack, amount } => {
            let assets = desk.amount(&amount, "USDai")?;
            let what = format!("stand in front of stack {stack} with {} USDai", whole(assets));
            let fund = Filo::depositJuniorCall { stack, assets };
            desk.act(&what, filo, &fund, &[filo_takes(desk, assets)])?;
            desk.report(&[])
        }
        Errand::Withdraw { stack, amount, to } => {
            let receiver = to.map_or_else(|| desk.me(), Ok)?;
            let assets = match amount.of(18).map_err(anyhow::Error::msg)? {
                Some(_) => desk.amount(&amount, "USDai")?,
                None => desk.read(filo, &Filo::juniorCashCall { stack })?,
            };
            let withdraw = Filo::withdrawJuniorCall { stack, assets, receiver };
            desk.simply(&format!("take {} USDai out of stack {stack}", whole(assets)), filo, &withdraw)
        }
        Errand::Stack { stack } => show(desk, stack),
        Errand::Offer(terms) => offer(desk, terms),
        Errand::Post { file } => {
            let offer = OfferFile::read(&file, desk)?;
            let post = Origination::postCall { offer: offer.offer() };
            desk.simply(&format!("post {}", offer.says()), origination, &post)
        }
        Errand::Cancel { file } => {
            let offer = OfferFile::read(&file, desk)?;
            let cancel = Origination::cancelCall { offer: offer.offer() };
            desk.simply(&format!("end the offer of {}", offer.says()), origination, &cancel)
        }
    }
}

fn offer(desk: &mut Desk<'_>, terms: Terms) -> Result<Report> {
    let now = desk.now()?;
    let mut offer = OfferFile {
        chain_id: desk.record.chain_id,
        origination: desk.suite.origination,
        stack: terms.stack,
        borrower: terms.borrower,
        receipts: terms.receipts,
        principal: desk.amount(&terms.principal, "USDai")?,
        rate: rate(terms.rate.0),
        periods: terms.periods,
        level_payment: !terms.straight_line,
        grace_seconds: terms.grace_days * DAY,
        late_fee_bps: terms.late_fee.0,
        expiry: terms.until.map_or(now + DAY, |day| day.0),
        // Never that of another offer, cancelled ones of the same second and terms among them.
        salt: super::secrets::salt().into(),
        signature: alloy_primitives::Bytes::new(),
    };
    offer.sign(desk)?;
    offer.write(&terms.file)?;
    desk.report(&[("offered", offer.says()), ("signed in", terms.file.display().to_string())])
}

fn show(desk: &mut Desk<'_>, stack: U256) -> Result<Report> {
    let state = desk.read(desk.suite.filo, &Filo::stackCall { stack })?;
    let amounts = [
        ("juniorCash", "first-loss capital, free", state.juniorCash),
        ("juniorLent", "first-loss capital, lent", state.juniorLent),
        ("senior", "lent by the vault", state.senior),
        ("seniorCap", "to be lent by the vault at most", state.seniorCap),
    ];
    let mut text = format!("stack {stack} of {}, {} loans\n", state.curator, state.liveLoans);
    let mut fields = serde_json::Map::new();
    for (key, name, amount) in amounts {
        let _ = writeln!(text, "{name:<33} {:>24}", whole(amount));
        fields.insert(key.to_owned(), json!(amount.to_string()));
    }
    fields.insert("stack".into(), json!(stack.to_string()));
    fields.insert("curator".into(), json!(state.curator));
    fields.insert("loans".into(), json!(state.liveLoans.to_string()));
    Ok(Report { text, json: fields.into() })
}

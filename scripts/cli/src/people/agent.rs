//! What tokenising agents and custodians do: documents of title, and the hardware that they stand for.

use std::path::{Path, PathBuf};

use alloy_primitives::{keccak256, Address, B256, U256};
use anyhow::{Context, Result};
use clap::Subcommand;
use serde_json::json;

use super::{
    arguments::{Amount, Day},
    desk::{event, Desk, Report},
};
use crate::{
    protocol::bindings::Caliber,
    units::{date, whole},
};

/// An errand of a tokenising agent, or of a custodian where it says so.
#[derive(Clone, Debug, Subcommand)]
pub enum Errand {
    /// Issue a document of title
    Issue(Lot),
    /// Propose that another custodian takes the machines over, under a new agreement
    ProposeCustodian {
        /// The receipt
        receipt: U256,
        /// Who takes them over
        custodian: Address,
        /// The agreement.
        #[command(flatten)]
        agreement: Agreement,
    },
    /// By the custodian that was proposed: take the machines over
    AcceptCustody {
        /// The receipt
        receipt: U256,
        /// The agreement.
        #[command(flatten)]
        agreement: Agreement,
    },
    /// By the custodian: confirm the delivery of the machines of a receipt that was handed in; burns it
    ConfirmDelivery {
        /// The receipt
        receipt: U256,
    },
    /// Show a receipt: what it is worth, until when it is insured, what it is pledged for
    Receipt {
        /// The receipt
        receipt: U256,
    },
}

/// What is issued.
#[derive(Clone, Debug, clap::Args)]
pub struct Lot {
    /// Borrower of record, who gets it
    #[arg(long)]
    owner: Address,
    /// Class of the hardware, as in H100-SXM5-80G
    #[arg(long, value_parser = super::class)]
    class: B256,
    /// How many machines
    #[arg(long)]
    units: U256,
    /// File with their serial numbers, of which the hash goes on chain
    #[arg(long)]
    manifest: PathBuf,
    #[command(flatten)]
    agreement: Agreement,
    /// Who keeps the machines
    #[arg(long)]
    custodian: Address,
    /// What they are worth, as in 595000USD
    #[arg(long)]
    appraisal: Amount,
    /// What they are insured for
    #[arg(long)]
    insured: Amount,
    /// Until when, as in 2029-11-26
    #[arg(long)]
    insured_until: Day,
}

/// A bailment agreement.
#[derive(Clone, Debug, clap::Args)]
pub struct Agreement {
    /// File of the bailment agreement, of which the hash goes on chain
    #[arg(long)]
    agreement: PathBuf,
    /// Where others find it
    #[arg(long, default_value = "")]
    agreement_uri: String,
}

/// Does it.
///
/// # Errors
/// A sentence that says what to do.
pub fn run(errand: Errand, desk: &mut Desk<'_>) -> Result<Report> {
    let caliber = desk.suite.caliber;
    match errand {
        Errand::Issue(lot) => issue(desk, lot),
        Errand::ProposeCustodian {
            receipt,
            custodian,
            agreement,
        } => {
            let propose = Caliber::proposeCustodianCall {
                receipt,
                custodian,
                agreementHash: hash_of(&agreement.agreement)?,
                agreementUri: agreement.agreement_uri,
            };
            desk.simply(&format!("propose {custodian} as custodian of receipt {receipt}"), caliber, &propose)
        }
        Errand::AcceptCustody { receipt, agreement } => {
            let accept = Caliber::acceptCustodyCall {
                receipt,
                agreementHash: hash_of(&agreement.agreement)?,
                agreementUri: agreement.agreement_uri,
            };
            desk.simply(&format!("take over the machines of receipt {receipt}"), caliber, &accept)
        }
        Errand::ConfirmDelivery { receipt } => {
            let confirm = Caliber::confirmRedemptionCall { receipt };
            desk.simply(
                &format!("confirm the delivery of the machines of receipt {receipt}"),
                caliber,
                &confirm,
            )
        }
        Errand::Receipt { receipt } => show(desk, receipt),
    }
}

fn issue(desk: &mut Desk<'_>, lot: Lot) -> Result<Report> {
    let value = |amount: &Amount| amount.dollars().map_err(anyhow::Error::msg);
    let issue = Caliber::issueCall {
        owner: lot.owner,
        hardwareClass: lot.class,
        units: lot.units,
        manifestHash: hash_of(&lot.manifest)?,
        agreementHash: hash_of(&lot.agreement.agreement)?,
        agreementUri: lot.agreement.agreement_uri,
        custodian: lot.custodian,
        appraisal: value(&lot.appraisal)?,
        insuredValue: value(&lot.insured)?,
        insuredUntil: U256::from(lot.insured_until.0),
    };
    let what = format!(
        "issue a document of title over {} {} to {}",
        lot.units,
        super::class_name(lot.class),
        lot.owner
    );
    let sent = desk.act(&what, desk.suite.caliber, &issue, &[])?;
    let receipt = event::<Caliber::Issued>(&sent)?.receipt;
    desk.report(&[("receipt", receipt.to_string())])
}

fn hash_of(file: &Path) -> Result<B256> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(keccak256(bytes))
}

fn show(desk: &mut Desk<'_>, receipt: U256) -> Result<Report> {
    let state = desk.read(desk.suite.caliber, &Caliber::receiptOfCall { receipt })?;
    let class = super::class_name(state.goods.hardwareClass);
    let covered: u64 = state.coveredUntil.saturating_to();
    let standing = match (state.loan.is_zero(), state.surrendered) {
        (false, _) => format!("pledged for loan {}", state.loan),
        (_, true) => "handed in for the machines".into(),
        _ => "free".into(),
    };
    let text = format!(
        "receipt {receipt} of {}: {} {class}, kept by {}\n{standing}\n{:<24} {:>24}\n{:<24} {:>24}\n{:<24} {:>24}\n{:<24} {:>24}\n",
        state.owner,
        state.goods.units,
        state.goods.custodian,
        "appraised at",
        whole(state.appraisal),
        "worth now",
        whole(state.value),
        "insured for",
        whole(state.insuredValue),
        "covered until",
        if covered == 0 { "not covered".into() } else { date(covered) },
    );
    let json = json!({
        "receipt": receipt.to_string(), "owner": state.owner, "class": class, "units": state.goods.units.to_string(),
        "custodian": state.goods.custodian, "loan": state.loan.to_string(), "surrendered": state.surrendered,
        "appraisal": state.appraisal.to_string(), "value": state.value.to_string(), "insuredValue": state.insuredValue.to_string(),
        "coveredUntil": covered,
    });
    Ok(Report { text, json })
}

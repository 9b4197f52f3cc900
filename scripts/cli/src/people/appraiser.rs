//! What appraisers and attestors do: what hardware is worth, and until when it is insured.

use std::{fs, path::PathBuf};

use alloy_primitives::{B256, U256};
use anyhow::{Context, Result};
use clap::Subcommand;

use super::{
    arguments::{Amount, Day, Percent},
    depositor::percent,
    desk::{Desk, Report},
};
use crate::{
    protocol::bindings::Caliber,
    units::{date, whole},
};

/// An errand of an appraiser, or of an attestor where it says so.
#[derive(Clone, Debug, Subcommand)]
pub enum Errand {
    /// Say what a receipt is worth
    Appraise {
        /// The receipt
        receipt: U256,
        /// As in 600000USD
        value: Amount,
    },
    /// Say what many receipts are worth: a file with lines such as `1,600000USD`
    Batch {
        /// The file
        file: PathBuf,
    },
    /// Take a part off the value of a whole class at once
    Shock {
        /// The class, as in H100-SXM5-80G
        #[arg(value_parser = super::class)]
        class: B256,
        /// The part
        part: Percent,
    },
    /// By an attestor: say for how much and until when a receipt is insured; a day that is past withdraws cover
    Insure {
        /// The receipt
        receipt: U256,
        /// As in 620000USD
        value: Amount,
        /// As in 2029-11-26
        until: Day,
    },
}

/// Does it.
///
/// # Errors
/// A sentence that says what to do.
pub fn run(errand: Errand, desk: &mut Desk<'_>) -> Result<Report> {
    let caliber = desk.suite.caliber;
    match errand {
        Errand::Appraise { receipt, value } => {
            let value = value.dollars().map_err(anyhow::Error::msg)?;
            let what = format!("appraise receipt {receipt} at {}", whole(value));
            desk.simply(&what, caliber, &Caliber::appraiseCall { receipt, value })
        }
        Errand::Batch { file } => {
            let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            let (receipts, values) = batch(&text)?;
            let what = format!("appraise {} receipts", receipts.len());
            desk.simply(&what, caliber, &Caliber::appraiseBatchCall { receipts, values })
        }
        Errand::Shock { class, part } => {
            let shock = Caliber::shockClassCall {
                hardwareClass: class,
                bps: part.bps(),
            };
            let what = format!("take {} off all {}", percent(part.0), super::class_name(class));
            desk.simply(&what, caliber, &shock)
        }
        Errand::Insure { receipt, value, until } => {
            let value = value.dollars().map_err(anyhow::Error::msg)?;
            let insure = Caliber::insureCall {
                receipt,
                insuredValue: value,
                insuredUntil: U256::from(until.0),
            };
            let what = format!("insure receipt {receipt} for {} until {}", whole(value), date(until.0));
            desk.simply(&what, caliber, &insure)
        }
    }
}

/// Receipts and their values from lines of both.
fn batch(text: &str) -> Result<(Vec<U256>, Vec<U256>)> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let pairs = lines.map(|(number, line)| {
        let wrong = || format!("line {number} is '{line}', and should look like 1,600000USD");
        let (receipt, value) = line.split_once(',').with_context(wrong)?;
        let receipt = receipt.trim().parse::<U256>().ok().with_context(wrong)?;
        let value = value.parse::<Amount>().and_then(|value| value.dollars()).ok().with_context(wrong)?;
        Ok((receipt, value))
    });
    let pairs: Vec<_> = pairs.collect::<Result<_>>()?;
    Ok(pairs.into_iter().unzip())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::wad;

    #[test]
    fn a_batch_is_lines_of_receipts_and_values() {
        let (receipts, values) = batch("1,600000USD\n\n 2, 1,000.5 USD\n").unwrap();
        assert_eq!(receipts, [U256::from(1), U256::from(2)]);
        assert_eq!(values, [wad(600_000), wad(1_000) + wad(1) / U256::from(2)]);
        for wrong in ["1", "1;2USD", "x,2USD", "1,2", "1,2USDC"] {
            let said = batch(&format!("3,4USD\n{wrong}")).unwrap_err().to_string();
            assert!(said.contains("line 2"), "{said}");
        }
    }
}

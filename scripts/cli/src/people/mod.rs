//! What people do through the tool: one module an actor, and what they share.

pub mod agent;
pub mod appraiser;
pub mod arguments;
pub mod borrower;
pub mod curator;
pub mod depositor;
pub mod desk;
pub mod keeper;
pub mod offers;
pub mod secrets;

use alloy_primitives::{B256, U256};
use anyhow::Result;

use self::desk::{Desk, Report};
use crate::access::Access;

/// Somebody with an errand.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Actor {
    /// Deposit, stake, wait or bid, claim
    Depositor {
        /// What they do.
        #[command(subcommand)]
        errand: depositor::Errand,
        /// How they come to a node and to a key.
        #[command(flatten)]
        access: Access,
    },
    /// Draw a loan, pay it, meet a margin call, take the machines back
    Borrower {
        /// What they do.
        #[command(subcommand)]
        errand: borrower::Errand,
        /// How they come to a node and to a key.
        #[command(flatten)]
        access: Access,
    },
    /// Open stacks, stand in front with capital, offer loans
    Curator {
        /// What they do.
        #[command(subcommand)]
        errand: curator::Errand,
        /// How they come to a node and to a key.
        #[command(flatten)]
        access: Access,
    },
    /// Issue documents of title, see to the custody of machines
    Agent {
        /// What they do.
        #[command(subcommand)]
        errand: agent::Errand,
        /// How they come to a node and to a key.
        #[command(flatten)]
        access: Access,
    },
    /// Say what hardware is worth, and until when it is insured
    Appraiser {
        /// What they do.
        #[command(subcommand)]
        errand: appraiser::Errand,
        /// How they come to a node and to a key.
        #[command(flatten)]
        access: Access,
    },
    /// Settle, harvest, mark loans, call, declare defaults, auction
    Keeper {
        /// What they do.
        #[command(subcommand)]
        errand: keeper::Errand,
        /// How they come to a node and to a key.
        #[command(flatten)]
        access: Access,
    },
}

impl Actor {
    /// How they come to a node and to a key.
    #[must_use]
    pub fn access(&self) -> &Access {
        match self {
            Self::Depositor { access, .. }
            | Self::Borrower { access, .. }
            | Self::Curator { access, .. }
            | Self::Agent { access, .. }
            | Self::Appraiser { access, .. }
            | Self::Keeper { access, .. } => access,
        }
    }

    /// Does the errand.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub fn run(self, desk: &mut Desk<'_>) -> Result<Report> {
        let outcome = match self {
            Self::Depositor { errand, .. } => depositor::run(errand, desk),
            Self::Borrower { errand, .. } => borrower::run(errand, desk),
            Self::Curator { errand, .. } => curator::run(errand, desk),
            Self::Agent { errand, .. } => agent::run(errand, desk),
            Self::Appraiser { errand, .. } => appraiser::run(errand, desk),
            Self::Keeper { errand, .. } => keeper::run(errand, desk),
        };
        outcome.map_err(|error| desk.after_what_was_done(error))
    }
}

/// The class of hardware that is called `name`.
fn class(name: &str) -> Result<B256, String> {
    if name.is_empty() || name.len() > 32 {
        return Err(format!(
            "'{name}' is not a class of hardware: it has 1 to 32 characters, as in H100-SXM5-80G"
        ));
    }
    Ok(crate::protocol::suite::id(name))
}

/// What a class of hardware is called.
fn class_name(class: B256) -> String {
    String::from_utf8_lossy(class.as_slice()).trim_end_matches('\0').to_owned()
}

/// Numbers in a row.
fn list(numbers: &[U256]) -> String {
    if numbers.is_empty() {
        return "none".into();
    }
    numbers.iter().map(U256::to_string).collect::<Vec<_>>().join(", ")
}

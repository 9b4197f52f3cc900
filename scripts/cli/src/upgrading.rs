//! `usdai upgrade`: the command line of [`usdai_cli::upgrade`].

use std::{fs, process::Command};

use anyhow::{bail, Result};
use usdai_cli::{
    access::{root, target, Access},
    deploy::record::Record,
    rpc::RpcNode,
    upgrade::{Layouts, Outcome, Upgrade},
};

#[derive(clap::Args)]
pub(crate) struct Upgrading {
    #[command(subcommand)]
    step: Step,
    #[command(flatten)]
    access: Access,
}

#[derive(clap::Subcommand)]
enum Step {
    /// Check that the new program finds what is stored, deploy it, and queue the upgrade
    Propose {
        /// The contract, as in contracts/
        contract: String,
    },
    /// Execute what was queued, once the delay is over, and check what runs
    Execute {
        /// The contract
        contract: String,
    },
}

impl Upgrading {
    pub(crate) fn run(self) -> Result<()> {
        let (target, mut record) = (target(), self.access.place.record()?);
        let who = self.access.key.person()?;
        let mut node = RpcNode::connect(&self.access.place.url()?, who.clone())?;
        let mut tell = |line: &str| eprintln!("{line}");
        let outcome = match self.step {
            Step::Propose { contract } => {
                let upgrade = Upgrade::of(&target, &record, &contract)?;
                let (deployed, built) = layouts(&record, &contract)?;
                let layouts = Layouts {
                    deployed: &deployed,
                    built: &built,
                };
                upgrade.propose(&mut node, &record, layouts, &who, &mut tell)?
            }
            Step::Execute { contract } => {
                let upgrade = Upgrade::of(&target, &record, &contract)?;
                let outcome = upgrade.execute(&mut node, &mut record, &who, &mut tell)?;
                if matches!(outcome, Outcome::Done(_)) {
                    record.write(&self.access.place.path()?)?;
                }
                outcome
            }
        };
        match outcome {
            Outcome::Done(said) => println!("{said}."),
            Outcome::ForAdmin { admin, router, data } => println!("The admin, {admin}, has to send this to the router, {router}:\n{data}"),
        }
        Ok(())
    }
}

/// The layouts of a contract's storage, as it was released, or else as it was when the deployment's commit was built; and as it is built.
fn layouts(record: &Record, contract: &str) -> Result<(String, String)> {
    // Both programs of the queue are one struct.
    let words = contract.trim_end_matches("-settlement").split('-');
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    let path = |folder: &str| format!("{folder}/{}.txt", words.clone().map(capital).collect::<String>());
    let built = fs::read_to_string(root().join(path("contracts/layout")))?;
    if let Ok(released) = fs::read_to_string(root().join(path("contracts/layout/released"))) {
        return Ok((released, built));
    }
    let commit = record.commit.trim_end_matches("-dirty");
    let shown = Command::new("git")
        .args(["show", &format!("{commit}:{}", path("contracts/layout"))])
        .current_dir(root())
        .output()?;
    if !shown.status.success() {
        bail!("what lay where in {contract} is not known: fetch commit {commit}, from which it was built");
    }
    Ok((String::from_utf8(shown.stdout)?, built))
}

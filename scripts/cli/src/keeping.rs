//! `usdai-cli keep`: the command line of [`usdai_cli::keep`].

use anyhow::{bail, Result};
use usdai_cli::{
    access::{Key, Where},
    keep::{self, State},
    rpc::RpcNode,
};

#[derive(clap::Args)]
pub(crate) struct Keep {
    #[command(flatten)]
    place: Where,
    #[command(flatten)]
    key: Key,
    /// Only say what is due; fails if something is
    #[arg(long)]
    check: bool,
    /// A program with fewer days left than this is due
    #[arg(long, default_value_t = 90)]
    margin: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Keep {
    pub(crate) fn run(self) -> Result<()> {
        let record = self.place.record()?;
        let mut reader = self.place.reader()?;
        let mut lives = keep::lives(&mut reader, &record.programs(), self.margin)?;
        let due = lives.iter().filter(|life| life.state >= State::Due).count();
        if due > 0 && !self.check {
            let keeper = self.key.person()?;
            let mut node = RpcNode::connect(&self.place.url()?, keeper.clone())?;
            keep::renew(&mut node, &keeper, &lives, &mut |line| eprintln!("{line}"))?;
            lives = keep::lives(&mut reader, &record.programs(), self.margin)?;
        }
        if self.json {
            println!("{}", serde_json::to_string_pretty(&lives)?);
        } else {
            println!("{}", keep::table(&lives));
        }
        if due > 0 && self.check {
            bail!("{due} programs are due: run scripts/keep without --check");
        }
        Ok(())
    }
}

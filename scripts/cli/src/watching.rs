//! `usdai-cli status` and `usdai-cli check`: the command line of [`usdai_cli::watch`].

use anyhow::{bail, Result};
use usdai_cli::{access::Where, watch};

#[derive(clap::Args)]
pub(crate) struct Watch {
    #[command(flatten)]
    place: Where,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Watch {
    pub(crate) fn status(self) -> Result<()> {
        let record = self.place.record()?;
        let status = watch::status(&mut self.place.reader()?, &record)?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&status.json())?);
        } else {
            print!("{}", status.text());
        }
        Ok(())
    }

    pub(crate) fn check(self) -> Result<()> {
        let record = self.place.record()?;
        let findings = watch::check(&mut self.place.reader()?, &record)?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&watch::json(&findings))?);
        } else {
            println!("{}", watch::table(&findings));
        }
        let broken = findings.iter().filter(|finding| !finding.holds).count();
        if broken > 0 {
            bail!("{broken} of {} do not hold", findings.len());
        }
        Ok(())
    }
}

//! Secrets of sealed bids, on this machine's disk.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use alloy_primitives::{keccak256, Address, B256, U256};
use alloy_signer_local::PrivateKeySigner;
use alloy_sol_types::SolValue;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::files::text_of;

/// What the queue keeps of a commitment, bytes.
const KEPT: usize = 27;

/// Where secrets are kept.
#[derive(Clone, Debug, clap::Args)]
pub struct Secrets {
    /// Folder of the bids' secrets, looked for where you stand: whoever reads it knows the bids, whoever loses it cannot
    /// open them
    #[arg(long = "secrets", default_value = "bids")]
    folder: PathBuf,
}

/// What a bid is opened with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// Epoch that it is for.
    pub epoch: u64,
    /// What is bid, in ticks of 5 basis points.
    pub tick: u8,
    /// What nobody can guess.
    pub salt: B256,
    /// What it is sealed with.
    pub commitment: B256,
}

impl Secret {
    /// A bid of `tick` with a new salt. Computed here: a node that is asked for `commitmentOf` learns the bid.
    ///
    /// # Errors
    /// If there is no such tick.
    pub fn new(chain_id: u64, queue: Address, epoch: U256, position: U256, tick: u64) -> Result<Self> {
        let tick = u8::try_from(tick).context("there are 255 ticks")?;
        let salt = salt();
        let sealed = (U256::from(chain_id), queue, epoch, position, U256::from(tick), salt);
        Ok(Self {
            epoch: epoch.saturating_to(),
            tick,
            salt,
            commitment: keccak256(sealed.abi_encode()),
        })
    }
}

/// A number that nobody can guess and that never comes twice: a new key, made by the system's generator.
#[must_use]
pub fn salt() -> B256 {
    PrivateKeySigner::random().to_bytes()
}

impl Secrets {
    /// Writes a secret down, beside those that the position has already: until a new bid is in a block, an earlier one is the one to open.
    /// Returns the file.
    ///
    /// # Errors
    /// If the disk refuses, or what is there cannot be read; then nothing should be sealed.
    pub fn keep(&self, chain_id: u64, position: U256, secret: &Secret) -> Result<PathBuf> {
        let path = self.path(chain_id, position);
        let mut all = read(&path)?;
        all.push(secret.clone());
        let cannot = || format!("{} cannot be written; no bid was sealed", path.display());
        fs::create_dir_all(&self.folder).with_context(cannot)?;
        let partial = path.with_extension("partial");
        let mut file = private(&partial).with_context(cannot)?;
        file.write_all(&serde_json::to_vec_pretty(&all)?).with_context(cannot)?;
        file.sync_all().with_context(cannot)?;
        fs::rename(&partial, &path).with_context(cannot)?;
        Ok(path)
    }

    /// The secret of what `position` has sealed, of which the queue keeps the first 27 bytes.
    ///
    /// # Errors
    /// If there is none here.
    pub fn find(&self, chain_id: u64, position: U256, commitment: B256) -> Result<Secret> {
        let path = self.path(chain_id, position);
        let mut all = read(&path)?.into_iter();
        all.find(|secret| secret.commitment[..KEPT] == commitment[..KEPT]).with_context(|| {
            format!(
                "{} has no secret of the bid that is sealed: pass --secrets with the folder it was sealed from, or `abandon` it",
                path.display()
            )
        })
    }

    fn path(&self, chain_id: u64, position: U256) -> PathBuf {
        self.folder.join(format!("{chain_id}-{position}.json"))
    }
}

fn read(path: &Path) -> Result<Vec<Secret>> {
    let Some(text) = text_of(path)? else { return Ok(Vec::new()) };
    serde_json::from_str(&text).with_context(|| format!("{} is not a file of secrets", path.display()))
}

/// A new file that only its owner reads.
fn private(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What cannot be read is not taken for nothing: it would be written over, and the bid that is sealed lost with its secret.
    #[test]
    fn secrets_that_cannot_be_read_are_not_written_over() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../target/tmp")
            .join(format!("secrets-{}", std::process::id()));
        let secrets = Secrets { folder: folder.clone() };
        let secret = Secret::new(1, Address::ZERO, U256::from(2), U256::from(3), 4).unwrap();
        let kept = secrets.keep(1, U256::from(3), &secret).unwrap();
        assert_eq!(secrets.find(1, U256::from(3), secret.commitment).unwrap(), secret);
        for (text, word) in [(&b"\xff"[..], "cannot be read"), (b"[{}]", "not a file of secrets")] {
            fs::write(&kept, text).unwrap();
            let said = secrets.keep(1, U256::from(3), &secret).unwrap_err().to_string();
            assert!(said.contains(word), "{said}");
            assert_eq!(fs::read(&kept).unwrap(), text);
        }
        fs::remove_dir_all(folder).unwrap();
    }
}

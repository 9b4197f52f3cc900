//! An offer of a loan as a file, which a curator signs and sends to its borrower.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::Path,
};

use alloy_primitives::{Address, Bytes, U256};
use alloy_signer::SignerSync;
use alloy_sol_types::{eip712_domain, SolStruct};
use anyhow::{bail, ensure, Context, Result};
use serde::{Deserialize, Serialize};

use super::desk::Desk;
use crate::{
    protocol::bindings::Origination,
    units::{date, whole},
};

/// An offer, and where it is good. Amounts in wei, the rate in WAD a year, times in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OfferFile {
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// The contract of origination.
    pub origination: Address,
    /// The stack that lends.
    pub stack: U256,
    /// Who may take it.
    pub borrower: Address,
    /// What is pledged.
    pub receipts: Vec<U256>,
    /// What is lent.
    pub principal: U256,
    /// Interest.
    pub rate: U256,
    /// Instalments.
    pub periods: u64,
    /// Whether instalments are level; else principal is paid down in a straight line.
    pub level_payment: bool,
    /// How long after a due day a payment is not yet a default.
    pub grace_seconds: u64,
    /// What lateness costs a year, basis points.
    pub late_fee_bps: u64,
    /// Until when it can be taken.
    pub expiry: u64,
    /// Tells it from others of the same terms.
    pub salt: U256,
    /// The curator's signature; nothing if it is posted.
    #[serde(default)]
    pub signature: Bytes,
}

impl OfferFile {
    /// The offer as the contract takes it.
    #[must_use]
    pub fn offer(&self) -> Origination::Offer {
        Origination::Offer {
            stack: self.stack,
            borrower: self.borrower,
            receipts: self.receipts.clone(),
            principal: self.principal,
            rate: self.rate,
            periods: U256::from(self.periods),
            levelPayment: self.level_payment,
            graceSeconds: U256::from(self.grace_seconds),
            lateFeeBps: U256::from(self.late_fee_bps),
            expiry: U256::from(self.expiry),
            salt: self.salt,
        }
    }

    /// Reads the offer in `path`, which has to be one of this deployment.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn read(path: &Path, desk: &Desk<'_>) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let offer: Self = serde_json::from_str(&text).with_context(|| format!("{} is not an offer", path.display()))?;
        ensure!(
            offer.chain_id == desk.record.chain_id && offer.origination == desk.suite.origination,
            "{} is an offer on chain {} at {}, and not of this deployment",
            path.display(),
            offer.chain_id,
            offer.origination
        );
        Ok(offer)
    }

    /// Writes it to `path`, where nothing may be yet: another offer's signature may be there and nowhere else.
    ///
    /// # Errors
    /// If there is a file, or the disk refuses.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        let file = fs::File::create_new(path);
        if file.as_ref().is_err_and(|error| error.kind() == ErrorKind::AlreadyExists) {
            bail!("{} is there already, and is not written over: name another file", path.display());
        }
        file.and_then(|mut file| file.write_all(text.as_bytes()))
            .with_context(|| format!("{} cannot be written", path.display()))
    }

    /// Has whoever is at the desk sign it.
    ///
    /// # Errors
    /// If the contract would have another thing signed than this tool.
    pub fn sign(&mut self, desk: &mut Desk<'_>) -> Result<()> {
        let (chain_id, origination) = (self.chain_id, self.origination);
        let domain = eip712_domain! {
            name: "FiLo Origination",
            version: "1",
            chain_id: chain_id,
            verifying_contract: origination,
        };
        let offer = self.offer();
        let digest = offer.eip712_signing_hash(&domain);
        let asked = desk.read(origination, &Origination::hashOfferCall { offer })?;
        ensure!(
            digest == asked,
            "the contract at {origination} hashes offers in another way than this tool: they are of different versions"
        );
        self.signature = desk.who()?.signer.sign_hash_sync(&digest)?.as_bytes().into();
        Ok(())
    }

    /// What is offered, in a line.
    #[must_use]
    pub fn says(&self) -> String {
        format!(
            "{} USDai to {} for {} periods at {} % a year, against receipts {}, good until {}",
            whole(self.principal),
            self.borrower,
            self.periods,
            whole(self.rate * U256::from(100)),
            super::list(&self.receipts),
            date(self.expiry)
        )
    }
}

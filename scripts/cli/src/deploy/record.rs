//! What is known of a deployment: `deployments/CHAIN_ID.json`, written after every step.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use alloy_primitives::{Address, B256};
use serde::{Deserialize, Serialize};

use crate::{
    files::text_of,
    node::{Node, NodeError},
    protocol::{
        plan::{Call, Front, Journal, Outcome},
        program::Program,
        suite::Suite,
    },
};

/// A deployment, finished or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// Name in the table of networks.
    pub network: String,
    /// What sets this deployment apart from others of the same contracts.
    pub release: String,
    /// Commit that the contracts were built from.
    pub commit: String,
    /// Whether every step is done and verified.
    pub complete: bool,
    /// Block from which on its transactions are found.
    pub since_block: u64,
    /// Who deploys.
    pub deployer: Address,
    /// The StylusDeployer that was used.
    pub stylus_deployer: Address,
    /// What the contracts meet.
    pub counterparts: World,
    /// Whence the proxies come; none if the contracts are not behind any.
    #[serde(default)]
    pub proxy_factory: Option<Address>,
    /// The programs, by name.
    pub contracts: BTreeMap<String, Contract>,
    /// The proxies, by name: where people and integrators find a contract that has one.
    #[serde(default)]
    pub proxies: BTreeMap<String, Proxy>,
    /// Who gets the protocol's fees; unknown in records from before it was written down.
    #[serde(default)]
    pub treasury: Option<Address>,
    /// The calls, in order.
    pub steps: Vec<Step>,
}

/// What the contracts of a deployment meet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct World {
    /// What backs the dollar.
    pub base_token: Address,
    /// Uniswap's SwapRouter02.
    pub swap_router: Address,
    /// Stablecoins that the swap adapter takes.
    pub stablecoins: Vec<Address>,
    /// Whether they stand in for the real ones.
    pub stand_ins: bool,
}

/// A deployed contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contract {
    /// Where it is.
    pub address: Address,
    /// Keccak of its code on chain, under which the chain knows the program.
    pub code_hash: B256,
    /// Bytes of its code on chain.
    pub bytes: usize,
    /// The transaction that deployed, activated and constructed it; none if it could not be found.
    pub transaction: Option<B256>,
    /// Arguments of its constructor, in order.
    pub arguments: Vec<Argument>,
}

/// A proxy in front of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Proxy {
    /// The contract's address, whatever program it has.
    pub address: Address,
    /// The program that it began with.
    pub implementation: Address,
    /// The transaction that created it; none if it was found there.
    pub transaction: Option<B256>,
}

/// An argument of a constructor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// Its value: an address, or a number in decimals.
    pub value: String,
}

/// A call that is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What it did.
    pub title: String,
    /// Its transaction; none if it was found done.
    pub transaction: Option<B256>,
}

impl Record {
    /// Where the record of a chain is.
    #[must_use]
    pub fn path(folder: &Path, chain_id: u64) -> PathBuf {
        folder.join(format!("{chain_id}.json"))
    }

    /// Reads the record at `path`, if there is one.
    ///
    /// # Errors
    /// If there is one that is not readable.
    pub fn read(path: &Path) -> Result<Option<Self>, NodeError> {
        let Some(text) = text_of(path)? else { return Ok(None) };
        serde_json::from_str(&text).map(Some).map_err(|error| {
            NodeError::Other(format!(
                "{} is not the record of a deployment ({error}); restore it from version control",
                path.display()
            ))
        })
    }

    /// Writes it to `path`, all of it or nothing.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), NodeError> {
        let cannot = |error: &dyn std::fmt::Display| NodeError::Other(format!("{} cannot be written: {error}", path.display()));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| cannot(&error))?;
        }
        let text = serde_json::to_string_pretty(self).map_err(|error| cannot(&error))? + "\n";
        let partial = path.with_extension("json.partial");
        fs::write(&partial, text).map_err(|error| cannot(&error))?;
        fs::rename(&partial, path).map_err(|error| cannot(&error))
    }

    /// The address of the contract `name`.
    ///
    /// # Errors
    /// If the record has none.
    pub fn address(&self, name: &str) -> Result<Address, NodeError> {
        let proxy = self.proxies.get(name).map(|proxy| proxy.address);
        let address = proxy.or_else(|| self.contracts.get(name).map(|contract| contract.address));
        address.ok_or_else(|| {
            NodeError::Other(format!(
                "the deployment on chain {} has no {name} yet: run scripts/deploy again to finish it",
                self.chain_id
            ))
        })
    }

    /// Succeeds if `node` is on the chain of this deployment.
    ///
    /// # Errors
    /// If it is on another.
    pub fn require_chain(&self, node: &dyn Node) -> Result<(), NodeError> {
        if node.chain_id() == self.chain_id {
            return Ok(());
        }
        Err(NodeError::Other(format!(
            "this node is on chain {}, and the deployment is on chain {}: pass another --rpc-url or --network",
            node.chain_id(),
            self.chain_id
        )))
    }

    /// The programs with their names: what has to be kept alive.
    #[must_use]
    pub fn programs(&self) -> Vec<(&str, Address)> {
        let programs = self.contracts.iter();
        programs.map(|(name, contract)| (name.as_str(), contract.address)).collect()
    }

    /// The contracts.
    ///
    /// # Errors
    /// If one is not deployed yet.
    pub fn suite(&self) -> Result<Suite, NodeError> {
        Suite::named(|name| self.address(name))
    }
}

/// Keeps the record on disk up to date and tells how far the deployment is.
pub(super) struct Scribe<'a> {
    pub(super) record: Record,
    pub(super) path: &'a Path,
    pub(super) steps: usize,
    pub(super) done: usize,
    pub(super) tell: &'a mut dyn FnMut(&str),
}

impl Scribe<'_> {
    fn line(&mut self, text: &str) {
        let (done, steps) = (self.done, self.steps);
        (self.tell)(&format!("{done:>3}/{steps}  {text}"));
    }
}

impl Journal for Scribe<'_> {
    fn remembers(&self, title: &str) -> bool {
        self.record.steps.iter().any(|step| step.title == title)
    }

    fn begins(&mut self, title: &str) {
        (self.tell)(&format!("         {title} …"));
    }

    fn program(&mut self, program: &Program, address: Address, outcome: Outcome<'_>) -> Result<(), NodeError> {
        let before = self.record.contracts.get(program.name).and_then(|contract| contract.transaction);
        let (transaction, how) = match outcome {
            Outcome::Sent(sent) => (Some(sent.hash), format!("{} gas", crate::units::thousands(sent.gas_used))),
            Outcome::Found => (before, "was there".into()),
        };
        let contract = Contract {
            address,
            code_hash: program.code_hash(),
            bytes: program.code.len(),
            transaction,
            arguments: program
                .arguments
                .iter()
                .map(|(name, value)| Argument {
                    name: (*name).to_owned(),
                    value: value.to_string(),
                })
                .collect(),
        };
        self.record.contracts.insert(program.name.to_owned(), contract);
        self.record.write(self.path)?;
        self.done += 1;
        self.line(&format!("{:<14} {address}  {how}", program.name));
        Ok(())
    }

    fn front(&mut self, front: &Front, outcome: Outcome<'_>) -> Result<(), NodeError> {
        let before = self.record.proxies.get(front.name).and_then(|proxy| proxy.transaction);
        let (transaction, how) = match outcome {
            Outcome::Sent(sent) => (Some(sent.hash), format!("{} gas", crate::units::thousands(sent.gas_used))),
            Outcome::Found => (before, "was there".into()),
        };
        let proxy = Proxy {
            address: front.address,
            implementation: front.implementation,
            transaction,
        };
        self.record.proxies.insert(front.name.to_owned(), proxy);
        self.record.write(self.path)?;
        self.done += 1;
        self.line(&format!("{:<14} {}  its proxy, {how}", front.name, front.address));
        Ok(())
    }

    fn call(&mut self, call: &Call, outcome: Outcome<'_>) -> Result<(), NodeError> {
        let how = match outcome {
            Outcome::Sent(sent) => format!("{} gas", crate::units::thousands(sent.gas_used)),
            Outcome::Found => "was done".into(),
        };
        if !self.remembers(&call.title) {
            let transaction = match outcome {
                Outcome::Sent(sent) => Some(sent.hash),
                Outcome::Found => None,
            };
            self.record.steps.push(Step {
                title: call.title.clone(),
                transaction,
            });
            self.record.write(self.path)?;
        }
        self.done += 1;
        self.line(&format!("{}  {how}", call.title));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What cannot be read is not taken for nothing: another deployment would be made, and its record written over this one.
    #[test]
    fn a_record_that_cannot_be_read_is_not_taken_for_none() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../target/tmp")
            .join(format!("record-{}", std::process::id()));
        let path = Record::path(&folder, 1);
        assert_eq!(Record::read(&path).unwrap(), None);
        let record = Record {
            chain_id: 1,
            treasury: Some(Address::repeat_byte(1)),
            ..Record::default()
        };
        record.write(&path).unwrap();
        assert_eq!(Record::read(&path).unwrap(), Some(record.clone()));
        // One of before the treasury was written down.
        let mut older = serde_json::to_value(&record).unwrap();
        older.as_object_mut().unwrap().remove("treasury").unwrap();
        fs::write(&path, older.to_string()).unwrap();
        assert_eq!(Record::read(&path).unwrap(), Some(Record { treasury: None, ..record }));
        for (text, word) in [(&b"\xff"[..], "cannot be read"), (b"{}", "not the record of a deployment")] {
            fs::write(&path, text).unwrap();
            let said = Record::read(&path).unwrap_err().to_string();
            assert!(said.contains(word), "{said}");
        }
        fs::remove_dir_all(folder).unwrap();
    }
}

//! `upgrade`: another program behind the same address, through the timelock, in two steps that may be days apart.
//!
//! Both steps find anew what is to be done: program, address and operation follow from the build and the record, so nothing has to be
//! kept in between, and a step that was taken is not taken again. The record changes when the chain has.

use std::path::Path;

use alloy_primitives::{keccak256, Address, Bytes, B256, U256};
use alloy_sol_types::SolCall;

use crate::{
    deploy::record::{Record, Step},
    node::{Node, NodeError, NodeExt, Person},
    protocol::{
        bindings::{IProxy, Qev, Router},
        plan::release,
        program::{Argument, Program},
    },
    units::{date, thousands},
};

/// The queue's second program: it has no proxy, the queue has its address.
const SECOND: &str = "qev-settlement";
/// keccak256("eip1967.proxy.implementation") - 1.
const IMPLEMENTATION: U256 = U256::from_be_bytes(alloy_primitives::hex!(
    "360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc"
));

/// An upgrade that is to be made.
#[derive(Clone, Debug)]
pub struct Upgrade {
    program: Program,
    /// Where the new program is or will be.
    pub implementation: Address,
    /// What the router does.
    calls: Vec<Router::Call>,
    salt: B256,
}

/// Where layouts of storage are kept: what was deployed, and what is built.
#[derive(Clone, Copy, Debug)]
pub struct Layouts<'a> {
    /// Of what is on chain.
    pub deployed: &'a str,
    /// Of what is built.
    pub built: &'a str,
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done, or it was.
    Done(String),
    /// The admin is somebody else: it has to send these bytes to the router.
    ForAdmin {
        /// Who that is.
        admin: Address,
        /// Whereto.
        router: Address,
        /// What.
        data: Bytes,
    },
}

/// The program that the proxy at `proxy` runs.
///
/// # Errors
/// If the node does not answer.
pub fn behind(node: &mut dyn Node, proxy: Address) -> Result<Address, NodeError> {
    Ok(Address::from_word(node.storage(proxy, IMPLEMENTATION)?.into()))
}

impl Upgrade {
    /// The upgrade of the contract `name` of `record` to what is built under `target`.
    ///
    /// # Errors
    /// If there is no such contract, if it cannot be upgraded, or if what is built is what runs.
    pub fn of(target: &Path, record: &Record, name: &str) -> Result<Self, NodeError> {
        let refuse = |reason: String| Err(NodeError::Other(reason));
        let names = record.suite()?.contracts().map(|(known, _)| known);
        let Some(name) = names.into_iter().find(|known| *known == name) else {
            return refuse(format!("there is no contract {name}; there are {}", names.join(", ")));
        };
        let Some(there) = record.contracts.get(name) else {
            return refuse(format!(
                "the record has no program of {name}: finish the deployment with scripts/deploy"
            ));
        };
        let arguments = there.arguments.iter().map(|argument| {
            let value = argument.value.parse().map(Argument::Account);
            let value = value.or_else(|_| argument.value.parse().map(Argument::Number));
            // What they are called stays in the record; to the constructor it is their order that counts.
            value.map(|value| ("", value)).map_err(|_| {
                NodeError::Other(format!(
                    "the record has '{}' as {} of {name}, which is neither an address nor a number",
                    argument.value, argument.name
                ))
            })
        });
        let program = Program {
            name,
            code: Program::load(target, name)?,
            arguments: arguments.collect::<Result<_, _>>()?,
            salt: release(&record.release),
        };
        if program.code_hash() == there.code_hash {
            return refuse(format!("there is nothing to upgrade: {name} runs what is built"));
        }
        let implementation = program.address(record.stylus_deployer);
        let call = match record.proxies.get(name) {
            Some(proxy) => Router::Call {
                target: proxy.address,
                data: IProxy::upgradeToAndCallCall {
                    implementation,
                    data: Bytes::new(),
                }
                .abi_encode()
                .into(),
            },
            None if name == SECOND => Router::Call {
                target: record.address("qev")?,
                data: Qev::setSettlementCall {
                    settlement: implementation,
                }
                .abi_encode()
                .into(),
            },
            None => return refuse(format!("{name} is behind no proxy: it is what it is for ever")),
        };
        // To one program and back and to it again are three operations. What becomes of other contracts meanwhile changes none of them.
        let before = record.steps.iter().filter(|step| step.title.starts_with(&step_of(name))).count();
        let salt = keccak256([there.code_hash.as_slice(), implementation.as_slice(), &before.to_be_bytes()].concat());
        Ok(Self {
            program,
            implementation,
            calls: vec![call],
            salt,
        })
    }

    /// Checks that the new program finds what is stored, deploys it with `who` paying, and queues the upgrade, or says what the admin has
    /// to send for that.
    ///
    /// # Errors
    /// If state would be lost, or the chain refuses.
    pub fn propose(
        &self,
        node: &mut dyn Node,
        record: &Record,
        layouts: Layouts<'_>,
        who: &Person,
        tell: &mut dyn FnMut(&str),
    ) -> Result<Outcome, NodeError> {
        record.require_chain(node)?;
        let name = self.program.name;
        let moved = moved(layouts);
        if !moved.is_empty() {
            return Err(NodeError::Other(format!(
                "the new {name} would not find what is stored where it is; it moves, or leaves out: {}",
                moved.join("; ")
            )));
        }
        if node.code(self.implementation)?.is_empty() {
            let fee = self.program.activation_fee(node)?;
            tell(&format!("deploy the new {name}, {} bytes …", thousands(self.program.code.len())));
            let (there, _) = self.program.deploy(node, who, record.stylus_deployer, fee + fee / U256::from(5))?;
            if there != self.implementation {
                return Err(NodeError::Other(format!(
                    "it was deployed to {there} instead of {}",
                    self.implementation
                )));
            }
        }
        self.program.verify(node, self.implementation)?;
        let standing = self.standing(node, record)?;
        if !standing.readyAt.is_zero() {
            return Ok(Outcome::Done(format!("it is queued already, to be executed {}", span(&standing))));
        }
        let queue = Router::queueCall {
            calls: self.calls.clone(),
            salt: self.salt,
        };
        if let Some(outcome) = for_admin(node, record, who, &queue)? {
            return Ok(outcome);
        }
        tell("queue the upgrade …");
        node.perform(who, record.address("router")?, &queue)?;
        let standing = self.standing(node, record)?;
        Ok(Outcome::Done(format!(
            "{name} at {} is queued as operation {}, to be executed {}. Say publicly what it is and why",
            self.implementation,
            self.id(node, record)?,
            span(&standing)
        )))
    }

    /// Executes what was queued, or says what the admin has to send for that; then checks what runs, and has `record` say so.
    ///
    /// # Errors
    /// If it is too early or too late, if the chain refuses, or if something else runs afterwards.
    pub fn execute(
        &self,
        node: &mut dyn Node,
        record: &mut Record,
        who: &Person,
        tell: &mut dyn FnMut(&str),
    ) -> Result<Outcome, NodeError> {
        record.require_chain(node)?;
        let (name, standing) = (self.program.name, self.standing(node, record)?);
        if standing.readyAt.is_zero() {
            return Err(NodeError::Other(format!(
                "no upgrade of {name} to what is built is queued: propose it first"
            )));
        }
        let mut transaction = None;
        if !standing.executed {
            if U256::from(node.now()?) < standing.readyAt {
                return Err(NodeError::Other(format!(
                    "the upgrade of {name} waits: it can be executed {}",
                    span(&standing)
                )));
            }
            let execute = Router::executeCall {
                calls: self.calls.clone(),
                salt: self.salt,
            };
            if let Some(outcome) = for_admin(node, record, who, &execute)? {
                return Ok(outcome);
            }
            tell("execute the upgrade …");
            transaction = Some(node.perform(who, record.address("router")?, &execute)?.1.hash);
        }
        if let Some(proxy) = record.proxies.get(name) {
            let runs = behind(node, proxy.address)?;
            if runs != self.implementation {
                return Err(NodeError::Other(format!(
                    "{} runs {runs} and not {}",
                    proxy.address, self.implementation
                )));
            }
        }
        self.program.verify(node, self.implementation)?;
        self.enter(record, transaction);
        Ok(Outcome::Done(format!("{name} runs the program at {}", self.implementation)))
    }

    /// Writes down what runs now.
    fn enter(&self, record: &mut Record, transaction: Option<B256>) {
        let name = self.program.name;
        if let Some(contract) = record.contracts.get_mut(name) {
            contract.address = self.implementation;
            contract.code_hash = self.program.code_hash();
            contract.bytes = self.program.code.len();
            contract.transaction = None;
        }
        if let Some(proxy) = record.proxies.get_mut(name) {
            proxy.implementation = self.implementation;
        }
        record.steps.push(Step {
            title: format!("{}{}", step_of(name), self.implementation),
            transaction,
        });
    }

    fn id(&self, node: &mut dyn Node, record: &Record) -> Result<B256, NodeError> {
        let hash = Router::hashOperationCall {
            calls: self.calls.clone(),
            salt: self.salt,
        };
        node.read(record.address("router")?, &hash)
    }

    fn standing(&self, node: &mut dyn Node, record: &Record) -> Result<Router::operationReturn, NodeError> {
        let id = self.id(node, record)?;
        node.read(record.address("router")?, &Router::operationCall { id })
    }
}

/// How the record calls an upgrade of `name`, before the address of its new program.
fn step_of(name: &str) -> String {
    format!("upgrade {name} to ")
}

fn span(standing: &Router::operationReturn) -> String {
    format!(
        "from {} to {}",
        date(standing.readyAt.saturating_to()),
        date(standing.expiresAt.saturating_to())
    )
}

/// What the admin has to send, if that is somebody else, a multisig for instance.
fn for_admin<C: SolCall>(node: &mut dyn Node, record: &Record, who: &Person, call: &C) -> Result<Option<Outcome>, NodeError> {
    let router = record.address("router")?;
    let admin = node.read(router, &Router::adminCall {})?;
    Ok((admin != who.address()).then(|| Outcome::ForAdmin {
        admin,
        router,
        data: call.abi_encode().into(),
    }))
}

/// Fields that are not where they were. Fields may be added, behind.
fn moved(layouts: Layouts<'_>) -> Vec<&str> {
    let kept: Vec<_> = layouts.built.lines().collect();
    let fields = layouts.deployed.lines().filter(|line| !line.starts_with('#'));
    fields.filter(|line| !kept.contains(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_is_named_and_what_is_added_is_not() {
        let deployed = "# slots\n  0  0 32 a: Word\n  1  0 32 b: Word\n";
        let moves = |built| moved(Layouts { deployed, built });
        assert!(moves("  0  0 32 a: Word\n  1  0 32 b: Word\n  2  0 32 c: Word\n").is_empty());
        assert_eq!(
            moves("  0  0 32 b: Word\n  1  0 32 a: Word\n"),
            ["  0  0 32 a: Word", "  1  0 32 b: Word"]
        );
    }
}

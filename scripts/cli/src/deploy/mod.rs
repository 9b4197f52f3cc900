//! `deploy`: the protocol onto a network, checked beforehand and verified afterwards, resumable after any interruption.
//!
//! The chain says what is done: addresses are known in advance ([`Plan`]), so a contract that is there is found, not deployed again,
//! whether or not the record was written before the interruption. The record, `deployments/CHAIN_ID.json`, adds what the chain does not
//! say: commit, transactions, and the calls that no view shows.

pub mod networks;
pub mod record;

use std::path::Path;

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{SolCall, SolEvent};

use self::{
    networks::Network,
    record::{Record, Scribe, World},
};
use crate::{
    node::{Node, NodeError, NodeExt, Person},
    protocol::{
        bindings::{IErc20, IStylusDeployer},
        counterparts::{Counterparts, SolidityArtifacts},
        plan::{proxy_factory, release, Plan, Setup},
        program::stylus_deployer,
    },
    units::{thousands, whole},
};

/// Gas that a call of the plan takes at most.
const CALL_GAS: u64 = 250_000;
/// Gas that a proxy takes at most, with what its program does in it to be constructed.
const PROXY_GAS: u64 = 1_000_000;
/// Depth of stand-ins' pools, whole dollars a side, and the yield of the stand-in for the base token, basis points a year.
const STAND_INS: (u64, u64) = (10_000_000, 420);

/// What is to be deployed, and how.
#[derive(Clone, Debug)]
pub struct Order {
    /// Where to.
    pub network: Network,
    /// Name of the release.
    pub release: String,
    /// Commit that the contracts were built from, with `-dirty` behind it if the tree had changes.
    pub commit: String,
    /// Receiver of protocol fees; whoever deploys, where no money is real.
    pub treasury: Option<Address>,
    /// Who is offered the admin's place at the end.
    pub next_admin: Option<Address>,
    /// Roles to grant.
    pub roles: Vec<(String, Address)>,
    /// Deploy stand-ins for tokens and Uniswap instead of using the network's.
    pub stand_ins: bool,
}

/// Deploys what `order` says from the contracts under `target`, `admin` paying; keeps the record in `folder`; tells how far it is.
///
/// # Errors
/// A sentence that says what to do.
pub fn run(
    node: &mut dyn Node,
    target: &Path,
    folder: &Path,
    admin: &Person,
    order: &Order,
    tell: &mut dyn FnMut(&str),
) -> Result<Record, NodeError> {
    let network = &order.network;
    check_order(node, order)?;
    let path = Record::path(folder, network.chain_id);
    let mut record = Record::read(&path)?.unwrap_or_default();
    if record.release != order.release || !is_on(node, &record)? {
        set_aside(node, &path, &record)?;
        record = Record {
            chain_id: network.chain_id,
            network: network.name.to_owned(),
            release: order.release.clone(),
            commit: order.commit.clone(),
            since_block: node.block()?,
            deployer: admin.address(),
            ..Record::default()
        };
    }
    if record.deployer != admin.address() {
        return Err(NodeError::Other(format!(
            "{} began this deployment: go on with its key, or begin another with --release NAME",
            record.deployer
        )));
    }
    // What an interrupted run has sent must be in a block before the chain can say what is done.
    node.settle(admin.address())?;

    if record.counterparts == World::default() {
        record.counterparts = world(node, target, admin, order, tell)?;
        record.write(&path)?;
    }
    if record.stylus_deployer.is_zero() {
        record.stylus_deployer = stylus_deployer(node, target, admin)?;
        record.write(&path)?;
    }
    if network.terms.proxies {
        create_factory(node, target, admin, &mut record, &path)?;
    }
    let setup = setup(admin, order, &record);
    let mut plan = Plan::new(target, record.stylus_deployer, &setup)?;
    check_sizes(&plan, network)?;
    check_same_build(&plan, &record)?;
    plan.activation_value = check_cost(node, &plan, admin, tell)?;

    let mut scribe = Scribe {
        record,
        path: &path,
        steps: plan.programs.len() + plan.fronts.len() + plan.calls.len(),
        done: 0,
        tell,
    };
    plan.carry_out(node, admin, &mut scribe)?;
    let mut record = scribe.record;
    find_transactions(node, &mut record);
    plan.verify(node)?;
    record.treasury = Some(setup.treasury);
    record.complete = true;
    record.write(&path)?;
    tell(&format!(
        "Every contract on chain {} is what was built, and wired. The record is {}.",
        network.chain_id,
        path.display()
    ));
    Ok(record)
}

/// Creates the factory of proxies if there is none yet. Its address is its creator's next one: written down before, it is found again
/// wherever the run is interrupted.
fn create_factory(node: &mut dyn Node, target: &Path, admin: &Person, record: &mut Record, path: &Path) -> Result<(), NodeError> {
    if let Some(factory) = record.proxy_factory {
        if !node.code(factory)?.is_empty() {
            return Ok(());
        }
    }
    record.proxy_factory = Some(admin.address().create(node.nonce(admin.address())?));
    record.write(path)?;
    record.proxy_factory = Some(proxy_factory(node, target, admin)?);
    record.write(path)
}

fn check_order(node: &mut dyn Node, order: &Order) -> Result<(), NodeError> {
    let network = &order.network;
    let refuse = |reason: String| Err(NodeError::Other(reason));
    if node.chain_id() != network.chain_id {
        return refuse(format!(
            "this node is on chain {}, and {} is chain {}: pass another --rpc-url or --network",
            node.chain_id(),
            network.name,
            network.chain_id
        ));
    }
    if network.real_money {
        if order.stand_ins {
            return refuse(format!("{} has the real tokens: leave --stand-ins away", network.name));
        }
        if order.commit.ends_with("-dirty") {
            return refuse("the tree has changes that no commit has: commit them, build, then deploy what everybody can check".into());
        }
        if order.treasury.is_none() || order.next_admin.is_none() {
            return refuse(format!(
                "{} needs --treasury and --admin: a key that deploys should neither earn nor stay in power",
                network.name
            ));
        }
    }
    Ok(())
}

/// Whether `record` tells of this very chain: a local chain that was started anew has nothing of what an older record says.
fn is_on(node: &mut dyn Node, record: &Record) -> Result<bool, NodeError> {
    Ok(!node.code(record.counterparts.base_token)?.is_empty())
}

/// Keeps the record of another release beside the new one's.
fn set_aside(node: &mut dyn Node, path: &Path, record: &Record) -> Result<(), NodeError> {
    if record.contracts.is_empty() || !is_on(node, record)? {
        return Ok(());
    }
    record.write(&path.with_extension(format!("{}.json", record.release)))
}

/// What the contracts will meet: the network's, or stand-ins.
fn world(node: &mut dyn Node, target: &Path, admin: &Person, order: &Order, tell: &mut dyn FnMut(&str)) -> Result<World, NodeError> {
    let network = &order.network;
    if order.stand_ins {
        tell("         stand-ins for the base token, stablecoins and Uniswap …");
        let (depth, yield_bps) = STAND_INS;
        let world = Counterparts::deploy(node, &SolidityArtifacts::under(target), admin, depth, yield_bps)?;
        return Ok(World {
            base_token: world.wrapped_m,
            swap_router: world.swap_router,
            stablecoins: vec![world.usdc, world.usdt],
            stand_ins: true,
        });
    }
    let (Some(base_token), Some(swap_router)) = (network.base_token, network.swap_router) else {
        return Err(NodeError::Other(format!(
            "{} has no base token and no Uniswap of its own: pass --stand-ins",
            network.name
        )));
    };
    for (what, account) in [("base token", base_token), ("SwapRouter02", swap_router)]
        .into_iter()
        .chain(network.stablecoins.iter().map(|token| ("stablecoin", *token)))
    {
        if node.code(account)?.is_empty() {
            return Err(NodeError::Other(format!(
                "there is no {what} at {account} on {}: correct the table of networks, or, on a test network, pass --stand-ins",
                network.name
            )));
        }
    }
    let decimals = node.read(base_token, &IErc20::decimalsCall {})?;
    if decimals != 6 {
        return Err(NodeError::Other(format!(
            "the base token at {base_token} has {decimals} decimals, and USDai reckons with 6"
        )));
    }
    Ok(World {
        base_token,
        swap_router,
        stablecoins: network.stablecoins.to_vec(),
        stand_ins: false,
    })
}

fn setup(admin: &Person, order: &Order, record: &Record) -> Setup {
    Setup {
        admin: admin.address(),
        base_token: record.counterparts.base_token,
        swap_router: record.counterparts.swap_router,
        stablecoins: record.counterparts.stablecoins.clone(),
        treasury: order.treasury.unwrap_or_else(|| admin.address()),
        terms: order.network.terms,
        roles: order.roles.clone(),
        next_admin: order.next_admin,
        delay: order.network.delay,
        proxy_factory: record.proxy_factory,
        release: release(&order.release),
    }
}

fn check_sizes(plan: &Plan, network: &Network) -> Result<(), NodeError> {
    for (program, _) in &plan.programs {
        let size = program.code.len();
        if size > network.code_limit {
            return Err(NodeError::Other(format!(
                "{} has {} bytes on chain and {} takes {}: make it smaller; scripts/build tells by how much",
                program.name,
                thousands(size),
                network.name,
                thousands(network.code_limit)
            )));
        }
    }
    Ok(())
}

/// What the record has deployed must be what the plan would deploy, or the plan would deploy everything a second time.
fn check_same_build(plan: &Plan, record: &Record) -> Result<(), NodeError> {
    for (program, address) in &plan.programs {
        match record.contracts.get(program.name) {
            Some(there) if there.address != *address => {
                return Err(NodeError::Other(format!(
                    "{} of this deployment is at {}, built from {}; what is built now, or asked for now, is another contract. \
                     Check out that commit and pass the same options to go on, or begin another deployment with --release NAME",
                    program.name, there.address, record.commit
                )));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Tells what is still to be paid and checks that `admin` has it; returns what to offer for an activation.
fn check_cost(node: &mut dyn Node, plan: &Plan, admin: &Person, tell: &mut dyn FnMut(&str)) -> Result<U256, NodeError> {
    let with_a_fifth = |wei: U256| wei + wei / U256::from(5);
    let (mut gas, mut fees, mut highest) = (0, U256::ZERO, U256::ZERO);
    let mut to_deploy = Vec::new();
    for (program, address) in &plan.programs {
        if node.code(*address)?.is_empty() {
            let fee = program.activation_fee(node).map_err(|error| match error {
                NodeError::Reverted(_) => NodeError::Other(format!("this chain would not activate {}: {error}", program.name)),
                other => other,
            })?;
            fees += fee;
            highest = highest.max(fee);
            to_deploy.push((program, with_a_fifth(fee)));
        }
    }
    let price = U256::from(node.gas_price()?);
    let held = node.balance(admin.address())?;
    // An estimate runs the transaction, value included: it says "insufficient funds" in a node's own words.
    for (program, value) in to_deploy {
        if held > value {
            gas += node.estimate(admin.address(), plan.deployer, value, program.deployment().abi_encode().into())?;
        }
    }
    gas += CALL_GAS * plan.calls.len() as u64 + PROXY_GAS * plan.fronts.len() as u64;
    let needed = with_a_fifth(U256::from(gas) * price + fees);
    tell(&format!(
        "At most {} ether: {} gas at {} wei, and {} ether for activations; {} has {}.",
        whole(needed),
        thousands(gas),
        thousands(price),
        whole(fees),
        admin.address(),
        whole(held)
    ));
    if held < needed {
        return Err(NodeError::Other(format!(
            "{} needs {} ether more to finish what it begins: send it some, then run this again",
            admin.address(),
            whole(needed - held)
        )));
    }
    Ok(with_a_fifth(highest))
}

/// Transactions that an interrupted run had sent before it could write them down, from the StylusDeployer's logs. What a node does not
/// tell (some limit how far back they look) stays unknown.
fn find_transactions(node: &mut dyn Node, record: &mut Record) {
    if record.contracts.values().all(|contract| contract.transaction.is_some()) {
        return;
    }
    let topic = IStylusDeployer::ContractDeployed::SIGNATURE_HASH;
    let logs = node.logs(record.stylus_deployer, topic, record.since_block).unwrap_or_default();
    let deployed =
        |log: &alloy_primitives::Log| IStylusDeployer::ContractDeployed::decode_log(log).map(|event| event.data.deployedContract);
    for contract in record.contracts.values_mut() {
        let found = logs
            .iter()
            .find(|(log, _)| deployed(log).is_ok_and(|address| address == contract.address));
        contract.transaction = contract.transaction.or(found.map(|(_, hash): &(_, B256)| *hash));
    }
}

//! What a deployment consists of, step by step, and the walk through it.
//!
//! Every address is known before the first transaction ([`Program::address`]), so the whole plan is: which programs, then which calls.
//! A step that the chain shows to be done is not done again, so a walk that was interrupted anywhere is taken up by walking again.

use std::path::Path;

use alloy_primitives::{keccak256, Address, Bytes, B256, U256};
use alloy_sol_types::{SolCall, SolValue};

use super::{
    bindings::{Filo, IProxyFactory, IWired, Router, SwapAdapter, Usdai},
    counterparts::SolidityArtifacts,
    program::{Argument, Program, ACTIVATION_VALUE},
    suite::{id, Suite, Terms},
};
use crate::node::{Node, NodeError, NodeExt, Person, Sent};

/// What whoever deploys decides.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Admin during the deployment: whoever sends the transactions.
    pub admin: Address,
    /// What backs the dollar.
    pub base_token: Address,
    /// Uniswap's SwapRouter02.
    pub swap_router: Address,
    /// Stablecoins that the swap adapter takes.
    pub stablecoins: Vec<Address>,
    /// Receiver of protocol fees.
    pub treasury: Address,
    /// Lengths and fees.
    pub terms: Terms,
    /// Roles to grant: name and account.
    pub roles: Vec<(String, Address)>,
    /// Who is to take the admin's place, in the second step that only they can make.
    pub next_admin: Option<Address>,
    /// How long what the admin does waits from then on, seconds; zero: not at all, for local chains.
    pub delay: u64,
    /// Whence proxies come, if the contracts are to be behind some.
    pub proxy_factory: Option<Address>,
    /// Sets this deployment apart from others of the same admin with the same choices.
    pub release: B256,
}

/// A call that is part of a deployment.
#[derive(Clone, Debug)]
pub struct Call {
    /// What it does, for people and for the record.
    pub title: String,
    /// The contract.
    pub to: Address,
    /// Calldata.
    pub data: Bytes,
    /// How the chain shows that it is done.
    pub shown: Shown,
}

/// How the chain shows that a call is done.
#[derive(Clone, Debug)]
pub enum Shown {
    /// One of these views of the same contract, given by their calldata, answers what stands beside it.
    By(Vec<(Bytes, Bytes)>),
    /// No view tells; doing it again changes nothing.
    Nowhere,
}

/// A proxy: the address that everybody knows, whatever program runs behind it.
#[derive(Clone, Debug)]
pub struct Front {
    /// The contract's name.
    pub name: &'static str,
    /// Where it is. The address says who upgrades it, with what it began, and how that was constructed.
    pub address: Address,
    /// Its first program.
    pub implementation: Address,
    /// What has the factory create it.
    pub deployment: IProxyFactory::deployCall,
}

/// Programs, each with its proxy, then calls.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where everything will be.
    pub suite: Suite,
    /// The StylusDeployer that is used.
    pub deployer: Address,
    /// In the order of [`Suite::contracts`]: what is deployed, where.
    pub programs: Vec<(Program, Address)>,
    /// Whence the proxies come.
    pub proxy_factory: Option<Address>,
    /// The proxies, in the same order; the router and what has no address of its own need none.
    pub fronts: Vec<Front>,
    /// In order.
    pub calls: Vec<Call>,
    /// Offered for each activation's data fee, wei; what is not taken comes back.
    pub activation_value: U256,
}

/// What happened to a step.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    /// It took this transaction.
    Sent(&'a Sent),
    /// It was done already.
    Found,
}

/// Who follows a walk through a plan, and remembers it.
pub trait Journal {
    /// Whether a call that no view shows was done before.
    fn remembers(&self, title: &str) -> bool;
    /// A step that is not done yet is about to be taken.
    fn begins(&mut self, title: &str);
    /// A program is in place and verified.
    ///
    /// # Errors
    /// If that cannot be written down.
    fn program(&mut self, program: &Program, address: Address, outcome: Outcome<'_>) -> Result<(), NodeError>;
    /// A proxy is in place.
    ///
    /// # Errors
    /// If that cannot be written down.
    fn front(&mut self, front: &Front, outcome: Outcome<'_>) -> Result<(), NodeError>;
    /// A call is done.
    ///
    /// # Errors
    /// If that cannot be written down.
    fn call(&mut self, call: &Call, outcome: Outcome<'_>) -> Result<(), NodeError>;
}

impl Plan {
    /// The plan for `setup` with the contracts under `target`, deployed by the StylusDeployer at `deployer`.
    ///
    /// # Errors
    /// If a contract has not been built.
    pub fn new(target: &Path, deployer: Address, setup: &Setup) -> Result<Self, NodeError> {
        use Argument::{Account, Number};

        let (mut programs, mut fronts) = (Vec::new(), Vec::new());
        let artifacts = SolidityArtifacts::under(target);
        let mut program = |name, arguments, router: Option<Address>| -> Result<Address, NodeError> {
            let program = Program {
                name,
                code: Program::load(target, name)?,
                arguments,
                salt: setup.release,
            };
            let (address, construction) = (program.address(deployer), program.construction());
            programs.push((program, address));
            let (Some(factory), Some(router)) = (setup.proxy_factory, router) else {
                return Ok(address);
            };
            let init = artifacts.creation_code("Proxy", &(router, address, construction.clone()).abi_encode_params())?;
            let front = Front {
                name,
                address: factory.create2(setup.release, keccak256(init)),
                implementation: address,
                deployment: IProxyFactory::deployCall {
                    router,
                    implementation: address,
                    construction,
                    salt: setup.release,
                },
            };
            let address = front.address;
            fronts.push(front);
            Ok(address)
        };
        let terms = &setup.terms;
        // No delay while the deployment is wired: see the last of the calls.
        let router = program("router", vec![("admin", Account(setup.admin)), ("delay", Number(0))], None)?;
        let usdai = program(
            "usdai",
            vec![("router", Account(router)), ("baseToken", Account(setup.base_token))],
            Some(router),
        )?;
        let swap_adapter = program(
            "swap-adapter",
            vec![
                ("router", Account(router)),
                ("baseToken", Account(setup.base_token)),
                ("uniswapRouter", Account(setup.swap_router)),
            ],
            Some(router),
        )?;
        let susdai = program("susdai", vec![("router", Account(router)), ("usdai", Account(usdai))], Some(router))?;
        let caliber = program("caliber", vec![("router", Account(router))], Some(router))?;
        let qev_settlement = program("qev-settlement", vec![], None)?;
        let qev = program(
            "qev",
            vec![
                ("router", Account(router)),
                ("vault", Account(susdai)),
                ("usdai", Account(usdai)),
                ("epochSeconds", Number(terms.epoch)),
                ("revealSeconds", Number(terms.reveal)),
                ("settlement", Account(qev_settlement)),
            ],
            Some(router),
        )?;
        let filo = program(
            "filo",
            vec![("router", Account(router)), ("periodSeconds", Number(terms.period))],
            Some(router),
        )?;
        let origination = program("origination", vec![("router", Account(router))], Some(router))?;
        let defaults = program(
            "defaults",
            vec![("router", Account(router)), ("periodSeconds", Number(terms.period))],
            Some(router),
        )?;
        // Behind no proxy: what users approved to it, and what it may do as their operator, no upgrade can turn against them.
        let gateway = program("gateway", vec![("router", Account(router))], None)?;
        let suite = Suite {
            router,
            usdai,
            swap_adapter,
            susdai,
            caliber,
            qev_settlement,
            qev,
            filo,
            origination,
            defaults,
            gateway,
        };
        Ok(Self {
            suite,
            deployer,
            programs,
            proxy_factory: setup.proxy_factory,
            fronts,
            calls: calls(&suite, setup),
            activation_value: U256::from(ACTIVATION_VALUE),
        })
    }

    /// Does what of the plan is not done yet, each program verified against what was built, `from` paying.
    ///
    /// # Errors
    /// If the chain refuses a step, or has something else than what was built where the plan puts it.
    pub fn carry_out(&self, node: &mut dyn Node, from: &Person, journal: &mut dyn Journal) -> Result<(), NodeError> {
        for (program, address) in &self.programs {
            let sent = if node.code(*address)?.is_empty() {
                journal.begins(&format!("deploy {}", program.name));
                let (deployed, sent) = program.deploy(node, from, self.deployer, self.activation_value)?;
                if deployed != *address {
                    return Err(NodeError::Other(format!(
                        "{} was deployed to {deployed} instead of {address}: {} is not the StylusDeployer that the plan reckons with",
                        program.name, self.deployer
                    )));
                }
                Some(sent)
            } else {
                None
            };
            program.verify(node, *address)?;
            journal.program(program, *address, sent.as_ref().map_or(Outcome::Found, Outcome::Sent))?;
            // One by one: a constructor may ask the contracts before it.
            for front in self.fronts.iter().filter(|front| front.name == program.name) {
                self.put_up(front, node, from, journal)?;
            }
        }
        for call in &self.calls {
            if call.is_done(node, journal)? {
                journal.call(call, Outcome::Found)?;
                continue;
            }
            journal.begins(&call.title);
            let sent = node.send(from, Some(call.to), U256::ZERO, call.data.clone())?;
            journal.call(call, Outcome::Sent(&sent))?;
        }
        Ok(())
    }

    /// Creates a proxy where there is none yet.
    fn put_up(&self, front: &Front, node: &mut dyn Node, from: &Person, journal: &mut dyn Journal) -> Result<(), NodeError> {
        if !node.code(front.address)?.is_empty() {
            return journal.front(front, Outcome::Found);
        }
        journal.begins(&format!("deploy the proxy of {}", front.name));
        let factory = self.proxy_factory.unwrap_or_default();
        let (proxy, sent) = node.perform(from, factory, &front.deployment)?;
        if proxy != front.address {
            return Err(NodeError::Other(format!(
                "the proxy of {} was created at {proxy} instead of {}: {factory} is not the factory that the plan reckons with",
                front.name, front.address
            )));
        }
        journal.front(front, Outcome::Sent(&sent))
    }

    /// Checks that the chain has all of it: every program as built and active, every call's effect where a view shows it.
    ///
    /// # Errors
    /// What is missing or other.
    pub fn verify(&self, node: &mut dyn Node) -> Result<(), NodeError> {
        for (program, address) in &self.programs {
            program.verify(node, *address)?;
        }
        for front in &self.fronts {
            // What is at such an address cannot be anything else.
            if node.code(front.address)?.is_empty() {
                return Err(NodeError::Other(format!(
                    "there is no proxy of {} at {}",
                    front.name, front.address
                )));
            }
        }
        for call in &self.calls {
            if call.shown_done(node)? == Some(false) {
                return Err(NodeError::Other(format!("the chain does not show this as done: {}", call.title)));
            }
        }
        Ok(())
    }
}

impl Call {
    fn new<C: SolCall>(title: impl Into<String>, to: Address, call: &C, shown: Shown) -> Self {
        Self {
            title: title.into(),
            to,
            data: call.abi_encode().into(),
            shown,
        }
    }

    fn is_done(&self, node: &mut dyn Node, journal: &dyn Journal) -> Result<bool, NodeError> {
        Ok(self.shown_done(node)?.unwrap_or_else(|| journal.remembers(&self.title)))
    }

    /// Whether the chain shows it as done; nothing if no view tells.
    fn shown_done(&self, node: &mut dyn Node) -> Result<Option<bool>, NodeError> {
        match &self.shown {
            Shown::By(views) => {
                for (view, expected) in views {
                    if node.view(Address::ZERO, self.to, U256::ZERO, view.clone())? == *expected {
                        return Ok(Some(true));
                    }
                }
                Ok(Some(false))
            }
            Shown::Nowhere => Ok(None),
        }
    }
}

/// `view` answers `expected`.
fn by<C: SolCall>(view: &C, expected: &C::Return) -> Shown {
    Shown::By(vec![answer(view, expected)])
}

fn answer<C: SolCall>(view: &C, expected: &C::Return) -> (Bytes, Bytes) {
    (view.abi_encode().into(), C::abi_encode_returns(expected).into())
}

/// Addresses into the book, every contract told to copy what it needs, tokens and fees, roles, the admin's successor, and at last the
/// delay, after which whatever else the admin does waits.
fn calls(suite: &Suite, setup: &Setup) -> Vec<Call> {
    let mut calls = Vec::new();
    for (name, current) in suite.book().into_iter().chain([("TREASURY", setup.treasury)]) {
        let shown = by(&Router::addressOfCall { id: id(name) }, &current);
        let call = Router::setAddressCall { id: id(name), current };
        calls.push(Call::new(format!("enter {name} in the address book"), suite.router, &call, shown));
    }
    for (name, contract) in suite.wired() {
        calls.push(Call::new(format!("wire {name}"), contract, &IWired::wireCall {}, Shown::Nowhere));
    }
    for token in setup.stablecoins.iter().copied() {
        let call = SwapAdapter::setTokenAllowedCall { token, allowed: true };
        let shown = by(&SwapAdapter::tokenAllowedCall { token }, &true);
        calls.push(Call::new(format!("take {token}"), suite.swap_adapter, &call, shown));
    }
    let terms = &setup.terms;
    let bps = U256::from(terms.yield_fee_bps);
    calls.push(Call::new(
        "set the fee on the base token's yield",
        suite.usdai,
        &Usdai::setAdminFeeCall { bps },
        by(&Usdai::adminFeeCall {}, &bps),
    ));
    let fees = Filo::setFeesCall {
        protocolFeeBps: U256::from(terms.protocol_fee_bps),
        reserveBps: U256::from(terms.reserve_bps),
    };
    let parameters = Filo::parametersReturn {
        periodSeconds: U256::from(terms.period),
        protocolFeeBps: fees.protocolFeeBps,
        reserveBps: fees.reserveBps,
    };
    calls.push(Call::new(
        "set the fees on interest",
        suite.filo,
        &fees,
        by(&Filo::parametersCall {}, &parameters),
    ));
    for (role, account) in &setup.roles {
        let (role_id, account) = (id(role), *account);
        let call = Router::grantRoleCall { role: role_id, account };
        let shown = by(&Router::hasRoleCall { role: role_id, account }, &true);
        calls.push(Call::new(format!("grant {role} to {account}"), suite.router, &call, shown));
    }
    if let Some(account) = setup.next_admin {
        let call = Router::transferAdminCall { account };
        // Once they have accepted, they are not pending any more.
        let shown = Shown::By(vec![
            answer(&Router::pendingAdminCall {}, &account),
            answer(&Router::adminCall {}, &account),
        ]);
        calls.push(Call::new(
            format!("offer the admin's place to {account}"),
            suite.router,
            &call,
            shown,
        ));
    }
    if setup.delay != 0 {
        let delay = U256::from(setup.delay);
        let shown = by(&Router::delayCall {}, &delay);
        calls.push(Call::new(
            "start the timelock",
            suite.router,
            &Router::setDelayCall { delay },
            shown,
        ));
    }
    calls
}

/// The release that `name` stands for.
#[must_use]
pub fn release(name: &str) -> B256 {
    keccak256(["USD.AI on Stylus ", name].concat())
}

/// A new factory of proxies, deployed by `from`.
///
/// # Errors
/// If the Solidity has not been built, or the node refuses.
pub fn proxy_factory(node: &mut dyn Node, target: &Path, from: &Person) -> Result<Address, NodeError> {
    SolidityArtifacts::under(target).deploy(node, from, "ProxyFactory", &[])
}

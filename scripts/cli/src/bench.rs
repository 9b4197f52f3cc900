//! `bench`: what every user-facing call costs, beside the same call elsewhere.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use alloy_primitives::{keccak256, Address, U256};
use alloy_sol_types::{SolCall, SolValue};
use serde::Serialize;
use stylus_chain::Chain;

use crate::{
    embedded::Embedded,
    node::{Node, NodeError, NodeExt, Person},
    protocol::{
        bindings::{Caliber, Defaults, Filo, IErc20, IErc4626, IErc721, IMintable, IWrappedM, Qev, Susdai, Usdai},
        counterparts::{dollars6, Counterparts, SolidityArtifacts},
        suite::{id, Suite, Terms},
    },
    story::{
        cast::{Cast, Deployment},
        play::{Played, Stage},
        Step,
    },
    transfer,
    units::{thousands, wad},
};

/// What the production system needs for the same thing (docs/DECISIONS.md says where the figures come from).
const PRODUCTION: [(&str, &str, u64); 6] = [
    ("susdai", "deposit", 112_596),
    ("susdai", "requestRedeem", 238_256),
    ("susdai", "redeem", 79_671),
    ("qev", "settle", 96_000 + 51_800),
    ("origination", "draw", 567_000),
    ("filo", "pay", 206_000),
];

/// One line of the table.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// Contract called.
    pub contract: String,
    /// Its function.
    pub call: String,
    /// Whether the programs were in the chain's cache.
    pub cached: bool,
    /// Calls measured.
    pub calls: usize,
    /// Least gas.
    pub min: u64,
    /// Median gas.
    pub median: u64,
    /// Most gas.
    pub max: u64,
    /// Gas of the same thing elsewhere.
    pub reference: Option<u64>,
    /// Where that is.
    pub reference_source: Option<String>,
}

/// Measures, prints the table, writes `target/bench/gas.md` and `gas.json`.
///
/// # Errors
/// If a step is refused or a file cannot be written.
pub fn run(target: &Path) -> Result<(), NodeError> {
    let artifacts = SolidityArtifacts::under(target);
    let mut lines = Vec::new();
    for cached in [true, false] {
        let samples = measure(target, &artifacts, cached)?;
        let references = references(&artifacts)?;
        for ((contract, call), mut gas) in samples {
            gas.sort_unstable();
            let (reference, reference_source) = match reference_for(&references, &contract, &call) {
                Some((gas, source)) => (Some(gas), Some(source)),
                None => (None, None),
            };
            lines.push(Line {
                contract,
                call,
                cached,
                calls: gas.len(),
                min: gas[0],
                median: gas[gas.len() / 2],
                max: gas[gas.len() - 1],
                reference,
                reference_source,
            });
        }
    }
    let table = markdown(&lines);
    println!("{table}");
    let folder = target.join("bench");
    let json = serde_json::to_string_pretty(&lines).map_err(|error| NodeError::Other(error.to_string()))?;
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(folder.join("gas.md"), &table))
        .and_then(|()| std::fs::write(folder.join("gas.json"), json))
        .map_err(|error| NodeError::Other(format!("{} cannot be written: {error}", folder.display())))?;
    println!(
        "Also in {} and {}",
        folder.join("gas.md").display(),
        folder.join("gas.json").display()
    );
    Ok(())
}

type Samples = BTreeMap<(String, String), Vec<u64>>;

/// The protocol whose contracts lie under `target`, on a chain of its own, its programs in the chain's cache or not.
pub(crate) fn deploy(
    target: &Path,
    artifacts: &SolidityArtifacts,
    cached: bool,
) -> Result<(Embedded, Cast, Counterparts, Suite), NodeError> {
    let mut node = Embedded::on(Chain::new());
    let admin = Person::derived("admin", keccak256("bench"))?;
    let cast = Cast::of(admin)?;
    node.fund(cast.admin.address(), wad(1_000))?;
    let Deployment { world, suite, .. } = cast.deploy(&mut node, target, artifacts, Terms::REAL)?;
    if cached {
        for (_, program) in suite.contracts() {
            node.chain
                .cache_program(program)
                .map_err(|revert| NodeError::Other(revert.to_string()))?;
        }
    }
    Ok((node, cast, world, suite))
}

/// The story's calls and those that it does not make.
fn measure(target: &Path, artifacts: &SolidityArtifacts, cached: bool) -> Result<Samples, NodeError> {
    let (mut node, cast, world, suite) = deploy(target, artifacts, cached)?;
    let mut samples = Samples::new();
    let mut hear = |step: &Step| {
        for action in &step.actions {
            samples
                .entry((action.contract.to_owned(), action.call.to_owned()))
                .or_default()
                .push(action.gas);
        }
    };
    let mut stage = Stage::new(&mut node, suite, world, cast.clone(), Terms::REAL, &mut hear)?;
    let played = stage.play()?;
    samples.retain(|(contract, _), _| suite.contracts().iter().any(|(name, _)| name == contract));
    let mut extra = Extra {
        node: &mut node,
        samples: &mut samples,
    };
    extra.calls(&suite, &world, &cast, &played)?;
    Ok(samples)
}

/// User-facing calls that the story has no occasion for.
struct Extra<'a> {
    node: &'a mut Embedded,
    samples: &'a mut Samples,
}

impl Extra<'_> {
    fn calls(&mut self, suite: &Suite, world: &Counterparts, cast: &Cast, played: &Played) -> Result<(), NodeError> {
        self.dollars(suite, world, cast)?;
        self.tokens(suite, cast)?;
        self.shares(suite, cast, played)?;
        self.receipts(suite, cast)
    }

    /// Base token in and out of USDai.
    fn dollars(&mut self, suite: &Suite, world: &Counterparts, cast: &Cast) -> Result<(), NodeError> {
        let depositor = &cast.depositor;
        let me = depositor.address();
        let amount = wad(1_000);
        bring_dollars(self.node, suite, world, cast, depositor)?;
        for _ in 0..3 {
            let deposit = Usdai::deposit_0Call {
                depositToken: world.wrapped_m,
                depositAmount: dollars6(2_000),
                usdaiAmountMinimum: U256::ZERO,
                recipient: me,
            };
            self.call(depositor, "usdai", "deposit (base token)", suite.usdai, &deposit)?;
        }
        let withdraw = Usdai::withdraw_0Call {
            withdrawToken: world.wrapped_m,
            usdaiAmount: amount,
            withdrawAmountMinimum: U256::ZERO,
            recipient: me,
        };
        self.call(depositor, "usdai", "withdraw (base token)", suite.usdai, &withdraw)?;
        Ok(())
    }

    /// What both tokens do alike.
    fn tokens(&mut self, suite: &Suite, cast: &Cast) -> Result<(), NodeError> {
        let (depositor, curator, admin) = (&cast.depositor, &cast.curator, &cast.admin);
        let me = depositor.address();
        let amount = wad(1_000);
        for (name, token) in [("usdai", suite.usdai), ("susdai", suite.susdai)] {
            let gas = transfer::between_holders(self.node, token, depositor, curator)?;
            self.sample(name, "transfer", gas);
            self.call(
                depositor,
                name,
                "approve",
                token,
                &IErc20::approveCall {
                    spender: admin.address(),
                    value: amount,
                },
            )?;
            let from = IErc20::transferFromCall {
                from: me,
                to: curator.address(),
                value: U256::from(1_000),
            };
            self.call(admin, name, "transferFrom", token, &from)?;
        }
        Ok(())
    }

    /// Staking again, and one share on its way out.
    fn shares(&mut self, suite: &Suite, cast: &Cast, played: &Played) -> Result<(), NodeError> {
        let (depositor, curator) = (&cast.depositor, &cast.curator);
        let me = depositor.address();
        let amount = wad(1_000);
        self.node.perform(
            depositor,
            suite.usdai,
            &IErc20::approveCall {
                spender: suite.susdai,
                value: U256::MAX,
            },
        )?;
        for _ in 0..3 {
            self.call(
                depositor,
                "susdai",
                "deposit",
                suite.susdai,
                &Susdai::deposit_0Call {
                    assets: amount,
                    receiver: me,
                },
            )?;
        }
        self.call(
            depositor,
            "susdai",
            "mint",
            suite.susdai,
            &Susdai::mint_0Call {
                shares: amount,
                receiver: me,
            },
        )?;
        let junior = self.node.read(suite.filo, &Filo::juniorCashCall { stack: played.stack })?;
        let withdraw = Filo::withdrawJuniorCall {
            stack: played.stack,
            assets: junior / U256::from(2),
            receiver: curator.address(),
        };
        self.call(curator, "filo", "withdrawJunior", suite.filo, &withdraw)?;
        let request = Susdai::requestRedeemCall {
            shares: amount,
            controller: me,
            owner: me,
        };
        let given_up = self.call(depositor, "susdai", "requestRedeem", suite.susdai, &request)?;
        let cancel = Qev::cancelCall {
            position: given_up,
            shares: U256::MAX,
            receiver: me,
        };
        self.call(depositor, "qev", "cancel", suite.qev, &cancel)?;
        let end = self.node.read(suite.qev, &Qev::epochEndCall {})?.to::<u64>();
        // Whatever was asked for so far is settled, and a whole epoch lies ahead.
        self.node.pass_time_until(end)?;
        // Nobody pays the story's loan any more, and nobody leaves before somebody has said so.
        let late = Defaults::markLateCall { loan: played.loan };
        self.call(&cast.keeper, "defaults", "markLate", suite.defaults, &late)?;
        let settle = Qev::settleCall { maxSteps: U256::from(256) };
        self.call(&cast.keeper, "qev", "settle", suite.qev, &settle)?;
        let position = self.call(depositor, "susdai", "requestRedeem", suite.susdai, &request)?;
        self.places(suite, cast, position, amount)?;
        let (tick, salt) = (20, keccak256("bench"));
        let commitment = self.node.read(suite.qev, &Qev::commitmentOfCall { position, tick, salt })?;
        let commit = Qev::commitBid_0Call { position, commitment };
        self.call(depositor, "qev", "commitBid", suite.qev, &commit)?;
        self.node.pass_time_until(end + Terms::REAL.epoch - Terms::REAL.reveal)?;
        let reveal = Qev::revealBidCall { position, tick, salt };
        self.call(depositor, "qev", "revealBid", suite.qev, &reveal)?;
        self.node.pass_time_until(end + Terms::REAL.epoch)?;
        self.call(&cast.keeper, "qev", "settle", suite.qev, &settle)?;
        self.call(depositor, "qev", "claim", suite.qev, &Qev::claimCall { position, receiver: me })?;
        Ok(())
    }

    /// A place in the queue that is cut, put together and sold, and bought back.
    fn places(&mut self, suite: &Suite, cast: &Cast, position: U256, shares: U256) -> Result<(), NodeError> {
        let (depositor, curator) = (&cast.depositor, &cast.curator);
        let shares = shares / U256::from(2);
        let behind = self.call(depositor, "qev", "split", suite.qev, &Qev::splitCall { position, shares })?;
        let merge = Qev::mergeCall { position, behind };
        self.call(depositor, "qev", "merge", suite.qev, &merge)?;
        for (from, to) in [(depositor, curator), (curator, depositor)] {
            let sale = Qev::transferFromCall {
                from: from.address(),
                to: to.address(),
                tokenId: position,
            };
            self.call(from, "qev", "transferFrom", suite.qev, &sale)?;
        }
        Ok(())
    }

    /// A document of title that changes hands.
    fn receipts(&mut self, suite: &Suite, cast: &Cast) -> Result<(), NodeError> {
        let (depositor, curator) = (&cast.depositor, &cast.curator);
        let me = depositor.address();
        let issue = Caliber::issueCall {
            owner: me,
            hardwareClass: id("H100-SXM5-80G"),
            units: U256::from(8),
            manifestHash: keccak256("bench"),
            agreementHash: keccak256("bench"),
            agreementUri: "ipfs://bench".into(),
            custodian: cast.custodian.address(),
            appraisal: wad(1),
            insuredValue: wad(1),
            insuredUntil: U256::from(self.node.now()? + 86_400),
        };
        let receipt = self.call(&cast.agent, "caliber", "issue", suite.caliber, &issue)?;
        let appraise = Caliber::appraiseCall { receipt, value: wad(1) };
        self.call(&cast.appraiser, "caliber", "appraise", suite.caliber, &appraise)?;
        let transfer = Caliber::transferFromCall {
            from: me,
            to: curator.address(),
            tokenId: receipt,
        };
        self.call(depositor, "caliber", "transferFrom", suite.caliber, &transfer)?;
        Ok(())
    }

    fn call<C: SolCall>(&mut self, who: &Person, contract: &str, name: &str, to: Address, call: &C) -> Result<C::Return, NodeError> {
        let (returned, sent) = self.node.perform(who, to, call)?;
        self.sample(contract, name, sent.gas_used);
        Ok(returned)
    }

    fn sample(&mut self, contract: &str, name: &str, gas: u64) {
        self.samples.entry((contract.to_owned(), name.to_owned())).or_default().push(gas);
    }
}

/// Gives `who` 10,000 dollars of the base token, which USDai may take.
pub(crate) fn bring_dollars(node: &mut Embedded, suite: &Suite, world: &Counterparts, cast: &Cast, who: &Person) -> Result<(), NodeError> {
    let mint = IWrappedM::mintCall {
        to: who.address(),
        amount: dollars6(10_000),
    };
    node.perform(&cast.admin, world.wrapped_m, &mint)?;
    let approve = IErc20::approveCall {
        spender: suite.usdai,
        value: U256::MAX,
    };
    node.perform(who, world.wrapped_m, &approve)?;
    Ok(())
}

/// Gas of OpenZeppelin's Solidity for the calls that it has, on the same chain.
fn references(artifacts: &SolidityArtifacts) -> Result<BTreeMap<&'static str, u64>, NodeError> {
    let mut node = Embedded::on(Chain::new());
    let [a, b] = transfer::holders()?;
    let mut gas = BTreeMap::new();
    let erc20 = transfer::reference_token(&mut node, artifacts, &a)?;
    let vault = artifacts.deploy(&mut node, &a, "ReferenceERC4626", &(erc20,).abi_encode_params())?;
    let erc721 = artifacts.deploy(&mut node, &a, "ReferenceERC721", &[])?;
    let value = U256::from(1_000);
    gas.insert("transfer", transfer::between_holders(&mut node, erc20, &a, &b)?);
    gas.insert(
        "approve",
        node.perform(
            &a,
            erc20,
            &IErc20::approveCall {
                spender: b.address(),
                value: wad(1_000),
            },
        )?
        .1
        .gas_used,
    );
    let from = IErc20::transferFromCall {
        from: a.address(),
        to: b.address(),
        value,
    };
    gas.insert("transferFrom", node.perform(&b, erc20, &from)?.1.gas_used);
    node.perform(
        &a,
        erc20,
        &IErc20::approveCall {
            spender: vault,
            value: U256::MAX,
        },
    )?;
    let deposit = IErc4626::depositCall {
        assets: wad(1_000),
        receiver: a.address(),
    };
    // The second, as in the vault: supply and balance exist already.
    node.perform(&a, vault, &deposit)?;
    gas.insert("deposit", node.perform(&a, vault, &deposit)?.1.gas_used);
    let mint = IMintable::mintCall {
        to: a.address(),
        amount: U256::from(1),
    };
    gas.insert("mint 721", node.perform(&a, erc721, &mint)?.1.gas_used);
    let transfer = IErc721::transferFromCall {
        from: a.address(),
        to: b.address(),
        tokenId: U256::from(1),
    };
    gas.insert("transfer 721", node.perform(&a, erc721, &transfer)?.1.gas_used);
    Ok(gas)
}

/// What to hold `contract.call` against: OpenZeppelin in this run, else the production system's figure.
fn reference_for(openzeppelin: &BTreeMap<&'static str, u64>, contract: &str, call: &str) -> Option<(u64, String)> {
    let same = match (contract, call) {
        ("usdai" | "susdai", "transfer" | "approve" | "transferFrom") => Some(call),
        // An appraisal is beside the dearer of the two that write.
        ("caliber", "issue" | "appraise") => Some("mint 721"),
        ("caliber" | "qev", "transferFrom") => Some("transfer 721"),
        _ => None,
    };
    if let Some(gas) = same.and_then(|name| openzeppelin.get(name)) {
        return Some((*gas, "OpenZeppelin Solidity 5.7.0, this run".into()));
    }
    let (_, _, gas) = PRODUCTION.iter().find(|(c, f, _)| *c == contract && *f == call)?;
    let mut source = String::from("production system, fixed figure");
    if let (Some(solidity), "deposit") = (openzeppelin.get("deposit"), call) {
        let _ = write!(source, " (OpenZeppelin ERC-4626, this run: {})", thousands(solidity));
    }
    Some((*gas, source))
}

fn markdown(lines: &[Line]) -> String {
    let mut text = String::from(
        "| contract | call | programs | calls | min | median | max | elsewhere | ours ÷ theirs | where |\n\
         | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n",
    );
    for line in lines {
        let ratio = line
            .reference
            .map_or(String::new(), |gas| format!("{} %", line.median * 100 / gas.max(1)));
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            line.contract,
            line.call,
            if line.cached { "cached" } else { "not cached" },
            line.calls,
            thousands(line.min),
            thousands(line.median),
            thousands(line.max),
            line.reference.map_or(String::new(), thousands),
            ratio,
            line.reference_source.as_deref().unwrap_or_default(),
        );
    }
    text
}

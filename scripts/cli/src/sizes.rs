//! `usdai sizes`: the contracts before lean-abi and after, and one ERC-20 under both layers.

mod history;
mod report;

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use stylus_chain::stylus_wasm::activate;
use usdai_cli::{protocol::counterparts::SolidityArtifacts, transfer};

use crate::build_contracts::{self, contracts, output, Package, Toolchain};
use report::{Contract, Gas, Program, Report, Token};

/// Where this finds the checkout's artifacts.
const TARGET: &str = "target";
/// Where this builds what nobody deploys.
const SIZES: &str = "target/sizes";
/// The page of figures.
const PAGE: &str = "docs/SIZES.md";
/// How it is made.
const COMMAND: &str = "scripts/sizes --write";
/// The measuring ERC-20's package.
const ERC20: &str = "size-erc20";
/// Contracts that are tokens are measured with a transfer; this is what the table calls them.
type Transfers = BTreeMap<&'static str, Gas>;

#[derive(clap::Args)]
pub(crate) struct Sizes {
    /// Revision to hold the contracts against
    #[arg(long, value_name = "REV", default_value = history::SDK_LAYER)]
    before: String,
    /// Write docs/SIZES.md
    #[arg(long)]
    write: bool,
}

impl Sizes {
    pub(crate) fn run(self) -> Result<()> {
        let here = Path::new(".");
        // What may be missing is found out before minutes of building.
        let commit = history::commit(here, &self.before)?;
        let toolchain = Toolchain::from_env()?;
        let artifacts = SolidityArtifacts::under(Path::new(TARGET));

        let before = before(here, &commit, &toolchain, &artifacts)?;
        let transfers = protocol_transfers(Path::new(TARGET), &artifacts)?;
        let mut measured = Vec::new();
        for name in contracts(here)? {
            let wasm = output(Path::new(build_contracts::OUTPUT), &name);
            measured.push(Contract {
                before: before.get(&name).copied(),
                after: program(&wasm, transfers.get(name.as_str()).copied())?,
                name,
            });
        }
        let report = Report {
            before: history::describe(&commit),
            compiler: toolchain.compiler()?,
            contracts: measured,
            sdk: token(here, &toolchain, "erc20-sdk", &["sdk"], &["sdk", "ten-more"])?,
            lean: token(here, &toolchain, "erc20-lean", &[], &["ten-more"])?,
            reference: transfer::of_reference(&artifacts)?,
        };
        print!("{}", report.terminal());
        if self.write {
            let command = if commit == history::SDK_LAYER {
                COMMAND.to_owned()
            } else {
                format!("{COMMAND} --before {}", history::short(&commit))
            };
            fs::write(PAGE, report.page(&command)).with_context(|| format!("cannot write {PAGE}"))?;
            println!("Also in {PAGE}");
        }
        Ok(())
    }
}

/// The contracts of `commit`, built once for each compiler and set of flags.
fn before(here: &Path, commit: &str, toolchain: &Toolchain, artifacts: &SolidityArtifacts) -> Result<BTreeMap<String, Program>> {
    let folder = Path::new(SIZES)
        .join("before")
        .join(history::cache_key(commit, &toolchain.recipe()?));
    furnish(&folder)?;
    let source = folder.join("source");
    history::take_out(here, commit, &source)?;
    let names = contracts(&source)?;
    for name in &names {
        let wasm = output(&folder.join("contracts"), name);
        if !wasm.exists() {
            println!("Building {name} as it was at {} …", history::short(commit));
            toolchain.build(&Package::contract(&source, name), &wasm)?;
        }
    }
    // Today's story may be more than a revision of another interface can play; its sizes are good all the same.
    let transfers = protocol_transfers(&folder, artifacts).unwrap_or_else(|error| {
        eprintln!("no transfers at {}: {error:#}", history::short(commit));
        Transfers::new()
    });
    names
        .into_iter()
        .map(|name| {
            let wasm = output(&folder.join("contracts"), &name);
            let program = program(&wasm, transfers.get(name.as_str()).copied())?;
            Ok((name, program))
        })
        .collect()
}

/// The measuring ERC-20 under one layer, with `features`, and larger with `more`.
fn token(here: &Path, toolchain: &Toolchain, name: &str, features: &[&str], more: &[&str]) -> Result<Token> {
    let folder = Path::new(SIZES);
    furnish(folder)?;
    let build = |name: &str, features| {
        let (workspace, wasm) = (here, output(&folder.join("contracts"), name));
        let package = Package {
            workspace,
            name: ERC20,
            features,
        };
        toolchain.build(&package, &wasm)?;
        Ok::<_, anyhow::Error>(wasm)
    };
    let (plain, larger) = (build(name, features)?, build(&format!("{name}-ten-more"), more)?);
    let transfer = gas(|cached| Ok(transfer::of_program(folder, name, cached)?))?;
    Ok(Token {
        program: program(&plain, Some(transfer))?,
        larger: program(&larger, None)?.bytes,
    })
}

/// Makes `folder` a place for contracts from which they can be deployed.
fn furnish(folder: &Path) -> Result<()> {
    let deployer = Path::new("solidity").join("StylusDeployer.json");
    fs::create_dir_all(folder.join("contracts"))?;
    fs::create_dir_all(folder.join("solidity"))?;
    fs::copy(Path::new(TARGET).join(&deployer), folder.join(&deployer))
        .context("no StylusDeployer in target/solidity: run scripts/build")?;
    Ok(())
}

/// What Nitro would record of the WASM at `wasm`.
fn program(wasm: &Path, transfer: Option<Gas>) -> Result<Program> {
    let bytes = fs::read(wasm).with_context(|| format!("{} is missing: run scripts/build", wasm.display()))?;
    let code = stylus_chain::compress(&bytes);
    let activated = activate(&code).with_context(|| format!("{} cannot be activated", wasm.display()))?;
    let info = activated.info();
    Ok(Program {
        bytes: code.len(),
        pages: info.footprint,
        entry: gas(|cached| Ok(info.entry_gas(cached)))?,
        transfer,
    })
}

/// Transfers of the tokens among the contracts under `target`.
fn protocol_transfers(target: &Path, artifacts: &SolidityArtifacts) -> Result<Transfers> {
    let uncached: BTreeMap<_, _> = transfer::of_protocol(target, artifacts, false)?.into();
    let cached = transfer::of_protocol(target, artifacts, true)?;
    Ok(cached
        .into_iter()
        .map(|(name, cached)| {
            let uncached = uncached[name];
            (name, Gas { cached, uncached })
        })
        .collect())
}

/// `measure`, cached and not.
fn gas(measure: impl Fn(bool) -> Result<u64>) -> Result<Gas> {
    Ok(Gas {
        cached: measure(true)?,
        uncached: measure(false)?,
    })
}

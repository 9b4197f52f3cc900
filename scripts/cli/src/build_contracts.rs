//! `usdai build`: contracts to WASM, small, the same bytes everywhere, and within the chain's limits.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{bail, ensure, Context, Result};
use serde::Serialize;

use usdai_cli::gate;

/// Where the contracts' WASM lands; tests and deployment read it from here.
pub(crate) const OUTPUT: &str = "target/contracts";

/// Apart from native builds: another compiler and another standard library.
const CARGO_TARGET: &str = "target/wasm";

/// Each flag is worth its bytes or its gas; docs/DECISIONS.md has the figures.
const RUST_FLAGS: [&str; 8] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
    // With it, rustc 1.95 and 1.96 compile some safe code that passes large values to closures wrongly (docs/DECISIONS.md).
    "-Zmir-enable-passes=-GVN",
    // Rust's default of 1 MiB is 17 pages of memory, 15,000 gas in each call.
    "-Clink-arg=-zstack-size=16384",
    // Later CPUs bring WASM features that Nitro refuses.
    "-Ctarget-cpu=mvp",
    "-Ctarget-feature=+bulk-memory",
];

/// `--enable-bulk-memory` would write a section that Nitro refuses; memory packing halves the gas of a cached entry.
const WASM_OPT_FLAGS: [&str; 11] = [
    "--mvp-features",
    "--enable-bulk-memory-opt",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--duplicate-function-elimination",
    "--vacuum",
    "--dae-optimizing",
    "--remove-unused-module-elements",
    "--reorder-functions",
    "--reorder-locals",
    "--memory-packing",
];

#[derive(clap::Args)]
pub(crate) struct Build {
    /// Contracts to build, by the names of their folders; all of them if none is named
    contracts: Vec<String>,
}

/// One line of `sizes.json`.
#[derive(Serialize)]
struct Size {
    contract: String,
    /// Bytes of WASM.
    raw: usize,
    /// Bytes on chain, prefix included.
    compressed: usize,
    /// Initial memory in pages of 64 KiB, if the contract passed the gate.
    pages: Option<u16>,
}

impl Build {
    pub(crate) fn run(self) -> Result<()> {
        let toolchain = Toolchain::from_env()?;
        let known = contracts(Path::new("."))?;
        for name in &self.contracts {
            ensure!(known.contains(name), "no contract {name}; there are {}", known.join(", "));
        }
        let everything = self.contracts.is_empty();
        let names = if everything { known } else { self.contracts };

        fs::create_dir_all(OUTPUT)?;
        let (mut sizes, mut refusals) = (Vec::new(), Vec::new());
        for contract in names {
            let package = Package::contract(Path::new("."), &contract);
            let wasm = toolchain.build(&package, &output(Path::new(OUTPUT), &contract))?;
            let code = stylus_chain::compress(&wasm);
            let pages = gate::check(&code)
                .map_err(|error| refusals.push(format!("{contract}: {error}")))
                .ok();
            sizes.push(Size {
                contract,
                raw: wasm.len(),
                compressed: code.len(),
                pages,
            });
        }
        print_table(&sizes);
        if everything {
            fs::write(Path::new(OUTPUT).join("sizes.json"), serde_json::to_string_pretty(&sizes)? + "\n")?;
        }
        ensure!(refusals.is_empty(), "not fit to deploy:\n  {}", refusals.join("\n  "));
        Ok(())
    }
}

/// Names of the folders in `contracts` of a workspace that are crates, sorted.
pub(crate) fn contracts(workspace: &Path) -> Result<Vec<String>> {
    let entries =
        fs::read_dir(workspace.join("contracts")).context("no folder contracts here; call scripts/build, which knows the place")?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.path().join("Cargo.toml").exists() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Where in `folder` the WASM called `name` lies.
pub(crate) fn output(folder: &Path, name: &str) -> PathBuf {
    folder.join(name).with_extension("wasm")
}

/// What Cargo is asked to build.
pub(crate) struct Package<'a> {
    /// Folder of the workspace.
    pub(crate) workspace: &'a Path,
    /// Name of the package in it.
    pub(crate) name: &'a str,
    /// Features besides its default ones.
    pub(crate) features: &'a [&'a str],
}

impl<'a> Package<'a> {
    /// A contract as it is deployed.
    pub(crate) fn contract(workspace: &'a Path, name: &'a str) -> Self {
        Self {
            workspace,
            name,
            features: &[],
        }
    }
}

/// The compiler and optimiser that `scripts/setup` found.
pub(crate) struct Toolchain {
    cargo: String,
    rustc: String,
    linker: String,
    wasm_opt: String,
    rust_flags: String,
}

impl Toolchain {
    pub(crate) fn from_env() -> Result<Self> {
        let var = |name: &str| env::var(name).with_context(|| format!("{name} is not set; call scripts/build, which sets it"));
        let mut flags = RUST_FLAGS.map(str::to_owned).to_vec();
        // No path of this machine may reach the output, were it in a panic message of a dependency.
        let cargo_home = env::var("CARGO_HOME").or_else(|_| env::var("HOME").map(|home| home + "/.cargo"));
        flags.extend(cargo_home.map(|path| format!("--remap-path-prefix={path}=/cargo")));
        flags.push(format!("--remap-path-prefix={}=/usdai", env::current_dir()?.display()));
        Ok(Self {
            cargo: var("USDAI_WASM_CARGO")?,
            rustc: var("USDAI_WASM_RUSTC")?,
            linker: var("USDAI_WASM_LINKER")?,
            wasm_opt: var("USDAI_WASM_OPT")?,
            // The encoded form stands above whatever flags the caller's environment has, and keeps spaces in paths.
            rust_flags: flags.join("\x1f"),
        })
    }

    /// Everything but the sources that decides about the bytes: versions and flags, but no place on this machine.
    pub(crate) fn recipe(&self) -> Result<String> {
        let rustc = printed(Command::new(&self.rustc).arg("-vV"))?;
        let wasm_opt = printed(Command::new(&self.wasm_opt).arg("--version"))?;
        Ok([&rustc, &wasm_opt, &RUST_FLAGS.join(" "), &WASM_OPT_FLAGS.join(" ")]
            .map(String::as_str)
            .join("\n"))
    }

    /// Release of the compiler, as in `1.96.0`.
    pub(crate) fn compiler(&self) -> Result<String> {
        let version = printed(Command::new(&self.rustc).arg("--version"))?;
        version
            .split_whitespace()
            .nth(1)
            .map(str::to_owned)
            .with_context(|| format!("{} does not tell its version", self.rustc))
    }

    /// Compiles and optimises one package to `output` and returns its WASM.
    ///
    /// One package a call, since Cargo would otherwise unite the features of all: one re-entrant contract would strip the others of
    /// their guard.
    pub(crate) fn build(&self, package: &Package, output: &Path) -> Result<Vec<u8>> {
        let Package { workspace, name, features } = package;
        let cargo_target = std::path::absolute(CARGO_TARGET)?;
        run(Command::new(&self.cargo)
            .current_dir(workspace)
            .args(["build", "--release", "--locked", "--lib", "--package", name])
            .args(["--features", &features.join(",")])
            .args(["--target", "wasm32-unknown-unknown", "-Zbuild-std=std,panic_abort", "--target-dir"])
            .arg(&cargo_target)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTC", &self.rustc)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", &self.linker)
            .env("CARGO_ENCODED_RUSTFLAGS", &self.rust_flags))
        .with_context(|| format!("{name} does not compile"))?;

        let file = name.replace('-', "_") + ".wasm";
        let compiled = cargo_target.join("wasm32-unknown-unknown/release").join(file);
        // Renamed into place, so that a test that runs meanwhile reads the old contract or the new one.
        let partial = output.with_extension("partial");
        run(Command::new(&self.wasm_opt)
            .arg(&compiled)
            .arg("-o")
            .arg(&partial)
            .args(WASM_OPT_FLAGS))
        .with_context(|| format!("wasm-opt cannot optimise {}", compiled.display()))?;
        fs::rename(&partial, output)?;
        Ok(fs::read(output)?)
    }
}

/// What `command` prints.
fn printed(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .output()
        .with_context(|| format!("cannot run {program}; scripts/setup finds it again"))?;
    ensure!(
        output.status.success(),
        "{program} failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .with_context(|| format!("cannot run {program}; scripts/setup finds it again"))?;
    if !status.success() {
        bail!("{program} failed; what it says is above");
    }
    Ok(())
}

fn print_table(sizes: &[Size]) {
    println!(
        "\n{:<14}{:>8}{:>12}  of {:<22}{:>6}",
        "contract",
        "raw",
        "compressed",
        gate::CODE_LIMIT,
        "pages"
    );
    for Size {
        contract,
        raw,
        compressed,
        pages,
    } in sizes
    {
        let bar = gate::bar(*compressed, *compressed);
        let percent = compressed * 100 / gate::CODE_LIMIT;
        let pages = pages.map_or_else(|| "–".to_owned(), |pages| pages.to_string());
        println!("{contract:<14}{raw:>8}{compressed:>12}  {bar}{percent:>4} %{pages:>6}");
    }
}

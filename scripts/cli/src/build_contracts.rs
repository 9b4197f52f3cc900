//! `usdai build`: contracts to WASM, small, the same bytes everywhere, and within the chain's limits.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{bail, ensure, Context, Result};
use serde::Serialize;

use crate::gate;

/// Where the contracts' WASM lands; tests and deployment read it from here.
const OUTPUT: &str = "target/contracts";

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
        let known = contracts()?;
        for name in &self.contracts {
            ensure!(known.contains(name), "no contract {name}; there are {}", known.join(", "));
        }
        let everything = self.contracts.is_empty();
        let names = if everything { known } else { self.contracts };

        fs::create_dir_all(OUTPUT)?;
        let (mut sizes, mut refusals) = (Vec::new(), Vec::new());
        for contract in names {
            let wasm = toolchain.build(&contract)?;
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

/// Names of the folders in `contracts` that are crates, sorted.
fn contracts() -> Result<Vec<String>> {
    let entries = fs::read_dir("contracts").context("no folder contracts here; call scripts/build, which knows the place")?;
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

/// The compiler and optimiser that `scripts/setup` found.
struct Toolchain {
    cargo: String,
    rustc: String,
    linker: String,
    wasm_opt: String,
    rust_flags: String,
}

impl Toolchain {
    fn from_env() -> Result<Self> {
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

    /// Compiles and optimises one contract to [`OUTPUT`] and returns its WASM.
    ///
    /// One contract a call, since Cargo would otherwise unite the features of all: one re-entrant contract would strip the others of
    /// their guard.
    fn build(&self, contract: &str) -> Result<Vec<u8>> {
        run(Command::new(&self.cargo)
            .args(["build", "--release", "--locked", "--lib", "--package", contract])
            .args([
                "--target",
                "wasm32-unknown-unknown",
                "-Zbuild-std=std,panic_abort",
                "--target-dir",
                CARGO_TARGET,
            ])
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTC", &self.rustc)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", &self.linker)
            .env("CARGO_ENCODED_RUSTFLAGS", &self.rust_flags))
        .with_context(|| format!("{contract} does not compile"))?;

        let file = contract.replace('-', "_") + ".wasm";
        let compiled = PathBuf::from(CARGO_TARGET).join("wasm32-unknown-unknown/release").join(file);
        // Renamed into place, so that a test that runs meanwhile reads the old contract or the new one.
        let output = Path::new(OUTPUT).join(contract).with_extension("wasm");
        let partial = output.with_extension("partial");
        run(Command::new(&self.wasm_opt)
            .arg(&compiled)
            .arg("-o")
            .arg(&partial)
            .args(WASM_OPT_FLAGS))
        .with_context(|| format!("wasm-opt cannot optimise {}", compiled.display()))?;
        fs::rename(&partial, &output)?;
        Ok(fs::read(output)?)
    }
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
        let filled = (compressed * 20 / gate::CODE_LIMIT).min(20);
        let bar = "█".repeat(filled) + &"░".repeat(20 - filled);
        let percent = compressed * 100 / gate::CODE_LIMIT;
        let pages = pages.map_or_else(|| "–".to_owned(), |pages| pages.to_string());
        println!("{contract:<14}{raw:>8}{compressed:>12}  {bar}{percent:>4} %{pages:>6}");
    }
}

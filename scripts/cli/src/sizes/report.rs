//! What was measured, as a table for the terminal and as a page.

use std::fmt::Write as _;

use usdai_cli::units::thousands;

use usdai_cli::gate;

/// Most bytes that the measuring ERC-20 may have on lean-abi.
const ERC20_BYTES: usize = 4_000;
/// Most bytes that one more plain function may take on lean-abi.
const FUNCTION_BYTES: usize = 120;
/// Functions that the larger form of the ERC-20 has more.
const FURTHER_FUNCTIONS: usize = 10;

/// Gas of one thing while the program is in the chain's cache, and while it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gas {
    pub(crate) cached: u64,
    pub(crate) uncached: u64,
}

/// A program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Program {
    /// Bytes on chain, prefix included.
    pub(crate) bytes: usize,
    /// Initial memory in pages of 64 KiB.
    pub(crate) pages: u16,
    /// What each call pays to enter it.
    pub(crate) entry: Gas,
    /// A transfer between two holders, if it is a token.
    pub(crate) transfer: Option<Gas>,
}

/// A contract of the workspace.
#[derive(Clone, Debug)]
pub(crate) struct Contract {
    pub(crate) name: String,
    /// None if it is newer.
    pub(crate) before: Option<Program>,
    pub(crate) after: Program,
}

/// The measuring ERC-20 under one layer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) program: Program,
    /// Bytes with [`FURTHER_FUNCTIONS`] more.
    pub(crate) larger: usize,
}

impl Token {
    /// Bytes of one more plain function, rounded up.
    fn function(&self) -> usize {
        self.larger.saturating_sub(self.program.bytes).div_ceil(FURTHER_FUNCTIONS)
    }
}

/// Everything measured.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    /// Where the contracts are from that these are held against.
    pub(crate) before: String,
    /// Release of the compiler of both.
    pub(crate) compiler: String,
    pub(crate) contracts: Vec<Contract>,
    pub(crate) sdk: Token,
    pub(crate) lean: Token,
    /// Gas of a transfer of OpenZeppelin's ERC-20 in Solidity.
    pub(crate) reference: u64,
}

/// A figure under both layers, what it is held to and whether it holds.
struct Line {
    what: &'static str,
    sdk: String,
    lean: String,
    reference: String,
    target: String,
    met: Option<bool>,
}

impl Report {
    /// For the terminal.
    pub(crate) fn terminal(&self) -> String {
        let mut text = format!(
            "\n{:<14}{:>8}{:>8}{:>8}  of {:<20}{:>16}{:>18}{:>18}{:>18}\n",
            "contract",
            "before",
            "after",
            "saved",
            thousands(gate::CODE_LIMIT),
            "entry, cached",
            "not cached",
            "transfer, cached",
            "not cached",
        );
        for Contract { name, before, after } in &self.contracts {
            let bytes = before.map_or(after.bytes, |before| before.bytes);
            let [entry, transfer] = [entries(before.as_ref(), after), transfers(before.as_ref(), after)];
            let line = format!(
                "{name:<14}{:>8}{:>8}{:>8}  {:<23}{:>16}{:>18}{:>18}{:>18}",
                before.map_or_else(none, |before| thousands(before.bytes)),
                thousands(after.bytes),
                saved(before.as_ref(), after),
                gate::bar(after.bytes, bytes),
                entry[0],
                entry[1],
                transfer[0],
                transfer[1],
            );
            let _ = writeln!(text, "{}", line.trim_end());
        }
        let _ = writeln!(
            text,
            "\n{:<32}{:>8}{:>10}{:>14}  target",
            "ERC-20", "SDK", "lean-abi", "OpenZeppelin"
        );
        for line in self.lines() {
            let Line {
                what,
                sdk,
                lean,
                reference,
                target,
                met,
            } = line;
            let line = format!("{what:<32}{sdk:>8}{lean:>10}{reference:>14}  {target} {}", verdict(met));
            let _ = writeln!(text, "{}", line.trim_end());
        }
        let _ = writeln!(text, "\n{}", self.verdicts().join("\n"));
        text
    }

    /// As `docs/SIZES.md`, made by `command`.
    pub(crate) fn page(&self, command: &str) -> String {
        let mut text = format!(
            "# Sizes\n\n\
             What the ABI layer costs, the SDK's and [lean-abi](../crates/lean-abi), with rustc {}, the flags and the optimiser of\n\
             `scripts/build`.\n\n\
             - **Before** is {}.\n\
             - **After** is the revision that this page is part of.\n\
             - **Bytes** are what lies on chain: the WASM, compressed, with its prefix. An account may have {}.\n\
             - **Entry** is the gas that each call pays to start the program, by Nitro's formulas at activation: while the program is in the\n  \
             chain's cache, and while it is not.\n\
             - **Transfer** is the gas of a whole transaction on the embedded chain between two who hold the token before and after, the\n  \
             21,000 and calldata included.\n\n\
             ## Contracts\n\n\
             | contract | bytes before | after | saved | entry, cached | entry, not cached | transfer, cached | transfer, not cached | pages |\n\
             | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
            self.compiler,
            self.before,
            thousands(gate::CODE_LIMIT),
        );
        for Contract { name, before, after } in &self.contracts {
            let cells = [
                format!("[`{name}`](../contracts/{name})"),
                before.map_or_else(none, |before| thousands(before.bytes)),
                thousands(after.bytes),
                saved(before.as_ref(), after),
            ]
            .into_iter()
            .chain(entries(before.as_ref(), after))
            .chain(transfers(before.as_ref(), after))
            .chain([pair(before.map(|before| before.pages), after.pages)])
            .collect::<Vec<_>>();
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
        let _ = write!(
            text,
            "\n{}\n\n\
             ## An ERC-20\n\n\
             [The same source](../crates/lean-abi/sizes/erc20) under both layers: name and symbol, ERC-6093's errors, the standard's\n\
             events, which alloy encodes beside the SDK's. A further function is a tenth of what ten plain ones with two arguments add,\n\
             bodies included.\n\n\
             | | SDK | lean-abi | OpenZeppelin, Solidity | target | |\n\
             | --- | ---: | ---: | ---: | --- | --- |\n",
            self.verdicts().map(|verdict| format!("- {verdict}")).join("\n"),
        );
        for line in self.lines() {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} | {} |",
                line.what,
                line.sdk,
                line.lean,
                line.reference,
                line.target,
                verdict(line.met)
            );
        }
        let _ = writeln!(text, "\nMade by `{command}`.");
        text
    }

    /// The ERC-20, figure by figure.
    fn lines(&self) -> Vec<Line> {
        let (sdk, lean) = (&self.sdk, &self.lean);
        let line = |what, figure: &dyn Fn(&Token) -> Option<u64>| Line {
            what,
            sdk: figure(sdk).map_or_else(none, thousands),
            lean: figure(lean).map_or_else(none, thousands),
            reference: String::new(),
            target: String::new(),
            met: None,
        };
        let held = |line: Line, target: String, met| Line {
            target,
            met: Some(met),
            ..line
        };
        let transfer = line("transfer, cached", &|token| token.program.transfer.map(|gas| gas.cached));
        let cached = lean.program.transfer.map_or(u64::MAX, |gas| gas.cached);
        vec![
            held(
                line("bytes", &|token| Some(token.program.bytes as u64)),
                format!("at most {}", thousands(ERC20_BYTES)),
                lean.program.bytes <= ERC20_BYTES,
            ),
            held(
                line("bytes of a further function", &|token| Some(token.function() as u64)),
                format!("at most {FUNCTION_BYTES}"),
                lean.function() <= FUNCTION_BYTES,
            ),
            line("entry, cached", &|token| Some(token.program.entry.cached)),
            line("entry, not cached", &|token| Some(token.program.entry.uncached)),
            held(
                Line {
                    reference: thousands(self.reference),
                    ..transfer
                },
                "at most OpenZeppelin's".into(),
                cached <= self.reference,
            ),
            line("transfer, not cached", &|token| token.program.transfer.map(|gas| gas.uncached)),
            line("pages of memory", &|token| Some(token.program.pages.into())),
        ]
    }

    /// What is asked of the contracts, and whether it is so.
    fn verdicts(&self) -> [String; 2] {
        let worse = |is_worse: &dyn Fn(&Program, &Program) -> bool| {
            let names: Vec<_> = self
                .contracts
                .iter()
                .filter(|contract| contract.before.is_some_and(|before| is_worse(&before, &contract.after)))
                .map(|contract| contract.name.as_str())
                .collect();
            if names.is_empty() {
                "met".to_owned()
            } else {
                format!("missed by {}", names.join(", "))
            }
        };
        let larger = worse(&|before, after| after.bytes >= before.bytes);
        let dearer = worse(&|before, after| {
            let figures = |program: &Program| [Some(program.entry), program.transfer];
            figures(before)
                .into_iter()
                .zip(figures(after))
                .filter_map(|(before, after)| Some((before?, after?)))
                .any(|(before, after)| after.cached > before.cached || after.uncached > before.uncached)
        });
        [
            format!("Every contract smaller: {larger}."),
            format!("None of these gas figures worse: {dearer}."),
        ]
    }
}

fn verdict(met: Option<bool>) -> &'static str {
    match met {
        Some(true) => "met",
        Some(false) => "**missed**",
        None => "",
    }
}

fn none() -> String {
    "–".to_owned()
}

/// What is gone of the bytes before; less than nothing if there are more.
fn saved(before: Option<&Program>, after: &Program) -> String {
    before.map_or_else(none, |before| {
        let thousandths = before.bytes.abs_diff(after.bytes) * 1_000 / before.bytes.max(1);
        let sign = if after.bytes > before.bytes { "−" } else { "" };
        format!("{sign}{}.{} %", thousandths / 10, thousandths % 10)
    })
}

/// Entry, cached and not.
fn entries(before: Option<&Program>, after: &Program) -> [String; 2] {
    both(before.map(|before| before.entry), Some(after.entry))
}

/// Transfer, cached and not; nothing where the contract is no token.
fn transfers(before: Option<&Program>, after: &Program) -> [String; 2] {
    both(before.and_then(|before| before.transfer), after.transfer)
}

fn both(before: Option<Gas>, after: Option<Gas>) -> [String; 2] {
    let Some(after) = after else { return Default::default() };
    [
        pair(before.map(|gas| gas.cached), after.cached),
        pair(before.map(|gas| gas.uncached), after.uncached),
    ]
}

fn pair<T: ToString>(before: Option<T>, after: T) -> String {
    format!("{} → {}", before.map_or_else(none, thousands), thousands(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(bytes: usize, transfer: Option<u64>) -> Program {
        let gas = |cached| Gas {
            cached,
            uncached: cached + 10_000,
        };
        Program {
            bytes,
            pages: 1,
            entry: gas(bytes as u64 / 5),
            transfer: transfer.map(gas),
        }
    }

    fn report() -> Report {
        let contract = |name: &str, before, after| Contract {
            name: name.into(),
            before,
            after,
        };
        let token = |bytes, larger, transfer| Token {
            program: program(bytes, Some(transfer)),
            larger,
        };
        Report {
            before: "commit `ea70182`".into(),
            compiler: "1.96.0".into(),
            contracts: vec![
                contract("dollar", Some(program(20_000, Some(40_000))), program(10_000, Some(36_000))),
                contract("newcomer", None, program(5_000, None)),
            ],
            sdk: token(5_700, 7_701, 36_500),
            lean: token(4_000, 5_200, 35_000),
            reference: 35_000,
        }
    }

    #[test]
    fn a_page_holds_every_figure_and_how_it_was_made() {
        let page = report().page("scripts/sizes --write");
        for line in [
            "| [`dollar`](../contracts/dollar) | 20,000 | 10,000 | 50.0 % | 4,000 → 2,000 | 14,000 → 12,000 | 40,000 → 36,000 | 50,000 → 46,000 | 1 → 1 |",
            "| [`newcomer`](../contracts/newcomer) | – | 5,000 | – | – → 1,000 | – → 11,000 |  |  | – → 1 |",
            "- Every contract smaller: met.",
            "- None of these gas figures worse: met.",
            "| bytes | 5,700 | 4,000 |  | at most 4,000 | met |",
            "| bytes of a further function | 201 | 120 |  | at most 120 | met |",
            "| transfer, cached | 36,500 | 35,000 | 35,000 | at most OpenZeppelin's | met |",
            "Made by `scripts/sizes --write`.",
        ] {
            assert!(page.lines().any(|said| said == line), "{line}\nis not in\n{page}");
        }
        assert_eq!(page, report().page("scripts/sizes --write"));
    }

    #[test]
    fn a_target_missed_is_said() {
        let mut report = report();
        report.lean.program.bytes += 1;
        report.lean.larger = report.lean.program.bytes + 1_201;
        report.reference -= 1;
        report.contracts[0].after = program(20_001, Some(40_001));
        let page = report.page("scripts/sizes");
        assert_eq!(page.matches("**missed**").count(), 3, "{page}");
        assert!(page.contains("| 20,000 | 20,001 | −0.0 % |"), "{page}");
        assert!(page.contains("smaller: missed by dollar."), "{page}");
        assert!(page.contains("worse: missed by dollar."), "{page}");
    }

    #[test]
    fn the_terminal_shows_what_is_left_saved_and_free() {
        let table = report().terminal();
        let line = table
            .lines()
            .find(|line| line.starts_with("dollar"))
            .expect("a line for each contract");
        assert!(line.contains(&("█".repeat(8) + &"▒".repeat(8) + &"░".repeat(4))), "{line}");
        let newcomer = table
            .lines()
            .find(|line| line.starts_with("newcomer"))
            .expect("a line for each contract");
        assert!(newcomer.contains(&("█".repeat(4) + &"░".repeat(16))), "{newcomer}");
    }
}

//! What the macros refuse, and in what words. Each file in `refused` is compiled, and says at its top what must be among the errors:
//! `// error: …` for each, in our words, not the compiler's. An error in other words fails the test, too, and so does a file without
//! expected errors that has some.
//!
//! The compiler is called as cargo calls it, with the libraries that this test is linked with: they have been built, so it takes a
//! second for each file. Cargo tells nobody which files those are; of several in its folder, built with other features, say, a program
//! that prints the identity of a type finds the right one.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::{
    any::TypeId,
    env,
    ffi::OsString,
    fs,
    panic::{catch_unwind, UnwindSafe},
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
    time::SystemTime,
};

use lean_abi::{
    describe::{self, assert_implements, joined, Function, Interface, Item, Mutability, Parameter},
    private::{assert_unique, limb, views},
    selector, signature_hash, Name,
};

macro_rules! cases {
    ($($case:ident)+) => {
        $(
            #[test]
            fn $case() {
                check(stringify!($case));
            }
        )+

        /// No file without a test.
        #[test]
        fn there_are_no_others() {
            let mut files: Vec<_> = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name()).collect();
            files.sort();
            let mut cases = [$(OsString::from(concat!(stringify!($case), ".rs"))),+];
            cases.sort();
            assert_eq!(files, cases);
        }
    };
}

cases! {
    accepted
    argument
    missing
    option
    other_mutability
    other_results
    receiver
    reserved_selector
    result
    same_selector
    sizes
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/refused")
}

fn check(case: &str) {
    let libraries = libraries();
    let file = folder().join(case).with_extension("rs");
    let text = fs::read_to_string(&file).unwrap();
    let expected: Vec<_> = text.lines().map_while(|line| line.strip_prefix("// error: ")).collect();
    let mut call = compiler();
    for (name, path) in libraries {
        call.arg("--extern").arg(external(name, path));
    }
    let compiled = call
        .args(["--crate-type=lib", "--emit=metadata", "--cap-lints=allow", "--out-dir"])
        .arg(env!("CARGO_TARGET_TMPDIR"))
        .arg(&file)
        .output()
        .unwrap();
    let said = String::from_utf8(compiled.stderr).unwrap();
    let disagreements = disagreements(&expected, &said, case);
    assert!(disagreements.is_empty(), "{}\n\n{said}", disagreements.join("\n"));
    assert_eq!(compiled.status.success(), expected.is_empty(), "{said}");
}

/// What of `expected` is in none of the errors that the compiler `said`, and what errors are not expected, or not in the case's file.
fn disagreements(expected: &[&str], said: &str, case: &str) -> Vec<String> {
    let errors = errors(said);
    let missing = expected
        .iter()
        .filter(|sentence| !errors.iter().any(|error| error.contains(**sentence)))
        .map(|sentence| format!("no error says: {sentence}"));
    let place = format!("{case}.rs:");
    let others = errors
        .iter()
        .filter(|error| !error.contains(&place) || !expected.iter().any(|sentence| error.contains(sentence)))
        .map(|error| format!("not expected: {}", error.lines().next().unwrap_or_default()));
    missing.chain(others).collect()
}

/// Each error, with its lines about the place and the cause. The compiler's last words, which count them, are none.
fn errors(said: &str) -> Vec<String> {
    let mut errors: Vec<String> = Vec::new();
    for line in said.lines() {
        if errors.is_empty() || line.starts_with("error") || line.starts_with("warning") {
            errors.push(String::new());
        }
        if let Some(error) = errors.last_mut() {
            error.push_str(line);
            error.push('\n');
        }
    }
    errors.retain(|error| error.starts_with("error") && !error.starts_with("error: aborting"));
    errors
}

/// The compiler, as cargo finds it.
fn compiler() -> Command {
    let mut compiler = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    compiler.args(["--edition=2021", "--color=never"]);
    compiler.arg("-L").arg(named("dependency=", &built()));
    compiler
}

/// Where cargo puts libraries, and this test.
fn built() -> PathBuf {
    env::current_exe().unwrap().parent().unwrap().to_owned()
}

fn external(name: &str, path: &Path) -> OsString {
    named(&format!("{name}="), path)
}

fn named(name: &str, path: &Path) -> OsString {
    let mut named = OsString::from(name);
    named.push(path);
    named
}

/// The libraries that the files use, as they are linked into this test.
fn libraries() -> &'static [(&'static str, PathBuf)] {
    static LIBRARIES: OnceLock<[(&str, PathBuf); 2]> = OnceLock::new();
    LIBRARIES.get_or_init(|| {
        [
            linked("lean_abi", "lean_abi::MalformedReturn", TypeId::of::<lean_abi::MalformedReturn>()),
            linked("stylus_sdk", "stylus_sdk::abi::Bytes", TypeId::of::<stylus_sdk::abi::Bytes>()),
        ]
    })
}

/// The library `name` of which a type has this identity: it differs from build to build.
fn linked(name: &'static str, r#type: &str, identity: TypeId) -> (&'static str, PathBuf) {
    let files = fs::read_dir(built()).unwrap().map(|file| file.unwrap().path());
    let mut candidates: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "rlib"))
        .filter(|path| {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            file.starts_with(&format!("lib{name}-"))
        })
        .map(|path| {
            (
                path.metadata().and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH),
                path,
            )
        })
        .collect();
    // Most often it is the newest.
    candidates.sort();
    let mut said = Vec::new();
    for (_, candidate) in candidates.into_iter().rev() {
        let printed = printed_identity(name, r#type, &candidate);
        if printed.status.success() && printed.stdout == format!("{identity:?}").into_bytes() {
            return (name, candidate);
        }
        said.push(format!("{}: {}", candidate.display(), String::from_utf8_lossy(&printed.stderr)));
    }
    panic!(
        "{} has no {name} that this test is linked with; is rustc cargo's?\n{}",
        built().display(),
        said.join("\n")
    )
}

/// What a program linked with `library` prints of a type's identity, or why there is no program.
fn printed_identity(name: &str, r#type: &str, library: &Path) -> Output {
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("identity_{name}"));
    let source = program.with_extension("rs");
    fs::write(
        &source,
        format!("fn main() {{ print!(\"{{:?}}\", core::any::TypeId::of::<{type}>()) }}"),
    )
    .unwrap();
    let compiled = compiler()
        .arg("--extern")
        .arg(external(name, library))
        .arg("-o")
        .arg(&program)
        .arg(&source)
        .output()
        .unwrap();
    if compiled.status.success() {
        Command::new(&program).output().unwrap()
    } else {
        compiled
    }
}

#[test]
fn errors_are_compared() {
    let said = "warning: unused\n --> a.rs:1:1\n\nerror[E0277]: `f64` has no type\n --> tests/a.rs:2:1\n  |\n  = note: the ABI has\n\n\
                error: no\n --> tests/a.rs:4:1\n\nerror: aborting due to 2 previous errors\n\nSome errors have\n";
    assert_eq!(errors(said).len(), 2);
    let none: [String; 0] = [];
    assert_eq!(disagreements(&["`f64` has no type", "no"], said, "a"), none);
    assert_eq!(disagreements(&["the ABI has", "error: no"], said, "a"), none);
    // One that is not expected, one that does not come, and both elsewhere.
    assert_eq!(disagreements(&["`f64` has no type"], said, "a"), ["not expected: error: no"]);
    assert_eq!(
        disagreements(&["`f64`", "error: no", "2 previous"], said, "a"),
        ["no error says: 2 previous"]
    );
    assert_eq!(disagreements(&["`f64`", "error: no"], said, "b").len(), 2);
    assert_eq!(disagreements(&[], "", "a"), none);
    assert_eq!(disagreements(&[], said, "a").len(), 2);
}

/// What stops the compiler where `check` is a constant.
fn stops<T>(check: impl FnOnce() -> T + UnwindSafe) -> String {
    let Err(cause) = catch_unwind(check) else {
        panic!("it is taken");
    };
    let text = cause.downcast_ref::<String>().cloned();
    text.or_else(|| cause.downcast_ref::<&str>().map(ToString::to_string)).unwrap()
}

const fn function(name: &'static str, selector: u32, mutability: Mutability, results: &'static [Parameter]) -> Function {
    Function {
        name,
        selector,
        parameters: &[],
        results,
        mutability,
        documentation: &[],
    }
}

const fn interface(name: &'static str, functions: &'static [&'static [Function]]) -> Interface {
    Interface {
        name,
        documentation: &[],
        functions,
        errors: &[],
        events: &[],
        constructor: None,
    }
}

const WORD: Parameter = Parameter {
    name: "",
    r#type: "uint256",
    indexed: false,
    structure: None,
};
const FLAG: Parameter = Parameter { r#type: "bool", ..WORD };
const TEXT: Parameter = Parameter { r#type: "bytes32", ..WORD };
const GET: Function = function("get", 7, Mutability::View, &[WORD]);
const PUT: Function = function("put", 8, Mutability::NonPayable, &[]);
const POP: Function = function("pop", 9, Mutability::View, &[]);
const STORE: Interface = interface("Store", &[&[GET], &[PUT]]);

/// The compiler runs the functions that check contracts. Here a program does, on what no contract can be made of, and they let the same
/// through and stop with the same words.
#[test]
fn a_contract_that_an_interface_does_not_describe_is_refused_in_words() {
    const FEWER: Interface = interface("I", &[&[PUT], &[GET]]);
    const WRITES: Interface = interface("I", &[&[function("get", 7, Mutability::NonPayable, &[WORD])]]);
    const WRONG: [(Interface, &str); 6] = [
        (
            interface("I", &[&[GET], &[PUT, POP]]),
            "`Store` does not have the function `pop` of `I`",
        ),
        (
            interface("I", &[&[function("put", 8, Mutability::View, &[])]]),
            "`Store` has another mutability for the function `put` of `I`",
        ),
        (
            interface("I", &[&[function("put", 8, Mutability::Payable, &[])]]),
            "`Store` has another mutability for the function `put` of `I`",
        ),
        (
            interface("I", &[&[function("get", 7, Mutability::View, &[FLAG])]]),
            "`Store` has other results for the function `get` of `I`",
        ),
        (
            interface("I", &[&[function("get", 7, Mutability::View, &[TEXT])]]),
            "`Store` has other results for the function `get` of `I`",
        ),
        (
            interface("I", &[&[function("get", 7, Mutability::View, &[])]]),
            "`Store` has other results for the function `get` of `I`",
        ),
    ];
    assert_eq!(
        [8, 7, 9].map(|selector| STORE.function(selector).map(|found| found.name)),
        [Some("put"), Some("get"), None]
    );
    assert_implements(&STORE, &FEWER);
    // A view may stand for what could write.
    assert_implements(&STORE, &WRITES);
    for (wrong, words) in WRONG {
        assert_eq!(stops(|| assert_implements(&STORE, &wrong)), words);
    }
}

#[test]
fn two_contracts_of_one_address_have_no_function_both() {
    const OTHER: Interface = interface("Other", &[&[POP]]);
    const TWIN: Interface = interface("Twin", &[&[POP, PUT]]);
    let lists = joined::<3>(&STORE, &OTHER);
    assert_eq!(lists.map(|list| list[0].name), ["get", "put", "pop"]);
    assert_eq!(stops(|| joined::<4>(&STORE, &OTHER)), "not as many lists");
    assert_eq!(stops(|| joined::<3>(&STORE, &TWIN)), "both contracts have the function `put`");

    let results = describe::named("get", &[WORD, FLAG], ["amount", "there"]);
    assert_eq!(
        results.map(|result| (result.name, result.r#type)),
        [("amount", "uint256"), ("there", "bool")]
    );
    assert_eq!(
        stops(|| describe::named("get", &[WORD], ["a", "b"])),
        "`get` returns 1 values and names 2"
    );
}

#[test]
fn selectors_are_each_functions_own_and_no_constructors() {
    assert_unique(&[&[(1, "a"), (2, "b")], &[], &[(3, "c")]]);
    for lists in [&[&[(1, "a"), (1, "c")][..]][..], &[&[(1, "a")], &[(2, "b"), (1, "c")]]] {
        assert_eq!(stops(|| assert_unique(lists)), "functions `a` and `c` have the same selector");
    }
    assert_eq!(
        stops(|| assert_unique(&[&[(1, "a"), (0x5585_258d, "b")]])),
        "the selector 0x5585258d is reserved for the constructor"
    );
    assert_eq!(views::<2>(&[GET, POP]), [7, 9]);
    assert_eq!(
        stops(|| views::<2>(&[GET, PUT])),
        "only views are answered while the contract is at work"
    );

    let nested = [
        Name::new("address"),
        Name::tuple(&[Name::new("bool"), Name::new("uint").then_number(256)]),
    ];
    assert_eq!(Name::tuple(&nested).text(), "(address,(bool,uint256))");
    // ERC-20's, as everybody knows them.
    let [account, amount] = [Name::new("address"), Name::new("uint256")];
    assert_eq!(selector("transfer", &[account, amount]), 0xa905_9cbb);
    let item = Item {
        name: "Transfer",
        hash: signature_hash("Transfer", &[account, account, amount]),
        parameters: &[],
        documentation: &[],
    };
    assert_eq!(item.selector(), 0xddf2_52ad);
    let longest = "x".repeat(512);
    assert_eq!(Name::new(&longest).text(), longest);
    assert_eq!(stops(|| Name::new(&longest).then("x")), "the type's name is too long");
    let word: [u8; 32] = core::array::from_fn(|at| u8::try_from(at).unwrap());
    assert_eq!([0, 3].map(|part| limb(word, part)), [0x0001_0203_0405_0607, 0x1819_1a1b_1c1d_1e1f]);
}

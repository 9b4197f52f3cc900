//! The examples of docs/INTEGRATING.md, run as they stand there: a depositor in JavaScript, a program with alloy, a vault in Solidity.
//! They need what `scripts/build` leaves in `target`, and the npm packages that `scripts/setup` installs.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::{fs, net::SocketAddr, path::PathBuf, process::Command};

use alloy_primitives::{keccak256, Address, Bytes, U256};
use alloy_sol_types::{sol, SolCall, SolValue};
use stylus_chain::{
    accounts::DEV_ACCOUNTS,
    rpc::{serve, Clock},
    Chain,
};
use usdai_cli::{
    alloy_signer_local::PrivateKeySigner,
    embedded::Embedded,
    node::{Node, NodeExt, Person},
    protocol::{
        bindings::{IErc20, IMintable, Qev, Susdai, Usdai},
        counterparts::{dollars6, Counterparts, SolidityArtifacts},
        suite::{Suite, Terms},
    },
    story::cast::{Cast, Deployment},
    units::wad,
};

#[path = "../../../examples/alloy/leave.rs"]
mod leave;

sol! {
    interface PatientVault {
        function stake(uint256 assets, uint256 minShares) external returns (uint256 shares);
        function requestExit(uint256 shares) external returns (uint256 requestId);
        function collect() external returns (uint256 assets);
        function value(uint256[] requests) external view returns (uint256);
    }
}

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The protocol on a chain with people in it.
struct Town {
    node: Embedded,
    suite: Suite,
    world: Counterparts,
    cast: Cast,
}

impl Town {
    fn new() -> Self {
        let mut node = Embedded::on(Chain::new());
        let cast = Cast::of(Person::derived("admin", keccak256("integrating")).unwrap()).unwrap();
        node.fund(cast.admin.address(), wad(1_000)).unwrap();
        let target = root().join("target");
        let Deployment { world, suite, .. } = cast
            .deploy(&mut node, &target, &SolidityArtifacts::under(&target), Terms::REAL)
            .unwrap();
        Self { node, suite, world, cast }
    }

    /// Gives `account` `dollars` of USDC.
    fn give_usdc(&mut self, account: Address, dollars: u64) {
        let mint = IMintable::mintCall {
            to: account,
            amount: dollars6(dollars),
        };
        let admin = self.cast.admin.clone();
        self.node.perform(&admin, self.world.usdc, &mint).unwrap();
    }

    /// Gives `person` what USDai `dollars` of USDC make.
    fn give_usdai(&mut self, person: &Person, dollars: u64) -> U256 {
        let (usdc, usdai, me) = (self.world.usdc, self.suite.usdai, person.address());
        self.give_usdc(me, dollars);
        let approve = IErc20::approveCall {
            spender: usdai,
            value: U256::MAX,
        };
        self.node.perform(person, usdc, &approve).unwrap();
        let deposit = Usdai::deposit_0Call {
            depositToken: usdc,
            depositAmount: dollars6(dollars),
            usdaiAmountMinimum: U256::ZERO,
            recipient: me,
        };
        self.node.perform(person, usdai, &deposit).unwrap().0
    }

    fn balance(&mut self, token: Address, account: Address) -> U256 {
        self.node.read(token, &IErc20::balanceOfCall { account }).unwrap()
    }
}

/// Lets the epoch of `node` end, and settles it.
fn settle(node: &mut Embedded, qev: Address, keeper: &Person) {
    let end = node.read(qev, &Qev::epochEndCall {}).unwrap();
    node.pass_time_until(end.to::<u64>()).unwrap();
    let maxSteps = U256::from(1_000);
    node.perform(keeper, qev, &Qev::settleCall { maxSteps }).unwrap();
}

fn person(number: usize) -> Person {
    Person {
        name: "integrator",
        signer: PrivateKeySigner::from_bytes(&DEV_ACCOUNTS[number].key).unwrap(),
    }
}

#[test]
#[ignore = "needs scripts/build"]
fn the_solidity_vault_stakes_leaves_and_collects() {
    let mut town = Town::new();
    let owner = person(1);
    let held = town.give_usdai(&owner, 10_000);
    let (usdai, susdai, qev) = (town.suite.usdai, town.suite.susdai, town.suite.qev);
    let artifacts = SolidityArtifacts::under(&root().join("target"));
    let vault = artifacts
        .deploy(&mut town.node, &owner, "PatientVault", &(susdai,).abi_encode_params())
        .unwrap();
    let approve = IErc20::approveCall {
        spender: vault,
        value: held,
    };
    town.node.perform(&owner, usdai, &approve).unwrap();
    let stake = PatientVault::stakeCall {
        assets: held,
        minShares: U256::ZERO,
    };
    let shares = town.node.perform(&owner, vault, &stake).unwrap().0;
    assert_eq!(town.balance(susdai, vault), shares);

    let request = PatientVault::requestExitCall { shares };
    let id = town.node.perform(&owner, vault, &request).unwrap().0;
    let pending = Susdai::pendingRedeemRequestCall {
        requestId: id,
        controller: vault,
    };
    assert_eq!(town.node.read(susdai, &pending).unwrap(), shares);
    let value = PatientVault::valueCall { requests: vec![id] };
    let booked = town.node.read(vault, &value).unwrap();
    assert!(booked <= held && held - booked < U256::from(10), "{booked} for {held}");
    let nothing = town.node.perform(&owner, vault, &PatientVault::collectCall {}).unwrap().0;
    assert_eq!(nothing, U256::ZERO);

    let keeper = town.cast.keeper.clone();
    settle(&mut town.node, qev, &keeper);
    let got = town.node.perform(&owner, vault, &PatientVault::collectCall {}).unwrap().0;
    assert_eq!(town.balance(usdai, owner.address()), got);
    assert!(got <= held && held - got < U256::from(10), "{got} for {held}");
    town.node.perform(&keeper, vault, &PatientVault::collectCall {}).unwrap_err();
}

#[test]
#[ignore = "needs scripts/build"]
fn the_viem_script_and_the_alloy_program_run_over_json_rpc() {
    let mut town = Town::new();
    let (reader, alloy) = (person(1), person(2));
    town.give_usdc(reader.address(), 1_000);
    let stake = town.give_usdai(&alloy, 500);
    let Town { node, suite, world, cast } = town;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let server = runtime
        .block_on(serve(node.chain, SocketAddr::from(([127, 0, 0, 1], 0)), Clock::Manual))
        .unwrap();

    let addresses = serde_json::json!({ "usdai": suite.usdai, "susdai": suite.susdai, "qev": suite.qev });
    let output = Command::new("node")
        .arg("deposit.js")
        .current_dir(root().join("examples/viem"))
        .env("RPC_URL", server.url())
        .env("PRIVATE_KEY", reader.signer.to_bytes().to_string())
        .env("USDC", world.usdc.to_string())
        .env("ADDRESSES", addresses.to_string())
        .output()
        .unwrap();
    let (said, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}{wrong}");
    let told: serde_json::Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    let number = |name: &str| told[name].as_str().unwrap().parse::<U256>().unwrap();
    let view = |to: Address, data: Vec<u8>| -> Bytes {
        let call = stylus_chain::Tx::call(Address::ZERO, to, data);
        server.with_chain(|chain| chain.simulate(&call).unwrap().ok().unwrap().output)
    };
    let kept = Susdai::balanceOfCall { account: reader.address() };
    let kept = Susdai::balanceOfCall::abi_decode_returns(&view(suite.susdai, kept.abi_encode())).unwrap();
    assert_eq!(kept + number("pending"), number("shares"));
    assert!(number("shares") > wad(990), "{said}");

    let key = alloy.signer.clone();
    let depositor = runtime.block_on(leave::Depositor::new(&server.url(), key, suite.susdai)).unwrap();
    let request = runtime.block_on(depositor.stake_and_ask_back(stake)).unwrap();
    assert!(request > number("position"));
    assert_eq!(runtime.block_on(depositor.claim()).unwrap(), U256::ZERO);
    server.with_chain(|chain| {
        let mut node = Embedded::on(std::mem::take(chain));
        settle(&mut node, suite.qev, &cast.keeper);
        *chain = node.chain;
    });
    let came = runtime.block_on(depositor.claim()).unwrap();
    assert!(came <= stake && stake - came < U256::from(10), "{came} for {stake}");
}

/// The types of the package are those of the contracts: a wrong name, argument or result in the script is found by the compiler.
#[test]
#[ignore = "needs the npm packages"]
fn the_viem_script_agrees_with_the_packages_types() {
    let folder = root().join("examples/viem");
    let check = |file: &str| {
        let output = Command::new("node_modules/.bin/tsc")
            .args(["--project", file])
            .current_dir(&folder)
            .output()
            .unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (fits, said) = check("jsconfig.json");
    assert!(fits, "{said}");
}

/// What the guide shows is what ran above.
#[test]
fn the_guide_shows_the_examples_as_they_are() {
    let guide = fs::read_to_string(root().join("docs/INTEGRATING.md")).unwrap();
    for file in ["solidity/PatientVault.sol", "viem/deposit.js", "alloy/leave.rs"] {
        let text = fs::read_to_string(root().join("examples").join(file)).unwrap();
        assert!(
            guide.contains(text.trim_end()),
            "docs/INTEGRATING.md does not show examples/{file} as it is"
        );
    }
}

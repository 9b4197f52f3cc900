//! A contract as it goes on chain: its code, its constructor's arguments, the address they give it.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Mutex, PoisonError},
};

use alloy_primitives::{address, fixed_bytes, keccak256, Address, Bytes, FixedBytes, B256, U256};
use alloy_sol_types::SolCall;

use super::{
    bindings::{IArbWasm, IStylusDeployer},
    counterparts::SolidityArtifacts,
};
use crate::node::{Node, NodeError, NodeExt, Person, Sent};

/// Where Arbitrum's chains have the StylusDeployer.
pub use stylus_chain::STYLUS_DEPLOYER;

/// The precompile that knows programs.
pub const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");
/// Selector of `stylus_constructor()`, which takes the constructor's arguments behind it.
const CONSTRUCTOR: FixedBytes<4> = fixed_bytes!("5585258d");
/// Offered for the activation's data fee, wei; what is not taken comes back.
pub const ACTIVATION_VALUE: u64 = 100_000_000_000_000_000;

/// Code as it lies on chain, by the hash of the WASM that it was packed from.
static PACKED: Mutex<BTreeMap<B256, Bytes>> = Mutex::new(BTreeMap::new());

/// A contract to be deployed.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its name, that of its folder in `contracts/`.
    pub name: &'static str,
    /// Its code as it lies on chain.
    pub code: Bytes,
    /// The constructor's arguments, each with its name.
    pub arguments: Vec<(&'static str, Argument)>,
    /// Chosen by whoever deploys. Zero: an address that follows from the StylusDeployer's nonce.
    pub salt: B256,
}

/// An argument of a constructor.
#[derive(Clone, Copy, Debug)]
pub enum Argument {
    /// An account.
    Account(Address),
    /// A number.
    Number(u64),
}

impl Argument {
    fn word(self) -> B256 {
        match self {
            Self::Account(account) => account.into_word(),
            Self::Number(number) => B256::from(U256::from(number)),
        }
    }
}

impl std::fmt::Display for Argument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Account(account) => account.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

/// `wasm` as it lies on chain, which the file at `kept` is to know next time: every test binary asks for the same contracts.
fn pack(wasm: &[u8], kept: &Path) -> Bytes {
    if let Ok(code) = std::fs::read(kept) {
        return code.into();
    }
    let code = stylus_chain::compress(wasm);
    // Whole or not at all, for others may be looking; and if it cannot be kept, it is packed again.
    let unfinished = kept.with_extension(std::process::id().to_string());
    let _ = kept
        .parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::write(&unfinished, &code))
        .and_then(|()| std::fs::rename(&unfinished, kept));
    code.into()
}

impl Program {
    /// Code of `target/contracts/NAME.wasm` as it lies on chain.
    ///
    /// # Errors
    /// If the file is missing.
    pub fn load(target: &Path, name: &str) -> Result<Bytes, NodeError> {
        let path = target.join("contracts").join(format!("{name}.wasm"));
        let wasm = std::fs::read(&path).map_err(|_| NodeError::Other(format!("{} is missing: run scripts/build", path.display())))?;
        // Packing takes a tenth of a second, and tests deploy the same contracts a great many times.
        let mut packed = PACKED.lock().unwrap_or_else(PoisonError::into_inner);
        let hash = keccak256(&wasm);
        let code = packed
            .entry(hash)
            .or_insert_with(|| pack(&wasm, &target.join("packed").join(hash.to_string())));
        Ok(code.clone())
    }

    /// Hash of the code, under which the chain knows the program.
    #[must_use]
    pub fn code_hash(&self) -> B256 {
        keccak256(&self.code)
    }

    /// The arguments as the constructor takes them.
    #[must_use]
    pub fn encoded_arguments(&self) -> Vec<u8> {
        self.arguments.iter().flat_map(|(_, argument)| argument.word()).collect()
    }

    /// Where `deployer`, a StylusDeployer, puts it. The address follows from code, arguments and salt alone: whoever sends the
    /// transaction, it is this contract, constructed in this way, or none.
    #[must_use]
    pub fn address(&self, deployer: Address) -> Address {
        // As the StylusDeployer mixes them: the salt, then what the constructor is called with.
        let salt = keccak256([self.salt.as_slice(), &self.init_data(&self.encoded_arguments())].concat());
        deployer.create2(salt, keccak256(stylus_chain::init_code(&self.code)))
    }

    fn init_data(&self, arguments: &[u8]) -> Vec<u8> {
        [CONSTRUCTOR.as_slice(), arguments].concat()
    }

    /// The call that constructs it, once.
    #[must_use]
    pub fn construction(&self) -> Bytes {
        self.init_data(&self.encoded_arguments()).into()
    }

    /// The transaction that deploys, activates and constructs it.
    #[must_use]
    pub fn deployment(&self) -> IStylusDeployer::deployCall {
        deployment(&self.code, &self.encoded_arguments(), self.salt)
    }

    /// Deploys, activates and constructs it in one transaction, `value` wei offered for the activation's data fee.
    ///
    /// # Errors
    /// If the chain refuses the program or its constructor.
    pub fn deploy(&self, node: &mut dyn Node, from: &Person, deployer: Address, value: U256) -> Result<(Address, Sent), NodeError> {
        node.perform_with_value(from, deployer, value, &self.deployment())
    }

    /// What the chain takes for activating it, wei: the data fee, or nothing while the same code is active already.
    ///
    /// # Errors
    /// If the node does not answer, or if it would not activate the program.
    pub fn activation_fee(&self, node: &mut dyn Node) -> Result<U256, NodeError> {
        activation_fee(node, &self.code)
    }

    /// Checks that `address` has this code and that the chain runs it.
    ///
    /// # Errors
    /// If either is not so.
    pub fn verify(&self, node: &mut dyn Node, address: Address) -> Result<(), NodeError> {
        verify(node, self.name, &self.code, address)
    }
}

fn deployment(code: &[u8], arguments: &[u8], salt: B256) -> IStylusDeployer::deployCall {
    IStylusDeployer::deployCall {
        bytecode: stylus_chain::init_code(code).into(),
        initData: [CONSTRUCTOR.as_slice(), arguments].concat().into(),
        initValue: U256::ZERO,
        salt,
    }
}

fn activation_fee(node: &mut dyn Node, code: &Bytes) -> Result<U256, NodeError> {
    let hash = keccak256(code);
    if node.read(ARB_WASM, &IArbWasm::codehashVersionCall { codehash: hash }).is_ok() {
        return Ok(U256::ZERO);
    }
    // An account that has this code for the length of one call.
    let program = Address::from_word(hash);
    let call = IArbWasm::activateProgramCall { program };
    let output = node.view_with_code(
        program,
        code.clone(),
        ARB_WASM,
        U256::from(ACTIVATION_VALUE),
        call.abi_encode().into(),
    )?;
    IArbWasm::activateProgramCall::abi_decode_returns(&output)
        .map(|returned| returned.dataFee)
        .map_err(|_| NodeError::Other("this node knows no Stylus programs: is it an Arbitrum chain?".into()))
}

fn verify(node: &mut dyn Node, name: &str, code: &Bytes, address: Address) -> Result<(), NodeError> {
    let there = node.code(address)?;
    if there != *code {
        return Err(NodeError::Other(format!(
            "the code of {name} at {address} is not what was built: it has hash {}, the build {}",
            keccak256(&there),
            keccak256(code)
        )));
    }
    let codehash = keccak256(code);
    if node.read(ARB_WASM, &IArbWasm::codehashVersionCall { codehash }).unwrap_or_default() == 0 {
        return Err(NodeError::Other(format!(
            "{name} at {address} is not active: it has expired, or the chain has a newer Stylus. Call activateProgram({address}) of {ARB_WASM}"
        )));
    }
    Ok(())
}

/// The StylusDeployer where the chains have it, or one of our own where they have not.
pub(crate) fn stylus_deployer(node: &mut dyn Node, target: &Path, from: &Person) -> Result<Address, NodeError> {
    if node.code(STYLUS_DEPLOYER)?.is_empty() {
        return SolidityArtifacts::under(target).deploy(node, from, "StylusDeployer", &[]);
    }
    Ok(STYLUS_DEPLOYER)
}

/// Deploys, activates and constructs `target/contracts/NAME.wasm` in one transaction at whatever address is next; returns it and the
/// gas taken.
///
/// # Errors
/// If the file is missing, or the chain refuses the program or its constructor.
pub fn deploy_program(
    node: &mut dyn Node,
    target: &Path,
    from: &Person,
    deployer: Address,
    name: &str,
    arguments: &[u8],
) -> Result<(Address, u64), NodeError> {
    let code = Program::load(target, name)?;
    let call = deployment(&code, arguments, B256::ZERO);
    let (address, sent) = node.perform_with_value(from, deployer, U256::from(ACTIVATION_VALUE), &call)?;
    verify(node, name, &code, address)?;
    Ok((address, sent.gas_used))
}

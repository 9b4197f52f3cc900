//! Bringing contracts and programs onto the chain.

use super::{Chain, Receipt, Revert, Tx, TxInvalid};
use crate::{
    accounts::DEV_ACCOUNT,
    arbos::PROGRAM_PREFIX,
    precompiles::{
        ArbWasm::{activateProgramCall, activateProgramReturn},
        ArbWasmCache::cacheProgramCall,
        ARB_WASM, ARB_WASM_CACHE,
    },
};
use alloy_primitives::{address, Address, Bytes, U256};
use alloy_sol_types::SolCall;
use std::io::Write;

/// Where cargo-stylus expects the StylusDeployer.
pub const STYLUS_DEPLOYER: Address = address!("cEcba2F1DC234f70Dd89F2041029807F8D03A990");
/// How WASM begins.
const WASM_MAGIC: [u8; 4] = *b"\0asm";
/// Prefix of brotli-compressed code without dictionary.
const PLAIN_PREFIX: [u8; 4] = [0xEF, 0xF0, 0x00, 0x00];
/// Value offered for the data fee; what is too much comes back.
const FEE_OFFER: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

/// A contract that was deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// Where it is.
    pub address: Address,
    /// Gas of the creating transaction.
    pub gas_used: u64,
    /// Gas of the activating transaction; 0 for EVM contracts, and if the same code was active already.
    pub activation_gas: u64,
    /// Activation's data fee in wei.
    pub data_fee: U256,
}

/// Why a deployment failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeployError {
    /// The creating transaction is invalid, for instance too large.
    #[error(transparent)]
    Invalid(#[from] TxInvalid),
    /// The constructor reverted, or the code is not allowed.
    #[error("creation failed: {0}")]
    Creation(Revert),
    /// The program was not activated.
    #[error("activation failed: {0}")]
    Activation(Revert),
}

impl Chain {
    /// Deploys an EVM contract from its init code (constructor arguments appended).
    ///
    /// # Errors
    /// [`DeployError::Invalid`] and [`DeployError::Creation`].
    pub fn deploy_evm(&mut self, from: Address, init_code: impl Into<Bytes>) -> Result<Deployment, DeployError> {
        self.deploy(Tx::create(from, init_code))
    }

    /// Deploys EVM code that needs no constructor.
    ///
    /// # Errors
    /// As [`Self::deploy_evm`].
    pub fn deploy_runtime(&mut self, from: Address, code: &[u8]) -> Result<Deployment, DeployError> {
        self.deploy(Tx::create(from, init_code(code)))
    }

    /// Deploys and activates a program: plain WASM, or code as it lies on chain (`0xEFF000…`). Activation is paid with value from
    /// `from`; code that is active already is not activated again. Constructors are not called.
    ///
    /// # Errors
    /// [`DeployError`]; [`Revert`]'s text says which rule of activation is broken.
    pub fn deploy_stylus(&mut self, from: Address, wasm_or_code: &[u8]) -> Result<Deployment, DeployError> {
        let code = if wasm_or_code.starts_with(&WASM_MAGIC) {
            compress(wasm_or_code)
        } else {
            wasm_or_code.to_vec()
        };
        let deployment = self.deploy_runtime(from, &code)?;
        if self
            .read(
                ARB_WASM,
                &crate::ArbWasm::programVersionCall {
                    program: deployment.address,
                },
            )
            .is_ok()
        {
            return Ok(deployment);
        }
        let (fee, receipt) = self.activate(from, deployment.address)?;
        Ok(Deployment {
            activation_gas: receipt.gas_used,
            data_fee: fee,
            ..deployment
        })
    }

    /// Activates the program at `program`; returns the data fee in wei and the receipt.
    ///
    /// # Errors
    /// [`DeployError::Activation`], [`DeployError::Invalid`] if `from` lacks the ether offered for the data fee.
    pub fn activate(&mut self, from: Address, program: Address) -> Result<(U256, Receipt), DeployError> {
        let call = activateProgramCall { program };
        let receipt = self.execute(Tx::call(from, ARB_WASM, call.abi_encode()).value(FEE_OFFER))?;
        let receipt = receipt.ok().map_err(DeployError::Activation)?;
        let decoded = activateProgramCall::abi_decode_returns(&receipt.output);
        let fee = decoded.map(|activateProgramReturn { dataFee, .. }| dataFee).unwrap_or_default();
        Ok((fee, receipt))
    }

    /// Puts the program at `program` into the cache, as if it had won a bid, so that calls pay the cached entry price.
    ///
    /// # Errors
    /// [`Revert`] if it is not active.
    pub fn cache_program(&mut self, program: Address) -> Result<Receipt, Revert> {
        self.send(DEV_ACCOUNT, ARB_WASM_CACHE, &cacheProgramCall { program })
            .map(|(_, receipt)| receipt)
    }

    fn deploy(&mut self, tx: Tx) -> Result<Deployment, DeployError> {
        let receipt = self.execute(tx)?.ok().map_err(DeployError::Creation)?;
        let gas_used = receipt.gas_used;
        let address = receipt.contract_address;
        let address = address.ok_or_else(|| DeployError::Creation(receipt.into_revert()))?;
        Ok(Deployment {
            address,
            gas_used,
            activation_gas: 0,
            data_fee: U256::ZERO,
        })
    }
}

/// WASM as it lies on chain: the prefix, then brotli at its best level.
#[must_use]
pub fn compress(wasm: &[u8]) -> Vec<u8> {
    debug_assert!(PLAIN_PREFIX.starts_with(&PROGRAM_PREFIX));
    let mut code = PLAIN_PREFIX.to_vec();
    let mut writer = brotli::CompressorWriter::new(&mut code, 1 << 16, 11, 22);
    // Writing to a vector does not fail, and dropping the writer finishes the stream.
    let _ = writer.write_all(wasm);
    drop(writer);
    code
}

/// Init code that deploys `code` as it is.
#[must_use]
pub fn init_code(code: &[u8]) -> Vec<u8> {
    // PUSH4 length, DUP1, PUSH1 12, PUSH0, CODECOPY, PUSH0, RETURN
    let length = u32::try_from(code.len()).unwrap_or(u32::MAX).to_be_bytes();
    let mut init = vec![0x63];
    init.extend_from_slice(&length);
    init.extend_from_slice(&[0x80, 0x60, 12, 0x5f, 0x39, 0x5f, 0xf3]);
    init.extend_from_slice(code);
    init
}

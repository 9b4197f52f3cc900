//! What a contract's refusal says, in words.

use std::fmt::Debug;

use alloy_primitives::Bytes;
use alloy_sol_types::{sol, Revert, SolError, SolInterface};

use super::bindings::{Caliber, Defaults, Filo, Gateway, Qev, Router, Susdai, SwapAdapter, Usdai};

sol! {
    /// What StylusDeployer says when a constructor or the chain refuses.
    #[allow(missing_docs, reason = "nitro-contracts documents them")]
    #[derive(Debug)]
    interface Deployer {
        error ContractDeploymentError(bytes bytecode);
        error ContractInitializationError(address newContract, bytes data);
    }
}

/// The error's name and arguments if it is one of the protocol's or the deployer's, else its bytes.
#[must_use]
pub fn explain(data: &Bytes) -> String {
    if data.is_empty() {
        return "without a reason (a trap, a missing function, or too little gas)".into();
    }
    if let Ok(Revert { reason }) = Revert::abi_decode(data) {
        return reason;
    }
    match Deployer::DeployerErrors::abi_decode(data) {
        Ok(Deployer::DeployerErrors::ContractDeploymentError(_)) => {
            return "the chain does not take the code (over 24,576 bytes? scripts/build tells)".into();
        }
        Ok(Deployer::DeployerErrors::ContractInitializationError(error)) => {
            return format!("the constructor of {} refuses: {}", error.newContract, explain(&error.data));
        }
        Err(_) => {}
    }
    // An error that several contracts have reads the same in each.
    let known = [
        named::<Usdai::UsdaiErrors>,
        named::<Susdai::SusdaiErrors>,
        named::<Filo::FiloErrors>,
        named::<Defaults::DefaultsErrors>,
        named::<Caliber::CaliberErrors>,
        named::<Qev::QevErrors>,
        named::<Router::RouterErrors>,
        named::<Gateway::GatewayErrors>,
        named::<SwapAdapter::SwapAdapterErrors>,
    ];
    known.iter().find_map(|named| named(data)).unwrap_or_else(|| {
        let shown = &data[..data.len().min(68)];
        let more = if shown.len() < data.len() { "…" } else { "" };
        format!("{}{more}", Bytes::copy_from_slice(shown))
    })
}

/// The error's name and arguments if it is among a contract's.
fn named<E: SolInterface + Debug>(data: &Bytes) -> Option<String> {
    let text = format!("{:?}", E::abi_decode(data).ok()?);
    // `NotWired(NotWired)`: the variant says what the value says.
    let (_, inner) = text.split_once('(')?;
    Some(inner.strip_suffix(')')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::U256;

    #[test]
    fn a_refusal_reads_as_its_name_and_arguments() {
        let lendable = Susdai::ExceedsLendable {
            principal: U256::from(2),
            lendable: U256::from(1),
        };
        assert_eq!(
            explain(&lendable.abi_encode().into()),
            "ExceedsLendable { principal: 2, lendable: 1 }"
        );
        assert_eq!(
            explain(
                &Filo::ZeroValue {
                    parameter: U256::ZERO.into()
                }
                .abi_encode()
                .into()
            )
            .split(' ')
            .next(),
            Some("ZeroValue")
        );
        assert!(explain(&Bytes::new()).contains("without a reason"));
        assert!(explain(&Bytes::from(vec![7; 500])).len() < 200);
    }
}

//! Which addresses are precompiles.

use super::{Ctx, SPEC};
use crate::precompiles::ADDRESSES;
use alloy_primitives::Address;
use revm::{
    handler::{EthPrecompiles, PrecompileProvider},
    interpreter::{CallInputs, InterpreterResult},
    primitives::{hardfork::SpecId, AddressSet},
};

/// Ethereum's precompiles, run by revm, and the addresses of Arbitrum's, which `evm::frame` answers.
#[derive(Debug)]
pub(crate) struct PrecompileSet {
    ethereum: EthPrecompiles,
    /// Ethereum's addresses and Arbitrum's: all warm from the start.
    warm: AddressSet,
    /// revm asks once per EVM whether to warm the addresses.
    announced: bool,
}

impl PrecompileSet {
    pub(crate) fn new() -> Self {
        let ethereum = EthPrecompiles::new(SPEC);
        let warm = ethereum.warm_addresses().iter().copied().chain(ADDRESSES).collect();
        Self {
            ethereum,
            warm,
            announced: false,
        }
    }

    /// Whether `address` is one of Arbitrum's precompiles.
    pub(crate) fn is_arbitrum(address: Address) -> bool {
        ADDRESSES.contains(&address)
    }
}

impl<'db> PrecompileProvider<Ctx<'db>> for PrecompileSet {
    type Output = InterpreterResult;

    fn set_spec(&mut self, _spec: SpecId) -> bool {
        !std::mem::replace(&mut self.announced, true)
    }

    fn run(&mut self, ctx: &mut Ctx<'db>, inputs: &CallInputs) -> Result<Option<InterpreterResult>, String> {
        self.ethereum.run(ctx, inputs)
    }

    fn warm_addresses(&self) -> &AddressSet {
        &self.warm
    }
}

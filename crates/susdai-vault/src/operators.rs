//! Operators (ERC-7540), by the controller's call or by its signature (ERC-7741).

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use eip712::{digest, hash, require_signer, word};
use lean_abi::{constant, SolidityEvent};
use stylus_sdk::{
    prelude::*,
    storage::{StorageBool, StorageMap},
};

use crate::{
    errors::{AuthorizationExpired, AuthorizationNonceUsed, InvalidAuthorizationSigner, VaultError},
    events::{AuthorizationNonceSpent, OperatorSet},
    vault::{require_address, Vault},
};

const AUTHORIZE_TYPE_HASH: [u8; 32] =
    hash("AuthorizeOperator(address controller,address operator,bool approved,bytes32 nonce,uint256 deadline)");

lean_abi::interface! {
    /// ERC-7741: operators by signature, of an account or of a contract (ERC-1271).
    interface IErc7741 {
        /// Makes `operator` the operator of `controller`, who signed it, or no longer, until `deadline` (second, inclusive). By anybody. Errors:
        /// `AuthorizationExpired`, `AuthorizationNonceUsed`, `InvalidAuthorizationSigner`, `ZeroAddress`. Events: `AuthorizationNonceSpent`,
        /// `OperatorSet`.
        function authorizeOperator(
            address controller,
            address operator,
            bool approved,
            bytes32 nonce,
            uint256 deadline,
            bytes signature
        ) external returns (bool);
        /// Spends a nonce of the caller's: what it signed with it is void. Errors: `AuthorizationNonceUsed`. Event: `AuthorizationNonceSpent`.
        function invalidateNonce(bytes32 nonce) external;
        /// Whether `controller` has spent `nonce`.
        function authorizations(address controller, bytes32 nonce) external view returns (bool);
    }
}

/// ERC-165's id of ERC-7741: its functions and `DOMAIN_SEPARATOR`, which comes with ERC-2612.
pub const ERC7741_ID: u32 = {
    let [authorize, invalidate, state] = IErc7741::FUNCTIONS else {
        panic!("the interface has other functions")
    };
    authorize.selector ^ invalidate.selector ^ state.selector ^ 0x3644_e515
};
// The id that the standard prints.
const _: () = assert!(ERC7741_ID == 0xa9e5_0872);

/// Who may act for whom, and which nonces are spent.
#[storage]
pub struct Operators {
    /// controller → operator → whether.
    approved: StorageMap<Address, StorageMap<Address, StorageBool>>,
    /// controller → nonce → whether it is spent.
    spent: StorageMap<Address, StorageMap<B256, StorageBool>>,
}

impl Vault {
    /// Whether `operator` may act for `controller`.
    pub(crate) fn operates(&self, controller: Address, operator: Address) -> bool {
        self.operators.approved.getter(controller).get(operator)
    }

    /// Makes `operator` the operator of `controller`, or no longer.
    pub(crate) fn store_operator(&mut self, controller: Address, operator: Address, approved: bool) -> Result<(), VaultError> {
        require_address(operator)?;
        self.operators.approved.setter(controller).insert(operator, approved);
        OperatorSet {
            controller,
            operator,
            approved,
        }
        .emit(self.vm());
        Ok(())
    }

    fn spend_nonce(&mut self, controller: Address, nonce: B256) -> Result<(), VaultError> {
        if self.operators.spent.getter(controller).get(nonce) {
            return Err(AuthorizationNonceUsed { controller, nonce }.into());
        }
        self.operators.spent.setter(controller).insert(nonce, true);
        AuthorizationNonceSpent { controller, nonce }.emit(self.vm());
        Ok(())
    }
}

impl IErc7741Callee for Vault {
    type Error = VaultError;

    fn authorize_operator(
        &mut self,
        controller: Address,
        operator: Address,
        approved: bool,
        nonce: B256,
        deadline: U256,
        signature: Vec<u8>,
    ) -> Result<bool, VaultError> {
        if U256::from_limbs([self.now(), 0, 0, 0]) > deadline {
            return Err(AuthorizationExpired { deadline }.into());
        }
        let words = [
            constant!(AUTHORIZE_TYPE_HASH),
            word(controller),
            word(operator),
            B256::with_last_byte(approved.into()),
            nonce,
            deadline.into(),
        ];
        let digest = digest(self, &words);
        // Spent before a contract is asked whether it signed.
        self.spend_nonce(controller, nonce)?;
        if let Err(signer) = require_signer(self, controller, digest, signature) {
            return Err(InvalidAuthorizationSigner { signer, controller }.into());
        }
        self.store_operator(controller, operator, approved)?;
        Ok(true)
    }

    fn invalidate_nonce(&mut self, nonce: B256) -> Result<(), VaultError> {
        let controller = self.vm().msg_sender();
        self.spend_nonce(controller, nonce)
    }

    fn authorizations(&self, controller: Address, nonce: B256) -> Result<bool, VaultError> {
        Ok(self.operators.spent.getter(controller).get(nonce))
    }
}

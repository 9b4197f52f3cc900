//! ERC-3009: transfers by signature, with nonces of the signer's choice, so that many can be under way at once and none waits for another:
//! what machines pay each other with (x402).

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use eip712::{digest, hash, packed, require_signer, word};
use lean_abi::{constant, sol, SolidityEvent};
use stylus_sdk::{
    prelude::*,
    storage::{StorageBool, StorageMap},
};

use crate::{LedgerError, Token};

const TRANSFER_TYPE_HASH: [u8; 32] =
    hash("TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)");
const RECEIVE_TYPE_HASH: [u8; 32] =
    hash("ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)");
const CANCEL_TYPE_HASH: [u8; 32] = hash("CancelAuthorization(address authorizer,bytes32 nonce)");

sol! {
    /// The authorization is good only after `validAfter` (second).
    #[derive(Debug, PartialEq, Eq)]
    error ERC3009NotYetValid(uint256 validAfter);
    /// The authorization was good before `validBefore` (second).
    #[derive(Debug, PartialEq, Eq)]
    error ERC3009Expired(uint256 validBefore);
    /// `authorizer` has used or cancelled `nonce`.
    #[derive(Debug, PartialEq, Eq)]
    error ERC3009NonceSpent(address authorizer, bytes32 nonce);
    /// The authorization of `authorizer` is signed by `signer`, or by nobody (zero): wrong words, wrong chain, malleable or no signature.
    #[derive(Debug, PartialEq, Eq)]
    error ERC3009InvalidSigner(address signer, address authorizer);
    /// Only `payee` may hand in what it receives, not `caller`.
    #[derive(Debug, PartialEq, Eq)]
    error ERC3009CallerNotPayee(address caller, address payee);

    /// The authorization `nonce` of `authorizer` was used.
    #[derive(Debug, PartialEq, Eq)]
    event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce);
    /// The authorization `nonce` of `authorizer` was cancelled.
    #[derive(Debug, PartialEq, Eq)]
    event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce);
}

lean_abi::errors! {
    /// Why an authorization did nothing.
    pub AuthorizationError:
        ERC3009NotYetValid,
        ERC3009Expired,
        ERC3009NonceSpent,
        ERC3009InvalidSigner,
        ERC3009CallerNotPayee,
        LedgerError
}

lean_abi::interface! {
    /// ERC-3009: transfers by signature, of an account or of a contract (ERC-1271). Times in seconds, both exclusive.
    interface IErc3009 {
        /// Moves `value` from `from`, who signed it, to `to`. By anybody. Errors: `ERC3009NotYetValid`, `ERC3009Expired`, `ERC3009NonceSpent`,
        /// `ERC3009InvalidSigner`, and as `transfer`.
        function transferWithAuthorization(
            address from,
            address to,
            uint256 value,
            uint256 validAfter,
            uint256 validBefore,
            bytes32 nonce,
            uint8 v,
            bytes32 r,
            bytes32 s
        ) external;
        /// As the other, with a signature of any length.
        function transferWithAuthorization(
            address from,
            address to,
            uint256 value,
            uint256 validAfter,
            uint256 validBefore,
            bytes32 nonce,
            bytes signature
        ) external;
        /// Moves `value` from `from`, who signed it, to `to`. By `to`, so that nobody can hand it in before a contract that counts on it. Errors:
        /// `ERC3009CallerNotPayee`, and as `transferWithAuthorization`.
        function receiveWithAuthorization(
            address from,
            address to,
            uint256 value,
            uint256 validAfter,
            uint256 validBefore,
            bytes32 nonce,
            uint8 v,
            bytes32 r,
            bytes32 s
        ) external;
        /// As the other, with a signature of any length.
        function receiveWithAuthorization(
            address from,
            address to,
            uint256 value,
            uint256 validAfter,
            uint256 validBefore,
            bytes32 nonce,
            bytes signature
        ) external;
        /// Spends the nonce, which `authorizer` signed: what was authorized under it is void. By anybody. Errors: `ERC3009NonceSpent`,
        /// `ERC3009InvalidSigner`.
        function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external;
        /// As the other, with a signature of any length.
        function cancelAuthorization(address authorizer, bytes32 nonce, bytes signature) external;
        /// Whether the nonce is spent: used or cancelled.
        function authorizationState(address authorizer, bytes32 nonce) external view returns (bool);
        /// The EIP-712 type of what `transferWithAuthorization` takes, hashed.
        function TRANSFER_WITH_AUTHORIZATION_TYPEHASH() external view returns (bytes32);
        /// The EIP-712 type of what `receiveWithAuthorization` takes, hashed.
        function RECEIVE_WITH_AUTHORIZATION_TYPEHASH() external view returns (bytes32);
        /// The EIP-712 type of what `cancelAuthorization` takes, hashed.
        function CANCEL_AUTHORIZATION_TYPEHASH() external view returns (bytes32);
    }
}

/// ERC-165's id of ERC-3009: of the functions that it demands, `transferWithAuthorization` and `receiveWithAuthorization` with v, r and s,
/// and `authorizationState`.
pub const ERC3009_ID: u32 = {
    let [transfer, _, receive, _, _, _, state, ..] = IErc3009::FUNCTIONS else {
        panic!("the interface has more functions")
    };
    transfer.selector ^ receive.selector ^ state.selector
};

/// Which nonces are spent: one slot, beside the ledger.
#[storage]
pub struct Authorizations {
    /// authorizer → nonce → whether.
    spent: StorageMap<Address, StorageMap<B256, StorageBool>>,
}

/// A token whose holders can authorize transfers: it implements [`IErc3009Callee`].
pub trait AuthorizedToken: Token<Error: From<AuthorizationError>> {
    /// The nonces.
    fn authorizations(&self) -> &Authorizations;

    /// The nonces, to be spent.
    fn authorizations_mut(&mut self) -> &mut Authorizations;
}

/// What was authorized.
struct Authorization {
    from: Address,
    to: Address,
    value: U256,
    valid_after: U256,
    valid_before: U256,
    nonce: B256,
}

impl<T: AuthorizedToken> IErc3009Callee for T {
    type Error = T::Error;

    fn transfer_with_authorization(
        &mut self,
        from: Address,
        to: Address,
        value: U256,
        valid_after: U256,
        valid_before: U256,
        nonce: B256,
        v: u8,
        r: B256,
        s: B256,
    ) -> Result<(), T::Error> {
        self.transfer_with_authorization_7(from, to, value, valid_after, valid_before, nonce, packed(v, &r, &s))
    }

    fn transfer_with_authorization_7(
        &mut self,
        from: Address,
        to: Address,
        value: U256,
        valid_after: U256,
        valid_before: U256,
        nonce: B256,
        signature: Vec<u8>,
    ) -> Result<(), T::Error> {
        self.check_transfer(from, to)?;
        let authorization = Authorization {
            from,
            to,
            value,
            valid_after,
            valid_before,
            nonce,
        };
        Ok(transfer(self, constant!(TRANSFER_TYPE_HASH), &authorization, signature)?)
    }

    fn receive_with_authorization(
        &mut self,
        from: Address,
        to: Address,
        value: U256,
        valid_after: U256,
        valid_before: U256,
        nonce: B256,
        v: u8,
        r: B256,
        s: B256,
    ) -> Result<(), T::Error> {
        self.receive_with_authorization_7(from, to, value, valid_after, valid_before, nonce, packed(v, &r, &s))
    }

    fn receive_with_authorization_7(
        &mut self,
        from: Address,
        to: Address,
        value: U256,
        valid_after: U256,
        valid_before: U256,
        nonce: B256,
        signature: Vec<u8>,
    ) -> Result<(), T::Error> {
        let caller = self.vm().msg_sender();
        if caller != to {
            return Err(AuthorizationError::from(ERC3009CallerNotPayee { caller, payee: to }).into());
        }
        self.check_transfer(from, to)?;
        let authorization = Authorization {
            from,
            to,
            value,
            valid_after,
            valid_before,
            nonce,
        };
        Ok(transfer(self, constant!(RECEIVE_TYPE_HASH), &authorization, signature)?)
    }

    fn cancel_authorization(&mut self, authorizer: Address, nonce: B256, v: u8, r: B256, s: B256) -> Result<(), T::Error> {
        self.cancel_authorization_3(authorizer, nonce, packed(v, &r, &s))
    }

    fn cancel_authorization_3(&mut self, authorizer: Address, nonce: B256, signature: Vec<u8>) -> Result<(), T::Error> {
        spend(
            self,
            authorizer,
            nonce,
            &[constant!(CANCEL_TYPE_HASH), word(authorizer), nonce],
            signature,
        )?;
        AuthorizationCanceled { authorizer, nonce }.emit(self.vm());
        Ok(())
    }

    fn authorization_state(&self, authorizer: Address, nonce: B256) -> Result<bool, T::Error> {
        Ok(self.authorizations().spent.getter(authorizer).get(nonce))
    }

    fn transfer_with_authorization_typehash(&self) -> Result<B256, T::Error> {
        Ok(constant!(TRANSFER_TYPE_HASH))
    }

    fn receive_with_authorization_typehash(&self) -> Result<B256, T::Error> {
        Ok(constant!(RECEIVE_TYPE_HASH))
    }

    fn cancel_authorization_typehash(&self) -> Result<B256, T::Error> {
        Ok(constant!(CANCEL_TYPE_HASH))
    }
}

/// Moves what was authorized under `type_hash`, once, in its time.
#[inline(never)]
fn transfer<T: AuthorizedToken>(
    token: &mut T,
    type_hash: B256,
    authorization: &Authorization,
    signature: Vec<u8>,
) -> Result<(), AuthorizationError> {
    let Authorization {
        from,
        to,
        value,
        valid_after,
        valid_before,
        nonce,
    } = *authorization;
    let now = U256::from_limbs([token.vm().block_timestamp(), 0, 0, 0]);
    if now <= valid_after {
        return Err(ERC3009NotYetValid { validAfter: valid_after }.into());
    }
    if now >= valid_before {
        return Err(ERC3009Expired { validBefore: valid_before }.into());
    }
    let words = [
        type_hash,
        word(from),
        word(to),
        value.into(),
        valid_after.into(),
        valid_before.into(),
        nonce,
    ];
    spend(token, from, nonce, &words, signature)?;
    AuthorizationUsed { authorizer: from, nonce }.emit(token.vm());
    Ok(token.ledger_mut().transfer(from, to, value)?)
}

/// Spends `authorizer`'s nonce on the struct of `words`, which it signed.
#[inline(never)]
fn spend<T: AuthorizedToken>(
    token: &mut T,
    authorizer: Address,
    nonce: B256,
    words: &[B256],
    signature: Vec<u8>,
) -> Result<(), AuthorizationError> {
    if token.authorizations().spent.getter(authorizer).get(nonce) {
        return Err(ERC3009NonceSpent { authorizer, nonce }.into());
    }
    let digest = digest(token, words);
    if let Err(signer) = require_signer(token, authorizer, digest, signature) {
        return Err(ERC3009InvalidSigner { signer, authorizer }.into());
    }
    token.authorizations_mut().spent.setter(authorizer).insert(nonce, true);
    Ok(())
}

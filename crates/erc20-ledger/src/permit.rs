//! ERC-2612: an approval by signature. The EIP-712 domain separator is computed when it is asked for: no storage to read, and right
//! after a fork of the chain too.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use stylus_core::calls::context::Call;
use stylus_sdk::{keccak_const::Keccak256, prelude::*};

use crate::{
    errors::{ERC2612ExpiredSignature, ERC2612InvalidSigner, LedgerError},
    ledger::Erc20Ledger,
};

const DOMAIN_TYPE_HASH: B256 = B256::new(keccak(
    b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",
));
const PERMIT_TYPE_HASH: B256 = B256::new(keccak(
    b"Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
));
/// Half the order of secp256k1: of a signature and its mirror image, only the one with the lower s counts.
const HALF_ORDER: U256 = U256::from_limbs([0xdfe9_2f46_681b_20a0, 0x5d57_6e73_57a4_501d, u64::MAX, 0x7fff_ffff_ffff_ffff]);
/// The `ecrecover` precompile.
const ECRECOVER: Address = Address::with_last_byte(1);

const fn keccak(bytes: &[u8]) -> [u8; 32] {
    Keccak256::new().update(bytes).finalize()
}

/// Name and version of a token's EIP-712 domain, hashed at compile time.
#[derive(Clone, Copy, Debug)]
pub struct Domain {
    name_hash: B256,
    version_hash: B256,
}

impl Domain {
    /// The domain of the token called `name`; `version` is "1" until what is signed changes.
    #[must_use]
    pub const fn new(name: &str, version: &str) -> Self {
        Self {
            name_hash: B256::new(keccak(name.as_bytes())),
            version_hash: B256::new(keccak(version.as_bytes())),
        }
    }
}

/// What the owner signs, beside its nonce.
#[derive(Clone, Copy, Debug)]
pub struct Permit {
    /// Whose tokens.
    pub owner: Address,
    /// Who may spend them.
    pub spender: Address,
    /// How many.
    pub value: U256,
    /// The last second at which the permit is accepted.
    pub deadline: U256,
}

/// A secp256k1 signature.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// 27 or 28.
    pub v: u8,
    /// r.
    pub r: B256,
    /// s, in the lower half of the order.
    pub s: B256,
}

impl Erc20Ledger {
    /// How many permits of `owner` have been accepted: the nonce that its next one must name.
    #[must_use]
    pub fn nonces(&self, owner: Address) -> U256 {
        self.nonces.get(owner)
    }

    /// The EIP-712 separator of `domain` at this contract on this chain.
    #[must_use]
    pub fn domain_separator(&self, domain: &Domain) -> B256 {
        let vm = self.vm();
        hash_words(
            vm,
            &[
                DOMAIN_TYPE_HASH,
                domain.name_hash,
                domain.version_hash,
                U256::from(vm.chain_id()).into(),
                vm.contract_address().into_word(),
            ],
        )
    }

    /// Approves as `permit` says if its owner signed it for `domain` with its current nonce. Anybody may hand it in. Emits
    /// [`crate::Approval`].
    ///
    /// # Errors
    /// [`ERC2612ExpiredSignature`], [`ERC2612InvalidSigner`], and as [`Self::approve`].
    pub fn permit(&mut self, domain: &Domain, permit: &Permit, signature: &Signature) -> Result<(), LedgerError> {
        let Permit {
            owner,
            spender,
            value,
            deadline,
        } = *permit;
        if U256::from(self.vm().block_timestamp()) > deadline {
            return Err(ERC2612ExpiredSignature { deadline }.into());
        }
        let nonce = self.nonces.get(owner);
        let signer = self.recover(self.permit_digest(domain, permit, nonce), signature);
        if signer.is_zero() || signer != owner {
            return Err(ERC2612InvalidSigner { signer, owner }.into());
        }
        // One for each transaction: it does not wrap.
        self.nonces.insert(owner, nonce.wrapping_add(U256::from_limbs([1, 0, 0, 0])));
        self.approve(owner, spender, value)
    }

    fn permit_digest(&self, domain: &Domain, permit: &Permit, nonce: U256) -> B256 {
        let vm = self.vm();
        let struct_hash = hash_words(
            vm,
            &[
                PERMIT_TYPE_HASH,
                permit.owner.into_word(),
                permit.spender.into_word(),
                permit.value.into(),
                nonce.into(),
                permit.deadline.into(),
            ],
        );
        let mut message = vec![0x19, 0x01];
        message.extend_from_slice(self.domain_separator(domain).as_slice());
        message.extend_from_slice(struct_hash.as_slice());
        vm.native_keccak256(&message)
    }

    /// Who signed `digest`; zero if nobody did.
    fn recover(&self, digest: B256, signature: &Signature) -> Address {
        if U256::from_be_bytes(signature.s.0) > HALF_ORDER {
            return Address::ZERO;
        }
        let v = B256::with_last_byte(signature.v);
        let input = concat(&[digest, v, signature.r, signature.s]);
        // The precompile answers with an address as a word, or with nothing.
        match self.vm().static_call(&Call::new(), ECRECOVER, &input) {
            Ok(output) if output.len() == 32 => Address::from_slice(&output[12..]),
            _ => Address::ZERO,
        }
    }
}

fn hash_words(vm: &dyn Host, words: &[B256]) -> B256 {
    vm.native_keccak256(&concat(words))
}

fn concat(words: &[B256]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(32 * words.len());
    for word in words {
        bytes.extend_from_slice(word.as_slice());
    }
    bytes
}

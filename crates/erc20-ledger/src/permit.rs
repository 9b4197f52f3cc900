//! ERC-2612: an approval by signature.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use eip712::{digest, hash, packed, require_signer, separator, word};
use lean_abi::constant;

use crate::{
    errors::{ERC2612ExpiredSignature, ERC2612InvalidSigner},
    LedgerError, Token,
};

const PERMIT_TYPE_HASH: [u8; 32] = hash("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

lean_abi::interface! {
    /// ERC-2612: an approval by signature, of an account or of a contract (ERC-1271).
    interface IErc2612 {
        /// Approves as `owner` signed, until `deadline` (second, inclusive). By anybody. Errors: `ERC2612ExpiredSignature`,
        /// `ERC2612InvalidSigner`, `ERC20InvalidSpender`.
        function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;
        /// As the other, with a signature of any length: r, s and v of an account, or what a contract takes for its own.
        function permit(address owner, address spender, uint256 value, uint256 deadline, bytes signature) external;
        /// The nonce of `owner`'s next permit.
        function nonces(address owner) external view returns (uint256);
        /// The EIP-712 domain's separator.
        function DOMAIN_SEPARATOR() external view returns (bytes32);
    }
}

impl<T: Token> IErc2612Callee for T {
    type Error = T::Error;

    fn permit(&mut self, owner: Address, spender: Address, value: U256, deadline: U256, v: u8, r: B256, s: B256) -> Result<(), T::Error> {
        Ok(permit(self, owner, spender, value, deadline, packed(v, &r, &s))?)
    }

    fn permit_5(&mut self, owner: Address, spender: Address, value: U256, deadline: U256, signature: Vec<u8>) -> Result<(), T::Error> {
        Ok(permit(self, owner, spender, value, deadline, signature)?)
    }

    fn nonces(&self, owner: Address) -> Result<U256, T::Error> {
        Ok(self.ledger().nonces.get(owner))
    }

    fn domain_separator(&self) -> Result<B256, T::Error> {
        Ok(separator(self))
    }
}

#[inline(never)]
fn permit<T: Token>(
    token: &mut T,
    owner: Address,
    spender: Address,
    value: U256,
    deadline: U256,
    signature: Vec<u8>,
) -> Result<(), LedgerError> {
    if U256::from_limbs([token.vm().block_timestamp(), 0, 0, 0]) > deadline {
        return Err(ERC2612ExpiredSignature { deadline }.into());
    }
    let nonce = token.ledger().nonces.get(owner);
    let words = [
        constant!(PERMIT_TYPE_HASH),
        word(owner),
        word(spender),
        value.into(),
        nonce.into(),
        deadline.into(),
    ];
    let digest = digest(token, &words);
    if let Err(signer) = require_signer(token, owner, digest, signature) {
        return Err(ERC2612InvalidSigner { signer, owner }.into());
    }
    let ledger = token.ledger_mut();
    // One for each transaction: it does not wrap.
    ledger.nonces.insert(owner, nonce.wrapping_add(U256::from_limbs([1, 0, 0, 0])));
    ledger.approve(owner, spender, value)
}

//! Who signed: accounts by ECDSA, contracts by ERC-1271.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use lean_abi::{constant, static_call, Caller};

use crate::domain::concat;

/// Half the order of secp256k1: of a signature and its mirror image, only the one with the lower s counts.
const HALF_ORDER: [u8; 32] =
    U256::from_limbs([0xdfe9_2f46_681b_20a0, 0x5d57_6e73_57a4_501d, u64::MAX, 0x7fff_ffff_ffff_ffff]).to_be_bytes();
/// The `ecrecover` precompile.
const ECRECOVER: Address = Address::with_last_byte(1);
/// What a contract answers that has signed: the selector of the question.
const SIGNED: [u8; 4] = [0x16, 0x26, 0xba, 0x7e];

lean_abi::interface! {
    /// A contract that signs (ERC-1271).
    interface IErc1271 {
        /// Answers with its own selector if `signature` is the contract's for `hash`.
        function isValidSignature(bytes32 hash, bytes signature) external view returns (bytes4);
    }
}

/// r, s and v as one: the 65 bytes that contracts and newer interfaces know a signature as.
#[must_use]
pub fn packed(v: u8, r: &B256, s: &B256) -> Vec<u8> {
    let mut signature = concat(&[*r, *s]);
    signature.push(v);
    signature
}

/// Succeeds if `signature` of `digest` is `signer`'s: by its key, or, if it is a contract, by its own word. The key comes first: an
/// account that has lent itself code (EIP-7702) still signs with it.
///
/// # Errors
/// Who signed instead; zero if nobody did.
pub fn require_signer(caller: &impl Caller, signer: Address, digest: B256, signature: Vec<u8>) -> Result<(), Address> {
    let recovered = recover(caller, digest, &signature);
    if !recovered.is_zero() && recovered == signer {
        return Ok(());
    }
    // The zero address, and whoever has no code, cannot be asked.
    if caller.vm().code_size(signer) == 0 {
        return Err(recovered);
    }
    match IErc1271::new(signer).is_valid_signature(caller, digest, signature) {
        Ok(answer) if answer.0 == SIGNED => Ok(()),
        _ => Err(recovered),
    }
}

/// Whose key signed `digest`; zero if none did.
fn recover(caller: &impl Caller, digest: B256, signature: &[u8]) -> Address {
    let Some((r_and_s, [v])) = signature.split_at_checked(64) else {
        return Address::ZERO;
    };
    // As numbers are compared, so are words from their beginning.
    if r_and_s[32..] > constant!(HALF_ORDER)[..] {
        return Address::ZERO;
    }
    let mut input = concat(&[digest, B256::with_last_byte(*v)]);
    input.extend_from_slice(r_and_s);
    // The precompile answers with an address as a word, or with nothing.
    match static_call(caller, &ECRECOVER, &input) {
        Ok(output) if output.len() == 32 => Address::from_slice(&output[12..]),
        _ => Address::ZERO,
    }
}

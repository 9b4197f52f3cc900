//! Whether a contract takes tokens.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use lean_abi::{constant, Caller, MalformedReturn, SolidityError};
use stylus_sdk::keccak_const::Keccak256;

use crate::errors::ERC721InvalidReceiver;

lean_abi::interface! {
    /// A contract that takes ERC-721 tokens.
    interface IErc721Receiver {
        /// Answers with its own selector if the contract takes `tokenId`, which `operator` has just moved to it from `from`.
        function onERC721Received(address operator, address from, uint256 tokenId, bytes data) external returns (bytes4);
    }
}

/// What a contract answers that takes a token: the selector of the question.
const RECEIVED: [u8; 4] = [0x15, 0x0b, 0x7a, 0x02];
/// Code hash of an account without code.
const NO_CODE: [u8; 32] = Keccak256::new().finalize();

/// Succeeds if `to` is no contract, or one that says it takes `id`, which `operator` has just moved to it from `from`. Call it last: the
/// contract that is asked may do anything.
///
/// # Errors
/// The encoded [`ERC721InvalidReceiver`] for another answer or none, or what the receiver reverted with.
#[inline(never)]
pub fn check_receiver(
    caller: &mut impl Caller,
    operator: Address,
    from: Address,
    to: Address,
    id: U256,
    data: Vec<u8>,
) -> Result<(), Vec<u8>> {
    let hash = caller.vm().code_hash(to);
    if hash.is_zero() || hash == constant!(NO_CODE) {
        return Ok(());
    }
    match IErc721Receiver::new(to).on_erc721_received(caller, operator, from, id, data) {
        Ok(answer) if answer.0 == RECEIVED => Ok(()),
        // What it reverted with is its own word, unless it said nothing, or is the client's word for an answer that is none.
        Err(reason) if !reason.is_empty() && reason != MalformedReturn {}.revert_data() => Err(reason),
        _ => Err(ERC721InvalidReceiver { receiver: to }.into()),
    }
}

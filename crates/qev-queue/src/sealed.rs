//! How a bid is sealed and opened: the one seam between what was promised and the book.
//!
//! Today a bid is sealed by its hash, which whoever made it opens with the salt. Another way (a proof that opens many at once, say, and
//! yields no more than what each lane gains) takes the place of [`seal`]; what follows an opening is [`crate::Queue`]'s `place_bid` and
//! knows nothing of how it came about.

use alloy_primitives::{Address, B256, U256};
use stylus_sdk::prelude::*;

use crate::{queue::Queue, units::Tick};

/// `keccak256(abi.encode(chainId, queue, epoch, position, tick, salt))`: good for one chain, queue, epoch and position.
#[must_use]
pub fn seal(chain: u64, queue: Address, epoch: u64, position: U256, tick: Tick, salt: B256) -> [u8; 192] {
    let mut preimage = [0; 192];
    let words = [
        U256::from(chain).to_be_bytes(),
        queue.into_word().0,
        U256::from(epoch).to_be_bytes(),
        position.to_be_bytes(),
        U256::from(tick.0).to_be_bytes(),
        salt.0,
    ];
    for (place, word) in preimage.chunks_exact_mut(32).zip(words) {
        place.copy_from_slice(&word);
    }
    preimage
}

impl Queue {
    /// What a commitment to `tick` for `position` in `epoch` is.
    pub(crate) fn sealed(&self, epoch: u64, position: U256, tick: Tick, salt: B256) -> B256 {
        let vm = self.vm();
        vm.native_keccak256(&seal(vm.chain_id(), vm.contract_address(), epoch, position, tick, salt))
    }
}

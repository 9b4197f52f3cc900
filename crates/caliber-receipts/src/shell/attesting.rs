//! What appraisers and attestors sign and anybody posts (EIP-712): a data provider needs no gas, and no key on a server that holds money.
//!
//! A notice says when it was made, and counts from then: an appraisal decays from that second. It must be later than what its signer said of
//! the receipt before, and than the last step of the class, so that nobody can keep one back and post it when it has become too good. Its
//! nonce is any number, good once, 256 of them to a word; a signer takes back what it has signed by spending the nonce.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use eip712::{digest, hash, hash_words, require_signer};
use interfaces::{
    authority,
    ids::{role, Id},
};
use lean_abi::{constant, number, word, SolidityEvent};
use stylus_sdk::prelude::*;

use super::CaliberReceipts;
use crate::{
    errors::{InvalidSigner, NonceSpent, NoticeExpired, OutdatedNotice},
    events::NoncesSpent,
    storage::Seat,
    CaliberError,
};

const APPRAISAL_TYPE: [u8; 32] = hash("Appraisal(uint256 receipt,uint256 value,uint256 appraisedAt,uint256 nonce,uint256 deadline)");
const NOTICE_TYPE: [u8; 32] =
    hash("InsuranceNotice(uint256 receipt,uint256 insuredValue,uint256 insuredUntil,uint256 attestedAt,uint256 nonce,uint256 deadline)");

/// Beside what is signed.
pub(super) struct Seal {
    pub(super) signer: Address,
    pub(super) nonce: U256,
    pub(super) deadline: U256,
    pub(super) signature: Vec<u8>,
}

impl CaliberReceipts {
    pub(super) fn post_signed_appraisal(&mut self, receipt: U256, value: U256, at: U256, seal: Seal) -> Result<(), CaliberError> {
        self.title(receipt)?;
        let signer = seal.signer;
        let words = [constant!(APPRAISAL_TYPE), word(&receipt), word(&value), word(&at)];
        self.accept_seal(seal, role::APPRAISER, &words)?;
        let since = self.last_word(receipt, signer).max(self.class(receipt).stepped_at);
        let at = self.require_news(receipt, at, since)?;
        self.commit_appraisal(receipt, signer, false, value, at)
    }

    pub(super) fn post_signed_cover(&mut self, receipt: U256, value: U256, until: U256, at: U256, seal: Seal) -> Result<(), CaliberError> {
        self.title(receipt)?;
        let signer = seal.signer;
        let words = [constant!(NOTICE_TYPE), word(&receipt), word(&value), word(&until), word(&at)];
        self.accept_seal(seal, role::ATTESTOR, &words)?;
        let since = self.receipts.cover(receipt).attested_at;
        let at = self.require_news(receipt, at, since)?;
        self.commit_cover(receipt, signer, value, until, at)
    }

    pub(super) fn spend_nonces(&mut self, signer: Address, index: U256, mask: U256) {
        let place = self.nonces_place(signer, &index);
        let spent = self.nonces.get(&place, 0) | word(&mask);
        self.nonces.set(&place, 0, &spent);
        NoncesSpent { signer, word: index, mask }.emit(self.vm());
    }

    /// The 256 nonces of `signer` from 256 × `index` on: a bit each.
    pub(super) fn spent_nonces(&self, signer: Address, index: &U256) -> U256 {
        number(&self.nonces.get(&self.nonces_place(signer, index), 0))
    }

    fn nonces_place(&self, signer: Address, index: &U256) -> B256 {
        hash_words(self.vm(), &[signer.into_word(), word(index)])
    }

    /// Spends the seal's nonce and succeeds if its signer has `role` and has signed `words`, nonce and deadline behind them.
    fn accept_seal(&mut self, seal: Seal, role: Id, words: &[B256]) -> Result<(), CaliberError> {
        let Seal {
            signer,
            nonce,
            deadline,
            signature,
        } = seal;
        if U256::from(self.now()) > deadline {
            return Err(NoticeExpired { deadline }.into());
        }
        authority::require_role(self, self.router(), role, signer)?;
        // Shifts of numbers would be 0.4 kB of code.
        let (mut index, mut mask, bit) = (B256::ZERO, B256::ZERO, nonce.byte(0));
        index[1..].copy_from_slice(&word(&nonce)[..31]);
        mask[31 - usize::from(bit / 8)] = 1 << (bit % 8);
        let (index, mask) = (number(&index), number(&mask));
        if !(self.spent_nonces(signer, &index) & mask).is_zero() {
            return Err(NonceSpent { signer, nonce }.into());
        }
        let mut signed = words.to_vec();
        signed.extend([word(&nonce), word(&deadline)]);
        let digest = digest(self, &signed);
        if let Err(recovered) = require_signer(self, signer, digest, signature) {
            return Err(InvalidSigner {
                signer: recovered,
                expected: signer,
            }
            .into());
        }
        self.spend_nonces(signer, index, mask);
        Ok(())
    }

    /// When an appraiser last spoke of a receipt; 0 if that does not count, or never.
    fn last_word(&self, receipt: U256, account: Address) -> u64 {
        let number = self.seats.number(Seat { account, issuer: false });
        (0..usize::from(self.receipts.bailment(receipt).appraisals))
            .map(|index| self.receipts.appraisal(receipt, index))
            .find(|there| there.seat == number)
            .map_or(0, |there| there.appraisal.at)
    }

    /// A time that is later than `since` and not to come.
    fn require_news(&self, receipt: U256, at: U256, since: u64) -> Result<u64, CaliberError> {
        let since_word = U256::from(since);
        if at <= since_word || at > U256::from(self.now()) {
            return Err(OutdatedNotice {
                receipt,
                signedAt: at,
                since: since_word,
            }
            .into());
        }
        Ok(at.to())
    }
}

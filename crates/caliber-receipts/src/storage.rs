//! How a receipt lies in storage: seven words and its agreement's URI.
//!
//! | word | bytes 0–19 | bytes 20–27 | bytes 28–31 |
//! | --- | --- | --- | --- |
//! | 0 | owner | loan | units |
//! | 1 | approved | appraised at | |
//! | 2 | appraisal (0–15), insured value (16–31) | | |
//! | 3 | custodian | insured until | |
//! | 4, 5, 6 | hardware class, serial manifest hash, agreement hash | | |
//!
//! A transfer or a pledge finds owner and loan in one word. Packed by hand: the SDK's packed fields cost about 2 kB more code.

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, B256, U256};
use fixed_point::Assets;
use stylus_sdk::{
    prelude::*,
    storage::{StorageArray, StorageB256, StorageMap, StorageVec},
};

use crate::{
    evaluation::{Cover, Valuation},
    title::{LoanId, Title},
};

/// What is fixed when a receipt is issued, beside the URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    /// Number of machines.
    pub units: u32,
    /// The bailee.
    pub custodian: Address,
    /// For example `H100-SXM5-80G`, in ASCII or hashed.
    pub hardware_class: B256,
    /// Keccak hash of the serial manifest.
    pub manifest: B256,
    /// Keccak hash of the bailment agreement.
    pub agreement: B256,
}

/// What a receipt is worth and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The latest appraisal.
    pub valuation: Valuation,
    /// The latest attestation.
    pub cover: Cover,
    /// What was issued.
    pub lot: Lot,
}

/// All receipts by id.
#[storage]
pub struct Receipts {
    words: StorageMap<U256, StorageArray<StorageB256, 7>>,
    /// Words of text, zero-padded at the end.
    uris: StorageMap<U256, StorageVec<StorageB256>>,
}

impl Receipts {
    /// Owner and loan: all that a transfer or a release reads.
    #[must_use]
    pub fn title(&self, receipt: U256) -> Title {
        let word = self.word(receipt, 0);
        Title {
            owner: address(word),
            loan: LoanId(seconds(word)),
        }
    }

    /// Who may move it beside its owner.
    #[must_use]
    pub fn approved(&self, receipt: U256) -> Address {
        address(self.word(receipt, 1))
    }

    /// Everything but title and approval.
    #[must_use]
    pub fn read(&self, receipt: U256) -> Receipt {
        let (title, approval, amounts, bailment) = (
            self.word(receipt, 0),
            self.word(receipt, 1),
            self.word(receipt, 2),
            self.word(receipt, 3),
        );
        Receipt {
            valuation: Valuation {
                appraisal: amount(amounts, 0),
                appraised_at: seconds(approval),
            },
            cover: Cover {
                value: amount(amounts, 16),
                until: seconds(bailment),
            },
            lot: Lot {
                units: u32::from_be_bytes([title[28], title[29], title[30], title[31]]),
                custodian: address(bailment),
                hardware_class: self.word(receipt, 4),
                manifest: self.word(receipt, 5),
                agreement: self.word(receipt, 6),
            },
        }
    }

    /// Writes everything, once; `uri` must not end in a zero byte.
    pub fn create(&mut self, receipt: U256, owner: Address, lot: &Lot, uri: &str) {
        self.patch(receipt, 0, 0, owner.as_slice());
        self.patch(receipt, 0, 28, &lot.units.to_be_bytes());
        self.patch(receipt, 3, 0, lot.custodian.as_slice());
        self.patch(receipt, 4, 0, lot.hardware_class.as_slice());
        self.patch(receipt, 5, 0, lot.manifest.as_slice());
        self.patch(receipt, 6, 0, lot.agreement.as_slice());
        let mut words = self.uris.setter(receipt);
        for chunk in uri.as_bytes().chunks(32) {
            words.push(B256::right_padding_from(chunk));
        }
    }

    /// A new owner, or a new loan.
    pub fn set_title(&mut self, receipt: U256, title: Title) {
        self.patch(receipt, 0, 0, title.owner.as_slice());
        self.patch(receipt, 0, 20, &title.loan.0.to_be_bytes());
    }

    /// Who may move the receipt beside its owner.
    pub fn set_approved(&mut self, receipt: U256, approved: Address) {
        self.patch(receipt, 1, 0, approved.as_slice());
    }

    /// A new appraisal, below 2^128.
    pub fn set_valuation(&mut self, receipt: U256, valuation: Valuation) {
        self.patch(receipt, 1, 20, &valuation.appraised_at.to_be_bytes());
        self.patch(receipt, 2, 0, &half(valuation.appraisal));
    }

    /// New cover, below 2^128.
    pub fn set_cover(&mut self, receipt: U256, cover: Cover) {
        self.patch(receipt, 2, 16, &half(cover.value));
        self.patch(receipt, 3, 20, &cover.until.to_be_bytes());
    }

    /// The agreement's URI, without trailing zeros.
    #[must_use]
    pub fn uri(&self, receipt: U256) -> String {
        let words = self.uris.getter(receipt);
        let mut bytes = Vec::with_capacity(32 * words.len());
        for i in 0..words.len() {
            bytes.extend_from_slice(words.get(i).unwrap_or_default().as_slice());
        }
        while bytes.last() == Some(&0) {
            bytes.pop();
        }
        // Text went in, so nothing is lost; the ABI decoder carries this function anyway, the strict one it does not.
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn word(&self, receipt: U256, index: usize) -> B256 {
        self.words.getter(receipt).get(index).unwrap_or_default()
    }

    /// Overwrites some bytes of one word.
    fn patch(&mut self, receipt: U256, index: usize, at: usize, bytes: &[u8]) {
        let mut words = self.words.setter(receipt);
        // Always there: the indices are those of the table above.
        if let Some(mut slot) = words.setter(index) {
            let mut word = slot.get();
            word[at..at + bytes.len()].copy_from_slice(bytes);
            slot.set(word);
        }
    }
}

fn address(word: B256) -> Address {
    Address::from_slice(&word[..20])
}

/// Bytes 20 to 27: a loan or a time.
fn seconds(word: B256) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&word[20..28]);
    u64::from_be_bytes(bytes)
}

fn amount(word: B256, at: usize) -> Assets {
    Assets(U256::from_be_slice(&word[at..at + 16]))
}

fn half(amount: Assets) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&amount.0.to_be_bytes::<32>()[16..]);
    bytes
}

//! How CALIBER lies in storage, packed by hand: the SDK's packed fields cost about 2 kB more code.
//!
//! Beside the ledger's word, which has owner, lien and tenure, a receipt has these; the later ones only when something is in them:
//!
//! | word | what |
//! | --- | --- |
//! | 0 | custodian (20 bytes), units (4), appraisals (1), bytes of the URI (2) |
//! | 1 | insured value (16), insured until (8), attested at (8) |
//! | 2, 3, 4 | hardware class, serial manifest hash, agreement hash |
//! | 5 | operating user (20), until (8), tenure in which it was named (4) |
//! | 6 | hash of the custody that is proposed |
//! | 7 to 13 | appraisals: value (16), at (6), seat of the appraiser (2), class index then (8) |
//! | 14 to 45 | URI of the agreement |

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, B256, U256};
use fixed_point::Assets;
use lean_abi::{text, word, Word, WordMap};
use stylus_sdk::prelude::*;

use crate::evaluation::{Appraisal, Class, Cover, Policy, MOST_APPRAISALS};

const USER: usize = 5;
const PROPOSAL: usize = 6;
const APPRAISALS: usize = 7;
const URI: usize = APPRAISALS + MOST_APPRAISALS;
/// The longest URI, in bytes.
pub const MOST_URI_BYTES: usize = 1_024;

/// What is changed seldom, and how much of the rest there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bailment {
    /// The bailee.
    pub custodian: Address,
    /// Number of machines.
    pub units: u32,
    /// Number of appraisals.
    pub appraisals: u8,
    /// Length of the URI, bytes.
    pub uri_bytes: u16,
}

/// An appraisal and the seat of who gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seated {
    /// What was said.
    pub appraisal: Appraisal,
    /// Whose word it is, as [`Seats`] knows.
    pub seat: u16,
}

/// Who operates the machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User {
    /// The operator.
    pub account: Address,
    /// Unix seconds, inclusive.
    pub expires: u64,
    /// The tenure that it ends with.
    pub tenure: u32,
}

/// What is constant in a receipt's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixed {
    /// For example `H100-SXM5-80G`, in ASCII or hashed.
    HardwareClass = 2,
    /// Keccak hash of the serial manifest.
    Manifest = 3,
    /// Keccak hash of the bailment agreement; a new custodian brings a new one.
    Agreement = 4,
}

/// All receipts by id. Number 0, which is no receipt, has the collection's own URI.
#[storage]
pub struct Receipts {
    words: WordMap,
}

impl Receipts {
    /// Word 0.
    #[must_use]
    pub fn bailment(&self, receipt: U256) -> Bailment {
        let word = self.word(receipt, 0);
        Bailment {
            custodian: Address::from_slice(&word[..20]),
            units: low_half(number(&word[20..24])),
            appraisals: word[24],
            uri_bytes: u16::from_be_bytes([word[25], word[26]]),
        }
    }

    /// Replaces word 0.
    pub fn set_bailment(&mut self, receipt: U256, bailment: Bailment) {
        let mut word = B256::ZERO;
        word[..20].copy_from_slice(bailment.custodian.as_slice());
        word[20..24].copy_from_slice(&bailment.units.to_be_bytes());
        word[24] = bailment.appraisals;
        word[25..27].copy_from_slice(&bailment.uri_bytes.to_be_bytes());
        self.set_word(receipt, 0, word);
    }

    /// What is insured.
    #[must_use]
    pub fn cover(&self, receipt: U256) -> Cover {
        let word = self.word(receipt, 1);
        Cover {
            value: amount(&word),
            until: number(&word[16..24]),
            attested_at: number(&word[24..]),
        }
    }

    /// Replaces what is insured, below 2^128.
    pub fn set_cover(&mut self, receipt: U256, cover: Cover) {
        let mut word = with_amount(cover.value);
        word[16..24].copy_from_slice(&cover.until.to_be_bytes());
        word[24..].copy_from_slice(&cover.attested_at.to_be_bytes());
        self.set_word(receipt, 1, word);
    }

    /// One of the constants.
    #[must_use]
    pub fn fixed(&self, receipt: U256, which: Fixed) -> B256 {
        self.word(receipt, which as usize)
    }

    /// Sets one of the constants.
    pub fn set_fixed(&mut self, receipt: U256, which: Fixed, word: B256) {
        self.set_word(receipt, which as usize, word);
    }

    /// Who was last named as the user.
    #[must_use]
    pub fn user(&self, receipt: U256) -> User {
        let word = self.word(receipt, USER);
        User {
            account: Address::from_slice(&word[..20]),
            expires: number(&word[20..28]),
            tenure: low_half(number(&word[28..])),
        }
    }

    /// Names a user.
    pub fn set_user(&mut self, receipt: U256, user: User) {
        let mut word = B256::ZERO;
        word[..20].copy_from_slice(user.account.as_slice());
        word[20..28].copy_from_slice(&user.expires.to_be_bytes());
        word[28..].copy_from_slice(&user.tenure.to_be_bytes());
        self.set_word(receipt, USER, word);
    }

    /// Hash of the custody that is proposed, zero if none is.
    #[must_use]
    pub fn proposal(&self, receipt: U256) -> B256 {
        self.word(receipt, PROPOSAL)
    }

    /// Replaces the proposal.
    pub fn set_proposal(&mut self, receipt: U256, proposal: B256) {
        self.set_word(receipt, PROPOSAL, proposal);
    }

    /// Appraisal `index` of at most seven.
    #[must_use]
    pub fn appraisal(&self, receipt: U256, index: usize) -> Seated {
        let word = self.word(receipt, APPRAISALS + index);
        Seated {
            appraisal: Appraisal {
                value: amount(&word),
                at: number(&word[16..22]),
                index: number(&word[24..]),
            },
            seat: u16::from_be_bytes([word[22], word[23]]),
        }
    }

    /// Replaces appraisal `index`; its value is below 2^128, its time below 2^48.
    pub fn set_appraisal(&mut self, receipt: U256, index: usize, seated: Seated) {
        let mut word = with_amount(seated.appraisal.value);
        word[16..22].copy_from_slice(&seated.appraisal.at.to_be_bytes()[2..]);
        word[22..24].copy_from_slice(&seated.seat.to_be_bytes());
        word[24..].copy_from_slice(&seated.appraisal.index.to_be_bytes());
        self.set_word(receipt, APPRAISALS + index, word);
    }

    /// The URI of `bytes` bytes.
    #[must_use]
    pub fn uri(&self, receipt: U256, bytes: u16) -> String {
        let length = usize::from(bytes);
        let mut bytes = Vec::with_capacity(length + 31);
        while bytes.len() < length {
            bytes.extend_from_slice(self.word(receipt, URI + bytes.len() / 32).as_slice());
        }
        bytes.truncate(length);
        // Text went in.
        text(bytes).unwrap_or_default()
    }

    /// Replaces the URI, of at most 1,024 bytes. Its length is the bailment's.
    pub fn set_uri(&mut self, receipt: U256, uri: &str) {
        for (index, chunk) in uri.as_bytes().chunks(32).enumerate() {
            self.set_word(receipt, URI + index, B256::right_padding_from(chunk));
        }
    }

    fn word(&self, receipt: U256, index: usize) -> B256 {
        self.words.get(&word(&receipt), index)
    }

    fn set_word(&mut self, receipt: U256, index: usize, value: B256) {
        self.words.set(&word(&receipt), index, &value);
    }
}

/// Hardware classes by name: decay (16 bytes), index (8), when it was stepped (8); nothing is [`Class::NEW`].
#[storage]
pub struct Classes {
    words: WordMap,
}

impl Classes {
    /// The class `name`.
    #[must_use]
    pub fn get(&self, name: B256) -> Class {
        let word = self.words.get(&name, 0);
        if word.is_zero() {
            return Class::NEW;
        }
        Class {
            decay: upper_half(&word).to(),
            index: number(&word[16..24]),
            stepped_at: number(&word[24..]),
        }
    }

    /// Replaces the class `name`.
    pub fn set(&mut self, name: B256, class: Class) {
        let mut word = with_upper_half(&U256::from(class.decay));
        word[16..24].copy_from_slice(&class.index.to_be_bytes());
        word[24..].copy_from_slice(&class.stepped_at.to_be_bytes());
        self.words.set(&name, 0, &word);
    }
}

/// Who sits on a seat of [`Seats`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Zero if it was struck.
    pub account: Address,
    /// Whether it gave the figure of an issue, which the first appraiser's replaces.
    pub issuer: bool,
}

/// Appraisers and issuers by number, so that an appraisal is one word and whoever loses the role loses all appraisals at once.
#[storage]
pub struct Seats {
    /// number → account (20 bytes), issuer (1).
    words: WordMap,
    /// account and whether as issuer → number.
    numbers: WordMap,
    count: Word,
}

impl Seats {
    /// Who sits on `number`.
    #[must_use]
    pub fn get(&self, number: u16) -> Seat {
        let word = self.words.get(&of_number(number), 0);
        Seat {
            account: Address::from_slice(&word[..20]),
            issuer: word[20] != 0,
        }
    }

    /// The number of a seat, 0 if there is none.
    #[must_use]
    pub fn number(&self, seat: Seat) -> u16 {
        low_quarter(&self.numbers.get(&key(seat), 0))
    }

    /// The number of a seat, which is added if there is none; nothing if there are 65,535 already.
    pub fn ensure(&mut self, seat: Seat) -> Option<u16> {
        let there = self.number(seat);
        if there != 0 {
            return Some(there);
        }
        let number = low_quarter(&self.count.get()).checked_add(1)?;
        self.count.set(&of_number(number));
        self.numbers.set(&key(seat), 0, &of_number(number));
        self.words.set(&of_number(number), 0, &key(seat));
        Some(number)
    }

    /// Takes a seat away for good: what was said from it counts no more. The account gets another one when it speaks again.
    pub fn strike(&mut self, seat: Seat) {
        let number = self.number(seat);
        self.words.set(&of_number(number), 0, &B256::ZERO);
        self.numbers.set(&key(seat), 0, &B256::ZERO);
    }
}

/// The word of settings, beside which every pledge needs the FiLo contract: FiLo (20 bytes), maximum age (4), least cover (2), quorum (1),
/// largest step (2), whether transfers go to listed parties only (1), whether issues are paused (1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The contract that pledges.
    pub filo: Address,
    /// Of evaluation and insurance.
    pub policy: Policy,
    /// Transfers go to listed parties only.
    pub listed_only: bool,
    /// Nothing is issued.
    pub issues_paused: bool,
}

impl Settings {
    /// From their word.
    #[must_use]
    pub fn of_word(word: &B256) -> Self {
        Self {
            filo: Address::from_slice(&word[..20]),
            policy: Policy {
                max_age: low_half(number(&word[20..24])),
                min_cover_bps: u16::from_be_bytes([word[24], word[25]]),
                quorum: word[26],
                max_step_bps: u16::from_be_bytes([word[27], word[28]]),
            },
            listed_only: word[29] != 0,
            issues_paused: word[30] != 0,
        }
    }

    /// To their word.
    #[must_use]
    pub fn to_word(&self) -> B256 {
        let mut word = B256::ZERO;
        word[..20].copy_from_slice(self.filo.as_slice());
        word[20..24].copy_from_slice(&self.policy.max_age.to_be_bytes());
        word[24..26].copy_from_slice(&self.policy.min_cover_bps.to_be_bytes());
        word[26] = self.policy.quorum;
        word[27..29].copy_from_slice(&self.policy.max_step_bps.to_be_bytes());
        word[29] = u8::from(self.listed_only);
        word[30] = u8::from(self.issues_paused);
        word
    }
}

fn key(seat: Seat) -> B256 {
    let mut word = B256::ZERO;
    word[..20].copy_from_slice(seat.account.as_slice());
    word[20] = u8::from(seat.issuer);
    word
}

fn of_number(number: u16) -> B256 {
    let mut word = B256::ZERO;
    word[30..].copy_from_slice(&number.to_be_bytes());
    word
}

fn low_quarter(word: &B256) -> u16 {
    u16::from_be_bytes([word[30], word[31]])
}

/// Bytes 0 to 15.
fn upper_half(word: &B256) -> U256 {
    let mut low = B256::ZERO;
    low[16..].copy_from_slice(&word[..16]);
    lean_abi::number(&low)
}

fn with_upper_half(number: &U256) -> B256 {
    let mut high = B256::ZERO;
    high[..16].copy_from_slice(&word(number)[16..]);
    high
}

/// Up to eight bytes.
#[inline(never)]
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[allow(clippy::cast_possible_truncation, reason = "four bytes were read")]
fn low_half(number: u64) -> u32 {
    number as u32
}

fn amount(word: &B256) -> Assets {
    Assets(upper_half(word))
}

fn with_amount(amount: Assets) -> B256 {
    with_upper_half(&amount.0)
}

//! CALIBER: receipts, what is said of them and what lies on them.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{keccak256, Address, B256, U256};

use super::{account, erc721::Ledger, Deployed, Image};
use crate::abi::Caliber::CaliberEvents as Event;

/// How many appraisers a receipt has at most.
const MOST_APPRAISALS: usize = 7;
/// Words of the longest URI.
const URI_WORDS: usize = 32;
const FULL_INDEX: u64 = 1_000_000_000_000_000_000;
/// What is left of a value after a second, of 10^27, where nobody has said otherwise: 25 % a year are lost.
const DEFAULT_DECAY: u128 = 999_999_990_877_661_366_704_265_486;
/// What no loan is called: the receipt is handed in.
const SURRENDERED: u64 = u64::MAX;

#[derive(Clone, Copy, Debug)]
struct Appraisal {
    value: U256,
    at: u64,
    seat: u16,
    /// The class index then.
    index: u64,
}

/// Who speaks: an account, and whether as the agent of an issue.
type Seat = (Address, bool);

#[derive(Debug, Default)]
struct Receipt {
    class: B256,
    manifest: B256,
    agreement: B256,
    custodian: Address,
    units: U256,
    uri: String,
    appraisals: Vec<Appraisal>,
    /// Value, until, attested at.
    cover: (U256, U256, U256),
    user: Option<(Address, u64, u32)>,
    /// Custodian, agreement, URI.
    proposal: Option<(Address, B256, String)>,
    /// The loan, or [`SURRENDERED`]; 0 is nothing.
    lien: u64,
    tenure: u32,
}

#[derive(Clone, Copy, Debug)]
struct Class {
    decay: u128,
    index: u64,
    stepped_at: u64,
}

impl Default for Class {
    fn default() -> Self {
        Self {
            decay: DEFAULT_DECAY,
            index: FULL_INDEX,
            stepped_at: 0,
        }
    }
}

/// CALIBER, as its logs have it.
#[derive(Debug, Default)]
pub(super) struct Caliber {
    ledger: Ledger,
    receipts: BTreeMap<U256, Receipt>,
    /// The receipt whose first appraisal is to come: its agent's.
    issued: Option<U256>,
    by_manifest: BTreeMap<B256, U256>,
    classes: BTreeMap<B256, Class>,
    /// Who sits where; nobody, if it was struck.
    seats: Vec<Option<Seat>>,
    parties: BTreeSet<Address>,
    nonces: BTreeMap<(Address, U256), U256>,
    filo: Address,
    /// Maximum age, least cover, quorum, largest step.
    policy: [U256; 4],
    listed_only: bool,
    issues_paused: bool,
    has_uri: bool,
}

impl Caliber {
    /// The class of a receipt that was issued.
    pub(super) fn class_of(&self, receipt: U256) -> B256 {
        self.receipts[&receipt].class
    }

    fn receipt(&mut self, receipt: U256) -> &mut Receipt {
        self.receipts.get_mut(&receipt).expect("it was issued")
    }

    pub(super) fn apply(&mut self, event: Event, at: u64) {
        match event {
            Event::Transfer(event) => {
                self.ledger.transfer(event.from, event.to, event.tokenId);
                if !event.from.is_zero() && !event.to.is_zero() {
                    let receipt = self.receipt(event.tokenId);
                    receipt.tenure = receipt.tenure.wrapping_add(1);
                }
            }
            Event::Approval(event) => self.ledger.approval(event.approved, event.tokenId),
            Event::ApprovalForAll(event) => self.ledger.approval_for_all(event.owner, event.operator, event.approved),
            Event::Issued(event) => {
                let receipt = Receipt {
                    class: event.hardwareClass,
                    manifest: event.manifestHash,
                    agreement: event.agreementHash,
                    custodian: event.custodian,
                    units: event.units,
                    uri: event.agreementUri,
                    ..Receipt::default()
                };
                self.by_manifest.insert(receipt.manifest, event.receipt);
                self.receipts.insert(event.receipt, receipt);
                self.issued = Some(event.receipt);
            }
            Event::Appraised(event) => {
                let issuer = self.issued.take_if(|issued| *issued == event.receipt).is_some();
                self.appraise(event.receipt, (event.appraiser, issuer), event.value, event.appraisedAt.to(), at);
            }
            Event::Struck(event) => {
                let issuer = event.role == usdai_cli::protocol::suite::id("TOKENISING_AGENT");
                let struck = Some((event.account, issuer));
                let seat = self
                    .seats
                    .iter_mut()
                    .find(|seat| **seat == struck)
                    .expect("who is struck has spoken");
                *seat = None;
            }
            Event::Insured(event) => self.receipt(event.receipt).cover = (event.value, event.until, event.attestedAt),
            Event::NoncesSpent(event) => *self.nonces.entry((event.signer, event.word)).or_default() |= event.mask,
            Event::Pledged(event) => self.receipt(event.receipt).lien = event.loan.to(),
            Event::Released(event) => {
                let receipt = self.receipt(event.receipt);
                assert_eq!(U256::from(receipt.lien), event.loan);
                receipt.lien = 0;
            }
            Event::CustodyProposed(event) => {
                let proposal = (event.custodian, event.agreementHash, event.agreementUri);
                self.receipt(event.receipt).proposal = Some(proposal).filter(|(custodian, ..)| !custodian.is_zero());
            }
            Event::CustodyAccepted(event) => {
                let receipt = self.receipt(event.receipt);
                let (custodian, agreement, uri) = receipt.proposal.take().expect("it was proposed");
                assert_eq!((custodian, agreement), (event.custodian, event.agreementHash));
                (receipt.custodian, receipt.agreement, receipt.uri) = (custodian, agreement, uri);
            }
            Event::RedemptionRequested(event) => self.receipt(event.receipt).lien = SURRENDERED,
            Event::RedemptionWithdrawn(event) => self.receipt(event.receipt).lien = 0,
            Event::Redeemed(event) => {
                let receipt = self.by_manifest.remove(&event.manifestHash);
                assert_eq!(receipt, Some(event.receipt));
            }
            Event::UpdateUser(event) => {
                let receipt = self.receipt(event.tokenId);
                receipt.user = Some((event.user, event.expires, receipt.tenure));
            }
            Event::DecaySet(event) => self.classes.entry(event.hardwareClass).or_default().decay = event.factor.to(),
            Event::ClassIndexSet(event) => {
                let class = self.classes.entry(event.hardwareClass).or_default();
                (class.index, class.stepped_at) = (event.index.to(), at);
            }
            Event::PolicySet(event) => self.policy = [event.maxAge, event.minCoverBps, event.quorum, event.maxStepBps],
            Event::AllowListSet(event) => self.listed_only = event.enabled,
            Event::PartySet(event) if event.listed => drop(self.parties.insert(event.account)),
            Event::PartySet(event) => drop(self.parties.remove(&event.account)),
            Event::IssuesPauseSet(event) => self.issues_paused = event.paused,
            Event::Wired(event) => self.filo = event.filo,
            // ERC-7572 has no argument: the URI itself is asked of the contract.
            Event::ContractURIUpdated(_) => self.has_uri = true,
            // What has changed, `CustodyAccepted` says.
            Event::MetadataUpdate(_) => {}
        }
    }

    /// An appraisal takes the place of its appraiser's last one; else the first of one that counts no more; else a new one.
    fn appraise(&mut self, id: U256, speaker: Seat, value: U256, said_at: u64, now: u64) {
        let seat = self.seats.iter().position(|seat| *seat == Some(speaker)).unwrap_or_else(|| {
            self.seats.push(Some(speaker));
            self.seats.len() - 1
        });
        let max_age: u64 = self.policy[0].to();
        let receipt = self.receipts.get_mut(&id).expect("it was issued");
        let index = self.classes.get(&receipt.class).copied().unwrap_or_default().index;
        let appraisal = Appraisal {
            value,
            at: said_at,
            // Seats are counted from 1.
            seat: u16::try_from(seat + 1).expect("few speak"),
            index,
        };
        let own = receipt.appraisals.iter().position(|there| there.seat == appraisal.seat);
        let seats = &self.seats;
        let idle = |there: &Appraisal| {
            let holder = seats[usize::from(there.seat) - 1];
            holder.is_none_or(|(_, issuer)| issuer) || now.saturating_sub(there.at) > max_age
        };
        match own.or_else(|| receipt.appraisals.iter().position(idle)) {
            Some(place) => receipt.appraisals[place] = appraisal,
            None => receipt.appraisals.push(appraisal),
        }
        assert!(receipt.appraisals.len() <= MOST_APPRAISALS);
    }

    pub(super) fn image(&self, deployed: &Deployed) -> Image {
        let mut image = Image::of("Caliber");
        image.field("router", account(deployed.suite.router));
        image.field("last_id", self.receipts.keys().next_back().copied().unwrap_or_default());
        let [max_age, cover, quorum, step] = self.policy;
        let flags = U256::from(self.listed_only) << 16 | U256::from(self.issues_paused) << 8;
        image.field(
            "settings",
            account(self.filo) << 96 | max_age << 64 | cover << 48 | quorum << 40 | step << 24 | flags,
        );

        self.ledger.image(&mut image, |_| U256::ZERO);
        let titles = image.map("ledger.titles");
        for (id, owner) in self.ledger.owners() {
            let Receipt { lien, tenure, .. } = self.receipts[&id];
            image.set(&titles.at(id), account(owner) | U256::from(tenure) << 160 | U256::from(lien) << 192);
        }
        let words = image.map("receipts.words");
        for (id, receipt) in &self.receipts {
            // The same word as it was before, whoever has it: a receipt that was redeemed keeps what it was.
            receipt.image(&mut image, &words.at(*id));
        }
        if self.has_uri {
            let collection = words.at(U256::ZERO);
            image.unread(&collection);
            (0..URI_WORDS).for_each(|index| image.unread(&collection.word(14 + index)));
        }
        let by_manifest = image.map("by_manifest");
        for (manifest, receipt) in &self.by_manifest {
            image.set(&by_manifest.at(*manifest), *receipt);
        }
        let classes = image.map("classes.words");
        for (name, class) in &self.classes {
            let word = U256::from(class.decay) << 128 | U256::from(class.index) << 64 | U256::from(class.stepped_at);
            image.set(&classes.at(*name), word);
        }
        image.field("seats.count", U256::from(self.seats.len()));
        let (seats, numbers) = (image.map("seats.words"), image.map("seats.numbers"));
        for (number, seat) in (1u64..).zip(&self.seats) {
            if let Some((speaker, issuer)) = seat {
                let word = account(*speaker) << 96 | U256::from(*issuer) << 88;
                image.set(&seats.at(U256::from(number)), word);
                image.set(&numbers.at(word), U256::from(number));
            }
        }
        let parties = image.map("parties");
        for party in &self.parties {
            image.set(&parties.at(party.into_word()), U256::ONE);
        }
        let nonces = image.map("nonces");
        for ((signer, word), spent) in &self.nonces {
            let place = keccak256([signer.into_word().0, word.to_be_bytes()].concat());
            image.set(&nonces.at(place), *spent);
        }
        image
    }
}

impl Receipt {
    fn image(&self, image: &mut Image, place: &super::image::Place) {
        let bailment =
            account(self.custodian) << 96 | self.units << 64 | U256::from(self.appraisals.len()) << 56 | U256::from(self.uri.len()) << 40;
        image.set(place, bailment);
        let (value, until, attested_at) = self.cover;
        image.set(&place.word(1), value << 128 | until << 64 | attested_at);
        for (index, word) in [(2, self.class), (3, self.manifest), (4, self.agreement)] {
            image.set(&place.word(index), U256::from_be_bytes(word.0));
        }
        if let Some((user, expires, tenure)) = self.user {
            image.set(&place.word(5), account(user) << 96 | U256::from(expires) << 32 | U256::from(tenure));
        }
        if let Some((custodian, agreement, uri)) = &self.proposal {
            let custody = [custodian.as_slice(), agreement.as_slice(), uri.as_bytes()].concat();
            image.set(&place.word(6), U256::from_be_bytes(keccak256(custody).0));
        }
        for (index, appraisal) in self.appraisals.iter().enumerate() {
            let word =
                appraisal.value << 128 | U256::from(appraisal.at) << 80 | U256::from(appraisal.seat) << 64 | U256::from(appraisal.index);
            image.set(&place.word(7 + index), word);
        }
        let chunks: Vec<_> = self.uri.as_bytes().chunks(32).collect();
        for index in 0..URI_WORDS {
            match chunks.get(index) {
                Some(chunk) => image.set(&place.word(14 + index), U256::from_be_bytes(B256::right_padding_from(chunk).0)),
                // What a longer one left behind.
                None => image.unread(&place.word(14 + index)),
            }
        }
    }
}

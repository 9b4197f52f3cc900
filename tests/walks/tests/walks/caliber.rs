//! C1 and C2 over a long random walk on the real WASM: a model beside it, from PROTOCOL 4, says of every operation whether it succeeds,
//! with which names it may be refused, and what every receipt is afterwards.
//!
//! After each operation the receipts that it touched are compared with the model, owner, lien, worth, cover and all; every 64 operations
//! all receipts, balances, manifests and classes; after every sixteenth refusal the whole state of the chain. Worth is compared with numbers of
//! 2^-192: never above them, and below by 10^-12 at most.
//!
//! FiLo's part is played from FiLo's address, by the walk itself: the real FiLo pledges and releases in an order that leaves most states
//! unreached. What the real one does with receipts is in `filo.rs` and in `life.rs`.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{keccak256, Address, B256, U256, U512};
use alloy_sol_types::SolCall;
use scenarios::{
    abi::{Caliber, Router},
    driver::{self, drive, Act, Ground, Journey},
    hands::{n, wad},
    refusals,
    usdai_cli::protocol::suite::{id, Terms},
    walk::{Chronicle, Dice, Reasons},
    Town,
};
use stylus_chain::{Chain, Tx};

const STEPS: u64 = 4_000;
/// Walks, and steps of each.
const NATIVELY: (usize, u64) = (2, 50_000);
const DAY: u64 = 86_400;
/// How much time may pass in all.
const LONGEST: u64 = 3_650 * DAY;
const HOLDERS: usize = 4;
const APPRAISERS: usize = 8;
const MANIFESTS: u64 = 10;
const LOANS: u64 = 4;
const CLASSES: [&str; 2] = ["H100-SXM5-80G", "B200"];
const FULL_INDEX: u64 = 1_000_000_000_000_000_000;
/// A quarter a year, a half a year, nothing.
const DECAYS: [u128; 3] = [
    999_999_990_877_661_366_704_265_486,
    999_999_978_020_447_331_861_593_082,
    1_000_000_000_000_000_000_000_000_000,
];
const URI: &str = "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lien {
    Free,
    Loan(u64),
    Surrendered,
}

/// Who spoke, if it still counts: the agent, or an appraiser by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Voice {
    Agent,
    Appraiser(usize),
    Struck,
}

#[derive(Clone, Debug)]
struct Word {
    voice: Voice,
    value: U256,
    at: u64,
    index: u64,
}

#[derive(Clone, Debug)]
struct Deed {
    owner: Address,
    approved: Address,
    class: usize,
    manifest: B256,
    agreement: B256,
    custodian: Address,
    proposal: Option<(Address, B256)>,
    user: (Address, u64),
    lien: Lien,
    words: Vec<Word>,
    insured: (U256, u64),
}

#[derive(Clone, Copy, Debug)]
struct Class {
    decay: u128,
    index: u64,
    stepped_at: u64,
}

/// What should be the case.
struct Model {
    deeds: BTreeMap<u64, Deed>,
    last: u64,
    operators: BTreeSet<(Address, Address)>,
    classes: [Class; 2],
    max_age: u64,
    cover_bps: u64,
    quorum: usize,
    in_office: [bool; APPRAISERS],
    /// Appraisers who have spoken since they were last struck.
    seated: [bool; APPRAISERS],
    listed_only: bool,
    parties: BTreeSet<Address>,
    paused: bool,
}

impl Model {
    fn may_move(&self, who: Address, deed: &Deed) -> bool {
        who == deed.owner || self.operators.contains(&(deed.owner, who)) || deed.approved == who
    }

    fn listed(&self, who: Address) -> bool {
        !self.listed_only || self.parties.contains(&who)
    }

    fn counts(&self, word: &Word, now: u64) -> bool {
        word.voice != Voice::Struck && now - word.at <= self.max_age
    }

    /// What the receipt is worth, rounded down once at the end, and its appraisal.
    fn worth(&self, deed: &Deed, now: u64) -> (U256, U256) {
        let class = &self.classes[deed.class];
        let words: Vec<_> = deed.words.iter().filter(|word| self.counts(word, now)).collect();
        let middle = |mut values: Vec<U256>| {
            values.sort_unstable();
            if values.is_empty() {
                U256::ZERO
            } else {
                values[(values.len() - 1) / 2]
            }
        };
        let exact = |word: &&Word| {
            let decayed = power(class.decay, now - word.at);
            let whole: U512 = decayed.widening_mul(word.value);
            let index = class.index.min(word.index);
            let shocked: U512 = (whole >> 64usize) * U512::from(index) / U512::from(word.index);
            (shocked >> 128usize).to::<U256>()
        };
        let appraisal = middle(words.iter().map(|word| word.value).collect());
        if words.len() < self.quorum {
            return (U256::ZERO, appraisal);
        }
        (middle(words.iter().map(exact).collect()), appraisal)
    }

    fn covered_until(&self, deed: &Deed, now: u64) -> u64 {
        let (_, appraisal) = self.worth(deed, now);
        let (value, until) = deed.insured;
        let enough = !value.is_zero() && value >= appraisal * U256::from(self.cover_bps) / n(10_000);
        if enough && until > now {
            until
        } else {
            0
        }
    }

    fn holder_of(&self, manifest: B256) -> u64 {
        let live: Vec<_> = self.deeds.iter().filter(|(_, deed)| deed.manifest == manifest).collect();
        assert!(live.len() <= 1, "C2");
        live.first().map_or(0, |(id, _)| **id)
    }
}

/// `factor^seconds` of a RAY, in units of 2^-192.
fn power(factor: u128, mut seconds: u64) -> U256 {
    let one = U256::from(1) << 192;
    let times = |a: &U256, b: &U256| -> U256 {
        let product: U512 = a.widening_mul(*b);
        (product >> 192usize).to::<U256>()
    };
    let ray = U512::from(DECAYS[2]);
    let mut square = ((U512::from(factor) << 192usize) / ray).to::<U256>();
    let mut power = one;
    while seconds > 0 {
        if seconds & 1 == 1 {
            power = times(&power, &square);
        }
        square = times(&square, &square);
        seconds >>= 1;
    }
    power
}

struct Walk {
    town: Town,
    caliber: Address,
    dice: Dice,
    log: Chronicle,
    model: Model,
    holders: [Address; HOLDERS],
    appraisers: [Address; APPRAISERS],
    ends: u64,
}

fn who(name: &str) -> Address {
    Address::from_word(keccak256(name))
}

impl Walk {
    fn begin(ground: Ground, dice: Dice) -> Self {
        let mut town = ground.town(Chain::builder().programs_expire(false), Terms::REAL);
        let (admin, router, caliber) = (town.cast.admin.address(), town.suite.router, town.suite.caliber);
        let holders = std::array::from_fn(|index| who(&format!("holder {index}")));
        let appraisers: [Address; APPRAISERS] = std::array::from_fn(|index| who(&format!("appraiser {index}")));
        for account in appraisers {
            let role = id("APPRAISER");
            town.does(admin, router, &Router::grantRoleCall { role, account });
        }
        let now = town.node.chain.timestamp();
        let class = Class {
            decay: DECAYS[0],
            index: FULL_INDEX,
            stepped_at: 0,
        };
        Self {
            caliber,
            dice,
            log: Chronicle::default(),
            model: Model {
                deeds: BTreeMap::new(),
                last: 0,
                operators: BTreeSet::new(),
                classes: [class; 2],
                max_age: 180 * DAY,
                cover_bps: 10_000,
                quorum: 1,
                in_office: [true; APPRAISERS],
                seated: [false; APPRAISERS],
                listed_only: false,
                parties: BTreeSet::new(),
                paused: false,
            },
            holders,
            appraisers,
            ends: now + LONGEST,
            town,
        }
    }

    fn now(&self) -> u64 {
        self.town.node.chain.timestamp()
    }

    /// Has `from` do `call`; true if it succeeded, which `reasons` must agree with.
    fn act<C: SolCall>(&mut self, kind: &'static str, from: Address, call: &C, reasons: &Reasons) -> bool {
        let data = call.abi_encode();
        self.log
            .begin(format!("{kind} by {from}: {}", alloy_primitives::hex::encode(&data)));
        let chain = &mut self.town.node.chain;
        self.log.attempt(chain, kind, Tx::call(from, self.caliber, data), reasons).is_some()
    }

    /// A receipt, live in most cases.
    fn some_id(&mut self) -> u64 {
        let live: Vec<u64> = self.model.deeds.keys().copied().collect();
        if live.is_empty() || self.dice.chance(4) {
            return self.dice.below(self.model.last + 3);
        }
        self.dice.one_of(&live)
    }

    fn some_ids(&mut self, most: u64) -> Vec<u64> {
        let count = 1 + self.dice.below(most);
        (0..count).map(|_| self.some_id()).collect()
    }

    /// Who may do something with a receipt, in most cases.
    fn someone_for(&mut self, id: u64) -> Address {
        match self.model.deeds.get(&id) {
            Some(deed) if self.dice.chance(80) => deed.owner,
            _ => self.dice.one_of(&self.holders),
        }
    }

    fn missing(&self, id: u64, reasons: &mut Reasons) -> bool {
        let missing = !self.model.deeds.contains_key(&id);
        let token = U256::from(id);
        reasons.add(missing, &refusals::ERC721NonexistentToken { tokenId: token });
        missing
    }

    fn add_lien(&self, id: u64, reasons: &mut Reasons) {
        let receipt = U256::from(id);
        match self.model.deeds[&id].lien {
            Lien::Free => {}
            Lien::Surrendered => reasons.add(true, &refusals::ReceiptSurrendered { receipt }),
            Lien::Loan(loan) => {
                let loan = U256::from(loan);
                reasons.add(true, &refusals::ReceiptPledged { receipt, loan });
            }
        }
    }

    // ---- what can happen ----

    fn issue(&mut self) {
        let owner = self.dice.one_of(&self.holders);
        let agent = if self.dice.chance(97) {
            self.town.cast.agent.address()
        } else {
            owner
        };
        let class = usize::from(self.dice.chance(50));
        let manifest = keccak256(self.dice.below(MANIFESTS).to_be_bytes());
        let appraisal = U256::ONE + self.dice.up_to(wad(10_000_000));
        let insured = (self.dice.up_to(wad(20_000_000)), self.now() + self.dice.below(400 * DAY));
        let custodian = self.dice.one_of(&self.holders);
        let call = Caliber::issueCall {
            owner,
            hardwareClass: id(CLASSES[class]),
            units: n(8),
            manifestHash: manifest,
            agreementHash: keccak256("agreement"),
            agreementUri: URI.into(),
            custodian,
            appraisal,
            insuredValue: insured.0,
            insuredUntil: U256::from(insured.1),
        };
        let mut reasons = Reasons::default();
        let (account, role) = (agent, id("TOKENISING_AGENT"));
        reasons.add(agent == owner, &refusals::Unauthorized { account, role });
        reasons.add(self.model.paused, &refusals::IssuesPaused {});
        reasons.add(!self.model.listed(owner), &refusals::NotListed { account: owner });
        let holder = self.model.holder_of(manifest);
        let receipt = U256::from(holder);
        reasons.add(holder != 0, &refusals::DuplicateManifest { manifest, receipt });
        if self.act("issue", agent, &call, &reasons) {
            let now = self.now();
            self.model.last += 1;
            let word = Word {
                voice: Voice::Agent,
                value: appraisal,
                at: now,
                index: self.model.classes[class].index,
            };
            self.model.deeds.insert(
                self.model.last,
                Deed {
                    owner,
                    approved: Address::ZERO,
                    class,
                    manifest,
                    agreement: keccak256("agreement"),
                    custodian,
                    proposal: None,
                    user: (Address::ZERO, 0),
                    lien: Lien::Free,
                    words: vec![word],
                    insured,
                },
            );
            let last = self.model.last;
            self.check(last);
        }
    }

    fn transfer(&mut self) {
        let id = self.some_id();
        let by = self.someone_for(id);
        let from = if self.dice.chance(95) {
            self.model.deeds.get(&id).map_or(by, |deed| deed.owner)
        } else {
            self.dice.one_of(&self.holders)
        };
        let to = if self.dice.chance(3) {
            Address::ZERO
        } else {
            self.dice.one_of(&self.holders)
        };
        let mut reasons = Reasons::default();
        let token = U256::from(id);
        if !self.missing(id, &mut reasons) {
            let deed = &self.model.deeds[&id];
            reasons.add(to.is_zero(), &refusals::ERC721InvalidReceiver { receiver: to });
            let barred = !self.model.may_move(by, deed);
            let (operator, owner) = (by, deed.owner);
            reasons.add(barred, &refusals::ERC721InsufficientApproval { operator, tokenId: token });
            let error = refusals::ERC721IncorrectOwner {
                sender: from,
                tokenId: token,
                owner,
            };
            reasons.add(from != owner, &error);
            reasons.add(!self.model.listed(to), &refusals::NotListed { account: to });
            self.add_lien(id, &mut reasons);
        }
        let done = if self.dice.chance(30) {
            let call = Caliber::safeTransferFrom_0Call { from, to, tokenId: token };
            self.act("safe transfer", by, &call, &reasons)
        } else {
            let call = Caliber::transferFromCall { from, to, tokenId: token };
            self.act("transfer", by, &call, &reasons)
        };
        if done {
            let deed = self.model.deeds.get_mut(&id).expect("live");
            (deed.owner, deed.approved, deed.user) = (to, Address::ZERO, (Address::ZERO, 0));
        }
        self.check(id);
    }

    fn approve(&mut self) {
        let (id, to) = (self.some_id(), self.dice.one_of(&self.holders));
        let by = self.someone_for(id);
        let mut reasons = Reasons::default();
        if !self.missing(id, &mut reasons) {
            let owner = self.model.deeds[&id].owner;
            let allowed = by == owner || self.model.operators.contains(&(owner, by));
            reasons.add(!allowed, &refusals::ERC721InvalidApprover { approver: by });
        }
        let call = Caliber::approveCall {
            to,
            tokenId: U256::from(id),
        };
        if self.act("approve", by, &call, &reasons) {
            self.model.deeds.get_mut(&id).expect("live").approved = to;
        }
    }

    fn operate(&mut self) {
        let (owner, operator) = (self.dice.one_of(&self.holders), self.dice.one_of(&self.holders));
        let approved = self.dice.chance(50);
        let call = Caliber::setApprovalForAllCall { operator, approved };
        assert!(self.act("operator", owner, &call, &Reasons::default()));
        if approved {
            self.model.operators.insert((owner, operator));
        } else {
            self.model.operators.remove(&(owner, operator));
        }
    }

    /// One appraiser speaks, or all of them do, one more than a receipt has room for.
    fn appraise(&mut self) {
        let id = self.some_id();
        if self.dice.chance(4) {
            (0..APPRAISERS).for_each(|number| self.appraise_by(id, number));
            return;
        }
        let number = self.dice.below(APPRAISERS as u64);
        self.appraise_by(id, usize::try_from(number).expect("small"));
    }

    fn appraise_by(&mut self, id: u64, number: usize) {
        let appraiser = self.appraisers[number];
        let value = if self.dice.chance(3) {
            U256::ZERO
        } else {
            U256::ONE + self.dice.up_to(wad(10_000_000))
        };
        let mut reasons = Reasons::default();
        let (account, role) = (appraiser, self::id("APPRAISER"));
        reasons.add(!self.model.in_office[number], &refusals::Unauthorized { account, role });
        let now = self.now();
        let mut place = 0;
        if !self.missing(id, &mut reasons) {
            let error = refusals::OutOfRange {
                parameter: self::id("appraisal"),
                value,
                minimum: U256::ONE,
                maximum: n(u128::MAX),
            };
            reasons.add(value.is_zero(), &error);
            let words = &self.model.deeds[&id].words;
            let own = words.iter().position(|word| word.voice == Voice::Appraiser(number));
            let idle = words
                .iter()
                .position(|word| word.voice == Voice::Agent || !self.model.counts(word, now));
            place = own.or(idle).unwrap_or(words.len());
            let receipt = U256::from(id);
            let error = refusals::TooManyAppraisers { receipt, maximum: n(7) };
            reasons.add(place == 7, &error);
        }
        let receipt = U256::from(id);
        if self.act("appraise", appraiser, &Caliber::appraiseCall { receipt, value }, &reasons) {
            self.model.seated[number] = true;
            let deed = self.model.deeds.get_mut(&id).expect("live");
            let word = Word {
                voice: Voice::Appraiser(number),
                value,
                at: now,
                index: self.model.classes[deed.class].index,
            };
            if place == deed.words.len() {
                deed.words.push(word);
            } else {
                deed.words[place] = word;
            }
        }
        self.check(id);
    }

    fn insure(&mut self) {
        let id = self.some_id();
        let attestor = self.town.cast.attestor.address();
        let insured = (self.dice.up_to(wad(20_000_000)), self.now() + self.dice.below(300 * DAY));
        let mut reasons = Reasons::default();
        self.missing(id, &mut reasons);
        let call = Caliber::insureCall {
            receipt: U256::from(id),
            insuredValue: insured.0,
            insuredUntil: U256::from(insured.1),
        };
        if self.act("insure", attestor, &call, &reasons) {
            self.model.deeds.get_mut(&id).expect("live").insured = insured;
        }
        self.check(id);
    }

    fn pledge(&mut self) {
        let ids = self.some_ids(3);
        let (owner, loan) = (self.someone_for(ids[0]), 1 + self.dice.below(LOANS));
        let by = if self.dice.chance(97) { self.town.suite.filo } else { owner };
        let mut reasons = Reasons::default();
        reasons.add(by == owner, &refusals::OnlyFilo { caller: by });
        let (now, mut seen) = (self.now(), BTreeSet::new());
        let (mut value, mut until) = (U256::ZERO, u64::MAX);
        for id in &ids {
            let receipt = U256::from(*id);
            if self.missing(*id, &mut reasons) {
                continue;
            }
            self.add_lien(*id, &mut reasons);
            let deed = &self.model.deeds[id];
            let error = refusals::ERC721IncorrectOwner {
                sender: owner,
                tokenId: receipt,
                owner: deed.owner,
            };
            reasons.add(deed.owner != owner, &error);
            let error = refusals::ReceiptPledged {
                receipt,
                loan: U256::from(loan),
            };
            reasons.add(!seen.insert(*id), &error);
            let fresh = deed.words.iter().filter(|word| self.model.counts(word, now)).count();
            let latest = deed.words.iter().map(|word| word.at).max().expect("an appraisal at issue");
            let error = refusals::StaleAppraisal {
                receipt,
                appraisedAt: U256::from(latest),
            };
            reasons.add(fresh < self.model.quorum, &error);
            value += self.model.worth(deed, now).0;
            until = until.min(self.model.covered_until(deed, now));
        }
        let call = Caliber::pledgeCall {
            receipts: ids.iter().copied().map(U256::from).collect(),
            owner,
            loan: U256::from(loan),
        };
        if reasons.none() {
            let receipts = call.receipts.clone();
            let said = self.town.read(self.caliber, &Caliber::collateralOfCall { receipts });
            agrees(said.value, value, "collateral");
            assert_eq!(said.insuredUntil, U256::from(until));
        }
        if self.act("pledge", by, &call, &reasons) {
            for id in &ids {
                self.model.deeds.get_mut(id).expect("live").lien = Lien::Loan(loan);
            }
        }
        self.check_all_of(&ids);
    }

    /// Release, refinance, delivery.
    fn relieve(&mut self) {
        let pledged: Vec<(u64, u64)> = self
            .model
            .deeds
            .iter()
            .filter_map(|(id, deed)| match deed.lien {
                Lien::Loan(loan) => Some((*id, loan)),
                _ => None,
            })
            .collect();
        let loan = if pledged.is_empty() || self.dice.chance(10) {
            1 + self.dice.below(LOANS)
        } else {
            self.dice.one_of(&pledged).1
        };
        let ids = if self.dice.chance(70) {
            let ids: Vec<u64> = pledged.iter().filter(|(_, held)| *held == loan).map(|(id, _)| *id).collect();
            ids[..ids.len().min(3)].to_vec()
        } else {
            self.some_ids(2)
        };
        let filo = self.town.suite.filo;
        let mut reasons = Reasons::default();
        let mut seen = BTreeSet::new();
        let kind = self.dice.below(3);
        let next = if self.dice.chance(60) {
            loan % LOANS + 1
        } else {
            1 + self.dice.below(LOANS)
        };
        for id in &ids {
            if self.missing(*id, &mut reasons) {
                continue;
            }
            let error = refusals::NotPledgedTo {
                receipt: U256::from(*id),
                loan: U256::from(loan),
            };
            // What stands twice is gone the second time, unless it is passed on to the loan that it came from.
            let (twice, stays) = (!seen.insert(*id), kind == 1 && next == loan);
            let gone = twice && !stays;
            reasons.add(self.model.deeds[id].lien != Lien::Loan(loan) || gone, &error);
        }
        let receipts: Vec<U256> = ids.iter().copied().map(U256::from).collect();
        let number = U256::from(loan);
        match kind {
            0 => {
                let call = Caliber::releaseCall { receipts, loan: number };
                if self.act("release", filo, &call, &reasons) {
                    self.relieved(&ids, Lien::Free);
                }
            }
            1 => {
                let call = Caliber::repledgeCall {
                    receipts,
                    fromLoan: number,
                    toLoan: U256::from(next),
                };
                if self.act("repledge", filo, &call, &reasons) {
                    self.relieved(&ids, Lien::Loan(next));
                }
            }
            _ => {
                let to = self.dice.one_of(&self.holders);
                reasons.add(!self.model.listed(to), &refusals::NotListed { account: to });
                let call = Caliber::deliverCall {
                    receipts,
                    loan: number,
                    to,
                };
                if self.act("deliver", filo, &call, &reasons) {
                    self.relieved(&ids, Lien::Free);
                    for id in &ids {
                        let deed = self.model.deeds.get_mut(id).expect("live");
                        (deed.owner, deed.approved, deed.user) = (to, Address::ZERO, (Address::ZERO, 0));
                    }
                }
            }
        }
        self.check_all_of(&ids);
    }

    fn relieved(&mut self, ids: &[u64], lien: Lien) {
        for id in ids {
            self.model.deeds.get_mut(id).expect("live").lien = lien;
        }
    }

    fn redemption(&mut self) {
        let handed_in: Vec<u64> = self
            .model
            .deeds
            .iter()
            .filter(|(_, deed)| deed.lien == Lien::Surrendered)
            .map(|(id, _)| *id)
            .collect();
        let id = if !handed_in.is_empty() && self.dice.chance(50) {
            self.dice.one_of(&handed_in)
        } else {
            self.some_id()
        };
        let (receipt, holder) = (U256::from(id), self.someone_for(id));
        let custodian = match self.model.deeds.get(&id) {
            Some(deed) if self.dice.chance(80) => deed.custodian,
            _ => self.dice.one_of(&self.holders),
        };
        let kind = self.dice.below(3);
        let mut reasons = Reasons::default();
        if !self.missing(id, &mut reasons) {
            let deed = &self.model.deeds[&id];
            let barred = kind != 2 && !self.model.may_move(holder, deed);
            let error = refusals::ERC721InsufficientApproval {
                operator: holder,
                tokenId: receipt,
            };
            reasons.add(barred, &error);
            if kind == 0 {
                self.add_lien(id, &mut reasons);
            } else {
                reasons.add(deed.lien != Lien::Surrendered, &refusals::NotSurrendered { receipt });
                let caller = custodian;
                let wrong = kind == 2 && custodian != deed.custodian;
                reasons.add(wrong, &refusals::OnlyCustodian { caller, receipt });
            }
        }
        match kind {
            0 => {
                if self.act("hand in", holder, &Caliber::requestRedemptionCall { receipt }, &reasons) {
                    self.relieved(&[id], Lien::Surrendered);
                }
            }
            1 => {
                if self.act("keep", holder, &Caliber::withdrawRedemptionCall { receipt }, &reasons) {
                    self.relieved(&[id], Lien::Free);
                }
            }
            _ => {
                if self.act("redeem", custodian, &Caliber::confirmRedemptionCall { receipt }, &reasons) {
                    self.model.deeds.remove(&id);
                }
            }
        }
        self.check(id);
    }

    fn custody(&mut self) {
        let id = self.some_id();
        let (receipt, agent) = (U256::from(id), self.town.cast.agent.address());
        let agreement = keccak256(self.dice.below(2).to_be_bytes());
        let mut reasons = Reasons::default();
        let missing = self.missing(id, &mut reasons);
        if self.dice.chance(50) {
            let custodian = self.dice.one_of(&self.holders);
            let call = Caliber::proposeCustodianCall {
                receipt,
                custodian,
                agreementHash: agreement,
                agreementUri: URI.into(),
            };
            if self.act("propose custody", agent, &call, &reasons) {
                self.model.deeds.get_mut(&id).expect("live").proposal = Some((custodian, agreement));
            }
        } else {
            let proposal = self.model.deeds.get(&id).and_then(|deed| deed.proposal);
            let (custodian, agreement) = match proposal {
                Some(proposal) if self.dice.chance(80) => proposal,
                _ => (self.dice.one_of(&self.holders), agreement),
            };
            let error = refusals::CustodyNotProposed { receipt, custodian };
            reasons.add(!missing && proposal != Some((custodian, agreement)), &error);
            let call = Caliber::acceptCustodyCall {
                receipt,
                agreementHash: agreement,
                agreementUri: URI.into(),
            };
            if self.act("accept custody", custodian, &call, &reasons) {
                let deed = self.model.deeds.get_mut(&id).expect("live");
                (deed.custodian, deed.agreement, deed.proposal) = (custodian, agreement, None);
            }
        }
        self.check(id);
    }

    fn name_user(&mut self) {
        let id = self.some_id();
        let (receipt, by, user) = (U256::from(id), self.someone_for(id), self.dice.one_of(&self.holders));
        let expires = self.now() + self.dice.below(3 * DAY);
        let mut reasons = Reasons::default();
        if !self.missing(id, &mut reasons) {
            let barred = !self.model.may_move(by, &self.model.deeds[&id]);
            let error = refusals::ERC721InsufficientApproval {
                operator: by,
                tokenId: receipt,
            };
            reasons.add(barred, &error);
        }
        if self.act("user", by, &Caliber::setUserCall { receipt, user, expires }, &reasons) {
            self.model.deeds.get_mut(&id).expect("live").user = (user, expires);
        }
        self.check(id);
    }

    fn shock(&mut self) {
        let class = usize::from(self.dice.chance(50));
        let by_admin = self.dice.chance(50);
        let up = by_admin && self.dice.chance(70);
        let by = if by_admin {
            self.town.cast.admin.address()
        } else {
            self.appraisers[0]
        };
        let most = if self.dice.chance(5) { 4_000 } else { 700 };
        let bps = self.dice.below(most);
        let (now, terms) = (self.now(), self.model.classes[class]);
        let mut reasons = Reasons::default();
        let (account, role) = (by, self::id("APPRAISER"));
        let unauthorized = !by_admin && !self.model.in_office[0];
        reasons.add(unauthorized, &refusals::Unauthorized { account, role });
        let (name, bps_word) = (self::id(CLASSES[class]), U256::from(bps));
        let earliest = terms.stepped_at + 7 * DAY;
        let error = refusals::ShockTooSoon {
            hardwareClass: name,
            earliest: U256::from(earliest),
        };
        reasons.add(!by_admin && now < earliest, &error);
        let range = |parameter, value, minimum: u64, maximum: u64| refusals::OutOfRange {
            parameter: self::id(parameter),
            value,
            minimum: U256::from(minimum),
            maximum: U256::from(maximum),
        };
        reasons.add(bps == 0 || bps > 2_000, &range("bps", bps_word, 1, 2_000));
        let part = if up { 10_000 + bps } else { 10_000 - bps };
        let index = u128::from(terms.index) * u128::from(part) / 10_000;
        let index = u64::try_from(index).expect("small").min(FULL_INDEX);
        let error = range("index", U256::from(index), FULL_INDEX / 1_000, FULL_INDEX);
        reasons.add(index < FULL_INDEX / 1_000, &error);
        let done = if up {
            let call = Caliber::restoreClassCall {
                hardwareClass: name,
                bps: bps_word,
            };
            self.act("restore", by, &call, &reasons)
        } else {
            let call = Caliber::shockClassCall {
                hardwareClass: name,
                bps: bps_word,
            };
            self.act("shock", by, &call, &reasons)
        };
        if done {
            let terms = &mut self.model.classes[class];
            (terms.index, terms.stepped_at) = (index, now);
        }
        if let Some(id) = self.model.deeds.keys().next().copied() {
            self.check(id);
        }
    }

    fn govern(&mut self) {
        let admin = self.town.cast.admin.address();
        let none = Reasons::default();
        match self.dice.below(6) {
            0 => {
                let (class, decay) = (usize::from(self.dice.chance(50)), self.dice.one_of(&DECAYS));
                let call = Caliber::setDecayCall {
                    hardwareClass: self::id(CLASSES[class]),
                    factor: n(decay),
                };
                assert!(self.act("decay", admin, &call, &none));
                self.model.classes[class].decay = decay;
            }
            1 => {
                let days = self.dice.one_of(&[2, 10, 180, 180]);
                let (cover, quorum) = (5_000 + self.dice.below(10_000), self.dice.one_of(&[1, 1, 2, 3, 7]));
                let call = Caliber::setPolicyCall {
                    maxAge: U256::from(days * DAY),
                    minCoverBps: U256::from(cover),
                    quorum: U256::from(quorum),
                    maxStepBps: n(2_000),
                };
                assert!(self.act("policy", admin, &call, &none));
                (self.model.max_age, self.model.cover_bps) = (days * DAY, cover);
                self.model.quorum = usize::try_from(quorum).expect("small");
            }
            2 => {
                let enabled = self.dice.chance(30);
                assert!(self.act("allow-list", admin, &Caliber::setAllowListCall { enabled }, &none));
                self.model.listed_only = enabled;
            }
            3 => {
                let (account, listed) = (self.dice.one_of(&self.holders), self.dice.chance(60));
                let call = Caliber::setPartiesCall {
                    accounts: vec![account],
                    listed,
                };
                assert!(self.act("parties", admin, &call, &none));
                if listed {
                    self.model.parties.insert(account);
                } else {
                    self.model.parties.remove(&account);
                }
            }
            4 => {
                if self.model.paused || self.dice.chance(70) {
                    assert!(self.act("unpause", admin, &Caliber::unpauseIssuesCall {}, &none));
                    self.model.paused = false;
                } else {
                    assert!(self.act("pause", admin, &Caliber::pauseIssuesCall {}, &none));
                    self.model.paused = true;
                }
            }
            _ => self.office(),
        }
    }

    /// Roles come and go, and whoever likes has those struck who lost theirs.
    fn office(&mut self) {
        let number = usize::try_from(self.dice.below(APPRAISERS as u64)).expect("small");
        let (account, role) = (self.appraisers[number], id("APPRAISER"));
        let (admin, router) = (self.town.cast.admin.address(), self.town.suite.router);
        if self.model.in_office[number] && self.dice.chance(30) {
            self.town.does(admin, router, &Router::revokeRoleCall { role, account });
            self.model.in_office[number] = false;
        } else if !self.model.in_office[number] && self.dice.chance(70) {
            self.town.does(admin, router, &Router::grantRoleCall { role, account });
            self.model.in_office[number] = true;
        }
        let mut reasons = Reasons::default();
        let stays = self.model.in_office[number] || !self.model.seated[number];
        reasons.add(stays, &refusals::NotToBeStruck { account, role });
        let anybody = self.dice.one_of(&self.holders);
        if self.act("strike", anybody, &Caliber::strikeCall { role, account }, &reasons) {
            self.model.seated[number] = false;
            for deed in self.model.deeds.values_mut() {
                for word in &mut deed.words {
                    if word.voice == Voice::Appraiser(number) {
                        word.voice = Voice::Struck;
                    }
                }
            }
            self.check_everything();
        }
    }

    fn wait(&mut self) {
        let seconds = 1 + self.dice.below(DAY / 3);
        if self.now() + seconds < self.ends {
            self.town.node.chain.advance(seconds);
        }
    }

    /// Liveness: wherever the walk has led, every loan can let its receipts go, every holder can hand them in, and every custodian can
    /// confirm; then nothing is left.
    fn wind_up(&mut self) {
        let (filo, caliber) = (self.town.suite.filo, self.caliber);
        for (id, deed) in std::mem::take(&mut self.model.deeds) {
            let receipt = U256::from(id);
            if let Lien::Loan(loan) = deed.lien {
                let call = Caliber::releaseCall {
                    receipts: vec![receipt],
                    loan: U256::from(loan),
                };
                self.town.does(filo, caliber, &call);
            }
            if deed.lien != Lien::Surrendered {
                self.town.does(deed.owner, caliber, &Caliber::requestRedemptionCall { receipt });
            }
            self.town.does(deed.custodian, caliber, &Caliber::confirmRedemptionCall { receipt });
        }
        self.check_everything();
    }

    // ---- what must be the case ----

    fn check_all_of(&mut self, ids: &[u64]) {
        for id in ids {
            self.check(*id);
        }
    }

    /// That the receipt is what the model says, C1 included: one loan, and the same one.
    fn check(&mut self, id: u64) {
        let (receipt, now) = (U256::from(id), self.now());
        let Some(deed) = self.model.deeds.get(&id) else {
            let gone = self.town.raw(
                Address::ZERO,
                self.caliber,
                U256::ZERO,
                Caliber::receiptOfCall { receipt }.abi_encode(),
            );
            assert!(!gone.success, "receipt {id} is gone");
            return;
        };
        let said = self.town.node.chain.timestamp();
        assert_eq!(said, now);
        let said = self.town.read(self.caliber, &Caliber::receiptOfCall { receipt });
        assert_eq!(said.owner, deed.owner, "owner of {id}");
        let (loan, surrendered) = match deed.lien {
            Lien::Free => (0, false),
            Lien::Loan(loan) => (loan, false),
            Lien::Surrendered => (0, true),
        };
        assert_eq!((said.loan, said.surrendered), (U256::from(loan), surrendered), "C1 of {id}");
        assert_eq!(said.goods.manifestHash, deed.manifest, "C2 of {id}");
        assert_eq!(said.goods.hardwareClass, self::id(CLASSES[deed.class]));
        assert_eq!((said.goods.custodian, said.goods.agreementHash), (deed.custodian, deed.agreement));
        let user = if deed.user.1 >= now { deed.user.0 } else { Address::ZERO };
        assert_eq!(said.user, user, "user of {id}");
        let (worth, appraisal) = self.model.worth(deed, now);
        agrees(said.value, worth, "worth");
        assert_eq!(said.appraisal, appraisal);
        assert!(said.value <= appraisal, "never above the appraisal");
        let fresh = deed.words.iter().filter(|word| self.model.counts(word, now)).count();
        assert_eq!(said.appraisals, U256::from(fresh));
        assert_eq!((said.insuredValue, said.insuredUntil), (deed.insured.0, U256::from(deed.insured.1)));
        assert_eq!(said.coveredUntil, U256::from(self.model.covered_until(deed, now)));
        assert_eq!(said.goods.agreementUri, URI);
    }

    fn check_everything(&mut self) {
        let ids: Vec<u64> = self.model.deeds.keys().copied().collect();
        self.check_all_of(&ids);
        // C2 both ways: every manifest leads to its live receipt, or to none.
        for number in 0..MANIFESTS {
            let manifest = keccak256(number.to_be_bytes());
            let said = self
                .town
                .read(self.caliber, &Caliber::receiptByManifestCall { manifestHash: manifest });
            assert_eq!(said, U256::from(self.model.holder_of(manifest)), "C2");
        }
        for holder in self.holders {
            let held = self.model.deeds.values().filter(|deed| deed.owner == holder).count();
            let said = self.town.read(self.caliber, &Caliber::balanceOfCall { owner: holder });
            assert_eq!(said, U256::from(held), "balance");
        }
        for (id, deed) in &self.model.deeds {
            let call = Caliber::getApprovedCall { tokenId: U256::from(*id) };
            let said = self.town.read(self.caliber, &call);
            assert_eq!(said, deed.approved, "approval of {id}");
        }
        for (name, class) in CLASSES.iter().zip(self.model.classes) {
            let call = Caliber::classTermsCall {
                hardwareClass: self::id(name),
            };
            let said = self.town.read(self.caliber, &call);
            assert_eq!((said.factor, said.index), (n(class.decay), U256::from(class.index)));
        }
    }
}

/// Never above what is exact, and below by 10^-12 at most.
fn agrees(said: U256, exact: U256, what: &str) {
    assert!(said <= exact, "{what}: {said} above {exact}");
    assert!(exact - said <= exact / n(1_000_000_000_000) + n(6), "{what}: {said} of {exact}");
}

/// What can happen, each as often as its number says.
const ACTS: &[Act<Walk>] = &[
    (8, Walk::issue),
    (14, Walk::transfer),
    (5, Walk::approve),
    (2, Walk::operate),
    (18, Walk::appraise),
    (5, Walk::insure),
    (14, Walk::pledge),
    (14, Walk::relieve),
    (10, Walk::redemption),
    (6, Walk::custody),
    (4, Walk::name_user),
    (3, Walk::shock),
    (3, Walk::govern),
    (6, Walk::wait),
];

/// What a walk of this length must have met.
const SHOWN: &[(&str, &[&str])] = &[
    (
        "issue",
        &["success", "Unauthorized", "IssuesPaused", "NotListed", "DuplicateManifest"],
    ),
    (
        "transfer",
        &[
            "success",
            "ERC721NonexistentToken",
            "ERC721InvalidReceiver",
            "ERC721InsufficientApproval",
            "ERC721IncorrectOwner",
            "NotListed",
            "ReceiptPledged",
            "ReceiptSurrendered",
        ],
    ),
    ("safe transfer", &["success", "ReceiptPledged", "ReceiptSurrendered"]),
    ("approve", &["success", "ERC721InvalidApprover", "ERC721NonexistentToken"]),
    (
        "appraise",
        &[
            "success",
            "Unauthorized",
            "OutOfRange",
            "TooManyAppraisers",
            "ERC721NonexistentToken",
        ],
    ),
    ("insure", &["success", "ERC721NonexistentToken"]),
    (
        "pledge",
        &[
            "success",
            "OnlyFilo",
            "ERC721IncorrectOwner",
            "ERC721NonexistentToken",
            "ReceiptPledged",
            "ReceiptSurrendered",
            "StaleAppraisal",
        ],
    ),
    ("release", &["success", "NotPledgedTo", "ERC721NonexistentToken"]),
    ("repledge", &["success", "NotPledgedTo", "ERC721NonexistentToken"]),
    ("deliver", &["success", "NotPledgedTo", "NotListed"]),
    (
        "hand in",
        &["success", "ERC721InsufficientApproval", "ReceiptPledged", "ReceiptSurrendered"],
    ),
    ("keep", &["success", "ERC721InsufficientApproval", "NotSurrendered"]),
    ("redeem", &["success", "NotSurrendered", "OnlyCustodian"]),
    ("propose custody", &["success", "ERC721NonexistentToken"]),
    ("accept custody", &["success", "CustodyNotProposed"]),
    ("user", &["success", "ERC721InsufficientApproval"]),
    ("shock", &["success", "ShockTooSoon", "OutOfRange", "Unauthorized"]),
    ("restore", &["success", "OutOfRange"]),
    ("strike", &["success", "NotToBeStruck"]),
];

impl driver::Walk for Walk {
    const NAME: &'static str = "caliber";
    const FULL_CHECK: u64 = 64;
    const ACTS: &'static [Act<Self>] = ACTS;
    type Variant = ();
    const VARIANTS: &'static [()] = &[()];

    fn begin((): (), ground: Ground, dice: Dice) -> Self {
        Self::begin(ground, dice)
    }

    fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }

    fn log(&mut self) -> &mut Chronicle {
        &mut self.log
    }

    fn town(&mut self) -> Option<&mut Town> {
        Some(&mut self.town)
    }

    fn check_everything(&mut self) {
        self.check_everything();
    }

    fn wind_up(&mut self) {
        self.wind_up();
    }

    fn missing(&self) -> Vec<(&'static str, &'static str)> {
        self.log.missing(SHOWN)
    }
}

#[test]
fn receipts_have_one_loan_and_one_manifest_whatever_happens() {
    drive::<Walk>((), Journey::on_both(0x000c_a11b_e400_0001, STEPS));
}

#[test]
fn receipts_have_one_loan_and_one_manifest_whatever_else_happens() {
    drive::<Walk>((), Journey::on_both(0x000c_a11b_e400_0002, STEPS));
}

#[test]
fn receipts_have_one_loan_and_one_manifest_natively() {
    drive::<Walk>((), Journey::natively(0x000c_a11b_e400_0003, NATIVELY));
}

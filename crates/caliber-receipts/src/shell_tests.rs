//! The shell under motsu: wiring, events, and every refusal by name. Selectors, decoding and gas are the embedded chain's business.

#![allow(clippy::needless_pass_by_value, reason = "motsu hands contracts over by value")]

use std::cell::Cell;

use alloy_primitives::{keccak256, Address, FixedBytes, B256, U256};
use alloy_signer::SignerSync;
use alloy_sol_types::{SolError, SolValue};
use erc721_ledger::{Approval, ApprovalForAll, Erc721Error, IErc721Callee, IErc721MetadataCallee, Transfer};
use fixed_point::{RAY, WAD};
use interfaces::{
    authority::{AddressNotSet, Unauthorized},
    ids::{address, role},
};
use lean_abi::Refusal;
use motsu::prelude::*;
use stylus_sdk::{abi::Bytes, prelude::*, storage::*};

use crate::{
    errors::*,
    evaluation::{FASTEST_DECAY, SLOWEST_DECAY},
    events::*,
    CaliberError, CaliberReceipts, Goods, Lot, Receipt,
};

const DEFAULT_MAX_AGE: u64 = crate::evaluation::DEFAULT_MAX_AGE as u64;
const START: u64 = 1_735_689_600;

thread_local! {
    static CLOCK: Cell<u64> = const { Cell::new(START) };
}

pub(super) fn clock() -> u64 {
    CLOCK.with(Cell::get)
}

fn set_clock(now: u64) {
    CLOCK.with(|clock| clock.set(now));
}

/// The router's books, and nothing else of it.
#[storage]
struct Books {
    roles: StorageMap<B256, StorageMap<Address, StorageBool>>,
    addresses: StorageMap<B256, StorageAddress>,
}

unsafe impl TopLevelStorage for Books {}

#[public]
impl Books {
    fn has_role(&self, role: B256, account: Address) -> bool {
        self.roles.getter(role).get(account)
    }

    fn address_of(&self, id: B256) -> Address {
        self.addresses.get(id)
    }

    fn grant(&mut self, role: B256, account: Address) {
        self.roles.setter(role).insert(account, true);
    }

    fn revoke(&mut self, role: B256, account: Address) {
        self.roles.setter(role).insert(account, false);
    }

    fn set(&mut self, id: B256, address: Address) {
        self.addresses.insert(id, address);
    }
}

/// A contract that answers as it is told: takes receipts, answers wrongly, or reverts with words.
#[storage]
struct Receiver {
    mood: StorageU8,
}

unsafe impl TopLevelStorage for Receiver {}

#[public]
impl Receiver {
    #[selector(name = "onERC721Received")]
    fn on_received(&mut self, _operator: Address, _from: Address, _id: U256, data: Bytes) -> Result<FixedBytes<4>, Vec<u8>> {
        match self.mood.get().to::<u8>() {
            0 => Ok(FixedBytes(if data.0.is_empty() || data.0[..] == [7] {
                [0x15, 0x0b, 0x7a, 0x02]
            } else {
                [0; 4]
            })),
            1 => Ok(FixedBytes([1, 2, 3, 4])),
            _ => Err(b"no".to_vec()),
        }
    }

    fn set_mood(&mut self, mood: u8) {
        self.mood.set(mood.try_into().unwrap_or_default());
    }
}

/// Everybody in the tests.
struct People {
    admin: Address,
    agent: Address,
    appraiser: Address,
    attestor: Address,
    filo: Address,
    owner: Address,
}

fn people() -> People {
    People {
        admin: Address::from_tag("admin"),
        agent: Address::from_tag("agent"),
        appraiser: Address::from_tag("appraiser"),
        attestor: Address::from_tag("attestor"),
        filo: Address::from_tag("filo"),
        owner: Address::from_tag("owner"),
    }
}

fn id(text: &str) -> B256 {
    interfaces::ids::id(text)
}

fn usd(units: u64) -> U256 {
    U256::from(units) * WAD
}

fn number(n: u64) -> U256 {
    U256::from(n)
}

/// Constructed, wired, roles granted, clock at the start.
fn set_up(caliber: &Contract<CaliberReceipts>, books: &Contract<Books>) -> People {
    set_clock(START);
    let people = people();
    for (role, who) in [
        (role::ADMIN.word(), people.admin),
        (role::TOKENISING_AGENT.word(), people.agent),
        (role::APPRAISER.word(), people.appraiser),
        (role::ATTESTOR.word(), people.attestor),
    ] {
        books.sender(people.admin).grant(role, who);
    }
    books.sender(people.admin).set(address::FILO.word(), people.filo);
    caliber.sender(people.admin).constructor(books.address()).motsu_unwrap();
    caliber.sender(people.owner).wire().motsu_unwrap();
    people
}

const URI: &str = "https://example.org/agreements/phoenix-1/h100-sxm5-80g/0001.pdf";

/// A receipt over 17 machines worth 595,000, insured for a year, to `owner`, by `agent`.
fn issue_with(
    caliber: &Contract<CaliberReceipts>,
    agent: Address,
    owner: Address,
    manifest: &str,
    change: impl FnOnce(&mut Issue),
) -> Result<U256, CaliberError> {
    let mut issue = Issue {
        owner,
        class: id("H100-SXM5-80G"),
        units: number(17),
        manifest: keccak256(manifest),
        agreement: keccak256("agreement"),
        custodian: Address::from_tag("custodian"),
        appraisal: usd(595_000),
        insured: usd(595_000),
        until: number(START + 365 * 86_400),
    };
    change(&mut issue);
    caliber
        .sender(agent)
        .issue(
            issue.owner,
            issue.class,
            issue.units,
            issue.manifest,
            issue.agreement,
            URI.to_string(),
            issue.custodian,
            issue.appraisal,
            issue.insured,
            issue.until,
        )
        .motsu_res()
}

struct Issue {
    owner: Address,
    class: B256,
    units: U256,
    manifest: B256,
    agreement: B256,
    custodian: Address,
    appraisal: U256,
    insured: U256,
    until: U256,
}

fn issue(caliber: &Contract<CaliberReceipts>, people: &People, manifest: &str) -> U256 {
    issue_with(caliber, people.agent, people.owner, manifest, |_| ()).unwrap()
}

/// An error of the ledger's.
fn erc721(error: impl Into<Erc721Error>) -> CaliberError {
    CaliberError::from(error.into())
}

fn bytes(error: CaliberError) -> Vec<u8> {
    error.into()
}

// ---- construction, wiring, roles ----

#[motsu::test]
fn constructor_refuses_a_zero_router(caliber: Contract<CaliberReceipts>, alice: Address) {
    let refusal = caliber.sender(alice).constructor(Address::ZERO).motsu_unwrap_err();
    assert_eq!(refusal, CaliberError::from(ZeroValue { parameter: id("router") }));
}

#[motsu::test]
fn wire_copies_filo_and_refuses_when_the_books_have_none(caliber: Contract<CaliberReceipts>, books: Contract<Books>, alice: Address) {
    caliber.sender(alice).constructor(books.address()).motsu_unwrap();
    let refusal = caliber.sender(alice).wire().motsu_unwrap_err();
    assert_eq!(bytes(refusal), AddressNotSet { id: address::FILO.word() }.abi_encode());
    let filo = Address::from_tag("filo");
    books.sender(alice).set(address::FILO.word(), filo);
    caliber.sender(alice).wire().motsu_unwrap();
    caliber.assert_emitted(&Wired { filo });
}

#[motsu::test]
fn whoever_lacks_the_role_is_refused(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let stranger = Address::from_tag("stranger");
    let expect = |refusal: CaliberError, role| {
        let account = stranger;
        assert_eq!(bytes(refusal), Unauthorized { account, role }.abi_encode());
    };
    expect(
        issue_with(&caliber, stranger, people.owner, "b", |_| ()).unwrap_err(),
        role::TOKENISING_AGENT.word(),
    );
    expect(
        caliber.sender(stranger).appraise(receipt, usd(1)).motsu_unwrap_err(),
        role::APPRAISER.word(),
    );
    expect(
        caliber.sender(stranger).insure(receipt, usd(1), number(1)).motsu_unwrap_err(),
        role::ATTESTOR.word(),
    );
    expect(
        caliber.sender(stranger).set_decay(id("X"), RAY).motsu_unwrap_err(),
        role::ADMIN.word(),
    );
    expect(
        caliber
            .sender(stranger)
            .set_policy(number(86_400), number(10_000), number(1), number(1))
            .motsu_unwrap_err(),
        role::ADMIN.word(),
    );
}

// ---- issue ----

#[motsu::test]
fn issue_records_what_was_said(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    assert_eq!(receipt, number(1));
    let custodian = Address::from_tag("custodian");
    assert_eq!(
        caliber.sender(people.owner).receipt_of(receipt).unwrap(),
        Receipt {
            owner: people.owner,
            user: Address::ZERO,
            loan: U256::ZERO,
            surrendered: false,
            goods: Goods {
                hardware_class: id("H100-SXM5-80G"),
                units: number(17),
                manifest_hash: keccak256("a"),
                agreement_hash: keccak256("agreement"),
                agreement_uri: URI.into(),
                custodian,
            },
            appraisal: usd(595_000),
            appraisals: number(1),
            value: usd(595_000),
            insured_value: usd(595_000),
            insured_until: number(START + 365 * 86_400),
            covered_until: number(START + 365 * 86_400),
        }
    );
    assert_eq!(caliber.sender(people.owner).owner_of(receipt), Ok(people.owner));
    assert_eq!(caliber.sender(people.owner).balance_of(people.owner), Ok(number(1)));
    assert_eq!(caliber.sender(people.owner).token_uri(receipt).unwrap(), URI);
    assert_eq!(caliber.sender(people.owner).class_of(receipt), id("H100-SXM5-80G"));
    assert_eq!(caliber.sender(people.owner).value_of(receipt), Ok(usd(595_000)));
    caliber.assert_emitted(&Transfer {
        from: Address::ZERO,
        to: people.owner,
        tokenId: receipt,
    });
    caliber.assert_emitted(&Issued {
        receipt,
        hardwareClass: id("H100-SXM5-80G"),
        custodian,
        units: number(17),
        manifestHash: keccak256("a"),
        agreementHash: keccak256("agreement"),
        agreementUri: URI.into(),
    });
    caliber.assert_emitted(&Appraised {
        receipt,
        appraiser: people.agent,
        value: usd(595_000),
        appraisedAt: number(START),
    });
    caliber.assert_emitted(&Insured {
        receipt,
        attestor: people.agent,
        value: usd(595_000),
        until: number(START + 365 * 86_400),
        attestedAt: number(START),
    });
}

#[motsu::test]
fn a_live_manifest_is_not_issued_twice(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let refusal = issue_with(&caliber, people.agent, Address::from_tag("other"), "a", |_| ()).unwrap_err();
    assert_eq!(
        refusal,
        CaliberError::from(DuplicateManifest {
            manifest: keccak256("a"),
            receipt,
        })
    );
    assert_eq!(issue(&caliber, &people, "b"), number(2));
}

#[motsu::test]
fn issue_refuses_nothing_and_too_much(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let refused = |change: fn(&mut Issue)| issue_with(&caliber, people.agent, people.owner, "a", change).unwrap_err();
    let zero = |name| CaliberError::from(ZeroValue { parameter: id(name) });
    assert_eq!(refused(|i| i.owner = Address::ZERO), zero("owner"));
    assert_eq!(refused(|i| i.class = B256::ZERO), zero("hardwareClass"));
    assert_eq!(refused(|i| i.manifest = B256::ZERO), zero("manifestHash"));
    assert_eq!(refused(|i| i.agreement = B256::ZERO), zero("agreementHash"));
    assert_eq!(refused(|i| i.custodian = Address::ZERO), zero("custodian"));
    let range = |name, value, minimum: u64, maximum: u128| {
        CaliberError::from(OutOfRange {
            parameter: id(name),
            value,
            minimum: number(minimum),
            maximum: U256::from(maximum),
        })
    };
    assert_eq!(refused(|i| i.units = U256::ZERO), range("units", U256::ZERO, 1, u32::MAX.into()));
    assert_eq!(refused(|i| i.units = U256::MAX), range("units", U256::MAX, 1, u32::MAX.into()));
    assert_eq!(refused(|i| i.appraisal = U256::ZERO), range("appraisal", U256::ZERO, 1, u128::MAX));
    assert_eq!(refused(|i| i.appraisal = U256::MAX), range("appraisal", U256::MAX, 1, u128::MAX));
    assert_eq!(refused(|i| i.insured = U256::MAX), range("insuredValue", U256::MAX, 0, u128::MAX));
    assert_eq!(
        refused(|i| i.until = U256::MAX),
        range("insuredUntil", U256::MAX, 0, u64::MAX.into())
    );
    assert_eq!(caliber.sender(people.owner).balance_of(people.owner), Ok(U256::ZERO));
}

#[motsu::test]
fn uris_of_every_length_come_back(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    for length in [0, 1, 31, 32, 33, 64, 100] {
        let uri = "u".repeat(length);
        let receipt = caliber
            .sender(people.agent)
            .issue(
                people.owner,
                id("X"),
                number(1),
                keccak256([u8::try_from(length).unwrap()]),
                keccak256("agreement"),
                uri.clone(),
                people.agent,
                usd(1),
                U256::ZERO,
                U256::ZERO,
            )
            .motsu_unwrap();
        assert_eq!(caliber.sender(people.owner).token_uri(receipt).unwrap(), uri);
    }
}

// ---- evaluation and insurance ----

#[motsu::test]
fn value_decays_until_the_next_appraisal_and_ends_with_its_age(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let value = |at| {
        set_clock(at);
        caliber.sender(people.owner).value_of(receipt).unwrap()
    };
    // 595,000 × 0.75^(90/365) = 554,256.94…
    let later = value(START + 90 * 86_400);
    assert!(later > usd(554_200) && later < usd(554_300), "{later}");
    assert!(value(START + DEFAULT_MAX_AGE) > U256::ZERO);
    assert_eq!(value(START + DEFAULT_MAX_AGE + 1), U256::ZERO);

    caliber.sender(people.appraiser).appraise(receipt, usd(400_000)).motsu_unwrap();
    assert_eq!(value(START + DEFAULT_MAX_AGE + 1), usd(400_000));
    caliber.assert_emitted(&Appraised {
        receipt,
        appraiser: people.appraiser,
        value: usd(400_000),
        appraisedAt: number(START + DEFAULT_MAX_AGE + 1),
    });
}

#[motsu::test]
fn a_class_decays_as_the_admin_says(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let class = id("H100-SXM5-80G");
    caliber.sender(people.admin).set_decay(class, RAY).motsu_unwrap();
    caliber.assert_emitted(&DecaySet {
        hardwareClass: class,
        factor: RAY,
    });
    set_clock(START + 100 * 86_400);
    assert_eq!(caliber.sender(people.owner).value_of(receipt), Ok(usd(595_000)));
    for factor in [
        U256::from(FASTEST_DECAY) - number(1),
        U256::from(SLOWEST_DECAY) + number(1),
        RAY + number(1),
    ] {
        assert_eq!(
            caliber.sender(people.admin).set_decay(class, factor).motsu_unwrap_err(),
            CaliberError::from(OutOfRange {
                parameter: id("factor"),
                value: factor,
                minimum: U256::from(FASTEST_DECAY),
                maximum: U256::from(SLOWEST_DECAY),
            })
        );
    }
}

#[motsu::test]
fn the_policy_is_bounded_and_applies_at_once(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    assert_eq!(
        caliber.sender(people.owner).policy_of(),
        (number(DEFAULT_MAX_AGE), number(10_000), number(1), number(2_000))
    );
    caliber
        .sender(people.admin)
        .set_policy(number(86_400), number(10_001), number(1), number(2_000))
        .motsu_unwrap();
    caliber.assert_emitted(&PolicySet {
        maxAge: number(86_400),
        minCoverBps: number(10_001),
        quorum: number(1),
        maxStepBps: number(2_000),
    });
    assert_eq!(caliber.sender(people.owner).insured_until(receipt), Ok(U256::ZERO));
    set_clock(START + 86_401);
    assert_eq!(caliber.sender(people.owner).value_of(receipt), Ok(U256::ZERO));
    for (age, cover, quorum, step, parameter) in [
        (86_399, 10_000, 1, 1, "maxAge"),
        (366 * 86_400 + 1, 10_000, 1, 1, "maxAge"),
        (86_400, 4_999, 1, 1, "minCoverBps"),
        (86_400, 20_001, 1, 1, "minCoverBps"),
        (86_400, 10_000, 0, 1, "quorum"),
        (86_400, 10_000, 8, 1, "quorum"),
        (86_400, 10_000, 1, 0, "maxStepBps"),
        (86_400, 10_000, 1, 5_001, "maxStepBps"),
    ] {
        let refusal = caliber
            .sender(people.admin)
            .set_policy(number(age), number(cover), number(quorum), number(step))
            .motsu_unwrap_err();
        assert!(refusal.get::<OutOfRange>().is_some_and(|e| e.parameter == id(parameter)));
    }
}

#[motsu::test]
fn cover_is_extended_and_withdrawn(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let until = || caliber.sender(people.owner).insured_until(receipt).unwrap();
    assert_eq!(until(), number(START + 365 * 86_400));
    let attestor = people.attestor;
    caliber
        .sender(attestor)
        .insure(receipt, usd(595_000), number(START + 730 * 86_400))
        .motsu_unwrap();
    assert_eq!(until(), number(START + 730 * 86_400));
    caliber
        .sender(attestor)
        .insure(receipt, usd(594_999), number(START + 1))
        .motsu_unwrap();
    assert_eq!(until(), U256::ZERO);
    caliber.sender(attestor).insure(receipt, usd(595_000), number(START)).motsu_unwrap();
    assert_eq!(until(), U256::ZERO);
    caliber.assert_emitted(&Insured {
        receipt,
        attestor,
        value: usd(595_000),
        until: number(START),
        attestedAt: number(START),
    });
}

// ---- encumbrance ----

#[motsu::test]
fn a_pledge_sums_values_and_takes_the_earliest_cover(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let (a, b) = (issue(&caliber, &people, "a"), issue(&caliber, &people, "b"));
    let earlier = number(START + 40 * 86_400);
    caliber.sender(people.attestor).insure(b, usd(600_000), earlier).motsu_unwrap();
    let (value, until) = caliber
        .sender(people.filo)
        .pledge(vec![a, b], people.owner, number(9))
        .motsu_unwrap();
    assert_eq!((value, until), (usd(1_190_000), earlier));
    for receipt in [a, b] {
        caliber.assert_emitted(&Pledged { receipt, loan: number(9) });
        assert_eq!(caliber.sender(people.owner).receipt_of(receipt).unwrap().loan, number(9));
    }
    caliber.sender(people.filo).release(vec![b, a], number(9)).motsu_unwrap();
    for receipt in [a, b] {
        caliber.assert_emitted(&Released { receipt, loan: number(9) });
        assert_eq!(caliber.sender(people.owner).receipt_of(receipt).unwrap().loan, U256::ZERO);
    }
}

#[motsu::test]
fn an_uninsured_receipt_makes_the_cover_zero(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let (a, b) = (issue(&caliber, &people, "a"), issue(&caliber, &people, "b"));
    caliber
        .sender(people.attestor)
        .insure(b, usd(1), number(START + 86_400))
        .motsu_unwrap();
    let (_, until) = caliber
        .sender(people.filo)
        .pledge(vec![a, b], people.owner, number(1))
        .motsu_unwrap();
    assert_eq!(until, U256::ZERO);
}

#[motsu::test]
fn pledge_refuses_by_name(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let (a, b) = (issue(&caliber, &people, "a"), issue(&caliber, &people, "b"));
    let pledge = |caller, receipts: &[U256], owner, loan| caliber.sender(caller).pledge(receipts.to_vec(), owner, loan).motsu_res();
    let (owner, filo, loan) = (people.owner, people.filo, number(5));
    let refused = |result: Result<_, CaliberError>| result.unwrap_err();

    assert_eq!(
        refused(pledge(owner, &[a], owner, loan)),
        CaliberError::from(OnlyFilo { caller: owner })
    );
    assert_eq!(
        refused(caliber.sender(owner).release(vec![a], loan).motsu_res().map(|()| (loan, loan))),
        CaliberError::from(OnlyFilo { caller: owner })
    );
    let empty = refused(pledge(filo, &[], owner, loan));
    assert!(empty.get::<OutOfRange>().is_some_and(|e| e.parameter == id("receipts")));
    for bad in [U256::ZERO, U256::from(1) << 64] {
        let refusal = refused(pledge(filo, &[a], owner, bad));
        assert!(refusal.get::<OutOfRange>().is_some_and(|e| e.parameter == id("loan")));
    }
    assert_eq!(
        refused(pledge(filo, &[number(77)], owner, loan)),
        erc721(ERC721NonexistentToken { tokenId: number(77) })
    );
    let other = Address::from_tag("other");
    assert_eq!(
        refused(pledge(filo, &[a], other, loan)),
        erc721(ERC721IncorrectOwner {
            sender: other,
            tokenId: a,
            owner,
        })
    );
    // Twice in one list, and the whole list is undone.
    assert_eq!(
        refused(pledge(filo, &[a, b, a], owner, loan)),
        CaliberError::from(ReceiptPledged { receipt: a, loan })
    );
    pledge(filo, &[b], owner, loan).unwrap();
    assert_eq!(
        refused(pledge(filo, &[a, b], owner, number(6))),
        CaliberError::from(ReceiptPledged { receipt: b, loan })
    );
    // By no other loan than its own.
    assert_eq!(
        caliber.sender(filo).release(vec![b], number(6)).motsu_unwrap_err(),
        CaliberError::from(NotPledgedTo {
            receipt: b,
            loan: number(6),
        })
    );
    set_clock(START + DEFAULT_MAX_AGE + 1);
    assert_eq!(
        refused(pledge(filo, &[a], owner, loan)),
        CaliberError::from(StaleAppraisal {
            receipt: a,
            appraisedAt: number(START),
        })
    );
}

#[motsu::test]
fn a_pledged_receipt_cannot_move(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let (owner, to, loan) = (people.owner, Address::from_tag("to"), number(3));
    caliber.sender(people.filo).pledge(vec![receipt], owner, loan).motsu_unwrap();
    let pledged = || CaliberError::from(ReceiptPledged { receipt, loan });
    assert_eq!(
        caliber.sender(owner).transfer_from(owner, to, receipt).motsu_unwrap_err(),
        pledged()
    );
    assert_eq!(
        caliber.sender(owner).safe_transfer_from(owner, to, receipt).motsu_unwrap_err(),
        pledged()
    );
    caliber.sender(people.filo).release(vec![receipt], loan).motsu_unwrap();
    caliber.sender(owner).transfer_from(owner, to, receipt).motsu_unwrap();
    assert_eq!(caliber.sender(owner).owner_of(receipt), Ok(to));
}

// ---- ERC-721 ----

#[motsu::test]
fn owner_approved_and_operator_may_transfer(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let (owner, friend, operator) = (people.owner, Address::from_tag("friend"), Address::from_tag("operator"));

    caliber.sender(owner).approve(friend, receipt).motsu_unwrap();
    assert_eq!(caliber.sender(owner).get_approved(receipt), Ok(friend));
    caliber.assert_emitted(&Approval {
        owner,
        approved: friend,
        tokenId: receipt,
    });
    caliber.sender(friend).transfer_from(owner, friend, receipt).motsu_unwrap();
    caliber.assert_emitted(&Transfer {
        from: owner,
        to: friend,
        tokenId: receipt,
    });
    assert_eq!(caliber.sender(owner).get_approved(receipt), Ok(Address::ZERO));
    assert_eq!(caliber.sender(owner).balance_of(owner), Ok(U256::ZERO));
    assert_eq!(caliber.sender(owner).balance_of(friend), Ok(number(1)));

    caliber.sender(friend).set_approval_for_all(operator, true).motsu_unwrap();
    assert_eq!(caliber.sender(owner).is_approved_for_all(friend, operator), Ok(true));
    caliber.assert_emitted(&ApprovalForAll {
        owner: friend,
        operator,
        approved: true,
    });
    caliber.sender(operator).approve(operator, receipt).motsu_unwrap();
    caliber.sender(operator).transfer_from(friend, owner, receipt).motsu_unwrap();
    caliber.sender(friend).set_approval_for_all(operator, false).motsu_unwrap();
    assert_eq!(caliber.sender(owner).is_approved_for_all(friend, operator), Ok(false));

    // To oneself: nothing but an event and the end of an approval.
    caliber.sender(owner).transfer_from(owner, owner, receipt).motsu_unwrap();
    assert_eq!(caliber.sender(owner).balance_of(owner), Ok(number(1)));
    assert_eq!(caliber.sender(owner).owner_of(receipt), Ok(owner));
}

#[motsu::test]
fn erc721_refuses_by_its_names(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let (owner, stranger) = (people.owner, Address::from_tag("stranger"));
    let none = number(99);
    let missing = || erc721(ERC721NonexistentToken { tokenId: none });

    assert_eq!(caliber.sender(owner).owner_of(none), Err(missing()));
    assert_eq!(caliber.sender(owner).get_approved(none), Err(missing()));
    assert_eq!(caliber.sender(owner).token_uri(none), Err(missing()));
    assert_eq!(caliber.sender(owner).value_of(none), Err(missing()));
    assert_eq!(caliber.sender(owner).insured_until(none), Err(missing()));
    assert_eq!(caliber.sender(owner).receipt_of(none).unwrap_err(), missing());
    assert_eq!(caliber.sender(owner).approve(stranger, none).motsu_unwrap_err(), missing());
    assert_eq!(
        caliber.sender(people.appraiser).appraise(none, usd(1)).motsu_unwrap_err(),
        missing()
    );
    let insured = caliber.sender(people.attestor).insure(none, usd(1), none).motsu_unwrap_err();
    assert_eq!(insured, missing());
    assert_eq!(
        caliber.sender(people.filo).release(vec![none], number(1)).motsu_unwrap_err(),
        missing()
    );
    assert_eq!(
        caliber.sender(owner).transfer_from(owner, stranger, none).motsu_unwrap_err(),
        missing()
    );
    assert_eq!(
        caliber.sender(owner).balance_of(Address::ZERO),
        Err(erc721(ERC721InvalidOwner { owner: Address::ZERO }))
    );
    assert_eq!(
        caliber.sender(stranger).approve(stranger, receipt).motsu_unwrap_err(),
        erc721(ERC721InvalidApprover { approver: stranger })
    );
    assert_eq!(
        caliber.sender(owner).set_approval_for_all(Address::ZERO, true).motsu_unwrap_err(),
        erc721(ERC721InvalidOperator { operator: Address::ZERO })
    );
    assert_eq!(
        caliber.sender(stranger).transfer_from(owner, stranger, receipt).motsu_unwrap_err(),
        erc721(ERC721InsufficientApproval {
            operator: stranger,
            tokenId: receipt,
        })
    );
    assert_eq!(
        caliber
            .sender(owner)
            .transfer_from(owner, Address::ZERO, receipt)
            .motsu_unwrap_err(),
        erc721(ERC721InvalidReceiver { receiver: Address::ZERO })
    );
    assert_eq!(
        caliber.sender(owner).transfer_from(stranger, owner, receipt).motsu_unwrap_err(),
        erc721(ERC721IncorrectOwner {
            sender: stranger,
            tokenId: receipt,
            owner,
        })
    );
}

#[motsu::test]
fn a_receiving_contract_must_say_so(caliber: Contract<CaliberReceipts>, books: Contract<Books>, receiver: Contract<Receiver>) {
    let people = set_up(&caliber, &books);
    let (owner, to) = (people.owner, receiver.address());
    let receipt = issue(&caliber, &people, "a");
    let invalid = || erc721(ERC721InvalidReceiver { receiver: to });

    receiver.sender(owner).set_mood(1);
    assert_eq!(
        caliber.sender(owner).safe_transfer_from(owner, to, receipt).motsu_unwrap_err(),
        invalid()
    );
    receiver.sender(owner).set_mood(2);
    assert_eq!(
        caliber.sender(owner).safe_transfer_from(owner, to, receipt).motsu_unwrap_err(),
        CaliberError::from(b"no".to_vec())
    );
    assert_eq!(caliber.sender(owner).owner_of(receipt), Ok(owner));
    receiver.sender(owner).set_mood(0);
    caliber
        .sender(owner)
        .safe_transfer_from_4(owner, to, receipt, vec![7])
        .motsu_unwrap();
    assert_eq!(caliber.sender(owner).owner_of(receipt), Ok(to));

    let second = issue(&caliber, &people, "b");
    caliber
        .sender(owner)
        .safe_transfer_from(owner, Address::from_tag("wallet"), second)
        .motsu_unwrap();
}

#[motsu::test]
fn metadata_and_interfaces(caliber: Contract<CaliberReceipts>, alice: Address) {
    assert_eq!(caliber.sender(alice).name().unwrap(), "CALIBER Warehouse Receipt");
    assert_eq!(caliber.sender(alice).symbol().unwrap(), "CALIBER");
    for known in [0x01ff_c9a7_u32, 0x80ac_58cd, 0x5b5e_139f, 0x4906_4906, 0xad09_2b5c] {
        assert!(caliber.sender(alice).supports_interface(FixedBytes(known.to_be_bytes())));
    }
    assert!(!caliber.sender(alice).supports_interface(FixedBytes([0xff; 4])));
}

// ---- what the whole of PROTOCOL 4 adds ----

const DAY: u64 = 86_400;

/// Appraisers by number, all with the role.
fn appraiser(books: &Contract<Books>, number: u64) -> Address {
    let account = Address::from_tag(&format!("appraiser {number}"));
    books.sender(account).grant(role::APPRAISER.word(), account);
    account
}

#[motsu::test]
fn the_first_appraiser_replaces_the_agents_figure_and_the_median_counts(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let value = || caliber.sender(people.owner).value_of(receipt).unwrap();
    for (index, (said, median)) in [(500, 500), (300, 300), (400, 400), (900, 400), (100, 400), (450, 400), (430, 430)]
        .into_iter()
        .enumerate()
    {
        let who = appraiser(&books, index as u64);
        caliber.sender(who).appraise(receipt, usd(said)).motsu_unwrap();
        assert_eq!(value(), usd(median), "after {said}");
    }
    let said = caliber.sender(people.owner).appraisals_of(receipt).unwrap();
    assert_eq!(said.len(), 7);
    assert!(said.iter().all(|said| !said.issuer && said.worth == said.value));
    // An eighth finds no seat, and one of the seven is heard again.
    let eighth = appraiser(&books, 8);
    let refusal = caliber.sender(eighth).appraise(receipt, usd(1)).motsu_unwrap_err();
    let maximum = number(7);
    assert_eq!(refusal, TooManyAppraisers { receipt, maximum }.into());
    caliber.sender(appraiser(&books, 6)).appraise(receipt, usd(1)).motsu_unwrap();
    assert_eq!(value(), usd(400));
    // A stale one makes room.
    set_clock(START + DEFAULT_MAX_AGE + 1);
    caliber.sender(eighth).appraise(receipt, usd(77)).motsu_unwrap();
    assert_eq!(value(), usd(77));
}

#[motsu::test]
fn below_the_quorum_a_receipt_is_worth_nothing_and_pledges_nothing(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let policy = (number(DEFAULT_MAX_AGE), number(10_000), number(2), number(2_000));
    caliber
        .sender(people.admin)
        .set_policy(policy.0, policy.1, policy.2, policy.3)
        .motsu_unwrap();
    assert_eq!(caliber.sender(people.owner).value_of(receipt), Ok(U256::ZERO));
    let refusal = caliber
        .sender(people.filo)
        .pledge(vec![receipt], people.owner, number(1))
        .motsu_unwrap_err();
    let appraised_at = number(START);
    assert_eq!(
        refusal,
        StaleAppraisal {
            receipt,
            appraisedAt: appraised_at
        }
        .into()
    );
    for (index, said) in [(0, 500), (1, 450)] {
        caliber.sender(appraiser(&books, index)).appraise(receipt, usd(said)).motsu_unwrap();
    }
    assert_eq!(caliber.sender(people.owner).value_of(receipt), Ok(usd(450)));
    caliber
        .sender(people.filo)
        .pledge(vec![receipt], people.owner, number(1))
        .motsu_unwrap();
}

#[motsu::test]
fn whoever_loses_the_role_loses_all_appraisals_at_once(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let (a, b) = (issue(&caliber, &people, "a"), issue(&caliber, &people, "b"));
    let (bad, good) = (appraiser(&books, 0), appraiser(&books, 1));
    let role = role::APPRAISER.word();
    for receipt in [a, b] {
        caliber.sender(bad).appraise(receipt, usd(900_000)).motsu_unwrap();
    }
    caliber.sender(good).appraise(a, usd(950_000)).motsu_unwrap();
    let stranger = Address::from_tag("stranger");
    let not_yet = caliber.sender(stranger).strike(role, bad).motsu_unwrap_err();
    assert_eq!(not_yet, NotToBeStruck { account: bad, role }.into());
    books.sender(people.admin).revoke(role, bad);
    let never = caliber.sender(stranger).strike(role, stranger).motsu_unwrap_err();
    assert!(never.is::<NotToBeStruck>());
    assert!(caliber
        .sender(stranger)
        .strike(id("ADMIN"), bad)
        .motsu_unwrap_err()
        .is::<NotToBeStruck>());
    caliber.sender(stranger).strike(role, bad).motsu_unwrap();
    caliber.assert_emitted(&Struck { account: bad, role });
    let value = |receipt| caliber.sender(stranger).value_of(receipt).unwrap();
    assert_eq!((value(a), value(b)), (usd(950_000), U256::ZERO));
    // With the role again, it has to speak again.
    appraiser(&books, 0);
    assert_eq!(value(b), U256::ZERO);
    caliber.sender(bad).appraise(b, usd(5)).motsu_unwrap();
    assert_eq!((value(a), value(b)), (usd(950_000), usd(5)));
    assert_eq!(
        caliber.sender(stranger).appraisals_of(b).unwrap().len(),
        1,
        "in the place of the struck one"
    );
}

#[motsu::test]
fn a_struck_agents_figures_count_no_more(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let role = role::TOKENISING_AGENT.word();
    books.sender(people.admin).revoke(role, people.agent);
    caliber.sender(people.owner).strike(role, people.agent).motsu_unwrap();
    assert_eq!(caliber.sender(people.owner).value_of(receipt), Ok(U256::ZERO));
    caliber.sender(people.appraiser).appraise(receipt, usd(7)).motsu_unwrap();
    assert_eq!(caliber.sender(people.owner).value_of(receipt), Ok(usd(7)));
}

#[motsu::test]
fn a_shock_is_bounded_in_size_and_in_time(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let class = id("H100-SXM5-80G");
    caliber.sender(people.admin).set_decay(class, RAY).motsu_unwrap();
    let value = || caliber.sender(people.owner).value_of(receipt).unwrap();
    for bps in [0, 2_001] {
        let refusal = caliber.sender(people.appraiser).shock_class(class, number(bps)).motsu_unwrap_err();
        assert!(refusal.is::<OutOfRange>());
    }
    let stranger = Address::from_tag("stranger");
    let refusal = caliber.sender(stranger).shock_class(class, number(1)).motsu_unwrap_err();
    assert!(refusal.get::<Unauthorized>().is_some_and(|e| e.role == role::APPRAISER.word()));
    let refusal = caliber.sender(people.appraiser).restore_class(class, number(1)).motsu_unwrap_err();
    assert!(refusal.get::<Unauthorized>().is_some_and(|e| e.role == role::ADMIN.word()));

    caliber.sender(people.appraiser).shock_class(class, number(2_000)).motsu_unwrap();
    assert_eq!(value(), usd(476_000));
    let refusal = caliber.sender(people.appraiser).shock_class(class, number(1)).motsu_unwrap_err();
    let earliest = number(START + 7 * DAY);
    assert_eq!(
        refusal,
        ShockTooSoon {
            hardwareClass: class,
            earliest
        }
        .into()
    );
    // The admin need not wait, and may take it back, up to the appraisal and no further.
    caliber.sender(people.admin).shock_class(class, number(1_000)).motsu_unwrap();
    assert_eq!(value(), usd(428_400));
    // Said of the class: it does not decay here, 20 % and then 10 % were taken off all of it, just now.
    let left = usd(1) * number(72) / number(100);
    assert_eq!(caliber.sender(people.owner).class_terms(class), (RAY, left, number(START)));
    for _ in 0..3 {
        caliber.sender(people.admin).restore_class(class, number(2_000)).motsu_unwrap();
        assert!(value() <= usd(595_000));
    }
    assert_eq!(value(), usd(595_000));
    // An appraisal made after a shock is not touched by it, nor lifted when it is taken back.
    caliber.sender(people.admin).shock_class(class, number(2_000)).motsu_unwrap();
    caliber.sender(people.appraiser).appraise(receipt, usd(100)).motsu_unwrap();
    assert_eq!(value(), usd(100));
    caliber.sender(people.admin).restore_class(class, number(2_000)).motsu_unwrap();
    assert_eq!(value(), usd(100));
    // It ends at a thousandth.
    let mut steps = 0;
    while caliber.sender(people.admin).shock_class(class, number(2_000)).motsu_res().is_ok() {
        steps += 1;
    }
    assert_eq!(steps, 30, "0.96 × 0.8^30 is the last above a thousandth");
    set_clock(START + 30 * DAY);
    let lowest = caliber
        .sender(people.appraiser)
        .shock_class(class, number(2_000))
        .motsu_unwrap_err();
    assert!(lowest.get::<OutOfRange>().is_some_and(|e| e.parameter == id("index")));
}

#[motsu::test]
fn collateral_adds_up_and_never_refuses_what_exists(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let (a, b) = (issue(&caliber, &people, "a"), issue(&caliber, &people, "b"));
    let of = |receipts: Vec<U256>| caliber.sender(people.owner).collateral_of(receipts);
    assert_eq!(of(vec![]), Ok((U256::ZERO, U256::ZERO)));
    assert_eq!(of(vec![a, b]), Ok((usd(1_190_000), number(START + 365 * DAY))));
    caliber
        .sender(people.attestor)
        .insure(b, usd(595_000), number(START + 9))
        .motsu_unwrap();
    assert_eq!(of(vec![a, b]), Ok((usd(1_190_000), number(START + 9))));
    caliber
        .sender(people.attestor)
        .insure(b, U256::ZERO, number(START + 9))
        .motsu_unwrap();
    assert_eq!(of(vec![a, b]), Ok((usd(1_190_000), U256::ZERO)));
    set_clock(START + DEFAULT_MAX_AGE + 1);
    caliber.sender(people.appraiser).appraise(a, usd(3)).motsu_unwrap();
    assert_eq!(of(vec![a, b]).unwrap().0, usd(3), "a stale one counts as nothing");
    assert_eq!(of(vec![a, number(3)]), Err(erc721(ERC721NonexistentToken { tokenId: number(3) })));
}

#[motsu::test]
fn a_refinance_never_leaves_a_receipt_free(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let (a, b) = (issue(&caliber, &people, "a"), issue(&caliber, &people, "b"));
    caliber
        .sender(people.filo)
        .pledge(vec![a, b], people.owner, number(1))
        .motsu_unwrap();
    let stranger = Address::from_tag("stranger");
    let refusal = caliber.sender(stranger).repledge(vec![a], number(1), number(2)).motsu_unwrap_err();
    assert_eq!(refusal, OnlyFilo { caller: stranger }.into());
    for (from, to) in [(0, 2), (1, 0)] {
        let refusal = caliber
            .sender(people.filo)
            .repledge(vec![a], number(from), number(to))
            .motsu_unwrap_err();
        assert!(refusal.is::<OutOfRange>());
    }
    let refusal = caliber
        .sender(people.filo)
        .repledge(vec![a, b, a], number(1), number(2))
        .motsu_unwrap_err();
    assert_eq!(
        refusal,
        NotPledgedTo {
            receipt: a,
            loan: number(1)
        }
        .into()
    );
    caliber
        .sender(people.filo)
        .repledge(vec![a, b], number(1), number(2))
        .motsu_unwrap();
    caliber.assert_emitted(&Released {
        receipt: a,
        loan: number(1),
    });
    caliber.assert_emitted(&Pledged {
        receipt: a,
        loan: number(2),
    });
    let late = caliber.sender(people.filo).release(vec![a], number(1)).motsu_unwrap_err();
    assert_eq!(
        late,
        NotPledgedTo {
            receipt: a,
            loan: number(1)
        }
        .into()
    );
    let refusal = caliber
        .sender(people.owner)
        .transfer_from(people.owner, stranger, a)
        .motsu_unwrap_err();
    assert_eq!(
        refusal,
        ReceiptPledged {
            receipt: a,
            loan: number(2)
        }
        .into()
    );
    caliber.sender(people.filo).release(vec![a, b], number(2)).motsu_unwrap();
}

#[motsu::test]
fn a_delivery_frees_moves_and_ends_the_users_right_without_asking(
    caliber: Contract<CaliberReceipts>,
    books: Contract<Books>,
    receiver: Contract<Receiver>,
) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let user = Address::from_tag("user");
    caliber.sender(people.owner).set_user(receipt, user, u64::MAX).motsu_unwrap();
    caliber.sender(people.owner).approve(user, receipt).motsu_unwrap();
    caliber
        .sender(people.filo)
        .pledge(vec![receipt], people.owner, number(1))
        .motsu_unwrap();
    assert_eq!(
        caliber.sender(user).user_of(receipt),
        Ok(user),
        "who operates goes on while it is pledged"
    );
    // A buyer that would revert is not asked.
    receiver.sender(user).set_mood(2);
    let buyer = receiver.address();
    let nobody = caliber
        .sender(people.filo)
        .deliver(vec![receipt], number(1), Address::ZERO)
        .motsu_unwrap_err();
    assert_eq!(nobody, erc721(ERC721InvalidReceiver { receiver: Address::ZERO }));
    let wrong = caliber
        .sender(people.filo)
        .deliver(vec![receipt], number(2), buyer)
        .motsu_unwrap_err();
    assert!(wrong.is::<NotPledgedTo>());
    caliber.sender(people.filo).deliver(vec![receipt], number(1), buyer).motsu_unwrap();
    caliber.assert_emitted(&Released { receipt, loan: number(1) });
    caliber.assert_emitted(&Transfer {
        from: people.owner,
        to: buyer,
        tokenId: receipt,
    });
    let call = caliber.sender(user);
    assert_eq!(call.owner_of(receipt), Ok(buyer));
    assert_eq!(call.get_approved(receipt), Ok(Address::ZERO));
    assert_eq!(
        (call.user_of(receipt), call.user_expires(receipt)),
        (Ok(Address::ZERO), Ok(U256::ZERO))
    );
    assert_eq!(call.receipt_of(receipt).unwrap().loan, U256::ZERO);
}

#[motsu::test]
fn a_user_is_named_by_who_may_move_the_receipt_and_ends_with_it(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let (user, other) = (Address::from_tag("user"), Address::from_tag("other"));
    let refusal = caliber.sender(user).set_user(receipt, user, 1).motsu_unwrap_err();
    assert_eq!(
        refusal,
        erc721(ERC721InsufficientApproval {
            operator: user,
            tokenId: receipt
        })
    );
    caliber.sender(people.owner).set_user(receipt, user, START + 9).motsu_unwrap();
    caliber.assert_emitted(&UpdateUser {
        tokenId: receipt,
        user,
        expires: START + 9,
    });
    let of = || {
        (
            caliber.sender(other).user_of(receipt).unwrap(),
            caliber.sender(other).user_expires(receipt).unwrap(),
        )
    };
    set_clock(START + 9);
    assert_eq!(of(), (user, number(START + 9)));
    set_clock(START + 10);
    assert_eq!(of(), (Address::ZERO, U256::ZERO));
    caliber.sender(people.owner).set_user(receipt, user, u64::MAX).motsu_unwrap();
    caliber
        .sender(people.owner)
        .transfer_from(people.owner, other, receipt)
        .motsu_unwrap();
    assert_eq!(of(), (Address::ZERO, U256::ZERO));
    caliber.sender(other).transfer_from(other, people.owner, receipt).motsu_unwrap();
    assert_eq!(of(), (Address::ZERO, U256::ZERO), "back at the first holder it does not revive");
}

#[motsu::test]
fn custody_is_proposed_by_the_agent_and_accepted_by_the_new_custodian(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let (next, stranger) = (Address::from_tag("next"), Address::from_tag("stranger"));
    let (hash, uri) = (keccak256("new agreement"), "ipfs://new".to_string());
    let propose = |by, custodian| {
        caliber
            .sender(by)
            .propose_custodian(receipt, custodian, hash, uri.clone())
            .motsu_res()
    };
    assert!(propose(stranger, next).unwrap_err().is::<Unauthorized>());
    let none = caliber.sender(next).accept_custody(receipt, hash, uri.clone()).motsu_unwrap_err();
    let custodian = next;
    assert_eq!(none, CustodyNotProposed { receipt, custodian }.into());
    // A pledge does not stop machines from moving.
    caliber
        .sender(people.filo)
        .pledge(vec![receipt], people.owner, number(1))
        .motsu_unwrap();
    propose(people.agent, next).unwrap();
    for (who, hash, uri) in [
        (stranger, hash, uri.clone()),
        (next, keccak256("other"), uri.clone()),
        (next, hash, "ipfs://other".into()),
    ] {
        let refusal = caliber.sender(who).accept_custody(receipt, hash, uri).motsu_unwrap_err();
        assert!(refusal.is::<CustodyNotProposed>());
    }
    // Taken back and made again.
    propose(people.agent, Address::ZERO).unwrap();
    assert!(caliber.sender(next).accept_custody(receipt, hash, uri.clone()).motsu_res().is_err());
    propose(people.agent, next).unwrap();
    caliber.sender(next).accept_custody(receipt, hash, uri.clone()).motsu_unwrap();
    caliber.assert_emitted(&CustodyAccepted {
        receipt,
        custodian,
        agreementHash: hash,
    });
    caliber.assert_emitted(&MetadataUpdate { _tokenId: receipt });
    let now = caliber.sender(stranger).receipt_of(receipt).unwrap().goods;
    assert_eq!((now.custodian, now.agreement_hash, now.agreement_uri), (next, hash, uri.clone()));
    assert!(caliber.sender(next).accept_custody(receipt, hash, uri).motsu_res().is_err(), "once");
}

#[motsu::test]
fn a_redemption_is_asked_by_the_holder_and_confirmed_by_the_custodian(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let (owner, custodian, stranger) = (people.owner, Address::from_tag("custodian"), Address::from_tag("stranger"));
    assert!(caliber
        .sender(stranger)
        .request_redemption(receipt)
        .motsu_unwrap_err()
        .is::<ERC721InsufficientApproval>());
    let early = caliber.sender(custodian).confirm_redemption(receipt).motsu_unwrap_err();
    assert_eq!(early, NotSurrendered { receipt }.into());
    let idle = caliber.sender(owner).withdraw_redemption(receipt).motsu_unwrap_err();
    assert_eq!(idle, NotSurrendered { receipt }.into());

    caliber.sender(people.filo).pledge(vec![receipt], owner, number(1)).motsu_unwrap();
    let pledged = caliber.sender(owner).request_redemption(receipt).motsu_unwrap_err();
    assert_eq!(pledged, ReceiptPledged { receipt, loan: number(1) }.into());
    caliber.sender(people.filo).release(vec![receipt], number(1)).motsu_unwrap();

    caliber.sender(owner).request_redemption(receipt).motsu_unwrap();
    caliber.assert_emitted(&RedemptionRequested { receipt, holder: owner });
    let handed_in = || CaliberError::from(ReceiptSurrendered { receipt });
    assert_eq!(caliber.sender(owner).request_redemption(receipt).motsu_unwrap_err(), handed_in());
    assert_eq!(
        caliber.sender(owner).transfer_from(owner, stranger, receipt).motsu_unwrap_err(),
        handed_in()
    );
    assert_eq!(
        caliber
            .sender(people.filo)
            .pledge(vec![receipt], owner, number(1))
            .motsu_unwrap_err(),
        handed_in()
    );
    let caller = stranger;
    let refusal = caliber.sender(stranger).confirm_redemption(receipt).motsu_unwrap_err();
    assert_eq!(refusal, OnlyCustodian { caller, receipt }.into());

    caliber.sender(owner).withdraw_redemption(receipt).motsu_unwrap();
    caliber.assert_emitted(&RedemptionWithdrawn { receipt, holder: owner });
    caliber.sender(owner).request_redemption(receipt).motsu_unwrap();
    caliber.sender(custodian).confirm_redemption(receipt).motsu_unwrap();
    caliber.assert_emitted(&Redeemed {
        receipt,
        custodian,
        manifestHash: keccak256("a"),
    });
    assert_eq!(
        caliber.sender(owner).owner_of(receipt),
        Err(erc721(ERC721NonexistentToken { tokenId: receipt }))
    );
    assert_eq!(caliber.sender(owner).class_of(receipt), B256::ZERO);
    assert_eq!(caliber.sender(owner).receipt_by_manifest(keccak256("a")), U256::ZERO);
    // The same machines, a new document (C2).
    assert_eq!(issue(&caliber, &people, "a"), number(2));
    assert_eq!(caliber.sender(owner).receipt_by_manifest(keccak256("a")), number(2));
}

#[motsu::test]
fn an_allow_list_limits_who_receives_and_nobody_who_holds(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let (known, stranger) = (Address::from_tag("known"), Address::from_tag("stranger"));
    assert!(caliber
        .sender(stranger)
        .set_allow_list(true)
        .motsu_unwrap_err()
        .is::<Unauthorized>());
    assert!(caliber
        .sender(stranger)
        .set_parties(vec![stranger], true)
        .motsu_unwrap_err()
        .is::<Unauthorized>());
    assert!(caliber.sender(stranger).is_party(stranger) && !caliber.sender(stranger).allow_list());
    caliber.sender(people.admin).set_allow_list(true).motsu_unwrap();
    caliber.sender(people.admin).set_parties(vec![known], true).motsu_unwrap();
    caliber.assert_emitted(&AllowListSet { enabled: true });
    caliber.assert_emitted(&PartySet {
        account: known,
        listed: true,
    });
    let not_listed = |account| CaliberError::from(NotListed { account });
    let owner = people.owner;
    assert_eq!(
        caliber.sender(owner).transfer_from(owner, stranger, receipt).motsu_unwrap_err(),
        not_listed(stranger)
    );
    assert_eq!(
        issue_with(&caliber, people.agent, owner, "b", |_| ()).unwrap_err(),
        not_listed(owner)
    );
    caliber.sender(people.filo).pledge(vec![receipt], owner, number(1)).motsu_unwrap();
    assert_eq!(
        caliber
            .sender(people.filo)
            .deliver(vec![receipt], number(1), stranger)
            .motsu_unwrap_err(),
        not_listed(stranger)
    );
    caliber.sender(people.filo).release(vec![receipt], number(1)).motsu_unwrap();
    // The holder is not on the list, and can go to who is.
    caliber.sender(owner).transfer_from(owner, known, receipt).motsu_unwrap();
    caliber.sender(people.admin).set_parties(vec![known], false).motsu_unwrap();
    assert!(!caliber.sender(owner).is_party(known));
    caliber.sender(people.admin).set_allow_list(false).motsu_unwrap();
    caliber.sender(known).transfer_from(known, stranger, receipt).motsu_unwrap();
}

#[motsu::test]
fn issues_are_paused_by_a_guardian_and_go_on_by_the_admin(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let guardian = Address::from_tag("guardian");
    books.sender(guardian).grant(role::GUARDIAN.word(), guardian);
    assert!(caliber.sender(people.agent).pause_issues().motsu_unwrap_err().is::<Unauthorized>());
    caliber.sender(guardian).pause_issues().motsu_unwrap();
    assert!(caliber.sender(guardian).issues_paused());
    let refusal = issue_with(&caliber, people.agent, people.owner, "a", |_| ()).unwrap_err();
    assert_eq!(refusal, IssuesPaused {}.into());
    assert!(caliber.sender(guardian).unpause_issues().motsu_unwrap_err().is::<Unauthorized>());
    caliber.sender(people.admin).unpause_issues().motsu_unwrap();
    issue(&caliber, &people, "a");
    caliber.sender(people.admin).pause_issues().motsu_unwrap();
    let paused = caliber.sender(people.owner).issues_paused();
    assert!(paused);
}

#[motsu::test]
fn sixty_four_lots_are_issued_in_one_call_or_none_is(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let lot = |number: u64| Lot {
        owner: people.owner,
        hardware_class: id("B200"),
        units: U256::from(8),
        manifest_hash: keccak256(format!("rack {number}")),
        agreement_hash: keccak256("agreement"),
        agreement_uri: URI.into(),
        custodian: Address::from_tag("custodian"),
        appraisal: usd(1_000 + number),
        insured_value: usd(2_000),
        insured_until: U256::from(START + DAY),
    };
    let mut lots: Vec<Lot> = (0..64).map(lot).collect();
    lots[63].manifest_hash = lots[0].manifest_hash;
    let refusal = caliber.sender(people.agent).issue_batch(lots.clone()).motsu_unwrap_err();
    assert!(refusal.is::<DuplicateManifest>());
    assert_eq!(caliber.sender(people.owner).last_receipt(), U256::ZERO);
    assert!(caliber
        .sender(people.agent)
        .issue_batch(vec![])
        .motsu_unwrap_err()
        .is::<OutOfRange>());
    lots[63] = lot(63);
    assert_eq!(caliber.sender(people.agent).issue_batch(lots).motsu_unwrap(), number(1));
    assert_eq!(caliber.sender(people.owner).balance_of(people.owner), Ok(number(64)));
    for receipt in 1..=64 {
        assert_eq!(caliber.sender(people.owner).value_of(number(receipt)), Ok(usd(999 + receipt)));
    }
    // And appraised in one.
    let ids: Vec<U256> = (1..=64).map(number).collect();
    let values: Vec<U256> = (1..=64).map(|value| usd(2 * value)).collect();
    let uneven = caliber
        .sender(people.appraiser)
        .appraise_batch(ids.clone(), values[1..].to_vec())
        .motsu_unwrap_err();
    assert!(uneven.is::<LengthMismatch>());
    caliber.sender(people.appraiser).appraise_batch(ids, values).motsu_unwrap();
    assert_eq!(caliber.sender(people.owner).value_of(number(64)), Ok(usd(128)));
}

#[motsu::test]
fn the_collection_has_a_uri_that_the_admin_sets(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    assert_eq!(caliber.sender(people.owner).contract_uri(), "");
    assert!(caliber
        .sender(people.agent)
        .set_contract_uri("x".into())
        .motsu_unwrap_err()
        .is::<Unauthorized>());
    for uri in ["u".repeat(1_024), "ipfs://collection".into()] {
        caliber.sender(people.admin).set_contract_uri(uri.clone()).motsu_unwrap();
        assert_eq!(caliber.sender(people.owner).contract_uri(), uri);
    }
    caliber.assert_emitted(&ContractURIUpdated {});
    let long = caliber.sender(people.admin).set_contract_uri("u".repeat(1_025)).motsu_unwrap_err();
    assert!(long.get::<OutOfRange>().is_some_and(|e| e.parameter == id("uri")));
}

// ---- notices ----

const NOTICE_TYPES: [&str; 2] = [
    "Appraisal(uint256 receipt,uint256 value,uint256 appraisedAt,uint256 nonce,uint256 deadline)",
    "InsuranceNotice(uint256 receipt,uint256 insuredValue,uint256 insuredUntil,uint256 attestedAt,uint256 nonce,uint256 deadline)",
];

/// `signer`'s signature of a struct of numbers, as EIP-712 has it written out a second time.
fn sign(caliber: Address, signer: &Account, of_type: &str, numbers: &[U256]) -> Vec<u8> {
    let domain = (
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
        keccak256("CALIBER Warehouse Receipt"),
        keccak256("1"),
        number(42_161),
        caliber,
    )
        .abi_encode();
    let mut of_struct = keccak256(of_type).to_vec();
    for number in numbers {
        of_struct.extend_from_slice(&number.to_be_bytes::<32>());
    }
    let digest = keccak256(
        [
            b"\x19\x01".as_slice(),
            keccak256(domain).as_slice(),
            keccak256(of_struct).as_slice(),
        ]
        .concat(),
    );
    let signature = signer.signer().sign_hash_sync(&digest).unwrap();
    let (r, s): (B256, B256) = (signature.r().into(), signature.s().into());
    [r.as_slice(), s.as_slice(), &[27 + u8::from(signature.v())]].concat()
}

#[motsu::test]
fn an_appraisal_is_posted_by_anybody_as_it_was_signed_and_once(
    caliber: Contract<CaliberReceipts>,
    books: Contract<Books>,
    appraiser: Account,
) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let who = appraiser.address();
    let stranger = Address::from_tag("stranger");
    let post = |value: u64, at: u64, nonce: u64, deadline: u64, signature: &[u8]| {
        caliber
            .sender(stranger)
            .post_appraisal(
                who,
                receipt,
                usd(value),
                number(at),
                number(nonce),
                number(deadline),
                signature.to_vec(),
            )
            .motsu_res()
    };
    let signed = |value: u64, at: u64, nonce: u64, deadline: u64| {
        let numbers = [receipt, usd(value), number(at), number(nonce), number(deadline)];
        sign(caliber.address(), &appraiser, NOTICE_TYPES[0], &numbers)
    };
    let good = signed(500, START + 10, 256, START + 100);
    set_clock(START + 50);
    let refusal = post(500, START + 10, 256, START + 100, &good).unwrap_err();
    assert!(
        refusal.get::<Unauthorized>().is_some_and(|e| e.account == who),
        "not an appraiser yet"
    );
    books.sender(people.admin).grant(role::APPRAISER.word(), who);
    for (value, at, nonce, deadline) in [
        (501, START + 10, 256, START + 100),
        (500, START + 11, 256, START + 100),
        (500, START + 10, 257, START + 100),
        (500, START + 10, 256, START + 101),
    ] {
        let refusal = post(value, at, nonce, deadline, &good).unwrap_err();
        assert!(refusal.get::<InvalidSigner>().is_some_and(|e| e.expected == who));
    }
    assert!(post(500, START + 10, 256, START + 100, &good[..64])
        .unwrap_err()
        .is::<InvalidSigner>());
    // It counts from when it was signed.
    post(500, START + 10, 256, START + 100, &good).unwrap();
    caliber.assert_emitted(&Appraised {
        receipt,
        appraiser: who,
        value: usd(500),
        appraisedAt: number(START + 10),
    });
    caliber.assert_emitted(&NoncesSpent {
        signer: who,
        word: number(1),
        mask: number(1),
    });
    let value = caliber.sender(stranger).value_of(receipt).unwrap();
    assert!(value < usd(500) && value > usd(499));
    let again = post(500, START + 10, 256, START + 100, &good).unwrap_err();
    assert_eq!(
        again,
        NonceSpent {
            signer: who,
            nonce: number(256)
        }
        .into()
    );
    assert_eq!(caliber.sender(stranger).nonce_bitmap(who, number(1)), number(1));
    // Older news than the last word, the same, and news of the future.
    for at in [START + 9, START + 10, START + 51] {
        let refusal = post(900, at, 1, START + 100, &signed(900, at, 1, START + 100)).unwrap_err();
        let expected = OutdatedNotice {
            receipt,
            signedAt: number(at),
            since: number(START + 10),
        };
        assert_eq!(refusal, expected.into());
    }
    // A high one that was kept back is worth nothing after a shock.
    let kept_back = signed(900, START + 40, 2, START + 1_000);
    caliber
        .sender(people.admin)
        .shock_class(id("H100-SXM5-80G"), number(100))
        .motsu_unwrap();
    let refusal = post(900, START + 40, 2, START + 1_000, &kept_back).unwrap_err();
    assert!(refusal.get::<OutdatedNotice>().is_some_and(|e| e.since == number(START + 50)));
    // Taken back.
    let taken_back = signed(400, START + 60, 3, START + 1_000);
    caliber.sender(who).invalidate_nonces(U256::ZERO, number(0b1000));
    set_clock(START + 70);
    let refusal = post(400, START + 60, 3, START + 1_000, &taken_back).unwrap_err();
    assert!(refusal.is::<NonceSpent>());
    // In its last second, and not after.
    let last = signed(300, START + 60, 4, START + 80);
    set_clock(START + 81);
    let late = post(300, START + 60, 4, START + 80, &last).unwrap_err();
    assert_eq!(
        late,
        NoticeExpired {
            deadline: number(START + 80)
        }
        .into()
    );
    set_clock(START + 80);
    post(300, START + 60, 4, START + 80, &last).unwrap();
}

#[motsu::test]
fn cover_is_posted_by_anybody_and_not_revived_by_an_older_notice(
    caliber: Contract<CaliberReceipts>,
    books: Contract<Books>,
    attestor: Account,
) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    let who = attestor.address();
    books.sender(people.admin).grant(role::ATTESTOR.word(), who);
    let post = |until: u64, at: u64, nonce: u64| {
        let deadline = number(START + 1_000);
        let numbers = [receipt, usd(595_000), number(until), number(at), number(nonce), deadline];
        let signature = sign(caliber.address(), &attestor, NOTICE_TYPES[1], &numbers);
        caliber
            .sender(people.owner)
            .post_insurance(
                who,
                receipt,
                usd(595_000),
                number(until),
                number(at),
                number(nonce),
                deadline,
                signature,
            )
            .motsu_res()
    };
    set_clock(START + 20);
    post(START + 500, START + 10, 0).unwrap();
    caliber.assert_emitted(&Insured {
        receipt,
        attestor: who,
        value: usd(595_000),
        until: number(START + 500),
        attestedAt: number(START + 10),
    });
    assert_eq!(caliber.sender(who).insured_until(receipt), Ok(number(START + 500)));
    // Withdrawn, and an older promise does not bring it back.
    caliber
        .sender(people.attestor)
        .insure(receipt, U256::ZERO, U256::ZERO)
        .motsu_unwrap();
    for at in [START + 15, START + 20] {
        let refusal = post(START + 900, at, 1).unwrap_err();
        assert!(refusal.get::<OutdatedNotice>().is_some_and(|e| e.since == number(START + 20)));
    }
    assert_eq!(caliber.sender(who).insured_until(receipt), Ok(U256::ZERO));
    set_clock(START + 30);
    post(START + 900, START + 25, 1).unwrap();
    assert_eq!(caliber.sender(who).insured_until(receipt), Ok(number(START + 900)));
}

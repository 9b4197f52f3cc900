//! The shell under motsu: wiring, events, and every refusal by name. Selectors, decoding and gas are the embedded chain's business.

#![allow(clippy::needless_pass_by_value, reason = "motsu hands contracts over by value")]

use std::cell::Cell;

use alloy_primitives::{keccak256, Address, FixedBytes, B256, U256};
use alloy_sol_types::SolError;
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
    evaluation::{DEFAULT_MAX_AGE, FASTEST_DECAY},
    events::*,
    CaliberError, CaliberReceipts,
};

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
                super::RECEIVED
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
            .set_policy(number(86_400), number(10_000))
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
        (
            id("H100-SXM5-80G"),
            number(17),
            keccak256("a"),
            keccak256("agreement"),
            custodian,
            usd(595_000),
            number(START),
            usd(595_000),
            number(START + 365 * 86_400),
            U256::ZERO,
        )
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
    });
    caliber.assert_emitted(&Appraised {
        receipt,
        appraiser: people.agent,
        value: usd(595_000),
    });
    caliber.assert_emitted(&Insured {
        receipt,
        attestor: people.agent,
        value: usd(595_000),
        until: number(START + 365 * 86_400),
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
    for factor in [U256::from(FASTEST_DECAY) - number(1), RAY + number(1)] {
        assert_eq!(
            caliber.sender(people.admin).set_decay(class, factor).motsu_unwrap_err(),
            CaliberError::from(OutOfRange {
                parameter: id("factor"),
                value: factor,
                minimum: U256::from(FASTEST_DECAY),
                maximum: RAY,
            })
        );
    }
}

#[motsu::test]
fn the_policy_is_bounded_and_applies_at_once(caliber: Contract<CaliberReceipts>, books: Contract<Books>) {
    let people = set_up(&caliber, &books);
    let receipt = issue(&caliber, &people, "a");
    assert_eq!(caliber.sender(people.owner).policy_of(), (number(DEFAULT_MAX_AGE), number(10_000)));
    caliber
        .sender(people.admin)
        .set_policy(number(86_400), number(10_001))
        .motsu_unwrap();
    caliber.assert_emitted(&PolicySet {
        maxAge: number(86_400),
        minCoverBps: number(10_001),
    });
    assert_eq!(caliber.sender(people.owner).insured_until(receipt), Ok(U256::ZERO));
    set_clock(START + 86_401);
    assert_eq!(caliber.sender(people.owner).value_of(receipt), Ok(U256::ZERO));
    for (age, cover, parameter) in [
        (86_399, 10_000, "maxAge"),
        (366 * 86_400 + 1, 10_000, "maxAge"),
        (86_400, 4_999, "minCoverBps"),
        (86_400, 20_001, "minCoverBps"),
    ] {
        let refusal = caliber
            .sender(people.admin)
            .set_policy(number(age), number(cover))
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
        assert_eq!(caliber.sender(people.owner).receipt_of(receipt).unwrap().9, number(9));
    }
    caliber.sender(people.filo).release(vec![b, a], number(9)).motsu_unwrap();
    for receipt in [a, b] {
        caliber.assert_emitted(&Released { receipt, loan: number(9) });
        assert_eq!(caliber.sender(people.owner).receipt_of(receipt).unwrap().9, U256::ZERO);
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
        CaliberError::from(ERC721NonexistentToken { tokenId: number(77) })
    );
    let other = Address::from_tag("other");
    assert_eq!(
        refused(pledge(filo, &[a], other, loan)),
        CaliberError::from(ERC721IncorrectOwner {
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
    assert!(caliber.sender(owner).is_approved_for_all(friend, operator));
    caliber.assert_emitted(&ApprovalForAll {
        owner: friend,
        operator,
        approved: true,
    });
    caliber.sender(operator).approve(operator, receipt).motsu_unwrap();
    caliber.sender(operator).transfer_from(friend, owner, receipt).motsu_unwrap();
    caliber.sender(friend).set_approval_for_all(operator, false).motsu_unwrap();
    assert!(!caliber.sender(owner).is_approved_for_all(friend, operator));

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
    let missing = || CaliberError::from(ERC721NonexistentToken { tokenId: none });

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
        Err(CaliberError::from(ERC721InvalidOwner { owner: Address::ZERO }))
    );
    assert_eq!(
        caliber.sender(stranger).approve(stranger, receipt).motsu_unwrap_err(),
        CaliberError::from(ERC721InvalidApprover { approver: stranger })
    );
    assert_eq!(
        caliber.sender(owner).set_approval_for_all(Address::ZERO, true).motsu_unwrap_err(),
        CaliberError::from(ERC721InvalidOperator { operator: Address::ZERO })
    );
    assert_eq!(
        caliber.sender(stranger).transfer_from(owner, stranger, receipt).motsu_unwrap_err(),
        CaliberError::from(ERC721InsufficientApproval {
            operator: stranger,
            tokenId: receipt,
        })
    );
    assert_eq!(
        caliber
            .sender(owner)
            .transfer_from(owner, Address::ZERO, receipt)
            .motsu_unwrap_err(),
        CaliberError::from(ERC721InvalidReceiver { receiver: Address::ZERO })
    );
    assert_eq!(
        caliber.sender(owner).transfer_from(stranger, owner, receipt).motsu_unwrap_err(),
        CaliberError::from(ERC721IncorrectOwner {
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
    let invalid = || CaliberError::from(ERC721InvalidReceiver { receiver: to });

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
        .safe_transfer_from_with_data(owner, to, receipt, Bytes(vec![7]))
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
    assert_eq!(caliber.sender(alice).name(), "CALIBER Warehouse Receipt");
    assert_eq!(caliber.sender(alice).symbol(), "CALIBER");
    for known in [0x01ff_c9a7_u32, 0x80ac_58cd, 0x5b5e_139f] {
        assert!(caliber.sender(alice).supports_interface(FixedBytes(known.to_be_bytes())));
    }
    assert!(!caliber.sender(alice).supports_interface(FixedBytes([0xff; 4])));
}

//! An offer's digest and bounds. What needs FiLo, CALIBER and keys is tested on the contracts' WASM (`tests/scenarios/tests/filo.rs`).

use std::borrow::Cow;

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{eip712_domain, sol, SolError, SolStruct};
use fixed_point::WAD;
use interfaces::ids::id;
use motsu::prelude::*;
use stylus_sdk::prelude::*;

use crate::{
    errors::{NotWired, OutOfRange, ZeroValue},
    offer, FiloOrigination, OriginationError,
};

sol! {
    /// As wallets know it.
    struct Offer {
        uint256 stack;
        address borrower;
        uint256[] receipts;
        uint256 principal;
        uint256 rate;
        uint256 periods;
        bool levelPayment;
        uint256 graceSeconds;
        uint256 lateFeeBps;
        uint256 expiry;
        uint256 salt;
    }
}

fn good() -> offer::Offer {
    offer::Offer {
        stack: U256::from(7),
        borrower: Address::repeat_byte(0xbb),
        receipts: vec![U256::from(3), U256::from(1), U256::from(2)],
        principal: WAD,
        rate: WAD / U256::from(10),
        periods: U256::from(36),
        level_payment: true,
        grace_seconds: U256::from(5),
        late_fee_bps: U256::from(6),
        expiry: U256::from(8),
        salt: U256::MAX,
    }
}

fn as_wallets_know_it(offer: &offer::Offer) -> Offer {
    let offer = offer.clone();
    Offer {
        stack: offer.stack,
        borrower: offer.borrower,
        receipts: offer.receipts,
        principal: offer.principal,
        rate: offer.rate,
        periods: offer.periods,
        levelPayment: offer.level_payment,
        graceSeconds: offer.grace_seconds,
        lateFeeBps: offer.late_fee_bps,
        expiry: offer.expiry,
        salt: offer.salt,
    }
}

#[motsu::test]
fn the_digest_is_eip_712s_and_every_member_is_in_it(origination: Contract<FiloOrigination>, alice: Address) {
    let chain_id = origination.sender(alice).vm().chain_id();
    let domain = eip712_domain! {
        name: Cow::Borrowed("FiLo Origination"),
        version: "1",
        chain_id: chain_id,
        verifying_contract: origination.address(),
    };
    let changes: [fn(&mut offer::Offer); 12] = [
        |_| (),
        |offer| offer.stack += U256::from(1),
        |offer| offer.borrower = Address::ZERO,
        |offer| offer.receipts.swap(0, 1),
        |offer| offer.principal += U256::from(1),
        |offer| offer.rate += U256::from(1),
        |offer| offer.periods += U256::from(1),
        |offer| offer.level_payment = false,
        |offer| offer.grace_seconds += U256::from(1),
        |offer| offer.late_fee_bps += U256::from(1),
        |offer| offer.expiry += U256::from(1),
        |offer| offer.salt = U256::ZERO,
    ];
    let mut digests = std::collections::BTreeSet::<B256>::new();
    for change in changes {
        let mut offer = good();
        change(&mut offer);
        let digest = origination.sender(alice).hash_offer(offer.clone());
        assert_eq!(digest, as_wallets_know_it(&offer).eip712_signing_hash(&domain));
        digests.insert(digest);
    }
    assert_eq!(digests.len(), changes.len());
}

/// Writes a member.
type Setter = fn(&mut offer::Offer, U256);

#[test]
fn an_offer_lies_within_the_bounds_of_every_loan() {
    let check = |change: &dyn Fn(&mut offer::Offer)| {
        let mut offer = good();
        change(&mut offer);
        offer.check()
    };
    assert_eq!(check(&|_| ()), Ok(()));
    let nobody = check(&|offer| offer.borrower = Address::ZERO).unwrap_err();
    assert_eq!(nobody, ZeroValue { parameter: id("borrower") }.into());
    let bounds: [(&str, Setter, u128, u128); 6] = [
        (
            "principal",
            |offer, word| offer.principal = word,
            1_000_000_000_000_000_000,
            (1 << 96) - 1,
        ),
        ("rate", |offer, word| offer.rate = word, 1, 1_000_000_000_000_000_000),
        ("periods", |offer, word| offer.periods = word, 1, 120),
        ("graceSeconds", |offer, word| offer.grace_seconds = word, 0, 7_776_000),
        ("lateFeeBps", |offer, word| offer.late_fee_bps = word, 0, 2_000),
        ("expiry", |offer, word| offer.expiry = word, 0, (1 << 48) - 1),
    ];
    for (name, set, minimum, maximum) in bounds {
        let (low, high) = (U256::from(minimum), U256::from(maximum));
        for inside in [low, high] {
            assert_eq!(check(&|offer| set(offer, inside)), Ok(()), "{name}");
        }
        for outside in [low.wrapping_sub(U256::from(1)), high + U256::from(1), U256::MAX] {
            let refused = OutOfRange {
                parameter: id(name),
                value: outside,
                minimum: low,
                maximum: high,
            };
            assert_eq!(check(&|offer| set(offer, outside)), Err(refused.into()));
        }
    }
    for count in [0, 33] {
        assert!(check(&|offer| offer.receipts = vec![U256::from(1); count]).is_err());
    }
}

#[test]
fn the_plan_of_an_offer_pays_it_back() {
    for level_payment in [false, true] {
        let mut offer = good();
        (offer.level_payment, offer.principal) = (level_payment, U256::from(416_500) * WAD);
        let loan = offer.loan(2_592_000).unwrap();
        let mut left = loan.terms.principal;
        for number in 1..=36 {
            let (_, principal, outstanding) = loan.schedule(number, 2_592_000).unwrap();
            assert_eq!(left.minus(principal), Ok(outstanding));
            left = outstanding;
        }
        assert!(left.is_zero());
    }
}

#[motsu::test]
fn nothing_is_offered_before_the_wiring(origination: Contract<FiloOrigination>, alice: Address) {
    let not_wired = OriginationError::from(NotWired {}.abi_encode());
    let mut offer = good();
    offer.expiry = U256::from(u32::MAX);
    assert_eq!(origination.sender(alice).post(offer.clone()).motsu_unwrap_err(), not_wired);
    assert_eq!(origination.sender(alice).cancel(offer.clone()).motsu_unwrap_err(), not_wired);
    assert_eq!(
        origination.sender(alice).top_up(U256::from(1), vec![]).motsu_unwrap_err(),
        not_wired
    );
    let refinanced = origination.sender(alice).refinance(U256::from(1), offer.clone(), vec![], alice);
    assert_eq!(refinanced.motsu_unwrap_err(), not_wired);
    offer.borrower = alice;
    assert_eq!(
        origination.sender(alice).draw(offer.clone(), vec![], alice).motsu_unwrap_err(),
        not_wired
    );
    let schedule = origination.sender(alice).schedule(offer, U256::from(1));
    assert_eq!(schedule.motsu_unwrap_err(), not_wired);
}

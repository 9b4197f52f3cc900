//! The shell under motsu, beside stand-ins for the router, FiLo and CALIBER: what it asks of FiLo, and every refusal by name. What comes of it on
//! the real contracts is in `tests/scenarios/tests/defaults.rs`.

use std::cell::RefCell;

use interfaces::{
    authority::{AddressNotSet, Unauthorized},
    ids::id,
};
use motsu::prelude::*;

use super::*;
use crate::errors::*;

const DAY: u64 = 86_400;
const START: u64 = 1_735_689_600;
const LOAN: U256 = U256::from_limbs([7, 0, 0, 0]);
const ROUTER: &str = "router";
const LENDER: &str = "filo";
const TITLES: &str = "caliber";

/// What FiLo was asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    Mark(U256, bool),
    Call(U256, U256),
    Sell(Vec<U256>, Address, Address, U256, U256),
}

/// What the stand-ins answer.
#[derive(Clone, Debug)]
struct Answers {
    now: u64,
    wired: bool,
    admin: bool,
    /// Status, outstanding, trigger, late after, grace until, call deadline.
    standing: [u64; 6],
    payoff: u64,
    /// Receipts and their values.
    receipts: Vec<(u64, u128)>,
    covered_until: u64,
    /// Whether a sale ends the loan.
    over: bool,
    asked: Vec<Asked>,
}

impl Answers {
    /// A loan that performs: 700 outstanding on receipts worth 600 and 400, of which 80 % may be.
    const fn new() -> Self {
        Self {
            now: START,
            wired: true,
            admin: true,
            standing: [1, 700, 8_000, START + DAY, START + 11 * DAY, 0],
            payoff: 710,
            receipts: Vec::new(),
            covered_until: START + 365 * DAY,
            over: false,
            asked: Vec::new(),
        }
    }
}

thread_local! {
    static ANSWERS: RefCell<Answers> = const { RefCell::new(Answers::new()) };
}

fn answers<T>(read: impl FnOnce(&mut Answers) -> T) -> T {
    ANSWERS.with_borrow_mut(read)
}

pub(super) fn clock() -> u64 {
    answers(|answers| answers.now)
}

/// Router, FiLo and CALIBER alike: who is asked what is not theirs has a fault in these tests.
#[storage]
struct Neighbour {}

unsafe impl TopLevelStorage for Neighbour {}

impl Neighbour {
    fn am(&self, who: &str) {
        assert_eq!(self.vm().contract_address(), Address::from_tag(who), "{who} is another");
    }

    fn record(&self, loan: U256, asked: Asked) {
        self.am(LENDER);
        assert_eq!(loan, LOAN);
        answers(|answers| answers.asked.push(asked));
    }
}

#[lean_abi::contract]
impl Neighbour {
    fn has_role(&self, role: B256, _account: Address) -> bool {
        self.am(ROUTER);
        answers(|answers| answers.admin) && role == role::ADMIN.word()
    }

    fn address_of(&self, id: B256) -> Address {
        self.am(ROUTER);
        let known = [(address::FILO.word(), LENDER), (address::CALIBER.word(), TITLES)];
        let found = known.iter().find(|(known, _)| answers(|answers| answers.wired) && *known == id);
        found.map_or(Address::ZERO, |(_, tag)| Address::from_tag(tag))
    }

    fn standing(&self, loan: U256) -> (U256, U256, U256, U256, U256, U256, U256, U256) {
        self.am(LENDER);
        assert_eq!(loan, LOAN);
        let [status, outstanding, trigger, late_after, grace_until, deadline] = answers(|answers| answers.standing.map(word));
        (
            status,
            outstanding,
            trigger,
            late_after,
            grace_until,
            deadline,
            U256::ZERO,
            U256::ZERO,
        )
    }

    fn payoff(&self, _loan: U256, time: U256) -> U256 {
        self.am(LENDER);
        assert_eq!(time, word(clock()));
        word(answers(|answers| answers.payoff))
    }

    fn receipts_of(&self, _loan: U256) -> Vec<U256> {
        self.am(LENDER);
        answers(|answers| answers.receipts.iter().map(|(receipt, _)| word(*receipt)).collect())
    }

    fn mark(&mut self, loan: U256, recoverable: U256, in_default: bool) {
        self.record(loan, Asked::Mark(recoverable, in_default));
    }

    fn set_call(&mut self, loan: U256, deadline: U256, cure_below: U256) {
        self.record(loan, Asked::Call(deadline, cure_below));
    }

    fn sell(&mut self, loan: U256, receipts: Vec<U256>, buyer: Address, receiver: Address, price: U256, costs: U256) -> bool {
        self.record(loan, Asked::Sell(receipts, buyer, receiver, price, costs));
        answers(|answers| answers.over)
    }

    fn collateral_of(&self, receipts: Vec<U256>) -> (U256, U256) {
        self.am(TITLES);
        answers(|answers| {
            let value = |receipt: &U256| {
                answers
                    .receipts
                    .iter()
                    .find(|(known, _)| word(*known) == *receipt)
                    .map_or(U256::ZERO, |(_, value)| Amount(*value).word())
            };
            (receipts.iter().map(value).sum(), word(answers.covered_until))
        })
    }
}

struct World {
    defaults: Contract<FiloDefaults>,
    _neighbours: [Contract<Neighbour>; 3],
    anyone: Address,
}

impl World {
    /// Constructed and wired.
    fn new() -> Self {
        answers(|answers| {
            *answers = Answers::new();
            answers.receipts = vec![(1, 600), (2, 400)];
        });
        let world = Self {
            defaults: Contract::from_tag("defaults"),
            _neighbours: [ROUTER, LENDER, TITLES].map(Contract::from_tag),
            anyone: Address::from_tag("anyone"),
        };
        let router = Address::from_tag(ROUTER);
        world.call(|defaults| defaults.constructor(router, word(30 * DAY))).unwrap();
        world
    }

    fn wired() -> Self {
        let world = Self::new();
        world.call(FiloDefaults::wire).unwrap();
        world
    }

    fn call<T>(&self, call: impl FnOnce(&mut FiloDefaults) -> Result<T, DefaultsError>) -> Result<T, DefaultsError> {
        call(&mut self.defaults.sender(self.anyone)).motsu_res()
    }

    /// Asserts that a call is refused with `error`, and that FiLo was asked for nothing.
    fn refused<T: core::fmt::Debug>(
        &self,
        call: impl FnOnce(&mut FiloDefaults) -> Result<T, DefaultsError>,
        error: impl Into<DefaultsError>,
    ) {
        assert_eq!(self.call(call).unwrap_err(), error.into());
        assert_eq!(asked(), []);
    }
}

/// What FiLo was asked for since this was asked last.
fn asked() -> Vec<Asked> {
    answers(|answers| std::mem::take(&mut answers.asked))
}

fn set(change: impl FnOnce(&mut Answers)) {
    answers(change);
}

#[motsu::test]
fn construction_and_wiring_are_checked() {
    let world = World::new();
    let zero = world.call(|defaults| defaults.constructor(Address::ZERO, word(1))).unwrap_err();
    assert_eq!(zero, ZeroValue { parameter: id("router") }.into());
    for seconds in [0, 366 * DAY + 1] {
        let refused = world.call(|defaults| defaults.constructor(Address::from_tag(ROUTER), word(seconds)));
        let error = OutOfRange {
            parameter: id("periodSeconds"),
            value: word(seconds),
            minimum: word(1),
            maximum: word(366 * DAY),
        };
        assert_eq!(refused.unwrap_err(), error.into());
    }
    world.refused(|defaults| defaults.mark_late(LOAN), NotWired {});
    set(|answers| answers.wired = false);
    let missing = AddressNotSet { id: address::FILO.word() };
    world.refused(FiloDefaults::wire, missing);
    set(|answers| answers.wired = true);
    world.call(FiloDefaults::wire).unwrap();
    let (filo, caliber) = (Address::from_tag(LENDER), Address::from_tag(TITLES));
    world.defaults.assert_emitted(&Wired { filo, caliber });
    let numbers = world.defaults.sender(world.anyone).parameters();
    assert_eq!(numbers, (Small(DAY), Small(3_000), Small(200)));
}

#[motsu::test]
fn parameters_are_the_admins_within_bounds() {
    let world = World::wired();
    world.call(|defaults| defaults.set_parameters(word(9_000), word(1_000))).unwrap();
    let numbers = world.defaults.sender(world.anyone).parameters();
    assert_eq!((numbers.1, numbers.2), (Small(9_000), Small(1_000)));
    world.defaults.assert_emitted(&ParametersSet {
        liquidationCostBps: word(9_000),
        enforcementBps: word(1_000),
    });
    for (name, cost, enforcement, value, maximum) in [
        ("liquidationCostBps", 9_001, 0, 9_001, 9_000),
        ("enforcementBps", 0, 1_001, 1_001, 1_000),
    ] {
        let error = OutOfRange {
            parameter: id(name),
            value: word(value),
            minimum: U256::ZERO,
            maximum: word(maximum),
        };
        world.refused(|defaults| defaults.set_parameters(word(cost), word(enforcement)), error);
    }
    set(|answers| answers.admin = false);
    let error = Unauthorized {
        account: world.anyone,
        role: role::ADMIN.word(),
    };
    world.refused(|defaults| defaults.set_parameters(word(0), word(0)), error);
}

#[motsu::test]
fn a_loan_is_late_after_its_last_second_and_is_marked_by_what_a_sale_would_bring() {
    let world = World::wired();
    set(|answers| answers.now = START + DAY);
    let late_after = word(START + DAY);
    world.refused(
        |defaults| defaults.mark_late(LOAN),
        NotOverdue {
            loan: LOAN,
            lateAfter: late_after,
        },
    );
    set(|answers| answers.now += 1);
    world.call(|defaults| defaults.mark_late(LOAN)).unwrap();
    // 1,000 less 30 %.
    assert_eq!(asked(), [Asked::Mark(word(700), false)]);
    world.refused(
        |defaults| defaults.mark(LOAN),
        WrongStatus {
            loan: LOAN,
            status: word(1),
        },
    );
    for status in [2, 3] {
        set(|answers| answers.standing[0] = status);
        world.call(|defaults| defaults.mark(LOAN)).unwrap();
        assert_eq!(asked(), [Asked::Mark(word(700), false)]);
        let error = WrongStatus {
            loan: LOAN,
            status: word(status),
        };
        world.refused(|defaults| defaults.mark_late(LOAN), error);
    }
}

#[motsu::test]
fn margin_is_called_for_too_little_value_or_cover_and_released_when_both_are_back() {
    let world = World::wired();
    let suffices = |limit, covered| CollateralSuffices {
        loan: LOAN,
        limit: word(limit),
        coveredUntil: word(covered),
    };
    let year = START + 365 * DAY;
    world.refused(|defaults| defaults.call_margin(LOAN), suffices(800, year));
    // As much as may be, and insured to the second.
    set(|answers| (answers.standing[1], answers.covered_until) = (800, START));
    world.refused(|defaults| defaults.call_margin(LOAN), suffices(800, START));
    let deadline = word(START + 14 * DAY);
    set(|answers| answers.covered_until = START - 1);
    world.call(|defaults| defaults.call_margin(LOAN)).unwrap();
    // Paying down does not insure.
    assert_eq!(asked(), [Asked::Call(deadline, U256::ZERO)]);
    set(|answers| (answers.standing[1], answers.covered_until) = (801, START));
    world.call(|defaults| defaults.call_margin(LOAN)).unwrap();
    assert_eq!(asked(), [Asked::Call(deadline, word(800))]);

    world.refused(|defaults| defaults.release_call(LOAN), NoCall { loan: LOAN });
    set(|answers| answers.standing[5] = START + 14 * DAY);
    world.refused(|defaults| defaults.call_margin(LOAN), CallOpen { loan: LOAN, deadline });
    let error = CollateralInsufficient {
        loan: LOAN,
        limit: word(800),
        coveredUntil: word(START),
    };
    world.refused(|defaults| defaults.release_call(LOAN), error);
    set(|answers| answers.standing[1] = 800);
    world.call(|defaults| defaults.release_call(LOAN)).unwrap();
    assert_eq!(asked(), [Asked::Call(U256::ZERO, U256::ZERO)]);
    set(|answers| answers.standing[0] = 3);
    for call in [FiloDefaults::call_margin, FiloDefaults::release_call, FiloDefaults::declare_default] {
        world.refused(
            |defaults| call(defaults, LOAN),
            WrongStatus {
                loan: LOAN,
                status: word(3),
            },
        );
    }
}

#[motsu::test]
fn a_default_is_a_payment_past_grace_or_a_call_not_met() {
    let world = World::wired();
    let (grace, deadline) = (START + 11 * DAY, START + 2 * DAY);
    let too_early = |deadline| NotInDefault {
        loan: LOAN,
        graceUntil: word(grace),
        callDeadline: word(deadline),
    };
    set(|answers| answers.now = grace);
    world.refused(|defaults| defaults.declare_default(LOAN), too_early(0));
    set(|answers| (answers.now, answers.standing[5]) = (deadline, deadline));
    world.refused(|defaults| defaults.declare_default(LOAN), too_early(deadline));
    set(|answers| answers.now += 1);
    let error = CollateralSuffices {
        loan: LOAN,
        limit: word(800),
        coveredUntil: word(START + 365 * DAY),
    };
    world.refused(|defaults| defaults.declare_default(LOAN), error);
    set(|answers| answers.receipts[0].1 = 100);
    world.call(|defaults| defaults.declare_default(LOAN)).unwrap();
    assert_eq!(asked(), [Asked::Mark(word(350), true)]);
    world.defaults.assert_emitted(&DefaultDeclared {
        loan: LOAN,
        redeemableUntil: word(deadline + 1 + 14 * DAY),
    });
    let auction = world.defaults.sender(world.anyone).auction(LOAN);
    assert_eq!(auction, (Small(deadline + 1), Small(0), Small(0), Amount::ZERO));
    set(|answers| (answers.now, answers.standing[5]) = (grace + 1, 0));
    world.call(|defaults| defaults.declare_default(LOAN)).unwrap();
    assert_eq!(asked().len(), 1);
}

/// Met by receipts and never released, a call is no reason for a default months later: it can be made again, and gives its 14 days.
#[motsu::test]
fn a_call_lapses_fourteen_days_after_its_deadline_and_can_be_made_again() {
    let world = World::wired();
    let (deadline, lapses) = (START + 14 * DAY, START + 28 * DAY);
    set(|answers| (answers.standing[4], answers.standing[5]) = (START + 365 * DAY, deadline));
    // Too little, by one.
    set(|answers| (answers.standing[1], answers.now) = (801, lapses));
    let (open, lapsed) = (
        CallOpen {
            loan: LOAN,
            deadline: word(deadline),
        },
        CallLapsed {
            loan: LOAN,
            deadline: word(deadline),
        },
    );
    world.refused(|defaults| defaults.call_margin(LOAN), open);
    world.call(|defaults| defaults.declare_default(LOAN)).unwrap();
    assert_eq!(asked(), [Asked::Mark(word(700), true)]);
    set(|answers| answers.now += 1);
    world.refused(|defaults| defaults.declare_default(LOAN), lapsed);
    world.call(|defaults| defaults.call_margin(LOAN)).unwrap();
    assert_eq!(asked(), [Asked::Call(word(lapses + 1 + 14 * DAY), word(800))]);
    // Released if the receipts suffice, however long ago it was.
    set(|answers| answers.standing[1] = 800);
    world.call(|defaults| defaults.release_call(LOAN)).unwrap();
    assert_eq!(asked(), [Asked::Call(U256::ZERO, U256::ZERO)]);
}

/// In default since the start, and the borrower's days are over.
fn auctioned() -> World {
    let world = World::wired();
    set(|answers| answers.standing[4] = START - 1);
    world.call(|defaults| defaults.declare_default(LOAN)).unwrap();
    set(|answers| answers.standing[0] = 3);
    asked();
    let until = word(START + 14 * DAY);
    set(|answers| answers.now = START + 14 * DAY);
    world.refused(|defaults| defaults.start_auction(LOAN), RedemptionOpen { loan: LOAN, until });
    world.refused(
        |defaults| defaults.bid(LOAN, vec![], U256::MAX, Address::from_tag("x")),
        NoAuction { loan: LOAN },
    );
    set(|answers| answers.now += 1);
    world.call(|defaults| defaults.start_auction(LOAN)).unwrap();
    world
}

#[motsu::test]
fn an_auction_starts_above_debt_and_value_and_again_when_a_round_is_over() {
    let world = auctioned();
    let first = START + 14 * DAY + 1;
    world.defaults.assert_emitted(&AuctionStarted {
        loan: LOAN,
        round: word(1),
        startPrice: word(1_100),
        floorPrice: word(440),
        endsAt: word(first + 14 * DAY),
    });
    let until = word(first + 14 * DAY);
    set(|answers| answers.now = first + 14 * DAY);
    world.refused(|defaults| defaults.start_auction(LOAN), AuctionOpen { loan: LOAN, until });
    let price = world.call(|defaults| defaults.price(LOAN, vec![])).unwrap();
    assert_eq!(price, word(440));
    // More is owed than the receipts are worth.
    set(|answers| (answers.now, answers.payoff) = (first + 14 * DAY + 1, 2_000));
    world.call(|defaults| defaults.start_auction(LOAN)).unwrap();
    let auction = world.defaults.sender(world.anyone).auction(LOAN);
    assert_eq!(auction, (Small(START), Small(first + 14 * DAY + 1), Small(2), Amount(2_200)));
    set(|answers| answers.standing[0] = 1);
    world.refused(
        |defaults| defaults.start_auction(LOAN),
        WrongStatus {
            loan: LOAN,
            status: word(1),
        },
    );
}

#[motsu::test]
fn receipts_are_sold_one_by_one_for_their_part_and_what_is_left_is_marked_again() {
    let world = auctioned();
    let receiver = Address::from_tag("receiver");
    let zero = ZeroValue { parameter: id("receiver") };
    world.refused(|defaults| defaults.bid(LOAN, vec![], U256::MAX, Address::ZERO), zero);
    let unknown = UnknownReceipt { receipt: word(3) };
    world.refused(|defaults| defaults.bid(LOAN, vec![word(1), word(3)], U256::MAX, receiver), unknown);
    let dear = PriceAboveMaximum {
        price: word(660),
        maximum: word(659),
    };
    world.refused(|defaults| defaults.bid(LOAN, vec![word(1)], word(659), receiver), dear);
    assert_eq!(world.call(|defaults| defaults.price(LOAN, vec![word(1)])).unwrap(), word(660));

    let paid = world
        .call(|defaults| defaults.bid(LOAN, vec![word(1)], word(660), receiver))
        .unwrap();
    assert_eq!(paid, word(660));
    let sold = Asked::Sell(vec![word(1)], world.anyone, receiver, word(660), word(13));
    // What is there to be marked is all that the stand-in still has.
    assert_eq!(asked(), [sold, Asked::Mark(word(700), false)]);
    assert_eq!(world.defaults.sender(world.anyone).auction(LOAN).3, Amount(440));

    set(|answers| (answers.over, answers.receipts) = (true, vec![(2, 400)]));
    let paid = world.call(|defaults| defaults.bid(LOAN, vec![], word(440), receiver)).unwrap();
    assert_eq!(paid, word(440));
    assert_eq!(asked(), [Asked::Sell(vec![word(2)], world.anyone, receiver, word(440), word(8))]);
    assert_eq!(world.defaults.sender(world.anyone).auction(LOAN).3, Amount::ZERO);
}

#[motsu::test]
fn no_appraisal_is_too_large_for_a_mark_a_default_or_a_sale() {
    let world = World::wired();
    set(|answers| answers.receipts = vec![(1, u128::MAX), (2, u128::MAX), (3, 1)]);
    set(|answers| answers.now = START + DAY + 1);
    world.call(|defaults| defaults.mark_late(LOAN)).unwrap();
    let most = |bps: u128| {
        Amount::MAX
            .part(Bps::new(bps.try_into().unwrap()).unwrap(), Rounding::Down)
            .unwrap()
    };
    assert_eq!(asked(), [Asked::Mark(most(7_000).word(), false)]);
    let suffices = CollateralSuffices {
        loan: LOAN,
        limit: most(8_000).word(),
        coveredUntil: word(START + 365 * DAY),
    };
    world.refused(|defaults| defaults.call_margin(LOAN), suffices);
    set(|answers| answers.now = START + 11 * DAY + 1);
    world.call(|defaults| defaults.declare_default(LOAN)).unwrap();
    set(|answers| (answers.standing[0], answers.now) = (3, START + 26 * DAY));
    world.call(|defaults| defaults.start_auction(LOAN)).unwrap();
    asked();
    let price = |receipts| world.call(|defaults| defaults.price(LOAN, receipts)).unwrap();
    // Two of them together are not more than all.
    for receipts in [vec![], vec![word(1)], vec![word(1), word(2)]] {
        assert_eq!(price(receipts), Amount::MAX.word());
    }
    assert_eq!(price(vec![word(3)]), word(1));
    set(|answers| answers.now += 14 * DAY);
    assert!(price(vec![word(1), word(2)]) < Amount::MAX.word());
}

#[motsu::test]
fn what_nobody_has_appraised_is_sold_with_the_rest() {
    let world = auctioned();
    let price = |receipts| world.call(|defaults| defaults.price(LOAN, receipts)).unwrap();
    assert_eq!(price(vec![]), word(1_100));
    // One without a value beside one with: the one goes with all, the other for all that has a value.
    set(|answers| answers.receipts = vec![(1, 0), (2, 400), (3, 400)]);
    assert_eq!([price(vec![word(1)]), price(vec![word(2)])], [word(1_100), word(550)]);
    assert_eq!(price(vec![word(1), word(2)]), word(1_100));
    // None with a value.
    set(|answers| answers.receipts = vec![(1, 0), (2, 0), (3, 0)]);
    assert_eq!([price(vec![word(3)]), price(vec![word(1), word(2)])], [word(1_100); 2]);
}

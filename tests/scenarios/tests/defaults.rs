//! Loans that are not paid, on the real WASM of all contracts: marks, default, the auction, who gets what.

#![allow(clippy::too_many_lines, reason = "a list of refusals is as long as what can go wrong")]

use alloy_primitives::{Address, U256};
use scenarios::{
    abi::{Caliber, Defaults, Erc20, Filo, Origination, Vault},
    hands::{n, wad},
    lending::{Market, Offer, DAY},
    refusals, Town,
};

const LIVE: u8 = 1;
const LATE: u8 = 2;
const DEFAULTED: u8 = 3;
const CLOSED: u8 = 4;
const LIQUIDATED: u8 = 5;

/// A town with one loan of 70,000 on two receipts worth 60,000 each, never paid; 10,000 of junior capital, of which 7,000 are in the loan.
struct Trouble {
    town: Town,
    loan: U256,
    receipts: Vec<U256>,
    curator: Address,
    borrower: Address,
    buyer: Address,
}

impl Trouble {
    fn begins() -> Self {
        let mut market = Market::of(100_000, 10_000, &[("a", 60_000), ("b", 60_000)]);
        let offer = Offer {
            receipts: market.receipts.clone(),
            graceSeconds: U256::from(5 * DAY),
            ..market.offer()
        };
        let loan = market.draw(&offer);
        let Market {
            mut town,
            curator,
            borrower,
            receipts,
            ..
        } = market;
        let (filo, usdai) = (town.suite.filo, town.suite.usdai);
        let (curator, borrower, buyer) = (curator.address(), borrower.address(), town.stranger.address());
        for who in [curator, borrower, buyer] {
            town.give_usdai(who, 200_000);
            let approve = Erc20::approveCall {
                spender: filo,
                value: U256::MAX,
            };
            town.does(who, usdai, &approve);
        }
        Self {
            town,
            loan,
            receipts,
            curator,
            borrower,
            buyer,
        }
    }

    fn status(&mut self) -> U256 {
        self.town.read(self.town.suite.filo, &Filo::loanCall { loan: self.loan }).status
    }

    fn price(&mut self) -> U256 {
        self.town.read(self.town.suite.susdai, &Vault::redemptionSharePriceCall {})
    }

    fn appraise(&mut self, whole: u64) {
        for receipt in self.receipts.clone() {
            let call = Caliber::appraiseCall {
                receipt,
                value: wad(whole),
            };
            self.town.does(self.town.cast.appraiser.address(), self.town.suite.caliber, &call);
        }
    }

    /// To the second after the first payment's day.
    fn overdue(&mut self) {
        let last = self.town.read(self.town.suite.filo, &Filo::earliestDueCall {});
        assert_eq!(last.loan, self.loan);
        self.town.node.chain.warp_to(last.due.to::<u64>() + 1);
    }

    fn declare(&mut self) {
        self.overdue();
        self.town.node.chain.advance(5 * DAY);
        let (loan, who) = (self.loan, self.buyer);
        self.town
            .does(who, self.town.suite.defaults, &Defaults::declareDefaultCall { loan });
        assert_eq!(self.status(), U256::from(DEFAULTED));
    }

    fn auctioned(&mut self) {
        self.declare();
        self.town.node.chain.advance(14 * DAY + 1);
        let (loan, who) = (self.loan, self.buyer);
        self.town.does(who, self.town.suite.defaults, &Defaults::startAuctionCall { loan });
    }

    fn bid(&mut self, receipts: Vec<U256>) -> U256 {
        let bid = Defaults::bidCall {
            loan: self.loan,
            receipts,
            maxPrice: U256::MAX,
            receiver: self.buyer,
        };
        self.town.does(self.buyer, self.town.suite.defaults, &bid)
    }

    /// F1, F2, V3, and that nothing is impaired or accrued any more once the loan is over.
    fn check(&mut self, over: bool) {
        let (filo, usdai, susdai, loan) = (self.town.suite.filo, self.town.suite.usdai, self.town.suite.susdai, self.loan);
        let book = self.town.read(susdai, &Vault::loanBookCall {});
        let state = self.town.read(filo, &Filo::loanCall { loan });
        assert_eq!(book.principal, state.senior, "F1");
        let booked = self.town.read(filo, &Filo::juniorCashCall { stack: n(1) }) + self.town.read(filo, &Filo::reserveCall {});
        assert_eq!(booked, self.town.balance(usdai, filo), "F2");
        assert_eq!(self.town.read(susdai, &Vault::cashCall {}), self.town.balance(usdai, susdai), "V3");
        if over {
            assert_eq!((book.principal, book.rate, book.accrued), (U256::ZERO, U256::ZERO, U256::ZERO));
        }
    }
}

/// PEER mistake 1: whoever leaves after a payment is missed leaves at a price that knows of it.
#[test]
fn a_mark_stops_the_accrual_and_paying_up_reverses_it_for_those_who_were_in() {
    let mut trouble = Trouble::begins();
    let (filo, defaults, loan, anybody) = (trouble.town.suite.filo, trouble.town.suite.defaults, trouble.loan, trouble.buyer);
    let mark = Defaults::markLateCall { loan };
    let last = trouble.town.read(filo, &Filo::earliestDueCall {}).due;
    let early = refusals::NotOverdue { loan, lateAfter: last };
    trouble.town.node.chain.warp_to(last.to());
    let stranger = trouble.town.stranger.clone();
    trouble.town.refuses(&stranger, defaults, &mark, &early);
    trouble.overdue();
    // 120,000 of hardware have become 40,000: 28,000 after the costs of a sale, and 3,000 of junior cash, stand against 63,000.
    trouble.appraise(20_000);
    let before = trouble.price();
    trouble.town.does(anybody, defaults, &mark);
    trouble.check(false);
    assert_eq!(trouble.status(), U256::from(LATE));
    let standing = trouble.town.read(filo, &Filo::standingCall { loan });
    assert_eq!(standing.impairment, wad(63_000 - 28_000 - 3_000));
    let marked = trouble.price();
    assert!(marked < before - before * n(30) / n(100), "32,000 of 100,000: {before} {marked}");
    assert_eq!(trouble.town.read(filo, &Filo::earliestDueCall {}).loan, U256::ZERO);
    // The borrower, or anybody who knows, enters first: at face, mark or no mark.
    let (vault, borrower) = (trouble.town.suite.susdai, trouble.borrower);
    let usdai = trouble.town.suite.usdai;
    let approve = Erc20::approveCall {
        spender: vault,
        value: U256::MAX,
    };
    trouble.town.does(borrower, usdai, &approve);
    let enter = Vault::deposit_0Call {
        assets: wad(10_000),
        receiver: borrower,
    };
    let shares = trouble.town.does(borrower, vault, &enter);
    // Then he pays up: the mark is gone at once.
    let owed = trouble.town.read(filo, &Filo::instalmentCall { loan });
    let pay = Filo::payCall {
        loan,
        maxAmount: owed.interest + owed.principal + owed.lateFee,
    };
    trouble.town.does(trouble.borrower, filo, &pay);
    trouble.check(false);
    assert_eq!(trouble.status(), U256::from(LIVE));
    let price = trouble.price();
    assert!(price >= before);
    let worth = shares * price / wad(1);
    assert!(worth <= wad(10_000), "he gained {}", worth - wad(10_000));
    // What comes later is the interest that was in no price, and vests to all.
    trouble.town.node.chain.advance(8 * DAY);
    let lent = owed.interest + owed.lateFee;
    assert!(trouble.price() - price <= lent * wad(1) / wad(90_000));
}

#[test]
fn the_borrower_redeems_until_the_hammer_falls() {
    let mut trouble = Trouble::begins();
    trouble.auctioned();
    let (filo, loan) = (trouble.town.suite.filo, trouble.loan);
    let pay = Filo::payCall {
        loan,
        maxAmount: U256::MAX,
    };
    trouble.town.does(trouble.borrower, filo, &pay);
    assert_eq!(trouble.status(), U256::from(CLOSED));
    trouble.check(true);
    for receipt in trouble.receipts.clone() {
        let transfer = Caliber::transferFromCall {
            from: trouble.borrower,
            to: trouble.curator,
            tokenId: receipt,
        };
        trouble.town.does(trouble.borrower, trouble.town.suite.caliber, &transfer);
    }
}

/// PEER mistake 2: the surplus of a sale is the borrower's.
#[test]
fn what_a_sale_brings_beyond_the_debt_goes_to_the_borrower() {
    let mut trouble = Trouble::begins();
    trouble.auctioned();
    let (usdai, filo, loan) = (trouble.town.suite.usdai, trouble.town.suite.filo, trouble.loan);
    let debt = trouble.town.read(
        filo,
        &Filo::payoffCall {
            loan,
            time: trouble.town.now(),
        },
    );
    let (before, spent) = (
        trouble.town.balance(usdai, trouble.borrower),
        trouble.town.balance(usdai, trouble.buyer),
    );
    let price = trouble.bid(Vec::new());
    let costs = price * n(200) / n(10_000);
    assert!(price > debt);
    assert_eq!(trouble.town.balance(usdai, trouble.borrower) - before, price - costs - debt);
    assert_eq!(spent - trouble.town.balance(usdai, trouble.buyer), price);
    assert_eq!(trouble.status(), U256::from(CLOSED));
    trouble.check(true);
}

#[test]
fn receipts_are_sold_one_by_one_at_falling_prices_and_the_loss_comes_in_order() {
    let mut trouble = Trouble::begins();
    trouble.declare();
    trouble.appraise(10_000);
    trouble.town.node.chain.advance(14 * DAY + 1);
    let (defaults, loan, anybody) = (trouble.town.suite.defaults, trouble.loan, trouble.buyer);
    let start = Defaults::startAuctionCall { loan };
    for _ in 0..4 {
        trouble.town.does(anybody, defaults, &start);
        trouble.town.node.chain.advance(14 * DAY + 1);
    }
    // The fourth round has fallen to nothing: one receipt is taken for it, and whatever a buyer pays is for the others.
    trouble.town.does(anybody, defaults, &start);
    trouble.town.node.chain.advance(12 * DAY);
    let first = trouble.receipts[0];
    let whole = trouble.town.read(
        defaults,
        &Defaults::priceCall {
            loan,
            receipts: Vec::new(),
        },
    );
    let half = trouble.bid(vec![first]);
    assert!(half >= whole / n(2) && half <= whole / n(2) + n(2));
    trouble.check(false);
    let again = Defaults::bidCall {
        loan,
        receipts: vec![first],
        maxPrice: U256::MAX,
        receiver: anybody,
    };
    let gone = refusals::UnknownReceipt { receipt: first };
    // One for one: as many as are left, but not the one that is left.
    trouble.town.refuses_as(anybody, defaults, &again, &gone);
    let before = trouble.price();
    trouble.bid(Vec::new());
    assert_eq!(trouble.status(), U256::from(LIQUIDATED));
    trouble.check(true);
    assert_eq!(
        trouble.town.read(trouble.town.suite.filo, &Filo::juniorCashCall { stack: n(1) }),
        U256::ZERO
    );
    assert!(trouble.price() >= before - before / n(20), "the loss was marked before");
    assert_eq!(
        trouble
            .town
            .read(trouble.town.suite.caliber, &Caliber::ownerOfCall { tokenId: first }),
        anybody
    );
}

#[test]
fn the_largest_appraisals_keep_nobody_from_marking_and_selling() {
    let mut trouble = Trouble::begins();
    let (defaults, loan, anybody) = (trouble.town.suite.defaults, trouble.loan, trouble.buyer);
    for receipt in trouble.receipts.clone() {
        let value = U256::from(u128::MAX);
        let call = Caliber::appraiseCall { receipt, value };
        trouble
            .town
            .does(trouble.town.cast.appraiser.address(), trouble.town.suite.caliber, &call);
    }
    trouble.overdue();
    trouble.town.does(anybody, defaults, &Defaults::markLateCall { loan });
    assert_eq!(trouble.status(), U256::from(LATE));
    trouble.town.does(anybody, defaults, &Defaults::markCall { loan });
    trouble.town.node.chain.advance(5 * DAY);
    trouble.town.does(anybody, defaults, &Defaults::declareDefaultCall { loan });
    assert_eq!(trouble.status(), U256::from(DEFAULTED));
    // Three rounds that nobody could pay, and one that falls to nothing.
    for _ in 0..4 {
        trouble.town.node.chain.advance(14 * DAY + 1);
        trouble.town.does(anybody, defaults, &Defaults::startAuctionCall { loan });
    }
    trouble.town.node.chain.advance(14 * DAY);
    let receipt = trouble.receipts[0];
    assert!(trouble.bid(vec![receipt]).is_zero());
    assert!(trouble.bid(Vec::new()).is_zero());
    assert_eq!(trouble.status(), U256::from(LIQUIDATED));
    trouble.check(true);
}

/// What a loss has taken out of the reserve covers no mark any more, and a receipt of another loan is no part of a sale.
#[test]
fn a_mark_counts_on_the_reserve_as_long_as_it_is_there() {
    let mut market = Market::of(300_000, 21_000, &[("a", 100_000), ("b", 100_000), ("c", 100_000)]);
    let (suite, admin, anybody) = (market.town.suite, market.town.cast.admin.address(), market.town.stranger.address());
    let (curator, borrower) = (market.curator.address(), market.borrower.address());
    let fees = Filo::setFeesCall {
        protocolFeeBps: U256::ZERO,
        reserveBps: n(1_000),
    };
    market.town.does(admin, suite.filo, &fees);
    let receipts = market.receipts.clone();
    let mut draw = |lot: usize| {
        let offer = Offer {
            receipts: vec![receipts[lot]],
            rate: wad(1),
            graceSeconds: U256::ZERO,
            ..market.offer()
        };
        market.draw(&offer)
    };
    let (late, lost, paid) = (draw(0), draw(1), draw(2));
    let Market {
        mut town, borrower: owner, ..
    } = market;
    // One is paid, of whose interest a tenth is the reserve; all junior capital that is not lent leaves.
    let due = town.read(suite.filo, &Filo::instalmentCall { loan: paid }).due;
    town.node.chain.warp_to(due.to());
    town.give_usdai(borrower, 100_000);
    town.approve(&owner, suite.usdai, suite.filo);
    let pay = Filo::payCall {
        loan: paid,
        maxAmount: U256::MAX,
    };
    town.does(borrower, suite.filo, &pay);
    let reserve = town.read(suite.filo, &Filo::reserveCall {});
    assert!(reserve > wad(500));
    let leave = Filo::withdrawJuniorCall {
        stack: n(1),
        assets: town.read(suite.filo, &Filo::juniorCashCall { stack: n(1) }),
        receiver: curator,
    };
    town.does(curator, suite.filo, &leave);
    let last = town.read(suite.filo, &Filo::earliestDueCall {}).due;
    town.node.chain.warp_to(last.to::<u64>() + 1);
    let appraise = |town: &mut Town, lot: usize| {
        let call = Caliber::appraiseCall {
            receipt: receipts[lot],
            value: wad(10_000),
        };
        town.does(town.cast.appraiser.address(), suite.caliber, &call);
    };
    appraise(&mut town, 0);
    // The other one first, so that its junior principal covers nothing either.
    town.does(anybody, suite.defaults, &Defaults::markLateCall { loan: lost });
    town.does(anybody, suite.defaults, &Defaults::markLateCall { loan: late });
    let standing = Filo::standingCall { loan: late };
    assert_eq!(town.read(suite.filo, &standing).impairment, wad(63_000 - 7_000) - reserve);

    // The other one brings nothing, and the reserve pays for it.
    town.does(anybody, suite.defaults, &Defaults::declareDefaultCall { loan: lost });
    for _ in 0..4 {
        town.node.chain.advance(14 * DAY + 1);
        town.does(anybody, suite.defaults, &Defaults::startAuctionCall { loan: lost });
    }
    town.node.chain.advance(14 * DAY);
    let bid = |receipts| Defaults::bidCall {
        loan: lost,
        receipts,
        maxPrice: U256::ZERO,
        receiver: anybody,
    };
    let foreign = refusals::UnknownReceipt { receipt: receipts[0] };
    town.refuses_as(anybody, suite.defaults, &bid(vec![receipts[0]]), &foreign);
    town.refuses_as(anybody, suite.defaults, &bid(vec![receipts[1], receipts[0]]), &foreign);
    town.does(anybody, suite.defaults, &bid(Vec::new()));
    assert!(town.read(suite.filo, &Filo::reserveCall {}).is_zero());
    appraise(&mut town, 0);
    town.does(anybody, suite.defaults, &Defaults::markCall { loan: late });
    assert_eq!(town.read(suite.filo, &standing).impairment, wad(63_000 - 7_000));
}

/// Two loans of one stack, each on a receipt worth 100,000 and without grace, and a stranger who can pay.
fn two_loans() -> (Market, [U256; 2]) {
    let mut market = Market::of(300_000, 14_000, &[("a", 100_000), ("b", 100_000)]);
    let receipts = market.receipts.clone();
    let loans = [0, 1].map(|lot: usize| {
        let offer = Offer {
            receipts: vec![receipts[lot]],
            graceSeconds: U256::ZERO,
            ..market.offer()
        };
        market.draw(&offer)
    });
    let town = &mut market.town;
    let (suite, anybody) = (town.suite, town.stranger.clone());
    town.give_usdai(anybody.address(), 200_000);
    town.approve(&anybody, suite.usdai, suite.filo);
    (market, loans)
}

/// The curator's other loan is marked before the first one's receipt is sold for less than is owed: what it has there covers nothing, and when it comes
/// back it is the senior side's before it is the curator's.
#[test]
fn capital_in_a_marked_loan_is_the_senior_sides_before_it_is_the_curators() {
    let (market, [lost, sister]) = two_loans();
    let Market {
        mut town,
        stack,
        curator,
        receipts,
        ..
    } = market;
    let (suite, anybody) = (town.suite, town.stranger.address());
    let last = town.read(suite.filo, &Filo::earliestDueCall {}).due;
    town.node.chain.warp_to(last.to::<u64>() + 1);
    let appraise = Caliber::appraiseCall {
        receipt: receipts[0],
        value: wad(50_000),
    };
    town.does(town.cast.appraiser.address(), suite.caliber, &appraise);
    town.does(anybody, suite.defaults, &Defaults::declareDefaultCall { loan: lost });
    town.does(anybody, suite.defaults, &Defaults::markLateCall { loan: sister });
    town.node.chain.advance(14 * DAY + 1);
    town.does(anybody, suite.defaults, &Defaults::startAuctionCall { loan: lost });
    town.node.chain.advance(5 * DAY);
    let bid = Defaults::bidCall {
        loan: lost,
        receipts: Vec::new(),
        maxPrice: U256::MAX,
        receiver: anybody,
    };
    let sale = town.attempt(anybody, suite.defaults, &bid).expect("sold");
    let [borne] = &sale.events::<Filo::LoanLiquidated>(suite.filo)[..] else {
        panic!("liquidated once")
    };
    assert!(borne.lost > wad(1_000) && borne.lost < wad(5_000), "{}", borne.lost);
    let claim = borne.lost + borne.seniorInterest;
    assert_eq!((borne.owedPrincipal, borne.owedInterest), (U256::ZERO, claim));
    // F1: what is lost is off the vault's book, and what is owed for it is not on it.
    assert_eq!(town.read(suite.susdai, &Vault::loanBookCall {}).principal, wad(63_000));

    // The sister loan catches up: its mark is gone, the claim is not.
    let pay = |town: &mut Town, maximum| {
        let call = Filo::payCall {
            loan: sister,
            maxAmount: maximum,
        };
        let receipt = town.attempt(anybody, suite.filo, &call).expect("paid");
        receipt.events::<Filo::Payment>(suite.filo)[0].divertedInterest
    };
    let due = town.read(suite.filo, &Filo::instalmentCall { loan: sister });
    let owed = claim - pay(&mut town, due.interest + due.principal + due.lateFee);
    assert_eq!(town.read(suite.filo, &Filo::loanCall { loan: sister }).status, U256::from(LIVE));
    let withdraw = |assets| Filo::withdrawJuniorCall {
        stack,
        assets,
        receiver: curator.address(),
    };
    let owes = refusals::StackInTrouble {
        stack,
        loans: U256::ZERO,
        owed,
    };
    town.refuses(&curator, suite.filo, &withdraw(U256::ONE), &owes);
    assert_eq!(pay(&mut town, U256::MAX), owed);
    assert!(town.read(suite.susdai, &Vault::loanBookCall {}).principal.is_zero());
    let left = town.read(suite.filo, &Filo::juniorCashCall { stack });
    assert!(left > wad(7_000) - claim);
    town.does(curator.address(), suite.filo, &withdraw(left));
}

/// A loan is lost while the curator's other one performs, and so becomes a claim on the curator's part of it. When that one is missed too and worth
/// nothing, its mark is the vault's part of it and the claim: the price falls at once by all that the hammer will show to be lost.
#[test]
fn a_mark_counts_what_the_stack_owes_out_of_the_loan() {
    let (market, [lost, sister]) = two_loans();
    let Market {
        mut town, stack, receipts, ..
    } = market;
    let (suite, anybody) = (town.suite, town.stranger.address());
    let sell = |town: &mut Town, loan| {
        town.node.chain.advance(14 * DAY + 1);
        town.does(anybody, suite.defaults, &Defaults::startAuctionCall { loan });
        town.node.chain.advance(14 * DAY);
        let bid = Defaults::bidCall {
            loan,
            receipts: Vec::new(),
            maxPrice: U256::MAX,
            receiver: anybody,
        };
        let sale = town.attempt(anybody, suite.defaults, &bid).expect("sold");
        sale.events::<Filo::LoanLiquidated>(suite.filo).remove(0)
    };
    let pay = |town: &mut Town| {
        let due = town.read(suite.filo, &Filo::instalmentCall { loan: sister });
        let call = Filo::payCall {
            loan: sister,
            maxAmount: due.interest + due.principal + due.lateFee,
        };
        town.does(anybody, suite.filo, &call);
    };

    // Two periods of the sister's are paid; the other loan is in default from the first on.
    let last = town.read(suite.filo, &Filo::earliestDueCall {}).due;
    pay(&mut town);
    town.node.chain.warp_to(last.to::<u64>() + 1);
    pay(&mut town);
    town.does(anybody, suite.defaults, &Defaults::declareDefaultCall { loan: lost });
    let borne = sell(&mut town, lost);
    assert!(borne.owedPrincipal > wad(1_000), "{}", borne.owedPrincipal);

    // The sister is missed in turn.
    let owed = town.read(suite.filo, &Filo::loanCall { loan: sister });
    let standing = town.read(suite.filo, &Filo::standingCall { loan: sister });
    town.node.chain.warp_to(standing.lateAfter.to::<u64>() + 1);
    let appraise = Caliber::appraiseCall {
        receipt: receipts[1],
        value: U256::ONE,
    };
    town.does(town.cast.appraiser.address(), suite.caliber, &appraise);
    town.does(anybody, suite.defaults, &Defaults::markLateCall { loan: sister });
    let standing = town.read(suite.filo, &Filo::standingCall { loan: sister });
    assert_eq!(standing.impairment, owed.senior + borne.owedPrincipal, "its own and the claim");
    let nav = |town: &mut Town| town.read(suite.susdai, &Vault::navCall {});
    let expected = nav(&mut town);
    town.does(anybody, suite.defaults, &Defaults::declareDefaultCall { loan: sister });
    town.node.chain.advance(14 * DAY);
    for _ in 0..3 {
        town.node.chain.advance(1);
        town.does(anybody, suite.defaults, &Defaults::startAuctionCall { loan: sister });
        town.node.chain.advance(14 * DAY);
    }
    let borne = sell(&mut town, sister);
    assert_eq!(borne.lost, standing.impairment);
    let vested = nav(&mut town) - expected;
    assert!(vested < wad(3_000), "what has vested meanwhile, and no loss: {vested}");
    assert!(town.read(suite.filo, &Filo::stackCall { stack }).juniorLent.is_zero());
    assert_eq!(town.read(suite.susdai, &Vault::loanBookCall {}).principal, U256::ZERO);
}

/// A call, a top-up that ends it, and everything of calls and auctions that is refused.
#[test]
fn margin_calls_and_auctions_refuse_by_name() {
    let mut market = Market::of(100_000, 20_000, &[("a", 60_000), ("b", 60_000), ("c", 60_000)]);
    let receipts = market.receipts.clone();
    let offer = Offer {
        receipts: receipts[..2].to_vec(),
        ..market.offer()
    };
    let loan = market.draw(&offer);
    let suite = market.town.suite;
    let (borrower, anybody) = (market.borrower.clone(), market.town.stranger.clone());
    market.town.approve(&anybody, suite.usdai, suite.filo);
    market.town.give_usdai(anybody.address(), 100_000);
    let insured = market.town.now() + U256::from(365 * DAY);
    let limit = |whole: u64| wad(whole) * n(8_500) / n(10_000);
    let (call, release) = (Defaults::callMarginCall { loan }, Defaults::releaseCallCall { loan });
    let suffices = refusals::CollateralSuffices {
        loan,
        limit: limit(120_000),
        coveredUntil: insured,
    };
    market.town.refuses(&anybody, suite.defaults, &call, &suffices);
    market.town.refuses(&anybody, suite.defaults, &release, &refusals::NoCall { loan });
    let appraiser = market.town.cast.appraiser.address();
    for receipt in receipts[..2].iter().copied() {
        let value = wad(40_000);
        market
            .town
            .does(appraiser, suite.caliber, &Caliber::appraiseCall { receipt, value });
    }
    market.town.does(anybody.address(), suite.defaults, &call);
    let deadline = market.town.now() + U256::from(14 * DAY);
    market
        .town
        .refuses(&anybody, suite.defaults, &call, &refusals::CallOpen { loan, deadline });
    let too_little = refusals::CollateralInsufficient {
        loan,
        limit: limit(80_000),
        coveredUntil: insured,
    };
    market.town.refuses(&anybody, suite.defaults, &release, &too_little);
    // Meanwhile the stack's capital stays, and is not lent.
    let in_trouble = refusals::StackInTrouble {
        stack: market.stack,
        loans: U256::ONE,
        owed: U256::ZERO,
    };
    let another = Offer {
        receipts: vec![receipts[2]],
        principal: wad(1_000),
        ..offer
    };
    market.refuses_draw(&another, &in_trouble);
    let withdraw = Filo::withdrawJuniorCall {
        stack: market.stack,
        assets: U256::ONE,
        receiver: market.curator.address(),
    };
    let curator = market.curator.clone();
    market.town.refuses(&curator, suite.filo, &withdraw, &in_trouble);
    // FiLo takes receipts of the borrower's alone, whoever says so.
    let foreign = Filo::addReceiptsCall {
        loan,
        receipts: vec![receipts[2]],
        owner: anybody.address(),
    };
    let only = refusals::OnlyBorrower {
        caller: anybody.address(),
        borrower: borrower.address(),
    };
    market.town.refuses_as(suite.origination, suite.filo, &foreign, &only);

    // A third receipt makes it enough.
    market.town.scene(|town| {
        let top_up = Origination::topUpCall {
            loan,
            receipts: vec![receipts[2]],
        };
        town.does(borrower.address(), suite.origination, &top_up);
        town.does(anybody.address(), suite.defaults, &release);
        let standing = town.read(suite.filo, &Filo::standingCall { loan });
        assert_eq!((standing.callDeadline, standing.cureBelow), (U256::ZERO, U256::ZERO));
        town.does(curator.address(), suite.filo, &withdraw);
    });
    // Nobody adds any: in default, then in auction.
    market.town.node.chain.warp_to(deadline.to::<u64>() + 1);
    let (declare, start) = (Defaults::declareDefaultCall { loan }, Defaults::startAuctionCall { loan });
    market.town.does(anybody.address(), suite.defaults, &declare);
    let until = market.town.now() + U256::from(14 * DAY);
    market
        .town
        .refuses(&anybody, suite.defaults, &start, &refusals::RedemptionOpen { loan, until });
    let bid = |maximum| Defaults::bidCall {
        loan,
        receipts: Vec::new(),
        maxPrice: maximum,
        receiver: anybody.address(),
    };
    market
        .town
        .refuses(&anybody, suite.defaults, &bid(U256::MAX), &refusals::NoAuction { loan });
    market.town.node.chain.warp_to(until.to::<u64>() + 1);
    market.town.does(anybody.address(), suite.defaults, &start);
    let until = market.town.now() + U256::from(14 * DAY);
    market
        .town
        .refuses(&anybody, suite.defaults, &start, &refusals::AuctionOpen { loan, until });
    let ask = Defaults::priceCall {
        loan,
        receipts: Vec::new(),
    };
    let price = market.town.read(suite.defaults, &ask);
    let dear = refusals::PriceAboveMaximum {
        price,
        maximum: price - U256::ONE,
    };
    market.town.refuses(&anybody, suite.defaults, &bid(price - U256::ONE), &dear);
    assert_eq!(market.town.does(anybody.address(), suite.defaults, &bid(price)), price);
}

/// Fourteen days to the second: until then nobody declares default, afterwards anybody does, unless the receipts have come to suffice. A payment
/// that leaves no more outstanding than the receipts allowed when they were called ends the call, and a wei less does not.
#[test]
fn a_call_gives_fourteen_days_and_a_payment_that_is_enough_ends_it() {
    let mut trouble = Trouble::begins();
    let (filo, defaults, loan, anybody) = (trouble.town.suite.filo, trouble.town.suite.defaults, trouble.loan, trouble.buyer);
    let stranger = trouble.town.stranger.clone();
    let declare = Defaults::declareDefaultCall { loan };
    let standing = Filo::standingCall { loan };
    trouble.town.node.chain.advance(3 * DAY);
    trouble.appraise(40_000);
    trouble.town.does(anybody, defaults, &Defaults::callMarginCall { loan });
    let deadline = trouble.town.now() + n(14 * u128::from(DAY));
    let called = trouble.town.read(filo, &standing);
    assert_eq!((called.callDeadline, called.cureBelow), (deadline, wad(68_000)));
    let not_yet = refusals::NotInDefault {
        loan,
        graceUntil: called.graceUntil,
        callDeadline: deadline,
    };
    trouble.town.refuses(&stranger, defaults, &declare, &not_yet);
    trouble.town.node.chain.warp_to(deadline.to());
    trouble.town.refuses(&stranger, defaults, &declare, &not_yet);

    // Paid down, in the last second: the interest so far, and 2,000 of the 70,000.
    let paid_down = trouble.town.node.chain.snapshot();
    let time = trouble.town.now();
    let interest = trouble.town.read(filo, &Filo::payoffCall { loan, time }) - wad(70_000);
    let most = interest + wad(2_000) - U256::ONE;
    trouble.town.does(anybody, filo, &Filo::payCall { loan, maxAmount: most });
    let still = trouble.town.read(filo, &standing);
    assert_eq!((still.callDeadline, still.outstanding), (deadline, wad(68_000) + U256::ONE));
    let last = Filo::payCall {
        loan,
        maxAmount: U256::ONE,
    };
    trouble.town.does(anybody, filo, &last);
    let over = trouble.town.read(filo, &standing);
    assert_eq!((over.callDeadline, over.cureBelow), (U256::ZERO, U256::ZERO));
    trouble.town.node.chain.advance(1);
    let over = refusals::NotInDefault {
        loan,
        graceUntil: over.graceUntil,
        callDeadline: U256::ZERO,
    };
    trouble.town.refuses(&stranger, defaults, &declare, &over);
    assert!(trouble.town.node.chain.revert_to(paid_down));

    // Not paid: a second later anybody declares it, but not if the receipts suffice.
    trouble.town.node.chain.advance(1);
    trouble.town.scene(|town| {
        town.does(anybody, defaults, &declare);
        assert_eq!(town.read(filo, &Filo::loanCall { loan }).status, U256::from(DEFAULTED));
    });
    trouble.appraise(60_000);
    let receipts = trouble.receipts.clone();
    let collateral = trouble
        .town
        .read(trouble.town.suite.caliber, &Caliber::collateralOfCall { receipts });
    let suffices = refusals::CollateralSuffices {
        loan,
        limit: wad(102_000),
        coveredUntil: collateral.insuredUntil,
    };
    trouble.town.refuses(&stranger, defaults, &declare, &suffices);
}

/// A call that was met by a further receipt and that nobody released is no reason for a default months later: the borrower gets another call first.
#[test]
fn a_call_that_was_met_defaults_no_loan_without_another_one() {
    let mut market = Market::of(100_000, 20_000, &[("a", 60_000), ("b", 60_000), ("c", 20_000)]);
    let receipts = market.receipts.clone();
    let offer = Offer {
        receipts: receipts[..2].to_vec(),
        ..market.offer()
    };
    let loan = market.draw(&offer);
    let (suite, curator, anybody) = (market.town.suite, market.curator.clone(), market.town.stranger.clone());
    let (borrower, mut town) = (market.borrower.clone(), market.town);
    town.give_usdai(borrower.address(), 100_000);
    town.approve(&borrower, suite.usdai, suite.filo);
    let appraise = |town: &mut Town, whole: u64| {
        for receipt in receipts[..2].iter().copied() {
            let value = wad(whole);
            let appraiser = town.cast.appraiser.address();
            town.does(appraiser, suite.caliber, &Caliber::appraiseCall { receipt, value });
        }
    };
    // 68,000 may be outstanding of 70,000; a receipt worth 20,000 makes it 85,000.
    appraise(&mut town, 40_000);
    let (call, declare) = (Defaults::callMarginCall { loan }, Defaults::declareDefaultCall { loan });
    town.does(anybody.address(), suite.defaults, &call);
    let deadline = town.now() + n(14 * u128::from(DAY));
    let top_up = Origination::topUpCall {
        loan,
        receipts: vec![receipts[2]],
    };
    town.does(borrower.address(), suite.origination, &top_up);
    // A month on, an instalment paid on time, the hardware is worth less than ever.
    let due = town.read(suite.filo, &Filo::instalmentCall { loan });
    town.node.chain.warp_to(due.due.to());
    let pay = Filo::payCall {
        loan,
        maxAmount: due.interest + due.principal,
    };
    town.does(borrower.address(), suite.filo, &pay);
    appraise(&mut town, 10_000);
    assert_eq!(town.read(suite.filo, &Filo::standingCall { loan }).callDeadline, deadline);
    town.refuses(&anybody, suite.defaults, &declare, &refusals::CallLapsed { loan, deadline });
    // The stack's capital stays, as with any call.
    let withdraw = Filo::withdrawJuniorCall {
        stack: n(1),
        assets: U256::ONE,
        receiver: curator.address(),
    };
    let owed = U256::ZERO;
    let trouble = refusals::StackInTrouble {
        stack: n(1),
        loans: U256::ONE,
        owed,
    };
    town.refuses(&curator, suite.filo, &withdraw, &trouble);
    // Called again, the borrower has fourteen days, and whoever keeps fourteen more.
    town.does(anybody.address(), suite.defaults, &call);
    let again = town.read(suite.filo, &Filo::standingCall { loan }).callDeadline;
    assert_eq!(again, town.now() + n(14 * u128::from(DAY)));
    town.node.chain.warp_to(again.to::<u64>() + 1);
    town.scene(|town| town.does(anybody.address(), suite.defaults, &declare));
    town.node.chain.warp_to(again.to::<u64>() + 14 * DAY);
    town.scene(|town| town.does(anybody.address(), suite.defaults, &declare));
}

/// A receipt is insured while its cover ends later than now; then anybody calls the loan, no part payment ends the call, new cover does.
#[test]
fn a_lapse_of_insurance_lets_anybody_call_the_loan() {
    let mut trouble = Trouble::begins();
    let (filo, defaults, loan, anybody) = (trouble.town.suite.filo, trouble.town.suite.defaults, trouble.loan, trouble.buyer);
    let caliber = trouble.town.suite.caliber;
    let (stranger, attestor) = (trouble.town.stranger.clone(), trouble.town.cast.attestor.address());
    let insure = |until| Caliber::insureCall {
        receipt: trouble.receipts[1],
        insuredValue: wad(60_000),
        insuredUntil: until,
    };
    let until = trouble.town.now() + n(10 * u128::from(DAY));
    let (lapsing, renewed) = (insure(until), insure(until + n(300 * u128::from(DAY))));
    trouble.town.does(attestor, caliber, &lapsing);
    let call = Defaults::callMarginCall { loan };
    trouble.town.node.chain.warp_to(until.to::<u64>() - 1);
    let receipts = trouble.receipts.clone();
    let value = trouble.town.read(caliber, &Caliber::collateralOfCall { receipts }).value;
    let insured = refusals::CollateralSuffices {
        loan,
        limit: value * n(8_500) / n(10_000),
        coveredUntil: until,
    };
    trouble.town.refuses(&stranger, defaults, &call, &insured);
    trouble.town.node.chain.advance(1);
    trouble.town.does(anybody, defaults, &call);
    let deadline = trouble.town.now() + n(14 * u128::from(DAY));
    let standing = Filo::standingCall { loan };
    let called = trouble.town.read(filo, &standing);
    assert_eq!((called.callDeadline, called.cureBelow), (deadline, U256::ZERO));
    // Half of it paid is no cover.
    let most = wad(35_000);
    trouble.town.does(anybody, filo, &Filo::payCall { loan, maxAmount: most });
    assert_eq!(trouble.town.read(filo, &standing).callDeadline, deadline);
    let release = Defaults::releaseCallCall { loan };
    trouble.town.scene(|town| {
        town.does(attestor, caliber, &renewed);
        town.does(anybody, defaults, &release);
        assert_eq!(town.read(filo, &standing).callDeadline, U256::ZERO);
    });
    trouble.town.scene(|town| {
        let most = U256::MAX;
        town.does(anybody, filo, &Filo::payCall { loan, maxAmount: most });
        assert_eq!(town.read(filo, &Filo::loanCall { loan }).status, U256::from(CLOSED));
    });
    trouble.town.node.chain.warp_to(deadline.to::<u64>() + 1);
    trouble.town.does(anybody, defaults, &Defaults::declareDefaultCall { loan });
    assert_eq!(trouble.status(), U256::from(DEFAULTED));
}

/// 5 % a year of what is outstanding, by the second from the end of the due day on, rounded up; before interest, all of it to the reserve.
#[test]
fn late_fees_come_first_and_go_to_the_reserve_to_the_wei() {
    let mut trouble = Trouble::begins();
    let (filo, loan, anybody) = (trouble.town.suite.filo, trouble.loan, trouble.buyer);
    let drawn = trouble.town.now();
    let year = n(31_536_000);
    let last = trouble.town.read(filo, &Filo::standingCall { loan }).lateAfter;
    let fees_at = |seconds: u64| (wad(70_000) * n(500) * U256::from(seconds)).div_ceil(n(10_000) * year);
    let interest_at = |time: U256| (wad(70_000) * n(15) * (time - drawn)).div_ceil(n(100) * year);
    for late in [0, 1, 4 * DAY + 1_234] {
        trouble.town.node.chain.warp_to(last.to::<u64>() + late);
        let due = trouble.town.read(filo, &Filo::instalmentCall { loan });
        assert_eq!(due.lateFee, fees_at(late), "{late} seconds");
        assert_eq!(due.interest, interest_at(trouble.town.now()), "{late} seconds");
    }
    let fees = fees_at(4 * DAY + 1_234);
    assert!(fees > wad(38) && fees < wad(39));
    let mut left = fees;
    // In two parts, each of which goes to the reserve whole; the third is interest, of which the reserve has one per cent.
    for part in [fees - U256::ONE, U256::ONE] {
        let before = trouble.town.read(filo, &Filo::reserveCall {});
        let pay = Filo::payCall { loan, maxAmount: part };
        let receipt = trouble.town.attempt(anybody, filo, &pay).expect("a part");
        let [paid] = &receipt.events::<Filo::Payment>(filo)[..] else {
            panic!("told once")
        };
        assert_eq!((paid.lateFee, paid.interest, paid.principal), (part, U256::ZERO, U256::ZERO));
        assert_eq!(trouble.town.read(filo, &Filo::reserveCall {}) - before, part);
        left -= part;
        assert_eq!(trouble.town.read(filo, &Filo::instalmentCall { loan }).lateFee, left);
    }
    let before = trouble.town.read(filo, &Filo::reserveCall {});
    let pay = Filo::payCall {
        loan,
        maxAmount: wad(1_000),
    };
    let receipt = trouble.town.attempt(anybody, filo, &pay).expect("a part");
    let [paid] = &receipt.events::<Filo::Payment>(filo)[..] else {
        panic!("told once")
    };
    let interest = interest_at(trouble.town.now());
    assert_eq!((paid.lateFee, paid.interest), (U256::ZERO, interest.min(wad(1_000))));
    let of_interest = paid.interest / n(100);
    assert_eq!(trouble.town.read(filo, &Filo::reserveCall {}) - before, of_interest);
    trouble.check(false);
}

//! FiLo stacks on their WASM, between the real vault, the real receipts and USDai.

#![allow(clippy::too_many_lines, reason = "a list of refusals is as long as what can go wrong")]

use alloy_primitives::{Address, Bytes, B256, U256};
use alloy_sol_types::{SolEvent, SolValue};
use scenarios::{
    abi::{Caliber, Erc20, Filo, Origination, Router, Vault},
    hands::{n, wad},
    lending::{open_call, Market, Offer, DAY},
    refusals,
    usdai_cli::protocol::suite::id,
};

const ZERO: Address = Address::ZERO;
const PERIOD: u64 = 30 * DAY;

fn range(parameter: &str, value: U256, minimum: u128, maximum: u128) -> refusals::OutOfRange {
    refusals::OutOfRange {
        parameter: id(parameter),
        value,
        minimum: n(minimum),
        maximum: n(maximum),
    }
}

#[test]
fn stacks_refuse_by_name() {
    let Market {
        mut town, curator, stack, ..
    } = Market::open();
    let (filo, usdai, stranger, admin) = (town.suite.filo, town.suite.usdai, town.stranger.clone(), town.cast.admin.clone());
    for who in [&stranger, &admin] {
        let lacks = refusals::Unauthorized {
            account: who.address(),
            role: id("CURATOR"),
        };
        town.refuses(who, filo, &open_call(), &lacks);
    }
    for who in [&stranger, &curator] {
        let lacks = refusals::Unauthorized {
            account: who.address(),
            role: id("ADMIN"),
        };
        town.refuses(
            who,
            filo,
            &Filo::setFeesCall {
                protocolFeeBps: n(1),
                reserveBps: n(1),
            },
            &lacks,
        );
    }
    for bps in [n(1_001), n(65_536), U256::MAX] {
        let call = Filo::setFeesCall {
            protocolFeeBps: bps,
            reserveBps: U256::ZERO,
        };
        town.refuses(&admin, filo, &call, &range("protocolFeeBps", bps, 0, 1_000));
        let call = Filo::setFeesCall {
            protocolFeeBps: U256::ZERO,
            reserveBps: bps,
        };
        town.refuses(&admin, filo, &call, &range("reserveBps", bps, 0, 1_000));
        let call = Filo::openStackCall {
            servicingFeeBps: bps,
            ..open_call()
        };
        town.refuses(&curator, filo, &call, &range("servicingFeeBps", bps, 0, 1_000));
    }
    for bps in [U256::ZERO, n(999), n(9_001), n(65_536 + 1_000), U256::MAX] {
        let call = Filo::openStackCall {
            firstLossBps: bps,
            ..open_call()
        };
        town.refuses(&curator, filo, &call, &range("firstLossBps", bps, 1_000, 9_000));
    }
    for bps in [U256::ZERO, n(7_001), n(65_536 + 1), U256::MAX] {
        let call = Filo::openStackCall {
            maxLtvBps: bps,
            ..open_call()
        };
        town.refuses(&curator, filo, &call, &range("maxLtvBps", bps, 1, 7_000));
    }
    for bps in [n(3_001), n(65_536), U256::MAX] {
        let call = Filo::openStackCall {
            juniorSpreadBps: bps,
            ..open_call()
        };
        town.refuses(&curator, filo, &call, &range("juniorSpreadBps", bps, 0, 3_000));
    }
    for cap in [U256::ZERO, n(1) << 96, U256::MAX] {
        let call = Filo::openStackCall {
            seniorCap: cap,
            ..open_call()
        };
        town.refuses(&curator, filo, &call, &range("seniorCap", cap, 1, (1 << 96) - 1));
    }
    for bps in [U256::ZERO, n(6_999), n(9_501), U256::MAX] {
        let call = Filo::openStackCall {
            marginTriggerBps: bps,
            ..open_call()
        };
        town.refuses(&curator, filo, &call, &range("marginTriggerBps", bps, 7_000, 9_500));
    }

    let deposit = |stack, assets| Filo::depositJuniorCall { stack, assets };
    let withdraw = |stack, assets, receiver| Filo::withdrawJuniorCall { stack, assets, receiver };
    let me = curator.address();
    for assets in [U256::ZERO, n(1) << 128, U256::MAX] {
        let refusal = range("assets", assets, 1, u128::MAX);
        town.refuses(&curator, filo, &deposit(stack, assets), &refusal);
        town.refuses(&curator, filo, &withdraw(stack, assets, me), &refusal);
    }
    for unknown in [U256::ZERO, stack + U256::ONE, n(1 << 64) + stack, U256::MAX] {
        let refusal = refusals::UnknownStack { stack: unknown };
        town.refuses(&curator, filo, &deposit(unknown, wad(1)), &refusal);
        town.refuses(&curator, filo, &withdraw(unknown, wad(1), me), &refusal);
    }
    for who in [&stranger, &admin] {
        let refusal = refusals::OnlyCurator {
            caller: who.address(),
            stack,
        };
        town.refuses(who, filo, &deposit(stack, wad(1)), &refusal);
        town.refuses(who, filo, &withdraw(stack, wad(1), who.address()), &refusal);
    }
    town.refuses(
        &curator,
        filo,
        &withdraw(stack, wad(1), ZERO),
        &refusals::ZeroValue { parameter: id("receiver") },
    );
    for needed in [wad(100_000) + U256::ONE, n(u128::MAX)] {
        let refusal = refusals::InsufficientJunior {
            stack,
            needed,
            available: wad(100_000),
        };
        town.refuses(&curator, filo, &withdraw(stack, needed, me), &refusal);
    }
    // More than the curator has, more than it allows.
    town.give_usdai(me, 5);
    let short = refusals::ERC20InsufficientBalance {
        sender: me,
        balance: wad(5),
        needed: wad(6),
    };
    town.refuses(&curator, filo, &deposit(stack, wad(6)), &short);
    town.does(
        me,
        usdai,
        &Erc20::approveCall {
            spender: filo,
            value: wad(1),
        },
    );
    let unallowed = refusals::ERC20InsufficientAllowance {
        spender: filo,
        allowance: wad(1),
        needed: wad(2),
    };
    town.refuses(&curator, filo, &deposit(stack, wad(2)), &unallowed);
    town.refuses(&curator, filo, &deposit(stack, n(u128::MAX)), &refusals::ArithmeticOverflow {});
}

/// What lies in the offer itself is refused when it is posted and when it is taken.
#[test]
fn offers_refuse_by_name() {
    let mut market = Market::open();
    let good = market.offer();
    let other_class = market.issue("c", "B200", 100_000);
    let (origination, curator, borrower) = (market.town.suite.origination, market.curator.clone(), market.borrower.clone());
    let (stack, receipt) = (market.stack, market.receipts[0]);
    let posted = market
        .town
        .does(curator.address(), origination, &Origination::postCall { offer: good.clone() });
    let hashed = market.town.read(origination, &Origination::hashOfferCall { offer: good.clone() });
    assert_eq!(posted, hashed);
    let bad = |change: &dyn Fn(&mut Offer)| {
        let mut offer = good.clone();
        change(&mut offer);
        offer
    };
    macro_rules! refused {
        ($offer:expr, $error:expr) => {{
            let (offer, error) = ($offer, $error);
            let post = Origination::postCall { offer: offer.clone() };
            market.town.refuses(&curator, origination, &post, &error);
            if offer.borrower == borrower.address() {
                market.refuses_draw(&offer, &error);
            }
        }};
    }
    refused!(bad(&|o| o.borrower = ZERO), refusals::ZeroValue { parameter: id("borrower") });
    for count in [0, 33, 300] {
        refused!(
            bad(&|o| o.receipts = vec![receipt; count]),
            range("receipts", U256::from(count), 1, 32)
        );
    }
    let dollar = 1_000_000_000_000_000_000;
    for principal in [U256::ZERO, n(dollar - 1), n(1 << 96), U256::MAX] {
        refused!(
            bad(&|o| o.principal = principal),
            range("principal", principal, dollar, (1 << 96) - 1)
        );
    }
    for rate in [U256::ZERO, n(dollar + 1), U256::MAX] {
        refused!(bad(&|o| o.rate = rate), range("rate", rate, 1, dollar));
    }
    for periods in [U256::ZERO, n(121), n(256 + 1), U256::MAX] {
        refused!(bad(&|o| o.periods = periods), range("periods", periods, 1, 120));
    }
    for grace in [U256::from(90 * DAY + 1), n(1 << 32), U256::MAX] {
        refused!(
            bad(&|o| o.graceSeconds = grace),
            range("graceSeconds", grace, 0, 90 * u128::from(DAY))
        );
    }
    for fee in [n(2_001), n(65_536), U256::MAX] {
        refused!(bad(&|o| o.lateFeeBps = fee), range("lateFeeBps", fee, 0, 2_000));
    }
    for expiry in [n(1 << 48), U256::MAX] {
        refused!(bad(&|o| o.expiry = expiry), range("expiry", expiry, 0, (1 << 48) - 1));
    }
    for expiry in [U256::ZERO, market.town.now() - U256::ONE] {
        let offer = bad(&|o| o.expiry = expiry);
        let digest = market.town.read(origination, &Origination::hashOfferCall { offer: offer.clone() });
        refused!(offer, refusals::OfferExpired { offer: digest, expiry });
    }
    for unknown in [U256::ZERO, stack + U256::ONE, U256::MAX] {
        refused!(bad(&|o| o.stack = unknown), refusals::UnknownStack { stack: unknown });
    }
    for receipt in [U256::ZERO, n(1 << 64), U256::MAX] {
        refused!(bad(&|o| o.receipts.push(receipt)), range("receipt", receipt, 1, u64::MAX.into()));
    }
    for receipt in [other_class, n(77)] {
        let hardware_class = id("H100");
        refused!(
            bad(&|o| o.receipts.push(receipt)),
            refusals::WrongHardwareClass {
                receipt,
                hardwareClass: hardware_class,
            }
        );
    }
    // A stack for any class takes one class a loan.
    let any = Filo::openStackCall {
        hardwareClass: B256::ZERO,
        ..open_call()
    };
    let any = market.town.does(curator.address(), market.town.suite.filo, &any);
    refused!(
        bad(&|o| (o.stack, o.receipts) = (any, vec![other_class, receipt])),
        refusals::WrongHardwareClass {
            receipt,
            hardwareClass: id("B200"),
        }
    );
    // Whoever is not the stack's curator, another curator for one, neither posts nor cancels.
    let (stranger, admin, router) = (
        market.town.stranger.clone(),
        market.town.cast.admin.address(),
        market.town.suite.router,
    );
    let role = |account| Router::grantRoleCall {
        role: id("CURATOR"),
        account,
    };
    market.town.does(admin, router, &role(stranger.address()));
    for who in [&stranger, &borrower] {
        let only = refusals::OnlyCurator {
            caller: who.address(),
            stack,
        };
        let fresh = bad(&|o| o.salt = n(9));
        market
            .town
            .refuses(who, origination, &Origination::postCall { offer: fresh }, &only);
        market
            .town
            .refuses(who, origination, &Origination::cancelCall { offer: good.clone() }, &only);
    }
}

/// One offer, one loan: whichever way the curator has said it, and however often it is handed in.
#[test]
fn an_offer_is_good_once_and_until_its_curator_takes_it_back() {
    let mut market = Market::open();
    // Little enough to be lent a day later, on decayed receipts.
    let good = Offer {
        principal: wad(60_000),
        ..market.offer()
    };
    let (origination, curator, borrower) = (market.town.suite.origination, market.curator.clone(), market.borrower.clone());
    let stranger = market.town.stranger.clone();
    let status = |market: &mut Market, offer: &Offer| {
        let digest = market.town.read(origination, &Origination::hashOfferCall { offer: offer.clone() });
        (
            digest,
            market.town.read(origination, &Origination::offerStatusCall { offer: digest }),
        )
    };
    let salted = |salt: u128| Offer {
        salt: n(salt),
        ..good.clone()
    };
    let take = |offer: &Offer, signature: Bytes, receiver| Origination::drawCall {
        offer: offer.clone(),
        signature,
        receiver,
    };
    let me = borrower.address();
    // Only the borrower, to somebody, with the curator's word for exactly this.
    let signed = market.sign(&curator, &good);
    let nobody = refusals::ZeroValue { parameter: id("receiver") };
    market
        .town
        .refuses(&borrower, origination, &take(&good, signed.clone(), ZERO), &nobody);
    for who in [&stranger, &curator] {
        let only = refusals::OnlyBorrower {
            caller: who.address(),
            borrower: me,
        };
        market
            .town
            .refuses(who, origination, &take(&good, signed.clone(), who.address()), &only);
    }
    let by = |signer| refusals::InvalidOfferSigner {
        signer,
        curator: curator.address(),
    };
    market
        .town
        .refuses(&borrower, origination, &take(&good, Bytes::new(), me), &by(ZERO));
    let foreign = market.sign(&stranger, &good);
    market
        .town
        .refuses(&borrower, origination, &take(&good, foreign, me), &by(stranger.address()));
    let refusal = market
        .town
        .attempt(me, origination, &take(&salted(1), signed.clone(), me))
        .unwrap_err();
    let other = refusal
        .error::<refusals::InvalidOfferSigner>()
        .expect("the signature is another offer's");
    assert_ne!(other.signer, curator.address());

    // Cancelled before it was ever posted, the signature is worth nothing.
    let cancel = |offer: &Offer| Origination::cancelCall { offer: offer.clone() };
    let (digest, unknown) = status(&mut market, &salted(1));
    assert_eq!(unknown, U256::ZERO);
    market.town.does(curator.address(), origination, &cancel(&salted(1)));
    let cancelled = refusals::OfferSpent {
        offer: digest,
        status: n(2),
    };
    market.refuses_draw(&salted(1), &cancelled);
    market.town.refuses(&curator, origination, &cancel(&salted(1)), &cancelled);
    let post = |offer: &Offer| Origination::postCall { offer: offer.clone() };
    market.town.refuses(&curator, origination, &post(&salted(1)), &cancelled);

    // Posted, it needs no signature; it can be taken back.
    let (digest, _) = status(&mut market, &salted(2));
    market.town.does(curator.address(), origination, &post(&salted(2)));
    let again = refusals::OfferSpent {
        offer: digest,
        status: n(1),
    };
    market.town.refuses(&curator, origination, &post(&salted(2)), &again);
    market
        .town
        .scene(|town| town.does(me, origination, &take(&salted(2), Bytes::new(), me)));
    market.town.does(curator.address(), origination, &cancel(&salted(2)));
    let gone = refusals::OfferSpent {
        offer: digest,
        status: n(2),
    };
    market
        .town
        .refuses(&borrower, origination, &take(&salted(2), Bytes::new(), me), &gone);

    // To the second of its expiry, by a curator who still is one.
    let (digest, _) = status(&mut market, &good);
    market.town.node.chain.warp_to(good.expiry.to());
    market.town.scene(|town| {
        town.node.chain.advance(1);
        let late = refusals::OfferExpired {
            offer: digest,
            expiry: good.expiry,
        };
        town.refuses(&borrower, origination, &take(&good, signed.clone(), me), &late);
    });
    let (admin, router) = (market.town.cast.admin.address(), market.town.suite.router);
    market.town.scene(|town| {
        let (role, account) = (id("CURATOR"), curator.address());
        town.does(admin, router, &Router::revokeRoleCall { role, account });
        let lost = refusals::Unauthorized { account, role };
        town.refuses(&borrower, origination, &take(&good, signed.clone(), me), &lost);
        // What it has said, it may still take back.
        town.does(account, origination, &cancel(&good));
    });
    let call = take(&good, signed.clone(), me);
    let receipt = market.town.attempt(me, origination, &call).expect("all is well");
    let taken = receipt.logs.iter().find_map(|log| Origination::OfferTaken::decode_log(log).ok());
    assert_eq!(taken.expect("it says so").offer, digest);
    let spent = refusals::OfferSpent {
        offer: digest,
        status: n(3),
    };
    market.refuses_draw(&good, &spent);
    market.town.refuses(&curator, origination, &cancel(&good), &spent);
}

/// An operator draws, moves and adds for a borrower, and for nobody else.
#[test]
fn operators_act_for_their_borrower_alone() {
    let mut market = Market::open();
    let good = market.offer();
    let (origination, borrower) = (market.town.suite.origination, market.borrower.clone());
    let operator = market.town.stranger.clone();
    let (me, it) = (borrower.address(), operator.address());
    let call = Origination::drawCall {
        receiver: it,
        ..market.draw_call(&good)
    };
    let top_up = |market: &Market, loan| Origination::topUpCall {
        loan,
        receipts: vec![market.receipts[1]],
    };
    let only = refusals::OnlyBorrower { caller: it, borrower: me };
    market.town.refuses(&operator, origination, &call, &only);
    let appoint = |operator, approved| Origination::setOperatorCall { operator, approved };
    market.town.refuses(
        &borrower,
        origination,
        &appoint(ZERO, true),
        &refusals::ZeroValue { parameter: id("operator") },
    );
    // Being somebody else's operator is nothing.
    market.town.does(market.curator.address(), origination, &appoint(it, true));
    market.town.refuses(&operator, origination, &call, &only);
    market.town.does(me, origination, &appoint(it, true));
    let is = Origination::isOperatorCall {
        controller: me,
        operator: it,
    };
    assert!(market.town.read(origination, &is));
    let loan = market.town.does(it, origination, &call);
    assert_eq!(market.town.balance(market.town.suite.usdai, it), wad(70_000));
    let add = top_up(&market, loan);
    market.town.does(it, origination, &add);
    market.town.does(me, origination, &appoint(it, false));
    assert!(!market.town.read(origination, &is));
    let again = Origination::topUpCall {
        loan,
        receipts: vec![n(99)],
    };
    market.town.refuses(&operator, origination, &again, &only);
}

#[test]
fn top_ups_refuse_by_name() {
    let mut market = Market::open();
    let other_class = market.issue("c", "B200", 100_000);
    let offer = market.offer();
    let loan = market.draw(&offer);
    let (origination, borrower, stranger) = (market.town.suite.origination, market.borrower.clone(), market.town.stranger.clone());
    let (a, b) = (market.receipts[0], market.receipts[1]);
    let add = |loan, receipts: Vec<U256>| Origination::topUpCall { loan, receipts };
    let only = refusals::OnlyBorrower {
        caller: stranger.address(),
        borrower: borrower.address(),
    };
    market.town.refuses(&stranger, origination, &add(loan, vec![b]), &only);
    for unknown in [U256::ZERO, loan + U256::ONE, n(1 << 64) + loan, U256::MAX] {
        market.town.refuses(
            &borrower,
            origination,
            &add(unknown, vec![b]),
            &refusals::UnknownLoan { loan: unknown },
        );
    }
    for count in [0, 33] {
        market.town.refuses(
            &borrower,
            origination,
            &add(loan, vec![b; count]),
            &range("receipts", U256::from(count), 1, 32),
        );
    }
    market
        .town
        .refuses(&borrower, origination, &add(loan, vec![b; 32]), &range("receipts", n(33), 1, 32));
    for receipt in [other_class, n(77)] {
        let wrong = refusals::WrongHardwareClass {
            receipt,
            hardwareClass: id("H100"),
        };
        market.town.refuses(&borrower, origination, &add(loan, vec![receipt]), &wrong);
    }
    let pledged = |receipt| refusals::ReceiptPledged { receipt, loan };
    market.town.refuses(&borrower, origination, &add(loan, vec![a]), &pledged(a));
    market.town.refuses(&borrower, origination, &add(loan, vec![b, b]), &pledged(b));
    market.town.does(borrower.address(), origination, &add(loan, vec![b]));
    assert_eq!(market.town.read(market.town.suite.filo, &Filo::receiptsOfCall { loan }), [a, b]);
    // FiLo's own side of it is for the contract of origination alone.
    let add = Filo::addReceiptsCall {
        loan,
        receipts: vec![b],
        owner: borrower.address(),
    };
    let caller = refusals::OnlyOrigination {
        caller: borrower.address(),
    };
    let filo = market.town.suite.filo;
    market.town.refuses(&borrower, filo, &add, &caller);
    let lend = Filo::originateCall {
        replaces: U256::ZERO,
        borrower: borrower.address(),
        receiver: borrower.address(),
        stack: market.stack,
        receipts: vec![b],
        hardwareClass: id("H100"),
        principal: wad(1),
        rate: U256::ONE,
        periods: U256::ONE,
        levelPayment: true,
        graceSeconds: U256::ZERO,
        lateFeeBps: U256::ZERO,
        instalment: U256::ONE,
    };
    market.town.refuses(&borrower, filo, &lend, &caller);
}

/// A borrower moves a loan to another stack, with two receipts, in one transaction: everybody is paid to the wei, the receipts are never
/// free, and what refuses the new loan leaves the old one.
#[test]
fn a_loan_is_refinanced_whole_or_not_at_all() {
    let mut market = Market::open();
    let receipts = market.receipts.clone();
    let offer = Offer {
        receipts: receipts.clone(),
        principal: wad(120_000),
        ..market.offer()
    };
    let old = market.draw(&offer);
    let (filo, origination, usdai) = (market.town.suite.filo, market.town.suite.origination, market.town.suite.usdai);
    let (curator, borrower, stranger) = (market.curator.clone(), market.borrower.clone(), market.town.stranger.clone());
    let second = market.town.does(curator.address(), filo, &open_call());
    market.deposit_junior(second, 50_000);
    market.town.approve(&borrower, usdai, filo);
    market.town.node.chain.advance(10 * DAY);
    let fresh = |market: &Market, principal: u64| Offer {
        stack: second,
        receipts: vec![receipts[1], receipts[0]],
        principal: wad(principal),
        rate: wad(12) / n(100),
        expiry: market.town.now() + U256::from(DAY),
        ..offer.clone()
    };
    let call = |market: &Market, loan, offer: &Offer| Origination::refinanceCall {
        loan,
        offer: offer.clone(),
        signature: market.sign(&curator, offer),
        receiver: stranger.address(),
    };
    // Somebody else's loan, an offer to somebody else, other receipts.
    let good = fresh(&market, 100_000);
    let only = refusals::OnlyBorrower {
        caller: stranger.address(),
        borrower: borrower.address(),
    };
    let foreign = Offer {
        borrower: stranger.address(),
        ..good.clone()
    };
    for offer in [&good, &foreign] {
        let it = call(&market, old, offer);
        market.town.refuses(&stranger, origination, &it, &only);
    }
    for others in [vec![receipts[0]], vec![receipts[0], receipts[0]], vec![receipts[0], n(77)]] {
        let offer = Offer {
            receipts: others,
            ..good.clone()
        };
        let it = call(&market, old, &offer);
        market
            .town
            .refuses(&borrower, origination, &it, &refusals::OtherReceipts { loan: old });
    }
    // Too much for the receipts: the old loan is as it was.
    let caliber = market.town.suite.caliber;
    let collateral = Caliber::collateralOfCall {
        receipts: receipts.clone(),
    };
    let over = refusals::LtvExceeded {
        principal: wad(139_999),
        limit: market.town.read(caliber, &collateral).value * n(7_000) / n(10_000),
    };
    let it = call(&market, old, &fresh(&market, 139_999));
    market.town.refuses(&borrower, origination, &it, &over);
    // Less than is owed, and the borrower has nothing besides.
    let me = borrower.address();
    let payoff = |market: &mut Market, loan| {
        market.town.read(
            filo,
            &Filo::payoffCall {
                loan,
                time: market.town.now(),
            },
        )
    };
    let owed = payoff(&mut market, old);
    let away = Erc20::transferCall {
        to: stranger.address(),
        value: market.town.balance(usdai, me),
    };
    let it = call(&market, old, &good);
    market.town.scene(|town| {
        town.does(me, usdai, &away);
        let short = refusals::ERC20InsufficientBalance {
            sender: me,
            balance: U256::ZERO,
            needed: owed - wad(100_000),
        };
        town.refuses(&borrower, origination, &it, &short);
    });
    // Down to 100,000, then up to 130,000.
    let before = market.town.balance(usdai, me);
    let loan = market.town.does(me, origination, &it);
    assert_eq!(loan, old + U256::ONE);
    assert_eq!(before - market.town.balance(usdai, me), owed - wad(100_000));
    assert_eq!(market.town.balance(usdai, stranger.address()), U256::ZERO);
    check_moved(&mut market, old, loan, second, wad(100_000));
    market.town.node.chain.advance(DAY);
    let owed = payoff(&mut market, loan);
    let it = call(&market, loan, &fresh(&market, 130_000));
    let third = market.town.does(me, origination, &it);
    assert_eq!(market.town.balance(usdai, stranger.address()), wad(130_000) - owed);
    check_moved(&mut market, loan, third, second, wad(130_000));
    // What is paid off is not refinanced.
    let it = call(&market, loan, &fresh(&market, 10_000));
    let closed = refusals::WrongStatus { loan, status: n(4) };
    market.town.refuses(&borrower, origination, &it, &closed);
}

/// `new` is all there is, and has the receipts; F1, F2 and the vault's cash hold.
fn check_moved(market: &mut Market, old: U256, new: U256, stack: U256, principal: U256) {
    let (filo, usdai, susdai) = (market.town.suite.filo, market.town.suite.usdai, market.town.suite.susdai);
    for receipt in market.receipts.clone() {
        let lien = market
            .town
            .read(market.town.suite.caliber, &Caliber::receiptOfCall { receipt })
            .loan;
        assert_eq!(lien, new);
    }
    assert_eq!(market.town.read(filo, &Filo::loanCall { loan: old }).status, n(4));
    let state = market.town.read(filo, &Filo::loanCall { loan: new });
    assert_eq!((state.status, state.stack, state.outstanding), (n(1), stack, principal));
    let book = market.town.read(susdai, &Vault::loanBookCall {});
    assert_eq!((book.principal, book.accrued), (state.senior, U256::ZERO), "F1");
    assert_eq!(market.town.read(susdai, &Vault::cashCall {}), market.town.balance(usdai, susdai));
    let mut booked = market.town.read(filo, &Filo::reserveCall {});
    for stack in 1..=2 {
        booked += market.town.read(filo, &Filo::juniorCashCall { stack: n(stack) });
    }
    assert_eq!(booked, market.town.balance(usdai, filo), "F2");
    for (kind, subject) in [
        (0, market.borrower.address().into_word()),
        (1, market.curator.address().into_word()),
        (2, id("H100")),
    ] {
        let exposure = market.town.read(filo, &Filo::exposureCall { kind: n(kind), subject });
        assert_eq!(exposure.exposure, principal);
    }
    let due = market.town.read(filo, &Filo::earliestDueCall {});
    assert_eq!(due.loan, new);
}

#[test]
fn limits_are_the_admins_and_hold() {
    let mut market = Market::open();
    let good = market.offer();
    let (filo, admin, curator) = (market.town.suite.filo, market.town.cast.admin.clone(), market.curator.clone());
    let set = |kind: u128, subject, limit| Filo::setLimitCall {
        kind: n(kind),
        subject,
        limit,
    };
    for who in [&curator, &market.town.stranger.clone()] {
        let lacks = refusals::Unauthorized {
            account: who.address(),
            role: id("ADMIN"),
        };
        market.town.refuses(who, filo, &set(0, B256::ZERO, U256::ZERO), &lacks);
    }
    for kind in [3, u128::from(u64::MAX) + 1, u128::MAX] {
        market
            .town
            .refuses(&admin, filo, &set(kind, B256::ZERO, U256::ZERO), &range("kind", n(kind), 0, 2));
    }
    market.town.refuses(
        &admin,
        filo,
        &set(0, B256::ZERO, U256::MAX),
        &range("limit", U256::MAX, 0, u128::MAX),
    );
    for (kind, subject) in [
        (0, market.borrower.address().into_word()),
        (1, curator.address().into_word()),
        (2, id("H100")),
    ] {
        market
            .town
            .does(admin.address(), filo, &set(kind, subject, wad(70_000) - U256::ONE));
        let exceeded = refusals::LimitExceeded {
            kind: n(kind),
            subject,
            exposure: wad(70_000),
            limit: wad(70_000) - U256::ONE,
        };
        market.refuses_draw(&good, &exceeded);
        market.town.does(admin.address(), filo, &set(kind, subject, wad(70_000)));
    }
    let loan = market.draw(&good);
    let more = Offer {
        receipts: vec![market.receipts[1]],
        principal: wad(1),
        ..good
    };
    let exceeded = refusals::LimitExceeded {
        kind: n(0),
        subject: market.borrower.address().into_word(),
        exposure: wad(70_001),
        limit: wad(70_000),
    };
    market.refuses_draw(&more, &exceeded);
    let (borrower, usdai) = (market.borrower.clone(), market.town.suite.usdai);
    market.town.approve(&borrower, usdai, filo);
    market.town.does(
        borrower.address(),
        filo,
        &Filo::payCall {
            loan,
            maxAmount: U256::MAX,
        },
    );
    market.draw(&more);
}

#[test]
fn a_draw_refuses_by_name() {
    let mut market = Market::open();
    let good = market.offer();
    let (filo, curator) = (market.town.suite.filo, market.curator.clone());
    let (a, b, stack) = (market.receipts[0], market.receipts[1], market.stack);
    // LTV, to the wei: 70 % of 100,000 at the second of the appraisal.
    let over = Offer {
        principal: wad(70_000) + U256::ONE,
        ..good.clone()
    };
    market.refuses_draw(
        &over,
        &refusals::LtvExceeded {
            principal: wad(70_000) + U256::ONE,
            limit: wad(70_000),
        },
    );
    // Receipts: twice in a list, somebody else's.
    let twice = Offer {
        receipts: vec![a, a],
        ..good.clone()
    };
    market.refuses_draw(
        &twice,
        &refusals::ReceiptPledged {
            receipt: a,
            loan: U256::ONE,
        },
    );
    let stranger = market.town.stranger.clone();
    let foreign = Offer {
        borrower: stranger.address(),
        ..good.clone()
    };
    let wrong = refusals::ERC721IncorrectOwner {
        sender: stranger.address(),
        tokenId: a,
        owner: market.borrower.address(),
    };
    let call = market.draw_call(&foreign);
    market.town.refuses(&stranger, market.town.suite.origination, &call, &wrong);
    // The stack's capital and its limits, the vault's.
    let any = Filo::openStackCall {
        hardwareClass: B256::ZERO,
        seniorCap: wad(17_999),
        ..open_call()
    };
    let any = market.town.does(curator.address(), filo, &any);
    let dry = Offer {
        stack: any,
        principal: wad(1),
        ..good.clone()
    };
    market.refuses_draw(
        &dry,
        &refusals::InsufficientJunior {
            stack: any,
            needed: wad(1) / n(10),
            available: U256::ZERO,
        },
    );
    market.deposit_junior(any, 2_000);
    let capped = Offer {
        stack: any,
        principal: wad(20_000),
        ..good.clone()
    };
    market.refuses_draw(
        &capped,
        &refusals::SeniorCapExceeded {
            stack: any,
            senior: wad(18_000),
            cap: wad(17_999),
        },
    );
    let big = market.issue("big", "H100", 10_000_000);
    let large = |principal| Offer {
        receipts: vec![big],
        principal,
        ..good.clone()
    };
    market.refuses_draw(
        &large(wad(1_000_001)),
        &refusals::InsufficientJunior {
            stack,
            needed: wad(1_000_001) / n(10),
            available: wad(100_000),
        },
    );
    market.refuses_draw(
        &large(wad(600_000)),
        &refusals::ExceedsLendable {
            principal: wad(540_000),
            lendable: wad(500_000),
        },
    );
    // Cover: ended before the first payment is due, too little, none.
    let (attestor, caliber) = (market.town.cast.attestor.address(), market.town.suite.caliber);
    let due = market.town.now() + U256::from(PERIOD);
    let insure = |market: &mut Market, value, until| {
        market.town.does(
            attestor,
            caliber,
            &Caliber::insureCall {
                receipt: a,
                insuredValue: value,
                insuredUntil: until,
            },
        );
    };
    insure(&mut market, wad(100_000), due - U256::ONE);
    market.refuses_draw(
        &good,
        &refusals::InsufficientCover {
            coveredUntil: due - U256::ONE,
            required: due,
        },
    );
    for (value, until) in [
        (wad(100_000) - U256::ONE, due),
        (wad(100_000), market.town.now()),
        (wad(100_000), U256::ZERO),
    ] {
        insure(&mut market, value, until);
        market.refuses_draw(
            &good,
            &refusals::InsufficientCover {
                coveredUntil: U256::ZERO,
                required: due,
            },
        );
    }
    insure(&mut market, wad(100_000), due);
    // Two offers on one receipt: the second finds it pledged.
    let second = Offer {
        receipts: vec![b, a],
        ..good.clone()
    };
    let loan = market.draw(&good);
    let (usdai, me) = (market.town.suite.usdai, market.borrower.address());
    assert_eq!(market.town.balance(usdai, me), wad(70_000));
    market.refuses_draw(&second, &refusals::ReceiptPledged { receipt: a, loan });
    // Decay: a second later the same loan is too much.
    let third = Offer {
        receipts: vec![b],
        expiry: good.expiry + U256::from(365 * DAY),
        ..good.clone()
    };
    let appraised = market.town.now();
    market.town.node.chain.advance(1);
    let value = market.town.read(caliber, &Caliber::valueOfCall { receipt: b });
    assert!(value < wad(100_000));
    market.refuses_draw(
        &third,
        &refusals::LtvExceeded {
            principal: wad(70_000),
            limit: value * n(7_000) / n(10_000),
        },
    );
    // Half a year later the first loan is overdue, and nobody has marked it; it is paid off, and the appraisal is stale.
    market.town.node.chain.advance(180 * DAY);
    let filo = market.town.suite.filo;
    let due = market.town.read(filo, &Filo::earliestDueCall {}).due;
    market.refuses_draw(&third, &refusals::LoanOverdue { loan, due });
    let borrower = market.borrower.clone();
    market.town.give_usdai(me, 100_000);
    market.town.approve(&borrower, usdai, filo);
    let pay = Filo::payCall {
        loan,
        maxAmount: U256::MAX,
    };
    market.town.does(me, filo, &pay);
    market.refuses_draw(
        &third,
        &refusals::StaleAppraisal {
            receipt: b,
            appraisedAt: appraised,
        },
    );
}

#[test]
fn payments_refuse_by_name_and_close_to_the_wei() {
    let mut market = Market::open();
    let good = market.offer();
    let loan = market.draw(&good);
    let Market {
        mut town,
        curator,
        borrower,
        stack,
        receipts,
    } = market;
    let (filo, usdai, susdai, me) = (town.suite.filo, town.suite.usdai, town.suite.susdai, borrower.address());
    let pay = |amount| Filo::payCall { loan, maxAmount: amount };
    town.refuses(&borrower, filo, &pay(U256::ZERO), &range("maxAmount", U256::ZERO, 1, u128::MAX));
    town.node.chain.advance(PERIOD);
    // Nothing allowed, nothing had: in USDai's words, whichever part is pulled first.
    for amount in [wad(1_000), U256::MAX] {
        let before = town.node.chain.fingerprint(&[me]);
        let refusal = town.attempt(me, filo, &pay(amount)).unwrap_err();
        let error = refusal
            .error::<refusals::ERC20InsufficientAllowance>()
            .expect("an allowance is missing");
        assert_eq!((error.spender, error.allowance), (filo, U256::ZERO));
        assert_eq!(before, town.node.chain.fingerprint(&[me]));
    }
    let poor = town.stranger.clone();
    town.does(
        poor.address(),
        usdai,
        &Erc20::approveCall {
            spender: filo,
            value: U256::MAX,
        },
    );
    let before = town.node.chain.fingerprint(&[poor.address()]);
    let refusal = town.attempt(poor.address(), filo, &pay(wad(1_000))).unwrap_err();
    let error = refusal.error::<refusals::ERC20InsufficientBalance>().expect("the money is missing");
    assert_eq!((error.sender, error.balance), (poor.address(), U256::ZERO));
    assert_eq!(before, town.node.chain.fingerprint(&[poor.address()]));

    // Junior capital stays while a payment is overdue.
    let withdraw = Filo::withdrawJuniorCall {
        stack,
        assets: U256::ONE,
        receiver: curator.address(),
    };
    let due = town.read(filo, &Filo::instalmentCall { loan }).due;
    assert_eq!(due, town.now());
    town.scene(|town| town.does(curator.address(), filo, &withdraw));
    // On time until its day ends.
    let last = town.read(filo, &Filo::earliestDueCall {});
    assert_eq!((last.due, last.loan), (due - due % U256::from(DAY) + U256::from(DAY - 1), loan));
    town.node.chain.warp_to(last.due.to());
    town.scene(|town| town.does(curator.address(), filo, &withdraw));
    town.node.chain.advance(1);
    let due = last.due;
    town.refuses(&curator, filo, &withdraw, &refusals::LoanOverdue { loan, due });

    // Anybody may pay; the largest number means all and no more.
    let owed = town.read(filo, &Filo::payoffCall { loan, time: town.now() });
    town.give_usdai(me, 10_000);
    town.does(
        me,
        usdai,
        &Erc20::approveCall {
            spender: filo,
            value: U256::MAX,
        },
    );
    let before = town.balance(usdai, me);
    assert_eq!(town.does(me, filo, &pay(wad(1_000))), wad(1_000));
    assert_eq!(town.does(me, filo, &pay(U256::MAX)), owed - wad(1_000));
    assert_eq!(before - town.balance(usdai, me), owed);
    let closed = refusals::WrongStatus { loan, status: n(4) };
    town.refuses(&borrower, filo, &pay(wad(1)), &closed);
    for unknown in [U256::ZERO, loan + U256::ONE, n(1 << 64) + loan, U256::MAX] {
        let call = Filo::payCall {
            loan: unknown,
            maxAmount: wad(1),
        };
        town.refuses(&borrower, filo, &call, &refusals::UnknownLoan { loan: unknown });
    }
    // F5: nothing is owed, nothing is pledged; F1, F2: the books are what is held.
    let book = town.read(susdai, &Vault::loanBookCall {});
    assert_eq!((book.principal, book.rate, book.accrued), (U256::ZERO, U256::ZERO, U256::ZERO));
    assert_eq!(town.read(susdai, &Vault::cashCall {}), town.balance(usdai, susdai));
    let booked = town.read(filo, &Filo::juniorCashCall { stack }) + town.read(filo, &Filo::reserveCall {});
    assert_eq!(booked, town.balance(usdai, filo));
    let transfer = Caliber::transferFromCall {
        from: me,
        to: poor.address(),
        tokenId: receipts[0],
    };
    town.does(me, town.suite.caliber, &transfer);
}

/// F4: what happens to one stack is nothing to another; a stack's money is not in another's reach.
#[test]
fn stacks_are_segregated() {
    let mut market = Market::open();
    let good = market.offer();
    let second = market.town.does(market.curator.address(), market.town.suite.filo, &open_call());
    let offer = Offer { stack: second, ..good };
    market.refuses_draw(
        &offer,
        &refusals::InsufficientJunior {
            stack: second,
            needed: wad(7_000),
            available: U256::ZERO,
        },
    );
    let Market { mut town, curator, .. } = market;
    let call = Filo::withdrawJuniorCall {
        stack: second,
        assets: U256::ONE,
        receiver: curator.address(),
    };
    let refusal = refusals::InsufficientJunior {
        stack: second,
        needed: U256::ONE,
        available: U256::ZERO,
    };
    let filo = town.suite.filo;
    town.refuses(&curator, filo, &call, &refusal);
}

/// What a draw and a payment cost in production, with the vault as lender.
const DRAW_IN_PRODUCTION: u64 = 567_000;
const PAYMENT_IN_PRODUCTION: u64 = 206_000;

/// Gas of a draw, of the second payment of a loan that falls due with another, and of one that falls due alone.
fn gas(market: &mut Market) -> [u64; 3] {
    let (filo, origination, me) = (market.town.suite.filo, market.town.suite.origination, market.borrower.address());
    let offer = Offer {
        receipts: vec![market.receipts[0]],
        principal: wad(20_000),
        ..market.offer()
    };
    let draw = market.draw_call(&offer);
    let drawn = market.town.attempt(me, origination, &draw).expect("it lends");
    let mut pay = |loan| {
        let loan = n(loan);
        let due = market.town.read(filo, &Filo::instalmentCall { loan });
        market.town.node.chain.warp_to(due.due.to());
        let max_amount = due.interest + due.principal;
        let pay = Filo::payCall {
            loan,
            maxAmount: max_amount,
        };
        market.town.attempt(me, filo, &pay).expect("it pays").gas_used
    };
    // The first payments fill accounts that were empty.
    for loan in 1..=3 {
        pay(loan);
    }
    let alone = pay(1);
    pay(2);
    let together = pay(3);
    [drawn.gas_used, together, alone]
}

/// Less than in production, and the same whatever else is lent: with 3 loans and with 103, but for the
/// second word, 5,000, of the list of a day with more than three. (Every fourth loan of a day opens one, 22,100.)
#[test]
fn a_draw_and_a_payment_cost_the_same_however_much_is_lent() {
    let mut market = Market::open();
    let (borrower, usdai, filo) = (market.borrower.clone(), market.town.suite.usdai, market.town.suite.filo);
    market.town.approve(&borrower, usdai, filo);
    market.town.give_usdai(borrower.address(), 100_000);
    let mut tables = Vec::new();
    let mut lent = 0;
    for wanted in [3, 103] {
        while lent < wanted {
            let receipt = market.issue(&format!("lot {lent}"), "H100", 10_000);
            // The first alone on its day, the others together on the next.
            let offer = Offer {
                receipts: vec![receipt],
                principal: wad(1_000),
                ..market.offer()
            };
            market.draw(&offer);
            if lent == 0 {
                market.town.node.chain.advance(DAY);
            }
            lent += 1;
        }
        for cached in [false, true] {
            let costs = market.scene(|market| {
                if cached {
                    market.town.cache_programs();
                }
                gas(market)
            });
            println!("{wanted} loans, programs cached {cached}: draw, pay, pay alone on its day: {costs:?}");
            tables.push((cached, costs));
        }
    }
    for (cached, [draw, pay, alone]) in tables.iter().copied() {
        assert!(draw < DRAW_IN_PRODUCTION && pay < PAYMENT_IN_PRODUCTION, "{draw} {pay}");
        // Alone in its day, a payment opens a list for the next one: without the cache that is more than production's.
        assert!(
            alone
                < if cached {
                    PAYMENT_IN_PRODUCTION
                } else {
                    PAYMENT_IN_PRODUCTION * 23 / 20
                },
            "{alone}"
        );
    }
    for (few, many) in tables[..2].iter().zip(&tables[2..]) {
        for (few, many) in few.1.iter().zip(&many.1) {
            assert!(few.abs_diff(*many) <= 5_100, "{few} with 3 loans, {many} with 103");
        }
    }
}

/// A curator that is a contract says by its own word what it has signed (ERC-1271), and that it has not.
#[test]
fn a_contract_curates_by_its_own_word() {
    let mut market = Market::open();
    let suite = market.town.suite;
    let owner = market.curator.clone();
    let wallet = market.town.solidity("Wallet", &owner.address().abi_encode());
    let (role, account) = (id("CURATOR"), wallet);
    let admin = market.town.cast.admin.address();
    market.town.does(admin, suite.router, &Router::grantRoleCall { role, account });
    market.town.give_usdai(wallet, 10_000);
    let approve = Erc20::approveCall {
        spender: suite.filo,
        value: U256::MAX,
    };
    market.town.does(wallet, suite.usdai, &approve);
    let stack = market.town.does(wallet, suite.filo, &open_call());
    let assets = wad(10_000);
    market.town.does(wallet, suite.filo, &Filo::depositJuniorCall { stack, assets });

    let offer = Offer { stack, ..market.offer() };
    let borrower = market.borrower.clone();
    let by_another = Origination::drawCall {
        signature: market.sign(&market.town.stranger, &offer),
        ..market.draw_call(&offer)
    };
    let refusal = refusals::InvalidOfferSigner {
        signer: market.town.stranger.address(),
        curator: wallet,
    };
    market.town.refuses(&borrower, suite.origination, &by_another, &refusal);
    let loan = market.draw(&offer);
    assert_eq!(market.town.read(suite.filo, &Filo::loanCall { loan }).stack, stack);
}

/// What a borrower is shown of an offer is what the loan then says, and what its payments take, to the wei.
#[test]
fn the_plan_of_an_offer_is_the_loans() {
    for level in [true, false] {
        let mut market = Market::open();
        let suite = market.town.suite;
        let offer = Offer {
            levelPayment: level,
            periods: n(12),
            ..market.offer()
        };
        let plan: Vec<_> = (1..=12)
            .map(|number| {
                let ask = Origination::scheduleCall {
                    offer: offer.clone(),
                    number: n(number),
                };
                market.town.read(suite.origination, &ask)
            })
            .collect();
        for number in [0, 13] {
            let ask = Origination::scheduleCall {
                offer: offer.clone(),
                number: n(number),
            };
            let borrower = market.borrower.clone();
            market
                .town
                .refuses(&borrower, suite.origination, &ask, &range("number", n(number), 1, 12));
        }
        let loan = market.draw(&offer);
        let (borrower, me) = (market.borrower.clone(), market.borrower.address());
        market.town.approve(&borrower, suite.usdai, suite.filo);
        market.town.give_usdai(me, 20_000);
        let drawn_at = market.town.now();
        for (number, promised) in (1..=12).zip(plan) {
            let said = market.town.read(suite.filo, &Filo::scheduleCall { loan, number: n(number) });
            assert_eq!(said.due, drawn_at + n(number) * U256::from(PERIOD));
            assert_eq!(
                (said.interest, said.principal, said.outstanding),
                (promised.interest, promised.principal, promised.outstanding)
            );
            market.town.node.chain.warp_to(said.due.to());
            let due = market.town.read(suite.filo, &Filo::instalmentCall { loan });
            assert_eq!((due.due, due.interest, due.principal), (said.due, said.interest, said.principal));
            let max_amount = due.interest + due.principal;
            let before = market.town.balance(suite.usdai, me);
            market.town.does(
                me,
                suite.filo,
                &Filo::payCall {
                    loan,
                    maxAmount: max_amount,
                },
            );
            assert_eq!(before - market.town.balance(suite.usdai, me), said.interest + said.principal);
            let state = market.town.read(suite.filo, &Filo::loanCall { loan });
            assert_eq!(state.outstanding, said.outstanding);
        }
        let status = market.town.read(suite.filo, &Filo::loanCall { loan }).status;
        assert_eq!(status, n(4));
    }
}

//! FiLo stacks on their WASM, between the real vault, the real receipts and USDai.

#![allow(clippy::too_many_lines, reason = "a list of refusals is as long as what can go wrong")]

use alloy_primitives::{keccak256, Address, B256, U256};
use scenarios::{
    abi::{Caliber, Erc20, Filo, Router, Vault},
    hands::{n, wad},
    refusals,
    usdai_cli::{node::Person, protocol::suite::id},
    Town,
};

const ZERO: Address = Address::ZERO;
const DAY: u64 = 86_400;
const PERIOD: u64 = 30 * DAY;

fn range(parameter: &str, value: U256, minimum: u128, maximum: u128) -> refusals::OutOfRange {
    refusals::OutOfRange {
        parameter: id(parameter),
        value,
        minimum: n(minimum),
        maximum: n(maximum),
    }
}

/// A town that lends.
struct Market {
    town: Town,
    curator: Person,
    borrower: Person,
    /// Curated, lends against H100s, has 100,000 of junior capital.
    stack: U256,
    /// Two H100 lots of the borrower's, appraised at 100,000 and insured for a year.
    receipts: [U256; 2],
}

fn open_call() -> Filo::openStackCall {
    Filo::openStackCall {
        firstLossBps: n(1_000),
        maxLtvBps: n(7_000),
        marginTriggerBps: n(8_500),
        seniorCap: wad(1_000_000),
        servicingFeeBps: n(100),
        juniorSpreadBps: n(500),
        hardwareClass: id("H100"),
    }
}

impl Market {
    fn open() -> Self {
        let mut town = Town::deployed();
        let (curator, borrower) = (town.cast.curator.clone(), town.cast.borrower.clone());
        let (filo, usdai, lender) = (town.suite.filo, town.suite.usdai, town.cast.depositor.address());
        town.give_susdai(lender, 500_000);
        let stack = town.does(curator.address(), filo, &open_call());
        town.give_usdai(curator.address(), 100_000);
        town.approve(&curator, usdai, filo);
        town.does(
            curator.address(),
            filo,
            &Filo::depositJuniorCall {
                stack,
                assets: wad(100_000),
            },
        );
        let mut market = Self {
            town,
            curator,
            borrower,
            stack,
            receipts: [U256::ZERO; 2],
        };
        market.receipts = ["a", "b"].map(|lot| market.issue(lot, "H100", 100_000));
        market
    }

    fn issue(&mut self, lot: &str, class: &str, whole: u64) -> U256 {
        let call = Caliber::issueCall {
            owner: self.borrower.address(),
            hardwareClass: id(class),
            units: n(8),
            manifestHash: keccak256(lot),
            agreementHash: keccak256("agreement"),
            agreementUri: String::new(),
            custodian: self.town.cast.custodian.address(),
            appraisal: wad(whole),
            insuredValue: wad(whole),
            insuredUntil: self.town.now() + U256::from(365 * DAY),
        };
        let (agent, caliber) = (self.town.cast.agent.address(), self.town.suite.caliber);
        self.town.does(agent, caliber, &call)
    }

    /// A good offer: 70,000 on the first receipt.
    fn offer_call(&self) -> Filo::offerCall {
        Filo::offerCall {
            stack: self.stack,
            borrower: self.borrower.address(),
            receipts: vec![self.receipts[0]],
            principal: wad(70_000),
            rate: wad(15) / n(100),
            periods: n(36),
            levelPayment: true,
            graceSeconds: U256::from(10 * DAY),
            lateFeeBps: n(500),
            expiry: self.town.now() + U256::from(DAY),
        }
    }

    fn offer(&mut self, call: &Filo::offerCall) -> U256 {
        self.town.does(self.curator.address(), self.town.suite.filo, call)
    }

    fn draw(&mut self, loan: U256) {
        let me = self.borrower.address();
        self.town.does(me, self.town.suite.filo, &Filo::drawCall { loan, receiver: me });
    }

    fn refuses_draw<E: alloy_sol_types::SolError>(&mut self, loan: U256, error: &E) {
        let call = Filo::drawCall {
            loan,
            receiver: self.borrower.address(),
        };
        self.town.refuses(&self.borrower, self.town.suite.filo, &call, error);
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

#[test]
fn offers_refuse_by_name() {
    let mut market = Market::open();
    let good = market.offer_call();
    let other_class = market.issue("c", "B200", 100_000);
    let loan = market.offer(&good);
    let Market {
        mut town,
        curator,
        stack,
        receipts,
        ..
    } = market;
    let (filo, stranger) = (town.suite.filo, town.stranger.clone());
    let offer = |change: &dyn Fn(&mut Filo::offerCall)| {
        let mut call = good.clone();
        change(&mut call);
        call
    };
    let no_borrower = refusals::ZeroValue { parameter: id("borrower") };
    town.refuses(&curator, filo, &offer(&|c| c.borrower = ZERO), &no_borrower);
    for count in [0, 33, 300] {
        let refusal = range("receipts", U256::from(count), 1, 32);
        town.refuses(&curator, filo, &offer(&|c| c.receipts = vec![receipts[0]; count]), &refusal);
    }
    let dollar = 1_000_000_000_000_000_000;
    for principal in [U256::ZERO, n(dollar - 1), n(1 << 96), U256::MAX] {
        let refusal = range("principal", principal, dollar, (1 << 96) - 1);
        town.refuses(&curator, filo, &offer(&|c| c.principal = principal), &refusal);
    }
    for rate in [U256::ZERO, n(dollar + 1), U256::MAX] {
        town.refuses(&curator, filo, &offer(&|c| c.rate = rate), &range("rate", rate, 1, dollar));
    }
    for periods in [U256::ZERO, n(121), n(256 + 1), U256::MAX] {
        town.refuses(&curator, filo, &offer(&|c| c.periods = periods), &range("periods", periods, 1, 120));
    }
    let now = u128::from(town.node.chain.timestamp());
    for expiry in [U256::ZERO, n(now - 1), n(1 << 48), U256::MAX] {
        town.refuses(
            &curator,
            filo,
            &offer(&|c| c.expiry = expiry),
            &range("expiry", expiry, now, (1 << 48) - 1),
        );
    }
    for unknown in [U256::ZERO, stack + U256::ONE, U256::MAX] {
        town.refuses(
            &curator,
            filo,
            &offer(&|c| c.stack = unknown),
            &refusals::UnknownStack { stack: unknown },
        );
    }
    for receipt in [U256::ZERO, n(1 << 64), U256::MAX] {
        let refusal = range("receipt", receipt, 1, u64::MAX.into());
        town.refuses(&curator, filo, &offer(&|c| c.receipts.push(receipt)), &refusal);
    }
    for receipt in [other_class, n(77)] {
        let refusal = refusals::WrongHardwareClass {
            receipt,
            hardwareClass: id("H100"),
        };
        town.refuses(&curator, filo, &offer(&|c| c.receipts.push(receipt)), &refusal);
    }
    for who in [&stranger, &town.cast.borrower.clone()] {
        let refusal = refusals::OnlyCurator {
            caller: who.address(),
            stack,
        };
        town.refuses(who, filo, &good, &refusal);
        town.refuses(who, filo, &Filo::cancelOfferCall { loan }, &refusal);
    }
    // A second curator has no say in this stack; a curator without the role opens no more loans but can take back.
    let (admin, router) = (town.cast.admin.address(), town.suite.router);
    town.does(
        admin,
        router,
        &Router::grantRoleCall {
            role: id("CURATOR"),
            account: stranger.address(),
        },
    );
    town.refuses(
        &stranger,
        filo,
        &good,
        &refusals::OnlyCurator {
            caller: stranger.address(),
            stack,
        },
    );
    town.does(
        admin,
        router,
        &Router::revokeRoleCall {
            role: id("CURATOR"),
            account: curator.address(),
        },
    );
    let lost = refusals::Unauthorized {
        account: curator.address(),
        role: id("CURATOR"),
    };
    town.refuses(&curator, filo, &good, &lost);
    for unknown in [U256::ZERO, loan + U256::ONE, n(1 << 64) + loan, U256::MAX] {
        let refusal = refusals::UnknownLoan { loan: unknown };
        town.refuses(&curator, filo, &Filo::cancelOfferCall { loan: unknown }, &refusal);
        town.refuses(
            &stranger,
            filo,
            &Filo::drawCall {
                loan: unknown,
                receiver: stranger.address(),
            },
            &refusal,
        );
        town.refuses(
            &stranger,
            filo,
            &Filo::payCall {
                loan: unknown,
                maxAmount: wad(1),
            },
            &refusal,
        );
    }
    town.does(curator.address(), filo, &Filo::cancelOfferCall { loan });
    let cancelled = refusals::WrongStatus { loan, status: n(4) };
    town.refuses(&curator, filo, &Filo::cancelOfferCall { loan }, &cancelled);
    let borrower = town.cast.borrower.clone();
    town.refuses(
        &borrower,
        filo,
        &Filo::drawCall {
            loan,
            receiver: borrower.address(),
        },
        &cancelled,
    );
    town.refuses(&borrower, filo, &Filo::payCall { loan, maxAmount: wad(1) }, &cancelled);
}

#[test]
fn a_draw_refuses_by_name() {
    let mut market = Market::open();
    let good = market.offer_call();
    let loan = market.offer(&good);
    let (filo, borrower, curator) = (market.town.suite.filo, market.borrower.clone(), market.curator.clone());
    let [a, b] = market.receipts;
    let stack = market.stack;
    let nobody = Filo::drawCall { loan, receiver: ZERO };
    market
        .town
        .refuses(&borrower, filo, &nobody, &refusals::ZeroValue { parameter: id("receiver") });
    for who in [market.town.stranger.clone(), curator.clone()] {
        let call = Filo::drawCall {
            loan,
            receiver: who.address(),
        };
        market.town.refuses(
            &who,
            filo,
            &call,
            &refusals::OnlyBorrower {
                caller: who.address(),
                loan,
            },
        );
        let offered = refusals::WrongStatus { loan, status: n(1) };
        market
            .town
            .refuses(&who, filo, &Filo::payCall { loan, maxAmount: wad(1) }, &offered);
    }
    let expired = refusals::OfferExpired { loan, expiry: good.expiry };
    market.town.scene(|town| {
        town.node.chain.warp_to(good.expiry.to::<u64>() + 1);
        town.refuses(
            &borrower,
            filo,
            &Filo::drawCall {
                loan,
                receiver: borrower.address(),
            },
            &expired,
        );
    });

    // LTV, to the wei: 70 % of 100,000 at the second of the appraisal.
    let over = market.offer(&Filo::offerCall {
        principal: wad(70_000) + U256::ONE,
        ..good.clone()
    });
    market.refuses_draw(
        over,
        &refusals::LtvExceeded {
            principal: wad(70_000) + U256::ONE,
            limit: wad(70_000),
        },
    );
    // Receipts: twice in a list, somebody else's, unknown.
    let twice = market.offer(&Filo::offerCall {
        receipts: vec![a, a],
        ..good.clone()
    });
    market.refuses_draw(twice, &refusals::ReceiptPledged { receipt: a, loan: twice });
    let stranger = market.town.stranger.clone();
    let foreign = market.offer(&Filo::offerCall {
        borrower: stranger.address(),
        ..good.clone()
    });
    let wrong = refusals::ERC721IncorrectOwner {
        sender: stranger.address(),
        tokenId: a,
        owner: borrower.address(),
    };
    market.town.refuses(
        &stranger,
        filo,
        &Filo::drawCall {
            loan: foreign,
            receiver: stranger.address(),
        },
        &wrong,
    );
    let any = market.town.does(
        curator.address(),
        filo,
        &Filo::openStackCall {
            hardwareClass: B256::ZERO,
            seniorCap: wad(17_999),
            ..open_call()
        },
    );
    let unknown = Filo::offerCall {
        stack: any,
        receipts: vec![n(99)],
        principal: wad(1),
        ..good.clone()
    };
    let unknown = market.offer(&unknown);
    market.refuses_draw(
        unknown,
        &refusals::InsufficientJunior {
            stack: any,
            needed: wad(1) / n(10),
            available: U256::ZERO,
        },
    );
    market.town.give_usdai(curator.address(), 2_000);
    market.town.does(
        curator.address(),
        filo,
        &Filo::depositJuniorCall {
            stack: any,
            assets: wad(2_000),
        },
    );
    market.refuses_draw(unknown, &refusals::ERC721NonexistentToken { tokenId: n(99) });
    // The stack's limits, the vault's.
    let capped = market.offer(&Filo::offerCall {
        stack: any,
        principal: wad(20_000),
        ..good.clone()
    });
    market.refuses_draw(
        capped,
        &refusals::SeniorCapExceeded {
            stack: any,
            senior: wad(18_000),
            cap: wad(17_999),
        },
    );
    let big = market.issue("big", "H100", 10_000_000);
    let large = Filo::offerCall {
        receipts: vec![big],
        principal: wad(1_000_001),
        ..good.clone()
    };
    let large = market.offer(&large);
    let needed = wad(1_000_001) / n(10);
    market.refuses_draw(
        large,
        &refusals::InsufficientJunior {
            stack,
            needed,
            available: wad(100_000),
        },
    );
    let large = market.offer(&Filo::offerCall {
        receipts: vec![big],
        principal: wad(600_000),
        ..good.clone()
    });
    market.refuses_draw(
        large,
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
        loan,
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
            loan,
            &refusals::InsufficientCover {
                coveredUntil: U256::ZERO,
                required: due,
            },
        );
    }
    insure(&mut market, wad(100_000), due);
    // Two offers on one receipt: the second finds it pledged. A loan is drawn once.
    let second = market.offer(&Filo::offerCall {
        receipts: vec![b, a],
        ..good.clone()
    });
    market.draw(loan);
    assert_eq!(market.town.balance(market.town.suite.usdai, borrower.address()), wad(70_000));
    market.refuses_draw(second, &refusals::ReceiptPledged { receipt: a, loan });
    let live = refusals::WrongStatus { loan, status: n(2) };
    market.refuses_draw(loan, &live);
    market.town.refuses(&curator, filo, &Filo::cancelOfferCall { loan }, &live);
    // Decay: a second later the same loan is too much.
    let third = market.offer(&Filo::offerCall {
        receipts: vec![b],
        expiry: good.expiry + U256::from(365 * DAY),
        ..good.clone()
    });
    let appraised = market.town.now();
    market.town.node.chain.advance(1);
    let value = market.town.read(caliber, &Caliber::valueOfCall { receipt: b });
    assert!(value < wad(100_000));
    market.refuses_draw(
        third,
        &refusals::LtvExceeded {
            principal: wad(70_000),
            limit: value * n(7_000) / n(10_000),
        },
    );
    // And half a year later the appraisal is stale.
    market.town.node.chain.advance(180 * DAY);
    market.refuses_draw(
        third,
        &refusals::StaleAppraisal {
            receipt: b,
            appraisedAt: appraised,
        },
    );
}

#[test]
fn payments_refuse_by_name_and_close_to_the_wei() {
    let mut market = Market::open();
    let good = market.offer_call();
    let loan = market.offer(&good);
    market.draw(loan);
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
    let closed = refusals::WrongStatus { loan, status: n(3) };
    town.refuses(&borrower, filo, &pay(wad(1)), &closed);
    town.refuses(&borrower, filo, &Filo::drawCall { loan, receiver: me }, &closed);
    town.refuses(&curator, filo, &Filo::cancelOfferCall { loan }, &closed);
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
    let good = market.offer_call();
    let second = market.town.does(market.curator.address(), market.town.suite.filo, &open_call());
    let loan = market.offer(&Filo::offerCall {
        stack: second,
        ..good.clone()
    });
    market.refuses_draw(
        loan,
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

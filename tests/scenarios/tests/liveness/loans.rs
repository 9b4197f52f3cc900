//! Who may leave a loan can, whatever others did: a borrower can always pay, a closed loan always frees its receipts, an auction always ends,
//! and nobody's hook, token or receiver stops any of it. Every state of a loan, under every disturbance that others can make, on the WASM.

use alloy_primitives::{Address, Bytes, B256, U256};
use alloy_sol_types::SolCall;
use scenarios::{
    abi::{Caliber, Defaults, Erc20, Filo, Gateway, Origination, Router, Usdai},
    hands::{n, wad},
    lending::{open_call, Offer, DAY},
    loans::{Loans, SILENT_ROUTER},
    refusals,
    scenes::{Scene, Stage},
    usdai_cli::protocol::{counterparts::dollars6, suite::id},
};

#[test]
fn a_borrower_can_always_pay_and_a_closed_loan_always_frees_its_receipts() {
    let mut scenes = 0;
    Loans::set().in_each(|stage, scene| {
        let (borrower, anybody) = (stage.borrower(), stage.anybody());
        let (filo, caliber, loan) = (stage.market.town.suite.filo, stage.market.town.suite.caliber, stage.loan);
        let left = stage.town().read(filo, &Filo::receiptsOfCall { loan });
        // A wei, a part, all; by anybody, by the borrower.
        for (who, most) in [(anybody, U256::ONE), (borrower, wad(1_000)), (borrower, U256::MAX)] {
            let now = stage.town().now();
            let owed = stage.town().read(filo, &Filo::payoffCall { loan, time: now });
            let paid = stage.pay(who, most).unwrap_or_else(|refusal| panic!("{scene}: {refusal}"));
            assert_eq!(paid, most.min(owed), "{scene}");
        }
        let status = stage.town().read(filo, &Filo::loanCall { loan }).status;
        assert_eq!(status, n(4), "{scene}");
        assert!(!left.is_empty());
        for receipt in left {
            let it = stage.town().read(caliber, &Caliber::receiptOfCall { receipt });
            assert_eq!((it.owner, it.loan), (borrower, U256::ZERO), "{scene}");
            // The owner may ask the custodian for the machines, list of parties or not.
            stage.town().does(borrower, caliber, &Caliber::requestRedemptionCall { receipt });
        }
        scenes += 1;
    });
    assert_eq!(scenes, Loans::STATES.len() * Loans::DISTURBANCES.len());
}

/// Overdue, anybody marks; past grace, anybody declares; after fourteen days, anybody auctions; and what nobody wants at a price goes at none.
#[test]
fn a_loan_that_nobody_pays_always_ends() {
    Loans::set().in_each(|stage, scene| {
        let (filo, loan, receiver) = (stage.market.town.suite.filo, stage.loan, stage.anybody());
        let status = |stage: &mut Loans| stage.town().read(filo, &Filo::loanCall { loan }).status.to::<u8>();
        if status(stage) < 3 {
            let grace = stage.town().read(filo, &Filo::standingCall { loan }).graceUntil;
            let second = (grace.to::<u64>() + 1).max(stage.town().node.chain.timestamp());
            stage.town().node.chain.warp_to(second);
            stage.keep(&Defaults::declareDefaultCall { loan });
        }
        // Whoever is on the list of parties, where there is one.
        let caliber = stage.market.town.suite.caliber;
        if stage.town().read(caliber, &Caliber::allowListCall {}) {
            let bid = Defaults::bidCall {
                loan,
                receipts: Vec::new(),
                maxPrice: U256::MAX,
                receiver,
            };
            let (stranger, defaults) = (stage.market.town.stranger.clone(), stage.market.town.suite.defaults);
            stage.town().node.chain.advance(14 * DAY + 1);
            stage.keep(&Defaults::startAuctionCall { loan });
            let unlisted = refusals::NotListed { account: receiver };
            stage.town().refuses(&stranger, defaults, &bid, &unlisted);
            let list = Caliber::setPartiesCall {
                accounts: vec![receiver],
                listed: true,
            };
            stage.admin(caliber, &list);
        }
        for _ in 0..5 {
            stage.town().node.chain.advance(14 * DAY + 1);
            stage.keep(&Defaults::startAuctionCall { loan });
        }
        stage.town().node.chain.advance(14 * DAY);
        let bid = Defaults::bidCall {
            loan,
            receipts: Vec::new(),
            maxPrice: U256::ZERO,
            receiver,
        };
        assert_eq!(stage.keep(&bid), U256::ZERO, "{scene}");
        assert_eq!(status(stage), 5, "{scene}");
    });
}

/// A borrower, a curator, a treasury and a buyer that revert whatever they are asked: they are asked nothing.
#[test]
fn nobodys_hook_token_or_receiver_blocks_a_payment_a_default_or_an_auction() {
    let mut stage = Loans::set();
    let suite = stage.market.town.suite;
    // A contract of one function, which is not theirs: everything else reverts.
    let [hostile, buyer] = [(); 2].map(|()| stage.town().solidity("StylusDeployer", &[]));
    let (role, account) = (id("CURATOR"), hostile);
    stage.admin(suite.router, &Router::grantRoleCall { role, account });
    let treasury = Router::setAddressCall {
        id: id("TREASURY"),
        current: hostile,
    };
    stage.admin(suite.router, &treasury);
    for wired in [suite.filo, suite.usdai] {
        stage.admin(wired, &Filo::wireCall {});
    }
    stage.fund(hostile);
    stage.fund(buyer);
    let stack = stage.town().does(hostile, suite.filo, &open_call());
    let assets = wad(20_000);
    stage.town().does(hostile, suite.filo, &Filo::depositJuniorCall { stack, assets });
    let borrower = stage.borrower();
    let mut loans = Vec::new();
    for lot in ["e", "f"] {
        let receipt = stage.market.issue(lot, "H100", 60_000);
        let give = Caliber::transferFromCall {
            from: borrower,
            to: hostile,
            tokenId: receipt,
        };
        stage.town().does(borrower, suite.caliber, &give);
        let offer = Offer {
            stack,
            borrower: hostile,
            receipts: vec![receipt],
            principal: wad(30_000),
            graceSeconds: U256::ZERO,
            ..stage.market.offer()
        };
        let post = Origination::postCall { offer: offer.clone() };
        stage.town().does(hostile, suite.origination, &post);
        let draw = Origination::drawCall {
            offer,
            signature: Bytes::new(),
            receiver: hostile,
        };
        loans.push(stage.town().does(hostile, suite.origination, &draw));
    }
    let (loan, other) = (loans[0], loans[1]);
    stage.loan = loan;
    stage.town().node.chain.advance(20 * DAY);
    stage.pay(hostile, wad(100)).expect("the borrower pays");
    stage.town().node.chain.advance(14 * DAY);
    for loan in [loan, other] {
        stage.keep(&Defaults::markLateCall { loan });
        stage.keep(&Defaults::declareDefaultCall { loan });
    }
    let borrower = stage.borrower();
    stage.pay(borrower, wad(1_000)).expect("somebody pays");
    stage.town().node.chain.advance(14 * DAY + 1);
    for loan in [loan, other] {
        stage.keep(&Defaults::startAuctionCall { loan });
    }
    // Sold with a surplus, which goes to the borrower; sold to a contract that receives no tokens.
    let before = stage.town().balance(suite.usdai, hostile);
    let bid = Defaults::bidCall {
        loan,
        receipts: Vec::new(),
        maxPrice: U256::MAX,
        receiver: buyer,
    };
    let price = stage.town().does(buyer, suite.defaults, &bid);
    assert!(stage.town().balance(suite.usdai, hostile) > before, "{price}");
    let owned = stage.town().read(suite.caliber, &Caliber::balanceOfCall { owner: buyer });
    assert_eq!(owned, U256::ONE);
    stage.loan = other;
    stage.pay(hostile, U256::MAX).expect("the borrower redeems");
    // The curator takes out what is its own.
    let assets = stage.town().read(suite.filo, &Filo::juniorCashCall { stack });
    let out = Filo::withdrawJuniorCall {
        stack,
        assets,
        receiver: buyer,
    };
    // Other stacks' loans that are overdue are marked first, by anybody.
    loop {
        let first = stage.town().read(suite.filo, &Filo::earliestDueCall {});
        if first.loan.is_zero() || first.due >= stage.town().now() {
            break;
        }
        stage.keep(&Defaults::markLateCall { loan: first.loan });
    }
    stage.town().does(hostile, suite.filo, &out);
}

/// Whom receipts and capital go to.
const HEIR: Address = Address::repeat_byte(0x4e);

/// First-loss capital that is not lent leaves unless a loan of the stack is late, called or in default, or one anywhere is overdue and
/// unmarked; and once the loans are over nothing keeps what is left of it.
#[test]
fn first_loss_capital_leaves_unless_it_stands_before_trouble() {
    let mut left = 0;
    Loans::set().in_each(|stage, scene| {
        let (filo, stack, curator) = (stage.market.town.suite.filo, stage.market.stack, stage.market.curator.address());
        let withdraw = |assets| Filo::withdrawJuniorCall {
            stack,
            assets,
            receiver: HEIR,
        };
        let troubled = [stage.loan, stage.other].map(|loan| {
            let at = stage.town().read(filo, &Filo::standingCall { loan });
            at.status == n(2) || at.status == n(3) || at.status == n(1) && !at.callDeadline.is_zero()
        });
        let loans = U256::from(troubled.into_iter().filter(|is| *is).count());
        let first = stage.town().read(filo, &Filo::earliestDueCall {});
        if !loans.is_zero() {
            let owed = U256::ZERO;
            let trouble = refusals::StackInTrouble { stack, loans, owed };
            stage.town().refuses_as(curator, filo, &withdraw(U256::ONE), &trouble);
        } else if !first.loan.is_zero() && first.due < stage.town().now() {
            let (loan, due) = (first.loan, first.due);
            let overdue = refusals::LoanOverdue { loan, due };
            stage.town().refuses_as(curator, filo, &withdraw(U256::ONE), &overdue);
        } else {
            left += 1;
            takes_capital(stage, &withdraw, scene);
            return;
        }
        let (anybody, other) = (stage.anybody(), stage.other);
        stage.pay(anybody, U256::MAX).expect("anybody pays");
        let rest = Filo::payCall {
            loan: other,
            maxAmount: U256::MAX,
        };
        stage.town().does(anybody, filo, &rest);
        takes_capital(stage, &withdraw, scene);
    });
    assert!(left >= 8, "of a loan that performs, under nearly everything: {left}");
}

/// A curator takes all of the stack's cash, to the wei and no more.
fn takes_capital(stage: &mut Loans, withdraw: &impl Fn(U256) -> Filo::withdrawJuniorCall, scene: &Scene) {
    let (suite, stack, curator) = (stage.market.town.suite, stage.market.stack, stage.market.curator.address());
    let all = stage.town().read(suite.filo, &Filo::juniorCashCall { stack });
    assert!(!all.is_zero(), "{scene}");
    let too_much = refusals::InsufficientJunior {
        stack,
        needed: all + U256::ONE,
        available: all,
    };
    stage.town().refuses_as(curator, suite.filo, &withdraw(all + U256::ONE), &too_much);
    let before = stage.town().balance(suite.usdai, HEIR);
    stage.town().does(curator, suite.filo, &withdraw(all));
    assert_eq!(stage.town().balance(suite.usdai, HEIR) - before, all, "{scene}");
}

/// What is not pledged goes to whom its holder will, and out of the building: handed in, taken back, handed in and delivered, by a new custodian
/// if an agent names one. What is pledged stays until the loan is over.
#[test]
fn a_receipt_is_transferred_redeemed_and_handed_over() {
    Loans::set().in_each(|stage, scene| {
        let (caliber, borrower, custodian) = (
            stage.market.town.suite.caliber,
            stage.borrower(),
            stage.market.town.cast.custodian.address(),
        );
        let agent = stage.market.town.cast.agent.address();
        let give = |receipt| Caliber::transferFromCall {
            from: borrower,
            to: HEIR,
            tokenId: receipt,
        };
        let [free, pledged] = [3, 1].map(|index| stage.market.receipts[index]);
        let (loan, request) = (stage.loan, Caliber::requestRedemptionCall { receipt: pledged });
        let held = refusals::ReceiptPledged { receipt: pledged, loan };
        stage.town().refuses_as(borrower, caliber, &give(pledged), &held);
        stage.town().refuses_as(borrower, caliber, &request, &held);
        let anybody = stage.anybody();
        stage.pay(anybody, U256::MAX).expect("anybody pays");
        for receipt in [free, pledged] {
            stage.scene(|stage| {
                if stage.town().read(caliber, &Caliber::allowListCall {}) {
                    let unlisted = refusals::NotListed { account: HEIR };
                    stage.town().refuses_as(borrower, caliber, &give(receipt), &unlisted);
                } else {
                    stage.town().does(borrower, caliber, &give(receipt));
                    let owner = stage.town().read(caliber, &Caliber::ownerOfCall { tokenId: receipt });
                    assert_eq!(owner, HEIR, "{scene}");
                }
            });
            let (request, confirm) = (
                Caliber::requestRedemptionCall { receipt },
                Caliber::confirmRedemptionCall { receipt },
            );
            stage.scene(|stage| {
                stage.town().does(borrower, caliber, &request);
                stage.town().does(borrower, caliber, &Caliber::withdrawRedemptionCall { receipt });
                stage.town().does(borrower, caliber, &request);
                stage.town().does(custodian, caliber, &confirm);
                let gone = refusals::ERC721NonexistentToken { tokenId: receipt };
                stage.town().refuses_as(borrower, caliber, &request, &gone);
            });
            // The building changes hands, before or after the receipt is handed in.
            let agreement = B256::repeat_byte(0xa9);
            let propose = Caliber::proposeCustodianCall {
                receipt,
                custodian: HEIR,
                agreementHash: agreement,
                agreementUri: String::new(),
            };
            let role = id("TOKENISING_AGENT");
            let router = stage.market.town.suite.router;
            if scene.disturbance == SILENT_ROUTER {
                let what = scene.to_string();
                stage
                    .town()
                    .refuses_somehow(agent, caliber, U256::ZERO, propose.abi_encode(), &what);
            } else if stage.town().read(router, &Router::hasRoleCall { role, account: agent }) {
                stage.town().does(borrower, caliber, &request);
                stage.town().does(agent, caliber, &propose);
                let accept = Caliber::acceptCustodyCall {
                    receipt,
                    agreementHash: agreement,
                    agreementUri: String::new(),
                };
                stage.town().does(HEIR, caliber, &accept);
                let no_more = refusals::OnlyCustodian {
                    caller: custodian,
                    receipt,
                };
                stage.town().refuses_as(custodian, caliber, &confirm, &no_more);
                stage.town().does(HEIR, caliber, &confirm);
            } else {
                let nobody = refusals::Unauthorized { account: agent, role };
                stage.town().refuses_as(agent, caliber, &propose, &nobody);
            }
        }
    });
}

/// From base token, and from a stablecoin while the way to it works, unless USDai's deposits are paused: then in USDai, which is an exit too.
#[test]
fn a_loan_is_repaid_from_a_stablecoin() {
    Loans::set().in_each(|stage, scene| {
        let (suite, world, anybody, loan) = (stage.market.town.suite, stage.market.town.world, stage.anybody(), stage.loan);
        stage.town().give_base(anybody, dollars6(1_000));
        stage.town().give_usdc(anybody, dollars6(1_000));
        for token in [world.wrapped_m, world.usdc] {
            let value = U256::MAX;
            let spender = suite.gateway;
            stage.town().does(anybody, token, &Erc20::approveCall { spender, value });
            let minimum = wad(990);
            let repay = Gateway::repayFromCall {
                token,
                amount: dollars6(1_000),
                minUsdai: minimum,
                loan,
                deadline: U256::MAX,
            };
            if scene.disturbance == "all that can be paused is" {
                stage.town().refuses_as(anybody, suite.gateway, &repay, &Usdai::DepositsPaused {});
                stage.pay(anybody, wad(1)).expect("in USDai");
            } else if scene.disturbance == "the supply of USDai is at its cap" {
                stage
                    .town()
                    .refuses_as(anybody, suite.gateway, &repay, &refusals::SupplyCapExceeded {});
                stage.pay(anybody, wad(1)).expect("in USDai");
            } else if scene.disturbance == "the swap adapter is a contract that does nothing" && token != world.wrapped_m {
                let data = repay.abi_encode();
                stage
                    .town()
                    .refuses_somehow(anybody, suite.gateway, U256::ZERO, data, &scene.to_string());
            } else {
                let time = stage.town().now();
                let before = stage.town().read(suite.filo, &Filo::payoffCall { loan, time });
                let paid = stage.town().does(anybody, suite.gateway, &repay);
                let after = stage.town().read(suite.filo, &Filo::payoffCall { loan, time });
                assert!(paid >= minimum, "{scene}");
                assert_eq!(before - after, paid, "{scene}");
            }
        }
    });
}

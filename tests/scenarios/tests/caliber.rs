//! CALIBER on its WASM: documents of title that nobody moves but who controls them.

#![allow(clippy::too_many_lines, reason = "a list of refusals is as long as what can go wrong")]

use alloy_primitives::{keccak256, Address, B256, U256};
use alloy_sol_types::SolCall;
use scenarios::{
    abi::{receiver_mode, Caliber, HostileToken},
    hands::{n, wad},
    refusals,
    usdai_cli::protocol::suite::id,
    Town,
};

const ZERO: Address = Address::ZERO;
const DAY: u64 = 86_400;

fn range(parameter: &str, value: U256, minimum: u128, maximum: u128) -> refusals::OutOfRange {
    refusals::OutOfRange {
        parameter: id(parameter),
        value,
        minimum: n(minimum),
        maximum: n(maximum),
    }
}

/// A good issue of the lot `lot` to the borrower: 8 units worth 100,000, insured for 110,000 for a year.
fn issue(town: &Town, lot: &str) -> Caliber::issueCall {
    Caliber::issueCall {
        owner: town.cast.borrower.address(),
        hardwareClass: id("H100-SXM5-80G"),
        units: n(8),
        manifestHash: keccak256(lot),
        agreementHash: keccak256("agreement"),
        agreementUri: "ipfs://agreement".into(),
        custodian: town.cast.custodian.address(),
        appraisal: wad(100_000),
        insuredValue: wad(110_000),
        insuredUntil: town.now() + U256::from(365 * DAY),
    }
}

/// The town with two receipts of the borrower's.
fn town_with_receipts() -> (Town, U256, U256) {
    let mut town = Town::deployed();
    let (agent, caliber) = (town.cast.agent.address(), town.suite.caliber);
    let (a, b) = (issue(&town, "a"), issue(&town, "b"));
    let (a, b) = (town.does(agent, caliber, &a), town.does(agent, caliber, &b));
    (town, a, b)
}

#[test]
fn an_issue_refuses_by_name() {
    let mut town = Town::deployed();
    let (agent, caliber) = (town.cast.agent.clone(), town.suite.caliber);
    let good = issue(&town, "a");
    for who in [
        town.stranger.clone(),
        town.cast.admin.clone(),
        town.cast.appraiser.clone(),
        town.cast.borrower.clone(),
    ] {
        let refusal = refusals::Unauthorized {
            account: who.address(),
            role: id("TOKENISING_AGENT"),
        };
        town.refuses(&who, caliber, &good, &refusal);
    }
    let zero = |parameter| refusals::ZeroValue { parameter: id(parameter) };
    town.refuses(
        &agent,
        caliber,
        &Caliber::issueCall {
            owner: ZERO,
            ..good.clone()
        },
        &zero("owner"),
    );
    town.refuses(
        &agent,
        caliber,
        &Caliber::issueCall {
            hardwareClass: B256::ZERO,
            ..good.clone()
        },
        &zero("hardwareClass"),
    );
    town.refuses(
        &agent,
        caliber,
        &Caliber::issueCall {
            manifestHash: B256::ZERO,
            ..good.clone()
        },
        &zero("manifestHash"),
    );
    town.refuses(
        &agent,
        caliber,
        &Caliber::issueCall {
            agreementHash: B256::ZERO,
            ..good.clone()
        },
        &zero("agreementHash"),
    );
    town.refuses(
        &agent,
        caliber,
        &Caliber::issueCall {
            custodian: ZERO,
            ..good.clone()
        },
        &zero("custodian"),
    );
    for units in [U256::ZERO, n(1 << 32), U256::MAX] {
        let refusal = range("units", units, 1, u32::MAX.into());
        town.refuses(&agent, caliber, &Caliber::issueCall { units, ..good.clone() }, &refusal);
    }
    for appraisal in [U256::ZERO, n(1) << 128, U256::MAX] {
        let refusal = range("appraisal", appraisal, 1, u128::MAX);
        town.refuses(&agent, caliber, &Caliber::issueCall { appraisal, ..good.clone() }, &refusal);
    }
    for value in [n(1) << 128, U256::MAX] {
        let refusal = range("insuredValue", value, 0, u128::MAX);
        town.refuses(
            &agent,
            caliber,
            &Caliber::issueCall {
                insuredValue: value,
                ..good.clone()
            },
            &refusal,
        );
    }
    for until in [n(1) << 64, U256::MAX] {
        let refusal = range("insuredUntil", until, 0, u64::MAX.into());
        town.refuses(
            &agent,
            caliber,
            &Caliber::issueCall {
                insuredUntil: until,
                ..good.clone()
            },
            &refusal,
        );
    }
    // C2: the same serial manifest once, whatever else differs.
    let receipt = town.does(agent.address(), caliber, &good);
    let again = Caliber::issueCall {
        owner: agent.address(),
        units: n(1),
        hardwareClass: id("B200"),
        ..good.clone()
    };
    let refusal = refusals::DuplicateManifest {
        manifest: good.manifestHash,
        receipt,
    };
    for call in [good, again] {
        town.refuses(&agent, caliber, &call, &refusal);
    }
}

#[test]
fn appraisals_cover_and_policy_refuse_by_name() {
    let (mut town, receipt, _) = town_with_receipts();
    let caliber = town.suite.caliber;
    let (appraiser, attestor, admin) = (town.cast.appraiser.clone(), town.cast.attestor.clone(), town.cast.admin.clone());
    let appraise = |id, value| Caliber::appraiseCall { receipt: id, value };
    let insure = |id, value, until| Caliber::insureCall {
        receipt: id,
        insuredValue: value,
        insuredUntil: until,
    };
    let policy = |age, cover| Caliber::setPolicyCall {
        maxAge: age,
        minCoverBps: cover,
        quorum: U256::ONE,
        maxStepBps: n(2_000),
    };
    let decay = |factor| Caliber::setDecayCall {
        hardwareClass: id("H100-SXM5-80G"),
        factor,
    };
    let ray = n(10u128.pow(27));
    for who in [town.stranger.clone(), town.cast.borrower.clone(), town.cast.agent.clone()] {
        let lacks = |role| refusals::Unauthorized {
            account: who.address(),
            role: id(role),
        };
        town.refuses(&who, caliber, &appraise(receipt, wad(1)), &lacks("APPRAISER"));
        town.refuses(&who, caliber, &insure(receipt, wad(1), U256::ZERO), &lacks("ATTESTOR"));
        town.refuses(&who, caliber, &policy(n(90 * 86_400), n(10_000)), &lacks("ADMIN"));
        town.refuses(&who, caliber, &decay(ray), &lacks("ADMIN"));
    }
    let lacks = refusals::Unauthorized {
        account: attestor.address(),
        role: id("APPRAISER"),
    };
    town.refuses(&attestor, caliber, &appraise(receipt, wad(1)), &lacks);
    let lacks = refusals::Unauthorized {
        account: appraiser.address(),
        role: id("ATTESTOR"),
    };
    town.refuses(&appraiser, caliber, &insure(receipt, wad(1), U256::ZERO), &lacks);
    for unknown in [U256::ZERO, n(3), n(1) << 64, U256::MAX] {
        let refusal = refusals::ERC721NonexistentToken { tokenId: unknown };
        town.refuses(&appraiser, caliber, &appraise(unknown, wad(1)), &refusal);
        town.refuses(&attestor, caliber, &insure(unknown, wad(1), U256::ZERO), &refusal);
    }
    for value in [U256::ZERO, n(1) << 128, U256::MAX] {
        town.refuses(
            &appraiser,
            caliber,
            &appraise(receipt, value),
            &range("appraisal", value, 1, u128::MAX),
        );
    }
    for value in [n(1) << 128, U256::MAX] {
        town.refuses(
            &attestor,
            caliber,
            &insure(receipt, value, U256::ZERO),
            &range("insuredValue", value, 0, u128::MAX),
        );
    }
    for until in [n(1) << 64, U256::MAX] {
        town.refuses(
            &attestor,
            caliber,
            &insure(receipt, wad(1), until),
            &range("insuredUntil", until, 0, u64::MAX.into()),
        );
    }
    for age in [U256::ZERO, n(86_399), n(366 * 86_400 + 1), U256::MAX] {
        town.refuses(
            &admin,
            caliber,
            &policy(age, n(10_000)),
            &range("maxAge", age, 86_400, 366 * 86_400),
        );
    }
    for cover in [U256::ZERO, n(4_999), n(20_001), n(65_536 + 10_000), U256::MAX] {
        town.refuses(
            &admin,
            caliber,
            &policy(n(86_400), cover),
            &range("minCoverBps", cover, 5_000, 20_000),
        );
    }
    let (fastest, slowest) = (999_999_978_020_447_331_861_593_082, 999_999_999_996_828_862_242_097_927);
    for factor in [
        U256::ZERO,
        n(fastest - 1),
        n(slowest + 1),
        ray - U256::ONE,
        ray + U256::ONE,
        U256::MAX,
    ] {
        town.refuses(&admin, caliber, &decay(factor), &range("factor", factor, fastest, slowest));
    }
}

#[test]
fn encumbrance_is_filos_alone_and_refuses_by_name() {
    let (mut town, a, b) = town_with_receipts();
    let (caliber, filo, owner) = (town.suite.caliber, town.suite.filo, town.cast.borrower.clone());
    let me = owner.address();
    let pledge = |receipts: &[U256], owner, loan| Caliber::pledgeCall {
        receipts: receipts.to_vec(),
        owner,
        loan,
    };
    let release = |receipts: &[U256], loan| Caliber::releaseCall {
        receipts: receipts.to_vec(),
        loan,
    };
    let one = U256::ONE;
    for caller in [
        me,
        town.cast.admin.address(),
        town.cast.curator.address(),
        town.suite.susdai,
        caliber,
    ] {
        town.refuses_as(caller, caliber, &pledge(&[a], me, one), &refusals::OnlyFilo { caller });
        town.refuses_as(caller, caliber, &release(&[a], one), &refusals::OnlyFilo { caller });
    }
    town.refuses_as(
        filo,
        caliber,
        &pledge(&[], me, one),
        &range("receipts", U256::ZERO, 1, u64::MAX.into()),
    );
    for loan in [U256::ZERO, (n(1) << 64) - U256::ONE, n(1) << 64, U256::MAX] {
        town.refuses_as(
            filo,
            caliber,
            &pledge(&[a], me, loan),
            &range("loan", loan, 1, u128::from(u64::MAX) - 1),
        );
        town.refuses_as(
            filo,
            caliber,
            &release(&[a], loan),
            &range("loan", loan, 1, u128::from(u64::MAX) - 1),
        );
    }
    for unknown in [U256::ZERO, n(3), U256::MAX] {
        let refusal = refusals::ERC721NonexistentToken { tokenId: unknown };
        town.refuses_as(filo, caliber, &pledge(&[a, unknown], me, one), &refusal);
        town.refuses_as(filo, caliber, &release(&[unknown], one), &refusal);
    }
    for other in [ZERO, town.stranger.address()] {
        let refusal = refusals::ERC721IncorrectOwner {
            sender: other,
            tokenId: a,
            owner: me,
        };
        town.refuses_as(filo, caliber, &pledge(&[a], other, one), &refusal);
    }
    town.refuses_as(
        filo,
        caliber,
        &pledge(&[a, b, a], me, one),
        &refusals::ReceiptPledged { receipt: a, loan: one },
    );
    town.refuses_as(
        filo,
        caliber,
        &release(&[a], one),
        &refusals::NotPledgedTo { receipt: a, loan: one },
    );

    let pledged = town.does(filo, caliber, &pledge(&[a], me, one));
    assert_eq!(
        (pledged.value, pledged.insuredUntil),
        (wad(100_000), town.now() + U256::from(365 * DAY))
    );
    let held = refusals::ReceiptPledged { receipt: a, loan: one };
    town.refuses_as(filo, caliber, &pledge(&[b, a], me, n(2)), &held);
    town.refuses_as(filo, caliber, &pledge(&[a], me, one), &held);
    town.refuses_as(
        filo,
        caliber,
        &release(&[a], n(2)),
        &refusals::NotPledgedTo { receipt: a, loan: n(2) },
    );
    town.refuses_as(
        filo,
        caliber,
        &release(&[a, b], one),
        &refusals::NotPledgedTo { receipt: b, loan: one },
    );
    // It does not move, by whomever and however.
    let other = town.stranger.clone();
    town.does(
        me,
        caliber,
        &Caliber::setApprovalForAllCall {
            operator: other.address(),
            approved: true,
        },
    );
    town.does(
        me,
        caliber,
        &Caliber::approveCall {
            to: other.address(),
            tokenId: a,
        },
    );
    for who in [&owner, &other] {
        let to = other.address();
        town.refuses(who, caliber, &Caliber::transferFromCall { from: me, to, tokenId: a }, &held);
        town.refuses(
            who,
            caliber,
            &Caliber::transferFromCall {
                from: me,
                to: me,
                tokenId: a,
            },
            &held,
        );
        town.refuses(who, caliber, &Caliber::safeTransferFrom_0Call { from: me, to, tokenId: a }, &held);
        town.refuses(
            who,
            caliber,
            &Caliber::safeTransferFrom_1Call {
                from: me,
                to,
                tokenId: a,
                data: vec![1].into(),
            },
            &held,
        );
    }
    town.does(filo, caliber, &release(&[a], one));
    town.refuses_as(
        filo,
        caliber,
        &release(&[a], one),
        &refusals::NotPledgedTo { receipt: a, loan: one },
    );

    // An appraisal counts through its last second.
    let appraised = town.now();
    town.node.chain.advance(180 * DAY);
    town.scene(|town| town.does(filo, caliber, &pledge(&[a], me, one)));
    town.node.chain.advance(1);
    for receipts in [vec![a], vec![b, a]] {
        let refusal = refusals::StaleAppraisal {
            receipt: receipts[0],
            appraisedAt: appraised,
        };
        town.refuses_as(filo, caliber, &pledge(&receipts, me, one), &refusal);
    }
    assert_eq!(town.read(caliber, &Caliber::valueOfCall { receipt: a }), U256::ZERO);
}

#[test]
fn title_moves_by_its_controller_alone() {
    let (mut town, a, b) = town_with_receipts();
    let (caliber, owner, stranger) = (town.suite.caliber, town.cast.borrower.clone(), town.stranger.clone());
    let (me, other) = (owner.address(), stranger.address());
    let transfer = |from, to, id| Caliber::transferFromCall { from, to, tokenId: id };
    for unknown in [U256::ZERO, n(3), U256::MAX] {
        let refusal = refusals::ERC721NonexistentToken { tokenId: unknown };
        town.refuses(&owner, caliber, &transfer(me, other, unknown), &refusal);
        town.refuses(
            &owner,
            caliber,
            &Caliber::approveCall {
                to: other,
                tokenId: unknown,
            },
            &refusal,
        );
        town.refuses(
            &owner,
            caliber,
            &Caliber::safeTransferFrom_0Call {
                from: me,
                to: other,
                tokenId: unknown,
            },
            &refusal,
        );
    }
    town.refuses(
        &owner,
        caliber,
        &transfer(me, ZERO, a),
        &refusals::ERC721InvalidReceiver { receiver: ZERO },
    );
    let unapproved = refusals::ERC721InsufficientApproval {
        operator: other,
        tokenId: a,
    };
    for call in [transfer(me, other, a), transfer(other, me, a), transfer(other, other, a)] {
        town.refuses(&stranger, caliber, &call, &unapproved);
    }
    for from in [other, ZERO, caliber] {
        let refusal = refusals::ERC721IncorrectOwner {
            sender: from,
            tokenId: a,
            owner: me,
        };
        town.refuses(&owner, caliber, &transfer(from, other, a), &refusal);
    }
    town.refuses(
        &stranger,
        caliber,
        &Caliber::approveCall { to: other, tokenId: a },
        &refusals::ERC721InvalidApprover { approver: other },
    );
    for approved in [true, false] {
        let call = Caliber::setApprovalForAllCall { operator: ZERO, approved };
        town.refuses(&owner, caliber, &call, &refusals::ERC721InvalidOperator { operator: ZERO });
    }
    // To oneself: allowed, and nothing doubles.
    town.does(me, caliber, &transfer(me, me, a));
    assert_eq!(town.read(caliber, &Caliber::balanceOfCall { owner: me }), n(2));
    // An approval is for one transfer.
    town.does(me, caliber, &Caliber::approveCall { to: other, tokenId: a });
    town.refuses(
        &stranger,
        caliber,
        &transfer(me, other, b),
        &refusals::ERC721InsufficientApproval {
            operator: other,
            tokenId: b,
        },
    );
    town.does(other, caliber, &transfer(me, other, a));
    town.does(other, caliber, &transfer(other, me, a));
    town.refuses(&stranger, caliber, &transfer(me, other, a), &unapproved);
    let nobody = Caliber::balanceOfCall { owner: ZERO };
    town.refuses(&owner, caliber, &nobody, &refusals::ERC721InvalidOwner { owner: ZERO });
}

#[test]
fn a_hostile_receiver_gets_a_receipt_once_or_not_at_all() {
    let (mut town, a, b) = town_with_receipts();
    let (caliber, owner) = (town.suite.caliber, town.cast.borrower.clone());
    let me = owner.address();
    let receiver = town.solidity("HostileReceiver", &[]);
    let mode = |mode| HostileToken::setModeCall { mode };
    let give = |to, id| Caliber::safeTransferFrom_0Call { from: me, to, tokenId: id };
    let refusal = refusals::ERC721InvalidReceiver { receiver };
    town.does(me, receiver, &mode(receiver_mode::REFUSE));
    town.refuses(&owner, caliber, &give(receiver, a), &refusal);
    town.refuses(
        &owner,
        caliber,
        &Caliber::safeTransferFrom_1Call {
            from: me,
            to: receiver,
            tokenId: a,
            data: vec![7].into(),
        },
        &refusal,
    );
    town.does(me, receiver, &mode(receiver_mode::REVERT));
    town.refuses(&owner, caliber, &give(receiver, a), &refusals::Hostile {});
    // A contract that knows no receipts, and CALIBER itself, which answers no call while it makes one.
    for to in [town.world.usdc, town.suite.router, caliber] {
        town.refuses(&owner, caliber, &give(to, a), &refusals::ERC721InvalidReceiver { receiver: to });
    }
    // Whatever it tries in the middle, it has received one receipt and done nothing else.
    town.does(
        me,
        caliber,
        &Caliber::setApprovalForAllCall {
            operator: receiver,
            approved: true,
        },
    );
    let other = town.stranger.address();
    town.does(me, receiver, &mode(receiver_mode::REENTER));
    let attempts = [
        Caliber::transferFromCall {
            from: receiver,
            to: other,
            tokenId: a,
        }
        .abi_encode(),
        Caliber::transferFromCall {
            from: me,
            to: other,
            tokenId: b,
        }
        .abi_encode(),
        Caliber::approveCall { to: other, tokenId: a }.abi_encode(),
        Caliber::setApprovalForAllCall {
            operator: other,
            approved: true,
        }
        .abi_encode(),
        Caliber::safeTransferFrom_0Call {
            from: me,
            to: receiver,
            tokenId: b,
        }
        .abi_encode(),
    ];
    for attempt in attempts {
        town.scene(|town| {
            town.does(
                me,
                receiver,
                &HostileToken::setAmbushCall {
                    target: caliber,
                    data: attempt.clone().into(),
                },
            );
            town.does(me, caliber, &give(receiver, a));
            assert!(town.read(receiver, &HostileToken::ambushedCall {}));
            assert!(!town.read(receiver, &HostileToken::ambushSucceededCall {}));
            assert_eq!(town.read(caliber, &Caliber::ownerOfCall { tokenId: a }), receiver);
            assert_eq!(town.read(caliber, &Caliber::ownerOfCall { tokenId: b }), me);
            assert_eq!(town.read(caliber, &Caliber::getApprovedCall { tokenId: a }), ZERO);
            for who in [me, receiver] {
                assert_eq!(town.read(caliber, &Caliber::balanceOfCall { owner: who }), n(1));
            }
            assert!(!town.read(
                caliber,
                &Caliber::isApprovedForAllCall {
                    owner: receiver,
                    operator: other
                }
            ));
            // A moment later it may, of its own.
            let later = town.raw(receiver, caliber, U256::ZERO, attempt.clone());
            assert!(later.success, "{later:?}");
        });
    }
}

/// A shock of a class costs the same over one receipt and over ten thousand, and reaches every one of them.
#[test]
fn a_shock_costs_the_same_over_ten_thousand_receipts_as_over_one() {
    let mut town = Town::deployed();
    let (agent, admin, caliber) = (town.cast.agent.address(), town.cast.admin.address(), town.suite.caliber);
    let good = issue(&town, "first");
    let lot = |manifest: B256| Caliber::Lot {
        owner: good.owner,
        hardwareClass: good.hardwareClass,
        units: good.units,
        manifestHash: manifest,
        agreementHash: good.agreementHash,
        agreementUri: String::new(),
        custodian: good.custodian,
        appraisal: good.appraisal,
        insuredValue: good.insuredValue,
        insuredUntil: good.insuredUntil,
    };
    let shock = Caliber::shockClassCall {
        hardwareClass: good.hardwareClass,
        bps: n(100),
    };
    town.does(agent, caliber, &good);
    // The first shock of a class writes its word; the ones to compare are the next.
    town.does(admin, caliber, &shock);
    let of_one = town.attempt(admin, caliber, &shock).expect("a shock").gas_used;
    for batch in 0..100u64 {
        let lots = (0..100u64)
            .map(|number| lot(keccak256((batch * 100 + number).to_be_bytes())))
            .collect();
        town.does(agent, caliber, &Caliber::issueBatchCall { lots });
    }
    assert_eq!(town.read(caliber, &Caliber::lastReceiptCall {}), n(10_001));
    let of_all = town.attempt(admin, caliber, &shock).expect("a shock").gas_used;
    println!("a shock: {of_one} gas over one receipt, {of_all} over 10,001");
    assert_eq!(of_one, of_all);
    // A hundredth of what was appraised before it, less what a few seconds take.
    for receipt in [2u64, 5_000, 10_001] {
        let value = town.read(
            caliber,
            &Caliber::valueOfCall {
                receipt: U256::from(receipt),
            },
        );
        assert!(value <= wad(99_000) && value > wad(98_900), "{value}");
    }
}

/// 64 receipts with a URI of two words each, in one transaction that fits into a block.
#[test]
fn sixty_four_receipts_are_issued_in_one_call() {
    let mut town = Town::deployed();
    let (agent, caliber) = (town.cast.agent.address(), town.suite.caliber);
    let good = issue(&town, "first");
    let lots: Vec<_> = (0..64u64)
        .map(|number| Caliber::Lot {
            owner: good.owner,
            hardwareClass: good.hardwareClass,
            units: good.units,
            manifestHash: keccak256(number.to_be_bytes()),
            agreementHash: good.agreementHash,
            agreementUri: "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi".into(),
            custodian: good.custodian,
            appraisal: good.appraisal,
            insuredValue: good.insuredValue,
            insuredUntil: good.insuredUntil,
        })
        .collect();
    let receipt = town
        .attempt(agent, caliber, &Caliber::issueBatchCall { lots })
        .unwrap_or_else(|refusal| panic!("{refusal}"));
    println!("64 receipts: {} gas", receipt.gas_used);
    assert!(receipt.gas_used < 32_000_000);
    assert_eq!(town.read(caliber, &Caliber::lastReceiptCall {}), n(64));
    let last = town.read(caliber, &Caliber::receiptOfCall { receipt: n(64) });
    assert_eq!(last.owner, good.owner);
    assert_eq!(last.value, wad(100_000));
}

/// Values of many receipts in one call; a receipt sent with words to whoever takes it.
#[test]
fn receipts_are_appraised_in_one_call_and_sent_with_words() {
    let mut town = Town::deployed();
    let (agent, appraiser, caliber) = (town.cast.agent.address(), town.cast.appraiser.address(), town.suite.caliber);
    let receipts: Vec<_> = ["first", "second"]
        .iter()
        .map(|manifest| {
            let call = issue(&town, manifest);
            town.does(agent, caliber, &call)
        })
        .collect();
    let values = vec![wad(90_000), wad(80_000)];
    let batch = Caliber::appraiseBatchCall {
        receipts: receipts.clone(),
        values: values.clone(),
    };
    town.does(appraiser, caliber, &batch);
    for (receipt, value) in receipts.iter().zip(values) {
        assert_eq!(town.read(caliber, &Caliber::valueOfCall { receipt: *receipt }), value);
        let said = town.read(caliber, &Caliber::appraisalsOfCall { receipt: *receipt });
        assert!(
            said.iter().any(|said| (said.appraiser, said.value) == (appraiser, value)),
            "{said:?}"
        );
    }
    let owner = town.read(caliber, &Caliber::ownerOfCall { tokenId: receipts[0] });
    let to = town.solidity("HostileReceiver", &[]);
    let give = Caliber::safeTransferFrom_1Call {
        from: owner,
        to,
        tokenId: receipts[0],
        data: vec![1, 2, 3].into(),
    };
    town.does(owner, caliber, &give);
    assert_eq!(town.read(caliber, &Caliber::ownerOfCall { tokenId: receipts[0] }), to);
}

//! The redemption queue on its WASM.

use alloy_primitives::{Address, B256, U256};
use scenarios::{
    abi::{Queue, Vault},
    hands::{kept_of, n, wad},
    refusals,
    usdai_cli::node::Person,
    Town,
};

const ZERO: Address = Address::ZERO;

fn claim(position: U256, receiver: Address) -> Queue::claimCall {
    Queue::claimCall { position, receiver }
}

/// Alice, who has asked 100 of her 1,000 sUSDai out, and the number of her position.
fn town_with_alice() -> (Town, Person, U256) {
    let mut town = Town::deployed();
    let alice = town.cast.depositor.clone();
    let me = alice.address();
    town.give_susdai(me, 1_000);
    let position = request(&mut town, me, 100);
    (town, alice, position)
}

fn request(town: &mut Town, who: Address, whole: u64) -> U256 {
    let call = Vault::requestRedeemCall {
        shares: wad(whole),
        controller: who,
        owner: who,
    };
    town.does(who, town.suite.susdai, &call)
}

fn settle(town: &mut Town) {
    let (qev, anybody) = (town.suite.qev, town.stranger.address());
    let end = town.read(qev, &Queue::epochEndCall {});
    town.node.chain.warp_to(end.to());
    town.does(anybody, qev, &Queue::settleCall { maxSteps: U256::ONE });
}

#[test]
fn settlement_refuses_by_name() {
    let (mut town, _, _) = town_with_alice();
    let (qev, stranger) = (town.suite.qev, town.stranger.clone());
    let call = |steps| Queue::settleCall { maxSteps: steps };
    town.refuses(&stranger, qev, &call(U256::ZERO), &refusals::ZeroSteps {});
    let end = town.read(qev, &Queue::epochEndCall {});
    let early = |town: &Town, epoch, end| refusals::EpochNotEnded {
        epoch,
        endsAt: end,
        timestamp: town.now(),
    };
    for at in [town.now(), end - U256::ONE] {
        town.node.chain.warp_to(at.to());
        let refusal = early(&town, U256::ZERO, end);
        town.refuses(&stranger, qev, &call(U256::ONE), &refusal);
        town.refuses(&stranger, qev, &call(U256::MAX), &refusal);
    }
    town.node.chain.warp_to(end.to());
    town.refuses(&stranger, qev, &call(U256::ZERO), &refusals::ZeroSteps {});
    town.does(stranger.address(), qev, &call(U256::MAX));
    // Once an epoch.
    let next = town.read(qev, &Queue::epochEndCall {});
    let refusal = early(&town, U256::ONE, next);
    town.refuses(&stranger, qev, &call(U256::ONE), &refusal);
    // Long after: one settlement for all that has ended.
    town.node.chain.advance(300 * 86_400);
    town.does(stranger.address(), qev, &call(U256::ONE));
    let (epoch, next) = (town.read(qev, &Queue::epochCall {}), town.read(qev, &Queue::epochEndCall {}));
    let refusal = early(&town, epoch, next);
    town.refuses(&stranger, qev, &call(U256::ONE), &refusal);
}

/// What the vault promises is when a settlement can be made: while one is due that is a second that has passed, and not the end of the epoch
/// that runs.
#[test]
fn the_next_redemptions_can_be_settled_from_the_end_of_the_first_unsettled_epoch() {
    let (mut town, _, _) = town_with_alice();
    let (qev, susdai, anybody) = (town.suite.qev, town.suite.susdai, town.stranger.address());
    let next = |town: &mut Town| {
        let vaults = town.read(susdai, &Vault::redemptionTimestampCall {});
        assert_eq!(vaults, town.read(qev, &Queue::nextSettlementCall {}));
        vaults
    };
    let call = Queue::settleCall { maxSteps: U256::MAX };
    let first = town.read(qev, &Queue::epochEndCall {});
    assert_eq!(next(&mut town), first);
    town.node.chain.warp_to(first.to::<u64>() + 40 * 86_400);
    let end = town.read(qev, &Queue::epochEndCall {});
    assert!(end > first + n(30 * 86_400), "another epoch has ended");
    assert_eq!(next(&mut town), first, "since then");
    town.does(anybody, qev, &call);
    assert_eq!(next(&mut town), end);
    town.node.chain.warp_to(end.to::<u64>() - 1);
    let early = refusals::EpochNotEnded {
        epoch: town.read(qev, &Queue::epochCall {}),
        endsAt: end,
        timestamp: end - U256::ONE,
    };
    town.refuses_as(anybody, qev, &call, &early);
    town.node.chain.warp_to(end.to());
    town.does(anybody, qev, &call);
}

#[test]
fn positions_are_opened_by_the_vault_alone() {
    let (mut town, _, position) = town_with_alice();
    let (qev, susdai) = (town.suite.qev, town.suite.susdai);
    let open = |controller, shares| Queue::openPositionCall { controller, shares };
    for caller in [
        town.stranger.address(),
        town.cast.admin.address(),
        town.suite.router,
        town.suite.filo,
        qev,
    ] {
        town.refuses_as(caller, qev, &open(caller, wad(1)), &refusals::OnlyVault { caller });
        for amount in [U256::ZERO, wad(1)] {
            let refusal = refusals::OnlyVault { caller };
            town.refuses_as(
                caller,
                qev,
                &Queue::claimSharesCall {
                    controller: caller,
                    shares: amount,
                    receiver: caller,
                },
                &refusal,
            );
            town.refuses_as(
                caller,
                qev,
                &Queue::claimAssetsCall {
                    controller: caller,
                    assets: amount,
                    receiver: caller,
                },
                &refusal,
            );
        }
    }
    let alice = town.cast.depositor.address();
    town.refuses_as(susdai, qev, &open(ZERO, wad(1)), &refusals::ZeroAddress {});
    town.refuses_as(susdai, qev, &open(alice, U256::ZERO), &refusals::ZeroAmount {});
    // 100 are in the lane already.
    for shares in [n(u128::MAX), n(u128::MAX) + U256::ONE, U256::MAX] {
        town.refuses_as(susdai, qev, &open(alice, shares), &refusals::SharesOutOfRange { shares });
    }
    let by_shares = |shares, receiver| Queue::claimSharesCall {
        controller: alice,
        shares,
        receiver,
    };
    let by_assets = |assets, receiver| Queue::claimAssetsCall {
        controller: alice,
        assets,
        receiver,
    };
    town.refuses_as(susdai, qev, &by_shares(U256::ZERO, alice), &refusals::ZeroAmount {});
    town.refuses_as(susdai, qev, &by_assets(U256::ZERO, alice), &refusals::ZeroAmount {});
    for receiver in [ZERO, qev, susdai] {
        town.refuses_as(susdai, qev, &by_shares(wad(1), receiver), &refusals::InvalidReceiver { receiver });
        town.refuses_as(susdai, qev, &by_assets(wad(1), receiver), &refusals::InvalidReceiver { receiver });
    }
    for requested in [U256::ONE, U256::MAX] {
        let refusal = refusals::ExceedsClaimable {
            controller: alice,
            requested,
            claimable: U256::ZERO,
        };
        town.refuses_as(susdai, qev, &by_shares(requested, alice), &refusal);
        town.refuses_as(susdai, qev, &by_assets(requested, alice), &refusal);
    }
    assert_eq!(
        town.read(
            qev,
            &Queue::positionAtCall {
                controller: alice,
                index: U256::ZERO
            }
        ),
        position
    );
    for index in [U256::ONE, U256::MAX] {
        let call = Queue::positionAtCall { controller: alice, index };
        town.refuses_as(alice, qev, &call, &refusals::NoPositionAt { controller: alice, index });
    }
}

#[test]
fn claims_refuse_by_name() {
    let (mut town, alice, position) = town_with_alice();
    let (qev, me, stranger) = (town.suite.qev, alice.address(), town.stranger.clone());
    let refuses_always = |town: &mut Town| {
        for unknown in [
            U256::ZERO,
            position + U256::ONE,
            U256::from(u64::MAX) + position + U256::ONE,
            U256::MAX,
        ] {
            town.refuses(&alice, qev, &claim(unknown, me), &refusals::UnknownPosition { position: unknown });
        }
        for receiver in [ZERO, qev, town.suite.susdai] {
            town.refuses(&alice, qev, &claim(position, receiver), &refusals::InvalidReceiver { receiver });
        }
        let refusal = refusals::NotController {
            position,
            caller: stranger.address(),
        };
        town.refuses(&stranger, qev, &claim(position, stranger.address()), &refusal);
    };
    refuses_always(&mut town);
    town.refuses(&alice, qev, &claim(position, me), &refusals::NothingToClaim { position });
    settle(&mut town);
    refuses_always(&mut town);
    // The vault's operator of the controller may; the receiver is its choice, as it is through the vault.
    let consent = |approved| Vault::setOperatorCall {
        operator: stranger.address(),
        approved,
    };
    town.does(me, town.suite.susdai, &consent(true));
    let operated = town.scene(|town| town.does(stranger.address(), qev, &claim(position, stranger.address())));
    assert_eq!(operated, wad(100));
    town.does(me, town.suite.susdai, &consent(false));
    refuses_always(&mut town);
    assert_eq!(town.does(me, qev, &claim(position, me)), wad(100));
    // Nothing is left of it, so it is no more.
    town.refuses(&alice, qev, &claim(position, me), &refusals::UnknownPosition { position });
    assert_eq!(
        (town.balance(town.suite.usdai, qev), town.balance(town.suite.usdai, me)),
        (U256::ZERO, wad(100))
    );
}

#[test]
fn who_comes_in_the_reveal_window_waits_for_the_next_settlement() {
    let (mut town, alice, early) = town_with_alice();
    let (qev, me) = (town.suite.qev, alice.address());
    let end = town.read(qev, &Queue::epochEndCall {});
    town.node.chain.warp_to(end.to::<u64>() - 2 * 86_400);
    let late = request(&mut town, me, 50);
    settle(&mut town);
    assert_eq!(town.does(me, qev, &claim(early, me)), wad(100));
    town.refuses(&alice, qev, &claim(late, me), &refusals::NothingToClaim { position: late });
    settle(&mut town);
    assert_eq!(town.does(me, qev, &claim(late, me)), wad(50));
}

/// 50 positions and one: settled at the same cost, and each gets its own.
#[test]
fn settlement_costs_the_same_whatever_the_number_of_positions() {
    let (mut town, alice, first) = town_with_alice();
    let (qev, me, anybody) = (town.suite.qev, alice.address(), town.stranger.address());
    let call = Queue::settleCall { maxSteps: U256::ONE };
    let cost = |town: &mut Town| {
        let end = town.read(qev, &Queue::epochEndCall {});
        town.node.chain.warp_to(end.to());
        town.attempt(anybody, qev, &call).unwrap().gas_used
    };
    let one = town.scene(cost);
    let mut positions = vec![first];
    for _ in 0..49 {
        positions.push(request(&mut town, me, 2));
    }
    let fifty = cost(&mut town);
    assert!(fifty <= one + one / 50, "{fifty} for fifty, {one} for one");
    for position in positions.into_iter().rev() {
        town.does(me, qev, &claim(position, me));
    }
    assert_eq!(
        (town.balance(town.suite.usdai, qev), town.balance(town.suite.usdai, me)),
        (U256::ZERO, wad(198))
    );
}

/// While bidding is open a sealed bid is exchanged for another as often as its holder will; only the last one can be opened, and no bond is lost.
#[test]
fn a_sealed_bid_is_replaced_while_bidding_is_open() {
    let (mut town, alice, position) = town_with_alice();
    let (qev, me) = (town.suite.qev, alice.address());
    // There is no lane of tick 1: such a bid could not be opened.
    let no_lane = refusals::InvalidTick {
        tick: U256::ONE,
        reserve: n(2),
    };
    let (tick, salt) = (1, B256::ZERO);
    town.refuses_as(me, qev, &Queue::commitmentOfCall { position, tick, salt }, &no_lane);
    let bids = [(10u8, 0x0a), (200, 0x0b), (20, 0x0c)].map(|(tick, byte)| (tick, B256::repeat_byte(byte)));
    let mut sealed = Vec::new();
    for (tick, salt) in bids {
        let commitment = town.read(qev, &Queue::commitmentOfCall { position, tick, salt });
        town.does(me, qev, &Queue::commitBid_0Call { position, commitment });
        sealed.push(commitment);
    }
    let end = town.read(qev, &Queue::epochEndCall {});
    let begins = end - town.read(qev, &Queue::scheduleCall {}).revealSeconds;
    town.node.chain.warp_to(begins.to());
    let late = Queue::commitBid_0Call {
        position,
        commitment: sealed[0],
    };
    let ended = refusals::BiddingEnded {
        epoch: U256::ZERO,
        endedAt: begins,
        timestamp: begins,
    };
    town.refuses(&alice, qev, &late, &ended);
    for (index, (tick, salt)) in bids[..2].iter().copied().enumerate() {
        let wrong = refusals::WrongOpening {
            position,
            opened: sealed[index],
            commitment: kept_of(sealed[2]),
        };
        town.refuses(&alice, qev, &Queue::revealBidCall { position, tick, salt }, &wrong);
    }
    let (tick, salt) = bids[2];
    town.does(me, qev, &Queue::revealBidCall { position, tick, salt });
    let at = town.read(qev, &Queue::positionCall { position });
    assert_eq!((at.lane, at.pending), (tick, wad(100)));
}

//! Exits of the vault and of the queue: asking to leave, what is settled, what waits, bids, places that are sold, and the whole way.

use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolError};
use scenarios::{
    abi::{Erc20, Gateway, Queue, Usdai, Vault},
    hands::{kept_of, n, scaled, wad},
    refusals,
    scenes::{Scene, Stage},
};

use crate::stage::{salt, Leaving, Phase, ANN, BARRED, HEIR, OPERATOR, OTHERS_BARRED, PAUSED, TICK};

impl Leaving {
    /// Asserts that `who` is refused with exactly `error`, in words that name the scene.
    fn refuses<C: SolCall, E: SolError>(&mut self, who: Address, to: Address, call: &C, error: &E) {
        self.town().refuses_as(who, to, call, error);
    }

    fn held(&mut self, token: Address, who: Address) -> U256 {
        self.town().balance(token, who)
    }

    /// `who` has `call` pay Heir `assets`, and everything is taken back.
    fn pays<C: SolCall>(&mut self, who: Address, to: Address, call: &C, assets: U256, scene: &Scene) {
        self.scene(|stage| {
            let usdai = stage.usdai;
            let before = stage.held(usdai, HEIR);
            stage.town().does(who, to, call);
            assert_eq!(stage.held(usdai, HEIR) - before, assets, "{scene}: {}", C::SIGNATURE);
        });
    }
}

fn barred(account: Address) -> refusals::AccountBlacklisted {
    refusals::AccountBlacklisted { account }
}

/// By id, with a hint, with a wrong one, by who is approved, by an operator, all at once, through the vault by shares and by assets, and
/// through the gateway to the base token: neither a pause nor an epoch nor a loss nor anybody else stops a claim.
#[test]
fn what_is_settled_is_claimed() {
    Leaving::set().in_each(|stage, scene| {
        let (queue, vault) = (stage.queue, stage.vault);
        let (mut owed, mut positions) = (U256::ZERO, Vec::new());
        for position in stage.hers() {
            let at = stage.position(position);
            let claim = Queue::claimCall { position, receiver: HEIR };
            if scene.disturbance == BARRED {
                stage.refuses(ANN, queue, &claim, &barred(ANN));
                continue;
            }
            if at.claimableShares.is_zero() {
                stage.refuses(ANN, queue, &claim, &refusals::NothingToClaim { position });
                continue;
            }
            stage.pays(ANN, queue, &claim, at.claimableAssets, scene);
            stage.pays(OPERATOR, queue, &claim, at.claimableAssets, scene);
            stage.scene(|stage| {
                stage.town().does(
                    ANN,
                    queue,
                    &Queue::approveCall {
                        to: HEIR,
                        tokenId: position,
                    },
                );
                stage.pays(HEIR, queue, &claim, at.claimableAssets, scene);
            });
            let right = stage.town().read(queue, &Queue::claimHintCall { position });
            for hint in [right, right + U256::ONE, U256::MAX] {
                let with_hint = Queue::claimWithHintCall {
                    position,
                    receiver: HEIR,
                    hint,
                };
                stage.pays(ANN, queue, &with_hint, at.claimableAssets, scene);
            }
            owed += at.claimableAssets;
            positions.push(position);
        }
        assert_eq!(
            stage.town().read(vault, &Vault::maxWithdrawCall { controller: ANN }),
            owed,
            "{scene}"
        );
        let shares = stage.town().read(vault, &Vault::maxRedeemCall { controller: ANN });
        let redeem = Vault::redeemCall {
            shares: shares.max(U256::ONE),
            receiver: HEIR,
            controller: ANN,
        };
        if scene.disturbance == BARRED {
            stage.refuses(ANN, vault, &redeem, &barred(ANN));
            stage.set_barred(ANN, false);
            assert!(
                stage.town().read(vault, &Vault::maxWithdrawCall { controller: ANN }) > U256::ZERO,
                "{scene}"
            );
            return;
        }
        assert!(owed > U256::ZERO && shares > U256::ZERO, "{scene}");
        let many = Queue::claimManyCall {
            positions,
            receiver: HEIR,
            minAssets: owed,
        };
        let withdraw = Vault::withdrawCall {
            assets: owed,
            receiver: HEIR,
            controller: ANN,
        };
        stage.pays(ANN, queue, &many, owed, scene);
        for who in [ANN, OPERATOR] {
            stage.pays(who, vault, &redeem, owed, scene);
            stage.pays(who, vault, &withdraw, owed, scene);
        }
        stage.claims_to_base_token(owed, scene);
    });
}

impl Leaving {
    fn claims_to_base_token(&mut self, owed: U256, scene: &Scene) {
        let (gateway, base, usdai) = (self.town().suite.gateway, self.town().world.wrapped_m, self.usdai);
        let claim = Gateway::claimToCall {
            shares: U256::MAX,
            token: base,
            minAmount: U256::ZERO,
            receiver: HEIR,
            deadline: U256::MAX,
        };
        match scene.disturbance {
            PAUSED => self.refuses(ANN, gateway, &claim, &Usdai::WithdrawalsPaused {}),
            OTHERS_BARRED => self.refuses(ANN, gateway, &claim, &barred(gateway)),
            _ => {
                self.town().does(ANN, gateway, &claim);
                assert_eq!(scaled(self.held(base, HEIR)) + self.held(usdai, HEIR), owed, "{scene}");
            }
        }
    }
}

/// Out of the par lane at any time; out of a lane of bids as soon as what was bid for is settled, which anybody does; with a sealed bid
/// after it is taken back, with the bond while nobody opens bids yet.
#[test]
fn who_waits_takes_shares_back() {
    Leaving::set().in_each(|stage, scene| {
        let (queue, is_sealed, phase) = (stage.queue, stage.is_sealed(), stage.phase());
        for position in stage.hers() {
            let cancel = Queue::cancelCall {
                position,
                shares: U256::MAX,
                receiver: ANN,
            };
            let at = stage.position(position);
            if position == stage.sealed && is_sealed {
                stage.refuses(ANN, queue, &cancel, &refusals::BidSealed { position });
                stage.scene(|stage| {
                    stage.town().does(ANN, queue, &Queue::abandonBidCall { position });
                    // A bond is half a per cent.
                    let left = if phase == Phase::Bidding { wad(2_000) } else { wad(1_990) };
                    if scene.disturbance == BARRED {
                        stage.refuses(ANN, queue, &cancel, &barred(ANN));
                    } else {
                        stage.cancels(&cancel, left, scene);
                    }
                });
            } else if at.lane != 0 && phase != Phase::Bidding {
                stage.refuses_to_move(ANN, queue, &cancel);
                if scene.disturbance != BARRED {
                    stage.scene(|stage| {
                        stage.wait_for_bidding();
                        let left = stage.position(position).pending;
                        stage.cancels_or_has_nothing(&cancel, left, scene);
                    });
                }
            } else if scene.disturbance == BARRED {
                stage.refuses(ANN, queue, &cancel, &barred(ANN));
            } else {
                stage.scene(|stage| stage.cancels_or_has_nothing(&cancel, at.pending, scene));
            }
        }
    });
}

impl Leaving {
    fn cancels(&mut self, cancel: &Queue::cancelCall, shares: U256, scene: &Scene) {
        let (queue, vault) = (self.queue, self.vault);
        let before = self.held(vault, ANN);
        assert_eq!(self.town().does(ANN, queue, cancel), shares, "{scene}");
        assert_eq!(self.held(vault, ANN) - before, shares, "{scene}");
    }

    fn cancels_or_has_nothing(&mut self, cancel: &Queue::cancelCall, shares: U256, scene: &Scene) {
        if shares.is_zero() {
            let queue = self.queue;
            self.refuses(ANN, queue, cancel, &refusals::ZeroAmount {});
        } else {
            self.cancels(cancel, shares, scene);
        }
    }
}

/// In the window of its epoch a bid is opened and the bond comes back, whatever others settled, forfeited or paused; afterwards it has lapsed.
#[test]
fn a_sealed_bid_is_opened_in_its_window() {
    let mut opened = 0;
    Leaving::set().in_each(|stage, scene| {
        let (queue, position, is_sealed) = (stage.queue, stage.sealed, stage.is_sealed());
        let (epoch, timestamp, begins_at) = (stage.epoch(), stage.town().now(), stage.window());
        let reveal = Queue::revealBidCall {
            position,
            tick: TICK,
            salt: salt(),
        };
        if timestamp < begins_at {
            let early = refusals::RevealNotBegun {
                epoch,
                beginsAt: begins_at,
                timestamp,
            };
            stage.refuses(ANN, queue, &reveal, &early);
        } else if !is_sealed {
            stage.refuses(ANN, queue, &reveal, &refusals::NoBid { position, epoch });
        } else {
            for who in [ANN, OPERATOR] {
                stage.scene(|stage| {
                    stage.town().does(who, queue, &reveal);
                    let at = stage.position(position);
                    assert_eq!((at.lane, at.pending), (TICK, wad(2_000)), "{scene}: with its bond");
                });
            }
            opened += 1;
        }
        if !is_sealed {
            // What lapsed costs its bond and nothing else, and does not stop the place.
            let at = stage.position(position);
            assert_eq!(at.pending + at.claimableShares, wad(1_990), "{scene}");
        }
    });
    assert_eq!(opened, Leaving::DISTURBANCES.len(), "in the window, under everything");
}

/// Nothing but the vault's pause and being barred stops a request: not the epoch, not a loss, not a crowd; and shares move.
#[test]
fn whoever_has_shares_asks_to_leave() {
    Leaving::set().in_each(|stage, scene| {
        let vault = stage.vault;
        let request = Vault::requestRedeemCall {
            shares: wad(10),
            controller: ANN,
            owner: ANN,
        };
        let transfer = Erc20::transferCall { to: HEIR, value: wad(5) };
        match scene.disturbance {
            PAUSED => stage.refuses(ANN, vault, &request, &refusals::EnforcedPause {}),
            BARRED => stage.refuses(ANN, vault, &request, &barred(ANN)),
            _ => {
                for who in [ANN, OPERATOR] {
                    let position = stage.town().does(who, vault, &request);
                    assert_eq!(stage.position(position).pending, wad(10), "{scene}");
                }
            }
        }
        if scene.disturbance == BARRED {
            stage.refuses(ANN, vault, &transfer, &barred(ANN));
        } else {
            stage.town().does(ANN, vault, &transfer);
            assert_eq!(stage.held(vault, HEIR), wad(5), "{scene}");
        }
        stage.requests_and_bids(scene);
    });
}

impl Leaving {
    /// In one journey, while bids can be sealed.
    fn requests_and_bids(&mut self, scene: &Scene) {
        let (queue, gateway) = (self.queue, self.town().suite.gateway);
        let number = self.town().read(queue, &Queue::nextPositionCall {});
        let position = U256::from_be_slice(ANN.as_slice()) << 96 | number;
        let of = Queue::commitmentOfCall {
            position,
            tick: TICK,
            salt: salt(),
        };
        let commitment = self.town().read(queue, &of);
        let journey = Gateway::requestAndBidCall {
            shares: wad(10),
            position,
            commitment,
            maxTick: TICK,
            deadline: U256::MAX,
        };
        match (scene.disturbance, self.phase()) {
            (PAUSED, _) => self.refuses(ANN, gateway, &journey, &refusals::EnforcedPause {}),
            (BARRED, _) => self.refuses(ANN, gateway, &journey, &barred(ANN)),
            (OTHERS_BARRED, _) => self.refuses(ANN, gateway, &journey, &barred(gateway)),
            (_, Phase::Bidding) => {
                assert_eq!(self.town().does(ANN, gateway, &journey), position, "{scene}");
                let bid = self.town().read(queue, &Queue::bidOfCall { position });
                assert_eq!((bid.commitment, bid.maxTick), (kept_of(commitment), TICK), "{scene}");
            }
            (_, _) => self.refuses_to_move(ANN, gateway, &journey),
        }
    }

    /// Bids are not sealed or withdrawn now, which the error says.
    fn refuses_to_move<C: SolCall>(&mut self, who: Address, to: Address, call: &C) {
        let (epoch, timestamp) = (self.epoch(), self.town().now());
        if self.phase() == Phase::Unsettled {
            let epoch = epoch - U256::ONE;
            self.refuses(who, to, call, &refusals::EpochNotSettled { epoch });
        } else {
            let ended = refusals::BiddingEnded {
                epoch,
                endedAt: self.window(),
                timestamp,
            };
            self.refuses(who, to, call, &ended);
        }
    }
}

/// A place goes to whoever buys it, with what is settled of it and what waits; it is the buyer's like any other.
#[test]
fn a_place_is_sold_and_its_buyer_leaves() {
    Leaving::set().in_each(|stage, scene| {
        let queue = stage.queue;
        for position in stage.hers() {
            let sale = Queue::transferFromCall {
                from: ANN,
                to: HEIR,
                tokenId: position,
            };
            if scene.disturbance == BARRED {
                stage.refuses(ANN, queue, &sale, &barred(ANN));
                continue;
            }
            stage.scene(|stage| {
                let (at, is_bid_sealed) = (stage.position(position), position == stage.sealed && stage.is_sealed());
                stage.town().does(ANN, queue, &sale);
                assert_eq!(stage.position(position).controller, HEIR, "{scene}");
                if !at.claimableShares.is_zero() {
                    let claim = Queue::claimCall { position, receiver: HEIR };
                    stage.pays(HEIR, queue, &claim, at.claimableAssets, scene);
                    let theirs = refusals::NotController { position, caller: ANN };
                    stage.refuses(ANN, queue, &claim, &theirs);
                }
                if at.lane == 0 && !at.pending.is_zero() && !is_bid_sealed {
                    let cancel = Queue::cancelCall {
                        position,
                        shares: U256::MAX,
                        receiver: HEIR,
                    };
                    assert_eq!(stage.town().does(HEIR, queue, &cancel), at.pending, "{scene}");
                }
            });
        }
    });
}

/// The whole way: what is overdue is marked and what has ended is settled by anybody, a lane at a time; loans that can be are paid; then
/// every place is paid in full and gone, and the money is base token, unless USDai's withdrawals are paused.
#[test]
fn whoever_waits_is_paid_once_there_is_money() {
    Leaving::set().in_each(|stage, scene| {
        let (queue, usdai) = (stage.queue, stage.usdai);
        if scene.disturbance == BARRED {
            stage.set_barred(ANN, false);
        }
        stage.pay_all();
        stage.settle_all();
        for _ in 0..2 {
            stage.wait_for_epoch_end();
            stage.settle_all();
        }
        let owed: U256 = stage
            .hers()
            .map(|position| stage.position(position).claimableAssets)
            .into_iter()
            .sum();
        for position in stage.hers() {
            assert_eq!(stage.position(position).pending, U256::ZERO, "{scene}");
        }
        let claim = Queue::claimManyCall {
            positions: stage.hers().to_vec(),
            receiver: ANN,
            minAssets: owed,
        };
        let before = stage.held(usdai, ANN);
        stage.town().does(ANN, queue, &claim);
        assert_eq!(stage.held(usdai, ANN) - before, owed, "{scene}");
        for position in stage.hers() {
            let gone = Queue::positionCall { position };
            stage.refuses(ANN, queue, &gone, &refusals::UnknownPosition { position });
        }
        let base = stage.town().world.wrapped_m;
        let withdraw = Usdai::withdraw_0Call {
            withdrawToken: base,
            usdaiAmount: owed,
            withdrawAmountMinimum: owed / n(1_000_000_000_000),
            recipient: HEIR,
        };
        if scene.disturbance == PAUSED {
            stage.refuses(ANN, usdai, &withdraw, &Usdai::WithdrawalsPaused {});
        } else {
            let paid = stage.town().does(ANN, usdai, &withdraw);
            assert_eq!(stage.held(base, HEIR), paid, "{scene}");
        }
    });
}

//! The properties of ERC-7540 (asynchronous redemption) over the sUSDai vault on its WASM: conversions are inverse, `max…` never reverts,
//! nobody claims more than it says or requests more than he has, previews refuse, all that it says can be claimed; and what the standard says
//! of requests, operators and events. Claims are looked at on each of their three paths: `redeem`, `withdraw`, and the queue's own by
//! position.

use alloy_primitives::{Address, FixedBytes, U256};
use alloy_sol_types::SolCall;
use scenarios::{
    abi::{Erc165, Erc20, Queue, Vault},
    refusals,
    vault::{cases_in_each, floor_div, in_each, Stage, State, VIRTUAL, WAD},
};
use stylus_chain::Receipt;

/// Cases of a property in a state.
const CASES: u64 = 12;
/// Cases of one that goes through a settlement.
const TRIPS: u64 = 5;

/// How to claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Path {
    Redeem,
    Withdraw,
    /// Position by position, from the queue itself.
    Queue,
}

impl Path {
    const ALL: [Self; 3] = [Self::Redeem, Self::Withdraw, Self::Queue];

    /// `who` claims all of `positions`, which are all that it has; what it was paid.
    fn claim_all(self, stage: &mut Stage, who: Address, positions: &[U256]) -> U256 {
        let before = stage.pocket(who);
        let said = match self {
            Self::Redeem => {
                let most = stage.max_redeem(who);
                stage.redeem(who, most)
            }
            Self::Withdraw => {
                let most = stage.max_withdraw(who);
                stage.withdraw(who, most);
                most
            }
            Self::Queue => {
                let queue = stage.queue;
                let claims = positions
                    .iter()
                    .map(|position| stage.town.does(who, queue, &claim(*position, who)))
                    .collect::<Vec<_>>();
                claims.into_iter().sum()
            }
        };
        let paid = stage.pocket(who) - before;
        assert_eq!(said, paid, "{self:?}");
        paid
    }
}

fn claim(position: U256, receiver: Address) -> Queue::claimCall {
    Queue::claimCall { position, receiver }
}

fn request(shares: U256, controller: Address, owner: Address) -> Vault::requestRedeemCall {
    Vault::requestRedeemCall { shares, controller, owner }
}

fn redeem(shares: U256, receiver: Address, controller: Address) -> Vault::redeemCall {
    Vault::redeemCall {
        shares,
        receiver,
        controller,
    }
}

fn withdraw(assets: U256, receiver: Address, controller: Address) -> Vault::withdrawCall {
    Vault::withdrawCall {
        assets,
        receiver,
        controller,
    }
}

fn set_operator(operator: Address, approved: bool) -> Vault::setOperatorCall {
    Vault::setOperatorCall { operator, approved }
}

/// Does `call` on the vault and returns all that came of it.
fn receipt<C: SolCall>(stage: &mut Stage, who: Address, call: &C) -> Receipt {
    let vault = stage.vault;
    stage
        .town
        .attempt(who, vault, call)
        .unwrap_or_else(|refusal| panic!("{}: {refusal}", C::SIGNATURE))
}

/// `who` has three positions, opened an epoch apart; the first two are settled, the third waits.
fn three_positions(stage: &mut Stage, who: Address) -> [(U256, U256); 3] {
    let held = stage.held(who);
    let parts = [held / U256::from(3), held / U256::from(7), held / U256::from(11)];
    stage.settle();
    let mut positions = [(U256::ZERO, U256::ZERO); 3];
    for (position, shares) in positions.iter_mut().zip(parts) {
        *position = (stage.request(who, shares), shares);
        if shares != parts[2] {
            stage.settle();
        }
    }
    positions
}

/// `convertToAssets` and `convertToShares` are inverse, but for rounding, which is down both ways: what goes there and back again is not
/// more than it was, nor less by more than the rounded part of a share was worth.
#[test]
fn conversions_are_inverse() {
    cases_in_each(&State::ALL, 1, CASES, |stage, _| {
        let (all_assets, all_shares) = (stage.total_assets() + VIRTUAL, stage.supply() + VIRTUAL);
        let amount = stage.reasonable();
        let shares = stage.number(&Vault::convertToSharesCall { assets: amount });
        let back = stage.number(&Vault::convertToAssetsCall { shares });
        assert!(
            back <= amount && back + all_assets.div_ceil(all_shares) >= amount,
            "{back} of {amount}"
        );
        let assets = stage.number(&Vault::convertToAssetsCall { shares: amount });
        let back = stage.number(&Vault::convertToSharesCall { assets });
        assert!(
            back <= amount && back + all_shares.div_ceil(all_assets) >= amount,
            "{back} of {amount}"
        );
    });
}

/// All shares convert to all assets and all assets to all shares, but for rounding and the virtual wei.
#[test]
fn the_totals_convert_into_each_other() {
    in_each(&State::OPEN, 2, |stage, _| {
        let (assets, shares) = (stage.total_assets(), stage.supply());
        let worth = stage.number(&Vault::convertToAssetsCall { shares });
        assert!(worth.abs_diff(assets) <= VIRTUAL, "{worth} and {assets}");
        let bought = stage.number(&Vault::convertToSharesCall { assets });
        assert!(bought.abs_diff(shares) <= VIRTUAL, "{bought} and {shares}");
    });
}

/// No `max…` reverts, whoever is asked about, in whatever state his requests are.
#[test]
fn max_never_reverts() {
    in_each(&State::ALL, 3, |stage, state| {
        let who = stage.anybody();
        let asks = |stage: &mut Stage| {
            for account in [who, stage.queue, stage.vault, Address::ZERO] {
                let entry = stage.number(&Vault::maxDepositCall { receiver: account });
                let mint = stage.number(&Vault::maxMintCall { receiver: account });
                assert_eq!(entry.is_zero(), mint.is_zero());
                let (redeem, withdraw) = (stage.max_redeem(account), stage.max_withdraw(account));
                assert!(account == who || (redeem.is_zero() && withdraw.is_zero()));
            }
            (stage.max_redeem(who), stage.max_withdraw(who))
        };
        let nothing = (U256::ZERO, U256::ZERO);
        assert_eq!(asks(stage), nothing);
        if !State::HELD.contains(&state) {
            return;
        }
        let [first, second, third] = three_positions(stage, who);
        let (shares, assets) = asks(stage);
        assert_eq!(shares, first.1 + second.1);
        // Part of what is settled, the rest of it, and what waited meanwhile.
        let one = stage.redeem(who, U256::ONE);
        assert_eq!(asks(stage), (shares - U256::ONE, assets - one));
        stage.redeem(who, shares - U256::ONE);
        assert_eq!(asks(stage), nothing);
        stage.settle();
        assert_eq!(asks(stage).0, third.1);
    });
}

/// Claiming more than `max…` says reverts and takes nothing: by `redeem`, by `withdraw`, and from the queue what was claimed before.
#[test]
fn claiming_more_than_max_reverts() {
    cases_in_each(&State::HELD, 4, TRIPS, |stage, _| {
        let (who, vault, queue) = (stage.anybody(), stage.vault, stage.queue);
        let [first, second, third] = three_positions(stage, who);
        let refuses = |stage: &mut Stage| {
            let (shares, assets) = (stage.max_redeem(who), stage.max_withdraw(who));
            let beyond = stage.dice.up_to(U256::MAX - shares.max(assets) - U256::ONE);
            for more in [U256::ONE, U256::ONE + beyond] {
                let refusal = |requested, claimable| refusals::ExceedsClaimable {
                    controller: who,
                    requested,
                    claimable,
                };
                let over = shares + more;
                stage.town.refuses_as(who, vault, &redeem(over, who, who), &refusal(over, shares));
                let over = assets + more;
                stage.town.refuses_as(who, vault, &withdraw(over, who, who), &refusal(over, assets));
            }
        };
        refuses(stage);
        let nothing = refusals::NothingToClaim { position: third.0 };
        stage.town.refuses_as(who, queue, &claim(third.0, who), &nothing);
        for position in [first.0, second.0] {
            stage.town.does(who, queue, &claim(position, who));
            // Of a position that is claimed to its end nothing is left, or of one that waits in part the rest.
            let pending = stage.pending(position, who);
            if pending.is_zero() {
                let unknown = refusals::UnknownPosition { position };
                stage.town.refuses_as(who, queue, &claim(position, who), &unknown);
            } else {
                let nothing = refusals::NothingToClaim { position };
                stage.town.refuses_as(who, queue, &claim(position, who), &nothing);
            }
            refuses(stage);
        }
        assert!(stage.max_redeem(who).is_zero() && stage.max_withdraw(who).is_zero());
    });
}

/// Requesting more than one holds reverts, for the owner and for whoever may spend or operate for it.
#[test]
fn requesting_more_than_held_reverts() {
    cases_in_each(&State::ALL, 5, CASES, |stage, _| {
        let ([owner, spender, operator], vault) = (stage.three(), stage.vault);
        let held = stage.held(owner);
        let approve = Erc20::approveCall { spender, value: U256::MAX };
        stage.town.does(owner, vault, &approve);
        stage.town.does(owner, vault, &set_operator(operator, true));
        let beyond = stage.dice.up_to(U256::MAX - held - U256::ONE);
        for needed in [held + U256::ONE, held + U256::ONE + beyond] {
            let short = refusals::ERC20InsufficientBalance {
                sender: owner,
                balance: held,
                needed,
            };
            for (caller, controller) in [(owner, owner), (spender, spender), (operator, operator), (operator, owner)] {
                stage.town.refuses_as(caller, vault, &request(needed, controller, owner), &short);
            }
        }
    });
}

/// `previewRedeem` and `previewWithdraw` revert for all callers and amounts, before and after a settlement.
#[test]
fn previews_revert() {
    in_each(&State::ALL, 6, |stage, state| {
        let (who, vault, nobody) = (stage.anybody(), stage.vault, stage.town.stranger.address());
        let refuses = |stage: &mut Stage| {
            let amount = stage.word();
            for caller in [who, nobody] {
                for amount in [U256::ZERO, amount, U256::MAX] {
                    let (shares, assets) = (amount, amount);
                    let refusal = refusals::PreviewUnsupported {};
                    stage.town.refuses_as(caller, vault, &Vault::previewRedeemCall { shares }, &refusal);
                    stage
                        .town
                        .refuses_as(caller, vault, &Vault::previewWithdrawCall { assets }, &refusal);
                }
            }
        };
        refuses(stage);
        if State::HELD.contains(&state) {
            three_positions(stage, who);
            refuses(stage);
        }
    });
}

/// Claiming all that `max…` says never reverts, on any path; every path pays the same, and exactly what was said.
#[test]
fn claiming_max_never_reverts() {
    cases_in_each(&State::HELD, 7, TRIPS, |stage, _| {
        let who = stage.anybody();
        let [first, second, third] = three_positions(stage, who);
        let settled = [first.0, second.0];
        let (shares, assets) = (stage.max_redeem(who), stage.max_withdraw(who));
        assert_eq!(shares, first.1 + second.1);
        for path in Path::ALL {
            stage.scene(|stage| {
                assert_eq!(path.claim_all(stage, who, &settled), assets, "{path:?}");
                assert!(stage.max_redeem(who).is_zero() && stage.max_withdraw(who).is_zero(), "{path:?}");
                // And what waited, once it is settled.
                stage.settle();
                let most = stage.max_withdraw(who);
                assert!(!most.is_zero());
                assert_eq!(path.claim_all(stage, who, &[third.0]), most, "{path:?}");
            });
        }
    });
}

/// In whatever parts and on whatever paths it is claimed, all that was settled is paid, and no wei more.
#[test]
fn parts_and_paths_mixed_pay_exactly_what_was_settled() {
    cases_in_each(&State::HELD, 8, 2 * TRIPS, |stage, _| {
        let (who, queue) = (stage.anybody(), stage.queue);
        let positions = three_positions(stage, who);
        let (settled, before) = (stage.max_withdraw(who), stage.pocket(who));
        for _ in 0..4 {
            let shares = stage.max_redeem(who);
            match stage.dice.below(3) {
                0 if shares > U256::ONE => {
                    let part = U256::ONE + stage.dice.up_to(shares - U256::from(2));
                    stage.redeem(who, part);
                }
                1 if stage.max_withdraw(who) > U256::from(4) => {
                    let part = stage.part_of_claim(who);
                    stage.withdraw(who, part);
                }
                _ => {
                    let (position, _) = positions[usize::try_from(stage.dice.below(2)).expect("one of two")];
                    if !stage.claimable(position, who).is_zero() {
                        stage.town.does(who, queue, &claim(position, who));
                    }
                }
            }
            assert_eq!(stage.pocket(who) - before + stage.max_withdraw(who), settled);
        }
        if !stage.max_redeem(who).is_zero() {
            Path::Redeem.claim_all(stage, who, &[]);
        }
        assert_eq!(stage.pocket(who) - before, settled);
    });
}

/// A request takes the shares from the owner at once and leaves them in the supply until they are settled; pending and claimable are the
/// request's alone and its controller's alone, and add up to what was requested.
#[test]
fn a_request_waits_then_is_claimable_then_is_gone() {
    cases_in_each(&State::HELD, 9, TRIPS, |stage, _| {
        let [who, other, _] = stage.three();
        stage.settle();
        let shares = stage.part_of_holding(who);
        let (held, supply) = (stage.held(who), stage.supply());
        let id = stage.request(who, shares);
        let views = |stage: &mut Stage| (stage.pending(id, who), stage.claimable(id, who));
        assert_eq!((stage.held(who), stage.supply()), (held - shares, supply));
        assert_eq!(views(stage), (shares, U256::ZERO));
        stage.advance(86_400);
        assert_eq!(views(stage), (shares, U256::ZERO), "time alone settles nothing");
        stage.settle();
        assert_eq!(views(stage), (U256::ZERO, shares));
        assert_eq!(stage.supply(), supply - shares);
        for (id, controller) in [(id, other), (id + U256::ONE, who), (U256::MAX, who), (id, Address::ZERO)] {
            assert_eq!(
                (stage.pending(id, controller), stage.claimable(id, controller)),
                (U256::ZERO, U256::ZERO)
            );
        }
        stage.redeem(who, U256::ONE);
        assert_eq!(views(stage), (U256::ZERO, shares - U256::ONE));
        stage.redeem(who, shares - U256::ONE);
        assert_eq!(views(stage), (U256::ZERO, U256::ZERO));
    });
}

/// What is settled is settled: neither income nor a total loss afterwards changes what can be claimed.
#[test]
fn a_settled_request_keeps_its_price() {
    cases_in_each(&State::HELD, 10, TRIPS, |stage, _| {
        let who = stage.anybody();
        let shares = stage.part_of_holding(who);
        let id = stage.request_and_settle(who, shares);
        let assets = stage.max_withdraw(who);
        for path in Path::ALL {
            stage.scene(|stage| {
                stage.income(1_000);
                stage.advance(30 * 86_400);
                assert_eq!(path.claim_all(stage, who, &[id]), assets);
            });
            stage.scene(|stage| {
                let cash = stage.number(&Vault::lendableCall {});
                stage.lend(cash, 0);
                let principal = stage.town.read(stage.vault, &Vault::loanBookCall {}).principal;
                stage.lose(principal);
                assert!(stage.nav().is_zero());
                assert_eq!(path.claim_all(stage, who, &[id]), assets);
            });
        }
    });
}

/// An operator requests and claims for its controller without an allowance, until it is one no longer; nobody becomes another's.
#[test]
fn operators_act_for_their_controllers() {
    cases_in_each(&State::HELD, 11, TRIPS, |stage, _| {
        let ([owner, operator, receiver], vault) = (stage.three(), stage.vault);
        let is = |stage: &mut Stage, controller, operator| stage.town.read(vault, &Vault::isOperatorCall { controller, operator });
        assert!(!is(stage, owner, operator) && !is(stage, operator, owner));
        let shares = stage.part_of_holding(owner);
        let refusal = refusals::NotControllerOrOperator {
            caller: operator,
            controller: owner,
        };
        stage.town.refuses_as(operator, vault, &request(shares, owner, owner), &refusal);
        let set = receipt(stage, owner, &set_operator(operator, true));
        let events = set.events::<Vault::OperatorSet>(vault);
        assert_eq!(
            events
                .iter()
                .map(|event| (event.controller, event.operator, event.approved))
                .collect::<Vec<_>>(),
            [(owner, operator, true)]
        );
        assert!(is(stage, owner, operator) && !is(stage, operator, owner));
        let id = stage.town.does(operator, vault, &request(shares, owner, owner));
        stage.settle();
        stage.settle();
        assert_eq!(stage.claimable(id, owner), shares);
        let before = stage.pocket(receiver);
        let half = shares / U256::from(2);
        let paid = stage.town.does(operator, vault, &redeem(half, receiver, owner));
        assert_eq!(stage.pocket(receiver), before + paid);
        stage.town.does(owner, vault, &set_operator(operator, false));
        assert!(!is(stage, owner, operator));
        stage
            .town
            .refuses_as(operator, vault, &redeem(U256::ONE, receiver, owner), &refusal);
        stage
            .town
            .refuses_as(operator, vault, &withdraw(U256::ONE, receiver, owner), &refusal);
        stage.town.refuses_as(operator, vault, &request(U256::ONE, owner, owner), &refusal);
    });
}

/// A request, and a claim on each of the vault's paths, emit exactly what the standards say, with the numbers that were moved.
#[test]
fn events_say_what_happened() {
    cases_in_each(&State::HELD, 12, TRIPS, |stage, _| {
        let ([owner, receiver, _], vault) = (stage.three(), stage.vault);
        let shares = stage.part_of_holding(owner);
        let requested = receipt(stage, owner, &request(shares, owner, owner));
        let id = U256::from_be_slice(&requested.output);
        let events = requested.events::<Vault::RedeemRequest>(vault);
        let [event] = &events[..] else { panic!("{events:?}") };
        assert_eq!(
            (event.controller, event.owner, event.requestId, event.sender, event.shares),
            (owner, owner, id, owner, shares)
        );
        stage.settle();
        stage.settle();
        let assets = stage.max_withdraw(owner);
        let claims = [
            receipt_in_scene(stage, owner, &redeem(shares, receiver, owner)),
            receipt_in_scene(stage, owner, &withdraw(assets, receiver, owner)),
        ];
        for claim in claims {
            let events = claim.events::<Vault::Withdraw>(vault);
            let [event] = &events[..] else { panic!("{events:?}") };
            assert_eq!(
                (event.sender, event.receiver, event.owner, event.assets, event.shares),
                (owner, receiver, owner, assets, shares)
            );
        }
    });
}

fn receipt_in_scene<C: SolCall>(stage: &mut Stage, who: Address, call: &C) -> Receipt {
    stage.scene(|stage| receipt(stage, who, call))
}

/// A pause stops requests and no claim of what is settled, on any path, nor the settlement of what was requested before.
#[test]
fn a_pause_stops_requests_and_no_claim() {
    in_each(&State::HELD, 15, |stage, _| {
        let (who, vault, admin) = (stage.anybody(), stage.vault, stage.town.cast.admin.address());
        let [first, second, third] = three_positions(stage, who);
        let settled = stage.max_withdraw(who);
        stage.town.does(admin, vault, &Vault::pauseCall {});
        let refusal = refusals::EnforcedPause {};
        stage.town.refuses_as(who, vault, &request(U256::ONE, who, who), &refusal);
        assert_eq!(stage.max_withdraw(who), settled);
        for path in Path::ALL {
            stage.scene(|stage| {
                assert_eq!(path.claim_all(stage, who, &[first.0, second.0]), settled);
                stage.settle();
                assert_eq!(stage.max_redeem(who), third.1);
                assert!(!path.claim_all(stage, who, &[third.0]).is_zero());
            });
        }
    });
}

/// Who is barred neither requests nor claims through the vault, nor is anybody paid in his place, and `max…` says so; what is settled for
/// him stays, and others are not held up.
#[test]
fn the_barred_neither_request_nor_claim() {
    in_each(&State::HELD, 16, |stage, _| {
        let ([barred, other, _], vault) = (stage.three(), stage.vault);
        let shares = stage.part_of_holding(barred);
        stage.request_and_settle(barred, shares);
        let settled = stage.max_withdraw(barred);
        stage.bar(barred, true);
        assert!(stage.max_redeem(barred).is_zero() && stage.max_withdraw(barred).is_zero());
        let refusal = refusals::AccountBlacklisted { account: barred };
        for receiver in [barred, other] {
            stage.town.refuses_as(barred, vault, &redeem(shares, receiver, barred), &refusal);
            stage.town.refuses_as(barred, vault, &withdraw(settled, receiver, barred), &refusal);
        }
        stage.town.refuses_as(barred, vault, &request(U256::ONE, barred, barred), &refusal);
        let part = stage.part_of_holding(other);
        stage.request_and_settle(other, part);
        assert!(!stage.redeem(other, part).is_zero());
        stage.bar(barred, false);
        assert_eq!((stage.max_redeem(barred), stage.max_withdraw(barred)), (shares, settled));
        assert_eq!(stage.redeem(barred, shares), settled);
    });
}

/// Whoever is settled in one settlement is settled at one price: the parts of two who leave together are as their shares, to the wei that
/// each is rounded down by.
#[test]
fn all_who_are_settled_together_get_the_same_price() {
    cases_in_each(&State::HELD, 13, TRIPS, |stage, _| {
        let [first, second, _] = stage.three();
        stage.settle();
        let shares = [first, second].map(|who| stage.part_of_holding(who));
        stage.request(first, shares[0]);
        stage.request(second, shares[1]);
        let end = stage.town.read(stage.queue, &Queue::epochEndCall {});
        stage.town.node.chain.warp_to(end.to());
        let price = stage.price();
        stage.settle_now();
        for (who, shares) in [first, second].into_iter().zip(shares) {
            if stage.max_redeem(who) == shares {
                let worth = floor_div(shares, price, WAD);
                assert!(stage.max_withdraw(who).abs_diff(worth) <= U256::ONE, "{who}");
            } else {
                // The cash did not go so far: all of it is paid, but for what no further wei of shares could be paid with.
                assert_eq!(who, second, "first come, first served");
                assert!(stage.number(&Vault::cashCall {}) <= U256::from(3));
            }
        }
    });
}

/// ERC-165 says what the vault is: asynchronous in redeeming and not in depositing.
#[test]
fn interfaces_are_as_claimed() {
    in_each(&[State::Fresh, State::Lost], 14, |stage, _| {
        let vault = stage.vault;
        let mut says = |id: u32| {
            let id = FixedBytes(id.to_be_bytes());
            stage.town.read(vault, &Erc165::supportsInterfaceCall { id })
        };
        // ERC-165, ERC-7540 operators and redemption, ERC-7575, ERC-7741.
        for id in [0x01ff_c9a7, 0xe3bc_4e65, 0x620e_e8e4, 0x2f0a_18c5, 0xa9e5_0872] {
            assert!(says(id), "{id:x}");
        }
        // ERC-7540 deposits, and what nobody is.
        for id in [0xce3b_be50, 0xffff_ffff, 0] {
            assert!(!says(id), "{id:x}");
        }
        assert_eq!(stage.town.read(vault, &Vault::shareCall {}), vault);
    });
}

//! The gateway on its WASM: journeys that hold nothing, and act for nobody but the caller.

#![allow(clippy::too_many_lines, reason = "a list of refusals is as long as what can go wrong")]

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{SolCall, SolError, SolValue};
use scenarios::{
    abi::{token_mode, AuthorizeOperator, Erc20, Filo, Gateway, HostileToken, Origination, Permit, Queue, Router, Usdai, Vault},
    hands::{kept_of, n, wad},
    lending::{Market, DAY},
    refusals,
    usdai_cli::{
        node::Person,
        protocol::{counterparts::dollars6, suite::id},
    },
    Town,
};

const ZERO: Address = Address::ZERO;

fn journey(token: Address, amount: U256, receiver: Address) -> Gateway::depositAndStakeCall {
    Gateway::depositAndStakeCall {
        token,
        amount,
        minUsdai: U256::ZERO,
        minShares: U256::ZERO,
        receiver,
        deadline: U256::MAX,
    }
}

/// Alice with 1,000 USDC and wM, approved to the gateway.
fn town_with_alice() -> (Town, Person) {
    let mut town = Town::deployed();
    let alice = town.cast.depositor.clone();
    town.give_usdc(alice.address(), dollars6(1_000));
    town.give_base(alice.address(), dollars6(1_000));
    for token in [town.world.usdc, town.world.wrapped_m] {
        town.approve(&alice, token, town.suite.gateway);
    }
    (town, alice)
}

/// Neither a token nor an allowance.
fn holds_nothing(town: &mut Town, more: &[Address]) {
    let (gateway, filo) = (town.suite.gateway, town.suite.filo);
    let tokens = [
        town.world.usdc,
        town.world.usdt,
        town.world.wrapped_m,
        town.suite.usdai,
        town.suite.susdai,
    ];
    for token in tokens.iter().chain(more) {
        assert_eq!(town.balance(*token, gateway), U256::ZERO);
        for spender in [town.suite.usdai, town.suite.susdai, filo] {
            assert_eq!(town.read(*token, &Erc20::allowanceCall { owner: gateway, spender }), U256::ZERO);
        }
    }
}

#[test]
fn the_journey_refuses_by_name() {
    let (mut town, alice) = town_with_alice();
    let (gateway, me, usdc, base) = (town.suite.gateway, alice.address(), town.world.usdc, town.world.wrapped_m);
    let good = journey(usdc, dollars6(100), me);
    let timestamp = town.now();
    for deadline in [U256::ZERO, timestamp - U256::ONE] {
        let late = Gateway::depositAndStakeCall { deadline, ..good.clone() };
        town.refuses(&alice, gateway, &late, &refusals::DeadlineExpired { deadline, timestamp });
    }
    town.refuses(&alice, gateway, &journey(usdc, U256::ZERO, me), &refusals::ZeroAmount {});
    town.refuses(&alice, gateway, &journey(ZERO, dollars6(1), me), &refusals::ZeroAddress {});
    town.refuses(&alice, gateway, &journey(usdc, dollars6(1), ZERO), &refusals::ZeroAddress {});
    let stays = refusals::InvalidReceiver { receiver: gateway };
    town.refuses(&alice, gateway, &journey(usdc, dollars6(1), gateway), &stays);
    let usdai = town.suite.usdai;
    for token in [usdc, base] {
        // Slippage at either step.
        let minted = town.scene(|town| {
            town.does(
                me,
                token,
                &Erc20::approveCall {
                    spender: usdai,
                    value: U256::MAX,
                },
            );
            let call = Usdai::deposit_0Call {
                depositToken: token,
                depositAmount: dollars6(100),
                usdaiAmountMinimum: U256::ZERO,
                recipient: me,
            };
            town.does(me, usdai, &call)
        });
        let good = journey(token, dollars6(100), me);
        for minimum in [minted + U256::ONE, U256::MAX] {
            let call = Gateway::depositAndStakeCall {
                minUsdai: minimum,
                ..good.clone()
            };
            if token == base {
                town.refuses(&alice, gateway, &call, &refusals::InsufficientOutput { amount: minted, minimum });
            } else {
                town.refuses(
                    &alice,
                    gateway,
                    &call,
                    &refusals::Error {
                        reason: "Too little received".into(),
                    },
                );
            }
            let call = Gateway::depositAndStakeCall {
                minUsdai: minted,
                minShares: minimum,
                ..good.clone()
            };
            town.refuses(&alice, gateway, &call, &refusals::SharesBelowMinimum { shares: minted, minimum });
        }
        let held = town.balance(token, me);
        for needed in [held + U256::ONE, U256::MAX] {
            let short = refusals::ERC20InsufficientBalance {
                sender: me,
                balance: held,
                needed,
            };
            town.refuses(&alice, gateway, &journey(token, needed, me), &short);
        }
    }
    let stranger = town.stranger.clone();
    let unallowed = refusals::ERC20InsufficientAllowance {
        spender: gateway,
        allowance: U256::ZERO,
        needed: dollars6(1),
    };
    town.refuses(&stranger, gateway, &journey(usdc, dollars6(1), stranger.address()), &unallowed);
    // USDai is not its own deposit, a share is none, and an account without code is no token.
    town.give_susdai(me, 10);
    town.give_usdai(me, 10);
    for token in [usdai, town.suite.susdai] {
        town.approve(&alice, token, gateway);
    }
    town.refuses(&alice, gateway, &journey(usdai, wad(1), me), &refusals::InvalidAddress {});
    let susdai = town.suite.susdai;
    town.refuses(
        &alice,
        gateway,
        &journey(susdai, wad(1), me),
        &refusals::TokenNotAllowed { token: susdai },
    );
    town.refuses(
        &alice,
        gateway,
        &journey(stranger.address(), wad(1), me),
        &refusals::MalformedReturn {},
    );
    let admin = town.cast.admin.address();
    town.scene(|town| {
        town.does(admin, usdai, &Usdai::setSupplyCapCall { supplyCap: U256::ZERO });
        town.refuses(&alice, gateway, &good, &refusals::SupplyCapExceeded {});
    });
    // In its last second it goes through.
    town.does(
        me,
        gateway,
        &Gateway::depositAndStakeCall {
            deadline: timestamp,
            ..good
        },
    );
    holds_nothing(&mut town, &[]);
}

#[test]
fn hostile_tokens_leave_nothing_behind() {
    let (mut town, alice) = town_with_alice();
    let (gateway, me) = (town.suite.gateway, alice.address());
    let token = town.hostile_token(1_000_000);
    town.does(
        me,
        token,
        &HostileToken::mintCall {
            to: me,
            amount: dollars6(1_000),
        },
    );
    town.approve(&alice, token, gateway);
    let call = journey(token, dollars6(100), me);
    let mode = |mode| HostileToken::setModeCall { mode };
    let honest = town.scene(|town| town.does(me, gateway, &call));
    town.does(me, token, &mode(token_mode::RETURN_FALSE));
    town.refuses(&alice, gateway, &call, &refusals::TokenCallFailed { token });
    town.does(me, token, &mode(token_mode::REVERT));
    town.refuses(&alice, gateway, &call, &refusals::Hostile {});
    town.does(me, token, &mode(token_mode::TAKE_FEE));
    town.refuses(&alice, gateway, &call, &refusals::Error { reason: "IIA".into() });

    // Re-entrant: with money of its own, and every right that it could have.
    town.give_usdc(token, dollars6(100));
    town.give_susdai(token, 10);
    town.does(
        token,
        town.world.usdc,
        &Erc20::approveCall {
            spender: gateway,
            value: U256::MAX,
        },
    );
    let ambush = |target, data: Vec<u8>| HostileToken::setAmbushCall { target, data: data.into() };
    town.does(me, token, &mode(token_mode::REENTER));
    let again = journey(town.world.usdc, dollars6(1), token).abi_encode();
    town.scene(|town| {
        town.does(me, token, &ambush(gateway, again));
        assert_eq!(town.does(me, gateway, &call), honest);
        assert!(town.read(token, &HostileToken::ambushedCall {}));
        assert!(!town.read(token, &HostileToken::ambushSucceededCall {}));
        assert_eq!(town.balance(town.suite.susdai, me), honest);
        holds_nothing(town, &[token]);
    });
    // It may stake on its own account in the middle of somebody else's journey, at the same price.
    let redeem = Vault::requestRedeemCall {
        shares: wad(10),
        controller: token,
        owner: token,
    }
    .abi_encode();
    town.does(me, token, &ambush(town.suite.susdai, redeem));
    assert_eq!(town.does(me, gateway, &call), honest);
    assert!(town.read(token, &HostileToken::ambushSucceededCall {}));
    holds_nothing(&mut town, &[token]);
}

/// What lies at the gateway is nobody's: a journey neither takes it nor stumbles over it.
#[test]
fn a_donation_to_the_gateway_changes_no_journey() {
    let (mut town, alice) = town_with_alice();
    let (gateway, me, usdc) = (town.suite.gateway, alice.address(), town.world.usdc);
    let call = journey(usdc, dollars6(100), me);
    let honest = town.scene(|town| town.does(me, gateway, &call));
    town.give_usdc(gateway, dollars6(7));
    town.give_usdai(gateway, 7);
    assert_eq!(town.does(me, gateway, &call), honest);
    assert_eq!(
        (town.balance(usdc, gateway), town.balance(town.suite.usdai, gateway)),
        (dollars6(7), wad(7))
    );
}

#[test]
fn a_sandwich_around_the_journey_is_bounded_by_its_minima() {
    let (mut town, alice) = town_with_alice();
    let (gateway, me, usdc, base) = (town.suite.gateway, alice.address(), town.world.usdc, town.world.wrapped_m);
    let attacker = town.stranger.address();
    town.give_usdc(me, dollars6(500_000));
    town.give_usdc(attacker, dollars6(8_000_000));
    let call = journey(usdc, dollars6(500_000), me);
    let fair = town.scene(|town| town.does(me, gateway, &call));
    let least = fair - fair / n(1_000);
    let bounded = Gateway::depositAndStakeCall {
        minUsdai: least,
        minShares: least,
        ..call
    };
    for front in [10_000, 500_000] {
        town.scene(|town| {
            town.swap(attacker, usdc, base, dollars6(front));
            assert!(town.does(me, gateway, &bounded) >= least);
        });
    }
    town.swap(attacker, usdc, base, dollars6(8_000_000));
    town.refuses(
        &alice,
        gateway,
        &bounded,
        &refusals::Error {
            reason: "Too little received".into(),
        },
    );
}

/// A permit of `amount` of `token` for `spender`, signed by `who`, as the gateway takes it.
fn permit(town: &mut Town, who: &Person, token: Address, spender: Address, amount: U256) -> Gateway::Permit {
    let owner = who.address();
    let message = Permit {
        owner,
        spender,
        value: amount,
        nonce: town.read(token, &Erc20::noncesCall { owner }),
        deadline: U256::MAX,
    };
    let signed = town.sign(who, token, &message);
    Gateway::Permit {
        deadline: U256::MAX,
        v: signed.v,
        r: signed.r,
        s: signed.s,
    }
}

#[test]
fn a_permit_saves_the_approval_and_serves_nobody_else() {
    let mut town = Town::deployed();
    let (alice, mallory) = (town.cast.depositor.clone(), town.stranger.clone());
    let (gateway, me, usdc, amount) = (town.suite.gateway, alice.address(), town.world.usdc, dollars6(100));
    town.give_usdc(me, dollars6(1_000));
    let signed = permit(&mut town, &alice, usdc, gateway, amount);
    let with = |permit, receiver| Gateway::depositAndStakeWithPermitCall {
        token: usdc,
        amount,
        minUsdai: U256::ZERO,
        minShares: U256::ZERO,
        receiver,
        deadline: U256::MAX,
        permit,
    };
    let unallowed = |allowance| refusals::ERC20InsufficientAllowance {
        spender: gateway,
        allowance,
        needed: amount,
    };
    // The gateway takes from its caller only, whoever's permit it is shown, and whoever is to receive.
    town.give_usdc(mallory.address(), amount);
    town.refuses(&mallory, gateway, &with(signed.clone(), mallory.address()), &unallowed(U256::ZERO));
    // A permit that does not say what is taken is none.
    for wrong in [
        permit(&mut town, &alice, usdc, gateway, amount - U256::ONE),
        permit(&mut town, &alice, usdc, me, amount),
        permit(&mut town, &mallory, usdc, gateway, amount),
    ] {
        town.refuses(&alice, gateway, &with(wrong, me), &unallowed(U256::ZERO));
    }
    // Used by somebody who is in the way, it has done its work.
    let honest = town.scene(|town| town.does(me, gateway, &with(signed.clone(), me)));
    let Gateway::Permit { deadline, v, r, s } = signed.clone();
    let front_run = Erc20::permitCall {
        owner: me,
        spender: gateway,
        value: amount,
        deadline,
        v,
        r,
        s,
    };
    town.does(mallory.address(), usdc, &front_run);
    // Neither can anybody else spend the approval that lies there now.
    let journey = journey(usdc, amount, mallory.address());
    town.refuses(&mallory, gateway, &journey, &unallowed(U256::ZERO));
    assert_eq!(town.does(me, gateway, &with(signed.clone(), me)), honest);
    town.refuses(&alice, gateway, &with(signed.clone(), me), &unallowed(U256::ZERO));
    holds_nothing(&mut town, &[]);
}

#[test]
fn a_repayment_of_nothing_refuses_by_name() {
    let (mut town, alice) = town_with_alice();
    let (gateway, usdc) = (town.suite.gateway, town.world.usdc);
    let repay = Gateway::repayFromCall {
        token: usdc,
        amount: dollars6(100),
        minUsdai: U256::ZERO,
        loan: n(7),
        deadline: U256::MAX,
    };
    let deadline = town.now() - U256::ONE;
    let late = Gateway::repayFromCall { deadline, ..repay.clone() };
    let timestamp = town.now();
    town.refuses(&alice, gateway, &late, &refusals::DeadlineExpired { deadline, timestamp });
    let nothing = Gateway::repayFromCall {
        amount: U256::ZERO,
        ..repay.clone()
    };
    town.refuses(&alice, gateway, &nothing, &refusals::ZeroAmount {});
    let nobody = Gateway::repayFromCall {
        token: ZERO,
        ..repay.clone()
    };
    town.refuses(&alice, gateway, &nobody, &refusals::ZeroAddress {});
    let costly = Gateway::repayFromCall {
        minUsdai: U256::MAX,
        ..repay.clone()
    };
    let slippage = refusals::Error {
        reason: "Too little received".into(),
    };
    town.refuses(&alice, gateway, &costly, &slippage);
    // A loan that does not exist: what was taken and swapped is undone.
    town.refuses_somehow(alice.address(), gateway, U256::ZERO, repay.abi_encode(), "no loan");
    holds_nothing(&mut town, &[]);
}

/// Alice with 1,000 sUSDai, and what she signs to make the gateway her operator.
struct Leaving {
    town: Town,
    alice: Person,
    me: Address,
    gateway: Address,
    queue: Address,
    vault: Address,
}

const TICK: u8 = 20;
const SALT: B256 = B256::repeat_byte(9);

impl Leaving {
    fn new() -> Self {
        let mut town = Town::deployed();
        let alice = town.cast.depositor.clone();
        town.give_susdai(alice.address(), 1_000);
        let suite = town.suite;
        Self {
            me: alice.address(),
            alice,
            gateway: suite.gateway,
            queue: suite.qev,
            vault: suite.susdai,
            town,
        }
    }

    fn consents(&mut self, approved: bool) {
        let operator = self.gateway;
        self.town.does(self.me, self.vault, &Vault::setOperatorCall { operator, approved });
    }

    fn authorization(&mut self, who: &Person, nonce: u8) -> Gateway::Authorization {
        let message = AuthorizeOperator {
            controller: who.address(),
            operator: self.gateway,
            approved: true,
            nonce: B256::with_last_byte(nonce),
            deadline: U256::MAX,
        };
        Gateway::Authorization {
            nonce: message.nonce,
            deadline: message.deadline,
            signature: self.town.sign(who, self.vault, &message).bytes().into(),
        }
    }

    /// The id of the position that comes next, if it is Alice's.
    fn next(&mut self) -> U256 {
        let born = U256::from_be_bytes(self.me.into_word().0);
        born << 96_usize | self.town.read(self.queue, &Queue::nextPositionCall {})
    }

    /// A request of `shares` with a bid of [`TICK`] for the position that comes next.
    fn request(&mut self, shares: U256) -> Gateway::requestAndBidCall {
        let position = self.next();
        let sealed = Queue::commitmentOfCall {
            position,
            tick: TICK,
            salt: SALT,
        };
        Gateway::requestAndBidCall {
            shares,
            position,
            commitment: self.town.read(self.queue, &sealed),
            maxTick: TICK,
            deadline: self.town.now(),
        }
    }

    fn reveal_from(&mut self) -> u64 {
        let state = self.town.read(self.gateway, &Gateway::snapshotCall {}).queue;
        state.revealFrom.to()
    }

    fn settle(&mut self) {
        let end = self.town.read(self.queue, &Queue::epochEndCall {});
        self.town.node.chain.warp_to(end.to());
        let keeper = self.town.cast.keeper.address();
        self.town.does(keeper, self.queue, &Queue::settleCall { maxSteps: n(1_000) });
    }

    /// Nothing of what a journey touches stays with the gateway.
    fn holds_nothing(&mut self) {
        holds_nothing(&mut self.town, &[]);
        let account = self.gateway;
        assert_eq!(self.town.balance(self.queue, account), U256::ZERO, "positions");
        assert_eq!(
            self.town.read(self.queue, &Queue::positionCountCall { controller: account }),
            U256::ZERO
        );
    }
}

fn with_authorization(
    call: &Gateway::requestAndBidCall,
    authorization: Gateway::Authorization,
) -> Gateway::requestAndBidWithAuthorizationCall {
    Gateway::requestAndBidWithAuthorizationCall {
        shares: call.shares,
        position: call.position,
        commitment: call.commitment,
        maxTick: call.maxTick,
        deadline: call.deadline,
        authorization,
    }
}

#[test]
fn a_request_and_its_bid_take_one_signature() {
    let mut it = Leaving::new();
    let (me, gateway, queue, vault) = (it.me, it.gateway, it.queue, it.vault);
    let (alice, mallory) = (it.alice.clone(), it.town.stranger.clone());
    let call = it.request(wad(400));
    let authorization = it.authorization(&alice, 1);
    let signed = with_authorization(&call, authorization.clone());
    // In front of her, somebody hands the authorization in: it has done its work.
    it.town.scene(|town| {
        let hand_in = Vault::authorizeOperatorCall {
            controller: me,
            operator: gateway,
            approved: true,
            nonce: authorization.nonce,
            deadline: authorization.deadline,
            signature: authorization.signature.clone(),
        };
        town.does(mallory.address(), vault, &hand_in);
        assert_eq!(town.does(me, gateway, &signed), call.position);
    });
    assert_eq!(it.town.does(me, gateway, &signed), call.position);
    // The position is hers, waits, is on her list, and answers for the bid.
    let position = it.town.read(queue, &Queue::positionCall { position: call.position });
    assert_eq!((position.controller, position.pending), (me, wad(400)));
    let bid = it.town.read(queue, &Queue::bidOfCall { position: call.position });
    assert_eq!((bid.commitment, bid.maxTick), (kept_of(call.commitment), TICK));
    assert_eq!(it.town.read(queue, &Queue::positionCountCall { controller: me }), U256::ONE);
    assert_eq!(it.town.balance(vault, me), wad(600));
    it.holds_nothing();
    // The consent serves her alone: of others the gateway takes nothing, nor for others.
    it.town.give_susdai(mallory.address(), 10);
    let theirs = it.request(wad(1));
    let refusal = refusals::NotControllerOrOperator {
        caller: gateway,
        controller: mallory.address(),
    };
    it.town.refuses(&mallory, gateway, &theirs, &refusal);
    let stolen = with_authorization(&theirs, authorization);
    it.town.refuses(&mallory, gateway, &stolen, &refusal);
    // She opens it herself.
    let reveal_from = it.reveal_from();
    it.town.node.chain.warp_to(reveal_from);
    let reveal = Queue::revealBidCall {
        position: call.position,
        tick: TICK,
        salt: SALT,
    };
    it.town.does(me, queue, &reveal);
}

/// Each step of it can fail; each failure leaves everything as it was.
#[test]
fn a_request_and_bid_fails_whole() {
    let mut it = Leaving::new();
    let (me, gateway, queue, vault) = (it.me, it.gateway, it.queue, it.vault);
    let (alice, admin, router) = (it.alice.clone(), it.town.cast.admin.address(), it.town.suite.router);
    let good = it.request(wad(400));
    let timestamp = it.town.now();
    let deadline = timestamp - U256::ONE;
    let late = Gateway::requestAndBidCall { deadline, ..good.clone() };
    it.town
        .refuses(&alice, gateway, &late, &refusals::DeadlineExpired { deadline, timestamp });
    let stranger = refusals::NotControllerOrOperator {
        caller: gateway,
        controller: me,
    };
    it.town.refuses(&alice, gateway, &good, &stranger);
    // Signatures that say something else are none.
    let mallory = it.town.stranger.clone();
    let mut wrong = it.authorization(&mallory, 1);
    it.town
        .refuses(&alice, gateway, &with_authorization(&good, wrong.clone()), &stranger);
    wrong = it.authorization(&alice, 1);
    wrong.nonce = B256::with_last_byte(2);
    it.town.refuses(&alice, gateway, &with_authorization(&good, wrong), &stranger);

    it.consents(true);
    let none = Gateway::requestAndBidCall {
        shares: U256::ZERO,
        ..good.clone()
    };
    it.town.refuses(&alice, gateway, &none, &refusals::ZeroAmount {});
    let more = Gateway::requestAndBidCall {
        shares: wad(1_000) + U256::ONE,
        ..good.clone()
    };
    let short = refusals::ERC20InsufficientBalance {
        sender: me,
        balance: wad(1_000),
        needed: wad(1_000) + U256::ONE,
    };
    it.town.refuses(&alice, gateway, &more, &short);
    for position in [U256::ZERO, good.position + U256::ONE, U256::MAX] {
        let other = refusals::OtherPosition {
            expected: position,
            opened: good.position,
        };
        let call = Gateway::requestAndBidCall { position, ..good.clone() };
        it.town.refuses(&alice, gateway, &call, &other);
    }
    // Somebody was faster.
    it.town.scene(|town| {
        let bob = town.cast.borrower.address();
        town.give_susdai(bob, 10);
        let request = Vault::requestRedeemCall {
            shares: wad(10),
            controller: bob,
            owner: bob,
        };
        town.does(bob, vault, &request);
        let other = refusals::OtherPosition {
            expected: good.position,
            opened: good.position + U256::ONE,
        };
        town.refuses(&alice, gateway, &good, &other);
    });
    let unsealed = Gateway::requestAndBidCall {
        commitment: B256::ZERO,
        ..good.clone()
    };
    it.town.refuses(&alice, gateway, &unsealed, &refusals::ZeroAmount {});
    // Paused, barred, too late for a bid, or before an old epoch is settled.
    it.town.scene(|town| {
        town.does(admin, vault, &Vault::pauseCall {});
        town.refuses(&alice, gateway, &good, &refusals::EnforcedPause {});
    });
    it.town.scene(|town| {
        let role = id("BLACKLIST");
        town.does(admin, router, &Router::grantRoleCall { role, account: admin });
        for account in [me, gateway] {
            town.scene(|town| {
                town.does(
                    admin,
                    vault,
                    &Vault::setBlacklistCall {
                        account,
                        isBlacklisted: true,
                    },
                );
                town.refuses(&alice, gateway, &good, &refusals::AccountBlacklisted { account });
            });
        }
    });
    let (reveal_from, end) = (it.reveal_from(), it.town.read(queue, &Queue::epochEndCall {}));
    for at in [reveal_from, end.to::<u64>()] {
        it.town.scene(|town| {
            town.node.chain.warp_to(at);
            let call = Gateway::requestAndBidCall {
                deadline: U256::MAX,
                ..good.clone()
            };
            let said = town.refuses_somehow(me, gateway, U256::ZERO, call.abi_encode(), "not bidding");
            let expected = if at == reveal_from {
                Queue::BiddingEnded::SELECTOR
            } else {
                Queue::EpochNotSettled::SELECTOR
            };
            assert_eq!(said[..4], expected);
        });
    }
    it.town.does(me, gateway, &good);
    it.holds_nothing();
}

#[test]
fn what_is_settled_is_claimed_in_any_stablecoin() {
    let mut it = Leaving::new();
    let (me, gateway, vault) = (it.me, it.gateway, it.vault);
    let (alice, admin) = (it.alice.clone(), it.town.cast.admin.address());
    let (usdc, usdt, base, usdai) = (it.town.world.usdc, it.town.world.usdt, it.town.world.wrapped_m, it.town.suite.usdai);
    let bob = it.town.stranger.address();
    let (shares, odd) = (wad(400), n(1_234_567_890_123));
    let request = Vault::requestRedeemCall {
        shares: shares + odd,
        controller: me,
        owner: me,
    };
    it.town.does(me, vault, &request);
    let claim = |shares, token, receiver| Gateway::claimToCall {
        shares,
        token,
        minAmount: U256::ZERO,
        receiver,
        deadline: U256::MAX,
    };
    let nothing = claim(U256::MAX, usdc, bob);
    // Nothing is settled yet, and nobody has consented.
    let stranger = refusals::NotControllerOrOperator {
        caller: gateway,
        controller: me,
    };
    it.town.refuses(&alice, gateway, &claim(U256::ONE, usdc, bob), &stranger);
    it.town.refuses(&alice, gateway, &nothing, &refusals::ZeroAmount {});
    it.settle();
    it.town.refuses(&alice, gateway, &nothing, &stranger);
    let authorization = it.authorization(&alice, 1);
    let signed = Gateway::claimToWithAuthorizationCall {
        shares: U256::MAX,
        token: usdc,
        minAmount: U256::ZERO,
        receiver: bob,
        deadline: U256::MAX,
        authorization: authorization.clone(),
    };
    let mallory = it.town.cast.borrower.clone();
    it.town.refuses(&mallory, gateway, &signed, &refusals::ZeroAmount {});
    let all = shares + odd;
    for token in [usdc, usdt, base] {
        it.town.scene(|town| {
            let call = Gateway::claimToWithAuthorizationCall { token, ..signed.clone() };
            let before = town.balance(token, bob);
            let paid = town.does(me, gateway, &call);
            assert_eq!(town.balance(token, bob) - before, paid);
            // At par but for Uniswap's fee; what is no base unit comes in USDai.
            assert!(paid <= dollars6(400) + n(1) && paid >= dollars6(399), "{paid}");
            assert_eq!(town.balance(usdai, bob), odd % n(1_000_000_000_000));
            assert_eq!(town.read(vault, &Vault::maxRedeemCall { controller: me }), U256::ZERO);
            holds_nothing(town, &[]);
        });
    }
    it.consents(true);
    // A part, and then the rest.
    it.town.scene(|town| {
        town.does(me, gateway, &claim(wad(1), base, bob));
        assert_eq!(town.balance(base, bob), dollars6(1));
        let left = town.read(vault, &Vault::maxRedeemCall { controller: me });
        assert_eq!(left, all - wad(1));
        town.does(me, gateway, &nothing);
        holds_nothing(town, &[]);
    });
    // Each step can fail, and leaves everything as it was.
    let timestamp = it.town.now();
    let deadline = timestamp - U256::ONE;
    let late = Gateway::claimToCall {
        deadline,
        ..nothing.clone()
    };
    it.town
        .refuses(&alice, gateway, &late, &refusals::DeadlineExpired { deadline, timestamp });
    it.town.refuses(&alice, gateway, &claim(all, usdc, ZERO), &refusals::ZeroAddress {});
    let stays = refusals::InvalidReceiver { receiver: gateway };
    it.town.refuses(&alice, gateway, &claim(all, usdc, gateway), &stays);
    it.town
        .refuses(&alice, gateway, &claim(U256::ZERO, usdc, bob), &refusals::ZeroAmount {});
    let too_many = refusals::ExceedsClaimable {
        controller: me,
        requested: all + U256::ONE,
        claimable: all,
    };
    it.town.refuses(&alice, gateway, &claim(all + U256::ONE, usdc, bob), &too_many);
    for token in [ZERO, usdai] {
        it.town
            .refuses(&alice, gateway, &claim(all, token, bob), &refusals::InvalidAddress {});
    }
    it.town.refuses(
        &alice,
        gateway,
        &claim(all, vault, bob),
        &refusals::TokenNotAllowed { token: vault },
    );
    it.town
        .refuses(&alice, gateway, &claim(all, usdc, usdai), &refusals::InvalidAddress {});
    let dust = claim(odd - n(1_000_000_000_000), base, bob);
    it.town.refuses(&alice, gateway, &dust, &refusals::InvalidAmount {});
    let costly = |token, min_amount| Gateway::claimToCall {
        minAmount: min_amount,
        ..claim(all, token, bob)
    };
    let minimum = dollars6(400) + n(2);
    let below = refusals::InsufficientOutput {
        amount: minimum - n(1),
        minimum,
    };
    it.town.refuses(&alice, gateway, &costly(base, minimum), &below);
    let slippage = refusals::Error {
        reason: "Too little received".into(),
    };
    it.town.refuses(&alice, gateway, &costly(usdc, minimum), &slippage);
    it.town.scene(|town| {
        town.does(admin, usdai, &Usdai::setWithdrawalsPausedCall { paused: true });
        let said = town.refuses_somehow(me, gateway, U256::ZERO, nothing.abi_encode(), "withdrawals are paused");
        assert_eq!(said[..], Usdai::WithdrawalsPaused::SELECTOR);
    });
    // The vault's pause holds nobody.
    it.town.does(admin, vault, &Vault::pauseCall {});
    it.town.does(me, gateway, &nothing);
    it.holds_nothing();
    it.town.refuses(&alice, gateway, &nothing, &refusals::ZeroAmount {});
}

/// A hostile stablecoin, paid out: nothing stays here, and nothing of others' is reached.
#[test]
fn a_hostile_token_is_paid_out_or_not_at_all() {
    let mut it = Leaving::new();
    let (me, gateway, vault) = (it.me, it.gateway, it.vault);
    let token = it.town.hostile_token(1_000_000);
    let request = Vault::requestRedeemCall {
        shares: wad(400),
        controller: me,
        owner: me,
    };
    it.town.does(me, vault, &request);
    it.settle();
    it.consents(true);
    let call = Gateway::claimToCall {
        shares: wad(100),
        token,
        minAmount: U256::ZERO,
        receiver: me,
        deadline: U256::MAX,
    };
    let honest = it.town.scene(|town| town.does(me, gateway, &call));
    for mode in [token_mode::RETURN_FALSE, token_mode::REVERT] {
        it.town.scene(|town| {
            town.does(me, token, &HostileToken::setModeCall { mode });
            town.refuses_somehow(me, gateway, U256::ZERO, call.abi_encode(), "a token that fails");
        });
    }
    it.town.does(me, token, &HostileToken::setModeCall { mode: token_mode::REENTER });
    for data in [
        call.abi_encode(),
        Gateway::snapshotCall {}.abi_encode(),
        Gateway::routerCall {}.abi_encode(),
    ] {
        it.town.scene(|town| {
            let ambush = HostileToken::setAmbushCall {
                target: gateway,
                data: data.into(),
            };
            town.does(me, token, &ambush);
            assert_eq!(town.does(me, gateway, &call), honest);
            assert!(town.read(token, &HostileToken::ambushedCall {}));
            assert!(!town.read(token, &HostileToken::ambushSucceededCall {}));
            assert_eq!(town.balance(token, me), honest);
            holds_nothing(town, &[token]);
        });
    }
}

/// Whoever may act for a controller at the vault may act for its positions, and may not send them.
#[test]
fn an_operator_of_the_vault_disposes_of_positions() {
    let mut it = Leaving::new();
    let (me, queue, vault) = (it.me, it.queue, it.vault);
    let operator = it.town.stranger.clone();
    let request = Vault::requestRedeemCall {
        shares: wad(400),
        controller: me,
        owner: me,
    };
    let position = it.town.does(me, vault, &request);
    let commit = Queue::commitBid_0Call {
        position,
        commitment: SALT,
    };
    let stranger = refusals::NotController {
        position,
        caller: operator.address(),
    };
    it.town.refuses(&operator, queue, &commit, &stranger);
    let consent = |approved| Vault::setOperatorCall {
        operator: operator.address(),
        approved,
    };
    it.town.does(me, vault, &consent(true));
    it.town.does(operator.address(), queue, &commit);
    it.town.does(operator.address(), queue, &Queue::abandonBidCall { position });
    let send = Queue::transferFromCall {
        from: me,
        to: operator.address(),
        tokenId: position,
    };
    let unapproved = refusals::ERC721InsufficientApproval {
        operator: operator.address(),
        tokenId: position,
    };
    it.town.refuses(&operator, queue, &send, &unapproved);
    let split = Queue::splitCall { position, shares: wad(1) };
    it.town.scene(|town| town.does(operator.address(), queue, &split));
    it.town.does(me, vault, &consent(false));
    it.town.refuses(&operator, queue, &commit, &stranger);
    it.town.refuses(&operator, queue, &split, &stranger);
}

/// The views say what the contracts say, and what a settlement then does.
#[test]
fn quotes_are_what_happens() {
    let mut it = Leaving::new();
    let (me, gateway, queue, vault) = (it.me, it.gateway, it.queue, it.vault);
    let bob = it.town.stranger.address();
    it.town.give_susdai(bob, 3_000);
    // The vault has 1,000 of 4,000 in cash: the rest is lent.
    let filo = it.town.suite.filo;
    let lent = Vault::drawLoanCall {
        principal: wad(3_000),
        rate: U256::ZERO,
        receiver: filo,
    };
    it.town.does(filo, vault, &lent);
    it.consents(true);
    let bid = it.request(wad(900));
    it.town.does(me, gateway, &bid);
    let request = |shares| Vault::requestRedeemCall {
        shares,
        controller: bob,
        owner: bob,
    };
    let par = [
        it.town.does(bob, vault, &request(wad(150))),
        it.town.does(bob, vault, &request(wad(500))),
    ];
    let reveal_from = it.reveal_from();
    it.town.node.chain.warp_to(reveal_from);
    let reveal = Queue::revealBidCall {
        position: bid.position,
        tick: TICK,
        salt: SALT,
    };
    it.town.does(me, queue, &reveal);

    let snapshot = it.town.read(gateway, &Gateway::snapshotCall {});
    assert_eq!(snapshot.timestamp, it.town.now());
    assert_eq!(snapshot.queue.epochEnd, it.town.read(queue, &Queue::epochEndCall {}));
    assert_eq!(snapshot.queue.revealFrom, U256::from(reveal_from));
    assert_eq!(snapshot.queue.nextPosition, n(4));
    assert_eq!(snapshot.queue.lanes, [U256::from(TICK), U256::ZERO]);
    let bond = wad(900) - snapshot.queue.laneShares[0];
    assert_eq!((bond, snapshot.queue.laneShares[1]), (U256::ZERO, wad(650)));
    assert_eq!((snapshot.vault.cash, snapshot.vault.principal), (wad(1_000), wad(3_000)));
    assert_eq!(snapshot.vault.totalShares, wad(4_000));
    assert_eq!(
        snapshot.vault.redemptionSharePrice,
        it.town.read(vault, &Vault::redemptionSharePriceCall {})
    );
    assert_eq!(snapshot.usdai.supply, wad(4_000));

    let positions = [bid.position, par[0], par[1]];
    let quotes = positions.map(|position| it.town.read(gateway, &Gateway::positionQuoteCall { position }));
    assert_eq!(
        (quotes[0].controller, quotes[0].lane, quotes[0].aheadAbove),
        (me, U256::from(TICK), U256::ZERO)
    );
    assert_eq!((quotes[2].aheadInLane, quotes[2].aheadAbove), (wad(150), wad(900)));
    it.settle();
    for (position, quote) in positions.into_iter().zip(&quotes) {
        let paid = it.town.read(queue, &Queue::positionCall { position });
        assert_eq!(paid.claimableShares, quote.filledNow);
        assert!(paid.claimableAssets.abs_diff(quote.payoutNow) <= n(2), "{quote:?} {paid:?}");
    }
    assert!(quotes[0].filledNow > wad(700) && quotes[0].premiumNow > U256::ZERO);
    assert!(quotes[1].filledNow == wad(150) && quotes[2].filledNow > U256::ZERO && quotes[2].filledNow < wad(500));
}

/// A market whose borrower has made the gateway its operator.
fn market() -> Market {
    let mut market = Market::open();
    let (borrower, operator) = (market.borrower.address(), market.town.suite.gateway);
    let consent = Origination::setOperatorCall { operator, approved: true };
    market.town.does(borrower, market.town.suite.origination, &consent);
    market
}

fn draw_to(market: &Market, token: Address, receiver: Address) -> Gateway::drawToCall {
    let Origination::drawCall { offer, signature, .. } = market.draw_call(&market.offer());
    Gateway::drawToCall {
        offer: to_gateway(&offer),
        signature,
        token,
        minAmount: U256::ZERO,
        receiver,
        deadline: U256::MAX,
    }
}

/// The same struct, as another ABI names it.
fn to_gateway(offer: &Origination::Offer) -> Gateway::Offer {
    Gateway::Offer::abi_decode(&offer.abi_encode()).expect("they are one struct")
}

#[test]
fn a_loan_is_drawn_to_any_stablecoin() {
    let mut market = market();
    let (gateway, me, borrower) = (market.town.suite.gateway, market.borrower.address(), market.borrower.clone());
    let (usdc, usdt, base, usdai) = (
        market.town.world.usdc,
        market.town.world.usdt,
        market.town.world.wrapped_m,
        market.town.suite.usdai,
    );
    let bob = market.town.stranger.clone();
    for token in [usdc, usdt, base] {
        let call = draw_to(&market, token, bob.address());
        market.town.scene(|town| {
            let drawn = town.does(me, gateway, &call);
            assert_eq!(town.balance(token, bob.address()), drawn.paid);
            assert!(drawn.paid <= dollars6(70_000) && drawn.paid >= dollars6(69_900), "{drawn:?}");
            let loan = town.read(town.suite.filo, &Filo::loanCall { loan: drawn.loan });
            assert_eq!((loan.borrower, loan.outstanding), (me, wad(70_000)));
            assert_eq!(town.balance(usdai, me), U256::ZERO);
            holds_nothing(town, &[]);
        });
    }
    // A principal that is no whole number of base units: the rest comes in USDai.
    let mut odd = market.offer();
    odd.principal -= n(999_999_999_995);
    let call = Gateway::drawToCall {
        signature: market.sign(&market.curator, &odd),
        offer: to_gateway(&odd),
        ..draw_to(&market, base, bob.address())
    };
    market.town.scene(|town| {
        town.does(me, gateway, &call);
        assert_eq!(town.balance(usdai, bob.address()), n(5));
        assert_eq!(town.balance(base, bob.address()), dollars6(70_000) - U256::ONE);
        holds_nothing(town, &[]);
    });
    // Each step can fail, and leaves everything as it was.
    let good = draw_to(&market, usdc, me);
    let stolen = Gateway::drawToCall {
        receiver: bob.address(),
        ..good.clone()
    };
    let other = Gateway::OnlyBorrower {
        caller: bob.address(),
        borrower: me,
    };
    market.town.refuses(&bob, gateway, &stolen, &other);
    let timestamp = market.town.now();
    let deadline = timestamp - U256::ONE;
    let late = Gateway::drawToCall { deadline, ..good.clone() };
    market
        .town
        .refuses(&borrower, gateway, &late, &refusals::DeadlineExpired { deadline, timestamp });
    let nobody = Gateway::drawToCall {
        receiver: ZERO,
        ..good.clone()
    };
    market.town.refuses(&borrower, gateway, &nobody, &refusals::ZeroAddress {});
    let lost = Gateway::drawToCall {
        receiver: gateway,
        ..good.clone()
    };
    let stays = refusals::InvalidReceiver { receiver: gateway };
    market.town.refuses(&borrower, gateway, &lost, &stays);
    let unsigned = Gateway::drawToCall {
        signature: vec![0; 65].into(),
        ..good.clone()
    };
    let said = market
        .town
        .refuses_somehow(me, gateway, U256::ZERO, unsigned.abi_encode(), "no signature");
    assert_eq!(said[..4], Origination::InvalidOfferSigner::SELECTOR);
    let mut dear = market.offer();
    dear.principal = wad(70_001);
    let dear = Gateway::drawToCall {
        signature: market.sign(&market.curator, &dear),
        offer: to_gateway(&dear),
        ..good.clone()
    };
    let said = market
        .town
        .refuses_somehow(me, gateway, U256::ZERO, dear.abi_encode(), "too much for the receipts");
    assert_eq!(said[..4], Filo::LtvExceeded::SELECTOR);
    for token in [ZERO, usdai] {
        let call = Gateway::drawToCall { token, ..good.clone() };
        market.town.refuses(&borrower, gateway, &call, &refusals::InvalidAddress {});
    }
    let costly = |token, minimum| Gateway::drawToCall {
        token,
        minAmount: minimum,
        ..good.clone()
    };
    let (amount, minimum) = (dollars6(70_000), dollars6(70_000) + U256::ONE);
    market.town.refuses(
        &borrower,
        gateway,
        &costly(base, minimum),
        &refusals::InsufficientOutput { amount, minimum },
    );
    let slippage = refusals::Error {
        reason: "Too little received".into(),
    };
    market.town.refuses(&borrower, gateway, &costly(usdc, minimum), &slippage);
    let admin = market.town.cast.admin.address();
    market.town.scene(|town| {
        town.does(admin, usdai, &Usdai::setWithdrawalsPausedCall { paused: true });
        let said = town.refuses_somehow(me, gateway, U256::ZERO, good.abi_encode(), "withdrawals are paused");
        assert_eq!(said[..], Usdai::WithdrawalsPaused::SELECTOR);
    });
    market.town.scene(|town| {
        let revoke = Origination::setOperatorCall {
            operator: gateway,
            approved: false,
        };
        town.does(me, town.suite.origination, &revoke);
        let refusal = Gateway::OnlyBorrower {
            caller: gateway,
            borrower: me,
        };
        town.refuses(&borrower, gateway, &good, &refusal);
    });
    market.town.does(me, gateway, &good);
    // An offer is good once.
    let said = market.town.refuses_somehow(me, gateway, U256::ZERO, good.abi_encode(), "taken");
    assert_eq!(said[..4], Origination::OfferSpent::SELECTOR);
    holds_nothing(&mut market.town, &[]);
}

#[test]
fn a_loan_is_repaid_from_any_stablecoin() {
    let mut market = market();
    let offer = market.offer();
    let loan = market.draw(&offer);
    let (gateway, filo, usdai) = (market.town.suite.gateway, market.town.suite.filo, market.town.suite.usdai);
    let (usdc, usdt, base) = (market.town.world.usdc, market.town.world.usdt, market.town.world.wrapped_m);
    let payer = market.town.stranger.clone();
    let me = payer.address();
    market.town.node.chain.advance(30 * DAY);
    let town = &mut market.town;
    let due = town.read(filo, &Filo::instalmentCall { loan });
    let payoff = town.read(
        filo,
        &Filo::payoffCall {
            loan,
            time: U256::from(town.node.chain.timestamp()),
        },
    );
    // The gateway says of the loan what FiLo says.
    let quote = town.read(
        gateway,
        &Gateway::loanQuoteCall {
            loan,
            time: U256::from(town.node.chain.timestamp()),
        },
    );
    assert_eq!(
        (quote.payoff, quote.dueInterest, quote.outstanding),
        (payoff, due.interest, wad(70_000))
    );
    assert_eq!((quote.plan.len(), quote.periods), (36, n(36)));
    assert_eq!(quote.plan[35].outstanding, U256::ZERO);
    assert_eq!(
        quote.plan.iter().fold(U256::ZERO, |sum, instalment| sum + instalment.principal),
        wad(70_000)
    );
    town.give_usdc(me, dollars6(100_000));
    town.give_base(me, dollars6(100_000));
    let admin = town.cast.admin.address();
    let mint = scenarios::usdai_cli::protocol::bindings::IMintable::mintCall {
        to: me,
        amount: dollars6(100_000),
    };
    town.does(admin, usdt, &mint);
    let repay = |token, amount| Gateway::repayFromCall {
        token,
        amount,
        minUsdai: U256::ZERO,
        loan,
        deadline: U256::MAX,
    };
    let unallowed = refusals::ERC20InsufficientAllowance {
        spender: gateway,
        allowance: U256::ZERO,
        needed: dollars6(1_000),
    };
    town.refuses(&payer, gateway, &repay(usdc, dollars6(1_000)), &unallowed);
    for token in [usdc, usdt, base] {
        town.does_silently(
            me,
            token,
            &Erc20::approveCall {
                spender: gateway,
                value: U256::MAX,
            },
        );
        // A part, and more than everything: what is not owed comes back in USDai.
        town.scene(|town| {
            let paid = town.does(me, gateway, &repay(token, dollars6(1_000)));
            assert!(paid <= wad(1_000) && paid >= wad(998), "{paid}");
            assert_eq!(town.balance(usdai, me), U256::ZERO);
            holds_nothing(town, &[]);
        });
        town.scene(|town| {
            assert_eq!(town.does(me, gateway, &repay(token, dollars6(80_000))), payoff);
            let refunded = town.balance(usdai, me);
            assert!(refunded > wad(8_000) && refunded < wad(10_000), "{refunded}");
            holds_nothing(town, &[]);
            let said = town.refuses_somehow(me, gateway, U256::ZERO, repay(token, dollars6(1)).abi_encode(), "nothing is owed");
            assert_eq!(said[..4], Filo::WrongStatus::SELECTOR);
        });
    }
    // Each step can fail, and leaves everything as it was.
    let good = repay(usdc, dollars6(1_000));
    let timestamp = town.now();
    let deadline = timestamp - U256::ONE;
    let late = Gateway::repayFromCall { deadline, ..good.clone() };
    town.refuses(&payer, gateway, &late, &refusals::DeadlineExpired { deadline, timestamp });
    let costly = |token| Gateway::repayFromCall {
        minUsdai: wad(1_000) + U256::ONE,
        ..repay(token, dollars6(1_000))
    };
    let below = refusals::InsufficientOutput {
        amount: wad(1_000),
        minimum: wad(1_000) + U256::ONE,
    };
    town.refuses(&payer, gateway, &costly(base), &below);
    let slippage = refusals::Error {
        reason: "Too little received".into(),
    };
    town.refuses(&payer, gateway, &costly(usdc), &slippage);
    let unknown = Gateway::repayFromCall {
        loan: n(77),
        ..good.clone()
    };
    town.refuses(&payer, gateway, &unknown, &refusals::UnknownLoan { loan: n(77) });
    town.scene(|town| {
        town.does(admin, usdai, &Usdai::pauseDepositsCall {});
        let said = town.refuses_somehow(me, gateway, U256::ZERO, good.abi_encode(), "deposits are paused");
        assert_eq!(said[..], Usdai::DepositsPaused::SELECTOR);
    });
    // With a permit, and by nobody else's.
    town.does(
        me,
        usdc,
        &Erc20::approveCall {
            spender: gateway,
            value: U256::ZERO,
        },
    );
    let signed = permit(town, &payer, usdc, gateway, dollars6(1_000));
    let with = Gateway::repayFromWithPermitCall {
        token: usdc,
        amount: dollars6(1_000),
        minUsdai: U256::ZERO,
        loan,
        deadline: U256::MAX,
        permit: signed,
    };
    let borrower = market.borrower.clone();
    let town = &mut market.town;
    town.give_usdc(borrower.address(), dollars6(1_000));
    town.refuses(&borrower, gateway, &with, &unallowed);
    town.does(me, gateway, &with);
    holds_nothing(town, &[]);
}

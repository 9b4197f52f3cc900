//! Power takes time: operations on the WASM, and every attack on them that we could think of.
#![allow(clippy::unwrap_used, reason = "tests")]

use alloy_primitives::{address, Address, Bytes, B256, U256};
use alloy_sol_types::{SolCall, SolError, SolEvent, SolValue};
use scenarios::abi::Router::Call;
use scenarios::{
    abi::{token_mode, Adapter, Erc20, Filo, HostileToken, Router, Usdai, Wired},
    hands::n,
    refusals,
    usdai_cli::{node::Person, protocol::suite::id},
    Town,
};
use std::collections::BTreeSet;

const DAY: u64 = 86_400;
const DELAY: u64 = 2 * DAY;
const GRACE: u64 = 14 * DAY;
const NOBODY: Address = address!("00000000000000000000000000000000000000aa");

/// The protocol with a delay of two days, a guardian and another one.
struct Delayed {
    town: Town,
    admin: Address,
    guardian: Address,
    second: Address,
    router: Address,
}

impl Delayed {
    fn new() -> Self {
        let mut town = Town::deployed();
        let (router, admin) = (town.suite.router, town.cast.admin.address());
        let [guardian, second] = ["guardian", "second guardian"].map(|name| Person::derived(name, B256::ZERO).unwrap().address());
        for account in [guardian, second] {
            town.does(
                admin,
                router,
                &Router::grantRoleCall {
                    role: id("GUARDIAN"),
                    account,
                },
            );
        }
        town.does(admin, router, &Router::setDelayCall { delay: U256::from(DELAY) });
        Self {
            town,
            admin,
            guardian,
            second,
            router,
        }
    }

    fn queue(&mut self, calls: &[Call]) -> B256 {
        self.town.does(self.admin, self.router, &queue(calls))
    }

    /// Queues, waits, executes.
    fn carry_out(&mut self, calls: &[Call]) {
        self.queue(calls);
        self.wait(DELAY);
        self.town.does(self.admin, self.router, &execute(calls));
    }

    fn wait(&mut self, seconds: u64) {
        self.town.node.chain.advance(seconds);
    }

    fn wait_until(&mut self, second: U256) {
        let ahead = second - self.town.now();
        self.wait(ahead.to());
    }

    fn ready_at(&mut self, id: B256) -> U256 {
        self.town.read(self.router, &Router::operationCall { id }).readyAt
    }

    fn unauthorized(&self, account: Address) -> refusals::Unauthorized {
        refusals::Unauthorized {
            account,
            role: id("ADMIN"),
        }
    }
}

fn to<C: SolCall>(target: Address, call: &C) -> Call {
    raw(target, call.abi_encode())
}

fn raw(target: Address, data: impl Into<Bytes>) -> Call {
    Call { target, data: data.into() }
}

fn queue(calls: &[Call]) -> Router::queueCall {
    Router::queueCall {
        calls: calls.to_vec(),
        salt: B256::ZERO,
    }
}

fn execute(calls: &[Call]) -> Router::executeCall {
    Router::executeCall {
        calls: calls.to_vec(),
        salt: B256::ZERO,
    }
}

fn cap(town: &Town, cap: u64) -> Call {
    let supply_cap = U256::from(cap);
    to(town.suite.usdai, &Usdai::setSupplyCapCall { supplyCap: supply_cap })
}

#[test]
fn an_operation_is_executed_once_and_in_its_time() {
    let mut it = Delayed::new();
    let calls = [cap(&it.town, 7)];
    let (admin, router) = (it.admin, it.router);
    let id = it.queue(&calls);
    let hash = Router::hashOperationCall {
        calls: calls.to_vec(),
        salt: B256::ZERO,
    };
    assert_eq!(id, it.town.read(router, &hash));
    let ready = it.ready_at(id);
    let pending = refusals::OperationPending { id, readyAt: ready };
    it.town.refuses_as(admin, router, &queue(&calls), &pending);
    // Early, to the second.
    for before in [DELAY, 1] {
        it.wait_until(ready - U256::from(before));
        let timestamp = it.town.now();
        let early = refusals::OperationNotReady {
            id,
            readyAt: ready,
            timestamp,
        };
        it.town.refuses_as(admin, router, &execute(&calls), &early);
    }
    let last = ready + U256::from(GRACE);
    // Late, to the second: then it is queued anew.
    it.town.scene(|town| {
        let at = |town: &mut Town, second: U256| town.node.chain.advance((second - town.now()).to());
        at(town, last);
        town.scene(|town| town.does(admin, router, &execute(&calls)));
        at(town, last + U256::ONE);
        let timestamp = town.now();
        let late = refusals::OperationExpired {
            id,
            expiredAt: last,
            timestamp,
        };
        town.refuses_as(admin, router, &execute(&calls), &late);
        town.does(admin, router, &queue(&calls));
        let again = town.read(router, &Router::operationCall { id }).readyAt;
        assert_eq!(again, timestamp + U256::from(DELAY));
    });
    it.wait_until(ready);
    it.town.does(admin, router, &execute(&calls));
    assert_eq!(it.town.read(it.town.suite.usdai, &Usdai::supplyCapCall {}), n(7));
    // Neither again, nor queued again, nor cancelled: but another of the same calls.
    let done = refusals::OperationDone { id };
    it.town.refuses_as(admin, router, &execute(&calls), &done);
    it.town.refuses_as(admin, router, &queue(&calls), &done);
    it.town.refuses_as(admin, router, &Router::cancelCall { id }, &done);
    let other = Router::queueCall {
        calls: calls.to_vec(),
        salt: B256::with_last_byte(1),
    };
    assert_ne!(it.town.does(admin, router, &other), id);
}

#[test]
fn only_the_admin_starts_and_nobody_finishes_for_it() {
    let mut it = Delayed::new();
    let (router, guardian, stranger) = (it.router, it.guardian, it.town.stranger.address());
    let calls = [cap(&it.town, 7)];
    for who in [guardian, stranger] {
        let refusal = it.unauthorized(who);
        it.town.refuses_as(who, router, &queue(&calls), &refusal);
    }
    let queued = it.queue(&calls);
    it.wait(DELAY);
    // Whoever sees the execution coming cannot make it, at its moment or with other calls.
    for who in [guardian, stranger] {
        let refusal = it.unauthorized(who);
        it.town.refuses_as(who, router, &execute(&calls), &refusal);
        it.town.refuses_as(who, router, &Router::setDelayCall { delay: n(3_600) }, &refusal);
    }
    let other = [cap(&it.town, 8)];
    let hash = Router::hashOperationCall {
        calls: other.to_vec(),
        salt: B256::ZERO,
    };
    let unknown = it.town.read(router, &hash);
    it.town
        .refuses_as(it.admin, router, &execute(&other), &refusals::OperationUnknown { id: unknown });
    let not_guardian = refusals::Unauthorized {
        account: stranger,
        role: id("GUARDIAN"),
    };
    it.town
        .refuses_as(stranger, router, &Router::cancelCall { id: queued }, &not_guardian);
    // An operation of an admin that has gone is not the next one's unless it wants it.
    it.town.does(it.admin, router, &execute(&calls));
}

#[test]
fn a_guardian_cancels_what_waits_and_what_is_ready() {
    let mut it = Delayed::new();
    let (admin, guardian, router) = (it.admin, it.guardian, it.router);
    let calls = [cap(&it.town, 7)];
    let unknown = |id| refusals::OperationUnknown { id };
    for waited in [0, DELAY, DELAY + GRACE + 1] {
        for who in [guardian, admin] {
            let id = it.queue(&calls);
            it.wait(waited);
            it.town.does(who, router, &Router::cancelCall { id });
            assert_eq!(it.ready_at(id), U256::ZERO);
            it.town.refuses_as(admin, router, &execute(&calls), &unknown(id));
            it.town.refuses_as(guardian, router, &Router::cancelCall { id }, &unknown(id));
        }
    }
    it.carry_out(&calls);
}

#[test]
fn a_guardian_cannot_cancel_its_own_dismissal() {
    let mut it = Delayed::new();
    let (admin, guardian, second, router) = (it.admin, it.guardian, it.second, it.router);
    let revoke = Router::revokeRoleCall {
        role: id("GUARDIAN"),
        account: guardian,
    };
    // Not at once: a thief of the admin's key would begin with it.
    let queued = refusals::MustBeQueued { delay: U256::from(DELAY) };
    it.town.refuses_as(admin, router, &revoke, &queued);
    let calls = [to(router, &revoke)];
    let dismissal = it.queue(&calls);
    it.town.refuses_as(
        guardian,
        router,
        &Router::cancelCall { id: dismissal },
        &refusals::OwnDismissal { guardian },
    );
    it.town
        .scene(|town| town.does(second, router, &Router::cancelCall { id: dismissal }));
    // What does more than dismiss can be cancelled, or it would shelter anything.
    let more = [to(router, &revoke), cap(&it.town, 7)];
    let sheltered = it.queue(&more);
    it.town.does(guardian, router, &Router::cancelCall { id: sheltered });
    it.wait(DELAY);
    it.town.does(admin, router, &execute(&calls));
    let refusal = refusals::Unauthorized {
        account: guardian,
        role: id("GUARDIAN"),
    };
    it.town
        .refuses_as(guardian, router, &Router::cancelCall { id: dismissal }, &refusal);
    // Every other role goes at once.
    let curator = it.town.cast.curator.address();
    let revoke = Router::revokeRoleCall {
        role: id("CURATOR"),
        account: curator,
    };
    it.town.does(admin, router, &revoke);
}

#[test]
fn with_a_delay_the_admin_is_admin_nowhere() {
    let mut it = Delayed::new();
    let (admin, router, usdai) = (it.admin, it.router, it.town.suite.usdai);
    let refusal = it.unauthorized(admin);
    let fees = Filo::setFeesCall {
        protocolFeeBps: n(1),
        reserveBps: n(1),
    };
    let token = it.town.world.usdc;
    let allowed = Adapter::setTokenAllowedCall { token, allowed: false };
    it.town
        .refuses_as(admin, usdai, &Usdai::setSupplyCapCall { supplyCap: n(1) }, &refusal);
    it.town
        .refuses_as(admin, usdai, &Usdai::setWithdrawalsPausedCall { paused: true }, &refusal);
    it.town.refuses_as(admin, it.town.suite.filo, &fees, &refusal);
    it.town.refuses_as(admin, it.town.suite.swap_adapter, &allowed, &refusal);
    let queued = refusals::MustBeQueued { delay: U256::from(DELAY) };
    let entry = |account| Router::grantRoleCall {
        role: id("CURATOR"),
        account,
    };
    it.town.refuses_as(admin, router, &entry(NOBODY), &queued);
    it.town
        .refuses_as(admin, router, &Router::transferAdminCall { account: NOBODY }, &queued);
    it.town
        .refuses_as(admin, router, &Router::setDelayCall { delay: n(3_600) }, &queued);
    let set = Router::setAddressCall {
        id: id("QEV"),
        current: NOBODY,
    };
    it.town.refuses_as(admin, router, &set, &queued);
    // Entry is paused at once, by the admin as by any guardian, and goes on after the delay.
    for who in [admin, it.guardian] {
        it.town.scene(|town| town.does(who, usdai, &Usdai::pauseDepositsCall {}));
    }
    it.town.does(it.guardian, usdai, &Usdai::pauseDepositsCall {});
    it.town.refuses_as(admin, usdai, &Usdai::unpauseDepositsCall {}, &refusal);
    let (filo, adapter) = (it.town.suite.filo, it.town.suite.swap_adapter);
    it.carry_out(&[
        to(usdai, &Usdai::unpauseDepositsCall {}),
        to(filo, &fees),
        to(adapter, &allowed),
        to(router, &entry(NOBODY)),
    ]);
    assert!(!it.town.read(usdai, &Usdai::depositsPausedCall {}));
    assert!(!it.town.read(adapter, &Adapter::tokenAllowedCall { token }));
    let has = |role, account| Router::hasRoleCall { role, account };
    assert!(it.town.read(router, &has(id("CURATOR"), NOBODY)));
    assert!(it.town.read(router, &has(id("ADMIN"), router)));
    assert!(!it.town.read(router, &has(id("ADMIN"), admin)));
}

/// The router is at work while it makes calls: whoever it calls can ask it for roles and addresses, and nothing else.
#[test]
fn an_executed_call_cannot_reach_back() {
    let mut it = Delayed::new();
    let (admin, router) = (it.admin, it.router);
    let token = it.town.solidity("HostileToken", &U256::from(6).abi_encode());
    it.town.does(admin, token, &HostileToken::setModeCall { mode: token_mode::REENTER });
    let strike = [to(
        token,
        &Erc20::transferCall {
            to: admin,
            value: U256::ZERO,
        },
    )];
    // Every right that it could have: it is the admin, and a guardian with that.
    it.carry_out(&[to(router, &Router::transferAdminCall { account: token })]);
    let mut ambush = |data: Vec<u8>, succeeds: bool, accept: bool| {
        it.town.scene(|town| {
            let now = town.does(admin, router, &queue(&strike));
            let waiting = town.does(admin, router, &queue(&[cap(town, 7)]));
            town.node.chain.advance(DELAY);
            let data = if data.is_empty() {
                Router::cancelCall { id: waiting }.abi_encode()
            } else {
                data
            };
            let call = HostileToken::setAmbushCall {
                target: router,
                data: data.into(),
            };
            town.does(admin, token, &call);
            let by = if accept {
                town.does(token, router, &Router::acceptAdminCall {});
                token
            } else {
                admin
            };
            town.does(by, router, &execute(&strike));
            assert!(town.read(token, &HostileToken::ambushedCall {}));
            assert_eq!(town.read(token, &HostileToken::ambushSucceededCall {}), succeeds);
            assert_eq!(town.read(router, &Router::adminCall {}), by);
            assert!(town.read(router, &Router::operationCall { id: now }).executed);
            assert_ne!(town.read(router, &Router::operationCall { id: waiting }).readyAt, U256::ZERO);
        });
    };
    ambush(execute(&strike).abi_encode(), false, true);
    let other = [raw(NOBODY, Bytes::new())];
    ambush(queue(&other).abi_encode(), false, true);
    ambush(Vec::new(), false, true);
    ambush(Router::acceptAdminCall {}.abi_encode(), false, false);
    ambush(Router::adminCall {}.abi_encode(), false, false);
    ambush(vec![0x91], false, false);
    let has_role = Router::hasRoleCall {
        role: id("ADMIN"),
        account: admin,
    };
    ambush(has_role.abi_encode(), true, false);
    ambush(Router::addressOfCall { id: id("USDAI") }.abi_encode(), true, false);
}

#[test]
fn a_suite_is_wired_in_one_operation_or_not_at_all() {
    let mut it = Delayed::new();
    let (admin, router, usdai, filo) = (it.admin, it.router, it.town.suite.usdai, it.town.suite.filo);
    let treasury = Router::setAddressCall {
        id: id("TREASURY"),
        current: NOBODY,
    };
    let entry = to(router, &treasury);
    let good = vec![entry.clone(), to(usdai, &Wired::wireCall {}), to(filo, &Wired::wireCall {})];
    // The last call fails, by name or without a word: nothing of it happens, and it stays queued.
    let fee = Usdai::setAdminFeeCall { bps: n(10_001) };
    let bad = [good.clone(), vec![to(usdai, &fee)]].concat();
    let silent = [good.clone(), vec![raw(NOBODY, Bytes::new())]].concat();
    for calls in [&good, &bad, &silent] {
        it.queue(calls);
    }
    it.wait(DELAY);
    let too_high = refusals::AdminFeeTooHigh {
        bps: n(10_001),
        maximum: n(2_000),
    };
    it.town.refuses_as(admin, router, &execute(&bad), &too_high);
    let failed = refusals::CallFailed {
        index: n(3),
        target: NOBODY,
    };
    it.town.refuses_as(admin, router, &execute(&silent), &failed);
    let receipt = it.town.attempt(admin, router, &execute(&good)).unwrap();
    // The contracts asked the router in the middle of its execution, and got the new entry.
    let wired: Vec<_> = receipt.logs.iter().filter_map(|log| Usdai::Wired::decode_log(log).ok()).collect();
    assert_eq!(wired[0].treasury, NOBODY);
    assert_eq!(it.town.read(router, &Router::addressOfCall { id: id("TREASURY") }), NOBODY);
}

#[test]
fn the_delay_changes_by_operation_and_never_to_nothing() {
    let mut it = Delayed::new();
    let (admin, router) = (it.admin, it.router);
    let hour = n(3_600);
    let shorten = [to(router, &Router::setDelayCall { delay: hour })];
    it.queue(&shorten);
    let before = [cap(&it.town, 7)];
    let id = it.queue(&before);
    let ready = it.ready_at(id);
    it.wait(DELAY - 10);
    let during = it.queue(&[cap(&it.town, 8)]);
    it.wait(10);
    it.town.does(admin, router, &execute(&shorten));
    assert_eq!(it.town.read(router, &Router::delayCall {}), hour);
    // What was queued keeps its time.
    assert_eq!(it.ready_at(id), ready);
    let (ready_at, timestamp) = (it.ready_at(during), it.town.now());
    let early = refusals::OperationNotReady {
        id: during,
        readyAt: ready_at,
        timestamp,
    };
    let other = [cap(&it.town, 8)];
    it.town.refuses_as(admin, router, &execute(&other), &early);
    let after = it.queue(&[cap(&it.town, 9)]);
    assert_eq!(it.ready_at(after), it.town.now() + hour);
    for delay in [U256::ZERO, n(3_599), n(30 * u128::from(DAY) + 1), U256::MAX] {
        let calls = [to(router, &Router::setDelayCall { delay })];
        it.queue(&calls);
        it.wait(3_600);
        let refusal = refusals::InvalidDelay {
            delay,
            minimum: hour,
            maximum: n(30 * u128::from(DAY)),
        };
        it.town.refuses_as(admin, router, &execute(&calls), &refusal);
    }
}

/// Else whoever deploys could leave something behind that runs at once, under the eyes of those who read that there is a delay.
#[test]
fn what_was_queued_without_a_delay_does_not_outlive_it() {
    let mut town = Town::deployed();
    let (router, admin) = (town.suite.router, town.cast.admin.address());
    let [now, never] = [cap(&town, 7), cap(&town, 8)].map(|call| [call]);
    // Without a delay nothing waits.
    town.does(admin, router, &queue(&now));
    let id = town.does(admin, router, &queue(&never));
    town.does(admin, router, &execute(&now));
    let standing = Router::operationCall { id };
    let queued = town.read(router, &standing);
    assert_eq!(queued.expiresAt, queued.readyAt + U256::from(GRACE));
    town.does(admin, router, &Router::setDelayCall { delay: U256::from(DELAY) });
    assert_eq!(town.read(router, &standing).expiresAt, queued.readyAt);
    town.node.chain.advance(1);
    let expired = refusals::OperationExpired {
        id,
        expiredAt: queued.readyAt,
        timestamp: town.now(),
    };
    town.refuses_as(admin, router, &execute(&never), &expired);
    // Queued again it waits like any other, and lasts as long.
    town.does(admin, router, &queue(&never));
    let again = town.read(router, &standing);
    assert_eq!(again.readyAt, town.now() + U256::from(DELAY));
    assert_eq!(again.expiresAt, again.readyAt + U256::from(GRACE));
    town.node.chain.advance(DELAY);
    town.does(admin, router, &execute(&never));
    town.events_rebuild_the_storage();
}

/// The offer of the administration waits too, and a guardian can cancel it.
#[test]
fn a_stolen_key_takes_nothing_away_while_a_guardian_watches() {
    let mut it = Delayed::new();
    let (admin, guardian, router, thief) = (it.admin, it.guardian, it.router, it.town.stranger.address());
    let calls = [to(router, &Router::transferAdminCall { account: thief })];
    let id = it.queue(&calls);
    it.town.does(guardian, router, &Router::cancelCall { id });
    it.wait(DELAY);
    it.town
        .refuses_as(admin, router, &execute(&calls), &refusals::OperationUnknown { id });
    it.town.refuses_as(
        thief,
        router,
        &Router::acceptAdminCall {},
        &refusals::NotPendingAdmin { caller: thief },
    );
    it.carry_out(&calls);
    // The offer can be taken back at once, as long as it is not accepted.
    it.town.scene(|town| {
        town.does(admin, router, &Router::transferAdminCall { account: admin });
        town.refuses_as(
            thief,
            router,
            &Router::acceptAdminCall {},
            &refusals::NotPendingAdmin { caller: thief },
        );
    });
    it.town.does(thief, router, &Router::acceptAdminCall {});
    let refusal = it.unauthorized(admin);
    it.town.refuses_as(admin, router, &queue(&[cap(&it.town, 1)]), &refusal);
}

#[test]
fn operations_refuse_nonsense_by_name() {
    let mut it = Delayed::new();
    let (admin, router) = (it.admin, it.router);
    it.town.refuses_as(admin, router, &queue(&[]), &refusals::EmptyOperation {});
    let nobody = [cap(&it.town, 7), to(Address::ZERO, &Wired::wireCall {})];
    it.town.refuses_as(admin, router, &queue(&nobody), &refusals::ZeroAddress {});
    let own = |data: Vec<u8>| raw(router, data);
    let grant = Router::grantRoleCall {
        role: id("CURATOR"),
        account: NOBODY,
    }
    .abi_encode();
    for data in [
        Vec::new(),
        vec![1, 2, 3],
        Router::acceptAdminCall {}.abi_encode(),
        queue(&nobody).abi_encode(),
        Router::cancelCall { id: B256::ZERO }.abi_encode(),
        grant[..grant.len() - 1].to_vec(),
        [grant.as_slice(), &[0]].concat(),
    ] {
        let calls = [cap(&it.town, 7), own(data)];
        it.town
            .refuses_as(admin, router, &queue(&calls), &refusals::InvalidOwnCall { index: U256::ONE });
    }
    for (data, error) in [
        (
            Router::grantRoleCall {
                role: id("ADMIN"),
                account: NOBODY,
            }
            .abi_encode(),
            refusals::AdminNotGrantable::SELECTOR,
        ),
        (
            Router::setAddressCall {
                id: B256::ZERO,
                current: NOBODY,
            }
            .abi_encode(),
            refusals::ZeroId::SELECTOR,
        ),
        (
            Router::transferAdminCall { account: Address::ZERO }.abi_encode(),
            refusals::ZeroAddress::SELECTOR,
        ),
    ] {
        let calls = [own(data)];
        it.queue(&calls);
        it.wait(DELAY);
        it.town
            .refuses_raw(admin, router, U256::ZERO, execute(&calls).abi_encode(), &error, "a call to itself");
    }
}

#[test]
fn events_rebuild_the_router() {
    let mut it = Delayed::new();
    let (guardian, router) = (it.guardian, it.router);
    let grant = |role: &str, account| to(router, &Router::grantRoleCall { role: id(role), account });
    let revoke = |role: &str, account| to(router, &Router::revokeRoleCall { role: id(role), account });
    it.carry_out(&[grant("BRIDGE", NOBODY), grant("CURATOR", NOBODY), revoke("BRIDGE", NOBODY)]);
    it.carry_out(&[to(router, &Router::setDelayCall { delay: n(7_200) })]);
    let cancelled = it.queue(&[grant("BLACKLIST", NOBODY)]);
    it.town.does(guardian, router, &Router::cancelCall { id: cancelled });
    it.queue(&[grant("BLACKLIST", NOBODY)]);
    let waiting = it.queue(&[revoke("GUARDIAN", guardian)]);
    it.carry_out(&[to(router, &Router::transferAdminCall { account: guardian })]);
    let events = it.town.node.chain.logs().filter(|(_, log)| log.address == router);
    let calls = events.filter_map(|(_, log)| Router::CallQueued::decode_log(log).ok());
    let queued: BTreeSet<_> = calls.map(|call| call.id).collect();
    assert!(queued.len() == 5 && queued.contains(&waiting));
    let read = it.town.read(router, &Router::pendingAdminCall {});
    assert_eq!(read, guardian);
    it.town.events_rebuild_the_storage();
}

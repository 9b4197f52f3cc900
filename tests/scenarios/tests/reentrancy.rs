//! Re-entrancy, all of it: in the middle of every call in which our contracts hand control to somebody outside, whoever has control makes every
//! call of every contract's ABI.
//!
//! One oracle for all. Either the outer call fails and nothing has changed; or what was tried inside was refused and everything is as it would be
//! without; or it went through, and everything is as if it had been done right before the outer call, or right after: then the middle is no better
//! a moment than any other. A view in the middle answers what it answers before or after, or refuses.
//!
//! What asks an ERC-1271 wallet asks it by a static call, in which nothing changes (`signatures::a_wallet_that_re_enters_changes_nothing`).

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use alloy_primitives::{Address, Bytes, B256, U256};
use alloy_sol_types::{SolCall, SolValue};
use scenarios::{
    abi::{receiver_mode, token_mode, Caliber, Erc20, Gateway, HostileToken, Origination, Queue, Router, Usdai, Vault},
    hands::wad,
    loans::Loans,
    scenes::Stage,
    shapes::{self, Filler},
    usdai_cli::protocol::{counterparts::dollars6, suite::id},
    vault::SETTLE,
    Town,
};
use stylus_chain::Fingerprint;

/// Rights that the attacker has beside its own: all that the router grants.
const ROLES: [&str; 8] = [
    "GUARDIAN",
    "TOKENISING_AGENT",
    "ATTESTOR",
    "APPRAISER",
    "CURATOR",
    "BRIDGE",
    "BLACKLIST",
    "DEPOSIT_ADMIN",
];
/// How often a token is moved in one call, at most.
const MOVES: u64 = 8;

/// A call in whose middle somebody outside has control.
#[derive(Clone, Debug)]
struct Point {
    name: &'static str,
    from: Address,
    to: Address,
    data: Bytes,
    /// Who has control then.
    hostile: Address,
}

/// A call that is tried there.
#[derive(Clone, Debug)]
struct Attempt {
    name: String,
    to: Address,
    data: Vec<u8>,
    changes: bool,
}

/// Arguments that mean something to the attacker: itself, lists of one, `numbers` in turn, of which the last goes on.
struct Own<'a> {
    me: Address,
    numbers: &'a [U256],
    used: usize,
}

impl Filler for Own<'_> {
    fn word(&mut self, kind: &str) -> U256 {
        match kind {
            "address" => self.me.into_word().into(),
            "bool" | "uint8" | "bytes4" => U256::ONE,
            _ => {
                let number = self.numbers[self.used.min(self.numbers.len() - 1)];
                self.used += 1;
                number
            }
        }
    }

    fn length(&mut self) -> usize {
        1
    }
}

/// Some of every token for `who`, with approvals for whoever takes tokens, and the gateway as operator.
fn furnish(town: &mut Town, token: Address, who: Address) {
    let (suite, world) = (town.suite, town.world);
    town.give_usdai(who, 10_000);
    town.give_susdai(who, 10_000);
    town.give_usdc(who, dollars6(10_000));
    town.give_base(who, dollars6(10_000));
    let amount = dollars6(10_000);
    town.does(who, token, &HostileToken::mintCall { to: who, amount });
    for spent in [token, world.usdc, world.wrapped_m, suite.usdai, suite.susdai] {
        for spender in [suite.usdai, suite.susdai, suite.gateway, suite.filo] {
            let approve = Erc20::approveCall { spender, value: U256::MAX };
            town.does_silently(who, spent, &approve);
        }
    }
    let (operator, approved) = (suite.gateway, true);
    town.does(who, suite.susdai, &Vault::setOperatorCall { operator, approved });
    town.does(who, suite.origination, &Origination::setOperatorCall { operator, approved });
}

/// A request for redemption of so many whole shares; returns the position.
fn requests(town: &mut Town, who: Address, shares: u64) -> U256 {
    let request = Vault::requestRedeemCall {
        shares: wad(shares),
        controller: who,
        owner: who,
    };
    town.does(who, town.suite.susdai, &request)
}

fn point(name: &'static str, from: Address, to: Address, call: &impl SolCall, hostile: Address) -> Point {
    Point {
        name,
        from,
        to,
        data: call.abi_encode().into(),
        hostile,
    }
}

/// In and out of USDai by a token.
fn dollar_points(town: &Town, token: Address) -> Vec<Point> {
    let (me, usdai) = (town.cast.depositor.address(), town.suite.usdai);
    let deposit = Usdai::deposit_0Call {
        depositToken: token,
        depositAmount: dollars6(100),
        usdaiAmountMinimum: U256::ZERO,
        recipient: me,
    };
    let withdraw = Usdai::withdraw_0Call {
        withdrawToken: token,
        usdaiAmount: wad(100),
        withdrawAmountMinimum: U256::ZERO,
        recipient: me,
    };
    vec![
        point("USDai takes a token", me, usdai, &deposit, token),
        point("USDai pays a token", me, usdai, &withdraw, token),
    ]
}

/// Journeys of the gateway that begin or end with a token, but for the draw.
fn journey_points(town: &Town, token: Address, loan: U256) -> Vec<Point> {
    let (me, gateway) = (town.cast.depositor.address(), town.suite.gateway);
    let (none, late, amount) = (U256::ZERO, U256::MAX, dollars6(100));
    // The token takes any.
    let permit = Gateway::Permit {
        deadline: late,
        v: 27,
        r: B256::ZERO,
        s: B256::ZERO,
    };
    let stake = Gateway::depositAndStakeCall {
        token,
        amount,
        minUsdai: none,
        minShares: none,
        receiver: me,
        deadline: late,
    };
    let permitted_stake = Gateway::depositAndStakeWithPermitCall {
        token,
        amount,
        minUsdai: none,
        minShares: none,
        receiver: me,
        deadline: late,
        permit: permit.clone(),
    };
    let repay = Gateway::repayFromCall {
        token,
        amount,
        minUsdai: none,
        loan,
        deadline: late,
    };
    let permitted_repay = Gateway::repayFromWithPermitCall {
        token,
        amount,
        minUsdai: none,
        loan,
        deadline: late,
        permit,
    };
    let claim = Gateway::claimToCall {
        shares: wad(10),
        token,
        minAmount: none,
        receiver: me,
        deadline: late,
    };
    vec![
        point("the gateway stakes a token", me, gateway, &stake, token),
        point(
            "the gateway takes a permit and stakes a token",
            me,
            gateway,
            &permitted_stake,
            token,
        ),
        point("the gateway repays from a token", me, gateway, &repay, token),
        point(
            "the gateway takes a permit and repays from a token",
            me,
            gateway,
            &permitted_repay,
            token,
        ),
        point("the gateway claims to a token", me, gateway, &claim, token),
    ]
}

/// A loan that is drawn to a token.
fn draw_point(town: &Town, token: Address, borrower: Address, offer: &Origination::Offer, signature: Bytes) -> Point {
    let draw = Gateway::drawToCall {
        offer: Gateway::Offer::abi_decode(&offer.abi_encode()).unwrap(),
        signature,
        token,
        minAmount: U256::ZERO,
        receiver: borrower,
        deadline: U256::MAX,
    };
    point("the gateway draws to a token", borrower, town.suite.gateway, &draw, token)
}

/// Receivers of a receipt and of a place in the queue, and what the timelock executes, which has waited its time.
fn other_points(town: &mut Town, [token, receiver]: [Address; 2], (borrower, lot): (Address, U256), position: U256) -> Vec<Point> {
    let (suite, me, admin) = (town.suite, town.cast.depositor.address(), town.cast.admin.address());
    let transfer = |to, value| Erc20::transferCall { to, value };
    town.does(me, token, &transfer(suite.router, dollars6(1)));
    let calls = vec![Router::Call {
        target: token,
        data: transfer(admin, U256::ONE).abi_encode().into(),
    }];
    let salt = B256::ZERO;
    let queue = Router::queueCall {
        calls: calls.clone(),
        salt,
    };
    town.does(admin, suite.router, &queue);
    let receipt = Caliber::safeTransferFrom_0Call {
        from: borrower,
        to: receiver,
        tokenId: lot,
    };
    let place = Queue::safeTransferFrom_0Call {
        from: me,
        to: receiver,
        tokenId: position,
    };
    let execute = Router::executeCall { calls, salt };
    vec![
        point("a receipt is received", borrower, suite.caliber, &receipt, receiver),
        point("a place in the queue is received", me, suite.qev, &place, receiver),
        point("the timelock makes a call", admin, suite.router, &execute, token),
    ]
}

struct Arena {
    stage: Loans,
    token: Address,
    receiver: Address,
    points: Vec<Point>,
}

impl Arena {
    /// Loans, a position with something to claim and one that waits, and two attackers who have some of everything.
    fn set() -> Self {
        let mut stage = Loans::set();
        let (borrower, admin) = (stage.borrower(), stage.market.town.cast.admin.address());
        let receipts = stage.market.receipts.clone();
        let lot = stage.market.issue("e", "H100", 60_000);
        let offer = {
            let mut offer = stage.market.offer();
            offer.receipts = vec![receipts[3]];
            offer.principal = wad(30_000);
            offer.expiry += U256::from(365 * 86_400);
            offer
        };
        let loan = stage.loan;
        let signature = {
            let curator = stage.market.curator.clone();
            stage.market.sign(&curator, &offer)
        };
        let town = stage.town();
        let (suite, me) = (town.suite, town.cast.depositor.address());
        let token = town.hostile_token(1_000_000);
        let receiver = town.solidity("HostileReceiver", &[]);
        let mut positions = Vec::new();
        for who in [me, token, receiver, borrower] {
            for role in ROLES.map(id).into_iter().filter(|_| who == token || who == receiver) {
                town.does(admin, suite.router, &Router::grantRoleCall { role, account: who });
            }
            furnish(town, token, who);
            positions.push(requests(town, who, 1_000));
        }
        // What was requested first can be claimed; another request waits.
        let end = town.read(suite.qev, &Queue::epochEndCall {});
        town.node.chain.warp_to(end.to());
        town.does(me, suite.qev, &SETTLE);
        for who in [me, token, receiver] {
            positions.push(requests(town, who, 100));
        }
        for (hostile, mode) in [(token, token_mode::REENTER), (receiver, receiver_mode::REENTER)] {
            town.does(admin, hostile, &HostileToken::setModeCall { mode });
        }
        let mut points = dollar_points(town, token);
        points.extend(journey_points(town, token, loan));
        points.push(draw_point(town, token, borrower, &offer, signature));
        points.extend(other_points(town, [token, receiver], (borrower, lot), positions[0]));
        Self {
            stage,
            token,
            receiver,
            points,
        }
    }

    fn town(&mut self) -> &mut Town {
        self.stage.town()
    }

    /// Every function of every contract, once: with the first arguments of some with which it succeeds for `me`, if it does for any.
    fn attempts(&mut self, me: Address) -> Vec<Attempt> {
        let (suite, base) = (self.town().suite, self.town().world.wrapped_m);
        let one = U256::ONE;
        let numbers: [&[U256]; 4] = [&[one, wad(1)], &[wad(1)], &[one], &[one, dollars6(1), U256::ZERO]];
        let mut all = Vec::new();
        for (contract, address) in shapes::contracts(&suite) {
            for function in shapes::functions(&contract) {
                let calls: Vec<_> = numbers
                    .iter()
                    .map(|numbers| function.call(&mut Own { me, numbers, used: 0 }))
                    .collect();
                let works = |call: &&Vec<u8>| {
                    self.stage
                        .scene(|stage| stage.town().raw(me, address, U256::ZERO, (*call).clone()).success)
                };
                let data = calls.iter().find(works).unwrap_or(&calls[0]).clone();
                all.push(Attempt {
                    name: format!("{contract}.{}", function.signature),
                    to: address,
                    data,
                    changes: function.changes,
                });
            }
        }
        // Money in and out by the base token and the hostile one.
        for (name, call) in [
            (
                "Usdai.deposit of the base token",
                Usdai::deposit_0Call {
                    depositToken: base,
                    depositAmount: dollars6(1),
                    usdaiAmountMinimum: U256::ZERO,
                    recipient: me,
                }
                .abi_encode(),
            ),
            (
                "Usdai.withdraw to the base token",
                Usdai::withdraw_0Call {
                    withdrawToken: base,
                    usdaiAmount: wad(1),
                    withdrawAmountMinimum: U256::ZERO,
                    recipient: me,
                }
                .abi_encode(),
            ),
        ] {
            all.push(Attempt {
                name: name.to_owned(),
                to: suite.usdai,
                data: call,
                changes: true,
            });
        }
        all
    }

    /// All but who acts and who has control: what they keep of the ambush is theirs.
    fn fingerprint(&mut self, point: &Point) -> Fingerprint {
        let except = [point.from, self.token, self.receiver];
        self.town().node.chain.fingerprint(&except)
    }

    fn scene<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.town().node.chain.snapshot();
        let result = act(self);
        assert!(self.town().node.chain.revert_to(before), "the scene's beginning is gone");
        result
    }

    /// The outer call, with `data` to `target` in its middle, at move number `patience`: whether control came, whether the inner call went
    /// through, and what it said; then what the outer call came to.
    fn strike(&mut self, point: &Point, target: Address, data: &[u8], patience: u64) -> (Option<(bool, Bytes)>, (bool, Bytes)) {
        let hostile = point.hostile;
        let set = HostileToken::setAmbushCall {
            target,
            data: data.to_vec().into(),
        };
        let wait = HostileToken::setPatienceCall { moves: patience };
        let town = self.town();
        town.does(hostile, hostile, &set);
        town.does(hostile, hostile, &wait);
        let receipt = town.raw(point.from, point.to, U256::ZERO, point.data.clone());
        assert_eq!(receipt.halt, None, "{} crashed", point.name);
        let struck = town.read(hostile, &HostileToken::ambushedCall {}).then(|| {
            let through = town.read(hostile, &HostileToken::ambushSucceededCall {});
            (through, town.read(hostile, &HostileToken::ambushResultCall {}))
        });
        (struck, (receipt.success, receipt.output))
    }
}

/// Plays the matrix at the points that `chosen` takes.
fn play(chosen: impl Fn(&str) -> bool) {
    let mut arena = Arena::set();
    let nobody = Address::repeat_byte(0x77);
    let (mut tried, mut through) = (0u64, BTreeMap::<String, u64>::new());
    for point in arena.points.clone().iter().filter(|point| chosen(point.name)) {
        let attempts = arena.attempts(point.hostile);
        let plain = arena.scene(|arena| {
            let (struck, outer) = arena.strike(point, nobody, &[], 0);
            assert!(struck.is_some(), "{}: nobody has control", point.name);
            assert!(outer.0, "{}: {}", point.name, outer.1);
            (outer, arena.fingerprint(point))
        });
        // Views, before and after.
        let views: Vec<_> = attempts.iter().filter(|attempt| !attempt.changes).collect();
        let ask = |arena: &mut Arena| -> Vec<_> {
            let hostile = point.hostile;
            let answer = |view: &&Attempt| arena.scene(|arena| arena.town().raw(hostile, view.to, U256::ZERO, view.data.clone()).output);
            views.iter().map(answer).collect()
        };
        let before = ask(&mut arena);
        let after = arena.scene(|arena| {
            arena.strike(point, nobody, &[], 0);
            ask(arena)
        });
        let mut moves = 0;
        while moves < MOVES && arena.scene(|arena| arena.strike(point, nobody, &[], moves).0.is_some()) {
            for (view, honest) in views.iter().zip(before.iter().zip(&after)) {
                let (struck, outer) = arena.scene(|arena| arena.strike(point, view.to, &view.data, moves));
                let (answered, said) = struck.expect("control came before");
                assert!(
                    !answered || said == *honest.0 || said == *honest.1,
                    "{}, move {moves}: {} says {said}, and {} before and {} after",
                    point.name,
                    view.name,
                    honest.0,
                    honest.1
                );
                assert_eq!(outer, plain.0, "{}: {} changed it", point.name, view.name);
                tried += 1;
            }
            for attempt in attempts.iter().filter(|attempt| attempt.changes) {
                tried += 1;
                let what = format!("{}, move {moves}, {}", point.name, attempt.name);
                let unchanged = arena.fingerprint(point);
                let (struck, outer, now) = arena.scene(|arena| {
                    let (struck, outer) = arena.strike(point, attempt.to, &attempt.data, moves);
                    (struck, outer, arena.fingerprint(point))
                });
                if !outer.0 {
                    assert_eq!(now, unchanged, "{what}: refused, and changed something");
                    continue;
                }
                let (went_through, _) = struck.expect("control came before");
                if !went_through {
                    assert_eq!((outer, now), plain, "{what}: refused inside, and another outcome");
                    continue;
                }
                *through.entry(attempt.name.clone()).or_default() += 1;
                let first = arena.scene(|arena| {
                    arena.town().raw(point.hostile, attempt.to, U256::ZERO, attempt.data.clone());
                    let (_, outer) = arena.strike(point, nobody, &[], 0);
                    (outer, arena.fingerprint(point))
                });
                let last = arena.scene(|arena| {
                    let (_, outer) = arena.strike(point, nobody, &[], 0);
                    arena.town().raw(point.hostile, attempt.to, U256::ZERO, attempt.data.clone());
                    (outer, arena.fingerprint(point))
                });
                let here = (outer, now);
                assert!(here == first || here == last, "{what}: neither as before nor as after");
            }
            moves += 1;
        }
        println!("{}: at {moves} moves", point.name);
    }
    assert!(!through.is_empty(), "nothing was possible at all: then this shows nothing");
    println!("went through, as before or after: {through:#?}");
    println!("tried {tried}");
}

/// Interfaces by which contracts call, and who is at the other end. Ours are called by address book and constructor alone; counterparts are chosen
/// by a deployment and trusted: they are what USDai is made of and swapped on.
const OURS: [&str; 19] = [
    "ICaliber",
    "IFiloDues",
    "IFiloLoans",
    "IFiloOrigination",
    "IFiloPayments",
    "IFiloViews",
    "IOriginationDraws",
    "IQueue",
    "IQueueBids",
    "IQueueViews",
    "IRouter",
    "ISwapAdapter",
    "IUsdai",
    "IUsdaiViews",
    "IVault",
    "IVaultBook",
    "IVaultIncome",
    "IVaultRedemptions",
    "IVaultViews",
];
const COUNTERPARTS: [&str; 2] = ["IBaseToken", "ISwapRouter"];
/// Outsiders: wallets (asked statically), receivers, tokens that bring a permit; tokens, of which the vault and the gateway take USDai by the last.
const OUTSIDERS: [&str; 4] = ["IErc1271", "IErc721Receiver", "IErc2612", "IErc20"];
/// Files that call by other means: foreign tokens, any address (what the timelock executes), the queue's second program.
const BY_OTHER_MEANS: [(&str, &str); 3] = [
    ("erc20-ledger/src/foreign.rs", "foreign tokens"),
    ("protocol-router/src/timelock.rs", "what an operation does"),
    ("qev-queue/src/queue.rs", "the queue's second program"),
];

/// A contract that calls anybody new by a new interface, or past interfaces, is seen here, and has to be given its points above.
#[test]
fn every_way_out_is_known() {
    fn sources(folder: &std::path::Path, all: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, all);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                all.push(path);
            }
        }
    }
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates");
    let mut files = Vec::new();
    sources(&crates, &mut files);
    let (mut interfaces, mut others) = (std::collections::BTreeSet::new(), Vec::new());
    for file in files {
        let name = file.strip_prefix(&crates).unwrap().to_str().unwrap().to_owned();
        let is_test = name.contains("test") || name.contains("stand_in");
        if !name.contains("/src/") || is_test || name.starts_with("lean-abi") || name.starts_with("contract-abi") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        for (before, _) in text.match_indices("::new(").map(|(at, _)| text.split_at(at)) {
            let word = before.rsplit(|letter: char| !letter.is_alphanumeric()).next().unwrap();
            let mut letters = word.chars();
            if letters.next() == Some('I') && letters.next().is_some_and(char::is_uppercase) {
                interfaces.insert(word.to_owned());
            }
        }
        if ["lean_abi::{call", "lean_abi::call", "raw_call", "RawCall", "delegate_call"]
            .iter()
            .any(|word| text.contains(word))
        {
            others.push(name);
        }
    }
    let known: std::collections::BTreeSet<_> = OURS
        .iter()
        .chain(&COUNTERPARTS)
        .chain(&OUTSIDERS)
        .map(|name| (*name).to_owned())
        .collect();
    assert_eq!(interfaces, known, "who is called");
    others.sort();
    assert_eq!(others, BY_OTHER_MEANS.map(|(name, _)| name), "who calls past interfaces");
}

#[test]
fn the_dollar_is_no_better_in_the_middle() {
    play(|point| point.starts_with("USDai"));
}

#[test]
fn a_stake_is_no_better_in_the_middle() {
    play(|point| point.starts_with("the gateway") && point.contains("stake"));
}

#[test]
fn a_repayment_is_no_better_in_the_middle() {
    play(|point| point.starts_with("the gateway") && point.contains("repay"));
}

#[test]
fn a_claim_and_a_draw_are_no_better_in_the_middle() {
    play(|point| point.starts_with("the gateway") && !point.contains("stake") && !point.contains("repay"));
}

#[test]
fn a_receiver_and_the_timelock_reach_nothing_in_the_middle() {
    play(|point| !point.starts_with("USDai") && !point.starts_with("the gateway"));
}

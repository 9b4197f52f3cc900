//! The queue on its WASM, against the real vault, walked at random beside a list of requests that a settlement sorts and fills one by one
//! (`protocol-model`). Each operation is predicted: whether it succeeds, what it is refused with, every amount to the wei.
//!
//! After each: Q1 and Q2, what the queue holds, and the position that was touched. Every 400 operations: everything.
//!
//! [`scenarios::driver`] plays it.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use alloy_primitives::{keccak256, Address, B256, U256};
use alloy_sol_types::{SolCall, SolValue};
use num_bigint::BigInt;
use protocol_model::qev::{self as model, Id, Measure, Refusal, Rules, Wei};
use scenarios::{
    abi::{Erc20, Queue, Router, Vault},
    driver::{self, drive, Act, Ground, Journey},
    hands::{kept_of, n, wad},
    refusals,
    usdai_cli::{
        node::Person,
        protocol::suite::{id as role_id, Terms},
    },
    walk::{wei, word, Books, Chronicle, Dice, Reasons},
    Town,
};
use stylus_chain::{Chain, Receipt, Tx};

const STEPS: u64 = 5_000;
/// Walks, and steps of each.
const NATIVELY: (usize, u64) = (3, 50_000);
/// Positions there are at most at a time.
const CROWD: usize = 50;
/// So many positions of an actor the vault claims over.
const ROOM: usize = 7;
const ACTORS: usize = 6;
/// The one who is barred now and then.
const SUSPECT: usize = 5;

/// A bid as it was sealed.
#[derive(Clone, Copy, Debug)]
struct Seal {
    tick: u8,
    salt: B256,
    max_tick: u8,
    commitment: B256,
}

struct Walk {
    town: Town,
    dice: Dice,
    log: Chronicle,
    model: model::Queue,
    rules: Rules,
    actors: Vec<Address>,
    /// What positions are called on chain.
    tokens: BTreeMap<Id, U256>,
    /// Who holds a position.
    owners: BTreeMap<Id, usize>,
    /// Who may act for one, beside the holder.
    approved: BTreeMap<Id, usize>,
    /// Who may act for all of an actor's.
    operators: [[bool; ACTORS]; ACTORS],
    /// What each claims through the vault, in the queue's order.
    lists: Vec<Vec<Id>>,
    seals: BTreeMap<Id, Seal>,
    barred: bool,
    /// Numbers that were positions.
    gone: Vec<Id>,
    shares: Books,
    dollars: Books,
    /// Rows of the books: the queue's, after the actors'.
    queue_row: usize,
    lent: U256,
    impaired: U256,
    borrower: Address,
}

/// Setting the scene, and looking at everything.
impl Walk {
    fn begin(ground: Ground, dice: Dice) -> Self {
        // Sixty years pass, in which nobody keeps programs alive.
        let mut town = ground.town(Chain::builder().programs_expire(false), Terms::REAL);
        let cast = town.cast.clone();
        let actors: Vec<Address> = [
            &cast.depositor,
            &cast.curator,
            &cast.borrower,
            &cast.agent,
            &cast.appraiser,
            &town.stranger,
        ]
        .map(Person::address)
        .to_vec();
        let (admin, usdai, susdai, qev) = (cast.admin.address(), town.suite.usdai, town.suite.susdai, town.suite.qev);
        let bar = Router::grantRoleCall {
            role: role_id("BLACKLIST"),
            account: admin,
        };
        town.does(admin, town.suite.router, &bar);
        for actor in &actors {
            town.give_susdai(*actor, 1_000_000);
            let approve = Erc20::approveCall {
                spender: susdai,
                value: U256::MAX,
            };
            town.does(*actor, usdai, &approve);
        }
        let borrower = cast.custodian.address();
        town.give_usdai(borrower, 1_000_000_000);
        for token in [usdai, susdai] {
            let approve = Erc20::approveCall {
                spender: actors[1],
                value: n(77),
            };
            town.does(actors[0], token, &approve);
        }
        let mut holders = actors.clone();
        holders.push(qev);
        holders.push(borrower);
        let shares = Books::find(&mut town, susdai, &holders, actors[0], actors[1]);
        let dollars = Books::find(&mut town, usdai, &holders, actors[0], actors[1]);
        let schedule = town.read(qev, &Queue::scheduleCall {});
        let rules = Rules {
            genesis: schedule.genesis.to(),
            epoch: schedule.epochSeconds.to(),
            reveal: schedule.revealSeconds.to(),
            ..Rules::default()
        };
        Self {
            town,
            dice,
            log: Chronicle::default(),
            model: model::Queue::new(rules.clone()),
            rules,
            actors,
            tokens: BTreeMap::new(),
            owners: BTreeMap::new(),
            approved: BTreeMap::new(),
            operators: [[false; ACTORS]; ACTORS],
            lists: vec![Vec::new(); ACTORS],
            seals: BTreeMap::new(),
            barred: false,
            gone: Vec::new(),
            shares,
            dollars,
            queue_row: ACTORS,
            lent: U256::ZERO,
            impaired: U256::ZERO,
            borrower,
        }
    }

    /// Q1 and Q2: what the queue holds is what the list says, to the wei.
    fn check(&mut self) {
        let (shares, assets) = self.model.held();
        assert_eq!(self.shares.balance(&mut self.town, self.queue_row), word(&shares), "Q1");
        assert_eq!(self.dollars.balance(&mut self.town, self.queue_row), word(&assets), "Q2");
    }

    fn check_position(&mut self, id: Id) {
        let now = self.now();
        let qev = self.town.suite.qev;
        let Some(owner) = self.owners.get(&id) else {
            return;
        };
        let there = self.town.read(qev, &Queue::positionCall { position: self.token(id) });
        let (claim, pending) = (self.model.claimable(now, id).unwrap(), self.model.pending(now, id).unwrap());
        assert_eq!(there.controller, self.actors[*owner], "who holds {id}");
        assert_eq!(there.lane, self.model.lane(id).unwrap(), "the lane of {id}");
        assert_eq!(there.pending, word(&pending), "what waits of {id}");
        assert_eq!(
            (there.claimableShares, there.claimableAssets),
            (word(&claim.0), word(&claim.1)),
            "what can be claimed of {id}"
        );
    }

    fn check_everything(&mut self) {
        let (qev, now) = (self.town.suite.qev, self.now());
        let ids: Vec<Id> = self.model.ids().collect();
        assert_eq!(ids, self.owners.keys().copied().collect::<Vec<_>>(), "which positions there are");
        let (mut depth, mut claims): (BTreeMap<u8, Wei>, Wei) = Default::default();
        for id in ids {
            self.check_position(id);
            claims += self.model.claimable(now, id).unwrap().1;
            let bid = self.town.read(qev, &Queue::bidOfCall { position: self.token(id) });
            let there = (!bid.commitment.is_zero()).then_some((bid.epoch, bid.bond));
            let expected = self.model.bid(now, id).unwrap();
            assert_eq!(
                there,
                expected.map(|(epoch, bond)| (n(epoch.into()), word(&bond))),
                "the bid of {id}"
            );
            let lost = self.model.has_lost_bond(now, id).unwrap();
            if !lost && self.model.pending(now, id).unwrap() != Wei::default() {
                let ahead = self.town.read(qev, &Queue::sharesAheadCall { position: self.token(id) });
                let (in_lane, above) = self.model.ahead(id).unwrap();
                assert_eq!((ahead.inLane, ahead.inLanesAbove), (word(&in_lane), word(&above)), "before {id}");
            }
            // The books count a bond that nobody has taken yet.
            let waiting = self.model.waiting(id).unwrap();
            *depth.entry(self.model.lane(id).unwrap()).or_default() += waiting;
        }
        let held = self.dollars.balance(&mut self.town, self.queue_row);
        assert!(word(&claims) <= held, "everybody can claim: {claims} of {held}");
        let there = self.town.read(qev, &Queue::depthCall {});
        let expected: Vec<(U256, U256)> = depth
            .into_iter()
            .rev()
            .filter(|(_, shares)| *shares != Wei::default())
            .map(|(tick, shares)| (n(tick.into()), word(&shares)))
            .collect();
        assert_eq!(there.ticks.into_iter().zip(there.shares).collect::<Vec<_>>(), expected);
        let dust: BigInt = self.town.read(qev, &Queue::dustCall {}).to_string().parse().unwrap();
        assert_eq!(dust * 5, *self.model.dust(), "dust");
        for (actor, list) in self.lists.iter().enumerate() {
            let controller = self.actors[actor];
            let claimable = self.town.read(qev, &Queue::claimableOfCall { controller });
            let mut sums = (Wei::default(), Wei::default());
            for id in list {
                let (shares, assets) = self.model.claimable(now, *id).unwrap();
                sums = (sums.0 + shares, sums.1 + assets);
            }
            assert_eq!(
                (claimable.shares, claimable.assets),
                (word(&sums.0), word(&sums.1)),
                "all of {actor}"
            );
            let count = self.town.read(qev, &Queue::positionCountCall { controller });
            assert_eq!(count, n(list.len() as u128));
            let held = self.town.balance(qev, controller);
            assert_eq!(held, n(self.owners.values().filter(|owner| **owner == actor).count() as u128));
        }
        let first = self.town.read(qev, &Queue::scheduleCall {}).firstUnsettled;
        assert_eq!(first, n(self.model.unsettled().into()));
    }

    fn now(&self) -> u64 {
        self.town.node.chain.timestamp()
    }
}

/// Choosing and acting.
impl Walk {
    fn anybody(&mut self) -> usize {
        usize::try_from(self.dice.below(ACTORS as u64)).unwrap()
    }

    /// A position, seldom one that is no more or never was.
    fn any_position(&mut self) -> Id {
        if self.owners.is_empty() || self.dice.chance(2) {
            let options = [0, 1, 1_000_000, self.gone.last().copied().unwrap_or(7)];
            return self.dice.one_of(&options);
        }
        let nth = self.dice.below(self.owners.len() as u64);
        *self.owners.keys().nth(usize::try_from(nth).unwrap()).unwrap()
    }

    /// Mostly who holds it.
    fn actor_for(&mut self, id: Id) -> usize {
        match self.owners.get(&id) {
            Some(owner) if !self.dice.chance(8) => *owner,
            _ => self.anybody(),
        }
    }

    fn may(&self, who: usize, id: Id) -> bool {
        let owner = self.owners[&id];
        who == owner || self.operators[owner][who] || self.approved.get(&id) == Some(&who)
    }

    fn part_of(&mut self, limit: U256) -> U256 {
        if self.dice.chance(25) {
            limit
        } else {
            self.dice.up_to(limit)
        }
    }

    fn send<C: SolCall>(&mut self, kind: &'static str, from: Address, to: Address, call: &C, reasons: &Reasons) -> Option<Receipt> {
        let chain = &mut self.town.node.chain;
        self.log.attempt(chain, kind, Tx::call(from, to, call.abi_encode()), reasons)
    }

    /// Has `who` do `call` on the queue, of which the list makes `outcome`: both do the same or refuse.
    #[allow(clippy::too_many_arguments, reason = "who does what, what may come of it, and what the list says")]
    fn attempt<C: SolCall, T>(
        &mut self,
        kind: &'static str,
        who: usize,
        to: Address,
        call: &C,
        mut reasons: Reasons,
        play: impl FnOnce(&mut model::Queue, u64) -> Result<T, Refusal>,
        named: impl FnOnce(Refusal, &mut Reasons),
    ) -> Option<(T, Receipt)> {
        let now = self.now();
        let before = self.model.clone();
        let outcome = play(&mut self.model, now);
        if let Err(refusal) = &outcome {
            named(*refusal, &mut reasons);
            assert!(!reasons.none(), "{kind}: no name for {refusal:?}");
        }
        let receipt = self.send(kind, self.actors[who], to, call, &reasons);
        if let (Some(receipt), Ok(value)) = (receipt, outcome) {
            Some((value, receipt))
        } else {
            self.model = before;
            None
        }
    }

    /// What refuses an actor who deals with a position.
    fn own(&self, who: usize, id: Id) -> Reasons {
        let mut reasons = Reasons::default();
        let position = self.token(id);
        if self.owners.contains_key(&id) {
            let refusal = refusals::NotController {
                position,
                caller: self.actors[who],
            };
            reasons.add(!self.may(who, id), &refusal);
        } else {
            reasons.add(true, &refusals::UnknownPosition { position });
        }
        reasons
    }

    fn bars(&self, reasons: &mut Reasons, those: &[usize]) {
        let account = self.actors[SUSPECT];
        reasons.add(self.barred && those.contains(&SUSPECT), &refusals::AccountBlacklisted { account });
    }

    /// What follows when some of `ids` may have been burnt, in this order: what the list has no more is nobody's.
    fn bury(&mut self, ids: &[Id]) {
        for id in ids.iter().copied() {
            if self.model.lane(id).is_ok() || !self.owners.contains_key(&id) {
                continue;
            }
            self.unlist(id);
            self.owners.remove(&id);
            self.approved.remove(&id);
            self.seals.remove(&id);
            self.gone.push(id);
            self.log.count("position", "burnt");
        }
    }

    fn unlist(&mut self, id: Id) {
        for list in &mut self.lists {
            if let Some(index) = list.iter().position(|listed| *listed == id) {
                list.swap_remove(index);
            }
        }
    }

    fn epoch(&self) -> (u64, bool) {
        self.model.epoch_at(self.now())
    }
}

/// Names what the list refuses.
fn timing(walk: &Walk, refusal: Refusal, reasons: &mut Reasons, id: Id) {
    let (now, (epoch, _)) = (walk.now(), walk.epoch());
    let (position, timestamp) = (walk.token(id), n(now.into()));
    let boundary = walk.rules.genesis + (epoch + 1) * walk.rules.epoch - walk.rules.reveal;
    match refusal {
        Refusal::Unsettled => reasons.add(
            true,
            &refusals::EpochNotSettled {
                epoch: n((epoch - 1).into()),
            },
        ),
        Refusal::NotNow => {
            let refusal = refusals::BiddingEnded {
                epoch: n(epoch.into()),
                endedAt: n(boundary.into()),
                timestamp,
            };
            reasons.add(true, &refusal);
        }
        Refusal::Sealed => reasons.add(true, &refusals::BidSealed { position }),
        Refusal::Unknown => reasons.add(true, &refusals::UnknownPosition { position }),
        // Nothing of it waits.
        Refusal::Zero => reasons.add(true, &refusals::ZeroAmount {}),
        other => panic!("{other:?}"),
    }
}

/// Asking for a place, bidding for one.
impl Walk {
    fn request(&mut self) {
        if self.owners.len() >= CROWD {
            return;
        }
        let who = self.anybody();
        let held = self.shares.balance(&mut self.town, who);
        let limit = if self.dice.chance(20) { n(300) } else { held };
        let shares = self.dice.up_to(limit.min(held));
        let me = self.actors[who];
        let call = Vault::requestRedeemCall {
            shares,
            controller: me,
            owner: me,
        };
        self.log.begin(format!("{who} requests {shares}"));
        let mut reasons = Reasons::default();
        self.bars(&mut reasons, &[who]);
        let susdai = self.town.suite.susdai;
        let done = self.attempt(
            "request",
            who,
            susdai,
            &call,
            reasons,
            |model, now| model.request(now, wei(shares)),
            |_, reasons| reasons.add(true, &refusals::ZeroAmount {}),
        );
        if let Some((id, receipt)) = done {
            let token = Vault::requestRedeemCall::abi_decode_returns(&receipt.output).unwrap();
            self.opened(id, who, token);
            self.check_position(id);
        }
    }

    /// A new position: its token says for whom it was opened, and its number.
    fn opened(&mut self, id: Id, owner: usize, token: U256) {
        let born = U256::from_be_bytes(self.actors[owner].into_word().0);
        assert_eq!(token, born << 96_usize | n(id.into()));
        self.tokens.insert(id, token);
        self.owners.insert(id, owner);
        if self.lists[owner].len() < ROOM {
            self.lists[owner].push(id);
        }
    }

    /// What a position is called on chain; one that never was has no more than a number.
    fn token(&self, id: Id) -> U256 {
        self.tokens.get(&id).copied().unwrap_or_else(|| n(id.into()))
    }

    fn tick(&mut self) -> u8 {
        match self.dice.below(12) {
            0 => 0,
            1 => 1,
            2 => 255,
            3 => u8::try_from(self.dice.below(256)).unwrap(),
            // Far from each other, so that a premium can lie between.
            4..=6 => 20 * (1 + u8::try_from(self.dice.below(12)).unwrap()),
            _ => 2 + u8::try_from(self.dice.below(7)).unwrap(),
        }
    }

    fn commit(&mut self) {
        let id = self.any_position();
        let who = self.actor_for(id);
        let (tick, (epoch, _)) = (self.tick(), self.epoch());
        let salt = B256::from(self.dice.up_to(U256::MAX));
        let max_tick = if self.dice.chance(10) { self.tick() } else { 0 };
        // Now and then for another chain, queue, epoch or position: such a bid cannot be opened.
        let wrong = self.dice.chance(6).then(|| self.dice.below(4));
        let (chain, queue) = (U256::from(self.town.node.chain.chain_id()), self.town.suite.qev);
        let sealed = (
            if wrong == Some(0) { U256::ONE } else { chain },
            if wrong == Some(1) { self.town.suite.susdai } else { queue },
            n((epoch + u64::from(wrong == Some(2))).into()),
            self.token(id + u64::from(wrong == Some(3))),
            U256::from(tick),
            salt,
        );
        let commitment = keccak256(sealed.abi_encode());
        self.log
            .begin(format!("{who} seals {tick} for {id}, wrong: {wrong:?}, at most {max_tick}"));
        let reasons = self.own(who, id);
        let qev = self.town.suite.qev;
        let (position, seal) = (
            self.token(id),
            Seal {
                tick,
                salt,
                max_tick,
                commitment,
            },
        );
        let done = {
            let mut named = Reasons::default();
            let outcome = self.model.clone().commit(self.now(), id);
            if let (Err(refusal), true) = (outcome, reasons.none()) {
                timing(self, refusal, &mut named, id);
            }
            let play = |model: &mut model::Queue, now| model.commit(now, id);
            let name = |_, reasons: &mut Reasons| {
                if reasons.none() {
                    *reasons = named;
                }
            };
            if max_tick == 0 {
                let call = Queue::commitBid_0Call { position, commitment };
                self.attempt("commit", who, qev, &call, reasons, play, name).is_some()
            } else {
                let call = Queue::commitBid_1Call {
                    position,
                    commitment,
                    maxTick: max_tick,
                };
                self.attempt("commit", who, qev, &call, reasons, play, name).is_some()
            }
        };
        if done {
            self.seals.insert(id, seal);
            let bid = self.town.read(qev, &Queue::bidOfCall { position });
            assert_eq!(
                (bid.commitment, bid.maxTick, bid.epoch),
                (kept_of(commitment), max_tick, n(epoch.into()))
            );
            assert_eq!(bid.bond, word(&self.model.bond(id).unwrap()));
            self.check_position(id);
        }
    }

    fn reveal(&mut self) {
        let sealed: Vec<Id> = self.seals.keys().copied().collect();
        let id = if sealed.is_empty() || self.dice.chance(10) {
            self.any_position()
        } else {
            self.dice.one_of(&sealed)
        };
        let who = self.actor_for(id);
        let seal = self.seals.get(&id).copied();
        let tick = match seal {
            Some(seal) if !self.dice.chance(6) => seal.tick,
            _ => self.tick(),
        };
        let salt = match seal {
            Some(seal) if !self.dice.chance(6) => seal.salt,
            _ => B256::ZERO,
        };
        self.log.begin(format!("{who} opens {tick} for {id}"));
        let mut reasons = self.own(who, id);
        let (qev, now, (epoch, revealing)) = (self.town.suite.qev, self.now(), self.epoch());
        let position = self.token(id);
        let fits = self.model.reveal_is_due(now, id).unwrap_or(false);
        if let (true, true, Some(seal)) = (reasons.none(), fits, seal) {
            let chain = U256::from(self.town.node.chain.chain_id());
            let preimage = (chain, qev, n(epoch.into()), position, U256::from(tick), salt);
            let opened = keccak256(preimage.abi_encode());
            let refusal = refusals::WrongOpening {
                position,
                opened,
                commitment: kept_of(seal.commitment),
            };
            let above = refusals::TickAboveMaximum {
                position,
                tick: n(tick.into()),
                maxTick: n(seal.max_tick.into()),
            };
            if kept_of(opened) == kept_of(seal.commitment) {
                reasons.add(seal.max_tick != 0 && tick > seal.max_tick && tick != 1, &above);
            } else {
                reasons.add(true, &refusal);
            }
        }
        let begins = self.rules.genesis + (epoch + 1) * self.rules.epoch - self.rules.reveal;
        let name = |refusal: Refusal, reasons: &mut Reasons| {
            if !reasons.none() {
                return;
            }
            match refusal {
                Refusal::NotNow => {
                    let refusal = refusals::RevealNotBegun {
                        epoch: n(epoch.into()),
                        beginsAt: n(begins.into()),
                        timestamp: n(now.into()),
                    };
                    reasons.add(true, &refusal);
                }
                Refusal::NoBid => {
                    let refusal = refusals::NoBid {
                        position,
                        epoch: n(epoch.into()),
                    };
                    reasons.add(true, &refusal);
                }
                Refusal::BelowReserve => {
                    let refusal = refusals::InvalidTick {
                        tick: n(tick.into()),
                        reserve: n(2),
                    };
                    reasons.add(true, &refusal);
                }
                other => panic!("{other:?} at {revealing}"),
            }
        };
        let play = |model: &mut model::Queue, now| model.reveal(now, id, tick);
        let done = if self.dice.chance(80) {
            let call = Queue::revealBidCall { position, tick, salt };
            self.attempt("reveal", who, qev, &call, reasons, play, name)
        } else {
            let call = Queue::revealBidsCall {
                positions: vec![position],
                ticks: vec![tick].into(),
                salts: vec![salt],
            };
            self.attempt("reveal many", who, qev, &call, reasons, play, name)
        };
        if done.is_some() {
            self.seals.remove(&id);
            self.check_position(id);
        }
    }

    fn abandon(&mut self) {
        let sealed: Vec<Id> = self.seals.keys().copied().collect();
        let id = if sealed.is_empty() || self.dice.chance(30) {
            self.any_position()
        } else {
            self.dice.one_of(&sealed)
        };
        let who = self.actor_for(id);
        self.log.begin(format!("{who} abandons the bid of {id}"));
        let reasons = self.own(who, id);
        let (qev, (epoch, revealing)) = (self.town.suite.qev, self.epoch());
        let position = self.token(id);
        let done = self.attempt(
            if revealing { "abandon late" } else { "abandon" },
            who,
            qev,
            &Queue::abandonBidCall { position },
            reasons,
            |model, now| model.abandon(now, id),
            |_, reasons| {
                let refusal = refusals::NoBid {
                    position,
                    epoch: n(epoch.into()),
                };
                reasons.add(reasons.none(), &refusal);
            },
        );
        if done.is_some() {
            self.seals.remove(&id);
            self.bury(&[id]);
            self.check_position(id);
        }
    }

    fn withdraw(&mut self) {
        let id = self.any_position();
        let who = self.actor_for(id);
        self.log.begin(format!("{who} withdraws the bid of {id}"));
        let reasons = self.own(who, id);
        let (qev, position) = (self.town.suite.qev, self.token(id));
        let mut named = Reasons::default();
        if let (Err(refusal), true) = (self.model.clone().withdraw(self.now(), id), reasons.none()) {
            match refusal {
                Refusal::NoBid => named.add(true, &refusals::NotBidding { position }),
                other => timing(self, other, &mut named, id),
            }
        }
        let done = self.attempt(
            "withdraw bid",
            who,
            qev,
            &Queue::withdrawBidCall { position },
            reasons,
            |model, now| model.withdraw(now, id),
            |_, reasons| {
                if reasons.none() {
                    *reasons = named;
                }
            },
        );
        if done.is_some() {
            self.settle_seals();
            self.check_position(id);
        }
    }

    /// A seal whose bond was taken is none.
    fn settle_seals(&mut self) {
        let sealed: Vec<Id> = self.seals.keys().copied().filter(|id| self.model.is_sealed(*id)).collect();
        self.seals.retain(|id, _| sealed.contains(id));
    }

    fn take_bonds(&mut self) {
        let count = self.dice.below(4);
        let ids: Vec<Id> = (0..count).map(|_| self.any_position()).collect();
        let who = self.anybody();
        self.log.begin(format!("{who} takes the bonds of {ids:?}"));
        let call = Queue::forfeitBondsCall {
            positions: ids.iter().map(|id| self.token(*id)).collect(),
        };
        let lost = ids
            .iter()
            .filter(|id| self.model.has_lost_bond(self.now(), **id) == Ok(true))
            .count();
        let qev = self.town.suite.qev;
        let kind = if lost == 0 { "take bonds" } else { "take lost bonds" };
        let play = |model: &mut model::Queue, now| {
            model.take_bonds(now, &ids);
            Ok(())
        };
        self.attempt(kind, who, qev, &call, Reasons::default(), play, |_, _| {});
        self.settle_seals();
        self.bury(&ids);
    }
}

/// Leaving, cutting, selling.
impl Walk {
    fn cancel(&mut self) {
        let id = self.any_position();
        let who = self.actor_for(id);
        let to = self.anybody();
        let waiting = self.model.waiting(id).map_or(U256::ONE, |waiting| word(&waiting));
        let shares = match self.dice.below(6) {
            0 => U256::MAX,
            1 => waiting + U256::ONE,
            _ => self.part_of(waiting),
        };
        self.log.begin(format!("{who} takes {shares} of {id} back for {to}"));
        let mut reasons = self.own(who, id);
        let (qev, position) = (self.town.suite.qev, self.token(id));
        if reasons.none() {
            self.bars(&mut reasons, &[who, to, self.owners[&id]]);
        }
        let all = shares == U256::MAX;
        let part = wei(shares);
        let now = self.now();
        let pending = self.model.pending(now, id).map_or(U256::ZERO, |pending| word(&pending));
        let play = move |model: &mut model::Queue, now| model.cancel(now, id, (!all).then_some(&part));
        let mut named = Reasons::default();
        if let (Err(refusal), true) = (play.clone()(&mut self.model.clone(), now), self.own(who, id).none()) {
            match refusal {
                Refusal::Zero => named.add(true, &refusals::ZeroAmount {}),
                Refusal::TooMuch => {
                    let refusal = refusals::ExceedsPending {
                        position,
                        requested: shares,
                        pending,
                    };
                    named.add(true, &refusal);
                }
                other => timing(self, other, &mut named, id),
            }
        }
        let call = Queue::cancelCall {
            position,
            shares,
            receiver: self.actors[to],
        };
        let before = self.shares.balance(&mut self.town, to);
        let done = self.attempt("cancel", who, qev, &call, reasons, play, |_, reasons| reasons.extend(named));
        if let Some((left, receipt)) = done {
            assert_eq!(Queue::cancelCall::abi_decode_returns(&receipt.output).unwrap(), word(&left));
            assert_eq!(self.shares.balance(&mut self.town, to), before + word(&left));
            self.settle_seals();
            self.bury(&[id]);
            self.check_position(id);
        }
    }

    fn split(&mut self) {
        let id = self.any_position();
        // Cut again and again, until it is too fine.
        let times = if self.dice.chance(5) { 6 } else { 1 };
        for _ in 0..times {
            self.split_off(id);
        }
    }

    fn split_off(&mut self, id: Id) {
        if self.owners.len() >= CROWD {
            return;
        }
        let who = self.actor_for(id);
        let waiting = self.model.waiting(id).map_or(U256::ONE, |waiting| word(&waiting));
        let shares = self.dice.up_to(waiting);
        self.log.begin(format!("{who} cuts {shares} off {id}"));
        let reasons = self.own(who, id);
        let (qev, position, now) = (self.town.suite.qev, self.token(id), self.now());
        let pending = self.model.pending(now, id).map_or(U256::ZERO, |pending| word(&pending));
        let done = self.attempt(
            "split",
            who,
            qev,
            &Queue::splitCall { position, shares },
            reasons,
            |model, now| model.split(now, id, &wei(shares)),
            |refusal, reasons| {
                if !reasons.none() {
                    return;
                }
                let exceeds = refusals::ExceedsPending {
                    position,
                    requested: shares,
                    pending,
                };
                reasons.add(refusal == Refusal::Zero, &refusals::ZeroAmount {});
                reasons.add(refusal == Refusal::TooMuch, &exceeds);
                reasons.add(refusal == Refusal::TooFine, &refusals::TooManyPieces { position });
                reasons.add(refusal == Refusal::Sealed, &refusals::BidSealed { position });
            },
        );
        if let Some((behind, receipt)) = done {
            let token = Queue::splitCall::abi_decode_returns(&receipt.output).unwrap();
            self.opened(behind, self.owners[&id], token);
            self.settle_seals();
            self.check_position(id);
            self.check_position(behind);
        }
    }

    fn merge(&mut self) {
        let first = self.any_position();
        // Mostly one that stands right behind.
        let second = self.model.behind(first).filter(|_| !self.dice.chance(10));
        let second = second.unwrap_or_else(|| self.any_position());
        let who = self.actor_for(first);
        self.log.begin(format!("{who} puts {second} to {first}"));
        let mut reasons = self.own(who, first);
        if reasons.none() {
            reasons = self.own(who, second);
        }
        let (qev, now) = (self.town.suite.qev, self.now());
        let (position, behind) = (self.token(first), self.token(second));
        let adjacent = refusals::NotAdjacent { position, behind };
        if reasons.none() && self.owners[&first] != self.owners[&second] {
            let sealed = [first, second].map(|id| self.model.is_sealed(id) && self.model.has_lost_bond(now, id) == Ok(false));
            reasons.add(sealed[0], &refusals::BidSealed { position });
            reasons.add(sealed[1], &refusals::BidSealed { position: behind });
            reasons.add(!sealed[0] && !sealed[1], &adjacent);
        }
        let done = self.attempt(
            "merge",
            who,
            qev,
            &Queue::mergeCall { position, behind },
            reasons,
            |model, now| model.merge(now, first, second),
            |refusal, reasons| {
                if !reasons.none() {
                    return;
                }
                reasons.add(refusal == Refusal::Sealed, &refusals::BidSealed { position });
                reasons.add(refusal == Refusal::Sealed, &refusals::BidSealed { position: behind });
                reasons.add(refusal == Refusal::NotAdjacent, &adjacent);
                // Itself, after a lost bond took all of it.
                reasons.add(refusal == Refusal::Unknown, &refusals::UnknownPosition { position: behind });
            },
        );
        if done.is_some() {
            self.settle_seals();
            self.bury(&[second]);
            self.check_position(first);
        }
    }

    fn transfer(&mut self) {
        let id = self.any_position();
        let who = self.actor_for(id);
        let to = self.anybody();
        let token = self.token(id);
        self.log.begin(format!("{who} gives {id} to {to}"));
        let mut reasons = Reasons::default();
        let from = self.owners.get(&id).copied().unwrap_or(who);
        if self.owners.contains_key(&id) {
            let refusal = refusals::ERC721InsufficientApproval {
                operator: self.actors[who],
                tokenId: token,
            };
            reasons.add(!self.may(who, id), &refusal);
            if reasons.none() {
                self.bars(&mut reasons, &[who, from, to]);
            }
        } else {
            reasons.add(true, &refusals::ERC721NonexistentToken { tokenId: token });
        }
        let call = Queue::transferFromCall {
            from: self.actors[from],
            to: self.actors[to],
            tokenId: token,
        };
        let qev = self.town.suite.qev;
        if self.send("transfer", self.actors[who], qev, &call, &reasons).is_some() {
            if from != to {
                self.unlist(id);
            }
            self.owners.insert(id, to);
            self.approved.remove(&id);
            self.check_position(id);
        }
    }

    fn approve(&mut self) {
        let id = self.any_position();
        let who = self.actor_for(id);
        let other = self.anybody();
        let qev = self.town.suite.qev;
        if self.dice.chance(20) {
            let allow = self.dice.chance(30);
            self.log.begin(format!("{who} makes {other} an operator: {allow}"));
            let call = Queue::setApprovalForAllCall {
                operator: self.actors[other],
                approved: allow,
            };
            self.send("make operator", self.actors[who], qev, &call, &Reasons::default());
            self.operators[who][other] = allow;
            return;
        }
        self.log.begin(format!("{who} approves {other} for {id}"));
        let mut reasons = Reasons::default();
        let token = self.token(id);
        match self.owners.get(&id) {
            None => reasons.add(true, &refusals::ERC721NonexistentToken { tokenId: token }),
            Some(owner) => {
                let refusal = refusals::ERC721InvalidApprover {
                    approver: self.actors[who],
                };
                reasons.add(who != *owner && !self.operators[*owner][who], &refusal);
            }
        }
        let call = Queue::approveCall {
            to: self.actors[other],
            tokenId: token,
        };
        if self.send("approve", self.actors[who], qev, &call, &reasons).is_some() {
            self.approved.insert(id, other);
        }
    }

    fn set_listed(&mut self) {
        let id = self.any_position();
        let who = self.actor_for(id);
        let listed = self.dice.chance(60);
        self.log.begin(format!("{who} lists {id}: {listed}"));
        let reasons = self.own(who, id);
        let position = self.token(id);
        let qev = self.town.suite.qev;
        let call = Queue::setListedCall { position, listed };
        let owner = self.owners.get(&id).copied();
        let full = listed && owner.is_some_and(|owner| self.lists[owner].len() == ROOM && !self.lists[owner].contains(&id));
        let controller = owner.map_or(Address::ZERO, |owner| self.actors[owner]);
        let play = |model: &mut model::Queue, now| {
            model.touch(now, id)?;
            model.take_bonds(now, &[id]);
            // One that lost all it had with its bond needs no room.
            if full && model.lane(id).is_ok() {
                return Err(Refusal::TooMuch);
            }
            Ok(())
        };
        let name = |refusal, reasons: &mut Reasons| {
            reasons.add(refusal == Refusal::TooMuch && reasons.none(), &refusals::ListFull { controller });
        };
        if self.attempt("list", who, qev, &call, reasons, play, name).is_some() {
            self.settle_seals();
            self.bury(&[id]);
            let Some(owner) = self.owners.get(&id).copied() else {
                return;
            };
            let is = self.lists[owner].contains(&id);
            if listed && !is {
                self.lists[owner].push(id);
            } else if !listed {
                self.unlist(id);
            }
        }
    }
}

/// Claims and settlements.
impl Walk {
    fn claim(&mut self) {
        let count = 1 + self.dice.below(3);
        let mut ids: Vec<Id> = (0..count).map(|_| self.any_position()).collect();
        let who = self.actor_for(ids[0]);
        if self.dice.chance(60) {
            ids.retain(|id| self.owners.get(id) == Some(&who));
            ids.dedup();
        }
        let to = self.anybody();
        let receiver = self.actors[to];
        let now = self.now();
        self.log.begin(format!("{who} claims {ids:?} for {to}"));
        // One after the other, until one refuses.
        let mut after = self.model.clone();
        let (mut paid, mut reasons) = (Wei::default(), Reasons::default());
        for id in &ids {
            let position = self.token(*id);
            if self.owners.contains_key(id) && after.lane(*id).is_err() {
                reasons.add(true, &refusals::UnknownPosition { position });
                break;
            }
            reasons = self.own(who, *id);
            if !reasons.none() {
                break;
            }
            self.bars(&mut reasons, &[who, to, self.owners[id]]);
            if !reasons.none() {
                break;
            }
            let Ok((_, assets)) = after.claim(now, *id) else {
                reasons.add(true, &refusals::NothingToClaim { position });
                break;
            };
            paid += assets;
        }
        let before = self.dollars.balance(&mut self.town, to);
        let qev = self.town.suite.qev;
        let from = self.actors[who];
        let assets = word(&paid);
        let receipt = if ids.len() == 1 && self.dice.chance(70) {
            let call = Queue::claimCall {
                position: self.token(ids[0]),
                receiver,
            };
            self.send("claim", from, qev, &call, &reasons)
        } else {
            let least = if self.dice.chance(10) { assets + U256::ONE } else { assets };
            if reasons.none() {
                reasons.add(least > assets, &refusals::BelowMinimum { assets, minimum: least });
            }
            let call = Queue::claimManyCall {
                positions: ids.iter().map(|id| self.token(*id)).collect(),
                receiver,
                minAssets: least,
            };
            self.send("claim many", from, qev, &call, &reasons)
        };
        if let Some(receipt) = receipt {
            assert_eq!(U256::abi_decode(&receipt.output).unwrap(), assets);
            assert_eq!(self.dollars.balance(&mut self.town, to), before + assets);
            self.model = after;
            self.settle_seals();
            self.bury(&ids);
            for id in ids {
                self.check_position(id);
            }
        }
    }

    /// Through the vault, over a controller's list: so many shares, or so many assets.
    fn redeem(&mut self) {
        let who = self.anybody();
        let measure = self.dice.one_of(&[Measure::Shares, Measure::Assets]);
        let now = self.now();
        let mut all = Wei::default();
        for id in &self.lists[who] {
            let (shares, assets) = self.model.claimable(now, *id).unwrap();
            all += if measure == Measure::Shares { shares } else { assets };
        }
        let requested = match self.dice.below(8) {
            0 => word(&all) + U256::ONE,
            _ => self.part_of(word(&all)),
        };
        let to = self.anybody();
        self.log.begin(format!("{who} redeems {requested} ({measure:?}) for {to}"));
        let mut after = self.model.clone();
        let (mut list, mut index) = (self.lists[who].clone(), 0);
        let (mut left, mut shares, mut assets) = (wei(requested), Wei::default(), Wei::default());
        while left != Wei::default() && index < list.len() {
            let taken = after.claim_part(now, list[index], measure, &left).unwrap();
            left -= if measure == Measure::Shares { &taken.0 } else { &taken.1 };
            shares += taken.0;
            assets += taken.1;
            if after.lane(list[index]).is_err() {
                list.swap_remove(index);
            } else {
                index += 1;
            }
        }
        let mut reasons = Reasons::default();
        reasons.add(requested.is_zero(), &refusals::ZeroAmount {});
        self.bars(&mut reasons, &[who, to]);
        let exceeds = refusals::ExceedsClaimable {
            controller: self.actors[who],
            requested,
            claimable: requested - word(&left),
        };
        reasons.add(left != Wei::default(), &exceeds);
        let before = self.dollars.balance(&mut self.town, to);
        let (susdai, from, receiver) = (self.town.suite.susdai, self.actors[who], self.actors[to]);
        let (receipt, returned) = if measure == Measure::Shares {
            let call = Vault::redeemCall {
                shares: requested,
                receiver,
                controller: from,
            };
            (self.send("redeem", from, susdai, &call, &reasons), word(&assets))
        } else {
            let call = Vault::withdrawCall {
                assets: requested,
                receiver,
                controller: from,
            };
            (self.send("redeem assets", from, susdai, &call, &reasons), word(&shares))
        };
        if let Some(receipt) = receipt {
            assert_eq!(U256::abi_decode(&receipt.output).unwrap(), returned);
            assert_eq!(self.dollars.balance(&mut self.town, to), before + word(&assets));
            self.model = after;
            let before = std::mem::replace(&mut self.lists[who], list);
            self.settle_seals();
            self.bury(&before);
        }
    }

    fn settle(&mut self) {
        let who = self.anybody();
        let steps = self.dice.one_of(&[0_u128, 1, 1, 2, 3, 5, 256]);
        let (qev, susdai, now) = (self.town.suite.qev, self.town.suite.susdai, self.now());
        self.log.begin(format!("{who} settles in {steps} steps"));
        let terms = self.town.read(susdai, &Vault::settlementTermsCall {});
        let mut after = self.model.clone();
        let outcome = after.settle(now, &wei(terms.price), &wei(terms.cash));
        let mut reasons = Reasons::default();
        reasons.add(steps == 0, &refusals::ZeroSteps {});
        let first = self.model.unsettled();
        let early = refusals::EpochNotEnded {
            epoch: n(first.into()),
            endsAt: n((self.rules.genesis + (first + 1) * self.rules.epoch).into()),
            timestamp: n(now.into()),
        };
        reasons.add(steps != 0 && outcome.is_err(), &early);
        let call = Queue::settleCall { maxSteps: n(steps) };
        let Some(receipt) = self.send("settle", self.actors[who], qev, &call, &reasons) else {
            return;
        };
        let settled = receipt.events::<Queue::EpochSettled>(qev);
        let Some(event) = settled.first() else {
            assert_eq!(receipt.events::<Queue::SettlementAdvanced>(qev).len(), 1, "a call advances or ends");
            self.log.count("settlement", "advanced");
            return;
        };
        let expected = outcome.unwrap();
        let (shares, assets) = expected.totals();
        assert_eq!(event.epoch, n(expected.epoch.into()));
        assert_eq!((event.shares, event.assets), (word(&shares), word(&assets)), "{expected:?}");
        assert_eq!(event.premium, n(u128::from(expected.premium) * 5));
        assert_eq!(event.price, terms.price);
        let filled = &receipt.events::<Queue::LanesFilled>(qev)[0];
        assert_eq!((filled.kept, filled.burnt), (word(&expected.kept), word(&expected.forfeited)));
        let par = expected
            .lanes
            .iter()
            .find(|(tick, _)| *tick == 0)
            .map_or(U256::ZERO, |(_, shares)| word(shares));
        assert_eq!(filled.parShares, par);
        let paid = self.town.read(susdai, &Vault::cashCall {});
        let fill = assets + &expected.lacking - &expected.swept;
        assert_eq!(paid, terms.cash - word(&fill), "what the vault paid");
        let bids = expected.lanes.iter().filter(|(tick, _)| *tick != 0).count();
        for (seen, what) in [
            (shares == Wei::default(), "nobody"),
            (expected.premium == 0 && bids != 0, "all covered"),
            (expected.premium > 2 && filled.partShares.is_zero() && bids != 0, "between lanes"),
            (!filled.partShares.is_zero(), "part of a lane"),
            (bids > 2, "many lanes"),
            (expected.swept != Wei::default(), "dust swept"),
            (expected.lacking != Wei::default(), "a wei made up"),
            (!filled.burnt.is_zero(), "bonds burnt"),
            (expected.epoch > first, "several epochs"),
        ] {
            if seen {
                self.log.count("settlement", what);
            }
        }
        self.model = after;
    }
}

/// The world around.
impl Walk {
    fn pass_time(&mut self) {
        let now = self.now();
        let into = (now - self.rules.genesis) % self.rules.epoch;
        let window = self.rules.epoch - self.rules.reveal;
        let seconds = match self.dice.below(10) {
            0 if into < window => window - into - 1,
            0..=2 if into < window => window - into,
            3 => self.rules.epoch - into - 1,
            4 => self.rules.epoch - into,
            5 if self.dice.chance(10) => self.dice.below(3 * self.rules.epoch),
            _ => self.dice.below(3 * 86_400),
        };
        self.wait(seconds);
    }

    fn wait(&mut self, seconds: u64) {
        self.log.begin(format!("{seconds} seconds pass"));
        self.town.node.chain.advance(seconds);
        self.log.count("time", "success");
    }

    /// An epoch in which people bid: the last one is settled, bids are sealed, opened in the window, and money is short.
    fn auction(&mut self) {
        for _ in 0..4 {
            self.settle();
        }
        for _ in 0..10 {
            self.request();
            self.commit();
        }
        for _ in 0..3 {
            self.withdraw();
        }
        let into = |walk: &Self| (walk.now() - walk.rules.genesis) % walk.rules.epoch;
        let window = self.rules.epoch - self.rules.reveal;
        self.wait(window.saturating_sub(into(self)));
        for _ in 0..20 {
            self.reveal();
        }
        self.make_money_short();
        self.wait(self.rules.epoch - into(self));
        for _ in 0..4 {
            self.settle();
        }
    }

    /// Money goes out and comes back, with interest, and the price moves with what is expected of loans.
    fn lend_out(&mut self, principal: U256) {
        if principal.is_zero() {
            return;
        }
        let (filo, susdai) = (self.town.suite.filo, self.town.suite.susdai);
        let call = Vault::drawLoanCall {
            principal,
            rate: U256::ZERO,
            receiver: self.borrower,
        };
        self.town.does(filo, susdai, &call);
        self.lent += principal;
        self.log.count("lend", "out");
    }

    /// Lends so much that a part of those who wait can be paid.
    fn make_money_short(&mut self) {
        let (susdai, qev) = (self.town.suite.susdai, self.town.suite.qev);
        let terms = self.town.read(susdai, &Vault::settlementTermsCall {});
        let kept = if self.dice.chance(50) {
            let waiting = self.town.balance(susdai, qev) * terms.price / wad(1);
            waiting * U256::from(3 + self.dice.below(90)) / n(100)
        } else {
            // Just enough for the bids at some premium, beside a fifth for the par lane.
            let depth = self.town.read(qev, &Queue::depthCall {});
            let bids = depth.ticks.iter().zip(&depth.shares).filter(|(tick, _)| !tick.is_zero());
            let bids = bids.map(|(_, shares)| *shares).sum::<U256>() * terms.price / wad(1);
            bids * U256::from(1_000 - self.dice.below(128)) / n(800)
        };
        let lendable = self.town.read(susdai, &Vault::lendableCall {});
        self.lend_out(terms.cash.saturating_sub(kept).min(lendable));
    }

    fn lend(&mut self) {
        let (filo, susdai, usdai) = (self.town.suite.filo, self.town.suite.susdai, self.town.suite.usdai);
        let kind = self.dice.below(10);
        self.log.begin(format!("lending {kind}"));
        match kind {
            0..=4 => {
                let lendable = self.town.read(susdai, &Vault::lendableCall {});
                let principal = self.part_of(lendable);
                self.lend_out(principal);
            }
            5..=8 => {
                let principal = self.part_of((self.lent - self.impaired) / n(3));
                let interest = self.dice.up_to(wad(2_000));
                if principal.is_zero() {
                    return;
                }
                let pay = Erc20::transferCall {
                    to: susdai,
                    value: principal + interest,
                };
                self.town.does(self.borrower, usdai, &pay);
                let call = Vault::repayLoanCall {
                    principal,
                    interest,
                    accrual: U256::ZERO,
                    oldRate: U256::ZERO,
                    newRate: U256::ZERO,
                };
                self.town.does(filo, susdai, &call);
                self.lent -= principal;
                self.log.count("lend", "back");
            }
            _ => {
                let impairment = self.part_of(self.lent) / n(20);
                let call = Vault::markLoanCall {
                    accrual: U256::ZERO,
                    oldRate: U256::ZERO,
                    newRate: U256::ZERO,
                    oldImpairment: self.impaired,
                    newImpairment: impairment,
                };
                self.town.does(filo, susdai, &call);
                self.impaired = impairment;
                self.log.count("lend", "marked");
            }
        }
    }

    /// Who was paid comes back.
    fn stake(&mut self) {
        let who = self.anybody();
        let held = self.dollars.balance(&mut self.town, who);
        let assets = self.part_of(held);
        self.log.begin(format!("{who} stakes {assets}"));
        let call = Vault::deposit_0Call {
            assets,
            receiver: self.actors[who],
        };
        let susdai = self.town.suite.susdai;
        let mut reasons = Reasons::default();
        self.bars(&mut reasons, &[who]);
        reasons.add(assets.is_zero(), &refusals::ZeroAmount {});
        reasons.add_any::<refusals::ZeroShares>(assets < n(1_000_000));
        if assets < n(1_000_000) && !assets.is_zero() {
            return;
        }
        self.send("stake", self.actors[who], susdai, &call, &reasons);
    }

    fn bar(&mut self) {
        // More often free than not.
        self.barred = !self.barred && self.dice.chance(40);
        self.log.begin(format!("barred: {}", self.barred));
        let call = Vault::setBlacklistCall {
            account: self.actors[SUSPECT],
            isBlacklisted: self.barred,
        };
        let (admin, susdai) = (self.town.cast.admin.address(), self.town.suite.susdai);
        self.town.does(admin, susdai, &call);
        self.log.count("bar", "success");
    }
}

const ACTS: &[Act<Walk>] = &[
    (14, Walk::request),
    (16, Walk::commit),
    (20, Walk::reveal),
    (2, Walk::abandon),
    (4, Walk::withdraw),
    (3, Walk::take_bonds),
    (8, Walk::cancel),
    (8, Walk::split),
    (7, Walk::merge),
    (5, Walk::transfer),
    (3, Walk::approve),
    (3, Walk::set_listed),
    (10, Walk::claim),
    (6, Walk::redeem),
    (8, Walk::settle),
    (9, Walk::pass_time),
    (6, Walk::lend),
    (4, Walk::stake),
    (1, Walk::bar),
    (1, Walk::auction),
];

/// What must have been seen.
const SHOWN: &[(&str, &[&str])] = &[
    ("request", &["success", "ZeroAmount", "AccountBlacklisted"]),
    (
        "commit",
        &[
            "success",
            "UnknownPosition",
            "NotController",
            "EpochNotSettled",
            "BiddingEnded",
            "ZeroAmount",
        ],
    ),
    (
        "reveal",
        &[
            "success",
            "UnknownPosition",
            "NotController",
            "RevealNotBegun",
            "NoBid",
            "WrongOpening",
            "InvalidTick",
            "TickAboveMaximum",
        ],
    ),
    ("reveal many", &["success", "WrongOpening"]),
    ("abandon", &["success", "NoBid"]),
    ("abandon late", &["success"]),
    (
        "withdraw bid",
        &["success", "NotBidding", "BidSealed", "EpochNotSettled", "BiddingEnded"],
    ),
    ("take bonds", &["success"]),
    ("take lost bonds", &["success"]),
    (
        "cancel",
        &[
            "success",
            "NotController",
            "BidSealed",
            "ExceedsPending",
            "BiddingEnded",
            "EpochNotSettled",
            "AccountBlacklisted",
        ],
    ),
    (
        "split",
        &[
            "success",
            "NotController",
            "BidSealed",
            "ExceedsPending",
            "TooManyPieces",
            "ZeroAmount",
        ],
    ),
    ("merge", &["success", "NotController", "NotAdjacent", "BidSealed"]),
    ("transfer", &["success", "ERC721InsufficientApproval", "AccountBlacklisted"]),
    ("approve", &["success", "ERC721InvalidApprover"]),
    ("list", &["success", "NotController", "ListFull"]),
    (
        "claim",
        &[
            "success",
            "NotController",
            "NothingToClaim",
            "UnknownPosition",
            "AccountBlacklisted",
        ],
    ),
    ("claim many", &["success", "BelowMinimum", "NothingToClaim"]),
    ("redeem", &["success", "ExceedsClaimable", "ZeroAmount", "AccountBlacklisted"]),
    ("redeem assets", &["success", "ExceedsClaimable"]),
    ("settle", &["success", "ZeroSteps", "EpochNotEnded"]),
    (
        "settlement",
        &[
            "advanced",
            "nobody",
            "all covered",
            "between lanes",
            "part of a lane",
            "many lanes",
            "dust swept",
            "bonds burnt",
            "several epochs",
        ],
    ),
    ("lend", &["out", "back", "marked"]),
    ("position", &["burnt"]),
];

impl driver::Walk for Walk {
    const NAME: &'static str = "qev";
    const FULL_CHECK: u64 = 400;
    const ACTS: &'static [Act<Self>] = ACTS;
    type Variant = ();
    const VARIANTS: &'static [()] = &[()];

    fn begin((): (), ground: Ground, dice: Dice) -> Self {
        Self::begin(ground, dice)
    }

    fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }

    fn log(&mut self) -> &mut Chronicle {
        &mut self.log
    }

    fn town(&mut self) -> Option<&mut Town> {
        Some(&mut self.town)
    }

    fn check(&mut self) {
        self.check();
    }

    fn check_everything(&mut self) {
        self.check_everything();
    }

    fn missing(&self) -> Vec<(&'static str, &'static str)> {
        self.log.missing(SHOWN)
    }
}

#[test]
fn the_queue_does_what_sorting_every_request_would_do() {
    drive::<Walk>((), Journey::on_both(0x5145_5601, STEPS));
}

#[test]
fn the_queue_does_what_sorting_every_request_would_do_in_another_walk() {
    drive::<Walk>((), Journey::on_both(0x5145_5602, STEPS));
}

#[test]
fn the_queue_does_what_sorting_every_request_would_do_natively() {
    drive::<Walk>((), Journey::natively(0x5145_5603, NATIVELY));
}

//! The queue.

use alloy_primitives::keccak256;
use alloy_sol_types::SolValue;

use super::*;

/// Positions there are at most at a time.
pub(super) const CROWD: usize = 24;
/// So many positions of a holder the vault claims over.
const ROOM: usize = 7;

/// Who, what and which.
impl Walk {
    /// What a position is called on chain; one that never was has no more than a number.
    pub(super) fn token(&self, id: Id) -> U256 {
        self.tokens.get(&id).copied().unwrap_or_else(|| n(id.into()))
    }

    /// A new position: its token says for whom it was opened, and its number.
    pub(super) fn opened(&mut self, id: Id, owner: usize, token: U256) {
        assert_eq!(token, self.token_of(id, owner));
        self.tokens.insert(id, token);
        self.owners.insert(id, owner);
        if self.lists[owner].len() < ROOM {
            self.lists[owner].push(id);
        }
    }

    pub(super) fn token_of(&self, id: Id, owner: usize) -> U256 {
        let born = U256::from_be_bytes(self.holders[owner].into_word().0);
        born << 96_usize | n(id.into())
    }

    /// A position, seldom one that is no more or never was.
    fn any_position(&mut self) -> Id {
        if self.owners.is_empty() || self.dice.chance(2) {
            let options = [0, 1_000_000_000, self.gone.last().copied().unwrap_or(7)];
            return self.dice.one_of(&options);
        }
        let ids: Vec<_> = self.owners.keys().copied().collect();
        self.dice.one_of(&ids)
    }

    fn sealed_position(&mut self) -> Id {
        let sealed: Vec<_> = self.seals.keys().copied().collect();
        if sealed.is_empty() || self.dice.chance(10) {
            self.any_position()
        } else {
            self.dice.one_of(&sealed)
        }
    }

    /// Mostly who holds it.
    fn actor_for(&mut self, id: Id) -> usize {
        match self.owners.get(&id) {
            Some(owner) if !self.dice.chance(6) => *owner,
            _ => self.person(),
        }
    }

    /// What refuses somebody who deals with a position.
    fn own(&self, who: usize, id: Id) -> Reasons {
        let (mut reasons, position) = (Reasons::default(), self.token(id));
        match self.owners.get(&id) {
            Some(owner) => {
                let caller = self.holders[who];
                reasons.add(who != *owner, &refusals::NotController { position, caller });
            }
            None => reasons.add(true, &refusals::UnknownPosition { position }),
        }
        reasons
    }

    /// What the model makes of it, unless somebody has no business with the position.
    fn in_queue<T>(
        &mut self,
        own: Reasons,
        case: Case,
        play: impl FnOnce(&mut qev::Queue, u64) -> Result<T, qev::Refusal>,
    ) -> (Option<T>, Reasons) {
        if !own.none() {
            return (None, own);
        }
        match self.model.in_queue(play) {
            Ok(value) => (Some(value), own),
            Err(why) => (None, self.reasons(why, case)),
        }
    }

    /// What follows when some of `ids` may have been burnt, in this order: what the list has no more is nobody's.
    pub(super) fn bury(&mut self, ids: &[Id]) {
        for id in ids.iter().copied() {
            if self.model.queue.lane(id).is_ok() || !self.owners.contains_key(&id) {
                continue;
            }
            self.unlist(id);
            self.owners.remove(&id);
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

    /// A seal whose bond was taken is none.
    pub(super) fn settle_seals(&mut self) {
        let queue = &self.model.queue;
        self.seals.retain(|id, _| queue.is_sealed(*id));
    }
}

/// Bids.
impl Walk {
    fn tick(&mut self) -> u8 {
        match self.dice.below(12) {
            0 => 0,
            1 => 1,
            2 => 255,
            3..=6 => 20 * (1 + u8::try_from(self.dice.below(12)).expect("small")),
            _ => 2 + u8::try_from(self.dice.below(7)).expect("small"),
        }
    }

    /// A bid for a position in the epoch of now.
    pub(super) fn seal(&mut self, position: U256) -> Seal {
        let tick = self.tick();
        let salt = B256::from(self.dice.up_to(U256::MAX));
        let commitment = self.commitment(position, tick, salt);
        Seal { tick, salt, commitment }
    }

    fn commitment(&self, position: U256, tick: u8, salt: B256) -> B256 {
        let (epoch, _) = self.model.queue.epoch_at(self.now());
        let chain = U256::from(self.town.node.chain.chain_id());
        let bid = (chain, self.town.suite.qev, n(epoch.into()), position, U256::from(tick), salt);
        keccak256(bid.abi_encode())
    }

    /// An epoch in which people bid: what has ended is settled, bids are sealed, and opened in the window; then it is settled.
    pub(super) fn bidding(&mut self) {
        for _ in 0..2 {
            self.keep();
        }
        if self.model.queue.epoch_at(self.now()).1 {
            self.wait_for_the_window();
            self.keep();
        }
        for _ in 0..5 {
            self.request();
            self.commit();
        }
        self.withdraw_bid();
        self.wait_for_the_window();
        for _ in 0..8 {
            self.reveal();
        }
        self.draw();
        self.wait_for_the_window();
        self.keep();
    }

    /// What has ended is settled.
    fn keep(&mut self) {
        if self.model.queue.epoch_at(self.now()).0 > self.model.queue.unsettled() {
            self.settle();
            self.check();
        }
    }

    pub(super) fn commit(&mut self) {
        let ended = self.model.queue.epoch_at(self.now()).0 > self.model.queue.unsettled();
        if ended && self.dice.chance(70) {
            return self.settle();
        }
        let id = self.any_position();
        let who = self.actor_for(id);
        let seal = self.seal(self.token(id));
        let case = Case {
            position: id,
            ..Case::default()
        };
        let (bond, reasons) = self.in_queue(self.own(who, id), case, |queue, now| queue.commit(now, id));
        let call = Queue::commitBid_0Call {
            position: self.token(id),
            commitment: seal.commitment,
        };
        if self.play("commitBid", who, self.town.suite.qev, &call, &reasons).is_some() {
            assert!(bond.is_some());
            self.settle_seals();
            self.seals.insert(id, seal);
            self.look_at_position(id);
        }
    }

    pub(super) fn reveal(&mut self) {
        if !self.model.queue.epoch_at(self.now()).1 && self.dice.chance(85) {
            return self.commit();
        }
        let id = self.sealed_position();
        // Of every seventh nobody remembers the salt, and of another nobody opens it.
        if id % 7 == 3 && self.dice.chance(90) {
            return;
        }
        let who = self.actor_for(id);
        let seal = self.seals.get(&id).copied();
        let forgot = self.dice.chance(10);
        let tick = seal.map_or(3, |seal| seal.tick);
        let salt = seal.filter(|_| !forgot).map_or(B256::ZERO, |seal| seal.salt);
        let position = self.token(id);
        let mut own = self.own(who, id);
        let due = self.model.queue.reveal_is_due(self.now(), id).unwrap_or(false);
        if let (true, true, Some(seal)) = (own.none(), due, seal) {
            let opened = self.commitment(position, tick, salt);
            let error = refusals::WrongOpening {
                position,
                opened,
                commitment: kept_of(seal.commitment),
            };
            own.add(opened != seal.commitment, &error);
        }
        let case = Case {
            position: id,
            amount: n(tick.into()),
            opens: true,
            ..Case::default()
        };
        let (done, reasons) = self.in_queue(own, case, |queue, now| queue.reveal(now, id, tick));
        let call = Queue::revealBidCall { position, tick, salt };
        if self.play("revealBid", who, self.town.suite.qev, &call, &reasons).is_some() {
            assert!(done.is_some());
            self.seals.remove(&id);
            self.look_at_position(id);
        }
    }

    pub(super) fn abandon(&mut self) {
        let id = self.sealed_position();
        let who = self.actor_for(id);
        let revealing = self.model.queue.epoch_at(self.now()).1;
        let case = Case {
            position: id,
            ..Case::default()
        };
        let (done, reasons) = self.in_queue(self.own(who, id), case, |queue, now| queue.abandon(now, id));
        let kind = if revealing { "abandonBid, late" } else { "abandonBid" };
        let call = Queue::abandonBidCall { position: self.token(id) };
        if self.play(kind, who, self.town.suite.qev, &call, &reasons).is_some() {
            assert!(done.is_some());
            self.seals.remove(&id);
            self.bury(&[id]);
            self.look_at_position(id);
        }
    }

    pub(super) fn withdraw_bid(&mut self) {
        let id = self.any_position();
        let who = self.actor_for(id);
        let case = Case {
            position: id,
            withdraws: true,
            ..Case::default()
        };
        let (_, reasons) = self.in_queue(self.own(who, id), case, |queue, now| queue.withdraw(now, id));
        let call = Queue::withdrawBidCall { position: self.token(id) };
        if self.play("withdrawBid", who, self.town.suite.qev, &call, &reasons).is_some() {
            self.settle_seals();
            self.look_at_position(id);
        }
    }

    pub(super) fn take_bonds(&mut self) {
        let ids: Vec<Id> = (0..3).map(|_| self.sealed_position()).collect();
        let now = self.now();
        let lost = ids.iter().any(|id| self.model.queue.has_lost_bond(now, *id) == Ok(true));
        self.model.queue.take_bonds(now, &ids);
        let who = self.person();
        let call = Queue::forfeitBondsCall {
            positions: ids.iter().map(|id| self.token(*id)).collect(),
        };
        let kind = if lost { "forfeitBonds, some" } else { "forfeitBonds" };
        self.play(kind, who, self.town.suite.qev, &call, &Reasons::default());
        self.settle_seals();
        self.bury(&ids);
    }
}

/// Leaving, cutting, selling.
impl Walk {
    pub(super) fn cancel(&mut self) {
        let id = self.any_position();
        let (who, to) = (self.actor_for(id), self.person());
        let waiting = self.model.queue.waiting(id).map_or(U256::ONE, |waiting| word(&waiting));
        let all = self.dice.chance(15);
        let shares = if all { U256::MAX } else { self.part_of(waiting) };
        let own = self.own(who, id);
        let case = Case {
            position: id,
            amount: shares,
            ..Case::default()
        };
        let part = wei(shares);
        let (left, reasons) = if own.none() {
            match self.model.cancel(id, (!all).then_some(&part), to, &[who]) {
                Ok(left) => (Some(left), own),
                Err(why) => (None, self.reasons(why, case)),
            }
        } else {
            (None, own)
        };
        let call = Queue::cancelCall {
            position: self.token(id),
            shares,
            receiver: self.holders[to],
        };
        if let Some(returned) = self.play("cancel", who, self.town.suite.qev, &call, &reasons) {
            assert_eq!(returned, word(&left.expect("done")));
            self.settle_seals();
            self.bury(&[id]);
            self.look_at_position(id);
        }
    }

    pub(super) fn split(&mut self) {
        if self.owners.len() >= CROWD {
            return self.claim();
        }
        let id = self.any_position();
        let who = self.actor_for(id);
        let waiting = self.model.queue.waiting(id).map_or(U256::ONE, |waiting| word(&waiting));
        let shares = self.part_of(waiting);
        let case = Case {
            position: id,
            amount: shares,
            ..Case::default()
        };
        let part = wei(shares);
        let (behind, reasons) = self.in_queue(self.own(who, id), case, |queue, now| queue.split(now, id, &part));
        let call = Queue::splitCall {
            position: self.token(id),
            shares,
        };
        if let Some(token) = self.play("split", who, self.town.suite.qev, &call, &reasons) {
            let behind = behind.expect("done");
            self.opened(behind, self.owners[&id], token);
            self.settle_seals();
            self.look_at_position(id);
            self.look_at_position(behind);
        }
    }

    pub(super) fn merge(&mut self) {
        let neighbours: Vec<_> = self
            .owners
            .iter()
            .filter(|(id, owner)| {
                self.model
                    .queue
                    .behind(**id)
                    .is_some_and(|behind| self.owners.get(&behind) == Some(owner))
            })
            .map(|(id, _)| *id)
            .collect();
        let first = if neighbours.is_empty() || self.dice.chance(30) {
            self.any_position()
        } else {
            self.dice.one_of(&neighbours)
        };
        // Mostly one that stands right behind.
        let second = self.model.queue.behind(first).filter(|_| !self.dice.chance(10));
        let second = second.unwrap_or_else(|| self.any_position());
        let (who, now) = (self.actor_for(first), self.now());
        let mut own = self.own(who, first);
        if own.none() {
            own = self.own(who, second);
        }
        let (position, behind) = (self.token(first), self.token(second));
        let mut reasons = Reasons::default();
        let mut done = false;
        if own.none() {
            match self.model.in_queue(|queue, _| queue.merge(now, first, second)) {
                Ok(()) => done = true,
                Err(why) => {
                    let sealed = why.contains(&Refusal::Queue(qev::Refusal::Sealed));
                    let unknown = why.contains(&Refusal::Queue(qev::Refusal::Unknown));
                    reasons.add(sealed, &refusals::BidSealed { position });
                    reasons.add(sealed, &refusals::BidSealed { position: behind });
                    reasons.add(unknown, &refusals::UnknownPosition { position: behind });
                    reasons.add(!sealed && !unknown, &refusals::NotAdjacent { position, behind });
                }
            }
        } else {
            reasons = own;
        }
        let call = Queue::mergeCall { position, behind };
        if self.play("merge", who, self.town.suite.qev, &call, &reasons).is_some() {
            assert!(done);
            self.settle_seals();
            self.bury(&[second]);
            self.look_at_position(first);
        }
    }

    /// A place in the queue is sold.
    pub(super) fn sell_position(&mut self) {
        let id = self.any_position();
        let (who, to) = (self.actor_for(id), self.person());
        let from = self.owners.get(&id).copied().unwrap_or(who);
        let (tokenid, operator) = (self.token(id), self.holders[who]);
        let mut reasons = Reasons::default();
        if self.owners.contains_key(&id) {
            let error = refusals::ERC721InsufficientApproval {
                operator,
                tokenId: tokenid,
            };
            reasons.add(who != from, &error);
            if reasons.none() {
                let account = self.holders[SUSPECT];
                let barred = [from, to].iter().any(|one| self.model.barred.contains(one));
                reasons.add(barred, &refusals::AccountBlacklisted { account });
            }
        } else {
            reasons.add(true, &refusals::ERC721NonexistentToken { tokenId: tokenid });
        }
        let call = Queue::transferFromCall {
            from: self.holders[from],
            to: self.holders[to],
            tokenId: tokenid,
        };
        if self
            .play("transfer of a position", who, self.town.suite.qev, &call, &reasons)
            .is_some()
        {
            if from != to {
                self.unlist(id);
            }
            self.owners.insert(id, to);
            self.look_at_position(id);
        }
    }
}

/// Claims and settlements.
impl Walk {
    pub(super) fn claim(&mut self) {
        let now = self.now();
        let ready: Vec<_> = self
            .owners
            .keys()
            .copied()
            .filter(|id| self.model.queue.claimable(now, *id).is_ok_and(|claim| claim.0 != Wei::default()))
            .collect();
        let id = if ready.is_empty() || self.dice.chance(20) {
            self.any_position()
        } else {
            self.dice.one_of(&ready)
        };
        let (who, to) = (self.actor_for(id), self.person());
        let own = self.own(who, id);
        let case = Case {
            position: id,
            claims: true,
            ..Case::default()
        };
        let (paid, reasons) = if own.none() {
            match self.model.claim(to, &[who], |queue, now| queue.claim(now, id)) {
                Ok((_, assets)) => (Some(assets), own),
                Err(why) => (None, self.reasons(why, case)),
            }
        } else {
            (None, own)
        };
        let call = Queue::claimCall {
            position: self.token(id),
            receiver: self.holders[to],
        };
        if let Some(assets) = self.play("claim", who, self.town.suite.qev, &call, &reasons) {
            let paid = paid.expect("done");
            assert_eq!(assets, word(&paid));
            self.settle_seals();
            self.bury(&[id]);
            self.look_at_position(id);
            self.see_claim(&paid);
        }
    }

    /// A keeper says what is overdue, and settles.
    pub(super) fn settle(&mut self) {
        let ended = self.model.queue.epoch_at(self.now()).0 > self.model.queue.unsettled();
        if !ended && self.dice.chance(90) {
            if self.dice.chance(30) {
                self.wait_for_the_window();
            } else {
                self.commit();
            }
            return;
        }
        while let Some((due, loans)) = self.model.filo.earliest_due().filter(|_| ended) {
            if due >= self.now() || self.dice.chance(15) {
                break;
            }
            self.mark_late_of(loans[0]);
            self.check();
        }
        let (who, qev) = (self.person(), self.town.suite.qev);
        let steps = self.dice.one_of(&[0_u128, 1, 1, 2, 3, 256, 256]);
        let mut reasons = Reasons::default();
        let outcome = self.model.can_settle();
        if let Err(why) = &outcome {
            reasons = self.reasons(why.clone(), Case::default());
        }
        reasons.add(steps == 0, &refusals::ZeroSteps {});
        let call = Queue::settleCall { maxSteps: n(steps) };
        let kind = if steps > 255 { "settle" } else { "settle in steps" };
        let receipt = self.send(kind, self.holders[who], qev, call.abi_encode(), &reasons);
        let settled = receipt.as_ref().map(|receipt| receipt.events::<Queue::EpochSettled>(qev));
        let Some(event) = settled.as_ref().and_then(|events| events.first()) else {
            if receipt.is_some() {
                self.log.count("settlement", "advanced");
            }
            return;
        };
        let settlement = self.model.settle().expect("can be");
        let (shares, assets) = settlement.totals();
        assert_eq!((event.shares, event.assets), (word(&shares), word(&assets)), "{settlement:?}");
        assert_eq!(event.premium, n(u128::from(settlement.premium) * 5));
        self.look_at_settlement(&settlement);
    }

    fn look_at_settlement(&mut self, settlement: &qev::Settlement) {
        let (shares, _) = settlement.totals();
        let nothing = Wei::default();
        let waiting = *self.model.waiting() != nothing;
        let vault = &self.model.vault;
        let lent = vault.principal() > nothing;
        let troubled = |status| self.model.filo.open_loans().any(|(_, loan)| loan.status == status);
        let bids = settlement.lanes.iter().filter(|(tick, _)| *tick != 0).count();
        for (what, seen) in [
            ("nobody", shares == nothing),
            ("everybody", shares > nothing && !waiting),
            ("some", shares > nothing && waiting),
            ("at a premium", settlement.premium > 0),
            ("several lanes", bids > 1),
            ("bonds burnt", settlement.forfeited > nothing),
            ("while cash is lent", shares > nothing && waiting && lent),
            ("while loans are impaired", shares > nothing && vault.impairment() > nothing),
            ("while a loan is in default", shares > nothing && troubled(Status::Defaulted)),
            ("below par", shares > nothing && self.model.exit_price() < wei(wad(1))),
        ] {
            if seen {
                self.log.count("settlement", what);
            }
        }
    }
}

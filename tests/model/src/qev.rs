//! The QEV queue of PROTOCOL 5 as a list: every request is an entry, ordered by price and then by time, and filled one by one.
//!
//! Operations in, amounts or a [`Refusal`] out; after any of them [`Queue::pending`] and [`Queue::claimable`] say what every position has, to the wei.
//! Who holds a position, and who may act for whom, is for the one who drives the model: no amount depends on it.
//!
//! Where docs/DECISIONS.md differs from PROTOCOL 5 the model does as it says: a share's pay is exact and is rounded down once, when it is taken
//! out of the lane; what that leaves is dust, whose whole wei the next settlement keeps; and a bond is a lien on the end of a position, lost when
//! somebody next touches the position.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

pub use crate::exact::Wei;
use crate::exact::{BPS, WAD};

#[cfg(test)]
mod tests;

/// The number of a position.
pub type Id = u64;
/// A level of price, a multiple of 5 basis points; 0 is the par lane (PROTOCOL 1).
pub type Tick = u8;

/// The highest tick there is.
pub const TOP: Tick = Tick::MAX;
const BPS_A_TICK: u64 = 5;

/// What PROTOCOL 5 leaves to the one who deploys.
#[derive(Clone, Debug)]
pub struct Rules {
    /// When epoch 0 began.
    pub genesis: u64,
    /// Seconds in an epoch.
    pub epoch: u64,
    /// The last seconds of an epoch, in which bids are revealed.
    pub reveal: u64,
    /// The lowest tick that may be bid, and the least that winners pay.
    pub reserve: Tick,
    /// The part of a settlement's budget that is kept for the par lane.
    pub par_floor_bps: u64,
    /// The part of a position that a commitment puts at stake.
    pub bond_bps: u64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            genesis: 0,
            epoch: 30 * 86_400,
            reveal: 2 * 86_400,
            reserve: 2,
            par_floor_bps: 2_000,
            bond_bps: 50,
        }
    }
}

/// Why an operation is not done. Nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No position of that number.
    Unknown,
    /// Nothing to do it with, or a part of nothing.
    Zero,
    /// More than there is.
    TooMuch,
    /// A bid below the reserve.
    BelowReserve,
    /// Bidding is over for this epoch, or the time to reveal has not come.
    NotNow,
    /// An epoch has ended and is not settled.
    Unsettled,
    /// The position has sealed a bid.
    Sealed,
    /// The position has sealed no bid that could be opened or abandoned, or stands in no lane of bids.
    NoBid,
    /// Its place is not directly behind the other's.
    NotAdjacent,
    /// The place is cut as finely as can be.
    TooFine,
    /// The epoch has not ended, or is settled.
    NotDue,
}

/// Shares of a position that one settlement filled, and what each is paid, exactly.
#[derive(Clone, Debug)]
struct Slice {
    shares: Wei,
    each: Wei,
}

/// A request (PROTOCOL 5.1).
#[derive(Clone, Debug)]
struct Position {
    lane: Tick,
    /// When it got its place, as the how manieth of all that ever got one.
    place: u64,
    /// The second in which it got its place.
    since: u64,
    /// Shares that entered the lane before the first of its own that is not taken out.
    start: Wei,
    /// How often its place can still be cut in two, as a power of two.
    pieces: u8,
    pending: Wei,
    /// Filled and not taken out of the lane, first come first.
    slices: Vec<Slice>,
    /// Taken out and not claimed: shares and assets.
    bank: (Wei, Wei),
    /// A bid that is sealed: for which epoch.
    sealed: Option<u64>,
}

impl Position {
    fn filled(&self) -> Wei {
        self.slices.iter().map(|slice| &slice.shares).sum()
    }

    fn length(&self) -> Wei {
        self.filled() + &self.pending
    }

    /// What the slices are paid, exactly.
    fn earned(&self) -> Wei {
        self.slices.iter().map(|slice| &slice.shares * &slice.each).sum()
    }

    /// Takes what is filled out of the lane; returns the fraction of a wei that is nobody's.
    fn harvest(&mut self) -> Wei {
        let (earned, filled) = (self.earned(), self.filled());
        let assets = &earned / unit();
        self.start += &filled;
        self.bank.0 += filled;
        self.bank.1 += &assets;
        self.slices.clear();
        earned - assets * unit()
    }

    fn is_finished(&self) -> bool {
        self.length().is_zero() && self.bank.0.is_zero() && self.bank.1.is_zero()
    }
}

/// Exact amounts are wei times this: a price has 18 decimals, and a premium is in basis points.
fn unit() -> Wei {
    Wei::from(WAD) * BPS
}

/// What a settlement did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The epoch that it settled, the latest of those that had ended.
    pub epoch: u64,
    /// What every winner pays, in ticks; 0 if there is none.
    pub premium: Tick,
    /// Filled lanes, highest first: shares.
    pub lanes: Vec<(Tick, Wei)>,
    /// What they are owed, rounded down.
    pub assets: Wei,
    /// Whole wei of dust, which the vault pays less than that.
    pub swept: Wei,
    /// Whole wei that fractions of settlements before have come to, which it pays more.
    pub lacking: Wei,
    /// What stays in the vault: the value of what is filled, less what it pays.
    pub kept: Wei,
    /// Bonds of bids that were not revealed, burnt.
    pub forfeited: Wei,
}

impl Settlement {
    /// Shares filled and assets set aside for them.
    #[must_use]
    pub fn totals(&self) -> (Wei, Wei) {
        (self.lanes.iter().map(|(_, shares)| shares).sum(), self.assets.clone())
    }
}

/// How a part of a claim is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// So many shares, for what they are worth, rounded down.
    Shares,
    /// So many assets, for the shares that they take, rounded up; the last share goes with the last of the assets.
    Assets,
}

/// The queue.
#[derive(Clone, Debug)]
pub struct Queue {
    rules: Rules,
    positions: BTreeMap<Id, Position>,
    places: u64,
    ids: Id,
    /// Shares that ever entered each lane.
    entered: Vec<Wei>,
    /// When anything entered the par lane, and the shares that had then.
    entries: Vec<(u64, Wei)>,
    /// The first epoch that is not settled.
    unsettled: u64,
    /// Bonds that are lost and not yet burnt.
    lost: Wei,
    /// What is held and owed to nobody, exactly; negative by what settlements rounded off.
    dust: BigInt,
}

impl Default for Queue {
    fn default() -> Self {
        Self::new(Rules::default())
    }
}

impl Queue {
    /// An empty queue.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            positions: BTreeMap::new(),
            places: 0,
            ids: 0,
            entered: vec![Wei::zero(); usize::from(TOP) + 1],
            entries: Vec::new(),
            unsettled: 0,
            lost: Wei::zero(),
            dust: BigInt::zero(),
        }
    }

    /// The epoch of a second, and whether it is in the reveal window (PROTOCOL 5.2).
    #[must_use]
    pub fn epoch_at(&self, now: u64) -> (u64, bool) {
        let since = now - self.rules.genesis;
        (
            since / self.rules.epoch,
            since % self.rules.epoch >= self.rules.epoch - self.rules.reveal,
        )
    }

    fn position(&self, id: Id) -> Result<&Position, Refusal> {
        self.positions.get(&id).ok_or(Refusal::Unknown)
    }

    fn change(&mut self, id: Id) -> Result<&mut Position, Refusal> {
        self.positions.get_mut(&id).ok_or(Refusal::Unknown)
    }

    /// Takes the next place at the end of `lane` for `shares`: the place, and the shares that entered before.
    fn enter(&mut self, lane: Tick, now: u64, shares: &Wei) -> (u64, Wei) {
        self.places += 1;
        let entered = &mut self.entered[usize::from(lane)];
        let start = entered.clone();
        *entered += shares;
        if lane == 0 {
            self.entries.push((now, self.entered[0].clone()));
            self.forget_entries(now);
        }
        (self.places, start)
    }

    /// Entries before the one that was the last when the window before the latest began are asked for no more.
    fn forget_entries(&mut self, now: u64) {
        let (epoch, revealing) = self.epoch_at(now);
        let windows = epoch + u64::from(revealing);
        if windows < 2 {
            return;
        }
        let begun = self.window(windows - 1);
        let before = self.entries.partition_point(|(time, _)| *time < begun);
        self.entries.drain(..before.saturating_sub(1));
    }

    fn insert(&mut self, position: Position) -> Id {
        self.ids += 1;
        self.positions.insert(self.ids, position);
        self.ids
    }

    /// Opens a position at the end of the par lane (PROTOCOL 5.1).
    ///
    /// # Errors
    /// [`Refusal::Zero`].
    pub fn request(&mut self, now: u64, shares: Wei) -> Result<Id, Refusal> {
        if shares.is_zero() {
            return Err(Refusal::Zero);
        }
        let (place, start) = self.enter(0, now, &shares);
        Ok(self.insert(Position {
            lane: 0,
            place,
            since: now,
            start,
            pieces: 16,
            pending: shares,
            slices: Vec::new(),
            bank: (Wei::zero(), Wei::zero()),
            sealed: None,
        }))
    }

    /// Bids can be sealed and taken back: everything that ended is settled, and the window has not begun.
    fn bidding(&self, now: u64) -> Result<u64, Refusal> {
        let (epoch, revealing) = self.epoch_at(now);
        if self.unsettled < epoch {
            return Err(Refusal::Unsettled);
        }
        if revealing {
            return Err(Refusal::NotNow);
        }
        Ok(epoch)
    }

    /// Seals a bid for what waits; returns the bond, which is a part of that (PROTOCOL 5.2). A second commitment in an epoch takes the place
    /// of the first.
    ///
    /// # Errors
    /// [`Refusal::Unsettled`], [`Refusal::NotNow`] in the reveal window, [`Refusal::Zero`] if nothing waits.
    pub fn commit(&mut self, now: u64, id: Id) -> Result<Wei, Refusal> {
        self.touch(now, id)?;
        let epoch = self.bidding(now)?;
        self.harvest(id)?;
        let position = self.change(id)?;
        if position.pending.is_zero() {
            return Err(Refusal::Zero);
        }
        position.sealed = Some(epoch);
        self.bond(id)
    }

    /// The bid that `id` has sealed and can still open: for which epoch, and the shares of those that wait which answer for it.
    ///
    /// # Errors
    /// [`Refusal::Unknown`].
    pub fn bid(&self, now: u64, id: Id) -> Result<Option<(u64, Wei)>, Refusal> {
        let (epoch, _) = self.epoch_at(now);
        let sealed = self.position(id)?.sealed.filter(|sealed| *sealed >= epoch);
        Ok(match sealed {
            Some(sealed) => Some((sealed, self.bond(id)?)),
            None => None,
        })
    }

    /// Takes a sealed bid back: for nothing while others can be sealed, for the bond in the window.
    ///
    /// # Errors
    /// [`Refusal::NoBid`].
    pub fn abandon(&mut self, now: u64, id: Id) -> Result<(), Refusal> {
        self.touch(now, id)?;
        if self.position(id)?.sealed.is_none() {
            return Err(Refusal::NoBid);
        }
        if self.epoch_at(now).1 {
            self.lose_bond(id)?;
        }
        self.change(id)?.sealed = None;
        self.close(id);
        Ok(())
    }

    /// Opens a sealed bid: what waits goes to the end of lane `tick`, or stays if it is there (PROTOCOL 5.2).
    ///
    /// # Errors
    /// [`Refusal::NotNow`] outside the window, [`Refusal::NoBid`] without a bid of this epoch, [`Refusal::BelowReserve`].
    pub fn reveal(&mut self, now: u64, id: Id, tick: Tick) -> Result<(), Refusal> {
        self.touch(now, id)?;
        let (epoch, revealing) = self.epoch_at(now);
        if !revealing {
            return Err(Refusal::NotNow);
        }
        if self.position(id)?.sealed != Some(epoch) {
            return Err(Refusal::NoBid);
        }
        if tick != 0 && tick < self.rules.reserve {
            return Err(Refusal::BelowReserve);
        }
        self.change(id)?.sealed = None;
        self.go(now, id, tick)
    }

    /// Takes a bid that stands back: what waits goes to the end of the par lane.
    ///
    /// # Errors
    /// [`Refusal::NoBid`] in the par lane, [`Refusal::Sealed`], [`Refusal::Unsettled`], [`Refusal::NotNow`].
    pub fn withdraw(&mut self, now: u64, id: Id) -> Result<(), Refusal> {
        self.touch(now, id)?;
        if self.position(id)?.lane == 0 {
            return Err(Refusal::NoBid);
        }
        self.free(now, id)?;
        self.go(now, id, 0)
    }

    fn go(&mut self, now: u64, id: Id, tick: Tick) -> Result<(), Refusal> {
        if self.position(id)?.lane == tick {
            return Ok(());
        }
        self.harvest(id)?;
        let pending = self.position(id)?.pending.clone();
        if pending.is_zero() {
            return self.left(id);
        }
        let (place, start) = self.enter(tick, now, &pending);
        let position = self.change(id)?;
        (position.lane, position.place, position.since, position.start, position.pieces) = (tick, place, now, start, 16);
        Ok(())
    }

    /// A position that has sealed nothing and, if it bids, is not bound.
    fn free(&self, now: u64, id: Id) -> Result<(), Refusal> {
        let position = self.position(id)?;
        if position.sealed.is_some() {
            return Err(Refusal::Sealed);
        }
        if position.lane != 0 {
            self.bidding(now)?;
        }
        Ok(())
    }

    fn harvest(&mut self, id: Id) -> Result<(), Refusal> {
        let fraction = self.change(id)?.harvest();
        self.dust += BigInt::from(fraction);
        Ok(())
    }

    /// Takes the bond of a bid that was sealed in an epoch that has ended, and not opened.
    ///
    /// # Errors
    /// [`Refusal::Unknown`].
    pub fn touch(&mut self, now: u64, id: Id) -> Result<(), Refusal> {
        let (epoch, _) = self.epoch_at(now);
        if self.position(id)?.sealed.is_some_and(|sealed| sealed < epoch) {
            self.lose_bond(id)?;
            self.change(id)?.sealed = None;
        }
        Ok(())
    }

    /// The bond is the end of the position: what of it waits is to be burnt, what others of it were paid is dust.
    fn lose_bond(&mut self, id: Id) -> Result<(), Refusal> {
        let bond = self.bond(id)?;
        let position = self.change(id)?;
        let burnt = bond.clone().min(position.pending.clone());
        position.pending -= &burnt;
        let mut paid = bond - &burnt;
        let mut gained = Wei::zero();
        while !paid.is_zero() {
            let last = position.slices.last_mut().ok_or(Refusal::TooMuch)?;
            let part = paid.clone().min(last.shares.clone());
            gained += &part * &last.each;
            last.shares -= &part;
            paid -= part;
            if last.shares.is_zero() {
                position.slices.pop();
            }
        }
        self.lost += burnt;
        self.dust += BigInt::from(gained);
        Ok(())
    }

    /// Takes the bonds of those that have lost one.
    pub fn take_bonds(&mut self, now: u64, ids: &[Id]) {
        for id in ids {
            if self.touch(now, *id).is_ok() {
                self.close(*id);
            }
        }
    }

    /// A position of which a lost bond was all is no position.
    fn left(&self, id: Id) -> Result<(), Refusal> {
        if self.position(id)?.is_finished() {
            return Err(Refusal::Unknown);
        }
        Ok(())
    }

    /// Forgets a position of which nothing is left.
    fn close(&mut self, id: Id) {
        if self.positions.get(&id).is_some_and(Position::is_finished) {
            self.positions.remove(&id);
        }
    }

    /// Gives back `shares` that wait, the last ones, or all (PROTOCOL 5.4). What is filled stays to be claimed.
    ///
    /// # Errors
    /// [`Refusal::Sealed`] while a bid is, [`Refusal::Unsettled`] and [`Refusal::NotNow`] out of a lane of bids, [`Refusal::TooMuch`],
    /// [`Refusal::Zero`].
    pub fn cancel(&mut self, now: u64, id: Id, shares: Option<&Wei>) -> Result<Wei, Refusal> {
        self.touch(now, id)?;
        self.free(now, id)?;
        self.harvest(id)?;
        let position = self.change(id)?;
        let leaving = shares.unwrap_or(&position.pending).clone();
        if leaving > position.pending {
            return Err(Refusal::TooMuch);
        }
        if leaving.is_zero() {
            return Err(Refusal::Zero);
        }
        position.pending -= &leaving;
        self.close(id);
        Ok(leaving)
    }

    /// Makes the last `shares` that wait a position of their own. Both keep their places; what is filled stays with the first.
    ///
    /// # Errors
    /// [`Refusal::Sealed`], [`Refusal::Zero`], [`Refusal::TooMuch`] if nothing would be left waiting, [`Refusal::TooFine`].
    pub fn split(&mut self, now: u64, id: Id, shares: &Wei) -> Result<Id, Refusal> {
        self.touch(now, id)?;
        if self.position(id)?.sealed.is_some() {
            return Err(Refusal::Sealed);
        }
        self.harvest(id)?;
        let position = self.change(id)?;
        if shares.is_zero() {
            return Err(Refusal::Zero);
        }
        if *shares >= position.pending {
            return Err(Refusal::TooMuch);
        }
        if position.pieces < 2 {
            return Err(Refusal::TooFine);
        }
        position.pieces /= 2;
        position.pending -= shares;
        let mut last = position.clone();
        last.start += &position.pending;
        last.pending.clone_from(shares);
        last.bank = (Wei::zero(), Wei::zero());
        // Behind the first, before whoever came next: everybody behind moves back by one.
        let place = position.place;
        for other in self.positions.values_mut().filter(|other| other.place > place) {
            other.place += 1;
        }
        self.places += 1;
        last.place = place + 1;
        Ok(self.insert(last))
    }

    /// Puts `second`, which waits directly behind `first` in its lane with nobody's place between, into `first`.
    ///
    /// # Errors
    /// [`Refusal::Sealed`], [`Refusal::NotAdjacent`], also if only one of them was in time for a settlement.
    pub fn merge(&mut self, now: u64, first: Id, second: Id) -> Result<(), Refusal> {
        self.touch(now, first)?;
        if first == second {
            self.left(first)?;
        }
        self.touch(now, second)?;
        for id in [first, second] {
            if self.position(id)?.sealed.is_some() {
                return Err(Refusal::Sealed);
            }
        }
        for id in [first, second] {
            self.harvest(id)?;
        }
        let (one, two) = (self.position(first)?, self.position(second)?);
        let adjacent = one.lane == two.lane
            && !one.pending.is_zero()
            && !two.pending.is_zero()
            && &one.start + &one.pending == two.start
            && !(one.lane == 0 && self.is_cut(&two.start));
        if !adjacent {
            return Err(Refusal::NotAdjacent);
        }
        let last = self.positions.remove(&second).ok_or(Refusal::Unknown)?;
        let position = self.change(first)?;
        position.pending += last.pending;
        position.pieces = last.pieces;
        position.bank.0 += last.bank.0;
        position.bank.1 += last.bank.1;
        Ok(())
    }

    /// Whether the par lane ended at `place` when one of the two windows began that were the latest at the latest entry.
    fn is_cut(&self, place: &Wei) -> bool {
        let Some((last, _)) = self.entries.last() else {
            return false;
        };
        let (epoch, revealing) = self.epoch_at(*last);
        let windows = epoch + u64::from(revealing);
        (windows.saturating_sub(1)..=windows).filter(|window| *window > 0).any(|window| {
            let begun = self.window(window);
            let before = self.entries.iter().rev().find(|(time, _)| *time < begun);
            before.is_some_and(|(_, entered)| entered == place)
        })
    }

    /// When the `number`-th window began, from 1 on.
    fn window(&self, number: u64) -> u64 {
        self.rules.genesis + number * self.rules.epoch - self.rules.reveal
    }

    /// Everybody who waits: price, then time (PROTOCOL 5.1).
    fn in_order(&self) -> impl Iterator<Item = Id> {
        let mut order: Vec<_> = self
            .positions
            .iter()
            .filter(|(_, position)| !position.pending.is_zero())
            .map(|(id, position)| (TOP - position.lane, position.place, *id))
            .collect();
        order.sort_unstable();
        order.into_iter().map(|(_, _, id)| id)
    }

    /// Settles all epochs that have ended with `budget` at `price` (PROTOCOL 5.3).
    ///
    /// # Errors
    /// [`Refusal::NotDue`] if there is none.
    pub fn settle(&mut self, now: u64, price: &Wei, budget: &Wei) -> Result<Settlement, Refusal> {
        let (ended, _) = self.epoch_at(now);
        if ended <= self.unsettled {
            return Err(Refusal::NotDue);
        }
        let window = self.window(ended);
        // Bids are revealed in the window by those who were there before it.
        let order: Vec<Id> = self
            .in_order()
            .filter(|id| self.positions[id].lane != 0 || self.positions[id].since < window)
            .collect();
        let mut demand = vec![Wei::zero(); usize::from(TOP) + 1];
        for id in &order {
            let position = &self.positions[id];
            demand[usize::from(position.lane)] += &position.pending;
        }
        let clearing = clear(&self.rules, &demand, price, budget);
        let mut lanes = Vec::new();
        let (mut paid, mut filled) = (Wei::zero(), Wei::zero());
        for tick in (0..=TOP).rev() {
            let shares = &clearing.lanes[usize::from(tick)];
            if shares.is_zero() {
                continue;
            }
            let each = a_share(price, if tick == 0 { 0 } else { clearing.premium });
            self.fill(tick, shares, &each, &order);
            paid += shares * each;
            filled += shares;
            lanes.push((tick, shares.clone()));
        }
        let assets = &paid / unit();
        self.dust -= BigInt::from(paid - &assets * unit());
        let whole = self.dust.magnitude() / unit();
        let (swept, lacking) = if self.dust.is_negative() {
            (Wei::zero(), whole)
        } else {
            (whole.min(assets.clone()), Wei::zero())
        };
        self.dust -= BigInt::from(&swept * unit());
        self.dust += BigInt::from(&lacking * unit());
        let kept = filled * a_share(price, 0) / unit() - &assets + &swept;
        self.unsettled = ended;
        Ok(Settlement {
            epoch: ended - 1,
            premium: clearing.premium,
            lanes,
            kept: if kept > lacking { kept - &lacking } else { Wei::zero() },
            assets,
            swept,
            lacking,
            forfeited: std::mem::take(&mut self.lost),
        })
    }

    /// Gives the first `shares` of a lane to those who stand there, one by one.
    fn fill(&mut self, lane: Tick, shares: &Wei, each: &Wei, order: &[Id]) {
        let mut left = shares.clone();
        for id in order {
            let Some(position) = self.positions.get_mut(id).filter(|position| position.lane == lane) else {
                continue;
            };
            let part = position.pending.clone().min(left.clone());
            if part.is_zero() {
                continue;
            }
            position.pending -= &part;
            left -= &part;
            position.slices.push(Slice {
                shares: part,
                each: each.clone(),
            });
        }
    }

    /// Shares that wait, bonds included; those that are lost are not, once `now` is later than their epoch.
    ///
    /// # Errors
    /// [`Refusal::Unknown`].
    pub fn pending(&self, now: u64, id: Id) -> Result<Wei, Refusal> {
        let mut seen = self.clone_of(id)?;
        seen.touch(now, id)?;
        Ok(seen.position(id)?.pending.clone())
    }

    /// The queue with that position alone.
    fn clone_of(&self, id: Id) -> Result<Self, Refusal> {
        let mut alone = Self::new(self.rules.clone());
        alone.positions.insert(id, self.position(id)?.clone());
        Ok(alone)
    }

    /// Shares at stake for a bid that is sealed, or would be: rounded up, so that a bond is never nothing.
    ///
    /// # Errors
    /// [`Refusal::Unknown`].
    pub fn bond(&self, id: Id) -> Result<Wei, Refusal> {
        Ok((self.position(id)?.length() * self.rules.bond_bps + (BPS - 1)) / BPS)
    }

    /// The lane in which a position stands.
    ///
    /// # Errors
    /// [`Refusal::Unknown`].
    pub fn lane(&self, id: Id) -> Result<Tick, Refusal> {
        Ok(self.position(id)?.lane)
    }

    /// Shares filled and not claimed, and what they are paid.
    ///
    /// # Errors
    /// [`Refusal::Unknown`].
    pub fn claimable(&self, now: u64, id: Id) -> Result<(Wei, Wei), Refusal> {
        let mut seen = self.clone_of(id)?;
        seen.touch(now, id)?;
        seen.harvest(id)?;
        Ok(seen.position(id)?.bank.clone())
    }

    /// Pays all that is claimable.
    ///
    /// # Errors
    /// [`Refusal::Zero`].
    pub fn claim(&mut self, now: u64, id: Id) -> Result<(Wei, Wei), Refusal> {
        self.touch(now, id)?;
        self.harvest(id)?;
        let position = self.change(id)?;
        if position.bank.0.is_zero() {
            return Err(Refusal::Zero);
        }
        let claimed = std::mem::take(&mut position.bank);
        self.close(id);
        Ok(claimed)
    }

    /// Pays `amount` of what is claimable, as far as it goes: shares and assets.
    ///
    /// # Errors
    /// [`Refusal::Unknown`].
    pub fn claim_part(&mut self, now: u64, id: Id, measure: Measure, amount: &Wei) -> Result<(Wei, Wei), Refusal> {
        self.touch(now, id)?;
        self.harvest(id)?;
        let position = self.change(id)?;
        let (shares, assets) = position.bank.clone();
        let taken = match measure {
            Measure::Shares if *amount < shares => (amount.clone(), &assets * amount / &shares),
            Measure::Assets if *amount < assets => {
                let stay = (&shares * (&assets - amount) / &assets).max(Wei::from(1_u8));
                (&shares - stay, amount.clone())
            }
            _ => (shares.clone(), assets.clone()),
        };
        position.bank = (shares - &taken.0, assets - &taken.1);
        self.close(id);
        Ok(taken)
    }

    /// Shares waiting ahead of a position: in its lane, and in those above.
    ///
    /// # Errors
    /// [`Refusal::Unknown`].
    pub fn ahead(&self, id: Id) -> Result<(Wei, Wei), Refusal> {
        let here = self.position(id)?;
        let sum = |ahead: &dyn Fn(&Position) -> bool| {
            self.positions
                .values()
                .filter(|other| ahead(other))
                .map(|other| &other.pending)
                .sum()
        };
        Ok((
            sum(&|other| other.lane == here.lane && other.place < here.place),
            sum(&|other| other.lane > here.lane),
        ))
    }

    /// What the queue holds (PROTOCOL 5, Q1 and Q2): shares waiting and lost; assets owed and owed to nobody.
    ///
    /// # Panics
    /// If that is not a whole number of wei: then the model is wrong.
    #[must_use]
    pub fn held(&self) -> (Wei, Wei) {
        let shares = self.positions.values().map(|position| &position.pending).sum::<Wei>() + &self.lost;
        let owed: Wei = self
            .positions
            .values()
            .map(|position| position.earned() + &position.bank.1 * unit())
            .sum();
        let held = (BigInt::from(owed) + &self.dust).to_biguint().expect("what is owed is held");
        assert!((&held % unit()).is_zero(), "a fraction of a wei is held");
        (shares, held / unit())
    }

    /// What is held and owed to nobody, in parts of a wei, of which one has 10^22.
    #[must_use]
    pub fn dust(&self) -> &BigInt {
        &self.dust
    }

    /// Whether `id` has lost a bond that nobody has taken yet.
    ///
    /// # Errors
    /// [`Refusal::Unknown`].
    pub fn has_lost_bond(&self, now: u64, id: Id) -> Result<bool, Refusal> {
        let (epoch, _) = self.epoch_at(now);
        Ok(self.position(id)?.sealed.is_some_and(|sealed| sealed < epoch))
    }

    /// Shares that wait, a bond that is lost and not taken yet included.
    ///
    /// # Errors
    /// [`Refusal::Unknown`].
    pub fn waiting(&self, id: Id) -> Result<Wei, Refusal> {
        Ok(self.position(id)?.pending.clone())
    }

    /// Whether `id` has sealed a bid that is not opened.
    #[must_use]
    pub fn is_sealed(&self, id: Id) -> bool {
        self.positions.get(&id).is_some_and(|position| position.sealed.is_some())
    }

    /// Whether `id` has a bid that can be opened now.
    ///
    /// # Errors
    /// [`Refusal::Unknown`].
    pub fn reveal_is_due(&self, now: u64, id: Id) -> Result<bool, Refusal> {
        let (epoch, revealing) = self.epoch_at(now);
        Ok(revealing && self.position(id)?.sealed == Some(epoch))
    }

    /// Who waits right behind `id` in its lane.
    #[must_use]
    pub fn behind(&self, id: Id) -> Option<Id> {
        let lane = self.positions.get(&id)?.lane;
        let mut line = self.in_order().filter(|other| self.positions[other].lane == lane);
        line.find(|other| *other == id)?;
        line.next()
    }

    /// The first epoch that is not settled.
    #[must_use]
    pub fn unsettled(&self) -> u64 {
        self.unsettled
    }

    /// All positions.
    pub fn ids(&self) -> impl Iterator<Item = Id> + '_ {
        self.positions.keys().copied()
    }
}

/// How a budget is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clearing {
    /// What every winner pays, in ticks; 0 if there is none.
    pub premium: Tick,
    /// By tick: shares.
    pub lanes: Vec<Wei>,
}

/// What a share costs at a premium, exactly.
#[must_use]
pub fn a_share(price: &Wei, premium: Tick) -> Wei {
    price * (BPS - u64::from(premium) * BPS_A_TICK)
}

/// Divides `budget` among lanes with these shares (PROTOCOL 5.3), trying every tick. Nothing is rounded but numbers of shares, down.
#[must_use]
pub fn clear(rules: &Rules, demand: &[Wei], price: &Wei, budget: &Wei) -> Clearing {
    // Money times the unit, in which a share at a premium costs a whole number.
    let money = budget * unit();
    // Shares in the lanes from each tick upwards.
    let mut from = vec![Wei::zero(); demand.len() + 1];
    for tick in (0..demand.len()).rev() {
        from[tick] = &from[tick + 1] + &demand[tick];
    }
    let mut clearing = Clearing {
        premium: 0,
        lanes: vec![Wei::zero(); demand.len()],
    };
    if price.is_zero() {
        return clearing;
    }

    // "If B covers everything, par lane included, all are paid and the premium is 0."
    if &from[0] * a_share(price, 0) <= money {
        clearing.lanes = demand.to_vec();
        return nothing_for_nothing(clearing, price);
    }

    // "Otherwise the par lane is guaranteed par_floor_bps of B as far as it has demand."
    let floor = &money * rules.par_floor_bps / BPS;
    let rest = &money - floor.min(&demand[0] * a_share(price, 0));

    // "The lowest tick >= reserve tick with cost(r*) <= the rest." Above the top nobody bids, and nobody costs nothing.
    let reserve = usize::from(rules.reserve);
    let cost = |lanes: usize, premium: Tick| &from[lanes] * a_share(price, premium);
    let lowest = (rules.reserve..=TOP).find(|tick| cost(usize::from(*tick), *tick) <= rest);
    let (winners, lowest) = lowest.map_or((usize::from(TOP) + 1, TOP), |tick| (usize::from(tick), tick));

    // "If at tick r* - 1 the lanes >= r* cost no more than the rest, that lane is filled in part and r* - 1 is the premium."
    clearing.premium = lowest;
    if winners > reserve {
        let below = winners - 1;
        let premium = Tick::try_from(below).unwrap_or(TOP);
        if cost(winners, premium) <= rest {
            clearing.premium = premium;
            let part = &rest / a_share(price, premium) - &from[winners];
            clearing.lanes[below] = part.min(demand[below].clone());
        }
    }
    for (lane, shares) in clearing.lanes.iter_mut().zip(demand).skip(winners) {
        lane.clone_from(shares);
    }

    // "What is left goes to the par lane."
    let bids: Wei = clearing.lanes.iter().sum();
    let left = money - &bids * a_share(price, clearing.premium);
    clearing.lanes[0] = (left / a_share(price, 0)).min(demand[0].clone());
    if bids.is_zero() {
        clearing.premium = 0;
    }
    nothing_for_nothing(clearing, price)
}

/// Where everything that could be filled is worth less than a wei, nobody is filled: who waits may get something later.
fn nothing_for_nothing(mut clearing: Clearing, price: &Wei) -> Clearing {
    let bids: Wei = clearing.lanes.iter().skip(1).sum();
    let paid = bids * a_share(price, clearing.premium) + &clearing.lanes[0] * a_share(price, 0);
    if paid < unit() {
        for shares in &mut clearing.lanes {
            shares.set_zero();
        }
        clearing.premium = 0;
    }
    clearing
}

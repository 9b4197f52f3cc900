//! The QEV queue of PROTOCOL 5 as a list: every request is an entry, ordered by price and then by time, and filled one by one.
//!
//! Operations in, amounts or a [`Refusal`] out; after any of them [`Queue::pending`] and [`Queue::claimable`] say what every position has, to the wei.
//! Who holds a position, and who may act for whom, is for the one who drives the model: no amount depends on it.

use std::collections::BTreeMap;

use num_bigint::BigUint;
use num_traits::Zero;

#[cfg(test)]
mod tests;

/// An amount in wei: shares, assets, or a price in WAD.
pub type Wei = BigUint;
/// The number of a position.
pub type Id = u64;
/// A level of price, a multiple of 5 basis points; 0 is the par lane (PROTOCOL 1).
pub type Tick = u8;

/// The highest tick there is.
pub const TOP: Tick = Tick::MAX;
const BPS: u64 = 10_000;
const BPS_A_TICK: u64 = 5;
const WAD: u64 = 1_000_000_000_000_000_000;

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
    /// Not the time of the epoch for it.
    NotNow,
    /// The position has sealed a bid, or has none to open.
    Commitment,
    /// Its place is not directly behind the other's.
    NotAdjacent,
    /// The epoch has not ended, or is settled.
    NotDue,
}

/// What one lane was paid in one settlement: a line from nothing to `assets` over `shares` (PROTOCOL 5.1, F).
#[derive(Clone, Debug)]
struct Fill {
    shares: Wei,
    assets: Wei,
}

impl Fill {
    /// What the first `shares` of it are worth: linear, floored.
    fn first(&self, shares: &Wei) -> Wei {
        &self.assets * shares / &self.shares
    }
}

/// The part of a fill that a position got: from which share to which.
#[derive(Clone, Debug)]
struct Slice {
    fill: usize,
    from: Wei,
    to: Wei,
}

/// A request (PROTOCOL 5.1).
#[derive(Clone, Debug)]
struct Position {
    lane: Tick,
    /// When it got its place, as the how manieth of all that ever got one.
    place: u64,
    /// The second in which it got its place.
    since: u64,
    pending: Wei,
    slices: Vec<Slice>,
    claimed_shares: Wei,
    claimed_assets: Wei,
    /// A bid that is sealed: for which epoch, and the bond.
    sealed: Option<(u64, Wei)>,
}

/// What a settlement did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The epoch that it settled.
    pub epoch: u64,
    /// What every winner pays, in ticks.
    pub premium: Tick,
    /// Filled lanes, highest first: shares and what they were paid.
    pub lanes: Vec<(Tick, Wei, Wei)>,
    /// Bonds of bids that were not revealed, burnt.
    pub forfeited: Wei,
}

impl Settlement {
    /// Shares filled and assets set aside for them.
    #[must_use]
    pub fn totals(&self) -> (Wei, Wei) {
        let zero = (Wei::zero(), Wei::zero());
        self.lanes
            .iter()
            .fold(zero, |(shares, assets), lane| (shares + &lane.1, assets + &lane.2))
    }
}

/// The queue.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    rules: Rules,
    positions: BTreeMap<Id, Position>,
    fills: Vec<Fill>,
    places: u64,
    ids: Id,
    /// The first epoch that is not settled.
    unsettled: u64,
    /// Bonds that are lost and not yet burnt.
    lost: Wei,
}

impl Queue {
    /// An empty queue.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self { rules, ..Self::default() }
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

    /// Takes the next place at the end of `lane`.
    fn enter(&mut self, lane: Tick, now: u64, pending: Wei) -> Position {
        self.places += 1;
        Position {
            lane,
            place: self.places,
            since: now,
            pending,
            slices: Vec::new(),
            claimed_shares: Wei::zero(),
            claimed_assets: Wei::zero(),
            sealed: None,
        }
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
        let position = self.enter(0, now, shares);
        Ok(self.insert(position))
    }

    /// Seals a bid; returns the bond, which no longer waits (PROTOCOL 5.2). A second commitment in an epoch takes the place of the first.
    ///
    /// # Errors
    /// [`Refusal::NotNow`] in the reveal window, [`Refusal::Zero`] if nothing would be left waiting or at stake.
    pub fn commit(&mut self, now: u64, id: Id) -> Result<Wei, Refusal> {
        let (epoch, revealing) = self.epoch_at(now);
        if revealing {
            return Err(Refusal::NotNow);
        }
        self.forfeit(id, epoch)?;
        let bond_bps = self.rules.bond_bps;
        let position = self.positions.get_mut(&id).ok_or(Refusal::Unknown)?;
        if let Some((_, bond)) = &position.sealed {
            return Ok(bond.clone());
        }
        // Rounded up: a bond is never nothing.
        let bond = (&position.pending * bond_bps + (BPS - 1)) / BPS;
        if bond.is_zero() || bond >= position.pending {
            return Err(Refusal::Zero);
        }
        position.pending -= &bond;
        position.sealed = Some((epoch, bond.clone()));
        Ok(bond)
    }

    /// Opens a sealed bid: what waits goes to the end of lane `tick`, and the bond comes back to it (PROTOCOL 5.2).
    ///
    /// # Errors
    /// [`Refusal::NotNow`] outside the window, [`Refusal::Commitment`] without a bid of this epoch, [`Refusal::BelowReserve`].
    pub fn reveal(&mut self, now: u64, id: Id, tick: Tick) -> Result<(), Refusal> {
        let (epoch, revealing) = self.epoch_at(now);
        if !revealing {
            return Err(Refusal::NotNow);
        }
        match &self.position(id)?.sealed {
            Some((sealed, _)) if *sealed == epoch => {}
            _ => return Err(Refusal::Commitment),
        }
        if tick != 0 && tick < self.rules.reserve {
            return Err(Refusal::BelowReserve);
        }
        self.places += 1;
        let place = self.places;
        let position = self.positions.get_mut(&id).ok_or(Refusal::Unknown)?;
        let (_, bond) = position.sealed.take().ok_or(Refusal::Commitment)?;
        position.pending += bond;
        position.lane = tick;
        position.place = place;
        position.since = now;
        Ok(())
    }

    /// Takes the bond of a bid that was sealed before `epoch` and not opened.
    fn forfeit(&mut self, id: Id, epoch: u64) -> Result<(), Refusal> {
        let position = self.positions.get_mut(&id).ok_or(Refusal::Unknown)?;
        if position.sealed.as_ref().is_some_and(|(sealed, _)| *sealed < epoch) {
            if let Some((_, bond)) = position.sealed.take() {
                self.lost += bond;
            }
        }
        Ok(())
    }

    /// Gives back what waits (PROTOCOL 5.4). What is filled stays to be claimed.
    ///
    /// # Errors
    /// [`Refusal::Commitment`] while a bid is sealed, [`Refusal::Zero`] if nothing waits.
    pub fn cancel(&mut self, now: u64, id: Id) -> Result<Wei, Refusal> {
        let (epoch, _) = self.epoch_at(now);
        self.forfeit(id, epoch)?;
        let position = self.positions.get_mut(&id).ok_or(Refusal::Unknown)?;
        if position.sealed.is_some() {
            return Err(Refusal::Commitment);
        }
        if position.pending.is_zero() {
            return Err(Refusal::Zero);
        }
        Ok(std::mem::take(&mut position.pending))
    }

    /// Makes the last `shares` that wait a position of their own. Both keep their places; what is filled stays with the first.
    ///
    /// # Errors
    /// [`Refusal::Commitment`], [`Refusal::Zero`], [`Refusal::TooMuch`] if nothing would be left waiting.
    pub fn split(&mut self, id: Id, shares: &Wei) -> Result<Id, Refusal> {
        let position = self.positions.get_mut(&id).ok_or(Refusal::Unknown)?;
        if position.sealed.is_some() {
            return Err(Refusal::Commitment);
        }
        if shares.is_zero() {
            return Err(Refusal::Zero);
        }
        if *shares >= position.pending {
            return Err(Refusal::TooMuch);
        }
        position.pending -= shares;
        let (lane, place, since) = (position.lane, position.place, position.since);
        // Behind the first, before whoever came next: everybody behind moves back by one.
        for other in self.positions.values_mut().filter(|other| other.place > place) {
            other.place += 1;
        }
        let mut last = self.enter(lane, since, shares.clone());
        last.place = place + 1;
        Ok(self.insert(last))
    }

    /// Puts `second`, which waits directly behind `first` in its lane, into `first`.
    ///
    /// # Errors
    /// [`Refusal::Commitment`], [`Refusal::NotAdjacent`].
    pub fn merge(&mut self, first: Id, second: Id) -> Result<(), Refusal> {
        let (one, two) = (self.position(first)?, self.position(second)?);
        if one.sealed.is_some() || two.sealed.is_some() {
            return Err(Refusal::Commitment);
        }
        let lane: Vec<Id> = self.in_order().filter(|id| self.positions[id].lane == one.lane).collect();
        if !lane.windows(2).any(|pair| pair == [first, second]) {
            return Err(Refusal::NotAdjacent);
        }
        let last = self.positions.remove(&second).ok_or(Refusal::Unknown)?;
        let position = self.positions.get_mut(&first).ok_or(Refusal::Unknown)?;
        position.pending += last.pending;
        // The later of the two decides whether it takes part in a settlement.
        position.since = position.since.max(last.since);
        position.slices.extend(last.slices);
        position.claimed_shares += last.claimed_shares;
        position.claimed_assets += last.claimed_assets;
        Ok(())
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

    /// Settles the first unsettled epoch with `budget` at `price` (PROTOCOL 5.3).
    ///
    /// # Errors
    /// [`Refusal::NotDue`] before its end.
    pub fn settle(&mut self, now: u64, price: &Wei, budget: &Wei) -> Result<Settlement, Refusal> {
        let epoch = self.unsettled;
        if self.epoch_at(now).0 <= epoch {
            return Err(Refusal::NotDue);
        }
        let window = self.rules.genesis + (epoch + 1) * self.rules.epoch - self.rules.reveal;
        let ids: Vec<Id> = self.positions.keys().copied().collect();
        for id in ids {
            self.forfeit(id, epoch + 1)?;
        }
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
        for tick in (0..=TOP).rev() {
            let (shares, assets) = &clearing.lanes[usize::from(tick)];
            if shares.is_zero() {
                continue;
            }
            self.fill(tick, shares, assets, &order);
            lanes.push((tick, shares.clone(), assets.clone()));
        }
        self.unsettled += 1;
        Ok(Settlement {
            epoch,
            premium: clearing.premium,
            lanes,
            forfeited: std::mem::take(&mut self.lost),
        })
    }

    /// Gives the first `shares` of a lane to those who stand there, one by one.
    fn fill(&mut self, lane: Tick, shares: &Wei, assets: &Wei, order: &[Id]) {
        let fill = self.fills.len();
        self.fills.push(Fill {
            shares: shares.clone(),
            assets: assets.clone(),
        });
        let mut from = Wei::zero();
        for id in order {
            let Some(position) = self.positions.get_mut(id).filter(|position| position.lane == lane) else {
                continue;
            };
            let part = position.pending.clone().min(shares - &from);
            if part.is_zero() {
                continue;
            }
            let to = &from + &part;
            position.pending -= part;
            position.slices.push(Slice {
                fill,
                from,
                to: to.clone(),
            });
            from = to;
        }
    }

    /// Shares that wait; the bond is not among them.
    ///
    /// # Errors
    /// [`Refusal::Unknown`].
    pub fn pending(&self, id: Id) -> Result<Wei, Refusal> {
        Ok(self.position(id)?.pending.clone())
    }

    /// Shares at stake for a sealed bid.
    ///
    /// # Errors
    /// [`Refusal::Unknown`].
    pub fn bond(&self, id: Id) -> Result<Wei, Refusal> {
        Ok(self.position(id)?.sealed.as_ref().map_or_else(Wei::zero, |(_, bond)| bond.clone()))
    }

    /// Shares filled and not claimed, and what they are paid (PROTOCOL 5.1: the difference of F at the two ends).
    ///
    /// # Errors
    /// [`Refusal::Unknown`].
    pub fn claimable(&self, id: Id) -> Result<(Wei, Wei), Refusal> {
        let position = self.position(id)?;
        let (mut shares, mut assets) = (Wei::zero(), Wei::zero());
        for Slice { fill, from, to } in &position.slices {
            shares += to - from;
            assets += self.fills[*fill].first(to) - self.fills[*fill].first(from);
        }
        Ok((shares - &position.claimed_shares, assets - &position.claimed_assets))
    }

    /// Pays `shares` of what is claimable, rounded down; all of it pays all.
    ///
    /// # Errors
    /// [`Refusal::Zero`], [`Refusal::TooMuch`].
    pub fn claim(&mut self, id: Id, shares: &Wei) -> Result<Wei, Refusal> {
        let (all, worth) = self.claimable(id)?;
        if shares.is_zero() {
            return Err(Refusal::Zero);
        }
        if *shares > all {
            return Err(Refusal::TooMuch);
        }
        let assets = worth * shares / all;
        let position = self.positions.get_mut(&id).ok_or(Refusal::Unknown)?;
        position.claimed_shares += shares;
        position.claimed_assets += &assets;
        Ok(assets)
    }

    /// Shares waiting ahead of a position, in its lane and in those above.
    ///
    /// # Errors
    /// [`Refusal::Unknown`].
    pub fn ahead(&self, id: Id) -> Result<Wei, Refusal> {
        let here = self.position(id)?;
        Ok(self
            .positions
            .values()
            .filter(|other| (TOP - other.lane, other.place) < (TOP - here.lane, here.place))
            .map(|other| &other.pending)
            .sum())
    }

    /// What the queue holds (PROTOCOL 5, Q1 and Q2): shares waiting, at stake and lost; assets to be claimed.
    #[must_use]
    pub fn held(&self) -> (Wei, Wei) {
        let (mut shares, mut assets) = (self.lost.clone(), Wei::zero());
        for (id, position) in &self.positions {
            shares += &position.pending;
            shares += position.sealed.iter().map(|(_, bond)| bond).sum::<Wei>();
            assets += self.claimable(*id).map(|(_, assets)| assets).unwrap_or_default();
        }
        (shares, assets)
    }

    /// All positions.
    pub fn ids(&self) -> impl Iterator<Item = Id> + '_ {
        self.positions.keys().copied()
    }
}

/// How a budget is shared: by lane, shares and what they are paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clearing {
    /// What every winner pays, in ticks.
    pub premium: Tick,
    /// By tick.
    pub lanes: Vec<(Wei, Wei)>,
}

/// Divides `budget` among lanes with these shares (PROTOCOL 5.3), trying every tick.
///
/// Two amounts are compared as fractions, neither is rounded. What is paid is rounded down, lane by lane.
#[must_use]
pub fn clear(rules: &Rules, demand: &[Wei], price: &Wei, budget: &Wei) -> Clearing {
    // Money times `unit`, in which a share at a premium costs a whole number.
    let unit = Wei::from(WAD) * BPS;
    let a_share = |tick: Tick| price * (BPS - u64::from(tick) * BPS_A_TICK);
    // Shares in the lanes from each tick upwards.
    let mut from = vec![Wei::zero(); demand.len() + 1];
    for tick in (0..demand.len()).rev() {
        from[tick] = &from[tick + 1] + &demand[tick];
    }
    let mut clearing = Clearing {
        premium: 0,
        lanes: vec![(Wei::zero(), Wei::zero()); demand.len()],
    };
    let pay = |shares: Wei, premium: Tick| {
        let assets = &shares * a_share(premium) / &unit;
        (shares, assets)
    };

    // "If B covers everything, par lane included, all are paid and the premium is 0."
    if &from[0] * a_share(0) <= budget * &unit {
        for (lane, shares) in clearing.lanes.iter_mut().zip(demand) {
            *lane = pay(shares.clone(), 0);
        }
        return nothing_for_nothing(clearing);
    }

    // "Otherwise the par lane is guaranteed par_floor_bps of B as far as it has demand." Rounded up, for the patient.
    let demanded = (&demand[0] * a_share(0) + (&unit - 1u32)) / &unit;
    let floor = (budget * rules.par_floor_bps + (BPS - 1)) / BPS;
    let rest = (budget - demanded.min(floor)) * &unit;

    // "The lowest tick >= reserve tick with cost(r*) <= the rest." Above the top nobody bids, and nobody costs nothing.
    let reserve = usize::from(rules.reserve);
    let cost = |lanes: usize, premium: Tick| &from[lanes] * a_share(premium);
    let lowest = (rules.reserve..=TOP).find(|tick| cost(usize::from(*tick), *tick) <= rest);
    let (winners, lowest) = lowest.map_or((usize::from(TOP) + 1, TOP), |tick| (usize::from(tick), tick));

    // "If at tick r* - 1 the lanes >= r* cost no more than the rest, that lane is filled in part and r* - 1 is the premium."
    clearing.premium = lowest;
    if winners > reserve {
        let below = winners - 1;
        let premium = Tick::try_from(below).unwrap_or(TOP);
        if cost(winners, premium) <= rest {
            clearing.premium = premium;
            let part = match a_share(premium) {
                nothing if nothing.is_zero() => Wei::zero(),
                a_share => &rest / a_share - &from[winners],
            };
            clearing.lanes[below] = pay(part.min(demand[below].clone()), premium);
        }
    }
    for (lane, shares) in clearing.lanes.iter_mut().zip(demand).skip(winners) {
        *lane = pay(shares.clone(), clearing.premium);
    }

    // "What is left goes to the par lane."
    let left = budget - clearing.lanes.iter().map(|(_, assets)| assets).sum::<Wei>();
    if !a_share(0).is_zero() {
        let part = left * &unit / a_share(0);
        clearing.lanes[0] = pay(part.min(demand[0].clone()), 0);
    }
    nothing_for_nothing(clearing)
}

/// Where everything that could be filled is worth nothing, nobody is filled: who waits may get something later.
fn nothing_for_nothing(mut clearing: Clearing) -> Clearing {
    if clearing.lanes.iter().all(|(_, assets)| assets.is_zero()) {
        for (shares, _) in &mut clearing.lanes {
            shares.set_zero();
        }
        clearing.premium = 0;
    }
    clearing
}

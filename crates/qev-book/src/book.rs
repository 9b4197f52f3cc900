//! A limit order book for time: lanes, places in them, and what a place has earned (PROTOCOL 5.1).
//!
//! A lane is a line of shares, not of requests. `tail` is how many ever entered; a lot is the piece `[start, start + length)` of the
//! line. Who leaves before being filled leaves a void ([`crate::voids`]). Entering and being filled touch a word or two each, however
//! many wait.
//!
//! A fill moves the front of a lane to a new place and pays every share between the two the same: a [`Rate`], which is exact, a fraction
//! of a wei included. F(x) = what the rates up to place x add up to; a lot has earned the difference of F at its ends. A lot has no void
//! inside, so it is of no matter that F runs over voids too, and a fill writes one record however many voids it passed.
//!
//! A lane that a settlement fills wholly gets no record at all: it is told the settlement's number and learns the rest when somebody
//! next enters. So the cost of a settlement is a word for each lane that is filled, and records for two.
//!
//! Nothing here knows which lane it is in, or how many there are.

#![allow(clippy::similar_names, reason = "a lane has a line")]

use fixed_point::{ArithmeticError, Checked};

use crate::{
    units::{Exact, Rate, Shares},
    voids::{self, Void, Voids},
};

/// Ordinals that an entry gets: into so many pieces, at most, it can be cut without losing its place.
pub const PIECES: u8 = 16;

/// What entering and leaving changes: one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Shares that ever entered.
    pub tail: Shares,
    /// Those of them that have not left as voids: filled and waiting ones.
    pub live: Shares,
    /// How often anything entered.
    pub entries: u32,
}

/// What being filled changes: one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Front {
    /// Live shares that were ever filled. `filled <= Line::live`.
    pub filled: Shares,
    /// The settlement that filled all that waited, if nobody has entered since; settlements count from 1, and 0 is none.
    pub cleared: u32,
    /// How many fills are on record.
    pub fills: u32,
    /// Levels of the tree over the voids.
    pub height: u8,
}

/// A fill: the line up to `end`, from where the one before ended, was paid `rate` a share. One word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fill {
    /// The place up to which the lane was filled.
    pub end: Shares,
    /// What each share was paid.
    pub rate: Rate,
}

/// A lane's words.
pub trait Lane: Voids {
    /// What entering changes.
    fn line(&self) -> Line;
    /// Replaces it.
    fn set_line(&mut self, line: Line);
    /// What being filled changes.
    fn front(&self) -> Front;
    /// Replaces it.
    fn set_front(&mut self, front: Front);
    /// The fill on record at `index < Front::fills`.
    fn fill(&self, index: u32) -> Fill;
    /// F at that fill's end.
    fn paid_up_to(&self, index: u32) -> Exact;
    /// Puts a fill on record at `index`.
    fn record(&mut self, index: u32, fill: Fill, paid: Exact);
}

/// The settlements so far, counted from 1.
pub trait Settlements {
    /// What the settlement paid for every bid that it filled.
    fn rate(&self, settlement: u32) -> Rate;
}

/// A lot of shares in one lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lot {
    /// Shares of the line before it.
    pub start: Shares,
    /// Its shares.
    pub length: Shares,
    /// The last of its ordinals; what leaves from its end is kept under this one.
    pub last: u64,
    /// How many ordinals it has: a power of two.
    pub width: u8,
}

impl Lot {
    /// The place behind it.
    ///
    /// # Errors
    /// None in a lane in order.
    pub fn end(&self) -> Checked<Shares> {
        self.start.plus(self.length)
    }

    /// Cuts the last `length` shares off, which become a lot that stands right behind.
    ///
    /// # Errors
    /// Overflow if nothing would be left on one side, or if there is one ordinal only.
    pub fn split(&mut self, length: Shares) -> Checked<Self> {
        let kept = self.length.minus(length)?;
        let width = self.width / 2;
        if kept.is_zero() || length.is_zero() || width == 0 {
            return Err(ArithmeticError::Overflow);
        }
        let behind = Self {
            start: self.start.plus(kept)?,
            length,
            last: self.last,
            width,
        };
        self.length = kept;
        self.width = width;
        // The ordinals behind are the higher ones, and what had left from the end before the cut is kept under the last.
        self.last -= u64::from(width);
        Ok(behind)
    }

    /// Puts the lot that stands right behind, in the same lane, to this one. What had left from its end is kept under its last ordinal.
    ///
    /// # Errors
    /// Overflow if `behind` stands anywhere else.
    pub fn join(&mut self, behind: &Self) -> Checked<()> {
        if self.end()? != behind.start {
            return Err(ArithmeticError::Overflow);
        }
        *self = Self {
            start: self.start,
            length: self.length.plus(behind.length)?,
            ..*behind
        };
        Ok(())
    }
}

/// Live shares that wait in the lane.
///
/// # Errors
/// None in a lane in order.
pub fn pending(lane: &impl Lane) -> Checked<Shares> {
    lane.line().live.minus(lane.front().filled)
}

/// Lets `length` shares in at the end. `None` if the lane cannot count so many, or so many entries.
///
/// # Errors
/// None in a lane in order.
pub fn enter(lane: &mut impl Lane, settlements: &impl Settlements, length: Shares) -> Checked<Option<Lot>> {
    let end = lane.line().tail;
    learn(lane, settlements, end)?;
    append(lane, length)
}

/// As [`enter`], into a lane of which every fill is on record when it is made, as the par lane's are: there is nothing to learn, and the
/// front is of no matter.
///
/// # Errors
/// None in a lane in order.
pub fn append(lane: &mut impl Lane, length: Shares) -> Checked<Option<Lot>> {
    let mut line = lane.line();
    let start = line.tail;
    let (Ok(tail), Some(entries)) = (start.plus(length), line.entries.checked_add(1)) else {
        return Ok(None);
    };
    if tail > Shares::MAX_PLACE {
        return Ok(None);
    }
    line.tail = tail;
    line.live = line.live.plus(length)?;
    line.entries = entries;
    lane.set_line(line);
    Ok(Some(Lot {
        start,
        length,
        last: first_ordinal(entries) - 1,
        width: PIECES,
    }))
}

/// The first ordinal of the entry behind `entries` others.
#[must_use]
pub fn first_ordinal(entries: u32) -> u64 {
    u64::from(entries) * u64::from(PIECES)
}

/// Puts on record what the settlement did that filled the whole line up to `tail`, if one did.
fn learn(lane: &mut impl Lane, settlements: &impl Settlements, tail: Shares) -> Checked<()> {
    let front = lane.front();
    if front.cleared == 0 {
        return Ok(());
    }
    let rate = settlements.rate(front.cleared);
    put_on_record(lane, Front { cleared: 0, ..front }, Fill { end: tail, rate })
}

/// Appends `fill` to the records and stores `front`, counting it.
fn put_on_record(lane: &mut impl Lane, front: Front, fill: Fill) -> Checked<()> {
    let (head, paid) = match front.fills.checked_sub(1) {
        Some(last) => (lane.fill(last).end, lane.paid_up_to(last)),
        None => (Shares::ZERO, Exact::ZERO),
    };
    let paid = paid.wrapping_plus(fill.rate.times(fill.end.minus(head)?));
    lane.record(front.fills, fill, paid);
    lane.set_front(Front {
        fills: front.fills.checked_add(1).ok_or(ArithmeticError::Overflow)?,
        ..front
    });
    Ok(())
}

/// The last `length` shares of `lot` leave, which are not filled.
///
/// # Errors
/// Overflow if the lot is shorter.
pub fn leave(lane: &mut impl Lane, lot: &mut Lot, length: Shares) -> Checked<()> {
    if length.is_zero() {
        return Ok(());
    }
    lot.length = lot.length.minus(length)?;
    let void = Void { start: lot.end()?, length };
    let mut line = lane.line();
    line.live = line.live.minus(length)?;
    lane.set_line(line);
    let front = lane.front();
    let height = voids::add(lane, front.height, lot.last, void)?;
    if height != front.height {
        lane.set_front(Front { height, ..front });
    }
    Ok(())
}

/// Fills the first `shares` that wait, at `rate`, not being all that wait or not for long: somebody may have come too late for this
/// settlement.
///
/// # Errors
/// Overflow if fewer wait.
pub fn fill_part(lane: &mut impl Lane, shares: Shares, rate: Rate) -> Checked<()> {
    if shares.is_zero() {
        return Ok(());
    }
    let (line, mut front) = (lane.line(), lane.front());
    front.filled = front.filled.plus(shares)?;
    let end = match front.filled.cmp(&line.live) {
        core::cmp::Ordering::Less => voids::seek(lane, front.height, front.filled)?,
        core::cmp::Ordering::Equal => line.tail,
        core::cmp::Ordering::Greater => return Err(ArithmeticError::Overflow),
    };
    put_on_record(lane, front, Fill { end, rate })
}

/// All that wait are filled by `settlement`.
///
/// # Errors
/// None.
pub fn fill_all(lane: &mut impl Lane, settlement: u32) {
    let (line, front) = (lane.line(), lane.front());
    lane.set_front(Front {
        filled: line.live,
        cleared: settlement,
        ..front
    });
}

/// The place up to which the lane is filled.
pub fn reach(lane: &impl Lane) -> Shares {
    let front = lane.front();
    if front.cleared != 0 {
        return lane.line().tail;
    }
    front.fills.checked_sub(1).map_or(Shares::ZERO, |last| lane.fill(last).end)
}

/// Shares of `lot` that are filled, its first ones.
pub fn filled_of(lane: &impl Lane, lot: &Lot) -> Shares {
    reach(lane).less(lot.start).min(lot.length)
}

/// Live shares that have to be filled before the first of `lot` is, exactly.
///
/// # Errors
/// None in a lane in order.
pub fn ahead(lane: &impl Lane, lot: &Lot) -> Checked<Shares> {
    let front = lane.front();
    let voids = voids::before(lane, front.height, lot.last)?;
    Ok(lot.start.minus(voids)?.less(front.filled))
}

/// In which fills the first and the last share of a piece of the line are, by somebody who has looked. Where it is wrong it is searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Index of the fill that the first share is in.
    pub first: u32,
    /// Index of the fill that the last share is in.
    pub last: u32,
}

impl Hint {
    /// Nobody has looked.
    pub const NONE: Self = Self {
        first: u32::MAX,
        last: u32::MAX,
    };

    /// Looks for the piece of `length` filled shares from `start` on.
    ///
    /// # Errors
    /// Overflow if they are not filled.
    pub fn find(lane: &impl Lane, settlements: &impl Settlements, start: Shares, length: Shares) -> Checked<Self> {
        let front = lane.front();
        let end = start.plus(length)?.minus(Shares(1))?;
        Ok(Self {
            first: fill_after(lane, settlements, &front, start, u32::MAX)?.0,
            last: fill_after(lane, settlements, &front, end, u32::MAX)?.0,
        })
    }
}

/// What the first `length` shares of the line from `start` on were paid; they are filled, and `hint` may say by which fills.
///
/// # Errors
/// Overflow if they are not.
pub fn earned(lane: &impl Lane, settlements: &impl Settlements, start: Shares, length: Shares, hint: Hint) -> Checked<Exact> {
    if length.is_zero() {
        return Ok(Exact::ZERO);
    }
    let end = start.plus(length)?;
    let front = lane.front();
    let (first, fill) = fill_after(lane, settlements, &front, start, hint.first)?;
    if end <= fill.end {
        return Ok(fill.rate.times(length));
    }
    let before_start = lane.paid_up_to(first).wrapping_minus(fill.rate.times(fill.end.minus(start)?));
    let (last, fill) = fill_after(lane, settlements, &front, end.minus(Shares(1))?, hint.last)?;
    // `last` is behind `first`.
    let previous = last.checked_sub(1).ok_or(ArithmeticError::Overflow)?;
    let part = fill.rate.times(end.minus(lane.fill(previous).end)?);
    Ok(lane.paid_up_to(previous).wrapping_plus(part).wrapping_minus(before_start))
}

/// The index of the fill that the share behind `place` is in: the first that ends beyond. What is not on record yet counts as the last. It is
/// looked for at `hint` first, if there is such a fill.
///
/// # Errors
/// Overflow if that share is not filled.
pub fn fill_after(lane: &impl Lane, settlements: &impl Settlements, front: &Front, place: Shares, hint: u32) -> Checked<(u32, Fill)> {
    // What is claimed was most likely filled by the last one; else by halves.
    let (mut low, mut high) = (0, front.fills);
    let likely = if hint < high { hint } else { high.saturating_sub(1) };
    if let Some(before) = likely.checked_sub(1) {
        if lane.fill(before).end <= place {
            low = likely;
        } else {
            high = before;
        }
    }
    if low == likely && low < high && lane.fill(low).end > place {
        high = low;
    }
    while low < high {
        let middle = low.midpoint(high);
        if lane.fill(middle).end <= place {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if low < front.fills {
        return Ok((low, lane.fill(low)));
    }
    if front.cleared == 0 {
        return Err(ArithmeticError::Overflow);
    }
    let fill = Fill {
        end: lane.line().tail,
        rate: settlements.rate(front.cleared),
    };
    if fill.end > place {
        Ok((low, fill))
    } else {
        Err(ArithmeticError::Overflow)
    }
}

/// Shares of all lots that entered before a place was reached, and are waiting: `tail` and `entries` say where the line ended then.
///
/// # Errors
/// None in a lane in order.
pub fn pending_before(lane: &impl Lane, tail: Shares, entries: u32) -> Checked<Shares> {
    let front = lane.front();
    let voids = voids::before(lane, front.height, first_ordinal(entries))?;
    Ok(tail.minus(voids)?.less(front.filled))
}

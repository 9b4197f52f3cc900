//! A limit order book for time: lanes, places in them, and what a place has earned (PROTOCOL 5.1).
//!
//! A lane counts shares, not requests. `tail` is how many ever entered, `head` how many of those were ever filled, both only grow, and a
//! position is the piece `[start, start + length)` of that line; so entering and filling touch one word each, however many wait.
//!
//! What filled shares earned is one function of the line: F(x) = the assets paid for the lane's first x shares. Each fill adds a
//! [`Checkpoint`] `(head, F(head))`; between two of them F is linear, rounded down. A position's earnings are the difference of F at the
//! ends of its filled piece. Pieces tile the line, so these differences telescope: they add up to exactly what was set aside, whatever
//! the order of claims, and nobody's rounding costs anybody else a unit.
//!
//! Nothing here knows which lane it is in, or how many there are.

use fixed_point::Checked;

use crate::units::{Assets, Shares};

/// Running totals over the shares of one lane. `head <= tail`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// Shares that ever entered.
    pub tail: Shares,
    /// Shares that were ever filled.
    pub head: Shares,
}

/// A lane's state just after a fill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// Shares ever filled.
    pub head: Shares,
    /// Assets ever paid for them.
    pub cumulative_assets: Assets,
}

/// The checkpoints of one lane, oldest first, heads strictly rising.
pub trait Checkpoints {
    /// How many there are.
    fn count(&self) -> usize;
    /// The one at `index < count()`.
    fn at(&self, index: usize) -> Checkpoint;

    /// The latest; zeros if there is none.
    fn last(&self) -> Checkpoint {
        match self.count().checked_sub(1) {
            Some(index) => self.at(index),
            None => Checkpoint::default(),
        }
    }
}

impl Lane {
    /// Lets `length` shares in at the end; returns their start.
    ///
    /// # Errors
    /// Overflow if the lane would count more than 128 bits.
    pub fn enter(&mut self, length: Shares) -> Checked<Shares> {
        let start = self.tail;
        self.tail = start.plus(length)?;
        Ok(start)
    }

    /// Fills the first `shares` that wait, for `assets` in all; `last` is the lane's latest checkpoint, the result its next one.
    ///
    /// # Errors
    /// Overflow if fewer shares wait, or if the lane would count more than 128 bits.
    pub fn fill(&mut self, last: Checkpoint, shares: Shares, assets: Assets) -> Checked<Checkpoint> {
        let head = self.head.plus(shares)?;
        self.tail.minus(head)?;
        let checkpoint = Checkpoint {
            head,
            cumulative_assets: last.cumulative_assets.plus(assets)?,
        };
        self.head = head;
        Ok(checkpoint)
    }
}

/// F(x): the assets paid for the lane's first `x` shares, rounded down. In O(log checkpoints).
///
/// # Errors
/// Overflow if fewer than `x` shares were filled.
pub fn assets_before(checkpoints: &impl Checkpoints, x: Shares) -> Checked<Assets> {
    if x.is_zero() {
        return Ok(Assets::ZERO);
    }
    // The first checkpoint at or beyond x: all before `low` lie below x, none from `high` on does.
    let (mut low, mut high) = (0, checkpoints.count());
    while low < high {
        let middle = low.midpoint(high);
        if checkpoints.at(middle).head < x {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if low == checkpoints.count() {
        return Err(fixed_point::ArithmeticError::Overflow);
    }
    let after = checkpoints.at(low);
    let before = match low.checked_sub(1) {
        Some(index) => checkpoints.at(index),
        None => Checkpoint::default(),
    };
    let paid = after.cumulative_assets.minus(before.cumulative_assets)?;
    let width = after.head.minus(before.head)?;
    let part = paid.scale_down(x.minus(before.head)?.to_u256(), width.to_u256())?;
    before.cumulative_assets.plus(part)
}

/// A lot of shares in one lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Shares that entered the lane before.
    pub start: Shares,
    /// Shares of the lot, whatever became of them.
    pub length: Shares,
    /// Filled shares that the controller has claimed.
    pub claimed: Shares,
    /// Assets that the controller was paid for them.
    pub paid: Assets,
}

/// Shares with the assets that belong to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// Filled shares.
    pub shares: Shares,
    /// Assets set aside for them.
    pub assets: Assets,
}

/// How a claim is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// So many shares, for the assets they are worth (ERC-7540 `redeem`).
    ByShares,
    /// So many assets, for the shares they take (ERC-7540 `withdraw`).
    ByAssets,
}

impl Position {
    /// Shares of the lot that have been filled.
    #[must_use]
    pub fn filled(&self, lane: &Lane) -> Shares {
        lane.head.less(self.start).min(self.length)
    }

    /// Shares of the lot that wait.
    #[must_use]
    pub fn pending(&self, lane: &Lane) -> Shares {
        self.length.less(self.filled(lane))
    }

    /// Shares that have to be filled before the first of this lot is.
    #[must_use]
    pub fn ahead(&self, lane: &Lane) -> Shares {
        self.start.less(lane.head)
    }

    /// Whether nothing waits and nothing is left to claim.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.claimed == self.length
    }

    /// What is filled and not yet claimed. The assets can be nothing for shares that are next to nothing.
    ///
    /// # Errors
    /// Overflow if the checkpoints are not those of the lane.
    pub fn claimable(&self, lane: &Lane, checkpoints: &impl Checkpoints) -> Checked<Claim> {
        let filled = self.filled(lane);
        let shares = filled.minus(self.claimed)?;
        if shares.is_zero() {
            return Ok(Claim::default());
        }
        let earned = assets_before(checkpoints, self.start.plus(filled)?)?.minus(assets_before(checkpoints, self.start)?)?;
        Ok(Claim {
            shares,
            assets: earned.minus(self.paid)?,
        })
    }

    /// Takes `amount`, measured as `measure` says, out of `claimable`; as much as there is, if it is less.
    ///
    /// Assets for shares are rounded down and shares for assets up, so nobody claims early what later shares earned; the last share takes
    /// what rounding left, so the lot ends with exactly what was set aside for it. For that, assets short of all leave one share behind.
    ///
    /// # Errors
    /// Overflow if `claimable` is not the position's.
    pub fn take(&mut self, claimable: Claim, measure: Measure, amount: u128) -> Checked<Claim> {
        let taken = match measure {
            Measure::ByShares if amount < claimable.shares.0 => Claim {
                shares: Shares(amount),
                assets: claimable.assets.scale_down(Shares(amount).to_u256(), claimable.shares.to_u256())?,
            },
            Measure::ByAssets if amount < claimable.assets.0 => {
                let kept = claimable.assets.minus(Assets(amount))?;
                // Shares rounded up are those that stay rounded down.
                let stay = claimable.shares.scale_down(kept.to_u256(), claimable.assets.to_u256())?;
                Claim {
                    shares: claimable.shares.minus(stay.max(Shares(1)))?,
                    assets: Assets(amount),
                }
            }
            _ => claimable,
        };
        self.claimed = self.claimed.plus(taken.shares)?;
        self.paid = self.paid.plus(taken.assets)?;
        Ok(taken)
    }
}

#[cfg(test)]
#[path = "book_tests.rs"]
mod tests;

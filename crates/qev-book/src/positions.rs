//! Positions: a lot in a lane with what was taken out of it, and what its bid has at stake.

use fixed_point::{ArithmeticError, Checked, U256};

use crate::{
    book::{self, Hint, Lane, Lot, Settlements},
    units::{Assets, Exact, Shares, Tick},
};

/// Basis points of a position's shares that answer for its bid.
const BOND_BPS: u64 = 50;

/// Shares with the assets that belong to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// Filled shares.
    pub shares: Shares,
    /// Assets set aside for them.
    pub assets: Assets,
}

impl Claim {
    /// Whether there is neither.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.shares.is_zero() && self.assets.is_zero()
    }

    /// Both together.
    ///
    /// # Errors
    /// Overflow beyond 128 bits.
    pub fn plus(self, other: Self) -> Checked<Self> {
        Ok(Self {
            shares: self.shares.plus(other.shares)?,
            assets: self.assets.plus(other.assets)?,
        })
    }

    /// Takes `amount`, measured as `measure` says, out of this; as much as there is, if it is less.
    ///
    /// Assets for shares are rounded down and shares for assets up, so nobody claims early what later shares earned; the last share takes
    /// what rounding left. For that, assets short of all leave one share behind.
    ///
    /// # Errors
    /// None.
    pub fn take(&mut self, measure: Measure, amount: u128) -> Checked<Self> {
        let taken = match measure {
            Measure::ByShares if amount < self.shares.0 => Self {
                shares: Shares(amount),
                assets: self.assets.scale_down(Shares(amount).to_u256(), self.shares.to_u256())?,
            },
            Measure::ByAssets if amount < self.assets.0 => {
                let kept = self.assets.minus(Assets(amount))?;
                // Shares rounded up are those that stay rounded down.
                let stay = self.shares.scale_down(kept.to_u256(), self.assets.to_u256())?;
                Self {
                    shares: self.shares.minus(stay.max(Shares(1)))?,
                    assets: Assets(amount),
                }
            }
            _ => *self,
        };
        self.shares = self.shares.minus(taken.shares)?;
        self.assets = self.assets.minus(taken.assets)?;
        Ok(taken)
    }
}

/// How a claim is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// So many shares, for the assets they are worth (ERC-7540 `redeem`).
    ByShares,
    /// So many assets, for the shares they take (ERC-7540 `withdraw`).
    ByAssets,
}

/// A place in the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The lane it stands in.
    pub lane: Tick,
    /// What of it stands there: waiting shares, and before them filled ones that were not yet taken out.
    pub lot: Lot,
    /// What was taken out of the lane and not yet paid.
    pub bank: Claim,
    /// The epoch in which it has committed to a bid that is not revealed, plus one; 0 is no commitment.
    pub committed: u32,
    /// The highest tick that may be revealed for it; 0 is any.
    pub max_tick: Tick,
}

/// What a broken promise costs: the last shares of the position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forfeit {
    /// Shares that waited: they are burnt.
    pub shares: Shares,
    /// What others of them had earned: it goes to the vault.
    pub earned: Exact,
}

impl Position {
    /// Whether nothing waits and nothing is left to claim.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.lot.length.is_zero() && self.bank.is_nothing()
    }

    /// Shares that answer for its bid: of what waited when it was sealed (then what was filled is harvested, and until its epoch has ended
    /// nothing is). Rounded up, so that no commitment is free.
    ///
    /// # Errors
    /// None.
    pub fn bond(&self) -> Checked<Shares> {
        let bps = U256::from_limbs([BOND_BPS, 0, 0, 0]);
        let product = fixed_point::mul_div_up(self.lot.length.to_u256(), bps, fixed_point::BPS)?;
        Shares::from_u256(product)
    }

    /// What could be claimed, with the fraction of a wei that is nobody's.
    ///
    /// # Errors
    /// None in a lane in order.
    pub fn claimable(&self, lane: &impl Lane, settlements: &impl Settlements, hint: Hint) -> Checked<(Claim, Exact)> {
        let shares = book::filled_of(lane, &self.lot);
        let (assets, fraction) = book::earned(lane, settlements, self.lot.start, shares, hint)?.split()?;
        Ok((self.bank.plus(Claim { shares, assets })?, fraction))
    }

    /// Takes what is filled out of the lane into the bank; returns the fraction of a wei that is nobody's.
    ///
    /// # Errors
    /// None in a lane in order.
    pub fn harvest(&mut self, lane: &impl Lane, settlements: &impl Settlements, hint: Hint) -> Checked<Exact> {
        let (bank, fraction) = self.claimable(lane, settlements, hint)?;
        let filled = bank.shares.minus(self.bank.shares)?;
        self.bank = bank;
        self.lot.start = self.lot.start.plus(filled)?;
        self.lot.length = self.lot.length.minus(filled)?;
        Ok(fraction)
    }

    /// Takes the bond for a bid that was not revealed. Nothing else has happened to the lot since it was committed to, but being filled.
    ///
    /// # Errors
    /// None in a lane in order.
    pub fn forfeit(&mut self, lane: &mut impl Lane, settlements: &impl Settlements) -> Checked<Forfeit> {
        let bond = self.bond()?;
        let filled = book::filled_of(lane, &self.lot);
        let kept = self.lot.length.minus(bond)?;
        // The bond is the lot's end: what the front has passed of it has been paid, the rest waits.
        let paid = filled.less(kept);
        let earned = book::earned(lane, settlements, self.lot.start.plus(kept)?, paid, Hint::NONE)?;
        let shares = bond.minus(paid)?;
        book::leave(lane, &mut self.lot, shares)?;
        self.lot.length = kept;
        self.committed = 0;
        self.max_tick = Tick::PAR;
        Ok(Forfeit { shares, earned })
    }

    /// Cuts the last `length` of the shares that wait off into a position of its own, right behind. What is filled has been harvested.
    ///
    /// # Errors
    /// Overflow if that is all or nothing, or if the place is cut as finely as can be.
    pub fn split(&mut self, length: Shares) -> Checked<Self> {
        if self.committed != 0 {
            return Err(ArithmeticError::Overflow);
        }
        Ok(Self {
            lane: self.lane,
            lot: self.lot.split(length)?,
            ..Self::default()
        })
    }
}

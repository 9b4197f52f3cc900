//! How far the vault's cash goes, and at which one premium the bids clear (PROTOCOL 5.3).
//!
//! Everything is computed in exact units ([`Exact`]), so no order of summing matters and "costs less than" means what it says.

use fixed_point::{mul_div_down, Checked, U256};

use crate::units::{Assets, Exact, Rate, Shares, Tick};

/// Part of the budget that the par lane is guaranteed: one in so many, 20 %.
const PAR_FLOOR: u64 = 5;

/// What a settlement goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Assets per share (WAD), at most 128 bits.
    pub price: U256,
    /// What there is to pay with.
    pub budget: Assets,
    /// Shares of the par lane that are in time.
    pub par: Shares,
}

/// The lanes of bids.
pub trait Demand {
    /// The highest lane below `tick`, not below the reserve, in which anybody waits. `tick` may be 256.
    fn below(&self, tick: u16) -> Option<Tick>;
    /// The shares that wait there.
    ///
    /// # Errors
    /// None in a book in order.
    fn pending(&self, tick: Tick) -> Checked<Shares>;
}

/// How far down the lanes have been walked: the shares of all that are not below `from`, which fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walk {
    /// The lowest lane that is counted; 256 before the first.
    pub from: u16,
    /// Shares in it and above.
    pub above: Shares,
}

impl Walk {
    /// Before the first lane.
    pub const START: Self = Self {
        from: 256,
        above: Shares::ZERO,
    };
}

/// Who is filled, and at which premium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clearing {
    /// What every bid that is filled pays.
    pub premium: Tick,
    /// All lanes not below this tick are filled wholly; 256 is none.
    pub whole_from: u16,
    /// Their shares.
    pub whole: Shares,
    /// Shares of the lane `premium` that are filled besides, if that lane is below.
    pub part: Shares,
    /// Shares of the par lane that are filled, at no premium.
    pub par: Shares,
    /// What all of them are paid, rounded down.
    pub assets: Assets,
    /// What rounding took off that.
    pub fraction: Exact,
    /// What the premium leaves in the vault: the value of all shares filled, rounded down, less `assets`.
    pub kept: Assets,
}

impl Clearing {
    /// Nobody is filled.
    pub const NOBODY: Self = Self {
        premium: Tick::PAR,
        whole_from: 256,
        whole: Shares::ZERO,
        part: Shares::ZERO,
        par: Shares::ZERO,
        assets: Assets::ZERO,
        fraction: Exact::ZERO,
        kept: Assets::ZERO,
    };

    /// All shares that are filled.
    ///
    /// # Errors
    /// Overflow beyond 128 bits.
    pub fn shares(&self) -> Checked<Shares> {
        self.whole.plus(self.part)?.plus(self.par)
    }
}

/// Where a walk ended: at the result, or where its steps did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The premium is found.
    Cleared(Clearing),
    /// It is further down.
    Unfinished(Walk),
}

impl Terms {
    /// What `shares` cost at a premium of `tick`.
    fn cost(&self, shares: Shares, tick: u16) -> Exact {
        // A tick below 256, or nothing to pay for.
        Rate(self.price.wrapping_mul(U256::from_limbs([u64::from(Tick::WHOLE - tick), 0, 0, 0]))).times(shares)
    }

    /// What is left for the bids when the par lane's floor is set aside, as far as it has demand.
    fn rest(&self) -> Checked<Exact> {
        let budget = Exact::of(self.budget);
        let one = U256::from_limbs([1, 0, 0, 0]);
        let floor = Exact(mul_div_down(budget.0, one, U256::from_limbs([PAR_FLOOR, 0, 0, 0]))?).min(self.cost(self.par, 0));
        Ok(budget.wrapping_minus(floor))
    }

    /// The lowest tick at which `shares` cost no more than `rest`, not below `lowest`: by division.
    fn lowest_fitting(&self, shares: Shares, rest: Exact, lowest: u16) -> Checked<u16> {
        let tick = Rate(self.price).times(shares);
        let ticks_paid = rest.shares_at(Rate(tick.0))?;
        let paid = u16::try_from(ticks_paid).unwrap_or(Tick::WHOLE).min(Tick::WHOLE);
        Ok((Tick::WHOLE - paid).max(lowest))
    }

    /// Walks down the lanes from where `walk` is, at most `steps` of them, to the premium at which they clear.
    ///
    /// A walk may have been begun at another price and budget: what is counted is taken over if it still fits, else it begins again.
    ///
    /// At a price of nothing, or so near it that all that could be filled is worth less than a wei, nobody is filled: burning shares for
    /// nothing would take from those who wait what the vault may still recover, and refusing would let a total loss stop the clock. At a
    /// price beyond 128 bits a wei of a share is worth more than 10^20 wei: nobody is filled either.
    ///
    /// # Errors
    /// None that a book in order has.
    pub fn clear(&self, demand: &impl Demand, mut walk: Walk, mut steps: u64) -> Checked<Progress> {
        if self.price.is_zero() || !Rate::is_price(self.price) {
            return Ok(Progress::Cleared(Clearing::NOBODY));
        }
        let rest = self.rest()?;
        if walk.from < 256 && self.cost(walk.above, walk.from) > rest {
            walk = Walk::START;
        }
        let (premium, part) = loop {
            let next = demand.below(walk.from);
            let lowest = next.map_or(u16::from(Tick::RESERVE.0), |lane| u16::from(lane.0) + 1);
            // Down to `lowest` the same lanes win; only what each of them is paid grows.
            if self.cost(walk.above, lowest) > rest {
                break (self.lowest_fitting(walk.above, rest, lowest)?, Shares::ZERO);
            }
            let Some(lane) = next else {
                break (lowest, Shares::ZERO);
            };
            let Some(left) = steps.checked_sub(1) else {
                return Ok(Progress::Unfinished(walk));
            };
            steps = left;
            let tick = u16::from(lane.0);
            let above = walk.above.plus(demand.pending(lane)?)?;
            if self.cost(above, tick) <= rest {
                walk = Walk { from: tick, above };
                continue;
            }
            let spent = self.cost(walk.above, tick);
            // At equality nothing is left for the lane, and the bids above clear at its tick, as they would without it.
            if spent > rest {
                break (tick + 1, Shares::ZERO);
            }
            // The lane does not fit wholly, so the shares that fit are fewer than it has.
            let part = rest.wrapping_minus(spent).shares_at(Rate::at(self.price, lane))?;
            break (tick, Shares::from_u256(part)?);
        };
        self.result(walk, premium, part).map(Progress::Cleared)
    }

    fn result(&self, walk: Walk, premium: u16, part: Shares) -> Checked<Clearing> {
        let budget = Exact::of(self.budget);
        let value = self.cost(walk.above.plus(self.par)?, 0);
        let covers_all = part.is_zero() && premium == u16::from(Tick::RESERVE.0) && value <= budget;
        let (premium, par, paid) = if covers_all {
            (Tick::PAR, self.par, value)
        } else {
            let bids = self.cost(walk.above.plus(part)?, premium);
            let affordable = budget.wrapping_minus(bids).shares_at(Rate::at(self.price, Tick::PAR))?;
            let par = Shares::from_u256(affordable.min(self.par.to_u256()))?;
            // Beyond the top no bid is filled, and then there is no premium.
            let nobody = walk.above.is_zero() && part.is_zero();
            let premium = u8::try_from(premium).ok().filter(|_| !nobody).map_or(Tick::PAR, Tick);
            (premium, par, bids.wrapping_plus(self.cost(par, 0)))
        };
        let (assets, fraction) = paid.split()?;
        if assets.is_zero() {
            return Ok(Clearing::NOBODY);
        }
        let mut clearing = Clearing {
            premium,
            whole_from: walk.from,
            whole: walk.above,
            part,
            par,
            assets,
            fraction,
            kept: Assets::ZERO,
        };
        let (value, _) = self.cost(clearing.shares()?, 0).split()?;
        clearing.kept = value.minus(assets)?;
        Ok(clearing)
    }
}

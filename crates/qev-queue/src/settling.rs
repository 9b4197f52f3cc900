//! Settling an epoch: what the vault has, how far it goes, who gets it (PROTOCOL 5.3).

use alloy_primitives::U256;
use interfaces::{
    calls::{IFiloDues, IRouter, IVaultRedemptions},
    ids::address,
};
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    book,
    clearing::{Clearing, Progress, Terms, Walk},
    queue::Queue,
    store::Clock,
    units::{Assets, EpochId, Rate, Shares, Tick},
    EpochNotEnded, EpochSettled, LanesFilled, LoanOverdue, QueueError, SettlementAdvanced, Wired, ZeroSteps,
};

impl Queue {
    /// See [`Queue::settle`].
    pub(crate) fn run_settle(&mut self, max_steps: U256) -> Result<(), QueueError> {
        if max_steps.is_zero() {
            return Err(ZeroSteps {}.into());
        }
        let mut clock = self.clock.read();
        let ended = self.epoch_of(&clock)?;
        let first = clock.first_unsettled;
        if ended <= first {
            return Err(EpochNotEnded {
                epoch: U256::from(first),
                endsAt: U256::from(clock.schedule.end(EpochId(first))?),
                timestamp: U256::from(self.vm().block_timestamp()),
            }
            .into());
        }
        // More epochs have ended than were settled, so at least one has.
        let epoch = U256::from(ended.saturating_sub(1));
        self.require_marked()?;
        let terms = self.terms(&clock, ended)?;
        let mut desk = self.book.desk();
        let steps = u64::try_from(max_steps).unwrap_or(u64::MAX);
        let clearing = match terms.clear(&self.book, desk.walk, steps)? {
            Progress::Cleared(clearing) => clearing,
            Progress::Unfinished(walk) => {
                desk.walk = walk;
                self.book.set_desk(&desk)?;
                SettlementAdvanced {
                    epoch,
                    tick: U256::from(walk.from),
                    shares: walk.above.to_u256(),
                }
                .emit(self.vm());
                return Ok(());
            }
        };
        desk.walk = Walk::START;
        desk.settlements = desk.settlements.checked_add(1).ok_or(fixed_point::ArithmeticError::Overflow)?;
        clock.first_unsettled = ended;
        self.clock.write(&clock);
        self.fill(&terms, &clearing, desk.settlements)?;

        // What is owed to nobody any more stays in the vault: it pays so much less, and that vests like a premium. A wei that the fractions
        // of settlements before have come to is paid now. Then this one has a fraction too, so the cash has room for it.
        let mut dust = self.book.dust().wrapping_minus(clearing.fraction);
        let (swept, lacking) = dust.level(clearing.assets)?;
        self.book.set_dust(dust);
        let shares = clearing.shares()?;
        let burnt = core::mem::take(&mut desk.forfeited);
        self.book.set_desk(&desk)?;
        let paid = clearing.assets.minus(swept)?.plus(lacking)?.to_u256();
        let kept = clearing.kept.plus(swept)?.less(lacking).to_u256();
        EpochSettled {
            epoch,
            shares: shares.to_u256(),
            assets: clearing.assets.to_u256(),
            price: terms.price,
            premium: U256::from(clearing.premium.bps()),
        }
        .emit(self.vm());
        LanesFilled {
            settlement: U256::from(desk.settlements),
            wholeFrom: U256::from(clearing.whole_from),
            wholeShares: clearing.whole.to_u256(),
            partShares: clearing.part.to_u256(),
            parShares: clearing.par.to_u256(),
            kept,
            burnt: burnt.to_u256(),
        }
        .emit(self.vm());
        let vault = IVaultRedemptions::new(self.vault.get());
        vault.fill_redemptions(self, shares.to_u256(), paid, kept)?;
        if !burnt.is_zero() {
            vault.burn_forfeited(self, burnt.to_u256())?;
        }
        Ok(())
    }

    /// Nobody leaves at a price that does not know of a payment that was missed.
    fn require_marked(&self) -> Result<(), QueueError> {
        let due_days = self.due_days.get();
        if due_days.is_zero() {
            return Ok(());
        }
        let (due, loan) = IFiloDues::new(due_days).earliest_due(self)?;
        if !due.is_zero() && due < U256::from(self.vm().block_timestamp()) {
            return Err(LoanOverdue { loan, due }.into());
        }
        Ok(())
    }

    /// What a settlement of the epochs before `ended` goes by, now.
    pub(crate) fn terms(&self, clock: &Clock, ended: u64) -> Result<Terms, QueueError> {
        let (price, cash) = IVaultRedemptions::new(self.vault.get()).settlement_terms(self)?;
        let lane = self.book.lane(Tick::PAR);
        let par = match self.clock.cut(clock).at(ended) {
            Some(mark) => book::pending_before(&*lane, mark.tail, mark.entries)?,
            None => book::pending(&*lane)?,
        };
        Ok(Terms {
            price,
            // More than 128 bits of cash are more than can be paid out for 112 bits of shares.
            budget: Assets::from_u256(cash).unwrap_or(Assets(u128::MAX)),
            par,
        })
    }

    /// See [`crate::Settlement::wire`].
    pub(crate) fn run_wire(&mut self) -> Result<(), QueueError> {
        let due_days = IRouter::new(self.router.get()).address_of(self, address::DUE_DAYS.word())?;
        self.due_days.set(due_days);
        Wired { dueDays: due_days }.emit(self.vm());
        Ok(())
    }

    /// Fills the lanes.
    fn fill(&mut self, terms: &Terms, clearing: &Clearing, settlement: u32) -> Result<(), QueueError> {
        let rate = Rate::at(terms.price, clearing.premium);
        if !clearing.whole.is_zero() {
            self.book.record(settlement, rate, clearing.premium);
            self.book.fill_from(clearing.whole_from, settlement);
        }
        for (tick, shares, rate) in [
            (clearing.premium, clearing.part, rate),
            (Tick::PAR, clearing.par, Rate::at(terms.price, Tick::PAR)),
        ] {
            if shares != Shares::ZERO {
                let (mut lane, _) = self.book.parts(tick);
                book::fill_part(&mut *lane, shares, rate)?;
            }
        }
        Ok(())
    }
}

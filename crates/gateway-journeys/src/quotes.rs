//! What a dashboard shows, each in one call and of one moment.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use fixed_point::{mul_div_down, BPS, WAD};
use interfaces::{
    calls::IFiloOrigination,
    views::{IFiloViews, IQueueViews, IUsdaiViews, IVaultViews},
};
use lean_abi::AbiType;
use stylus_sdk::prelude::*;

use crate::{gateway::Gateway, ArithmeticOverflow, GatewayError, NotWired};

/// The system at one moment.
#[derive(AbiType, Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Of this moment (seconds).
    pub timestamp: U256,
    /// USDai.
    pub usdai: UsdaiState,
    /// The vault.
    pub vault: VaultState,
    /// The queue.
    pub queue: QueueState,
}

/// USDai at one moment, in wei.
#[derive(AbiType, Clone, Debug, PartialEq, Eq)]
pub struct UsdaiState {
    /// What exists here.
    pub supply: U256,
    /// What exists elsewhere.
    pub bridged: U256,
    /// The most of both.
    pub cap: U256,
}

/// The vault at one moment. Amounts in wei, prices WAD.
#[derive(AbiType, Clone, Debug, PartialEq, Eq)]
pub struct VaultState {
    /// sUSDai, those in the queue and elsewhere included.
    pub total_shares: U256,
    /// What the vault is worth, accrued interest included.
    pub total_assets: U256,
    /// What a share costs.
    pub deposit_share_price: U256,
    /// What a share brings.
    pub redemption_share_price: U256,
    /// Its cash.
    pub cash: U256,
    /// What of it can be lent.
    pub lendable: U256,
    /// Senior principal outstanding.
    pub principal: U256,
    /// What of it is not expected back.
    pub impairment: U256,
    /// Income that has not vested yet.
    pub unvested: U256,
}

/// The queue at one moment. Times in seconds, shares in wei.
#[derive(AbiType, Clone, Debug, PartialEq, Eq)]
pub struct QueueState {
    /// The current epoch.
    pub epoch: U256,
    /// From when on its bids are opened.
    pub reveal_from: U256,
    /// From when on it can be settled.
    pub epoch_end: U256,
    /// The first epoch that is not settled.
    pub first_unsettled: U256,
    /// The number that the next position gets.
    pub next_position: U256,
    /// Lanes in which anybody waits, highest first: steps of 5 basis points, 0 the par lane.
    pub lanes: Vec<U256>,
    /// Shares that wait in each.
    pub lane_shares: Vec<U256>,
}

/// One payment of a loan's plan, as agreed.
#[derive(AbiType, Clone, Debug, PartialEq, Eq)]
pub struct Instalment {
    /// When it is due.
    pub due: U256,
    /// Its interest.
    pub interest: U256,
    /// Its principal.
    pub principal: U256,
    /// What it leaves outstanding.
    pub outstanding: U256,
}

/// A loan. Amounts in wei of USDai, rates WAD a year, times in seconds.
#[derive(AbiType, Clone, Debug, PartialEq, Eq)]
pub struct LoanQuote {
    /// FiLo's number of its status.
    pub status: U256,
    /// Who owes it.
    pub borrower: Address,
    /// The stack it is of.
    pub stack: U256,
    /// What was lent.
    pub principal: U256,
    /// What of it is outstanding.
    pub outstanding: U256,
    /// Interest a year.
    pub rate: U256,
    /// How many instalments it has.
    pub periods: U256,
    /// How many of them are paid.
    pub periods_paid: U256,
    /// When the next one is due.
    pub next_due: U256,
    /// Its interest.
    pub due_interest: U256,
    /// Its principal.
    pub due_principal: U256,
    /// Late fee so far.
    pub late_fee: U256,
    /// What pays everything off at the time that was asked for.
    pub payoff: U256,
    /// All instalments as agreed.
    pub plan: Vec<Instalment>,
}

/// A position in the queue. Shares and assets in wei.
#[derive(AbiType, Clone, Debug, PartialEq, Eq)]
pub struct PositionQuote {
    /// Whose it is.
    pub controller: Address,
    /// Its lane: steps of 5 basis points, 0 the par lane.
    pub lane: U256,
    /// Shares that wait.
    pub pending: U256,
    /// Shares that are settled and not claimed.
    pub claimable_shares: U256,
    /// What they are worth.
    pub claimable_assets: U256,
    /// Shares ahead of it in its lane.
    pub ahead_in_lane: U256,
    /// Shares in the lanes above.
    pub ahead_above: U256,
    /// Shares of it that a settlement of this moment would fill.
    pub filled_now: U256,
    /// What it would be paid for them, rounded down.
    pub payout_now: U256,
    /// At this premium (basis points), which the par lane does not pay.
    pub premium_now: U256,
}

impl Gateway {
    /// See [`Gateway::snapshot`].
    pub(crate) fn read_snapshot(&self) -> Result<Snapshot, GatewayError> {
        let (usdai, vault, queue) = (
            IUsdaiViews::new(wired(self.usdai.get())?),
            IVaultViews::new(self.vault.get()),
            IQueueViews::new(self.queue.get()),
        );
        let (principal, _, _, _) = vault.loan_book(self)?;
        let (genesis, length, reveal, first_unsettled) = queue.schedule(self)?;
        let epoch = queue.epoch(self)?;
        let epoch_end = epoch
            .checked_add(U256::ONE)
            .and_then(|epochs| epochs.checked_mul(length))
            .and_then(|passed| passed.checked_add(genesis))
            .ok_or(ArithmeticOverflow {})?;
        let (lanes, lane_shares) = queue.depth(self)?;
        Ok(Snapshot {
            timestamp: U256::from(self.vm().block_timestamp()),
            usdai: UsdaiState {
                supply: usdai.total_supply(self)?,
                bridged: usdai.bridged_supply(self)?,
                cap: usdai.supply_cap(self)?,
            },
            vault: VaultState {
                total_shares: vault.total_shares(self)?,
                total_assets: vault.total_assets(self)?,
                deposit_share_price: vault.deposit_share_price(self)?,
                redemption_share_price: vault.redemption_share_price(self)?,
                cash: vault.cash(self)?,
                lendable: vault.lendable(self)?,
                principal,
                impairment: vault.impairment(self)?,
                unvested: vault.unvested(self)?,
            },
            queue: QueueState {
                epoch,
                reveal_from: epoch_end.checked_sub(reveal).ok_or(ArithmeticOverflow {})?,
                epoch_end,
                first_unsettled,
                next_position: queue.next_position(self)?,
                lanes,
                lane_shares,
            },
        })
    }

    /// See [`Gateway::loan_quote`].
    pub(crate) fn read_loan(&self, loan: U256, time: U256) -> Result<LoanQuote, GatewayError> {
        let filo = IFiloViews::new(wired(self.filo.get())?);
        let terms = IFiloOrigination::new(self.filo.get()).loan(self, loan)?;
        let (status, borrower, stack, principal, outstanding, _, rate, periods, periods_paid, next_due, _, _, _) = terms;
        let (_, due_interest, due_principal, late_fee) = filo.instalment(self, loan)?;
        let payoff = filo.payoff(self, loan, time)?;
        let mut plan = Vec::new();
        // At most 120 of them.
        for number in 1..=periods.saturating_to::<u64>() {
            let (due, interest, principal, outstanding) = filo.schedule(self, loan, U256::from(number))?;
            plan.push(Instalment {
                due,
                interest,
                principal,
                outstanding,
            });
        }
        Ok(LoanQuote {
            status,
            borrower,
            stack,
            principal,
            outstanding,
            rate,
            periods,
            periods_paid,
            next_due,
            due_interest,
            due_principal,
            late_fee,
            payoff,
            plan,
        })
    }

    /// See [`Gateway::position_quote`].
    pub(crate) fn read_position(&self, position: U256) -> Result<PositionQuote, GatewayError> {
        let queue = IQueueViews::new(wired(self.queue.get())?);
        let (controller, lane, pending, claimable_shares, claimable_assets) = queue.position(self, position)?;
        let (ahead_in_lane, ahead_above) = queue.shares_ahead(self, position)?;
        let (premium, _, bids, par, _) = queue.clearing_estimate(self)?;
        let price = IVaultViews::new(self.vault.get()).redemption_share_price(self)?;
        // Bids are filled from the highest lane down and the par lane by itself, each first come, first served.
        let (reach, paid_for) = if lane == 0 {
            (par, BPS)
        } else {
            (bids.saturating_sub(ahead_above), BPS.saturating_sub(premium))
        };
        let filled_now = pending.min(reach.saturating_sub(ahead_in_lane));
        let gross = mul_div_down(filled_now, price, WAD).map_err(|_| ArithmeticOverflow {})?;
        let payout_now = mul_div_down(gross, paid_for, BPS).map_err(|_| ArithmeticOverflow {})?;
        Ok(PositionQuote {
            controller,
            lane: U256::from(lane),
            pending,
            claimable_shares,
            claimable_assets,
            ahead_in_lane,
            ahead_above,
            filled_now,
            payout_now,
            premium_now: premium,
        })
    }
}

/// `contract`, if `wire()` was called.
pub(crate) fn wired(contract: Address) -> Result<Address, GatewayError> {
    if contract.is_zero() {
        return Err(NotWired {}.into());
    }
    Ok(contract)
}

//! sUSDai: shares, books, who may what.

use std::collections::BTreeSet;

use alloy_primitives::{Address, B256, U256};

use super::{account, erc20::Ledger, mul_div, mul_div_up, Deployed, Image};
use crate::abi::Vault::SusdaiEvents as Event;

const WAD: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);
/// Added to assets and to shares in every conversion.
const VIRTUAL: U256 = U256::from_limbs([1_000_000, 0, 0, 0]);
/// Interest above what its accrual comes to is a gain from so much on.
const ROUNDING: U256 = VIRTUAL;
/// Seconds in which income vests.
const VESTING_PERIOD: u64 = 7 * 86_400;
const MAX_BOOK: U256 = U256::from_limbs([u64::MAX, u64::MAX, 0, 0]);

/// Income that vests in a straight line.
#[derive(Debug, Default)]
struct Vesting {
    amount: U256,
    start: u64,
    end: u64,
}

/// The vault, as its logs have it. Amounts in wei; rates in wei × 10^18 a second, accruals in wei × 10^18.
#[derive(Debug, Default)]
pub(super) struct Susdai {
    shares: Ledger,
    cash: U256,
    /// Paid back by borrowers since the last settlement.
    repaid: U256,
    principal: U256,
    rate: U256,
    accrued: U256,
    updated_at: u64,
    impairment: U256,
    vesting: Vesting,
    bridged: U256,
    cap: U256,
    paused: bool,
    queue: Address,
    filo: Address,
    operators: BTreeSet<(Address, Address)>,
    spent: BTreeSet<(Address, B256)>,
    blacklist: BTreeSet<Address>,
}

impl Susdai {
    pub(super) fn apply(&mut self, event: Event, at: u64) {
        match event {
            Event::Transfer(event) => self.shares.transfer(event.from, event.to, event.value),
            Event::Approval(event) => self.shares.approval(event.owner, event.spender, event.value),
            Event::Deposit(event) => self.cash += event.assets,
            Event::YieldReceived(event) => {
                self.cash += event.assets;
                self.vest(event.assets, at);
            }
            Event::LoanDrawn(event) => {
                self.cash -= event.principal;
                self.accrue(at);
                self.principal += event.principal;
                self.rate += event.rate;
            }
            Event::LoanRepaid(event) => {
                let paid = event.principal + event.interest;
                self.cash += paid;
                self.repaid = (self.repaid + paid).min(MAX_BOOK);
                self.accrue(at);
                self.principal -= event.principal;
                self.accrued -= event.accrual;
                self.rate = self.rate - event.oldRate + event.newRate;
                let surplus = event.interest.saturating_sub(mul_div_up(event.accrual, U256::ONE, WAD));
                if surplus > ROUNDING {
                    self.vest(surplus, at);
                }
            }
            Event::LoanMarked(event) => {
                self.accrue(at);
                self.accrued -= event.accrual;
                self.rate = self.rate - event.oldRate + event.newRate;
                self.impairment = self.impairment - event.oldImpairment + event.newImpairment;
            }
            Event::LoanWrittenOff(event) => {
                self.principal -= event.principal;
                self.impairment -= event.impairment;
            }
            Event::RedemptionsFilled(event) => {
                self.cash -= event.assets;
                self.repaid = U256::ZERO;
                self.vest(event.premium, at);
            }
            Event::SharesForfeited(event) => {
                // The transfer that burnt them came before: their price is that of the moment before.
                let worth = mul_div(event.shares, self.exit_price(event.shares, at), WAD);
                self.vest(worth, at);
            }
            Event::BridgedSupplySet(event) => self.bridged = event.bridgedSupply,
            Event::DepositCapSet(event) => self.cap = event.depositCap,
            Event::Paused(_) => self.paused = true,
            Event::Unpaused(_) => self.paused = false,
            Event::Wired(event) => (self.queue, self.filo) = (event.queue, event.filo),
            Event::OperatorSet(event) if event.approved => drop(self.operators.insert((event.controller, event.operator))),
            Event::OperatorSet(event) => drop(self.operators.remove(&(event.controller, event.operator))),
            Event::AuthorizationNonceSpent(event) => assert!(self.spent.insert((event.controller, event.nonce))),
            Event::Blacklisted(event) if event.isBlacklisted => drop(self.blacklist.insert(event.account)),
            Event::Blacklisted(event) => drop(self.blacklist.remove(&event.account)),
            // The queue's, which says it too.
            Event::RedeemRequest(_) | Event::Withdraw(_) => {}
        }
    }

    /// Counts what loans have earned to `at`.
    fn accrue(&mut self, at: u64) {
        self.accrued += self.rate * U256::from(at - self.updated_at);
        self.updated_at = at;
    }

    fn unvested(&self, at: u64) -> U256 {
        let Vesting { amount, start, end } = self.vesting;
        if at >= end {
            return U256::ZERO;
        }
        mul_div_up(amount, U256::from(end - at), U256::from(end - start))
    }

    /// Adds income to what vests, over the mean of what is left and seven days, by their amounts.
    fn vest(&mut self, income: U256, at: u64) {
        if income.is_zero() {
            return;
        }
        let unvested = self.unvested(at);
        let amount = unvested + income;
        let left = if unvested.is_zero() { 0 } else { self.vesting.end - at };
        let longer = mul_div(income, U256::from(VESTING_PERIOD.saturating_sub(left)), amount);
        let seconds = left + longer.to::<u64>();
        self.vesting = Vesting {
            amount,
            start: at,
            end: at + seconds.max(1),
        };
    }

    /// What a share paid who left when there were `more` of them.
    fn exit_price(&self, more: U256, at: u64) -> U256 {
        let assets = (self.cash + self.principal).saturating_sub(self.impairment + self.unvested(at));
        let shares = self.shares.supply() + self.bridged + more;
        if assets < shares {
            mul_div(WAD, assets, shares)
        } else {
            mul_div(WAD, assets + VIRTUAL, shares + VIRTUAL)
        }
    }

    pub(super) fn image(&self, deployed: &Deployed) -> Image {
        let mut image = Image::of("Susdai");
        self.shares.image(&mut image, "shares");
        let pair = |low: U256, high: U256| low | high << 128;
        image.field("till", pair(self.cash, self.repaid));
        image.field("loans", pair(self.principal, self.rate));
        let impaired = U256::from(!self.impairment.is_zero());
        image.field("accrual", self.accrued | U256::from(self.updated_at) << 192 | impaired << 255);
        image.field("impairment", self.impairment);
        let Vesting { amount, start, end } = self.vesting;
        image.field("vesting", amount | U256::from(start) << 128 | U256::from(end) << 192);
        image.field("limits", pair(self.bridged, self.cap));
        for (field, address) in [
            ("usdai", deployed.suite.usdai),
            ("queue", self.queue),
            ("filo", self.filo),
            ("router", deployed.suite.router),
        ] {
            image.field(field, account(address));
        }
        image.field("paused", U256::from(self.paused));
        let approved = image.map("operators.approved");
        for (controller, operator) in &self.operators {
            image.set(&approved.at(controller.into_word()).at(operator.into_word()), U256::ONE);
        }
        let spent = image.map("operators.spent");
        for (controller, nonce) in &self.spent {
            image.set(&spent.at(controller.into_word()).at(*nonce), U256::ONE);
        }
        let blacklist = image.map("blacklist");
        for barred in &self.blacklist {
            image.set(&blacklist.at(barred.into_word()), U256::ONE);
        }
        assert!(self.shares.balance(Address::ZERO).is_zero());
        image
    }
}

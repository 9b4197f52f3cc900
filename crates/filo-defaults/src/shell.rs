//! Storage and external functions: find what is the case, then have FiLo do it.

#![allow(
    clippy::must_use_candidate,
    reason = "external functions are called through the ABI, where nothing is dropped by mistake"
)]

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256, U64};
use filo_stacks::{
    amount::{word, Amount, Small},
    loan::{day, Status},
};
use fixed_point::{Bps, Rounding};
use interfaces::{
    authority,
    calls::{ICaliber, IFiloLoans},
    ids::{address, role},
};
use lean_abi::SolidityEvent;
use stylus_sdk::{
    prelude::*,
    storage::{StorageAddress, StorageB256, StorageMap, StorageU64},
};

use crate::{
    auction::{share, Auction, DAYS},
    errors::{
        in_range, non_zero, AuctionOpen, CallLapsed, CallOpen, CollateralInsufficient, CollateralSuffices, NoAuction, NoCall, NotInDefault,
        NotOverdue, NotWired, PriceAboveMaximum, RedemptionOpen, UnknownReceipt, WrongStatus,
    },
    events::{AuctionStarted, DefaultDeclared, ParametersSet, Wired},
    DefaultsError,
};

/// What a sale is expected to cost, of the value: 30 % (S002).
const LIQUIDATION_COST_BPS: u64 = 3_000;
/// What enforcement costs, of the price.
const ENFORCEMENT_BPS: u64 = 200;
/// Bounds of the two.
const MAX_LIQUIDATION_COST_BPS: u128 = 9_000;
const MAX_ENFORCEMENT_BPS: u128 = 1_000;
/// Longest period: 366 days, as in FiLo.
const MAX_PERIOD_SECONDS: u128 = 366 * 86_400;

/// The deployed contract.
#[storage]
pub struct FiloDefaults {
    // An address and a number share a slot.
    router: StorageAddress,
    day: StorageU64,
    filo: StorageAddress,
    liquidation_cost_bps: StorageU64,
    caliber: StorageAddress,
    enforcement_bps: StorageU64,
    /// Declared at 6, started at 6, round 1, start 16 bytes, by loan.
    auctions: StorageMap<U256, StorageB256>,
}

// SAFETY: it is the storage of the deployed contract, always at slot zero.
unsafe impl TopLevelStorage for FiloDefaults {}

/// What FiLo says of a loan.
struct Standing {
    outstanding: Amount,
    trigger: U256,
    late_after: U256,
    grace_until: U256,
    call_deadline: U256,
}

/// What CALIBER says of its receipts.
struct Collateral {
    /// What they are worth together.
    value: Amount,
    /// What may be outstanding on them.
    limit: Amount,
    covered_until: U256,
}

impl Collateral {
    fn suffices(&self, outstanding: Amount, now: U256) -> bool {
        outstanding <= self.limit && self.covered_until >= now
    }
}

/// Late loans, margin calls, defaults and auctions. Amounts in USDai, ratios in basis points, times in Unix seconds.
#[lean_abi::contract(errors(DefaultsError), events(DefaultDeclared, AuctionStarted, ParametersSet, Wired))]
impl FiloDefaults {
    /// Sets the authority and FiLo's length of a period, of which a day is a thirtieth.
    ///
    /// # Errors
    /// `ZeroValue` for a zero router; `OutOfRange` for a period of nothing or more than 366 days.
    #[constructor]
    pub fn constructor(&mut self, router: Address, period_seconds: U256) -> Result<(), DefaultsError> {
        non_zero("router", router.as_slice())?;
        in_range("periodSeconds", &period_seconds, 1, MAX_PERIOD_SECONDS)?;
        self.router.set(router);
        self.day.set(number(day(low(&period_seconds))));
        self.liquidation_cost_bps.set(number(LIQUIDATION_COST_BPS));
        self.enforcement_bps.set(number(ENFORCEMENT_BPS));
        Ok(())
    }

    /// Copies FiLo and CALIBER from the router's address book; anybody may, the router is the authority.
    ///
    /// # Errors
    /// `AddressNotSet` from the router's books.
    pub fn wire(&mut self) -> Result<(), DefaultsError> {
        let router = self.router.get();
        let filo = authority::address_of(self, router, address::FILO)?;
        let caliber = authority::address_of(self, router, address::CALIBER)?;
        self.filo.set(filo);
        self.caliber.set(caliber);
        Wired { filo, caliber }.emit(self.vm());
        Ok(())
    }

    /// Sets the part of the receipts' value that a sale is expected to cost (at most 90 %), and the part of a price that goes to the
    /// treasury for enforcement (at most 10 %).
    ///
    /// # Errors
    /// `Unauthorized` without the role ADMIN; `OutOfRange`.
    pub fn set_parameters(&mut self, liquidation_cost_bps: U256, enforcement_bps: U256) -> Result<(), DefaultsError> {
        let caller = self.vm().msg_sender();
        authority::require_role(self, self.router.get(), role::ADMIN, caller)?;
        in_range("liquidationCostBps", &liquidation_cost_bps, 0, MAX_LIQUIDATION_COST_BPS)?;
        in_range("enforcementBps", &enforcement_bps, 0, MAX_ENFORCEMENT_BPS)?;
        self.liquidation_cost_bps.set(number(low(&liquidation_cost_bps)));
        self.enforcement_bps.set(number(low(&enforcement_bps)));
        ParametersSet {
            liquidationCostBps: liquidation_cost_bps,
            enforcementBps: enforcement_bps,
        }
        .emit(self.vm());
        Ok(())
    }

    /// Marks a performing loan whose payment is overdue: the vault stops accruing it and holds the expected senior loss against it.
    ///
    /// # Errors
    /// `WrongStatus` unless it performs; `NotOverdue`; FiLo's `UnknownLoan`; `NotWired`.
    pub fn mark_late(&mut self, loan: U256) -> Result<(), DefaultsError> {
        let standing = self.standing(loan, &[Status::Live])?;
        if self.now() <= standing.late_after {
            return Err(NotOverdue {
                loan,
                lateAfter: standing.late_after,
            }
            .into());
        }
        self.remark(loan, false)
    }

    /// Marks a loan that is late or in default again, by what its receipts are worth and what covers it now.
    ///
    /// # Errors
    /// `WrongStatus` unless it is late or in default; FiLo's `UnknownLoan`; `NotWired`.
    pub fn mark(&mut self, loan: U256) -> Result<(), DefaultsError> {
        self.standing(loan, &[Status::Late, Status::Defaulted])?;
        self.remark(loan, false)
    }

    /// Gives the borrower 14 days to add receipts or to pay down, because more is outstanding than the stack's trigger allows for what the
    /// receipts are worth, or because one of them is not insured. A call that was not met counts for 14 days more; then it has lapsed, and can
    /// be made again.
    ///
    /// # Errors
    /// `WrongStatus` unless it performs or is late; `CallOpen` until it has lapsed; `CollateralSuffices`; FiLo's `UnknownLoan`; `NotWired`.
    pub fn call_margin(&mut self, loan: U256) -> Result<(), DefaultsError> {
        let standing = self.standing(loan, &[Status::Live, Status::Late])?;
        let deadline = standing.call_deadline;
        if !deadline.is_zero() && self.now() <= self.days_after(deadline)? {
            return Err(CallOpen { loan, deadline }.into());
        }
        let (collateral, now) = (self.collateral(loan, standing.trigger)?, self.now());
        if collateral.suffices(standing.outstanding, now) {
            return Err(suffices(loan, &collateral));
        }
        let cure_below = if collateral.covered_until < now {
            U256::ZERO
        } else {
            collateral.limit.word()
        };
        let deadline = self.days_after(now)?;
        Ok(self.filo().set_call(self, loan, deadline, cure_below)?)
    }

    /// Ends a margin call, because the receipts suffice and are insured again. Paying down ends it without this.
    ///
    /// # Errors
    /// `WrongStatus` unless it performs or is late; `NoCall`; `CollateralInsufficient`; FiLo's `UnknownLoan`; `NotWired`.
    pub fn release_call(&mut self, loan: U256) -> Result<(), DefaultsError> {
        let standing = self.standing(loan, &[Status::Live, Status::Late])?;
        if standing.call_deadline.is_zero() {
            return Err(NoCall { loan }.into());
        }
        let collateral = self.collateral(loan, standing.trigger)?;
        if !collateral.suffices(standing.outstanding, self.now()) {
            return Err(CollateralInsufficient {
                loan,
                limit: collateral.limit.word(),
                coveredUntil: collateral.covered_until,
            }
            .into());
        }
        Ok(self.filo().set_call(self, loan, U256::ZERO, U256::ZERO)?)
    }

    /// Declares a loan in default: its payment is past grace, or a margin call was not met in time and still is not, which has to be said
    /// within 14 days: nobody tells a call that was met and never released from one that was not. From now on what comes in goes to the
    /// senior side first, and the borrower has 14 days to pay all.
    ///
    /// # Errors
    /// `WrongStatus` unless it performs or is late; `NotInDefault`; `CallLapsed`; `CollateralSuffices`; FiLo's `UnknownLoan`; `NotWired`.
    pub fn declare_default(&mut self, loan: U256) -> Result<(), DefaultsError> {
        let (standing, now) = (self.standing(loan, &[Status::Live, Status::Late])?, self.now());
        if now <= standing.grace_until {
            let deadline = standing.call_deadline;
            if deadline.is_zero() || now <= deadline {
                return Err(NotInDefault {
                    loan,
                    graceUntil: standing.grace_until,
                    callDeadline: deadline,
                }
                .into());
            }
            if now > self.days_after(deadline)? {
                return Err(CallLapsed { loan, deadline }.into());
            }
            let collateral = self.collateral(loan, standing.trigger)?;
            if collateral.suffices(standing.outstanding, now) {
                return Err(suffices(loan, &collateral));
            }
        }
        let auction = Auction {
            declared_at: low(&now),
            ..Auction::default()
        };
        self.write(loan, &auction);
        DefaultDeclared {
            loan,
            redeemableUntil: self.days_after(now)?,
        }
        .emit(self.vm());
        self.remark(loan, true)
    }

    /// Begins the auction of a loan's receipts once the borrower's 14 days are over, or begins it again when a round has found nobody: from
    /// 110 % of the larger of debt and value, over 14 days, to a floor of 40 %, 20 %, 10 %, and then nothing.
    ///
    /// # Errors
    /// `WrongStatus` unless in default; `RedemptionOpen`; `AuctionOpen`; FiLo's `UnknownLoan`; `NotWired`.
    pub fn start_auction(&mut self, loan: U256) -> Result<(), DefaultsError> {
        self.standing(loan, &[Status::Defaulted])?;
        let (mut auction, now) = (self.read(loan), self.now());
        let until = self.days_after(word(auction.declared_at))?;
        if now <= until {
            return Err(RedemptionOpen { loan, until }.into());
        }
        let until = self.days_after(word(auction.started_at))?;
        if auction.round != 0 && now <= until {
            return Err(AuctionOpen { loan, until }.into());
        }
        let debt = Amount::from_word(self.filo().payoff(self, loan, now)?)?;
        let value = self.collateral(loan, U256::ZERO)?.value;
        auction.started_at = low(&now);
        auction.round = auction.round.saturating_add(1);
        auction.start = Auction::starting_price(debt, value);
        self.write(loan, &auction);
        AuctionStarted {
            loan,
            round: word(auction.round.into()),
            startPrice: auction.start.word(),
            floorPrice: auction.floor()?.word(),
            endsAt: self.days_after(now)?,
        }
        .emit(self.vm());
        Ok(())
    }

    /// Buys receipts of a loan, all that are left if the list is empty, for at most `max_price`, which FiLo takes out of the caller's
    /// allowance; they go to `receiver`. Each costs its part of the value of all, one without a valid appraisal as much as all. Returns the
    /// price.
    ///
    /// # Errors
    /// `ZeroValue` for a zero receiver; `NoAuction`; `UnknownReceipt`; `PriceAboveMaximum`; FiLo's `UnknownLoan` and `WrongStatus`; what USDai
    /// and CALIBER refuse.
    #[returns(price)]
    pub fn bid(&mut self, loan: U256, receipts: Vec<U256>, max_price: U256, receiver: Address) -> Result<U256, DefaultsError> {
        non_zero("receiver", receiver.as_slice())?;
        let (mut auction, all) = (self.read(loan), self.filo().receipts_of(self, loan)?);
        let receipts = if receipts.is_empty() { all.clone() } else { receipts };
        let (price, whole) = self.quote(loan, &auction, &receipts, &all)?;
        if price.word() > max_price {
            return Err(PriceAboveMaximum {
                price: price.word(),
                maximum: max_price,
            }
            .into());
        }
        auction.sold(price, whole)?;
        self.write(loan, &auction);
        let costs = price.part(bps(&self.enforcement_bps)?, Rounding::Down)?;
        let buyer = self.vm().msg_sender();
        let done = self
            .filo()
            .sell(self, loan, receipts, buyer, receiver, price.word(), costs.word())?;
        if !done {
            // What is left is worth less than what the last mark counted on.
            self.remark(loan, false)?;
        }
        Ok(price.word())
    }

    /// What `bid` takes for the receipts now, all that are left if the list is empty.
    ///
    /// # Errors
    /// `NoAuction`; `UnknownReceipt`; FiLo's `UnknownLoan`.
    pub fn price(&self, loan: U256, receipts: Vec<U256>) -> Result<U256, DefaultsError> {
        let all = self.filo().receipts_of(self, loan)?;
        let receipts = if receipts.is_empty() { all.clone() } else { receipts };
        Ok(self.quote(loan, &self.read(loan), &receipts, &all)?.0.word())
    }

    /// A loan's default: when it was declared, when the last round of its auction began, which it is, and where it started. Zeros for what
    /// has not been.
    #[returns(declared_at, started_at, round, start_price)]
    pub fn auction(&self, loan: U256) -> (Small, Small, Small, Amount) {
        let auction = self.read(loan);
        (
            Small(auction.declared_at),
            Small(auction.started_at),
            Small(auction.round.into()),
            auction.start,
        )
    }

    /// Seconds of a day, the expected cost of a sale, and the part of a price for enforcement.
    #[returns(day_seconds, liquidation_cost_bps, enforcement_bps)]
    pub fn parameters(&self) -> (Small, Small, Small) {
        let [day, cost, enforcement] = [&self.day, &self.liquidation_cost_bps, &self.enforcement_bps].map(|number| Small(kept(number)));
        (day, cost, enforcement)
    }
}

fn suffices(loan: U256, collateral: &Collateral) -> DefaultsError {
    CollateralSuffices {
        loan,
        limit: collateral.limit.word(),
        coveredUntil: collateral.covered_until,
    }
    .into()
}

const fn low(word: &U256) -> u64 {
    word.as_limbs()[0]
}

const fn number(value: u64) -> U64 {
    U64::from_limbs([value])
}

fn kept(number: &StorageU64) -> u64 {
    number.get().as_limbs()[0]
}

fn bps(number: &StorageU64) -> Result<Bps, DefaultsError> {
    Ok(Bps::new(kept(number).try_into().unwrap_or(u16::MAX))?)
}

impl FiloDefaults {
    fn filo(&self) -> IFiloLoans {
        IFiloLoans::new(self.filo.get())
    }

    /// What FiLo says of a loan, if it has one of these statuses.
    fn standing(&self, loan: U256, statuses: &[Status]) -> Result<Standing, DefaultsError> {
        if self.filo.get().is_zero() {
            return Err(NotWired {}.into());
        }
        let (status, outstanding, trigger, late_after, grace_until, call_deadline, _, _) = self.filo().standing(self, loan)?;
        if !statuses.iter().any(|allowed| word(*allowed as u64) == status) {
            return Err(WrongStatus { loan, status }.into());
        }
        Ok(Standing {
            outstanding: Amount::from_word(outstanding)?,
            trigger,
            late_after,
            grace_until,
            call_deadline,
        })
    }

    /// What its receipts are worth, and what may be outstanding on them at a margin trigger.
    fn collateral(&self, loan: U256, trigger: U256) -> Result<Collateral, DefaultsError> {
        let receipts = self.filo().receipts_of(self, loan)?;
        let (value, covered_until) = ICaliber::new(self.caliber.get()).collateral_of(self, receipts)?;
        // Whatever appraisers say, a loan can be marked, declared in default and sold.
        let value = Amount::saturated(value);
        Ok(Collateral {
            value,
            limit: value.scale(trigger, fixed_point::BPS, Rounding::Down)?,
            covered_until,
        })
    }

    /// Has FiLo mark the loan by what its receipts would bring.
    fn remark(&mut self, loan: U256, in_default: bool) -> Result<(), DefaultsError> {
        let value = self.collateral(loan, U256::ZERO)?.value;
        let kept = bps(&self.liquidation_cost_bps)?.complement();
        let recoverable = value.part(kept, Rounding::Down)?;
        Ok(self.filo().mark(self, loan, recoverable.word(), in_default)?)
    }

    /// What `receipts` of a loan cost now, and what `all` of them do.
    fn quote(&self, loan: U256, auction: &Auction, receipts: &[U256], all: &[U256]) -> Result<(Amount, Amount), DefaultsError> {
        if auction.round == 0 {
            return Err(NoAuction { loan }.into());
        }
        if let Some(receipt) = receipts.iter().find(|receipt| !all.contains(receipt)) {
            return Err(UnknownReceipt { receipt: *receipt }.into());
        }
        let whole = auction.price(low(&self.now()), kept(&self.day))?;
        if receipts.len() == all.len() {
            return Ok((whole, whole));
        }
        let (caliber, mut price) = (ICaliber::new(self.caliber.get()), Amount::ZERO);
        let value_of =
            |receipts: Vec<U256>| -> Result<Amount, DefaultsError> { Ok(Amount::saturated(caliber.collateral_of(self, receipts)?.0)) };
        let total = value_of(all.to_vec())?;
        for receipt in receipts {
            let value = value_of(vec![*receipt])?;
            price = Amount(price.0.saturating_add(share(whole, value, total)?.0));
        }
        Ok((price.min(whole), whole))
    }

    /// 14 days after `time`.
    fn days_after(&self, time: U256) -> Result<U256, DefaultsError> {
        Ok(fixed_point::add(time, word(kept(&self.day).saturating_mul(DAYS)))?)
    }

    fn read(&self, loan: U256) -> Auction {
        let stored = self.auctions.get(loan);
        let at = |from: usize, width: usize| {
            let mut bytes = [0; 16];
            bytes[16 - width..].copy_from_slice(&stored[from..from + width]);
            u128::from_be_bytes(bytes)
        };
        #[allow(clippy::cast_possible_truncation, reason = "that many bytes fit")]
        let second = |from| at(from, 6) as u64;
        Auction {
            declared_at: second(0),
            started_at: second(6),
            round: stored[12],
            start: Amount(at(13, 16)),
        }
    }

    fn write(&mut self, loan: U256, auction: &Auction) {
        let mut stored = B256::ZERO;
        stored[..6].copy_from_slice(&auction.declared_at.to_be_bytes()[2..]);
        stored[6..12].copy_from_slice(&auction.started_at.to_be_bytes()[2..]);
        stored[12] = auction.round;
        stored[13..29].copy_from_slice(&auction.start.0.to_be_bytes());
        self.auctions.insert(loan, stored);
    }

    #[cfg(not(test))]
    fn now(&self) -> U256 {
        word(self.vm().block_timestamp())
    }

    /// motsu's clock stands still; the tests' own does not.
    #[cfg(test)]
    fn now(&self) -> U256 {
        word(tests::clock())
    }
}

#[cfg(test)]
#[path = "shell_tests.rs"]
mod tests;

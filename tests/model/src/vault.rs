//! The vault's books of PROTOCOL 3 in exact fractions: every loan is an entry that earns its own interest, income vests along a line, and a
//! value is a sum that is taken anew each time. Rounded is only what the specification rounds, where it says so.
//!
//! Who holds shares, and who may do what for whom, is for the one who drives the model: no amount depends on it.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

pub use crate::exact::{down, exact, up, Wei};
use crate::exact::{ratio, WAD};

#[cfg(test)]
mod tests;

/// The number of a loan.
pub type Loan = u64;

/// Wei of shares and of assets that every conversion counts beside the real ones (PROTOCOL 3.1).
const VIRTUAL: u64 = 1_000_000;
/// Seconds over which income vests (PROTOCOL 3.3).
const VESTING_PERIOD: u64 = 7 * 86_400;
/// Interest up to this much above its accrual is rounding and in the price already (DECISIONS, interest above its accrual).
const ROUNDING: u64 = 1_000_000;

/// Why an operation is not done. Nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// An amount of nothing.
    Zero,
    /// Shares exist and nothing is behind them.
    NothingBehind,
    /// The deposit is worth less than a wei of shares.
    NoShare,
    /// More than the cap has room for.
    AboveCap,
    /// More than may be lent.
    NotLendable,
    /// More than there is cash.
    NoCash,
    /// More than the loan book holds.
    NotBooked,
}

/// One loan of the book.
#[derive(Clone, Debug)]
struct Entry {
    principal: Wei,
    /// Wei × 10^18 a second.
    rate: Wei,
    /// Second from which it earns.
    since: u64,
    /// Wei × 10^18 that it had earned by then.
    earned: Wei,
    impairment: Wei,
}

impl Entry {
    /// Wei × 10^18 that it has earned.
    fn accrual(&self, now: u64) -> Wei {
        &self.earned + &self.rate * (now - self.since)
    }
}

/// Income on its way into the price.
#[derive(Clone, Debug, Default)]
struct Line {
    amount: Wei,
    start: u64,
    end: u64,
}

impl Line {
    fn at(&self, now: u64) -> BigRational {
        if now >= self.end {
            return BigRational::zero();
        }
        exact(&self.amount) * ratio(self.end - now, self.end - self.start)
    }
}

/// What shares and assets exchange at.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Assets behind the shares.
    pub assets: Wei,
    /// All shares.
    pub shares: Wei,
}

impl Exchange {
    /// Assets a share, the virtual wei of both included.
    #[must_use]
    pub fn price(&self) -> BigRational {
        BigRational::new(BigInt::from(&self.assets + VIRTUAL), BigInt::from(&self.shares + VIRTUAL))
    }

    /// What a share pays who leaves: below a price of one of the real totals alone, so that all of them can leave (V2).
    #[must_use]
    pub fn exit_price(&self) -> BigRational {
        if self.assets < self.shares {
            BigRational::new(self.assets.clone().into(), self.shares.clone().into())
        } else {
            self.price()
        }
    }

    /// Shares for `assets`.
    #[must_use]
    pub fn shares_for(&self, assets: &Wei) -> BigRational {
        exact(assets) / self.price()
    }

    /// Assets for `shares`.
    #[must_use]
    pub fn assets_for(&self, shares: &Wei) -> BigRational {
        exact(shares) * self.price()
    }
}

/// The books.
#[derive(Clone, Debug, Default)]
pub struct Vault {
    /// The time.
    pub now: u64,
    /// USDai, as booked.
    pub cash: Wei,
    /// What borrowers paid back since redemptions were last filled.
    pub repaid: Wei,
    /// Shares on this chain and on others.
    pub shares: Wei,
    /// The most that deposits may bring the face value to.
    pub cap: Option<Wei>,
    loans: BTreeMap<Loan, Entry>,
    next: Loan,
    line: Line,
}

/// Values and prices.
impl Vault {
    /// An empty vault at second `now`.
    #[must_use]
    pub fn at(now: u64) -> Self {
        Self { now, ..Self::default() }
    }

    /// Principal of all loans, at face.
    #[must_use]
    pub fn principal(&self) -> Wei {
        self.loans.values().map(|loan| &loan.principal).sum()
    }

    /// What of it is not expected back.
    #[must_use]
    pub fn impairment(&self) -> Wei {
        self.loans.values().map(|loan| &loan.impairment).sum()
    }

    /// What all loans earn a second, in wei × 10^18.
    #[must_use]
    pub fn rate(&self) -> Wei {
        self.loans.values().map(|loan| &loan.rate).sum()
    }

    /// What they have earned and not paid, in wei × 10^18.
    #[must_use]
    pub fn accrual(&self) -> Wei {
        self.loans.values().map(|loan| loan.accrual(self.now)).sum()
    }

    /// The whole wei of it: a started wei is no asset yet.
    #[must_use]
    pub fn accrued(&self) -> Wei {
        down(&(exact(&self.accrual()) / exact(&WAD.into())))
    }

    /// What has not vested, a started wei included.
    #[must_use]
    pub fn unvested(&self) -> Wei {
        up(&self.line.at(self.now))
    }

    /// What those who leave share.
    #[must_use]
    pub fn exit(&self) -> Exchange {
        let (gross, off) = (&self.cash + self.principal(), self.impairment() + self.unvested());
        self.exchange(if gross > off { gross - off } else { Wei::zero() })
    }

    /// What totals and conversions speak of.
    #[must_use]
    pub fn standing(&self) -> Exchange {
        self.exchange(self.exit().assets + self.accrued())
    }

    /// What those who enter pay for: everything at face (DECISIONS, who enters pays the face value).
    #[must_use]
    pub fn entry(&self) -> Exchange {
        self.exchange(&self.cash + self.principal() + self.accrued())
    }

    /// Whether shares exist and nothing is behind them.
    #[must_use]
    pub fn is_wiped_out(&self) -> bool {
        self.exit().assets.is_zero() && !self.shares.is_zero()
    }

    /// What may be lent while `waiting` shares wait to be redeemed (PROTOCOL 3.2).
    #[must_use]
    pub fn lendable(&self, waiting: &Wei) -> Wei {
        let reserve = up(&self.exit().assets_for(waiting)).min(self.repaid.clone());
        if self.cash > reserve {
            &self.cash - reserve
        } else {
            Wei::zero()
        }
    }

    /// What deposits may still add.
    #[must_use]
    pub fn room(&self) -> Option<Wei> {
        let (cap, face) = (self.cap.as_ref()?, self.entry().assets);
        Some(if *cap > face { cap - face } else { Wei::zero() })
    }

    /// Principal, rate and impairment of a loan, and what it has earned in wei × 10^18.
    #[must_use]
    pub fn loan(&self, loan: Loan) -> Option<(Wei, Wei, Wei, Wei)> {
        let it = self.loans.get(&loan)?;
        Some((it.principal.clone(), it.rate.clone(), it.impairment.clone(), it.accrual(self.now)))
    }

    /// The loans there are.
    pub fn loans(&self) -> impl Iterator<Item = Loan> + '_ {
        self.loans.keys().copied()
    }

    fn exchange(&self, assets: Wei) -> Exchange {
        Exchange {
            assets,
            shares: self.shares.clone(),
        }
    }
}

/// What changes them.
impl Vault {
    /// Shares for a deposit of `assets`, rounded down.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn deposit(&mut self, assets: &Wei) -> Result<Wei, Refusal> {
        self.enter(assets)?;
        let shares = down(&self.entry().shares_for(assets));
        if shares.is_zero() {
            return Err(Refusal::NoShare);
        }
        self.take_in(assets, &shares)?;
        Ok(shares)
    }

    /// Assets that `shares` cost, rounded up.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn mint(&mut self, shares: &Wei) -> Result<Wei, Refusal> {
        self.enter(shares)?;
        let assets = up(&self.entry().assets_for(shares));
        self.take_in(&assets, shares)?;
        Ok(assets)
    }

    fn enter(&self, amount: &Wei) -> Result<(), Refusal> {
        if amount.is_zero() {
            return Err(Refusal::Zero);
        }
        if self.is_wiped_out() {
            return Err(Refusal::NothingBehind);
        }
        Ok(())
    }

    fn take_in(&mut self, assets: &Wei, shares: &Wei) -> Result<(), Refusal> {
        if self.room().is_some_and(|room| *assets > room) {
            return Err(Refusal::AboveCap);
        }
        self.cash += assets;
        self.shares += shares;
        Ok(())
    }

    /// Income that vests.
    pub fn income(&mut self, assets: &Wei) {
        self.cash += assets;
        self.vest(assets);
    }

    /// A new loan.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn draw(&mut self, principal: &Wei, rate: &Wei, waiting: &Wei) -> Result<Loan, Refusal> {
        if principal.is_zero() {
            return Err(Refusal::Zero);
        }
        if *principal > self.lendable(waiting) {
            return Err(Refusal::NotLendable);
        }
        self.cash -= principal;
        let entry = Entry {
            principal: principal.clone(),
            rate: rate.clone(),
            since: self.now,
            earned: Wei::zero(),
            impairment: Wei::zero(),
        };
        Ok(self.open(entry))
    }

    fn open(&mut self, entry: Entry) -> Loan {
        self.loans.insert(self.next, entry);
        self.next += 1;
        self.next - 1
    }

    /// An entry of nothing, for what is owed beside loans.
    pub fn open_empty(&mut self) -> Loan {
        let since = self.now;
        self.open(Entry {
            principal: Wei::zero(),
            rate: Wei::zero(),
            since,
            earned: Wei::zero(),
            impairment: Wei::zero(),
        })
    }

    /// `principal` that is owed on one loan is owed on another: no value changes. One that is nothing any more is none.
    ///
    /// # Panics
    /// If there are no such loans, or less is owed.
    pub fn shift(&mut self, from: Loan, to: Loan, principal: &Wei) {
        self.loans.get_mut(&from).expect("a loan").principal -= principal;
        self.loans.get_mut(&to).expect("a loan").principal += principal;
        self.forget(from);
    }

    /// A loan pays `principal` and `interest`, which settles all that it has earned, and earns `rate` from now on. Interest above that, and above
    /// rounding, vests.
    ///
    /// # Panics
    /// If there is no such loan, or it owes less.
    pub fn repay(&mut self, loan: Loan, principal: &Wei, interest: &Wei, rate: &Wei) {
        let (.., accrual) = self.loan(loan).expect("a loan");
        self.repay_part(loan, principal, interest, &accrual, rate);
    }

    /// As [`Self::repay`], but the payment settles only so much of what the loan has earned, in wei × 10^18.
    ///
    /// # Panics
    /// As [`Self::repay`], or if it has earned less.
    pub fn repay_part(&mut self, loan: Loan, principal: &Wei, interest: &Wei, accrual: &Wei, rate: &Wei) {
        let earned = self.settle(loan, rate);
        let settled = up(&(exact(accrual) / exact(&WAD.into())));
        let entry = self.loans.get_mut(&loan).expect("a loan");
        entry.earned = earned - accrual;
        entry.principal -= principal;
        self.forget(loan);
        let paid = principal + interest;
        self.cash += &paid;
        self.repaid += paid;
        if *interest > &settled + ROUNDING {
            self.vest(&(interest - settled));
        }
    }

    /// What is expected back of a loan changes; what it has earned is forgotten.
    ///
    /// # Panics
    /// If there is no such loan.
    pub fn mark(&mut self, loan: Loan, impairment: &Wei, rate: &Wei) {
        self.settle(loan, rate);
        self.loans.get_mut(&loan).expect("a loan").impairment.clone_from(impairment);
        self.forget(loan);
    }

    /// Less, or more, of a loan is not expected back; what it earns is not touched.
    ///
    /// # Panics
    /// If there is no such loan.
    pub fn impair(&mut self, loan: Loan, impairment: &Wei) {
        self.loans.get_mut(&loan).expect("a loan").impairment.clone_from(impairment);
        self.forget(loan);
    }

    /// `principal` of a loan is lost, and nothing is held against it any more.
    ///
    /// # Panics
    /// If there is no such loan, or it is smaller.
    pub fn write_off(&mut self, loan: Loan, principal: &Wei) {
        let entry = self.loans.get_mut(&loan).expect("a loan");
        entry.principal -= principal;
        entry.impairment = Wei::zero();
        self.forget(loan);
    }

    /// Redemptions are filled.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn fill(&mut self, shares: &Wei, assets: &Wei, premium: &Wei) -> Result<(), Refusal> {
        if shares.is_zero() && !(assets.is_zero() && premium.is_zero()) {
            return Err(Refusal::Zero);
        }
        if *assets > self.cash {
            return Err(Refusal::NoCash);
        }
        self.cash -= assets;
        self.repaid = Wei::zero();
        self.shares -= shares;
        self.vest(premium);
        Ok(())
    }

    /// Bonds are burnt; what they were worth, rounded down at the price of leaving, vests.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn forfeit(&mut self, shares: &Wei) -> Result<(), Refusal> {
        if shares.is_zero() {
            return Err(Refusal::Zero);
        }
        let price = down(&(self.exit().exit_price() * exact(&WAD.into())));
        let worth = down(&(exact(shares) * exact(&price) / exact(&WAD.into())));
        self.shares -= shares;
        self.vest(&worth);
        Ok(())
    }

    /// A loan that is nothing any more is none.
    fn forget(&mut self, loan: Loan) {
        let now = self.now;
        let nothing = |it: &Entry| {
            [&it.principal, &it.rate, &it.impairment, &it.accrual(now)]
                .iter()
                .all(|it| it.is_zero())
        };
        self.loans.retain(|id, it| *id != loan || !nothing(it));
    }

    fn settle(&mut self, loan: Loan, rate: &Wei) -> Wei {
        let now = self.now;
        let entry = self.loans.get_mut(&loan).expect("a loan");
        let accrual = entry.accrual(now);
        entry.rate.clone_from(rate);
        entry.since = now;
        entry.earned = Wei::zero();
        accrual
    }

    /// New income and what is left of earlier income vest together, over the time that both would have taken, weighted by their amounts
    /// and rounded down (DECISIONS, dust does not hold the vesting line).
    fn vest(&mut self, income: &Wei) {
        if income.is_zero() {
            return;
        }
        let left = self.unvested();
        let amount = &left + income;
        let seconds = (&left * self.line.end.saturating_sub(self.now) + income * VESTING_PERIOD) / &amount;
        let seconds = u64::try_from(seconds).expect("a period at most").max(1);
        self.line = Line {
            amount,
            start: self.now,
            end: self.now + seconds,
        };
    }
}

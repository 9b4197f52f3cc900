//! What a loan owes, and where a payment goes (PROTOCOL 6, Payment).

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::{Account, Offer, Receipt, StackId, Status};
use crate::exact::{down, exact, less, part_down, ratio, take, up, Wei, BPS, WAD, YEAR};

/// How interest is shared, in basis points.
#[derive(Clone, Debug, Default)]
pub struct Fees {
    /// To the curator.
    pub servicing_bps: u64,
    /// To the treasury.
    pub protocol_bps: u64,
    /// To the insurance reserve.
    pub reserve_bps: u64,
    /// Of the senior side's part, to the junior side.
    pub spread_bps: u64,
}

/// What curator and borrower agree on.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What is lent.
    pub principal: Wei,
    /// WAD a year.
    pub rate: u64,
    /// Number of payments.
    pub periods: usize,
    /// Whether all payments are equal, or all parts of principal.
    pub level: bool,
    /// Seconds after which a payment that is late is a default.
    pub grace: u64,
    /// Of what is outstanding, a year, in basis points.
    pub late_fee_bps: u64,
    /// Last second at which the offer can be taken.
    pub expiry: u64,
}

/// The exact level payment, P·r ÷ (1 − (1 + r)^−n), beside the contract's.
#[derive(Clone, Debug)]
pub struct Instalment(BigRational);

impl Instalment {
    /// Of a loan with periods of so many seconds: the straight line's part of principal, or the level payment.
    #[must_use]
    pub fn exact(terms: &Terms, period: u64) -> Self {
        let principal = exact(&terms.principal);
        if !terms.level {
            return Self(principal / ratio(terms.periods as u64, 1));
        }
        let rate = ratio(terms.rate, WAD) * ratio(period, YEAR);
        let grown = num_traits::pow(&rate + BigRational::one(), terms.periods);
        Self(principal * rate * &grown / (grown - BigRational::one()))
    }

    /// Whether `agreed` is not less than this, and more by a started wei and, where interest is in it, another one, and by what powers in 27 digits lose.
    #[must_use]
    pub fn fits(&self, agreed: &Wei, level: bool) -> bool {
        let more = exact(agreed) - &self.0;
        // RAY has 27 digits; a power of up to 120 and a division lose less than four of them for rates from 1 % on.
        let tolerance = &self.0 / BigRational::from_integer(BigInt::from(10u8).pow(23));
        let wei = if level { 2 } else { 1 };
        !more.is_negative() && more < ratio(wei, 1) + tolerance
    }
}

/// A margin call.
#[derive(Clone, Debug)]
pub struct Call {
    /// Until when it can be met.
    pub deadline: u64,
    /// With how much outstanding.
    pub cure_below: Wei,
}

/// A loan.
#[derive(Clone, Debug)]
pub struct Loan {
    /// Where it is in its life.
    pub status: Status,
    /// Whose capital stands in front.
    pub stack: StackId,
    /// Who may draw it.
    pub borrower: Account,
    /// What secures it.
    pub receipts: Vec<Receipt>,
    /// What was agreed.
    pub terms: Terms,
    /// How its interest is shared.
    pub fees: Fees,
    /// When it was drawn.
    pub drawn_at: u64,
    /// Principal owed.
    pub outstanding: Wei,
    /// The vault's part of it.
    pub senior: Wei,
    /// Interest owed at `since`, exactly.
    interest: BigRational,
    /// Late fees owed at `since`, exactly.
    late_fees: BigRational,
    /// The senior side's part of that interest as the vault counts it, in wei × 10^18.
    accrual: Wei,
    since: u64,
    /// What a payment is: the level payment, or the straight line's part of principal.
    pub instalment: Wei,
    /// What the plan leaves outstanding after the instalments that are paid.
    planned: Wei,
    /// Instalments that are paid.
    pub paid: usize,
    /// The senior loss that is expected.
    pub impairment: Wei,
    /// Of the stack's capital, what the last mark counts on.
    pub junior_cover: Wei,
    /// Of the reserve, what the last mark counts on.
    pub reserve_cover: Wei,
    /// A margin call, if one is open.
    pub call: Option<Call>,
    /// The default and its auction; zeros until there is one.
    pub auction: super::Auction,
}

/// A payment, to the last wei.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paid {
    /// Late fees, to the reserve.
    pub late_fee: Wei,
    /// To the curator.
    pub servicing: Wei,
    /// To the treasury.
    pub protocol: Wei,
    /// To the reserve.
    pub reserve: Wei,
    /// Interest of the junior side.
    pub junior_interest: Wei,
    /// Interest of the senior side.
    pub senior_interest: Wei,
    /// Principal of the junior side.
    pub junior_principal: Wei,
    /// Principal of the senior side.
    pub senior_principal: Wei,
    /// Of the junior side's, what it owed the senior side in principal.
    pub owed_principal: Wei,
    /// And in interest.
    pub owed_interest: Wei,
}

impl Paid {
    /// All of it.
    #[must_use]
    pub fn total(&self) -> Wei {
        &self.late_fee + self.interest() + self.principal()
    }

    /// All interest.
    #[must_use]
    pub fn interest(&self) -> Wei {
        &self.servicing + &self.protocol + &self.reserve + &self.junior_interest + &self.senior_interest
    }

    /// All principal.
    #[must_use]
    pub fn principal(&self) -> Wei {
        &self.junior_principal + &self.senior_principal
    }

    /// What the vault gets.
    #[must_use]
    pub fn to_vault(&self) -> Wei {
        &self.senior_principal + &self.senior_interest + &self.owed_principal + &self.owed_interest
    }

    /// What goes to the stack's cash.
    #[must_use]
    pub fn to_stack(&self) -> Wei {
        &self.junior_interest + &self.junior_principal - &self.owed_principal - &self.owed_interest
    }

    /// What goes to the insurance reserve.
    #[must_use]
    pub fn to_reserve(&self) -> Wei {
        &self.reserve + &self.late_fee
    }
}

/// What is owed.
impl Loan {
    pub(super) fn drawn(offer: Offer, fees: Fees, senior: &Wei, now: u64) -> Self {
        let principal = offer.terms.principal.clone();
        Self {
            status: Status::Live,
            stack: offer.stack,
            borrower: offer.borrower,
            receipts: offer.receipts,
            terms: offer.terms,
            fees,
            drawn_at: now,
            outstanding: principal.clone(),
            senior: senior.clone(),
            interest: BigRational::zero(),
            late_fees: BigRational::zero(),
            accrual: Wei::zero(),
            since: now,
            instalment: Wei::zero(),
            planned: principal,
            paid: 0,
            impairment: Wei::zero(),
            junior_cover: Wei::zero(),
            reserve_cover: Wei::zero(),
            call: None,
            auction: super::Auction::default(),
        }
    }

    /// Whether money is owed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.status, Status::Live | Status::Late | Status::Defaulted)
    }

    /// Whether it was marked late or in default.
    #[must_use]
    pub fn is_marked(&self) -> bool {
        matches!(self.status, Status::Late | Status::Defaulted)
    }

    /// Whether its stack's capital has to stay.
    #[must_use]
    pub fn is_troubled(&self) -> bool {
        self.is_marked() || self.status == Status::Live && self.call.is_some()
    }

    /// The stack's part of what is outstanding.
    #[must_use]
    pub fn junior(&self) -> Wei {
        &self.outstanding - &self.senior
    }

    /// When the next payment is due.
    #[must_use]
    pub fn next_due(&self, period: u64) -> u64 {
        self.drawn_at + (self.paid as u64 + 1) * period
    }

    /// The last second of the day on which it is due: a day is a thirtieth of a period.
    #[must_use]
    pub fn late_after(&self, period: u64) -> u64 {
        let day = (period / 30).max(1);
        self.next_due(period) / day * day + day - 1
    }

    /// What the senior side earns a second, in wei × 10^18: its principal × the rate, less the fees and less the spread of what is left.
    #[must_use]
    pub fn vault_rate(&self) -> Wei {
        let fees = self.fees.servicing_bps + self.fees.protocol_bps + self.fees.reserve_bps;
        let kept = Wei::from(BPS - fees) * (BPS - self.fees.spread_bps) * self.terms.rate;
        &self.senior * kept / (Wei::from(BPS) * BPS * YEAR)
    }

    /// What it has earned for the senior side and not paid, in wei × 10^18.
    #[must_use]
    pub fn accrual_at(&self, now: u64) -> Wei {
        &self.accrual + self.vault_rate() * (now - self.since)
    }

    /// A rate a year on what is outstanding, for so many seconds.
    fn earned(&self, rate: BigRational, seconds: u64) -> BigRational {
        exact(&self.outstanding) * rate * ratio(seconds, YEAR)
    }

    /// Interest owed, exactly.
    fn interest_at(&self, now: u64) -> BigRational {
        &self.interest + self.earned(ratio(self.terms.rate, WAD), now - self.since)
    }

    /// Late fees owed, exactly: they count from the end of the day on which the payment was due.
    fn late_fees_at(&self, now: u64, period: u64) -> BigRational {
        let late = now.saturating_sub(self.since.max(self.late_after(period)));
        &self.late_fees + self.earned(ratio(self.terms.late_fee_bps, BPS), late)
    }

    /// All that is owed at `now`.
    #[must_use]
    pub fn payoff(&self, now: u64, period: u64) -> Wei {
        if !self.is_open() {
            return Wei::zero();
        }
        up(&self.interest_at(now)) + up(&self.late_fees_at(now, period)) + &self.outstanding
    }

    /// The next payment as of `now`: when it is due, interest by then, the principal that brings the loan to its plan, late fees.
    #[must_use]
    pub fn instalment_due(&self, now: u64, period: u64) -> (u64, Wei, Wei, Wei) {
        let due = self.next_due(period);
        let then = due.max(now);
        let principal = less(&self.outstanding, &self.planned_after(self.paid + 1, period));
        (due, up(&self.interest_at(then)), principal, up(&self.late_fees_at(then, period)))
    }

    /// Payment `number` of the plan as agreed, whatever has been paid: when it is due, interest, principal, what it leaves.
    #[must_use]
    pub fn planned(&self, number: usize, period: u64) -> (u64, Wei, Wei, Wei) {
        let mut plan = self.clone();
        plan.planned.clone_from(&self.terms.principal);
        let mut before = plan.planned.clone();
        for number in 1..=number {
            before.clone_from(&plan.planned);
            plan.planned = plan.planned_after(number, period);
        }
        let interest = exact(&before) * ratio(self.terms.rate, WAD) * ratio(period, YEAR);
        (
            self.drawn_at + number as u64 * period,
            up(&interest),
            before - &plan.planned,
            plan.planned,
        )
    }

    /// What the plan leaves outstanding after payment `number`, when the one before has left `planned`.
    fn planned_after(&self, number: usize, period: u64) -> Wei {
        if number >= self.terms.periods {
            return Wei::zero();
        }
        let mut principal = self.instalment.clone();
        if self.terms.level {
            let interest = exact(&self.planned) * ratio(self.terms.rate, WAD) * ratio(period, YEAR);
            principal = less(&principal, &up(&interest));
        }
        less(&self.planned, &principal)
    }
}

/// What is paid.
impl Loan {
    /// Counts to `now`.
    pub(super) fn count(&mut self, now: u64, period: u64) {
        (self.accrual, self.interest, self.late_fees) = (self.accrual_at(now), self.interest_at(now), self.late_fees_at(now, period));
        self.since = now;
    }

    /// Pays at most `most`; late fees, interest, principal, or the absolute order in default.
    pub(super) fn pay(&mut self, most: &Wei, senior_first: bool, now: u64, period: u64) -> Paid {
        self.count(now, period);
        let paid = if self.status == Status::Defaulted {
            self.recover(most)
        } else {
            self.pay_in_peace(most, senior_first)
        };
        let was_marked = self.is_marked();
        if self.payoff(now, period).is_zero() {
            self.status = Status::Closed;
        } else if self.status != Status::Defaulted && self.interest.is_zero() && self.late_fees.is_zero() {
            self.count_instalments(now, period);
            if self.late_after(period) >= now {
                self.status = Status::Live;
            }
        }
        if was_marked {
            self.impairment = less(&self.impairment, &paid.senior_principal);
        }
        if !self.is_marked() {
            (self.impairment, self.junior_cover, self.reserve_cover) = Default::default();
        }
        if !self.is_open() || self.call.as_ref().is_some_and(|call| self.outstanding <= call.cure_below) {
            self.call = None;
        }
        paid
    }

    /// An instalment is paid when what is outstanding has come down to the plan, and it is due within a period.
    fn count_instalments(&mut self, now: u64, period: u64) {
        while self.paid < self.terms.periods && self.next_due(period) < now + period {
            let planned = self.planned_after(self.paid + 1, period);
            if self.outstanding > planned {
                break;
            }
            self.planned = planned;
            self.paid += 1;
        }
    }

    fn pay_in_peace(&mut self, most: &Wei, senior_first: bool) -> Paid {
        let (mut left, mut paid) = (most.clone(), Paid::default());
        let fees_owed = up(&self.late_fees);
        paid.late_fee = take(&mut left, &fees_owed);
        self.late_fees = remaining(&self.late_fees, &paid.late_fee);

        let owed = up(&self.interest);
        let interest = take(&mut left, &owed);
        if !interest.is_zero() {
            self.share(&interest, &mut paid);
            // As much of the senior side's count as is paid of the interest.
            let settled = if interest == owed {
                self.accrual.clone()
            } else {
                up(&(exact(&self.accrual) * exact(&interest) / &self.interest))
            };
            self.accrual -= settled;
            self.interest = remaining(&self.interest, &interest);
        }

        let principal = take(&mut left, &self.outstanding);
        paid.junior_principal = if senior_first {
            less(&principal, &self.senior)
        } else if principal.is_zero() {
            Wei::zero()
        } else {
            part_down(&principal, &self.junior(), &self.outstanding)
        };
        paid.senior_principal = &principal - &paid.junior_principal;
        self.outstanding -= principal;
        self.senior -= &paid.senior_principal;
        paid
    }

    /// Fees of all interest, the junior side's part of what is left, the spread of what is left then; the senior side takes the rest.
    fn share(&self, interest: &Wei, paid: &mut Paid) {
        let of = |part: u64, whole: &Wei| part_down(whole, &part.into(), &BPS.into());
        paid.servicing = of(self.fees.servicing_bps, interest);
        paid.protocol = of(self.fees.protocol_bps, interest);
        paid.reserve = of(self.fees.reserve_bps, interest);
        let shared = interest - &paid.servicing - &paid.protocol - &paid.reserve;
        let pro_rata = part_down(&shared, &self.junior(), &self.outstanding);
        paid.junior_interest = &pro_rata + of(self.fees.spread_bps, &(&shared - &pro_rata));
        paid.senior_interest = shared - &paid.junior_interest;
    }

    /// What comes in during a default, in the absolute order: senior principal, senior interest, junior principal, late fees, the rest of the interest, of
    /// which the fees are taken.
    fn recover(&mut self, most: &Wei) -> Paid {
        let (mut left, mut paid) = (most.clone(), Paid::default());
        let (owed, fees_owed) = (up(&self.interest), up(&self.late_fees));
        let senior_interest = self.senior_interest().min(owed.clone());
        let rest = &owed - &senior_interest;
        let junior = self.junior();
        paid.senior_principal = take(&mut left, &self.senior);
        paid.senior_interest = take(&mut left, &senior_interest);
        paid.junior_principal = take(&mut left, &junior);
        paid.late_fee = take(&mut left, &fees_owed);
        let others = take(&mut left, &rest);
        let of = |part: u64| part_down(&others, &part.into(), &BPS.into());
        let mut shared = others.clone();
        paid.servicing = take(&mut shared, &of(self.fees.servicing_bps));
        paid.protocol = take(&mut shared, &of(self.fees.protocol_bps));
        paid.reserve = take(&mut shared, &of(self.fees.reserve_bps));
        paid.junior_interest = shared;

        self.senior -= &paid.senior_principal;
        self.outstanding -= paid.principal();
        let interest = &paid.senior_interest + others;
        self.accrual = if interest == owed {
            Wei::zero()
        } else {
            &self.accrual - &paid.senior_interest * WAD
        };
        self.interest = remaining(&self.interest, &interest);
        self.late_fees = remaining(&self.late_fees, &paid.late_fee);
        paid
    }

    /// The senior side's part of the interest owed.
    pub(super) fn senior_interest(&self) -> Wei {
        down(&(exact(&self.accrual) / exact(&WAD.into())))
    }

    /// Nothing is owed any more, paid or not.
    pub(super) fn wipe(&mut self) {
        (self.outstanding, self.senior, self.accrual) = Default::default();
        (self.impairment, self.junior_cover, self.reserve_cover) = Default::default();
        (self.interest, self.late_fees) = (BigRational::zero(), BigRational::zero());
    }
}

/// What is left of an exact debt of which whole wei are paid: nothing, if that is the last, started wei.
fn remaining(owed: &BigRational, paid: &Wei) -> BigRational {
    let left = owed - exact(paid);
    if left.is_negative() {
        BigRational::zero()
    } else {
        left
    }
}

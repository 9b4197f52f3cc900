//! Marks, margin calls, default, the auction, and who bears what nobody pays (PROTOCOL 6, Margin call to Marks).

use num_traits::Zero;

use super::{loan::Call, Against, Filo, LoanId, Outcome, Paid, Receipt, Refusal, StackId, Status};
use crate::exact::{less, part_down, part_up, take, Wei, BPS};

/// Days to meet a call, to redeem, and of a round.
const DAYS: u64 = 14;

/// A default and its auction.
#[derive(Clone, Debug, Default)]
pub struct Auction {
    /// When it was declared.
    pub declared_at: u64,
    /// When the last round began.
    pub started_at: u64,
    /// Rounds begun.
    pub round: u64,
    /// Where the last one started, of the receipts that are left.
    pub start: Wei,
}

impl Auction {
    /// 40, 20, 10 % of the start, then nothing.
    fn floor(&self) -> Wei {
        let bps = match self.round {
            0 | 1 => 4_000u64,
            2 => 2_000,
            3 => 1_000,
            _ => 0,
        };
        part_up(&self.start, &bps.into(), &BPS.into())
    }

    /// Along a line over so many seconds.
    fn price(&self, now: u64, length: u64) -> Wei {
        let elapsed = (now - self.started_at).min(length);
        let fall = &self.start - self.floor();
        &self.start - part_down(&fall, &elapsed.into(), &length.into())
    }
}

/// Who pays what of a senior shortfall.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// Junior cash: principal, interest.
    pub cash: (Wei, Wei),
    /// The junior side's share of loans that perform.
    pub claim: (Wei, Wei),
    /// The reserve.
    pub reserve: (Wei, Wei),
    /// The vault: principal that is lost.
    pub lost: Wei,
    /// Of that and of the interest, what the junior side's share of loans that are marked makes good if they bring it.
    pub recoverable: Wei,
    /// Junior principal of the loan that is gone.
    pub junior: Wei,
}

impl Losses {
    /// What FiLo pays the vault of it at once.
    #[must_use]
    pub fn to_vault(&self) -> Wei {
        &self.cash.0 + &self.cash.1 + &self.reserve.0 + &self.reserve.1
    }
}

/// A sale of receipts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sale {
    /// What the buyer pays.
    pub price: Wei,
    /// Of it, to the treasury for enforcement.
    pub costs: Wei,
    /// Of it, what pays the loan.
    pub paid: Paid,
    /// The rest, to the borrower.
    pub surplus: Wei,
    /// If the last receipt is sold and the loan is not paid.
    pub losses: Option<Losses>,
    /// Receipts that are free again because the loan is paid.
    pub released: Vec<Receipt>,
}

/// What anybody may do about a loan that is not paid.
impl Filo {
    fn day(&self) -> u64 {
        (self.period / 30).max(1)
    }

    /// Says that a payment is overdue.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn mark_late(&mut self, id: LoanId, value: &Wei) -> Outcome<()> {
        let late_after = self.in_status(id, &[Status::Live])?.late_after(self.period);
        let mut against = Against::default();
        against.when(self.now <= late_after, Refusal::NotOverdue(late_after));
        against.none()?;
        self.count_expected_loss(id, value, Status::Late);
        Ok(())
    }

    /// Marks again.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn mark(&mut self, id: LoanId, value: &Wei) -> Outcome<()> {
        let status = self.in_status(id, &[Status::Late, Status::Defaulted])?.status;
        self.count_expected_loss(id, value, status);
        Ok(())
    }

    /// What of the senior principal, and of the senior side's claim on the loan's junior part, neither the receipts, less the cost of a sale, nor
    /// junior capital nor the reserve would cover. Capital that another mark counts on, or that is owed, or that is lent in loans that are marked, covers nothing.
    fn count_expected_loss(&mut self, id: LoanId, value: &Wei, status: Status) {
        let (now, period) = (self.now, self.period);
        let loan = self.loan_mut(id);
        loan.count(now, period);
        loan.status = status;
        (loan.junior_cover, loan.reserve_cover) = Default::default();
        let (stack, senior) = (loan.stack, loan.senior.clone());
        let recoverable = part_down(value, &(BPS - self.liquidation_bps).into(), &BPS.into());
        let mut need = less(&(senior + self.claim_on(id)), &recoverable);
        let junior_cover = take(&mut need, &self.free_junior(stack));
        let counted_on: Wei = self.open_loans().map(|(_, loan)| &loan.reserve_cover).sum();
        let reserve_cover = take(&mut need, &less(&self.reserve, &counted_on));
        let loan = self.loan_mut(id);
        (loan.junior_cover, loan.reserve_cover, loan.impairment) = (junior_cover, reserve_cover, need);
    }

    /// Of the principal that a stack owes the senior side, what only its marked loans can bring, and of it what falls to this one of them by its junior
    /// principal.
    #[must_use]
    pub fn claim_on(&self, id: LoanId) -> Wei {
        let loan = &self.loans[&id];
        let stack = &self.stacks[&loan.stack];
        let bare = less(&stack.owed_principal, &self.held_junior(loan.stack));
        if bare.is_zero() || !loan.is_marked() {
            return Wei::zero();
        }
        part_up(&bare, &loan.junior(), &self.marked_junior(loan.stack))
    }

    /// Junior capital of a stack that is cash, or lent in loans that perform.
    fn held_junior(&self, stack: StackId) -> Wei {
        &self.stacks[&stack].cash + self.performing_junior(stack)
    }

    /// Junior capital of a stack in loans that perform.
    fn performing_junior(&self, stack: StackId) -> Wei {
        let performing = self.loans_of(stack).filter(|loan| loan.status == Status::Live);
        performing.map(super::Loan::junior).sum()
    }

    /// And in loans that are late or in default.
    fn marked_junior(&self, stack: StackId) -> Wei {
        let marked = self.loans_of(stack).filter(|loan| loan.is_marked());
        marked.map(super::Loan::junior).sum()
    }

    fn free_junior(&self, id: StackId) -> Wei {
        let stack = &self.stacks[&id];
        let counted_on: Wei = self.loans_of(id).map(|loan| &loan.junior_cover).sum();
        let spoken_for = &stack.owed_principal + &stack.owed_interest + counted_on;
        less(&self.held_junior(id), &spoken_for)
    }

    /// What may be outstanding on receipts that are worth `value`.
    fn limit(&self, id: LoanId, value: &Wei) -> Wei {
        let trigger = self.stacks[&self.loans[&id].stack].rules.trigger_bps;
        part_down(value, &trigger.into(), &BPS.into())
    }

    fn suffices(&self, id: LoanId, value: &Wei, insured_until: u64) -> bool {
        self.loans[&id].outstanding <= self.limit(id, value) && insured_until >= self.now
    }

    /// The last second in which a call that was not met counts.
    fn lapses(&self, call: &Call) -> u64 {
        call.deadline + DAYS * self.day()
    }

    /// Gives the borrower 14 days to add receipts or to pay down, and everybody 14 more to say that they did not.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn call_margin(&mut self, id: LoanId, value: &Wei, insured_until: u64) -> Outcome<()> {
        let loan = self.in_status(id, &[Status::Live, Status::Late])?;
        let mut against = Against::default();
        if let Some(call) = &loan.call {
            against.when(self.now <= self.lapses(call), Refusal::CallOpen(call.deadline));
        }
        let limit = self.limit(id, value);
        against.when(self.suffices(id, value, insured_until), Refusal::Suffices(limit.clone()));
        against.none()?;
        // What is not insured cannot be paid down to.
        let cure_below = if insured_until < self.now { Wei::zero() } else { limit };
        let deadline = self.now + DAYS * self.day();
        self.loan_mut(id).call = Some(Call { deadline, cure_below });
        Ok(())
    }

    /// Ends a call because the receipts suffice again.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn release_call(&mut self, id: LoanId, value: &Wei, insured_until: u64) -> Outcome<()> {
        let loan = self.in_status(id, &[Status::Live, Status::Late])?;
        let mut against = Against::default();
        against.when(loan.call.is_none(), Refusal::NoCall);
        let insufficient = Refusal::Insufficient(self.limit(id, value));
        against.when(!self.suffices(id, value, insured_until), insufficient);
        against.none()?;
        self.loan_mut(id).call = None;
        Ok(())
    }

    /// Declares a default: past grace, or a call that was not met within the last 14 days and still is not.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn declare_default(&mut self, id: LoanId, value: &Wei, insured_until: u64) -> Outcome<()> {
        let loan = self.in_status(id, &[Status::Live, Status::Late])?;
        let grace_until = loan.late_after(self.period) + loan.terms.grace;
        let mut against = Against::default();
        if self.now <= grace_until {
            let limit = self.limit(id, value);
            match loan.call.as_ref().filter(|call| self.now > call.deadline) {
                None => against.when(true, Refusal::NotInDefault(grace_until)),
                Some(call) if self.now > self.lapses(call) => against.when(true, Refusal::CallLapsed(call.deadline)),
                Some(_) => against.when(self.suffices(id, value, insured_until), Refusal::Suffices(limit)),
            }
        }
        against.none()?;
        let auction = Auction {
            declared_at: self.now,
            ..Auction::default()
        };
        let loan = self.loan_mut(id);
        (loan.auction, loan.call) = (auction, None);
        self.count_expected_loss(id, value, Status::Defaulted);
        Ok(())
    }

    /// Begins a round.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn start_auction(&mut self, id: LoanId, value: &Wei) -> Outcome<Wei> {
        let length = DAYS * self.day();
        let loan = self.in_status(id, &[Status::Defaulted])?;
        let mut auction = loan.auction.clone();
        let mut against = Against::default();
        let redeemable = auction.declared_at + length;
        against.when(self.now <= redeemable, Refusal::Redeemable(redeemable));
        let until = auction.started_at + length;
        against.when(auction.round != 0 && self.now <= until, Refusal::RoundOpen(until));
        against.none()?;
        let stake = loan.payoff(self.now, self.period).max(value.clone());
        auction.start = part_up(&stake, &11_000u64.into(), &BPS.into());
        auction.started_at = self.now;
        auction.round += 1;
        let start = auction.start.clone();
        self.loan_mut(id).auction = auction;
        Ok(start)
    }

    /// What `lots`, receipts with what each is worth of `total`, cost now (all that are left if none is named), and what all that are left do:
    /// each its part of the value, or the whole if it has none; all together not more than the whole.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn price(&self, id: LoanId, lots: &[(Receipt, Wei)], total: &Wei) -> Outcome<(Wei, Wei)> {
        let loan = self.loans.get(&id).ok_or_else(|| vec![Refusal::UnknownLoan])?;
        let (auction, mut against) = (&loan.auction, Against::default());
        against.when(auction.round == 0, Refusal::NoAuction);
        for (receipt, _) in lots {
            against.when(!loan.receipts.contains(receipt), Refusal::UnknownReceipt(*receipt));
        }
        against.none()?;
        let whole = auction.price(self.now, DAYS * self.day());
        let all = loan.receipts.len();
        if lots.is_empty() || lots.len() == all {
            return Ok((whole.clone(), whole));
        }
        let share = |(_, value): &(Receipt, Wei)| {
            if value.is_zero() {
                whole.clone()
            } else {
                part_up(&whole, value, total)
            }
        };
        let price = lots.iter().map(share).sum::<Wei>();
        Ok((price.min(whole.clone()), whole))
    }

    /// Sells `lots`, receipts with what each is worth of `total` (all that are left if none is named), for at most `most`.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn bid(&mut self, id: LoanId, lots: &[(Receipt, Wei)], total: &Wei, most: &Wei) -> Outcome<Sale> {
        let (price, whole) = self.price(id, lots, total)?;
        let loan = &self.loans[&id];
        let mut against = Against::default();
        against.when(price > *most, Refusal::Price(price.clone()));
        against.when(loan.status != Status::Defaulted, Refusal::Is(loan.status));
        let mut kept = loan.receipts.clone();
        for (receipt, _) in lots {
            match kept.iter().position(|held| held == receipt) {
                Some(place) => drop(kept.remove(place)),
                None => against.when(true, Refusal::UnknownReceipt(*receipt)),
            }
        }
        if lots.is_empty() {
            kept.clear();
        }
        against.none()?;

        let costs = part_down(&price, &self.enforcement_bps.into(), &BPS.into());
        let proceeds = &price - &costs;
        let loan = self.loan_mut(id);
        loan.receipts = kept;
        let auction = &mut loan.auction;
        if !whole.is_zero() {
            auction.start = less(&auction.start, &part_up(&auction.start, &price, &whole));
        }
        let paid = self.settle(id, &proceeds);
        let mut sale = Sale {
            surplus: &proceeds - paid.total(),
            price,
            costs,
            paid,
            losses: None,
            released: Vec::new(),
        };
        let loan = &self.loans[&id];
        if loan.status == Status::Closed {
            sale.released.clone_from(&loan.receipts);
        } else if loan.receipts.is_empty() {
            sale.losses = Some(self.liquidate(id));
        } else {
            // The receipts that are left are worth what the sold ones leave.
            let left = less(total, &lots.iter().map(|(_, value)| value).sum());
            self.count_expected_loss(id, &left, Status::Defaulted);
        }
        Ok(sale)
    }

    /// Nothing is left to sell. What the senior side lacks, and what it was owed from before: out of junior cash, then of the junior share of loans
    /// that perform, then out of the reserve, principal before interest each time. What remains of the principal is the vault's loss. The senior side
    /// is whole before the curator gets a unit back: what remains is owed out of what loans that are marked may still bring, after all else.
    fn liquidate(&mut self, id: LoanId) -> Losses {
        let loan = self.loan_mut(id);
        loan.status = Status::Liquidated;
        let (stack_id, junior) = (loan.stack, loan.junior());
        let (mut principal, mut interest) = (loan.senior.clone(), loan.senior_interest());
        loan.wipe();
        let mut claimable = self.performing_junior(stack_id);
        let mut doubtful = self.marked_junior(stack_id);
        let mut reserve = self.reserve.clone();
        let stack = self.stack_mut(stack_id);
        principal += std::mem::take(&mut stack.owed_principal);
        interest += std::mem::take(&mut stack.owed_interest);
        let mut from = |source: &mut Wei| {
            let paid = (take(source, &principal), Wei::zero());
            principal -= &paid.0;
            let paid = (paid.0, take(source, &interest));
            interest -= &paid.1;
            paid
        };
        let cash = from(&mut stack.cash);
        let claim = from(&mut claimable);
        let by_reserve = from(&mut reserve);
        let missing = from(&mut doubtful);
        let recoverable = &missing.0 + &missing.1;
        (stack.owed_principal, stack.owed_interest) = (claim.0.clone(), &claim.1 + &recoverable);
        self.reserve = reserve;
        Losses {
            cash,
            claim,
            reserve: by_reserve,
            lost: principal + missing.0,
            recoverable,
            junior,
        }
    }
}

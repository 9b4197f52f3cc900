//! What the two walks that lend have in common: what their model of FiLo says in the contracts' words, and choices that dice make in both.

use std::collections::BTreeMap;

use alloy_primitives::{Address, Bytes, B256, U256};
use protocol_model::filo::{
    Filo, Loan, LoanId, Losses, Offer, OfferId, Receipt, Refusal, Rules, StackId, Standing, Status, Subject, Terms, Wei,
};
use scenarios::{
    abi::{Caliber, Filo as Contract, Origination},
    hands::{n, wad},
    refusals,
    usdai_cli::protocol::suite::id,
    walk::{wei, word, Dice, Reasons},
    Town,
};

pub(crate) const DAY: u64 = 86_400;
/// From one instalment to the next.
pub(crate) const PERIOD: u64 = 30 * DAY;
/// How long an appraisal counts.
pub(crate) const MAX_AGE: u64 = 180 * DAY;

/// An offer as it was made.
#[derive(Clone, Debug)]
pub(crate) struct Posted {
    pub(crate) offer: Origination::Offer,
    /// Nothing, if it was posted.
    pub(crate) signature: Bytes,
    pub(crate) digest: B256,
}

/// Who holds each receipt, and when it was last appraised.
pub(crate) type Deeds = BTreeMap<Receipt, (usize, u64)>;

/// What an operation is about, as far as its refusals say it. Offers, loans and stacks are counted from one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Deal {
    pub(crate) who: usize,
    /// Unless there is an offer, which has its own.
    pub(crate) stack: StackId,
    pub(crate) offer: OfferId,
    pub(crate) loan: LoanId,
    /// Until when the receipts are insured.
    pub(crate) insured_until: u64,
    /// What a buyer pays at most.
    pub(crate) most: U256,
}

impl Deal {
    pub(crate) fn of_stack(who: usize, stack: StackId) -> Self {
        Self {
            who,
            stack,
            ..Self::default()
        }
    }

    pub(crate) fn of_loan(loan: LoanId) -> Self {
        Self { loan, ..Self::default() }
    }
}

/// What names the refusals of FiLo, of its contracts of origination and of defaults, and of CALIBER as far as it is asked by them.
pub(crate) struct Desk<'a> {
    pub(crate) model: &'a Filo,
    pub(crate) accounts: &'a [Address],
    pub(crate) offers: &'a BTreeMap<OfferId, Posted>,
    pub(crate) deeds: &'a Deeds,
    /// What the vault can lend.
    pub(crate) lendable: U256,
}

impl Desk<'_> {
    /// What the model refuses, as the contracts name it.
    pub(crate) fn refused(&self, why: Vec<Refusal>, deal: Deal) -> Reasons {
        let mut reasons = Reasons::default();
        for refusal in why {
            self.name(&mut reasons, refusal, deal);
        }
        reasons
    }

    #[allow(clippy::too_many_lines, reason = "FiLo has many names")]
    fn name(&self, reasons: &mut Reasons, refusal: Refusal, deal: Deal) {
        use Refusal as Why;
        let (caller, loan) = (self.accounts[deal.who], U256::from(deal.loan));
        let posted = self.offers.get(&deal.offer);
        let stack = posted.map_or(U256::from(deal.stack), |posted| posted.offer.stack);
        let covered = U256::from(deal.insured_until);
        match refusal {
            Why::UnknownStack => reasons.add(true, &refusals::UnknownStack { stack }),
            Why::NotCurator => reasons.add(true, &refusals::OnlyCurator { caller, stack }),
            Why::Nothing => reasons.add_any::<refusals::OutOfRange>(true),
            Why::Trouble(loans, owed) => {
                let (loans, owed) = (U256::from(loans), word(&owed));
                reasons.add(true, &refusals::StackInTrouble { stack, loans, owed });
            }
            Why::Junior { needed, available } => {
                let (needed, available) = (word(&needed), word(&available));
                reasons.add(true, &refusals::InsufficientJunior { stack, needed, available });
            }
            Why::Cap(senior) => {
                let cap = word(&self.model.stack(stack.to()).expect("a stack").rules.senior_cap);
                let senior = word(&senior);
                reasons.add(true, &refusals::SeniorCapExceeded { stack, senior, cap });
            }
            Why::Overdue(due, loans) => {
                let due = U256::from(due);
                for loan in loans {
                    let loan = U256::from(loan);
                    reasons.add(true, &refusals::LoanOverdue { loan, due });
                }
            }
            Why::OfferIs(standing) => {
                let status = n(if standing == Standing::Drawn { 3 } else { 2 });
                let offer = posted.expect("made").digest;
                reasons.add(true, &refusals::OfferSpent { offer, status });
            }
            Why::NotBorrower => {
                let of_loan = self.model.loan(deal.loan).map(|loan| self.accounts[loan.borrower]);
                let borrower = posted.map(|posted| posted.offer.borrower).or(of_loan).expect("a borrower");
                reasons.add(true, &refusals::OnlyBorrower { caller, borrower });
            }
            Why::Expired(expiry) => {
                let (offer, expiry) = (posted.expect("made").digest, U256::from(expiry));
                reasons.add(true, &refusals::OfferExpired { offer, expiry });
            }
            Why::Ltv(limit) => {
                let (principal, limit) = (posted.expect("made").offer.principal, word(&limit));
                reasons.add(true, &refusals::LtvExceeded { principal, limit });
            }
            Why::Cover(required) => {
                let error = refusals::InsufficientCover {
                    coveredUntil: covered,
                    required: U256::from(required),
                };
                reasons.add(true, &error);
            }
            Why::NotLendable(senior) => {
                let (principal, lendable) = (word(&senior), self.lendable);
                reasons.add(true, &refusals::ExceedsLendable { principal, lendable });
            }
            Why::Limit { of, exposure, limit } => {
                let (kind, subject) = subject(self.accounts, of);
                let (exposure, limit) = (word(&exposure), word(&limit));
                let error = refusals::LimitExceeded {
                    kind,
                    subject,
                    exposure,
                    limit,
                };
                reasons.add(true, &error);
            }
            Why::OtherReceipts => reasons.add(true, &refusals::OtherReceipts { loan }),
            Why::UnknownLoan => reasons.add(true, &refusals::UnknownLoan { loan }),
            Why::Is(status) => {
                let status = number(status);
                reasons.add(true, &refusals::WrongStatus { loan, status });
            }
            Why::NotOverdue(after) => {
                let after = U256::from(after);
                reasons.add(true, &refusals::NotOverdue { loan, lateAfter: after });
            }
            Why::CallOpen(deadline) => {
                let deadline = U256::from(deadline);
                reasons.add(true, &refusals::CallOpen { loan, deadline });
            }
            Why::CallLapsed(deadline) => {
                let deadline = U256::from(deadline);
                reasons.add(true, &refusals::CallLapsed { loan, deadline });
            }
            Why::NoCall => reasons.add(true, &refusals::NoCall { loan }),
            Why::Suffices(limit) => {
                let error = refusals::CollateralSuffices {
                    loan,
                    limit: word(&limit),
                    coveredUntil: covered,
                };
                reasons.add(true, &error);
            }
            Why::Insufficient(limit) => {
                let error = refusals::CollateralInsufficient {
                    loan,
                    limit: word(&limit),
                    coveredUntil: covered,
                };
                reasons.add(true, &error);
            }
            Why::NotInDefault(until) => {
                let call = self.model.loan(deal.loan).and_then(|loan| loan.call.as_ref());
                let error = refusals::NotInDefault {
                    loan,
                    graceUntil: U256::from(until),
                    callDeadline: U256::from(call.map_or(0, |call| call.deadline)),
                };
                reasons.add(true, &error);
            }
            Why::Redeemable(until) => {
                let until = U256::from(until);
                reasons.add(true, &refusals::RedemptionOpen { loan, until });
            }
            Why::RoundOpen(until) => {
                let until = U256::from(until);
                reasons.add(true, &refusals::AuctionOpen { loan, until });
            }
            Why::NoAuction => reasons.add(true, &refusals::NoAuction { loan }),
            Why::Price(price) => {
                let (price, maximum) = (word(&price), deal.most);
                reasons.add(true, &refusals::PriceAboveMaximum { price, maximum });
            }
            Why::UnknownReceipt(receipt) => {
                let receipt = U256::from(receipt);
                reasons.add(true, &refusals::UnknownReceipt { receipt });
            }
            Why::UnknownOffer => panic!("{refusal:?}"),
        }
    }

    /// What CALIBER has against pledging receipts of `owner`.
    pub(crate) fn unpledgeable(&self, receipts: &[Receipt], owner: usize) -> Reasons {
        let mut reasons = Reasons::default();
        for receipt in receipts {
            let (holder, appraised_at) = self.deeds[receipt];
            let foreign = refusals::ERC721IncorrectOwner {
                sender: self.accounts[owner],
                tokenId: U256::from(*receipt),
                owner: self.accounts[holder],
            };
            reasons.add(holder != owner, &foreign);
            self.pledged(&mut reasons, *receipt);
            let stale = refusals::StaleAppraisal {
                receipt: U256::from(*receipt),
                appraisedAt: U256::from(appraised_at),
            };
            reasons.add(self.model.now > appraised_at + MAX_AGE, &stale);
        }
        reasons
    }

    /// That a receipt secures a loan, if it does.
    pub(crate) fn pledged(&self, reasons: &mut Reasons, receipt: Receipt) {
        if let Some(loan) = self.model.pledged_to(receipt) {
            let (receipt, loan) = (U256::from(receipt), U256::from(loan));
            reasons.add(true, &refusals::ReceiptPledged { receipt, loan });
        }
    }
}

/// The contract's number of a status.
pub(crate) fn number(status: Status) -> U256 {
    n(match status {
        Status::Live => 1,
        Status::Late => 2,
        Status::Defaulted => 3,
        Status::Closed => 4,
        Status::Liquidated => 5,
    })
}

/// The contract's name of what has a limit.
pub(crate) fn subject(accounts: &[Address], of: Subject) -> (U256, B256) {
    match of {
        Subject::Borrower(who) => (n(0), accounts[who].into_word()),
        Subject::Curator(who) => (n(1), accounts[who].into_word()),
        Subject::Hardware => (n(2), id("H100")),
    }
}

/// Receipts as the contracts number them.
pub(crate) fn numbers(receipts: &[Receipt]) -> Vec<U256> {
    receipts.iter().map(|receipt| U256::from(*receipt)).collect()
}

/// A stack with these rules, on any hardware.
pub(crate) fn open_stack(rules: &Rules) -> Contract::openStackCall {
    Contract::openStackCall {
        firstLossBps: U256::from(rules.first_loss_bps),
        maxLtvBps: U256::from(rules.max_ltv_bps),
        marginTriggerBps: U256::from(rules.trigger_bps),
        seniorCap: word(&rules.senior_cap),
        servicingFeeBps: U256::from(rules.servicing_bps),
        juniorSpreadBps: U256::from(rules.spread_bps),
        hardwareClass: B256::ZERO,
    }
}

/// An offer on `terms`, as it is posted or signed.
pub(crate) fn offer(stack: StackId, borrower: Address, receipts: &[Receipt], terms: &Terms, salt: u64) -> Origination::Offer {
    Origination::Offer {
        stack: U256::from(stack),
        borrower,
        receipts: numbers(receipts),
        principal: word(&terms.principal),
        rate: U256::from(terms.rate),
        periods: n(terms.periods as u128),
        levelPayment: terms.level,
        graceSeconds: U256::from(terms.grace),
        lateFeeBps: U256::from(terms.late_fee_bps),
        expiry: U256::from(terms.expiry),
        salt: U256::from(salt),
    }
}

/// What receipts are worth together, and until when all are insured: CALIBER is asked, which has a walk of its own.
pub(crate) fn collateral(town: &mut Town, receipts: &[Receipt]) -> (Wei, u64) {
    let receipts = numbers(receipts);
    let it = town.read(town.suite.caliber, &Caliber::collateralOfCall { receipts });
    (wei(it.value), it.insuredUntil.saturating_to())
}

/// Of a loan that is one of these; nothing for others, of which no contract asks.
pub(crate) fn collateral_of(town: &mut Town, model: &Filo, loan: LoanId, statuses: &[Status]) -> (Wei, u64) {
    let loan = model.loan(loan).filter(|loan| statuses.contains(&loan.status));
    loan.map_or_else(Default::default, |loan| collateral(town, &loan.receipts))
}

/// Most that a stack lends on receipts, or two dollars.
pub(crate) fn carried(town: &mut Town, model: &Filo, stack: StackId, receipts: &[Receipt]) -> U256 {
    let (value, _) = collateral(town, receipts);
    let most = model.stack(stack).map_or(7_000, |stack| stack.rules.max_ltv_bps);
    (word(&value) * U256::from(most) / n(10_000)).max(wad(2))
}

/// What the curator has to have at hand for an offer, and has not.
pub(crate) fn lacking(model: &Filo, offer: &Offer) -> U256 {
    let stack = model.stack(offer.stack).expect("a stack");
    let first_loss = U256::from(stack.rules.first_loss_bps);
    let needed = (word(&offer.terms.principal) * first_loss).div_ceil(n(10_000));
    needed.saturating_sub(word(&stack.cash))
}

/// As much of a stack's junior capital as its loans leave free.
pub(crate) fn free(model: &Filo, id: StackId) -> U256 {
    let stack = model.stack(id).expect("a stack");
    let lent = word(&model.junior_lent(id));
    let all = word(&model.senior(id)) + lent;
    let stays = (all * U256::from(stack.rules.first_loss_bps)).div_ceil(n(10_000));
    word(&stack.cash).saturating_sub(stays.saturating_sub(lent))
}

/// When something about an open loan is due or ends.
pub(crate) fn moments(loan: &Loan) -> [u64; 6] {
    let (late_after, auction) = (loan.late_after(PERIOD), &loan.auction);
    [
        loan.next_due(PERIOD),
        late_after,
        late_after + loan.terms.grace,
        loan.call.as_ref().map_or(0, |call| call.deadline),
        auction.declared_at + 14 * DAY,
        auction.started_at + 14 * DAY,
    ]
}

/// Whether a margin call was not met in time.
pub(crate) fn missed(loan: &Loan, now: u64) -> bool {
    loan.call.as_ref().is_some_and(|call| call.deadline < now)
}

/// Whether a loan may be declared to be in default, as far as days say it.
pub(crate) fn may_default(loan: &Loan, now: u64) -> bool {
    loan.status != Status::Defaulted && (missed(loan, now) || loan.late_after(PERIOD) + loan.terms.grace < now)
}

/// Whether the next round of the auction may begin.
pub(crate) fn may_be_sold(loan: &Loan, now: u64) -> bool {
    let auction = &loan.auction;
    loan.status == Status::Defaulted && auction.declared_at + 14 * DAY < now && auction.started_at + 14 * DAY < now
}

/// What bears what the receipts of a marked loan may not bring.
pub(crate) fn covered_by(loan: &Loan) -> &'static str {
    let nothing = Wei::default();
    if loan.impairment > nothing {
        "impaired"
    } else if loan.reserve_cover > nothing {
        "covered by the reserve"
    } else if loan.junior_cover > nothing {
        "covered by junior capital"
    } else {
        "covered by its receipts"
    }
}

/// F3: no senior principal is lost while the stack has junior capital at hand, or there is a reserve, and what it has lent is the senior side's before it
/// is the curator's: all of it, or as much as is lost.
pub(crate) fn borne_in_order(model: &Filo, stack: StackId, losses: &Losses) {
    let nothing = Wei::default();
    let after = model.stack(stack).expect("its stack");
    let (lent, owed) = (model.junior_lent(stack), &after.owed_principal + &after.owed_interest);
    assert!(owed <= lent, "{owed} of {lent} are owed");
    if losses.lost > nothing {
        assert_eq!((&after.cash, &model.reserve), (&nothing, &nothing), "F3");
        assert!(owed == lent || losses.recoverable >= losses.lost, "F3");
    }
}

/// How a loan moved to other terms.
pub(crate) fn refinanced(before: &Loan, stack: StackId) -> &'static str {
    match (before.status, stack == before.stack) {
        (Status::Defaulted, _) => "out of default",
        (Status::Late, _) => "of a late loan",
        (_, true) => "in the same stack",
        (_, false) => "in another stack",
    }
}

/// What a payment on a loan is called.
pub(crate) fn payment(loan: Option<&Loan>) -> &'static str {
    match loan.map(|loan| loan.status) {
        Some(Status::Late) => "pay, late",
        Some(Status::Defaulted) => "pay, in default",
        _ => "pay",
    }
}

/// A loan, seldom one that is over or never was.
pub(crate) fn any_loan(model: &Filo, dice: &mut Dice) -> LoanId {
    let open: Vec<_> = model.open_loans().map(|(id, _)| id).collect();
    let last = model.loans().count() as u64;
    if open.is_empty() || dice.chance(2) {
        return last + 1 - dice.below(last.min(20) + 1);
    }
    dice.one_of(&open)
}

/// A loan that fits, and in `stray` of a hundred cases any; if none fits, any in `none` of a hundred cases.
pub(crate) fn loan_that_is(model: &Filo, dice: &mut Dice, (none, stray): (u64, u64), fits: impl Fn(&Loan, u64) -> bool) -> Option<LoanId> {
    let open = model.open_loans().filter(|(_, loan)| fits(loan, model.now));
    let fitting: Vec<_> = open.map(|(id, _)| id).collect();
    if fitting.is_empty() {
        dice.chance(none).then(|| any_loan(model, dice))
    } else if dice.chance(stray) {
        Some(any_loan(model, dice))
    } else {
        Some(dice.one_of(&fitting))
    }
}

/// One of the last `count` offers, mostly one that is open.
pub(crate) fn any_offer(model: &Filo, dice: &mut Dice, count: usize) -> Option<OfferId> {
    let may_be_late = dice.chance(8);
    let recent: Vec<_> = model.offers().rev().take(count).collect();
    let stands = |offer: &Offer| offer.standing == Standing::Open && (may_be_late || offer.terms.expiry >= model.now);
    let open: Vec<_> = recent.iter().filter(|(_, offer)| stands(offer)).map(|(id, _)| *id).collect();
    let all: Vec<_> = recent.iter().map(|(id, _)| *id).collect();
    let from = if open.is_empty() || dice.chance(5) { all } else { open };
    (!from.is_empty()).then(|| dice.one_of(&from))
}

/// What somebody who is asked `price` pays at most: that, a wei less, or whatever it is.
pub(crate) fn most<E>(dice: &mut Dice, price: &Result<U256, E>) -> U256 {
    match price {
        Ok(price) if dice.chance(60) => *price,
        Ok(price) if dice.chance(20) && !price.is_zero() => *price - U256::ONE,
        _ => U256::MAX,
    }
}

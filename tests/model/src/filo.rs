//! FiLo's stacks and loans of PROTOCOL 6: a stack is a sum over its loans, what a loan owes is an exact fraction, and a payment is handed out
//! coin by coin in the order of the specification.
//!
//! Operations in, amounts or every [`Refusal`] there is reason for out. What CALIBER and the vault know is told by whoever drives the model: what receipts are
//! worth, how long they are insured, what the vault can lend.
//!
//! | module | what it says |
//! | --- | --- |
//! | [`lending`] | capital, offers, draws, payments |
//! | [`loan`] | what is owed, by the second, and where a payment goes |
//! | [`distress`] | marks, margin calls, default, the auction, the loss order |
//!
//! Rounded up: a stack's part of a new loan, interest and late fees that are owed, prices of an auction. Rounded down: every part of a split but the
//! senior side's, which takes the rest; what the vault counts a second for a loan, and the senior part of the interest that is owed in default; the value
//! after the cost of a sale, what receipts carry, and the cost of enforcement. The level payment is the contract's: it has to lie within
//! [`Instalment::fits`] of the exact one.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use num_traits::Zero;

pub use crate::exact::Wei;

pub mod distress;
pub mod lending;
pub mod loan;
#[cfg(test)]
mod tests;

pub use distress::{Auction, Losses, Sale};
pub use loan::{Fees, Instalment, Loan, Paid, Terms};

/// The number of a stack, from 1.
pub type StackId = u64;
/// The number of an offer, from 1.
pub type OfferId = u64;
/// The number of a loan, from 1.
pub type LoanId = u64;
/// The number of a receipt.
pub type Receipt = u64;
/// Somebody.
pub type Account = usize;

/// Where a loan is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Money is owed, nothing is known to be late.
    Live,
    /// Marked late.
    Late,
    /// In default.
    Defaulted,
    /// All is paid.
    Closed,
    /// Its receipts are sold and what they did not bring is lost.
    Liquidated,
}

/// Where an offer is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The borrower may draw it.
    Open,
    /// It was drawn.
    Drawn,
    /// The curator took it back.
    Cancelled,
}

/// Why an operation is not done. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such stack.
    UnknownStack,
    /// No such offer.
    UnknownOffer,
    /// The offer is something else.
    OfferIs(Standing),
    /// No such loan.
    UnknownLoan,
    /// It is for the stack's curator.
    NotCurator,
    /// It is for the borrower.
    NotBorrower,
    /// An amount of nothing.
    Nothing,
    /// The loan is something else.
    Is(Status),
    /// The offer ended then.
    Expired(u64),
    /// So many of the stack's loans are late, called or in default, or it owes.
    Trouble(u64, Wei),
    /// More junior capital than there is at hand is needed.
    Junior {
        /// So much.
        needed: Wei,
        /// Of this.
        available: Wei,
    },
    /// The stack would have lent this much of the vault's.
    Cap(Wei),
    /// The receipts carry only this.
    Ltv(Wei),
    /// The receipts have to be insured until then.
    Cover(u64),
    /// Somebody or something would have more out than its limit.
    Limit {
        /// Whose limit.
        of: Subject,
        /// This much out.
        exposure: Wei,
        /// Its limit.
        limit: Wei,
    },
    /// The offer is not about the loan's receipts.
    OtherReceipts,
    /// The vault cannot lend this much.
    NotLendable(Wei),
    /// Of the loans of which a payment is overdue and nobody said so, the first ones' last second of being in time, and which they are.
    Overdue(u64, Vec<LoanId>),
    /// The next payment is in time until then.
    NotOverdue(u64),
    /// A margin call is open that could be met until then.
    CallOpen(u64),
    /// And one that could be met until then is too old.
    CallLapsed(u64),
    /// No margin call is open.
    NoCall,
    /// The receipts carry this much: no reason to call.
    Suffices(Wei),
    /// The receipts carry only this, or are not insured.
    Insufficient(Wei),
    /// Grace lasts until then, and no call has been missed.
    NotInDefault(u64),
    /// The borrower may redeem until then.
    Redeemable(u64),
    /// The round lasts until then.
    RoundOpen(u64),
    /// No auction has begun.
    NoAuction,
    /// The price is this.
    Price(Wei),
    /// The loan has no such receipt, or not as often.
    UnknownReceipt(Receipt),
}

/// What has a limit of what is out to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A borrower.
    Borrower(Account),
    /// A curator.
    Curator(Account),
    /// All hardware, which is of one class.
    Hardware,
}

/// What comes of an operation, or every reason against it.
pub type Outcome<T> = Result<T, Vec<Refusal>>;

/// Reasons as they are found.
#[derive(Debug, Default)]
pub(crate) struct Against(Vec<Refusal>);

impl Against {
    /// An amount of nothing.
    fn nothing(amount: &Wei) -> Self {
        let mut against = Self::default();
        against.when(amount.is_zero(), Refusal::Nothing);
        against
    }

    pub(crate) fn when(&mut self, applies: bool, refusal: Refusal) {
        if applies {
            self.0.push(refusal);
        }
    }

    pub(crate) fn none(self) -> Outcome<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(self.0)
        }
    }
}

/// What a curator opens a stack with.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Its part of every loan.
    pub first_loss_bps: u64,
    /// Of the receipts' value, what is lent at most.
    pub max_ltv_bps: u64,
    /// Of the receipts' value, what may be outstanding before anybody may call for more.
    pub trigger_bps: u64,
    /// Most that it has of the vault's.
    pub senior_cap: Wei,
    /// The curator's part of interest.
    pub servicing_bps: u64,
    /// The part of the senior side's interest that goes to the junior side.
    pub spread_bps: u64,
}

/// A curator's capital, and what it owes the senior side from before.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Whose it is.
    pub curator: Account,
    /// Its parameters.
    pub rules: Rules,
    /// Junior capital at hand.
    pub cash: Wei,
    /// Senior principal that is owed out of what the junior side gets.
    pub owed_principal: Wei,
    /// Senior interest that is owed likewise, after the principal, and losses that it makes good.
    pub owed_interest: Wei,
}

/// What a curator offers a borrower.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Whose capital stands in front.
    pub stack: StackId,
    /// Who may draw it.
    pub borrower: Account,
    /// What secures it.
    pub receipts: Vec<Receipt>,
    /// What is agreed.
    pub terms: Terms,
    /// Where it is in its life.
    pub standing: Standing,
}

/// What the vault's loan book has to hold (F1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// Senior principal.
    pub principal: Wei,
    /// What performing loans earn for it, wei × 10^18 a second.
    pub rate: Wei,
    /// What they have earned and not paid, wei × 10^18.
    pub accrual: Wei,
    /// Expected losses.
    pub impairment: Wei,
}

/// What a draw takes from whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// From the vault.
    pub senior: Wei,
    /// From the stack.
    pub junior: Wei,
    /// The loan.
    pub loan: LoanId,
    /// When the first payment is due.
    pub first_due: u64,
}

/// All stacks and loans.
#[derive(Clone, Debug)]
pub struct Filo {
    /// The time.
    pub now: u64,
    /// Seconds of a period.
    pub period: u64,
    /// The treasury's part of the interest of loans drawn from now on, in basis points.
    pub protocol_bps: u64,
    /// The reserve's part of it.
    pub reserve_bps: u64,
    /// What a sale is expected to cost, of the value.
    pub liquidation_bps: u64,
    /// What enforcement costs, of a price.
    pub enforcement_bps: u64,
    /// The insurance reserve.
    pub reserve: Wei,
    limits: BTreeMap<Subject, Wei>,
    stacks: BTreeMap<StackId, Stack>,
    // Shared with copies of the model until they change.
    offers: BTreeMap<OfferId, Rc<Offer>>,
    loans: BTreeMap<LoanId, Rc<Loan>>,
    /// The loans that are open, and some that are not any more.
    opened: BTreeSet<LoanId>,
}

/// What anybody may see.
impl Filo {
    /// Nothing yet, at second `now`, with periods of so many seconds.
    #[must_use]
    pub fn at(now: u64, period: u64) -> Self {
        Self {
            now,
            period,
            protocol_bps: 0,
            reserve_bps: 0,
            liquidation_bps: 3_000,
            enforcement_bps: 200,
            reserve: Wei::zero(),
            limits: BTreeMap::new(),
            stacks: BTreeMap::new(),
            offers: BTreeMap::new(),
            loans: BTreeMap::new(),
            opened: BTreeSet::new(),
        }
    }

    /// A stack.
    #[must_use]
    pub fn stack(&self, id: StackId) -> Option<&Stack> {
        self.stacks.get(&id)
    }

    /// An offer.
    #[must_use]
    pub fn offer(&self, id: OfferId) -> Option<&Offer> {
        self.offers.get(&id).map(|offer| &**offer)
    }

    /// The offers there are, and were.
    #[must_use]
    pub fn offers(&self) -> impl DoubleEndedIterator<Item = (OfferId, &Offer)> {
        self.offers.iter().map(|(id, offer)| (*id, &**offer))
    }

    /// A loan.
    #[must_use]
    pub fn loan(&self, id: LoanId) -> Option<&Loan> {
        self.loans.get(&id).map(|loan| &**loan)
    }

    /// The loans of a stack on which money is owed.
    pub fn loans_of(&self, id: StackId) -> impl Iterator<Item = &Loan> {
        self.open_loans().map(|(_, loan)| loan).filter(move |loan| loan.stack == id)
    }

    /// The loans on which money is owed.
    pub fn open_loans(&self) -> impl Iterator<Item = (LoanId, &Loan)> {
        let opened = self.opened.iter().map(|id| (*id, &*self.loans[id]));
        opened.filter(|(_, loan)| loan.is_open())
    }

    /// The loans there are, and were.
    #[must_use]
    pub fn loans(&self) -> impl DoubleEndedIterator<Item = (LoanId, &Loan)> {
        self.loans.iter().map(|(id, loan)| (*id, &**loan))
    }

    /// The stacks there are.
    pub fn stacks(&self) -> impl Iterator<Item = (StackId, &Stack)> {
        self.stacks.iter().map(|(id, stack)| (*id, stack))
    }

    /// Senior principal of a stack: of its loans, and owed from before.
    #[must_use]
    pub fn senior(&self, id: StackId) -> Wei {
        self.loans_of(id).map(|loan| &loan.senior).sum::<Wei>() + &self.stacks[&id].owed_principal
    }

    /// Junior capital that is lent.
    #[must_use]
    pub fn junior_lent(&self, id: StackId) -> Wei {
        self.loans_of(id).map(Loan::junior).sum()
    }

    /// The loan that a receipt secures.
    #[must_use]
    pub fn pledged_to(&self, receipt: Receipt) -> Option<LoanId> {
        self.open_loans()
            .find(|(_, loan)| loan.receipts.contains(&receipt))
            .map(|(id, _)| id)
    }

    /// What the vault's book has to hold: of performing loans what they earn, of all what is owed.
    #[must_use]
    pub fn book(&self) -> Book {
        let mut book = Book::default();
        for (_, loan) in self.open_loans() {
            book.principal += &loan.senior;
            book.impairment += &loan.impairment;
            if loan.status == Status::Live {
                book.rate += loan.vault_rate();
                book.accrual += loan.accrual_at(self.now);
            }
        }
        for stack in self.stacks.values() {
            book.principal += &stack.owed_principal;
        }
        book
    }

    /// What this contract holds of USDai: the stacks' cash and the reserve (F2).
    #[must_use]
    pub fn held(&self) -> Wei {
        self.stacks.values().map(|stack| &stack.cash).sum::<Wei>() + &self.reserve
    }

    /// The last second in which all performing loans are in time, and the loans that are late after it.
    #[must_use]
    pub fn earliest_due(&self) -> Option<(u64, Vec<LoanId>)> {
        let live = self.open_loans().filter(|(_, loan)| loan.status == Status::Live);
        let dues: Vec<_> = live.map(|(id, loan)| (loan.late_after(self.period), id)).collect();
        let first = dues.iter().map(|(due, _)| *due).min()?;
        Some((first, dues.into_iter().filter(|(due, _)| *due == first).map(|(_, id)| id).collect()))
    }

    /// Principal, as drawn, of the open loans of somebody or something.
    #[must_use]
    pub fn exposure(&self, of: Subject) -> Wei {
        let counts = |loan: &Loan| match of {
            Subject::Borrower(who) => loan.borrower == who,
            Subject::Curator(who) => self.stacks[&loan.stack].curator == who,
            Subject::Hardware => true,
        };
        let counted = self.open_loans().filter(|(_, loan)| counts(loan));
        counted.map(|(_, loan)| &loan.terms.principal).sum()
    }

    /// How many of a stack's loans are late, called or in default.
    #[must_use]
    pub fn troubled(&self, id: StackId) -> u64 {
        self.loans_of(id).filter(|loan| loan.is_troubled()).count() as u64
    }

    fn unsound(&self, id: StackId, against: &mut Against) {
        let (troubled, stack) = (self.troubled(id), &self.stacks[&id]);
        let owed = &stack.owed_principal + &stack.owed_interest;
        against.when(troubled != 0 || !owed.is_zero(), Refusal::Trouble(troubled, owed));
    }

    /// While a loan is overdue and nobody said so, first-loss capital neither leaves nor is lent.
    fn unmarked(&self, against: &mut Against) {
        if let Some((due, loans)) = self.earliest_due() {
            against.when(due < self.now, Refusal::Overdue(due, loans));
        }
    }

    /// The stack that somebody acts on as its curator, and what speaks against it beside what does already.
    fn curated(&self, id: StackId, by: Account, mut against: Against) -> Outcome<(&Stack, Against)> {
        let stack = self.stacks.get(&id);
        against.when(stack.is_none(), Refusal::UnknownStack);
        against.when(stack.is_some_and(|stack| stack.curator != by), Refusal::NotCurator);
        match stack {
            Some(stack) => Ok((stack, against)),
            None => Err(against.0),
        }
    }

    /// A loan that is one of these.
    fn in_status(&self, id: LoanId, statuses: &[Status]) -> Outcome<&Loan> {
        let loan = self.loans.get(&id).ok_or_else(|| vec![Refusal::UnknownLoan])?;
        let mut against = Against::default();
        against.when(!statuses.contains(&loan.status), Refusal::Is(loan.status));
        against.none().map(|()| &**loan)
    }

    fn offer_mut(&mut self, id: OfferId) -> &mut Offer {
        Rc::make_mut(self.offers.get_mut(&id).expect("an offer"))
    }

    fn loan_mut(&mut self, id: LoanId) -> &mut Loan {
        Rc::make_mut(self.loans.get_mut(&id).expect("a loan"))
    }

    fn stack_mut(&mut self, id: StackId) -> &mut Stack {
        self.stacks.get_mut(&id).expect("a stack")
    }
}

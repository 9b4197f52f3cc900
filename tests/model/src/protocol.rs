//! The protocol as one: the vault's books, the queue and FiLo's stacks together, with everybody's USDai and shares. Each part is its own model; here
//! stands, from `docs/PROTOCOL.md`, how an operation of one moves the others and who pays whom.
//!
//! | what happens | what it does elsewhere |
//! | --- | --- |
//! | a request, a cancellation | shares go to the queue and back; what waits reserves what borrowers paid back (3.2) |
//! | a settlement | fills at the vault's conservative price from its cash, unless a payment is overdue that nobody marked (5.3, 6) |
//! | a draw | takes the senior part out of the vault's cash, of what may be lent, and the junior part out of the stack's |
//! | a payment | goes to vault, curator, treasury, stack and reserve; interest above what was counted vests |
//! | a mark, a default | take the loan's interest out of the count and hold what is expected to be lost against it |
//! | a sale | pays as a payment does; what is missing in the end comes in the absolute order, and the rest is the vault's loss |
//!
//! Operations in, amounts or every [`Refusal`] there is reason for out; nothing has changed then. F1 and F2 are looked at after each: the vault's book is
//! the sum over FiLo's loans, and what FiLo holds is its stacks' cash and the reserve.

use std::collections::{BTreeMap, BTreeSet};

use num_traits::Zero;

pub use crate::exact::Wei;
use crate::{
    exact::{down, exact, WAD},
    filo::{self, Book, Drawn, Filo, LoanId, Losses, OfferId, Paid, Receipt, Sale, StackId, Status},
    qev::{self, Id, Queue, Settlement},
    vault::{self, Vault},
};

#[cfg(test)]
mod tests;

/// Somebody who holds something.
pub type Account = filo::Account;

/// Why an operation is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The vault has a reason.
    Vault(vault::Refusal),
    /// The queue has.
    Queue(qev::Refusal),
    /// FiLo has.
    Filo(filo::Refusal),
    /// Somebody has less USDai than is needed.
    Dollars {
        /// Who.
        of: Account,
        /// What they need, all together.
        needed: Wei,
    },
    /// Somebody has fewer shares.
    Shares {
        /// Who.
        of: Account,
        /// What they need.
        needed: Wei,
    },
    /// Deposits and requests are paused.
    Paused,
    /// Somebody is barred.
    Barred(Account),
}

/// What comes of an operation, or every reason against it.
pub type Outcome<T> = Result<T, Vec<Refusal>>;

/// The contracts that hold something, and the treasury.
#[derive(Clone, Copy, Debug)]
pub struct Seats {
    /// The vault.
    pub vault: Account,
    /// The queue.
    pub queue: Account,
    /// FiLo.
    pub filo: Account,
    /// Who gets the protocol's fees.
    pub treasury: Account,
}

/// Everything.
#[derive(Clone, Debug)]
pub struct Protocol {
    /// The vault's books.
    pub vault: Vault,
    /// The queue.
    pub queue: Queue,
    /// Stacks and loans.
    pub filo: Filo,
    /// USDai of everybody.
    pub dollars: Vec<Wei>,
    /// Shares of everybody.
    pub shares: Vec<Wei>,
    /// Shares on other chains.
    pub bridged: Wei,
    /// Whether deposits to the vault and requests are paused.
    pub paused: bool,
    /// Who is barred from the vault.
    pub barred: BTreeSet<Account>,
    seats: Seats,
    /// The vault's entries of loans.
    entries: BTreeMap<LoanId, vault::Loan>,
    /// And of what a stack owes from before.
    owed: BTreeMap<StackId, vault::Loan>,
    /// USDai that were given to FiLo and nobody booked.
    given: Wei,
}

/// Values.
impl Protocol {
    /// Nothing yet, among so many holders.
    #[must_use]
    pub fn new(now: u64, period: u64, rules: qev::Rules, holders: usize, seats: Seats) -> Self {
        Self {
            vault: Vault::at(now),
            queue: Queue::new(rules),
            filo: Filo::at(now, period),
            dollars: vec![Wei::zero(); holders],
            shares: vec![Wei::zero(); holders],
            bridged: Wei::zero(),
            paused: false,
            barred: BTreeSet::new(),
            seats,
            entries: BTreeMap::new(),
            owed: BTreeMap::new(),
            given: Wei::zero(),
        }
    }

    /// It is `now`.
    pub fn pass_to(&mut self, now: u64) {
        self.vault.now = now;
        self.filo.now = now;
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.vault.now
    }

    /// Shares that wait to be redeemed, bonds included.
    #[must_use]
    pub fn waiting(&self) -> &Wei {
        &self.shares[self.seats.queue]
    }

    /// What the vault may lend.
    #[must_use]
    pub fn lendable(&self) -> Wei {
        self.vault.lendable(self.waiting())
    }

    /// What a share pays who leaves, in WAD.
    #[must_use]
    pub fn exit_price(&self) -> Wei {
        down(&(self.vault.exit().exit_price() * exact(&WAD.into())))
    }

    /// F1, F2, Q1 and Q2 within the model, and that no share is anywhere else: then its parts fit together.
    ///
    /// # Panics
    /// If they do not.
    pub fn check(&self) {
        let book = Book {
            principal: self.vault.principal(),
            rate: self.vault.rate(),
            accrual: self.vault.accrual(),
            impairment: self.vault.impairment(),
        };
        assert_eq!(book, self.filo.book(), "F1, in the model");
        assert_eq!(self.dollars[self.seats.filo], self.filo.held() + &self.given, "F2, in the model");
        let (shares, assets) = self.queue.held();
        assert_eq!(self.shares[self.seats.queue], shares, "Q1, in the model");
        assert!(self.dollars[self.seats.queue] >= assets, "Q2, in the model");
        assert!(self.dollars[self.seats.vault] >= self.vault.cash, "V3, in the model");
        let all = self.shares.iter().sum::<Wei>() + &self.bridged;
        assert_eq!(all, self.vault.shares, "all shares, in the model");
    }

    fn short_of_dollars(&self, of: Account, needed: &Wei) -> Option<Refusal> {
        let needed = needed.clone();
        (self.dollars[of] < needed).then_some(Refusal::Dollars { of, needed })
    }

    fn short_of_shares(&self, of: Account, needed: &Wei) -> Option<Refusal> {
        let needed = needed.clone();
        (self.shares[of] < needed).then_some(Refusal::Shares { of, needed })
    }

    fn barred_of<'a>(&'a self, those: &'a [Account]) -> impl Iterator<Item = Refusal> + 'a {
        those
            .iter()
            .filter(|account| self.barred.contains(account))
            .map(|account| Refusal::Barred(*account))
    }

    fn pay(&mut self, from: Account, to: Account, amount: &Wei) {
        // What somebody keeps they need not have had.
        if from == to {
            return;
        }
        self.dollars[from] -= amount;
        self.dollars[to] += amount;
    }

    fn hand(&mut self, from: Account, to: Account, shares: &Wei) {
        self.shares[from] -= shares;
        self.shares[to] += shares;
    }
}

/// Nothing, or all of it.
fn none_of(reasons: Vec<Refusal>) -> Outcome<()> {
    if reasons.is_empty() {
        Ok(())
    } else {
        Err(reasons)
    }
}

fn of_filo(why: Vec<filo::Refusal>) -> Vec<Refusal> {
    why.into_iter().map(Refusal::Filo).collect()
}

/// USDai.
impl Protocol {
    /// New USDai for what backs it.
    pub fn issue_dollars(&mut self, to: Account, amount: &Wei) {
        self.dollars[to] += amount;
    }

    /// USDai are burnt for what backs them.
    ///
    /// # Errors
    /// [`Refusal::Dollars`].
    pub fn burn_dollars(&mut self, from: Account, amount: &Wei) -> Outcome<()> {
        none_of(self.short_of_dollars(from, amount).into_iter().collect())?;
        self.dollars[from] -= amount;
        Ok(())
    }

    /// USDai change hands. A contract that is given some books nothing.
    ///
    /// # Errors
    /// [`Refusal::Dollars`].
    pub fn send_dollars(&mut self, from: Account, to: Account, amount: &Wei) -> Outcome<()> {
        none_of(self.short_of_dollars(from, amount).into_iter().collect())?;
        self.pay(from, to, amount);
        if to == self.seats.filo {
            self.given += amount;
        }
        Ok(())
    }

    /// Yield of what backs USDai: the fee to the treasury, the rest to the vault, where it vests (PROTOCOL 2, 3.3).
    pub fn harvest(&mut self, fee: &Wei, rest: &Wei) {
        self.dollars[self.seats.treasury] += fee;
        self.dollars[self.seats.vault] += rest;
        if !rest.is_zero() {
            self.vault.income(rest);
        }
    }
}

/// The vault's entry side, and shares.
impl Protocol {
    fn against_entry(&self, by: Account, to: Account) -> Vec<Refusal> {
        let mut against: Vec<_> = self.barred_of(&[by, to]).collect();
        against.extend(self.paused.then_some(Refusal::Paused));
        against
    }

    /// `by` stakes `assets` for `to`; the shares.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn deposit(&mut self, by: Account, to: Account, assets: &Wei) -> Outcome<Wei> {
        let shares = down(&self.vault.entry().shares_for(assets));
        self.enter(by, to, assets, &shares, |vault| vault.deposit(assets).map(drop))?;
        Ok(shares)
    }

    /// `by` pays for `shares` of `to`; the assets.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn mint(&mut self, by: Account, to: Account, shares: &Wei) -> Outcome<Wei> {
        let assets = crate::exact::up(&self.vault.entry().assets_for(shares));
        self.enter(by, to, &assets, shares, |vault| vault.mint(shares).map(drop))?;
        Ok(assets)
    }

    fn enter(
        &mut self,
        by: Account,
        to: Account,
        assets: &Wei,
        shares: &Wei,
        book: impl FnOnce(&mut Vault) -> Result<(), vault::Refusal>,
    ) -> Outcome<()> {
        let mut against = self.against_entry(by, to);
        against.extend(self.short_of_dollars(by, assets));
        let before = self.vault.clone();
        against.extend(book(&mut self.vault).err().map(Refusal::Vault));
        if let Err(against) = none_of(against) {
            self.vault = before;
            return Err(against);
        }
        self.pay(by, self.seats.vault, assets);
        self.shares[to] += shares;
        Ok(())
    }

    /// Shares change hands.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn send_shares(&mut self, from: Account, to: Account, shares: &Wei) -> Outcome<()> {
        let mut against: Vec<_> = self.barred_of(&[from, to]).collect();
        against.extend(self.short_of_shares(from, shares));
        none_of(against)?;
        self.hand(from, to, shares);
        Ok(())
    }

    /// Shares go to another chain; they stay shares.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn bridge_out(&mut self, from: Account, shares: &Wei) -> Outcome<()> {
        let mut against: Vec<_> = self.barred_of(&[from]).collect();
        against.extend(shares.is_zero().then_some(Refusal::Vault(vault::Refusal::Zero)));
        against.extend(self.short_of_shares(from, shares));
        none_of(against)?;
        self.shares[from] -= shares;
        self.bridged += shares;
        Ok(())
    }

    /// They come back, no more than went.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn bridge_in(&mut self, to: Account, shares: &Wei) -> Outcome<()> {
        let mut against: Vec<_> = self.barred_of(&[to]).collect();
        against.extend(shares.is_zero().then_some(Refusal::Vault(vault::Refusal::Zero)));
        against.extend((*shares > self.bridged).then_some(Refusal::Vault(vault::Refusal::NotBooked)));
        none_of(against)?;
        self.bridged -= shares;
        self.shares[to] += shares;
        Ok(())
    }
}

/// The way out.
impl Protocol {
    /// `by` asks to leave with `shares`.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn request(&mut self, by: Account, shares: &Wei) -> Outcome<Id> {
        let mut against: Vec<_> = self.barred_of(&[by]).collect();
        against.extend(self.paused.then_some(Refusal::Paused));
        against.extend(self.short_of_shares(by, shares));
        against.extend(shares.is_zero().then_some(Refusal::Queue(qev::Refusal::Zero)));
        none_of(against)?;
        let id = self
            .queue
            .request(self.vault.now, shares.clone())
            .map_err(|why| vec![Refusal::Queue(why)])?;
        self.hand(by, self.seats.queue, shares);
        Ok(id)
    }

    /// Does something to the queue that moves neither shares nor money, wholly or not at all.
    ///
    /// # Errors
    /// [`Refusal::Queue`].
    pub fn in_queue<T>(&mut self, play: impl FnOnce(&mut Queue, u64) -> Result<T, qev::Refusal>) -> Outcome<T> {
        let before = self.queue.clone();
        play(&mut self.queue, self.vault.now).map_err(|why| {
            self.queue = before;
            vec![Refusal::Queue(why)]
        })
    }

    /// What waits of a position goes back, to `to`; it is dealt with by, and belongs to, `those`.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn cancel(&mut self, id: Id, shares: Option<&Wei>, to: Account, those: &[Account]) -> Outcome<Wei> {
        let against: Vec<_> = self.barred_of(&[those, &[to]].concat()).collect();
        let before = self.queue.clone();
        let outcome = self.in_queue(|queue, now| queue.cancel(now, id, shares));
        let left = match (outcome, none_of(against)) {
            (Ok(left), Ok(())) => left,
            (outcome, against) => {
                self.queue = before;
                let why = outcome.err().into_iter().chain(against.err());
                return Err(why.flatten().collect());
            }
        };
        self.hand(self.seats.queue, to, &left);
        Ok(left)
    }

    /// What several claims together pay, to `to`.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn claim<T>(
        &mut self,
        to: Account,
        those: &[Account],
        play: impl FnOnce(&mut Queue, u64) -> Result<(T, Wei), qev::Refusal>,
    ) -> Outcome<(T, Wei)> {
        let against: Vec<_> = self.barred_of(&[those, &[to]].concat()).collect();
        let before = self.queue.clone();
        let outcome = self.in_queue(play);
        let (told, assets) = match (outcome, none_of(against)) {
            (Ok(paid), Ok(())) => paid,
            (outcome, against) => {
                self.queue = before;
                let why = outcome.err().into_iter().chain(against.err());
                return Err(why.flatten().collect());
            }
        };
        self.pay(self.seats.queue, to, &assets);
        Ok((told, assets))
    }

    /// What a settlement would do, at the price and with the cash of now, unless a payment is overdue and nobody said so (PROTOCOL 5.3 and 6, Marks).
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn can_settle(&self) -> Outcome<Settlement> {
        self.settled().map(|(settlement, _)| settlement)
    }

    fn settled(&self) -> Outcome<(Settlement, Queue)> {
        let (now, price) = (self.vault.now, self.exit_price());
        let mut after = self.queue.clone();
        let outcome = after.settle(now, &price, &self.vault.cash);
        let overdue = self.filo.earliest_due().filter(|(due, _)| *due < now);
        let mut against: Vec<_> = outcome.as_ref().err().map(|why| Refusal::Queue(*why)).into_iter().collect();
        against.extend(overdue.map(|(due, loans)| Refusal::Filo(filo::Refusal::Overdue(due, loans))));
        none_of(against)?;
        let settlement = outcome.map_err(|why| vec![Refusal::Queue(why)])?;
        Ok((settlement, after))
    }

    /// Settles what has ended, as [`Self::can_settle`] says.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn settle(&mut self) -> Outcome<Settlement> {
        let (settlement, after) = self.settled()?;
        let (shares, assets) = settlement.totals();
        let paid = assets - &settlement.swept + &settlement.lacking;
        self.vault
            .fill(&shares, &paid, &settlement.kept)
            .map_err(|why| vec![Refusal::Vault(why)])?;
        self.queue = after;
        self.pay(self.seats.vault, self.seats.queue, &paid);
        self.shares[self.seats.queue] -= &shares;
        if !settlement.forfeited.is_zero() {
            self.vault.forfeit(&settlement.forfeited).map_err(|why| vec![Refusal::Vault(why)])?;
            self.shares[self.seats.queue] -= &settlement.forfeited;
        }
        Ok(settlement)
    }
}

/// Loans.
impl Protocol {
    /// Junior capital in.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn deposit_junior(&mut self, stack: StackId, by: Account, amount: &Wei) -> Outcome<()> {
        let short = self.short_of_dollars(by, amount);
        let before = short.is_some().then(|| self.filo.clone());
        let mut against = self.filo.deposit_junior(stack, by, amount).err().map(of_filo).unwrap_or_default();
        if let Some(before) = before {
            self.filo = before;
        }
        against.extend(short);
        none_of(against)?;
        self.pay(by, self.seats.filo, amount);
        Ok(())
    }

    /// And out.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn withdraw_junior(&mut self, stack: StackId, by: Account, amount: &Wei, to: Account) -> Outcome<()> {
        self.filo.withdraw_junior(stack, by, amount).map_err(of_filo)?;
        self.pay(self.seats.filo, to, amount);
        Ok(())
    }

    /// Draws an offer, for `to`, on receipts of which CALIBER says what they are worth and how long they are insured.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn draw(&mut self, offer: OfferId, by: Account, to: Account, value: &Wei, insured_until: u64) -> Outcome<Drawn> {
        let lendable = self.lendable();
        let drawn = self.filo.draw(offer, by, value, insured_until, &lendable).map_err(of_filo)?;
        self.lend(&drawn);
        self.pay(self.seats.vault, to, &drawn.senior);
        self.pay(self.seats.filo, to, &drawn.junior);
        Ok(drawn)
    }

    /// The vault books a loan.
    fn lend(&mut self, drawn: &Drawn) {
        let rate = self.filo.loan(drawn.loan).expect("drawn").vault_rate();
        let waiting = self.waiting().clone();
        let entry = self.vault.draw(&drawn.senior, &rate, &waiting).expect("lendable");
        self.entries.insert(drawn.loan, entry);
    }

    /// Draws an offer in place of a loan: the new money pays the old one off, the borrower pays what is missing, `to` gets what is left.
    ///
    /// # Errors
    /// [`Refusal`].
    ///
    /// # Panics
    /// If the parts of the model do not fit together.
    pub fn refinance(
        &mut self,
        old: LoanId,
        offer: OfferId,
        by: Account,
        to: Account,
        value: &Wei,
        insured_until: u64,
    ) -> Outcome<(Paid, Drawn)> {
        let lendable = self.lendable();
        let loan = self.filo.loan(old).cloned();
        let before = self.filo.clone();
        let (paid, drawn) = self
            .filo
            .refinance(old, offer, by, value, insured_until, &lendable)
            .map_err(of_filo)?;
        let loan = loan.expect("a loan");
        let (borrower, principal) = (loan.borrower, &drawn.senior + &drawn.junior);
        let owed = paid.total();
        let lacking = crate::exact::less(&owed, &principal);
        if let Some(short) = self.short_of_dollars(borrower, &lacking) {
            self.filo = before;
            return Err(vec![short]);
        }
        // The vault lends before it is paid.
        self.lend(&drawn);
        self.pay(self.seats.vault, self.seats.filo, &drawn.senior);
        self.pay(borrower, self.seats.filo, &lacking);
        self.distribute(self.seats.filo, old, &loan, &paid);
        self.pay(self.seats.filo, to, &crate::exact::less(&principal, &owed));
        Ok((paid, drawn))
    }

    /// Anybody pays at most `most` on a loan.
    ///
    /// # Errors
    /// [`Refusal`].
    ///
    /// # Panics
    /// If the parts of the model do not fit together.
    pub fn pay_loan(&mut self, id: LoanId, by: Account, most: &Wei) -> Outcome<Paid> {
        let before = self.filo.loan(id).cloned();
        let all = before
            .as_ref()
            .map_or(Wei::zero(), |loan| loan.payoff(self.filo.now, self.filo.period));
        // Who has all that may be asked for is not short of it.
        let undo = (self.dollars[by] < all.min(most.clone())).then(|| self.filo.clone());
        let paid = self.filo.pay(id, most).map_err(of_filo)?;
        let loan = before.expect("paid");
        if let Some(undo) = undo {
            if let Some(short) = self.short_of_dollars(by, &self.asked_of(by, &loan, &paid)) {
                self.filo = undo;
                return Err(vec![short]);
            }
        }
        self.distribute(by, id, &loan, &paid);
        Ok(paid)
    }

    /// What leaves the payer's pocket: a curator who pays keeps its own fee.
    fn asked_of(&self, by: Account, loan: &filo::Loan, paid: &Paid) -> Wei {
        let curator = self.filo.stack(loan.stack).expect("its stack").curator;
        let own = if by == curator { paid.servicing.clone() } else { Wei::zero() };
        paid.total() - own
    }

    /// Everybody gets their part, and the vault books it (PROTOCOL 6, Payment). `loan` is as it was.
    fn distribute(&mut self, from: Account, id: LoanId, loan: &filo::Loan, paid: &Paid) {
        let curator = self.filo.stack(loan.stack).expect("its stack").curator;
        self.pay(from, self.seats.vault, &paid.to_vault());
        self.pay(from, curator, &paid.servicing);
        self.pay(from, self.seats.treasury, &paid.protocol);
        self.pay(from, self.seats.filo, &(paid.to_stack() + paid.to_reserve()));

        let entry = self.entry(id);
        if !paid.owed_principal.is_zero() {
            let owed = self.owed[&loan.stack];
            self.vault.shift(owed, entry, &paid.owed_principal);
        }
        let (now, after) = (self.vault.now, self.filo.loan(id).expect("paid").clone());
        // What a loan that does not perform earns was taken out of the count when it was marked.
        let settled = if loan.status == Status::Live {
            loan.accrual_at(now) - after.accrual_at(now)
        } else {
            Wei::zero()
        };
        let rate = if after.status == Status::Live {
            after.vault_rate()
        } else {
            Wei::zero()
        };
        let principal = &paid.senior_principal + &paid.owed_principal;
        let interest = &paid.senior_interest + &paid.owed_interest;
        self.vault.repay_part(entry, &principal, &interest, &settled, &rate);
        let entry = self.entry(id);
        self.vault.impair(entry, &after.impairment);
    }

    /// The vault's entry of a loan; a new one, if it has nothing of it.
    fn entry(&mut self, id: LoanId) -> vault::Loan {
        let known = self.entries.get(&id).copied().filter(|entry| self.vault.loan(*entry).is_some());
        known.unwrap_or_else(|| {
            let entry = self.vault.open_empty();
            self.entries.insert(id, entry);
            entry
        })
    }

    /// A mark, of a loan that is late or in default: what it earned leaves the count, and what is expected to be lost is held against it.
    fn held_against(&mut self, id: LoanId) {
        let impairment = self.filo.loan(id).expect("marked").impairment.clone();
        let entry = self.entry(id);
        self.vault.mark(entry, &impairment, &Wei::zero());
    }

    /// Says that a payment is overdue.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn mark_late(&mut self, id: LoanId, value: &Wei) -> Outcome<()> {
        self.filo.mark_late(id, value).map_err(of_filo)?;
        self.held_against(id);
        Ok(())
    }

    /// Marks again.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn mark(&mut self, id: LoanId, value: &Wei) -> Outcome<()> {
        self.filo.mark(id, value).map_err(of_filo)?;
        self.held_against(id);
        Ok(())
    }

    /// Declares a default.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn declare_default(&mut self, id: LoanId, value: &Wei, insured_until: u64) -> Outcome<()> {
        self.filo.declare_default(id, value, insured_until).map_err(of_filo)?;
        self.held_against(id);
        Ok(())
    }

    /// Somebody buys receipts.
    ///
    /// # Errors
    /// [`Refusal`].
    ///
    /// # Panics
    /// If the parts of the model do not fit together.
    pub fn bid(&mut self, id: LoanId, by: Account, lots: &[(Receipt, Wei)], total: &Wei, most: &Wei) -> Outcome<Sale> {
        // Who has the price is not short of any part of it.
        let price = self.filo.price(id, lots, total).map_or(Wei::zero(), |(price, _)| price);
        let undo = (self.dollars[by] < price).then(|| self.filo.clone());
        let loan = self.filo.loan(id).cloned();
        let sale = self.filo.bid(id, lots, total, most).map_err(of_filo)?;
        let loan = loan.expect("sold");
        let own = if by == loan.borrower { sale.surplus.clone() } else { Wei::zero() };
        let asked = &sale.costs + self.asked_of(by, &loan, &sale.paid) + &sale.surplus - own;
        if let (Some(undo), Some(short)) = (undo, self.short_of_dollars(by, &asked)) {
            self.filo = undo;
            return Err(vec![short]);
        }
        self.pay(by, self.seats.treasury, &sale.costs);
        self.distribute(by, id, &loan, &sale.paid);
        self.pay(by, loan.borrower, &sale.surplus);
        if let Some(losses) = &sale.losses {
            self.bear(id, loan.stack, losses);
        }
        Ok(sale)
    }

    /// The last receipt is sold and something is missing (PROTOCOL 6, Loss order).
    fn bear(&mut self, id: LoanId, stack: StackId, losses: &Losses) {
        self.pay(self.seats.filo, self.seats.vault, &losses.to_vault());
        let entry = self.entry(id);
        // What the stack owed from before is looked at anew with it.
        if let Some(owed) = self.owed.remove(&stack) {
            if let Some((before, ..)) = self.vault.loan(owed) {
                self.vault.shift(owed, entry, &before);
            }
        }
        let zero = Wei::zero();
        let (principal, interest) = (&losses.cash.0 + &losses.reserve.0, &losses.cash.1 + &losses.reserve.1);
        if !losses.claim.0.is_zero() {
            let owed = self.vault.open_empty();
            self.vault.shift(entry, owed, &losses.claim.0);
            self.owed.insert(stack, owed);
        }
        let entry = self.entry(id);
        self.vault.repay_part(entry, &principal, &interest, &zero, &zero);
        let entry = self.entry(id);
        self.vault.write_off(entry, &losses.lost);
        self.entries.remove(&id);
    }
}

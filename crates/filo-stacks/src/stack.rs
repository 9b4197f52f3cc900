//! A stack: one curator's first-loss capital and the loans behind which it stands (PROTOCOL 6, Stack and First loss).
//!
//! Segregated: every function takes one stack and nothing else, so nothing of one stack pays for another.

use alloy_primitives::{Address, B256};
use fixed_point::{Bps, Rounding};

use crate::{
    amount::{word, Amount},
    balance::Payment,
    errors::{InsufficientJunior, SeniorCapExceeded, StackInTrouble},
    loan::{Loan, Status},
    FiloError,
};

/// Least first-loss ratio: 10 %.
pub const MIN_FIRST_LOSS_BPS: u128 = 1_000;
/// Greatest first-loss ratio: 90 %, so that every loan has a senior side.
pub const MAX_FIRST_LOSS_BPS: u128 = 9_000;
/// Greatest loan-to-value ratio: 70 %.
pub const MAX_LTV_BPS: u128 = 7_000;
/// Highest margin trigger: 95 % of the receipts' value.
pub const MAX_TRIGGER_BPS: u128 = 9_500;
/// Most senior principal of a stack, as of a loan: what 12 bytes hold.
pub const MAX_SENIOR: u128 = (1 << 96) - 1;
/// Bound of each of the three fees on interest; together they stay within 30 %.
pub const MAX_FEE_BPS: u128 = 1_000;
/// Bound of the junior spread: 30 % of the senior side's interest.
pub const MAX_SPREAD_BPS: u128 = 3_000;

/// A stack, whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stack {
    /// Who opened it; zero is no stack.
    pub curator: Address,
    /// The part of every loan that junior capital pays.
    pub first_loss: Bps,
    /// The part of the receipts' value that is lent at most.
    pub max_ltv: Bps,
    /// The loan-to-value ratio above which anybody may call for more.
    pub trigger: Bps,
    /// The curator's part of interest.
    pub servicing: Bps,
    /// The part of the senior side's interest that goes to the junior side.
    pub spread: Bps,
    /// The only hardware class it lends against; zero is any.
    pub hardware_class: B256,
    /// Loans on which money is owed.
    pub live: u32,
    /// Most senior principal outstanding.
    pub senior_cap: Amount,
    /// Senior principal outstanding over its loans, and what the senior side has a claim for on its junior side (F1).
    pub senior: Amount,
    /// Junior capital at hand (F2).
    pub junior_cash: Amount,
    /// Junior capital lent.
    pub junior_lent: Amount,
    /// What is different when not all is well.
    pub trouble: Trouble,
}

/// What a stack remembers while a loan of it is in trouble, or was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trouble {
    /// Loans that are late, called or in default.
    pub loans: u32,
    /// Of these, loans in default: meanwhile all principal goes to the senior side first.
    pub defaulted: u32,
    /// Senior principal that is owed out of whatever the junior side gets: the part of its share that has moved (PROTOCOL 6, Loss order).
    pub owed_principal: Amount,
    /// Senior interest that is owed likewise, after the principal, and what makes a loss good that the vault has booked.
    pub owed_interest: Amount,
    /// Junior capital on which the marks of its loans count already.
    pub earmarked: Amount,
    /// Junior principal in loans that are marked: no cover for others.
    pub marked_junior: Amount,
}

/// Where the money for a senior shortfall comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Absorbed {
    /// Principal and interest paid to the vault out of the junior cash.
    pub by_cash: (Amount, Amount),
    /// Principal and interest that become claims on the junior side's share of other loans. What marked loans may still bring of what is
    /// lost is owed as interest: it is off the vault's book.
    pub by_claim: (Amount, Amount),
    /// Principal and interest paid to the vault out of the insurance reserve.
    pub by_reserve: (Amount, Amount),
    /// Principal that nothing covers now: the vault's loss.
    pub lost: Amount,
}

impl Stack {
    /// Takes in junior capital.
    ///
    /// # Errors
    /// An overflow from 2^128 on.
    pub fn deposit(&mut self, assets: Amount) -> Result<(), FiloError> {
        self.junior_cash = self.junior_cash.plus(assets)?;
        Ok(())
    }

    /// Gives out junior capital that is not lent, as far as what stays is the first-loss part of what is lent.
    ///
    /// # Errors
    /// [`StackInTrouble`]; [`InsufficientJunior`].
    pub fn withdraw(&mut self, id: u64, assets: Amount) -> Result<(), FiloError> {
        self.require_sound(id)?;
        let lent = self.senior.plus(self.junior_lent)?;
        let must_stay = lent.part(self.first_loss, Rounding::Up)?.less(self.junior_lent);
        self.require_junior(id, assets.plus(must_stay)?)?;
        self.junior_cash = self.junior_cash.minus(assets)?;
        Ok(())
    }

    /// While a loan is late, called or in default, or the senior side has a claim on it, the junior capital stays where it is.
    fn require_sound(&self, stack: u64) -> Result<(), FiloError> {
        let Trouble {
            loans,
            owed_principal,
            owed_interest,
            ..
        } = self.trouble;
        let owed = owed_principal.plus(owed_interest)?;
        if loans != 0 || !owed.is_zero() {
            return Err(StackInTrouble {
                stack: word(stack),
                loans: word(loans.into()),
                owed: owed.word(),
            }
            .into());
        }
        Ok(())
    }

    /// Lends `principal`: ⌈first loss × principal⌉ from the junior cash, the rest, which is returned, from the vault.
    ///
    /// # Errors
    /// [`StackInTrouble`]; [`InsufficientJunior`]; [`SeniorCapExceeded`].
    pub fn lend(&mut self, id: u64, principal: Amount) -> Result<Amount, FiloError> {
        self.require_sound(id)?;
        let junior = principal.part(self.first_loss, Rounding::Up)?;
        let senior = principal.minus(junior)?;
        self.require_junior(id, junior)?;
        let total = self.senior.plus(senior)?;
        if total > self.senior_cap {
            return Err(SeniorCapExceeded {
                stack: word(id),
                senior: total.word(),
                cap: self.senior_cap.word(),
            }
            .into());
        }
        self.senior = total;
        self.junior_cash = self.junior_cash.minus(junior)?;
        self.junior_lent = self.junior_lent.plus(junior)?;
        Ok(senior)
    }

    /// Books a payment on one of its loans. What it owes the senior side is taken out of what the junior side gets.
    ///
    /// # Errors
    /// An overflow of the arithmetic: never for a payment on one of its loans.
    pub fn settle(&mut self, payment: &mut Payment) -> Result<(), FiloError> {
        let mut junior = payment.to_stack()?;
        let Trouble {
            owed_principal,
            owed_interest,
            ..
        } = &mut self.trouble;
        payment.diverted = (owed_principal.take(junior), Amount::ZERO);
        junior = junior.less(payment.diverted.0);
        payment.diverted.1 = owed_interest.take(junior);
        self.senior = self.senior.minus(payment.vault_principal()?)?;
        self.junior_lent = self.junior_lent.minus(payment.junior_principal)?;
        self.deposit(payment.to_stack()?)
    }

    /// Books a change of one of its loans' standing.
    ///
    /// # Errors
    /// An overflow of the arithmetic: never for one of its loans.
    pub fn restate(&mut self, before: &Loan, after: &Loan) -> Result<(), FiloError> {
        let count = |count: u32, was: bool, is: bool| count.saturating_sub(was.into()).saturating_add(is.into());
        let marked = |loan: &Loan| if loan.status.is_marked() { loan.junior() } else { Amount::ZERO };
        let trouble = &mut self.trouble;
        self.live = count(self.live, before.status.is_open(), after.status.is_open());
        trouble.loans = count(trouble.loans, before.is_troubled(), after.is_troubled());
        let in_default = |loan: &Loan| loan.status == Status::Defaulted;
        trouble.defaulted = count(trouble.defaulted, in_default(before), in_default(after));
        trouble.marked_junior = trouble.marked_junior.minus(marked(before))?.plus(marked(after))?;
        trouble.earmarked = trouble
            .earmarked
            .minus(before.distress.junior_cover)?
            .plus(after.distress.junior_cover)?;
        Ok(())
    }

    /// Junior capital that a mark can count on: cash and the share of loans that perform, less what others count on or is owed.
    ///
    /// # Errors
    /// An overflow of the sums.
    pub fn free_cover(&self) -> Result<Amount, FiloError> {
        let Trouble {
            owed_principal,
            owed_interest,
            earmarked,
            ..
        } = self.trouble;
        Ok(self.held()?.less(owed_principal).less(owed_interest).less(earmarked))
    }

    /// What the senior side has to get out of a marked loan's `junior` principal, already counted as marked: of what the stack owes it, as much as
    /// neither the junior cash nor the share of loans that perform covers, shared by all marked loans as their junior principal is. Rounded up.
    ///
    /// # Errors
    /// An overflow of the sums: never for one of its loans.
    pub fn claim_on(&self, junior: Amount) -> Result<Amount, FiloError> {
        let Trouble {
            owed_principal,
            marked_junior,
            ..
        } = self.trouble;
        let bare = owed_principal.less(self.held()?);
        // Where nothing is marked nothing is bare.
        Ok(bare.scale(junior.word(), marked_junior.max(Amount(1)).word(), Rounding::Up)?)
    }

    /// Junior capital that is cash, or lent in loans that perform.
    fn held(&self) -> Result<Amount, FiloError> {
        Ok(self.junior_cash.plus(self.junior_lent.less(self.trouble.marked_junior))?)
    }

    /// Takes what the senior side did not get of a loan, `principal` and `interest`, and what it is owed from before, out of the junior
    /// cash, then out of the junior side's share of loans that perform, then out of the insurance reserve: principal before interest each
    /// time. The rest is lost, and owed out of the junior side's share of loans that are marked: it covers nothing, but what it does bring is
    /// not the curator's before the senior side is whole. So no more is ever owed than is lent of junior capital, and nothing once none is.
    /// The loan's own junior principal must have been taken off before ([`Stack::forfeit`]).
    ///
    /// # Errors
    /// An overflow of the sums.
    pub fn absorb(&mut self, principal: Amount, interest: Amount, reserve: &mut Amount) -> Result<Absorbed, FiloError> {
        let Trouble {
            owed_principal,
            owed_interest,
            marked_junior,
            ..
        } = self.trouble;
        let mut need = (principal.plus(owed_principal)?, interest.plus(owed_interest)?);
        let by_cash = cover(&mut self.junior_cash, &mut need);
        let mut by_claim = cover(&mut self.junior_lent.less(marked_junior), &mut need);
        let by_reserve = cover(reserve, &mut need);
        let lost = need.0;
        by_claim.1 = by_claim.1.plus(lost.plus(need.1)?.min(marked_junior))?;
        (self.trouble.owed_principal, self.trouble.owed_interest) = by_claim;
        self.senior = self.senior.minus(by_cash.0.plus(by_reserve.0)?.plus(lost)?)?;
        Ok(Absorbed {
            by_cash,
            by_claim,
            by_reserve,
            lost,
        })
    }

    /// Takes off the junior principal of a loan that is lost.
    ///
    /// # Errors
    /// An overflow: never for one of its loans.
    pub fn forfeit(&mut self, junior: Amount) -> Result<(), FiloError> {
        self.junior_lent = self.junior_lent.minus(junior)?;
        Ok(())
    }

    fn require_junior(&self, stack: u64, needed: Amount) -> Result<(), FiloError> {
        if needed > self.junior_cash {
            return Err(InsufficientJunior {
                stack: word(stack),
                needed: needed.word(),
                available: self.junior_cash.word(),
            }
            .into());
        }
        Ok(())
    }
}

/// Pays principal, then interest, out of `source`.
fn cover(source: &mut Amount, need: &mut (Amount, Amount)) -> (Amount, Amount) {
    let paid = (source.take(need.0), source.take(need.1));
    *need = (need.0.less(paid.0), need.1.less(paid.1));
    paid
}

#[cfg(test)]
#[path = "stack_tests.rs"]
mod tests;

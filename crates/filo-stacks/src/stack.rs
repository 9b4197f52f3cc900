//! A stack: one curator's first-loss capital and the loans behind which it stands (PROTOCOL 6, Stack and First loss).
//!
//! Segregated: every function takes one stack and nothing else, so nothing of one stack pays for another.

use alloy_primitives::{Address, B256};
use fixed_point::{Bps, Rounding};

use crate::{
    amount::{word, Amount},
    balance::Payment,
    errors::{InsufficientJunior, SeniorCapExceeded, TooManyLoans},
    FiloError,
};

/// Most live loans of a stack: what a withdrawal of junior capital walks. The index of due days that comes with marking late loans
/// replaces the walk and this limit.
pub const MAX_LOANS: u8 = 64;
/// Least first-loss ratio: 10 %.
pub const MIN_FIRST_LOSS_BPS: u128 = 1_000;
/// Greatest first-loss ratio: 90 %, so that every loan has a senior side.
pub const MAX_FIRST_LOSS_BPS: u128 = 9_000;
/// Greatest loan-to-value ratio: 70 %.
pub const MAX_LTV_BPS: u128 = 7_000;
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
    /// The curator's part of interest.
    pub servicing: Bps,
    /// The part of the senior side's interest that goes to the junior side.
    pub spread: Bps,
    /// The only hardware class it lends against; zero is any.
    pub hardware_class: B256,
    /// Live loans.
    pub live: u8,
    /// Most senior principal outstanding.
    pub senior_cap: Amount,
    /// Senior principal outstanding over its loans (F1).
    pub senior: Amount,
    /// Junior capital at hand (F2).
    pub junior_cash: Amount,
    /// Junior capital lent.
    pub junior_lent: Amount,
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

    /// Gives out junior capital that is not lent.
    ///
    /// # Errors
    /// [`InsufficientJunior`] beyond the junior cash.
    pub fn withdraw(&mut self, id: u64, assets: Amount) -> Result<(), FiloError> {
        self.require_junior(id, assets)?;
        self.junior_cash = self.junior_cash.minus(assets)?;
        Ok(())
    }

    /// Lends `principal`: ⌈first loss × principal⌉ from the junior cash, the rest, which is returned, from the vault.
    ///
    /// # Errors
    /// [`TooManyLoans`]; [`InsufficientJunior`]; [`SeniorCapExceeded`].
    pub fn lend(&mut self, id: u64, principal: Amount) -> Result<Amount, FiloError> {
        if self.live >= MAX_LOANS {
            return Err(TooManyLoans {
                stack: word(id),
                limit: word(MAX_LOANS.into()),
            }
            .into());
        }
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

    /// Books a payment on one of its loans.
    ///
    /// # Errors
    /// An overflow of the arithmetic: never for a payment on one of its loans.
    pub fn settle(&mut self, payment: &Payment) -> Result<(), FiloError> {
        self.senior = self.senior.minus(payment.senior_principal)?;
        self.junior_lent = self.junior_lent.minus(payment.junior_principal)?;
        self.deposit(payment.to_stack()?)
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

#[cfg(test)]
#[path = "stack_tests.rs"]
mod tests;

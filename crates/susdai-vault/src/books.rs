//! The books between storage and the core, and what anybody may read of them.

use alloy_primitives::U256;
use fixed_point::{Assets, Shares};
use stylus_sdk::prelude::*;

use crate::{errors::VaultError, loan_book::LoanBook, nav::Nav, till::Till, vault::Vault, vesting::Vesting};

/// What [`Vault::read`] can be asked.
#[derive(Clone, Copy)]
pub(crate) enum View {
    Optimistic,
    Conservative,
    Unvested,
    ToSharesDown,
    ToAssetsDown,
    PreviewDeposit,
    PreviewMint,
    MaxDeposit,
    MaxMint,
    EntryPrice,
    ExitPrice,
}

/// The books between storage and the core.
impl Vault {
    /// Answers `view`, with `amount` where it takes one. One function for all of them: each that took its own snapshot would be half a
    /// kilobyte of code.
    #[inline(never)]
    pub(crate) fn read(&self, view: View, amount: &U256) -> Result<U256, VaultError> {
        let nav = self.snapshot()?;
        let (standing, entry, exit) = (nav.standing()?, nav.entry()?, nav.exit()?);
        if matches!(view, View::PreviewDeposit | View::PreviewMint) {
            entry.require_open()?;
        }
        Ok(match view {
            View::Optimistic => standing.assets.0,
            View::Conservative => exit.assets.0,
            View::Unvested => nav.unvested.0,
            View::ToSharesDown => standing.to_shares_down(Assets(*amount))?.0,
            View::ToAssetsDown => standing.to_assets_down(Shares(*amount))?.0,
            View::PreviewDeposit => entry.to_shares_down(Assets(*amount))?.0,
            View::PreviewMint => entry.to_assets_up(Shares(*amount))?.0,
            // Also where nobody can enter: what is there has a face value.
            View::EntryPrice => nav.face()?.entry_price()?,
            View::MaxDeposit => entry.max_deposit(nav.cash, self.limits_book().cap)?.0,
            View::MaxMint => entry.max_mint(nav.cash, self.limits_book().cap)?.0,
            View::ExitPrice => exit.exit_price()?,
        })
    }

    /// Everything that determines the vault's value, now.
    pub(crate) fn snapshot(&self) -> Result<Nav, VaultError> {
        let now = self.now();
        let loans = self.loans_book();
        Ok(Nav {
            cash: self.till_book().cash,
            principal: loans.principal,
            impairment: loans.impairment,
            unvested: self.vesting_line().unvested(now)?,
            accrued: loans.interest_at(now)?,
            total_shares: self.all_shares()?,
        })
    }

    /// All shares, those on other chains included.
    pub(crate) fn all_shares(&self) -> Result<Shares, VaultError> {
        Ok(Shares(self.shares.total_supply()).plus(self.limits_book().bridged)?)
    }

    pub(crate) fn now(&self) -> u64 {
        self.vm().block_timestamp()
    }

    pub(crate) fn till_book(&self) -> Till {
        Till::from_word(self.till.get())
    }

    pub(crate) fn set_till(&mut self, till: &Till) -> Result<(), VaultError> {
        self.till.set(till.to_word()?);
        Ok(())
    }

    pub(crate) fn loans_book(&self) -> LoanBook {
        let accrual = self.accrual.get();
        let impairment = if LoanBook::is_impaired(&accrual) {
            self.impairment.get()
        } else {
            U256::ZERO
        };
        LoanBook::from_words(self.loans.get(), accrual, impairment)
    }

    pub(crate) fn set_loans(&mut self, book: &LoanBook) -> Result<(), VaultError> {
        let [loans, accrual, impairment] = book.to_words()?;
        if LoanBook::is_impaired(&accrual) || LoanBook::is_impaired(&self.accrual.get()) {
            self.impairment.set(impairment);
        }
        self.loans.set(loans);
        self.accrual.set(accrual);
        Ok(())
    }

    pub(crate) fn vesting_line(&self) -> Vesting {
        Vesting::from_word(self.vesting.get())
    }

    pub(crate) fn set_vesting(&mut self, line: &Vesting) -> Result<(), VaultError> {
        self.vesting.set(line.to_word()?);
        Ok(())
    }
}

//! What FiLo and USDai tell the vault: loans drawn and repaid, income received.

use alloy_primitives::Address;
use fixed_point::Assets;
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    errors::{OnlyFilo, OnlyUsdai, VaultError, ZeroAmount},
    events::{LoanDrawn, LoanMarked, LoanRepaid, LoanWrittenOff, YieldReceived},
    loan_book::{Rate, Remark, Repayment},
    vault::{require_address, Vault},
};

impl Vault {
    /// Lends and pays.
    pub(crate) fn lend(&mut self, principal: Assets, rate: Rate, receiver: Address) -> Result<(), VaultError> {
        self.require_filo()?;
        if principal.is_zero() {
            return Err(ZeroAmount {}.into());
        }
        require_address(receiver)?;
        let till = self.till_book().lend(principal, self.awaited()?)?;
        let book = self.loans_book().draw(principal, rate, self.now())?;
        self.set_till(&till)?;
        self.set_loans(&book)?;
        LoanDrawn {
            receiver,
            principal: principal.0,
            rate: rate.0,
        }
        .emit(self.vm());
        self.pay(receiver, principal)
    }

    /// Books a repayment whose money is here already.
    pub(crate) fn book_repayment(&mut self, repayment: &Repayment, interest: Assets) -> Result<(), VaultError> {
        self.require_filo()?;
        let book = self.loans_book().repay(repayment, self.now())?;
        let till = self.till_book().repay(repayment.principal, interest)?;
        self.set_loans(&book)?;
        self.set_till(&till)?;
        self.vest_gain(repayment.surplus(interest)?)?;
        LoanRepaid {
            principal: repayment.principal.0,
            interest: interest.0,
            accrual: repayment.accrual.0,
            oldRate: repayment.old_rate.0,
            newRate: repayment.new_rate.0,
        }
        .emit(self.vm());
        Ok(())
    }

    /// Marks a loan anew: no money moves.
    pub(crate) fn remark(&mut self, change: &Repayment, remark: &Remark) -> Result<(), VaultError> {
        self.require_filo()?;
        let book = self.loans_book().repay(change, self.now())?.remark(remark)?;
        self.set_loans(&book)?;
        LoanMarked {
            accrual: change.accrual.0,
            oldRate: change.old_rate.0,
            newRate: change.new_rate.0,
            oldImpairment: remark.old.0,
            newImpairment: remark.new.0,
        }
        .emit(self.vm());
        Ok(())
    }

    /// Takes a loss out of the books for good.
    pub(crate) fn book_loss(&mut self, principal: Assets, impairment: Assets) -> Result<(), VaultError> {
        self.require_filo()?;
        let book = self.loans_book().write_off(principal, impairment)?;
        self.set_loans(&book)?;
        LoanWrittenOff {
            principal: principal.0,
            impairment: impairment.0,
        }
        .emit(self.vm());
        Ok(())
    }

    /// Books income whose money is here already.
    pub(crate) fn receive_yield(&mut self, assets: Assets) -> Result<(), VaultError> {
        let caller = self.vm().msg_sender();
        if caller != self.usdai.get() {
            return Err(OnlyUsdai { caller }.into());
        }
        if assets.is_zero() {
            return Err(ZeroAmount {}.into());
        }
        let till = self.till_book().receive(assets)?;
        self.set_till(&till)?;
        self.vest(assets)?;
        YieldReceived { assets: assets.0 }.emit(self.vm());
        Ok(())
    }

    fn require_filo(&self) -> Result<(), VaultError> {
        let caller = self.vm().msg_sender();
        if caller == self.filo.get() {
            Ok(())
        } else {
            Err(OnlyFilo { caller }.into())
        }
    }
}

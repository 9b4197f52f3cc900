//! What FiLo and USDai tell the vault: loans drawn and repaid, income received.

use alloy_primitives::Address;
use alloy_sol_types::SolEvent;
use fixed_point::Assets;
use interfaces::words::{emit, Word};
use stylus_sdk::prelude::*;

use crate::{
    errors::{Refusal, VaultError},
    events::{LoanDrawn, LoanRepaid, YieldReceived},
    loan_book::{Rate, Repayment},
    vault::{require_address, Vault},
};

impl Vault {
    /// Lends and pays.
    pub(crate) fn lend(&mut self, principal: Assets, rate: Rate, receiver: Address) -> Result<(), Refusal> {
        self.require_filo()?;
        if principal.is_zero() {
            return Err(VaultError::ZeroAmount.into());
        }
        require_address(receiver)?;
        let till = self.till_book().lend(principal, self.awaited()?)?;
        let book = self.loans_book().draw(principal, rate, self.now())?;
        self.set_till(&till)?;
        self.set_loans(&book)?;
        let words = [LoanDrawn::SIGNATURE_HASH, receiver.word(), principal.0.word(), rate.0.word()];
        emit(self.vm(), 2, &words);
        self.pay(receiver, principal)
    }

    /// Books a repayment whose money is here already.
    pub(crate) fn book_repayment(&mut self, repayment: &Repayment, interest: Assets) -> Result<(), Refusal> {
        self.require_filo()?;
        let book = self.loans_book().repay(repayment, self.now())?;
        let till = self.till_book().repay(repayment.principal, interest)?;
        self.set_loans(&book)?;
        self.set_till(&till)?;
        let words = [
            LoanRepaid::SIGNATURE_HASH,
            repayment.principal.0.word(),
            interest.0.word(),
            repayment.accrual.0.word(),
            repayment.old_rate.0.word(),
            repayment.new_rate.0.word(),
        ];
        emit(self.vm(), 1, &words);
        Ok(())
    }

    /// Books income whose money is here already.
    pub(crate) fn receive_yield(&mut self, assets: Assets) -> Result<(), Refusal> {
        let caller = self.vm().msg_sender();
        if caller != self.usdai.get() {
            return Err(VaultError::OnlyUsdai(caller).into());
        }
        if assets.is_zero() {
            return Err(VaultError::ZeroAmount.into());
        }
        let till = self.till_book().receive(assets)?;
        self.set_till(&till)?;
        self.vest(assets)?;
        emit(self.vm(), 1, &[YieldReceived::SIGNATURE_HASH, assets.0.word()]);
        Ok(())
    }

    fn require_filo(&self) -> Result<(), Refusal> {
        let caller = self.vm().msg_sender();
        if caller == self.filo.get() {
            Ok(())
        } else {
            Err(VaultError::OnlyFilo(caller).into())
        }
    }
}

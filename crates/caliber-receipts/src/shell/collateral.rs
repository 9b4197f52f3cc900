//! Receipts as collateral: what the FiLo contract does with them.

use alloy_primitives::{Address, U256};
use fixed_point::Assets;
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use super::{CaliberReceipts, LAST_SECOND};
use crate::{
    errors::{in_range, OnlyFilo, StaleAppraisal},
    events::{Pledged, Released},
    storage::Settings,
    title::{Lien, LoanId},
    CaliberError,
};

/// What receipts secure together.
struct Sum {
    value: Assets,
    covered_until: u64,
}

impl Sum {
    const NONE: Self = Self {
        value: Assets::ZERO,
        covered_until: u64::MAX,
    };

    fn words(&self) -> (U256, U256) {
        (self.value.0, U256::from(self.covered_until))
    }
}

impl CaliberReceipts {
    fn settings_for_filo(&self) -> Result<Settings, CaliberError> {
        let (settings, caller) = (self.settings(), self.vm().msg_sender());
        if caller != settings.filo {
            return Err(OnlyFilo { caller }.into());
        }
        Ok(settings)
    }

    /// Adds a receipt to `sum`; below the quorum it is worth nothing, and refused if `strictly`.
    fn add_up(&self, receipt: U256, settings: &Settings, strictly: bool, sum: &mut Sum) -> Result<(), CaliberError> {
        let policy = &settings.policy;
        let hearing = self.hear(receipt, policy)?;
        if strictly && hearing.bench.count() < usize::from(policy.quorum) {
            return Err(StaleAppraisal {
                receipt,
                appraisedAt: U256::from(hearing.latest),
            }
            .into());
        }
        sum.value = sum.value.plus(hearing.bench.value(policy))?;
        sum.covered_until = self.covered_until(receipt, &hearing.bench, policy)?.min(sum.covered_until);
        Ok(())
    }

    pub(super) fn encumber(&mut self, receipts: &[U256], owner: Address, loan: U256) -> Result<(U256, U256), CaliberError> {
        let settings = self.settings_for_filo()?;
        let loan_id = loan_id(&loan)?;
        in_range("receipts", &U256::from(receipts.len()), 1, LAST_SECOND)?;
        let mut sum = Sum::NONE;
        for receipt in receipts {
            let receipt = *receipt;
            let title = self.title(receipt)?.pledged(receipt, owner, loan_id)?;
            self.set_title(receipt, title)?;
            self.add_up(receipt, &settings, true, &mut sum)?;
            Pledged { receipt, loan }.emit(self.vm());
        }
        Ok(sum.words())
    }

    /// Frees receipts of `loan`, or passes them on to `next`.
    pub(super) fn relieve(&mut self, receipts: &[U256], loan: U256, next: Option<U256>) -> Result<(), CaliberError> {
        self.settings_for_filo()?;
        let loan_id = loan_id(&loan)?;
        let lien = match &next {
            Some(next) => Lien::Pledged(self::loan_id(next)?),
            None => Lien::Free,
        };
        for receipt in receipts {
            let receipt = *receipt;
            let title = self.title(receipt)?.relieved(receipt, loan_id, lien)?;
            self.set_title(receipt, title)?;
            Released { receipt, loan }.emit(self.vm());
            if let Some(loan) = next {
                Pledged { receipt, loan }.emit(self.vm());
            }
        }
        Ok(())
    }

    pub(super) fn hand_over(&mut self, receipts: &[U256], loan: U256, to: Address) -> Result<(), CaliberError> {
        self.relieve(receipts, loan, None)?;
        self.require_party(to)?;
        for receipt in receipts {
            let receipt = *receipt;
            let title = self.title(receipt)?;
            self.ledger.transfer(title.owner, to, receipt)?;
            self.set_title(receipt, title.next_tenure())?;
        }
        Ok(())
    }

    pub(super) fn collateral(&self, receipts: &[U256]) -> Result<(U256, U256), CaliberError> {
        if receipts.is_empty() {
            return Ok((U256::ZERO, U256::ZERO));
        }
        let (settings, mut sum) = (self.settings(), Sum::NONE);
        for receipt in receipts {
            self.title(*receipt)?;
            self.add_up(*receipt, &settings, false, &mut sum)?;
        }
        Ok(sum.words())
    }
}

fn loan_id(loan: &U256) -> Result<LoanId, CaliberError> {
    in_range("loan", loan, 1, Lien::LAST_LOAN.into())?;
    Ok(LoanId(loan.to()))
}

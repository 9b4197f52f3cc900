//! Appraisers, appraisals, classes.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use fixed_point::Assets;
use interfaces::{calls::IRouter, ids::role};
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use super::{CaliberReceipts, LAST_SECOND};
use crate::{
    errors::{in_range, LengthMismatch, NotToBeStruck, ShockTooSoon, TooManyAppraisers},
    evaluation::{Appraisal, Bench, Class, Cover, Policy, FULL_INDEX, LEAST_INDEX, MOST_APPRAISALS, SHOCK_INTERVAL},
    events::{Appraised, ClassIndexSet, Insured, Struck},
    storage::{Fixed, Seat, Seated},
    CaliberError, Said,
};

/// What the appraisers of a receipt say.
pub(super) struct Hearing {
    /// Those that count.
    pub(super) bench: Bench,
    /// When the last of all spoke.
    pub(super) latest: u64,
}

impl CaliberReceipts {
    /// Hears all appraisers of a receipt.
    #[inline(never)]
    pub(super) fn hear(&self, receipt: U256, policy: &Policy) -> Result<Hearing, CaliberError> {
        let class = self.class(receipt);
        let (mut bench, mut latest, now) = (Bench::default(), 0, self.now());
        for index in 0..usize::from(self.receipts.bailment(receipt).appraisals) {
            let Seated { appraisal, seat } = self.receipts.appraisal(receipt, index);
            latest = appraisal.at.max(latest);
            if !self.seats.get(seat).account.is_zero() {
                bench.hear(&appraisal, policy, &class, now)?;
            }
        }
        Ok(Hearing { bench, latest })
    }

    /// Every appraisal of a receipt, those that do not count too.
    pub(super) fn said(&self, receipt: U256) -> Result<Vec<Said>, CaliberError> {
        let (class, policy, now) = (self.class(receipt), self.settings().policy, self.now());
        let mut said = Vec::new();
        for index in 0..usize::from(self.receipts.bailment(receipt).appraisals) {
            let Seated { appraisal, seat } = self.receipts.appraisal(receipt, index);
            let Seat { account, issuer } = self.seats.get(seat);
            let counts = !account.is_zero() && !appraisal.is_stale(&policy, now);
            said.push(Said {
                appraiser: account,
                issuer,
                value: appraisal.value.0,
                appraised_at: U256::from(appraisal.at),
                worth: if counts { appraisal.value_at(&class, now)?.0 } else { U256::ZERO },
            });
        }
        Ok(said)
    }

    pub(super) fn class(&self, receipt: U256) -> Class {
        self.classes.get(self.receipts.fixed(receipt, Fixed::HardwareClass))
    }

    pub(super) fn appraise_all(&mut self, receipts: &[U256], values: &[U256], appraiser: Address, at: u64) -> Result<(), CaliberError> {
        if receipts.len() != values.len() {
            return Err(LengthMismatch {
                first: U256::from(receipts.len()),
                second: U256::from(values.len()),
            }
            .into());
        }
        for (receipt, value) in receipts.iter().zip(values) {
            self.commit_appraisal(*receipt, appraiser, false, *value, at)?;
        }
        Ok(())
    }

    /// Writes what `account` says of a receipt as of `at`, not to come: in place of what it said before, or of what does not count any
    /// more, or beside the others. An issuer's figure counts until then.
    #[inline(never)]
    pub(super) fn commit_appraisal(
        &mut self,
        receipt: U256,
        account: Address,
        issuer: bool,
        value: U256,
        at: u64,
    ) -> Result<(), CaliberError> {
        self.title(receipt)?;
        in_range("appraisal", &value, 1, u128::MAX)?;
        let full = || TooManyAppraisers {
            receipt,
            maximum: U256::from(MOST_APPRAISALS),
        };
        let seat = self.seats.ensure(Seat { account, issuer }).ok_or_else(full)?;
        let (policy, now) = (self.settings().policy, self.now());
        let mut bailment = self.receipts.bailment(receipt);
        let count = usize::from(bailment.appraisals);
        let mut place = count;
        for index in 0..count {
            let there = self.receipts.appraisal(receipt, index);
            if there.seat == seat {
                place = index;
                break;
            }
            let holder = self.seats.get(there.seat);
            if place == count && (holder.issuer || holder.account.is_zero() || there.appraisal.is_stale(&policy, now)) {
                place = index;
            }
        }
        if place == MOST_APPRAISALS {
            return Err(full().into());
        }
        if place == count {
            bailment.appraisals += 1;
            self.receipts.set_bailment(receipt, bailment);
        }
        let index = self.class(receipt).index;
        let appraisal = Appraisal {
            value: Assets(value),
            at,
            index,
        };
        self.receipts.set_appraisal(receipt, place, Seated { appraisal, seat });
        Appraised {
            receipt,
            appraiser: account,
            value,
            appraisedAt: U256::from(at),
        }
        .emit(self.vm());
        Ok(())
    }

    pub(super) fn strike_seat(&mut self, role: B256, account: Address) -> Result<(), CaliberError> {
        let issuer = role == role::TOKENISING_AGENT.word();
        let seat = Seat { account, issuer };
        if (!issuer && role != role::APPRAISER.word())
            || self.seats.number(seat) == 0
            || IRouter::new(self.router()).has_role(self, role, account)?
        {
            return Err(NotToBeStruck { account, role }.into());
        }
        self.seats.strike(seat);
        Struck { account, role }.emit(self.vm());
        Ok(())
    }

    pub(super) fn shock(&mut self, hardware_class: B256, bps: U256) -> Result<(), CaliberError> {
        let account = if let Ok(admin) = self.require_role(role::ADMIN) {
            admin
        } else {
            let appraiser = self.require_role(role::APPRAISER)?;
            let earliest = self.classes.get(hardware_class).stepped_at.saturating_add(SHOCK_INTERVAL);
            if self.now() < earliest {
                return Err(ShockTooSoon {
                    hardwareClass: hardware_class,
                    earliest: U256::from(earliest),
                }
                .into());
            }
            appraiser
        };
        self.step(hardware_class, bps, false, account)
    }

    pub(super) fn step(&mut self, hardware_class: B256, bps: U256, up: bool, account: Address) -> Result<(), CaliberError> {
        in_range("bps", &bps, 1, self.settings().policy.max_step_bps.into())?;
        let mut class = self.classes.get(hardware_class);
        class.index = class.stepped(bps.to(), up)?;
        let index = U256::from(class.index);
        in_range("index", &index, LEAST_INDEX.into(), FULL_INDEX.into())?;
        class.stepped_at = self.now();
        self.classes.set(hardware_class, class);
        ClassIndexSet {
            hardwareClass: hardware_class,
            account,
            index,
        }
        .emit(self.vm());
        Ok(())
    }

    pub(super) fn commit_cover(
        &mut self,
        receipt: U256,
        attestor: Address,
        value: U256,
        until: U256,
        attested_at: u64,
    ) -> Result<(), CaliberError> {
        in_range("insuredValue", &value, 0, u128::MAX)?;
        in_range("insuredUntil", &until, 0, LAST_SECOND)?;
        let cover = Cover {
            value: Assets(value),
            until: until.to(),
            attested_at,
        };
        self.receipts.set_cover(receipt, cover);
        Insured {
            receipt,
            attestor,
            value,
            until,
            attestedAt: U256::from(attested_at),
        }
        .emit(self.vm());
        Ok(())
    }

    /// Until when a receipt is insured whose appraisals are `bench`.
    pub(super) fn covered_until(&self, receipt: U256, bench: &Bench, policy: &Policy) -> Result<u64, CaliberError> {
        Ok(self.receipts.cover(receipt).insured_until(bench.appraisal(), policy, self.now())?)
    }
}

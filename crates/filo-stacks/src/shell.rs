//! Storage and external functions: load, call the logic, commit, emit, call out last.

#![allow(
    deprecated,
    reason = "what `sol_interface!` generates returns the SDK's older error type and goes through its older call"
)]
#![allow(
    clippy::must_use_candidate,
    reason = "external functions are called through the ABI, where nothing is dropped by mistake"
)]
#![allow(
    clippy::too_many_arguments,
    clippy::type_complexity,
    reason = "structs in external signatures get wrong selectors from the SDK"
)]

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256, U64};
use fixed_point::Bps;
use interfaces::{
    authority::{self, revert_data},
    calls::ICaliber,
    ids::{address, role},
};
use stylus_sdk::{
    prelude::*,
    storage::{StorageAddress, StorageU256, StorageU64},
};

use crate::{
    errors::{in_range, non_zero, NotWired, OnlyCurator, UnknownLoan, UnknownStack, WrongHardwareClass, WrongStatus},
    events,
    loan::{Loan, Status},
    stack::{Stack, MAX_FEE_BPS},
    storage::{Loans, Stacks},
    terms::MAX_PERIOD_SECONDS,
    FiloError,
};

/// Most receipts that one loan can have: they are pledged and released in one call.
const MAX_RECEIPTS: u128 = 32;

mod curating;
mod lending;
mod views;

/// The deployed contract.
#[storage]
pub struct FiloStacks {
    // An address and a number share a slot.
    router: StorageAddress,
    period: StorageU64,
    usdai: StorageAddress,
    last_stack: StorageU64,
    susdai: StorageAddress,
    last_loan: StorageU64,
    caliber: StorageAddress,
    protocol_fee_bps: StorageU64,
    treasury: StorageAddress,
    reserve_bps: StorageU64,
    reserve: StorageU256,
    stacks: Stacks,
    loans: Loans,
}

// SAFETY: it is the storage of the deployed contract, always at slot zero.
unsafe impl TopLevelStorage for FiloStacks {}

/// External functions. Amounts in USDai, ratios in basis points, rates in WAD per year, times in Unix seconds.
impl FiloStacks {
    /// Sets the authority and the length of a period: 2,592,000 (30 days) on real deployments, less where time cannot be moved and a
    /// year has to fit into a demonstration. Interest is always counted by the second of a real year.
    ///
    /// # Errors
    /// `ZeroValue` for a zero router; `OutOfRange` for a period of nothing or more than 366 days.
    pub fn constructor(&mut self, router: Address, period_seconds: U256) -> Result<(), FiloError> {
        non_zero("router", router.as_slice())?;
        in_range("periodSeconds", &period_seconds, 1, MAX_PERIOD_SECONDS)?;
        self.router.set(router);
        self.period.set(period_seconds.to());
        Ok(())
    }

    /// Copies USDai, the vault, CALIBER and the treasury from the router's address book; anybody may, the router is the authority.
    ///
    /// # Errors
    /// `AddressNotSet` from the router's books.
    pub fn wire(&mut self) -> Result<(), FiloError> {
        let mut addresses = [Address::ZERO; 4];
        for (slot, id) in addresses
            .iter_mut()
            .zip([address::USDAI, address::SUSDAI, address::CALIBER, address::TREASURY])
        {
            *slot = authority::address_of(self, self.router.get(), id)?;
        }
        let [usdai, susdai, caliber, treasury] = addresses;
        self.usdai.set(usdai);
        self.susdai.set(susdai);
        self.caliber.set(caliber);
        self.treasury.set(treasury);
        events::wired(self.vm(), addresses);
        Ok(())
    }

    /// Sets the treasury's and the reserve's part of the interest of loans offered from now on, each at most 10 %.
    ///
    /// # Errors
    /// `Unauthorized` without the role ADMIN; `OutOfRange`.
    pub fn set_fees(&mut self, protocol_fee_bps: U256, reserve_bps: U256) -> Result<(), FiloError> {
        self.require_role(role::ADMIN)?;
        in_range("protocolFeeBps", &protocol_fee_bps, 0, MAX_FEE_BPS)?;
        in_range("reserveBps", &reserve_bps, 0, MAX_FEE_BPS)?;
        self.protocol_fee_bps.set(protocol_fee_bps.to());
        self.reserve_bps.set(reserve_bps.to());
        events::parameters_set(self.vm(), protocol_fee_bps, reserve_bps);
        Ok(())
    }
}

fn bps(parameter: &str, value: &U256, minimum: u128, maximum: u128) -> Result<Bps, FiloError> {
    in_range(parameter, value, minimum, maximum)?;
    Ok(Bps::new(value.to())?)
}

/// The next id of a counter.
fn next(counter: &mut StorageU64) -> u64 {
    // 2^56 ids, as many as a loan has room for in its stack's, outlast any chain.
    let id = counter.get().to::<u64>().saturating_add(1);
    counter.set(U64::from(id));
    id
}

impl FiloStacks {
    /// The caller, if it has `role`.
    fn require_role(&self, role: B256) -> Result<Address, FiloError> {
        let caller = self.vm().msg_sender();
        authority::require_role(self, self.router.get(), role, caller)?;
        Ok(caller)
    }

    /// A stack and its id, checked.
    fn known(&self, stack: U256) -> Result<(u64, Stack), FiloError> {
        let id = u64::try_from(stack).unwrap_or_default();
        let found = self.stacks.read(id);
        if found.curator.is_zero() {
            return Err(UnknownStack { stack }.into());
        }
        Ok((id, found))
    }

    /// The stack, if the caller is its curator.
    fn curated(&self, stack: U256) -> Result<(u64, Stack), FiloError> {
        let (found, caller) = (self.known(stack)?, self.vm().msg_sender());
        if found.1.curator != caller {
            return Err(OnlyCurator { caller, stack }.into());
        }
        Ok(found)
    }

    /// A loan and its id, checked.
    fn existing(&self, loan: U256) -> Result<(u64, Loan), FiloError> {
        let id = u64::try_from(loan).unwrap_or_default();
        let found = self.loans.read(id);
        if found.status == Status::None {
            return Err(UnknownLoan { loan }.into());
        }
        Ok((id, found))
    }

    /// A loan of a status and its id.
    fn existing_as(&self, status: Status, loan: U256) -> Result<(u64, Loan), FiloError> {
        let found = self.existing(loan)?;
        if found.1.status != status {
            let status = U256::from(found.1.status as u8);
            return Err(WrongStatus { loan, status }.into());
        }
        Ok(found)
    }

    /// Ids that can be stored, of the class that the stack allows.
    fn check_receipts(&self, receipts: &[U256], hardware_class: B256) -> Result<(), FiloError> {
        self.usdai()?;
        let caliber = ICaliber::new(self.caliber.get());
        for receipt in receipts {
            in_range("receipt", receipt, 1, u64::MAX.into())?;
            if !hardware_class.is_zero() && caliber.class_of(self, *receipt).map_err(revert_data)? != hardware_class {
                return Err(WrongHardwareClass {
                    receipt: *receipt,
                    hardwareClass: hardware_class,
                }
                .into());
            }
        }
        Ok(())
    }

    /// USDai; wired means that all four addresses are.
    fn usdai(&self) -> Result<Address, FiloError> {
        let usdai = self.usdai.get();
        if usdai.is_zero() {
            return Err(NotWired {}.into());
        }
        Ok(usdai)
    }

    fn period_seconds(&self) -> u64 {
        self.period.get().to()
    }

    #[cfg(not(test))]
    fn now(&self) -> u64 {
        self.vm().block_timestamp()
    }

    /// motsu's clock stands still; the tests' own does not.
    #[cfg(test)]
    fn now(&self) -> u64 {
        tests::clock()
    }
}

#[cfg(test)]
#[path = "shell_tests.rs"]
pub(crate) mod tests;

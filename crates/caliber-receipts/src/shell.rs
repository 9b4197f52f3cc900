//! Storage and external functions: load, call the logic, commit, emit, call out last.

#![allow(
    clippy::must_use_candidate,
    reason = "external functions are called through the ABI, where nothing is dropped by mistake"
)]
#![allow(
    clippy::too_many_arguments,
    reason = "structs in external signatures get wrong selectors from the SDK"
)]

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, FixedBytes, B256, U16, U256, U64};
use fixed_point::{Assets, RAY};
use interfaces::{
    authority,
    calls::ICaliber,
    ids::{address, role, Id},
};
use lean_abi::{MalformedReturn, SolidityError, SolidityEvent};
use stylus_sdk::{
    abi::Bytes,
    keccak_const,
    prelude::*,
    storage::{StorageAddress, StorageBool, StorageMap, StorageU16, StorageU256, StorageU64},
};

use crate::{
    errors::{
        in_range, non_zero, DuplicateManifest, ERC721InsufficientApproval, ERC721InvalidApprover, ERC721InvalidOperator,
        ERC721InvalidOwner, ERC721InvalidReceiver, ERC721NonexistentToken, OnlyFilo, StaleAppraisal,
    },
    evaluation::{Cover, Policy, Valuation, DEFAULT_DECAY, DEFAULT_MAX_AGE, DEFAULT_MIN_COVER_BPS, FASTEST_DECAY},
    events::{Appraised, Approval, ApprovalForAll, DecaySet, Insured, Issued, Pledged, PolicySet, Released, Transfer, Wired},
    storage::{Lot, Receipt, Receipts},
    title::{LoanId, Title},
    CaliberError,
};

lean_abi::interface! {
    /// Contracts that take ERC-721 tokens.
    interface IErc721Receiver {
        function onERC721Received(address operator, address from, uint256 tokenId, bytes data) external returns (bytes4);
    }
}

/// What `onERC721Received` answers: its own selector.
const RECEIVED: [u8; 4] = [0x15, 0x0b, 0x7a, 0x02];
/// What the client makes of an answer that is none.
const MALFORMED: [u8; 4] = MalformedReturn::ERROR_SELECTOR.to_be_bytes();
/// Code hash of an account without code.
const NO_CODE: B256 = B256::new(keccak_const::Keccak256::new().finalize());
/// ERC-165, ERC-721, ERC-721 metadata.
const INTERFACES: [[u8; 4]; 3] = [[0x01, 0xff, 0xc9, 0xa7], [0x80, 0xac, 0x58, 0xcd], [0x5b, 0x5e, 0x13, 0x9f]];
/// The longest an admin may let appraisals count, in seconds.
const LONGEST_MAX_AGE: u128 = 366 * 86_400;
/// Times are kept in 64 bits, amounts in 128.
const LAST_SECOND: u128 = u64::MAX as u128;

/// The deployed contract.
#[storage]
pub struct CaliberReceipts {
    router: StorageAddress,
    max_age: StorageU64,
    min_cover_bps: StorageU16,
    filo: StorageAddress,
    last_id: StorageU64,
    receipts: Receipts,
    balances: StorageMap<Address, StorageU256>,
    operators: StorageMap<Address, StorageMap<Address, StorageBool>>,
    /// The live receipt that has a serial manifest (C2).
    by_manifest: StorageMap<B256, StorageU256>,
    /// Per-second factor of a hardware class, RAY; zero is the default.
    decay: StorageMap<B256, StorageU256>,
}

// SAFETY: it is the storage of the deployed contract, always at slot zero.
unsafe impl TopLevelStorage for CaliberReceipts {}

/// External functions. Amounts in USDai units, times in Unix seconds, factors per second in RAY.
#[lean_abi::contract(
    errors(CaliberError),
    events(
        Transfer,
        Approval,
        ApprovalForAll,
        Issued,
        Appraised,
        Insured,
        Pledged,
        Released,
        DecaySet,
        PolicySet,
        Wired
    ),
    interfaces(ICaliber)
)]
impl CaliberReceipts {
    /// Sets the authority and the default policy.
    ///
    /// # Errors
    /// `ZeroValue` for a zero router.
    #[constructor]
    pub fn constructor(&mut self, router: Address) -> Result<(), CaliberError> {
        non_zero("router", router.as_slice())?;
        self.router.set(router);
        self.commit_policy(DEFAULT_MAX_AGE, DEFAULT_MIN_COVER_BPS);
        Ok(())
    }

    /// Copies the FiLo contract from the router's address book; anybody may, the router is the authority.
    ///
    /// # Errors
    /// `AddressNotSet` from the router's books.
    pub fn wire(&mut self) -> Result<(), CaliberError> {
        let filo = authority::address_of(self, self.router.get(), address::FILO)?;
        self.filo.set(filo);
        Wired { filo }.emit(self.vm());
        Ok(())
    }

    /// Issues a document of title to `owner`, the borrower of record, and returns its id, counted from 1. The first appraisal and cover
    /// come with it; `insured_until` of 0 issues it uninsured. The owner's `onERC721Received` is not called: nobody can block an issue.
    ///
    /// # Errors
    /// `Unauthorized` without the role TOKENISING_AGENT; `ZeroValue` for a zero owner, class, manifest, agreement or custodian;
    /// `OutOfRange` for no or more than 2^32 − 1 units, an appraisal of nothing, amounts beyond 2^128 or times beyond 2^64;
    /// `DuplicateManifest` if a live receipt has the manifest (C2).
    pub fn issue(
        &mut self,
        owner: Address,
        hardware_class: B256,
        units: U256,
        manifest_hash: B256,
        agreement_hash: B256,
        agreement_uri: String,
        custodian: Address,
        appraisal: U256,
        insured_value: U256,
        insured_until: U256,
    ) -> Result<U256, CaliberError> {
        let agent = self.require_role(role::TOKENISING_AGENT)?;
        non_zero("owner", owner.as_slice())?;
        non_zero("hardwareClass", hardware_class.as_slice())?;
        non_zero("manifestHash", manifest_hash.as_slice())?;
        non_zero("agreementHash", agreement_hash.as_slice())?;
        non_zero("custodian", custodian.as_slice())?;
        in_range("units", &units, 1, u128::from(u32::MAX))?;
        let holder = self.by_manifest.get(manifest_hash);
        if !holder.is_zero() {
            return Err(DuplicateManifest {
                manifest: manifest_hash,
                receipt: holder,
            }
            .into());
        }

        let receipt = U256::from(self.last_id.get()) + U256::from(1);
        self.last_id.set(receipt.to());
        self.by_manifest.setter(manifest_hash).set(receipt);
        let lot = Lot {
            units: units.to(),
            custodian,
            hardware_class,
            manifest: manifest_hash,
            agreement: agreement_hash,
        };
        self.receipts.create(receipt, owner, &lot, &agreement_uri);
        self.change_balance(owner, true);

        Transfer {
            from: Address::ZERO,
            to: owner,
            tokenId: receipt,
        }
        .emit(self.vm());
        Issued {
            receipt,
            hardwareClass: hardware_class,
            custodian,
            units,
            manifestHash: manifest_hash,
            agreementHash: agreement_hash,
        }
        .emit(self.vm());
        self.commit_appraisal(receipt, agent, appraisal)?;
        self.commit_cover(receipt, agent, insured_value, insured_until)?;
        Ok(receipt)
    }

    /// Posts the value of a receipt as of now; the latest one counts.
    ///
    /// # Errors
    /// `Unauthorized` without the role APPRAISER; `ERC721NonexistentToken`; `OutOfRange` for nothing or more than 2^128 − 1.
    pub fn appraise(&mut self, receipt: U256, value: U256) -> Result<(), CaliberError> {
        let appraiser = self.require_role(role::APPRAISER)?;
        self.title(receipt)?;
        self.commit_appraisal(receipt, appraiser, value)
    }

    /// Extends cover, or withdraws it by an `insured_until` that is past.
    ///
    /// # Errors
    /// `Unauthorized` without the role ATTESTOR; `ERC721NonexistentToken`; `OutOfRange` beyond 2^128 − 1 or 2^64 − 1.
    pub fn insure(&mut self, receipt: U256, insured_value: U256, insured_until: U256) -> Result<(), CaliberError> {
        let attestor = self.require_role(role::ATTESTOR)?;
        self.title(receipt)?;
        self.commit_cover(receipt, attestor, insured_value, insured_until)
    }

    /// Sets what receipts of a class keep of their value each second, in RAY: between what 50 % a year leaves and all of it.
    ///
    /// # Errors
    /// `Unauthorized` without the role ADMIN; `OutOfRange`.
    pub fn set_decay(&mut self, hardware_class: B256, factor: U256) -> Result<(), CaliberError> {
        self.require_role(role::ADMIN)?;
        in_range("factor", &factor, FASTEST_DECAY, RAY.to())?;
        self.decay.setter(hardware_class).set(factor);
        DecaySet {
            hardwareClass: hardware_class,
            factor,
        }
        .emit(self.vm());
        Ok(())
    }

    /// Sets for how many seconds an appraisal counts (a day to 366 days) and which part of it cover must reach (50 % to 200 %).
    ///
    /// # Errors
    /// `Unauthorized` without the role ADMIN; `OutOfRange`.
    pub fn set_policy(&mut self, max_age: U256, min_cover_bps: U256) -> Result<(), CaliberError> {
        self.require_role(role::ADMIN)?;
        in_range("maxAge", &max_age, 86_400, LONGEST_MAX_AGE)?;
        in_range("minCoverBps", &min_cover_bps, 5_000, 20_000)?;
        self.commit_policy(max_age.to(), min_cover_bps.to());
        Ok(())
    }

    /// Encumbers receipts of `owner` for `loan`, in the order given. Returns their total decayed value, rounded down, and the earliest
    /// second at which the cover of one ends, 0 if one is not insured now.
    ///
    /// # Errors
    /// `OnlyFilo`; `OutOfRange` for an empty list or a loan that is 0 or beyond 2^64 − 1; `ERC721NonexistentToken`;
    /// `ERC721IncorrectOwner`; `ReceiptPledged` if already encumbered, be it by an earlier place of the same list (C1); `StaleAppraisal`.
    #[returns(value, insured_until)]
    pub fn pledge(&mut self, receipts: Vec<U256>, owner: Address, loan: U256) -> Result<(U256, U256), CaliberError> {
        self.require_filo()?;
        let loan_id = loan_id(loan)?;
        in_range("receipts", &U256::from(receipts.len()), 1, LAST_SECOND)?;
        let (policy, now) = (self.policy(), self.now());
        let (mut value, mut insured_until) = (Assets::ZERO, u64::MAX);
        for receipt in receipts {
            let title = self.title(receipt)?.pledged(receipt, owner, loan_id)?;
            self.receipts.set_title(receipt, title);
            let Receipt { valuation, cover, lot } = self.receipts.read(receipt);
            if valuation.is_stale(policy, now) {
                return Err(StaleAppraisal {
                    receipt,
                    appraisedAt: U256::from(valuation.appraised_at),
                }
                .into());
            }
            value = value.plus(valuation.value(policy, self.decay_of(lot.hardware_class), now)?)?;
            insured_until = insured_until.min(cover.insured_until(valuation.appraisal, policy, now)?);
            Pledged { receipt, loan }.emit(self.vm());
        }
        Ok((value.0, U256::from(insured_until)))
    }

    /// Frees receipts that `loan` encumbers.
    ///
    /// # Errors
    /// `OnlyFilo`; `OutOfRange` for a loan that is 0 or beyond 2^64 − 1; `ERC721NonexistentToken`; `NotPledgedTo` (C1).
    pub fn release(&mut self, receipts: Vec<U256>, loan: U256) -> Result<(), CaliberError> {
        self.require_filo()?;
        let loan_id = loan_id(loan)?;
        for receipt in receipts {
            let title = self.title(receipt)?.released(receipt, loan_id)?;
            self.receipts.set_title(receipt, title);
            Released { receipt, loan }.emit(self.vm());
        }
        Ok(())
    }

    /// Stub.
    ///
    /// # Errors
    /// Stub.
    pub fn repledge(&mut self, receipts: Vec<U256>, from_loan: U256, to_loan: U256) -> Result<(), CaliberError> {
        self.require_filo()?;
        for receipt in receipts {
            let title = self.title(receipt)?;
            let owner = title.owner;
            let title = title.released(receipt, loan_id(from_loan)?)?.pledged(receipt, owner, loan_id(to_loan)?)?;
            self.receipts.set_title(receipt, title);
        }
        Ok(())
    }

    /// Stub.
    ///
    /// # Errors
    /// Stub.
    pub fn deliver(&mut self, receipts: Vec<U256>, loan: U256, to: Address) -> Result<(), CaliberError> {
        self.require_filo()?;
        for receipt in receipts {
            let title = self.title(receipt)?.released(receipt, loan_id(loan)?)?;
            let from = title.owner;
            let title = title.transferred(receipt, from, to)?;
            self.receipts.set_title(receipt, title);
            self.change_balance(from, false);
            self.change_balance(to, true);
        }
        Ok(())
    }

    /// Stub.
    ///
    /// # Errors
    /// Stub.
    pub fn collateral_of(&self, receipts: Vec<U256>) -> Result<(U256, U256), CaliberError> {
        let (mut value, mut until) = (U256::ZERO, U256::MAX);
        for receipt in receipts {
            value += self.value_of(receipt)?;
            until = until.min(self.insured_until(receipt)?);
        }
        Ok((value, until))
    }

    /// The latest appraisal, decayed to now and rounded down; 0 once it is older than the policy allows.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`.
    pub fn value_of(&self, receipt: U256) -> Result<U256, CaliberError> {
        self.title(receipt)?;
        let Receipt { valuation, lot, .. } = self.receipts.read(receipt);
        Ok(valuation.value(self.policy(), self.decay_of(lot.hardware_class), self.now())?.0)
    }

    /// Until when the receipt is insured, 0 if it is not now.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`.
    pub fn insured_until(&self, receipt: U256) -> Result<U256, CaliberError> {
        self.title(receipt)?;
        let Receipt { valuation, cover, .. } = self.receipts.read(receipt);
        Ok(U256::from(cover.insured_until(valuation.appraisal, self.policy(), self.now())?))
    }

    /// Hardware class of a receipt; zero if there is none.
    pub fn class_of(&self, receipt: U256) -> B256 {
        self.receipts.read(receipt).lot.hardware_class
    }

    /// Class, units, manifest hash, agreement hash, custodian, appraisal, appraised at, insured value, insured until, loan (0: free).
    ///
    /// # Errors
    /// `ERC721NonexistentToken`.
    #[allow(clippy::type_complexity, reason = "words, because structs get wrong selectors")]
    pub fn receipt_of(&self, receipt: U256) -> Result<(B256, U256, B256, B256, Address, U256, U256, U256, U256, U256), CaliberError> {
        let title = self.title(receipt)?;
        let Receipt { valuation, cover, lot } = self.receipts.read(receipt);
        Ok((
            lot.hardware_class,
            U256::from(lot.units),
            lot.manifest,
            lot.agreement,
            lot.custodian,
            valuation.appraisal.0,
            U256::from(valuation.appraised_at),
            cover.value.0,
            U256::from(cover.until),
            U256::from(title.loan.0),
        ))
    }

    /// Maximum age of an appraisal in seconds, and least cover in basis points of the appraisal.
    #[returns(max_age, min_cover_bps)]
    pub fn policy_of(&self) -> (U256, U256) {
        let policy = self.policy();
        (U256::from(policy.max_age), U256::from(policy.min_cover_bps))
    }

    /// ERC-721 metadata.
    pub fn name(&self) -> String {
        String::from("CALIBER Warehouse Receipt")
    }

    /// ERC-721 metadata.
    pub fn symbol(&self) -> String {
        String::from("CALIBER")
    }

    /// URI of the bailment agreement, whose hash is in `receiptOf`.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`.
    #[selector(name = "tokenURI")]
    pub fn token_uri(&self, receipt: U256) -> Result<String, CaliberError> {
        self.title(receipt)?;
        Ok(self.receipts.uri(receipt))
    }

    /// ERC-165.
    pub fn supports_interface(&self, interface: FixedBytes<4>) -> bool {
        INTERFACES.contains(&interface.0)
    }

    /// How many receipts `owner` has.
    ///
    /// # Errors
    /// `ERC721InvalidOwner` for the zero address.
    pub fn balance_of(&self, owner: Address) -> Result<U256, CaliberError> {
        if owner.is_zero() {
            return Err(ERC721InvalidOwner { owner }.into());
        }
        Ok(self.balances.get(owner))
    }

    /// Who has a receipt.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`.
    pub fn owner_of(&self, receipt: U256) -> Result<Address, CaliberError> {
        Ok(self.title(receipt)?.owner)
    }

    /// Lets `to` move one receipt, once; the zero address takes that back.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`; `ERC721InvalidApprover` unless called by the owner or its operator.
    pub fn approve(&mut self, to: Address, receipt: U256) -> Result<(), CaliberError> {
        let (owner, caller) = (self.title(receipt)?.owner, self.vm().msg_sender());
        if caller != owner && !self.is_approved_for_all(owner, caller) {
            return Err(ERC721InvalidApprover { approver: caller }.into());
        }
        self.receipts.set_approved(receipt, to);
        Approval {
            owner,
            approved: to,
            tokenId: receipt,
        }
        .emit(self.vm());
        Ok(())
    }

    /// Who may move a receipt beside its owner and the owner's operators.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`.
    pub fn get_approved(&self, receipt: U256) -> Result<Address, CaliberError> {
        self.title(receipt)?;
        Ok(self.receipts.approved(receipt))
    }

    /// Lets `operator` move all receipts of the caller, or takes that back.
    ///
    /// # Errors
    /// `ERC721InvalidOperator` for the zero address.
    pub fn set_approval_for_all(&mut self, operator: Address, approved: bool) -> Result<(), CaliberError> {
        if operator.is_zero() {
            return Err(ERC721InvalidOperator { operator }.into());
        }
        let owner = self.vm().msg_sender();
        self.operators.setter(owner).setter(operator).set(approved);
        ApprovalForAll { owner, operator, approved }.emit(self.vm());
        Ok(())
    }

    /// Whether `operator` may move all receipts of `owner`.
    pub fn is_approved_for_all(&self, owner: Address, operator: Address) -> bool {
        self.operators.getter(owner).get(operator)
    }

    /// Gives a receipt to `to`; clears its approval.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`, `ERC721IncorrectOwner`, `ERC721InvalidReceiver` for the zero address, `ERC721InsufficientApproval`,
    /// `ReceiptPledged` (C1).
    pub fn transfer_from(&mut self, from: Address, to: Address, receipt: U256) -> Result<(), CaliberError> {
        let (title, caller) = (self.title(receipt)?, self.vm().msg_sender());
        if to.is_zero() {
            return Err(ERC721InvalidReceiver { receiver: to }.into());
        }
        let allowed = caller == title.owner || self.is_approved_for_all(title.owner, caller) || self.receipts.approved(receipt) == caller;
        if !allowed {
            return Err(ERC721InsufficientApproval {
                operator: caller,
                tokenId: receipt,
            }
            .into());
        }
        let title = title.transferred(receipt, from, to)?;

        self.receipts.set_title(receipt, title);
        self.receipts.set_approved(receipt, Address::ZERO);
        self.change_balance(from, false);
        self.change_balance(to, true);
        Transfer {
            from,
            to,
            tokenId: receipt,
        }
        .emit(self.vm());
        Ok(())
    }

    /// As `transferFrom`; a contract must say that it takes receipts.
    ///
    /// # Errors
    /// As `transferFrom`, and `ERC721InvalidReceiver` for a contract that does not, or what it reverted with.
    #[selector(name = "safeTransferFrom")]
    pub fn safe_transfer_from(&mut self, from: Address, to: Address, receipt: U256) -> Result<(), CaliberError> {
        self.safe_transfer_from_with_data(from, to, receipt, Bytes(Vec::new()))
    }

    /// As the other `safeTransferFrom`, with data for the receiver.
    ///
    /// # Errors
    /// As the other `safeTransferFrom`.
    #[selector(name = "safeTransferFrom")]
    pub fn safe_transfer_from_with_data(&mut self, from: Address, to: Address, receipt: U256, data: Bytes) -> Result<(), CaliberError> {
        self.transfer_from(from, to, receipt)?;
        self.check_receiver(from, to, receipt, data)
    }
}

fn loan_id(loan: U256) -> Result<LoanId, CaliberError> {
    in_range("loan", &loan, 1, u64::MAX.into())?;
    Ok(LoanId(loan.to()))
}

impl CaliberReceipts {
    /// The caller, if it has `role`.
    fn require_role(&self, role: Id) -> Result<Address, CaliberError> {
        let caller = self.vm().msg_sender();
        authority::require_role(self, self.router.get(), role, caller)?;
        Ok(caller)
    }

    fn require_filo(&self) -> Result<(), CaliberError> {
        let caller = self.vm().msg_sender();
        if caller != self.filo.get() {
            return Err(OnlyFilo { caller }.into());
        }
        Ok(())
    }

    fn title(&self, receipt: U256) -> Result<Title, CaliberError> {
        let title = self.receipts.title(receipt);
        if title.owner.is_zero() {
            return Err(ERC721NonexistentToken { tokenId: receipt }.into());
        }
        Ok(title)
    }

    fn policy(&self) -> Policy {
        Policy {
            max_age: self.max_age.get().to(),
            min_cover_bps: self.min_cover_bps.get().to(),
        }
    }

    fn decay_of(&self, hardware_class: B256) -> U256 {
        let factor = self.decay.get(hardware_class);
        if factor.is_zero() {
            U256::from(DEFAULT_DECAY)
        } else {
            factor
        }
    }

    fn commit_policy(&mut self, max_age: u64, min_cover_bps: u16) {
        self.max_age.set(U64::from(max_age));
        self.min_cover_bps.set(U16::from(min_cover_bps));
        PolicySet {
            maxAge: U256::from(max_age),
            minCoverBps: U256::from(min_cover_bps),
        }
        .emit(self.vm());
    }

    fn commit_appraisal(&mut self, receipt: U256, appraiser: Address, value: U256) -> Result<(), CaliberError> {
        in_range("appraisal", &value, 1, u128::MAX)?;
        let valuation = Valuation {
            appraisal: Assets(value),
            appraised_at: self.now(),
        };
        self.receipts.set_valuation(receipt, valuation);
        Appraised { receipt, appraiser, value }.emit(self.vm());
        Ok(())
    }

    fn commit_cover(&mut self, receipt: U256, attestor: Address, value: U256, until: U256) -> Result<(), CaliberError> {
        in_range("insuredValue", &value, 0, u128::MAX)?;
        in_range("insuredUntil", &until, 0, LAST_SECOND)?;
        let cover = Cover {
            value: Assets(value),
            until: until.to(),
        };
        self.receipts.set_cover(receipt, cover);
        Insured {
            receipt,
            attestor,
            value,
            until,
        }
        .emit(self.vm());
        Ok(())
    }

    /// One receipt more or less: bounded by the number of receipts, so it neither overflows nor underflows.
    fn change_balance(&mut self, owner: Address, more: bool) {
        let mut balance = self.balances.setter(owner);
        let one = U256::from(1);
        let changed = if more {
            balance.get().saturating_add(one)
        } else {
            balance.get().saturating_sub(one)
        };
        balance.set(changed);
    }

    fn check_receiver(&mut self, from: Address, to: Address, receipt: U256, data: Bytes) -> Result<(), CaliberError> {
        let hash = self.vm().code_hash(to);
        if hash.is_zero() || hash == NO_CODE {
            return Ok(());
        }
        let operator = self.vm().msg_sender();
        match IErc721Receiver::new(to).on_erc721_received(self, operator, from, receipt, data.0) {
            Ok(answer) if answer.0 == RECEIVED => Ok(()),
            Err(reason) if !reason.is_empty() && reason != MALFORMED => Err(reason.into()),
            _ => Err(ERC721InvalidReceiver { receiver: to }.into()),
        }
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
mod tests;

//! A receipt's life: issue, custody, user, redemption.

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, B256, U256};
use erc721_ledger::{ERC721InsufficientApproval, Erc721Error};
use interfaces::ids::role;
use lean_abi::{number, word, SolidityEvent};
use stylus_sdk::prelude::*;

use super::{CaliberReceipts, LAST_SECOND};
use crate::{
    errors::{in_range, non_zero, CustodyNotProposed, DuplicateManifest, IssuesPaused, OnlyCustodian},
    events::{CustodyAccepted, CustodyProposed, Issued, MetadataUpdate, Redeemed, RedemptionRequested, RedemptionWithdrawn, UpdateUser},
    storage::{Bailment, Fixed, User, MOST_URI_BYTES},
    title::{Lien, Title},
    CaliberError, Goods, Lot, Receipt,
};

impl CaliberReceipts {
    pub(super) fn issue_all(&mut self, lots: &[Lot]) -> Result<U256, CaliberError> {
        let agent = self.require_role(role::TOKENISING_AGENT)?;
        if self.settings().issues_paused {
            return Err(IssuesPaused {}.into());
        }
        in_range("lots", &U256::from(lots.len()), 1, LAST_SECOND)?;
        let mut first = U256::ZERO;
        for lot in lots {
            let receipt = self.issue_lot(lot, agent)?;
            if first.is_zero() {
                first = receipt;
            }
        }
        Ok(first)
    }

    fn issue_lot(&mut self, lot: &Lot, agent: Address) -> Result<U256, CaliberError> {
        non_zero("owner", lot.owner.as_slice())?;
        non_zero("hardwareClass", lot.hardware_class.as_slice())?;
        non_zero("manifestHash", lot.manifest_hash.as_slice())?;
        non_zero("agreementHash", lot.agreement_hash.as_slice())?;
        non_zero("custodian", lot.custodian.as_slice())?;
        in_range("units", &lot.units, 1, u128::from(u32::MAX))?;
        in_range("uri", &U256::from(lot.agreement_uri.len()), 0, MOST_URI_BYTES as u128)?;
        self.require_party(lot.owner)?;
        let holder = self.by_manifest.get(&lot.manifest_hash, 0);
        if !holder.is_zero() {
            return Err(DuplicateManifest {
                manifest: lot.manifest_hash,
                receipt: number(&holder),
            }
            .into());
        }

        let receipt = self.next_id();
        self.by_manifest.set(&lot.manifest_hash, 0, &word(&receipt));
        let bailment = Bailment {
            custodian: lot.custodian,
            units: lot.units.to(),
            appraisals: 0,
            uri_bytes: u16::try_from(lot.agreement_uri.len()).unwrap_or_default(),
        };
        self.receipts.set_bailment(receipt, bailment);
        self.receipts.set_fixed(receipt, Fixed::HardwareClass, lot.hardware_class);
        self.receipts.set_fixed(receipt, Fixed::Manifest, lot.manifest_hash);
        self.receipts.set_fixed(receipt, Fixed::Agreement, lot.agreement_hash);
        self.receipts.set_uri(receipt, &lot.agreement_uri);
        self.ledger.mint(lot.owner, receipt, [0; 12])?;
        Issued {
            receipt,
            hardwareClass: lot.hardware_class,
            custodian: lot.custodian,
            units: lot.units,
            manifestHash: lot.manifest_hash,
            agreementHash: lot.agreement_hash,
            agreementUri: lot.agreement_uri.clone(),
        }
        .emit(self.vm());
        let now = self.now();
        self.commit_appraisal(receipt, agent, true, lot.appraisal, now)?;
        self.commit_cover(receipt, agent, lot.insured_value, lot.insured_until, now)?;
        Ok(receipt)
    }

    pub(super) fn propose(
        &mut self,
        receipt: U256,
        custodian: Address,
        agreement_hash: B256,
        agreement_uri: String,
    ) -> Result<(), CaliberError> {
        self.title(receipt)?;
        in_range("uri", &U256::from(agreement_uri.len()), 0, MOST_URI_BYTES as u128)?;
        let proposal = if custodian.is_zero() {
            B256::ZERO
        } else {
            non_zero("agreementHash", agreement_hash.as_slice())?;
            self.custody(custodian, agreement_hash, &agreement_uri)
        };
        self.receipts.set_proposal(receipt, proposal);
        CustodyProposed {
            receipt,
            custodian,
            agreementHash: agreement_hash,
            agreementUri: agreement_uri,
        }
        .emit(self.vm());
        Ok(())
    }

    pub(super) fn accept(&mut self, receipt: U256, agreement_hash: B256, agreement_uri: &str) -> Result<(), CaliberError> {
        self.title(receipt)?;
        let custodian = self.vm().msg_sender();
        if self.receipts.proposal(receipt) != self.custody(custodian, agreement_hash, agreement_uri) {
            return Err(CustodyNotProposed { receipt, custodian }.into());
        }
        self.receipts.set_proposal(receipt, B256::ZERO);
        self.receipts.set_fixed(receipt, Fixed::Agreement, agreement_hash);
        let bailment = Bailment {
            custodian,
            ..self.receipts.bailment(receipt)
        };
        self.receipts.set_bailment(receipt, bailment);
        self.commit_uri(receipt, agreement_uri)?;
        CustodyAccepted {
            receipt,
            custodian,
            agreementHash: agreement_hash,
        }
        .emit(self.vm());
        MetadataUpdate { _tokenId: receipt }.emit(self.vm());
        Ok(())
    }

    /// What stands for a proposal: who accepts it says again what it is.
    fn custody(&self, custodian: Address, agreement_hash: B256, agreement_uri: &str) -> B256 {
        let mut bytes = Vec::with_capacity(52 + agreement_uri.len());
        bytes.extend_from_slice(custodian.as_slice());
        bytes.extend_from_slice(agreement_hash.as_slice());
        bytes.extend_from_slice(agreement_uri.as_bytes());
        self.vm().native_keccak256(&bytes)
    }

    /// The title to a receipt that the caller may move.
    fn title_of_callers(&self, receipt: U256) -> Result<Title, CaliberError> {
        let (title, operator) = (self.title(receipt)?, self.vm().msg_sender());
        if !self.ledger.may_move(operator, title.owner, receipt) {
            return Err(Erc721Error::from(ERC721InsufficientApproval {
                operator,
                tokenId: receipt,
            })
            .into());
        }
        Ok(title)
    }

    pub(super) fn name_user(&mut self, receipt: U256, account: Address, expires: u64) -> Result<(), CaliberError> {
        let tenure = self.title_of_callers(receipt)?.tenure;
        let user = User { account, expires, tenure };
        self.receipts.set_user(receipt, user);
        UpdateUser {
            tokenId: receipt,
            user: account,
            expires,
        }
        .emit(self.vm());
        Ok(())
    }

    /// Who operates the machines by the present holder's leave; nobody, as of second 0, once that has ended.
    pub(super) fn user(&self, receipt: U256) -> Result<User, CaliberError> {
        let (title, user) = (self.title(receipt)?, self.receipts.user(receipt));
        if user.tenure == title.tenure && user.expires >= self.now() {
            return Ok(user);
        }
        Ok(User {
            account: Address::ZERO,
            expires: 0,
            tenure: title.tenure,
        })
    }

    pub(super) fn surrender(&mut self, receipt: U256) -> Result<(), CaliberError> {
        let title = self.title_of_callers(receipt)?.surrendered(receipt)?;
        self.set_title(receipt, title)?;
        let holder = title.owner;
        RedemptionRequested { receipt, holder }.emit(self.vm());
        Ok(())
    }

    pub(super) fn keep(&mut self, receipt: U256) -> Result<(), CaliberError> {
        let title = self.title_of_callers(receipt)?;
        title.require_surrendered(receipt)?;
        self.set_title(receipt, Title { lien: Lien::Free, ..title })?;
        let holder = title.owner;
        RedemptionWithdrawn { receipt, holder }.emit(self.vm());
        Ok(())
    }

    pub(super) fn redeem(&mut self, receipt: U256) -> Result<(), CaliberError> {
        self.title(receipt)?.require_surrendered(receipt)?;
        let (custodian, caller) = (self.receipts.bailment(receipt).custodian, self.vm().msg_sender());
        if caller != custodian {
            return Err(OnlyCustodian { caller, receipt }.into());
        }
        let manifest = self.receipts.fixed(receipt, Fixed::Manifest);
        self.by_manifest.set(&manifest, 0, &B256::ZERO);
        self.ledger.burn(receipt)?;
        Redeemed {
            receipt,
            custodian,
            manifestHash: manifest,
        }
        .emit(self.vm());
        Ok(())
    }

    pub(super) fn describe(&self, receipt: U256) -> Result<Receipt, CaliberError> {
        let (title, policy) = (self.title(receipt)?, self.settings().policy);
        let (bailment, cover) = (self.receipts.bailment(receipt), self.receipts.cover(receipt));
        let bench = self.hear(receipt, &policy)?.bench;
        let goods = Goods {
            hardware_class: self.receipts.fixed(receipt, Fixed::HardwareClass),
            units: U256::from(bailment.units),
            manifest_hash: self.receipts.fixed(receipt, Fixed::Manifest),
            agreement_hash: self.receipts.fixed(receipt, Fixed::Agreement),
            agreement_uri: self.receipts.uri(receipt, bailment.uri_bytes),
            custodian: bailment.custodian,
        };
        Ok(Receipt {
            owner: title.owner,
            user: self.user(receipt)?.account,
            loan: U256::from(title.lien.loan()),
            surrendered: title.lien == Lien::Surrendered,
            goods,
            appraisal: bench.appraisal().0,
            appraisals: U256::from(bench.count()),
            value: bench.value(&policy).0,
            insured_value: cover.value.0,
            insured_until: U256::from(cover.until),
            covered_until: U256::from(self.covered_until(receipt, &bench, &policy)?),
        })
    }
}

//! Storage and external functions: load, call the logic, commit, emit, call out last.

#![allow(
    clippy::must_use_candidate,
    reason = "external functions are called through the ABI, where nothing is dropped by mistake"
)]
#![allow(clippy::too_many_arguments, reason = "an issue says what a document of title says")]

mod appraising;
mod attesting;
mod collateral;
mod keeping;

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, FixedBytes, B256, U256};
use eip712::{Domain, IErc5267};
use erc721_ledger::{
    Approval, ApprovalForAll, Collection, Erc721Ledger, IErc721, IErc721Metadata, Spare, Transfer, ERC165_ID, ERC721_ID, ERC721_METADATA_ID,
};
use fixed_point::RAY;
use interfaces::{
    authority,
    calls::ICaliber,
    ids::{address, role, Id},
};
use lean_abi::{number, word, AccountMap, SolidityEvent, Word, WordMap};
use stylus_sdk::prelude::*;

use crate::{
    errors::{in_range, non_zero, NotListed},
    evaluation::{Policy, DEFAULT_MAX_AGE, DEFAULT_MAX_STEP_BPS, DEFAULT_MIN_COVER_BPS, FASTEST_DECAY, MOST_APPRAISALS, SLOWEST_DECAY},
    events::{
        AllowListSet, Appraised, ClassIndexSet, ContractURIUpdated, CustodyAccepted, CustodyProposed, DecaySet, Insured, Issued,
        IssuesPauseSet, MetadataUpdate, NoncesSpent, PartySet, Pledged, PolicySet, Redeemed, RedemptionRequested, RedemptionWithdrawn,
        Released, Struck, UpdateUser, Wired,
    },
    storage::{Classes, Fixed, Receipts, Seats, Settings, MOST_URI_BYTES},
    title::Title,
    CaliberError, Lot, Receipt, Said,
};
use attesting::Seal;

/// ERC-165 id of ERC-4906, metadata updates.
const ERC4906_ID: u32 = 0x4906_4906;
/// ERC-165 id of ERC-4907, users.
const ERC4907_ID: u32 = 0xad09_2b5c;
/// ERC-165 id of ERC-5267, the EIP-712 domain.
const ERC5267_ID: u32 = 0x84b0_196e;
/// The longest an admin may let appraisals count, in seconds.
const LONGEST_MAX_AGE: u128 = 366 * 86_400;
/// Times are kept in 48 bits where they are said to be past, and in 64 where they are to come.
const LAST_SECOND: u128 = u64::MAX as u128;

/// The deployed contract.
#[storage]
pub struct CaliberReceipts {
    ledger: Erc721Ledger,
    router: Word,
    last_id: Word,
    settings: Word,
    receipts: Receipts,
    /// The live receipt that has a serial manifest (C2).
    by_manifest: WordMap,
    classes: Classes,
    seats: Seats,
    /// account → 1 if receipts can go to it while the allow-list is on.
    parties: AccountMap,
    /// hash of signer and word → which of its 256 nonces are spent.
    nonces: WordMap,
}

// SAFETY: it is the storage of the deployed contract, always at slot zero.
unsafe impl TopLevelStorage for CaliberReceipts {}

impl Collection for CaliberReceipts {
    type Error = CaliberError;
    const NAME: &'static str = "CALIBER Warehouse Receipt";
    const SYMBOL: &'static str = "CALIBER";

    fn ledger(&self) -> &Erc721Ledger {
        &self.ledger
    }

    fn ledger_mut(&mut self) -> &mut Erc721Ledger {
        &mut self.ledger
    }

    /// URI of the bailment agreement, whose hash is in `receiptOf`.
    fn uri(&self, receipt: U256) -> Result<String, CaliberError> {
        Ok(self.receipts.uri(receipt, self.receipts.bailment(receipt).uri_bytes))
    }

    /// Nothing moves that is pledged (C1) or handed in, and nothing to who is not listed while the list is on.
    fn check_transfer(&self, _from: Address, to: Address, receipt: U256, spare: Spare) -> Result<(), CaliberError> {
        let title = erc721_ledger::Title { owner: to, spare };
        Title::from(title).require_free(receipt)?;
        self.require_party(to)
    }

    /// What the last holder has allowed the operating user ends.
    fn transferred(&mut self, _from: Address, _to: Address, receipt: U256) -> Result<(), CaliberError> {
        let title = self.title(receipt)?.next_tenure();
        self.set_title(receipt, title)
    }
}

impl Domain for CaliberReceipts {
    const NAME: &'static str = <Self as Collection>::NAME;
}

/// External functions. Amounts in USDai units, times in Unix seconds, factors per second in RAY. A transfer fails with `ReceiptPledged`,
/// `ReceiptSurrendered`, or `NotListed` if the receiver is not.
#[lean_abi::contract(
    errors(CaliberError),
    events(
        Transfer,
        Approval,
        ApprovalForAll,
        Issued,
        Appraised,
        Struck,
        Insured,
        NoncesSpent,
        Pledged,
        Released,
        CustodyProposed,
        CustodyAccepted,
        RedemptionRequested,
        RedemptionWithdrawn,
        Redeemed,
        UpdateUser,
        MetadataUpdate,
        ContractURIUpdated,
        DecaySet,
        ClassIndexSet,
        PolicySet,
        AllowListSet,
        PartySet,
        IssuesPauseSet,
        Wired
    ),
    interfaces(ICaliber),
    implements(IErc721, IErc721Metadata, IErc5267)
)]
impl CaliberReceipts {
    /// Sets the authority and the default policy.
    ///
    /// # Errors
    /// `ZeroValue` for a zero router.
    #[constructor]
    pub fn constructor(&mut self, router: Address) -> Result<(), CaliberError> {
        non_zero("router", router.as_slice())?;
        self.router.set(&router.into_word());
        self.commit_policy(Policy {
            max_age: DEFAULT_MAX_AGE,
            min_cover_bps: DEFAULT_MIN_COVER_BPS,
            quorum: 1,
            max_step_bps: DEFAULT_MAX_STEP_BPS,
        });
        Ok(())
    }

    /// Copies the FiLo contract from the router's address book; anybody may, the router is the authority.
    ///
    /// # Errors
    /// `AddressNotSet` from the router's books.
    pub fn wire(&mut self) -> Result<(), CaliberError> {
        let filo = authority::address_of(self, self.router(), address::FILO)?;
        let settings = Settings { filo, ..self.settings() };
        self.set_settings(&settings);
        Wired { filo }.emit(self.vm());
        Ok(())
    }

    // ---- issue ----

    /// Issues a document of title to `owner`, the borrower of record, and returns its id, counted from 1. The first appraisal and cover
    /// come with it: the agent's figure counts until the first appraiser speaks; `insured_until` of 0 issues it uninsured. The owner's
    /// `onERC721Received` is not called: nobody can block an issue.
    ///
    /// # Errors
    /// `Unauthorized` without the role TOKENISING_AGENT; `IssuesPaused`; `ZeroValue` for a zero owner, class, manifest, agreement or
    /// custodian; `OutOfRange` for no or more than 2^32 − 1 units, an appraisal of nothing, amounts beyond 2^128, times beyond 2^64 or a
    /// URI of more than 1,024 bytes; `NotListed`; `DuplicateManifest` if a live receipt has the manifest (C2).
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
        let lot = Lot {
            owner,
            hardware_class,
            units,
            manifest_hash,
            agreement_hash,
            agreement_uri,
            custodian,
            appraisal,
            insured_value,
            insured_until,
        };
        self.issue_all(&[lot])
    }

    /// Issues one document for each of `lots`, as `issue` does, all or none; returns the id of the first, the others follow.
    ///
    /// # Errors
    /// As `issue`; `OutOfRange` for an empty list.
    pub fn issue_batch(&mut self, lots: Vec<Lot>) -> Result<U256, CaliberError> {
        self.issue_all(&lots)
    }

    /// Stops issues. By GUARDIAN or ADMIN.
    ///
    /// # Errors
    /// `Unauthorized`.
    pub fn pause_issues(&mut self) -> Result<(), CaliberError> {
        if self.require_role(role::GUARDIAN).is_err() {
            self.require_role(role::ADMIN)?;
        }
        self.set_issues_paused(true);
        Ok(())
    }

    /// Lets issues go on. By ADMIN.
    ///
    /// # Errors
    /// `Unauthorized`.
    pub fn unpause_issues(&mut self) -> Result<(), CaliberError> {
        self.require_role(role::ADMIN)?;
        self.set_issues_paused(false);
        Ok(())
    }

    /// Whether issues are paused.
    pub fn issues_paused(&self) -> bool {
        self.settings().issues_paused
    }

    // ---- evaluation ----

    /// Posts the caller's value of a receipt as of now, in place of what it said before.
    ///
    /// # Errors
    /// `Unauthorized` without the role APPRAISER; `ERC721NonexistentToken`; `OutOfRange` for nothing or more than 2^128 − 1;
    /// `TooManyAppraisers` if seven others' appraisals count.
    pub fn appraise(&mut self, receipt: U256, value: U256) -> Result<(), CaliberError> {
        let appraiser = self.require_role(role::APPRAISER)?;
        let now = self.now();
        self.commit_appraisal(receipt, appraiser, false, value, now)
    }

    /// As `appraise`, of several receipts.
    ///
    /// # Errors
    /// As `appraise`; `LengthMismatch`.
    pub fn appraise_batch(&mut self, receipts: Vec<U256>, values: Vec<U256>) -> Result<(), CaliberError> {
        let appraiser = self.require_role(role::APPRAISER)?;
        let now = self.now();
        self.appraise_all(&receipts, &values, appraiser, now)
    }

    /// Takes its appraisals from an account that has lost the role: APPRAISER, or TOKENISING_AGENT for the figures of its issues. By
    /// anybody: the router is the authority. They stay without effect if it gets the role back.
    ///
    /// # Errors
    /// `NotToBeStruck` if it has the role, never spoke in it, or it is another role.
    pub fn strike(&mut self, role: B256, account: Address) -> Result<(), CaliberError> {
        self.strike_seat(role, account)
    }

    /// Takes `bps` basis points off the value of all receipts of a class at once (a new generation of chips), whatever their number. By
    /// APPRAISER, a week after the step before at the earliest, or by ADMIN at any time.
    ///
    /// # Errors
    /// `Unauthorized`; `ShockTooSoon`; `OutOfRange` for nothing, more than `maxStepBps`, or an index that would fall below a thousandth.
    pub fn shock_class(&mut self, hardware_class: B256, bps: U256) -> Result<(), CaliberError> {
        self.shock(hardware_class, bps)
    }

    /// Gives `bps` basis points of its index back to a class, at most what shocks have taken: no receipt gets above its appraisals. A receipt that
    /// was appraised while the index was low keeps that appraisal: later shocks take from it only what brings the index below where it was then.
    ///
    /// # Errors
    /// `Unauthorized` without the role ADMIN; `OutOfRange` for nothing or more than `maxStepBps`.
    pub fn restore_class(&mut self, hardware_class: B256, bps: U256) -> Result<(), CaliberError> {
        let admin = self.require_role(role::ADMIN)?;
        self.step(hardware_class, bps, true, admin)
    }

    /// Sets what receipts of a class keep of their value each second, in RAY: between what 50 % and what 0.01 % a year leave, or all.
    ///
    /// # Errors
    /// `Unauthorized` without the role ADMIN; `OutOfRange`.
    pub fn set_decay(&mut self, hardware_class: B256, factor: U256) -> Result<(), CaliberError> {
        self.require_role(role::ADMIN)?;
        if factor != RAY {
            in_range("factor", &factor, FASTEST_DECAY, SLOWEST_DECAY)?;
        }
        let mut class = self.classes.get(hardware_class);
        class.decay = factor.to();
        self.classes.set(hardware_class, class);
        DecaySet {
            hardwareClass: hardware_class,
            factor,
        }
        .emit(self.vm());
        Ok(())
    }

    /// Sets for how many seconds an appraisal counts (a day to 366 days), which part of it cover must reach (50 % to 200 %), how many
    /// must count (1 to 7), and by how much a class index moves in a step (0.01 % to 50 %).
    ///
    /// # Errors
    /// `Unauthorized` without the role ADMIN; `OutOfRange`.
    pub fn set_policy(&mut self, max_age: U256, min_cover_bps: U256, quorum: U256, max_step_bps: U256) -> Result<(), CaliberError> {
        self.require_role(role::ADMIN)?;
        in_range("maxAge", &max_age, 86_400, LONGEST_MAX_AGE)?;
        in_range("minCoverBps", &min_cover_bps, 5_000, 20_000)?;
        in_range("quorum", &quorum, 1, MOST_APPRAISALS as u128)?;
        in_range("maxStepBps", &max_step_bps, 1, 5_000)?;
        self.commit_policy(Policy {
            max_age: max_age.to(),
            min_cover_bps: min_cover_bps.to(),
            quorum: quorum.to(),
            max_step_bps: max_step_bps.to(),
        });
        Ok(())
    }

    /// The median of what the receipt's appraisals are worth now, rounded down; 0 if fewer than the quorum count.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`.
    pub fn value_of(&self, receipt: U256) -> Result<U256, CaliberError> {
        let settings = self.settings();
        self.title(receipt)?;
        Ok(self.hear(receipt, &settings.policy)?.bench.value(&settings.policy).0)
    }

    /// All appraisals of a receipt, with what each is worth now.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`.
    pub fn appraisals_of(&self, receipt: U256) -> Result<Vec<Said>, CaliberError> {
        self.title(receipt)?;
        self.said(receipt)
    }

    /// What receipts of a class keep each second (RAY), what shocks have left of it (of 10^18), and when its index was last changed.
    #[returns(factor, index, stepped_at)]
    pub fn class_terms(&self, hardware_class: B256) -> (U256, U256, U256) {
        let class = self.classes.get(hardware_class);
        (U256::from(class.decay), U256::from(class.index), U256::from(class.stepped_at))
    }

    /// Maximum age of an appraisal in seconds, least cover in basis points of the appraisal, quorum, largest step in basis points.
    #[returns(max_age, min_cover_bps, quorum, max_step_bps)]
    pub fn policy_of(&self) -> (U256, U256, U256, U256) {
        let policy = self.settings().policy;
        (
            U256::from(policy.max_age),
            U256::from(policy.min_cover_bps),
            U256::from(policy.quorum),
            U256::from(policy.max_step_bps),
        )
    }

    // ---- insurance ----

    /// Extends cover, or withdraws it by an `insured_until` that is past.
    ///
    /// # Errors
    /// `Unauthorized` without the role ATTESTOR; `ERC721NonexistentToken`; `OutOfRange` beyond 2^128 − 1 or 2^64 − 1.
    pub fn insure(&mut self, receipt: U256, insured_value: U256, insured_until: U256) -> Result<(), CaliberError> {
        let attestor = self.require_role(role::ATTESTOR)?;
        self.title(receipt)?;
        let now = self.now();
        self.commit_cover(receipt, attestor, insured_value, insured_until, now)
    }

    /// Until when the receipt is insured, 0 if it is not now.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`.
    pub fn insured_until(&self, receipt: U256) -> Result<U256, CaliberError> {
        let settings = self.settings();
        self.title(receipt)?;
        let bench = self.hear(receipt, &settings.policy)?.bench;
        Ok(U256::from(self.covered_until(receipt, &bench, &settings.policy)?))
    }

    // ---- notices ----

    /// Posts what `appraiser` has signed: `Appraisal(uint256 receipt,uint256 value,uint256 appraisedAt,uint256 nonce,uint256 deadline)`,
    /// by its key or as a contract (ERC-1271). By anybody. It counts and decays from `appraised_at`.
    ///
    /// # Errors
    /// As `appraise`, `Unauthorized` for the signer; `NoticeExpired` after `deadline`; `NonceSpent`; `InvalidSigner`; `OutdatedNotice`
    /// unless it was signed after the appraiser's last word on the receipt and the last step of the class, and not in the future.
    pub fn post_appraisal(
        &mut self,
        appraiser: Address,
        receipt: U256,
        value: U256,
        appraised_at: U256,
        nonce: U256,
        deadline: U256,
        signature: Vec<u8>,
    ) -> Result<(), CaliberError> {
        let seal = Seal {
            signer: appraiser,
            nonce,
            deadline,
            signature,
        };
        self.post_signed_appraisal(receipt, value, appraised_at, seal)
    }

    /// Posts what `attestor` has signed:
    /// `InsuranceNotice(uint256 receipt,uint256 insuredValue,uint256 insuredUntil,uint256 attestedAt,uint256 nonce,uint256 deadline)`, by
    /// its key or as a contract (ERC-1271). By anybody.
    ///
    /// # Errors
    /// As `insure`, `Unauthorized` for the signer; `NoticeExpired` after `deadline`; `NonceSpent`; `InvalidSigner`; `OutdatedNotice`
    /// unless it was signed after what is attested now, and not in the future.
    pub fn post_insurance(
        &mut self,
        attestor: Address,
        receipt: U256,
        insured_value: U256,
        insured_until: U256,
        attested_at: U256,
        nonce: U256,
        deadline: U256,
        signature: Vec<u8>,
    ) -> Result<(), CaliberError> {
        let seal = Seal {
            signer: attestor,
            nonce,
            deadline,
            signature,
        };
        self.post_signed_cover(receipt, insured_value, insured_until, attested_at, seal)
    }

    /// Takes back what the caller has signed with the nonces of `mask`'s bits, from 256 × `word` on.
    pub fn invalidate_nonces(&mut self, word: U256, mask: U256) {
        let signer = self.vm().msg_sender();
        self.spend_nonces(signer, word, mask);
    }

    /// Which of the 256 nonces from 256 × `word` on `signer` has spent: a bit each.
    pub fn nonce_bitmap(&self, signer: Address, word: U256) -> U256 {
        self.spent_nonces(signer, &word)
    }

    // ---- encumbrance ----

    /// Encumbers receipts of `owner` for `loan`, in the order given. Returns their total value, rounded down, and the earliest second at
    /// which the cover of one ends, 0 if one is not insured now.
    ///
    /// # Errors
    /// `OnlyFilo`; `OutOfRange` for an empty list or a loan that is 0 or beyond 2^64 − 2; `ERC721NonexistentToken`;
    /// `ERC721IncorrectOwner`; `ReceiptPledged` if already encumbered, be it by an earlier place of the same list (C1);
    /// `ReceiptSurrendered`; `StaleAppraisal` below the quorum.
    #[returns(value, insured_until)]
    pub fn pledge(&mut self, receipts: Vec<U256>, owner: Address, loan: U256) -> Result<(U256, U256), CaliberError> {
        self.encumber(&receipts, owner, loan)
    }

    /// Frees receipts that `loan` encumbers.
    ///
    /// # Errors
    /// `OnlyFilo`; `OutOfRange` for a loan that is 0 or beyond 2^64 − 2; `ERC721NonexistentToken`; `NotPledgedTo` (C1).
    pub fn release(&mut self, receipts: Vec<U256>, loan: U256) -> Result<(), CaliberError> {
        self.relieve(&receipts, loan, None)
    }

    /// Passes receipts from the loan that encumbers them to another (refinance); they are free at no time. Their value is not asked for:
    /// see `collateralOf`.
    ///
    /// # Errors
    /// As `release`, of both loans.
    pub fn repledge(&mut self, receipts: Vec<U256>, from_loan: U256, to_loan: U256) -> Result<(), CaliberError> {
        self.relieve(&receipts, from_loan, Some(to_loan))
    }

    /// Frees receipts that `loan` encumbers and gives them to `to`, who has bought them. Whoever it is, it is not asked: nobody can block
    /// an auction.
    ///
    /// # Errors
    /// As `release`; `ERC721InvalidReceiver` for the zero address; `NotListed`.
    pub fn deliver(&mut self, receipts: Vec<U256>, loan: U256, to: Address) -> Result<(), CaliberError> {
        self.hand_over(&receipts, loan, to)
    }

    /// Total value of receipts, those whose appraisals do not count as nothing, and the earliest second at which the cover of one ends, 0
    /// if one is not insured now. (0, 0) of none.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`.
    #[returns(value, insured_until)]
    pub fn collateral_of(&self, receipts: Vec<U256>) -> Result<(U256, U256), CaliberError> {
        self.collateral(&receipts)
    }

    // ---- bailment ----

    /// Proposes that `custodian` takes the machines over, under a new agreement, in place of an earlier proposal; the zero address takes
    /// that back. By TOKENISING_AGENT; a pledge does not stop it, for machines move while they secure a loan.
    ///
    /// # Errors
    /// `Unauthorized`; `ERC721NonexistentToken`; `ZeroValue` for no agreement; `OutOfRange` for a URI of more than 1,024 bytes.
    pub fn propose_custodian(
        &mut self,
        receipt: U256,
        custodian: Address,
        agreement_hash: B256,
        agreement_uri: String,
    ) -> Result<(), CaliberError> {
        self.require_role(role::TOKENISING_AGENT)?;
        self.propose(receipt, custodian, agreement_hash, agreement_uri)
    }

    /// Takes the machines over, under the agreement that was proposed, which the caller names so that it accepts no other.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`; `CustodyNotProposed` to the caller with this agreement.
    pub fn accept_custody(&mut self, receipt: U256, agreement_hash: B256, agreement_uri: String) -> Result<(), CaliberError> {
        self.accept(receipt, agreement_hash, &agreement_uri)
    }

    /// ERC-4907: names who operates the machines through second `expires`, in place of who did. It ends when the receipt is transferred or
    /// delivered, not when it is pledged. By the holder, an operator of its, or who is approved.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`; `ERC721InsufficientApproval`.
    pub fn set_user(&mut self, receipt: U256, user: Address, expires: u64) -> Result<(), CaliberError> {
        self.name_user(receipt, user, expires)
    }

    /// ERC-4907: who operates the machines; zero if nobody is named, which leaves it to the holder.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`.
    pub fn user_of(&self, receipt: U256) -> Result<Address, CaliberError> {
        Ok(self.user(receipt)?.account)
    }

    /// ERC-4907: through which second; zero if nobody is named.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`.
    pub fn user_expires(&self, receipt: U256) -> Result<U256, CaliberError> {
        Ok(U256::from(self.user(receipt)?.expires))
    }

    // ---- redemption ----

    /// Hands a receipt in for the machines: nobody can transfer or pledge it until the holder takes it back or the custodian confirms. By
    /// the holder, an operator of its, or who is approved.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`; `ERC721InsufficientApproval`; `ReceiptPledged` (C1); `ReceiptSurrendered`.
    pub fn request_redemption(&mut self, receipt: U256) -> Result<(), CaliberError> {
        self.surrender(receipt)
    }

    /// Keeps a receipt that was handed in. By the holder, an operator of its, or who is approved.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`; `ERC721InsufficientApproval`; `NotSurrendered`.
    pub fn withdraw_redemption(&mut self, receipt: U256) -> Result<(), CaliberError> {
        self.keep(receipt)
    }

    /// Confirms the delivery of the machines to the holder of a receipt that was handed in, and burns it. By its custodian, who confirms
    /// before anything leaves the building: until then the holder can keep the receipt. The manifest can be issued again.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`; `NotSurrendered`; `OnlyCustodian`.
    pub fn confirm_redemption(&mut self, receipt: U256) -> Result<(), CaliberError> {
        self.redeem(receipt)
    }

    // ---- parties ----

    /// Limits transfers, issues and deliveries to listed parties, or does so no longer; off at first. By ADMIN. Who holds a receipt
    /// keeps it, listed or not.
    ///
    /// # Errors
    /// `Unauthorized`.
    pub fn set_allow_list(&mut self, enabled: bool) -> Result<(), CaliberError> {
        self.require_role(role::ADMIN)?;
        let settings = Settings {
            listed_only: enabled,
            ..self.settings()
        };
        self.set_settings(&settings);
        AllowListSet { enabled }.emit(self.vm());
        Ok(())
    }

    /// Lists parties that receipts can go to, or strikes them off. By ADMIN.
    ///
    /// # Errors
    /// `Unauthorized`.
    pub fn set_parties(&mut self, accounts: Vec<Address>, listed: bool) -> Result<(), CaliberError> {
        self.require_role(role::ADMIN)?;
        for account in accounts {
            self.parties.entry(&[account]).set(&U256::from(listed));
            PartySet { account, listed }.emit(self.vm());
        }
        Ok(())
    }

    /// Whether receipts can go to `account`: it is listed, or the list is off.
    pub fn is_party(&self, account: Address) -> bool {
        self.require_party(account).is_ok()
    }

    /// Whether receipts go to listed parties only.
    pub fn allow_list(&self) -> bool {
        self.settings().listed_only
    }

    // ---- what there is ----

    /// Everything about a receipt.
    ///
    /// # Errors
    /// `ERC721NonexistentToken`.
    pub fn receipt_of(&self, receipt: U256) -> Result<Receipt, CaliberError> {
        self.describe(receipt)
    }

    /// Hardware class of a receipt; zero if there is none.
    pub fn class_of(&self, receipt: U256) -> B256 {
        if self.ledger.find(receipt).is_none() {
            return B256::ZERO;
        }
        self.receipts.fixed(receipt, Fixed::HardwareClass)
    }

    /// The live receipt that has a serial manifest; 0 if none has.
    pub fn receipt_by_manifest(&self, manifest_hash: B256) -> U256 {
        number(&self.by_manifest.get(&manifest_hash, 0))
    }

    /// The id of the last receipt that was issued.
    pub fn last_receipt(&self) -> U256 {
        number(&self.last_id.get())
    }

    /// ERC-7572: where the collection is described.
    #[selector(name = "contractURI")]
    pub fn contract_uri(&self) -> String {
        self.receipts.uri(U256::ZERO, self.receipts.bailment(U256::ZERO).uri_bytes)
    }

    /// Sets where the collection is described. By ADMIN.
    ///
    /// # Errors
    /// `Unauthorized`; `OutOfRange` for more than 1,024 bytes.
    #[selector(name = "setContractURI")]
    pub fn set_contract_uri(&mut self, uri: String) -> Result<(), CaliberError> {
        self.require_role(role::ADMIN)?;
        self.commit_uri(U256::ZERO, &uri)?;
        ContractURIUpdated {}.emit(self.vm());
        Ok(())
    }

    /// ERC-165: itself, ERC-721, its metadata, ERC-4906, ERC-4907, ERC-5267.
    pub fn supports_interface(&self, interface_id: FixedBytes<4>) -> bool {
        matches!(
            u32::from_be_bytes(interface_id.0),
            ERC165_ID | ERC721_ID | ERC721_METADATA_ID | ERC4906_ID | ERC4907_ID | ERC5267_ID
        )
    }
}

impl CaliberReceipts {
    fn router(&self) -> Address {
        Address::from_word(self.router.get())
    }

    /// The caller, if it has `role`.
    fn require_role(&self, role: Id) -> Result<Address, CaliberError> {
        let caller = self.vm().msg_sender();
        authority::require_role(self, self.router(), role, caller)?;
        Ok(caller)
    }

    #[inline(never)]
    fn settings(&self) -> Settings {
        Settings::of_word(&self.settings.get())
    }

    #[inline(never)]
    fn set_settings(&mut self, settings: &Settings) {
        self.settings.set(&settings.to_word());
    }

    fn set_issues_paused(&mut self, paused: bool) {
        let settings = Settings {
            issues_paused: paused,
            ..self.settings()
        };
        self.set_settings(&settings);
        let account = self.vm().msg_sender();
        IssuesPauseSet { account, paused }.emit(self.vm());
    }

    fn commit_policy(&mut self, policy: Policy) {
        let settings = Settings { policy, ..self.settings() };
        self.set_settings(&settings);
        PolicySet {
            maxAge: U256::from(policy.max_age),
            minCoverBps: U256::from(policy.min_cover_bps),
            quorum: U256::from(policy.quorum),
            maxStepBps: U256::from(policy.max_step_bps),
        }
        .emit(self.vm());
    }

    /// Replaces a URI and its length.
    fn commit_uri(&mut self, receipt: U256, uri: &str) -> Result<(), CaliberError> {
        in_range("uri", &U256::from(uri.len()), 0, MOST_URI_BYTES as u128)?;
        let mut bailment = self.receipts.bailment(receipt);
        bailment.uri_bytes = u16::try_from(uri.len()).unwrap_or_default();
        self.receipts.set_bailment(receipt, bailment);
        self.receipts.set_uri(receipt, uri);
        Ok(())
    }

    #[inline(never)]
    fn title(&self, receipt: U256) -> Result<Title, CaliberError> {
        Ok(self.ledger.title(receipt)?.into())
    }

    #[inline(never)]
    fn set_title(&mut self, receipt: U256, title: Title) -> Result<(), CaliberError> {
        Ok(self.ledger.set_spare(receipt, title.spare())?)
    }

    fn require_party(&self, account: Address) -> Result<(), CaliberError> {
        if self.settings().listed_only && self.parties.get(&[account]).is_zero() {
            return Err(NotListed { account }.into());
        }
        Ok(())
    }

    fn next_id(&mut self) -> U256 {
        let id = self.last_receipt().wrapping_add(U256::from(1));
        self.last_id.set(&word(&id));
        id
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

//! Storage and external functions: find out that both sides agree, then have FiLo lend.

#![allow(
    clippy::must_use_candidate,
    reason = "external functions are called through the ABI, where nothing is dropped by mistake"
)]

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use eip712::{require_signer, Domain, IErc5267};
use filo_stacks::amount::Amount;
use interfaces::{
    authority,
    calls::{ICaliber, IFiloLoans, IFiloOrigination},
    ids::{address, role},
};
use lean_abi::{number, word, AccountMap, SolidityEvent, Word, WordMap};
use stylus_sdk::prelude::*;

use crate::{
    errors::{
        in_range, non_zero, InvalidOfferSigner, NotWired, OfferExpired, OfferSpent, OnlyBorrower, OnlyCurator, OtherReceipts,
        WrongHardwareClass,
    },
    events::{OfferCancelled, OfferPosted, OfferTaken, OperatorSet, Wired},
    offer::{low, Offer, Status, MAX_RECEIPTS},
    OriginationError,
};

/// The deployed contract.
#[storage]
pub struct FiloOrigination {
    router: Word,
    filo: Word,
    caliber: Word,
    /// FiLo's length of a period, seconds.
    period: Word,
    /// What has become of each offer, by digest.
    offers: WordMap,
    /// Whether an operator may act for a controller: controller, operator.
    operators: AccountMap,
}

// SAFETY: it is the storage of the deployed contract, always at slot zero.
unsafe impl TopLevelStorage for FiloOrigination {}

impl Domain for FiloOrigination {
    const NAME: &'static str = "FiLo Origination";
}

/// An offer that may be taken.
struct Taken {
    digest: B256,
    hardware_class: B256,
    instalment: Amount,
}

/// Offers of loans and what borrowers do with them. Amounts in USDai, ratios in basis points, rates in WAD a year, times in Unix seconds.
#[lean_abi::contract(
    errors(OriginationError),
    events(OfferPosted, OfferCancelled, OfferTaken, OperatorSet, Wired),
    implements(IErc5267)
)]
impl FiloOrigination {
    /// Sets the authority.
    ///
    /// # Errors
    /// `ZeroValue` for a zero router.
    #[constructor]
    pub fn constructor(&mut self, router: Address) -> Result<(), OriginationError> {
        non_zero("router", router.as_slice())?;
        self.router.set(&router.into_word());
        Ok(())
    }

    /// Copies FiLo and CALIBER from the router's address book, and the length of a period from FiLo; anybody may, the router is the
    /// authority.
    ///
    /// # Errors
    /// `AddressNotSet` from the router's books.
    pub fn wire(&mut self) -> Result<(), OriginationError> {
        let router = account(&self.router);
        let filo = authority::address_of(self, router, address::FILO)?;
        let caliber = authority::address_of(self, router, address::CALIBER)?;
        let (period_seconds, _, _) = IFiloOrigination::new(filo).parameters(self)?;
        self.filo.set(&filo.into_word());
        self.caliber.set(&caliber.into_word());
        self.period.set(&word(&period_seconds));
        Wired {
            filo,
            caliber,
            periodSeconds: period_seconds,
        }
        .emit(self.vm());
        Ok(())
    }

    /// Posts an offer of the caller's: its borrower may take it without a signature. Returns its digest.
    ///
    /// # Errors
    /// What of `draw` lies in the offer itself: `ZeroValue`, `OutOfRange`, `OfferExpired`, `WrongHardwareClass`, FiLo's `UnknownStack`;
    /// `OnlyCurator`; `OfferSpent`; `NotWired`.
    #[returns(digest)]
    pub fn post(&mut self, offer: Offer) -> Result<B256, OriginationError> {
        let (digest, status, curator, _) = self.examine(&offer)?;
        self.require_curator(curator, offer.stack)?;
        if status != Status::Unknown {
            return Err(spent(digest, status));
        }
        self.record(digest, Status::Posted);
        OfferPosted {
            offer: digest,
            stack: offer.stack,
            borrower: offer.borrower,
            receipts: offer.receipts,
            principal: offer.principal,
            rate: offer.rate,
            periods: offer.periods,
            levelPayment: offer.level_payment,
            graceSeconds: offer.grace_seconds,
            lateFeeBps: offer.late_fee_bps,
            expiry: offer.expiry,
            salt: offer.salt,
        }
        .emit(self.vm());
        Ok(digest)
    }

    /// Ends an offer of the caller's, posted or only signed: it cannot be taken any more. Returns its digest.
    ///
    /// # Errors
    /// FiLo's `UnknownStack`; `OnlyCurator`; `OfferSpent` if it has been taken or cancelled; `NotWired`.
    #[returns(digest)]
    pub fn cancel(&mut self, offer: Offer) -> Result<B256, OriginationError> {
        let (curator, _) = self.curator_of(offer.stack)?;
        self.require_curator(curator, offer.stack)?;
        let digest = offer.digest(self);
        let status = self.status(&digest);
        if matches!(status, Status::Cancelled | Status::Taken) {
            return Err(spent(digest, status));
        }
        self.record(digest, Status::Cancelled);
        OfferCancelled {
            offer: digest,
            stack: offer.stack,
        }
        .emit(self.vm());
        Ok(digest)
    }

    /// Takes an offer, by its borrower or an operator of theirs: the receipts are pledged, and `receiver` gets the money, of which the
    /// stack pays its first-loss part and the vault the rest. Unless the offer is posted, `signature` is the curator's, by its key or, if
    /// it is a contract, by its own word (ERC-1271). Returns the loan's id.
    ///
    /// # Errors
    /// `ZeroValue` for a zero borrower or receiver; `OnlyBorrower`; `OutOfRange` for 0 or more than 32 receipts or an id beyond 2^64 − 1, a
    /// principal outside 1 USDai to 2^96 − 1 wei, a rate outside 1 wei to 100 %, 0 or more than 120 periods, a grace of more than 90 days,
    /// a late fee of more than 20 % a year, an expiry beyond 2^48 − 1; `OfferExpired`; `OfferSpent`; `WrongHardwareClass`;
    /// `InvalidOfferSigner`; `Unauthorized` if the curator has lost the role CURATOR; what FiLo refuses: `UnknownStack`,
    /// `StackInTrouble`, `InsufficientJunior`, `SeniorCapExceeded`, `LimitExceeded`, `LtvExceeded`, `InsufficientCover`, and what CALIBER
    /// and the vault refuse it; `NotWired`.
    #[returns(loan)]
    pub fn draw(&mut self, offer: Offer, signature: Vec<u8>, receiver: Address) -> Result<U256, OriginationError> {
        self.take(U256::ZERO, offer, signature, receiver)
    }

    /// Takes an offer in place of `loan`, by its borrower or an operator of theirs: that loan is paid off whole, as by `pay`, with the new
    /// one's money; the borrower's allowance to FiLo pays what is missing, and `receiver` gets what is left. The receipts, which have to be
    /// the loan's, pass to the new loan and are free at no time. The vault needs the new senior part in cash before it gets the old one
    /// back. Returns the new loan's id.
    ///
    /// # Errors
    /// As `draw`; `OnlyBorrower` if the loan is somebody else's; `OtherReceipts`; FiLo's `UnknownLoan`, and `WrongStatus` if nothing is
    /// owed; what USDai refuses of the payment.
    #[returns(new_loan)]
    pub fn refinance(&mut self, loan: U256, offer: Offer, signature: Vec<u8>, receiver: Address) -> Result<U256, OriginationError> {
        let borrower = self.borrower_of(loan)?;
        if borrower != offer.borrower {
            return Err(OnlyBorrower {
                caller: offer.borrower,
                borrower,
            }
            .into());
        }
        let pledged = IFiloLoans::new(account(&self.filo)).receipts_of(self, loan)?;
        // No receipt is pledged twice, so as many and each among the others is the same.
        if pledged.len() != offer.receipts.len() || !pledged.iter().all(|receipt| offer.receipts.contains(receipt)) {
            return Err(OtherReceipts { loan }.into());
        }
        self.take(loan, offer, signature, receiver)
    }

    /// Puts further receipts of the borrower's behind a loan that performs or is late, by the borrower or an operator of theirs: what a
    /// margin call asks for.
    ///
    /// # Errors
    /// `OnlyBorrower`; `OutOfRange` for no receipts or an id beyond 2^64 − 1; `WrongHardwareClass`; what FiLo refuses: `UnknownLoan`,
    /// `WrongStatus`, `OutOfRange` for more than 32 receipts of a loan, and what CALIBER refuses it; `NotWired`.
    pub fn top_up(&mut self, loan: U256, receipts: Vec<U256>) -> Result<(), OriginationError> {
        let borrower = self.borrower_of(loan)?;
        self.require_borrower(borrower)?;
        in_range("receipts", &U256::from(receipts.len()), 1, MAX_RECEIPTS)?;
        let mut class = B256::ZERO;
        if let Some(first) = IFiloLoans::new(account(&self.filo)).receipts_of(self, loan)?.first() {
            class = self.caliber().class_of(self, *first)?;
        }
        self.check_class(&receipts, class)?;
        Ok(self.filo().add_receipts(self, loan, receipts, borrower)?)
    }

    /// Lets `operator` take offers and add receipts for the caller, or no longer.
    ///
    /// # Errors
    /// `ZeroValue` for a zero operator.
    pub fn set_operator(&mut self, operator: Address, approved: bool) -> Result<bool, OriginationError> {
        non_zero("operator", operator.as_slice())?;
        let controller = self.vm().msg_sender();
        self.operators.entry(&[controller, operator]).set(&U256::from(approved));
        OperatorSet {
            controller,
            operator,
            approved,
        }
        .emit(self.vm());
        Ok(true)
    }

    /// Whether `operator` may act for `controller`.
    pub fn is_operator(&self, controller: Address, operator: Address) -> bool {
        !self.operators.get(&[controller, operator]).is_zero()
    }

    /// An offer's EIP-712 digest.
    pub fn hash_offer(&self, offer: Offer) -> B256 {
        offer.digest(self)
    }

    /// What has become of the offer of this digest: 0 nothing (it may be signed), 1 posted, 2 cancelled, 3 taken.
    pub fn offer_status(&self, offer: B256) -> U256 {
        number(&self.offers.get(&offer, 0))
    }

    /// Instalment `number` (from 1) of the plan that an offer comes with: interest, principal, and what it leaves outstanding.
    ///
    /// # Errors
    /// What of `draw` lies in the numbers of the offer: `ZeroValue`, `OutOfRange`; `OutOfRange` beyond its periods; `NotWired`.
    #[returns(interest, principal, outstanding)]
    pub fn schedule(&self, offer: Offer, number: U256) -> Result<(Amount, Amount, Amount), OriginationError> {
        offer.check()?;
        in_range("number", &number, 1, low(&offer.periods).into())?;
        let period = self.period_seconds()?;
        Ok(offer.loan(period)?.schedule(number.byte(0), period)?)
    }
}

fn account(word: &Word) -> Address {
    Address::from_word(word.get())
}

fn spent(offer: B256, status: Status) -> OriginationError {
    let status = U256::from(status as u8);
    OfferSpent { offer, status }.into()
}

impl FiloOrigination {
    fn filo(&self) -> IFiloOrigination {
        IFiloOrigination::new(account(&self.filo))
    }

    fn caliber(&self) -> ICaliber {
        ICaliber::new(account(&self.caliber))
    }

    /// FiLo's period; wired means that it is known.
    fn period_seconds(&self) -> Result<u64, OriginationError> {
        match low(&number(&self.period.get())) {
            0 => Err(NotWired {}.into()),
            period => Ok(period),
        }
    }

    fn status(&self, digest: &B256) -> Status {
        Status::from_byte(self.offers.get(digest, 0)[31])
    }

    fn record(&mut self, digest: B256, status: Status) {
        self.offers.set(&digest, 0, &B256::with_last_byte(status as u8));
    }

    /// A stack's curator, and the only class it lends against, zero for any.
    fn curator_of(&self, stack: U256) -> Result<(Address, B256), OriginationError> {
        self.period_seconds()?;
        let (curator, _, _, _, _, _, _, _, _, _, class) = self.filo().stack(self, stack)?;
        Ok((curator, class))
    }

    fn borrower_of(&self, loan: U256) -> Result<Address, OriginationError> {
        self.period_seconds()?;
        Ok(self.filo().loan(self, loan)?.1)
    }

    fn require_curator(&self, curator: Address, stack: U256) -> Result<(), OriginationError> {
        let caller = self.vm().msg_sender();
        if caller != curator {
            return Err(OnlyCurator { caller, stack }.into());
        }
        Ok(())
    }

    fn require_borrower(&self, borrower: Address) -> Result<(), OriginationError> {
        let caller = self.vm().msg_sender();
        if caller != borrower && !self.is_operator(borrower, caller) {
            return Err(OnlyBorrower { caller, borrower }.into());
        }
        Ok(())
    }

    /// Ids that can be stored, all of one class: of `class` unless that is zero. Returns which.
    fn check_class(&self, receipts: &[U256], mut class: B256) -> Result<B256, OriginationError> {
        for receipt in receipts {
            in_range("receipt", receipt, 1, u64::MAX.into())?;
            let found = self.caliber().class_of(self, *receipt)?;
            if class.is_zero() {
                class = found;
            }
            // A receipt that does not exist has none.
            if found != class || found.is_zero() {
                return Err(WrongHardwareClass {
                    receipt: *receipt,
                    hardwareClass: class,
                }
                .into());
            }
        }
        Ok(class)
    }

    /// What an offer says by itself, checked: its digest, what has become of it, its curator, its receipts' class.
    fn examine(&self, offer: &Offer) -> Result<(B256, Status, Address, B256), OriginationError> {
        offer.check()?;
        let digest = offer.digest(self);
        if U256::from(self.vm().block_timestamp()) > offer.expiry {
            return Err(OfferExpired {
                offer: digest,
                expiry: offer.expiry,
            }
            .into());
        }
        let (curator, class) = self.curator_of(offer.stack)?;
        let class = self.check_class(&offer.receipts, class)?;
        Ok((digest, self.status(&digest), curator, class))
    }

    /// Takes an offer in place of the loan `replaces`, or of none.
    fn take(&mut self, replaces: U256, offer: Offer, signature: Vec<u8>, receiver: Address) -> Result<U256, OriginationError> {
        non_zero("receiver", receiver.as_slice())?;
        self.require_borrower(offer.borrower)?;
        let Taken {
            digest,
            hardware_class,
            instalment,
        } = self.agree(&offer, signature)?;
        let loan = self.filo().originate(
            self,
            replaces,
            offer.borrower,
            receiver,
            offer.stack,
            offer.receipts,
            hardware_class,
            offer.principal,
            offer.rate,
            offer.periods,
            offer.level_payment,
            offer.grace_seconds,
            offer.late_fee_bps,
            instalment.word(),
        )?;
        OfferTaken { offer: digest, loan }.emit(self.vm());
        Ok(loan)
    }

    /// The curator has offered it, still may, and this is the only time that it is taken.
    fn agree(&mut self, offer: &Offer, signature: Vec<u8>) -> Result<Taken, OriginationError> {
        let (digest, status, curator, hardware_class) = self.examine(offer)?;
        authority::require_role(self, account(&self.router), role::CURATOR, curator)?;
        if matches!(status, Status::Cancelled | Status::Taken) {
            return Err(spent(digest, status));
        }
        // Taken before a contract is asked whether it signed.
        self.record(digest, Status::Taken);
        if status == Status::Unknown {
            if let Err(signer) = require_signer(self, curator, digest, signature) {
                return Err(InvalidOfferSigner { signer, curator }.into());
            }
        }
        let instalment = offer.loan(self.period_seconds()?)?.instalment;
        Ok(Taken {
            digest,
            hardware_class,
            instalment,
        })
    }
}

//! What curator and borrower agree on, whole.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use eip712::{digest, hash, hash_words, word as account, Domain};
use filo_stacks::{
    amount::Amount,
    loan::Loan,
    terms::{Fees, Terms, LAST_SECOND, MAX_GRACE_SECONDS, MAX_LATE_FEE_BPS, MAX_PERIODS, MAX_PRINCIPAL, MAX_RATE, MIN_PRINCIPAL},
};
use fixed_point::Bps;
use lean_abi::{constant, word, AbiType};

use crate::{
    errors::{in_range, non_zero},
    OriginationError,
};

/// Most receipts that one loan can have: they are pledged and released in one call.
pub const MAX_RECEIPTS: u128 = 32;

const OFFER_TYPE_HASH: [u8; 32] = hash(
    "Offer(uint256 stack,address borrower,uint256[] receipts,uint256 principal,uint256 rate,uint256 periods,bool levelPayment,uint256 graceSeconds,uint256 lateFeeBps,uint256 expiry,uint256 salt)",
);

/// An offer of a loan by the curator of a stack.
#[derive(AbiType, Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The stack that stands behind it.
    pub stack: U256,
    /// Who may take it.
    pub borrower: Address,
    /// The receipts that secure it, 1 to 32, all of one hardware class.
    pub receipts: Vec<U256>,
    /// USDai lent, from 1 USDai to 2^96 − 1 wei.
    pub principal: U256,
    /// WAD a year, from 1 wei to 100 %.
    pub rate: U256,
    /// Number of instalments, 1 to 120.
    pub periods: U256,
    /// Equal payments; else equal parts of principal.
    pub level_payment: bool,
    /// How many seconds a payment may be late before default, at most 90 days.
    pub grace_seconds: U256,
    /// Late fee in basis points of what is outstanding a year, at most 20 %.
    pub late_fee_bps: U256,
    /// Last second at which it can be taken.
    pub expiry: U256,
    /// Sets offers apart that are the same otherwise: each is good once.
    pub salt: U256,
}

/// What has become of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Nothing here; the curator may have signed it.
    Unknown = 0,
    /// The curator's word stands.
    Posted = 1,
    /// The curator took it back.
    Cancelled = 2,
    /// It has become a loan.
    Taken = 3,
}

impl Status {
    /// From its number.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Self {
        match byte {
            1 => Self::Posted,
            2 => Self::Cancelled,
            3 => Self::Taken,
            _ => Self::Unknown,
        }
    }
}

impl Offer {
    /// The EIP-712 digest, by which it is known and which the curator signs.
    #[must_use]
    pub fn digest<T: Domain>(&self, contract: &T) -> B256 {
        let receipts: Vec<B256> = self.receipts.iter().map(word).collect();
        digest(
            contract,
            &[
                constant!(OFFER_TYPE_HASH),
                word(&self.stack),
                account(self.borrower),
                hash_words(contract.vm(), &receipts),
                word(&self.principal),
                word(&self.rate),
                word(&self.periods),
                B256::with_last_byte(self.level_payment.into()),
                word(&self.grace_seconds),
                word(&self.late_fee_bps),
                word(&self.expiry),
                word(&self.salt),
            ],
        )
    }

    /// Within the bounds of every loan.
    ///
    /// # Errors
    /// [`ZeroValue`](crate::errors::ZeroValue) for a zero borrower; [`OutOfRange`](crate::errors::OutOfRange) naming the member.
    pub fn check(&self) -> Result<(), OriginationError> {
        non_zero("borrower", self.borrower.as_slice())?;
        in_range("receipts", &U256::from(self.receipts.len()), 1, MAX_RECEIPTS)?;
        in_range("principal", &self.principal, MIN_PRINCIPAL, MAX_PRINCIPAL)?;
        in_range("rate", &self.rate, 1, MAX_RATE)?;
        in_range("periods", &self.periods, 1, MAX_PERIODS.into())?;
        in_range("graceSeconds", &self.grace_seconds, 0, MAX_GRACE_SECONDS)?;
        in_range("lateFeeBps", &self.late_fee_bps, 0, MAX_LATE_FEE_BPS)?;
        in_range("expiry", &self.expiry, 0, LAST_SECOND)
    }

    /// The loan that it would be, drawn now: its plan is what both sides agree to. Only for offers that [`Offer::check`] lets pass.
    ///
    /// # Errors
    /// An overflow of the arithmetic; never within the bounds.
    pub fn loan(&self, period: u64) -> Result<Loan, OriginationError> {
        let terms = Terms {
            principal: Amount::from_word(self.principal)?,
            rate: low(&self.rate),
            periods: self.periods.byte(0),
            level: self.level_payment,
            fees: Fees::default(),
            grace: 0,
            late_fee: Bps::default(),
        };
        Ok(Loan::draw(terms, terms.instalment(period)?, Amount::ZERO, 0))
    }
}

/// The low 64 bits of a word that is known to have no more.
pub(crate) const fn low(word: &U256) -> u64 {
    word.as_limbs()[0]
}

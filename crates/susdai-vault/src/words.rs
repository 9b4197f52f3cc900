//! How the books lie in storage: four words for all of them, because what a deposit costs is the words it touches, and a fifth that is
//! read only while a loan is impaired.
//!
//! | word | low to high |
//! | --- | --- |
//! | till | cash 128, repaid 128 |
//! | loans | principal 128, rate 128 |
//! | accrual | accrued 192, updated_at 63, whether anything is impaired 1 |
//! | impairment | impairment 128 |
//! | limits | bridged 128, cap 128 |
//! | vesting | amount 128, start 64, end 64 |
//!
//! A rate has room for 340 USDai of interest a second (10.7 billion a year), an accrual for 6 × 10^21 USDai; whoever would exceed a
//! field is refused by name.

use fixed_point::{Assets, Shares, U256};

use crate::{
    errors::{AboveMaximum, VaultError},
    loan_book::{Accrual, LoanBook, Rate},
    nav::MAX_BOOK,
    till::Till,
    vesting::Vesting,
};

/// The most that an accrual holds: 2^192 − 1.
pub const MAX_ACCRUAL: U256 = U256::from_limbs([u64::MAX, u64::MAX, u64::MAX, 0]);

/// The bit of the accrual's word that says that something is impaired.
const IMPAIRED: u64 = 1 << 63;
/// The last second that leaves the bit free.
const MAX_SECOND: U256 = U256::from_limbs([IMPAIRED - 1, 0, 0, 0]);

/// `value` if it is at most `maximum`.
fn bounded(value: U256, maximum: U256) -> Result<[u64; 4], VaultError> {
    if value > maximum {
        return Err(AboveMaximum { value, maximum }.into());
    }
    Ok(value.into_limbs())
}

/// Two amounts of 128 bits in a word.
fn pair(low: U256, high: U256) -> Result<U256, VaultError> {
    let (low, high) = (bounded(low, MAX_BOOK)?, bounded(high, MAX_BOOK)?);
    Ok(U256::from_limbs([low[0], low[1], high[0], high[1]]))
}

/// The two amounts of [`pair`].
fn unpair(word: U256) -> (U256, U256) {
    let [a, b, c, d] = word.into_limbs();
    (U256::from_limbs([a, b, 0, 0]), U256::from_limbs([c, d, 0, 0]))
}

impl Till {
    /// The till in a word.
    ///
    /// # Errors
    /// [`AboveMaximum`].
    pub fn to_word(&self) -> Result<U256, VaultError> {
        pair(self.cash.0, self.repaid.0)
    }

    /// The till of a word.
    #[must_use]
    pub fn from_word(word: U256) -> Self {
        let (cash, repaid) = unpair(word);
        Self {
            cash: Assets(cash),
            repaid: Assets(repaid),
        }
    }
}

/// What is compared with the books, and counted beside them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Shares on other chains.
    pub bridged: Shares,
    /// The most that a deposit may bring the face value to; [`MAX_BOOK`]: no cap.
    pub cap: Assets,
}

impl Limits {
    /// The limits in a word.
    ///
    /// # Errors
    /// [`AboveMaximum`].
    pub fn to_word(&self) -> Result<U256, VaultError> {
        pair(self.bridged.0, self.cap.0)
    }

    /// The limits of a word.
    #[must_use]
    pub fn from_word(word: U256) -> Self {
        let (bridged, cap) = unpair(word);
        Self {
            bridged: Shares(bridged),
            cap: Assets(cap),
        }
    }
}

impl LoanBook {
    /// The book in its three words, loans, accrual and impairment.
    ///
    /// # Errors
    /// [`AboveMaximum`].
    pub fn to_words(&self) -> Result<[U256; 3], VaultError> {
        let [a, b, c, _] = bounded(self.accrued.0, MAX_ACCRUAL)?;
        let flag = if self.impairment.is_zero() { 0 } else { IMPAIRED };
        let updated_at = bounded(U256::from_limbs([self.updated_at, 0, 0, 0]), MAX_SECOND)?[0];
        Ok([
            pair(self.principal.0, self.rate.0)?,
            U256::from_limbs([a, b, c, updated_at | flag]),
            U256::from_limbs(bounded(self.impairment.0, MAX_BOOK)?),
        ])
    }

    /// Whether the third word has to be read, by the second: else it is zero.
    #[must_use]
    pub fn is_impaired(accrual: &U256) -> bool {
        accrual.as_limbs()[3] & IMPAIRED != 0
    }

    /// The book of its three words.
    #[must_use]
    pub fn from_words(loans: U256, accrual: U256, impairment: U256) -> Self {
        let (principal, rate) = unpair(loans);
        let [a, b, c, updated_at] = accrual.into_limbs();
        Self {
            principal: Assets(principal),
            rate: Rate(rate),
            accrued: Accrual(U256::from_limbs([a, b, c, 0])),
            updated_at: updated_at & !IMPAIRED,
            impairment: Assets(impairment),
        }
    }
}

impl Vesting {
    /// The line in a word.
    ///
    /// # Errors
    /// [`AboveMaximum`].
    pub fn to_word(&self) -> Result<U256, VaultError> {
        let [a, b, ..] = bounded(self.amount.0, MAX_BOOK)?;
        Ok(U256::from_limbs([a, b, self.start, self.end]))
    }

    /// The line of a word.
    #[must_use]
    pub fn from_word(word: U256) -> Self {
        let [a, b, start, end] = word.into_limbs();
        Self {
            amount: Assets(U256::from_limbs([a, b, 0, 0])),
            start,
            end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn books_come_back_as_they_went(a in any::<u128>(), b in any::<u128>(), c in any::<[u64; 3]>(), s in any::<u64>(), e in any::<u64>(), impaired in any::<bool>()) {
            let (x, y) = (U256::from(a), U256::from(b));
            let till = Till { cash: Assets(x), repaid: Assets(y) };
            prop_assert_eq!(Till::from_word(till.to_word().unwrap()), till);
            let limits = Limits { bridged: Shares(y), cap: Assets(x) };
            prop_assert_eq!(Limits::from_word(limits.to_word().unwrap()), limits);
            let accrued = Accrual(U256::from_limbs([c[0], c[1], c[2], 0]));
            let impairment = if impaired { Assets(y) } else { Assets::ZERO };
            let book = LoanBook { principal: Assets(x), rate: Rate(y), accrued, updated_at: s >> 1, impairment };
            let [loans, accrual, impairment] = book.to_words().unwrap();
            prop_assert_eq!(LoanBook::from_words(loans, accrual, impairment), book);
            prop_assert_eq!(LoanBook::is_impaired(&accrual), !impairment.is_zero());
            let vesting = Vesting { amount: Assets(x), start: s, end: e };
            prop_assert_eq!(Vesting::from_word(vesting.to_word().unwrap()), vesting);
        }
    }

    #[test]
    fn a_book_refuses_what_it_has_no_room_for() {
        let value = MAX_BOOK + U256::from(1);
        let refused = VaultError::from(AboveMaximum { value, maximum: MAX_BOOK });
        let till = Till {
            cash: Assets(value),
            repaid: Assets::ZERO,
        };
        assert_eq!(till.to_word(), Err(refused.clone()));
        let principal = LoanBook {
            principal: Assets(value),
            ..LoanBook::default()
        };
        assert_eq!(principal.to_words(), Err(refused.clone()));
        let rate = LoanBook {
            rate: Rate(value),
            ..LoanBook::default()
        };
        assert_eq!(rate.to_words(), Err(refused.clone()));
        let amount = Vesting {
            amount: Assets(value),
            ..Vesting::default()
        };
        assert_eq!(amount.to_word(), Err(refused));
        let value = MAX_ACCRUAL + U256::from(1);
        let accrued = LoanBook {
            accrued: Accrual(value),
            ..LoanBook::default()
        };
        assert_eq!(
            accrued.to_words(),
            Err(AboveMaximum {
                value,
                maximum: MAX_ACCRUAL
            }
            .into())
        );
    }
}

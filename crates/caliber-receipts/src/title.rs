//! Who has a document in control, and what stands in the way of moving it (PROTOCOL 4, Encumbrance and Redemption; UCC 7-106).

use alloy_primitives::{Address, U256};
use erc721_ledger::{self as erc721, ERC721IncorrectOwner, Erc721Error, Spare};

use crate::{
    errors::{NotPledgedTo, NotSurrendered, ReceiptPledged, ReceiptSurrendered},
    CaliberError,
};

/// A loan of the FiLo contract, from 1 to 2^64 − 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoanId(pub u64);

/// What lies on a receipt. While anything does, its holder cannot move it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lien {
    /// Nothing.
    Free,
    /// It secures a loan.
    Pledged(LoanId),
    /// It is handed in for the machines.
    Surrendered,
}

impl Lien {
    /// No loan has this number: it marks a receipt that is handed in.
    const SURRENDERED: u64 = u64::MAX;
    /// The largest number of a loan.
    pub const LAST_LOAN: u64 = Self::SURRENDERED - 1;

    fn to_number(self) -> u64 {
        match self {
            Self::Free => 0,
            Self::Pledged(loan) => loan.0,
            Self::Surrendered => Self::SURRENDERED,
        }
    }

    fn of_number(number: u64) -> Self {
        match number {
            0 => Self::Free,
            Self::SURRENDERED => Self::Surrendered,
            loan => Self::Pledged(LoanId(loan)),
        }
    }

    /// The loan that the receipt secures, 0 if it secures none.
    #[must_use]
    pub fn loan(self) -> u64 {
        match self {
            Self::Pledged(loan) => loan.0,
            _ => 0,
        }
    }
}

/// The title to one lot of hardware: a word, of which the ledger keeps the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Title {
    /// In control of the document; never zero for a live receipt.
    pub owner: Address,
    /// What lies on it.
    pub lien: Lien,
    /// Counts the changes of control, modulo 2^32: what one holder has allowed ends with it.
    pub tenure: u32,
}

impl From<erc721::Title> for Title {
    fn from(title: erc721::Title) -> Self {
        let (mut lien, mut tenure) = ([0; 8], [0; 4]);
        lien.copy_from_slice(&title.spare[..8]);
        tenure.copy_from_slice(&title.spare[8..]);
        Self {
            owner: title.owner,
            lien: Lien::of_number(u64::from_be_bytes(lien)),
            tenure: u32::from_be_bytes(tenure),
        }
    }
}

impl Title {
    /// All but the owner, for the ledger.
    #[must_use]
    pub fn spare(self) -> Spare {
        let mut spare = [0; 12];
        spare[..8].copy_from_slice(&self.lien.to_number().to_be_bytes());
        spare[8..].copy_from_slice(&self.tenure.to_be_bytes());
        spare
    }

    /// Succeeds if nothing lies on the receipt.
    ///
    /// # Errors
    /// [`ReceiptPledged`] while a loan encumbers it (C1), [`ReceiptSurrendered`] while it is handed in.
    pub fn require_free(self, receipt: U256) -> Result<(), CaliberError> {
        match self.lien {
            Lien::Free => Ok(()),
            Lien::Surrendered => Err(ReceiptSurrendered { receipt }.into()),
            Lien::Pledged(loan) => Err(ReceiptPledged {
                receipt,
                loan: U256::from(loan.0),
            }
            .into()),
        }
    }

    /// The title, encumbered by `loan`. A receipt that stands twice in one list is refused here the second time.
    ///
    /// # Errors
    /// [`ERC721IncorrectOwner`] if `owner` is not in control; as [`Self::require_free`] (C1).
    pub fn pledged(self, receipt: U256, owner: Address, loan: LoanId) -> Result<Self, CaliberError> {
        if self.owner != owner {
            return Err(Erc721Error::from(ERC721IncorrectOwner {
                sender: owner,
                tokenId: receipt,
                owner: self.owner,
            })
            .into());
        }
        self.require_free(receipt)?;
        Ok(Self {
            lien: Lien::Pledged(loan),
            ..self
        })
    }

    /// The title with `next` in the place of `loan`'s lien.
    ///
    /// # Errors
    /// [`NotPledgedTo`] if another loan or none encumbers it (C1).
    pub fn relieved(self, receipt: U256, loan: LoanId, next: Lien) -> Result<Self, CaliberError> {
        if self.lien != Lien::Pledged(loan) {
            return Err(NotPledgedTo {
                receipt,
                loan: U256::from(loan.0),
            }
            .into());
        }
        Ok(Self { lien: next, ..self })
    }

    /// The title, handed in for the machines.
    ///
    /// # Errors
    /// As [`Self::require_free`].
    pub fn surrendered(self, receipt: U256) -> Result<Self, CaliberError> {
        self.require_free(receipt)?;
        Ok(Self {
            lien: Lien::Surrendered,
            ..self
        })
    }

    /// Succeeds if the receipt is handed in.
    ///
    /// # Errors
    /// [`NotSurrendered`].
    pub fn require_surrendered(self, receipt: U256) -> Result<(), CaliberError> {
        if self.lien != Lien::Surrendered {
            return Err(NotSurrendered { receipt }.into());
        }
        Ok(())
    }

    /// The title after control has changed.
    #[must_use]
    pub fn next_tenure(self) -> Self {
        Self {
            tenure: self.tenure.wrapping_add(1),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALICE: Address = Address::repeat_byte(0xA1);
    const BOB: Address = Address::repeat_byte(0xB0);
    const ID: U256 = U256::ZERO;

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Pledge(Address, u64),
        Release(u64),
        Move(u64, u64),
        Surrender,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (prop_oneof![Just(ALICE), Just(BOB)], 1u64..4).prop_map(|(owner, loan)| Step::Pledge(owner, loan)),
            (1u64..4).prop_map(Step::Release),
            (1u64..4, 1u64..4).prop_map(|(from, to)| Step::Move(from, to)),
            Just(Step::Surrender),
        ]
    }

    proptest! {
        #[test]
        fn a_title_survives_its_word(owner in any::<[u8; 20]>(), number in any::<u64>(), tenure in any::<u32>()) {
            let title = Title { owner: owner.into(), lien: Lien::of_number(number), tenure };
            prop_assert_eq!(Title::from(erc721::Title { owner: owner.into(), spare: title.spare() }), title);
        }

        /// C1: from a pledge on, only the loan that has it can pass it on or let it go.
        #[test]
        fn a_pledged_title_stays_where_it_is(steps in proptest::collection::vec(step(), 0..64)) {
            let mut title = Title { owner: ALICE, lien: Lien::Free, tenure: 0 };
            for step in steps {
                let before = title;
                let after = match step {
                    Step::Pledge(owner, loan) => title.pledged(ID, owner, LoanId(loan)),
                    Step::Release(loan) => title.relieved(ID, LoanId(loan), Lien::Free),
                    Step::Move(from, to) => title.relieved(ID, LoanId(from), Lien::Pledged(LoanId(to))),
                    Step::Surrender => title.surrendered(ID),
                };
                let expected = match (step, before.lien) {
                    (Step::Pledge(ALICE, loan), Lien::Free) => Some(Lien::Pledged(LoanId(loan))),
                    (Step::Surrender, Lien::Free) => Some(Lien::Surrendered),
                    (Step::Release(loan), Lien::Pledged(held)) if held == LoanId(loan) => Some(Lien::Free),
                    (Step::Move(from, to), Lien::Pledged(held)) if held == LoanId(from) => Some(Lien::Pledged(LoanId(to))),
                    _ => None,
                };
                prop_assert_eq!(after.as_ref().ok().map(|after| after.lien), expected);
                prop_assert_eq!(title.require_free(ID).is_ok(), before.lien == Lien::Free);
                title = after.unwrap_or(before);
            }
        }
    }
}

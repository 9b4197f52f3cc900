//! Who has a document in control, and what encumbers it (PROTOCOL 4, Encumbrance; UCC 7-106).

use alloy_primitives::{Address, U256};

use crate::{
    errors::{ERC721IncorrectOwner, NotPledgedTo, ReceiptPledged},
    CaliberError,
};

/// A loan of the FiLo contract; 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoanId(pub u64);

/// The title to one lot of hardware.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Title {
    /// In control of the document; never zero for a live receipt.
    pub owner: Address,
    /// The loan it secures, if any.
    pub loan: LoanId,
}

impl Title {
    /// The title after `from` has given it to `to`.
    ///
    /// # Errors
    /// [`ERC721IncorrectOwner`] if `from` is not in control, [`ReceiptPledged`] while a loan encumbers it.
    pub fn transferred(self, receipt: U256, from: Address, to: Address) -> Result<Self, CaliberError> {
        self.require_free_of(receipt, from)?;
        Ok(Self { owner: to, ..self })
    }

    /// The title, encumbered by `loan`. A receipt that stands twice in one list is refused here the second time.
    ///
    /// # Errors
    /// [`ERC721IncorrectOwner`] if `owner` is not in control, [`ReceiptPledged`] if a loan encumbers it already (C1).
    pub fn pledged(self, receipt: U256, owner: Address, loan: LoanId) -> Result<Self, CaliberError> {
        self.require_free_of(receipt, owner)?;
        Ok(Self { loan, ..self })
    }

    /// The title, free of `loan`.
    ///
    /// # Errors
    /// [`NotPledgedTo`] if another loan or none encumbers it (C1).
    pub fn released(self, receipt: U256, loan: LoanId) -> Result<Self, CaliberError> {
        if self.loan != loan {
            return Err(NotPledgedTo {
                receipt,
                loan: U256::from(loan.0),
            }
            .into());
        }
        Ok(Self {
            loan: LoanId::default(),
            ..self
        })
    }

    fn require_free_of(self, receipt: U256, owner: Address) -> Result<(), CaliberError> {
        if self.owner != owner {
            return Err(ERC721IncorrectOwner {
                sender: owner,
                tokenId: receipt,
                owner: self.owner,
            }
            .into());
        }
        if self.loan != LoanId::default() {
            return Err(ReceiptPledged {
                receipt,
                loan: U256::from(self.loan.0),
            }
            .into());
        }
        Ok(())
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
        Transfer(Address, Address),
        Pledge(Address, u64),
        Release(u64),
    }

    fn step() -> impl Strategy<Value = Step> {
        let who = || prop_oneof![Just(ALICE), Just(BOB)];
        prop_oneof![
            (who(), who()).prop_map(|(from, to)| Step::Transfer(from, to)),
            (who(), 1u64..4).prop_map(|(owner, loan)| Step::Pledge(owner, loan)),
            (1u64..4).prop_map(Step::Release),
        ]
    }

    proptest! {
        /// C1: between a pledge and the release by the same loan nothing succeeds and nothing changes.
        #[test]
        fn a_pledged_title_stays_where_it_is(steps in proptest::collection::vec(step(), 0..64)) {
            let mut title = Title { owner: ALICE, loan: LoanId::default() };
            for step in steps {
                let before = title;
                let after = match step {
                    Step::Transfer(from, to) => title.transferred(ID, from, to),
                    Step::Pledge(owner, loan) => title.pledged(ID, owner, LoanId(loan)),
                    Step::Release(loan) => title.released(ID, LoanId(loan)),
                };
                if let Ok(after) = after {
                    title = after;
                    match step {
                        Step::Transfer(from, to) => {
                            prop_assert_eq!(before.loan, LoanId::default());
                            prop_assert_eq!((before.owner, after.owner), (from, to));
                        }
                        Step::Pledge(owner, loan) => {
                            prop_assert_eq!(before.loan, LoanId::default());
                            prop_assert_eq!((before.owner, after.owner), (owner, owner));
                            prop_assert_eq!(after.loan, LoanId(loan));
                        }
                        Step::Release(loan) => {
                            prop_assert_eq!((before.loan, after.loan), (LoanId(loan), LoanId::default()));
                            prop_assert_eq!(before.owner, after.owner);
                        }
                    }
                }
            }
        }
    }
}

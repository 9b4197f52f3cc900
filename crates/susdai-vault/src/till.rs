//! The vault's cash, as booked, and how much of it may be lent (PROTOCOL 3.2).

use fixed_point::{Assets, Checked, U256};

use crate::errors::{ExceedsCash, ExceedsLendable, VaultError};

/// Cash, and the part of it that borrowers paid back since the last settlement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Till {
    /// USDai that the vault holds, as booked; what arrives unannounced is not counted.
    pub cash: Assets,
    /// Principal and interest received since redemptions were last filled. May exceed `cash` once it is spent otherwise.
    pub repaid: Assets,
}

impl Till {
    /// What may be lent: cash less the reserve for those who want to leave, which is the smaller of what they wait for and what
    /// borrowers paid back since the last settlement. Money paid back is offered to them before it is lent again.
    #[must_use]
    pub fn lendable(&self, awaited: Assets) -> Assets {
        let reserve = self.repaid.min(awaited);
        Assets(self.cash.0.saturating_sub(reserve.0))
    }

    /// The till after a deposit or income of `assets`.
    ///
    /// # Errors
    /// Overflow.
    pub fn receive(&self, assets: Assets) -> Checked<Self> {
        Ok(Self {
            cash: self.cash.plus(assets)?,
            repaid: self.repaid,
        })
    }

    /// The till after `principal` is lent while redemptions worth `awaited` wait.
    ///
    /// # Errors
    /// [`ExceedsLendable`].
    pub fn lend(&self, principal: Assets, awaited: Assets) -> Result<Self, VaultError> {
        let lendable = self.lendable(awaited);
        if principal > lendable {
            return Err(ExceedsLendable {
                principal: principal.0,
                lendable: lendable.0,
            }
            .into());
        }
        Ok(Self {
            cash: self.cash.minus(principal)?,
            repaid: self.repaid,
        })
    }

    /// The till after a borrower paid `principal` and `interest`.
    ///
    /// # Errors
    /// Overflow.
    pub fn repay(&self, principal: Assets, interest: Assets) -> Checked<Self> {
        let paid = principal.plus(interest)?;
        // Unlike cash this only grows between settlements, so it must not be what makes a repayment fail: it stops at the largest value
        // it has room for, far above any cash that it could be compared with.
        let repaid = self.repaid.plus(paid)?.min(Assets(crate::nav::MAX_BOOK));
        Ok(Self {
            cash: self.cash.plus(paid)?,
            repaid,
        })
    }

    /// The till after a settlement paid `assets` to those who leave. What was paid back before has been offered to them: the next
    /// reserve starts from nothing.
    ///
    /// # Errors
    /// [`ExceedsCash`].
    pub fn settle(&self, assets: Assets) -> Result<Self, VaultError> {
        if assets > self.cash {
            return Err(ExceedsCash {
                assets: assets.0,
                cash: self.cash.0,
            }
            .into());
        }
        Ok(Self {
            cash: self.cash.minus(assets)?,
            repaid: Assets(U256::ZERO),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wei(n: u128) -> Assets {
        Assets(U256::from(n))
    }

    fn till(cash: u128, repaid: u128) -> Till {
        Till {
            cash: wei(cash),
            repaid: wei(repaid),
        }
    }

    #[test]
    fn the_reserve_is_the_smaller_of_what_is_awaited_and_what_was_paid_back() {
        assert_eq!(till(100, 0).lendable(wei(50)), wei(100));
        assert_eq!(till(100, 30).lendable(wei(50)), wei(70));
        assert_eq!(till(100, 80).lendable(wei(50)), wei(50));
        assert_eq!(till(100, 80).lendable(wei(0)), wei(100));
        assert_eq!(
            till(10, 80).lendable(wei(50)),
            wei(0),
            "a reserve larger than the cash leaves nothing"
        );
    }

    #[test]
    fn lending_stops_at_the_reserve() {
        assert_eq!(till(100, 30).lend(wei(70), wei(50)).unwrap(), till(30, 30));
        assert_eq!(
            till(100, 30).lend(wei(71), wei(50)),
            Err(ExceedsLendable {
                principal: wei(71).0,
                lendable: wei(70).0
            }
            .into())
        );
    }

    #[test]
    fn a_settlement_empties_the_reserve() {
        let till = till(100, 0).repay(wei(20), wei(5)).unwrap();
        assert_eq!(till, self::till(125, 25));
        assert_eq!(till.settle(wei(25)).unwrap(), self::till(100, 0));
        assert_eq!(
            till.settle(wei(126)),
            Err(ExceedsCash {
                assets: wei(126).0,
                cash: wei(125).0
            }
            .into())
        );
    }

    #[test]
    fn the_count_of_repayments_never_stops_a_repayment() {
        let full = Till {
            cash: wei(0),
            repaid: Assets(crate::nav::MAX_BOOK),
        };
        assert_eq!(full.repay(wei(1), wei(1)).unwrap(), till(2, u128::MAX));
    }
}

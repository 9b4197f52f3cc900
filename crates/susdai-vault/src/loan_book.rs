//! One line for all loans: what is lent, and the sum of what every performing loan earns per second (PROTOCOL 3.1).
//!
//! The book is moved by differences alone, so its cost does not depend on how many loans there are. It is exact, not approximate: FiLo
//! takes out of the accrual precisely what each loan put in (its rate × the seconds since it last paid), in the same unit, so that with
//! every loan repaid rate and accrual are zero to the last digit.

use fixed_point::{add, mul_div_down, mul_div_up, ArithmeticError, Assets, Checked, U256, WAD};

use crate::errors::{ExceedsLoanBook, VaultError};

/// Interest per second, in wei × 10^18.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(pub U256);

/// Interest earned, in wei × 10^18.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Accrual(pub U256);

/// Senior principal outstanding and the interest it earns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoanBook {
    /// Senior principal outstanding, at face.
    pub principal: Assets,
    /// The sum of the rates of all performing loans.
    pub rate: Rate,
    /// What they had earned, and not paid, at `updated_at`.
    pub accrued: Accrual,
    /// Second up to which `accrued` counts.
    pub updated_at: u64,
    /// What of the principal is not expected back, over all loans that are late or in default.
    pub impairment: Assets,
}

/// How the mark on a loan changes: what of it is not expected back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remark {
    /// Impairment held against the loan before.
    pub old: Assets,
    /// And from now on.
    pub new: Assets,
}

/// What a repayment changes in the book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repayment {
    /// Principal that came back.
    pub principal: Assets,
    /// The accrual that the interest paid settles.
    pub accrual: Accrual,
    /// The loan's rate before the payment.
    pub old_rate: Rate,
    /// The loan's rate from now on.
    pub new_rate: Rate,
}

/// Interest up to this much above what its accrual comes to is rounding (every part of a split is rounded by itself) and no surplus: a
/// million wei are less than any transaction costs.
const ROUNDING: U256 = U256::from_limbs([1_000_000, 0, 0, 0]);

impl Repayment {
    /// What of `interest` was in no price yet: late fees, and interest of a loan whose accrual had stopped. It vests.
    ///
    /// # Errors
    /// Overflow.
    pub fn surplus(&self, interest: Assets) -> Checked<Assets> {
        // Up: sums of accruals are floored, so what a part of one settles can be a started wei of the price.
        let settled = mul_div_up(self.accrual.0, U256::from_limbs([1, 0, 0, 0]), WAD)?;
        let surplus = interest.0.saturating_sub(settled);
        Ok(if surplus > ROUNDING { Assets(surplus) } else { Assets::ZERO })
    }
}

impl LoanBook {
    /// Earned and unpaid at `now`.
    ///
    /// # Errors
    /// Overflow, also if `now` lies before the book's last change.
    pub fn accrued_at(&self, now: u64) -> Checked<Accrual> {
        let seconds = now.checked_sub(self.updated_at).ok_or(ArithmeticError::Overflow)?;
        add(self.accrued.0, times(&self.rate.0, seconds)?).map(Accrual)
    }

    /// The whole wei of [`Self::accrued_at`]: a started wei is not an asset yet.
    ///
    /// # Errors
    /// As [`Self::accrued_at`].
    pub fn interest_at(&self, now: u64) -> Checked<Assets> {
        // Not `/`: a second division algorithm would be 4 kB of WASM.
        mul_div_down(self.accrued_at(now)?.0, U256::from_limbs([1, 0, 0, 0]), WAD).map(Assets)
    }

    /// The book after `principal` is lent at `rate`.
    ///
    /// # Errors
    /// Overflow.
    pub fn draw(&self, principal: Assets, rate: Rate, now: u64) -> Checked<Self> {
        Ok(Self {
            principal: self.principal.plus(principal)?,
            rate: Rate(add(self.rate.0, rate.0)?),
            accrued: self.accrued_at(now)?,
            updated_at: now,
            ..*self
        })
    }

    /// The book after `repayment`.
    ///
    /// # Errors
    /// [`ExceedsLoanBook`] if it takes out more principal, rate or accrual than there is; overflow.
    pub fn repay(&self, repayment: &Repayment, now: u64) -> Result<Self, VaultError> {
        let rate = take(self.rate.0, repayment.old_rate.0)?;
        Ok(Self {
            principal: Assets(take(self.principal.0, repayment.principal.0)?),
            rate: Rate(add(rate, repayment.new_rate.0)?),
            accrued: Accrual(take(self.accrued_at(now)?.0, repayment.accrual.0)?),
            updated_at: now,
            ..*self
        })
    }

    /// The book after a loan is marked anew.
    ///
    /// # Errors
    /// [`ExceedsLoanBook`] if less impairment is booked than was held against the loan; overflow.
    pub fn remark(&self, remark: &Remark) -> Result<Self, VaultError> {
        let others = take(self.impairment.0, remark.old.0)?;
        Ok(Self {
            impairment: Assets(add(others, remark.new.0)?),
            ..*self
        })
    }

    /// The book after `principal` is lost for good and the `impairment` held against it is released.
    ///
    /// # Errors
    /// [`ExceedsLoanBook`] if less is booked of either.
    pub fn write_off(&self, principal: Assets, impairment: Assets) -> Result<Self, VaultError> {
        Ok(Self {
            principal: Assets(take(self.principal.0, principal.0)?),
            impairment: Assets(take(self.impairment.0, impairment.0)?),
            ..*self
        })
    }
}

/// `rate × seconds`, limb by limb: the multiplication of two words would be 1.3 kB of WASM more.
fn times(rate: &U256, seconds: u64) -> Checked {
    let (mut product, mut carry) = ([0; 4], 0);
    for (limb, factor) in product.iter_mut().zip(rate.as_limbs()) {
        // At most (2^64 − 1)² + 2^64 − 1: no overflow.
        let sum = u128::from(*factor).wrapping_mul(seconds.into()).wrapping_add(carry);
        *limb = low(sum);
        carry = sum >> 64;
    }
    if carry == 0 {
        Ok(U256::from_limbs(product))
    } else {
        Err(ArithmeticError::Overflow)
    }
}

#[allow(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
fn low(sum: u128) -> u64 {
    sum as u64
}

/// `booked − amount`.
fn take(booked: U256, amount: U256) -> Result<U256, VaultError> {
    booked.checked_sub(amount).ok_or_else(|| ExceedsLoanBook { amount, booked }.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rate(n: u128) -> Rate {
        Rate(U256::from(n))
    }

    fn wei(n: u128) -> Assets {
        Assets(U256::from(n))
    }

    #[test]
    fn a_loan_accrues_by_the_second_and_leaves_nothing_behind() {
        // 416,500 USDai at 15 % a year, as wei × 10^18 per second, rounded down.
        let principal = wei(416_500 * 10u128.pow(18));
        let per_second = Rate(U256::from(416_500 * 15) * U256::from(10u128.pow(34)) / U256::from(31_536_000));
        let book = LoanBook::default().draw(principal, per_second, 1_000).unwrap();
        let now = 1_000 + 30 * 86_400;
        // The reference case (S003): 5,134.93 for the first 30 days; the rate is cut at 10^-18 wei a second.
        assert_eq!(book.interest_at(now).unwrap(), wei(5_134_931_506_849_315_068_493));
        let accrual = book.accrued_at(now).unwrap();
        let after = book
            .repay(
                &Repayment {
                    principal,
                    accrual,
                    old_rate: per_second,
                    new_rate: rate(0),
                },
                now,
            )
            .unwrap();
        assert_eq!(
            after,
            LoanBook {
                updated_at: now,
                ..LoanBook::default()
            }
        );
        assert!(after.interest_at(now + 1_000_000).unwrap().is_zero());
    }

    #[test]
    fn a_started_wei_is_not_an_asset() {
        let book = LoanBook::default().draw(wei(1), rate(10u128.pow(18) - 1), 0).unwrap();
        assert_eq!(book.interest_at(1).unwrap(), wei(0));
        assert_eq!(book.interest_at(2).unwrap(), wei(1));
    }

    #[test]
    fn a_repayment_cannot_take_out_what_is_not_there() {
        let book = LoanBook::default().draw(wei(100), rate(7), 10).unwrap();
        let refused = |repayment: Repayment| book.repay(&repayment, 11).unwrap_err();
        assert_eq!(
            refused(Repayment {
                principal: wei(101),
                ..Repayment::default()
            }),
            VaultError::from(ExceedsLoanBook {
                amount: U256::from(101),
                booked: U256::from(100)
            })
        );
        assert_eq!(
            refused(Repayment {
                old_rate: rate(8),
                ..Repayment::default()
            }),
            VaultError::from(ExceedsLoanBook {
                amount: U256::from(8),
                booked: U256::from(7)
            })
        );
        assert_eq!(
            refused(Repayment {
                accrual: Accrual(U256::from(8)),
                ..Repayment::default()
            }),
            VaultError::from(ExceedsLoanBook {
                amount: U256::from(8),
                booked: U256::from(7)
            })
        );
    }

    #[test]
    fn what_is_marked_down_can_be_marked_up_and_what_is_lost_cannot() {
        let book = LoanBook::default().draw(wei(100), rate(7), 10).unwrap();
        let late = book.remark(&Remark { old: wei(0), new: wei(40) }).unwrap();
        assert_eq!(late.impairment, wei(40));
        let better = Remark {
            old: wei(40),
            new: wei(25),
        };
        assert_eq!(late.remark(&better).unwrap().impairment, wei(25));
        let worse = Remark {
            old: wei(40),
            new: wei(60),
        };
        assert_eq!(late.remark(&worse).unwrap().impairment, wei(60));
        // Lost less than was held against it, as much, and more.
        for lost in [30, 40, 50] {
            let after = late.write_off(wei(lost), wei(40)).unwrap();
            assert_eq!((after.principal, after.impairment), (wei(100 - lost), wei(0)));
        }
        assert!(late.write_off(wei(101), wei(0)).is_err() && late.write_off(wei(0), wei(41)).is_err());
        assert!(late.remark(&Remark { old: wei(41), new: wei(0) }).is_err());
    }

    #[test]
    fn interest_that_was_in_no_price_is_a_surplus() {
        let settles = |accrual: u128| Repayment {
            accrual: Accrual(U256::from(accrual) * WAD),
            ..Repayment::default()
        };
        assert_eq!(settles(5_000_000).surplus(wei(5_000_001)).unwrap(), wei(0), "rounding");
        assert_eq!(
            settles(5_000_000).surplus(wei(6_000_000)).unwrap(),
            wei(0),
            "rounding at its largest"
        );
        assert_eq!(settles(5_000_000).surplus(wei(6_000_001)).unwrap(), wei(1_000_001));
        assert_eq!(
            settles(0).surplus(wei(7_000_000)).unwrap(),
            wei(7_000_000),
            "of a loan that was marked"
        );
        assert_eq!(settles(9).surplus(wei(3)).unwrap(), wei(0));
    }

    #[test]
    fn time_does_not_run_backwards() {
        let book = LoanBook::default().draw(wei(100), rate(7), 10).unwrap();
        assert!(book.accrued_at(9).is_err());
    }

    #[test]
    fn the_largest_values_do_not_wrap() {
        let book = LoanBook {
            rate: Rate(U256::MAX),
            ..LoanBook::default()
        };
        assert!(book.accrued_at(2).is_err());
        assert!(book.draw(wei(1), rate(1), 0).is_err());
    }

    /// One loan as FiLo keeps it.
    #[derive(Clone, Copy, Debug)]
    struct Loan {
        principal: u128,
        rate: u128,
        paid_until: u64,
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Of any size, the limbs' carries included.
        #[test]
        fn a_rate_times_seconds_is_their_product_or_an_overflow(limbs in any::<[u64; 4]>(), bits in 0usize..=256, seconds in any::<u64>(), shift in 0u32..64) {
            let rate = U256::from_limbs(limbs) >> bits;
            let seconds = seconds >> shift;
            let product = rate.checked_mul(U256::from(seconds));
            prop_assert_eq!(times(&rate, seconds).ok(), product);
        }

        /// The sum over loans and the one line agree at every step, and all repaid is exactly nothing.
        #[test]
        fn the_book_is_the_sum_of_its_loans(
            steps in prop::collection::vec((0u8..3, any::<prop::sample::Index>(), 0u128..=1 << 100, 0u128..=1 << 90, 0u64..10_000_000), 1..40)
        ) {
            let (mut book, mut loans, mut now) = (LoanBook::default(), Vec::<Loan>::new(), 1_700_000_000);
            for (kind, which, amount, new_rate, seconds) in steps {
                now += seconds;
                if kind == 0 || loans.is_empty() {
                    loans.push(Loan { principal: amount, rate: new_rate, paid_until: now });
                    book = book.draw(wei(amount), rate(new_rate), now).unwrap();
                } else {
                    let loan = which.get_mut(&mut loans);
                    let back = amount.min(loan.principal);
                    let repayment = Repayment {
                        principal: wei(back),
                        accrual: Accrual(U256::from(loan.rate) * U256::from(now - loan.paid_until)),
                        old_rate: rate(loan.rate),
                        new_rate: rate(new_rate),
                    };
                    book = book.repay(&repayment, now).unwrap();
                    *loan = Loan { principal: loan.principal - back, rate: new_rate, paid_until: now };
                }
                prop_assert_eq!(book.principal.0, loans.iter().map(|l| U256::from(l.principal)).sum::<U256>());
                prop_assert_eq!(book.rate.0, loans.iter().map(|l| U256::from(l.rate)).sum::<U256>());
                let later = now + 12_345;
                let earned = loans.iter().map(|l| U256::from(l.rate) * U256::from(later - l.paid_until)).sum::<U256>();
                prop_assert_eq!(book.accrued_at(later).unwrap().0, earned);
            }
            for loan in &loans {
                let repayment = Repayment {
                    principal: wei(loan.principal),
                    accrual: Accrual(U256::from(loan.rate) * U256::from(now - loan.paid_until)),
                    old_rate: rate(loan.rate),
                    new_rate: rate(0),
                };
                book = book.repay(&repayment, now).unwrap();
            }
            prop_assert_eq!(book, LoanBook { updated_at: now, ..LoanBook::default() });
        }
    }
}

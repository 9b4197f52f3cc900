//! What the vault is worth, and what a share is worth in it (PROTOCOL 3.1).
//!
//! Three values, each at least the one before:
//! - the *conservative* one, at which people leave, counts what has been received and has vested, and loans at what is expected of them;
//! - the *optimistic* one, which ERC-4626's totals and conversions speak of, adds the interest that performing loans have earned;
//! - the *face* value, at which people enter, deducts nothing that can still come in: loans at face, and income before it vests.
//!
//! What is deducted today and comes back tomorrow belongs to those who are in today. Were it left out of the price of entry, who comes
//! just before it returns (above all the late borrower, who knows) would buy a part of it for nothing.

use fixed_point::{mul_div, sub, Assets, Checked, Rounding, Shares, U256, WAD};

use crate::errors::{AboveMaximum, NoAssetsBehindShares, VaultError, ZeroAmount, ZeroShares};

/// Shares, and assets, that every conversion counts beside the real ones: 10^6 wei of each. They make the first price 1 and make whoever
/// inflates the price of a nearly empty vault pay for it a million times over.
pub const VIRTUAL: U256 = U256::from_limbs([1_000_000, 0, 0, 0]);

/// The most that any book of the vault holds: 2^128 − 1 wei, or 3.4 × 10^20 whole units. With it no product below leaves 512 bits and no
/// result of a conversion within it leaves 256.
pub const MAX_BOOK: U256 = U256::from_limbs([u64::MAX, u64::MAX, 0, 0]);

/// Everything that determines the three values, at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nav {
    /// USDai that the vault holds, as booked.
    pub cash: Assets,
    /// Senior principal outstanding, at face.
    pub principal: Assets,
    /// What is deducted from the principal because it is not expected back.
    pub impairment: Assets,
    /// Income received that has not vested yet.
    pub unvested: Assets,
    /// Interest that performing loans have earned and not paid, floored to whole wei.
    pub accrued: Assets,
    /// All shares, those waiting in the queue included.
    pub total_shares: Shares,
}

impl Nav {
    /// `cash + principal − impairment − unvested`; nil once the deductions are larger, so that a vault that lost everything still
    /// answers (PROTOCOL 3.4).
    ///
    /// # Errors
    /// Overflow of 256 bits; impossible for books within [`MAX_BOOK`].
    pub fn conservative(&self) -> Checked<Assets> {
        let gross = self.cash.plus(self.principal)?;
        let deductions = self.impairment.plus(self.unvested)?;
        Ok(Assets(gross.0.saturating_sub(deductions.0)))
    }

    /// The conservative value and the accrued interest.
    ///
    /// # Errors
    /// As [`Self::conservative`].
    pub fn optimistic(&self) -> Checked<Assets> {
        self.conservative()?.plus(self.accrued)
    }

    /// What ERC-4626's `totalAssets` and `convertTo…` speak of.
    ///
    /// # Errors
    /// As [`Self::optimistic`].
    pub fn standing(&self) -> Checked<Exchange> {
        Ok(Exchange {
            assets: self.optimistic()?,
            shares: self.total_shares,
        })
    }

    /// What those who enter exchange at: [`Self::face`]; nothing while existing shares could leave with nothing, for then
    /// there is nothing to enter ([`Exchange::is_wiped_out`]), and what is brought could first have to fill a hole: deductions are not
    /// bounded by what they are deducted from.
    ///
    /// # Errors
    /// As [`Self::optimistic`].
    pub fn entry(&self) -> Checked<Exchange> {
        let exit = self.exit()?;
        if exit.is_wiped_out() {
            return Ok(exit);
        }
        self.face()
    }

    /// What there is, with nothing deducted: `cash + principal + accrued`.
    ///
    /// # Errors
    /// Overflow of 256 bits; impossible for books within [`MAX_BOOK`].
    pub fn face(&self) -> Checked<Exchange> {
        Ok(Exchange {
            assets: self.cash.plus(self.principal)?.plus(self.accrued)?,
            shares: self.total_shares,
        })
    }

    /// What those who leave exchange at.
    ///
    /// # Errors
    /// As [`Self::conservative`].
    pub fn exit(&self) -> Checked<Exchange> {
        Ok(Exchange {
            assets: self.conservative()?,
            shares: self.total_shares,
        })
    }
}

/// A number of shares and the assets behind them: all conversions are between these totals, never by an already rounded price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The assets behind the shares.
    pub assets: Assets,
    /// The shares.
    pub shares: Shares,
}

impl Exchange {
    /// `assets × (total shares + virtual) ÷ (total assets + virtual)`, rounded down: what a depositor gets.
    ///
    /// # Errors
    /// Overflow of 256 bits.
    pub fn to_shares_down(&self, assets: Assets) -> Checked<Shares> {
        let (all_assets, all_shares) = self.with_virtual()?;
        mul_div(assets.0, all_shares, all_assets, Rounding::Down).map(Shares)
    }

    /// `shares × (total assets + virtual) ÷ (total shares + virtual)`, rounded down: what shares are worth to their holder.
    ///
    /// # Errors
    /// Overflow of 256 bits.
    pub fn to_assets_down(&self, shares: Shares) -> Checked<Assets> {
        self.to_assets(shares, Rounding::Down)
    }

    /// As [`Self::to_assets_down`], rounded up: what minting exactly `shares` costs.
    ///
    /// # Errors
    /// Overflow of 256 bits.
    pub fn to_assets_up(&self, shares: Shares) -> Checked<Assets> {
        self.to_assets(shares, Rounding::Up)
    }

    fn to_assets(self, shares: Shares, rounding: Rounding) -> Checked<Assets> {
        let (all_assets, all_shares) = self.with_virtual()?;
        mul_div(shares.0, all_assets, all_shares, rounding).map(Assets)
    }

    fn with_virtual(self) -> Checked<(U256, U256)> {
        Ok((fixed_point::add(self.assets.0, VIRTUAL)?, fixed_point::add(self.shares.0, VIRTUAL)?))
    }

    /// Assets a share costs who enters, in WAD, rounded up.
    ///
    /// # Errors
    /// Overflow of 256 bits.
    pub fn entry_price(&self) -> Checked {
        self.to_assets_up(Shares(WAD)).map(|price| price.0)
    }

    /// Assets a share pays who leaves, in WAD, rounded down.
    ///
    /// Below a price of one the virtual assets would be worth more than the virtual shares, and the last to leave would find up to
    /// 10^6 wei missing; there the price is that of the real totals alone, so that all claims together never exceed the assets (V2).
    ///
    /// # Errors
    /// Overflow of 256 bits.
    pub fn exit_price(&self) -> Checked {
        if self.assets.0 < self.shares.0 {
            return mul_div(WAD, self.assets.0, self.shares.0, Rounding::Down);
        }
        self.to_assets_down(Shares(WAD)).map(|price| price.0)
    }

    /// Whether shares exist and nothing is behind them: then a share has no price, and selling new ones at any would give the buyer's
    /// money to nobody or to those who lost theirs.
    #[must_use]
    pub fn is_wiped_out(&self) -> bool {
        self.assets.is_zero() && !self.shares.is_zero()
    }

    /// Shares that a deposit of `assets` mints, rounded down.
    ///
    /// # Errors
    /// [`ZeroAmount`]; [`NoAssetsBehindShares`] after a total loss; [`ZeroShares`] if the deposit is
    /// worth less than a wei of shares; [`AboveMaximum`] if the shares would exceed [`MAX_BOOK`].
    pub fn deposit(&self, assets: Assets) -> Result<Shares, VaultError> {
        if assets.is_zero() {
            return Err(ZeroAmount {}.into());
        }
        self.require_open()?;
        let shares = self.to_shares_down(assets)?;
        if shares.is_zero() {
            return Err(ZeroShares { assets: assets.0 }.into());
        }
        self.require_room(shares)?;
        Ok(shares)
    }

    /// Assets that minting `shares` costs, rounded up.
    ///
    /// # Errors
    /// [`ZeroAmount`]; [`NoAssetsBehindShares`] after a total loss; [`AboveMaximum`] if the shares would exceed [`MAX_BOOK`].
    pub fn mint(&self, shares: Shares) -> Result<Assets, VaultError> {
        if shares.is_zero() {
            return Err(ZeroAmount {}.into());
        }
        self.require_open()?;
        self.require_room(shares)?;
        Ok(self.to_assets_up(shares)?)
    }

    /// Succeeds unless everything is lost.
    ///
    /// # Errors
    /// [`NoAssetsBehindShares`].
    pub fn require_open(&self) -> Result<(), VaultError> {
        if self.is_wiped_out() {
            return Err(NoAssetsBehindShares {
                totalShares: self.shares.0,
            }
            .into());
        }
        Ok(())
    }

    fn require_room(&self, new: Shares) -> Result<(), VaultError> {
        let value = self.shares.plus(new)?.0;
        if value > MAX_BOOK {
            return Err(AboveMaximum { value, maximum: MAX_BOOK }.into());
        }
        Ok(())
    }

    /// What deposits may still add while the assets are capped at `cap`.
    #[must_use]
    pub fn room(&self, cap: Assets) -> Assets {
        Assets(cap.0.saturating_sub(self.assets.0))
    }

    /// The largest deposit that [`Self::deposit`], the cash book and `cap` accept: bounded by the room for cash, for shares and under the
    /// cap, understated by rounding where they meet; 0 after a total loss, and where less than a wei of shares would come of it.
    ///
    /// # Errors
    /// Overflow of 256 bits; impossible for books within [`MAX_BOOK`].
    pub fn max_deposit(&self, cash: Assets, cap: Assets) -> Checked<Assets> {
        if self.is_wiped_out() {
            return Ok(Assets::ZERO);
        }
        let by_shares = self.to_assets_down(Shares(sub(MAX_BOOK, self.shares.0)?))?;
        let most = Assets(sub(MAX_BOOK, cash.0)?).min(by_shares).min(self.room(cap));
        if self.to_shares_down(most)?.is_zero() {
            return Ok(Assets::ZERO);
        }
        Ok(most)
    }

    /// The largest number of shares that [`Self::mint`], the cash book and `cap` accept; as [`Self::max_deposit`].
    ///
    /// # Errors
    /// As [`Self::max_deposit`].
    pub fn max_mint(&self, cash: Assets, cap: Assets) -> Checked<Shares> {
        if self.is_wiped_out() {
            return Ok(Shares::ZERO);
        }
        let by_shares = Shares(sub(MAX_BOOK, self.shares.0)?);
        let by_assets = self.to_shares_down(Assets(sub(MAX_BOOK, cash.0)?).min(self.room(cap)))?;
        Ok(by_shares.min(by_assets))
    }
}

#[cfg(test)]
#[path = "nav_tests.rs"]
mod tests;

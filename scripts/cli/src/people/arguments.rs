//! What people type: amounts with their unit, percentages, days.

use std::str::FromStr;

use alloy_primitives::U256;

use crate::units;

/// An amount with its unit: `1,000.5USDC`; or all that there is: `allUSDai`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The number as it was typed; none for all.
    number: Option<String>,
    /// The unit as it was typed.
    pub unit: String,
}

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (number, unit) = if let Some(unit) = text.strip_prefix("all") {
            (None, unit)
        } else {
            let (number, unit) = text.split_at(text.find(char::is_alphabetic).unwrap_or(text.len()));
            (Some(number.trim_end().to_owned()), unit)
        };
        if unit.is_empty() {
            return Err(format!(
                "{text} of what? Say for example 1000USDC, 0.5USDai, allsUSDai or, of a value, 1000USD"
            ));
        }
        let amount = Self {
            number,
            unit: unit.trim().to_owned(),
        };
        amount.of(18)?;
        Ok(amount)
    }
}

impl Amount {
    /// So many of the smallest unit of a token with `decimals`; none for all.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the number.
    pub fn of(&self, decimals: usize) -> Result<Option<U256>, String> {
        self.number.as_deref().map(|number| units::parse(number, decimals)).transpose()
    }

    /// A value in dollars, 18 decimals.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn dollars(&self) -> Result<U256, String> {
        let value = self.of(18)?.filter(|_| self.unit.eq_ignore_ascii_case("usd"));
        value.ok_or_else(|| format!("a value is in dollars, as in 1000USD, and not in {}", self.unit))
    }
}

/// A part of something: `15%`, in basis points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percent(pub u64);

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text}' is not a percentage: it looks like 15% or 0.05%, with a point before the decimals");
        // A comma would be a decimal one: no part is in the thousands.
        let number = text
            .trim()
            .strip_suffix('%')
            .filter(|number| !number.contains(','))
            .ok_or_else(wrong)?;
        let bps = units::parse(number.trim_end(), 2).map_err(|_| wrong())?;
        u64::try_from(bps).map(Self).map_err(|_| wrong())
    }
}

impl Percent {
    /// The part as the contracts take it.
    #[must_use]
    pub fn bps(self) -> U256 {
        U256::from(self.0)
    }

    /// `amount` less this part, rounded down; nothing if it is more than the whole.
    #[must_use]
    pub fn off(self, amount: U256) -> U256 {
        amount * U256::from(10_000_u64.saturating_sub(self.0)) / U256::from(10_000)
    }
}

/// What a swap may cost.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Slippage {
    /// What the swap may cost at most
    #[arg(long, default_value = "0.1%")]
    pub slippage: Percent,
}

/// A day, UTC, by its first second: `2029-11-26`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(pub u64);

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text}' is not a day: it looks like 2029-11-26");
        units::timestamp(text).map(Self).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::wad;

    #[test]
    fn amounts_have_a_unit() {
        let amount: Amount = "1,000.5 USDC".parse().unwrap();
        assert_eq!((amount.of(6), amount.unit.as_str()), (Ok(Some(U256::from(1_000_500_000))), "USDC"));
        let all: Amount = "allsUSDai".parse().unwrap();
        assert_eq!((all.of(18), all.unit.as_str()), (Ok(None), "sUSDai"));
        assert_eq!("7USD".parse::<Amount>().unwrap().dollars(), Ok(wad(7)));
        for (wrong, word) in [
            ("1000", "of what"),
            ("-1USDC", "not an amount"),
            ("USDC", "not an amount"),
            ("all", "of what"),
            ("1,5USDC", "1234.5 or 1,234.5"),
        ] {
            let said = wrong.parse::<Amount>().unwrap_err();
            assert!(said.contains(word), "{said}");
        }
        assert!("1.0000001USDC".parse::<Amount>().unwrap().of(6).is_err());
        assert!("1USDC".parse::<Amount>().unwrap().dollars().is_err());
    }

    #[test]
    fn percentages_are_basis_points() {
        assert_eq!("15%".parse(), Ok(Percent(1_500)));
        assert_eq!("0.05 %".parse(), Ok(Percent(5)));
        assert_eq!(Percent(10).off(U256::from(1_000)), U256::from(999));
        assert_eq!(Percent(20_000).off(U256::from(1_000)), U256::ZERO);
        for wrong in ["15", "0.005%", "%", "-1%", "0,1%", "1,000%", "1_0%"] {
            let said = wrong.parse::<Percent>().unwrap_err();
            assert!(said.contains("15% or 0.05%"), "{said}");
        }
    }

    #[test]
    fn days_are_of_the_calendar() {
        assert_eq!("2026-11-26".parse(), Ok(Day(1_795_651_200)));
        for wrong in ["2026-02-30", "26.11.2026", "2026-13-01", "tomorrow"] {
            assert!(wrong.parse::<Day>().is_err(), "{wrong}");
        }
    }
}

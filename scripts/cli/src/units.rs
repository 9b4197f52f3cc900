//! Numbers as people read them.

use alloy_primitives::U256;

/// `dollars` in a token of 18 decimals.
#[must_use]
pub fn wad(dollars: u64) -> U256 {
    U256::from(dollars) * U256::from(1_000_000_000_000_000_000_u64)
}

/// A yearly rate in basis points as WAD.
#[must_use]
pub fn rate(bps: u64) -> U256 {
    U256::from(bps) * U256::from(100_000_000_000_000_u64)
}

/// An amount of 18 decimals, cut to six: `1,234.567890`.
#[must_use]
pub fn whole(amount: U256) -> String {
    decimal(amount / U256::from(1_000_000_000_000_u64), 6)
}

/// An amount of 6 decimals.
#[must_use]
pub fn units6(amount: U256) -> String {
    decimal(amount, 6)
}

/// An integer with thousands separated.
#[must_use]
pub fn thousands(number: impl ToString) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A day of the Gregorian calendar, UTC: `2026-11-26`.
#[must_use]
pub fn date(timestamp: u64) -> String {
    // Days since 1 March of year 0, in cycles of 400 years (146,097 days); leap days are then the last of their years.
    let days = timestamp / 86_400 + 719_468;
    let (cycle, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, year) = if month < 10 { (month + 3, year) } else { (month - 9, year + 1) };
    format!("{:04}-{month:02}-{day:02}", year + 400 * cycle)
}

/// The first second of a day as [`date`] writes it.
#[must_use]
pub fn timestamp(day: &str) -> Option<u64> {
    let mut parts = day.split('-').map(|part| part.parse::<u64>().ok());
    let (year, month, number) = (parts.next()??, parts.next()??, parts.next()??);
    if year > 9_999 || !(1..=12).contains(&month) || number > 31 {
        return None;
    }
    // As in `date`: months are counted from March on.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year.checked_sub(1)?, (month + 12).checked_sub(3)?)
    };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + number;
    let seconds = days.checked_sub(719_469)?.checked_mul(86_400)?;
    // What is no day of the calendar comes out as another.
    (date(seconds) == day).then_some(seconds)
}

/// A length of time in its two largest units: `3 d 4 h`.
#[must_use]
pub fn duration(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min"),
        (0, _, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

/// An amount as people type it, `1,234.5`, in the smallest unit of a token with `decimals`. A comma stands before three digits of the whole
/// part and nowhere else: many write `1,5` for one and a half, and nobody means 15 by it.
///
/// # Errors
/// A sentence that says how an amount looks.
pub fn parse(text: &str, decimals: usize) -> Result<U256, String> {
    let wrong = || {
        format!(
            "'{text}' is not an amount: it looks like 1234.5 or 1,234.5, with a point before the decimals, at most {decimals} of them, \
             and commas between thousands only"
        )
    };
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|digit| digit.is_ascii_digit());
    let groups: Vec<_> = whole.split(',').collect();
    let grouped = match groups[..] {
        [first, ref rest @ ..] if !rest.is_empty() => {
            (1..=3).contains(&first.len()) && !first.starts_with('0') && rest.iter().all(|group| group.len() == 3)
        }
        _ => true,
    };
    let whole = groups.concat();
    if !grouped || whole.is_empty() || part.len() > decimals || !digits(&whole) || !digits(part) {
        return Err(wrong());
    }
    format!("{whole}{part:0<decimals$}").parse().map_err(|_| wrong())
}

/// An amount of the smallest unit of a token with `decimals`.
#[must_use]
pub fn decimal(amount: U256, decimals: usize) -> String {
    let one = U256::from(10).pow(U256::from(decimals));
    format!("{}.{:0>decimals$}", thousands(amount / one), (amount % one).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(thousands(999), "999");
        assert_eq!(whole(wad(416_500)), "416,500.000000");
        assert_eq!(units6(U256::from(1_000_050)), "1.000050");
        assert_eq!(rate(1_500), wad(15) / U256::from(100));
        assert_eq!([59, 3_540, 7_260, 90_000].map(duration), ["59 s", "59 min", "2 h 1 min", "1 d 1 h"]);
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        let days = [0, 951_782_400, 951_868_800, 1_767_225_600, 1_795_651_200, 4_107_542_400];
        let dates = ["1970-01-01", "2000-02-29", "2000-03-01", "2026-01-01", "2026-11-26", "2100-03-01"];
        assert_eq!(days.map(date), dates);
        assert_eq!(dates.map(timestamp), days.map(Some));
        for wrong in [
            "2026-02-30",
            "2026-00-01",
            "2026-13-01",
            "1969-12-31",
            "1-1-1",
            "2026-11",
            "99999999999-01-01",
            "2026-9999999999999999999-01",
            "",
        ] {
            assert_eq!(timestamp(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        assert_eq!(parse("1,234.5", 6), Ok(U256::from(1_234_500_000_u64)));
        assert_eq!(parse("7", 18), Ok(wad(7)));
        assert_eq!(parse("0.000001", 6), Ok(U256::from(1)));
        assert_eq!(parse("12,345,678", 0), Ok(U256::from(12_345_678)));
        assert_eq!(parse("100,000.25", 2), Ok(U256::from(10_000_025)));
        assert_eq!(parse("007", 0), Ok(U256::from(7)));
        for wrong in ["", ".5", "1.0000001", "-1", "1e6", "0x10", "1.2.3"] {
            assert!(parse(wrong, 6).is_err(), "{wrong}");
        }
        // Whoever writes these may mean something else by them.
        for wrong in [
            "1,5", "0,1", "0,100", "00,100", "1,50", "1,5000", "1234,567", "1,,000", ",100", "1,000,", "1,", ",", "1.000,5", "1.5,000",
            "1_000", "1 000", "1,00a",
        ] {
            let said = parse(wrong, 6).unwrap_err();
            assert!(said.contains("1234.5 or 1,234.5"), "{said}");
        }
    }
}

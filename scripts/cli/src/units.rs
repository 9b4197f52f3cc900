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

fn decimal(amount: U256, decimals: usize) -> String {
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
    }
}

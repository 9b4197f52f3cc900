//! Uniswap V3 paths: token (20 bytes), then a pool's fee (3 bytes) and the token beyond it, as often as there are pools.

use alloy_primitives::Address;

const TOKEN: usize = 20;
const HOP: usize = 3 + TOKEN;

/// Whether `path` leads from `from` to `to` through at least one pool. What it crosses is its author's business, who names a minimum.
pub(crate) fn leads(path: &[u8], from: Address, to: Address) -> bool {
    path.len() >= TOKEN + HOP
        && (path.len() - TOKEN).is_multiple_of(HOP)
        && path.starts_with(from.as_slice())
        && path.ends_with(to.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FROM: Address = Address::repeat_byte(1);
    const OVER: Address = Address::repeat_byte(2);
    const TO: Address = Address::repeat_byte(3);

    fn path(tokens: &[Address]) -> Vec<u8> {
        tokens
            .iter()
            .map(|token| token.to_vec())
            .collect::<Vec<_>>()
            .join([0, 0, 100].as_slice())
    }

    #[test]
    fn one_pool_or_many_lead_there() {
        assert!(leads(&path(&[FROM, TO]), FROM, TO));
        assert!(leads(&path(&[FROM, OVER, TO]), FROM, TO));
        assert!(leads(&path(&[FROM, TO, OVER, FROM, TO]), FROM, TO));
    }

    #[test]
    fn wrong_ends_and_wrong_lengths_lead_nowhere() {
        assert!(!leads(&path(&[OVER, TO]), FROM, TO));
        assert!(!leads(&path(&[FROM, OVER]), FROM, TO));
        assert!(!leads(&path(&[TO, FROM]), FROM, TO));
        assert!(!leads(&path(&[FROM]), FROM, FROM));
        assert!(!leads(&[], FROM, TO));
        assert!(!leads(&[FROM.as_slice(), TO.as_slice()].concat(), FROM, TO));
        let mut long = path(&[FROM, TO]);
        long.extend([0; 3]);
        assert!(!leads(&long, FROM, TO));
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            prop_assert!(!leads(&bytes, FROM, TO));
        }
    }
}
